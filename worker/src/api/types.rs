//! What goes in and out as JSON. The OpenAPI document is made from these very types.

use std::collections::BTreeMap;

use earshot_protocol::{DisplayName, Look};
use earshot_space::permissions::{Action, Role};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::core::admission::Access;
use crate::error::{Answer, ApiError};

/// A user or guest, as everyone may see them.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct User {
    #[schema(example = "u_k3v7m2q9x4b6d5fa")]
    pub id: String,
    #[schema(example = "Ada")]
    pub name: String,
    /// Has no account.
    pub guest: bool,
    #[schema(value_type = Option<LookSchema>)]
    pub look: Option<Look>,
    /// Milliseconds since 1970.
    pub created_at: i64,
}

/// What an avatar looks like. Colours are `#rrggbb`.
#[derive(ToSchema)]
#[schema(as = Look)]
#[allow(dead_code, reason = "describes earshot_protocol::Look, which knows nothing of OpenAPI; a test compares them")]
pub struct LookSchema {
    skin: u8,
    hair: u8,
    #[schema(example = "#5b3a26")]
    hair_color: String,
    eyes_color: String,
    top: u8,
    top_color: String,
    bottom: u8,
    bottom_color: String,
    shoes_color: String,
    accessory: u8,
    accessory_color: String,
}

#[derive(ToSchema)]
#[schema(as = Role, rename_all = "lowercase")]
#[allow(dead_code, reason = "describes earshot_space's Role")]
pub enum RoleSchema {
    Guest,
    Member,
    Admin,
    Owner,
}

#[derive(ToSchema)]
#[schema(as = Access, rename_all = "lowercase")]
#[allow(dead_code, reason = "describes Access, which knows nothing of OpenAPI")]
pub enum AccessSchema {
    Link,
    Members,
}

/// The answer to every sign-in. The same tokens are set as cookies.
#[derive(Serialize, ToSchema)]
pub struct SignedIn {
    pub user: User,
    /// For programs: `Authorization: Bearer` instead of the cookie.
    pub access_token: String,
    /// Seconds.
    pub expires_in: i64,
}

#[derive(Serialize, ToSchema)]
pub struct Me {
    pub user: User,
    pub email: Option<String>,
    /// How many.
    pub passkeys: i64,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GuestIntent {
    #[schema(example = "Ada", max_length = 32)]
    pub name: String,
    #[serde(default)]
    #[schema(value_type = Option<LookSchema>)]
    pub look: Option<Look>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RegisterIntent {
    #[schema(example = "ada@example.org", max_length = 254)]
    pub email: String,
    #[schema(min_length = 8, max_length = 128)]
    pub password: String,
    pub name: String,
    #[serde(default)]
    #[schema(value_type = Option<LookSchema>)]
    pub look: Option<Look>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LoginIntent {
    pub email: String,
    pub password: String,
}

/// What to change; the rest stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProfileIntent {
    #[serde(default)]
    pub name: Option<String>,
    #[serde(default)]
    #[schema(value_type = Option<LookSchema>)]
    pub look: Option<Look>,
}

/// A place, as the one who asks stands to it.
#[derive(Serialize, ToSchema)]
pub struct Space {
    /// Also the secret in its link.
    pub id: String,
    pub name: String,
    pub description: String,
    pub template: String,
    #[schema(value_type = AccessSchema)]
    pub access: Access,
    pub listed: bool,
    /// None: not joined.
    #[schema(value_type = Option<RoleSchema>)]
    pub role: Option<Role>,
    /// What that role may do here.
    #[schema(value_type = Vec<String>, example = json!(["enter", "list_members", "share"]))]
    pub may: Vec<Action>,
    /// How many are there now.
    pub online: usize,
    pub created_at: i64,
    /// Voices and pictures go through the relay only, so that nobody learns another's address.
    pub relay_only: bool,
    /// Seconds between two messages of one person; 0: none.
    pub slow_mode_s: i64,
    /// Messages are kept for so many days; 0: for ever.
    pub retention_days: i64,
    /// What is not to be said here; for moderators only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub words: Option<Vec<String>>,
}

#[derive(Serialize, ToSchema)]
pub struct Spaces {
    pub spaces: Vec<Space>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSpaceIntent {
    #[schema(max_length = 32)]
    pub name: String,
    #[schema(example = "office")]
    pub template: String,
    #[serde(default)]
    #[schema(value_type = Option<AccessSchema>)]
    pub access: Option<Access>,
}

/// What to change; the rest stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SpaceIntent {
    #[serde(default)]
    pub name: Option<String>,
    #[serde(default)]
    #[schema(max_length = 280)]
    pub description: Option<String>,
    #[serde(default)]
    #[schema(value_type = Option<AccessSchema>)]
    pub access: Option<Access>,
    #[serde(default)]
    pub relay_only: Option<bool>,
    #[serde(default)]
    #[schema(maximum = 3600)]
    pub slow_mode_s: Option<u32>,
    #[serde(default)]
    #[schema(maximum = 3650)]
    pub retention_days: Option<u32>,
    #[serde(default)]
    #[schema(max_items = 200)]
    pub words: Option<Vec<String>>,
}

/// How a browser finds a way to others, for an hour.
#[derive(Serialize, ToSchema)]
pub struct Ice {
    /// For `RTCPeerConnection`, as they are. Empty: only direct ways.
    pub ice_servers: Vec<IceServer>,
    /// Use relays only (`iceTransportPolicy: "relay"`).
    pub relay_only: bool,
    /// Milliseconds since 1970; ask again before.
    pub expires_at: i64,
}

/// One of them. Credentials come with relays.
#[derive(Serialize, ToSchema)]
pub struct IceServer {
    #[schema(example = json!(["turn:turn.example.org:3478?transport=udp"]))]
    pub urls: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub username: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub credential: Option<String>,
}

/// What a space has counted of conversations. No names: only how often, and how fast.
#[derive(ToSchema)]
#[schema(as = Counters)]
#[allow(dead_code, reason = "describes earshot_space's report, which knows nothing of OpenAPI; a test compares them")]
pub struct CountersSchema {
    /// Sessions that are there, and pairs of them that are connected now.
    sessions: u64,
    peerings: u64,
    peerings_begun: u64,
    peerings_ended: u64,
    signals_relayed: u64,
    /// By reason.
    signals_refused: BTreeMap<String, u64>,
    /// Connections that came about, by kind of candidate.
    connected: BTreeMap<String, u64>,
    /// The same by how long they took: up to so many milliseconds.
    connected_within_ms: BTreeMap<String, u64>,
    failed: u64,
}

#[derive(Serialize, ToSchema)]
pub struct Joined {
    pub space: Space,
    #[schema(value_type = RoleSchema)]
    pub role: Role,
    /// Where to open the WebSocket.
    #[schema(example = "/ws/commons")]
    pub ws: String,
}

#[derive(Serialize, ToSchema)]
pub struct SpaceUsers {
    pub members: Vec<Member>,
    pub online: Vec<Online>,
}

#[derive(Serialize, ToSchema)]
pub struct Member {
    pub user: User,
    #[schema(value_type = RoleSchema)]
    pub role: Role,
}

/// Someone who is in the space now.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct Online {
    pub user_id: String,
    pub name: String,
    pub status: String,
}

#[derive(Serialize, ToSchema)]
pub struct Templates {
    pub templates: Vec<TemplateInfo>,
}

/// A map that a space can be made from.
#[derive(Serialize, ToSchema)]
pub struct TemplateInfo {
    pub id: String,
    pub name: String,
    pub description: String,
    /// In tiles.
    pub width: u32,
    /// In tiles.
    pub height: u32,
}

#[derive(Serialize, ToSchema)]
pub struct Health {
    #[schema(example = "ok")]
    pub status: String,
    pub version: String,
}

/// A body with nothing in it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// Longest description of a space: two sentences under its name.
const DESCRIPTION_CHARS_MAX: usize = 280;

/// A person's or a space's name.
pub fn valid_name(text: &str) -> Answer<String> {
    match DisplayName::parse(text) {
        Ok(name) => Ok(name.into()),
        Err(error) => Err(ApiError::new(422, "invalid_name", format!("Choose another name: {error}."))),
    }
}

/// A look, as the JSON that is kept.
pub fn valid_look(look: Option<Look>) -> Answer<Option<String>> {
    let Some(look) = look else { return Ok(None) };
    match look.validate() {
        Ok(look) => Ok(Some(serde_json::to_string(&look)?)),
        Err(error) => Err(ApiError::new(422, "invalid_look", format!("That look does not exist: {error}."))),
    }
}

/// A space's description.
pub fn valid_description(text: &str) -> Answer<String> {
    let text = text.trim();
    if text.chars().count() > DESCRIPTION_CHARS_MAX || text.chars().any(|c| c.is_control() && c != '\n') {
        return Err(ApiError::new(
            422,
            "invalid_description",
            "A description can have at most 280 characters and no control characters.",
        ));
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use utoipa::PartialSchema as _;

    #[test]
    fn the_documented_look_has_the_fields_of_the_real_one() {
        let schema = serde_json::to_value(LookSchema::schema()).unwrap();
        let look = serde_json::to_value(Look::from_seed(1)).unwrap();
        let documented: Vec<_> = schema["properties"].as_object().unwrap().keys().collect();
        let mut real: Vec<_> = look.as_object().unwrap().keys().collect();
        real.sort();
        let mut sorted = documented.clone();
        sorted.sort();
        assert_eq!(sorted, real);
    }

    #[test]
    fn documented_roles_and_access_are_the_real_ones() {
        let names = |schema| serde_json::to_value(schema).unwrap()["enum"].clone();
        let roles: Vec<Role> = serde_json::from_value(names(RoleSchema::schema())).unwrap();
        assert_eq!(roles, [Role::Guest, Role::Member, Role::Admin, Role::Owner]);
        let access: Vec<Access> = serde_json::from_value(names(AccessSchema::schema())).unwrap();
        assert_eq!(access, [Access::Link, Access::Members]);
    }

    #[test]
    fn descriptions_are_bounded() {
        assert_eq!(valid_description(" two\nlines ").unwrap(), "two\nlines");
        assert!(valid_description(&"x".repeat(281)).is_err() && valid_description("a\u{7}").is_err());
    }
}
