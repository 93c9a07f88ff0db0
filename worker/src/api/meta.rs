//! Health, templates, and the description of the API itself.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE};

use super::types::{Health, TemplateInfo, Templates};
use crate::templates;

/// Is the Worker up? Touches nothing else.
#[utoipa::path(get, path = "/api/health", tag = "meta", responses((status = 200, body = Health)))]
pub async fn health() -> Json<Health> {
    Json(Health { status: "ok".into(), version: env!("CARGO_PKG_VERSION").into() })
}

/// This document.
#[utoipa::path(get, path = "/api/openapi.json", tag = "meta", responses((status = 200, description = "OpenAPI 3.1")))]
pub async fn openapi() -> Response {
    let headers = [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "public, max-age=300")];
    (headers, crate::app::document()).into_response()
}

/// The maps that a space can be made from.
#[utoipa::path(get, path = "/api/templates", tag = "spaces", responses((status = 200, body = Templates)))]
pub async fn list() -> Response {
    let templates = templates::ALL
        .iter()
        .map(|template| TemplateInfo {
            id: template.id.into(),
            name: template.name.into(),
            description: template.description.into(),
            width: template.width,
            height: template.height,
        })
        .collect();
    ([(CACHE_CONTROL, "public, max-age=300")], Json(Templates { templates })).into_response()
}
