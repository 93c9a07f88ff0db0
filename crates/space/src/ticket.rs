//! Tickets: what a session would need to go on if everything else about it were lost.
//!
//! Deploys drop every socket, and with it what its attachment holds. Writing each stop of each walk to storage would cost a
//! row; a signed note in the client's hands costs a frame going out, which is free. A client can show an old note and
//! stand where it stood before; it cannot make one. Whatever the object still knows itself outweighs any ticket.

use earshot_protocol::UserId;
use earshot_protocol::units::{Drive, Facing, Position, TimeMs};
use earshot_world::Map;
use hmac::{Hmac, Mac};
use prost::Message;
use sha2::Sha256;

use crate::limits::{TICKET_AGE_MS_MAX, TICKET_STEER_MS_MAX};
use crate::session::Session;
use crate::state::{CourseRecord, status_from};

/// HMAC-SHA256 (RFC 2104), cut to 128 bits.
const MAC_BYTES: usize = 16;

#[derive(Clone, PartialEq, Message)]
struct Note {
    #[prost(string, tag = "1")]
    user_id: String,
    #[prost(int64, tag = "2")]
    issued_ms: i64,
    #[prost(message, optional, tag = "3")]
    course: Option<CourseRecord>,
    #[prost(uint32, tag = "4")]
    status: u32,
}

/// Where and how a returning session goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub at: Position,
    pub facing: Facing,
    pub status: earshot_protocol::Status,
}

/// Signs and checks tickets of one space.
pub(crate) struct Tickets {
    mac: Option<Hmac<Sha256>>,
}

impl Tickets {
    pub fn new(key: &[u8]) -> Self {
        Self { mac: Hmac::new_from_slice(key).ok() }
    }

    /// A ticket for what the session is doing now.
    pub fn issue(&self, session: &Session, now: TimeMs) -> Vec<u8> {
        let note = Note {
            user_id: session.profile.user_id.as_str().into(),
            issued_ms: now.0,
            course: Some(CourseRecord::of(&session.course)),
            status: session.status as u32,
        };
        let note = note.encode_to_vec();
        let Some(mac) = &self.mac else { return Vec::new() };
        let mut ticket = mac.clone().chain_update(&note).finalize().into_bytes().to_vec();
        ticket.truncate(MAC_BYTES);
        ticket.extend(note);
        ticket
    }

    /// What a ticket says, if it is genuine, this user's, not too old, and the place still exists on the map.
    pub fn check(&self, ticket: &[u8], user_id: &UserId, map: &Map, now: TimeMs) -> Option<Place> {
        let (mac, note) = ticket.split_at_checked(MAC_BYTES)?;
        self.mac.as_ref()?.clone().chain_update(note).verify_truncated_left(mac).ok()?;
        let note = Note::decode(note).ok()?;
        let age_ms = now.since(TimeMs(note.issued_ms));
        if note.user_id != user_id.as_str() || !(0..=TICKET_AGE_MS_MAX).contains(&age_ms) {
            return None;
        }
        let course = note.course?.course(map);
        let until = match course.drive() {
            Drive::Steer { .. } => now.min(TimeMs(note.issued_ms).plus(TICKET_STEER_MS_MAX)),
            Drive::Stand | Drive::Route { .. } => now,
        };
        let at = course.position_at(until);
        map.is_free(at).then(|| Place { at, facing: course.facing_at(until), status: status_from(note.status) })
    }
}
