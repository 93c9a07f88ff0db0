//! The routes under /api and /ws: each file one subject.

pub mod accounts;
pub mod blocks;
pub mod changes;
pub mod channels;
pub mod chat_types;
pub mod directs;
pub mod ending;
pub mod export;
pub mod fleet;
pub mod fleet_types;
pub mod keyring;
pub mod media;
pub mod messages;
pub mod meta;
pub mod moderation;
pub mod notices;
pub mod passkeys;
pub mod passwords;
pub mod rings;
pub mod search;
pub mod sessions;
pub mod socket;
pub mod spaces;
pub mod types;
pub mod users;
