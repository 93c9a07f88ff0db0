//! Whether the application sends clearly less than it might. Then what arrives says nothing about what the link takes.

use std::time::Duration;

/// Below this share of the estimate it does (libwebrtc's application-limited region has the same).
const SHARE: f64 = 0.65;
/// What may be saved up, in seconds at that share.
const SAVED_S: f64 = 0.5;
/// Limited from this much of it on, and no longer below that: frames come in bursts.
const BEGINS_AT: f64 = 0.8;
const ENDS_AT: f64 = 0.5;

/// A budget that fills at a share of the estimate, and is spent by what is sent.
#[derive(Clone, Debug, Default)]
pub(super) struct Limited {
    /// In bits; below nothing where more was sent.
    saved: f64,
    saved_max: f64,
    at: Option<Duration>,
    is_limited: bool,
    ended: Option<Duration>,
}

impl Limited {
    pub(super) fn pass(&mut self, at: Duration, estimate: f64) {
        let passed = at.saturating_sub(*self.at.get_or_insert(at)).as_secs_f64();
        self.at = self.at.max(Some(at));
        self.saved_max = SHARE * SAVED_S * estimate;
        self.saved = (self.saved + SHARE * estimate * passed).clamp(-self.saved_max, self.saved_max);
        if self.is_limited && self.saved < ENDS_AT * self.saved_max {
            self.is_limited = false;
            self.ended = Some(at);
        } else if self.saved > BEGINS_AT * self.saved_max {
            self.is_limited = true;
        }
    }

    pub(super) fn spend(&mut self, bytes: usize) {
        self.saved = (self.saved - 8.0 * bytes as f64).max(-self.saved_max);
    }

    pub(super) fn is_limited(&self) -> bool {
        self.is_limited
    }

    /// Limited now, or not longer ago than this.
    pub(super) fn was_limited(&self, at: Duration, within: Duration) -> bool {
        self.is_limited || self.ended.is_some_and(|ended| at.saturating_sub(ended) <= within)
    }
}
