//! Whether a peer is still there, as web/src/media/connect/alive.ts asks: who falls silent is asked over the control
//! channel, and each answer, and each datagram, is proof.

use std::time::{Duration, Instant};

/// Nothing at all came for this long: it is asked for.
const SILENCE_MAX: Duration = Duration::from_millis(600);
/// Whoever is there answers within a round trip; and after this once more the way is gone.
const DOUBT: Duration = Duration::from_millis(400);
const GIVE_UP: Duration = Duration::from_millis(700);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Fine,
    /// Ask.
    Ask,
    /// The own way to the space is to be doubted too.
    Silent,
    Gone,
}

#[derive(Debug)]
pub struct Alive {
    heard_at: Instant,
    received: u64,
    doubt_at: Option<Instant>,
    gone_at: Option<Instant>,
}

impl Alive {
    pub fn new(now: Instant) -> Self {
        Self { heard_at: now, received: 0, doubt_at: None, gone_at: None }
    }

    /// Somebody is there, or it does not matter any more.
    pub fn answered(&mut self, now: Instant) {
        (self.heard_at, self.doubt_at, self.gone_at) = (now, None, None);
    }

    pub fn due(&self) -> Instant {
        let running = self.doubt_at.or(self.gone_at);
        running.unwrap_or(self.heard_at + SILENCE_MAX)
    }

    /// Called now and then while connected, with the datagrams that came so far.
    pub fn watch(&mut self, now: Instant, received: u64) -> Verdict {
        if received != self.received {
            self.received = received;
            self.answered(now);
            return Verdict::Fine;
        }
        if self.gone_at.is_some_and(|at| at <= now) {
            self.answered(now);
            return Verdict::Gone;
        }
        if self.doubt_at.is_some_and(|at| at <= now) {
            (self.doubt_at, self.gone_at) = (None, Some(now + GIVE_UP));
            return Verdict::Silent;
        }
        if self.doubt_at.is_none() && self.gone_at.is_none() && now >= self.heard_at + SILENCE_MAX {
            self.doubt_at = Some(now + DOUBT);
            return Verdict::Ask;
        }
        Verdict::Fine
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_silent_is_asked_and_given_up_in_less_than_two_seconds() {
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        let mut alive = Alive::new(start);
        assert_eq!(alive.watch(at(10), 5), Verdict::Fine);
        assert_eq!(alive.watch(at(600), 5), Verdict::Fine);
        assert_eq!(alive.watch(at(610), 5), Verdict::Ask);
        assert_eq!(alive.watch(at(700), 5), Verdict::Fine);
        assert_eq!(alive.watch(at(1_010), 5), Verdict::Silent);
        assert_eq!(alive.watch(at(1_710), 5), Verdict::Gone);
        assert_eq!(alive.watch(at(1_720), 6), Verdict::Fine);
    }
}
