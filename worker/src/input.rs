//! Bodies and path parts, parsed at the edge: a handler sees only what is well-formed.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, RawPathParams, Request};
use earshot_protocol::Emoji;
use http::StatusCode;
use http::header::CONTENT_TYPE;
use http::request::Parts;
use serde::de::{DeserializeOwned, IgnoredAny};

use crate::core::fleet::placement::is_node_id;
use crate::core::ids;
use crate::error::{Answer, ApiError};

/// Largest body, of all addresses but one; a look and a name take 400 bytes, a passkey's answer 4 KiB at most.
pub const BODY_BYTES_MAX: usize = 16 * 1024;

/// Longest id of a passkey: 1,023 bytes (`core/webauthn.rs`), in Base64url.
const PASSKEY_ID_CHARS_MAX: usize = 1364;

/// A JSON body.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Answer<Self> {
        let kind = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if !kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json")) {
            return Err(ApiError::new(415, "not_json", "Send the body as Content-Type: application/json."));
        }
        match Bytes::from_request(request, state).await {
            Ok(bytes) => parse(&bytes).map(Self),
            Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => {
                Err(ApiError::new(413, "too_large", "The body is larger than this address takes."))
            }
            Err(_) => Err(ApiError::new(400, "unreadable_body", "The body could not be read to its end.")),
        }
    }
}

/// Only an object will do: serde would also take the fields as a list, in an order that nobody promised. Other wording
/// is serde's: it names the field and what was expected there.
fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Answer<T> {
    let is_object = bytes.trim_ascii_start().first() == Some(&b'{');
    let parsed = if is_object { serde_json::from_slice(bytes).map(Some) } else { no_object(bytes) };
    match parsed {
        Ok(Some(value)) => Ok(value),
        Ok(None) => Err(ApiError::new(422, "invalid_body", "The body does not fit: it has to be an object.")),
        Err(error) if error.is_data() => {
            Err(ApiError::new(422, "invalid_body", format!("The body does not fit: {error}.")))
        }
        Err(error) => Err(ApiError::new(400, "invalid_json", format!("The body is not JSON: {error}."))),
    }
}

/// Is it JSON at all? Then it is none of ours.
fn no_object<T>(bytes: &[u8]) -> serde_json::Result<Option<T>> {
    serde_json::from_slice::<IgnoredAny>(bytes).map(|_| None)
}

/// A part of the path, by its name.
async fn part<S: Send + Sync>(parts: &mut Parts, state: &S, name: &str) -> Option<String> {
    let params = RawPathParams::from_request_parts(parts, state).await.ok()?;
    params.iter().find(|(param, _)| *param == name).map(|(_, value)| value.to_owned())
}

/// A whole number from the path: written in one way only, so that one thing has one address.
async fn number<S: Send + Sync>(parts: &mut Parts, state: &S, name: &str) -> Option<i64> {
    let text = part(parts, state, name).await?;
    text.parse().ok().filter(|&number: &i64| (1..=ID_MAX).contains(&number) && number.to_string() == text)
}

/// Ids pass through JSON and the database as doubles.
pub const ID_MAX: i64 = (1 << 53) - 1;

/// A space's id from the path. What cannot be one is a space that does not exist.
pub struct SpaceId(pub String);

impl<S: Send + Sync> FromRequestParts<S> for SpaceId {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Answer<Self> {
        let id = part(parts, state, "id").await.filter(|id| ids::is_space_id(id));
        id.map(Self).ok_or_else(ApiError::no_space)
    }
}

/// A node's id from the path.
pub struct NodeId(pub String);

impl<S: Send + Sync> FromRequestParts<S> for NodeId {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Answer<Self> {
        let id = part(parts, state, "node").await.filter(|id| is_node_id(id));
        let told = "A node's id is up to 40 small letters, digits and hyphens.";
        id.map(Self).ok_or_else(|| ApiError::new(404, "no_such_node", told))
    }
}

/// A user's id from the path: `{user}`, or `{id}` where there is no other.
pub struct UserId(pub String);

impl<S: Send + Sync> FromRequestParts<S> for UserId {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Answer<Self> {
        let mut id = part(parts, state, "user").await;
        if id.is_none() {
            id = part(parts, state, "id").await;
        }
        id.filter(|id| ids::is_user_id(id)).map(Self).ok_or_else(ApiError::no_user)
    }
}

/// A message's id from the path.
pub struct MessageId(pub i64);

impl<S: Send + Sync> FromRequestParts<S> for MessageId {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Answer<Self> {
        number(parts, state, "mid").await.map(Self).ok_or_else(ApiError::no_message)
    }
}

/// The number of a channel, or of a report.
pub struct Number(pub i64);

impl<S: Send + Sync> FromRequestParts<S> for Number {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Answer<Self> {
        let found = number(parts, state, "number").await.filter(|&number| number <= i64::from(u32::MAX));
        found.map(Self).ok_or_else(|| ApiError::new(404, "no_such_number", "There is nothing with that number."))
    }
}

/// A passkey's id from the path: bytes of its authenticator's choice, in Base64url. What cannot be one is nobody's passkey.
pub struct PasskeyId(pub String);

impl<S: Send + Sync> FromRequestParts<S> for PasskeyId {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Answer<Self> {
        let fits = |id: &String| {
            (1..=PASSKEY_ID_CHARS_MAX).contains(&id.len())
                && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
        };
        part(parts, state, "passkey").await.filter(fits).map(Self).ok_or_else(ApiError::no_passkey)
    }
}

/// An emoji from the path.
pub struct EmojiPart(pub Emoji);

impl<S: Send + Sync> FromRequestParts<S> for EmojiPart {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Answer<Self> {
        let emoji = part(parts, state, "emoji").await.and_then(|text| Emoji::parse(&text));
        emoji.map(Self).ok_or_else(|| ApiError::new(422, "invalid_emoji", "A reaction is one emoji."))
    }
}

/// A query that does not fit.
pub fn invalid_query(what: &str) -> ApiError {
    ApiError::new(422, "invalid_query", format!("The query does not fit: {what}."))
}
