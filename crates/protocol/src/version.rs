//! Which versions of the protocol are spoken, and how two sides agree on one.
//!
//! A new version is needed when a message changes its meaning. New fields and new kinds of messages need none: who does not
//! know them ignores them.

use std::ops::RangeInclusive;

/// The versions this build speaks.
pub const SPOKEN: RangeInclusive<u32> = 1..=1;

/// The highest version that both sides speak.
pub fn agree(mine: &RangeInclusive<u32>, theirs: &RangeInclusive<u32>) -> Option<u32> {
    let highest = *mine.end().min(theirs.end());
    let lowest = *mine.start().max(theirs.start());
    (lowest <= highest).then_some(highest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_common_version_is_spoken() {
        assert_eq!(agree(&(1..=2), &(2..=3)), Some(2));
        assert_eq!(agree(&(1..=1), &(1..=9)), Some(1));
        assert_eq!(agree(&(1..=1), &(2..=3)), None);
        assert_eq!(agree(&(3..=4), &(1..=2)), None);
    }
}
