//! The nodes that forward media in crowds, without the platform: which node a room goes to, what the tokens for nodes say,
//! what waits to be told to a node, and whether one that is doubted lives.

pub mod doubt;
pub mod lane;
pub mod placement;
pub mod tokens;
