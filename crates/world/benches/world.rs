//! `cargo bench -p earshot-world`: what an intent costs before anything is sent.
#![allow(clippy::unwrap_used, missing_docs)]

use criterion::{Criterion, criterion_group, criterion_main};
use earshot_world::{Course, Direction, Drive, Facing, Gait, Map, Tile, TimeMs, path};

fn office() -> Map {
    let (width, height) = (64, 48);
    let blocked = |x: i32, y: i32| (x * 7 + y * 13) % 11 == 0 || (y == 24 && x % 9 != 4);
    let tiles = (0..height).flat_map(|y| (0..width).map(move |x| blocked(x, y))).collect();
    Map::new("bench".into(), width, height, tiles, &[], vec![], vec![]).unwrap()
}

fn benches(criterion: &mut Criterion) {
    let map = office();
    let from = map.spawn_for(0);
    let diagonal = Drive::Steer { direction: Direction::ALL[1], gait: Gait::Walk };
    criterion.bench_function("steer until the wall", |bencher| {
        bencher.iter(|| Course::new(&map, from, TimeMs(0), Facing::Down, diagonal.clone()));
    });
    let (near, far) = (Tile { x: 38, y: 28 }.center(), Tile { x: 2, y: 2 }.center());
    criterion.bench_function("path across the room", |bencher| bencher.iter(|| path::route(&map, from, near)));
    criterion.bench_function("path across the map", |bencher| bencher.iter(|| path::route(&map, from, far)));
    let course = Course::new(&map, from, TimeMs(0), Facing::Down, diagonal);
    criterion.bench_function("position at a time", |bencher| bencher.iter(|| course.position_at(TimeMs(700))));
}

criterion_group!(world, benches);
criterion_main!(world);
