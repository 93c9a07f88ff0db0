//! What headless clients of any kind share: the REST half of their lives. See main.rs for the bots themselves.

pub mod api;
