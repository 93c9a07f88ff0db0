//! What is done to messages: the space's object decides and tells it, whether the message is still at hand there or long in the
//! record.

use axum::Json;
use earshot_protocol::ChatText;
use earshot_space::EMOJI_MAX;

use super::chat_types::{Changed, TextIntent};
use super::messages::readable;
use crate::context::Context;
use crate::db::Db;
use crate::db::messages::MessageRow;
use crate::error::{Answer, ApiError, ErrorBody};
use crate::input::{Body, EmojiPart, MessageId, SpaceId};
use crate::limits::{self, Limit};
use crate::objects::{self, Change, ChangeAnswer, ChangeTarget, What};
use crate::viewer::Viewer;

/// Edit a message of one's own.
#[utoipa::path(patch, path = "/api/spaces/{id}/messages/{mid}", tag = "chat",
    params(("id" = String, Path), ("mid" = i64, Path)), request_body = TextIntent, responses(
    (status = 200, body = Changed),
    (status = 401, description = "not_signed_in", body = ErrorBody),
    (status = 403, description = "not_a_member, banned, not_inside, not_allowed", body = ErrorBody),
    (status = 404, description = "no_such_space, no_such_message", body = ErrorBody),
    (status = 409, description = "deleted", body = ErrorBody),
    (status = 422, description = "invalid_text, unwanted_word", body = ErrorBody),
    (status = 429, description = "too_many_requests, too_fast", body = ErrorBody),
    (status = 503, description = "full", body = ErrorBody),
))]
#[worker::send]
pub async fn edit(
    context: Context,
    viewer: Viewer,
    SpaceId(id): SpaceId,
    MessageId(message_id): MessageId,
    Body(intent): Body<TextIntent>,
) -> Answer<Json<Changed>> {
    let text = valid_text(&intent.text)?;
    change(&context, &viewer, &id, message_id, What::Edited(text.as_str())).await.map(Json)
}

/// Delete a message of one's own, or, as a moderator, any.
#[utoipa::path(delete, path = "/api/spaces/{id}/messages/{mid}", tag = "chat",
    params(("id" = String, Path), ("mid" = i64, Path)), responses(
    (status = 200, body = Changed),
    (status = 401, description = "not_signed_in", body = ErrorBody),
    (status = 403, description = "not_a_member, banned, not_inside, not_allowed", body = ErrorBody),
    (status = 404, description = "no_such_space, no_such_message", body = ErrorBody),
    (status = 409, description = "deleted", body = ErrorBody),
    (status = 429, description = "too_many_requests, too_fast", body = ErrorBody),
    (status = 503, description = "full", body = ErrorBody),
))]
#[worker::send]
pub async fn delete(
    context: Context,
    viewer: Viewer,
    SpaceId(id): SpaceId,
    MessageId(message_id): MessageId,
) -> Answer<Json<Changed>> {
    change(&context, &viewer, &id, message_id, What::Deleted).await.map(Json)
}

/// Put an emoji under a message.
#[utoipa::path(put, path = "/api/spaces/{id}/messages/{mid}/reactions/{emoji}", tag = "chat",
    params(("id" = String, Path), ("mid" = i64, Path), ("emoji" = String, Path)), responses(
    (status = 200, body = Changed),
    (status = 401, description = "not_signed_in", body = ErrorBody),
    (status = 403, description = "not_a_member, banned, not_inside, not_allowed, blocked", body = ErrorBody),
    (status = 404, description = "no_such_space, no_such_message", body = ErrorBody),
    (status = 409, description = "deleted, too_many", body = ErrorBody),
    (status = 422, description = "invalid_emoji", body = ErrorBody),
    (status = 429, description = "too_many_requests, too_fast", body = ErrorBody),
    (status = 503, description = "full", body = ErrorBody),
))]
#[worker::send]
pub async fn react(
    context: Context,
    viewer: Viewer,
    SpaceId(id): SpaceId,
    MessageId(message_id): MessageId,
    EmojiPart(emoji): EmojiPart,
) -> Answer<Json<Changed>> {
    change(&context, &viewer, &id, message_id, What::Reacted(emoji.as_str())).await.map(Json)
}

/// Take one's emoji away again.
#[utoipa::path(delete, path = "/api/spaces/{id}/messages/{mid}/reactions/{emoji}", tag = "chat",
    params(("id" = String, Path), ("mid" = i64, Path), ("emoji" = String, Path)), responses(
    (status = 200, body = Changed),
    (status = 401, description = "not_signed_in", body = ErrorBody),
    (status = 403, description = "not_a_member, banned, not_inside, not_allowed", body = ErrorBody),
    (status = 404, description = "no_such_space, no_such_message", body = ErrorBody),
    (status = 409, description = "deleted", body = ErrorBody),
    (status = 422, description = "invalid_emoji", body = ErrorBody),
    (status = 429, description = "too_many_requests, too_fast", body = ErrorBody),
    (status = 503, description = "full", body = ErrorBody),
))]
#[worker::send]
pub async fn unreact(
    context: Context,
    viewer: Viewer,
    SpaceId(id): SpaceId,
    MessageId(message_id): MessageId,
    EmojiPart(emoji): EmojiPart,
) -> Answer<Json<Changed>> {
    change(&context, &viewer, &id, message_id, What::Unreacted(emoji.as_str())).await.map(Json)
}

/// A text that can be shown.
pub fn valid_text(text: &str) -> Answer<ChatText> {
    ChatText::parse(text).map_err(|error| ApiError::new(422, "invalid_text", format!("That cannot be said: {error}.")))
}

async fn change(
    context: &Context,
    viewer: &Viewer,
    space_id: &str,
    message_id: i64,
    what: What<'_>,
) -> Answer<Changed> {
    limits::spend(context, Limit::Change, &viewer.id).await?;
    let db = Db::of(&context.env)?;
    let (role, template, row) = readable(context, &db, space_id, viewer, message_id).await?;
    if let (What::Reacted(emoji), Some(row)) = (&what, &row) {
        demand_reacting(&db, space_id, &viewer.id, row, emoji).await?;
    }
    let target = row.as_ref().map(|row| ChangeTarget {
        channel: &row.channel,
        author_id: &row.author_id,
        is_deleted: row.deleted_at.is_some(),
    });
    let change = Change { actor: &viewer.id, role, template: &template, space_id, message_id, target, what };
    match objects::change(&context.env, &change).await? {
        ChangeAnswer::Done { id } => Ok(Changed { id }),
        ChangeAnswer::Refused { reason, retry_in_ms } => Err(refusal(&reason, retry_in_ms)),
    }
}

/// Not to somebody with whom there is a block, and only so many kinds; the object knows those of the newest messages only.
async fn demand_reacting(db: &Db, space_id: &str, viewer: &str, row: &MessageRow, emoji: &str) -> Answer<()> {
    if db.is_blocked(viewer, &row.author_id).await? {
        return Err(ApiError::blocked());
    }
    let under = db.reactions(space_id, "", std::iter::once(row.id), 1).await?;
    let kinds = under.get(&row.id).map(Vec::as_slice).unwrap_or_default();
    if kinds.len() >= EMOJI_MAX && !kinds.iter().any(|reaction| reaction.emoji == emoji) {
        return Err(refusal("too_many", None));
    }
    Ok(())
}

fn refusal(reason: &str, retry_in_ms: Option<u32>) -> ApiError {
    match reason {
        "too_fast" => ApiError::too_fast(retry_in_ms.map_or(1_000, i64::from)),
        "no_message" => ApiError::no_message(),
        "not_inside" => {
            ApiError::new(403, "not_inside", "What is written in a private area can be changed only inside it.")
        }
        "not_allowed" => ApiError::not_allowed(),
        "word" => ApiError::new(422, "unwanted_word", "There is a word in it that is not wanted in this space."),
        "too_many" => ApiError::new(409, "too_many", "There are enough different reactions under this message."),
        "deleted" => ApiError::new(409, "deleted", "This message has been deleted."),
        "full" => ApiError::new(503, "full", "The space cannot keep more safe at the moment. Try again in a while."),
        other => ApiError::internal("changes", other),
    }
}
