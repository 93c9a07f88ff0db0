//! Who may hear whom, from where they stand: earshot in the open, private, silent and stage areas.
//!
//! Absent on purpose: people. Locks, do-not-disturb and how many can be connected are the `space` crate's business.

use crate::map::{Area, Map};
use earshot_protocol::units::{Position, TILE};

/// Two in the open begin to hear each other at this distance: a few steps before a talk would begin, so that the
/// connection stands when it does.
pub const EARSHOT_ENTER: i32 = 7 * TILE;
/// And cease to at this one; between the two, what was holds, so that nobody flickers. A voice fades to nothing here.
pub const EARSHOT_LEAVE: i32 = 8 * TILE;

/// What a place is, for the ears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Acoustics {
    /// Distance decides; on a stage (an index of [`Map::areas`]), the audience hears at any distance.
    Open { stage: Option<usize> },
    /// Everybody inside this area (an index of [`Map::areas`]), and nobody else.
    Private { area: usize },
    /// Nobody.
    Silent,
}

/// Somebody's ears and mouth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ear {
    pub at: Position,
    pub acoustics: Acoustics,
}

/// How loud one is to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loudness {
    /// As next to one, at any distance.
    Full,
    /// Less with every step.
    ByDistance,
}

impl Ear {
    /// Of somebody who stands there.
    pub fn at(map: &Map, at: Position) -> Self {
        Self { at, acoustics: acoustics_at(map, at) }
    }

    /// Whether this one hears the other. `heard_before` holds on to those between the two distances.
    pub fn hears(&self, map: &Map, other: &Self, heard_before: bool) -> Option<Loudness> {
        match (self.acoustics, other.acoustics) {
            (Acoustics::Private { area: mine }, Acoustics::Private { area: theirs }) => {
                (mine == theirs).then_some(Loudness::Full)
            }
            (Acoustics::Open { .. }, Acoustics::Open { stage: Some(stage) }) if self.is_audience(map, stage) => {
                Some(Loudness::Full)
            }
            (Acoustics::Open { .. }, Acoustics::Open { .. }) => {
                let reach = i64::from(if heard_before { EARSHOT_LEAVE } else { EARSHOT_ENTER });
                (self.distance_squared(other) <= reach * reach).then_some(Loudness::ByDistance)
            }
            _ => None,
        }
    }

    /// The private area that decides what the place is, by its number; none where it has none of its own.
    pub fn private_area(&self, map: &Map) -> Option<u32> {
        let Acoustics::Private { area } = self.acoustics else { return None };
        map.areas().get(area).map(|area| area.number).filter(|&number| number > 0)
    }

    /// Of the distance in sub-pixels.
    pub fn distance_squared(&self, other: &Self) -> i64 {
        let (dx, dy) = (i64::from(self.at.x - other.at.x), i64::from(self.at.y - other.at.y));
        dx * dx + dy * dy
    }

    /// The audience of a stage is the smallest area around it; without one, everybody in the open.
    fn is_audience(&self, map: &Map, stage: usize) -> bool {
        let Some(stage) = map.areas().get(stage) else { return false };
        let around = |area: &&Area| *area != stage && !area.stage && encloses(area, stage);
        let hall = map.areas().iter().filter(around).min_by_key(|area| size(area));
        hall.is_none_or(|hall| hall.contains(self.at))
    }
}

/// How far one can go, in sub-pixels and any direction, before the place could be another one for the ears.
pub fn distance_to_edge(map: &Map, at: Position) -> i32 {
    let edges = map.areas().iter().map(|area| {
        // How far outside (positive) or inside (negative) the area, per axis.
        let dx = (area.left - at.x).max(at.x - (area.right - 1));
        let dy = (area.top - at.y).max(at.y - (area.bottom - 1));
        dx.max(dy).abs()
    });
    edges.min().unwrap_or(i32::MAX)
}

/// The smallest area that has a say decides: a silent corner of a private room is silent.
fn acoustics_at(map: &Map, at: Position) -> Acoustics {
    let here = || map.areas().iter().enumerate().filter(|(_, area)| area.contains(at));
    let closed = here().filter(|(_, area)| area.private || area.silent).min_by_key(|(_, area)| size(area));
    match closed {
        Some((_, area)) if area.silent => Acoustics::Silent,
        Some((area, _)) => Acoustics::Private { area },
        None => {
            let stage = here().filter(|(_, area)| area.stage).min_by_key(|(_, area)| size(area));
            Acoustics::Open { stage: stage.map(|(stage, _)| stage) }
        }
    }
}

fn size(area: &Area) -> i64 {
    i64::from(area.right - area.left) * i64::from(area.bottom - area.top)
}

fn encloses(outer: &Area, inner: &Area) -> bool {
    outer.left <= inner.left && outer.top <= inner.top && outer.right >= inner.right && outer.bottom >= inner.bottom
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use earshot_protocol::units::Tile;

    /// A hall of 60 by 20 tiles. In it: a private room, a silent corner of that room, and a stage with an audience area.
    fn map() -> Map {
        let area = |name: &str, (x, y, w, h): (i32, i32, i32, i32), kinds: &[&str]| Area {
            number: 0,
            name: name.into(),
            left: x * TILE,
            top: y * TILE,
            right: (x + w) * TILE,
            bottom: (y + h) * TILE,
            private: kinds.contains(&"private"),
            silent: kinds.contains(&"silent"),
            stage: kinds.contains(&"stage"),
        };
        let areas = vec![
            area("room", (0, 0, 10, 10), &["private"]),
            area("corner", (0, 0, 2, 2), &["silent"]),
            area("theatre", (30, 0, 20, 10), &[]),
            area("stage", (32, 1, 4, 4), &["stage"]),
            area("soapbox", (20, 15, 2, 2), &["stage"]),
        ];
        Map::new(String::new(), 60, 20, vec![false; 1_200], &[], areas, vec![]).unwrap()
    }

    fn hears(listener: (i32, i32), speaker: (i32, i32), before: bool) -> Option<Loudness> {
        let map = map();
        let ear = |(x, y)| Ear::at(&map, Tile { x, y }.center());
        ear(listener).hears(&map, &ear(speaker), before)
    }

    #[test]
    fn in_the_open_distance_decides_and_what_was_holds_for_another_tile() {
        assert_eq!(hears((12, 15), (19, 15), false), Some(Loudness::ByDistance));
        assert_eq!(hears((11, 15), (19, 15), false), None);
        assert_eq!(hears((11, 15), (19, 15), true), Some(Loudness::ByDistance));
        assert_eq!(hears((10, 15), (19, 15), true), None);
    }

    #[test]
    fn a_private_room_is_heard_wholly_inside_and_not_at_all_through_its_edge() {
        assert_eq!(hears((9, 0), (0, 9), false), Some(Loudness::Full));
        assert_eq!(hears((9, 5), (10, 5), true), None);
        assert_eq!(hears((10, 5), (9, 5), true), None);
    }

    #[test]
    fn in_silence_nobody_hears_or_is_heard() {
        assert_eq!(hears((0, 0), (1, 1), true), None);
        assert_eq!(hears((0, 0), (5, 5), true), None);
        assert_eq!(hears((5, 5), (0, 0), true), None);
    }

    #[test]
    fn a_stage_is_heard_by_its_audience_and_hears_only_those_near() {
        assert_eq!(hears((49, 9), (33, 2), false), Some(Loudness::Full));
        assert_eq!(hears((33, 2), (49, 9), false), None);
        assert_eq!(hears((33, 2), (37, 2), false), Some(Loudness::ByDistance));
        assert_eq!(hears((32, 1), (35, 4), false), Some(Loudness::Full));
        // Outside the theatre it is somebody in the distance.
        assert_eq!(hears((55, 9), (33, 2), false), None);
        assert_eq!(hears((5, 5), (33, 2), false), None);
        // Nothing surrounds the soapbox: all in the open hear it.
        assert_eq!(hears((59, 19), (20, 15), false), Some(Loudness::Full));
    }

    #[test]
    fn no_edge_is_nearer_than_it_is_said_to_be() {
        let map = map();
        for (x, y) in (0..60 * 4).flat_map(|x| (0..20 * 4).map(move |y| (x * TILE / 4, y * TILE / 4))) {
            let at = Position { x, y };
            let free = distance_to_edge(&map, at).min(3 * TILE);
            for (dx, dy) in [(free - 1, 0), (1 - free, 0), (0, free - 1), (0, 1 - free)] {
                let there = Position { x: x + dx, y: y + dy };
                if free > 0 {
                    assert_eq!(acoustics_at(&map, at), acoustics_at(&map, there), "{at:?} {there:?}");
                }
            }
        }
    }
}
