//! The contact sheet: every tile, every object, every avatar part, and two dozen people, on one page.

use crate::avatar::sheet::{Look, Sheet};
use crate::avatar::{FRAME_W, colours};
use crate::canvas::hash;
use crate::export::Art;
use crate::image::Image;

/// As wide as the tile atlas, which cannot be wrapped.
const WIDTH: i32 = 1032;
const PAPER: u32 = 0xc79a78;

/// A person made of a number: used for samples and for counting how many differ.
pub fn random_look(seed: u32) -> Look {
    let roll = |n: i32, of: usize| hash(seed as i32, n, 99) as usize % of;
    let pick = |n: i32, list: &[u32]| list[roll(n, list.len())];
    Look {
        skin: roll(0, 8),
        hair: roll(1, 12) as u8,
        top: roll(2, 8) as u8,
        bottom: roll(3, 6) as u8,
        accessory: if roll(4, 2) == 0 { 0 } else { roll(5, 8) as u8 },
        colours: [
            pick(6, &colours::HAIR),
            pick(7, &colours::CLOTH),
            pick(8, &colours::BOTTOM),
            pick(9, &colours::SHOES),
            pick(10, &colours::EXTRA),
            pick(11, &colours::EYES),
        ],
    }
}

pub fn person(image: &mut Image, sheet: &Sheet, look: &Look, column: &str, x: i32, y: i32) {
    if let Some(at) = sheet.poses.iter().position(|p| p.0 == column) {
        image.draw_colours(&sheet.compose(look, at), FRAME_W, x, y);
    }
}

pub fn people(sheet: &Sheet) -> Image {
    let mut image = Image::new(24 * 36 + 8, 12 * 60 + 20, PAPER);
    for i in 0..24 {
        let look = random_look(i);
        let x = 4 + i as i32 * 36;
        for (row, column) in
            ["idle/down/0", "idle/left/0", "idle/right/0", "idle/up/0", "sit/down/0", "sit/right/0"].iter().enumerate()
        {
            person(&mut image, sheet, &look, column, x, 2 + row as i32 * 60);
        }
    }
    let columns: Vec<String> = sheet.poses.iter().map(|p| p.0.clone()).collect();
    for (i, column) in columns.iter().enumerate() {
        let (line, at) = (i as i32 / 24, i as i32 % 24);
        person(&mut image, sheet, &random_look(3), column, 4 + at * 36, 364 + line * 60);
    }
    for i in 0..24u8 {
        let mut look = random_look(u32::from(i) + 40);
        (look.hair, look.accessory) = (i % 12, 0);
        person(
            &mut image,
            sheet,
            &look,
            if i < 12 { "idle/down/0" } else { "idle/right/0" },
            4 + i32::from(i) * 36,
            488,
        );
        (look.hair, look.accessory) = (if i < 16 { 1 } else { 3 }, i % 8);
        person(
            &mut image,
            sheet,
            &look,
            if i < 8 { "idle/down/0" } else { "idle/right/0" },
            4 + i32::from(i) * 36,
            548,
        );
        (look.top, look.accessory) = (i % 8, 0);
        look.bottom = i % 6;
        person(
            &mut image,
            sheet,
            &look,
            if i < 12 { "idle/down/0" } else { "idle/right/0" },
            4 + i32::from(i) * 36,
            608,
        );
        look.hair = i % 12;
        person(&mut image, sheet, &look, if i < 12 { "idle/up/0" } else { "idle/left/0" }, 4 + i32::from(i) * 36, 668);
    }
    image
}

/// All hairstyles and accessories close up, from the front, the side and behind.
pub fn faces(sheet: &Sheet) -> Image {
    let mut image = Image::new(12 * 36 + 8, 6 * 62, PAPER);
    for i in 0..12u8 {
        let mut look = random_look(u32::from(i) + 40);
        for (row, column) in ["idle/down/0", "idle/right/0", "idle/up/0"].iter().enumerate() {
            (look.hair, look.accessory) = (i, 0);
            person(&mut image, sheet, &look, column, 4 + i32::from(i) * 36, row as i32 * 62);
            (look.hair, look.accessory) = ((i * 5 + 1) % 12, 1 + i % 7);
            person(&mut image, sheet, &look, column, 4 + i32::from(i) * 36, 186 + row as i32 * 62);
        }
    }
    image.scaled(2)
}

/// All clothes, each on somebody, from the front, the side and behind, and sitting.
pub fn clothes(sheet: &Sheet) -> Image {
    let mut image = Image::new(14 * 36 + 8, 5 * 62, PAPER);
    for i in 0..14u8 {
        let mut look = random_look(u32::from(i) + 70);
        (look.hair, look.accessory) = ([1, 5, 9, 0][usize::from(i) % 4], 0);
        (look.top, look.bottom) = if i < 8 { (i, 0) } else { (0, i - 8) };
        for (row, column) in
            ["idle/down/0", "idle/right/0", "walk/right/0", "idle/up/0", "sit/right/0"].iter().enumerate()
        {
            person(&mut image, sheet, &look, column, 4 + i32::from(i) * 36, row as i32 * 62);
        }
    }
    image.scaled(2)
}

/// Every frame of one person, a row for each direction.
pub fn frames(sheet: &Sheet, seed: u32) -> Image {
    let mut image = Image::new(12 * 36 + 8, 4 * 62, PAPER);
    for (i, (column, _)) in sheet.poses.iter().enumerate() {
        person(&mut image, sheet, &random_look(seed), column, 4 + (i as i32 % 12) * 36, (i as i32 / 12) * 62);
    }
    image.scaled(2)
}

/// Every gesture of four people, a row for each direction of each.
pub fn gestures(sheet: &Sheet, seed: u32) -> Image {
    let across = sheet.poses.len() as i32 / 4;
    let mut image = Image::new(across * 36 + 8, 16 * 62, PAPER);
    for row in 0..4 {
        for (i, (column, _)) in sheet.poses.iter().enumerate() {
            let (x, y) = (i as i32 % across, i as i32 / across);
            person(&mut image, sheet, &random_look(seed + row), column, 4 + x * 36, (row as i32 * 4 + y) * 62);
        }
    }
    image
}

pub fn objects(art: &Art) -> Image {
    let mut image = Image::new(WIDTH, 4000, PAPER);
    let (mut x, mut y, mut shelf) = (8, 8, 0);
    for o in &art.catalogue.objects {
        for frame in &o.frames {
            if x + frame.w + 8 > WIDTH {
                (x, y, shelf) = (8, y + shelf + 8, 0);
            }
            image.draw(frame, x, y);
            x += frame.w + 8;
            shelf = shelf.max(frame.h);
        }
    }
    let h = (y + shelf + 8).min(image.h);
    image.crop(0, 0, WIDTH, h)
}

pub fn tiles(art: &Art) -> Image {
    let atlas = art.bank.atlas();
    let mut image = Image::new(atlas.w, atlas.h, PAPER);
    image.draw(&atlas, 0, 0);
    image
}

pub fn page(art: &Art) -> Image {
    let parts = [people(&art.sheet), objects(art), tiles(art)];
    let h = parts.iter().map(|p| p.h + 8).sum();
    let mut image = Image::new(WIDTH, h, PAPER);
    let mut y = 0;
    for part in &parts {
        image.paste(part, 0, y);
        y += part.h + 8;
    }
    image
}
