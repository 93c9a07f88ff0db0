//! Chairs, sofas and benches in four directions. Backs towards the viewer sort in front of who sits there.

use super::kit::*;
use super::{Facing, Object};
use crate::canvas::Canvas;
use crate::palette::*;

/// Below the person who sits: chairs whose back is not in front of them.
const UNDER: i32 = -26;

pub fn all() -> Vec<Object> {
    let mut all = Vec::new();
    for (colour, r) in [("blue", BLUE), ("teal", TEAL), ("red", RED)] {
        all.push(chair(&format!("office-chair-{colour}-down"), office_down(&r), Facing::Down));
        all.push(chair(&format!("office-chair-{colour}-up"), office_up(&r), Facing::Up));
        all.push(chair(&format!("office-chair-{colour}-right"), office_side(&r), Facing::Right));
        all.push(chair(&format!("office-chair-{colour}-left"), office_side(&r).flipped(), Facing::Left));
    }
    for (wood, r) in [("wood", WOOD), ("birch", BIRCH), ("walnut", WALNUT)] {
        all.push(chair(&format!("chair-{wood}-down"), chair_down(&r), Facing::Down));
        all.push(chair(&format!("chair-{wood}-up"), chair_up(&r), Facing::Up));
        all.push(chair(&format!("chair-{wood}-right"), chair_side(&r), Facing::Right));
        all.push(chair(&format!("chair-{wood}-left"), chair_side(&r).flipped(), Facing::Left));
        all.push(chair(&format!("stool-{wood}"), stool(&r), Facing::Up).sort(UNDER));
    }
    for (colour, r) in [("teal", TEAL), ("red", RED), ("purple", PURPLE), ("cream", CREAM)] {
        all.push(chair(&format!("armchair-{colour}-down"), sofa_down(38, &r), Facing::Down));
        all.push(chair(&format!("armchair-{colour}-up"), sofa_up(38, &r), Facing::Up));
        all.push(chair(&format!("armchair-{colour}-right"), sofa_side(40, &r), Facing::Right));
        all.push(chair(&format!("armchair-{colour}-left"), sofa_side(40, &r).flipped(), Facing::Left));
        all.push(two(&format!("sofa-{colour}-down"), sofa_down(68, &r), Facing::Down, true));
        all.push(two(&format!("sofa-{colour}-up"), sofa_up(68, &r), Facing::Up, true));
        all.push(two(&format!("sofa-{colour}-right"), sofa_side(72, &r), Facing::Right, false));
        all.push(two(&format!("sofa-{colour}-left"), sofa_side(72, &r).flipped(), Facing::Left, false));
    }
    // Its back is high: people sit a little further up to look over it.
    let bench = Object::new("lecture-bench", lecture_bench());
    all.push(bench.seat(0, 0, Facing::Up, -7).seat(1, 0, Facing::Up, -7));
    all.push(two("park-bench-down", park_bench(true), Facing::Down, true));
    all.push(two("park-bench-up", park_bench(false), Facing::Up, true));
    all.push(chair("pouf-red", pouf(&RED), Facing::Down).sort(UNDER));
    all.push(chair("pouf-teal", pouf(&TEAL), Facing::Down).sort(UNDER));
    all.push(chair("pouf-gold", pouf(&GOLD), Facing::Down).sort(UNDER));
    all
}

fn chair(name: &str, canvas: Canvas, facing: Facing) -> Object {
    let sort = if facing == Facing::Up { 0 } else { UNDER };
    Object::new(name, canvas).sort(sort).seat(0, 0, facing, seat_y(facing))
}

fn two(name: &str, canvas: Canvas, facing: Facing, wide: bool) -> Object {
    let sort = if facing == Facing::Up {
        0
    } else if wide {
        UNDER
    } else {
        -60
    };
    let (dx, dy) = if wide { (1, 0) } else { (0, 1) };
    let y = seat_y(facing);
    Object::new(name, canvas).sort(sort).seat(0, 0, facing, y).seat(dx, dy, facing, y)
}

fn seat_y(facing: Facing) -> i32 {
    match facing {
        Facing::Down => 8,
        Facing::Up => 2,
        _ => 6,
    }
}

/// The star base and its castors.
fn castors(c: &mut Canvas, y: i32) {
    c.v(15, y - 5, 6, INK2);
    c.v(16, y - 5, 6, INK1);
    c.line(8, y + 2, 15, y, INK2);
    c.line(23, y + 2, 16, y, INK1);
    c.v(15, y, 4, INK1);
    c.dots(&[(7, y + 3), (8, y + 3), (23, y + 3), (24, y + 3), (15, y + 4), (16, y + 4)], INK0);
}

fn office_down(r: &Ramp) -> Canvas {
    let mut c = Canvas::new(32, 40);
    castors(&mut c, 33);
    c.rrect(8, 4, 16, 17, 4, r[2]);
    c.rrect(9, 4, 13, 13, 4, r[3]);
    c.h(11, 4, 8, r[4]);
    c.v(9, 7, 8, r[4]);
    c.rrect(7, 18, 18, 10, 3, r[3]);
    c.h(9, 18, 13, r[4]);
    c.rect(7, 25, 18, 4, r[2]);
    c.h(8, 28, 16, r[1]);
    for x in [5, 24] {
        c.rect(x, 15, 3, 2, ST1);
        c.rect(x, 17, 3, 7, INK2);
        c.v(x, 15, 8, ST0);
    }
    c.outline();
    c.shadow_oval(4, 32, 24, 8);
    c
}

fn office_up(r: &Ramp) -> Canvas {
    let mut c = Canvas::new(32, 40);
    castors(&mut c, 33);
    c.rrect(8, 14, 16, 8, 3, r[3]);
    for x in [5, 24] {
        c.rect(x, 14, 3, 2, ST1);
        c.rect(x, 16, 3, 7, INK2);
    }
    c.rrect(7, 10, 18, 17, 4, r[2]);
    c.rrect(8, 10, 15, 13, 4, r[2]);
    c.h(10, 10, 12, r[4]);
    c.v(7, 13, 8, r[3]);
    c.h(10, 11, 12, r[3]);
    c.rect(14, 20, 4, 9, INK2);
    c.v(14, 20, 9, ST0);
    c.h(9, 26, 14, r[1]);
    c.v(24, 14, 10, r[1]);
    c.outline();
    c.shadow_oval(4, 32, 24, 8);
    c
}

fn office_side(r: &Ramp) -> Canvas {
    let mut c = Canvas::new(32, 40);
    castors(&mut c, 33);
    c.rrect(9, 19, 18, 9, 3, r[3]);
    c.h(11, 19, 13, r[4]);
    c.rect(9, 25, 18, 3, r[2]);
    c.h(10, 27, 16, r[1]);
    c.rrect(5, 4, 7, 19, 3, r[2]);
    c.rrect(5, 4, 5, 18, 2, r[3]);
    c.v(5, 7, 12, r[4]);
    c.rect(12, 15, 10, 2, ST0);
    c.rect(19, 17, 2, 5, INK2);
    c.outline();
    c.shadow_oval(4, 32, 24, 8);
    c
}

fn chair_down(r: &Ramp) -> Canvas {
    let mut c = Canvas::new(32, 38);
    c.rect(8, 4, 3, 18, r[2]);
    c.rect(21, 4, 3, 18, r[2]);
    for y in [5, 11] {
        c.rect(8, y, 16, 4, r[3]);
        c.h(8, y, 16, r[4]);
        c.h(8, y + 3, 16, r[2]);
    }
    c.v(8, 4, 16, r[4]);
    slab(&mut c, 7, 18, 18, 9, 3, r);
    legs(&mut c, 7, 30, 18, 6, r);
    c.outline();
    c.shadow_oval(5, 31, 23, 7);
    c
}

fn chair_up(r: &Ramp) -> Canvas {
    let mut c = Canvas::new(32, 38);
    slab(&mut c, 7, 14, 18, 9, 3, r);
    legs(&mut c, 7, 24, 18, 12, r);
    c.rect(7, 9, 3, 17, r[2]);
    c.rect(22, 9, 3, 17, r[2]);
    for y in [10, 17] {
        c.rect(7, y, 18, 5, r[2]);
        c.h(7, y, 18, r[4]);
        c.h(7, y + 4, 18, r[1]);
    }
    c.v(7, 9, 16, r[3]);
    c.outline();
    c.shadow_oval(5, 31, 23, 7);
    c
}

fn chair_side(r: &Ramp) -> Canvas {
    let mut c = Canvas::new(32, 38);
    slab(&mut c, 8, 18, 18, 8, 3, r);
    legs(&mut c, 8, 29, 18, 7, r);
    c.rect(7, 3, 4, 22, r[3]);
    c.v(7, 3, 22, r[4]);
    c.v(10, 4, 18, r[1]);
    c.outline();
    c.shadow_oval(5, 31, 23, 7);
    c
}

fn stool(r: &Ramp) -> Canvas {
    let mut c = Canvas::new(32, 32);
    for x in [10, 19] {
        c.rect(x, 16, 3, 12, r[2]);
        c.v(x + 2, 16, 12, r[1]);
    }
    c.h(11, 23, 9, r[1]);
    round_slab(&mut c, 7, 7, 18, 11, 3, r);
    c.outline();
    c.shadow_oval(6, 24, 22, 8);
    c
}

fn sofa_down(w: i32, r: &Ramp) -> Canvas {
    let mut c = Canvas::new(w, 44);
    c.rrect(2, 4, w - 4, 24, 5, r[2]);
    c.rrect(2, 4, w - 4, 9, 4, r[3]);
    c.h(6, 4, w - 12, r[4]);
    let cushions = if w > 50 { 2 } else { 1 };
    let each = (w - 16) / cushions;
    for i in 0..cushions {
        let x = 8 + i * each;
        c.rrect(x, 10, each - 1, 14, 3, r[2]);
        c.rrect(x, 10, each - 2, 11, 3, r[3]);
        c.h(x + 3, 10, each - 7, r[4]);
        c.rrect(x, 21, each, 12, 2, r[3]);
        c.h(x + 1, 21, each - 2, r[4]);
        c.rect(x, 30, each, 4, r[2]);
        c.v(x + each - 1, 22, 10, r[1]);
    }
    c.rect(8, 33, w - 16, 5, r[2]);
    c.h(8, 33, w - 16, r[1]);
    for x in [2, w - 9] {
        c.rrect(x, 15, 7, 24, 3, r[2]);
        c.rrect(x, 15, 7, 9, 3, r[3]);
        c.h(x + 2, 15, 4, r[4]);
        c.v(x, 18, 16, r[3]);
        c.v(x + 6, 20, 17, r[1]);
    }
    c.rect(5, 39, 3, 3, WD1);
    c.rect(w - 8, 39, 3, 3, WD1);
    c.outline();
    c.shadow_rect(2, 37, w - 2, 7);
    c
}

fn sofa_up(w: i32, r: &Ramp) -> Canvas {
    let mut c = Canvas::new(w, 44);
    c.rrect(8, 12, w - 16, 12, 2, r[3]);
    c.h(9, 12, w - 18, r[4]);
    for x in [2, w - 9] {
        c.rrect(x, 10, 7, 26, 3, r[2]);
        c.rrect(x, 10, 7, 9, 3, r[3]);
        c.h(x + 2, 10, 4, r[4]);
    }
    c.rrect(2, 16, w - 4, 23, 4, r[2]);
    c.rrect(2, 16, w - 4, 8, 4, r[3]);
    c.h(6, 16, w - 12, r[4]);
    c.h(4, 24, w - 8, r[1]);
    c.v(2, 20, 15, r[3]);
    c.rect(4, 36, w - 8, 3, r[1]);
    if w > 50 {
        c.v(w / 2, 25, 11, r[1]);
    }
    c.rect(5, 39, 3, 3, WD1);
    c.rect(w - 8, 39, 3, 3, WD1);
    c.outline();
    c.shadow_rect(2, 37, w - 2, 7);
    c
}

/// Facing right: a tall back on the left, an arm far away, an arm close by, cushions between.
fn sofa_side(h: i32, r: &Ramp) -> Canvas {
    let mut c = Canvas::new(38, h + 6);
    // The far arm.
    c.rrect(6, 3, 27, 13, 4, r[2]);
    c.rrect(6, 3, 26, 6, 3, r[3]);
    c.h(9, 3, 20, r[4]);
    // Seat and its cushions, in the shade of the back.
    let cushions = if h > 50 { 2 } else { 1 };
    let each = (h - 24) / cushions;
    c.rect(10, 11, 23, h - 22, r[2]);
    for i in 0..cushions {
        let y = 11 + i * each;
        c.rrect(13, y, 20, each - 1, 3, r[3]);
        c.h(16, y, 15, r[4]);
        c.rect(13, y + each - 4, 20, 3, r[2]);
        c.h(14, y + each - 1, 18, r[1]);
    }
    // The back: its top catches the light, its inner side does not.
    c.rrect(2, 0, 12, h - 3, 5, r[2]);
    c.rrect(2, 0, 8, h - 8, 4, r[3]);
    c.v(3, 4, h - 18, r[4]);
    c.v(4, 3, 8, r[4]);
    c.v(13, 6, h - 18, r[1]);
    // The near arm with its round front.
    c.rrect(3, h - 15, 31, 17, 5, r[2]);
    c.rrect(3, h - 15, 30, 8, 4, r[3]);
    c.h(7, h - 15, 22, r[4]);
    c.h(5, h - 7, 28, r[1]);
    c.rect(6, h + 2, 3, 3, WD1);
    c.rect(29, h + 2, 3, 3, WD1);
    c.outline();
    c.shadow_rect(3, h - 2, 34, 7);
    c
}

fn lecture_bench() -> Canvas {
    let mut c = Canvas::new(66, 44);
    c.rect(3, 10, 60, 8, WD3);
    c.h(3, 10, 60, WD4);
    // The back, a padded panel in a frame.
    c.rrect(1, 13, 64, 22, 2, WD3);
    c.h(2, 13, 62, WD5);
    c.h(2, 14, 62, WD4);
    for x in [4, 24, 44] {
        c.rrect(x, 17, 18, 13, 2, RD1);
        c.rrect(x, 17, 17, 11, 2, RD2);
        c.h(x + 2, 17, 13, RD3);
    }
    c.rect(1, 32, 64, 3, WD2);
    for x in [4, 31, 58] {
        c.rect(x, 35, 3, 5, WD1);
    }
    c.outline();
    c.shadow_rect(2, 36, 64, 7);
    c
}

fn park_bench(front: bool) -> Canvas {
    let mut c = Canvas::new(66, 40);
    let r = &WOOD;
    if front {
        for y in [6, 12] {
            c.rect(3, y, 60, 4, r[3]);
            c.h(3, y, 60, r[4]);
            c.h(3, y + 3, 60, r[1]);
        }
        for y in [19, 24] {
            c.rect(2, y, 62, 4, r[3]);
            c.h(2, y, 62, r[4]);
            c.h(2, y + 3, 62, r[1]);
        }
    } else {
        c.rect(2, 12, 62, 4, r[3]);
        c.h(2, 12, 62, r[4]);
        for y in [16, 22] {
            c.rect(3, y, 60, 4, r[2]);
            c.h(3, y, 60, r[4]);
            c.h(3, y + 3, 60, r[1]);
        }
    }
    for x in [6, 56] {
        c.rect(x, if front { 5 } else { 15 }, 3, if front { 30 } else { 21 }, INK2);
        c.v(x, if front { 5 } else { 15 }, 28 - if front { 0 } else { 10 }, ST0);
    }
    for x in [3, 58] {
        c.rect(x, 29, 5, 2, INK2);
        c.rect(x + 1, 29, 3, 7, INK2);
    }
    c.outline();
    c.shadow_rect(3, 31, 62, 7);
    c
}

fn pouf(r: &Ramp) -> Canvas {
    let mut c = Canvas::new(32, 32);
    c.rrect(5, 10, 22, 17, 7, r[2]);
    c.oval(5, 8, 22, 14, r[3]);
    c.oval(7, 9, 14, 7, r[4]);
    c.oval(9, 11, 14, 8, r[3]);
    c.h(8, 24, 16, r[1]);
    c.v(15, 20, 6, r[1]);
    c.outline();
    c.shadow_oval(4, 22, 26, 8);
    c
}
