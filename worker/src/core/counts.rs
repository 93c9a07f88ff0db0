//! How many are in spaces, as it was found a moment ago: a list that is looked at again and again does not wake every space on it each time.

use std::collections::HashMap;

/// So long a count is good enough for a list.
const GOOD_FOR_MS: i64 = 5_000;
/// More spaces than are on the lists of everybody who looks within that time; beyond, all are asked anew.
const SPACES_MAX: usize = 2_000;

#[derive(Debug, Default)]
pub struct Counts {
    /// By space: when it was asked, and what it said.
    found: HashMap<String, (i64, usize)>,
}

impl Counts {
    pub fn of(&self, space_id: &str, now_ms: i64) -> Option<usize> {
        let &(at, count) = self.found.get(space_id)?;
        // A clock that was set back makes nothing last for longer.
        (0..GOOD_FOR_MS).contains(&now_ms.saturating_sub(at)).then_some(count)
    }

    pub fn found(&mut self, space_id: &str, count: usize, now_ms: i64) {
        if self.found.len() >= SPACES_MAX {
            self.found.clear();
        }
        self.found.insert(space_id.to_owned(), (now_ms, count));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_is_good_for_a_few_seconds() {
        let mut counts = Counts::default();
        assert_eq!(counts.of("here", 10), None);
        counts.found("here", 3, 10);
        assert_eq!(
            (counts.of("here", 10), counts.of("here", 5_009), counts.of("here", 5_010)),
            (Some(3), Some(3), None)
        );
        assert_eq!((counts.of("here", 9), counts.of("here", i64::MIN), counts.of("there", 10)), (None, None, None));
    }

    #[test]
    fn it_has_an_end() {
        let mut counts = Counts::default();
        (0..3 * SPACES_MAX).for_each(|n| counts.found(&n.to_string(), n, 0));
        assert!(counts.found.len() <= SPACES_MAX);
        assert_eq!(counts.of(&(3 * SPACES_MAX - 1).to_string(), 0), Some(3 * SPACES_MAX - 1));
    }
}
