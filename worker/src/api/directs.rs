//! Direct messages: what two people write to each other, wherever they are.

use axum::Json;
use axum::extract::RawQuery;
use axum::response::{IntoResponse, Response};
use earshot_protocol::Look;
use http::StatusCode;

use super::changes::valid_text;
use super::chat_types::{Direct, DirectIntent, DirectMessage, DirectPage, DirectPeer, Directs, ReadIntent, TextIntent};
use super::messages::Page;
use crate::context::Context;
use crate::core::directs::{Refusal, is_reference, may_write, pair, wait_ms};
use crate::db::Db;
use crate::db::directs::{DirectRow, NewDirect};
use crate::db::erasures::GONE;
use crate::db::users::UserRow;
use crate::error::{Answer, ApiError, ErrorBody};
use crate::input::{Body, EmojiPart, ID_MAX, MessageId, UserId};
use crate::limits::{self, Limit};
use crate::post;
use crate::viewer::Viewer;

/// Different emoji under one message.
const KINDS_MAX: i64 = 20;

/// One's conversations, the latest first.
#[utoipa::path(get, path = "/api/directs", tag = "directs", responses(
    (status = 200, body = Directs),
    (status = 401, description = "not_signed_in", body = ErrorBody),
))]
#[worker::send]
pub async fn list(context: Context, viewer: Viewer) -> Answer<Json<Directs>> {
    let db = Db::of(&context.env)?;
    // A token outlives its account by minutes; what others wrote to it is nobody's any more.
    db.user(&viewer.id).await?.ok_or_else(ApiError::not_signed_in)?;
    let sides = db.direct_sides(&viewer.id).await?;
    let last: Vec<i64> = sides.iter().map(|side| side.last_id).collect();
    let rows = db.directs_by_id(&last).await?;
    let mut messages = with_reactions(&db, rows).await?;
    let mut directs = Vec::with_capacity(sides.len());
    for side in sides {
        let Some(at) = messages.iter().position(|message| message.id == side.last_id) else { continue };
        directs.push(Direct {
            peer_id: side.peer_id,
            peer_name: side.peer_name.unwrap_or_else(|| GONE.to_owned()),
            peer_look: look(side.peer_look.as_deref()),
            last: messages.swap_remove(at),
            unread: side.unread,
            read_to: side.read_to,
        });
    }
    Ok(Json(Directs { directs }))
}

/// What was written between oneself and another.
#[utoipa::path(get, path = "/api/directs/{user}", tag = "directs", params(
    ("user" = String, Path),
    ("before" = Option<i64>, Query, description = "Only messages with a smaller id"),
    ("after" = Option<i64>, Query, description = "Only messages with a larger id, oldest first"),
    ("limit" = Option<i64>, Query, description = "1 to 100; 50 unless said otherwise"),
), responses(
    (status = 200, body = DirectPage),
    (status = 401, description = "not_signed_in", body = ErrorBody),
    (status = 404, description = "no_such_user", body = ErrorBody),
    (status = 422, description = "invalid_query", body = ErrorBody),
))]
#[worker::send]
pub async fn page(
    context: Context,
    viewer: Viewer,
    UserId(user): UserId,
    RawQuery(query): RawQuery,
) -> Answer<Json<DirectPage>> {
    let page = Page::parse(query.as_deref().unwrap_or_default())?;
    let db = Db::of(&context.env)?;
    db.user(&viewer.id).await?.ok_or_else(ApiError::not_signed_in)?;
    let peer = db.user(&user).await?;
    let mut rows = db.directs(&viewer.id, &user, page.span, page.limit + 1).await?;
    // Somebody who is gone is known to those who wrote with them, and to nobody else.
    if peer.is_none() && rows.is_empty() {
        return Err(ApiError::no_user());
    }
    let more = rows.len() as i64 > page.limit;
    rows.truncate(page.limit as usize);
    let peer = peer.map_or_else(
        || DirectPeer { id: user.clone(), name: GONE.to_owned(), look: None },
        |row| DirectPeer { look: row.look(), id: row.id, name: row.name },
    );
    let messages = with_reactions(&db, rows).await?;
    Ok(Json(DirectPage { peer, messages, more, read_to: db.direct_read_to(&viewer.id, &user).await? }))
}

/// Write to somebody. Said again with the same reference it is the same message, answered with 200.
#[utoipa::path(post, path = "/api/directs/{user}", tag = "directs", params(("user" = String, Path)),
    request_body = DirectIntent, responses(
    (status = 200, body = DirectMessage),
    (status = 201, body = DirectMessage),
    (status = 401, description = "not_signed_in", body = ErrorBody),
    (status = 403, description = "no_common_space, blocked", body = ErrorBody),
    (status = 404, description = "no_such_user", body = ErrorBody),
    (status = 409, description = "reference_taken", body = ErrorBody),
    (status = 422, description = "invalid_reference, invalid_text, invalid_reply", body = ErrorBody),
    (status = 429, description = "too_fast", body = ErrorBody),
))]
#[worker::send]
pub async fn write(
    context: Context,
    viewer: Viewer,
    UserId(user): UserId,
    Body(intent): Body<DirectIntent>,
) -> Answer<Response> {
    if !is_reference(&intent.reference) {
        return Err(ApiError::new(422, "invalid_reference", "A reference is 16 hexadecimal digits, not all 0."));
    }
    let text = valid_text(&intent.text)?;
    let db = Db::of(&context.env)?;
    let author = db.user(&viewer.id).await?.ok_or_else(ApiError::not_signed_in)?;
    if let Some(row) = db.direct_by_reference(&viewer.id, &intent.reference).await? {
        return said_before(&db, row, &pair(&viewer.id, &user)).await;
    }
    let peer = db.user(&user).await?.filter(|peer| peer.id != viewer.id).ok_or_else(ApiError::no_user)?;
    demand_writing(&db, &viewer.id, &user).await?;
    let reply_to = valid_reply(&db, &viewer.id, &user, intent.reply_to).await?;
    if let Some(oldest_at) = db.direct_limit_reached_since(&viewer.id, context.now_ms).await? {
        return Err(ApiError::too_fast(wait_ms(oldest_at, context.now_ms)));
    }
    let direct = NewDirect {
        author_id: &viewer.id,
        author_name: &author.name,
        peer_id: &user,
        text: text.as_str(),
        reply_to,
        reference: &intent.reference,
    };
    db.add_direct(&direct, context.now_ms).await?;
    let Some(row) = db.direct_by_reference(&viewer.id, &intent.reference).await? else {
        // Many at once, and others were faster.
        let oldest_at = db.direct_limit_reached_since(&viewer.id, context.now_ms).await?;
        return Err(ApiError::too_fast(wait_ms(oldest_at.unwrap_or(context.now_ms), context.now_ms)));
    };
    // Two requests with one reference at the same time: the other was faster, perhaps with another peer.
    if row.pair != pair(&viewer.id, &user) {
        return Err(reference_taken());
    }
    let message = DirectMessage::new(row, Vec::new());
    tell(&context, author, peer, &message);
    Ok((StatusCode::CREATED, Json(message)).into_response())
}

/// Edit what one wrote.
#[utoipa::path(patch, path = "/api/directs/{user}/messages/{mid}", tag = "directs",
    params(("user" = String, Path), ("mid" = i64, Path)), request_body = TextIntent, responses(
    (status = 200, body = DirectMessage),
    (status = 401, description = "not_signed_in", body = ErrorBody),
    (status = 403, description = "not_allowed, blocked", body = ErrorBody),
    (status = 404, description = "no_such_user, no_such_message", body = ErrorBody),
    (status = 409, description = "deleted", body = ErrorBody),
    (status = 422, description = "invalid_text", body = ErrorBody),
    (status = 429, description = "too_many_requests", body = ErrorBody),
))]
#[worker::send]
pub async fn edit(
    context: Context,
    viewer: Viewer,
    UserId(user): UserId,
    MessageId(message_id): MessageId,
    Body(intent): Body<TextIntent>,
) -> Answer<Json<DirectMessage>> {
    let text = valid_text(&intent.text)?;
    let (db, row) = own(&context, &viewer, &user, message_id).await?;
    if db.is_blocked(&viewer.id, &user).await? {
        return Err(ApiError::blocked());
    }
    db.edit_direct(row.id, &viewer.id, text.as_str(), context.now_ms).await?;
    changed(&context, &db, &viewer.id, &user, row.id).await
}

/// Delete what one wrote.
#[utoipa::path(delete, path = "/api/directs/{user}/messages/{mid}", tag = "directs",
    params(("user" = String, Path), ("mid" = i64, Path)), responses(
    (status = 200, body = DirectMessage),
    (status = 401, description = "not_signed_in", body = ErrorBody),
    (status = 403, description = "not_allowed", body = ErrorBody),
    (status = 404, description = "no_such_user, no_such_message", body = ErrorBody),
    (status = 409, description = "deleted", body = ErrorBody),
    (status = 429, description = "too_many_requests", body = ErrorBody),
))]
#[worker::send]
pub async fn delete(
    context: Context,
    viewer: Viewer,
    UserId(user): UserId,
    MessageId(message_id): MessageId,
) -> Answer<Json<DirectMessage>> {
    let (db, row) = own(&context, &viewer, &user, message_id).await?;
    db.delete_direct(row.id, &viewer.id, context.now_ms).await?;
    changed(&context, &db, &viewer.id, &user, row.id).await
}

/// Put an emoji under a message.
#[utoipa::path(put, path = "/api/directs/{user}/messages/{mid}/reactions/{emoji}", tag = "directs",
    params(("user" = String, Path), ("mid" = i64, Path), ("emoji" = String, Path)), responses(
    (status = 200, body = DirectMessage),
    (status = 401, description = "not_signed_in", body = ErrorBody),
    (status = 403, description = "blocked", body = ErrorBody),
    (status = 404, description = "no_such_user, no_such_message", body = ErrorBody),
    (status = 409, description = "deleted, too_many", body = ErrorBody),
    (status = 422, description = "invalid_emoji", body = ErrorBody),
    (status = 429, description = "too_many_requests", body = ErrorBody),
))]
#[worker::send]
pub async fn react(
    context: Context,
    viewer: Viewer,
    UserId(user): UserId,
    MessageId(message_id): MessageId,
    EmojiPart(emoji): EmojiPart,
) -> Answer<Json<DirectMessage>> {
    let (db, row) = between(&context, &viewer, &user, message_id).await?;
    if db.is_blocked(&viewer.id, &user).await? {
        return Err(ApiError::blocked());
    }
    if row.deleted_at.is_some() {
        return Err(deleted());
    }
    if !db.react_to_direct(row.id, &viewer.id, emoji.as_str(), KINDS_MAX, context.now_ms).await? {
        return Err(ApiError::new(409, "too_many", "There are enough different reactions under this message."));
    }
    changed(&context, &db, &viewer.id, &user, row.id).await
}

/// Take one's emoji away again.
#[utoipa::path(delete, path = "/api/directs/{user}/messages/{mid}/reactions/{emoji}", tag = "directs",
    params(("user" = String, Path), ("mid" = i64, Path), ("emoji" = String, Path)), responses(
    (status = 200, body = DirectMessage),
    (status = 401, description = "not_signed_in", body = ErrorBody),
    (status = 404, description = "no_such_user, no_such_message", body = ErrorBody),
    (status = 422, description = "invalid_emoji", body = ErrorBody),
    (status = 429, description = "too_many_requests", body = ErrorBody),
))]
#[worker::send]
pub async fn unreact(
    context: Context,
    viewer: Viewer,
    UserId(user): UserId,
    MessageId(message_id): MessageId,
    EmojiPart(emoji): EmojiPart,
) -> Answer<Json<DirectMessage>> {
    let (db, row) = between(&context, &viewer, &user, message_id).await?;
    db.unreact_to_direct(row.id, &viewer.id, emoji.as_str()).await?;
    changed(&context, &db, &viewer.id, &user, row.id).await
}

/// Say how far one has read. Only forwards.
#[utoipa::path(put, path = "/api/directs/{user}/read", tag = "directs", params(("user" = String, Path)),
    request_body = ReadIntent, responses(
    (status = 204),
    (status = 401, description = "not_signed_in", body = ErrorBody),
    (status = 404, description = "no_such_user", body = ErrorBody),
    (status = 422, description = "invalid_query", body = ErrorBody),
))]
#[worker::send]
pub async fn read(
    context: Context,
    viewer: Viewer,
    UserId(user): UserId,
    Body(intent): Body<ReadIntent>,
) -> Answer<StatusCode> {
    if !(0..=ID_MAX).contains(&intent.up_to) {
        return Err(ApiError::new(422, "invalid_query", "The message that is read up to is an id."));
    }
    let db = Db::of(&context.env)?;
    if db.read_directs(&viewer.id, &user, intent.up_to).await? {
        let up_to = db.direct_read_to(&viewer.id, &user).await?;
        let (env, now_ms) = (context.env.clone(), context.now_ms);
        context.afterwards(async move { post::tell_direct_read(&env, &viewer.id, &user, up_to, now_ms).await });
    }
    Ok(StatusCode::NO_CONTENT)
}

async fn demand_writing(db: &Db, author: &str, peer: &str) -> Answer<()> {
    match may_write(db.direct_standing(author, peer).await?) {
        Ok(()) => Ok(()),
        Err(Refusal::Blocked) => Err(ApiError::blocked()),
        Err(Refusal::Strangers) => {
            let told = "You can write to people with whom you share a space, or who have written to you.";
            Err(ApiError::new(403, "no_common_space", told))
        }
    }
}

/// What is answered has to be between the same two.
async fn valid_reply(db: &Db, author: &str, peer: &str, reply_to: Option<i64>) -> Answer<Option<i64>> {
    let Some(id) = reply_to.filter(|&id| id != 0) else { return Ok(None) };
    match db.direct(author, peer, id).await? {
        Some(row) => Ok(Some(row.id)),
        None => Err(ApiError::new(422, "invalid_reply", "There is no such message to answer.")),
    }
}

async fn said_before(db: &Db, row: DirectRow, pair: &str) -> Answer<Response> {
    if row.pair != pair {
        return Err(reference_taken());
    }
    let mut messages = with_reactions(db, vec![row]).await?;
    messages.pop().map(|message| Json(message).into_response()).ok_or_else(ApiError::no_message)
}

fn reference_taken() -> ApiError {
    ApiError::new(409, "reference_taken", "This reference belongs to another message of yours; choose a new one.")
}

fn deleted() -> ApiError {
    ApiError::new(409, "deleted", "This message has been deleted.")
}

/// Afterwards: who wrote does not wait for who is told.
fn tell(context: &Context, author: UserRow, peer: UserRow, message: &DirectMessage) {
    let (env, now_ms, message) = (context.env.clone(), context.now_ms, message.clone());
    context.afterwards(async move { post::tell_direct(&env, &author, &peer, &message, now_ms).await });
}

/// A message between the two.
async fn between(context: &Context, viewer: &Viewer, user: &str, message_id: i64) -> Answer<(Db, DirectRow)> {
    limits::spend(context, Limit::Change, &viewer.id).await?;
    let db = Db::of(&context.env)?;
    db.user(&viewer.id).await?.ok_or_else(ApiError::not_signed_in)?;
    let row = db.direct(&viewer.id, user, message_id).await?.ok_or_else(ApiError::no_message)?;
    Ok((db, row))
}

/// One of one's own, that is still there.
async fn own(context: &Context, viewer: &Viewer, user: &str, message_id: i64) -> Answer<(Db, DirectRow)> {
    let (db, row) = between(context, viewer, user, message_id).await?;
    if row.author_id != viewer.id {
        return Err(ApiError::new(403, "not_allowed", "This message is not yours."));
    }
    if row.deleted_at.is_some() {
        return Err(deleted());
    }
    Ok((db, row))
}

/// The message as it is now; told to both.
async fn changed(context: &Context, db: &Db, viewer: &str, user: &str, message_id: i64) -> Answer<Json<DirectMessage>> {
    let row = db.direct(viewer, user, message_id).await?.ok_or_else(ApiError::no_message)?;
    let message = with_reactions(db, vec![row]).await?.pop().ok_or_else(ApiError::no_message)?;
    let (env, now_ms, told) = (context.env.clone(), context.now_ms, message.clone());
    let (viewer, user) = (viewer.to_owned(), user.to_owned());
    context.afterwards(async move { post::tell_direct_changed(&env, &viewer, &user, &told, now_ms).await });
    Ok(Json(message))
}

async fn with_reactions(db: &Db, rows: Vec<DirectRow>) -> Answer<Vec<DirectMessage>> {
    let mut reactions = db.direct_reactions(rows.iter().map(|row| row.id)).await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let under = reactions.remove(&row.id).unwrap_or_default();
            DirectMessage::new(row, under)
        })
        .collect())
}

fn look(json: Option<&str>) -> Option<Look> {
    serde_json::from_str::<Look>(json?).ok()?.validate().ok()
}
