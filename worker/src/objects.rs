//! The Worker's side of the seam to a space's object. Requests are made fresh: nothing a client sent reaches an object
//! except through the admission.

use earshot_protocol::Look;
use earshot_space::permissions::Role;
use futures_util::future::join_all;
use serde::{Deserialize, Serialize};
use worker::{Headers, Method, Request, RequestInit, Response, Result};

use crate::api::types::Online;
use crate::context::Context;
use crate::error::log;

/// Who comes, and where to: all the object needs to know.
#[derive(Serialize)]
pub struct Admission<'a> {
    pub user_id: &'a str,
    pub name: &'a str,
    pub guest: bool,
    pub role: Role,
    pub look: Option<Look>,
    pub space: AdmissionSpace<'a>,
}

#[derive(Serialize)]
pub struct AdmissionSpace<'a> {
    pub id: &'a str,
    pub name: &'a str,
    pub template: &'a str,
}

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
    send(context, admission.space.id, Request::new_with_init("https://space/ws", &init)?).await
}

/// Who is in a space now. Nobody, if its object does not answer: a list of spaces must not fail for one of them.
pub async fn online(context: &Context, space_id: &str) -> Vec<Online> {
    let answer = async {
        let request = Request::new("https://space/online", Method::Get)?;
        send(context, space_id, request).await?.json::<OnlineAnswer>().await
    };
    match answer.await {
        Ok(answer) => answer.online,
        Err(error) => {
            log("warn", "online", &error.to_string());
            Vec::new()
        }
    }
}

/// What a space has counted.
pub async fn counters(context: &Context, space_id: &str) -> Result<serde_json::Value> {
    let request = Request::new("https://space/counters", Method::Get)?;
    let mut response = send(context, space_id, request).await?;
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

/// Sends someone out of a space.
pub async fn remove(context: &Context, space_id: &str, user_id: &str, reason: &str) {
    post(context, space_id, "https://space/remove", &Removal { user_id, reason }).await;
}

/// Sends everyone out and forgets the space. Should this fail, who is there stays until they leave; nobody is let in any
/// more.
pub async fn close(context: &Context, space_id: &str) {
    post(context, space_id, "https://space/close", &serde_json::json!({})).await;
}

/// Best effort: what it says is in the database already, and the object learns it at the next admission.
async fn post(context: &Context, space_id: &str, url: &str, body: &impl Serialize) {
    let sent = async {
        let body = serde_json::to_string(body)?;
        let headers = Headers::new();
        headers.set("content-type", "application/json")?;
        let mut init = RequestInit::new();
        init.with_method(Method::Post).with_headers(headers).with_body(Some(body.into()));
        send(context, space_id, Request::new_with_init(url, &init)?).await
    };
    match sent.await {
        Ok(response) if response.status_code() < 300 => {}
        Ok(response) => log("warn", "object", &format!("{url} answered {}", response.status_code())),
        Err(error) => log("warn", "object", &error.to_string()),
    }
}

async fn send(context: &Context, space_id: &str, request: Request) -> Result<Response> {
    context.env.durable_object("SPACES")?.get_by_name(space_id)?.fetch_with_request(request).await
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
