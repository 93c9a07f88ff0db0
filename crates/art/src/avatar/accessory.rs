//! Accessories: one thing that people notice. Variant 0 is nothing and has no row.

use super::pose::{Dir, Pose};
use super::{EXTRA, GLASS, LASH, edge, rim_shade};
use crate::canvas::Canvas;

pub const NAMES: [&str; 8] = ["None", "Glasses", "Cap", "Beanie", "Headphones", "Scarf", "Flower", "Straw hat"];

pub fn back(_c: &mut Canvas, _p: &Pose, _variant: u8) {}

pub fn front(c: &mut Canvas, p: &Pose, variant: u8) {
    let y = p.head_y();
    if variant == 1 {
        if p.dir == Dir::Down {
            c.frame(9, y + 10, 6, 6, LASH);
            c.frame(17, y + 10, 6, 6, LASH);
            c.dot(10, y + 11, GLASS);
        }
        return;
    }
    c.rrect(5, y - 3, 22, 8, 4, EXTRA + 3);
    rim_shade(c, EXTRA);
    edge(c);
}
