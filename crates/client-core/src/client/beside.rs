//! Where to stand with somebody: beside them, not on their feet.

use earshot_protocol::SessionId;
use earshot_protocol::units::{Position, TILE};
use earshot_world::earshot::Ear;
use earshot_world::path;

use super::{Client, Place};
use crate::clock::LocalMs;

/// One tile off, sideways first: who stands above or below somebody hides them, or is hidden.
const OFFSETS: [(i32, i32); 8] = [(-1, 0), (1, 0), (-1, 1), (1, 1), (-1, -1), (1, -1), (0, 1), (0, -1)];
/// A spot on which somebody stands within this is taken.
const ROOM: i64 = TILE as i64 * 5 / 8;

impl Client {
    /// A free spot beside somebody where one is heard as they are: in the same private area, on the same stage. Their own where there is
    /// none; and where they are at all, if it is not known exactly.
    pub fn beside(&self, id: SessionId, now: LocalMs) -> Option<Place> {
        let place = self.locate(id, now)?;
        let (Place::Exact(at), Some(own)) = (place, self.own_position(now)) else { return Some(place) };
        let acoustics = Ear::at(&self.map, at).acoustics;
        let others: Vec<Position> = self
            .people
            .keys()
            .filter(|&&other| Some(other) != self.own_id)
            .filter_map(|&other| match self.locate(other, now)? {
                Place::Exact(at) => Some(at),
                Place::Near(_) => None,
            })
            .collect();
        let mut spots: Vec<Position> = OFFSETS
            .into_iter()
            .map(|(dx, dy)| Position { x: at.x.saturating_add(dx * TILE), y: at.y.saturating_add(dy * TILE) })
            .filter(|&spot| self.map.is_free(spot) && Ear::at(&self.map, spot).acoustics == acoustics)
            .filter(|&spot| others.iter().all(|&other| distance_squared(spot, other) > ROOM * ROOM))
            .collect();
        // The nearest side; where both are as near, the first.
        spots.sort_by_key(|&spot| distance_squared(spot, own));
        let leads_there = |&spot: &Position| {
            let route = path::route(&self.map, own, spot);
            route.is_none_or(|points| points.last().is_some_and(|end| end.position().tile() == spot.tile()))
        };
        Some(Place::Exact(spots.into_iter().find(leads_there).unwrap_or(at)))
    }
}

fn distance_squared(a: Position, b: Position) -> i64 {
    let (dx, dy) = (i64::from(a.x) - i64::from(b.x), i64::from(a.y) - i64::from(b.y));
    dx * dx + dy * dy
}
