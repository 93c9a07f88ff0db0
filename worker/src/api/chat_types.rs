//! What goes in and out as JSON where people write to each other.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::types::LookSchema;
use crate::db::channels::ChannelRow;
use crate::db::directs::DirectRow;
use crate::db::messages::{MessageRow, ReactionRow};
use earshot_protocol::Look;

/// Something that was said.
#[derive(Clone, Serialize, ToSchema)]
pub struct Message {
    /// Rising within a space.
    pub id: i64,
    /// `everyone`, `area/7` or `c/3`.
    pub channel: String,
    pub author_id: String,
    /// As the author was called then.
    pub author_name: String,
    /// Empty once it is deleted.
    pub text: String,
    /// The message it answers.
    pub reply_to: Option<i64>,
    /// The author's own, in hexadecimal.
    pub reference: String,
    /// Milliseconds since 1970.
    pub said_at: i64,
    pub edited_at: Option<i64>,
    pub deleted: bool,
    /// Thought, not said.
    pub thought: bool,
    pub reactions: Vec<Reaction>,
}

/// An emoji under a message.
#[derive(Clone, Serialize, ToSchema)]
pub struct Reaction {
    pub emoji: String,
    /// In order, at most 50.
    pub user_ids: Vec<String>,
    pub count: i64,
}

impl From<ReactionRow> for Reaction {
    fn from(row: ReactionRow) -> Self {
        Self { emoji: row.emoji, user_ids: row.user_ids, count: row.count }
    }
}

impl Message {
    pub fn new(row: MessageRow, reactions: Vec<ReactionRow>) -> Self {
        Self {
            id: row.id,
            channel: row.channel,
            author_id: row.author_id,
            author_name: row.author_name,
            text: row.text,
            reply_to: row.reply_to,
            reference: row.reference,
            said_at: row.said_at,
            edited_at: row.edited_at,
            deleted: row.deleted_at.is_some(),
            thought: row.thought != 0,
            reactions: reactions.into_iter().map(Reaction::from).collect(),
        }
    }
}

#[derive(Serialize, ToSchema)]
pub struct Messages {
    /// Newest first; with `after` oldest first.
    pub messages: Vec<Message>,
    /// Whether there are more in that direction.
    pub more: bool,
}

#[derive(Serialize, ToSchema)]
pub struct Found {
    /// Newest first.
    pub messages: Vec<Message>,
    /// Whether there is more to look through.
    pub more: bool,
    /// Go on with this as `before`; also where nothing was found yet.
    pub before: Option<i64>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TextIntent {
    #[schema(max_length = 2000)]
    pub text: String,
}

/// A change is told to everybody who may read the message under this id.
#[derive(Serialize, ToSchema)]
pub struct Changed {
    /// 0: it was so already.
    pub id: i64,
}

/// What a message said before it was edited or deleted.
#[derive(Serialize, ToSchema)]
pub struct TraceEntry {
    pub at: i64,
    pub actor_id: String,
    /// None: the account is gone.
    pub actor_name: Option<String>,
    /// `edited` or `deleted`.
    pub action: String,
    pub text_before: String,
}

#[derive(Serialize, ToSchema)]
pub struct Trace {
    /// Oldest first.
    pub entries: Vec<TraceEntry>,
}

/// A named channel; on the wire it is `c/<number>`.
#[derive(Clone, Serialize, ToSchema)]
pub struct Channel {
    pub number: i64,
    pub name: String,
    pub topic: String,
    /// Only admins write in it.
    pub announcements: bool,
}

impl From<ChannelRow> for Channel {
    fn from(row: ChannelRow) -> Self {
        Self { announcements: row.is_for_announcements(), number: row.number, name: row.name, topic: row.topic }
    }
}

#[derive(Serialize, ToSchema)]
pub struct Channels {
    pub channels: Vec<Channel>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewChannelIntent {
    #[schema(max_length = 32)]
    pub name: String,
    #[serde(default)]
    #[schema(max_length = 120)]
    pub topic: Option<String>,
    #[serde(default)]
    pub announcements: Option<bool>,
}

/// What to change; the rest stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChannelIntent {
    #[serde(default)]
    #[schema(max_length = 32)]
    pub name: Option<String>,
    #[serde(default)]
    #[schema(max_length = 120)]
    pub topic: Option<String>,
    #[serde(default)]
    pub announcements: Option<bool>,
}

#[derive(Serialize, ToSchema)]
pub struct Ban {
    pub user_id: String,
    pub name: String,
    pub banned_at: i64,
    /// None: the account is gone.
    pub by_name: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct Bans {
    pub bans: Vec<Ban>,
}

#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Reason {
    Spam,
    Harassment,
    Other,
}

impl Reason {
    pub fn as_text(self) -> &'static str {
        match self {
            Self::Spam => "spam",
            Self::Harassment => "harassment",
            Self::Other => "other",
        }
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportIntent {
    pub user_id: String,
    #[serde(default)]
    pub message_id: Option<i64>,
    pub reason: Reason,
    #[serde(default)]
    #[schema(max_length = 1000)]
    pub text: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct Report {
    pub id: i64,
    pub at: i64,
    pub reporter_id: String,
    pub reporter_name: String,
    pub user_id: String,
    pub user_name: String,
    pub message: Option<Message>,
    /// `spam`, `harassment` or `other`.
    pub reason: String,
    pub text: String,
}

#[derive(Serialize, ToSchema)]
pub struct Reports {
    /// Open ones, oldest first.
    pub reports: Vec<Report>,
}

#[derive(Serialize, ToSchema)]
pub struct Block {
    pub user_id: String,
    pub name: String,
    pub at: i64,
}

#[derive(Serialize, ToSchema)]
pub struct Blocks {
    pub blocked: Vec<Block>,
}

/// Something that one wrote to another.
#[derive(Clone, Serialize, ToSchema)]
pub struct DirectMessage {
    /// Rising everywhere.
    pub id: i64,
    pub author_id: String,
    pub author_name: String,
    /// Empty once it is deleted.
    pub text: String,
    pub reply_to: Option<i64>,
    pub reference: String,
    pub said_at: i64,
    pub edited_at: Option<i64>,
    pub deleted: bool,
    pub reactions: Vec<Reaction>,
}

impl DirectMessage {
    pub fn new(row: DirectRow, reactions: Vec<ReactionRow>) -> Self {
        Self {
            id: row.id,
            author_id: row.author_id,
            author_name: row.author_name,
            text: row.text,
            reply_to: row.reply_to,
            reference: row.reference,
            said_at: row.said_at,
            edited_at: row.edited_at,
            deleted: row.deleted_at.is_some(),
            reactions: reactions.into_iter().map(Reaction::from).collect(),
        }
    }
}

/// A conversation of two, from one's own side.
#[derive(Serialize, ToSchema)]
pub struct Direct {
    pub peer_id: String,
    pub peer_name: String,
    #[schema(value_type = Option<LookSchema>)]
    pub peer_look: Option<Look>,
    pub last: DirectMessage,
    /// At most 100.
    pub unread: i64,
    pub read_to: i64,
}

#[derive(Serialize, ToSchema)]
pub struct Directs {
    pub directs: Vec<Direct>,
}

#[derive(Serialize, ToSchema)]
pub struct DirectPeer {
    pub id: String,
    pub name: String,
    #[schema(value_type = Option<LookSchema>)]
    pub look: Option<Look>,
}

#[derive(Serialize, ToSchema)]
pub struct DirectPage {
    pub peer: DirectPeer,
    /// Newest first; with `after` oldest first.
    pub messages: Vec<DirectMessage>,
    pub more: bool,
    pub read_to: i64,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DirectIntent {
    /// Chosen at random, once for each message: 16 hexadecimal digits. Said again with the same one, it is the same message.
    #[schema(example = "00c0ffee00c0ffee")]
    pub reference: String,
    #[schema(max_length = 2000)]
    pub text: String,
    #[serde(default)]
    pub reply_to: Option<i64>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReadIntent {
    pub up_to: i64,
}

/// What one wants to be told of while away.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Notices {
    pub mentions: bool,
    pub directs: bool,
    pub knocks: bool,
    pub nudges: bool,
    pub quiet: Option<Quiet>,
    /// Minutes east of Greenwich.
    #[schema(minimum = -720, maximum = 840)]
    pub utc_offset_min: i64,
}

/// Minutes since local midnight; it may lie across midnight.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Quiet {
    #[schema(maximum = 1439)]
    pub from_min: i64,
    #[schema(maximum = 1439)]
    pub to_min: i64,
}

#[derive(Serialize, ToSchema)]
pub struct PushKey {
    /// P-256, base64url; none where pushes are not configured.
    pub key: Option<String>,
}

/// A browser's subscription, as `PushSubscription.toJSON()` has it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PushIntent {
    pub endpoint: String,
    pub p256dh: String,
    pub auth: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EndpointIntent {
    pub endpoint: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EndIntent {
    /// The word `delete`.
    pub confirm: String,
}
