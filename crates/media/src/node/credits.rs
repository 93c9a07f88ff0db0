//! How much somebody may do: credits come back with time, and are spent before any work is done.

use std::time::Instant;

#[derive(Clone, Copy, Debug)]
pub struct Credits {
    per_s: u32,
    left: u64,
    at: Instant,
}

/// Credits are counted in millionths, so that little time is worth something, too.
const UNIT: u64 = 1_000_000;

impl Credits {
    /// A second's worth can be spent at once.
    pub fn new(per_s: u32, now: Instant) -> Self {
        Self { per_s, left: u64::from(per_s) * UNIT, at: now }
    }

    pub fn spend(&mut self, amount: usize, now: Instant) -> bool {
        let passed = now.saturating_duration_since(self.at).as_micros().min(1_000_000);
        let gained = u64::try_from(passed).unwrap_or(0) * u64::from(self.per_s);
        self.left = (self.left + gained).min(u64::from(self.per_s) * UNIT);
        self.at = self.at.max(now);
        let cost = (amount as u64).saturating_mul(UNIT);
        let is_paid = cost <= self.left;
        if is_paid {
            self.left -= cost;
        }
        is_paid
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_second_is_worth_what_it_says() {
        let start = Instant::now();
        let mut credits = Credits::new(10, start);
        assert!((0..10).all(|_| credits.spend(1, start)));
        assert!(!credits.spend(1, start));
        let later = start + Duration::from_millis(500);
        assert!((0..5).all(|_| credits.spend(1, later)));
        assert!(!credits.spend(1, later));
        // A clock that goes back gives nothing.
        assert!(!credits.spend(1, start));
        assert!(credits.spend(10, start + Duration::from_secs(60)));
        assert!(!credits.spend(1, start + Duration::from_secs(60)));
    }
}
