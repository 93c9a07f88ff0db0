//! Every message has a golden snapshot: a change of the wire is seen, and decided, never slipped in.
//! After a decided change: `INSTA_UPDATE=always cargo test -p earshot-protocol`.
#![allow(clippy::unwrap_used)]

mod common;

use common::{client_messages, space_messages};
use earshot_protocol::{ClientToSpace, SpaceToClient};

fn hex(bytes: &[u8]) -> String {
    bytes
        .chunks(32)
        .map(|line| line.iter().map(|byte| format!("{byte:02x}")).collect::<String>())
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn client_to_space() {
    let lines: Vec<_> = client_messages()
        .into_iter()
        .map(|message| {
            let bytes = message.encode();
            assert_eq!(ClientToSpace::decode(&bytes).as_ref(), Ok(&message));
            format!("{message:?}\n{}", hex(&bytes))
        })
        .collect();
    insta::assert_snapshot!(lines.join("\n\n"));
}

#[test]
fn space_to_client() {
    let lines: Vec<_> = space_messages()
        .into_iter()
        .map(|message| {
            let bytes = message.clone().encode();
            assert_eq!(SpaceToClient::decode(&bytes).as_ref(), Ok(&message));
            format!("{message:?}\n{}", hex(&bytes))
        })
        .collect();
    insta::assert_snapshot!(lines.join("\n\n"));
}

/// P3: fields are only ever added. Numbers, names and types of what was released are here, and stay.
#[test]
fn released_fields() {
    let mut fields = Vec::new();
    for file in ["common.proto", "client_to_space.proto", "space_to_client.proto"] {
        let text = std::fs::read_to_string(format!("{}/proto/{file}", env!("CARGO_MANIFEST_DIR"))).unwrap();
        let mut message = String::new();
        for line in text.lines().map(str::trim).filter(|line| !line.starts_with("//")) {
            if let Some(name) = line.strip_prefix("message ").or_else(|| line.strip_prefix("enum ")) {
                message = name.trim_end_matches(['{', '}', ' ']).to_string();
            } else if let Some((field, number)) = line.trim_end_matches(';').rsplit_once(" = ") {
                fields.push(format!("{message}.{number} {field}"));
            }
        }
    }
    insta::assert_snapshot!(fields.join("\n"));
}
