//! The server's clock, as the client estimates it, and the slightly older time at which others are drawn.
//!
//! Every frame says when it was sent; the one that took the shortest way is the best witness, and half the shortest round
//! trip is how long it took (as in NTP, RFC 5905 section 10). Both clocks only ever run forward, and change their pace by a
//! few percent instead of jumping, so that nothing drawn by them jumps.

use std::collections::VecDeque;

use earshot_protocol::units::TimeMs;

/// Milliseconds on the caller's monotonic clock.
pub type LocalMs = i64;

/// Witnesses older than this are forgotten: clocks drift, routes change.
const WINDOW_MS: i64 = 30_000;
/// An estimate further off than this is taken over at once: the first one, or a clock that was set.
const JUMP_MS: i64 = 250;
/// Pace of corrections: one millisecond in so many.
const SLEW_ONE_IN: i64 = 20;
/// Others are drawn at least, and at most, this long ago.
const DELAY_MS_MIN: i64 = 20;
const DELAY_MS_MAX: i64 = 500;
/// The delay follows what the last so many courses needed.
const LATENESSES: usize = 32;
/// Added to it, for the next may be a little later still.
const DELAY_MARGIN_MS: i64 = 8;

#[derive(Debug, Default)]
pub(crate) struct Clock {
    /// Server time minus local time, as it is applied now.
    offset: Option<i64>,
    applied_at: LocalMs,
    /// Best witnesses of this window and of the last.
    best: [Option<Witness>; 2],
    window_began: LocalMs,
    delay: Delay,
}

#[derive(Clone, Copy, Debug)]
struct Witness {
    /// Server time at sending minus local time at receiving: the offset less the way.
    behind: i64,
    round_trip_ms: i64,
}

/// How long ago others are drawn.
#[derive(Debug, Default)]
struct Delay {
    applied_ms: i64,
    latenesses: VecDeque<i64>,
}

impl Clock {
    /// A frame sent at `server` arrived; `round_trip_ms` is the shortest seen lately.
    pub fn handle_frame(&mut self, now: LocalMs, server: TimeMs, round_trip_ms: i64) {
        if now - self.window_began > WINDOW_MS {
            self.best = [None, self.best[0]];
            self.window_began = now;
        }
        let behind = server.0 - now;
        let better = self.best[0].is_none_or(|best| behind > best.behind);
        if better {
            self.best[0] = Some(Witness { behind, round_trip_ms });
        } else if let Some(best) = &mut self.best[0] {
            best.round_trip_ms = best.round_trip_ms.min(round_trip_ms);
        }
        self.advance(now);
    }

    /// A course that began at `start` has just become known.
    pub fn handle_course(&mut self, now: LocalMs, start: TimeMs) {
        let late_ms = self.server_now(now).since(start);
        // A course that began long ago is a snapshot's, and says nothing about the way.
        if late_ms > DELAY_MS_MAX {
            return;
        }
        self.delay.note(late_ms);
    }

    /// Before any course tells: someone like us steers, so an intent's way to the space and on to here is a round trip.
    pub fn expect_lateness(&mut self, round_trip_ms: i64) {
        self.delay.note(round_trip_ms);
        self.delay.applied_ms = self.delay.applied_ms.max(self.delay.wanted_ms());
    }

    /// Lets the clocks come closer to what the witnesses say. Call before reading them.
    pub fn advance(&mut self, now: LocalMs) {
        let elapsed_ms = (now - self.applied_at).max(0);
        let step_ms = elapsed_ms / SLEW_ONE_IN;
        let target = self.best.iter().flatten().map(|witness| witness.behind + witness.round_trip_ms / 2).max();
        if let Some(target) = target {
            self.offset = Some(match self.offset {
                Some(offset) if (target - offset).abs() <= JUMP_MS => {
                    offset + (target - offset).clamp(-step_ms, step_ms)
                }
                _ => target,
            });
        }
        let missing = self.delay.wanted_ms() - self.delay.applied_ms;
        self.delay.applied_ms += missing.clamp(-step_ms, step_ms);
        if step_ms > 0 || self.applied_at == 0 {
            self.applied_at = now;
        }
    }

    /// Forgets what was learnt of the way: a new connection may take another.
    pub fn reset(&mut self) {
        self.best = [None, None];
    }

    /// The server's time now.
    pub fn server_now(&self, now: LocalMs) -> TimeMs {
        TimeMs(now + self.offset.unwrap_or(0))
    }

    /// The time at which others are drawn.
    pub fn drawn_now(&self, now: LocalMs) -> TimeMs {
        self.server_now(now).plus(-self.delay.applied_ms)
    }
}

impl Delay {
    fn note(&mut self, late_ms: i64) {
        if self.latenesses.len() >= LATENESSES {
            self.latenesses.pop_front();
        }
        self.latenesses.push_back(late_ms);
    }

    /// What the latest of the last courses needed.
    fn wanted_ms(&self) -> i64 {
        let latest = self.latenesses.iter().max().copied().unwrap_or(0);
        (latest + DELAY_MARGIN_MS).clamp(DELAY_MS_MIN, DELAY_MS_MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quickest_frame_and_half_the_round_trip_give_the_time() {
        let mut clock = Clock::default();
        // The server is 1,000,000 ahead; frames take 50 to 80 ms, the round trip 100.
        for (n, way) in [70, 55, 50, 80, 66].into_iter().enumerate() {
            let sent = 10_000 + n as i64 * 100;
            clock.handle_frame(sent + way, TimeMs(1_000_000 + sent), 100);
        }
        for now in 10_600..13_000 {
            clock.advance(now);
        }
        assert_eq!(clock.server_now(13_000), TimeMs(1_013_000));
    }

    #[test]
    fn clocks_never_run_backwards() {
        let mut clock = Clock::default();
        let (mut last_server, mut last_drawn) = (TimeMs(0), TimeMs(0));
        for now in (1_000..60_000).step_by(7) {
            if now % 5 == 0 {
                let way = 20 + (now * 7_919) % 180;
                clock.handle_frame(now, TimeMs(500_000 + now - way), 60);
                clock.handle_course(now, TimeMs(500_000 + now - way - 30));
            }
            clock.advance(now);
            assert!(clock.server_now(now) >= last_server, "server clock at {now}");
            assert!(clock.drawn_now(now) >= last_drawn || now < 1_300, "drawn clock at {now}");
            (last_server, last_drawn) = (clock.server_now(now), clock.drawn_now(now));
        }
    }
}
