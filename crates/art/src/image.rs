//! A true-colour picture for looking at the art: the only place where colours are mixed.

use crate::canvas::Canvas;
use crate::palette::rgb;

pub struct Image {
    pub w: i32,
    pub h: i32,
    px: Vec<[f32; 3]>,
}

impl Image {
    pub fn new(w: i32, h: i32, fill: u32) -> Self {
        Self { w, h, px: vec![channels(fill); (w * h) as usize] }
    }

    pub fn mix(&mut self, x: i32, y: i32, colour: [f32; 3], alpha: f32) {
        if let Some(px) = self.at(x, y) {
            for (old, new) in px.iter_mut().zip(colour) {
                *old += (new - *old) * alpha;
            }
        }
    }

    pub fn add(&mut self, x: i32, y: i32, colour: [f32; 3], amount: f32) {
        if let Some(px) = self.at(x, y) {
            for (old, new) in px.iter_mut().zip(colour) {
                *old = (*old + new * amount).min(255.0);
            }
        }
    }

    pub fn tint(&mut self, by: [f32; 3]) {
        for px in &mut self.px {
            for (old, factor) in px.iter_mut().zip(by) {
                *old = (*old * factor).min(255.0);
            }
        }
    }

    pub fn draw(&mut self, canvas: &Canvas, x: i32, y: i32) {
        for cy in 0..canvas.h {
            for cx in 0..canvas.w {
                let px = canvas.get(cx, cy);
                if px.alpha > 0 {
                    self.mix(x + cx, y + cy, rgb(px.ink).map(f32::from), f32::from(px.alpha) / 255.0);
                }
            }
        }
    }

    pub fn draw_colours(&mut self, colours: &[u32], w: i32, x: i32, y: i32) {
        for (i, colour) in colours.iter().enumerate().filter(|c| *c.1 != 0) {
            self.mix(x + i as i32 % w, y + i as i32 / w, channels(*colour), 1.0);
        }
    }

    pub fn scaled(&self, k: i32) -> Image {
        let mut out = Image::new(self.w * k, self.h * k, 0);
        for y in 0..out.h {
            for x in 0..out.w {
                out.px[(y * out.w + x) as usize] = self.px[((y / k) * self.w + x / k) as usize];
            }
        }
        out
    }

    pub fn crop(&self, x: i32, y: i32, w: i32, h: i32) -> Image {
        let mut out = Image::new(w, h, 0);
        for yy in 0..h.min(self.h - y) {
            for xx in 0..w.min(self.w - x) {
                out.px[(yy * w + xx) as usize] = self.px[((y + yy) * self.w + x + xx) as usize];
            }
        }
        out
    }

    pub fn rgba(&self) -> Vec<u8> {
        self.px.iter().flat_map(|p| [p[0].round() as u8, p[1].round() as u8, p[2].round() as u8, 255]).collect()
    }

    fn at(&mut self, x: i32, y: i32) -> Option<&mut [f32; 3]> {
        (x >= 0 && y >= 0 && x < self.w && y < self.h).then(|| &mut self.px[(y * self.w + x) as usize])
    }
}

pub fn channels(colour: u32) -> [f32; 3] {
    [(colour >> 16) as u8, (colour >> 8) as u8, colour as u8].map(f32::from)
}

impl Image {
    pub fn paste(&mut self, from: &Image, x: i32, y: i32) {
        for yy in 0..from.h {
            for xx in 0..from.w {
                self.mix(x + xx, y + yy, from.px[(yy * from.w + xx) as usize], 1.0);
            }
        }
    }
}
