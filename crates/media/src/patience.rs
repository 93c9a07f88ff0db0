//! How often one receiver may have key frames made of one picture.
//!
//! A key frame costs the sender, and everybody else who receives it, many times an ordinary frame. The first is asked for at once; whoever needs one after
//! the other waits longer and longer, be it that it means harm, or that its link does not even take the key frames. Absent: how requests of several
//! receivers become one, which is in [`crate::keyframes`].

use std::collections::BTreeMap;

use crate::keyframes::APART_MS;
use crate::{Ms, PublicationId};

/// The longest wait.
const WAIT_MS_MAX: i64 = 4_000;
/// Nobody looks at nothing for longer: who looks away and back does not mean harm.
const DARK_MS_MAX: i64 = 1_000;
/// Whoever needed none for so long begins anew.
const CALM_MS: i64 = 10_000;

#[derive(Clone, Copy, Debug)]
struct Asked {
    /// When the last one may be asked for.
    due: Ms,
    /// How long after that the next one may.
    wait_ms: i64,
}

/// Of one receiver, by picture.
#[derive(Clone, Debug, Default)]
pub struct Patience {
    asked: BTreeMap<PublicationId, Asked>,
}

impl Patience {
    /// It needs a key frame, in whatever layer: when that may be asked for. `is_dark`: nothing of the picture goes to it before.
    pub fn due(&mut self, id: PublicationId, is_dark: bool, now: Ms) -> Ms {
        let before = self.asked.get(&id).filter(|asked| now.since(asked.due) < CALM_MS);
        let mut asked = match before {
            // It waits already.
            Some(asked) if asked.due > now => *asked,
            Some(asked) => {
                Asked { due: now.max(asked.due.plus(asked.wait_ms)), wait_ms: (asked.wait_ms * 2).min(WAIT_MS_MAX) }
            }
            None => Asked { due: now, wait_ms: APART_MS },
        };
        if is_dark {
            asked.due = asked.due.min(now.plus(DARK_MS_MAX));
        }
        self.asked.insert(id, asked);
        asked.due
    }

    /// What was long ago, or is not there any more, counts no more.
    pub fn forget(&mut self, now: Ms, is_there: impl Fn(PublicationId) -> bool) {
        self.asked.retain(|&id, asked| is_there(id) && now.since(asked.due) < CALM_MS);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: PublicationId = PublicationId(1);

    #[test]
    fn whoever_needs_one_after_the_other_waits_longer_and_longer() {
        let mut patience = Patience::default();
        let mut dues = Vec::new();
        for at in 0..20_000 {
            let due = patience.due(ID, false, Ms(at));
            if dues.last() != Some(&due.0) {
                dues.push(due.0);
            }
        }
        assert_eq!(dues, [0, 300, 900, 2_100, 4_500, 8_500, 12_500, 16_500, 20_500]);
        assert_eq!(patience.due(PublicationId(2), false, Ms(20_000)), Ms(20_000), "of another picture at once");
    }

    #[test]
    fn who_sees_nothing_waits_a_second_at_the_most() {
        let mut patience = Patience::default();
        for at in 0..30 {
            let now = Ms(at * 2_000);
            assert!(patience.due(ID, true, now) <= now.plus(DARK_MS_MAX));
        }
        let due = patience.due(ID, false, Ms(59_500));
        assert!(due > Ms(61_000), "who sees something waits longer: {due:?}");
        assert_eq!(patience.due(ID, true, Ms(59_501)), Ms(60_501), "until they see nothing");
    }

    #[test]
    fn after_a_calm_time_it_is_at_once_again() {
        let mut patience = Patience::default();
        for at in [0, 1_000, 2_000] {
            assert_eq!(patience.due(ID, false, Ms(at)), Ms(at), "what comes seldom does not wait");
        }
        assert_eq!(patience.due(ID, false, Ms(2_001)), Ms(3_200));
        assert_eq!(patience.due(ID, false, Ms(13_200)), Ms(13_200));
        assert_eq!(patience.due(ID, false, Ms(13_201)), Ms(13_500), "and begins anew");
        patience.forget(Ms(30_000), |_| true);
        assert!(patience.asked.is_empty());
    }
}
