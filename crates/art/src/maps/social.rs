//! The social space: a small park with a cafe.

use super::plan::Plan;
use crate::objects::Catalogue;
use crate::tiles::floors::Material::*;
use crate::tiles::walls::Style;

pub fn plan(catalogue: &Catalogue) -> Plan<'_> {
    let mut p = Plan::new(catalogue, "Social space", "A park with a fountain, a cafe and a campfire.", 52, 36, Grass);
    p.room(3, 2, 48, 30, Wood, Style::Cream);
    p.hedge_ring();
    p.spawn = (24, 26, 4, 3);
    p.area("Cafe", (4, 15, 44, 4), &[]);
    p
}
