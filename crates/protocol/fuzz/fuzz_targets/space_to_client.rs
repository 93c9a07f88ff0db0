//! Any bytes a space may send; what decodes, encodes to the same again.
#![no_main]

use earshot_protocol::SpaceToClient;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(message) = SpaceToClient::decode(bytes) {
        assert_eq!(SpaceToClient::decode(&message.clone().encode()), Ok(message));
    }
});
