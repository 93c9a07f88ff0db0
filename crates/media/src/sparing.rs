//! What a full node leaves out, so that voices go on: first the better layers of cameras, then all pictures; and when they come back.
//!
//! Loads and times are handed in, a level comes out. Deliberately absent: how load is measured, and what a level does, which is in
//! [`crate::room`]. Voices are no matter of this: no level touches them.

use crate::Ms;

/// What is forwarded. Each leaves out more than the one before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// All that is wanted and that links take.
    #[default]
    Whole,
    /// Of cameras only the lowest layer. Screens are what people came to read, and stay as they are.
    Lowest,
    /// No pictures at all.
    Voices,
}

/// How hard a thread worked since it was last asked, in hundredths of that time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Load {
    /// By the clock on the wall: it was not waiting for anything to come or to be due.
    pub busy_percent: u32,
    /// By its own: the processor was really working for it. What is busy and does not work is kept from it by others on the machine.
    pub own_percent: u32,
}

/// Full is what hardly ever rests; what comes then only waits longer.
pub const FULL_PERCENT: u32 = 95;
/// By its own clock a full thread may miss this much: the kernel's work for the network is counted to nobody, and others get a turn.
/// Much more, and it is not the media that fills it: to leave out pictures would help little, and a machine that builds or tests is no full node.
const OTHERS_PERCENT: u32 = 10;
/// For so long: a hundred who join or move at once are a burst of a few seconds, and key frames come on top of it.
const FULL_MS: i64 = 10_000;
/// Soon after something was given back this is enough: it was too much, and each second of it is a second of late voices.
const FULL_AGAIN_MS: i64 = 4_000;
const SOON_MS: i64 = 60_000;
/// For so long it has to be calm: longer than people pause, and than the meters of pictures and links take to settle.
const CALM_MS: i64 = 15_000;
/// Each time it was too much the next try waits twice as long, up to this: how calm it is without pictures does not tell how it is with them.
const CALM_MS_MAX: i64 = 240_000;
/// What is told more seldom than this is not known to have held meanwhile: the thread stood still.
const TOLD_MS_MAX: i64 = 3_000;

/// When to leave out more, and when less again.
#[derive(Clone, Debug)]
pub struct Sparing {
    /// From here on it is full; 0: it never is.
    full_percent: u32,
    level: Level,
    told_at: Option<Ms>,
    full_since: Option<Ms>,
    calm_since: Option<Ms>,
    /// How long it has to be calm this time.
    calm_ms: i64,
    rose_at: Option<Ms>,
}

impl Default for Sparing {
    fn default() -> Self {
        Self::new(FULL_PERCENT)
    }
}

impl Sparing {
    /// `full_percent`: from here on a thread counts as full; 0: never.
    pub fn new(full_percent: u32) -> Self {
        Self {
            full_percent,
            level: Level::Whole,
            told_at: None,
            full_since: None,
            calm_since: None,
            calm_ms: CALM_MS,
            rose_at: None,
        }
    }

    pub fn level(&self) -> Level {
        self.level
    }

    /// The load since this was last called; to be called about every second. The level, where it is another now.
    pub fn handle_load(&mut self, now: Ms, load: Load) -> Option<Level> {
        let last = self.told_at.replace(now).filter(|at| (0..=TOLD_MS_MAX).contains(&now.since(*at)));
        if last.is_none() {
            (self.full_since, self.calm_since) = (None, None);
        }
        let began = last.unwrap_or(now);
        self.full_since = self.is_full(load).then(|| self.full_since.unwrap_or(began));
        self.calm_since = self.is_calm(load).then(|| self.calm_since.unwrap_or(began));
        let lasted_ms = |since: Option<Ms>| since.map_or(0, |since| now.since(since));
        let is_soon = self.rose_at.is_some_and(|at| now.since(at) < SOON_MS);
        let full_ms = if is_soon { FULL_AGAIN_MS } else { FULL_MS };
        let next = if lasted_ms(self.full_since) >= full_ms {
            self.level.less()
        } else if lasted_ms(self.calm_since) >= self.calm_ms {
            self.level.more()
        } else {
            None
        }?;
        if next < self.level {
            self.rose_at = Some(now);
        } else {
            self.calm_ms = if is_soon { (self.calm_ms * 2).min(CALM_MS_MAX) } else { CALM_MS };
        }
        self.level = next;
        // What it does has to show first.
        (self.full_since, self.calm_since) = (None, None);
        Some(next)
    }

    fn is_full(&self, load: Load) -> bool {
        self.full_percent > 0
            && load.busy_percent >= self.full_percent
            && load.own_percent >= self.full_percent.saturating_sub(OTHERS_PERCENT)
    }

    /// A third below full at least: what comes back needs room.
    fn is_calm(&self, load: Load) -> bool {
        load.busy_percent < self.full_percent * 2 / 3
    }
}

impl Level {
    fn less(self) -> Option<Self> {
        match self {
            Self::Whole => Some(Self::Lowest),
            Self::Lowest => Some(Self::Voices),
            Self::Voices => None,
        }
    }

    fn more(self) -> Option<Self> {
        match self {
            Self::Whole => None,
            Self::Lowest => Some(Self::Whole),
            Self::Voices => Some(Self::Lowest),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const FULL: Load = Load { busy_percent: 100, own_percent: 97 };
    const CALM: Load = Load { busy_percent: 40, own_percent: 38 };

    /// Seconds at which the level changed, with what it is then.
    fn changes(loads: impl IntoIterator<Item = Load>) -> Vec<(i64, Level)> {
        let mut sparing = Sparing::default();
        let each = loads.into_iter().zip(0..);
        each.filter_map(|(load, s)| Some((s, sparing.handle_load(Ms(s * 1_000), load)?))).collect()
    }

    fn seconds(load: Load, count: usize) -> impl Iterator<Item = Load> {
        std::iter::repeat_n(load, count)
    }

    #[test]
    fn it_goes_down_step_by_step_and_back_step_by_step() {
        let story = seconds(FULL, 50).chain(seconds(CALM, 60));
        let back = [(64, Level::Lowest), (79, Level::Whole)];
        assert_eq!(changes(story), [[(10, Level::Lowest), (20, Level::Voices)], back].concat());
    }

    #[test]
    fn a_burst_changes_nothing_nor_does_a_machine_that_is_busy_with_something_else() {
        let bursts = (0..20).flat_map(|_| seconds(FULL, 9).chain(seconds(CALM, 1)));
        assert_eq!(changes(bursts), []);
        let kept_waiting = Load { busy_percent: 100, own_percent: 70 };
        assert_eq!(changes(seconds(kept_waiting, 600)), []);
        // It stood still for long, and then tells of all of it at once.
        let mut sparing = Sparing::default();
        for at in [0, 60_000, 61_000, 130_000] {
            assert_eq!(sparing.handle_load(Ms(at), FULL), None);
        }
    }

    #[test]
    fn who_never_is_full_never_spares() {
        let mut sparing = Sparing::new(0);
        assert!((0..100).all(|s| sparing.handle_load(Ms(s * 1_000), FULL).is_none()));
    }

    #[test]
    fn what_was_given_back_too_soon_is_taken_again_soon_and_the_next_try_waits_longer() {
        // Full with all pictures, and calm with small ones, for an hour.
        let mut sparing = Sparing::default();
        let (mut down_at, mut up_at, mut full_s) = (Vec::new(), Vec::new(), 0);
        for s in 0..3_600 {
            let load = if sparing.level() == Level::Whole { FULL } else { CALM };
            full_s += i64::from(load == FULL);
            match sparing.handle_load(Ms(s * 1_000), load) {
                Some(Level::Whole) => up_at.push(s),
                Some(level) => {
                    assert_eq!(level, Level::Lowest, "more is not needed");
                    down_at.push(s);
                }
                None => {}
            }
        }
        let stayed: Vec<_> = down_at.iter().zip(&up_at).map(|(down, up)| up - down).collect();
        assert_eq!(stayed.get(..6).unwrap_or_default(), [15, 30, 60, 120, 240, 240]);
        assert!(up_at.len() < 20 && full_s < 100, "{} tries, {full_s} s full", up_at.len());
    }

    fn any_load() -> impl Strategy<Value = Load> {
        // Loads stay what they are for a while, or nothing would ever happen.
        let percent = prop_oneof![3 => 95_u32..=100, 2 => 0_u32..63, 1 => 0_u32..=100];
        (percent, 0_u32..=15)
            .prop_map(|(busy_percent, others)| Load { busy_percent, own_percent: busy_percent.saturating_sub(others) })
    }

    fn any_story() -> impl Strategy<Value = Vec<Load>> {
        let stretch = (any_load(), 1_usize..40).prop_map(|(load, count)| vec![load; count]);
        proptest::collection::vec(stretch, 1..30).prop_map(|stretches| stretches.concat())
    }

    proptest! {
        /// Down only after it was full all the time, up only after it was calm all the time, a step at a time.
        #[test]
        fn each_step_has_its_reason(loads in any_story()) {
            let fresh = Sparing::default();
            let (mut level, mut last_s, mut rose_s) = (Level::Whole, 0, None::<i64>);
            for (s, next) in changes(loads.iter().copied()) {
                let is_down = next > level;
                let at_least_s = match rose_s {
                    _ if !is_down => 15,
                    Some(rose) if s - rose < 60 => 4,
                    _ => 10,
                };
                prop_assert!(s - last_s >= at_least_s);
                let from = usize::try_from(s - at_least_s + 1).unwrap_or(0);
                for load in loads.iter().skip(from).take(usize::try_from(at_least_s).unwrap_or(0)) {
                    let is_reason = if is_down { fresh.is_full(*load) } else { fresh.is_calm(*load) };
                    prop_assert!(is_reason);
                }
                prop_assert_eq!((level as i32 - next as i32).abs(), 1);
                rose_s = if is_down { rose_s } else { Some(s) };
                (level, last_s) = (next, s);
            }
        }

        /// More load never leads to more pictures, as long as nothing is given back.
        #[test]
        fn more_load_leaves_out_no_less(both in proptest::collection::vec((63_u32..=100, 0_u32..=37, 0_u32..=5), 0..120)) {
            let (mut one, mut other) = (Sparing::default(), Sparing::default());
            for ((busy_percent, more, times), s) in both.into_iter().flat_map(|one| std::iter::repeat_n(one, 12)).zip(0..) {
                let less = Load { busy_percent, own_percent: busy_percent };
                let busier = (busy_percent + more * times).min(100);
                one.handle_load(Ms(s * 1_000), less);
                other.handle_load(Ms(s * 1_000), Load { busy_percent: busier, own_percent: busier });
                prop_assert!(other.level() >= one.level());
            }
        }

        /// In a node whose load follows from what it forwards: never below the first level at which it is not full, and hardly ever full.
        #[test]
        fn it_finds_its_level_and_stays_there(
            whole in 0_u32..400, lowest_share in 5_u32..80, voices_share in 1_u32..60,
        ) {
            let lowest = whole * lowest_share / 100;
            let demands = [whole, lowest, lowest * voices_share / 100];
            let enough = demands.iter().position(|demand| *demand < FULL_PERCENT).unwrap_or(2);
            let mut sparing = Sparing::default();
            let (mut changed, mut full_s) = (0, 0);
            for s in 0..3_600 {
                let demand = demands.get(sparing.level() as usize).copied().unwrap_or(0).min(100);
                changed += u32::from(sparing.handle_load(Ms(s * 1_000), Load { busy_percent: demand, own_percent: demand }).is_some());
                full_s += u32::from(demand >= FULL_PERCENT);
                prop_assert!(sparing.level() as usize <= enough);
            }
            prop_assert!(changed <= 80, "{} changes", changed);
            prop_assert!(demands.iter().all(|demand| *demand >= FULL_PERCENT) || full_s < 200, "{} s full", full_s);
        }
    }
}
