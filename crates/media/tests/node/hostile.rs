//! What should not come, and does.

use earshot_media::node::{Datagram, Protocol, Refusal};
use earshot_protocol::fleet::{ByeReason, ToParticipant};

use super::client::Client;
use super::link::Dice;
use super::world::World;

#[test]
fn a_panic_ends_one_participant_and_nobody_else_notices() {
    let mut world = World::of(20, &[1, 2, 3]);
    world.run(500);
    world.node.panic_in(2);
    world.run(1_500);
    assert_eq!((world.node.counters().panics, world.node.participants()), (1, 2));
    let bye = ToParticipant::Bye { reason: ByeReason::Failed };
    assert!(world.clients[&2].words.iter().any(|(_, words)| *words == bye), "it is told");
    let heard: Vec<_> = world.clients[&1].heard(3).collect();
    assert!(heard.windows(2).all(|two| two[1].number == two[0].number + 1), "without a gap");
    assert!(heard.len() > 90);
    // And it may come again.
    world.join_from(2, World::address(2, 1)).unwrap();
    world.run(2_000);
    assert!(world.clients[&2].heard(1).count() > 50);
}

#[test]
fn junk_from_anywhere_hurts_nobody() {
    let mut world = World::of(21, &[1, 2]);
    world.run(500);
    let node_at = "10.0.0.1:3478".parse().unwrap();
    let mut dice = Dice::new(21);
    let known = [world.clients[&1].address, world.clients[&2].address];
    for turn in 0..6_000_u32 {
        let stranger = format!("10.9.{}.{}:{}", dice.below(250), dice.below(250), 1_000 + dice.below(60_000));
        // Now and then from an address that is a participant's: anybody can write that on a datagram.
        let source = if turn % 10 == 0 { known[turn as usize / 10 % 2] } else { stranger.parse().unwrap() };
        let mut contents: Vec<u8> = (0..dice.below(300)).map(|_| dice.roll() as u8).collect();
        // The first byte says what it claims to be: STUN, DTLS, or media.
        if let Some(first) = contents.first_mut() {
            *first = [0, 1, 20, 22, 23, 64, 128, 144, 200][dice.below(9) as usize];
        }
        let datagram = Datagram { proto: Protocol::Udp, source, destination: node_at, contents: &contents };
        world.node.handle_datagram(world.now, datagram);
        if turn % 20 == 0 {
            world.run(1);
        }
    }
    let before = world.clients[&1].heard(2).count();
    world.run(1_000);
    assert_eq!((world.node.participants(), world.node.counters().panics), (2, 0));
    assert!(world.clients[&1].heard(2).count() > before + 45, "they still hear each other");
    assert!(world.node.counters().strays > 5_000);
}

#[test]
fn offers_of_any_kind_are_survived() {
    let mut world = World::new(22);
    let offer = Client::new(1, World::address(1, 0), (2, 2), world.now).1;
    let mut dice = Dice::new(22);
    let mut taken = 0;
    for _ in 0..300 {
        let mut bytes = offer.clone().into_bytes();
        for _ in 0..=dice.below(6) {
            let at = dice.below(bytes.len() as u32) as usize;
            if bytes.len() < 2 {
                break;
            }
            match dice.below(3) {
                0 => bytes[at] = dice.below(128) as u8,
                1 => drop(bytes.drain(at..(at + dice.below(40) as usize).min(bytes.len()))),
                _ => bytes.truncate(at.max(1)),
            }
        }
        let Ok(broken) = String::from_utf8(bytes) else { continue };
        taken += u32::from(world.node.join(world.now, world.admission(1), &broken).is_ok());
        world.run(1);
    }
    assert!(taken > 0, "small damage does no harm");
    let many = format!("{offer}{}", "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n".repeat(50));
    assert_eq!(world.node.join(world.now, world.admission(1), &many), Err(Refusal::BadOffer));
    assert_eq!(world.node.join(world.now, world.admission(1), &"v".repeat(300_000)), Err(Refusal::TooLarge));
    assert_eq!(world.node.join(world.now, world.admission(1), &offer).map(|_| ()), Ok(()));
}

#[test]
fn whoever_sends_too_much_is_cut_short() {
    let mut world = World::of(23, &[1, 2]);
    let source = world.clients[&1].address;
    let contents = [0x80_u8; 1_000];
    let destination = "10.0.0.1:3478".parse().unwrap();
    for _ in 0..20_000 {
        let datagram = Datagram { proto: Protocol::Udp, source, destination, contents: &contents };
        world.node.handle_datagram(world.now, datagram);
    }
    assert!(world.node.counters().over_limit > 15_000);
    world.run(1_500);
    let before = world.clients[&2].heard(1).count();
    world.run(1_000);
    assert!(world.clients[&2].heard(1).count() > before + 40, "and is heard again when it behaves");
    for _ in 0..100 {
        let mut out = Vec::new();
        let now = world.now;
        world.clients.get_mut(&1).unwrap().say(&Client::want(&[2], 180), now, &mut out);
        for flight in out {
            world.links.send(now, flight, source, true);
        }
    }
    world.run(500);
    assert!(world.node.counters().over_limit > 15_050, "words, too");
    assert_eq!(world.node.participants(), 2);
}
