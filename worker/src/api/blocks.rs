//! Whom one does not want to have to do with, in any space.

use axum::Json;
use http::StatusCode;

use super::chat_types::{Block, Blocks};
use crate::context::Context;
use crate::db::Db;
use crate::error::{Answer, ApiError, ErrorBody};
use crate::input::UserId;
use crate::limits::{self, Limit};
use crate::post;
use crate::viewer::Viewer;

/// Whom one has blocked.
#[utoipa::path(get, path = "/api/blocks", tag = "blocks", responses(
    (status = 200, body = Blocks),
    (status = 401, description = "not_signed_in", body = ErrorBody),
))]
#[worker::send]
pub async fn list(context: Context, viewer: Viewer) -> Answer<Json<Blocks>> {
    let rows = Db::of(&context.env)?.blocks(&viewer.id).await?;
    let blocked = rows.into_iter().map(|row| Block { user_id: row.user_id, name: row.name, at: row.at });
    Ok(Json(Blocks { blocked: blocked.collect() }))
}

/// Block somebody: neither hears, reads or rings the other any more. At most 100. After `not_told` it holds, but perhaps not yet where one
/// is now: the same request once more tells it there.
#[utoipa::path(put, path = "/api/blocks/{user}", tag = "blocks", params(("user" = String, Path)), responses(
    (status = 204),
    (status = 401, description = "not_signed_in", body = ErrorBody),
    (status = 404, description = "no_such_user", body = ErrorBody),
    (status = 409, description = "too_many_blocks", body = ErrorBody),
    (status = 429, description = "too_many_requests", body = ErrorBody),
    (status = 503, description = "not_told", body = ErrorBody),
))]
#[worker::send]
pub async fn block(context: Context, viewer: Viewer, UserId(user): UserId) -> Answer<StatusCode> {
    limits::spend(&context, Limit::Change, &viewer.id).await?;
    let db = Db::of(&context.env)?;
    db.user(&viewer.id).await?.ok_or_else(ApiError::not_signed_in)?;
    if user == viewer.id || db.user(&user).await?.is_none() {
        return Err(ApiError::no_user());
    }
    if !db.block(&viewer.id, &user, context.now_ms).await? {
        let told = "You have blocked 100 people already; let one of them be first.";
        return Err(ApiError::new(409, "too_many_blocks", told));
    }
    tell(&context, &viewer).await
}

/// Unblock somebody.
#[utoipa::path(delete, path = "/api/blocks/{user}", tag = "blocks", params(("user" = String, Path)), responses(
    (status = 204),
    (status = 401, description = "not_signed_in", body = ErrorBody),
    (status = 404, description = "no_such_user", body = ErrorBody),
    (status = 429, description = "too_many_requests", body = ErrorBody),
    (status = 503, description = "not_told", body = ErrorBody),
))]
#[worker::send]
pub async fn unblock(context: Context, viewer: Viewer, UserId(user): UserId) -> Answer<StatusCode> {
    limits::spend(&context, Limit::Change, &viewer.id).await?;
    Db::of(&context.env)?.unblock(&viewer.id, &user).await?;
    tell(&context, &viewer).await
}

async fn tell(context: &Context, viewer: &Viewer) -> Answer<StatusCode> {
    if post::tell_blocks(&context.env, &viewer.id, context.now_ms).await? {
        return Ok(StatusCode::NO_CONTENT);
    }
    let told = "It holds from the next time you come in, but the space you are in did not answer. Try once more.";
    Err(ApiError::new(503, "not_told", told))
}
