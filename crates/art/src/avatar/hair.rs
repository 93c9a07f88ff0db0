//! Twelve hairstyles with silhouettes of their own. Each view is a mass in the base tone; `finish` lays light and strands on it.

use super::pose::{Dir, Pose};
use super::{EXTRA, HAIR, edge, rim_shade};
use crate::canvas::Canvas;

pub const NAMES: [&str; 12] =
    ["Shaved", "Short", "Bob", "Long", "Ponytail", "Bun", "Curls", "Side swept", "Plaits", "Quiff", "Waves", "Locs"];

const B: u8 = HAIR + 3;

/// Behind the head and shoulders; from behind, everything is in front instead.
pub fn back(c: &mut Canvas, p: &Pose, variant: u8) {
    let y = p.head_y();
    match (p.dir, variant) {
        (Dir::Down, 2) => c.rrect(4, y + 3, 24, 17, 5, B),
        (Dir::Down, 3) => {
            c.rrect(4, y + 3, 24, 25, 5, B);
            tips(c, 5, 22, y + 26);
        }
        (Dir::Down, 4) => {
            c.oval(23, y - 1, 9, 8, B);
            c.poly(&[(25, y + 3), (31, y + 3), (31, y + 13), (28, y + 18), (26, y + 12)], B);
        }
        (Dir::Down, 6) => puff(c, 16, y + 6, 15, 13),
        (Dir::Down, 8) => c.rrect(5, y + 4, 22, 14, 5, B),
        (Dir::Down, 10) => {
            c.rrect(3, y + 4, 26, 20, 6, B);
            for (x, yy) in [(2, 13), (2, 19), (25, 13), (25, 19), (8, 21), (15, 22), (20, 21)] {
                c.oval(x, y + yy, 6, 6, B);
            }
        }
        (Dir::Down, 11) => strands_down(c, y, &[(3, 20), (6, 23), (23, 23), (26, 20)]),
        (Dir::Right, 6) => puff(c, 14, y + 6, 14, 13),
        _ => {}
    }
    rim_shade(c, HAIR);
    edge(c);
}

pub fn front(c: &mut Canvas, p: &Pose, variant: u8) {
    let y = p.head_y();
    match p.dir {
        Dir::Down => facing(c, y, variant),
        Dir::Up => behind(c, y, variant),
        _ => profile(c, y, variant),
    }
    rim_shade(c, HAIR);
    shine(c, p.dir, y, variant);
    edge(c);
    bands(c, p.dir, y, variant);
}

/// The cap of hair every style starts from, as seen from the front.
fn cap(c: &mut Canvas, y: i32, fringe: i32, sides: i32) {
    c.rrect(5, y - 2, 22, 12, 8, B);
    c.rect(9, y + 7, 14, 3, 0);
    c.rect(7, y + fringe, 18, 12 - fringe, 0);
    c.rect(5, y + 6, 2, sides - 6, B);
    c.rect(25, y + 6, 2, sides - 6, B);
}

fn facing(c: &mut Canvas, y: i32, variant: u8) {
    match variant {
        0 => {
            c.rrect(6, y - 1, 20, 10, 8, HAIR + 2);
            c.rect(8, y + 5, 16, 6, 0);
            c.rect(6, y + 8, 20, 3, 0);
        }
        1 => {
            cap(c, y, 5, 10);
            for (x, len) in [(7, 8), (10, 6), (13, 8), (16, 6), (19, 7), (22, 6)] {
                c.poly(&[(x, y + 4), (x + 4, y + 4), (x + 1, y + len)], B);
            }
            c.poly(&[(12, y - 1), (17, y - 5), (18, y - 1)], B);
            c.poly(&[(17, y - 1), (22, y - 4), (22, y)], B);
        }
        2 => {
            cap(c, y, 7, 18);
            c.rect(4, y + 4, 4, 15, B);
            c.rect(24, y + 4, 4, 15, B);
            c.dots(&[(7, y + 18), (24, y + 18)], 0);
        }
        3 => {
            cap(c, y, 4, 20);
            c.poly(&[(15, y + 2), (5, y + 3), (5, y + 13), (8, y + 8)], B);
            c.poly(&[(16, y + 2), (27, y + 3), (27, y + 13), (23, y + 8)], B);
            c.rect(4, y + 6, 3, 20, B);
            c.rect(25, y + 6, 3, 20, B);
        }
        4 => {
            cap(c, y, 4, 9);
            c.poly(&[(24, y + 2), (6, y + 2), (6, y + 10), (9, y + 7), (19, y + 5)], B);
        }
        5 => {
            c.oval(10, y - 10, 12, 11, B);
            cap(c, y, 4, 10);
            c.poly(&[(16, y + 2), (6, y + 3), (6, y + 9)], B);
            c.poly(&[(16, y + 2), (26, y + 3), (26, y + 9)], B);
        }
        6 => {
            for (x, yy, s) in [
                (2, 0, 9),
                (6, -5, 9),
                (12, -7, 9),
                (18, -5, 9),
                (22, 0, 9),
                (9, 0, 8),
                (15, 0, 8),
                (1, 6, 7),
                (24, 6, 7),
            ] {
                c.oval(x, y + yy, s, s, B);
            }
            c.rect(6, y, 20, 5, B);
        }
        7 => {
            c.rrect(5, y - 2, 22, 12, 8, B);
            c.rect(7, y + 4, 18, 8, 0);
            c.poly(&[(7, y - 2), (15, y - 6), (25, y - 4), (28, y + 2), (26, y + 9), (23, y + 5), (7, y + 6)], B);
            c.rect(6, y + 4, 2, 6, HAIR + 2);
            c.rect(5, y + 9, 2, 4, 0);
        }
        8 => {
            cap(c, y, 4, 14);
            c.poly(&[(15, y + 2), (6, y + 3), (6, y + 10), (9, y + 7)], B);
            c.poly(&[(16, y + 2), (26, y + 3), (26, y + 10), (22, y + 7)], B);
            for x in [3, 24] {
                for i in 0..4 {
                    c.oval(x, y + 13 + i * 4, 5, 5, B);
                }
                c.poly(&[(x, y + 30), (x + 5, y + 30), (x + 3, y + 34)], B);
            }
        }
        9 => {
            cap(c, y, 4, 8);
            c.poly(
                &[
                    (6, y + 5),
                    (5, y - 2),
                    (9, y - 5),
                    (16, y - 8),
                    (24, y - 9),
                    (29, y - 6),
                    (27, y - 1),
                    (26, y + 4),
                    (21, y + 1),
                    (12, y + 4),
                ],
                B,
            );
            c.poly(&[(10, y + 4), (18, y + 2), (13, y + 7)], B);
        }
        10 => {
            cap(c, y, 5, 16);
            c.poly(&[(20, y + 1), (6, y + 2), (5, y + 12), (8, y + 9), (10, y + 6), (16, y + 5)], B);
            c.poly(&[(20, y + 1), (27, y + 3), (27, y + 12), (24, y + 9)], B);
            for (x, yy) in [(3, 8), (3, 14), (24, 8), (24, 14)] {
                c.oval(x, y + yy, 5, 7, B);
            }
        }
        _ => {
            cap(c, y, 5, 12);
            strands_down(c, y, &[(4, 15), (7, 9), (10, 7), (13, 6), (16, 7), (19, 6), (22, 9), (25, 15)]);
        }
    }
}

fn behind(c: &mut Canvas, y: i32, variant: u8) {
    if variant == 0 {
        c.rrect(6, y - 1, 20, 15, 8, HAIR + 2);
        return;
    }
    if variant == 6 {
        puff(c, 16, y + 6, 15, 13);
        return;
    }
    c.rrect(5, y - 2, 22, 19, 8, B);
    match variant {
        1 => {
            c.rect(8, y + 15, 16, 3, B);
            for x in [8, 13, 18] {
                c.poly(&[(x, y + 16), (x + 6, y + 16), (x + 3, y + 20)], B);
            }
        }
        2 => c.rrect(4, y + 4, 24, 16, 4, B),
        3 => {
            c.rrect(4, y + 4, 24, 25, 5, B);
            tips(c, 5, 22, y + 27);
        }
        4 => {
            c.oval(12, y + 1, 8, 7, B);
            c.poly(&[(13, y + 5), (19, y + 5), (21, y + 16), (16, y + 26), (11, y + 16)], B);
        }
        5 => c.oval(10, y - 10, 12, 11, B),
        7 => {
            c.rect(5, y + 8, 22, 10, 0);
            c.rrect(6, y + 6, 20, 10, 5, HAIR + 2);
            c.poly(&[(7, y - 2), (15, y - 6), (25, y - 4), (28, y + 2), (27, y + 9), (5, y + 8), (5, y + 2)], B);
        }
        8 => {
            for x in [3, 24] {
                for i in 0..4 {
                    c.oval(x, y + 13 + i * 4, 5, 5, B);
                }
                c.poly(&[(x, y + 30), (x + 5, y + 30), (x + 3, y + 34)], B);
            }
        }
        9 => c.poly(&[(6, y + 4), (4, y - 4), (8, y - 8), (17, y - 7), (24, y - 4), (26, y + 4)], B),
        10 => {
            c.rrect(3, y + 4, 26, 20, 6, B);
            for (x, yy) in [(2, 13), (2, 19), (25, 13), (25, 19), (6, 21), (13, 22), (20, 21)] {
                c.oval(x, y + yy, 6, 6, B);
            }
        }
        11 => {
            strands_down(c, y, &[(3, 19), (6, 23), (9, 25), (12, 26), (15, 25), (18, 26), (21, 24), (24, 22), (26, 18)])
        }
        _ => {}
    }
}

/// Facing right.
fn profile(c: &mut Canvas, y: i32, variant: u8) {
    if variant == 0 {
        c.rrect(6, y - 1, 19, 10, 8, HAIR + 2);
        c.rect(15, y + 6, 11, 5, 0);
        c.rect(6, y + 6, 7, 7, HAIR + 2);
        c.rect(6, y + 12, 2, 1, 0);
        return;
    }
    if variant != 6 {
        c.rrect(5, y - 2, 21, 12, 8, B);
        c.rect(17, y + 6, 10, 5, 0);
        c.rect(5, y + 5, 7, 10, B);
        c.rect(12, y + 6, 3, 4, B);
        c.dots(&[(5, y + 14), (5, y + 13), (6, y + 14)], 0);
    }
    match variant {
        1 => {
            for (x, len) in [(14, 8), (18, 7), (22, 6)] {
                c.poly(&[(x, y + 4), (x + 4, y + 4), (x + 3, y + len)], B);
            }
            c.poly(&[(13, y - 1), (19, y - 5), (20, y - 1)], B);
            c.poly(&[(4, y + 10), (8, y + 8), (8, y + 17)], B);
        }
        2 => {
            c.rrect(4, y + 3, 13, 17, 4, B);
            c.rect(17, y + 2, 8, 5, B);
        }
        3 => {
            c.rrect(3, y + 3, 13, 25, 5, B);
            tips(c, 3, 12, y + 26);
            c.poly(&[(14, y + 2), (25, y + 2), (25, y + 7), (20, y + 5)], B);
        }
        4 => {
            c.oval(1, y + 1, 8, 8, B);
            c.poly(&[(2, y + 5), (7, y + 5), (7, y + 16), (3, y + 22), (0, y + 14)], B);
            c.poly(&[(14, y + 3), (25, y + 2), (25, y + 6), (18, y + 5), (15, y + 9)], B);
        }
        5 => {
            c.oval(5, y - 9, 12, 11, B);
            c.poly(&[(16, y + 3), (25, y + 3), (24, y + 6)], B);
        }
        6 => {
            for (x, yy, s) in [
                (0, 0, 9),
                (3, -5, 9),
                (9, -7, 9),
                (15, -6, 9),
                (19, -2, 8),
                (1, 6, 9),
                (6, 2, 9),
                (12, 0, 8),
                (4, 10, 7),
                (9, 6, 6),
            ] {
                c.oval(x, y + yy, s, s, B);
            }
            c.rect(7, y, 15, 6, B);
        }
        7 => {
            c.rect(5, y + 6, 10, 9, 0);
            c.rect(6, y + 5, 8, 8, HAIR + 2);
            c.poly(
                &[(5, y + 2), (9, y - 4), (18, y - 6), (26, y - 3), (28, y + 3), (25, y + 7), (20, y + 5), (6, y + 6)],
                B,
            );
        }
        8 => {
            c.poly(&[(14, y + 3), (25, y + 2), (24, y + 6), (16, y + 8)], B);
            for i in 0..4 {
                c.oval(8, y + 14 + i * 4, 5, 5, B);
            }
            c.poly(&[(8, y + 31), (13, y + 31), (10, y + 35)], B);
        }
        9 => c.poly(
            &[(5, y + 3), (8, y - 4), (16, y - 8), (25, y - 9), (29, y - 5), (27, y + 1), (22, y + 2), (14, y + 5)],
            B,
        ),
        10 => {
            c.rrect(3, y + 3, 13, 20, 5, B);
            for (x, yy) in [(2, 12), (2, 18), (7, 20), (11, 14)] {
                c.oval(x, y + yy, 6, 6, B);
            }
            c.poly(&[(12, y + 2), (25, y + 2), (25, y + 7), (20, y + 5), (16, y + 10)], B);
        }
        11 => {
            strands_down(c, y, &[(4, 19), (7, 22), (10, 18), (13, 12)]);
            c.poly(&[(14, y + 3), (25, y + 3), (25, y + 7), (22, y + 5), (19, y + 8)], B);
        }
        _ => {}
    }
}

/// Uneven ends of long hair.
fn tips(c: &mut Canvas, x: i32, w: i32, y: i32) {
    for i in 0..(w / 4) {
        c.poly(&[(x + i * 4, y), (x + i * 4 + 4, y), (x + i * 4 + 2, y + 3 + (i % 2) * 2)], B);
    }
}

/// A cloud of curls round a centre.
fn puff(c: &mut Canvas, cx: i32, cy: i32, rx: i32, ry: i32) {
    c.oval(cx - rx + 2, cy - ry + 2, rx * 2 - 4, ry * 2 - 4, B);
    for (dx, dy) in [
        (-11, -4),
        (-8, -9),
        (-3, -12),
        (3, -12),
        (8, -9),
        (11, -4),
        (11, 2),
        (-11, 2),
        (-9, 7),
        (9, 7),
        (-5, 10),
        (5, 10),
        (0, 10),
    ] {
        c.oval(cx + dx * rx / 15 - 4, cy + dy * ry / 13 - 3, 8, 8, B);
    }
}

/// Twisted strands from the crown, each to its own length, with gaps of shade between.
fn strands_down(c: &mut Canvas, y: i32, strands: &[(i32, i32)]) {
    for &(x, len) in strands {
        c.rect(x, y + 2, 3, len - 2, B);
        c.v(x + 2, y + 4, len - 5, HAIR + 1);
        c.dot(x + 1, y + len, B);
    }
}

/// The light on the crown: a short band, higher where the head turns away from it.
fn shine(c: &mut Canvas, dir: Dir, y: i32, variant: u8) {
    let base = c.clone();
    let mut glint = |x: i32, yy: i32, tone: u8| {
        if base.get(x, yy).ink >= HAIR + 3 {
            c.dot(x, yy, HAIR + tone);
        }
    };
    if variant == 6 || variant == 0 {
        for (x, yy) in [(7, -2), (12, -5), (18, -3), (10, 2), (5, 4), (15, 1)] {
            for i in 0..3 {
                glint(x + i, y + yy, 4);
            }
            glint(x, y + yy + 1, 4);
        }
        return;
    }
    let lift = if variant == 9 {
        -3
    } else if variant == 7 {
        -2
    } else {
        0
    };
    let (from, to) = if dir == Dir::Right { (7, 19) } else { (8, 20) };
    for x in from..to {
        let arc = (x - 13i32).abs() / 3;
        glint(x, y + 1 + arc + lift, 4);
        if x < to - 4 {
            glint(x, y + 2 + arc + lift, if x % 3 == 0 { 4 } else { 5 });
        }
    }
    // Strands: thin lines of shade that follow the fall of the hair.
    for (x, top, len) in [(11, 5, 12), (16, 6, 20), (21, 5, 14), (7, 9, 16), (25, 9, 16)] {
        for i in 0..len {
            if base.get(x, y + top + i).ink == HAIR + 3 {
                c.dot(x, y + top + i, HAIR + 2);
            }
        }
    }
}

/// Ribbons and hair ties, in the accessory's colour.
fn bands(c: &mut Canvas, dir: Dir, y: i32, variant: u8) {
    match (variant, dir) {
        (8, Dir::Right) => c.rect(8, y + 29, 5, 2, EXTRA + 3),
        (8, _) => {
            c.rect(3, y + 28, 5, 2, EXTRA + 3);
            c.rect(24, y + 28, 5, 2, EXTRA + 3);
        }
        (4, Dir::Up) => c.rect(13, y + 6, 6, 2, EXTRA + 3),
        (4, Dir::Right) => c.rect(3, y + 6, 4, 2, EXTRA + 3),
        (5, Dir::Right) => c.rect(8, y - 1, 6, 2, EXTRA + 3),
        (5, _) => c.rect(12, y - 1, 8, 2, EXTRA + 3),
        _ => {}
    }
}
