//! The kitchen set: counters that line up on a wall, machines, a table to stand at.

use super::Object;
use super::kit::*;
use crate::canvas::Canvas;
use crate::palette::*;

pub fn all() -> Vec<Object> {
    vec![
        Object::new("counter", counter("plain")).foot(1, 1),
        Object::new("counter-drawers", counter("drawers")).foot(1, 1),
        Object::new("counter-sink", counter("sink")).foot(1, 1),
        Object::new("counter-stove", counter("stove")).foot(1, 1),
        Object::new("counter-coffee", counter("coffee")).foot(1, 1).glow(TL3),
        Object::new("counter-fruit", counter("fruit")).foot(1, 1),
        Object::new("counter-jars", counter("jars")).foot(1, 1),
        Object::new("fridge", fridge()).foot(1, 1),
        Object::new("island", island()).foot(3, 1),
        Object::new("cafe-table", cafe_table()).foot(1, 1),
        Object::new("vending", vending()).foot(1, 1).glow(BL4).light(0, -40, BL4, 70, "screen"),
    ]
}

fn counter(kind: &str) -> Canvas {
    let mut c = Canvas::new(32, 70);
    let r = &BIRCH;
    c.rect(0, 40, 32, 26, TL2);
    c.rect(0, 40, 32, 2, TL1);
    c.rect(0, 62, 32, 4, TL1);
    if kind == "drawers" || kind == "coffee" {
        for y in [43, 49, 55] {
            c.frame(2, y, 28, 7, TL1);
            c.h(3, y + 1, 26, TL3);
            c.h(13, y + 3, 6, GD3);
        }
    } else {
        for x in [1, 16] {
            c.frame(x, 43, 15, 18, TL1);
            c.h(x + 1, 44, 13, TL3);
            c.v(x + 1, 44, 16, TL3);
        }
        c.rect(12, 50, 2, 4, GD3);
        c.rect(18, 50, 2, 4, GD3);
    }
    c.rect(0, 20, 32, 18, r[3]);
    c.h(0, 20, 32, r[2]);
    c.h(0, 37, 32, r[4]);
    c.rect(0, 38, 32, 3, r[2]);
    c.h(0, 40, 32, r[1]);
    match kind {
        "sink" => {
            c.rrect(4, 23, 24, 12, 3, ST1);
            c.rrect(5, 24, 22, 10, 3, ST2);
            c.rect(6, 25, 20, 3, ST0);
            c.rect(15, 15, 2, 9, ST3);
            c.rect(15, 14, 6, 2, ST4);
            c.rect(20, 15, 2, 4, ST2);
        }
        "stove" => {
            c.rect(2, 21, 28, 16, INK2);
            c.h(2, 21, 28, ST0);
            for (x, y) in [(4, 22), (17, 22), (4, 29), (17, 29)] {
                c.oval(x, y, 11, 7, INK0);
                c.oval(x + 2, y + 1, 7, 5, ST0);
                c.oval(x + 3, y + 2, 5, 3, INK0);
            }
            c.rrect(5, 13, 14, 12, 2, RD2);
            c.h(5, 13, 14, RD4);
            c.v(5, 14, 9, RD3);
            c.rect(10, 10, 4, 3, INK2);
            c.rect(4, 44, 24, 16, INK1);
            c.rect(6, 48, 20, 9, INK0);
            c.h(6, 46, 20, ST2);
        }
        "coffee" => {
            c.rrect(4, 4, 24, 28, 2, ST1);
            c.rect(5, 4, 22, 6, ST3);
            c.h(5, 4, 22, ST4);
            c.v(4, 6, 24, ST3);
            c.rect(7, 12, 18, 12, INK1);
            c.rect(10, 12, 3, 5, ST2);
            c.rect(19, 12, 3, 5, ST2);
            c.rect(10, 19, 5, 5, CR4);
            c.h(10, 24, 5, CR1);
            c.rect(7, 25, 18, 3, INK2);
            c.dots(&[(22, 7), (23, 7)], TL3);
            c.dots(&[(8, 7), (9, 7)], RD2);
            c.rect(27, 24, 4, 6, CR4);
            c.rect(27, 18, 4, 5, CR4);
            c.h(27, 23, 4, CR1);
        }
        "fruit" => {
            c.oval(5, 21, 22, 12, WD2);
            c.oval(5, 20, 22, 10, WD4);
            c.oval(8, 16, 8, 8, RD2);
            c.oval(9, 17, 4, 4, RD3);
            c.oval(15, 15, 9, 8, GD2);
            c.oval(16, 16, 4, 3, GD3);
            c.oval(12, 19, 8, 7, LF3);
            c.oval(13, 20, 4, 3, LF4);
        }
        "jars" => {
            for (x, h, r) in [(4, 13, RED), (13, 16, TEAL), (22, 11, GOLD)] {
                c.rect(x, 32 - h, 7, h, r[2]);
                c.v(x, 32 - h, h, r[4]);
                c.v(x + 6, 32 - h, h, r[1]);
                c.rect(x, 30 - h, 7, 2, WD3);
                c.rect(x + 1, 36 - h, 5, 4, CR4);
                c.h(x, 32, 7, WN2);
            }
        }
        _ => {
            c.poly(&[(6, 24), (24, 24), (26, 33), (4, 33)], WD3);
            c.h(4, 33, 22, WD1);
            c.oval(9, 24, 12, 7, GD1);
            c.oval(9, 23, 12, 6, WD4);
            c.line(22, 26, 27, 30, ST4);
        }
    }
    c.h(0, 66, 32, LF0);
    c.rect_alpha(0, 67, 32, 3, INK0, crate::canvas::SHADOW_ALPHA);
    c
}

fn fridge() -> Canvas {
    let mut c = Canvas::new(34, 88);
    slab(&mut c, 2, 4, 30, 10, 70, &STONE);
    c.rect(2, 14, 30, 1, ST1);
    c.h(3, 38, 28, ST0);
    c.h(3, 39, 28, ST3);
    c.v(3, 15, 66, ST3);
    c.rect(27, 24, 2, 11, INK2);
    c.rect(27, 43, 2, 14, INK2);
    c.rect(8, 20, 7, 8, GD3);
    c.rect(13, 46, 9, 11, CR4);
    c.h(15, 49, 5, BL2);
    c.h(15, 52, 4, BL2);
    c.rect(9, 30, 4, 4, RD2);
    c.rect(2, 80, 30, 4, ST0);
    c.outline();
    c.shadow_rect(2, 81, 32, 7);
    c
}

fn island() -> Canvas {
    let mut c = Canvas::new(100, 62);
    slab(&mut c, 1, 8, 98, 22, 4, &BIRCH);
    c.rect(4, 34, 92, 22, TL2);
    c.h(4, 34, 92, LF0);
    c.h(4, 35, 92, TL1);
    for x in [6, 29, 52, 75] {
        c.frame(x, 37, 20, 15, TL1);
        c.h(x + 1, 38, 18, TL3);
        c.v(x + 1, 38, 13, TL3);
    }
    c.rect(4, 53, 92, 3, TL1);
    c.oval(12, 12, 18, 10, ST2);
    c.oval(12, 11, 18, 9, ST4);
    c.oval(15, 10, 6, 6, WD3);
    c.oval(21, 11, 6, 6, WD3);
    c.rect(44, 6, 6, 16, TL2);
    c.v(44, 6, 16, TL4);
    c.rect(46, 3, 2, 4, TL2);
    c.art(
        62,
        4,
        &["..pp.yy.", ".pppyyyy", ".pp.gyy.", "...gg.g.", "..wwwwg.", "..wwww..", "..wwww..", "..swws.."],
        &[],
        &[('p', PK2), ('y', GD3), ('g', LF3), ('w', ST4), ('s', ST2)],
    );
    c.rect(76, 14, 14, 8, CR4);
    c.h(76, 22, 14, CR1);
    c.oval(79, 15, 8, 5, RD3);
    c.outline();
    c.shadow_rect(3, 54, 96, 8);
    c
}

fn cafe_table() -> Canvas {
    let mut c = Canvas::new(36, 44);
    c.rect(16, 22, 4, 14, INK2);
    c.v(16, 22, 14, ST0);
    c.oval(10, 34, 16, 6, INK2);
    c.oval(10, 33, 16, 5, ST0);
    round_slab(&mut c, 3, 4, 30, 18, 3, &WOOD);
    c.rect(10, 9, 5, 5, ST4);
    c.h(10, 14, 5, ST1);
    c.oval(19, 9, 9, 6, ST3);
    c.oval(21, 9, 5, 4, GD1);
    c.outline();
    c.shadow_oval(5, 33, 28, 10);
    c
}

fn vending() -> Canvas {
    let mut c = Canvas::new(34, 84);
    slab(&mut c, 2, 4, 30, 8, 68, &RED);
    c.rect(5, 16, 18, 46, INK0);
    for (i, y) in (18..58).step_by(10).enumerate() {
        c.rect(6, y, 16, 8, BL0);
        for j in 0..4 {
            c.rect(7 + j * 4, y + 2, 3, 6, [RD3, GD2, TL3, BL3, PK2][(i + j as usize) % 5]);
        }
        c.h(6, y + 8, 16, ST1);
    }
    c.rect(25, 20, 5, 12, INK1);
    c.rect(26, 21, 3, 3, BL4);
    c.rect(6, 65, 18, 6, INK1);
    c.outline();
    c.shadow_rect(2, 76, 32, 8);
    c
}
