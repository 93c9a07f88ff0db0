//! Clients and network around a platform, event by event.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::rc::Rc;

use earshot_client_core::{Client, Event, Input, LocalMs, Output};
use earshot_protocol::units::TimeMs;
use earshot_protocol::{DisplayName, Flows, Role, UserId};
use earshot_space::{Admission, ConnectionId, Input as SpaceInput};
use earshot_world::Map;

use crate::behaviour::KeyTrace;
use crate::platform::Platform;
use crate::rng::Rng;

/// A client of the simulation.
pub type ClientIndex = usize;

/// The way between a client and the space.
#[derive(Clone, Copy, Debug, Default)]
pub struct Network {
    /// Each way takes at least this long, ...
    pub one_way_ms: i64,
    /// ... and up to this much more, evenly spread. Frames never overtake each other.
    pub jitter_ms: i64,
}

#[derive(Debug, Clone)]
enum Happening {
    ToSpace(ConnectionId, Up),
    ToClient(ClientIndex, u64, Down),
    ClientWakes(ClientIndex, u64),
    SpaceWakes,
    KeyPress(ClientIndex),
}

#[derive(Debug, Clone)]
enum Up {
    Open(ClientIndex),
    Frame(Vec<u8>),
    Ping,
    Close,
}

#[derive(Debug, Clone)]
enum Down {
    Opened(ConnectionId),
    Frame(Rc<[u8]>),
    Pong,
    Closed,
}

struct Peer {
    client: Client,
    admission: Admission,
    network: Network,
    /// What the client's own clock shows at the simulation's start.
    clock_offset_ms: i64,
    connection: Option<ConnectionId>,
    /// Counts sockets, so that events of an old one are told apart.
    socket: u64,
    up_free_at: TimeMs,
    down_free_at: TimeMs,
    wake: u64,
    keys: Option<KeyTrace>,
    events: Vec<Event>,
    offline: bool,
}

/// One frame that the space sent: when, to whom, what.
pub type Said = (TimeMs, ConnectionId, Rc<[u8]>);

/// A whole run.
pub struct Simulation {
    pub platform: Platform,
    map: Map,
    now: TimeMs,
    rng: Rng,
    peers: Vec<Peer>,
    owners: BTreeMap<ConnectionId, ClientIndex>,
    queue: BinaryHeap<Reverse<(TimeMs, u64, usize)>>,
    happenings: BTreeMap<usize, Happening>,
    counter: u64,
    /// Every frame the space sent, when asked for.
    pub transcript: Option<Vec<Said>>,
    evict_per_mille: i64,
    evict_rng: Rng,
}

impl Simulation {
    /// Starts at an arbitrary but fixed moment.
    pub fn new(map: Map, seed: u64) -> Self {
        Self {
            platform: Platform::new(map.clone()),
            map,
            now: TimeMs(1_700_000_000_000),
            rng: Rng::new(seed),
            peers: Vec::new(),
            owners: BTreeMap::new(),
            queue: BinaryHeap::new(),
            happenings: BTreeMap::new(),
            counter: 0,
            transcript: None,
            evict_per_mille: 0,
            evict_rng: Rng::new(seed ^ 0xe71c),
        }
    }

    pub fn now(&self) -> TimeMs {
        self.now
    }

    /// Evicts the object, wherever it may hibernate, before so many inputs of a thousand.
    pub fn evict_at_random(&mut self, per_mille: i64) {
        self.evict_per_mille = per_mille;
    }

    /// A guest arrives.
    pub fn join(&mut self, name: &str, network: Network) -> Option<ClientIndex> {
        let index = self.peers.len();
        let admission = Admission {
            user_id: UserId::parse(&format!("u_{index}"))?,
            name: DisplayName::parse(name).ok()?,
            guest: true,
            role: Role::Guest,
            look: None,
            blocked: Vec::new(),
            checked_at: None,
        };
        self.peers.push(Peer {
            client: Client::new(self.map.clone(), self.rng.next_u64(), Vec::new()),
            admission,
            network,
            clock_offset_ms: 5_000 + self.rng.below(100_000),
            connection: None,
            socket: 0,
            up_free_at: self.now,
            down_free_at: self.now,
            wake: 0,
            keys: None,
            events: Vec::new(),
            offline: false,
        });
        self.tell(index, Input::Start);
        Some(index)
    }

    /// Presses keys from now on; `None` lets go of them.
    pub fn press_keys(&mut self, index: ClientIndex, keys: Option<KeyTrace>) {
        let begins = keys.is_some();
        if let Some(peer) = self.peers.get_mut(index) {
            peer.keys = keys;
        }
        if begins {
            self.schedule(self.now, Happening::KeyPress(index));
        } else {
            self.tell(index, Input::Steer { direction: None, gait: Default::default() });
        }
    }

    /// Hands a client an input now.
    pub fn tell(&mut self, index: ClientIndex, input: Input) {
        let local = self.local(index);
        let Some(peer) = self.peers.get_mut(index) else { return };
        peer.client.handle_input(local, input);
        self.drain(index);
    }

    /// A client, with its own clock's time.
    pub fn client(&mut self, index: ClientIndex) -> Option<(&mut Client, LocalMs)> {
        let local = self.local(index);
        self.peers.get_mut(index).map(|peer| (&mut peer.client, local))
    }

    /// The events a client told since the last call.
    pub fn take_events(&mut self, index: ClientIndex) -> Vec<Event> {
        self.peers.get_mut(index).map(|peer| std::mem::take(&mut peer.events)).unwrap_or_default()
    }

    /// Cuts a client off, or lets it back. A cut connection is noticed by the space only when `noticed`.
    pub fn set_offline(&mut self, index: ClientIndex, offline: bool, noticed: bool) {
        let Some(peer) = self.peers.get_mut(index) else { return };
        peer.offline = offline;
        if !offline {
            self.tell(index, Input::Hope);
        } else if let Some(connection) = peer.connection.filter(|_| noticed) {
            self.schedule(self.now, Happening::ToSpace(connection, Up::Close));
        }
    }

    /// The runtime dies: memory and sockets are gone.
    pub fn kill(&mut self) {
        for connection in self.platform.kill() {
            if let Some(index) = self.owners.remove(&connection) {
                self.send_down(index, connection, Down::Closed);
            }
        }
    }

    /// Lets time pass.
    pub fn run_for(&mut self, ms: i64) {
        let until = self.now.plus(ms);
        while let Some(&Reverse((at, _, key))) = self.queue.peek().filter(|Reverse((at, _, _))| *at <= until) {
            self.queue.pop();
            self.now = at;
            if let Some(happening) = self.happenings.remove(&key) {
                self.happen(happening);
            }
        }
        self.now = until;
    }

    fn local(&self, index: ClientIndex) -> LocalMs {
        let offset = self.peers.get(index).map_or(0, |peer| peer.clock_offset_ms);
        self.now.0 - 1_700_000_000_000 + offset
    }

    fn schedule(&mut self, at: TimeMs, happening: Happening) {
        self.counter += 1;
        let key = self.counter as usize;
        self.happenings.insert(key, happening);
        self.queue.push(Reverse((at.max(self.now), self.counter, key)));
    }

    fn happen(&mut self, happening: Happening) {
        match happening {
            Happening::ToSpace(connection, up) => self.arrive_at_space(connection, up),
            Happening::ToClient(index, socket, down) => self.arrive_at_client(index, socket, down),
            Happening::ClientWakes(index, wake) => {
                if self.peers.get(index).is_some_and(|peer| peer.wake == wake) {
                    self.tell(index, Input::Woken);
                }
            }
            Happening::SpaceWakes => {
                if self.platform.wake_at().is_some_and(|at| at <= self.now) {
                    self.input_space(SpaceInput::Woken);
                }
            }
            Happening::KeyPress(index) => {
                let step = self.peers.get_mut(index).and_then(|peer| peer.keys.as_mut()).map(KeyTrace::next_step);
                if let Some((input, wait_ms)) = step {
                    self.tell(index, input);
                    self.schedule(self.now.plus(wait_ms), Happening::KeyPress(index));
                }
            }
        }
    }

    fn arrive_at_space(&mut self, connection: ConnectionId, up: Up) {
        match up {
            Up::Open(index) => {
                let Some(peer) = self.peers.get_mut(index) else { return };
                let admission = peer.admission.clone();
                self.owners.insert(connection, index);
                self.input_space(SpaceInput::Connected { connection, admission });
                self.send_down(index, connection, Down::Opened(connection));
            }
            Up::Frame(frame) if self.owners.contains_key(&connection) => {
                self.input_space(SpaceInput::Received { connection, frame });
            }
            Up::Ping => {
                if let Some(&index) = self.owners.get(&connection) {
                    self.send_down(index, connection, Down::Pong);
                }
            }
            Up::Close => {
                if self.owners.remove(&connection).is_some() {
                    let record = self.platform.forget(connection);
                    self.input_space(SpaceInput::Disconnected { connection, record });
                }
            }
            Up::Frame(_) => {}
        }
    }

    fn input_space(&mut self, input: SpaceInput) {
        if self.platform.may_hibernate(self.now) && self.evict_rng.chance(self.evict_per_mille) {
            self.platform.evict();
        }
        let (sent, closed) = self.platform.handle(self.now, input);
        for (connection, frame) in sent {
            if let Some(transcript) = &mut self.transcript {
                transcript.push((self.now, connection, Rc::clone(&frame)));
            }
            if let Some(&index) = self.owners.get(&connection) {
                self.send_down(index, connection, Down::Frame(frame));
            }
        }
        for connection in closed {
            if let Some(index) = self.owners.remove(&connection) {
                self.send_down(index, connection, Down::Closed);
            }
        }
        if let Some(at) = self.platform.wake_at() {
            self.schedule(at, Happening::SpaceWakes);
        }
    }

    fn arrive_at_client(&mut self, index: ClientIndex, socket: u64, down: Down) {
        let Some(peer) = self.peers.get(index).filter(|peer| peer.socket == socket && !peer.offline) else { return };
        let _ = peer;
        let input = match down {
            Down::Opened(connection) => {
                if let Some(peer) = self.peers.get_mut(index) {
                    peer.connection = Some(connection);
                }
                Input::Opened
            }
            Down::Frame(frame) => Input::Frame(frame.to_vec()),
            Down::Pong => Input::Pong,
            Down::Closed => {
                if let Some(peer) = self.peers.get_mut(index) {
                    peer.connection = None;
                }
                Input::Closed
            }
        };
        self.tell(index, input);
    }

    /// Performs what a client wants done.
    fn drain(&mut self, index: ClientIndex) {
        loop {
            let Some(peer) = self.peers.get_mut(index) else { return };
            match peer.client.poll_output() {
                Output::Open { .. } => self.open(index),
                Output::Send(frame) => self.send_up(index, Up::Frame(frame)),
                Output::Ping => self.send_up(index, Up::Ping),
                Output::Drop => {
                    self.send_up(index, Up::Close);
                    if let Some(peer) = self.peers.get_mut(index) {
                        peer.socket += 1;
                        peer.connection = None;
                    }
                }
                Output::KeepTicket(_) => {}
                Output::Event(event) => {
                    let flows = flows(&event);
                    peer.events.push(event);
                    if let Some(flows) = flows {
                        self.tell(index, Input::Flows(flows));
                    }
                }
                Output::WakeAt(at) => {
                    peer.wake += 1;
                    let wake = peer.wake;
                    if let Some(at) = at {
                        let wait_ms = at - self.local(index);
                        self.schedule(self.now.plus(wait_ms.max(0)), Happening::ClientWakes(index, wake));
                    }
                    return;
                }
            }
        }
    }

    fn open(&mut self, index: ClientIndex) {
        let way_ms = self.way_ms(index);
        let Some(peer) = self.peers.get_mut(index) else { return };
        peer.socket += 1;
        peer.up_free_at = self.now;
        peer.down_free_at = self.now;
        if peer.offline {
            let socket = peer.socket;
            peer.offline = false;
            // The attempt fails after a while, as attempts without a network do.
            self.schedule(self.now.plus(1_000), Happening::ToClient(index, socket, Down::Closed));
            if let Some(peer) = self.peers.get_mut(index) {
                peer.offline = true;
            }
            return;
        }
        let connection = self.platform.accept();
        // Opening takes a round trip before the first frame, as TCP does.
        self.schedule(self.now.plus(2 * way_ms), Happening::ToSpace(connection, Up::Open(index)));
    }

    fn send_up(&mut self, index: ClientIndex, up: Up) {
        let way_ms = self.way_ms(index);
        let Some(peer) = self.peers.get_mut(index) else { return };
        let Some(connection) = peer.connection.filter(|_| !peer.offline) else { return };
        let at = self.now.plus(way_ms).max(peer.up_free_at);
        peer.up_free_at = at;
        self.schedule(at, Happening::ToSpace(connection, up));
    }

    fn send_down(&mut self, index: ClientIndex, connection: ConnectionId, down: Down) {
        let way_ms = self.way_ms(index);
        let Some(peer) = self.peers.get_mut(index) else { return };
        if peer.connection.is_some_and(|current| current != connection) && !matches!(down, Down::Opened(_)) {
            return;
        }
        let at = self.now.plus(way_ms).max(peer.down_free_at);
        peer.down_free_at = at;
        let socket = peer.socket;
        self.schedule(at, Happening::ToClient(index, socket, down));
    }

    fn way_ms(&mut self, index: ClientIndex) -> i64 {
        let network = self.peers.get(index).map(|peer| peer.network).unwrap_or_default();
        network.one_way_ms + self.rng.below(network.jitter_ms + 1)
    }
}

/// Whatever way a client is told of flows at once: media are not simulated here.
fn flows(event: &Event) -> Option<Flows> {
    let Event::Hearing(hearing) = event else { return None };
    let rooms: Vec<u64> = hearing.media_rooms.iter().map(|told| told.room).collect();
    let peers = hearing.peers.iter().map(|peer| peer.session_id).collect();
    (!rooms.is_empty()).then_some(Flows { rooms, peers })
}
