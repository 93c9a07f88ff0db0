//! Passkeys as bytes: what an authenticator sent, read and checked against what was asked of it.
//!
//! Ours and not a library's, because the one library for this (webauthn-rs 0.6) asks the standard library for the time
//! while it registers, and on this target that panics; it also weighs as much as the rest of the Worker. The steps are
//! those of Web Authentication level 3, sections 7.1 and 7.2.
//!
//! Absent on purpose: attestation. We ask for none and believe none, so whatever statement comes is not read: who made
//! an authenticator does not matter here. Signatures are checked by the platform (`crate::signatures`).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use minicbor::Decoder;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use thiserror::Error;

/// Longest id of a credential; the specification's limit.
const ID_BYTES_MAX: usize = 1023;
const FLAG_PRESENT: u8 = 1 << 0;
const FLAG_VERIFIED: u8 = 1 << 2;
const FLAG_BACKUP_ELIGIBLE: u8 = 1 << 3;
const FLAG_BACKED_UP: u8 = 1 << 4;
const FLAG_CREDENTIAL: u8 = 1 << 6;
const FLAG_EXTENSIONS: u8 = 1 << 7;

/// What was asked, and of whom.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The host name that the passkey belongs to.
    pub rp_id: &'a str,
    /// The page's.
    pub origin: &'a str,
    /// As it was sent: Base64url.
    pub challenge: &'a str,
}

/// A public key, in the form that the platform's cryptography takes (RFC 7517).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kty")]
pub enum PublicKey {
    /// ECDSA on P-256 with SHA-256: phones, security keys.
    #[serde(rename = "EC")]
    Ec { crv: String, x: String, y: String },
    /// RSA PKCS#1 1.5 with SHA-256: the TPMs of older PCs.
    #[serde(rename = "RSA")]
    Rsa { n: String, e: String },
    /// Ed25519.
    #[serde(rename = "OKP")]
    Okp { crv: String, x: String },
}

/// The algorithms that are asked for, best first (COSE numbers).
pub const ALGORITHMS: [i64; 3] = [-7, -8, -257];

/// A passkey that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    pub id: Vec<u8>,
    pub key: PublicKey,
    pub counter: u32,
}

/// A passkey that was used; true only if the signature over `signed` is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Used {
    pub signed: Vec<u8>,
    pub counter: u32,
}

/// Why it was refused. For the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Fault {
    #[error("the client data cannot be read")]
    ClientData,
    #[error("it is for another purpose")]
    Purpose,
    #[error("it answers another challenge")]
    Challenge,
    #[error("it comes from another page")]
    Origin,
    #[error("it is for another host")]
    Host,
    #[error("nobody was there or nobody was verified")]
    Presence,
    #[error("the authenticator's data cannot be read")]
    Data,
    #[error("the key is of a kind that was not asked for")]
    Key,
    #[error("the counter went back: it may have been copied")]
    Counter,
}

#[derive(Deserialize)]
struct ClientData {
    #[serde(rename = "type")]
    purpose: String,
    challenge: String,
    origin: String,
    #[serde(rename = "crossOrigin", default)]
    cross_origin: bool,
}

/// Checks the making of a passkey (section 7.1).
pub fn made(client_data: &[u8], attestation: &[u8], asked: Asked<'_>) -> Result<Made, Fault> {
    check_client(client_data, "webauthn.create", asked)?;
    let data = attested_data(attestation).ok_or(Fault::Data)?;
    let data = Data::read(data, asked)?;
    if data.flags & FLAG_CREDENTIAL == 0 {
        return Err(Fault::Data);
    }
    // 16 bytes of model, 2 of length, the id, the key.
    let rest = data.rest.get(16..).ok_or(Fault::Data)?;
    let (length, rest) = rest.split_first_chunk::<2>().ok_or(Fault::Data)?;
    let length = usize::from(u16::from_be_bytes(*length));
    if length == 0 || length > ID_BYTES_MAX {
        return Err(Fault::Data);
    }
    let (id, rest) = rest.split_at_checked(length).ok_or(Fault::Data)?;
    let mut decoder = Decoder::new(rest);
    let key = public_key(&mut decoder)?;
    check_end(&mut decoder, data.flags)?;
    Ok(Made { id: id.to_vec(), key, counter: data.counter })
}

/// Checks the use of a passkey (section 7.2), but for the signature.
pub fn used(client_data: &[u8], data: &[u8], kept_counter: u32, asked: Asked<'_>) -> Result<Used, Fault> {
    check_client(client_data, "webauthn.get", asked)?;
    let read = Data::read(data, asked)?;
    if read.flags & FLAG_CREDENTIAL == 0 {
        check_end(&mut Decoder::new(read.rest), read.flags)?;
    }
    // Passkeys that travel between devices do not count: then both are zero.
    if (read.counter, kept_counter) != (0, 0) && read.counter <= kept_counter {
        return Err(Fault::Counter);
    }
    Ok(Used { signed: [data, Sha256::digest(client_data).as_slice()].concat(), counter: read.counter })
}

fn check_client(json: &[u8], purpose: &str, asked: Asked<'_>) -> Result<(), Fault> {
    let client: ClientData = serde_json::from_slice(json).map_err(|_| Fault::ClientData)?;
    if client.purpose != purpose {
        return Err(Fault::Purpose);
    }
    if client.challenge != asked.challenge {
        return Err(Fault::Challenge);
    }
    if client.origin != asked.origin || client.cross_origin {
        return Err(Fault::Origin);
    }
    Ok(())
}

/// The authenticator's data: 32 bytes of host, 1 of flags, 4 of counter, then what the flags say.
struct Data<'a> {
    flags: u8,
    counter: u32,
    rest: &'a [u8],
}

impl<'a> Data<'a> {
    fn read(bytes: &'a [u8], asked: Asked<'_>) -> Result<Self, Fault> {
        let (host, rest) = bytes.split_first_chunk::<32>().ok_or(Fault::Data)?;
        let (&[flags], rest) = rest.split_first_chunk::<1>().ok_or(Fault::Data)?;
        let (counter, rest) = rest.split_first_chunk::<4>().ok_or(Fault::Data)?;
        if host.as_slice() != Sha256::digest(asked.rp_id).as_slice() {
            return Err(Fault::Host);
        }
        // Verified, because a passkey is the only factor: to hold the device must not be enough.
        if flags & FLAG_PRESENT == 0 || flags & FLAG_VERIFIED == 0 {
            return Err(Fault::Presence);
        }
        if flags & FLAG_BACKED_UP != 0 && flags & FLAG_BACKUP_ELIGIBLE == 0 {
            return Err(Fault::Data);
        }
        Ok(Self { flags, counter: u32::from_be_bytes(*counter), rest })
    }
}

/// After the key come extensions if the flags say so, and nothing else.
fn check_end(decoder: &mut Decoder<'_>, flags: u8) -> Result<(), Fault> {
    if flags & FLAG_EXTENSIONS != 0 {
        decoder.skip().map_err(|_| Fault::Data)?;
    }
    if decoder.position() == decoder.input().len() { Ok(()) } else { Err(Fault::Data) }
}

/// `authData` of an attestation object.
fn attested_data(attestation: &[u8]) -> Option<&[u8]> {
    let mut decoder = Decoder::new(attestation);
    let entries = decoder.map().ok()??;
    for _ in 0..entries {
        if decoder.str().ok()? == "authData" {
            return decoder.bytes().ok();
        }
        decoder.skip().ok()?;
    }
    None
}

/// A COSE key (RFC 9053): a map with small integers for names.
fn public_key(decoder: &mut Decoder<'_>) -> Result<PublicKey, Fault> {
    let (mut kind, mut algorithm, mut curve) = (0, 0, 0);
    // -1, -2 and -3 where they are bytes: x and y, or n and e.
    let mut parts: [&[u8]; 3] = [&[]; 3];
    let entries = decoder.map().map_err(|_| Fault::Data)?.ok_or(Fault::Data)?;
    for _ in 0..entries {
        let name = decoder.i64().map_err(|_| Fault::Data)?;
        let is_bytes = decoder.datatype().map_err(|_| Fault::Data)? == minicbor::data::Type::Bytes;
        match name {
            1 => kind = decoder.i64().map_err(|_| Fault::Data)?,
            3 => algorithm = decoder.i64().map_err(|_| Fault::Data)?,
            -1 if !is_bytes => curve = decoder.i64().map_err(|_| Fault::Data)?,
            -3..=-1 if is_bytes => {
                let part = decoder.bytes().map_err(|_| Fault::Data)?;
                if let Some(slot) = usize::try_from(-1 - name).ok().and_then(|index| parts.get_mut(index)) {
                    *slot = part;
                }
            }
            _ => decoder.skip().map_err(|_| Fault::Data)?,
        }
    }
    let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    match (kind, algorithm, curve, parts) {
        (2, -7, 1, [_, x, y]) if x.len() == 32 && y.len() == 32 => {
            Ok(PublicKey::Ec { crv: "P-256".into(), x: text(x), y: text(y) })
        }
        (1, -8, 6, [_, x, _]) if x.len() == 32 => Ok(PublicKey::Okp { crv: "Ed25519".into(), x: text(x) }),
        // 2048 to 4096 bits.
        (3, -257, _, [n, e, _]) if (256..=512).contains(&n.len()) && (1..=4).contains(&e.len()) => {
            Ok(PublicKey::Rsa { n: text(n), e: text(e) })
        }
        _ => Err(Fault::Key),
    }
}

/// An ECDSA signature as two numbers of 32 bytes, from the DER that authenticators write.
pub fn plain_ecdsa(der: &[u8]) -> Option<[u8; 64]> {
    let (&[0x30, length], rest) = der.split_first_chunk::<2>()? else { return None };
    if usize::from(length) != rest.len() {
        return None;
    }
    let mut out = [0; 64];
    let (r, rest) = integer(rest)?;
    let (s, rest) = integer(rest)?;
    if !rest.is_empty() {
        return None;
    }
    let (first, second) = out.split_at_mut(32);
    first.get_mut(32 - r.len()..)?.copy_from_slice(r);
    second.get_mut(32 - s.len()..)?.copy_from_slice(s);
    Some(out)
}

/// A positive DER integer of at most 32 bytes, and what follows it.
fn integer(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (&[0x02, length], rest) = bytes.split_first_chunk::<2>()? else { return None };
    let (digits, rest) = rest.split_at_checked(usize::from(length))?;
    let digits = match digits {
        [0, high, ..] if *high >= 0x80 => digits.get(1..)?,
        [high, ..] if *high < 0x80 => digits,
        _ => return None,
    };
    (digits.len() <= 32).then_some((digits, rest))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use minicbor::Encoder;
    use proptest::prelude::*;

    const ASKED: Asked<'_> =
        Asked { rp_id: "earshot.example", origin: "https://earshot.example", challenge: "Y2hhbGxlbmdl" };

    fn client(purpose: &str, change: impl FnOnce(&mut serde_json::Value)) -> Vec<u8> {
        let mut json = serde_json::json!({
            "type": purpose, "challenge": ASKED.challenge, "origin": ASKED.origin, "crossOrigin": false, "new": [1],
        });
        change(&mut json);
        json.to_string().into_bytes()
    }

    fn data(flags: u8, counter: u32, rest: &[u8]) -> Vec<u8> {
        let mut bytes = Sha256::digest(ASKED.rp_id).to_vec();
        bytes.push(flags);
        bytes.extend(counter.to_be_bytes());
        bytes.extend(rest);
        bytes
    }

    fn key() -> Vec<u8> {
        let mut e = Encoder::new(Vec::new());
        e.map(5)
            .unwrap()
            .i64(1)
            .unwrap()
            .i64(2)
            .unwrap()
            .i64(3)
            .unwrap()
            .i64(-7)
            .unwrap()
            .i64(-1)
            .unwrap()
            .i64(1)
            .unwrap();
        e.i64(-2).unwrap().bytes(&[1; 32]).unwrap().i64(-3).unwrap().bytes(&[2; 32]).unwrap();
        e.into_writer()
    }

    fn attestation(data: &[u8]) -> Vec<u8> {
        let mut e = Encoder::new(Vec::new());
        e.map(3).unwrap().str("fmt").unwrap().str("none").unwrap().str("attStmt").unwrap().map(0).unwrap();
        e.str("authData").unwrap().bytes(data).unwrap();
        e.into_writer()
    }

    fn credential(id: &[u8], key: &[u8]) -> Vec<u8> {
        let length = u16::try_from(id.len()).unwrap().to_be_bytes();
        [&[0; 16], length.as_slice(), id, key].concat()
    }

    const GOOD: u8 = FLAG_PRESENT | FLAG_VERIFIED | FLAG_CREDENTIAL;

    fn make(flags: u8, rest: &[u8]) -> Result<Made, Fault> {
        made(&client("webauthn.create", |_| ()), &attestation(&data(flags, 7, rest)), ASKED)
    }

    #[test]
    fn a_passkey_is_read() {
        let made = make(GOOD, &credential(b"id", &key())).unwrap();
        assert_eq!((made.id.as_slice(), made.counter), (b"id".as_slice(), 7));
        let jwk = serde_json::to_value(&made.key).unwrap();
        assert_eq!((&jwk["kty"], &jwk["crv"]), (&"EC".into(), &"P-256".into()));
    }

    #[test]
    fn what_does_not_belong_there_is_refused() {
        let whole = credential(b"id", &key());
        let more = [whole.as_slice(), &[0]].concat();
        assert_eq!(make(GOOD, &more), Err(Fault::Data));
        assert!(make(GOOD | FLAG_EXTENSIONS, &[whole.as_slice(), &[0xa0]].concat()).is_ok());
        assert_eq!(make(GOOD | FLAG_EXTENSIONS, &whole), Err(Fault::Data));
        assert_eq!(make(GOOD | FLAG_BACKED_UP, &whole), Err(Fault::Data));
        assert_eq!(make(GOOD & !FLAG_CREDENTIAL, &whole), Err(Fault::Data));
        assert_eq!(make(GOOD & !FLAG_VERIFIED, &whole), Err(Fault::Presence));
        assert_eq!(make(GOOD & !FLAG_PRESENT, &whole), Err(Fault::Presence));
        assert_eq!(make(GOOD, &credential(b"", &key())), Err(Fault::Data));
        assert_eq!(make(GOOD, &credential(&[0; 1024], &key())), Err(Fault::Data));
        assert_eq!(make(GOOD, &credential(b"id", &[0xa0])), Err(Fault::Key));
    }

    #[test]
    fn it_must_be_for_us_now_and_here() {
        let attestation = attestation(&data(GOOD, 0, &credential(b"id", &key())));
        let with = |change: fn(&mut serde_json::Value)| made(&client("webauthn.create", change), &attestation, ASKED);
        assert!(with(|_| ()).is_ok());
        assert_eq!(with(|json| json["type"] = "webauthn.get".into()), Err(Fault::Purpose));
        assert_eq!(with(|json| json["challenge"] = "b3RoZXI".into()), Err(Fault::Challenge));
        assert_eq!(with(|json| json["origin"] = "https://earshot.example.evil.example".into()), Err(Fault::Origin));
        assert_eq!(with(|json| json["crossOrigin"] = true.into()), Err(Fault::Origin));
        assert_eq!(with(|json| json["origin"] = 7.into()), Err(Fault::ClientData));
        let elsewhere = Asked { rp_id: "example", ..ASKED };
        assert_eq!(made(&client("webauthn.create", |_| ()), &attestation, elsewhere), Err(Fault::Host));
    }

    #[test]
    fn a_counter_that_goes_back_is_noticed() {
        let client = client("webauthn.get", |_| ());
        let at = |counter, kept| {
            used(&client, &data(FLAG_PRESENT | FLAG_VERIFIED, counter, &[]), kept, ASKED).map(|used| used.counter)
        };
        assert_eq!(at(0, 0), Ok(0));
        assert_eq!(at(6, 5), Ok(6));
        assert_eq!(at(5, 5), Err(Fault::Counter));
        assert_eq!(at(0, 5), Err(Fault::Counter));
    }

    #[test]
    fn signatures_are_read_strictly() {
        let mut der = vec![0x30, 70, 2, 33, 0];
        der.extend([0xff; 32]);
        der.extend([2, 33, 0]);
        der.extend([0x80; 32]);
        let plain = plain_ecdsa(&der).unwrap();
        assert_eq!((plain[0], plain[63]), (0xff, 0x80));
        assert_eq!(plain_ecdsa(&[0x30, 6, 2, 1, 1, 2, 1, 2]).unwrap()[31], 1);
        for bad in [
            &[][..],
            &[0x30],
            &[0x30, 0],
            &[0x30, 6, 2, 1, 0x81, 2, 1, 2],
            &[0x30, 7, 2, 1, 1, 2, 1, 2, 0],
            &[0x31, 6, 2, 1, 1, 2, 1, 2],
            &der[..70],
        ] {
            assert_eq!(plain_ecdsa(bad), None, "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_are_fatal(bytes in proptest::collection::vec(any::<u8>(), 0..300), at in 0_usize..300, value: u8) {
            let _ = made(&bytes, &bytes, ASKED);
            let _ = plain_ecdsa(&bytes);
            let _ = make(GOOD, &bytes);
            let _ = used(&client("webauthn.get", |_| ()), &bytes, 0, ASKED);
            // And almost right ones.
            let mut almost = attestation(&data(GOOD, 0, &credential(b"id", &key())));
            if let Some(byte) = almost.get_mut(at) {
                *byte = value;
            }
            let _ = made(&client("webauthn.create", |_| ()), &almost, ASKED);
        }
    }
}
