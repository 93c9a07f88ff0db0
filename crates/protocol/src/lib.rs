//! What goes over the wire: ids, units, messages, and the codec. No behaviour lives here.

pub mod look;
pub mod name;

pub use look::{Color, Look, LookError};
pub use name::{DisplayName, NameError};
