//! A node that forwards media in crowds: sockets, threads, HTTP, tokens and signals around `earshot_media::node`.
//!
//! Everything here translates and performs. What is forwarded to whom is decided there, and who may come in is said by the Worker's signatures.

pub mod effort;
pub mod fleet;
pub mod framing;
pub mod http;
pub mod keys;
pub mod metrics;
pub mod run;
pub mod settings;
pub mod shard;
pub mod streams;
pub mod tcp;
pub mod tokens;
pub mod udp;
