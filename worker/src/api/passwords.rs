//! A password of one's own: set where there is none, changed where there is one.
//!
//! Absent on purpose: taking it away, another e-mail address, and getting back in without it. Each needs a message that arrives, and this
//! installation sends none.

use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use super::accounts::{email_taken, valid_email, valid_password};
use crate::context::Context;
use crate::core::email::PASSWORD_CHARS_MAX;
use crate::db::Db;
use crate::db::passwords::{First, Own};
use crate::error::{Answer, ApiError, ErrorBody};
use crate::input::Body;
use crate::limits::{self, Limit};
use crate::passwords::{hash_password, is_password};
use crate::viewer::{Viewer, living};

/// The address is what one signs in with.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPasswordIntent {
    #[schema(example = "ada@example.org", max_length = 254)]
    email: String,
    #[schema(min_length = 8, max_length = 128)]
    password: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordIntent {
    current: String,
    #[schema(min_length = 8, max_length = 128)]
    password: String,
}

/// Set a password, and the e-mail address it goes with, for an account that has passkeys only. Needs the session's refresh cookie.
#[utoipa::path(post, path = "/api/auth/password", tag = "auth", request_body = NewPasswordIntent, responses(
    (status = 204),
    (status = 401, description = "not_signed_in, session_over", body = ErrorBody),
    (status = 403, description = "no_account", body = ErrorBody),
    (status = 409, description = "email_taken, has_password", body = ErrorBody),
    (status = 422, description = "invalid_email, weak_password", body = ErrorBody),
))]
#[worker::send]
pub async fn set(context: Context, viewer: Viewer, Body(intent): Body<NewPasswordIntent>) -> Answer<StatusCode> {
    limits::spend(&context, Limit::SignIn, &context.network).await?;
    let db = Db::of(&context.env)?;
    let family = living(&context, &db, &viewer).await?;
    if db.user(&viewer.id).await?.is_none_or(|user| user.is_guest()) {
        return Err(ApiError::new(403, "no_account", "A guest has no account yet; create one, with a password."));
    }
    let has_one = || ApiError::new(409, "has_password", "This account has a password already; change that.");
    let email = valid_email(&intent.email)?;
    valid_password(&intent.password, &email)?;
    // Hashing is the expensive part: ask first. The insertion decides.
    if db.own_password(&viewer.id).await?.is_some() {
        return Err(has_one());
    }
    if db.password(&email).await?.is_some() {
        return Err(email_taken());
    }
    let hash = hash_password(&context, &email, &intent.password).await?;
    let own = Own { user_id: &viewer.id, family: &family };
    match db.set_password(&own, &email, &hash, context.now_ms).await? {
        First::Set => Ok(StatusCode::NO_CONTENT),
        First::EmailTaken => Err(email_taken()),
        First::Refused => {
            living(&context, &db, &viewer).await?;
            Err(has_one())
        }
    }
}

/// Change one's password. All other sessions end with the old one, as with `/api/auth/logout/others`; this one, which its refresh cookie says, goes
/// on. Wrong guesses are counted together with those at signing in.
#[utoipa::path(put, path = "/api/auth/password", tag = "auth", request_body = PasswordIntent, responses(
    (status = 204),
    (status = 401, description = "not_signed_in, session_over", body = ErrorBody),
    (status = 403, description = "wrong_password", body = ErrorBody),
    (status = 409, description = "no_password", body = ErrorBody),
    (status = 422, description = "weak_password", body = ErrorBody),
))]
#[worker::send]
pub async fn change(context: Context, viewer: Viewer, Body(intent): Body<PasswordIntent>) -> Answer<StatusCode> {
    limits::spend(&context, Limit::SignIn, &context.network).await?;
    let db = Db::of(&context.env)?;
    let family = living(&context, &db, &viewer).await?;
    let none = || ApiError::new(409, "no_password", "There is no password yet that could be changed; set one.");
    let kept = db.own_password(&viewer.id).await?.ok_or_else(none)?;
    valid_password(&intent.password, &kept.email)?;
    limits::spend_password(&context, &kept.email).await?;
    // Not 401: who asks is known. A client must not take it for a session that is over, and try once more.
    let wrong = || ApiError::new(403, "wrong_password", "That is not your current password.");
    if intent.current.chars().count() > PASSWORD_CHARS_MAX
        || !is_password(&context, &kept.email, &intent.current, &kept.hash).await?
    {
        return Err(wrong());
    }
    let hash = hash_password(&context, &kept.email, &intent.password).await?;
    let own = Own { user_id: &viewer.id, family: &family };
    if !db.change_password(&own, &kept.hash, &hash, context.now_ms).await? {
        living(&context, &db, &viewer).await?;
        return Err(wrong());
    }
    Ok(StatusCode::NO_CONTENT)
}
