//! The program itself: who gets in, who is told what, and media over real sockets.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "../../../crates/media/tests/node/client.rs"]
#[allow(dead_code)]
mod client;
mod grants;
#[path = "../../../crates/media/tests/node/link.rs"]
#[allow(dead_code)]
mod link;
mod live;
mod media;
mod running;
mod signer;
mod streams;
