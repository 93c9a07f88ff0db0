//! A node that runs as a program of its own, and requests to it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use earshot_protocol::fleet::{HearingSets, ParticipantHearing, RoomHearing};
use serde_json::Value;

use super::signer::{NODE, ROOM, SPACE, Signer};

pub struct Running {
    pub child: Child,
    pub http: SocketAddr,
    pub media: SocketAddr,
    pub signer: Signer,
    pub keys_file: PathBuf,
    revision: u64,
}

/// An answer: its status, its headers, and what is in it.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("{self:?}"))
    }

    /// The word that says what was wrong.
    pub fn refusal(&self) -> (u16, String) {
        (self.status, self.json()["error"].as_str().unwrap_or_default().to_owned())
    }
}

impl Running {
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    pub fn start_with(more: &[&str]) -> Self {
        let signer = Signer::new("first");
        let keys_file = std::env::temp_dir().join(format!("earshot-keys-{}-{:?}", std::process::id(), Instant::now()));
        std::fs::write(&keys_file, signer.keys()).unwrap();
        let bind: &[&str] = if more.contains(&"--bind") { &[] } else { &["--bind", "127.0.0.1"] };
        let mut child = Command::new(env!("CARGO_BIN_EXE_sfu-node"))
            .args(["--id", NODE, "--http", "127.0.0.1:0", "--udp-port", "0"])
            .args(bind)
            .args(["--keys-file", keys_file.to_str().unwrap(), "--shards", "2", "--log", "warn"])
            .args(more)
            .env_remove("FLEET_TOKEN")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let said: Value = serde_json::from_str(&line).unwrap();
        let at = |name: &str| SocketAddr::from(([127, 0, 0, 1], said[name].as_u64().unwrap() as u16));
        let running = Self { child, http: at("http"), media: at("udp"), signer, keys_file, revision: 0 };
        let is_ready = || running.request("GET", "/health/ready", "", "").status == 200;
        let begin = Instant::now();
        while !is_ready() {
            assert!(begin.elapsed() < Duration::from_secs(5), "it gets ready");
            std::thread::sleep(Duration::from_millis(20));
        }
        running
    }

    pub fn request(&self, method: &str, path: &str, token: &str, body: &str) -> Answer {
        let mut stream = TcpStream::connect(self.http).unwrap();
        let authorization = if token.is_empty() { String::new() } else { format!("authorization: Bearer {token}\r\n") };
        let length = body.len();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: node\r\nconnection: close\r\n{authorization}content-length: {length}\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).unwrap();
        // What is too long is refused before all of it was sent.
        let _ = stream.write_all(body.as_bytes());
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let answer = String::from_utf8(answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answer { status, head: head.to_lowercase(), body: body.to_owned() }
    }

    pub fn join(&self, grant: &str, offer: &str) -> Answer {
        self.request("POST", "/v1/join", grant, offer)
    }

    /// Says who is in the room, and that all of them hear each other.
    pub fn all_hear_all(&mut self, sessions: &[u32]) -> Answer {
        self.revision += 1;
        let one = |&session: &u32| ParticipantHearing {
            session,
            publish: true,
            reduced: false,
            hears: sessions.iter().filter(|other| **other != session).map(|&other| (other, 80, 0)).collect(),
        };
        let participants = sessions.iter().map(one).collect();
        let rooms = vec![RoomHearing { room: ROOM, revision: self.revision, participants }];
        let sets = HearingSets { space: SPACE.into(), rooms, closed: vec![] };
        let body = serde_json::to_string(&sets).unwrap();
        self.request("POST", "/v1/hearing", &self.signer.word(&body), &body)
    }

    /// One figure, over all shards.
    pub fn figure(&self, name: &str) -> f64 {
        let text = self.request("GET", "/metrics", "", "").body;
        let is_it = |line: &&str| {
            line.strip_prefix("earshot_node_").is_some_and(|rest| {
                rest.strip_prefix(name).is_some_and(|rest| rest.starts_with('{') || rest.starts_with(' '))
            })
        };
        text.lines().filter(is_it).filter_map(|line| line.rsplit(' ').next()?.parse::<f64>().ok()).sum()
    }

    pub fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-s", name, &pid]).status().unwrap().success());
    }

    pub fn ended(&mut self, within: Duration) -> Option<ExitStatus> {
        let begin = Instant::now();
        while begin.elapsed() < within {
            if let Some(status) = self.child.try_wait().unwrap() {
                return Some(status);
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        None
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_file(&self.keys_file);
    }
}
