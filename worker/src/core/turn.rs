//! What a browser is told about STUN and TURN servers: the configuration, parsed once, and short-lived credentials for
//! TURN by the REST convention that coturn calls `use-auth-secret`: the name carries its own expiry, the password is an
//! HMAC of the name, and the TURN server needs nothing but the shared secret to check both.
//!
//! Absent on purpose: any list of what was minted. A credential is honoured until it expires, whatever happens to who
//! holds it; that is why it is short-lived, and why the relay reaches no private network (deploy/coturn).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::Hmac;
use sha1::Sha1;
use sha2::Sha256;

use super::ids;

/// How long a credential starts allocations. One that runs is not ended by it: coturn asks only when it is made or
/// renewed, so a client fetches another before this is over.
pub const LIFE_S: i64 = 60 * 60;
/// One credential is a known text with its HMAC: a short secret could be searched for offline.
pub const SECRET_BYTES_MIN: usize = 32;
/// More servers than this make gathering slower, not better.
const URLS_MAX: usize = 8;
/// As long as a host name may be, with scheme, port and transport around it.
const URL_CHARS_MAX: usize = 300;

/// The servers of an installation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Servers {
    /// How a browser learns its own public address.
    pub stun: Vec<String>,
    pub turn: Option<Relay>,
}

/// A relay, by its addresses (UDP, TCP, TLS) and the secret it shares with us.
#[derive(Clone, PartialEq, Eq)]
pub struct Relay {
    pub urls: Vec<String>,
    secret: String,
}

/// The secret stays out of every log.
impl std::fmt::Debug for Relay {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Relay").field("urls", &self.urls).finish_non_exhaustive()
    }
}

/// What is wrong with the configuration. It names the variable, never what is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    #[error("STUN_URLS holds something that is not like stun:host:3478")]
    Stun,
    #[error("TURN_URLS holds something that is not like turn:host:3478?transport=udp or turns:host:443?transport=tcp")]
    Turn,
    #[error("TURN_SECRET has less than 32 characters")]
    Secret,
}

/// What lets one browser use the relay for a while.
#[derive(Clone, PartialEq, Eq)]
pub struct Credential {
    pub username: String,
    pub password: String,
}

impl Servers {
    /// Reads comma-separated addresses. No secret, or no address of a relay: no relay.
    pub fn read(stun_urls: &str, turn_urls: &str, secret: &str) -> Result<Self, Fault> {
        let stun = list(stun_urls, is_stun).ok_or(Fault::Stun)?;
        let urls = list(turn_urls, is_turn).ok_or(Fault::Turn)?;
        if urls.is_empty() || secret.is_empty() {
            return Ok(Self { stun, turn: None });
        }
        if secret.len() < SECRET_BYTES_MIN {
            return Err(Fault::Secret);
        }
        Ok(Self { stun, turn: Some(Relay { urls, secret: secret.to_owned() }) })
    }
}

impl Relay {
    /// A credential for a user, good until `expires_at_s` (seconds since 1970).
    pub fn mint(&self, user_id: &str, expires_at_s: i64) -> Credential {
        let username = format!("{expires_at_s}:{}", self.pseudonym(user_id, expires_at_s));
        let password = STANDARD.encode(mac::<Hmac<Sha1>>(&self.secret, &[username.as_bytes()]));
        Credential { username, password }
    }

    /// Who somebody is to the relay: the same for an hour, so that its quota counts a person and not each of their
    /// credentials; nothing that can be traced to the user or to another hour without the secret.
    fn pseudonym(&self, user_id: &str, at_s: i64) -> String {
        let hour = at_s.div_euclid(LIFE_S).to_string();
        let digest =
            mac::<Hmac<Sha256>>(&self.secret, &[b"earshot relay name\n", hour.as_bytes(), b"\n", user_id.as_bytes()]);
        ids::from_digest(&digest)
    }
}

fn mac<M: hmac::Mac + hmac::digest::KeyInit>(secret: &str, parts: &[&[u8]]) -> Vec<u8> {
    // HMAC takes keys of every length; the error is one of its trait, for others.
    let Ok(mut mac) = <M as hmac::Mac>::new_from_slice(secret.as_bytes()) else { return Vec::new() };
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().to_vec()
}

/// The addresses in a comma-separated text, if all are good.
fn list(text: &str, is_good: fn(&str) -> bool) -> Option<Vec<String>> {
    let urls: Vec<&str> = text.split(',').map(str::trim).filter(|url| !url.is_empty()).collect();
    let all_good = urls.len() <= URLS_MAX && urls.iter().all(|url| url.len() <= URL_CHARS_MAX && is_good(url));
    all_good.then(|| urls.into_iter().map(str::to_owned).collect())
}

fn is_stun(url: &str) -> bool {
    url.strip_prefix("stun:").or_else(|| url.strip_prefix("stuns:")).is_some_and(is_authority)
}

fn is_turn(url: &str) -> bool {
    let (rest, is_tls) = match (url.strip_prefix("turn:"), url.strip_prefix("turns:")) {
        (Some(rest), _) => (rest, false),
        (_, Some(rest)) => (rest, true),
        _ => return false,
    };
    match rest.split_once('?') {
        None => is_authority(rest),
        // Browsers do not speak TURN over DTLS.
        Some((authority, "transport=udp")) => !is_tls && is_authority(authority),
        Some((authority, "transport=tcp")) => is_authority(authority),
        Some(_) => false,
    }
}

/// `host`, `host:port`, `[v6]` or `[v6]:port`.
fn is_authority(text: &str) -> bool {
    let (host_is_good, rest) = match text.strip_prefix('[').map(|bracketed| bracketed.split_once(']')) {
        Some(Some((host, rest))) => (host.parse::<std::net::Ipv6Addr>().is_ok(), rest),
        Some(None) => return false,
        None => {
            let (host, rest) = text.split_at(text.find(':').unwrap_or(text.len()));
            (is_host(host), rest)
        }
    };
    host_is_good && (rest.is_empty() || rest.strip_prefix(':').is_some_and(is_port))
}

fn is_host(host: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    host.len() <= 253 && host.split('.').all(is_label)
}

fn is_port(port: &str) -> bool {
    port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok_and(|port| port > 0)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    const SECRET: &str = "a shared secret of thirty-two bytes";
    const URLS: &str = "turn:turn.example:3478?transport=udp, turn:turn.example:3478?transport=tcp,turns:turn.example:443?transport=tcp";

    fn relay() -> Relay {
        Servers::read("", URLS, SECRET).unwrap().turn.unwrap()
    }

    /// RFC 2202, the first two test cases: the HMAC is the one that TURN servers compute.
    #[test]
    fn hmac_sha1_has_the_published_answers() {
        let answers = [
            ("\u{b}".repeat(20), "Hi There", "b617318655057264e28bc0b6fb378c8ef146be00"),
            ("Jefe".into(), "what do ya want for nothing?", "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"),
        ];
        for (key, text, answer) in answers {
            let digest = mac::<Hmac<Sha1>>(&key, &[text.as_bytes()]);
            assert_eq!(digest.iter().map(|byte| format!("{byte:02x}")).collect::<String>(), answer);
        }
    }

    /// Computed with another program's HMAC: `printf NAME | openssl dgst -sha1 -hmac SECRET -binary | base64`.
    #[test]
    fn a_credential_is_what_a_turn_server_with_the_secret_expects() {
        let Credential { username, password } = relay().mint("u_aaaaaaaaaaaaaaaa", 1_700_003_600);
        assert_eq!(username, "1700003600:xzvwmnzlbtgwy4p4");
        assert_eq!(password, "w6QzokaZc1lZ190O793mG0dsZ9g=");
        let other = Servers::read("", URLS, "another secret of thirty-two bytes").unwrap().turn.unwrap();
        assert_ne!(other.mint("u_aaaaaaaaaaaaaaaa", 1_700_003_600).password, password);
    }

    #[test]
    fn a_name_is_the_same_within_an_hour_and_says_nothing_about_the_user() {
        let name = |user: &str, at_s: i64| relay().mint(user, at_s).username.split_once(':').unwrap().1.to_owned();
        let start = 1_700_002_800;
        assert_eq!(start % LIFE_S, 0);
        let name_of_a = name("u_a", start);
        assert_eq!(name("u_a", start + LIFE_S - 1), name_of_a);
        assert_ne!(name("u_a", start + LIFE_S), name_of_a);
        assert_ne!(name("u_b", start), name_of_a);
        assert_eq!(name_of_a.len(), 16);
    }

    #[test]
    fn no_relay_without_its_secret_or_its_address() {
        let stun = "stun:stun.example:3478";
        let only_stun = Servers { stun: vec![stun.into()], turn: None };
        assert_eq!(Servers::read(stun, URLS, "").unwrap(), only_stun);
        assert_eq!(Servers::read(stun, " , ", SECRET).unwrap(), only_stun);
        assert_eq!(Servers::read("", "", "").unwrap(), Servers::default());
        assert_eq!(Servers::read(stun, URLS, SECRET).unwrap().turn.unwrap().urls.len(), 3);
        assert_eq!(Servers::read("", URLS, "short"), Err(Fault::Secret));
    }

    #[test]
    fn addresses_are_read_strictly() {
        for good in [
            "turn:turn.example",
            "turn:203.0.113.7:3478?transport=udp",
            "turn:[2001:db8::7]:3478?transport=tcp",
            "turns:turn.example:443?transport=tcp",
            "turns:turn.example",
        ] {
            assert!(Servers::read("", good, SECRET).is_ok(), "{good}");
        }
        for bad in [
            "turn.example:3478",
            "http://turn.example",
            "turn://turn.example",
            "turn:",
            "turn::3478",
            "turn:turn.example:",
            "turn:turn.example:0",
            "turn:turn.example:65536",
            "turn:turn.example:+1",
            "turn:turn.example?transport=sctp",
            "turns:turn.example?transport=udp",
            "turn:turn.example?transport=udp&x=1",
            "turn:user@turn.example",
            "turn:turn .example",
            "turn:[::1",
            "turn:[::1]3478",
            "turn:[nothing]",
            "turn:-a.example",
            "turn:a..example",
            "turn:a\".example",
            "stun:stun.example",
        ] {
            assert_eq!(Servers::read("", bad, SECRET), Err(Fault::Turn), "{bad}");
            assert_eq!(Servers::read(bad, "", "").is_ok(), bad.starts_with("stun:"), "{bad}");
        }
        let many = ["turn:a.example"; URLS_MAX + 1].join(",");
        assert_eq!(Servers::read("", &many, SECRET), Err(Fault::Turn));
    }

    #[test]
    fn the_secret_is_not_printed() {
        let printed = format!("{:?} {} {}", relay(), Fault::Secret, Fault::Turn);
        assert!(!printed.contains(SECRET));
    }

    proptest! {
        #[test]
        fn no_configuration_is_fatal(stun in any::<String>(), turn in "[turns:\\[\\]a-c0-9.?=,]{0,40}", secret in any::<String>()) {
            let _ = Servers::read(&stun, &turn, &secret);
            if let Ok(Servers { turn: Some(relay), .. }) = Servers::read("", &turn, SECRET) {
                prop_assert!(relay.urls.iter().all(|url| url.starts_with("turn")));
            }
        }
    }
}
