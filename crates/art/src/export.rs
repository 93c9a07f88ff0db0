//! Writes the files that the client and the importer read. Deliberately absent: time stamps; the same code gives the same bytes.

use crate::canvas::Canvas;
use crate::maps::{self, paint, tiled};
use crate::objects::{Catalogue, atlas::Atlas};
use crate::palette::{self, COLOURS, hex, rgb};
use crate::tiles::Bank;
use crate::{avatar::sheet::Sheet, icon};
use anyhow::{Context, Result, bail};
use flate2::{Compression, GzBuilder};
use serde_json::{Map, Value, json};
use std::io::Write;
use std::path::Path;

pub struct Art {
    pub bank: Bank,
    pub catalogue: Catalogue,
    pub atlas: Atlas,
    pub sheet: Sheet,
    pub gestures: Sheet,
}

impl Art {
    pub fn build() -> Self {
        let catalogue = Catalogue::build();
        let atlas = Atlas::pack(&catalogue);
        Self { bank: Bank::build(), catalogue, atlas, sheet: Sheet::build(), gestures: Sheet::gestures() }
    }

    /// File name and bytes of everything under `web/public/art`.
    pub fn public_files(&self) -> Result<Vec<(&'static str, Vec<u8>)>> {
        Ok(vec![
            ("tiles.png", png(&self.bank.atlas())?),
            ("objects.png", png(&self.atlas.canvas)?),
            ("avatars.bin", gzip(&self.sheet.bytes())?),
            ("avatars.json", text(&self.sheet.describe())?),
            ("gestures.bin", gzip(&self.gestures.bytes())?),
            ("gestures.json", text(&self.gestures.describe_gestures())?),
            ("art.json", text(&self.describe())?),
            ("favicon.png", png(&icon::draw())?),
            ("favicon.svg", icon::svg().into_bytes()),
        ])
    }

    /// File name and bytes of the committed templates.
    pub fn templates(&self) -> Result<Vec<(String, Vec<u8>)>> {
        let mut files = Vec::new();
        for name in maps::NAMES {
            let plan = maps::build(name, &self.catalogue).context("a template without a plan")?;
            let painted = paint::paint(&plan, &self.bank);
            files.push((format!("{name}.tmj"), text(&tiled::map(&plan, &painted, &self.bank, &self.atlas))?));
        }
        Ok(files)
    }

    fn describe(&self) -> Value {
        let colours: Map<String, Value> =
            (1..COLOURS.len()).map(|i| (COLOURS[i].0.to_owned(), json!(hex(i as u8)))).collect();
        let objects: Map<String, Value> = self
            .catalogue
            .objects
            .iter()
            .enumerate()
            .map(|(i, o)| {
                let place = self.atlas.places[self.atlas.id_of(i) as usize];
                let mut value = json!({"x": place.x, "y": place.y, "w": o.w(), "h": o.h()});
                if o.sort != 0 {
                    value["sortOffset"] = json!(o.sort);
                }
                if let Some(glow) = o.glow {
                    value["glow"] = json!(hex(glow));
                }
                (o.name.clone(), value)
            })
            .collect();
        json!({"palette": colours, "ui": interface(), "objects": objects})
    }
}

/// Accents for panels over the map, from the same ramps.
fn interface() -> Value {
    use palette::*;
    json!({
        "light": {
            "paper": hex(CR4), "panel": hex(ST4), "line": hex(ST3), "text": hex(INK1), "quiet": hex(ST0),
            "accent": hex(TL1), "accentText": hex(CR4), "danger": hex(RD1), "good": hex(LF1), "warm": hex(GD1),
        },
        "dark": {
            "paper": hex(INK0), "panel": hex(INK1), "line": hex(INK2), "text": hex(CR4), "quiet": hex(ST2),
            "accent": hex(TL3), "accentText": hex(INK0), "danger": hex(RD3), "good": hex(LF4), "warm": hex(GD3),
        },
    })
}

fn text(value: &Value) -> Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec(value)?;
    bytes.push(b'\n');
    Ok(bytes)
}

fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    // No name and no time in the header: two runs must give the same file.
    let mut out = GzBuilder::new().mtime(0).write(Vec::new(), Compression::best());
    out.write_all(bytes)?;
    Ok(out.finish()?)
}

pub fn png(canvas: &Canvas) -> Result<Vec<u8>> {
    let mut rgba = Vec::with_capacity((canvas.w * canvas.h * 4) as usize);
    for px in canvas.pixels() {
        let colour = if px.alpha == 0 { [0; 3] } else { rgb(px.ink) };
        rgba.extend([colour[0], colour[1], colour[2], px.alpha]);
    }
    png_rgba(canvas.w, canvas.h, &rgba)
}

pub fn png_rgba(w: i32, h: i32, rgba: &[u8]) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, w as u32, h as u32);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Balanced);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(rgba)?;
    writer.finish()?;
    Ok(out)
}

pub fn write_all(art: &Art, root: &Path) -> Result<()> {
    let public = root.join("web/public/art");
    std::fs::create_dir_all(&public)?;
    for (name, bytes) in art.public_files()? {
        std::fs::write(public.join(name), bytes)?;
    }
    let templates = root.join("worker/templates");
    std::fs::create_dir_all(&templates)?;
    for (name, bytes) in art.templates()? {
        std::fs::write(templates.join(name), bytes)?;
    }
    Ok(())
}

/// Fails when a committed template is not what this code makes.
pub fn check(art: &Art, root: &Path) -> Result<()> {
    for (name, bytes) in art.templates()? {
        let path = root.join("worker/templates").join(&name);
        let found =
            std::fs::read(&path).with_context(|| format!("{name} is missing; run `cargo run -p earshot-art`"))?;
        if found != bytes {
            bail!("{name} differs from what the art generator makes; run `cargo run -p earshot-art` and commit it");
        }
    }
    Ok(())
}
