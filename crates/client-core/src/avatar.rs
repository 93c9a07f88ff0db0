//! How one avatar is drawn: which course it follows at which time, and how a late course is blended in.

use earshot_protocol::units::{Facing, Gait, Position, SUBPIXELS_PER_PIXEL, TILE, TimeMs};
use earshot_world::{Course, Map};

use crate::clock::LocalMs;

/// Half of a jump is gone after this long: fast enough to be right soon, slow enough to look like a quicker step.
const BLEND_HALF_LIFE_MS: f32 = 70.0;
/// A jump further than this is shown as one: sliding across half the map looks stranger than appearing.
const BLEND_PIXELS_MAX: f32 = 160.0;
/// Who rests this near to the middle of a seat sits on it.
const SEAT_REACH: i32 = TILE / 2;

/// What the body does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pose {
    Stand,
    Walk,
    Run,
    Sit { offset_y_px: i32 },
}

/// Where and how to draw, at one moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Sample {
    pub x_px: f32,
    pub y_px: f32,
    pub facing: Facing,
    pub pose: Pose,
}

/// The courses of one avatar, and the blend that hides a jump between them.
#[derive(Debug)]
pub(crate) struct Avatar {
    /// In the order of their starts; the last that has begun is followed.
    courses: Vec<Course>,
    blend_x_px: f32,
    blend_y_px: f32,
    blended_at: LocalMs,
    walked_px: f32,
    last_drawn: Option<(f32, f32)>,
    /// How far from its position the avatar is drawn for sitting on a seat's middle.
    seated_x_px: f32,
    seated_y_px: f32,
}

impl Avatar {
    pub fn new(course: Course) -> Self {
        Self {
            courses: vec![course],
            blend_x_px: 0.0,
            blend_y_px: 0.0,
            blended_at: 0,
            walked_px: 0.0,
            last_drawn: None,
            seated_x_px: 0.0,
            seated_y_px: 0.0,
        }
    }

    /// The course that was decided last.
    pub fn newest(&self) -> Option<&Course> {
        self.courses.last()
    }

    /// Follows another course from its start on. Returns how far, in pixels, what is drawn at `at` would have jumped.
    pub fn follow(&mut self, course: Course, local: LocalMs, at: TimeMs) -> f32 {
        let before = self.position_at(at);
        // Courses that would begin after the new one were decided before it, and are void.
        self.courses.retain(|old| old.start() < course.start());
        self.courses.push(course);
        self.forget_before(at);
        self.absorb_jump(before, local, at)
    }

    /// Replaces everything by what is known now, as after a reconnect.
    pub fn replace(&mut self, courses: Vec<Course>, local: LocalMs, at: TimeMs) -> f32 {
        let before = self.position_at(at);
        self.courses = courses;
        self.absorb_jump(before, local, at)
    }

    /// Where the avatar is by its courses, without any blend.
    pub fn position_at(&self, at: TimeMs) -> Position {
        self.course_at(at).map_or(Position::default(), |course| course.position_at(at))
    }

    /// Draws.
    pub fn sample(&mut self, map: &Map, local: LocalMs, at: TimeMs) -> Sample {
        self.decay_blend(local);
        self.forget_before(at);
        let Some(course) = self.course_at(at) else {
            return Sample { x_px: 0.0, y_px: 0.0, facing: Facing::Down, pose: Pose::Stand };
        };
        let position = course.position_at(at);
        let mut seated = (0.0, 0.0);
        let mut facing = course.facing_at(at);
        let mut pose = match course.gait_at(at) {
            Some(Gait::Walk) => Pose::Walk,
            Some(Gait::Run) => Pose::Run,
            None => Pose::Stand,
        };
        if pose == Pose::Stand
            && let Some(seat) = map.seat_on(position.tile())
        {
            let middle = seat.tile.center();
            if (position.x - middle.x).abs() <= SEAT_REACH && (position.y - middle.y).abs() <= SEAT_REACH {
                pose = Pose::Sit { offset_y_px: seat.offset_y_px };
                facing = seat.facing;
                seated = (pixels(middle.x - position.x), pixels(middle.y - position.y));
            }
        }
        // Sitting down and getting up are steps like any other, not jumps.
        if self.last_drawn.is_some() {
            self.blend_x_px += self.seated_x_px - seated.0;
            self.blend_y_px += self.seated_y_px - seated.1;
        }
        (self.seated_x_px, self.seated_y_px) = seated;
        let x_px = pixels(position.x) + seated.0 + self.blend_x_px;
        let y_px = pixels(position.y) + seated.1 + self.blend_y_px;
        if let Some((last_x, last_y)) = self.last_drawn {
            self.walked_px = (self.walked_px + (x_px - last_x).hypot(y_px - last_y).min(64.0)) % 100_000.0;
        }
        self.last_drawn = Some((x_px, y_px));
        Sample { x_px, y_px, facing, pose }
    }

    /// How far the drawn avatar has walked, in pixels: the walk cycle's clock.
    pub fn walked_px(&self) -> f32 {
        self.walked_px
    }

    /// Whether the next frame would look different from this one.
    pub fn is_moving(&self, at: TimeMs) -> bool {
        self.blend_x_px != 0.0
            || self.blend_y_px != 0.0
            || self.courses.iter().any(|course| course.end() > at || course.start() > at)
    }

    fn course_at(&self, at: TimeMs) -> Option<&Course> {
        self.courses.iter().rev().find(|course| course.start() <= at).or(self.courses.first())
    }

    fn forget_before(&mut self, at: TimeMs) {
        let begun = self.courses.iter().filter(|course| course.start() <= at).count();
        self.courses.drain(..begun.saturating_sub(1));
    }

    fn absorb_jump(&mut self, before: Position, local: LocalMs, at: TimeMs) -> f32 {
        self.decay_blend(local);
        let after = self.position_at(at);
        let (dx, dy) = (pixels(before.x - after.x), pixels(before.y - after.y));
        let jump = dx.hypot(dy);
        if jump > BLEND_PIXELS_MAX {
            (self.blend_x_px, self.blend_y_px) = (0.0, 0.0);
            self.last_drawn = None;
        } else {
            self.blend_x_px += dx;
            self.blend_y_px += dy;
        }
        jump
    }

    fn decay_blend(&mut self, local: LocalMs) {
        let elapsed_ms = (local - self.blended_at).max(0) as f32;
        self.blended_at = local;
        let keep = (-elapsed_ms / BLEND_HALF_LIFE_MS).exp2();
        for blend in [&mut self.blend_x_px, &mut self.blend_y_px] {
            *blend *= keep;
            if blend.abs() < 0.05 {
                *blend = 0.0;
            }
        }
    }
}

pub(crate) fn pixels(subpixels: i32) -> f32 {
    subpixels as f32 / SUBPIXELS_PER_PIXEL as f32
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use earshot_protocol::units::{Direction, Drive, Tile};

    fn hall() -> Map {
        Map::new("hall".into(), 40, 3, vec![false; 120], &[], vec![], vec![]).unwrap()
    }

    fn steering(map: &Map, from: Position, start: i64) -> Course {
        let drive = Drive::Steer { direction: Direction::ALL[0], gait: Gait::Walk };
        Course::new(map, from, TimeMs(start), Facing::Down, drive)
    }

    #[test]
    fn a_course_known_in_time_is_followed_without_any_jump() {
        let map = hall();
        let from = Tile { x: 1, y: 1 }.center();
        let mut avatar = Avatar::new(Course::standing(from, TimeMs(0), Facing::Down));
        let jump = avatar.follow(steering(&map, from, 1_000), 0, TimeMs(900));
        assert_eq!(jump, 0.0);
        assert_eq!(avatar.sample(&map, 0, TimeMs(950)).pose, Pose::Stand);
        assert_eq!(avatar.sample(&map, 0, TimeMs(1_050)).pose, Pose::Walk);
    }

    #[test]
    fn a_late_course_is_blended_in_and_ends_exact() {
        let map = hall();
        let from = Tile { x: 1, y: 1 }.center();
        let mut avatar = Avatar::new(steering(&map, from, 0));
        let mut last = avatar.sample(&map, 1_000, TimeMs(1_000)).x_px;
        // He stopped 100 ms ago: 12.8 pixels back from where he is drawn.
        let stop_at = avatar.newest().unwrap().position_at(TimeMs(900));
        let jump = avatar.follow(Course::standing(stop_at, TimeMs(900), Facing::Right), 1_000, TimeMs(1_000));
        assert!((jump - 12.8).abs() < 0.1, "{jump}");
        for ms in (1_016..2_000).step_by(16) {
            let x = avatar.sample(&map, ms, TimeMs(ms)).x_px;
            assert!((x - last).abs() < 3.0, "a step of {}", x - last);
            last = x;
        }
        assert_eq!(last, pixels(stop_at.x));
        assert!(!avatar.is_moving(TimeMs(2_000)));
    }
}
