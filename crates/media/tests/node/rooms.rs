//! Who hears whom, who comes and goes, and what the space says of it.

use std::collections::BTreeSet;
use std::time::Duration;

use earshot_media::node::{Admission, NodeConfig, Refusal};
use earshot_protocol::fleet::{ByeReason, FromParticipant, HearingSets, ParticipantHearing, ToParticipant, TrackKind};

use super::client::Client;
use super::link::Quality;
use super::world::{ROOM, SPACE, World};

fn byes(world: &World, session: u32) -> Vec<ByeReason> {
    let is_bye = |(_, words): &(_, ToParticipant)| match words {
        ToParticipant::Bye { reason } => Some(*reason),
        _ => None,
    };
    world.clients[&session].words.iter().filter_map(is_bye).collect()
}

#[test]
fn one_speaks_and_another_hears() {
    let mut world = World::of(1, &[1, 2]);
    world.run(2_000);
    for (listener, speaker) in [(1, 2), (2, 1)] {
        let heard: Vec<_> = world.clients[&listener].heard(speaker).collect();
        assert!(heard.len() > 90, "{listener} heard {} packets", heard.len());
        assert!(heard.windows(2).all(|two| two[1].number == two[0].number + 1), "without a gap");
        assert!(heard.windows(2).all(|two| two[1].seq == two[0].seq + 1));
        assert!(heard.windows(2).all(|two| two[1].timestamp == two[0].timestamp.wrapping_add(960)));
        // The lane it comes in is told to be its.
        let slot = u8::try_from(heard[0].slot).unwrap();
        assert_eq!(world.clients[&listener].slots[&(false, slot)], Some((speaker, TrackKind::Microphone)));
    }
}

#[test]
fn nobody_gets_more_at_once_than_the_node_was_told() {
    let udp = vec!["10.0.0.1:3478".parse().unwrap()];
    let all: Vec<_> = (1..=8).collect();
    for (voices_max, pictures_max) in [(2, 1), (20, 20)] {
        let mut world =
            World::with(NodeConfig { voices_max, pictures_max, udp: udp.clone(), ..NodeConfig::default() }, 1);
        all.iter().for_each(|&session| world.join(session));
        world.all_hear_all(&all);
        assert!(world.run_until(3_000, |world| world.clients.values().all(|one| one.channel.is_some())).is_some());
        world.clients.values_mut().for_each(|client| client.camera_on = true);
        world.words(1, &Client::want(&all[1..], 180));
        world.run(3_000);
        let after = world.now - Duration::from_millis(500);
        let got = |picture| {
            let recent = world.clients[&1].got.iter().filter(|got| got.picture == picture && got.at > after);
            recent.map(|got| got.from).collect::<BTreeSet<_>>().len()
        };
        assert_eq!((got(false), got(true)), (voices_max.min(7), pictures_max.min(7)));
    }
}

#[test]
fn where_pictures_want_for_room_no_word_is_lost() {
    let mut world = World::of(1, &[1, 2, 3]);
    world.run(3_000);
    world.clients.get_mut(&1).unwrap().camera_on = true;
    for viewer in [2, 3] {
        world.words(viewer, &Client::want(&[1], 700));
    }
    world.link(3, Quality { delay_ms: 25, bits_per_s: Some(500_000), ..Quality::default() });
    world.run(11_000);
    for (listener, speaker) in [(1, 2), (2, 3), (3, 1)] {
        let heard: Vec<_> = world.clients[&listener].heard(speaker).collect();
        assert!(heard.windows(2).all(|two| two[1].seq == two[0].seq + 1), "{listener}: without a gap");
        assert!(heard.len() > 650, "{listener} heard {} packets", heard.len());
    }
    assert_eq!(world.node.counters().packets_repeated, 0);
}

#[test]
fn who_was_out_of_reach_for_a_while_hears_and_sees_again_at_once() {
    let mut world = World::of(5, &[1, 2]);
    world.clients.get_mut(&1).unwrap().camera_on = true;
    world.words(2, &Client::want(&[1], 180));
    world.run(3_000);
    world.link(2, Quality { loss_percent: 100, ..Quality::default() });
    world.run(20_000);
    let away = world.now;
    assert!(world.clients[&2].heard(1).all(|got| got.at < away - Duration::from_secs(19)));
    world.link(2, Quality::default());
    let is_back = |world: &World| {
        let client = &world.clients[&2];
        client.heard(1).any(|got| got.at > away) && client.saw(1).any(|got| got.at > away)
    };
    let back = world.run_until(10_000, is_back);
    // Checks come every few seconds; what is lost of the picture is asked for anew.
    assert!(back.is_some_and(|ms| ms < 4_000), "after {back:?} ms");
}

#[test]
fn wide_links_are_not_filled_for_nothing() {
    let all: Vec<_> = (1..=10).collect();
    let mut world = World::of(1, &all);
    for camera in [1, 2, 3, 4] {
        world.clients.get_mut(&camera).unwrap().camera_on = true;
    }
    for &viewer in &all {
        world.words(viewer, &Client::want(&[1, 2, 3, 4], 170));
    }
    world.run(6_000);
    let before = world.node.counters();
    world.run(15_000);
    let after = world.node.counters();
    // Of nine others each gets the eight loudest, and a picture is a packet 25 times a second.
    let voices = 10 * 8 * 50 * 15;
    let pictures = (6 * 4 + 4 * 3) * 25 * 15;
    let sent = after.packets_forwarded - before.packets_forwarded;
    assert!(sent * 100 > (voices + pictures) * 95, "{sent} of {}", voices + pictures);
    assert_eq!((after.packets_dropped, after.packets_resent), (before.packets_dropped, before.packets_resent));
    let (padding, bytes) = (after.bytes_padding - before.bytes_padding, after.bytes_out - before.bytes_out);
    assert!(padding * 20 < bytes, "{padding} of {bytes} bytes are padding");
}

#[test]
fn redundant_voices_stay_so_for_who_knows_them_and_are_unwrapped_for_who_does_not() {
    let mut world = World::new(1);
    for session in [1, 2] {
        let (mut client, offer) = Client::redundant(session, World::address(session, 0), world.now);
        client.answered(&world.node.join(world.now, world.admission(session), &offer).unwrap());
        client.voice = Some(20);
        world.clients.insert(session, client);
    }
    world.join(3);
    world.all_hear_all(&[1, 2, 3]);
    world.run(3_000);
    for (listener, speaker, is_red) in [(2, 1, true), (3, 1, false), (1, 3, false)] {
        let heard: Vec<_> = world.clients[&listener].heard(speaker).collect();
        assert!(heard.len() > 50, "{listener} heard {} packets of {speaker}", heard.len());
        assert!(heard.iter().all(|got| got.red == is_red), "{listener} of {speaker}");
        assert!(heard.windows(2).all(|two| two[1].number == two[0].number + 1), "without a gap");
    }
}

#[test]
fn nothing_is_forwarded_before_the_space_says_so_nor_outside_of_what_it_says() {
    let mut world = World::new(1);
    [1, 2, 3].into_iter().for_each(|session| world.join(session));
    world.run(3_000);
    assert!(world.clients.values().all(|client| client.is_connected && client.got.is_empty()));
    world.hear(&[(1, &[2]), (2, &[1, 3]), (3, &[])]);
    world.run(1_000);
    for (listener, heard) in [(1, vec![2]), (2, vec![1, 3]), (3, vec![])] {
        for speaker in 1..=3 {
            let hears = world.clients[&listener].heard(speaker).count() > 0;
            assert_eq!(hears, heard.contains(&speaker), "{listener} and {speaker}");
        }
    }
}

#[test]
fn who_is_not_heard_any_more_is_cut_off_with_the_very_word() {
    let mut world = World::of(1, &[1, 2, 3]);
    world.clients.get_mut(&1).unwrap().camera_on = true;
    world.words(2, &Client::want(&[1], 180));
    world.run(2_000);
    assert!(world.clients[&2].heard(1).count() > 50 && world.clients[&2].saw(1).count() > 20);
    world.hear(&[(1, &[2, 3]), (2, &[3]), (3, &[1, 2])]);
    let said_at = world.now;
    // What the link still carries is ten milliseconds old at the most. It may ask again, and gets nothing.
    world.run(10);
    let still = |world: &World| world.clients[&2].heard(1).count() + world.clients[&2].saw(1).count();
    let before = still(&world);
    world.words(2, &Client::want(&[1], 700));
    world.run(2_000);
    assert_eq!(still(&world), before, "since {:?}", world.now - said_at);
    assert!(world.clients[&3].heard(1).count() > 150, "others go on");
    assert!(world.clients[&2].slots.values().all(|content| content.is_none_or(|(who, _)| who == 3)));
}

#[test]
fn who_may_not_publish_is_not_heard() {
    let mut world = World::of(1, &[1, 2]);
    world.run(500);
    let one = |session, publish, hears| ParticipantHearing { session, publish, reduced: false, hears };
    world.say(vec![one(1, false, vec![(2, 80, 0)]), one(2, true, vec![(1, 80, 0)])]);
    world.run(20);
    let before = world.clients[&2].heard(1).count();
    world.run(500);
    assert_eq!(world.clients[&2].heard(1).count(), before);
    assert!(world.clients[&1].heard(2).count() > 40);
    world.all_hear_all(&[1, 2]);
    world.run(500);
    assert!(world.clients[&2].heard(1).count() > before + 15, "and again when it may");
}

#[test]
fn who_is_not_named_any_more_is_let_go_and_told() {
    let mut world = World::of(1, &[1, 2, 3]);
    world.run(500);
    world.all_hear_all(&[1, 2]);
    let count = |world: &World| world.clients[&3].got.len();
    world.run(10);
    let before = count(&world);
    world.run(1_000);
    assert_eq!((count(&world), byes(&world, 3)), (before, vec![ByeReason::Removed]));
    assert_eq!((world.node.participants(), world.node.counters().removed), (2, 1));
    assert_eq!(world.join_from(3, World::address(3, 1)), Err(Refusal::NotInRoom));
    // An older word does not bring it back.
    let old = HearingSets { space: SPACE.into(), rooms: vec![], closed: vec![ROOM] };
    world.node.hear(world.now, old);
    world.run(1_000);
    assert_eq!((byes(&world, 1), world.node.participants()), (vec![ByeReason::Removed], 0), "a closed room is empty");
    assert_eq!(world.join_from(1, World::address(1, 1)), Err(Refusal::NotInRoom));
}

#[test]
fn it_says_something_twice_a_second_and_who_speaks() {
    let mut world = World::of(1, &[1, 2, 3]);
    world.clients.get_mut(&3).unwrap().voice = Some(100);
    world.hear(&[(1, &[2, 3]), (2, &[1, 3]), (3, &[2])]);
    world.run(5_000);
    for (listener, speakers) in [(1, vec![2]), (2, vec![1]), (3, vec![2])] {
        let words = &world.clients[&listener].words;
        let times: Vec<_> = words.iter().map(|(at, _)| *at).collect();
        let longest = times.windows(2).map(|two| two[1] - two[0]).max().unwrap();
        assert!(longest <= Duration::from_millis(560), "{longest:?} of silence");
        let last = words.iter().rev().find_map(|(_, words)| match words {
            ToParticipant::Beat { speakers } => Some(speakers.clone()),
            _ => None,
        });
        assert_eq!(last, Some(speakers), "{listener}");
    }
}

#[test]
fn in_a_loud_room_the_loudest_take_the_lanes_in_turn() {
    let all: Vec<u32> = (1..=14).collect();
    let mut world = World::of(8, &all);
    for (session, client) in &mut world.clients {
        client.voice = Some(if *session <= 9 { 10 } else { 40 });
    }
    world.run(2_500);
    let heard = |world: &World, from: u64| -> BTreeSet<u32> {
        let since = world.now - Duration::from_millis(from);
        world.clients[&1].got.iter().filter(|got| got.at > since).map(|got| got.from).collect()
    };
    assert_eq!(heard(&world, 500), (2..=9).collect(), "eight lanes, and the eight loudest");
    for (session, client) in &mut world.clients {
        client.voice = Some(if *session >= 7 { 10 } else { 60 });
    }
    world.run(4_000);
    assert_eq!(heard(&world, 500), (7..=14).collect());
    // Whatever was in a lane, its numbers go on.
    for slot in 0..8 {
        let lane: Vec<_> = world.clients[&1].got.iter().filter(|got| !got.picture && got.slot == slot).collect();
        assert!(lane.windows(2).all(|two| two[1].seq == two[0].seq + 1), "lane {slot}");
        assert!(lane.windows(2).all(|two| two[1].timestamp.wrapping_sub(two[0].timestamp) < 48_000 * 3));
    }
}

#[test]
fn a_listener_in_from_next_door_gets_less() {
    let all: Vec<u32> = (1..=6).collect();
    let mut world = World::of(9, &all);
    world.clients.get_mut(&2).unwrap().camera_on = true;
    let hears = |session: u32| all.iter().filter(|other| **other != session).map(|&other| (other, 80, 0)).collect();
    let one =
        |session| ParticipantHearing { session, publish: session != 1, reduced: session == 1, hears: hears(session) };
    world.say(all.iter().copied().map(one).collect());
    world.words(1, &Client::want(&[2], 700));
    world.run(500);
    let since = world.now;
    world.run(4_000);
    let got: Vec<_> = world.clients[&1].got.iter().filter(|got| got.at > since).collect();
    let voices: BTreeSet<_> = got.iter().filter(|got| !got.picture).map(|got| got.slot).collect();
    assert!(voices.len() <= 3, "{voices:?}");
    assert!(got.iter().filter(|got| got.picture && got.height > 0).all(|got| got.height == 180));
    assert!(got.iter().any(|got| got.picture));
}

#[test]
fn who_comes_anew_takes_the_place_of_itself() {
    let mut world = World::of(10, &[1, 2]);
    world.run(500);
    let first = world.clients.remove(&2).unwrap();
    world.join_from(2, World::address(2, 1)).unwrap();
    let second = world.clients.insert(2, first).unwrap();
    world.run(500);
    assert_eq!(byes(&world, 2), [ByeReason::Replaced], "the first is told");
    world.clients.insert(2, second);
    world.run(2_000);
    assert_eq!(world.node.participants(), 2);
    assert!(world.clients[&2].heard(1).count() > 50 && world.clients[&1].heard(2).count() > 50);
    // Again and again, and nothing is left over.
    for time in 2..12 {
        world.join_from(2, World::address(2, time)).unwrap();
        world.run(700);
    }
    world.run(500);
    assert_eq!((world.node.participants(), world.node.rooms()), (2, 1));
}

#[test]
fn a_grant_ends_unless_it_is_renewed() {
    let mut world = World::new(11);
    for session in [1, 2] {
        world.join(session);
    }
    world.all_hear_all(&[1, 2]);
    world.run(2_000);
    // Joined with five minutes each; the first brings another for ten.
    world.words(1, &FromParticipant::Renew { grant: "600".into() });
    world.run(298_500);
    assert_eq!((byes(&world, 1), byes(&world, 2)), (vec![], vec![ByeReason::Expired]));
    assert_eq!((world.renewals.as_slice(), world.node.participants()), (&["600".to_owned()][..], 1));
}

#[test]
fn who_vanishes_is_let_go_and_its_lanes_are_free() {
    let mut world = World::of(12, &[1, 2]);
    world.run(1_000);
    world.clients.remove(&2);
    let gone = world.run_until(40_000, |world| world.node.participants() == 1);
    assert!(gone.is_some());
    assert!(world.clients[&1].slots.values().all(Option::is_none));
}

#[test]
fn a_full_room_and_a_full_node_take_nobody_else() {
    let mut config = earshot_media::node::NodeConfig {
        udp: vec!["10.0.0.1:3478".parse().unwrap()],
        ..earshot_media::node::NodeConfig::default()
    };
    (config.room_participants_max, config.participants_max, config.rooms_max) = (2, 3, 2);
    let mut world = World::with(config, 13);
    let try_in = |world: &mut World, room, session| {
        let offer = Client::new(session, World::address(session, 0), (1, 1), world.now).1;
        let admission = Admission { room, ..world.admission(session) };
        world.node.join(world.now, admission, &offer).map(|_| ())
    };
    assert_eq!((try_in(&mut world, 1, 1), try_in(&mut world, 1, 2)), (Ok(()), Ok(())));
    assert_eq!(try_in(&mut world, 1, 3), Err(Refusal::Full), "the room");
    assert_eq!(try_in(&mut world, 1, 2), Ok(()), "who is in may come anew");
    assert_eq!(try_in(&mut world, 2, 3), Ok(()));
    assert_eq!(try_in(&mut world, 2, 4), Err(Refusal::Full), "the node");
    assert_eq!(try_in(&mut world, 3, 4), Err(Refusal::Full), "rooms");
    world.node.count_elsewhere(100);
    assert_eq!(try_in(&mut world, 1, 1), Ok(()), "who is in may come anew, however full it is");
    assert_eq!(try_in(&mut world, 2, 4), Err(Refusal::Full));
    world.node.count_elsewhere(0);
    // Whoever never connects does not keep the place.
    world.run(21_000);
    assert_eq!(world.node.participants(), 0);
}

#[test]
fn after_much_coming_and_going_nothing_is_left_over() {
    let mut world = World::of(14, &[1, 2]);
    world.run(1_000);
    let before = world.node.entries();
    for time in 1..40_u16 {
        let session = 3 + u32::from(time % 5);
        world.all_hear_all(&[1, 2, session]);
        world.join_from(session, World::address(session, time)).unwrap();
        world.run(400 + u64::from(time % 7) * 50);
        world.all_hear_all(&[1, 2]);
        world.run(350);
        world.clients.remove(&session);
    }
    // Timers of those who left run out by themselves.
    world.run(4_000);
    let [addresses, fragments, timers] = world.node.entries();
    assert_eq!((addresses, fragments, world.node.participants()), (before[0], before[1], 2));
    assert!(timers <= before[2] + 8, "{timers} timers, {} before", before[2]);
    // And the room beats as it did: not once more for everyone who left.
    let beats = |world: &World| world.clients[&1].words.len();
    let count = beats(&world);
    world.run(5_000);
    assert!((8..=12).contains(&(beats(&world) - count)), "{} in five seconds", beats(&world) - count);
}
