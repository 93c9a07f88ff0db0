//! Walls: a thin top that covers who stands behind it, and a front face two tiles high in several styles.
//! Deliberately absent: windows and pictures; they are objects that hang on a face (see `objects::hung`).

use super::{Bank, TILE};
use crate::canvas::Canvas;
use crate::palette::*;

/// Thickness of a wall seen from above, and where its strip lies inside the cell.
pub const THICK: i32 = 12;
pub const STRIP: i32 = 10;
pub const TOP_Y: i32 = TILE - THICK;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Style {
    Cream,
    Sage,
    Blue,
    Rose,
    Plum,
    Brick,
    Timber,
}

impl Style {
    pub const ALL: [Self; 7] = [Self::Cream, Self::Sage, Self::Blue, Self::Rose, Self::Plum, Self::Brick, Self::Timber];

    pub fn name(self) -> &'static str {
        match self {
            Self::Cream => "cream",
            Self::Sage => "sage",
            Self::Blue => "blue",
            Self::Rose => "rose",
            Self::Plum => "plum",
            Self::Brick => "brick",
            Self::Timber => "timber",
        }
    }
}

pub const LEFT: u8 = 1;
pub const RIGHT: u8 = 2;

pub fn add_all(bank: &mut Bank) {
    for mask in 0..16u8 {
        bank.add(format!("top/{mask}"), top(mask));
    }
    for style in Style::ALL {
        let face = face(style);
        for mask in 0..4u8 {
            for (row, part) in ["upper", "lower"].iter().enumerate() {
                let tile = cut_face(&face, mask).crop(0, row as i32 * TILE, TILE, TILE);
                bank.add(format!("face/{}/{part}/{mask}", style.name()), tile);
            }
        }
    }
    for side in ["left", "mid", "right"] {
        bank.add(format!("lintel/{side}"), lintel());
        bank.add(format!("jamb/upper/{side}"), jamb(side, 0));
        bank.add(format!("jamb/lower/{side}"), jamb(side, TILE));
    }
    for (name, canvas) in shadows() {
        bank.add(name, canvas);
    }
}

/// Bits N, E, S, W of the wall line's own neighbours; the strip joins them.
fn top(mask: u8) -> Canvas {
    let mut c = Canvas::new(TILE, TILE);
    let (n, e, s, w) = (mask & 1 != 0, mask & 2 != 0, mask & 4 != 0, mask & 8 != 0);
    let inside = |x: i32, y: i32| {
        let across = y >= TOP_Y && (x >= if w { -9 } else { STRIP }) && (x < if e { 99 } else { STRIP + THICK });
        let along =
            (STRIP..STRIP + THICK).contains(&x) && (y >= if n { -9 } else { TOP_Y }) && (y < if s { 99 } else { TILE });
        across || along
    };
    let goes_on = |x: i32, y: i32| s && y >= TILE && (STRIP..STRIP + THICK).contains(&x);
    // Outside the tile the wall goes on where it is joined.
    let reach = |x: i32, y: i32, d: i32| {
        let below = !inside(x, y + d) && !goes_on(x, y + d);
        (!inside(x, y - d), !inside(x - d, y), !inside(x + d, y), below)
    };
    for y in 0..TILE {
        for x in 0..TILE {
            if !inside(x, y) {
                continue;
            }
            let (above, left, right, below) = reach(x, y, 1);
            let (above2, left2, _, _) = reach(x, y, 2);
            let ink = if below || right {
                WD0
            } else if above || left {
                WN2
            } else if above2 || left2 {
                WN3
            } else {
                WN2
            };
            c.dot(x, y, ink);
        }
    }
    c
}

fn face(style: Style) -> Canvas {
    match style {
        Style::Cream => plaster(&CREAM, &BIRCH, &WOOD),
        Style::Sage => plaster(&[TL1, TL2, CT0, CT1, TL3], &BIRCH, &WOOD),
        Style::Blue => plaster(&[BL0, BL1, CB0, CB1, BL3], &WOOD, &WALNUT),
        Style::Rose => plaster(&[RD0, RD1, CP0, CP1, PK3], &BIRCH, &WOOD),
        Style::Plum => plaster(&[INK1, PU0, INK2, ST0, ST1], &WALNUT, &WALNUT),
        Style::Brick => brick(),
        Style::Timber => timber(),
    }
}

/// Plaster above, boards below, a rail between them and a skirting at the foot.
fn plaster(wall: &Ramp, boards: &Ramp, skirting: &Ramp) -> Canvas {
    let mut c = Canvas::new(TILE, 2 * TILE);
    c.rect(0, 0, TILE, 40, wall[3]);
    c.rect(0, 0, TILE, 4, wall[2]);
    c.h(0, 0, TILE, wall[0]);
    // A picture rail catches the light near the top.
    c.h(0, 8, TILE, wall[4]);
    c.h(0, 9, TILE, wall[2]);
    c.rect(0, 38, TILE, 2, boards[4]);
    c.h(0, 40, TILE, boards[1]);
    c.rect(0, 41, TILE, 17, boards[3]);
    for x in (0..TILE).step_by(8) {
        c.v(x + 7, 41, 17, boards[2]);
    }
    c.h(0, 41, TILE, boards[2]);
    c.h(0, 57, TILE, boards[2]);
    c.rect(0, 58, TILE, 6, skirting[2]);
    c.h(0, 58, TILE, skirting[3]);
    c.rect(0, 62, TILE, 2, skirting[1]);
    c.h(0, 63, TILE, skirting[0]);
    c
}

fn brick() -> Canvas {
    let mut c = Canvas::new(TILE, 2 * TILE);
    c.rect(0, 0, TILE, 64, WN3);
    c.rect(0, 0, TILE, 3, WN1);
    for row in 0..7 {
        let y = 4 + row * 8;
        c.h(0, y + 7, TILE, WN2);
        let shift = if row % 2 == 0 { 0 } else { 8 };
        for x in [shift, shift + 16] {
            c.v((x + 15) % 32, y, 8, WN2);
            if hash_brick(row, x) {
                c.rect((x + 1) % 32, y + 1, 13.min(31 - x % 32), 5, OK0);
            }
            c.h(x % 32, y, 6, OK0);
        }
    }
    c.rect(0, 56, TILE, 8, ST1);
    c.h(0, 56, TILE, ST3);
    c.h(0, 57, TILE, ST2);
    c.v(15, 57, 6, ST0);
    c.v(31, 57, 6, ST0);
    c.h(0, 63, TILE, INK2);
    c
}

fn hash_brick(row: i32, x: i32) -> bool {
    crate::canvas::hash(row, x, 77).is_multiple_of(5) && x < 17
}

/// Panelled wood from floor to ceiling, for the library.
fn timber() -> Canvas {
    let mut c = Canvas::new(TILE, 2 * TILE);
    c.rect(0, 0, TILE, 64, WN2);
    c.rect(0, 0, TILE, 3, WN1);
    for (y, h) in [(6, 26), (36, 20)] {
        c.rect(3, y, 26, h, WN2);
        c.frame(3, y, 26, h, WN1);
        c.h(4, y + h - 1, 25, WN3);
        c.v(28, y + 1, h - 1, WN3);
        c.frame(6, y + 3, 20, h - 6, WN3);
        c.h(7, y + h - 4, 19, WN1);
        c.v(25, y + 4, h - 7, WN1);
    }
    c.h(0, 33, TILE, WN3);
    c.rect(0, 58, TILE, 6, WN1);
    c.h(0, 58, TILE, WN3);
    c.h(0, 63, TILE, WD0);
    c
}

/// A face keeps its middle always and each half where the wall goes on; ends get a lit or a dark edge.
fn cut_face(face: &Canvas, mask: u8) -> Canvas {
    let x0 = if mask & LEFT != 0 { 0 } else { STRIP };
    let x1 = if mask & RIGHT != 0 { TILE } else { STRIP + THICK };
    let mut c = Canvas::new(TILE, 2 * TILE);
    c.blit(&face.crop(x0, 0, x1 - x0, 2 * TILE), x0, 0);
    if x0 > 0 {
        c.v(x0, 0, 64, CR3);
        c.v(x0, 58, 6, WN2);
    }
    if x1 < TILE {
        c.v(x1 - 1, 0, 64, WN2);
        c.v(x1 - 2, 0, 58, CR1);
    }
    c
}

fn lintel() -> Canvas {
    let mut c = Canvas::new(TILE, TILE);
    c.rect(0, 0, TILE, 9, WD3);
    c.h(0, 0, TILE, WD1);
    c.h(0, 1, TILE, WD4);
    c.h(0, 8, TILE, WD1);
    c
}

/// Door posts at the outer sides of an opening, the lintel's shadow above and a worn sill at the foot.
fn jamb(side: &str, y: i32) -> Canvas {
    let mut c = Canvas::new(TILE, 2 * TILE);
    c.rect_alpha(0, 0, TILE, 18, INK0, 92);
    c.rect_alpha(0, 18, TILE, 8, INK0, 46);
    c.rect(0, 58, TILE, 6, WD2);
    c.h(0, 58, TILE, WD4);
    c.h(0, 59, TILE, WD3);
    c.h(0, 63, TILE, WD1);
    if side == "left" {
        c.rect_alpha(5, 26, 5, 32, INK0, 60);
        post(&mut c, 0);
    }
    if side == "right" {
        post(&mut c, TILE - 5);
    }
    c.crop(0, y, TILE, TILE)
}

fn post(c: &mut Canvas, x: i32) {
    c.rect(x, 0, 5, 64, WD3);
    c.v(x, 0, 64, WD1);
    c.v(x + 1, 0, 64, WD4);
    c.v(x + 4, 0, 64, WD1);
    c.h(x, 63, 5, WD0);
}

/// The soft strip where a wall meets the floor, and the one a standing wall throws to its right.
fn shadows() -> Vec<(String, Canvas)> {
    let mut all: Vec<(String, Canvas)> = (0..4u8)
        .map(|mask| {
            let x0 = if mask & LEFT != 0 { 0 } else { STRIP };
            let x1 = if mask & RIGHT != 0 { TILE } else { STRIP + THICK + 4 };
            let mut below = Canvas::new(TILE, TILE);
            below.rect_alpha(x0, 0, x1 - x0, 5, INK0, 84);
            below.rect_alpha(x0, 5, x1 - x0, 5, INK0, 40);
            (format!("shadow/below/{mask}"), below)
        })
        .collect();
    let mut right = Canvas::new(TILE, TILE);
    right.rect_alpha(STRIP + THICK, 0, 5, TILE, INK0, 70);
    right.rect_alpha(STRIP + THICK + 5, 0, 4, TILE, INK0, 34);
    all.push(("shadow/right".to_owned(), right));
    all
}
