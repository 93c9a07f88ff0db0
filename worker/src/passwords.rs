//! Password hashing, in objects of its own: a Worker's 10 ms of CPU (free plan) is not enough for it, an object's is.
//!
//! The object keeps nothing; it is only a place to compute. A few names spread the work, so that one slow hash does not
//! hold up everybody's.

use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq as _;
use worker::{DurableObject, Env, Method, Request, RequestInit, Response, Result, State, durable_object};

use crate::context::Context;
use crate::core::ids;
use crate::error::{Answer, ApiError};

/// OWASP's recommendation for Argon2id: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
const SALT_BYTES: usize = 16;
const HASH_BYTES: usize = 32;
/// How many objects share the work.
const SHARDS: u8 = 4;

/// What an unknown address is compared with: as much work as a known one, and no password fits.
pub const NOBODY: &str = "argon2id$19456$2$1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Computes hashes.
#[durable_object(fetch)]
pub struct PasswordObject {
    _state: State,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Work {
    Hash { password: String },
    Verify { password: String, hash: String },
}

#[derive(Serialize, Deserialize)]
struct Done {
    hash: Option<String>,
    fits: bool,
}

impl DurableObject for PasswordObject {
    fn new(state: State, _: Env) -> Self {
        Self { _state: state }
    }

    async fn fetch(&self, mut request: Request) -> Result<Response> {
        let done = match request.json::<Work>().await? {
            Work::Hash { password } => Done { hash: hash(&password), fits: false },
            Work::Verify { password, hash } => Done { hash: None, fits: fits(&password, &hash) },
        };
        Response::from_json(&done)
    }
}

/// A new hash of a password. `spread` only decides which object does the work.
pub async fn hash_password(context: &Context, spread: &str, password: &str) -> Answer<String> {
    let done = ask(context, spread, &Work::Hash { password: password.to_owned() }).await?;
    done.hash.ok_or_else(|| ApiError::internal("passwords", "no hash"))
}

/// Is it the password of this hash?
pub async fn is_password(context: &Context, spread: &str, password: &str, hash: &str) -> Answer<bool> {
    let work = Work::Verify { password: password.to_owned(), hash: hash.to_owned() };
    Ok(ask(context, spread, &work).await?.fits)
}

async fn ask(context: &Context, spread: &str, work: &Work) -> Answer<Done> {
    let shard = ids::token_hash(spread).bytes().next().unwrap_or(0) % SHARDS;
    let stub = context.env.durable_object("ACCOUNTS")?.get_by_name(&format!("passwords-{shard}"))?;
    let mut init = RequestInit::new();
    init.with_method(Method::Post).with_body(Some(serde_json::to_string(work)?.into()));
    let mut response = stub.fetch_with_request(Request::new_with_init("https://passwords/", &init)?).await?;
    Ok(response.json().await?)
}

fn argon2(password: &str, salt: &[u8], (memory_kib, passes, lanes): (u32, u32, u32)) -> Option<[u8; HASH_BYTES]> {
    let params = Params::new(memory_kib, passes, lanes, Some(HASH_BYTES)).ok()?;
    let mut out = [0; HASH_BYTES];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(password.as_bytes(), salt, &mut out)
        .ok()?;
    Some(out)
}

/// `argon2id$memory$passes$lanes$salt$hash`: old hashes stay good when the numbers change.
fn hash(password: &str) -> Option<String> {
    let salt = ids::random::<SALT_BYTES>().ok()?;
    let out = argon2(password, &salt, (MEMORY_KIB, PASSES, LANES))?;
    let (salt, out) = (STANDARD_NO_PAD.encode(salt), STANDARD_NO_PAD.encode(out));
    Some(format!("argon2id${MEMORY_KIB}${PASSES}${LANES}${salt}${out}"))
}

fn fits(password: &str, kept: &str) -> bool {
    check(password, kept).unwrap_or(false)
}

fn check(password: &str, kept: &str) -> Option<bool> {
    let mut parts = kept.split('$');
    if parts.next()? != "argon2id" {
        return None;
    }
    let cost = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let salt = STANDARD_NO_PAD.decode(parts.next()?).ok()?;
    let expected = STANDARD_NO_PAD.decode(parts.next()?).ok()?;
    Some(argon2(password, &salt, cost)?.ct_eq(&expected).into())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_hash_fits_its_password_only() {
        let kept = hash("correct horse").unwrap();
        assert!(fits("correct horse", &kept));
        assert!(!fits("correct horsf", &kept));
        assert_ne!(kept, hash("correct horse").unwrap());
    }

    #[test]
    fn nobody_has_a_password_and_broken_hashes_fit_nothing() {
        assert_eq!(check("", NOBODY), Some(false));
        for broken in ["", "argon2id", "argon2id$1$1$1$$", "bcrypt$19456$2$1$AAAA$AAAA", "argon2id$x$2$1$AAAA$AAAA"] {
            assert!(!fits("x", broken), "{broken}");
        }
    }
}
