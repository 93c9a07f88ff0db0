//! Which numbers of a stream were used: none is sealed twice under one key, and none is taken twice (RFC 3711, section 3.3.2).

/// Of the newest, so many are told apart. What comes later than that counts as used; a picture's packets are let through as late (`rewrite.rs`),
/// since a sender far away needs half a second to send one again.
const WINDOW: u64 = 1_024;
const WORDS: usize = (WINDOW / 64) as usize;

#[derive(Clone, Copy, Debug, Default)]
#[repr(C)]
pub struct Sent {
    /// One more than the newest.
    next: u64,
    /// A bit for each of the window, at its number's rest.
    seen: [u64; WORDS],
}

impl Sent {
    /// Whether a number was not used yet; it is from here on.
    pub fn admits(&mut self, seq: u64) -> bool {
        if seq >= self.next {
            let Some(next) = seq.checked_add(1) else { return false };
            if seq - self.next >= WINDOW {
                self.seen = [0; WORDS];
            } else {
                (self.next..seq).for_each(|between| self.mark(between, false));
            }
            self.next = next;
        } else if self.next - seq > WINDOW || self.is_marked(seq) {
            return false;
        }
        self.mark(seq, true);
        true
    }

    fn is_marked(&self, seq: u64) -> bool {
        let (word, bit) = place(seq);
        self.seen.get(word).is_some_and(|seen| seen & bit != 0)
    }

    fn mark(&mut self, seq: u64, is_used: bool) {
        let (word, bit) = place(seq);
        if let Some(seen) = self.seen.get_mut(word) {
            *seen = if is_used { *seen | bit } else { *seen & !bit };
        }
    }
}

fn place(seq: u64) -> (usize, u64) {
    let rest = seq % WINDOW;
    (usize::try_from(rest / 64).unwrap_or(0), 1 << (rest % 64))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        /// Also where packets come late, twice, or from far away.
        #[test]
        fn no_number_is_ever_used_twice(
            start in 0_u64..1 << 17,
            steps in prop::collection::vec((-1_100_i64..1_100, 0..20_u8, any::<bool>()), 1..400),
        ) {
            let (mut sent, mut used, mut at) = (Sent::default(), BTreeSet::new(), start);
            for (step, jump, is_small) in steps {
                let step = if is_small { step / 200 } else { step };
                at = at.saturating_add_signed(if jump == 0 { step * 1_000 } else { step });
                let newest = used.last().copied().unwrap_or(0);
                let is_new = !used.contains(&at);
                let admitted = sent.admits(at);
                prop_assert!(is_new || !admitted, "{at} twice");
                if is_new && at + WINDOW > newest {
                    prop_assert!(admitted, "{at} is new, and not long after {newest}");
                }
                if admitted {
                    used.insert(at);
                }
            }
            prop_assert!(!sent.admits(u64::MAX) && sent.admits(u64::MAX - 1) && !sent.admits(u64::MAX - 1), "the last ones");
        }
    }
}
