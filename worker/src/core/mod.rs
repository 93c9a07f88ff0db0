//! Decisions without the platform: no clock, no database, no request. Everything here is tested natively.

pub mod admission;
pub mod cookies;
pub mod email;
pub mod ids;
pub mod jwt;
pub mod origin;
pub mod refresh;
pub mod webauthn;
