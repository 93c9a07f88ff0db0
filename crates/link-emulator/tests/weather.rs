//! What a link does to packets, in simulated time.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use earshot_link_emulator::link::{Counts, End, Input, Link, Output, QUEUE_US_MAX, TimeUs, Weather};
use proptest::prelude::*;

const MS: u64 = 1_000;

/// Puts packets in at their times and lets it run to its end: (when, where, which) came out.
fn run(link: &mut Link, sent: &[(TimeUs, End, Vec<u8>)]) -> Vec<(TimeUs, End, Vec<u8>)> {
    let mut out = Vec::new();
    let mut drain = |link: &mut Link, now: TimeUs| loop {
        match link.poll_output() {
            Output::Deliver { at, packet } => out.push((now, at, packet)),
            Output::WakeAt(at) => break at,
        }
    };
    let mut wake_at = None;
    for (at, end, packet) in sent {
        while let Some(due) = wake_at.filter(|due| due < at) {
            link.handle_input(due, Input::Woken);
            wake_at = drain(link, due);
        }
        link.handle_input(*at, Input::Arrived { at: *end, packet: packet.clone() });
        wake_at = drain(link, *at);
    }
    while let Some(due) = wake_at {
        link.handle_input(due, Input::Woken);
        wake_at = drain(link, due);
    }
    out
}

/// A packet every millisecond from one end, numbered.
fn stream(from: End, count: u32) -> Vec<(TimeUs, End, Vec<u8>)> {
    (0..count).map(|n| (u64::from(n) * MS, from, n.to_be_bytes().to_vec())).collect()
}

fn number(packet: &[u8]) -> u32 {
    u32::from_be_bytes(packet.try_into().unwrap())
}

#[test]
fn a_calm_link_passes_everything_at_once_and_to_the_other_end() {
    let sent = stream(End::A, 100);
    let out = run(&mut Link::new(Weather::CALM, 1), &sent);
    let expected: Vec<_> = sent.into_iter().map(|(at, end, packet)| (at, end.other(), packet)).collect();
    assert_eq!(out, expected);
}

#[test]
fn delay_is_exact_and_jitter_stays_within_its_bounds() {
    let weather = Weather { delay_us: 50 * MS, ..Weather::CALM };
    for (at, _, packet) in run(&mut Link::new(weather, 1), &stream(End::B, 200)) {
        assert_eq!(at, u64::from(number(&packet)) * MS + 50 * MS);
    }
    let jittery = Weather { jitter_us: 10 * MS, ..weather };
    let out = run(&mut Link::new(jittery, 1), &stream(End::A, 2_000));
    let late: Vec<u64> = out.iter().map(|(at, _, packet)| at - u64::from(number(packet)) * MS).collect();
    assert!(late.iter().all(|late| (40 * MS..=60 * MS).contains(late)));
    assert!(late.iter().max().unwrap() - late.iter().min().unwrap() > 10 * MS, "there is jitter");
}

#[test]
fn loss_is_what_was_asked_for_each_way_by_itself() {
    let weather = Weather { loss_ppm: 50_000, ..Weather::CALM };
    for end in [End::A, End::B] {
        let mut link = Link::new(weather, 7);
        let came = run(&mut link, &stream(end, 20_000)).len();
        assert!((18_800..=19_200).contains(&came), "{came} of 20,000 came");
        assert_eq!(link.counts().lost, 20_000 - came as u64);
    }
}

#[test]
fn one_seed_is_one_weather_whatever_goes_the_other_way() {
    let weather = Weather { delay_us: 20 * MS, jitter_us: 5 * MS, loss_ppm: 100_000, rate_bytes_per_s: None };
    let there = stream(End::A, 500);
    let mut both: Vec<_> = there.iter().cloned().chain(stream(End::B, 300)).collect();
    both.sort_by_key(|(at, ..)| *at);
    let alone = run(&mut Link::new(weather, 42), &there);
    let beside: Vec<_> =
        run(&mut Link::new(weather, 42), &both).into_iter().filter(|(_, at, _)| *at == End::B).collect();
    assert_eq!(alone, beside);
    assert_ne!(alone, run(&mut Link::new(weather, 43), &there));
}

#[test]
fn a_rate_spreads_packets_and_drops_what_would_wait_too_long() {
    // A thousand bytes each, at a million bytes a second: one a millisecond, and all come at once.
    let weather = Weather { rate_bytes_per_s: Some(1_000_000), ..Weather::CALM };
    let burst: Vec<_> = (0..1_000).map(|_| (0, End::A, vec![0; 1_000])).collect();
    let mut link = Link::new(weather, 1);
    let out = run(&mut link, &burst);
    let times: Vec<_> = out.iter().map(|(at, ..)| *at).collect();
    assert!(times.windows(2).all(|pair| pair[1] - pair[0] == MS));
    assert!(*times.last().unwrap() <= QUEUE_US_MAX + 2 * MS);
    assert_eq!(link.counts().crowded_out, 1_000 - out.len() as u64);
}

#[test]
fn a_cut_loses_what_is_under_way_and_all_that_comes_until_it_heals() {
    let mut link = Link::new(Weather { delay_us: 50 * MS, ..Weather::CALM }, 1);
    link.handle_input(0, Input::Arrived { at: End::A, packet: vec![1] });
    link.handle_input(10 * MS, Input::Cut);
    link.handle_input(20 * MS, Input::Arrived { at: End::B, packet: vec![2] });
    assert_eq!(link.poll_output(), Output::WakeAt(None));
    link.handle_input(100 * MS, Input::Healed);
    link.handle_input(100 * MS, Input::Arrived { at: End::A, packet: vec![3] });
    assert_eq!(link.poll_output(), Output::WakeAt(Some(150 * MS)));
    link.handle_input(150 * MS, Input::Woken);
    assert_eq!(link.poll_output(), Output::Deliver { at: End::B, packet: vec![3] });
    assert_eq!(link.counts(), Counts { delivered: 1, cut_off: 2, ..Counts::default() });
}

fn any_weather() -> impl Strategy<Value = Weather> {
    let rate = prop_oneof![Just(None), (0..2_000_000_u64).prop_map(Some)];
    (0..200 * MS, 0..100 * MS, 0..=1_000_000_u32, rate).prop_map(|(delay_us, jitter_us, loss_ppm, rate_bytes_per_s)| {
        Weather { delay_us, jitter_us, loss_ppm, rate_bytes_per_s }
    })
}

proptest! {
    /// Nothing is invented, doubled, turned round or overtaken, and each packet is counted once.
    #[test]
    fn every_packet_has_one_fate(weather in any_weather(), seed in any::<u64>(), gaps in proptest::collection::vec((0..5 * MS, any::<bool>(), 1..1_500_usize), 1..200)) {
        let mut now = 0;
        let mut sent = Vec::new();
        for (n, (gap, from_a, length)) in gaps.into_iter().enumerate() {
            now += gap;
            let mut packet = vec![0; length.max(4)];
            packet[..4].copy_from_slice(&(n as u32).to_be_bytes());
            sent.push((now, if from_a { End::A } else { End::B }, packet));
        }
        let mut link = Link::new(weather, seed);
        let out = run(&mut link, &sent);
        for end in [End::A, End::B] {
            let order: Vec<_> = out.iter().filter(|(_, at, _)| *at == end).map(|(_, _, packet)| number(&packet[..4])).collect();
            prop_assert!(order.windows(2).all(|pair| pair[0] < pair[1]));
        }
        for (at, end, packet) in &out {
            let (put_at, from, original) = &sent[number(&packet[..4]) as usize];
            prop_assert_eq!(packet, original);
            prop_assert_eq!(*end, from.other());
            prop_assert!(at >= put_at && *at >= put_at + weather.delay_us.saturating_sub(weather.jitter_us));
        }
        let counts = link.counts();
        prop_assert_eq!(counts.delivered, out.len() as u64);
        prop_assert_eq!(counts.delivered + counts.lost + counts.crowded_out, sent.len() as u64);
    }
}
