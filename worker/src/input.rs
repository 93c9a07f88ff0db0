//! Bodies and path parts, parsed at the edge: a handler sees only what is well-formed.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use http::StatusCode;
use http::header::CONTENT_TYPE;
use http::request::Parts;
use serde::de::{DeserializeOwned, IgnoredAny};

use crate::core::ids;
use crate::error::{Answer, ApiError};

/// Largest body; a look and a name take 400 bytes, a passkey's answer 4 KiB at most.
pub const BODY_BYTES_MAX: usize = 16 * 1024;

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
                Err(ApiError::new(413, "too_large", "The body is larger than 16 KiB."))
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

/// A space's id from the path. What cannot be one is a space that does not exist.
pub struct SpaceId(pub String);

impl<S: Send + Sync> FromRequestParts<S> for SpaceId {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Answer<Self> {
        match Path::<String>::from_request_parts(parts, state).await {
            Ok(Path(id)) if ids::is_space_id(&id) => Ok(Self(id)),
            _ => Err(ApiError::no_space()),
        }
    }
}

/// A user's id from the path.
pub struct UserId(pub String);

impl<S: Send + Sync> FromRequestParts<S> for UserId {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Answer<Self> {
        match Path::<String>::from_request_parts(parts, state).await {
            Ok(Path(id)) if ids::is_user_id(&id) => Ok(Self(id)),
            _ => Err(ApiError::no_user()),
        }
    }
}
