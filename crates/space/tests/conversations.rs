//! Conversations, told as stories: who is connected to whom, who is told, and what nobody gets around. Numbers are the
//! rules of docs/protocol.md.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::{Harness, hello};
use earshot_protocol::units::{Pixel, TILE, Tile, TimeMs};
use earshot_protocol::{
    CandidateKind, ClientToSpace, ConnectionReport, Hearing, Publishing, Room, SessionId, Signal, SignalRefusal,
    SignalRefused, SpaceToClient, Status,
};
use earshot_space::{ConnectionId, Input};
use earshot_world::{Area, Map};
use proptest::prelude::*;

const WIDTH: i32 = 60;
const HEIGHT: i32 = 24;

/// 60 by 24 tiles: a private room on the left, a silent one on the right, a stage at the top, open floor between.
fn floor() -> Map {
    let area = |name: &str, (x, y, w, h): (i32, i32, i32, i32), kind: &str| Area {
        number: 1,
        name: name.into(),
        left: x * TILE,
        top: y * TILE,
        right: (x + w) * TILE,
        bottom: (y + h) * TILE,
        private: kind == "private",
        silent: kind == "silent",
        stage: kind == "stage",
    };
    let areas = vec![
        area("room", (0, 0, 14, 24), "private"),
        area("library", (50, 0, 10, 24), "silent"),
        area("stage", (20, 0, 4, 3), "stage"),
    ];
    let spawn: Vec<_> = (0..4).map(|x| Tile { x: 30 + x, y: 12 }).collect();
    Map::new("floor".into(), WIDTH, HEIGHT, vec![false; (WIDTH * HEIGHT) as usize], &spawn, areas, vec![]).unwrap()
}

/// People on the floor, each with what they were told last.
struct Floor {
    space: Harness,
    ids: BTreeMap<ConnectionId, SessionId>,
    hearing: BTreeMap<ConnectionId, Hearing>,
    seqs: BTreeMap<ConnectionId, u32>,
}

impl Floor {
    fn new() -> Self {
        Self { space: Harness::new(floor()), ids: BTreeMap::new(), hearing: BTreeMap::new(), seqs: BTreeMap::new() }
    }

    /// Somebody comes, and walks to a tile; all of that takes a while.
    fn person_at(&mut self, name: &str, x: i32, y: i32) -> ConnectionId {
        let connection = self.arrives(name);
        self.goes(connection, x, y);
        connection
    }

    fn arrives(&mut self, name: &str) -> ConnectionId {
        let connection = self.space.connect(name);
        self.space.send(connection, &hello(&[]));
        self.listen();
        connection
    }

    fn goes(&mut self, connection: ConnectionId, x: i32, y: i32) {
        self.sets_out(connection, x, y);
        self.passes(20_000);
    }

    fn sets_out(&mut self, connection: ConnectionId, x: i32, y: i32) {
        let seq = self.seqs.entry(connection).or_default();
        *seq += 1;
        let to = Pixel { x: x * 32 + 16, y: y * 32 + 16 };
        let walk = earshot_protocol::WalkIntent { seq: *seq, at: self.space.now, to, gait: Default::default() };
        self.says(connection, &ClientToSpace::Walk(walk));
    }

    fn says(&mut self, connection: ConnectionId, message: &ClientToSpace) {
        self.space.send(connection, message);
        self.listen();
    }

    fn passes(&mut self, ms: i64) {
        self.space.pass(ms);
        self.listen();
    }

    /// Notes who is who and what each was told last about whom it hears. Keeps the rest for the story.
    fn listen(&mut self) {
        for (&connection, messages) in &mut self.space.received {
            messages.retain(|message| match message {
                SpaceToClient::Welcome(welcome) => {
                    self.ids.insert(connection, welcome.session_id);
                    false
                }
                SpaceToClient::Hearing(hearing) => {
                    self.hearing.insert(connection, hearing.clone());
                    false
                }
                SpaceToClient::Signal(_) | SpaceToClient::SignalRefused(_) => true,
                _ => false,
            });
        }
    }

    fn hearing(&self, connection: ConnectionId) -> &Hearing {
        &self.hearing[&connection]
    }

    fn peers(&self, connection: ConnectionId) -> BTreeSet<SessionId> {
        self.hearing(connection).peers.iter().map(|peer| peer.session_id).collect()
    }

    fn hear_each_other(&self, a: ConnectionId, b: ConnectionId) -> bool {
        let (there, back) = (self.peers(a).contains(&self.ids[&b]), self.peers(b).contains(&self.ids[&a]));
        assert_eq!(there, back, "both are told, or neither");
        there
    }

    fn epoch(&self, a: ConnectionId, b: ConnectionId) -> TimeMs {
        self.hearing(a).peers.iter().find(|peer| peer.session_id == self.ids[&b]).unwrap().epoch
    }

    fn signal(&self, to: ConnectionId, epoch: TimeMs) -> ClientToSpace {
        ClientToSpace::Signal(Signal { peer: self.ids[&to], epoch, payload: b"offer".to_vec() })
    }

    fn refusals(&mut self, connection: ConnectionId) -> Vec<SignalRefusal> {
        let refusal = |message| match message {
            SpaceToClient::SignalRefused(SignalRefused { reason, .. }) => Some(reason),
            _ => None,
        };
        self.space.take(connection).into_iter().filter_map(refusal).collect()
    }
}

#[test]
fn p15_two_come_into_earshot_and_out_of_it_with_a_tile_between() {
    let mut floor = Floor::new();
    let (ada, bob) = (floor.person_at("ada", 20, 12), floor.person_at("bob", 30, 12));
    assert!(!floor.hear_each_other(ada, bob));
    floor.goes(bob, 28, 12);
    assert!(!floor.hear_each_other(ada, bob), "eight tiles");
    floor.goes(bob, 27, 12);
    assert!(floor.hear_each_other(ada, bob), "seven");
    let first = floor.epoch(ada, bob);
    floor.goes(bob, 28, 12);
    assert!(floor.hear_each_other(ada, bob), "what was holds up to eight");
    assert_eq!(floor.epoch(ada, bob), first);
    floor.goes(bob, 29, 12);
    assert!(!floor.hear_each_other(ada, bob));
    floor.goes(bob, 26, 12);
    assert!(floor.epoch(ada, bob) > first, "another peering");
    assert_eq!(floor.space.space.peering_count(), 1);
    let [a, b] = [ada, bob].map(|who| floor.hearing(who).peers[0].polite);
    assert_ne!(a, b, "one of the two gives way");
}

#[test]
fn p15_a_meeting_on_the_way_is_told_while_both_walk_on() {
    let mut floor = Floor::new();
    let (ada, bob) = (floor.person_at("ada", 15, 12), floor.person_at("bob", 49, 12));
    floor.sets_out(ada, 49, 12);
    floor.sets_out(bob, 15, 12);
    let mut changes = Vec::new();
    for step in 0..900 {
        floor.passes(10);
        let now = floor.hear_each_other(ada, bob);
        if changes.last().is_none_or(|&(_, before)| before != now) {
            changes.push((step * 10, now));
        }
    }
    // 34 tiles apart and nearing by 8 tiles a second: 7 tiles after 3.375 s, 8 tiles on the other side after 5.25 s.
    let [(_, false), (met, true), (parted, false)] = changes[..] else { panic!("{changes:?}") };
    assert!((3_370..=3_440).contains(&met) && (5_240..=5_310).contains(&parted), "{changes:?}");
    assert_eq!(floor.space.wake_at, None, "all have arrived, and nothing is due");
}

#[test]
fn p15_hearing_is_pairwise_and_no_chain() {
    let mut floor = Floor::new();
    let people: Vec<_> = (0..3).map(|n| floor.person_at(&format!("p{n}"), 20 + n * 6, 12)).collect();
    assert!(floor.hear_each_other(people[0], people[1]) && floor.hear_each_other(people[1], people[2]));
    assert!(!floor.hear_each_other(people[0], people[2]));
}

#[test]
fn p16_a_private_room_keeps_its_sound_and_silence_is_kept() {
    let mut floor = Floor::new();
    let far: Vec<_> = [(0, 0), (13, 23), (13, 12)]
        .iter()
        .enumerate()
        .map(|(n, &(x, y))| floor.person_at(&format!("in{n}"), x, y))
        .collect();
    let outside = floor.person_at("out", 14, 12);
    for &one in &far {
        assert_eq!(floor.hearing(one).room, Room::Private);
        assert!(floor.hearing(one).peers.iter().all(|peer| peer.full_volume && peer.hears && peer.heard));
        assert_eq!(floor.hearing(one).peers.len(), 2);
    }
    assert_eq!(floor.hearing(outside).peers, []);
    let (reader, writer) = (floor.person_at("reader", 52, 12), floor.person_at("writer", 53, 12));
    assert!(!floor.hear_each_other(reader, writer));
    assert_eq!(floor.hearing(reader).room, Room::Silent);
    // Through the door: out of one conversation and into the other.
    floor.goes(far[2], 15, 12);
    assert!(floor.hear_each_other(far[2], outside) && !floor.hear_each_other(far[2], far[0]));
}

#[test]
fn p16_a_stage_is_heard_without_hearing() {
    let mut floor = Floor::new();
    let (speaker, listener) = (floor.person_at("speaker", 21, 1), floor.person_at("listener", 48, 20));
    assert!(floor.hear_each_other(speaker, listener));
    let (out, back) = (floor.hearing(speaker).peers[0], floor.hearing(listener).peers[0]);
    assert_eq!((out.hears, out.heard, out.full_volume), (false, true, false));
    assert_eq!((back.hears, back.heard, back.full_volume), (true, false, true));
}

#[test]
fn p16_who_is_not_to_be_disturbed_hears_nobody() {
    let mut floor = Floor::new();
    let (ada, bob) = (floor.person_at("ada", 20, 12), floor.person_at("bob", 22, 12));
    assert!(floor.hear_each_other(ada, bob));
    floor.says(ada, &ClientToSpace::Status(Status::DoNotDisturb));
    assert!(!floor.hear_each_other(ada, bob));
    assert_eq!((floor.hearing(ada).room, floor.hearing(bob).room), (Room::Silent, Room::Open));
    floor.says(ada, &ClientToSpace::Status(Status::Busy));
    assert!(floor.hear_each_other(ada, bob));
}

#[test]
fn p17_ten_in_a_room_each_have_the_nearest_eight_and_know_of_the_rest() {
    let mut floor = Floor::new();
    let people: Vec<_> = (0..10).map(|n| floor.person_at(&format!("p{n}"), 1 + n % 5 * 2, 5 + n / 5 * 2)).collect();
    for &one in &people {
        let hearing = floor.hearing(one);
        assert!(hearing.peers.len() <= 8, "{}", hearing.peers.len());
        assert_eq!(hearing.peers.len() + hearing.beyond as usize, 9);
        assert!(hearing.peers.len() >= 7, "nobody is left over: {}", hearing.peers.len());
    }
    // One of them goes, and there is a place for everybody.
    floor.says(people[0], &ClientToSpace::Leave);
    for &one in &people[1..] {
        assert_eq!((floor.hearing(one).peers.len(), floor.hearing(one).beyond), (8, 0));
    }
}

#[test]
fn p17_in_a_crowd_the_near_come_before_the_far_and_nobody_flickers() {
    let mut floor = Floor::new();
    // Nine in rows of three, two tiles apart: all of them hear each other.
    let people: Vec<_> = (0..9).map(|n| floor.person_at(&format!("p{n}"), 20 + n % 3 * 2, 10 + n / 3 * 2)).collect();
    assert!(people.iter().all(|&one| floor.hearing(one).peers.len() == 8));
    let late = floor.person_at("late", 19, 9);
    assert!(floor.hear_each_other(late, people[0]), "whom the tenth stands beside, it hears");
    let Hearing { peers, beyond, .. } = floor.hearing(late);
    assert!(peers.len() >= 5 && peers.len() + *beyond as usize >= 8, "{} and {beyond}", peers.len());
    let before: Vec<_> = people.iter().map(|&one| floor.hearing(one).clone()).collect();
    floor.passes(60_000);
    let after: Vec<_> = people.iter().map(|&one| floor.hearing(one).clone()).collect();
    assert_eq!(before, after);
    assert_eq!(floor.space.wake_at, None);
}

#[test]
fn p18_a_lock_keeps_others_out_until_it_is_opened_or_all_have_gone() {
    let mut floor = Floor::new();
    let (ada, bob) = (floor.person_at("ada", 20, 12), floor.person_at("bob", 24, 12));
    let carl = floor.person_at("carl", 28, 12);
    assert!(floor.hear_each_other(bob, carl) && !floor.hear_each_other(ada, carl));
    floor.says(ada, &ClientToSpace::Lock(true));
    assert!(floor.hear_each_other(bob, carl), "who was there is in it, through others too");
    assert!([ada, bob, carl].iter().all(|&one| floor.hearing(one).locked));

    let eve = floor.person_at("eve", 23, 13);
    assert_eq!(floor.hearing(eve).peers, []);
    assert_eq!((floor.hearing(eve).locked, floor.hearing(eve).locked_out), (false, 3));
    assert_eq!(floor.hearing(ada).locked_out, 1);
    floor.says(eve, &ClientToSpace::Lock(false));
    floor.says(eve, &ClientToSpace::Lock(true));
    assert_eq!(floor.hearing(eve).peers, [], "nobody opens a lock from outside");

    floor.says(carl, &ClientToSpace::Lock(false));
    assert!(floor.hear_each_other(eve, ada) && floor.hear_each_other(eve, bob));
    floor.says(bob, &ClientToSpace::Lock(true));
    assert!(floor.hearing(eve).locked);
    for one in [ada, bob, carl] {
        floor.goes(one, 45, 20);
        assert!(!floor.hearing(one).locked, "who walks out of it is not in it any more");
    }
    assert!(!floor.hearing(eve).locked, "alone, there is nothing to lock");
    assert!(floor.hear_each_other(ada, bob));
}

#[test]
fn p19_signals_pass_between_peers_and_nobody_else() {
    let mut floor = Floor::new();
    let (ada, bob) = (floor.person_at("ada", 20, 12), floor.person_at("bob", 24, 12));
    let eve = floor.person_at("eve", 40, 12);
    let epoch = floor.epoch(ada, bob);
    let to_bob = floor.signal(bob, epoch);
    floor.says(ada, &to_bob);
    let [SpaceToClient::Signal(signal)] = &floor.space.take(bob)[..] else { panic!("one signal") };
    assert_eq!((signal.peer, signal.epoch, signal.payload.as_slice()), (floor.ids[&ada], epoch, &b"offer"[..]));

    // Out of earshot, nobody at all, oneself, another epoch, too long: refused, each with its reason; and counted.
    floor.says(eve, &to_bob);
    assert_eq!(floor.refusals(eve), [SignalRefusal::OutOfEarshot]);
    for nobody in [floor.ids[&eve], SessionId(0), SessionId(999)] {
        let signal = Signal { peer: nobody, epoch, payload: vec![] };
        floor.says(eve, &ClientToSpace::Signal(signal));
        assert_eq!(floor.refusals(eve), [SignalRefusal::OutOfEarshot]);
    }
    for wrong in [TimeMs(0), epoch.plus(1), TimeMs(i64::MIN), TimeMs(i64::MAX)] {
        let signal = floor.signal(bob, wrong);
        floor.says(ada, &signal);
        assert_eq!(floor.refusals(ada), [SignalRefusal::Stale]);
    }
    floor.says(ada, &ClientToSpace::Signal(Signal { peer: floor.ids[&bob], epoch, payload: vec![b'x'; 16_001] }));
    assert_eq!(floor.refusals(ada), [SignalRefusal::TooLong]);
    assert_eq!(floor.space.take(bob), [], "of all that, Bob saw nothing");
    floor.space.disconnect(bob);
    floor.says(ada, &to_bob);
    assert_eq!(floor.refusals(ada), [SignalRefusal::Away]);

    let counters = floor.space.space.counters();
    assert_eq!(counters.signals_relayed, 1);
    let refused = &counters.signals_refused;
    assert_eq!([refused["out_of_earshot"], refused["stale"], refused["too_long"], refused["away"]], [4, 4, 1, 1]);
}

#[test]
fn p19_the_right_to_speak_ends_with_the_right_to_hear() {
    let mut floor = Floor::new();
    let (ada, bob) = (floor.person_at("ada", 20, 12), floor.person_at("bob", 24, 12));
    let epoch = floor.epoch(ada, bob);
    floor.goes(bob, 45, 12);
    let signal = floor.signal(bob, epoch);
    floor.says(ada, &signal);
    assert_eq!(floor.refusals(ada), [SignalRefusal::OutOfEarshot]);
    floor.goes(bob, 24, 12);
    floor.says(ada, &signal);
    assert_eq!(floor.refusals(ada), [SignalRefusal::Stale], "an offer of the last meeting is none of this one");
}

#[test]
fn p19_a_flood_of_signals_is_refused_and_then_ended() {
    let mut floor = Floor::new();
    let (ada, bob) = (floor.person_at("ada", 20, 12), floor.person_at("bob", 24, 12));
    let signal = floor.signal(bob, floor.epoch(ada, bob));
    for _ in 0..300 {
        floor.says(ada, &signal);
    }
    let relayed = floor.space.take(bob).len();
    assert!((200..=202).contains(&relayed), "{relayed}");
    assert_eq!(floor.refusals(ada).len(), 300 - relayed);
    for _ in 0..300 {
        floor.says(ada, &signal);
    }
    assert!(floor.space.closed.contains_key(&ada));
    assert!(floor.hear_each_other(ada, bob), "the peers go on by themselves for a while");
}

#[test]
fn p20_a_lost_socket_ends_no_peering_and_another_run_of_the_client_renews_it() {
    let mut floor = Floor::new();
    let (ada, bob) = (floor.person_at("ada", 20, 12), floor.person_at("bob", 24, 12));
    let (epoch, ada_id) = (floor.epoch(ada, bob), floor.ids[&ada]);
    floor.space.disconnect(ada);
    floor.passes(5_000);
    assert!(floor.peers(bob).contains(&ada_id));
    let again = floor.arrives("ada");
    assert_eq!((floor.ids[&again], floor.epoch(again, bob)), (ada_id, epoch), "the same page is back");
    // A reload: its connections are gone, and the peers are to make them anew.
    let reloaded = floor.space.connect("ada");
    let ClientToSpace::Hello(hello) = hello(&[]) else { unreachable!() };
    floor.says(reloaded, &ClientToSpace::Hello(earshot_protocol::Hello { instance: 77, ..hello }));
    assert!(floor.epoch(bob, reloaded) > epoch);
    assert_eq!(floor.epoch(bob, reloaded), floor.epoch(reloaded, bob));
    // Nobody comes back: both halves end.
    floor.space.disconnect(reloaded);
    floor.passes(20_001);
    assert_eq!(floor.hearing(bob).peers, []);
    assert_eq!(floor.space.space.peering_count(), 0);
}

#[test]
fn what_one_publishes_is_told_and_reports_are_counted_without_names() {
    let mut floor = Floor::new();
    let ada = floor.person_at("ada", 20, 12);
    let publishing = Publishing { microphone: true, camera: false, screen: true };
    floor.space.take(ada);
    floor.space.send(ada, &ClientToSpace::Publish(publishing));
    let told = floor.space.take(ada).into_iter().find_map(|message| match message {
        SpaceToClient::Update(update) => update.people.first().map(|person| person.publishing),
        _ => None,
    });
    assert_eq!(told, Some(publishing));
    floor.says(
        ada,
        &ClientToSpace::ConnectionReport(ConnectionReport {
            connected: true,
            took_ms: 300,
            via: CandidateKind::Relayed,
        }),
    );
    floor.says(ada, &ClientToSpace::Leave);
    let counters = floor.space.space.counters();
    assert_eq!((counters.connected["relay"], counters.connected_within_ms["500"]), (1, 1), "and outlive the session");
}

#[test]
fn coming_and_going_a_hundred_times_leaves_nothing() {
    let mut floor = Floor::new();
    let (ada, bob) = (floor.person_at("ada", 20, 12), floor.person_at("bob", 24, 12));
    let size = floor.space.records[&ada].len();
    for _ in 0..100 {
        floor.goes(bob, 40, 12);
        assert_eq!(floor.space.space.peering_count(), 0);
        floor.goes(bob, 24, 12);
        assert_eq!(floor.space.space.peering_count(), 1);
    }
    assert!(floor.space.records[&ada].len() <= size + 16, "counters take a few more bytes");
    assert_eq!(floor.space.space.counters().peerings_begun, 101);
    assert_eq!(floor.space.space.counters().peerings_ended, 100);
    assert_eq!(floor.space.wake_at, None);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    /// Whatever a crowd does, and whenever one looks: peerings are mutual, of one epoch, at most eight a head, never across
    /// a wall of sound; and whoever is well in earshot with places free is connected.
    #[test]
    fn conversations_are_what_the_rules_say(
        steps in proptest::collection::vec((0_usize..14, 0_u8..12, 0..WIDTH, 0..HEIGHT, 0_i64..900), 10..120),
    ) {
        let mut floor = Floor::new();
        let people: Vec<_> = (0..14).map(|n| floor.arrives(&format!("p{n}"))).collect();
        floor.passes(2_000);
        for (who, what, x, y, wait_ms) in steps {
            let one = people[who];
            match what {
                0 => floor.says(one, &ClientToSpace::Status(Status::DoNotDisturb)),
                1 => floor.says(one, &ClientToSpace::Status(Status::Available)),
                2 => floor.says(one, &ClientToSpace::Lock(true)),
                3 => floor.says(one, &ClientToSpace::Lock(false)),
                // Most stay in one corner, so that it is crowded.
                4..=7 => floor.sets_out(one, 16 + x % 8, 8 + y % 8),
                _ => floor.sets_out(one, x, y),
            }
            floor.passes(wait_ms);
            check_mutual(&floor, &people)?;
        }
        floor.passes(40_000);
        check_mutual(&floor, &people)?;
        prop_assert_eq!(floor.space.wake_at, None);
    }

    /// Bytes that no client sends, as payloads and ids, harm nobody.
    #[test]
    fn hostile_signals_reach_nobody(to in any::<u32>(), epoch in any::<i64>(), payload in proptest::collection::vec(any::<u8>(), 0..300)) {
        let mut floor = Floor::new();
        let (ada, bob) = (floor.person_at("ada", 20, 12), floor.person_at("bob", 24, 12));
        let eve = floor.person_at("eve", 40, 12);
        floor.space.input(Input::Received {
            connection: eve,
            frame: ClientToSpace::Signal(Signal { peer: SessionId(to), epoch: TimeMs(epoch), payload }).encode(),
        });
        floor.listen();
        prop_assert_eq!(floor.refusals(eve), [SignalRefusal::OutOfEarshot]);
        prop_assert!(floor.space.take(ada).is_empty() && floor.space.take(bob).is_empty());
    }
}

fn check_mutual(floor: &Floor, people: &[ConnectionId]) -> Result<(), TestCaseError> {
    for &one in people {
        let hearing = floor.hearing(one);
        prop_assert!(hearing.peers.len() <= 8);
        prop_assert!(hearing.room != Room::Silent || hearing.peers.is_empty());
        for peer in &hearing.peers {
            let other = *floor.ids.iter().find(|(_, id)| **id == peer.session_id).unwrap().0;
            let back = floor.hearing(other).peers.iter().find(|back| back.session_id == floor.ids[&one]);
            let back = back.ok_or_else(|| TestCaseError::fail("one half of a peering"))?;
            prop_assert_eq!(
                (back.epoch, back.hears, back.heard, back.polite),
                (peer.epoch, peer.heard, peer.hears, !peer.polite)
            );
            prop_assert_eq!(floor.hearing(other).locked, hearing.locked);
            if hearing.room != floor.hearing(other).room {
                prop_assert!(false, "{:?} hears {:?}", hearing.room, floor.hearing(other).room);
            }
        }
    }
    Ok(())
}
