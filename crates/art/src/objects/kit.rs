//! Shapes that furniture is made of, all seen from above and in front, all lit from the upper left.

use crate::canvas::{Canvas, hash};
use crate::palette::*;

/// A board seen from above with its front edge: a lit top, a bright lip, a front in shade.
pub fn slab(c: &mut Canvas, x: i32, y: i32, w: i32, top: i32, front: i32, r: &Ramp) {
    c.rect(x, y, w, top, r[3]);
    c.h(x, y, w, r[4]);
    c.v(x, y, top, r[4]);
    c.v(x + w - 1, y + 1, top - 1, r[2]);
    if front > 0 {
        c.h(x, y + top - 1, w, r[4]);
        c.rect(x, y + top, w, front, r[2]);
        c.h(x, y + top + front - 1, w, r[1]);
        c.v(x + w - 1, y + top, front, r[1]);
    }
}

/// A slab with rounded corners on its top.
pub fn round_slab(c: &mut Canvas, x: i32, y: i32, w: i32, top: i32, front: i32, r: &Ramp) {
    c.oval(x, y + front, w, top, r[2]);
    c.rect(x, y + top / 2, w, front, r[2]);
    c.oval(x, y + front - 1, w, top, r[2]);
    c.oval(x, y, w, top, r[4]);
    c.oval(x + 1, y + 1, w - 2, top - 2, r[3]);
}

/// Four legs: the front pair is lit, the back pair stands in shade.
pub fn legs(c: &mut Canvas, x: i32, y: i32, w: i32, h: i32, r: &Ramp) {
    for (lx, back) in [(x + 1, false), (x + w - 4, false)] {
        c.rect(lx, y, 3, if back { h - 4 } else { h }, r[2]);
        c.v(lx, y, h, r[3]);
        c.v(lx + 2, y, h, r[1]);
    }
}

/// A cabinet: lid, front, and doors or drawers as frames.
pub fn cabinet(c: &mut Canvas, x: i32, y: i32, w: i32, top: i32, front: i32, r: &Ramp) {
    slab(c, x, y, w, top, front, r);
    c.h(x, y + top, w, r[1]);
    c.rect(x, y + top + front - 3, w, 3, r[1]);
}

pub fn door(c: &mut Canvas, x: i32, y: i32, w: i32, h: i32, r: &Ramp, knob: Ink) {
    c.frame(x, y, w, h, r[1]);
    c.h(x + 1, y + 1, w - 2, r[3]);
    c.v(x + 1, y + 1, h - 2, r[3]);
    c.rect(x + w - 5, y + h / 2 - 1, 2, 2, knob);
}

pub fn drawer(c: &mut Canvas, x: i32, y: i32, w: i32, h: i32, r: &Ramp, knob: Ink) {
    c.frame(x, y, w, h, r[1]);
    c.h(x + 1, y + 1, w - 2, r[3]);
    c.h(x + w / 2 - 2, y + h / 2, 4, knob);
}

/// A row of book spines in several colours, between two heights.
pub fn books(c: &mut Canvas, x: i32, y: i32, w: i32, h: i32, salt: u32) {
    const SPINES: [[Ink; 2]; 9] =
        [[RD2, RD3], [BL1, BL2], [GD1, GD2], [TL1, TL2], [PU1, PU2], [CR2, CR3], [LF2, LF3], [WN2, WN3], [BL2, BL3]];
    let mut at = x;
    let mut i = 0;
    while at < x + w {
        let roll = hash(i, y, salt);
        let wide = (2 + (roll % 3) as i32).min(x + w - at);
        let tall = h - ((roll >> 4) % 4) as i32;
        let [dark, light] = SPINES[((roll >> 8) % 9) as usize];
        if roll.is_multiple_of(13) && wide > 2 {
            // A gap, with one book leaning into it.
            c.line(at, y + h - 1, at + wide - 1, y + h - tall, dark);
        } else {
            c.rect(at, y + h - tall, wide, tall, dark);
            c.v(at, y + h - tall, tall, light);
            if wide > 2 && roll.is_multiple_of(3) {
                c.h(at, y + h - tall + 2, wide, CR3);
            }
        }
        at += wide;
        i += 1;
    }
}

/// A lump of leaves in a box, made of tufts of a size: overlapping tufts, darker below and to the right, lighter towards the upper left.
#[expect(clippy::too_many_arguments, reason = "a box, its leaves and their grain: a struct would only rename them")]
pub fn foliage(c: &mut Canvas, x: i32, y: i32, w: i32, h: i32, r: &[Ink; 6], salt: u32, tuft: i32) {
    let (cx, cy) = (x as f32 + w as f32 / 2.0, y as f32 + h as f32 / 2.0);
    c.oval(x + 3, y + 5, w - 6, h - 7, r[1]);
    let mut spots: Vec<(i32, i32)> = Vec::new();
    let step = (tuft * 2 / 3).max(3);
    let mut row = 0;
    let mut yy = y + tuft / 2;
    while yy <= y + h - tuft / 2 {
        let mut xx = x + tuft / 2 + if row % 2 == 0 { 0 } else { step / 2 };
        while xx <= x + w - tuft / 2 {
            let jitter = hash(xx, yy, salt);
            let (px, py) = (xx + (jitter % 3) as i32 - 1, yy + ((jitter >> 5) % 3) as i32 - 1);
            let (fx, fy) = (
                (px as f32 - cx) / (w as f32 / 2.0 - tuft as f32 / 2.4),
                (py as f32 - cy) / (h as f32 / 2.0 - tuft as f32 / 2.4),
            );
            if fx * fx + fy * fy <= 1.08 {
                spots.push((px, py));
            }
            xx += step;
        }
        yy += step;
        row += 1;
    }
    // Back to front is bottom to top: each upper tuft lies over the shade of the one below it.
    spots.sort_by_key(|s| (-s.1, s.0));
    for (px, py) in spots {
        let lean = (px as f32 - cx) / w as f32 + (py as f32 - cy) / h as f32 * 1.5;
        let tone = if lean < -0.42 {
            4
        } else if lean < 0.12 {
            3
        } else {
            2
        };
        let (tx, ty) = (px - tuft / 2, py - tuft / 2);
        c.oval(tx, ty + 1, tuft, tuft, r[tone - 1]);
        c.oval(tx, ty, tuft - 1, tuft - 1, r[tone]);
        if tone > 2 && !hash(px, py, salt + 1).is_multiple_of(3) {
            c.h(tx + 1, ty + 1, (tuft / 3).max(2), r[tone + 1]);
            c.h(tx, ty + 2, (tuft / 4).max(1), r[tone + 1]);
        }
    }
}

pub const GREEN: [Ink; 6] = [LF0, LF1, LF2, LF3, LF4, LF5];
pub const PINE: [Ink; 6] = [INK1, LF0, LF1, LF2, LF3, LF4];
pub const AUTUMN: [Ink; 6] = [RD0, WD2, GD1, GD2, GD3, GD4];
pub const BLOSSOM: [Ink; 6] = [RD0, RD1, PK1, PK2, PK3, CR4];

/// A glazed pot, narrower at its foot.
pub fn pot(c: &mut Canvas, x: i32, y: i32, w: i32, h: i32, r: &Ramp) {
    for i in 0..h {
        let cut = i * 2 / h.max(1);
        c.rect(x + cut, y + i, w - 2 * cut, 1, r[2]);
        c.h(x + cut, y + i, 2, r[3]);
        c.h(x + w - cut - 2, y + i, 2, r[1]);
    }
    c.rect(x - 1, y, w + 2, 3, r[3]);
    c.h(x - 1, y, w + 2, r[4]);
    c.h(x - 1, y + 2, w + 2, r[1]);
}

/// A glowing screen with a few lines of something on it.
pub fn screen(c: &mut Canvas, x: i32, y: i32, w: i32, h: i32, kind: u32) {
    c.rect(x, y, w, h, INK0);
    c.rect(x + 1, y + 1, w - 2, h - 2, BL0);
    match kind % 3 {
        0 => {
            c.rect(x + 1, y + 1, w - 2, 2, BL2);
            for (i, yy) in (y + 4..y + h - 2).step_by(2).enumerate() {
                let len = 3 + (hash(i as i32, w, kind) % 6) as i32;
                c.h(x + 3 + (i as i32 % 3), yy, len.min(w - 6), [BL3, TL3, GD3, BL4][i % 4]);
            }
        }
        1 => {
            c.rect(x + 1, y + 1, w - 2, h - 2, TL2);
            c.poly(
                &[
                    (x + 1, y + h - 1),
                    (x + w / 3, y + h / 2),
                    (x + w / 2, y + h - 3),
                    (x + w - 6, y + 3),
                    (x + w - 1, y + h - 1),
                ],
                TL1,
            );
            c.oval(x + 3, y + 3, 4, 4, GD3);
        }
        _ => {
            c.rect(x + 1, y + 1, w - 2, h - 2, BL1);
            for i in 0..(w - 4) / 4 {
                let tall = 2 + (hash(i, 3, kind) % (h - 5).max(1) as u32) as i32;
                c.rect(x + 3 + i * 4, y + h - 2 - tall, 2, tall, [RD3, GD2, BL3][i as usize % 3]);
            }
        }
    }
    c.dots(&[(x + w - 3, y + 1), (x + w - 4, y + 1)], BL4);
}
