//! People, as everyone may see them.

use axum::Json;

use super::types::{ProfileIntent, User, valid_look, valid_name};
use crate::context::Context;
use crate::db::Db;
use crate::error::{Answer, ApiError, ErrorBody};
use crate::input::{Body, UserId};
use crate::limits::{self, Limit};
use crate::objects;
use crate::viewer::Viewer;

/// To how many spaces a change is told at once. An object learns it anyway when the user next comes in.
const TOLD_MAX: i64 = 20;

/// The public part of a user.
#[utoipa::path(get, path = "/api/users/{id}", tag = "users", params(("id" = String, Path)), responses(
    (status = 200, body = User),
    (status = 404, description = "no_such_user", body = ErrorBody),
))]
#[worker::send]
pub async fn show(context: Context, UserId(id): UserId) -> Answer<Json<User>> {
    let row = Db::of(&context.env)?.user(&id).await?.ok_or_else(ApiError::no_user)?;
    Ok(Json(row.into()))
}

/// Change one's own name or look; seen at once by whoever is in the same space.
#[utoipa::path(patch, path = "/api/users/{id}", tag = "users", params(("id" = String, Path)),
    request_body = ProfileIntent, responses(
    (status = 200, body = User),
    (status = 401, description = "not_signed_in", body = ErrorBody),
    (status = 403, description = "not_yourself", body = ErrorBody),
    (status = 404, description = "no_such_user", body = ErrorBody),
    (status = 422, description = "invalid_name, invalid_look", body = ErrorBody),
    (status = 429, description = "too_many_requests", body = ErrorBody),
))]
#[worker::send]
pub async fn change(
    context: Context,
    viewer: Viewer,
    UserId(id): UserId,
    Body(intent): Body<ProfileIntent>,
) -> Answer<Json<User>> {
    if viewer.id != id {
        return Err(ApiError::new(403, "not_yourself", "You can change only your own name and look."));
    }
    let name = intent.name.as_deref().map(valid_name).transpose()?;
    let look = valid_look(intent.look)?;
    // Everybody in the same spaces is told.
    limits::spend(&context, Limit::Change, &viewer.id).await?;
    let db = Db::of(&context.env)?;
    let row = db.change_user(&id, name.as_deref(), look.as_deref()).await?.ok_or_else(ApiError::not_signed_in)?;
    let spaces = db.spaces_of(&id, TOLD_MAX).await?;
    objects::tell_profile(&context, &spaces, &id, &row.name, row.look()).await;
    Ok(Json(row.into()))
}
