//! A queue that neither grows nor shrinks. Nothing of it shows in how delays change, so they are held against the shortest one seen
//! lately. libwebrtc has no such thing, and lets a queue stand that was filled while it was looking for the rate.

use super::history::Arrival;
use super::micros;

/// The shortest delay is sought for so long, and then once more, in microseconds: clocks drift, and paths change.
const BASE_US: i64 = 10_000_000;
/// Longer by this, in microseconds, is a queue; radio links waver by less.
const QUEUE_US: i64 = 80_000;
/// It stands if no packet was faster for so long, in microseconds.
const STANDING_US: i64 = 700_000;
/// If lower rates have not shortened it after this, it is no queue but a longer path.
const PATIENCE_US: i64 = 1_300_000;

#[derive(Clone, Debug, Default)]
pub(super) struct Standing {
    /// Shortest delays: of the present period, when that began, and of the one before.
    base: Option<(i64, i64)>,
    base_before: Option<i64>,
    queue: Option<Queue>,
}

#[derive(Clone, Copy, Debug)]
struct Queue {
    since: i64,
    /// The shortest in this period.
    delay: i64,
    /// When it was first found to stand, and how long it was then.
    found: Option<(i64, i64)>,
}

impl Standing {
    /// A packet arrived. True: there is a standing queue, and it is time to do something about it.
    pub(super) fn push(&mut self, arrival: &Arrival) -> bool {
        let now = micros(arrival.sent);
        let delay = arrival.arrived_us.saturating_sub(now);
        let excess = delay.saturating_sub(self.base(now, delay));
        if excess <= QUEUE_US {
            self.queue = None;
            return false;
        }
        let queue = self.queue.get_or_insert(Queue { since: now, delay: excess, found: None });
        queue.delay = queue.delay.min(excess);
        if now.saturating_sub(queue.since) < STANDING_US {
            return false;
        }
        let shortest = queue.delay;
        (queue.since, queue.delay) = (now, excess);
        match queue.found {
            Some((_, found)) if shortest < found - found / 10 => {
                queue.found = Some((now, shortest));
                false
            }
            Some((at, _)) if now.saturating_sub(at) > PATIENCE_US => {
                *self = Self { base: Some((delay, now)), ..Self::default() };
                false
            }
            found => {
                queue.found = found.or(Some((now, shortest)));
                true
            }
        }
    }

    fn base(&mut self, now: i64, delay: i64) -> i64 {
        let (shortest, began) = self.base.unwrap_or((delay, now));
        if now.saturating_sub(began) > BASE_US {
            // After a long pause the old one is worth nothing.
            self.base_before = (now.saturating_sub(began) < 2 * BASE_US).then_some(shortest);
            self.base = Some((delay, now));
        } else {
            self.base = Some((shortest.min(delay), began));
        }
        let shortest = self.base.map_or(delay, |(shortest, _)| shortest);
        self.base_before.map_or(shortest, |before| before.min(shortest))
    }
}
