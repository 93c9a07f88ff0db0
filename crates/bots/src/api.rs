//! The REST half of a bot's life: sign in as a guest, join, read the map, renew.

use std::io::Read;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::Context;
use earshot_world::tiled;
use serde_json::{Value, json};
use ureq::Agent;

/// A guest's way into one space.
#[derive(Clone)]
pub struct Access {
    agent: Agent,
    url: String,
    space: String,
    tokens: Arc<Mutex<Tokens>>,
}

struct Tokens {
    access: String,
    /// The refresh cookie, as `name=value`.
    refresh: Option<String>,
}

impl Access {
    /// Signs in as a guest and joins.
    pub fn guest(url: &str, space: &str, name: &str) -> anyhow::Result<Self> {
        let agent: Agent = Agent::config_builder().timeout_global(Some(Duration::from_secs(30))).build().into();
        let url = url.trim_end_matches('/').to_string();
        let mut response =
            agent.post(format!("{url}/api/auth/guest")).header("origin", &url).send_json(json!({"name": name}))?;
        let refresh = refresh_cookie(response.headers());
        let signed_in: Value = response.body_mut().read_json()?;
        let access = access_token(&signed_in)?;
        let this = Self { agent, url, space: space.into(), tokens: Arc::new(Mutex::new(Tokens { access, refresh })) };
        let join = format!("{}/api/spaces/{}/join", this.url, this.space);
        this.agent.post(join).header("authorization", this.bearer()).send_json(json!({}))?;
        Ok(this)
    }

    /// The space's map, as Tiled's JSON.
    pub fn map(&self) -> anyhow::Result<Vec<u8>> {
        let url = format!("{}/api/spaces/{}/map", self.url, self.space);
        let response = self.agent.get(url).header("authorization", self.bearer()).call()?;
        let mut bytes = Vec::new();
        response.into_body().into_reader().take(tiled::BYTES_MAX as u64 + 1).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// Renews the access token, as a browser does with its cookie.
    pub fn renew(&self) -> anyhow::Result<()> {
        let cookie = self.tokens.lock().ok().and_then(|tokens| tokens.refresh.clone()).context("no refresh cookie")?;
        let request = self
            .agent
            .post(format!("{}/api/auth/refresh", self.url))
            .header("origin", &self.url)
            .header("cookie", cookie);
        let mut response = request.send_empty()?;
        let refresh = refresh_cookie(response.headers());
        let access = access_token(&response.body_mut().read_json()?)?;
        if let Ok(mut tokens) = self.tokens.lock() {
            *tokens = Tokens { access, refresh };
        }
        Ok(())
    }

    /// Asks the node of a media room for an answer to an offer.
    pub fn join_media(&self, grant: &str, offer: &str) -> anyhow::Result<String> {
        let url = format!("{}/api/spaces/{}/media/join", self.url, self.space);
        let request = self.agent.post(url).header("origin", &self.url).header("authorization", self.bearer());
        let answer: Value = request.send_json(json!({"grant": grant, "offer": offer}))?.body_mut().read_json()?;
        answer.get("answer").and_then(Value::as_str).map(Into::into).context("the answer has no description")
    }

    /// Where the space's socket is.
    pub fn socket_url(&self) -> String {
        let base = self.url.replacen("http", "ws", 1);
        format!("{base}/ws/{}", self.space)
    }

    /// The value of the `authorization` header.
    pub fn bearer(&self) -> String {
        self.tokens.lock().map(|tokens| format!("Bearer {}", tokens.access)).unwrap_or_default()
    }
}

fn access_token(signed_in: &Value) -> anyhow::Result<String> {
    signed_in.get("access_token").and_then(Value::as_str).map(Into::into).context("the answer has no access_token")
}

fn refresh_cookie(headers: &ureq::http::HeaderMap) -> Option<String> {
    let cookies = headers.get_all("set-cookie").iter().filter_map(|value| value.to_str().ok());
    let pairs = cookies.filter_map(|cookie| cookie.split(';').next());
    pairs.map(str::trim).find(|pair| pair.starts_with("earshot_refresh=")).map(Into::into)
}
