//! What the Worker signs for nodes: a grant lets one session into one room once, a word comes with what a space tells a node.
//! And the public half of the key, by which nodes know both.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use earshot_protocol::SessionId;
use earshot_protocol::fleet::{GRANT_LIFE_S, Grant, ISSUER, KeySet, PublicKey, TOKEN_BYTES_MAX, WORD_LIFE_S, Word};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use crate::core::es256::{self, SigningKey, Unproven};
use crate::core::ids;

/// A shorter token could be guessed by somebody who has time.
pub const FLEET_TOKEN_BYTES_MIN: usize = 32;
/// Clocks of our own machines differ by less.
const CLOCK_S: i64 = 60;

/// Where somebody is let in.
pub struct Place<'a> {
    pub space: &'a str,
    pub room: u64,
    /// The node's id and its base address.
    pub node: &'a str,
    pub at: &'a str,
}

/// The public keys of this installation.
pub fn key_set(key: Option<&SigningKey>) -> KeySet {
    let public = |key: &SigningKey| PublicKey {
        kty: "EC".to_owned(),
        crv: "P-256".to_owned(),
        kid: key.id(),
        x: key.x().to_owned(),
        y: key.y().to_owned(),
    };
    KeySet { keys: key.into_iter().map(public).collect() }
}

/// A grant that is to be signed.
pub fn grant(place: &Place<'_>, session: SessionId, publish: bool, now_ms: i64) -> Result<Grant, getrandom::Error> {
    let iat = now_ms / 1000;
    Ok(Grant {
        iss: ISSUER.to_owned(),
        aud: place.node.to_owned(),
        sub: session.0.to_string(),
        space: place.space.to_owned(),
        room: place.room,
        at: place.at.to_owned(),
        publish,
        jti: B64.encode(ids::random::<16>()?),
        iat,
        exp: iat + GRANT_LIFE_S,
    })
}

/// A word about a body that is to be signed.
pub fn word(node: &str, body: &[u8], now_ms: i64) -> Word {
    let iat = now_ms / 1000;
    Word {
        iss: ISSUER.to_owned(),
        aud: node.to_owned(),
        digest: B64.encode(Sha256::digest(body)),
        iat,
        exp: iat + WORD_LIFE_S,
    }
}

/// A grant of ours for this space that is still good, if its signature is.
pub fn read_grant<'a>(token: &'a str, kid: &str, space: &str, now_ms: i64) -> Option<Unproven<'a, Grant>> {
    if token.len() > TOKEN_BYTES_MAX {
        return None;
    }
    let unproven = es256::take_apart::<Grant>(token, kid)?;
    let Grant { iss, space: granted, iat, exp, .. } = &unproven.claims;
    let now = now_ms / 1000;
    let is_good = iss == ISSUER && granted == space && now < *exp && *iat <= now + CLOCK_S && exp - iat <= GRANT_LIFE_S;
    is_good.then_some(unproven)
}

/// Is this the token that nodes register with?
pub fn is_fleet_token(ours: &str, theirs: &str) -> bool {
    ours.as_bytes().ct_eq(theirs.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const NOW: i64 = 1_700_000_000_000;
    const PLACE: Place<'_> = Place { space: "s", room: 7, node: "n-1", at: "http://192.0.2.1:8080" };

    fn token(grant: &Grant) -> String {
        es256::signed(&es256::unsigned(Some("k".into()), grant).unwrap(), &[1; es256::SIGNATURE_BYTES])
    }

    #[test]
    fn a_grant_is_good_for_its_space_and_its_time_only() {
        let grant = grant(&PLACE, SessionId(5), true, NOW).unwrap();
        assert_eq!((grant.sub.as_str(), grant.aud.as_str(), grant.room), ("5", "n-1", 7));
        let token = token(&grant);
        assert!(token.len() < TOKEN_BYTES_MAX);
        assert_eq!(read_grant(&token, "k", "s", NOW).unwrap().claims, grant);
        let life_ms = GRANT_LIFE_S * 1000;
        assert!(read_grant(&token, "k", "s", NOW + life_ms - 1000).is_some());
        assert!(read_grant(&token, "k", "s", NOW + life_ms).is_none());
        assert!(read_grant(&token, "k", "s", NOW - 120_000).is_none());
        assert!(read_grant(&token, "k", "another", NOW).is_none());
        assert!(read_grant(&token, "another", "s", NOW).is_none());
    }

    #[test]
    fn no_two_grants_are_the_same() {
        let one = grant(&PLACE, SessionId(5), true, NOW).unwrap();
        assert_ne!(one.jti, grant(&PLACE, SessionId(5), true, NOW).unwrap().jti);
    }

    #[test]
    fn what_was_made_longer_or_by_another_is_none() {
        let good = grant(&PLACE, SessionId(5), true, NOW).unwrap();
        for bad in [
            Grant { exp: good.exp + 1, ..good.clone() },
            Grant { iss: "another".into(), ..good.clone() },
            Grant { iat: good.iat + 61, exp: good.exp + 61, ..good.clone() },
        ] {
            assert!(read_grant(&token(&bad), "k", "s", NOW).is_none(), "{bad:?}");
        }
        assert!(read_grant(&token(&Grant { at: "x".repeat(3_000), ..good }), "k", "s", NOW).is_none());
    }

    #[test]
    fn a_word_is_no_grant() {
        let word = word("n-1", b"body", NOW);
        assert_eq!(word.digest, B64.encode(Sha256::digest(b"body")));
        let token = es256::signed(&es256::unsigned(Some("k".into()), &word).unwrap(), &[1; 64]);
        assert!(read_grant(&token, "k", "s", NOW).is_none());
    }

    #[test]
    fn tokens_are_compared_whole() {
        assert!(is_fleet_token("abc", "abc"));
        for other in ["", "ab", "abd", "abcd"] {
            assert!(!is_fleet_token("abc", other));
        }
    }
}
