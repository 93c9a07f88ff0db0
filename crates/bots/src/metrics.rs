//! What all bots together measured.

use std::collections::HashMap;
use std::fmt;
use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Instant;

use earshot_protocol::SessionId;
use serde::Serialize;

/// This many bots look at all motions they are told of; more would measure the bots instead of the space.
pub const OBSERVERS: usize = 4;
/// Latencies kept, at the most.
const LATENCIES_MAX: usize = 2_000_000;

/// Counters of one run.
#[derive(Default)]
pub struct Metrics {
    sent: AtomicU64,
    sent_bytes: AtomicU64,
    received: AtomicU64,
    received_bytes: AtomicU64,
    ended: AtomicU64,
    walking: AtomicI64,
    timed: Mutex<Timed>,
}

#[derive(Default)]
struct Timed {
    began: Option<Instant>,
    intents: HashMap<(SessionId, u32), Instant>,
    latencies_us: Vec<u32>,
    said: HashMap<u64, Instant>,
    said_us: Vec<u32>,
    walking: i64,
    walking_changed: Option<Instant>,
    walked_s: f64,
}

/// What was measured, per user and minute where it says so.
#[derive(Debug, Serialize)]
pub struct Report {
    pub bots: usize,
    pub seconds: f64,
    /// Share of the time that bots walked.
    pub walking_share: f64,
    pub in_msgs_per_moving_user_s: f64,
    pub in_bytes_per_user_min: f64,
    pub out_frames_per_user_min: f64,
    pub out_bytes_per_user_min: f64,
    pub p50_ms: f64,
    pub p99_ms: f64,
    /// Motions whose way was timed.
    pub timed: usize,
    /// Messages said to everyone, and how often one of them arrived: with all of them at all bots, a bot's share each.
    pub said: usize,
    pub said_arrivals: usize,
    pub said_p50_ms: f64,
    pub said_p99_ms: f64,
    pub said_max_ms: f64,
    /// Clients that were refused for good.
    pub ended: u64,
}

impl Metrics {
    /// Forgets what was counted so far.
    pub fn restart(&self) {
        for counter in [&self.sent, &self.sent_bytes, &self.received, &self.received_bytes] {
            counter.store(0, Ordering::Relaxed);
        }
        if let Ok(mut timed) = self.timed.lock() {
            let now = Instant::now();
            let walking = self.walking.load(Ordering::Relaxed);
            *timed = Timed { began: Some(now), walking, walking_changed: Some(now), ..Timed::default() };
        }
    }

    pub fn note_sent(&self, bytes: usize) {
        self.sent.fetch_add(1, Ordering::Relaxed);
        self.sent_bytes.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    pub fn note_received(&self, bytes: usize) {
        self.received.fetch_add(1, Ordering::Relaxed);
        self.received_bytes.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    pub fn note_ended(&self) {
        self.ended.fetch_add(1, Ordering::Relaxed);
    }

    /// A bot began or stopped to walk.
    pub fn note_walking(&self, walking: bool) {
        self.walking.fetch_add(if walking { 1 } else { -1 }, Ordering::Relaxed);
        if let Ok(mut timed) = self.timed.lock() {
            timed.add_walked();
            timed.walking += if walking { 1 } else { -1 };
        }
    }

    /// A bot sent an intent.
    pub fn note_intent(&self, id: SessionId, seq: u32) {
        if let Ok(mut timed) = self.timed.lock() {
            timed.intents.insert((id, seq), Instant::now());
        }
    }

    /// An observer was told of the motion that an intent became.
    pub fn note_arrival(&self, id: SessionId, seq: u32) {
        if let Ok(mut timed) = self.timed.lock()
            && timed.latencies_us.len() < LATENCIES_MAX
            && let Some(sent) = timed.intents.get(&(id, seq))
        {
            let us = sent.elapsed().as_micros().min(u128::from(u32::MAX)) as u32;
            timed.latencies_us.push(us);
        }
    }

    /// A bot said something.
    pub fn note_said(&self, reference: u64) {
        if let Ok(mut timed) = self.timed.lock() {
            timed.said.insert(reference, Instant::now());
        }
    }

    /// A bot, the one that said it included, was told of it.
    pub fn note_said_arrival(&self, reference: u64) {
        if let Ok(mut timed) = self.timed.lock()
            && timed.said_us.len() < LATENCIES_MAX
            && let Some(said) = timed.said.get(&reference)
        {
            let us = said.elapsed().as_micros().min(u128::from(u32::MAX)) as u32;
            timed.said_us.push(us);
        }
    }

    /// A latency that was measured otherwise.
    pub fn note_latency(&self, us: u32) {
        if let Ok(mut timed) = self.timed.lock()
            && timed.latencies_us.len() < LATENCIES_MAX
        {
            timed.latencies_us.push(us);
        }
    }

    /// Everything since the last restart.
    pub fn report(&self, bots: usize) -> Report {
        let (seconds, walked_s, mut latencies, said, mut said_us) = match self.timed.lock() {
            Ok(mut timed) => {
                timed.add_walked();
                let seconds = timed.began.map_or(0.0, |began| began.elapsed().as_secs_f64());
                let latencies = std::mem::take(&mut timed.latencies_us);
                (seconds, timed.walked_s, latencies, timed.said.len(), std::mem::take(&mut timed.said_us))
            }
            Err(_) => (0.0, 0.0, Vec::new(), 0, Vec::new()),
        };
        latencies.sort_unstable();
        said_us.sort_unstable();
        let user_minutes = (bots as f64 * seconds / 60.0).max(1e-9);
        let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed) as f64;
        Report {
            bots,
            seconds,
            walking_share: walked_s / (bots as f64 * seconds).max(1e-9),
            in_msgs_per_moving_user_s: count(&self.sent) / walked_s.max(1e-9),
            in_bytes_per_user_min: count(&self.sent_bytes) / user_minutes,
            out_frames_per_user_min: count(&self.received) / user_minutes,
            out_bytes_per_user_min: count(&self.received_bytes) / user_minutes,
            p50_ms: percentile_ms(&latencies, 0.50),
            p99_ms: percentile_ms(&latencies, 0.99),
            timed: latencies.len(),
            said,
            said_arrivals: said_us.len(),
            said_p50_ms: percentile_ms(&said_us, 0.50),
            said_p99_ms: percentile_ms(&said_us, 0.99),
            said_max_ms: percentile_ms(&said_us, 1.0),
            ended: self.ended.load(Ordering::Relaxed),
        }
    }
}

/// Of what is sorted.
fn percentile_ms(latencies_us: &[u32], share: f64) -> f64 {
    let index = (latencies_us.len() as f64 * share) as usize;
    let us = latencies_us.get(index.min(latencies_us.len().saturating_sub(1)));
    us.map_or(0.0, |&us| f64::from(us) / 1_000.0)
}

impl Timed {
    fn add_walked(&mut self) {
        let now = Instant::now();
        if let Some(changed) = self.walking_changed.replace(now) {
            self.walked_s += self.walking as f64 * now.duration_since(changed).as_secs_f64();
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} bots for {:.0} s, walking {:.0} % of the time",
            self.bots,
            self.seconds,
            self.walking_share * 100.0
        )?;
        writeln!(
            f,
            "in:  {:.2} messages a moving user and second, {:.0} bytes a user and minute",
            self.in_msgs_per_moving_user_s, self.in_bytes_per_user_min
        )?;
        writeln!(
            f,
            "out: {:.0} frames, {:.0} bytes a user and minute",
            self.out_frames_per_user_min, self.out_bytes_per_user_min
        )?;
        write!(
            f,
            "from intent to arrival: p50 {:.1} ms, p99 {:.1} ms ({} timed)",
            self.p50_ms, self.p99_ms, self.timed
        )?;
        if self.said > 0 {
            write!(
                f,
                "\nsaid {} times, told {} times: p50 {:.1} ms, p99 {:.1} ms, at most {:.1} ms",
                self.said, self.said_arrivals, self.said_p50_ms, self.said_p99_ms, self.said_max_ms
            )?;
        }
        Ok(())
    }
}
