//! A link, a sender that does what the estimate permits, and a receiver that reports every 100 ms.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use super::wire::encode;
use crate::bandwidth::{Bandwidth, Purpose};

const PACKET_BYTES: usize = 1_200;
const PADDING_BYTES: usize = 1_000;
const FRAME_US: u64 = 33_333;

pub(super) struct Link {
    pub(super) bits_per_s: u64,
    pub(super) delay_us: u64,
    pub(super) jitter_us: u64,
    pub(super) loss_percent: u64,
    pub(super) reports_lost: bool,
    /// Nothing gets through.
    pub(super) is_dead: bool,
    /// Between two reports.
    pub(super) report_us: u64,
    /// Jitter brings packets out of their order.
    pub(super) reorders: bool,
    /// More than this waits in no queue.
    pub(super) queue_us: u64,
}

impl Link {
    pub(super) fn new(bits_per_s: u64) -> Self {
        Self {
            bits_per_s,
            delay_us: 25_000,
            jitter_us: 1_000,
            loss_percent: 0,
            reports_lost: false,
            is_dead: false,
            report_us: 100_000,
            reorders: false,
            queue_us: 300_000,
        }
    }
}

/// What happened in a tenth of a second.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tenth {
    pub(super) estimate: u64,
    pub(super) sent_bits: u64,
    pub(super) arrived_bits: u64,
    /// The shortest time that a packet waited, in milliseconds.
    pub(super) queue_min_ms: u64,
}

pub(super) struct World {
    pub(super) link: Link,
    pub(super) bandwidth: Bandwidth,
    pub(super) desired: u64,
    /// What media there is, though more would be permitted.
    pub(super) media_max: u64,
    pub(super) batch_us: u64,
    /// Probes are sent at one moment.
    pub(super) bursts: bool,
    pub(super) tenths: Vec<Tenth>,
    pub(super) now_us: u64,
    pub(super) timeouts: usize,
    /// Reports after which the link was said to be overused.
    pub(super) overused: usize,
    /// What the receiver's clock shows at the beginning: it is another one.
    pub(super) clock_us: u64,
    seed: u64,
    tenth: Tenth,
    /// All reports that arrived.
    arrived: Vec<Vec<u8>>,
    next_frame_us: u64,
    waiting: VecDeque<usize>,
    media_debt: f64,
    padding_debt: f64,
    busy_until_us: u64,
    last_arrival_us: u64,
    /// By number: when each arrives.
    underway: BTreeMap<u64, (u64, usize)>,
    sent: u64,
    reported: u64,
    next_report_us: u64,
    reports: VecDeque<(u64, Vec<u8>)>,
}

impl World {
    pub(super) fn new(link: Link, start: u64, desired: u64, seed: u64) -> Self {
        let mut bandwidth = Bandwidth::new(start);
        bandwidth.strive(Duration::ZERO, 0, desired);
        Self {
            link,
            bandwidth,
            desired,
            media_max: u64::MAX,
            batch_us: 5_000,
            bursts: false,
            tenths: Vec::new(),
            now_us: 0,
            timeouts: 0,
            overused: 0,
            clock_us: 987_654_321_000,
            seed,
            arrived: Vec::new(),
            tenth: Tenth { queue_min_ms: u64::MAX, ..Tenth::default() },
            next_frame_us: 0,
            waiting: VecDeque::new(),
            media_debt: 0.0,
            padding_debt: 0.0,
            busy_until_us: 0,
            last_arrival_us: 0,
            underway: BTreeMap::new(),
            sent: 0,
            reported: 0,
            next_report_us: 0,
            reports: VecDeque::new(),
        }
    }

    pub(super) fn strive(&mut self, desired: u64) {
        self.desired = desired;
        self.bandwidth.strive(Duration::ZERO, 0, desired);
    }

    /// The report that came so many before the last one comes once more.
    pub(super) fn replay(&mut self, before: usize) {
        if let Some(packet) = self.arrived.iter().rev().nth(before) {
            self.bandwidth.handle_feedback(Duration::from_micros(self.now_us), packet).expect("it is lawful");
        }
    }

    pub(super) fn run(&mut self, seconds: f64) -> &mut Self {
        let end_us = self.now_us + (seconds * 1e6) as u64;
        while self.now_us < end_us {
            self.step();
        }
        self
    }

    pub(super) fn now(&self) -> Duration {
        Duration::from_micros(self.now_us)
    }

    /// Mean of the estimates in a span of seconds.
    pub(super) fn mean(&self, from: f64, to: f64) -> u64 {
        let span = self.span(from, to);
        span.iter().map(|tenth| tenth.estimate).sum::<u64>() / span.len() as u64
    }

    pub(super) fn lowest(&self, from: f64, to: f64) -> u64 {
        self.span(from, to).iter().map(|tenth| tenth.estimate).min().unwrap_or_default()
    }

    /// Rate at which packets arrived.
    pub(super) fn received(&self, from: f64, to: f64) -> u64 {
        let span = self.span(from, to);
        span.iter().map(|tenth| tenth.arrived_bits).sum::<u64>() * 10 / span.len() as u64
    }

    /// The longest that the queue stood: in each half second, the shortest wait.
    pub(super) fn standing_ms(&self, from: f64, to: f64) -> u64 {
        let shortest = |half: &[Tenth]| half.iter().map(|tenth| tenth.queue_min_ms).min();
        self.span(from, to).chunks(5).filter_map(shortest).filter(|&ms| ms < u64::MAX).max().unwrap_or_default()
    }

    fn span(&self, from: f64, to: f64) -> &[Tenth] {
        &self.tenths[(from * 10.0) as usize..((to * 10.0) as usize).min(self.tenths.len())]
    }

    fn random(&mut self, below: u64) -> u64 {
        // splitmix64
        self.seed = self.seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = (self.seed ^ self.seed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ mixed >> 31) % below.max(1)
    }

    fn step(&mut self) {
        self.report();
        while self.reports.front().is_some_and(|(at, _)| *at <= self.now_us) {
            let (_, packet) = self.reports.pop_front().expect("there is one");
            self.bandwidth.handle_feedback(self.now(), &packet).expect("it is lawful");
            self.arrived.push(packet);
            self.overused += usize::from(self.bandwidth.is_overused());
        }
        if self.bandwidth.due().is_some_and(|due| due <= self.now()) {
            self.timeouts += 1;
            self.bandwidth.handle_timeout(self.now());
        }
        self.make_frames();
        self.pace();
        self.now_us += self.batch_us;
        if self.now_us.is_multiple_of(100_000) {
            self.tenth.estimate = self.bandwidth.bits_per_s();
            self.tenths.push(self.tenth);
            self.tenth = Tenth { queue_min_ms: u64::MAX, ..Tenth::default() };
        }
    }

    fn make_frames(&mut self) {
        while self.next_frame_us <= self.now_us {
            self.next_frame_us += FRAME_US;
            let rate = self.bandwidth.bits_per_s().min(self.desired).min(self.media_max);
            let mut bytes = rate * FRAME_US / 8_000_000 * (80 + self.random(41)) / 100;
            // A sender has more ready than it may send only for a moment.
            if self.waiting.len() > 100 {
                bytes = 0;
            }
            let packets = bytes.div_ceil(PACKET_BYTES as u64).max(1);
            self.waiting.extend((0..packets).map(|_| (bytes / packets) as usize).filter(|&bytes| bytes > 0));
        }
    }

    fn pace(&mut self) {
        let passed_s = self.batch_us as f64 / 1e6;
        self.media_debt = (self.media_debt - self.bandwidth.pacing_bits_per_s() as f64 * passed_s).max(0.0);
        self.padding_debt = (self.padding_debt - self.bandwidth.padding_bits_per_s() as f64 * passed_s).max(0.0);
        let room = self.bandwidth.pacing_bits_per_s() as f64 * passed_s;
        while self.media_debt < room {
            let Some(bytes) = self.waiting.pop_front() else { break };
            self.send(bytes, Purpose::Media);
        }
        while self.bursts && self.bandwidth.probe_bits_per_s().is_some() {
            self.send(PADDING_BYTES, Purpose::Padding);
        }
        // Media pays for padding too, but not for long: a probe begins at once.
        self.padding_debt = self.padding_debt.min(0.1 * self.bandwidth.padding_bits_per_s() as f64);
        loop {
            let room = self.bandwidth.padding_bits_per_s() as f64 * passed_s;
            if self.padding_debt >= room || !self.waiting.is_empty() {
                break;
            }
            self.send(PADDING_BYTES, Purpose::Padding);
        }
    }

    fn send(&mut self, bytes: usize, purpose: Purpose) {
        let number = self.bandwidth.sent(self.now(), bytes, purpose);
        assert_eq!(number, self.sent as u16);
        self.sent += 1;
        self.media_debt += 8.0 * bytes as f64;
        self.padding_debt += 8.0 * bytes as f64;
        self.tenth.sent_bits += 8 * bytes as u64;
        let wait_us = self.busy_until_us.saturating_sub(self.now_us);
        if self.link.is_dead || wait_us > self.link.queue_us || self.random(100) < self.link.loss_percent {
            return;
        }
        self.tenth.queue_min_ms = self.tenth.queue_min_ms.min(wait_us / 1_000);
        self.tenth.arrived_bits += 8 * bytes as u64;
        self.busy_until_us = self.now_us + wait_us + 8_000_000 * bytes as u64 / self.link.bits_per_s;
        let jitter_us = self.random(self.link.jitter_us + 1);
        let earliest_us = if self.link.reorders { 0 } else { self.last_arrival_us };
        self.last_arrival_us = earliest_us.max(self.busy_until_us + self.link.delay_us + jitter_us);
        self.underway.insert(self.sent - 1, (self.last_arrival_us, bytes));
    }

    fn report(&mut self) {
        if self.now_us < self.next_report_us {
            return;
        }
        self.next_report_us += self.link.report_us;
        let here =
            self.underway.iter().filter(|(_, (at, _))| *at <= self.now_us).map(|(&number, &(at, _))| (number, at));
        let here: BTreeMap<u64, u64> = here.collect();
        let Some((&last, _)) = here.last_key_value() else { return };
        self.underway.retain(|number, _| !here.contains_key(number));
        let (first, begin_us) = (self.reported, here.values().min().expect("one is here") + self.clock_us);
        self.reported = last + 1;
        let reference = begin_us / 64_000;
        let tick = |number| here.get(&number).map(|at| ((at + self.clock_us - reference * 64_000) / 250) as i64);
        let arrivals: Vec<_> = (first..=last).map(tick).collect();
        let packet = encode(first as u16, (reference & 0xff_ffff) as u32, 0, &arrivals);
        if !self.link.reports_lost {
            self.reports.push_back((self.now_us + self.link.delay_us, packet));
        }
    }
}
