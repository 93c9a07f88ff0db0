//! Everybody the space says one may hear or be heard by, as web/src/media/visit.ts and person.ts keep them: direct ways and
//! lanes of rooms come and go beneath a person, and exactly one of them is listened to.
//!
//! Absent on purpose: the space. What is to be told to it comes out as inputs of the client core.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use earshot_client_core::Input;
use earshot_protocol::fleet::{TrackKind, WantedPicture};
use earshot_protocol::hearing::{CandidateKind, Flows};
use earshot_protocol::units::TimeMs;
use earshot_protocol::{ConnectionReport, Hearing, SessionId, Signal};
use str0m::rtp::RtpPacket;

use crate::delays::Delays;
use crate::ears::{Ears, Heard, Way};
use crate::peer::{Peer, PeerEvent};
use crate::picture;
use crate::rooms::{Lane, Rooms, RoomsEvent};
use crate::sight::Sight;
use crate::signal::Sends;
use crate::voice::{Spoken, Stamp, now_us};

/// How often it is looked who speaks, as in a page.
const LISTEN: Duration = Duration::from_millis(100);
/// Whoever speaks and is not among the loudest has no lane; nobody waits longer for them.
const FLOW_MAX: Duration = Duration::from_millis(2_000);
/// Where lanes are free, whoever speaks gets one, however late they or we are.
const FLOW_FREE_MAX: Duration = Duration::from_millis(8_000);
/// From joining a room to saying that it flows, so that others can find one's voice there.
const FLOW_MIN: Duration = Duration::from_millis(1_000);
/// Who is this loud speaks; decibels below the loudest.
const SPEAKS_DB: i8 = -50;
const SPEAKS_FOR: Duration = Duration::from_millis(250);
/// What is usually wanted of pictures that come through rooms.
pub const TILE_HEIGHT_PX: u32 = 180;

/// Ask for an answer: see [`RoomsEvent::Join`].
#[derive(Debug)]
pub struct Join {
    pub room: u64,
    pub attempt: u64,
    pub grant: String,
    pub offer: String,
}

/// What is to be told.
#[derive(Debug, Default)]
pub struct Out {
    pub to_space: Vec<Input>,
    pub joins: Vec<Join>,
}

/// One of them.
pub struct Person {
    pub hears: bool,
    pub heard: bool,
    pub peer: Option<Peer>,
    epoch: Option<TimeMs>,
    pub listened_to: Option<Way>,
    loud_at: Option<Instant>,
    /// When something came last: on their own way, and on the room's that is listened to.
    direct_at: Option<Instant>,
    room_at: Option<Instant>,
    pub sight: Sight,
}

/// How one differs from another.
#[derive(Clone, Copy, Debug)]
pub struct Manner {
    pub ip: IpAddr,
    /// Shows a picture, so many times as large as usual.
    pub shows: Option<usize>,
    /// Wants pictures of this height, of everybody. Whoever shows none gets them through rooms alone: what comes directly does
    /// not fit itself to a line here, as a browser's would.
    pub looks_px: Option<u32>,
}

pub struct Company {
    manner: Manner,
    own_id: Option<u32>,
    is_online: bool,
    /// Does not let go of what the space says is over.
    pub clings: bool,
    pub people: BTreeMap<u32, Person>,
    /// Of everybody who was ever heard.
    pub ears: BTreeMap<u32, Ears>,
    pub rooms: Rooms,
    pub delays: Delays,
    /// For how long one came late oneself, all in all.
    pub own_stalls: Duration,
    speaks: bool,
    flows: Option<Flows>,
    listen_at: Instant,
    from_rooms: Vec<RoomsEvent>,
    from_peer: Vec<PeerEvent>,
}

impl Company {
    pub fn new(manner: Manner, now: Instant) -> Self {
        Self {
            manner,
            own_id: None,
            is_online: false,
            clings: false,
            people: BTreeMap::new(),
            ears: BTreeMap::new(),
            rooms: Rooms::new(manner),
            delays: Delays::default(),
            own_stalls: Duration::ZERO,
            speaks: false,
            flows: None,
            listen_at: now,
            from_rooms: Vec::new(),
            from_peer: Vec::new(),
        }
    }

    pub fn due(&self) -> Instant {
        let peers = self.people.values().filter_map(|person| person.peer.as_ref()?.due());
        peers.chain(self.rooms.due()).fold(self.listen_at, Instant::min)
    }

    pub fn poll_readable(&self, context: &mut Context<'_>) -> Poll<()> {
        let mut ready = self.rooms.poll_readable(context);
        for peer in self.people.values().filter_map(|person| person.peer.as_ref()) {
            if peer.poll_readable(context).is_ready() {
                ready = Poll::Ready(());
            }
        }
        ready
    }

    // ---- what the space says -----------------------------------------------------------------------------------------

    pub fn welcome(&mut self, own: u32) {
        if self.own_id.replace(own).is_some_and(|before| before != own) {
            // Another session: whom one knew before knows one no more.
            self.people.clear();
            self.ears.clear();
        }
    }

    pub fn set_online(&mut self, is_online: bool, now: Instant, out: &mut Out) {
        self.is_online = is_online;
        self.each_peer(now, out, |peer, now, events| peer.set_online(is_online, now, events));
    }

    pub fn set_away(&mut self, id: u32, is_away: bool, now: Instant, out: &mut Out) {
        self.with_peer(id, now, out, |peer, now, events| peer.set_away(is_away, now, events));
    }

    pub fn tell(&mut self, hearing: &Hearing, now: Instant, out: &mut Out) {
        let mut rights: BTreeMap<u32, (bool, bool)> = BTreeMap::new();
        let through_rooms = hearing.room_peers.iter().map(|peer| (peer.session_id, peer.hears, peer.heard));
        let direct = hearing.peers.iter().map(|peer| (peer.session_id, peer.hears, peer.heard));
        for (id, hears, heard) in through_rooms.chain(direct) {
            let (both_hears, both_heard) = rights.entry(id.0).or_default();
            *both_hears |= hears;
            *both_heard |= heard;
        }
        for (id, ears) in &mut self.ears {
            ears.set_hears(rights.get(id).is_some_and(|(hears, _)| *hears), now);
        }
        let mut events = std::mem::take(&mut self.from_rooms);
        self.rooms.tell(&hearing.media_rooms, self.own_id.unwrap_or(0), self.clings, now, &mut events);
        self.from_rooms = events;
        let clings = self.clings;
        self.people.retain(|id, _| clings || rights.contains_key(id));
        for person in self.people.values_mut() {
            (person.hears, person.heard) = (false, false);
        }
        for (id, (hears, heard)) in rights {
            self.ears.entry(id).or_default().set_hears(hears, now);
            let peering = hearing.peers.iter().find(|peer| peer.session_id.0 == id);
            let person = self.people.entry(id).or_insert(Person {
                hears,
                heard,
                peer: None,
                epoch: None,
                listened_to: None,
                loud_at: None,
                direct_at: None,
                room_at: None,
                sight: Sight::default(),
            });
            (person.hears, person.heard) = (hears, heard);
            let epoch = peering.map(|peering| peering.epoch);
            if person.epoch != epoch && (peering.is_some() || !clings) {
                person.epoch = epoch;
                let Manner { ip, shows, looks_px } = self.manner;
                let looks = shows.is_some() && looks_px.is_some();
                person.peer = peering.map(|peering| Peer::new(ip, peering.polite, looks, now));
                if let Some(peer) = &mut person.peer {
                    peer.start(now, &mut self.from_peer);
                    peer.set_online(self.is_online, now, &mut self.from_peer);
                    self.settle_peer(id, now, out);
                }
            }
        }
        self.give(now, out);
        self.settle_rooms(now, out);
        self.say_flows(now, out);
    }

    pub fn signal(&mut self, signal: &Signal, now: Instant, out: &mut Out) {
        let id = signal.peer.0;
        if self.people.get(&id).is_some_and(|person| person.epoch == Some(signal.epoch)) {
            self.with_peer(id, now, out, |peer, now, events| peer.receive(&signal.payload, now, events));
        }
    }

    pub fn grant(&mut self, room: u64, grant: String, now: Instant, out: &mut Out) {
        let mut events = std::mem::take(&mut self.from_rooms);
        self.rooms.take_grant(room, grant, now, &mut events);
        self.from_rooms = events;
        self.settle_rooms(now, out);
    }

    pub fn answered(&mut self, join: (u64, u64), answer: Option<&str>, now: Instant, out: &mut Out) {
        let mut events = std::mem::take(&mut self.from_rooms);
        self.rooms.answered(join, answer, now, &mut events);
        self.from_rooms = events;
        self.settle_rooms(now, out);
    }

    // ---- what one gives ----------------------------------------------------------------------------------------------

    pub fn set_speaks(&mut self, speaks: bool, now: Instant, out: &mut Out) {
        self.speaks = speaks;
        self.give(now, out);
    }

    pub fn speak(&mut self, spoken: Spoken<'_>, now: Instant) {
        for person in self.people.values_mut().filter(|person| person.heard) {
            if let Some(peer) = &mut person.peer {
                peer.speak(spoken, now);
            }
        }
        self.rooms.speak(spoken, now);
    }

    pub fn show(&mut self, number: u32, now: Instant) {
        let Some(own) = self.own_id else { return };
        for person in self.people.values_mut().filter(|person| person.heard) {
            if let Some(peer) = &mut person.peer {
                peer.show(own, number, now);
            }
        }
        self.rooms.show(own, number, now);
    }

    fn give(&mut self, now: Instant, out: &mut Out) {
        let (speaks, shows) = (self.speaks, self.manner.shows.is_some());
        let heard: BTreeMap<u32, bool> = self.people.iter().map(|(&id, person)| (id, person.heard)).collect();
        for (id, heard) in heard {
            let sends = Sends { microphone: heard && speaks, camera: heard && shows, ..Sends::default() };
            self.with_peer(id, now, out, |peer, now, events| peer.give(&sends, now, events));
        }
    }

    // ---- time --------------------------------------------------------------------------------------------------------

    /// Takes what came, and what time it is.
    pub fn run(&mut self, now: Instant, out: &mut Out) {
        self.each_peer(now, out, |peer, now, events| peer.run(now, events));
        let mut events = std::mem::take(&mut self.from_rooms);
        self.rooms.run(now, &mut events);
        self.from_rooms = events;
        self.settle_rooms(now, out);
        if self.listen_at <= now {
            self.listen_at = now + LISTEN;
            self.listen(now, out);
        }
    }

    fn listen(&mut self, now: Instant, out: &mut Out) {
        self.rooms.listen(now);
        self.choose_all(now);
        let is_any_full = self.rooms.is_any_full();
        for (id, ears) in &mut self.ears {
            ears.settle_early(now, false);
            let is_direct = self.people.get(id).is_some_and(Person::is_connected);
            ears.note_place(!is_any_full || is_direct || !self.rooms.lanes(*id).is_empty());
        }
        if !self.rooms.is_empty() {
            self.say_flows(now, out);
        }
        if let Some(height_px) = self.manner.looks_px {
            let want = |&id: &u32| WantedPicture { session: id, kind: TrackKind::Camera, height_px, pinned: false };
            let wanted: Vec<_> = self.people.keys().map(want).take(60).collect();
            self.rooms.want(&wanted, now);
        }
    }

    fn choose_all(&mut self, now: Instant) {
        for (&id, person) in &mut self.people {
            person.choose(&self.rooms, id, now);
        }
    }

    /// Which ways flow, so that the space can end those that are not needed any more.
    fn say_flows(&mut self, now: Instant, out: &mut Out) {
        let waits = self.people.iter().any(|(&id, person)| {
            let flows_through_room = || self.rooms.lanes(id).iter().any(|lane| lane.flows && !lane.is_leaving);
            person.speaks(now) && person.hears && !flows_through_room()
        });
        let least = match (self.people.is_empty(), waits) {
            (true, _) => Duration::ZERO,
            (_, true) if self.rooms.is_any_full() => FLOW_MAX,
            (_, true) => FLOW_FREE_MAX,
            (_, false) => FLOW_MIN,
        };
        let joined = self.rooms.flowing().filter(|(_, at)| now.duration_since(*at) >= least);
        let rooms: Vec<u64> = joined.map(|(room, _)| room).collect();
        let is_empty = self.rooms.is_empty();
        let peers = self.people.iter().filter(|(id, person)| !is_empty && person.flows_directly(&self.rooms, **id));
        let flows = Flows { rooms, peers: peers.map(|(&id, _)| SessionId(id)).collect() };
        if self.flows.as_ref() == Some(&flows) || (self.flows.is_none() && is_empty) {
            return;
        }
        self.flows = (!is_empty).then(|| flows.clone());
        out.to_space.push(Input::Flows(flows));
    }

    // ---- what happened below -----------------------------------------------------------------------------------------

    fn each_peer(&mut self, now: Instant, out: &mut Out, act: impl Fn(&mut Peer, Instant, &mut Vec<PeerEvent>)) {
        let ids: Vec<u32> = self.people.keys().copied().collect();
        for id in ids {
            self.with_peer(id, now, out, &act);
        }
    }

    fn with_peer(
        &mut self,
        id: u32,
        now: Instant,
        out: &mut Out,
        act: impl FnOnce(&mut Peer, Instant, &mut Vec<PeerEvent>),
    ) {
        if let Some(peer) = self.people.get_mut(&id).and_then(|person| person.peer.as_mut()) {
            act(peer, now, &mut self.from_peer);
            self.settle_peer(id, now, out);
        }
    }

    fn settle_peer(&mut self, id: u32, now: Instant, out: &mut Out) {
        if self.from_peer.is_empty() {
            return;
        }
        let mut events = std::mem::take(&mut self.from_peer);
        for event in events.drain(..) {
            match event {
                PeerEvent::Send(payload) => {
                    if let Some(epoch) = self.people.get(&id).and_then(|person| person.epoch) {
                        let signal = Signal { peer: SessionId(id), epoch, payload: payload.into_bytes() };
                        out.to_space.push(Input::Signal(signal));
                    }
                }
                PeerEvent::Changed => {
                    if let Some(person) = self.people.get_mut(&id) {
                        person.choose(&self.rooms, id, now);
                    }
                }
                PeerEvent::Voice(packet) => self.hear(Some(id), Way::Direct, &packet, now),
                PeerEvent::Picture(packet) => self.see(Some(id), &packet, now),
                PeerEvent::Report { connected, took_ms } => {
                    let report = ConnectionReport { connected, took_ms, via: CandidateKind::Host };
                    out.to_space.push(Input::Report(report));
                }
                PeerEvent::Silent => out.to_space.push(Input::Hope),
            }
        }
        self.from_peer = events;
    }

    fn settle_rooms(&mut self, now: Instant, out: &mut Out) {
        if self.from_rooms.is_empty() {
            return;
        }
        let (mut events, mut is_changed) = (std::mem::take(&mut self.from_rooms), false);
        for event in events.drain(..) {
            match event {
                RoomsEvent::WantGrant(room) => out.to_space.push(Input::WantGrant { room }),
                RoomsEvent::Join { room, attempt, grant, offer } => {
                    out.joins.push(Join { room, attempt, grant, offer });
                }
                RoomsEvent::Lost(room) => out.to_space.push(Input::RoomLost { room }),
                RoomsEvent::Changed => {
                    self.choose_all(now);
                    is_changed = true;
                }
                RoomsEvent::Voice { room, of, packet } => {
                    let claimed = of.filter(|(_, kind)| *kind == TrackKind::Microphone).map(|(id, _)| id);
                    self.hear(claimed, Way::Room(room), &packet, now);
                }
                RoomsEvent::Picture { of, packet, .. } => self.see(of.map(|(id, _)| id), &packet, now),
            }
        }
        self.from_rooms = events;
        if is_changed {
            self.say_flows(now, out);
        }
    }

    /// `claimed` is whose it is by the way it came; a frame that says who said it is believed more.
    fn hear(&mut self, claimed: Option<u32>, way: Way, packet: &RtpPacket, now: Instant) {
        let stamp = Stamp::read(&packet.payload);
        let Some(id) = stamp.map(|stamp| stamp.session).or(claimed) else { return };
        let is_loud = packet.header.ext_vals.audio_level.is_some_and(|level| level > SPEAKS_DB);
        let mut is_played = false;
        if let Some(person) = self.people.get_mut(&id) {
            if is_loud {
                person.loud_at = Some(now);
            }
            // What is there of somebody else just after a lane was given away is not played as theirs.
            is_played = person.listened_to == Some(way) && claimed == Some(id);
            match way {
                Way::Direct => person.direct_at = Some(now),
                Way::Room(_) if is_played => person.room_at = Some(now),
                Way::Room(_) => {}
            }
        }
        let is_full = matches!(way, Way::Room(room) if self.rooms.is_full(room));
        let heard = Heard { way, stamp, is_played, is_full, own_stalls: self.own_stalls };
        let delay_ms = self.ears.entry(id).or_default().hear(heard, now, now_us());
        if let Some(delay_ms) = delay_ms.filter(|_| is_played) {
            self.delays.note(delay_ms);
        }
    }

    fn see(&mut self, claimed: Option<u32>, packet: &RtpPacket, now: Instant) {
        let id = picture::sender(&packet.payload).or(claimed);
        if let Some(person) = id.and_then(|id| self.people.get_mut(&id)) {
            person.sight.see(&packet.payload, now);
        }
    }
}

impl Person {
    pub fn is_connected(&self) -> bool {
        self.peer.as_ref().is_some_and(Peer::is_connected)
    }

    fn speaks(&self, now: Instant) -> bool {
        self.loud_at.is_some_and(|at| now.duration_since(at) < SPEAKS_FOR)
    }

    /// Connected, and a room that is to be left is not what is listened to.
    fn flows_directly(&self, rooms: &Rooms, id: u32) -> bool {
        let is_last = |lane: &Lane| lane.is_leaving && self.listened_to == Some(Way::Room(lane.room));
        self.is_connected() && !rooms.lanes(id).iter().any(is_last)
    }

    /// A room that stays, once something has been played of it; else the own way, if there is one, and once something comes
    /// that way if something comes through a room; else a room all the same.
    fn choose(&mut self, rooms: &Rooms, id: u32, now: Instant) {
        let lanes = rooms.lanes(id);
        let settled = lanes.iter().find(|lane| lane.flows && !lane.is_leaving);
        let any = || lanes.iter().find(|lane| lane.flows).or(lanes.first());
        let sounds = |at: Option<Instant>| at.is_some_and(|at| now.duration_since(at) < SPEAKS_FOR);
        let best = match settled {
            None if self.is_connected() && (sounds(self.direct_at) || !sounds(self.room_at)) => None,
            None => any(),
            some => some,
        };
        self.listened_to = Some(best.map_or(Way::Direct, |lane| Way::Room(lane.room)));
    }
}
