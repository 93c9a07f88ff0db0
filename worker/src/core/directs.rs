//! Who may write to whom, and how often.

/// Messages one person may write to others within [`WINDOW_MS`]: a lively talk with several at once.
pub const WRITTEN_MAX: i64 = 30;
pub const WINDOW_MS: i64 = 60_000;

/// How two stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// One of them has blocked the other.
    pub is_blocked: bool,
    /// Both belong to some space.
    pub share_a_space: bool,
    /// They have written before.
    pub have_written: bool,
}

/// Why one may not write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    Blocked,
    Strangers,
}

pub fn may_write(standing: Standing) -> Result<(), Refusal> {
    if standing.is_blocked {
        return Err(Refusal::Blocked);
    }
    if standing.share_a_space || standing.have_written { Ok(()) } else { Err(Refusal::Strangers) }
}

/// The name of a conversation of two: the same from both sides.
pub fn pair(one: &str, other: &str) -> String {
    let (first, second) = if one <= other { (one, other) } else { (other, one) };
    format!("{first} {second}")
}

/// How long to wait, for somebody who wrote as many as they may: `oldest_at` is the first of those.
pub fn wait_ms(oldest_at: i64, now_ms: i64) -> i64 {
    (oldest_at + WINDOW_MS - now_ms).clamp(1, WINDOW_MS)
}

/// A message's reference, as it comes: 16 hexadecimal digits, not all of them 0.
pub fn is_reference(text: &str) -> bool {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    text.len() == 16 && digits && text.bytes().any(|byte| byte != b'0')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strangers_do_not_write_and_a_block_is_stronger_than_all() {
        let none = Standing { is_blocked: false, share_a_space: false, have_written: false };
        assert_eq!(may_write(none), Err(Refusal::Strangers));
        assert_eq!(may_write(Standing { share_a_space: true, ..none }), Ok(()));
        assert_eq!(may_write(Standing { have_written: true, ..none }), Ok(()));
        let blocked = Standing { is_blocked: true, share_a_space: true, have_written: true };
        assert_eq!(may_write(blocked), Err(Refusal::Blocked));
    }

    #[test]
    fn a_conversation_has_one_name_and_a_reference_one_form() {
        assert_eq!(pair("u_b", "u_a"), pair("u_a", "u_b"));
        assert!(is_reference("00000000000000ff"));
        for wrong in ["", "ff", "00000000000000FF", "0000000000000000", "00000000000000fg", "00000000000000ff0"] {
            assert!(!is_reference(wrong), "{wrong}");
        }
    }

    #[test]
    fn who_waits_is_told_how_long() {
        assert_eq!(wait_ms(1_000, 11_000), 50_000);
        assert_eq!(wait_ms(0, 999_000), 1);
    }
}
