//! A map as its designer thinks of it: ground, wall lines, openings, furniture, named areas.
//! A wall line is one cell thick on paper; its face takes the two cells below it. Deliberately absent: tile ids.

use crate::canvas::hash;
use crate::objects::{Catalogue, Facing, Object};
use crate::palette::Ink;
use crate::tiles::floors::Material;
use crate::tiles::walls::Style;

pub struct Plan<'a> {
    pub catalogue: &'a Catalogue,
    pub title: &'static str,
    pub about: &'static str,
    pub w: i32,
    pub h: i32,
    /// What faces look like where they look out on a garden.
    pub outside: Style,
    ground: Vec<Material>,
    style: Vec<Option<Style>>,
    line: Vec<Line>,
    blocked: Vec<bool>,
    pub placed: Vec<Placed>,
    pub seats: Vec<Seat>,
    pub lights: Vec<Lamp>,
    pub areas: Vec<Area>,
    pub spawn: (i32, i32, i32, i32),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Line {
    None,
    Wall,
    /// The wall's top goes on, the face is open.
    Door {
        first: bool,
        last: bool,
    },
}

pub struct Placed {
    pub object: usize,
    pub x: i32,
    pub bottom: i32,
}

pub struct Seat {
    pub x: i32,
    pub y: i32,
    pub facing: Facing,
    pub seat_y: i32,
}

pub struct Lamp {
    pub x: i32,
    pub y: i32,
    pub colour: Ink,
    pub radius: i32,
    pub kind: &'static str,
}

pub struct Area {
    pub name: &'static str,
    pub rect: (i32, i32, i32, i32),
    pub flags: &'static [&'static str],
}

impl<'a> Plan<'a> {
    pub fn new(
        catalogue: &'a Catalogue,
        title: &'static str,
        about: &'static str,
        w: i32,
        h: i32,
        base: Material,
    ) -> Self {
        let cells = (w * h) as usize;
        Self {
            catalogue,
            title,
            about,
            w,
            h,
            outside: Style::Brick,
            ground: vec![base; cells],
            style: vec![None; cells],
            line: vec![Line::None; cells],
            blocked: vec![false; cells],
            placed: Vec::new(),
            seats: Vec::new(),
            lights: Vec::new(),
            areas: Vec::new(),
            spawn: (0, 0, 0, 0),
        }
    }

    fn at(&self, x: i32, y: i32) -> usize {
        (y.clamp(0, self.h - 1) * self.w + x.clamp(0, self.w - 1)) as usize
    }

    pub fn ground(&self, x: i32, y: i32) -> Material {
        self.ground[self.at(x, y)]
    }

    pub fn style(&self, x: i32, y: i32) -> Option<Style> {
        self.style[self.at(x, y)]
    }

    pub fn line(&self, x: i32, y: i32) -> Line {
        if x < 0 || y < 0 || x >= self.w || y >= self.h { Line::None } else { self.line[self.at(x, y)] }
    }

    pub fn is_line(&self, x: i32, y: i32) -> bool {
        self.line(x, y) != Line::None
    }

    /// Fills cells with ground, both corners included.
    pub fn fill(&mut self, x0: i32, y0: i32, x1: i32, y1: i32, material: Material) {
        for y in y0..=y1 {
            for x in x0..=x1 {
                let i = self.at(x, y);
                self.ground[i] = material;
            }
        }
    }

    /// A blob of ground with a soft shape: ponds, flower meadows, clearings.
    pub fn pool(&mut self, x0: i32, y0: i32, x1: i32, y1: i32, material: Material) {
        let (cx, cy) = ((x0 + x1) as f32 / 2.0, (y0 + y1) as f32 / 2.0);
        let (rx, ry) = ((x1 - x0 + 1) as f32 / 2.0, (y1 - y0 + 1) as f32 / 2.0);
        for y in y0..=y1 {
            for x in x0..=x1 {
                let (fx, fy) = ((x as f32 - cx) / rx, (y as f32 - cy) / ry);
                if fx * fx + fy * fy < 1.0 {
                    let i = self.at(x, y);
                    self.ground[i] = material;
                }
            }
        }
    }

    /// Four walls round a floor. The corners are those of the wall lines; the floor that can be walked on is
    /// `x0 + 1 ..= x1 - 1` by `y0 + 3 ..= y1`.
    pub fn room(&mut self, x0: i32, y0: i32, x1: i32, y1: i32, floor: Material, style: Style) {
        self.wall(x0, y0, x1, y0);
        self.wall(x0, y1, x1, y1);
        self.wall(x0, y0, x0, y1);
        self.wall(x1, y0, x1, y1);
        self.floor(x0, y0, x1, y1, floor, style);
    }

    /// Floor and wall style of a room whose walls stand already.
    pub fn floor(&mut self, x0: i32, y0: i32, x1: i32, y1: i32, floor: Material, style: Style) {
        self.fill(x0, y0 + 1, x1, y1, floor);
        for y in y0 + 1..=y1 {
            for x in x0..=x1 {
                let i = self.at(x, y);
                self.style[i] = Some(style);
            }
        }
    }

    pub fn wall(&mut self, x0: i32, y0: i32, x1: i32, y1: i32) {
        for y in y0..=y1 {
            for x in x0..=x1 {
                let i = self.at(x, y);
                self.line[i] = Line::Wall;
            }
        }
    }

    /// An opening under a lintel in a wall that runs left to right.
    pub fn door(&mut self, x: i32, y: i32, wide: i32, floor: Material) {
        for dx in 0..wide {
            let i = self.at(x + dx, y);
            self.line[i] = Line::Door { first: dx == 0, last: dx == wide - 1 };
        }
        self.fill(x, y + 1, x + wide - 1, y + 2, floor);
    }

    /// An opening in a wall that runs up and down: the two lower rows of the gap can be walked through.
    pub fn gap(&mut self, x: i32, y0: i32, y1: i32) {
        for y in y0..=y1 {
            let i = self.at(x, y);
            self.line[i] = Line::None;
        }
    }

    pub fn block(&mut self, x0: i32, y0: i32, x1: i32, y1: i32) {
        for y in y0..=y1 {
            for x in x0..=x1 {
                let i = self.at(x, y);
                self.blocked[i] = true;
            }
        }
    }

    fn object(&self, name: &str) -> (usize, &'a Object) {
        // A misspelt name would leave a hole in a template: the tests look for this marker.
        let index = self.catalogue.find(name).unwrap_or(0);
        debug_assert!(self.catalogue.find(name).is_some(), "no object is called {name}");
        (index, &self.catalogue.objects[index])
    }

    pub fn put(&mut self, name: &str, x: i32, y: i32) {
        self.put_at(name, x, y, 0, 0);
    }

    /// Puts an object with the lower left of its footprint on a cell, moved by some pixels.
    pub fn put_at(&mut self, name: &str, x: i32, y: i32, dx: i32, dy: i32) {
        let (index, object) = self.object(name);
        let cells = if object.foot.0 > 0 { object.foot.0 } else { ((object.w() + 12) / 32).max(1) };
        let left = x * 32 + (cells * 32 - object.w()) / 2 + dx;
        let bottom = (y + 1) * 32 + object.drop + dy;
        if object.foot.0 > 0 {
            self.block(x, y - object.foot.1 + 1, x + object.foot.0 - 1, y);
        }
        for seat in &object.seats {
            // A seat is a tile: its chair may move up and down within it, never between two.
            debug_assert!(dx == 0, "{name} stands between two tiles");
            self.seats.push(Seat { x: x + seat.dx, y: y - seat.dy, facing: seat.facing, seat_y: seat.seat_y + dy });
        }
        self.add(index, left, bottom);
    }

    pub fn row(&mut self, names: &[&str], x: i32, y: i32) {
        for (i, name) in names.iter().enumerate() {
            if !name.is_empty() {
                self.put(name, x + i as i32, y);
            }
        }
    }

    /// Hangs an object on the face below a wall line; windows throw their patch of light on the floor.
    pub fn hang(&mut self, name: &str, x: i32, line_y: i32, top: i32) {
        let (index, object) = self.object(name);
        let bottom = (line_y + 1) * 32 + top + object.h();
        self.add(index, x * 32 + 16 - object.w() / 2, bottom);
        let light = match name {
            "window" | "window-teal" => "sunlight",
            "window-wide" => "sunlight-wide",
            _ => return,
        };
        let (patch, sun) = self.object(light);
        self.add(patch, x * 32 + 26 - sun.w() / 2, (line_y + 3) * 32 + 8 + sun.h());
    }

    fn add(&mut self, object: usize, x: i32, bottom: i32) {
        let o = &self.catalogue.objects[object];
        self.placed.push(Placed { object, x, bottom });
        for l in &o.lights {
            self.lights.push(Lamp {
                x: x + o.w() / 2 + l.dx,
                y: bottom + l.dy,
                colour: l.colour,
                radius: l.radius,
                kind: l.kind,
            });
        }
    }

    pub fn area(&mut self, name: &'static str, rect: (i32, i32, i32, i32), flags: &'static [&'static str]) {
        self.areas.push(Area { name, rect, flags });
    }

    /// A hedge all round, so that the edge of the world is a garden's.
    pub fn hedge_ring(&mut self) {
        for x in 0..self.w {
            self.hedge(x, 0);
            self.hedge(x, self.h - 1);
        }
        for y in 1..self.h - 1 {
            self.hedge(0, y);
            self.hedge(self.w - 1, y);
        }
    }

    pub fn hedge(&mut self, x: i32, y: i32) {
        let name = ["hedge-0", "hedge-1", "hedge-2"][(hash(x, y, 41) % 3) as usize];
        self.put(name, x, y);
    }

    /// The only truth about collision: the outer ring, faces and wall ends, water, footprints.
    pub fn solid(&self, x: i32, y: i32) -> bool {
        if x <= 0 || y <= 0 || x >= self.w - 1 || y >= self.h - 1 {
            return true;
        }
        let under = |d: i32| self.line(x, y - d) == Line::Wall;
        self.blocked[self.at(x, y)]
            || under(1)
            || under(2)
            || matches!(self.ground(x, y), Material::Water | Material::Void)
    }

    /// Cells that cannot be walked to from the spawn rectangle.
    pub fn unreachable(&self) -> Vec<(i32, i32)> {
        let mut seen = vec![false; self.line.len()];
        let (sx, sy, sw, sh) = self.spawn;
        let mut todo: Vec<(i32, i32)> =
            (sy..sy + sh).flat_map(|y| (sx..sx + sw).map(move |x| (x, y))).filter(|c| !self.solid(c.0, c.1)).collect();
        todo.truncate(1);
        while let Some((x, y)) = todo.pop() {
            let i = self.at(x, y);
            if seen[i] || self.solid(x, y) {
                continue;
            }
            seen[i] = true;
            todo.extend([(x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)]);
        }
        (0..self.h)
            .flat_map(|y| (0..self.w).map(move |x| (x, y)))
            .filter(|&(x, y)| !self.solid(x, y) && !seen[self.at(x, y)])
            .collect()
    }
}
