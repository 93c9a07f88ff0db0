//! Through a node.

use earshot_protocol::MediaRoom;

use super::world::World;

const ROOM: MediaRoom = MediaRoom { room: 7, publish: true, leaving: false };

/// All in one room, and hear one another there.
async fn gathered(ids: &[u32], video: bool) -> World {
    let mut world = World::with_node();
    world.come(ids.iter().copied(), video);
    world.tell_node(ROOM.room, ids);
    for &id in ids {
        world.tell(id, &[], &[ROOM], &others(ids, id));
    }
    assert!(world.passes_until(10_000, |world| world.all_hear_all(5)).await, "they hear each other");
    world
}

fn others(ids: &[u32], id: u32) -> Vec<u32> {
    ids.iter().copied().filter(|other| *other != id).collect()
}

#[tokio::test]
async fn all_in_a_room_hear_one_another_without_a_gap() {
    let mut world = gathered(&[1, 2, 3, 4], true).await;
    world.forget();
    world.passes(600).await;
    for listener in 1..=4 {
        for speaker in others(&[1, 2, 3, 4], listener) {
            let tally = world.tally(listener, speaker);
            assert!(tally.played >= 25 && tally.missing == 0 && tally.gaps_200 == 0, "{tally:?}");
            assert_eq!(tally.forbidden, 0);
        }
    }
    let seen = |world: &World, listener| {
        let packets = world.people[&listener].people.values().map(|person| person.sight.packets);
        packets.sum::<u64>()
    };
    let come = |world: &World| (1..=4).all(|listener| seen(world, listener) > 30);
    assert!(world.passes_until(5_000, come).await, "pictures come, for they are wanted");
}

#[tokio::test]
async fn from_a_direct_way_to_a_room_nothing_is_missed_or_heard_twice() {
    let ids = [1, 2, 3];
    let mut world = World::with_node();
    world.come(ids, false);
    for id in ids {
        world.tell(id, &others(&ids, id), &[], &[]);
    }
    assert!(world.passes_until(3_000, |world| world.all_hear_all(5)).await);
    world.forget();
    // Both ways at once, until it is said that the room flows.
    world.tell_node(ROOM.room, &ids);
    for id in ids {
        world.tell(id, &others(&ids, id), &[ROOM], &others(&ids, id));
    }
    let through = |world: &World| {
        ids.iter().all(|&id| others(&ids, id).iter().all(|&other| world.tally(id, other).switches == 1))
    };
    assert!(world.passes_until(6_000, through).await, "all listen to the room");
    for id in ids {
        world.tell(id, &[], &[ROOM], &others(&ids, id));
    }
    world.passes(300).await;
    for id in ids {
        for other in others(&ids, id) {
            let tally = world.tally(id, other);
            assert_eq!((tally.missing, tally.doubled, tally.gaps_200, tally.forbidden), (0, 0, 0, 0), "{tally:?}");
            assert!(tally.spare > 0, "for a while it came both ways: {tally:?}");
        }
    }
}

#[tokio::test]
async fn whom_the_space_takes_out_of_a_room_hears_nothing_any_more() {
    let mut world = gathered(&[1, 2, 3], false).await;
    world.people.get_mut(&3).unwrap().clings = true;
    world.tell(3, &[], &[], &[]);
    world.tell_node(ROOM.room, &[1, 2]);
    world.passes(1_300).await;
    for speaker in [1, 2] {
        assert_eq!(world.tally(3, speaker).forbidden, 0, "{:?}", world.tally(3, speaker));
    }
}

#[tokio::test]
async fn a_node_that_falls_silent_is_lost_within_two_seconds() {
    let mut world = gathered(&[1, 2], false).await;
    world.node.as_mut().unwrap().answers = false;
    assert!(world.passes_until(2_000, |world| world.lost.len() == 2).await, "{:?}", world.lost);
}
