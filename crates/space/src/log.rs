//! The newest messages of a space, and the way of each into the lasting record.
//!
//! A message is in the object's own storage before anybody is told of it. From there it is delivered to the record in
//! batches, in order, again and again until the record says that it has it; the record knows a message by its id, so that
//! one delivered twice is there once. Absent on purpose: who may say what (`engine/chat.rs`), and the storage itself.

use std::collections::VecDeque;

use earshot_protocol::units::TimeMs;
use earshot_protocol::{ChatMessage, UserId};

/// Messages that stay at hand after they have been recorded: what somebody who comes in sees at once, and what a message that
/// is said again after a reconnect is compared with.
pub const KEPT: usize = 100;
/// Dropped this many at a time: each row costs a write to drop, and a range costs one statement.
const DROPPED_AT_ONCE: usize = 50;
/// Messages of one delivery. A batch is one statement each, and the database takes a hundred bound values a statement.
pub const BATCH_MAX: usize = 50;
/// Messages that may wait while the record is away: an hour of a lively space, two megabytes.
pub const WAITING_MAX: usize = 5_000;
/// A message waits this long for others to be recorded with it.
const GATHER_MS: i64 = 500;
/// After a failure it is tried again, each time later, up to this.
const RETRY_MS: i64 = 1_000;
const RETRY_MS_MAX: i64 = 60_000;

#[derive(Debug, Default)]
pub(crate) struct Log {
    /// Ids rise without a gap.
    messages: VecDeque<ChatMessage>,
    /// The record has all up to this.
    recorded_to: u64,
    /// A delivery is under way.
    delivering: bool,
    failures: u32,
    /// After a failure: not before this. It stays, however much is said meanwhile.
    retry_at: TimeMs,
}

impl Log {
    /// As it was kept; `recorded_to` may be older than the truth, never newer.
    pub fn restore(mut messages: Vec<ChatMessage>, recorded_to: u64) -> Self {
        messages.sort_by_key(|message| message.id);
        Self { messages: messages.into(), recorded_to, ..Self::default() }
    }

    /// The id the next message gets.
    pub fn next_id(&self) -> u64 {
        self.messages.back().map_or(0, |message| message.id).max(self.recorded_to) + 1
    }

    pub fn recorded_to(&self) -> u64 {
        self.recorded_to
    }

    /// Whether another can be kept safe.
    pub fn is_full(&self) -> bool {
        self.waiting().count() >= WAITING_MAX
    }

    pub fn push(&mut self, message: ChatMessage) {
        self.messages.push_back(message);
    }

    /// The message somebody said with this reference, if it is among the newest.
    pub fn find(&self, author: &UserId, reference: u64) -> Option<&ChatMessage> {
        self.messages.iter().rev().find(|message| message.reference == reference && message.author_id == *author)
    }

    /// Oldest first.
    pub fn newest(&self, count: usize) -> Vec<ChatMessage> {
        self.messages.iter().skip(self.messages.len().saturating_sub(count)).cloned().collect()
    }

    fn waiting(&self) -> impl Iterator<Item = &ChatMessage> {
        let from = self.messages.partition_point(|message| message.id <= self.recorded_to);
        self.messages.iter().skip(from)
    }

    /// When the next delivery is due, if none is under way.
    pub fn due(&self, now: TimeMs) -> Option<TimeMs> {
        let oldest = self.waiting().next().filter(|_| !self.delivering)?;
        let gathered = oldest.at.plus(GATHER_MS).min(now.plus(GATHER_MS));
        Some(gathered.max(self.retry_at))
    }

    /// What is to be recorded now.
    pub fn begin_delivery(&mut self) -> Vec<ChatMessage> {
        let batch: Vec<_> = self.waiting().take(BATCH_MAX).cloned().collect();
        self.delivering = !batch.is_empty();
        batch
    }

    /// The record has all up to this. Returns up to which id rows can be dropped, if it is worth it.
    pub fn handle_recorded(&mut self, up_to: u64) -> Option<u64> {
        self.delivering = false;
        self.failures = 0;
        self.retry_at = TimeMs(0);
        self.recorded_to = self.recorded_to.max(up_to.min(self.next_id() - 1));
        let recorded = self.messages.partition_point(|message| message.id <= self.recorded_to);
        let dropped = self.messages.len().saturating_sub(KEPT).min(recorded);
        if dropped < DROPPED_AT_ONCE {
            return None;
        }
        self.messages.drain(..dropped).next_back().map(|message| message.id)
    }

    pub fn handle_failed(&mut self, now: TimeMs) {
        self.delivering = false;
        self.retry_at = now.plus((RETRY_MS << self.failures.min(10)).min(RETRY_MS_MAX));
        self.failures = self.failures.saturating_add(1);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use earshot_protocol::{Channel, ChatText, DisplayName};

    fn message(id: u64) -> ChatMessage {
        ChatMessage {
            id,
            at: TimeMs(id as i64),
            channel: Channel::Everyone,
            author_id: UserId::parse("u_a").unwrap(),
            author_name: DisplayName::parse("Ada").unwrap(),
            text: ChatText::parse("hello").unwrap(),
            reply_to: 0,
            reference: id,
        }
    }

    fn ids(batch: &[ChatMessage]) -> Vec<u64> {
        batch.iter().map(|message| message.id).collect()
    }

    #[test]
    fn what_is_not_recorded_is_delivered_again_in_order() {
        let mut log = Log::default();
        for _ in 0..60 {
            log.push(message(log.next_id()));
        }
        assert_eq!(ids(&log.begin_delivery()), (1..=50).collect::<Vec<_>>());
        assert_eq!(log.due(TimeMs(1_000)), None, "one delivery at a time");
        log.handle_failed(TimeMs(1_000));
        assert_eq!(log.due(TimeMs(1_800)), Some(TimeMs(2_000)), "however much is said meanwhile");
        assert_eq!(ids(&log.begin_delivery()).len(), 50);
        log.handle_recorded(50);
        assert_eq!(ids(&log.begin_delivery()), (51..=60).collect::<Vec<_>>());
        log.handle_recorded(60);
        assert_eq!(log.due(TimeMs(9_000)), None);
    }

    #[test]
    fn the_newest_stay_at_hand_and_the_rest_goes_by_ranges() {
        let mut log = Log::default();
        let mut dropped = Vec::new();
        for _ in 0..400 {
            log.push(message(log.next_id()));
            let up_to = log.begin_delivery().last().unwrap().id;
            dropped.extend(log.handle_recorded(up_to));
        }
        assert_eq!(dropped, [50, 100, 150, 200, 250, 300]);
        assert_eq!(log.newest(5).first().unwrap().id, 396);
        assert!(log.find(&UserId::parse("u_a").unwrap(), 399).is_some());
        assert!(log.find(&UserId::parse("u_b").unwrap(), 399).is_none());
    }

    #[test]
    fn after_a_restart_ids_go_on_and_nothing_is_forgotten() {
        let log = Log::restore(vec![message(8), message(7)], 7);
        assert_eq!((log.next_id(), log.waiting().count()), (9, 1));
        assert_eq!(Log::restore(vec![], 7).next_id(), 8);
    }
}
