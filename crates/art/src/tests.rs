//! What must hold of the whole art, however it looks.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::export::Art;

#[test]
fn art_is_built() {
    assert!(!Art::build().bank.tiles.is_empty());
}
