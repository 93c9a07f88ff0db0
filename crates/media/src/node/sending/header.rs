//! The header of a packet as it goes out: RFC 3550, section 5.1, with extensions of one byte by RFC 8285.

use str0m::media::{Mid, Pt};

/// Up to the length of the extensions.
const BYTES: usize = 16;
/// Of the extensions we write, with what they are filled up with.
const ELEMENTS_BYTES_MAX: usize = 32;
/// RFC 8285, section 4.2: elements of one byte and what they hold.
const ONE_BYTE_ELEMENTS: [u8; 2] = [0xbe, 0xde];
pub const ELEMENT_ID_MAX: u8 = 14;
const ELEMENT_BYTES_MAX: usize = 16;

/// Numbers that extensions have on a line; none: it was not agreed on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ElementIds {
    /// The line itself (RFC 8843).
    pub mid: Option<u8>,
    /// Of a voice, how loud it is (RFC 6464).
    pub level: Option<u8>,
    /// The number that all packets of a connection share (draft-holmer-rmcat-transport-wide-cc-extensions-01).
    pub transport: Option<u8>,
    /// Of a picture, which way up it is (3GPP TS 26.114, section 7.4.5).
    pub orientation: Option<u8>,
}

#[derive(Clone, Copy, Debug)]
pub struct Header {
    pub mid: Mid,
    pub ids: ElementIds,
    pub ssrc: u32,
    pub pt: Pt,
    /// Of which sixteen bits are on the wire.
    pub seq: u64,
    pub timestamp: u32,
    pub marker: bool,
    /// The payload ends with padding, and says how much.
    pub is_padded: bool,
    /// Decibels below the loudest there is, and whether it is somebody who speaks.
    pub level: Option<(u8, bool)>,
    pub transport: Option<u16>,
    pub orientation: Option<u8>,
}

impl Header {
    /// With room for so many bytes behind it.
    pub fn write(&self, room: usize) -> Vec<u8> {
        let mut header = Vec::with_capacity(BYTES + ELEMENTS_BYTES_MAX + room);
        header.push(0x90 | u8::from(self.is_padded) << 5);
        header.push(u8::from(self.marker) << 7 | (*self.pt & 0x7f));
        let [.., high, low] = self.seq.to_be_bytes();
        header.extend([high, low]);
        header.extend(self.timestamp.to_be_bytes());
        header.extend(self.ssrc.to_be_bytes());
        header.extend(ONE_BYTE_ELEMENTS);
        header.extend([0, 0]);
        push_element(&mut header, self.ids.mid, Some(self.mid.as_bytes()));
        let level = self.level.map(|(level, is_speech)| [u8::from(is_speech) << 7 | level.min(127)]);
        push_element(&mut header, self.ids.level, level.as_ref().map(|level| &level[..]));
        let transport = self.transport.map(u16::to_be_bytes);
        push_element(&mut header, self.ids.transport, transport.as_ref().map(|number| &number[..]));
        let orientation = self.orientation.map(|orientation| [orientation]);
        push_element(&mut header, self.ids.orientation, orientation.as_ref().map(|turned| &turned[..]));
        while header.len() % 4 != 0 {
            header.push(0);
        }
        let words = (header.len() - BYTES) / 4;
        if let (Some(length), Ok(words)) = (header.get_mut(BYTES - 1), u8::try_from(words)) {
            *length = words;
        }
        header
    }
}

fn push_element(header: &mut Vec<u8>, id: Option<u8>, value: Option<&[u8]>) {
    if let (Some(id @ 1..=ELEMENT_ID_MAX), Some(value)) = (id, value)
        && (1..=ELEMENT_BYTES_MAX).contains(&value.len())
        && let Ok(length) = u8::try_from(value.len() - 1)
    {
        header.push(id << 4 | length);
        header.extend(value);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn bytes(hex: &str) -> Vec<u8> {
        hex.as_bytes().chunks(2).map(|two| u8::from_str_radix(std::str::from_utf8(two).unwrap(), 16).unwrap()).collect()
    }

    fn voice() -> Header {
        Header {
            mid: "12".into(),
            ids: ElementIds { mid: Some(4), level: Some(1), ..ElementIds::default() },
            ssrc: 0x0102_0304,
            pt: 111.into(),
            seq: 0x0001_fffe,
            timestamp: 0x0a0b_0c0d,
            marker: true,
            is_padded: false,
            level: Some((200, true)),
            transport: Some(7),
            orientation: None,
        }
    }

    #[test]
    fn a_voice_says_its_line_and_how_loud_it_is() {
        let expected = "90efFFFE0a0b0c0d01020304bede0002".to_owned() + "41313210ff000000";
        assert_eq!(voice().write(0), bytes(&expected));
        // Nothing was agreed on, or what cannot be written that way.
        let ids = ElementIds { level: Some(15), ..ElementIds::default() };
        let bare = Header { ids, marker: false, ..voice() };
        assert_eq!(bare.write(0), bytes("906fFFFE0a0b0c0d01020304bede0000"));
    }

    #[test]
    fn a_picture_says_its_number_and_which_way_up_it_is() {
        let ids = ElementIds { transport: Some(3), orientation: Some(14), ..ElementIds::default() };
        let picture = Header { ids, transport: Some(0xfffe), orientation: Some(3), is_padded: true, ..voice() };
        let expected = "b0efFFFE0a0b0c0d01020304bede0002".to_owned() + "31fffee003000000";
        assert_eq!(picture.write(0), bytes(&expected));
    }

    #[test]
    fn the_room_that_was_asked_for_is_there() {
        let ids = ElementIds { mid: Some(1), level: Some(2), transport: Some(3), orientation: Some(4) };
        let header = Header { mid: "sixteen-bytes-it".into(), ids, orientation: Some(0), ..voice() }.write(1_200);
        assert!(header.len() <= BYTES + ELEMENTS_BYTES_MAX);
        assert!(header.capacity() - header.len() >= 1_200);
    }
}
