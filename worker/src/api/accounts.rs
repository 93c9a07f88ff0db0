//! Coming in: as a guest, with a new account, or with an old one.

use axum::response::Response;
use http::StatusCode;

use super::types::{GuestIntent, LoginIntent, RegisterIntent, SignedIn, valid_look, valid_name};
use crate::context::Context;
use crate::core::{email, ids};
use crate::db::Db;
use crate::db::users::{NewUser, PasswordRow, UserRow};
use crate::error::{Answer, ApiError, ErrorBody};
use crate::input::Body;
use crate::limits::{self, Limit};
use crate::passwords;
use crate::viewer::{MaybeViewer, sign_in, signed_in};

/// Come in with a name only.
#[utoipa::path(post, path = "/api/auth/guest", tag = "auth", request_body = GuestIntent, responses(
    (status = 201, body = SignedIn),
    (status = 422, description = "invalid_name, invalid_look", body = ErrorBody),
))]
#[worker::send]
pub async fn guest(context: Context, Body(intent): Body<GuestIntent>) -> Answer<Response> {
    context.secret()?;
    limits::spend(&context, Limit::Guest, &context.network).await?;
    let name = valid_name(&intent.name)?;
    let look = valid_look(intent.look)?;
    let id = ids::new_user_id()?;
    let db = Db::of(&context.env)?;
    db.add_guest(&NewUser { id: &id, name: &name, guest: true, look: look.as_deref() }, context.now_ms).await?;
    sign_in(&context, &db, fresh(&db, &id).await?, StatusCode::CREATED).await
}

/// Make an account. A guest who is signed in becomes it, and keeps their id and spaces.
#[utoipa::path(post, path = "/api/auth/register", tag = "auth", request_body = RegisterIntent, responses(
    (status = 201, body = SignedIn),
    (status = 409, description = "email_taken", body = ErrorBody),
    (status = 422, description = "invalid_email, weak_password, invalid_name, invalid_look", body = ErrorBody),
))]
#[worker::send]
pub async fn register(context: Context, viewer: MaybeViewer, Body(intent): Body<RegisterIntent>) -> Answer<Response> {
    context.secret()?;
    limits::spend(&context, Limit::SignIn, &context.network).await?;
    let name = valid_name(&intent.name)?;
    let look = valid_look(intent.look)?;
    let email = valid_email(&intent.email)?;
    valid_password(&intent.password, &email)?;
    let db = Db::of(&context.env)?;
    // Hashing is the expensive part: ask first. The insertion below decides.
    if db.password(&email).await?.is_some() {
        return Err(email_taken());
    }
    let hash = passwords::hash_password(&context, &email, &intent.password).await?;
    let former = guest_of(&db, viewer).await?;
    let id = former.map_or_else(ids::new_user_id, Ok)?;
    let user = NewUser { id: &id, name: &name, guest: false, look: look.as_deref() };
    if !db.add_account(&user, &email, &hash, context.now_ms).await? {
        return Err(email_taken());
    }
    db.change_user(&id, Some(&name), look.as_deref()).await?;
    sign_in(&context, &db, fresh(&db, &id).await?, StatusCode::CREATED).await
}

/// Sign in with e-mail address and password.
#[utoipa::path(post, path = "/api/auth/login", tag = "auth", request_body = LoginIntent, responses(
    (status = 200, body = SignedIn),
    (status = 401, description = "wrong_credentials", body = ErrorBody),
))]
#[worker::send]
pub async fn login(context: Context, Body(intent): Body<LoginIntent>) -> Answer<Response> {
    context.secret()?;
    limits::spend(&context, Limit::SignIn, &context.network).await?;
    let wrong = || ApiError::new(401, "wrong_credentials", "E-mail address and password do not go together.");
    if intent.password.chars().count() > email::PASSWORD_CHARS_MAX {
        return Err(wrong());
    }
    let email = email::normalise(&intent.email).unwrap_or_default();
    limits::spend_password(&context, &email).await?;
    let db = Db::of(&context.env)?;
    let known = db.password(&email).await?;
    // The same work whether or not the address is known: the time must not tell.
    let hash = known.as_ref().map_or(passwords::NOBODY, |row| &row.hash);
    let fits = passwords::is_password(&context, &email, &intent.password, hash).await?;
    let PasswordRow { user_id, hash } = known.filter(|_| fits).ok_or_else(wrong)?;
    let user = fresh(&db, &user_id).await?;
    let refresh = ids::new_token()?;
    // Changed while it was compared: then it is the old one, and what it began would outlive it.
    if !db.start_family_by(&hash, &ids::token_hash(&refresh), &ids::new_id()?, &user_id, context.now_ms).await? {
        return Err(wrong());
    }
    signed_in(&context, user, &refresh, StatusCode::OK)
}

/// An e-mail address in its one form.
pub fn valid_email(text: &str) -> Answer<String> {
    email::normalise(text)
        .ok_or_else(|| ApiError::new(422, "invalid_email", "That does not look like an e-mail address."))
}

/// May it become the password that goes with this address?
pub fn valid_password(password: &str, email: &str) -> Answer<()> {
    match email::password_fault(password, email) {
        Some(fault) => Err(ApiError::new(422, "weak_password", fault)),
        None => Ok(()),
    }
}

pub fn email_taken() -> ApiError {
    ApiError::new(409, "email_taken", "There is an account with this e-mail address; sign in instead.")
}

/// The id of a viewer who is still a guest.
pub async fn guest_of(db: &Db, viewer: MaybeViewer) -> Answer<Option<String>> {
    let Some(viewer) = viewer.0 else { return Ok(None) };
    Ok(db.user(&viewer.id).await?.filter(UserRow::is_guest).map(|row| row.id))
}

/// A user who must exist by now.
pub async fn fresh(db: &Db, id: &str) -> Answer<UserRow> {
    db.user(id).await?.ok_or_else(|| ApiError::internal("users", "a user vanished while signing in"))
}
