//! Packs every frame of every object into one image, tallest first on shelves: simple, and the same every time.

use super::Catalogue;
use crate::canvas::Canvas;

const WIDTH: i32 = 1024;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub object: usize,
    pub frame: usize,
    pub x: i32,
    pub y: i32,
}

pub struct Atlas {
    pub canvas: Canvas,
    /// In catalogue order, frames after each other: the index is the tile id in the `objects` tileset.
    pub places: Vec<Place>,
}

impl Atlas {
    pub fn pack(catalogue: &Catalogue) -> Self {
        let mut places: Vec<Place> = Vec::new();
        for (object, o) in catalogue.objects.iter().enumerate() {
            places.extend((0..o.frames.len()).map(|frame| Place { object, frame, x: 0, y: 0 }));
        }
        let mut order: Vec<usize> = (0..places.len()).collect();
        order.sort_by_key(|&i| (-catalogue.objects[places[i].object].h(), i));
        let (mut x, mut y, mut shelf) = (0, 0, 0);
        for i in order {
            let o = &catalogue.objects[places[i].object];
            if x + o.w() > WIDTH {
                (x, y, shelf) = (0, y + shelf, 0);
            }
            (places[i].x, places[i].y) = (x, y);
            // One empty pixel between neighbours, against bleeding at odd zooms.
            x += o.w() + 1;
            shelf = shelf.max(o.h() + 1);
        }
        let mut canvas = Canvas::new(WIDTH, y + shelf);
        for place in &places {
            canvas.blit(&catalogue.objects[place.object].frames[place.frame], place.x, place.y);
        }
        Self { canvas, places }
    }

    /// Tile id of an object's first frame.
    pub fn id_of(&self, object: usize) -> u32 {
        self.places.iter().position(|p| p.object == object).unwrap_or(0) as u32
    }
}
