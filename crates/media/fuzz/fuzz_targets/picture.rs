//! VP8 descriptors and what is written over them: nothing panics. Two bytes of length begin each packet, the highest bit means a switch.
#![no_main]

use earshot_media::node::{Numbers, Picture};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let (mut numbers, mut rest) = (Numbers::default(), bytes);
    while let Some((&[high, low], body)) = rest.split_first_chunk::<2>() {
        let length = usize::from(u16::from_be_bytes([high & 0x07, low]));
        let (packet, after) = body.split_at(length.min(body.len()));
        if let Some(picture) = Picture::parse(packet) {
            let _ = numbers.place(&picture, high & 0x80 != 0);
        }
        rest = after;
    }
});
