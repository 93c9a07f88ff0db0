//! What somebody wants to be told of while they are away.

use serde::Deserialize;
use worker::Result;

use super::Db;
use crate::core::notices::Wishes;

#[derive(Deserialize)]
struct NoticesRow {
    mentions: i64,
    directs: i64,
    knocks: i64,
    nudges: i64,
    quiet_from_min: Option<i64>,
    quiet_to_min: Option<i64>,
    utc_offset_min: i64,
}

impl Db {
    /// As chosen, or as it is unless one chooses.
    pub async fn wishes(&self, user_id: &str) -> Result<Wishes> {
        let row: Option<NoticesRow> = self
            .first(
                "SELECT mentions, directs, knocks, nudges, quiet_from_min, quiet_to_min, utc_offset_min FROM notices
                 WHERE user_id = ?1",
                [user_id.into()],
            )
            .await?;
        Ok(row.map_or_else(Wishes::default, |row| Wishes {
            mentions: row.mentions != 0,
            directs: row.directs != 0,
            knocks: row.knocks != 0,
            nudges: row.nudges != 0,
            quiet: row.quiet_from_min.zip(row.quiet_to_min),
            utc_offset_min: row.utc_offset_min,
        }))
    }

    pub async fn wish(&self, user_id: &str, wishes: &Wishes) -> Result<()> {
        self.run(
            "INSERT OR REPLACE INTO notices
             (user_id, mentions, directs, knocks, nudges, quiet_from_min, quiet_to_min, utc_offset_min)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            [
                user_id.into(),
                wishes.mentions.into(),
                wishes.directs.into(),
                wishes.knocks.into(),
                wishes.nudges.into(),
                wishes.quiet.map(|(from, _)| from).into(),
                wishes.quiet.map(|(_, to)| to).into(),
                wishes.utc_offset_min.into(),
            ],
        )
        .await
        .map(drop)
    }
}
