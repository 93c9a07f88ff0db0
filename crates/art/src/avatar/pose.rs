//! Poses: what every frame of every animation does to the body. All parts read the same numbers, so they never drift apart.

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Dir {
    Down,
    Up,
    Left,
    Right,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Anim {
    Walk,
    Idle,
    Sit,
}

pub const DIRS: [(Dir, &str); 4] = [(Dir::Down, "down"), (Dir::Up, "up"), (Dir::Left, "left"), (Dir::Right, "right")];
pub const ANIMS: [(Anim, &str, usize); 3] = [(Anim::Walk, "walk", 6), (Anim::Idle, "idle", 4), (Anim::Sit, "sit", 2)];
pub const COLUMNS: usize = 48;

/// Offsets in pixels; `near` and `far` are the limbs next to and away from the viewer in profile,
/// and the ones on the viewer's left and right from the front.
#[derive(Clone, Copy, Debug)]
pub struct Pose {
    pub dir: Dir,
    pub anim: Anim,
    /// Added to everything above the hips.
    pub bob: i32,
    /// Added to the head on top of `bob`.
    pub nod: i32,
    pub blink: bool,
    pub near_leg: Limb,
    pub far_leg: Limb,
    pub near_arm: i32,
    pub far_arm: i32,
}

#[derive(Clone, Copy, Debug, Default)]
pub struct Limb {
    pub swing: i32,
    pub lift: i32,
}

impl Pose {
    pub fn new(dir: Dir, anim: Anim, frame: usize) -> Self {
        let still = Limb::default();
        let mut pose =
            Self { dir, anim, bob: 0, nod: 0, blink: false, near_leg: still, far_leg: still, near_arm: 0, far_arm: 0 };
        match anim {
            Anim::Walk => {
                const SWING: [i32; 6] = [5, 3, -2, -5, -3, 2];
                const LIFT: [i32; 6] = [0, 0, 0, 1, 3, 2];
                pose.bob = [0, -1, -2, 0, -1, -2][frame];
                pose.near_leg = Limb { swing: SWING[frame], lift: LIFT[frame] };
                pose.far_leg = Limb { swing: SWING[(frame + 3) % 6], lift: LIFT[(frame + 3) % 6] };
                pose.near_arm = -[4, 2, -2, -4, -2, 2][frame];
                pose.far_arm = -pose.near_arm;
            }
            Anim::Idle => {
                pose.nod = [0, 1, 1, 0][frame];
                pose.blink = frame == 3;
            }
            Anim::Sit => {
                pose.bob = 6;
                pose.nod = [0, 1][frame];
            }
        }
        pose
    }

    /// All 48 poses in the order of the sheet's columns.
    pub fn all() -> Vec<(String, Pose)> {
        let mut all = Vec::with_capacity(COLUMNS);
        for (dir, dir_name) in DIRS {
            for (anim, anim_name, frames) in ANIMS {
                for frame in 0..frames {
                    all.push((format!("{anim_name}/{dir_name}/{frame}"), Pose::new(dir, anim, frame)));
                }
            }
        }
        all
    }

    pub fn unmirrored(&self) -> Self {
        Self { dir: if self.dir == Dir::Left { Dir::Right } else { self.dir }, ..*self }
    }

    pub fn profile(&self) -> bool {
        matches!(self.dir, Dir::Left | Dir::Right)
    }

    pub fn sitting(&self) -> bool {
        self.anim == Anim::Sit
    }

    /// Top of the head, the shoulders and the hips, in frame pixels.
    pub fn head_y(&self) -> i32 {
        12 + self.bob + self.nod
    }

    pub fn shoulder_y(&self) -> i32 {
        31 + self.bob + i32::from(self.nod > 0 && !self.sitting())
    }

    pub fn hip_y(&self) -> i32 {
        44 + self.bob
    }
}
