//! Datagrams in a stream of bytes: however they come, nothing panics, and no more comes out than went in.
#![no_main]

use earshot_sfu_node::framing::Frames;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|pieces: Vec<Vec<u8>>| {
    let (mut frames, mut came, mut out) = (Frames::default(), 0, 0);
    for piece in pieces {
        came += piece.len();
        frames.push(&piece);
        while let Ok(Some(frame)) = frames.next_frame() {
            out += frame.len() + 2;
        }
    }
    assert!(out <= came);
});
