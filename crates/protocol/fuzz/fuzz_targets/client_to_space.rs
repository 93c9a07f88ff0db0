//! Any bytes a client may send; what decodes, encodes to the same again.
#![no_main]

use earshot_protocol::ClientToSpace;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(message) = ClientToSpace::decode(bytes) {
        assert_eq!(ClientToSpace::decode(&message.encode()), Ok(message));
    }
});
