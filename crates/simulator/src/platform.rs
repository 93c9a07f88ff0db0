//! The platform under a space: what the Durable Object's shell does in the Worker, in memory, and what it costs.

use std::collections::BTreeMap;
use std::rc::Rc;

use earshot_protocol::SessionId;
use earshot_protocol::units::TimeMs;
use earshot_space::{ConnectionId, Input, Output, Placed, Space, Stored};
use earshot_world::Map;

/// The platform lets an object that has nothing to do sleep after about this long.
const AWAKE_AFTER_EVENT_MS: i64 = 10_000;
/// Waits up to this long are timers, which keep the object awake; longer ones are alarms. As in the Worker.
const TIMER_MS_MAX: i64 = 10_000;

/// What running a space cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Meter {
    pub messages_in: u64,
    pub bytes_in: u64,
    pub frames_out: u64,
    pub bytes_out: u64,
    pub connects: u64,
    pub rows_written: u64,
    /// Time the object was in memory and billed for it.
    pub awake_ms: i64,
    pub evictions: u64,
    /// Messages and changes that went to the record.
    pub recorded: u64,
    /// Media rooms that were given a node.
    pub rooms_placed: u64,
}

/// An object is evicted after so long without anything at the least. The platform waits for about ten seconds; this is far
/// harder, and longer only than frames are gathered for.
const IDLE_MS_MIN: i64 = 20;

/// One frame to one connection.
pub type Sent = (ConnectionId, Rc<[u8]>);

/// A space with what is kept of it.
pub struct Platform {
    map: Map,
    space: Option<Space>,
    kept_space: Option<Vec<u8>>,
    kept_lost: BTreeMap<SessionId, Vec<u8>>,
    kept_messages: BTreeMap<u64, Vec<u8>>,
    attachments: BTreeMap<ConnectionId, Vec<u8>>,
    next_connection: u64,
    wake_at: Option<TimeMs>,
    handled_at: TimeMs,
    alarm_at: Option<TimeMs>,
    awake_until: TimeMs,
    pub meter: Meter,
}

impl Platform {
    pub fn new(map: Map) -> Self {
        Self {
            map,
            space: None,
            kept_space: None,
            kept_lost: BTreeMap::new(),
            kept_messages: BTreeMap::new(),
            attachments: BTreeMap::new(),
            next_connection: 1,
            wake_at: None,
            handled_at: TimeMs(0),
            alarm_at: None,
            awake_until: TimeMs(0),
            meter: Meter::default(),
        }
    }

    /// When the engine wants to be woken.
    pub fn wake_at(&self) -> Option<TimeMs> {
        self.wake_at
    }

    /// Whether the object may be put to sleep now: no timer runs.
    pub fn may_hibernate(&self, now: TimeMs) -> bool {
        now.since(self.handled_at) >= IDLE_MS_MIN && self.wake_at.is_none_or(|at| at.since(now) > TIMER_MS_MAX)
    }

    /// How many sessions there are, lost ones included.
    pub fn session_count(&self) -> usize {
        self.space.as_ref().map_or(0, Space::session_count)
    }

    /// Opens a socket.
    pub fn accept(&mut self) -> ConnectionId {
        let connection = ConnectionId(self.next_connection);
        self.next_connection += 1;
        self.attachments.insert(connection, Vec::new());
        self.meter.connects += 1;
        connection
    }

    /// The object is taken out of memory; sockets and what lies in them stay.
    pub fn evict(&mut self) {
        self.meter.evictions += 1;
        self.space = None;
    }

    /// Everything in memory is lost, sockets too; rows stay. Returns the connections that are gone.
    pub fn kill(&mut self) -> Vec<ConnectionId> {
        self.space = None;
        self.wake_at = None;
        std::mem::take(&mut self.attachments).into_keys().collect()
    }

    /// Hands an input to the engine, restoring it first if it was evicted. Returns what it sent and whom it closed.
    pub fn handle(&mut self, now: TimeMs, input: Input) -> (Vec<Sent>, Vec<ConnectionId>) {
        if let Input::Received { frame, .. } = &input {
            self.meter.messages_in += 1;
            self.meter.bytes_in += frame.len() as u64;
        }
        self.note_awake(now);
        self.handled_at = now;
        let mut space = self.space.take().unwrap_or_else(|| self.restore(now));
        space.handle_input(now, input);
        let (mut sent, mut closed) = (Vec::new(), Vec::new());
        loop {
            match space.poll_output() {
                Output::Send { to, frame } => {
                    let open = to.into_iter().filter(|id| self.attachments.contains_key(id)).collect::<Vec<_>>();
                    self.meter.frames_out += open.len() as u64;
                    self.meter.bytes_out += (open.len() * frame.len()) as u64;
                    sent.extend(open.into_iter().map(|id| (id, Rc::clone(&frame))));
                }
                Output::Close { connection, .. } => {
                    if self.attachments.remove(&connection).is_some() {
                        closed.push(connection);
                    }
                }
                Output::SaveConnection { connection, record } => {
                    if let Some(attachment) = self.attachments.get_mut(&connection) {
                        *attachment = record;
                    }
                }
                Output::SaveSpace { record } => {
                    self.meter.rows_written += 1;
                    self.kept_space = Some(record);
                }
                Output::SaveLost { session_id, record } => {
                    self.meter.rows_written += 1;
                    self.kept_lost.insert(session_id, record);
                }
                Output::ForgetLost { session_id } => {
                    self.meter.rows_written += 1;
                    self.kept_lost.remove(&session_id);
                }
                Output::SaveMessage { id, record } => {
                    self.meter.rows_written += 1;
                    self.kept_messages.insert(id, record);
                }
                Output::ForgetMessages { up_to } => {
                    let before = self.kept_messages.len();
                    self.kept_messages.retain(|&id, _| id > up_to);
                    self.meter.rows_written += (before - self.kept_messages.len()) as u64;
                }
                // The record is near, and never away.
                Output::Deliver { entries } => {
                    self.meter.recorded += entries.len() as u64;
                    if let Some(last) = entries.last() {
                        space.handle_input(now, Input::Recorded { up_to: last.id() });
                    }
                }
                // Nobody is outside.
                Output::Notify { .. } => {}
                // There is always a node, and it lives.
                Output::PlaceRoom { room, .. } => {
                    self.meter.rooms_placed += 1;
                    space.handle_input(now, Input::RoomPlaced { room, placed: Placed::OnNode });
                }
                Output::Hearing { .. } | Output::Grant { .. } | Output::ProbeRoom { .. } => {}
                Output::ForgetAll => {
                    self.kept_space = None;
                    self.kept_lost.clear();
                    self.kept_messages.clear();
                }
                Output::WakeAt(at) => {
                    self.set_wake(now, at);
                    break;
                }
            }
        }
        self.space = Some(space);
        (sent, closed)
    }

    /// A socket is gone from the client's side. Returns what lay in it.
    pub fn forget(&mut self, connection: ConnectionId) -> Vec<u8> {
        self.attachments.remove(&connection).unwrap_or_default()
    }

    fn restore(&self, now: TimeMs) -> Space {
        let stored = Stored {
            space: self.kept_space.clone(),
            lost: self.kept_lost.values().cloned().collect(),
            connections: self.attachments.iter().map(|(&id, record)| (id, record.clone())).collect(),
            messages: self.kept_messages.values().cloned().collect(),
        };
        Space::restore(self.map.clone(), stored, [7; 32], now)
    }

    fn set_wake(&mut self, now: TimeMs, at: Option<TimeMs>) {
        self.wake_at = at;
        let Some(at) = at else { return };
        if at.since(now) <= TIMER_MS_MAX {
            self.awake_until = self.awake_until.max(at);
        } else if self.alarm_at.is_none_or(|alarm| alarm > at || alarm <= now) {
            self.alarm_at = Some(at);
            self.meter.rows_written += 1;
        }
    }

    fn note_awake(&mut self, now: TimeMs) {
        let until = now.plus(AWAKE_AFTER_EVENT_MS);
        let from = self.awake_until.max(now);
        self.meter.awake_ms += until.since(from).max(0);
        self.awake_until = self.awake_until.max(until);
    }
}
