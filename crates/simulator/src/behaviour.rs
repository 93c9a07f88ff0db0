//! How people press keys: some of the time walking, changing direction now and then, standing the rest.

use earshot_client_core::Input;
use earshot_protocol::units::{Direction, Gait};

use crate::rng::Rng;

/// A key trace: walks last a few seconds and change direction about every 0.7 s; between them one stands, so that walking
/// makes up `walking_percent` of the time.
#[derive(Clone, Debug)]
pub struct KeyTrace {
    rng: Rng,
    walking_percent: i64,
    changes_left: i64,
    octant: i64,
}

impl KeyTrace {
    pub fn new(seed: u64, walking_percent: i64) -> Self {
        Self { rng: Rng::new(seed), walking_percent, changes_left: 0, octant: 0 }
    }

    /// What happens next, and how long until the thing after it, in milliseconds.
    pub fn next_step(&mut self) -> (Input, i64) {
        const CHANGES: i64 = 4;
        const CHANGE_MS: i64 = 700;
        if self.changes_left == 0 {
            self.changes_left = CHANGES - 2 + self.rng.below(5);
            self.octant = self.rng.below(8);
            let walk_ms = CHANGES * CHANGE_MS;
            let stand_ms = walk_ms * (100 - self.walking_percent) / self.walking_percent.max(1);
            return (Input::Steer { direction: None, gait: Gait::Walk }, stand_ms / 2 + self.rng.below(stand_ms + 1));
        }
        self.changes_left -= 1;
        // Most turns are by one or two octants, as when a second key is pressed.
        self.octant = (self.octant + self.rng.below(5) - 2).rem_euclid(8);
        let gait = if self.rng.chance(200) { Gait::Run } else { Gait::Walk };
        let direction = Direction::from_octant(self.octant as u32);
        (Input::Steer { direction, gait }, CHANGE_MS / 2 + self.rng.below(CHANGE_MS))
    }
}
