//! What comes from elsewhere as JSON, read once and within limits: hearing sets of the space, and words of participants.

use earshot_protocol::fleet::{
    CONTROL_BYTES_MAX, FromParticipant, HEARING_BYTES_MAX, HearingSets, ROOM_PARTICIPANTS_MAX, TOKEN_BYTES_MAX,
};

use crate::room::PARTICIPANTS_MAX;

// What the space may say of a room is never refused.
const _: () = assert!(PARTICIPANTS_MAX >= ROOM_PARTICIPANTS_MAX);

/// Rooms one post may speak of.
const ROOMS_MAX: usize = 1_000;
/// Letters of a space's id.
pub const SPACE_BYTES_MAX: usize = 64;
/// Pictures one participant may want at a time.
const WANTED_MAX: usize = 64;

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadWords {
    #[error("it is too long")]
    TooLarge,
    #[error("it cannot be read")]
    Unreadable,
}

/// The space's word on rooms.
pub fn hearing_sets(body: &[u8]) -> Result<HearingSets, BadWords> {
    if body.len() > HEARING_BYTES_MAX {
        return Err(BadWords::TooLarge);
    }
    let sets: HearingSets = serde_json::from_slice(body).map_err(|_| BadWords::Unreadable)?;
    let is_large = sets.rooms.len() > ROOMS_MAX
        || sets.closed.len() > ROOMS_MAX
        || sets.space.len() > SPACE_BYTES_MAX
        || sets.rooms.iter().any(|room| {
            room.participants.len() > PARTICIPANTS_MAX
                || room.participants.iter().any(|one| one.hears.len() > PARTICIPANTS_MAX)
        });
    if is_large { Err(BadWords::TooLarge) } else { Ok(sets) }
}

/// A participant's word on the data channel.
pub fn from_participant(text: &[u8]) -> Result<FromParticipant, BadWords> {
    if text.len() > CONTROL_BYTES_MAX {
        return Err(BadWords::TooLarge);
    }
    let said = serde_json::from_slice(text).map_err(|_| BadWords::Unreadable)?;
    let is_large = match &said {
        FromParticipant::Want { pictures } => pictures.len() > WANTED_MAX,
        FromParticipant::Renew { grant } => grant.len() > TOKEN_BYTES_MAX,
    };
    if is_large { Err(BadWords::TooLarge) } else { Ok(said) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn limits_hold() {
        assert!(hearing_sets(br#"{"space":"s","rooms":[{"room":7,"revision":1,"participants":[]}]}"#).is_ok());
        let many = format!(r#"{{"space":"s","rooms":[],"closed":{:?}}}"#, vec![1; ROOMS_MAX + 1]);
        assert_eq!(hearing_sets(many.as_bytes()), Err(BadWords::TooLarge));
        let hears = format!("{:?}", vec![(1, 2, 0); PARTICIPANTS_MAX + 1]).replace('(', "[").replace(')', "]");
        let crowd = format!(
            r#"{{"space":"s","rooms":[{{"room":7,"revision":1,"participants":[{{"session":1,"publish":true,"hears":{hears}}}]}}]}}"#
        );
        assert_eq!(hearing_sets(crowd.as_bytes()), Err(BadWords::TooLarge));
        assert_eq!(hearing_sets(br#"{"space":"s","rooms":[],"extra":1}"#), Err(BadWords::Unreadable));
        let wish = r#"{"session":1,"kind":"camera","height_px":180}"#;
        let want = |count| format!(r#"{{"type":"want","pictures":[{}]}}"#, vec![wish; count].join(","));
        assert!(from_participant(want(WANTED_MAX).as_bytes()).is_ok());
        assert_eq!(from_participant(want(WANTED_MAX + 1).as_bytes()), Err(BadWords::TooLarge));
    }

    proptest! {
        #[test]
        fn whatever_comes_is_survived(junk in proptest::collection::vec(any::<u8>(), 0..300), text in ".{0,200}") {
            let _ = (hearing_sets(&junk), from_participant(&junk));
            let _ = (hearing_sets(text.as_bytes()), from_participant(text.as_bytes()));
        }
    }
}
