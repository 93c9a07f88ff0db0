//! Native people over real sockets of this machine: directly, and through a node without its shell.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod direct;
mod rooms;
mod world;
