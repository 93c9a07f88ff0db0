//! The nodes that forward media in crowds, without the platform: which node a room goes to, what the tokens for nodes say,
//! and what waits to be told to a node.

pub mod lane;
pub mod placement;
pub mod tokens;
