//! What the API says when it says no: one shape for every refusal.

use std::borrow::Cow;

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::RETRY_AFTER;
use serde::Serialize;
use utoipa::ToSchema;

/// A refusal. The code is for programs, the message for people.
#[derive(Debug)]
pub struct ApiError {
    pub status: StatusCode,
    pub code: &'static str,
    pub message: Cow<'static, str>,
    /// When the same may be tried again, where that is known.
    pub retry_in_ms: Option<u32>,
}

/// The result of every handler.
pub type Answer<T> = Result<T, ApiError>;

/// How a refusal is written.
#[derive(Serialize, ToSchema)]
pub struct ErrorBody {
    error: ErrorDetail,
}

#[derive(Serialize, ToSchema)]
pub struct ErrorDetail {
    /// For programs; never changes its meaning.
    #[schema(example = "not_signed_in")]
    code: String,
    /// A sentence that a person can act on.
    message: String,
    /// When the same may be tried again, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    retry_in_ms: Option<u32>,
}

impl ApiError {
    pub fn new(status: u16, code: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self { status, code, message: message.into(), retry_in_ms: None }
    }

    pub fn not_signed_in() -> Self {
        Self::new(401, "not_signed_in", "Sign in first, or come in as a guest.")
    }

    pub fn session_over() -> Self {
        Self::new(401, "session_over", "This session has ended; sign in again for that.")
    }

    pub fn not_a_member() -> Self {
        Self::new(403, "not_a_member", "Join the space first.")
    }

    pub fn no_space() -> Self {
        Self::new(404, "no_such_space", "There is no such space, or it is not open to you.")
    }

    pub fn no_user() -> Self {
        Self::new(404, "no_such_user", "There is no such user.")
    }

    pub fn no_passkey() -> Self {
        Self::new(404, "no_such_passkey", "You have no such passkey.")
    }

    pub fn no_message() -> Self {
        Self::new(404, "no_such_message", "There is no such message, or it is not for you.")
    }

    pub fn not_allowed() -> Self {
        Self::new(403, "not_allowed", "Your role in this space does not allow that. Join it first, or ask its owner.")
    }

    pub fn banned() -> Self {
        Self::new(403, "banned", "The moderators of this space have shut you out of it.")
    }

    pub fn blocked() -> Self {
        Self::new(403, "blocked", "One of you two has blocked the other.")
    }

    pub fn too_fast(retry_in_ms: i64) -> Self {
        let retry_in_ms = Some(u32::try_from(retry_in_ms.max(1)).unwrap_or(u32::MAX));
        Self { retry_in_ms, ..Self::new(429, "too_fast", "That was too fast. Wait a moment and try again.") }
    }

    pub fn wrong_origin() -> Self {
        Self::new(403, "wrong_origin", "This came from another site; open Earshot itself and try again.")
    }

    /// Something of ours failed. The log has the reason; the answer does not.
    pub fn internal(place: &'static str, reason: impl std::fmt::Display) -> Self {
        log("error", place, &reason.to_string());
        Self::new(500, "internal", "Something went wrong on our side. Try again in a moment.")
    }
}

/// One line of JSON for the log. No names, addresses or tokens: `reason` comes from libraries, never from a request.
pub fn log(level: &'static str, place: &'static str, reason: &str) {
    worker::console_error!("{}", serde_json::json!({ "level": level, "place": place, "reason": reason }));
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let Self { status, code, message, retry_in_ms } = self;
        let error = ErrorDetail { code: code.to_owned(), message: message.into_owned(), retry_in_ms };
        let mut response = (status, Json(ErrorBody { error })).into_response();
        if let Some(wait_ms) = retry_in_ms {
            response.headers_mut().insert(RETRY_AFTER, wait_ms.div_ceil(1000).into());
        }
        response
    }
}

impl From<worker::Error> for ApiError {
    fn from(error: worker::Error) -> Self {
        Self::internal("platform", error)
    }
}

impl From<getrandom::Error> for ApiError {
    fn from(error: getrandom::Error) -> Self {
        Self::internal("randomness", error)
    }
}

impl From<serde_json::Error> for ApiError {
    fn from(error: serde_json::Error) -> Self {
        // Only category and place: the text itself may quote data.
        Self::internal("json", format_args!("{:?} at {}:{}", error.classify(), error.line(), error.column()))
    }
}
