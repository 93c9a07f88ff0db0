//! The club set: games, music and the bar.

use super::kit::*;
use super::{Facing, Object};
use crate::canvas::Canvas;
use crate::palette::*;

pub fn all() -> Vec<Object> {
    vec![
        Object::new("piano", piano()).foot(3, 1),
        Object::animated("arcade-red", (0..2).map(|f| arcade(&RED, f)).collect(), 420)
            .foot(1, 1)
            .glow(PK2)
            .light(0, -50, PK2, 70, "screen"),
        Object::animated("arcade-blue", (0..2).map(|f| arcade(&BLUE, f)).collect(), 380)
            .foot(1, 1)
            .glow(BL3)
            .light(0, -50, BL3, 70, "screen"),
        Object::new("table-football", football()).foot(3, 1),
        Object::new("pool-table", pool()).foot(4, 2),
        Object::new("bar", bar(0)).foot(1, 1),
        Object::new("bar-taps", bar(1)).foot(1, 1),
        Object::new("bar-glasses", bar(2)).foot(1, 1),
        Object::new("bar-stool", bar_stool()).sort(-26).seat(0, 0, Facing::Up, -4),
        Object::new("bottles", bottles()).foot(3, 1).glow(GD2).light(0, -50, GD2, 90, "lamp"),
        Object::animated("jukebox", (0..2).map(jukebox).collect(), 600)
            .foot(1, 1)
            .glow(GD2)
            .light(0, -40, GD2, 80, "lamp"),
        Object::new("dj-desk", dj_desk()).foot(3, 1).glow(PU2).light(0, -40, PU3, 90, "screen"),
        Object::new("drums", drums()).foot(2, 1),
        Object::new("guitar", guitar()).foot(1, 1),
        Object::new("barrel", barrel()).foot(1, 1),
        Object::new("dart-board", darts()),
    ]
}

fn piano() -> Canvas {
    let mut c = Canvas::new(98, 76);
    slab(&mut c, 4, 4, 90, 9, 28, &WALNUT);
    c.frame(10, 16, 34, 20, WD0);
    c.frame(54, 16, 34, 20, WD0);
    c.rect(36, 14, 26, 15, CR4);
    c.v(49, 14, 15, CR1);
    for y in [17, 21, 25] {
        c.h(38, y, 9, ST1);
        c.h(51, y, 9, ST1);
    }
    slab(&mut c, 2, 40, 94, 12, 5, &WALNUT);
    c.rect(7, 41, 84, 9, ST4);
    c.h(7, 49, 84, CR2);
    for x in (10..90).step_by(4) {
        c.v(x, 41, 9, ST2);
    }
    for (i, x) in (9..88).step_by(4).enumerate() {
        if ![2, 6].contains(&(i % 7)) {
            c.rect(x, 41, 2, 5, INK0);
        }
    }
    c.rect(6, 57, 86, 12, INK1);
    c.rect(3, 57, 5, 14, WN2);
    c.rect(90, 57, 5, 14, WN1);
    c.rect(20, 57, 58, 9, WN1);
    c.rect(46, 66, 2, 3, GD2);
    c.rect(50, 66, 2, 3, GD2);
    c.rect(12, 1, 5, 8, CR4);
    c.rect(13, 0, 3, 2, GD3);
    c.outline();
    c.shadow_rect(3, 68, 94, 8);
    c
}

fn arcade(r: &Ramp, frame: i32) -> Canvas {
    let mut c = Canvas::new(34, 82);
    slab(&mut c, 3, 4, 28, 6, 64, r);
    c.rect(5, 11, 24, 9, GD3);
    c.rect(6, 12, 22, 7, if frame == 0 { PK2 } else { PU2 });
    for x in [8, 13, 18, 23] {
        c.rect(x, 14, 3, 3, GD4);
    }
    c.rect(5, 22, 24, 20, INK0);
    c.rect(7, 24, 20, 16, BL0);
    let shift = frame * 2;
    for (x, y, ink) in [(9, 26, LF4), (15, 26, LF4), (21, 26, LF4), (12, 30, PK2), (18, 30, PK2)] {
        c.art(x + shift - 1, y, &["2.2", "222"], &[0, 0, ink], &[]);
    }
    c.rect(15 - shift, 37, 4, 2, BL4);
    c.v(17, 33 - shift, 2, GD3);
    c.poly(&[(3, 43), (31, 43), (33, 52), (1, 52)], INK2);
    c.h(3, 43, 28, ST0);
    c.rect(9, 44, 2, 4, ST2);
    c.oval(8, 42, 4, 4, RD3);
    c.rect(19, 46, 2, 2, GD3);
    c.rect(23, 46, 2, 2, TL3);
    c.rect(12, 57, 10, 11, INK1);
    c.rect(14, 60, 2, 4, GD2);
    c.rect(18, 60, 2, 4, GD2);
    c.outline();
    c.shadow_rect(2, 73, 32, 8);
    c
}

fn football() -> Canvas {
    let mut c = Canvas::new(98, 62);
    for x in [8, 84] {
        c.rect(x, 40, 6, 17, WD2);
        c.v(x, 40, 17, WD3);
    }
    slab(&mut c, 3, 8, 92, 30, 12, &WOOD);
    c.rect(8, 12, 82, 21, LF2);
    c.rect(8, 12, 82, 2, LF1);
    c.v(49, 14, 19, LF5);
    c.frame(8, 18, 8, 10, LF5);
    c.frame(82, 18, 8, 10, LF5);
    c.oval(43, 17, 13, 11, LF5);
    c.oval(44, 18, 11, 9, LF2);
    for (i, x) in [18, 30, 42, 55, 67, 79].iter().enumerate() {
        c.v(*x, 5, 32, ST3);
        c.v(*x + 1, 5, 32, ST1);
        let (light, dark) = if i % 2 == 0 { (RD3, RD1) } else { (BL3, BL1) };
        for y in [15, 22, 28] {
            c.rect(*x - 1, y, 4, 4, light);
            c.h(*x - 1, y + 3, 4, dark);
        }
        c.rect(*x - 1, if i % 2 == 0 { 37 } else { 3 }, 4, 5, INK1);
    }
    c.rect(48, 24, 2, 2, ST4);
    c.outline();
    c.shadow_rect(4, 50, 92, 10);
    c
}

fn pool() -> Canvas {
    let mut c = Canvas::new(132, 84);
    for x in [10, 112] {
        c.rect(x, 64, 9, 15, WN1);
        c.v(x, 64, 15, WN3);
    }
    slab(&mut c, 2, 4, 128, 56, 12, &WALNUT);
    c.rect(9, 10, 114, 44, TL2);
    c.rect(9, 10, 114, 3, TL1);
    c.v(9, 10, 44, TL1);
    for (x, y) in [(7, 8), (62, 7), (119, 8), (7, 49), (62, 50), (119, 49)] {
        c.oval(x, y, 7, 7, INK0);
    }
    let balls =
        [(84, 30, RD2), (90, 27, GD3), (90, 34, BL2), (96, 24, PU2), (96, 31, INK1), (96, 38, LF3), (52, 40, RD3)];
    for (x, y, ink) in balls {
        c.oval(x, y + 1, 6, 6, TL1);
        c.oval(x, y, 5, 5, ink);
        c.dot(x + 1, y + 1, CR4);
    }
    c.oval(38, 31, 5, 5, ST4);
    c.line(12, 38, 34, 34, WD5);
    c.outline();
    c.shadow_rect(4, 72, 126, 12);
    c
}

fn bar(kind: i32) -> Canvas {
    let mut c = Canvas::new(32, 62);
    c.rect(0, 30, 32, 26, WN1);
    c.frame(3, 35, 26, 17, WD0);
    c.h(4, 51, 25, WN3);
    c.v(28, 36, 16, WN3);
    c.rect(0, 54, 32, 3, WD0);
    c.rect(0, 50, 32, 2, GD1);
    c.h(0, 50, 32, GD3);
    c.rect(0, 14, 32, 14, WN3);
    c.h(0, 14, 32, WN2);
    c.h(0, 27, 32, OK2);
    c.rect(0, 28, 32, 3, WN2);
    c.h(0, 31, 32, WD0);
    match kind {
        1 => {
            c.rect(13, 8, 6, 14, GD2);
            c.v(13, 8, 14, GD4);
            c.v(18, 8, 14, GD1);
            c.rect(8, 8, 16, 3, GD2);
            c.h(8, 8, 16, GD4);
            c.rect(9, 2, 3, 6, RD2);
            c.rect(20, 2, 3, 6, BL2);
            c.rect(9, 11, 2, 3, ST1);
            c.rect(21, 11, 2, 3, ST1);
        }
        2 => {
            for (x, ink) in [(4, GD2), (14, RD3), (23, TL3)] {
                c.rect(x, 12, 5, 8, BL4);
                c.rect(x, 15, 5, 5, ink);
                c.v(x, 12, 8, ST4);
                c.h(x, 20, 5, WN2);
            }
        }
        _ => {}
    }
    c.rect_alpha(0, 57, 32, 5, INK0, crate::canvas::SHADOW_ALPHA);
    c
}

fn bar_stool() -> Canvas {
    let mut c = Canvas::new(32, 40);
    c.rect(15, 16, 3, 17, ST1);
    c.v(15, 16, 17, ST3);
    c.oval(10, 31, 12, 5, INK2);
    c.oval(10, 30, 12, 4, ST0);
    c.h(11, 25, 10, ST1);
    round_slab(&mut c, 7, 7, 18, 9, 4, &RED);
    c.outline();
    c.shadow_oval(7, 31, 19, 8);
    c
}

fn bottles() -> Canvas {
    let mut c = Canvas::new(98, 84);
    slab(&mut c, 2, 3, 94, 6, 70, &WALNUT);
    for row in 0..3 {
        let y = 10 + row * 20;
        c.rect(5, y, 88, 17, WD0);
        c.rect(5, y + 1, 88, 2, WN1);
        let mut x = 7;
        let mut i = 0;
        while x < 88 {
            let roll = crate::canvas::hash(i, row, 12);
            let r = [RED, TEAL, GOLD, BLUE, LEAF, PURPLE, BIRCH][(roll % 7) as usize];
            let (w, h) = (4 + (roll >> 5) as i32 % 3, 8 + (roll >> 9) as i32 % 3);
            c.rect(x, y + 17 - h, w, h, r[2]);
            c.v(x, y + 17 - h, h, r[4]);
            c.rect(x + w / 2 - 1, y + 13 - h, 2, 4, r[2]);
            if roll.is_multiple_of(2) {
                c.rect(x, y + 20 - h, w, 3, CR3);
            }
            x += w + 2;
            i += 1;
        }
        c.rect(5, y + 17, 88, 3, WN3);
        c.h(5, y + 17, 88, OK1);
    }
    c.rect(2, 71, 94, 8, WN1);
    c.outline();
    c.shadow_rect(2, 77, 96, 7);
    c
}

fn jukebox(frame: i32) -> Canvas {
    let mut c = Canvas::new(36, 74);
    c.rrect(3, 3, 30, 65, 13, RD2);
    c.rrect(5, 5, 26, 40, 11, if frame == 0 { GD2 } else { PK2 });
    c.rrect(7, 7, 22, 36, 9, if frame == 0 { PK2 } else { GD2 });
    c.rrect(9, 9, 18, 32, 8, WD0);
    c.oval(11, 12, 14, 10, INK0);
    c.oval(16, 15, 4, 4, GD3);
    for y in [26, 30, 34] {
        c.h(11, y, 6, CR3);
        c.h(19, y, 6, CR3);
    }
    c.rect(7, 45, 22, 3, ST3);
    for x in (8..28).step_by(3) {
        c.v(x, 50, 13, GD2);
    }
    c.v(3, 18, 46, RD3);
    c.rect(3, 64, 30, 4, RD1);
    c.outline();
    c.shadow_oval(2, 63, 33, 10);
    c
}

fn dj_desk() -> Canvas {
    let mut c = Canvas::new(98, 58);
    slab(&mut c, 2, 8, 94, 20, 24, &DARK);
    for x in [10, 62] {
        c.rect(x, 9, 26, 18, INK2);
        c.oval(x + 2, 10, 20, 15, INK0);
        c.oval(x + 4, 11, 16, 12, INK1);
        c.oval(x + 9, 15, 6, 4, PK2);
        c.line(x + 24, 10, x + 18, 16, ST3);
    }
    c.rect(40, 10, 18, 16, ST0);
    for (i, x) in (42..56).step_by(4).enumerate() {
        c.v(x, 12, 8, INK0);
        c.rect(x - 1, 13 + i as i32, 3, 2, ST4);
    }
    c.dots(&[(42, 23), (46, 23)], LF4);
    c.dots(&[(50, 23), (54, 23)], RD3);
    for i in 0..11 {
        let tall = 3 + (crate::canvas::hash(i, 4, 8) % 12) as i32;
        c.rect(10 + i * 7, 50 - tall, 5, tall, PU2);
        c.rect(10 + i * 7, 50 - tall, 5, 2, PK2);
    }
    c.outline();
    c.shadow_rect(3, 50, 94, 8);
    c
}

fn drums() -> Canvas {
    let mut c = Canvas::new(68, 60);
    c.v(10, 14, 36, ST1);
    c.v(58, 14, 36, ST1);
    c.oval(1, 9, 20, 7, GD1);
    c.oval(1, 8, 20, 6, GD3);
    c.oval(47, 7, 20, 7, GD1);
    c.oval(47, 6, 20, 6, GD3);
    c.oval(17, 12, 16, 10, ST4);
    c.rect(17, 17, 16, 9, RD2);
    c.oval(35, 12, 16, 10, ST4);
    c.rect(35, 17, 16, 9, RD2);
    c.h(17, 25, 34, RD1);
    c.oval(18, 20, 32, 32, RD1);
    c.oval(20, 22, 28, 28, ST4);
    c.oval(22, 24, 24, 24, CR3);
    c.oval(30, 32, 8, 8, RD2);
    c.oval(48, 34, 18, 9, ST4);
    c.rect(48, 38, 18, 8, RD2);
    c.oval(2, 34, 16, 9, ST4);
    c.rect(2, 38, 16, 10, RD2);
    c.outline();
    c.shadow_oval(3, 46, 62, 13);
    c
}

fn guitar() -> Canvas {
    let mut c = Canvas::new(32, 62);
    c.line(10, 54, 15, 40, INK2);
    c.line(22, 54, 17, 40, INK2);
    c.rect(15, 6, 3, 28, WD1);
    c.v(15, 6, 28, WD2);
    c.rect(14, 2, 5, 6, WD2);
    c.oval(10, 26, 13, 12, GD1);
    c.oval(8, 34, 17, 16, GD1);
    c.oval(9, 34, 12, 12, GD2);
    c.oval(11, 27, 9, 8, GD2);
    c.oval(14, 35, 5, 5, WD0);
    c.rect(13, 44, 7, 2, WD1);
    c.outline();
    c.shadow_oval(6, 48, 22, 10);
    c
}

fn barrel() -> Canvas {
    let mut c = Canvas::new(34, 50);
    c.rrect(4, 6, 26, 38, 7, WD2);
    c.rect(4, 14, 26, 22, WD3);
    c.rect(6, 14, 5, 24, WD4);
    c.rect(25, 14, 5, 24, WD2);
    for x in [11, 17, 24] {
        c.v(x, 14, 27, WD2);
    }
    c.oval(5, 3, 24, 14, WD2);
    c.oval(6, 3, 22, 12, WD4);
    c.oval(8, 5, 18, 9, WD3);
    for y in [19, 34] {
        c.rect(4, y, 26, 3, ST0);
        c.h(5, y, 8, ST2);
    }
    c.outline();
    c.shadow_oval(4, 36, 28, 12);
    c
}

fn darts() -> Canvas {
    let mut c = Canvas::new(30, 30);
    c.oval(1, 1, 28, 28, INK1);
    c.oval(3, 3, 24, 24, CR3);
    c.oval(5, 5, 20, 20, RD2);
    c.oval(8, 8, 14, 14, CR3);
    c.oval(10, 10, 10, 10, LF2);
    c.oval(13, 13, 4, 4, RD2);
    c.line(17, 12, 22, 7, GD3);
    c.line(11, 18, 8, 23, BL3);
    c
}
