//! Names that people see above avatars.
//!
//! Absent on purpose: uniqueness. Two people may be called Ada; ids tell them apart.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Longest display name, in characters: it must fit a tag over a 32-pixel avatar in two lines.
pub const NAME_CHARS_MAX: usize = 32;

/// A name that is safe to show: trimmed, no control or direction-changing characters, 1 to [`NAME_CHARS_MAX`] characters.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DisplayName(String);

/// Why a name was refused. The texts are shown to people as they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum NameError {
    #[error("a name needs at least one letter, digit or symbol")]
    Empty,
    #[error("a name can have at most 32 characters")]
    TooLong,
    #[error("a name cannot contain control or invisible characters")]
    Invisible,
}

impl DisplayName {
    /// Takes what a person typed. Runs of white space become one space.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        // Bound the work before looking at characters: no valid name needs more bytes than this.
        if text.len() > NAME_CHARS_MAX * 16 {
            return Err(NameError::TooLong);
        }
        if text.chars().any(is_forbidden) {
            return Err(NameError::Invisible);
        }
        let name = text.split_whitespace().collect::<Vec<_>>().join(" ");
        match name.chars().count() {
            0 => Err(NameError::Empty),
            n if n > NAME_CHARS_MAX => Err(NameError::TooLong),
            _ if !name.chars().any(is_visible) => Err(NameError::Empty),
            _ => Ok(Self(name)),
        }
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for DisplayName {
    type Error = NameError;
    fn try_from(text: String) -> Result<Self, NameError> {
        Self::parse(&text)
    }
}

impl From<DisplayName> for String {
    fn from(name: DisplayName) -> Self {
        name.0
    }
}

/// Characters that could hide text, turn its direction, or break a line. The zero-width joiner stays: emoji need it.
fn is_forbidden(c: char) -> bool {
    (c.is_control() && c != '\t')
        || matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2028}' | '\u{2029}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Blank letters (Hangul fillers, Braille blank) and joiners alone do not make a name.
fn is_visible(c: char) -> bool {
    !c.is_whitespace()
        && !matches!(c, '\u{200c}' | '\u{200d}' | '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' | '\u{2800}' | '\u{fe00}'..='\u{fe0f}' | '\u{300}'..='\u{36f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_trimmed_and_its_spaces_folded() {
        assert_eq!(DisplayName::parse("  Ada \t Lovelace ").map(String::from), Ok("Ada Lovelace".into()));
    }

    #[test]
    fn names_that_show_nothing_are_refused() {
        for text in ["", "   ", "\u{3164}", "\u{200d}\u{200d}", "\u{301}\u{302}"] {
            assert_eq!(DisplayName::parse(text), Err(NameError::Empty), "{text:?}");
        }
    }

    #[test]
    fn names_that_turn_or_hide_text_are_refused() {
        for text in ["a\u{202e}b", "a\u{200b}b", "a\nb", "a\u{0}b", "\u{feff}a", "a\u{e0041}"] {
            assert_eq!(DisplayName::parse(text), Err(NameError::Invisible), "{text:?}");
        }
    }

    #[test]
    fn length_is_counted_in_characters() {
        assert!(DisplayName::parse(&"é".repeat(32)).is_ok());
        assert_eq!(DisplayName::parse(&"é".repeat(33)), Err(NameError::TooLong));
        assert_eq!(DisplayName::parse(&"a".repeat(1_000_000)), Err(NameError::TooLong));
    }
}
