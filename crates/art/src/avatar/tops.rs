//! What is worn above the waist: a torso layer and a sleeve layer, so that arms swing in front of and behind it.

use super::body::{arms, finish_arm, limb_arm, torso_shape};
use super::pose::{Dir, Pose};
use super::{METAL, PAPER, TOP, edge, rim_shade};
use crate::canvas::Canvas;

pub const NAMES: [&str; 8] = ["T-shirt", "Hoodie", "Shirt", "Jumper", "Dungarees", "Dress", "Jacket", "Striped top"];

fn sleeve_length(variant: u8) -> i32 {
    match variant {
        0 | 7 => 5,
        4 => 6,
        5 => 3,
        2 => 9,
        _ => 10,
    }
}

pub fn torso(c: &mut Canvas, p: &Pose, variant: u8) {
    if p.profile() {
        limb_arm(c, p, false, TOP, sleeve_length(variant));
    }
    let y = p.shoulder_y();
    let hem = p.hip_y()
        + match variant {
            1 | 3 | 6 => 3,
            4 => 1,
            _ => 2,
        };
    torso_shape(c, p, TOP, hem);
    if variant == 5 {
        dress(c, p);
    }
    rim_shade(c, TOP);
    decorate(c, p, variant, y, hem);
    edge(c);
}

pub fn sleeves(c: &mut Canvas, p: &Pose, variant: u8) {
    arms(c, p, false, TOP, sleeve_length(variant));
    if variant == 7 {
        stripes(c, p.shoulder_y());
    }
    finish_arm(c, p, TOP);
    pale(c, variant);
}

/// Sleeves of arms that are up.
pub fn over(c: &mut Canvas, p: &Pose, variant: u8) {
    arms(c, p, true, TOP, sleeve_length(variant));
    if variant == 7 {
        stripes(c, p.shoulder_y() - 20);
    }
    rim_shade(c, TOP);
    edge(c);
    pale(c, variant);
}

fn pale(c: &mut Canvas, variant: u8) {
    if variant == 4 {
        // Dungarees have no sleeves: these are the pale shirt's under them.
        for y in 0..c.h {
            for x in 0..c.w {
                match c.get(x, y).ink {
                    ink if ink == TOP + 3 || ink == TOP + 4 => c.dot(x, y, PAPER),
                    ink if ink == TOP + 2 => c.dot(x, y, METAL),
                    _ => {}
                }
            }
        }
    }
}

fn dress(c: &mut Canvas, p: &Pose) {
    let hip = p.hip_y();
    let length = if p.sitting() { 6 } else { 9 };
    for i in 0..length {
        let flare = (i + 1) / 2;
        let (x, w) = (11, 10);
        let sit = if p.sitting() && p.profile() { 4 } else { 0 };
        c.rect(x - flare, hip + i, w + flare * 2 + sit, 1, TOP + 3);
    }
    for i in 1..length {
        c.tint(13, hip + i, TOP + 2);
        c.tint(18, hip + i, TOP + 2);
    }
}

fn stripes(c: &mut Canvas, y: i32) {
    for yy in (y + 2..y + 40).step_by(4) {
        for x in 0..c.w {
            for row in [yy, yy + 1] {
                c.tint(x, row, PAPER);
            }
        }
    }
}

fn decorate(c: &mut Canvas, p: &Pose, variant: u8, y: i32, hem: i32) {
    let front = p.dir == Dir::Down;
    match variant {
        1 => {
            // Hood behind the neck, a pocket and two strings.
            if p.dir == Dir::Up {
                c.rrect(11, y, 10, 7, 3, TOP + 2);
                c.h(13, y + 6, 6, TOP + 1);
            }
            c.h(10, y + 1, if p.profile() { 8 } else { 12 }, TOP + 2);
            if front {
                c.rect(13, hem - 5, 6, 3, TOP + 2);
                c.v(14, y + 2, 4, PAPER);
                c.v(17, y + 2, 3, PAPER);
            }
        }
        2 if front => {
            c.v(15, y + 3, hem - y - 3, TOP + 2);
            c.art(13, y, &["w....w", "ww..ww", ".w..w."], &[], &[('w', PAPER)]);
            c.dots(&[(16, y + 5), (16, y + 9)], PAPER);
        }
        3 => {
            c.h(11, hem - 1, 10, TOP + 2);
            c.h(11, hem - 2, 10, TOP + 1);
            if !p.profile() {
                for i in 0..5 {
                    c.tint(11 + i * 2, y + 5, PAPER);
                    c.tint(12 + i * 2, y + 6, PAPER);
                }
            }
        }
        4 => {
            // Bib and straps over a pale shirt.
            let (x, w) = (11, 10);
            c.rect(x, y, w, 5, PAPER);
            c.v(x + 2, y, 5, TOP + 3);
            c.v(x + w - 3, y, 5, TOP + 2);
            if front {
                c.rect(13, y + 7, 6, 3, TOP + 4);
            }
        }
        6 => {
            if front {
                c.rect(15, y, 2, hem - y, PAPER);
                c.v(14, y, hem - y, TOP + 1);
                c.v(17, y, hem - y, TOP + 1);
            }
            c.h(11, hem - 1, 10, TOP + 1);
        }
        7 => stripes(c, y),
        _ => {}
    }
}
