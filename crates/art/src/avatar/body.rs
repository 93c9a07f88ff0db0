//! The bare body under the clothes: legs, torso, neck and arms. It is never seen whole; clothes leave out what should show.

use super::pose::{Dir, Pose};
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
    limb_arm(c, p, true, SKIN, 13);
    if !p.profile() {
        limb_arm(c, p, false, SKIN, 13);
    }
    finish_arm(c, p, SKIN);
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
