//! Pictures that were taken off a link because not even their lowest layer had room on it, and when they come back.
//!
//! Off is at once: what does not fit pushes voices aside. But a picture that has just begun and nearly fits stays: with its key frame, and with all else
//! that comes to somebody who has just come, an estimate falls below what the link takes, and is back within two or three seconds; until then nothing is
//! pushed aside, as pictures leave at the pace of the estimate. Back is when there has been room for a while, and for a longer one each time: an estimate
//! of a poor link goes up and down, and a picture that comes and goes with it is worse than none. Absent: how room is dealt out, which is in
//! [`crate::layers`].

use std::collections::BTreeMap;

use crate::{Ms, PublicationId};

/// There has to be room, and some to spare, for so long: what an estimate does by itself, after a probe, is over in less.
pub const BACK_MS: i64 = 1_500;
/// Twice as long each time, up to this.
pub const BACK_MS_MAX: i64 = 12_000;
/// Whatever went out for so long before it was taken off begins anew.
pub const CALM_MS: i64 = 20_000;
/// A picture has just begun for so long.
pub const BEGINS_MS: i64 = 4_000;
/// So much more than there is room for is nearly, in hundredths.
pub const NEARLY_PERCENT: u64 = 100;

/// Those of one receiver.
#[derive(Clone, Debug, Default)]
pub struct Withheld {
    pictures: BTreeMap<PublicationId, Picture>,
}

#[derive(Clone, Copy, Debug)]
struct Picture {
    state: State,
    /// How long there has to be room for it the next time.
    back_ms: i64,
}

#[derive(Clone, Copy, Debug)]
enum State {
    /// It does not go out yet, or its sender has switched it off.
    Absent,
    /// Since then.
    Shown(Ms),
    /// Since when there has been room for it.
    Withheld(Option<Ms>),
}

impl Withheld {
    pub fn contains(&self, id: PublicationId) -> bool {
        self.pictures.get(&id).is_some_and(|picture| matches!(picture.state, State::Withheld(_)))
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
        let picture = self.pictures.entry(id).or_insert(Picture { state: State::Absent, back_ms: BACK_MS });
        if let State::Withheld(room) = &mut picture.state {
            *room = room_for.and(room.or(Some(now)));
            if room.is_none_or(|since| now.since(since) < picture.back_ms) {
                return None;
            }
            picture.state = State::Absent;
            picture.back_ms = (picture.back_ms * 2).min(BACK_MS_MAX);
            return room_for;
        }
        if !is_shown {
            picture.state = State::Absent;
            return room_for;
        }
        let began = match picture.state {
            State::Shown(began) => began,
            _ => now,
        };
        picture.state = State::Shown(began);
        if !comes || room_for.is_some() {
            return room_for;
        }
        if nearly.is_some() && now.since(began) < BEGINS_MS {
            return nearly;
        }
        picture.state = State::Withheld(None);
        if now.since(began) >= CALM_MS {
            picture.back_ms = BACK_MS;
        }
        None
    }

    /// Those that nobody asks for any more begin anew when they are.
    pub fn retain(&mut self, is_wanted: impl Fn(PublicationId) -> bool) {
        self.pictures.retain(|&id, _| is_wanted(id));
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
        for (at, room_for) in [(300, Some(0)), (1_700, Some(1)), (1_750, None), (1_800, Some(0)), (3_299, Some(0))] {
            assert_eq!(withheld.judge(ID, false, true, room_for, Some(0), Ms(at)), None, "at {at}");
        }
        assert_eq!(withheld.judge(ID, false, true, Some(0), None, Ms(3_300)), Some(0));
        assert!(!withheld.contains(ID));
    }

    #[test]
    fn whatever_goes_again_and_again_comes_back_later_and_later() {
        let (mut withheld, mut now) = (Withheld::default(), Ms(0));
        let mut goes_for = |shown_ms: i64| {
            let step = |now: &mut Ms, ms| {
                *now = now.plus(ms);
                *now
            };
            withheld.judge(ID, true, true, Some(0), None, step(&mut now, 1));
            withheld.judge(ID, true, true, None, None, step(&mut now, shown_ms));
            let gone = now;
            while withheld.judge(ID, false, true, Some(0), None, step(&mut now, 1)).is_none() {}
            now.since(gone) - 1
        };
        assert_eq!([500; 5].map(&mut goes_for), [1_500, 3_000, 6_000, 12_000, 12_000]);
        assert_eq!(goes_for(CALM_MS), BACK_MS, "it has gone well for long");
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
        /// However the room changes: never more than there is room for, but nearly, at first; and between going and coming back there was room for long enough.
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
