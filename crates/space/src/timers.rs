//! The one table of what is due when.
//!
//! While nobody moves or waits it is empty, and the object may hibernate.

use std::collections::{BTreeMap, BTreeSet};

use earshot_protocol::SessionId;
use earshot_protocol::units::TimeMs;

use crate::ConnectionId;

/// Why the engine wants to be woken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Timer {
    /// Changes wait to be sent: under load they are gathered for some milliseconds.
    Flush,
    /// Someone walks into another cell of the interest grid: others have to be told.
    Crossing(SessionId),
    /// Somebody walks, and may have come into, or out of, somebody's earshot.
    Listen(SessionId),
    /// A crowd may have to be served otherwise.
    Crowd,
    /// Messages wait to be recorded.
    Deliver,
    /// Who connected has not said Hello.
    GreetingEnds(ConnectionId),
    /// Nobody came back for a session whose connection was lost.
    LostExpires(SessionId),
}

#[derive(Debug, Default)]
pub(crate) struct Timers {
    due: BTreeSet<(TimeMs, Timer)>,
    at: BTreeMap<Timer, TimeMs>,
}

impl Timers {
    /// Sets a timer, or, with `None`, clears it. A timer is set once at a time.
    pub fn set(&mut self, timer: Timer, at: Option<TimeMs>) {
        if let Some(before) = self.at.remove(&timer) {
            self.due.remove(&(before, timer));
        }
        if let Some(at) = at {
            self.at.insert(timer, at);
            self.due.insert((at, timer));
        }
    }

    /// When one is due.
    pub fn at(&self, timer: Timer) -> Option<TimeMs> {
        self.at.get(&timer).copied()
    }

    /// When the next is due.
    pub fn next(&self) -> Option<TimeMs> {
        self.due.first().map(|&(at, _)| at)
    }

    /// Takes one that is due, and says since when.
    pub fn pop_due(&mut self, now: TimeMs) -> Option<(TimeMs, Timer)> {
        let &(at, timer) = self.due.first().filter(|&&(at, _)| at <= now)?;
        self.set(timer, None);
        Some((at, timer))
    }
}
