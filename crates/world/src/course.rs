//! Courses: where an avatar is at any time, from one decision on.
//!
//! An intent becomes a course once, in the engine; it goes over the wire as origin, start and drive (a dozen bytes), and
//! every client derives the very same motions from the map. A position is asked for, never sent.

use crate::interest::Cell;
use crate::map::Map;
use crate::path::WAYPOINTS_MAX;
use crate::steer::{self, ms_for};
use earshot_protocol::units::{Drive, Facing, Gait, Pixel, Position, TILE, TimeMs};

/// A straight piece of movement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Motion {
    pub origin: Position,
    /// Sub-pixels a second.
    pub velocity_x: i32,
    pub velocity_y: i32,
    pub start: TimeMs,
    pub end: TimeMs,
    /// Where it ends, exactly: the velocity is rounded, the end is not.
    pub target: Position,
}

impl Motion {
    /// Where one is during, before (at the origin) or after it (at the target).
    pub fn position_at(&self, now: TimeMs) -> Position {
        if now >= self.end { self.target } else { self.travelled(now.since(self.start).max(0)) }
    }

    /// Origin and velocity times time, rounded towards the origin.
    pub(crate) fn travelled(&self, elapsed_ms: i64) -> Position {
        let along = |velocity: i32| (i64::from(velocity) * elapsed_ms / 1000) as i32;
        Position { x: self.origin.x + along(self.velocity_x), y: self.origin.y + along(self.velocity_y) }
    }
}

/// An avatar's movement from one decision to the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Course {
    origin: Position,
    start: TimeMs,
    facing: Facing,
    drive: Drive,
    motions: Vec<Motion>,
}

impl Course {
    /// The course that a drive gives on a map. An origin where nobody can be, or a route with too many points or points
    /// off the map, gives a course that stands: bytes from the network never do more harm than that.
    pub fn new(map: &Map, origin: Position, start: TimeMs, facing: Facing, drive: Drive) -> Self {
        let on_map = |at: Position| (0..map.width() * TILE).contains(&at.x) && (0..map.height() * TILE).contains(&at.y);
        if !on_map(origin) || !map.is_free(origin) {
            return Self::standing(origin, start, facing);
        }
        let (facing, motions) = match &drive {
            Drive::Stand => (facing, Vec::new()),
            Drive::Steer { direction, gait } => {
                let (dx, dy) = direction.signs();
                (Facing::of(dx, dy).unwrap_or(facing), steer::motions(map, origin, *direction, *gait, start))
            }
            Drive::Route { points, gait } => {
                let valid = points.len() <= WAYPOINTS_MAX && points.iter().all(|point| on_map(point.position()));
                if !valid {
                    return Self::standing(origin, start, facing);
                }
                (facing, legs(origin, points, *gait, start))
            }
        };
        Self { origin, start, facing, drive, motions }
    }

    /// Standing still.
    pub fn standing(origin: Position, start: TimeMs, facing: Facing) -> Self {
        Self { origin, start, facing, drive: Drive::Stand, motions: Vec::new() }
    }

    /// Where it began.
    pub fn origin(&self) -> Position {
        self.origin
    }

    /// When it began.
    pub fn start(&self) -> TimeMs {
        self.start
    }

    /// Which way the avatar looked when it began.
    pub fn facing(&self) -> Facing {
        self.facing
    }

    /// What moves it.
    pub fn drive(&self) -> &Drive {
        &self.drive
    }

    /// Its straight pieces, in order; none when standing.
    pub fn motions(&self) -> &[Motion] {
        &self.motions
    }

    /// When it comes to rest.
    pub fn end(&self) -> TimeMs {
        self.motions.last().map_or(self.start, |motion| motion.end)
    }

    /// Where it comes to rest.
    pub fn destination(&self) -> Position {
        self.motions.last().map_or(self.origin, |motion| motion.target)
    }

    /// Where the avatar is; before the start, at the origin.
    pub fn position_at(&self, now: TimeMs) -> Position {
        match self.motion_at(now) {
            Some(motion) => motion.position_at(now),
            None if now < self.end() => self.origin,
            None => self.destination(),
        }
    }

    /// Which way the avatar looks. A route turns with its legs; who is nudged around a post keeps looking ahead.
    pub fn facing_at(&self, now: TimeMs) -> Facing {
        if !matches!(self.drive, Drive::Route { .. }) || now < self.start {
            return self.facing;
        }
        let motion = self.motion_at(now).or(self.motions.last());
        motion.and_then(|motion| Facing::of(motion.velocity_x, motion.velocity_y)).unwrap_or(self.facing)
    }

    /// How the avatar moves now; `None` at rest.
    pub fn gait_at(&self, now: TimeMs) -> Option<Gait> {
        if now < self.start || now >= self.end() {
            return None;
        }
        match self.drive {
            Drive::Stand => None,
            Drive::Steer { gait, .. } | Drive::Route { gait, .. } => Some(gait),
        }
    }

    /// The first moment after `after` at which the avatar is in another cell than it is then.
    pub fn next_crossing(&self, after: TimeMs) -> Option<TimeMs> {
        let cell = Cell::of(self.position_at(after));
        let motion =
            self.motions.iter().filter(|motion| motion.end > after).find(|motion| Cell::of(motion.target) != cell)?;
        // Within a straight motion, a cell once left stays left: halve the time until the moment is found.
        let (mut inside, mut outside) = (motion.start.max(after).0, motion.end.0);
        while outside - inside > 1 {
            let middle = inside + (outside - inside) / 2;
            if Cell::of(motion.position_at(TimeMs(middle))) == cell { inside = middle } else { outside = middle }
        }
        Some(TimeMs(outside))
    }

    fn motion_at(&self, now: TimeMs) -> Option<&Motion> {
        if now < self.start {
            return None;
        }
        self.motions.get(self.motions.partition_point(|motion| motion.end <= now))
    }
}

/// Straight motions through the points, at full speed each.
fn legs(origin: Position, points: &[Pixel], gait: Gait, start: TimeMs) -> Vec<Motion> {
    let speed = i64::from(gait.speed());
    let (mut at, mut time) = (origin, start);
    let mut motions = Vec::with_capacity(points.len());
    for target in points.iter().map(|point| point.position()) {
        let (dx, dy) = (i64::from(target.x) - i64::from(at.x), i64::from(target.y) - i64::from(at.y));
        let length = (dx * dx + dy * dy).isqrt();
        if length == 0 {
            continue;
        }
        let end = time.plus(ms_for(length, speed));
        motions.push(Motion {
            origin: at,
            velocity_x: (dx * speed / length) as i32,
            velocity_y: (dy * speed / length) as i32,
            start: time,
            end,
            target,
        });
        (at, time) = (target, end);
    }
    motions
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::map::tests::drawn;
    use earshot_protocol::units::{Direction, Tile};

    #[test]
    fn a_course_is_a_function_of_time() {
        let map = drawn(&["....", "....", "...."]);
        let from = Tile { x: 0, y: 1 }.center();
        let steer = Drive::Steer { direction: Direction::ALL[0], gait: Gait::Walk };
        let course = Course::new(&map, from, TimeMs(1_000), Facing::Up, steer);
        assert_eq!(course.position_at(TimeMs(0)), from);
        assert_eq!(course.position_at(TimeMs(1_250)).x, from.x + TILE);
        assert_eq!(course.position_at(TimeMs(1_250)), course.position_at(TimeMs(1_250)));
        assert_eq!(course.facing_at(TimeMs(1_250)), Facing::Right);
        assert_eq!((course.gait_at(TimeMs(1_250)), course.gait_at(course.end())), (Some(Gait::Walk), None));
        assert_eq!(course.position_at(TimeMs(99_999)), course.destination());
    }

    #[test]
    fn a_course_from_inside_a_wall_or_off_the_map_stands() {
        let map = drawn(&["#."]);
        for origin in [Tile { x: 0, y: 0 }.center(), Position { x: i32::MIN, y: i32::MAX }] {
            let steer = Drive::Steer { direction: Direction::ALL[0], gait: Gait::Run };
            assert!(Course::new(&map, origin, TimeMs(0), Facing::Up, steer).motions().is_empty());
        }
        let far = Drive::Route { points: vec![Pixel { x: i32::MAX, y: 0 }], gait: Gait::Run };
        assert!(Course::new(&map, Tile { x: 1, y: 0 }.center(), TimeMs(0), Facing::Up, far).motions().is_empty());
    }

    #[test]
    fn a_crossing_is_found_to_the_millisecond() {
        let row = ".".repeat(40);
        let map = drawn(&[&row, &row]);
        let from = Tile { x: 10, y: 0 }.center();
        let steer = Drive::Steer { direction: Direction::ALL[0], gait: Gait::Run };
        let course = Course::new(&map, from, TimeMs(500), Facing::Up, steer);
        let at = course.next_crossing(TimeMs(0)).unwrap();
        assert_eq!(Cell::of(course.position_at(at.plus(-1))), Cell { x: 0, y: 0 });
        assert_eq!(Cell::of(course.position_at(at)), Cell { x: 1, y: 0 });
        let second = course.next_crossing(at).unwrap();
        assert_eq!(Cell::of(course.position_at(second)), Cell { x: 2, y: 0 });
        assert_eq!(course.next_crossing(second), None);
    }
}
