//! The node under load: the very program, and what the system says of it.

use std::io::{BufRead, BufReader, Read};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::Context;
use earshot_participants::room::Lanes;
use earshot_protocol::fleet::{HearingSets, ParticipantHearing, RoomHearing};
use serde_json::Value;

use crate::signer::{NODE, ROOM, SPACE, Signer};

/// Clock ticks a second in /proc: a constant of Linux' interface.
const TICKS_PER_S: f64 = 100.0;

pub struct Node {
    child: Child,
    pub url: String,
    /// Where media goes, over UDP and TCP.
    pub media: SocketAddr,
    /// Lines it logged that tell of a panic.
    pub panics: Arc<AtomicU64>,
}

/// What it has done so far.
#[derive(Clone, Copy, Debug, Default)]
pub struct Reading {
    pub cpu_s: f64,
    pub received: f64,
    pub forwarded: f64,
    pub datagrams: f64,
    pub bytes: f64,
    pub sends: f64,
    pub trains: f64,
    pub train_datagrams: f64,
    pub train_bytes: f64,
    pub dropped: f64,
}

impl Node {
    /// On so many threads for media.
    pub fn start(program: &Path, signer: &Signer, shards: u32) -> anyhow::Result<Self> {
        Self::start_at(Command::new(program), Ipv4Addr::LOCALHOST, signer, shards)
    }

    /// On one, for people who each get as much as this.
    pub fn start_for(program: &Path, signer: &Signer, lanes: Lanes) -> anyhow::Result<Self> {
        let mut program = Command::new(program);
        program.args(["--voices", &lanes.voices.to_string(), "--pictures", &lanes.pictures.to_string()]);
        Self::start_at(program, Ipv4Addr::LOCALHOST, signer, 1)
    }

    /// Somewhere else on this machine; the address is its own there.
    pub fn start_at(mut program: Command, ip: Ipv4Addr, signer: &Signer, shards: u32) -> anyhow::Result<Self> {
        let keys = std::env::temp_dir().join(format!("earshot-load-{}.json", std::process::id()));
        std::fs::write(&keys, signer.keys()?)?;
        let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let url = format!("http://{ip}:{port}");
        let mut child = program
            .args(["--id", NODE, "--url", &url, "--http", &format!("{ip}:{port}"), "--udp-port", "0"])
            .args(["--bind", &ip.to_string(), "--shards", &shards.to_string(), "--capacity", "1000"])
            .args(["--log", "error", "--keys-file"])
            .arg(&keys)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("starting {program:?}"))?;
        let mut line = String::new();
        let out = child.stdout.take().context("no output")?;
        BufReader::new(out).read_line(&mut line)?;
        let started: Value = serde_json::from_str(&line).context("the node said something else than where it is")?;
        let port = started["udp"].as_u64().and_then(|port| u16::try_from(port).ok()).context("no port for media")?;
        let panics = Arc::default();
        let log = child.stderr.take().context("no log")?;
        let told = Arc::clone(&panics);
        std::thread::spawn(move || pass_on(log, &told));
        let node = Self { child, url, media: (ip, port).into(), panics };
        for _ in 0..100 {
            if ureq::get(format!("{}/health/ready", node.url)).call().is_ok() {
                let _gone = std::fs::remove_file(&keys);
                return Ok(node);
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        anyhow::bail!("the node did not get ready")
    }

    /// In each of these rooms everybody hears everybody.
    pub fn tell(&self, signer: &Signer, rooms: &[Vec<u32>]) -> anyhow::Result<()> {
        let room = |(number, sessions): (u64, &Vec<u32>)| {
            let participant = |&session: &u32| ParticipantHearing {
                session,
                publish: true,
                reduced: false,
                hears: sessions.iter().filter(|&&other| other != session).map(|&other| (other, 100, 0)).collect(),
            };
            RoomHearing { room: number, revision: 1, participants: sessions.iter().map(participant).collect() }
        };
        let rooms = (ROOM..).zip(rooms).map(room).collect();
        self.post(signer, &HearingSets { space: SPACE.into(), rooms, closed: vec![] })
    }

    /// Hearing sets, as the Worker posts them.
    pub fn post(&self, signer: &Signer, sets: &HearingSets) -> anyhow::Result<()> {
        let body = serde_json::to_vec(sets)?;
        ureq::post(format!("{}/v1/hearing", self.url))
            .header("Authorization", &format!("Bearer {}", signer.word(&body)?))
            .content_type("application/json")
            .send(&body[..])?;
        Ok(())
    }

    /// An answer to an offer.
    pub fn join(&self, grant: &str, offer: &str) -> anyhow::Result<String> {
        let mut answer = ureq::post(format!("{}/v1/join", self.url))
            .header("Authorization", &format!("Bearer {grant}"))
            .content_type("application/sdp")
            .send(offer)?;
        Ok(answer.body_mut().read_to_string()?)
    }

    /// Its figures, as text.
    pub fn metrics(&self) -> anyhow::Result<String> {
        Ok(ureq::get(format!("{}/metrics", self.url)).call()?.body_mut().read_to_string()?)
    }

    pub fn read(&self) -> anyhow::Result<Reading> {
        let text = self.metrics()?;
        let sum = |name: &str| sum_of(&text, name);
        Ok(Reading {
            cpu_s: self.cpu_s()?,
            received: sum("media_packets_received_total"),
            forwarded: sum("media_packets_forwarded_total"),
            datagrams: sum("datagrams_sent_total"),
            bytes: sum("sent_bytes_total"),
            sends: sum("sends_total"),
            trains: sum("trains_total"),
            train_datagrams: sum("train_datagrams_total"),
            train_bytes: sum("train_bytes_total"),
            dropped: sum("datagrams_dropped_total"),
        })
    }

    /// Resident memory.
    pub fn memory_kib(&self) -> anyhow::Result<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).context("no VmRSS")?;
        Ok(line.split_whitespace().nth(1).context("no number")?.parse()?)
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    pub fn cpu_s(&self) -> anyhow::Result<f64> {
        cpu_s(self.pid())
    }
}

/// CPU seconds a process has used.
pub fn cpu_s(pid: u32) -> anyhow::Result<f64> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // After the name, which may hold anything: fields 14 and 15 are user and system time.
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |index: usize| fields.get(index).and_then(|field| field.parse::<f64>().ok()).unwrap_or(0.0);
    Ok((ticks(11) + ticks(12)) / TICKS_PER_S)
}

/// One figure, of all threads together.
pub fn sum_of(metrics: &str, name: &str) -> f64 {
    let name = format!("earshot_node_{name}{{");
    let values = metrics.lines().filter(|line| line.starts_with(&name));
    values.filter_map(|line| line.rsplit(' ').next()?.parse::<f64>().ok()).sum()
}

/// What it logs goes on to our own standard error, and panics are counted.
fn pass_on(log: impl Read, panics: &AtomicU64) {
    for line in BufReader::new(log).lines().map_while(Result::ok) {
        if line.contains("panicked") {
            panics.fetch_add(1, Ordering::Relaxed);
        }
        eprintln!("node: {line}");
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ended = (self.child.kill(), self.child.wait());
    }
}
