//! The four map templates. Each is a plan in code: rooms, openings, furniture; `paint` turns it into tiles.

pub mod club;
pub mod meeting;
pub mod office;
pub mod paint;
pub mod plan;
pub mod social;
pub mod tiled;
pub mod touches;

use crate::objects::Catalogue;
use plan::Plan;

/// File name of each template, in the order they are offered.
pub const NAMES: [&str; 4] = ["office", "meeting-rooms", "social-space", "club-room"];

pub fn build<'a>(name: &str, catalogue: &'a Catalogue) -> Option<Plan<'a>> {
    match name {
        "office" => Some(office::plan(catalogue)),
        "meeting-rooms" => Some(meeting::plan(catalogue)),
        "social-space" => Some(social::plan(catalogue)),
        "club-room" => Some(club::plan(catalogue)),
        _ => None,
    }
}
