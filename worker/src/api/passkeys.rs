//! Passkeys: making one, and signing in with one. Each ceremony is a start and a finish; between them its state waits
//! in D1, where it can be taken out once.
//!
//! A passkey is bound to the host it was made on: the page's own. An address in numbers cannot have any.

use axum::Json;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use url::Url;
use utoipa::ToSchema;

use super::accounts::fresh;
use super::types::{LookSchema, Nothing, SignedIn, valid_look, valid_name};
use crate::context::Context;
use crate::core::ids;
use crate::core::webauthn::{self, ALGORITHMS, Asked, PublicKey};
use crate::db::Db;
use crate::db::passkeys::CredentialRow;
use crate::db::users::NewUser;
use crate::error::{Answer, ApiError, ErrorBody};
use crate::input::Body;
use crate::limits::{self, Limit};
use crate::signatures;
use crate::viewer::{MaybeViewer, living, sign_in};

/// For how long the browser asks. The challenge lasts as long.
const TIMEOUT_MS: u32 = 5 * 60 * 1000;

/// How many passkeys one account may have: more than anybody's devices, and a list that fits one answer.
const PASSKEYS_MAX: usize = 20;

/// Who the passkey is for: a name for a new account, nothing for whoever is signed in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPasskeyIntent {
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    #[schema(value_type = Option<LookSchema>)]
    look: Option<earshot_protocol::Look>,
}

/// What to give to the browser.
#[derive(Serialize, ToSchema)]
pub struct Ceremony {
    challenge_id: String,
    /// `{"publicKey": …}`: the options for `navigator.credentials` as JSON, with bytes in Base64url.
    #[schema(value_type = Object)]
    options: Value,
}

/// What the browser gave back, of `create`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPasskey {
    challenge_id: String,
    credential: NewCredential,
}

/// A `PublicKeyCredential` as JSON ("toJSON"); what is not named here is not read.
#[derive(Deserialize, ToSchema)]
struct NewCredential {
    response: NewCredentialResponse,
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct NewCredentialResponse {
    #[serde(rename = "clientDataJSON")]
    client_data: Base64,
    attestation_object: Base64,
}

/// What the browser gave back, of `get`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UsedPasskey {
    challenge_id: String,
    credential: UsedCredential,
}

/// A `PublicKeyCredential` as JSON ("toJSON"); what is not named here is not read.
#[derive(Deserialize, ToSchema)]
struct UsedCredential {
    id: Base64,
    response: UsedCredentialResponse,
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct UsedCredentialResponse {
    #[serde(rename = "clientDataJSON")]
    client_data: Base64,
    authenticator_data: Base64,
    signature: Base64,
    user_handle: Option<Base64>,
}

/// Bytes in Base64url.
#[derive(Deserialize, ToSchema)]
#[serde(try_from = "String")]
#[schema(value_type = String)]
struct Base64(Vec<u8>);

impl TryFrom<String> for Base64 {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).map(Self).map_err(|_| "bytes are written in Base64url")
    }
}

/// What waits for the finish of a registration.
#[derive(Serialize, Deserialize)]
struct Registration {
    user_id: String,
    name: String,
    look: Option<String>,
    challenge: String,
    /// The session that began it, of whoever was there already.
    family: Option<String>,
}

/// What waits for the finish of a sign-in.
#[derive(Serialize, Deserialize)]
struct Login {
    challenge: String,
}

/// A passkey as kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    key: PublicKey,
    counter: u32,
}

const REGISTER: &str = "register";
const LOGIN: &str = "login";

/// Begin to make a passkey: for oneself if signed in (a guest gets an account by it), else for a new account.
#[utoipa::path(post, path = "/api/auth/passkey/register/start", tag = "auth", request_body = NewPasskeyIntent, responses(
    (status = 200, body = Ceremony),
    (status = 401, description = "session_over", body = ErrorBody),
    (status = 409, description = "too_many_passkeys", body = ErrorBody),
    (status = 422, description = "invalid_name, invalid_look, passkeys_unavailable", body = ErrorBody),
))]
#[worker::send]
pub async fn start_register(
    context: Context,
    viewer: MaybeViewer,
    Body(intent): Body<NewPasskeyIntent>,
) -> Answer<Json<Ceremony>> {
    context.secret()?;
    limits::spend(&context, Limit::SignIn, &context.network).await?;
    let host = Host::of(&context)?;
    let db = Db::of(&context.env)?;
    let present = match viewer.id() {
        Some(id) => db.user(id).await?,
        None => None,
    };
    let family = match (&viewer.0, &present) {
        (Some(viewer), Some(_)) => Some(living(&context, &db, viewer).await?),
        _ => None,
    };
    let look = valid_look(intent.look)?;
    let (user_id, name, look) = match present {
        Some(user) => (user.id, user.name, user.look),
        None => (ids::new_user_id()?, valid_name(intent.name.as_deref().unwrap_or_default())?, look),
    };
    let challenge = ids::new_token()?;
    let known = db.credentials_of(&user_id).await?;
    if known.len() >= PASSKEYS_MAX {
        return Err(ApiError::new(409, "too_many_passkeys", "This account has 20 passkeys already."));
    }
    let options = json!({
        "rp": { "id": host.rp_id, "name": "Earshot" },
        "user": { "id": URL_SAFE_NO_PAD.encode(ids::passkey_handle(&user_id)), "name": name, "displayName": name },
        "challenge": challenge,
        "pubKeyCredParams": ALGORITHMS.map(|alg| json!({ "type": "public-key", "alg": alg })),
        "timeout": TIMEOUT_MS,
        "excludeCredentials": known.iter().map(|row| json!({ "type": "public-key", "id": row.id })).collect::<Vec<_>>(),
        // Sign-in starts without a name, so the authenticator must be able to find the passkey by itself.
        "authenticatorSelection": { "residentKey": "required", "requireResidentKey": true, "userVerification": "required" },
        "attestation": "none",
    });
    let state = serde_json::to_string(&Registration { user_id, name, look, challenge, family })?;
    open(&context, &db, REGISTER, &state, options).await
}

/// Finish making a passkey; signs in.
#[utoipa::path(post, path = "/api/auth/passkey/register/finish", tag = "auth", request_body = NewPasskey, responses(
    (status = 201, body = SignedIn),
    (status = 401, description = "passkey_refused, session_over", body = ErrorBody),
    (status = 409, description = "passkey_taken", body = ErrorBody),
    (status = 410, description = "challenge_over", body = ErrorBody),
))]
#[worker::send]
pub async fn finish_register(context: Context, Body(result): Body<NewPasskey>) -> Answer<Response> {
    context.secret()?;
    limits::spend(&context, Limit::SignIn, &context.network).await?;
    let host = Host::of(&context)?;
    let db = Db::of(&context.env)?;
    let Registration { user_id, name, look, challenge, family } =
        take(&context, &db, &result.challenge_id, REGISTER).await?;
    let response = result.credential.response;
    let made = webauthn::made(&response.client_data.0, &response.attestation_object.0, host.asked(&challenge));
    let made = made.map_err(refused)?;
    if !signatures::is_key(&made.key).await {
        return Err(refused("the key is none"));
    }
    let passkey = serde_json::to_string(&Kept { key: made.key, counter: made.counter })?;
    // Whose session was ended meanwhile does not stay by the back door.
    if let Some(family) = family
        && !db.is_living(&family, &user_id).await?
    {
        return Err(ApiError::session_over());
    }
    let user = NewUser { id: &user_id, name: &name, guest: false, look: look.as_deref() };
    if !db.add_passkey(&user, &URL_SAFE_NO_PAD.encode(made.id), &passkey, context.now_ms).await? {
        return Err(ApiError::new(
            409,
            "passkey_taken",
            "This passkey belongs to an account already; sign in with it.",
        ));
    }
    sign_in(&context, &db, fresh(&db, &user_id).await?, StatusCode::CREATED).await
}

/// Begin to sign in with a passkey. The authenticator finds out whose it is.
#[utoipa::path(post, path = "/api/auth/passkey/login/start", tag = "auth", request_body = Nothing, responses(
    (status = 200, body = Ceremony),
    (status = 422, description = "passkeys_unavailable", body = ErrorBody),
))]
#[worker::send]
pub async fn start_login(context: Context, Body(Nothing {}): Body<Nothing>) -> Answer<Json<Ceremony>> {
    context.secret()?;
    limits::spend(&context, Limit::SignIn, &context.network).await?;
    let host = Host::of(&context)?;
    let challenge = ids::new_token()?;
    let options = json!({
        "rpId": host.rp_id,
        "challenge": challenge,
        "timeout": TIMEOUT_MS,
        "allowCredentials": [],
        "userVerification": "required",
    });
    let db = Db::of(&context.env)?;
    open(&context, &db, LOGIN, &serde_json::to_string(&Login { challenge })?, options).await
}

/// Finish signing in with a passkey.
#[utoipa::path(post, path = "/api/auth/passkey/login/finish", tag = "auth", request_body = UsedPasskey, responses(
    (status = 200, body = SignedIn),
    (status = 401, description = "passkey_refused", body = ErrorBody),
    (status = 410, description = "challenge_over", body = ErrorBody),
))]
#[worker::send]
pub async fn finish_login(context: Context, Body(result): Body<UsedPasskey>) -> Answer<Response> {
    context.secret()?;
    limits::spend(&context, Limit::SignIn, &context.network).await?;
    let host = Host::of(&context)?;
    let db = Db::of(&context.env)?;
    let Login { challenge } = take(&context, &db, &result.challenge_id, LOGIN).await?;
    let UsedCredential { id, response } = result.credential;
    let id = URL_SAFE_NO_PAD.encode(id.0);
    let CredentialRow { user_id, passkey, .. } =
        db.credential(&id).await?.ok_or_else(|| refused("nobody's passkey"))?;
    // Found by the authenticator alone, so it must say whose it is; and be right.
    if response.user_handle.is_none_or(|handle| handle.0 != ids::passkey_handle(&user_id)) {
        return Err(refused("another user's passkey"));
    }
    let Kept { key, counter } = serde_json::from_str(&passkey)?;
    let data = &response.authenticator_data.0;
    let used = webauthn::used(&response.client_data.0, data, counter, host.asked(&challenge)).map_err(refused)?;
    if !signatures::is_signed(&key, &used.signed, &response.signature.0).await? {
        return Err(refused("the signature is another key's"));
    }
    let passkey = serde_json::to_string(&Kept { key, counter: used.counter })?;
    if !db.used_passkey(&id, &passkey, context.now_ms).await? {
        return Err(refused("it was removed meanwhile"));
    }
    sign_in(&context, &db, fresh(&db, &user_id).await?, StatusCode::OK).await
}

/// The host that passkeys are bound to: the page's own. The origin check has compared it with the request's.
struct Host {
    rp_id: String,
    origin: String,
}

impl Host {
    fn of(context: &Context) -> Answer<Self> {
        let origin = context.page_origin();
        let rp_id = Url::parse(&origin).ok().and_then(|url| url.domain().map(str::to_owned)).ok_or_else(|| {
            ApiError::new(422, "passkeys_unavailable", "Passkeys need a host name; use e-mail and password here.")
        })?;
        Ok(Self { rp_id, origin })
    }

    fn asked<'a>(&'a self, challenge: &'a str) -> Asked<'a> {
        Asked { rp_id: &self.rp_id, origin: &self.origin, challenge }
    }
}

async fn open(context: &Context, db: &Db, kind: &str, state: &str, options: Value) -> Answer<Json<Ceremony>> {
    let challenge_id = ids::new_id()?;
    db.open_challenge(&challenge_id, kind, state, context.now_ms).await?;
    Ok(Json(Ceremony { challenge_id, options: json!({ "publicKey": options }) }))
}

async fn take<T: serde::de::DeserializeOwned>(context: &Context, db: &Db, id: &str, kind: &str) -> Answer<T> {
    let state = db.take_challenge(id, kind, context.now_ms).await?;
    let state = state
        .ok_or_else(|| ApiError::new(410, "challenge_over", "That took too long, or was done already. Start again."))?;
    Ok(serde_json::from_str(&state)?)
}

/// The reason is for the log: to a forger it would be a hint.
fn refused(reason: impl std::fmt::Display) -> ApiError {
    crate::error::log("info", "passkey", &reason.to_string());
    ApiError::new(401, "passkey_refused", "The passkey was not accepted. Try again, or sign in another way.")
}
