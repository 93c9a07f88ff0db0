//! Ids and secrets that nobody can guess, and how they are written.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

/// 80 bits: a space's id is the secret in its link, and 10 bytes are 16 characters exactly.
const ID_BYTES: usize = 10;
const ID_CHARS: usize = 16;
const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

/// The space that is there from the start.
pub const COMMONS: &str = "commons";

/// Bytes from the platform's generator. Fails only where there is none.
pub fn random<const N: usize>() -> Result<[u8; N], getrandom::Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}

fn base32(bytes: [u8; ID_BYTES]) -> String {
    let number = bytes.iter().fold(0_u128, |number, &byte| number << 8 | u128::from(byte));
    (0..ID_CHARS).rev().map(|i| char::from(ALPHABET[(number >> (5 * i)) as usize & 31])).collect()
}

fn is_base32(text: &str) -> bool {
    text.len() == ID_CHARS && text.bytes().all(|byte| ALPHABET.contains(&byte))
}

/// A new user's id.
pub fn new_user_id() -> Result<String, getrandom::Error> {
    Ok(format!("u_{}", base32(random()?)))
}

/// A new space's id, a challenge's, or a token family's.
pub fn new_id() -> Result<String, getrandom::Error> {
    Ok(base32(random()?))
}

/// A name made of a digest, for those who are to be told apart and not known. Of one too short nothing is made.
pub fn from_digest(digest: &[u8]) -> String {
    digest.first_chunk::<ID_BYTES>().map(|bytes| base32(*bytes)).unwrap_or_default()
}

/// Could this be a user's id? What could not is not asked of the database.
pub fn is_user_id(text: &str) -> bool {
    text.strip_prefix("u_").is_some_and(is_base32)
}

/// Could this be a space's id?
pub fn is_space_id(text: &str) -> bool {
    text == COMMONS || is_base32(text)
}

/// A new refresh token, as the client keeps it: 256 bits.
pub fn new_token() -> Result<String, getrandom::Error> {
    Ok(URL_SAFE_NO_PAD.encode(random::<32>()?))
}

/// How a token is kept: whoever reads the database cannot use it. A plain hash is enough for 256 random bits.
pub fn token_hash(token: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(token.as_bytes()))
}

/// What an authenticator knows a user by: 16 bytes from the id, the same for each of their passkeys.
pub fn passkey_handle(user_id: &str) -> [u8; 16] {
    let digest = Sha256::digest(format!("earshot passkey {user_id}"));
    let mut handle = [0; 16];
    handle.copy_from_slice(&digest[..16]);
    handle
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn ids_are_recognised_and_nothing_else_is() {
        assert!(is_user_id(&new_user_id().unwrap()));
        assert!(is_space_id(&new_id().unwrap()) && is_space_id(COMMONS));
        for bad in
            ["", "u_", "u_short", "aaaaaaaaaaaaaaa1", "AAAAAAAAAAAAAAAA", "aaaaaaaaaaaaaaaaa", "' or 1=1 --aaaaa"]
        {
            assert!(!is_user_id(bad) && !is_space_id(bad), "{bad}");
        }
    }

    #[test]
    fn every_byte_of_the_randomness_counts() {
        assert_eq!(base32([0; 10]), "aaaaaaaaaaaaaaaa");
        assert_eq!(base32([255; 10]), "7777777777777777");
        let mut last = [0; 10];
        last[9] = 1;
        assert_eq!(base32(last), "aaaaaaaaaaaaaaab");
    }

    #[test]
    fn tokens_and_handles_are_stable_and_distinct() {
        assert_ne!(new_token().unwrap(), new_token().unwrap());
        assert_eq!(token_hash("a"), token_hash("a"));
        assert_ne!(passkey_handle("u_a"), passkey_handle("u_b"));
    }
}
