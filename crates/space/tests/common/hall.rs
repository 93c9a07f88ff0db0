//! A model fleet and model clients around the engine, and who really hears whom at each moment.

use std::collections::{BTreeMap, BTreeSet};

use earshot_protocol::fleet::RoomHearing;
use earshot_protocol::units::{Pixel, TILE, Tile, TimeMs};
use earshot_protocol::{ClientToSpace, Flows, Hearing, SessionId, SpaceToClient, WalkIntent};
use earshot_space::{ConnectionId, Input, Output, Placed};
use earshot_world::{Area, Map};

use super::{Harness, hello};

/// From being told of a way to media flowing on it.
pub const CONNECT_MS: i64 = 300;
pub const STEP_MS: i64 = 20;

/// 80 by 24 tiles: a stage in a hall on the right, a private room on the left, open floor between.
pub fn floor() -> Map {
    let area = |number: u32, (x, y, w, h): (i32, i32, i32, i32), kind: &str| Area {
        number,
        name: kind.into(),
        left: x * TILE,
        top: y * TILE,
        right: (x + w) * TILE,
        bottom: (y + h) * TILE,
        private: kind == "private",
        silent: kind == "silent",
        stage: kind == "stage",
    };
    let areas =
        vec![area(1, (0, 0, 12, 24), "private"), area(2, (60, 0, 20, 24), "hall"), area(3, (60, 0, 6, 3), "stage")];
    let spawn: Vec<_> = (0..4).map(|x| Tile { x: 30 + x, y: 12 }).collect();
    Map::new("floor".into(), 80, 24, vec![false; 80 * 24], &spawn, areas, vec![]).unwrap()
}

pub struct Person {
    pub id: SessionId,
    pub hearing: Hearing,
    /// Since when it has been told of a room, or of a peer.
    pub rooms: BTreeMap<u64, TimeMs>,
    pub peers: BTreeMap<(SessionId, TimeMs), TimeMs>,
    pub said: Flows,
    /// No way of its own flows.
    pub is_cut_off: bool,
    pub seq: u32,
}

/// Space, clients and fleet.
pub struct Hall {
    pub space: Harness,
    pub people: BTreeMap<ConnectionId, Person>,
    /// There is a node for new rooms.
    pub has_node: bool,
    pub has_fleet: bool,
    /// What the nodes were told last, and which rooms are dead.
    pub nodes: BTreeMap<u64, RoomHearing>,
    pub dead: BTreeSet<u64>,
    pub closed: BTreeSet<u64>,
    pub probed: Vec<u64>,
    /// Nobody says whether there is a node.
    pub is_unanswered: bool,
    /// How often a node was asked for, and for how many who publish and who listen, last for each room.
    pub asks: usize,
    pub asked: BTreeMap<u64, (u32, u32)>,
    pub words: usize,
}

impl Hall {
    pub fn new() -> Self {
        Self::on(floor())
    }

    pub fn on(map: Map) -> Self {
        Self {
            space: Harness::new(map),
            people: BTreeMap::new(),
            has_node: true,
            has_fleet: true,
            nodes: BTreeMap::new(),
            dead: BTreeSet::new(),
            closed: BTreeSet::new(),
            probed: Vec::new(),
            is_unanswered: false,
            asks: 0,
            asked: BTreeMap::new(),
            words: 0,
        }
    }

    /// Comes, and is at a tile some seconds later.
    pub fn person_at(&mut self, name: &str, x: i32, y: i32) -> ConnectionId {
        let connection = self.person(name);
        self.goes(connection, x, y);
        connection
    }

    /// Comes, and stays where it appears.
    pub fn person(&mut self, name: &str) -> ConnectionId {
        let connection = self.space.connect(name);
        self.space.send(connection, &hello(&[]));
        let person = Person {
            id: SessionId(0),
            hearing: Hearing::default(),
            rooms: BTreeMap::new(),
            peers: BTreeMap::new(),
            said: Flows::default(),
            is_cut_off: false,
            seq: 0,
        };
        self.people.insert(connection, person);
        self.settle();
        connection
    }

    pub fn goes(&mut self, connection: ConnectionId, x: i32, y: i32) {
        let person = self.people.get_mut(&connection).unwrap();
        person.seq += 1;
        let to = Pixel { x: x * 32 + 16, y: y * 32 + 16 };
        let walk = WalkIntent { seq: person.seq, at: self.space.now, to, gait: Default::default() };
        self.space.send(connection, &ClientToSpace::Walk(walk));
        self.settle();
    }

    pub fn leaves(&mut self, connection: ConnectionId) {
        self.people.remove(&connection);
        self.space.send(connection, &ClientToSpace::Leave);
        self.settle();
    }

    pub fn passes(&mut self, ms: i64) {
        self.passes_with(ms, |_| ());
    }

    pub fn passes_with(&mut self, ms: i64, mut look: impl FnMut(&Self)) {
        for _ in 0..ms / STEP_MS {
            self.space.pass(STEP_MS);
            self.settle();
            look(self);
        }
    }

    /// Fleet and clients do what they were told.
    pub fn settle(&mut self) {
        loop {
            let asked = std::mem::take(&mut self.space.fleet);
            let mut placed = Vec::new();
            for output in asked {
                match output {
                    Output::PlaceRoom { room, participants, listeners } => {
                        self.asks += 1;
                        self.asked.insert(room, (participants, listeners));
                        placed.push(room);
                    }
                    Output::Hearing { rooms, closed } => {
                        self.words += 1;
                        for hearing in rooms {
                            let before = self.nodes.get(&hearing.room).map_or(0, |before| before.revision);
                            assert!(hearing.revision > before, "revisions grow");
                            self.nodes.insert(hearing.room, hearing);
                        }
                        for room in closed {
                            self.nodes.remove(&room);
                            assert!(self.closed.insert(room), "closed once");
                        }
                    }
                    Output::ProbeRoom { room } => self.probed.push(room),
                    _ => {}
                }
            }
            if self.is_unanswered {
                placed.clear();
            }
            let is_quiet = placed.is_empty();
            for room in placed {
                let placed = match (self.has_fleet, self.has_node) {
                    (false, _) => Placed::NoFleet,
                    (true, false) => Placed::NoneNow,
                    (true, true) => Placed::OnNode,
                };
                self.space.input(Input::RoomPlaced { room, placed });
            }
            let told: Vec<_> = self.people.keys().copied().collect();
            let said = told.into_iter().filter(|&connection| self.says_what_flows(connection)).count();
            if is_quiet && said == 0 {
                return;
            }
        }
    }

    /// Reads what came, and tells the space if other ways flow than before.
    pub fn says_what_flows(&mut self, connection: ConnectionId) -> bool {
        let now = self.space.now;
        let Some(person) = self.people.get_mut(&connection) else { return false };
        for message in self.space.take(connection) {
            match message {
                SpaceToClient::Welcome(welcome) => person.id = welcome.session_id,
                SpaceToClient::Hearing(hearing) => {
                    let rooms: BTreeSet<u64> = hearing.media_rooms.iter().map(|told| told.room).collect();
                    let peers: BTreeSet<_> = hearing.peers.iter().map(|peer| (peer.session_id, peer.epoch)).collect();
                    person.rooms.retain(|room, _| rooms.contains(room));
                    person.peers.retain(|peer, _| peers.contains(peer));
                    for room in rooms {
                        person.rooms.entry(room).or_insert(now);
                    }
                    for peer in peers {
                        person.peers.entry(peer).or_insert(now);
                    }
                    person.hearing = hearing;
                }
                _ => {}
            }
        }
        let flows = Flows {
            rooms: person
                .rooms
                .iter()
                .filter(|(room, since)| {
                    self.nodes.contains_key(room) && !self.dead.contains(room) && now.since(**since) >= CONNECT_MS
                })
                .map(|(&room, _)| room)
                .collect(),
            peers: person
                .peers
                .iter()
                .filter(|(_, since)| now.since(**since) >= CONNECT_MS)
                .map(|(&(id, _), _)| id)
                .collect(),
        };
        let flows = if person.is_cut_off { Flows::default() } else { flows };
        if person.said == flows || person.rooms.is_empty() && person.said == Flows::default() {
            return false;
        }
        person.said = flows.clone();
        self.space.send(connection, &ClientToSpace::Flows(flows));
        true
    }

    /// Whether sound really gets from one to the other at this moment.
    pub fn reaches(&self, listener: &Person, speaker: &Person) -> bool {
        let now = self.space.now;
        let flows = |since: &TimeMs| now.since(*since) >= CONNECT_MS;
        let direct = |a: &Person, b: &Person| a.peers.iter().any(|((id, _), since)| *id == b.id && flows(since));
        let rights = listener.hearing.peers.iter().any(|peer| peer.session_id == speaker.id && peer.hears);
        let through = |room: &u64| {
            let is_in = |person: &Person| person.rooms.get(room).is_some_and(flows);
            let Some(node) = self.nodes.get(room).filter(|_| !self.dead.contains(room)) else { return false };
            let hears = node.participants.iter().any(|participant| {
                participant.session == listener.id.0 && participant.hears.iter().any(|heard| heard.0 == speaker.id.0)
            });
            let publishes = speaker.hearing.media_rooms.iter().any(|told| told.room == *room && told.publish);
            hears && publishes && is_in(listener) && is_in(speaker)
        };
        rights && direct(listener, speaker) && direct(speaker, listener) || listener.rooms.keys().any(through)
    }

    /// Pairs of whom the first hears the second, as people in it would say.
    pub fn heard(&self) -> BTreeSet<(SessionId, SessionId)> {
        let everybody = || self.people.values();
        let pairs = everybody().flat_map(|one| everybody().map(move |other| (one, other)));
        let heard = pairs.filter(|(one, other)| one.id != other.id && self.reaches(one, other));
        heard.map(|(one, other)| (one.id, other.id)).collect()
    }

    pub fn rooms_in_use(&self) -> usize {
        let all = self.people.values().flat_map(|person| &person.hearing.media_rooms);
        all.filter(|told| told.publish).map(|told| told.room).collect::<BTreeSet<_>>().len()
    }

    pub fn is_all_to_all(&self, count: usize) -> bool {
        self.heard().len() == count * (count - 1)
    }
}
