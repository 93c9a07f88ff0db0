//! The rate that the delays permit: up by little and down by much, draft-ietf-rmcat-gcc-02, section 5.5.

use std::time::Duration;

use super::delays::Usage;
use super::throughput::Throughput;

/// Below this there is no conversation any more: a voice, and what goes around it.
pub(super) const FLOOR: f64 = 40_000.0;
/// No link of one participant is faster, in bits per second.
pub(super) const CEILING: f64 = 1e9;
/// What is left of the rate at which packets arrive, when a queue fills.
const DECREASE: f64 = 0.85;
/// Up to here a few packets of something else, as of a page, are a queue by themselves.
const POOR: f64 = 1e6;
/// Where more is sent than this share of the rate, it is our own.
const FILLED: f64 = 0.9;
/// And if there is another within this, they were not a few.
const ALONE: Duration = Duration::from_millis(1_500);
/// Growth in a second, far from where the link was full.
const GROWTH_PER_S: f64 = 1.08;
/// This near to where it was full, as shares of that, growth is slow: a packet in a response time.
const NEAR: std::ops::RangeInclusive<f64> = 0.7..=1.1;
const PACKET_BITS: f64 = 9_600.0;
const GROWTH_MIN_PER_S: f64 = 4_000.0;
/// Reports come this late after what they are about.
const REPORTING: Duration = Duration::from_millis(100);
/// A decrease shows its effect after a round trip and a report, and never sooner than this.
const EFFECT_MIN: Duration = Duration::from_millis(200);
/// Where the link was full is forgotten slowly; share of what is new in it.
const FULL_SHARE: f64 = 0.3;

/// What is known when a report has come.
#[derive(Clone, Copy, Debug)]
pub(super) struct Observed {
    pub(super) usage: Usage,
    pub(super) throughput: Option<Throughput>,
    pub(super) round_trip: Option<Duration>,
    pub(super) is_limited: bool,
    /// There is no use for more than this, in bits per second.
    pub(super) most: f64,
}

#[derive(Clone, Debug)]
pub(super) struct Rate {
    bits_per_s: f64,
    changed: Option<Duration>,
    decreased: Option<Duration>,
    /// Rate at which packets arrived when the link was full.
    full: Option<f64>,
}

impl Rate {
    pub(super) fn new(bits_per_s: u64) -> Self {
        let bits_per_s = (bits_per_s as f64).clamp(FLOOR, CEILING);
        Self { bits_per_s, changed: None, decreased: None, full: None }
    }

    pub(super) fn bits_per_s(&self) -> f64 {
        self.bits_per_s
    }

    pub(super) fn decreased(&self) -> Option<Duration> {
        self.decreased
    }

    /// A probe showed it.
    pub(super) fn set(&mut self, at: Duration, bits_per_s: f64) {
        self.bits_per_s = bits_per_s.clamp(FLOOR, CEILING);
        self.changed = Some(at);
        if self.full.is_some_and(|full| bits_per_s > full * NEAR.end()) {
            self.full = None;
        }
    }

    /// Nothing is heard of what was sent.
    pub(super) fn cut(&mut self, at: Duration, bits_per_s: f64) {
        self.decreased = Some(at);
        self.set(at, bits_per_s);
    }

    pub(super) fn update(&mut self, at: Duration, observed: &Observed) {
        let passed = at.saturating_sub(self.changed.replace(at).unwrap_or(at)).as_secs_f64().min(1.0);
        match observed.usage {
            Usage::Over => self.decrease(at, observed),
            // The queue is to run empty first.
            Usage::Under => {}
            Usage::Normal => self.increase(passed, observed),
        }
        self.bits_per_s = self.bits_per_s.clamp(FLOOR, CEILING);
    }

    fn decrease(&mut self, at: Duration, observed: &Observed) {
        let effect = (observed.round_trip.unwrap_or_default() + REPORTING).max(EFFECT_MIN);
        if self.decreased.is_some_and(|decreased| at.saturating_sub(decreased) < effect) {
            return;
        }
        let is_alone = self.decreased.replace(at).is_none_or(|before| at.saturating_sub(before) > ALONE);
        let gently = self.bits_per_s * DECREASE;
        let lower = match observed.throughput {
            None => gently,
            // Little arrives because little is sent, or because something else comes over the link for a moment: that is not what it takes.
            Some(throughput)
                if !throughput.is_choked && (observed.is_limited || is_alone && self.may_be_shared(&throughput)) =>
            {
                gently.max(throughput.received * DECREASE)
            }
            Some(Throughput { received, .. }) => {
                let near = self.full.filter(|full| NEAR.contains(&(received / full)));
                self.full = Some(near.map_or(received, |full| full + FULL_SHARE * (received - full)));
                received * DECREASE
            }
        };
        self.bits_per_s = self.bits_per_s.min(lower);
    }

    /// A few packets of something else may be all that queues.
    fn may_be_shared(&self, throughput: &Throughput) -> bool {
        self.bits_per_s < POOR && throughput.sent < FILLED * self.bits_per_s
    }

    fn increase(&mut self, passed: f64, observed: &Observed) {
        let Some(Throughput { received, .. }) = observed.throughput.filter(|_| !observed.is_limited) else { return };
        if self.full.is_some_and(|full| received > full * NEAR.end()) {
            self.full = None;
        }
        let response = (observed.round_trip.unwrap_or_default() + REPORTING).as_secs_f64();
        let growth = match self.full {
            Some(full) if NEAR.contains(&(self.bits_per_s / full)) => {
                (PACKET_BITS / response).max(GROWTH_MIN_PER_S) * passed
            }
            _ => self.bits_per_s * (GROWTH_PER_S.powf(passed) - 1.0),
        };
        let most = observed.most.min(1.5 * received + 10_000.0);
        self.bits_per_s = (self.bits_per_s + growth).min(most.max(self.bits_per_s));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn observed(usage: Usage, received: f64) -> Observed {
        let throughput = Some(Throughput { received, sent: received, is_choked: false });
        Observed { usage, throughput, round_trip: Some(Duration::from_millis(50)), is_limited: false, most: 1e7 }
    }

    fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    #[test]
    fn it_grows_by_eight_percent_a_second_and_not_far_beyond_what_arrives() {
        let mut rate = Rate::new(1_000_000);
        for at in 0..=10 {
            rate.update(ms(at * 100), &observed(Usage::Normal, 1e6));
        }
        assert!((rate.bits_per_s() - 1_080_000.0).abs() < 1_000.0, "{}", rate.bits_per_s());
        for at in 10..600 {
            rate.update(ms(at * 100), &observed(Usage::Normal, 1e6));
        }
        assert!((rate.bits_per_s() - 1_510_000.0).abs() < 1.0, "{}", rate.bits_per_s());
        let limited = Observed { is_limited: true, ..observed(Usage::Normal, 5e6) };
        rate.update(ms(60_000), &limited);
        rate.update(ms(60_500), &Observed { throughput: None, ..observed(Usage::Normal, 5e6) });
        assert!((rate.bits_per_s() - 1_510_000.0).abs() < 1.0, "what arrives says nothing");
    }

    #[test]
    fn a_queue_costs_it_once_per_effect_and_then_it_grows_slowly() {
        let mut rate = Rate::new(2_000_000);
        rate.update(ms(0), &observed(Usage::Over, 1e6));
        rate.update(ms(100), &observed(Usage::Over, 0.5e6));
        assert!((rate.bits_per_s() - 850_000.0).abs() < 1.0);
        rate.update(ms(200), &observed(Usage::Under, 1e6));
        assert!((rate.bits_per_s() - 850_000.0).abs() < 1.0, "the queue is to run empty");
        for at in 3..=12 {
            rate.update(ms(at * 100), &observed(Usage::Normal, 0.85e6));
        }
        // A packet in 150 ms.
        assert!((rate.bits_per_s() - 914_000.0).abs() < 1_000.0, "{}", rate.bits_per_s());
    }

    #[test]
    fn what_may_be_the_queue_of_something_else_costs_little_the_first_time() {
        let shared = Observed {
            throughput: Some(Throughput { received: 1e5, sent: 1.5e5, is_choked: false }),
            ..observed(Usage::Over, 0.0)
        };
        let mut rate = Rate::new(200_000);
        rate.update(ms(0), &shared);
        assert!((rate.bits_per_s() - 170_000.0).abs() < 1.0);
        rate.update(ms(300), &shared);
        assert!((rate.bits_per_s() - 85_000.0).abs() < 1.0, "it goes on");
        for (bits_per_s, sent, is_choked) in
            [(200_000, 1.9e5, false), (200_000, 1.5e5, true), (2_000_000, 1.5e5, false)]
        {
            let mut rate = Rate::new(bits_per_s);
            rate.update(ms(0), &Observed { throughput: Some(Throughput { received: 1e5, sent, is_choked }), ..shared });
            assert!((rate.bits_per_s() - 85_000.0).abs() < 1.0, "{bits_per_s}, {sent}, {is_choked}");
        }
    }

    #[test]
    fn who_sends_little_loses_little_unless_not_even_that_arrives() {
        let limited = Observed { is_limited: true, ..observed(Usage::Over, 1e5) };
        let mut rate = Rate::new(2_000_000);
        rate.update(ms(0), &limited);
        assert!((rate.bits_per_s() - 1_700_000.0).abs() < 1.0);
        let choked = Throughput { received: 1e5, sent: 2e5, is_choked: true };
        rate.update(ms(1_000), &Observed { throughput: Some(choked), ..limited });
        assert!((rate.bits_per_s() - 85_000.0).abs() < 1.0);
        rate.update(ms(2_000), &observed(Usage::Over, 1e3));
        assert!((rate.bits_per_s() - FLOOR).abs() < 1.0);
    }
}
