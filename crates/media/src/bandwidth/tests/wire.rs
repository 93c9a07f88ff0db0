//! The receiver's side of the wire: an encoder, and what becomes of reports that are not as they should be.

use std::time::Duration;

use proptest::prelude::*;

use crate::bandwidth::feedback::{BadFeedback, STATUSES_MAX, parse};
use crate::bandwidth::{Bandwidth, Purpose};

/// A report. Arrivals are in ticks of 250 microseconds after the reference time.
pub(super) fn encode(first: u16, reference: u32, report: u8, arrivals: &[Option<i64>]) -> Vec<u8> {
    let (mut symbols, mut deltas, mut last) = (Vec::new(), Vec::new(), 0_i64);
    for arrival in arrivals {
        let Some(ticks) = arrival else {
            symbols.push(0_u16);
            continue;
        };
        let delta = ticks - last;
        last = *ticks;
        if let Ok(small) = u8::try_from(delta) {
            symbols.push(1);
            deltas.push(small);
        } else {
            symbols.push(2);
            deltas.extend(i16::try_from(delta).expect("a delta of 8 s at the most").to_be_bytes());
        }
    }
    let mut packet = vec![0x8f, 205, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2];
    packet.extend(first.to_be_bytes());
    packet.extend(u16::try_from(arrivals.len()).expect("16 bits").to_be_bytes());
    packet.extend(&reference.to_be_bytes()[1..]);
    packet.push(report);
    let mut rest = symbols.as_slice();
    while let Some(&symbol) = rest.first() {
        let run = rest.iter().take(0x1fff).take_while(|&&other| other == symbol).count();
        let small = rest.iter().take(14).take_while(|&&other| other < 2).count();
        let (chunk, used) = if run > 7 || run == rest.len() {
            (symbol << 13 | run as u16, run)
        } else if small >= 14.min(rest.len()) {
            (rest.iter().take(14).enumerate().fold(0x8000, |chunk, (at, bit)| chunk | bit << (13 - at)), 14)
        } else {
            (rest.iter().take(7).enumerate().fold(0xc000, |chunk, (at, two)| chunk | two << (12 - 2 * at)), 7)
        };
        packet.extend(chunk.to_be_bytes());
        rest = &rest[used.min(rest.len())..];
    }
    packet.extend(deltas);
    let padding = packet.len().next_multiple_of(4) - packet.len();
    if padding > 0 {
        packet.extend(std::iter::repeat_n(0, padding - 1));
        packet.push(padding as u8);
        packet[0] |= 0x20;
    }
    let words = packet.len() / 4 - 1;
    packet[2..4].copy_from_slice(&u16::try_from(words).expect("16 bits").to_be_bytes());
    packet
}

/// Arrivals as they may be: in order mostly, with losses, with long pauses, and some before others.
fn arrivals() -> impl Strategy<Value = Vec<Option<i64>>> {
    let steps = prop_oneof![
        4 => proptest::collection::vec(prop_oneof![3 => (0_i64..256).prop_map(Some), 1 => Just(None)], 0..40),
        2 => (1_usize..300, 0_i64..256).prop_map(|(times, step)| vec![Some(step); times]),
        1 => (1_usize..300).prop_map(|times| vec![None; times]),
        1 => proptest::collection::vec((-32_768_i64..32_768).prop_map(Some), 0..10),
    ];
    proptest::collection::vec(steps, 0..4).prop_map(|steps| {
        let mut at = 0;
        let arrival = |step: Option<i64>| {
            step.map(|step| {
                at += step;
                at
            })
        };
        steps.into_iter().flatten().map(arrival).take(STATUSES_MAX).collect()
    })
}

#[test]
fn a_report_is_read_as_the_draft_writes_it() {
    // Two that came, after 1 ms and 2 ms; one missing; one that came 1 ms before the last.
    let mut packet = vec![0x8f, 205, 0, 6, 0, 0, 0, 1, 0, 0, 0, 2, 0xff, 0xfe, 0, 4, 0, 1, 2, 9];
    // 1, 1, 0, 2 in a vector of two bits each, and the deltas in ticks.
    packet.extend(0b11_01_01_00_10_00_00_00_u16.to_be_bytes());
    packet.extend([4, 4, 0xff, 0xfc, 0, 0]);
    let feedback = parse(&packet).expect("it is lawful");
    assert_eq!((feedback.first, feedback.reference), (0xfffe, 0x0102));
    assert_eq!(feedback.arrivals, [Some(1_000), Some(2_000), None, Some(1_000)]);
}

#[test]
fn a_report_that_is_none_is_refused() {
    let good = encode(7, 7, 0, &[Some(1), Some(300), None, Some(301)]);
    assert!(parse(&good).is_ok());
    let changed = |at: usize, byte: u8| {
        let mut packet = good.clone();
        packet[at] = byte;
        parse(&packet)
    };
    assert_eq!(changed(0, 0x81), Err(BadFeedback::NotFeedback));
    assert_eq!(changed(1, 206), Err(BadFeedback::NotFeedback));
    assert_eq!(changed(3, 200), Err(BadFeedback::Truncated));
    assert_eq!(changed(15, 200), Err(BadFeedback::Truncated));
    assert_eq!(changed(20, 0x60), Err(BadFeedback::ReservedStatus), "a run of the third status");
    for length in 0..good.len() {
        assert!(parse(&good[..length]).is_err(), "{length}");
    }
}

#[test]
fn of_a_report_about_everything_only_the_beginning_is_taken() {
    let mut packet = encode(0, 0, 0, &[]);
    packet[14..16].copy_from_slice(&u16::MAX.to_be_bytes());
    packet.extend([0x1f, 0xff].repeat(10));
    packet[3] += 5;
    assert_eq!(parse(&packet).map(|feedback| feedback.arrivals.len()), Ok(STATUSES_MAX));
}

proptest! {
    #[test]
    fn what_is_written_is_read(first: u16, reference in 0_u32..1 << 24, report: u8, arrivals in arrivals()) {
        let feedback = parse(&encode(first, reference, report, &arrivals)).expect("it is lawful");
        prop_assert_eq!((feedback.first, feedback.reference), (first, reference));
        let ticks: Vec<_> = feedback.arrivals.iter().map(|arrival| arrival.map(|us| us / 250)).collect();
        prop_assert_eq!(ticks, arrivals);
    }

    /// Whatever comes, in whatever order: no panic, and the estimate stays within its bounds.
    #[test]
    fn no_report_does_harm(
        steps in proptest::collection::vec(
            (0_u64..3_000, 0_usize..30, any::<u16>(), 0_u32..1 << 24, arrivals(), proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..3)),
            1..20,
        ),
        noise in proptest::collection::vec(any::<u8>(), 0..200),
    ) {
        let mut bandwidth = Bandwidth::new(1_000_000);
        bandwidth.strive(Duration::ZERO, 100_000, 3_000_000);
        let (mut at, mut next) = (Duration::ZERO, 0_u16);
        for (wait_ms, packets, first, reference, arrivals, changes) in steps {
            for _ in 0..packets {
                next = bandwidth.sent(at, 1_000, Purpose::Media).wrapping_add(1);
            }
            at += Duration::from_millis(wait_ms);
            let mut packet = encode(next.wrapping_sub(first % 50), reference, 0, &arrivals);
            for (index, byte) in changes {
                let index = index.index(packet.len());
                packet[index] = byte;
            }
            let _ = bandwidth.handle_feedback(at, &packet);
            let _ = bandwidth.handle_feedback(at, &noise);
            bandwidth.handle_timeout(at);
            prop_assert!((40_000..=1_000_000_000).contains(&bandwidth.bits_per_s()));
            prop_assert!(bandwidth.due().is_none_or(|due| due > at), "a timeout does not ask for itself again");
            prop_assert!(bandwidth.padding_bits_per_s() <= bandwidth.pacing_bits_per_s());
        }
    }

    #[test]
    fn arbitrary_bytes_are_read_or_refused(mut packet in proptest::collection::vec(any::<u8>(), 0..300), like: bool) {
        if like && packet.len() >= 4 {
            let words = (packet.len() / 4 - 1) as u8;
            packet[..4].copy_from_slice(&[0x8f, 205, 0, words]);
        }
        let _ = parse(&packet);
    }
}
