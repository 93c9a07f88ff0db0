//! Bans and reports.

use earshot_space::permissions::Role;
use serde::Deserialize;
use worker::Result;

use super::Db;
use crate::core::admission;

#[derive(Deserialize)]
pub struct BanRow {
    pub user_id: String,
    pub name: String,
    pub banned_at: i64,
    pub by_name: Option<String>,
}

#[derive(Deserialize)]
pub struct ReportRow {
    pub id: i64,
    pub at: i64,
    pub reporter_id: String,
    pub reporter_name: String,
    pub user_id: String,
    pub user_name: String,
    pub message_id: Option<i64>,
    pub reason: String,
    pub text: String,
}

/// A report to be.
pub struct NewReport<'a> {
    pub space_id: &'a str,
    pub reporter_id: &'a str,
    pub user_id: &'a str,
    pub message_id: Option<i64>,
    pub reason: &'a str,
    pub text: &'a str,
}

#[derive(Deserialize)]
struct RoleRow {
    role: String,
}

#[derive(Deserialize)]
struct UserIdRow {
    user_id: String,
}

/// Bans of one space, and reports that are open: lists that somebody works through.
const BANS_MAX: i64 = 1_000;
const REPORTS_MAX: i64 = 200;
/// Reports of one person that may be open in one space.
const REPORTS_EACH_MAX: i64 = 20;

impl Db {
    /// The role somebody has in a space, if they belong to it.
    pub async fn role(&self, space_id: &str, user_id: &str) -> Result<Option<Role>> {
        let row: Option<RoleRow> = self
            .first("SELECT role FROM members WHERE space_id = ?1 AND user_id = ?2", [space_id.into(), user_id.into()])
            .await?;
        Ok(row.and_then(|row| admission::role_from_text(&row.role)))
    }

    pub async fn bans(&self, space_id: &str) -> Result<Vec<BanRow>> {
        self.all(
            "SELECT b.user_id, u.name, b.banned_at, m.name AS by_name FROM bans b
             JOIN users u ON u.id = b.user_id LEFT JOIN users m ON m.id = b.by_id
             WHERE b.space_id = ?1 ORDER BY b.banned_at DESC LIMIT ?2",
            [space_id.into(), BANS_MAX.into()],
        )
        .await
    }

    pub async fn ban(&self, space_id: &str, user_id: &str, actor: &str, now: i64) -> Result<()> {
        let ban = self.statement(
            "INSERT OR IGNORE INTO bans (space_id, user_id, by_id, banned_at) VALUES (?1, ?2, ?3, ?4)",
            [space_id.into(), user_id.into(), actor.into(), now.into()],
        )?;
        self.batch(vec![ban, self.note(now, actor, Some(space_id), "ban")?]).await.map(drop)
    }

    pub async fn unban(&self, space_id: &str, user_id: &str, actor: &str, now: i64) -> Result<()> {
        let lift =
            self.statement("DELETE FROM bans WHERE space_id = ?1 AND user_id = ?2", [space_id.into(), user_id.into()])?;
        self.batch(vec![lift, self.note(now, actor, Some(space_id), "unban")?]).await.map(drop)
    }

    /// False if the reporter has too many open there.
    pub async fn report(&self, report: &NewReport<'_>, now: i64) -> Result<bool> {
        let made = self
            .run(
                "INSERT INTO reports (space_id, reporter_id, user_id, message_id, reason, text, at)
                 SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7
                 WHERE (SELECT count(*) FROM reports WHERE reporter_id = ?2 AND space_id = ?1) < ?8",
                [
                    report.space_id.into(),
                    report.reporter_id.into(),
                    report.user_id.into(),
                    report.message_id.into(),
                    report.reason.into(),
                    report.text.into(),
                    now.into(),
                    REPORTS_EACH_MAX.into(),
                ],
            )
            .await?;
        Ok(made > 0)
    }

    /// The open ones, oldest first: who has waited longest is first.
    pub async fn reports(&self, space_id: &str) -> Result<Vec<ReportRow>> {
        self.all(
            "SELECT r.id, r.at, r.reporter_id, a.name AS reporter_name, r.user_id, b.name AS user_name, r.message_id,
                    r.reason, r.text
             FROM reports r JOIN users a ON a.id = r.reporter_id JOIN users b ON b.id = r.user_id
             WHERE r.space_id = ?1 ORDER BY r.id LIMIT ?2",
            [space_id.into(), REPORTS_MAX.into()],
        )
        .await
    }

    /// False if there is none.
    pub async fn close_report(&self, space_id: &str, id: i64) -> Result<bool> {
        let closed =
            self.run("DELETE FROM reports WHERE space_id = ?1 AND id = ?2", [space_id.into(), id.into()]).await?;
        Ok(closed > 0)
    }

    /// Who moderates a space.
    pub async fn moderators(&self, space_id: &str) -> Result<Vec<String>> {
        let rows: Vec<UserIdRow> = self
            .all(
                "SELECT user_id FROM members WHERE space_id = ?1 AND role IN ('owner', 'admin') LIMIT 50",
                [space_id.into()],
            )
            .await?;
        Ok(rows.into_iter().map(|row| row.user_id).collect())
    }
}
