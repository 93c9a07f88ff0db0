//! Subscriptions for pushes: each a device's browser.

use serde::Deserialize;
use worker::Result;

use super::Db;

#[derive(Deserialize)]
pub struct Subscription {
    pub endpoint: String,
    pub p256dh: String,
    pub auth: String,
}

/// Devices of one person. A new one takes the place of the oldest.
pub const SUBSCRIPTIONS_MAX: i64 = 10;

#[derive(Deserialize)]
struct UserIdRow {
    user_id: String,
}

impl Db {
    pub async fn subscriptions(&self, user_id: &str) -> Result<Vec<Subscription>> {
        self.all(
            "SELECT endpoint, p256dh, auth FROM push_subscriptions WHERE user_id = ?1 ORDER BY created_at DESC LIMIT ?2",
            [user_id.into(), SUBSCRIPTIONS_MAX.into()],
        )
        .await
    }

    /// A browser that somebody else signs in with is theirs from then on: whoever was signed in before is told nothing there.
    pub async fn subscribe(&self, user_id: &str, subscription: &Subscription, now: i64) -> Result<()> {
        let statements = vec![
            self.statement(
                "INSERT OR REPLACE INTO push_subscriptions (endpoint, user_id, p256dh, auth, created_at)
                 VALUES (?1, ?2, ?3, ?4, ?5)",
                [
                    (&subscription.endpoint).into(),
                    user_id.into(),
                    (&subscription.p256dh).into(),
                    (&subscription.auth).into(),
                    now.into(),
                ],
            )?,
            self.statement(
                "DELETE FROM push_subscriptions WHERE user_id = ?1 AND endpoint NOT IN
                 (SELECT endpoint FROM push_subscriptions WHERE user_id = ?1 ORDER BY created_at DESC, endpoint = ?3 DESC LIMIT ?2)",
                [user_id.into(), SUBSCRIPTIONS_MAX.into(), (&subscription.endpoint).into()],
            )?,
        ];
        self.batch(statements).await.map(drop)
    }

    pub async fn unsubscribe(&self, user_id: &str, endpoint: &str) -> Result<()> {
        self.run(
            "DELETE FROM push_subscriptions WHERE endpoint = ?1 AND user_id = ?2",
            [endpoint.into(), user_id.into()],
        )
        .await
        .map(drop)
    }

    /// Of the people mentioned in a message: those who belong to the space and may be there, and between whom and the author
    /// there is no block.
    pub async fn to_notify(&self, space_id: &str, author: &str, user_ids: &[String]) -> Result<Vec<String>> {
        let rows: Vec<UserIdRow> = self
            .all(
                "SELECT m.user_id FROM members m JOIN spaces s ON s.id = m.space_id
                 WHERE m.space_id = ?1 AND m.user_id IN (SELECT value FROM json_each(?3)) AND m.user_id <> ?2
                   AND (s.access = 'link' OR m.role <> 'guest')
                   AND NOT EXISTS (SELECT 1 FROM bans b WHERE b.space_id = ?1 AND b.user_id = m.user_id)
                   AND NOT EXISTS (SELECT 1 FROM blocks WHERE user_id = m.user_id AND blocked_id = ?2)
                   AND NOT EXISTS (SELECT 1 FROM blocks WHERE user_id = ?2 AND blocked_id = m.user_id)
                 LIMIT 20",
                [space_id.into(), author.into(), (&serde_json::to_string(user_ids)?).into()],
            )
            .await?;
        Ok(rows.into_iter().map(|row| row.user_id).collect())
    }
}
