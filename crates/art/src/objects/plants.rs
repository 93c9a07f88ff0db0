//! Plants in pots: leaves drawn one by one, because a room lives by them.

use super::Object;
use super::kit::*;
use crate::canvas::Canvas;
use crate::palette::*;

pub fn all() -> Vec<Object> {
    vec![
        Object::new("plant-monstera", monstera()).foot(1, 1).sway(),
        Object::new("plant-palm", palm()).foot(1, 1).sway(),
        Object::new("plant-fern", fern()).foot(1, 1).sway(),
        Object::new("plant-snake", snake()).foot(1, 1).sway(),
        Object::new("plant-ficus", ficus(&GREEN, &CREAM)).foot(1, 1).sway(),
        Object::new("plant-lemon", lemon()).foot(1, 1).sway(),
        Object::new("plant-cactus", cactus()).foot(1, 1),
        Object::new("plant-flowers", flowers()).foot(1, 1).sway(),
        Object::new("planter", planter()).foot(2, 1).sway(),
        Object::new("planter-long", planter_long()).foot(3, 1).sway(),
    ]
}

/// One pointed leaf from a stem: a lit half, a dark half, a rib.
fn leaf(c: &mut Canvas, x: i32, y: i32, dx: i32, dy: i32, fat: i32, r: &[Ink; 3]) {
    let steps = dx.abs().max(dy.abs()).max(1);
    let flat = dx.abs() >= dy.abs();
    for i in 0..=steps {
        let (px, py) = (x + dx * i / steps, y + dy * i / steps);
        let half = fat * (steps - (2 * i - steps).abs()) / steps;
        if flat {
            c.rect(px, py - half, 1, half, r[2]);
            c.rect(px, py, 1, half + 1, r[0]);
        } else {
            c.rect(px - half, py, half, 1, r[2]);
            c.rect(px, py, half + 1, 1, r[0]);
        }
    }
    for i in 0..steps {
        c.dot(x + dx * i / steps, y + dy * i / steps, r[1]);
    }
}

fn monstera() -> Canvas {
    let mut c = Canvas::new(40, 60);
    for (dx, dy, fat) in
        [(-14, -10, 5), (14, -8, 5), (-10, -22, 6), (11, -20, 6), (0, -27, 6), (-15, -1, 4), (14, 2, 4)]
    {
        c.line(20, 40, 20 + dx / 3, 38 + dy / 2, LF1);
        leaf(&mut c, 20 + dx / 4, 36 + dy / 3, dx, dy, fat, &[LF2, LF1, LF3]);
    }
    leaf(&mut c, 20, 34, -5, -12, 4, &[LF3, LF2, LF4]);
    leaf(&mut c, 21, 36, 8, -6, 4, &[LF3, LF2, LF4]);
    pot(&mut c, 13, 40, 14, 14, &RED);
    c.outline();
    c.shadow_oval(9, 48, 23, 9);
    c
}

fn palm() -> Canvas {
    let mut c = Canvas::new(44, 76);
    c.rect(21, 30, 3, 26, WD2);
    c.v(21, 30, 26, WD3);
    for (dx, dy) in [(-19, 4), (19, 6), (-17, -8), (17, -7), (-9, -18), (10, -17), (1, -22), (-12, 12), (13, 14)] {
        leaf(&mut c, 22, 30, dx, dy, 3, &[LF2, LF1, LF3]);
    }
    leaf(&mut c, 22, 29, -12, -4, 2, &[LF3, LF2, LF4]);
    leaf(&mut c, 22, 29, 7, -12, 2, &[LF3, LF2, LF4]);
    pot(&mut c, 15, 55, 15, 15, &CREAM);
    c.outline();
    c.shadow_oval(11, 64, 24, 9);
    c
}

fn fern() -> Canvas {
    let mut c = Canvas::new(36, 46);
    for (dx, dy) in [(-15, 2), (15, 3), (-14, -8), (14, -8), (-7, -15), (8, -15), (0, -17), (-10, 9), (11, 9)] {
        leaf(&mut c, 18, 26, dx, dy, 2, &[LF3, LF2, LF4]);
    }
    pot(&mut c, 11, 28, 14, 12, &TEAL);
    leaf(&mut c, 17, 27, -8, 6, 2, &[LF3, LF2, LF4]);
    leaf(&mut c, 19, 27, 8, 7, 2, &[LF2, LF1, LF3]);
    c.outline();
    c.shadow_oval(7, 35, 23, 9);
    c
}

fn snake() -> Canvas {
    let mut c = Canvas::new(32, 56);
    for (x, dx, dy) in [(12, -4, -20), (20, 4, -22), (16, -1, -29), (14, -6, -27), (18, 5, -30), (16, 1, -20)] {
        leaf(&mut c, x, 38, dx, dy, 2, &[LF2, LF4, LF3]);
    }
    pot(&mut c, 9, 37, 14, 13, &STONE);
    c.outline();
    c.shadow_oval(6, 44, 22, 9);
    c
}

fn ficus(leaves: &[Ink; 6], r: &Ramp) -> Canvas {
    let mut c = Canvas::new(40, 74);
    c.rect(18, 38, 3, 18, WD2);
    c.v(18, 38, 18, WD3);
    foliage(&mut c, 3, 3, 34, 40, leaves, 21, 9);
    pot(&mut c, 12, 53, 15, 15, r);
    c.outline();
    c.shadow_oval(8, 62, 24, 9);
    c
}

fn lemon() -> Canvas {
    let mut c = ficus(&GREEN, &RED);
    for (x, y) in [(10, 16), (22, 10), (28, 22), (15, 28), (23, 33), (8, 25)] {
        c.oval(x, y, 5, 6, GD2);
        c.rect(x + 1, y + 1, 2, 2, GD4);
    }
    c
}

fn cactus() -> Canvas {
    let mut c = Canvas::new(32, 50);
    c.rrect(12, 6, 9, 30, 4, LF2);
    c.rrect(12, 6, 6, 28, 3, LF3);
    c.v(14, 9, 24, LF4);
    c.rrect(5, 16, 5, 10, 2, LF3);
    c.rect(7, 23, 6, 4, LF2);
    c.rrect(23, 12, 5, 11, 2, LF2);
    c.rect(20, 20, 6, 4, LF2);
    c.rect(15, 3, 3, 3, PK2);
    c.rect(13, 4, 2, 2, PK3);
    pot(&mut c, 9, 33, 14, 11, &RED);
    c.outline();
    c.shadow_oval(6, 38, 22, 9);
    c
}

fn bloom(c: &mut Canvas, x: i32, y: i32, r: &Ramp) {
    c.art(x - 2, y - 2, &[".34.", "3443", "23y3", ".22."], r, &[('y', GD3)]);
}

fn flowers() -> Canvas {
    let mut c = Canvas::new(34, 46);
    foliage(&mut c, 4, 10, 26, 20, &GREEN, 4, 7);
    for (i, (x, y)) in [(9, 12), (17, 9), (24, 13), (12, 19), (20, 18), (27, 20), (7, 20)].iter().enumerate() {
        bloom(&mut c, *x, *y, [&PINK, &GOLD, &RED, &PURPLE][i % 4]);
    }
    pot(&mut c, 10, 28, 14, 12, &BLUE);
    c.outline();
    c.shadow_oval(6, 34, 23, 9);
    c
}

fn planter() -> Canvas {
    let mut c = Canvas::new(66, 48);
    slab(&mut c, 3, 22, 60, 6, 16, &WOOD);
    for x in [22, 42] {
        c.v(x, 29, 14, WD1);
    }
    foliage(&mut c, 4, 4, 58, 24, &GREEN, 8, 9);
    c.outline();
    c.shadow_rect(3, 40, 62, 8);
    c
}

fn planter_long() -> Canvas {
    let mut c = Canvas::new(98, 50);
    slab(&mut c, 3, 24, 92, 6, 16, &CREAM);
    foliage(&mut c, 4, 8, 90, 22, &GREEN, 18, 9);
    for (i, x) in (12..92).step_by(13).enumerate() {
        leaf(&mut c, x, 22, -4, -14, 2, &[LF2, LF1, LF3]);
        leaf(&mut c, x + 2, 22, 5, -16, 2, &[LF3, LF2, LF4]);
        if i % 2 == 0 {
            bloom(&mut c, x + 4, 15, &PINK);
        }
    }
    c.outline();
    c.shadow_rect(3, 42, 94, 8);
    c
}
