//! Spaces: found, made, changed, joined and left.

use axum::Json;
use axum::response::{IntoResponse, Response};
use earshot_space::permissions::{Action, Role, all_that, may};
use futures_util::future::{self, join_all};
use http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use http::{HeaderMap, StatusCode};

use super::types::{
    Joined, Member, NewSpaceIntent, Space, SpaceIntent, SpaceUsers, Spaces, valid_description, valid_name,
};
use crate::context::Context;
use crate::core::admission::{self, Access};
use crate::core::{chat, ids};
use crate::db::Db;
use crate::db::spaces::{NewSpace, SpaceChange, SpaceRow};
use crate::error::{Answer, ApiError, ErrorBody};
use crate::input::{Body, SpaceId};
use crate::limits::{self, Limit};
use crate::viewer::{MaybeViewer, Viewer};
use crate::{objects, templates};

/// Longest list of spaces in one answer.
const LISTED_MAX: i64 = 50;
/// How many objects are asked who is there, for one list: a request may make 50 subrequests on the free plan. The
/// first ones are the listed and the newest; of the others the list says 0.
const ASKED_MAX: usize = 24;
/// Longest list of members in one answer.
const MEMBERS_MAX: i64 = 500;
/// How many spaces one user may own.
const OWNED_MAX: i64 = 50;

/// Those one may enter: listed ones and one's own. Signed out: the listed ones. How many are inside may be some seconds old.
#[utoipa::path(get, path = "/api/spaces", tag = "spaces", responses((status = 200, body = Spaces)))]
#[worker::send]
pub async fn list(context: Context, viewer: MaybeViewer) -> Answer<Json<Spaces>> {
    let rows = Db::of(&context.env)?.spaces_for(viewer.id(), LISTED_MAX).await?;
    let known: Vec<SpaceRow> =
        rows.into_iter().filter(|row| !row.is_banned() && admission::may_know(row.access(), row.standing())).collect();
    let counts = join_all(known.iter().take(ASKED_MAX).map(|row| objects::online_about(&context, &row.id))).await;
    let counts = counts.into_iter().chain(std::iter::repeat(0));
    Ok(Json(Spaces { spaces: known.into_iter().zip(counts).map(|(row, online)| space(row, online)).collect() }))
}

/// Make a space from a template and own it.
#[utoipa::path(post, path = "/api/spaces", tag = "spaces", request_body = NewSpaceIntent, responses(
    (status = 201, body = Space),
    (status = 401, description = "not_signed_in", body = ErrorBody),
    (status = 409, description = "too_many_spaces", body = ErrorBody),
    (status = 422, description = "invalid_name, invalid_template", body = ErrorBody),
))]
#[worker::send]
pub async fn create(context: Context, viewer: Viewer, Body(intent): Body<NewSpaceIntent>) -> Answer<Response> {
    limits::spend(&context, Limit::CreateSpace, &viewer.id).await?;
    let name = valid_name(&intent.name)?;
    let template = templates::find(&intent.template).ok_or_else(|| {
        ApiError::new(422, "invalid_template", "There is no such template; choose one of /api/templates.")
    })?;
    let db = Db::of(&context.env)?;
    if db.user(&viewer.id).await?.is_none() {
        return Err(ApiError::not_signed_in());
    }
    if db.spaces_owned(&viewer.id).await? >= OWNED_MAX {
        return Err(ApiError::new(409, "too_many_spaces", "You own 50 spaces already; delete one first."));
    }
    let id = ids::new_id()?;
    let access = intent.access.unwrap_or(Access::Link);
    db.add_space(&NewSpace { id: &id, name: &name, template: template.id, access }, &viewer.id, context.now_ms).await?;
    let row =
        db.space(&id, Some(&viewer.id)).await?.ok_or_else(|| ApiError::internal("spaces", "a new space vanished"))?;
    Ok((StatusCode::CREATED, Json(space(row, 0))).into_response())
}

/// One space. A members-only space does not exist for others.
#[utoipa::path(get, path = "/api/spaces/{id}", tag = "spaces", params(("id" = String, Path)), responses(
    (status = 200, body = Space),
    (status = 403, description = "banned", body = ErrorBody),
    (status = 404, description = "no_such_space", body = ErrorBody),
))]
#[worker::send]
pub async fn show(context: Context, viewer: MaybeViewer, SpaceId(id): SpaceId) -> Answer<Json<Space>> {
    let row = known(&Db::of(&context.env)?, &id, viewer.id()).await?;
    with_count(&context, row).await
}

/// Change name, description, who may enter, whether media is relayed only, or what holds for writing. When the link no longer
/// admits, those who came by it are sent out. After `not_sent_out` all of it is changed, but some of them may still be inside: the same request
/// once more sends them out.
#[utoipa::path(patch, path = "/api/spaces/{id}", tag = "spaces", params(("id" = String, Path)),
    request_body = SpaceIntent, responses(
    (status = 200, body = Space),
    (status = 401, description = "not_signed_in", body = ErrorBody),
    (status = 403, description = "not_allowed, banned", body = ErrorBody),
    (status = 404, description = "no_such_space", body = ErrorBody),
    (status = 422, description = "invalid_name, invalid_description, invalid_rules", body = ErrorBody),
    (status = 503, description = "not_sent_out", body = ErrorBody),
))]
#[worker::send]
pub async fn change(
    context: Context,
    viewer: Viewer,
    SpaceId(id): SpaceId,
    Body(intent): Body<SpaceIntent>,
) -> Answer<Json<Space>> {
    let db = Db::of(&context.env)?;
    let row = known(&db, &id, Some(&viewer.id)).await?;
    demand(&row, Action::EditSpace)?;
    let name = intent.name.as_deref().map(valid_name).transpose()?;
    let description = intent.description.as_deref().map(valid_description).transpose()?;
    let words = valid_rules(&intent)?;
    let change = SpaceChange {
        name: name.as_deref(),
        description: description.as_deref(),
        access: intent.access,
        relay_only: intent.relay_only,
        slow_mode_s: intent.slow_mode_s,
        retention_days: intent.retention_days,
        words: words.as_deref(),
    };
    db.change_space(&id, &viewer.id, &change, context.now_ms).await?;
    // Also where it admitted only members before: that is how it is tried once more.
    let closes = intent.access == Some(Access::Members);
    if closes {
        db.drop_guests(&id).await?;
    }
    let rules = async {
        if change.changes_rules() {
            objects::tell_rules(&context.env, &db, &id).await;
        }
    };
    let guests = async { !closes || objects::remove_guests(&context, &id).await };
    let ((), are_out) = future::join(rules, guests).await;
    if !are_out {
        let told =
            "Only members can come in now, but others may still be inside: the space did not answer. Try once more.";
        return Err(ApiError::new(503, "not_sent_out", told));
    }
    let row = known(&db, &id, Some(&viewer.id)).await?;
    with_count(&context, row).await
}

/// Delete a space; everyone in it is sent out.
#[utoipa::path(delete, path = "/api/spaces/{id}", tag = "spaces", params(("id" = String, Path)), responses(
    (status = 204),
    (status = 401, description = "not_signed_in", body = ErrorBody),
    (status = 403, description = "not_allowed, banned", body = ErrorBody),
    (status = 404, description = "no_such_space", body = ErrorBody),
))]
#[worker::send]
pub async fn delete(context: Context, viewer: Viewer, SpaceId(id): SpaceId) -> Answer<StatusCode> {
    let db = Db::of(&context.env)?;
    let row = known(&db, &id, Some(&viewer.id)).await?;
    demand(&row, Action::DeleteSpace)?;
    // The record first: from then on nobody is let in, so nobody can come between.
    db.delete_space(&id, &viewer.id, context.now_ms).await?;
    objects::close(&context, &id).await;
    Ok(StatusCode::NO_CONTENT)
}

/// The map, as Tiled JSON, for those who may enter.
#[utoipa::path(get, path = "/api/spaces/{id}/map", tag = "spaces", params(("id" = String, Path)), responses(
    (status = 200, description = "Tiled JSON, with an ETag", content_type = "application/json"),
    (status = 304, description = "The map is the one whose ETag was sent"),
    (status = 401, description = "not_signed_in", body = ErrorBody),
    (status = 403, description = "banned", body = ErrorBody),
    (status = 404, description = "no_such_space", body = ErrorBody),
))]
#[worker::send]
pub async fn map(context: Context, viewer: Viewer, SpaceId(id): SpaceId, headers: HeaderMap) -> Answer<Response> {
    let row = known(&Db::of(&context.env)?, &id, Some(&viewer.id)).await?;
    if let Some(role) = admission::join(row.access(), row.kept_role(), viewer.is_guest)
        && !may(role, Action::Enter)
    {
        return Err(ApiError::not_allowed());
    }
    let template = templates::find(&row.template)
        .ok_or_else(|| ApiError::internal("templates", "a space's template is missing"))?;
    let etag = format!("\"{}\"", &ids::token_hash(template.tmj)[..22]);
    let caching = [(ETAG, etag.as_str()), (CACHE_CONTROL, "private, no-cache")];
    let sent = headers.get(IF_NONE_MATCH).and_then(|value| value.to_str().ok()).unwrap_or_default();
    // A proxy that compresses makes the tag weak.
    if sent.split(',').any(|tag| tag.trim().trim_start_matches("W/") == etag) {
        return Ok((StatusCode::NOT_MODIFIED, caching).into_response());
    }
    Ok((caching, [(CONTENT_TYPE, "application/json")], template.tmj).into_response())
}

/// Who belongs to a space and who is there now. For those who have joined.
#[utoipa::path(get, path = "/api/spaces/{id}/users", tag = "spaces", params(("id" = String, Path)), responses(
    (status = 200, body = SpaceUsers),
    (status = 401, description = "not_signed_in", body = ErrorBody),
    (status = 403, description = "not_allowed, banned", body = ErrorBody),
    (status = 404, description = "no_such_space", body = ErrorBody),
))]
#[worker::send]
pub async fn users(context: Context, viewer: Viewer, SpaceId(id): SpaceId) -> Answer<Json<SpaceUsers>> {
    let db = Db::of(&context.env)?;
    demand(&known(&db, &id, Some(&viewer.id)).await?, Action::ListMembers)?;
    let members = db.members(&id, MEMBERS_MAX).await?;
    let members =
        members.into_iter().filter_map(|row| row.split()).map(|(user, role)| Member { user: user.into(), role });
    Ok(Json(SpaceUsers { members: members.collect(), online: objects::online(&context, &id).await }))
}

/// Come in: after this the WebSocket at `ws` opens.
#[utoipa::path(post, path = "/api/spaces/{id}/join", tag = "spaces", params(("id" = String, Path)), responses(
    (status = 200, body = Joined),
    (status = 401, description = "not_signed_in", body = ErrorBody),
    (status = 403, description = "members_only, banned", body = ErrorBody),
    (status = 404, description = "no_such_space", body = ErrorBody),
))]
#[worker::send]
pub async fn join(context: Context, viewer: Viewer, SpaceId(id): SpaceId) -> Answer<Json<Joined>> {
    let db = Db::of(&context.env)?;
    let user = db.user(&viewer.id).await?.ok_or_else(ApiError::not_signed_in)?;
    // Not `known`: who was sent a link that no longer admits should be told so, and the link is no guess.
    let row = db.space(&id, Some(&viewer.id)).await?.ok_or_else(ApiError::no_space)?;
    if row.is_banned() {
        return Err(ApiError::banned());
    }
    let Some(role) = admission::join(row.access(), row.kept_role(), user.is_guest()) else {
        return Err(ApiError::new(
            403,
            "members_only",
            "Only members may enter. Ask the space's owner to open its link.",
        ));
    };
    if row.standing() != Some(role) {
        db.join(&id, &viewer.id, role, context.now_ms).await?;
    }
    let row = known(&db, &id, Some(&viewer.id)).await?;
    let Json(space) = with_count(&context, row).await?;
    Ok(Json(Joined { space, role, ws: format!("/ws/{id}") }))
}

/// Stop belonging to a space, and go out if one is there. Also right for those who do not belong.
#[utoipa::path(post, path = "/api/spaces/{id}/leave", tag = "spaces", params(("id" = String, Path)), responses(
    (status = 204),
    (status = 401, description = "not_signed_in", body = ErrorBody),
    (status = 403, description = "banned", body = ErrorBody),
    (status = 404, description = "no_such_space", body = ErrorBody),
    (status = 409, description = "owner_cannot_leave", body = ErrorBody),
))]
#[worker::send]
pub async fn leave(context: Context, viewer: Viewer, SpaceId(id): SpaceId) -> Answer<StatusCode> {
    let db = Db::of(&context.env)?;
    let row = known(&db, &id, Some(&viewer.id)).await?;
    match row.kept_role() {
        Some(Role::Owner) => {
            let told = "You own this space: delete it instead of leaving it.";
            return Err(ApiError::new(409, "owner_cannot_leave", told));
        }
        Some(_) => {
            db.leave(&id, &viewer.id).await?;
            objects::remove(&context, &id, &viewer.id, "left").await;
        }
        None => {}
    }
    Ok(StatusCode::NO_CONTENT)
}

/// A space that one may know to exist, and is not shut out of.
pub async fn known(db: &Db, id: &str, viewer: Option<&str>) -> Answer<SpaceRow> {
    let row = db.space(id, viewer).await?.ok_or_else(ApiError::no_space)?;
    if !admission::may_know(row.access(), admission::standing(row.access(), row.kept_role())) {
        return Err(ApiError::no_space());
    }
    if row.is_banned() { Err(ApiError::banned()) } else { Ok(row) }
}

/// A space that one has joined, and the role one has there.
pub async fn joined(db: &Db, id: &str, viewer: &str) -> Answer<(SpaceRow, Role)> {
    let row = known(db, id, Some(viewer)).await?;
    match row.standing().filter(|&role| may(role, Action::Enter)) {
        Some(role) => Ok((row, role)),
        None => Err(ApiError::not_a_member()),
    }
}

/// What is to hold for writing, within limits. The words are returned as they are kept.
fn valid_rules(intent: &SpaceIntent) -> Answer<Option<String>> {
    let invalid = |told: String| Err(ApiError::new(422, "invalid_rules", told));
    if intent.slow_mode_s.is_some_and(|seconds| seconds > chat::SLOW_MODE_S_MAX) {
        return invalid("Slow mode is at most an hour: 3600 seconds.".into());
    }
    if intent.retention_days.is_some_and(|days| days > chat::RETENTION_DAYS_MAX) {
        return invalid("Messages can be kept for 1 to 3650 days, or for ever: 0.".into());
    }
    let Some(words) = &intent.words else { return Ok(None) };
    match chat::valid_words(words) {
        Ok(words) => Ok(Some(serde_json::to_string(&words)?)),
        Err(fault) => invalid(format!("The list of words does not fit: {fault}.")),
    }
}

pub fn demand(row: &SpaceRow, action: Action) -> Answer<()> {
    if row.standing().is_some_and(|role| may(role, action)) { Ok(()) } else { Err(ApiError::not_allowed()) }
}

async fn with_count(context: &Context, row: SpaceRow) -> Answer<Json<Space>> {
    let online = objects::online(context, &row.id).await.len();
    Ok(Json(space(row, online)))
}

fn space(row: SpaceRow, online: usize) -> Space {
    let role = row.standing();
    Space {
        access: row.access(),
        listed: row.is_listed(),
        relay_only: row.is_relay_only(),
        slow_mode_s: row.slow_mode_s,
        retention_days: row.retention_days,
        words: role.filter(|&role| may(role, Action::Moderate)).map(|_| row.words()),
        role,
        may: role.map(all_that).unwrap_or_default(),
        online,
        created_at: row.created_at,
        id: row.id,
        name: row.name,
        description: row.description,
        template: row.template,
    }
}
