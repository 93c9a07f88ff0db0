//! One map as the engine needs it: what is impassable, where people appear, areas and seats.
//!
//! Absent on purpose: pictures. Tilesets, drawing layers and lights are the client's business and stay in the Tiled file.

use earshot_protocol::units::{Facing, Position, SUBPIXELS_PER_PIXEL, TILE, Tile};

/// Half the width of an avatar's solid foot box: 20 pixels wide, so that a one-tile door has 12 to spare.
pub const BODY_HALF_WIDTH: i32 = 10 * SUBPIXELS_PER_PIXEL;
/// Half the height of the foot box: 12 pixels, so that one can stand close to a wall's front.
pub const BODY_HALF_HEIGHT: i32 = 6 * SUBPIXELS_PER_PIXEL;

/// Largest width and height, in tiles: four times the size of a busy conference map, and path-finding stays in milliseconds.
pub const MAP_TILES_MAX: i32 = 512;
/// Most areas, and most seats, on one map.
pub const PLACES_MAX: usize = 2_000;

/// A rectangle of the map with a name and a meaning, in sub-pixels, right and bottom excluded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Area {
    /// As the map's file counts its objects: stays when others come and go. 0: none of its own.
    pub number: u32,
    pub name: String,
    pub left: i32,
    pub top: i32,
    pub right: i32,
    pub bottom: i32,
    /// Sound and picture stay inside.
    pub private: bool,
    /// No conversations at all.
    pub silent: bool,
    /// Who stands here is heard by the whole space.
    pub stage: bool,
}

impl Area {
    /// Whether a point is inside.
    pub fn contains(&self, at: Position) -> bool {
        (self.left..self.right).contains(&at.x) && (self.top..self.bottom).contains(&at.y)
    }
}

/// A tile one sits on when one comes to rest there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seat {
    pub tile: Tile,
    pub facing: Facing,
    /// How far below the feet's place the sitting body is drawn, in pixels; drawing only.
    pub offset_y_px: i32,
}

/// A tile grid with its places. Everything outside the grid is impassable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Map {
    width: i32,
    height: i32,
    blocked: Vec<bool>,
    spawn: Vec<Tile>,
    areas: Vec<Area>,
    seats: Vec<Seat>,
    name: String,
}

impl Map {
    /// A map from its parts; `blocked` is row by row. `None` where sizes disagree or exceed the limits, or nobody could
    /// stand anywhere. Spawn tiles that are impassable are dropped; with none left, the free tile nearest the middle is used.
    pub fn new(
        name: String,
        width: i32,
        height: i32,
        blocked: Vec<bool>,
        spawn: &[Tile],
        areas: Vec<Area>,
        seats: Vec<Seat>,
    ) -> Option<Self> {
        let in_limits = (1..=MAP_TILES_MAX).contains(&width) && (1..=MAP_TILES_MAX).contains(&height);
        if !in_limits
            || blocked.len() != (width * height) as usize
            || areas.len() > PLACES_MAX
            || seats.len() > PLACES_MAX
        {
            return None;
        }
        let mut map = Self { width, height, blocked, spawn: Vec::new(), areas, seats, name };
        map.spawn = spawn.iter().copied().filter(|&tile| !map.is_blocked(tile)).collect();
        map.seats = std::mem::take(&mut map.seats).into_iter().filter(|seat| !map.is_blocked(seat.tile)).collect();
        if map.spawn.is_empty() {
            map.spawn.push(map.free_tile_nearest_middle()?);
        }
        Some(map)
    }

    /// Width in tiles.
    pub fn width(&self) -> i32 {
        self.width
    }

    /// Height in tiles.
    pub fn height(&self) -> i32 {
        self.height
    }

    /// What people call it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Named rectangles.
    pub fn areas(&self) -> &[Area] {
        &self.areas
    }

    /// The smallest area that contains a point: a nook inside a hall is the nook.
    pub fn area_at(&self, at: Position) -> Option<&Area> {
        let size = |area: &&Area| i64::from(area.right - area.left) * i64::from(area.bottom - area.top);
        self.areas.iter().filter(|area| area.contains(at)).min_by_key(size)
    }

    /// The seat on a tile.
    pub fn seat_on(&self, tile: Tile) -> Option<&Seat> {
        self.seats.iter().find(|seat| seat.tile == tile)
    }

    /// Tiles on which people appear; never empty, all free.
    pub fn spawn(&self) -> &[Tile] {
        &self.spawn
    }

    /// Where the `n`-th arrival appears: the spawn tiles in turn.
    pub fn spawn_for(&self, n: u64) -> Position {
        let index = (n % self.spawn.len().max(1) as u64) as usize;
        self.spawn.get(index).copied().unwrap_or_default().center()
    }

    /// Whether a tile is impassable; outside the map all are.
    pub fn is_blocked(&self, tile: Tile) -> bool {
        if tile.x < 0 || tile.y < 0 || tile.x >= self.width || tile.y >= self.height {
            return true;
        }
        self.blocked.get((tile.y * self.width + tile.x) as usize).copied().unwrap_or(true)
    }

    /// Whether an avatar's foot box can be at a position without touching an impassable tile.
    pub fn is_free(&self, at: Position) -> bool {
        let (left, right) = (at.x - BODY_HALF_WIDTH, at.x + BODY_HALF_WIDTH - 1);
        let (top, bottom) = (at.y - BODY_HALF_HEIGHT, at.y + BODY_HALF_HEIGHT - 1);
        for y in top.div_euclid(TILE)..=bottom.div_euclid(TILE) {
            for x in left.div_euclid(TILE)..=right.div_euclid(TILE) {
                if self.is_blocked(Tile { x, y }) {
                    return false;
                }
            }
        }
        true
    }

    /// The point nearest to `at` where the foot box lies wholly inside `at`'s own tile, a pixel from its edges, and on a
    /// whole pixel: from there, straight lines can be judged with a margin.
    pub fn settle(&self, at: Position) -> Position {
        let tile = at.tile();
        let margin = SUBPIXELS_PER_PIXEL;
        let inside = |value: i32, index: i32, half: i32| {
            let value = value.div_euclid(SUBPIXELS_PER_PIXEL) * SUBPIXELS_PER_PIXEL;
            value.clamp(index * TILE + half + margin, (index + 1) * TILE - half - margin)
        };
        Position { x: inside(at.x, tile.x, BODY_HALF_WIDTH), y: inside(at.y, tile.y, BODY_HALF_HEIGHT) }
    }

    fn free_tile_nearest_middle(&self) -> Option<Tile> {
        let (cx, cy) = (self.width / 2, self.height / 2);
        let tiles = (0..self.height).flat_map(|y| (0..self.width).map(move |x| Tile { x, y }));
        tiles.filter(|&tile| !self.is_blocked(tile)).min_by_key(|tile| (tile.x - cx).pow(2) + (tile.y - cy).pow(2))
    }
}

#[cfg(test)]
pub(crate) mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// A map drawn in text: `#` impassable, `s` spawn, anything else free.
    pub fn drawn(rows: &[&str]) -> Map {
        let width = rows[0].len() as i32;
        let blocked = rows.iter().flat_map(|row| row.bytes().map(|b| b == b'#')).collect();
        let mut spawn = Vec::new();
        for (y, row) in rows.iter().enumerate() {
            spawn.extend(
                row.bytes().enumerate().filter(|(_, b)| *b == b's').map(|(x, _)| Tile { x: x as i32, y: y as i32 }),
            );
        }
        Map::new("drawn".into(), width, rows.len() as i32, blocked, &spawn, vec![], vec![]).unwrap()
    }

    #[test]
    fn outside_the_map_nothing_is_free() {
        let map = drawn(&["..", ".."]);
        assert!(map.is_free(Tile { x: 0, y: 0 }.center()));
        assert!(!map.is_free(Position { x: BODY_HALF_WIDTH - 1, y: TILE }));
        assert!(!map.is_free(Tile { x: 2, y: 0 }.center()));
    }

    #[test]
    fn without_spawn_people_appear_near_the_middle_and_without_floor_there_is_no_map() {
        assert_eq!(drawn(&["#####", "##..#", "#####"]).spawn(), [Tile { x: 2, y: 1 }]);
        assert!(Map::new(String::new(), 2, 1, vec![true, true], &[], vec![], vec![]).is_none());
        assert!(Map::new(String::new(), 2, 1, vec![true], &[], vec![], vec![]).is_none());
        assert!(Map::new(String::new(), i32::MAX, i32::MAX, vec![], &[], vec![], vec![]).is_none());
    }

    #[test]
    fn the_smallest_area_names_a_place() {
        let area = |name: &str, size: i32| Area {
            number: 0,
            name: name.into(),
            left: 0,
            top: 0,
            right: size,
            bottom: size,
            private: false,
            silent: false,
            stage: false,
        };
        let map = Map::new(
            String::new(),
            2,
            2,
            vec![false; 4],
            &[],
            vec![area("hall", 2 * TILE), area("nook", TILE)],
            vec![],
        )
        .unwrap();
        assert_eq!(map.area_at(Position { x: 5, y: 5 }).map(|area| area.name.as_str()), Some("nook"));
        assert_eq!(map.area_at(Position { x: TILE, y: 5 }).map(|area| area.name.as_str()), Some("hall"));
    }
}
