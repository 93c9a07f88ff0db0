//! Touches that every house in the templates has: what a facade wears, and beds of flowers before it.

use super::plan::Plan;

/// Windows in a facade, ivy between some of them, lamps on both sides of a door.
pub fn facade(p: &mut Plan, line_y: i32, windows: &[i32], ivy: &[i32], door: (i32, i32)) {
    for (i, x) in ivy.iter().enumerate() {
        p.hang(if i % 2 == 0 { "ivy" } else { "ivy-wide" }, *x, line_y, 1);
    }
    for x in windows {
        p.hang("window-outside", *x, line_y, 10);
    }
    p.hang("wall-lamp", door.0 - 1, line_y, 16);
    p.hang("wall-lamp", door.1 + 1, line_y, 16);
    p.hang("house-sign", door.1 + 3, line_y, 14);
}

pub fn flower_beds(p: &mut Plan, y: i32, columns: &[i32]) {
    for (i, x) in columns.iter().enumerate() {
        p.put(["flower-bed-red", "flower-bed-gold", "flower-bed-blue"][i % 3], *x, y);
    }
}
