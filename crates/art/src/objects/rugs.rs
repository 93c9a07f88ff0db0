//! Flat things: rugs, door mats and the patches of light that windows throw.

use super::Object;
use crate::canvas::Canvas;
use crate::palette::*;

pub fn all() -> Vec<Object> {
    let mut all = Vec::new();
    for (name, r) in [("red", RED), ("blue", BLUE), ("teal", TEAL), ("purple", PURPLE)] {
        all.push(Object::new(format!("rug-{name}"), persian(128, 96, &r)).flat());
        all.push(Object::new(format!("rug-small-{name}"), persian(96, 64, &r)).flat());
        all.push(Object::new(format!("rug-round-{name}"), round(96, 80, &r)).flat());
    }
    all.push(Object::new("rug-striped", striped(96, 64)).flat());
    all.push(Object::new("mat", mat()).flat());
    all.push(Object::new("sunlight", sunlight()).flat());
    all.push(Object::new("sunlight-wide", sunlight_wide()).flat());
    all.push(Object::new("stage-edge", stage_edge()).flat());
    all
}

fn persian(w: i32, h: i32, r: &Ramp) -> Canvas {
    let mut c = Canvas::new(w, h);
    c.rect(2, 1, w - 4, h - 2, r[1]);
    c.rect(2, h - 2, w - 4, 1, r[0]);
    c.rect(5, 4, w - 10, h - 8, GD2);
    c.rect(6, 5, w - 12, h - 10, r[1]);
    c.rect(10, 9, w - 20, h - 18, r[2]);
    c.frame(8, 7, w - 16, h - 14, r[2]);
    // Small diamonds along the border, a medallion in the middle.
    for x in (16..w - 12).step_by(8) {
        for y in [7, h - 8] {
            c.art(x - 1, y - 1, &[".g.", "ggg", ".g."], &[], &[('g', GD3)]);
        }
    }
    for y in (14..h - 10).step_by(8) {
        for x in [8, w - 9] {
            c.art(x - 1, y - 1, &[".g.", "ggg", ".g."], &[], &[('g', GD3)]);
        }
    }
    let (cx, cy) = (w / 2, h / 2);
    diamond(&mut c, cx, cy, w / 4, h / 4, r[1]);
    diamond(&mut c, cx, cy, w / 4 - 3, h / 4 - 3, GD2);
    diamond(&mut c, cx, cy, w / 4 - 5, h / 4 - 4, r[3]);
    diamond(&mut c, cx, cy, w / 8, h / 8, CR3);
    diamond(&mut c, cx, cy, w / 8 - 3, h / 8 - 3, r[1]);
    for (dx, dy) in [(-1, -1), (1, -1), (-1, 1), (1, 1)] {
        let (x, y) = (cx + dx * (w / 2 - 18), cy + dy * (h / 2 - 16));
        diamond(&mut c, x, y, 6, 5, r[3]);
        diamond(&mut c, x, y, 3, 2, GD3);
    }
    for y in (2..h - 2).step_by(3) {
        c.h(0, y, 2, CR3);
        c.h(w - 2, y, 2, CR2);
    }
    c
}

fn diamond(c: &mut Canvas, cx: i32, cy: i32, rx: i32, ry: i32, ink: Ink) {
    for dy in -ry..=ry {
        let half = rx * (ry - dy.abs()) / ry.max(1);
        c.rect(cx - half, cy + dy, half * 2, 1, ink);
    }
}

fn round(w: i32, h: i32, r: &Ramp) -> Canvas {
    let mut c = Canvas::new(w, h);
    c.oval(0, 1, w, h - 1, r[0]);
    for (i, ink) in [r[1], r[1], CR3, r[2], r[2], r[2], r[3], r[2], r[2], CR3, r[1], r[1], r[2]].iter().enumerate() {
        let d = i as i32 * 3;
        c.oval(d, d * h / w, w - 2 * d, h - 1 - 2 * d * h / w, *ink);
    }
    c
}

fn striped(w: i32, h: i32) -> Canvas {
    let mut c = Canvas::new(w, h);
    let bands = [CR3, RD3, CR3, TL2, CR3, GD2, CR3, TL1];
    for x in 3..w - 3 {
        c.v(x, 1, h - 2, bands[((x / 5) % 8) as usize]);
    }
    c.h(3, h - 2, w - 6, CR0);
    for y in (2..h - 2).step_by(3) {
        c.h(1, y, 2, CR2);
        c.h(w - 3, y, 2, CR2);
    }
    c
}

fn mat() -> Canvas {
    let mut c = Canvas::new(56, 26);
    c.rrect(0, 0, 56, 26, 3, WN1);
    c.rrect(2, 2, 52, 21, 2, WN2);
    for y in (4..20).step_by(4) {
        c.h(5, y, 46, WN3);
    }
    c
}

/// Light through four panes, leaning to the right and down.
fn sunlight() -> Canvas {
    let mut c = Canvas::new(72, 60);
    pane(&mut c, 4, 0, 18, 26);
    pane(&mut c, 25, 0, 18, 26);
    pane(&mut c, 18, 29, 18, 24);
    pane(&mut c, 39, 29, 18, 24);
    c
}

fn sunlight_wide() -> Canvas {
    let mut c = Canvas::new(120, 60);
    for i in 0..3 {
        pane(&mut c, 4 + i * 29, 0, 26, 26);
        pane(&mut c, 18 + i * 29, 29, 26, 24);
    }
    c
}

fn pane(c: &mut Canvas, x: i32, y: i32, w: i32, h: i32) {
    for i in 0..h {
        c.rect_alpha(x + i / 2, y + i, w, 1, GD4, 58);
    }
}

fn stage_edge() -> Canvas {
    let mut c = Canvas::new(32, 12);
    c.rect(0, 0, 32, 12, WN1);
    c.h(0, 0, 32, WD4);
    c.h(0, 1, 32, WN3);
    c.h(0, 11, 32, WD0);
    c.v(15, 2, 9, WD0);
    c.v(31, 2, 9, WD0);
    c
}
