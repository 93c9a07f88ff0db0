//! What the space says of rooms, read and taken by a node: nothing panics.
#![no_main]

use std::time::Instant;

use earshot_media::node::{Node, NodeConfig, hearing_sets};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| {
    if let Ok(sets) = hearing_sets(body) {
        let now = Instant::now();
        Node::new(NodeConfig::default(), now).hear(now, sets);
    }
});
