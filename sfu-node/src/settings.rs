//! Settings: flags before the environment, that before a file, and all before the defaults. Read once, and whole.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::path::PathBuf;

use anyhow::{Context, bail, ensure};
use clap::Parser;
use earshot_media::loudest::{VOICES, VOICES_MAX};
use earshot_media::room::{PICTURES, PICTURES_MAX};
use earshot_media::sparing::FULL_PERCENT;
use serde::Deserialize;

/// As they are given. What is not given falls back to the file's, and then to the defaults.
#[derive(Clone, Debug, Default, Parser, Deserialize)]
#[command(name = "sfu-node", version, about = "Forwards voices and pictures in crowds")]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Flags {
    /// A file (TOML) with the same names as these flags.
    #[arg(long, env = "EARSHOT_NODE_CONFIG")]
    #[serde(skip)]
    pub config: Option<PathBuf>,
    /// Checks the settings and ends.
    #[arg(long)]
    #[serde(skip)]
    pub check: bool,
    /// The node's name in the fleet. Grants are made out to it.
    #[arg(long, env = "EARSHOT_NODE_ID")]
    pub id: Option<String>,
    /// Base address at which the Worker reaches it.
    #[arg(long, env = "EARSHOT_NODE_URL")]
    pub url: Option<String>,
    /// Where in the world it is; spaces prefer nodes nearby.
    #[arg(long, env = "EARSHOT_NODE_REGION")]
    pub region: Option<String>,
    /// Base address of the Worker: keys, and beats. Without it, a file with keys is needed, and nobody is told.
    #[arg(long, env = "EARSHOT_NODE_WORKER")]
    pub worker: Option<String>,
    /// The secret that lets it into the fleet.
    #[arg(long, env = "FLEET_TOKEN", hide_env_values = true)]
    pub fleet_token: Option<String>,
    /// Public keys (JWKS) from a file instead of from the Worker.
    #[arg(long, env = "EARSHOT_NODE_KEYS_FILE")]
    pub keys_file: Option<PathBuf>,
    /// Where HTTP listens.
    #[arg(long, env = "EARSHOT_NODE_HTTP")]
    pub http: Option<SocketAddr>,
    /// Port of media, UDP and TCP; 0: any.
    #[arg(long, env = "EARSHOT_NODE_UDP_PORT")]
    pub udp_port: Option<u16>,
    /// Which of the machine's addresses media listens on; `::`: all of both families.
    #[arg(long, env = "EARSHOT_NODE_BIND")]
    pub bind: Option<IpAddr>,
    /// Addresses told to participants, where they differ from the machine's own: behind NAT, in a container.
    #[arg(long, env = "EARSHOT_NODE_ADVERTISE", value_delimiter = ',')]
    pub advertise: Option<Vec<IpAddr>>,
    /// Threads for media; 0: one a core.
    #[arg(long, env = "EARSHOT_NODE_SHARDS")]
    pub shards: Option<usize>,
    /// Participants it takes at the most.
    #[arg(long, env = "EARSHOT_NODE_CAPACITY")]
    pub capacity: Option<u32>,
    /// Rooms it takes at the most.
    #[arg(long, env = "EARSHOT_NODE_ROOMS")]
    pub rooms: Option<usize>,
    /// Voices that a listener gets at once, at the most: the nearest and loudest.
    #[arg(long, env = "EARSHOT_NODE_VOICES")]
    pub voices: Option<usize>,
    /// Pictures that one gets at once, at the most.
    #[arg(long, env = "EARSHOT_NODE_PICTURES")]
    pub pictures: Option<usize>,
    /// Share of a media thread's time, in hundredths, from which on it is full and leaves out pictures; 0: never.
    #[arg(long, env = "EARSHOT_NODE_FULL_PERCENT")]
    pub full_percent: Option<u32>,
    /// How long it goes on for those who are there when it is told to end, in seconds.
    #[arg(long, env = "EARSHOT_NODE_DRAIN_S")]
    pub drain_s: Option<u64>,
    /// What is logged: error, warn, info, debug.
    #[arg(long, env = "EARSHOT_NODE_LOG")]
    pub log: Option<String>,
}

/// As they are in force.
#[derive(Clone, Debug)]
pub struct Settings {
    pub id: String,
    pub url: String,
    pub region: String,
    pub worker: Option<String>,
    pub fleet_token: Option<String>,
    pub keys_file: Option<PathBuf>,
    pub http: SocketAddr,
    pub udp_port: u16,
    pub bind: IpAddr,
    pub advertise: Vec<IpAddr>,
    pub shards: usize,
    pub capacity: u32,
    pub rooms: usize,
    pub voices: usize,
    pub pictures: usize,
    pub full_percent: u32,
    pub drain_s: u64,
    pub log: String,
}

/// Letters of a node's id, as the Worker takes them: it is part of addresses, and of every grant.
const ID_BYTES_MAX: usize = 40;
/// A letter of the alphabet marks each.
const SHARDS_MAX: usize = 26;

impl Settings {
    pub fn read(flags: &Flags) -> anyhow::Result<Self> {
        let file = match &flags.config {
            Some(path) => {
                let text = std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
                toml::from_str(&text).with_context(|| format!("in {}", path.display()))?
            }
            None => Flags::default(),
        };
        Self::merged(flags.clone(), file)
    }

    pub fn merged(flags: Flags, file: Flags) -> anyhow::Result<Self> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let bind = flags.bind.or(file.bind);
        let advertise = flags.advertise.or(file.advertise).unwrap_or_else(|| own_addresses(bind));
        // A machine without IPv6 cannot listen there.
        let unspecified = || match advertise.iter().any(IpAddr::is_ipv6) {
            true => IpAddr::V6(Ipv6Addr::UNSPECIFIED),
            false => IpAddr::V4(Ipv4Addr::UNSPECIFIED),
        };
        let bind = bind.unwrap_or_else(unspecified);
        let http = flags.http.or(file.http).unwrap_or(SocketAddr::from((Ipv4Addr::UNSPECIFIED, 8080)));
        let settings = Self {
            id: flags.id.or(file.id).unwrap_or_else(|| "node".to_owned()),
            url: flags
                .url
                .or(file.url)
                .map(|url| url.trim_end_matches('/').to_owned())
                .unwrap_or_else(|| format!("http://127.0.0.1:{}", http.port())),
            region: flags.region.or(file.region).unwrap_or_else(|| "local".to_owned()),
            worker: flags.worker.or(file.worker).map(|url| url.trim_end_matches('/').to_owned()),
            fleet_token: flags.fleet_token.or(file.fleet_token),
            keys_file: flags.keys_file.or(file.keys_file),
            http,
            udp_port: flags.udp_port.or(file.udp_port).unwrap_or(3478),
            bind,
            advertise,
            shards: match flags.shards.or(file.shards).unwrap_or(0) {
                0 => cores.min(SHARDS_MAX),
                given => given,
            },
            capacity: flags.capacity.or(file.capacity).unwrap_or(500),
            rooms: flags.rooms.or(file.rooms).unwrap_or(500),
            voices: flags.voices.or(file.voices).unwrap_or(VOICES),
            pictures: flags.pictures.or(file.pictures).unwrap_or(PICTURES),
            full_percent: flags.full_percent.or(file.full_percent).unwrap_or(FULL_PERCENT),
            drain_s: flags.drain_s.or(file.drain_s).unwrap_or(60),
            log: flags.log.or(file.log).unwrap_or_else(|| "info".to_owned()),
        };
        settings.check()?;
        Ok(settings)
    }

    fn check(&self) -> anyhow::Result<()> {
        let is_plain =
            |text: &str| text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        ensure!(
            !self.id.is_empty() && self.id.len() <= ID_BYTES_MAX && is_plain(&self.id),
            "id: small letters, digits and - only, {ID_BYTES_MAX} at the most"
        );
        ensure!(
            !self.region.is_empty() && self.region.len() <= ID_BYTES_MAX && is_plain(&self.region),
            "region: small letters, digits and - only, {ID_BYTES_MAX} at the most"
        );
        for (name, url) in [("url", Some(&self.url)), ("worker", self.worker.as_ref())] {
            let is_base = |url: &String| {
                (url.starts_with("http://") || url.starts_with("https://")) && !url.contains(['?', '#', '@', ' '])
            };
            ensure!(
                url.is_none_or(is_base),
                "{name}: a base address, http:// or https://, without a user, a query or a fragment"
            );
        }
        if self.worker.is_none() && self.keys_file.is_none() {
            bail!("either worker or keys-file is needed: without keys nobody can be let in");
        }
        if self.worker.is_some() && self.fleet_token.is_none() && self.keys_file.is_none() {
            bail!("fleet-token (FLEET_TOKEN) is needed to be part of a fleet");
        }
        ensure!((1..=SHARDS_MAX).contains(&self.shards), "shards: 1 to {SHARDS_MAX}");
        ensure!(self.capacity > 0 && self.rooms > 0, "capacity and rooms: at least 1");
        ensure!((1..=VOICES_MAX).contains(&self.voices), "voices: 1 to {VOICES_MAX}");
        ensure!(self.pictures <= PICTURES_MAX, "pictures: 0 to {PICTURES_MAX}");
        ensure!(self.full_percent <= 100, "full-percent: 0 to 100");
        ensure!(!self.advertise.is_empty(), "advertise: at least one address");
        let is_reached =
            |told: &IpAddr| told.is_ipv6() == self.bind.is_ipv6() || self.bind == IpAddr::V6(Ipv6Addr::UNSPECIFIED);
        for told in &self.advertise {
            ensure!(!told.is_unspecified(), "advertise: {told} is nobody's address");
            ensure!(is_reached(told), "advertise: what comes to {told} does not come to {} (bind)", self.bind);
        }
        ensure!(self.drain_s <= 3_600, "drain-s: an hour at the most");
        Ok(())
    }
}

/// The addresses that packets to the rest of the world would leave from, one of each family that is listened on. Nothing is sent to find out.
fn own_addresses(bind: Option<IpAddr>) -> Vec<IpAddr> {
    if let Some(own) = bind.filter(|bind| !bind.is_unspecified()) {
        return vec![own];
    }
    let route = |from: IpAddr, to: &str| {
        let socket = UdpSocket::bind((from, 0)).ok()?;
        socket.connect(to).ok()?;
        socket.local_addr().ok().map(|address| address.ip()).filter(|address| !address.is_unspecified())
    };
    // Addresses for documentation (RFC 5737, RFC 3849): any that are not one's own would do.
    let four = route(Ipv4Addr::UNSPECIFIED.into(), "192.0.2.1:9");
    let six = route(Ipv6Addr::UNSPECIFIED.into(), "[2001:db8::1]:9");
    let six = six.filter(|address| is_public_v6(*address) && !bind.is_some_and(|bind| bind.is_ipv4()));
    let own: Vec<_> = four.into_iter().chain(six).collect();
    if own.is_empty() { vec![IpAddr::V4(Ipv4Addr::LOCALHOST)] } else { own }
}

/// What the rest of the world can be reached from (RFC 4291, section 2.4: of what is given out, 2000::/3); in IPv4 that may be another's who translates.
fn is_public_v6(address: IpAddr) -> bool {
    matches!(address, IpAddr::V6(address) if address.segments()[0] >> 13 == 1)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn with_keys() -> Flags {
        Flags { keys_file: Some("keys.json".into()), ..Flags::default() }
    }

    #[test]
    fn flags_go_before_the_file_and_that_before_the_defaults() {
        let file: Flags = toml::from_str("region = \"file\"\ncapacity = 7\nudp-port = 9").unwrap();
        let flags = Flags { region: Some("flag".into()), ..with_keys() };
        let settings = Settings::merged(flags, file).unwrap();
        assert_eq!((settings.region.as_str(), settings.capacity, settings.udp_port), ("flag", 7, 9));
        assert_eq!((settings.id.as_str(), settings.drain_s), ("node", 60));
    }

    #[test]
    fn it_listens_where_it_says_that_it_is() {
        let told = |bind: Option<&str>, advertise: &[&str]| {
            let bind = bind.map(|bind| bind.parse().unwrap());
            let advertise = Some(advertise.iter().map(|one| one.parse().unwrap()).collect());
            Settings::merged(Flags { bind, advertise, ..with_keys() }, Flags::default()).map(|settings| settings.bind)
        };
        let (four, six, both) = ("203.0.113.7", "2001:db8::7", ["203.0.113.7", "2001:db8::7"]);
        assert_eq!(told(None, &[four]).unwrap(), IpAddr::V4(Ipv4Addr::UNSPECIFIED));
        for addresses in [&both[..], &[six]] {
            assert_eq!(told(None, addresses).unwrap(), IpAddr::V6(Ipv6Addr::UNSPECIFIED));
        }
        assert!(told(Some("::"), &both).is_ok() && told(Some("10.0.0.1"), &[four]).is_ok());
        for (bind, addresses) in [("0.0.0.0", &both[..]), ("10.0.0.1", &[six]), ("2001:db8::1", &[four])] {
            assert!(told(Some(bind), addresses).unwrap_err().to_string().contains("bind"), "{bind} {addresses:?}");
        }
        assert!(told(None, &["0.0.0.0"]).is_err() && told(None, &["::"]).is_err());
    }

    #[test]
    fn nobody_is_told_of_an_address_that_only_a_few_can_reach() {
        let is_told = |address: &str| is_public_v6(address.parse().unwrap());
        assert!(is_told("2a01:4f8::1") && is_told("3fff::1"));
        assert!(["fe80::1", "fd00::2", "::1", "10.0.0.1"].iter().all(|address| !is_told(address)));
        let v4_only = own_addresses(Some(Ipv4Addr::UNSPECIFIED.into()));
        assert!(!v4_only.is_empty() && v4_only.iter().all(IpAddr::is_ipv4));
    }

    #[test]
    fn what_cannot_work_is_said() {
        let wrong = |flags: Flags| Settings::merged(flags, Flags::default()).unwrap_err().to_string();
        assert!(wrong(Flags::default()).contains("keys-file"));
        assert!(wrong(Flags { id: Some("a b".into()), ..with_keys() }).contains("id"));
        assert!(wrong(Flags { id: Some("Node".into()), ..with_keys() }).contains("id"));
        assert!(wrong(Flags { url: Some("ftp://x".into()), ..with_keys() }).contains("url"));
        assert!(wrong(Flags { url: Some("https://x?y".into()), ..with_keys() }).contains("url"));
        assert!(wrong(Flags { full_percent: Some(101), ..with_keys() }).contains("full-percent"));
        assert!(wrong(Flags { voices: Some(0), ..with_keys() }).contains("voices"));
        assert!(wrong(Flags { pictures: Some(21), ..with_keys() }).contains("pictures"));
        assert!(wrong(Flags { shards: Some(27), ..with_keys() }).contains("shards"));
        assert!(wrong(Flags { worker: Some("http://w".into()), ..Flags::default() }).contains("FLEET_TOKEN"));
        assert!(toml::from_str::<Flags>("speling = 1").is_err());
    }
}
