//! What a receiver reports, once decrypted: nothing panics, no more is said than there are bytes for, and whatever it says of what came, the
//! estimate stays a number that something can be done with.
#![no_main]

use std::time::Duration;

use earshot_media::bandwidth::{Bandwidth, Purpose};
use earshot_media::rtcp::{Feedback, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|compound: &[u8]| {
    let mut bandwidth = Bandwidth::new(300_000);
    bandwidth.strive(Duration::ZERO, 100_000, 3_000_000);
    for number in 0..200 {
        bandwidth.sent(Duration::from_millis(number), 1_000, Purpose::Media);
    }
    let (mut said, mut at) = (0, Duration::from_millis(200));
    for feedback in read(compound) {
        said += 1;
        match feedback {
            // A word says 17 numbers at most.
            Feedback::Nack { lost, .. } => said += lost.count(),
            Feedback::Transport(packet) => {
                assert!(packet.len() >= 12 && packet.len() % 4 == 0);
                let _ = bandwidth.handle_feedback(at, packet);
                at += Duration::from_millis(50);
                bandwidth.handle_timeout(at);
            }
            Feedback::KeyFrame { .. } | Feedback::Estimate { .. } | Feedback::Report { .. } => {}
        }
    }
    assert!(said <= 17 * compound.len() / 4);
    assert!((40_000..=1_000_000_000).contains(&bandwidth.bits_per_s()));
    assert!(bandwidth.pacing_bits_per_s() >= bandwidth.bits_per_s());
    assert!(bandwidth.due().is_none_or(|due| due <= at + Duration::from_secs(20)));
});
