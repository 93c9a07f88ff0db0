//! A space, its clients, and the network between them, in simulated time. One seed is one run.
//!
//! The engine and the client core are the real ones; the platform (sockets, attachments, rows, alarms, evictions) and the
//! network (delay, jitter, order, loss of connections) are played here. Absent on purpose: threads and real time.

mod behaviour;
mod platform;
mod rng;
mod simulation;

pub use behaviour::KeyTrace;
pub use platform::{Meter, Platform};
pub use rng::Rng;
pub use simulation::{ClientIndex, Network, Said, Simulation};
