//! No course ever passes, enters or ends in what is impassable, whatever the map and the intent.
#![allow(clippy::unwrap_used)]

use earshot_world::path::{leg_is_free, route};
use earshot_world::{Course, Direction, Drive, Facing, Gait, Map, Position, Tile, TimeMs};
use proptest::prelude::*;

const WIDTH: i32 = 12;
const HEIGHT: i32 = 9;

/// Random maps, from nearly empty to a thicket.
fn maps() -> impl Strategy<Value = Map> {
    (0_u8..55, proptest::collection::vec(0_u8..100, (WIDTH * HEIGHT) as usize)).prop_filter_map(
        "no floor",
        |(density, rolls)| {
            let blocked = rolls.iter().map(|&roll| roll < density).collect();
            Map::new("random".into(), WIDTH, HEIGHT, blocked, &[], vec![], vec![])
        },
    )
}

fn free_tiles(map: &Map) -> Vec<Tile> {
    let tiles = (0..HEIGHT).flat_map(|y| (0..WIDTH).map(move |x| Tile { x, y }));
    tiles.filter(|&tile| !map.is_blocked(tile)).collect()
}

/// Walks a course millisecond by millisecond and checks every step.
fn check(map: &Map, course: &Course) -> Result<(), TestCaseError> {
    let speed_per_ms = f64::from(Gait::Run.speed()) / 1000.0;
    let mut before = course.origin();
    for ms in course.start().0..=course.end().0 + 1 {
        let at = course.position_at(TimeMs(ms));
        prop_assert!(map.is_free(at), "{at:?} after {} ms of {course:?}", ms - course.start().0);
        let step = f64::from(at.x - before.x).hypot(f64::from(at.y - before.y));
        prop_assert!(step <= speed_per_ms + 3.0, "a step of {step} sub-pixels in one millisecond, {course:?}");
        before = at;
    }
    prop_assert_eq!(before, course.destination());
    Ok(())
}

proptest! {

    #[test]
    fn steering_anywhere_for_any_time_never_touches_a_wall(
        map in maps(),
        start in any::<prop::sample::Index>(),
        intents in proptest::collection::vec((0_u32..8, any::<bool>(), 1_i64..700), 1..12),
    ) {
        let tiles = free_tiles(&map);
        let mut at = tiles[start.index(tiles.len())].center();
        let mut now = TimeMs(1_000_000);
        for (octant, run, held_ms) in intents {
            let gait = if run { Gait::Run } else { Gait::Walk };
            let drive = Drive::Steer { direction: Direction::from_octant(octant).unwrap(), gait };
            let course = Course::new(&map, at, now, Facing::Down, drive);
            check(&map, &course)?;
            now = now.plus(held_ms);
            at = course.position_at(now);
        }
    }

    #[test]
    fn routes_reach_their_goal_and_never_touch_a_wall(
        map in maps(),
        start in any::<prop::sample::Index>(),
        octant in 0_u32..8,
        held_ms in 0_i64..3_000,
        goal_x in 0..WIDTH * 8192,
        goal_y in 0..HEIGHT * 8192,
    ) {
        let tiles = free_tiles(&map);
        let from = tiles[start.index(tiles.len())].center();
        let drive = Drive::Steer { direction: Direction::from_octant(octant).unwrap(), gait: Gait::Walk };
        let from = Course::new(&map, from, TimeMs(0), Facing::Down, drive).position_at(TimeMs(held_ms));
        let goal = Position { x: goal_x, y: goal_y };
        if let Some(points) = route(&map, from, goal) {
            let course = Course::new(&map, from, TimeMs(0), Facing::Down, Drive::Route { points: points.clone(), gait: Gait::Run });
            check(&map, &course)?;
            prop_assert_eq!(course.destination(), points.last().unwrap().position());
            for legs in points.windows(2) {
                prop_assert!(leg_is_free(&map, legs[0].position(), legs[1].position()));
            }
        }
    }

    #[test]
    fn crossings_are_the_only_moments_a_cell_changes(octant in 0_u32..8, x in 0..80, y in 0..80) {
        let map = Map::new("hall".into(), 80, 80, vec![false; 6400], &[], vec![], vec![]).unwrap();
        let drive = Drive::Steer { direction: Direction::from_octant(octant).unwrap(), gait: Gait::Run };
        let course = Course::new(&map, Tile { x, y }.center(), TimeMs(0), Facing::Down, drive);
        let cell = |ms: i64| earshot_world::Cell::of(course.position_at(TimeMs(ms)));
        let changes: Vec<i64> = (1..=course.end().0).filter(|&ms| cell(ms) != cell(ms - 1)).collect();
        let mut told = Vec::new();
        let mut after = TimeMs(0);
        while let Some(at) = course.next_crossing(after) {
            told.push(at.0);
            after = at;
        }
        prop_assert_eq!(changes, told);
    }
}
