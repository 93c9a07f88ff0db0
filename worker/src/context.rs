//! What a handler may know about its request besides path and body: the platform's bindings, the time, the sender.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use http::header::{AUTHORIZATION, COOKIE, HOST, ORIGIN};
use http::request::Parts;
use http::{HeaderMap, HeaderName, Uri};
use worker::Env;

use crate::core::fleet::placement::region_of;
use crate::core::network::network_of;
use crate::core::origin::Sender;
use crate::core::turn::Servers;
use crate::core::{cookies, jwt};
use crate::error::{Answer, ApiError};

/// One request's surroundings. The router itself holds nothing of any request: it is built once and shared.
#[derive(Clone)]
pub struct Context {
    pub env: Env,
    pub now_ms: i64,
    /// With its port, as the browser writes it into `Origin`.
    pub host: String,
    pub is_https: bool,
    origin: Option<String>,
    cookies: String,
    pub bearer: Option<String>,
    /// For rate limits only; never stored or logged.
    pub network: String,
    /// Where in the world it came in, as nodes say where they are; empty where that is unknown.
    pub region: String,
    platform: Arc<worker::Context>,
}

impl Context {
    pub fn new(env: Env, platform: worker::Context, uri: &Uri, headers: &HeaderMap, now_ms: i64) -> Self {
        let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let from_uri = uri.authority().map(|authority| authority.as_str().to_owned());
        let bearer = text(AUTHORIZATION).and_then(|value| {
            let (scheme, token) = value.split_once(' ')?;
            scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
        });
        Self {
            env,
            now_ms,
            host: from_uri.or_else(|| text(HOST)).unwrap_or_default(),
            is_https: uri.scheme_str() == Some("https"),
            origin: text(ORIGIN),
            cookies: headers
                .get_all(COOKIE)
                .iter()
                .filter_map(|value| value.to_str().ok())
                .collect::<Vec<_>>()
                .join(";"),
            bearer,
            network: network_of(&text(HeaderName::from_static("cf-connecting-ip")).unwrap_or_default()),
            region: String::new(),
            platform: Arc::new(platform),
        }
    }

    /// The same, from a part of the world, as the platform calls it.
    pub fn on_continent(self, continent: Option<&str>) -> Self {
        Self { region: region_of(continent), ..self }
    }

    /// Does something after the answer is on its way.
    pub fn afterwards(&self, work: impl Future<Output = ()> + 'static) {
        self.platform.wait_until(work);
    }

    pub fn sender(&self) -> Sender<'_> {
        Sender {
            origin: self.origin.as_deref(),
            host: &self.host,
            has_bearer: self.bearer.is_some(),
            has_session_cookie: self.cookie(cookies::ACCESS).is_some() || self.cookie(cookies::REFRESH).is_some(),
        }
    }

    pub fn cookie(&self, name: &str) -> Option<&str> {
        cookies::read(&self.cookies, name)
    }

    /// The origin of the page, as its browser knows it: passkeys are bound to it.
    pub fn page_origin(&self) -> String {
        let scheme = if self.is_https { "https" } else { "http" };
        self.origin.clone().unwrap_or_else(|| format!("{scheme}://{}", self.host))
    }

    /// The secret that signs access tokens.
    pub fn secret(&self) -> Answer<String> {
        let secret = self.env.secret("JWT_SECRET").map(|secret| secret.to_string()).unwrap_or_default();
        if secret.len() < jwt::SECRET_BYTES_MIN {
            return Err(ApiError::new(
                500,
                "not_configured",
                "This installation has no JWT_SECRET of at least 32 bytes; whoever runs it must set one.",
            ));
        }
        Ok(secret)
    }

    /// STUN and TURN, as this installation has them; none by default.
    pub fn ice_servers(&self) -> Answer<Servers> {
        let var = |name| self.env.var(name).map(|value| value.to_string()).unwrap_or_default();
        let secret = self.env.secret("TURN_SECRET").map(|secret| secret.to_string()).unwrap_or_default();
        Servers::read(&var("STUN_URLS"), &var("TURN_URLS"), &secret).map_err(|fault| {
            let told =
                format!("The relay of this installation is set up wrongly: {fault}. Whoever runs it must mend that.");
            ApiError::new(500, "not_configured", told)
        })
    }
}

impl<S: Sync> FromRequestParts<S> for Context {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Answer<Self> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| ApiError::internal("context", "missing"))
    }
}
