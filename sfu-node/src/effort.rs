//! How hard a media thread works: by the clock on the wall and by its own, a second at a time. It is to be asked on that thread.
//!
//! The wall's clock alone would call a thread full that others on the machine do not let work; its own alone would call it idle then.

use std::time::{Duration, Instant};

use earshot_media::sparing::Load;
use rustix::time::{ClockId, clock_gettime};

/// Long enough for what comes in bursts, key frames above all, to be spread over it.
const EVERY: Duration = Duration::from_secs(1);

#[derive(Debug)]
pub struct Effort {
    since: Instant,
    own: Duration,
    busy: Duration,
}

impl Effort {
    pub fn new(now: Instant) -> Self {
        Self { since: now, own: own_time(), busy: Duration::ZERO }
    }

    /// It was busy for so long in one go.
    pub fn add(&mut self, busy: Duration) {
        self.busy += busy;
    }

    /// What came together, once a second.
    pub fn poll(&mut self, now: Instant) -> Option<Load> {
        let passed = now.duration_since(self.since);
        if passed < EVERY {
            return None;
        }
        let own = own_time();
        let load = Load {
            busy_percent: percent(self.busy, passed),
            own_percent: percent(own.saturating_sub(self.own), passed),
        };
        *self = Self { since: now, own, busy: Duration::ZERO };
        Some(load)
    }
}

/// As long as from one beat to the next: what the Worker is told stands for that time, not for the moment it is said in.
const MEAN_OVER: Duration = Duration::from_secs(10);

/// A share of time in the mean; what was long ago counts less and less.
#[derive(Clone, Copy, Debug, Default)]
pub struct Mean(pub f32);

impl Mean {
    /// It was `share` for so long.
    pub fn add(&mut self, share: f32, passed: Duration) {
        let weight = (passed.as_secs_f32() / MEAN_OVER.as_secs_f32()).min(1.0);
        self.0 += (share.clamp(0.0, 1.0) - self.0) * weight;
    }
}

fn percent(part: Duration, whole: Duration) -> u32 {
    let percent = part.as_micros() * 100 / whole.as_micros().max(1);
    u32::try_from(percent.min(100)).unwrap_or(100)
}

/// What the processor did for this thread so far: a call of some hundred nanoseconds.
fn own_time() -> Duration {
    Duration::try_from(clock_gettime(ClockId::ThreadCPUTime)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn who_waits_is_busy_and_does_not_work() {
        let begin = Instant::now();
        let mut effort = Effort::new(begin);
        std::thread::sleep(Duration::from_millis(300));
        effort.add(Duration::from_millis(990));
        assert_eq!(effort.poll(begin + Duration::from_millis(999)), None);
        let load = effort.poll(begin + EVERY).unwrap();
        assert!(load.busy_percent == 99 && load.own_percent < 20, "{load:?}");
    }

    #[test]
    fn a_burst_is_not_a_load() {
        let mut mean = Mean::default();
        let fifth = Duration::from_millis(200);
        mean.add(1.0, fifth);
        assert!(mean.0 < 0.05, "{mean:?}");
        (0..200).for_each(|_| mean.add(1.0, fifth));
        assert!(mean.0 > 0.97, "forty seconds are: {mean:?}");
        mean.add(0.0, Duration::from_secs(60));
        assert!(mean.0.abs() < f32::EPSILON, "and a long time says all: {mean:?}");
    }

    #[test]
    fn who_works_is_seen_to() {
        let begin = Instant::now();
        let mut effort = Effort::new(begin);
        let own = own_time();
        while own_time().saturating_sub(own) < Duration::from_millis(100) {
            std::hint::spin_loop();
        }
        let load = effort.poll(begin + EVERY).unwrap();
        assert!((10..30).contains(&load.own_percent) && load.busy_percent == 0, "{load:?}");
    }
}
