//! Passwords that come later than their account, and take the place of others.

use serde::Deserialize;
use worker::Result;

use super::Db;
use super::refresh::LIVING;

/// A password as its owner has it.
#[derive(Deserialize)]
pub struct OwnPassword {
    pub email: String,
    pub hash: String,
}

/// Whose session asks, and which.
pub struct Own<'a> {
    pub user_id: &'a str,
    pub family: &'a str,
}

/// What became of a first password.
#[derive(Debug, PartialEq, Eq)]
pub enum First {
    Set,
    EmailTaken,
    /// There is one already, or the session has ended, or it is a guest's.
    Refused,
}

/// Is ?2 the hash of the password of ?1?
const IS_PASSWORD: &str = "EXISTS (SELECT 1 FROM passwords WHERE user_id = ?1 AND hash = ?2)";

impl Db {
    pub async fn own_password(&self, user_id: &str) -> Result<Option<OwnPassword>> {
        self.first("SELECT email, hash FROM passwords WHERE user_id = ?1", [user_id.into()]).await
    }

    /// The first password of an account. It ends nothing: nobody had the one before.
    pub async fn set_password(&self, own: &Own<'_>, email: &str, hash: &str, now: i64) -> Result<First> {
        let set = self.statement(
            &format!(
                "INSERT INTO passwords (user_id, email, hash, created_at)
                 SELECT ?1, ?3, ?4, ?5 FROM users WHERE id = ?1 AND guest = 0 AND {LIVING}
                 ON CONFLICT (user_id) DO NOTHING"
            ),
            [own.user_id.into(), own.family.into(), email.into(), hash.into(), now.into()],
        )?;
        let noted = self.note_where(now, own.user_id, "set_password", IS_PASSWORD, hash)?;
        match self.batch(vec![set, noted]).await {
            Ok(changes) if changes.first() == Some(&1) => Ok(First::Set),
            Ok(_) => Ok(First::Refused),
            Err(error) if super::is_taken(&error) => Ok(First::EmailTaken),
            Err(error) => Err(error),
        }
    }

    /// Another password in place of the one with the hash `old`, and the end of all other sessions with it. Nothing happens (then false)
    /// where that is no longer the password, or the session that asks is over: of two changes at once, one counts.
    pub async fn change_password(&self, own: &Own<'_>, old: &str, new: &str, now: i64) -> Result<bool> {
        let changed = self.statement(
            &format!("UPDATE passwords SET hash = ?4 WHERE user_id = ?1 AND hash = ?3 AND {LIVING}"),
            [own.user_id.into(), own.family.into(), old.into(), new.into()],
        )?;
        let mut statements = vec![changed, self.note_where(now, own.user_id, "change_password", IS_PASSWORD, new)?];
        statements.extend(self.ends_others(own.family, own.user_id, Some(new), now)?);
        Ok(self.batch(statements).await?.first() == Some(&1))
    }
}
