//! Participants without a space: the test says who hears whom, and carries signals and grants itself.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr, UdpSocket};
use std::time::{Duration, Instant};

use earshot_client_core::Input;
use earshot_media::node::{Admission, Datagram, Node, NodeConfig};
use earshot_participants::company::{Company, Join, Manner, Out, TILE_HEIGHT_PX};
use earshot_participants::ears::Tally;
use earshot_participants::voice::{Spoken, Stamp, now_us};
use earshot_protocol::fleet::{HearingSets, ParticipantHearing, RoomHearing};
use earshot_protocol::units::TimeMs;
use earshot_protocol::{Hearing, MediaRoom, Peer, RoomPeer, SessionId, Signal};
use str0m::net::Protocol;

const LOCAL: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
const SPACE: &str = "space";
const STEP: Duration = Duration::from_millis(1);

/// A node on a socket of its own; one that does not answer is as good as dead.
pub struct NodeOnSocket {
    node: Node,
    socket: UdpSocket,
    revision: u64,
    pub answers: bool,
}

pub struct World {
    pub people: BTreeMap<u32, Company>,
    pub node: Option<NodeOnSocket>,
    /// What was said to be lost, by whom.
    pub lost: BTreeSet<(u32, u64)>,
    /// On their way through the space.
    signals: Vec<(u32, Signal)>,
    number: u32,
    speaks_at: Instant,
}

impl World {
    pub fn new() -> Self {
        Self {
            people: BTreeMap::new(),
            node: None,
            lost: BTreeSet::new(),
            signals: Vec::new(),
            number: 0,
            speaks_at: Instant::now(),
        }
    }

    pub fn with_node() -> Self {
        let socket = UdpSocket::bind((LOCAL, 0)).unwrap();
        socket.set_nonblocking(true).unwrap();
        let config = NodeConfig { udp: vec![socket.local_addr().unwrap()], ..NodeConfig::default() };
        let node = Node::new(config, Instant::now());
        Self { node: Some(NodeOnSocket { node, socket, revision: 0, answers: true }), ..Self::new() }
    }

    pub fn come(&mut self, ids: impl IntoIterator<Item = u32>, video: bool) {
        for id in ids {
            let now = Instant::now();
            let mut company = Company::new(
                Manner { ip: LOCAL, shows: video.then_some(1), looks_px: video.then_some(TILE_HEIGHT_PX) },
                now,
            );
            company.welcome(id);
            company.set_online(true, now, &mut Out::default());
            company.set_speaks(true, now, &mut Out::default());
            self.people.insert(id, company);
        }
    }

    /// Tells one of them whom it hears and is heard by.
    pub fn tell(&mut self, id: u32, peers: &[u32], rooms: &[MediaRoom], room_peers: &[u32]) {
        let direct = |&other: &u32| Peer {
            session_id: SessionId(other),
            epoch: TimeMs(1),
            polite: id > other,
            hears: true,
            heard: true,
            full_volume: false,
        };
        let through =
            |&other: &u32| RoomPeer { session_id: SessionId(other), hears: true, heard: true, full_volume: false };
        let hearing = Hearing {
            peers: peers.iter().map(direct).collect(),
            media_rooms: rooms.to_vec(),
            room_peers: room_peers.iter().map(through).collect(),
            ..Hearing::default()
        };
        self.act(id, |company, now, out| company.tell(&hearing, now, out));
    }

    /// Tells the node who is in a room, and that all of them hear one another.
    pub fn tell_node(&mut self, room: u64, sessions: &[u32]) {
        let one = |&session: &u32| ParticipantHearing {
            session,
            publish: true,
            reduced: false,
            hears: sessions.iter().filter(|other| **other != session).map(|&other| (other, 80, 0)).collect(),
        };
        let on_socket = self.node.as_mut().unwrap();
        on_socket.revision += 1;
        let participants = sessions.iter().map(one).collect();
        let rooms = vec![RoomHearing { room, revision: on_socket.revision, participants }];
        on_socket.node.hear(Instant::now(), HearingSets { space: SPACE.into(), rooms, closed: vec![] });
    }

    pub async fn passes(&mut self, ms: u64) {
        self.passes_until(ms, |_| false).await;
    }

    /// True as soon as something holds; false where it did not within so many milliseconds.
    pub async fn passes_until(&mut self, ms: u64, holds: impl Fn(&Self) -> bool) -> bool {
        let end = Instant::now() + Duration::from_millis(ms);
        while Instant::now() < end {
            if holds(self) {
                return true;
            }
            self.step();
            tokio::time::sleep(STEP).await;
        }
        holds(self)
    }

    fn step(&mut self) {
        for (to, signal) in std::mem::take(&mut self.signals) {
            self.signalled(to, &signal);
        }
        for id in self.people.keys().copied().collect::<Vec<_>>() {
            self.act(id, |company, now, out| company.run(now, out));
        }
        if let Some(on_socket) = &mut self.node {
            on_socket.step();
        }
        let now = Instant::now();
        while self.speaks_at <= now {
            self.speaks_at += Duration::from_millis(20);
            self.number += 1;
            for (&session, company) in &mut self.people {
                let stamp = Stamp { session, run: 0, number: self.number, said_us: now_us() };
                company.speak(Spoken { number: self.number, level: 20, frame: &stamp.frame() }, now);
                company.show(self.number, now);
            }
        }
    }

    pub fn act(&mut self, id: u32, act: impl FnOnce(&mut Company, Instant, &mut Out)) {
        let mut out = Out::default();
        let Some(company) = self.people.get_mut(&id) else { return };
        act(company, Instant::now(), &mut out);
        self.perform(id, out);
    }

    fn perform(&mut self, id: u32, out: Out) {
        for input in out.to_space {
            match input {
                Input::Signal(signal) => {
                    let back = Signal { peer: SessionId(id), ..signal.clone() };
                    self.signals.push((signal.peer.0, back));
                }
                Input::WantGrant { room } => {
                    self.granted(id, room);
                }
                Input::RoomLost { room } => {
                    self.lost.insert((id, room));
                }
                _ => {}
            }
        }
        for join in out.joins {
            self.join(id, &join);
        }
    }

    fn signalled(&mut self, id: u32, signal: &Signal) {
        let mut out = Out::default();
        if let Some(company) = self.people.get_mut(&id) {
            company.signal(signal, Instant::now(), &mut out);
        }
        self.perform(id, out);
    }

    fn granted(&mut self, id: u32, room: u64) {
        let mut out = Out::default();
        if let Some(company) = self.people.get_mut(&id) {
            company.grant(room, "any".into(), Instant::now(), &mut out);
        }
        self.perform(id, out);
    }

    fn join(&mut self, session: u32, join: &Join) {
        let Some(on_socket) = self.node.as_mut().filter(|node| node.answers) else { return };
        let now = Instant::now();
        let expires_at = now + Duration::from_secs(60);
        let admission = Admission { space: SPACE.into(), room: join.room, session, publish: true, expires_at };
        let answer = on_socket.node.join(now, admission, &join.offer).ok();
        on_socket.flush();
        let of = (join.room, join.attempt);
        let mut out = Out::default();
        if let Some(company) = self.people.get_mut(&session) {
            company.answered(of, answer.as_deref(), now, &mut out);
        }
        self.perform(session, out);
    }

    // ---- what they heard ---------------------------------------------------------------------------------------------

    pub fn tally(&self, listener: u32, speaker: u32) -> Tally {
        let ears = self.people[&listener].ears.get(&speaker);
        ears.map(|ears| ears.tally.clone()).unwrap_or_default()
    }

    pub fn all_hear_all(&self, frames: u64) -> bool {
        let hears = |&listener: &u32| {
            let others = self.people.keys().filter(move |speaker| **speaker != listener);
            others.into_iter().all(|&speaker| self.tally(listener, speaker).played >= frames)
        };
        self.people.keys().all(hears)
    }

    pub fn forget(&mut self) {
        for company in self.people.values_mut() {
            company.ears.values_mut().for_each(earshot_participants::ears::Ears::forget);
        }
    }
}

impl NodeOnSocket {
    fn step(&mut self) {
        let mut buffer = [0; 2_000];
        while let Ok((length, source)) = self.socket.recv_from(&mut buffer) {
            if !self.answers {
                continue;
            }
            let (proto, destination) = (Protocol::Udp, self.socket.local_addr().unwrap());
            let contents = &buffer[..length];
            self.node.handle_datagram(Instant::now(), Datagram { proto, source, destination, contents });
        }
        if self.answers {
            self.node.flush(Instant::now());
            if self.node.poll_timeout().is_some_and(|at| at <= Instant::now()) {
                self.node.handle_timeout(Instant::now());
            }
            self.flush();
        }
    }

    fn flush(&mut self) {
        let transmits = self.node.transmits();
        for sent in transmits.iter() {
            let _lost = self.socket.send_to(transmits.contents(sent), sent.path.destination);
        }
        self.node.clear_transmits();
        while self.node.poll_event().is_some() {}
    }
}
