//! What a presented refresh token means.
//!
//! A token is used once; its use brings the next of its family. One that comes back after that has one of three reasons:
//!
//! - Two tabs of one browser presented it at once. Within a short grace the slower gets no token, only the advice to use the cookie the faster one got.
//! - The answer with the next one was lost on its way, in a tunnel or with a page that was reloaded. Then nobody has ever used the next one. It is
//!   replaced by another, and counts as used from then on.
//! - It was copied. Then it, or the one it was replaced by, comes back when its successor has been used: the family ends. Whoever has the copy cannot
//!   go on without the owner's next use telling.

/// How long a session lasts without being used.
pub const REFRESH_LIFE_MS: i64 = 30 * 24 * 60 * 60 * 1000;
/// How long after its use a token may come back without harm: the time for which a tab's request may be under way.
pub const GRACE_MS: i64 = 10_000;

/// A kept refresh token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    pub expires_at: i64,
    /// When it brought its successor, or was replaced by another.
    pub rotated_at: Option<i64>,
    /// It has a successor that nobody has used.
    pub unanswered: bool,
    /// When its family ended.
    pub revoked_at: Option<i64>,
}

/// What to do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Use it: make its successor.
    Rotate,
    /// Its successor never arrived: replace that.
    Again,
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
        Some(_) if kept.unanswered => Verdict::Again,
        Some(_) => Verdict::Reused,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRESH: Kept = Kept { expires_at: 1_000_000, rotated_at: None, unanswered: false, revoked_at: None };

    #[test]
    fn a_token_is_used_once() {
        assert_eq!(judge(FRESH, 0), Verdict::Rotate);
        let used = Kept { rotated_at: Some(5), ..FRESH };
        assert_eq!(judge(used, 5 + GRACE_MS), Verdict::Raced);
        assert_eq!(judge(used, 6 + GRACE_MS), Verdict::Reused);
    }

    #[test]
    fn whose_answer_was_lost_is_answered_again() {
        let lost = Kept { rotated_at: Some(5), unanswered: true, ..FRESH };
        assert_eq!(judge(lost, 5 + GRACE_MS), Verdict::Raced, "it may still be on its way");
        assert_eq!(judge(lost, 6 + GRACE_MS), Verdict::Again);
        assert_eq!(judge(Kept { revoked_at: Some(9), ..lost }, 6 + GRACE_MS), Verdict::Ended);
    }

    #[test]
    fn what_is_over_stays_over() {
        assert_eq!(judge(FRESH, 1_000_000), Verdict::Ended);
        let revoked = Kept { rotated_at: Some(1), revoked_at: Some(2), ..FRESH };
        assert_eq!(judge(revoked, 500_000), Verdict::Ended);
    }
}
