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
    /// Hand up to greet, swinging.
    Wave,
    /// Hand up to be called on: standing, walking, sitting.
    Raise,
    RaiseWalk,
    RaiseSit,
    Clap,
    Dance,
    Jump,
}

pub const DIRS: [(Dir, &str); 4] = [(Dir::Down, "down"), (Dir::Up, "up"), (Dir::Left, "left"), (Dir::Right, "right")];
pub const ANIMS: [(Anim, &str, usize); 3] = [(Anim::Walk, "walk", 6), (Anim::Idle, "idle", 4), (Anim::Sit, "sit", 2)];
/// What is seldom shown lies in a sheet of its own, which the client fetches when somebody first does one of them.
pub const GESTURES: [(Anim, &str, usize); 7] = [
    (Anim::Wave, "wave", 3),
    (Anim::Raise, "raise", 1),
    (Anim::RaiseWalk, "raiseWalk", 6),
    (Anim::RaiseSit, "raiseSit", 1),
    (Anim::Clap, "clap", 2),
    (Anim::Dance, "dance", 4),
    (Anim::Jump, "jump", 1),
];

/// What an arm does instead of hanging and swinging.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reach {
    Hang,
    /// Straight up beside the head, its hand this far over it.
    Up(i32),
    /// Hands before the chest, this far from each other.
    Front(i32),
    /// Out to the side, its hand this much above the shoulder.
    Out(i32),
}

impl Reach {
    /// Drawn after the head.
    pub fn over(self) -> bool {
        matches!(self, Self::Up(_))
    }
}

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
    pub near_reach: Reach,
    pub far_reach: Reach,
}

#[derive(Clone, Copy, Debug, Default)]
pub struct Limb {
    pub swing: i32,
    pub lift: i32,
}

impl Pose {
    pub fn new(dir: Dir, anim: Anim, frame: usize) -> Self {
        let still = Limb::default();
        let mut pose = Self {
            dir,
            anim,
            bob: 0,
            nod: 0,
            blink: false,
            near_leg: still,
            far_leg: still,
            near_arm: 0,
            far_arm: 0,
            near_reach: Reach::Hang,
            far_reach: Reach::Hang,
        };
        match anim {
            Anim::Walk | Anim::RaiseWalk => {
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
            Anim::Sit | Anim::RaiseSit => {
                pose.bob = 6;
                pose.nod = [0, 1][frame];
            }
            Anim::Wave => pose.raise(Reach::Up([0, 2, 4][frame])),
            Anim::Raise => {}
            Anim::Clap => {
                let apart = [3, 0][frame];
                (pose.near_reach, pose.far_reach) = (Reach::Front(apart), Reach::Front(apart));
                pose.nod = [0, 1][frame];
            }
            Anim::Dance => pose.dance(frame),
            Anim::Jump => {
                (pose.near_reach, pose.far_reach) = (Reach::Up(0), Reach::Up(0));
                pose.near_leg.lift = 3;
                pose.far_leg.lift = 2;
            }
        }
        if matches!(anim, Anim::Raise | Anim::RaiseWalk | Anim::RaiseSit) {
            pose.raise(Reach::Up(0));
        }
        pose
    }

    /// Everybody is right-handed here: the hand on the viewer's left from the front, on their right from behind.
    fn raise(&mut self, reach: Reach) {
        if self.dir == Dir::Up {
            self.far_reach = reach;
        } else {
            self.near_reach = reach;
        }
    }

    /// To the left and the right in turn, with hands before the chest in between.
    fn dance(&mut self, frame: usize) {
        let step = Limb { swing: 0, lift: 3 };
        match frame {
            0 => (self.near_reach, self.far_reach, self.near_leg) = (Reach::Up(0), Reach::Out(-2), step),
            2 => (self.near_reach, self.far_reach, self.far_leg) = (Reach::Out(-2), Reach::Up(0), step),
            _ => {
                (self.near_reach, self.far_reach) = (Reach::Front(2), Reach::Front(2));
                self.bob = 1;
            }
        }
        self.blink = frame == 3;
    }

    /// All poses of some animations, in the order of their sheet's columns.
    pub fn all(anims: &[(Anim, &str, usize)]) -> Vec<(String, Pose)> {
        let mut all = Vec::new();
        for (dir, dir_name) in DIRS {
            for &(anim, anim_name, frames) in anims {
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
        matches!(self.anim, Anim::Sit | Anim::RaiseSit)
    }

    pub fn reach(&self, near: bool) -> Reach {
        if near { self.near_reach } else { self.far_reach }
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
