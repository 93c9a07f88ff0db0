//! Accessories: one thing that people notice. Variant 0 is nothing and has no row.

use super::pose::{Dir, Pose};
use super::{EXTRA, GLASS, LASH, METAL, PAPER, edge, rim_shade};
use crate::canvas::Canvas;

pub const NAMES: [&str; 8] = ["None", "Glasses", "Cap", "Beanie", "Headphones", "Scarf", "Flower", "Sun hat"];

const B: u8 = EXTRA + 3;

pub fn back(c: &mut Canvas, p: &Pose, variant: u8) {
    let y = p.head_y();
    // The far side of a brim and of a scarf's knot.
    if variant == 7 && p.dir != Dir::Up {
        c.oval(0, y - 1, 32, 9, EXTRA + 2);
        edge(c);
    }
    if variant == 5 && p.dir == Dir::Up {
        c.rrect(9, y + 17, 14, 6, 2, B);
        edge(c);
    }
}

pub fn front(c: &mut Canvas, p: &Pose, variant: u8) {
    let y = p.head_y();
    match variant {
        1 => glasses(c, p.dir, y),
        2 => cap(c, p.dir, y),
        3 => beanie(c, p.dir, y),
        4 => headphones(c, p.dir, y),
        5 => scarf(c, p.dir, y),
        6 => flower(c, p.dir, y),
        7 => sun_hat(c, p.dir, y),
        _ => {}
    }
}

fn glasses(c: &mut Canvas, dir: Dir, y: i32) {
    let rim = |c: &mut Canvas, x: i32| {
        c.h(x + 1, y + 9, 5, EXTRA + 1);
        c.h(x + 1, y + 16, 5, EXTRA + 1);
        c.v(x, y + 10, 6, EXTRA + 1);
        c.v(x + 6, y + 10, 6, EXTRA + 1);
        c.h(x + 1, y + 9, 3, EXTRA + 3);
        c.dot(x + 1, y + 10, GLASS);
    };
    match dir {
        Dir::Down => {
            rim(c, 8);
            rim(c, 17);
            c.h(15, y + 12, 2, EXTRA + 1);
            c.h(6, y + 11, 2, EXTRA + 1);
            c.h(24, y + 11, 2, EXTRA + 1);
        }
        Dir::Up => {}
        _ => {
            rim(c, 18);
            c.h(13, y + 11, 5, EXTRA + 1);
        }
    }
}

fn cap(c: &mut Canvas, dir: Dir, y: i32) {
    match dir {
        Dir::Down => {
            c.rrect(5, y - 4, 22, 13, 9, B);
            c.rect(4, y + 6, 24, 6, 0);
            rim_shade(c, EXTRA);
            c.rrect(6, y + 4, 20, 5, 3, EXTRA + 2);
            c.h(8, y + 4, 16, EXTRA + 4);
            c.h(8, y + 8, 16, EXTRA + 1);
            c.rrect(13, y - 1, 6, 4, 1, PAPER);
        }
        Dir::Up => {
            c.rrect(5, y - 4, 22, 14, 9, B);
            rim_shade(c, EXTRA);
            c.oval(13, y + 5, 6, 4, EXTRA + 1);
            c.h(13, y + 9, 6, EXTRA + 3);
        }
        _ => {
            c.rrect(5, y - 4, 21, 13, 9, B);
            c.rect(4, y + 6, 24, 4, 0);
            rim_shade(c, EXTRA);
            c.rrect(18, y + 3, 13, 4, 2, EXTRA + 2);
            c.h(19, y + 3, 11, EXTRA + 4);
        }
    }
    c.h(15, y - 5, 2, EXTRA + 2);
    c.v(10, y - 2, 5, EXTRA + 4);
    edge(c);
}

fn beanie(c: &mut Canvas, dir: Dir, y: i32) {
    let (x, w) = if dir == Dir::Right { (4, 22) } else { (4, 24) };
    c.rrect(x + 1, y - 6, w - 2, 14, 9, B);
    c.rect(x, y + 4, w, 6, 0);
    rim_shade(c, EXTRA);
    for i in [6, 11, 16] {
        c.v(x + i, y - 3, 6, EXTRA + 2);
    }
    c.oval(x + w / 2 - 4, y - 11, 8, 7, PAPER);
    c.h(x + w / 2 - 1, y - 6, 4, METAL);
    c.rrect(x, y + 2, w, 5, 2, EXTRA + 3);
    c.h(x + 2, y + 2, w - 5, EXTRA + 4);
    c.h(x + 1, y + 6, w - 2, EXTRA + 1);
    for i in (3..w - 1).step_by(3) {
        c.v(x + i, y + 3, 3, EXTRA + 2);
    }
    edge(c);
}

fn headphones(c: &mut Canvas, dir: Dir, y: i32) {
    if dir == Dir::Right {
        c.rect(13, y - 4, 4, 12, EXTRA + 2);
        c.v(13, y - 4, 12, EXTRA + 4);
        c.rrect(10, y + 7, 10, 10, 3, B);
        c.rrect(12, y + 9, 6, 6, 2, EXTRA + 1);
        c.dot(13, y + 10, METAL);
    } else {
        for i in 0..3 {
            c.rrect(4 + i, y - 5 + i, 24 - 2 * i, 16, 10, if i == 2 { 0 } else { EXTRA + 2 + u8::from(i == 0) });
        }
        c.rect(4, y + 6, 24, 6, 0);
        for x in [2, 25] {
            c.rrect(x, y + 6, 5, 10, 2, B);
            c.v(x, y + 8, 6, EXTRA + 4);
            c.v(x + 4, y + 7, 8, EXTRA + 1);
        }
    }
    edge(c);
}

fn scarf(c: &mut Canvas, dir: Dir, y: i32) {
    match dir {
        Dir::Down => {
            c.rrect(8, y + 18, 16, 5, 2, B);
            c.rect(18, y + 21, 5, 10, B);
            rim_shade(c, EXTRA);
            c.h(10, y + 20, 9, EXTRA + 2);
            c.h(18, y + 28, 5, PAPER);
            c.h(18, y + 26, 5, EXTRA + 1);
        }
        Dir::Up => {
            c.rrect(8, y + 18, 16, 5, 2, B);
            c.rect(9, y + 21, 5, 9, B);
            rim_shade(c, EXTRA);
            c.h(9, y + 28, 5, PAPER);
        }
        _ => {
            c.rrect(10, y + 18, 13, 5, 2, B);
            c.poly(&[(11, y + 20), (15, y + 21), (9, y + 31), (5, y + 29)], B);
            rim_shade(c, EXTRA);
            c.h(12, y + 20, 8, EXTRA + 2);
            c.h(6, y + 28, 4, PAPER);
        }
    }
    edge(c);
}

fn flower(c: &mut Canvas, dir: Dir, y: i32) {
    let x = match dir {
        Dir::Down => 20,
        Dir::Up => 3,
        _ => 9,
    };
    let petals = [(3, 0), (6, 2), (5, 6), (1, 6), (0, 2)];
    for (dx, dy) in petals {
        c.oval(x + dx, y - 1 + dy, 4, 4, B);
        c.dot(x + dx + 1, y - 1 + dy, EXTRA + 5);
    }
    c.rect(x + 3, y + 2, 4, 4, EXTRA + 1);
    c.rect(x + 3, y + 2, 3, 3, PAPER);
    edge(c);
}

fn sun_hat(c: &mut Canvas, dir: Dir, y: i32) {
    let shift = if dir == Dir::Right { -1 } else { 0 };
    c.oval(shift, y, 32, 8, B);
    c.rect(7, y + 5, 18 + shift, 4, 0);
    c.rect(0, y + 6, 32, 3, 0);
    c.rrect(7 + shift, y - 8, 18, 13, 6, B);
    rim_shade(c, EXTRA);
    c.h(2, y + 2, 10, EXTRA + 4);
    for yy in [-5, -2] {
        c.h(10 + shift, y + yy, 8, EXTRA + 4);
        c.h(13 + shift, y + yy + 1, 8, EXTRA + 2);
    }
    c.rect(7 + shift, y, 18, 3, EXTRA + 1);
    c.h(7 + shift, y, 18, LASH);
    if dir == Dir::Up {
        c.rrect(5, y + 2, 22, 6, 3, EXTRA + 2);
        c.h(8, y + 7, 16, EXTRA + 1);
    } else {
        c.h(4, y + 5, 24, EXTRA + 2);
    }
    edge(c);
}
