//! Signatures of passkeys, checked by the platform's own cryptography: native code, and none of ours to carry.

use serde_json::json;
use worker::js_sys::{self, JSON, Object, Uint8Array};
use worker::wasm_bindgen::{JsCast as _, JsValue};
use worker::wasm_bindgen_futures::JsFuture;
use worker::web_sys::{Crypto, CryptoKey, SubtleCrypto};
use worker::{Error, Result};

use crate::core::webauthn::{PublicKey, plain_ecdsa};

/// Could this key have made any signature? A point that is not on its curve could not.
pub async fn is_key(key: &PublicKey) -> bool {
    import(key).await.is_ok()
}

/// Did the owner of this key sign this?
pub async fn is_signed(key: &PublicKey, signed: &[u8], signature: &[u8]) -> Result<bool> {
    let signature = match key {
        PublicKey::Ec { .. } => match plain_ecdsa(signature) {
            Some(plain) => Uint8Array::from(plain.as_slice()),
            None => return Ok(false),
        },
        PublicKey::Rsa { .. } | PublicKey::Okp { .. } => Uint8Array::from(signature),
    };
    let algorithm = match key {
        PublicKey::Ec { .. } => json!({ "name": "ECDSA", "hash": "SHA-256" }),
        PublicKey::Rsa { .. } => json!({ "name": "RSASSA-PKCS1-v1_5" }),
        PublicKey::Okp { .. } => json!({ "name": "Ed25519" }),
    };
    let (key, data) = (import(key).await?, Uint8Array::from(signed));
    let answer = subtle()?
        .verify_with_object_and_js_u8_array_and_js_u8_array(&object(&algorithm)?, &key, &signature, &data)
        .map_err(Error::from)?;
    Ok(JsFuture::from(answer).await.map_err(Error::from)?.is_truthy())
}

async fn import(key: &PublicKey) -> Result<CryptoKey> {
    let algorithm = match key {
        PublicKey::Ec { crv, .. } => json!({ "name": "ECDSA", "namedCurve": crv }),
        PublicKey::Rsa { .. } => json!({ "name": "RSASSA-PKCS1-v1_5", "hash": "SHA-256" }),
        PublicKey::Okp { .. } => json!({ "name": "Ed25519" }),
    };
    let usages = object(&json!(["verify"]))?;
    let imported = subtle()?
        .import_key_with_object("jwk", &object(&serde_json::to_value(key)?)?, &object(&algorithm)?, false, &usages)
        .map_err(Error::from)?;
    Ok(JsFuture::from(imported).await.map_err(Error::from)?.unchecked_into())
}

fn subtle() -> Result<SubtleCrypto> {
    let crypto = js_sys::Reflect::get(&js_sys::global(), &JsValue::from_str("crypto")).map_err(Error::from)?;
    Ok(crypto.unchecked_into::<Crypto>().subtle())
}

fn object(json: &serde_json::Value) -> Result<Object> {
    Ok(JSON::parse(&json.to_string()).map_err(Error::from)?.unchecked_into())
}
