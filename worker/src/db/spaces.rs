//! Spaces and who belongs to them.

use earshot_space::permissions::Role;
use serde::Deserialize;
use worker::Result;

use super::users::UserRow;
use super::{CountRow, Db};
use crate::core::admission::{self, Access};

/// A space, as seen by one user (whose role it carries).
#[derive(Deserialize)]
pub struct SpaceRow {
    pub id: String,
    pub name: String,
    pub description: String,
    pub template: String,
    access: String,
    listed: i64,
    pub created_at: i64,
    relay_only: i64,
    pub slow_mode_s: i64,
    pub retention_days: i64,
    words: String,
    role: Option<String>,
    banned: i64,
}

impl SpaceRow {
    pub fn access(&self) -> Access {
        Access::from_text(&self.access)
    }

    pub fn is_listed(&self) -> bool {
        self.listed != 0
    }

    /// Media goes through the relay only, so that nobody learns another's address.
    pub fn is_relay_only(&self) -> bool {
        self.relay_only != 0
    }

    /// What is not to be said here.
    pub fn words(&self) -> Vec<String> {
        serde_json::from_str(&self.words).unwrap_or_default()
    }

    /// Shut out by moderators.
    pub fn is_banned(&self) -> bool {
        self.banned != 0
    }

    /// The role that is kept, whatever it is worth now.
    pub fn kept_role(&self) -> Option<Role> {
        admission::role_from_text(self.role.as_deref()?)
    }

    /// What it is worth now.
    pub fn standing(&self) -> Option<Role> {
        admission::standing(self.access(), self.kept_role()).filter(|_| !self.is_banned())
    }
}

/// A member.
#[derive(Deserialize)]
pub struct MemberRow {
    // The user's columns again: serde's flatten would read numbers as floats.
    id: String,
    name: String,
    guest: i64,
    look: Option<String>,
    created_at: i64,
    role: String,
}

impl MemberRow {
    /// None if the role is not one that this version knows.
    pub fn split(self) -> Option<(UserRow, Role)> {
        let role = admission::role_from_text(&self.role)?;
        let Self { id, name, guest, look, created_at, .. } = self;
        Some((UserRow { id, name, guest, look, created_at }, role))
    }
}

#[derive(Deserialize)]
struct SpaceIdRow {
    space_id: String,
}

/// A space to be.
pub struct NewSpace<'a> {
    pub id: &'a str,
    pub name: &'a str,
    pub template: &'a str,
    pub access: Access,
}

/// What to change of a space; what is none stays.
pub struct SpaceChange<'a> {
    pub name: Option<&'a str>,
    pub description: Option<&'a str>,
    pub access: Option<Access>,
    pub relay_only: Option<bool>,
    pub slow_mode_s: Option<u32>,
    pub retention_days: Option<u32>,
    /// JSON.
    pub words: Option<&'a str>,
}

impl SpaceChange<'_> {
    /// Whether the object has to know.
    pub fn changes_rules(&self) -> bool {
        self.slow_mode_s.is_some() || self.retention_days.is_some() || self.words.is_some()
    }
}

/// Of `spaces s LEFT JOIN members m`, with the viewer's id as the parameter `?1`.
const COLUMNS: &str = "s.id, s.name, s.description, s.template, s.access, s.listed, s.created_at, s.relay_only,
    s.slow_mode_s, s.retention_days, s.words, m.role,
    EXISTS (SELECT 1 FROM bans b WHERE b.space_id = s.id AND b.user_id = ?1) AS banned";

impl Db {
    /// What a user (or someone signed out) may enter: listed ones, and those they belong to.
    pub async fn spaces_for(&self, user_id: Option<&str>, at_most: i64) -> Result<Vec<SpaceRow>> {
        // Two indexed halves: an OR over both tables would read every space.
        self.all(
            &format!(
                "SELECT {COLUMNS} FROM spaces s LEFT JOIN members m ON m.space_id = s.id AND m.user_id = ?1
                 WHERE s.id IN (SELECT id FROM spaces WHERE listed = 1 UNION SELECT space_id FROM members WHERE user_id = ?1)
                 ORDER BY s.listed DESC, s.created_at DESC LIMIT ?2"
            ),
            [user_id.into(), at_most.into()],
        )
        .await
    }

    pub async fn has_space(&self, id: &str) -> Result<bool> {
        Ok(self.first::<SpaceIdRow, 1>("SELECT id AS space_id FROM spaces WHERE id = ?1", [id.into()]).await?.is_some())
    }

    pub async fn space(&self, id: &str, user_id: Option<&str>) -> Result<Option<SpaceRow>> {
        self.first(
            &format!(
                "SELECT {COLUMNS} FROM spaces s LEFT JOIN members m ON m.space_id = s.id AND m.user_id = ?1 WHERE s.id = ?2"
            ),
            [user_id.into(), id.into()],
        )
        .await
    }

    pub async fn spaces_owned(&self, user_id: &str) -> Result<i64> {
        let row: Option<CountRow> = self
            .first("SELECT count(*) AS n FROM members WHERE user_id = ?1 AND role = 'owner'", [user_id.into()])
            .await?;
        Ok(row.map_or(0, |row| row.n))
    }

    /// Makes a space and its owner. One name and one list of members exist from the same moment.
    pub async fn add_space(&self, space: &NewSpace<'_>, owner: &str, now: i64) -> Result<()> {
        let statements = vec![
            self.statement(
                "INSERT INTO spaces (id, name, template, access, created_at) VALUES (?1, ?2, ?3, ?4, ?5)",
                [space.id.into(), space.name.into(), space.template.into(), space.access.as_text().into(), now.into()],
            )?,
            self.statement(
                "INSERT INTO members (space_id, user_id, role, joined_at) VALUES (?1, ?2, 'owner', ?3)",
                [space.id.into(), owner.into(), now.into()],
            )?,
            self.note(now, owner, Some(space.id), "create_space")?,
        ];
        self.batch(statements).await.map(drop)
    }

    pub async fn change_space(&self, id: &str, actor: &str, change: &SpaceChange<'_>, now: i64) -> Result<()> {
        let relay_only = change.relay_only.map(i64::from);
        let rules_changed = change.changes_rules();
        let change = self.statement(
            "UPDATE spaces SET name = coalesce(?2, name), description = coalesce(?3, description),
             access = coalesce(?4, access), relay_only = coalesce(?5, relay_only),
             slow_mode_s = coalesce(?6, slow_mode_s), retention_days = coalesce(?7, retention_days),
             words = coalesce(?8, words), chat_revision = chat_revision + ?9 WHERE id = ?1",
            [
                id.into(),
                change.name.into(),
                change.description.into(),
                change.access.map(Access::as_text).into(),
                relay_only.into(),
                change.slow_mode_s.map(i64::from).into(),
                change.retention_days.map(i64::from).into(),
                change.words.into(),
                rules_changed.into(),
            ],
        )?;
        self.batch(vec![change, self.note(now, actor, Some(id), "change_space")?]).await.map(drop)
    }

    /// Members go with it.
    pub async fn delete_space(&self, id: &str, actor: &str, now: i64) -> Result<()> {
        let delete = self.statement("DELETE FROM spaces WHERE id = ?1", [id.into()])?;
        self.batch(vec![delete, self.note(now, actor, Some(id), "delete_space")?]).await.map(drop)
    }

    pub async fn members(&self, space_id: &str, at_most: i64) -> Result<Vec<MemberRow>> {
        self.all(
            "SELECT u.id, u.name, u.guest, u.look, u.created_at, m.role
             FROM members m JOIN users u ON u.id = m.user_id WHERE m.space_id = ?1
             AND NOT EXISTS (SELECT 1 FROM bans b WHERE b.space_id = ?1 AND b.user_id = m.user_id)
             ORDER BY CASE m.role WHEN 'owner' THEN 0 WHEN 'admin' THEN 1 WHEN 'member' THEN 2 ELSE 3 END, m.joined_at
             LIMIT ?2",
            [space_id.into(), at_most.into()],
        )
        .await
    }

    /// Makes someone belong, or raises a guest; a stronger role stays.
    pub async fn join(&self, space_id: &str, user_id: &str, role: Role, now: i64) -> Result<()> {
        self.run(
            "INSERT INTO members (space_id, user_id, role, joined_at) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (space_id, user_id) DO UPDATE SET role = excluded.role WHERE members.role = 'guest'",
            [space_id.into(), user_id.into(), admission::role_text(role).into(), now.into()],
        )
        .await
        .map(drop)
    }

    /// Remembers where somebody is, for mail: at most once a minute, for rows written are what D1 counts.
    pub async fn entered(&self, space_id: &str, user_id: &str, now: i64) -> Result<()> {
        const MINUTE_MS: i64 = 60 * 1000;
        self.run(
            "UPDATE members SET entered_at = ?3
             WHERE space_id = ?1 AND user_id = ?2 AND (entered_at IS NULL OR entered_at < ?4)",
            [space_id.into(), user_id.into(), now.into(), (now - MINUTE_MS).into()],
        )
        .await
        .map(drop)
    }

    /// The spaces somebody came into last.
    pub async fn last_entered(&self, user_id: &str, since: i64, at_most: i64) -> Result<Vec<String>> {
        let rows: Vec<SpaceIdRow> = self
            .all(
                "SELECT space_id FROM members WHERE user_id = ?1 AND entered_at > ?2 ORDER BY entered_at DESC LIMIT ?3",
                [user_id.into(), since.into(), at_most.into()],
            )
            .await?;
        Ok(rows.into_iter().map(|row| row.space_id).collect())
    }

    pub async fn leave(&self, space_id: &str, user_id: &str) -> Result<()> {
        self.run(
            "DELETE FROM members WHERE space_id = ?1 AND user_id = ?2 AND role <> 'owner'",
            [space_id.into(), user_id.into()],
        )
        .await
        .map(drop)
    }

    /// Those who came by the link are no longer let in.
    pub async fn drop_guests(&self, space_id: &str) -> Result<()> {
        self.run("DELETE FROM members WHERE space_id = ?1 AND role = 'guest'", [space_id.into()]).await.map(drop)
    }
}
