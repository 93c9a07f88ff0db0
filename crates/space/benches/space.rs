//! `cargo bench -p earshot-space`: one intent through the engine, with more and more people to tell.
#![allow(clippy::unwrap_used, missing_docs)]

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use earshot_protocol::units::{Direction, Gait, TimeMs};
use earshot_protocol::{ClientToSpace, DisplayName, Hello, Role, SteerIntent, UserId};
use earshot_space::{Admission, ConnectionId, Input, Output, Space, Stored};
use earshot_world::{Map, Tile};

fn crowd(people: u64) -> Space {
    let spawn: Vec<_> = (0..30).map(|x| Tile { x, y: 5 }).collect();
    let map = Map::new("bench".into(), 60, 40, vec![false; 2_400], &spawn, vec![], vec![]).unwrap();
    let mut space = Space::restore(map, Stored::default(), [1; 32], TimeMs(0));
    for n in 1..=people {
        let name = format!("bench-{n}");
        let admission = Admission {
            user_id: UserId::parse(&name).unwrap(),
            name: DisplayName::parse(&name).unwrap(),
            guest: true,
            role: Role::Guest,
            look: None,
        };
        let connection = ConnectionId(n);
        space.handle_input(TimeMs(0), Input::Connected { connection, admission });
        let hello = ClientToSpace::Hello(Hello { version_min: 1, version_max: 1, ticket: vec![], instance: 0 });
        space.handle_input(TimeMs(0), Input::Received { connection, frame: hello.encode() });
        drain(&mut space);
    }
    space
}

fn drain(space: &mut Space) -> usize {
    let mut sends = 0;
    loop {
        match space.poll_output() {
            Output::Send { to, .. } => sends += to.len(),
            Output::WakeAt(_) => return sends,
            _ => {}
        }
    }
}

fn benches(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("an intent in a crowd of");
    for people in [10, 200, 1_000] {
        let mut space = crowd(people);
        let (mut seq, mut now) = (0_u32, 1_000_000_i64);
        group.bench_function(BenchmarkId::from_parameter(people), |bencher| {
            bencher.iter(|| {
                seq += 1;
                now += 200;
                let direction = Some(Direction::ALL[seq as usize % 8]);
                let steer = ClientToSpace::Steer(SteerIntent { seq, at: TimeMs(now), direction, gait: Gait::Walk });
                space.handle_input(TimeMs(now), Input::Received { connection: ConnectionId(1), frame: steer.encode() });
                drain(&mut space)
            });
        });
    }
    group.finish();
}

criterion_group!(space, benches);
criterion_main!(space);
