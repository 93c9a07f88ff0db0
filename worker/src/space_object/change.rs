//! A change to a message, between the Worker's words and the engine's.

use earshot_protocol::{ChangeKind, Channel, ChatText, Emoji, Role, UserId};
use earshot_space::{ChangeIntent, ChangeRefusal, Target};
use serde::Deserialize;

use crate::objects::ChangeAnswer;

/// As the Worker asks for it.
#[derive(Deserialize)]
pub struct Intent {
    actor: String,
    role: Role,
    pub space_id: String,
    pub template: String,
    message_id: u64,
    target: Option<Recorded>,
    what: What,
}

#[derive(Deserialize)]
struct Recorded {
    channel: String,
    author_id: String,
    is_deleted: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum What {
    Edited(String),
    Deleted,
    Reacted(String),
    Unreacted(String),
}

impl Intent {
    /// As the engine takes it. The Worker has checked all of it; what does not fit anyway is no message.
    pub fn parse(self) -> Option<ChangeIntent> {
        let what = match self.what {
            What::Edited(text) => ChangeKind::Edited(ChatText::parse(&text).ok()?),
            What::Deleted => ChangeKind::Deleted,
            What::Reacted(emoji) => ChangeKind::Reacted(Emoji::parse(&emoji)?),
            What::Unreacted(emoji) => ChangeKind::Unreacted(Emoji::parse(&emoji)?),
        };
        let recorded = match self.target {
            Some(target) => Some(Target {
                channel: Channel::parse(&target.channel)?,
                author_id: UserId::parse(&target.author_id)?,
                deleted: target.is_deleted,
            }),
            None => None,
        };
        let actor = UserId::parse(&self.actor)?;
        Some(ChangeIntent { actor, role: self.role, message_id: self.message_id, recorded, what })
    }
}

/// A refusal in the Worker's words.
pub fn refused(refusal: ChangeRefusal) -> ChangeAnswer {
    let (reason, retry_in_ms) = match refusal {
        ChangeRefusal::NoMessage => ("no_message", None),
        ChangeRefusal::NotAllowed => ("not_allowed", None),
        ChangeRefusal::NotInside => ("not_inside", None),
        ChangeRefusal::Deleted => ("deleted", None),
        ChangeRefusal::Word => ("word", None),
        ChangeRefusal::TooMany => ("too_many", None),
        ChangeRefusal::TooFast { retry_in_ms } => ("too_fast", Some(retry_in_ms)),
        ChangeRefusal::Full => ("full", None),
    };
    ChangeAnswer::Refused { reason: reason.to_owned(), retry_in_ms }
}
