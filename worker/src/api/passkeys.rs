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
use uuid::Uuid;
use utoipa::ToSchema;
use webauthn_rs::prelude::{
    CredentialID, DiscoverableAuthentication, DiscoverableKey, Passkey, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential,
};
use webauthn_rs::{Webauthn, WebauthnBuilder};

use super::accounts::fresh;
use super::types::{LookSchema, Nothing, SignedIn, valid_look, valid_name};
use crate::context::Context;
use crate::core::ids;
use crate::db::Db;
use crate::db::passkeys::CredentialRow;
use crate::db::users::NewUser;
use crate::error::{Answer, ApiError, ErrorBody};
use crate::input::Body;
use crate::limits::{self, Limit};
use crate::viewer::{MaybeViewer, sign_in};

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
    /// `CredentialCreationOptions` or `CredentialRequestOptions` as JSON (WebAuthn level 3, "toJSON").
    #[schema(value_type = Object)]
    options: Value,
}

/// What the browser gave back.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CeremonyResult {
    challenge_id: String,
    /// The `PublicKeyCredential` as JSON ("toJSON").
    #[schema(value_type = Object)]
    credential: Value,
}

/// What waits for the finish of a registration.
#[derive(Serialize, Deserialize)]
struct Registration {
    user_id: String,
    name: String,
    look: Option<String>,
    state: PasskeyRegistration,
}

const REGISTER: &str = "register";
const LOGIN: &str = "login";

/// Begin to make a passkey: for oneself if signed in (a guest gets an account by it), else for a new account.
#[utoipa::path(post, path = "/api/auth/passkey/register/start", tag = "auth", request_body = NewPasskeyIntent, responses(
    (status = 200, body = Ceremony),
    (status = 422, description = "invalid_name, invalid_look, passkeys_unavailable", body = ErrorBody),
))]
#[worker::send]
pub async fn start_register(
    context: Context,
    viewer: MaybeViewer,
    Body(intent): Body<NewPasskeyIntent>,
) -> Answer<Json<Ceremony>> {
    context.secret()?;
    limits::spend(&context, Limit::SignIn, &context.address).await?;
    let relying_party = relying_party(&context)?;
    let db = Db::of(&context.env)?;
    let present = match viewer.id() {
        Some(id) => db.user(id).await?,
        None => None,
    };
    let look = valid_look(intent.look)?;
    let (user_id, name, look) = match present {
        Some(user) => (user.id, user.name, user.look),
        None => (ids::new_user_id()?, valid_name(intent.name.as_deref().unwrap_or_default())?, look),
    };
    let known = db.credentials_of(&user_id).await?;
    let known = known.iter().filter_map(|row| URL_SAFE_NO_PAD.decode(&row.id).ok()).map(CredentialID::from).collect();
    let handle = Uuid::from_bytes(ids::passkey_handle(&user_id));
    let (options, state) =
        relying_party.start_passkey_registration(handle, &name, &name, Some(known)).map_err(refused)?;
    let mut options = serde_json::to_value(options)?;
    // Sign-in starts without a name, so the authenticator must be able to find the passkey by itself.
    options["publicKey"]["authenticatorSelection"]["residentKey"] = json!("required");
    options["publicKey"]["authenticatorSelection"]["requireResidentKey"] = json!(true);
    let registration = serde_json::to_string(&Registration { user_id, name, look, state })?;
    open(&context, &db, REGISTER, &registration, options).await
}

/// Finish making a passkey; signs in.
#[utoipa::path(post, path = "/api/auth/passkey/register/finish", tag = "auth", request_body = CeremonyResult, responses(
    (status = 201, body = SignedIn),
    (status = 401, description = "passkey_refused", body = ErrorBody),
    (status = 409, description = "passkey_taken", body = ErrorBody),
    (status = 410, description = "challenge_over", body = ErrorBody),
))]
#[worker::send]
pub async fn finish_register(context: Context, Body(result): Body<CeremonyResult>) -> Answer<Response> {
    context.secret()?;
    limits::spend(&context, Limit::SignIn, &context.address).await?;
    let relying_party = relying_party(&context)?;
    let db = Db::of(&context.env)?;
    let registration: Registration = take(&context, &db, &result.challenge_id, REGISTER).await?;
    let credential: RegisterPublicKeyCredential = parse(result.credential)?;
    let passkey = relying_party.finish_passkey_registration(&credential, &registration.state).map_err(refused)?;
    let Registration { user_id, name, look, .. } = registration;
    let id = URL_SAFE_NO_PAD.encode(passkey.cred_id());
    let user = NewUser { id: &user_id, name: &name, guest: false, look: look.as_deref() };
    if !db.add_passkey(&user, &id, &serde_json::to_string(&passkey)?, context.now_ms).await? {
        return Err(ApiError::new(409, "passkey_taken", "This passkey belongs to an account already; sign in with it."));
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
    limits::spend(&context, Limit::SignIn, &context.address).await?;
    let (options, state) = relying_party(&context)?.start_discoverable_authentication().map_err(refused)?;
    let mut options = serde_json::to_value(options)?;
    // Whether to ask by a dialogue or in a text field is for the page to decide.
    if let Some(options) = options.as_object_mut() {
        options.remove("mediation");
    }
    let db = Db::of(&context.env)?;
    open(&context, &db, LOGIN, &serde_json::to_string(&state)?, options).await
}

/// Finish signing in with a passkey.
#[utoipa::path(post, path = "/api/auth/passkey/login/finish", tag = "auth", request_body = CeremonyResult, responses(
    (status = 200, body = SignedIn),
    (status = 401, description = "passkey_refused", body = ErrorBody),
    (status = 410, description = "challenge_over", body = ErrorBody),
))]
#[worker::send]
pub async fn finish_login(context: Context, Body(result): Body<CeremonyResult>) -> Answer<Response> {
    context.secret()?;
    limits::spend(&context, Limit::SignIn, &context.address).await?;
    let relying_party = relying_party(&context)?;
    let db = Db::of(&context.env)?;
    let state: DiscoverableAuthentication = take(&context, &db, &result.challenge_id, LOGIN).await?;
    let credential: PublicKeyCredential = parse(result.credential)?;
    let (handle, id) = relying_party.identify_discoverable_authentication(&credential).map_err(refused)?;
    let id = URL_SAFE_NO_PAD.encode(id);
    let CredentialRow { user_id, passkey, .. } = db.credential(&id).await?.ok_or_else(|| refused("unknown passkey"))?;
    if handle.as_bytes() != &ids::passkey_handle(&user_id) {
        return Err(refused("another user's passkey"));
    }
    let mut passkey: Passkey = serde_json::from_str(&passkey)?;
    let met = relying_party
        .finish_discoverable_authentication_v2(&credential, state, DiscoverableKey::from(&passkey))
        .map_err(refused)?;
    if passkey.update_credential(&met) == Some(true) {
        db.used_passkey(&id, &serde_json::to_string(&passkey)?, context.now_ms).await?;
    }
    sign_in(&context, &db, fresh(&db, &user_id).await?, StatusCode::OK).await
}

/// The host that passkeys are bound to: the page's own. The origin check has compared it with the request's.
fn relying_party(context: &Context) -> Answer<Webauthn> {
    let unavailable =
        || ApiError::new(422, "passkeys_unavailable", "Passkeys need a host name and HTTPS; use e-mail and password here.");
    let origin = Url::parse(&context.page_origin()).map_err(|_| unavailable())?;
    let host = origin.domain().ok_or_else(unavailable)?.to_owned();
    let builder = WebauthnBuilder::new(&host, &origin).map_err(|_| unavailable())?;
    builder.rp_name("Earshot").build().map_err(|_| unavailable())
}

async fn open(context: &Context, db: &Db, kind: &str, state: &str, options: Value) -> Answer<Json<Ceremony>> {
    let challenge_id = ids::new_id()?;
    db.open_challenge(&challenge_id, kind, state, context.now_ms).await?;
    Ok(Json(Ceremony { challenge_id, options }))
}

async fn take<T: serde::de::DeserializeOwned>(context: &Context, db: &Db, id: &str, kind: &str) -> Answer<T> {
    let state = db.take_challenge(id, kind, context.now_ms).await?;
    let state = state.ok_or_else(|| ApiError::new(410, "challenge_over", "That took too long, or was done already. Start again."))?;
    Ok(serde_json::from_str(&state)?)
}

fn parse<T: serde::de::DeserializeOwned>(credential: Value) -> Answer<T> {
    serde_json::from_value(credential)
        .map_err(|error| ApiError::new(422, "invalid_body", format!("The credential does not fit: {error}.")))
}

/// The reason is for the log: to a forger it would be a hint.
fn refused(reason: impl std::fmt::Display) -> ApiError {
    crate::error::log("info", "passkey", &reason.to_string());
    ApiError::new(401, "passkey_refused", "The passkey was not accepted. Try again, or sign in another way.")
}
