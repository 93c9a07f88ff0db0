//! A node, or one shard of it: participants with their connections, rooms with their decisions, and the packets between them.
//!
//! Sans-IO: grants that were checked, offers, words of the space, datagrams and the time go in; answers, datagrams, events and the moment to be
//! called again come out. Deliberately absent: sockets, threads, tokens, HTTP, and clocks.
//!
//! The order of work is what makes it cheap. Datagrams of one batch are handed in one after the other, and what they lead to is only written to its
//! receivers' queues; [`Node::flush`] then goes through the receivers once, so that each one's datagrams come out together.

mod coming;
mod config;
mod connection;
mod credits;
mod events;
mod forward;
mod hearing;
mod lanes;
mod outbox;
mod participant;
mod picture;
mod rooms;
mod secrets;
mod sending;
mod sent;
mod slab;
mod srtp;
mod stun;
mod tick;
mod timers;
mod words;

use std::collections::{HashMap, VecDeque};
use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Instant;

use str0m::config::{CryptoProvider, DtlsCert};
use str0m::net::Receive;

pub use self::config::{Counters, NodeConfig};
pub use self::credits::Credits;
pub use self::outbox::{Path, Transmit, Transmits};
pub use self::participant::Admission;
pub use self::picture::{Numbers, Picture};
pub use self::stun::user_fragment;
pub use self::words::{BadWords, SPACE_BYTES_MAX, from_participant, hearing_sets};
pub use str0m::net::Protocol;

use self::config::CONNECT_MAX;
use self::connection::{Broken, Outcome};
use self::forward::Scratch;
use self::participant::{Participant, State};
use self::rooms::MediaRoom;
use self::slab::{Key, Slab};
use self::timers::{Timer, Timers};
use crate::Ms;
use crate::room::TICK_MS;
use crate::sparing::{Level, Load, Sparing};

/// Why somebody is not let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("the offer cannot be read or answered")]
    BadOffer,
    #[error("the offer is too long")]
    TooLarge,
    #[error("the space does not name this session in this room")]
    NotInRoom,
    #[error("there is no room for another")]
    Full,
}

/// What the surroundings have to do something about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NodeEvent {
    /// A participant brought a newer grant. Once it was checked: [`Node::renew`].
    Renew { participant: ParticipantRef, grant: String },
}

/// A participant, as long as it is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ParticipantRef(Key);

/// A datagram as it came.
#[derive(Clone, Copy, Debug)]
pub struct Datagram<'a> {
    pub proto: Protocol,
    pub source: SocketAddr,
    /// Which of the node's addresses it came to.
    pub destination: SocketAddr,
    pub contents: &'a [u8],
}

pub struct Node {
    config: NodeConfig,
    crypto: Arc<CryptoProvider>,
    /// One for all: it says who the node is, and making one costs.
    certificate: Option<DtlsCert>,
    participants: Slab<Participant>,
    addresses: HashMap<(Protocol, SocketAddr), Key>,
    ufrags: HashMap<String, Key>,
    rooms: Slab<MediaRoom>,
    names: HashMap<(String, u64), Key>,
    timers: Timers,
    outcome: Outcome,
    /// Written to since the last flush.
    waiting: Vec<Key>,
    events: VecDeque<NodeEvent>,
    counters: Counters,
    scratch: Scratch,
    started: Instant,
    last_fragment: u32,
    /// What there is the time for.
    sparing: Sparing,
    /// Participants of other shards, which have the same places.
    elsewhere: usize,
    /// For tests: the connection of this session panics at its next packet.
    panic_in: Option<u32>,
}

impl Node {
    pub fn new(config: NodeConfig, now: Instant) -> Self {
        let crypto = Arc::new(secrets::provider());
        let certificate = crypto.dtls_provider.generate_certificate();
        let sparing = Sparing::new(config.full_percent);
        let mut timers = Timers::default();
        timers.set(now + CONNECT_MAX, Timer::Sweep);
        Self {
            config,
            crypto,
            certificate,
            participants: Slab::default(),
            addresses: HashMap::new(),
            ufrags: HashMap::new(),
            rooms: Slab::default(),
            names: HashMap::new(),
            timers,
            outcome: Outcome::default(),
            waiting: Vec::new(),
            events: VecDeque::new(),
            counters: Counters::default(),
            scratch: Scratch::default(),
            started: now,
            last_fragment: 0,
            sparing,
            elsewhere: 0,
            panic_in: None,
        }
    }

    // ---- what there is -----------------------------------------------------------------------------------------------

    pub fn participants(&self) -> usize {
        self.participants.len()
    }

    /// So many have places on other shards: they are the whole program's.
    pub fn count_elsewhere(&mut self, participants: usize) {
        self.elsewhere = participants;
    }

    pub fn connected(&self) -> usize {
        self.participants.iter().filter(|(_, one)| one.state == State::Connected).count()
    }

    pub fn rooms(&self) -> usize {
        self.rooms.len()
    }

    /// What there is the time for, in all rooms.
    pub fn level(&self) -> Level {
        self.sparing.level()
    }

    /// Whether somebody here sends from this address.
    pub fn knows(&self, proto: Protocol, source: SocketAddr) -> bool {
        self.addresses.contains_key(&(proto, source))
    }

    /// Entries that are kept for participants: addresses, fragments, timers. For tests: none is left over.
    #[doc(hidden)]
    pub fn entries(&self) -> [usize; 3] {
        [self.addresses.len(), self.ufrags.len(), self.timers.len()]
    }

    pub fn counters(&self) -> Counters {
        let Outcome { failures, outbox, .. } = &self.outcome;
        Counters {
            failures: *failures,
            packets_forwarded: outbox.sent,
            packets_resent: outbox.resent,
            bytes_padding: outbox.padding_bytes,
            packets_dropped: outbox.dropped,
            packets_repeated: outbox.repeated,
            ..self.counters
        }
    }

    fn ms(&self, now: Instant) -> Ms {
        Ms(i64::try_from(now.saturating_duration_since(self.started).as_millis()).unwrap_or(i64::MAX))
    }

    // ---- datagrams and time ------------------------------------------------------------------------------------------

    /// Takes a datagram. What it leads to waits for [`Node::flush`].
    pub fn handle_datagram(&mut self, now: Instant, datagram: Datagram) {
        self.counters.datagrams_in += 1;
        self.counters.bytes_in += datagram.contents.len() as u64;
        let Some(key) = self.owner_of(now, &datagram) else {
            self.counters.strays += 1;
            return;
        };
        let Some(participant) = self.participants.get_mut(key) else { return };
        if !participant.may_send_datagram(datagram.contents.len(), now) {
            self.counters.over_limit += 1;
            return;
        }
        let Some(receive) = self.read(&datagram) else {
            self.counters.strays += 1;
            return;
        };
        let came = (datagram.source, datagram.contents);
        self.touch(key, now, |participant, outcome| participant.connection.receive(outcome, now, receive, came));
        self.handle_events(now);
    }

    /// Strangers' bytes, too: what cannot be read is nothing, however badly that fails.
    fn read<'a>(&mut self, datagram: &Datagram<'a>) -> Option<Receive<'a>> {
        let Datagram { proto, source, destination, contents } = *datagram;
        let read = catch_unwind(AssertUnwindSafe(|| Receive::new(proto, source, destination, contents).ok()));
        read.inspect_err(|_| self.counters.panics += 1).ok().flatten()
    }

    /// Whose a datagram is: known by where it comes from, or else by what it says. Never a search.
    fn owner_of(&mut self, now: Instant, datagram: &Datagram) -> Option<Key> {
        let address = (datagram.proto, datagram.source);
        if let Some(&key) = self.addresses.get(&address) {
            return Some(key);
        }
        let key = *self.ufrags.get(user_fragment(datagram.contents)?)?;
        let receive = self.read(datagram)?;
        let participant = self.participants.get_mut(key)?;
        // The fragment may have been overheard: only a check with the right secret makes the address known.
        let input = str0m::Input::Receive(now, receive);
        let connection = &mut participant.connection;
        let accepted = catch_unwind(AssertUnwindSafe(|| connection.rtc().accepts(&input)));
        if !accepted.unwrap_or_else(|_| {
            self.counters.panics += 1;
            false
        }) {
            return None;
        }
        if let Some(forgotten) = participant.came_from(address) {
            self.addresses.remove(&forgotten);
        }
        self.addresses.insert(address, key);
        Some(key)
    }

    /// Goes through all who were written to: after each batch of datagrams.
    pub fn flush(&mut self, now: Instant) {
        self.settle(now);
    }

    /// When to be called next, whatever happens.
    pub fn poll_timeout(&self) -> Option<Instant> {
        self.timers.due()
    }

    pub fn handle_timeout(&mut self, now: Instant) {
        while let Some((at, timer)) = self.timers.poll(now) {
            match timer {
                Timer::Connection(key) => self.connection_is_due(key, at, now),
                Timer::Room(key) => self.tick(key, now),
                Timer::Farewell(key) => self.end_farewell(key, now),
                Timer::Sweep => self.sweep(now),
            }
        }
        self.settle(now);
    }

    /// How hard the thread works, about every second. What there is the time for, where that is something else now: each room has it with its next
    /// tick, a tenth of a second later.
    pub fn handle_load(&mut self, now: Instant, load: Load) -> Option<Level> {
        let now = self.ms(now);
        self.sparing.handle_load(now, load)
    }

    fn connection_is_due(&mut self, key: Key, at: Instant, now: Instant) {
        let Some(participant) = self.participants.get_mut(key) else { return };
        // Another entry of it stands for another time.
        if participant.timer_at != Some(at) {
            return;
        }
        participant.timer_at = None;
        if participant.connection.due <= now {
            self.touch(key, now, |participant, outcome| participant.connection.pass_time(outcome, now));
        } else {
            self.set_timer(key);
        }
    }

    /// The datagrams to send. Those to one receiver follow on one another.
    pub fn transmits(&self) -> &Transmits {
        &self.outcome.outbox.transmits
    }

    /// They were sent.
    pub fn clear_transmits(&mut self) {
        let transmits = &mut self.outcome.outbox.transmits;
        self.counters.datagrams_out += transmits.iter().count() as u64;
        self.counters.bytes_out += transmits.bytes().len() as u64;
        transmits.clear();
    }

    pub fn poll_event(&mut self) -> Option<NodeEvent> {
        self.events.pop_front()
    }

    // ---- inside ------------------------------------------------------------------------------------------------------

    /// Does something with a participant's connection, and ends the participant where that breaks it.
    pub(super) fn touch<T>(
        &mut self,
        key: Key,
        now: Instant,
        act: impl FnOnce(&mut Participant, &mut Outcome) -> Result<T, Broken>,
    ) -> Option<T> {
        let participant = self.participants.get_mut(key)?;
        match act(participant, &mut self.outcome) {
            Ok(done) => {
                let due = participant.connection.due;
                if due <= now {
                    // Something waits for the time to be handed in.
                    if !participant.is_waiting {
                        participant.is_waiting = true;
                        self.waiting.push(key);
                    }
                } else {
                    self.set_timer(key);
                }
                Some(done)
            }
            Err(broken) => {
                if broken == Broken::Panicked {
                    self.counters.panics += 1;
                }
                self.fail(key, now);
                None
            }
        }
    }

    fn set_timer(&mut self, key: Key) {
        let Some(participant) = self.participants.get_mut(key) else { return };
        let due = participant.connection.due;
        if participant.timer_at.is_none_or(|at| due < at) {
            participant.timer_at = Some(due);
            self.timers.set(due, Timer::Connection(key));
        }
    }

    /// Until nobody waits and nothing happened any more.
    pub(super) fn settle(&mut self, now: Instant) {
        // A connection that always wants to be called again at once is called again soon instead.
        const ROUNDS: usize = 4;
        self.handle_events(now);
        for _ in 0..ROUNDS {
            if self.waiting.is_empty() {
                return;
            }
            for key in std::mem::take(&mut self.waiting) {
                let Some(participant) = self.participants.get_mut(key) else { continue };
                participant.is_waiting = false;
                self.touch(key, now, |participant, outcome| participant.connection.pass_time(outcome, now));
            }
            self.handle_events(now);
        }
        for key in std::mem::take(&mut self.waiting) {
            let Some(participant) = self.participants.get_mut(key) else { continue };
            participant.is_waiting = false;
            participant.connection.due = now + std::time::Duration::from_millis(1);
            self.set_timer(key);
        }
    }

    pub(super) fn room(&mut self, space: &str, number: u64, now: Instant) -> Option<Key> {
        let name = (space.to_owned(), number);
        if let Some(&key) = self.names.get(&name) {
            return Some(key);
        }
        if self.rooms.len() >= self.config.rooms_max {
            return None;
        }
        let key = self.rooms.insert(MediaRoom::new(name.clone(), now));
        self.names.insert(name, key);
        Some(key)
    }

    pub(super) fn start_ticking(&mut self, key: Key, now: Instant) {
        if let Some(room) = self.rooms.get_mut(key)
            && !room.is_ticking
        {
            room.is_ticking = true;
            self.timers.set(now + tick_interval(), Timer::Room(key));
        }
    }

    /// For tests: something in this session's connection goes wrong with its next packet.
    #[doc(hidden)]
    pub fn panic_in(&mut self, session: u32) {
        self.panic_in = Some(session);
    }
}

fn tick_interval() -> std::time::Duration {
    std::time::Duration::from_millis(u64::try_from(TICK_MS).unwrap_or(100))
}
