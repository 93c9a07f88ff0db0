//! What people do with their bodies and ask of one another: emotes and nudges.

use crate::codec::{Malformed, wire};
use crate::ids::SessionId;

/// Something to do with the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Emote {
    Wave,
    Dance,
    Sit,
    Jump,
    RaiseHand,
    Clap,
    Heart,
    Confetti,
}

impl Emote {
    pub const ALL: [Self; 8] =
        [Self::Wave, Self::Dance, Self::Sit, Self::Jump, Self::RaiseHand, Self::Clap, Self::Heart, Self::Confetti];

    /// A word for programs that read JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Wave => "wave",
            Self::Dance => "dance",
            Self::Sit => "sit",
            Self::Jump => "jump",
            Self::RaiseHand => "raise_hand",
            Self::Clap => "clap",
            Self::Heart => "heart",
            Self::Confetti => "confetti",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|emote| emote.as_str() == word)
    }
}

/// Do something with the body; `on` matters for what lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EmoteIntent {
    pub emote: Emote,
    pub on: bool,
}

/// How somebody holds the body until they move.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Posture {
    #[default]
    Plain,
    Dancing,
    Sitting,
}

/// What one asks of somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NudgeKind {
    ComeHere,
    MayIJoin,
}

impl NudgeKind {
    /// A word for programs that read JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ComeHere => "come_here",
            Self::MayIJoin => "may_i_join",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        [Self::ComeHere, Self::MayIJoin].into_iter().find(|kind| kind.as_str() == word)
    }
}

/// Ask somebody, or be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Nudge {
    /// To the space: whom one asks. From it: who asks.
    pub peer: SessionId,
    pub kind: NudgeKind,
    /// Something keeps the two apart. The space says it.
    pub knock: bool,
}

/// The answer to one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NudgeAnswer {
    /// To the space: who asked. From it: who answers.
    pub peer: SessionId,
    pub kind: NudgeKind,
    pub accepted: bool,
}

/// It was not passed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NudgeRefused {
    pub to: SessionId,
    pub reason: NudgeRefusal,
    /// 0: not soon.
    pub retry_in_ms: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NudgeRefusal {
    /// A reason that this version does not know.
    Other,
    /// Not there, or not for this person: which of them is nobody's business.
    Unavailable,
    DoNotDisturb,
    TooFast,
}

impl NudgeRefusal {
    /// A word for programs that read JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Other => "other",
            Self::Unavailable => "unavailable",
            Self::DoNotDisturb => "dnd",
            Self::TooFast => "too_fast",
        }
    }
}

impl From<Emote> for wire::Emote {
    fn from(emote: Emote) -> Self {
        match emote {
            Emote::Wave => Self::Wave,
            Emote::Dance => Self::Dance,
            Emote::Sit => Self::Sit,
            Emote::Jump => Self::Jump,
            Emote::RaiseHand => Self::RaiseHand,
            Emote::Clap => Self::Clap,
            Emote::Heart => Self::Heart,
            Emote::Confetti => Self::Confetti,
        }
    }
}

impl TryFrom<i32> for Emote {
    type Error = Malformed;
    fn try_from(value: i32) -> Result<Self, Malformed> {
        match wire::Emote::try_from(value) {
            Ok(wire::Emote::Wave) => Ok(Self::Wave),
            Ok(wire::Emote::Dance) => Ok(Self::Dance),
            Ok(wire::Emote::Sit) => Ok(Self::Sit),
            Ok(wire::Emote::Jump) => Ok(Self::Jump),
            Ok(wire::Emote::RaiseHand) => Ok(Self::RaiseHand),
            Ok(wire::Emote::Clap) => Ok(Self::Clap),
            Ok(wire::Emote::Heart) => Ok(Self::Heart),
            Ok(wire::Emote::Confetti) => Ok(Self::Confetti),
            Ok(wire::Emote::Unspecified) | Err(_) => Err(Malformed("no such emote")),
        }
    }
}

impl From<Posture> for wire::Emote {
    fn from(posture: Posture) -> Self {
        match posture {
            Posture::Plain => Self::Unspecified,
            Posture::Dancing => Self::Dance,
            Posture::Sitting => Self::Sit,
        }
    }
}

impl From<i32> for Posture {
    fn from(value: i32) -> Self {
        match wire::Emote::try_from(value) {
            Ok(wire::Emote::Dance) => Self::Dancing,
            Ok(wire::Emote::Sit) => Self::Sitting,
            _ => Self::Plain,
        }
    }
}

impl From<NudgeKind> for wire::NudgeKind {
    fn from(kind: NudgeKind) -> Self {
        match kind {
            NudgeKind::ComeHere => Self::ComeHere,
            NudgeKind::MayIJoin => Self::MayIJoin,
        }
    }
}

impl TryFrom<i32> for NudgeKind {
    type Error = Malformed;
    fn try_from(value: i32) -> Result<Self, Malformed> {
        match wire::NudgeKind::try_from(value) {
            Ok(wire::NudgeKind::ComeHere) => Ok(Self::ComeHere),
            Ok(wire::NudgeKind::MayIJoin) => Ok(Self::MayIJoin),
            Ok(wire::NudgeKind::Unspecified) | Err(_) => Err(Malformed("no such question")),
        }
    }
}

impl From<NudgeRefusal> for wire::NudgeRefusal {
    fn from(reason: NudgeRefusal) -> Self {
        match reason {
            NudgeRefusal::Other => Self::Unspecified,
            NudgeRefusal::Unavailable => Self::Unavailable,
            NudgeRefusal::DoNotDisturb => Self::DoNotDisturb,
            NudgeRefusal::TooFast => Self::TooFast,
        }
    }
}

impl From<i32> for NudgeRefusal {
    fn from(reason: i32) -> Self {
        match wire::NudgeRefusal::try_from(reason) {
            Ok(wire::NudgeRefusal::Unavailable) => Self::Unavailable,
            Ok(wire::NudgeRefusal::DoNotDisturb) => Self::DoNotDisturb,
            Ok(wire::NudgeRefusal::TooFast) => Self::TooFast,
            Ok(wire::NudgeRefusal::Unspecified) | Err(_) => Self::Other,
        }
    }
}
