//! The tileset: a bank of 32 x 32 drawings with names, in an order that only ever grows at its end.
//! Deliberately absent: where a tile goes. Autotiling by neighbourhood is the map builder's (`maps::paint`).

pub mod floors;
pub mod fringe;
pub mod walls;

use crate::canvas::Canvas;
use std::collections::BTreeMap;

pub const TILE: i32 = 32;
/// Tiles per row of the atlas: 1,024 pixels, a width that every GPU takes.
pub const COLUMNS: usize = 32;

pub struct Tile {
    /// For finding a tile and for messages; the files know ids only.
    #[cfg_attr(not(test), expect(dead_code, reason = "read by the tests"))]
    pub name: String,
    pub canvas: Canvas,
    pub collides: bool,
    /// Tile ids and milliseconds; empty for a still tile.
    pub animation: Vec<(u32, u32)>,
}

#[derive(Default)]
pub struct Bank {
    pub tiles: Vec<Tile>,
    by_name: BTreeMap<String, u32>,
}

impl Bank {
    pub fn build() -> Self {
        let mut bank = Self::default();
        let mut marker = Canvas::new(TILE, TILE);
        marker.frame(2, 2, 28, 28, crate::palette::RD2);
        marker.line(4, 4, 27, 27, crate::palette::RD2);
        bank.add("solid", marker);
        bank.tiles[0].collides = true;
        floors::add_all(&mut bank);
        fringe::add_all(&mut bank);
        walls::add_all(&mut bank);
        bank
    }

    pub fn add(&mut self, name: impl Into<String>, canvas: Canvas) -> u32 {
        let (id, name) = (self.tiles.len() as u32, name.into());
        self.by_name.insert(name.clone(), id);
        self.tiles.push(Tile { name, canvas, collides: false, animation: Vec::new() });
        id
    }

    /// Frames follow each other in the atlas; the first one carries the animation.
    pub fn add_animated(&mut self, name: &str, frames: Vec<Canvas>, ms: u32) {
        let first = self.tiles.len() as u32;
        let count = frames.len() as u32;
        for (i, frame) in frames.into_iter().enumerate() {
            self.add(if i == 0 { name.to_owned() } else { format!("{name}#{i}") }, frame);
        }
        self.tiles[first as usize].animation = (first..first + count).map(|id| (id, ms)).collect();
    }

    pub fn find(&self, name: &str) -> Option<u32> {
        self.by_name.get(name).copied()
    }

    pub fn rows(&self) -> usize {
        self.tiles.len().div_ceil(COLUMNS)
    }

    pub fn atlas(&self) -> Canvas {
        let mut sheet = Canvas::new(COLUMNS as i32 * TILE, self.rows() as i32 * TILE);
        for (i, tile) in self.tiles.iter().enumerate() {
            let (column, row) = ((i % COLUMNS) as i32, (i / COLUMNS) as i32);
            sheet.blit(&tile.canvas, column * TILE, row * TILE);
        }
        sheet
    }
}
