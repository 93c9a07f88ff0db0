//! What is counted of conversations, without names: it tells whoever runs a space whether people reach each other.
//!
//! What a session causes is counted in its own record and added to the space's when it ends: exact at any moment, and no
//! row is written while people talk.

use std::collections::BTreeMap;

use earshot_protocol::{CandidateKind, ConnectionReport, SignalRefusal};
use prost::Message;
use serde::Serialize;

/// Upper ends of the buckets of [`Counters::connected_within`], in milliseconds; the last bucket has none.
pub const CONNECTED_WITHIN_MS: [u32; 5] = [250, 500, 1_000, 2_000, 5_000];

#[derive(Clone, PartialEq, Eq, Message)]
pub struct Counters {
    #[prost(uint64, tag = "1")]
    pub signals_relayed: u64,
    /// By reason, in the order of the protocol: other, out of earshot, stale, too fast, too long, away.
    #[prost(uint64, repeated, tag = "2")]
    pub signals_refused: Vec<u64>,
    /// Connections that came about, by kind of candidate: unknown, host, server reflexive, peer reflexive, relayed.
    #[prost(uint64, repeated, tag = "3")]
    pub connected: Vec<u64>,
    /// The same by time, in buckets that end at [`CONNECTED_WITHIN_MS`].
    #[prost(uint64, repeated, tag = "4")]
    pub connected_within: Vec<u64>,
    #[prost(uint64, tag = "5")]
    pub failed: u64,
    /// Halves of peerings: each that began counts once for both of its sessions.
    #[prost(uint64, tag = "6")]
    pub peerings_begun: u64,
    #[prost(uint64, tag = "7")]
    pub peerings_ended: u64,
}

/// The same with names, for people and programs that read JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CountersReport {
    pub signals_relayed: u64,
    pub signals_refused: BTreeMap<&'static str, u64>,
    /// Connections that came about, by kind of candidate.
    pub connected: BTreeMap<&'static str, u64>,
    /// The same by time: how many took at most so many milliseconds (and more than the one before); `more` for the rest.
    pub connected_within_ms: BTreeMap<&'static str, u64>,
    pub failed: u64,
    pub peerings_begun: u64,
    pub peerings_ended: u64,
}

impl From<&Counters> for CountersReport {
    fn from(counters: &Counters) -> Self {
        const REFUSALS: [&str; 6] = ["other", "out_of_earshot", "stale", "too_fast", "too_long", "away"];
        const KINDS: [&str; 5] = ["unknown", "host", "srflx", "prflx", "relay"];
        const WITHIN: [&str; 6] = ["250", "500", "1000", "2000", "5000", "more"];
        let named = |names: &[&'static str], values: &[u64]| {
            names.iter().enumerate().map(|(n, &name)| (name, values.get(n).copied().unwrap_or(0))).collect()
        };
        Self {
            signals_relayed: counters.signals_relayed,
            signals_refused: named(&REFUSALS, &counters.signals_refused),
            connected: named(&KINDS, &counters.connected),
            connected_within_ms: named(&WITHIN, &counters.connected_within),
            failed: counters.failed,
            peerings_begun: counters.peerings_begun / 2,
            peerings_ended: counters.peerings_ended / 2,
        }
    }
}

impl Counters {
    pub fn count_refused(&mut self, reason: SignalRefusal) {
        count(&mut self.signals_refused, reason as usize);
    }

    pub fn count_report(&mut self, report: ConnectionReport) {
        if !report.connected {
            self.failed += 1;
            return;
        }
        count(
            &mut self.connected,
            match report.via {
                CandidateKind::Unknown => 0,
                CandidateKind::Host => 1,
                CandidateKind::ServerReflexive => 2,
                CandidateKind::PeerReflexive => 3,
                CandidateKind::Relayed => 4,
            },
        );
        count(&mut self.connected_within, CONNECTED_WITHIN_MS.partition_point(|&within| within < report.took_ms));
    }

    pub fn add(&mut self, other: &Self) {
        self.signals_relayed += other.signals_relayed;
        self.failed += other.failed;
        self.peerings_begun += other.peerings_begun;
        self.peerings_ended += other.peerings_ended;
        add(&mut self.signals_refused, &other.signals_refused);
        add(&mut self.connected, &other.connected);
        add(&mut self.connected_within, &other.connected_within);
    }
}

fn count(buckets: &mut Vec<u64>, index: usize) {
    if buckets.len() <= index {
        buckets.resize(index + 1, 0);
    }
    if let Some(bucket) = buckets.get_mut(index) {
        *bucket += 1;
    }
}

fn add(buckets: &mut Vec<u64>, others: &[u64]) {
    if buckets.len() < others.len() {
        buckets.resize(others.len(), 0);
    }
    for (bucket, other) in buckets.iter_mut().zip(others) {
        *bucket += other;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_fall_into_their_buckets_and_add_up() {
        let report = |took_ms, via| ConnectionReport { connected: true, took_ms, via };
        let mut counters = Counters::default();
        for (took_ms, via) in [(0, CandidateKind::Host), (250, CandidateKind::Host), (251, CandidateKind::Relayed)] {
            counters.count_report(report(took_ms, via));
        }
        counters.count_report(report(u32::MAX, CandidateKind::Unknown));
        counters.count_report(ConnectionReport { connected: false, ..report(0, CandidateKind::Unknown) });
        counters.count_refused(SignalRefusal::OutOfEarshot);
        assert_eq!(counters.connected, [1, 2, 0, 0, 1]);
        assert_eq!(counters.connected_within, [2, 1, 0, 0, 0, 1]);
        assert_eq!((counters.failed, counters.signals_refused.as_slice()), (1, &[0, 1][..]));
        let mut sum = Counters::default();
        sum.add(&counters);
        sum.add(&counters);
        assert_eq!(sum.connected_within, [4, 2, 0, 0, 0, 2]);
        let report = CountersReport::from(&sum);
        assert_eq!((report.connected_within_ms["more"], report.connected["relay"]), (2, 2));
        assert_eq!(report.signals_refused["out_of_earshot"], 2);
    }
}
