//! A small indexed canvas: every pixel is an ink and an alpha, so nothing outside the palette can be drawn.
//! Alpha below 255 is for contact shadows and light patches only; there is deliberately no blending of inks.

use crate::palette::{INK0, Ink, outline_of};

#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Px {
    pub ink: Ink,
    pub alpha: u8,
}

/// The one shadow: violet-black, light enough that the floor's pattern still shows.
pub const SHADOW_ALPHA: u8 = 62;

#[derive(Clone, PartialEq, Eq)]
pub struct Canvas {
    pub w: i32,
    pub h: i32,
    px: Vec<Px>,
}

impl Canvas {
    pub fn new(w: i32, h: i32) -> Self {
        Self { w, h, px: vec![Px::default(); (w * h) as usize] }
    }

    pub fn get(&self, x: i32, y: i32) -> Px {
        if x < 0 || y < 0 || x >= self.w || y >= self.h { Px::default() } else { self.px[(y * self.w + x) as usize] }
    }

    pub fn solid(&self, x: i32, y: i32) -> bool {
        self.get(x, y).alpha == 255
    }

    pub fn put(&mut self, x: i32, y: i32, px: Px) {
        if x >= 0 && y >= 0 && x < self.w && y < self.h {
            self.px[(y * self.w + x) as usize] = px;
        }
    }

    pub fn dot(&mut self, x: i32, y: i32, ink: Ink) {
        self.put(x, y, Px { ink, alpha: if ink == 0 { 0 } else { 255 } });
    }

    pub fn dots(&mut self, at: &[(i32, i32)], ink: Ink) {
        for &(x, y) in at {
            self.dot(x, y, ink);
        }
    }

    /// A dot that stays inside what is drawn already.
    pub fn tint(&mut self, x: i32, y: i32, ink: Ink) {
        if self.solid(x, y) {
            self.dot(x, y, ink);
        }
    }

    pub fn rect(&mut self, x: i32, y: i32, w: i32, h: i32, ink: Ink) {
        for yy in y..y + h {
            for xx in x..x + w {
                self.dot(xx, yy, ink);
            }
        }
    }

    pub fn rect_alpha(&mut self, x: i32, y: i32, w: i32, h: i32, ink: Ink, alpha: u8) {
        for yy in y..y + h {
            for xx in x..x + w {
                if self.get(xx, yy).alpha < alpha {
                    self.put(xx, yy, Px { ink, alpha });
                }
            }
        }
    }

    pub fn h(&mut self, x: i32, y: i32, w: i32, ink: Ink) {
        self.rect(x, y, w, 1, ink);
    }

    pub fn v(&mut self, x: i32, y: i32, h: i32, ink: Ink) {
        self.rect(x, y, 1, h, ink);
    }

    pub fn frame(&mut self, x: i32, y: i32, w: i32, h: i32, ink: Ink) {
        self.h(x, y, w, ink);
        self.h(x, y + h - 1, w, ink);
        self.v(x, y, h, ink);
        self.v(x + w - 1, y, h, ink);
    }

    /// A filled rectangle whose corners are cut like a circle of radius `r` would cut them.
    pub fn rrect(&mut self, x: i32, y: i32, w: i32, h: i32, r: i32, ink: Ink) {
        for yy in 0..h {
            let cut = corner_cut(yy, h, r);
            self.rect(x + cut, y + yy, w - 2 * cut, 1, ink);
        }
    }

    pub fn oval(&mut self, x: i32, y: i32, w: i32, h: i32, ink: Ink) {
        for (yy, x0, x1) in oval_spans(w, h) {
            self.rect(x + x0, y + yy, x1 - x0, 1, ink);
        }
    }

    pub fn line(&mut self, x0: i32, y0: i32, x1: i32, y1: i32, ink: Ink) {
        let steps = (x1 - x0).abs().max((y1 - y0).abs()).max(1);
        for i in 0..=steps {
            let along = |a: i32, b: i32| a + (((b - a) * i * 2 + steps * (b - a).signum()) / (steps * 2));
            self.dot(along(x0, x1), along(y0, y1), ink);
        }
    }

    pub fn poly(&mut self, points: &[(i32, i32)], ink: Ink) {
        for y in 0..self.h {
            let mut cuts: Vec<f32> = Vec::new();
            for i in 0..points.len() {
                let (a, b) = (points[i], points[(i + 1) % points.len()]);
                let fy = y as f32 + 0.5;
                if (a.1 as f32 <= fy) != (b.1 as f32 <= fy) {
                    cuts.push(a.0 as f32 + (fy - a.1 as f32) * (b.0 - a.0) as f32 / (b.1 - a.1) as f32);
                }
            }
            cuts.sort_by(f32::total_cmp);
            for pair in cuts.chunks_exact(2) {
                let (x0, x1) = (pair[0].round() as i32, pair[1].round() as i32);
                self.rect(x0, y, x1 - x0, 1, ink);
            }
        }
    }

    /// Draws rows of characters; `.` and space are nothing, digits are tones of the ramp, letters come from `extra`.
    pub fn art(&mut self, x: i32, y: i32, rows: &[&str], ramp: &[Ink], extra: &[(char, Ink)]) {
        for (yy, row) in rows.iter().enumerate() {
            for (xx, ch) in row.chars().enumerate() {
                let ink = match ch.to_digit(10) {
                    Some(tone) => ramp.get(tone as usize).copied(),
                    None => extra.iter().find(|e| e.0 == ch).map(|e| e.1),
                };
                if let Some(ink) = ink {
                    self.dot(x + xx as i32, y + yy as i32, ink);
                }
            }
        }
    }

    pub fn blit(&mut self, from: &Canvas, x: i32, y: i32) {
        for yy in 0..from.h {
            for xx in 0..from.w {
                let px = from.get(xx, yy);
                if px.alpha > self.get(x + xx, y + yy).alpha || px.alpha == 255 {
                    self.put(x + xx, y + yy, px);
                }
            }
        }
    }

    pub fn crop(&self, x: i32, y: i32, w: i32, h: i32) -> Canvas {
        let mut out = Canvas::new(w, h);
        for yy in 0..h {
            for xx in 0..w {
                out.put(xx, yy, self.get(x + xx, y + yy));
            }
        }
        out
    }

    pub fn flipped(&self) -> Canvas {
        let mut out = Canvas::new(self.w, self.h);
        for y in 0..self.h {
            for x in 0..self.w {
                out.put(self.w - 1 - x, y, self.get(x, y));
            }
        }
        out
    }

    /// A contact shadow: only where nothing is drawn, so it can be added last.
    pub fn shadow_oval(&mut self, x: i32, y: i32, w: i32, h: i32) {
        for (yy, x0, x1) in oval_spans(w, h) {
            self.rect_alpha(x + x0, y + yy, x1 - x0, 1, INK0, SHADOW_ALPHA);
        }
    }

    pub fn shadow_rect(&mut self, x: i32, y: i32, w: i32, h: i32) {
        self.rect_alpha(x + 1, y, w - 2, h, INK0, SHADOW_ALPHA);
        self.rect_alpha(x, y + 1, w, h - 2, INK0, SHADOW_ALPHA);
    }

    /// Outlines what is drawn in a darker hue of each fill, softer where the light comes from (above and left).
    pub fn outline(&mut self) {
        self.outline_with(outline_of);
    }

    pub fn outline_with(&mut self, choose: impl Fn(Ink, bool) -> Ink) {
        let before = self.clone();
        for y in 0..self.h {
            for x in 0..self.w {
                if before.solid(x, y) {
                    continue;
                }
                // Below and right of a fill is its shadow side: those neighbours win.
                let around = [(0, -1, false), (-1, 0, false), (1, 0, true), (0, 1, true)];
                if let Some((dx, dy, lit)) = around.iter().find(|(dx, dy, _)| before.solid(x + dx, y + dy)) {
                    let ink = choose(before.get(x + dx, y + dy).ink, *lit);
                    self.dot(x, y, ink);
                }
            }
        }
    }

    pub fn pixels(&self) -> &[Px] {
        &self.px
    }
}

/// How far row `y` of a shape `h` tall is cut in by corners of radius `r`.
fn corner_cut(y: i32, h: i32, r: i32) -> i32 {
    let edge = y.min(h - 1 - y);
    if edge >= r {
        return 0;
    }
    let dy = r as f32 - edge as f32 - 0.5;
    let reach = ((r * r) as f32 - dy * dy).max(0.0).sqrt();
    (r as f32 - reach).round() as i32
}

fn oval_spans(w: i32, h: i32) -> impl Iterator<Item = (i32, i32, i32)> {
    (0..h).filter_map(move |y| {
        let fy = (y as f32 + 0.5 - h as f32 / 2.0) / (h as f32 / 2.0);
        let half = (1.0 - fy * fy).max(0.0).sqrt() * w as f32 / 2.0;
        let x0 = (w as f32 / 2.0 - half).round() as i32;
        let x1 = w - x0;
        (x1 > x0).then_some((y, x0, x1))
    })
}

/// One number from a position and a salt, the same on every machine: chooses variants without a random source.
pub fn hash(x: i32, y: i32, salt: u32) -> u32 {
    let mut v =
        (x as u32).wrapping_mul(0x9e37_79b1) ^ (y as u32).wrapping_mul(0x85eb_ca77) ^ salt.wrapping_mul(0xc2b2_ae3d);
    v ^= v >> 15;
    v = v.wrapping_mul(0x2c1b_3c6d);
    v ^= v >> 12;
    v = v.wrapping_mul(0x297a_2d39);
    v ^ (v >> 15)
}
