//! Walking after somebody: again and again to where they will be in a moment, stopping a little short.
//!
//! It is the client's own doing: the space sees somebody who clicks here and there, about as often as a person would.

use earshot_protocol::SessionId;
use earshot_protocol::units::{Gait, Pixel, TILE};
use earshot_world::{Cell, path};

use super::{Client, Event, Output};
use crate::avatar::{Avatar, pixels};
use crate::clock::LocalMs;
use crate::own::Wish;

/// Who follows stops this far, in pixels, short of the other.
const FOLLOW_GAP_PX: i32 = 44;
/// Who follows a walker looks this far ahead, and again this often.
const FOLLOW_AHEAD_MS: i64 = 1_000;
const FOLLOW_EVERY_MS: i64 = 700;
impl Client {
    pub(super) fn handle_follow(&mut self, now: LocalMs, whom: Option<SessionId>) {
        let whom = whom.filter(|id| Some(*id) != self.own_id && self.people.contains_key(id));
        if whom == self.following {
            return;
        }
        if whom.is_none() {
            self.wished = Wish::STOP;
            return self.stop_following(now);
        }
        self.following = whom;
        self.follow_again_at = Some(now);
        self.outputs.push_back(Output::Event(Event::Following(whom)));
    }

    pub(super) fn stop_following(&mut self, _now: LocalMs) {
        self.follow_again_at = None;
        if self.following.take().is_some() {
            self.outputs.push_back(Output::Event(Event::Following(None)));
        }
    }

    pub(super) fn keep_following(&mut self, now: LocalMs) {
        let Some(id) = self.following.filter(|_| self.follow_again_at.is_some_and(|at| at <= now)) else { return };
        if !self.is_online() {
            self.follow_again_at = Some(now + FOLLOW_EVERY_MS);
            return;
        }
        let ahead = self.clock.server_now(now).plus(FOLLOW_AHEAD_MS);
        let Some(other) = self.people.get(&id) else { return };
        let (goal, still_going) = match other.avatar.as_ref().and_then(Avatar::newest) {
            Some(course) => (course.position_at(ahead), course.end() > ahead),
            None => (Cell::from_index(other.person.cell).unwrap_or_default().center(), true),
        };
        self.follow_again_at = still_going.then_some(now + FOLLOW_EVERY_MS);
        let Some(from) = self.own_position(now) else { return };
        let points = path::route(&self.map, from, goal).unwrap_or_default();
        if let Some(to) = short_of_the_end(from.pixel(), &points, FOLLOW_GAP_PX) {
            let distance_px = (pixels(goal.x - from.x)).hypot(pixels(goal.y - from.y));
            let gait = if distance_px > 6.0 * pixels(TILE) { Gait::Run } else { Gait::Walk };
            self.wished = Wish::Walk { to, gait };
            self.sent_wish = Wish::STOP;
        } else {
            self.wished = Wish::STOP;
        }
    }
}

/// The point of a path that is `gap_px` before its end; `None` where the whole path is shorter.
fn short_of_the_end(from: Pixel, points: &[Pixel], gap_px: i32) -> Option<Pixel> {
    let mut left = f64::from(gap_px);
    let mut end = *points.last()?;
    for start in points.iter().rev().skip(1).chain([&from]) {
        let (dx, dy) = (f64::from(start.x - end.x), f64::from(start.y - end.y));
        let length = dx.hypot(dy);
        if length >= left {
            let part = left / length.max(1.0);
            return Some(Pixel { x: end.x + (dx * part) as i32, y: end.y + (dy * part) as i32 });
        }
        left -= length;
        end = *start;
    }
    None
}
