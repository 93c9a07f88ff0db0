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

/// A passkey as its owner sees it.
#[derive(Deserialize)]
pub struct OwnPasskey {
    pub id: String,
    pub created_at: i64,
    pub used_at: Option<i64>,
}

/// What became of a passkey that was to be removed.
#[derive(Debug, PartialEq, Eq)]
pub enum Removal {
    Removed,
    /// It stays: there is no other way to sign in.
    LastWay,
    /// It is not there, or somebody else's.
    Unknown,
}

/// Is ?2 a passkey of the user ?1, who could sign in without it? Asked in the statement that removes it: of two that are removed at once the
/// second is the last.
const DISPENSABLE: &str = "user_id = ?1 AND id = ?2 AND (
   EXISTS (SELECT 1 FROM passwords WHERE user_id = ?1) OR
   (SELECT count(*) FROM credentials WHERE user_id = ?1) > 1)";

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

    pub async fn own_passkeys(&self, user_id: &str) -> Result<Vec<OwnPasskey>> {
        self.all(
            "SELECT id, created_at, used_at FROM credentials WHERE user_id = ?1 ORDER BY created_at, id LIMIT 50",
            [user_id.into()],
        )
        .await
    }

    pub async fn remove_passkey(&self, user_id: &str, id: &str, now: i64) -> Result<Removal> {
        let removable = format!("EXISTS (SELECT 1 FROM credentials WHERE {DISPENSABLE})");
        let noted = self.note_where(now, user_id, "remove_passkey", &removable, id)?;
        let removed =
            self.statement(&format!("DELETE FROM credentials WHERE {DISPENSABLE}"), [user_id.into(), id.into()])?;
        if self.batch(vec![noted, removed]).await?.last() == Some(&1) {
            return Ok(Removal::Removed);
        }
        let is_own = self.credential(id).await?.is_some_and(|row| row.user_id == user_id);
        Ok(if is_own { Removal::LastWay } else { Removal::Unknown })
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

    /// Keeps an authenticator's new counter. False if the passkey was removed meanwhile.
    pub async fn used_passkey(&self, id: &str, passkey: &str, now: i64) -> Result<bool> {
        let kept = self
            .run(
                "UPDATE credentials SET passkey = ?2, used_at = ?3 WHERE id = ?1",
                [id.into(), passkey.into(), now.into()],
            )
            .await?;
        Ok(kept == 1)
    }
}
