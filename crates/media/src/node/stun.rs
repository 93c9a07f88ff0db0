//! What is seen of a check at a glance: whose a datagram from an unknown address is, by the user fragment it names (RFC 8445, section 7.2.2),
//! and whether it asks for its own way to be taken (section 7.2.5).
//!
//! Only looked at, not checked: whether the check is genuine the connection decides that it leads to.

const HEADER: usize = 20;
const COOKIE: [u8; 4] = [0x21, 0x12, 0xa4, 0x42];
const BINDING_REQUEST: [u8; 2] = [0, 1];
const USERNAME: u16 = 6;
const USE_CANDIDATE: u16 = 0x25;
/// Attributes looked through before giving up: a check has about eight.
const ATTRIBUTES_MAX: usize = 32;

/// The fragment of ours that a binding request names.
pub fn user_fragment(datagram: &[u8]) -> Option<&str> {
    let name = attribute(datagram, USERNAME)?;
    std::str::from_utf8(name).ok()?.split(':').next()
}

/// Whether a binding request asks for the way it came to be taken.
pub fn nominates(datagram: &[u8]) -> bool {
    attribute(datagram, USE_CANDIDATE).is_some()
}

fn attribute(datagram: &[u8], wanted: u16) -> Option<&[u8]> {
    let (header, mut rest) = datagram.split_at_checked(HEADER)?;
    if header.get(..2)? != BINDING_REQUEST || header.get(4..8)? != COOKIE {
        return None;
    }
    for _ in 0..ATTRIBUTES_MAX {
        let (head, body) = rest.split_at_checked(4)?;
        let kind = u16::from_be_bytes([*head.first()?, *head.get(1)?]);
        let length = usize::from(u16::from_be_bytes([*head.get(2)?, *head.get(3)?]));
        let value = body.get(..length)?;
        if kind == wanted {
            return Some(value);
        }
        rest = body.get(length.next_multiple_of(4)..)?;
    }
    None
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    fn request(attributes: &[(u16, &[u8])]) -> Vec<u8> {
        let mut datagram = [&BINDING_REQUEST[..], &[0, 0], &COOKIE, &[7; 12]].concat();
        for (kind, value) in attributes {
            datagram.extend(kind.to_be_bytes());
            datagram.extend(u16::try_from(value.len()).unwrap().to_be_bytes());
            datagram.extend(*value);
            datagram.resize(datagram.len().next_multiple_of(4), 0);
        }
        datagram
    }

    #[test]
    fn the_fragment_is_found_behind_others() {
        assert_eq!(user_fragment(&request(&[(0x25, b""), (USERNAME, b"0abc:xyz9")])), Some("0abc"));
        assert_eq!(user_fragment(&request(&[(0x24, &[1, 2, 3, 4])])), None);
        assert_eq!(user_fragment(&request(&[(USERNAME, &[0xff, 0xfe])])), None);
    }

    #[test]
    fn a_check_may_ask_for_its_way() {
        assert!(nominates(&request(&[(USERNAME, b"0abc:xyz9"), (USE_CANDIDATE, b"")])));
        assert!(!nominates(&request(&[(USERNAME, b"0abc:xyz9")])));
        assert!(!nominates(&[128, 0]));
    }

    proptest! {
        #[test]
        fn whatever_comes_is_survived(
            junk in proptest::collection::vec(any::<u8>(), 0..200),
            cut in 0_usize..60,
            at in 0_usize..60,
            byte in any::<u8>(),
        ) {
            let _ = user_fragment(&junk);
            let mut broken = request(&[(0x25, b""), (USERNAME, b"0abc:xyz9"), (0x24, &[1, 2, 3, 4])]);
            if let Some(place) = broken.get_mut(at) {
                *place = byte;
            }
            broken.truncate(broken.len().saturating_sub(cut));
            let _ = user_fragment(&broken);
        }
    }
}
