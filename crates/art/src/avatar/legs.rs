//! Legs, trousers, skirts and shoes. Deliberately absent: bare feet; everybody wears shoes in a place full of chairs.

use super::pose::{Dir, Limb, Pose};
use super::{BOTTOM, SHOES, SKIN, edge, rim_shade};
use crate::canvas::Canvas;
use crate::palette::Ink;

pub const NAMES: [&str; 6] = ["Trousers", "Wide trousers", "Shorts", "Skirt", "Long skirt", "Cuffed jeans"];

const ANKLE: i32 = 55;

pub fn bare(c: &mut Canvas, p: &Pose) {
    both_legs(c, p, SKIN, 99, 0);
}

pub fn bottom(c: &mut Canvas, p: &Pose, variant: u8) {
    match variant {
        1 => both_legs(c, p, BOTTOM, 99, 1),
        2 => both_legs(c, p, BOTTOM, 5, 1),
        3 => skirt(c, p, 7),
        4 => skirt(c, p, 11),
        5 => {
            both_legs(c, p, BOTTOM, 9, 0);
        }
        _ => both_legs(c, p, BOTTOM, 99, 0),
    }
    rim_shade(c, BOTTOM);
    if variant == 5 {
        cuffs(c, p);
    }
    if variant != 3 && variant != 4 && p.dir == Dir::Down && !p.sitting() {
        c.v(16, p.hip_y() + 3, ANKLE - p.hip_y() - 4, BOTTOM + 1);
    }
    edge(c);
}

pub fn shoes(c: &mut Canvas, p: &Pose) {
    for near in order(p) {
        let limb = if near { p.near_leg } else { p.far_leg };
        let (x, y) = foot(p, near, limb);
        let tone = if near || !p.profile() { 3 } else { 2 };
        if p.profile() {
            c.rrect(x - 1, y, 7, 4, 1, SHOES + tone);
            c.h(x - 1, y + 3, 7, SHOES + 1);
        } else {
            c.rrect(x - 1, y, 6, 4, 1, SHOES + tone);
            c.h(x, y + 3, 4, SHOES + 1);
        }
    }
    rim_shade(c, SHOES);
    edge(c);
}

/// Far leg first, so that the near one covers it.
fn order(p: &Pose) -> [bool; 2] {
    if p.profile() { [false, true] } else { [true, false] }
}

/// Left edge and top of a foot.
fn foot(p: &Pose, near: bool, limb: Limb) -> (i32, i32) {
    if p.sitting() {
        return match p.dir {
            Dir::Left | Dir::Right => (20 - i32::from(!near), ANKLE),
            _ => (if near { 11 } else { 17 }, ANKLE),
        };
    }
    if p.profile() {
        (14 + i32::from(!near) + limb.swing, ANKLE - limb.lift)
    } else {
        (if near { 11 } else { 17 }, ANKLE - limb.lift)
    }
}

/// Both legs down to the shoes, or `length` pixels of them, `wide` pixels wider towards the foot.
fn both_legs(c: &mut Canvas, p: &Pose, ramp: Ink, length: i32, wide: i32) {
    let hip = p.hip_y();
    for near in order(p) {
        let limb = if near { p.near_leg } else { p.far_leg };
        let (fx, fy) = foot(p, near, limb);
        let tone = if near || !p.profile() { ramp + 3 } else { ramp + 2 };
        if p.sitting() {
            sitting_leg(c, p, near, ramp, length, wide);
            continue;
        }
        let (x0, w) = if p.profile() { (12 + 2 * i32::from(!near), 7) } else { (if near { 11 } else { 16 }, 5) };
        let reach = fy + 1 - hip;
        for i in 0..reach.min(length) {
            let x = x0 + (fx - x0) * i / reach.max(1);
            let spread = if i > 3 { wide } else { 0 };
            let w = if p.profile() && i > 4 { w - 1 } else { w };
            let lean = if p.profile() {
                spread / 2
            } else if near {
                spread
            } else {
                0
            };
            c.rect(x - lean, hip + i, w + spread, 1, tone);
        }
    }
    if !p.profile() {
        c.rect(11, hip, 10, 3, ramp + 3);
    }
}

fn sitting_leg(c: &mut Canvas, p: &Pose, near: bool, ramp: Ink, length: i32, wide: i32) {
    let hip = p.hip_y();
    let tone = if near || !p.profile() { ramp + 3 } else { ramp + 2 };
    if p.profile() {
        // The thigh lies forward, the shin hangs down from the knee.
        c.rect(12, hip - 1, 13, 5, tone);
        let shin = (ANKLE + 1 - hip - 4).min((length - 4).max(0));
        c.rect(20 - i32::from(!near), hip + 4, 5 + wide, shin, tone);
        return;
    }
    let x = if near { 10 } else { 17 };
    c.rect(x, hip, 5, (ANKLE + 1 - hip).min(length), ramp + 3);
    if p.dir == Dir::Down && hip < ANKLE {
        c.h(x, hip + 4, 5, ramp + 2);
    }
}

fn skirt(c: &mut Canvas, p: &Pose, length: i32) {
    let hip = p.hip_y();
    let length = if p.sitting() { length.min(6) } else { length };
    let sway = (p.near_leg.swing / 3).clamp(-1, 1);
    for i in 0..length {
        let flare = (i + 2) / 3;
        let shift = if i > 3 { sway } else { 0 };
        if p.profile() {
            let sit = if p.sitting() { 5 } else { 0 };
            c.rect(11 - flare + shift, hip + i, 10 + flare * 2 + sit, 1, BOTTOM + 3);
        } else {
            c.rect(11 - flare + shift, hip + i, 10 + flare * 2, 1, BOTTOM + 3);
        }
    }
    for i in 2..length {
        let shift = if i > 3 { sway } else { 0 };
        for x in [13, 18] {
            c.tint(x + shift, hip + i, BOTTOM + 2);
        }
    }
}

fn cuffs(c: &mut Canvas, p: &Pose) {
    let before = c.clone();
    let floor = p.hip_y() + 8;
    for x in 0..c.w {
        for y in floor - 1..=floor {
            if before.solid(x, y) {
                c.dot(x, y, BOTTOM + 5);
            }
        }
    }
}
