//! Bytes to messages and back. Decoding is total: any bytes give a message or [`Malformed`], in bounded time and memory.

use prost::Message;
use thiserror::Error;

/// Generated from proto/*.proto; the rest of the project speaks the types around it.
#[allow(clippy::all, clippy::pedantic)]
pub(crate) mod wire {
    include!(concat!(env!("OUT_DIR"), "/earshot.v1.rs"));
}

/// Largest frame a client may send, unless it is a signal or something said: the largest legal message is far below it.
pub const CLIENT_FRAME_BYTES_MAX: usize = 1_024;
/// Largest signal or saying that is read at all; what is in it has a limit of its own, whose excess is answered and not
/// punished.
pub const SIGNAL_FRAME_BYTES_MAX: usize = 32 << 10;
/// Largest frame a space sends: a snapshot of the largest space fits it several times.
pub const SPACE_FRAME_BYTES_MAX: usize = 4 << 20;

/// The bytes are not a message of this protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("malformed message: {0}")]
pub struct Malformed(pub &'static str);

pub(crate) fn decode<M: Message + Default>(bytes: &[u8], bytes_max: usize) -> Result<M, Malformed> {
    if bytes.len() > bytes_max {
        return Err(Malformed("too long"));
    }
    M::decode(bytes).map_err(|_| Malformed("not the expected fields"))
}
