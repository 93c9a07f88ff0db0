//! What somebody looks for: words that all have to be in a message, in whatever case.
//!
//! The database folds the case of a to z only. So each word is looked for in the three ways people write it: small,
//! capitalised, and in capitals; what a to z is in it is folded on both sides. Absent on purpose: an index of words. It would
//! cost several rows written for each message that nobody ever looks for; looking reads rows, a bounded number at a time.

/// Words of one search; of more the first count.
pub const WORDS_MAX: usize = 4;
/// Ways in which each is looked for.
pub const WAYS: usize = 3;
/// Longest search, in characters.
pub const CHARS_MAX: usize = 100;

/// What to look for, as the database compares it. An empty pattern is in everything.
pub type Patterns = [[String; WAYS]; WORDS_MAX];

/// None where there is nothing to look for, or too much.
pub fn patterns(query: &str) -> Option<Patterns> {
    if query.chars().count() > CHARS_MAX {
        return None;
    }
    let mut patterns = Patterns::default();
    let words = query.split_whitespace().take(WORDS_MAX);
    let mut found = 0;
    for (pattern, word) in patterns.iter_mut().zip(words) {
        *pattern = ways(word);
        found += 1;
    }
    (found > 0).then_some(patterns)
}

fn ways(word: &str) -> [String; WAYS] {
    let small = word.to_lowercase();
    let mut letters = small.chars();
    let capitalised = letters.next().map(|first| first.to_uppercase().chain(letters).collect::<String>());
    let folded = |text: &str| text.to_ascii_lowercase();
    [folded(&small), folded(&capitalised.unwrap_or_default()), folded(&word.to_uppercase())]
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_word_is_looked_for_as_people_write_it() {
        assert_eq!(ways("Hello"), ["hello", "hello", "hello"]);
        assert_eq!(ways("привет"), ["привет", "Привет", "ПРИВЕТ"]);
        assert_eq!(ways("ÄRGER"), ["ärger", "Ärger", "Ärger".to_uppercase().to_ascii_lowercase().as_str()]);
    }

    #[test]
    fn nothing_and_too_much_are_not_looked_for() {
        assert!(patterns("  ").is_none() && patterns(&"x".repeat(101)).is_none());
        let found = patterns("one two three four five").unwrap();
        assert_eq!(found[3][0], "four");
        assert_eq!(patterns("one").unwrap()[1], ["", "", ""]);
    }
}
