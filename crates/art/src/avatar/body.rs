//! The bare body under the clothes: legs, torso, neck and arms. It is never seen whole; clothes leave out what should show.

use super::pose::{Dir, Pose, Reach};
use super::{SKIN, edge, legs, rim_shade};
use crate::canvas::Canvas;
use crate::palette::Ink;

pub fn back(c: &mut Canvas, p: &Pose) {
    if p.profile() {
        limb_arm(c, p, false, SKIN, 13);
    }
    legs::bare(c, p);
    torso_shape(c, p, SKIN, p.hip_y() + 1);
    rim_shade(c, SKIN);
    edge(c);
}

pub fn front(c: &mut Canvas, p: &Pose) {
    arms(c, p, false, SKIN, 13);
    finish_arm(c, p, SKIN);
}

/// Arms that are up: after the head, as they are beside and before it.
pub fn over(c: &mut Canvas, p: &Pose) {
    arms(c, p, true, SKIN, 13);
    rim_shade(c, SKIN);
    edge(c);
}

/// The arms of one layer; the far one of a profile lies in the layer behind the body.
pub fn arms(c: &mut Canvas, p: &Pose, over: bool, ramp: Ink, length: i32) {
    for near in [true, false] {
        if p.reach(near).over() == over && (near || !p.profile()) {
            limb_arm(c, p, near, ramp, length);
        }
    }
}

/// Arms over the body keep a thin dark side instead of an outline all round, or a profile would be all stripes.
pub fn finish_arm(c: &mut Canvas, p: &Pose, ramp: Ink) {
    rim_shade(c, ramp);
    if p.profile() {
        let before = c.clone();
        for y in 0..c.h {
            for x in 0..c.w {
                if before.solid(x, y) {
                    for (dx, dy, tone) in [(1, 0, ramp), (-1, 0, ramp + 1), (0, 1, ramp)] {
                        if !before.solid(x + dx, y + dy) {
                            c.dot(x + dx, y + dy, tone);
                        }
                    }
                }
            }
        }
    } else {
        edge(c);
    }
}

/// The torso in the base tone, from the shoulders down to `bottom`.
pub fn torso_shape(c: &mut Canvas, p: &Pose, ramp: Ink, bottom: i32) {
    let y = p.shoulder_y();
    c.rect(12, y, 8, 1, ramp + 3);
    c.rect(11, y + 1, 10, bottom - y - 1, ramp + 3);
}

/// An arm `length` pixels long from the shoulder; sleeves are the same arm, shorter, in cloth.
pub fn limb_arm(c: &mut Canvas, p: &Pose, near: bool, ramp: Ink, length: i32) {
    if p.reach(near) != Reach::Hang {
        return reaching_arm(c, p, near, ramp, length);
    }
    let y = p.shoulder_y() + 1;
    if p.profile() {
        let swing = if near { p.near_arm } else { p.far_arm };
        let (from, tone) = if near { (14, ramp + 3) } else { (16, ramp + 2) };
        let (swing, full) = if p.sitting() { (if near { 5 } else { 6 }, 11) } else { (swing, 13) };
        for i in 0..length.min(full) {
            // The forearm bends forward a little: a hanging arm is not a pendulum.
            let x = from + swing * i / 12 + i32::from(i > 6 && swing > 0);
            c.rect(x, y + i - i32::from(swing.abs() > 3 && i > 9), 4, 1, tone);
        }
        return;
    }
    let swing = if near { p.near_arm } else { p.far_arm };
    let reach = if p.dir == Dir::Down { swing / 2 } else { -swing / 2 };
    let (x, inward) = if near { (7, 1) } else { (21, -1) };
    if p.sitting() {
        // Hands come together in the lap.
        for i in 0..length.min(10) {
            c.rect(x + inward * (i - 4).max(0) / 2, y + i, 4, 1, ramp + 3);
        }
        return;
    }
    for i in 0..length.min(12 + reach.max(0)) {
        if i >= 12 + reach.min(0) {
            break;
        }
        let bend = if i > 5 && reach > 0 { inward } else { 0 };
        c.rect(x + bend + i32::from(i == 0 && near), y + i, if i == 0 { 3 } else { 4 }, 1, ramp + 3);
    }
}

/// How long an arm is whose sleeve is `length` of 13.
const WHOLE: usize = 13;

/// An arm along a way from the shoulder, four pixels thick.
fn reaching_arm(c: &mut Canvas, p: &Pose, near: bool, ramp: Ink, length: i32) {
    let way = way(&corners(p, near));
    let shown = way.len() * length.clamp(0, WHOLE as i32) as usize / WHOLE;
    let tone = if near || !p.profile() { ramp + 3 } else { ramp + 2 };
    let mirrored = !p.profile() && near;
    for &(x, y) in way.iter().take(shown) {
        c.rect(if mirrored { 28 - x } else { x }, y, 4, 3, tone);
    }
}

/// Left upper corners of the arm at shoulder, elbow and hand; from the front those of the viewer's right.
fn corners(p: &Pose, near: bool) -> Vec<(i32, i32)> {
    let y = p.shoulder_y() + 1;
    match (p.reach(near), p.profile()) {
        (Reach::Up(lean), false) => vec![(21, y), (26, y - 5), (27, y - 10), (27 - lean, y - 22)],
        (Reach::Up(lean), true) => vec![(14, y), (21, y), (26, y - 7), (27 - lean, y - 21)],
        (Reach::Front(apart), false) if p.dir == Dir::Up => vec![(21, y), (22, y + 3), (20 + apart, y + 6)],
        (Reach::Front(apart), false) => vec![(21, y), (22, y + 5), (16 + apart, y + 5)],
        (Reach::Front(apart), true) => {
            vec![(14, y), (15, y + 5), (22, y + 4 + if near { apart } else { -apart })]
        }
        (Reach::Out(up), false) => vec![(21, y), (24, y + 3), (27, y + 3 - up)],
        (Reach::Out(up), true) => vec![(14, y), (11, y + 5), (7, y + 3 - up)],
        (Reach::Hang, _) => Vec::new(),
    }
}

/// Every pixel from corner to corner.
fn way(corners: &[(i32, i32)]) -> Vec<(i32, i32)> {
    let mut way: Vec<(i32, i32)> = corners.first().copied().into_iter().collect();
    for pair in corners.windows(2) {
        let [(x0, y0), (x1, y1)] = *pair else { continue };
        let steps = (x1 - x0).abs().max((y1 - y0).abs()).max(1);
        way.extend((1..=steps).map(|i| (x0 + (x1 - x0) * i / steps, y0 + (y1 - y0) * i / steps)));
    }
    way
}
