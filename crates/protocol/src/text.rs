//! Text that is harmless wherever it is shown: what people write, and the emoji they put under it.
//!
//! Absent on purpose: markup. What a text means is decided where it is drawn; here it is only made sure that it is text.

use crate::ids::UserId;

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

/// Mentions of one text that count; whoever means more people means everybody.
pub const MENTIONS_MAX: usize = 20;

impl ChatText {
    /// Whom it mentions, each once: a mention is `<@` and a user id and `>`.
    pub fn mentions(&self) -> Vec<UserId> {
        let mut found = Vec::new();
        for part in self.0.split("<@").skip(1) {
            let id = part.split_once('>').and_then(|(id, _)| UserId::parse(id));
            found.extend(id.filter(|id| !found.contains(id)));
            if found.len() >= MENTIONS_MAX {
                break;
            }
        }
        found
    }
}

/// Longest emoji, in characters: a family of four with all that joins them, and then some.
const EMOJI_CHARS_MAX: usize = 12;

/// One emoji, as the keyboard has them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Emoji(String);

impl Emoji {
    /// One of the characters that are drawn as pictures, with what joins and varies them (Unicode Technical Standard 51).
    /// Whether the sequence is one that fonts know is for fonts to say.
    pub fn parse(text: &str) -> Option<Self> {
        let is_emoji = text.chars().any(is_pictograph)
            && text.chars().count() <= EMOJI_CHARS_MAX
            && text.chars().all(|character| is_pictograph(character) || is_emoji_part(character));
        is_emoji.then(|| Self(text.into()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Drawn as a picture: symbols, and the sign that puts a key around a digit.
fn is_pictograph(character: char) -> bool {
    matches!(character, '\u{a9}' | '\u{ae}' | '\u{203c}' | '\u{2049}' | '\u{20e3}' | '\u{2122}' | '\u{2139}'
        | '\u{2190}'..='\u{21ff}' | '\u{2300}'..='\u{23ff}' | '\u{24c2}' | '\u{25a0}'..='\u{27bf}' | '\u{2934}'..='\u{2935}'
        | '\u{2b00}'..='\u{2bff}' | '\u{3030}' | '\u{303d}' | '\u{3297}' | '\u{3299}' | '\u{1f000}'..='\u{1faff}')
}

/// Part of one: joiner, variation, digits of keys, tags of flags.
fn is_emoji_part(character: char) -> bool {
    matches!(character, '\u{200d}' | '\u{fe0f}' | '#' | '*' | '0'..='9' | '\u{e0020}'..='\u{e007f}')
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

    #[test]
    fn mentions_are_ids_in_brackets_each_once() {
        let text = ChatText::parse("<@u_a> and <@u_b>, <@u_a>; not <@>, <@Ü>, @u_c or <@u_d").unwrap();
        assert_eq!(text.mentions().iter().map(UserId::as_str).collect::<Vec<_>>(), ["u_a", "u_b"]);
        let many: String = (0..200).map(|id| format!("<@u{id}>")).collect();
        assert_eq!(ChatText::parse(&many).unwrap().mentions().len(), MENTIONS_MAX);
    }

    #[test]
    fn an_emoji_is_a_picture_and_nothing_else() {
        for emoji in ["👍", "❤️", "👩‍👩‍👧‍👦", "1️⃣", "🏴\u{e0067}\u{e0062}\u{e007f}", "🇮🇸", "👋🏽", "✅"]
        {
            assert!(Emoji::parse(emoji).is_some(), "{emoji}");
        }
        for other in ["", "a", "1", "#", "👍a", "\u{200d}", "<b>", &"👍".repeat(13), "\u{202e}👍"] {
            assert!(Emoji::parse(other).is_none(), "{other}");
        }
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
