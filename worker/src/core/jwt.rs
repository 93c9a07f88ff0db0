//! Access tokens: short-lived, signed, kept nowhere.
//!
//! HS256 and nothing else: the Worker both makes and checks them. jsonwebtoken's own cryptography brings RSA and three
//! curves along (150 kB of compressed wasm); its provider interface lets us give it this one algorithm.

use hmac::{Hmac, Mac as _};
use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{Error, ErrorKind};
use jsonwebtoken::{Algorithm, AlgorithmFamily, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use signature::{Signer, Verifier};

/// How long a token is good for. Roles are not in it, so this only bounds how long a signed-out copy lives.
pub const ACCESS_LIFE_S: i64 = 15 * 60;
/// A shorter secret could be searched for offline, from any one token.
pub const SECRET_BYTES_MIN: usize = 32;

/// What a token says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claims {
    /// The user's id.
    pub sub: String,
    pub guest: bool,
    /// Seconds since 1970.
    pub iat: i64,
    pub exp: i64,
}

/// A token for a user, from now on.
pub fn sign(secret: &[u8], user_id: &str, guest: bool, now_ms: i64) -> Result<String, Error> {
    install();
    let iat = now_ms / 1000;
    let claims = Claims { sub: user_id.to_owned(), guest, iat, exp: iat + ACCESS_LIFE_S };
    jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &EncodingKey::from_secret(secret))
}

/// What a token says, if we made it and it is still good.
pub fn verify(secret: &[u8], token: &str, now_ms: i64) -> Option<Claims> {
    install();
    let mut validation = Validation::new(Algorithm::HS256);
    // The library's own clock does not exist on wasm without a shim: the time is an argument, checked below.
    validation.validate_exp = false;
    validation.required_spec_claims.clear();
    let key = DecodingKey::from_secret(secret);
    let claims = jsonwebtoken::decode::<Claims>(token, &key, &validation).ok()?.claims;
    let now = now_ms / 1000;
    // A token from the future was made by a clock or a hand that is not ours; a minute is for clocks.
    (now < claims.exp && claims.iat <= now + 60 && claims.exp - claims.iat == ACCESS_LIFE_S).then_some(claims)
}

/// Idempotent, and the only provider in the program: failing to install means that it is installed.
fn install() {
    let _ = PROVIDER.install_default();
}

static PROVIDER: CryptoProvider =
    CryptoProvider { signer_factory: signer, verifier_factory: verifier, key_utils: KeyUtils::new_unimplemented() };

struct Hs256(Hmac<Sha256>);

impl Hs256 {
    fn new(algorithm: Algorithm, family: AlgorithmFamily, key: &[u8]) -> Result<Self, Error> {
        if algorithm != Algorithm::HS256 || family != AlgorithmFamily::Hmac {
            return Err(ErrorKind::InvalidAlgorithm.into());
        }
        Hmac::new_from_slice(key).map(Self).map_err(|_| ErrorKind::InvalidKeyFormat.into())
    }
}

impl Signer<Vec<u8>> for Hs256 {
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, signature::Error> {
        Ok(self.0.clone().chain_update(message).finalize().into_bytes().to_vec())
    }
}

impl Verifier<Vec<u8>> for Hs256 {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), signature::Error> {
        // Compares in constant time.
        self.0.clone().chain_update(message).verify_slice(signature).map_err(|_| signature::Error::new())
    }
}

impl JwtSigner for Hs256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}

impl JwtVerifier for Hs256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}

fn signer(algorithm: &Algorithm, key: &EncodingKey) -> Result<Box<dyn JwtSigner>, Error> {
    Ok(Box::new(Hs256::new(*algorithm, key.family(), key.as_bytes())?))
}

fn verifier(algorithm: &Algorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>, Error> {
    Ok(Box::new(Hs256::new(*algorithm, key.family(), key.try_get_as_bytes()?)?))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;

    const SECRET: &[u8] = b"a secret of at least 32 bytes, for tests";
    const NOW: i64 = 1_700_000_000_000;

    #[test]
    fn a_token_is_good_for_its_time_and_not_a_second_longer() {
        let token = sign(SECRET, "u_a", true, NOW).unwrap();
        let claims = verify(SECRET, &token, NOW).unwrap();
        assert_eq!((claims.sub.as_str(), claims.guest), ("u_a", true));
        let life_ms = ACCESS_LIFE_S * 1000;
        assert!(verify(SECRET, &token, NOW + life_ms - 1000).is_some());
        assert!(verify(SECRET, &token, NOW + life_ms).is_none());
        assert!(verify(SECRET, &token, NOW - 120_000).is_none());
        assert!(verify(b"another secret of at least 32 bytes!", &token, NOW).is_none());
    }

    #[test]
    fn forged_tokens_are_refused() {
        let token = sign(SECRET, "u_a", false, NOW).unwrap();
        let parts: Vec<&str> = token.split('.').collect();
        let none = B64.encode(r#"{"alg":"none","typ":"JWT"}"#);
        let hs512 = B64.encode(r#"{"alg":"HS512","typ":"JWT"}"#);
        let body =
            B64.encode(format!(r#"{{"sub":"u_b","guest":false,"iat":{0},"exp":{1}}}"#, NOW / 1000, NOW / 1000 + 900));
        for forged in [
            format!("{none}.{}.", parts[1]),
            format!("{none}.{}.{}", parts[1], parts[2]),
            format!("{hs512}.{}.{}", parts[1], parts[2]),
            format!("{}.{body}.{}", parts[0], parts[2]),
            format!("{}.{}.", parts[0], parts[1]),
            format!("{}.{}", parts[0], parts[1]),
            format!("{token}."),
            String::new(),
            "...".into(),
        ] {
            assert_eq!(verify(SECRET, &forged, NOW), None, "{forged}");
        }
    }
}
