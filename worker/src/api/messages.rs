//! What was said in a space, page by page, without waking its object; only private areas are asked for who is inside.

use axum::Json;
use axum::extract::RawQuery;
use earshot_protocol::Channel;
use earshot_space::permissions::{Action, Role};

use super::chat_types::{Message, Messages, Trace, TraceEntry};
use super::spaces::{demand, joined, known};
use crate::context::Context;
use crate::core::chat::{Reading, reading};
use crate::db::Db;
use crate::db::messages::{MessageRow, Span};
use crate::error::{Answer, ApiError, ErrorBody};
use crate::input::{ID_MAX, MessageId, SpaceId, invalid_query};
use crate::objects;
use crate::viewer::Viewer;

/// Messages of a page, unless fewer are asked for.
pub const PAGE: i64 = 50;
pub const PAGE_MAX: i64 = 100;
/// People named under one emoji.
pub const NAMED: i64 = 50;

/// What was said in a channel, newest first; after a message, oldest first. The next page begins at the last of this one.
#[utoipa::path(get, path = "/api/spaces/{id}/messages", tag = "chat", params(
    ("id" = String, Path),
    ("channel" = Option<String>, Query, description = "`everyone`, unless said otherwise; `c/3`; `area/7` for who is inside"),
    ("before" = Option<i64>, Query, description = "Only messages with a smaller id"),
    ("after" = Option<i64>, Query, description = "Only messages with a larger id, oldest first"),
    ("limit" = Option<i64>, Query, description = "1 to 100; 50 unless said otherwise"),
), responses(
    (status = 200, body = Messages),
    (status = 401, description = "not_signed_in", body = ErrorBody),
    (status = 403, description = "not_a_member, banned, not_inside", body = ErrorBody),
    (status = 404, description = "no_such_space", body = ErrorBody),
    (status = 422, description = "invalid_query", body = ErrorBody),
))]
#[worker::send]
pub async fn list(
    context: Context,
    viewer: Viewer,
    SpaceId(id): SpaceId,
    RawQuery(query): RawQuery,
) -> Answer<Json<Messages>> {
    let page = Page::parse(query.as_deref().unwrap_or_default())?;
    let db = Db::of(&context.env)?;
    joined(&db, &id, &viewer.id).await?;
    demand_reading(&context, &id, page.channel, &viewer.id).await?;
    // One more than asked for says whether there are more.
    let channel = page.channel.to_string();
    let mut rows = db.messages(&id, &viewer.id, &channel, page.span, page.limit + 1).await?;
    let more = rows.len() as i64 > page.limit;
    rows.truncate(page.limit as usize);
    Ok(Json(Messages { messages: with_reactions(&db, &id, &viewer.id, rows).await?, more }))
}

/// One message, for replies and links.
#[utoipa::path(get, path = "/api/spaces/{id}/messages/{mid}", tag = "chat",
    params(("id" = String, Path), ("mid" = i64, Path)), responses(
    (status = 200, body = Message),
    (status = 401, description = "not_signed_in", body = ErrorBody),
    (status = 403, description = "not_a_member, banned, not_inside", body = ErrorBody),
    (status = 404, description = "no_such_space, no_such_message", body = ErrorBody),
))]
#[worker::send]
pub async fn show(
    context: Context,
    viewer: Viewer,
    SpaceId(id): SpaceId,
    MessageId(message_id): MessageId,
) -> Answer<Json<Message>> {
    let db = Db::of(&context.env)?;
    joined(&db, &id, &viewer.id).await?;
    let row = db.message(&id, &viewer.id, message_id).await?.ok_or_else(ApiError::no_message)?;
    demand_reading(&context, &id, channel_of(&row)?, &viewer.id).await?;
    let mut messages = with_reactions(&db, &id, &viewer.id, vec![row]).await?;
    messages.pop().map(Json).ok_or_else(ApiError::no_message)
}

/// What a message said before it was edited or deleted. For moderators, of private areas too: this is how what happens there can
/// be judged.
#[utoipa::path(get, path = "/api/spaces/{id}/messages/{mid}/trace", tag = "chat",
    params(("id" = String, Path), ("mid" = i64, Path)), responses(
    (status = 200, body = Trace),
    (status = 401, description = "not_signed_in", body = ErrorBody),
    (status = 403, description = "not_allowed, banned", body = ErrorBody),
    (status = 404, description = "no_such_space, no_such_message", body = ErrorBody),
))]
#[worker::send]
pub async fn trace(
    context: Context,
    viewer: Viewer,
    SpaceId(id): SpaceId,
    MessageId(message_id): MessageId,
) -> Answer<Json<Trace>> {
    let db = Db::of(&context.env)?;
    demand(&known(&db, &id, Some(&viewer.id)).await?, Action::Moderate)?;
    db.message_of_anyone(&id, message_id).await?.ok_or_else(ApiError::no_message)?;
    let entries = db.traces(&id, message_id).await?.into_iter().map(|row| TraceEntry {
        at: row.at,
        actor_id: row.actor_id,
        actor_name: row.actor_name,
        action: row.action,
        text_before: row.text_before,
    });
    Ok(Json(Trace { entries: entries.collect() }))
}

/// May somebody who has joined read this channel now?
pub async fn demand_reading(context: &Context, space_id: &str, channel: Channel, user_id: &str) -> Answer<()> {
    let may_read = match reading(channel) {
        Reading::Free => true,
        Reading::Inside(area) => objects::is_inside(&context.env, space_id, user_id, area).await?,
        Reading::Never => false,
    };
    if may_read {
        return Ok(());
    }
    Err(ApiError::new(403, "not_inside", "What is written in a private area can be read only inside it."))
}

/// A message's channel, as the record has it.
pub fn channel_of(row: &MessageRow) -> Answer<Channel> {
    Channel::parse(&row.channel).ok_or_else(|| ApiError::internal("messages", "a channel that is none"))
}

/// With what is under them.
pub async fn with_reactions(db: &Db, space_id: &str, reader: &str, rows: Vec<MessageRow>) -> Answer<Vec<Message>> {
    let mut reactions = db.reactions(space_id, reader, rows.iter().map(|row| row.id), NAMED).await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let under = reactions.remove(&row.id).unwrap_or_default();
            Message::new(row, under)
        })
        .collect())
}

/// Which part is asked for.
#[derive(Debug, PartialEq, Eq)]
pub struct Page {
    pub channel: Channel,
    pub span: Span,
    pub limit: i64,
}

impl Page {
    pub fn parse(query: &str) -> Answer<Self> {
        let mut page = Self { channel: Channel::Everyone, span: Span::Before(ID_MAX), limit: PAGE };
        let id = |value: &str| value.parse().ok().filter(|id| (0..=ID_MAX).contains(id));
        let mut is_bounded = false;
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "channel" => {
                    let channel = Channel::parse(&value).filter(|channel| channel.is_kept());
                    page.channel = channel.ok_or_else(|| invalid_query("there is no such channel with a history"))?;
                }
                "before" | "after" if is_bounded => return Err(invalid_query("it is either before or after")),
                "before" => {
                    page.span = Span::Before(id(&value).ok_or_else(|| invalid_query("before is an id"))?);
                    is_bounded = true;
                }
                "after" => {
                    page.span = Span::After(id(&value).ok_or_else(|| invalid_query("after is an id"))?);
                    is_bounded = true;
                }
                "limit" => {
                    let limit = value.parse().ok().filter(|limit| (1..=PAGE_MAX).contains(limit));
                    page.limit = limit.ok_or_else(|| invalid_query("limit is 1 to 100"))?;
                }
                // A later client may ask for more than this build knows.
                _ => {}
            }
        }
        Ok(page)
    }
}

/// Whom a message may be of interest to, for what is done to it: its role and row, for somebody who may read it.
pub async fn readable(
    context: &Context,
    db: &Db,
    space_id: &str,
    viewer: &Viewer,
    message_id: i64,
) -> Answer<(Role, String, Option<MessageRow>)> {
    let (space, role) = joined(db, space_id, &viewer.id).await?;
    let row = db.message_of_anyone(space_id, message_id).await?;
    // A moderator's hand reaches into private areas; nobody else's does from outside.
    if let Some(row) = &row
        && !earshot_space::permissions::may(role, Action::Moderate)
    {
        demand_reading(context, space_id, channel_of(row)?, &viewer.id).await?;
    }
    Ok((role, space.template, row))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_what_was_asked_for_within_limits() {
        let page = |query: &str| Page::parse(query).ok().map(|page| (page.span, page.limit));
        assert_eq!(page("").map(|(_, limit)| limit), Some(50));
        assert_eq!(page("before=12&limit=100&later=1"), Some((Span::Before(12), 100)));
        assert_eq!(page("after=0"), Some((Span::After(0), 50)));
        assert_eq!(Page::parse("channel=c%2F3").ok().map(|page| page.channel), Some(Channel::Named(3)));
        for wrong in [
            "limit=0",
            "limit=101",
            "limit=x",
            "before=",
            "before=1e3",
            "before=-1",
            "after=9007199254740992",
            "before=1&after=1",
            "channel=nearby",
            "channel=%00",
            "channel=c/0",
            "channel=area/x",
        ] {
            assert_eq!(page(wrong), None, "{wrong}");
        }
    }
}
