//! What was said: recorded by the spaces' objects, read page by page.

use earshot_protocol::ChatMessage;
use serde::Deserialize;
use worker::Result;

use super::{Arg, Db};

#[derive(Deserialize)]
pub struct MessageRow {
    pub id: i64,
    pub channel: String,
    pub author_id: String,
    pub author_name: String,
    pub text: String,
    pub reply_to: Option<i64>,
    pub reference: String,
    pub said_at: i64,
}

impl Db {
    /// All of them, or none. One that is there already stays as it is.
    pub async fn record_messages(&self, space_id: &str, messages: &[ChatMessage]) -> Result<()> {
        let insert = |message: &ChatMessage| {
            let reply_to = i64::try_from(message.reply_to).ok().filter(|&id| id > 0);
            self.statement(
                "INSERT OR IGNORE INTO messages
                 (space_id, id, channel, author_id, author_name, text, reply_to, reference, said_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                [
                    space_id.into(),
                    i64::try_from(message.id).unwrap_or(i64::MAX).into(),
                    message.channel.as_str().into(),
                    message.author_id.as_str().into(),
                    message.author_name.as_str().into(),
                    message.text.as_str().into(),
                    reply_to.into(),
                    Arg::from(&format!("{:016x}", message.reference)),
                    message.at.0.into(),
                ],
            )
        };
        let statements = messages.iter().map(insert).collect::<Result<Vec<_>>>()?;
        self.batch(statements).await.map(drop)
    }

    /// The newest before an id, newest first.
    pub async fn messages(&self, space_id: &str, channel: &str, before: i64, count: i64) -> Result<Vec<MessageRow>> {
        self.all(
            "SELECT id, channel, author_id, author_name, text, reply_to, reference, said_at FROM messages
             WHERE space_id = ?1 AND channel = ?2 AND id < ?3 ORDER BY id DESC LIMIT ?4",
            [space_id.into(), channel.into(), before.into(), count.into()],
        )
        .await
    }
}
