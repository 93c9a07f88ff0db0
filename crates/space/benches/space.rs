//! `cargo bench -p earshot-space`: one intent through the engine, with more and more people to tell; and seconds in the life of
//! spaces in which people walk about, which come into one another's earshot and out of it all the time.
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
            blocked: Vec::new(),
            checked_at: None,
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

/// Everybody changes direction about every 0.7 s for 30 % of the time, as the bots do.
struct Stroll {
    space: Space,
    people: u64,
    now: i64,
    wake: Option<i64>,
    seq: u32,
    random: u64,
}

impl Stroll {
    fn begin(people: u64) -> Self {
        let mut stroll =
            Self { space: crowd(people), people, now: 1_000_000, wake: None, seq: 0, random: 0x9e37_79b9_7f4a_7c15 };
        // Out of the row in which they began.
        for _ in 0..20 {
            stroll.second();
        }
        stroll
    }

    /// Xorshift: the same people every time.
    fn random(&mut self, below: u64) -> u64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        self.random % below
    }

    fn drain(&mut self) -> usize {
        let mut bytes = 0;
        loop {
            match self.space.poll_output() {
                Output::Send { to, frame } => bytes += to.len() * frame.len(),
                Output::WakeAt(at) => {
                    self.wake = at.map(|at| at.0);
                    return bytes;
                }
                _ => {}
            }
        }
    }

    /// Everything that happens within a second. Returns the bytes that were to be sent.
    fn second(&mut self) -> usize {
        let (end, mut bytes) = (self.now + 1_000, 0);
        let gap = (1_000 * 10 / (self.people * 6)).max(1) as i64;
        let mut intent_at = self.now + gap;
        while self.now < end {
            let wake = self.wake.filter(|&wake| wake <= intent_at);
            self.now = wake.unwrap_or(intent_at).max(self.now);
            if wake.is_some() {
                self.space.handle_input(TimeMs(self.now), Input::Woken);
            } else {
                intent_at += gap;
                self.seq += 1;
                let direction = match self.random(20) {
                    way @ 0..=7 => Some(Direction::ALL[way as usize]),
                    _ => None,
                };
                let steer = ClientToSpace::Steer(SteerIntent {
                    seq: self.seq,
                    at: TimeMs(self.now),
                    direction,
                    gait: Gait::Walk,
                });
                let connection = ConnectionId(1 + self.random(self.people));
                let received = Input::Received { connection, frame: steer.encode() };
                self.space.handle_input(TimeMs(self.now), received);
            }
            bytes += self.drain();
        }
        bytes
    }
}

fn strolls(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("a second of people who walk about");
    group.sample_size(10);
    for people in [30, 200, 600] {
        let mut stroll = Stroll::begin(people);
        group.bench_function(BenchmarkId::from_parameter(people), |bencher| bencher.iter(|| stroll.second()));
    }
    group.finish();
}

criterion_group!(space, benches, strolls);
criterion_main!(space);
