//! Borders between materials as see-through tiles, one for each of the 47 neighbourhoods a cell can have.
//! A fringe is drawn in the lower material's cell; trims are drawn in the carpet's own cell.

use super::{Bank, TILE};
use crate::canvas::{Canvas, hash};
use crate::palette::*;

pub const N: u8 = 1;
pub const NE: u8 = 2;
pub const E: u8 = 4;
pub const SE: u8 = 8;
pub const S: u8 = 16;
pub const SW: u8 = 32;
pub const W: u8 = 64;
pub const NW: u8 = 128;

/// Neighbours in the order of the bits above.
pub const AROUND: [(i32, i32); 8] = [(0, -1), (1, -1), (1, 0), (1, 1), (0, 1), (-1, 1), (-1, 0), (-1, -1)];

/// A corner only counts where neither of its edges does: 256 neighbourhoods become 47.
pub fn canonical(mask: u8) -> u8 {
    let mut out = mask;
    for (corner, a, b) in [(NE, N, E), (SE, S, E), (SW, S, W), (NW, N, W)] {
        if mask & (a | b) != 0 {
            out &= !corner;
        }
    }
    out
}

pub const STYLES: [&str; 8] = ["grass", "bank", "shore", "sand", "stone", "trim", "runner", "lawn"];

pub fn add_all(bank: &mut Bank) {
    for style in STYLES {
        for mask in (1..=255u8).filter(|&mask| canonical(mask) == mask) {
            bank.add(format!("fringe/{style}/{mask}"), draw(style, mask));
        }
    }
}

fn draw(style: &str, mask: u8) -> Canvas {
    let mut c = Canvas::new(TILE, TILE);
    for y in 0..TILE {
        for x in 0..TILE {
            if let Some(ink) = ink_at(style, mask, x, y) {
                c.dot(x, y, ink);
            }
        }
    }
    c
}

/// Distance into the cell from each neighbour that is set; the nearest one decides.
fn ink_at(style: &str, mask: u8, x: i32, y: i32) -> Option<Ink> {
    let (from_e, from_s) = (TILE - 1 - x, TILE - 1 - y);
    let sides = [(N, y, x), (E, from_e, y), (S, from_s, x), (W, x, y)];
    let corners = [(NE, from_e, y), (SE, from_e, from_s), (SW, x, from_s), (NW, x, y)];
    let edge = sides.iter().filter(|s| mask & s.0 != 0).map(|&(side, d, along)| (side, d, along)).min_by_key(|s| s.1);
    let corner = corners.iter().filter(|k| mask & k.0 != 0).map(|k| (k.0, k.1.max(k.2), k.1 + k.2)).min_by_key(|k| k.1);
    match style {
        "grass" => ragged(mask, x, y, GR0, LF3),
        "lawn" => ragged(mask, x, y, GR0, GR0),
        "sand" => ragged(mask, x, y, WD5, WD4),
        "bank" => bank_ink(mask, x, y),
        "shore" => shore_ink(mask, x, y),
        "stone" => line_ink(&edge, &corner, &[(2, CR3), (3, CR1), (4, OK0)]),
        "trim" => line_ink(&edge, &corner, &[(2, WN2), (3, WN1)]),
        _ => inner_line(&edge, &corner),
    }
}

/// Blades of uneven length along round corners: a tuft every few pixels, always the same ones.
fn ragged(mask: u8, x: i32, y: i32, fill: Ink, edge: Ink) -> Option<Ink> {
    const BLADES: Lip = Lip { depth: 3, waves: 3, pitch: 2 };
    if !land(mask, x, y, &BLADES) {
        return None;
    }
    let rim = [(1, 0), (-1, 0), (0, 1), (0, -1)].iter().any(|(dx, dy)| !land(mask, x + dx, y + dy, &BLADES));
    Some(if rim { edge } else { fill })
}

/// Sand runs into the water without a step: wet sand, then foam.
fn shore_ink(mask: u8, x: i32, y: i32) -> Option<Ink> {
    let at = |depth: i32| land(mask, x, y, &Lip { depth, ..BANK });
    match () {
        () if at(4) => Some(WD5),
        () if at(7) => Some(WD4),
        () if at(9) => Some(BL4),
        () if at(12) => Some(BL3),
        () => None,
    }
}

/// How far land reaches into a cell, how much that varies, and over how many pixels.
struct Lip {
    depth: i32,
    waves: u32,
    pitch: i32,
}

const BANK: Lip = Lip { depth: 4, waves: 2, pitch: 4 };

/// Land round water, with round corners: seen from the south, so a north bank shows earth and a south one only its lip.
fn bank_ink(mask: u8, x: i32, y: i32) -> Option<Ink> {
    if land(mask, x, y, &BANK) {
        let rim = [(1, 0), (-1, 0), (0, 1), (0, -1)].iter().any(|(dx, dy)| !land(mask, x + dx, y + dy, &BANK));
        return Some(if rim { LF3 } else { GR0 });
    }
    // How far above is the turf? What hangs below it is earth, then foam.
    let north = mask & (N | NE | NW) != 0;
    let above = (1..=8).find(|k| north && land(mask, x, y - k, &BANK));
    match above {
        Some(1..=3) => Some(WD2),
        Some(4 | 5) => Some(WD1),
        Some(6 | 7) => Some(BL4),
        _ => {
            let beside = [(2, 0), (-2, 0), (1, 1), (-1, 1)].iter().any(|(dx, dy)| land(mask, x + dx, y + dy, &BANK));
            beside.then_some(BL1)
        }
    }
}

fn land(mask: u8, x: i32, y: i32, lip: &Lip) -> bool {
    const ROUND: i32 = 14;
    let has = |bits: u8| mask & bits != 0;
    let (from_e, from_s) = (TILE - 1 - x, TILE - 1 - y);
    if x < 0 || y < 0 || from_e < 0 || from_s < 0 {
        return match (x < 0, from_e < 0, y < 0, from_s < 0) {
            (true, _, true, _) => has(NW | N | W),
            (true, _, _, true) => has(SW | S | W),
            (_, true, true, _) => has(NE | N | E),
            (_, true, _, true) => has(SE | S | E),
            (true, ..) => has(W),
            (_, true, ..) => has(E),
            (_, _, true, _) => has(N),
            _ => has(S),
        };
    }
    let wobble = |a: i32, salt: i32| (hash(a / lip.pitch, salt, 5) % lip.waves) as i32;
    let sides = [(N, y - wobble(x, 1)), (E, from_e - wobble(y, 2)), (S, from_s - wobble(x, 3)), (W, x - wobble(y, 4))];
    if sides.iter().any(|&(side, d)| has(side) && d < lip.depth) {
        return true;
    }
    [(N, W, x, y), (N, E, from_e, y), (S, W, x, from_s), (S, E, from_e, from_s)].iter().any(|&(a, b, dx, dy)| {
        let (fx, fy) = (ROUND + lip.depth - dx, ROUND + lip.depth - dy);
        has(a) && has(b) && fx > 0 && fy > 0 && fx * fx + fy * fy > ROUND * ROUND
    }) || [(NW, x, y), (NE, from_e, y), (SW, x, from_s), (SE, from_e, from_s)]
        .iter()
        .any(|&(bit, dx, dy)| has(bit) && dx + dy < lip.depth + 4)
}

type Edge = Option<(u8, i32, i32)>;

fn line_ink(edge: &Edge, corner: &Edge, steps: &[(i32, Ink)]) -> Option<Ink> {
    let d = edge.map_or(99, |e| e.1).min(corner.map_or(99, |k| k.1));
    steps.iter().find(|s| d < s.0).map(|s| s.1)
}

/// A thin line a little inside the carpet, as woven borders have.
fn inner_line(edge: &Edge, corner: &Edge) -> Option<Ink> {
    let d = edge.map_or(99, |e| e.1).min(corner.map_or(99, |k| k.1));
    match d {
        0 => Some(WN1),
        4 | 5 => Some(CR2),
        _ => None,
    }
}
