//! One's own walk: run at once, confirmed later.
//!
//! An intent is applied the moment it is made, at the server's time as estimated. The engine does the very same with the
//! same integers, so its answer is normally equal to the prediction, and there is nothing to correct.

use earshot_protocol::units::{Drive, Gait, Pixel, Position, TimeMs};
use earshot_protocol::{Moved, SteerIntent, WalkIntent};
use earshot_world::{Course, Map, path};

/// What a person asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wish {
    Steer { direction: Option<earshot_protocol::units::Direction>, gait: Gait },
    Walk { to: Pixel, gait: Gait },
}

impl Wish {
    pub const STOP: Self = Self::Steer { direction: None, gait: Gait::Walk };
}

/// An intent on its way, with what it was predicted to cause.
#[derive(Debug)]
struct Predicted {
    seq: u32,
    at: TimeMs,
    wish: Wish,
    course: Course,
}

/// The course the engine decided last, and the predictions on top of it.
#[derive(Debug)]
pub(crate) struct Own {
    decided: Course,
    predicted: Vec<Predicted>,
    seq: u32,
}

/// What an answer of the engine meant.
#[derive(Debug, PartialEq)]
pub(crate) enum Answer {
    /// As predicted, or about something older.
    Confirmed,
    /// Something else: these are the courses now.
    Corrected(Vec<Course>),
}

impl Own {
    /// After a welcome: nothing is on its way.
    pub fn new(decided: Course, seq: u32) -> Self {
        Self { decided, predicted: Vec::new(), seq }
    }

    /// The course in force, predicted or decided.
    pub fn course(&self) -> &Course {
        self.predicted.last().map_or(&self.decided, |predicted| &predicted.course)
    }

    /// Applies a wish now; returns what to send, and the course predicted.
    pub fn wish(&mut self, map: &Map, wish: Wish, server_now: TimeMs) -> (earshot_protocol::ClientToSpace, Course) {
        use earshot_protocol::ClientToSpace;
        // Two intents of one moment keep their order.
        let at = server_now.max(self.predicted.last().map_or(self.decided.start(), |last| last.at));
        self.seq = self.seq.wrapping_add(1);
        let seq = self.seq;
        let course = apply(map, self.course(), wish, at);
        self.predicted.push(Predicted { seq, at, wish, course: course.clone() });
        let message = match wish {
            Wish::Steer { direction, gait } => ClientToSpace::Steer(SteerIntent { seq, at, direction, gait }),
            Wish::Walk { to, gait } => ClientToSpace::Walk(WalkIntent { seq, at, to, gait }),
        };
        (message, course)
    }

    /// Takes in what the engine decided.
    pub fn handle_moved(&mut self, map: &Map, moved: Moved) -> Answer {
        let Moved { seq, start, origin, facing, drive, .. } = moved;
        let as_predicted = self.predicted.iter().find(|predicted| predicted.seq == seq).is_some_and(|predicted| {
            let course = &predicted.course;
            // A walk that is over already is told as standing at its end.
            let is_same = course.start() == start && course.origin() == origin && *course.drive() == drive;
            is_same || (drive == Drive::Stand && course.end() <= start && course.destination() == origin)
        });
        self.predicted.retain(|predicted| predicted.seq > seq);
        self.seq = self.seq.max(seq);
        let decided = Course::new(map, origin, start, facing, drive);
        if as_predicted {
            self.decided = decided;
            return Answer::Confirmed;
        }
        let unchanged = self.predicted.is_empty() && self.decided == decided;
        self.decided = decided;
        if unchanged {
            return Answer::Confirmed;
        }
        Answer::Corrected(self.replay(map))
    }

    /// Predicts again, on top of what was decided, all that is still on its way.
    fn replay(&mut self, map: &Map) -> Vec<Course> {
        let mut courses = vec![self.decided.clone()];
        let mut last = self.decided.clone();
        for predicted in &mut self.predicted {
            predicted.course = apply(map, &last, predicted.wish, predicted.at.max(last.start()));
            last = predicted.course.clone();
            courses.push(last.clone());
        }
        courses
    }
}

/// Exactly what the engine does with an intent.
fn apply(map: &Map, course: &Course, wish: Wish, at: TimeMs) -> Course {
    let (origin, facing): (Position, _) = (course.position_at(at), course.facing_at(at));
    let drive = match wish {
        Wish::Steer { direction: Some(direction), gait } => Drive::Steer { direction, gait },
        Wish::Steer { direction: None, .. } => Drive::Stand,
        Wish::Walk { to, gait } => match path::route(map, origin, to.position()) {
            Some(points) => Drive::Route { points, gait },
            None => Drive::Stand,
        },
    };
    Course::new(map, origin, at, facing, drive)
}
