//! Refresh tokens, kept as hashes.

use serde::Deserialize;
use worker::{D1PreparedStatement, Result};

use super::{CountRow, Db};
use crate::core::refresh::{Kept, REFRESH_LIFE_MS};

/// Is the family ?2 of the user ?1 going on? Asked in the statement that it decides about, for it may end at any moment.
pub(super) const LIVING: &str =
    "EXISTS (SELECT 1 FROM refresh_tokens WHERE user_id = ?1 AND family = ?2 AND revoked_at IS NULL)";

/// A token as kept.
#[derive(Deserialize)]
pub struct RefreshRow {
    pub user_id: String,
    pub family: String,
    expires_at: i64,
    rotated_at: Option<i64>,
    revoked_at: Option<i64>,
    pub successor: Option<String>,
    unanswered: i64,
}

impl RefreshRow {
    pub fn kept(&self) -> Kept {
        Kept {
            expires_at: self.expires_at,
            rotated_at: self.rotated_at,
            unanswered: self.unanswered != 0,
            revoked_at: self.revoked_at,
        }
    }
}

impl Db {
    pub async fn refresh_token(&self, hash: &str) -> Result<Option<RefreshRow>> {
        self.first(
            "SELECT token.user_id, token.family, token.expires_at, token.rotated_at, token.revoked_at, token.successor,
               next.hash IS NOT NULL AND next.rotated_at IS NULL AND next.revoked_at IS NULL AS unanswered
             FROM refresh_tokens token LEFT JOIN refresh_tokens next ON next.hash = token.successor
             WHERE token.hash = ?1",
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

    /// The same by a password, as long as that is still the one with this hash (else false).
    pub async fn start_family_by(
        &self,
        password: &str,
        hash: &str,
        family: &str,
        user_id: &str,
        now: i64,
    ) -> Result<bool> {
        let started = self
            .run(
                "INSERT INTO refresh_tokens (hash, family, user_id, created_at, expires_at)
                 SELECT ?1, ?2, ?3, ?4, ?5 FROM passwords WHERE user_id = ?3 AND hash = ?6",
                [
                    hash.into(),
                    family.into(),
                    user_id.into(),
                    now.into(),
                    (now + REFRESH_LIFE_MS).into(),
                    password.into(),
                ],
            )
            .await?;
        Ok(started == 1)
    }

    /// Uses a token and makes its successor, or does nothing if another request was faster (then false).
    pub async fn rotate(&self, old: &str, new: &str, now: i64) -> Result<bool> {
        let used = self.statement(
            "UPDATE refresh_tokens SET rotated_at = ?3, successor = ?2
             WHERE hash = ?1 AND rotated_at IS NULL AND revoked_at IS NULL",
            [old.into(), new.into(), now.into()],
        )?;
        let successor = self.successor(old, new, now)?;
        Ok(self.batch(vec![used, successor]).await?.first() == Some(&1))
    }

    /// Replaces a successor that never arrived, which counts as used from then on; or does nothing if it has been used meanwhile, or replaced (then
    /// false).
    pub async fn rotate_again(&self, old: &str, lost: &str, new: &str, now: i64) -> Result<bool> {
        let replaced = self.statement(
            "UPDATE refresh_tokens SET rotated_at = ?4, successor = ?3
             WHERE hash = ?1 AND successor = ?2 AND revoked_at IS NULL AND EXISTS (
               SELECT 1 FROM refresh_tokens WHERE hash = ?2 AND rotated_at IS NULL AND revoked_at IS NULL)",
            [old.into(), lost.into(), new.into(), now.into()],
        )?;
        let is_replaced = "EXISTS (SELECT 1 FROM refresh_tokens WHERE hash = ?1 AND successor = ?3)";
        let used = self.statement(
            &format!(
                "UPDATE refresh_tokens SET rotated_at = ?4 WHERE hash = ?2 AND rotated_at IS NULL AND {is_replaced}"
            ),
            [old.into(), lost.into(), new.into(), now.into()],
        )?;
        let successor = self.successor(old, new, now)?;
        Ok(self.batch(vec![replaced, used, successor]).await?.first() == Some(&1))
    }

    fn successor(&self, old: &str, new: &str, now: i64) -> Result<D1PreparedStatement> {
        self.statement(
            "INSERT INTO refresh_tokens (hash, family, user_id, created_at, expires_at)
             SELECT ?2, family, user_id, ?3, ?4 FROM refresh_tokens WHERE hash = ?1 AND successor = ?2",
            [old.into(), new.into(), now.into(), (now + REFRESH_LIFE_MS).into()],
        )
    }

    /// Is a family going on?
    pub async fn is_living(&self, family: &str, user_id: &str) -> Result<bool> {
        let row: Option<CountRow> =
            self.first(&format!("SELECT {LIVING} AS n"), [user_id.into(), family.into()]).await?;
        Ok(row.is_some_and(|row| row.n == 1))
    }

    /// Ends all families of a user but one, if that is going on itself; else it does nothing (then false). Of two devices that sign each
    /// other out at once, one stays.
    pub async fn end_others(&self, family: &str, user_id: &str, now: i64) -> Result<bool> {
        let mut statements = vec![self.note_where(now, user_id, "logout_others", LIVING, family)?];
        statements.extend(self.ends_others(family, user_id, None, now)?);
        Ok(self.batch(statements).await?.first() == Some(&1))
    }

    /// What ends the other families. Where to push to is forgotten with them: it is not known which device is which, and one that is signed
    /// out must not be told what is written to somebody. The own one subscribes again. With a password's hash, only where that is the one.
    pub(super) fn ends_others(
        &self,
        family: &str,
        user_id: &str,
        password: Option<&str>,
        now: i64,
    ) -> Result<[D1PreparedStatement; 2]> {
        let holds = "(?3 IS NULL OR EXISTS (SELECT 1 FROM passwords WHERE user_id = ?1 AND hash = ?3))";
        Ok([
            self.statement(
                &format!(
                    "UPDATE refresh_tokens SET revoked_at = ?4
                     WHERE user_id = ?1 AND family <> ?2 AND revoked_at IS NULL AND {LIVING} AND {holds}"
                ),
                [user_id.into(), family.into(), password.into(), now.into()],
            )?,
            self.statement(
                &format!("DELETE FROM push_subscriptions WHERE user_id = ?1 AND {LIVING} AND {holds}"),
                [user_id.into(), family.into(), password.into()],
            )?,
        ])
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
