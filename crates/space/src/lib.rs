//! The engine of one space (sans-IO).
pub mod permissions;
