//! Path-finding: from where one stands to a point of the map, around what is in the way.
//!
//! A* over tiles (Hart, Nilsson, Raphael 1968), eight neighbours, no corner cut, then pulled straight. Deterministic to the
//! last tie, so that the path a client previews is the path the engine walks. Absent on purpose: avoiding other avatars.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::map::{BODY_HALF_HEIGHT, BODY_HALF_WIDTH, Map};
use earshot_protocol::units::{Pixel, Position, SUBPIXELS_PER_PIXEL, TILE, Tile};

/// Most tiles looked at for one path: all of a 256 by 256 hall. Past that, one walks as near as was found.
pub const EXPANSIONS_MAX: usize = 65_536;
/// Most points of one route; a longer one ends there, and a second click goes on.
pub const WAYPOINTS_MAX: usize = 64;
/// Who clicks on something solid, or unreachable, is led to the nearest reachable tile within this many tiles.
pub const NEAR_TILES: i32 = 4;
/// Straight legs longer than this are not tried: it bounds the work of one check.
const LEG_TILES_MAX: i32 = 24;
/// Room kept between a leg and what is impassable: velocities are rounded to a sub-pixel a second.
const LEG_MARGIN: i32 = SUBPIXELS_PER_PIXEL / 2;

const STRAIGHT_COST: u32 = 10;
const DIAGONAL_COST: u32 = 14;

/// The points to walk through from `from` to `to`, or as near to it as one can get; `None` where that is nowhere near, or
/// no step at all.
pub fn route(map: &Map, from: Position, to: Position) -> Option<Vec<Pixel>> {
    let (start, goal) = (from.tile(), to.tile());
    if map.is_blocked(start) || !map.is_free(from) {
        return None;
    }
    let tiles = search(map, start, goal)?;
    let last = *tiles.last()?;
    let end = if last == goal { map.settle(to) } else { map.settle(nearest_in(last, to)) };
    let mut points: Vec<Position> = Vec::with_capacity(tiles.len() + 1);
    // The first leg stays within the tiles the body already covers, so it needs no check.
    points.push(map.settle(from));
    points.extend(tiles.iter().skip(1).take(tiles.len().saturating_sub(2)).map(|tile| tile.center()));
    points.push(end);
    let mut points = pull_straight(map, points);
    if points.first() == Some(&from) {
        points.remove(0);
    }
    points.dedup();
    points.truncate(WAYPOINTS_MAX);
    let moves = points.iter().any(|&point| point != from);
    moves.then(|| points.into_iter().map(Position::pixel).collect())
}

/// Tiles from start to goal, both included, or to the reachable tile nearest to the goal.
fn search(map: &Map, start: Tile, goal: Tile) -> Option<Vec<Tile>> {
    const UNSEEN: u32 = u32::MAX;
    let (width, size) = (map.width(), (map.width() * map.height()) as usize);
    let index = |tile: Tile| (tile.y * width + tile.x) as usize;
    let tile_of = |index: usize| Tile { x: index as i32 % width, y: index as i32 / width };
    let mut cost = vec![UNSEEN; size];
    let mut parent = vec![0_u32; size];
    // Ties are broken by the tile's index: the same on every machine.
    let mut open = BinaryHeap::new();
    *cost.get_mut(index(start))? = 0;
    open.push(Reverse((estimate(start, goal), 0_u32, index(start))));
    let mut nearest = (estimate(start, goal), 0_u32, index(start));
    let mut expanded = 0;
    while let Some(Reverse((_, so_far, here))) = open.pop() {
        if cost.get(here).copied() != Some(so_far) {
            continue;
        }
        let tile = tile_of(here);
        nearest = nearest.min((estimate(tile, goal), so_far, here));
        expanded += 1;
        if tile == goal || expanded >= EXPANSIONS_MAX {
            break;
        }
        for (next, step) in neighbours(map, tile) {
            let there = index(next);
            let total = so_far + step;
            if let (Some(known), Some(from)) = (cost.get_mut(there), parent.get_mut(there))
                && total < *known
            {
                *known = total;
                *from = here as u32;
                open.push(Reverse((total + estimate(next, goal), total, there)));
            }
        }
    }
    let (distance, _, end) = nearest;
    if distance > NEAR_TILES as u32 * DIAGONAL_COST {
        return None;
    }
    let mut tiles = vec![tile_of(end)];
    let mut here = end;
    while here != index(start) {
        here = *parent.get(here)? as usize;
        tiles.push(tile_of(here));
    }
    tiles.reverse();
    Some(tiles)
}

/// Octile distance: exact where nothing is in the way, never too much.
fn estimate(a: Tile, b: Tile) -> u32 {
    let (dx, dy) = (a.x.abs_diff(b.x), a.y.abs_diff(b.y));
    DIAGONAL_COST * dx.min(dy) + STRAIGHT_COST * (dx.max(dy) - dx.min(dy))
}

/// Free neighbours; a diagonal only where both tiles beside it are free.
fn neighbours(map: &Map, tile: Tile) -> impl Iterator<Item = (Tile, u32)> {
    const STEPS: [(i32, i32); 8] = [(1, 0), (0, 1), (-1, 0), (0, -1), (1, 1), (-1, 1), (-1, -1), (1, -1)];
    STEPS.into_iter().filter_map(move |(dx, dy)| {
        let next = Tile { x: tile.x + dx, y: tile.y + dy };
        let beside_free =
            || !map.is_blocked(Tile { x: next.x, y: tile.y }) && !map.is_blocked(Tile { x: tile.x, y: next.y });
        let diagonal = dx != 0 && dy != 0;
        let passable = !map.is_blocked(next) && (!diagonal || beside_free());
        passable.then_some((next, if diagonal { DIAGONAL_COST } else { STRAIGHT_COST }))
    })
}

/// The point of a tile that is nearest to `to`.
fn nearest_in(tile: Tile, to: Position) -> Position {
    Position {
        x: to.x.clamp(tile.x * TILE, tile.x * TILE + TILE - 1),
        y: to.y.clamp(tile.y * TILE, tile.y * TILE + TILE - 1),
    }
}

/// Leaves out every point that a straight leg can skip.
fn pull_straight(map: &Map, points: Vec<Position>) -> Vec<Position> {
    let mut pulled = Vec::new();
    let mut at = 0;
    while let Some(&here) = points.get(at) {
        pulled.push(here);
        // Halving the reach instead of trying every point keeps long paths cheap; what it misses is hardly visible.
        let mut reach = (points.len() - 1 - at).min(LEG_TILES_MAX as usize);
        while reach > 1 && !points.get(at + reach).is_some_and(|&there| leg_is_free(map, here, there)) {
            reach -= 1;
        }
        at += reach.max(1);
    }
    pulled
}

/// Whether the body, with a margin, passes from one point straight to another.
pub fn leg_is_free(map: &Map, from: Position, to: Position) -> bool {
    let (half_x, half_y) = (BODY_HALF_WIDTH + LEG_MARGIN, BODY_HALF_HEIGHT + LEG_MARGIN);
    let span = |a: i32, b: i32, half: i32| (a.min(b) - half).div_euclid(TILE)..=(a.max(b) + half - 1).div_euclid(TILE);
    for y in span(from.y, to.y, half_y) {
        for x in span(from.x, to.x, half_x) {
            let tile = Tile { x, y };
            if map.is_blocked(tile) && crosses(from, to, tile, half_x, half_y) {
                return false;
            }
        }
    }
    true
}

/// Whether the segment meets the inside of a tile grown by the body: then the moving body meets the tile (Minkowski sum).
fn crosses(from: Position, to: Position, tile: Tile, half_x: i32, half_y: i32) -> bool {
    let (left, right) = (i64::from(tile.x * TILE - half_x), i64::from(tile.x * TILE + TILE + half_x));
    let (top, bottom) = (i64::from(tile.y * TILE - half_y), i64::from(tile.y * TILE + TILE + half_y));
    let (ax, ay, bx, by) = (i64::from(from.x), i64::from(from.y), i64::from(to.x), i64::from(to.y));
    if ax.max(bx) <= left || ax.min(bx) >= right || ay.max(by) <= top || ay.min(by) >= bottom {
        return false;
    }
    // Separating axis: all four corners on one side of the line (or on it) means no crossing.
    let side = |x: i64, y: i64| ((bx - ax) * (y - ay) - (by - ay) * (x - ax)).signum();
    let sides = [side(left, top), side(right, top), side(left, bottom), side(right, bottom)];
    !(sides.iter().all(|&side| side >= 0) || sides.iter().all(|&side| side <= 0))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::map::tests::drawn;

    fn center(x: i32, y: i32) -> Position {
        Tile { x, y }.center()
    }

    #[test]
    fn in_the_open_one_walks_straight() {
        let map = drawn(&[".........."; 10]);
        assert_eq!(route(&map, center(1, 1), center(8, 5)).unwrap(), [center(8, 5).pixel()]);
    }

    #[test]
    fn walls_are_walked_around_without_cutting_corners() {
        let map = drawn(&["....", ".##.", ".##.", "...."]);
        let points = route(&map, center(0, 0), center(3, 3)).unwrap();
        assert!(points.len() >= 2, "{points:?}");
        let mut at = center(0, 0);
        for point in points {
            assert!(leg_is_free(&map, at, point.position()));
            at = point.position();
        }
        assert_eq!(at, center(3, 3));
    }

    #[test]
    fn a_click_on_a_desk_leads_beside_it_and_one_on_another_island_nowhere() {
        let map = drawn(&["......", "...#..", "......"]);
        let end = *route(&map, center(0, 1), center(3, 1)).unwrap().last().unwrap();
        assert_eq!(end.position().tile(), Tile { x: 2, y: 1 });
        let island = drawn(&["..########..", "..########.."]);
        assert_eq!(route(&island, center(0, 0), center(11, 0)), None);
    }

    #[test]
    fn going_where_one_stands_is_no_route() {
        let map = drawn(&["..."]);
        assert_eq!(route(&map, center(1, 0), center(1, 0)), None);
        assert_eq!(route(&map, center(1, 0), Position { x: i32::MIN, y: i32::MAX }), None);
    }

    #[test]
    fn from_flush_in_a_corner_one_first_steps_free() {
        let map = drawn(&["...", "#..", "..."]);
        let from = Position { x: TILE + BODY_HALF_WIDTH, y: TILE + TILE / 2 };
        let points = route(&map, from, center(0, 0)).unwrap();
        assert_eq!(points.last(), Some(&center(0, 0).pixel()));
    }
}
