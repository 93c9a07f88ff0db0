//! One harness for the stories: a hall with some walls, and ways to ask where everybody is.
#![allow(dead_code, clippy::unwrap_used)]

use earshot_client_core::{Client, Input, Place};
use earshot_protocol::units::Position;
use earshot_protocol::{Channel, SessionId};
use earshot_simulator::{ClientIndex, Simulation};
use earshot_world::{Map, Tile};

/// 44 by 40 tiles, all within interest of each other, with pillars and a wall with a door, so that walks meet things.
pub fn hall() -> Map {
    let (width, height) = (44, 40);
    let blocked = |x: i32, y: i32| {
        let border = x == 0 || y == 0 || x == width - 1 || y == height - 1;
        let pillar = x % 7 == 3 && y % 6 == 2;
        let wall = y == 20 && !(20..23).contains(&x);
        border || pillar || wall
    };
    let tiles = (0..height).flat_map(|y| (0..width).map(move |x| blocked(x, y))).collect();
    let spawn: Vec<_> = (0..8).map(|n| Tile { x: 18 + n, y: 10 }).collect();
    Map::new("hall".into(), width, height, tiles, &spawn, vec![], vec![]).unwrap()
}

pub fn id(simulation: &mut Simulation, index: ClientIndex) -> SessionId {
    simulation.client(index).unwrap().0.own_id().unwrap()
}

/// Where a client believes somebody to be.
pub fn place(simulation: &mut Simulation, viewer: ClientIndex, id: SessionId) -> Option<Position> {
    let (client, local) = simulation.client(viewer).unwrap();
    match client.locate(id, local) {
        Some(Place::Exact(at)) => Some(at),
        _ => None,
    }
}

pub fn own_place(simulation: &mut Simulation, index: ClientIndex) -> Position {
    let (client, local) = simulation.client(index).unwrap();
    client.own_position(local).unwrap()
}

/// Its reference.
pub fn say(simulation: &mut Simulation, index: ClientIndex, channel: Channel, text: &str) -> u64 {
    let (client, local) = simulation.client(index).unwrap();
    let reference = client.say(local, channel, text, 0, false).unwrap();
    simulation.tell(index, Input::Woken);
    reference
}

pub fn with<T>(simulation: &mut Simulation, index: ClientIndex, ask: impl FnOnce(&mut Client) -> T) -> T {
    ask(simulation.client(index).unwrap().0)
}
