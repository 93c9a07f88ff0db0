//! When somebody wants to be told of something while they are away.

/// A day, in minutes.
pub const DAY_MIN: i64 = 24 * 60;
/// Time zones reach from -12 to +14 hours.
pub const OFFSET_MIN: std::ops::RangeInclusive<i64> = -12 * 60..=14 * 60;

/// What a notice is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Mention,
    Direct,
    Nudge,
}

/// What somebody chose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wishes {
    pub mentions: bool,
    pub directs: bool,
    pub knocks: bool,
    pub nudges: bool,
    /// From and to, in minutes since local midnight; it may lie across midnight.
    pub quiet: Option<(i64, i64)>,
    pub utc_offset_min: i64,
}

impl Default for Wishes {
    fn default() -> Self {
        Self { mentions: true, directs: true, knocks: true, nudges: true, quiet: None, utc_offset_min: 0 }
    }
}

impl Wishes {
    /// May this kind be told now?
    pub fn allow(&self, kind: Kind, now_ms: i64) -> bool {
        let is_wanted = match kind {
            Kind::Mention => self.mentions,
            Kind::Direct => self.directs,
            Kind::Nudge => self.nudges,
        };
        is_wanted && !self.is_quiet(now_ms)
    }

    fn is_quiet(&self, now_ms: i64) -> bool {
        let Some((from, to)) = self.quiet else { return false };
        let minute = (now_ms.div_euclid(60_000) + self.utc_offset_min).rem_euclid(DAY_MIN);
        if from <= to { (from..to).contains(&minute) } else { minute >= from || minute < to }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON_MS: i64 = 20_000 * DAY_MIN * 60_000 + 12 * 60 * 60_000;

    #[test]
    fn quiet_hours_are_those_of_the_persons_own_clock() {
        let night = Wishes { quiet: Some((22 * 60, 7 * 60)), ..Wishes::default() };
        assert!(night.allow(Kind::Direct, NOON_MS));
        assert!(!Wishes { utc_offset_min: 11 * 60, ..night }.allow(Kind::Direct, NOON_MS));
        assert!(!Wishes { utc_offset_min: -6 * 60, ..night }.allow(Kind::Direct, NOON_MS));
        assert!(Wishes { utc_offset_min: -5 * 60, ..night }.allow(Kind::Direct, NOON_MS));
        let lunch = Wishes { quiet: Some((11 * 60, 13 * 60)), ..Wishes::default() };
        assert!(!lunch.allow(Kind::Mention, NOON_MS) && lunch.allow(Kind::Mention, NOON_MS + 3_600_000));
    }

    #[test]
    fn each_switch_is_for_its_kind() {
        let wishes = Wishes { mentions: false, ..Wishes::default() };
        assert!(!wishes.allow(Kind::Mention, NOON_MS) && wishes.allow(Kind::Nudge, NOON_MS));
    }
}
