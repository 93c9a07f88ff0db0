//! Who is in earshot of whom: everybody at one moment, by index in the order of the sessions.
//!
//! A crowd has many more pairs than people, and is looked at five times a second: pairs are found once, and nothing is looked up
//! by id for each of them.

use earshot_world::earshot::Loudness;

use super::Space;
use super::conversations::{Ears, Relation};

/// Squares below this are whole numbers as floats, and so are their roots' whole parts.
const EXACT: i64 = 1 << 52;

/// The whole part of a root. IEEE 754 has roots rounded correctly, on every machine alike: below [`EXACT`] no rounding reaches
/// the next whole number. It is one instruction where `i64::isqrt` is a loop, and distances are asked for at every look.
pub(super) fn root(square: i64) -> i64 {
    if (0..EXACT).contains(&square) { (square as f64).sqrt() as i64 } else { square.max(0).isqrt() }
}

/// Somebody in earshot of another: at least one hears the other.
#[derive(Clone, Copy, Debug)]
pub(super) struct Near {
    /// Of the session, in their order.
    pub index: usize,
    /// How loud the other is to it.
    pub hears: Option<Loudness>,
    /// How loud it is to the other.
    pub heard: Option<Loudness>,
}

/// Those near each, in the order of the sessions.
#[derive(Debug)]
pub(super) struct Earshot(Vec<Vec<Near>>);

impl Earshot {
    /// Finds all pairs.
    pub fn of(space: &Space, ears: &Ears) -> Self {
        let everybody: Vec<_> = space.sessions.values().zip(ears).collect();
        let mut near: Vec<Vec<Near>> = everybody.iter().map(|_| Vec::new()).collect();
        for (a, &one) in everybody.iter().enumerate() {
            for (b, &other) in everybody.iter().enumerate().skip(a + 1) {
                let Relation::Audible(hears, heard) = space.relation(one, other) else { continue };
                for (of, index, hears, heard) in [(a, b, hears, heard), (b, a, heard, hears)] {
                    if let Some(near) = near.get_mut(of) {
                        near.push(Near { index, hears, heard });
                    }
                }
            }
        }
        Self(near)
    }

    /// Those near one of them.
    pub fn near(&self, index: usize) -> &[Near] {
        self.0.get(index).map_or(&[], Vec::as_slice)
    }

    /// Those near each.
    pub fn all(&self) -> impl Iterator<Item = &[Near]> {
        self.0.iter().map(Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn roots_are_exact(square in 0..i64::MAX, near in 0_i64..(1 << 31), off in -2_i64..=2) {
            for square in [square, square % EXACT, (near * near + off).max(0)] {
                prop_assert_eq!(root(square), square.isqrt());
            }
        }
    }
}
