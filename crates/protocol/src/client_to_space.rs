//! What a client says to a space.

use prost::Message;

use crate::chat::SayIntent;
use crate::codec::{CLIENT_FRAME_BYTES_MAX, Malformed, SIGNAL_FRAME_BYTES_MAX, decode, wire};
use crate::gesture::{EmoteIntent, Nudge, NudgeAnswer};
use crate::hearing::{ConnectionReport, Flows, MEDIA_ROOMS_MAX, PEERS_MAX, Publishing, Signal};
use crate::ids::SessionId;
use crate::presence::Status;
use crate::units::{Direction, Gait, Pixel, TimeMs};

/// Longest ticket a Hello may carry, in bytes.
pub const TICKET_BYTES_MAX: usize = 512;

/// One message of a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClientToSpace {
    Hello(Hello),
    Steer(SteerIntent),
    Walk(WalkIntent),
    Status(Status),
    Away(bool),
    Leave,
    /// Pass this on to a peer.
    Signal(Signal),
    Publish(Publishing),
    /// Lock the conversation one is in, or unlock it.
    Lock(bool),
    ConnectionReport(ConnectionReport),
    Say(SayIntent),
    /// Which channel is open before the person's eyes; as it came.
    Look(String),
    /// The person types into that channel.
    Typing,
    Emote(EmoteIntent),
    Nudge(Nudge),
    NudgeAnswer(NudgeAnswer),
    /// A grant for a media room is wanted.
    Grant {
        room: u64,
    },
    Flows(Flows),
    /// The node of a media room is silent.
    RoomLost {
        room: u64,
    },
    /// Of a kind that a later version has: it is ignored.
    Unknown,
}

/// The first message of every connection, and only the first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hello {
    /// Versions the client speaks, both included.
    pub version_min: u32,
    pub version_max: u32,
    /// The newest ticket for this space; empty for none.
    pub ticket: Vec<u8>,
    /// Tells one run of a client from another.
    pub instance: u64,
}

/// Go in a direction until told otherwise, or (`None`) stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SteerIntent {
    pub seq: u32,
    pub at: TimeMs,
    pub direction: Option<Direction>,
    pub gait: Gait,
}

/// Walk to a point of the map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WalkIntent {
    pub seq: u32,
    pub at: TimeMs,
    pub to: Pixel,
    pub gait: Gait,
}

impl ClientToSpace {
    /// Reads a frame.
    pub fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        use wire::client_to_space::Kind;
        let message: wire::ClientToSpace = decode(bytes, SIGNAL_FRAME_BYTES_MAX)?;
        if bytes.len() > CLIENT_FRAME_BYTES_MAX && !matches!(message.kind, Some(Kind::Signal(_) | Kind::Say(_))) {
            return Err(Malformed("too long"));
        }
        Ok(match message.kind {
            None => Self::Unknown,
            Some(Kind::Hello(hello)) => Self::Hello(Hello::try_from(hello)?),
            Some(Kind::Steer(steer)) => Self::Steer(SteerIntent::try_from(steer)?),
            Some(Kind::Walk(walk)) => Self::Walk(WalkIntent::try_from(walk)?),
            Some(Kind::Status(status)) => Self::Status(Status::try_from(status.status)?),
            Some(Kind::Away(away)) => Self::Away(away.away),
            Some(Kind::Leave(wire::Leave {})) => Self::Leave,
            Some(Kind::Signal(signal)) => Self::Signal(Signal {
                peer: SessionId(signal.to),
                epoch: TimeMs(signal.epoch_ms),
                payload: signal.payload,
            }),
            Some(Kind::Publish(wire::PublishIntent { microphone, camera, screen })) => {
                Self::Publish(Publishing { microphone, camera, screen })
            }
            Some(Kind::Lock(lock)) => Self::Lock(lock.locked),
            Some(Kind::ConnectionReport(report)) => Self::ConnectionReport(ConnectionReport {
                connected: report.connected,
                took_ms: report.took_ms,
                via: report.via.into(),
            }),
            Some(Kind::Say(say)) => Self::Say(SayIntent {
                reference: say.reference,
                channel: say.channel,
                text: say.text,
                reply_to: say.reply_to,
                thought: say.thought,
            }),
            Some(Kind::Look(look)) => Self::Look(look.channel),
            Some(Kind::Typing(wire::TypingIntent {})) => Self::Typing,
            // What a later client can do with its body, or ask, is not known here, and no fault of it.
            Some(Kind::Emote(wire::EmoteIntent { emote, on })) => {
                emote.try_into().map_or(Self::Unknown, |emote| Self::Emote(EmoteIntent { emote, on }))
            }
            Some(Kind::Nudge(wire::NudgeIntent { to, kind })) => kind
                .try_into()
                .map_or(Self::Unknown, |kind| Self::Nudge(Nudge { peer: SessionId(to), kind, knock: false })),
            Some(Kind::NudgeAnswer(wire::NudgeAnswer { to, kind, accepted })) => kind
                .try_into()
                .map_or(Self::Unknown, |kind| Self::NudgeAnswer(NudgeAnswer { peer: SessionId(to), kind, accepted })),
            Some(Kind::Grant(wire::GrantIntent { room })) => Self::Grant { room },
            Some(Kind::Flows(wire::FlowsIntent { rooms, peers })) => {
                if rooms.len() > MEDIA_ROOMS_MAX || peers.len() > PEERS_MAX {
                    return Err(Malformed("more flows than there are ways"));
                }
                Self::Flows(Flows { rooms, peers: peers.into_iter().map(SessionId).collect() })
            }
            Some(Kind::RoomLost(wire::RoomLostIntent { room })) => Self::RoomLost { room },
        })
    }

    /// Writes a frame.
    pub fn encode(&self) -> Vec<u8> {
        use wire::client_to_space::Kind;
        let kind = match self {
            Self::Hello(hello) => Some(Kind::Hello(wire::Hello {
                version_min: hello.version_min,
                version_max: hello.version_max,
                ticket: hello.ticket.clone(),
                instance: hello.instance,
            })),
            Self::Steer(steer) => Some(Kind::Steer(wire::SteerIntent {
                seq: steer.seq,
                at_ms: steer.at.0,
                heading: steer.direction.map_or(0, |direction| direction.octant() + 1),
                run: steer.gait == Gait::Run,
            })),
            Self::Walk(walk) => Some(Kind::Walk(wire::WalkIntent {
                seq: walk.seq,
                at_ms: walk.at.0,
                x_px: walk.to.x.max(0) as u32,
                y_px: walk.to.y.max(0) as u32,
                run: walk.gait == Gait::Run,
            })),
            Self::Status(status) => {
                Some(Kind::Status(wire::StatusIntent { status: wire::Status::from(*status).into() }))
            }
            Self::Away(away) => Some(Kind::Away(wire::AwayIntent { away: *away })),
            Self::Leave => Some(Kind::Leave(wire::Leave {})),
            Self::Signal(signal) => Some(Kind::Signal(wire::SignalIntent {
                to: signal.peer.0,
                epoch_ms: signal.epoch.0,
                payload: signal.payload.clone(),
            })),
            Self::Publish(Publishing { microphone, camera, screen }) => {
                Some(Kind::Publish(wire::PublishIntent { microphone: *microphone, camera: *camera, screen: *screen }))
            }
            Self::Lock(locked) => Some(Kind::Lock(wire::LockIntent { locked: *locked })),
            Self::ConnectionReport(report) => Some(Kind::ConnectionReport(wire::ConnectionReport {
                connected: report.connected,
                took_ms: report.took_ms,
                via: wire::CandidateKind::from(report.via).into(),
            })),
            Self::Say(say) => Some(Kind::Say(wire::SayIntent {
                reference: say.reference,
                channel: say.channel.clone(),
                text: say.text.clone(),
                reply_to: say.reply_to,
                thought: say.thought,
            })),
            Self::Look(channel) => Some(Kind::Look(wire::LookIntent { channel: channel.clone() })),
            Self::Typing => Some(Kind::Typing(wire::TypingIntent {})),
            Self::Emote(EmoteIntent { emote, on }) => {
                Some(Kind::Emote(wire::EmoteIntent { emote: wire::Emote::from(*emote).into(), on: *on }))
            }
            Self::Nudge(Nudge { peer, kind, .. }) => {
                Some(Kind::Nudge(wire::NudgeIntent { to: peer.0, kind: wire::NudgeKind::from(*kind).into() }))
            }
            Self::NudgeAnswer(NudgeAnswer { peer, kind, accepted }) => Some(Kind::NudgeAnswer(wire::NudgeAnswer {
                to: peer.0,
                kind: wire::NudgeKind::from(*kind).into(),
                accepted: *accepted,
            })),
            Self::Grant { room } => Some(Kind::Grant(wire::GrantIntent { room: *room })),
            Self::Flows(Flows { rooms, peers }) => Some(Kind::Flows(wire::FlowsIntent {
                rooms: rooms.clone(),
                peers: peers.iter().map(|peer| peer.0).collect(),
            })),
            Self::RoomLost { room } => Some(Kind::RoomLost(wire::RoomLostIntent { room: *room })),
            Self::Unknown => None,
        };
        wire::ClientToSpace { kind }.encode_to_vec()
    }
}

impl TryFrom<wire::Hello> for Hello {
    type Error = Malformed;
    fn try_from(hello: wire::Hello) -> Result<Self, Malformed> {
        if hello.version_min == 0 || hello.version_min > hello.version_max {
            return Err(Malformed("not a range of versions"));
        }
        if hello.ticket.len() > TICKET_BYTES_MAX {
            return Err(Malformed("the ticket is too long"));
        }
        Ok(Self {
            version_min: hello.version_min,
            version_max: hello.version_max,
            ticket: hello.ticket,
            instance: hello.instance,
        })
    }
}

impl TryFrom<wire::SteerIntent> for SteerIntent {
    type Error = Malformed;
    fn try_from(steer: wire::SteerIntent) -> Result<Self, Malformed> {
        let direction = match steer.heading.checked_sub(1) {
            None => None,
            Some(octant) => Some(Direction::from_octant(octant).ok_or(Malformed("no such heading"))?),
        };
        Ok(Self { seq: steer.seq, at: TimeMs(steer.at_ms), direction, gait: gait(steer.run) })
    }
}

impl TryFrom<wire::WalkIntent> for WalkIntent {
    type Error = Malformed;
    fn try_from(walk: wire::WalkIntent) -> Result<Self, Malformed> {
        let pixel = |value: u32| i32::try_from(value).map_err(|_| Malformed("a point off every map"));
        let to = Pixel { x: pixel(walk.x_px)?, y: pixel(walk.y_px)? };
        Ok(Self { seq: walk.seq, at: TimeMs(walk.at_ms), to, gait: gait(walk.run) })
    }
}

fn gait(run: bool) -> Gait {
    if run { Gait::Run } else { Gait::Walk }
}
