//! The outdoor set: beds, water, light, fences and things left on a lawn.

use super::Object;
use super::kit::*;
use crate::canvas::{Canvas, hash};
use crate::palette::*;

pub fn all() -> Vec<Object> {
    vec![
        Object::new("flower-bed-red", flower_bed(&[RED, PINK])).foot(2, 1).sway(),
        Object::new("flower-bed-gold", flower_bed(&[GOLD, RED])).foot(2, 1).sway(),
        Object::new("flower-bed-blue", flower_bed(&[PURPLE, BLUE])).foot(2, 1).sway(),
        Object::new("lantern", lantern()).foot(1, 1).glow(GD3).light(0, -52, GD3, 120, "lamp").drop(-4),
        Object::animated("fountain", (0..4).map(fountain).collect(), 180).foot(3, 2).drop(2),
        Object::new("picnic-table", picnic()).foot(3, 1),
        Object::new("parasol", parasol()).foot(2, 1),
        Object::new("rock", rock(30, 24)).foot(1, 1),
        Object::new("rock-big", rock(54, 38)).foot(2, 1),
        Object::new("stump", stump()).foot(1, 1),
        Object::new("fence", fence()).foot(1, 1),
        Object::new("signpost", signpost()).foot(1, 1),
        Object::new("bicycle", bicycle()).foot(2, 1),
        Object::new("mailbox", mailbox()).foot(1, 1),
        Object::new("lily", lily()).flat(),
        Object::new("reeds", reeds()).foot(1, 1).sway(),
        Object::animated("campfire", (0..4).map(campfire).collect(), 150)
            .foot(1, 1)
            .glow(RD4)
            .light(0, -14, RD4, 130, "fire"),
        Object::new("log", log()).foot(2, 1),
        Object::new("hammock", hammock()).foot(3, 1),
        Object::new("grass-tall", tall_grass()).sway(),
        Object::new("daisies", daisies()).flat(),
    ]
}

fn flower_bed(colours: &[Ramp; 2]) -> Canvas {
    let mut c = Canvas::new(68, 44);
    c.rrect(2, 16, 64, 23, 5, ST1);
    c.rrect(2, 14, 64, 22, 5, ST3);
    c.rrect(5, 16, 58, 18, 4, WD1);
    c.rrect(5, 18, 58, 16, 4, WD2);
    for x in (8..60).step_by(9) {
        c.v(x, 36, 3, ST0);
    }
    for row in 0..3 {
        for i in 0..7 {
            let roll = hash(i, row, 50);
            let x = 7 + i * 8 + (row % 2) * 4 + (roll % 2) as i32;
            let y = 9 + row * 7 + ((roll >> 3) % 3) as i32;
            if x > 58 {
                continue;
            }
            c.v(x + 2, y + 3, 7, LF1);
            c.art(x - 1, y + 5, &["3...3", "23.23", ".232."], &LEAF, &[]);
            let r = colours[(roll >> 6) as usize % 2];
            c.art(x, y, &[".34.", "3443", "23y3", ".22."], &r, &[('y', if r == GOLD { WD2 } else { GD3 })]);
        }
    }
    c.outline();
    c.shadow_rect(2, 34, 65, 8);
    c
}

fn lantern() -> Canvas {
    let mut c = Canvas::new(28, 76);
    c.rect(13, 24, 3, 42, INK2);
    c.v(13, 24, 42, ST0);
    c.rect(10, 64, 9, 5, INK2);
    c.h(10, 64, 9, ST0);
    c.rect(8, 10, 13, 15, GD3);
    c.rect(9, 11, 5, 12, GD4);
    c.frame(7, 9, 15, 17, INK2);
    c.v(14, 10, 15, INK2);
    c.poly(&[(10, 3), (19, 3), (24, 10), (5, 10)], INK2);
    c.h(9, 5, 9, ST0);
    c.rect(13, 1, 3, 2, INK2);
    c.rect(8, 25, 13, 2, INK1);
    c.outline();
    c.shadow_oval(5, 63, 20, 9);
    c
}

fn fountain(frame: i32) -> Canvas {
    let mut c = Canvas::new(100, 92);
    c.oval(2, 42, 96, 46, ST1);
    c.oval(2, 36, 96, 46, ST3);
    c.oval(3, 37, 93, 42, ST4);
    c.oval(5, 38, 91, 42, ST3);
    c.oval(9, 41, 82, 35, ST1);
    c.oval(9, 44, 82, 32, BL2);
    for i in 0..6 {
        let ring = (i * 9 + frame * 2) % 24;
        let half = 16 + ring;
        if half < 38 {
            c.h(50 - half, 60 + (i % 3) * 4 - 4, 7, BL3);
            c.h(50 + half - 8, 58 + (i % 3) * 4 - 4, 7, BL3);
        }
    }
    c.oval(34, 52, 32, 15, BL3);
    c.oval(37, 54, 26, 11, BL4);
    for x in (10..92).step_by(12) {
        let drop = ((x - 50) * (x - 50)) / 160;
        c.v(x, 79 - drop, 5, ST0);
    }
    // Pillar and upper bowl.
    c.rect(45, 32, 10, 30, ST2);
    c.rect(45, 32, 3, 30, ST4);
    c.rect(52, 32, 3, 30, ST0);
    c.oval(32, 24, 36, 16, ST1);
    c.oval(32, 21, 36, 15, ST4);
    c.oval(35, 23, 30, 10, BL2);
    c.oval(38, 24, 24, 7, BL3);
    c.rect(48, 10, 4, 16, ST2);
    c.v(48, 10, 16, ST4);
    let leap = [0, 2, 1, 3][frame as usize];
    for (dx, tall) in [(-12, 6), (-6, 12), (0, 14), (6, 12), (12, 6)] {
        let x = 49 + dx;
        c.rect(x, 18 - tall + leap, 2, 5, BL4);
        c.rect(x + dx / 6, 22 - tall + leap, 2, 6, ST4);
    }
    for (i, x) in [34, 40, 58, 64].iter().enumerate() {
        let fall = (frame * 3 + i as i32 * 5) % 12;
        c.rect(*x, 33, 2, 22, BL3);
        c.rect(*x, 34 + fall, 2, 6, BL4);
    }
    c.outline();
    c.shadow_oval(3, 50, 97, 42);
    c
}

fn picnic() -> Canvas {
    let mut c = Canvas::new(98, 58);
    for y in [4, 40] {
        slab(&mut c, 4, y, 90, 7, 3, &WOOD);
    }
    for x in [14, 78] {
        c.line(x, 50, x + 4, 34, WD1);
        c.line(x + 6, 50, x + 2, 34, WD1);
    }
    slab(&mut c, 2, 14, 94, 20, 4, &WOOD);
    for y in [20, 27] {
        c.h(3, y, 92, WD3);
    }
    c.rect(40, 15, 22, 18, RD2);
    for y in 0..5 {
        for x in 0..6 {
            if (x + y) % 2 == 0 {
                c.rect(40 + x * 4, 15 + y * 4, 4.min(62 - 40 - x * 4), 4.min(33 - 15 - y * 4), CR4);
            }
        }
    }
    c.oval(45, 16, 12, 10, WD2);
    c.oval(46, 16, 10, 8, WD5);
    c.oval(72, 19, 10, 7, ST4);
    c.oval(74, 19, 6, 5, RD3);
    c.outline();
    c.shadow_rect(4, 46, 92, 11);
    c
}

fn parasol() -> Canvas {
    let mut c = Canvas::new(84, 86);
    c.rect(41, 30, 3, 42, ST2);
    c.v(43, 30, 42, ST0);
    round_slab(&mut c, 18, 48, 48, 22, 4, &BIRCH);
    c.rect(30, 53, 6, 6, GD2);
    c.h(30, 53, 6, GD4);
    c.oval(48, 52, 10, 7, ST4);
    c.rect(40, 72, 5, 6, INK2);
    c.oval(33, 75, 18, 6, INK2);
    for (i, x) in (2..82).step_by(10).enumerate() {
        let ink = if i % 2 == 0 { RD3 } else { CR4 };
        let dark = if i % 2 == 0 { RD2 } else { CR2 };
        c.poly(&[(42, 3), (x, 34), (x + 10, 34)], ink);
        c.oval(x, 30, 10, 9, dark);
        c.poly(&[(42, 4), (x + 1, 34), (x + 9, 34)], ink);
    }
    c.rect(41, 1, 3, 3, GD2);
    c.outline();
    c.shadow_oval(10, 66, 66, 18);
    c
}

fn rock(w: i32, h: i32) -> Canvas {
    let mut c = Canvas::new(w + 4, h + 6);
    c.rrect(2, 4, w, h - 2, h / 2, ST1);
    c.rrect(2, 3, w - 5, h - 8, h / 2 - 2, ST2);
    c.rrect(5, 4, w / 2, h / 3, h / 6, ST3);
    c.line(w / 2 + 4, 8, w / 2, h - 6, ST1);
    c.line(w / 2, h - 6, w / 2 + 5, h - 2, ST0);
    c.rect(5, h - 2, w / 3, 3, LF3);
    c.rect(4, h - 4, w / 5, 3, LF3);
    c.h(4, h - 4, w / 5, LF4);
    c.outline();
    c.shadow_oval(2, h - 8, w + 2, 13);
    c
}

fn stump() -> Canvas {
    let mut c = Canvas::new(34, 34);
    c.rect(5, 12, 24, 14, WD2);
    c.rect(5, 12, 4, 14, WD3);
    c.rect(24, 12, 5, 14, WD1);
    c.rect(3, 24, 7, 3, WD2);
    c.rect(24, 24, 7, 3, WD1);
    c.oval(5, 4, 24, 15, WD3);
    c.oval(6, 5, 22, 13, WD5);
    c.oval(9, 7, 16, 9, WD4);
    c.oval(11, 8, 12, 7, WD5);
    c.oval(14, 10, 6, 3, WD3);
    c.outline();
    c.shadow_oval(3, 20, 29, 12);
    c
}

fn fence() -> Canvas {
    let mut c = Canvas::new(32, 40);
    for y in [12, 22] {
        c.rect(0, y, 32, 5, WD3);
        c.h(0, y, 32, WD5);
        c.h(0, y + 4, 32, WD1);
    }
    for x in [5, 21] {
        c.rect(x, 5, 7, 29, WD4);
        c.v(x, 5, 29, WD5);
        c.v(x + 6, 6, 28, WD2);
        c.h(x, 33, 7, WD1);
        c.poly(&[(x, 6), (x + 3, 2), (x + 7, 6)], WD4);
    }
    c.shadow_rect(0, 32, 32, 6);
    c
}

fn signpost() -> Canvas {
    let mut c = Canvas::new(44, 58);
    c.rect(20, 8, 4, 42, WD2);
    c.v(20, 8, 42, WD3);
    c.poly(&[(6, 10), (32, 10), (39, 16), (32, 22), (6, 22)], WD4);
    c.h(6, 10, 26, WD5);
    c.h(6, 21, 27, WD2);
    c.poly(&[(38, 26), (12, 26), (5, 32), (12, 38), (38, 38)], WD4);
    c.h(12, 26, 26, WD5);
    c.h(12, 37, 26, WD2);
    for (x, y, w) in [(10, 14, 8), (20, 14, 6), (10, 17, 12), (16, 30, 10), (28, 30, 6), (16, 33, 14)] {
        c.h(x, y, w, WD1);
    }
    c.outline();
    c.shadow_oval(11, 45, 24, 9);
    c
}

fn bicycle() -> Canvas {
    let mut c = Canvas::new(62, 42);
    for x in [3, 39] {
        c.oval(x, 16, 20, 20, INK1);
        c.oval(x + 2, 18, 16, 16, 0);
        c.oval(x + 8, 24, 4, 4, ST1);
        c.line(x + 3, 25, x + 16, 25, ST2);
        c.line(x + 9, 19, x + 9, 32, ST2);
    }
    for (a, b) in [
        ((13, 26), (24, 14)),
        ((24, 14), (43, 14)),
        ((24, 14), (28, 27)),
        ((28, 27), (43, 14)),
        ((13, 26), (28, 27)),
        ((43, 14), (49, 26)),
        ((42, 14), (41, 7)),
    ] {
        c.line(a.0, a.1, b.0, b.1, TL3);
        c.line(a.0, a.1 + 1, b.0, b.1 + 1, TL1);
    }
    c.rect(19, 10, 10, 3, WD1);
    c.rect(38, 5, 8, 2, WD1);
    c.rect(44, 8, 10, 7, WD4);
    c.h(44, 8, 10, WD5);
    c.h(44, 11, 10, WD2);
    c.shadow_oval(4, 31, 54, 9);
    c
}

fn mailbox() -> Canvas {
    let mut c = Canvas::new(30, 50);
    c.rect(13, 22, 4, 20, WD2);
    c.v(13, 22, 20, WD3);
    c.rrect(4, 6, 22, 18, 5, RD2);
    c.rrect(4, 6, 18, 10, 5, RD3);
    c.h(8, 6, 12, RD4);
    c.rect(8, 14, 13, 2, RD0);
    c.rect(4, 21, 22, 3, RD1);
    c.rect(25, 8, 2, 8, GD2);
    c.rect(25, 8, 4, 3, GD3);
    c.outline();
    c.shadow_oval(6, 37, 20, 9);
    c
}

fn lily() -> Canvas {
    let mut c = Canvas::new(44, 26);
    for (x, y, w, h) in [(2, 8, 18, 11), (22, 3, 16, 10), (18, 14, 14, 9)] {
        c.oval(x, y + 1, w, h, BL1);
        c.oval(x, y, w, h, LF2);
        c.oval(x + 1, y, w - 4, h - 3, LF3);
        c.line(x + w / 2, y + h / 2, x + w - 1, y + h / 2 - 1, BL2);
    }
    c.art(8, 7, &[".34.43.", "3443443", ".34y43.", "..333.."], &PINK, &[('y', GD3)]);
    c
}

fn reeds() -> Canvas {
    let mut c = Canvas::new(32, 50);
    for (x, top, lean) in [(6, 14, -2), (10, 6, -1), (15, 10, 0), (19, 3, 1), (24, 12, 2), (13, 20, -1), (21, 22, 2)] {
        c.line(16 + (x - 16) / 2, 44, x + lean, top, LF2);
        c.line(17 + (x - 16) / 2, 44, x + 1 + lean, top, LF3);
        if top < 13 {
            c.rrect(x - 1 + lean, top, 4, 10, 2, WD2);
            c.v(x + lean, top + 1, 7, WD3);
        }
    }
    c
}

fn campfire(frame: i32) -> Canvas {
    let mut c = Canvas::new(36, 44);
    for (x, y) in [(3, 30), (9, 34), (17, 35), (24, 33), (28, 29)] {
        c.oval(x, y, 7, 6, ST1);
        c.h(x + 1, y + 1, 4, ST3);
    }
    c.line(7, 33, 27, 27, WD2);
    c.line(7, 32, 27, 26, WD3);
    c.line(8, 27, 27, 33, WD2);
    c.line(8, 26, 27, 32, WD1);
    for (dx, tall) in [(-5i32, 12), (0, 19), (5, 13)] {
        let phase = ((frame + dx.abs()) % 4) as usize;
        let tall = tall + [0, 2, 1, -2][phase];
        for (ink, part, wide) in [(RD2, 100, 9), (RD3, 80, 7), (GD2, 58, 5), (GD4, 30, 3)] {
            let h = tall * part / 100;
            for j in 0..h {
                let w = wide * (h - j) / h + 1;
                c.rect(17 + dx - w / 2 + [0, 1, 0, -1][phase] * j / 7, 30 - j, w, 1, ink);
            }
        }
    }
    c.shadow_oval(1, 29, 34, 13);
    c
}

fn log() -> Canvas {
    let mut c = Canvas::new(66, 32);
    c.rrect(4, 6, 56, 18, 7, WD2);
    c.rect(8, 7, 48, 7, WD3);
    c.h(8, 7, 46, WD4);
    c.h(14, 15, 16, WD1);
    c.h(34, 18, 14, WD1);
    c.oval(50, 6, 12, 18, WD4);
    c.oval(52, 9, 8, 12, WD5);
    c.oval(54, 12, 4, 6, WD3);
    c.outline();
    c.shadow_rect(4, 20, 60, 9);
    c
}

fn hammock() -> Canvas {
    let mut c = Canvas::new(98, 60);
    for x in [6, 87] {
        c.rect(x, 6, 6, 46, WD2);
        c.v(x, 6, 46, WD3);
        c.v(x + 5, 6, 46, WD1);
    }
    for x in 12..88 {
        let sag = 22 - (x - 49) * (x - 49) / 72;
        let ink = [RD3, CR4, TL2, CR4][((x / 5) % 4) as usize];
        c.v(x, 10 + sag, 9, ink);
        c.dot(x, 19 + sag, WN2);
        c.dot(x, 9 + sag, CR4);
    }
    c.outline();
    c.shadow_oval(12, 46, 74, 11);
    c
}

fn tall_grass() -> Canvas {
    let mut c = Canvas::new(28, 24);
    for (x, dx, top) in [(5, -3, 8), (9, -1, 3), (13, 0, 6), (17, 2, 2), (21, 3, 9), (11, -3, 10), (19, 1, 9)] {
        c.line(x, 21, x + dx, top, LF3);
        c.line(x + 1, 21, x + dx + 1, top + 2, LF2);
        c.dot(x + dx, top, LF5);
    }
    c.shadow_oval(3, 17, 22, 6);
    c
}

fn daisies() -> Canvas {
    let mut c = Canvas::new(48, 32);
    for (i, (x, y)) in [(4, 8), (14, 3), (24, 11), (34, 5), (9, 20), (20, 23), (32, 19), (41, 14)].iter().enumerate() {
        let petal = [CR4, GD3, PK2, CR4][i % 4];
        c.v(x + 1, y + 3, 3, LF2);
        c.art(*x, *y, &[".p.", "pyp", ".p."], &[], &[('p', petal), ('y', if petal == GD3 { GD1 } else { GD2 })]);
    }
    c
}
