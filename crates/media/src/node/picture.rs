//! What a node reads of a VP8 packet (RFC 7741), and how the numbers in it go on when a receiver is switched to another source.

use str0m::rtp::{Vp8Descriptor, Vp8Patch};

/// A packet of a picture.
#[derive(Clone, Copy, Debug)]
pub struct Picture {
    descriptor: Vp8Descriptor,
    pub begins_key_frame: bool,
    /// As a key frame says.
    pub height_px: Option<u32>,
}

impl Picture {
    /// None for what is no VP8.
    pub fn parse(payload: &[u8]) -> Option<Self> {
        let descriptor = Vp8Descriptor::parse(payload).ok()?;
        let begins_key_frame = descriptor.starts_keyframe(payload);
        let height_px = if begins_key_frame { key_frame_height(payload) } else { None };
        Some(Self { descriptor, begins_key_frame, height_px })
    }
}

/// Ten bytes begin a key frame: a tag of three, a start code of three, width, and height (RFC 6386, section 9.1).
fn key_frame_height(payload: &[u8]) -> Option<u32> {
    const START: [u8; 3] = [0x9d, 0x01, 0x2a];
    // The descriptor before it takes one to six bytes.
    let begin = (1..=6).find(|&begin| payload.get(begin + 3..begin + 6) == Some(&START[..]))?;
    let height = [*payload.get(begin + 8)?, *payload.get(begin + 9)?];
    // Two bits above it are a scale.
    Some(u32::from(u16::from_le_bytes(height) & 0x3fff)).filter(|height| *height > 0)
}

/// The numbers of one slot's pictures.
#[derive(Clone, Copy, Debug, Default)]
pub struct Numbers {
    id_offset: u16,
    base_offset: u8,
    key_offset: u8,
    last_id: u16,
    last_base: u8,
    last_key: u8,
    began: bool,
}

const ID_WIDTH: u16 = 0x7fff;
const KEY_WIDTH: u8 = 0x1f;

impl Numbers {
    /// What has to be written over the packet's own numbers; none where they stand as they are.
    pub fn place(&mut self, picture: &Picture, switched: bool) -> Option<Vp8Patch> {
        let descriptor = &picture.descriptor;
        let (id, base, key) = (descriptor.picture_id(), descriptor.tl0_pic_idx(), descriptor.key_idx());
        if switched && self.began {
            self.id_offset = self.last_id.wrapping_add(1).wrapping_sub(id.unwrap_or(0));
            self.base_offset = self.last_base.wrapping_add(1).wrapping_sub(base.unwrap_or(0));
            self.key_offset = self.last_key.wrapping_add(1).wrapping_sub(key.unwrap_or(0));
        }
        self.began = true;
        let id = id.map(|id| id.wrapping_add(self.id_offset) & ID_WIDTH);
        let base = base.map(|base| base.wrapping_add(self.base_offset));
        let key = key.map(|key| key.wrapping_add(self.key_offset) & KEY_WIDTH);
        // A late packet must not set the clock back.
        if let Some(id) = id.filter(|id| id.wrapping_sub(self.last_id) & ID_WIDTH < ID_WIDTH / 2) {
            self.last_id = id;
        }
        if let Some(base) = base.filter(|base| base.wrapping_sub(self.last_base) < 0x80) {
            self.last_base = base;
        }
        if let Some(key) = key.filter(|key| key.wrapping_sub(self.last_key) & KEY_WIDTH < KEY_WIDTH / 2) {
            self.last_key = key;
        }
        if (self.id_offset, self.base_offset, self.key_offset) == (0, 0, 0) {
            return None;
        }
        let build = |id: Option<u16>| {
            let mut patch = descriptor.patch();
            if let Some(id) = id {
                patch = patch.picture_id(id);
            }
            if let Some(base) = base {
                patch = patch.tl0_pic_idx(base);
            }
            if let Some(key) = key {
                patch = patch.key_idx(key);
            }
            patch.build().ok()
        };
        // A source that counts in seven bits has no room for more; then its own seven wrap.
        build(id).or_else(|| build(id.map(|id| id & 0x7f)))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    /// A packet that counts its pictures in fifteen bits.
    pub fn packet(id: u16, base: u8, is_key: bool) -> Vec<u8> {
        let [high, low] = (id | 0x8000).to_be_bytes();
        let mut payload = vec![0x90, 0xf0, high, low, base, 0x20 | (base & KEY_WIDTH)];
        payload.extend(if is_key { [0x10, 0, 0, 0x9d, 0x01, 0x2a, 0x40, 0x01, 0xb4, 0x00] } else { [0x11; 10] });
        payload
    }

    fn placed(numbers: &mut Numbers, payload: &[u8], switched: bool) -> (u16, u8) {
        let picture = Picture::parse(payload).unwrap();
        let before = (picture.descriptor.picture_id().unwrap(), picture.descriptor.tl0_pic_idx().unwrap());
        numbers.place(&picture, switched);
        (before.0.wrapping_add(numbers.id_offset) & ID_WIDTH, before.1.wrapping_add(numbers.base_offset))
    }

    #[test]
    fn a_key_frame_says_how_high_it_is() {
        let key = Picture::parse(&packet(9, 1, true)).unwrap();
        assert!(key.begins_key_frame);
        assert_eq!(key.height_px, Some(180));
        let other = Picture::parse(&packet(9, 1, false)).unwrap();
        assert_eq!((other.begins_key_frame, other.height_px), (false, None));
    }

    #[test]
    fn numbers_go_on_over_a_switch() {
        let mut numbers = Numbers::default();
        assert_eq!(placed(&mut numbers, &packet(100, 7, true), true), (100, 7));
        assert_eq!(placed(&mut numbers, &packet(101, 8, false), false), (101, 8));
        assert_eq!(placed(&mut numbers, &packet(30_000, 200, true), true), (102, 9));
        assert_eq!(placed(&mut numbers, &packet(30_001, 201, false), false), (103, 10));
        // Late, and then another source again.
        assert_eq!(placed(&mut numbers, &packet(30_000, 200, false), false), (102, 9));
        assert_eq!(placed(&mut numbers, &packet(5, 5, true), true), (104, 11));
    }

    proptest! {
        #[test]
        fn whatever_comes_is_survived(
            packets in proptest::collection::vec((proptest::collection::vec(any::<u8>(), 0..24), any::<bool>()), 0..40),
        ) {
            let mut numbers = Numbers::default();
            for (payload, switched) in packets {
                if let Some(picture) = Picture::parse(&payload) {
                    let _ = numbers.place(&picture, switched);
                }
            }
        }
    }
}
