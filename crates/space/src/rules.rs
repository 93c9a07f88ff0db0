//! What holds for writing in a space: its named channels, slow mode, and the words that are not wanted.
//!
//! The Worker keeps them in the database and hands them over whole, with a number that rises with each change.

use earshot_protocol::units::TimeMs;
use earshot_protocol::{ChatRules, NamedChannel};
use prost::Message;
use serde::Deserialize;

/// Slow mode at its slowest: an hour.
pub const SLOW_MODE_S_MAX: u32 = 3_600;
const DAY_MS: i64 = 24 * 3_600_000;
pub const WORDS_MAX: usize = 200;
pub const NAMED_CHANNELS_MAX: usize = 50;

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Rules {
    /// Rises with each change.
    pub revision: u64,
    #[serde(default)]
    pub slow_mode_s: u32,
    /// After so many days what was said is gone; 0: never.
    #[serde(default)]
    pub retention_days: u32,
    #[serde(default)]
    pub words: Vec<String>,
    #[serde(default)]
    pub channels: Vec<NamedChannel>,
}

impl Rules {
    /// What clients are told: the words are for moderators.
    pub fn told(&self) -> ChatRules {
        ChatRules { channels: self.channels.clone(), slow_mode_s: self.slow_mode_s }
    }

    pub fn channel(&self, number: u32) -> Option<&NamedChannel> {
        self.channels.iter().find(|channel| channel.number == number)
    }

    pub fn slow_mode_ms(&self) -> i64 {
        i64::from(self.slow_mode_s.min(SLOW_MODE_S_MAX)) * 1_000
    }

    /// What was said before this is not told any more.
    pub fn kept_since(&self, now: TimeMs) -> TimeMs {
        match self.retention_days {
            0 => TimeMs(i64::MIN),
            days => now.plus(-i64::from(days) * DAY_MS),
        }
    }

    /// Whether a text has one of the words in it, as a word of its own, however it is written.
    pub fn has_unwanted_word(&self, text: &str) -> bool {
        if self.words.is_empty() {
            return false;
        }
        let text = plain(text);
        self.words.iter().take(WORDS_MAX).map(|word| plain(word)).any(|word| word.len() > 2 && text.contains(&word))
    }
}

/// Lower case, without marks, words with one space around each.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len() + 2);
    plain.push(' ');
    for character in text.chars().flat_map(char::to_lowercase) {
        if character.is_alphanumeric() {
            plain.push(character);
        } else if !is_ignored(character) && !plain.ends_with(' ') {
            plain.push(' ');
        }
    }
    if !plain.ends_with(' ') {
        plain.push(' ');
    }
    plain
}

/// Marks on letters, and what cannot be seen: neither makes it another word.
fn is_ignored(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{ad}' | '\u{fe00}'..='\u{fe0f}')
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct RulesRecord {
    #[prost(uint64, tag = "1")]
    revision: u64,
    #[prost(uint32, tag = "2")]
    slow_mode_s: u32,
    #[prost(string, repeated, tag = "3")]
    words: Vec<String>,
    #[prost(message, repeated, tag = "4")]
    channels: Vec<ChannelRecord>,
    #[prost(uint32, tag = "5")]
    retention_days: u32,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct ChannelRecord {
    #[prost(uint32, tag = "1")]
    number: u32,
    #[prost(string, tag = "2")]
    name: String,
    #[prost(string, tag = "3")]
    topic: String,
    #[prost(bool, tag = "4")]
    announcements: bool,
}

impl From<&Rules> for RulesRecord {
    fn from(rules: &Rules) -> Self {
        let channel = |channel: &NamedChannel| ChannelRecord {
            number: channel.number,
            name: channel.name.clone(),
            topic: channel.topic.clone(),
            announcements: channel.announcements,
        };
        Self {
            revision: rules.revision,
            slow_mode_s: rules.slow_mode_s,
            words: rules.words.clone(),
            channels: rules.channels.iter().map(channel).collect(),
            retention_days: rules.retention_days,
        }
    }
}

impl From<RulesRecord> for Rules {
    fn from(record: RulesRecord) -> Self {
        let channel = |channel: ChannelRecord| NamedChannel {
            number: channel.number,
            name: channel.name,
            topic: channel.topic,
            announcements: channel.announcements,
        };
        Self {
            revision: record.revision,
            slow_mode_s: record.slow_mode_s,
            words: record.words,
            channels: record.channels.into_iter().map(channel).collect(),
            retention_days: record.retention_days,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_as_words_however_they_are_written() {
        let rules = Rules { words: vec!["Darn".into(), "two words".into(), "".into()], ..Rules::default() };
        for unwanted in ["darn", "oh DARN!", "d\u{301}arn", "da\u{200b}rn it", "these two  words here"] {
            assert!(rules.has_unwanted_word(unwanted), "{unwanted}");
        }
        for fine in ["darning", "d arn", "two other words", "", "!!!"] {
            assert!(!rules.has_unwanted_word(fine), "{fine}");
        }
    }
}
