//! Signatures, of passkeys and our own, by the platform's cryptography: native code, and none of ours to carry.

use serde_json::json;
use worker::js_sys::{self, Array, ArrayBuffer, JSON, Object, Uint8Array};
use worker::wasm_bindgen::{JsCast as _, JsValue};
use worker::wasm_bindgen_futures::JsFuture;
use worker::web_sys::{Crypto, CryptoKey, SubtleCrypto};
use worker::{Error, Result};

use crate::core::es256::{SIGNATURE_BYTES, SigningKey};
use crate::core::webauthn::{PublicKey, plain_ecdsa};

/// Could this key have made any signature? A point that is not on its curve could not.
pub async fn is_key(key: &PublicKey) -> bool {
    import(key).await.is_ok()
}

/// Did the owner of this key sign this?
pub async fn is_signed(key: &PublicKey, signed: &[u8], signature: &[u8]) -> Result<bool> {
    match key {
        PublicKey::Ec { .. } => match plain_ecdsa(signature) {
            Some(plain) => verify(key, signed, &plain).await,
            None => Ok(false),
        },
        PublicKey::Rsa { .. } | PublicKey::Okp { .. } => verify(key, signed, signature).await,
    }
}

/// Did we sign this with this key?
pub async fn is_ours(key: &SigningKey, signed: &str, signature: &[u8; SIGNATURE_BYTES]) -> Result<bool> {
    let public = PublicKey::Ec { crv: "P-256".to_owned(), x: key.x().to_owned(), y: key.y().to_owned() };
    verify(&public, signed.as_bytes(), signature).await
}

/// Signs as ES256 does: the plain form, r and s.
pub async fn sign(key: &SigningKey, text: &str) -> Result<Vec<u8>> {
    let subtle = subtle()?;
    let jwk = object(&serde_json::to_value(key)?)?;
    let curve = object(&json!({ "name": "ECDSA", "namedCurve": "P-256" }))?;
    let key: CryptoKey =
        wait(subtle.import_key_with_object("jwk", &jwk, &curve, false, &usages(&["sign"]))).await?.unchecked_into();
    let algorithm = object(&json!({ "name": "ECDSA", "hash": "SHA-256" }))?;
    let text = Uint8Array::from(text.as_bytes());
    Ok(bytes(&wait(subtle.sign_with_object_and_js_u8_array(&algorithm, &key, &text)).await?))
}

/// `signature` in the form that the platform takes: of ECDSA the plain one.
async fn verify(key: &PublicKey, signed: &[u8], signature: &[u8]) -> Result<bool> {
    let algorithm = match key {
        PublicKey::Ec { .. } => json!({ "name": "ECDSA", "hash": "SHA-256" }),
        PublicKey::Rsa { .. } => json!({ "name": "RSASSA-PKCS1-v1_5" }),
        PublicKey::Okp { .. } => json!({ "name": "Ed25519" }),
    };
    let key = import(key).await?;
    let (signature, data) = (Uint8Array::from(signature), Uint8Array::from(signed));
    let answer =
        subtle()?.verify_with_object_and_js_u8_array_and_js_u8_array(&object(&algorithm)?, &key, &signature, &data);
    Ok(wait(answer).await?.is_truthy())
}

async fn import(key: &PublicKey) -> Result<CryptoKey> {
    let algorithm = match key {
        PublicKey::Ec { crv, .. } => json!({ "name": "ECDSA", "namedCurve": crv }),
        PublicKey::Rsa { .. } => json!({ "name": "RSASSA-PKCS1-v1_5", "hash": "SHA-256" }),
        PublicKey::Okp { .. } => json!({ "name": "Ed25519" }),
    };
    let jwk = object(&serde_json::to_value(key)?)?;
    let usages = usages(&["verify"]);
    let imported = subtle()?.import_key_with_object("jwk", &jwk, &object(&algorithm)?, false, &usages);
    Ok(wait(imported).await?.unchecked_into())
}

pub fn subtle() -> Result<SubtleCrypto> {
    let crypto = js_sys::Reflect::get(&js_sys::global(), &JsValue::from_str("crypto")).map_err(Error::from)?;
    Ok(crypto.unchecked_into::<Crypto>().subtle())
}

pub fn object(json: &serde_json::Value) -> Result<Object> {
    Ok(JSON::parse(&json.to_string()).map_err(Error::from)?.unchecked_into())
}

pub async fn wait(promise: std::result::Result<js_sys::Promise, JsValue>) -> Result<JsValue> {
    JsFuture::from(promise.map_err(Error::from)?).await.map_err(Error::from)
}

pub fn bytes(buffer: &JsValue) -> Vec<u8> {
    buffer.dyn_ref::<ArrayBuffer>().map(|buffer| Uint8Array::new(buffer).to_vec()).unwrap_or_default()
}

pub fn usages(names: &[&str]) -> Object {
    names.iter().map(|name| JsValue::from_str(name)).collect::<Array>().unchecked_into()
}
