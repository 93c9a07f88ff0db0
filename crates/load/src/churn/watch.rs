//! The node from outside, every ten seconds; and what is made of that in the end.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;
use serde::Serialize;

use super::counts::{Counted, Counts};
use crate::node::{Node, sum_of};

pub const EVERY: Duration = Duration::from_secs(10);
/// Before it, memory grows as it should: buffers are made, and grants are remembered for their five minutes.
const WARM_UP_SHARE: f64 = 0.1;
/// What medians may grow by from the second quarter to the last, if the third lies between: an allocator's pages come and go by
/// about as much as one room's people take, and a leak of a single KiB a join is more than it in an hour.
const GROWTH_SHARE_MAX: f64 = 0.05;
const GROWTH_KIB_MAX: f64 = 2_048.0;

#[derive(Clone, Debug, Serialize)]
pub struct Sample {
    pub at_s: f64,
    pub memory_kib: f64,
    pub threads: u64,
    pub files: u64,
    pub participants: f64,
    pub rooms: f64,
    /// Of one core, since the sample before.
    pub node_cpu: f64,
    pub people_cpu: f64,
}

pub struct Watch {
    node: Arc<Node>,
    began: Instant,
    at: Instant,
    node_cpu_s: f64,
    people_cpu_s: f64,
    pub samples: Vec<Sample>,
}

impl Watch {
    pub fn new(node: Arc<Node>) -> anyhow::Result<Self> {
        let (node_cpu_s, people_cpu_s) = (node.cpu_s()?, own_cpu_s()?);
        let now = Instant::now();
        Ok(Self { node, began: now, at: now, node_cpu_s, people_cpu_s, samples: Vec::new() })
    }

    /// Errs when the node is no more.
    pub async fn look(&mut self) -> anyhow::Result<Sample> {
        let node = Arc::clone(&self.node);
        let metrics = tokio::task::spawn_blocking(move || node.metrics()).await??;
        let (now, node_cpu_s, people_cpu_s) = (Instant::now(), self.node.cpu_s()?, own_cpu_s()?);
        let since_s = now.duration_since(self.at).as_secs_f64().max(1e-3);
        let sample = Sample {
            at_s: now.duration_since(self.began).as_secs_f64(),
            memory_kib: self.node.memory_kib()?,
            threads: status(self.node.pid(), "Threads:")?,
            files: std::fs::read_dir(format!("/proc/{}/fd", self.node.pid()))?.count() as u64,
            participants: sum_of(&metrics, "participants"),
            rooms: sum_of(&metrics, "rooms"),
            node_cpu: (node_cpu_s - self.node_cpu_s) / since_s,
            people_cpu: (people_cpu_s - self.people_cpu_s) / since_s,
        };
        (self.at, self.node_cpu_s, self.people_cpu_s) = (now, node_cpu_s, people_cpu_s);
        Ok(sample)
    }

    pub async fn report(&self, counts: &Counts, seed: u64, at_rest: Sample) -> anyhow::Result<Report> {
        let node = Arc::clone(&self.node);
        let (metrics, is_ready) = tokio::task::spawn_blocking(move || {
            anyhow::Ok((node.metrics()?, ureq::get(format!("{}/health/ready", node.url)).call().is_ok()))
        })
        .await??;
        let total = |name| sum_of(&metrics, name);
        let end_s = self.samples.last().map_or(0.0, |last| last.at_s);
        let warm_s = end_s * WARM_UP_SHARE;
        let warm: Vec<&Sample> = self.samples.iter().filter(|sample| sample.at_s >= warm_s).collect();
        let of = |value: fn(&Sample) -> f64| median(warm.iter().map(|sample| value(sample)).collect());
        let quarter = |number: f64| {
            let from_s = warm_s + (end_s - warm_s) * number / 4.0;
            let to_s = warm_s + (end_s - warm_s) * (number + 1.0) / 4.0;
            let within = warm.iter().filter(|sample| sample.at_s >= from_s && sample.at_s <= to_s);
            median(within.map(|sample| sample.memory_kib).collect())
        };
        let quarters_kib = [0.0, 1.0, 2.0, 3.0].map(quarter);
        let log_panics = self.node.panics.load(std::sync::atomic::Ordering::Relaxed);
        Ok(Report {
            seconds: end_s,
            seed,
            warm_kib: warm.first().map_or(0.0, |sample| sample.memory_kib),
            quarters_kib,
            rest_kib: at_rest.memory_kib,
            grows: grows(quarters_kib),
            files: [warm.first().map_or(0, |sample| sample.files), at_rest.files],
            threads: [warm.first().map_or(0, |sample| sample.threads), at_rest.threads],
            participants: of(|sample| sample.participants),
            participants_at_rest: at_rest.participants,
            rooms_at_rest: at_rest.rooms,
            node_cpu: of(|sample| sample.node_cpu),
            people_cpu: of(|sample| sample.people_cpu),
            panics: total("panics_total").max(log_panics as f64),
            failures: total("failures_total"),
            strays: total("strays_total"),
            over_limit: total("over_limit_total"),
            bad_messages: total("bad_messages_total"),
            lost: total("lost_total"),
            expired: total("expired_total"),
            removed: total("removed_total"),
            forwarded: total("media_packets_forwarded_total"),
            is_ready,
            done: counts.now(),
        })
    }
}

#[derive(Clone, Debug, Serialize)]
pub struct Report {
    pub seconds: f64,
    pub seed: u64,
    /// Resident memory: after the first tenth, the median of each quarter after it, and when everybody had left.
    pub warm_kib: f64,
    pub quarters_kib: [f64; 4],
    pub rest_kib: f64,
    pub grows: bool,
    /// After the first tenth, and at rest.
    pub files: [u64; 2],
    pub threads: [u64; 2],
    pub participants: f64,
    pub participants_at_rest: f64,
    pub rooms_at_rest: f64,
    /// Of one core, medians.
    pub node_cpu: f64,
    pub people_cpu: f64,
    pub panics: f64,
    pub failures: f64,
    pub strays: f64,
    pub over_limit: f64,
    pub bad_messages: f64,
    pub lost: f64,
    pub expired: f64,
    pub removed: f64,
    pub forwarded: f64,
    pub is_ready: bool,
    pub done: Counted,
}

impl Report {
    pub fn faults(&self) -> Vec<&'static str> {
        let faults = [
            (self.grows, "its memory grows"),
            (self.panics > 0.0, "it panicked"),
            (!self.is_ready, "it is not ready any more"),
            (self.done.let_in_wrongly > 0, "it let somebody in who had no right"),
            // Rooms may be left: an empty one that the space has not closed is kept for ten minutes.
            (self.participants_at_rest > 0.0, "it did not forget everybody"),
            (self.done.joined == 0, "nobody ever got in"),
        ];
        faults.into_iter().filter_map(|(is_so, what)| is_so.then_some(what)).collect()
    }

    pub fn print(&self) {
        let mib = |kib: f64| kib / 1_024.0;
        let [first, second, third, last] = self.quarters_kib.map(mib);
        let done = &self.done;
        println!(
            "{:.0} s, about {:.0} people: {} joins, {} left, {} vanished, {} came anew, {} bad requests ({} refused), {} bad packets, \
             {} bad streams; memory {:.1} MiB warm, {first:.1}, {second:.1}, {third:.1}, {last:.1} by quarters, {:.1} at rest; files \
             {} to {}, threads {} to {}; {:.0} panics; CPU {:.0} % of a core, and {:.0} % for the people",
            self.seconds,
            self.participants,
            done.joined,
            done.left,
            done.vanished,
            done.came_anew,
            done.bad_requests,
            done.bad_requests_refused,
            done.bad_packets,
            done.bad_streams,
            mib(self.warm_kib),
            mib(self.rest_kib),
            self.files[0],
            self.files[1],
            self.threads[0],
            self.threads[1],
            self.panics,
            self.node_cpu * 100.0,
            self.people_cpu * 100.0,
        );
    }
}

/// The first quarter does not count: what warms up late belongs there.
fn grows([_, second, third, last]: [f64; 4]) -> bool {
    let most = second + (second * GROWTH_SHARE_MAX).max(GROWTH_KIB_MAX);
    second < third && third < last && last > most
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}

fn own_cpu_s() -> anyhow::Result<f64> {
    crate::node::cpu_s(std::process::id())
}

fn status(pid: u32, name: &str) -> anyhow::Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find(|line| line.starts_with(name)).context("no such line")?;
    Ok(line.split_whitespace().nth(1).context("no number")?.parse()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_goes_on_growing_grows() {
        assert!(!grows([10_000.0, 30_000.0, 30_100.0, 30_200.0]), "pages come and go");
        assert!(!grows([10_000.0, 30_000.0, 36_000.0, 35_000.0]), "it went back");
        assert!(!grows([50_000.0, 100_000.0, 102_000.0, 104_000.0]), "less than a twentieth");
        assert!(grows([10_000.0, 30_000.0, 31_500.0, 33_000.0]));
    }
}
