//! The world an avatar lives in: maps, collision, courses, areas, interest, path-finding.
//!
//! Everything here is pure and exact: integers only, time is an argument, and the same inputs give the same bits in the
//! Durable Object, in the browser (wasm) and in tests. Absent on purpose: sockets, clocks, randomness, floating point.

pub mod course;
pub mod earshot;
pub mod interest;
pub mod map;
pub mod path;
mod steer;
pub mod tiled;

pub use course::{Course, Motion};
pub use earshot::{Acoustics, Ear, Loudness};
pub use earshot_protocol::units::{self, Direction, Drive, Facing, Gait, Pixel, Position, Tile, TimeMs};
pub use interest::Cell;
pub use map::{Area, Map, Seat};
