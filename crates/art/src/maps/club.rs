//! The club room: a bar, games, a small stage and a fireside in an old brick house, with a yard behind.

use super::plan::{Lamp, Plan};
use super::touches::{facade, flower_beds};
use crate::objects::Catalogue;
use crate::palette::{BL3, PK2, PU3};
use crate::tiles::floors::Material::*;
use crate::tiles::walls::Style;

pub fn plan(catalogue: &Catalogue) -> Plan<'_> {
    let mut p = Plan::new(
        catalogue,
        "Club room",
        "A bar, games, a small stage and a fireside in an old brick house.",
        46,
        36,
        Grass,
    );
    p.pool(3, 32, 15, 36, Meadow);
    p.pool(24, 32, 40, 36, Meadow);
    p.pool(1, 8, 3, 20, Meadow);
    p.pool(42, 6, 45, 22, Meadow);
    p.fill(2, 30, 43, 31, Path);
    p.fill(17, 26, 21, 31, Path);
    p.room(4, 2, 41, 23, Walnut, Style::Plum);
    p.wall(28, 2, 28, 23);
    p.wall(28, 12, 41, 12);
    p.floor(28, 2, 41, 12, CarpetRose, Style::Timber);
    p.floor(28, 12, 41, 23, CarpetBlue, Style::Plum);
    p.gap(28, 5, 9);
    p.gap(28, 15, 20);
    p.fill(28, 5, 28, 9, Walnut);
    p.fill(28, 15, 28, 20, Walnut);
    p.door(18, 23, 3, Stone);
    p.spawn = (17, 19, 5, 4);
    bar(&mut p);
    stage(&mut p);
    dance_floor(&mut p);
    lounge(&mut p);
    games(&mut p);
    fireside(&mut p);
    yard(&mut p);
    p
}

fn bar(p: &mut Plan) {
    p.put("bottles", 6, 5);
    p.put("bottles", 9, 5);
    p.hang("neon-ear", 13, 2, 12);
    p.hang("wall-lamp", 5, 2, 10);
    p.put("barrel", 5, 5);
    p.row(&["bar", "bar-taps", "bar", "bar-glasses", "bar", "bar-taps", "bar-glasses"], 5, 8);
    for x in 5..12 {
        p.put("bar-stool", x, 9);
    }
    p.put("plant-snake", 14, 5);
    p.put("cafe-table", 13, 11);
    p.put("bar-stool", 12, 11);
    p.put("bar-stool", 14, 11);
    p.area("Bar", (5, 5, 10, 7), &[]);
}

fn stage(p: &mut Plan) {
    p.fill(16, 5, 26, 9, Deck);
    for x in 16..=26 {
        p.put_at("stage-edge", x, 9, 0, 10);
    }
    for x in [15, 16, 26, 27] {
        p.put("curtain", x, 5);
    }
    p.hang("bunting", 19, 2, 8);
    p.hang("bunting", 23, 2, 8);
    p.put("piano", 17, 6);
    p.put("stool-walnut", 18, 7);
    p.put("guitar", 21, 6);
    p.put("drums", 22, 6);
    p.put("speaker", 25, 7);
    p.put("microphone", 20, 8);
    p.area("Stage", (15, 5, 13, 5), &["stage"]);
}

fn dance_floor(p: &mut Plan) {
    p.fill(17, 12, 25, 16, Disco);
    p.area("Dance floor", (17, 12, 9, 5), &[]);
    for (x, y, colour) in [(18, 12, PK2), (24, 12, BL3), (18, 16, BL3), (24, 16, PK2), (21, 14, PU3)] {
        p.lights.push(Lamp { x: x * 32 + 16, y: y * 32 + 16, colour, radius: 90, kind: "lamp" });
    }
    p.put("speaker", 16, 12);
    p.put("speaker", 26, 12);
    p.put("mat", 18, 23);
    p.put("coat-rack", 22, 23);
    p.put("plant-ficus", 17, 23);
    for (x, y) in [(25, 19), (25, 22)] {
        p.put("cafe-table", x, y);
        p.put("chair-walnut-right", x - 1, y);
        p.put("chair-walnut-left", x + 1, y);
    }
}

fn lounge(p: &mut Plan) {
    p.put("jukebox", 5, 13);
    p.put("record-player", 6, 13);
    p.put("rug-blue", 8, 18);
    p.put("sofa-teal-right", 7, 17);
    p.put("sofa-teal-left", 12, 17);
    p.put("coffee-table", 9, 17);
    p.put("sofa-teal-up", 9, 19);
    p.put("lamp-arc", 6, 15);
    p.put("side-table", 13, 18);
    p.put("plant-monstera", 14, 14);
    p.put("rug-round-red", 6, 23);
    p.put("sofa-red-right", 5, 22);
    p.put("pouf-gold", 8, 21);
    p.put("pouf-teal", 9, 23);
    p.put("side-table", 7, 22);
    p.put("lamp-floor", 5, 20);
    p.put("bookshelf-walnut", 11, 23);
    p.put("plant-palm", 14, 23);
    p.put("chair-walnut-right", 13, 21);
    p.put("chess-table", 14, 21);
    p.put("chair-walnut-left", 15, 21);
    p.area("Lounge", (5, 13, 10, 11), &[]);
}

fn games(p: &mut Plan) {
    p.hang("wall-lamp", 34, 12, 10);
    p.hang("dart-board", 36, 12, 12);
    p.hang("wall-lamp", 38, 12, 10);
    p.hang("picture-4", 32, 12, 14);
    p.put("arcade-red", 29, 15);
    p.put("arcade-blue", 30, 15);
    p.put("vending", 40, 15);
    p.put("plant-snake", 33, 15);
    p.put("rug-purple", 30, 19);
    p.put("table-football", 30, 18);
    p.put("pool-table", 35, 19);
    p.put("bar-stool", 40, 17);
    p.put("bar-stool", 40, 19);
    p.put("dj-desk", 36, 22);
    p.put("pouf-teal", 34, 22);
    p.put("cafe-table", 31, 22);
    p.put("chair-walnut-right", 30, 22);
    p.put("chair-walnut-left", 32, 22);
    p.put("plant-ficus", 40, 23);
    p.put("plant-palm", 29, 23);
    p.area("Games", (29, 15, 12, 9), &[]);
}

fn fireside(p: &mut Plan) {
    p.put("bookshelf-walnut", 29, 5);
    p.put("bookshelf-walnut-b", 31, 5);
    p.put("fireplace", 33, 5);
    p.put("bookshelf-walnut", 36, 5);
    p.put("globe", 38, 5);
    p.put("plant-monstera", 40, 5);
    p.put("rug-red", 32, 9);
    p.put("sofa-purple-right", 31, 9);
    p.put("sofa-purple-left", 36, 9);
    p.put("coffee-table-walnut", 33, 8);
    p.put("sofa-purple-up", 33, 11);
    p.put("lamp-floor", 30, 11);
    p.put("lamp-table", 37, 11);
    p.put("chess-table", 39, 9);
    p.put("chair-walnut-down", 39, 8);
    p.put("chair-walnut-up", 39, 10);
    p.put("plant-fern", 40, 12);
    p.put("plant-snake", 29, 12);
    p.put_at("cat", 35, 6, 8, 0);
    p.area("Fireside", (29, 5, 12, 8), &["private"]);
}

fn yard(p: &mut Plan) {
    p.hedge_ring();
    facade(p, 23, &[7, 11, 15, 26, 30, 34, 38], &[5, 13, 28, 40], (18, 20));
    flower_beds(p, 27, &[5, 8, 11, 24, 27, 33, 36]);
    let green = [
        ("tree-pine", 2, 8),
        ("tree-oak-b", 2, 16),
        ("bush", 2, 20),
        ("tree-birch", 2, 25),
        ("tree-pine", 43, 7),
        ("tree-oak-b", 43, 14),
        ("bush-berry", 43, 18),
        ("tree-autumn", 43, 25),
        ("bush", 4, 34),
        ("tree-blossom", 7, 34),
        ("bush", 16, 34),
        ("tree-oak-b", 23, 34),
        ("bush-blossom", 28, 34),
        ("tree-autumn", 38, 34),
        ("bush", 42, 34),
        ("bush", 43, 3),
        ("bush-berry", 2, 3),
    ];
    for (name, x, y) in green {
        p.put(name, x, y);
    }
    for (x, y) in [(16, 28), (22, 28), (3, 29), (42, 29)] {
        p.put("lantern", x, y);
    }
    p.put("campfire", 32, 33);
    p.put("log", 29, 33);
    p.put("pouf-red", 31, 34);
    p.put("pouf-gold", 33, 34);
    p.put("log", 34, 33);
    p.put("picnic-table", 11, 34);
    p.put("park-bench-down", 19, 34);
    p.put("bicycle", 13, 27);
    p.put("barrel", 31, 27);
    for (x, y) in [(4, 28), (9, 33), (26, 33), (40, 33), (39, 28)] {
        p.put("daisies", x, y);
    }
    p.area("Yard", (2, 27, 42, 8), &[]);
}
