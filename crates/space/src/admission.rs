//! Whom the Worker lets in: identity and role, checked before the socket was opened.

use earshot_protocol::units::TimeMs;
use earshot_protocol::{DisplayName, Look, Role, UserId};
use serde::Deserialize;

/// People one person can block: they are in the record of each connection, which has room for 16 KiB.
pub const BLOCKED_MAX: usize = 100;

/// The Worker's word on who is at the other end of a connection.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Admission {
    #[serde(deserialize_with = "user_id")]
    pub user_id: UserId,
    pub name: DisplayName,
    pub guest: bool,
    pub role: Role,
    /// None for somebody who has not dressed yet.
    #[serde(default)]
    pub look: Option<Look>,
    /// With whom this person does not want to have to do.
    #[serde(default, deserialize_with = "user_ids")]
    pub blocked: Vec<UserId>,
    /// Before all that was looked up for this, where it is known.
    #[serde(default, rename = "checked_ms", deserialize_with = "time")]
    pub checked_at: Option<TimeMs>,
}

impl Admission {
    /// The look to show: the chosen one, or one that is always the same for the same user.
    pub fn look(&self) -> Look {
        self.look.unwrap_or_else(|| {
            let seed =
                self.user_id.as_str().bytes().fold(0_u64, |seed, b| seed.wrapping_mul(131).wrapping_add(b.into()));
            Look::from_seed(seed)
        })
    }
}

fn user_id<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<UserId, D::Error> {
    let text = String::deserialize(deserializer)?;
    UserId::parse(&text).ok_or_else(|| serde::de::Error::custom("not a user id"))
}

fn time<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<TimeMs>, D::Error> {
    Ok(Option::<i64>::deserialize(deserializer)?.map(TimeMs))
}

/// What is no id is nobody's.
fn user_ids<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<UserId>, D::Error> {
    let ids = Vec::<String>::deserialize(deserializer)?;
    Ok(ids.iter().filter_map(|id| UserId::parse(id)).take(BLOCKED_MAX).collect())
}
