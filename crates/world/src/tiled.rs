//! Reads a map from Tiled's JSON (format 1.10, <https://doc.mapeditor.org/en/stable/reference/json-map-format/>).
//!
//! Orthogonal, finite, 32 by 32 tiles, layer data as arrays of numbers. Read here: tiles with `collides`, objects of the
//! classes `spawn`, `area` and `seat`. Names follow the conventions maps in the wild use: see docs/maps.md.
//! Absent on purpose: pictures, and layer data in base64, which is refused with a message that says how to save the map.

use std::collections::HashSet;

use serde::Deserialize;
use serde_json::Value;
use thiserror::Error;

use crate::map::{Area, MAP_TILES_MAX, Map, PLACES_MAX, Seat};
use earshot_protocol::units::{Facing, Position, SUBPIXELS_PER_PIXEL, TILE_PIXELS, Tile};

/// Largest file read: a 512 by 512 map with eight layers stays below it.
pub const BYTES_MAX: usize = 16 << 20;
/// Group layers inside group layers, at the most.
const DEPTH_MAX: usize = 8;
/// Tiled keeps flips in the three highest bits of a tile's number, and a fourth for hexagons.
const GID_MASK: u32 = 0x0fff_ffff;

/// Why a file is not a map one can walk on. The texts are shown to who brought the file.
#[derive(Debug, Error)]
pub enum MapError {
    #[error("the map has {0} bytes, and at most {BYTES_MAX} are read")]
    TooLarge(usize),
    #[error("the map is not Tiled JSON: {0}")]
    Json(#[from] serde_json::Error),
    #[error("only orthogonal maps of 32 by 32 pixel tiles are read, and this one is {0}")]
    Kind(String),
    #[error("the map is {0} by {1} tiles; 1 to {MAP_TILES_MAX} each way are allowed")]
    Size(i64, i64),
    #[error("layer \"{0}\": {1}")]
    Layer(String, &'static str),
    #[error("tileset \"{0}\" is in a file of its own; embed it in the map (Tiled: Map, Embed Tilesets)")]
    ExternalTileset(String),
    #[error("the map has more than {PLACES_MAX} areas or seats")]
    TooManyPlaces,
    #[error("nobody could stand anywhere on this map: every tile is impassable")]
    NoFloor,
}

#[derive(Deserialize)]
struct TiledMap {
    #[serde(default)]
    orientation: String,
    width: i64,
    height: i64,
    tilewidth: i64,
    tileheight: i64,
    #[serde(default)]
    infinite: bool,
    #[serde(default)]
    layers: Vec<Layer>,
    #[serde(default)]
    tilesets: Vec<Tileset>,
    #[serde(default)]
    properties: Vec<Property>,
}

#[derive(Deserialize)]
struct Layer {
    #[serde(default)]
    name: String,
    #[serde(rename = "type", default)]
    kind: String,
    #[serde(default)]
    data: Option<Value>,
    #[serde(default)]
    layers: Vec<Layer>,
    #[serde(default)]
    objects: Vec<Object>,
    #[serde(default)]
    properties: Vec<Property>,
}

#[derive(Deserialize)]
struct Tileset {
    firstgid: u32,
    #[serde(default)]
    source: Option<String>,
    #[serde(default)]
    tiles: Vec<TilesetTile>,
}

#[derive(Deserialize)]
struct TilesetTile {
    id: u32,
    #[serde(default)]
    properties: Vec<Property>,
}

#[derive(Deserialize)]
struct Object {
    #[serde(default)]
    id: u32,
    #[serde(default)]
    name: String,
    #[serde(default)]
    class: String,
    #[serde(rename = "type", default)]
    kind: String,
    x: f64,
    y: f64,
    #[serde(default)]
    width: f64,
    #[serde(default)]
    height: f64,
    #[serde(default)]
    properties: Vec<Property>,
}

#[derive(Deserialize)]
struct Property {
    name: String,
    #[serde(default)]
    value: Value,
}

/// Reads a map. Work and memory are bounded by [`BYTES_MAX`] and [`MAP_TILES_MAX`].
pub fn read(bytes: &[u8]) -> Result<Map, MapError> {
    if bytes.len() > BYTES_MAX {
        return Err(MapError::TooLarge(bytes.len()));
    }
    let tiled: TiledMap = serde_json::from_slice(bytes)?;
    let side = 1..=i64::from(MAP_TILES_MAX);
    if tiled.orientation != "orthogonal" || tiled.infinite {
        let kind = if tiled.infinite { "infinite" } else { tiled.orientation.as_str() };
        return Err(MapError::Kind(kind.chars().take(40).collect()));
    }
    if tiled.tilewidth != i64::from(TILE_PIXELS) || tiled.tileheight != i64::from(TILE_PIXELS) {
        return Err(MapError::Kind(format!("{} by {} pixels a tile", tiled.tilewidth, tiled.tileheight)));
    }
    if !side.contains(&tiled.width) || !side.contains(&tiled.height) {
        return Err(MapError::Size(tiled.width, tiled.height));
    }
    let mut builder = Builder::new(tiled.width as i32, tiled.height as i32, colliding_gids(&tiled.tilesets)?);
    builder.add_layers(&tiled.layers, 0)?;
    let name = text(&tiled.properties, "mapName").unwrap_or_default().chars().take(80).collect();
    Map::new(name, builder.width, builder.height, builder.blocked, &builder.spawn, builder.areas, builder.seats)
        .ok_or(MapError::NoFloor)
}

fn colliding_gids(tilesets: &[Tileset]) -> Result<HashSet<u32>, MapError> {
    let mut gids = HashSet::new();
    for tileset in tilesets {
        if let Some(source) = &tileset.source {
            return Err(MapError::ExternalTileset(source.chars().take(80).collect()));
        }
        let colliding = tileset.tiles.iter().filter(|tile| flag(&tile.properties, "collides"));
        gids.extend(colliding.filter_map(|tile| tileset.firstgid.checked_add(tile.id)));
    }
    Ok(gids)
}

struct Builder {
    width: i32,
    height: i32,
    colliding: HashSet<u32>,
    blocked: Vec<bool>,
    spawn: Vec<Tile>,
    areas: Vec<Area>,
    seats: Vec<Seat>,
}

impl Builder {
    fn new(width: i32, height: i32, colliding: HashSet<u32>) -> Self {
        let blocked = vec![false; (width * height) as usize];
        Self { width, height, colliding, blocked, spawn: vec![], areas: vec![], seats: vec![] }
    }

    fn add_layers(&mut self, layers: &[Layer], depth: usize) -> Result<(), MapError> {
        for layer in layers {
            match layer.kind.as_str() {
                "group" if depth >= DEPTH_MAX => {
                    return Err(MapError::Layer(layer.name.clone(), "groups are nested too deeply"));
                }
                "group" => self.add_layers(&layer.layers, depth + 1)?,
                "tilelayer" => self.add_tiles(layer)?,
                "objectgroup" => self.add_objects(&layer.objects)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn add_tiles(&mut self, layer: &Layer) -> Result<(), MapError> {
        let error = |message| MapError::Layer(layer.name.chars().take(80).collect(), message);
        let is_start = layer.name == "start" || flag(&layer.properties, "startLayer");
        let gids = match &layer.data {
            Some(Value::Array(gids)) => gids,
            Some(Value::String(_)) => {
                return Err(error("save the map with the tile layer format CSV (Tiled: Map, Map Properties)"));
            }
            _ => return Err(error("it has no data")),
        };
        if gids.len() != self.blocked.len() {
            return Err(error("its data has another size than the map"));
        }
        for (index, (gid, blocked)) in gids.iter().zip(&mut self.blocked).enumerate() {
            let gid =
                gid.as_u64().and_then(|gid| u32::try_from(gid).ok()).ok_or_else(|| error("a tile is not a number"))?
                    & GID_MASK;
            *blocked |= self.colliding.contains(&gid);
            if is_start && gid != 0 {
                self.spawn.push(Tile { x: index as i32 % self.width, y: index as i32 / self.width });
            }
        }
        Ok(())
    }

    fn add_objects(&mut self, objects: &[Object]) -> Result<(), MapError> {
        for object in objects {
            let class = if object.class.is_empty() { object.kind.as_str() } else { object.class.as_str() };
            match class {
                "spawn" => self.add_spawn(object),
                "area" if object.name == "start" => self.add_spawn(object),
                "area" => {
                    let area = area(object);
                    // A number that two have would be one channel for both.
                    let taken = self.areas.iter().any(|other| other.number == area.number);
                    self.areas.push(if taken { Area { number: 0, ..area } } else { area });
                }
                "seat" => self.seats.push(seat(object)),
                _ => {}
            }
            if self.areas.len() > PLACES_MAX || self.seats.len() > PLACES_MAX {
                return Err(MapError::TooManyPlaces);
            }
        }
        Ok(())
    }

    fn add_spawn(&mut self, object: &Object) {
        let (first, last) = (
            point(object.x, object.y).tile(),
            point(object.x + object.width - 1.0, object.y + object.height - 1.0).tile(),
        );
        for y in first.y.max(0)..=last.y.min(self.height - 1) {
            self.spawn.extend((first.x.max(0)..=last.x.min(self.width - 1)).map(|x| Tile { x, y }));
        }
    }
}

fn area(object: &Object) -> Area {
    let (start, end) = (point(object.x, object.y), point(object.x + object.width, object.y + object.height));
    Area {
        number: object.id,
        name: object.name.chars().take(80).collect(),
        left: start.x,
        top: start.y,
        right: end.x,
        bottom: end.y,
        private: flag(&object.properties, "private"),
        silent: flag(&object.properties, "silent"),
        stage: flag(&object.properties, "stage"),
    }
}

fn seat(object: &Object) -> Seat {
    let facing = match text(&object.properties, "facing") {
        Some("up") => Facing::Up,
        Some("left") => Facing::Left,
        Some("right") => Facing::Right,
        _ => Facing::Down,
    };
    let offset = property(&object.properties, "seatY").and_then(Value::as_i64).unwrap_or(0).clamp(-64, 64);
    Seat { tile: point(object.x + 1.0, object.y + 1.0).tile(), facing, offset_y_px: offset as i32 }
}

/// Pixels of the file as a position. The only floating point of this crate: it parses, and a cast saturates.
fn point(x: f64, y: f64) -> Position {
    let limit = f64::from(MAP_TILES_MAX * TILE_PIXELS);
    let sub = |value: f64| (value.clamp(-limit, 2.0 * limit) * f64::from(SUBPIXELS_PER_PIXEL)) as i32;
    Position { x: sub(x), y: sub(y) }
}

fn property<'a>(properties: &'a [Property], name: &str) -> Option<&'a Value> {
    properties.iter().find(|property| property.name == name).map(|property| &property.value)
}

fn flag(properties: &[Property], name: &str) -> bool {
    property(properties, name).and_then(Value::as_bool).unwrap_or(false)
}

fn text<'a>(properties: &'a [Property], name: &str) -> Option<&'a str> {
    property(properties, name).and_then(Value::as_str)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use earshot_protocol::units::TILE;
    use serde_json::json;

    fn file(edit: impl FnOnce(&mut Value)) -> Vec<u8> {
        let mut map = json!({
            "orientation": "orthogonal", "width": 3, "height": 2, "tilewidth": 32, "tileheight": 32, "infinite": false,
            "properties": [{"name": "mapName", "type": "string", "value": "Hut"}],
            "tilesets": [{"firstgid": 1, "tiles": [{"id": 4, "properties": [{"name": "collides", "type": "bool", "value": true}]}]}],
            "layers": [
                {"type": "group", "name": "all", "layers": [{"type": "tilelayer", "name": "walls", "data": [5, 0, 2_147_483_653_u32, 0, 0, 0]}]},
                {"type": "objectgroup", "name": "places", "objects": [
                    {"class": "spawn", "name": "start", "x": 0, "y": 32, "width": 64, "height": 32},
                    {"id": 7, "type": "area", "name": "Nook", "x": 32, "y": 0, "width": 32, "height": 64, "properties": [{"name": "private", "value": true}]},
                    {"class": "seat", "x": 64, "y": 32, "width": 32, "height": 32, "properties": [{"name": "facing", "value": "left"}]},
                ]},
            ],
        });
        edit(&mut map);
        serde_json::to_vec(&map).unwrap()
    }

    #[test]
    fn walls_spawn_areas_and_seats_are_read_through_groups_and_flips() {
        let map = read(&file(|_| {})).unwrap();
        let blocked: Vec<_> = (0..6).map(|i| map.is_blocked(Tile { x: i % 3, y: i / 3 })).collect();
        assert_eq!(blocked, [true, false, true, false, false, false]);
        assert_eq!(map.spawn(), [Tile { x: 0, y: 1 }, Tile { x: 1, y: 1 }]);
        let area = &map.areas()[0];
        assert_eq!((area.name.as_str(), area.private, area.left, area.bottom), ("Nook", true, TILE, 2 * TILE));
        assert_eq!(area.number, 7);
        assert_eq!(map.seat_on(Tile { x: 2, y: 1 }).unwrap().facing, Facing::Left);
        assert_eq!(map.name(), "Hut");
    }

    #[test]
    fn what_cannot_be_a_map_is_refused_with_a_reason() {
        let message = |edit: fn(&mut Value)| read(&file(edit)).unwrap_err().to_string();
        assert!(message(|m| m["width"] = json!(100_000)).contains("100000 by 2"));
        assert!(message(|m| m["width"] = json!(-1)).contains("-1 by 2"));
        assert!(message(|m| m["tilewidth"] = json!(16)).contains("16 by 32"));
        assert!(message(|m| m["orientation"] = json!("hexagonal")).contains("hexagonal"));
        assert!(message(|m| m["layers"][0]["layers"][0]["data"] = json!("AAAA")).contains("CSV"));
        assert!(message(|m| m["layers"][0]["layers"][0]["data"] = json!([5])).contains("another size"));
        assert!(
            message(|m| m["layers"][0]["layers"][0]["data"] = json!([5, 5, 5, 5, 5, 5])).contains("nobody could stand")
        );
        assert!(message(|m| m["tilesets"] = json!([{"firstgid": 1, "source": "a.tsj"}])).contains("a.tsj"));
        assert!(read(b"[1").unwrap_err().to_string().contains("not Tiled JSON"));
    }

    #[test]
    fn wild_numbers_do_no_harm() {
        for wild in [json!(1e300), json!(-1e300), json!(0.5)] {
            let map = read(&file(|m| {
                for (index, key) in [(0, "x"), (0, "width"), (1, "height"), (2, "y")] {
                    m["layers"][1]["objects"][index][key] = wild.clone();
                }
            }))
            .unwrap();
            assert!(!map.spawn().is_empty());
        }
    }
}
