//! A painted plan as Tiled JSON. Deliberately absent: compression; templates are read by people and diffed by git.

use super::paint::{LAYERS, Painted};
use super::plan::Plan;
use crate::objects::Catalogue;
use crate::objects::atlas::Atlas;
use crate::palette::hex;
use crate::tiles::{Bank, COLUMNS, TILE};
use serde_json::{Value, json};

/// Far above any tile id, so that a growing tileset never moves the objects' ids.
pub const OBJECTS_FIRST_GID: u32 = 4097;

pub fn map(plan: &Plan, painted: &Painted, bank: &Bank, atlas: &Atlas) -> Value {
    let mut layers: Vec<Value> = Vec::new();
    let mut id = 0;
    let mut next = || {
        id += 1;
        id
    };
    for name in LAYERS.iter().filter(|name| **name != "above") {
        layers.push(tile_layer(next(), name, plan, painted, true));
    }
    let mut object_id = 0;
    let mut number = || {
        object_id += 1;
        object_id
    };
    let objects: Vec<Value> = plan.placed.iter().map(|p| {
        let o = &plan.catalogue.objects[p.object];
        json!({
            "id": number(), "gid": OBJECTS_FIRST_GID + atlas.id_of(p.object), "name": o.name, "type": "", "class": "",
            "x": p.x, "y": p.bottom, "width": o.w(), "height": o.h(), "rotation": 0, "visible": true,
        })
    }).collect();
    layers.push(object_group(next(), "objects", objects));
    layers.push(object_group(next(), "floorLayer", Vec::new()));
    layers.push(tile_layer(next(), "above", plan, painted, true));
    layers.push(json!({
        "id": next(), "name": "collision", "type": "tilelayer", "x": 0, "y": 0, "width": plan.w, "height": plan.h,
        "opacity": 1, "visible": false, "data": painted.collision,
    }));
    layers.push(object_group(next(), "places", places(plan, &mut number)));
    json!({
        "type": "map", "version": "1.10", "tiledversion": "1.11.0", "orientation": "orthogonal", "renderorder": "right-down",
        "width": plan.w, "height": plan.h, "tilewidth": TILE, "tileheight": TILE, "infinite": false, "compressionlevel": -1,
        "nextlayerid": id + 1, "nextobjectid": object_id + 1,
        "properties": [
            text("mapName", plan.title), text("mapDescription", plan.about), text("mapCopyright", "CC0-1.0, Earshot"),
        ],
        "layers": layers,
        "tilesets": [tiles(bank), objects_set(plan.catalogue, atlas)],
    })
}

fn tile_layer(id: u32, name: &str, plan: &Plan, painted: &Painted, visible: bool) -> Value {
    let data = painted.layers.iter().find(|l| l.0 == name).map(|l| l.1.clone()).unwrap_or_default();
    json!({
        "id": id, "name": name, "type": "tilelayer", "x": 0, "y": 0, "width": plan.w, "height": plan.h,
        "opacity": 1, "visible": visible, "data": data,
    })
}

fn object_group(id: u32, name: &str, objects: Vec<Value>) -> Value {
    json!({"id": id, "name": name, "type": "objectgroup", "draworder": "topdown", "x": 0, "y": 0, "opacity": 1, "visible": true, "objects": objects})
}

fn places(plan: &Plan, number: &mut impl FnMut() -> u32) -> Vec<Value> {
    let mut out = Vec::new();
    let mut place = |class: &str, name: &str, rect: (i32, i32, i32, i32), properties: Vec<Value>| {
        let mut value = json!({
            "id": number(), "name": name, "type": class, "class": class,
            "x": rect.0, "y": rect.1, "width": rect.2, "height": rect.3, "rotation": 0, "visible": true, "properties": properties,
        });
        if class == "light" {
            value["point"] = json!(true);
        }
        out.push(value);
    };
    let cells = |r: (i32, i32, i32, i32)| (r.0 * TILE, r.1 * TILE, r.2 * TILE, r.3 * TILE);
    place("spawn", "start", cells(plan.spawn), Vec::new());
    for area in &plan.areas {
        place("area", area.name, cells(area.rect), area.flags.iter().map(|flag| switch(flag)).collect());
    }
    for seat in &plan.seats {
        let properties = vec![text("facing", seat.facing.name()), int("seatY", seat.seat_y)];
        place("seat", "", cells((seat.x, seat.y, 1, 1)), properties);
    }
    for lamp in &plan.lights {
        let properties = vec![text("color", &hex(lamp.colour)), text("kind", lamp.kind), int("radius", lamp.radius)];
        place("light", "", (lamp.x, lamp.y, 0, 0), properties);
    }
    out
}

fn text(name: &str, value: &str) -> Value {
    json!({"name": name, "type": "string", "value": value})
}

fn int(name: &str, value: i32) -> Value {
    json!({"name": name, "type": "int", "value": value})
}

fn switch(name: &str) -> Value {
    json!({"name": name, "type": "bool", "value": true})
}

fn animation(frames: impl Iterator<Item = (u32, u32)>) -> Value {
    frames.map(|(id, ms)| json!({"tileid": id, "duration": ms})).collect()
}

fn tiles(bank: &Bank) -> Value {
    let special: Vec<Value> = bank
        .tiles
        .iter()
        .enumerate()
        .filter(|(_, t)| t.collides || !t.animation.is_empty())
        .map(|(id, t)| {
            let mut value = json!({"id": id});
            if t.collides {
                value["properties"] = json!([switch("collides")]);
            }
            if !t.animation.is_empty() {
                value["animation"] = animation(t.animation.iter().copied());
            }
            value
        })
        .collect();
    json!({
        "firstgid": 1, "name": "tiles", "image": "/art/tiles.png", "imagewidth": COLUMNS as i32 * TILE, "imageheight": bank.rows() as i32 * TILE,
        "tilewidth": TILE, "tileheight": TILE, "columns": COLUMNS, "tilecount": bank.rows() * COLUMNS, "margin": 0, "spacing": 0, "tiles": special,
    })
}

fn objects_set(catalogue: &Catalogue, atlas: &Atlas) -> Value {
    let tiles: Vec<Value> = atlas
        .places
        .iter()
        .enumerate()
        .map(|(id, place)| {
            let o = &catalogue.objects[place.object];
            let mut properties = vec![text("name", &o.name)];
            if o.sort != 0 {
                properties.push(int("sortOffset", o.sort));
            }
            if let Some(glow) = o.glow {
                properties.push(text("glow", &hex(glow)));
            }
            if o.sway {
                properties.push(switch("sway"));
            }
            let mut value = json!({
                "id": id, "image": "/art/objects.png", "imagewidth": atlas.canvas.w, "imageheight": atlas.canvas.h,
                "x": place.x, "y": place.y, "width": o.w(), "height": o.h(), "properties": properties,
            });
            if o.frames.len() > 1 && place.frame == 0 {
                value["animation"] = animation((0..o.frames.len() as u32).map(|f| (id as u32 + f, o.ms)));
            }
            value
        })
        .collect();
    let widest = catalogue.objects.iter().map(|o| o.w()).max().unwrap_or(0);
    let tallest = catalogue.objects.iter().map(|o| o.h()).max().unwrap_or(0);
    json!({
        "firstgid": OBJECTS_FIRST_GID, "name": "objects", "tilewidth": widest, "tileheight": tallest,
        "columns": 0, "tilecount": tiles.len(), "margin": 0, "spacing": 0, "tiles": tiles,
    })
}
