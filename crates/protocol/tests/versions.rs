//! P2 and P3: clients and spaces one version apart work together.
//!
//! The later version is played by bytes such as it would send: known messages with fields nobody here knows, and kinds of
//! messages nobody here knows.
#![allow(clippy::unwrap_used)]

mod common;

use common::{client_messages, space_messages};
use earshot_protocol::{ClientToSpace, SpaceToClient, version};

/// Field 100, a string: unknown to every message here.
const LATER_FIELD: &[u8] = &[0xa2, 0x06, 3, b'n', b'e', b'w'];
/// Kind 90 of message, with a field in it.
const LATER_KIND: &[u8] = &[0xd2, 0x05, 2, 8, 1];

/// Puts a field that nobody knows into the message inside a frame (one kind, length-delimited).
fn with_later_field(frame: &[u8]) -> Vec<u8> {
    // Tags of fields from 16 on take two bytes.
    let (tag, rest) = frame.split_at(if frame[0] & 0x80 == 0 { 1 } else { 2 });
    let mut length = 0_usize;
    let mut used = 0;
    for (n, byte) in rest.iter().enumerate() {
        length |= usize::from(byte & 0x7f) << (7 * n);
        used = n + 1;
        if byte & 0x80 == 0 {
            break;
        }
    }
    let mut body = rest[used..used + length].to_vec();
    body.extend_from_slice(LATER_FIELD);
    let mut out = tag.to_vec();
    let mut left = body.len();
    while left >= 0x80 {
        out.push((left & 0x7f) as u8 | 0x80);
        left >>= 7;
    }
    out.push(left as u8);
    out.extend(body);
    out
}

#[test]
fn a_space_understands_a_later_client() {
    for message in client_messages() {
        assert_eq!(ClientToSpace::decode(&with_later_field(&message.encode())), Ok(message));
    }
    assert_eq!(ClientToSpace::decode(LATER_KIND), Ok(ClientToSpace::Unknown));
    // An emote that nobody here can do.
    assert_eq!(ClientToSpace::decode(&[0x72, 2, 8, 99]), Ok(ClientToSpace::Unknown));
}

#[test]
fn a_client_understands_a_later_space() {
    for message in space_messages() {
        assert_eq!(SpaceToClient::decode(&with_later_field(&message.clone().encode())), Ok(message));
    }
    assert_eq!(SpaceToClient::decode(LATER_KIND), Ok(SpaceToClient::Unknown));
}

#[test]
fn neighbouring_versions_agree_on_the_lower() {
    let mine = version::SPOKEN;
    let later = *mine.start()..=*mine.end() + 1;
    assert_eq!(version::agree(&mine, &later), Some(*mine.end()));
    assert_eq!(version::agree(&later, &mine), Some(*mine.end()));
}
