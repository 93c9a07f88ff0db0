//! When to look at whom again: a heap, so that nobody is looked at in vain.
//!
//! Nothing is ever taken out early. Whoever is due later than its entry says is put in again, which is rarer than changing it.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Instant;

use super::slab::Key;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Timer {
    /// A connection's own time: retransmissions, reports, pacing.
    Connection(Key),
    /// A room chooses anew, and says its beat.
    Room(Key),
    /// Somebody was told to go, and had the time to read it.
    Farewell(Key),
    /// What nobody waits for: rooms that are to be forgotten.
    Sweep,
}

#[derive(Debug, Default)]
pub struct Timers {
    heap: BinaryHeap<Reverse<(Instant, Timer)>>,
}

impl Timers {
    pub fn set(&mut self, at: Instant, timer: Timer) {
        self.heap.push(Reverse((at, timer)));
    }

    pub fn len(&self) -> usize {
        self.heap.len()
    }

    pub fn due(&self) -> Option<Instant> {
        self.heap.peek().map(|Reverse((at, _))| *at)
    }

    pub fn poll(&mut self, now: Instant) -> Option<(Instant, Timer)> {
        self.due().filter(|at| *at <= now)?;
        self.heap.pop().map(|Reverse(entry)| entry)
    }
}
