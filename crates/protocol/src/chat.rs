//! What people say in writing: channels, messages, what becomes of them, and what holds for them in a space.
//!
//! Messages to one person are not of a space and not here: see docs/chat.md.

use std::fmt;

use crate::codec::{Malformed, wire};
use crate::ids::UserId;
use crate::name::DisplayName;
use crate::text::{ChatText, Emoji};
use crate::units::TimeMs;

/// People who are named with a reaction; beyond them they are only counted.
pub const REACTORS_NAMED_MAX: usize = 50;

/// To whom something is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Channel {
    /// All who are in the space, now or later.
    Everyone,
    /// Those one hears, now.
    Nearby,
    /// Those inside a private area, by its number on the map.
    Area(u32),
    /// One that admins made, by its number.
    Named(u32),
}

impl Channel {
    /// By its name on the wire.
    pub fn parse(name: &str) -> Option<Self> {
        // Only one way to write a number, so that a name is one channel and a channel one name.
        let number = |text: &str| text.parse().ok().filter(|number: &u32| *number > 0 && number.to_string() == text);
        match name {
            "everyone" => Some(Self::Everyone),
            "nearby" => Some(Self::Nearby),
            _ => match name.split_once('/')? {
                ("area", text) => number(text).map(Self::Area),
                ("c", text) => number(text).map(Self::Named),
                _ => None,
            },
        }
    }

    /// Whether what is said there stays.
    pub fn is_kept(self) -> bool {
        self != Self::Nearby
    }
}

impl fmt::Display for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Everyone => f.write_str("everyone"),
            Self::Nearby => f.write_str("nearby"),
            Self::Area(number) => write!(f, "area/{number}"),
            Self::Named(number) => write!(f, "c/{number}"),
        }
    }
}

/// Say something. Channel and text are as they came: what is wrong with them is answered, not punished.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SayIntent {
    pub reference: u64,
    pub channel: String,
    pub text: String,
    pub reply_to: u64,
    /// Thought, not said: nearby only.
    pub thought: bool,
}

/// Something that was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChatMessage {
    /// Rising within a space; 0 for one that is not kept.
    pub id: u64,
    pub at: TimeMs,
    pub channel: Channel,
    pub author_id: UserId,
    pub author_name: DisplayName,
    /// None once it is deleted.
    pub text: Option<ChatText>,
    pub reply_to: u64,
    /// The author's own: with the author's id, it tells the message.
    pub reference: u64,
    pub edited_at: Option<TimeMs>,
    pub reactions: Vec<Reaction>,
    /// Thought, not said.
    pub thought: bool,
}

/// An emoji under a message, and who put it there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reaction {
    pub emoji: Emoji,
    /// In order; on the wire the first [`REACTORS_NAMED_MAX`].
    pub user_ids: Vec<UserId>,
    pub count: u32,
}

/// Something that became of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Counted with the messages' own.
    pub id: u64,
    pub at: TimeMs,
    pub channel: Channel,
    pub actor_id: UserId,
    pub message_id: u64,
    pub what: ChangeKind,
}

impl Change {
    /// Whose words these are, for those who do not want to hear of somebody. That something is gone is nobody's word, and for all.
    pub fn said_by(&self) -> Option<&UserId> {
        (self.what != ChangeKind::Deleted).then_some(&self.actor_id)
    }
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    Edited(ChatText),
    Deleted,
    Reacted(Emoji),
    Unreacted(Emoji),
}

impl ChatMessage {
    /// Applies a change. Applied again it changes nothing.
    pub fn apply(&mut self, change: &Change) {
        match &change.what {
            ChangeKind::Edited(text) if self.text.is_some() => {
                self.text = Some(text.clone());
                self.edited_at = Some(change.at);
            }
            ChangeKind::Edited(_) => {}
            ChangeKind::Deleted => {
                self.text = None;
                self.reactions.clear();
            }
            ChangeKind::Reacted(emoji) if self.text.is_some() => self.add_reaction(emoji, &change.actor_id),
            ChangeKind::Reacted(_) => {}
            ChangeKind::Unreacted(emoji) => self.remove_reaction(emoji, &change.actor_id),
        }
    }

    fn add_reaction(&mut self, emoji: &Emoji, actor: &UserId) {
        match self.reactions.iter_mut().find(|reaction| reaction.emoji == *emoji) {
            Some(reaction) if reaction.user_ids.contains(actor) => {}
            Some(reaction) => {
                reaction.user_ids.push(actor.clone());
                reaction.count += 1;
            }
            None => {
                let reaction = Reaction { emoji: emoji.clone(), user_ids: vec![actor.clone()], count: 1 };
                self.reactions.push(reaction);
            }
        }
    }

    fn remove_reaction(&mut self, emoji: &Emoji, actor: &UserId) {
        for reaction in self.reactions.iter_mut().filter(|reaction| reaction.emoji == *emoji) {
            let before = reaction.user_ids.len();
            reaction.user_ids.retain(|user| user != actor);
            reaction.count = reaction.count.saturating_sub((before - reaction.user_ids.len()) as u32);
        }
        self.reactions.retain(|reaction| reaction.count > 0);
    }
}

/// So long after it was sent first a client says by itself again what was not acknowledged: the space knows it for the same message for longer
/// than that.
pub const SAID_AGAIN_MS: i64 = 10 * 60_000;

/// A message was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SayRefused {
    pub reference: u64,
    pub reason: SayRefusal,
    /// 0: never.
    pub retry_in_ms: u32,
}

/// Why a message was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SayRefusal {
    /// A reason that this version does not know.
    Other,
    Text,
    TooFast,
    Channel,
    Full,
    Word,
    SlowMode,
}

impl SayRefusal {
    /// A word for programs that read JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Other => "other",
            Self::Text => "text",
            Self::TooFast => "too_fast",
            Self::Channel => "channel",
            Self::Full => "full",
            Self::Word => "word",
            Self::SlowMode => "slow_mode",
        }
    }

    /// Whether the same message may be taken later.
    pub fn may_retry(self) -> bool {
        matches!(self, Self::TooFast | Self::Full | Self::SlowMode)
    }
}

/// What holds for writing in a space, as its clients know it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChatRules {
    pub channels: Vec<NamedChannel>,
    /// Seconds between two messages of one person; 0: none.
    pub slow_mode_s: u32,
}

/// A channel that admins made.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct NamedChannel {
    pub number: u32,
    pub name: String,
    #[serde(default)]
    pub topic: String,
    /// Only admins write in it.
    #[serde(default)]
    pub announcements: bool,
}

impl From<ChatMessage> for wire::ChatMessage {
    fn from(message: ChatMessage) -> Self {
        Self {
            id: message.id,
            at_ms: message.at.0,
            channel: message.channel.to_string(),
            author_id: message.author_id.as_str().into(),
            author_name: message.author_name.into(),
            deleted: message.text.is_none(),
            text: message.text.map_or_else(String::new, |text| text.as_str().into()),
            reply_to: message.reply_to,
            reference: message.reference,
            edited_at_ms: message.edited_at.map_or(0, |at| at.0),
            reactions: message.reactions.into_iter().map(Into::into).collect(),
            thought: message.thought,
        }
    }
}

impl TryFrom<wire::ChatMessage> for ChatMessage {
    type Error = Malformed;
    fn try_from(message: wire::ChatMessage) -> Result<Self, Malformed> {
        let text = || ChatText::parse(&message.text).map_err(|_| Malformed("not a text"));
        Ok(Self {
            id: message.id,
            at: TimeMs(message.at_ms),
            channel: channel(&message.channel)?,
            author_id: user_id(&message.author_id)?,
            author_name: DisplayName::parse(&message.author_name).map_err(|_| Malformed("not a name"))?,
            text: if message.deleted { None } else { Some(text()?) },
            reply_to: message.reply_to,
            reference: message.reference,
            edited_at: Some(message.edited_at_ms).filter(|&at| at != 0).map(TimeMs),
            // One that cannot be read is left out: it is the message that matters.
            reactions: message.reactions.into_iter().filter_map(|reaction| reaction.try_into().ok()).collect(),
            thought: message.thought,
        })
    }
}

impl From<Reaction> for wire::Reaction {
    fn from(reaction: Reaction) -> Self {
        let named = reaction.user_ids.iter().take(REACTORS_NAMED_MAX);
        Self {
            emoji: reaction.emoji.as_str().into(),
            user_ids: named.map(|user| user.as_str().into()).collect(),
            count: reaction.count,
        }
    }
}

impl TryFrom<wire::Reaction> for Reaction {
    type Error = Malformed;
    fn try_from(reaction: wire::Reaction) -> Result<Self, Malformed> {
        Ok(Self {
            emoji: emoji(&reaction.emoji)?,
            user_ids: reaction.user_ids.iter().map(|user| user_id(user)).collect::<Result<_, _>>()?,
            count: reaction.count,
        })
    }
}

impl From<Change> for wire::Change {
    fn from(change: Change) -> Self {
        use wire::change::What;
        Self {
            id: change.id,
            at_ms: change.at.0,
            channel: change.channel.to_string(),
            actor_id: change.actor_id.as_str().into(),
            message_id: change.message_id,
            what: Some(match change.what {
                ChangeKind::Edited(text) => What::EditedText(text.as_str().into()),
                ChangeKind::Deleted => What::Deleted(true),
                ChangeKind::Reacted(emoji) => What::ReactionAdded(emoji.as_str().into()),
                ChangeKind::Unreacted(emoji) => What::ReactionRemoved(emoji.as_str().into()),
            }),
        }
    }
}

impl TryFrom<wire::Change> for Change {
    type Error = Malformed;
    fn try_from(change: wire::Change) -> Result<Self, Malformed> {
        use wire::change::What;
        let what = match change.what.ok_or(Malformed("a change without a kind"))? {
            What::EditedText(text) => ChangeKind::Edited(ChatText::parse(&text).map_err(|_| Malformed("not a text"))?),
            What::Deleted(_) => ChangeKind::Deleted,
            What::ReactionAdded(text) => ChangeKind::Reacted(emoji(&text)?),
            What::ReactionRemoved(text) => ChangeKind::Unreacted(emoji(&text)?),
        };
        Ok(Self {
            id: change.id,
            at: TimeMs(change.at_ms),
            channel: channel(&change.channel)?,
            actor_id: user_id(&change.actor_id)?,
            message_id: change.message_id,
            what,
        })
    }
}

impl From<ChatRules> for wire::Rules {
    fn from(rules: ChatRules) -> Self {
        let channel = |channel: NamedChannel| wire::NamedChannel {
            number: channel.number,
            name: channel.name,
            topic: channel.topic,
            announcements: channel.announcements,
        };
        Self { channels: rules.channels.into_iter().map(channel).collect(), slow_mode_s: rules.slow_mode_s }
    }
}

impl From<wire::Rules> for ChatRules {
    fn from(rules: wire::Rules) -> Self {
        let channel = |channel: wire::NamedChannel| NamedChannel {
            number: channel.number,
            name: channel.name,
            topic: channel.topic,
            announcements: channel.announcements,
        };
        Self { channels: rules.channels.into_iter().map(channel).collect(), slow_mode_s: rules.slow_mode_s }
    }
}

fn channel(name: &str) -> Result<Channel, Malformed> {
    Channel::parse(name).ok_or(Malformed("no such channel"))
}

fn user_id(text: &str) -> Result<UserId, Malformed> {
    UserId::parse(text).ok_or(Malformed("not a user id"))
}

fn emoji(text: &str) -> Result<Emoji, Malformed> {
    Emoji::parse(text).ok_or(Malformed("not an emoji"))
}

impl From<SayRefusal> for wire::SayRefusal {
    fn from(reason: SayRefusal) -> Self {
        match reason {
            SayRefusal::Other => Self::Unspecified,
            SayRefusal::Text => Self::Text,
            SayRefusal::TooFast => Self::TooFast,
            SayRefusal::Channel => Self::Channel,
            SayRefusal::Full => Self::Full,
            SayRefusal::Word => Self::Word,
            SayRefusal::SlowMode => Self::SlowMode,
        }
    }
}

impl From<i32> for SayRefusal {
    fn from(reason: i32) -> Self {
        match wire::SayRefusal::try_from(reason) {
            Ok(wire::SayRefusal::Text) => Self::Text,
            Ok(wire::SayRefusal::TooFast) => Self::TooFast,
            Ok(wire::SayRefusal::Channel) => Self::Channel,
            Ok(wire::SayRefusal::Full) => Self::Full,
            Ok(wire::SayRefusal::Word) => Self::Word,
            Ok(wire::SayRefusal::SlowMode) => Self::SlowMode,
            Ok(wire::SayRefusal::Unspecified) | Err(_) => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_channel_has_one_name() {
        for name in ["everyone", "nearby", "area/7", "c/12"] {
            assert_eq!(Channel::parse(name).unwrap().to_string(), name);
        }
        for other in ["", "area/", "area/0", "area/07", "c/+1", "c/-1", "c/1/2", "d/1", "c/99999999999", "Everyone"] {
            assert_eq!(Channel::parse(other), None, "{other}");
        }
    }

    #[test]
    fn changes_applied_again_change_nothing() {
        let mut message = ChatMessage {
            id: 1,
            at: TimeMs(5),
            channel: Channel::Everyone,
            author_id: UserId::parse("u_a").unwrap(),
            author_name: DisplayName::parse("Ada").unwrap(),
            text: ChatText::parse("helo").ok(),
            reply_to: 0,
            reference: 1,
            edited_at: None,
            reactions: vec![],
            thought: false,
        };
        let thumb = Emoji::parse("👍").unwrap();
        let kinds = [
            ChangeKind::Edited(ChatText::parse("hello").unwrap()),
            ChangeKind::Reacted(thumb.clone()),
            ChangeKind::Reacted(Emoji::parse("🎉").unwrap()),
            ChangeKind::Unreacted(thumb),
            ChangeKind::Deleted,
        ];
        for (i, what) in kinds.into_iter().enumerate() {
            let change = Change {
                id: 2 + i as u64,
                at: TimeMs(9),
                channel: Channel::Everyone,
                actor_id: UserId::parse("u_b").unwrap(),
                message_id: 1,
                what,
            };
            message.apply(&change);
            let once = message.clone();
            message.apply(&change);
            assert_eq!(message, once);
            assert_eq!(message.reactions.len(), [0, 1, 2, 1, 0][i]);
        }
        assert_eq!(message.text, None);
    }
}
