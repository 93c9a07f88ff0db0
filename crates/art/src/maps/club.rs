//! The club room: a bar, games and music.

use super::plan::Plan;
use crate::objects::Catalogue;
use crate::tiles::floors::Material::*;
use crate::tiles::walls::Style;

pub fn plan(catalogue: &Catalogue) -> Plan<'_> {
    let mut p = Plan::new(catalogue, "Club room", "A bar, games, a small stage.", 52, 36, Grass);
    p.room(3, 2, 48, 30, Wood, Style::Cream);
    p.hedge_ring();
    p.spawn = (24, 26, 4, 3);
    p.area("Bar", (4, 15, 44, 4), &[]);
    p
}
