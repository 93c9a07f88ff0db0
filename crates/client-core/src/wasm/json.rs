//! Events as JSON: rare, and read by people too.

use earshot_protocol::units::TimeMs;
use earshot_protocol::{
    Change, ChangeKind, Channel, ChatMessage, ChatText, MediaRoom, NamedChannel, Peer, Person, Posture, Reaction, Room,
    RoomPeer, SessionId, Status, UserId,
};
use serde::Serialize;

use crate::client::{Client, Event, LinkState};

/// An event, for TypeScript.
pub(super) fn event(client: &Client, event: Event) -> String {
    let own = client.own_id();
    let value = match event {
        Event::Link { state, attempt, retry_in_ms, refused } => serde_json::json!({
            "type": "connection",
            "state": match state {
                LinkState::Connecting => "connecting",
                LinkState::Online => "online",
                LinkState::Reconnecting => "reconnecting",
                LinkState::Ended => "ended",
            },
            "attempt": attempt,
            "retryInMs": retry_in_ms,
            "reason": refused.map(|refused| serde_json::json!({"code": refused.code.as_str(), "message": refused.message})),
        }),
        Event::Welcome { own, resumed } => {
            serde_json::json!({"type": "welcome", "self": own.0, "resumed": resumed})
        }
        Event::People { changed, left } => serde_json::json!({
            "type": "people",
            "changed": changed.iter().map(|person| PersonJson::of(person, own)).collect::<Vec<_>>(),
            "left": left.into_iter().map(|id| id.0).collect::<Vec<_>>(),
        }),
        Event::Arrived => serde_json::json!({"type": "arrived", "target": "tile"}),
        Event::Hearing(hearing) => serde_json::json!({
            "type": "hearing",
            "room": match hearing.room {
                Room::Open => "open",
                Room::Private => "private",
                Room::Silent => "silent",
            },
            "peers": hearing.peers.iter().map(PeerJson::of).collect::<Vec<_>>(),
            "beyond": hearing.beyond,
            "mediaRooms": hearing.media_rooms.iter().map(|&MediaRoom { room, publish, leaving }| {
                serde_json::json!({"room": room, "publish": publish, "leaving": leaving})
            }).collect::<Vec<_>>(),
            "roomPeers": hearing.room_peers.iter().map(RoomPeerJson::of).collect::<Vec<_>>(),
            "audience": hearing.audience,
            "locked": hearing.locked,
            "lockedOut": hearing.locked_out,
            "area": hearing.area.map(|number| serde_json::json!({
                "channel": Channel::Area(number).to_string(),
                "name": client.map().areas().iter().find(|area| area.number == number).map_or("", |area| &area.name),
            })),
        }),
        Event::Signal(signal) => serde_json::json!({
            "type": "signal",
            "from": signal.peer.0,
            "epoch": signal.epoch.0,
            // A payload that is no text is no payload of ours; the reader finds no JSON in it.
            "payload": String::from_utf8(signal.payload).unwrap_or_default(),
        }),
        Event::SignalRefused(refused) => {
            serde_json::json!({"type": "signalRefused", "to": refused.to.0, "reason": refused.reason.as_str()})
        }
        Event::Said { messages, live_since } => serde_json::json!({
            "type": "said",
            "messages": messages.iter().map(|message| MessageJson::of(message, live_since)).collect::<Vec<_>>(),
        }),
        Event::SayRefused(refused) => serde_json::json!({
            "type": "sayRefused",
            "reference": reference_word(refused.reference),
            "reason": refused.reason.as_str(),
            "retryInMs": refused.retry_in_ms,
        }),
        Event::SayUnsure { reference } => serde_json::json!({
            "type": "sayUnsure",
            "reference": reference_word(reference),
        }),
        Event::Changed(changes) => serde_json::json!({
            "type": "changed",
            "changes": changes.iter().map(ChangeJson::of).collect::<Vec<_>>(),
        }),
        Event::Rules(rules) => serde_json::json!({
            "type": "rules",
            "slowModeS": rules.slow_mode_s,
            "channels": rules.channels.iter().map(ChannelJson::of).collect::<Vec<_>>(),
        }),
        Event::Onlookers { channel, others } => {
            serde_json::json!({"type": "onlookers", "channel": channel.to_string(), "others": others})
        }
        Event::Typing { id, channel } => {
            serde_json::json!({"type": "typing", "id": id.0, "channel": channel.to_string()})
        }
        Event::Emoted { id, emote } => serde_json::json!({"type": "emoted", "id": id.0, "emote": emote.as_str()}),
        Event::Nudged(nudge) => serde_json::json!({
            "type": "nudged",
            "from": nudge.peer.0,
            "kind": nudge.kind.as_str(),
            "knock": nudge.knock,
        }),
        Event::NudgeAnswered(answer) => serde_json::json!({
            "type": "nudgeAnswered",
            "from": answer.peer.0,
            "kind": answer.kind.as_str(),
            "accepted": answer.accepted,
        }),
        Event::NudgeRefused(refused) => serde_json::json!({
            "type": "nudgeRefused",
            "to": refused.to.0,
            "reason": refused.reason.as_str(),
            "retryInMs": refused.retry_in_ms,
        }),
        // What is no JSON is none of ours; the reader gets nothing.
        Event::Mail(payload) => serde_json::json!({
            "type": "mail",
            "mail": serde_json::from_slice::<serde_json::Value>(&payload).unwrap_or_default(),
        }),
        Event::MediaGrant { room, grant } => {
            serde_json::json!({"type": "mediaGrant", "room": room, "grant": grant})
        }
        Event::Following(whom) => serde_json::json!({"type": "following", "id": whom.map(|id| id.0)}),
    };
    value.to_string()
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PersonJson<'a> {
    id: u32,
    user_id: &'a str,
    name: &'a str,
    guest: bool,
    role: earshot_protocol::Role,
    look: earshot_protocol::Look,
    status: &'static str,
    connected: bool,
    #[serde(rename = "self")]
    own: bool,
    microphone: bool,
    camera: bool,
    screen: bool,
    locked: bool,
    pose: &'static str,
    hand_raised_at: i64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PeerJson {
    id: u32,
    epoch: i64,
    polite: bool,
    hears: bool,
    heard: bool,
    full_volume: bool,
}

impl PeerJson {
    fn of(peer: &Peer) -> Self {
        let Peer { session_id, epoch, polite, hears, heard, full_volume } = *peer;
        Self { id: session_id.0, epoch: epoch.0, polite, hears, heard, full_volume }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RoomPeerJson {
    id: u32,
    hears: bool,
    heard: bool,
    full_volume: bool,
}

impl RoomPeerJson {
    fn of(&RoomPeer { session_id, hears, heard, full_volume }: &RoomPeer) -> Self {
        Self { id: session_id.0, hears, heard, full_volume }
    }
}

impl<'a> PersonJson<'a> {
    fn of(person: &'a Person, own: Option<SessionId>) -> Self {
        Self {
            id: person.session_id.0,
            user_id: person.user_id.as_str(),
            name: person.name.as_str(),
            guest: person.guest,
            role: person.role,
            look: person.look,
            status: match person.status {
                Status::Available => "available",
                Status::Busy => "busy",
                Status::DoNotDisturb => "dnd",
                Status::Away => "away",
            },
            connected: person.connected,
            own: Some(person.session_id) == own,
            microphone: person.publishing.microphone,
            camera: person.publishing.camera,
            screen: person.publishing.screen,
            locked: person.locked,
            pose: match person.posture {
                Posture::Plain => "",
                Posture::Dancing => "dance",
                Posture::Sitting => "sit",
            },
            hand_raised_at: person.hand_raised_at.map_or(0, |at| at.0),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct MessageJson<'a> {
    id: u64,
    at: i64,
    channel: String,
    author_id: &'a str,
    author_name: &'a str,
    text: &'a str,
    reply_to: u64,
    reference: String,
    edited_at: i64,
    deleted: bool,
    reactions: Vec<ReactionJson<'a>>,
    thought: bool,
    live: bool,
}

impl<'a> MessageJson<'a> {
    fn of(message: &'a ChatMessage, live_since: TimeMs) -> Self {
        Self {
            id: message.id,
            at: message.at.0,
            channel: message.channel.to_string(),
            author_id: message.author_id.as_str(),
            author_name: message.author_name.as_str(),
            text: message.text.as_ref().map_or("", ChatText::as_str),
            reply_to: message.reply_to,
            reference: reference_word(message.reference),
            edited_at: message.edited_at.map_or(0, |at| at.0),
            deleted: message.text.is_none(),
            reactions: message.reactions.iter().map(ReactionJson::of).collect(),
            thought: message.thought,
            live: message.at > live_since,
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ReactionJson<'a> {
    emoji: &'a str,
    user_ids: Vec<&'a str>,
    count: u32,
}

impl<'a> ReactionJson<'a> {
    fn of(reaction: &'a Reaction) -> Self {
        let user_ids = reaction.user_ids.iter().map(UserId::as_str).collect();
        Self { emoji: reaction.emoji.as_str(), user_ids, count: reaction.count }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ChangeJson<'a> {
    id: u64,
    at: i64,
    channel: String,
    actor_id: &'a str,
    message_id: u64,
    kind: &'static str,
    text: &'a str,
    emoji: &'a str,
}

impl<'a> ChangeJson<'a> {
    fn of(change: &'a Change) -> Self {
        let (kind, text, emoji) = match &change.what {
            ChangeKind::Edited(text) => ("edited", text.as_str(), ""),
            ChangeKind::Deleted => ("deleted", "", ""),
            ChangeKind::Reacted(emoji) => ("reacted", "", emoji.as_str()),
            ChangeKind::Unreacted(emoji) => ("unreacted", "", emoji.as_str()),
        };
        Self {
            id: change.id,
            at: change.at.0,
            channel: change.channel.to_string(),
            actor_id: change.actor_id.as_str(),
            message_id: change.message_id,
            kind,
            text,
            emoji,
        }
    }
}

#[derive(Serialize)]
struct ChannelJson<'a> {
    number: u32,
    channel: String,
    name: &'a str,
    topic: &'a str,
    announcements: bool,
}

impl<'a> ChannelJson<'a> {
    fn of(channel: &'a NamedChannel) -> Self {
        Self {
            number: channel.number,
            channel: Channel::Named(channel.number).to_string(),
            name: &channel.name,
            topic: &channel.topic,
            announcements: channel.announcements,
        }
    }
}

/// As the API writes references: JavaScript's numbers end before theirs do.
pub(super) fn reference_word(reference: u64) -> String {
    format!("{reference:016x}")
}
