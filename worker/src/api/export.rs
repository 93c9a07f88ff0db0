//! All that was said in a space, for its moderators to keep. Direct messages are none of the space's.

use axum::extract::RawQuery;
use axum::response::{IntoResponse, Response};
use earshot_space::permissions::Action;
use http::header::{CONTENT_TYPE, HeaderName};

use super::messages::with_reactions;
use super::spaces::{demand, known};
use crate::context::Context;
use crate::db::Db;
use crate::error::{Answer, ErrorBody};
use crate::input::{ID_MAX, SpaceId, invalid_query};
use crate::limits::{self, Limit};
use crate::viewer::Viewer;

/// Messages of a page: some hundred kilobytes, and as many rows read.
const PAGE: i64 = 1_000;
/// Where the next page begins.
const NEXT: HeaderName = HeaderName::from_static("x-earshot-next");

/// All messages of a space, oldest first, 1,000 a page: one message as JSON a line. While there are more, the header
/// `x-earshot-next` says what to pass as `after`. For moderators; private areas included, direct messages never.
#[utoipa::path(get, path = "/api/spaces/{id}/export", tag = "chat", params(
    ("id" = String, Path),
    ("after" = Option<i64>, Query, description = "Only messages with a larger id"),
), responses(
    (status = 200, description = "One Message as JSON a line", content_type = "application/x-ndjson"),
    (status = 401, description = "not_signed_in", body = ErrorBody),
    (status = 403, description = "not_allowed, banned", body = ErrorBody),
    (status = 404, description = "no_such_space", body = ErrorBody),
    (status = 422, description = "invalid_query", body = ErrorBody),
    (status = 429, description = "too_many_requests", body = ErrorBody),
))]
#[worker::send]
pub async fn export(
    context: Context,
    viewer: Viewer,
    SpaceId(id): SpaceId,
    RawQuery(query): RawQuery,
) -> Answer<Response> {
    limits::spend(&context, Limit::Search, &viewer.id).await?;
    let db = Db::of(&context.env)?;
    demand(&known(&db, &id, Some(&viewer.id)).await?, Action::Moderate)?;
    let mut rows = db.export(&id, after(query.as_deref().unwrap_or_default())?, PAGE + 1).await?;
    let has_more = rows.len() as i64 > PAGE;
    rows.truncate(PAGE as usize);
    let next = rows.last().filter(|_| has_more).map(|row| row.id);
    // A record of what was said does not depend on whom its reader has blocked.
    let messages = with_reactions(&db, &id, "", rows).await?;
    let mut lines = String::new();
    for message in &messages {
        lines.push_str(&serde_json::to_string(message)?);
        lines.push('\n');
    }
    let mut response = ([(CONTENT_TYPE, "application/x-ndjson")], lines).into_response();
    if let Some(next) = next {
        response.headers_mut().insert(NEXT, next.into());
    }
    Ok(response)
}

fn after(query: &str) -> Answer<i64> {
    let found = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "after");
    let Some((_, value)) = found else { return Ok(0) };
    value.parse().ok().filter(|id| (0..=ID_MAX).contains(id)).ok_or_else(|| invalid_query("after is an id"))
}
