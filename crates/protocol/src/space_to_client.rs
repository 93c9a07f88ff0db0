//! What a space says to a client.

use prost::Message;

use crate::chat::{Change, ChatMessage, ChatRules, SayRefused};
use crate::codec::{Malformed, SPACE_FRAME_BYTES_MAX, decode, wire};
use crate::gesture::{Emote, Nudge, NudgeAnswer, NudgeRefused};
use crate::hearing::{Hearing, Signal, SignalRefused};
use crate::ids::SessionId;
use crate::presence::Person;
use crate::units::{Direction, Drive, Facing, Gait, Pixel, Position, TimeMs};

/// One message of a space.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SpaceToClient {
    Welcome(Welcome),
    Update(Update),
    /// A signed note of where this session stands, to be shown in the next Hello. Opaque to the client.
    Ticket(Vec<u8>),
    Refused(Refused),
    Hearing(Hearing),
    /// A peer's signal.
    Signal(Signal),
    SignalRefused(SignalRefused),
    /// Oldest first.
    Said(Vec<ChatMessage>),
    SayRefused(SayRefused),
    /// Oldest first.
    Changed(Vec<Change>),
    Rules(ChatRules),
    /// Whether somebody else has the channel open that this client has; by the channel's name.
    Onlookers {
        channel: String,
        others: bool,
    },
    /// Somebody types in the channel that this client has open.
    Typing {
        session_id: SessionId,
        channel: String,
    },
    /// People did something that does not last.
    Emoted(Vec<(SessionId, Emote)>),
    Nudged(Nudge),
    NudgeAnswered(NudgeAnswer),
    NudgeRefused(NudgeRefused),
    /// Something for this person from outside of the space: JSON as the API has it.
    Mail(Vec<u8>),
    /// What lets this session into a media room, once.
    MediaGrant {
        room: u64,
        grant: String,
    },
    /// Of a kind that a later version has: it is ignored.
    Unknown,
}

/// The answer to a good Hello.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Welcome {
    pub version: u32,
    pub session_id: SessionId,
    pub resumed: bool,
    /// The highest movement intent of this session that was decided.
    pub seq: u32,
    pub ticket: Vec<u8>,
    /// Everybody in the space, and the courses of those in interest.
    pub snapshot: Update,
}

/// What changed. Applied whole, in the order of its fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Update {
    pub server_time: TimeMs,
    /// Joined, or changed; replaces what was known of them.
    pub people: Vec<Person>,
    pub left: Vec<SessionId>,
    /// Who is in another cell of the interest grid now.
    pub crossed: Vec<(SessionId, u32)>,
    pub moved: Vec<Moved>,
}

/// A new course of somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    pub session_id: SessionId,
    /// The movement intent that caused it.
    pub seq: u32,
    pub start: TimeMs,
    pub origin: Position,
    pub facing: Facing,
    pub drive: Drive,
}

/// The connection ends, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    pub code: RefusalCode,
    /// For people.
    pub message: String,
}

/// Why, for programs. The WebSocket is closed with 4000 plus the number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusalCode {
    /// A reason that this version does not know.
    Other,
    Version,
    Malformed,
    TooFast,
    Full,
    Replaced,
    Removed,
    Closed,
    Silent,
}

impl RefusalCode {
    /// The close code of the WebSocket (4000 to 4999 are for applications, RFC 6455 section 7.4.2).
    pub fn close_code(self) -> u16 {
        4_000 + wire::RefusalCode::from(self) as u16
    }

    /// Whether coming back at once, by itself, could help. Where not, the person has to decide something.
    pub fn may_retry(self) -> bool {
        matches!(self, Self::Other | Self::Malformed | Self::TooFast | Self::Silent)
    }

    /// A word for programs that read JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Other => "other",
            Self::Version => "version",
            Self::Malformed => "malformed",
            Self::TooFast => "too_fast",
            Self::Full => "full",
            Self::Replaced => "replaced",
            Self::Removed => "removed",
            Self::Closed => "closed",
            Self::Silent => "silent",
        }
    }
}

impl From<RefusalCode> for wire::RefusalCode {
    fn from(code: RefusalCode) -> Self {
        match code {
            RefusalCode::Other => Self::Unspecified,
            RefusalCode::Version => Self::Version,
            RefusalCode::Malformed => Self::Malformed,
            RefusalCode::TooFast => Self::TooFast,
            RefusalCode::Full => Self::Full,
            RefusalCode::Replaced => Self::Replaced,
            RefusalCode::Removed => Self::Removed,
            RefusalCode::Closed => Self::Closed,
            RefusalCode::Silent => Self::Silent,
        }
    }
}

impl From<i32> for RefusalCode {
    fn from(code: i32) -> Self {
        match wire::RefusalCode::try_from(code) {
            Ok(wire::RefusalCode::Version) => Self::Version,
            Ok(wire::RefusalCode::Malformed) => Self::Malformed,
            Ok(wire::RefusalCode::TooFast) => Self::TooFast,
            Ok(wire::RefusalCode::Full) => Self::Full,
            Ok(wire::RefusalCode::Replaced) => Self::Replaced,
            Ok(wire::RefusalCode::Removed) => Self::Removed,
            Ok(wire::RefusalCode::Closed) => Self::Closed,
            Ok(wire::RefusalCode::Silent) => Self::Silent,
            Ok(wire::RefusalCode::Unspecified) | Err(_) => Self::Other,
        }
    }
}

impl SpaceToClient {
    /// Reads a frame.
    pub fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        use wire::space_to_client::Kind;
        let message: wire::SpaceToClient = decode(bytes, SPACE_FRAME_BYTES_MAX)?;
        Ok(match message.kind {
            None => Self::Unknown,
            Some(Kind::Welcome(welcome)) => Self::Welcome(Welcome {
                version: welcome.version,
                session_id: SessionId(welcome.session_id),
                resumed: welcome.resumed,
                seq: welcome.seq,
                ticket: welcome.ticket,
                snapshot: Update::try_from(welcome.snapshot.unwrap_or_default())?,
            }),
            Some(Kind::Update(update)) => Self::Update(Update::try_from(update)?),
            Some(Kind::Ticket(ticket)) => Self::Ticket(ticket.ticket),
            Some(Kind::Refused(refused)) => {
                Self::Refused(Refused { code: RefusalCode::from(refused.code), message: refused.message })
            }
            Some(Kind::Hearing(hearing)) => Self::Hearing(Hearing::try_from(hearing)?),
            Some(Kind::Signal(signal)) => Self::Signal(Signal {
                peer: SessionId(signal.from),
                epoch: TimeMs(signal.epoch_ms),
                payload: signal.payload,
            }),
            Some(Kind::SignalRefused(refused)) => {
                Self::SignalRefused(SignalRefused { to: SessionId(refused.to), reason: refused.reason.into() })
            }
            // One that cannot be read, of a later version's channel say, takes no other with it.
            Some(Kind::Said(said)) => {
                Self::Said(said.messages.into_iter().filter_map(|message| message.try_into().ok()).collect())
            }
            Some(Kind::SayRefused(refused)) => Self::SayRefused(SayRefused {
                reference: refused.reference,
                reason: refused.reason.into(),
                retry_in_ms: refused.retry_in_ms,
            }),
            Some(Kind::Changed(changed)) => {
                Self::Changed(changed.changes.into_iter().filter_map(|change| change.try_into().ok()).collect())
            }
            Some(Kind::Rules(rules)) => Self::Rules(rules.into()),
            Some(Kind::Onlookers(wire::Onlookers { channel, others })) => Self::Onlookers { channel, others },
            Some(Kind::Typing(wire::Typing { session_id, channel })) => {
                Self::Typing { session_id: SessionId(session_id), channel }
            }
            // An emote of a later version takes no other with it.
            Some(Kind::Emoted(wire::Emoted { session_ids, emotes })) => {
                let pairs = session_ids.into_iter().map(SessionId).zip(emotes);
                Self::Emoted(pairs.filter_map(|(id, emote)| Some((id, emote.try_into().ok()?))).collect())
            }
            Some(Kind::Nudged(wire::Nudged { from, kind, knock })) => {
                kind.try_into().map_or(Self::Unknown, |kind| Self::Nudged(Nudge { peer: SessionId(from), kind, knock }))
            }
            Some(Kind::NudgeAnswered(wire::NudgeAnswered { from, kind, accepted })) => {
                kind.try_into().map_or(Self::Unknown, |kind| {
                    Self::NudgeAnswered(NudgeAnswer { peer: SessionId(from), kind, accepted })
                })
            }
            Some(Kind::NudgeRefused(refused)) => Self::NudgeRefused(NudgeRefused {
                to: SessionId(refused.to),
                reason: refused.reason.into(),
                retry_in_ms: refused.retry_in_ms,
            }),
            Some(Kind::Mail(mail)) => Self::Mail(mail.payload),
            Some(Kind::MediaGrant(wire::MediaGrant { room, grant })) => Self::MediaGrant { room, grant },
        })
    }

    /// Writes a frame.
    pub fn encode(self) -> Vec<u8> {
        use wire::space_to_client::Kind;
        let kind = match self {
            Self::Welcome(welcome) => Some(Kind::Welcome(wire::Welcome {
                version: welcome.version,
                session_id: welcome.session_id.0,
                resumed: welcome.resumed,
                seq: welcome.seq,
                ticket: welcome.ticket,
                snapshot: Some(welcome.snapshot.into()),
            })),
            Self::Update(update) => Some(Kind::Update(update.into())),
            Self::Ticket(ticket) => Some(Kind::Ticket(wire::Ticket { ticket })),
            Self::Refused(refused) => Some(Kind::Refused(wire::Refused {
                code: wire::RefusalCode::from(refused.code).into(),
                message: refused.message,
            })),
            Self::Hearing(hearing) => Some(Kind::Hearing(hearing.into())),
            Self::Signal(signal) => Some(Kind::Signal(wire::Signal {
                from: signal.peer.0,
                epoch_ms: signal.epoch.0,
                payload: signal.payload,
            })),
            Self::SignalRefused(refused) => Some(Kind::SignalRefused(wire::SignalRefused {
                to: refused.to.0,
                reason: wire::SignalRefusal::from(refused.reason).into(),
            })),
            Self::Said(messages) => {
                Some(Kind::Said(wire::Said { messages: messages.into_iter().map(Into::into).collect() }))
            }
            Self::SayRefused(refused) => Some(Kind::SayRefused(wire::SayRefused {
                reference: refused.reference,
                reason: wire::SayRefusal::from(refused.reason).into(),
                retry_in_ms: refused.retry_in_ms,
            })),
            Self::Changed(changes) => {
                Some(Kind::Changed(wire::Changed { changes: changes.into_iter().map(Into::into).collect() }))
            }
            Self::Rules(rules) => Some(Kind::Rules(rules.into())),
            Self::Onlookers { channel, others } => Some(Kind::Onlookers(wire::Onlookers { channel, others })),
            Self::Typing { session_id, channel } => {
                Some(Kind::Typing(wire::Typing { session_id: session_id.0, channel }))
            }
            Self::Emoted(emoted) => {
                let (session_ids, emotes) =
                    emoted.into_iter().map(|(id, emote)| (id.0, i32::from(wire::Emote::from(emote)))).unzip();
                Some(Kind::Emoted(wire::Emoted { session_ids, emotes }))
            }
            Self::Nudged(Nudge { peer, kind, knock }) => {
                Some(Kind::Nudged(wire::Nudged { from: peer.0, kind: wire::NudgeKind::from(kind).into(), knock }))
            }
            Self::NudgeAnswered(NudgeAnswer { peer, kind, accepted }) => {
                Some(Kind::NudgeAnswered(wire::NudgeAnswered {
                    from: peer.0,
                    kind: wire::NudgeKind::from(kind).into(),
                    accepted,
                }))
            }
            Self::NudgeRefused(refused) => Some(Kind::NudgeRefused(wire::NudgeRefused {
                to: refused.to.0,
                reason: wire::NudgeRefusal::from(refused.reason).into(),
                retry_in_ms: refused.retry_in_ms,
            })),
            Self::Mail(payload) => Some(Kind::Mail(wire::Mail { payload })),
            Self::MediaGrant { room, grant } => Some(Kind::MediaGrant(wire::MediaGrant { room, grant })),
            Self::Unknown => None,
        };
        wire::SpaceToClient { kind }.encode_to_vec()
    }
}

impl From<Update> for wire::Update {
    fn from(update: Update) -> Self {
        let mut columns = Self {
            server_time_ms: update.server_time.0,
            people: update.people.into_iter().map(Into::into).collect(),
            left: update.left.into_iter().map(|id| id.0).collect(),
            ..Self::default()
        };
        for (id, cell) in update.crossed {
            columns.crossed_ids.push(id.0);
            columns.crossed_cells.push(cell);
        }
        for moved in update.moved {
            columns.moved_ids.push(moved.session_id.0);
            columns.moved_seqs.push(moved.seq);
            let ago = update.server_time.since(moved.start);
            columns.moved_ago_ms.push(ago.clamp(i64::from(i32::MIN), i64::from(i32::MAX)) as i32);
            columns.moved_xs.push(moved.origin.x.max(0) as u32);
            columns.moved_ys.push(moved.origin.y.max(0) as u32);
            columns.moved_drives.push(drive_bits(moved.facing, &moved.drive));
            if let Drive::Route { points, .. } = moved.drive {
                columns.route_lengths.push(points.len() as u32);
                columns.route_xs.extend(points.iter().map(|point| point.x.max(0) as u32));
                columns.route_ys.extend(points.iter().map(|point| point.y.max(0) as u32));
            }
        }
        columns
    }
}

impl TryFrom<wire::Update> for Update {
    type Error = Malformed;
    fn try_from(columns: wire::Update) -> Result<Self, Malformed> {
        let count = columns.moved_ids.len();
        let lengths = [
            columns.moved_seqs.len(),
            columns.moved_ago_ms.len(),
            columns.moved_xs.len(),
            columns.moved_ys.len(),
            columns.moved_drives.len(),
        ];
        if lengths.iter().any(|&length| length != count) || columns.crossed_ids.len() != columns.crossed_cells.len() {
            return Err(Malformed("columns of unequal length"));
        }
        let server_time = TimeMs(columns.server_time_ms);
        let mut routes = Routes::new(columns.route_lengths, columns.route_xs, columns.route_ys)?;
        let rows = columns
            .moved_ids
            .into_iter()
            .zip(columns.moved_seqs)
            .zip(columns.moved_ago_ms)
            .zip(columns.moved_xs)
            .zip(columns.moved_ys)
            .zip(columns.moved_drives);
        let moved = rows.map(|(((((id, seq), ago), x), y), bits)| {
            let (facing, drive) = drive_from_bits(bits, &mut routes)?;
            let origin = Position { x: coordinate(x)?, y: coordinate(y)? };
            Ok(Moved {
                session_id: SessionId(id),
                seq,
                start: server_time.plus(-i64::from(ago)),
                origin,
                facing,
                drive,
            })
        });
        Ok(Self {
            server_time,
            moved: moved.collect::<Result<_, Malformed>>()?,
            people: columns.people.into_iter().map(Person::try_from).collect::<Result<_, _>>()?,
            left: columns.left.into_iter().map(SessionId).collect(),
            crossed: columns.crossed_ids.into_iter().map(SessionId).zip(columns.crossed_cells).collect(),
        })
    }
}

const STEER: u32 = 1;
const ROUTE: u32 = 2;
const RUN: u32 = 1 << 2;

fn drive_bits(facing: Facing, drive: &Drive) -> u32 {
    let run = |gait: Gait| if gait == Gait::Run { RUN } else { 0 };
    let kind = match drive {
        Drive::Stand => 0,
        Drive::Steer { direction, gait } => STEER | run(*gait) | direction.octant() << 5,
        Drive::Route { gait, .. } => ROUTE | run(*gait),
    };
    kind | (facing as u32) << 3
}

fn drive_from_bits(bits: u32, routes: &mut Routes) -> Result<(Facing, Drive), Malformed> {
    let gait = if bits & RUN == 0 { Gait::Walk } else { Gait::Run };
    let facing = Facing::ALL.get((bits >> 3 & 3) as usize).copied().unwrap_or_default();
    let drive = match bits & 3 {
        0 => Drive::Stand,
        STEER => {
            Drive::Steer { direction: Direction::from_octant(bits >> 5 & 7).ok_or(Malformed("no such octant"))?, gait }
        }
        ROUTE => Drive::Route { points: routes.next_points()?, gait },
        _ => return Err(Malformed("no such drive")),
    };
    Ok((facing, drive))
}

fn coordinate(value: u32) -> Result<i32, Malformed> {
    i32::try_from(value).map_err(|_| Malformed("a point off every map"))
}

/// The points of all routes of an update, given out in turn.
struct Routes {
    lengths: std::vec::IntoIter<u32>,
    points: std::vec::IntoIter<(u32, u32)>,
}

impl Routes {
    fn new(lengths: Vec<u32>, xs: Vec<u32>, ys: Vec<u32>) -> Result<Self, Malformed> {
        let total = lengths.iter().map(|&length| u64::from(length)).sum::<u64>();
        if xs.len() != ys.len() || xs.len() as u64 != total {
            return Err(Malformed("routes of the wrong length"));
        }
        Ok(Self { lengths: lengths.into_iter(), points: xs.into_iter().zip(ys).collect::<Vec<_>>().into_iter() })
    }

    fn next_points(&mut self) -> Result<Vec<Pixel>, Malformed> {
        let length = self.lengths.next().ok_or(Malformed("a route without points"))?;
        self.points
            .by_ref()
            .take(length as usize)
            .map(|(x, y)| Ok(Pixel { x: coordinate(x)?, y: coordinate(y)? }))
            .collect()
    }
}
