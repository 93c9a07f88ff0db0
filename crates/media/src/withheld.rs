//! Pictures that were taken off a link because not even their lowest layer had room on it, and when they come back.
//!
//! Off is at once: what does not fit pushes voices aside. But a picture that has just begun and nearly fits stays: with its key frame an estimate falls
//! below what the link takes, and is back within two or three seconds. Back is late: an estimate of a poor link goes up and down, and a picture that comes and goes
//! with it is worse than none. Absent: how room is dealt out, which is in [`crate::layers`].

use std::collections::BTreeMap;

use crate::{Ms, PublicationId};

/// There has to be room, and some to spare, for so long: probing a link and its settling after that take one to two seconds.
pub const BACK_MS: i64 = 3_000;
/// A picture has just begun for so long.
pub const BEGINS_MS: i64 = 4_000;
/// So much more than there is room for is nearly, in hundredths.
pub const NEARLY_PERCENT: u64 = 60;

/// Those of one receiver.
#[derive(Clone, Debug, Default)]
pub struct Withheld {
    /// Since when there has been room for each; none: there is none now.
    since: BTreeMap<PublicationId, Option<Ms>>,
    /// Since when those go out that do.
    began: BTreeMap<PublicationId, Ms>,
}

impl Withheld {
    pub fn contains(&self, id: PublicationId) -> bool {
        self.since.contains_key(&id)
    }

    /// What a picture gets of what there is room for. `is_shown`: it goes out now; `comes`: there would be something to send; `nearly`: the layer that
    /// there is nearly room for, if that is so.
    pub fn judge(
        &mut self,
        id: PublicationId,
        is_shown: bool,
        comes: bool,
        room_for: Option<usize>,
        nearly: Option<usize>,
        now: Ms,
    ) -> Option<usize> {
        let Some(since) = self.since.get_mut(&id) else {
            if !is_shown {
                self.began.remove(&id);
                return room_for;
            }
            let began = *self.began.entry(id).or_insert(now);
            if !comes || room_for.is_some() {
                return room_for;
            }
            if nearly.is_some() && now.since(began) < BEGINS_MS {
                return nearly;
            }
            self.began.remove(&id);
            self.since.insert(id, None);
            return None;
        };
        if room_for.is_none() {
            *since = None;
            return None;
        }
        if now.since(*since.get_or_insert(now)) < BACK_MS {
            return None;
        }
        self.since.remove(&id);
        room_for
    }

    /// Those that nobody asks for any more begin anew when they are.
    pub fn retain(&mut self, is_wanted: impl Fn(PublicationId) -> bool) {
        self.since.retain(|&id, _| is_wanted(id));
        self.began.retain(|&id, _| is_wanted(id));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ID: PublicationId = PublicationId(1);

    #[test]
    fn off_at_once_and_back_when_there_was_room_all_the_time() {
        let mut withheld = Withheld::default();
        assert_eq!(withheld.judge(ID, false, true, None, None, Ms(0)), None, "it never was there");
        assert_eq!(withheld.judge(ID, false, true, Some(0), None, Ms(100)), Some(0), "and comes as soon as it can");
        assert_eq!(withheld.judge(ID, true, true, None, None, Ms(200)), None);
        for (at, room_for) in [(300, Some(0)), (3_200, Some(1)), (3_250, None), (3_300, Some(0)), (6_299, Some(0))] {
            assert_eq!(withheld.judge(ID, false, true, room_for, Some(0), Ms(at)), None, "at {at}");
        }
        assert_eq!(withheld.judge(ID, false, true, Some(0), None, Ms(6_300)), Some(0));
        assert!(!withheld.contains(ID));
    }

    #[test]
    fn what_was_switched_off_by_its_sender_is_not_withheld() {
        let mut withheld = Withheld::default();
        assert_eq!(withheld.judge(ID, true, false, None, Some(0), Ms(0)), None);
        assert_eq!(withheld.judge(ID, false, true, Some(0), None, Ms(100)), Some(0));
        assert_eq!(withheld.judge(ID, true, true, None, None, Ms(200)), None);
        withheld.retain(|_| false);
        assert_eq!(withheld.judge(ID, false, true, Some(0), None, Ms(300)), Some(0));
    }

    #[test]
    fn what_has_just_begun_and_nearly_fits_stays() {
        let mut withheld = Withheld::default();
        assert_eq!(withheld.judge(ID, false, true, None, Some(0), Ms(0)), None, "nothing begins that way");
        for (at, room_for) in [(100, Some(0)), (200, None), (3_000, Some(0)), (99 + BEGINS_MS, None)] {
            assert_eq!(withheld.judge(ID, true, true, room_for, Some(0), Ms(at)), Some(0), "at {at}");
        }
        assert_eq!(withheld.judge(ID, true, true, None, Some(0), Ms(100 + BEGINS_MS)), None);
        assert!(withheld.contains(ID));
    }

    proptest! {
        /// However the room changes: never more than there is room for, but nearly, at first; and between going and coming back there was room for three seconds.
        #[test]
        fn it_never_flaps(steps in proptest::collection::vec((1_i64..2_000, any::<bool>(), any::<bool>()), 1..200)) {
            let mut withheld = Withheld::default();
            let (mut now, mut room_since, mut is_shown, mut was_shown) = (Ms(0), None, false, false);
            let mut shown_since = None;
            for (ms, has_room, is_near) in steps {
                now = now.plus(ms);
                room_since = has_room.then(|| room_since.unwrap_or(now));
                shown_since = is_shown.then(|| shown_since.unwrap_or(now));
                let given = withheld.judge(ID, is_shown, true, has_room.then_some(0), is_near.then_some(0), now);
                let is_new = shown_since.is_some_and(|since| now.since(since) < BEGINS_MS);
                prop_assert!(has_room || (is_new && is_near) || given.is_none());
                if given.is_some() && !is_shown && was_shown {
                    prop_assert!(room_since.is_some_and(|since| now.since(since) >= BACK_MS));
                }
                is_shown = given.is_some();
                was_shown |= is_shown;
            }
        }
    }
}
