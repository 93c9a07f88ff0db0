//! Draws everything that can be seen in an Earshot space and writes it as files. See README.md for how to look at it.
//! Deliberately absent: any input; the art is this code.

mod avatar;
mod canvas;
mod contact;
mod export;
mod icon;
mod image;
mod maps;
mod objects;
mod palette;
mod render;
mod tiles;

#[cfg(test)]
mod tests;

use anyhow::{Context, Result, bail};
use export::Art;
use image::Image;
use std::path::{Path, PathBuf};

fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let art = Art::build();
    match args.as_slice() {
        [] => export::write_all(&art, &root()?),
        ["--check"] => export::check(&art, &root()?),
        ["--contact-sheet", path] => save(&contact::page(&art), path),
        ["--people", path] => save(&contact::people(&art.sheet), path),
        ["--faces", path] => save(&contact::faces(&art.sheet), path),
        ["--clothes", path] => save(&contact::clothes(&art.sheet), path),
        ["--frames", path, seed] => save(&contact::frames(&art.sheet, seed.parse()?), path),
        ["--gestures", path, seed] => save(&contact::gestures(&art.gestures, seed.parse()?), path),
        ["--objects", path] => save(&contact::objects(&art), path),
        ["--objects", path, rows] => {
            let (from, to) = rows.split_once(',').context("from,to in pixels")?;
            let (from, to): (i32, i32) = (from.parse()?, to.parse()?);
            let all = contact::objects(&art);
            save(&all.crop(0, from, all.w, to - from), path)
        }
        ["--tiles", path] => save(&contact::tiles(&art), path),
        ["--render-map", name, path] => save(&drawn(&art, name)?, path),
        ["--render-part", name, path, rect] => {
            let cells: Vec<i32> =
                rect.split(',').map(str::parse).collect::<Result<_, _>>().context("x,y,w,h in tiles")?;
            let [x, y, w, h] = cells[..] else { bail!("x,y,w,h in tiles") };
            save(&drawn(&art, name)?.crop(x * 32, y * 32, w * 32, h * 32), path)
        }
        _ => bail!(
            "usage: earshot-art [--check | --contact-sheet OUT | --people OUT | --faces OUT | --clothes OUT | --frames OUT SEED | --gestures OUT SEED | --objects OUT | --tiles OUT | --render-map NAME OUT | --render-part NAME OUT X,Y,W,H]"
        ),
    }
}

fn drawn(art: &Art, name: &str) -> Result<Image> {
    let plan = maps::build(name, &art.catalogue).with_context(|| format!("no template is called {name}"))?;
    let lost = plan.unreachable();
    if !lost.is_empty() {
        eprintln!("{name}: nobody can walk to {} cells, such as {:?}", lost.len(), &lost[..lost.len().min(8)]);
    }
    for seat in plan.seats.iter().filter(|s| plan.solid(s.x, s.y)) {
        eprintln!("{name}: the seat at {},{} is blocked", seat.x, seat.y);
    }
    Ok(render::map(art, &plan))
}

/// One to one, and twice as large beside it.
fn save(image: &Image, path: &str) -> Result<()> {
    std::fs::write(path, export::png_rgba(image.w, image.h, &image.rgba())?)?;
    let twice = image.scaled(2);
    let large = PathBuf::from(path).with_extension("2x.png");
    std::fs::write(large, export::png_rgba(twice.w, twice.h, &twice.rgba())?)?;
    Ok(())
}

/// The repository: where this is run from, or the nearest folder above that has the worker.
fn root() -> Result<PathBuf> {
    let here = std::env::current_dir()?;
    here.ancestors()
        .find(|p| p.join("crates/art").is_dir())
        .map(Path::to_path_buf)
        .context("run this inside the repository")
}
