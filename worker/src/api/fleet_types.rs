//! Bodies of the fleet's addresses, as the document describes them. What nodes and the Worker say to each other is defined in the
//! protocol crate, which knows nothing of OpenAPI; a test compares.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::fleet_object::NodeReport;

/// What a node says of itself: when it starts, at intervals, and when it begins to end.
#[derive(ToSchema)]
#[schema(as = Beat)]
#[allow(dead_code, reason = "describes earshot_protocol::fleet::Beat")]
pub struct BeatSchema {
    /// Base address for the Worker: offers, hearing sets and health.
    #[schema(example = "https://node-1.example.org")]
    url: String,
    /// Its continent (`eu`, `na`, `as`, `sa`, `oc`, `af`), and more behind a hyphen.
    #[schema(example = "eu-north")]
    region: String,
    /// Participants it takes.
    capacity: u32,
    /// Participants it has.
    participants: u32,
    /// Of the time of its busiest thread, 0 to 1.
    load: f32,
    /// It takes nobody any more, and its rooms are to move.
    draining: bool,
    /// Differs from run to run.
    run: String,
    version: String,
}

#[derive(ToSchema)]
#[schema(as = BeatAnswer)]
#[allow(dead_code, reason = "describes earshot_protocol::fleet::BeatAnswer")]
pub struct BeatAnswerSchema {
    /// When the next beat is expected.
    beat_ms: u64,
}

/// RFC 7517, section 5.
#[derive(ToSchema)]
#[schema(as = KeySet)]
#[allow(dead_code, reason = "describes earshot_protocol::fleet::KeySet")]
pub struct KeySetSchema {
    keys: Vec<PublicKeySchema>,
}

#[derive(ToSchema)]
#[schema(as = PublicKey)]
#[allow(dead_code, reason = "describes earshot_protocol::fleet::PublicKey")]
pub struct PublicKeySchema {
    kty: String,
    crv: String,
    kid: String,
    x: String,
    y: String,
}

#[derive(Serialize, ToSchema)]
pub struct Nodes {
    pub nodes: Vec<Node>,
}

/// A node, as the fleet knows it.
#[derive(Serialize, ToSchema)]
pub struct Node {
    pub id: String,
    pub url: String,
    pub region: String,
    pub capacity: u32,
    pub participants: u32,
    pub load: f32,
    pub draining: bool,
    /// The Worker has reached it at its address.
    pub reached: bool,
    /// Media rooms that are on it.
    pub rooms: i64,
    pub version: String,
    /// When it last beat, in milliseconds since 1970.
    pub seen_at: i64,
}

impl From<NodeReport> for Node {
    fn from(NodeReport { id, beat, seen_ms, answer_ms, rooms }: NodeReport) -> Self {
        Self {
            id,
            url: beat.url,
            region: beat.region,
            capacity: beat.capacity,
            participants: beat.participants,
            load: beat.load,
            draining: beat.draining,
            reached: answer_ms.is_some(),
            rooms,
            version: beat.version,
            seen_at: seen_ms,
        }
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct JoinIntent {
    /// What the space gave: good once, for minutes.
    pub grant: String,
    /// An offer in SDP.
    pub offer: String,
}

#[derive(Serialize, ToSchema)]
pub struct JoinAnswer {
    /// The node's answer in SDP.
    pub answer: String,
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use earshot_protocol::fleet::{Beat, BeatAnswer, KeySet, PublicKey};
    use serde_json::{Value, json};

    fn documented<T: ToSchema>() -> Vec<String> {
        let schema = serde_json::to_value(T::schema()).unwrap();
        let mut names: Vec<String> = schema["properties"].as_object().unwrap().keys().cloned().collect();
        names.sort();
        names
    }

    fn real(value: impl Serialize) -> Vec<String> {
        let Value::Object(fields) = serde_json::to_value(value).unwrap() else { return Vec::new() };
        let mut names: Vec<String> = fields.into_iter().map(|(name, _)| name).collect();
        names.sort();
        names
    }

    #[test]
    fn what_is_documented_is_what_is_said() {
        let beat: Beat = serde_json::from_value(json!({
            "url": "", "region": "", "capacity": 0, "participants": 0, "load": 0, "draining": false, "run": "", "version": "",
        }))
        .unwrap();
        assert_eq!(documented::<BeatSchema>(), real(beat));
        assert_eq!(documented::<BeatAnswerSchema>(), real(BeatAnswer { beat_ms: 0 }));
        assert_eq!(documented::<KeySetSchema>(), real(KeySet::default()));
        let word = String::new;
        let key = PublicKey { kty: word(), crv: word(), kid: word(), x: word(), y: word() };
        assert_eq!(documented::<PublicKeySchema>(), real(key));
    }
}
