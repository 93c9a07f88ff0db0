//! Keys of P-256 and tokens signed with them (RFC 7515, 7517, 7518, 7519), as text: what is put together before a signature is
//! made, and what is taken apart before one is checked.
//!
//! Absent on purpose: signatures themselves. The platform makes and checks them in native code (`crate::signatures`).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// An uncompressed point of P-256: `0x04`, x, y.
pub const POINT_BYTES: usize = 65;
/// A signature: r and s.
pub const SIGNATURE_BYTES: usize = 64;

/// A private key as a JWK, as it is among the secrets.
#[derive(Clone, Serialize, Deserialize)]
pub struct SigningKey {
    kty: String,
    crv: String,
    x: String,
    y: String,
    d: String,
}

impl SigningKey {
    pub fn parse(json: &str) -> Option<Self> {
        let key: Self = serde_json::from_str(json).ok()?;
        let is_whole =
            [&key.x, &key.y, &key.d].iter().all(|part| B64.decode(part).is_ok_and(|bytes| bytes.len() == 32));
        (key.kty == "EC" && key.crv == "P-256" && is_whole).then_some(key)
    }

    /// The point, in base64url.
    pub fn public(&self) -> String {
        let part = |text: &str| B64.decode(text).unwrap_or_default();
        B64.encode([&[4], part(&self.x).as_slice(), &part(&self.y)].concat())
    }

    pub fn x(&self) -> &str {
        &self.x
    }

    pub fn y(&self) -> &str {
        &self.y
    }

    /// A name that follows from the key itself (RFC 7638), so that another key has another name.
    pub fn id(&self) -> String {
        // Nothing but base64url is in them: there is nothing to escape.
        let canonical = format!(r#"{{"crv":"P-256","kty":"EC","x":"{}","y":"{}"}}"#, self.x, self.y);
        B64.encode(Sha256::digest(canonical))
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    typ: String,
    alg: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    kid: Option<String>,
}

/// What is to be signed: head and claims.
pub fn unsigned(kid: Option<String>, claims: &impl Serialize) -> serde_json::Result<String> {
    let head = Head { typ: "JWT".to_owned(), alg: "ES256".to_owned(), kid };
    Ok(format!("{}.{}", B64.encode(serde_json::to_vec(&head)?), B64.encode(serde_json::to_vec(claims)?)))
}

/// The whole token.
pub fn signed(unsigned: &str, signature: &[u8]) -> String {
    format!("{unsigned}.{}", B64.encode(signature))
}

/// A token that was taken apart, and is not to be believed before its signature is checked.
pub struct Unproven<'a, T> {
    /// What the signature is over.
    pub signed: &'a str,
    pub signature: [u8; SIGNATURE_BYTES],
    pub claims: T,
}

/// Takes a token apart that names this key and this algorithm.
pub fn take_apart<'a, T: DeserializeOwned>(token: &'a str, kid: &str) -> Option<Unproven<'a, T>> {
    let (signed, signature) = token.rsplit_once('.')?;
    let (head, claims) = signed.split_once('.')?;
    let head: Head = serde_json::from_slice(&B64.decode(head).ok()?).ok()?;
    if head.typ != "JWT" || head.alg != "ES256" || head.kid.as_deref() != Some(kid) {
        return None;
    }
    let signature = B64.decode(signature).ok()?.try_into().ok()?;
    let claims = serde_json::from_slice(&B64.decode(claims).ok()?).ok()?;
    Some(Unproven { signed, signature, claims })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn json(kty: &str, d: &str) -> String {
        let part = B64.encode([7; 32]);
        format!(r#"{{"kty":"{kty}","crv":"P-256","x":"{part}","y":"{part}","d":"{d}"}}"#)
    }

    #[test]
    fn a_key_is_a_whole_one() {
        let part = B64.encode([7; 32]);
        let key = SigningKey::parse(&json("EC", &part)).unwrap();
        assert_eq!(B64.decode(key.public()).unwrap().len(), POINT_BYTES);
        for bad in [json("RSA", &part), json("EC", "AA"), json("EC", "?"), "{}".into(), String::new()] {
            assert!(SigningKey::parse(&bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn a_keys_name_is_its_thumbprint() {
        let key = SigningKey::parse(&json("EC", &B64.encode([7; 32]))).unwrap();
        assert_eq!(key.id(), "h5bribGJCy-mgzZVQ-1bWm2V848M3HZdLsqL5QJf468");
    }

    #[test]
    fn a_token_comes_apart_as_it_was_put_together() {
        let unsigned = unsigned(Some("k".into()), &vec![1, 2, 3]).unwrap();
        let token = signed(&unsigned, &[9; SIGNATURE_BYTES]);
        let apart = take_apart::<Vec<u8>>(&token, "k").unwrap();
        assert_eq!((apart.signed, apart.signature, apart.claims), (unsigned.as_str(), [9; 64], vec![1, 2, 3]));
        assert!(take_apart::<Vec<u8>>(&token, "another").is_none());
        assert!(take_apart::<String>(&token, "k").is_none());
    }

    #[test]
    fn other_algorithms_and_other_shapes_are_none() {
        let claims = B64.encode("[1]");
        let head = |json: &str| B64.encode(json);
        let good = head(r#"{"typ":"JWT","alg":"ES256","kid":"k"}"#);
        let signature = B64.encode([1; SIGNATURE_BYTES]);
        assert!(take_apart::<Vec<u8>>(&format!("{good}.{claims}.{signature}"), "k").is_some());
        for bad in [
            format!("{}.{claims}.{signature}", head(r#"{"typ":"JWT","alg":"none","kid":"k"}"#)),
            format!("{}.{claims}.{signature}", head(r#"{"typ":"JWT","alg":"HS256","kid":"k"}"#)),
            format!("{}.{claims}.{signature}", head(r#"{"typ":"JWT","alg":"ES256"}"#)),
            format!("{}.{claims}.{signature}", head(r#"{"typ":"JWT","alg":"ES256","kid":"k","jwk":{}}"#)),
            format!("{good}.{claims}."),
            format!("{good}.{claims}"),
            format!("{good}.{claims}.{}", B64.encode([1; SIGNATURE_BYTES - 1])),
            format!("{good}.{claims}.{signature}."),
            format!(".{good}.{claims}.{signature}"),
            String::new(),
            "..".into(),
        ] {
            assert!(take_apart::<Vec<u8>>(&bad, "k").is_none(), "{bad}");
        }
    }
}
