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

pub const STYLES: [&str; 6] = ["grass", "bank", "sand", "stone", "trim", "runner"];

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
        "grass" => edge
            .and_then(|(side, d, along)| ragged(side, d, along, GR0, LF3))
            .or(corner.and_then(|(_, d, sum)| (d < 4 && sum < 6).then_some(if sum == 5 { LF3 } else { GR0 }))),
        "sand" => edge
            .and_then(|(side, d, along)| ragged(side, d, along, WD5, WD4))
            .or(corner.and_then(|(_, d, sum)| (d < 4 && sum < 6).then_some(if sum == 5 { WD4 } else { WD5 }))),
        "bank" => bank_ink(mask, x, y),
        "stone" => line_ink(&edge, &corner, &[(2, CR3), (3, CR1), (4, OK0)]),
        "trim" => line_ink(&edge, &corner, &[(2, WN2), (3, WN1)]),
        _ => inner_line(&edge, &corner),
    }
}

/// Blades of uneven length: a tuft every few pixels, always the same ones.
fn ragged(side: u8, d: i32, along: i32, fill: Ink, edge: Ink) -> Option<Ink> {
    let depth = 3 + (hash(along / 2, i32::from(side), 3) % 3) as i32;
    match d.cmp(&depth) {
        std::cmp::Ordering::Less => Some(fill),
        std::cmp::Ordering::Equal => Some(edge),
        std::cmp::Ordering::Greater => None,
    }
}

/// Land round water: seen from the south, so the north bank shows earth and the south one only its lip.
fn bank_ink(mask: u8, x: i32, y: i32) -> Option<Ink> {
    let wobble = |a: i32| (hash(a / 3, 1, 5) % 2) as i32;
    let (from_e, from_s) = (TILE - 1 - x, TILE - 1 - y);
    let mut best: Option<Ink> = None;
    let mut band = |d: i32, steps: &[(i32, Ink)]| {
        if best.is_none() {
            best = steps.iter().find(|s| d < s.0).map(|s| s.1);
        }
    };
    let round = |a: i32, b: i32| if a < 7 && b < 7 { (a.min(b)) - (7 - a.max(b)).max(0) / 2 } else { a.min(b) };
    if mask & W != 0 || mask & E != 0 || mask & S != 0 {
        let mut d = 99;
        if mask & W != 0 {
            d = d.min(x - wobble(y));
        }
        if mask & E != 0 {
            d = d.min(from_e - wobble(y + 9));
        }
        if mask & S != 0 {
            d = d.min(from_s - wobble(x));
        }
        if mask & W != 0 && mask & S != 0 {
            d = d.min(round(x, from_s));
        }
        if mask & E != 0 && mask & S != 0 {
            d = d.min(round(from_e, from_s));
        }
        band(d, &[(3, GR0), (4, LF3)]);
    }
    if mask & N != 0 {
        band(y - wobble(x), &[(4, GR0), (5, LF3), (8, WD2), (10, WD1), (12, BL4)]);
    }
    if mask & (W | E) != 0 {
        let d = if mask & W != 0 && mask & E != 0 { x.min(from_e) } else if mask & W != 0 { x - wobble(y) } else { from_e - wobble(y + 9) };
        band(d, &[(6, BL1)]);
    }
    for (bit, a, b) in [(NE, from_e, y), (NW, x, y), (SE, from_e, from_s), (SW, x, from_s)] {
        if mask & bit != 0 {
            let top = bit == NE || bit == NW;
            let d = a + b;
            band(d, if top { &[(5, GR0), (6, LF3), (9, WD2), (11, BL4)] } else { &[(5, GR0), (6, LF3), (8, BL1)] });
        }
    }
    best
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
