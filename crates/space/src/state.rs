//! What survives an eviction: one record a connection (in its socket's attachment), one a lost session (a row), one the space.
//!
//! Protobuf, so that a later version of the engine reads what an earlier one stored. A record that cannot be read is
//! treated as absent: its owner reconnects.
//!
//! Long for one reason: every record that outlives an eviction, and both its directions, are read side by side.

use earshot_protocol::units::{Direction, Drive, Facing, Gait, Pixel, Position, TimeMs};
use earshot_protocol::{
    Change, ChangeKind, Channel, ChatMessage, ChatText, Color, DisplayName, Emoji, Flows, Hearing, Look, NudgeKind,
    Posture, Publishing, Role, Room, SessionId, SpaceToClient, Status, UserId,
};
use earshot_world::{Cell, Course, Loudness, Map};
use prost::Message;

use crate::ConnectionId;
use crate::counters::Counters;
use crate::credits::Credits;
use crate::engine::{Crowd, MediaRoomState};
use crate::log::Entry;
use crate::rules::RulesRecord;
use crate::session::{Asked, Link, Lock, Peering, Profile, Session};

/// What a connection is in the middle of.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct ConnectionRecord {
    #[prost(oneof = "ConnectionStage", tags = "1, 2")]
    pub stage: Option<ConnectionStage>,
}

#[derive(Clone, PartialEq, prost::Oneof)]
pub(crate) enum ConnectionStage {
    #[prost(message, tag = "1")]
    Greeting(GreetingRecord),
    #[prost(message, tag = "2")]
    InSpace(Box<SessionRecord>),
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct GreetingRecord {
    #[prost(message, optional, tag = "1")]
    pub profile: Option<ProfileRecord>,
    #[prost(int64, tag = "2")]
    pub since_ms: i64,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct SpaceRecord {
    /// The id the next session gets.
    #[prost(uint32, tag = "1")]
    pub next_session: u32,
    /// Signs tickets.
    #[prost(bytes = "vec", tag = "2")]
    pub key: Vec<u8>,
    /// Of sessions that have ended.
    #[prost(message, optional, tag = "3")]
    pub counters: Option<Counters>,
    /// The lasting record has all messages up to this id.
    #[prost(uint64, tag = "4")]
    pub recorded_to: u64,
    /// What holds for writing.
    #[prost(message, optional, tag = "5")]
    pub rules: Option<RulesRecord>,
    /// The number the next media room gets.
    #[prost(uint64, tag = "6")]
    pub next_room: u64,
    #[prost(message, repeated, tag = "7")]
    pub rooms: Vec<RoomRecord>,
}

/// A media room.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct RoomRecord {
    #[prost(uint64, tag = "1")]
    room: u64,
    #[prost(bool, tag = "2")]
    placed: bool,
    #[prost(bool, tag = "3")]
    gone: bool,
    #[prost(int64, tag = "4")]
    asked_at_ms: i64,
    #[prost(uint32, tag = "5")]
    refusals: u32,
}

impl RoomRecord {
    pub fn of(room: u64, state: &MediaRoomState) -> Self {
        Self { room, placed: state.placed, gone: state.gone, asked_at_ms: state.asked_at.0, refusals: state.refusals }
    }

    pub fn state(&self) -> (u64, MediaRoomState) {
        let Self { room, placed, gone, asked_at_ms, refusals } = *self;
        (room, MediaRoomState { placed, gone, asked_at: TimeMs(asked_at_ms), refusals, ..MediaRoomState::default() })
    }
}

/// One entry of the log.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct MessageRecord {
    #[prost(uint64, tag = "1")]
    id: u64,
    #[prost(int64, tag = "2")]
    at_ms: i64,
    #[prost(string, tag = "3")]
    channel: String,
    #[prost(string, tag = "4")]
    author_id: String,
    #[prost(string, tag = "5")]
    author_name: String,
    #[prost(string, tag = "6")]
    text: String,
    #[prost(uint64, tag = "7")]
    reply_to: u64,
    #[prost(fixed64, tag = "8")]
    reference: u64,
    #[prost(bool, tag = "9")]
    thought: bool,
    /// The words were taken out of it.
    #[prost(bool, tag = "10")]
    empty: bool,
    /// For a change of a message: the message's id. The author is who changed it.
    #[prost(uint64, tag = "11")]
    message_id: u64,
    /// 1 edited (to the text), 2 deleted, 3 reacted, 4 took a reaction back (with the emoji in the text).
    #[prost(uint32, tag = "12")]
    change: u32,
}

const EDITED: u32 = 1;
const DELETED: u32 = 2;
const REACTED: u32 = 3;
const UNREACTED: u32 = 4;

impl MessageRecord {
    pub fn of(entry: &Entry) -> Self {
        match entry {
            Entry::Said(message) => Self {
                id: message.id,
                at_ms: message.at.0,
                channel: message.channel.to_string(),
                author_id: message.author_id.as_str().into(),
                author_name: message.author_name.as_str().into(),
                text: message.text.as_ref().map_or_else(String::new, |text| text.as_str().into()),
                reply_to: message.reply_to,
                reference: message.reference,
                thought: message.thought,
                empty: message.text.is_none(),
                ..Self::default()
            },
            Entry::Changed(change) => {
                let (kind, text) = match &change.what {
                    ChangeKind::Edited(text) => (EDITED, text.as_str()),
                    ChangeKind::Deleted => (DELETED, ""),
                    ChangeKind::Reacted(emoji) => (REACTED, emoji.as_str()),
                    ChangeKind::Unreacted(emoji) => (UNREACTED, emoji.as_str()),
                };
                Self {
                    id: change.id,
                    at_ms: change.at.0,
                    channel: change.channel.to_string(),
                    author_id: change.actor_id.as_str().into(),
                    text: text.into(),
                    message_id: change.message_id,
                    change: kind,
                    ..Self::default()
                }
            }
        }
    }

    pub fn entry(self) -> Option<Entry> {
        let (at, channel) = (TimeMs(self.at_ms), Channel::parse(&self.channel)?);
        let author_id = UserId::parse(&self.author_id)?;
        if self.change == 0 {
            return Some(Entry::Said(ChatMessage {
                id: self.id,
                at,
                channel,
                author_id,
                author_name: DisplayName::parse(&self.author_name).ok()?,
                text: if self.empty { None } else { Some(ChatText::parse(&self.text).ok()?) },
                reply_to: self.reply_to,
                reference: self.reference,
                edited_at: None,
                reactions: Vec::new(),
                thought: self.thought,
            }));
        }
        let what = match self.change {
            EDITED => ChangeKind::Edited(ChatText::parse(&self.text).ok()?),
            DELETED => ChangeKind::Deleted,
            REACTED => ChangeKind::Reacted(Emoji::parse(&self.text)?),
            UNREACTED => ChangeKind::Unreacted(Emoji::parse(&self.text)?),
            _ => return None,
        };
        Some(Entry::Changed(Change {
            id: self.id,
            at,
            channel,
            actor_id: author_id,
            message_id: self.message_id,
            what,
        }))
    }
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct ProfileRecord {
    #[prost(string, tag = "1")]
    user_id: String,
    #[prost(string, tag = "2")]
    name: String,
    #[prost(bool, tag = "3")]
    guest: bool,
    #[prost(uint32, tag = "4")]
    role: u32,
    /// Parts and colours in the order of the fields of [`Look`].
    #[prost(uint32, repeated, tag = "5")]
    look: Vec<u32>,
    #[prost(string, repeated, tag = "6")]
    blocked: Vec<String>,
    #[prost(int64, optional, tag = "7")]
    blocked_at_ms: Option<i64>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct SessionRecord {
    #[prost(uint32, tag = "1")]
    id: u32,
    #[prost(message, optional, tag = "2")]
    profile: Option<ProfileRecord>,
    #[prost(uint32, tag = "3")]
    status: u32,
    #[prost(bool, tag = "4")]
    away: bool,
    #[prost(message, optional, tag = "5")]
    course: Option<CourseRecord>,
    #[prost(uint32, tag = "6")]
    cell: u32,
    #[prost(uint32, tag = "7")]
    seq: u32,
    #[prost(int64, tag = "8")]
    decided_at_ms: i64,
    #[prost(message, optional, tag = "9")]
    credits: Option<Credits>,
    /// For a lost session: since when.
    #[prost(int64, tag = "10")]
    lost_since_ms: i64,
    #[prost(fixed64, tag = "11")]
    instance: u64,
    #[prost(message, repeated, tag = "12")]
    peers: Vec<PeeringRecord>,
    #[prost(message, optional, tag = "13")]
    lock: Option<LockRecord>,
    /// Bit 0 microphone, 1 camera, 2 screen.
    #[prost(uint32, tag = "14")]
    publishing: u32,
    /// The last frame on whom it hears, as it was sent; empty: none.
    #[prost(bytes = "vec", tag = "15")]
    told: Vec<u8>,
    #[prost(message, optional, tag = "16")]
    counters: Option<Counters>,
    /// 0 open, 1 private, 2 silent.
    #[prost(uint32, tag = "17")]
    room: u32,
    /// 0: in none.
    #[prost(uint32, tag = "18")]
    area: u32,
    #[prost(uint32, tag = "19")]
    posture: u32,
    /// 0: it is not.
    #[prost(int64, tag = "20")]
    hand_raised_at_ms: i64,
    /// Empty: none.
    #[prost(string, tag = "21")]
    looking: String,
    #[prost(bool, tag = "22")]
    onlooked: bool,
    /// 0: never.
    #[prost(int64, tag = "23")]
    said_at_ms: i64,
    #[prost(message, repeated, tag = "24")]
    asked: Vec<AskedRecord>,
    #[prost(message, optional, tag = "25")]
    crowd: Option<CrowdRecord>,
}

/// What somebody has to do with crowds.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct CrowdRecord {
    #[prost(bool, tag = "1")]
    crowded: bool,
    /// 0: never.
    #[prost(int64, tag = "2")]
    turned_at_ms: i64,
    /// 0: in none.
    #[prost(uint64, tag = "3")]
    home: u64,
    #[prost(int64, tag = "4")]
    home_since_ms: i64,
    #[prost(uint64, repeated, tag = "5")]
    leaving: Vec<u64>,
    /// Rooms and whom it hears there, as a frame on whom it hears.
    #[prost(bytes = "vec", tag = "6")]
    told: Vec<u8>,
    #[prost(uint64, repeated, tag = "7")]
    flowing_rooms: Vec<u64>,
    #[prost(uint32, repeated, tag = "8")]
    flowing_peers: Vec<u32>,
}

impl CrowdRecord {
    fn of(crowd: &Crowd) -> Option<Self> {
        if *crowd == Crowd::default() {
            return None;
        }
        let (home, since) = crowd.home.unwrap_or_default();
        let told = Hearing { media_rooms: crowd.rooms.clone(), room_peers: crowd.peers.clone(), ..Hearing::default() };
        Some(Self {
            crowded: crowd.crowded,
            turned_at_ms: crowd.turned_at.map_or(0, |at| at.0),
            home,
            home_since_ms: since.0,
            leaving: crowd.leaving.iter().copied().collect(),
            told: SpaceToClient::Hearing(told).encode(),
            flowing_rooms: crowd.flows.rooms.clone(),
            flowing_peers: crowd.flows.peers.iter().map(|peer| peer.0).collect(),
        })
    }

    fn crowd(self) -> Crowd {
        let told = match SpaceToClient::decode(&self.told) {
            Ok(SpaceToClient::Hearing(told)) => told,
            _ => Hearing::default(),
        };
        Crowd {
            crowded: self.crowded,
            turned_at: time(self.turned_at_ms),
            home: Some((self.home, TimeMs(self.home_since_ms))).filter(|home| home.0 != 0),
            leaving: self.leaving.into_iter().collect(),
            rooms: told.media_rooms,
            peers: told.room_peers,
            audience: told.audience,
            flows: Flows { rooms: self.flowing_rooms, peers: self.flowing_peers.into_iter().map(SessionId).collect() },
        }
    }
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct AskedRecord {
    #[prost(uint32, tag = "1")]
    whom: u32,
    #[prost(uint32, tag = "2")]
    kind: u32,
    #[prost(int64, tag = "3")]
    at_ms: i64,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct PeeringRecord {
    #[prost(uint32, tag = "1")]
    peer: u32,
    #[prost(int64, tag = "2")]
    epoch_ms: i64,
    /// 0 not, 1 by distance, 2 in full.
    #[prost(uint32, tag = "3")]
    hears: u32,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct LockRecord {
    #[prost(uint32, tag = "1")]
    by: u32,
    #[prost(int64, tag = "2")]
    since_ms: i64,
}

/// A course, without the motions, which the map gives again.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct CourseRecord {
    #[prost(int32, tag = "1")]
    x: i32,
    #[prost(int32, tag = "2")]
    y: i32,
    #[prost(int64, tag = "3")]
    start_ms: i64,
    #[prost(uint32, tag = "4")]
    facing: u32,
    /// 0 stands, 1 to 8 are the octants and one, 9 is a route.
    #[prost(uint32, tag = "5")]
    drive: u32,
    #[prost(bool, tag = "6")]
    run: bool,
    #[prost(int32, repeated, tag = "7")]
    route_xs: Vec<i32>,
    #[prost(int32, repeated, tag = "8")]
    route_ys: Vec<i32>,
}

const ROUTE: u32 = 9;

impl CourseRecord {
    pub fn of(course: &Course) -> Self {
        let origin = course.origin();
        let (drive, gait, points) = match course.drive() {
            Drive::Stand => (0, Gait::Walk, &[][..]),
            Drive::Steer { direction, gait } => (direction.octant() + 1, *gait, &[][..]),
            Drive::Route { points, gait } => (ROUTE, *gait, points.as_slice()),
        };
        Self {
            x: origin.x,
            y: origin.y,
            start_ms: course.start().0,
            facing: course.facing() as u32,
            drive,
            run: gait == Gait::Run,
            route_xs: points.iter().map(|point| point.x).collect(),
            route_ys: points.iter().map(|point| point.y).collect(),
        }
    }

    pub fn course(self, map: &Map) -> Course {
        let gait = if self.run { Gait::Run } else { Gait::Walk };
        let drive = match self.drive {
            ROUTE => {
                let points = self.route_xs.into_iter().zip(self.route_ys).map(|(x, y)| Pixel { x, y });
                Drive::Route { points: points.collect(), gait }
            }
            drive => match drive.checked_sub(1).and_then(Direction::from_octant) {
                Some(direction) => Drive::Steer { direction, gait },
                None => Drive::Stand,
            },
        };
        let facing = Facing::ALL.get(self.facing as usize).copied().unwrap_or_default();
        Course::new(map, Position { x: self.x, y: self.y }, TimeMs(self.start_ms), facing, drive)
    }
}

impl ProfileRecord {
    pub fn of(profile: &Profile) -> Self {
        let look = profile.look;
        let colors = [
            look.hair_color,
            look.eyes_color,
            look.top_color,
            look.bottom_color,
            look.shoes_color,
            look.accessory_color,
        ];
        let parts = [look.skin, look.hair, look.top, look.bottom, look.accessory];
        Self {
            user_id: profile.user_id.as_str().into(),
            name: profile.name.as_str().into(),
            guest: profile.guest,
            role: profile.role as u32,
            look: parts.into_iter().map(u32::from).chain(colors.map(Color::rgb24)).collect(),
            blocked: profile.blocked.iter().map(|user| user.as_str().into()).collect(),
            blocked_at_ms: profile.blocked_at.map(|at| at.0),
        }
    }

    pub fn profile(self) -> Option<Profile> {
        const ROLES: [Role; 4] = [Role::Guest, Role::Member, Role::Admin, Role::Owner];
        let part = |index: usize| self.look.get(index).and_then(|&part| u8::try_from(part).ok()).unwrap_or(0);
        let color =
            |index: usize| self.look.get(index).and_then(|&color| Color::from_rgb24(color).ok()).unwrap_or_default();
        let look = Look {
            skin: part(0),
            hair: part(1),
            top: part(2),
            bottom: part(3),
            accessory: part(4),
            hair_color: color(5),
            eyes_color: color(6),
            top_color: color(7),
            bottom_color: color(8),
            shoes_color: color(9),
            accessory_color: color(10),
        };
        Some(Profile {
            user_id: UserId::parse(&self.user_id)?,
            name: DisplayName::parse(&self.name).ok()?,
            guest: self.guest,
            role: ROLES.get(self.role as usize).copied().unwrap_or(Role::Guest),
            look: look.validate().unwrap_or_default(),
            blocked: self.blocked.iter().filter_map(|user| UserId::parse(user)).collect(),
            blocked_at: self.blocked_at_ms.map(TimeMs),
        })
    }
}

impl PeeringRecord {
    fn of(peer: SessionId, peering: &Peering) -> Self {
        let hears = match peering.hears {
            None => 0,
            Some(Loudness::ByDistance) => 1,
            Some(Loudness::Full) => 2,
        };
        Self { peer: peer.0, epoch_ms: peering.epoch.0, hears }
    }

    fn peering(&self) -> (SessionId, Peering) {
        let hears = match self.hears {
            0 => None,
            1 => Some(Loudness::ByDistance),
            _ => Some(Loudness::Full),
        };
        (SessionId(self.peer), Peering { epoch: TimeMs(self.epoch_ms), hears })
    }
}

impl SessionRecord {
    pub fn of(session: &Session) -> Self {
        Self {
            id: session.id.0,
            profile: Some(ProfileRecord::of(&session.profile)),
            status: session.status as u32,
            away: session.away,
            course: Some(CourseRecord::of(&session.course)),
            cell: session.cell.index(),
            seq: session.seq,
            decided_at_ms: session.decided_at.0,
            credits: Some(session.credits.clone()),
            lost_since_ms: match session.link {
                Link::Lost { since } => since.0,
                Link::Connected(_) => 0,
            },
            instance: session.instance,
            peers: session.peers.iter().map(|(&peer, peering)| PeeringRecord::of(peer, peering)).collect(),
            lock: session.lock.map(|lock| LockRecord { by: lock.by.0, since_ms: lock.since.0 }),
            publishing: publishing_bits(session.publishing),
            told: session.told.clone().map(|told| SpaceToClient::Hearing(told).encode()).unwrap_or_default(),
            counters: Some(session.counters.clone()),
            room: session.room as u32,
            area: session.area.unwrap_or(0),
            posture: session.posture as u32,
            hand_raised_at_ms: session.hand_raised_at.map_or(0, |at| at.0),
            looking: session.looking.map_or_else(String::new, |channel| channel.to_string()),
            onlooked: session.onlooked,
            said_at_ms: session.said_at.map_or(0, |at| at.0),
            asked: session.asked.iter().map(AskedRecord::of).collect(),
            crowd: CrowdRecord::of(&session.crowd),
        }
    }

    /// The session again, on its connection, or lost.
    pub fn session(self, map: &Map, connection: Option<ConnectionId>) -> Option<Session> {
        let link = match connection {
            Some(connection) => Link::Connected(connection),
            None => Link::Lost { since: TimeMs(self.lost_since_ms) },
        };
        Some(Session {
            id: SessionId(self.id),
            profile: self.profile?.profile()?,
            link,
            status: status_from(self.status),
            away: self.away,
            course: self.course?.course(map),
            cell: Cell::from_index(self.cell)?,
            seq: self.seq,
            decided_at: TimeMs(self.decided_at_ms),
            credits: self.credits.unwrap_or_default(),
            instance: self.instance,
            peers: self.peers.iter().map(PeeringRecord::peering).collect(),
            lock: self.lock.map(|lock| Lock { by: SessionId(lock.by), since: TimeMs(lock.since_ms) }),
            publishing: publishing_from(self.publishing),
            told: match SpaceToClient::decode(&self.told) {
                Ok(SpaceToClient::Hearing(told)) => Some(told),
                _ => None,
            },
            counters: self.counters.unwrap_or_default(),
            room: [Room::Open, Room::Private, Room::Silent].get(self.room as usize).copied().unwrap_or_default(),
            area: Some(self.area).filter(|&area| area != 0),
            posture: POSTURES.get(self.posture as usize).copied().unwrap_or_default(),
            hand_raised_at: time(self.hand_raised_at_ms),
            looking: Channel::parse(&self.looking),
            onlooked: self.onlooked,
            said_at: time(self.said_at_ms),
            asked: self.asked.iter().map(AskedRecord::asked).collect(),
            crowd: self.crowd.map(CrowdRecord::crowd).unwrap_or_default(),
        })
    }
}

const POSTURES: [Posture; 3] = [Posture::Plain, Posture::Dancing, Posture::Sitting];

/// 0 is no time.
fn time(ms: i64) -> Option<TimeMs> {
    Some(ms).filter(|&ms| ms != 0).map(TimeMs)
}

impl AskedRecord {
    fn of(asked: &Asked) -> Self {
        Self { whom: asked.whom.0, kind: asked.kind as u32, at_ms: asked.at.0 }
    }

    fn asked(&self) -> Asked {
        let kind = if self.kind == NudgeKind::MayIJoin as u32 { NudgeKind::MayIJoin } else { NudgeKind::ComeHere };
        Asked { whom: SessionId(self.whom), kind, at: TimeMs(self.at_ms) }
    }
}

pub(crate) fn status_from(number: u32) -> Status {
    const STATUSES: [Status; 4] = [Status::Available, Status::Busy, Status::DoNotDisturb, Status::Away];
    STATUSES.get(number as usize).copied().unwrap_or_default()
}

fn publishing_bits(publishing: Publishing) -> u32 {
    let Publishing { microphone, camera, screen } = publishing;
    u32::from(microphone) | u32::from(camera) << 1 | u32::from(screen) << 2
}

fn publishing_from(bits: u32) -> Publishing {
    Publishing { microphone: bits & 1 != 0, camera: bits & 2 != 0, screen: bits & 4 != 0 }
}
