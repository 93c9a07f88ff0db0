//! What somebody is to learn wherever they are: by the object of a space they are in, or, where they are in none, by a push.
//!
//! Best effort throughout: what was written is in the database before anybody is told of it.

use futures_util::future::{join, join_all};
use serde::Serialize;
use serde_json::json;
use worker::{Date, Env, Result};

use crate::api::chat_types::DirectMessage;
use crate::core::notices::Kind;
use crate::core::push::{Payload, beginning};
use crate::db::Db;
use crate::db::users::UserRow;
use crate::error::log;
use crate::{objects, push};

/// Spaces that are asked for somebody: those they came into last. Each question wakes an object.
const ASKED_MAX: i64 = 3;
/// Who has not come into any space for so long is in none.
const ENTERED_MS_MAX: i64 = 7 * 24 * 60 * 60 * 1000;

/// Brings a letter to all pages of somebody. Whether there were any.
async fn bring<T: Serialize>(env: &Env, user_id: &str, letter: &T, now_ms: i64) -> bool {
    let found = async { Db::of(env)?.last_entered(user_id, now_ms - ENTERED_MS_MAX, ASKED_MAX).await };
    let spaces = match found.await {
        Ok(spaces) => spaces,
        Err(error) => {
            log("warn", "mail", &error.to_string());
            return false;
        }
    };
    let asked = spaces.iter().map(|space| objects::mail(env, space, user_id, letter));
    join_all(asked).await.contains(&true)
}

/// To both: the author may have other pages open.
pub async fn tell_direct(env: &Env, author: &UserRow, peer: &UserRow, message: &DirectMessage, now_ms: i64) {
    let letter =
        |peer: &UserRow| json!({ "kind": "direct", "peer_id": peer.id, "peer_name": peer.name, "message": message });
    let (to_author, to_peer) = (letter(peer), letter(author));
    let (_, is_told) = join(bring(env, &author.id, &to_author, now_ms), bring(env, &peer.id, &to_peer, now_ms)).await;
    if !is_told {
        let payload = Payload {
            kind: "direct",
            title: author.name.clone(),
            body: beginning(&message.text),
            url: conversation_url(env, &peer.id, &author.id).await,
            tag: format!("direct/{}", author.id),
        };
        push::tell(env, std::slice::from_ref(&peer.id), Kind::Direct, &payload, now_ms).await;
    }
}

/// A conversation is read inside a space: in the one the reader was in last.
async fn conversation_url(env: &Env, reader: &str, other: &str) -> String {
    let last = async { Db::of(env)?.last_entered(reader, 0, 1).await };
    match last.await.unwrap_or_default().first() {
        Some(space) => format!("/s/{space}?direct={other}"),
        None => "/spaces".to_owned(),
    }
}

pub async fn tell_direct_changed(env: &Env, actor: &str, peer: &str, message: &DirectMessage, now_ms: i64) {
    let letter = |peer: &str| json!({ "kind": "direct_changed", "peer_id": peer, "message": message });
    let (to_actor, to_peer) = (letter(peer), letter(actor));
    join(bring(env, actor, &to_actor, now_ms), bring(env, peer, &to_peer, now_ms)).await;
}

pub async fn tell_direct_read(env: &Env, reader: &str, peer: &str, up_to: i64, now_ms: i64) {
    bring(env, reader, &json!({ "kind": "direct_read", "peer_id": peer, "up_to": up_to }), now_ms).await;
}

/// Somebody rings for another from a space, whose id and name are given.
pub async fn ring(env: &Env, from: &UserRow, to: &str, (space_id, space_name): (&str, &str), now_ms: i64) {
    let letter = json!({
        "kind": "ring", "from_id": from.id, "from_name": from.name, "space_id": space_id, "space_name": space_name,
    });
    if !bring(env, to, &letter, now_ms).await {
        let payload = Payload {
            kind: "nudge",
            title: from.name.clone(),
            body: space_name.to_owned(),
            url: format!("/s/{space_id}"),
            tag: format!("ring/{space_id}/{}", from.id),
        };
        push::tell(env, &[to.to_owned()], Kind::Nudge, &payload, now_ms).await;
    }
}

/// There is a new report, for those of the moderators who are in the space.
pub async fn tell_moderators(env: &Env, space_id: &str) {
    let told = async {
        let moderators = Db::of(env)?.moderators(space_id).await?;
        let letter = json!({ "kind": "report", "space_id": space_id });
        join_all(moderators.iter().map(|moderator| objects::mail(env, space_id, moderator, &letter))).await;
        Ok::<(), worker::Error>(())
    };
    if let Err(error) = told.await {
        log("warn", "report", &error.to_string());
    }
}

/// Somebody's list of blocks has changed: the spaces they are in keep the two apart from now on, and their pages know. Whether all of these
/// spaces have heard it.
pub async fn tell_blocks(env: &Env, user_id: &str, now_ms: i64) -> Result<bool> {
    let db = Db::of(env)?;
    let checked_ms = i64::try_from(Date::now().as_millis()).unwrap_or(i64::MAX);
    let blocked: Vec<String> = db.blocks(user_id).await?.into_iter().map(|row| row.user_id).collect();
    let spaces = db.last_entered(user_id, now_ms - ENTERED_MS_MAX, ASKED_MAX).await?;
    let letter = json!({ "kind": "blocks", "blocked": blocked });
    let told = spaces.iter().map(|space| async {
        let is_told = objects::tell_blocks(env, space, user_id, &blocked, checked_ms).await;
        // Its pages learn it from one that hears.
        if is_told {
            objects::mail(env, space, user_id, &letter).await;
        }
        is_told
    });
    Ok(!join_all(told).await.contains(&false))
}

/// Somebody is mentioned in a space and is not there. Where else they are is not asked: the message is in the space.
pub async fn tell_mentioned(
    env: &Env,
    space_id: &str,
    user_ids: &[String],
    message: &earshot_protocol::ChatMessage,
    now_ms: i64,
) -> Result<()> {
    let Some(text) = &message.text else { return Ok(()) };
    let db = Db::of(env)?;
    let to = db.to_notify(space_id, message.author_id.as_str(), user_ids).await?;
    if to.is_empty() {
        return Ok(());
    }
    let payload = Payload {
        kind: "mention",
        title: message.author_name.as_str().to_owned(),
        body: beginning(text.as_str()),
        url: format!("/s/{space_id}?channel={}&message={}", message.channel, message.id),
        tag: format!("mention/{space_id}"),
    };
    push::tell(env, &to, Kind::Mention, &payload, now_ms).await;
    Ok(())
}
