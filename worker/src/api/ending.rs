//! The end of an account.

use axum::response::{IntoResponse as _, Response};
use futures_util::future::join_all;
use http::StatusCode;

use super::chat_types::EndIntent;
use crate::context::Context;
use crate::db::Db;
use crate::erasure;
use crate::error::{Answer, ApiError, ErrorBody};
use crate::input::Body;
use crate::objects;
use crate::viewer::{Viewer, signed_out};

/// Delete one's account and everything of it: spaces one owns, memberships, reactions, blocks, devices, and the words one has
/// written, wherever. There is no way back.
#[utoipa::path(delete, path = "/api/account", tag = "users", request_body = EndIntent, responses(
    (status = 204),
    (status = 401, description = "not_signed_in", body = ErrorBody),
    (status = 422, description = "not_confirmed", body = ErrorBody),
))]
#[worker::send]
pub async fn end(context: Context, viewer: Viewer, Body(intent): Body<EndIntent>) -> Answer<Response> {
    if intent.confirm != "delete" {
        return Err(ApiError::new(422, "not_confirmed", "Say that you mean it: confirm is the word delete."));
    }
    let db = Db::of(&context.env)?;
    db.user(&viewer.id).await?.ok_or_else(ApiError::not_signed_in)?;
    let owned = db.spaces_owned_by(&viewer.id).await?;
    // The record first: from this moment nothing of this person can be entered any more, however late it is delivered.
    db.end_account(&viewer.id, context.now_ms).await?;
    join_all(owned.iter().map(|space| objects::close(&context, space))).await;
    erasure::go_on(&context.env, &db, &viewer.id, context.now_ms).await?;
    Ok(signed_out(&context, StatusCode::NO_CONTENT.into_response()))
}
