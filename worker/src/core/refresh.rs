//! What a presented refresh token means.
//!
//! A token is used once; its use brings the next of its family. One that comes back after that was copied by somebody,
//! so the family ends. The exception is a short grace: two tabs of one browser may present the same token at once, and
//! the slower must not end the session of both. It gets no token, only the advice to use the cookie the faster one got.

/// How long a session lasts without being used.
pub const REFRESH_LIFE_MS: i64 = 30 * 24 * 60 * 60 * 1000;
/// How long after its use a token may come back without harm: the time for which a tab's request may be under way.
pub const GRACE_MS: i64 = 10_000;

/// A kept refresh token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    pub expires_at: i64,
    /// When it brought its successor.
    pub rotated_at: Option<i64>,
    /// When its family ended.
    pub revoked_at: Option<i64>,
}

/// What to do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Use it: make its successor.
    Rotate,
    /// Another request has just used it; nothing is wrong.
    Raced,
    /// It was copied: end its family.
    Reused,
    /// It is over.
    Ended,
}

/// Judges a token at a time.
pub fn judge(kept: Kept, now: i64) -> Verdict {
    if kept.revoked_at.is_some() || kept.expires_at <= now {
        return Verdict::Ended;
    }
    match kept.rotated_at {
        None => Verdict::Rotate,
        Some(at) if now - at <= GRACE_MS => Verdict::Raced,
        Some(_) => Verdict::Reused,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRESH: Kept = Kept { expires_at: 1_000_000, rotated_at: None, revoked_at: None };

    #[test]
    fn a_token_is_used_once() {
        assert_eq!(judge(FRESH, 0), Verdict::Rotate);
        let used = Kept { rotated_at: Some(5), ..FRESH };
        assert_eq!(judge(used, 5 + GRACE_MS), Verdict::Raced);
        assert_eq!(judge(used, 6 + GRACE_MS), Verdict::Reused);
    }

    #[test]
    fn what_is_over_stays_over() {
        assert_eq!(judge(FRESH, 1_000_000), Verdict::Ended);
        let revoked = Kept { rotated_at: Some(1), revoked_at: Some(2), ..FRESH };
        assert_eq!(judge(revoked, 500_000), Verdict::Ended);
    }
}
