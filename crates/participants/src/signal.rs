//! What two peers say to get connected, and what they say once they are: the same JSON as browsers', see
//! web/src/media/connect/signal.ts and control.ts. What does not fit is nothing.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// What the space relays at most, in bytes.
pub const SIGNAL_BYTES_MAX: usize = earshot_protocol::hearing::SIGNAL_BYTES_MAX;
/// A candidate with everything about it takes less than 300.
const CANDIDATE_BYTES_MAX: usize = 1_000;
const CANDIDATES_MAX: usize = 64;
const CONTROL_BYTES_MAX: usize = 500;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Offer,
    Answer,
}

/// An offer or an answer; `number` counts the offers of a generation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Description {
    pub kind: Kind,
    pub number: u64,
    pub sdp: String,
}

/// `generation` says which of a peering's connections it is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Signal {
    pub generation: u64,
    pub description: Option<Description>,
    /// As they stand in descriptions.
    pub candidates: Vec<String>,
    /// From the polite side: begin another generation.
    pub again: bool,
}

impl Signal {
    pub fn write(&self) -> String {
        let mut signal = json!({"g": self.generation});
        if let Some(Description { kind, number, sdp }) = &self.description {
            signal["d"] = if *kind == Kind::Offer { "offer" } else { "answer" }.into();
            signal["n"] = (*number).into();
            signal["s"] = sdp.as_str().into();
        }
        if !self.candidates.is_empty() {
            signal["c"] = self.candidates.iter().map(|each| json!([each, null, 0, null])).collect();
        }
        if self.again {
            signal["a"] = 1.into();
        }
        signal.to_string()
    }

    pub fn read(payload: &[u8]) -> Option<Self> {
        let read: Value = serde_json::from_slice(payload).ok()?;
        let count = |name: &str| read.get(name).and_then(Value::as_u64);
        let kind = match read.get("d").map(Value::as_str) {
            None => None,
            Some(Some("offer")) => Some(Kind::Offer),
            Some(Some("answer")) => Some(Kind::Answer),
            Some(_) => return None,
        };
        let description = match kind {
            None => None,
            Some(kind) => Some(Description { kind, number: count("n")?, sdp: read.get("s")?.as_str()?.into() }),
        };
        let candidates = read.get("c").and_then(Value::as_array).into_iter().flatten().take(CANDIDATES_MAX);
        let candidates = candidates
            .filter_map(|entry| entry.get(0)?.as_str())
            .filter(|candidate| candidate.len() <= CANDIDATE_BYTES_MAX)
            .map(Into::into);
        let again = read.get("a").and_then(Value::as_u64) == Some(1);
        Some(Self { generation: count("g")?, description, candidates: candidates.collect(), again })
    }
}

/// Device pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Size {
    pub width: u32,
    pub height: u32,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Sends {
    pub microphone: bool,
    pub camera: bool,
    pub screen: bool,
    pub sound: bool,
    pub why: Option<String>,
}

/// What two connected peers tell each other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Control {
    Wants {
        #[serde(default)]
        camera: Option<Size>,
        #[serde(default)]
        screen: Option<Size>,
    },
    Sends {
        #[serde(default)]
        sends: Sends,
    },
    Ping {
        number: i64,
    },
    Pong {
        number: i64,
    },
}

impl Control {
    pub fn write(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    pub fn read(text: &[u8]) -> Option<Self> {
        if text.len() > CONTROL_BYTES_MAX { None } else { serde_json::from_slice(text).ok() }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn signals_are_as_browsers_write_them() {
        let description = Description { kind: Kind::Offer, number: 2, sdp: "v=0\r\n".into() };
        let signal = Signal {
            generation: 1_700,
            description: Some(description),
            candidates: vec!["candidate:1".into()],
            again: false,
        };
        let written: Value = serde_json::from_str(&signal.write()).unwrap();
        assert_eq!(
            written,
            json!({"g": 1_700, "d": "offer", "n": 2, "s": "v=0\r\n", "c": [["candidate:1", null, 0, null]]})
        );
        assert_eq!(Signal::read(signal.write().as_bytes()), Some(signal));
        let again = Signal { generation: 3, again: true, ..Signal::default() };
        assert_eq!(Signal::read(br#"{"g":3,"a":1}"#), Some(again));
    }

    #[test]
    fn what_does_not_fit_is_nothing() {
        for wrong in
            ["", "[]", r#"{"g":-1}"#, r#"{"g":1,"d":"pranswer","n":1,"s":""}"#, r#"{"g":1,"d":"offer","s":""}"#]
        {
            assert_eq!(Signal::read(wrong.as_bytes()), None, "{wrong}");
        }
        assert_eq!(Signal::read(br#"{"g":1,"c":[["a"],[1],2]}"#).unwrap().candidates, ["a"]);
    }

    #[test]
    fn words_of_peers_are_as_browsers_write_them() {
        let sends =
            r#"{"type":"sends","sends":{"microphone":true,"camera":false,"screen":false,"sound":false,"why":null}}"#;
        let read = Control::read(sends.as_bytes()).unwrap();
        assert_eq!(read.write(), sends);
        assert_eq!(Control::read(br#"{"type":"ping","number":3}"#), Some(Control::Ping { number: 3 }));
        let wants = br#"{"type":"wants","camera":{"width":320,"height":180},"screen":null}"#;
        let size = Size { width: 320, height: 180 };
        assert_eq!(Control::read(wants), Some(Control::Wants { camera: Some(size), screen: None }));
        assert_eq!(Control::read(br#"{"type":"other"}"#), None);
    }
}
