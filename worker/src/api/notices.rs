//! What one wants to be told of while away: switches, quiet hours, and the devices that are told.

use axum::Json;
use http::StatusCode;

use super::chat_types::{EndpointIntent, Notices, PushIntent, PushKey, Quiet};
use crate::context::Context;
use crate::core::notices::{DAY_MIN, OFFSET_MIN, Wishes};
use crate::core::push::{Receiver, endpoint};
use crate::db::Db;
use crate::db::push::Subscription;
use crate::error::{Answer, ApiError, ErrorBody};
use crate::input::Body;
use crate::push::{Sender, more_hosts};
use crate::viewer::Viewer;

/// What one chose.
#[utoipa::path(get, path = "/api/notices", tag = "notices", responses(
    (status = 200, body = Notices),
    (status = 401, description = "not_signed_in", body = ErrorBody),
))]
#[worker::send]
pub async fn show(context: Context, viewer: Viewer) -> Answer<Json<Notices>> {
    Ok(Json(Db::of(&context.env)?.wishes(&viewer.id).await?.into()))
}

/// Choose: all of it.
#[utoipa::path(put, path = "/api/notices", tag = "notices", request_body = Notices, responses(
    (status = 200, body = Notices),
    (status = 401, description = "not_signed_in", body = ErrorBody),
    (status = 422, description = "invalid_time", body = ErrorBody),
))]
#[worker::send]
pub async fn choose(context: Context, viewer: Viewer, Body(notices): Body<Notices>) -> Answer<Json<Notices>> {
    let is_minute = |minute: i64| (0..DAY_MIN).contains(&minute);
    let fits = notices.quiet.as_ref().is_none_or(|quiet| is_minute(quiet.from_min) && is_minute(quiet.to_min));
    if !fits || !OFFSET_MIN.contains(&notices.utc_offset_min) {
        let told = "Times are minutes since midnight, 0 to 1439, and time zones lie between -720 and 840 minutes.";
        return Err(ApiError::new(422, "invalid_time", told));
    }
    let db = Db::of(&context.env)?;
    db.user(&viewer.id).await?.ok_or_else(ApiError::not_signed_in)?;
    let wishes = Wishes::from(notices);
    db.wish(&viewer.id, &wishes).await?;
    Ok(Json(wishes.into()))
}

/// The key with which a browser subscribes.
#[utoipa::path(get, path = "/api/push/key", tag = "notices", responses((status = 200, body = PushKey)))]
#[worker::send]
pub async fn key(context: Context) -> Answer<Json<PushKey>> {
    Ok(Json(PushKey { key: Sender::of(&context.env).map(|sender| sender.public()) }))
}

/// Have this browser told. At most 10 devices; a new one takes the place of the oldest.
#[utoipa::path(put, path = "/api/push", tag = "notices", request_body = PushIntent, responses(
    (status = 204),
    (status = 401, description = "not_signed_in", body = ErrorBody),
    (status = 422, description = "invalid_subscription", body = ErrorBody),
))]
#[worker::send]
pub async fn subscribe(context: Context, viewer: Viewer, Body(intent): Body<PushIntent>) -> Answer<StatusCode> {
    let is_whole = endpoint(&intent.endpoint, &more_hosts(&context.env)).is_some()
        && Receiver::parse(&intent.p256dh, &intent.auth).is_some();
    if !is_whole {
        let told = "That is no subscription of a push service that this installation knows.";
        return Err(ApiError::new(422, "invalid_subscription", told));
    }
    let db = Db::of(&context.env)?;
    db.user(&viewer.id).await?.ok_or_else(ApiError::not_signed_in)?;
    let subscription = Subscription { endpoint: intent.endpoint, p256dh: intent.p256dh, auth: intent.auth };
    db.subscribe(&viewer.id, &subscription, context.now_ms).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Have this browser told no more. Also right for one that is not.
#[utoipa::path(delete, path = "/api/push", tag = "notices", request_body = EndpointIntent, responses(
    (status = 204),
    (status = 401, description = "not_signed_in", body = ErrorBody),
))]
#[worker::send]
pub async fn unsubscribe(context: Context, viewer: Viewer, Body(intent): Body<EndpointIntent>) -> Answer<StatusCode> {
    Db::of(&context.env)?.unsubscribe(&viewer.id, &intent.endpoint).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl From<Wishes> for Notices {
    fn from(wishes: Wishes) -> Self {
        let Wishes { mentions, directs, knocks, nudges, quiet, utc_offset_min } = wishes;
        let quiet = quiet.map(|(from_min, to_min)| Quiet { from_min, to_min });
        Self { mentions, directs, knocks, nudges, quiet, utc_offset_min }
    }
}

impl From<Notices> for Wishes {
    fn from(notices: Notices) -> Self {
        let Notices { mentions, directs, knocks, nudges, quiet, utc_offset_min } = notices;
        let quiet = quiet.map(|quiet| (quiet.from_min, quiet.to_min));
        Self { mentions, directs, knocks, nudges, quiet, utc_offset_min }
    }
}
