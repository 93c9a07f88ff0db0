//! The avatar sheet as files, and composing one look from it (for looking and for counting how many differ).

use super::pose::{ANIMS, Anim, DIRS, GESTURES, Pose};
use super::{FOOT_X, FOOT_Y, FRAME_H, FRAME_W, Part, RAMP_STARTS, WHITE, colours, gesture_parts, parts, render};
use crate::canvas::Canvas;
use serde_json::{Map, Value, json};

pub struct Sheet {
    pub parts: Vec<Part>,
    pub poses: Vec<(String, Pose)>,
    /// One canvas a part and pose, row by row.
    pub cells: Vec<Vec<Canvas>>,
}

#[derive(Clone, Debug)]
pub struct Look {
    pub skin: usize,
    pub hair: u8,
    pub top: u8,
    pub bottom: u8,
    pub accessory: u8,
    /// Hair, top, bottom, shoes, accessory, eyes.
    pub colours: [u32; 6],
}

/// Back to front, as the client stacks the layers.
pub fn order(dir: &str) -> Vec<&'static str> {
    let mut order = vec![
        "hair:back",
        "accessory:back",
        "body:back",
        "shoes:front",
        "bottom:front",
        "top:back",
        "body:front",
        "top:front",
    ];
    order.extend(["head:front", "eyes:front", "hair:front", "accessory:front", "body:over", "top:over"]);
    if dir == "up" {
        // From behind, what is worn in front of the neck lies under the hair.
        order.retain(|layer| !layer.ends_with("hair:back"));
        order.insert(0, "hair:back");
    }
    order
}

impl Sheet {
    pub fn build() -> Self {
        Self::of(parts(), Pose::all(&ANIMS))
    }

    pub fn gestures() -> Self {
        Self::of(gesture_parts(), Pose::all(&GESTURES))
    }

    fn of(parts: Vec<Part>, poses: Vec<(String, Pose)>) -> Self {
        let cells = parts.iter().map(|part| poses.iter().map(|(_, pose)| render(part, pose)).collect()).collect();
        Self { parts, poses, cells }
    }

    pub fn bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.parts.len() * self.poses.len() * (FRAME_W * FRAME_H) as usize);
        for row in &self.cells {
            for y in 0..FRAME_H {
                for cell in row {
                    out.extend((0..FRAME_W).map(|x| cell.get(x, y).ink));
                }
            }
        }
        out
    }

    /// The look in one column, as 24-bit colours; 0 is transparent (no tone of a look is pure black).
    pub fn compose(&self, look: &Look, column: usize) -> Vec<u32> {
        let mut out = vec![0u32; (FRAME_W * FRAME_H) as usize];
        let table = table(look);
        let dir = DIRS.iter().find(|d| d.0 == self.poses[column].1.dir).map_or("down", |d| d.1);
        for layer in order(dir) {
            let (slot, z) = layer.split_once(':').unwrap_or((layer, "front"));
            let variant = match slot {
                "hair" => look.hair,
                "top" => look.top,
                "bottom" => look.bottom,
                "accessory" => look.accessory,
                _ => 0,
            };
            let row = self.parts.iter().position(|p| p.slot == slot && p.variant == variant && p.z == z);
            let Some(row) = row else { continue };
            for (i, px) in self.cells[row][column].pixels().iter().enumerate() {
                if px.ink != 0 {
                    out[i] = table[usize::from(px.ink)];
                }
            }
        }
        out
    }

    /// What lies where: rows, columns, and how long each frame of an animation shows.
    fn layout(&self, anims: &[(Anim, &str, usize)], ms: impl Fn(&str) -> Value) -> Map<String, Value> {
        let parts: Vec<Value> = self
            .parts
            .iter()
            .enumerate()
            .map(|(row, p)| json!({"slot": p.slot, "variant": p.variant, "name": p.name, "row": row, "z": p.z}))
            .collect();
        let animations: Map<String, Value> = anims
            .iter()
            .map(|(_, name, frames)| ((*name).to_owned(), json!({"frames": frames, "ms": ms(name)})))
            .collect();
        let orders: Map<String, Value> =
            DIRS.iter().map(|(_, name)| ((*name).to_owned(), json!(order(name)))).collect();
        [
            ("columns", json!(self.poses.len())),
            ("rows", json!(self.parts.len())),
            ("animations", json!(animations)),
            ("column", json!(self.poses.iter().map(|p| p.0.clone()).collect::<Vec<_>>())),
            ("parts", json!(parts)),
            ("order", json!(orders)),
        ]
        .into_iter()
        .map(|(key, value)| (key.to_owned(), value))
        .collect()
    }

    /// The gestures' sheet; colours and the frame's size are those of the other one.
    pub fn describe_gestures(&self) -> Value {
        Value::Object(self.layout(&GESTURES, |name| match name {
            "wave" => json!(130),
            "clap" => json!(110),
            "raiseWalk" => json!(90),
            "dance" => json!([260, 140, 260, 140]),
            _ => json!(1000),
        }))
    }

    pub fn describe(&self) -> Value {
        let mut all = self.layout(&ANIMS, |name| match name {
            "walk" => json!(90),
            "idle" => json!([1400, 500, 900, 140]),
            _ => json!([1600, 900]),
        });
        let ramps: Map<String, Value> = RAMP_STARTS
            .iter()
            .map(|(name, first)| ((*name).to_owned(), json!((0..6).map(|i| first + i).collect::<Vec<u8>>())))
            .collect();
        let fixed: Map<String, Value> = colours::FIXED
            .iter()
            .enumerate()
            .map(|(i, c)| ((usize::from(WHITE) + i).to_string(), json!(hex(*c))))
            .collect();
        let list = |c: &[u32]| c.iter().map(|c| hex(*c)).collect::<Vec<_>>();
        let rest = json!({
            "frame": {"w": FRAME_W, "h": FRAME_H, "footX": FOOT_X, "footY": FOOT_Y},
            "ramps": ramps, "fixed": fixed,
            "skins": colours::SKINS.iter().map(|s| list(&s.1)).collect::<Vec<_>>(),
            "skinNames": colours::SKINS.iter().map(|s| s.0).collect::<Vec<_>>(),
            "accessoryNames": super::accessory::NAMES,
            "swatches": {
                "hair": list(&colours::HAIR), "top": list(&colours::CLOTH), "bottom": list(&colours::BOTTOM),
                "shoes": list(&colours::SHOES), "accessory": list(&colours::EXTRA), "eyes": list(&colours::EYES),
            },
        });
        if let Value::Object(rest) = rest {
            all.extend(rest);
        }
        Value::Object(all)
    }
}

fn hex(c: u32) -> String {
    format!("#{c:06x}")
}

fn table(look: &Look) -> [u32; 64] {
    let mut table = [0u32; 64];
    let [hair, top, bottom, shoes, extra, eyes] = look.colours.map(colours::ramp);
    let ramps = [colours::SKINS[look.skin].1, hair, top, bottom, shoes, extra, eyes];
    for (i, ramp) in ramps.iter().enumerate() {
        table[1 + i * 6..7 + i * 6].copy_from_slice(ramp);
    }
    for (i, c) in colours::FIXED.iter().enumerate() {
        table[usize::from(WHITE) + i] = *c;
    }
    table
}
