//! Users, and passwords for those who have one.

use earshot_protocol::Look;
use serde::Deserialize;
use worker::Result;

use super::Db;
use crate::api::types::User;

/// A user as kept.
#[derive(Deserialize)]
pub struct UserRow {
    pub id: String,
    pub name: String,
    pub guest: i64,
    pub look: Option<String>,
    pub created_at: i64,
}

impl UserRow {
    /// A look that is no longer valid (parts may be withdrawn) is none.
    pub fn look(&self) -> Option<Look> {
        serde_json::from_str::<Look>(self.look.as_deref()?).ok()?.validate().ok()
    }

    pub fn is_guest(&self) -> bool {
        self.guest != 0
    }
}

impl From<UserRow> for User {
    fn from(row: UserRow) -> Self {
        Self { look: row.look(), guest: row.is_guest(), id: row.id, name: row.name, created_at: row.created_at }
    }
}

/// A user to be.
pub struct NewUser<'a> {
    pub id: &'a str,
    pub name: &'a str,
    pub guest: bool,
    /// JSON.
    pub look: Option<&'a str>,
}

/// What signing in by password needs.
#[derive(Deserialize)]
pub struct PasswordRow {
    pub user_id: String,
    pub hash: String,
}

#[derive(Deserialize)]
pub struct Sign {
    pub email: Option<String>,
    pub passkeys: i64,
}

#[derive(Deserialize)]
struct SpaceIdRow {
    space_id: String,
}

impl Db {
    pub async fn user(&self, id: &str) -> Result<Option<UserRow>> {
        self.first("SELECT id, name, guest, look, created_at FROM users WHERE id = ?1", [id.into()]).await
    }

    pub(super) fn insert_user(&self, user: &NewUser<'_>, now: i64) -> Result<worker::D1PreparedStatement> {
        self.statement(
            "INSERT INTO users (id, name, guest, look, created_at, seen_at) VALUES (?1, ?2, ?3, ?4, ?5, ?5)
             ON CONFLICT (id) DO UPDATE SET guest = excluded.guest",
            [user.id.into(), user.name.into(), user.guest.into(), user.look.into(), now.into()],
        )
    }

    pub async fn add_guest(&self, user: &NewUser<'_>, now: i64) -> Result<()> {
        self.batch(vec![self.insert_user(user, now)?]).await.map(drop)
    }

    /// An account with a password; a guest of the same id becomes it. False if the address is taken.
    pub async fn add_account(&self, user: &NewUser<'_>, email: &str, hash: &str, now: i64) -> Result<bool> {
        let password = self.statement(
            "INSERT INTO passwords (user_id, email, hash, created_at) VALUES (?1, ?2, ?3, ?4)",
            [user.id.into(), email.into(), hash.into(), now.into()],
        )?;
        let statements = vec![self.insert_user(user, now)?, password, self.note(now, user.id, None, "register")?];
        match self.batch(statements).await {
            Ok(_) => Ok(true),
            Err(error) if super::is_taken(&error) => Ok(false),
            Err(error) => Err(error),
        }
    }

    pub async fn password(&self, email: &str) -> Result<Option<PasswordRow>> {
        self.first("SELECT user_id, hash FROM passwords WHERE email = ?1", [email.into()]).await
    }

    /// By what a user can sign in.
    pub async fn signs(&self, id: &str) -> Result<Option<Sign>> {
        self.first(
            "SELECT (SELECT email FROM passwords WHERE user_id = ?1) AS email,
                    (SELECT count(*) FROM credentials WHERE user_id = ?1) AS passkeys",
            [id.into()],
        )
        .await
    }

    /// Changes what is given and keeps the rest.
    pub async fn change_user(&self, id: &str, name: Option<&str>, look: Option<&str>) -> Result<Option<UserRow>> {
        self.first(
            "UPDATE users SET name = coalesce(?2, name), look = coalesce(?3, look) WHERE id = ?1
             RETURNING id, name, guest, look, created_at",
            [id.into(), name.into(), look.into()],
        )
        .await
    }

    /// Keeps a user from being cleaned away. At most one write an hour: rows written are what D1 counts.
    pub async fn saw(&self, id: &str, now: i64) -> Result<()> {
        const HOUR_MS: i64 = 60 * 60 * 1000;
        self.run(
            "UPDATE users SET seen_at = ?2 WHERE id = ?1 AND seen_at < ?3",
            [id.into(), now.into(), (now - HOUR_MS).into()],
        )
        .await
        .map(drop)
    }

    /// The spaces that a user belongs to, the latest first.
    pub async fn spaces_of(&self, id: &str, at_most: i64) -> Result<Vec<String>> {
        let rows: Vec<SpaceIdRow> = self
            .all(
                "SELECT space_id FROM members WHERE user_id = ?1 ORDER BY joined_at DESC LIMIT ?2",
                [id.into(), at_most.into()],
            )
            .await?;
        Ok(rows.into_iter().map(|row| row.space_id).collect())
    }

    /// Removes what is over: tokens, challenges, old notes, and guests who have not been seen since `unseen_since` and own
    /// nothing (a space must not lose its owner silently).
    pub async fn clean_up(&self, now: i64, unseen_since: i64, noted_since: i64) -> Result<()> {
        let statements = vec![
            self.statement("DELETE FROM audit WHERE at < ?1", [noted_since.into()])?,
            self.statement("DELETE FROM refresh_tokens WHERE expires_at <= ?1", [now.into()])?,
            self.statement("DELETE FROM challenges WHERE expires_at <= ?1", [now.into()])?,
            self.statement(
                "DELETE FROM users WHERE guest = 1 AND seen_at < ?1
                 AND NOT EXISTS (SELECT 1 FROM members WHERE members.user_id = users.id AND role = 'owner')",
                [unseen_since.into()],
            )?,
        ];
        self.batch(statements).await.map(drop)
    }
}
