//! Who is asking, and how a session begins.

use axum::Json;
use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Response};
use http::header::SET_COOKIE;
use http::request::Parts;
use http::{HeaderValue, StatusCode};

use crate::api::types::SignedIn;
use crate::context::Context;
use crate::core::refresh::{self, Verdict};
use crate::core::{cookies, ids, jwt};
use crate::db::Db;
use crate::db::users::UserRow;
use crate::error::{Answer, ApiError};

/// Someone signed in.
pub struct Viewer {
    pub id: String,
    pub is_guest: bool,
}

/// Someone signed in, or not.
pub struct MaybeViewer(pub Option<Viewer>);

impl MaybeViewer {
    pub fn id(&self) -> Option<&str> {
        self.0.as_ref().map(|viewer| viewer.id.as_str())
    }
}

/// A bearer token counts before the cookie, and must be good: a program is told; a browser with an old cookie is just
/// signed out, until it refreshes.
fn identify(context: &Context) -> Answer<Option<Viewer>> {
    let cookie = context.cookie(cookies::ACCESS);
    let Some(token) = context.bearer.as_deref().or(cookie) else { return Ok(None) };
    match jwt::verify(context.secret()?.as_bytes(), token, context.now_ms) {
        Some(claims) => Ok(Some(Viewer { id: claims.sub, is_guest: claims.guest })),
        None if context.bearer.is_some() => {
            Err(ApiError::new(401, "invalid_token", "The access token is wrong or over; get a new one."))
        }
        None => Ok(None),
    }
}

impl<S: Send + Sync> FromRequestParts<S> for MaybeViewer {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Answer<Self> {
        identify(&Context::from_request_parts(parts, state).await?).map(Self)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Viewer {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Answer<Self> {
        identify(&Context::from_request_parts(parts, state).await?)?.ok_or_else(ApiError::not_signed_in)
    }
}

/// The family of the session that asks. What changes how one signs in wants it besides the access token: of a session that was
/// ended, that one is good for some minutes yet.
pub async fn living(context: &Context, db: &Db, viewer: &Viewer) -> Answer<String> {
    let token = context.cookie(cookies::REFRESH).ok_or_else(ApiError::session_over)?;
    let row = db.refresh_token(&ids::token_hash(token)).await?.ok_or_else(ApiError::session_over)?;
    match refresh::judge(row.kept(), context.now_ms) {
        Verdict::Rotate | Verdict::Again | Verdict::Raced if row.user_id == viewer.id => Ok(row.family),
        _ => Err(ApiError::session_over()),
    }
}

/// A new session for a user: the first refresh token of a new family, and the answer that carries it.
pub async fn sign_in(context: &Context, db: &Db, user: UserRow, status: StatusCode) -> Answer<Response> {
    let refresh = ids::new_token()?;
    db.start_family(&ids::token_hash(&refresh), &ids::new_id()?, &user.id, context.now_ms).await?;
    signed_in(context, user, &refresh, status)
}

/// The answer to every sign-in and refresh.
pub fn signed_in(context: &Context, user: UserRow, refresh: &str, status: StatusCode) -> Answer<Response> {
    let secret = context.secret()?;
    let access_token = jwt::sign(secret.as_bytes(), &user.id, user.is_guest(), context.now_ms)
        .map_err(|error| ApiError::internal("jwt", error))?;
    let refresh_age_s = refresh::REFRESH_LIFE_MS / 1000;
    let set = cookies::issue(&access_token, jwt::ACCESS_LIFE_S, refresh, refresh_age_s, context.is_https);
    let body = SignedIn { user: user.into(), access_token, expires_in: jwt::ACCESS_LIFE_S };
    Ok(with_cookies((status, Json(body)).into_response(), set))
}

/// An answer that ends the browser's session.
pub fn signed_out(context: &Context, answer: impl IntoResponse) -> Response {
    with_cookies(answer.into_response(), cookies::clear(context.is_https))
}

fn with_cookies(mut response: Response, cookies: [String; 2]) -> Response {
    for cookie in cookies {
        // Base64 and fixed text: always a valid header.
        if let Ok(value) = HeaderValue::try_from(cookie) {
            response.headers_mut().append(SET_COOKIE, value);
        }
    }
    response
}
