//! What keeps a space peaceable: bans, and reports to those who moderate.

use axum::Json;
use earshot_space::permissions::Action;
use http::StatusCode;

use super::chat_types::{Ban, Bans, Message, Report, ReportIntent, Reports};
use super::messages::{channel_of, demand_reading, with_reactions};
use super::spaces::{demand, joined, known};
use crate::context::Context;
use crate::core::chat::{REPORT_CHARS_MAX, may_ban, some_lines};
use crate::core::ids;
use crate::db::Db;
use crate::db::moderation::NewReport;
use crate::error::{Answer, ApiError, ErrorBody};
use crate::input::{Body, Number, SpaceId, UserId};
use crate::limits::{self, Limit};
use crate::viewer::Viewer;
use crate::{objects, post};

/// Who is shut out.
#[utoipa::path(get, path = "/api/spaces/{id}/bans", tag = "moderation", params(("id" = String, Path)), responses(
    (status = 200, body = Bans),
    (status = 401, description = "not_signed_in", body = ErrorBody),
    (status = 403, description = "not_allowed, banned", body = ErrorBody),
    (status = 404, description = "no_such_space", body = ErrorBody),
))]
#[worker::send]
pub async fn bans(context: Context, viewer: Viewer, SpaceId(id): SpaceId) -> Answer<Json<Bans>> {
    let db = Db::of(&context.env)?;
    demand(&known(&db, &id, Some(&viewer.id)).await?, Action::Moderate)?;
    let bans = db.bans(&id).await?.into_iter().map(|row| Ban {
        user_id: row.user_id,
        name: row.name,
        banned_at: row.banned_at,
        by_name: row.by_name,
    });
    Ok(Json(Bans { bans: bans.collect() }))
}

/// Shut somebody out; they are sent out at once. Who moderates cannot be shut out. After `not_sent_out` they cannot come in any
/// more, but may still be inside: the same request once more sends them out.
#[utoipa::path(put, path = "/api/spaces/{id}/bans/{user}", tag = "moderation",
    params(("id" = String, Path), ("user" = String, Path)), responses(
    (status = 204),
    (status = 401, description = "not_signed_in", body = ErrorBody),
    (status = 403, description = "not_allowed, banned", body = ErrorBody),
    (status = 404, description = "no_such_space, no_such_user", body = ErrorBody),
    (status = 503, description = "not_sent_out", body = ErrorBody),
))]
#[worker::send]
pub async fn ban(context: Context, viewer: Viewer, SpaceId(id): SpaceId, UserId(user): UserId) -> Answer<StatusCode> {
    let db = Db::of(&context.env)?;
    let row = known(&db, &id, Some(&viewer.id)).await?;
    demand(&row, Action::Moderate)?;
    db.user(&user).await?.ok_or_else(ApiError::no_user)?;
    let target = db.role(&id, &user).await?;
    if user == viewer.id || !row.standing().is_some_and(|actor| may_ban(actor, target)) {
        return Err(ApiError::not_allowed());
    }
    // The record first: whoever is sent out does not come in again.
    db.ban(&id, &user, &viewer.id, context.now_ms).await?;
    if objects::remove(&context, &id, &user, "banned").await {
        return Ok(StatusCode::NO_CONTENT);
    }
    let told =
        "They cannot come in any more, but may still be inside: the space did not answer. Shut them out once more.";
    Err(ApiError::new(503, "not_sent_out", told))
}

/// Let somebody in again.
#[utoipa::path(delete, path = "/api/spaces/{id}/bans/{user}", tag = "moderation",
    params(("id" = String, Path), ("user" = String, Path)), responses(
    (status = 204),
    (status = 401, description = "not_signed_in", body = ErrorBody),
    (status = 403, description = "not_allowed, banned", body = ErrorBody),
    (status = 404, description = "no_such_space, no_such_user", body = ErrorBody),
))]
#[worker::send]
pub async fn unban(context: Context, viewer: Viewer, SpaceId(id): SpaceId, UserId(user): UserId) -> Answer<StatusCode> {
    let db = Db::of(&context.env)?;
    demand(&known(&db, &id, Some(&viewer.id)).await?, Action::Moderate)?;
    db.unban(&id, &user, &viewer.id, context.now_ms).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Tell the moderators about somebody, or about a message of theirs that one may read.
#[utoipa::path(post, path = "/api/spaces/{id}/reports", tag = "moderation", params(("id" = String, Path)),
    request_body = ReportIntent, responses(
    (status = 204),
    (status = 401, description = "not_signed_in", body = ErrorBody),
    (status = 403, description = "not_a_member, banned, not_inside", body = ErrorBody),
    (status = 404, description = "no_such_space, no_such_user, no_such_message", body = ErrorBody),
    (status = 422, description = "invalid_text", body = ErrorBody),
    (status = 429, description = "too_many_requests, too_many_reports", body = ErrorBody),
))]
#[worker::send]
pub async fn report(
    context: Context,
    viewer: Viewer,
    SpaceId(id): SpaceId,
    Body(intent): Body<ReportIntent>,
) -> Answer<StatusCode> {
    limits::spend(&context, Limit::Report, &viewer.id).await?;
    let db = Db::of(&context.env)?;
    joined(&db, &id, &viewer.id).await?;
    let text = some_lines(intent.text.as_deref().unwrap_or_default(), REPORT_CHARS_MAX)
        .ok_or_else(|| ApiError::new(422, "invalid_text", "A report has at most 1,000 characters."))?;
    let is_known = ids::is_user_id(&intent.user_id) && db.user(&intent.user_id).await?.is_some();
    // Only who is or was here: a space's moderators have nothing to do with others.
    if !is_known || intent.user_id == viewer.id {
        return Err(ApiError::no_user());
    }
    match intent.message_id {
        Some(message_id) => {
            let row = db.message_of_anyone(&id, message_id).await?;
            let row = row.filter(|row| row.author_id == intent.user_id).ok_or_else(ApiError::no_message)?;
            demand_reading(&context, &id, channel_of(&row)?, &viewer.id).await?;
        }
        None => {
            db.role(&id, &intent.user_id).await?.ok_or_else(ApiError::no_user)?;
        }
    }
    let report = NewReport {
        space_id: &id,
        reporter_id: &viewer.id,
        user_id: &intent.user_id,
        message_id: intent.message_id,
        reason: intent.reason.as_text(),
        text: &text,
    };
    if !db.report(&report, context.now_ms).await? {
        let told = "Twenty reports of yours are open here. The moderators will come to them.";
        return Err(ApiError::new(429, "too_many_reports", told));
    }
    let env = context.env.clone();
    context.afterwards(async move { post::tell_moderators(&env, &id).await });
    Ok(StatusCode::NO_CONTENT)
}

/// Open reports, for moderators.
#[utoipa::path(get, path = "/api/spaces/{id}/reports", tag = "moderation", params(("id" = String, Path)), responses(
    (status = 200, body = Reports),
    (status = 401, description = "not_signed_in", body = ErrorBody),
    (status = 403, description = "not_allowed, banned", body = ErrorBody),
    (status = 404, description = "no_such_space", body = ErrorBody),
))]
#[worker::send]
pub async fn reports(context: Context, viewer: Viewer, SpaceId(id): SpaceId) -> Answer<Json<Reports>> {
    let db = Db::of(&context.env)?;
    demand(&known(&db, &id, Some(&viewer.id)).await?, Action::Moderate)?;
    let rows = db.reports(&id).await?;
    let reported = db.messages_by_id(&id, rows.iter().filter_map(|row| row.message_id)).await?;
    let messages = with_reactions(&db, &id, "", reported).await?;
    let message =
        |id: Option<i64>| -> Option<Message> { messages.iter().find(|message| Some(message.id) == id).cloned() };
    let reports = rows.into_iter().map(|row| Report {
        message: message(row.message_id),
        id: row.id,
        at: row.at,
        reporter_id: row.reporter_id,
        reporter_name: row.reporter_name,
        user_id: row.user_id,
        user_name: row.user_name,
        reason: row.reason,
        text: row.text,
    });
    Ok(Json(Reports { reports: reports.collect() }))
}

/// Close a report: it is dealt with.
#[utoipa::path(delete, path = "/api/spaces/{id}/reports/{number}", tag = "moderation",
    params(("id" = String, Path), ("number" = i64, Path)), responses(
    (status = 204),
    (status = 401, description = "not_signed_in", body = ErrorBody),
    (status = 403, description = "not_allowed, banned", body = ErrorBody),
    (status = 404, description = "no_such_space, no_such_number", body = ErrorBody),
))]
#[worker::send]
pub async fn close(
    context: Context,
    viewer: Viewer,
    SpaceId(id): SpaceId,
    Number(number): Number,
) -> Answer<StatusCode> {
    let db = Db::of(&context.env)?;
    demand(&known(&db, &id, Some(&viewer.id)).await?, Action::Moderate)?;
    if db.close_report(&id, number).await? {
        return Ok(StatusCode::NO_CONTENT);
    }
    Err(ApiError::new(404, "no_such_number", "There is no such report, or it is closed."))
}
