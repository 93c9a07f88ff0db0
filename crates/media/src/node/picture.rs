//! What a node reads of a VP8 packet (RFC 7741), and how the numbers in it go on when a receiver is switched to another source.

/// A packet of a picture.
#[derive(Clone, Copy, Debug)]
pub struct Picture {
    descriptor: Descriptor,
    pub begins_key_frame: bool,
    /// As a key frame says.
    pub height_px: Option<u32>,
}

impl Picture {
    /// None for what is no VP8.
    pub fn parse(payload: &[u8]) -> Option<Self> {
        let (descriptor, frame) = Descriptor::parse(payload)?;
        // RFC 6386, section 9.1: the lowest bit of a frame is clear where it is a key frame.
        let begins_key_frame = descriptor.begins_frame && frame.first().is_some_and(|first| first & 1 == 0);
        let height_px = if begins_key_frame { key_frame_height(frame) } else { None };
        Some(Self { descriptor, begins_key_frame, height_px })
    }
}

/// What is before a packet's part of a frame (RFC 7741, section 4.2), each number with its place.
#[derive(Clone, Copy, Debug)]
struct Descriptor {
    begins_frame: bool,
    id: Option<(u8, Id)>,
    base: Option<(u8, u8)>,
    key: Option<(u8, u8)>,
}

#[derive(Clone, Copy, Debug)]
enum Id {
    Short(u8),
    Long(u16),
}

impl Id {
    fn number(self) -> u16 {
        match self {
            Self::Short(id) => u16::from(id),
            Self::Long(id) => id,
        }
    }
}

impl Descriptor {
    /// With what follows it; none where nothing does.
    fn parse(payload: &[u8]) -> Option<(Self, &[u8])> {
        const EXTENDED: u8 = 0x80;
        const START_AND_PARTITION: u8 = 0x17;
        const ID: u8 = 0x80;
        const BASE: u8 = 0x40;
        const LAYER: u8 = 0x20;
        const KEY: u8 = 0x10;
        let mut bytes = (0_u8..).zip(payload.iter().copied());
        let (_, first) = bytes.next()?;
        let mut descriptor =
            Self { begins_frame: first & START_AND_PARTITION == 0x10, id: None, base: None, key: None };
        if first & EXTENDED != 0 {
            let (_, parts) = bytes.next()?;
            if parts & ID != 0 {
                let (place, high) = bytes.next()?;
                let id = if high & 0x80 == 0 {
                    Id::Short(high)
                } else {
                    Id::Long(u16::from_be_bytes([high & 0x7f, bytes.next()?.1]))
                };
                descriptor.id = Some((place, id));
            }
            if parts & BASE != 0 {
                descriptor.base = Some(bytes.next()?);
            }
            if parts & (LAYER | KEY) != 0 {
                descriptor.key = Some(bytes.next()?).filter(|_| parts & KEY != 0);
            }
        }
        let (begin, _) = bytes.next()?;
        Some((descriptor, payload.get(usize::from(begin)..)?))
    }
}

/// Ten bytes begin a key frame: a tag of three, a start code of three, width, and height (RFC 6386, section 9.1).
fn key_frame_height(frame: &[u8]) -> Option<u32> {
    const START: [u8; 3] = [0x9d, 0x01, 0x2a];
    if frame.get(3..6)? != START {
        return None;
    }
    let height = [*frame.get(8)?, *frame.get(9)?];
    // Two bits above it are a scale.
    Some(u32::from(u16::from_le_bytes(height) & 0x3fff)).filter(|height| *height > 0)
}

/// Bytes to be written over those of a payload: there are four numbers' at the most.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Patch([Option<(u8, u8)>; 4]);

impl Patch {
    fn new(bytes: impl IntoIterator<Item = (u8, u8)>) -> Self {
        let mut patch = Self::default();
        patch.0.iter_mut().zip(bytes).for_each(|(slot, byte)| *slot = Some(byte));
        patch
    }

    pub fn apply(&self, payload: &mut [u8]) {
        for (place, byte) in self.0.into_iter().flatten() {
            if let Some(old) = payload.get_mut(usize::from(place)) {
                *old = byte;
            }
        }
    }
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
    pub fn place(&mut self, picture: &Picture, switched: bool) -> Option<Patch> {
        let Descriptor { id, base, key, .. } = picture.descriptor;
        let number = id.map(|(_, id)| id.number());
        if switched && self.began {
            let [base, key] = [base, key].map(|one| one.map_or(0, |(_, number)| number));
            self.id_offset = self.last_id.wrapping_add(1).wrapping_sub(number.unwrap_or(0));
            self.base_offset = self.last_base.wrapping_add(1).wrapping_sub(base);
            self.key_offset = self.last_key.wrapping_add(1).wrapping_sub(key & KEY_WIDTH);
        }
        self.began = true;
        let moved = number.map(|number| number.wrapping_add(self.id_offset) & ID_WIDTH);
        let base = base.map(|(place, base)| (place, base.wrapping_add(self.base_offset)));
        // Beside it in its byte is which layer in time this is.
        let key = key.map(|(place, byte)| (place, byte, byte.wrapping_add(self.key_offset) & KEY_WIDTH));
        // A late packet must not set the clock back.
        if let Some(id) = moved.filter(|id| id.wrapping_sub(self.last_id) & ID_WIDTH < ID_WIDTH / 2) {
            self.last_id = id;
        }
        if let Some((_, base)) = base.filter(|(_, base)| base.wrapping_sub(self.last_base) < 0x80) {
            self.last_base = base;
        }
        if let Some((_, _, key)) = key.filter(|(_, _, key)| key.wrapping_sub(self.last_key) & KEY_WIDTH < KEY_WIDTH / 2)
        {
            self.last_key = key;
        }
        if (self.id_offset, self.base_offset, self.key_offset) == (0, 0, 0) {
            return None;
        }
        let id = id.zip(moved).map(|((place, id), moved)| match (id, moved.to_be_bytes()) {
            // A source that counts in seven bits has no room for more: its own seven wrap.
            (Id::Short(_), [_, low]) => [Some((place, low & 0x7f)), None],
            (Id::Long(_), [high, low]) => [Some((place, high | 0x80)), Some((place + 1, low))],
        });
        let key = key.map(|(place, byte, key)| (place, byte & !KEY_WIDTH | key));
        Some(Patch::new(id.into_iter().flatten().flatten().chain(base).chain(key)))
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
        let mut patched = payload.to_vec();
        if let Some(patch) = numbers.place(&Picture::parse(payload).unwrap(), switched) {
            patch.apply(&mut patched);
        }
        let after = Picture::parse(&patched).unwrap().descriptor;
        (after.id.unwrap().1.number(), after.base.unwrap().1)
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
