//! The club room: a bar, games, a small stage and a fireside in an old brick house, with a yard behind.

use super::plan::{Lamp, Plan};
use crate::objects::Catalogue;
use crate::palette::{BL3, PK2, PU3};
use crate::tiles::floors::Material::*;
use crate::tiles::walls::Style;

pub fn plan(catalogue: &Catalogue) -> Plan<'_> {
    let mut p = Plan::new(catalogue, "Club room", "A bar, games, a small stage and a fireside in an old brick house.", 48, 38, Grass);
    p.fill(2, 33, 45, 35, Path);
    p.room(4, 2, 43, 28, Walnut, Style::Plum);
    p.wall(30, 2, 30, 14);
    p.wall(30, 14, 43, 14);
    p.floor(30, 2, 43, 14, CarpetRose, Style::Timber);
    p.floor(30, 14, 43, 28, Walnut, Style::Plum);
    p.door(35, 14, 3, CarpetRose);
    p.gap(30, 8, 12);
    p.fill(30, 8, 30, 12, Walnut);
    p.door(21, 28, 3, Stone);
    p.fill(20, 31, 24, 33, Path);
    p.spawn = (20, 24, 5, 4);
    bar(&mut p);
    stage(&mut p);
    games(&mut p);
    fireside(&mut p);
    middle(&mut p);
    yard(&mut p);
    p
}

fn bar(p: &mut Plan) {
    p.put("bottles", 6, 5);
    p.put("bottles", 9, 5);
    p.hang("neon-ear", 14, 2, 12);
    p.row(&["bar", "bar-taps", "bar", "bar-glasses", "bar", "bar-taps", "bar-glasses"], 5, 8);
    for x in 5..12 {
        p.put("bar-stool", x, 9);
    }
    p.put("barrel", 14, 5);
    p.put("barrel", 15, 6);
    p.put("jukebox", 5, 13);
    p.put("cafe-table", 8, 13);
    p.put("bar-stool", 7, 13);
    p.put("bar-stool", 9, 13);
    p.put("cafe-table", 12, 12);
    p.put("bar-stool", 11, 12);
    p.put("bar-stool", 13, 12);
    p.hang("wall-lamp", 5, 2, 10);
    p.area("Bar", (5, 5, 12, 10), &[]);
}

fn stage(p: &mut Plan) {
    p.fill(18, 5, 28, 9, Deck);
    for x in 18..=28 {
        p.put_at("stage-edge", x, 9, 0, 10);
    }
    p.put("curtain", 17, 5);
    p.put("curtain", 18, 5);
    p.put("curtain", 28, 5);
    p.put("curtain", 29, 5);
    p.hang("bunting", 21, 2, 8);
    p.hang("bunting", 25, 2, 8);
    p.put("piano", 19, 6);
    p.put("drums", 24, 6);
    p.put("guitar", 23, 6);
    p.put("speaker", 27, 7);
    p.put("microphone", 22, 8);
    p.put("stool-walnut", 20, 7);
    p.area("Stage", (17, 5, 13, 5), &["stage"]);
}

fn games(p: &mut Plan) {
    p.hang("wall-lamp", 32, 14, 10);
    p.hang("dart-board", 40, 14, 12);
    p.hang("wall-lamp", 42, 14, 10);
    p.put("arcade-red", 31, 17);
    p.put("arcade-blue", 32, 17);
    p.put("arcade-red", 33, 17);
    p.put("vending", 42, 17);
    p.put("rug-purple", 31, 24);
    p.put("pool-table", 35, 21);
    p.put("table-football", 32, 26);
    p.put("table-football", 38, 26);
    p.put("plant-snake", 42, 28);
    p.put("pouf-red", 41, 19);
    p.put("pouf-gold", 41, 22);
    p.put("dj-desk", 39, 24);
    p.area("Games", (31, 17, 12, 12), &[]);
}

fn fireside(p: &mut Plan) {
    p.put("fireplace", 35, 5);
    p.put("bookshelf-walnut", 31, 5);
    p.put("bookshelf-walnut-b", 33, 5);
    p.put("bookshelf-walnut", 39, 5);
    p.put("globe", 42, 5);
    p.put("rug-red", 35, 9);
    p.put("sofa-purple-right", 34, 9);
    p.put("sofa-purple-left", 39, 9);
    p.put("coffee-table-walnut", 36, 8);
    p.put("sofa-purple-up", 36, 11);
    p.put("lamp-floor", 33, 11);
    p.put("lamp-table", 40, 11);
    p.put("chess-table", 42, 10);
    p.put("chair-walnut-down", 42, 9);
    p.put("chair-walnut-up", 42, 11);
    p.put("plant-monstera", 42, 14);
    p.put("plant-fern", 31, 14);
    p.put_at("cat", 36, 6, 0, 0);
    p.area("Fireside", (31, 5, 12, 10), &["private"]);
}

fn middle(p: &mut Plan) {
    p.put("rug-blue", 12, 19);
    p.put("rug-round-red", 6, 23);
    p.put("sofa-teal-right", 11, 19);
    p.put("sofa-teal-left", 16, 19);
    p.put("coffee-table", 13, 18);
    p.put("sofa-teal-up", 13, 21);
    p.put("lamp-arc", 10, 17);
    p.put("sofa-red-right", 5, 22);
    p.put("pouf-gold", 8, 21);
    p.put("pouf-teal", 8, 23);
    p.put("coffee-table-walnut", 6, 22);
    p.put("record-player", 5, 18);
    p.put("lamp-floor", 5, 25);
    p.put("plant-palm", 5, 28);
    p.put("plant-ficus", 29, 28);
    p.put("plant-monstera", 18, 28);
    p.put("coat-rack", 25, 28);
    p.put("mat", 21, 28);
    p.fill(19, 12, 27, 18, Disco);
    p.area("Dance floor", (19, 12, 9, 7), &[]);
    for (x, y, colour) in [(20, 13, PK2), (26, 13, BL3), (20, 17, BL3), (26, 17, PK2), (23, 15, PU3)] {
        p.lights.push(Lamp { x: x * 32 + 16, y: y * 32 + 16, colour, radius: 90, kind: "lamp" });
    }
    for (x, y) in [(26, 15), (27, 19), (10, 26), (14, 25), (27, 24)] {
        p.put("cafe-table", x, y);
        p.put("chair-walnut-right", x - 1, y);
        p.put("chair-walnut-left", x + 1, y);
    }
    p.area("Lounge", (5, 16, 13, 12), &[]);
}

fn yard(p: &mut Plan) {
    p.hedge_ring();
    for x in [7, 12, 17, 27, 32, 37, 41] {
        p.hang("window-outside", x, 28, 10);
    }
    for x in [6, 10, 14, 27, 31, 35, 39] {
        p.put(["flower-bed-gold", "flower-bed-blue", "flower-bed-red"][(x % 3) as usize], x, 32);
    }
    let green = [
        ("tree-pine", 2, 8), ("tree-oak-b", 2, 16), ("bush", 2, 22), ("tree-birch", 2, 28), ("tree-pine", 45, 9), ("tree-oak-b", 45, 17), ("bush-berry", 45, 22),
        ("tree-autumn", 45, 28), ("bush", 5, 36), ("tree-blossom", 9, 36), ("bush", 14, 36), ("tree-oak-b", 27, 36), ("bush-blossom", 32, 36), ("tree-autumn", 37, 36), ("bush", 42, 36),
    ];
    for (name, x, y) in green {
        p.put(name, x, y);
    }
    for (x, y) in [(19, 32), (25, 32), (4, 32), (43, 32)] {
        p.put("lantern", x, y);
    }
    p.put("park-bench-down", 17, 36);
    p.put("park-bench-down", 23, 36);
    p.put("bicycle", 17, 32);
    p.put("barrel", 26, 31);
}
