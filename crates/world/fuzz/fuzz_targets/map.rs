//! Maps as Tiled writes them: nothing panics, and no map is larger than the limit.
#![no_main]

use earshot_world::tiled;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = tiled::read(bytes);
});
