//! Looking for words in what was said, and all of it in order.

use worker::Result;

use super::messages::{COLUMNS, MessageRow, unblocked};
use super::{Arg, Db};
use crate::core::search::Patterns;

/// Ids that one search looks through: as many rows are read at most.
pub const WINDOW: i64 = 5_000;

/// Where to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Where<'a> {
    Channel(&'a str),
    /// In all that need nothing but to be in the space.
    Open,
}

impl Db {
    /// Messages with all words in them and ids from `from` to before `to`, newest first.
    pub async fn search(
        &self,
        space_id: &str,
        reader: &str,
        place: Where<'_>,
        patterns: &Patterns,
        (from, to): (i64, i64),
        count: i64,
    ) -> Result<Vec<MessageRow>> {
        // Conditions of constants only; all values are bound.
        let (index, place, channel) = match place {
            Where::Channel(channel) => ("INDEXED BY messages_by_channel", "channel = ?4", channel),
            Where::Open => ("", "(channel = ?4 OR channel >= 'c/' AND channel < 'c0')", "everyone"),
        };
        let mut args: Vec<Arg<'_>> =
            vec![space_id.into(), from.into(), to.into(), channel.into(), reader.into(), count.into()];
        let mut sql = format!(
            "SELECT {COLUMNS} FROM messages {index} WHERE space_id = ?1 AND id >= ?2 AND id < ?3 AND {place}
             AND deleted_at IS NULL AND {}",
            unblocked!("author_id", "?5")
        );
        for ways in patterns.iter().filter(|ways| !ways[0].is_empty()) {
            let first = args.len() + 1;
            sql.push_str(&format!(
                " AND (instr(lower(text), ?{first}) OR instr(lower(text), ?{}) OR instr(lower(text), ?{}))",
                first + 1,
                first + 2
            ));
            args.extend(ways.iter().map(Arg::from));
        }
        sql.push_str(" ORDER BY id DESC LIMIT ?6");
        self.all_of(&sql, args).await
    }

    /// The newest message before an id, or of all.
    pub async fn newest_before(&self, space_id: &str, before: i64) -> Result<Option<i64>> {
        let row: Option<super::IdRow> = self
            .first(
                "SELECT id FROM messages WHERE space_id = ?1 AND id < ?2 ORDER BY id DESC LIMIT 1",
                [space_id.into(), before.into()],
            )
            .await?;
        Ok(row.map(|row| row.id))
    }

    /// Everything after an id, oldest first, for moderators.
    pub async fn export(&self, space_id: &str, after: i64, count: i64) -> Result<Vec<MessageRow>> {
        self.all(
            &format!("SELECT {COLUMNS} FROM messages WHERE space_id = ?1 AND id > ?2 ORDER BY id LIMIT ?3"),
            [space_id.into(), after.into(), count.into()],
        )
        .await
    }
}
