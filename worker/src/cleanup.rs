//! The daily clean-up, started by the cron trigger in wrangler.toml.

use worker::{Env, Result};

use crate::db::Db;
use crate::erasure;
use crate::error::log;

/// How long a guest is kept without being seen: as long as their session could live.
const GUEST_LIFE_MS: i64 = crate::core::refresh::REFRESH_LIFE_MS;

/// How long the audit keeps what was done.
const AUDIT_LIFE_MS: i64 = 365 * 24 * 60 * 60 * 1000;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// Spaces that forget, looked at in one day, and steps of a thousand messages for all of them together.
const FORGETFUL_MAX: i64 = 500;
const STEPS_MAX: usize = 500;
/// Accounts that ended, gone on with in one day.
const ERASURES_MAX: i64 = 20;

/// Failing is harmless: the next day does it. One part's failure is not another's.
pub async fn run(env: &Env, now_ms: i64) {
    let db = match Db::of(env) {
        Ok(db) => db,
        Err(error) => return log("error", "clean_up", &error.to_string()),
    };
    let parts = [
        // First what somebody waits for: a run may ask the database only so often.
        ("erasures", erase(env, &db, now_ms).await),
        ("clean_up", db.clean_up(now_ms, now_ms - GUEST_LIFE_MS, now_ms - AUDIT_LIFE_MS).await),
        ("retention", forget(&db, now_ms).await),
    ];
    for (place, done) in parts {
        if let Err(error) = done {
            log("error", place, &error.to_string());
        }
    }
}

/// Deletes what spaces do not want to keep any longer.
async fn forget(db: &Db, now_ms: i64) -> Result<()> {
    let mut steps = STEPS_MAX;
    for space in db.forgetful_spaces(FORGETFUL_MAX).await? {
        let before = now_ms - space.retention_days * DAY_MS;
        while steps > 0 {
            steps -= 1;
            if !db.forget_some(&space.id, before).await? {
                break;
            }
        }
    }
    Ok(())
}

/// Goes on with accounts that ended.
async fn erase(env: &Env, db: &Db, now_ms: i64) -> Result<()> {
    for erasure in db.erasures(ERASURES_MAX).await? {
        erasure::go_on(env, db, &erasure.user_id, now_ms).await?;
    }
    Ok(())
}
