//! Spaces that forget: what is older than they want is deleted, some of it a day at a time.

use serde::Deserialize;
use worker::Result;

use super::Db;

/// Messages that one step looks at.
const STEP: i64 = 1_000;

#[derive(Deserialize)]
pub struct ForgetfulRow {
    pub id: String,
    pub retention_days: i64,
}

#[derive(Deserialize)]
struct OldRow {
    newest: Option<i64>,
    n: i64,
}

impl Db {
    /// In any order: where a day is not enough for all, it is not always the same who wait.
    pub async fn forgetful_spaces(&self, at_most: i64) -> Result<Vec<ForgetfulRow>> {
        self.all(
            "SELECT id, retention_days FROM spaces WHERE retention_days > 0 ORDER BY random() LIMIT ?1",
            [at_most.into()],
        )
        .await
    }

    /// Deletes the oldest messages that were said before a time. True if there may be more of them.
    pub async fn forget_some(&self, space_id: &str, before: i64) -> Result<bool> {
        // Ids rise with time: the old ones come first, and no more rows are read than this.
        let old: Option<OldRow> = self
            .first(
                "SELECT max(id) AS newest, count(*) AS n FROM
                 (SELECT id, said_at FROM messages WHERE space_id = ?1 ORDER BY id LIMIT ?3) WHERE said_at < ?2",
                [space_id.into(), before.into(), STEP.into()],
            )
            .await?;
        let Some((newest, count)) = old.and_then(|old| Some((old.newest?, old.n))) else { return Ok(false) };
        let statements = vec![
            self.statement(
                "DELETE FROM reactions WHERE space_id = ?1 AND message_id <= ?2",
                [space_id.into(), newest.into()],
            )?,
            self.statement(
                "DELETE FROM traces WHERE space_id = ?1 AND message_id <= ?2",
                [space_id.into(), newest.into()],
            )?,
            self.statement(
                "DELETE FROM messages WHERE space_id = ?1 AND id <= ?2 AND said_at < ?3",
                [space_id.into(), newest.into(), before.into()],
            )?,
        ];
        self.batch(statements).await?;
        Ok(count >= STEP)
    }
}
