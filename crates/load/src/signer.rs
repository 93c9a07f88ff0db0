//! Signs grants and words as the Worker does, with a key of its own that the node is given in a file.

use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::Context;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use earshot_protocol::fleet::{GRANT_LIFE_S, Grant, ISSUER, KeySet, PublicKey, WORD_LIFE_S, Word};
use earshot_sfu_node::tokens::{digest, unix_s};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde::Serialize;

pub const NODE: &str = "load";
pub const SPACE: &str = "space";
/// The first room, or the only one.
pub const ROOM: u64 = 1;
const KID: &str = "load";

pub struct Signer {
    key: EncodingKey,
    public: PublicKey,
    count: AtomicU32,
}

impl Signer {
    pub fn new() -> anyhow::Result<Self> {
        let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new())?;
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, document.as_ref())?;
        let point = pair.public_key().as_ref();
        let (x, y) = point.get(1..).and_then(|point| point.split_at_checked(32)).context("a key without a point")?;
        let part = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let public = PublicKey { kty: "EC".into(), crv: "P-256".into(), kid: KID.into(), x: part(x), y: part(y) };
        Ok(Self { key: EncodingKey::from_ec_der(document.as_ref()), public, count: AtomicU32::new(0) })
    }

    /// What the node is to read.
    pub fn keys(&self) -> anyhow::Result<String> {
        Ok(serde_json::to_string(&KeySet { keys: vec![self.public.clone()] })?)
    }

    pub fn grant(&self, room: u64, session: u32) -> anyhow::Result<String> {
        self.sign(&self.claims(SPACE, room, session, true))
    }

    /// What a good grant says.
    pub fn claims(&self, space: &str, room: u64, session: u32, publish: bool) -> Grant {
        let iat = unix_s();
        Grant {
            iss: ISSUER.into(),
            aud: NODE.into(),
            sub: session.to_string(),
            space: space.into(),
            room,
            at: "http://127.0.0.1".into(),
            publish,
            jti: self.count.fetch_add(1, Ordering::Relaxed).to_string(),
            iat,
            exp: iat + GRANT_LIFE_S,
        }
    }

    pub fn word(&self, body: &[u8]) -> anyhow::Result<String> {
        let iat = unix_s();
        let word = Word { iss: ISSUER.into(), aud: NODE.into(), digest: digest(body), iat, exp: iat + WORD_LIFE_S };
        self.sign(&word)
    }

    pub fn sign(&self, claims: &impl Serialize) -> anyhow::Result<String> {
        let header = Header { kid: Some(KID.into()), ..Header::new(Algorithm::ES256) };
        Ok(encode(&header, claims, &self.key)?)
    }
}
