//! Named channels, and what else of a space its object has to know about writing.

use serde::Deserialize;
use worker::Result;

use super::{Db, is_taken};

#[derive(Clone, Deserialize)]
pub struct ChannelRow {
    pub number: i64,
    pub name: String,
    pub topic: String,
    announcements: i64,
}

impl ChannelRow {
    pub fn is_for_announcements(&self) -> bool {
        self.announcements != 0
    }
}

#[derive(Deserialize)]
struct RulesRow {
    slow_mode_s: i64,
    retention_days: i64,
    words: String,
    chat_revision: i64,
}

#[derive(Deserialize)]
struct NumberRow {
    number: i64,
}

/// What holds for writing in a space.
pub struct Rules {
    pub revision: i64,
    pub slow_mode_s: i64,
    pub retention_days: i64,
    pub words: Vec<String>,
    pub channels: Vec<ChannelRow>,
}

/// What came of making or renaming a channel.
pub enum Made {
    Done(i64),
    NameTaken,
    TooMany,
}

/// Channels of one space: a list that a person can still look through.
pub const CHANNELS_MAX: i64 = 50;

const COLUMNS: &str = "number, name, topic, announcements";

impl Db {
    pub async fn channels(&self, space_id: &str) -> Result<Vec<ChannelRow>> {
        self.all(
            &format!("SELECT {COLUMNS} FROM channels WHERE space_id = ?1 ORDER BY number LIMIT ?2"),
            [space_id.into(), CHANNELS_MAX.into()],
        )
        .await
    }

    pub async fn channel(&self, space_id: &str, number: i64) -> Result<Option<ChannelRow>> {
        self.first(
            &format!("SELECT {COLUMNS} FROM channels WHERE space_id = ?1 AND number = ?2"),
            [space_id.into(), number.into()],
        )
        .await
    }

    pub async fn rules(&self, space_id: &str) -> Result<Option<Rules>> {
        let row: Option<RulesRow> = self
            .first(
                "SELECT slow_mode_s, retention_days, words, chat_revision FROM spaces WHERE id = ?1",
                [space_id.into()],
            )
            .await?;
        // After the revision: what changes in between comes with a newer one.
        let channels = self.channels(space_id).await?;
        Ok(row.map(|row| Rules {
            revision: row.chat_revision,
            slow_mode_s: row.slow_mode_s,
            retention_days: row.retention_days,
            words: serde_json::from_str(&row.words).unwrap_or_default(),
            channels,
        }))
    }

    pub async fn add_channel(
        &self,
        space_id: &str,
        actor: &str,
        name: &str,
        topic: &str,
        announcements: bool,
        now: i64,
    ) -> Result<Made> {
        let statements = vec![
            self.statement(
                "INSERT INTO channels (space_id, number, name, folded, topic, announcements)
                 SELECT ?1, channels_made + 1, ?2, ?3, ?4, ?5 FROM spaces
                 WHERE id = ?1 AND (SELECT count(*) FROM channels WHERE space_id = ?1) < ?6 RETURNING number",
                [
                    space_id.into(),
                    name.into(),
                    (&name.to_lowercase()).into(),
                    topic.into(),
                    announcements.into(),
                    CHANNELS_MAX.into(),
                ],
            )?,
            self.statement(
                "UPDATE spaces SET chat_revision = chat_revision + 1, channels_made = channels_made + 1 WHERE id = ?1",
                [space_id.into()],
            )?,
            self.note(now, actor, Some(space_id), "create_channel")?,
        ];
        let results = match self.0.batch(statements).await {
            Err(error) if is_taken(&error) => return Ok(Made::NameTaken),
            results => results?,
        };
        let rows: Vec<NumberRow> = results.first().map(|result| result.results()).transpose()?.unwrap_or_default();
        Ok(rows.first().map_or(Made::TooMany, |row| Made::Done(row.number)))
    }

    pub async fn change_channel(
        &self,
        space_id: &str,
        number: i64,
        name: Option<&str>,
        topic: Option<&str>,
        announcements: Option<bool>,
    ) -> Result<Made> {
        let folded = name.map(str::to_lowercase);
        let statements = vec![
            self.statement(
                "UPDATE channels SET name = coalesce(?3, name), folded = coalesce(?4, folded), topic = coalesce(?5, topic),
                 announcements = coalesce(?6, announcements) WHERE space_id = ?1 AND number = ?2",
                [
                    space_id.into(),
                    number.into(),
                    name.into(),
                    folded.as_deref().into(),
                    topic.into(),
                    announcements.map(i64::from).into(),
                ],
            )?,
            self.statement("UPDATE spaces SET chat_revision = chat_revision + 1 WHERE id = ?1", [space_id.into()])?,
        ];
        match self.batch(statements).await {
            Err(error) if is_taken(&error) => Ok(Made::NameTaken),
            result => result.map(|_| Made::Done(number)),
        }
    }

    /// Its messages go with it, and what was under and before them. From the same moment none can come in any more.
    pub async fn delete_channel(&self, space_id: &str, actor: &str, number: i64, now: i64) -> Result<()> {
        let name = format!("c/{number}");
        let of_channel = |table: &str| {
            format!(
                "DELETE FROM {table} WHERE space_id = ?1 AND message_id IN
                 (SELECT id FROM messages WHERE space_id = ?1 AND channel = ?2)"
            )
        };
        let statements = vec![
            self.statement(
                "DELETE FROM channels WHERE space_id = ?1 AND number = ?2",
                [space_id.into(), number.into()],
            )?,
            self.statement(&of_channel("reactions"), [space_id.into(), (&name).into()])?,
            self.statement(&of_channel("traces"), [space_id.into(), (&name).into()])?,
            self.statement(
                "DELETE FROM messages WHERE space_id = ?1 AND channel = ?2",
                [space_id.into(), (&name).into()],
            )?,
            self.statement("UPDATE spaces SET chat_revision = chat_revision + 1 WHERE id = ?1", [space_id.into()])?,
            self.note(now, actor, Some(space_id), "delete_channel")?,
        ];
        self.batch(statements).await.map(drop)
    }
}
