//! One harness: a space, connections that keep what they were sent, and the rows and records as the platform would.
#![allow(dead_code, clippy::unwrap_used)]

pub mod hall;

use std::collections::BTreeMap;

use earshot_protocol::units::{Direction, Gait, Pixel, TimeMs};
use earshot_protocol::{
    ChatMessage, ClientToSpace, DisplayName, Hello, Role, SessionId, SpaceToClient, SteerIntent, UserId, WalkIntent,
    Welcome,
};
use earshot_space::{Admission, ChangeIntent, ChangeRefusal, ConnectionId, Entry, Input, Output, Space, Stored};
use earshot_world::{Map, Tile};

pub struct Harness {
    pub space: Space,
    pub now: TimeMs,
    pub received: BTreeMap<ConnectionId, Vec<SpaceToClient>>,
    pub closed: BTreeMap<ConnectionId, u16>,
    pub wake_at: Option<TimeMs>,
    pub lost_rows: BTreeMap<SessionId, Vec<u8>>,
    pub records: BTreeMap<ConnectionId, Vec<u8>>,
    /// The object's log of messages, and the lasting record.
    pub log: BTreeMap<u64, Vec<u8>>,
    pub recorded: BTreeMap<u64, Entry>,
    pub space_row: Vec<u8>,
    /// Who was mentioned and not there.
    pub notified: Vec<(Vec<UserId>, ChatMessage)>,
    /// The record is away.
    pub record_fails: bool,
    pub sent_bytes: usize,
    /// What the fleet was asked and told.
    pub fleet: Vec<Output>,
    delivering: Option<Vec<Entry>>,
    map: Map,
    next_connection: u64,
    seq: u32,
}

/// `width` by 12 tiles without anything in the way.
pub fn plain(width: i32) -> Map {
    let spawn: Vec<_> = (0..4).map(|x| Tile { x: 2 + x, y: 5 }).collect();
    Map::new("plain".into(), width, 12, vec![false; (width * 12) as usize], &spawn, vec![], vec![]).unwrap()
}

pub fn admission(user: &str) -> Admission {
    Admission {
        user_id: UserId::parse(user).unwrap(),
        name: DisplayName::parse(user).unwrap(),
        guest: true,
        role: Role::Guest,
        look: None,
        blocked: vec![],
        checked_at: None,
    }
}

pub fn hello(ticket: &[u8]) -> ClientToSpace {
    ClientToSpace::Hello(Hello { version_min: 1, version_max: 1, ticket: ticket.to_vec(), instance: 1 })
}

impl Harness {
    pub fn new(map: Map) -> Self {
        let now = TimeMs(1_000_000_000);
        let mut harness = Self {
            space: Space::restore(map.clone(), Stored::default(), [3; 32], now),
            now,
            received: BTreeMap::new(),
            closed: BTreeMap::new(),
            wake_at: None,
            lost_rows: BTreeMap::new(),
            records: BTreeMap::new(),
            log: BTreeMap::new(),
            recorded: BTreeMap::new(),
            space_row: Vec::new(),
            notified: Vec::new(),
            record_fails: false,
            sent_bytes: 0,
            fleet: Vec::new(),
            delivering: None,
            map,
            next_connection: 1,
            seq: 0,
        };
        harness.input(Input::Woken);
        harness
    }

    pub fn input(&mut self, input: Input) {
        self.space.handle_input(self.now, input);
        self.drain();
    }

    /// Changes a message, as the Worker does for somebody.
    pub fn change(&mut self, intent: ChangeIntent) -> Result<Option<u64>, ChangeRefusal> {
        let changed = self.space.change(self.now, intent);
        self.drain();
        changed
    }

    fn drain(&mut self) {
        loop {
            match self.space.poll_output() {
                Output::Send { to, frame } => {
                    for connection in to {
                        self.sent_bytes += frame.len();
                        self.received.entry(connection).or_default().push(SpaceToClient::decode(&frame).unwrap());
                    }
                }
                Output::Close { connection, code } => {
                    self.closed.insert(connection, code);
                }
                Output::SaveConnection { connection, record } => {
                    self.records.insert(connection, record);
                }
                Output::SaveLost { session_id, record } => {
                    self.lost_rows.insert(session_id, record);
                }
                Output::ForgetLost { session_id } => {
                    self.lost_rows.remove(&session_id);
                }
                Output::ForgetAll => {
                    self.lost_rows.clear();
                    self.log.clear();
                }
                Output::SaveSpace { record } => self.space_row = record,
                Output::SaveMessage { id, record } => {
                    self.log.insert(id, record);
                }
                Output::ForgetMessages { up_to } => self.log.retain(|&id, _| id > up_to),
                Output::Deliver { entries } => self.delivering = Some(entries),
                output @ (Output::PlaceRoom { .. }
                | Output::Hearing { .. }
                | Output::Grant { .. }
                | Output::ProbeRoom { .. }) => self.fleet.push(output),
                Output::Notify { user_ids, message } => self.notified.push((user_ids, message)),
                Output::WakeAt(at) => {
                    self.wake_at = at;
                    return;
                }
            }
        }
    }

    /// The record takes what was last handed to it, or fails. Like a database that has each id once.
    pub fn record(&mut self) {
        while let Some(entries) = self.delivering.take() {
            if self.record_fails {
                self.input(Input::NotRecorded);
                continue;
            }
            let up_to = entries.last().map_or(0, Entry::id);
            for entry in entries {
                self.recorded.entry(entry.id()).or_insert(entry);
            }
            self.input(Input::Recorded { up_to });
        }
    }

    /// Memory and sockets are lost; rows stay. What was on its way to the record may have arrived there.
    pub fn dies(&mut self, delivery_arrives: bool) {
        if let Some(entries) = self.delivering.take().filter(|_| delivery_arrives) {
            for entry in entries {
                self.recorded.entry(entry.id()).or_insert(entry);
            }
        }
        self.records.clear();
        self.received.clear();
        self.forgets();
    }

    /// Memory is lost; sockets and rows stay.
    pub fn forgets(&mut self) {
        let stored = Stored {
            space: Some(self.space_row.clone()),
            lost: self.lost_rows.values().cloned().collect(),
            connections: self.records.iter().map(|(connection, record)| (*connection, record.clone())).collect(),
            messages: self.log.values().cloned().collect(),
        };
        self.space = Space::restore(self.map.clone(), stored, [9; 32], self.now);
        self.input(Input::Woken);
    }

    /// Lets time pass, waking the engine whenever it asked to be.
    pub fn pass(&mut self, ms: i64) {
        let until = self.now.plus(ms);
        self.record();
        while let Some(at) = self.wake_at.filter(|&at| at <= until) {
            self.now = self.now.max(at);
            self.input(Input::Woken);
            self.record();
        }
        self.now = until;
    }

    pub fn connect(&mut self, user: &str) -> ConnectionId {
        self.connect_as(admission(user))
    }

    pub fn connect_as(&mut self, admission: Admission) -> ConnectionId {
        let connection = ConnectionId(self.next_connection);
        self.next_connection += 1;
        self.input(Input::Connected { connection, admission });
        connection
    }

    pub fn send(&mut self, connection: ConnectionId, message: &ClientToSpace) {
        self.input(Input::Received { connection, frame: message.encode() });
    }

    pub fn disconnect(&mut self, connection: ConnectionId) {
        let record = self.records.remove(&connection).unwrap_or_default();
        self.input(Input::Disconnected { connection, record });
    }

    /// Connects, says Hello, and is welcomed.
    pub fn join(&mut self, user: &str) -> (ConnectionId, Welcome) {
        self.join_with(user, &[])
    }

    pub fn join_with(&mut self, user: &str, ticket: &[u8]) -> (ConnectionId, Welcome) {
        let connection = self.connect(user);
        self.send(connection, &hello(ticket));
        let welcome = self.take(connection).into_iter().find_map(|message| match message {
            SpaceToClient::Welcome(welcome) => Some(welcome),
            _ => None,
        });
        (connection, welcome.unwrap())
    }

    /// Connects and says Hello, and leaves what came to be read.
    pub fn join_keeping(&mut self, user: &str) -> ConnectionId {
        let connection = self.connect(user);
        self.send(connection, &hello(&[]));
        connection
    }

    /// What a connection was sent since the last call.
    pub fn take(&mut self, connection: ConnectionId) -> Vec<SpaceToClient> {
        self.received.remove(&connection).unwrap_or_default()
    }

    pub fn steer(&mut self, connection: ConnectionId, octant: Option<u32>) {
        self.steer_at(connection, octant, self.now);
    }

    pub fn steer_at(&mut self, connection: ConnectionId, octant: Option<u32>, at: TimeMs) {
        self.seq += 1;
        let direction = octant.and_then(Direction::from_octant);
        self.send(connection, &ClientToSpace::Steer(SteerIntent { seq: self.seq, at, direction, gait: Gait::Run }));
    }

    pub fn walk(&mut self, connection: ConnectionId, to: Pixel) {
        self.seq += 1;
        self.send(connection, &ClientToSpace::Walk(WalkIntent { seq: self.seq, at: self.now, to, gait: Gait::Run }));
    }
}
