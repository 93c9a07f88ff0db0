//! The Worker's side of the seam to a space's object. Requests are made fresh: nothing a client sent reaches an object
//! except through the admission.

use std::cell::RefCell;
use std::time::Duration;

use earshot_protocol::Look;
use earshot_space::permissions::Role;
use futures_util::future::join_all;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use worker::{Delay, Env, Headers, Method, Request, RequestInit, Response, Result};

use crate::api::chat_types::Channel;
use crate::api::types::Online;
use crate::context::Context;
use crate::core::counts::Counts;
use crate::db::{self, Db};
use crate::error::log;
use crate::fleet::{RoomsGone, within};

/// Who comes, and where to: all the object needs to know.
#[derive(Serialize)]
pub struct Admission<'a> {
    pub user_id: &'a str,
    pub name: &'a str,
    pub guest: bool,
    pub role: Role,
    pub look: Option<Look>,
    /// With whom they do not want to have to do.
    pub blocked: Vec<String>,
    pub space: AdmissionSpace<'a>,
    pub rules: Rules,
    /// Where in the world they came in.
    pub region: &'a str,
    /// Before anything was looked up: who was sent out after that does not come in by this.
    pub checked_ms: i64,
}

#[derive(Serialize)]
pub struct AdmissionSpace<'a> {
    pub id: &'a str,
    pub name: &'a str,
    pub template: &'a str,
}

/// What holds for writing, as the engine reads it.
#[derive(Serialize)]
pub struct Rules {
    revision: i64,
    slow_mode_s: i64,
    retention_days: i64,
    words: Vec<String>,
    channels: Vec<Channel>,
}

impl From<db::channels::Rules> for Rules {
    fn from(rules: db::channels::Rules) -> Self {
        let db::channels::Rules { revision, slow_mode_s, retention_days, words, channels } = rules;
        // The engine counts from 1.
        let revision = revision + 1;
        Self {
            revision,
            slow_mode_s,
            retention_days,
            words,
            channels: channels.into_iter().map(Channel::from).collect(),
        }
    }
}

/// Change a message.
#[derive(Serialize)]
pub struct Change<'a> {
    pub actor: &'a str,
    pub role: Role,
    /// This and the template in case that nobody has come in since the object has a memory.
    pub space_id: &'a str,
    pub template: &'a str,
    pub message_id: i64,
    pub target: Option<ChangeTarget<'a>>,
    pub what: What<'a>,
}

/// The message, as the record has it.
#[derive(Serialize)]
pub struct ChangeTarget<'a> {
    pub channel: &'a str,
    pub author_id: &'a str,
    pub is_deleted: bool,
}

/// What is done to it.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
pub enum What<'a> {
    Edited(&'a str),
    Deleted,
    Reacted(&'a str),
    Unreacted(&'a str),
}

/// What came of it.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeAnswer {
    /// 0: it was so already.
    Done {
        id: i64,
    },
    Refused {
        reason: String,
        retry_in_ms: Option<u32>,
    },
}

#[derive(Serialize)]
struct Blocked<'a> {
    user_id: &'a str,
    blocked: &'a [String],
    checked_ms: i64,
}

#[derive(Serialize)]
struct Letter<'a, T> {
    user_id: &'a str,
    payload: &'a T,
}

#[derive(Serialize, Deserialize)]
pub struct Delivered {
    pub delivered: bool,
}

#[derive(Serialize)]
struct Forgotten<'a> {
    user_id: &'a str,
}

#[derive(Serialize)]
struct Purged {
    number: i64,
}

#[derive(Serialize, Deserialize)]
pub struct Inside {
    pub user_id: String,
    pub area: u32,
}

#[derive(Serialize, Deserialize)]
pub struct IsInside {
    pub inside: bool,
}

/// How often a space is told what must not be missed: one that is being restarted hears it the second time. Somebody waits for the
/// answer, so not for long.
const TELL_TRIES: u32 = 3;
const TELL_AGAIN_MS: u64 = 300;
const TELL_MS_MAX: u64 = 3_000;

/// The header that carries the admission. Only the Worker can reach an object, so it is believed.
const ADMISSION: &str = "x-earshot-admission";

#[derive(Deserialize)]
struct OnlineAnswer {
    online: Vec<Online>,
}

#[derive(Serialize)]
struct Profile<'a> {
    user_id: &'a str,
    name: &'a str,
    look: Option<Look>,
}

#[derive(Serialize)]
struct Removal<'a> {
    user_id: &'a str,
    reason: &'a str,
}

/// Hands a WebSocket upgrade over.
pub async fn open_socket(context: &Context, admission: &Admission<'_>) -> Result<Response> {
    let headers = Headers::new();
    headers.set("upgrade", "websocket")?;
    headers.set(ADMISSION, &percent_encode(&serde_json::to_string(admission)?))?;
    let mut init = RequestInit::new();
    init.with_headers(headers);
    send(&context.env, admission.space.id, Request::new_with_init("https://space/ws", &init)?).await
}

/// Who is in a space now. Nobody, if its object does not answer: a list of spaces must not fail for one of them.
pub async fn online(context: &Context, space_id: &str) -> Vec<Online> {
    ask_online(context, space_id).await.unwrap_or_default()
}

/// None: it does not answer.
async fn ask_online(context: &Context, space_id: &str) -> Option<Vec<Online>> {
    let answer = async {
        let request = Request::new("https://space/online", Method::Get)?;
        send(&context.env, space_id, request).await?.json::<OnlineAnswer>().await
    };
    let answer = answer.await.inspect_err(|error| log("warn", "online", &error.to_string()));
    answer.ok().map(|answer| answer.online)
}

thread_local! {
    /// Of spaces that were on lists a moment ago, for all requests that come to this isolate.
    static COUNTS: RefCell<Counts> = RefCell::default();
}

/// How many are in a space, or were a few seconds ago: for lists, which anybody may ask for as often as they like.
pub async fn online_about(context: &Context, space_id: &str) -> usize {
    if let Some(count) = COUNTS.with_borrow(|counts| counts.of(space_id, context.now_ms)) {
        return count;
    }
    let Some(online) = ask_online(context, space_id).await else { return 0 };
    let count = online.len();
    COUNTS.with_borrow_mut(|counts| counts.found(space_id, count, context.now_ms));
    count
}

/// What a space has counted.
pub async fn counters(context: &Context, space_id: &str) -> Result<serde_json::Value> {
    let request = Request::new("https://space/counters", Method::Get)?;
    let mut response = send(&context.env, space_id, request).await?;
    if response.status_code() != 200 {
        return Err(worker::Error::RustError(format!("counters answered {}", response.status_code())));
    }
    response.json().await
}

/// Tells spaces that someone is called or looks otherwise now.
pub async fn tell_profile(context: &Context, space_ids: &[String], user_id: &str, name: &str, look: Option<Look>) {
    let profile = Profile { user_id, name, look };
    join_all(space_ids.iter().map(|id| post(context, id, "https://space/profile", &profile))).await;
}

/// Sends someone out of a space. False where it could not be told, though it was told several times: then they may still be there.
pub async fn remove(context: &Context, space_id: &str, user_id: &str, reason: &str) -> bool {
    tell(&context.env, space_id, "https://space/remove", &Removal { user_id, reason }).await
}

/// Sends all out who are no members. False as above.
pub async fn remove_guests(context: &Context, space_id: &str) -> bool {
    tell(&context.env, space_id, "https://space/remove-guests", &serde_json::json!({})).await
}

/// Says it several times, if need be. Whether it arrived.
async fn tell(env: &Env, space_id: &str, url: &str, body: &impl Serialize) -> bool {
    for tries in 1..=TELL_TRIES {
        match within(TELL_MS_MAX, post_to(env, space_id, url, body)).await {
            Ok(true) => return true,
            Ok(false) => {}
            Err(error) => log("warn", "tell", &error.to_string()),
        }
        if tries < TELL_TRIES {
            Delay::from(Duration::from_millis(TELL_AGAIN_MS)).await;
        }
    }
    false
}

/// Sends everyone out and forgets the space. Should this fail, nobody is let in any more, and who is there stays until something
/// is said: then the space finds that it is gone.
pub async fn close(context: &Context, space_id: &str) {
    tell(&context.env, space_id, "https://space/close", &serde_json::json!({})).await;
}

/// Tells a space what holds for writing there now. Whether it knows it; else it learns it when somebody next comes in.
pub async fn tell_rules(env: &Env, db: &Db, space_id: &str) -> bool {
    match db.rules(space_id).await {
        Ok(Some(rules)) => tell(env, space_id, "https://space/rules", &Rules::from(rules)).await,
        Ok(None) => true,
        Err(error) => {
            log("warn", "rules", &error.to_string());
            false
        }
    }
}

/// Tells a space with whom somebody who is there does not want to have to do, as it was looked up after `checked_ms`. Whether it knows it now.
pub async fn tell_blocks(env: &Env, space_id: &str, user_id: &str, blocked: &[String], checked_ms: i64) -> bool {
    tell(env, space_id, "https://space/blocks", &Blocked { user_id, blocked, checked_ms }).await
}

/// A channel is gone.
pub async fn purged(env: &Env, space_id: &str, number: i64) {
    tell(env, space_id, "https://space/purged", &Purged { number }).await;
}

/// An account is gone. Whether the space knows it now.
pub async fn forgotten(env: &Env, space_id: &str, user_id: &str) -> bool {
    post_to(env, space_id, "https://space/forgotten", &Forgotten { user_id }).await
}

/// Brings something to somebody who is in a space. Whether they are.
pub async fn mail<T: Serialize>(env: &Env, space_id: &str, user_id: &str, payload: &T) -> bool {
    match ask::<Delivered>(env, space_id, "https://space/mail", &Letter { user_id, payload }).await {
        Ok(answer) => answer.delivered,
        Err(error) => {
            log("warn", "mail", &error.to_string());
            false
        }
    }
}

/// Is somebody inside a private area of a space now?
pub async fn is_inside(env: &Env, space_id: &str, user_id: &str, area: u32) -> Result<bool> {
    let question = Inside { user_id: user_id.to_owned(), area };
    Ok(ask::<IsInside>(env, space_id, "https://space/inside", &question).await?.inside)
}

/// Has a message changed.
pub async fn change(env: &Env, change: &Change<'_>) -> Result<ChangeAnswer> {
    ask(env, change.space_id, "https://space/change", change).await
}

/// Some media rooms of a space have no node any more. Whether it knows it now.
pub async fn rooms_gone(env: &Env, space_id: &str, rooms: Vec<u64>) -> bool {
    post_to(env, space_id, "https://space/rooms-gone", &RoomsGone { rooms }).await
}

/// Best effort: what it says is in the database already, and the object learns it at the next admission.
async fn post(context: &Context, space_id: &str, url: &str, body: &impl Serialize) {
    post_to(&context.env, space_id, url, body).await;
}

/// Whether it arrived.
async fn post_to(env: &Env, space_id: &str, url: &str, body: &impl Serialize) -> bool {
    let sent = async { send(env, space_id, posted(url, body)?).await };
    match sent.await {
        Ok(response) if response.status_code() < 300 => true,
        Ok(response) => {
            log("warn", "object", &format!("{url} answered {}", response.status_code()));
            false
        }
        Err(error) => {
            log("warn", "object", &error.to_string());
            false
        }
    }
}

async fn ask<T: DeserializeOwned>(env: &Env, space_id: &str, url: &str, body: &impl Serialize) -> Result<T> {
    let mut response = send(env, space_id, posted(url, body)?).await?;
    if response.status_code() >= 300 {
        return Err(worker::Error::RustError(format!("{url} answered {}", response.status_code())));
    }
    response.json().await
}

pub fn posted(url: &str, body: &impl Serialize) -> Result<Request> {
    let body = serde_json::to_string(body)?;
    let headers = Headers::new();
    headers.set("content-type", "application/json")?;
    let mut init = RequestInit::new();
    init.with_method(Method::Post).with_headers(headers).with_body(Some(body.into()));
    Request::new_with_init(url, &init)
}

async fn send(env: &Env, space_id: &str, request: Request) -> Result<Response> {
    env.durable_object("SPACES")?.get_by_name(space_id)?.fetch_with_request(request).await
}

/// Headers are Latin-1; names are not.
fn percent_encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for &byte in text.as_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(char::from(byte)),
            _ => {
                out.push('%');
                for nibble in [byte >> 4, byte & 15] {
                    out.push(char::from(b"0123456789ABCDEF"[usize::from(nibble)]));
                }
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_name_fits_a_header() {
        assert_eq!(percent_encode("a\"é\n"), "a%22%C3%A9%0A");
    }
}
