//! The newest messages of a space and what became of them, and the way of each into the lasting record.
//!
//! Changes are entries like messages, in the order in which they happened: the record is brought to the same state by the
//! same steps. An entry is in the object's own storage before anybody is told of it. From there it is delivered to the record in
//! batches, in order, again and again until the record says that it has it; the record knows a message by its id, so that
//! one delivered twice is there once. Absent on purpose: who may say what (`engine/chat.rs`), and the storage itself.

use std::collections::VecDeque;

use earshot_protocol::units::TimeMs;
use earshot_protocol::{Change, ChangeKind, Channel, ChatMessage, DisplayName, SAID_AGAIN_MS, UserId};

/// Something that happened in writing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// As it was said, whatever became of it later.
    Said(ChatMessage),
    Changed(Change),
}

impl Entry {
    /// Rising within a space.
    pub fn id(&self) -> u64 {
        match self {
            Self::Said(message) => message.id,
            Self::Changed(change) => change.id,
        }
    }

    pub fn channel(&self) -> Channel {
        match self {
            Self::Said(message) => message.channel,
            Self::Changed(change) => change.channel,
        }
    }

    pub fn at(&self) -> TimeMs {
        match self {
            Self::Said(message) => message.at,
            Self::Changed(change) => change.at,
        }
    }

    /// Takes the words out of it.
    fn empty(&mut self) {
        match self {
            Self::Said(message) => {
                message.text = None;
                message.reactions.clear();
            }
            Self::Changed(change) => match &change.what {
                ChangeKind::Edited(_) => change.what = ChangeKind::Deleted,
                ChangeKind::Reacted(emoji) => change.what = ChangeKind::Unreacted(emoji.clone()),
                ChangeKind::Deleted | ChangeKind::Unreacted(_) => {}
            },
        }
    }
}

/// Entries that stay at hand after they have been recorded: what somebody who comes in sees at once.
pub const KEPT: usize = 100;
/// And all that are younger than this, for a message that is said again after a reconnect is compared with them. Longer than clients say one
/// again, since what they sent may have been under way, and tabs have slept with it.
pub const KEPT_MS: i64 = SAID_AGAIN_MS + 5 * 60_000;
/// But no more of them: two a second, all that time.
pub const KEPT_MAX: usize = 2_000;
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
    /// Ids rise.
    entries: VecDeque<Entry>,
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
    pub fn restore(mut entries: Vec<Entry>, recorded_to: u64) -> Self {
        entries.sort_by_key(Entry::id);
        Self { entries: entries.into(), recorded_to, ..Self::default() }
    }

    /// The id the next entry gets.
    pub fn next_id(&self) -> u64 {
        self.entries.back().map_or(0, Entry::id).max(self.recorded_to) + 1
    }

    pub fn recorded_to(&self) -> u64 {
        self.recorded_to
    }

    /// Whether another can be kept safe.
    pub fn is_full(&self) -> bool {
        self.waiting().count() >= WAITING_MAX
    }

    pub fn push(&mut self, entry: Entry) {
        self.entries.push_back(entry);
    }

    fn messages(&self) -> impl DoubleEndedIterator<Item = &ChatMessage> {
        self.entries.iter().filter_map(|entry| match entry {
            Entry::Said(message) => Some(message),
            Entry::Changed(_) => None,
        })
    }

    fn changes(&self) -> impl DoubleEndedIterator<Item = &Change> {
        self.entries.iter().filter_map(|entry| match entry {
            Entry::Said(_) => None,
            Entry::Changed(change) => Some(change),
        })
    }

    /// As it is now.
    fn changed(&self, message: &ChatMessage) -> ChatMessage {
        let mut message = message.clone();
        let changes = self.changes().filter(|change| change.message_id == message.id && message.id > 0);
        for change in changes.cloned().collect::<Vec<_>>() {
            message.apply(&change);
        }
        message
    }

    /// The message somebody said with this reference, as it is now, if it is among the newest.
    pub fn find(&self, author: &UserId, reference: u64) -> Option<ChatMessage> {
        let mut messages = self.messages().rev();
        let found = messages.find(|message| message.reference == reference && message.author_id == *author)?;
        Some(self.changed(found))
    }

    /// A message as it is now, if it is among the newest.
    pub fn message(&self, id: u64) -> Option<ChatMessage> {
        let index = self.entries.binary_search_by_key(&id, Entry::id).ok()?;
        match self.entries.get(index)? {
            Entry::Said(message) => Some(self.changed(message)),
            Entry::Changed(_) => None,
        }
    }

    /// When somebody last said something that is among the newest.
    pub fn last_said_by(&self, author: &UserId) -> Option<TimeMs> {
        self.messages().rev().find(|message| message.author_id == *author).map(|message| message.at)
    }

    /// The newest messages that fit, as they are now, oldest first; and what became of others, of which no more is at hand.
    pub fn newest(
        &self,
        count: usize,
        fits: impl Fn(Channel, Option<&UserId>, TimeMs) -> bool,
    ) -> (Vec<ChatMessage>, Vec<Change>) {
        let mut told: Vec<_> = self
            .messages()
            .rev()
            .filter(|message| fits(message.channel, Some(&message.author_id), message.at))
            .take(count)
            .cloned()
            .collect();
        told.reverse();
        let mut others = Vec::new();
        for change in self.changes().filter(|change| fits(change.channel, change.said_by(), change.at)) {
            match told.binary_search_by_key(&change.message_id, |message| message.id) {
                Ok(index) => {
                    if let Some(message) = told.get_mut(index) {
                        message.apply(change);
                    }
                }
                Err(_) => others.push(change.clone()),
            }
        }
        let excess = others.len().saturating_sub(count);
        others.drain(..excess);
        (told, others)
    }

    /// Takes the words out of all entries that are meant, and gives those messages that had any. The entries stay: their
    /// ids are taken.
    pub fn empty(&mut self, is_meant: impl Fn(&Entry) -> bool, name: Option<&DisplayName>) -> Vec<Entry> {
        let mut emptied = Vec::new();
        for entry in self.entries.iter_mut().filter(|entry| is_meant(entry)) {
            let before = entry.clone();
            entry.empty();
            if let (Entry::Said(message), Some(name)) = (&mut *entry, name) {
                message.author_name = name.clone();
            }
            if *entry != before {
                emptied.push(entry.clone());
            }
        }
        emptied
    }

    fn waiting(&self) -> impl Iterator<Item = &Entry> {
        let from = self.entries.partition_point(|entry| entry.id() <= self.recorded_to);
        self.entries.iter().skip(from)
    }

    /// When the next delivery is due, if none is under way.
    pub fn due(&self, now: TimeMs) -> Option<TimeMs> {
        let oldest = self.waiting().next().filter(|_| !self.delivering)?;
        let gathered = oldest.at().plus(GATHER_MS).min(now.plus(GATHER_MS));
        Some(gathered.max(self.retry_at))
    }

    /// What is to be recorded now.
    pub fn begin_delivery(&mut self) -> Vec<Entry> {
        let batch: Vec<_> = self.waiting().take(BATCH_MAX).cloned().collect();
        self.delivering = !batch.is_empty();
        batch
    }

    /// The record has all up to this. Returns up to which id rows can be dropped, if it is worth it.
    /// Who last said something is known for as long as slow mode, too.
    pub fn handle_recorded(&mut self, now: TimeMs, slow_mode_ms: i64, up_to: u64) -> Option<u64> {
        self.delivering = false;
        self.failures = 0;
        self.retry_at = TimeMs(0);
        self.recorded_to = self.recorded_to.max(up_to.min(self.next_id() - 1));
        let recorded = self.entries.partition_point(|entry| entry.id() <= self.recorded_to);
        // In the order of ids, for a range is dropped; a clock that was put back keeps what came before it a little longer.
        let kept_ms = KEPT_MS.max(slow_mode_ms);
        let old = self.entries.iter().take_while(|entry| now.since(entry.at()) >= kept_ms).count();
        let len = self.entries.len();
        let dropped = old.max(len.saturating_sub(KEPT_MAX)).min(len.saturating_sub(KEPT)).min(recorded);
        if dropped < DROPPED_AT_ONCE {
            return None;
        }
        self.entries.drain(..dropped).next_back().map(|entry| entry.id())
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
    use earshot_protocol::{ChatText, Emoji};

    fn message(id: u64) -> Entry {
        Entry::Said(ChatMessage {
            id,
            at: TimeMs(id as i64),
            channel: Channel::Everyone,
            author_id: UserId::parse("u_a").unwrap(),
            author_name: DisplayName::parse("Ada").unwrap(),
            text: ChatText::parse("hello").ok(),
            reply_to: 0,
            reference: id,
            edited_at: None,
            reactions: vec![],
            thought: false,
        })
    }

    fn change(id: u64, message_id: u64, what: ChangeKind) -> Entry {
        let actor_id = UserId::parse("u_b").unwrap();
        Entry::Changed(Change { id, at: TimeMs(id as i64), channel: Channel::Everyone, actor_id, message_id, what })
    }

    fn ids(batch: &[Entry]) -> Vec<u64> {
        batch.iter().map(Entry::id).collect()
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
        log.handle_recorded(TimeMs(2_000), 0, 50);
        assert_eq!(ids(&log.begin_delivery()), (51..=60).collect::<Vec<_>>());
        log.handle_recorded(TimeMs(2_000), 0, 60);
        assert_eq!(log.due(TimeMs(9_000)), None);
    }

    /// Says so many, one each so many milliseconds, and has them recorded. Which ranges were dropped.
    fn run(log: &mut Log, count: u64, every_ms: i64) -> Vec<u64> {
        let mut dropped = Vec::new();
        for n in 1..=count {
            let Entry::Said(mut said) = message(log.next_id()) else { continue };
            said.at = TimeMs(n as i64 * every_ms);
            log.push(Entry::Said(said));
            let up_to = log.begin_delivery().last().unwrap().id();
            dropped.extend(log.handle_recorded(TimeMs(n as i64 * every_ms), 0, up_to));
        }
        dropped
    }

    fn ada() -> UserId {
        UserId::parse("u_a").unwrap()
    }

    #[test]
    fn the_newest_stay_at_hand_and_the_rest_goes_by_ranges() {
        let mut log = Log::default();
        assert_eq!(run(&mut log, 400, KEPT_MS), [50, 100, 150, 200, 250, 300]);
        assert_eq!(log.newest(5, |_, _, _| true).0.first().unwrap().id, 396);
        assert!(log.find(&ada(), 399).is_some());
        assert!(log.find(&UserId::parse("u_b").unwrap(), 399).is_none());
    }

    #[test]
    fn what_may_be_said_again_stays_at_hand_however_much_is_said_meanwhile() {
        let mut log = Log::default();
        let (count, every_ms) = (1_500, 1_000);
        assert!(!run(&mut log, count, every_ms).is_empty());
        let first = (1..=count).find(|reference| log.find(&ada(), *reference).is_some()).unwrap();
        let age_ms = (count - first) as i64 * every_ms;
        assert!((KEPT_MS - every_ms..KEPT_MS + 60_000).contains(&age_ms), "{first} is the first");
        // With a limit, which a crowd that shouts reaches.
        let mut log = Log::default();
        run(&mut log, 3_000, 10);
        assert!((KEPT_MAX..KEPT_MAX + DROPPED_AT_ONCE).contains(&log.entries.len()), "{}", log.entries.len());
    }

    #[test]
    fn after_a_restart_ids_go_on_and_nothing_is_forgotten() {
        let log = Log::restore(vec![message(8), message(7)], 7);
        assert_eq!((log.next_id(), log.waiting().count()), (9, 1));
        assert_eq!(Log::restore(vec![], 7).next_id(), 8);
    }

    #[test]
    fn what_became_of_a_message_is_told_with_it_and_delivered_as_it_happened() {
        let mut log = Log::default();
        let better = ChangeKind::Edited(ChatText::parse("hello there").unwrap());
        let thumb = ChangeKind::Reacted(Emoji::parse("👍").unwrap());
        for entry in
            [message(5), message(6), change(7, 5, better), change(8, 5, thumb), change(9, 2, ChangeKind::Deleted)]
        {
            log.push(entry);
        }
        let (told, others) = log.newest(10, |_, _, _| true);
        assert_eq!(told[0].text.as_ref().unwrap().as_str(), "hello there");
        assert_eq!((told[0].edited_at, told[0].reactions.len()), (Some(TimeMs(7)), 1));
        assert_eq!(others.iter().map(|change| change.message_id).collect::<Vec<_>>(), [2], "of an older one");
        assert_eq!(log.message(5), Some(told[0].clone()));
        assert_eq!(log.message(7), None, "is a change");
        let batch = log.begin_delivery();
        assert_eq!(ids(&batch), [5, 6, 7, 8, 9]);
        assert_eq!(batch[0], message(5), "as it was said");
    }

    #[test]
    fn words_are_taken_out_and_ids_stay() {
        let mut log = Log::default();
        log.push(message(1));
        log.push(change(2, 1, ChangeKind::Edited(ChatText::parse("better").unwrap())));
        let emptied = log.empty(|_| true, None);
        assert_eq!(ids(&emptied), [1, 2]);
        assert_eq!((log.next_id(), log.message(1).unwrap().text), (3, None));
        assert!(log.empty(|_| true, None).is_empty(), "once");
    }
}
