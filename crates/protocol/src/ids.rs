//! Ids, each a type of its own.

use std::fmt;

/// One client's life in one space; survives reconnects. Counted from 1 by the space and never used again in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionId(pub u32);

/// Longest user id, in bytes.
pub const USER_ID_BYTES_MAX: usize = 40;

/// A user or a guest, everywhere.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UserId(String);

impl UserId {
    /// Lower-case letters, digits, `_` and `-`, 1 to [`USER_ID_BYTES_MAX`] of them.
    pub fn parse(text: &str) -> Option<Self> {
        let valid = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-';
        ((1..=USER_ID_BYTES_MAX).contains(&text.len()) && text.bytes().all(valid)).then(|| Self(text.into()))
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_ids_are_short_plain_words() {
        assert!(UserId::parse("u_0a-9z").is_some());
        for bad in ["", "U", "ü", "a b", "a/b", &"a".repeat(41)] {
            assert!(UserId::parse(bad).is_none(), "{bad}");
        }
    }
}
