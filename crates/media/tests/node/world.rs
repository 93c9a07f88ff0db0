//! A node, participants, and links between them, all in one virtual time.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use earshot_media::node::{Admission, Datagram, Node, NodeConfig, NodeEvent, Path, Refusal};
use earshot_protocol::fleet::{HearingSets, ParticipantHearing, RoomHearing};

use super::client::Client;
use super::link::{Flight, Links, Quality};

pub const SPACE: &str = "space";
pub const ROOM: u64 = 7;

/// For pictures, of everybody.
pub const LANES: usize = 12;

pub struct World {
    pub now: Instant,
    pub node: Node,
    pub clients: BTreeMap<u32, Client>,
    pub links: Links,
    pub renewals: Vec<String>,
    /// What the node took of the processor.
    pub node_busy: Duration,
    node_at: SocketAddr,
    revision: u64,
}

impl World {
    pub fn new(seed: u64) -> Self {
        let node_at: SocketAddr = "10.0.0.1:3478".parse().unwrap();
        let config = NodeConfig { udp: vec![node_at], ..NodeConfig::default() };
        Self::with(config, seed)
    }

    pub fn with(config: NodeConfig, seed: u64) -> Self {
        let now = Instant::now();
        let node_at = config.udp[0];
        Self {
            now,
            node: Node::new(config, now),
            clients: BTreeMap::new(),
            links: Links::new(seed),
            renewals: Vec::new(),
            node_busy: Duration::ZERO,
            node_at,
            revision: 0,
        }
    }

    pub fn admission(&self, session: u32) -> Admission {
        let expires_at = self.now + Duration::from_secs(300);
        Admission { space: SPACE.to_owned(), room: ROOM, session, publish: true, expires_at }
    }

    pub fn address(session: u32, time: u16) -> SocketAddr {
        format!("10.1.{}.{}:{}", session / 250, session % 250 + 1, 5_000 + time).parse().unwrap()
    }

    pub fn join(&mut self, session: u32) {
        self.join_from(session, Self::address(session, 0)).unwrap();
    }

    pub fn join_from(&mut self, session: u32, address: SocketAddr) -> Result<(), Refusal> {
        let (mut client, offer) = Client::new(session, address, (8, LANES), self.now);
        let answer = self.node.join(self.now, self.admission(session), &offer)?;
        client.answered(&answer);
        client.voice = Some(20);
        self.clients.insert(session, client);
        Ok(())
    }

    pub fn link(&mut self, session: u32, quality: Quality) {
        let address = self.clients[&session].address;
        self.links.up.insert(address, Quality { bits_per_s: None, ..quality });
        self.links.down.insert(address, quality);
    }

    /// Something else comes to somebody over the same link.
    pub fn share(&mut self, session: u32, bytes: usize) {
        self.links.share(self.now, self.clients[&session].address, bytes);
    }

    /// Everybody hears those it is said to, equally well.
    pub fn hear(&mut self, sets: &[(u32, &[u32])]) {
        let one = |&(session, hears): &(u32, &[u32])| ParticipantHearing {
            session,
            publish: true,
            reduced: false,
            hears: hears.iter().filter(|other| **other != session).map(|&other| (other, 80, 0)).collect(),
        };
        self.say(sets.iter().map(one).collect());
    }

    pub fn all_hear_all(&mut self, sessions: &[u32]) {
        let sets: Vec<_> = sessions.iter().map(|&session| (session, sessions)).collect();
        self.hear(&sets);
    }

    pub fn say(&mut self, participants: Vec<ParticipantHearing>) {
        self.revision += 1;
        let room = RoomHearing { room: ROOM, revision: self.revision, participants };
        let sets = HearingSets { space: SPACE.to_owned(), rooms: vec![room], closed: vec![] };
        assert_eq!(self.node.hear(self.now, sets), [(ROOM, self.revision)]);
        self.take_from_node();
    }

    pub fn words(&mut self, session: u32, words: &earshot_protocol::fleet::FromParticipant) {
        let mut out = Vec::new();
        let client = self.clients.get_mut(&session).unwrap();
        client.say(words, self.now, &mut out);
        let address = client.address;
        for flight in out {
            self.links.send(self.now, flight, address, true);
        }
    }

    pub fn run(&mut self, ms: u64) {
        for _ in 0..ms {
            self.now += Duration::from_millis(1);
            self.step();
        }
    }

    /// Runs until something holds, at the longest so many milliseconds. How long it took.
    pub fn run_until(&mut self, ms: u64, mut holds: impl FnMut(&Self) -> bool) -> Option<u64> {
        (0..ms).find(|_| {
            self.run(1);
            holds(self)
        })
    }

    fn step(&mut self) {
        let mut arrived = Vec::new();
        while let Some(flight) = self.links.arrived(self.now) {
            arrived.push(flight);
        }
        let (to_node, to_clients): (Vec<_>, Vec<_>) = arrived.into_iter().partition(|flight| flight.to == self.node_at);
        let begin = cpu_time();
        for Flight { proto, from: source, to: destination, contents } in &to_node {
            let (proto, source, destination) = (*proto, *source, *destination);
            self.node.handle_datagram(self.now, Datagram { proto, source, destination, contents });
        }
        self.node.flush(self.now);
        if self.node.poll_timeout().is_some_and(|at| at <= self.now) {
            self.node.handle_timeout(self.now);
        }
        self.node_busy += cpu_time() - begin;
        self.take_from_node();
        let mut out = Vec::new();
        for flight in to_clients {
            if let Some(client) = self.clients.values_mut().find(|client| client.address == flight.to) {
                client.receive(self.now, &flight, &mut out);
            }
        }
        for client in self.clients.values_mut() {
            client.step(self.now, &mut out);
        }
        for flight in out {
            let from = flight.from;
            self.links.send(self.now, flight, from, true);
        }
    }

    fn take_from_node(&mut self) {
        let transmits = self.node.transmits();
        for sent in transmits.iter() {
            let Path { proto, source: from, destination: to } = sent.path;
            let flight = Flight { proto, from, to, contents: transmits.contents(sent).to_vec() };
            self.links.send(self.now, flight, to, false);
        }
        self.node.clear_transmits();
        while let Some(event) = self.node.poll_event() {
            match event {
                NodeEvent::Renew { participant, grant } => {
                    let until: u64 = grant.parse().unwrap_or(0);
                    self.renewals.push(grant);
                    let mut admission = self.admission(1);
                    admission.expires_at = self.now + Duration::from_secs(until);
                    self.node.renew(participant, admission);
                }
            }
        }
    }

    /// Three, or however many, in one room, connected, with their channels open.
    pub fn of(seed: u64, sessions: &[u32]) -> Self {
        let mut world = Self::new(seed);
        sessions.iter().for_each(|&session| world.join(session));
        world.all_hear_all(sessions);
        let all_there = |world: &Self| world.clients.values().all(|client| client.channel.is_some());
        assert!(world.run_until(3_000, all_there).is_some(), "they connect");
        world
    }
}

/// Of this thread, where the system says so.
fn cpu_time() -> Duration {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    Duration::from_nanos(text.split(' ').next().and_then(|ns| ns.parse().ok()).unwrap_or_default())
}
