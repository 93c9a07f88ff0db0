//! Datagrams to a node with two participants, from strangers and from the participants' own addresses, while they connect and once they
//! are: nothing panics. Four bytes begin each: whose address, how it begins, and its length.
#![no_main]
#![allow(dead_code)]

#[path = "../../tests/node/client.rs"]
mod client;
#[path = "../../tests/node/link.rs"]
mod link;
#[path = "../../tests/node/world.rs"]
mod world;

use std::cell::RefCell;

use earshot_media::node::{Datagram, Protocol};
use libfuzzer_sys::fuzz_target;
use world::World;

/// Inputs that one connected world takes: making one costs more than they do.
const INPUTS: u32 = 200;
/// What tells STUN, DTLS, RTP and RTCP apart (RFC 7983), and how each may begin.
const BEGINNINGS: [&[u8]; 8] = [
    &[],
    &[0, 1, 0, 8, 0x21, 0x12, 0xa4, 0x42],
    &[1, 1, 0, 8, 0x21, 0x12, 0xa4, 0x42],
    &[22, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0],
    &[22, 0xfe, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 40, 1],
    &[23, 0xfe, 0xfd, 0, 1],
    &[0x90, 111],
    &[0x81, 200, 0, 6],
];

thread_local! {
    static CONNECTED: RefCell<Option<(World, u32)>> = const { RefCell::new(None) };
}

fuzz_target!(|bytes: &[u8]| {
    let Some((&first, bytes)) = bytes.split_first() else { return };
    // Seldom: a handshake costs as much as a hundred inputs.
    if first % 16 == 15 {
        let mut world = World::new(1);
        world.join(1);
        world.run(u64::from(first >> 4) * 8);
        throw(&mut world, bytes);
        return;
    }
    CONNECTED.with_borrow_mut(|kept| {
        let (world, inputs) = kept.get_or_insert_with(|| (World::of(1, &[1, 2]), 0));
        throw(world, bytes);
        world.run(5);
        *inputs += 1;
        if *inputs >= INPUTS {
            *kept = None;
        }
    });
});

fn throw(world: &mut World, mut bytes: &[u8]) {
    let destination = "10.0.0.1:3478".parse().unwrap();
    while let Some((&[whose, how, high, low], rest)) = bytes.split_first_chunk::<4>() {
        let (body, after) = rest.split_at((usize::from(high & 7) << 8 | usize::from(low)).min(rest.len()));
        bytes = after;
        let source = World::address(u32::from(whose % 4), 0);
        let proto = if whose & 0x80 == 0 { Protocol::Udp } else { Protocol::Tcp };
        let contents = [BEGINNINGS[usize::from(how) % BEGINNINGS.len()], body].concat();
        world.node.handle_datagram(world.now, Datagram { proto, source, destination, contents: &contents });
        world.run(1);
    }
    assert_eq!(world.node.counters().panics, 0);
}
