//! Looking for words in what was said.

use axum::Json;
use axum::extract::RawQuery;
use earshot_protocol::Channel;

use super::chat_types::Found;
use super::messages::{PAGE, demand_reading, with_reactions};
use super::spaces::joined;
use crate::context::Context;
use crate::core::search::{Patterns, patterns};
use crate::db::Db;
use crate::db::search::{WINDOW, Where};
use crate::error::{Answer, ErrorBody};
use crate::input::{ID_MAX, SpaceId, invalid_query};
use crate::limits::{self, Limit};
use crate::viewer::Viewer;

/// Messages with all the given words in them, newest first. One answer looks through some thousands of messages at most; where
/// there are more, `before` says where to go on.
#[utoipa::path(get, path = "/api/spaces/{id}/search", tag = "chat", params(
    ("id" = String, Path),
    ("q" = String, Query, description = "Up to four words, 100 characters"),
    ("channel" = Option<String>, Query, description = "Only in this one; else in `everyone` and all named channels"),
    ("before" = Option<i64>, Query, description = "Only messages with a smaller id"),
), responses(
    (status = 200, body = Found),
    (status = 401, description = "not_signed_in", body = ErrorBody),
    (status = 403, description = "not_a_member, banned, not_inside", body = ErrorBody),
    (status = 404, description = "no_such_space", body = ErrorBody),
    (status = 422, description = "invalid_query", body = ErrorBody),
    (status = 429, description = "too_many_requests", body = ErrorBody),
))]
#[worker::send]
pub async fn search(
    context: Context,
    viewer: Viewer,
    SpaceId(id): SpaceId,
    RawQuery(query): RawQuery,
) -> Answer<Json<Found>> {
    limits::spend(&context, Limit::Search, &viewer.id).await?;
    let db = Db::of(&context.env)?;
    joined(&db, &id, &viewer.id).await?;
    let wanted = Wanted::parse(query.as_deref().unwrap_or_default())?;
    if let Some(channel) = wanted.channel {
        demand_reading(&context, &id, channel, &viewer.id).await?;
    }
    let Some(newest) = db.newest_before(&id, wanted.before).await? else {
        return Ok(Json(Found { messages: Vec::new(), more: false, before: None }));
    };
    let (from, to) = ((newest + 1 - WINDOW).max(0), newest + 1);
    let channel = wanted.channel.map(|channel| channel.to_string());
    let place = channel.as_deref().map_or(Where::Open, Where::Channel);
    let mut rows = db.search(&id, &viewer.id, place, &wanted.patterns, (from, to), PAGE + 1).await?;
    let before = if rows.len() as i64 > PAGE {
        rows.truncate(PAGE as usize);
        rows.last().map(|row| row.id)
    } else {
        db.newest_before(&id, from).await?.map(|_| from)
    };
    let messages = with_reactions(&db, &id, &viewer.id, rows).await?;
    Ok(Json(Found { messages, more: before.is_some(), before }))
}

struct Wanted {
    patterns: Patterns,
    channel: Option<Channel>,
    before: i64,
}

impl Wanted {
    fn parse(query: &str) -> Answer<Self> {
        let (mut found, mut channel, mut before) = (None, None, ID_MAX);
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "q" => found = patterns(&value),
                "channel" => {
                    let kept = Channel::parse(&value).filter(|channel| channel.is_kept());
                    channel = Some(kept.ok_or_else(|| invalid_query("there is no such channel with a history"))?);
                }
                "before" => {
                    let id = value.parse().ok().filter(|id| (0..=ID_MAX).contains(id));
                    before = id.ok_or_else(|| invalid_query("before is an id"))?;
                }
                _ => {}
            }
        }
        let patterns = found.ok_or_else(|| invalid_query("q has a word in it, and at most 100 characters"))?;
        Ok(Self { patterns, channel, before })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_search_needs_a_word_and_nothing_else() {
        let wanted = Wanted::parse("q=gr%C3%BC%C3%9Fe+alle&channel=c/3&before=7&new=1").unwrap();
        assert_eq!((wanted.channel, wanted.before), (Some(Channel::Named(3)), 7));
        assert_eq!(wanted.patterns[0][0], "grüße");
        for wrong in ["", "q=", "q=+", "q=a&before=x", "q=a&channel=nearby"] {
            assert!(Wanted::parse(wrong).is_err(), "{wrong}");
        }
    }
}
