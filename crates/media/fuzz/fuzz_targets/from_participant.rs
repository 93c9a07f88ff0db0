//! A participant's word on the data channel: nothing panics, and what is taken is within its limits.
#![no_main]

use earshot_media::node::from_participant;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    let _ = from_participant(text);
});
