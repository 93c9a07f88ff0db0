//! Cookies, access tokens, grants and keys, as they come with requests: nothing panics, and no token is taken, for nobody here can sign.
#![no_main]
#![allow(dead_code)]

#[path = "../../src/core/cookies.rs"]
mod cookies;
#[path = "../../src/core/es256.rs"]
mod es256;
#[path = "../../src/core/jwt.rs"]
mod jwt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fuzz_target!(|parts: (String, Vec<u8>, Vec<u8>)| {
    let (text, claims, signature) = parts;
    let _ = (cookies::read(&text, cookies::ACCESS), es256::SigningKey::parse(&text).is_some());
    let token = [text.as_bytes(), &claims, &signature].map(|part| URL_SAFE_NO_PAD.encode(part)).join(".");
    for token in [&text, &token] {
        assert_eq!(jwt::verify(&[7; 32], token, 1_800_000_000_000).map(|claims| claims.sub), None);
        let _ = es256::take_apart::<Value>(token, "k").map(|unproven| unproven.claims);
    }
});
