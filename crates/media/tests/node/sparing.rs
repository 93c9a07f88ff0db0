//! A full node: what each level leaves out, for everybody at once, and what never is.

use std::time::{Duration, Instant};

use earshot_media::sparing::{Level, Load};
use earshot_protocol::fleet::AbsenceCause;

use super::client::Client;
use super::world::World;

fn heights(world: &World, receiver: u32, since: Instant) -> Vec<u16> {
    let seen = world.clients[&receiver].got.iter().filter(|got| got.picture && got.at > since && got.height > 0);
    let mut heights: Vec<_> = seen.map(|got| got.height).collect();
    heights.sort_unstable();
    heights.dedup();
    heights
}

const FULL: Load = Load { busy_percent: 99, own_percent: 96 };
const CALM: Load = Load { busy_percent: 30, own_percent: 29 };

/// Time goes on, with so much to do, until there is another level. How many seconds that took.
fn changes(world: &mut World, load: Load) -> (u32, Level) {
    for s in 0..60 {
        if let Some(level) = world.node.handle_load(world.now, load) {
            return (s, level);
        }
        world.run(1_000);
    }
    panic!("nothing changed");
}

#[test]
fn first_the_better_layers_go_then_all_pictures_and_they_come_back_the_same_way() {
    let mut world = World::of(31, &[1, 2, 3]);
    for sender in [1, 2] {
        world.clients.get_mut(&sender).unwrap().camera_on = true;
    }
    world.words(2, &Client::want(&[1], 700));
    world.words(3, &Client::want(&[1, 2], 700));
    world.run(8_000);
    let begin = world.now - Duration::from_secs(1);
    for (load, level, seen) in [
        (None, Level::Whole, vec![720]),
        (Some(FULL), Level::Lowest, vec![180]),
        (Some(FULL), Level::Voices, vec![]),
        (Some(CALM), Level::Lowest, vec![180]),
        (Some(CALM), Level::Whole, vec![720]),
    ] {
        if let Some(load) = load {
            assert_eq!(changes(&mut world, load).1, level);
        }
        // What was on its way, and the key frame of another layer, need a little.
        world.run(3_000);
        let since = world.now - Duration::from_secs(1);
        for receiver in [2, 3] {
            assert_eq!(heights(&world, receiver, since), seen, "{receiver} at {level:?}");
            let lanes = world.clients[&receiver].slots.iter();
            let pictures = lanes.filter(|((is_picture, _), content)| *is_picture && content.is_some()).count();
            let wanted = if receiver == 3 { 2 } else { 1 };
            assert_eq!(pictures, if level == Level::Voices { 0 } else { wanted }, "{receiver} is told, at {level:?}");
            let lacks = [(1, AbsenceCause::Node), (2, AbsenceCause::Node)];
            let lacks = if level == Level::Voices { &lacks[..wanted] } else { &[] };
            assert_eq!(world.clients[&receiver].lacks(), lacks, "{receiver} is told why, at {level:?}");
        }
    }
    // No voice missed a beat, and none of its packets.
    for (listener, speaker) in [(1, 2), (1, 3), (2, 1), (2, 3), (3, 1), (3, 2)] {
        let heard: Vec<_> = world.clients[&listener].heard(speaker).filter(|got| got.at > begin).collect();
        assert!(heard.len() > 30 * 50);
        assert!(heard.windows(2).all(|two| two[1].number == two[0].number + 1), "{listener} hears {speaker}");
        let gap = heard.windows(2).map(|two| two[1].at - two[0].at).max().unwrap();
        assert!(gap <= Duration::from_millis(40), "{listener} hears {speaker}: {gap:?}");
    }
}

#[test]
fn whoever_comes_to_a_full_node_hears_at_once_and_sees_when_it_is_full_no_more() {
    let mut world = World::new(32);
    assert_eq!(changes(&mut world, FULL), (10, Level::Lowest));
    assert_eq!(changes(&mut world, FULL), (10, Level::Voices));
    for session in [1, 2] {
        world.join(session);
    }
    world.all_hear_all(&[1, 2]);
    assert!(world.run_until(3_000, |world| world.clients.values().all(|client| client.channel.is_some())).is_some());
    world.clients.get_mut(&1).unwrap().camera_on = true;
    world.words(2, &Client::want(&[1], 180));
    world.run(2_000);
    assert_eq!(world.clients[&2].saw(1).count(), 0);
    assert!(world.clients[&2].heard(1).count() > 90);
    assert_eq!(changes(&mut world, CALM).1, Level::Lowest);
    let came = world.run_until(1_000, |world| world.clients[&2].saw(1).count() > 0);
    assert!(came.is_some_and(|ms| ms < 400), "after {came:?} ms");
}
