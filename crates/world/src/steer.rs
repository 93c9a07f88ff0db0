//! What becomes of "go that way": straight motions, sliding along walls, until nothing is left to go.
//!
//! The foot box is swept through the grid from event to event, an event being a tile boundary that its leading or trailing
//! edge reaches. Events are rounded up to whole milliseconds, and what is checked is the very position that
//! [`Motion::position_at`] gives there, so that at every whole millisecond the box is free: there is nothing finer to see.

use crate::course::Motion;
use crate::map::{BODY_HALF_HEIGHT, BODY_HALF_WIDTH, Map};
use earshot_protocol::units::{Direction, Gait, Position, SUBPIXELS_PER_PIXEL, TILE, TimeMs};

/// Who walks straight at a door post that covers no more than this of the body is led around it.
const NUDGE_MAX: i32 = 12 * SUBPIXELS_PER_PIXEL;
/// A direction never turns back, so each row and column can interrupt it a few times at the most.
const MOTIONS_MAX: usize = 8 * crate::map::MAP_TILES_MAX as usize;

/// All motions of steering in one direction from a free position.
pub(crate) fn motions(map: &Map, origin: Position, direction: Direction, gait: Gait, start: TimeMs) -> Vec<Motion> {
    let mut sweep = Sweep { map, at: origin, time: start, signs: direction.signs(), gait };
    let mut motions = Vec::new();
    while motions.len() < MOTIONS_MAX {
        let Some(motion) = sweep.next_motion() else { break };
        sweep.at = motion.target;
        sweep.time = motion.end;
        motions.push(motion);
    }
    motions
}

struct Sweep<'a> {
    map: &'a Map,
    at: Position,
    time: TimeMs,
    signs: (i32, i32),
    gait: Gait,
}

impl Sweep<'_> {
    fn next_motion(&self) -> Option<Motion> {
        let (dx, dy) = self.open_axes(self.at);
        if (dx, dy) == (0, 0) {
            return self.nudge();
        }
        let speed = if dx != 0 && dy != 0 { self.gait.diagonal_speed() } else { self.gait.speed() };
        Some(self.run(dx * speed, dy * speed))
    }

    /// The signs of the axes along which one can go on from here.
    fn open_axes(&self, at: Position) -> (i32, i32) {
        let (dx, dy) = self.signs;
        let x_open = dx != 0 && self.map.is_free(Position { x: at.x + dx, y: at.y });
        let y_open = dy != 0 && self.map.is_free(Position { x: at.x, y: at.y + dy });
        match (x_open, y_open) {
            // Both sides are open and the corner between them is not: pass it on the x side.
            (true, true) if !self.map.is_free(Position { x: at.x + dx, y: at.y + dy }) => (dx, 0),
            (x_open, y_open) => (if x_open { dx } else { 0 }, if y_open { dy } else { 0 }),
        }
    }

    /// Goes on at one velocity until something stops it or lets the wanted direction open up again.
    fn run(&self, vx: i32, vy: i32) -> Motion {
        let mut motion = Motion {
            origin: self.at,
            velocity_x: vx,
            velocity_y: vy,
            start: self.time,
            end: self.time,
            target: self.at,
        };
        let mut elapsed_ms = 0;
        loop {
            let here = motion.travelled(elapsed_ms);
            let next_ms =
                event_ms(self.at.x, here.x, vx, BODY_HALF_WIDTH).min(event_ms(self.at.y, here.y, vy, BODY_HALF_HEIGHT));
            let next = motion.travelled(next_ms);
            if !self.map.is_free(next) {
                // Only what was entered in this last millisecond can be what stops it.
                motion.target = self.stopped(motion.travelled(next_ms - 1), next);
                motion.end = self.time.plus(next_ms);
                return motion;
            }
            let (dx, dy) = self.open_axes(next);
            elapsed_ms = next_ms;
            if (dx, dy) != (vx.signum(), vy.signum()) {
                motion.target = next;
                motion.end = self.time.plus(elapsed_ms);
                return motion;
            }
        }
    }

    /// Where a step from `here` to the blocked `next` really ends: flush with what was hit, going on along the other axis.
    fn stopped(&self, here: Position, next: Position) -> Position {
        let x = flush(here.x, next.x, BODY_HALF_WIDTH);
        let y = flush(here.y, next.y, BODY_HALF_HEIGHT);
        let candidates = [Position { x: next.x, y }, Position { x, y: next.y }, Position { x, y }];
        candidates.into_iter().find(|&at| self.map.is_free(at)).unwrap_or(here)
    }

    /// Steps aside around a post that hardly stands in the way; `None` where that does not help.
    fn nudge(&self) -> Option<Motion> {
        let (dx, dy) = self.signs;
        let speed = self.gait.speed();
        let shifts = match (dx, dy) {
            (_, 0) => shifts_past(self.at.y, BODY_HALF_HEIGHT).map(|y| Position { x: self.at.x, y }),
            (0, _) => shifts_past(self.at.x, BODY_HALF_WIDTH).map(|x| Position { x, y: self.at.y }),
            _ => return None,
        };
        let distance = |to: &Position| (to.x - self.at.x).abs() + (to.y - self.at.y).abs();
        let opens = |to: &Position| self.map.is_free(*to) && self.map.is_free(Position { x: to.x + dx, y: to.y + dy });
        let target = shifts
            .into_iter()
            .filter(|to| (1..=NUDGE_MAX).contains(&distance(to)) && opens(to))
            .min_by_key(distance)?;
        Some(Motion {
            origin: self.at,
            velocity_x: (target.x - self.at.x).signum() * speed,
            velocity_y: (target.y - self.at.y).signum() * speed,
            start: self.time,
            end: self.time.plus(ms_for(i64::from(distance(&target)), i64::from(speed))),
            target,
        })
    }
}

/// Milliseconds, rounded up, to go a distance.
pub(crate) fn ms_for(distance: i64, speed: i64) -> i64 {
    (distance * 1000 + speed - 1) / speed.max(1)
}

/// When, in milliseconds from the motion's start, an edge of the box next reaches a tile boundary on one axis.
fn event_ms(origin: i32, here: i32, velocity: i32, half: i32) -> i64 {
    if velocity == 0 {
        return i64::MAX;
    }
    let to_boundary =
        |edge: i32| if velocity > 0 { TILE - edge.rem_euclid(TILE) } else { (edge - 1).rem_euclid(TILE) + 1 };
    let step = to_boundary(here - half).min(to_boundary(here + half));
    ms_for(i64::from((here - origin).abs()) + i64::from(step), i64::from(velocity.abs()))
}

/// `next`, or, where the leading edge entered a new tile on the way from `here`, the place just before it.
fn flush(here: i32, next: i32, half: i32) -> i32 {
    if next > here {
        let entered = (next + half - 1).div_euclid(TILE);
        if entered > (here + half - 1).div_euclid(TILE) { entered * TILE - half } else { next }
    } else {
        let entered = (next - half).div_euclid(TILE);
        if entered < (here - half).div_euclid(TILE) { (entered + 1) * TILE + half } else { next }
    }
}

/// The two places, before and after, where the box no longer reaches into its last or its first tile on an axis.
fn shifts_past(at: i32, half: i32) -> [i32; 2] {
    let first = (at - half).div_euclid(TILE);
    let last = (at + half - 1).div_euclid(TILE);
    [last * TILE - half, (first + 1) * TILE + half]
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::map::tests::drawn;
    use earshot_protocol::units::Tile;

    const RIGHT: usize = 0;
    const DOWN_RIGHT: usize = 1;
    const UP: usize = 6;

    fn go(rows: &[&str], from: Position, direction: usize) -> Vec<Motion> {
        motions(&drawn(rows), from, Direction::ALL[direction], Gait::Walk, TimeMs(0))
    }

    #[test]
    fn a_straight_walk_ends_flush_with_the_wall() {
        let walk = go(&["....#"], Tile { x: 0, y: 0 }.center(), RIGHT);
        assert_eq!(walk.len(), 1);
        assert_eq!(walk[0].target, Position { x: 4 * TILE - BODY_HALF_WIDTH, y: TILE / 2 });
        // 102 pixels at 128 pixels a second.
        assert_eq!(walk[0].end, TimeMs(797));
    }

    #[test]
    fn a_diagonal_slides_along_a_wall_and_through_the_door_in_it() {
        let rows = ["......", "......", "###.##", "......", "......"];
        let walk = go(&rows, Tile { x: 0, y: 0 }.center(), DOWN_RIGHT);
        let velocities: Vec<_> = walk.iter().map(|m| (m.velocity_x.signum(), m.velocity_y.signum())).collect();
        assert_eq!(velocities[..3], [(1, 1), (1, 0), (1, 1)], "{walk:?}");
        let last = walk.last().unwrap().target;
        assert_eq!(last, Position { x: 6 * TILE - BODY_HALF_WIDTH, y: 5 * TILE - BODY_HALF_HEIGHT });
    }

    #[test]
    fn a_corner_met_exactly_is_passed_on_the_x_side() {
        let rows = ["..", ".#"];
        let at = Position { x: TILE - BODY_HALF_WIDTH, y: TILE - BODY_HALF_HEIGHT };
        let walk = go(&rows, at, DOWN_RIGHT);
        assert_eq!((walk[0].velocity_x.signum(), walk[0].velocity_y), (1, 0));
    }

    #[test]
    fn a_door_post_in_the_way_by_a_little_is_walked_around() {
        let rows = ["#.#", "...", "..."];
        // The body reaches 8 pixels beyond the right post.
        let from = Position { x: 2 * TILE - 2 * SUBPIXELS_PER_PIXEL, y: TILE + TILE / 2 };
        let walk = go(&rows, from, UP);
        assert_eq!(walk.last().unwrap().target, Position { x: 2 * TILE - BODY_HALF_WIDTH, y: BODY_HALF_HEIGHT });
        // In the middle of the post, one is simply stopped.
        let stopped = go(&rows, Position { x: 2 * TILE + TILE / 2, y: TILE + TILE / 2 }, UP);
        assert_eq!(stopped.last().unwrap().target.y, TILE + BODY_HALF_HEIGHT);
    }

    #[test]
    fn who_stands_in_a_corner_goes_nowhere() {
        let at = Position { x: 2 * TILE - BODY_HALF_WIDTH, y: TILE - BODY_HALF_HEIGHT };
        assert!(go(&[".."], at, DOWN_RIGHT).is_empty());
    }
}
