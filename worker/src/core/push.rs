//! Web Push without the platform: where pushes may go, how a payload is wrapped (RFC 8291 over RFC 8188), and what the
//! sender says of itself (RFC 8292).
//!
//! Absent on purpose: elliptic curves, signatures and AES. The platform has them in native code (`crate::push`).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use hmac::{Hmac, Mac as _};
use serde::Serialize;
use sha2::Sha256;
use url::Url;

use super::es256::{self, POINT_BYTES, SigningKey};

/// Largest payload before encryption: push services take 4,096 bytes, wrapping and all.
pub const PAYLOAD_BYTES_MAX: usize = 3_072;
/// Longest endpoint.
pub const ENDPOINT_BYTES_MAX: usize = 1_024;
pub const AUTH_BYTES: usize = 16;
pub const SALT_BYTES: usize = 16;
/// How long a service keeps a push for a device that is away. What is a day old is read in the page.
pub const TTL_S: u32 = 24 * 60 * 60;
/// How long a token for a push service is good (at most a day by the standard).
const TOKEN_LIFE_S: i64 = 12 * 60 * 60;
/// One record holds it all.
const RECORD_BYTES: u32 = 4_096;

/// The services of the browsers there are. A subscription names an address that this Worker will send to, so it may not
/// be any address.
const HOSTS: [&str; 1] = ["fcm.googleapis.com"];
const DOMAINS: [&str; 3] = [".push.services.mozilla.com", ".notify.windows.com", ".push.apple.com"];

/// The address of a subscription, if pushes may be sent there. `more` are further origins, separated by commas.
pub fn endpoint(text: &str, more: &str) -> Option<Url> {
    if text.len() > ENDPOINT_BYTES_MAX {
        return None;
    }
    let url = Url::parse(text).ok().filter(|url| url.username().is_empty() && url.password().is_none())?;
    let origin = url.origin().ascii_serialization();
    let host = url.host_str()?;
    let is_service = url.scheme() == "https"
        && url.port().is_none()
        && (HOSTS.contains(&host) || DOMAINS.iter().any(|domain| host.ends_with(domain) && host.len() > domain.len()));
    let is_more = more.split(',').any(|allowed| !allowed.trim().is_empty() && allowed.trim() == origin);
    (is_service || is_more).then_some(url)
}

/// A browser's half of a subscription: its point, and the secret that it shared.
pub struct Receiver {
    pub point: [u8; POINT_BYTES],
    pub auth: [u8; AUTH_BYTES],
}

impl Receiver {
    /// As a browser writes them; padding is forgiven. Whether the point is on the curve is seen when it is used.
    pub fn parse(p256dh: &str, auth: &str) -> Option<Self> {
        let point: [u8; POINT_BYTES] = B64.decode(p256dh.trim_end_matches('=')).ok()?.try_into().ok()?;
        let auth = B64.decode(auth.trim_end_matches('=')).ok()?.try_into().ok()?;
        (point[0] == 4).then_some(Self { point, auth })
    }
}

/// With what a payload is encrypted.
pub struct Keys {
    pub key: [u8; 16],
    pub nonce: [u8; 12],
}

/// RFC 8291, section 3.4, from the secret that the sender's point and the receiver's share.
pub fn keys(receiver: &Receiver, sender: &[u8; POINT_BYTES], shared: &[u8], salt: &[u8; SALT_BYTES]) -> Keys {
    let info = [b"WebPush: info\0".as_slice(), &receiver.point, sender].concat();
    let input = hkdf(&receiver.auth, shared, &info);
    let key = hkdf(salt, &input, b"Content-Encoding: aes128gcm\0");
    let nonce = hkdf(salt, &input, b"Content-Encoding: nonce\0");
    let mut keys = Keys { key: [0; 16], nonce: [0; 12] };
    keys.key.copy_from_slice(&key[..16]);
    keys.nonce.copy_from_slice(&nonce[..12]);
    keys
}

/// Extracts and expands to 32 bytes, of which the caller takes the first it needs (RFC 5869).
fn hkdf(salt: &[u8], input: &[u8], info: &[u8]) -> [u8; 32] {
    mac(&mac(salt, &[input]), &[info, &[1]])
}

fn mac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    // HMAC takes keys of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return [0; 32] };
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// What stands before the encrypted record (RFC 8188, section 2.1).
pub fn header(sender: &[u8; POINT_BYTES], salt: &[u8; SALT_BYTES]) -> Vec<u8> {
    [salt.as_slice(), &RECORD_BYTES.to_be_bytes(), &[POINT_BYTES as u8], sender].concat()
}

/// A payload with the mark of the last record.
pub fn record(payload: &[u8]) -> Vec<u8> {
    [payload, &[2]].concat()
}

/// What is signed for a push service: head and claims.
pub fn claims(endpoint: &Url, subject: &str, now_ms: i64) -> serde_json::Result<String> {
    let expires = now_ms / 1000 + TOKEN_LIFE_S;
    let claims = serde_json::json!({ "aud": endpoint.origin().ascii_serialization(), "exp": expires, "sub": subject });
    es256::unsigned(None, &claims)
}

/// The `Authorization` header.
pub fn authorization(unsigned: &str, signature: &[u8], key: &SigningKey) -> String {
    format!("vapid t={}, k={}", es256::signed(unsigned, signature), key.public())
}

/// A topic: one waiting push replaces another of the same. At most 32 characters of base64url.
pub fn topic(tag: &str) -> String {
    let digest = mac(b"earshot push topic", &[tag.as_bytes()]);
    B64.encode(&digest[..18])
}

/// What a notice shows: the kind, who it is from, a beginning of what they said, and where a click leads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Payload<'a> {
    pub kind: &'a str,
    pub title: String,
    pub body: String,
    pub url: String,
    pub tag: String,
}

/// So much of a text is shown by notices anywhere.
const BODY_CHARS_MAX: usize = 160;

/// The beginning of a text. Mentions lose their ids: a notice cannot look names up.
pub fn beginning(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("<@") {
        let (before, mention) = rest.split_at(at);
        plain.push_str(before);
        match mention.find('>').filter(|&end| end <= 44) {
            Some(end) => {
                plain.push('@');
                rest = &mention[end + 1..];
            }
            None => {
                plain.push_str("<@");
                rest = &mention[2..];
            }
        }
    }
    plain.push_str(rest);
    let words = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    if words.chars().count() <= BODY_CHARS_MAX {
        return words;
    }
    words.chars().take(BODY_CHARS_MAX - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn bytes<const N: usize>(text: &str) -> [u8; N] {
        B64.decode(text).unwrap().try_into().unwrap()
    }

    /// RFC 8291, appendix A.
    #[test]
    fn the_standards_own_example_comes_out() {
        let receiver = Receiver::parse(
            "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
            "BTBZMqHH6r4Tts7J_aSIgg",
        )
        .unwrap();
        let sender = bytes("BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8");
        let shared: [u8; 32] = bytes("kyrL1jIIOHEzg3sM2ZWRHDRB62YACZhhSlknJ672kSs");
        let salt = bytes("DGv6ra1nlYgDCS1FRnbzlw");
        let keys = keys(&receiver, &sender, &shared, &salt);
        assert_eq!(B64.encode(keys.key), "oIhVW04MRdy2XN9CiKLxTg");
        assert_eq!(B64.encode(keys.nonce), "4h_95klXJ5E_qnoN");
        assert_eq!(
            B64.encode(header(&sender, &salt)),
            "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8"
        );
    }

    #[test]
    fn pushes_go_to_push_services_and_nowhere_else() {
        for good in [
            "https://fcm.googleapis.com/fcm/send/abc",
            "https://updates.push.services.mozilla.com/wpush/v2/abc",
            "https://wns2-par02p.notify.windows.com/w/?token=abc",
            "https://web.push.apple.com/abc",
        ] {
            assert!(endpoint(good, "").is_some(), "{good}");
        }
        for bad in [
            "http://fcm.googleapis.com/fcm/send/abc",
            "https://fcm.googleapis.com:8443/",
            "https://fcm.googleapis.com.evil.example/",
            "https://evil.example/fcm.googleapis.com",
            "https://evilpush.apple.com/",
            "https://.push.apple.com/",
            "https://user@fcm.googleapis.com/",
            "https://fcm.googleapis.com@evil.example/",
            "http://127.0.0.1:9/",
            "http://169.254.169.254/latest",
            "file:///etc/passwd",
            "data:,x",
            "",
        ] {
            assert!(endpoint(bad, "").is_none(), "{bad}");
        }
        assert!(endpoint("http://127.0.0.1:9/push/1", "http://127.0.0.1:9").is_some());
        assert!(endpoint("http://127.0.0.1:99/push/1", "http://127.0.0.1:9, ").is_none());
        assert!(endpoint(&format!("https://fcm.googleapis.com/{}", "x".repeat(1_024)), "").is_none());
    }

    #[test]
    fn half_a_subscription_is_none() {
        let point = B64.encode([4; 65]);
        let auth = B64.encode([1; 16]);
        assert!(Receiver::parse(&point, &auth).is_some());
        assert!(Receiver::parse(&B64.encode([2; 65]), &auth).is_none());
        assert!(Receiver::parse(&B64.encode([4; 64]), &auth).is_none());
        assert!(Receiver::parse(&point, &B64.encode([1; 15])).is_none());
        assert!(Receiver::parse("\u{7}", "").is_none());
    }

    #[test]
    fn a_push_is_signed_for_its_service() {
        let part = B64.encode([7; 32]);
        let key = format!(r#"{{"kty":"EC","crv":"P-256","x":"{part}","y":"{part}","d":"{part}"}}"#);
        let key = SigningKey::parse(&key).unwrap();
        let url = endpoint("https://fcm.googleapis.com/x", "").unwrap();
        let signed = claims(&url, "mailto:a@b.cd", 1_700_000_000_000).unwrap();
        let (_, claims) = signed.split_once('.').unwrap();
        let claims: serde_json::Value = serde_json::from_slice(&B64.decode(claims).unwrap()).unwrap();
        assert_eq!(claims["aud"], "https://fcm.googleapis.com");
        assert_eq!(claims["exp"], 1_700_043_200);
        assert!(authorization(&signed, &[0; 64], &key).starts_with("vapid t="));
    }

    #[test]
    fn a_notice_shows_a_beginning() {
        assert_eq!(beginning("hi <@u_aaaaaaaaaaaaaaaa>!\n you"), "hi @! you");
        assert_eq!(beginning("a <@ b <@"), "a <@ b <@");
        assert_eq!(beginning(&"ä".repeat(200)).chars().count(), 160);
        assert_eq!(topic("direct/u_a").len(), 24);
    }
}
