//! Public keys of whoever signs grants and words: from the Worker, or from a file. Kept, and fetched again when an unknown one is named.

use std::collections::HashMap;
use std::sync::RwLock;
use std::time::{Duration, Instant};

use anyhow::Context;
use earshot_protocol::fleet::KeySet;
use jsonwebtoken::DecodingKey;

/// An unknown key leads to a request at most this often, whoever names one.
const APART: Duration = Duration::from_secs(5);
/// Keys that are known at a time: the present one, the last, and the next.
const KEYS_MAX: usize = 16;
/// Longest list of keys.
const KEYS_BYTES_MAX: u64 = 64_000;

/// Where keys come from.
#[derive(Clone, Debug)]
pub enum Source {
    Worker(String),
    File(std::path::PathBuf),
}

pub struct Keys {
    source: Source,
    agent: ureq::Agent,
    known: RwLock<HashMap<String, DecodingKey>>,
    asked_at: tokio::sync::Mutex<Option<Instant>>,
}

impl Keys {
    pub fn new(source: Source, agent: ureq::Agent) -> Self {
        Self { source, agent, known: RwLock::default(), asked_at: tokio::sync::Mutex::new(None) }
    }

    pub fn is_empty(&self) -> bool {
        self.known.read().map_or(true, |known| known.is_empty())
    }

    pub fn get(&self, kid: &str) -> Option<DecodingKey> {
        self.known.read().ok()?.get(kid).cloned()
    }

    /// The key, fetched anew if it is not known.
    pub async fn find(&self, kid: &str) -> Option<DecodingKey> {
        if let Some(key) = self.get(kid) {
            return Some(key);
        }
        if let Err(error) = self.refresh().await {
            tracing::warn!(error = format!("{error:#}"), "keys could not be fetched");
        }
        self.get(kid)
    }

    /// Fetches them, unless that was done a moment ago.
    pub async fn refresh(&self) -> anyhow::Result<()> {
        // Whoever waits here finds them fetched.
        let mut asked_at = self.asked_at.lock().await;
        if asked_at.is_some_and(|at| at.elapsed() < APART) {
            return Ok(());
        }
        *asked_at = Some(Instant::now());
        let (source, agent) = (self.source.clone(), self.agent.clone());
        let text = tokio::task::spawn_blocking(move || read(&source, &agent)).await??;
        let keys = parse(&text)?;
        if let Ok(mut known) = self.known.write() {
            *known = keys;
        }
        Ok(())
    }
}

fn read(source: &Source, agent: &ureq::Agent) -> anyhow::Result<String> {
    match source {
        Source::File(path) => std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display())),
        Source::Worker(base) => {
            let mut answer = agent.get(format!("{base}/api/fleet/keys")).call().context("asking for keys")?;
            Ok(answer.body_mut().with_config().limit(KEYS_BYTES_MAX).read_to_string()?)
        }
    }
}

/// The keys of a set that are of the one kind in use.
pub fn parse(text: &str) -> anyhow::Result<HashMap<String, DecodingKey>> {
    let set: KeySet = serde_json::from_str(text).context("reading the keys")?;
    let usable = set.keys.iter().filter(|key| key.kty == "EC" && key.crv == "P-256").take(KEYS_MAX);
    usable
        .map(|key| {
            let decoding = DecodingKey::from_ec_components(&key.x, &key.y).context("reading a key")?;
            Ok((key.kid.clone(), decoding))
        })
        .collect()
}
