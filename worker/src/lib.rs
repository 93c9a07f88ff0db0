//! Earshot's edge: accounts, spaces, and the door to each space's object. A shell: what it decides is in `core/` and in
//! the `space` crate; what it keeps is in D1.
//!
//! Absent on purpose: anything that happens inside a space (`space_object/` performs it, the `space` crate decides it),
//! pages and pictures (static assets never reach this code), and media.

mod api;
mod app;
mod cleanup;
mod context;
mod core;
mod db;
mod erasure;
mod error;
mod fleet;
mod fleet_object;
mod input;
mod limits;
mod objects;
mod passwords;
mod post;
mod push;
mod signatures;
mod space_object;
mod templates;
mod viewer;

pub use fleet_object::FleetObject;
pub use passwords::PasswordObject;
pub use space_object::SpaceObject;

use axum::body::Body;
use axum::response::{IntoResponse as _, Response};
use worker::{Env, HttpRequest, Request, ScheduleContext, ScheduledEvent, event};

#[event(fetch)]
async fn fetch(request: Request, env: Env, platform: worker::Context) -> worker::Result<Response> {
    let continent = request.cf().and_then(worker::Cf::continent);
    // Headers may hold bytes that the http crate refuses; then nothing of the request can be trusted.
    let Ok(request) = HttpRequest::try_from(request) else {
        return Ok(
            error::ApiError::new(400, "invalid_header", "A header holds characters it must not.").into_response()
        );
    };
    let context = context::Context::new(env, platform, request.uri(), request.headers(), now_ms())
        .on_continent(continent.as_deref());
    Ok(app::handle(request.map(Body::new), context).await)
}

#[event(scheduled)]
async fn scheduled(_: ScheduledEvent, env: Env, _: ScheduleContext) {
    cleanup::run(&env, now_ms()).await;
}

fn now_ms() -> i64 {
    i64::try_from(worker::Date::now().as_millis()).unwrap_or(i64::MAX)
}
