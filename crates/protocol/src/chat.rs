//! What people say in writing: text that is harmless wherever it is shown, channels, messages.
//!
//! Absent on purpose: markup. What a text means is decided where it is drawn; here it is only made sure that it is text.

use crate::codec::{Malformed, wire};
use crate::ids::UserId;
use crate::name::DisplayName;
use crate::units::TimeMs;

/// Longest text, in characters: a page.
pub const TEXT_CHARS_MAX: usize = 2_000;
/// And in bytes; letters of most scripts take up to three.
pub const TEXT_BYTES_MAX: usize = 8_000;
/// Marks on one letter. No language needs more than a few; a tower of them covers the lines around it.
const MARKS_MAX: usize = 4;

/// A text that can be shown: not empty, of limited length, without control characters, without what turns the direction of
/// the text around it, and without towers of marks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChatText(String);

/// Why a text is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChatTextError {
    #[error("there is nothing to say in it")]
    Empty,
    #[error("it is longer than {TEXT_CHARS_MAX} characters")]
    TooLong,
}

impl ChatText {
    /// Makes a text of what somebody typed. What cannot be shown is left out.
    pub fn parse(typed: &str) -> Result<Self, ChatTextError> {
        if typed.len() > TEXT_BYTES_MAX {
            return Err(ChatTextError::TooLong);
        }
        let mut text = String::with_capacity(typed.len());
        let mut marks = 0;
        for character in typed.chars().filter(|&character| is_shown(character)) {
            marks = if is_mark(character) { marks + 1 } else { 0 };
            if marks <= MARKS_MAX {
                text.push(character);
            }
        }
        let text = text.trim();
        if text.chars().all(|character| character.is_whitespace() || is_mark(character) || is_joiner(character)) {
            return Err(ChatTextError::Empty);
        }
        if text.chars().count() > TEXT_CHARS_MAX {
            return Err(ChatTextError::TooLong);
        }
        Ok(Self(text.into()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Not a control character but the line's end and the tab, and none of those that embed, override or isolate a direction
/// (Unicode Standard Annex 9): they would turn what stands beside the message.
fn is_shown(character: char) -> bool {
    let control = character.is_control() && character != '\n' && character != '\t';
    let direction =
        matches!(character, '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let unassigned = matches!(character, '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}' | '\u{feff}');
    !(control || direction || unassigned)
}

/// Combining marks of the blocks that are made of nothing else. Marks of single scripts are few and have their places.
fn is_mark(character: char) -> bool {
    matches!(character, '\u{0300}'..='\u{036f}' | '\u{0483}'..='\u{0489}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}'
        | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

/// Joiners and variation selectors belong to emoji and scripts, and are nothing by themselves.
fn is_joiner(character: char) -> bool {
    matches!(character, '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2064}' | '\u{fe00}'..='\u{fe0f}' | '\u{00ad}' | '\u{034f}'
        | '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' | '\u{2800}')
}

/// To whom something is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Channel {
    /// All who are in the space, now or later.
    Everyone,
    /// Those one hears, now.
    Nearby,
}

impl Channel {
    /// By its name on the wire.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "everyone" => Some(Self::Everyone),
            "nearby" => Some(Self::Nearby),
            _ => None,
        }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Everyone => "everyone",
            Self::Nearby => "nearby",
        }
    }

    /// Whether what is said there stays.
    pub fn is_kept(self) -> bool {
        self == Self::Everyone
    }
}

/// Say something. Channel and text are as they came: what is wrong with them is answered, not punished.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SayIntent {
    pub reference: u64,
    pub channel: String,
    pub text: String,
    pub reply_to: u64,
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
    pub text: ChatText,
    pub reply_to: u64,
    /// The author's own: with the author's id, it tells the message.
    pub reference: u64,
}

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
        }
    }
}

impl From<ChatMessage> for wire::ChatMessage {
    fn from(message: ChatMessage) -> Self {
        Self {
            id: message.id,
            at_ms: message.at.0,
            channel: message.channel.as_str().into(),
            author_id: message.author_id.as_str().into(),
            author_name: message.author_name.into(),
            text: message.text.0,
            reply_to: message.reply_to,
            reference: message.reference,
        }
    }
}

impl TryFrom<wire::ChatMessage> for ChatMessage {
    type Error = Malformed;
    fn try_from(message: wire::ChatMessage) -> Result<Self, Malformed> {
        Ok(Self {
            id: message.id,
            at: TimeMs(message.at_ms),
            channel: Channel::parse(&message.channel).ok_or(Malformed("no such channel"))?,
            author_id: UserId::parse(&message.author_id).ok_or(Malformed("not a user id"))?,
            author_name: DisplayName::parse(&message.author_name).map_err(|_| Malformed("not a name"))?,
            text: ChatText::parse(&message.text).map_err(|_| Malformed("not a text"))?,
            reply_to: message.reply_to,
            reference: message.reference,
        })
    }
}

impl From<SayRefusal> for wire::SayRefusal {
    fn from(reason: SayRefusal) -> Self {
        match reason {
            SayRefusal::Other => Self::Unspecified,
            SayRefusal::Text => Self::Text,
            SayRefusal::TooFast => Self::TooFast,
            SayRefusal::Channel => Self::Channel,
            SayRefusal::Full => Self::Full,
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
            Ok(wire::SayRefusal::Unspecified) | Err(_) => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ordinary_words_stay_as_they_are() {
        for text in ["hello", "a\nb\tc", "Grüß Gott, Zoë 🦊", "שלום עולם", "नमस्ते", "👩‍👩‍👧‍👦", "e\u{301}", "ไม่มีปัญหา"]
        {
            assert_eq!(ChatText::parse(text).unwrap().as_str(), text);
        }
    }

    #[test]
    fn nothing_is_no_text() {
        for text in
            ["", "  \n\t ", "\u{200b}\u{200d}", "\u{0301}\u{0301}", "\u{202e}\u{2066}", "\u{0}\u{7}", "\u{3164}"]
        {
            assert_eq!(ChatText::parse(text), Err(ChatTextError::Empty), "{text:?}");
        }
        assert_eq!(ChatText::parse(&"ä".repeat(2_001)), Err(ChatTextError::TooLong));
        assert_eq!(ChatText::parse(&"\u{301}".repeat(500_000)), Err(ChatTextError::TooLong));
        assert!(ChatText::parse(&"字".repeat(2_000)).is_ok());
    }

    #[test]
    fn what_turns_or_covers_other_text_is_left_out() {
        assert_eq!(ChatText::parse("safe\u{202e}gpj.exe").unwrap().as_str(), "safegpj.exe");
        let tower = format!("a{}b", "\u{0301}".repeat(900));
        assert_eq!(ChatText::parse(&tower).unwrap().as_str().chars().count(), 6);
        assert_eq!(ChatText::parse("a\u{0}\u{1b}[31mb").unwrap().as_str(), "a[31mb");
    }

    proptest! {
        #[test]
        fn a_text_read_again_is_the_same_text(typed in "\\PC{0,300}") {
            if let Ok(text) = ChatText::parse(&typed) {
                prop_assert_eq!(ChatText::parse(text.as_str()), Ok(text));
            }
        }
    }
}
