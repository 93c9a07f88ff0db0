//! What was said in a space, page by page, without waking its object.

use axum::Json;
use axum::extract::RawQuery;
use earshot_protocol::Channel;
use earshot_space::permissions::{Action, may};

use super::spaces::known;
use super::types::{Message, Messages};
use crate::context::Context;
use crate::db::Db;
use crate::db::messages::MessageRow;
use crate::error::{Answer, ApiError, ErrorBody};
use crate::input::SpaceId;
use crate::viewer::Viewer;

/// Messages of a page, unless fewer are asked for.
const PAGE: i64 = 50;
const PAGE_MAX: i64 = 100;

/// What was said to everyone, newest first. The next page is what was said before the last of this one.
#[utoipa::path(get, path = "/api/spaces/{id}/messages", tag = "chat", params(
    ("id" = String, Path),
    ("channel" = Option<String>, Query, description = "`everyone`, which it is unless said otherwise"),
    ("before" = Option<i64>, Query, description = "Only messages with a smaller id"),
    ("limit" = Option<i64>, Query, description = "1 to 100; 50 unless said otherwise"),
), responses(
    (status = 200, body = Messages),
    (status = 401, description = "not_signed_in", body = ErrorBody),
    (status = 403, description = "not_a_member", body = ErrorBody),
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
    let row = known(&db, &id, Some(&viewer.id)).await?;
    if !row.standing().is_some_and(|role| may(role, Action::Enter)) {
        return Err(ApiError::not_a_member());
    }
    // One more than asked for says whether there are more.
    let mut rows = db.messages(&id, page.channel.as_str(), page.before, page.limit + 1).await?;
    let more = rows.len() as i64 > page.limit;
    rows.truncate(page.limit as usize);
    Ok(Json(Messages { messages: rows.into_iter().map(Message::from).collect(), more }))
}

#[derive(Debug, PartialEq, Eq)]
struct Page {
    channel: Channel,
    before: i64,
    limit: i64,
}

impl Page {
    fn parse(query: &str) -> Answer<Self> {
        let invalid = |what: &str| ApiError::new(422, "invalid_query", format!("The query does not fit: {what}."));
        let mut page = Self { channel: Channel::Everyone, before: i64::MAX >> 11, limit: PAGE };
        for (name, value) in query.split('&').filter_map(|part| part.split_once('=')) {
            match name {
                "channel" => {
                    let channel = Channel::parse(value).filter(|channel| channel.is_kept());
                    page.channel = channel.ok_or_else(|| invalid("there is no such channel with a history"))?;
                }
                "before" => page.before = value.parse().map_err(|_| invalid("before is an id"))?,
                "limit" => {
                    let limit = value.parse().ok().filter(|limit| (1..=PAGE_MAX).contains(limit));
                    page.limit = limit.ok_or_else(|| invalid("limit is 1 to 100"))?;
                }
                // A later client may ask for more than this build knows.
                _ => {}
            }
        }
        Ok(page)
    }
}

impl From<MessageRow> for Message {
    fn from(row: MessageRow) -> Self {
        Self {
            id: row.id,
            channel: row.channel,
            author_id: row.author_id,
            author_name: row.author_name,
            text: row.text,
            reply_to: row.reply_to,
            reference: row.reference,
            said_at: row.said_at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_what_was_asked_for_within_limits() {
        let page = |query: &str| Page::parse(query).ok().map(|page| (page.before, page.limit));
        assert_eq!(page("").map(|(_, limit)| limit), Some(50));
        assert_eq!(page("before=12&limit=100&later=1"), Some((12, 100)));
        for wrong in ["limit=0", "limit=101", "limit=x", "before=", "before=1e3", "channel=nearby", "channel=%00"] {
            assert_eq!(page(wrong), None, "{wrong}");
        }
    }
}
