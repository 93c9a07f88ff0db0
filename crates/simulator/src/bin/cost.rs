//! `cargo xtask bench cost`: an hour of a 30-person club in simulated time, and what it costs on the free tier.
//!
//! People arrive over ten minutes, walk a little, stand and talk most of the time, step out now and then, and leave. The
//! engine and the clients are the real ones. Limits are those of the platform's documentation (autumn 2026).

use earshot_client_core::Input;
use earshot_protocol::{Channel, Status};
use earshot_simulator::{KeyTrace, Network, Rng, Simulation};
use earshot_world::{Map, Tile};

const PEOPLE: usize = 30;
const MINUTE_MS: i64 = 60_000;
/// A walk across the room, then talk: this share of the hour is spent walking.
const WALKING_PERCENT: i64 = 6;

/// Messages to everyone in a minute of the whole club, each typed for some seconds with the channel open.
const SAID_A_MINUTE: usize = 5;
/// The database writes a row and one in each of its two indexes for a message.
const RECORD_ROWS_A_MESSAGE: f64 = 3.0;

/// Free tier, a day: object requests, seconds of object time, rows written.
const REQUESTS_A_DAY: f64 = 100_000.0;
const GB_SECONDS_A_DAY: f64 = 13_000.0;
const ROWS_A_DAY: f64 = 100_000.0;
/// An object counts as this much memory.
const GB_OF_AN_OBJECT: f64 = 0.128;
/// Incoming messages to one request.
const MESSAGES_A_REQUEST: f64 = 20.0;

fn club_room() -> Option<Map> {
    let (width, height) = (40, 30);
    let blocked = |x: i32, y: i32| {
        x == 0 || y == 0 || x == width - 1 || y == height - 1 || (x % 9 == 4 && y % 7 == 3) || (x == 20 && y % 9 != 4)
    };
    let tiles = (0..height).flat_map(|y| (0..width).map(move |x| blocked(x, y))).collect();
    let spawn: Vec<_> = (2..10).map(|x| Tile { x, y: 2 }).collect();
    Map::new("club".into(), width, height, tiles, &spawn, vec![], vec![])
}

/// Opens the channel, types, says it, and has read enough for now.
fn write(simulation: &mut Simulation, person: usize) {
    simulation.tell(person, Input::Look(Some(Channel::Everyone)));
    for _ in 0..5 {
        simulation.tell(person, Input::Typing);
        simulation.run_for(1_000);
    }
    if let Some((client, local)) = simulation.client(person) {
        let _offline = client.say(local, Channel::Everyone, "Has anybody tried the new place for lunch?", 0, false);
    }
    simulation.tell(person, Input::Woken);
    simulation.tell(person, Input::Look(None));
}

fn main() {
    let Some(map) = club_room() else { return };
    let mut simulation = Simulation::new(map, 2026);
    let mut rng = Rng::new(30);
    let network = Network { one_way_ms: 40, jitter_ms: 20 };
    let mut people = Vec::new();
    let mut away: Option<usize> = None;
    for minute in 0..60 {
        if minute < 10 {
            for _ in 0..PEOPLE / 10 {
                let name = format!("Member {}", people.len() + 1);
                if let Some(person) = simulation.join(&name, network) {
                    simulation.press_keys(person, Some(KeyTrace::new(rng.next_u64(), WALKING_PERCENT)));
                    people.push(person);
                }
            }
        }
        // Every other minute somebody changes the status; somebody's laptop sleeps for a while; the last five minutes all go.
        if let Some(&person) = people.get(rng.below(people.len().max(1) as i64) as usize) {
            if minute % 2 == 0 {
                simulation.tell(person, Input::Status(if minute % 4 == 0 { Status::Busy } else { Status::Available }));
            }
            if let Some(back) = away.take() {
                simulation.set_offline(back, false, false);
            } else if minute % 5 == 3 {
                simulation.set_offline(person, true, true);
                away = Some(person);
            }
        }
        if minute >= 55 {
            for person in people.drain(..people.len().min(PEOPLE / 5)) {
                simulation.press_keys(person, None);
                simulation.tell(person, Input::Leave);
            }
        }
        for _ in 0..SAID_A_MINUTE {
            let writer = people.get(rng.below(people.len().max(1) as i64) as usize);
            if let Some(&person) = writer {
                write(&mut simulation, person);
            }
            simulation.run_for(MINUTE_MS / SAID_A_MINUTE as i64 - 5_000);
        }
    }
    let meter = simulation.platform.meter;
    let requests = meter.messages_in as f64 / MESSAGES_A_REQUEST + meter.connects as f64;
    let requests_if_each_counts = meter.messages_in as f64 + meter.connects as f64;
    let gb_seconds = meter.awake_ms as f64 / 1_000.0 * GB_OF_AN_OBJECT;
    println!("An hour of a club of {PEOPLE}, {WALKING_PERCENT} % of it spent walking");
    println!("| what | in the hour | share of a free day |");
    println!("|--|--:|--:|");
    let row =
        |what: &str, amount: f64, limit: f64| println!("| {what} | {amount:.0} | {:.2} % |", amount / limit * 100.0);
    row("messages in, as requests at 20 to 1", requests, REQUESTS_A_DAY);
    row("messages in, if each counted as a request", requests_if_each_counts, REQUESTS_A_DAY);
    row("rows written by the object", meter.rows_written as f64, ROWS_A_DAY);
    row("rows written by the record", meter.recorded as f64 * RECORD_ROWS_A_MESSAGE, ROWS_A_DAY);
    row("GB-seconds awake", gb_seconds, GB_SECONDS_A_DAY);
    println!(
        "\n{} messages in ({} bytes), {} frames out ({} bytes), {} connections, awake for {} s of 3600",
        meter.messages_in,
        meter.bytes_in,
        meter.frames_out,
        meter.bytes_out,
        meter.connects,
        meter.awake_ms / 1_000
    );
    let days = [
        requests_if_each_counts / REQUESTS_A_DAY,
        meter.rows_written as f64 / ROWS_A_DAY,
        meter.recorded as f64 * RECORD_ROWS_A_MESSAGE / ROWS_A_DAY,
        gb_seconds / GB_SECONDS_A_DAY,
    ];
    println!("Free-tier days an hour takes, by its dearest part: {:.3}", days.into_iter().fold(0.0, f64::max));
}
