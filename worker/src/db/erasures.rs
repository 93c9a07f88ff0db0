//! Accounts that end: everything of the person goes, at once where it is little, and over some days where it is much.

use serde::Deserialize;
use worker::Result;

use super::Db;

/// What stands where a name was; as the engine has it.
pub const GONE: &str = "Deleted account";

/// Rows that one step empties: a statement has thirty seconds, and this takes a fraction of one.
const STEP: i64 = 2_000;

#[derive(Deserialize)]
pub struct ErasureRow {
    pub user_id: String,
    spaces: String,
}

impl ErasureRow {
    pub fn spaces(&self) -> Vec<String> {
        serde_json::from_str(&self.spaces).unwrap_or_default()
    }
}

#[derive(Deserialize)]
struct SpaceIdRow {
    space_id: String,
}

impl Db {
    /// Spaces that somebody owns.
    pub async fn spaces_owned_by(&self, user_id: &str) -> Result<Vec<String>> {
        let rows: Vec<SpaceIdRow> =
            self.all("SELECT space_id FROM members WHERE user_id = ?1 AND role = 'owner'", [user_id.into()]).await?;
        Ok(rows.into_iter().map(|row| row.space_id).collect())
    }

    /// Ends an account: from this moment nobody can sign in to it, and nothing of it can be entered any more. What it wrote is
    /// emptied by [`Self::erase_some`].
    pub async fn end_account(&self, user_id: &str, now: i64) -> Result<()> {
        let user = || user_id.into();
        let statements = vec![
            self.statement(
                "INSERT OR REPLACE INTO erasures (user_id, spaces, at)
                 SELECT ?1, (SELECT json_group_array(space_id) FROM (
                   SELECT space_id FROM members WHERE user_id = ?1 AND role <> 'owner' UNION
                   SELECT DISTINCT space_id FROM messages WHERE author_id = ?1)), ?2",
                [user(), now.into()],
            )?,
            self.statement(
                "DELETE FROM spaces WHERE id IN (SELECT space_id FROM members WHERE user_id = ?1 AND role = 'owner')",
                [user()],
            )?,
            // Passwords, passkeys, tokens, memberships, bans, blocks, reports, notices and subscriptions go with it.
            self.statement("DELETE FROM users WHERE id = ?1", [user()])?,
            self.statement("DELETE FROM reactions WHERE user_id = ?1", [user()])?,
            self.statement("DELETE FROM direct_reactions WHERE user_id = ?1", [user()])?,
            self.statement("DELETE FROM traces WHERE author_id = ?1", [user()])?,
            self.note(now, user_id, None, "delete_account")?,
        ];
        self.batch(statements).await.map(drop)
    }

    /// Empties some of what somebody wrote, by whatever name. True when nothing is left.
    pub async fn erase_some(&self, user_id: &str, now: i64) -> Result<bool> {
        let messages = self.statement(
            "UPDATE messages SET text = '', author_name = ?2, deleted_at = coalesce(deleted_at, ?3)
             WHERE (space_id, id) IN (SELECT space_id, id FROM messages WHERE author_id = ?1
               AND (author_name <> ?2 OR text <> '' OR deleted_at IS NULL) LIMIT ?4)",
            [user_id.into(), GONE.into(), now.into(), STEP.into()],
        )?;
        let directs = self.statement(
            "UPDATE directs SET text = '', author_name = ?2, deleted_at = coalesce(deleted_at, ?3)
             WHERE id IN (SELECT id FROM directs WHERE author_id = ?1
               AND (author_name <> ?2 OR text <> '' OR deleted_at IS NULL) LIMIT ?4)",
            [user_id.into(), GONE.into(), now.into(), STEP.into()],
        )?;
        let changed = self.batch(vec![messages, directs]).await?;
        Ok(changed.iter().all(|&rows| (rows as i64) < STEP))
    }

    /// Not always the same ones: some may be stuck.
    pub async fn erasures(&self, at_most: i64) -> Result<Vec<ErasureRow>> {
        self.all("SELECT user_id, spaces FROM erasures ORDER BY random() LIMIT ?1", [at_most.into()]).await
    }

    pub async fn erasure(&self, user_id: &str) -> Result<Option<ErasureRow>> {
        self.first("SELECT user_id, spaces FROM erasures WHERE user_id = ?1", [user_id.into()]).await
    }

    /// What is still to be told.
    pub async fn keep_erasure(&self, user_id: &str, spaces: &str) -> Result<()> {
        self.run("UPDATE erasures SET spaces = ?2 WHERE user_id = ?1", [user_id.into(), spaces.into()]).await.map(drop)
    }

    pub async fn finish_erasure(&self, user_id: &str) -> Result<()> {
        self.run("DELETE FROM erasures WHERE user_id = ?1", [user_id.into()]).await.map(drop)
    }
}
