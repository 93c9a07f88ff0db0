//! What was sent lately, by its number, and what the receiver said about it.

use std::collections::VecDeque;
use std::time::Duration;

use super::feedback::Feedback;

/// So many packets are remembered: two seconds at 10 Mbit/s. What is older was reported long ago, or never will be.
const PACKETS_MAX: usize = 2_000;
/// And none for longer than this.
const AGE_MAX: Duration = Duration::from_secs(10);
/// Unit of the reference time, in microseconds; it has 24 bits.
const REFERENCE_US: i64 = 64_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Underway,
    Missing,
    Arrived,
}

/// Small, for there are thousands of each link, written once and read once: they are to take little of the processor's caches.
#[derive(Clone, Copy, Debug)]
struct Sent {
    at_us: u64,
    /// One more than the number of the probe it is part of; 0: of none.
    cluster: u32,
    bytes: u16,
    fate: Fate,
}

impl Sent {
    fn at(self) -> Duration {
        Duration::from_micros(self.at_us)
    }
}

/// A packet that reached the receiver.
#[derive(Clone, Copy, Debug)]
pub(super) struct Arrival {
    pub(super) sent: Duration,
    /// On the clock of the receiver, in microseconds: only differences mean something.
    pub(super) arrived_us: i64,
    pub(super) bytes: usize,
    /// The probe it was part of.
    pub(super) cluster: Option<u32>,
}

/// What a report says that was not known before.
#[derive(Clone, Debug, Default)]
pub(super) struct News {
    /// In the order of their arrival.
    pub(super) arrivals: Vec<Arrival>,
    /// Of the packets that count for the loss: those of which the fate is known now, those reported as missing for the first time,
    /// and those of the latter that arrived after all.
    pub(super) known: usize,
    pub(super) missing: usize,
    pub(super) found: usize,
    /// The highest number of which something was said that was not known before.
    pub(super) newest: Option<u64>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct History {
    packets: VecDeque<Sent>,
    /// Number of the packet that is sent next; on the wire its lower 16 bits.
    next: u64,
    underway: usize,
    /// Something was said of all before this, or of what comes after them.
    settled: u64,
    reference: Option<i64>,
}

impl History {
    /// Remembers a packet; its number.
    pub(super) fn push(&mut self, at: Duration, bytes: usize, cluster: Option<u32>) -> u64 {
        while self.packets.len() >= PACKETS_MAX || self.packets.front().is_some_and(|old| old.at() + AGE_MAX < at) {
            let old = self.packets.pop_front();
            self.underway -= usize::from(old.is_some_and(|old| old.fate == Fate::Underway));
        }
        let at_us = u64::try_from(at.as_micros()).unwrap_or(u64::MAX);
        let (cluster, bytes) =
            (cluster.map_or(0, |cluster| cluster.wrapping_add(1)), u16::try_from(bytes).unwrap_or(u16::MAX));
        self.packets.push_back(Sent { at_us, cluster, bytes, fate: Fate::Underway });
        self.underway += 1;
        self.next += 1;
        self.next - 1
    }

    /// Whether there are packets whose fate is unknown.
    pub(super) fn is_waiting(&self) -> bool {
        self.underway > 0
    }

    /// Takes in a report. Packets that are forgotten, were never sent or are known to have arrived are passed over. Those that were
    /// sent from `since` on count for the loss. What a report begins behind of, and none was about, is missing: receivers may begin each with
    /// what arrived first, and then nothing else tells of what did not before it.
    pub(super) fn learn(&mut self, feedback: &Feedback, since: Duration) -> News {
        let reference_us = self.unwrap_reference(feedback.reference).saturating_mul(REFERENCE_US);
        let mut news = News::default();
        // Statuses may go beyond what was sent last only if they are made up: those wrap to what is long forgotten.
        let behind = (self.next as u16).wrapping_sub(1).wrapping_sub(feedback.first);
        let Some(first) = self.next.checked_sub(1 + u64::from(behind)) else { return news };
        let oldest = self.next - self.packets.len() as u64;
        let skipped = (self.settled.max(oldest)..first).map(|number| (number, &None));
        let end = first.saturating_add(feedback.arrivals.len() as u64);
        self.settled = self.settled.max(end.min(self.next));
        for (number, arrived_us) in skipped.chain((first..).zip(&feedback.arrivals)) {
            let index = number.checked_sub(oldest).and_then(|index| usize::try_from(index).ok());
            let Some(packet) = index.and_then(|index| self.packets.get_mut(index)) else { continue };
            let counts = usize::from(packet.at() >= since);
            match (packet.fate, arrived_us) {
                (Fate::Arrived, _) | (Fate::Missing, None) => continue,
                (Fate::Underway, None) => {
                    packet.fate = Fate::Missing;
                    news.known += counts;
                    news.missing += counts;
                    self.underway -= 1;
                }
                (fate, &Some(arrived_us)) => {
                    let is_new = fate == Fate::Underway;
                    *(if is_new { &mut news.known } else { &mut news.found }) += counts;
                    self.underway -= usize::from(is_new);
                    packet.fate = Fate::Arrived;
                    let (bytes, cluster) = (packet.bytes.into(), packet.cluster.checked_sub(1));
                    let arrived_us = reference_us.saturating_add(arrived_us);
                    news.arrivals.push(Arrival { sent: packet.at(), arrived_us, bytes, cluster });
                }
            }
            news.newest = Some(number);
        }
        news.arrivals.sort_by_key(|arrival| arrival.arrived_us);
        news
    }

    /// The reference time wraps every twelve days; the nearer of two is meant.
    fn unwrap_reference(&mut self, raw: u32) -> i64 {
        let raw = i64::from(raw);
        let reference = self.reference.map_or(raw, |last| {
            let ahead = raw.wrapping_sub(last) & 0xff_ffff;
            last.saturating_add(if ahead < 0x80_0000 { ahead } else { ahead - 0x100_0000 })
        });
        self.reference = Some(reference);
        reference
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_of_a_packet_is_small() {
        assert_eq!(size_of::<Sent>(), 16);
    }

    fn report(first: u16, reference: u32, arrivals: &[Option<i64>]) -> Feedback {
        Feedback { first, reference, arrivals: arrivals.to_vec() }
    }

    #[test]
    fn what_a_report_leaves_out_before_it_begins_is_missing_until_it_comes() {
        let mut history = History::default();
        (0..10).for_each(|number| _ = history.push(Duration::from_millis(number), 100, None));
        let counts = |news: News| (news.known, news.missing, news.found, news.arrivals.len());
        assert_eq!(counts(history.learn(&report(2, 0, &[Some(0)]), Duration::ZERO)), (3, 2, 0, 1));
        assert_eq!(counts(history.learn(&report(6, 0, &[Some(0), Some(1)]), Duration::ZERO)), (5, 3, 0, 2));
        // The report on those in between was overtaken.
        assert_eq!(counts(history.learn(&report(3, 0, &[Some(0), None, Some(1)]), Duration::ZERO)), (0, 0, 2, 2));
        assert!(history.is_waiting(), "of the last two nothing is known");
    }

    #[test]
    fn numbers_and_times_go_on_past_their_wrap() {
        let mut history = History::default();
        for number in 0..65_536_u64 {
            history.push(Duration::from_millis(number), 100, None);
        }
        history.push(Duration::from_millis(65_536), 100, None);
        let news = history.learn(&report(65_535, 0xff_ffff, &[Some(0), Some(64_000)]), Duration::ZERO);
        assert_eq!(news.newest, Some(65_536));
        let sent: Vec<_> = news.arrivals.iter().map(|one| one.sent.as_millis()).collect();
        assert_eq!(sent, [65_535, 65_536]);
        history.push(Duration::from_millis(65_537), 100, None);
        let later = history.learn(&report(1, 1, &[Some(0)]), Duration::ZERO);
        assert_eq!(later.arrivals[0].arrived_us - news.arrivals[1].arrived_us, 64_000);
    }

    #[test]
    fn what_is_said_twice_too_late_or_of_what_was_never_sent_is_no_news() {
        let mut history = History::default();
        for _ in 0..4 {
            history.push(Duration::ZERO, 100, None);
        }
        let all = report(0, 7, &[Some(0), None, Some(250), Some(500), Some(750), Some(1_000)]);
        let news = history.learn(&all, Duration::ZERO);
        assert_eq!((news.arrivals.len(), news.missing, history.is_waiting()), (3, 1, false));
        let again = history.learn(&all, Duration::ZERO);
        assert_eq!((again.arrivals.len(), again.missing), (0, 0));
        let late = history.learn(&report(1, 7, &[Some(2_000)]), Duration::ZERO);
        assert_eq!((late.arrivals.len(), late.found), (1, 1));
        history.push(Duration::from_secs(60), 100, None);
        assert_eq!(history.learn(&report(9_999, 7, &[Some(0)]), Duration::ZERO).newest, None);
        assert_eq!(history.packets.len(), 1);
    }
}
