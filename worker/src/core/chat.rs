//! Who may read what of a space's channels, and who may do what to whom. What a role allows is asked of
//! `earshot_space::permissions::may` and nowhere else.

use earshot_protocol::Channel;
use earshot_space::permissions::{Action, Role, may};

/// Longest topic of a channel: one line over its messages.
pub const TOPIC_CHARS_MAX: usize = 120;
/// Words a space does not want, and how long each may be. All of them are looked for in each message.
pub const WORDS_MAX: usize = 200;
pub const WORD_CHARS_MAX: usize = 40;
pub const SLOW_MODE_S_MAX: u32 = 3_600;
/// Ten years: longer is for ever, which is 0.
pub const RETENTION_DAYS_MAX: u32 = 3_650;
/// What somebody who reports may say.
pub const REPORT_CHARS_MAX: usize = 1_000;

/// What has to be true before a channel is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// Nothing more.
    Free,
    /// The reader is inside this private area now.
    Inside(u32),
    /// There is nothing to read: it is not kept.
    Never,
}

/// For somebody who may enter the space.
pub fn reading(channel: Channel) -> Reading {
    match channel {
        Channel::Everyone | Channel::Named(_) => Reading::Free,
        Channel::Area(area) => Reading::Inside(area),
        Channel::Nearby => Reading::Never,
    }
}

/// May one shut the other out? Who moderates is not shut out, whoever asks: first the role has to go.
pub fn may_ban(actor: Role, target: Option<Role>) -> bool {
    may(actor, Action::Moderate) && !target.is_some_and(|role| may(role, Action::Moderate))
}

/// The words a space does not want, as they are kept: folded, each once; or what is wrong with them.
pub fn valid_words(words: &[String]) -> Result<Vec<String>, &'static str> {
    if words.len() > WORDS_MAX {
        return Err("at most 200 words");
    }
    let mut kept: Vec<String> = Vec::with_capacity(words.len());
    for word in words {
        let word = word.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        if word.is_empty() || word.chars().any(char::is_control) {
            return Err("a word has letters");
        }
        if word.chars().count() > WORD_CHARS_MAX {
            return Err("a word has at most 40 letters");
        }
        if !kept.contains(&word) {
            kept.push(word);
        }
    }
    Ok(kept)
}

/// One line, trimmed, or nothing if it cannot be shown as one.
pub fn one_line(text: &str, chars_max: usize) -> Option<String> {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    (line.chars().count() <= chars_max && !line.chars().any(is_unfit)).then_some(line)
}

/// Several lines, trimmed.
pub fn some_lines(text: &str, chars_max: usize) -> Option<String> {
    let text = text.trim();
    let fits = text.chars().count() <= chars_max && !text.chars().any(|c| c != '\n' && is_unfit(c));
    fits.then(|| text.to_owned())
}

/// Control characters, and what turns the direction of the text around it.
fn is_unfit(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_private_area_is_read_from_inside_and_nearby_by_nobody() {
        assert_eq!(reading(Channel::Everyone), Reading::Free);
        assert_eq!(reading(Channel::Named(3)), Reading::Free);
        assert_eq!(reading(Channel::Area(7)), Reading::Inside(7));
        assert_eq!(reading(Channel::Nearby), Reading::Never);
    }

    #[test]
    fn moderators_shut_out_and_are_not_shut_out() {
        for actor in [Role::Admin, Role::Owner] {
            assert!(may_ban(actor, None) && may_ban(actor, Some(Role::Guest)) && may_ban(actor, Some(Role::Member)));
            assert!(!may_ban(actor, Some(Role::Admin)) && !may_ban(actor, Some(Role::Owner)));
        }
        assert!(!may_ban(Role::Member, Some(Role::Guest)) && !may_ban(Role::Guest, None));
    }

    #[test]
    fn unwanted_words_are_folded_and_bounded() {
        let words = |list: &[&str]| valid_words(&list.iter().map(|&word| word.to_owned()).collect::<Vec<_>>());
        assert_eq!(words(&[" Foo ", "foo", "two  Words"]), Ok(vec!["foo".to_owned(), "two words".to_owned()]));
        assert!(words(&[" "]).is_err() && words(&["a\u{7}"]).is_err() && words(&[&"x".repeat(41)]).is_err());
        assert!(valid_words(&vec!["a".to_owned(); 201]).is_err());
    }

    #[test]
    fn lines_are_lines() {
        assert_eq!(one_line(" a \n b ", 3).as_deref(), Some("a b"));
        assert_eq!(one_line("abcd", 3), None);
        assert_eq!(one_line("a\u{202e}b", 9), None);
        assert_eq!(some_lines(" a\nb ", 9).as_deref(), Some("a\nb"));
        assert_eq!(some_lines("a\u{7}", 9), None);
    }
}
