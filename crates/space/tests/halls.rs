//! Halls with hundreds of people around a stage, as stories: all hear it, and what nodes are told of it fits. Numbers are the rules of
//! docs/protocol.md.
#![allow(clippy::unwrap_used)]

mod common;

use common::hall::Hall;
use earshot_protocol::fleet::{HEARING_BYTES_MAX, HearingSets, ROOM_PARTICIPANTS_MAX};
use earshot_protocol::units::{TILE, Tile};
use earshot_space::{ConnectionId, Input};
use earshot_world::{Area, Map};

/// Until all are in their rooms, and nothing changes any more.
const SETTLE_MS: i64 = 9_000;

/// One hall, with the stage in a corner. Speakers appear on the stage, listeners in rows in front of it, so many tiles from each other.
fn hall(speakers: i32, listeners: i32, apart: i32) -> (Hall, Vec<ConnectionId>, Vec<ConnectionId>) {
    let columns = 24;
    let (width, height) = (7 + columns * apart, 5 + (listeners / columns + 1) * apart);
    let area = |number: u32, (w, h): (i32, i32), stage| Area {
        number,
        name: "hall".into(),
        left: 0,
        top: 0,
        right: w * TILE,
        bottom: h * TILE,
        private: false,
        silent: false,
        stage,
    };
    let areas = vec![area(1, (width, height), false), area(2, (6, 3), true)];
    let on_stage = (0..speakers).map(|n| Tile { x: n % 4, y: n / 4 });
    let rows = (0..listeners).map(|n| Tile { x: 7 + n % columns * apart, y: 4 + n / columns * apart });
    // Whoever comes first appears on the second.
    let spawn: Vec<Tile> = [Tile { x: 0, y: 0 }].into_iter().chain(on_stage).chain(rows).collect();
    let map = Map::new("hall".into(), width, height, vec![false; (width * height) as usize], &spawn, areas, vec![]);
    let mut hall = Hall::on(map.unwrap());
    let on_stage = (0..speakers).map(|n| hall.person(&format!("s{n}"))).collect();
    let in_hall = (0..listeners).map(|n| hall.person(&format!("l{n}"))).collect();
    hall.passes(SETTLE_MS);
    (hall, on_stage, in_hall)
}

/// All that nodes were told, as one post for each room.
fn fits(hall: &Hall) {
    for room in hall.nodes.values() {
        let sets = HearingSets { space: "x".repeat(64), rooms: vec![room.clone()], closed: vec![] };
        let bytes = serde_json::to_vec(&sets).unwrap().len();
        assert!(bytes <= HEARING_BYTES_MAX, "{bytes} bytes for room {}", room.room);
        assert!(room.participants.len() <= ROOM_PARTICIPANTS_MAX, "{} in room {}", room.participants.len(), room.room);
        assert!(room.participants.iter().all(|one| one.hears.len() <= ROOM_PARTICIPANTS_MAX));
    }
}

/// Whether a listener hears all of them.
fn hears_all(hall: &Hall, listener: ConnectionId, speakers: &[ConnectionId]) -> bool {
    speakers.iter().all(|speaker| hall.reaches(&hall.people[&listener], &hall.people[speaker]))
}

#[test]
fn p40_five_hundred_hear_the_eight_on_stage() {
    let (hall, on_stage, in_hall) = hall(8, 500, 2);
    fits(&hall);
    let deaf = in_hall.iter().filter(|&&listener| !hears_all(&hall, listener, &on_stage)).count();
    assert_eq!(deaf, 0, "of 500");
}

#[test]
fn p42_of_seven_hundred_the_nearest_hear_the_stage_through_its_room() {
    let (hall, on_stage, in_hall) = hall(1, 700, 2);
    fits(&hall);
    let hears = |listener: &&ConnectionId| hears_all(&hall, **listener, &on_stage);
    let heard = in_hall.iter().filter(hears).count();
    assert!((ROOM_PARTICIPANTS_MAX - 30..ROOM_PARTICIPANTS_MAX + 30).contains(&heard), "{heard} hear it");
    // Whoever is left out stands farther from all whom it hears there than anybody who is in it.
    let at = |one: ConnectionId| {
        let n = in_hall.iter().position(|other| *other == one).map(|n| n as i32);
        n.map_or((0, 0), |n| (7 + n % 24 * 2, 4 + n / 24 * 2))
    };
    let speaker = &hall.people[&on_stage[0]];
    let room = hall
        .nodes
        .values()
        .find(|room| room.participants.iter().any(|one| one.session == speaker.id.0 && one.publish))
        .unwrap();
    let listens = |one: &ConnectionId| {
        let told = room.participants.iter().find(|told| told.session == hall.people[one].id.0);
        told.map(|told| told.publish)
    };
    let publishers: Vec<ConnectionId> = hall.people.keys().copied().filter(|one| listens(one) == Some(true)).collect();
    // The speaker, and those around; between seven and eight tiles it depends on how one came there.
    let far = |one: &ConnectionId, earshot: i32| {
        let (x, y) = at(*one);
        let square = |other: &ConnectionId| (at(*other).0 - x).pow(2) + (at(*other).1 - y).pow(2);
        let hears = |other: &&ConnectionId| **other == on_stage[0] || square(other) <= earshot * earshot;
        publishers.iter().filter(hears).map(square).min().unwrap()
    };
    let farthest_inside =
        in_hall.iter().filter(|one| listens(one) == Some(false)).map(|one| far(one, 8)).max().unwrap();
    let nearest_outside = in_hall.iter().filter(|one| listens(one).is_none()).map(|one| far(one, 7)).min().unwrap();
    let margin = f64::from(nearest_outside).sqrt() - f64::from(farthest_inside).sqrt();
    assert!(margin >= -2.0, "{nearest_outside} {farthest_inside}");
    // Who is left out is told so, and hears the others around.
    for one in in_hall.iter().filter(|listener| !hears(listener)) {
        let person = &hall.people[one];
        assert!(person.hearing.beyond >= 1 && !person.hearing.room_peers.is_empty(), "{:?}", person.hearing);
    }
}

#[test]
fn p40_a_node_is_asked_for_places_for_all_who_listen() {
    // Nobody but the speaker is in a crowd: the hall only listens.
    let (mut hall, on_stage, in_hall) = hall(1, 150, 9);
    assert!(in_hall.iter().all(|&listener| hears_all(&hall, listener, &on_stage)));
    assert_eq!(hall.asked.values().collect::<Vec<_>>(), [&(1, 150)]);
    // Another node is asked for as many.
    let room = *hall.nodes.keys().next().unwrap();
    hall.space.input(Input::RoomGone { room });
    hall.passes(2_000);
    assert_eq!(hall.asked.values().collect::<Vec<_>>(), [&(1, 150); 2]);
    assert!(in_hall.iter().all(|&listener| hears_all(&hall, listener, &on_stage)));
}
