//! Bodies and path parts, parsed at the edge: a handler sees only what is well-formed.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use http::StatusCode;
use http::request::Parts;
use serde::de::DeserializeOwned;

use crate::core::ids;
use crate::error::{Answer, ApiError};

/// Largest body; a look and a name take 400 bytes, a passkey's answer 4 KiB at most.
pub const BODY_BYTES_MAX: usize = 16 * 1024;

/// A JSON body.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Answer<Self> {
        match Json::<T>::from_request(request, state).await {
            Ok(Json(value)) => Ok(Self(value)),
            Err(rejection) => Err(refuse(&rejection)),
        }
    }
}

/// The wording is serde's: it names the field and what was expected there.
fn refuse(rejection: &JsonRejection) -> ApiError {
    use std::error::Error as _;
    let detail = || rejection.source().map_or_else(String::new, |source| source.to_string());
    match rejection {
        JsonRejection::JsonDataError(_) => {
            ApiError::new(422, "invalid_body", format!("The body does not fit: {}.", detail()))
        }
        JsonRejection::JsonSyntaxError(_) => {
            ApiError::new(400, "invalid_json", format!("The body is not JSON: {}.", detail()))
        }
        JsonRejection::MissingJsonContentType(_) => {
            ApiError::new(415, "not_json", "Send the body as Content-Type: application/json.")
        }
        other if other.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            ApiError::new(413, "too_large", "The body is larger than 16 KiB.")
        }
        _ => ApiError::new(400, "unreadable_body", "The body could not be read to its end."),
    }
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
