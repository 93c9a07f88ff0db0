//! Pictures: which layer goes to whom, over which links, and that numbers go on through every switch.

use std::time::Duration;

use earshot_protocol::fleet::AbsenceCause;

use super::client::{Client, Got};
use super::link::{Dice, Quality};
use super::world::{LANES, World};

fn heights(got: &[&Got]) -> (u16, u16) {
    let firsts = got.iter().filter(|got| got.height > 0).map(|got| got.height);
    (firsts.clone().min().unwrap_or(0), firsts.max().unwrap_or(0))
}

/// The longest time nothing came.
fn longest_gap(got: &[&Got]) -> Duration {
    got.windows(2).map(|two| two[1].at - two[0].at).max().unwrap_or(Duration::MAX)
}

#[test]
fn nothing_is_shown_that_nobody_wants_and_what_is_wanted_comes_in_its_size() {
    let mut world = World::of(2, &[1, 2]);
    world.clients.get_mut(&1).unwrap().camera_on = true;
    world.run(1_000);
    assert_eq!(world.clients[&2].saw(1).count(), 0);
    world.words(2, &Client::want(&[1], 180));
    let came = world.run_until(1_000, |world| world.clients[&2].saw(1).count() > 0);
    assert!(came.unwrap() < 200, "after {came:?} ms");
    world.run(3_000);
    let small: Vec<_> = world.clients[&2].saw(1).collect();
    assert_eq!(heights(&small), (180, 180));
    assert!(small[0].begins_key_frame);
    world.words(2, &Client::want(&[1], 700));
    world.run(6_000);
    let since = world.now - Duration::from_millis(1_500);
    let large: Vec<_> = world.clients[&2].saw(1).filter(|got| got.at > since).collect();
    assert_eq!(heights(&large), (720, 720));
    world.words(2, &Client::want(&[], 0));
    world.run(200);
    let before = world.clients[&2].saw(1).count();
    world.run(500);
    assert_eq!(world.clients[&2].saw(1).count(), before);
}

#[test]
fn of_more_wishes_than_are_read_the_last_one_holds() {
    let mut world = World::of(5, &[1, 2]);
    world.clients.get_mut(&1).unwrap().camera_on = true;
    world.words(2, &Client::want(&[1], 180));
    world.run(2_000);
    // As a page does that lays out its tiles anew, picture by picture.
    for height_px in 200..300 {
        world.words(2, &Client::want(&[1], height_px));
    }
    world.words(2, &Client::want(&[], 0));
    world.run(1_000);
    assert!(world.node.counters().over_limit > 50);
    let before = world.clients[&2].saw(1).count();
    world.run(1_000);
    assert_eq!(world.clients[&2].saw(1).count(), before, "it wants none any more");
}

#[test]
fn through_every_switch_numbers_go_on_and_each_begins_with_a_key_frame() {
    let mut world = World::of(3, &[1, 2, 3]);
    for sender in [1, 2] {
        world.clients.get_mut(&sender).unwrap().camera_on = true;
    }
    for (round, height_px) in [180, 360, 700, 180, 360].into_iter().enumerate() {
        // One lane, in which pictures of two senders take turns.
        world.words(3, &Client::want(&[1 + (round as u32) % 2], height_px));
        world.run(2_500);
    }
    let got: Vec<_> = world.clients[&3].got.iter().filter(|got| got.picture).collect();
    assert!(got.len() > 300);
    let (mut last, mut switches) = (got[0], 0);
    assert!(last.begins_key_frame);
    for now in &got[1..] {
        assert_eq!(now.seq, last.seq + 1, "no gap, and none twice");
        let ids = now.id.wrapping_sub(last.id) & 0x7fff;
        assert!(ids <= 1, "from {} to {}", last.id, now.id);
        assert!(now.timestamp.wrapping_sub(last.timestamp) < 90_000 * 2);
        if now.from != last.from || (now.height != last.height && now.height > 0 && last.height > 0) {
            switches += 1;
            assert!(now.begins_key_frame, "a switch begins with a key frame");
        }
        last = now;
    }
    assert!(switches >= 4, "{switches} switches");
}

#[test]
fn each_link_gets_what_it_takes_within_ten_seconds_and_nobody_freezes() {
    let mut world = World::of(4, &[1, 2, 3, 4, 5]);
    for sender in [1, 2] {
        world.clients.get_mut(&sender).unwrap().camera_on = true;
    }
    for silent in [2, 3, 4, 5] {
        world.clients.get_mut(&silent).unwrap().voice = None;
    }
    for (receiver, bits_per_s) in [(3, 300_000), (4, 1_000_000), (5, 5_000_000)] {
        world.link(receiver, Quality { delay_ms: 25, bits_per_s: Some(bits_per_s), ..Quality::default() });
        world.words(receiver, &Client::want(&[1, 2], 700));
    }
    let begin = world.now;
    world.run(20_000);
    let settled = begin + Duration::from_secs(10);
    // On the poorest there is room for a voice and one small picture, and that one goes on.
    for (receiver, pictures, least, most) in [(3, 1, 180, 180), (4, 2, 180, 360), (5, 2, 720, 720)] {
        let seen: Vec<Vec<_>> =
            [1, 2].map(|sender| world.clients[&receiver].saw(sender).filter(|got| got.at > settled).collect()).into();
        let (steady, others): (Vec<_>, Vec<_>) =
            seen.iter().partition(|got| longest_gap(got) < Duration::from_millis(600));
        assert!(
            steady.len() >= pictures,
            "{receiver}: {:?}",
            others.iter().map(|got| longest_gap(got)).collect::<Vec<_>>()
        );
        for got in steady {
            let (low, high) = heights(got);
            assert!(low >= least && high <= most, "{receiver} sees {low} to {high}");
        }
        let voice: Vec<_> = world.clients[&receiver].heard(1).filter(|got| got.at > settled).collect();
        assert!(longest_gap(&voice) < Duration::from_millis(200), "{receiver} hears: {:?}", longest_gap(&voice));
    }
}

#[test]
fn what_else_comes_over_a_poor_link_for_a_moment_seldom_takes_a_picture_away() {
    let mut stood = 0;
    for seed in 50..70 {
        let mut world = World::of(seed, &[1, 2]);
        world.clients.get_mut(&1).unwrap().camera_on = true;
        world.link(2, Quality { delay_ms: 25, bits_per_s: Some(300_000), ..Quality::default() });
        world.words(2, &Client::want(&[1], 700));
        let mut dice = Dice::new(seed);
        // Whoever has just come gets words of those who are there: each time an eighth of a second of the link.
        for _ in 0..3 {
            world.run(50 + u64::from(dice.below(600)));
            world.share(2, 5_000);
        }
        world.run(3_000);
        let seen: Vec<_> = world.clients[&2].saw(1).collect();
        let silent = world.now - seen.last().unwrap().at;
        stood += u32::from(longest_gap(&seen).max(silent) > Duration::from_secs(1));
    }
    assert!(stood <= 4, "in {stood} of 20 it stood still for longer than a second");
}

#[test]
fn where_there_is_room_for_the_voice_only_no_picture_comes_and_goes() {
    let mut world = World::of(34, &[1, 2]);
    world.clients.get_mut(&1).unwrap().camera_on = true;
    let with = |bits_per_s| Quality { delay_ms: 25, bits_per_s: Some(bits_per_s), ..Quality::default() };
    world.link(2, with(130_000));
    world.words(2, &Client::want(&[1], 700));
    world.run(10_000);
    let settled = world.now;
    world.run(30_000);
    let seen: Vec<_> = world.clients[&2].saw(1).filter(|got| got.at > settled).collect();
    assert!(seen.is_empty(), "{} packets of a picture", seen.len());
    assert_eq!(world.clients[&2].lacks(), [(1, AbsenceCause::Link)], "and it is told why");
    let voice: Vec<_> = world.clients[&2].heard(1).filter(|got| got.at > settled).collect();
    assert!(longest_gap(&voice) < Duration::from_millis(200), "{:?}", longest_gap(&voice));
    assert!(voice.windows(2).all(|two| two[1].number == two[0].number + 1), "no word is lost");
    world.link(2, with(1_000_000));
    let back = world.run_until(20_000, |world| world.clients[&2].saw(1).any(|got| got.at > settled));
    assert!(back.is_some_and(|ms| ms > 2_000), "not at once, but it comes back: after {back:?} ms");
    world.run(3_000);
    let since = world.now - Duration::from_secs(2);
    let got: Vec<_> = world.clients[&2].saw(1).filter(|got| got.at > since).collect();
    assert!(longest_gap(&got) < Duration::from_millis(600), "{:?}", longest_gap(&got));
    assert_eq!(world.clients[&2].lacks(), []);
}

#[test]
fn where_more_is_wanted_than_there_are_lanes_it_is_said_what_does_not_come_until_it_does_or_nobody_wants_it() {
    let senders: Vec<u32> = (2..=LANES as u32 + 3).collect();
    let mut world = World::of(35, &[&[1], &senders[..]].concat());
    for sender in &senders {
        world.clients.get_mut(sender).unwrap().camera_on = true;
    }
    world.words(1, &Client::want(&senders, 180));
    let seen = |world: &World| senders.iter().filter(|one| world.clients[&1].saw(**one).count() > 0).count();
    world.run(1_000);
    assert_eq!(world.clients[&1].lacks(), [], "it may be that they just begin");
    assert!(world.run_until(10_000, |world| seen(world) == LANES).is_some());
    world.run(3_000);
    let lacks = world.clients[&1].lacks();
    let expected = senders[LANES..].iter().map(|one| (*one, AbsenceCause::Lanes)).collect::<Vec<_>>();
    assert_eq!(lacks, expected);
    // One of them switches the camera off, another comes in the place of somebody who is not looked at any more.
    world.clients.get_mut(&expected[0].0).unwrap().camera_on = false;
    world.words(1, &Client::want(&senders[1..], 180));
    world.run(3_000);
    assert_eq!(world.clients[&1].lacks(), []);
    assert_eq!(seen(&world), LANES + 1);
}

#[test]
fn a_link_that_gets_worse_gets_less_and_more_when_it_is_better_again() {
    let mut world = World::of(5, &[1, 2]);
    world.clients.get_mut(&1).unwrap().camera_on = true;
    let with = |bits_per_s| Quality { delay_ms: 20, bits_per_s: Some(bits_per_s), ..Quality::default() };
    world.link(2, with(4_000_000));
    world.words(2, &Client::want(&[1], 700));
    for (bits_per_s, least, most) in [(4_000_000, 720, 720), (500_000, 180, 360), (4_000_000, 720, 720)] {
        world.link(2, with(bits_per_s));
        world.run(12_000);
        let since = world.now - Duration::from_secs(2);
        let got: Vec<_> = world.clients[&2].saw(1).filter(|got| got.at > since).collect();
        let (low, high) = heights(&got);
        assert!(low >= least && high <= most, "at {bits_per_s} bit/s: {low} to {high}");
        assert!(longest_gap(&got) < Duration::from_millis(600), "at {bits_per_s} bit/s: {:?}", longest_gap(&got));
    }
}

#[test]
fn a_picture_comes_at_once_and_comes_back_although_nobody_speaks() {
    // The last packets before a pause may be lost, and then nobody reports of them.
    for bits_per_s in [40_000, 30_000] {
        let mut world = World::of(16, &[1, 2]);
        world.clients.values_mut().for_each(|client| client.voice = None);
        world.clients.get_mut(&1).unwrap().camera_on = true;
        world.words(2, &Client::want(&[1], 700));
        let came = world.run_until(2_000, |world| world.clients[&2].saw(1).count() > 0);
        assert!(came.is_some_and(|ms| ms < 500), "after {came:?} ms");
        let with = |bits_per_s| Quality { delay_ms: 25, bits_per_s: Some(bits_per_s), ..Quality::default() };
        world.link(2, with(bits_per_s));
        world.run(20_000);
        let (poor, since) = (world.now, world.now - Duration::from_secs(5));
        let count = world.clients[&2].saw(1).filter(|got| got.at > since).count();
        assert!(count < 20, "there is no room for it: {count}");
        world.link(2, with(3_000_000));
        let back = world.run_until(30_000, |world| world.clients[&2].saw(1).any(|got| got.at > poor));
        assert!(back.is_some_and(|ms| ms < 20_000), "it comes back: {back:?}");
        world.run(12_000);
        let since = world.now - Duration::from_secs(2);
        let got: Vec<_> = world.clients[&2].saw(1).filter(|got| got.at > since).collect();
        assert_eq!(heights(&got).1, 720, "and as well as before");
    }
}

#[test]
fn what_is_lost_on_the_way_is_sent_again() {
    let (mut all, mut missing) = (0, 0);
    for seed in 6..10 {
        let mut world = World::of(seed, &[1, 2]);
        for session in [1, 2] {
            world.link(session, Quality { loss_percent: 5, jitter_ms: 15, delay_ms: 20, bits_per_s: None });
        }
        world.clients.get_mut(&1).unwrap().camera_on = true;
        world.words(2, &Client::want(&[1], 180));
        world.run(12_000);
        let mut numbers: Vec<_> = world.clients[&2].saw(1).map(|got| got.seq).collect();
        numbers.sort_unstable();
        assert!(numbers.windows(2).all(|two| two[0] != two[1]), "none twice");
        let span = numbers.last().unwrap() - numbers[0] + 1;
        (all, missing) = (all + span, missing + span - numbers.len() as u64);
        let voices = world.clients[&2].heard(1).count();
        assert!(voices > 500, "{voices} packets of voice");
    }
    assert!(missing * 200 <= all, "{missing} of {all} packets are missing still");
}

#[test]
fn requests_for_key_frames_are_few_however_many_ask() {
    let mut world = World::of(7, &[1, 2, 3, 4, 5, 6]);
    world.clients.get_mut(&1).unwrap().camera_on = true;
    for viewer in 2..=6 {
        world.words(viewer, &Client::want(&[1], 180));
        world.run(20);
    }
    world.run(2_000);
    let sent = world.clients[&1].key_frames_sent;
    // Three layers begin with one each; the rest were asked for.
    assert!(sent <= 3 + 2, "{sent} key frames");
    assert!((2..=6).all(|viewer| world.clients[&viewer].saw(1).count() > 30));
}

#[test]
fn what_is_taken_away_ends_soon_on_a_poor_link_too() {
    let mut world = World::of(15, &[1, 2, 3]);
    for sender in [1, 2] {
        world.clients.get_mut(&sender).unwrap().camera_on = true;
    }
    let poor = Quality { delay_ms: 40, bits_per_s: Some(5_000_000), ..Quality::default() };
    world.link(3, poor);
    world.words(3, &Client::want(&[1, 2], 700));
    world.run(6_000);
    // All of a sudden hardly anything gets through, and what is on its way piles up.
    world.link(3, Quality { bits_per_s: Some(400_000), ..poor });
    world.run(400);
    world.hear(&[(1, &[2, 3]), (2, &[1, 3]), (3, &[])]);
    world.run(500);
    let before = world.clients[&3].got.len();
    world.run(2_000);
    assert_eq!(world.clients[&3].got.len(), before);
}
