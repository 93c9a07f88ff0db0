//! Whether packets take longer and longer: draft-ietf-rmcat-gcc-02, section 5, with the line fitted through the delays that libwebrtc
//! has in place of the draft's filter.

use std::collections::VecDeque;

use super::history::Arrival;
use super::{JUMP_US, micros};

/// Packets sent within this, in microseconds, are one group; and so are those that arrive together though they were not sent together.
const GROUP_US: i64 = 5_000;
/// Arriving together goes on for so long at the most, in microseconds.
const GROUP_MAX_US: i64 = 100_000;
/// Groups that the line goes through.
const GROUPS: usize = 20;
/// Of what is new in the delay, so much comes through.
const SMOOTHING: f64 = 0.1;
/// The slope times this and the number of groups, of at most so many, is what is held against the threshold.
const GAIN: f64 = 4.0;
const COUNT_MAX: f64 = 60.0;
/// The threshold follows the noise of the link, between these, faster down than up.
const THRESHOLD: f64 = 12.5;
const THRESHOLD_MIN: f64 = 6.0;
const THRESHOLD_MAX: f64 = 600.0;
const UP_PER_MS: f64 = 0.0087;
const DOWN_PER_MS: f64 = 0.039;
/// What exceeds it by so much is no noise, and leaves it alone.
const OUTLIER: f64 = 15.0;
/// It follows by steps of so many milliseconds at the most.
const STEP_MAX_MS: f64 = 100.0;
/// Above it for so many milliseconds of sending, and still rising, is overuse.
const OVERUSE_MS: f64 = 10.0;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Usage {
    #[default]
    Normal,
    /// A queue fills.
    Over,
    /// A queue runs empty.
    Under,
}

/// Times in microseconds, of the sender and of the receiver.
#[derive(Clone, Copy, Debug)]
struct Group {
    first_sent: i64,
    last_sent: i64,
    first_arrived: i64,
    last_arrived: i64,
}

impl Group {
    fn new(sent: i64, arrived: i64) -> Self {
        Self { first_sent: sent, last_sent: sent, first_arrived: arrived, last_arrived: arrived }
    }

    fn takes(&self, sent: i64, arrived: i64) -> bool {
        let later = arrived.saturating_sub(self.last_arrived);
        let is_burst = later <= GROUP_US
            && later < sent.saturating_sub(self.last_sent)
            && arrived.saturating_sub(self.first_arrived) < GROUP_MAX_US;
        is_burst || sent.saturating_sub(self.first_sent) <= GROUP_US
    }
}

#[derive(Clone, Debug)]
pub(super) struct Delays {
    before: Option<Group>,
    current: Option<Group>,
    /// Of the delays compared with the first one, in milliseconds: all, and smoothed.
    sum: f64,
    smoothed: f64,
    count: f64,
    /// When a group arrived, in milliseconds, and its smoothed delay.
    line: VecDeque<(f64, f64)>,
    slope: f64,
    threshold: f64,
    over_ms: Option<f64>,
    usage: Usage,
}

impl Delays {
    pub(super) fn new() -> Self {
        Self {
            before: None,
            current: None,
            sum: 0.0,
            smoothed: 0.0,
            count: 0.0,
            line: VecDeque::new(),
            slope: 0.0,
            threshold: THRESHOLD,
            over_ms: None,
            usage: Usage::Normal,
        }
    }

    pub(super) fn usage(&self) -> Usage {
        self.usage
    }

    /// A packet arrived; they come in the order of their arrival.
    pub(super) fn push(&mut self, arrival: &Arrival) {
        let (sent, arrived) = (micros(arrival.sent), arrival.arrived_us);
        let Some(group) = &mut self.current else {
            self.current = Some(Group::new(sent, arrived));
            return;
        };
        if arrived < group.last_arrived.saturating_sub(JUMP_US) {
            *self = Self::new();
            return;
        }
        if sent < group.first_sent {
            // Overtaken by a later group: it says nothing about the queue.
            return;
        }
        if group.takes(sent, arrived) {
            group.last_sent = group.last_sent.max(sent);
            group.last_arrived = group.last_arrived.max(arrived);
            return;
        }
        let group = *group;
        self.current = Some(Group::new(sent, arrived));
        if let Some(before) = self.before.replace(group) {
            self.observe(&before, &group);
        }
    }

    fn observe(&mut self, before: &Group, group: &Group) {
        let sent_ms = group.last_sent.saturating_sub(before.last_sent) as f64 / 1_000.0;
        let arrived_ms = group.last_arrived.saturating_sub(before.last_arrived) as f64 / 1_000.0;
        let longer_ms = arrived_ms - sent_ms;
        if sent_ms.max(longer_ms.abs()) > JUMP_US as f64 / 1_000.0 {
            *self = Self { before: Some(*group), current: self.current, ..Self::new() };
            return;
        }
        self.count = (self.count + 1.0).min(COUNT_MAX);
        self.sum += longer_ms;
        self.smoothed += SMOOTHING * (self.sum - self.smoothed);
        if self.line.len() >= GROUPS {
            self.line.pop_front();
        }
        self.line.push_back((group.last_arrived as f64 / 1_000.0, self.smoothed));
        if self.line.len() >= GROUPS {
            self.judge(sent_ms, arrived_ms);
        }
    }

    fn judge(&mut self, sent_ms: f64, arrived_ms: f64) {
        let slope = slope(&self.line).unwrap_or(self.slope);
        let trend = slope * self.count * GAIN;
        if trend > self.threshold {
            // The first time: since halfway to the group before.
            let over_ms = self.over_ms.map_or(sent_ms / 2.0, |over_ms| over_ms + sent_ms);
            let is_first = self.over_ms.is_none();
            self.over_ms = Some(over_ms);
            if over_ms > OVERUSE_MS && !is_first && slope >= self.slope {
                self.over_ms = Some(0.0);
                self.usage = Usage::Over;
            }
        } else {
            self.over_ms = None;
            self.usage = if trend < -self.threshold { Usage::Under } else { Usage::Normal };
        }
        self.slope = slope;
        self.adapt(trend.abs(), arrived_ms);
    }

    fn adapt(&mut self, trend: f64, arrived_ms: f64) {
        if trend > self.threshold + OUTLIER {
            return;
        }
        let gain = if trend < self.threshold { DOWN_PER_MS } else { UP_PER_MS };
        let step = gain * (trend - self.threshold) * arrived_ms.clamp(0.0, STEP_MAX_MS);
        self.threshold = (self.threshold + step).clamp(THRESHOLD_MIN, THRESHOLD_MAX);
    }
}

/// Of the straight line nearest to all points.
fn slope(points: &VecDeque<(f64, f64)>) -> Option<f64> {
    let count = points.len() as f64;
    let (x_sum, y_sum) = points.iter().fold((0.0, 0.0), |(x_sum, y_sum), (x, y)| (x_sum + x, y_sum + y));
    let (x_mean, y_mean) = (x_sum / count, y_sum / count);
    let (above, below) = points.iter().fold((0.0, 0.0), |(above, below), (x, y)| {
        (above + (x - x_mean) * (y - y_mean), below + (x - x_mean) * (x - x_mean))
    });
    (below > 0.0).then(|| above / below)
}
