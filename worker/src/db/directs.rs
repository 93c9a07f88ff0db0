//! Direct messages. This is their record: what is here was said.

use std::collections::BTreeMap;

use serde::Deserialize;
use worker::Result;

use super::Db;
use super::messages::{ReactionRow, Span};
use crate::core::directs::{Standing, WINDOW_MS, WRITTEN_MAX, pair};

#[derive(Clone, Deserialize)]
pub struct DirectRow {
    pub id: i64,
    pub pair: String,
    pub author_id: String,
    pub author_name: String,
    pub text: String,
    pub reply_to: Option<i64>,
    pub reference: String,
    pub said_at: i64,
    pub edited_at: Option<i64>,
    pub deleted_at: Option<i64>,
}

/// One's side of a conversation.
#[derive(Deserialize)]
pub struct SideRow {
    pub peer_id: String,
    pub peer_name: Option<String>,
    pub peer_look: Option<String>,
    pub last_id: i64,
    pub read_to: i64,
    pub unread: i64,
}

/// A direct message to be.
pub struct NewDirect<'a> {
    pub author_id: &'a str,
    pub author_name: &'a str,
    pub peer_id: &'a str,
    pub text: &'a str,
    pub reply_to: Option<i64>,
    pub reference: &'a str,
}

#[derive(Deserialize)]
struct StandingRow {
    blocked: i64,
    shared: i64,
    written: i64,
}

#[derive(Deserialize)]
struct AtRow {
    said_at: i64,
}

#[derive(Deserialize)]
struct ReactorRow {
    direct_id: i64,
    emoji: String,
    user_id: String,
}

#[derive(Deserialize)]
struct ReadRow {
    read_to: i64,
}

/// Unread messages are counted up to this: more is "many".
const UNREAD_MAX: i64 = 100;
/// Conversations in one list: the latest.
const LISTED_MAX: i64 = 100;

const COLUMNS: &str = "id, pair, author_id, author_name, text, reply_to, reference, said_at, edited_at, deleted_at";

impl Db {
    /// What decides whether one may write to another.
    pub async fn direct_standing(&self, author: &str, peer: &str) -> Result<Standing> {
        let row: Option<StandingRow> = self
            .first(
                "SELECT EXISTS (SELECT 1 FROM blocks WHERE user_id = ?1 AND blocked_id = ?2)
                     OR EXISTS (SELECT 1 FROM blocks WHERE user_id = ?2 AND blocked_id = ?1) AS blocked,
                   EXISTS (SELECT 1 FROM members a JOIN members b ON b.space_id = a.space_id AND b.user_id = ?2
                     WHERE a.user_id = ?1 AND NOT EXISTS (SELECT 1 FROM bans WHERE bans.space_id = a.space_id
                       AND bans.user_id IN (?1, ?2))) AS shared,
                   EXISTS (SELECT 1 FROM directs WHERE pair = ?3) AS written",
                [author.into(), peer.into(), (&pair(author, peer)).into()],
            )
            .await?;
        let is = |flag: fn(&StandingRow) -> i64| row.as_ref().is_some_and(|row| flag(row) != 0);
        Ok(Standing {
            is_blocked: is(|row| row.blocked),
            share_a_space: is(|row| row.shared),
            have_written: is(|row| row.written),
        })
    }

    /// When the first of as many messages as one may write in a while was written, if so many were.
    pub async fn direct_limit_reached_since(&self, author: &str, now: i64) -> Result<Option<i64>> {
        let row: Option<AtRow> = self
            .first(
                "SELECT said_at FROM directs WHERE author_id = ?1 AND said_at > ?2 ORDER BY said_at DESC
                 LIMIT 1 OFFSET ?3",
                [author.into(), (now - WINDOW_MS).into(), (WRITTEN_MAX - 1).into()],
            )
            .await?;
        Ok(row.map(|row| row.said_at))
    }

    /// Exactly once by author and reference; and not more than one may write in a while, however many come at once.
    pub async fn add_direct(&self, direct: &NewDirect<'_>, now: i64) -> Result<()> {
        let side = |user: &str, peer: &str| {
            self.statement(
                "INSERT INTO direct_reads (user_id, peer_id, last_id)
                 SELECT ?1, ?2, id FROM directs WHERE author_id = ?3 AND reference = ?4
                 ON CONFLICT (user_id, peer_id) DO UPDATE SET last_id = max(last_id, excluded.last_id)",
                [user.into(), peer.into(), direct.author_id.into(), direct.reference.into()],
            )
        };
        let statements = vec![
            self.statement(
                "INSERT OR IGNORE INTO directs (pair, author_id, author_name, text, reply_to, reference, said_at)
                 SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7
                 WHERE (SELECT count(*) FROM directs WHERE author_id = ?2 AND said_at > ?8) < ?9",
                [
                    (&pair(direct.author_id, direct.peer_id)).into(),
                    direct.author_id.into(),
                    direct.author_name.into(),
                    direct.text.into(),
                    direct.reply_to.into(),
                    direct.reference.into(),
                    now.into(),
                    (now - WINDOW_MS).into(),
                    WRITTEN_MAX.into(),
                ],
            )?,
            side(direct.author_id, direct.peer_id)?,
            side(direct.peer_id, direct.author_id)?,
        ];
        self.batch(statements).await.map(drop)
    }

    pub async fn direct_by_reference(&self, author: &str, reference: &str) -> Result<Option<DirectRow>> {
        self.first(
            &format!("SELECT {COLUMNS} FROM directs WHERE author_id = ?1 AND reference = ?2"),
            [author.into(), reference.into()],
        )
        .await
    }

    /// One of the messages between two.
    pub async fn direct(&self, one: &str, other: &str, id: i64) -> Result<Option<DirectRow>> {
        self.first(
            &format!("SELECT {COLUMNS} FROM directs WHERE id = ?1 AND pair = ?2"),
            [id.into(), (&pair(one, other)).into()],
        )
        .await
    }

    pub async fn directs(&self, one: &str, other: &str, from: Span, count: i64) -> Result<Vec<DirectRow>> {
        let (id, part) = match from {
            Span::Before(id) => (id, "id < ?2 ORDER BY id DESC"),
            Span::After(id) => (id, "id > ?2 ORDER BY id"),
        };
        self.all(
            &format!("SELECT {COLUMNS} FROM directs WHERE pair = ?1 AND {part} LIMIT ?3"),
            [(&pair(one, other)).into(), id.into(), count.into()],
        )
        .await
    }

    /// Somebody's conversations, the latest first.
    pub async fn direct_sides(&self, user_id: &str) -> Result<Vec<SideRow>> {
        self.all(
            "SELECT r.peer_id, u.name AS peer_name, u.look AS peer_look, r.last_id, r.read_to,
                    (SELECT count(*) FROM (SELECT 1 FROM directs d WHERE d.pair = min(r.user_id, r.peer_id) || ' ' || max(r.user_id, r.peer_id)
                       AND d.id > r.read_to AND d.author_id = r.peer_id AND d.deleted_at IS NULL LIMIT ?2)) AS unread
             FROM direct_reads r LEFT JOIN users u ON u.id = r.peer_id
             WHERE r.user_id = ?1 ORDER BY r.last_id DESC LIMIT ?3",
            [user_id.into(), UNREAD_MAX.into(), LISTED_MAX.into()],
        )
        .await
    }

    /// Several by id.
    pub async fn directs_by_id(&self, ids: &[i64]) -> Result<Vec<DirectRow>> {
        self.all(
            &format!("SELECT {COLUMNS} FROM directs WHERE id IN (SELECT value FROM json_each(?1))"),
            [(&serde_json::to_string(ids)?).into()],
        )
        .await
    }

    pub async fn direct_reactions(&self, ids: impl Iterator<Item = i64>) -> Result<BTreeMap<i64, Vec<ReactionRow>>> {
        let ids: Vec<i64> = ids.collect();
        if ids.is_empty() {
            return Ok(BTreeMap::new());
        }
        let rows: Vec<ReactorRow> = self
            .all(
                "SELECT direct_id, emoji, user_id FROM direct_reactions
                 WHERE direct_id IN (SELECT value FROM json_each(?1)) ORDER BY direct_id, at, emoji",
                [(&serde_json::to_string(&ids)?).into()],
            )
            .await?;
        let mut gathered: BTreeMap<i64, Vec<ReactionRow>> = BTreeMap::new();
        for ReactorRow { direct_id, emoji, user_id } in rows {
            let reactions = gathered.entry(direct_id).or_default();
            match reactions.iter_mut().find(|reaction| reaction.emoji == emoji) {
                Some(reaction) => {
                    reaction.user_ids.push(user_id);
                    reaction.count += 1;
                }
                None => reactions.push(ReactionRow { emoji, user_ids: vec![user_id], count: 1 }),
            }
        }
        Ok(gathered)
    }

    pub async fn direct_read_to(&self, user_id: &str, peer_id: &str) -> Result<i64> {
        let row: Option<ReadRow> = self
            .first(
                "SELECT read_to FROM direct_reads WHERE user_id = ?1 AND peer_id = ?2",
                [user_id.into(), peer_id.into()],
            )
            .await?;
        Ok(row.map_or(0, |row| row.read_to))
    }

    /// Only forwards, and not beyond what there is. Whether it moved.
    pub async fn read_directs(&self, user_id: &str, peer_id: &str, up_to: i64) -> Result<bool> {
        let moved = self
            .run(
                "UPDATE direct_reads SET read_to = min(?3, last_id)
                 WHERE user_id = ?1 AND peer_id = ?2 AND read_to < min(?3, last_id)",
                [user_id.into(), peer_id.into(), up_to.into()],
            )
            .await?;
        Ok(moved > 0)
    }

    pub async fn edit_direct(&self, id: i64, author: &str, text: &str, now: i64) -> Result<()> {
        self.run(
            "UPDATE directs SET text = ?3, edited_at = ?4 WHERE id = ?1 AND author_id = ?2 AND deleted_at IS NULL",
            [id.into(), author.into(), text.into(), now.into()],
        )
        .await
        .map(drop)
    }

    pub async fn delete_direct(&self, id: i64, author: &str, now: i64) -> Result<()> {
        let statements = vec![
            self.statement(
                "UPDATE directs SET text = '', deleted_at = ?3
                 WHERE id = ?1 AND author_id = ?2 AND deleted_at IS NULL",
                [id.into(), author.into(), now.into()],
            )?,
            self.statement(
                "DELETE FROM direct_reactions WHERE direct_id = ?1
                 AND EXISTS (SELECT 1 FROM directs WHERE id = ?1 AND deleted_at IS NOT NULL)",
                [id.into()],
            )?,
        ];
        self.batch(statements).await.map(drop)
    }

    /// At most so many kinds of emoji stand under one message.
    pub async fn react_to_direct(&self, id: i64, user_id: &str, emoji: &str, kinds_max: i64, now: i64) -> Result<bool> {
        let made = self
            .run(
                "INSERT INTO direct_reactions (direct_id, emoji, user_id, at) SELECT ?1, ?2, ?3, ?4 FROM directs
                 WHERE id = ?1 AND deleted_at IS NULL AND (SELECT count(DISTINCT emoji) FROM direct_reactions
                   WHERE direct_id = ?1 AND emoji <> ?2) < ?5
                 ON CONFLICT DO UPDATE SET at = at",
                [id.into(), emoji.into(), user_id.into(), now.into(), kinds_max.into()],
            )
            .await?;
        Ok(made > 0)
    }

    pub async fn unreact_to_direct(&self, id: i64, user_id: &str, emoji: &str) -> Result<()> {
        self.run(
            "DELETE FROM direct_reactions WHERE direct_id = ?1 AND emoji = ?2 AND user_id = ?3",
            [id.into(), emoji.into(), user_id.into()],
        )
        .await
        .map(drop)
    }
}
