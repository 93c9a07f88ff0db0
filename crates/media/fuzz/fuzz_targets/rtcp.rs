//! What a receiver reports, once decrypted: nothing panics, and no more is said than there are bytes for.
#![no_main]

use earshot_media::rtcp::{Feedback, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|compound: &[u8]| {
    let mut said = 0;
    for feedback in read(compound) {
        said += 1;
        match feedback {
            // A word says 17 numbers at most.
            Feedback::Nack { lost, .. } => said += lost.count(),
            Feedback::Transport(packet) => assert!(packet.len() >= 12 && packet.len() % 4 == 0),
            Feedback::KeyFrame { .. } | Feedback::Estimate { .. } | Feedback::Report { .. } => {}
        }
    }
    assert!(said <= 17 * compound.len() / 4);
});
