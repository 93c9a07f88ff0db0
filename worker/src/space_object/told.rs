//! What the Worker tells a space: each path one input for the engine.

use earshot_protocol::units::TimeMs;
use earshot_protocol::{Channel, DisplayName, Look, UserId};
use earshot_space::Input;
use serde::Deserialize;
use worker::{Request, Result};

use crate::fleet::RoomsGone;

#[derive(Deserialize)]
struct ProfileChange {
    user_id: String,
    name: DisplayName,
    look: Option<Look>,
}

#[derive(Deserialize)]
struct Removal {
    user_id: String,
}

#[derive(Deserialize)]
struct Blocked {
    user_id: String,
    blocked: Vec<String>,
    checked_ms: i64,
}

#[derive(Deserialize)]
struct Purged {
    number: u32,
}

/// Something to be passed on to somebody who is here.
#[derive(Deserialize)]
pub struct Letter {
    pub user_id: String,
    pub payload: serde_json::Value,
}

/// What the Worker tells: nothing where it names somebody who cannot be, none where there is no such path.
pub async fn input(path: &str, request: &mut Request) -> Result<Option<Vec<Input>>> {
    let user = |id: &str| UserId::parse(id);
    let input = match path {
        "/profile" => {
            let ProfileChange { user_id, name, look } = request.json().await?;
            user(&user_id).map(|user_id| Input::ProfileChanged { user_id, name, look })
        }
        "/remove" => {
            let removal: Removal = request.json().await?;
            user(&removal.user_id).map(|user_id| Input::Removed { user_id })
        }
        "/remove-guests" => Some(Input::GuestsRemoved),
        "/forgotten" => {
            let removal: Removal = request.json().await?;
            user(&removal.user_id).map(|user_id| Input::Forgotten { user_id })
        }
        "/rules" => Some(Input::Rules(request.json().await?)),
        "/blocks" => {
            let Blocked { user_id, blocked, checked_ms } = request.json().await?;
            let blocked = blocked.iter().filter_map(|id| user(id)).collect();
            let checked_at = Some(TimeMs(checked_ms));
            user(&user_id).map(|user_id| Input::Blocks { user_id, blocked, checked_at })
        }
        "/purged" => {
            let Purged { number } = request.json().await?;
            Some(Input::Purged { channel: Channel::Named(number) })
        }
        "/rooms-gone" => {
            let RoomsGone { rooms } = request.json().await?;
            return Ok(Some(rooms.into_iter().map(|room| Input::RoomGone { room }).collect()));
        }
        "/close" => Some(Input::Deleted),
        _ => return Ok(None),
    };
    Ok(Some(input.into_iter().collect()))
}
