//! The media fleet, from outside its object: the key, the tokens that are signed with it, questions to the object, and words to
//! nodes.
//!
//! Where the key or the token of the fleet is missing, there is no fleet: nothing is signed, nobody registers, and no room has a
//! place.

use std::time::Duration;

use earshot_protocol::SessionId;
use earshot_protocol::fleet::{Grant, HearingSets};
use futures_util::future::{Either, select};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use worker::{
    AbortController, Delay, Env, Error, Fetch, Headers, Method, Request, RequestInit, RequestRedirect, Response, Result,
};

use crate::core::es256::{self, SigningKey};
use crate::core::fleet::lane::{self, Told};
use crate::core::fleet::placement;
use crate::core::fleet::tokens::{self, FLEET_TOKEN_BYTES_MIN, Place};
use crate::objects::posted;
use crate::signatures::{is_ours, sign};

/// The one object of the fleet.
const OBJECT: &str = "fleet";
/// A node that takes longer to take hearing sets has something wrong with it.
const HEARING_MS_MAX: u64 = 2_000;
/// The fleet's object only reads and writes rows for what spaces ask. A question that hangs longer would stand in the way of the next.
const ANSWER_MS_MAX: u64 = 5_000;
/// To find out about nodes it asks them, up to three times, and waits for each up to three seconds.
const PROBED_MS_MAX: u64 = 10_000;

/// What a fleet needs.
pub struct Fleet {
    key: SigningKey,
    token: String,
}

impl Fleet {
    /// None where there is to be no fleet.
    pub fn of(env: &Env) -> Option<Self> {
        let secret = |name| env.secret(name).map(|secret| secret.to_string()).unwrap_or_default();
        let key = SigningKey::parse(secret("FLEET_PRIVATE_KEY").trim())?;
        // A line's end that came along with it is not part of it.
        let token = secret("FLEET_TOKEN").trim().to_owned();
        (token.len() >= FLEET_TOKEN_BYTES_MIN).then_some(Self { key, token })
    }

    pub fn key(&self) -> &SigningKey {
        &self.key
    }

    /// Is this the token that nodes and operators have?
    pub fn is_token(&self, theirs: &str) -> bool {
        tokens::is_fleet_token(&self.token, theirs)
    }

    /// Lets a session into a room, once.
    pub async fn grant(&self, place: &Place<'_>, session: SessionId, publish: bool, now_ms: i64) -> Result<String> {
        let random = |error: getrandom::Error| Error::RustError(error.to_string());
        self.token(&tokens::grant(place, session, publish, now_ms).map_err(random)?).await
    }

    /// A grant of ours for this space.
    pub async fn read_grant(&self, token: &str, space: &str, now_ms: i64) -> Result<Option<Grant>> {
        let Some(unproven) = tokens::read_grant(token, &self.key.id(), space, now_ms) else { return Ok(None) };
        let is_ours = is_ours(&self.key, unproven.signed, &unproven.signature).await?;
        Ok(is_ours.then_some(unproven.claims))
    }

    /// Tells a node who hears whom. An error where nobody knows whether it was heard.
    pub async fn tell(&self, node: &str, url: &str, sets: &HearingSets, now_ms: i64) -> Result<Told> {
        let body = serde_json::to_string(sets)?;
        let word = self.token(&tokens::word(node, body.as_bytes(), now_ms)).await?;
        let request = to_node(&format!("{url}/v1/hearing"), &word, "application/json", body)?;
        let response = send(request, HEARING_MS_MAX).await?;
        lane::told(response.status_code())
            .ok_or_else(|| Error::RustError(format!("hearing sets were answered {}", response.status_code())))
    }

    async fn token(&self, claims: &impl Serialize) -> Result<String> {
        let unsigned = es256::unsigned(Some(self.key.id()), claims)?;
        Ok(es256::signed(&unsigned, &sign(&self.key, &unsigned).await?))
    }
}

/// How often nodes beat here.
pub fn beat_ms(env: &Env) -> i64 {
    placement::beat_ms(&env.var("FLEET_BEAT_MS").map(|value| value.to_string()).unwrap_or_default())
}

/// A post to a node, with a token.
pub fn to_node(url: &str, token: &str, kind: &str, body: String) -> Result<Request> {
    let headers = Headers::new();
    headers.set("authorization", &format!("Bearer {token}"))?;
    headers.set("content-type", kind)?;
    let mut init = RequestInit::new();
    // A node does not send us elsewhere.
    init.with_method(Method::Post)
        .with_headers(headers)
        .with_redirect(RequestRedirect::Manual)
        .with_body(Some(body.into()));
    Request::new_with_init(url, &init)
}

/// Sends to a node, and waits for the head of the answer so long and no longer.
pub async fn send(request: Request, ms_max: u64) -> Result<Response> {
    try_send(request, ms_max).await?.ok_or_else(|| too_late(ms_max))
}

/// The same; none where it took too long.
pub async fn try_send(request: Request, ms_max: u64) -> Result<Option<Response>> {
    let controller = AbortController::default();
    let signal = controller.signal();
    let fetch = Fetch::Request(request);
    match within(ms_max, fetch.send_with_signal(&signal)).await {
        Ok(answer) => answer.map(Some),
        Err(_) => {
            controller.abort();
            Ok(None)
        }
    }
}

/// The outer error: it took too long.
pub async fn within<T>(ms_max: u64, work: impl Future<Output = T>) -> Result<T> {
    let (work, late) = (std::pin::pin!(work), Delay::from(Duration::from_millis(ms_max)));
    match select(work, late).await {
        Either::Left((done, _)) => Ok(done),
        Either::Right(_) => Err(too_late(ms_max)),
    }
}

fn too_late(ms_max: u64) -> Error {
    Error::RustError(format!("no answer within {ms_max} ms"))
}

/// A room that needs a node.
#[derive(Serialize, Deserialize)]
pub struct PlaceIntent {
    pub space: String,
    pub room: u64,
    /// Who publishes in it.
    pub participants: u32,
    /// Who only listens in.
    #[serde(default)]
    pub listeners: u32,
    /// Where the space is at home; empty where that is unknown.
    pub region: String,
}

/// The node it is on now.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Placement {
    pub node: String,
    pub url: String,
}

#[derive(Serialize, Deserialize)]
pub struct Placed {
    pub placement: Option<Placement>,
}

/// Some rooms of a space: that are no more, or of which one wants to know.
#[derive(Serialize, Deserialize)]
pub struct Rooms {
    pub space: String,
    pub rooms: Vec<u64>,
}

/// Of one space and its rooms that have no node any more.
#[derive(Serialize, Deserialize)]
pub struct RoomsGone {
    pub rooms: Vec<u64>,
}

#[derive(Serialize, Deserialize)]
pub struct Probed {
    /// Those whose node does not answer.
    pub gone: Vec<u64>,
}

/// A node for a room; none where nobody has a place for it.
pub async fn place(env: &Env, intent: &PlaceIntent) -> Result<Option<Placement>> {
    let answer = within(ANSWER_MS_MAX, ask::<Placed>(env, "https://fleet/place", intent)).await??;
    Ok(answer.placement)
}

/// Rooms are no more.
pub async fn gone(env: &Env, space: &str, rooms: Vec<u64>) -> Result<()> {
    let rooms = Rooms { space: space.to_owned(), rooms };
    let response = within(ANSWER_MS_MAX, request(env, "https://fleet/gone", &rooms)).await??;
    if response.status_code() < 300 { Ok(()) } else { Err(answered("gone", &response)) }
}

/// The node of a room turns people away because it is about to end.
pub async fn hurry(env: &Env, space: &str, room: u64) -> Result<()> {
    let rooms = Rooms { space: space.to_owned(), rooms: vec![room] };
    let response = request(env, "https://fleet/hurry", &rooms).await?;
    if response.status_code() < 300 { Ok(()) } else { Err(answered("hurry", &response)) }
}

/// Which of these rooms are on nodes that do not answer?
pub async fn probe(env: &Env, space: &str, rooms: Vec<u64>) -> Result<Vec<u64>> {
    let rooms = Rooms { space: space.to_owned(), rooms };
    Ok(within(PROBED_MS_MAX, ask::<Probed>(env, "https://fleet/probe", &rooms)).await??.gone)
}

/// Asks the fleet's object.
pub async fn ask<T: DeserializeOwned>(env: &Env, url: &str, body: &impl Serialize) -> Result<T> {
    let mut response = request(env, url, body).await?;
    if response.status_code() >= 300 {
        return Err(answered(url, &response));
    }
    response.json().await
}

/// Asks the fleet's object, whatever it answers.
pub async fn request(env: &Env, url: &str, body: &impl Serialize) -> Result<Response> {
    env.durable_object("FLEET")?.get_by_name(OBJECT)?.fetch_with_request(posted(url, body)?).await
}

fn answered(what: &str, response: &Response) -> Error {
    Error::RustError(format!("{what} answered {}", response.status_code()))
}
