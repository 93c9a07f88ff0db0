//! The maps a space can be made from. `build.rs` finds them; adding a file to `templates/` adds one.

/// A map template.
pub struct Template {
    /// Also the name of its file.
    pub id: &'static str,
    pub name: &'static str,
    pub description: &'static str,
    /// In tiles.
    pub width: u32,
    /// In tiles.
    pub height: u32,
    /// The map itself: Tiled JSON.
    pub tmj: &'static str,
}

/// All of them, by id.
pub const ALL: &[Template] = include!(concat!(env!("OUT_DIR"), "/templates.rs"));

/// The one with this id.
pub fn find(id: &str) -> Option<&'static Template> {
    ALL.iter().find(|template| template.id == id)
}
