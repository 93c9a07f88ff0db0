//! Lists the map templates in `templates/` for `src/templates.rs`: a template is added by adding its file.

use std::fmt::Write as _;
use std::{env, fs, path::Path};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed=templates");
    println!("cargo::rerun-if-changed=build.rs");
    let mut files: Vec<_> = match fs::read_dir("templates") {
        Ok(entries) => entries.filter_map(|entry| Some(entry.ok()?.path())).collect(),
        Err(_) => Vec::new(),
    };
    files.retain(|path| path.extension().is_some_and(|extension| extension == "tmj"));
    files.sort();

    let mut list = String::from("&[\n");
    for path in files {
        let map: serde_json::Value = serde_json::from_slice(&fs::read(&path)?)?;
        let text = |name: &str| property(&map, name).unwrap_or_default().to_owned();
        let id = path.file_stem().and_then(|stem| stem.to_str()).ok_or("a template's file name is not text")?;
        writeln!(
            list,
            "    Template {{ id: {id:?}, name: {:?}, description: {:?}, width: {}, height: {}, tmj: include_str!({:?}) }},",
            text("mapName"),
            text("mapDescription"),
            map["width"].as_u64().ok_or("a template has no width")?,
            map["height"].as_u64().ok_or("a template has no height")?,
            path.canonicalize()?,
        )?;
    }
    list.push_str("]\n");
    fs::write(Path::new(&env::var("OUT_DIR")?).join("templates.rs"), list)?;
    Ok(())
}

/// A string property of a Tiled map.
fn property<'a>(map: &'a serde_json::Value, name: &str) -> Option<&'a str> {
    map["properties"].as_array()?.iter().find(|property| property["name"] == name)?["value"].as_str()
}
