//! What a grant claims, before and after its signature: nothing panics.
#![no_main]

use earshot_sfu_node::tokens::{admission, claims_of};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|claims: &[u8]| {
    if let Ok(grant) = claims_of(claims) {
        let _ = admission(&grant, 1_800_000_000);
    }
});
