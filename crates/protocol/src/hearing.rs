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
    /// The private area one is in, by its number on the map.
    pub area: Option<u32>,
    /// The media rooms one is to be in, and in no others.
    pub media_rooms: Vec<MediaRoom>,
    /// Whom one hears, or is heard by, through them.
    pub room_peers: Vec<RoomPeer>,
    /// How many hear one through rooms, as from a stage, without being heard by one.
    pub audience: u32,
}

/// Most media rooms one session is told of: its own, those it listens in on, and those that are about to be left.
pub const MEDIA_ROOMS_MAX: usize = 16;
/// Most people reached through media rooms that one session is told of.
pub const ROOM_PEERS_MAX: usize = 600;

/// A room on a node that forwards media.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MediaRoom {
    /// Never used again within the space.
    pub room: u64,
    /// What one gives goes there.
    pub publish: bool,
    /// Another way is to take its place; it goes on until that one flows.
    pub leaving: bool,
}

/// Somebody reached through media rooms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RoomPeer {
    pub session_id: SessionId,
    pub hears: bool,
    pub heard: bool,
    pub full_volume: bool,
}

/// Through which ways media flow to and from a client.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flows {
    pub rooms: Vec<u64>,
    pub peers: Vec<SessionId>,
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
            area: hearing.area.unwrap_or(0),
            media_rooms: hearing.media_rooms.into_iter().map(wire::MediaRoom::from).collect(),
            room_peers: hearing.room_peers.into_iter().map(wire::RoomPeer::from).collect(),
            audience: hearing.audience,
        }
    }
}

impl TryFrom<wire::Hearing> for Hearing {
    type Error = Malformed;
    fn try_from(hearing: wire::Hearing) -> Result<Self, Malformed> {
        if hearing.peers.len() > PEERS_MAX {
            return Err(Malformed("too many peers"));
        }
        if hearing.media_rooms.len() > MEDIA_ROOMS_MAX || hearing.room_peers.len() > ROOM_PEERS_MAX {
            return Err(Malformed("too many rooms"));
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
            area: Some(hearing.area).filter(|&area| area != 0),
            media_rooms: hearing.media_rooms.into_iter().map(MediaRoom::from).collect(),
            room_peers: hearing.room_peers.into_iter().map(RoomPeer::from).collect(),
            audience: hearing.audience,
        })
    }
}

impl From<MediaRoom> for wire::MediaRoom {
    fn from(MediaRoom { room, publish, leaving }: MediaRoom) -> Self {
        Self { room, publish, leaving }
    }
}

impl From<wire::MediaRoom> for MediaRoom {
    fn from(wire::MediaRoom { room, publish, leaving }: wire::MediaRoom) -> Self {
        Self { room, publish, leaving }
    }
}

impl From<RoomPeer> for wire::RoomPeer {
    fn from(RoomPeer { session_id, hears, heard, full_volume }: RoomPeer) -> Self {
        Self { session_id: session_id.0, hears, heard, full_volume }
    }
}

impl From<wire::RoomPeer> for RoomPeer {
    fn from(wire::RoomPeer { session_id, hears, heard, full_volume }: wire::RoomPeer) -> Self {
        Self { session_id: SessionId(session_id), hears, heard, full_volume }
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
