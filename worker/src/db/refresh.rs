//! Refresh tokens, kept as hashes.

use serde::Deserialize;
use worker::{D1PreparedStatement, Result};

use super::Db;
use crate::core::refresh::{Kept, REFRESH_LIFE_MS};

/// A token as kept.
#[derive(Deserialize)]
pub struct RefreshRow {
    pub user_id: String,
    pub family: String,
    expires_at: i64,
    rotated_at: Option<i64>,
    revoked_at: Option<i64>,
}

impl RefreshRow {
    pub fn kept(&self) -> Kept {
        Kept { expires_at: self.expires_at, rotated_at: self.rotated_at, revoked_at: self.revoked_at }
    }
}

impl Db {
    pub async fn refresh_token(&self, hash: &str) -> Result<Option<RefreshRow>> {
        self.first(
            "SELECT user_id, family, expires_at, rotated_at, revoked_at FROM refresh_tokens WHERE hash = ?1",
            [hash.into()],
        )
        .await
    }

    /// The first of a new family.
    pub async fn start_family(&self, hash: &str, family: &str, user_id: &str, now: i64) -> Result<()> {
        self.run(
            "INSERT INTO refresh_tokens (hash, family, user_id, created_at, expires_at) VALUES (?1, ?2, ?3, ?4, ?5)",
            [hash.into(), family.into(), user_id.into(), now.into(), (now + REFRESH_LIFE_MS).into()],
        )
        .await
        .map(drop)
    }

    /// Uses a token and makes its successor, or does nothing if another request was faster (then false).
    pub async fn rotate(&self, old: &str, new: &str, now: i64) -> Result<bool> {
        let used = self.statement(
            "UPDATE refresh_tokens SET rotated_at = ?3, successor = ?2
             WHERE hash = ?1 AND rotated_at IS NULL AND revoked_at IS NULL",
            [old.into(), new.into(), now.into()],
        )?;
        let successor: D1PreparedStatement = self.statement(
            "INSERT INTO refresh_tokens (hash, family, user_id, created_at, expires_at)
             SELECT ?2, family, user_id, ?3, ?4 FROM refresh_tokens WHERE hash = ?1 AND successor = ?2",
            [old.into(), new.into(), now.into(), (now + REFRESH_LIFE_MS).into()],
        )?;
        Ok(self.batch(vec![used, successor]).await?.first() == Some(&1))
    }

    /// Ends a family: none of its tokens is good any more.
    pub async fn revoke_family(&self, family: &str, user_id: &str, action: &str, now: i64) -> Result<()> {
        let revoke = self.statement(
            "UPDATE refresh_tokens SET revoked_at = ?2 WHERE family = ?1 AND revoked_at IS NULL",
            [family.into(), now.into()],
        )?;
        self.batch(vec![revoke, self.note(now, user_id, None, action)?]).await.map(drop)
    }
}
