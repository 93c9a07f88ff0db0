//! The fleet's addresses: nodes register, everybody may read the keys, and whoever has a grant is led to the node.
//!
//! An offer goes through the Worker, so that a page speaks to its own origin only, and a node needs neither a certificate that
//! browsers trust nor any word about origins. Media go to the node directly.

use axum::Json;
use axum::response::{IntoResponse, Response};
use earshot_protocol::fleet::{Beat, Grant, KeySet, SDP_BYTES_MAX, TOKEN_BYTES_MAX};
use http::header::CACHE_CONTROL;
use serde::Deserialize;

use super::fleet_types::{BeatAnswerSchema, BeatSchema, JoinAnswer, JoinIntent, KeySetSchema, Nodes};
use crate::context::Context;
use crate::core::fleet::{placement, tokens};
use crate::error::{Answer, ApiError, ErrorBody, log};
use crate::fleet::{self, Fleet, send, to_node, within};
use crate::fleet_object::{BeatOf, Heard, NodeReport};
use crate::input::{Body, NodeId, SpaceId};
use crate::limits::{self, Limit};
use crate::viewer::Viewer;

/// Of a grant and an offer, written as JSON: an offer has a line's end in forty letters.
pub const JOIN_BYTES_MAX: usize = SDP_BYTES_MAX + SDP_BYTES_MAX / 4 + TOKEN_BYTES_MAX + 1_000;
/// How long a node may take for an answer.
const JOIN_MS_MAX: u64 = 5_000;
const SDP: &str = "application/sdp";
/// What is answered where a node is about to end.
const DRAINING: &str = "node_draining";

/// Nodes beat: when they start, at the interval of the answer, and when they begin to end.
#[utoipa::path(post, path = "/api/fleet/nodes/{node}", tag = "fleet", params(("node" = String, Path)), request_body = BeatSchema,
    responses(
        (status = 200, body = BeatAnswerSchema),
        (status = 401, description = "wrong_fleet_token", body = ErrorBody),
        (status = 404, description = "no_fleet, no_such_node", body = ErrorBody),
        (status = 409, description = "too_many_nodes", body = ErrorBody),
        (status = 422, description = "invalid_beat", body = ErrorBody),
    ))]
#[worker::send]
pub async fn beat(context: Context, NodeId(id): NodeId, Body(beat): Body<Beat>) -> Answer<Response> {
    demand_token(&context)?;
    let beat = placement::checked(beat).map_err(|fault| {
        ApiError::new(422, "invalid_beat", format!("What the node says of itself does not fit: {fault}."))
    })?;
    match fleet::ask::<Heard>(&context.env, "https://fleet/beat", &BeatOf { id, beat }).await? {
        Heard::Known(answer) => Ok(Json(answer).into_response()),
        Heard::TooMany => Err(ApiError::new(409, "too_many_nodes", "This fleet has as many nodes as it may have.")),
    }
}

/// The nodes there are, for whoever runs them: with the token that nodes have.
#[utoipa::path(get, path = "/api/fleet", tag = "fleet", responses(
    (status = 200, body = Nodes),
    (status = 401, description = "wrong_fleet_token", body = ErrorBody),
    (status = 404, description = "no_fleet", body = ErrorBody),
))]
#[worker::send]
pub async fn nodes(context: Context) -> Answer<Json<Nodes>> {
    demand_token(&context)?;
    let nodes: Vec<NodeReport> = fleet::ask(&context.env, "https://fleet/nodes", &serde_json::json!({})).await?;
    Ok(Json(Nodes { nodes: nodes.into_iter().map(Into::into).collect() }))
}

/// The public keys by which nodes know our grants; none where there is no fleet.
#[utoipa::path(get, path = "/api/fleet/keys", tag = "fleet", responses((status = 200, body = KeySetSchema)))]
#[worker::send]
pub async fn keys(context: Context) -> Response {
    let keys: KeySet = tokens::key_set(Fleet::of(&context.env).as_ref().map(Fleet::key));
    ([(CACHE_CONTROL, "public, max-age=300")], Json(keys)).into_response()
}

/// Come into the media room that a grant is for: the offer goes to its node, and the answer is the node's.
#[utoipa::path(post, path = "/api/spaces/{id}/media/join", tag = "media", params(("id" = String, Path)), request_body = JoinIntent,
    responses(
        (status = 200, body = JoinAnswer),
        (status = 401, description = "not_signed_in", body = ErrorBody),
        (status = 403, description = "bad_grant, not_in_room", body = ErrorBody),
        (status = 404, description = "no_such_space, no_fleet", body = ErrorBody),
        (status = 409, description = "used_grant", body = ErrorBody),
        (status = 413, description = "offer_too_large", body = ErrorBody),
        (status = 422, description = "bad_offer", body = ErrorBody),
        (status = 429, description = "too_many_requests", body = ErrorBody),
        (status = 502, description = "node_unreachable", body = ErrorBody),
        (status = 503, description = "node_full, node_draining, node_not_ready", body = ErrorBody),
    ))]
#[worker::send]
pub async fn join(
    context: Context,
    viewer: Viewer,
    SpaceId(space): SpaceId,
    Body(JoinIntent { grant, offer }): Body<JoinIntent>,
) -> Answer<Json<JoinAnswer>> {
    let fleet = Fleet::of(&context.env).ok_or_else(no_fleet)?;
    limits::spend(&context, Limit::MediaJoin, &viewer.id).await?;
    if offer.len() > SDP_BYTES_MAX {
        return Err(offer_too_large());
    }
    let read = fleet.read_grant(&grant, &space, context.now_ms).await?;
    let Grant { at, room, .. } = read.ok_or_else(bad_grant)?;
    let request = to_node(&format!("{at}/v1/join"), &grant, SDP, offer)?;
    match within(JOIN_MS_MAX, exchange(request)).await {
        Ok(Ok(Err(refusal))) if refusal.code == DRAINING => {
            // Who comes now would hear nothing until the room's turn to move.
            if let Err(error) = fleet::hurry(&context.env, &space, room).await {
                log("warn", "join", &error.to_string());
            }
            Err(refusal)
        }
        Ok(Ok(answer)) => Ok(Json(JoinAnswer { answer: answer? })),
        Ok(Err(error)) | Err(error) => {
            log("warn", "join", &error.to_string());
            Err(unreachable())
        }
    }
}

/// The inner error is the node's; the outer one means that it is none, or dead.
async fn exchange(request: worker::Request) -> worker::Result<Answer<String>> {
    let mut response = send(request, JOIN_MS_MAX).await?;
    let status = response.status_code();
    let length = response.headers().get("content-length")?.and_then(|length| length.parse::<usize>().ok());
    if length.is_some_and(|length| length > SDP_BYTES_MAX) {
        return Err(worker::Error::RustError("the answer of a node is too long".into()));
    }
    if status == 201 {
        let answer = response.text().await?;
        let is_sdp = answer.len() <= SDP_BYTES_MAX && answer.starts_with("v=0");
        return if is_sdp { Ok(Ok(answer)) } else { Err(worker::Error::RustError("a node answered no SDP".into())) };
    }
    let refusal: Refusal = response.json().await.unwrap_or_default();
    Ok(Err(refused(status, &refusal.error)))
}

/// How a node says no.
#[derive(Default, Deserialize)]
struct Refusal {
    error: String,
}

fn refused(status: u16, error: &str) -> ApiError {
    match (status, error) {
        (400, _) => ApiError::new(422, "bad_offer", "The node cannot make sense of this offer."),
        (401, _) => bad_grant(),
        (403, _) => ApiError::new(403, "not_in_room", "This session is not in that room any more."),
        (409, _) => ApiError::new(409, "used_grant", "This grant was used already; ask the space for another."),
        (413, _) => offer_too_large(),
        (503, "full") => ApiError::new(503, "node_full", "The node of this room is full. Try again in a moment."),
        (503, "draining") => {
            ApiError::new(503, DRAINING, "The node of this room is ending; the space will name another.")
        }
        (503, _) => {
            ApiError::new(503, "node_not_ready", "The node of this room is not ready yet. Try again in a moment.")
        }
        _ => {
            log("warn", "join", &format!("a node answered {status}"));
            unreachable()
        }
    }
}

fn demand_token(context: &Context) -> Answer<()> {
    let fleet = Fleet::of(&context.env).ok_or_else(no_fleet)?;
    if context.bearer.as_deref().is_some_and(|token| fleet.is_token(token)) {
        return Ok(());
    }
    Err(ApiError::new(
        401,
        "wrong_fleet_token",
        "This is for nodes of the fleet and who runs them: send FLEET_TOKEN as a bearer token.",
    ))
}

fn no_fleet() -> ApiError {
    ApiError::new(404, "no_fleet", "This installation has no media fleet; docs/fleet.md says how to have one.")
}

fn bad_grant() -> ApiError {
    ApiError::new(403, "bad_grant", "This grant is wrong, over, or for another space; ask the space for another.")
}

fn offer_too_large() -> ApiError {
    ApiError::new(413, "offer_too_large", "The offer is larger than 200 kB.")
}

fn unreachable() -> ApiError {
    ApiError::new(502, "node_unreachable", "The node of this room does not answer; the space will name another.")
}
