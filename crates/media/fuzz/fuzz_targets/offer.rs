//! Offers of whoever has a grant: a node answers or refuses, and goes on.
#![no_main]

use std::time::{Duration, Instant};

use earshot_media::node::{Admission, Node, NodeConfig};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|offer: &str| {
    let now = Instant::now();
    let mut node = Node::new(NodeConfig::default(), now);
    let expires_at = now + Duration::from_secs(60);
    let admission = Admission { space: "space".into(), room: 1, session: 1, publish: true, expires_at };
    let _ = node.join(now, admission, offer);
    node.handle_timeout(now + Duration::from_millis(100));
});
