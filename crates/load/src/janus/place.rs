//! Where the server runs: a network namespace behind a pair of virtual cards, for Janus does not gather on the loopback.

use std::ffi::OsString;
use std::net::Ipv4Addr;
use std::path::Path;
use std::process::Command;

use anyhow::ensure;

/// Of TEST-NET-2, which is nobody's.
const OURS: Ipv4Addr = Ipv4Addr::new(198, 51, 100, 1);
const THEIRS: Ipv4Addr = Ipv4Addr::new(198, 51, 100, 2);

pub struct Place {
    name: String,
    pub ours: Ipv4Addr,
    pub theirs: Ipv4Addr,
}

impl Place {
    /// What is missing, otherwise.
    pub fn is_possible() -> Result<(), &'static str> {
        if Command::new("janus").arg("--version").output().is_err() {
            return Err("it is not installed");
        }
        if ip("netns list").is_err() || ip("link add earshot-try type veth peer name earshot-try2").is_err() {
            return Err("no network namespaces (it takes root, and iproute2)");
        }
        let _gone = ip("link del earshot-try");
        Ok(())
    }

    pub fn new() -> anyhow::Result<Self> {
        let number = std::process::id();
        let place = Self { name: format!("earshot-{number}"), ours: OURS, theirs: THEIRS };
        let (name, near, far) = (&place.name, format!("ea{number}"), format!("eb{number}"));
        ip(&format!("netns add {name}"))?;
        ip(&format!("link add {near} type veth peer name {far} netns {name}"))?;
        ip(&format!("addr add {OURS}/30 dev {near}"))?;
        ip(&format!("link set {near} up"))?;
        ip(&format!("-n {name} addr add {THEIRS}/30 dev {far}"))?;
        ip(&format!("-n {name} link set {far} up"))?;
        ip(&format!("-n {name} link set lo up"))?;
        Ok(place)
    }

    /// A program, within.
    pub fn command(&self, program: &Path) -> Command {
        let mut command = Command::new("ip");
        let words: [OsString; 4] = ["netns".into(), "exec".into(), (&self.name).into(), program.into()];
        command.args(words);
        command
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _gone = (ip(&format!("link del ea{}", std::process::id())), ip(&format!("netns del {}", self.name)));
    }
}

fn ip(words: &str) -> anyhow::Result<()> {
    let output = Command::new("ip").args(words.split(' ')).output()?;
    ensure!(output.status.success(), "ip {words}: {}", String::from_utf8_lossy(&output.stderr));
    Ok(())
}
