//! What goes over the wire: ids, units, messages, and the codec. No behaviour lives here.
//!
//! The rules of the conversation are numbered in docs/protocol.md. Absent on purpose: sockets, clocks, and any decision
//! about what a message causes.

pub mod chat;
pub mod client_to_space;
pub mod codec;
pub mod fleet;
pub mod gesture;
pub mod hearing;
pub mod ids;
pub mod look;
pub mod name;
pub mod presence;
pub mod space_to_client;
pub mod text;
pub mod units;
pub mod version;

pub use chat::{
    Change, ChangeKind, Channel, ChatMessage, ChatRules, NamedChannel, Reaction, SAID_AGAIN_MS, SayIntent, SayRefusal,
    SayRefused,
};
pub use client_to_space::{ClientToSpace, Hello, SteerIntent, WalkIntent};
pub use codec::Malformed;
pub use gesture::{Emote, EmoteIntent, Nudge, NudgeAnswer, NudgeKind, NudgeRefusal, NudgeRefused, Posture};
pub use hearing::{
    CandidateKind, ConnectionReport, Flows, Hearing, MediaRoom, Peer, Publishing, Room, RoomPeer, Signal,
    SignalRefusal, SignalRefused,
};
pub use ids::{SessionId, UserId};
pub use look::{Color, Look, LookError};
pub use name::{DisplayName, NameError};
pub use presence::{Person, Role, Status};
pub use space_to_client::{Moved, RefusalCode, Refused, SpaceToClient, Update, Welcome};
pub use text::{ChatText, ChatTextError, Emoji};
