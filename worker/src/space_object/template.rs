//! The map of a template, as the engine reads it.

use earshot_world::{Map, tiled};
use worker::{Error, Result};

/// Reads a template's map. The templates are part of this build, so a failure is a fault of ours, and said as such.
pub fn map(template: &str) -> Result<Map> {
    let json = crate::templates::find(template)
        .map(|template| template.tmj)
        .ok_or_else(|| Error::RustError(format!("no template {template:?}")))?;
    tiled::read(json.as_bytes()).map_err(|error| Error::RustError(format!("template {template:?}: {error}")))
}
