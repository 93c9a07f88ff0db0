//! The node's HTTP: joins, words of the space, health, and metrics. Tokens are checked before a body is read.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Request, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use earshot_media::node::{BadWords, Refusal, hearing_sets};
use earshot_media::sparing::Level;
use earshot_protocol::fleet::{HEARING_BYTES_MAX, HearingSets, SDP_BYTES_MAX};
use serde_json::json;
use tokio::sync::oneshot;

use crate::metrics;
use crate::shard::{Command, Figures, ShardHandle};
use crate::tokens::{BadToken, Tokens, digest};

/// What a node is told to have to do at least while it leaves out pictures. The Worker puts rooms on calm nodes (80 %) before such, and on
/// overloaded ones (95 %) none; for voices alone there may still be time.
const SPARING_LOAD: f32 = 0.9;

/// What all requests share.
pub struct App {
    pub tokens: Tokens,
    pub shards: Vec<ShardHandle>,
    pub run: String,
    pub capacity: u32,
    pub is_draining: AtomicBool,
    /// Joins that were refused, by the word that was answered.
    pub refused: AtomicU64,
    /// What became of TCP streams.
    pub streams: Arc<crate::tcp::Tally>,
}

impl App {
    pub fn is_draining(&self) -> bool {
        self.is_draining.load(Ordering::Relaxed)
    }

    pub fn participants(&self) -> usize {
        self.shards.iter().map(|shard| shard.figures().participants).sum()
    }

    /// Of its busiest thread. One that leaves out pictures has time only because of that.
    pub fn load(&self) -> f32 {
        let load_of = |figures: Figures| {
            if figures.level > Level::Whole { figures.load.max(SPARING_LOAD) } else { figures.load }
        };
        self.shards.iter().map(|shard| load_of(shard.figures())).fold(0.0, f32::max).min(1.0)
    }

    fn shard_of(&self, space: &str, room: u64) -> Option<&ShardHandle> {
        let mut hasher = DefaultHasher::new();
        (space, room).hash(&mut hasher);
        let count = u64::try_from(self.shards.len()).ok()?;
        self.shards.get(usize::try_from(hasher.finish().checked_rem(count)?).ok()?)
    }
}

pub fn router(app: Arc<App>) -> Router {
    Router::new()
        .route("/v1/join", post(join))
        .route("/v1/hearing", post(hearing))
        .route("/health/live", get(live))
        .route("/health/ready", get(ready))
        .route("/metrics", get(render_metrics))
        .with_state(app)
}

/// A refusal: a status, a word for programs, and a sentence for people.
#[derive(Clone, Copy, Debug)]
struct Error(StatusCode, &'static str, &'static str);

const BAD_OFFER: Error = Error(StatusCode::BAD_REQUEST, "bad_offer", "The offer cannot be read or answered.");
const BAD_WORDS: Error = Error(StatusCode::BAD_REQUEST, "bad_request", "The hearing sets cannot be read.");
const BAD_GRANT: Error =
    Error(StatusCode::UNAUTHORIZED, "bad_grant", "The grant is forged, expired, or not for this node.");
const BAD_WORD: Error = Error(StatusCode::UNAUTHORIZED, "bad_word", "The word is forged, expired, or not for this.");
const NOT_IN_ROOM: Error =
    Error(StatusCode::FORBIDDEN, "not_in_room", "The space does not name this session in this room.");
const USED_GRANT: Error = Error(StatusCode::CONFLICT, "used_grant", "The grant was used already.");
const TOO_LARGE: Error = Error(StatusCode::PAYLOAD_TOO_LARGE, "too_large", "The body is too long.");
const FULL: Error = Error(StatusCode::SERVICE_UNAVAILABLE, "full", "There is no room for another.");
const DRAINING: Error = Error(StatusCode::SERVICE_UNAVAILABLE, "draining", "The node ends soon.");
const NO_KEYS: Error = Error(StatusCode::SERVICE_UNAVAILABLE, "no_keys", "The node has no keys to check grants with.");

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let Self(status, word, message) = self;
        let body = json!({ "error": word, "message": message }).to_string();
        (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
    }
}

fn json_of(status: StatusCode, value: &serde_json::Value) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], value.to_string()).into_response()
}

async fn join(State(app): State<Arc<App>>, request: Request<Body>) -> Response {
    let answered = admit(&app, request).await;
    match answered {
        Ok(answer) => (StatusCode::CREATED, [(header::CONTENT_TYPE, "application/sdp")], answer).into_response(),
        Err(error) => {
            app.refused.fetch_add(1, Ordering::Relaxed);
            tracing::info!(error = error.1, "not let in");
            error.into_response()
        }
    }
}

async fn admit(app: &App, request: Request<Body>) -> Result<String, Error> {
    let (head, body) = request.into_parts();
    let token = bearer(&head.headers).ok_or(BAD_GRANT)?;
    if app.is_draining() {
        return Err(DRAINING);
    }
    let (admission, grant) = app.tokens.grant(token).await.map_err(|bad| match bad {
        BadToken::NoKeys => NO_KEYS,
        BadToken::Used => USED_GRANT,
        BadToken::Full => FULL,
        BadToken::Invalid => BAD_GRANT,
    })?;
    let answered = async {
        let offer = text(&head.headers, body, SDP_BYTES_MAX).await?;
        let offer = String::from_utf8(offer).map_err(|_| BAD_OFFER)?;
        let shard = app.shard_of(&admission.space, admission.room).ok_or(FULL)?;
        // Whether there is a place is for the shard to say: whoever has one may come anew.
        let elsewhere = app.participants().saturating_sub(shard.figures().participants);
        let (answer, answered) = oneshot::channel();
        if !shard.send(Command::Join { admission, offer, elsewhere, answer }) {
            return Err(FULL);
        }
        answered.await.map_err(|_| FULL)?.map_err(|refusal| match refusal {
            Refusal::BadOffer => BAD_OFFER,
            Refusal::TooLarge => TOO_LARGE,
            Refusal::NotInRoom => NOT_IN_ROOM,
            Refusal::Full => FULL,
        })
    }
    .await;
    if answered.is_err() {
        app.tokens.release(&grant);
    }
    answered
}

async fn hearing(State(app): State<Arc<App>>, request: Request<Body>) -> Response {
    match hear(&app, request).await {
        Ok(revisions) => {
            let rooms: Vec<_> =
                revisions.into_iter().map(|(room, revision)| json!({ "room": room, "revision": revision })).collect();
            json_of(StatusCode::OK, &json!({ "rooms": rooms }))
        }
        Err(error) => {
            tracing::warn!(error = error.1, "a word was refused");
            error.into_response()
        }
    }
}

async fn hear(app: &App, request: Request<Body>) -> Result<Vec<(u64, u64)>, Error> {
    let (head, body) = request.into_parts();
    let token = bearer(&head.headers).ok_or(BAD_WORD)?;
    let word = app.tokens.word(token).await.map_err(|bad| match bad {
        BadToken::NoKeys => NO_KEYS,
        _ => BAD_WORD,
    })?;
    let body = text(&head.headers, body, HEARING_BYTES_MAX).await?;
    if digest(&body) != word.digest {
        return Err(BAD_WORD);
    }
    let sets = hearing_sets(&body).map_err(|bad| match bad {
        BadWords::TooLarge => TOO_LARGE,
        BadWords::Unreadable => BAD_WORDS,
    })?;
    let mut revisions = Vec::new();
    for (shard, sets) in dealt(app, sets) {
        let (answer, answered) = oneshot::channel();
        if !shard.send(Command::Hear { sets, answer }) {
            return Err(FULL);
        }
        revisions.extend(answered.await.map_err(|_| FULL)?);
    }
    revisions.sort_unstable();
    Ok(revisions)
}

/// To each shard its own rooms.
fn dealt(app: &App, sets: HearingSets) -> Vec<(&ShardHandle, HearingSets)> {
    let HearingSets { space, rooms, closed } = sets;
    let empty = || HearingSets { space: space.clone(), ..HearingSets::default() };
    let mut dealt: Vec<(&ShardHandle, HearingSets)> = app.shards.iter().map(|shard| (shard, empty())).collect();
    let place = |room: u64| app.shard_of(&space, room).map(std::ptr::from_ref);
    for room in rooms {
        let owner = place(room.room);
        if let Some((_, sets)) = dealt.iter_mut().find(|(shard, _)| Some(std::ptr::from_ref(*shard)) == owner) {
            sets.rooms.push(room);
        }
    }
    for room in closed {
        let owner = place(room);
        if let Some((_, sets)) = dealt.iter_mut().find(|(shard, _)| Some(std::ptr::from_ref(*shard)) == owner) {
            sets.closed.push(room);
        }
    }
    dealt.retain(|(_, sets)| !sets.rooms.is_empty() || !sets.closed.is_empty());
    dealt
}

async fn live(State(app): State<Arc<App>>) -> Response {
    json_of(StatusCode::OK, &json!({ "run": app.run, "draining": app.is_draining() }))
}

async fn ready(State(app): State<Arc<App>>) -> Response {
    let is_ready = !app.is_draining() && !app.tokens.keys.is_empty();
    let status = if is_ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    json_of(status, &json!({ "run": app.run, "draining": app.is_draining() }))
}

async fn render_metrics(State(app): State<Arc<App>>) -> Response {
    let text = metrics::render(&app);
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response()
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}

async fn text(headers: &HeaderMap, body: Body, bytes_max: usize) -> Result<Vec<u8>, Error> {
    let length = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if length.is_some_and(|length| length > bytes_max) {
        return Err(TOO_LARGE);
    }
    to_bytes(body, bytes_max).await.map(Into::into).map_err(|_| TOO_LARGE)
}
