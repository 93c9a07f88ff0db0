//! Decoders take any bytes: a bounded, seeded run of what the fuzz targets in `fuzz/` do without end.
#![allow(clippy::unwrap_used)]

mod common;

use common::{client_messages, space_messages};
use earshot_protocol::codec::{CLIENT_FRAME_BYTES_MAX, SIGNAL_FRAME_BYTES_MAX, SPACE_FRAME_BYTES_MAX};
use earshot_protocol::hearing::SIGNAL_BYTES_MAX;
use earshot_protocol::{ClientToSpace, Malformed, Signal, SpaceToClient};
use proptest::prelude::*;

/// What decodes, encodes to something that decodes to the same.
fn check_client(bytes: &[u8]) {
    if let Ok(message) = ClientToSpace::decode(bytes) {
        assert_eq!(ClientToSpace::decode(&message.encode()), Ok(message));
    }
}

fn check_space(bytes: &[u8]) {
    if let Ok(message) = SpaceToClient::decode(bytes) {
        assert_eq!(SpaceToClient::decode(&message.clone().encode()), Ok(message));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 5_000, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_a_message_or_malformed(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        check_client(&bytes);
        check_space(&bytes);
    }

    #[test]
    fn messages_with_bytes_changed_are_a_message_or_malformed(
        which in any::<prop::sample::Index>(),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut all: Vec<Vec<u8>> = client_messages().iter().map(ClientToSpace::encode).collect();
        all.extend(space_messages().into_iter().map(SpaceToClient::encode));
        let mut bytes = all.swap_remove(which.index(all.len()));
        for (at, value) in changes {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        check_client(&bytes);
        check_space(&bytes);
        bytes.truncate(cut.index(bytes.len() + 1));
        check_client(&bytes);
        check_space(&bytes);
    }
}

#[test]
fn frames_beyond_the_limits_are_refused_unread() {
    assert_eq!(ClientToSpace::decode(&vec![0; SIGNAL_FRAME_BYTES_MAX + 1]), Err(Malformed("too long")));
    // Only a signal may be long. Here is a Leave with two kilobytes of a field that nobody knows.
    let mut long = vec![0x32, 0, 0xa2, 0x06, 0x80, 0x10];
    long.resize(long.len() + 2_048, b'x');
    assert!(long.len() > CLIENT_FRAME_BYTES_MAX);
    assert_eq!(ClientToSpace::decode(&long), Err(Malformed("too long")));
    let signal = ClientToSpace::Signal(Signal { payload: vec![b'x'; SIGNAL_BYTES_MAX], ..common::signal() });
    assert_eq!(ClientToSpace::decode(&signal.encode()), Ok(signal));
    assert_eq!(SpaceToClient::decode(&vec![0; SPACE_FRAME_BYTES_MAX + 1]), Err(Malformed("too long")));
}

#[test]
fn impossible_values_are_malformed() {
    // Hello (1) with versions 2..1, Steer (2) with heading 9, Walk (3) far off every map, Status (4) with a number nobody has.
    let frames: [&[u8]; 4] =
        [&[0x0a, 4, 8, 2, 16, 1], &[0x12, 2, 24, 9], &[0x1a, 6, 24, 255, 255, 255, 255, 15], &[0x22, 2, 8, 99]];
    for frame in frames {
        assert!(ClientToSpace::decode(frame).is_err(), "{frame:?}");
    }
}
