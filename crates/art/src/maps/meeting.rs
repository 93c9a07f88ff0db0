//! Meeting rooms: rooms for two, four and ten along a bright corridor, and a hall with a stage.

use super::plan::Plan;
use super::touches::{facade, flower_beds};
use crate::objects::Catalogue;
use crate::tiles::floors::Material::{self, *};
use crate::tiles::walls::Style;

pub fn plan(catalogue: &Catalogue) -> Plan<'_> {
    let mut p = Plan::new(
        catalogue,
        "Meeting rooms",
        "Rooms for two, four and ten along a bright corridor, and a hall with a stage.",
        60,
        44,
        Grass,
    );
    p.pool(15, 40, 27, 44, Meadow);
    p.pool(38, 40, 50, 44, Meadow);
    p.pool(1, 12, 4, 26, Meadow);
    p.pool(55, 8, 59, 24, Meadow);
    p.fill(3, 38, 56, 40, Path);
    p.fill(10, 35, 14, 38, Path);
    shell(&mut p);
    let north = [
        (4, 13, "Alder", CarpetBlue, Style::Cream, "oak", "blue"),
        (13, 22, "Birch", CarpetTeal, Style::Sage, "birch", "teal"),
        (22, 31, "Cedar", CarpetRose, Style::Cream, "walnut", "red"),
    ];
    for (x0, x1, name, floor, style, wood, chairs) in north {
        board_room(&mut p, x0, x1, name, floor, style, wood, chairs);
    }
    small_rooms(&mut p);
    corridor(&mut p);
    lecture_hall(&mut p);
    nooks(&mut p);
    garden(&mut p);
    p
}

fn shell(p: &mut Plan) {
    p.room(4, 2, 31, 12, Wood, Style::Cream);
    p.room(4, 12, 31, 32, Wood, Style::Cream);
    p.room(31, 2, 55, 32, Wood, Style::Cream);
    p.wall(13, 2, 13, 12);
    p.wall(22, 2, 22, 12);
    p.door(11, 32, 3, Stone);
    // The hall's wide doors: a gap in the standing wall, two rows of it to walk through.
    p.gap(31, 15, 19);
    p.fill(31, 15, 31, 19, Wood);
    p.spawn = (10, 28, 5, 4);
    p.area("Entrance", (5, 28, 16, 5), &[]);
}

#[expect(clippy::too_many_arguments, reason = "one row of a table above, spelled out")]
fn board_room(
    p: &mut Plan,
    x0: i32,
    x1: i32,
    name: &'static str,
    floor: Material,
    style: Style,
    wood: &str,
    chairs: &str,
) {
    p.floor(x0, 2, x1, 12, floor, style);
    p.door(x0 + 4, 12, 2, floor);
    p.area(name, (x0 + 1, 5, x1 - x0 - 1, 8), &["private"]);
    p.hang("window-wide", x0 + 3, 2, 8);
    p.hang(if name == "Birch" { "tv" } else { "board" }, x0 + 7, 2, 10);
    p.put(&format!("table-long-{wood}"), x0 + 3, 9);
    for dx in 3..7 {
        p.put_at(&format!("office-chair-{chairs}-down"), x0 + dx, 7, 0, 8);
        p.put_at(&format!("office-chair-{chairs}-up"), x0 + dx, 10, 0, 2);
    }
    p.put(&format!("office-chair-{chairs}-right"), x0 + 2, 9);
    p.put(&format!("office-chair-{chairs}-left"), x0 + 7, 9);
    p.put("plant-palm", x0 + 1, 5);
    p.put("plant-monstera", x0 + 8, 12);
    p.put("shelf-low-birch", x0 + 1, 12);
}

/// Three rooms for two to four, south of the corridor, and the way through to the entrance.
fn small_rooms(p: &mut Plan) {
    p.wall(4, 19, 31, 19);
    p.wall(4, 27, 31, 27);
    for x in [11, 18, 25] {
        p.wall(x, 19, x, 27);
    }
    p.door(13, 19, 4, Wood);
    p.door(13, 27, 4, Wood);
    p.put("plant-ficus", 12, 22);
    p.put("plant-ficus", 17, 22);
    p.put("planter", 16, 26);
    p.put("rug-striped", 13, 25);
    let rooms = [
        (4, 11, "Fern", CarpetTeal, Style::Blue, "teal"),
        (18, 25, "Reed", CarpetBlue, Style::Rose, "purple"),
        (25, 31, "Sorrel", CarpetTeal, Style::Cream, "cream"),
    ];
    for (i, (x0, x1, name, floor, style, colour)) in rooms.into_iter().enumerate() {
        p.floor(x0, 19, x1, 27, floor, style);
        p.door(x0 + 4, 19, 2, floor);
        p.area(name, (x0 + 1, 22, x1 - x0 - 1, 6), &["private"]);
        p.hang(if i % 2 == 0 { "picture-0" } else { "picture-4" }, x0 + 2, 19, 14);
        p.put(if i % 2 == 0 { "plant-fern" } else { "plant-snake" }, x0 + 1, 22);
        if i % 2 == 0 {
            p.put(&format!("sofa-{colour}-right"), x0 + 1, 26);
            p.put(&format!("sofa-{colour}-left"), x0 + 5, 26);
            p.put("rug-small-red", x0 + 2, 26);
            p.put("side-table", x0 + 3, 25);
        } else {
            p.put("table-round-oak", x0 + 3, 25);
            p.put("chair-wood-right", x0 + 2, 25);
            p.put("chair-wood-left", x0 + 5, 25);
            p.put("chair-wood-down", x0 + 3, 24);
            p.put("chair-wood-up", x0 + 4, 26);
        }
        p.put("lamp-floor", x1 - 1, 22);
    }
}

fn corridor(p: &mut Plan) {
    p.area("Corridor", (5, 15, 26, 5), &[]);
    p.hang("notice-board", 12, 12, 12);
    p.hang("blinds", 15, 12, 9);
    p.hang("picture-2", 21, 12, 14);
    p.hang("blinds", 24, 12, 9);
    p.hang("clock", 6, 12, 10);
    p.hang("map", 29, 12, 10);
    p.put_at("sunlight-wide", 12, 18, 0, 0);
    p.put_at("sunlight-wide", 22, 18, 0, 0);
    p.put("water-cooler", 11, 15);
    p.put("plant-ficus", 5, 15);
    p.put("planter", 18, 15);
    p.put("bookshelf-oak", 28, 15);
    p.put("park-bench-up", 5, 19);
    p.put_at("rug-small-teal", 9, 18, -16, 0);
    p.put("sofa-teal-up", 9, 19);
    p.put("coffee-table", 9, 17);
    p.put("plant-monstera", 8, 19);
    p.put_at("rug-small-red", 19, 18, -16, 0);
    p.put("sofa-red-up", 19, 19);
    p.put("coffee-table", 19, 17);
    p.put("plant-fern", 18, 19);
    p.put("planter", 25, 19);
    p.put("chess-table", 27, 17);
    p.put("chair-wood-right", 26, 17);
    p.put("chair-wood-left", 28, 17);
    p.put("plant-snake", 30, 15);
}

fn lecture_hall(p: &mut Plan) {
    p.floor(31, 2, 55, 32, Walnut, Style::Timber);
    p.fill(31, 15, 31, 19, Walnut);
    p.fill(37, 5, 50, 10, Deck);
    p.fill(42, 11, 45, 32, CarpetRose);
    for x in 37..=50 {
        p.put_at("stage-edge", x, 10, 0, 10);
    }
    p.hang("projector-screen", 43, 2, 4);
    for x in [36, 37, 38, 49, 50, 51] {
        p.put("curtain", x, 5);
    }
    for x in [34, 53] {
        p.hang("wall-lamp", x, 2, 14);
        p.put("plant-ficus", x, 5);
    }
    p.put("podium", 39, 8);
    p.put("speaker", 36, 9);
    p.put("speaker", 51, 9);
    p.put("microphone", 44, 9);
    p.put("flipchart", 48, 7);
    p.put("projector", 41, 13);
    for (i, y) in [15, 18, 21, 24, 27].iter().enumerate() {
        for x in [35, 37, 39, 46, 48, 50] {
            p.put("lecture-bench", x, *y);
        }
        p.put(if i % 2 == 0 { "plant-fern" } else { "plant-snake" }, 54, *y);
    }
    for y in [13, 19, 25] {
        p.put("lamp-floor", 53, y);
    }
    p.put("lamp-floor", 33, 22);
    p.put("lamp-floor", 33, 28);
    p.put("record-player", 33, 32);
    p.put("table-walnut", 36, 31);
    p.put("table-walnut", 49, 31);
    p.put("stool-walnut", 36, 32);
    p.put("stool-walnut", 50, 32);
    p.put("plant-palm", 32, 32);
    p.put("plant-palm", 54, 32);
    p.area("Lecture hall", (32, 11, 23, 22), &[]);
    p.area("Stage", (36, 5, 16, 6), &["stage"]);
}

/// By the entrance: somewhere to wait.
fn nooks(p: &mut Plan) {
    p.hang("picture-3", 7, 27, 14);
    p.hang("sign", 10, 27, 18);
    p.hang("blinds-wide", 20, 27, 9);
    p.hang("tv", 25, 27, 10);
    p.hang("picture-2", 28, 27, 14);
    p.put("coat-rack", 5, 30);
    p.put("plant-ficus", 9, 30);
    p.put("reception", 18, 31);
    p.put("office-chair-blue-down", 19, 30);
    p.put("rug-blue", 24, 32);
    p.put("sofa-cream-right", 24, 32);
    p.put("armchair-cream-left", 28, 31);
    p.put_at("coffee-table-walnut", 25, 32, 16, -16);
    p.put("plant-lemon", 30, 30);
    p.put("planter", 6, 32);
    p.put("mat", 11, 32);
}

fn garden(p: &mut Plan) {
    p.hedge_ring();
    facade(p, 32, &[6, 19, 23, 29, 35, 41, 47, 53], &[5, 26, 38, 50], (11, 13));
    flower_beds(p, 36, &[5, 16, 19, 22, 27, 33, 38, 44, 50]);
    let green = [
        ("tree-oak", 2, 10),
        ("tree-pine", 2, 18),
        ("bush", 2, 24),
        ("tree-birch", 2, 31),
        ("tree-blossom", 57, 9),
        ("tree-pine", 57, 17),
        ("bush-berry", 57, 24),
        ("tree-oak-b", 57, 31),
        ("bush", 2, 37),
        ("tree-autumn", 5, 42),
        ("bush", 9, 42),
        ("tree-oak", 18, 42),
        ("bush-blossom", 23, 42),
        ("tree-birch", 29, 42),
        ("bush", 34, 42),
        ("tree-blossom", 41, 42),
        ("bush-berry", 46, 42),
        ("tree-oak-b", 52, 42),
        ("bush", 57, 38),
    ];
    for (name, x, y) in green {
        p.put(name, x, y);
    }
    for (x, y) in [(9, 36), (15, 37), (31, 37), (48, 37), (25, 41), (38, 41)] {
        p.put("lantern", x, y);
    }
    p.put("park-bench-up", 13, 42);
    p.put("park-bench-up", 48, 42);
    p.put("bicycle", 54, 36);
    p.put("signpost", 8, 38);
}
