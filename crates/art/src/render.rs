//! Draws a template as the client will: layers, objects and people by foot line, lights, a golden hour. For looking only.

use crate::avatar::{FOOT_X, FOOT_Y};
use crate::canvas::hash;
use crate::contact::{person, random_look};
use crate::export::Art;
use crate::image::Image;
use crate::maps::paint::{self, Painted};
use crate::maps::plan::Plan;
use crate::palette::rgb;

const TILE: i32 = 32;

enum Thing {
    Object(usize),
    Person { seed: u32, column: String, x: i32, y: i32 },
}

pub fn map(art: &Art, plan: &Plan) -> Image {
    let painted = paint::paint(plan, &art.bank);
    let mut image = Image::new(plan.w * TILE, plan.h * TILE, 0);
    for layer in ["floor", "floor-edge", "walls", "walls-right", "walls-shadow"] {
        draw_layer(&mut image, art, plan, &painted, layer);
    }
    let mut things: Vec<(i32, Thing)> = plan
        .placed
        .iter()
        .enumerate()
        .map(|(i, p)| (p.bottom + plan.catalogue.objects[p.object].sort, Thing::Object(i)))
        .collect();
    things.extend(crowd(plan));
    things.sort_by_key(|t| t.0);
    for (_, thing) in &things {
        match thing {
            Thing::Object(i) => {
                let p = &plan.placed[*i];
                let canvas = &plan.catalogue.objects[p.object].frames[0];
                image.draw(canvas, p.x, p.bottom - canvas.h);
            }
            Thing::Person { seed, column, x, y } => {
                shadow(&mut image, *x, *y);
                person(&mut image, &art.sheet, &random_look(*seed), column, x - FOOT_X, y - FOOT_Y);
            }
        }
    }
    draw_layer(&mut image, art, plan, &painted, "above");
    image.tint([1.0, 0.965, 0.92]);
    for lamp in &plan.lights {
        glow(
            &mut image,
            lamp.x,
            lamp.y,
            lamp.radius,
            rgb(lamp.colour).map(f32::from),
            if lamp.kind == "fire" { 0.34 } else { 0.2 },
        );
    }
    image
}

fn draw_layer(image: &mut Image, art: &Art, plan: &Plan, painted: &Painted, name: &str) {
    let Some((_, cells)) = painted.layers.iter().find(|l| l.0 == name) else { return };
    for (i, cell) in cells.iter().enumerate().filter(|c| *c.1 != 0) {
        let (x, y) = (i as i32 % plan.w, i as i32 / plan.w);
        image.draw(&art.bank.tiles[*cell as usize - 1].canvas, x * TILE, y * TILE);
    }
}

/// A third of the seats are taken, and some people stroll.
fn crowd(plan: &Plan) -> Vec<(i32, Thing)> {
    let mut out = Vec::new();
    for (i, seat) in plan.seats.iter().enumerate() {
        if hash(i as i32, 5, 5).is_multiple_of(3) {
            let (x, y) = (seat.x * TILE + 16, seat.y * TILE + 16);
            let column = format!("sit/{}/0", seat.facing.name());
            out.push((y, Thing::Person { seed: i as u32 + 100, column, x, y: y + seat.seat_y }));
        }
    }
    for cell in 0..plan.w * plan.h {
        let (x, y) = (cell % plan.w, cell / plan.w);
        let roll = hash(x, y, 61);
        if roll.is_multiple_of(53) && !plan.solid(x, y) && !plan.seats.iter().any(|s| (s.x, s.y) == (x, y)) {
            let dir = ["down", "left", "right", "up"][(roll >> 8) as usize % 4];
            let column = if roll.is_multiple_of(2) {
                format!("idle/{dir}/0")
            } else {
                format!("walk/{dir}/{}", (roll >> 4) % 6)
            };
            out.push((y * TILE + 18, Thing::Person { seed: roll, column, x: x * TILE + 16, y: y * TILE + 18 }));
        }
    }
    out
}

fn shadow(image: &mut Image, x: i32, y: i32) {
    for dy in -3..=3i32 {
        for dx in -9..=9i32 {
            if dx * dx * 9 + dy * dy * 81 <= 729 {
                image.mix(x + dx, y + dy, [27.0, 22.0, 38.0], 0.26);
            }
        }
    }
}

fn glow(image: &mut Image, x: i32, y: i32, radius: i32, colour: [f32; 3], amount: f32) {
    for dy in -radius..=radius {
        for dx in -radius..=radius {
            let far = ((dx * dx + dy * dy) as f32).sqrt() / radius as f32;
            if far < 1.0 {
                image.add(x + dx, y + dy, colour, amount * (1.0 - far) * (1.0 - far));
            }
        }
    }
}
