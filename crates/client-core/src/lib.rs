//! A client's half of Earshot: a replica of the space, prediction of one's own walk, smoothing of everybody else's, and the
//! life of the connection. Sans-IO: the browser (through wasm) and the bots (natively) perform what it asks for.
//!
//! Time is the caller's monotonic clock in milliseconds. Absent on purpose: drawing, sockets, storage, authentication.

mod avatar;
mod client;
mod clock;
mod link;
mod own;
mod rng;
#[cfg(target_arch = "wasm32")]
mod wasm;

pub use avatar::Pose;
pub use client::{Client, Drawn, Event, Input, LinkState, Output, Place, Sound, Statistics};
pub use clock::LocalMs;
