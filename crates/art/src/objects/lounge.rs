//! The lounge set: low tables, lamps, the fireplace, things that make a room somebody's.

use super::Object;
use super::kit::*;
use crate::canvas::Canvas;
use crate::palette::*;

pub fn all() -> Vec<Object> {
    vec![
        Object::new("coffee-table", coffee_table(&WOOD)).foot(2, 1).drop(-4),
        Object::new("coffee-table-walnut", coffee_table(&WALNUT)).foot(2, 1).drop(-4),
        Object::new("side-table", side_table()).foot(1, 1),
        Object::new("lamp-floor", lamp_floor(&GOLD)).foot(1, 1).glow(GD3).light(0, -60, GD3, 120, "lamp").drop(-4),
        Object::new("lamp-arc", lamp_arc()).foot(1, 1).glow(GD3).light(14, -52, GD3, 120, "lamp").drop(-4),
        Object::new("lamp-table", lamp_table()).foot(1, 1).glow(GD3).light(0, -40, GD3, 96, "lamp"),
        Object::animated("fireplace", (0..4).map(fireplace).collect(), 140)
            .foot(3, 1)
            .glow(RD3)
            .light(0, -22, RD4, 150, "fire"),
        Object::new("record-player", record_player()).foot(2, 1),
        Object::new("coat-rack", coat_rack()).foot(1, 1),
        Object::new("globe", globe()).foot(1, 1),
        Object::new("chess-table", chess()).foot(1, 1),
        Object::new("easel", easel()).foot(1, 1),
        Object::new("cat", cat()).sort(-4),
    ]
}

fn coffee_table(r: &Ramp) -> Canvas {
    let mut c = Canvas::new(66, 36);
    slab(&mut c, 4, 4, 58, 18, 4, r);
    c.rect(8, 26, 50, 3, INK0);
    legs(&mut c, 5, 26, 56, 6, r);
    c.rect(12, 9, 14, 9, RD2);
    c.rect(12, 9, 14, 2, RD3);
    c.rect(15, 12, 8, 2, CR3);
    c.rect(14, 7, 12, 3, BL2);
    c.h(14, 7, 12, BL3);
    c.oval(40, 8, 14, 9, CR2);
    c.oval(41, 8, 12, 7, CR4);
    c.oval(43, 9, 5, 4, RD2);
    c.oval(47, 8, 4, 4, GD2);
    c.outline();
    c.shadow_rect(4, 27, 60, 8);
    c
}

fn side_table() -> Canvas {
    let mut c = Canvas::new(32, 36);
    c.rect(14, 18, 4, 12, WD2);
    c.v(14, 18, 12, WD3);
    c.oval(9, 27, 14, 5, WD2);
    round_slab(&mut c, 4, 5, 24, 14, 3, &WOOD);
    c.rect(9, 5, 9, 6, TL2);
    c.h(9, 5, 9, TL3);
    c.h(9, 11, 9, CR3);
    c.outline();
    c.shadow_oval(5, 25, 24, 9);
    c
}

fn shade(c: &mut Canvas, x: i32, y: i32, w: i32, h: i32) {
    for i in 0..h {
        let cut = (h - 1 - i) * 4 / h;
        c.rect(x + cut, y + i, w - 2 * cut, 1, GD3);
        c.h(x + cut, y + i, 4, GD4);
        c.h(x + w - cut - 4, y + i, 4, GD2);
    }
    c.h(x, y + h - 1, w, GD1);
    c.h(x + 4, y, w - 8, GD4);
}

fn lamp_floor(r: &Ramp) -> Canvas {
    let mut c = Canvas::new(32, 80);
    c.rect(15, 24, 2, 48, INK2);
    c.v(15, 24, 48, ST0);
    c.oval(9, 69, 14, 6, INK2);
    c.oval(9, 68, 14, 5, ST0);
    shade(&mut c, 5, 6, 22, 20);
    c.rect(14, 26, 4, 2, r[1]);
    c.outline();
    c.shadow_oval(6, 69, 22, 9);
    c
}

fn lamp_arc() -> Canvas {
    let mut c = Canvas::new(56, 80);
    c.rect(10, 20, 2, 52, ST1);
    c.line(10, 20, 14, 12, ST1);
    c.line(14, 12, 22, 7, ST1);
    c.line(22, 7, 32, 6, ST1);
    c.line(32, 6, 40, 12, ST1);
    c.oval(4, 68, 16, 7, INK2);
    c.oval(4, 67, 16, 6, ST0);
    c.rrect(31, 13, 20, 12, 6, RD2);
    c.rrect(31, 13, 14, 6, 5, RD3);
    c.rect(31, 21, 20, 4, RD1);
    c.rect(34, 25, 14, 2, GD4);
    c.outline();
    c.shadow_oval(2, 69, 24, 9);
    c
}

fn lamp_table() -> Canvas {
    let mut c = Canvas::new(32, 56);
    c.rect(14, 34, 4, 16, WD2);
    c.oval(9, 46, 14, 5, WD2);
    round_slab(&mut c, 4, 25, 24, 13, 3, &WOOD);
    pot(&mut c, 12, 20, 8, 10, &TEAL);
    shade(&mut c, 7, 5, 18, 15);
    c.outline();
    c.shadow_oval(5, 44, 24, 9);
    c
}

fn fireplace(frame: i32) -> Canvas {
    let mut c = Canvas::new(98, 92);
    // The chimney breast, the mantel, the hearth.
    c.rect(8, 2, 82, 34, CR3);
    c.h(8, 2, 82, CR4);
    c.v(8, 2, 34, CR4);
    c.v(89, 2, 34, CR1);
    c.rect(10, 40, 78, 44, WN3);
    for row in 0..6 {
        let y = 40 + row * 7;
        c.h(10, y + 6, 78, WN2);
        for x in (10 + (row % 2) * 7..88).step_by(14) {
            c.v(x, y, 7, WN2);
            c.h(x + 2, y + 1, 6.min(86 - x), OK0);
        }
    }
    c.rrect(24, 48, 50, 40, 12, WN1);
    c.rrect(27, 51, 44, 40, 10, INK0);
    c.rect(24, 80, 50, 6, INK0);
    slab(&mut c, 3, 34, 92, 5, 4, &WOOD);
    c.rect(36, 76, 28, 5, WD2);
    c.h(36, 76, 28, WD3);
    c.rect(40, 73, 20, 4, WD1);
    c.h(40, 73, 20, WD2);
    flames(&mut c, 49, 78, frame);
    slab(&mut c, 5, 82, 88, 5, 4, &STONE);
    // On the mantel: a clock, a candle, a postcard.
    c.oval(43, 22, 12, 12, WD2);
    c.oval(45, 24, 8, 8, CR4);
    c.dots(&[(49, 26), (49, 27), (50, 28)], INK1);
    c.rect(16, 26, 4, 8, CR4);
    c.rect(17, 22, 2, 4, GD3);
    c.rect(74, 24, 12, 10, WD1);
    c.rect(75, 25, 10, 8, TL3);
    c.poly(&[(75, 33), (79, 28), (85, 33)], LF2);
    c.outline();
    c.shadow_rect(6, 84, 90, 8);
    c
}

fn flames(c: &mut Canvas, x: i32, y: i32, frame: i32) {
    let tongues = [(-9, 12), (-3, 19), (4, 16), (9, 10)];
    for (i, (dx, tall)) in tongues.iter().enumerate() {
        let phase = (frame + i as i32) % 4;
        let tall = tall + [0, 3, 1, -2][phase as usize];
        let lean = [0, 1, 0, -1][phase as usize];
        for (ink, part, wide) in [(RD2, 100, 9), (RD3, 78, 7), (GD2, 56, 5), (GD4, 30, 3)] {
            let h = tall * part / 100;
            for j in 0..h {
                let w = wide * (h - j) / h + 1;
                c.rect(x + dx - w / 2 + lean * j / 7, y - j, w, 1, ink);
            }
        }
    }
}

fn record_player() -> Canvas {
    let mut c = Canvas::new(66, 50);
    cabinet(&mut c, 3, 16, 60, 10, 20, &WALNUT);
    c.rect(7, 28, 24, 15, WD0);
    books(&mut c, 8, 29, 22, 13, 40);
    c.rect(35, 28, 25, 15, WN1);
    for y in (30..42).step_by(2) {
        c.h(36, y, 23, WN2);
    }
    c.rect(10, 10, 26, 12, INK2);
    c.h(10, 10, 26, ST0);
    c.oval(12, 10, 18, 11, INK0);
    c.oval(18, 13, 6, 4, RD2);
    c.line(33, 11, 26, 16, ST3);
    c.rect(44, 4, 12, 18, WN2);
    c.oval(46, 12, 8, 8, INK1);
    c.oval(47, 6, 5, 5, INK1);
    c.rect(6, 46, 3, 3, WD0);
    c.rect(57, 46, 3, 3, WD0);
    c.outline();
    c.shadow_rect(3, 43, 62, 7);
    c
}

fn coat_rack() -> Canvas {
    let mut c = Canvas::new(32, 76);
    c.rect(15, 6, 3, 62, WD2);
    c.v(15, 6, 62, WD3);
    c.line(8, 70, 15, 64, WD2);
    c.line(24, 70, 17, 64, WD1);
    c.rect(9, 10, 14, 2, WD3);
    c.poly(&[(6, 13), (12, 11), (16, 20), (15, 44), (5, 44), (4, 22)], BL2);
    c.poly(&[(6, 13), (9, 12), (9, 43), (5, 43), (4, 22)], BL3);
    c.v(12, 18, 25, BL1);
    c.poly(&[(20, 12), (25, 14), (27, 34), (18, 34)], RD2);
    c.v(20, 14, 19, RD3);
    c.oval(11, 2, 12, 7, GD1);
    c.rect(9, 7, 16, 2, GD2);
    c.outline();
    c.shadow_oval(6, 66, 22, 9);
    c
}

fn globe() -> Canvas {
    let mut c = Canvas::new(32, 50);
    c.rect(14, 28, 4, 12, WD2);
    c.oval(8, 38, 16, 6, WD2);
    c.oval(8, 37, 16, 5, WD3);
    c.oval(4, 4, 24, 26, GD1);
    c.oval(6, 6, 20, 22, BL2);
    c.oval(7, 7, 13, 13, BL3);
    c.oval(9, 9, 14, 16, BL2);
    c.poly(&[(9, 10), (15, 8), (17, 13), (12, 17), (9, 14)], LF3);
    c.poly(&[(17, 17), (23, 15), (22, 22), (18, 25)], LF2);
    c.outline();
    c.shadow_oval(6, 38, 22, 9);
    c
}

fn chess() -> Canvas {
    let mut c = Canvas::new(32, 40);
    slab(&mut c, 2, 6, 28, 20, 4, &WOOD);
    for y in 0..6 {
        for x in 0..6 {
            let ink = if (x + y) % 2 == 0 { CR4 } else { WN2 };
            c.rect(7 + x * 3, 7 + y * 3, 3, 3, ink);
        }
    }
    c.dots(&[(8, 8), (11, 11), (17, 8), (20, 14)], INK0);
    c.dots(&[(11, 22), (17, 20), (20, 22), (14, 17)], ST4);
    legs(&mut c, 3, 30, 26, 7, &WOOD);
    c.outline();
    c.shadow_rect(2, 31, 29, 8);
    c
}

fn easel() -> Canvas {
    let mut c = Canvas::new(32, 66);
    c.line(16, 4, 6, 60, WD2);
    c.line(17, 4, 26, 60, WD2);
    c.line(16, 4, 7, 60, WD3);
    c.line(15, 10, 15, 54, WD1);
    c.rect(5, 14, 22, 26, CR4);
    c.rect(5, 14, 22, 10, BL4);
    c.oval(18, 16, 5, 5, GD3);
    c.poly(&[(5, 30), (12, 22), (17, 28), (22, 23), (27, 30), (27, 40), (5, 40)], TL2);
    c.poly(&[(5, 34), (14, 30), (27, 36), (27, 40), (5, 40)], LF3);
    c.frame(4, 13, 24, 28, WD4);
    c.rect(3, 41, 26, 3, WD3);
    c.outline();
    c.shadow_oval(4, 54, 26, 10);
    c
}

/// Asleep, of course.
fn cat() -> Canvas {
    let mut c = Canvas::new(32, 22);
    c.oval(4, 6, 22, 13, RD3);
    c.oval(5, 6, 16, 8, RD4);
    c.oval(7, 9, 18, 9, RD3);
    for x in [11, 15, 19] {
        c.v(x, 7, 4, GD1);
    }
    c.oval(18, 8, 11, 9, RD3);
    c.poly(&[(19, 10), (20, 5), (23, 9)], RD3);
    c.poly(&[(25, 9), (27, 5), (29, 10)], RD3);
    c.h(20, 13, 2, RD0);
    c.h(25, 13, 2, RD0);
    c.dot(23, 14, PK2);
    c.rect(5, 15, 12, 3, RD4);
    c.outline();
    c.shadow_oval(3, 13, 28, 8);
    c
}
