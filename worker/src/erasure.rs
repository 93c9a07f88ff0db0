//! What is left of an account that ended: told to the objects that may have words of it, and emptied in the database. What is not
//! done at once the daily clean-up goes on with.

use worker::{Env, Result};

use crate::db::Db;
use crate::objects;

/// Steps at once: a request may make 50 subrequests on the free plan.
const STEPS_MAX: usize = 10;
/// Objects told at once.
const TOLD_MAX: usize = 25;

/// Goes on with one.
pub async fn go_on(env: &Env, db: &Db, user_id: &str, now_ms: i64) -> Result<()> {
    let Some(erasure) = db.erasure(user_id).await? else { return Ok(()) };
    let spaces = erasure.spaces();
    let (now, later) = spaces.split_at(spaces.len().min(TOLD_MAX));
    let mut untold: Vec<&String> = later.iter().collect();
    for space in now {
        if !objects::forgotten(env, space, user_id).await {
            untold.push(space);
        }
    }
    let mut is_empty = false;
    for _ in 0..STEPS_MAX {
        is_empty = db.erase_some(user_id, now_ms).await?;
        if is_empty {
            break;
        }
    }
    if is_empty && untold.is_empty() {
        return db.finish_erasure(user_id).await;
    }
    db.keep_erasure(user_id, &serde_json::to_string(&untold)?).await
}
