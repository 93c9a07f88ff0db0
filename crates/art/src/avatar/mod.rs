//! Avatars: parts drawn as layers of ramp indices, so that a few drawings and free colours make a crowd.
//! Deliberately absent: colours of people (`colours`) and the file format (`sheet`).

pub mod accessory;
pub mod body;
pub mod colours;
pub mod hair;
pub mod head;
pub mod legs;
pub mod pose;
pub mod sheet;
pub mod tops;

use crate::canvas::Canvas;
use crate::palette::Ink;
use pose::Pose;

pub const FRAME_W: i32 = 32;
pub const FRAME_H: i32 = 64;
pub const FOOT_X: i32 = 16;
pub const FOOT_Y: i32 = 58;

/// First index of each six-tone ramp: outline, deep shade, shade, base, light, rim.
pub const SKIN: Ink = 1;
pub const HAIR: Ink = 7;
pub const TOP: Ink = 13;
pub const BOTTOM: Ink = 19;
pub const SHOES: Ink = 25;
pub const EXTRA: Ink = 31;
pub const EYES: Ink = 37;
/// Indices with a colour of their own.
pub const WHITE: Ink = 43;
pub const LASH: Ink = 44;
pub const MOUTH: Ink = 45;
pub const GLASS: Ink = 46;
pub const METAL: Ink = 47;
pub const PAPER: Ink = 48;

pub const RAMP_STARTS: [(&str, Ink); 7] = [
    ("skin", SKIN),
    ("hair", HAIR),
    ("top", TOP),
    ("bottom", BOTTOM),
    ("shoes", SHOES),
    ("accessory", EXTRA),
    ("eyes", EYES),
];

/// One row of the sheet: a slot's variant, in front of or behind the rest.
pub struct Part {
    pub slot: &'static str,
    pub variant: u8,
    pub name: &'static str,
    /// `back` or `front`; `over` is for what lies even over the head, and only gestures have it.
    pub z: &'static str,
    pub draw: fn(&mut Canvas, &Pose, u8),
}

/// Every row of the sheet, in order. Variants keep their number for good: looks are stored by number.
pub fn parts() -> Vec<Part> {
    let mut parts = vec![
        Part { slot: "body", variant: 0, name: "Body", z: "back", draw: |c, p, _| body::back(c, p) },
        Part { slot: "body", variant: 0, name: "Arms", z: "front", draw: |c, p, _| body::front(c, p) },
        Part { slot: "head", variant: 0, name: "Head", z: "front", draw: |c, p, _| head::head(c, p) },
        Part { slot: "eyes", variant: 0, name: "Eyes", z: "front", draw: |c, p, _| head::eyes(c, p) },
        Part { slot: "shoes", variant: 0, name: "Shoes", z: "front", draw: |c, p, _| legs::shoes(c, p) },
    ];
    let mut both = |slot,
                    names: &[&'static str],
                    first: u8,
                    back: fn(&mut Canvas, &Pose, u8),
                    front: fn(&mut Canvas, &Pose, u8)| {
        for (i, name) in names.iter().enumerate() {
            let variant = first + i as u8;
            parts.push(Part { slot, variant, name, z: "back", draw: back });
            parts.push(Part { slot, variant, name, z: "front", draw: front });
        }
    };
    both("hair", &hair::NAMES, 0, hair::back, hair::front);
    both("top", &tops::NAMES, 0, tops::torso, tops::sleeves);
    both("accessory", &accessory::NAMES[1..], 1, accessory::back, accessory::front);
    for (i, name) in legs::NAMES.iter().enumerate() {
        parts.push(Part { slot: "bottom", variant: i as u8, name, z: "front", draw: legs::bottom });
    }
    parts
}

/// The rows of the gestures' sheet: those, and arms that are up.
pub fn gesture_parts() -> Vec<Part> {
    let mut all = parts();
    all.push(Part { slot: "body", variant: 0, name: "Arms", z: "over", draw: |c, p, _| body::over(c, p) });
    for (i, name) in tops::NAMES.iter().enumerate() {
        all.push(Part { slot: "top", variant: i as u8, name, z: "over", draw: tops::over });
    }
    all
}

/// Draws one part in one pose, finished: facing left is the mirror of right, lit from the left again.
pub fn render(part: &Part, pose: &Pose) -> Canvas {
    let mut c = Canvas::new(FRAME_W, FRAME_H);
    (part.draw)(&mut c, &pose.unmirrored(), part.variant);
    if pose.dir == pose::Dir::Left { c.flipped() } else { c }
}

/// The base tone becomes light towards the upper left and shade towards the lower right, one pixel deep.
pub fn rim_shade(c: &mut Canvas, ramp: Ink) {
    let before = c.clone();
    for y in 0..c.h {
        for x in 0..c.w {
            if before.get(x, y).ink != ramp + 3 {
                continue;
            }
            if !before.solid(x + 1, y) || !before.solid(x, y + 1) {
                c.dot(x, y, ramp + 2);
            } else if !before.solid(x - 1, y) || !before.solid(x, y - 1) {
                c.dot(x, y, ramp + 4);
            }
        }
    }
}

/// Outline of an avatar's layer: the ramp's own darkest tone, one softer on the lit side.
pub fn edge(c: &mut Canvas) {
    c.outline_with(|ink, lit| match ink {
        0 | WHITE.. => LASH,
        _ => {
            let first = (ink - 1) / 6 * 6 + 1;
            if lit { first + 1 } else { first }
        }
    });
}
