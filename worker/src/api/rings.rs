//! Ringing for somebody who is elsewhere: come here.

use http::StatusCode;

use super::spaces::joined;
use crate::context::Context;
use crate::core::admission;
use crate::db::Db;
use crate::error::{Answer, ApiError, ErrorBody};
use crate::input::{SpaceId, UserId};
use crate::limits::{self, Limit};
use crate::post;
use crate::viewer::Viewer;

/// Ask a member of a space to come. They are told where they are, or by a push.
#[utoipa::path(post, path = "/api/spaces/{id}/rings/{user}", tag = "notices",
    params(("id" = String, Path), ("user" = String, Path)), responses(
    (status = 204),
    (status = 401, description = "not_signed_in", body = ErrorBody),
    (status = 403, description = "not_a_member, banned, blocked", body = ErrorBody),
    (status = 404, description = "no_such_space, no_such_user", body = ErrorBody),
    (status = 429, description = "too_many_requests", body = ErrorBody),
))]
#[worker::send]
pub async fn ring(context: Context, viewer: Viewer, SpaceId(id): SpaceId, UserId(user): UserId) -> Answer<StatusCode> {
    limits::spend(&context, Limit::Change, &viewer.id).await?;
    limits::spend(&context, Limit::Ring, &format!("{} {user}", viewer.id)).await?;
    let db = Db::of(&context.env)?;
    let (space, _) = joined(&db, &id, &viewer.id).await?;
    let me = db.user(&viewer.id).await?.ok_or_else(ApiError::not_signed_in)?;
    // As they stand to the space now: who could not come is not rung for.
    let peer = db.space(&id, Some(&user)).await?.and_then(|row| row.standing());
    if peer.is_none() || user == viewer.id || !admission::may_know(space.access(), peer) {
        return Err(ApiError::no_user());
    }
    if db.is_blocked(&viewer.id, &user).await? {
        return Err(ApiError::blocked());
    }
    let (env, now_ms) = (context.env.clone(), context.now_ms);
    context.afterwards(async move { post::ring(&env, &me, &user, (&id, &space.name), now_ms).await });
    Ok(StatusCode::NO_CONTENT)
}
