//! What a node that forwards media decides: whose voice, which layer of a picture, when to ask for a key frame, and how packets
//! of several sources become one stream.
//!
//! Sans-IO and deterministic: time is an argument, and there is no randomness. With the feature `str0m`, also the node itself: the
//! WebRTC connections these decisions are for. Absent: sockets, HTTP, tokens; they are around it, in `sfu-node`.

pub mod absences;
pub mod bandwidth;
pub mod keyframes;
pub mod layers;
pub mod loudest;
#[cfg(feature = "str0m")]
pub mod node;
pub mod pacer;
mod patience;
mod receiver;
pub mod rewrite;
pub mod room;
pub mod rtcp;
pub mod sparing;
mod withheld;

/// A point in time, in milliseconds on the node's monotonic clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ms(pub i64);

impl Ms {
    pub fn plus(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    pub fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// A track that a participant sends to the node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PublicationId(pub u32);
