//! The relay beside `cargo xtask dev`: coturn with the configuration of deploy/, for this machine only.
//!
//! Absent on purpose: any need of it. Where it is not installed or does not start, media is direct.

use std::fs;
use std::net::{Ipv4Addr, TcpListener, UdpSocket};
use std::path::Path;
use std::process::{Child, Stdio};

use anyhow::Context;

use crate::run;

/// Debian's.
pub const PROGRAM: &str = "/usr/bin/turnserver";
/// TURN's own port; another if something has it.
const PORT: u16 = 3478;
const FOLDER: &str = ".earshot/turn";

/// A relay that runs.
pub struct Relay {
    child: Child,
    /// What the local runtime has to know of it (worker/serve.mjs).
    pub urls: String,
}

impl Relay {
    /// Ends it.
    pub fn end(&mut self) {
        run::end(&mut self.child);
    }

    /// Why it does not run any more, if so.
    pub fn is_over(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }
}

/// Starts one where it is installed, and says in a line how media goes.
pub fn start(secret: &str) -> Option<Relay> {
    if !Path::new(PROGRAM).exists() {
        println!("  Media is direct only: there is no relay at {PROGRAM} (apt install coturn; docs/turn.md)");
        return None;
    }
    match try_start(secret) {
        Ok(relay) => {
            println!("  Media may go over a relay of this machine: {} (its log is {FOLDER}/log)", relay.urls);
            Some(relay)
        }
        Err(error) => {
            println!("  Media is direct only: the relay did not start ({error:#})");
            None
        }
    }
}

fn try_start(secret: &str) -> anyhow::Result<Relay> {
    let port = if is_free(PORT) { PORT } else { free_port()? };
    fs::create_dir_all(FOLDER).with_context(|| format!("cannot make {FOLDER}"))?;
    let folder = fs::canonicalize(FOLDER)?;
    let path = folder.join("turnserver.conf");
    write_private(&path, &configuration(secret, port)?)?;
    let log = fs::File::create(folder.join("log")).context("cannot make its log")?;
    let mut command = run::command(PROGRAM);
    command.arg("-c").arg(&path).current_dir(&folder);
    command.arg("--pidfile").arg(folder.join("pid")).arg("--userdb").arg(folder.join("turndb"));
    let child = run::start(command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log))?;
    let urls = ["udp", "tcp"].map(|transport| format!("turn:127.0.0.1:{port}?transport={transport}")).join(",");
    Ok(Relay { child, urls })
}

/// The configuration of deploy/, and what is different here: both ends are on this machine, which it refuses elsewhere.
fn configuration(secret: &str, port: u16) -> anyhow::Result<String> {
    let safe = fs::read_to_string("deploy/coturn/turnserver.conf").context("deploy/coturn/turnserver.conf")?;
    // coturn wants a password for its command line before it allows loopback, even though there is no command line.
    Ok(format!(
        "{safe}\nlistening-ip=127.0.0.1\nrelay-ip=127.0.0.1\nlistening-port={port}\nno-tls\nstatic-auth-secret={secret}\n\
         allow-loopback-peers\nallowed-peer-ip=127.0.0.1\ncli-password={secret}\n"
    ))
}

/// With a secret in it: for nobody else's eyes.
fn write_private(path: &Path, text: &str) -> anyhow::Result<()> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let mut options = fs::OpenOptions::new();
    let mut file = options.write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes()).with_context(|| format!("cannot write {}", path.display()))
}

fn is_free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() && UdpSocket::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}

fn free_port() -> anyhow::Result<u16> {
    Ok(UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}
