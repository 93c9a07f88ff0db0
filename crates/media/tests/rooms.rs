//! Rooms, told as stories: packets go to those who may hear them, whatever anybody asks for.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use earshot_media::layers::Importance;
use earshot_media::loudest::Weight;
use earshot_media::room::{Audible, Forward, Kind, Packet, ParticipantId, Refusal, Room, Slot};
use earshot_media::sparing::Level;
use earshot_media::{Ms, PublicationId};
use proptest::prelude::*;

const ADA: ParticipantId = ParticipantId(1);
const BOB: ParticipantId = ParticipantId(2);
const EVE: ParticipantId = ParticipantId(3);

/// A room with senders that count their packets.
struct Studio {
    room: Room,
    now: Ms,
    next: BTreeMap<(PublicationId, u8), u64>,
}

fn near(who: ParticipantId) -> Audible {
    Audible { who, weight: Weight(255), pinned: false }
}

impl Studio {
    fn with(people: &[ParticipantId]) -> Self {
        let mut room = Room::default();
        for &one in people {
            room.join(one, 8, 4).unwrap();
            room.estimate(one, 10_000_000);
        }
        Self { room, now: Ms(0), next: BTreeMap::new() }
    }

    fn voice(&mut self, owner: ParticipantId) -> PublicationId {
        self.room.publish(owner, Kind::Voice, &[]).unwrap()
    }

    fn camera(&mut self, owner: ParticipantId) -> PublicationId {
        self.room.publish(owner, Kind::Camera, &[180, 360, 720]).unwrap()
    }

    fn send(&mut self, id: PublicationId, layer: u8, bytes: usize, begins_key_frame: bool) -> Vec<Forward> {
        let seq = self.next.entry((id, layer)).or_insert(u64::from(layer) * 10_000);
        *seq += 1;
        let timestamp = (self.now.0 as u32).wrapping_mul(90);
        let packet = Packet { seq: *seq, timestamp, bytes, level: Some(20), begins_key_frame };
        let mut sent = Vec::new();
        self.room.handle_packet(id, layer, packet, self.now, |forward| sent.push(forward));
        sent
    }

    /// All layers of a camera for a while: 30 pictures a second, a key frame wherever one was asked for.
    fn films(&mut self, id: PublicationId, ms: i64) -> Vec<Forward> {
        let mut sent = Vec::new();
        let until = self.now.plus(ms);
        while self.now < until {
            let mut asked = [false; 3];
            while let Some((picture, layer)) = self.room.poll_key_frame(self.now) {
                assert_eq!(picture, id);
                asked[usize::from(layer)] = true;
            }
            for (layer, bytes) in [(0, 625), (1, 2_000), (2, 7_000)] {
                sent.extend(self.send(id, layer, bytes, asked[usize::from(layer)]));
            }
            self.now = self.now.plus(33);
            self.room.tick(self.now);
        }
        sent
    }
}

/// A crowd that talks, a camera that Bob looks at, and a screen that he may.
struct Talk {
    studio: Studio,
    voices: Vec<PublicationId>,
    camera: PublicationId,
    screen: PublicationId,
}

/// What came to Bob: packets, of the camera by layer, and how often a picture came into a lane or left it.
#[derive(Debug, Default, PartialEq, Eq)]
struct Came {
    voices: usize,
    camera: [usize; 3],
    screen: usize,
    changes: usize,
}

impl Talk {
    fn of_eight() -> Self {
        let people: Vec<_> = (1..=9).map(ParticipantId).collect();
        let mut studio = Studio::with(&people);
        let others: Vec<_> = people.iter().filter(|who| **who != BOB).map(|&who| near(who)).collect();
        studio.room.hear(BOB, &others);
        let voices = others.iter().map(|other| studio.voice(other.who)).collect();
        let camera = studio.camera(ADA);
        let screen = studio.room.publish(EVE, Kind::Screen, &[]).unwrap();
        studio.room.want(BOB, camera, 700, Importance::Camera);
        let mut talk = Self { studio, voices, camera, screen };
        // Until the camera is no news any more.
        talk.goes_on(5_000, |_| 2_000_000);
        talk
    }

    /// Eight voices, 40 kbit/s each, a camera whose lowest layer is 150, and a screen of 200.
    fn goes_on(&mut self, ms: i64, bits_per_s: impl Fn(i64) -> u64) -> Came {
        let mut came = Came::default();
        for at in (0..ms).step_by(20) {
            self.studio.room.estimate(BOB, bits_per_s(at));
            let mut asked = Vec::new();
            asked.extend(std::iter::from_fn(|| self.studio.room.poll_key_frame(self.studio.now)));
            for &voice in &self.voices {
                came.voices += self.studio.send(voice, 0, 100, false).len();
            }
            for (layer, bytes) in [(0, 375), (1, 1_200), (2, 4_000)] {
                let sent = self.studio.send(self.camera, layer, bytes, asked.contains(&(self.camera, layer)));
                came.camera[usize::from(layer)] += sent.len();
            }
            came.screen += self.studio.send(self.screen, 0, 500, asked.contains(&(self.screen, 0))).len();
            self.studio.now = self.studio.now.plus(20);
            self.studio.room.tick(self.studio.now);
            let changes = std::iter::from_fn(|| self.studio.room.poll_slot_change());
            came.changes += changes.filter(|change| matches!(change.slot, Slot::Picture(_))).count();
        }
        came
    }
}

fn recipients(sent: &[Forward]) -> Vec<ParticipantId> {
    sent.iter().map(|forward| forward.to).collect()
}

#[test]
fn a_voice_goes_to_those_who_may_hear_it_and_to_nobody_else() {
    let mut studio = Studio::with(&[ADA, BOB, EVE]);
    let voice = studio.voice(ADA);
    studio.room.hear(BOB, &[near(ADA)]);
    // Herself nobody hears, whatever the space was told.
    studio.room.hear(ADA, &[near(ADA), near(BOB)]);
    studio.room.want(EVE, voice, 720, Importance::Screen);
    studio.room.tick(Ms(0));
    assert_eq!(recipients(&studio.send(voice, 0, 80, false)), [BOB]);
    // From the very packet after the word on.
    studio.room.hear(BOB, &[]);
    assert_eq!(recipients(&studio.send(voice, 0, 80, false)), []);
    studio.room.hear(EVE, &[near(ADA)]);
    studio.room.tick(Ms(100));
    assert_eq!(recipients(&studio.send(voice, 0, 80, false)), [EVE]);
    studio.room.leave(ADA);
    assert_eq!(recipients(&studio.send(voice, 0, 80, false)), []);
}

#[test]
fn a_picture_goes_where_it_is_shown_in_the_size_in_which_it_is_shown() {
    let mut studio = Studio::with(&[ADA, BOB, EVE]);
    let camera = studio.camera(ADA);
    studio.room.hear(BOB, &[near(ADA)]);
    studio.room.hear(EVE, &[near(ADA)]);
    studio.room.want(BOB, camera, 700, Importance::Camera);
    let sent = studio.films(camera, 4_000);
    assert!(sent.iter().all(|forward| forward.to == BOB), "Eve shows none");
    let seqs: Vec<_> = sent.iter().map(|forward| forward.place.seq).collect();
    assert!(seqs.windows(2).all(|pair| pair[1] == pair[0] + 1), "one stream, without a gap, over the switches");
    assert_eq!(studio.room.source_of(BOB, Slot::Picture(0), seqs[seqs.len() - 1]).unwrap().1, 2);
    // The link gets poor: smaller, and never frozen.
    studio.room.estimate(BOB, 300_000);
    let poor = studio.films(camera, 2_000);
    assert!(poor.len() > 55, "{} of 60 pictures", poor.len());
    let last = poor[poor.len() - 1].place.seq;
    assert_eq!(studio.room.source_of(BOB, Slot::Picture(0), last).unwrap().1, 0);
    studio.room.want(BOB, camera, 0, Importance::Camera);
    assert_eq!(studio.films(camera, 500), []);
}

#[test]
fn voices_come_first_and_pictures_get_what_they_leave() {
    let mut talk = Talk::of_eight();
    // 320 kbit/s of voices leave no room for the lowest layer: it goes at once, and all voices go on.
    let came = talk.goes_on(10_000, |_| 450_000);
    assert_eq!((came.voices, came.changes), (8 * 500, 1));
    assert!(came.camera.iter().sum::<usize>() <= 5, "{came:?}");
    assert!(talk.studio.room.strives(BOB).lacks, "it is tried whether the link takes more");
    // Now it just fits, which is not enough to come back; and then with room to spare for a while.
    let voices_only = |seconds: usize| Came { voices: 8 * 50 * seconds, ..Came::default() };
    assert_eq!(talk.goes_on(10_000, |_| 500_000), voices_only(10));
    assert_eq!(talk.goes_on(1_000, |_| 600_000), voices_only(1));
    let came = talk.goes_on(2_000, |_| 600_000);
    assert_eq!((came.voices, came.changes), (8 * 100, 1));
    assert!(came.camera[0] > 30 && came.camera[1..] == [0, 0], "{came:?}");
    // Not even all voices have room: they are sent all the same.
    assert_eq!(talk.goes_on(5_000, |_| 100_000).voices, 8 * 250);
}

#[test]
fn a_link_that_goes_up_and_down_makes_no_picture_come_and_go() {
    let mut talk = Talk::of_eight();
    let up_and_down = |at: i64| if at / 1_000 % 2 == 0 { 450_000 } else { 700_000 };
    let came = talk.goes_on(60_000, up_and_down);
    assert_eq!((came.voices, came.changes), (8 * 3_000, 1));
    assert!(came.camera.iter().sum::<usize>() <= 5, "{came:?}");
    // To what is asked for anew nothing is held against.
    talk.studio.room.want(BOB, talk.camera, 0, Importance::Camera);
    talk.goes_on(100, |_| 700_000);
    talk.studio.room.want(BOB, talk.camera, 700, Importance::Camera);
    assert!(talk.goes_on(500, |_| 700_000).camera[0] > 15);
}

#[test]
fn a_full_node_leaves_out_the_better_layers_and_then_all_pictures_and_no_voice() {
    let mut talk = Talk::of_eight();
    talk.studio.room.want(BOB, talk.screen, 1_000, Importance::Screen);
    for (level, camera, screen) in [
        (Level::Whole, [0, 0, 50], 50),
        (Level::Lowest, [50, 0, 0], 50),
        (Level::Voices, [0, 0, 0], 0),
        (Level::Lowest, [50, 0, 0], 50),
        (Level::Whole, [0, 0, 50], 50),
    ] {
        talk.studio.room.spare(level);
        assert_eq!(talk.goes_on(2_000, |_| 10_000_000).voices, 8 * 100, "while it changes to {level:?}");
        let came = talk.goes_on(1_000, |_| 10_000_000);
        assert_eq!(came, Came { voices: 8 * 50, camera, screen, changes: 0 }, "at {level:?}");
        assert_eq!(
            talk.studio.room.strives(BOB).bits_per_s == 0,
            level == Level::Voices,
            "nothing is probed for nothing"
        );
    }
}

#[test]
fn a_screen_on_which_nothing_moves_stays_where_it_is() {
    let mut studio = Studio::with(&[ADA, BOB]);
    studio.room.hear(BOB, &[near(ADA)]);
    let screen = studio.room.publish(ADA, Kind::Screen, &[]).unwrap();
    studio.room.want(BOB, screen, 1_000, Importance::Screen);
    // A browser sends the last picture again once a second; here late, and one of them is lost.
    let (mut came, mut slots, mut asked) = (0, Vec::new(), 0);
    for at in 0..200 {
        studio.now = Ms(at * 100);
        let has_key_frame = studio.room.poll_key_frame(studio.now).is_some();
        asked += u32::from(has_key_frame);
        if at < 20 || (at % 11 == 0 && at != 99) {
            came += studio.send(screen, 0, 1_000, at < 5 && has_key_frame).len();
        }
        studio.room.tick(studio.now);
        slots.extend(std::iter::from_fn(|| studio.room.poll_slot_change()).map(|change| change.publication));
    }
    assert_eq!((slots, asked), (vec![Some(screen)], 1));
    assert!(came > 30, "{came}");
    studio.room.unpublish(screen);
    assert_eq!(studio.room.poll_slot_change().map(|change| change.publication), Some(None));
}

#[test]
fn nobody_makes_a_sender_send_key_frames_all_the_time() {
    for harm in ["says that it lost something", "wishes for another size"] {
        let mut studio = Studio::with(&[ADA, BOB, EVE]);
        let camera = studio.camera(ADA);
        for one in [BOB, EVE] {
            studio.room.hear(one, &[near(ADA)]);
            studio.room.want(one, camera, 180, Importance::Camera);
        }
        studio.films(camera, 2_000);
        let mut asked = Vec::new();
        for at in 0..3_000 {
            if harm.starts_with("says") {
                studio.room.lost(BOB, Slot::Picture(0), studio.now);
            } else {
                let shown_px = if at % 4 < 2 { 180 } else { 720 };
                studio.room.want(BOB, camera, shown_px, Importance::Camera);
            }
            let layers: Vec<_> = std::iter::from_fn(|| studio.room.poll_key_frame(studio.now)).collect();
            for (layer, bytes) in [(0, 625), (1, 2_000), (2, 7_000)] {
                studio.send(camera, layer, bytes, layers.contains(&(camera, layer)));
            }
            asked.extend(layers.iter().map(|_| studio.now.0));
            studio.now = studio.now.plus(10);
            studio.room.tick(studio.now);
        }
        // Half a minute: a few at first, and then one in four seconds; and back to a smaller size is at once, each time.
        let most = if harm.starts_with("says") { 14 } else { 26 };
        assert!(asked.len() <= most, "who {harm}: {asked:?}");
        studio.room.lost(EVE, Slot::Picture(0), studio.now);
        assert!(studio.room.poll_key_frame(studio.now).is_some(), "and who needs one beside it has it at once");
    }
}

#[test]
fn what_a_link_does_not_take_any_more_ends_at_once_however_often_it_went_up_and_down() {
    let mut studio = Studio::with(&[ADA, BOB]);
    let camera = studio.camera(ADA);
    studio.room.hear(BOB, &[near(ADA)]);
    studio.room.want(BOB, camera, 720, Importance::Camera);
    for round in 0..6 {
        studio.room.estimate(BOB, 10_000_000);
        studio.films(camera, 6_000);
        assert_eq!(studio.send(camera, 2, 100, false).len(), 1, "in round {round}");
        studio.room.estimate(BOB, 300_000);
        studio.films(camera, 500);
        assert!(studio.send(camera, 2, 100, false).is_empty(), "in round {round}");
        assert_eq!(studio.send(camera, 0, 100, false).len(), 1, "in round {round}");
    }
}

#[test]
fn who_says_of_one_loss_again_and_again_does_not_wait_longer_for_the_next() {
    let mut studio = Studio::with(&[ADA, BOB]);
    let camera = studio.camera(ADA);
    studio.room.hear(BOB, &[near(ADA)]);
    studio.room.want(BOB, camera, 180, Importance::Camera);
    studio.films(camera, 15_000);
    let lose = |studio: &mut Studio| {
        // The sender is far away, and a receiver asks every 200 ms meanwhile.
        let began = studio.now;
        let mut asked = None;
        for at in 0..1_000 {
            if at % 200 == 0 && asked.is_none_or(|at| studio.now.since(at) < 700) {
                studio.room.lost(BOB, Slot::Picture(0), studio.now);
            }
            if studio.room.poll_key_frame(studio.now).is_some() {
                asked = asked.or(Some(studio.now));
            }
            let comes = asked.is_some_and(|at| studio.now.since(at) == 700);
            studio.send(camera, 0, 100, comes);
            studio.now = studio.now.plus(1);
        }
        asked.map(|at| at.since(began))
    };
    assert_eq!([lose(&mut studio), lose(&mut studio)], [Some(0), Some(0)]);
}

#[test]
fn a_screen_that_rests_takes_no_room_from_others() {
    let mut studio = Studio::with(&[ADA, BOB, EVE]);
    let (screen, camera) = (studio.room.publish(EVE, Kind::Screen, &[]).unwrap(), studio.camera(ADA));
    studio.room.hear(BOB, &[near(ADA), near(EVE)]);
    studio.room.want(BOB, screen, 1_000, Importance::Screen);
    studio.room.want(BOB, camera, 180, Importance::Camera);
    studio.room.estimate(BOB, 1_000_000);
    // Most of what the link takes, for longer than anything just begins, and then it stands still for good.
    for at in 0..300 {
        studio.now = Ms(at * 20);
        let asked: Vec<_> = std::iter::from_fn(|| studio.room.poll_key_frame(studio.now)).collect();
        studio.send(screen, 0, 2_300, asked.contains(&(screen, 0)));
        studio.send(camera, 0, 400, asked.contains(&(camera, 0)));
        studio.room.tick(studio.now);
    }
    assert!(studio.send(camera, 0, 400, true).is_empty(), "there is no room beside it");
    let mut came = 0;
    for at in 300..1_200 {
        studio.now = Ms(at * 20);
        let asked: Vec<_> = std::iter::from_fn(|| studio.room.poll_key_frame(studio.now)).collect();
        came += studio.send(camera, 0, 400, asked.contains(&(camera, 0))).len();
        studio.room.tick(studio.now);
    }
    assert!(came > 400, "{came}");
}

#[test]
fn a_room_takes_no_more_than_it_can() {
    let mut room = Room::default();
    for id in 0..600 {
        assert_eq!(room.join(ParticipantId(id), 8, 4), Ok(()));
    }
    assert_eq!(room.join(ParticipantId(999), 8, 4), Err(Refusal::Full));
    assert_eq!(room.publish(ParticipantId(999), Kind::Voice, &[]), Err(Refusal::Unknown));
    for _ in 0..8 {
        assert!(room.publish(ADA, Kind::Voice, &[]).is_ok());
    }
    assert_eq!(room.publish(ADA, Kind::Voice, &[]), Err(Refusal::Full));
    assert_eq!(room.publish(BOB, Kind::Camera, &[1, 2, 3, 4]), Err(Refusal::Full));
}

#[test]
fn in_a_crowd_each_gets_some_voices_and_the_others_go_on_without_a_gap_when_they_come_back() {
    let people: Vec<_> = (1..=20).map(ParticipantId).collect();
    let mut studio = Studio::with(&people);
    let voices: Vec<_> = people.iter().map(|&one| studio.voice(one)).collect();
    let all: Vec<_> = people.iter().map(|&one| near(one)).collect();
    for &one in &people {
        studio.room.hear(one, &all);
    }
    let mut numbers: BTreeMap<(ParticipantId, Slot), Vec<u64>> = BTreeMap::new();
    for round in 0..600_i64 {
        studio.now = Ms(round * 20);
        studio.room.tick(studio.now);
        let mut heard: BTreeMap<ParticipantId, usize> = BTreeMap::new();
        for (n, &voice) in voices.iter().enumerate() {
            // Ten speak at a time, and others after a while.
            if (n as i64 + round / 150).rem_euclid(2) == 0 {
                for forward in studio.send(voice, 0, 80, false) {
                    *heard.entry(forward.to).or_default() += 1;
                    numbers.entry((forward.to, forward.slot)).or_default().push(forward.place.seq);
                }
            }
        }
        assert!(heard.values().all(|&voices| voices <= 8), "{heard:?}");
    }
    assert!(numbers.values().all(|seqs| seqs.windows(2).all(|pair| pair[1] == pair[0] + 1)));
    let told = std::iter::from_fn(|| studio.room.poll_slot_change()).count();
    assert!(told > 20 * 8, "not always the same voices: {told}");
}

proptest! {
    /// Whatever is asked for and in whatever order: nobody gets a packet of whom they may not hear, nobody their own, and
    /// no number twice.
    #[test]
    fn nothing_goes_where_it_may_not(
        steps in proptest::collection::vec((0_u8..9, 0_u32..6, 0_u32..6, any::<u16>(), 0_i64..60), 1..200),
    ) {
        let people: Vec<_> = (0..6).map(ParticipantId).collect();
        let mut studio = Studio::with(&people);
        let mut may: BTreeMap<ParticipantId, Vec<ParticipantId>> = BTreeMap::new();
        let mut published: Vec<(PublicationId, ParticipantId)> = Vec::new();
        let mut used: BTreeMap<(ParticipantId, Slot), Vec<u64>> = BTreeMap::new();
        for (what, a, b, number, wait_ms) in steps {
            studio.now = studio.now.plus(wait_ms);
            let (one, other) = (ParticipantId(a), ParticipantId(b));
            let picked = published.get(usize::from(number) % published.len().max(1)).copied();
            match what {
                0 => {
                    if let Ok(id) = studio.room.publish(one, Kind::Voice, &[]) { published.push((id, one)); }
                }
                1 => {
                    if let Ok(id) = studio.room.publish(one, Kind::Camera, &[180, 360, 720]) { published.push((id, one)); }
                }
                2 => {
                    let audible: Vec<_> = people.iter().filter(|who| number >> who.0 & 1 == 1).map(|&who| near(who)).collect();
                    studio.room.hear(one, &audible);
                    may.insert(one, audible.iter().map(|one| one.who).filter(|who| *who != one).collect());
                }
                3 => if let Some((id, _)) = picked { studio.room.want(other, id, u32::from(number), Importance::Pinned) },
                4 => {
                    studio.room.leave(one);
                    may.remove(&one);
                    used.retain(|(to, _), _| *to != one);
                    studio.room.join(one, 8, 4).unwrap();
                    studio.room.estimate(one, u64::from(number) * 100);
                }
                5 => studio.room.tick(studio.now),
                _ => if let Some((id, owner)) = picked {
                    for forward in studio.send(id, (number % 3) as u8, 500, number % 5 == 0) {
                        prop_assert!(may.get(&forward.to).is_some_and(|audible| audible.contains(&owner)));
                        let seqs = used.entry((forward.to, forward.slot)).or_default();
                        prop_assert!(!seqs.contains(&forward.place.seq));
                        seqs.push(forward.place.seq);
                    }
                },
            }
        }
    }
}
