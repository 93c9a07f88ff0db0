//! How fast packets arrive, and how fast the same ones were sent.

use std::collections::VecDeque;

use super::history::Arrival;
use super::{JUMP_US, bits_per_s, span_us};

/// Over so much time, in microseconds: a dozen frames of video, and short enough to follow a link that changes.
const WINDOW_US: i64 = 400_000;
/// Less than this, or fewer packets than that, tells nothing.
const SPAN_MIN_US: i64 = 150_000;
const PACKETS_MIN: usize = 6;
/// Less arrives than is sent by more than this: something fills up, if it goes on for so long, in microseconds. A frame that is sent at once takes
/// its time on a poor link, too.
const CHOKED: f64 = 1.15;
const CHOKED_US: i64 = 250_000;
/// And no more packets than are remembered at all.
const PACKETS_MAX: usize = 2_000;

/// Rates in bits per second, of the same packets.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Throughput {
    pub(super) received: f64,
    pub(super) sent: f64,
    /// Less arrives than is sent, and has for a while.
    pub(super) is_choked: bool,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Arrivals {
    window: VecDeque<Arrival>,
    bytes: usize,
    /// Since when less arrives than is sent.
    choked_since_us: Option<i64>,
}

impl Arrivals {
    pub(super) fn push(&mut self, arrival: &Arrival) {
        let mut arrival = *arrival;
        let last_us = self.window.back().map_or(i64::MIN, |last| last.arrived_us);
        if arrival.arrived_us < last_us.saturating_sub(JUMP_US) {
            *self = Self::default();
        } else {
            // Reordered between two reports: counted as if it came with the last one.
            arrival.arrived_us = arrival.arrived_us.max(last_us);
        }
        self.window.push_back(arrival);
        self.bytes += arrival.bytes;
        let begin = arrival.arrived_us.saturating_sub(WINDOW_US);
        while self.window.len() > PACKETS_MAX || self.window.front().is_some_and(|first| first.arrived_us < begin) {
            self.bytes -= self.window.pop_front().map_or(0, |first| first.bytes);
        }
        let is_choked = self.rates().is_some_and(|(received, sent)| sent > CHOKED * received);
        self.choked_since_us = is_choked.then(|| self.choked_since_us.unwrap_or(arrival.arrived_us));
    }

    /// None until enough arrived in the last moments.
    pub(super) fn throughput(&self) -> Option<Throughput> {
        let (received, sent) = self.rates()?;
        let last_us = self.window.back()?.arrived_us;
        let is_choked = self.choked_since_us.is_some_and(|since| last_us.saturating_sub(since) >= CHOKED_US);
        Some(Throughput { received, sent, is_choked })
    }

    fn rates(&self) -> Option<(f64, f64)> {
        let (first, last) = (self.window.front()?, self.window.back()?);
        let received_us = last.arrived_us.saturating_sub(first.arrived_us);
        if received_us < SPAN_MIN_US || self.window.len() < PACKETS_MIN {
            return None;
        }
        // Each packet took its time after the one before it: the first has none here.
        let bytes = self.bytes - first.bytes;
        let sent_us = span_us(first.sent, last.sent).max(1_000);
        Some((bits_per_s(bytes, received_us), bits_per_s(bytes, sent_us)))
    }
}
