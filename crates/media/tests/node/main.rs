//! The node among participants, in virtual time: what is heard by whom, over which links.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod client;
mod hostile;
mod link;
mod pictures;
mod rooms;
mod sparing;
mod world;
