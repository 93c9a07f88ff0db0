//! What nodes, the Worker and participants say to one another as JSON: nothing panics, and what can be read can be written and read again.
#![no_main]

use earshot_protocol::fleet::{Beat, BeatAnswer, FromParticipant, Grant, HearingSets, KeySet, ToParticipant, Word};
use libfuzzer_sys::fuzz_target;
use serde::Serialize;
use serde::de::DeserializeOwned;

fuzz_target!(|text: &[u8]| {
    again::<Beat>(text);
    again::<BeatAnswer>(text);
    again::<FromParticipant>(text);
    again::<ToParticipant>(text);
    again::<Grant>(text);
    again::<HearingSets>(text);
    again::<KeySet>(text);
    again::<Word>(text);
});

fn again<T: Serialize + DeserializeOwned>(text: &[u8]) {
    if let Ok(read) = serde_json::from_slice::<T>(text) {
        let written = serde_json::to_vec(&read).unwrap();
        let read: T = serde_json::from_slice(&written).unwrap();
        assert_eq!(serde_json::to_vec(&read).unwrap(), written);
    }
}
