//! The office: what everybody sees first. A hall with desks and a hearth, rooms along the north, a garden round it.

use super::plan::Plan;
use crate::objects::Catalogue;
use crate::tiles::floors::Material::*;
use crate::tiles::walls::Style;

pub fn plan(catalogue: &Catalogue) -> Plan<'_> {
    let mut p = Plan::new(catalogue, "Office", "Desks, meeting rooms, a kitchen, a lounge by the fire, and a garden.", 56, 42, Grass);
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
    p.fill(21, 33, 25, 40, Path);
    p.fill(3, 36, 53, 37, Path);
    p.fill(50, 14, 51, 36, Path);
    p.fill(45, 13, 49, 22, Deck);
    p.pool(46, 26, 49, 33, Water);
    p.pool(45, 27, 49, 32, Water);
}

fn rooms(p: &mut Plan) {
    p.room(3, 2, 44, 12, Wood, Style::Cream);
    p.room(3, 12, 44, 30, Wood, Style::Cream);
    p.wall(12, 2, 12, 12);
    p.wall(21, 2, 21, 12);
    p.wall(30, 2, 30, 12);
    p.floor(3, 2, 12, 12, Walnut, Style::Timber);
    p.floor(12, 2, 21, 12, CarpetBlue, Style::Sage);
    p.floor(21, 2, 30, 12, CarpetRose, Style::Rose);
    p.floor(30, 2, 44, 12, Kitchen, Style::Sage);
    p.door(7, 12, 2, Walnut);
    p.door(16, 12, 2, Wood);
    p.door(25, 12, 2, Wood);
    p.door(35, 12, 4, Kitchen);
    p.door(22, 30, 3, Stone);
    p.wall(34, 20, 44, 20);
    p.wall(34, 20, 34, 30);
    p.floor(34, 20, 44, 30, CarpetTeal, Style::Blue);
    p.door(37, 20, 2, Wood);
    p.gap(44, 14, 17);
    p.fill(44, 15, 44, 17, Wood);
    p.fill(16, 15, 32, 23, CarpetTeal);
}

fn library(p: &mut Plan) {
    for (x, name) in [(4, "bookshelf-walnut"), (6, "bookshelf-walnut-b"), (8, "bookshelf-walnut"), (10, "bookshelf-walnut-b")] {
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
    p.row(&["fridge", "counter", "counter-stove", "counter-drawers", "counter-sink", "counter-jars", "counter-coffee", "counter-fruit"], 31, 5);
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
    p.put_at("fireplace", 4, 15, 16, -4);
    p.put("rug-red", 4, 20);
    p.put("rug-round-teal", 6, 28);
    p.put("sofa-red-right", 4, 19);
    p.put("armchair-cream-left", 8, 18);
    p.put("armchair-cream-left", 8, 20);
    p.put("coffee-table", 5, 19);
    p.put("sofa-red-up", 5, 21);
    p.put("cat", 7, 17);
    p.put("lamp-floor", 4, 22);
    p.put("plant-monstera", 8, 15);
    p.hang("picture-2", 11, 12, 14);
    p.hang("window", 14, 12, 8);
    p.put("bookshelf-oak", 10, 15);
    p.put("record-player", 4, 25);
    p.put("sofa-teal-right", 5, 29);
    p.put("table-round-oak", 7, 28);
    p.put("pouf-gold", 9, 27);
    p.put("pouf-red", 9, 29);
    p.put("pouf-teal", 7, 26);
    p.put("plant-palm", 4, 30);
    p.put("plant-snake", 12, 30);
    p.put("table-football", 11, 24);
}

fn desks(p: &mut Plan) {
    p.hang("tv", 19, 12, 12);
    p.hang("window-wide", 22, 12, 8);
    p.hang("notice-board", 28, 12, 12);
    p.hang("window-wide", 31, 12, 8);
    for (x, wood, colour) in [(17, "oak", "blue"), (22, "birch", "teal"), (27, "oak", "red")] {
        pod(p, x, 17, wood, colour);
        pod(p, x, 22, wood, colour);
    }
    p.put("plant-ficus", 32, 15);
    p.put("divider", 31, 19);
    p.put("printer", 33, 18);
    p.put("cabinet", 33, 23);
    p.put("plant-monstera", 16, 15);
    p.put("bin", 15, 19);
}

/// Four desks, back to back: two people look at us, two look away.
fn pod(p: &mut Plan, x: i32, y: i32, wood: &str, colour: &str) {
    p.put_at(&format!("desk-{wood}-back"), x, y, 0, 0);
    p.put_at(&format!("desk-{wood}-laptop"), x + 2, y, 0, 0);
    p.put_at(&format!("office-chair-{colour}-down"), x, y - 1, 16, 6);
    p.put_at(&format!("office-chair-{colour}-down"), x + 2, y - 1, 16, 6);
    p.put_at(&format!("desk-{wood}-screen-0"), x, y + 1, 0, 0);
    p.put_at(&format!("desk-{wood}-screen-2"), x + 2, y + 1, 0, 0);
    p.put_at(&format!("office-chair-{colour}-up"), x, y + 2, 16, 0);
    p.put_at(&format!("office-chair-{colour}-up"), x + 2, y + 2, 16, 0);
}

fn reception(p: &mut Plan) {
    p.put("rug-blue", 21, 29);
    p.put("reception", 17, 27);
    p.put("office-chair-teal-down", 18, 26);
    p.put("plant-ficus", 16, 27);
    p.put("mat", 22, 30);
    p.put("planter", 26, 30);
    p.put("plant-palm", 20, 30);
    p.put("sofa-cream-left", 32, 29);
    p.put("coffee-table", 29, 28);
    p.put("lamp-arc", 33, 26);
    p.put("coat-rack", 28, 30);
    p.put("whiteboard", 13, 27);
}

fn focus(p: &mut Plan) {
    p.hang("window", 41, 20, 8);
    p.hang("picture-0", 36, 20, 14);
    for y in [25, 28] {
        for x in [36, 40] {
            p.put(&format!("desk-walnut-screen-{}", (x + y) % 3), x, y);
            p.put_at("office-chair-blue-up", x, y + 1, 16, 0);
        }
    }
    p.put("plant-snake", 35, 23);
    p.put("plant-fern", 43, 23);
    p.put("bookshelf-walnut", 42, 30);
    p.put("lamp-floor", 35, 30);
}

fn cafe(p: &mut Plan) {
    p.put("cafe-table", 37, 17);
    p.put("chair-wood-right", 36, 17);
    p.put("chair-wood-left", 38, 17);
    p.put("cafe-table", 41, 18);
    p.put("chair-wood-right", 40, 18);
    p.put("chair-wood-left", 42, 18);
    p.put("planter", 42, 15);
    p.hang("bunting", 42, 12, 8);
}

fn garden(p: &mut Plan) {
    p.hedge_ring();
    p.put("parasol", 46, 17);
    p.put("chair-birch-right", 45, 17);
    p.put("chair-birch-left", 48, 17);
    p.put("planter-long", 46, 21);
    p.put("tree-oak", 53, 6);
    p.put("tree-blossom", 47, 8);
    p.put("tree-birch", 53, 12);
    p.put("tree-pine", 50, 4);
    p.put("bush", 46, 4);
    p.put("bush-berry", 48, 11);
    p.put("rock", 52, 9);
    p.put("flower-bed-red", 46, 24);
    p.put("lantern", 52, 18);
    p.put("lantern", 52, 30);
    p.put("park-bench-down", 52, 24);
    p.put("tree-oak-b", 53, 28);
    p.put("tree-autumn", 53, 34);
    p.put_at("lily", 47, 29, 0, 0);
    p.put("reeds", 45, 33);
    p.put("bicycle", 15, 34);
    p.put("mailbox", 20, 34);
    p.put("signpost", 27, 35);
    for x in [6, 12, 29, 35] {
        p.hang("window-outside", x, 30, 10);
        p.hang("window-outside", x + 4, 30, 10);
    }
    for x in [5, 9, 30, 34, 38] {
        p.put(["flower-bed-red", "flower-bed-gold", "flower-bed-blue"][(x % 3) as usize], x, 34);
    }
    for (x, y, name) in [(2, 8, "tree-pine"), (2, 16, "tree-oak-b"), (2, 24, "bush"), (2, 31, "tree-blossom"), (4, 40, "tree-oak"), (10, 40, "bush"),
        (14, 40, "tree-birch"), (18, 40, "bush-berry"), (28, 40, "bush"), (32, 40, "tree-autumn"), (37, 40, "bush"), (42, 40, "tree-oak"), (47, 40, "bush-blossom"), (52, 40, "tree-pine")]
    {
        p.put(name, x, y);
    }
    p.put("park-bench-up", 7, 39);
    p.put("park-bench-up", 39, 39);
    p.put("lantern", 20, 38);
    p.put("lantern", 26, 38);
}

fn areas(p: &mut Plan) {
    p.spawn = (22, 34, 3, 4);
    p.area("Library", (4, 5, 8, 8), &["private", "silent"]);
    p.area("Willow", (13, 5, 8, 8), &["private"]);
    p.area("Rowan", (22, 5, 8, 8), &["private"]);
    p.area("Kitchen", (31, 5, 13, 8), &[]);
    p.area("Fireside", (4, 15, 7, 8), &[]);
    p.area("Desks", (16, 15, 17, 9), &[]);
    p.area("Focus room", (35, 23, 9, 8), &["private"]);
    p.area("Garden", (45, 23, 9, 16), &[]);
}
