//! Signs as the Worker does.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use earshot_protocol::fleet::{Grant, ISSUER, KeySet, PublicKey, Word};
use earshot_sfu_node::tokens::{digest, unix_s};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde::Serialize;

pub const NODE: &str = "node-1";
pub const SPACE: &str = "space";
pub const ROOM: u64 = 7;

pub struct Signer {
    kid: String,
    key: EncodingKey,
    pub public: PublicKey,
    count: std::cell::Cell<u32>,
}

impl Signer {
    pub fn new(kid: &str) -> Self {
        let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new()).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, document.as_ref()).unwrap();
        let point = pair.public_key().as_ref().to_vec();
        let part = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let public = PublicKey {
            kty: "EC".into(),
            crv: "P-256".into(),
            kid: kid.into(),
            x: part(&point[1..33]),
            y: part(&point[33..]),
        };
        let key = EncodingKey::from_ec_der(document.as_ref());
        Self { kid: kid.into(), key, public, count: std::cell::Cell::new(0) }
    }

    pub fn keys(&self) -> String {
        serde_json::to_string(&KeySet { keys: vec![self.public.clone()] }).unwrap()
    }

    pub fn sign(&self, claims: &impl Serialize) -> String {
        let header = Header { kid: Some(self.kid.clone()), ..Header::new(Algorithm::ES256) };
        encode(&header, claims, &self.key).unwrap()
    }

    /// What a grant says when all is well.
    pub fn claims(&self, session: u32) -> Grant {
        self.count.set(self.count.get() + 1);
        Grant {
            iss: ISSUER.into(),
            aud: NODE.into(),
            sub: session.to_string(),
            space: SPACE.into(),
            room: ROOM,
            at: "http://127.0.0.1".into(),
            publish: true,
            jti: format!("{}-{}", self.kid, self.count.get()),
            iat: unix_s(),
            exp: unix_s() + 300,
        }
    }

    pub fn grant(&self, session: u32) -> String {
        self.sign(&self.claims(session))
    }

    pub fn word(&self, body: &str) -> String {
        self.sign(&self.word_claims(body))
    }

    pub fn word_claims(&self, body: &str) -> Word {
        let (aud, digest) = (NODE.into(), digest(body.as_bytes()));
        Word { iss: ISSUER.into(), aud, digest, iat: unix_s(), exp: unix_s() + 30 }
    }
}
