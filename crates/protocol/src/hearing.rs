//! Who hears whom, and what two who do tell each other through the space.

use crate::codec::{Malformed, wire};
use crate::ids::SessionId;
use crate::units::TimeMs;

/// Longest payload of a signal: an offer of four tracks with the codecs we use takes a third of it.
pub const SIGNAL_BYTES_MAX: usize = 16_000;
/// Most peers one client is ever connected to directly. Its upstream carries its picture that many times.
pub const PEERS_MAX: usize = 8;

/// Whom one hears and is heard by. Always complete: the last one said is what holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hearing {
    pub peers: Vec<Peer>,
    /// How many more are in earshot than one client is connected to.
    pub beyond: u32,
    pub room: Room,
    /// One's conversation is locked.
    pub locked: bool,
    /// How many would be in earshot if no lock kept them apart.
    pub locked_out: u32,
}

/// Somebody to be connected to directly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer {
    pub session_id: SessionId,
    /// When the two came into earshot of each other: tells this peering from an earlier one of theirs.
    pub epoch: TimeMs,
    /// Gives way when both make an offer.
    pub polite: bool,
    /// The receiver hears the peer.
    pub hears: bool,
    /// The peer hears the receiver.
    pub heard: bool,
    /// At any distance as loud as next to one.
    pub full_volume: bool,
}

/// What kind of place one stands in, for the ears.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Room {
    /// Distance decides.
    #[default]
    Open,
    /// Those inside, and nobody else.
    Private,
    /// Nobody.
    Silent,
}

/// A peer's words to another peer, opaque to the space.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signal {
    /// In an intent: whom it is for. In a message: whom it is from.
    pub peer: SessionId,
    pub epoch: TimeMs,
    pub payload: Vec<u8>,
}

/// A signal was not passed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignalRefused {
    pub to: SessionId,
    pub reason: SignalRefusal,
}

/// Why a signal was not passed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignalRefusal {
    /// A reason that this version does not know.
    Other,
    OutOfEarshot,
    Stale,
    TooFast,
    TooLong,
    Away,
}

impl SignalRefusal {
    /// A word for programs that read JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Other => "other",
            Self::OutOfEarshot => "out_of_earshot",
            Self::Stale => "stale",
            Self::TooFast => "too_fast",
            Self::TooLong => "too_long",
            Self::Away => "away",
        }
    }
}

/// What one gives one's peers to hear and see.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Publishing {
    pub microphone: bool,
    pub camera: bool,
    pub screen: bool,
}

/// How one attempt to reach a peer went, without a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConnectionReport {
    pub connected: bool,
    /// From being told of the peer to media flowing, or to giving up.
    pub took_ms: u32,
    pub via: CandidateKind,
}

/// Of the local candidate of the chosen pair (RFC 8445, section 5.1.1.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CandidateKind {
    #[default]
    Unknown,
    Host,
    ServerReflexive,
    PeerReflexive,
    Relayed,
}

impl From<Hearing> for wire::Hearing {
    fn from(hearing: Hearing) -> Self {
        let peer = |peer: Peer| wire::Peer {
            session_id: peer.session_id.0,
            epoch_ms: peer.epoch.0,
            polite: peer.polite,
            hears: peer.hears,
            heard: peer.heard,
            full_volume: peer.full_volume,
        };
        let room = match hearing.room {
            Room::Open => wire::Room::Open,
            Room::Private => wire::Room::Private,
            Room::Silent => wire::Room::Silent,
        };
        Self {
            peers: hearing.peers.into_iter().map(peer).collect(),
            beyond: hearing.beyond,
            room: room.into(),
            locked: hearing.locked,
            locked_out: hearing.locked_out,
        }
    }
}

impl TryFrom<wire::Hearing> for Hearing {
    type Error = Malformed;
    fn try_from(hearing: wire::Hearing) -> Result<Self, Malformed> {
        if hearing.peers.len() > PEERS_MAX {
            return Err(Malformed("too many peers"));
        }
        let peer = |peer: wire::Peer| Peer {
            session_id: SessionId(peer.session_id),
            epoch: TimeMs(peer.epoch_ms),
            polite: peer.polite,
            hears: peer.hears,
            heard: peer.heard,
            full_volume: peer.full_volume,
        };
        Ok(Self {
            peers: hearing.peers.into_iter().map(peer).collect(),
            beyond: hearing.beyond,
            room: match wire::Room::try_from(hearing.room) {
                Ok(wire::Room::Open) | Err(_) => Room::Open,
                Ok(wire::Room::Private) => Room::Private,
                Ok(wire::Room::Silent) => Room::Silent,
            },
            locked: hearing.locked,
            locked_out: hearing.locked_out,
        })
    }
}

impl From<SignalRefusal> for wire::SignalRefusal {
    fn from(reason: SignalRefusal) -> Self {
        match reason {
            SignalRefusal::Other => Self::Unspecified,
            SignalRefusal::OutOfEarshot => Self::OutOfEarshot,
            SignalRefusal::Stale => Self::Stale,
            SignalRefusal::TooFast => Self::TooFast,
            SignalRefusal::TooLong => Self::TooLong,
            SignalRefusal::Away => Self::Away,
        }
    }
}

impl From<i32> for SignalRefusal {
    fn from(reason: i32) -> Self {
        match wire::SignalRefusal::try_from(reason) {
            Ok(wire::SignalRefusal::OutOfEarshot) => Self::OutOfEarshot,
            Ok(wire::SignalRefusal::Stale) => Self::Stale,
            Ok(wire::SignalRefusal::TooFast) => Self::TooFast,
            Ok(wire::SignalRefusal::TooLong) => Self::TooLong,
            Ok(wire::SignalRefusal::Away) => Self::Away,
            Ok(wire::SignalRefusal::Unspecified) | Err(_) => Self::Other,
        }
    }
}

impl From<CandidateKind> for wire::CandidateKind {
    fn from(kind: CandidateKind) -> Self {
        match kind {
            CandidateKind::Unknown => Self::Unspecified,
            CandidateKind::Host => Self::Host,
            CandidateKind::ServerReflexive => Self::ServerReflexive,
            CandidateKind::PeerReflexive => Self::PeerReflexive,
            CandidateKind::Relayed => Self::Relayed,
        }
    }
}

impl From<i32> for CandidateKind {
    fn from(kind: i32) -> Self {
        match wire::CandidateKind::try_from(kind) {
            Ok(wire::CandidateKind::Host) => Self::Host,
            Ok(wire::CandidateKind::ServerReflexive) => Self::ServerReflexive,
            Ok(wire::CandidateKind::PeerReflexive) => Self::PeerReflexive,
            Ok(wire::CandidateKind::Relayed) => Self::Relayed,
            Ok(wire::CandidateKind::Unspecified) | Err(_) => Self::Unknown,
        }
    }
}
