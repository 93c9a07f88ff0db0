//! How much a stream may bring. The node has limits for each participant and drops what is beyond; these are for the way there, and end a stream.

use std::time::Instant;

use earshot_media::node::Credits;

/// Frames a second, and at once. Somebody who sends all they can has 600; after a connection stood still for ten seconds all of them come together.
pub const FRAMES_PER_S: u32 = 8_000;
/// And bytes: what waits in a sender's system meanwhile (4 MB at the most, as systems are set up), and what the node takes in a second.
pub const BYTES_PER_S: u32 = 8_000_000;

#[derive(Clone, Copy, Debug)]
pub struct Budget {
    frames: Credits,
    bytes: Credits,
}

impl Budget {
    pub fn new(now: Instant) -> Self {
        Self { frames: Credits::new(FRAMES_PER_S, now), bytes: Credits::new(BYTES_PER_S, now) }
    }

    /// False: nobody sends as much.
    pub fn spend(&mut self, frame_bytes: usize, now: Instant) -> bool {
        self.frames.spend(1, now) && self.bytes.spend(frame_bytes, now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    /// Frames of a size that are taken at once.
    fn taken(budget: &mut Budget, frame_bytes: usize, now: Instant) -> usize {
        (0..100_000).take_while(|_| budget.spend(frame_bytes, now)).count()
    }

    #[test]
    fn what_waited_for_ten_seconds_is_taken_at_once() {
        let start = Instant::now();
        let mut budget = Budget::new(start);
        assert!((0..6_000).all(|_| budget.spend(1_000, start)));
        // And then all that a participant may send, second after second.
        for ms in 0..10_000 {
            let now = start + Duration::from_millis(1_000 + ms);
            assert!((0..3).all(|_| budget.spend(830, now)));
        }
    }

    #[test]
    fn small_frames_and_large_ones_have_an_end() {
        let now = Instant::now();
        assert_eq!(taken(&mut Budget::new(now), 20, now), 8_000);
        assert_eq!(taken(&mut Budget::new(now), 4_000, now), 2_000);
    }
}
