//! How fast one thread forwards: everybody hears and sees everybody, in memory, and only the node's own time counts.
//!
//! `cargo run --release -p earshot-media --features str0m --example forwarding -- <participants> <seconds>`
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]

#[path = "../tests/node/client.rs"]
#[allow(dead_code)]
mod client;
#[path = "../tests/node/link.rs"]
#[allow(dead_code)]
mod link;
#[path = "../tests/node/world.rs"]
#[allow(dead_code)]
mod world;

use client::Client;
use world::World;

fn main() {
    let mut words = std::env::args().skip(1).map(|word| word.parse::<u32>().expect("a number"));
    let (count, seconds) = (words.next().unwrap_or(10), words.next().unwrap_or(5));
    let all: Vec<u32> = (1..=count).collect();
    let mut world = World::of(1, &all);
    for &session in &all {
        world.clients.get_mut(&session).unwrap().camera_on = true;
        let others: Vec<u32> = all.iter().copied().filter(|other| *other != session).collect();
        world.words(session, &Client::want(&others, 720));
    }
    world.run(3_000);
    let before = (world.node.counters(), world.node_busy);
    world.run(u64::from(seconds) * 1_000);
    let after = (world.node.counters(), world.node_busy);
    let busy_s = (after.1 - before.1).as_secs_f64();
    let forwarded = after.0.packets_forwarded - before.0.packets_forwarded;
    let came = after.0.datagrams_in - before.0.datagrams_in;
    println!(
        "{count} participants, {seconds} s: {came} datagrams in, {forwarded} packets forwarded, {busy_s:.3} s of the node's thread"
    );
    println!(
        "{:.0} packets a second of a core, {:.2} s of CPU for 100,000",
        forwarded as f64 / busy_s,
        busy_s * 100_000.0 / forwarded as f64
    );
}
