//! What others may know of a session.

use serde::{Deserialize, Serialize};

use crate::codec::{Malformed, wire};
use crate::gesture::Posture;
use crate::hearing::Publishing;
use crate::ids::{SessionId, UserId};
use crate::look::{Color, Look};
use crate::name::DisplayName;
use crate::units::TimeMs;

/// Whether one wants company.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    #[default]
    Available,
    Busy,
    DoNotDisturb,
    Away,
}

/// What someone is in a space, weakest first. What a role may do is decided in the `space` crate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Came by the link, has no account or no membership.
    Guest,
    Member,
    Admin,
    /// Exactly one a space: who made it.
    Owner,
}

/// A session as others see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub session_id: SessionId,
    pub user_id: UserId,
    pub name: DisplayName,
    pub guest: bool,
    pub role: Role,
    pub look: Look,
    pub status: Status,
    pub connected: bool,
    /// Number of the interest cell it is in.
    pub cell: u32,
    pub publishing: Publishing,
    /// In a conversation that nobody else may come into.
    pub locked: bool,
    pub posture: Posture,
    /// Since when the hand is up.
    pub hand_raised_at: Option<TimeMs>,
}

impl From<Status> for wire::Status {
    fn from(status: Status) -> Self {
        match status {
            Status::Available => Self::Available,
            Status::Busy => Self::Busy,
            Status::DoNotDisturb => Self::DoNotDisturb,
            Status::Away => Self::Away,
        }
    }
}

impl TryFrom<i32> for Status {
    type Error = Malformed;
    fn try_from(value: i32) -> Result<Self, Malformed> {
        match wire::Status::try_from(value) {
            Ok(wire::Status::Available) => Ok(Self::Available),
            Ok(wire::Status::Busy) => Ok(Self::Busy),
            Ok(wire::Status::DoNotDisturb) => Ok(Self::DoNotDisturb),
            Ok(wire::Status::Away) => Ok(Self::Away),
            Ok(wire::Status::Unspecified) | Err(_) => Err(Malformed("no such status")),
        }
    }
}

impl From<Role> for wire::Role {
    fn from(role: Role) -> Self {
        match role {
            Role::Guest => Self::Guest,
            Role::Member => Self::Member,
            Role::Admin => Self::Admin,
            Role::Owner => Self::Owner,
        }
    }
}

impl From<Look> for wire::Look {
    fn from(look: Look) -> Self {
        Self {
            skin: look.skin.into(),
            hair: look.hair.into(),
            hair_color: look.hair_color.rgb24(),
            eyes_color: look.eyes_color.rgb24(),
            top: look.top.into(),
            top_color: look.top_color.rgb24(),
            bottom: look.bottom.into(),
            bottom_color: look.bottom_color.rgb24(),
            shoes_color: look.shoes_color.rgb24(),
            accessory: look.accessory.into(),
            accessory_color: look.accessory_color.rgb24(),
        }
    }
}

impl TryFrom<wire::Look> for Look {
    type Error = Malformed;
    fn try_from(look: wire::Look) -> Result<Self, Malformed> {
        let part = |value: u32| u8::try_from(value).map_err(|_| Malformed("no such part"));
        let color = |value: u32| Color::from_rgb24(value).map_err(|_| Malformed("no such colour"));
        let look = Self {
            skin: part(look.skin)?,
            hair: part(look.hair)?,
            hair_color: color(look.hair_color)?,
            eyes_color: color(look.eyes_color)?,
            top: part(look.top)?,
            top_color: color(look.top_color)?,
            bottom: part(look.bottom)?,
            bottom_color: color(look.bottom_color)?,
            shoes_color: color(look.shoes_color)?,
            accessory: part(look.accessory)?,
            accessory_color: color(look.accessory_color)?,
        };
        look.validate().map_err(|_| Malformed("no such part"))
    }
}

impl From<Person> for wire::Person {
    fn from(person: Person) -> Self {
        Self {
            session_id: person.session_id.0,
            user_id: person.user_id.as_str().into(),
            name: person.name.into(),
            guest: person.guest,
            role: wire::Role::from(person.role).into(),
            look: Some(person.look.into()),
            status: wire::Status::from(person.status).into(),
            connected: person.connected,
            cell: person.cell,
            microphone: person.publishing.microphone,
            camera: person.publishing.camera,
            screen: person.publishing.screen,
            locked: person.locked,
            pose: wire::Emote::from(person.posture).into(),
            hand_raised_at_ms: person.hand_raised_at.map_or(0, |at| at.0),
        }
    }
}

impl TryFrom<wire::Person> for Person {
    type Error = Malformed;
    fn try_from(person: wire::Person) -> Result<Self, Malformed> {
        Ok(Self {
            session_id: SessionId(person.session_id),
            user_id: UserId::parse(&person.user_id).ok_or(Malformed("not a user id"))?,
            name: DisplayName::parse(&person.name).map_err(|_| Malformed("not a name"))?,
            guest: person.guest,
            // A later version may know more of these; show such people as plain ones rather than not at all.
            role: match wire::Role::try_from(person.role) {
                Ok(wire::Role::Owner) => Role::Owner,
                Ok(wire::Role::Admin) => Role::Admin,
                Ok(wire::Role::Member) => Role::Member,
                Ok(wire::Role::Guest | wire::Role::Unspecified) | Err(_) => Role::Guest,
            },
            look: person.look.and_then(|look| Look::try_from(look).ok()).unwrap_or_default(),
            status: Status::try_from(person.status).unwrap_or_default(),
            connected: person.connected,
            cell: person.cell,
            publishing: Publishing { microphone: person.microphone, camera: person.camera, screen: person.screen },
            locked: person.locked,
            posture: person.pose.into(),
            hand_raised_at: Some(person.hand_raised_at_ms).filter(|&at| at != 0).map(TimeMs),
        })
    }
}
