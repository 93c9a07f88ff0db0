//! Native people: each walks into a space like a bot, speaks, and hears, as a browser would, directly and through media
//! rooms; and each writes down what it hears, so that a test can say what was missing, doubled, or not theirs to hear.
//!
//! Absent on purpose: codecs, loudspeakers and relays. What is spoken is silence that says who said it and when.

pub mod alive;
pub mod cast;
pub mod company;
pub mod delays;
pub mod ears;
pub mod link;
pub mod participant;
pub mod peer;
pub mod picture;
pub mod report;
pub mod room;
pub mod rooms;
pub mod sight;
pub mod signal;
pub mod socket;
pub mod transport;
pub mod voice;
