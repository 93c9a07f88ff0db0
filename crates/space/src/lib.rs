//! The engine of one space: sans-IO, deterministic, restorable at any moment.
//!
//! The caller hands in an [`Input`] with the time, then drains [`Space::poll_output`] until it yields
//! [`Output::WakeAt`]. There is no clock, no socket and no randomness here; ids are counted, the key is given.
//! Absent on purpose: authentication (the Worker admits), storage (the caller keeps what it is handed), and media (it goes
//! from peer to peer; only signals pass here).

pub mod admission;
mod bells;
pub mod counters;
mod credits;
pub mod crowd;
mod engine;
mod fanout;
pub mod limits;
mod log;
pub mod permissions;
pub mod rules;
mod session;
mod state;
mod ticket;
mod timers;

pub use admission::{Admission, BLOCKED_MAX};
pub use counters::{Counters, CountersReport};
pub use engine::{
    ChangeIntent, ChangeRefusal, ConnectionId, EMOJI_MAX, Input, Online, Output, Placed, Space, Stored, Target,
};
pub use log::Entry;
pub use rules::Rules;
