//! Passkeys, and the ceremonies that are under way.

use serde::Deserialize;
use worker::Result;

use super::Db;
use super::users::NewUser;

/// How long a ceremony may take: browsers give up after five minutes.
const CHALLENGE_LIFE_MS: i64 = 5 * 60 * 1000;

#[derive(Deserialize)]
struct StateRow {
    state: String,
}

/// A passkey as kept.
#[derive(Deserialize)]
pub struct CredentialRow {
    pub id: String,
    pub user_id: String,
    pub passkey: String,
}

impl Db {
    pub async fn open_challenge(&self, id: &str, kind: &str, state: &str, now: i64) -> Result<()> {
        self.run(
            "INSERT INTO challenges (id, kind, state, created_at, expires_at) VALUES (?1, ?2, ?3, ?4, ?5)",
            [id.into(), kind.into(), state.into(), now.into(), (now + CHALLENGE_LIFE_MS).into()],
        )
        .await
        .map(drop)
    }

    /// Takes a challenge out: whether it is then met or not, it cannot be tried again.
    pub async fn take_challenge(&self, id: &str, kind: &str, now: i64) -> Result<Option<String>> {
        let row: Option<StateRow> = self
            .first(
                "DELETE FROM challenges WHERE id = ?1 AND kind = ?2 AND expires_at > ?3 RETURNING state",
                [id.into(), kind.into(), now.into()],
            )
            .await?;
        Ok(row.map(|row| row.state))
    }

    pub async fn credential(&self, id: &str) -> Result<Option<CredentialRow>> {
        self.first("SELECT id, user_id, passkey FROM credentials WHERE id = ?1", [id.into()]).await
    }

    pub async fn credentials_of(&self, user_id: &str) -> Result<Vec<CredentialRow>> {
        self.all("SELECT id, user_id, passkey FROM credentials WHERE user_id = ?1 LIMIT 50", [user_id.into()]).await
    }

    /// Adds a passkey and, if need be, its user; a guest becomes an account by it. False if the passkey is known.
    pub async fn add_passkey(&self, user: &NewUser<'_>, id: &str, passkey: &str, now: i64) -> Result<bool> {
        let credential = self.statement(
            "INSERT INTO credentials (id, user_id, passkey, created_at) VALUES (?1, ?2, ?3, ?4)",
            [id.into(), user.id.into(), passkey.into(), now.into()],
        )?;
        let statements = vec![self.insert_user(user, now)?, credential, self.note(now, user.id, None, "add_passkey")?];
        match self.batch(statements).await {
            Ok(_) => Ok(true),
            Err(error) if super::is_taken(&error) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Keeps an authenticator's new counter.
    pub async fn used_passkey(&self, id: &str, passkey: &str, now: i64) -> Result<()> {
        self.run(
            "UPDATE credentials SET passkey = ?2, used_at = ?3 WHERE id = ?1",
            [id.into(), passkey.into(), now.into()],
        )
        .await
        .map(drop)
    }
}
