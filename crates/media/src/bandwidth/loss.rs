//! A limit that loss puts on the rate: draft-ietf-rmcat-gcc-02, section 6, with larger samples, and with loss that stays whatever is
//! sent told apart from loss that is a queue running over.

use std::collections::VecDeque;
use std::time::Duration;

/// Up to here nothing is wrong.
const LOW: f64 = 0.02;
/// From here on the rate goes down.
const HIGH: f64 = 0.10;
/// One sample: so long, and so many packets at least.
const SAMPLE_TIME: Duration = Duration::from_millis(300);
const SAMPLE_PACKETS: usize = 20;
/// Judged are so many samples together: by chance, 5 % are hardly ever 10 % of so many packets.
const SAMPLES: usize = 3;
/// Loss between the two is waited upon for so long.
const HOLD: Duration = Duration::from_secs(3);
/// Growth in a second while little is lost.
const GROWTH_PER_S: f64 = 1.08;
/// A queue that ran over at first no longer does at this share of the rate; what is still lost there is lost by the link itself.
const INHERENT_SHARE: f64 = 0.6;
/// Loss that is still this share of what it was stays whatever is sent.
const STAYS: f64 = 0.75;
/// More than this is never taken for inherent.
const INHERENT_MAX: f64 = 0.4;

#[derive(Clone, Debug, Default)]
pub(super) struct Loss {
    began: Option<Duration>,
    sent: usize,
    missing: usize,
    samples: VecDeque<(usize, usize)>,
    fell: Option<Duration>,
    judged: Option<Duration>,
    limit: Option<f64>,
    /// The rate when the limit began to fall, and the highest loss since.
    fall: Option<(f64, f64)>,
    inherent: f64,
}

impl Loss {
    /// The limit, if there is one.
    pub(super) fn limit(&self) -> Option<f64> {
        self.limit
    }

    /// Less arrives than was sent, and the rate is still to be found at which it does.
    pub(super) fn is_falling(&self) -> bool {
        self.fall.is_some()
    }

    /// When it last fell. What was sent before that is lost or not at another rate than the present one.
    pub(super) fn fell(&self) -> Option<Duration> {
        self.fell
    }

    /// The fate of so many became known; so many of them are missing, and so many that were missing came after all. The
    /// estimate is that of the delays alone.
    pub(super) fn report(&mut self, at: Duration, known: usize, missing: usize, found: usize, estimate: f64) {
        self.sent += known;
        self.missing = (self.missing + missing).saturating_sub(found);
        let began = *self.began.get_or_insert(at);
        if self.sent < SAMPLE_PACKETS || at.saturating_sub(began) < SAMPLE_TIME {
            return;
        }
        if self.samples.len() >= SAMPLES {
            self.samples.pop_front();
        }
        self.samples.push_back((self.sent, self.missing));
        (self.began, self.sent, self.missing) = (Some(at), 0, 0);
        self.judge(at, estimate);
    }

    fn judge(&mut self, at: Duration, estimate: f64) {
        let passed = at.saturating_sub(self.judged.replace(at).unwrap_or(at)).as_secs_f64().min(1.0);
        let (sent, missing) = self.samples.iter().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        let loss = missing as f64 / sent.max(1) as f64;
        self.inherent = self.inherent.min(loss);
        if loss - self.inherent > HIGH && self.samples.len() > 1 {
            self.fall_from(at, self.limit.map_or(estimate, |limit| limit.min(estimate)), loss);
        } else if loss - self.inherent < LOW {
            self.fall = None;
            self.limit = self.limit.map(|limit| limit * GROWTH_PER_S.powf(passed)).filter(|&limit| limit < estimate);
        } else if self.fell.is_some_and(|fell| at.saturating_sub(fell) >= HOLD) {
            // Neither much nor little, and it stays. Probes may now show whether it is to do with the rate.
            if self.fall.take().is_some_and(|(_, loss_then)| loss >= STAYS * loss_then) {
                self.inherent = loss;
            }
        }
    }

    fn fall_from(&mut self, at: Duration, rate: f64, loss: f64) {
        let (rate_then, loss_then) = self.fall.map_or((rate, loss), |(then, highest)| (then, highest.max(loss)));
        self.fall = Some((rate_then, loss_then));
        if rate <= INHERENT_SHARE * rate_then && loss_then <= INHERENT_MAX && loss >= STAYS * loss_then {
            self.inherent = loss.min(INHERENT_MAX);
            self.limit = Some(rate_then);
            self.fall = None;
        } else {
            self.limit = Some(rate * (1.0 - loss / 2.0));
        }
        self.fell = Some(at);
        self.samples.clear();
    }

    /// The link was seen to take this much.
    pub(super) fn prove(&mut self, rate: f64) {
        self.limit = self.limit.map(|limit| limit.max(rate));
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::expect_used)]
    use super::*;

    /// So many percent of a thousand packets a second are missing, for so many seconds; the limit in kbit/s, of a rate of 1 Mbit/s.
    fn after(loss: &mut Loss, from_s: u64, to_s: u64, percent: usize) -> Option<u64> {
        for at in from_s * 10..to_s * 10 {
            loss.report(Duration::from_millis(at * 100), 100, percent, 0, 1e6);
        }
        loss.limit().map(|limit| (limit / 1_000.0) as u64)
    }

    #[test]
    fn little_changes_nothing_and_much_lowers_the_rate_until_it_is_little() {
        let mut loss = Loss::default();
        assert_eq!(after(&mut loss, 0, 10, 1), None);
        assert_eq!(after(&mut loss, 10, 20, 8), None, "nor does what is between");
        let fallen = after(&mut loss, 20, 22, 60).expect("there is a limit");
        assert!((200..800).contains(&fallen), "{fallen}");
        let held = after(&mut loss, 22, 24, 5);
        assert!(held.is_some_and(|held| held <= fallen));
        let grown = after(&mut loss, 24, 30, 0).expect("it is not back yet");
        assert!(grown > fallen * 13 / 10, "{fallen} {grown}");
        assert_eq!(after(&mut loss, 30, 60, 0), None, "and at last it is");
    }

    #[test]
    fn what_is_lost_at_every_rate_is_not_for_being_too_much() {
        let mut loss = Loss::default();
        let fallen = after(&mut loss, 0, 4, 15).expect("there is a limit");
        assert!(fallen < 900, "{fallen}");
        assert_eq!(after(&mut loss, 4, 30, 15), None);
        assert!(after(&mut loss, 30, 33, 60).is_some(), "but more than that is");
    }

    #[test]
    fn what_arrives_after_all_was_not_lost() {
        let mut loss = Loss::default();
        for at in 0..50 {
            loss.report(Duration::from_millis(at * 100), 100, 30, 30, 1e6);
        }
        assert_eq!(loss.limit(), None);
    }
}
