//! The passkeys one has: seen, and removed. How one is made and used is in passkeys.rs.
//!
//! Absent on purpose: names for them. Browsers do not say what device keeps one; when it was added and used tells them apart.

use axum::Json;
use http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use crate::context::Context;
use crate::db::Db;
use crate::db::passkeys::{OwnPasskey, Removal};
use crate::error::{Answer, ApiError, ErrorBody};
use crate::input::PasskeyId;
use crate::limits::{self, Limit};
use crate::viewer::{Viewer, living};

#[derive(Serialize, ToSchema)]
pub struct Passkeys {
    /// The oldest first.
    passkeys: Vec<Passkey>,
}

#[derive(Serialize, ToSchema)]
pub struct Passkey {
    /// As its authenticator chose it, in Base64url.
    id: String,
    /// Milliseconds since 1970.
    created_at: i64,
    /// When one last signed in with it.
    used_at: Option<i64>,
}

impl From<OwnPasskey> for Passkey {
    fn from(OwnPasskey { id, created_at, used_at }: OwnPasskey) -> Self {
        Self { id, created_at, used_at }
    }
}

/// The passkeys one has.
#[utoipa::path(get, path = "/api/auth/passkeys", tag = "auth", responses(
    (status = 200, body = Passkeys),
    (status = 401, description = "not_signed_in", body = ErrorBody),
))]
#[worker::send]
pub async fn list(context: Context, viewer: Viewer) -> Answer<Json<Passkeys>> {
    let rows = Db::of(&context.env)?.own_passkeys(&viewer.id).await?;
    Ok(Json(Passkeys { passkeys: rows.into_iter().map(Into::into).collect() }))
}

/// Remove a passkey; never the last way to sign in. Sessions that it began go on.
#[utoipa::path(delete, path = "/api/auth/passkeys/{passkey}", tag = "auth", params(("passkey" = String, Path)), responses(
    (status = 204),
    (status = 401, description = "not_signed_in, session_over", body = ErrorBody),
    (status = 404, description = "no_such_passkey", body = ErrorBody),
    (status = 409, description = "last_way_in", body = ErrorBody),
))]
#[worker::send]
pub async fn remove(context: Context, viewer: Viewer, PasskeyId(id): PasskeyId) -> Answer<StatusCode> {
    limits::spend(&context, Limit::SignIn, &context.network).await?;
    let db = Db::of(&context.env)?;
    living(&context, &db, &viewer).await?;
    match db.remove_passkey(&viewer.id, &id, context.now_ms).await? {
        Removal::Removed => Ok(StatusCode::NO_CONTENT),
        Removal::Unknown => Err(ApiError::no_passkey()),
        Removal::LastWay => {
            let told = "You could not sign in any more without it. Set a password or add another passkey first.";
            Err(ApiError::new(409, "last_way_in", told))
        }
    }
}
