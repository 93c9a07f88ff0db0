//! The lecture set: what a stage needs.

use super::Object;
use super::kit::*;
use crate::canvas::Canvas;
use crate::palette::*;

pub fn all() -> Vec<Object> {
    vec![
        Object::new("podium", podium()).foot(1, 1),
        Object::new("speaker", speaker()).foot(1, 1),
        Object::new("microphone", microphone()),
        Object::new("projector", projector()).foot(1, 1).glow(BL4).light(0, -30, BL4, 48, "screen"),
        Object::new("flipchart", flipchart()).foot(1, 1),
        Object::new("curtain", curtain()).foot(1, 1),
    ]
}

fn podium() -> Canvas {
    let mut c = Canvas::new(36, 54);
    c.rect(6, 18, 24, 30, WD3);
    c.v(6, 18, 30, WD4);
    c.v(29, 18, 30, WD1);
    c.frame(10, 24, 16, 20, WD2);
    c.h(11, 43, 15, WD4);
    c.oval(13, 28, 10, 10, GD2);
    c.oval(14, 29, 6, 5, GD3);
    c.rect(4, 46, 28, 4, WD2);
    c.poly(&[(6, 8), (30, 8), (33, 20), (3, 20)], WD4);
    c.h(6, 8, 24, WD5);
    c.rect(3, 18, 30, 3, WD2);
    c.poly(&[(11, 10), (23, 10), (24, 17), (10, 17)], CR4);
    c.h(13, 12, 8, ST1);
    c.h(13, 14, 8, ST1);
    c.line(28, 9, 25, 2, INK2);
    c.rect(24, 1, 3, 3, INK1);
    c.outline();
    c.shadow_rect(4, 45, 31, 9);
    c
}

fn speaker() -> Canvas {
    let mut c = Canvas::new(32, 64);
    slab(&mut c, 4, 4, 24, 8, 48, &DARK);
    c.oval(9, 14, 14, 14, ST0);
    c.oval(10, 15, 12, 12, INK0);
    c.oval(14, 19, 4, 4, ST1);
    c.oval(7, 32, 18, 18, ST0);
    c.oval(8, 33, 16, 16, INK0);
    c.oval(13, 38, 6, 6, ST1);
    c.outline();
    c.shadow_rect(4, 55, 27, 8);
    c
}

fn microphone() -> Canvas {
    let mut c = Canvas::new(20, 44);
    c.rect(9, 10, 2, 28, ST0);
    c.v(9, 10, 28, ST2);
    c.oval(4, 36, 12, 5, INK2);
    c.rrect(7, 3, 6, 8, 2, INK2);
    c.rect(8, 3, 3, 4, ST1);
    c.outline();
    c.shadow_oval(2, 36, 16, 7);
    c
}

fn projector() -> Canvas {
    let mut c = Canvas::new(32, 44);
    c.rect(8, 20, 16, 18, INK2);
    c.v(8, 20, 18, ST0);
    slab(&mut c, 4, 8, 24, 8, 8, &STONE);
    c.oval(7, 15, 9, 8, INK1);
    c.oval(9, 16, 4, 4, BL4);
    c.rect(20, 18, 6, 2, INK2);
    c.outline();
    c.shadow_rect(6, 34, 22, 8);
    c
}

fn flipchart() -> Canvas {
    let mut c = Canvas::new(34, 66);
    c.line(10, 42, 6, 62, WD2);
    c.line(24, 42, 28, 62, WD2);
    c.rect(4, 4, 26, 40, ST4);
    c.rect(4, 4, 26, 4, INK2);
    c.v(29, 8, 36, ST2);
    c.h(8, 13, 14, RD2);
    c.h(8, 18, 17, ST1);
    c.h(8, 22, 13, ST1);
    c.oval(10, 27, 12, 12, BL2);
    c.oval(12, 29, 8, 8, ST4);
    c.outline();
    c.shadow_oval(3, 56, 29, 9);
    c
}

fn curtain() -> Canvas {
    let mut c = Canvas::new(32, 92);
    c.rect(0, 3, 32, 84, RD2);
    for (i, x) in (0..32).step_by(8).enumerate() {
        c.rect(x, 3, 3, 84, RD1);
        c.rect(x + 4, 3, 2, 84, RD3);
        c.rect(x + 1, 85, 6, 2 + (i as i32 % 2), RD1);
    }
    c.rect(0, 1, 32, 4, GD2);
    c.h(0, 1, 32, GD3);
    c.h(0, 5, 32, RD0);
    c.rect(0, 58, 32, 3, GD2);
    c.h(0, 61, 32, RD0);
    c.shadow_rect(0, 86, 32, 6);
    c
}
