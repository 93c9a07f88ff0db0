//! The first look at a datagram of a stranger: nothing panics.
#![no_main]

use earshot_media::node::user_fragment;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|datagram: &[u8]| {
    let _ = user_fragment(datagram);
});
