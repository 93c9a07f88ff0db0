//! From a plan to tile layers: variants by position, fringes and walls by neighbourhood.

use super::plan::{Line, Plan};
use crate::tiles::Bank;
use crate::tiles::floors::Material;
use crate::tiles::fringe::{AROUND, canonical};
use crate::tiles::walls::{LEFT, RIGHT, Style};

pub const LAYERS: [&str; 6] = ["floor", "floor-edge", "walls", "walls-right", "walls-shadow", "above"];

/// Tile layers by name; 0 is empty, otherwise tile id + 1.
pub struct Painted {
    pub layers: Vec<(&'static str, Vec<u32>)>,
    pub collision: Vec<u32>,
}

struct Painter<'a, 'b> {
    plan: &'a Plan<'b>,
    bank: &'a Bank,
    out: Painted,
}

pub fn paint(plan: &Plan, bank: &Bank) -> Painted {
    let cells = (plan.w * plan.h) as usize;
    let layers = LAYERS.iter().map(|name| (*name, vec![0; cells])).collect();
    let mut painter = Painter { plan, bank, out: Painted { layers, collision: vec![0; cells] } };
    for y in 0..plan.h {
        for x in 0..plan.w {
            painter.floor(x, y);
            painter.wall(x, y);
            if plan.solid(x, y) {
                painter.out.collision[(y * plan.w + x) as usize] = 1;
            }
        }
    }
    painter.out
}

impl Painter<'_, '_> {
    fn set(&mut self, layer: &str, x: i32, y: i32, tile: &str) {
        let id = self.bank.find(tile);
        debug_assert!(id.is_some(), "no tile is called {tile}");
        if x < 0 || y < 0 || x >= self.plan.w || y >= self.plan.h {
            return;
        }
        let i = (y * self.plan.w + x) as usize;
        if let (Some(id), Some((_, cells))) = (id, self.out.layers.iter_mut().find(|l| l.0 == layer)) {
            cells[i] = id + 1;
        }
    }

    /// Ground as drawn: a cell with a standing wall shows what lies to its left, and to its right on top of that.
    fn shown(&self, x: i32, y: i32) -> (Material, Option<Material>) {
        let p = self.plan;
        if p.is_line(x, y)
            && (p.is_line(x, y - 1) || (p.is_line(x, y + 1) && !p.is_line(x - 1, y) && !p.is_line(x + 1, y)))
        {
            let (left, right) = (p.ground(x - 1, y), p.ground(x + 1, y));
            return (left, (left != right).then_some(right));
        }
        (p.ground(x, y), None)
    }

    fn floor(&mut self, x: i32, y: i32) {
        let (material, half) = self.shown(x, y);
        self.set("floor", x, y, &format!("{}/{}", material.name(), material.variant_at(x, y)));
        if let Some(right) = half {
            self.set("floor-edge", x, y, &format!("half/{}", right.name()));
            return;
        }
        if material == Material::Water {
            let land = self.mask(x, y, |m| m != Material::Water);
            let sandy = self.mask(x, y, |m| m == Material::Sand) != 0;
            self.fringe("floor-edge", if sandy { "shore" } else { "bank" }, land, x, y);
            return;
        }
        let p = self.plan;
        if matches!(material, Material::CarpetBlue | Material::CarpetTeal | Material::CarpetRose) {
            // Walls hide the carpet's edge; only where floor meets floor is there a border.
            let mask = self.mask_where(x, y, |nx, ny| {
                let walled = (0..3).any(|d| p.is_line(nx, ny - d)) || p.is_line(x, y);
                !walled && p.ground(nx, ny) != material
            });
            self.fringe("floor-edge", "runner", mask, x, y);
            return;
        }
        let lawn = |m: Material| matches!(m, Material::Grass | Material::Meadow);
        let (mask, style) = match material {
            Material::Path | Material::Stone | Material::Sand => (self.mask(x, y, lawn), "grass"),
            Material::Grass | Material::Meadow => match self.mask(x, y, |m| m == Material::Deck) {
                0 if material == Material::Meadow => (self.mask(x, y, |m| m == Material::Grass), "lawn"),
                deck => (deck, "trim"),
            },
            _ => return,
        };
        self.fringe("floor-edge", style, mask, x, y);
    }

    fn mask(&self, x: i32, y: i32, differs: impl Fn(Material) -> bool) -> u8 {
        self.mask_where(x, y, |nx, ny| differs(self.shown(nx, ny).0))
    }

    fn mask_where(&self, x: i32, y: i32, differs: impl Fn(i32, i32) -> bool) -> u8 {
        let p = self.plan;
        let mut mask = 0;
        for (bit, (dx, dy)) in AROUND.iter().enumerate() {
            let (nx, ny) = (x + dx, y + dy);
            let inside = nx >= 0 && ny >= 0 && nx < p.w && ny < p.h;
            if inside && differs(nx, ny) {
                mask |= 1 << bit;
            }
        }
        canonical(mask)
    }

    fn fringe(&mut self, layer: &str, style: &str, mask: u8, x: i32, y: i32) {
        if mask != 0 {
            self.set(layer, x, y, &format!("fringe/{style}/{mask}"));
        }
    }

    fn wall(&mut self, x: i32, y: i32) {
        let p = self.plan;
        if !p.is_line(x, y) {
            return;
        }
        let (n, e, s, w) = (p.is_line(x, y - 1), p.is_line(x + 1, y), p.is_line(x, y + 1), p.is_line(x - 1, y));
        let top = u8::from(n) | u8::from(e) << 1 | u8::from(s) << 2 | u8::from(w) << 3;
        self.set("above", x, y, &format!("top/{top}"));
        if let Line::Door { first, last } = p.line(x, y) {
            let side = if first {
                "left"
            } else if last {
                "right"
            } else {
                "mid"
            };
            self.set("above", x, y + 1, &format!("lintel/{side}"));
            self.set("walls", x, y + 1, &format!("jamb/upper/{side}"));
            self.set("walls", x, y + 2, &format!("jamb/lower/{side}"));
            return;
        }
        let mask = if w { LEFT } else { 0 } | if e { RIGHT } else { 0 };
        let stands = s && !p.is_line(x - 1, y) && !p.is_line(x + 1, y);
        if !stands {
            // Where a wall stands below, two rooms meet: each half of the face belongs to its own.
            let halves: &[(&str, u8, i32)] =
                if s { &[("walls", LEFT, -1), ("walls-right", RIGHT, 1)] } else { &[("walls", LEFT | RIGHT, 0)] };
            for (layer, half, dx) in halves {
                if s && mask & half == 0 {
                    continue;
                }
                let style = self.face_style(x + dx, y + 3);
                for (part, dy) in [("upper", 1), ("lower", 2)] {
                    self.set(layer, x, y + dy, &format!("face/{}/{part}/{}", style.name(), mask & half));
                }
            }
            if !p.is_line(x, y + 2) && !p.is_line(x, y + 1) {
                self.set("walls-shadow", x, y + 3, &format!("shadow/below/{mask}"));
            }
        }
        if s || n {
            // A standing wall throws its shadow to the right of its foot, two cells below its top.
            if !(p.is_line(x + 1, y + 1) || p.is_line(x + 1, y)) {
                self.set("walls-shadow", x, y + 2, "shadow/right");
            }
        }
    }
    fn face_style(&self, x: i32, y: i32) -> Style {
        // Only rooms have a style: everything else looks at the house from outside.
        self.plan.style(x, y).unwrap_or(self.plan.outside)
    }
}
