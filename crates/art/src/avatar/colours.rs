//! Colours of people: eight skins drawn by hand, swatches to start from, and how a ramp grows from one colour.
//! Free colours need the same ramp in the client; `ramp` here is for looking at the art, the rule is in docs of `avatars.json`.

/// Outline, deep shade, shade, base, light, rim.
pub const SKINS: [(&str, [u32; 6]); 8] = [
    ("Porcelain", [0x8a4a58, 0xc47f7c, 0xedb3a0, 0xfbd7be, 0xffe8d2, 0xfff5e6]),
    ("Peach", [0x83414c, 0xb96f66, 0xe09f84, 0xf4c6a0, 0xfcdcb8, 0xffeed2]),
    ("Honey", [0x703646, 0xa35f54, 0xcc8b68, 0xe5b184, 0xf3ca9b, 0xfbe0b8]),
    ("Olive", [0x5f3340, 0x8e5848, 0xb58059, 0xcfa371, 0xe2bd86, 0xf0d5a2]),
    ("Amber", [0x582a3a, 0x834540, 0xa9684a, 0xc58a5c, 0xd9a572, 0xe9be8c]),
    ("Chestnut", [0x47213a, 0x6b353b, 0x8d5041, 0xa86c4e, 0xbf8660, 0xd29f78]),
    ("Cocoa", [0x371b34, 0x522a38, 0x6e3d3d, 0x885345, 0xa06b54, 0xb58568]),
    ("Ebony", [0x26152e, 0x3c2036, 0x54303c, 0x6b4242, 0x83584f, 0x9b7060]),
];

pub const HAIR: [u32; 12] = [
    0x3a2a3c, 0x5b3a35, 0x84513a, 0xb5713f, 0xe0b060, 0xf4e0a8, 0xc2503a, 0x8f3350, 0x6d7f99, 0xd9dbe0, 0x4d7f86,
    0xd67fa4,
];
pub const CLOTH: [u32; 16] = [
    0xf2ead8, 0xa9abb8, 0x535068, 0x2f3150, 0xc24546, 0xe57655, 0xeaa83c, 0xf3d774, 0x68a04f, 0x3d7d5f, 0x338782,
    0x6db1e0, 0x4a6cb3, 0x7d58a6, 0xc06a9a, 0x8a5a44,
];
pub const BOTTOM: [u32; 10] =
    [0x3b4a7a, 0x2f3150, 0x535068, 0x6b5a58, 0x8a6a4c, 0xc9ab7e, 0x4d6b50, 0x7c3f4f, 0xa9abb8, 0x54467a];
pub const SHOES: [u32; 8] = [0x4a3340, 0x7a4a3a, 0xb3483f, 0xf0ece0, 0x35507f, 0x3f6f5c, 0xdb9a3a, 0x2d2440];
pub const EXTRA: [u32; 10] =
    [0xc24546, 0xeaa83c, 0x338782, 0x37508f, 0x8e5cae, 0xe4809a, 0x2d2440, 0xf0f1ec, 0x68a04f, 0xbd7b48];
pub const EYES: [u32; 7] = [0x4a2f2c, 0x7a4d2c, 0x3f7d4f, 0x37608f, 0x5a5f73, 0x6a4c93, 0x2f7d80];

/// Colours of the fixed indices, from `WHITE` on.
pub const FIXED: [u32; 6] = [0xfdfaf0, 0x2a1c30, 0x9a4450, 0xd5f1fb, 0xa9abb8, 0xf6efe0];

/// Six tones from a base colour: shadows turn towards blue-violet and lights towards yellow.
pub fn ramp(base: u32) -> [u32; 6] {
    const STEPS: [(u32, f32); 6] =
        [(0x1f1238, 0.68), (0x2a1a55, 0.46), (0x3a2568, 0.22), (0, 0.0), (0xffe9a8, 0.24), (0xfff6d8, 0.5)];
    STEPS.map(|(towards, amount)| mix(base, towards, amount))
}

fn mix(a: u32, b: u32, t: f32) -> u32 {
    let channel = |shift: u32| {
        let (x, y) = (((a >> shift) & 255) as f32, ((b >> shift) & 255) as f32);
        ((x + (y - x) * t).round() as u32) << shift
    };
    channel(16) | channel(8) | channel(0)
}
