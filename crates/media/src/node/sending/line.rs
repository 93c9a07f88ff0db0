//! A line on which something is sent to a receiver: its numbers, what of it is kept for whoever asks again, and what is reported of it.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use str0m::media::Pt;

use super::header::{ElementIds, Header, LineName};
use crate::node::config::{RESEND_MAX, RESEND_PACKETS};
use crate::node::picture::Patch;
use crate::node::sent::Sent;
use crate::rtcp::SenderReport;

/// How far ahead of the last one that went out a packet may be: by that one a receiver finds out how often the number on the wire has wrapped (RFC
/// 3711, section 3.3.1), and of what was dropped in between, however much that was, it knows nothing. Half of the wire's numbers would be too many.
const AHEAD_MAX: u64 = 3_000;

/// A packet for a line, before it has a header.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// The line's place among the connection's.
    pub line: usize,
    pub pt: Pt,
    pub seq: u64,
    pub timestamp: u32,
    pub marker: bool,
    /// When it came, since the connection's epoch.
    pub came_at: Duration,
    /// Of a voice: decibels below the loudest there is, and whether it is somebody who speaks.
    pub level: Option<(u8, bool)>,
    pub orientation: Option<u8>,
    /// What is to be written over the payload's own numbers.
    pub patch: Option<Patch>,
    pub payload: Arc<[u8]>,
}

/// As the two ends agreed on it.
#[derive(Clone, Debug)]
pub struct LineConfig {
    pub name: LineName,
    pub ssrc: u32,
    /// The stream that packets are sent again on (RFC 4588), and the payload type they have there.
    pub rtx: Option<(u32, Pt)>,
    pub ids: ElementIds,
    /// Pictures are paced, and what is lost of them is sent again.
    pub is_picture: bool,
}

/// A packet that may be asked for again. There are a second's of them for each line, which are written once and mostly never looked at: small, so that
/// they take little of the processor's caches.
#[derive(Debug)]
pub struct Kept {
    pub seq: u64,
    pub payload: Arc<[u8]>,
    pub timestamp: u32,
    /// Since the connection's epoch, wrapping.
    sent_ms: u32,
    resent_ms: Option<u32>,
    pub marker: bool,
    pub orientation: Option<u8>,
    pub patch: Option<Patch>,
}

impl Kept {
    fn is_recent(&self, ms: u32) -> bool {
        since(self.sent_ms, ms) <= RESEND_MAX
    }
}

/// Milliseconds of which 49 days are told apart.
#[expect(clippy::cast_possible_truncation, reason = "only differences mean something, and those are short")]
fn wrapped_ms(at: Duration) -> u32 {
    at.as_millis() as u32
}

fn since(before_ms: u32, ms: u32) -> Duration {
    Duration::from_millis(ms.wrapping_sub(before_ms).into())
}

/// From one number on, all are less by so many.
#[derive(Clone, Copy, Debug, Default)]
struct Moved {
    from: u64,
    by: u64,
}

/// In this order, what a packet needs of it are four of the processor's cache lines: the first, one of the window of numbers, and two behind that.
/// Between two packets of a line come those of all others, and most of it is in no cache any more.
#[derive(Debug)]
#[repr(C, align(64))]
pub struct Line {
    pub config: LineConfig,
    packets: u32,
    bytes: u32,
    /// What went out since the last report.
    is_news: bool,
    /// Something of a picture was left out: it cannot go on without a key frame.
    pub is_broken: bool,
    /// Of the stream, and never the same twice.
    numbers: Sent,
    /// In the order of their numbers.
    kept: VecDeque<Kept>,
    moved: Moved,
    /// The newest number that went out.
    last_seq: Option<u64>,
    /// The newest packet's timestamp, and when it came.
    newest: Option<(u32, Duration)>,
    resent_seq: u64,
}

impl Line {
    pub fn new(config: LineConfig) -> Self {
        Self {
            config,
            numbers: Sent::default(),
            moved: Moved::default(),
            last_seq: None,
            kept: VecDeque::new(),
            resent_seq: 0,
            packets: 0,
            bytes: 0,
            newest: None,
            is_news: false,
            is_broken: false,
        }
    }

    /// Whether a number was not used yet; it is from here on.
    pub fn admits(&mut self, seq: u64) -> bool {
        self.numbers.admits(seq)
    }

    /// The number that one goes out under, right now: its own, unless too much before it was dropped. None where it came so late that its place
    /// is another's now.
    pub fn place(&mut self, seq: u64) -> Option<u64> {
        if seq < self.moved.from {
            return None;
        }
        let own = seq.checked_sub(self.moved.by)?;
        let placed = match self.last_seq {
            Some(last) if own > last.saturating_add(AHEAD_MAX) => {
                self.moved = Moved { from: seq, by: seq - (last + 1) };
                last + 1
            }
            _ => own,
        };
        self.last_seq = self.last_seq.max(Some(placed));
        Some(placed)
    }

    pub fn header(&self, outgoing: &Outgoing, transport: Option<u16>) -> Header {
        Header {
            name: self.config.name,
            ids: self.config.ids,
            ssrc: self.config.ssrc,
            pt: outgoing.pt,
            seq: outgoing.seq,
            timestamp: outgoing.timestamp,
            marker: outgoing.marker,
            is_padded: false,
            level: outgoing.level,
            transport,
            orientation: outgoing.orientation,
        }
    }

    /// Of the stream that packets are sent again on: its next; none where none was agreed on.
    pub fn resent_header(&mut self, timestamp: u32, transport: Option<u16>) -> Option<Header> {
        let (ssrc, pt) = self.config.rtx?;
        self.resent_seq += 1;
        Some(Header {
            name: self.config.name,
            ids: self.config.ids,
            ssrc,
            pt,
            seq: self.resent_seq,
            timestamp,
            marker: false,
            is_padded: false,
            level: None,
            transport,
            orientation: None,
        })
    }

    /// A packet went out. What is not `may_return` is not sent again, whoever asks.
    pub fn sent(&mut self, outgoing: Outgoing, at: Duration, may_return: bool) {
        self.packets = self.packets.wrapping_add(1);
        self.bytes = self.bytes.wrapping_add(u32::try_from(outgoing.payload.len()).unwrap_or(u32::MAX));
        // A late one does not set the clock back.
        if self.newest.is_none_or(|(newest, _)| outgoing.timestamp.wrapping_sub(newest) < 1 << 31) {
            self.newest = Some((outgoing.timestamp, outgoing.came_at));
        }
        self.is_news = true;
        if self.config.rtx.is_none() || !may_return {
            return;
        }
        let sent_ms = wrapped_ms(at);
        while self.kept.len() >= RESEND_PACKETS || self.kept.front().is_some_and(|kept| !kept.is_recent(sent_ms)) {
            self.kept.pop_front();
        }
        let Outgoing { seq, payload, timestamp, marker, orientation, patch, .. } = outgoing;
        let kept = Kept { seq, payload, timestamp, sent_ms, resent_ms: None, marker, orientation, patch };
        let place = self.kept.iter().rposition(|kept| kept.seq < seq).map_or(0, |index| index + 1);
        self.kept.insert(place, kept);
    }

    /// The number of a packet that is asked for again, where it is still there and was not sent again within `round_trip`.
    pub fn asked(&mut self, number: u16, at: Duration, round_trip: Duration) -> Option<u64> {
        let newest = self.kept.back()?.seq;
        let [.., high, low] = newest.to_be_bytes();
        let seq = newest.checked_sub(u64::from(u16::from_be_bytes([high, low]).wrapping_sub(number)))?;
        let kept = self.kept_mut(seq)?;
        let ms = wrapped_ms(at);
        let is_due = kept.resent_ms.is_none_or(|before| since(before, ms) >= round_trip);
        if !is_due || !kept.is_recent(ms) {
            return None;
        }
        kept.resent_ms = Some(ms);
        Some(seq)
    }

    pub fn kept(&mut self, seq: u64) -> Option<&Kept> {
        self.kept_mut(seq).map(|kept| &*kept)
    }

    fn kept_mut(&mut self, seq: u64) -> Option<&mut Kept> {
        let index = self.kept.binary_search_by_key(&seq, |kept| kept.seq).ok()?;
        self.kept.get_mut(index)
    }

    /// The last packet that went out, to be sent again where something has to be, for its size.
    pub fn last(&self, at: Duration) -> Option<&Kept> {
        self.kept.back().filter(|kept| kept.is_recent(wrapped_ms(at)))
    }

    /// What was kept belongs to somebody whom the receiver is not to have any more.
    pub fn forget_kept(&mut self) {
        self.kept.clear();
    }

    /// What is to be reported, where something went out since the last time. The clock is the time since the epoch, as it may be (RFC 3550,
    /// section 6.4.1): it is the same for all lines of a connection, which is what sound and picture are brought together by.
    pub fn report(&mut self, at: Duration) -> Option<SenderReport> {
        let (timestamp, came_at) = self.newest.filter(|_| self.is_news)?;
        self.is_news = false;
        let ticks_per_ms = if self.config.is_picture { 90 } else { 48 };
        let passed = at.saturating_sub(came_at).as_micros() * ticks_per_ms / 1_000;
        let passed = u32::try_from(passed & u128::from(u32::MAX)).unwrap_or(0);
        let fraction = (u64::from(at.subsec_nanos()) << 32) / 1_000_000_000;
        Some(SenderReport {
            ssrc: self.config.ssrc,
            ntp: (at.as_secs() & u64::from(u32::MAX)) << 32 | fraction,
            timestamp: timestamp.wrapping_add(passed),
            packets: self.packets,
            bytes: self.bytes,
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;
    use std::mem::offset_of;
    use str0m::media::Mid;

    const MS: Duration = Duration::from_millis(1);

    fn outgoing(seq: u64) -> Outgoing {
        Outgoing {
            line: 0,
            pt: 96.into(),
            seq,
            timestamp: u32::try_from(seq).unwrap() * 3_000,
            marker: true,
            came_at: Duration::ZERO,
            level: None,
            orientation: None,
            patch: None,
            payload: Arc::from([0; 100]),
        }
    }

    fn line() -> Line {
        let ids = ElementIds::default();
        Line::new(LineConfig { name: Mid::from("0").into(), ssrc: 7, rtx: Some((8, 97.into())), ids, is_picture: true })
    }

    #[test]
    fn what_was_sent_is_there_for_a_second_also_over_the_wrap() {
        let mut line = line();
        for seq in [65_534, 65_537, 65_535, 65_536] {
            line.sent(outgoing(seq), MS, true);
        }
        assert_eq!(line.asked(65_534, MS * 50, MS * 30), Some(65_534));
        assert_eq!(line.asked(1, MS * 50, MS * 30), Some(65_537));
        assert_eq!(line.asked(1, MS * 79, MS * 30), None, "it is on its way");
        assert_eq!(line.asked(1, MS * 80, MS * 30), Some(65_537));
        assert_eq!(line.asked(2, MS * 80, MS * 30), None, "never sent");
        assert_eq!(line.asked(1, MS * 1_100, MS * 30), None, "too old");
        line.sent(outgoing(65_538), MS * 1_200, true);
        assert_eq!(line.kept.len(), 1);
        line.sent(outgoing(65_539), MS * 1_200, false);
        assert_eq!(line.kept.len(), 1, "that one is not to be sent again");
        assert!(line.last(MS * 2_000).is_some() && line.last(MS * 2_300).is_none());
        line.forget_kept();
        assert_eq!(line.asked(2, MS * 1_200, MS * 30), None);
    }

    #[test]
    fn it_is_a_second_also_after_weeks() {
        let (mut line, wrap) = (line(), MS * u32::MAX);
        line.sent(outgoing(1), wrap - MS * 500, true);
        assert_eq!(line.asked(1, wrap - MS * 400, MS * 30), Some(1));
        assert_eq!(line.asked(1, wrap + MS * 400, MS * 30), Some(1));
        assert_eq!(line.asked(1, wrap + MS * 600, MS * 30), None, "too old");
        assert!(size_of::<Kept>() <= 64, "of the processor's caches, one line");
        assert_eq!((offset_of!(Line, numbers), offset_of!(Line, kept)), (56, 192));
    }

    #[test]
    fn what_was_dropped_leaves_no_gap_that_a_receiver_loses_count_in() {
        let mut line = line();
        assert_eq!((line.place(10), line.place(12)), (Some(10), Some(12)));
        // A few may have got lost on the way to the node: the receiver asks for them.
        assert_eq!((line.place(3_012), line.place(11)), (Some(3_012), Some(11)));
        // Twelve leaps that were all dropped.
        assert_eq!((line.place(39_012), line.place(39_014)), (Some(3_013), Some(3_015)));
        assert_eq!(line.place(39_011), None, "from before");
        assert_eq!(line.place(39_013), Some(3_014));
        assert_eq!(line.place(80_000), Some(3_016), "and again");
    }

    proptest! {
        /// Whatever is dropped, and however far its sender leaps.
        #[test]
        fn no_two_go_out_under_one_number_and_none_far_ahead(
            start in 0_u64..1 << 20,
            steps in prop::collection::vec((-900_i64..3_000, 0..4_u8, any::<bool>()), 1..300),
        ) {
            let (mut line, mut at, mut last) = (line(), start, None);
            let mut used = BTreeSet::new();
            for (step, leaps, is_dropped) in steps {
                at = at.saturating_add_signed(if leaps == 0 { step * 20 } else { step / 100 });
                if !line.admits(at) || is_dropped {
                    continue;
                }
                let Some(placed) = line.place(at) else { continue };
                prop_assert!(used.insert(placed), "{placed} twice");
                prop_assert!(last.is_none_or(|last| placed <= last + AHEAD_MAX), "{placed} after {last:?}");
                last = last.max(Some(placed));
            }
        }
    }

    #[test]
    fn so_many_are_kept_and_no_more() {
        let mut line = line();
        (0..2_000).for_each(|seq| line.sent(outgoing(seq), MS, true));
        assert_eq!(line.kept.len(), RESEND_PACKETS);
    }

    #[test]
    fn a_report_says_what_time_it_is_on_the_line() {
        let mut line = line();
        assert!(line.report(MS).is_none(), "nothing was sent");
        line.sent(Outgoing { came_at: MS * 1_400, ..outgoing(1) }, MS * 1_400, true);
        let report = line.report(MS * 1_500).unwrap();
        assert_eq!((report.ssrc, report.packets, report.bytes), (7, 1, 100));
        assert_eq!(report.timestamp, 3_000 + 9_000);
        assert_eq!(report.ntp, 1 << 32 | 1 << 31);
        assert!(line.report(MS * 2_500).is_none(), "nothing new");
    }
}
