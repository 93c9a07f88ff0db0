//! The media rooms one is in, as web/src/media/room/rooms.ts keeps them: those the space names, for as long as it names
//! them. A lost one is made anew, and the space is told, which may then name another.

use std::collections::BTreeMap;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use earshot_protocol::MediaRoom;
use earshot_protocol::fleet::{TrackKind, WantedPicture};
use str0m::rtp::RtpPacket;

use crate::company::Manner;
use crate::room::{Lanes, RoomConnection, RoomEvent};
use crate::voice::Spoken;

const RETRY: Duration = Duration::from_millis(500);
/// So many of a neighbouring zone a node lets one hear at a time.
const REDUCED_VOICES: usize = 3;
const RETRY_MAX: Duration = Duration::from_millis(8_000);
/// Everybody of a room is told at once of the one that takes its place. While it still flows nobody is in a hurry: they join one
/// after another within this, so that a hundred handshakes are in nobody's way.
const SPREAD_MS: u64 = 1_000;

#[derive(Debug)]
pub enum RoomsEvent {
    WantGrant(u64),
    /// Ask the room's node for an answer, and give it to [`Rooms::answered`] with the number of the attempt.
    Join {
        room: u64,
        attempt: u64,
        grant: String,
        offer: String,
    },
    Lost(u64),
    /// Rooms have come, gone, joined, or have something else on their lanes.
    Changed,
    /// Something came, of whom the node says it is of.
    Voice {
        room: u64,
        of: Option<(u32, TrackKind)>,
        packet: RtpPacket,
    },
    Picture {
        room: u64,
        of: Option<(u32, TrackKind)>,
        packet: RtpPacket,
    },
}

/// A way on which somebody's voice arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lane {
    pub room: u64,
    pub flows: bool,
    pub is_leaving: bool,
}

struct Entry {
    told: MediaRoom,
    connection: Option<RoomConnection>,
    joined_at: Option<Instant>,
    /// Of all attempts of this participant, for answers that come late.
    attempt: u64,
    losses: u32,
    retry_at: Option<Instant>,
}

pub struct Rooms {
    manner: Manner,
    entries: BTreeMap<u64, Entry>,
    attempts: u64,
    happened: Vec<RoomEvent>,
}

impl Rooms {
    pub fn new(manner: Manner) -> Self {
        Self { manner, entries: BTreeMap::new(), attempts: 0, happened: Vec::new() }
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Those told of, and whether they are joined.
    pub fn told(&self) -> impl Iterator<Item = (MediaRoom, bool)> {
        self.entries.values().map(|entry| (entry.told, entry.is_joined()))
    }

    /// Those that are joined, and since when.
    pub fn flowing(&self) -> impl Iterator<Item = (u64, Instant)> {
        let joined = self.entries.iter().filter(|(_, entry)| entry.is_joined());
        joined.filter_map(|(&room, entry)| entry.joined_at.map(|at| (room, at)))
    }

    /// The ways on which somebody's voice arrives: newer rooms first, and before those that are to be left.
    pub fn lanes(&self, id: u32) -> Vec<Lane> {
        let mut lanes = Vec::new();
        for is_leaving in [false, true] {
            for (&room, entry) in self.entries.iter().rev() {
                let Some(connection) = entry.connection.as_ref().filter(|connection| connection.is_joined()) else {
                    continue;
                };
                if entry.told.leaving == is_leaving {
                    let theirs =
                        connection.voices.iter().filter(|slot| slot.content == Some((id, TrackKind::Microphone)));
                    lanes.extend(theirs.map(|slot| Lane { room, flows: slot.flows, is_leaving }));
                }
            }
        }
        lanes
    }

    /// No lane is free for one more voice of this room: whoever is not among the loudest there is not heard.
    pub fn is_full(&self, room: u64) -> bool {
        let Some(entry) = self.entries.get(&room) else { return false };
        let Some(connection) = &entry.connection else { return false };
        let taken = connection.voices.iter().filter(|slot| slot.content.is_some()).count();
        taken >= if entry.told.publish { connection.voices.len() } else { REDUCED_VOICES }
    }

    pub fn is_any_full(&self) -> bool {
        self.told().any(|(told, joined)| joined && self.is_full(told.room))
    }

    pub fn due(&self) -> Option<Instant> {
        let due = |entry: &Entry| [entry.retry_at, entry.connection.as_ref().map(RoomConnection::due)];
        self.entries.values().flat_map(due).flatten().min()
    }

    pub fn poll_readable(&self, context: &mut Context<'_>) -> Poll<()> {
        let mut ready = Poll::Pending;
        for connection in self.entries.values().filter_map(|entry| entry.connection.as_ref()) {
            // Each has to know whom to wake.
            if connection.poll_readable(context).is_ready() {
                ready = Poll::Ready(());
            }
        }
        ready
    }

    // ---- inputs ------------------------------------------------------------------------------------------------------

    /// `clings`: rooms that are not named any more are not left. `own`: tells this participant from others.
    pub fn tell(&mut self, rooms: &[MediaRoom], own: u32, clings: bool, now: Instant, out: &mut Vec<RoomsEvent>) {
        let is_told = |number: u64| rooms.iter().find(|told| told.room == number);
        self.entries.retain(|&room, _| clings || is_told(room).is_some());
        for entry in self.entries.values_mut() {
            entry.told = is_told(entry.told.room).copied().unwrap_or(entry.told);
        }
        let lively = |entry: &Entry| entry.connection.as_ref().is_some_and(|connection| connection.is_lively(now));
        let replaces = self.entries.values().any(|entry| entry.told.leaving && lively(entry));
        for &told in rooms {
            if self.entries.contains_key(&told.room) {
                continue;
            }
            let entry = Entry { told, connection: None, joined_at: None, attempt: 0, losses: 0, retry_at: None };
            let entry = self.entries.entry(told.room).or_insert(entry);
            if replaces && !told.leaving {
                entry.retry_at = Some(now + spread(own));
            } else {
                self.connect(told.room, now, out);
            }
        }
        if !replaces {
            self.hurry(now);
        }
        out.push(RoomsEvent::Changed);
    }

    pub fn take_grant(&mut self, room: u64, grant: String, now: Instant, out: &mut Vec<RoomsEvent>) {
        let Some(entry) = self.entries.get_mut(&room) else { return };
        let attempt = entry.attempt;
        if let Some(offer) = entry.connection.as_mut().and_then(|connection| connection.take(&grant, now)) {
            out.push(RoomsEvent::Join { room, attempt, grant, offer });
        }
    }

    pub fn answered(
        &mut self,
        (room, attempt): (u64, u64),
        answer: Option<&str>,
        now: Instant,
        out: &mut Vec<RoomsEvent>,
    ) {
        if let Some(connection) = self
            .entries
            .get_mut(&room)
            .filter(|entry| entry.attempt == attempt)
            .and_then(|entry| entry.connection.as_mut())
        {
            connection.answered(answer, now, &mut self.happened);
            self.settle(room, now, out);
        }
    }

    pub fn speak(&mut self, spoken: Spoken<'_>, now: Instant) {
        for connection in self.publishing() {
            connection.speak(spoken, now);
        }
    }

    pub fn show(&mut self, session: u32, number: u32, now: Instant) {
        for connection in self.publishing() {
            connection.show(session, number, now);
        }
    }

    pub fn want(&mut self, pictures: &[WantedPicture], now: Instant) {
        for connection in self.entries.values_mut().filter_map(|entry| entry.connection.as_mut()) {
            connection.want(pictures, now);
        }
    }

    /// Notes which lanes something is played of.
    pub fn listen(&mut self, now: Instant) {
        for connection in self.entries.values_mut().filter_map(|entry| entry.connection.as_mut()) {
            connection.listen(now);
        }
    }

    /// Takes what came, and what time it is.
    pub fn run(&mut self, now: Instant, out: &mut Vec<RoomsEvent>) {
        let rooms: Vec<u64> = self.entries.keys().copied().collect();
        for room in rooms {
            let Some(entry) = self.entries.get_mut(&room) else { continue };
            if entry.retry_at.is_some_and(|at| at <= now) {
                self.connect(room, now, out);
                continue;
            }
            if let Some(connection) = &mut entry.connection {
                connection.run(now, &mut self.happened);
            }
            self.settle(room, now, out);
        }
    }

    // ---- one room ----------------------------------------------------------------------------------------------------

    fn connect(&mut self, room: u64, now: Instant, out: &mut Vec<RoomsEvent>) {
        let Some(entry) = self.entries.get_mut(&room) else { return };
        self.attempts += 1;
        self.happened.clear();
        entry.attempt = self.attempts;
        entry.retry_at = None;
        let Manner { ip, shows, looks_px } = self.manner;
        let lanes = if looks_px.is_some() { Lanes::ALL } else { Lanes::VOICES };
        entry.connection = RoomConnection::open(ip, lanes, now, &mut self.happened).ok();
        if let (Some(connection), Some(times)) = (&mut entry.connection, shows) {
            connection.enlarge(times);
        }
        self.settle(room, now, out);
    }

    fn settle(&mut self, room: u64, now: Instant, out: &mut Vec<RoomsEvent>) {
        let Some(entry) = self.entries.get_mut(&room) else { return self.happened.clear() };
        let mut is_lost = false;
        for event in self.happened.drain(..) {
            match event {
                RoomEvent::WantGrant => out.push(RoomsEvent::WantGrant(room)),
                RoomEvent::Joined => {
                    (entry.joined_at, entry.losses) = (Some(now), 0);
                    out.push(RoomsEvent::Changed);
                }
                RoomEvent::Slots => out.push(RoomsEvent::Changed),
                RoomEvent::Lost => {
                    entry.joined_at = None;
                    entry.retry_at = Some(now + (RETRY * 2_u32.pow(entry.losses.min(8))).min(RETRY_MAX));
                    entry.losses += 1;
                    is_lost = true;
                    out.extend([RoomsEvent::Lost(room), RoomsEvent::Changed]);
                }
                RoomEvent::Voice(slot, packet) => {
                    let of = entry.connection.as_ref().and_then(|connection| connection.voices.get(slot)?.content);
                    out.push(RoomsEvent::Voice { room, of, packet });
                }
                RoomEvent::Picture(slot, packet) => {
                    let of = entry.connection.as_ref().and_then(|connection| connection.pictures.get(slot)?.content);
                    out.push(RoomsEvent::Picture { room, of, packet });
                }
            }
        }
        if is_lost {
            self.hurry(now);
        }
    }

    /// What the rooms that wait were to take the place of does not flow any more.
    fn hurry(&mut self, now: Instant) {
        for entry in self.entries.values_mut().filter(|entry| entry.attempt == 0) {
            entry.retry_at = entry.retry_at.map(|_| now);
        }
    }

    fn publishing(&mut self) -> impl Iterator<Item = &mut RoomConnection> {
        let entries = self.entries.values_mut().filter(|entry| entry.told.publish);
        entries.filter_map(|entry| entry.connection.as_mut())
    }
}

impl Entry {
    fn is_joined(&self) -> bool {
        self.connection.as_ref().is_some_and(RoomConnection::is_joined)
    }
}

/// Far from each other for numbers that follow on each other (multiplicative hashing, Knuth, volume 3, section 6.4).
fn spread(own: u32) -> Duration {
    let hash = own.wrapping_mul(2_654_435_769);
    Duration::from_millis((u64::from(hash) * SPREAD_MS) >> 32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hundred_who_came_one_after_another_join_evenly_spread() {
        let mut tenths = [0; 10];
        for own in 1..=100 {
            let at = spread(own).as_millis();
            tenths[usize::try_from(at / 100).unwrap_or(usize::MAX)] += 1;
        }
        assert!(tenths.iter().all(|&count| (9..=11).contains(&count)), "{tenths:?}");
    }
}
