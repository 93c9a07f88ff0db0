//! What hangs on walls: windows, boards, pictures, screens. They have no footprint; the wall behind them blocks.

use super::Object;
use super::kit::*;
use crate::canvas::Canvas;
use crate::palette::*;

pub fn all() -> Vec<Object> {
    let mut all = vec![
        Object::new("window", window(44, &RED)).light(0, 10, GD3, 80, "window"),
        Object::new("window-teal", window(44, &TEAL)).light(0, 10, GD3, 80, "window"),
        Object::new("window-wide", window(92, &CREAM)).light(0, 10, GD3, 120, "window"),
        Object::new("window-outside", window_outside()).glow(GD3).light(0, 0, GD3, 70, "window"),
        Object::new("board", board()),
        Object::new("tv", tv()).glow(BL3).light(0, -10, BL3, 80, "screen"),
        Object::new("projector-screen", projection()).glow(BL4).light(0, -10, BL4, 130, "screen"),
        Object::new("notice-board", notices()),
        Object::new("clock", clock()),
        Object::new("shelf", shelf()),
        Object::new("neon-ear", neon()).glow(PK2).light(0, -10, PK2, 110, "lamp"),
        Object::new("wall-lamp", wall_lamp()).glow(GD3).light(0, -12, GD3, 90, "lamp"),
        Object::new("bunting", bunting()),
        Object::new("hanging-plant", hanging()),
        Object::new("map", world_map()),
    ];
    for kind in 0..5 {
        all.push(Object::new(format!("picture-{kind}"), picture(kind)));
    }
    all.push(Object::new("sign", sign()));
    all.push(Object::new("ivy", ivy(34, 60, 3)));
    all.push(Object::new("ivy-wide", ivy(72, 52, 8)));
    all.push(Object::new("blinds", blinds(52)));
    all.push(Object::new("blinds-wide", blinds(92)));
    all.push(Object::new("house-sign", house_sign()));
    all
}

fn window(w: i32, r: &Ramp) -> Canvas {
    let mut c = Canvas::new(w, 48);
    let (x0, x1) = (5, w - 5);
    c.rect(x0, 5, x1 - x0, 36, WD4);
    c.frame(x0, 5, x1 - x0, 36, WD2);
    c.h(x0 + 1, 6, x1 - x0 - 2, WD5);
    let panes = if w > 60 { 3 } else { 2 };
    let each = (x1 - x0 - 4) / panes;
    for i in 0..panes {
        let x = x0 + 2 + i * each + 1;
        let pw = each - 2;
        c.rect(x, 8, pw, 30, BL4);
        c.rect(x, 8, pw, 10, BL3);
        // Far trees and a low sun.
        c.poly(&[(x, 38), (x, 29), (x + pw / 3, 26), (x + pw * 2 / 3, 30), (x + pw, 27), (x + pw, 38)], LF3);
        c.rect(x, 33, pw, 5, LF2);
        c.rect(x, 22, pw, 2, WD4);
        c.h(x, 24, pw, WD2);
        c.line(x + 2, 19, x + 8, 10, ST4);
        c.line(x + 3, 20, x + 9, 11, ST4);
    }
    // Curtains, drawn aside.
    for (x, flip) in [(1, false), (w - 10, true)] {
        c.rect(x, 3, 9, 34, r[2]);
        for (dx, tone) in [(1, 3), (2, 3), (4, 1), (6, 3), (8, 1)] {
            c.v(x + dx, 3, 34, r[tone]);
        }
        c.rect(if flip { x } else { x + 6 }, 26, 3, 11, 0);
        c.rect(x, 25, 9, 2, GD2);
    }
    c.rect(0, 1, w, 3, WD3);
    c.h(0, 1, w, WD5);
    c.rect(3, 41, w - 6, 4, WD4);
    c.h(3, 41, w - 6, WD5);
    c.h(3, 45, w - 6, WD1);
    c
}

/// A window between two rooms: slats half closed, the other room's light behind them.
fn blinds(w: i32) -> Canvas {
    let mut c = Canvas::new(w, 44);
    c.rect(1, 2, w - 2, 38, WD3);
    c.frame(1, 2, w - 2, 38, WD1);
    c.h(2, 3, w - 4, WD5);
    c.v(2, 3, 36, WD4);
    let panes = if w > 60 { 2 } else { 1 };
    let each = (w - 8) / panes;
    for i in 0..panes {
        let (x, pw) = (4 + i * each, each - 1 + i32::from(panes == 1));
        c.rect(x, 6, pw, 31, BL3);
        c.poly(&[(x + pw / 3, 6), (x + pw * 2 / 3, 6), (x + pw / 3, 37), (x, 37)], BL4);
        for y in (7..31).step_by(3) {
            c.h(x, y, pw, CR4);
            c.h(x, y + 1, pw, CR2);
        }
        c.h(x, 6, pw, CR1);
        c.rect(x, 31, pw, 2, CR3);
        c.v(x + pw - 4, 7, 18, CR1);
    }
    c.rect(0, 39, w, 3, WD4);
    c.h(0, 39, w, WD5);
    c.h(0, 42, w, WD1);
    c
}

/// The same window from the garden: light within, a box of flowers below.
fn window_outside() -> Canvas {
    let mut c = Canvas::new(44, 50);
    c.rect(5, 3, 34, 34, ST4);
    c.frame(5, 3, 34, 34, ST1);
    for x in [8, 23] {
        c.rect(x, 6, 13, 28, GD2);
        c.rect(x, 6, 13, 12, GD3);
        c.rect(x + 1, 7, 5, 8, GD4);
        c.rect(x, 20, 13, 2, ST4);
    }
    c.rect(8, 29, 28, 5, WD2);
    c.rect(2, 38, 40, 8, WD2);
    c.h(2, 38, 40, WD4);
    c.h(2, 45, 40, WD0);
    for (i, x) in (3..39).step_by(5).enumerate() {
        c.oval(x, 32, 7, 7, LF2);
        c.rect(x + 1, 32, 3, 3, [PK2, GD3, RD3, CR4][i % 4]);
        c.dot(x + 2, 33, [PK3, GD4, RD4, ST4][i % 4]);
    }
    c
}

fn board() -> Canvas {
    let mut c = Canvas::new(76, 44);
    c.rrect(1, 1, 74, 41, 2, ST1);
    c.h(2, 1, 72, ST3);
    c.rect(4, 4, 68, 34, ST4);
    c.h(4, 4, 68, ST2);
    super::office::scribbles(&mut c, 8, 8);
    c.rect(20, 39, 36, 4, ST2);
    c.rect(26, 38, 7, 2, RD2);
    c.rect(36, 38, 7, 2, BL2);
    c
}

fn tv() -> Canvas {
    let mut c = Canvas::new(66, 42);
    c.rrect(1, 1, 64, 39, 2, INK1);
    c.h(2, 1, 62, ST0);
    c.rect(4, 4, 58, 32, BL0);
    for (x, y, ink) in [(6, 6, TL2), (25, 6, RD3), (44, 6, PU2), (6, 21, GD2), (25, 21, BL2), (44, 21, LF3)] {
        c.rect(x, y, 17, 13, ink);
        c.oval(x + 5, y + 3, 7, 7, CR3);
        c.rect(x + 4, y + 9, 9, 4, INK2);
    }
    c.h(1, 40, 64, INK0);
    c
}

fn projection() -> Canvas {
    let mut c = Canvas::new(132, 58);
    c.rect(1, 1, 130, 4, INK2);
    c.h(1, 1, 130, ST1);
    c.rect(4, 5, 124, 50, INK1);
    c.rect(6, 6, 120, 46, BL4);
    c.rect(6, 6, 120, 46, ST4);
    c.rect(14, 13, 50, 4, BL1);
    for (i, w) in [40, 46, 34, 42].iter().enumerate() {
        c.rect(18, 22 + i as i32 * 7, *w, 2, ST1);
        c.rect(13, 22 + i as i32 * 7, 2, 2, RD3);
    }
    for (i, tall) in [10, 16, 13, 22, 28].iter().enumerate() {
        let x = 76 + i as i32 * 9;
        c.rect(x, 46 - tall, 6, *tall, [BL3, BL2, TL3, GD2, RD3][i]);
    }
    c.h(73, 46, 48, INK2);
    c.rect(4, 54, 124, 2, ST0);
    c
}

fn notices() -> Canvas {
    let mut c = Canvas::new(58, 42);
    c.rect(1, 1, 56, 38, WD2);
    c.rect(1, 1, 56, 2, WD4);
    c.rect(4, 4, 50, 32, OK1);
    for (x, y, w, h, ink) in [
        (7, 7, 11, 13, CR4),
        (21, 6, 14, 10, GD3),
        (38, 8, 12, 14, BL4),
        (9, 23, 14, 10, PK3),
        (27, 19, 9, 13, CR4),
        (39, 25, 11, 8, TL4),
    ] {
        c.rect(x, y, w, h, ink);
        c.h(x, y + h, w, OK0);
        c.rect(x + w / 2, y, 2, 2, RD2);
        c.h(x + 2, y + 4, w - 5, ST1);
        c.h(x + 2, y + 6, w - 6, ST1);
    }
    c.h(1, 39, 56, WD0);
    c
}

fn clock() -> Canvas {
    let mut c = Canvas::new(22, 22);
    c.oval(1, 1, 20, 20, WD1);
    c.oval(1, 1, 19, 19, WD3);
    c.oval(3, 3, 16, 16, CR4);
    c.dots(&[(11, 4), (11, 17), (4, 11), (17, 11)], INK2);
    c.line(11, 11, 11, 6, INK1);
    c.line(11, 11, 15, 13, RD2);
    c
}

fn shelf() -> Canvas {
    let mut c = Canvas::new(60, 34);
    books(&mut c, 5, 10, 22, 14, 77);
    pot(&mut c, 33, 15, 8, 9, &RED);
    c.art(31, 6, &["..3...3...", ".343.343..", "23323432..", ".233322...", "..2.32...."], &LEAF, &[]);
    c.rect(46, 12, 9, 12, WD2);
    c.rect(47, 13, 7, 10, GD4);
    c.oval(48, 15, 5, 6, TL2);
    c.rect(2, 24, 56, 4, WD3);
    c.h(2, 24, 56, WD5);
    c.h(2, 28, 56, WD1);
    c.rect(8, 29, 3, 4, WD1);
    c.rect(49, 29, 3, 4, WD1);
    c
}

/// The sign of the house: an ear and three waves of sound.
fn neon() -> Canvas {
    let mut c = Canvas::new(64, 36);
    c.rrect(1, 1, 62, 34, 4, INK1);
    c.h(4, 1, 56, ST0);
    let tube = |c: &mut Canvas, points: &[(i32, i32)], ink: Ink| {
        for pair in points.windows(2) {
            c.line(pair[0].0, pair[0].1, pair[1].0, pair[1].1, ink);
            c.line(pair[0].0 + 1, pair[0].1, pair[1].0 + 1, pair[1].1, ink);
        }
    };
    tube(
        &mut c,
        &[(12, 18), (12, 11), (16, 7), (21, 7), (25, 11), (25, 16), (21, 20), (20, 26), (16, 28), (13, 25)],
        PK2,
    );
    tube(&mut c, &[(16, 16), (16, 12), (20, 11), (21, 15), (18, 19)], PK3);
    for (i, ink) in [BL4, BL3, BL2].iter().enumerate() {
        let x = 32 + i as i32 * 8;
        let tall = 5 + i as i32 * 3;
        tube(&mut c, &[(x, 17 - tall), (x + 3, 17 - tall / 2), (x + 3, 17 + tall / 2), (x, 17 + tall)], *ink);
    }
    c
}

fn wall_lamp() -> Canvas {
    let mut c = Canvas::new(18, 26);
    c.rect(7, 14, 4, 9, GD1);
    c.v(7, 14, 9, GD3);
    c.poly(&[(5, 3), (13, 3), (16, 14), (2, 14)], GD3);
    c.poly(&[(5, 3), (9, 3), (8, 14), (2, 14)], GD4);
    c.h(2, 14, 14, WD2);
    c
}

fn bunting() -> Canvas {
    let mut c = Canvas::new(96, 22);
    for x in 0..96 {
        let sag = 8 - (x - 48) * (x - 48) / 288;
        c.dot(x, sag, CR4);
        if x % 12 == 3 {
            let r = [RED, GOLD, TEAL, PINK][((x / 12) % 4) as usize];
            for i in 0..9 {
                let half = (9 - i) / 2;
                c.rect(x + 1 - half + 2, sag + 1 + i, half * 2, 1, r[3]);
                c.rect(x + 3, sag + 1 + i, half, 1, r[2]);
            }
        }
    }
    c
}

fn hanging() -> Canvas {
    let mut c = Canvas::new(30, 44);
    c.line(15, 0, 6, 14, CR1);
    c.line(15, 0, 24, 14, CR1);
    pot(&mut c, 7, 14, 16, 10, &CREAM);
    foliage(&mut c, 3, 8, 24, 12, &GREEN, 3, 7);
    for (x, len) in [(4, 20), (9, 14), (20, 17), (25, 22)] {
        for i in 0..len {
            c.rect(x + (i / 3) % 2, 15 + i, 2, 1, if i % 4 == 0 { LF4 } else { LF2 });
            if i % 4 == 2 {
                c.rect(x - 1 + (i / 3) % 2, 15 + i, 4, 2, LF3);
            }
        }
    }
    c
}

fn world_map() -> Canvas {
    let mut c = Canvas::new(64, 42);
    c.rect(1, 1, 62, 38, WD2);
    c.h(1, 1, 62, WD4);
    c.rect(3, 3, 58, 34, BL3);
    c.poly(&[(6, 8), (18, 6), (22, 11), (16, 17), (13, 15), (8, 14)], CR3);
    c.poly(&[(16, 19), (22, 20), (20, 29), (17, 33)], LF4);
    c.poly(&[(28, 9), (38, 7), (52, 8), (57, 12), (50, 19), (44, 20), (36, 15), (29, 14)], CR3);
    c.poly(&[(29, 17), (37, 17), (40, 22), (35, 31), (32, 24)], GD3);
    c.poly(&[(48, 26), (55, 25), (56, 30), (50, 31)], RD4);
    c.dots(&[(14, 10), (35, 11), (47, 13), (34, 22)], RD2);
    c.line(14, 10, 35, 11, RD2);
    c.h(1, 39, 62, WD0);
    c
}

fn picture(kind: i32) -> Canvas {
    let (w, h) = [(30, 26), (24, 32), (44, 28), (26, 26), (36, 26)][kind as usize];
    let mut c = Canvas::new(w, h + 1);
    c.rect(0, 0, w, h, [WD2, WD0, WD3, ST1, GD1][kind as usize]);
    c.h(0, 0, w, [WD4, WN3, WD5, ST4, GD4][kind as usize]);
    c.v(0, 0, h, [WD4, WN3, WD5, ST4, GD4][kind as usize]);
    let (iw, ih) = (w - 6, h - 6);
    c.rect(3, 3, iw, ih, [BL4, CR4, GD3, CR4, INK2][kind as usize]);
    match kind {
        0 => {
            c.oval(16, 5, 6, 6, GD3);
            c.poly(&[(3, 20), (10, 10), (15, 17), (20, 12), (27, 20), (27, 23), (3, 23)], TL2);
            c.rect(3, 20, iw, 3, LF3);
        }
        1 => {
            c.oval(8, 8, 8, 9, RD3);
            c.oval(6, 17, 12, 9, BL2);
            c.rect(6, 25, 12, 4, BL2);
            c.oval(8, 7, 8, 5, WD1);
        }
        2 => {
            c.rect(3, 14, iw, 11, BL2);
            c.rect(3, 9, iw, 5, RD4);
            c.oval(18, 8, 9, 9, RD3);
            c.rect(3, 14, iw, 11, BL2);
            c.h(14, 17, 16, GD3);
            c.h(17, 20, 11, GD3);
            c.poly(&[(32, 8), (32, 15), (38, 15)], CR4);
            c.h(30, 16, 9, WD1);
        }
        3 => {
            c.rect(5, 5, 8, 8, RD3);
            c.rect(14, 5, 7, 12, BL2);
            c.rect(5, 14, 8, 7, GD2);
            c.rect(14, 18, 7, 3, INK1);
        }
        _ => {
            c.oval(22, 5, 7, 7, GD4);
            c.poly(&[(3, 23), (3, 17), (12, 11), (20, 18), (33, 13), (33, 23)], PU1);
            c.poly(&[(3, 23), (14, 18), (33, 22), (33, 23)], PU0);
        }
    }
    c.h(0, h, w, INK1);
    c
}

fn sign() -> Canvas {
    let mut c = Canvas::new(64, 22);
    c.rrect(1, 1, 62, 19, 3, WD2);
    c.rrect(2, 2, 60, 16, 3, WD3);
    c.h(4, 2, 56, WD5);
    for (i, w) in [7, 5, 8, 4, 6, 7].iter().enumerate() {
        c.rect(8 + i as i32 * 9, 8, *w, 4, CR4);
    }
    c.h(2, 19, 60, WD0);
    c
}

/// Hangs down from the wall's top: a thick fringe of leaves, and trails that thin out.
fn ivy(w: i32, h: i32, salt: u32) -> Canvas {
    let mut c = Canvas::new(w, h);
    let leaf = |c: &mut Canvas, x: i32, y: i32, tones: &[Ink; 3]| {
        c.art(x, y, &[".12..", "12221", "01221", ".010.", "..0.."], tones, &[])
    };
    for i in 0..w / 6 {
        let roll = crate::canvas::hash(i, 1, salt);
        let long = h * (30 + (roll % 60) as i32) / 100;
        let mut x = 1 + i * 6;
        for y in (0..long).step_by(4) {
            let turn = crate::canvas::hash(i, y, salt);
            x = (x + (turn % 3) as i32 - 1).clamp(0, w - 5);
            let tones = if y < long / 3 { [LF1, LF3, LF4] } else { [LF0, LF1, LF2] };
            leaf(&mut c, x, y, &if turn.is_multiple_of(3) { [LF1, LF2, LF3] } else { tones });
        }
    }
    for i in 0..w / 4 {
        let drop = (crate::canvas::hash(i, 9, salt) % 4) as i32;
        leaf(&mut c, (i * 4).min(w - 5), drop, &[LF1, LF2, if i % 3 == 0 { LF4 } else { LF3 }]);
    }
    c
}

/// A board over the door: the ear of the house and its waves.
fn house_sign() -> Canvas {
    let mut c = Canvas::new(58, 20);
    c.rrect(0, 0, 58, 19, 3, WD1);
    c.rrect(1, 1, 56, 16, 3, WD2);
    c.h(3, 1, 52, WD4);
    c.rrect(3, 3, 52, 12, 2, TL1);
    c.art(8, 4, &["..444.", ".4..4.", ".4.44.", "..4.4.", "...44.", "..44..", ".44...", "......"], &CREAM, &[]);
    for (x, tall) in [(18, 3), (22, 5), (26, 7)] {
        c.v(x, 9 - tall / 2, tall, GD3);
    }
    for (x, w) in [(33, 5), (40, 4), (46, 6)] {
        c.rect(x, 8, w, 3, CR4);
    }
    c.h(1, 18, 56, WD0);
    c
}
