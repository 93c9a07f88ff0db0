//! What the space, the nodes that forward media in crowds, and participants say to one another: grants, hearing sets, beats of
//! nodes, and the words on a participant's data channel. All of it is JSON.
//!
//! Absent on purpose: signatures and HTTP. Who makes and checks tokens has its own library for it.

use serde::{Deserialize, Serialize};

/// Issuer of every token the Worker signs for nodes (RFC 7519, section 4.1.1).
pub const ISSUER: &str = "earshot";
/// How long a grant is good for. It is renewed over the data channel while the right lasts.
pub const GRANT_LIFE_S: i64 = 300;
/// How long a signed word to a node is good for.
pub const WORD_LIFE_S: i64 = 30;
/// Longest grant or word, as text.
pub const TOKEN_BYTES_MAX: usize = 2_000;
/// Longest offer or answer: thirty tracks take half of it.
pub const SDP_BYTES_MAX: usize = 200_000;
/// Participants of one media room: a stage with 500 listeners, and places to spare for who speaks to them and for who comes
/// in while others leave. The space puts no more into a room, and a node refuses a longer word.
pub const ROOM_PARTICIPANTS_MAX: usize = 600;
/// Longest hearing sets of one post: a room is never told in parts, and if it is full, and all in it publish there and hear each other,
/// it takes 7 MB. A stage with 500 listeners takes a tenth of a megabyte.
pub const HEARING_BYTES_MAX: usize = 8_000_000;
/// Longest text on the data channel.
pub const CONTROL_BYTES_MAX: usize = 16_000;
/// Name of the data channel a participant opens.
pub const CHANNEL: &str = "earshot";
/// How often a node says something on every data channel, whatever happens: silence is how its death is noticed.
pub const BEAT_MS: u64 = 500;

/// What a grant says: a JWT, ES256. One grant lets its bearer in once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    pub iss: String,
    /// The node it is for.
    pub aud: String,
    /// The session, as a decimal number.
    pub sub: String,
    /// The space's id.
    pub space: String,
    /// The media room, by its number in the space.
    pub room: u64,
    /// Where the node takes offers: its base address.
    pub at: String,
    /// May send, not only receive.
    pub publish: bool,
    /// Never the same twice.
    pub jti: String,
    /// Seconds since 1970.
    pub iat: i64,
    pub exp: i64,
}

/// What accompanies a post of the space to a node: a JWT, ES256.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Word {
    pub iss: String,
    /// The node it is for.
    pub aud: String,
    /// SHA-256 of the post's body, base64url without padding.
    pub digest: String,
    pub iat: i64,
    pub exp: i64,
}

/// Who is in some rooms of a space and whom they hear. Each room's is complete.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HearingSets {
    pub space: String,
    pub rooms: Vec<RoomHearing>,
    /// Rooms that are no more: everybody in them is let go.
    #[serde(default)]
    pub closed: Vec<u64>,
}

/// One room, whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoomHearing {
    pub room: u64,
    /// Grows with every word about this room; an older one changes nothing.
    pub revision: u64,
    pub participants: Vec<ParticipantHearing>,
}

/// One participant of a room.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ParticipantHearing {
    pub session: u32,
    /// May send.
    pub publish: bool,
    /// A neighbour who only listens in: fewer voices, and the smallest pictures.
    #[serde(default)]
    pub reduced: bool,
    /// Whom it hears: session, weight from 1 (hardly) to 100 (as next to one), and 1 if pinned (on a stage), else 0.
    pub hears: Vec<(u32, u8, u8)>,
}

/// What a node says of itself: when it starts, at intervals, and when it begins to end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Beat {
    /// Base address for the Worker: offers, hearing sets and health.
    pub url: String,
    pub region: String,
    /// Participants it takes.
    pub capacity: u32,
    /// Participants it has.
    pub participants: u32,
    /// Of the time of its busiest thread, 0 to 1.
    pub load: f32,
    /// It takes nobody any more, and its rooms are to move.
    pub draining: bool,
    /// Differs from run to run: a node that was started anew has forgotten its rooms.
    pub run: String,
    pub version: String,
}

/// The Worker's answer to a beat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BeatAnswer {
    /// When the next is expected.
    pub beat_ms: u64,
}

/// The public keys of whoever signs: RFC 7517, section 5.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeySet {
    pub keys: Vec<PublicKey>,
}

/// A point of P-256: RFC 7518, section 6.2.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicKey {
    pub kty: String,
    pub crv: String,
    pub kid: String,
    pub x: String,
    pub y: String,
}

/// What is sent, by kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TrackKind {
    Microphone,
    Camera,
    Screen,
    /// What the shared screen sounds like.
    Sound,
}

/// A participant's words to its node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum FromParticipant {
    /// How large pictures are shown, in device pixels of height; all that are. Whoever is not named is not sent.
    Want { pictures: Vec<WantedPicture> },
    /// A newer grant for the same room.
    Renew { grant: String },
}

/// A picture somebody looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WantedPicture {
    pub session: u32,
    pub kind: TrackKind,
    pub height_px: u32,
    /// Before others where the link is poor.
    #[serde(default)]
    pub pinned: bool,
}

/// A node's words to a participant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ToParticipant {
    /// What is in which slot, where that changed. Slots are the lanes a participant receives on, in the order of the
    /// offer: sound and picture are counted apart.
    Slots { slots: Vec<SlotContent> },
    /// Who speaks, the loudest first; at least every [`BEAT_MS`], so it is the sign of life too.
    Beat { speakers: Vec<u32> },
    /// Pictures that are wanted, are there, and have not come for a while: all of them, whenever they are others.
    Absent { pictures: Vec<AbsentPicture> },
    /// The participation ends: no reconnect to this node.
    Bye { reason: ByeReason },
}

/// A picture that does not come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AbsentPicture {
    pub session: u32,
    pub kind: TrackKind,
    pub cause: AbsenceCause,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AbsenceCause {
    /// The participant's link has no room for it.
    Link,
    /// The node is full, and forwards voices only.
    Node,
    /// The participant wants more than it has lanes.
    Lanes,
}

/// What comes in one slot now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlotContent {
    /// A lane of sound, or of pictures.
    pub picture: bool,
    pub slot: u8,
    /// Whose and what; none: nothing.
    pub content: Option<(u32, TrackKind)>,
}

/// Why a node lets somebody go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ByeReason {
    /// The space took the right away, or the room is no more.
    Removed,
    /// The grant ran out and was not renewed.
    Expired,
    /// The same session came in anew.
    Replaced,
    /// The node ends.
    Draining,
    /// Something went wrong inside the node.
    Failed,
}
