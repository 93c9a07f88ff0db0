//! What authenticators send (CBOR, COSE keys, DER): nothing panics. The parts that a page cannot choose are right, so that the rest is looked at.
#![no_main]
#![allow(dead_code)]

#[path = "../../src/core/webauthn.rs"]
mod webauthn;

use libfuzzer_sys::fuzz_target;
use sha2::{Digest as _, Sha256};
use webauthn::{Asked, made, plain_ecdsa, used};

const ASKED: Asked<'static> = Asked { rp_id: "h", origin: "https://h", challenge: "Yw" };

fuzz_target!(|bytes: &[u8]| {
    let client =
        |purpose: &str| format!(r#"{{"type":"{purpose}","challenge":"Yw","origin":"https://h"}}"#).into_bytes();
    let (making, using) = (client("webauthn.create"), client("webauthn.get"));
    let data = [Sha256::digest("h").as_slice(), bytes].concat();
    // {"fmt": "none", "attStmt": {}, "authData": data}
    let mut attestation = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x59".to_vec();
    attestation.extend((data.len() as u16).to_be_bytes());
    attestation.extend(&data);
    let _ = (made(&making, &attestation, ASKED).is_ok(), made(&making, bytes, ASKED).is_ok());
    let _ = (used(&using, &data, 1, ASKED).is_ok(), used(bytes, bytes, 0, ASKED).is_ok());
    let _ = plain_ecdsa(bytes);
});
