//! Mentions that reach somebody outside: each person rings for another once in a while, however often they name them.
//!
//! Kept in memory only: who rings once more because the object slept meanwhile has waited long enough. Absent: whether
//! somebody wants to be told at all, which the Worker knows.

use std::collections::BTreeMap;

use earshot_protocol::UserId;
use earshot_protocol::units::TimeMs;

/// Between two mentions of one person by another that are told outside.
pub const RING_GAP_MS: i64 = 60_000;
/// People that one person rings for within that.
const RUNG_MAX: usize = 40;
/// Pairs remembered; what is more rings without being remembered, for nobody is to silence others.
const PAIRS_MAX: usize = 2_000;

#[derive(Debug, Default)]
pub(crate) struct Bells {
    rung: BTreeMap<(UserId, UserId), TimeMs>,
}

impl Bells {
    /// Whether this mention is told outside.
    pub fn ring(&mut self, by: &UserId, whom: &UserId, now: TimeMs) -> bool {
        self.rung.retain(|_, at| now.since(*at) < RING_GAP_MS);
        let pair = (by.clone(), whom.clone());
        let own = self.rung.keys().filter(|(ringing, _)| ringing == by).count();
        if own >= RUNG_MAX || self.rung.contains_key(&pair) {
            return false;
        }
        if self.rung.len() < PAIRS_MAX {
            self.rung.insert(pair, now);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn user(number: usize) -> UserId {
        UserId::parse(&format!("u_{number}")).unwrap()
    }

    #[test]
    fn one_rings_for_another_once_a_minute() {
        let mut bells = Bells::default();
        let rings = [0, 1, RING_GAP_MS - 1, RING_GAP_MS].map(|at| bells.ring(&user(1), &user(2), TimeMs(at)));
        assert_eq!(rings, [true, false, false, true]);
        assert!(bells.ring(&user(2), &user(1), TimeMs(RING_GAP_MS)), "the other way round");
        assert!(bells.ring(&user(3), &user(2), TimeMs(RING_GAP_MS)), "and another's ring is another's");
    }

    #[test]
    fn what_is_remembered_has_an_end() {
        let mut bells = Bells::default();
        assert_eq!((0..3_000).filter(|&n| bells.ring(&user(0), &user(n + 1), TimeMs(0))).count(), RUNG_MAX);
        assert!(bells.ring(&user(0), &user(9_999), TimeMs(RING_GAP_MS)), "and is forgotten");
        // However many pester, an honest one is heard.
        for pest in 0..100 {
            for n in 0..RUNG_MAX {
                bells.ring(&user(pest), &user(1_000 + n), TimeMs(RING_GAP_MS));
            }
        }
        assert!(bells.ring(&user(5_000), &user(6_000), TimeMs(RING_GAP_MS)));
        assert!(bells.rung.len() <= PAIRS_MAX);
    }
}
