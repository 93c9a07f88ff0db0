//! The routes under /api and /ws: each file one subject.

pub mod accounts;
pub mod chat;
pub mod media;
pub mod meta;
pub mod passkeys;
pub mod sessions;
pub mod socket;
pub mod spaces;
pub mod types;
pub mod users;
