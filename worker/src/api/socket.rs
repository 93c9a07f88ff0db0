//! The door to a space's object: everything about a person is checked here, once, before the upgrade.

use axum::extract::FromRequestParts;
use axum::response::Response;
use futures_util::future::join5;
use http::header::UPGRADE;
use http::request::Parts;

use super::spaces::joined;
use crate::context::Context;
use crate::db::Db;
use crate::error::{Answer, ApiError, ErrorBody};
use crate::input::SpaceId;
use crate::limits::{self, Limit};
use crate::objects::{self, Admission, AdmissionSpace};
use crate::viewer::Viewer;

/// Someone at the door. Checked before anything else, so that who is nobody learns nothing about spaces.
pub struct Visitor(Viewer);

impl<S: Send + Sync> FromRequestParts<S> for Visitor {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Answer<Self> {
        let upgrade = parts.headers.get(UPGRADE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if !upgrade.eq_ignore_ascii_case("websocket") {
            return Err(ApiError::new(426, "upgrade_required", "This address is for WebSockets only."));
        }
        if !Context::from_request_parts(parts, state).await?.sender().may_open_socket() {
            return Err(ApiError::wrong_origin());
        }
        Viewer::from_request_parts(parts, state).await.map(Self)
    }
}

/// Open the WebSocket of a space that one has joined. Binary frames; see docs/protocol.md.
#[utoipa::path(get, path = "/ws/{id}", tag = "spaces", params(("id" = String, Path)), responses(
    (status = 101, description = "The WebSocket is open"),
    (status = 401, description = "not_signed_in, invalid_token", body = ErrorBody),
    (status = 403, description = "wrong_origin, not_a_member, banned", body = ErrorBody),
    (status = 404, description = "no_such_space", body = ErrorBody),
    (status = 426, description = "upgrade_required", body = ErrorBody),
    (status = 429, description = "too_many_requests", body = ErrorBody),
))]
#[worker::send]
pub async fn open(context: Context, Visitor(viewer): Visitor, SpaceId(id): SpaceId) -> Answer<Response> {
    limits::spend(&context, Limit::Socket, &viewer.id).await?;
    let db = Db::of(&context.env)?;
    let (row, role) = joined(&db, &id, &viewer.id).await?;
    // All at once: somebody stands before the door.
    let (user, rules, blocked, saw, entered) = join5(
        db.user(&viewer.id),
        db.rules(&id),
        db.blocks(&viewer.id),
        db.saw(&viewer.id, context.now_ms),
        db.entered(&id, &viewer.id, context.now_ms),
    )
    .await;
    saw.and(entered)?;
    let user = user?.ok_or_else(ApiError::not_signed_in)?;
    let rules = rules?.ok_or_else(ApiError::no_space)?;
    let blocked = blocked?.into_iter().map(|block| block.user_id).collect();
    let admission = Admission {
        user_id: &user.id,
        name: &user.name,
        guest: user.is_guest(),
        role,
        look: user.look(),
        blocked,
        space: AdmissionSpace { id: &row.id, name: &row.name, template: &row.template },
        rules: rules.into(),
        region: &context.region,
        checked_ms: context.now_ms,
    };
    Ok(objects::open_socket(&context, &admission).await?.into())
}
