//! Short bursts above the estimate, and what they show: whether a link takes more than is sent over it. The draft has nothing of the
//! kind; libwebrtc does this, and without it an estimate would need a minute to grow tenfold.

use std::collections::VecDeque;
use std::time::Duration;

use super::history::Arrival;
use super::{BEYOND, bits_per_s, span_us};

/// The first ones, times the rate to start from.
const FIRST: [f64; 2] = [3.0, 6.0];
/// Those go this far beyond what is desired; the others as far as the estimate grows.
const FIRST_BEYOND: f64 = 2.0;
/// Later ones, times the estimate; and after one that found nothing.
const FURTHER: f64 = 2.0;
const FURTHER_CAREFUL: f64 = 1.5;
/// One that reached this share of its rate is followed by the next at once, unless the link was full.
const SUCCESS: f64 = 0.7;
/// Enough for a probe. With libwebrtc's 15 ms, a simulated 20 Mbit/s with 20 ms of jitter took seconds longer to find.
const PACKETS_MIN: usize = 5;
const DURATION_MIN_S: f64 = 0.025;
/// And for its sending to be spread over time; where it is not, this many times as much is enough in any case.
const SPREAD_MIN: Duration = Duration::from_millis(10);
const MUCH: usize = 2;
/// Of its packets, so many percent have to arrive.
const ARRIVED_MIN_PERCENT: usize = 80;
/// Arrival faster than sending by this: the packets were held up together, and their spacing says nothing.
const RATIO_MAX: f64 = 2.0;
/// Arrival slower than this share of sending: the link is full at that, and the estimate stays a little below.
const FULL_BELOW: f64 = 0.9;
const FULL_SHARE: f64 = 0.95;
/// The pause between probes; after one that found nothing while the link is used; while something waits for room; and after the application
/// asked for more.
const PAUSE: Duration = Duration::from_secs(5);
const PAUSE_CAREFUL: Duration = Duration::from_secs(7);
const PAUSE_LACKING: Duration = Duration::from_secs(3);
const PAUSE_RAISED: Duration = Duration::from_secs(2);
/// The same where the one before found what it looked for: what is asked for grows by what is found, one step at a time.
const PAUSE_GROWING: Duration = Duration::from_millis(250);
/// And for the first few: where delays waver, every other probe shows less than there is.
const PAUSE_UNTRIED: Duration = Duration::from_millis(1_500);
const UNTRIED_PROBES: u32 = 8;
/// Where it was no time for one, the question is put again after this.
const AGAIN: Duration = Duration::from_millis(100);
/// To be sent completely within this, and to be reported within this.
const PATIENCE: Duration = Duration::from_secs(1);
/// What a probe does to the queue has passed this long after its result.
const AFTERMATH: Duration = Duration::from_millis(300);
/// Results that are waited for at once.
const AWAITED_MAX: usize = 4;

#[derive(Clone, Debug)]
struct Cluster {
    id: u32,
    rate: f64,
    began: Duration,
    packets: usize,
    bytes: usize,
    /// First and last.
    sent: Option<(Duration, Duration)>,
    last: u64,
    arrivals: Vec<Arrival>,
}

/// What the clusters depend on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Situation {
    pub(super) estimate: f64,
    pub(super) desired: f64,
    pub(super) is_limited: bool,
    /// Something is not sent at all, because there is no room for it.
    pub(super) is_lacking: bool,
    /// No queue was ever seen: what probes found so far is what they could find, and not what the link takes.
    pub(super) is_untried: bool,
    /// Now would be a bad time.
    pub(super) is_congested: bool,
}

/// What a probe showed, in bits per second.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Found {
    pub(super) rate: f64,
    /// The link was full at that.
    pub(super) is_full: bool,
    /// The first of all: what it shows is better known than the rate to start from.
    pub(super) is_first: bool,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Probes {
    queue: VecDeque<f64>,
    running: Option<Cluster>,
    awaited: Vec<Cluster>,
    next_id: u32,
    has_begun: bool,
    has_found: bool,
    has_failed: bool,
    /// When the last one began.
    last: Option<Duration>,
    not_before: Duration,
    desired_then: f64,
    disturbed_until: Duration,
}

impl Probes {
    pub(super) fn rate(&self) -> Option<f64> {
        self.running.as_ref().map(|cluster| cluster.rate)
    }

    pub(super) fn running(&self) -> Option<u32> {
        self.running.as_ref().map(|cluster| cluster.id)
    }

    /// Delays are longer because of a probe, and not because of what is sent otherwise.
    pub(super) fn disturb(&self, at: Duration) -> bool {
        self.running.is_some() || !self.awaited.is_empty() || at < self.disturbed_until
    }

    /// A packet of the running cluster was sent.
    pub(super) fn sent(&mut self, at: Duration, bytes: usize, number: u64) {
        let Some(cluster) = &mut self.running else { return };
        let first = cluster.sent.map_or(at, |(first, _)| first);
        cluster.sent = Some((first, at));
        cluster.packets += 1;
        cluster.bytes += bytes;
        cluster.last = number;
        let bits = 8.0 * cluster.bytes as f64;
        let lasted = at.saturating_sub(first);
        let has = |times: usize| {
            cluster.packets >= times * PACKETS_MIN && bits >= times as f64 * DURATION_MIN_S * cluster.rate
        };
        // As long as small packets keep it below its rate, it is no probe.
        let is_fast = bits >= SUCCESS * cluster.rate * lasted.as_secs_f64() || cluster.packets > 4 * PACKETS_MIN;
        if has(1) && is_fast && (lasted >= SPREAD_MIN || has(MUCH)) {
            if self.awaited.len() >= AWAITED_MAX {
                self.awaited.remove(0);
            }
            self.awaited.extend(self.running.take());
        }
    }

    pub(super) fn arrived(&mut self, arrival: &Arrival) {
        let Some(id) = arrival.cluster else { return };
        if let Some(cluster) = self.awaited.iter_mut().chain(&mut self.running).find(|cluster| cluster.id == id) {
            cluster.arrivals.push(*arrival);
        }
    }

    /// Everything up to this number is known: what the clusters among it showed.
    pub(super) fn results(&mut self, at: Duration, newest: u64, now: &Situation) -> Option<Found> {
        let (known, awaited) = std::mem::take(&mut self.awaited).into_iter().partition(|one| one.last <= newest);
        self.awaited = awaited;
        let known: Vec<Cluster> = known;
        let mut best: Option<Found> = None;
        let is_first = !self.has_found;
        for cluster in known {
            self.disturbed_until = at + AFTERMATH;
            let found = cluster.measure().map(|(rate, is_full)| Found { rate, is_full, is_first });
            let is_success = found.is_some_and(|found| found.rate > SUCCESS * cluster.rate && !found.is_full);
            self.has_failed = found.is_none_or(|found| found.rate <= now.estimate);
            self.has_found |= found.is_some();
            if is_success && self.is_quiet() {
                self.further(FURTHER, found.map_or(now.estimate, |found| found.rate.max(now.estimate)), now.desired);
            }
            best = if best.is_some_and(|best| found.is_none_or(|found| found.rate < best.rate)) { best } else { found };
        }
        best
    }

    fn is_quiet(&self) -> bool {
        self.running.is_none() && self.awaited.is_empty() && self.queue.is_empty()
    }

    fn further(&mut self, factor: f64, estimate: f64, desired: f64) {
        let rate = (estimate * factor).min(desired * BEYOND);
        if desired > estimate && rate > estimate {
            self.queue.push_back(rate);
        }
    }

    /// A rate that was there before it fell.
    pub(super) fn recover(&mut self, at: Duration, rate: f64) {
        let is_soon = self.last.is_some_and(|last| at.saturating_sub(last) < PAUSE_RAISED);
        if self.is_quiet() && !is_soon {
            self.queue.push_back(rate);
        }
    }

    /// Nothing is sent any more.
    pub(super) fn stop(&mut self) {
        self.queue.clear();
        self.awaited.clear();
        self.running = None;
    }

    /// When the next step is to be taken.
    pub(super) fn due(&self, now: &Situation) -> Option<Duration> {
        let patience = self.running.iter().map(|one| one.began + PATIENCE);
        let patience =
            patience.chain(self.awaited.iter().filter_map(|one| one.sent).map(|(_, last)| last + PATIENCE)).min();
        let next = (now.desired > now.estimate && self.running.is_none()).then(|| self.next(now).max(self.not_before));
        match (patience, next.filter(|_| self.awaited.is_empty() || !self.queue.is_empty())) {
            (Some(patience), Some(next)) => Some(patience.min(next)),
            (patience, next) => patience.or(next),
        }
    }

    fn next(&self, now: &Situation) -> Duration {
        let Some(last) = self.last.filter(|_| self.queue.is_empty()) else { return self.not_before };
        let is_raised = now.desired > 1.1 * self.desired_then;
        let careful = self.has_failed && !now.is_limited;
        let pause = match () {
            () if is_raised && !self.has_failed => PAUSE_GROWING,
            () if now.is_untried && self.next_id < UNTRIED_PROBES => PAUSE_UNTRIED,
            () if is_raised => PAUSE_RAISED,
            () if now.is_lacking => PAUSE_LACKING,
            () if careful => PAUSE_CAREFUL,
            () => PAUSE,
        };
        last + pause
    }

    /// Begins a cluster if it is time for one. Media flows.
    pub(super) fn handle_timeout(&mut self, at: Duration, now: &Situation) {
        if self.running.as_ref().is_some_and(|one| one.began + PATIENCE <= at) {
            // What it has is too little to tell.
            self.running = None;
        }
        self.awaited.retain(|one| one.sent.is_some_and(|(_, last)| last + PATIENCE > at));
        if now.desired <= now.estimate {
            self.queue.clear();
            return;
        }
        if self.due(now).is_none_or(|due| due > at) || self.running.is_some() {
            return;
        }
        if now.is_congested {
            self.queue.clear();
            self.not_before = at + AGAIN;
            return;
        }
        if self.queue.is_empty() && self.awaited.is_empty() {
            self.plan(now);
        }
        let most = now.desired * FIRST_BEYOND;
        let Some(rate) = self.queue.pop_front().map(|rate| rate.min(most)).filter(|&rate| rate > now.estimate) else {
            self.not_before = at + AGAIN;
            return;
        };
        (self.last, self.desired_then) = (Some(at), now.desired);
        let id = self.next_id;
        self.next_id = id.wrapping_add(1);
        self.running =
            Some(Cluster { id, rate, began: at, packets: 0, bytes: 0, sent: None, last: 0, arrivals: Vec::new() });
    }

    fn plan(&mut self, now: &Situation) {
        if self.has_begun {
            let factor = if self.has_failed { FURTHER_CAREFUL } else { FURTHER };
            return self.further(factor, now.estimate, now.desired);
        }
        self.has_begun = true;
        let most = now.desired * FIRST_BEYOND;
        for factor in FIRST {
            let rate = (now.estimate * factor).min(most);
            if self.queue.back().is_none_or(|&last| rate > 1.2 * last) {
                self.queue.push_back(rate);
            }
        }
    }
}

impl Cluster {
    /// The rate, and whether the link was full at it. None if it cannot be told.
    fn measure(&self) -> Option<(f64, bool)> {
        if self.arrivals.len() * 100 < self.packets * ARRIVED_MIN_PERCENT {
            return None;
        }
        let (first_sent, last_sent) = self.sent?;
        let first_arrived = self.arrivals.iter().map(|one| one.arrived_us).min()?;
        let last_arrived = self.arrivals.iter().map(|one| one.arrived_us).max()?;
        let bytes: usize = self.arrivals.iter().map(|one| one.bytes).sum();
        let of =
            |sent: Duration| self.arrivals.iter().filter(|one| one.sent == sent).map(|one| one.bytes).sum::<usize>();
        // Packets are handed over several at a time. Those of one end take their time outside of the span; which end, and whether it
        // got as many as the others, differs, and the larger rate errs less: what arrives limits it anyway.
        let sent = match span_us(first_sent, last_sent) {
            0 => self.rate,
            span => bits_per_s(bytes - of(first_sent).min(of(last_sent)), span),
        };
        let first = self.arrivals.iter().find(|one| one.arrived_us == first_arrived)?.bytes;
        let span = last_arrived.saturating_sub(first_arrived);
        let received = bits_per_s(bytes - first, span);
        // Without the first moment's, that were sent together and may well arrive together.
        let later = bits_per_s(bytes - of(first_sent), span);
        if sent <= 0.0 || received <= 0.0 || later > RATIO_MAX * sent {
            return None;
        }
        let is_full = received < FULL_BELOW * sent;
        let rate = if is_full { FULL_SHARE * received } else { received.min(sent) };
        Some((rate.min(self.rate), is_full))
    }
}
