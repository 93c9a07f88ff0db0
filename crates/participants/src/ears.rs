//! What one hears of one person, and whether it is right: gaps, what is missing or came twice, and what was not theirs to
//! hear.
//!
//! Only what a browser would play counts as heard; what comes on another way meanwhile is spare.

use std::time::{Duration, Instant};

use serde::Serialize;

use crate::voice::{FRAME_MS, Stamp};

/// After the space has said so, nothing may come any more.
const GRACE: Duration = Duration::from_millis(500);
/// A gap that can be heard, and one that loses a word.
const GAP_MS: u64 = 60;
const LONG_GAP_MS: u64 = 200;

/// The way on which something comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Direct,
    Room(u64),
}

/// A packet of somebody's voice.
#[derive(Clone, Copy, Debug)]
pub struct Heard {
    pub way: Way,
    /// None where it is a real voice.
    pub stamp: Option<Stamp>,
    /// It comes on the way that is listened to.
    pub is_played: bool,
    /// All lanes of the room were taken: whoever is not among the loudest is not forwarded.
    pub is_full: bool,
    /// For how long, all in all, the listener itself came late: a machine that is too busy to listen is none of the way's.
    pub own_stalls: Duration,
}

#[derive(Clone, Copy, Debug)]
struct Played {
    at: Instant,
    own_stalls: Duration,
    way: Way,
    stamp: Option<Stamp>,
}

/// What was counted.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Tally {
    pub packets_direct: u64,
    pub packets_room: u64,
    pub played: u64,
    /// Came on the way that was not listened to.
    pub spare: u64,
    /// Numbers that were never played.
    pub missing: u64,
    /// Played a second time: two ways overlap by a frame where one gives place to the other.
    pub repeated: u64,
    /// Of those, long after the ways changed: both were listened to.
    pub doubled: u64,
    pub gaps_60: u64,
    pub gaps_200: u64,
    pub gap_ms_max: u64,
    /// The same by the clock alone, with what both ends came late themselves.
    pub raw_gap_ms_max: u64,
    /// Gaps while all lanes were taken by louder ones.
    pub gaps_crowded: u64,
    /// How often the way changed.
    pub switches: u64,
    /// Came though the space had said otherwise half a second before.
    pub forbidden: u64,
}

#[derive(Debug)]
pub struct Ears {
    pub tally: Tally,
    /// How long the newest frame was on its way.
    pub delay_ms: Option<f64>,
    hears: bool,
    /// When the right was given or taken last; none: it never was.
    turned_at: Option<Instant>,
    last: Option<Played>,
    switched_at: Option<Instant>,
    /// What came without a right that may be on its way: since when, and how many.
    early: Option<(Instant, u64)>,
    /// Was full at some time since what was played last.
    was_full: bool,
    is_crowded_out: bool,
}

impl Ears {
    pub fn new() -> Self {
        Self {
            tally: Tally::default(),
            delay_ms: None,
            hears: false,
            turned_at: None,
            last: None,
            switched_at: None,
            early: None,
            was_full: false,
            is_crowded_out: false,
        }
    }

    pub fn hears(&self) -> bool {
        self.hears
    }

    /// How long nothing was played.
    pub fn quiet(&self, now: Instant) -> Option<Duration> {
        self.last.map(|last| now.duration_since(last.at))
    }

    pub fn forget(&mut self) {
        self.tally = Tally::default();
    }

    /// The space says whether one hears them.
    pub fn set_hears(&mut self, hears: bool, now: Instant) {
        if hears == self.hears {
            return;
        }
        (self.hears, self.turned_at, self.last) = (hears, Some(now), None);
        // The node was told a moment before us.
        self.settle_early(now, hears);
    }

    /// The speaker said so: silence from now on is none of the way's.
    pub fn rest(&mut self) {
        self.last = None;
    }

    /// Whether there is a lane for them, or would be. Called now and then.
    pub fn note_place(&mut self, has_place: bool) {
        self.is_crowded_out = !has_place;
        self.was_full |= !has_place;
    }

    /// Others are louder, and there are no more lanes.
    pub fn is_crowded_out(&self) -> bool {
        self.hears && self.is_crowded_out
    }

    /// What came a moment before the right to it was no mistake; what came long before was.
    pub fn settle_early(&mut self, now: Instant, arrives: bool) {
        if let Some((since, count)) = self.early
            && (arrives || now.duration_since(since) > GRACE)
        {
            if !arrives || now.duration_since(since) > GRACE {
                self.tally.forbidden += count;
            }
            self.early = None;
        }
    }

    /// Returns how long it was on its way, in milliseconds, if that is known.
    pub fn hear(&mut self, heard: Heard, now: Instant, now_us: u64) -> Option<f64> {
        match heard.way {
            Way::Direct => self.tally.packets_direct += 1,
            Way::Room(_) => self.tally.packets_room += 1,
        }
        let delay_ms = heard.stamp.map(|stamp| now_us.saturating_sub(stamp.said_us) as f64 / 1_000.0);
        if !self.hears {
            self.note_unentitled(now);
            return delay_ms;
        }
        self.was_full |= heard.is_full;
        self.delay_ms = delay_ms.filter(|_| heard.is_played).or(self.delay_ms);
        if !heard.is_played {
            self.tally.spare += 1;
            return delay_ms;
        }
        self.play(heard, now);
        delay_ms
    }

    /// What comes of somebody one does not hear.
    fn note_unentitled(&mut self, now: Instant) {
        match (self.turned_at, &mut self.early) {
            (Some(turned), None) if now.duration_since(turned) <= GRACE => {}
            (_, Some((_, count))) => *count += 1,
            (_, early) => *early = Some((now, 1)),
        }
        self.settle_early(now, false);
    }

    fn play(&mut self, heard: Heard, now: Instant) {
        let next = Played { at: now, own_stalls: heard.own_stalls, way: heard.way, stamp: heard.stamp };
        let Some(last) = self.last else {
            self.tally.played += 1;
            (self.last, self.was_full) = (Some(next), false);
            return;
        };
        if last.way != heard.way {
            self.tally.switches += 1;
            self.switched_at = Some(now);
        }
        let (mut skipped, mut stall_ms) = (0, 0);
        if let (Some(stamp), Some(before)) = (heard.stamp, last.stamp) {
            if stamp.run != before.run {
                (self.last, self.was_full) = (Some(next), false);
                return;
            }
            if stamp.number <= before.number {
                self.tally.repeated += 1;
                let is_settled = self.switched_at.is_none_or(|at| now.duration_since(at).as_secs() >= 1);
                self.tally.doubled += u64::from(is_settled);
                return;
            }
            skipped = u64::from(stamp.number - before.number - 1);
            // Where the speaker itself came late, no way is to blame.
            let said_ms = stamp.said_us.saturating_sub(before.said_us) / 1_000;
            stall_ms = said_ms.saturating_sub(FRAME_MS * (skipped + 1));
        }
        self.tally.played += 1;
        let raw_gap_ms = now.duration_since(last.at).as_millis() as u64;
        let own_ms = heard.own_stalls.saturating_sub(last.own_stalls).as_millis() as u64;
        // Where both came late it was mostly at the same time.
        let gap_ms = raw_gap_ms.saturating_sub(own_ms.max(stall_ms));
        if self.was_full && gap_ms > GAP_MS {
            self.tally.gaps_crowded += 1;
        } else {
            self.tally.missing += skipped;
            self.tally.gaps_60 += u64::from(gap_ms > GAP_MS);
            self.tally.gaps_200 += u64::from(gap_ms > LONG_GAP_MS);
            self.tally.gap_ms_max = self.tally.gap_ms_max.max(gap_ms);
            self.tally.raw_gap_ms_max = self.tally.raw_gap_ms_max.max(raw_gap_ms);
        }
        (self.last, self.was_full) = (Some(next), heard.is_full);
    }
}

impl Default for Ears {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Listener {
        ears: Ears,
        start: Instant,
    }

    impl Listener {
        fn new() -> Self {
            let start = Instant::now();
            let mut ears = Ears::new();
            ears.set_hears(true, start);
            Self { ears, start }
        }

        fn at(&self, ms: u64) -> Instant {
            self.start + Duration::from_millis(ms)
        }

        fn hears(&mut self, ms: u64, way: Way, number: u32, is_played: bool) {
            let stamp = Some(Stamp { session: 7, run: 0, number, said_us: u64::from(number) * 20_000 });
            let heard = Heard { way, stamp, is_played, is_full: false, own_stalls: Duration::ZERO };
            self.ears.hear(heard, self.at(ms), ms * 1_000);
        }
    }

    #[test]
    fn a_gap_is_what_is_not_played_for_long() {
        let mut one = Listener::new();
        for number in [1, 2, 3, 6, 20] {
            one.hears(u64::from(number) * 20, Way::Direct, number, true);
        }
        let tally = &one.ears.tally;
        assert_eq!((tally.gaps_60, tally.gaps_200, tally.gap_ms_max, tally.missing), (1, 1, 280, 15));
    }

    #[test]
    fn who_changes_the_way_misses_nothing_and_hears_nothing_twice() {
        let mut one = Listener::new();
        for number in 1..50 {
            let ms = u64::from(number) * 20;
            one.hears(ms, Way::Direct, number, number < 20);
            one.hears(ms + 5, Way::Room(3), number, number >= 20);
        }
        let tally = &one.ears.tally;
        assert_eq!((tally.played, tally.spare, tally.missing, tally.switches), (49, 49, 0, 1));
        assert_eq!((tally.repeated, tally.doubled, tally.gaps_60), (0, 0, 0));
    }

    #[test]
    fn who_has_no_right_to_it_hears_nothing_half_a_second_later() {
        let mut one = Listener::new();
        one.hears(0, Way::Direct, 1, true);
        one.ears.set_hears(false, one.at(100));
        one.hears(590, Way::Direct, 2, true);
        assert_eq!(one.ears.tally.forbidden, 0, "it was on its way");
        one.hears(700, Way::Direct, 3, true);
        one.ears.settle_early(one.at(1_300), false);
        assert_eq!(one.ears.tally.forbidden, 1);
        one.hears(2_000, Way::Room(1), 4, true);
        one.ears.set_hears(true, one.at(2_100));
        assert_eq!(one.ears.tally.forbidden, 1, "the right was on its way");
    }

    #[test]
    fn a_speaker_that_came_late_itself_makes_no_gap() {
        let mut one = Listener::new();
        one.hears(20, Way::Direct, 1, true);
        let stamp = Some(Stamp { session: 7, run: 0, number: 2, said_us: 320_000 });
        let own_stalls = Duration::ZERO;
        let heard = Heard { way: Way::Direct, stamp, is_played: true, is_full: false, own_stalls };
        one.ears.hear(heard, one.at(320), 320_000);
        assert_eq!((one.ears.tally.gaps_60, one.ears.tally.gap_ms_max), (0, 20));
    }

    #[test]
    fn a_listener_that_came_late_itself_makes_no_gap_either() {
        let mut one = Listener::new();
        one.hears(20, Way::Direct, 1, true);
        let stamp = Some(Stamp { session: 7, run: 0, number: 2, said_us: 40_000 });
        let own_stalls = Duration::from_millis(250);
        let heard = Heard { way: Way::Direct, stamp, is_played: true, is_full: false, own_stalls };
        one.ears.hear(heard, one.at(290), 290_000);
        assert_eq!((one.ears.tally.gap_ms_max, one.ears.tally.raw_gap_ms_max), (20, 270));
    }
}
