//! Trees, bushes and hedges.

use super::Object;
use super::kit::*;
use crate::canvas::Canvas;
use crate::palette::*;

pub fn all() -> Vec<Object> {
    let mut all = vec![
        Object::new("tree-oak", round_tree(&GREEN, 84, 72, 5)).foot(1, 1).drop(2).sway(),
        Object::new("tree-oak-b", round_tree(&GREEN, 72, 64, 15)).foot(1, 1).drop(2).sway(),
        Object::new("tree-autumn", round_tree(&AUTUMN, 76, 68, 9)).foot(1, 1).drop(2).sway(),
        Object::new("tree-blossom", round_tree(&BLOSSOM, 80, 66, 12)).foot(1, 1).drop(2).sway(),
        Object::new("tree-pine", pine()).foot(1, 1).drop(2).sway(),
        Object::new("tree-birch", birch()).foot(1, 1).drop(2).sway(),
        Object::new("bush", bush(&GREEN, false)).foot(1, 1).sway(),
        Object::new("bush-berry", bush(&PINE, true)).foot(1, 1).sway(),
        Object::new("bush-blossom", bush(&BLOSSOM, false)).foot(1, 1).sway(),
    ];
    for (i, salt) in [3, 11, 19].iter().enumerate() {
        all.push(Object::new(format!("hedge-{i}"), hedge(*salt)).foot(1, 1).sort(-2));
    }
    all
}

fn trunk(c: &mut Canvas, x: i32, y: i32, w: i32, h: i32, r: &Ramp) {
    c.rect(x, y, w, h, r[2]);
    c.rect(x, y, 2, h, r[3]);
    c.rect(x + w - 3, y, 3, h, r[1]);
    c.rect(x - 2, y + h - 4, w + 4, 3, r[2]);
    c.rect(x - 3, y + h - 2, 4, 2, r[2]);
    c.rect(x + w, y + h - 2, 3, 2, r[1]);
}

fn round_tree(leaves: &[Ink; 6], w: i32, crown: i32, salt: u32) -> Canvas {
    let mut c = Canvas::new(w + 4, crown + 28);
    let mid = w / 2 + 2;
    trunk(&mut c, mid - 5, crown - 10, 10, 34, &WOOD);
    // Branches vanish into the crown.
    c.line(mid - 4, crown + 4, mid - 12, crown - 8, WD2);
    c.line(mid + 4, crown + 4, mid + 12, crown - 8, WD1);
    foliage(&mut c, 2, crown / 3, w, crown * 2 / 3, leaves, salt, 13);
    foliage(&mut c, 2 + w / 8, 2, w * 3 / 4, crown * 2 / 3, leaves, salt + 1, 13);
    c.outline();
    let h = c.h;
    c.shadow_oval(mid - w / 3, h - 14, w * 2 / 3, 13);
    c
}

fn pine() -> Canvas {
    let mut c = Canvas::new(64, 108);
    trunk(&mut c, 28, 84, 8, 20, &WOOD);
    for (i, (y, half)) in [(62, 28), (44, 23), (27, 18), (12, 12)].iter().enumerate() {
        let salt = i as i32;
        for j in 0..30 {
            let w = half * (j + 4) / 34;
            let ragged = (crate::canvas::hash(j / 3, salt, 2) % 3) as i32;
            c.rect(32 - w - ragged, y - 8 + j, w * 2 + ragged, 1, LF1);
            c.rect(32 - w, y - 8 + j, w + w / 4, 1, LF2);
        }
        for k in 0..5 {
            let x = 32 - half + 4 + k * half * 2 / 5;
            c.line(x, y + 20, x + 3, y + 14, LF3);
            c.line(x + 1, y + 20, x + 4, y + 14, LF3);
            c.line(x + 5, y + 21, x + 7, y + 16, LF1);
        }
        c.line(32 - half / 2, y + 8, 32 - 2, y - 4, LF3);
        c.line(32 - half / 2 + 1, y + 8, 32 - 1, y - 4, LF4);
    }
    c.outline();
    c.shadow_oval(10, 94, 44, 13);
    c
}

fn birch() -> Canvas {
    let mut c = Canvas::new(60, 104);
    trunk(&mut c, 27, 40, 7, 60, &[INK2, ST2, ST3, ST4, ST4]);
    for (x, y) in [(27, 58), (30, 66), (27, 76), (30, 84), (28, 92)] {
        c.h(x, y, 4, INK2);
        c.h(x, y + 1, 2, INK2);
    }
    foliage(&mut c, 8, 30, 44, 38, &[LF1, LF2, LF3, LF4, LF5, GD4], 31, 10);
    foliage(&mut c, 14, 4, 34, 44, &[LF1, LF2, LF3, LF4, LF5, GD4], 33, 10);
    c.outline();
    c.shadow_oval(12, 92, 38, 12);
    c
}

fn bush(leaves: &[Ink; 6], berries: bool) -> Canvas {
    let mut c = Canvas::new(40, 38);
    foliage(&mut c, 2, 4, 36, 30, leaves, 6, 10);
    if berries {
        for (x, y) in [(9, 14), (17, 9), (24, 15), (30, 21), (13, 23), (22, 25)] {
            c.rect(x, y, 3, 3, RD2);
            c.dot(x, y, RD4);
        }
    }
    c.outline();
    c.shadow_oval(3, 26, 35, 11);
    c
}

fn hedge(salt: u32) -> Canvas {
    let mut c = Canvas::new(36, 46);
    c.rect(2, 12, 32, 30, LF2);
    c.rect(2, 30, 32, 12, LF1);
    foliage(&mut c, 0, 2, 36, 24, &GREEN, salt, 10);
    for i in 0..5 {
        let roll = crate::canvas::hash(i, 2, salt);
        let (x, y) = (3 + i * 6, 27 + (roll % 9) as i32);
        c.h(x, y, 4, LF3);
        c.h(x + 1, y + 1, 4, LF2);
    }
    c.rect(2, 41, 32, 2, LF0);
    c.shadow_rect(0, 40, 36, 6);
    c
}
