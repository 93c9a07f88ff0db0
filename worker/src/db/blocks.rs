//! Who does not want to have to do with whom.

use serde::Deserialize;
use worker::Result;

use super::Db;

#[derive(Deserialize)]
pub struct BlockRow {
    pub user_id: String,
    pub name: String,
    pub at: i64,
}

/// People one may block. The list goes along with each admission.
pub const BLOCKS_MAX: i64 = 100;

impl Db {
    pub async fn blocks(&self, user_id: &str) -> Result<Vec<BlockRow>> {
        self.all(
            "SELECT b.blocked_id AS user_id, u.name, b.at FROM blocks b JOIN users u ON u.id = b.blocked_id
             WHERE b.user_id = ?1 ORDER BY b.at DESC LIMIT ?2",
            [user_id.into(), BLOCKS_MAX.into()],
        )
        .await
    }

    /// False if there are too many already.
    pub async fn block(&self, user_id: &str, blocked_id: &str, now: i64) -> Result<bool> {
        let made = self
            .run(
                "INSERT INTO blocks (user_id, blocked_id, at) SELECT ?1, ?2, ?3
                 WHERE (SELECT count(*) FROM blocks WHERE user_id = ?1 AND blocked_id <> ?2) < ?4
                 ON CONFLICT (user_id, blocked_id) DO UPDATE SET at = at",
                [user_id.into(), blocked_id.into(), now.into(), BLOCKS_MAX.into()],
            )
            .await?;
        Ok(made > 0)
    }

    pub async fn unblock(&self, user_id: &str, blocked_id: &str) -> Result<()> {
        self.run("DELETE FROM blocks WHERE user_id = ?1 AND blocked_id = ?2", [user_id.into(), blocked_id.into()])
            .await
            .map(drop)
    }

    /// Has one of the two blocked the other?
    pub async fn is_blocked(&self, one: &str, other: &str) -> Result<bool> {
        let row: Option<super::CountRow> = self
            .first(
                "SELECT (SELECT count(*) FROM blocks WHERE user_id = ?1 AND blocked_id = ?2)
                      + (SELECT count(*) FROM blocks WHERE user_id = ?2 AND blocked_id = ?1) AS n",
                [one.into(), other.into()],
            )
            .await?;
        Ok(row.is_some_and(|row| row.n > 0))
    }
}
