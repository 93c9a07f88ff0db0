//! Rate credits: what a session may ask for, by kind of message. Spent before any work is done.
//!
//! A bucket fills with time and each message empties it by one. Who finds it empty is ignored, and loses patience with
//! each; when the patience is gone too, the connection ends.

use earshot_protocol::units::TimeMs;
use prost::Message;

/// A kind of message that is counted for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Steering. Ten changes of direction a second is more than fingers do.
    Steer,
    /// Walking to a point: each costs a search for a path.
    Walk,
    /// Status and away.
    Presence,
    /// Refused messages that are borne with.
    Patience,
    /// Signals. Eight peers at once take an offer or answer and a few batches of candidates each.
    Signal,
    /// What one gives to hear and see: a key held to talk changes it twice.
    Publish,
    /// Reports of connections: as many as signals make.
    Report,
    /// Messages in writing. Nobody reads faster.
    Say,
    /// Edits, deletions, reactions.
    Change,
    /// Opening a channel, and typing in it.
    Attention,
    Emote,
    /// Asking somebody, and answering. How often the same one is asked is limited besides.
    Nudge,
    /// Joining media rooms, and saying what flows: a crowd that grows and shrinks makes some at once.
    Media,
}

impl Kind {
    const ALL: [Self; 13] = [
        Self::Steer,
        Self::Walk,
        Self::Presence,
        Self::Patience,
        Self::Signal,
        Self::Publish,
        Self::Report,
        Self::Say,
        Self::Change,
        Self::Attention,
        Self::Emote,
        Self::Nudge,
        Self::Media,
    ];

    /// How many at once, and how many a second.
    fn limits(self) -> (i64, i64) {
        match self {
            Self::Steer => (30, 12),
            Self::Walk => (10, 4),
            Self::Presence => (10, 1),
            Self::Patience => (200, 5),
            Self::Signal => (200, 30),
            Self::Publish => (20, 4),
            Self::Report => (40, 4),
            Self::Say => (8, 1),
            Self::Change => (20, 2),
            Self::Attention => (20, 2),
            Self::Emote => (6, 1),
            Self::Nudge => (10, 1),
            Self::Media => (60, 6),
        }
    }
}

/// A session's credits, in thousandths of a message.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct Credits {
    #[prost(int64, tag = "1")]
    updated_ms: i64,
    /// How much of each bucket is used up, in the order of [`Kind`].
    #[prost(int64, repeated, tag = "2")]
    used: Vec<i64>,
}

impl Credits {
    /// Spends one; false where there is none left.
    pub fn spend(&mut self, now: TimeMs, kind: Kind) -> bool {
        self.refill(now);
        let (burst, _) = kind.limits();
        match self.used.get_mut(kind as usize) {
            Some(used) if *used + 1_000 <= burst * 1_000 => {
                *used += 1_000;
                true
            }
            _ => false,
        }
    }

    /// Milliseconds until one more can be paid for.
    pub fn wait_ms(&self, now: TimeMs, kind: Kind) -> i64 {
        let (burst, per_second) = kind.limits();
        let used = self.used.get(kind as usize).copied().unwrap_or(0);
        let left = used + 1_000 - burst * 1_000 - now.0.saturating_sub(self.updated_ms).max(0) * per_second;
        (left.max(0) + per_second - 1) / per_second
    }

    fn refill(&mut self, now: TimeMs) {
        self.used.resize(Kind::ALL.len(), 0);
        let elapsed_ms = now.0.saturating_sub(self.updated_ms).clamp(0, 1_000_000);
        self.updated_ms = self.updated_ms.max(now.0);
        for (used, kind) in self.used.iter_mut().zip(Kind::ALL) {
            let (_, per_second) = kind.limits();
            *used = (*used - elapsed_ms * per_second).max(0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_allowed_and_then_the_rate() {
        let mut credits = Credits::default();
        let spent = (0..100).filter(|_| credits.spend(TimeMs(5_000), Kind::Walk)).count();
        assert_eq!(spent, 10);
        assert!(!credits.spend(TimeMs(5_249), Kind::Walk));
        assert_eq!(credits.wait_ms(TimeMs(5_249), Kind::Walk), 1);
        assert!(credits.spend(TimeMs(5_250), Kind::Walk));
        assert_eq!(credits.wait_ms(TimeMs(5_250), Kind::Walk), 250);
        assert!(credits.spend(TimeMs(5_250), Kind::Steer));
    }

    #[test]
    fn a_clock_that_goes_back_or_far_ahead_gives_nothing_away() {
        let mut credits = Credits::default();
        while credits.spend(TimeMs(1_000), Kind::Steer) {}
        assert!(!credits.spend(TimeMs(i64::MIN), Kind::Steer));
        assert!(credits.spend(TimeMs(i64::MAX), Kind::Steer));
    }
}
