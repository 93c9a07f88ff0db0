//! Units: sub-pixels, pixels, tiles, directions, gaits, time.

use serde::{Deserialize, Serialize};

/// Positions are whole numbers of 1/256 pixel: fine enough that a slow diagonal rounds invisibly, coarse enough that the
/// largest map fits an `i32` with room for sums.
pub const SUBPIXELS_PER_PIXEL: i32 = 256;
/// Edge of a tile, in pixels.
pub const TILE_PIXELS: i32 = 32;
/// Edge of a tile, in sub-pixels.
pub const TILE: i32 = TILE_PIXELS * SUBPIXELS_PER_PIXEL;

/// A moment on the server's clock, in milliseconds since the Unix epoch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TimeMs(pub i64);

impl TimeMs {
    /// This moment and some milliseconds; negative goes back. Saturates, so that hostile times cannot overflow.
    pub fn plus(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// Milliseconds from `earlier` to this moment.
    pub fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// A point on the map, in sub-pixels from its upper left corner; for an avatar, the middle of its feet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Position {
    pub x: i32,
    pub y: i32,
}

impl Position {
    /// The tile this point is in.
    pub fn tile(self) -> Tile {
        Tile { x: self.x.div_euclid(TILE), y: self.y.div_euclid(TILE) }
    }

    /// The pixel this point is in.
    pub fn pixel(self) -> Pixel {
        Pixel { x: self.x.div_euclid(SUBPIXELS_PER_PIXEL), y: self.y.div_euclid(SUBPIXELS_PER_PIXEL) }
    }
}

/// A point on the map in whole pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Pixel {
    pub x: i32,
    pub y: i32,
}

impl Pixel {
    /// The upper left corner of this pixel, in sub-pixels. Far-off pixels saturate.
    pub fn position(self) -> Position {
        Position { x: self.x.saturating_mul(SUBPIXELS_PER_PIXEL), y: self.y.saturating_mul(SUBPIXELS_PER_PIXEL) }
    }
}

/// A square of the map's grid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Tile {
    pub x: i32,
    pub y: i32,
}

impl Tile {
    /// The middle of the tile.
    pub fn center(self) -> Position {
        Position {
            x: self.x.saturating_mul(TILE).saturating_add(TILE / 2),
            y: self.y.saturating_mul(TILE).saturating_add(TILE / 2),
        }
    }
}

/// Which way an avatar looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Facing {
    #[default]
    Down,
    Up,
    Left,
    Right,
}

impl Facing {
    /// In the order of the avatar sheet's columns, which is also the wire's.
    pub const ALL: [Self; 4] = [Self::Down, Self::Up, Self::Left, Self::Right];

    /// Which way a displacement looks. Sideways wins over up and down where they are equal, as on diagonals.
    pub fn of(dx: i32, dy: i32) -> Option<Self> {
        match (dx, dy) {
            (0, 0) => None,
            _ if dx.unsigned_abs() >= dy.unsigned_abs() => Some(if dx < 0 { Self::Left } else { Self::Right }),
            _ => Some(if dy < 0 { Self::Up } else { Self::Down }),
        }
    }
}

/// One of the eight directions a key or a joystick can give: 0 is right, then clockwise by 45 degrees (y grows down).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Direction(u8);

impl Direction {
    /// All eight.
    pub const ALL: [Self; 8] = [Self(0), Self(1), Self(2), Self(3), Self(4), Self(5), Self(6), Self(7)];

    /// From an octant number, 0 to 7.
    pub fn from_octant(octant: u32) -> Option<Self> {
        u8::try_from(octant).ok().filter(|&octant| octant < 8).map(Self)
    }

    /// The octant number, 0 to 7.
    pub fn octant(self) -> u32 {
        u32::from(self.0)
    }

    /// Signs of the movement on each axis.
    pub fn signs(self) -> (i32, i32) {
        match self.0 {
            0 => (1, 0),
            1 => (1, 1),
            2 => (0, 1),
            3 => (-1, 1),
            4 => (-1, 0),
            5 => (-1, -1),
            6 => (0, -1),
            _ => (1, -1),
        }
    }
}

/// How fast one goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Gait {
    #[default]
    Walk,
    Run,
}

impl Gait {
    /// Speed along an axis, in sub-pixels a second: 4 tiles a second walking, 7 running.
    pub fn speed(self) -> i32 {
        match self {
            Self::Walk => 128 * SUBPIXELS_PER_PIXEL,
            Self::Run => 224 * SUBPIXELS_PER_PIXEL,
        }
    }

    /// Speed of each component on a diagonal: `speed / sqrt(2)`, rounded down.
    pub fn diagonal_speed(self) -> i32 {
        match self {
            Self::Walk => 23_170,
            Self::Run => 40_548,
        }
    }
}

/// What moves an avatar.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Drive {
    #[default]
    Stand,
    /// A direction held until a wall or another decision ends it.
    Steer { direction: Direction, gait: Gait },
    /// Straight legs from point to point.
    Route { points: Vec<Pixel>, gait: Gait },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn diagonals_are_no_faster_than_axes() {
        for gait in [Gait::Walk, Gait::Run] {
            let (straight, diagonal) = (i64::from(gait.speed()), i64::from(gait.diagonal_speed()));
            assert!(2 * diagonal * diagonal <= straight * straight);
            assert!(2 * (diagonal + 1) * (diagonal + 1) > straight * straight);
        }
    }

    #[test]
    fn points_left_of_the_map_are_in_negative_tiles() {
        assert_eq!(Position { x: -1, y: TILE }.tile(), Tile { x: -1, y: 1 });
        assert_eq!(Position { x: -1, y: 255 }.pixel(), Pixel { x: -1, y: 0 });
    }

    #[test]
    fn sideways_wins_on_diagonals() {
        assert_eq!(Facing::of(5, 5), Some(Facing::Right));
        assert_eq!(Facing::of(-5, 5), Some(Facing::Left));
        assert_eq!(Facing::of(1, -5), Some(Facing::Up));
        assert_eq!(Facing::of(0, 0), None);
        assert_eq!(Facing::of(i32::MIN, 3), Some(Facing::Left));
    }
}
