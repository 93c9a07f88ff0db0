//! Sessions: how they begin, are taken over, change, and end.

use std::collections::BTreeSet;

use earshot_protocol::units::TimeMs;
use earshot_protocol::{
    DisplayName, Hello, Look, Publishing, RefusalCode, Role, SessionId, SpaceToClient, Update, UserId, Welcome, version,
};
use earshot_world::Course;
use prost::Message;

use super::conversations::Listening;
use super::{ConnectionId, DELETED, Output, REMOVED, REPLACED, Space, Stage};
use crate::admission::BLOCKED_MAX;
use crate::counters::Counters;
use crate::fanout::Pending;
use crate::limits::{REMOVED_MAX, SESSIONS_MAX};
use crate::log::{Entry, Log};
use crate::rules::Rules;
use crate::session::{Link, Profile, Session};
use crate::state::{RoomRecord, SessionRecord};
use crate::timers::Timer;

impl Space {
    pub(super) fn handle_hello(&mut self, connection: ConnectionId, hello: &Hello) {
        let Some(version) = version::agree(&version::SPOKEN, &(hello.version_min..=hello.version_max)) else {
            return self.refuse(connection, RefusalCode::Version, "This page is out of date. Reload it to go on.");
        };
        self.timers.set(Timer::GreetingEnds(connection), None);
        let Some(Stage::Greeting { profile, .. }) = self.connections.remove(&connection) else { return };
        let known = self.by_user.get(&profile.user_id).copied();
        let id = match known {
            Some(id) => self.take_over(id, connection, profile, hello.instance),
            None if self.sessions.len() >= SESSIONS_MAX => {
                return self.refuse(connection, RefusalCode::Full, "This space is full. Try again in a while.");
            }
            None => self.begin_session(connection, profile, hello),
        };
        self.connections.insert(connection, Stage::InSpace(id));
        self.dirty.insert(connection);
        self.pending.people.insert(id);
        self.welcome(connection, id, version, known.is_some());
        self.tell(id, SpaceToClient::Rules(self.rules.told()));
        self.expire_log();
        self.tell_log(id);
        self.tell_anew(id);
    }

    /// The user has a session: this connection gets it, and another that still has it is ended.
    fn take_over(&mut self, id: SessionId, connection: ConnectionId, profile: Profile, instance: u64) -> SessionId {
        if self.sessions.get(&id).is_some_and(|session| session.instance != instance) {
            self.renew_peerings(id);
            self.forget_flows(id);
        }
        let before = self.sessions.get_mut(&id).map(|session| {
            let Profile { blocked, blocked_at, .. } = std::mem::replace(&mut session.profile, profile);
            // It may have been blocked while this one was on the way.
            if blocked_at > session.profile.blocked_at {
                session.profile.block(blocked, blocked_at);
            }
            if session.instance != instance {
                session.instance = instance;
                session.publishing = Publishing::default();
            }
            std::mem::replace(&mut session.link, Link::Connected(connection))
        });
        match before {
            Some(Link::Connected(old)) => {
                self.refuse(old, RefusalCode::Replaced, REPLACED);
            }
            Some(Link::Lost { .. }) => {
                self.timers.set(Timer::LostExpires(id), None);
                self.outputs.push_back(Output::ForgetLost { session_id: id });
            }
            None => {}
        }
        id
    }

    fn begin_session(&mut self, connection: ConnectionId, profile: Profile, hello: &Hello) -> SessionId {
        let now = self.now;
        let id = SessionId(self.record.next_session);
        self.record.next_session = self.record.next_session.saturating_add(1);
        self.save_space();
        let place = self.tickets.check(&hello.ticket, &profile.user_id, &self.map, now);
        let at = place.map_or_else(|| self.map.spawn_for(u64::from(id.0)), |place| place.at);
        self.by_user.insert(profile.user_id.clone(), id);
        let mut session = Session::standing(id, profile, Link::Connected(connection), at, now);
        session.instance = hello.instance;
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

    pub(super) fn remove_session(&mut self, id: SessionId) {
        self.end_peerings(id);
        self.set_looking(id, None);
        let Some(session) = self.sessions.remove(&id) else { return };
        if session.counters != Counters::default() {
            self.record.counters.get_or_insert_default().add(&session.counters);
            self.save_space();
        }
        if matches!(session.link, Link::Lost { .. }) {
            self.outputs.push_back(Output::ForgetLost { session_id: id });
        }
        self.by_user.remove(&session.profile.user_id);
        self.timers.set(Timer::LostExpires(id), None);
        self.timers.set(Timer::Crossing(id), None);
        self.pending.drop_session(id);
    }

    /// Changes what is known of somebody who has not said Hello yet.
    fn change_greeting(&mut self, user_id: &UserId, change: impl Fn(&mut Profile)) {
        for (&connection, stage) in &mut self.connections {
            if let Stage::Greeting { profile, .. } = stage
                && profile.user_id == *user_id
            {
                change(profile);
                self.dirty.insert(connection);
            }
        }
    }

    pub(super) fn handle_profile(&mut self, user_id: &UserId, name: DisplayName, look: Option<Look>) {
        self.change_greeting(user_id, |profile| {
            profile.name = name.clone();
            profile.look = look.unwrap_or(profile.look);
        });
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

    pub(super) fn handle_removed(&mut self, user_id: &UserId) {
        if self.removed.len() < REMOVED_MAX || self.removed.contains_key(user_id) {
            self.removed.insert(user_id.clone(), self.now);
        }
        for (connection, _) in self.greetings_of(user_id) {
            self.refuse(connection, RefusalCode::Removed, REMOVED);
        }
        let Some(&id) = self.by_user.get(user_id) else { return };
        if let Some(connection) = self.sessions.get(&id).and_then(Session::connection) {
            self.refuse(connection, RefusalCode::Removed, REMOVED);
        }
        self.remove_session(id);
    }

    pub(super) fn handle_guests_removed(&mut self) {
        self.guests_removed_at = Some(self.now);
        let greeting = self.connections.values().filter_map(|stage| match stage {
            Stage::Greeting { profile, .. } => Some(profile),
            Stage::InSpace(_) => None,
        });
        let profiles = greeting.chain(self.sessions.values().map(|session| &session.profile));
        let guests = profiles.filter(|profile| profile.role == Role::Guest).map(|profile| profile.user_id.clone());
        for user_id in guests.collect::<BTreeSet<_>>() {
            self.handle_removed(&user_id);
        }
    }

    pub(super) fn handle_blocks(&mut self, user_id: &UserId, blocked: Vec<UserId>, at: Option<TimeMs>) {
        let blocked: BTreeSet<_> = blocked.into_iter().take(BLOCKED_MAX).collect();
        self.change_greeting(user_id, |profile| profile.block(blocked.clone(), at));
        let Some(session) = self.by_user.get(user_id).and_then(|id| self.sessions.get_mut(id)) else { return };
        let id = session.id;
        session.profile.block(blocked, at);
        self.save_session(id);
        self.look(id);
    }

    pub(super) fn handle_mail(&mut self, user_id: &UserId, payload: Vec<u8>) {
        if let Some(&id) = self.by_user.get(user_id) {
            self.tell(id, SpaceToClient::Mail(payload));
        }
    }

    /// An account is gone. What is at hand of its words would otherwise still be told, and recorded.
    pub(super) fn handle_forgotten(&mut self, user_id: &UserId) {
        self.handle_removed(user_id);
        let name = DisplayName::parse("Deleted account").ok();
        let is_theirs = |entry: &Entry| match entry {
            Entry::Said(message) => message.author_id == *user_id,
            Entry::Changed(change) => change.actor_id == *user_id,
        };
        self.empty_log(is_theirs, name.as_ref());
    }

    pub(super) fn handle_deleted(&mut self) {
        self.is_deleted = true;
        for connection in self.connections.keys().copied().collect::<Vec<_>>() {
            self.refuse(connection, RefusalCode::Closed, DELETED);
        }
        for id in self.sessions.keys().copied().collect::<Vec<_>>() {
            self.remove_session(id);
        }
        self.pending = Pending::default();
        self.listening = Listening::default();
        self.log = Log::default();
        self.rules = Rules::default();
        self.entered.clear();
        self.timers.set(Timer::Deliver, None);
        self.timers.set(Timer::Crowd, None);
        let closed: Vec<u64> = std::mem::take(&mut self.rooms).into_keys().collect();
        if !closed.is_empty() {
            self.outputs.push_back(Output::Hearing { rooms: Vec::new(), closed });
        }
        self.outputs.push_back(Output::ForgetAll);
    }

    pub(super) fn send_ticket(&mut self, id: SessionId) {
        let Some(session) = self.sessions.get(&id) else { return };
        let Some(connection) = session.connection() else { return };
        let ticket = SpaceToClient::Ticket(self.tickets.issue(session, self.now));
        self.outputs.push_back(Output::Send { to: vec![connection], frame: ticket.encode().into() });
    }

    pub(super) fn save_space(&mut self) {
        self.record.rooms = self.rooms.iter().map(|(&room, state)| RoomRecord::of(room, state)).collect();
        self.outputs.push_back(Output::SaveSpace { record: self.record.encode_to_vec() });
    }
}
