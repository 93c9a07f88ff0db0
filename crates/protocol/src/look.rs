//! What an avatar looks like: which parts, in which colours. Drawing it is the client's business.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// How many variants each part has; the art is drawn to these numbers, and a test in the art crate holds it to them.
pub const SKINS: u8 = 8;
pub const HAIRS: u8 = 12;
pub const TOPS: u8 = 8;
pub const BOTTOMS: u8 = 6;
/// The first accessory is none.
pub const ACCESSORIES: u8 = 8;

/// A 24-bit colour, `#rrggbb` in JSON.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Color(u32);

impl Color {
    /// From `0xrrggbb`; higher bits are an error.
    pub fn from_rgb24(rgb: u32) -> Result<Self, LookError> {
        if rgb > 0xff_ffff { Err(LookError::Color) } else { Ok(Self(rgb)) }
    }

    /// As `0xrrggbb`.
    pub fn rgb24(self) -> u32 {
        self.0
    }
}

impl TryFrom<String> for Color {
    type Error = LookError;
    fn try_from(text: String) -> Result<Self, LookError> {
        let digits = text.strip_prefix('#').ok_or(LookError::Color)?;
        if digits.len() != 6 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(LookError::Color);
        }
        u32::from_str_radix(digits, 16).map(Self).map_err(|_| LookError::Color)
    }
}

impl From<Color> for String {
    fn from(color: Color) -> Self {
        format!("#{:06x}", color.0)
    }
}

/// Why a look was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum LookError {
    #[error("a colour is written #rrggbb")]
    Color,
    #[error("there is no such {0}")]
    Part(&'static str),
}

/// An avatar's appearance.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Look {
    pub skin: u8,
    pub hair: u8,
    pub hair_color: Color,
    pub eyes_color: Color,
    pub top: u8,
    pub top_color: Color,
    pub bottom: u8,
    pub bottom_color: Color,
    pub shoes_color: Color,
    pub accessory: u8,
    pub accessory_color: Color,
}

impl Look {
    /// Every part exists; colours are valid by construction.
    pub fn validate(self) -> Result<Self, LookError> {
        for (name, value, count) in [
            ("skin", self.skin, SKINS),
            ("hair", self.hair, HAIRS),
            ("top", self.top, TOPS),
            ("bottom", self.bottom, BOTTOMS),
            ("accessory", self.accessory, ACCESSORIES),
        ] {
            if value >= count {
                return Err(LookError::Part(name));
            }
        }
        Ok(self)
    }

    /// A pleasant look chosen by a number: for bots, and for someone who has not dressed yet.
    pub fn from_seed(seed: u64) -> Self {
        const HAIR: [u32; 6] = [0x2b1d1a, 0x5b3a26, 0x8a5a33, 0xc98f4a, 0x8c3b2a, 0x6b6470];
        const EYES: [u32; 4] = [0x3b2a22, 0x3d6b6b, 0x4a6b8a, 0x5b7a3d];
        const CLOTH: [u32; 10] =
            [0xc8553d, 0x588b8b, 0xf2b950, 0x6b8f5e, 0x7a6ba8, 0xd98a8a, 0x3f5f8a, 0xe0d3b8, 0x8a4f6d, 0x4a4658];
        const SHOES: [u32; 4] = [0x4a3528, 0x2f2b3a, 0x8a5a33, 0xe0d3b8];
        let mut state = seed;
        // SplitMix64 (Steele, Lea, Flood 2014): well-spread numbers from any seed, no dependency.
        let mut pick = |n: usize| {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut z = state;
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            ((z ^ (z >> 31)) % n as u64) as usize
        };
        Self {
            skin: pick(SKINS as usize) as u8,
            hair: pick(HAIRS as usize) as u8,
            hair_color: Color(HAIR[pick(HAIR.len())]),
            eyes_color: Color(EYES[pick(EYES.len())]),
            top: pick(TOPS as usize) as u8,
            top_color: Color(CLOTH[pick(CLOTH.len())]),
            bottom: pick(BOTTOMS as usize) as u8,
            bottom_color: Color(CLOTH[pick(CLOTH.len())]),
            shoes_color: Color(SHOES[pick(SHOES.len())]),
            accessory: pick(ACCESSORIES as usize) as u8,
            accessory_color: Color(CLOTH[pick(CLOTH.len())]),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_look_survives_json_and_unknown_parts_are_refused() {
        let look = Look::from_seed(7);
        let json = serde_json::to_string(&look).unwrap();
        assert_eq!(serde_json::from_str::<Look>(&json).unwrap(), look);
        assert_eq!(Look { hair: HAIRS, ..look }.validate(), Err(LookError::Part("hair")));
    }

    #[test]
    fn colours_are_parsed_strictly() {
        for bad in ["123456", "#12345", "#12345g", "#1234567", "#+12345", ""] {
            assert_eq!(Color::try_from(bad.to_string()), Err(LookError::Color), "{bad}");
        }
        assert_eq!(String::from(Color::try_from("#00Ff7f".to_string()).unwrap()), "#00ff7f");
    }

    #[test]
    fn seeds_give_many_looks_and_all_are_valid() {
        let looks: std::collections::HashSet<_> =
            (0..2_000).map(|seed| Look::from_seed(seed).validate().unwrap()).collect();
        assert!(looks.len() > 1_990);
    }
}
