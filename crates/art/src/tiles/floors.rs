//! Floors: quiet, two tones, with sparse variants that the map builder chooses by a hash of the position.
//! Deliberately absent: borders between materials (see `fringe`).

use super::{Bank, TILE};
use crate::canvas::{Canvas, hash};
use crate::palette::*;

/// What the ground of a cell is made of.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Material {
    Void,
    Water,
    Sand,
    Path,
    Stone,
    Deck,
    Grass,
    Wood,
    Walnut,
    Kitchen,
    Slate,
    CarpetBlue,
    CarpetTeal,
    CarpetRose,
    Disco,
    Meadow,
}

impl Material {
    pub const ALL: [Self; 16] = [
        Self::Void,
        Self::Water,
        Self::Sand,
        Self::Path,
        Self::Stone,
        Self::Deck,
        Self::Grass,
        Self::Wood,
        Self::Walnut,
        Self::Kitchen,
        Self::Slate,
        Self::CarpetBlue,
        Self::CarpetTeal,
        Self::CarpetRose,
        Self::Disco,
        Self::Meadow,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Void => "void",
            Self::Water => "water",
            Self::Sand => "sand",
            Self::Path => "path",
            Self::Stone => "stone",
            Self::Deck => "deck",
            Self::Grass => "grass",
            Self::Wood => "wood",
            Self::Walnut => "walnut",
            Self::Kitchen => "kitchen",
            Self::Slate => "slate",
            Self::CarpetBlue => "carpet-blue",
            Self::CarpetTeal => "carpet-teal",
            Self::CarpetRose => "carpet-rose",
            Self::Disco => "disco",
            Self::Meadow => "meadow",
        }
    }

    pub fn variants(self) -> u32 {
        match self {
            Self::Void => 1,
            Self::Water => 3,
            Self::Grass => 8,
            Self::Meadow => 5,
            Self::Wood | Self::Walnut | Self::Deck | Self::Path | Self::Stone | Self::Slate | Self::Disco => 4,
            _ => 2,
        }
    }

    /// Mostly plain: decorated variants are rare, and patterned floors share all variants evenly.
    pub fn variant_at(self, x: i32, y: i32) -> u32 {
        let roll = hash(x, y, 7);
        match self {
            Self::Grass => match roll % 24 {
                0..=9 => 0,
                10..=13 => 1,
                14..=17 => 2,
                18..=20 => 3,
                21 => 4 + (roll >> 8) % 2,
                22 => 6,
                _ => 7,
            },
            Self::Meadow => [0, 0, 0, 1, 1, 2, 2, 3, 4][(roll % 9) as usize],
            Self::Water => [0, 0, 0, 1, 2][(roll % 5) as usize],
            Self::CarpetBlue | Self::CarpetTeal | Self::CarpetRose | Self::Kitchen | Self::Sand => {
                u32::from(roll.is_multiple_of(5))
            }
            _ => roll % self.variants(),
        }
    }
}

pub fn add_all(bank: &mut Bank) {
    for material in Material::ALL {
        for variant in 0..material.variants() {
            let name = format!("{}/{variant}", material.name());
            match material {
                Material::Water => bank.add_animated(&name, (0..4).map(|frame| water(variant, frame)).collect(), 260),
                Material::Disco => {
                    bank.add_animated(&name, (0..4).map(|frame| disco(variant as i32, frame)).collect(), 700)
                }
                _ => drop(bank.add(name, draw(material, variant))),
            }
        }
    }
    // The right half of a cell, for what lies beyond a wall that stands in its middle.
    for material in Material::ALL {
        let mut half = Canvas::new(TILE, TILE);
        half.blit(&draw(material, 0).crop(16, 0, 16, TILE), 16, 0);
        bank.add(format!("half/{}", material.name()), half);
    }
}

fn draw(material: Material, v: u32) -> Canvas {
    match material {
        Material::Void => filled(INK1),
        Material::Water => water(v, 0),
        Material::Sand => sand(v),
        Material::Path => path(v),
        Material::Stone => slabs(v, CR2, CR1, CR3),
        Material::Slate => slabs(v, ST0, INK2, ST1),
        Material::Deck => planks(v, WN3, WN2, OK0),
        Material::Grass => grass(v),
        Material::Meadow => meadow(v),
        Material::Wood => planks(v, OK1, OK0, OK2),
        Material::Walnut => planks(v, WN2, WN1, WN2),
        Material::Kitchen => inlaid(v),
        Material::CarpetBlue => carpet(v, CB0, CB1),
        Material::CarpetTeal => carpet(v, CT0, CT1),
        Material::CarpetRose => carpet(v, CP0, CP1),
        Material::Disco => disco(v as i32, 0),
    }
}

fn filled(ink: Ink) -> Canvas {
    let mut c = Canvas::new(TILE, TILE);
    c.rect(0, 0, TILE, TILE, ink);
    c
}

/// Boards run left to right, eight pixels each, with joints that wander from tile to tile.
fn planks(v: u32, base: Ink, seam: Ink, light: Ink) -> Canvas {
    let mut c = filled(base);
    for row in 0..4 {
        let y = row * 8;
        c.h(0, y + 7, TILE, seam);
        let roll = hash(row, v as i32, 31);
        if !roll.is_multiple_of(3) {
            let joint = (4 + (roll >> 3) % 24) as i32;
            c.v(joint, y, 7, seam);
            c.h(joint + 1, y, 5, light);
        }
        if roll % 4 == 1 {
            let grain = ((roll >> 9) % 18) as i32;
            c.h(grain, y + 3, 7, light);
            c.h(grain + 4, y + 4, 6, light);
        }
    }
    c
}

/// Carpet tiles: two tones so close that only the weave shows.
fn carpet(v: u32, base: Ink, light: Ink) -> Canvas {
    let mut c = filled(base);
    for y in (1..32).step_by(8) {
        for x in (1..32).step_by(8) {
            let shift = if (y / 8) % 2 == 0 { 0 } else { 4 };
            c.h((x + shift) % 32, y + 2, 3, light);
            c.h((x + shift + 1) % 32, y + 3, 1, light);
        }
    }
    if v == 1 {
        c.h(9, 15, 3, light);
        c.h(21, 15, 3, light);
    }
    c
}

/// Pale tiles with small dark inlays where four corners meet.
fn inlaid(v: u32) -> Canvas {
    let mut c = filled(CR3);
    for at in [0, 16] {
        c.h(0, at + 15, TILE, CR2);
        c.v(at + 15, 0, TILE, CR2);
    }
    for (x, y) in [(15, 15), (31, 15), (15, 31), (31, 31)] {
        for (dx, dy, w) in [(0, -2, 1), (-1, -1, 3), (-2, 0, 5), (-1, 1, 3), (0, 2, 1)] {
            for i in 0..w {
                c.dot((x + dx + i) % TILE, (y + dy) % TILE, OK2);
            }
        }
    }
    if v == 1 {
        c.h(3, 4, 5, CR4);
        c.h(2, 5, 4, CR4);
        c.h(21, 21, 5, CR4);
        c.h(20, 22, 4, CR4);
    }
    c
}

/// Large slabs, laid in a running bond.
fn slabs(v: u32, base: Ink, seam: Ink, light: Ink) -> Canvas {
    let mut c = filled(base);
    for row in 0..2 {
        let y = row * 16;
        c.h(0, y + 15, TILE, seam);
        let joints: &[i32] = match (v, row) {
            (0, 0) | (3, 1) => &[10, 27],
            (0, _) | (2, 0) => &[18],
            (1, 0) | (3, 0) => &[6, 22],
            _ => &[13, 30],
        };
        for &x in joints {
            c.v(x, y, 15, seam);
            c.h((x + 2) % 32, y + 1, 5, light);
        }
    }
    c
}

fn path(v: u32) -> Canvas {
    let mut c = filled(OK2);
    // Round cobbles, half sunk; each is a darker foot under a lighter face.
    let stones: &[(i32, i32, i32, i32)] = match v {
        0 => &[(3, 3, 9, 7), (19, 8, 8, 6), (8, 19, 10, 7), (24, 23, 6, 5)],
        1 => &[(2, 12, 8, 6), (14, 2, 10, 7), (21, 16, 9, 7), (9, 24, 7, 6)],
        2 => &[(6, 6, 7, 6), (20, 3, 8, 6), (3, 21, 9, 7), (18, 20, 10, 8)],
        _ => &[(12, 10, 9, 7), (25, 25, 5, 4), (3, 26, 6, 4)],
    };
    for &(x, y, w, h) in stones {
        c.oval(x, y + 1, w, h, OK1);
        c.oval(x, y, w, h, CR3);
        c.oval(x + 1, y + 1, w - 1, h - 1, CR2);
    }
    c
}

fn sand(v: u32) -> Canvas {
    let mut c = filled(WD5);
    for (x, y) in [(4, 7), (20, 12), (9, 22), (23, 27)] {
        c.h(x + v as i32 * 3, y, 5, WD4);
        c.h(x + 5 + v as i32 * 3, y + 1, 3, WD4);
    }
    c
}

fn tuft(c: &mut Canvas, x: i32, y: i32, dark: Ink, light: Ink) {
    c.art(x, y, &["1..1.", ".1.10", ".1110", "..10."], &[dark, light], &[]);
}

fn grass(v: u32) -> Canvas {
    let mut c = filled(GR0);
    match v {
        1 => {
            tuft(&mut c, 6, 8, LF3, GR1);
            tuft(&mut c, 21, 20, LF3, GR1);
        }
        2 => {
            tuft(&mut c, 18, 6, LF3, GR1);
            c.h(5, 21, 4, GR1);
            c.h(7, 22, 5, GR1);
        }
        3 => {
            c.h(8, 9, 6, GR1);
            c.h(6, 10, 7, GR1);
            c.h(20, 23, 5, GR1);
            c.h(21, 24, 6, GR1);
        }
        4 | 5 => {
            let petal = if v == 4 { CR4 } else { GD3 };
            for (x, y) in [(7, 8), (12, 13), (22, 21)] {
                c.art(x, y, &[".p.", "pyp", ".p.", ".g."], &[], &[('p', petal), ('y', GD2), ('g', LF3)]);
            }
            tuft(&mut c, 21, 6, LF3, GR1);
        }
        6 => {
            tuft(&mut c, 5, 20, LF3, GR1);
            tuft(&mut c, 11, 18, LF3, LF4);
            tuft(&mut c, 22, 7, LF3, GR1);
        }
        7 => {
            for (x, y) in [(8, 10), (13, 8), (12, 13)] {
                c.art(x, y, &["1.1", ".1.", "101"], &[LF2, LF3], &[]);
            }
        }
        _ => {}
    }
    c
}

/// Longer, sunnier grass that breaks up a lawn; some of it in flower.
fn meadow(v: u32) -> Canvas {
    let mut c = filled(GR1);
    let tufts: &[(i32, i32)] = match v {
        0 => &[(20, 10)],
        1 => &[(5, 6), (19, 19)],
        2 => &[(9, 20), (24, 5), (16, 12)],
        3 => &[(3, 22), (22, 24)],
        _ => &[(24, 22)],
    };
    for &(x, y) in tufts {
        tuft(&mut c, x, y, GR0, LF4);
    }
    let flowers: &[(i32, i32, Ink)] = match v {
        3 => &[(8, 7, CR4), (14, 11, PK3), (24, 14, CR4)],
        4 => &[(6, 18, GD3), (13, 8, GD3), (11, 23, CR4)],
        _ => &[],
    };
    for &(x, y, petal) in flowers {
        c.art(
            x,
            y,
            &[".p.", "pyp", ".p.", ".g."],
            &[],
            &[('p', petal), ('y', if petal == GD3 { GD1 } else { GD2 }), ('g', LF3)],
        );
    }
    c
}

/// Glass squares that light up in turn, slowly enough for tired eyes.
fn disco(v: i32, frame: i32) -> Canvas {
    const GLASS: [[Ink; 2]; 4] = [[PU1, PU2], [BL1, BL2], [PU0, PU1], [RD1, PK1]];
    let mut c = filled(INK1);
    for (i, (x, y)) in [(0, 0), (16, 0), (0, 16), (16, 16)].iter().enumerate() {
        let [dark, light] = GLASS[((i as i32 * 3 + v + frame) % 4) as usize];
        c.rect(x + 1, y + 1, 14, 14, dark);
        c.h(x + 1, y + 1, 14, light);
        c.v(x + 1, y + 1, 14, light);
        c.h(x + 4, y + 4, 4, light);
    }
    c
}

/// Slow bands of light that wander; four frames come back to the first.
fn water(v: u32, frame: i32) -> Canvas {
    let mut c = filled(BL2);
    let drift = [0, 1, 2, 1][frame as usize];
    let waves: &[(i32, i32, i32)] = match v {
        0 => &[(3, 6, 8), (19, 14, 9), (7, 24, 7)],
        1 => &[(12, 4, 7), (2, 17, 6), (20, 26, 8)],
        _ => &[(6, 11, 9), (21, 21, 6)],
    };
    for &(x, y, w) in waves {
        let x = x + drift;
        c.h(x, y, w, BL3);
        c.h(x + 3, y + 1, w - 2, BL3);
        if frame % 2 == 0 {
            c.h(x + 2, y, 2, BL4);
        }
    }
    c
}
