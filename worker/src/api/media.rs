//! What voices and pictures need of the edge: the servers by which browsers reach each other, and how well that goes.

use axum::Json;
use earshot_space::permissions::{Action, may};
use serde_json::Value;

use super::spaces::{demand, known};
use super::types::{CountersSchema, Ice, IceServer};
use crate::context::Context;
use crate::core::turn::{LIFE_S, Servers};
use crate::db::Db;
use crate::db::spaces::SpaceRow;
use crate::error::{Answer, ApiError, ErrorBody};
use crate::input::SpaceId;
use crate::limits::{self, Limit};
use crate::objects;
use crate::viewer::Viewer;

/// STUN and TURN servers for who has joined a space, with a credential made for this request.
#[utoipa::path(post, path = "/api/spaces/{id}/ice", tag = "media", params(("id" = String, Path)), responses(
    (status = 200, body = Ice),
    (status = 401, description = "not_signed_in", body = ErrorBody),
    (status = 403, description = "not_a_member, banned", body = ErrorBody),
    (status = 404, description = "no_such_space", body = ErrorBody),
    (status = 429, description = "too_many_requests", body = ErrorBody),
))]
#[worker::send]
pub async fn ice(context: Context, viewer: Viewer, SpaceId(id): SpaceId) -> Answer<Json<Ice>> {
    limits::spend(&context, Limit::Ice, &viewer.id).await?;
    let db = Db::of(&context.env)?;
    let row = known(&db, &id, Some(&viewer.id)).await?;
    if !row.standing().is_some_and(|role| may(role, Action::Enter)) {
        return Err(ApiError::not_a_member());
    }
    // A token outlives its user by minutes; a relay is not for somebody who is gone.
    db.user(&viewer.id).await?.ok_or_else(ApiError::not_signed_in)?;
    Ok(Json(offer(context.ice_servers()?, &row, &viewer.id, context.now_ms)))
}

fn offer(servers: Servers, space: &SpaceRow, user_id: &str, now_ms: i64) -> Ice {
    let expires_at_s = now_ms / 1000 + LIFE_S;
    let relay = servers.turn.map(|relay| {
        let credential = relay.mint(user_id, expires_at_s);
        IceServer { urls: relay.urls, username: Some(credential.username), credential: Some(credential.password) }
    });
    // Where nobody may learn an address, no STUN server is asked for one either.
    let stun = Some(servers.stun).filter(|urls| !urls.is_empty() && !space.is_relay_only());
    let stun = stun.map(|urls| IceServer { urls, username: None, credential: None });
    Ice {
        ice_servers: stun.into_iter().chain(relay).collect(),
        relay_only: space.is_relay_only(),
        expires_at: expires_at_s * 1000,
    }
}

/// Counted by the space: connections that came about and that failed, signalling that was refused. Nobody is named in it.
#[utoipa::path(get, path = "/api/spaces/{id}/counters", tag = "media", params(("id" = String, Path)), responses(
    (status = 200, body = CountersSchema),
    (status = 401, description = "not_signed_in", body = ErrorBody),
    (status = 403, description = "not_allowed, banned", body = ErrorBody),
    (status = 404, description = "no_such_space", body = ErrorBody),
))]
#[worker::send]
pub async fn counters(context: Context, viewer: Viewer, SpaceId(id): SpaceId) -> Answer<Json<Value>> {
    let db = Db::of(&context.env)?;
    // Who may change a space is told how it does.
    demand(&known(&db, &id, Some(&viewer.id)).await?, Action::EditSpace)?;
    Ok(Json(objects::counters(&context, &id).await?))
}
