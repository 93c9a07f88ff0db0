//! The markup for TypeScript: a text in, a tree as JSON out.

use wasm_bindgen::prelude::wasm_bindgen;

/// The nodes of a text; see [`crate::Node`].
#[wasm_bindgen]
pub fn markup(text: &str) -> String {
    serde_json::to_string(&crate::parse(text)).unwrap_or_else(|_| "[]".into())
}
