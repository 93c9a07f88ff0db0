//! Tokens of the Worker: grants, that let a session in, and words, that say what is in a post. ES256 only, made out to this node, and in time.

use std::collections::{BTreeMap, HashSet};
use std::sync::Mutex;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use earshot_media::node::{Admission, SPACE_BYTES_MAX};
use earshot_protocol::fleet::{Grant, ISSUER, TOKEN_BYTES_MAX, Word};
use jsonwebtoken::{Algorithm, Validation, decode, decode_header};
use serde::de::DeserializeOwned;

use crate::keys::Keys;

/// Grants that are remembered until they run out. Beyond it nobody is let in: forgetting one would let it in twice.
const REMEMBERED_MAX: usize = 200_000;
/// Letters of a grant's own number.
const JTI_BYTES_MAX: usize = 128;
/// The longest a grant is taken for.
const LIFE_S_MAX: u64 = 3_600;

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadToken {
    #[error("there are no keys to check it with")]
    NoKeys,
    #[error("it is forged, expired, or not for this node")]
    Invalid,
    #[error("it was used already")]
    Used,
    #[error("too many are remembered")]
    Full,
}

pub struct Tokens {
    pub keys: Keys,
    node_id: String,
    used: Mutex<Used>,
}

/// What was used, by the moment it runs out.
#[derive(Default)]
struct Used {
    by_end: BTreeMap<(i64, String), ()>,
    all: HashSet<String>,
}

impl Tokens {
    pub fn new(keys: Keys, node_id: String) -> Self {
        Self { keys, node_id, used: Mutex::default() }
    }

    /// A grant, which is used up with this. [`Tokens::release`] takes that back.
    pub async fn grant(&self, token: &str) -> Result<(Admission, Grant), BadToken> {
        let grant: Grant = self.checked(token).await?;
        let admission = admission(&grant, unix_s())?;
        self.use_up(&grant)?;
        Ok((admission, grant))
    }

    /// The space's word on exactly this body.
    pub async fn word(&self, token: &str) -> Result<Word, BadToken> {
        self.checked(token).await
    }

    /// It did not let anybody in after all.
    pub fn release(&self, grant: &Grant) {
        if let Ok(mut used) = self.used.lock() {
            used.all.remove(&grant.jti);
            used.by_end.remove(&(grant.exp, grant.jti.clone()));
        }
    }

    fn use_up(&self, grant: &Grant) -> Result<(), BadToken> {
        let mut used = self.used.lock().map_err(|_| BadToken::Full)?;
        let now = unix_s();
        while let Some(first) = used.by_end.first_entry().filter(|entry| entry.key().0 < now) {
            let ((_, jti), ()) = first.remove_entry();
            used.all.remove(&jti);
        }
        if used.all.contains(&grant.jti) {
            return Err(BadToken::Used);
        }
        if used.all.len() >= REMEMBERED_MAX {
            return Err(BadToken::Full);
        }
        used.all.insert(grant.jti.clone());
        used.by_end.insert((grant.exp, grant.jti.clone()), ());
        Ok(())
    }

    async fn checked<T: DeserializeOwned>(&self, token: &str) -> Result<T, BadToken> {
        if token.len() > TOKEN_BYTES_MAX {
            return Err(BadToken::Invalid);
        }
        let header = decode_header(token).map_err(|_| BadToken::Invalid)?;
        let kid = header.kid.filter(|_| header.alg == Algorithm::ES256).ok_or(BadToken::Invalid)?;
        let Some(key) = self.keys.find(&kid).await else {
            return Err(if self.keys.is_empty() { BadToken::NoKeys } else { BadToken::Invalid });
        };
        let mut validation = Validation::new(Algorithm::ES256);
        validation.leeway = 0;
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[&self.node_id]);
        validation.set_required_spec_claims(&["exp", "iss", "aud"]);
        decode::<T>(token, &key, &validation).map(|data| data.claims).map_err(|_| BadToken::Invalid)
    }
}

/// What a grant claims. Only its signature says whether that is so.
pub fn claims_of(json: &[u8]) -> Result<Grant, BadToken> {
    serde_json::from_slice(json).map_err(|_| BadToken::Invalid)
}

/// What it lets in, at a time in seconds since 1970.
pub fn admission(grant: &Grant, now_s: i64) -> Result<Admission, BadToken> {
    let session: u32 = grant.sub.parse().map_err(|_| BadToken::Invalid)?;
    let left = grant.exp.checked_sub(now_s).and_then(|left| u64::try_from(left).ok()).filter(|left| *left > 0);
    // Nobody signs one for longer; and the clock must not overflow.
    let left = left.ok_or(BadToken::Invalid)?.min(LIFE_S_MAX);
    let is_long = grant.jti.len() > JTI_BYTES_MAX || grant.space.len() > SPACE_BYTES_MAX;
    if grant.jti.is_empty() || grant.space.is_empty() || is_long {
        return Err(BadToken::Invalid);
    }
    Ok(Admission {
        space: grant.space.clone(),
        room: grant.room,
        session,
        publish: grant.publish,
        expires_at: Instant::now() + Duration::from_secs(left),
    })
}

/// As a word says it of its post.
pub fn digest(body: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, body))
}

pub fn unix_s() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const NOW: i64 = 1_800_000_000;

    fn grant() -> Grant {
        let text = r#"{"iss":"earshot","aud":"n","sub":"7","space":"s","room":1,"at":"","publish":true,"jti":"j","iat":0,"exp":1800000060}"#;
        claims_of(text.as_bytes()).unwrap()
    }

    #[test]
    fn claims_are_taken_within_limits() {
        assert_eq!(admission(&grant(), NOW).unwrap().session, 7);
        let wrong: [fn(&mut Grant); 8] = [
            |grant| grant.exp = NOW,
            |grant| grant.exp = i64::MIN,
            |grant| grant.sub = "-1".into(),
            |grant| grant.sub = "4294967296".into(),
            |grant| grant.jti = String::new(),
            |grant| grant.jti = "j".repeat(129),
            |grant| grant.space = String::new(),
            |grant| grant.space = "s".repeat(65),
        ];
        for (index, change) in wrong.into_iter().enumerate() {
            let mut grant = grant();
            change(&mut grant);
            assert_eq!(admission(&grant, NOW), Err(BadToken::Invalid), "{index}");
        }
        // One that never ends ends all the same.
        assert!(admission(&Grant { exp: i64::MAX, ..grant() }, NOW).is_ok());
    }

    /// Pieces of good claims, cut and joined in any way.
    #[test]
    fn whatever_comes_is_survived() {
        let text = serde_json::to_vec(&grant()).unwrap();
        let mut seed = 7_u32;
        let mut below = |end: usize| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 8) as usize % end
        };
        for _ in 0..5_000 {
            let mut broken = text.clone();
            for _ in 0..=below(3) {
                let at = below(broken.len());
                if let Some(byte) = broken.get_mut(at) {
                    *byte = below(256) as u8;
                }
            }
            broken.truncate(text.len() - below(2) * below(text.len()));
            let _ = claims_of(&broken).map(|grant| admission(&grant, NOW));
            let _ = crate::keys::parse(&String::from_utf8_lossy(&broken));
        }
    }
}
