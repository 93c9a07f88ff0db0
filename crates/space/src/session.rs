//! A session: one client's life in the space, through all its connections.

use std::collections::{BTreeMap, BTreeSet};

use earshot_protocol::units::{Facing, Position, TimeMs};
use earshot_protocol::{
    Channel, DisplayName, Hearing, Look, Moved, NudgeKind, Person, Posture, Publishing, Role, Room, SessionId, Status,
    UserId,
};
use earshot_world::{Cell, Course, Loudness};

use crate::ConnectionId;
use crate::admission::Admission;
use crate::counters::Counters;
use crate::credits::Credits;
use crate::engine::Crowd;

/// Longer than any client draws others late.
const OVER_MS: i64 = 1_000;

/// Who somebody is, as the Worker said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    pub user_id: UserId,
    pub name: DisplayName,
    pub guest: bool,
    pub role: Role,
    pub look: Look,
    /// With whom this person does not want to have to do.
    pub blocked: BTreeSet<UserId>,
    /// Not before this the list was looked up.
    pub blocked_at: Option<TimeMs>,
}

impl Profile {
    /// Whether this person wants to know of what somebody says.
    pub fn hears_of(&self, author: Option<&UserId>) -> bool {
        author.is_none_or(|author| !self.blocked.contains(author))
    }

    /// Whom they block, unless something newer is known. Words of the Worker may overtake each other.
    pub fn block(&mut self, blocked: BTreeSet<UserId>, blocked_at: Option<TimeMs>) {
        if blocked_at >= self.blocked_at {
            (self.blocked, self.blocked_at) = (blocked, blocked_at);
        }
    }
}

impl From<Admission> for Profile {
    fn from(admission: Admission) -> Self {
        let look = admission.look();
        let Admission { user_id, name, guest, role, look: _, blocked, checked_at } = admission;
        Self { user_id, name, guest, role, look, blocked: blocked.into_iter().collect(), blocked_at: checked_at }
    }
}

/// Whether a session has a connection now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    Connected(ConnectionId),
    Lost { since: TimeMs },
}

/// One half of what connects two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peering {
    /// When it began; both halves have the same.
    pub epoch: TimeMs,
    /// How loud the other is to this one, as of the last look.
    pub hears: Option<Loudness>,
}

/// A conversation that nobody else may come into: who locked it, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lock {
    pub by: SessionId,
    pub since: TimeMs,
}

/// Somebody was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    pub whom: SessionId,
    pub kind: NudgeKind,
    pub at: TimeMs,
}

/// One session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    pub id: SessionId,
    pub profile: Profile,
    pub link: Link,
    /// What the person chose.
    pub status: Status,
    /// What the client noticed: nobody is at it.
    pub away: bool,
    pub course: Course,
    /// The cell others were told of.
    pub cell: Cell,
    /// The highest movement intent decided.
    pub seq: u32,
    /// No intent takes effect before this moment: time never goes backwards.
    pub decided_at: TimeMs,
    pub credits: Credits,
    /// Which run of a client it is with.
    pub instance: u64,
    /// Whom it is connected to directly, and since when. Each of two has the other.
    pub peers: BTreeMap<SessionId, Peering>,
    /// What kind of place it was in when it was last looked at.
    pub room: Room,
    pub lock: Option<Lock>,
    pub publishing: Publishing,
    /// The last word to the client on whom it hears; none yet on this connection.
    pub told: Option<Hearing>,
    pub counters: Counters,
    /// The private area it was in when it was last looked at, by its number.
    pub area: Option<u32>,
    pub posture: Posture,
    pub hand_raised_at: Option<TimeMs>,
    /// Which channel is open before the person's eyes.
    pub looking: Option<Channel>,
    /// The client was told that somebody else has it open too.
    pub onlooked: bool,
    /// When it last said something that is kept.
    pub said_at: Option<TimeMs>,
    /// Whom it asked within the last minute.
    pub asked: Vec<Asked>,
    pub crowd: Crowd,
}

impl Session {
    /// A new session that stands somewhere.
    pub fn standing(id: SessionId, profile: Profile, link: Link, at: Position, now: TimeMs) -> Self {
        Self {
            id,
            profile,
            link,
            status: Status::Available,
            away: false,
            course: Course::standing(at, now, Facing::Down),
            cell: Cell::of(at),
            seq: 0,
            decided_at: now,
            credits: Credits::default(),
            instance: 0,
            peers: BTreeMap::new(),
            room: Room::Open,
            lock: None,
            publishing: Publishing::default(),
            told: None,
            counters: Counters::default(),
            area: None,
            posture: Posture::Plain,
            hand_raised_at: None,
            looking: None,
            onlooked: false,
            said_at: None,
            asked: Vec::new(),
            crowd: Crowd::default(),
        }
    }

    /// The connection, where there is one.
    pub fn connection(&self) -> Option<ConnectionId> {
        match self.link {
            Link::Connected(connection) => Some(connection),
            Link::Lost { .. } => None,
        }
    }

    /// Whether it hears somebody, by whatever way.
    pub fn hears(&self, other: SessionId) -> bool {
        self.peers.get(&other).is_some_and(|peering| peering.hears.is_some()) || self.crowd.hears(other)
    }

    /// Whom it is in a conversation with, by whatever way.
    pub fn company(&self) -> impl Iterator<Item = SessionId> {
        self.peers.keys().copied().chain(self.crowd.peers.iter().map(|peer| peer.session_id))
    }

    /// The status others see: away shows only where one is otherwise available.
    pub fn shown_status(&self) -> Status {
        if self.away && self.status == Status::Available { Status::Away } else { self.status }
    }

    /// Whether one of the two has blocked the other.
    pub fn is_shut_off_from(&self, other: &Self) -> bool {
        let blocks = |one: &Self, other: &Self| {
            !one.profile.blocked.is_empty() && one.profile.blocked.contains(&other.profile.user_id)
        };
        blocks(self, other) || blocks(other, self)
    }

    /// As others see it.
    pub fn person(&self) -> Person {
        Person {
            session_id: self.id,
            user_id: self.profile.user_id.clone(),
            name: self.profile.name.clone(),
            guest: self.profile.guest,
            role: self.profile.role,
            look: self.profile.look,
            status: self.shown_status(),
            connected: matches!(self.link, Link::Connected(_)),
            cell: self.cell.index(),
            publishing: self.publishing,
            locked: self.lock.is_some(),
            posture: self.posture,
            hand_raised_at: self.hand_raised_at,
        }
    }

    /// The course for the wire. One that has long been over is told as standing at its end: nobody needs to know how one
    /// got there. One that is just over is told whole, for others are drawn a little late and have yet to see it.
    pub fn moved(&self, now: TimeMs) -> Moved {
        let end = self.course.end();
        let over = (now >= end.plus(OVER_MS))
            .then(|| Course::standing(self.course.destination(), end, self.course.facing_at(end)));
        let course = over.as_ref().unwrap_or(&self.course);
        Moved {
            session_id: self.id,
            seq: self.seq,
            start: course.start(),
            origin: course.origin(),
            facing: course.facing(),
            drive: course.drive().clone(),
        }
    }

    /// Standing where one is now.
    pub fn stopped(&self, now: TimeMs) -> Course {
        Course::standing(self.course.position_at(now), now, self.course.facing_at(now))
    }
}
