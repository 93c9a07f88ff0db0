//! Coming in: as a guest, with a new account, or with an old one.

use axum::response::Response;
use http::StatusCode;

use super::types::{GuestIntent, LoginIntent, RegisterIntent, SignedIn, valid_look, valid_name};
use crate::context::Context;
use crate::core::{email, ids};
use crate::db::Db;
use crate::db::users::{NewUser, UserRow};
use crate::error::{Answer, ApiError, ErrorBody};
use crate::input::Body;
use crate::limits::{self, Limit};
use crate::passwords;
use crate::viewer::{MaybeViewer, sign_in};

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
    let email = email::normalise(&intent.email)
        .ok_or_else(|| ApiError::new(422, "invalid_email", "That does not look like an e-mail address."))?;
    if let Some(fault) = email::password_fault(&intent.password, &email) {
        return Err(ApiError::new(422, "weak_password", fault));
    }
    let db = Db::of(&context.env)?;
    let taken = || ApiError::new(409, "email_taken", "There is an account with this e-mail address; sign in instead.");
    // Hashing is the expensive part: ask first. The insertion below decides.
    if db.password(&email).await?.is_some() {
        return Err(taken());
    }
    let hash = passwords::hash_password(&context, &email, &intent.password).await?;
    let former = guest_of(&db, viewer).await?;
    let id = former.map_or_else(ids::new_user_id, Ok)?;
    let user = NewUser { id: &id, name: &name, guest: false, look: look.as_deref() };
    if !db.add_account(&user, &email, &hash, context.now_ms).await? {
        return Err(taken());
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
    // Whoever tries somebody's password from elsewhere does not shut them out.
    limits::spend(&context, Limit::Password, &ids::token_hash(&format!("{email} {}", context.network))).await?;
    limits::spend(&context, Limit::Account, &ids::token_hash(&email)).await?;
    let db = Db::of(&context.env)?;
    let known = db.password(&email).await?;
    // The same work whether or not the address is known: the time must not tell.
    let hash = known.as_ref().map_or(passwords::NOBODY, |row| &row.hash);
    let fits = passwords::is_password(&context, &email, &intent.password, hash).await?;
    let user_id = known.filter(|_| fits).ok_or_else(wrong)?.user_id;
    sign_in(&context, &db, fresh(&db, &user_id).await?, StatusCode::OK).await
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
