//! How much a link takes, as told by its receiver: which packets arrived and when. Google congestion control (draft-ietf-rmcat-gcc-02)
//! on transport-wide feedback, with the probes and the care for applications that send less than they might, as in libwebrtc.
//!
//! A report goes through `feedback` (what it says), `history` (about which packets), `delays` and `standing` (is there a queue),
//! `throughput` (what arrives), `probes` (what they showed), `rate` (what the delays permit) and `loss` (what losses permit).
//!
//! Pure: every time is an argument, since an epoch of the caller; nothing is random. Absent: the pacer and the padding itself, which
//! ask here for their rates; and dividing the estimate among pictures, which is in [`crate::layers`].

mod delays;
mod feedback;
mod history;
mod limited;
mod loss;
mod probes;
mod rate;
mod standing;
#[cfg(test)]
mod tests;
mod throughput;

use std::time::Duration;

use self::delays::{Delays, Usage};
pub use self::feedback::BadFeedback;
use self::history::{History, News};
use self::limited::Limited;
use self::loss::Loss;
use self::probes::{Found, Probes, Situation};
use self::rate::{FLOOR, Observed, Rate};
use self::standing::Standing;
use self::throughput::Arrivals;

/// The pacer sends this much faster than the estimate, so that what waits in it runs out.
const PACING: f64 = 1.1;
/// While media flows, gaps are filled up to this, in bits per second: without packets there is no feedback.
const PADDING_MIN: u64 = 50_000;
/// The clock of a receiver does not jump: later or earlier than expected by this, in microseconds, it is another clock.
const JUMP_US: i64 = 2_000_000;
/// A report about packets that were sent this long before others that are reported already is history.
const LATE: Duration = Duration::from_secs(1);
/// Media flows until none was sent for so long.
const FLOWING: Duration = Duration::from_secs(2);
/// Reports come several times a second. None for so long, while packets are sent: the link is stuck.
const STALE: Duration = Duration::from_secs(1);
/// A queue of which nothing was heard for so long has run out: while there seems to be one nothing is sent to find out.
const OVER_MAX: Duration = Duration::from_secs(1);
/// What is left of the rate each time.
const STALE_SHARE: f64 = 0.5;
/// The estimate fell below this share of what it was, within that time: worth a probe as soon as the queue is gone.
const DROP: f64 = 0.66;
const DROP_WITHIN: Duration = Duration::from_secs(5);
/// And the probe goes to this share of it.
const RECOVERY: f64 = 0.85;
/// The estimate does not grow beyond this, times what is desired: nothing would show whether it is true.
const BEYOND: f64 = 1.25;

/// What a packet is sent for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    Media,
    /// To fill gaps, or for a probe.
    Padding,
}

/// The estimate for one link.
#[derive(Clone, Debug)]
pub struct Bandwidth {
    history: History,
    delays: Delays,
    standing: Standing,
    arrivals: Arrivals,
    limited: Limited,
    probes: Probes,
    rate: Rate,
    loss: Loss,
    minimum: u64,
    desired: f64,
    round_trip: Option<Duration>,
    usage: Usage,
    /// When a report last said something new.
    heard: Duration,
    /// Media flows until then.
    flowing: Option<Duration>,
    /// The last packet with a number.
    last_sent: Duration,
    /// The latest of those that arrived was sent then.
    newest_sent: Duration,
    /// Since when no report has come, though there is something to report.
    waiting: Option<Duration>,
    /// The rate before reports failed to come.
    before_stale: Option<f64>,
    /// The highest estimate of the last moments.
    peak: (Duration, f64),
}

impl Bandwidth {
    pub fn new(start_bits_per_s: u64) -> Self {
        let rate = Rate::new(start_bits_per_s);
        Self {
            history: History::default(),
            delays: Delays::new(),
            standing: Standing::default(),
            arrivals: Arrivals::default(),
            limited: Limited::default(),
            probes: Probes::default(),
            peak: (Duration::ZERO, rate.bits_per_s()),
            rate,
            loss: Loss::default(),
            minimum: 0,
            desired: 0.0,
            round_trip: None,
            usage: Usage::Normal,
            heard: Duration::ZERO,
            flowing: None,
            last_sent: Duration::ZERO,
            newest_sent: Duration::ZERO,
            waiting: None,
            before_stale: None,
        }
    }

    /// The rate that the application may send at, all in all.
    pub fn bits_per_s(&self) -> u64 {
        self.estimate() as u64
    }

    /// From the sending of a packet to the report of its arrival, smoothed: reports wait up to 100 ms before they are sent.
    pub fn round_trip(&self) -> Option<Duration> {
        self.round_trip
    }

    /// A queue fills on the link, or stands.
    pub fn is_overused(&self) -> bool {
        self.usage == Usage::Over
    }

    /// What the pacer sends at.
    pub fn pacing_bits_per_s(&self) -> u64 {
        ((PACING * self.estimate()) as u64).max(self.probe_bits_per_s().unwrap_or(0))
    }

    /// The rate up to which the pacer fills gaps: that of a probe, or what keeps the feedback coming, or none.
    pub fn padding_bits_per_s(&self) -> u64 {
        if let Some(rate) = self.probe_bits_per_s() {
            return rate;
        }
        if self.flowing.is_none() || self.is_overused() || self.desired == 0.0 {
            return 0;
        }
        self.minimum.max(PADDING_MIN).min(self.bits_per_s())
    }

    /// A probe is to be sent right now, with media and padding, at this rate. None once it has enough.
    pub fn probe_bits_per_s(&self) -> Option<u64> {
        self.probes.rate().map(|rate| rate as u64)
    }

    /// When to call [`Self::handle_timeout`]. None where nothing is going on: an idle connection costs nothing.
    pub fn due(&self) -> Option<Duration> {
        let flowing = self.flowing?;
        let stale = self.waiting.map(|since| since + STALE);
        let over = self.is_overused().then_some(self.silent_since() + OVER_MAX);
        let probe = self.probes.due(&self.situation());
        [stale, over, probe].into_iter().flatten().chain([flowing]).min()
    }

    /// What the application would send, and up to where gaps are filled with padding, in bits per second. Said anew while something is lacking,
    /// that keeps it going also where no media flows at all: there would be no other way to find out that a link is better again.
    pub fn strive(&mut self, at: Duration, minimum_bits_per_s: u64, desired_bits_per_s: u64) {
        if minimum_bits_per_s > 0 {
            self.flowing = self.flowing.max(Some(at + FLOWING));
        }
        self.minimum = minimum_bits_per_s.min(desired_bits_per_s);
        self.desired = desired_bits_per_s as f64;
    }

    /// A packet goes out, with so many bytes of payload. Returns the transport-wide number that it is to carry.
    pub fn sent(&mut self, at: Duration, bytes: usize, purpose: Purpose) -> u16 {
        if purpose == Purpose::Media {
            self.sent_unnumbered(at, bytes);
            self.flowing = Some(at + FLOWING);
        } else if self.minimum > 0 && self.probe_bits_per_s().is_none() {
            // It stands for what is lacking: a link that is filled with it may be found to take more.
            self.sent_unnumbered(at, bytes);
        }
        let number = self.history.push(at, bytes, self.probes.running());
        self.probes.sent(at, bytes, number);
        self.waiting.get_or_insert(at);
        self.last_sent = at;
        number as u16
    }

    /// Media goes out without such a number. It counts for nothing but what the application has to send.
    pub fn sent_unnumbered(&mut self, at: Duration, bytes: usize) {
        self.limited.pass(at, self.estimate());
        self.limited.spend(bytes);
    }

    /// An RTCP packet with transport-wide feedback (PT 205, FMT 15), decrypted, its header included. A bad one changes nothing, nor
    /// does one that says nothing new.
    pub fn handle_feedback(&mut self, at: Duration, packet: &[u8]) -> Result<(), BadFeedback> {
        let feedback = feedback::parse(packet)?;
        let fell = self.rate.decreased().max(self.loss.fell()).unwrap_or_default();
        let mut news = self.history.learn(&feedback, fell);
        let Some(newest) = news.newest else { return Ok(()) };
        let newest_sent = news.arrivals.iter().map(|arrival| arrival.sent).max();
        self.newest_sent = self.newest_sent.max(newest_sent.unwrap_or_default());
        news.arrivals.retain(|arrival| arrival.sent + LATE >= self.newest_sent);
        self.waiting = self.history.is_waiting().then_some(at);
        self.limited.pass(at, self.estimate());
        self.update_round_trip(at, &news);
        let was_overused = self.is_overused();
        self.heard = at;
        self.usage = self.observe(at, &news);
        if let Some(found) = self.probes.results(at, newest, &self.situation()) {
            self.take_over(at, found);
        }
        self.update_rate(at, &news);
        if was_overused && !self.is_overused() {
            self.recover(at);
        }
        Ok(())
    }

    pub fn handle_timeout(&mut self, at: Duration) {
        if self.flowing.is_some_and(|until| until <= at) {
            self.flowing = None;
            self.waiting = None;
            self.probes.stop();
        }
        if self.flowing.is_none() {
            return;
        }
        self.limited.pass(at, self.estimate());
        if self.is_overused() && at.saturating_sub(self.silent_since()) >= OVER_MAX {
            self.usage = Usage::Normal;
        }
        if let Some(since) = self.waiting.filter(|&since| since + STALE <= at) {
            // The last packets before a pause may be lost, and nobody reports on them until others come.
            self.waiting = Some(at);
            if self.last_sent > since + STALE / 2 {
                self.before_stale.get_or_insert(self.estimate());
                self.rate.cut(at, self.estimate() * STALE_SHARE);
                self.probes.stop();
            }
        }
        self.probes.handle_timeout(at, &self.situation());
    }

    /// Nothing was sent, nor heard of, since then. What no report has come of until now is lost.
    fn silent_since(&self) -> Duration {
        self.heard.max(self.last_sent)
    }

    fn estimate(&self) -> f64 {
        let rate = self.rate.bits_per_s();
        self.loss.limit().map_or(rate, |limit| limit.min(rate)).max(FLOOR)
    }

    fn situation(&self) -> Situation {
        Situation {
            estimate: self.estimate(),
            desired: self.desired,
            is_limited: self.limited.is_limited(),
            is_lacking: self.minimum as f64 > self.estimate(),
            is_untried: self.rate.decreased().is_none(),
            is_congested: self.is_overused() || self.loss.is_falling() || self.before_stale.is_some(),
        }
    }

    fn update_round_trip(&mut self, at: Duration, news: &News) {
        // Of the packet that waited least for the report.
        let Some(sample) = news.arrivals.iter().map(|arrival| at.saturating_sub(arrival.sent)).min() else { return };
        self.round_trip = Some(self.round_trip.map_or(sample, |round_trip| (round_trip * 7 + sample) / 8));
    }

    /// What the delays say.
    fn observe(&mut self, at: Duration, news: &News) -> Usage {
        let mut is_standing = false;
        for arrival in &news.arrivals {
            self.arrivals.push(arrival);
            self.delays.push(arrival);
            is_standing |= self.standing.push(arrival);
            self.probes.arrived(arrival);
        }
        match self.delays.usage() {
            _ if is_standing => Usage::Over,
            // Its queue is gone in a moment: it does not show that the estimate is too high.
            Usage::Over if self.probes.disturb(at) => Usage::Under,
            usage => usage,
        }
    }

    fn take_over(&mut self, at: Duration, found: Found) {
        if found.rate > self.estimate() || (found.is_first && found.is_full) {
            self.rate.set(at, found.rate);
            self.loss.prove(found.rate);
        }
    }

    fn update_rate(&mut self, at: Duration, news: &News) {
        let before = self.estimate();
        if at.saturating_sub(self.peak.0) > DROP_WITHIN || before >= self.peak.1 {
            self.peak = (at, before);
        }
        if !news.arrivals.is_empty() {
            let observed = self.observed(at);
            self.rate.update(at, &observed);
        }
        if let Some(before) = self.before_stale.take_if(|_| !news.arrivals.is_empty()) {
            // What was lost meanwhile was lost at any rate.
            self.rate.cut(at, self.rate.bits_per_s());
            self.probes.recover(at, before * RECOVERY);
        } else {
            self.loss.report(at, news.known, news.missing, news.found, self.rate.bits_per_s());
        }
    }

    fn observed(&self, at: Duration) -> Observed {
        // What arrived last and was sent long ago says nothing about now.
        let is_recent = at.saturating_sub(self.newest_sent) < FLOWING;
        Observed {
            usage: self.usage,
            throughput: self.arrivals.throughput().filter(|_| is_recent),
            round_trip: self.round_trip,
            is_limited: self.limited.is_limited(),
            most: BEYOND * self.desired,
        }
    }

    /// The queue is gone.
    fn recover(&mut self, at: Duration) {
        let (peaked, peak) = self.peak;
        let is_lacking = self.minimum as f64 > self.estimate();
        let is_recent = at.saturating_sub(peaked) <= DROP_WITHIN;
        if is_recent && (is_lacking || self.limited.was_limited(at, DROP_WITHIN)) && self.estimate() < DROP * peak {
            self.probes.recover(at, peak * RECOVERY);
            self.peak = (at, self.estimate());
        }
    }
}

fn micros(at: Duration) -> i64 {
    i64::try_from(at.as_micros()).unwrap_or(i64::MAX)
}

/// In microseconds; negative where the second is the earlier.
fn span_us(from: Duration, to: Duration) -> i64 {
    micros(to).saturating_sub(micros(from))
}

/// Nothing where there was no time.
fn bits_per_s(bytes: usize, span_us: i64) -> f64 {
    if span_us > 0 { 8e6 * bytes as f64 / span_us as f64 } else { 0.0 }
}
