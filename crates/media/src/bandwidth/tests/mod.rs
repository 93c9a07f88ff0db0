//! Stories on a simulated link. Every run is decided by its seed.

#![allow(clippy::expect_used)]

mod link;
mod stories;
mod wire;
