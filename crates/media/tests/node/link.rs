//! Links between participants and a node, in virtual time: delay, jitter, loss, and a rate with a queue in front of it. One seed is one run.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use str0m::net::Protocol;

/// A small generator: the same numbers everywhere for the same seed.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn roll(&mut self) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 32) as u32
    }

    pub fn below(&mut self, end: u32) -> u32 {
        self.roll() % end.max(1)
    }
}

/// What a link is like, one way.
#[derive(Clone, Copy, Debug)]
pub struct Quality {
    pub delay_ms: u32,
    pub jitter_ms: u32,
    pub loss_percent: u32,
    pub bits_per_s: Option<u64>,
}

impl Default for Quality {
    fn default() -> Self {
        Self { delay_ms: 10, jitter_ms: 0, loss_percent: 0, bits_per_s: None }
    }
}

/// A datagram on its way.
#[derive(Clone, Debug)]
pub struct Flight {
    pub proto: Protocol,
    pub from: SocketAddr,
    pub to: SocketAddr,
    pub contents: Vec<u8>,
}

/// What is queued before a slow link, at the most.
const QUEUE_MAX: Duration = Duration::from_millis(300);

/// All links: each participant's two directions.
#[derive(Debug)]
pub struct Links {
    pub up: BTreeMap<SocketAddr, Quality>,
    pub down: BTreeMap<SocketAddr, Quality>,
    busy_until: BTreeMap<(SocketAddr, bool), Instant>,
    flights: BTreeMap<(Instant, u64), Flight>,
    count: u64,
    dice: Dice,
    pub dropped: u64,
}

impl Links {
    pub fn new(seed: u64) -> Self {
        Self {
            up: BTreeMap::new(),
            down: BTreeMap::new(),
            busy_until: BTreeMap::new(),
            flights: BTreeMap::new(),
            count: 0,
            dice: Dice::new(seed),
            dropped: 0,
        }
    }

    /// Puts a datagram on its way; `end` is the participant's address, whichever direction it goes.
    pub fn send(&mut self, now: Instant, flight: Flight, end: SocketAddr, is_up: bool) {
        let qualities = if is_up { &self.up } else { &self.down };
        let quality = qualities.get(&end).copied().unwrap_or_default();
        if self.dice.below(100) < quality.loss_percent {
            self.dropped += 1;
            return;
        }
        let Some(mut at) = self.passed(now, end, is_up, flight.contents.len()) else {
            self.dropped += 1;
            return;
        };
        at += Duration::from_millis(u64::from(quality.delay_ms + self.dice.below(quality.jitter_ms + 1)));
        self.count += 1;
        self.flights.insert((at, self.count), flight);
    }

    /// When so much has passed the queue. None: there is no room in it.
    fn passed(&mut self, now: Instant, end: SocketAddr, is_up: bool, bytes: usize) -> Option<Instant> {
        let qualities = if is_up { &self.up } else { &self.down };
        let Some(bits_per_s) = qualities.get(&end).and_then(|quality| quality.bits_per_s) else { return Some(now) };
        let busy = self.busy_until.entry((end, is_up)).or_insert(now);
        let begin = (*busy).max(now);
        if begin > now + QUEUE_MAX {
            return None;
        }
        let bits = (bytes as u64 + 28) * 8;
        *busy = begin + Duration::from_micros(bits * 1_000_000 / bits_per_s);
        Some(*busy)
    }

    /// Something else comes down the same link: a page, a picture of a map.
    pub fn share(&mut self, now: Instant, end: SocketAddr, bytes: usize) {
        const PACKET_BYTES: usize = 1_400;
        for _ in 0..bytes.div_ceil(PACKET_BYTES) {
            let _ = self.passed(now, end, false, PACKET_BYTES);
        }
    }

    pub fn arrived(&mut self, now: Instant) -> Option<Flight> {
        let entry = self.flights.first_entry().filter(|entry| entry.key().0 <= now)?;
        Some(entry.remove())
    }
}
