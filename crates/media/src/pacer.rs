//! How fast packets leave for one receiver: a leaky bucket for what has to be paced, and another for the padding that fills gaps.
//!
//! Times are since an epoch of the caller. Absent: the packets, and what their rates should be.

use std::time::Duration;

/// So much goes out at once: what is due within this need not be waited for, and packets that leave together cost less.
const BURST: Duration = Duration::from_millis(5);
/// While a link is probed: what is to be measured is a rate, not a burst.
const PROBE_BURST: Duration = Duration::from_millis(1);
/// Whoever is called late, as a busy thread is, makes up for so much of it at once.
const LATE_MAX: Duration = Duration::from_millis(20);
/// What was sent beyond the rate is made up for within this, at the most.
const DEBT_MAX: Duration = Duration::from_millis(500);

/// Millionths of a bit, so that a rate for a microsecond is a whole number.
type MicroBits = u64;

#[derive(Clone, Copy, Debug, Default)]
pub struct Pacer {
    at: Duration,
    bits_per_s: u64,
    padding_bits_per_s: u64,
    is_probing: bool,
    /// When it was to be called, and by how much that was missed.
    awaited: Option<Duration>,
    late: Duration,
    /// What was sent and has not drained yet.
    debt: MicroBits,
    /// The same, at the rate of padding.
    padding_debt: MicroBits,
}

impl Pacer {
    /// Time goes on at the rates it had, and from here on these hold, in bits a second.
    pub fn advance(&mut self, at: Duration, bits_per_s: u64, padding_bits_per_s: u64, is_probing: bool) {
        if at > self.at {
            let late = self.awaited.take().map(|due| at.saturating_sub(due));
            self.late = late.unwrap_or_default().min(LATE_MAX);
        }
        let us = u64::try_from(at.saturating_sub(self.at).as_micros()).unwrap_or(u64::MAX);
        self.debt = self.debt.saturating_sub(self.bits_per_s.saturating_mul(us));
        self.padding_debt = self.padding_debt.saturating_sub(self.padding_bits_per_s.saturating_mul(us));
        // Parts of a microsecond are not lost.
        self.at = self.at.max(self.at.saturating_add(Duration::from_micros(us)));
        if is_probing && !self.is_probing {
            // What filled no gap before is none of a probe's.
            self.padding_debt = 0;
        }
        (self.bits_per_s, self.padding_bits_per_s, self.is_probing) = (bits_per_s, padding_bits_per_s, is_probing);
        self.debt = self.debt.min(over(bits_per_s, DEBT_MAX));
        self.padding_debt = self.padding_debt.min(over(padding_bits_per_s, DEBT_MAX));
    }

    pub fn is_probing(&self) -> bool {
        self.is_probing
    }

    pub fn may_send(&self) -> bool {
        self.debt <= over(self.bits_per_s, self.burst())
    }

    /// Nothing else waits: whether a packet of padding is due.
    pub fn may_pad(&self) -> bool {
        self.padding_bits_per_s > 0 && self.padding_debt <= over(self.padding_bits_per_s, self.late) && self.may_send()
    }

    /// Something was sent. What is not paced (`is_paced`) fills gaps all the same.
    pub fn sent(&mut self, bytes: usize, is_paced: bool) {
        let bits = u64::try_from(bytes).unwrap_or(u64::MAX).saturating_mul(8 * 1_000_000);
        if is_paced {
            self.debt = self.debt.saturating_add(bits);
        }
        self.padding_debt = self.padding_debt.saturating_add(bits);
    }

    /// When the next packet may go: one that waits, or else one of padding. None: never, as things are.
    pub fn due(&self, is_waiting: bool) -> Option<Duration> {
        if is_waiting {
            return self.drained(self.debt.saturating_sub(over(self.bits_per_s, self.burst())), self.bits_per_s);
        }
        let padding = self.drained(self.padding_debt, self.padding_bits_per_s)?;
        Some(padding.max(self.due(true)?))
    }

    /// Says when it will be called again for what waits, or is to be filled.
    pub fn wait(&mut self, due: Option<Duration>) {
        self.awaited = due;
    }

    fn burst(&self) -> Duration {
        self.late + if self.is_probing { PROBE_BURST } else { BURST }
    }

    fn drained(&self, debt: MicroBits, bits_per_s: u64) -> Option<Duration> {
        (bits_per_s > 0).then(|| self.at.saturating_add(Duration::from_micros(debt.div_ceil(bits_per_s))))
    }
}

fn over(bits_per_s: u64, time: Duration) -> MicroBits {
    bits_per_s.saturating_mul(u64::try_from(time.as_micros()).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const MS: Duration = Duration::from_millis(1);

    /// Sends packets of so many bytes as they are due, for so long; how many.
    fn run(pacer: &mut Pacer, rates: (u64, u64), bytes: usize, ms: u32, is_waiting: bool) -> usize {
        let begin = pacer.at;
        let mut count = 0;
        while let Some(due) = pacer.due(is_waiting).filter(|due| *due < begin + MS * ms) {
            pacer.advance(due, rates.0, rates.1, false);
            assert!(if is_waiting { pacer.may_send() } else { pacer.may_pad() }, "what is due may go");
            pacer.sent(bytes, true);
            count += 1;
        }
        count
    }

    #[test]
    fn it_sends_at_its_rate_and_a_burst_before() {
        let mut pacer = Pacer::default();
        assert_eq!(pacer.due(true), None, "at no rate at all");
        pacer.advance(MS, 1_000_000, 0, false);
        // 100 packets of 1,250 bytes a second, and a half in the first burst.
        assert_eq!(run(&mut pacer, (1_000_000, 0), 1_250, 1_000, true), 101);
        assert_eq!(pacer.due(false), None, "and no padding");
    }

    #[test]
    fn padding_fills_what_is_missing_to_its_rate() {
        let mut pacer = Pacer::default();
        pacer.advance(MS, 1_000_000, 100_000, false);
        assert_eq!(run(&mut pacer, (1_000_000, 100_000), 125, 1_000, false), 100);
        // What is sent in between counts.
        pacer.sent(1_250, false);
        let due = pacer.due(false).unwrap_or_default();
        assert!(due >= pacer.at + MS * 100, "{due:?}");
    }

    #[test]
    fn what_was_missed_is_made_up_for_within_bounds() {
        let sent = |late| {
            let mut pacer = Pacer::default();
            pacer.advance(MS, 10_000_000, 0, true);
            pacer.sent(12_500, true);
            pacer.wait(pacer.due(true));
            pacer.advance(MS * 10 + late, 10_000_000, 0, true);
            let mut count = 0;
            while pacer.may_send() {
                pacer.sent(1_250, true);
                count += 1;
            }
            count
        };
        // A packet a millisecond.
        assert_eq!([sent(Duration::ZERO), sent(MS * 4), sent(MS * 15), sent(MS * 500)], [1, 6, 17, 22]);
        let mut pacer = Pacer::default();
        pacer.advance(MS, 10_000_000, 1_000_000, true);
        pacer.wait(pacer.due(false));
        pacer.advance(MS * 21, 10_000_000, 1_000_000, true);
        let mut count = 0;
        while pacer.may_pad() {
            pacer.sent(125, true);
            count += 1;
        }
        assert_eq!(count, 21, "padding, too");
    }

    #[test]
    fn a_probe_begins_at_once() {
        let mut pacer = Pacer::default();
        pacer.advance(MS, 1_000_000, 50_000, false);
        pacer.sent(5_000, false);
        assert!(!pacer.may_pad());
        pacer.advance(MS * 2, 1_000_000, 1_000_000, true);
        assert!(pacer.may_pad());
        pacer.sent(1_250, true);
        assert_eq!(pacer.due(false), Some(MS * 12));
    }

    #[test]
    fn old_debts_are_forgiven_when_the_rate_falls() {
        let mut pacer = Pacer::default();
        pacer.advance(MS, 10_000_000, 0, false);
        pacer.sent(1_000_000, true);
        pacer.advance(MS, 100_000, 0, false);
        assert!(pacer.due(true) <= Some(MS + DEBT_MAX));
    }

    proptest! {
        /// Over any time, with rates that change, no more than the rate and a burst goes out; and it never stops.
        #[test]
        fn the_rate_is_kept(steps in prop::collection::vec((1_u64..20_000_000, 1_u32..50), 1..40), bytes in 50_usize..1_300) {
            let mut pacer = Pacer::default();
            let (mut allowed, mut sent, mut at) = (0_u64, 0_u64, Duration::ZERO);
            for (rate, ms) in steps {
                pacer.advance(at, rate, 0, false);
                let until = at + MS * ms;
                allowed += rate * u64::from(ms) / 1_000 + rate / 200;
                while let Some(due) = pacer.due(true).filter(|due| *due < until) {
                    at = at.max(due);
                    pacer.advance(at, rate, 0, false);
                    prop_assert!(pacer.may_send());
                    pacer.sent(bytes, true);
                    sent += bytes as u64 * 8;
                }
                at = until;
            }
            prop_assert!(sent <= allowed + bytes as u64 * 8 * 41, "{sent} of {allowed}");
        }
    }
}
