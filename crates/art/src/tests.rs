//! What must hold of the whole art, however it looks.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::avatar::sheet::Sheet;
use crate::avatar::{FRAME_H, FRAME_W};
use crate::canvas::Canvas;
use crate::contact::random_look;
use crate::export::Art;
use crate::maps;
use crate::palette::COLOURS;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::Read;
use std::sync::LazyLock;

static ART: LazyLock<Art> = LazyLock::new(Art::build);
static TEMPLATES: LazyLock<BTreeMap<String, Value>> = LazyLock::new(|| {
    ART.templates().unwrap().into_iter().map(|(name, bytes)| (name, serde_json::from_slice(&bytes).unwrap())).collect()
});

fn decode(name: &str) -> (u32, u32, Vec<u8>) {
    let (_, bytes) = ART.public_files().unwrap().into_iter().find(|f| f.0 == name).unwrap();
    let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    (info.width, info.height, pixels)
}

#[test]
fn every_pixel_of_tiles_and_objects_is_in_the_palette() {
    let palette: BTreeSet<[u8; 3]> = (1..COLOURS.len()).map(|i| crate::palette::rgb(i as u8)).collect();
    for name in ["tiles.png", "objects.png", "favicon.png"] {
        let (_, _, pixels) = decode(name);
        for px in pixels.chunks_exact(4).filter(|px| px[3] > 0) {
            assert!(palette.contains(&[px[0], px[1], px[2]]), "{name} shows {px:?}");
        }
    }
}

#[test]
fn see_through_pixels_are_only_shadow_and_light() {
    let mut canvases: Vec<(&str, &Canvas)> = ART.bank.tiles.iter().map(|t| (t.name.as_str(), &t.canvas)).collect();
    canvases.extend(ART.catalogue.objects.iter().flat_map(|o| o.frames.iter().map(|f| (o.name.as_str(), f))));
    for (name, canvas) in canvases {
        for px in canvas.pixels().iter().filter(|px| px.alpha > 0 && px.alpha < 255) {
            assert!(
                [crate::palette::INK0, crate::palette::GD4].contains(&px.ink),
                "{name} has a see-through ink {}",
                px.ink
            );
        }
    }
}

#[test]
fn no_object_is_empty_or_named_twice() {
    let mut names = BTreeSet::new();
    for o in &ART.catalogue.objects {
        assert!(names.insert(o.name.as_str()), "{} is there twice", o.name);
        for frame in &o.frames {
            assert!(frame.pixels().iter().any(|px| px.alpha > 0), "{} is empty", o.name);
            assert_eq!((frame.w, frame.h), (o.w(), o.h()), "{} changes its size", o.name);
        }
    }
}

#[test]
fn the_same_code_gives_the_same_bytes() {
    let again = Art::build();
    assert_eq!(ART.public_files().unwrap(), again.public_files().unwrap());
    assert_eq!(ART.templates().unwrap(), again.templates().unwrap());
}

#[test]
fn committed_templates_are_current() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    crate::export::check(&ART, &root).unwrap();
}

/// Looks are composed by column: these never change their place.
const COLUMNS: usize = 48;

#[test]
fn the_avatar_sheet_has_the_promised_shape() {
    let files = ART.public_files().unwrap();
    let file = |name: &str| files.iter().find(|f| f.0 == name).unwrap().1.clone();
    let mut raw = Vec::new();
    flate2::read::GzDecoder::new(file("avatars.bin").as_slice()).read_to_end(&mut raw).unwrap();
    let json: Value = serde_json::from_slice(&file("avatars.json")).unwrap();
    let rows = json["rows"].as_u64().unwrap() as usize;
    assert_eq!(json["columns"], COLUMNS);
    assert_eq!(json["column"].as_array().unwrap().len(), COLUMNS);
    assert_eq!(raw.len(), rows * COLUMNS * (FRAME_W * FRAME_H) as usize);
    let highest = raw.iter().max().copied().unwrap();
    let fixed = json["fixed"].as_object().unwrap();
    let ramps = json["ramps"].as_object().unwrap();
    for index in 1..=highest {
        let in_ramp = ramps.values().any(|r| r.as_array().unwrap().contains(&Value::from(index)));
        assert!(in_ramp || fixed.contains_key(&index.to_string()), "index {index} has no colour");
    }
    for (slot, count) in [("hair", 12), ("top", 8), ("bottom", 6), ("accessory", 7)] {
        let variants: BTreeSet<u64> = json["parts"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|p| p["slot"] == slot)
            .map(|p| p["variant"].as_u64().unwrap())
            .collect();
        assert_eq!(variants.len(), count, "{slot}");
    }
    assert_eq!(json["skins"].as_array().unwrap().len(), 8);
    for (name, count) in [("hair", 12), ("top", 16)] {
        assert_eq!(json["swatches"][name].as_array().unwrap().len(), count);
    }
}

#[test]
fn every_gesture_moves_arms_in_every_look_and_direction() {
    let sheet: &Sheet = &ART.gestures;
    let at =
        |seed, name: &str| sheet.compose(&random_look(seed), sheet.poses.iter().position(|p| p.0 == name).unwrap());
    for seed in 0..40 {
        for dir in ["down", "up", "left", "right"] {
            for (name, frames) in [("wave", 3), ("clap", 2), ("dance", 4)] {
                let seen: BTreeSet<Vec<u32>> = (0..frames).map(|i| at(seed, &format!("{name}/{dir}/{i}"))).collect();
                // Hands that clap are hidden from behind, yet the elbows move; the two still beats of a dance differ in the eyes.
                assert!(seen.len() + usize::from(dir == "up" && name == "dance") >= frames, "{name} {dir} {seed}");
            }
            let beside = |column: &str| at(seed, column)[..(FRAME_W * 24) as usize].to_vec();
            assert_ne!(beside(&format!("raise/{dir}/0")), beside(&format!("clap/{dir}/0")), "{dir} {seed}");
        }
    }
}

#[test]
fn no_part_of_an_avatar_is_cut_off_by_its_frame_below() {
    for (part, row) in ART.sheet.parts.iter().zip(&ART.sheet.cells) {
        for (cell, (column, _)) in row.iter().zip(&ART.sheet.poses) {
            let low = (0..FRAME_W).any(|x| cell.solid(x, FRAME_H - 1));
            assert!(!low, "{} {} reaches the frame's foot in {column}", part.slot, part.name);
        }
    }
}

#[test]
fn every_frame_of_a_walk_differs_and_left_mirrors_right() {
    let sheet: &Sheet = &ART.sheet;
    let look = random_look(1);
    let at = |name: &str| sheet.compose(&look, sheet.poses.iter().position(|p| p.0 == name).unwrap());
    for dir in ["down", "up", "left", "right"] {
        let frames: BTreeSet<Vec<u32>> = (0..6).map(|i| at(&format!("walk/{dir}/{i}"))).collect();
        assert_eq!(frames.len(), 6, "{dir}");
    }
    let (left, right) = (at("walk/left/2"), at("walk/right/2"));
    let mirrored: Vec<u32> =
        right.chunks(FRAME_W as usize).flat_map(|row| row.iter().rev().copied().collect::<Vec<_>>()).collect();
    assert_eq!(left, mirrored);
}

#[test]
fn a_thousand_people_all_look_different() {
    let hashes: BTreeSet<u64> = (0..1100)
        .map(|seed| {
            let mut hasher = DefaultHasher::new();
            ART.sheet.compose(&random_look(seed), 6).hash(&mut hasher);
            hasher.finish()
        })
        .collect();
    assert!(hashes.len() >= 1000, "only {} of 1,100", hashes.len());
}

#[test]
fn every_walkable_tile_can_be_reached_and_every_seat_can_be_taken() {
    for name in maps::NAMES {
        let plan = maps::build(name, &ART.catalogue).unwrap();
        assert!((40..=72).contains(&plan.w) && (28..=52).contains(&plan.h), "{name} is {} x {}", plan.w, plan.h);
        assert_eq!(plan.unreachable(), Vec::new(), "{name}");
        for seat in &plan.seats {
            assert!(!plan.solid(seat.x, seat.y), "{name}: the seat at {},{} is blocked", seat.x, seat.y);
        }
        let (x, y, w, h) = plan.spawn;
        let free = (y..y + h).flat_map(|y| (x..x + w).map(move |x| (x, y))).filter(|c| !plan.solid(c.0, c.1)).count();
        assert!(free >= 6, "{name}: {free} tiles to appear on");
        for edge in 0..plan.w.max(plan.h) {
            assert!(plan.solid(edge, 0) && plan.solid(0, edge), "{name} has a hole in its edge");
        }
        assert!(plan.areas.len() >= 4 && plan.seats.len() >= 12, "{name} is a bare place");
    }
}

#[test]
fn templates_have_the_layers_of_the_contract() {
    for (name, map) in TEMPLATES.iter() {
        let layers = map["layers"].as_array().unwrap();
        let at = |layer: &str| {
            layers.iter().position(|l| l["name"] == layer).unwrap_or_else(|| panic!("{name} lacks {layer}"))
        };
        let order: Vec<usize> =
            ["floor", "walls", "objects", "floorLayer", "above", "collision", "places"].iter().map(|l| at(l)).collect();
        assert!(order.is_sorted(), "{name}: {order:?}");
        let cells = (map["width"].as_u64().unwrap() * map["height"].as_u64().unwrap()) as usize;
        for layer in layers.iter().filter(|l| l["type"] == "tilelayer") {
            assert_eq!(layer["data"].as_array().unwrap().len(), cells, "{name}: {}", layer["name"]);
        }
        assert_eq!(layers[at("collision")]["visible"], false);
        for object in layers[at("places")]["objects"].as_array().unwrap() {
            assert_eq!(object["type"], object["class"]);
        }
        assert_eq!(
            layers[at("places")]["objects"].as_array().unwrap().iter().filter(|o| o["class"] == "spawn").count(),
            1
        );
    }
}

#[test]
fn every_gid_in_a_template_exists() {
    for (name, map) in TEMPLATES.iter() {
        let sets: Vec<(u64, u64)> = map["tilesets"]
            .as_array()
            .unwrap()
            .iter()
            .map(|s| (s["firstgid"].as_u64().unwrap(), s["tilecount"].as_u64().unwrap()))
            .collect();
        let known = |gid: u64| gid == 0 || sets.iter().any(|(first, count)| (*first..first + count).contains(&gid));
        for layer in map["layers"].as_array().unwrap() {
            let tiles = layer["data"].as_array().into_iter().flatten().filter_map(Value::as_u64);
            let objects = layer["objects"].as_array().into_iter().flatten().filter_map(|o| o["gid"].as_u64());
            for gid in tiles.chain(objects) {
                assert!(known(gid), "{name}: gid {gid}");
            }
        }
        for tile in map["tilesets"][1]["tiles"].as_array().unwrap() {
            let number = |key: &str| tile[key].as_i64().unwrap();
            assert!(
                number("x") + number("width") <= number("imagewidth")
                    && number("y") + number("height") <= number("imageheight"),
                "{tile}"
            );
        }
    }
}
