//! 10,000 intents in a hall with pillars, and a digest of every position they lead through.
//!
//! A crate of its own, so that the very same trace builds natively and as a bare wasm module: both give the recorded bits.
#![allow(unsafe_code)]

use earshot_world::units::Pixel;
use earshot_world::{Course, Direction, Drive, Facing, Gait, Map, TimeMs, path};

/// How many intents.
pub const INTENTS: u32 = 10_000;

/// FNV-1a (Fowler, Noll, Vo) over all positions at uneven moments; 0 if the hall could not be built.
pub fn digest() -> u64 {
    let (width, height) = (64, 48);
    let blocked = |x: i32, y: i32| (x * 7 + y * 13) % 11 == 0 || (y == 24 && x % 9 != 4);
    let tiles = (0..height).flat_map(|y| (0..width).map(move |x| blocked(x, y))).collect();
    let Some(map) = Map::new("trace".into(), width, height, tiles, &[], vec![], vec![]) else { return 0 };
    let mut random = 0x2026_u64;
    let mut next = |limit: u64| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (random >> 33) % limit
    };
    let (mut at, mut facing, mut now) = (map.spawn_for(0), Facing::Down, TimeMs(1_000_000));
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for _ in 0..INTENTS {
        let gait = if next(3) == 0 { Gait::Run } else { Gait::Walk };
        let drive = match next(8) {
            0 => Drive::Stand,
            1 => {
                let goal = Pixel { x: next(64 * 32) as i32, y: next(48 * 32) as i32 };
                let points = path::route(&map, at, goal.position());
                points.map_or(Drive::Stand, |points| Drive::Route { points, gait })
            }
            _ => Direction::from_octant(next(8) as u32)
                .map_or(Drive::Stand, |direction| Drive::Steer { direction, gait }),
        };
        let course = Course::new(&map, at, now, facing, drive);
        let held_ms = 20 + next(1_500) as i64;
        for moment in [held_ms / 3, held_ms / 2, held_ms] {
            let here = course.position_at(now.plus(moment));
            for byte in here.x.to_le_bytes().into_iter().chain(here.y.to_le_bytes()) {
                hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
            }
        }
        now = now.plus(held_ms);
        (at, facing) = (course.position_at(now), course.facing_at(now));
    }
    hash
}

/// The digest, for whoever loads this as a bare wasm module.
// Exported under its own name so that JavaScript finds it; nothing unsafe happens.
#[unsafe(no_mangle)]
pub extern "C" fn trace_digest() -> u64 {
    digest()
}
