//! The record that the spaces' objects keep: what was said and what became of it, in their order, at least once, and all of a
//! delivery or nothing.
//!
//! A message is known by its id, a change by being newer than the last that its message took (`changed_id`): so whatever is
//! delivered again, even by an object that died meanwhile, changes nothing. Nothing of somebody whose account is gone is
//! entered: their messages come without a text, however late.

use earshot_protocol::{Change, ChangeKind, Channel, ChatMessage};
use earshot_space::Entry;
use worker::{D1PreparedStatement, Result};

use super::erasures::GONE;
use super::{Arg, Db};

/// Numbers go to the database and come back as JavaScript's, which are whole up to this.
const ID_MAX: i64 = (1 << 53) - 1;

impl Db {
    /// All of them, or none. False where there is no such space any more.
    pub async fn record(&self, space_id: &str, entries: &[Entry]) -> Result<bool> {
        if !self.has_space(space_id).await? {
            return Ok(false);
        }
        let mut statements = Vec::with_capacity(entries.len() * 2);
        for entry in entries {
            match entry {
                Entry::Said(message) => statements.push(self.said(space_id, message)?),
                Entry::Changed(change) => self.changed(space_id, change, &mut statements)?,
            }
        }
        if !statements.is_empty() {
            self.batch(statements).await?;
        }
        Ok(true)
    }

    /// Not of a space or a channel that is gone. Only what is there under this id is passed over: anything else that is in the way
    /// fails, and is tried again, for what was acknowledged is not to be dropped in silence.
    fn said(&self, space_id: &str, message: &ChatMessage) -> Result<D1PreparedStatement> {
        let channel = message.channel.to_string();
        let number = match message.channel {
            Channel::Named(number) => i64::from(number),
            Channel::Everyone | Channel::Nearby | Channel::Area(_) => 0,
        };
        let reply_to = i64::try_from(message.reply_to).ok().filter(|id| (1..=ID_MAX).contains(id));
        let text = message.text.as_ref().map(|text| text.as_str());
        self.statement(
            "INSERT INTO messages
             (space_id, id, channel, author_id, author_name, text, reply_to, reference, said_at, thought, deleted_at)
             SELECT ?1, ?2, ?3, ?4, iif(is_here, ?5, ?13), iif(is_here, coalesce(?6, ''), ''), ?7, ?8, ?9, ?10,
                    iif(is_here AND ?6 IS NOT NULL, NULL, ?9)
             FROM (SELECT EXISTS (SELECT 1 FROM users WHERE id = ?4) AS is_here)
             WHERE EXISTS (SELECT 1 FROM spaces WHERE id = ?1)
               AND (?11 = 0 OR EXISTS (SELECT 1 FROM channels WHERE space_id = ?1 AND number = ?12))
             ON CONFLICT (space_id, id) DO NOTHING",
            [
                space_id.into(),
                id(message.id),
                (&channel).into(),
                message.author_id.as_str().into(),
                message.author_name.as_str().into(),
                text.into(),
                reply_to.into(),
                Arg::from(&format!("{:016x}", message.reference)),
                message.at.0.into(),
                message.thought.into(),
                number.into(),
                number.into(),
                GONE.into(),
            ],
        )
    }

    fn changed(&self, space_id: &str, change: &Change, statements: &mut Vec<D1PreparedStatement>) -> Result<()> {
        let (message, change_id) = (|| id(change.message_id), || id(change.id));
        let actor = change.actor_id.as_str();
        match &change.what {
            ChangeKind::Edited(text) => {
                statements.push(self.trace(space_id, change, "edited")?);
                statements.push(self.statement(
                    "UPDATE messages SET text = ?4, edited_at = ?5
                     WHERE space_id = ?1 AND id = ?2 AND changed_id < ?3 AND deleted_at IS NULL
                       AND EXISTS (SELECT 1 FROM users WHERE id = author_id)",
                    [space_id.into(), message(), change_id(), text.as_str().into(), change.at.0.into()],
                )?);
            }
            ChangeKind::Deleted => {
                statements.push(self.trace(space_id, change, "deleted")?);
                statements.push(self.statement(
                    "DELETE FROM reactions WHERE space_id = ?1 AND message_id = ?2
                     AND EXISTS (SELECT 1 FROM messages WHERE space_id = ?1 AND id = ?2 AND changed_id < ?3)",
                    [space_id.into(), message(), change_id()],
                )?);
                statements.push(self.statement(
                    "UPDATE messages SET text = '', deleted_at = ?4
                     WHERE space_id = ?1 AND id = ?2 AND changed_id < ?3",
                    [space_id.into(), message(), change_id(), change.at.0.into()],
                )?);
            }
            ChangeKind::Reacted(emoji) => statements.push(self.statement(
                "INSERT OR IGNORE INTO reactions (space_id, message_id, emoji, user_id, change_id)
                 SELECT ?1, ?2, ?4, ?5, ?3 FROM messages
                 WHERE space_id = ?1 AND id = ?2 AND changed_id < ?3 AND deleted_at IS NULL
                   AND EXISTS (SELECT 1 FROM users WHERE id = ?5)",
                [space_id.into(), message(), change_id(), emoji.as_str().into(), actor.into()],
            )?),
            ChangeKind::Unreacted(emoji) => statements.push(self.statement(
                "DELETE FROM reactions WHERE space_id = ?1 AND message_id = ?2 AND emoji = ?4 AND user_id = ?5
                 AND EXISTS (SELECT 1 FROM messages WHERE space_id = ?1 AND id = ?2 AND changed_id < ?3)",
                [space_id.into(), message(), change_id(), emoji.as_str().into(), actor.into()],
            )?),
        }
        // Last: the guard of all of the above.
        statements.push(self.statement(
            "UPDATE messages SET changed_id = ?3 WHERE space_id = ?1 AND id = ?2 AND changed_id < ?3",
            [space_id.into(), message(), change_id()],
        )?);
        Ok(())
    }

    /// What is about to be overwritten, for moderators.
    fn trace(&self, space_id: &str, change: &Change, action: &str) -> Result<D1PreparedStatement> {
        self.statement(
            "INSERT OR IGNORE INTO traces (space_id, message_id, change_id, at, actor_id, author_id, action, text_before)
             SELECT space_id, id, ?3, ?4, ?5, author_id, ?6, text FROM messages
             WHERE space_id = ?1 AND id = ?2 AND changed_id < ?3 AND deleted_at IS NULL
               AND EXISTS (SELECT 1 FROM users WHERE id = author_id)",
            [
                space_id.into(),
                id(change.message_id),
                id(change.id),
                change.at.0.into(),
                change.actor_id.as_str().into(),
                action.into(),
            ],
        )
    }
}

fn id(id: u64) -> Arg<'static> {
    i64::try_from(id).unwrap_or(i64::MAX).into()
}
