//! The daily clean-up, started by the cron trigger in wrangler.toml.

use worker::Env;

use crate::db::Db;
use crate::error::log;

/// How long a guest is kept without being seen: as long as their session could live.
const GUEST_LIFE_MS: i64 = crate::core::refresh::REFRESH_LIFE_MS;

/// How long the audit keeps what was done.
const AUDIT_LIFE_MS: i64 = 365 * 24 * 60 * 60 * 1000;

/// Failing is harmless: the next day does it.
pub async fn run(env: &Env, now_ms: i64) {
    let done = async { Db::of(env)?.clean_up(now_ms, now_ms - GUEST_LIFE_MS, now_ms - AUDIT_LIFE_MS).await };
    if let Err(error) = done.await {
        log("error", "clean_up", &error.to_string());
    }
}
