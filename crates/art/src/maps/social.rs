//! The social space: a park at golden hour, with a cafe, a fountain, a stage on the grass and a fire by the pond.

use super::plan::Plan;
use super::touches::{facade, flower_beds};
use crate::objects::Catalogue;
use crate::tiles::floors::Material::*;
use crate::tiles::walls::Style;

pub fn plan(catalogue: &Catalogue) -> Plan<'_> {
    let mut p = Plan::new(
        catalogue,
        "Social space",
        "A park at golden hour: a cafe, a fountain, a small stage, a fire by the pond.",
        60,
        44,
        Grass,
    );
    ground(&mut p);
    cafe(&mut p);
    square(&mut p);
    stage(&mut p);
    campfire(&mut p);
    picnic(&mut p);
    green(&mut p);
    p
}

fn ground(p: &mut Plan) {
    p.pool(39, 2, 57, 17, Meadow);
    p.pool(46, 22, 58, 34, Meadow);
    p.pool(35, 33, 50, 42, Meadow);
    p.pool(3, 21, 20, 27, Meadow);
    p.pool(20, 29, 26, 41, Meadow);
    p.pool(22, 14, 37, 27, Stone);
    p.fill(28, 26, 31, 42, Path);
    p.fill(8, 19, 23, 21, Path);
    p.fill(36, 19, 52, 21, Path);
    p.fill(10, 18, 12, 20, Path);
    p.fill(28, 8, 31, 15, Path);
    p.fill(22, 3, 37, 9, Deck);
    p.pool(2, 27, 18, 40, Sand);
    p.pool(4, 30, 14, 39, Water);
    p.pool(40, 27, 46, 32, Path);
    p.fill(43, 21, 44, 28, Path);
    p.spawn = (28, 36, 4, 4);
}

fn cafe(p: &mut Plan) {
    p.room(3, 3, 19, 14, Walnut, Style::Cream);
    p.fill(4, 4, 9, 14, Kitchen);
    p.fill(3, 4, 3, 14, Kitchen);
    p.door(10, 14, 3, Stone);
    p.area("Cafe", (4, 6, 15, 9), &[]);
    p.row(&["fridge", "counter-jars", "counter-stove", "counter-sink", "counter-coffee", "counter-fruit"], 4, 6);
    p.row(&["bar", "bar-taps", "bar-glasses", "bar", "bar"], 5, 9);
    for x in 5..9 {
        p.put_at("bar-stool", x, 10, 0, 0);
    }
    p.hang("shelf", 6, 3, 6);
    p.hang("window-teal", 12, 3, 8);
    p.hang("picture-2", 14, 3, 14);
    p.hang("window-teal", 17, 3, 8);
    p.hang("clock", 10, 3, 10);
    for (x, y) in [(13, 8), (17, 8), (16, 12)] {
        p.put("cafe-table", x, y);
        p.put("chair-wood-right", x - 1, y);
        p.put("chair-wood-left", x + 1, y);
    }
    p.put("plant-lemon", 11, 6);
    p.put("plant-monstera", 18, 14);
    p.put("sofa-red-right", 4, 14);
    p.put("rug-small-teal", 5, 14);
    p.put("coffee-table-walnut", 6, 13);
    p.put("lamp-floor", 4, 12);
    p.put("mat", 10, 14);
    facade(p, 14, &[5, 8, 17], &[4, 7], (10, 12));
    p.put("parasol", 14, 19);
    p.put("chair-birch-right", 13, 19);
    p.put("chair-birch-left", 16, 19);
    p.put("parasol", 5, 19);
    p.put("chair-birch-right", 4, 19);
    p.put("chair-birch-left", 7, 19);
    flower_beds(p, 17, &[7, 13, 16]);
}

fn square(p: &mut Plan) {
    p.put("fountain", 28, 21);
    p.area("Fountain", (22, 14, 16, 14), &[]);
    p.put("park-bench-down", 25, 17);
    p.put("park-bench-down", 33, 17);
    p.put("park-bench-up", 25, 25);
    p.put("park-bench-up", 33, 25);
    for (x, y) in [(23, 18), (36, 18), (23, 24), (36, 24), (27, 29), (32, 29), (27, 35), (32, 35)] {
        p.put("lantern", x, y);
    }
    for (x, y, c) in [(25, 28, "red"), (33, 28, "blue"), (25, 33, "gold"), (33, 33, "red")] {
        p.put(&format!("flower-bed-{c}"), x, y);
    }
    p.put("signpost", 27, 38);
    p.put("mailbox", 32, 39);
}

/// A stage of planks in the open, with benches on the grass.
fn stage(p: &mut Plan) {
    for x in 22..=37 {
        p.put_at("stage-edge", x, 9, 0, 10);
    }
    p.put("drums", 27, 5);
    p.put("speaker", 23, 6);
    p.put("speaker", 36, 6);
    p.put("guitar", 31, 6);
    p.put("microphone", 29, 8);
    p.put("planter-long", 33, 4);
    p.put("planter-long", 23, 4);
    p.area("Open stage", (22, 3, 16, 7), &["stage"]);
    for y in [12, 14] {
        p.put("lecture-bench", 25, y);
        p.put("lecture-bench", 33, y);
    }
}

fn campfire(p: &mut Plan) {
    p.put("campfire", 17, 31);
    for (name, x, y) in [("pouf-red", 15, 31), ("pouf-gold", 19, 31), ("pouf-teal", 17, 29), ("pouf-red", 17, 33)] {
        p.put(name, x, y);
    }
    p.area("Campfire", (14, 27, 7, 8), &[]);
    p.area("Pond", (3, 28, 12, 13), &[]);
    p.put("hammock", 17, 37);
    p.put("reeds", 4, 31);
    p.put("reeds", 13, 38);
    p.put("reeds", 5, 38);
    p.put("rock-big", 14, 35);
    p.put("log", 20, 34);
    for (x, y, dx) in [(7, 33, 0), (9, 36, 8), (11, 33, 4)] {
        p.put_at("lily", x, y, dx, 0);
    }
    p.put("park-bench-down", 8, 28);
}

fn picnic(p: &mut Plan) {
    p.area("Picnic lawn", (38, 23, 20, 18), &[]);
    p.put("picnic-table", 48, 26);
    p.put("picnic-table", 53, 31);
    p.put("picnic-table", 47, 36);
    p.put("table-football", 41, 30);
    p.put("parasol", 53, 25);
    p.put("chair-birch-right", 52, 25);
    p.put("chair-birch-left", 55, 25);
    p.put("rug-striped", 40, 36);
    p.put("pouf-teal", 40, 36);
    p.put("pouf-gold", 42, 36);
    p.put("chess-table", 52, 17);
    p.put("chair-wood-right", 51, 17);
    p.put("chair-wood-left", 53, 17);
    p.put("easel", 47, 16);
    p.put("easel", 44, 16);
    p.put("park-bench-down", 46, 11);
    p.put("bicycle", 49, 18);
    p.put("bicycle", 39, 18);
    p.area("Painters' corner", (39, 10, 16, 9), &[]);
}

fn green(p: &mut Plan) {
    p.hedge_ring();
    let trees = [
        ("tree-oak", 41, 6),
        ("tree-blossom", 46, 7),
        ("tree-pine", 50, 5),
        ("tree-birch", 54, 8),
        ("tree-oak-b", 57, 6),
        ("tree-autumn", 41, 13),
        ("tree-blossom", 56, 13),
        ("tree-oak", 51, 11),
        ("tree-pine", 57, 19),
        ("tree-oak", 57, 27),
        ("tree-autumn", 39, 25),
        ("tree-birch", 50, 30),
        ("tree-oak-b", 44, 34),
        ("tree-blossom", 38, 32),
        ("tree-oak", 37, 40),
        ("tree-pine", 42, 41),
        ("tree-autumn", 47, 41),
        ("tree-blossom", 52, 40),
        ("tree-oak", 56, 37),
        ("tree-birch", 23, 31),
        ("tree-oak-b", 22, 40),
        ("tree-oak", 24, 37),
        ("tree-pine", 2, 24),
        ("tree-blossom", 19, 24),
        ("tree-birch", 8, 25),
        ("tree-oak", 13, 25),
        ("tree-pine", 21, 13),
        ("tree-pine", 2, 41),
        ("tree-autumn", 18, 41),
    ];
    for (name, x, y) in trees {
        p.put(name, x, y);
    }
    let bushes = [
        ("bush", 39, 9),
        ("bush-berry", 44, 9),
        ("bush", 55, 21),
        ("bush-blossom", 47, 31),
        ("bush", 40, 41),
        ("bush-berry", 50, 41),
        ("bush", 26, 41),
        ("bush-blossom", 33, 41),
        ("bush", 16, 25),
        ("bush-berry", 21, 27),
        ("bush", 2, 17),
        ("bush", 20, 3),
        ("bush-berry", 20, 8),
        ("bush", 11, 41),
        ("bush-blossom", 38, 4),
    ];
    for (name, x, y) in bushes {
        p.put(name, x, y);
    }
    for (x, y) in
        [(40, 16), (46, 29), (54, 34), (43, 38), (38, 37), (22, 34), (11, 24), (48, 13), (57, 23), (24, 40), (34, 37)]
    {
        p.put("daisies", x, y);
    }
    for (x, y) in [(45, 13), (52, 22), (40, 28), (56, 33), (50, 38), (21, 30), (4, 25), (20, 38), (34, 31)] {
        p.put("grass-tall", x, y);
    }
    for (x, y) in [(9, 18), (20, 18), (40, 22), (48, 22), (42, 27), (45, 27)] {
        p.put("lantern", x, y);
    }
}
