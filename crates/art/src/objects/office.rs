//! The office set: desks with what lies on them, tables to meet at, shelves, boards on legs, machines.

use super::Object;
use super::kit::*;
use crate::canvas::Canvas;
use crate::palette::*;

pub fn all() -> Vec<Object> {
    let mut all = Vec::new();
    for (wood, r) in [("oak", WOOD), ("birch", BIRCH), ("walnut", WALNUT)] {
        all.push(Object::new(format!("desk-{wood}"), desk(&r)).foot(2, 1));
        for kind in 0..3 {
            let lit = Object::new(format!("desk-{wood}-screen-{kind}"), desk_screen(&r, kind)).foot(2, 1);
            all.push(lit.glow(BL3).light(-14, -44, BL3, 56, "screen"));
        }
        all.push(Object::new(format!("desk-{wood}-back"), desk_back(&r)).foot(2, 1).light(-14, -36, BL3, 40, "screen"));
        all.push(
            Object::new(format!("desk-{wood}-laptop-back"), laptop_back(&r))
                .foot(2, 1)
                .light(-14, -30, BL3, 40, "screen"),
        );
        all.push(
            Object::new(format!("desk-{wood}-laptop"), desk_laptop(&r)).foot(2, 1).light(-14, -36, BL3, 40, "screen"),
        );
        all.push(Object::new(format!("table-long-{wood}"), table(132, 56, &r, true)).foot(4, 2));
        all.push(Object::new(format!("table-{wood}"), table(68, 30, &r, false)).foot(2, 1));
        all.push(Object::new(format!("table-round-{wood}"), table_round(&r)).foot(2, 1).drop(6));
        all.push(Object::new(format!("bookshelf-{wood}"), bookshelf(&r, 1)).foot(2, 1));
        all.push(Object::new(format!("bookshelf-{wood}-b"), bookshelf(&r, 9)).foot(2, 1));
        all.push(Object::new(format!("shelf-low-{wood}"), shelf_low(&r)).foot(2, 1));
    }
    all.push(Object::new("cabinet", filing()).foot(1, 1));
    all.push(Object::new("printer", printer()).foot(1, 1));
    all.push(Object::new("water-cooler", cooler()).foot(1, 1));
    all.push(Object::new("whiteboard", whiteboard()).foot(2, 1));
    all.push(Object::new("bin", bin()).foot(1, 1));
    all.push(Object::new("server-rack", server()).foot(1, 1).glow(TL3));
    all.push(Object::new("reception", reception()).foot(4, 1));
    all.push(Object::new("divider", divider()).foot(2, 1));
    all
}

fn desk_into(c: &mut Canvas, r: &Ramp, y: i32) {
    slab(c, 1, y, 64, 20, 5, r);
    // Drawers on the right, a panel of shade between the legs.
    c.rect(4, y + 25, 38, 8, INK1);
    c.rect(4, y + 25, 38, 3, INK0);
    c.rect(2, y + 25, 4, 11, r[2]);
    c.v(2, y + 25, 11, r[3]);
    c.rect(42, y + 25, 22, 11, r[2]);
    drawer(c, 43, y + 25, 20, 6, r, GD3);
    drawer(c, 43, y + 30, 20, 6, r, GD3);
}

fn desk_end(mut c: Canvas) -> Canvas {
    c.outline();
    let h = c.h;
    c.shadow_rect(2, h - 7, 64, 7);
    c
}

fn desk(r: &Ramp) -> Canvas {
    let mut c = Canvas::new(66, 44);
    desk_into(&mut c, r, 4);
    paper(&mut c, 10, 9);
    mug(&mut c, 50, 6, &RED);
    desk_end(c)
}

fn paper(c: &mut Canvas, x: i32, y: i32) {
    c.poly(&[(x + 2, y), (x + 14, y), (x + 12, y + 9), (x, y + 9)], CR4);
    c.h(x + 3, y + 2, 8, ST2);
    c.h(x + 3, y + 4, 7, ST2);
    c.h(x + 2, y + 6, 5, ST2);
    c.h(x, y + 9, 12, CR1);
}

fn mug(c: &mut Canvas, x: i32, y: i32, r: &Ramp) {
    c.rect(x, y, 6, 7, r[2]);
    c.h(x, y, 6, r[4]);
    c.h(x + 1, y + 1, 4, WD0);
    c.v(x, y + 1, 6, r[3]);
    c.h(x, y + 7, 6, r[0]);
    c.dots(&[(x + 6, y + 2), (x + 7, y + 3), (x + 7, y + 4), (x + 6, y + 5)], r[2]);
}

fn keyboard(c: &mut Canvas, x: i32, y: i32) {
    c.rect(x, y, 20, 6, ST2);
    c.h(x, y, 20, ST4);
    c.h(x, y + 6, 20, ST0);
    for yy in [y + 2, y + 4] {
        for i in 0..6 {
            c.h(x + 1 + i * 3, yy, 2, ST4);
        }
    }
}

/// The screen stands over the left half, in front of the chair's tile; the right half is somebody's own.
fn desk_screen(r: &Ramp, kind: u32) -> Canvas {
    let mut c = Canvas::new(66, 58);
    desk_into(&mut c, r, 18);
    c.rect(16, 21, 6, 4, INK2);
    c.rect(12, 24, 14, 3, INK1);
    c.h(12, 24, 14, ST0);
    c.rrect(2, 1, 34, 22, 2, INK1);
    c.h(3, 1, 32, ST0);
    screen(&mut c, 4, 3, 30, 17, kind);
    keyboard(&mut c, 8, 29);
    c.rect(31, 30, 4, 5, ST3);
    c.v(31, 30, 5, ST4);
    match kind {
        0 => {
            mug(&mut c, 41, 21, &GOLD);
            paper(&mut c, 48, 25);
        }
        1 => {
            paper(&mut c, 40, 26);
            c.rect(53, 12, 8, 12, WD2);
            c.rect(54, 13, 6, 10, BL4);
            c.rect(54, 19, 6, 4, LF3);
        }
        _ => {
            plant_small(&mut c, 52, 14);
            mug(&mut c, 41, 27, &RED);
        }
    }
    desk_end(c)
}

fn plant_small(c: &mut Canvas, x: i32, y: i32) {
    c.rect(x + 1, y + 7, 7, 6, RD3);
    c.h(x, y + 7, 9, RD4);
    c.v(x + 7, y + 8, 5, RD1);
    c.art(x - 1, y, &["..3...3..", ".343.343.", "2332343.2", ".23332322", "..2.32.2.", "...232..."], &LEAF, &[]);
}

/// Seen from behind: whoever works here looks at us.
fn desk_back(r: &Ramp) -> Canvas {
    let mut c = Canvas::new(66, 52);
    slab(&mut c, 1, 12, 64, 20, 5, r);
    c.rect(2, 37, 62, 8, r[2]);
    c.h(2, 37, 62, r[1]);
    c.frame(5, 38, 27, 7, r[1]);
    c.frame(34, 38, 27, 7, r[1]);
    c.rect(14, 23, 10, 3, INK1);
    c.rrect(2, 6, 34, 18, 2, ST1);
    c.rect(3, 7, 32, 13, ST2);
    c.h(4, 6, 30, ST4);
    c.rect(3, 20, 32, 3, ST0);
    c.oval(16, 11, 6, 6, ST1);
    c.rect(42, 16, 10, 7, CR4);
    c.h(42, 23, 10, CR1);
    c.h(43, 18, 7, BL3);
    mug(&mut c, 55, 14, &TEAL);
    desk_end(c)
}

fn desk_laptop(r: &Ramp) -> Canvas {
    let mut c = Canvas::new(66, 52);
    desk_into(&mut c, r, 12);
    c.rrect(8, 6, 24, 15, 1, ST1);
    screen(&mut c, 9, 7, 22, 13, 1);
    c.poly(&[(8, 20), (32, 20), (34, 27), (6, 27)], ST3);
    c.h(6, 27, 28, ST0);
    c.rect(10, 21, 19, 3, ST1);
    c.rect(50, 12, 9, 3, RD2);
    c.rect(49, 15, 11, 3, BL1);
    c.rect(50, 18, 9, 3, GD2);
    c.h(50, 12, 9, RD3);
    c.h(49, 15, 11, BL2);
    c.h(50, 18, 9, GD3);
    paper(&mut c, 40, 20);
    desk_end(c)
}

/// The same, for someone who sits on the far side.
fn laptop_back(r: &Ramp) -> Canvas {
    let mut c = Canvas::new(66, 48);
    slab(&mut c, 1, 8, 64, 20, 5, r);
    c.rect(2, 33, 62, 8, r[2]);
    c.h(2, 33, 62, r[1]);
    c.frame(5, 34, 27, 7, r[1]);
    c.frame(34, 34, 27, 7, r[1]);
    c.rrect(7, 7, 24, 15, 2, ST2);
    c.h(8, 7, 22, ST4);
    c.rect(7, 21, 24, 2, ST0);
    c.oval(17, 12, 4, 4, ST4);
    plant_small(&mut c, 52, 4);
    paper(&mut c, 37, 12);
    desk_end(c)
}

fn table(w: i32, top: i32, r: &Ramp, long: bool) -> Canvas {
    let mut c = Canvas::new(w, top + 22);
    slab(&mut c, 1, 4, w - 2, top, 5, r);
    c.rect(6, top + 9, w - 12, 5, INK0);
    legs(&mut c, 3, top + 9, w - 6, 10, r);
    if long {
        c.frame(8, 10, w - 16, top - 13, r[2]);
        c.rrect(w / 2 - 16, top / 2 - 3, 32, 12, 4, r[2]);
        c.oval(w / 2 - 5, top / 2, 10, 5, INK2);
        c.h(w / 2 - 3, top / 2, 6, ST1);
        for (x, y) in [(16, 13), (90, 12), (22, top - 12), (96, top - 11)] {
            paper(&mut c, x, y);
        }
        mug(&mut c, 42, 12, &TEAL);
        mug(&mut c, 80, top - 12, &RED);
    } else {
        // Somebody was reading here.
        for (y, wide, ink, light) in [(15, 15, BL1, BL2), (12, 13, RD2, RD3), (9, 14, GD1, GD2)] {
            c.rect(9, y, wide, 3, ink);
            c.h(9, y, wide, light);
            c.h(10, y + 2, wide - 2, CR3);
        }
        c.poly(&[(34, 11), (42, 9), (50, 11), (50, 21), (42, 19), (34, 21)], CR4);
        c.v(42, 10, 10, CR1);
        for y in [13, 15, 17] {
            c.h(36, y, 5, ST1);
            c.h(44, y, 5, ST1);
        }
        mug(&mut c, 55, 8, &TEAL);
    }
    c.outline();
    let h = c.h;
    c.shadow_rect(2, h - 9, w - 2, 9);
    c
}

fn table_round(r: &Ramp) -> Canvas {
    let mut c = Canvas::new(66, 58);
    c.rect(29, 36, 8, 14, r[2]);
    c.v(29, 36, 14, r[3]);
    c.v(36, 36, 14, r[1]);
    c.oval(20, 46, 26, 8, r[2]);
    c.oval(20, 45, 26, 7, r[3]);
    round_slab(&mut c, 2, 2, 62, 36, 5, r);
    c.oval(10, 7, 44, 25, r[2]);
    c.oval(11, 8, 42, 23, r[3]);
    mug(&mut c, 18, 14, &BLUE);
    plant_small(&mut c, 30, 8);
    c.outline();
    c.shadow_oval(8, 42, 54, 16);
    c
}

fn bookshelf(r: &Ramp, salt: u32) -> Canvas {
    let mut c = Canvas::new(66, 78);
    slab(&mut c, 2, 2, 62, 8, 64, r);
    c.rect(5, 11, 56, 52, r[0]);
    for row in 0..3 {
        let y = 11 + row * 18;
        c.rect(5, y, 56, 15, r[0]);
        c.h(5, y, 56, INK1);
        books(&mut c, 6, y + 2, if row == 1 { 34 } else { 54 }, 13, salt + row as u32);
        if row == 1 {
            // A thing that somebody brought home from somewhere.
            if salt.is_multiple_of(2) {
                pot(&mut c, 47, y + 6, 8, 9, &TEAL);
            } else {
                plant_small(&mut c, 46, y + 2);
            }
        }
        c.rect(5, y + 15, 56, 3, r[3]);
        c.h(5, y + 15, 56, r[4]);
        c.h(5, y + 17, 56, r[2]);
    }
    c.rect(2, 66, 62, 7, r[2]);
    c.h(2, 66, 62, r[1]);
    c.outline();
    c.shadow_rect(2, 71, 64, 7);
    c
}

fn shelf_low(r: &Ramp) -> Canvas {
    let mut c = Canvas::new(66, 48);
    slab(&mut c, 2, 8, 62, 10, 26, r);
    c.rect(5, 20, 56, 15, r[0]);
    books(&mut c, 6, 22, 26, 13, 5);
    c.rect(36, 24, 10, 11, CR2);
    c.rect(48, 24, 10, 11, CR2);
    c.h(36, 24, 10, CR4);
    c.h(48, 24, 10, CR4);
    c.rect(39, 28, 4, 2, WD2);
    c.rect(51, 28, 4, 2, WD2);
    c.v(33, 20, 15, r[3]);
    plant_small(&mut c, 8, 1);
    c.rect(40, 4, 14, 9, WD2);
    c.rect(41, 5, 12, 7, BL3);
    c.poly(&[(41, 12), (46, 7), (49, 10), (51, 8), (53, 12)], LF2);
    c.outline();
    c.shadow_rect(2, 41, 64, 7);
    c
}

fn filing() -> Canvas {
    let mut c = Canvas::new(32, 54);
    slab(&mut c, 3, 4, 26, 10, 34, &STONE);
    for y in [15, 26, 37] {
        drawer(&mut c, 5, y, 22, 10, &STONE, INK2);
        c.rect(8, y + 2, 5, 3, CR4);
    }
    c.outline();
    c.shadow_rect(3, 46, 29, 8);
    c
}

fn printer() -> Canvas {
    let mut c = Canvas::new(32, 48);
    cabinet(&mut c, 2, 20, 28, 6, 18, &WOOD);
    door(&mut c, 4, 28, 12, 13, &WOOD, GD3);
    door(&mut c, 16, 28, 12, 13, &WOOD, GD3);
    slab(&mut c, 3, 8, 26, 8, 10, &STONE);
    c.rect(6, 19, 20, 3, INK2);
    c.poly(&[(8, 20), (24, 20), (26, 25), (6, 25)], CR4);
    c.rect(9, 4, 14, 6, CR4);
    c.h(9, 4, 14, ST4);
    c.rect(21, 11, 5, 2, TL3);
    c.outline();
    c.shadow_rect(2, 41, 30, 7);
    c
}

fn cooler() -> Canvas {
    let mut c = Canvas::new(32, 60);
    c.rrect(8, 3, 16, 20, 4, BL3);
    c.rect(9, 10, 13, 10, BL2);
    c.v(10, 6, 12, BL4);
    c.v(11, 5, 4, BL4);
    slab(&mut c, 6, 22, 20, 5, 27, &STONE);
    c.rect(9, 30, 14, 8, INK2);
    c.rect(11, 29, 3, 4, BL2);
    c.rect(18, 29, 3, 4, RD2);
    c.rect(10, 38, 12, 2, ST0);
    c.outline();
    c.shadow_oval(4, 50, 26, 9);
    c
}

fn whiteboard() -> Canvas {
    let mut c = Canvas::new(66, 66);
    c.rect(8, 44, 3, 18, ST0);
    c.rect(55, 44, 3, 18, ST0);
    c.rect(4, 60, 11, 3, INK2);
    c.rect(51, 60, 11, 3, INK2);
    c.rrect(2, 4, 62, 42, 2, ST1);
    c.h(3, 4, 60, ST3);
    c.rect(5, 7, 56, 35, ST4);
    c.h(5, 7, 56, ST2);
    scribbles(&mut c, 8, 11);
    c.rect(14, 43, 38, 3, ST2);
    c.rect(18, 42, 6, 2, RD2);
    c.rect(27, 42, 6, 2, BL2);
    c.rect(38, 41, 8, 3, INK2);
    c.outline();
    c.shadow_rect(2, 58, 62, 7);
    c
}

pub fn scribbles(c: &mut Canvas, x: i32, y: i32) {
    c.h(x, y, 16, BL2);
    c.h(x, y + 4, 12, ST1);
    c.h(x, y + 7, 14, ST1);
    c.h(x, y + 10, 9, ST1);
    c.frame(x + 24, y, 11, 8, RD2);
    c.frame(x + 38, y + 12, 11, 8, TL2);
    c.line(x + 35, y + 5, x + 42, y + 11, ST0);
    c.line(x, y + 25, x + 9, y + 18, GD1);
    c.line(x + 9, y + 18, x + 15, y + 22, GD1);
    c.line(x + 15, y + 22, x + 26, y + 14, GD1);
    c.rect(x + 36, y + 1, 6, 6, GD3);
    c.rect(x + 43, y + 2, 6, 6, PK3);
}

fn bin() -> Canvas {
    let mut c = Canvas::new(32, 30);
    for i in 0..16 {
        c.rect(9 + i / 8, 10 + i, 14 - 2 * (i / 8), 1, ST1);
    }
    c.v(10, 12, 12, ST2);
    c.v(21, 11, 14, ST0);
    c.oval(8, 6, 16, 8, ST3);
    c.oval(9, 7, 14, 6, INK2);
    c.art(12, 5, &[".44..", "4444.", "34444", ".3343"], &CREAM, &[]);
    c.outline();
    c.shadow_oval(7, 21, 20, 8);
    c
}

fn server() -> Canvas {
    let mut c = Canvas::new(32, 70);
    slab(&mut c, 3, 3, 26, 8, 54, &DARK);
    c.rect(6, 13, 20, 47, INK0);
    for (i, y) in (15..58).step_by(6).enumerate() {
        c.rect(7, y, 18, 4, INK2);
        c.h(7, y, 18, ST0);
        c.dot(9, y + 2, [TL3, GD3, TL3][i % 3]);
        c.dot(11, y + 2, [TL3, TL3, RD3][i % 3]);
        c.h(15, y + 2, 8, INK0);
    }
    c.outline();
    c.shadow_rect(3, 62, 29, 8);
    c
}

fn reception() -> Canvas {
    let mut c = Canvas::new(132, 60);
    slab(&mut c, 2, 14, 128, 12, 34, &WOOD);
    c.rect(2, 26, 128, 3, WD1);
    for x in (6..126).step_by(8) {
        c.rect(x, 30, 6, 24, WD3);
        c.v(x, 30, 24, WD4);
        c.v(x + 6, 30, 24, WD1);
    }
    c.rect(2, 54, 128, 3, WD1);
    c.rrect(20, 2, 28, 17, 2, ST2);
    c.h(21, 2, 26, ST4);
    c.rect(21, 14, 26, 4, ST1);
    c.rect(60, 17, 14, 6, CR4);
    c.h(60, 22, 14, CR1);
    plant_small(&mut c, 104, 6);
    c.rect(88, 15, 6, 5, GD2);
    c.oval(87, 17, 8, 5, GD3);
    c.outline();
    c.shadow_rect(2, 52, 130, 8);
    c
}

fn divider() -> Canvas {
    let mut c = Canvas::new(66, 52);
    c.rect(2, 4, 62, 42, CT0);
    c.rect(2, 4, 62, 4, TL3);
    c.h(2, 4, 62, TL4);
    c.rect(2, 8, 62, 1, TL1);
    c.rect(2, 40, 62, 6, TL1);
    c.v(33, 8, 34, TL1);
    c.rect(8, 14, 8, 9, GD3);
    c.rect(18, 16, 8, 9, PK3);
    c.rect(42, 14, 14, 10, CR4);
    c.h(44, 17, 9, ST1);
    c.h(44, 20, 7, ST1);
    c.rect(5, 46, 4, 3, INK2);
    c.rect(57, 46, 4, 3, INK2);
    c.outline();
    c.shadow_rect(2, 44, 64, 8);
    c
}
