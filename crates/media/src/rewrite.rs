//! How packets of several sources, one after the other, become one stream: numbers and times that go on (RFC 3550, section 5.1).
//!
//! A receiver sees one sender. When the node switches it to another layer, or another speaker, the new source's numbers are
//! moved so that they follow on the last ones. What was lost on the way to the node stays a gap, so that the receiver asks for it;
//! what comes late is put where it belongs, as long as the place is its own.

use crate::Ms;

/// A packet's place in its stream, counted on where the wire's number wraps.
pub type Seq = u64;

/// As it goes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub seq: Seq,
    /// Of the media's clock, modulo 2^32.
    pub timestamp: u32,
}

/// How far back a late packet is still put into its place.
const LATE_MAX: u64 = 1_000;
/// And how far ahead one may be: a receiver finds out by what it got last how often the number on the wire has wrapped, and whoever leaps on and on
/// would have it lose count, for those after it as well.
const AHEAD_MAX: u64 = 3_000;

#[derive(Clone, Copy, Debug)]
struct Source {
    first_in: Seq,
    /// What is added to its numbers, modulo 2^64.
    seq_offset: u64,
    timestamp_offset: u32,
}

/// One stream to one receiver.
#[derive(Clone, Debug)]
pub struct Rewriter {
    /// Ticks of the media's clock in a millisecond.
    ticks_per_ms: u32,
    source: Option<Source>,
    /// The newest that went out, and when.
    last: Option<(Place, Ms)>,
}

impl Rewriter {
    /// For a clock of so many ticks a second: 90,000 for pictures, 48,000 for Opus.
    pub fn new(ticks_per_s: u32) -> Self {
        Self { ticks_per_ms: (ticks_per_s / 1_000).max(1), source: None, last: None }
    }

    /// From this packet on, another source: it follows on what went out last, by as much time as passed.
    pub fn switch(&mut self, first: Seq, timestamp: u32, now: Ms) {
        let (seq, out_timestamp) = match self.last {
            // The count of wraps is not on the wire (RFC 3711, section 3.3.1): a receiver begins with none.
            None => (first & 0x7fff, timestamp),
            Some((last, at)) => {
                let passed = u32::try_from(now.since(at).clamp(1, 60_000)).unwrap_or(1);
                (last.seq + 1, last.timestamp.wrapping_add(passed.wrapping_mul(self.ticks_per_ms)))
            }
        };
        self.source = Some(Source {
            first_in: first,
            seq_offset: seq.wrapping_sub(first),
            timestamp_offset: out_timestamp.wrapping_sub(timestamp),
        });
    }

    /// Where a packet of the present source goes; none for one from before the switch, or far too late.
    pub fn place(&mut self, seq: Seq, timestamp: u32, now: Ms) -> Option<Place> {
        let source = self.source.filter(|source| seq >= source.first_in)?;
        let place = Place {
            seq: seq.wrapping_add(source.seq_offset),
            timestamp: timestamp.wrapping_add(source.timestamp_offset),
        };
        match self.last {
            Some((last, _)) if place.seq > last.seq.saturating_add(AHEAD_MAX) => {
                self.switch(seq, timestamp, now);
                self.place(seq, timestamp, now)
            }
            Some((last, _)) if place.seq <= last.seq => (last.seq - place.seq < LATE_MAX).then_some(place),
            _ => {
                self.last = Some((place, now));
                Some(place)
            }
        }
    }

    /// The source's own number for one that went out, for a receiver that asks for it again; none where it was another's.
    pub fn source_of(&self, out: Seq) -> Option<Seq> {
        let source = self.source?;
        let seq = out.wrapping_sub(source.seq_offset);
        let went_out = self.last.is_some_and(|(last, _)| out <= last.seq);
        (went_out && seq >= source.first_in && seq.wrapping_add(source.seq_offset) == out).then_some(seq)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    #[test]
    fn a_switch_goes_on_where_the_last_source_was() {
        let mut rewriter = Rewriter::new(90_000);
        rewriter.switch(1_000, 50, Ms(0));
        assert_eq!(rewriter.place(1_000, 50, Ms(0)), Some(Place { seq: 1_000, timestamp: 50 }));
        assert_eq!(rewriter.place(1_002, 3_050, Ms(33)), Some(Place { seq: 1_002, timestamp: 3_050 }));
        // Late, and in its place.
        assert_eq!(rewriter.place(1_001, 50, Ms(34)), Some(Place { seq: 1_001, timestamp: 50 }));
        rewriter.switch(7, 4_000_000_000, Ms(66));
        assert_eq!(rewriter.place(6, 0, Ms(66)), None, "from before the key frame");
        assert_eq!(rewriter.place(7, 4_000_000_000, Ms(66)), Some(Place { seq: 1_003, timestamp: 3_050 + 33 * 90 }));
        assert_eq!(
            (rewriter.source_of(1_003), rewriter.source_of(1_002), rewriter.source_of(1_004)),
            (Some(7), None, None)
        );
    }

    proptest! {
        /// Whatever is switched, lost, late and wrapped: no two packets go out under one number, time follows number within a
        /// source, and a number that went out leads back to its packet.
        #[test]
        fn numbers_are_never_used_twice(
            steps in proptest::collection::vec((0_u8..12, 0_u64..5, 0_i64..50), 1..300),
            starts in proptest::collection::vec((any::<u32>(), any::<u32>()), 12),
        ) {
            let mut rewriter = Rewriter::new(48_000);
            let (mut sources, mut now, mut current) = (BTreeMap::new(), Ms(0), None);
            let mut out: BTreeMap<Seq, (u8, Seq)> = BTreeMap::new();
            for (source, skip, wait_ms) in steps {
                now = now.plus(wait_ms);
                let (start_seq, start_time) = starts[usize::from(source)];
                let next: &mut u64 = sources.entry(source).or_insert(u64::from(start_seq));
                let seq = *next + skip;
                let timestamp = start_time.wrapping_add((seq as u32).wrapping_mul(960));
                if current != Some(source) && skip == 0 {
                    rewriter.switch(seq, timestamp, now);
                    current = Some(source);
                }
                if current != Some(source) {
                    continue;
                }
                *next = seq + 1;
                let place = rewriter.place(seq, timestamp, now).unwrap();
                prop_assert_eq!(out.insert(place.seq, (source, seq)), None);
                prop_assert_eq!(rewriter.source_of(place.seq), Some(seq));
            }
        }
    }
}
