//! Named channels of a space: made, renamed and deleted by its admins.

use axum::Json;
use axum::response::{IntoResponse, Response};
use earshot_space::permissions::Action;
use http::StatusCode;

use super::chat_types::{Channel, ChannelIntent, Channels, NewChannelIntent};
use super::spaces::{demand, joined, known};
use super::types::valid_name;
use crate::context::Context;
use crate::core::chat::{TOPIC_CHARS_MAX, one_line};
use crate::db::Db;
use crate::db::channels::Made;
use crate::error::{Answer, ApiError, ErrorBody};
use crate::input::{Body, Number, SpaceId};
use crate::objects;
use crate::viewer::Viewer;

/// The named channels of a space.
#[utoipa::path(get, path = "/api/spaces/{id}/channels", tag = "chat", params(("id" = String, Path)), responses(
    (status = 200, body = Channels),
    (status = 401, description = "not_signed_in", body = ErrorBody),
    (status = 403, description = "not_a_member, banned", body = ErrorBody),
    (status = 404, description = "no_such_space", body = ErrorBody),
))]
#[worker::send]
pub async fn list(context: Context, viewer: Viewer, SpaceId(id): SpaceId) -> Answer<Json<Channels>> {
    let db = Db::of(&context.env)?;
    joined(&db, &id, &viewer.id).await?;
    let channels = db.channels(&id).await?;
    Ok(Json(Channels { channels: channels.into_iter().map(Channel::from).collect() }))
}

/// Make a channel. At most 50 a space, each with a name of its own.
#[utoipa::path(post, path = "/api/spaces/{id}/channels", tag = "chat", params(("id" = String, Path)),
    request_body = NewChannelIntent, responses(
    (status = 201, body = Channel),
    (status = 401, description = "not_signed_in", body = ErrorBody),
    (status = 403, description = "not_allowed, banned", body = ErrorBody),
    (status = 404, description = "no_such_space", body = ErrorBody),
    (status = 409, description = "name_taken, too_many_channels", body = ErrorBody),
    (status = 422, description = "invalid_name, invalid_topic", body = ErrorBody),
))]
#[worker::send]
pub async fn create(
    context: Context,
    viewer: Viewer,
    SpaceId(id): SpaceId,
    Body(intent): Body<NewChannelIntent>,
) -> Answer<Response> {
    let db = Db::of(&context.env)?;
    demand(&known(&db, &id, Some(&viewer.id)).await?, Action::EditSpace)?;
    let name = valid_name(&intent.name)?;
    let topic = valid_topic(intent.topic.as_deref().unwrap_or_default())?;
    let announcements = intent.announcements.unwrap_or(false);
    let made = db.add_channel(&id, &viewer.id, &name, &topic, announcements, context.now_ms).await?;
    let channel = made_channel(&db, &id, made).await?;
    objects::tell_rules(&context.env, &db, &id).await;
    Ok((StatusCode::CREATED, Json(channel)).into_response())
}

/// Change name, topic, or who may write.
#[utoipa::path(patch, path = "/api/spaces/{id}/channels/{number}", tag = "chat",
    params(("id" = String, Path), ("number" = i64, Path)), request_body = ChannelIntent, responses(
    (status = 200, body = Channel),
    (status = 401, description = "not_signed_in", body = ErrorBody),
    (status = 403, description = "not_allowed, banned", body = ErrorBody),
    (status = 404, description = "no_such_space, no_such_number", body = ErrorBody),
    (status = 409, description = "name_taken", body = ErrorBody),
    (status = 422, description = "invalid_name, invalid_topic", body = ErrorBody),
))]
#[worker::send]
pub async fn change(
    context: Context,
    viewer: Viewer,
    SpaceId(id): SpaceId,
    Number(number): Number,
    Body(intent): Body<ChannelIntent>,
) -> Answer<Json<Channel>> {
    let db = Db::of(&context.env)?;
    demand(&known(&db, &id, Some(&viewer.id)).await?, Action::EditSpace)?;
    let name = intent.name.as_deref().map(valid_name).transpose()?;
    let topic = intent.topic.as_deref().map(valid_topic).transpose()?;
    let made = db.change_channel(&id, number, name.as_deref(), topic.as_deref(), intent.announcements).await?;
    let channel = made_channel(&db, &id, made).await?;
    objects::tell_rules(&context.env, &db, &id).await;
    Ok(Json(channel))
}

/// Delete a channel and all that was said in it.
#[utoipa::path(delete, path = "/api/spaces/{id}/channels/{number}", tag = "chat",
    params(("id" = String, Path), ("number" = i64, Path)), responses(
    (status = 204),
    (status = 401, description = "not_signed_in", body = ErrorBody),
    (status = 403, description = "not_allowed, banned", body = ErrorBody),
    (status = 404, description = "no_such_space, no_such_number", body = ErrorBody),
))]
#[worker::send]
pub async fn delete(
    context: Context,
    viewer: Viewer,
    SpaceId(id): SpaceId,
    Number(number): Number,
) -> Answer<StatusCode> {
    let db = Db::of(&context.env)?;
    demand(&known(&db, &id, Some(&viewer.id)).await?, Action::EditSpace)?;
    db.channel(&id, number).await?.ok_or_else(no_channel)?;
    db.delete_channel(&id, &viewer.id, number, context.now_ms).await?;
    // The rules first: from then on nobody can say anything there.
    if objects::tell_rules(&context.env, &db, &id).await {
        objects::purged(&context.env, &id, number).await;
    }
    Ok(StatusCode::NO_CONTENT)
}

async fn made_channel(db: &Db, space_id: &str, made: Made) -> Answer<Channel> {
    match made {
        Made::Done(number) => db.channel(space_id, number).await?.map(Channel::from).ok_or_else(no_channel),
        Made::NameTaken => {
            Err(ApiError::new(409, "name_taken", "There is a channel with this name already; choose another."))
        }
        Made::TooMany => {
            Err(ApiError::new(409, "too_many_channels", "There are 50 channels already; delete one first."))
        }
    }
}

fn no_channel() -> ApiError {
    ApiError::new(404, "no_such_number", "There is no such channel.")
}

fn valid_topic(topic: &str) -> Answer<String> {
    one_line(topic, TOPIC_CHARS_MAX)
        .ok_or_else(|| ApiError::new(422, "invalid_topic", "A topic is one line of at most 120 characters."))
}
