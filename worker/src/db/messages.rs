//! What was said: recorded by the spaces' objects, read page by page.

use std::collections::BTreeMap;

use serde::Deserialize;
use worker::Result;

use super::Db;

#[derive(Clone, Deserialize)]
pub struct MessageRow {
    pub id: i64,
    pub channel: String,
    pub author_id: String,
    pub author_name: String,
    pub text: String,
    pub reply_to: Option<i64>,
    pub reference: String,
    pub said_at: i64,
    pub edited_at: Option<i64>,
    pub deleted_at: Option<i64>,
    pub thought: i64,
}

/// Those who put an emoji under a message: some of them, and how many there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReactionRow {
    pub emoji: String,
    pub user_ids: Vec<String>,
    pub count: i64,
}

#[derive(Deserialize)]
struct ReactorRow {
    message_id: i64,
    emoji: String,
    user_id: String,
    n: i64,
}

#[derive(Deserialize)]
pub struct TraceRow {
    pub at: i64,
    pub actor_id: String,
    pub actor_name: Option<String>,
    pub action: String,
    pub text_before: String,
}

/// Which part of a channel is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    /// The newest before an id, newest first.
    Before(i64),
    /// The oldest after an id, oldest first.
    After(i64),
}

pub(super) const COLUMNS: &str =
    "id, channel, author_id, author_name, text, reply_to, reference, said_at, edited_at, deleted_at, thought";
/// Not from those whom the reader, whose id is the second, has blocked.
macro_rules! unblocked {
    ($author:literal, $reader:literal) => {
        concat!($author, " NOT IN (SELECT blocked_id FROM blocks WHERE user_id = ", $reader, ")")
    };
}
pub(super) use unblocked;

impl Db {
    pub async fn messages(
        &self,
        space_id: &str,
        reader: &str,
        channel: &str,
        from: Span,
        count: i64,
    ) -> Result<Vec<MessageRow>> {
        let (id, part) = match from {
            Span::Before(id) => (id, concat!("id < ?3 AND ", unblocked!("author_id", "?5"), " ORDER BY id DESC")),
            Span::After(id) => (id, concat!("id > ?3 AND ", unblocked!("author_id", "?5"), " ORDER BY id")),
        };
        self.all(
            // By name: left to itself SQLite reads the whole space from the newest on, to find what is in this channel.
            &format!(
                "SELECT {COLUMNS} FROM messages INDEXED BY messages_by_channel
                 WHERE space_id = ?1 AND channel = ?2 AND {part} LIMIT ?4"
            ),
            [space_id.into(), channel.into(), id.into(), count.into(), reader.into()],
        )
        .await
    }

    /// One message, unless its author is one whom the reader has blocked.
    pub async fn message(&self, space_id: &str, reader: &str, id: i64) -> Result<Option<MessageRow>> {
        self.first(
            &format!(
                "SELECT {COLUMNS} FROM messages WHERE space_id = ?1 AND id = ?2 AND {}",
                unblocked!("author_id", "?3")
            ),
            [space_id.into(), id.into(), reader.into()],
        )
        .await
    }

    /// One message, whoever wrote it: for what its author or a moderator does to it.
    pub async fn message_of_anyone(&self, space_id: &str, id: i64) -> Result<Option<MessageRow>> {
        self.first(
            &format!("SELECT {COLUMNS} FROM messages WHERE space_id = ?1 AND id = ?2"),
            [space_id.into(), id.into()],
        )
        .await
    }

    /// Several messages, whoever wrote them.
    pub async fn messages_by_id(&self, space_id: &str, ids: impl Iterator<Item = i64>) -> Result<Vec<MessageRow>> {
        let ids: Vec<i64> = ids.collect();
        self.all(
            &format!("SELECT {COLUMNS} FROM messages WHERE space_id = ?1 AND id IN (SELECT value FROM json_each(?2))"),
            [space_id.into(), (&serde_json::to_string(&ids)?).into()],
        )
        .await
    }

    /// What is under messages, by message: the first `named` people of each emoji, without those whom the reader has blocked.
    pub async fn reactions(
        &self,
        space_id: &str,
        reader: &str,
        ids: impl Iterator<Item = i64>,
        named: i64,
    ) -> Result<BTreeMap<i64, Vec<ReactionRow>>> {
        let ids: Vec<i64> = ids.collect();
        if ids.is_empty() {
            return Ok(BTreeMap::new());
        }
        let rows: Vec<ReactorRow> = self
            .all(
                concat!(
                    "SELECT message_id, emoji, user_id, n FROM (
                       SELECT message_id, emoji, user_id, min(change_id) OVER w AS since, change_id,
                              count(*) OVER w AS n, row_number() OVER (PARTITION BY message_id, emoji ORDER BY change_id) AS place
                       FROM reactions WHERE space_id = ?1 AND message_id IN (SELECT value FROM json_each(?2)) AND ",
                    unblocked!("user_id", "?3"),
                    " WINDOW w AS (PARTITION BY message_id, emoji)
                     ) WHERE place <= ?4 ORDER BY message_id, since, change_id"
                ),
                [space_id.into(), (&serde_json::to_string(&ids)?).into(), reader.into(), named.into()],
            )
            .await?;
        Ok(gather(rows))
    }

    pub async fn traces(&self, space_id: &str, message_id: i64) -> Result<Vec<TraceRow>> {
        self.all(
            "SELECT t.at, t.actor_id, u.name AS actor_name, t.action, t.text_before
             FROM traces t LEFT JOIN users u ON u.id = t.actor_id
             WHERE t.space_id = ?1 AND t.message_id = ?2 ORDER BY t.change_id LIMIT 200",
            [space_id.into(), message_id.into()],
        )
        .await
    }
}

fn gather(rows: Vec<ReactorRow>) -> BTreeMap<i64, Vec<ReactionRow>> {
    let mut gathered: BTreeMap<i64, Vec<ReactionRow>> = BTreeMap::new();
    for ReactorRow { message_id, emoji, user_id, n } in rows {
        let reactions = gathered.entry(message_id).or_default();
        match reactions.iter_mut().find(|reaction| reaction.emoji == emoji) {
            Some(reaction) => reaction.user_ids.push(user_id),
            None => reactions.push(ReactionRow { emoji, user_ids: vec![user_id], count: n }),
        }
    }
    gathered
}
