//! The interest grid: who needs to be told of whose movement.
//!
//! Everybody in one cell is told the same, so that one encoded frame serves them all.

use crate::map::MAP_TILES_MAX;
use earshot_protocol::units::{Position, TILE};

/// Edge of a cell, in tiles: half a screen of a large monitor.
pub const CELL_TILES: i32 = 16;
/// How many cells away, in each direction, movement is told exactly: at least 32 tiles, more than half the widest screen
/// at the smallest zoom.
pub const INTEREST_CELLS: i32 = 2;
/// Cells in a row of the largest map; the stride of [`Cell::index`].
pub const CELLS_PER_ROW: i32 = MAP_TILES_MAX / CELL_TILES;

/// A square of the interest grid. Never shown to anyone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cell {
    pub x: i32,
    pub y: i32,
}

impl Cell {
    /// The cell of a position, clamped to the largest map.
    pub fn of(at: Position) -> Self {
        let index = |value: i32| value.div_euclid(TILE * CELL_TILES).clamp(0, CELLS_PER_ROW - 1);
        Self { x: index(at.x), y: index(at.y) }
    }

    /// Whether who is in this cell is told of movement in the other.
    pub fn sees(self, other: Self) -> bool {
        (self.x - other.x).abs() <= INTEREST_CELLS && (self.y - other.y).abs() <= INTEREST_CELLS
    }

    /// A number for the wire.
    pub fn index(self) -> u32 {
        (self.y * CELLS_PER_ROW + self.x) as u32
    }

    /// Back from the wire; `None` for a number no cell has.
    pub fn from_index(index: u32) -> Option<Self> {
        let index = i32::try_from(index).ok().filter(|&index| index < CELLS_PER_ROW * CELLS_PER_ROW)?;
        Some(Self { x: index % CELLS_PER_ROW, y: index / CELLS_PER_ROW })
    }

    /// The middle of the cell: where somebody far away is drawn on the minimap.
    pub fn center(self) -> Position {
        let middle = |index: i32| (index * CELL_TILES + CELL_TILES / 2) * TILE;
        Position { x: middle(self.x), y: middle(self.y) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_keep_their_numbers() {
        for index in 0..(CELLS_PER_ROW * CELLS_PER_ROW) as u32 {
            assert_eq!(Cell::from_index(index).map(Cell::index), Some(index));
        }
        assert_eq!(Cell::from_index((CELLS_PER_ROW * CELLS_PER_ROW) as u32), None);
        assert_eq!(Cell::of(Position { x: -5, y: i32::MAX }), Cell { x: 0, y: CELLS_PER_ROW - 1 });
    }

    #[test]
    fn seeing_is_mutual() {
        let (a, b, c) = (Cell { x: 1, y: 1 }, Cell { x: 3, y: 0 }, Cell { x: 4, y: 1 });
        assert!(a.sees(b) && b.sees(a) && !a.sees(c) && !c.sees(a));
    }
}
