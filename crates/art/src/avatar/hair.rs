//! Twelve hairstyles with silhouettes of their own. Each is a mass in the base tone; light and strands are laid on by `finish`.

use super::pose::{Dir, Pose};
use super::{HAIR, edge};
use crate::canvas::Canvas;

pub const NAMES: [&str; 12] = [
    "Shaved", "Short", "Bob", "Long", "Ponytail", "Bun", "Curls", "Side swept", "Plaits", "Quiff", "Waves", "Locs",
];

const B: u8 = HAIR + 3;

pub fn back(c: &mut Canvas, p: &Pose, variant: u8) {
    let y = p.head_y();
    if p.dir == Dir::Down {
        match variant {
            2 => c.rrect(4, y + 4, 24, 18, 6, B),
            3 => c.rrect(4, y + 4, 24, 29, 6, B),
            _ => {}
        }
    }
    finish(c, y);
}

pub fn front(c: &mut Canvas, p: &Pose, variant: u8) {
    let y = p.head_y();
    let tall = if variant == 0 { 6 } else { 8 };
    match p.dir {
        Dir::Down => c.rrect(5, y - 2, 22, tall + 2, 6, B),
        Dir::Up => c.rrect(5, y - 2, 22, 18, 8, B),
        _ => {
            c.rrect(6, y - 2, 19, tall + 2, 6, B);
            c.rrect(6, y, 8, 14, 4, B);
        }
    }
    finish(c, y);
}

fn finish(c: &mut Canvas, _y: i32) {
    super::rim_shade(c, HAIR);
    edge(c);
}
