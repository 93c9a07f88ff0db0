//! Nodes and rooms: what a node says of itself is checked here, what follows from it is decided here, a room gets its node, and the
//! rooms of a node that is to end their turns to leave it.
//!
//! Absent on purpose: moving a room under its own number. Whoever hears of a room that is gone asks for a place for another.

use earshot_protocol::fleet::Beat;
use url::Url;

/// A thousand participants each: more than one object's spaces ever have.
pub const NODES_MAX: usize = 100;
/// All rooms there are; a row of some 60 bytes each.
pub const ROOMS_MAX: i64 = 20_000;
/// Of one space: a zone holds ten and more.
pub const SPACE_ROOMS_MAX: i64 = 200;
const ID_BYTES_MAX: usize = 40;
const URL_BYTES_MAX: usize = 200;
const WORD_BYTES_MAX: usize = 64;
const PARTICIPANTS_MAX: u32 = 1_000_000;
/// How often a node says that it is there.
pub const BEAT_MS: i64 = 10_000;
/// So long whoever was just placed may not be in what the node says of itself, though it says nothing new.
const ARRIVING_MS: i64 = 20_000;
/// After so long they are there, and in its next beat.
const ARRIVES_MS: i64 = 5_000;
/// From here on a node is taken only where there is no calmer one, however near it is.
const BUSY: f64 = 0.8;
/// Who forwards so much of the time has none left for more.
const OVERLOADED: f32 = 0.95;
/// One room has moved, fade and all, before the next one begins: those who are in both are not asked for two things at once.
const MOVE_STEP_MS: i64 = 2_000;
/// All have been told by then, however many there are: a third of the time a node waits for its people before it ends
/// (`--drain-s`, a minute unless somebody says otherwise).
const MOVE_SPAN_MS: i64 = 20_000;

/// A node, as it is known.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    pub id: String,
    pub beat: Beat,
    pub seen_ms: i64,
    /// In what time it answered when it was asked; none: it was not reached yet, and takes no room.
    pub answer_ms: Option<i64>,
}

/// What is asked of the fleet.
#[derive(Clone, Copy, Debug)]
pub struct Wish<'a> {
    /// Who publishes in the room: a node without places for all of them is no use.
    pub participants: u32,
    /// Who only listens in: better some of them than nobody.
    pub listeners: u32,
    /// Where the space is at home; empty where that is unknown.
    pub region: &'a str,
}

/// Who was placed on a node just now, and may not be in what it says of itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Arriving {
    pub participants: u32,
    pub listeners: u32,
}

/// Could this be a node's id?
pub fn is_node_id(id: &str) -> bool {
    let is_fit = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=ID_BYTES_MAX).contains(&id.len()) && id.bytes().all(is_fit)
}

/// What a node says of itself, with its address in the one form; or what is wrong with it.
pub fn checked(beat: Beat) -> Result<Beat, &'static str> {
    let is_word = |text: &str| text.len() <= WORD_BYTES_MAX && text.bytes().all(|byte| byte.is_ascii_graphic());
    let url = base_address(&beat.url).ok_or("url has to be a plain http or https address")?;
    if !is_word(&beat.region) || !is_word(&beat.version) || beat.run.is_empty() || !is_word(&beat.run) {
        return Err("region, run and version are words of at most 64 letters");
    }
    if beat.capacity > PARTICIPANTS_MAX || beat.participants > PARTICIPANTS_MAX {
        return Err("no node has a million participants");
    }
    if !beat.load.is_finite() || beat.load < 0.0 {
        return Err("load is a number from 0 to 1");
    }
    Ok(Beat { url, load: beat.load.min(1.0), region: beat.region.to_ascii_lowercase(), ..beat })
}

/// Without the slash at its end: paths are put behind it.
fn base_address(text: &str) -> Option<String> {
    let url = Url::parse(text).ok().filter(|_| text.len() <= URL_BYTES_MAX)?;
    let is_plain = matches!(url.scheme(), "http" | "https")
        && url.has_host()
        && url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none();
    is_plain.then(|| url.as_str().trim_end_matches('/').to_owned())
}

/// What a beat means for the rooms of its node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Nothing.
    Steady,
    /// They are to move while the node still forwards.
    Draining,
    /// It has forgotten them.
    Forgotten,
}

pub fn turn(before: Option<&Beat>, beat: &Beat) -> Turn {
    match before {
        Some(before) if before.run != beat.run || before.url != beat.url => Turn::Forgotten,
        Some(before) if beat.draining && !before.draining => Turn::Draining,
        _ => Turn::Steady,
    }
}

/// When spaces are told to move the rooms of a node that is about to end, one after another: it goes on forwarding meanwhile, and
/// a crowd that moved as one would keep everybody's machine too busy to hear. Of few the first is told at once.
pub fn departures(now_ms: i64, rooms: usize) -> impl Iterator<Item = i64> {
    let rooms = i64::try_from(rooms).unwrap_or(i64::MAX);
    let span = rooms.saturating_mul(MOVE_STEP_MS).min(MOVE_SPAN_MS);
    (0..rooms).map(move |nth| now_ms + nth.saturating_mul(span) / rooms)
}

/// When a node that says nothing any more is lost: three beats were missed, and half of one is for the way.
pub fn lost_at(seen_ms: i64, beat_ms: i64) -> i64 {
    seen_ms + beat_ms * 7 / 2
}

/// A beat that is no older proves that its node is alive: two seconds of ten.
pub fn fresh_ms(beat_ms: i64) -> i64 {
    beat_ms / 5
}

/// May rooms be on it?
pub fn is_usable(node: &Node, now_ms: i64, beat_ms: i64) -> bool {
    !node.beat.draining && node.answer_ms.is_some() && now_ms < lost_at(node.seen_ms, beat_ms)
}

/// Whoever is placed at this time or later may not be in what a node has said of itself: it beat then, and they take a moment to arrive.
pub fn arriving_since(now_ms: i64, seen_ms: i64) -> i64 {
    (now_ms - ARRIVING_MS).max(seen_ms - ARRIVES_MS)
}

/// The node for a new room, among those that are usable: one with places for all, or else for most; a calm one before a busy one, then the
/// nearest, then the least loaded. `arriving` says how many are on their way to a node.
pub fn choose<'a>(
    usable: impl Iterator<Item = &'a Node>,
    wish: Wish<'_>,
    arriving: impl Fn(&str) -> Arriving,
) -> Option<&'a Node> {
    let ranked = usable.filter_map(|node| {
        let capacity = u64::from(node.beat.capacity);
        let arriving = arriving(&node.id);
        let publishing =
            u64::from(node.beat.participants) + u64::from(arriving.participants) + u64::from(wish.participants);
        let expected = publishing + u64::from(arriving.listeners) + u64::from(wish.listeners);
        let fits = publishing <= capacity && node.beat.load < OVERLOADED;
        fits.then(|| {
            let fill = expected as f64 / f64::from(node.beat.capacity.max(1));
            let load = fill.max(f64::from(node.beat.load));
            let left_out = expected.saturating_sub(capacity);
            ((left_out, load > BUSY, distance(wish.region, &node.beat.region)), load, node)
        })
    });
    let best = ranked.min_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then_with(|| a.2.id.cmp(&b.2.id)));
    best.map(|(.., node)| node)
}

/// Continents with the shortest cables between them.
const NEIGHBOURS: [(&str, &str); 6] =
    [("eu", "na"), ("eu", "af"), ("eu", "as"), ("na", "sa"), ("as", "oc"), ("na", "as")];

/// How far two regions are apart: a region begins with its continent, as in `eu` and `eu-north`.
fn distance(a: &str, b: &str) -> u8 {
    let continent = |region: &str| region.split('-').next().unwrap_or_default().to_owned();
    let (from, to) = (continent(a), continent(b));
    let pair = (from.as_str(), to.as_str());
    match pair {
        _ if a == b => 0,
        _ if from == to => 1,
        _ if NEIGHBOURS.contains(&pair) || NEIGHBOURS.contains(&(pair.1, pair.0)) => 2,
        _ => 3,
    }
}

/// The region of whoever comes in, by the platform's name of their continent.
pub fn region_of(continent: Option<&str>) -> String {
    continent.filter(|name| name.len() == 2).map(str::to_ascii_lowercase).unwrap_or_default()
}

/// How often nodes are to beat here, as the configuration says; for tests it may be less than a second.
pub fn beat_ms(configured: &str) -> i64 {
    configured.trim().parse().ok().filter(|ms| (100..=60_000).contains(ms)).unwrap_or(BEAT_MS)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    fn beat() -> Beat {
        Beat {
            url: "https://n.example".into(),
            region: "eu".into(),
            capacity: 100,
            participants: 0,
            load: 0.0,
            draining: false,
            run: "r1".into(),
            version: "1.0".into(),
        }
    }

    fn node(id: &str, beat: Beat) -> Node {
        Node { id: id.into(), beat, seen_ms: 0, answer_ms: Some(1) }
    }

    fn chosen<'a>(nodes: &'a [Node], region: &str) -> Option<&'a str> {
        let wish = Wish { participants: 10, listeners: 0, region };
        let usable = nodes.iter().filter(|node| is_usable(node, 0, BEAT_MS));
        choose(usable, wish, |_| Arriving::default()).map(|node| node.id.as_str())
    }

    #[test]
    fn the_nearest_calm_node_is_taken() {
        let at =
            |id: &str, region: &str, participants| node(id, Beat { region: region.into(), participants, ..beat() });
        let nodes = [at("a", "na", 0), at("b", "eu-north", 50), at("c", "eu-north", 40), at("d", "sa", 0)];
        assert_eq!(chosen(&nodes, "eu-north"), Some("c"));
        assert_eq!(chosen(&nodes, "eu"), Some("c"));
        assert_eq!(chosen(&nodes, "as"), Some("a"));
        assert_eq!(chosen(&nodes, "sa"), Some("d"));
        assert_eq!(chosen(&nodes, ""), Some("a"));
        // Busy where one is, calm elsewhere; busy everywhere.
        let nodes = [at("a", "na", 0), at("b", "eu", 75)];
        assert_eq!(chosen(&nodes, "eu"), Some("a"));
        let nodes = [at("a", "na", 80), at("b", "eu", 75)];
        assert_eq!(chosen(&nodes, "eu"), Some("b"));
        let nodes = [at("a", "na", 91), at("b", "eu", 95)];
        assert_eq!(chosen(&nodes, "eu"), None);
    }

    #[test]
    fn who_is_on_the_way_counts() {
        let nodes = [node("a", beat()), node("b", Beat { participants: 15, ..beat() })];
        let wish = Wish { participants: 10, listeners: 0, region: "eu" };
        let some = |participants| Arriving { participants, listeners: 0 };
        let arriving = |id: &str| some(if id == "a" { 20 } else { 0 });
        assert_eq!(choose(nodes.iter(), wish, arriving).unwrap().id, "b");
        assert_eq!(choose(nodes.iter(), wish, |_| some(u32::MAX)), None);
    }

    #[test]
    fn whom_a_node_counts_itself_is_not_on_the_way_any_more() {
        // Placed at 0, in after some seconds, and in the beat of 10,000.
        assert!(arriving_since(8_000, 0) <= 0, "before that");
        assert!(arriving_since(12_000, 10_000) > 0, "and after it");
        assert!(arriving_since(12_000, 10_000) <= 6_000, "who was placed shortly before the beat is not in it");
        assert!(arriving_since(60_000, 10_000) > 10_000, "nobody is on the way for ever");
    }

    #[test]
    fn who_only_listens_has_a_place_too() {
        let with = |id: &str, capacity| node(id, Beat { capacity, ..beat() });
        let hall = Wish { participants: 1, listeners: 150, region: "eu" };
        let chosen = |nodes: &[Node]| choose(nodes.iter(), hall, |_| Arriving::default()).map(|node| node.id.clone());
        // The first is nearer, and would do for the speaker.
        let far = node("b", Beat { capacity: 200, region: "oc".into(), ..beat() });
        assert_eq!(chosen(&[with("a", 2), far]).as_deref(), Some("b"));
        // Where nobody has places for all, some hear the stage.
        assert_eq!(chosen(&[with("a", 2), with("b", 100)]).as_deref(), Some("b"));
        assert_eq!(chosen(&[with("a", 0)]), None);
        // Those of another hall are on their way to the first: that is room enough for the speaker, and not for the hall.
        let nodes = [with("a", 200), with("b", 180)];
        let arriving = |participants, listeners| {
            move |id: &str| if id == "a" { Arriving { participants, listeners } } else { Arriving::default() }
        };
        assert_eq!(choose(nodes.iter(), hall, arriving(1, 150)).unwrap().id, "b");
        assert_eq!(choose(nodes[..1].iter(), hall, arriving(1, 500)).unwrap().id, "a");
        assert_eq!(choose(nodes[..1].iter(), hall, arriving(200, 0)), None);
    }

    #[test]
    fn draining_lost_unreached_and_overloaded_nodes_get_nothing() {
        for bad in [
            node("a", Beat { draining: true, ..beat() }),
            node("a", Beat { load: 0.96, ..beat() }),
            node("a", Beat { capacity: 9, ..beat() }),
            Node { answer_ms: None, ..node("a", beat()) },
            Node { seen_ms: -35_000, ..node("a", beat()) },
        ] {
            assert_eq!(chosen(std::slice::from_ref(&bad), "eu"), None, "{bad:?}");
        }
        assert_eq!(chosen(&[Node { seen_ms: -34_999, ..node("a", beat()) }], "eu"), Some("a"));
    }

    #[test]
    fn what_a_beat_means() {
        let now = beat();
        assert_eq!(turn(None, &now), Turn::Steady);
        assert_eq!(turn(Some(&beat()), &now), Turn::Steady);
        assert_eq!(turn(Some(&Beat { run: "r0".into(), ..beat() }), &now), Turn::Forgotten);
        assert_eq!(turn(Some(&Beat { url: "https://m.example".into(), ..beat() }), &now), Turn::Forgotten);
        let draining = Beat { draining: true, ..beat() };
        assert_eq!(turn(Some(&beat()), &draining), Turn::Draining);
        assert_eq!(turn(Some(&draining), &draining), Turn::Steady);
    }

    #[test]
    fn rooms_leave_a_draining_node_one_after_another() {
        let told = |rooms| departures(1_000, rooms).collect::<Vec<_>>();
        assert!(told(0).is_empty());
        assert_eq!(told(1), [1_000]);
        assert_eq!(told(3), [1_000, 3_000, 5_000]);
        assert_eq!(told(40)[..3], [1_000, 1_500, 2_000]);
        // So many that some are told together; the most a node can have.
        let many = told(ROOMS_MAX as usize);
        assert_eq!((many[0], many[1], many[ROOMS_MAX as usize - 1]), (1_000, 1_001, 20_999));
    }

    #[test]
    fn nodes_are_called_and_found_plainly() {
        assert!(is_node_id("eu-1") && is_node_id(&"a".repeat(40)));
        for bad in ["", "A", "a b", "a/b", "é", &"a".repeat(41)] {
            assert!(!is_node_id(bad), "{bad}");
        }
        let url = |url: &str| checked(Beat { url: url.into(), ..beat() }).map(|beat| beat.url);
        assert_eq!(url("http://192.0.2.1:8080/"), Ok("http://192.0.2.1:8080".into()));
        assert_eq!(url("https://n.example/sfu/"), Ok("https://n.example/sfu".into()));
        for bad in ["", "n.example", "ftp://n.example", "https://u:p@n.example", "https://n.example/?q", "javascript:x"]
        {
            assert!(url(bad).is_err(), "{bad}");
        }
        assert!(url(&format!("https://n.example/{}", "x".repeat(200))).is_err());
    }

    #[test]
    fn nonsense_is_no_beat() {
        for bad in [
            Beat { region: "with space".into(), ..beat() },
            Beat { run: String::new(), ..beat() },
            Beat { version: "x".repeat(65), ..beat() },
            Beat { load: f32::NAN, ..beat() },
            Beat { load: -0.1, ..beat() },
            Beat { capacity: u32::MAX, ..beat() },
        ] {
            assert!(checked(bad.clone()).is_err(), "{bad:?}");
        }
        let kept = checked(Beat { load: 7.5, region: "EU-North".into(), ..beat() }).unwrap();
        assert_eq!((kept.load, kept.region.as_str()), (1.0, "eu-north"));
    }

    #[test]
    fn the_beat_is_configured_within_reason() {
        assert_eq!([beat_ms(""), beat_ms("x"), beat_ms("5"), beat_ms("999999")], [BEAT_MS; 4]);
        assert_eq!(beat_ms(" 300 "), 300);
        assert_eq!((region_of(Some("EU")), region_of(None)), ("eu".into(), String::new()));
    }

    prop_compose! {
        fn any_node()(
            id in "[a-d]{1,3}", region in "(eu|na|as|oc|sa|af|)(-[a-c])?", capacity in 0_u32..200, participants in 0_u32..200,
            load in 0.0_f32..1.0, draining: bool, seen_ms in -60_000_i64..0, answer_ms in proptest::option::of(0_i64..100),
        ) -> Node {
            Node { id, beat: Beat { region, capacity, participants, load, draining, ..beat() }, seen_ms, answer_ms }
        }
    }

    proptest! {
        #[test]
        fn a_room_goes_where_it_fits_if_it_fits_anywhere(
            nodes in proptest::collection::vec(any_node(), 0..12), participants in 0_u32..100, listeners in 0_u32..200,
            region in "(eu|na|as)?",
        ) {
            let usable = || nodes.iter().filter(|node| is_usable(node, 0, BEAT_MS));
            let fits = |node: &&Node| node.beat.participants + participants <= node.beat.capacity && node.beat.load < OVERLOADED;
            let wish = Wish { participants, listeners, region: &region };
            let found = choose(usable(), wish, |_| Arriving::default());
            prop_assert_eq!(found.is_some(), usable().any(|node| fits(&node)));
            if let Some(found) = found {
                prop_assert!(fits(&found) && !found.beat.draining);
                let left_out = |node: &Node| {
                    (node.beat.participants + participants + listeners).saturating_sub(node.beat.capacity)
                };
                let fewest = usable().filter(fits).map(left_out).min();
                prop_assert_eq!(Some(left_out(found)), fewest, "no other has places for more of them");
                // The order in which they are listed decides nothing.
                let mut others = nodes.clone();
                others.reverse();
                let again = choose(others.iter().filter(|node| is_usable(node, 0, BEAT_MS)), wish, |_| Arriving::default());
                prop_assert_eq!(again.map(|node| &node.id), Some(&found.id));
            }
        }

        #[test]
        fn all_rooms_are_told_in_time_and_evenly(now_ms in 0_i64..2_000_000_000_000, rooms in 1_usize..3_000) {
            let told: Vec<i64> = departures(now_ms, rooms).collect();
            prop_assert_eq!(told.len(), rooms);
            prop_assert_eq!(told[0], now_ms, "the first at once");
            prop_assert!(told[rooms - 1] < now_ms + MOVE_SPAN_MS);
            let steps: Vec<i64> = told.windows(2).map(|pair| pair[1] - pair[0]).collect();
            let (least, most) = (steps.iter().min(), steps.iter().max());
            if let (Some(&least), Some(&most)) = (least, most) {
                prop_assert!((0..=MOVE_STEP_MS).contains(&least) && most <= MOVE_STEP_MS && most - least <= 1);
                // Nobody waits without need, and nobody is hurried without need.
                prop_assert!(most == MOVE_STEP_MS || told[rooms - 1] + most + 1 >= now_ms + MOVE_SPAN_MS);
            }
        }

        #[test]
        fn no_beat_is_fatal(url in any::<String>(), region in any::<String>(), load in any::<f32>(), capacity: u32) {
            let beat = Beat { url, region, load, capacity, ..beat() };
            if let Ok(kept) = checked(beat) {
                prop_assert!((0.0..=1.0).contains(&kept.load) && kept.url.starts_with("http"));
                prop_assert!(kept.url.len() <= 3 * URL_BYTES_MAX);
            }
        }
    }
}
