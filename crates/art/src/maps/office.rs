//! The office: what everybody sees first. A hall with desks and a hearth, rooms along the north, a garden round it.

use super::plan::Plan;
use super::touches::{facade, flower_beds};
use crate::objects::Catalogue;
use crate::tiles::floors::Material::*;
use crate::tiles::walls::Style;

pub fn plan(catalogue: &Catalogue) -> Plan<'_> {
    let mut p = Plan::new(
        catalogue,
        "Office",
        "Desks, meeting rooms, a kitchen, a lounge by the fire, and a garden.",
        56,
        42,
        Grass,
    );
    garden_ground(&mut p);
    rooms(&mut p);
    library(&mut p);
    meeting(&mut p, 12, "table-long-oak", "blue");
    meeting(&mut p, 21, "table-long-birch", "red");
    kitchen(&mut p);
    lounge(&mut p);
    desks(&mut p);
    reception(&mut p);
    focus(&mut p);
    cafe(&mut p);
    garden(&mut p);
    areas(&mut p);
    p
}

fn garden_ground(p: &mut Plan) {
    p.fill(21, 33, 25, 35, Path);
    p.fill(17, 35, 29, 40, Stone);
    p.fill(3, 36, 16, 37, Path);
    p.fill(30, 36, 47, 37, Path);
    p.fill(46, 23, 47, 36, Path);
    p.pool(45, 2, 53, 11, Meadow);
    p.pool(50, 15, 54, 22, Meadow);
    p.pool(1, 12, 3, 22, Meadow);
    p.pool(3, 38, 14, 41, Meadow);
    p.pool(31, 38, 44, 41, Meadow);
    p.fill(45, 13, 49, 22, Deck);
    for (y, x0, x1) in [
        (25, 50, 52),
        (26, 49, 53),
        (27, 49, 53),
        (28, 49, 53),
        (29, 49, 53),
        (30, 49, 54),
        (31, 49, 54),
        (32, 50, 54),
        (33, 50, 54),
        (34, 51, 54),
    ] {
        p.fill(x0, y, x1, y, Water);
    }
}

fn rooms(p: &mut Plan) {
    p.room(3, 2, 44, 12, Wood, Style::Cream);
    p.room(3, 12, 44, 30, Wood, Style::Cream);
    p.wall(12, 2, 12, 12);
    p.wall(21, 2, 21, 12);
    p.wall(30, 2, 30, 12);
    p.floor(3, 2, 12, 12, Walnut, Style::Timber);
    p.floor(12, 2, 21, 12, CarpetBlue, Style::Sage);
    p.floor(21, 2, 30, 12, CarpetRose, Style::Cream);
    p.floor(30, 2, 44, 12, Kitchen, Style::Sage);
    p.door(9, 12, 2, Walnut);
    p.door(16, 12, 2, CarpetBlue);
    p.door(25, 12, 2, CarpetRose);
    p.door(35, 12, 4, Kitchen);
    p.door(22, 30, 3, Stone);
    p.wall(34, 20, 44, 20);
    p.wall(34, 20, 34, 30);
    p.floor(34, 20, 44, 30, CarpetTeal, Style::Blue);
    p.door(37, 20, 2, Wood);
    p.gap(44, 14, 17);
    p.fill(44, 15, 44, 17, Wood);
    p.fill(16, 15, 32, 24, CarpetTeal);
}

fn library(p: &mut Plan) {
    for (x, name) in
        [(4, "bookshelf-walnut"), (6, "bookshelf-walnut-b"), (8, "bookshelf-walnut"), (10, "bookshelf-walnut-b")]
    {
        p.put_at(name, x, 5, 0, -8);
    }
    p.put("rug-red", 6, 10);
    p.put("armchair-teal-right", 5, 8);
    p.put("lamp-floor", 4, 7);
    p.put("armchair-teal-right", 5, 10);
    p.put("table-walnut", 7, 9);
    p.put("chair-walnut-down", 7, 8);
    p.put("chair-walnut-up", 8, 10);
    p.put("armchair-red-left", 10, 9);
    p.put("globe", 11, 7);
    p.put("plant-monstera", 4, 12);
    p.put("plant-fern", 11, 12);
}

fn meeting(p: &mut Plan, x: i32, table: &str, chairs: &str) {
    p.hang("window-wide", x + 3, 2, 8);
    p.hang("board", x + 7, 2, 10);
    p.put(table, x + 3, 9);
    for dx in 3..7 {
        p.put_at(&format!("office-chair-{chairs}-down"), x + dx, 7, 0, 8);
        p.put_at(&format!("office-chair-{chairs}-up"), x + dx, 10, 0, 2);
    }
    p.put(&format!("office-chair-{chairs}-right"), x + 2, 9);
    p.put(&format!("office-chair-{chairs}-left"), x + 7, 9);
    p.put("plant-palm", x + 1, 5);
    p.put("plant-ficus", x + 8, 12);
    p.put("shelf-low-birch", x + 1, 12);
}

fn kitchen(p: &mut Plan) {
    p.row(
        &[
            "fridge",
            "counter",
            "counter-stove",
            "counter-drawers",
            "counter-sink",
            "counter-jars",
            "counter-coffee",
            "counter-fruit",
        ],
        31,
        5,
    );
    p.hang("window-teal", 36, 2, 6);
    p.hang("shelf", 33, 2, 8);
    p.hang("clock", 39, 2, 10);
    p.put("vending", 40, 5);
    p.put("water-cooler", 41, 5);
    p.put("plant-lemon", 43, 5);
    p.put("island", 33, 9);
    for dx in 0..3 {
        p.put("stool-wood", 33 + dx, 10);
    }
    p.put("table-round-birch", 39, 9);
    p.put("chair-birch-right", 38, 9);
    p.put("chair-birch-left", 41, 9);
    p.put("chair-birch-down", 40, 8);
    p.put("plant-fern", 31, 12);
    p.put("plant-snake", 43, 12);
}

fn lounge(p: &mut Plan) {
    p.put("fireplace", 5, 15);
    p.put("rug-red", 5, 20);
    p.put("rug-round-teal", 6, 28);
    p.put("sofa-red-right", 4, 19);
    p.put("armchair-cream-left", 9, 18);
    p.put("armchair-cream-left", 9, 20);
    p.put("coffee-table", 6, 19);
    p.put("sofa-red-up", 6, 21);
    p.put_at("cat", 8, 16, 8, 0);
    p.put("lamp-floor", 4, 22);
    p.put("plant-monstera", 4, 15);
    p.hang("picture-2", 8, 12, 14);
    p.put("plant-palm", 8, 15);
    p.put("bookshelf-oak", 12, 15);
    p.hang("picture-1", 15, 12, 12);
    p.put("record-player", 4, 25);
    p.put("sofa-teal-right", 5, 29);
    p.put("side-table", 7, 28);
    p.put("pouf-gold", 9, 27);
    p.put("pouf-red", 9, 29);
    p.put("pouf-teal", 7, 26);
    p.put("lamp-arc", 4, 27);
    p.put("plant-palm", 4, 30);
    p.put("plant-snake", 12, 30);
    p.put("table-football", 11, 20);
    p.put("chess-table", 12, 24);
    p.put("chair-wood-right", 11, 24);
    p.put("chair-wood-left", 13, 24);
    p.put("shelf-low-oak", 9, 30);
}

fn desks(p: &mut Plan) {
    p.hang("tv", 19, 12, 12);
    p.hang("blinds-wide", 22, 12, 8);
    p.hang("notice-board", 28, 12, 12);
    p.hang("blinds-wide", 31, 12, 8);
    for (x, wood, colour) in [(17, "oak", "blue"), (22, "birch", "teal"), (27, "oak", "red")] {
        pod(p, x, 17, wood, colour);
        pod(p, x, 22, wood, colour);
    }
    p.put("plant-ficus", 32, 15);
    // Late light from the roof.
    for (x, y) in [(19, 20), (26, 19), (13, 18), (24, 28)] {
        p.put_at("sunlight-wide", x, y, 0, 6);
    }
    p.put("divider", 31, 19);
    p.put("printer", 33, 18);
    p.put("cabinet", 33, 21);
    p.put("plant-monstera", 15, 15);
    p.put("bin", 15, 19);
}

/// Four desks, back to back: two people look at us, two look away.
fn pod(p: &mut Plan, x: i32, y: i32, wood: &str, colour: &str) {
    p.put(&format!("desk-{wood}-back"), x, y);
    p.put(&format!("desk-{wood}-laptop-back"), x + 2, y);
    p.put(&format!("desk-{wood}-screen-{}", (x + y) % 3), x, y + 1);
    p.put(&format!("desk-{wood}-screen-{}", (x + y + 2) % 3), x + 2, y + 1);
    for dx in [0, 2] {
        p.put_at(&format!("office-chair-{colour}-down"), x + dx, y - 1, 0, 6);
        p.put(&format!("office-chair-{colour}-up"), x + dx, y + 2);
    }
}

fn reception(p: &mut Plan) {
    p.put("rug-blue", 21, 29);
    p.put("reception", 16, 27);
    p.put("office-chair-teal-down", 17, 26);
    p.put("plant-ficus", 15, 27);
    p.put("mat", 22, 30);
    p.put("plant-palm", 20, 30);
    p.put("planter", 26, 30);
    p.put("coat-rack", 28, 30);
    // A corner to wait in.
    p.put("rug-teal", 28, 29);
    p.put("sofa-cream-left", 32, 29);
    p.put("coffee-table", 29, 28);
    p.put("armchair-teal-down", 29, 26);
    p.put("armchair-teal-down", 30, 26);
    p.put("lamp-arc", 33, 26);
    p.put("plant-monstera", 33, 30);
    p.put("whiteboard", 12, 27);
    p.put("planter-long", 22, 25);
    p.put("planter", 26, 25);
}

fn focus(p: &mut Plan) {
    p.hang("blinds", 41, 20, 9);
    p.hang("picture-0", 36, 20, 14);
    for y in [25, 28] {
        for x in [36, 40] {
            p.put(&format!("desk-walnut-screen-{}", (x + y) % 3), x, y);
            p.put("office-chair-blue-up", x, y + 1);
        }
    }
    p.put("plant-snake", 35, 23);
    p.put("plant-fern", 43, 23);
    p.put("bookshelf-walnut", 42, 30);
    p.put("lamp-floor", 35, 30);
}

fn cafe(p: &mut Plan) {
    p.put("rug-striped", 35, 19);
    p.put("cafe-table", 36, 18);
    p.put("chair-wood-right", 35, 18);
    p.put("chair-wood-left", 37, 18);
    p.put("cafe-table", 39, 16);
    p.put("chair-wood-right", 38, 16);
    p.put("chair-wood-left", 40, 16);
    p.put("cafe-table", 41, 19);
    p.put("chair-wood-right", 40, 19);
    p.put("chair-wood-left", 42, 19);
    p.put("plant-lemon", 34, 15);

    p.put("planter", 42, 15);
    p.hang("bunting", 42, 12, 8);
}

fn garden(p: &mut Plan) {
    p.hedge_ring();
    terrace(p);
    facade(p, 30, &[6, 10, 14, 18, 29, 33, 37, 41], &[4, 12, 35, 43], (22, 24));
    flower_beds(p, 34, &[4, 7, 10, 13, 30, 33, 36, 39]);
    let green = [
        ("tree-pine", 2, 8),
        ("tree-oak-b", 2, 16),
        ("bush", 2, 24),
        ("tree-blossom", 2, 31),
        ("tree-oak", 4, 40),
        ("bush", 7, 40),
        ("tree-birch", 14, 40),
        ("bush-berry", 16, 39),
        ("bush", 31, 40),
        ("tree-autumn", 34, 40),
        ("bush", 37, 40),
        ("tree-oak", 43, 40),
        ("bush-blossom", 46, 40),
        ("tree-pine", 49, 39),
        ("tree-birch", 53, 39),
        ("bush-berry", 51, 38),
        ("bush", 2, 36),
    ];
    for (name, x, y) in green {
        p.put(name, x, y);
    }
    p.put("fountain", 22, 38);
    p.put("park-bench-down", 18, 36);
    p.put("park-bench-down", 27, 36);
    p.put("park-bench-up", 10, 39);
    p.put("park-bench-up", 39, 39);
    for (x, y) in [(17, 39), (29, 39), (20, 34), (26, 34), (48, 35), (8, 35), (36, 38)] {
        p.put("lantern", x, y);
    }
    p.put("bicycle", 16, 34);
    p.put("mailbox", 27, 34);
    p.put("signpost", 31, 38);
    for (x, y) in [(12, 39), (5, 38), (41, 38), (49, 37), (3, 33)] {
        p.put("daisies", x, y);
    }
    for (x, y) in [(2, 12), (2, 20), (2, 28), (41, 40), (48, 25), (48, 33)] {
        p.put("grass-tall", x, y);
    }
}

/// East of the house: the terrace, an orchard above it, the pond below.
fn terrace(p: &mut Plan) {
    p.put("parasol", 46, 17);
    p.put("chair-birch-right", 45, 17);
    p.put("chair-birch-left", 48, 17);
    p.put("planter-long", 45, 22);
    p.put("plant-lemon", 49, 13);
    p.put("plant-flowers", 45, 13);
    p.put("park-bench-down", 47, 13);
    let green = [
        ("tree-oak", 53, 5),
        ("tree-blossom", 46, 6),
        ("tree-birch", 53, 11),
        ("tree-pine", 50, 4),
        ("bush", 46, 3),
        ("bush-berry", 45, 11),
        ("tree-blossom", 50, 11),
        ("tree-oak-b", 53, 17),
        ("bush-blossom", 51, 14),
        ("tree-autumn", 52, 22),
        ("bush", 54, 20),
    ];
    for (name, x, y) in green {
        p.put(name, x, y);
    }
    p.put("picnic-table", 47, 9);
    p.put("rock", 54, 8);
    p.put("lantern", 50, 18);
    p.put("lantern", 45, 28);
    p.put("flower-bed-gold", 50, 22);
    p.put("park-bench-up", 50, 36);
    p.put("reeds", 48, 27);
    p.put("rock", 54, 25);
    p.put("reeds", 54, 26);
    p.put("bush", 54, 27);
    p.put("reeds", 54, 28);
    p.put("bush-berry", 54, 29);
    p.put("reeds", 50, 34);
    p.put_at("lily", 50, 28, 0, 0);
    p.put_at("lily", 51, 32, 10, 0);
    p.put("daisies", 47, 4);
    p.put("daisies", 51, 7);
    p.put("daisies", 51, 20);
}

fn areas(p: &mut Plan) {
    p.spawn = (21, 33, 5, 2);
    p.area("Library", (4, 5, 8, 8), &["private", "silent"]);
    p.area("Willow", (13, 5, 8, 8), &["private"]);
    p.area("Rowan", (22, 5, 8, 8), &["private"]);
    p.area("Kitchen", (31, 5, 13, 8), &[]);
    p.area("Fireside", (4, 15, 7, 8), &[]);
    p.area("Desks", (16, 15, 17, 9), &[]);
    p.area("Focus room", (35, 23, 9, 8), &["private"]);
    p.area("Terrace", (45, 13, 5, 10), &[]);
    p.area("Pond", (46, 23, 9, 13), &[]);
    p.area("Reception", (16, 25, 13, 6), &[]);
}
