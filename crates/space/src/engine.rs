//! Inputs, outputs, and what the one causes of the other.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;

use earshot_protocol::units::{Drive, Gait, Pixel, TimeMs};
use earshot_protocol::{
    ClientToSpace, DisplayName, Hello, Look, RefusalCode, Refused, SessionId, SpaceToClient, Status, Update, UserId,
    Welcome, version,
};
use earshot_world::{Cell, Course, Map, path};
use prost::Message;

use crate::admission::Admission;
use crate::credits::Kind;
use crate::fanout::Pending;
use crate::limits::{
    CONNECTIONS_MAX, FLUSH_GAP_US_PER_RECIPIENT, GREETING_MS_MAX, LAG_MS_MAX, LEAD_MS_MAX, LOST_MS_MAX, SESSIONS_MAX,
};
use crate::session::{Link, Profile, Session};
use crate::state::{ConnectionRecord, ConnectionStage, GreetingRecord, ProfileRecord, SessionRecord, SpaceRecord};
use crate::ticket::Tickets;
use crate::timers::{Timer, Timers};

/// One socket, as the caller numbers them. Never used twice in the life of a space's memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnectionId(pub u64);

/// What happens to a space.
#[derive(Clone, Debug)]
pub enum Input {
    /// A socket was opened for somebody the Worker admitted.
    Connected { connection: ConnectionId, admission: Admission },
    /// A socket received a binary frame.
    Received { connection: ConnectionId, frame: Vec<u8> },
    /// A socket was closed or failed. `record` is what was kept with it: its closing may be the very event that brought
    /// an evicted object back, when the socket is no longer among those that are.
    Disconnected { connection: ConnectionId, record: Vec<u8> },
    /// A user changed name or look; without a look, the one that is shown stays.
    ProfileChanged { user_id: UserId, name: DisplayName, look: Option<Look> },
    /// A user may no longer be here.
    Removed { user_id: UserId },
    /// The space was deleted.
    Deleted,
    /// The time that [`Output::WakeAt`] gave has come.
    Woken,
}

/// What the caller has to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// Send one frame to some sockets.
    Send { to: Vec<ConnectionId>, frame: Rc<[u8]> },
    /// Close a socket.
    Close { connection: ConnectionId, code: u16 },
    /// Keep this with the socket, instead of what was kept before; empty: forget the socket.
    SaveConnection { connection: ConnectionId, record: Vec<u8> },
    /// Keep this about the space.
    SaveSpace { record: Vec<u8> },
    /// Keep this about a session that has no socket.
    SaveLost { session_id: SessionId, record: Vec<u8> },
    /// Forget that.
    ForgetLost { session_id: SessionId },
    /// Forget everything.
    ForgetAll,
    /// All is said. Wake the engine then, or, with `None`, only for the next input.
    WakeAt(Option<TimeMs>),
}

/// Everything that was kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stored {
    pub space: Option<Vec<u8>>,
    pub lost: Vec<Vec<u8>>,
    pub connections: Vec<(ConnectionId, Vec<u8>)>,
}

/// Somebody who is in the space.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Online {
    pub user_id: UserId,
    pub name: DisplayName,
    pub status: Status,
}

/// What a connection is in the middle of.
enum Stage {
    Greeting { profile: Profile, since: TimeMs },
    InSpace(SessionId),
}

/// One space.
pub struct Space {
    map: Map,
    now: TimeMs,
    record: SpaceRecord,
    tickets: Tickets,
    connections: BTreeMap<ConnectionId, Stage>,
    sessions: BTreeMap<SessionId, Session>,
    by_user: BTreeMap<UserId, SessionId>,
    pending: Pending,
    flushed_at: TimeMs,
    flushed_to: usize,
    timers: Timers,
    /// Connections whose record has changed since it was last handed out.
    dirty: BTreeSet<ConnectionId>,
    outputs: VecDeque<Output>,
}

impl Space {
    /// A space with whatever was kept of it. `fresh_key` signs tickets from now on if no key was kept: 32 random bytes.
    pub fn restore(map: Map, stored: Stored, fresh_key: [u8; 32], now: TimeMs) -> Self {
        let kept = stored.space.as_deref().and_then(|bytes| SpaceRecord::decode(bytes).ok());
        let is_new = kept.is_none();
        let record = kept.unwrap_or_else(|| SpaceRecord { next_session: 1, key: fresh_key.to_vec() });
        let mut space = Self {
            tickets: Tickets::new(&record.key),
            map,
            now,
            record,
            connections: BTreeMap::new(),
            sessions: BTreeMap::new(),
            by_user: BTreeMap::new(),
            pending: Pending::default(),
            flushed_at: TimeMs(0),
            flushed_to: 0,
            timers: Timers::default(),
            dirty: BTreeSet::new(),
            outputs: VecDeque::new(),
        };
        if is_new {
            space.save_space();
        }
        for record in stored.lost {
            let session =
                SessionRecord::decode(record.as_slice()).ok().and_then(|record| record.session(&space.map, None));
            if let Some(session) = session {
                space.adopt(session);
            }
        }
        for (connection, record) in stored.connections {
            space.adopt_connection(connection, &record);
        }
        space
    }

    /// Who is here.
    pub fn online(&self) -> impl Iterator<Item = Online> {
        self.sessions.values().map(|session| Online {
            user_id: session.profile.user_id.clone(),
            name: session.profile.name.clone(),
            status: session.shown_status(),
        })
    }

    /// How many sessions there are, lost ones included.
    pub fn session_count(&self) -> usize {
        self.sessions.len()
    }

    /// Takes an input. Drain [`Self::poll_output`] afterwards.
    pub fn handle_input(&mut self, now: TimeMs, input: Input) {
        // A platform's clock may step back; this one does not.
        self.now = self.now.max(now);
        match input {
            Input::Connected { connection, admission } => self.handle_connected(connection, admission),
            Input::Received { connection, frame } => self.handle_frame(connection, &frame),
            Input::Disconnected { connection, record } => {
                if !self.connections.contains_key(&connection) {
                    self.adopt_connection(connection, &record);
                }
                self.handle_disconnected(connection);
            }
            Input::ProfileChanged { user_id, name, look } => self.handle_profile(&user_id, name, look),
            Input::Removed { user_id } => self.handle_removed(&user_id),
            Input::Deleted => self.handle_deleted(),
            Input::Woken => {}
        }
        self.run_timers();
        self.flush_or_wait();
    }

    /// Yields what to do next, ending with [`Output::WakeAt`].
    pub fn poll_output(&mut self) -> Output {
        if let Some(output) = self.outputs.pop_front() {
            return output;
        }
        while let Some(connection) = self.dirty.pop_first() {
            if let Some(record) = self.connection_record(connection) {
                return Output::SaveConnection { connection, record };
            }
        }
        Output::WakeAt(self.timers.next())
    }

    // ---- connections -------------------------------------------------------------------------------------------------

    fn handle_connected(&mut self, connection: ConnectionId, admission: Admission) {
        if self.connections.len() >= CONNECTIONS_MAX {
            return self.refuse(connection, RefusalCode::Full, "This space is full. Try again in a while.");
        }
        let stage = Stage::Greeting { profile: admission.into(), since: self.now };
        self.connections.insert(connection, stage);
        self.timers.set(Timer::GreetingEnds(connection), Some(self.now.plus(GREETING_MS_MAX)));
        self.dirty.insert(connection);
    }

    fn handle_disconnected(&mut self, connection: ConnectionId) {
        self.timers.set(Timer::GreetingEnds(connection), None);
        let Some(Stage::InSpace(id)) = self.forget_connection(connection) else { return };
        let now = self.now;
        let Some(session) = self.sessions.get_mut(&id).filter(|session| session.connection() == Some(connection))
        else {
            return;
        };
        session.link = Link::Lost { since: now };
        if now < session.course.end() {
            // Nobody is there to stop it any more.
            session.course = session.stopped(now);
            self.pending.moved.insert(id);
        }
        let record = SessionRecord::of(session).encode_to_vec();
        self.outputs.push_back(Output::SaveLost { session_id: id, record });
        self.pending.people.insert(id);
        self.timers.set(Timer::Crossing(id), None);
        self.timers.set(Timer::LostExpires(id), Some(now.plus(LOST_MS_MAX)));
        self.update_cell(id);
    }

    /// Says why, and ends the connection; a session on it stays (see the callers).
    fn refuse(&mut self, connection: ConnectionId, code: RefusalCode, message: &str) {
        let refused = SpaceToClient::Refused(Refused { code, message: message.into() });
        self.outputs.push_back(Output::Send { to: vec![connection], frame: refused.encode().into() });
        self.end_connection(connection, code.close_code());
    }

    fn end_connection(&mut self, connection: ConnectionId, code: u16) {
        self.timers.set(Timer::GreetingEnds(connection), None);
        self.forget_connection(connection);
        self.outputs.push_back(Output::SaveConnection { connection, record: Vec::new() });
        self.outputs.push_back(Output::Close { connection, code });
    }

    fn forget_connection(&mut self, connection: ConnectionId) -> Option<Stage> {
        self.dirty.remove(&connection);
        self.connections.remove(&connection)
    }

    fn connection_record(&self, connection: ConnectionId) -> Option<Vec<u8>> {
        let stage = match self.connections.get(&connection)? {
            Stage::Greeting { profile, since } => ConnectionStage::Greeting(GreetingRecord {
                profile: Some(ProfileRecord::of(profile)),
                since_ms: since.0,
            }),
            Stage::InSpace(id) => ConnectionStage::InSpace(SessionRecord::of(self.sessions.get(id)?)),
        };
        Some(ConnectionRecord { stage: Some(stage) }.encode_to_vec())
    }

    fn adopt_connection(&mut self, connection: ConnectionId, record: &[u8]) {
        if record.is_empty() {
            return;
        }
        match ConnectionRecord::decode(record).ok().and_then(|record| record.stage) {
            Some(ConnectionStage::Greeting(greeting)) if greeting.profile.is_some() => {
                let since = TimeMs(greeting.since_ms);
                if let Some(profile) = greeting.profile.and_then(ProfileRecord::profile) {
                    self.connections.insert(connection, Stage::Greeting { profile, since });
                    self.timers.set(Timer::GreetingEnds(connection), Some(since.plus(GREETING_MS_MAX)));
                }
            }
            Some(ConnectionStage::InSpace(record)) => {
                let session = record.session(&self.map, Some(connection));
                if let Some(session) = session.filter(|session| !self.sessions.contains_key(&session.id)) {
                    self.connections.insert(connection, Stage::InSpace(session.id));
                    self.adopt(session);
                }
            }
            _ => self.refuse(connection, RefusalCode::Other, "The space was updated. Connecting again."),
        }
    }

    /// Takes in a session that was kept.
    fn adopt(&mut self, session: Session) {
        let id = session.id;
        if let Link::Lost { since } = session.link {
            self.timers.set(Timer::LostExpires(id), Some(since.plus(LOST_MS_MAX)));
        } else {
            self.timers.set(Timer::Crossing(id), session.course.next_crossing(self.now));
        }
        self.by_user.insert(session.profile.user_id.clone(), id);
        self.sessions.insert(id, session);
    }

    // ---- messages ----------------------------------------------------------------------------------------------------

    fn handle_frame(&mut self, connection: ConnectionId, frame: &[u8]) {
        let Some(stage) = self.connections.get(&connection) else { return };
        let Ok(message) = ClientToSpace::decode(frame) else {
            return self.refuse_session(
                connection,
                RefusalCode::Malformed,
                "This client sent something the space cannot read.",
            );
        };
        match (stage, message) {
            (Stage::Greeting { .. }, ClientToSpace::Hello(hello)) => self.handle_hello(connection, &hello),
            (Stage::InSpace(id), message) if is_legal_in_space(&message) => {
                let id = *id;
                self.handle_message(connection, id, message);
            }
            _ => self.refuse_session(connection, RefusalCode::Malformed, "This client sent a message out of turn."),
        }
    }

    /// Refuses a connection that may have a session, which then waits as if the connection had been lost.
    fn refuse_session(&mut self, connection: ConnectionId, code: RefusalCode, message: &str) {
        let refused = SpaceToClient::Refused(Refused { code, message: message.into() });
        self.outputs.push_back(Output::Send { to: vec![connection], frame: refused.encode().into() });
        self.handle_disconnected(connection);
        self.end_connection(connection, code.close_code());
    }

    fn handle_message(&mut self, connection: ConnectionId, id: SessionId, message: ClientToSpace) {
        let now = self.now;
        let Some(session) = self.sessions.get_mut(&id) else { return };
        let kind = match message {
            ClientToSpace::Steer(_) => Kind::Steer,
            ClientToSpace::Walk(_) => Kind::Walk,
            ClientToSpace::Leave => return self.handle_leave(connection, id),
            _ => Kind::Presence,
        };
        let paid = session.credits.spend(now, kind);
        let borne = paid || session.credits.spend(now, Kind::Patience);
        self.dirty.insert(connection);
        if !borne {
            return self.refuse_session(
                connection,
                RefusalCode::TooFast,
                "Too many messages at once. Connecting again.",
            );
        }
        match message {
            ClientToSpace::Steer(steer) => {
                let drive = steer.direction.map(|direction| Drive::Steer { direction, gait: steer.gait });
                self.handle_movement(id, steer.seq, steer.at, paid.then(|| Movement::Drive(drive.unwrap_or_default())));
            }
            ClientToSpace::Walk(walk) => {
                self.handle_movement(id, walk.seq, walk.at, paid.then_some(Movement::To(walk.to, walk.gait)));
            }
            ClientToSpace::Status(status) if paid && session.status != status => {
                session.status = status;
                self.pending.people.insert(id);
                self.send_ticket(id);
            }
            ClientToSpace::Away(away) if paid && session.away != away => {
                session.away = away;
                self.pending.people.insert(id);
            }
            _ => {}
        }
    }

    /// Decides a movement intent; `None` is one that was not paid for: the client is told what goes on instead.
    fn handle_movement(&mut self, id: SessionId, seq: u32, claimed: TimeMs, movement: Option<Movement>) {
        let now = self.now;
        let Some(session) = self.sessions.get_mut(&id) else { return };
        if seq <= session.seq {
            return;
        }
        session.seq = seq;
        self.pending.moved.insert(id);
        let Some(movement) = movement else { return };
        let earliest = session.decided_at.max(now.plus(-LAG_MS_MAX));
        let at = claimed.min(now.plus(LEAD_MS_MAX)).max(earliest);
        let (origin, facing) = (session.course.position_at(at), session.course.facing_at(at));
        let drive = match movement {
            Movement::Drive(drive) => drive,
            Movement::To(to, gait) => match path::route(&self.map, origin, to.position()) {
                Some(points) => Drive::Route { points, gait },
                None => Drive::Stand,
            },
        };
        session.course = Course::new(&self.map, origin, at, facing, drive);
        session.decided_at = at;
        self.update_cell(id);
        self.send_ticket(id);
    }

    fn handle_leave(&mut self, connection: ConnectionId, id: SessionId) {
        self.remove_session(id);
        self.end_connection(connection, 1_000);
    }

    // ---- sessions ----------------------------------------------------------------------------------------------------

    fn handle_hello(&mut self, connection: ConnectionId, hello: &Hello) {
        let Some(version) = version::agree(&version::SPOKEN, &(hello.version_min..=hello.version_max)) else {
            return self.refuse(connection, RefusalCode::Version, "This page is out of date. Reload it to go on.");
        };
        self.timers.set(Timer::GreetingEnds(connection), None);
        let Some(Stage::Greeting { profile, .. }) = self.connections.remove(&connection) else { return };
        let known = self.by_user.get(&profile.user_id).copied();
        let id = match known {
            Some(id) => self.take_over(id, connection, profile),
            None if self.sessions.len() >= SESSIONS_MAX => {
                return self.refuse(connection, RefusalCode::Full, "This space is full. Try again in a while.");
            }
            None => self.begin_session(connection, profile, &hello.ticket),
        };
        self.connections.insert(connection, Stage::InSpace(id));
        self.dirty.insert(connection);
        self.pending.people.insert(id);
        self.welcome(connection, id, version, known.is_some());
    }

    /// The user has a session: this connection gets it, and another that still has it is ended.
    fn take_over(&mut self, id: SessionId, connection: ConnectionId, profile: Profile) -> SessionId {
        let before = self.sessions.get_mut(&id).map(|session| {
            session.profile = profile;
            std::mem::replace(&mut session.link, Link::Connected(connection))
        });
        match before {
            Some(Link::Connected(old)) => {
                self.refuse(old, RefusalCode::Replaced, "You entered this space from another window or device.");
            }
            Some(Link::Lost { .. }) => {
                self.timers.set(Timer::LostExpires(id), None);
                self.outputs.push_back(Output::ForgetLost { session_id: id });
            }
            None => {}
        }
        id
    }

    fn begin_session(&mut self, connection: ConnectionId, profile: Profile, ticket: &[u8]) -> SessionId {
        let now = self.now;
        let id = SessionId(self.record.next_session);
        self.record.next_session = self.record.next_session.saturating_add(1);
        self.save_space();
        let place = self.tickets.check(ticket, &profile.user_id, &self.map, now);
        let at = place.map_or_else(|| self.map.spawn_for(u64::from(id.0)), |place| place.at);
        self.by_user.insert(profile.user_id.clone(), id);
        let mut session = Session::standing(id, profile, Link::Connected(connection), at, now);
        if let Some(place) = place {
            session.course = Course::standing(at, now, place.facing);
            session.status = place.status;
        }
        self.sessions.insert(id, session);
        self.pending.moved.insert(id);
        id
    }

    fn welcome(&mut self, connection: ConnectionId, id: SessionId, version: u32, resumed: bool) {
        let now = self.now;
        let Some(session) = self.sessions.get(&id) else { return };
        let welcome = Welcome {
            version,
            session_id: id,
            resumed,
            seq: session.seq,
            ticket: self.tickets.issue(session, now),
            snapshot: Update {
                server_time: now,
                people: self.sessions.values().map(Session::person).collect(),
                moved: self
                    .sessions
                    .values()
                    .filter(|other| session.cell.sees(other.cell))
                    .map(|other| other.moved(now))
                    .collect(),
                ..Update::default()
            },
        };
        let frame = SpaceToClient::Welcome(welcome).encode().into();
        self.outputs.push_back(Output::Send { to: vec![connection], frame });
    }

    fn remove_session(&mut self, id: SessionId) {
        let Some(session) = self.sessions.remove(&id) else { return };
        if matches!(session.link, Link::Lost { .. }) {
            self.outputs.push_back(Output::ForgetLost { session_id: id });
        }
        self.by_user.remove(&session.profile.user_id);
        self.timers.set(Timer::LostExpires(id), None);
        self.timers.set(Timer::Crossing(id), None);
        self.pending.drop_session(id);
    }

    fn handle_profile(&mut self, user_id: &UserId, name: DisplayName, look: Option<Look>) {
        let Some(session) = self.by_user.get(user_id).and_then(|id| self.sessions.get_mut(id)) else { return };
        session.profile.name = name;
        session.profile.look = look.unwrap_or(session.profile.look);
        self.pending.people.insert(session.id);
        self.dirty.extend(session.connection());
        if matches!(session.link, Link::Lost { .. }) {
            let record = SessionRecord::of(session).encode_to_vec();
            self.outputs.push_back(Output::SaveLost { session_id: session.id, record });
        }
    }

    fn handle_removed(&mut self, user_id: &UserId) {
        const WHY: &str = "You were taken out of this space.";
        let greeting = |(connection, stage): (&ConnectionId, &Stage)| match stage {
            Stage::Greeting { profile, .. } if profile.user_id == *user_id => Some(*connection),
            _ => None,
        };
        for connection in self.connections.iter().filter_map(greeting).collect::<Vec<_>>() {
            self.refuse(connection, RefusalCode::Removed, WHY);
        }
        let Some(&id) = self.by_user.get(user_id) else { return };
        if let Some(connection) = self.sessions.get(&id).and_then(Session::connection) {
            self.refuse(connection, RefusalCode::Removed, WHY);
        }
        self.remove_session(id);
    }

    fn handle_deleted(&mut self) {
        for connection in self.connections.keys().copied().collect::<Vec<_>>() {
            self.refuse(connection, RefusalCode::Closed, "This space was deleted.");
        }
        for id in self.sessions.keys().copied().collect::<Vec<_>>() {
            self.remove_session(id);
        }
        self.pending = Pending::default();
        self.outputs.push_back(Output::ForgetAll);
    }

    fn send_ticket(&mut self, id: SessionId) {
        let Some(session) = self.sessions.get(&id) else { return };
        let Some(connection) = session.connection() else { return };
        let ticket = SpaceToClient::Ticket(self.tickets.issue(session, self.now));
        self.outputs.push_back(Output::Send { to: vec![connection], frame: ticket.encode().into() });
    }

    fn save_space(&mut self) {
        self.outputs.push_back(Output::SaveSpace { record: self.record.encode_to_vec() });
    }

    // ---- time --------------------------------------------------------------------------------------------------------

    fn run_timers(&mut self) {
        while let Some(timer) = self.timers.pop_due(self.now) {
            match timer {
                Timer::Flush => {}
                Timer::Crossing(id) => self.update_cell(id),
                Timer::GreetingEnds(connection) => {
                    self.refuse(
                        connection,
                        RefusalCode::Silent,
                        "The connection was silent for too long. Connecting again.",
                    );
                }
                Timer::LostExpires(id) => self.remove_session(id),
            }
        }
    }

    /// Notes the cell someone is in now, and when the next one is entered.
    fn update_cell(&mut self, id: SessionId) {
        let now = self.now;
        let Some(session) = self.sessions.get_mut(&id) else { return };
        let cell = Cell::of(session.course.position_at(now));
        if cell != session.cell {
            self.pending.crossed.entry(id).or_insert(session.cell);
            session.cell = cell;
            self.dirty.extend(session.connection());
        }
        self.timers.set(Timer::Crossing(id), session.course.next_crossing(now));
    }

    /// Sends what is pending at once when the last flush was cheap or long ago; else sets the time for it.
    fn flush_or_wait(&mut self) {
        if self.pending.is_empty() {
            return self.timers.set(Timer::Flush, None);
        }
        let gap_ms = self.flushed_to as i64 * FLUSH_GAP_US_PER_RECIPIENT / 1_000;
        let due = self.flushed_at.plus(gap_ms);
        if self.now < due {
            return self.timers.set(Timer::Flush, Some(due));
        }
        self.timers.set(Timer::Flush, None);
        let deliveries = self.pending.flush(&self.sessions, self.now);
        self.flushed_at = self.now;
        self.flushed_to = deliveries.iter().map(|(to, _)| to.len()).sum();
        self.outputs.extend(deliveries.into_iter().map(|(to, frame)| Output::Send { to, frame }));
    }
}

/// What a movement intent asks for.
enum Movement {
    Drive(Drive),
    To(Pixel, Gait),
}

/// When each message is legal: a Hello first and only first; everything else after it.
fn is_legal_in_space(message: &ClientToSpace) -> bool {
    match message {
        ClientToSpace::Hello(_) => false,
        ClientToSpace::Steer(_)
        | ClientToSpace::Walk(_)
        | ClientToSpace::Status(_)
        | ClientToSpace::Away(_)
        | ClientToSpace::Leave
        | ClientToSpace::Unknown => true,
    }
}
