//! Janus with its video room, over its HTTP: as much of that as people need who publish once and subscribe once.

use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use anyhow::{Context, ensure};
use earshot_participants::transport::Transport;
use serde_json::{Value, json};

use super::place::Place;

const ROOM: u32 = 1;
/// Sessions last, for nobody keeps them alive here. What is not asked for is not loaded.
const MAIN: &str = r#"
general: { debug_level = 2, session_timeout = 0 }
nat: { ice_lite = true, nice_debug = false }
transports: { disable = "libjanus_mqtt.so,libjanus_nanomsg.so,libjanus_pfunix.so,libjanus_rabbitmq.so,libjanus_websockets.so" }
plugins: {
  disable = "libjanus_audiobridge.so,libjanus_duktape.so,libjanus_echotest.so,libjanus_lua.so,libjanus_nosip.so,"
    "libjanus_recordplay.so,libjanus_sip.so,libjanus_streaming.so,libjanus_textroom.so,libjanus_videocall.so,libjanus_voicemail.so"
}
"#;
const HTTP: &str = r#"
general: { json = "compact", base_path = "/janus", http = true, port = 8088, https = false }
admin: { admin_http = false, admin_https = false }
"#;
/// The room of [`ROOM`]; pictures are as large as they come.
const VIDEO_ROOM: &str = r#"
general: {}
room-1: { description = "load", publishers = 1000, bitrate = 0, audiocodec = "opus", videocodec = "vp8",
  transport_wide_cc_ext = true, audiolevel_ext = true }
"#;
/// Answers come as events, among others.
const EVENTS_MAX: usize = 50;

pub struct Janus {
    child: Child,
    folder: PathBuf,
    url: String,
    transactions: AtomicU32,
}

impl Janus {
    pub fn start(place: &Place) -> anyhow::Result<Self> {
        let folder = std::env::temp_dir().join(format!("earshot-janus-{}", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        std::fs::write(folder.join("janus.jcfg"), MAIN)?;
        std::fs::write(folder.join("janus.transport.http.jcfg"), HTTP)?;
        std::fs::write(folder.join("janus.plugin.videoroom.jcfg"), VIDEO_ROOM)?;
        let child = place
            .command("janus".as_ref())
            .arg("-F")
            .arg(&folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("starting Janus")?;
        let url = format!("http://{}:8088/janus", place.theirs);
        let janus = Self { child, folder, url, transactions: AtomicU32::new(0) };
        for _ in 0..100 {
            if ureq::get(format!("{}/info", janus.url)).call().is_ok() {
                return Ok(janus);
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        anyhow::bail!("Janus did not get ready")
    }

    /// An answer to an offer to send.
    pub fn publish(&self, session: u32, offer: &str) -> anyhow::Result<String> {
        let handle = self.attach()?;
        let body = json!({"request": "joinandconfigure", "ptype": "publisher", "room": ROOM, "id": session});
        self.message(&handle, &body, Some(json!({"type": "offer", "sdp": offer})))
    }

    /// Offers somebody's lines, which `answer` answers.
    pub fn subscribe(
        &self,
        feeds: &[(u32, String)],
        answer: impl FnOnce(&str) -> anyhow::Result<(Transport, String)>,
    ) -> anyhow::Result<Transport> {
        let handle = self.attach()?;
        let streams: Vec<_> = feeds.iter().map(|(feed, mid)| json!({"feed": feed, "mid": mid})).collect();
        let body = json!({"request": "join", "ptype": "subscriber", "room": ROOM, "streams": streams});
        let (transport, sdp) = answer(&self.message(&handle, &body, None)?)?;
        let start = json!({"janus": "message", "body": {"request": "start"}, "jsep": {"type": "answer", "sdp": sdp}});
        self.post(&format!("/{}/{}", handle.0, handle.1), start)?;
        Ok(transport)
    }

    /// Of the whole program.
    pub fn cpu_s(&self) -> anyhow::Result<f64> {
        crate::node::cpu_s(self.child.id())
    }

    /// A session, and in it a handle of the room's.
    fn attach(&self) -> anyhow::Result<(u64, u64)> {
        let id = |answer: &Value| answer.pointer("/data/id").and_then(Value::as_u64).context("no id");
        let session = id(&self.post("", json!({"janus": "create"}))?)?;
        let attach = json!({"janus": "attach", "plugin": "janus.plugin.videoroom"});
        Ok((session, id(&self.post(&format!("/{session}"), attach)?)?))
    }

    /// Says something to the room, and waits for the description that comes of it.
    fn message(&self, handle: &(u64, u64), body: &Value, jsep: Option<Value>) -> anyhow::Result<String> {
        let mut message = json!({"janus": "message", "body": body});
        if let (Some(jsep), Some(fields)) = (jsep, message.as_object_mut()) {
            fields.insert("jsep".into(), jsep);
        }
        self.post(&format!("/{}/{}", handle.0, handle.1), message)?;
        for _ in 0..EVENTS_MAX {
            let mut answer = ureq::get(format!("{}/{}", self.url, handle.0)).call()?;
            let event: Value = serde_json::from_str(&answer.body_mut().read_to_string()?)?;
            if let Some(sdp) = event.pointer("/jsep/sdp").and_then(Value::as_str) {
                return Ok(sdp.to_owned());
            }
            ensure!(event.pointer("/plugindata/data/error").is_none(), "refused: {event}");
        }
        anyhow::bail!("no description came")
    }

    fn post(&self, path: &str, mut body: Value) -> anyhow::Result<Value> {
        let transaction = self.transactions.fetch_add(1, Ordering::Relaxed).to_string();
        body.as_object_mut().context("no object")?.insert("transaction".into(), transaction.into());
        let mut answer = ureq::post(format!("{}{path}", self.url)).send(serde_json::to_vec(&body)?.as_slice())?;
        let answer: Value = serde_json::from_str(&answer.body_mut().read_to_string()?)?;
        ensure!(answer.get("janus").is_none_or(|word| word != "error"), "refused: {answer}");
        Ok(answer)
    }
}

impl Drop for Janus {
    fn drop(&mut self) {
        let _ended = (self.child.kill(), self.child.wait(), std::fs::remove_dir_all(&self.folder));
    }
}
