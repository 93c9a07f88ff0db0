//! Conversations: who is connected to whom, and what each is told of it.
//!
//! A pair is looked at when one of the two comes, goes, changes status or locks, and by timer while one walks. Looks by timer
//! happen on a grid of absolute time, and a point of the grid is left out only where nothing can change before the next:
//! so it does not matter when the looks before were, and an eviction in between is not noticed. All who walk are looked
//! at together, however many intents came in between.
//!
//! Absent on purpose: chains. That A hears B and B hears C connects nobody else; only a lock speaks of all of them.

use std::collections::BTreeSet;

use earshot_protocol::hearing::{PEERS_MAX, SIGNAL_BYTES_MAX};
use earshot_protocol::units::{Gait, TimeMs};
use earshot_protocol::{
    Channel, Hearing, Peer, Room, SessionId, Signal, SignalRefusal, SignalRefused, SpaceToClient, Status,
};
use earshot_world::earshot::{Acoustics, EARSHOT_ENTER, EARSHOT_LEAVE, Ear, Loudness, distance_to_edge};
use prost::Message;

use super::earshot::root;
use super::{Output, Space};
use crate::limits::{LISTEN_GRID_MS, LOOKS_PER_SESSION_MAX, SWAP_GRID_MS, SWAP_MARGIN};
use crate::session::{Link, Peering, Session};
use crate::state::SessionRecord;
use crate::timers::Timer;

/// What waits to be looked at and told before the next output.
#[derive(Debug, Default)]
pub(super) struct Listening {
    /// Whose surroundings have to be looked at.
    look: BTreeSet<SessionId>,
    /// The same, because a point of the grid has come.
    tick: BTreeSet<SessionId>,
    /// And it is one at which somebody far may be given up for somebody near, and those in earshot are counted again.
    swap_tick: bool,
    /// Whose hearing may be another.
    pub tell: BTreeSet<SessionId>,
    /// How a crowd is served has to be looked at.
    pub divide: bool,
}

/// How two stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relation {
    Apart,
    /// Only a lock keeps them apart.
    LockedOut,
    /// How loud the second is to the first, and the first to the second; not both none.
    Audible(Option<Loudness>, Option<Loudness>),
}

/// Somebody's ears and whether they are open, now.
pub(super) struct Listener {
    pub id: SessionId,
    pub ear: Ear,
    /// Not to be disturbed.
    quiet: bool,
    connected: bool,
    /// Sub-pixels a second, at the most.
    speed: i64,
}

/// Everybody's, in the order of the sessions.
pub(super) type Ears = Vec<Listener>;

impl Space {
    /// Somebody did something that may change whom they hear.
    pub(super) fn look(&mut self, id: SessionId) {
        self.listening.look.insert(id);
    }

    /// Somebody set out, turned or stopped: that is looked at on the next point of the grid, together with all others.
    pub(super) fn look_soon(&mut self, id: SessionId) {
        self.timers.set(Timer::Listen(id), Some(grid_point(self.now.plus(1), self.listen_grid_ms())));
    }

    /// A point of the grid at which somebody on the way has to be looked at.
    pub(super) fn look_by_timer(&mut self, id: SessionId, due: TimeMs) {
        self.listening.tick.insert(id);
        self.listening.swap_tick |= due.0 % SWAP_GRID_MS == 0;
    }

    /// The whole of what somebody hears has to be told, whatever was told before.
    pub(super) fn tell_anew(&mut self, id: SessionId) {
        if let Some(session) = self.sessions.get_mut(&id) {
            session.told = None;
        }
        self.look(id);
    }

    /// Passes a signal on, or says why not.
    pub(super) fn handle_signal(&mut self, from: SessionId, signal: Signal, paid: bool) {
        let refusal = if paid { self.refusal(from, &signal) } else { Some(SignalRefusal::TooFast) };
        let Some(sender) = self.sessions.get_mut(&from) else { return };
        let sender_connection = sender.connection();
        if let Some(reason) = refusal {
            sender.counters.count_refused(reason);
            let refused = SpaceToClient::SignalRefused(SignalRefused { to: signal.peer, reason });
            let to = sender_connection.into_iter().collect();
            return self.outputs.push_back(Output::Send { to, frame: refused.encode().into() });
        }
        sender.counters.signals_relayed += 1;
        let to = self.sessions.get(&signal.peer).and_then(Session::connection).into_iter().collect();
        let frame = SpaceToClient::Signal(Signal { peer: from, ..signal }).encode().into();
        self.outputs.push_back(Output::Send { to, frame });
    }

    fn refusal(&self, from: SessionId, signal: &Signal) -> Option<SignalRefusal> {
        if signal.payload.len() > SIGNAL_BYTES_MAX {
            return Some(SignalRefusal::TooLong);
        }
        let peering = self.sessions.get(&from).and_then(|session| session.peers.get(&signal.peer));
        let (Some(peering), Some(peer)) = (peering, self.sessions.get(&signal.peer)) else {
            return Some(SignalRefusal::OutOfEarshot);
        };
        if peering.epoch != signal.epoch {
            return Some(SignalRefusal::Stale);
        }
        peer.connection().is_none().then_some(SignalRefusal::Away)
    }

    /// Another run of the same client: the peers have to make their connections anew.
    pub(super) fn renew_peerings(&mut self, id: SessionId) {
        let now = self.now;
        let peers: Vec<_> =
            self.sessions.get(&id).map(|session| session.peers.keys().copied().collect()).unwrap_or_default();
        for peer in peers {
            for (one, other) in [(id, peer), (peer, id)] {
                if let Some(peering) = self.sessions.get_mut(&one).and_then(|session| session.peers.get_mut(&other)) {
                    peering.epoch = now.max(peering.epoch.plus(1));
                }
            }
            self.listening.tell.insert(peer);
            self.save_session(peer);
        }
    }

    /// Somebody is about to be forgotten.
    pub(super) fn end_peerings(&mut self, id: SessionId) {
        let peers: Vec<_> =
            self.sessions.get(&id).map(|session| session.peers.keys().copied().collect()).unwrap_or_default();
        for peer in peers {
            self.unlink(id, peer);
            self.look(peer);
        }
        self.timers.set(Timer::Listen(id), None);
        self.divide_soon();
        let counted = |session: &&Session| session.told.as_ref().is_some_and(|told| told.beyond + told.locked_out > 0);
        self.listening.tell.extend(self.sessions.values().filter(counted).map(|session| session.id));
    }

    /// After a restart: who walks is listened for. Peerings of which one half was lost are found when one is looked at, and
    /// not now: the other half may come with the very event that woke the space.
    pub(super) fn listen_to_walkers(&mut self) {
        let ears = self.ears();
        for id in self.sessions.keys().copied().collect::<Vec<_>>() {
            self.listen_again(id, &ears, self.now.plus(-1));
        }
    }

    /// Looks at all that wait to be looked at, and makes the frames for those whose hearing changed.
    pub(super) fn settle_conversations(&mut self) -> Vec<Output> {
        let Listening { look, tick, swap_tick, tell, divide } = std::mem::take(&mut self.listening);
        if look.is_empty() && tick.is_empty() && tell.is_empty() && !divide {
            return Vec::new();
        }
        self.listening.tell = tell;
        let ears = self.ears();
        if !look.is_empty() || !tick.is_empty() {
            self.divide_soon();
        }
        self.look_at_all(look, &ears, true);
        self.look_at_all(tick, &ears, swap_tick);
        if std::mem::take(&mut self.listening.divide) || divide {
            self.divide_crowds(&ears);
            let look = std::mem::take(&mut self.listening.look);
            self.look_at_all(look, &ears, true);
        }
        self.tell_hearing(&ears)
    }

    /// With `thorough`, places may be swapped, and all whose counts may be others are told.
    fn look_at_all(&mut self, mut work: BTreeSet<SessionId>, ears: &Ears, thorough: bool) {
        let mut looks = self.sessions.len() * LOOKS_PER_SESSION_MAX;
        let mut seen = BTreeSet::new();
        while let Some(id) = work.pop_first() {
            seen.insert(id);
            self.look_at(id, ears, thorough, &mut work);
            self.unlock_if_alone(id, &mut work);
            looks = looks.saturating_sub(1);
            if looks == 0 {
                // Those who displace each other without end would be a fault of ours; they wait for their next step.
                break;
            }
        }
        for id in seen {
            self.listen_again(id, ears, self.now);
        }
    }

    /// Ends what no longer holds around one person, and begins what does. Who got a free place is added to the work.
    fn look_at(&mut self, id: SessionId, ears: &Ears, thorough: bool, work: &mut BTreeSet<SessionId>) {
        let (Some(session), Some(listener)) = (self.sessions.get(&id), listener(ears, id)) else { return };
        let (room, area) = (room_of(listener), listener.ear.private_area(&self.map));
        if thorough || (room, area) != (session.room, session.area) {
            self.listening.tell.insert(id);
        }
        let (mut candidates, mut changed) = (Vec::new(), Vec::new());
        let is_half = |peer: &SessionId| !self.sessions.get(peer).is_some_and(|peer| peer.peers.contains_key(&id));
        let mut ended: Vec<_> = session.peers.keys().copied().filter(is_half).collect();
        for (other, other_listener) in self.sessions.values().zip(ears) {
            if other.id == id {
                continue;
            }
            let relation = self.relation((session, listener), (other, other_listener));
            let linked = session.peers.contains_key(&other.id);
            if relation == Relation::Apart && !thorough && !linked {
                continue;
            }
            match relation {
                Relation::Audible(hears, heard)
                    if !linked && self.rooms_serve(session, other, hears.is_some(), heard.is_some()) => {}
                Relation::Audible(..) if !linked => {
                    candidates.push((root(listener.ear.distance_squared(&other_listener.ear)), other.id));
                }
                Relation::Audible(hears, heard) => {
                    let half = |session: &Session, id| session.peers.get(&id).and_then(|peering| peering.hears);
                    if (half(session, other.id), half(other, id)) != (hears, heard) {
                        changed.push((other.id, hears, heard));
                    }
                }
                Relation::Apart | Relation::LockedOut if linked => ended.push(other.id),
                Relation::Apart | Relation::LockedOut => {}
            }
            let counted = other.told.as_ref().is_some_and(|told| told.beyond + told.locked_out > 0);
            if thorough && (counted || relation != Relation::Apart) {
                self.listening.tell.insert(other.id);
            }
        }
        if let Some(session) = self.sessions.get_mut(&id)
            && (session.room, session.area) != (room, area)
        {
            let has_left = session.area != area && session.looking == session.area.map(Channel::Area);
            (session.room, session.area) = (room, area);
            self.save_session(id);
            if area.is_some() {
                self.entered.insert(id);
            }
            if has_left && self.sessions.get(&id).is_some_and(|session| session.looking.is_some()) {
                self.set_looking(id, None);
            }
        }
        for (other, hears, heard) in changed {
            self.set_half(id, other, hears);
            self.set_half(other, id, heard);
        }
        for other in ended {
            work.extend(self.unlink(id, other));
            self.unlock_if_alone(other, work);
        }
        candidates.sort_unstable();
        for &(between, other) in &candidates {
            // Whoever comes later is farther away still.
            if !self.has_place_at(id, between, ears, thorough) {
                break;
            }
            self.try_link(id, other, ears, thorough, work);
        }
        if thorough {
            candidates.truncate(2 * PEERS_MAX);
            self.make_places(id, &candidates, ears);
        }
    }

    /// Gives places to somebody who comes late to a full conversation: two who are connected to each other, neither of them
    /// nearer to the other than to the latecomer by much, let go of each other for it. One connection becomes two.
    fn make_places(&mut self, id: SessionId, candidates: &[(i64, SessionId)], ears: &Ears) {
        loop {
            let peers_of = |id| self.sessions.get(&id).map(|session: &Session| &session.peers);
            let Some(own) = peers_of(id) else { return };
            if own.len() + 2 > PEERS_MAX {
                return;
            }
            let full = || candidates.iter().filter(|(_, other)| !own.contains_key(other));
            let pairs = full().flat_map(|&(far_a, a)| full().map(move |&(far_b, b)| (far_a.max(far_b), a, b)));
            let connected = pairs.filter(|&(_, a, b)| a < b && peers_of(a).is_some_and(|peers| peers.contains_key(&b)));
            let fair = connected.filter_map(|(far, a, b)| {
                let between = distance(ears, a, b);
                (self.is_equally_near(id, a, ears) || far <= between + i64::from(SWAP_MARGIN))
                    .then_some((between, a, b))
            });
            let Some((_, a, b)) = fair.max() else { return };
            self.unlink(a, b);
            self.link(id, a, ears);
            self.link(id, b, ears);
        }
    }

    /// Whether all in the room are equally near for the ears, so that nobody is given up for somebody nearer.
    fn is_equally_near(&self, a: SessionId, b: SessionId, ears: &Ears) -> bool {
        [(a, b), (b, a)].iter().any(|&(one, other)| self.loudness(one, other, ears) == Some(Loudness::Full))
    }

    /// Whether somebody has a place for another who is that far away, or would give up one who is much further.
    fn has_place_at(&self, id: SessionId, between: i64, ears: &Ears, may_swap: bool) -> bool {
        let Some(session) = self.sessions.get(&id).filter(|session| session.peers.len() >= PEERS_MAX) else {
            return true;
        };
        let is_farther = |&peer: &SessionId| distance(ears, id, peer) > between + i64::from(SWAP_MARGIN);
        may_swap && session.peers.keys().any(is_farther)
    }

    /// Connects two if both have a place, or if each gives up somebody who is much further away.
    pub(super) fn try_link(
        &mut self,
        a: SessionId,
        b: SessionId,
        ears: &Ears,
        may_swap: bool,
        work: &mut BTreeSet<SessionId>,
    ) {
        let between = distance(ears, a, b);
        let may_swap = may_swap && !self.is_equally_near(a, b, ears);
        let mut given_up = Vec::new();
        for one in [a, b] {
            let Some(session) = self.sessions.get(&one) else { return };
            if session.peers.len() < PEERS_MAX {
                continue;
            }
            let farthest = session.peers.keys().map(|&peer| (distance(ears, one, peer), peer)).max();
            match farthest {
                Some((far, peer)) if may_swap && far > between + i64::from(SWAP_MARGIN) => given_up.push((one, peer)),
                _ => return,
            }
        }
        for (one, peer) in given_up {
            self.unlink(one, peer);
            work.insert(peer);
        }
        self.link(a, b, ears);
    }

    fn link(&mut self, a: SessionId, b: SessionId, ears: &Ears) {
        for (one, other) in [(a, b), (b, a)] {
            let hears = self.loudness(one, other, ears);
            if let Some(session) = self.sessions.get_mut(&one) {
                session.peers.insert(other, Peering { epoch: self.now, hears });
                session.counters.peerings_begun += 1;
            }
            self.listening.tell.insert(one);
            self.save_session(one);
        }
    }

    /// How loud a peer is has changed: somebody went onto a stage, or left it.
    fn set_half(&mut self, id: SessionId, peer: SessionId, hears: Option<Loudness>) {
        if let Some(peering) = self.sessions.get_mut(&id).and_then(|session| session.peers.get_mut(&peer)) {
            peering.hears = hears;
            self.listening.tell.extend([id, peer]);
            self.save_session(id);
        }
    }

    /// How loud somebody in earshot is to one.
    fn loudness(&self, one: SessionId, other: SessionId, ears: &Ears) -> Option<Loudness> {
        listener(ears, one)?.ear.hears(&self.map, &listener(ears, other)?.ear, true)
    }

    /// Ends a peering. Returns those of the two who had no place for another before.
    pub(super) fn unlink(&mut self, a: SessionId, b: SessionId) -> Vec<SessionId> {
        let mut freed = Vec::new();
        for (one, other) in [(a, b), (b, a)] {
            let Some(session) = self.sessions.get_mut(&one) else { continue };
            let was_full = session.peers.len() >= PEERS_MAX;
            if session.peers.remove(&other).is_some() {
                session.crowd.flows.peers.retain(|&peer| peer != other);
                session.counters.peerings_ended += 1;
                freed.extend(was_full.then_some(one));
                self.listening.tell.insert(one);
                self.save_session(one);
            }
        }
        freed
    }

    pub(super) fn relation(&self, a: (&Session, &Listener), b: (&Session, &Listener)) -> Relation {
        let ((a, ear_a), (b, ear_b)) = (a, b);
        let off_stage = |listener: &Listener| listener.ear.acoustics == Acoustics::Open { stage: None };
        if off_stage(ear_a) && off_stage(ear_b) && apart(ear_a, ear_b) > EARSHOT_LEAVE {
            // Most are far from each other, and this is asked very often.
            return Relation::Apart;
        }
        let linked = a.peers.contains_key(&b.id) || a.crowd.hears(b.id) || b.crowd.hears(a.id);
        let reachable = linked || (ear_a.connected && ear_b.connected);
        if !reachable || ear_a.quiet || ear_b.quiet || a.is_shut_off_from(b) {
            return Relation::Apart;
        }
        match (ear_a.ear.hears(&self.map, &ear_b.ear, linked), ear_b.ear.hears(&self.map, &ear_a.ear, linked)) {
            (None, None) => Relation::Apart,
            _ if a.lock != b.lock => Relation::LockedOut,
            (a_hears, b_hears) => Relation::Audible(a_hears, b_hears),
        }
    }

    fn ears(&self) -> Ears {
        let listener = |session: &Session| Listener {
            id: session.id,
            ear: Ear::at(&self.map, session.course.position_at(self.now)),
            quiet: session.status == Status::DoNotDisturb,
            connected: session.connection().is_some(),
            speed: speed(session, self.now),
        };
        self.sessions.values().map(listener).collect()
    }

    // ---- telling -----------------------------------------------------------------------------------------------------

    fn tell_hearing(&mut self, ears: &Ears) -> Vec<Output> {
        let mut frames = Vec::new();
        for id in std::mem::take(&mut self.listening.tell) {
            let Some(session) = self.sessions.get(&id) else { continue };
            let Some(connection) = session.connection() else { continue };
            let hearing = self.hearing(session, ears);
            if session.told.as_ref() == Some(&hearing) {
                continue;
            }
            let frame = SpaceToClient::Hearing(hearing.clone()).encode().into();
            frames.push(Output::Send { to: vec![connection], frame });
            if let Some(session) = self.sessions.get_mut(&id) {
                session.told = Some(hearing);
            }
            self.save_session(id);
        }
        frames
    }

    /// All that one is told of whom one hears.
    fn hearing(&self, session: &Session, ears: &Ears) -> Hearing {
        let mut hearing = Hearing {
            room: session.room,
            locked: session.lock.is_some(),
            area: session.area,
            media_rooms: session.crowd.rooms.clone(),
            room_peers: session.crowd.peers.clone(),
            audience: session.crowd.audience,
            ..Hearing::default()
        };
        let Some(own) = listener(ears, session.id) else { return hearing };
        for (other, other_listener) in self.sessions.values().zip(ears) {
            if other.id == session.id {
                continue;
            }
            // As of the last look, which both sides were told of together, and not as of now.
            if let Some(&Peering { epoch, hears }) = session.peers.get(&other.id) {
                let heard = other.peers.get(&session.id).is_some_and(|half| half.hears.is_some());
                hearing.peers.push(Peer {
                    session_id: other.id,
                    epoch,
                    polite: session.id < other.id,
                    hears: hears.is_some(),
                    heard,
                    full_volume: hears == Some(Loudness::Full),
                });
                continue;
            }
            match self.relation((session, own), (other, other_listener)) {
                Relation::Apart => {}
                Relation::Audible(hears, _) => {
                    // Whoever is heard through a room is not beyond it, also where they hear others instead of oneself.
                    let is_served = match hears {
                        Some(_) => session.crowd.hears(other.id),
                        None => other.crowd.hears(session.id),
                    };
                    hearing.beyond += u32::from(!is_served);
                }
                Relation::LockedOut => hearing.locked_out += 1,
            }
        }
        hearing
    }

    /// Keeps what changed of a session: with its socket, or, lost, as a row.
    pub(super) fn save_session(&mut self, id: SessionId) {
        let Some(session) = self.sessions.get(&id) else { return };
        match session.link {
            Link::Connected(connection) => {
                self.dirty.insert(connection);
            }
            Link::Lost { .. } => {
                let record = SessionRecord::of(session).encode_to_vec();
                self.outputs.push_back(Output::SaveLost { session_id: id, record });
            }
        }
    }

    // ---- time --------------------------------------------------------------------------------------------------------

    /// Sets the time of the next look at somebody who walks: the first point of the grid, after `after`, at which anything
    /// between them and anybody else could have become otherwise.
    pub(super) fn listen_again(&mut self, id: SessionId, ears: &Ears, after: TimeMs) {
        let at = self.sessions.get(&id).and_then(|session| self.next_look(session, ears, after));
        self.timers.set(Timer::Listen(id), at);
    }

    fn next_look(&self, session: &Session, ears: &Ears, after: TimeMs) -> Option<TimeMs> {
        let grid = self.listen_grid_ms();
        let end = session.course.end();
        let (last, last_swap) = (grid_point(end, grid), grid_point(end, SWAP_GRID_MS));
        if last_swap <= after {
            return None;
        }
        let own = listener(ears, session.id)?;
        let mut quiet_ms = time_for(distance_to_edge(&self.map, own.ear.at).into(), own.speed);
        let mut crowded = session.peers.len() >= PEERS_MAX || session.crowd.home.is_some();
        for (other, ear) in self.sessions.values().zip(ears) {
            if other.id == session.id {
                continue;
            }
            let linked =
                session.peers.contains_key(&other.id) || session.crowd.hears(other.id) || other.crowd.hears(session.id);
            let apart = apart(own, ear);
            let speeds = own.speed + ear.speed;
            if apart > 2 * EARSHOT_LEAVE && !linked {
                // Far away in one direction already: no need for a root.
                quiet_ms = quiet_ms.min(time_for((apart - EARSHOT_LEAVE).into(), speeds));
                continue;
            }
            let reach = i64::from(if linked { EARSHOT_LEAVE } else { EARSHOT_ENTER });
            let between = root(own.ear.distance_squared(&ear.ear));
            quiet_ms = quiet_ms.min(time_for((between - reach).abs() - 1, speeds));
            // A pair that should have been connected or parted at the last look is so at the next.
            let overdue = match self.relation((session, own), (other, ear)) {
                Relation::Audible(..) => !linked && session.peers.len().max(other.peers.len()) < PEERS_MAX,
                Relation::Apart | Relation::LockedOut => linked,
            };
            if overdue {
                quiet_ms = 0;
            }
            let counts = other.peers.len() >= PEERS_MAX || other.lock != session.lock;
            crowded |= between <= i64::from(EARSHOT_LEAVE) && counts;
        }
        let at = grid_point(after.plus(quiet_ms.max(1)), grid).min(last);
        // In a crowd, who is nearest changes with every step, and is looked at once more after the last.
        let swap_at = crowded.then(|| grid_point(after.plus(1), SWAP_GRID_MS));
        (at > after).then_some(at).into_iter().chain(swap_at).min()
    }

    fn listen_grid_ms(&self) -> i64 {
        // Doubled, so that every width divides the wider ones, and those of swaps and crowds.
        LISTEN_GRID_MS << (self.sessions.len() / 300).min(2)
    }
}

/// The first point of the grid that is not before a time.
pub(super) fn grid_point(at: TimeMs, grid_ms: i64) -> TimeMs {
    TimeMs(at.0.saturating_add(grid_ms - 1).div_euclid(grid_ms).saturating_mul(grid_ms))
}

/// Sub-pixels a second, never less than is true: around corners one is nudged along both axes at once.
fn speed(session: &Session, now: TimeMs) -> i64 {
    if session.course.end() <= now {
        return 0;
    }
    let gait = session.course.gait_at(now).unwrap_or(Gait::Run);
    i64::from(gait.speed()) * 3 / 2
}

/// Milliseconds in which that far cannot be gone.
fn time_for(distance: i64, speed: i64) -> i64 {
    if speed == 0 { i64::from(i32::MAX) } else { distance.max(0).saturating_mul(1_000) / speed }
}

pub(super) fn listener(ears: &Ears, id: SessionId) -> Option<&Listener> {
    ears.binary_search_by_key(&id, |listener| listener.id).ok().and_then(|index| ears.get(index))
}

/// Along the axis on which it is more, in sub-pixels: never more than the distance.
fn apart(a: &Listener, b: &Listener) -> i32 {
    (a.ear.at.x - b.ear.at.x).abs().max((a.ear.at.y - b.ear.at.y).abs())
}

fn distance(ears: &Ears, a: SessionId, b: SessionId) -> i64 {
    match (listener(ears, a), listener(ears, b)) {
        (Some(a), Some(b)) => root(a.ear.distance_squared(&b.ear)),
        _ => i64::MAX / 2,
    }
}

fn room_of(listener: &Listener) -> Room {
    match listener.ear.acoustics {
        _ if listener.quiet => Room::Silent,
        Acoustics::Silent => Room::Silent,
        Acoustics::Private { .. } => Room::Private,
        Acoustics::Open { .. } => Room::Open,
    }
}
