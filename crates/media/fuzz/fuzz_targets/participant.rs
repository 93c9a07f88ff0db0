//! What somebody who was let in may send, properly encrypted: words, voices (in RED, too) and pictures of any content. Nothing panics, and
//! who hears it stays. Three bytes begin each: what it is, and its length.
#![no_main]
#![allow(dead_code)]

#[path = "../../tests/node/client.rs"]
mod client;
#[path = "../../tests/node/link.rs"]
mod link;
#[path = "../../tests/node/world.rs"]
mod world;

use std::cell::RefCell;

use client::Client;
use libfuzzer_sys::fuzz_target;
use str0m::media::Rid;
use str0m::rtp::RtpWrite;
use world::World;

/// Inputs that one world takes: making one costs more than they do.
const INPUTS: u32 = 200;

thread_local! {
    static CONNECTED: RefCell<Option<(World, u64)>> = const { RefCell::new(None) };
}

fn connected() -> (World, u64) {
    let mut world = World::new(1);
    for session in [1, 2] {
        let (mut client, offer) = Client::redundant(session, World::address(session, 0), world.now);
        client.answered(&world.node.join(world.now, world.admission(session), &offer).unwrap());
        world.clients.insert(session, client);
    }
    world.all_hear_all(&[1, 2]);
    let all_there = |world: &World| world.clients.values().all(|client| client.channel.is_some());
    assert!(world.run_until(3_000, all_there).is_some(), "they connect");
    (world, 0)
}

fuzz_target!(|bytes: &[u8]| {
    CONNECTED.with_borrow_mut(|kept| {
        let (world, number) = kept.get_or_insert_with(connected);
        let mut bytes = bytes;
        while let Some((&[what, high, low], rest)) = bytes.split_first_chunk::<3>() {
            let (body, after) = rest.split_at((usize::from(high & 7) << 8 | usize::from(low)).min(rest.len()));
            bytes = after;
            *number += 1;
            send(world, what, body, *number);
            world.run(2);
        }
        world.run(5);
        assert_eq!((world.node.counters().panics, world.node.participants()), (0, 2));
        *number = *number / 1_000 * 1_000 + 1_000;
        if *number >= u64::from(INPUTS) * 1_000 {
            *kept = None;
        }
    });
});

fn send(world: &mut World, what: u8, body: &[u8], number: u64) {
    let now = world.now;
    let Some(client) = world.clients.get_mut(&1) else { return };
    if what % 4 == 0 {
        if let Some(mut channel) = client.channel.and_then(|id| client.rtc.channel(id)) {
            let _full = channel.write(what & 4 > 0, body);
        }
        return;
    }
    let mid = if what % 4 == 3 { client.camera } else { client.microphone };
    let Some(mid) = mid else { return };
    let Some(pt) = client.rtc.media(mid).and_then(|media| media.remote_pts().first().copied()) else { return };
    let red =
        client.rtc.codec_config().params().iter().find(|params| params.pt() == pt).and_then(|params| params.red());
    let pt = red.filter(|_| what % 4 == 2).unwrap_or(pt);
    let rid = (what % 4 == 3).then(|| Rid::from(["l", "m", "h"][usize::from(what >> 2) % 3]));
    let write = RtpWrite::new(pt, number.into(), number as u32 * 960, now, body.to_vec()).marker(what & 0x80 > 0);
    if let Some(stream) = client.rtc.direct_api().stream_tx_by_mid(mid, rid) {
        stream.write_rtp(write);
    }
}
