//! A list of public keys, as the Worker serves it: nothing panics.
#![no_main]

use earshot_sfu_node::keys::parse;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let _ = parse(text);
});
