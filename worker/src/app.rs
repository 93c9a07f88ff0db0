//! The router and its document: one list of routes makes both.
//!
//! Built once and kept: nothing in it belongs to a request. What a request brings is its [`Context`], put into its
//! extensions by [`handle`].

use std::sync::OnceLock;

use axum::Router;
use axum::body::Body;
use axum::extract::DefaultBodyLimit;
use axum::response::{IntoResponse, Response};
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY, RETRY_AFTER, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderValue, Method, Request, StatusCode};
use serde_json::{Value, json};
use tower_service::Service as _;
use utoipa::OpenApi;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt as _};
use utoipa_axum::routes;

use crate::api::{
    accounts, blocks, changes, channels, directs, ending, export, fleet, keyring, media, messages, meta, moderation,
    notices, passkeys, passwords, rings, search, sessions, socket, spaces, users,
};
use crate::context::Context;
use crate::error::{ApiError, ErrorBody};
use crate::input::BODY_BYTES_MAX;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Earshot",
        description = "Accounts, spaces, and the door to a space's WebSocket. Every refusal has the \
        shape of ErrorBody. Sign-in sets cookies; programs may send the access token as a bearer token instead."
    ),
    components(schemas(ErrorBody))
)]
struct Document;

struct App {
    router: Router,
    description: utoipa::openapi::OpenApi,
}

fn app() -> &'static App {
    static APP: OnceLock<App> = OnceLock::new();
    APP.get_or_init(build)
}

/// The OpenAPI document. Written out when first asked for: most isolates never are.
pub fn document() -> &'static str {
    static DOCUMENT: OnceLock<String> = OnceLock::new();
    DOCUMENT.get_or_init(|| {
        let document = serde_json::to_value(&app().description).unwrap_or_default();
        with_common_parts(document).to_string()
    })
}

fn build() -> App {
    let (router, description) = OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(meta::health))
        .routes(routes!(meta::openapi))
        .routes(routes!(meta::list))
        .routes(routes!(accounts::guest))
        .routes(routes!(accounts::register))
        .routes(routes!(accounts::login))
        .routes(routes!(passkeys::start_register))
        .routes(routes!(passkeys::finish_register))
        .routes(routes!(passkeys::start_login))
        .routes(routes!(passkeys::finish_login))
        .routes(routes!(keyring::list))
        .routes(routes!(keyring::remove))
        .routes(routes!(passwords::set, passwords::change))
        .routes(routes!(sessions::me))
        .routes(routes!(sessions::refresh))
        .routes(routes!(sessions::logout))
        .routes(routes!(sessions::logout_others))
        .routes(routes!(users::show, users::change))
        .routes(routes!(spaces::list, spaces::create))
        .routes(routes!(spaces::show, spaces::change, spaces::delete))
        .routes(routes!(spaces::map))
        .routes(routes!(spaces::users))
        .routes(routes!(spaces::join))
        .routes(routes!(spaces::leave))
        .routes(routes!(media::ice))
        .routes(routes!(media::counters))
        .routes(routes!(fleet::join).layer(DefaultBodyLimit::max(fleet::JOIN_BYTES_MAX)))
        .routes(routes!(fleet::nodes))
        .routes(routes!(fleet::keys))
        .routes(routes!(fleet::beat))
        .routes(routes!(messages::list))
        .routes(routes!(messages::show, changes::edit, changes::delete))
        .routes(routes!(messages::trace))
        .routes(routes!(changes::react, changes::unreact))
        .routes(routes!(search::search))
        .routes(routes!(export::export))
        .routes(routes!(channels::list, channels::create))
        .routes(routes!(channels::change, channels::delete))
        .routes(routes!(moderation::bans))
        .routes(routes!(moderation::ban, moderation::unban))
        .routes(routes!(moderation::reports, moderation::report))
        .routes(routes!(moderation::close))
        .routes(routes!(blocks::list))
        .routes(routes!(blocks::block, blocks::unblock))
        .routes(routes!(directs::list))
        .routes(routes!(directs::page, directs::write))
        .routes(routes!(directs::edit, directs::delete))
        .routes(routes!(directs::react, directs::unreact))
        .routes(routes!(directs::read))
        .routes(routes!(notices::show, notices::choose))
        .routes(routes!(notices::key))
        .routes(routes!(notices::subscribe, notices::unsubscribe))
        .routes(routes!(rings::ring))
        .routes(routes!(ending::end))
        .routes(routes!(socket::open))
        .split_for_parts();
    let router = router
        .method_not_allowed_fallback(async || {
            ApiError::new(405, "method_not_allowed", "This address exists, but not for that method.")
        })
        .fallback(async || ApiError::new(404, "no_such_route", "There is nothing at this address."))
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX));
    App { router, description }
}

/// Answers a request, whatever it is.
pub async fn handle(mut request: Request<Body>, context: Context) -> Response {
    let is_https = context.is_https;
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let response = if is_read || context.sender().may_change_state() {
        request.extensions_mut().insert(context);
        match app().router.clone().call(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        }
    } else {
        ApiError::wrong_origin().into_response()
    };
    with_security_headers(response, is_https)
}

/// What every answer carries: it is data, not a page, and nobody else's business.
fn with_security_headers(mut response: Response, is_https: bool) -> Response {
    if response.status() == StatusCode::SWITCHING_PROTOCOLS {
        return response;
    }
    let is_too_often = response.status() == StatusCode::TOO_MANY_REQUESTS;
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: &'static str| headers.insert(name, HeaderValue::from_static(value));
    set(X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(REFERRER_POLICY, "no-referrer");
    set(CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'");
    set(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    if is_https {
        set(STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    if is_too_often {
        headers.entry(RETRY_AFTER).or_insert(HeaderValue::from_static("60"));
    }
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Adds what holds for many routes, so that no handler has to repeat it: how to sign, and the refusals that come before
/// a handler runs.
fn with_common_parts(mut document: Value) -> Value {
    document["components"]["securitySchemes"] = json!({
        "bearer": { "type": "http", "scheme": "bearer", "bearerFormat": "JWT" },
        "cookie": { "type": "apiKey", "in": "cookie", "name": crate::core::cookies::ACCESS },
        "fleet": { "type": "http", "scheme": "bearer", "description": "FLEET_TOKEN, for nodes and who runs them" },
    });
    document["security"] = json!([{}, { "bearer": [] }, { "cookie": [] }]);
    let paths = document["paths"].as_object_mut().into_iter().flatten();
    for (path, item) in paths {
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            // Handlers of different subjects have the same names; operations must not.
            operation["operationId"] = operation_id(method, path).into();
            if path.starts_with("/api/fleet") && path != "/api/fleet/keys" {
                operation["security"] = json!([{ "fleet": [] }]);
            }
            let changes = matches!(method.as_str(), "post" | "put" | "patch" | "delete");
            let has_body = operation.get("requestBody").is_some();
            let is_limited =
                path.starts_with("/api/auth/") && changes && !path.ends_with("/refresh") && !path.ends_with("/logout")
                    || path == "/api/spaces" && changes;
            for (applies, status, codes) in [
                (has_body, "400", "invalid_json, unreadable_body"),
                (changes, "403", "wrong_origin"),
                (has_body, "413", "too_large"),
                (has_body, "415", "not_json"),
                (has_body, "422", "invalid_body"),
                (is_limited, "429", "too_many_requests"),
                (path != "/api/health" && path != "/api/openapi.json", "500", "internal, not_configured"),
            ] {
                if applies {
                    add_refusal(&mut operation["responses"][status], codes);
                }
            }
        }
    }
    document
}

/// `get_spaces_id_map` for `GET /api/spaces/{id}/map`.
fn operation_id(method: &str, path: &str) -> String {
    let words =
        path.split('/').map(|part| part.trim_matches(['{', '}'])).filter(|part| !part.is_empty() && *part != "api");
    std::iter::once(method).chain(words).collect::<Vec<_>>().join("_").replace('.', "_")
}

fn add_refusal(response: &mut Value, codes: &str) {
    let described = match response["description"].as_str() {
        Some(others) if !others.is_empty() => format!("{others}, {codes}"),
        _ => codes.to_owned(),
    };
    *response = json!({
        "description": described,
        "content": { "application/json": { "schema": { "$ref": "#/components/schemas/ErrorBody" } } },
    });
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_route_is_described_with_what_it_may_refuse() {
        let document: Value = serde_json::from_str(document()).unwrap();
        let paths = document["paths"].as_object().unwrap();
        let operations: Vec<_> = paths.values().flat_map(|item| item.as_object().unwrap().values()).collect();
        let names: std::collections::HashSet<_> =
            operations.iter().map(|one| one["operationId"].as_str().unwrap()).collect();
        assert_eq!(names.len(), operations.len());
        assert!(names.contains("get_spaces_id_map"));
        let register = &paths["/api/auth/register"]["post"]["responses"];
        for status in ["201", "400", "403", "409", "413", "415", "422", "429", "500"] {
            assert!(register[status].is_object(), "{status}");
        }
        assert_eq!(
            register["422"]["description"],
            "invalid_email, weak_password, invalid_name, invalid_look, invalid_body"
        );
    }

    #[test]
    fn every_reference_in_the_document_leads_somewhere() {
        fn walk(value: &Value, found: &mut Vec<String>) {
            match value {
                Value::Object(map) => {
                    if let Some(Value::String(to)) = map.get("$ref") {
                        found.push(to.clone());
                    }
                    map.values().for_each(|value| walk(value, found));
                }
                Value::Array(list) => list.iter().for_each(|value| walk(value, found)),
                _ => {}
            }
        }
        let document: Value = serde_json::from_str(document()).unwrap();
        let mut references = Vec::new();
        walk(&document, &mut references);
        for reference in references {
            let pointer = reference.trim_start_matches('#');
            assert!(document.pointer(pointer).is_some(), "{reference}");
        }
    }
}
