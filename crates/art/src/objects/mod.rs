//! Furniture and everything else that stands on a floor or hangs on a wall: drawing, footprint, seats and lights in one place.
//! Deliberately absent: where things stand (see `maps`).

pub mod atlas;
pub mod club;
pub mod garden;
pub mod hung;
pub mod kit;
pub mod kitchen;
pub mod lecture;
pub mod lounge;
pub mod office;
pub mod plants;
pub mod rugs;
pub mod seats;
pub mod trees;

use crate::canvas::Canvas;
use crate::palette::Ink;
use std::collections::BTreeMap;

/// Below everything that stands: rugs, light patches, things painted on the floor.
pub const FLAT: i32 = -1000;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Facing {
    Down,
    Up,
    Left,
    Right,
}

impl Facing {
    pub fn name(self) -> &'static str {
        match self {
            Self::Down => "down",
            Self::Up => "up",
            Self::Left => "left",
            Self::Right => "right",
        }
    }
}

/// A place to sit: tiles from the footprint's lower left, upwards positive.
#[derive(Clone, Copy, Debug)]
pub struct Seat {
    pub dx: i32,
    pub dy: i32,
    pub facing: Facing,
    pub seat_y: i32,
}

/// A light: pixels from the middle of the sprite's bottom edge, upwards negative.
#[derive(Clone, Copy, Debug)]
pub struct Light {
    pub dx: i32,
    pub dy: i32,
    pub colour: Ink,
    pub radius: i32,
    pub kind: &'static str,
}

#[derive(Clone)]
pub struct Object {
    pub name: String,
    pub frames: Vec<Canvas>,
    pub ms: u32,
    /// Tiles that nobody can walk on, from the lower left; 0 x 0 for none.
    pub foot: (i32, i32),
    /// How far the sprite's bottom lies below the footprint's.
    pub drop: i32,
    pub sort: i32,
    pub glow: Option<Ink>,
    pub sway: bool,
    pub seats: Vec<Seat>,
    pub lights: Vec<Light>,
}

impl Object {
    pub fn new(name: impl Into<String>, canvas: Canvas) -> Self {
        Self::animated(name, vec![canvas], 0)
    }

    pub fn animated(name: impl Into<String>, frames: Vec<Canvas>, ms: u32) -> Self {
        let name = name.into();
        Self {
            name,
            frames,
            ms,
            foot: (0, 0),
            drop: 0,
            sort: 0,
            glow: None,
            sway: false,
            seats: Vec::new(),
            lights: Vec::new(),
        }
    }

    pub fn foot(mut self, w: i32, h: i32) -> Self {
        self.foot = (w, h);
        self
    }

    pub fn drop(mut self, px: i32) -> Self {
        self.drop = px;
        self
    }

    pub fn sort(mut self, px: i32) -> Self {
        self.sort = px;
        self
    }

    pub fn flat(self) -> Self {
        self.sort(FLAT)
    }

    pub fn glow(mut self, ink: Ink) -> Self {
        self.glow = Some(ink);
        self
    }

    pub fn sway(mut self) -> Self {
        self.sway = true;
        self
    }

    pub fn seat(mut self, dx: i32, dy: i32, facing: Facing, seat_y: i32) -> Self {
        self.seats.push(Seat { dx, dy, facing, seat_y });
        self
    }

    pub fn light(mut self, dx: i32, dy: i32, colour: Ink, radius: i32, kind: &'static str) -> Self {
        self.lights.push(Light { dx, dy, colour, radius, kind });
        self
    }

    pub fn w(&self) -> i32 {
        self.frames[0].w
    }

    pub fn h(&self) -> i32 {
        self.frames[0].h
    }
}

pub struct Catalogue {
    pub objects: Vec<Object>,
    by_name: BTreeMap<String, usize>,
}

impl Catalogue {
    /// Sets in a fixed order: tile ids in the templates depend on it, so new sets go to the end.
    pub fn build() -> Self {
        let sets = [
            rugs::all(),
            seats::all(),
            office::all(),
            lounge::all(),
            kitchen::all(),
            lecture::all(),
            club::all(),
            hung::all(),
            plants::all(),
            trees::all(),
            garden::all(),
        ];
        let objects: Vec<Object> = sets.into_iter().flatten().collect();
        let by_name = objects.iter().enumerate().map(|(i, o)| (o.name.clone(), i)).collect();
        Self { objects, by_name }
    }

    pub fn find(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).copied()
    }
}
