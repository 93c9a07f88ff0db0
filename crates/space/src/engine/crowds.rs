//! Crowds: who is reached through media rooms, and how one way gives place to another.
//!
//! With ten and more in earshot of one another, not everybody can be connected to everybody. They get media rooms on nodes:
//! each publishes in one, its home, and listens in on those of others it hears. A way is given up only when the one that
//! takes its place flows, as both ends say: from direct to a room, from a room to another one, and back.
//!
//! All is looked at together, on a grid of absolute time, after anything happened that may change it; so it does not
//! matter when the looks before were. Absent on purpose: nodes. Whoever runs the engine knows which room is on which.
//!
//! Long for one reason: the steps of one look depend on each other's order, and are read in it.

use std::collections::{BTreeMap, BTreeSet};

use earshot_protocol::fleet::{ParticipantHearing, ROOM_PARTICIPANTS_MAX, RoomHearing};
use earshot_protocol::hearing::{Flows, MEDIA_ROOMS_MAX, ROOM_PEERS_MAX};
use earshot_protocol::units::TimeMs;
use earshot_protocol::{MediaRoom, RoomPeer, SessionId};
use earshot_world::earshot::{Acoustics, EARSHOT_LEAVE, Loudness};

use super::conversations::{Ears, grid_point};
use super::earshot::{Earshot, Near, root};
use super::{Output, Placed, Space};
use crate::crowd::{self, Member};
use crate::limits::{
    CROWD_ENTER, CROWD_ENTER_MS, CROWD_GRID_MS, CROWD_LEAVE, CROWD_LEAVE_MS, HOPE_MS, LISTENED_ROOMS_MAX,
    PLACE_AGAIN_MS, PLACE_AGAIN_MS_MAX, PLACE_AWAKE_MS, PROBE_GAP_MS, PROBE_GAP_MS_MAX, PROBES_AT_ONCE,
    ROOM_PATIENCE_MS, SWAP_MARGIN,
};
use crate::session::Session;
use crate::timers::Timer;

/// A media room, as far as the engine is concerned.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct MediaRoomState {
    /// It is on a node.
    pub placed: bool,
    /// Its node is lost, or about to end: nobody is sent there any more.
    pub gone: bool,
    /// When a node was last asked for, and how often it was said that there is none now.
    pub asked_at: TimeMs,
    pub refusals: u32,
    /// When its node was last doubted, by whom, and how often in a row by the same one.
    pub probed_at: TimeMs,
    pub doubter: Option<(SessionId, u32)>,
    /// The last word to its node, if any in this life of the object.
    pub told: Option<RoomHearing>,
}

impl MediaRoomState {
    /// When a node is asked for, where there is none.
    fn asks_at(&self) -> TimeMs {
        let Some(before) = self.refusals.checked_sub(1) else { return self.asked_at.plus(PLACE_AWAKE_MS) };
        let wait_ms = PLACE_AGAIN_MS.checked_shl(before.min(16)).unwrap_or(PLACE_AGAIN_MS_MAX);
        self.asked_at.plus(wait_ms.min(PLACE_AGAIN_MS_MAX))
    }

    /// Of an object that ended nobody knows whether it was answered: where nothing is kept of an answer, a node is asked for at once.
    pub fn lived_on(self, now: TimeMs) -> Self {
        let is_answered = self.placed || self.gone || self.refusals > 0;
        Self { asked_at: if is_answered { self.asked_at } else { now.plus(-PLACE_AWAKE_MS) }, ..self }
    }

    /// Whether a doubt counts. Each asks the node whether it is there: whoever goes on alone, and it is, asks more and more seldom.
    fn is_doubted(&mut self, by: SessionId, now: TimeMs) -> bool {
        let passed_ms = now.since(self.probed_at);
        let before = self.doubter.filter(|&(doubter, _)| doubter == by && passed_ms < 2 * PROBE_GAP_MS_MAX);
        let count = before.map_or(0, |(_, count)| count);
        let gap_ms = PROBE_GAP_MS << count.saturating_sub(PROBES_AT_ONCE).min(16);
        if passed_ms < gap_ms.min(PROBE_GAP_MS_MAX) {
            return false;
        }
        self.probed_at = now;
        self.doubter = Some((by, count.saturating_add(1)));
        true
    }
}

/// What one session has to do with crowds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Crowd {
    /// Too many are in earshot for direct connections.
    pub crowded: bool,
    /// Since when their number says otherwise.
    pub turned_at: Option<TimeMs>,
    /// Where it publishes, and since when.
    pub home: Option<(u64, TimeMs)>,
    /// Where it publishes too, until other ways flow.
    pub leaving: BTreeSet<u64>,
    /// What it was told to be in.
    pub rooms: Vec<MediaRoom>,
    /// Whom it hears through them.
    pub peers: Vec<RoomPeer>,
    /// How many hear it through rooms and are not heard by it.
    pub audience: u32,
    /// What it says that flows.
    pub flows: Flows,
}

impl Crowd {
    /// Whether it is to be in a room.
    pub fn is_told(&self, room: u64) -> bool {
        self.rooms.iter().any(|told| told.room == room)
    }

    /// Whether somebody is heard through rooms.
    pub fn hears(&self, id: SessionId) -> bool {
        self.peers.binary_search_by_key(&id, |peer| peer.session_id).is_ok()
    }
}

/// Somebody, and where they publish, if that is on a node.
#[derive(Clone, Copy)]
struct Voice<'a> {
    session: &'a Session,
    home: Option<u64>,
}

impl Space {
    /// Something happened that may change how a crowd is served.
    pub(super) fn divide_soon(&mut self) {
        if self.rooms.is_empty() && self.sessions.len() <= CROWD_ENTER {
            return;
        }
        let at = grid_point(self.now, CROWD_GRID_MS);
        if at == self.now {
            self.listening.divide = true;
            return;
        }
        self.divide_by(at);
    }

    pub(super) fn handle_flows(&mut self, id: SessionId, flows: Flows) {
        if let Some(session) = self.sessions.get_mut(&id)
            && session.crowd.flows != flows
        {
            session.crowd.flows = flows;
            self.divide_soon();
        }
    }

    /// A grant, for whoever has been told of the room.
    pub(super) fn handle_want_grant(&mut self, id: SessionId, room: u64) {
        let Some(session) = self.sessions.get(&id) else { return };
        let is_told = session.crowd.is_told(room);
        let is_open = self.rooms.get(&room).is_some_and(|state| state.placed && !state.gone);
        if let (true, true, Some(connection)) = (is_told, is_open, session.connection()) {
            self.outputs.push_back(Output::Grant { connection, session: id, room, publish: true });
        }
    }

    pub(super) fn handle_room_lost(&mut self, id: SessionId, room: u64) {
        let now = self.now;
        let is_told = self.sessions.get(&id).is_some_and(|session| session.crowd.is_told(room));
        if let Some(state) = self.rooms.get_mut(&room).filter(|state| is_told && state.placed && !state.gone)
            && state.is_doubted(id, now)
        {
            self.outputs.push_back(Output::ProbeRoom { room });
        }
    }

    pub(super) fn handle_room_placed(&mut self, room: u64, placed: Placed) {
        if let Some(state) = self.rooms.get_mut(&room) {
            state.placed = placed == Placed::OnNode;
            state.refusals = if placed == Placed::NoneNow { state.refusals.saturating_add(1) } else { 0 };
            self.save_space();
            // From when it could be reached, or that it cannot be.
            let now = self.now;
            let inside = self.sessions.values_mut().filter_map(|session| {
                let home = session.crowd.home.as_mut().filter(|home| home.0 == room)?;
                home.1 = now;
                Some(session.id)
            });
            for id in inside.collect::<Vec<_>>() {
                self.save_session(id);
                self.look(id);
            }
            self.divide_soon();
        }
    }

    /// Its people get another room, on another node.
    pub(super) fn handle_room_gone(&mut self, room: u64) {
        let Some(state) = self.rooms.get_mut(&room).filter(|state| !state.gone) else { return };
        state.gone = true;
        let new = self.record.next_room.max(1);
        self.record.next_room = new + 1;
        let now = self.now;
        let (mut participants, mut listeners) = (0, 0);
        for session in self.sessions.values_mut() {
            if session.crowd.home.is_some_and(|(home, _)| home == room) {
                session.crowd.home = Some((new, now));
                session.crowd.leaving.insert(room);
                participants += 1;
            } else if session.crowd.is_told(room) {
                listeners += 1;
            }
        }
        if participants > 0 {
            self.rooms.insert(new, MediaRoomState { asked_at: now, ..MediaRoomState::default() });
            self.outputs.push_back(Output::PlaceRoom { room: new, participants, listeners });
        }
        self.save_space();
        for id in self.sessions.keys().copied().collect::<Vec<_>>() {
            self.save_session(id);
        }
        self.divide_soon();
    }

    /// Another run of the same client: it is in no room yet.
    pub(super) fn forget_flows(&mut self, id: SessionId) {
        let now = self.now;
        if let Some(session) = self.sessions.get_mut(&id) {
            session.crowd.flows = Flows::default();
            if let Some(home) = &mut session.crowd.home {
                home.1 = now;
            }
            self.divide_soon();
        }
    }

    /// Whether each that hears the other of two is to do so through rooms, and there is hope for that: then they need no
    /// connection of their own.
    pub(super) fn rooms_serve(&self, a: &Session, b: &Session, a_hears: bool, b_hears: bool) -> bool {
        let serves = |listener: &Session, speaker: &Session| {
            listener.crowd.hears(speaker.id) && [listener, speaker].iter().all(|one| self.is_reachable(one))
        };
        (!a_hears || (serves(a, b) && self.open_home(b).is_some()))
            && (!b_hears || (serves(b, a) && self.open_home(a).is_some()))
    }

    /// It is in its rooms, or has not had the time for it.
    fn is_reachable(&self, session: &Session) -> bool {
        let Crowd { home, flows, rooms, .. } = &session.crowd;
        match home {
            Some((room, since)) => flows.rooms.contains(room) || self.now.since(*since) < ROOM_PATIENCE_MS,
            None => rooms.iter().all(|told| flows.rooms.contains(&told.room)),
        }
    }

    /// When the next of those who are not in their room yet, or hold on to another, is waited for no longer.
    fn patience_ends(&self) -> Option<TimeMs> {
        let connected = self.sessions.values().filter(|session| session.connection().is_some());
        let waiting = connected.filter(|session| {
            let is_missing = self.open_home(session).is_some_and(|room| !session.crowd.flows.rooms.contains(&room));
            is_missing || !session.crowd.leaving.is_empty()
        });
        let since = waiting.filter_map(|session| Some(session.crowd.home?.1));
        let ends = since.flat_map(|since| [since.plus(ROOM_PATIENCE_MS), since.plus(HOPE_MS)]);
        ends.filter(|&at| at > self.now).min()
    }

    /// Where somebody publishes, if that is on a node.
    fn open_home(&self, session: &Session) -> Option<u64> {
        let (room, _) = session.crowd.home?;
        self.rooms.get(&room).is_some_and(|state| state.placed && !state.gone).then_some(room)
    }

    // ---- the look ----------------------------------------------------------------------------------------------------

    /// Looks at everybody: who is in a crowd, in which room, through which rooms each hears whom, and which ways are over.
    pub(super) fn divide_crowds(&mut self, ears: &Ears) {
        let earshot = Earshot::of(self, ears);
        let wakes_at = self.count_heads(&earshot);
        let moved = self.give_homes(&earshot, ears);
        let asks_at = self.ask_for_places(&earshot);
        let told = self.tell_rooms(&earshot, ears);
        let ended = self.end_ways(&earshot, ears);
        if moved || told || ended {
            // Who is reached through rooms is let go later than they are taken in: the next look may be another.
            for id in self.sessions.keys().copied().collect::<Vec<_>>() {
                self.listen_again(id, ears, self.now);
            }
        }
        self.close_rooms();
        self.tell_nodes(&earshot, ears);
        // What changed may have changed what comes of it, until nothing does any more.
        let again_at = (moved || told || ended).then(|| self.now.plus(1));
        if let Some(at) = [wakes_at, asks_at, again_at, self.patience_ends()].into_iter().flatten().min() {
            self.divide_by(at);
        }
    }

    fn divide_by(&mut self, at: TimeMs) {
        let at = grid_point(at, CROWD_GRID_MS);
        let at = self.timers.at(Timer::Crowd).map_or(at, |before| before.min(at));
        self.timers.set(Timer::Crowd, Some(at));
    }

    /// Everybody, in the order of the sessions.
    fn voices(&self) -> Vec<Voice<'_>> {
        self.sessions.values().map(|session| Voice { session, home: self.open_home(session) }).collect()
    }

    /// Who has too many around, with patience both ways. When to look again, if somebody is about to turn.
    fn count_heads(&mut self, earshot: &Earshot) -> Option<TimeMs> {
        let (now, mut wakes_at, mut changed) = (self.now, None, Vec::new());
        for ((id, session), near) in self.sessions.iter_mut().zip(earshot.all()) {
            let count = near.len();
            let crowd = &mut session.crowd;
            let (turns, wait_ms) = if crowd.crowded {
                (count <= CROWD_LEAVE, CROWD_LEAVE_MS)
            } else {
                (count >= CROWD_ENTER, CROWD_ENTER_MS)
            };
            let before = (crowd.crowded, crowd.turned_at);
            match (turns, crowd.turned_at) {
                (false, _) => crowd.turned_at = None,
                (true, None) => crowd.turned_at = Some(now),
                (true, Some(since)) if now.since(since) >= wait_ms => {
                    (crowd.crowded, crowd.turned_at) = (!crowd.crowded, None);
                }
                (true, Some(_)) => {}
            }
            if let Some(since) = crowd.turned_at {
                wakes_at = [wakes_at, Some(since.plus(wait_ms))].into_iter().flatten().min();
            }
            if before != (crowd.crowded, crowd.turned_at) {
                changed.push(*id);
            }
        }
        for id in changed {
            self.save_session(id);
        }
        wakes_at
    }

    /// Whoever is in a crowd, and whom somebody in one hears, publishes in a room.
    fn give_homes(&mut self, earshot: &Earshot, ears: &Ears) -> bool {
        let crowded: Vec<bool> = self.sessions.values().map(|session| session.crowd.crowded).collect();
        let mut wanted = crowded.clone();
        for (_, near) in crowded.iter().zip(earshot.all()).filter(|(crowded, _)| **crowded) {
            for near in near.iter().filter(|near| near.hears.is_some()) {
                if let Some(wanted) = wanted.get_mut(near.index) {
                    *wanted = true;
                }
            }
        }
        if self.rooms.is_empty() && !wanted.contains(&true) {
            return false;
        }
        let id_of = |near: &Near| ears.get(near.index).filter(|_| wanted.get(near.index) == Some(&true));
        let everybody = self.sessions.values().zip(ears).zip(earshot.all()).zip(&wanted);
        let members: BTreeMap<SessionId, Member> = everybody
            .filter(|(_, wanted)| **wanted)
            .map(|(((session, listener), near), _)| {
                let neighbours = near.iter().filter_map(id_of).map(|other| other.id).collect();
                (session.id, Member { at: listener.ear.at, home: session.crowd.home, neighbours })
            })
            .collect();
        let mut next_room = self.record.next_room.max(1);
        let homes = crowd::divide(&members, &mut next_room, self.now);
        let (now, mut moved) = (self.now, Vec::new());
        for (id, session) in &mut self.sessions {
            let (before, home) = (session.crowd.home.map(|(room, _)| room), homes.get(id).copied());
            if before != home {
                session.crowd.leaving.extend(before);
                session.crowd.home = home.map(|room| (room, now));
                if let Some(room) = home {
                    session.crowd.leaving.remove(&room);
                }
                moved.push(*id);
            }
        }
        for &id in &moved {
            self.save_session(id);
        }
        self.open_rooms(&homes, next_room);
        !moved.is_empty()
    }

    /// Those that somebody has as a home and that are not there yet.
    fn open_rooms(&mut self, homes: &BTreeMap<SessionId, u64>, next_room: u64) {
        let now = self.now;
        let mut changed = self.record.next_room != next_room && !homes.is_empty();
        for &room in homes.values() {
            self.rooms.entry(room).or_insert_with(|| {
                changed = true;
                MediaRoomState { asked_at: now.plus(-PLACE_AWAKE_MS), ..MediaRoomState::default() }
            });
        }
        if changed {
            self.record.next_room = next_room;
            self.save_space();
        }
    }

    /// Asks for a node for those rooms that have none. When the next of them is to be asked for again, whatever happens until then.
    fn ask_for_places(&mut self, earshot: &Earshot) -> Option<TimeMs> {
        let now = self.now;
        let mut sizes: BTreeMap<u64, (u32, bool)> = BTreeMap::new();
        for session in self.sessions.values() {
            let Some((room, _)) = session.crowd.home else { continue };
            let (participants, is_used) = sizes.entry(room).or_default();
            *participants += 1;
            *is_used |= session.connection().is_some();
        }
        let (mut asked, mut wakes_at) = (Vec::new(), None);
        // Those who lost their connection ask when they are back.
        for (room, (participants, _)) in sizes.into_iter().filter(|(_, (_, is_used))| *is_used) {
            let Some(state) = self.rooms.get_mut(&room).filter(|state| !state.placed && !state.gone) else { continue };
            if now.since(state.asks_at()) >= 0 {
                state.asked_at = now;
                asked.push((room, participants));
            }
            let again_at = (state.refusals > 0).then(|| state.asks_at());
            wakes_at = [wakes_at, again_at].into_iter().flatten().min();
        }
        if !asked.is_empty() {
            let listeners = self.listeners_to_come(earshot);
            let place = |(room, participants)| {
                let listeners = listeners.get(&room).copied().unwrap_or(0);
                // More are not let in.
                let places = u32::try_from(ROOM_PARTICIPANTS_MAX).unwrap_or(u32::MAX).saturating_sub(participants);
                Output::PlaceRoom { room, participants, listeners: listeners.min(places) }
            };
            self.outputs.extend(asked.into_iter().map(place));
            self.save_space();
        }
        wakes_at
    }

    /// How many will listen in on each room, if all rooms get a node: a stage has one speaker and a hall around it, and the node has to
    /// have places for all of them.
    fn listeners_to_come(&self, earshot: &Earshot) -> BTreeMap<u64, u32> {
        let home = |session: &Session| {
            let (room, _) = session.crowd.home?;
            self.rooms.get(&room).is_some_and(|state| !state.gone).then_some(room)
        };
        let voices: Vec<Voice<'_>> =
            self.sessions.values().map(|session| Voice { session, home: home(session) }).collect();
        let mut listeners: BTreeMap<u64, u32> = BTreeMap::new();
        for (&Voice { session, home }, near) in voices.iter().zip(earshot.all()) {
            for told in self.rooms_of(session, home, &voices, near).iter().filter(|told| !told.publish) {
                *listeners.entry(told.room).or_default() += 1;
            }
        }
        listeners
    }

    /// Ends ways whose place another one has taken, or through which nothing can come any more.
    fn end_ways(&mut self, earshot: &Earshot, ears: &Ears) -> bool {
        let has_rooms = |session: &Session| !session.crowd.peers.is_empty() || !session.crowd.leaving.is_empty();
        if !self.sessions.values().any(has_rooms) {
            return false;
        }
        let voices = self.voices();
        let mut served = vec![true; voices.len()];
        let (mut over, mut lacking) = (Vec::new(), Vec::new());
        for (a, near) in earshot.all().enumerate() {
            for near in near.iter().filter(|near| near.index > a) {
                let (Some(&one), Some(&other)) = (voices.get(a), voices.get(near.index)) else { continue };
                let (mut needs_direct, mut is_served) = (false, true);
                for (listener, speaker, hears) in [(one, other, near.hears), (other, one, near.heard)] {
                    if hears.is_none() || flows_through_room(listener, speaker) {
                        continue;
                    }
                    needs_direct = true;
                    // Who has no place for the speaker's new room waits for nothing.
                    let is_beyond = speaker.home.is_some_and(|home| !listener.session.crowd.is_told(home));
                    // Nor does it help to go on in the old one where it was never heard, nor will be.
                    let is_hopeless = speaker.session.crowd.home.is_some_and(|(_, at)| self.now.since(at) >= HOPE_MS)
                        && ![listener, speaker].iter().all(|voice| self.is_reachable(voice.session))
                        && !flows_through_left(listener.session, speaker.session);
                    is_served &= is_beyond || is_hopeless || flows_directly(one.session, other.session);
                }
                if !is_served {
                    for index in [a, near.index] {
                        if let Some(served) = served.get_mut(index) {
                            *served = false;
                        }
                    }
                }
                let (one, other) = (one.session, other.session);
                let is_linked = one.peers.contains_key(&other.id);
                if is_linked && !needs_direct {
                    over.push((one.id, other.id));
                }
                // Whom a room was to serve and does not has a direct connection instead, if there is a place.
                if !is_linked
                    && needs_direct
                    && (one.crowd.hears(other.id) || other.crowd.hears(one.id))
                    && !(self.is_reachable(one) && self.is_reachable(other))
                {
                    lacking.push((one.id, other.id));
                }
            }
        }
        let flowing = self.flowing_rooms();
        let mut ended = Vec::new();
        for ((&id, session), is_served) in self.sessions.iter_mut().zip(served) {
            let before = session.crowd.leaving.len();
            if is_served {
                session.crowd.leaving.clear();
            } else {
                let rooms = &self.rooms;
                let is_alive = |room: &u64| rooms.get(room).is_some_and(|state| !state.gone || flowing.contains(room));
                session.crowd.leaving.retain(is_alive);
            }
            if session.crowd.leaving.len() != before {
                ended.push(id);
            }
        }
        for &id in &ended {
            self.save_session(id);
        }
        for (a, b) in over {
            self.unlink(a, b);
        }
        for (a, b) in lacking {
            self.try_link(a, b, ears, false, &mut BTreeSet::new());
        }
        !ended.is_empty()
    }

    /// Of which anybody says that something comes through them.
    fn flowing_rooms(&self) -> BTreeSet<u64> {
        let connected = self.sessions.values().filter(|session| session.connection().is_some());
        connected.flat_map(|session| session.crowd.flows.rooms.iter().copied()).collect()
    }

    /// Says to everybody which rooms to be in, and whom they hear there.
    fn tell_rooms(&mut self, earshot: &Earshot, ears: &Ears) -> bool {
        let voices = self.voices();
        let everybody = voices.iter().zip(earshot.all());
        let mut rooms: Vec<Vec<MediaRoom>> =
            everybody.map(|(&Voice { session, home }, near)| self.rooms_of(session, home, &voices, near)).collect();
        leave_out(&mut rooms, &voices, earshot, ears);
        let mut told = Vec::new();
        let mut audiences = vec![0_u32; voices.len()];
        for ((&Voice { session, .. }, near), rooms) in voices.iter().zip(earshot.all()).zip(rooms) {
            let mut peers = Vec::new();
            // Who is in no room hears nobody in one.
            for near in near.iter().filter(|_| !rooms.is_empty()) {
                let (Some(other), Some(loudness)) = (voices.get(near.index), near.hears) else { continue };
                let heard = near.heard.is_some();
                let home = home_for(session, other, heard);
                let mut ways = home.into_iter().chain(other.session.crowd.leaving.iter().copied());
                if !ways.any(|room| rooms.iter().any(|told| told.room == room)) {
                    continue;
                }
                if let Some(audience) = audiences.get_mut(near.index).filter(|_| !heard) {
                    *audience += 1;
                }
                if peers.len() < ROOM_PEERS_MAX {
                    let full_volume = loudness == Loudness::Full;
                    peers.push(RoomPeer { session_id: other.session.id, hears: true, heard, full_volume });
                }
            }
            told.push((session.id, rooms, peers));
        }
        let mut any = false;
        for ((id, rooms, peers), audience) in told.into_iter().zip(audiences) {
            let Some(Session { crowd, .. }) = self.sessions.get_mut(&id) else { continue };
            let (same_rooms, same_audience) =
                (rooms == crowd.rooms && peers == crowd.peers, audience == crowd.audience);
            if same_rooms && same_audience {
                continue;
            }
            (crowd.rooms, crowd.peers, crowd.audience) = (rooms, peers, audience);
            self.save_session(id);
            self.listening.tell.insert(id);
            if !same_rooms {
                any = true;
                // Who was reached through a room, and is not any more, may need a connection.
                self.look(id);
            }
        }
        any
    }

    /// Its home; those it listens in on, a stage's first and then those with most voices; and all that are about to be left.
    fn rooms_of(&self, session: &Session, home: Option<u64>, voices: &[Voice<'_>], near: &[Near]) -> Vec<MediaRoom> {
        let mut listened: BTreeMap<u64, (bool, usize)> = BTreeMap::new();
        let mut left: BTreeSet<u64> = BTreeSet::new();
        for near in near {
            let (Some(other), Some(loudness)) = (voices.get(near.index), near.hears) else { continue };
            left.extend(&other.session.crowd.leaving);
            if let Some(room) = home_for(session, other, near.heard.is_some()) {
                let count = listened.entry(room).or_default();
                *count = (count.0 || loudness == Loudness::Full, count.1 + 1);
            }
        }
        let mut listened: Vec<_> = listened.into_iter().filter(|(room, _)| Some(*room) != home).collect();
        listened.sort_by_key(|&(room, count)| (std::cmp::Reverse(count), room));
        let homes = home.map(|room| MediaRoom { room, publish: true, leaving: false });
        let mut rooms: Vec<MediaRoom> = homes.into_iter().collect();
        let listened = listened.into_iter().take(LISTENED_ROOMS_MAX);
        rooms.extend(listened.map(|(room, _)| MediaRoom { room, publish: false, leaving: false }));
        let is_placed = |room: &&u64| self.rooms.get(room).is_some_and(|state| state.placed);
        let own = session.crowd.leaving.iter().filter(is_placed).map(|&room| (room, true));
        for (room, publish) in own.chain(left.iter().filter(is_placed).map(|&room| (room, false))) {
            if let Some(told) = rooms.iter_mut().find(|told| told.room == room) {
                told.publish |= publish;
            } else if rooms.len() < MEDIA_ROOMS_MAX {
                let leaving = publish || self.rooms.get(&room).is_some_and(|state| state.gone);
                rooms.push(MediaRoom { room, publish, leaving });
            }
        }
        rooms.sort_by_key(|told| told.room);
        rooms
    }

    /// Rooms in which nobody is, or is to be, are no more.
    fn close_rooms(&mut self) {
        let used: BTreeSet<u64> = self
            .sessions
            .values()
            .flat_map(|session| {
                let Crowd { home, leaving, rooms, .. } = &session.crowd;
                home.map(|(room, _)| room)
                    .into_iter()
                    .chain(leaving.iter().copied())
                    .chain(rooms.iter().map(|told| told.room))
            })
            .collect();
        let closed: Vec<u64> = self.rooms.keys().copied().filter(|room| !used.contains(room)).collect();
        if closed.is_empty() {
            return;
        }
        for room in &closed {
            self.rooms.remove(room);
        }
        self.save_space();
        self.outputs.push_back(Output::Hearing { rooms: Vec::new(), closed });
    }

    /// Says to the nodes who is in which room and hears whom, where that changed.
    fn tell_nodes(&mut self, earshot: &Earshot, ears: &Ears) {
        let mut rooms: BTreeMap<u64, RoomHearing> = BTreeMap::new();
        let voices = self.voices();
        for (index, &Voice { session, .. }) in voices.iter().enumerate() {
            for &MediaRoom { room, publish, .. } in &session.crowd.rooms {
                let hears = hears_in(room, index, &voices, earshot, ears);
                let is_home = session.crowd.home.is_some_and(|(home, _)| home == room);
                let reduced = !is_home
                    && !session.crowd.leaving.contains(&room)
                    && hears.iter().all(|&(_, _, pinned)| pinned == 0);
                let told = rooms.entry(room).or_default();
                told.participants.push(ParticipantHearing { session: session.id.0, publish, reduced, hears });
            }
        }
        let flowing = self.flowing_rooms();
        let (now, mut changed) = (self.now, Vec::new());
        for (room, hearing) in rooms {
            // A node that is about to end goes on forwarding, and whoever loses a right loses it there too.
            let hears = |state: &&mut MediaRoomState| state.placed && (!state.gone || flowing.contains(&room));
            let Some(state) = self.rooms.get_mut(&room).filter(hears) else { continue };
            if state.told.as_ref().is_some_and(|told| told.participants == hearing.participants) {
                continue;
            }
            let before = state.told.as_ref().map_or(0, |told| told.revision);
            let revision = u64::try_from(now.0).unwrap_or(0).max(before + 1);
            let hearing = RoomHearing { room, revision, ..hearing };
            state.told = Some(hearing.clone());
            changed.push(hearing);
        }
        if !changed.is_empty() {
            self.outputs.push_back(Output::Hearing { rooms: changed, closed: Vec::new() });
        }
    }
}

/// Nobody is told of a room that is full: it is for those who publish there, and then for those who stand nearest to somebody they hear
/// there. Who was told of it already counts as nearer, so that a step of somebody does not exchange others.
fn leave_out(rooms: &mut [Vec<MediaRoom>], voices: &[Voice<'_>], earshot: &Earshot, ears: &Ears) {
    let mut sizes: BTreeMap<u64, usize> = BTreeMap::new();
    for told in rooms.iter().flatten() {
        *sizes.entry(told.room).or_default() += 1;
    }
    for (room, _) in sizes.into_iter().filter(|&(_, size)| size > ROOM_PARTICIPANTS_MAX) {
        let rank = |(index, rooms): (usize, &Vec<MediaRoom>)| {
            let (told, voice) = (rooms.iter().find(|told| told.room == room)?, voices.get(index)?);
            let far = if told.publish { 0 } else { way_to(room, index, voices, earshot, ears) };
            let margin = if voice.session.crowd.is_told(room) { i64::from(SWAP_MARGIN) } else { 0 };
            Some((voice.home != Some(room), !told.publish, far - margin, index))
        };
        let mut inside: Vec<_> = rooms.iter().enumerate().filter_map(rank).collect();
        inside.sort_unstable();
        for (.., index) in inside.drain(ROOM_PARTICIPANTS_MAX.min(inside.len())..) {
            if let Some(rooms) = rooms.get_mut(index) {
                rooms.retain(|told| told.room != room);
            }
        }
    }
}

/// How far somebody stands from the nearest of those they hear in a room.
fn way_to(room: u64, index: usize, voices: &[Voice<'_>], earshot: &Earshot, ears: &Ears) -> i64 {
    let Some(own) = ears.get(index) else { return i64::MAX / 2 };
    let distance = |near: &Near| {
        let (speaker, other) = (voices.get(near.index)?.session, ears.get(near.index)?);
        (near.hears.is_some() && publishes_in(room, speaker)).then(|| own.ear.distance_squared(&other.ear))
    };
    earshot.near(index).iter().filter_map(distance).min().map_or(i64::MAX / 2, root)
}

fn publishes_in(room: u64, speaker: &Session) -> bool {
    speaker.crowd.home.is_some_and(|(home, _)| home == room) || speaker.crowd.leaving.contains(&room)
}

/// Whom somebody hears in a room: those who publish there.
fn hears_in(room: u64, index: usize, voices: &[Voice<'_>], earshot: &Earshot, ears: &Ears) -> Vec<(u32, u8, u8)> {
    let (Some(Voice { session, .. }), Some(own)) = (voices.get(index), ears.get(index)) else { return Vec::new() };
    let heard = |near: &Near| {
        let (speaker, other, loudness) = (voices.get(near.index)?.session, ears.get(near.index)?, near.hears?);
        if !publishes_in(room, speaker) || !session.crowd.hears(speaker.id) {
            return None;
        }
        let pinned = matches!(other.ear.acoustics, Acoustics::Open { stage: Some(_) }) && loudness == Loudness::Full;
        let weight = match loudness {
            Loudness::Full => 100,
            Loudness::ByDistance => weight(root(own.ear.distance_squared(&other.ear))),
        };
        Some((speaker.id.0, weight, u8::from(pinned)))
    };
    earshot.near(index).iter().filter_map(heard).collect()
}

/// The room in which somebody is heard by somebody: two who hear each other, and of whom only one is in a crowd, are
/// connected directly.
fn home_for(listener: &Session, speaker: &Voice<'_>, heard: bool) -> Option<u64> {
    speaker.home.filter(|_| listener.crowd.home.is_some() || !heard)
}

fn flows_through_room(listener: Voice<'_>, speaker: Voice<'_>) -> bool {
    let (listener, speaker, home) = (listener.session, speaker.session, speaker.home);
    let flows = |one: &Session, room: u64| one.crowd.flows.rooms.contains(&room);
    home.is_some_and(|room| flows(listener, room) && flows(speaker, room)) && listener.crowd.hears(speaker.id)
}

/// It is still heard in a room that the speaker is about to leave.
fn flows_through_left(listener: &Session, speaker: &Session) -> bool {
    let flows = |one: &Session, room: &u64| one.crowd.flows.rooms.contains(room);
    speaker.crowd.leaving.iter().any(|room| flows(listener, room) && flows(speaker, room))
}

/// Both say that they hear each other over their own connection.
fn flows_directly(a: &Session, b: &Session) -> bool {
    a.crowd.flows.peers.contains(&b.id) && b.crowd.flows.peers.contains(&a.id) && a.peers.contains_key(&b.id)
}

/// In four steps, so that who walks by does not cause a word with each step.
fn weight(distance: i64) -> u8 {
    let quarters = 4 - (4 * distance / i64::from(EARSHOT_LEAVE)).clamp(0, 3);
    u8::try_from(25 * quarters).unwrap_or(25)
}
