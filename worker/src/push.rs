//! Pushes, sent: the platform's cryptography and its fetch around what `core::push` decides.
//!
//! Where no key is configured, nothing is offered and nothing is sent.

use serde_json::json;
use wasm_bindgen::JsCast as _;
use worker::js_sys::{Reflect, Uint8Array};
use worker::web_sys::{CryptoKey, SubtleCrypto};
use worker::{Env, Error, Fetch, Headers, Method, Request, RequestInit, RequestRedirect, Result};

use crate::core::es256::{POINT_BYTES, SigningKey};
use crate::core::ids;
use crate::core::notices::Kind;
use crate::core::push::{self, PAYLOAD_BYTES_MAX, Payload, Receiver, TTL_S};
use crate::db::Db;
use crate::db::push::Subscription;
use crate::error::log;
use crate::signatures::{bytes, object, sign, subtle, usages, wait};

/// Pushes that one cause may send: a request may make 50 subrequests on the free plan.
const SENT_MAX: usize = 30;

/// The key that pushes are signed with, and where its owner can be reached.
pub struct Sender {
    key: SigningKey,
    subject: String,
    more_hosts: String,
}

/// What came of a push.
enum Outcome {
    Taken,
    /// The subscription is over.
    Gone,
    Failed,
}

impl Sender {
    /// None where pushes are not configured.
    pub fn of(env: &Env) -> Option<Self> {
        let secret = |name| env.secret(name).map(|secret| secret.to_string()).unwrap_or_default();
        let key = SigningKey::parse(secret("VAPID_PRIVATE_KEY").trim())?;
        let subject = secret("VAPID_SUBJECT");
        let is_reachable = subject.starts_with("mailto:") || subject.starts_with("https://");
        is_reachable.then(|| Self { key, subject, more_hosts: more_hosts(env) })
    }

    /// As browsers want it.
    pub fn public(&self) -> String {
        self.key.public()
    }
}

/// Origins besides the known services that pushes may be sent to.
pub fn more_hosts(env: &Env) -> String {
    env.var("PUSH_HOSTS").map(|hosts| hosts.to_string()).unwrap_or_default()
}

/// Tells people who are away, each on all their devices, if they want to be told of this kind now.
pub async fn tell(env: &Env, user_ids: &[String], kind: Kind, payload: &Payload<'_>, now_ms: i64) {
    if let Err(error) = try_tell(env, user_ids, kind, payload, now_ms).await {
        log("warn", "push", &error.to_string());
    }
}

async fn try_tell(env: &Env, user_ids: &[String], kind: Kind, payload: &Payload<'_>, now_ms: i64) -> Result<()> {
    let Some(sender) = Sender::of(env) else { return Ok(()) };
    let json = serde_json::to_vec(payload)?;
    if json.len() > PAYLOAD_BYTES_MAX {
        return Err(Error::RustError("a push is too long".into()));
    }
    let db = Db::of(env)?;
    let mut left = SENT_MAX;
    for user_id in user_ids {
        if !db.wishes(user_id).await?.allow(kind, now_ms) {
            continue;
        }
        let subscriptions = db.subscriptions(user_id).await?;
        for subscription in subscriptions.iter().take(left) {
            left -= 1;
            match send(&sender, subscription, &json, &payload.tag, now_ms).await {
                Ok(Outcome::Taken) => {}
                Ok(Outcome::Gone) => db.unsubscribe(user_id, &subscription.endpoint).await?,
                Ok(Outcome::Failed) => log("warn", "push", "a push service refused"),
                Err(error) => log("warn", "push", &error.to_string()),
            }
        }
    }
    Ok(())
}

async fn send(sender: &Sender, to: &Subscription, payload: &[u8], tag: &str, now_ms: i64) -> Result<Outcome> {
    let parsed = push::endpoint(&to.endpoint, &sender.more_hosts).zip(Receiver::parse(&to.p256dh, &to.auth));
    // What was taken once and is refused now will not be taken again.
    let Some((endpoint, receiver)) = parsed else { return Ok(Outcome::Gone) };
    let body = wrap(&receiver, payload).await?;
    let unsigned = push::claims(&endpoint, &sender.subject, now_ms)?;
    let signature = sign(&sender.key, &unsigned).await?;
    let headers = Headers::new();
    headers.set("authorization", &push::authorization(&unsigned, &signature, &sender.key))?;
    headers.set("content-encoding", "aes128gcm")?;
    headers.set("content-type", "application/octet-stream")?;
    headers.set("ttl", &TTL_S.to_string())?;
    headers.set("urgency", "high")?;
    headers.set("topic", &push::topic(tag))?;
    let mut init = RequestInit::new();
    init.with_method(Method::Post)
        .with_headers(headers)
        // A service does not send us elsewhere.
        .with_redirect(RequestRedirect::Manual)
        .with_body(Some(Uint8Array::from(body.as_slice()).into()));
    let response = Fetch::Request(Request::new_with_init(endpoint.as_str(), &init)?).send().await?;
    Ok(match response.status_code() {
        200..300 => Outcome::Taken,
        404 | 410 => Outcome::Gone,
        _ => Outcome::Failed,
    })
}

/// A payload that only the receiver's browser can read.
async fn wrap(receiver: &Receiver, payload: &[u8]) -> Result<Vec<u8>> {
    let subtle = subtle()?;
    let algorithm = json!({ "name": "ECDH", "namedCurve": "P-256" });
    let pair = wait(subtle.generate_key_with_object(&object(&algorithm)?, true, &usages(&["deriveBits"]))).await?;
    let half = |name: &str| Reflect::get(&pair, &name.into()).map(wasm_bindgen::JsCast::unchecked_into::<CryptoKey>);
    let (private, public) = (half("privateKey").map_err(Error::from)?, half("publicKey").map_err(Error::from)?);
    let sender: [u8; POINT_BYTES] = bytes(&wait(subtle.export_key("raw", &public)).await?)
        .try_into()
        .map_err(|_| Error::RustError("a point of another size".into()))?;
    let point = Uint8Array::from(receiver.point.as_slice());
    let theirs = subtle.import_key_with_object("raw", &point, &object(&algorithm)?, false, &usages(&[]));
    let theirs = wait(theirs).await?;
    let derive = object(&json!({ "name": "ECDH" }))?;
    Reflect::set(&derive, &"public".into(), &theirs).map_err(Error::from)?;
    let shared = bytes(&wait(subtle.derive_bits_with_object(&derive, &private, 256)).await?);
    let salt = ids::random().map_err(|error| Error::RustError(error.to_string()))?;
    let keys = push::keys(receiver, &sender, &shared, &salt);
    let sealed = seal(&subtle, &keys, &push::record(payload)).await?;
    Ok([push::header(&sender, &salt), sealed].concat())
}

async fn seal(subtle: &SubtleCrypto, keys: &push::Keys, record: &[u8]) -> Result<Vec<u8>> {
    let raw = Uint8Array::from(keys.key.as_slice());
    let key = subtle.import_key_with_str("raw", &raw, "AES-GCM", false, &usages(&["encrypt"]));
    let key: CryptoKey = wait(key).await?.unchecked_into();
    let algorithm = object(&json!({ "name": "AES-GCM" }))?;
    let nonce = Uint8Array::from(keys.nonce.as_slice());
    Reflect::set(&algorithm, &"iv".into(), &nonce).map_err(Error::from)?;
    let record = Uint8Array::from(record);
    let sealed = wait(subtle.encrypt_with_object_and_js_u8_array(&algorithm, &key, &record)).await?;
    Ok(bytes(&sealed))
}
