//! Somebody says that a node is dead: how often it is asked, and what its answers and beats say together.
//!
//! One answer that is wrong or does not come is no death: lines break, and a proxy in front of a node answers for it for a moment. All
//! rooms of all spaces on a node move with it at once, so it is asked a second time. A process that was killed refuses twice within a fifth of
//! a second.
//!
//! Absent on purpose: asking, and how long an answer is waited for.

use super::placement::fresh_ms;

/// So long after it was refused a node is asked again: a line that was broken is whole, or another one is taken.
const AGAIN_MS: u64 = 200;
/// A beat that is older has been missed: half of one is for the way.
const MISSED_BEATS: (i64, i64) = (3, 2);

/// What came of asking a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sign {
    /// It lives: which run of it.
    Alive { run: String },
    /// Nothing listens there, or what answers is no node.
    Refused(String),
    /// It may only be slow.
    Silence,
}

/// What is done about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Alive,
    AskAgain {
        in_ms: u64,
    },
    /// It is dead, unless it has beaten after this time.
    Dead {
        why: &'static str,
        unless_seen_after_ms: i64,
    },
}

/// A node that is doubted.
#[derive(Debug)]
pub struct Doubt<'a> {
    run: &'a str,
    /// When it last beat, and how often it does.
    seen_ms: i64,
    beat_ms: i64,
    asked_ms: i64,
    failures: u32,
    refusals: u32,
}

impl<'a> Doubt<'a> {
    pub fn new(run: &'a str, seen_ms: i64, beat_ms: i64, now_ms: i64) -> Self {
        Self { run, seen_ms, beat_ms, asked_ms: now_ms, failures: 0, refusals: 0 }
    }

    /// It was asked, and this came of it.
    pub fn handle_sign(&mut self, sign: &Sign, now_ms: i64) -> Verdict {
        let for_certain = |why| Verdict::Dead { why, unless_seen_after_ms: i64::MAX };
        match sign {
            Sign::Alive { run } if run == self.run => return Verdict::Alive,
            // It has been started anew, and has forgotten its rooms.
            Sign::Alive { .. } => return for_certain("restarted"),
            Sign::Refused(_) => self.refusals += 1,
            Sign::Silence => {}
        }
        self.failures += 1;
        match sign {
            // A killed process refuses, too, however fresh its last beat is. So does a proxy that is started anew: that costs a move.
            Sign::Refused(_) if self.refusals > 1 => for_certain("refused"),
            Sign::Refused(_) if self.misses_beats(now_ms) => {
                Verdict::Dead { why: "refused", unless_seen_after_ms: self.asked_ms }
            }
            Sign::Refused(_) => Verdict::AskAgain { in_ms: AGAIN_MS },
            _ if self.failures < 2 => Verdict::AskAgain { in_ms: 0 },
            // A beat since it was asked, or shortly before, is a sign of life as good as an answer.
            _ => {
                let unless_seen_after_ms = self.asked_ms.min(now_ms - fresh_ms(self.beat_ms));
                Verdict::Dead { why: "silent", unless_seen_after_ms }
            }
        }
    }

    fn misses_beats(&self, now_ms: i64) -> bool {
        let (beats, of) = MISSED_BEATS;
        (now_ms - self.seen_ms) * of > self.beat_ms * beats
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    const BEAT_MS: i64 = 10_000;
    const AGAIN: Verdict = Verdict::AskAgain { in_ms: AGAIN_MS };
    const AT_ONCE: Verdict = Verdict::AskAgain { in_ms: 0 };
    const KILLED: Verdict = Verdict::Dead { why: "refused", unless_seen_after_ms: i64::MAX };

    fn refused() -> Sign {
        Sign::Refused("answered 502".into())
    }

    fn alive(run: &str) -> Sign {
        Sign::Alive { run: run.into() }
    }

    /// What follows from signs that come one after another, of a node that last beat so long ago.
    fn verdicts(beat_ago_ms: i64, signs: &[Sign]) -> Vec<Verdict> {
        let now_ms = 1_000_000;
        let mut doubt = Doubt::new("r1", now_ms - beat_ago_ms, BEAT_MS, now_ms);
        signs.iter().map(|sign| doubt.handle_sign(sign, now_ms)).collect()
    }

    #[test]
    fn one_wrong_answer_is_no_death() {
        for beat_ago_ms in [100, 5_000, 10_000, 14_000] {
            assert_eq!(verdicts(beat_ago_ms, &[refused(), alive("r1")]), [AGAIN, Verdict::Alive]);
        }
        assert_eq!(verdicts(100, &[Sign::Silence, alive("r1")]), [AT_ONCE, Verdict::Alive]);
        assert_eq!(verdicts(100, &[Sign::Silence, refused(), alive("r1")]), [AT_ONCE, AGAIN, Verdict::Alive]);
    }

    #[test]
    fn a_killed_node_is_dead_after_two_refusals_however_lately_it_beat() {
        for beat_ago_ms in [0, 100, 9_000] {
            assert_eq!(verdicts(beat_ago_ms, &[refused(), refused()]), [AGAIN, KILLED]);
            // It was killed while it was asked.
            assert_eq!(verdicts(beat_ago_ms, &[Sign::Silence, refused(), refused()]), [AT_ONCE, AGAIN, KILLED]);
        }
        assert_eq!(AGAIN_MS, 200, "nobody waits long for the second");
    }

    #[test]
    fn of_one_that_misses_its_beats_the_first_is_enough_unless_it_beats_meanwhile() {
        assert_eq!(verdicts(15_001, &[refused()]), [Verdict::Dead { why: "refused", unless_seen_after_ms: 1_000_000 }]);
    }

    #[test]
    fn a_silent_one_is_judged_by_its_beats() {
        let now_ms = 1_000_000;
        let dead = |unless_seen_after_ms| Verdict::Dead { why: "silent", unless_seen_after_ms };
        // Shortly before it was asked is two seconds before now.
        assert_eq!(verdicts(100, &[Sign::Silence, Sign::Silence]), [AT_ONCE, dead(now_ms - 2_000)]);
        assert_eq!(verdicts(100, &[refused(), Sign::Silence]), [AGAIN, dead(now_ms - 2_000)]);
        // All that came since it was asked counts.
        let mut doubt = Doubt::new("r1", now_ms - 100, BEAT_MS, now_ms);
        assert_eq!(doubt.handle_sign(&Sign::Silence, now_ms + 1_500), AT_ONCE);
        assert_eq!(doubt.handle_sign(&Sign::Silence, now_ms + 3_000), dead(now_ms));
    }

    #[test]
    fn another_run_has_forgotten_its_rooms() {
        let restarted = Verdict::Dead { why: "restarted", unless_seen_after_ms: i64::MAX };
        assert_eq!(verdicts(100, &[alive("r2")]), [restarted]);
    }

    proptest! {
        /// Whatever comes: it is asked three times at the most, and one that beats is never dead by one failure.
        #[test]
        fn it_ends(which in proptest::collection::vec(0_u8..4, 3), beat_ago_ms in 0_i64..40_000) {
            let sign = |&which: &u8| match which {
                0 => alive("r1"),
                1 => alive("r2"),
                2 => refused(),
                _ => Sign::Silence,
            };
            let signs: Vec<Sign> = which.iter().map(sign).collect();
            let said = verdicts(beat_ago_ms, &signs);
            let asks_again = |verdict: &Verdict| matches!(verdict, Verdict::AskAgain { .. });
            prop_assert!(!said.iter().all(asks_again));
            if beat_ago_ms <= 15_000 && matches!(signs[0], Sign::Refused(_) | Sign::Silence) {
                prop_assert!(asks_again(&said[0]));
            }
        }
    }
}
