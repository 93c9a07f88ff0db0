//! The header of a packet as it goes out: RFC 3550, section 5.1, with extensions of one byte by RFC 8285.

use str0m::media::{Mid, Pt};

/// Of all the extensions there are, a multiple of four.
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
    pub name: LineName,
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
    /// Behind what is there already.
    pub fn write(&self, bytes: &mut Vec<u8>) {
        let mut elements = Elements::default();
        elements.push(self.ids.mid, self.name.bytes());
        if let Some((level, is_speech)) = self.level {
            elements.push(self.ids.level, &[u8::from(is_speech) << 7 | level.min(127)]);
        }
        if let Some(number) = self.transport {
            elements.push(self.ids.transport, &number.to_be_bytes());
        }
        if let Some(turned) = self.orientation {
            elements.push(self.ids.orientation, &[turned]);
        }
        let (words, elements) = elements.in_words();
        let first = 0x90 | u8::from(self.is_padded) << 5;
        let second = u8::from(self.marker) << 7 | (*self.pt & 0x7f);
        let [.., high, low] = self.seq.to_be_bytes();
        let [a, b, c, d] = self.timestamp.to_be_bytes();
        let [e, f, g, h] = self.ssrc.to_be_bytes();
        let [profile, version] = ONE_BYTE_ELEMENTS;
        bytes.extend_from_slice(&[first, second, high, low, a, b, c, d, e, f, g, h, profile, version, 0, words]);
        bytes.extend_from_slice(elements);
    }
}

/// What a line is called on the wire. Found out once: where it ends takes longer to see than to write it.
#[derive(Clone, Copy, Debug, Default)]
pub struct LineName {
    bytes: [u8; ELEMENT_BYTES_MAX],
    length: u8,
}

impl LineName {
    fn bytes(&self) -> &[u8] {
        self.bytes.get(..usize::from(self.length)).unwrap_or_default()
    }
}

impl From<Mid> for LineName {
    fn from(mid: Mid) -> Self {
        let (mut name, mid) = (Self::default(), mid.as_bytes());
        for (byte, letter) in name.bytes.iter_mut().zip(mid) {
            *byte = *letter;
            name.length += 1;
        }
        name
    }
}

/// Of a size that is known, for one is written for every packet and receiver.
#[derive(Default)]
struct Elements {
    bytes: [u8; ELEMENTS_BYTES_MAX],
    length: usize,
}

impl Elements {
    fn push(&mut self, id: Option<u8>, value: &[u8]) {
        if let Some(id @ 1..=ELEMENT_ID_MAX) = id
            && (1..=ELEMENT_BYTES_MAX).contains(&value.len())
            && let Ok(length) = u8::try_from(value.len() - 1)
            && let Some((head, body)) = self.bytes.get_mut(self.length..).and_then(<[u8]>::split_first_mut)
            && let Some(body) = body.get_mut(..value.len())
        {
            *head = id << 4 | length;
            body.copy_from_slice(value);
            self.length += 1 + value.len();
        }
    }

    /// How many words of four bytes they fill. What is left of the last are zeros.
    fn in_words(&self) -> (u8, &[u8]) {
        let words = self.length.div_ceil(4);
        (u8::try_from(words).unwrap_or(0), self.bytes.get(..words * 4).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn bytes(hex: &str) -> Vec<u8> {
        hex.as_bytes().chunks(2).map(|two| u8::from_str_radix(std::str::from_utf8(two).unwrap(), 16).unwrap()).collect()
    }

    /// Behind something else.
    fn written(header: &Header) -> Vec<u8> {
        let mut all = vec![7; 3];
        header.write(&mut all);
        all.split_off(3)
    }

    fn voice() -> Header {
        Header {
            name: Mid::from("12").into(),
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
        assert_eq!(written(&voice()), bytes(&expected));
        // Nothing was agreed on, or what cannot be written that way.
        let ids = ElementIds { level: Some(15), ..ElementIds::default() };
        let bare = Header { ids, marker: false, ..voice() };
        assert_eq!(written(&bare), bytes("906fFFFE0a0b0c0d01020304bede0000"));
    }

    #[test]
    fn a_picture_says_its_number_and_which_way_up_it_is() {
        let ids = ElementIds { transport: Some(3), orientation: Some(14), ..ElementIds::default() };
        let picture = Header { ids, transport: Some(0xfffe), orientation: Some(3), is_padded: true, ..voice() };
        let expected = "b0efFFFE0a0b0c0d01020304bede0002".to_owned() + "31fffee003000000";
        assert_eq!(written(&picture), bytes(&expected));
    }

    #[test]
    fn all_there_is_fits() {
        let ids = ElementIds { mid: Some(1), level: Some(2), transport: Some(3), orientation: Some(4) };
        let header = Header { name: Mid::from("sixteen_bytes_it").into(), ids, orientation: Some(0), ..voice() };
        let expected =
            "90efFFFE0a0b0c0d01020304bede0006".to_owned() + "1f7369787465656e5f62797465735f697420ff3100074000";
        assert_eq!(written(&header), bytes(&expected));
    }
}
