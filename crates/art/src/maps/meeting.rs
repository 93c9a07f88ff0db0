//! Meeting rooms: six rooms of different sizes along a corridor, and a lecture hall.

use super::plan::Plan;
use crate::objects::Catalogue;
use crate::tiles::floors::Material::*;
use crate::tiles::walls::Style;

pub fn plan(catalogue: &Catalogue) -> Plan<'_> {
    let mut p = Plan::new(catalogue, "Meeting rooms", "Rooms for two, four and ten along a bright corridor, and a hall with a stage.", 52, 36, Grass);
    p.room(3, 2, 48, 30, Wood, Style::Cream);
    p.hedge_ring();
    p.spawn = (24, 26, 4, 3);
    p.area("Corridor", (4, 15, 44, 4), &[]);
    p
}
