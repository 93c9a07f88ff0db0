//! Inputs, outputs, and what the one causes of the other.
//!
//! Long for one reason: all inputs, all outputs and the one way between them are read together.

mod attention;
mod chat;
mod conversations;
mod crowds;
mod earshot;
mod gestures;
mod locks;
mod sessions;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;

use earshot_protocol::fleet::RoomHearing;
use earshot_protocol::units::{Drive, Gait, Pixel, TimeMs};
use earshot_protocol::{
    Channel, ChatMessage, ClientToSpace, DisplayName, Look, RefusalCode, Refused, Role, SessionId, SpaceToClient,
    Status, UserId,
};
use earshot_world::{Cell, Course, Map, path};
use prost::Message;

pub use self::chat::{ChangeIntent, ChangeRefusal, EMOJI_MAX, Target};
use self::conversations::Listening;
pub use self::crowds::Crowd;
pub(crate) use self::crowds::MediaRoomState;
use crate::admission::Admission;
use crate::bells::Bells;
use crate::counters::CountersReport;
use crate::credits::Kind;
use crate::fanout::Pending;
use crate::limits::{
    CONNECTIONS_MAX, FLUSH_GAP_US_PER_RECIPIENT, GREETING_MS_MAX, GREETINGS_MAX, LAG_MS_MAX, LEAD_MS_MAX, LOST_MS_MAX,
    REMOVED_MS_MAX,
};
use crate::log::{Entry, Log};
use crate::rules::Rules;
use crate::session::{Link, Profile, Session};
use crate::state::{
    ConnectionRecord, ConnectionStage, GreetingRecord, MessageRecord, ProfileRecord, RoomRecord, SessionRecord,
    SpaceRecord,
};
use crate::ticket::Tickets;
use crate::timers::{Timer, Timers};

/// One socket, as the caller numbers them. Never used twice in the life of a space's memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnectionId(pub u64);

/// What came of placing a media room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placed {
    /// It is on a node.
    OnNode,
    /// There is none for it now: one may be late, or all are full.
    NoneNow,
    /// There are no nodes here at all.
    NoFleet,
}

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
    /// Only members may be here from now on.
    GuestsRemoved,
    /// What holds for writing here. An older revision than the one in force is ignored.
    Rules(Rules),
    /// With whom a user does not want to have to do: all of them, looked up after `checked_at`. An older list than the one in force is ignored.
    Blocks { user_id: UserId, blocked: Vec<UserId>, checked_at: Option<TimeMs> },
    /// Something for a user from outside of the space; dropped where there is no connection.
    Mail { user_id: UserId, payload: Vec<u8> },
    /// An account was deleted: who had it goes, and what they wrote.
    Forgotten { user_id: UserId },
    /// A channel is gone, and what was written in it.
    Purged { channel: Channel },
    /// The record has all messages up to this one.
    Recorded { up_to: u64 },
    /// What was last to be recorded was not.
    NotRecorded,
    /// What came of placing a media room.
    RoomPlaced { room: u64, placed: Placed },
    /// The node of a media room is dead, or about to end: its people need another.
    RoomGone { room: u64 },
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
    /// Keep this message: whatever is sent after it may tell of it.
    SaveMessage { id: u64, record: Vec<u8> },
    /// Forget messages up to this one.
    ForgetMessages { up_to: u64 },
    /// Enter these into the lasting record in their order, all or none, each once by its id, and say [`Input::Recorded`] or
    /// [`Input::NotRecorded`].
    Deliver { entries: Vec<Entry> },
    /// These users are mentioned and have no connection here: whoever of them may read it, and wants to know, is told
    /// outside. Whether that succeeds is not said again.
    Notify { user_ids: Vec<UserId>, message: ChatMessage },
    /// Find a node for this media room of about so many who publish in it and so many who only listen, and say
    /// [`Input::RoomPlaced`].
    PlaceRoom { room: u64, participants: u32, listeners: u32 },
    /// Tell the nodes of these rooms who is in them and hears whom; the newest word on a room is what holds. Those that are
    /// closed are no more, and their places free.
    Hearing { rooms: Vec<RoomHearing>, closed: Vec<u64> },
    /// Sign a grant, and send it: [`SpaceToClient::MediaGrant`].
    Grant { connection: ConnectionId, session: SessionId, room: u64, publish: bool },
    /// Somebody hears nothing of the node of a media room: find out whether it lives, and if not, say [`Input::RoomGone`].
    ProbeRoom { room: u64 },
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
    pub messages: Vec<Vec<u8>>,
}

/// Somebody who is in the space.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Online {
    pub user_id: UserId,
    pub name: DisplayName,
    pub status: Status,
}

/// Why a connection ended.
const REMOVED: &str = "You were taken out of this space.";
const DELETED: &str = "This space was deleted.";
const REPLACED: &str = "You entered this space from another window or device.";

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
    listening: Listening,
    rooms: BTreeMap<u64, MediaRoomState>,
    log: Log,
    rules: Rules,
    /// Who was sent out, and when.
    removed: BTreeMap<UserId, TimeMs>,
    guests_removed_at: Option<TimeMs>,
    /// For good: the id of a space is not given again.
    is_deleted: bool,
    bells: Bells,
    /// Who came into a private area and has not been told what is at hand of it.
    entered: BTreeSet<SessionId>,
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
        let record = kept.unwrap_or_else(|| SpaceRecord {
            next_session: 1,
            key: fresh_key.to_vec(),
            counters: None,
            recorded_to: 0,
            rules: None,
            next_room: 1,
            rooms: Vec::new(),
        });
        let rooms =
            record.rooms.iter().map(RoomRecord::state).map(|(room, state)| (room, state.lived_on(now))).collect();
        let rules = record.rules.clone().map(Rules::from).unwrap_or_default();
        let mut space = Self {
            tickets: Tickets::new(&record.key),
            map,
            now,
            record,
            connections: BTreeMap::new(),
            sessions: BTreeMap::new(),
            by_user: BTreeMap::new(),
            pending: Pending::default(),
            listening: Listening::default(),
            rooms,
            log: Log::default(),
            rules,
            removed: BTreeMap::new(),
            guests_removed_at: None,
            is_deleted: false,
            bells: Bells::default(),
            entered: BTreeSet::new(),
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
        let entry = |bytes: &Vec<u8>| MessageRecord::decode(bytes.as_slice()).ok().and_then(MessageRecord::entry);
        let entries = stored.messages.iter().filter_map(entry).collect();
        space.log = Log::restore(entries, space.record.recorded_to);
        space.deliver_later();
        space.listen_to_walkers();
        space.divide_soon();
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

    /// What was counted since the space was made.
    pub fn counters(&self) -> CountersReport {
        let mut sum = self.record.counters.clone().unwrap_or_default();
        for session in self.sessions.values() {
            sum.add(&session.counters);
        }
        CountersReport::from(&sum)
    }

    /// How many are connected to each other directly, now.
    pub fn peering_count(&self) -> usize {
        self.sessions.values().map(|session| session.peers.len()).sum::<usize>() / 2
    }

    /// How many sessions there are, lost ones included.
    pub fn session_count(&self) -> usize {
        self.sessions.len()
    }

    /// Takes an input. Drain [`Self::poll_output`] afterwards.
    pub fn handle_input(&mut self, now: TimeMs, input: Input) {
        // A platform's clock may step back; this one does not.
        self.now = self.now.max(now);
        // Who was on the way when the space was deleted, and what was under way: nothing of it is kept any more.
        let input = match input {
            Input::Connected { connection, .. } if self.is_deleted => {
                return self.refuse(connection, RefusalCode::Closed, DELETED);
            }
            Input::Woken => input,
            _ if self.is_deleted => return,
            input => input,
        };
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
            Input::GuestsRemoved => self.handle_guests_removed(),
            Input::Rules(rules) => self.handle_rules(rules),
            Input::Blocks { user_id, blocked, checked_at } => self.handle_blocks(&user_id, blocked, checked_at),
            Input::Mail { user_id, payload } => self.handle_mail(&user_id, payload),
            Input::Forgotten { user_id } => self.handle_forgotten(&user_id),
            Input::Purged { channel } => self.empty_log(|entry| entry.channel() == channel, None),
            Input::Recorded { up_to } => self.handle_recorded(up_to),
            Input::NotRecorded => self.handle_not_recorded(),
            Input::Deleted => self.handle_deleted(),
            Input::RoomPlaced { room, placed } => self.handle_room_placed(room, placed),
            Input::RoomGone { room } => self.handle_room_gone(room),
            Input::Woken => {}
        }
        self.run_timers();
        let hearing = self.settle_conversations();
        self.flush_or_wait();
        // After the people they speak of.
        self.outputs.extend(hearing);
        for id in std::mem::take(&mut self.entered) {
            self.tell_area_log(id);
        }
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
        self.removed.retain(|_, at| self.now.since(*at) < REMOVED_MS_MAX);
        let guests_removed_at = self.guests_removed_at.filter(|_| admission.role == Role::Guest);
        let removed_at = self.removed.get(&admission.user_id).copied().max(guests_removed_at);
        if removed_at.is_some_and(|removed_at| admission.checked_at.is_some_and(|checked_at| checked_at < removed_at)) {
            return self.refuse(connection, RefusalCode::Removed, REMOVED);
        }
        let mut greeting = self.greetings_of(&admission.user_id);
        greeting.sort_by_key(|&(connection, since)| (since, connection));
        let too_many = (greeting.len() + 1).saturating_sub(GREETINGS_MAX);
        for &(oldest, _) in greeting.iter().take(too_many) {
            self.refuse(oldest, RefusalCode::Replaced, REPLACED);
        }
        if self.connections.len() >= CONNECTIONS_MAX {
            return self.refuse(connection, RefusalCode::Full, "This space is full. Try again in a while.");
        }
        let stage = Stage::Greeting { profile: admission.into(), since: self.now };
        self.connections.insert(connection, stage);
        self.timers.set(Timer::GreetingEnds(connection), Some(self.now.plus(GREETING_MS_MAX)));
        self.dirty.insert(connection);
    }

    /// Connections of a user that have not said Hello yet, and since when.
    fn greetings_of(&self, user_id: &UserId) -> Vec<(ConnectionId, TimeMs)> {
        let greeting = |(connection, stage): (&ConnectionId, &Stage)| match stage {
            Stage::Greeting { profile, since } if profile.user_id == *user_id => Some((*connection, *since)),
            _ => None,
        };
        self.connections.iter().filter_map(greeting).collect()
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
        self.set_looking(id, None);
        self.pending.people.insert(id);
        self.timers.set(Timer::Crossing(id), None);
        self.timers.set(Timer::LostExpires(id), Some(now.plus(LOST_MS_MAX)));
        self.update_cell(id);
        self.look(id);
    }

    /// Says why, and ends the connection; a session on it stays (see the callers).
    pub(super) fn refuse(&mut self, connection: ConnectionId, code: RefusalCode, message: &str) {
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
            Stage::InSpace(id) => ConnectionStage::InSpace(Box::new(SessionRecord::of(self.sessions.get(id)?))),
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

    /// Sends one message to a session that is connected.
    fn tell(&mut self, id: SessionId, message: SpaceToClient) {
        if let Some(connection) = self.sessions.get(&id).and_then(Session::connection) {
            self.outputs.push_back(Output::Send { to: vec![connection], frame: message.encode().into() });
        }
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
            ClientToSpace::Signal(_) => Kind::Signal,
            ClientToSpace::Publish(_) => Kind::Publish,
            ClientToSpace::ConnectionReport(_) => Kind::Report,
            ClientToSpace::Say(_) => Kind::Say,
            ClientToSpace::Look(_) | ClientToSpace::Typing => Kind::Attention,
            ClientToSpace::Emote(_) => Kind::Emote,
            ClientToSpace::Nudge(_) | ClientToSpace::NudgeAnswer(_) => Kind::Nudge,
            ClientToSpace::Grant { .. } | ClientToSpace::Flows(_) | ClientToSpace::RoomLost { .. } => Kind::Media,
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
                self.look(id);
            }
            ClientToSpace::Away(away) if paid && session.away != away => {
                session.away = away;
                self.pending.people.insert(id);
            }
            ClientToSpace::Signal(signal) => self.handle_signal(id, signal, paid),
            ClientToSpace::Say(say) => self.handle_say(id, say, paid),
            ClientToSpace::Publish(publishing) if paid && session.publishing != publishing => {
                session.publishing = publishing;
                self.pending.people.insert(id);
            }
            ClientToSpace::Lock(locked) if paid => self.handle_lock(id, locked),
            ClientToSpace::ConnectionReport(report) if paid => session.counters.count_report(report),
            ClientToSpace::Look(channel) if paid => self.handle_look(id, &channel),
            ClientToSpace::Typing if paid => self.handle_typing(id),
            ClientToSpace::Emote(intent) if paid => self.handle_emote(id, intent),
            ClientToSpace::Nudge(nudge) => self.handle_nudge(id, nudge, paid),
            ClientToSpace::NudgeAnswer(answer) if paid => self.handle_nudge_answer(id, answer),
            ClientToSpace::Grant { room } if paid => self.handle_want_grant(id, room),
            ClientToSpace::Flows(flows) if paid => self.handle_flows(id, flows),
            ClientToSpace::RoomLost { room } if paid => self.handle_room_lost(id, room),
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
        let sets_out = session.course.end() > at;
        if sets_out {
            self.end_posture(id);
        }
        self.update_cell(id);
        self.look_soon(id);
        self.send_ticket(id);
    }

    fn handle_leave(&mut self, connection: ConnectionId, id: SessionId) {
        self.remove_session(id);
        self.end_connection(connection, 1_000);
    }

    // ---- time --------------------------------------------------------------------------------------------------------

    fn run_timers(&mut self) {
        while let Some((due, timer)) = self.timers.pop_due(self.now) {
            match timer {
                Timer::Flush => {}
                Timer::Crossing(id) => self.update_cell(id),
                Timer::Deliver => self.deliver(),
                Timer::Crowd => self.listening.divide = true,
                Timer::Listen(id) => self.look_by_timer(id, due),
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
        | ClientToSpace::Signal(_)
        | ClientToSpace::Publish(_)
        | ClientToSpace::Lock(_)
        | ClientToSpace::ConnectionReport(_)
        | ClientToSpace::Say(_)
        | ClientToSpace::Look(_)
        | ClientToSpace::Typing
        | ClientToSpace::Emote(_)
        | ClientToSpace::Nudge(_)
        | ClientToSpace::NudgeAnswer(_)
        | ClientToSpace::Grant { .. }
        | ClientToSpace::Flows(_)
        | ClientToSpace::RoomLost { .. }
        | ClientToSpace::Unknown => true,
    }
}
