//! A session after it began: asked about, prolonged, ended.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::StatusCode;

use super::accounts::fresh;
use super::types::{Me, SignedIn};
use crate::context::Context;
use crate::core::refresh::{Verdict, judge};
use crate::core::{cookies, ids};
use crate::db::Db;
use crate::error::{Answer, ApiError, ErrorBody};
use crate::limits::{self, Limit};
use crate::viewer::{Viewer, living, signed_in, signed_out};

/// Who am I?
#[utoipa::path(get, path = "/api/auth/me", tag = "auth", responses(
    (status = 200, body = Me),
    (status = 401, description = "not_signed_in, invalid_token", body = ErrorBody),
))]
#[worker::send]
pub async fn me(context: Context, viewer: Viewer) -> Answer<Json<Me>> {
    let db = Db::of(&context.env)?;
    let user = db.user(&viewer.id).await?.ok_or_else(ApiError::not_signed_in)?;
    let (email, passkeys) = db.signs(&viewer.id).await?.map_or((None, 0), |sign| (sign.email, sign.passkeys));
    Ok(Json(Me { user: user.into(), email, passkeys }))
}

/// Get new tokens for the refresh cookie. Each is good once; one that comes back after what it brought was used ends the session everywhere.
/// Within ten seconds a second request is answered 409 instead: another tab was faster, and its cookie is there already. Where the answer was lost,
/// the same cookie is answered again after that.
#[utoipa::path(post, path = "/api/auth/refresh", tag = "auth", responses(
    (status = 200, body = SignedIn),
    (status = 401, description = "not_signed_in, refresh_reused", body = ErrorBody),
    (status = 409, description = "refresh_raced", body = ErrorBody),
))]
#[worker::send]
pub async fn refresh(context: Context) -> Answer<Response> {
    context.secret()?;
    let over = || Ok(signed_out(&context, ApiError::not_signed_in()));
    let raced =
        || ApiError::new(409, "refresh_raced", "Another tab has just renewed the session; try again with its cookie.");
    let Some(token) = context.cookie(cookies::REFRESH) else { return over() };
    let hash = ids::token_hash(token);
    let db = Db::of(&context.env)?;
    let Some(row) = db.refresh_token(&hash).await? else { return over() };
    match judge(row.kept(), context.now_ms) {
        Verdict::Ended => over(),
        Verdict::Raced => Err(raced()),
        Verdict::Reused => {
            db.revoke_family(&row.family, &row.user_id, "refresh_reused", context.now_ms).await?;
            let told = "This session was used from two places and has been ended. Sign in again.";
            Ok(signed_out(&context, ApiError::new(401, "refresh_reused", told)))
        }
        verdict @ (Verdict::Rotate | Verdict::Again) => {
            // Nothing slow stands between the change and the answer: who does not get that has the old one only.
            let user = fresh(&db, &row.user_id).await?;
            db.saw(&row.user_id, context.now_ms).await?;
            let next = ids::new_token()?;
            let next_hash = ids::token_hash(&next);
            let is_first = match &row.successor {
                Some(lost) if verdict == Verdict::Again => {
                    db.rotate_again(&hash, lost, &next_hash, context.now_ms).await?
                }
                _ => db.rotate(&hash, &next_hash, context.now_ms).await?,
            };
            if !is_first {
                return Err(raced());
            }
            signed_in(&context, user, &next, StatusCode::OK)
        }
    }
}

/// End the session. Also right without one.
#[utoipa::path(post, path = "/api/auth/logout", tag = "auth", responses((status = 204)))]
#[worker::send]
pub async fn logout(context: Context) -> Answer<Response> {
    context.secret()?;
    if let Some(token) = context.cookie(cookies::REFRESH) {
        let db = Db::of(&context.env)?;
        if let Some(row) = db.refresh_token(&ids::token_hash(token)).await? {
            db.revoke_family(&row.family, &row.user_id, "logout", context.now_ms).await?;
        }
    }
    Ok(signed_out(&context, StatusCode::NO_CONTENT.into_response()))
}

/// End all sessions of one's own but this one, which its refresh cookie says. Access tokens that are out are good for up to 15 minutes yet, and a
/// WebSocket that is open stays so. No device is told any more of what happens while one is away, until it subscribes again.
#[utoipa::path(post, path = "/api/auth/logout/others", tag = "auth", responses(
    (status = 204),
    (status = 401, description = "not_signed_in, session_over", body = ErrorBody),
))]
#[worker::send]
pub async fn logout_others(context: Context, viewer: Viewer) -> Answer<StatusCode> {
    limits::spend(&context, Limit::SignIn, &context.network).await?;
    let db = Db::of(&context.env)?;
    let family = living(&context, &db, &viewer).await?;
    if !db.end_others(&family, &viewer.id, context.now_ms).await? {
        return Err(ApiError::session_over());
    }
    Ok(StatusCode::NO_CONTENT)
}
