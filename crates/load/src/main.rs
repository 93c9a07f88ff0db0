//! Load for a media node: rooms of several sizes, all to all, and what a forwarded packet costs it, beside the floor in the same
//! run. `cargo xtask bench sfu` builds both and prints a table; `cargo xtask bench churn` lets people come and go for an hour.
//!
//! Absent on purpose: spaces and the Worker. The node is given its keys in a file, and the hearing sets by hand.
#![allow(clippy::cast_precision_loss)]

mod churn;
mod floor;
mod janus;
mod node;
mod people;
mod signer;

use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use clap::Parser;
use earshot_participants::room::Lanes;
use floor::Pattern;
use node::Node;
use people::{Notes, live};
use serde::Serialize;
use signer::{ROOM, Signer};

/// Of each room's measurement.
const SECONDS: u64 = 10;

#[derive(Parser)]
struct Args {
    /// The node's program.
    #[arg(long)]
    node: PathBuf,
    /// Sizes of rooms; with `v`, pictures too; with `a`, everybody gets all voices and pictures; `3x20v` is three such rooms at once.
    #[arg(long, value_delimiter = ',', default_value = "10,30,100,10v,20v,20a")]
    rooms: Vec<String>,
    /// How long each is measured; of churn, how long it lasts.
    #[arg(long)]
    seconds: Option<u64>,
    /// Instead of measuring: people come and go all the time, some of them rudely, and the node's memory is watched.
    #[arg(long)]
    churn: bool,
    /// Of all that happens in churn.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    #[arg(long)]
    json: bool,
    /// Instead: beside Janus, where that is installed; so many people, each with a picture in one size.
    #[arg(long, num_args = 0..=1, default_missing_value = "20")]
    janus: Option<u32>,
}

#[derive(Debug, Serialize)]
struct Row {
    rooms: u32,
    participants: u32,
    /// That each gets at the most.
    voices: usize,
    pictures: usize,
    received_per_s: f64,
    forwarded_per_s: f64,
    /// Of what was forwarded, what the people got.
    arrived_share: f64,
    /// Of one core's time, what the node took.
    core_share: f64,
    /// CPU seconds of the node for 100,000 forwarded packets, all its threads together.
    cpu_per_100k: f64,
    /// The same for the floor, each packet sent alone, and with the node's calls.
    floor_per_100k: f64,
    ratio_to_floor: f64,
    floor_in_calls_per_100k: f64,
    ratio_to_floor_in_calls: f64,
    /// Packets that one core forwards in a second of its time.
    per_core_s: f64,
    delay_p50_ms: f64,
    delay_p99_ms: f64,
    delay_p999_ms: f64,
    datagrams_per_send: f64,
    memory_kib_per_participant: f64,
    dropped: f64,
    lost: u64,
    /// How they went out.
    pattern: Pattern,
}

fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    if args.churn {
        let seconds = args.seconds.unwrap_or(churn::SECONDS);
        return runtime.block_on(churn::run(&args.node, seconds, args.seed));
    }
    if let Some(count) = args.janus {
        return runtime.block_on(janus::compare(&args.node, count, args.seconds.unwrap_or(SECONDS)));
    }
    let mut rows = Vec::new();
    for load in &args.rooms {
        let row = runtime.block_on(measure(&args, load.parse()?))?;
        if !args.json {
            print(&row);
        }
        rows.push(row);
    }
    if args.json {
        println!("{}", serde_json::to_string(&rows)?);
    }
    Ok(())
}

/// Rooms of one size, in each of which everybody speaks.
#[derive(Clone, Copy, Debug)]
struct Load {
    rooms: u32,
    count: u32,
    /// What each gets.
    lanes: Lanes,
}

impl FromStr for Load {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> anyhow::Result<Self> {
        let (rooms, room) = text.split_once('x').unwrap_or(("1", text));
        let number = |text: &str| text.parse().with_context(|| format!("{text} is no number of rooms or people"));
        let count: u32 = number(room.trim_end_matches(['v', 'a']))?;
        let others = usize::try_from(count.saturating_sub(1))?;
        let lanes = match room.chars().last() {
            Some('v') => Lanes::ALL,
            Some('a') => Lanes { voices: others, pictures: others },
            _ => Lanes::VOICES,
        };
        Ok(Self { rooms: number(rooms)?, count, lanes })
    }
}

async fn measure(args: &Args, load: Load) -> anyhow::Result<Row> {
    let Load { rooms, count, lanes } = load;
    let seconds = args.seconds.unwrap_or(SECONDS);
    let signer = Arc::new(Signer::new()?);
    let node = Arc::new(Node::start_for(&args.node, &signer, lanes)?);
    let rooms: Vec<Vec<u32>> = (0..rooms).map(|room| (room * count + 1..=(room + 1) * count).collect()).collect();
    node.tell(&signer, &rooms)?;
    let everybody = u64::from(load.rooms * count);
    let empty_kib = node.memory_kib()?;
    let notes = Arc::new(Notes::default());
    let mut people = Vec::new();
    for (place, sessions) in (ROOM..).zip(&rooms) {
        for (index, &session) in sessions.iter().enumerate() {
            let others = sessions.iter().cycle().skip(index + 1).take(sessions.len() - 1);
            let wanted = others.take(lanes.pictures).copied().collect();
            let (node, signer, notes) = (Arc::clone(&node), Arc::clone(&signer), Arc::clone(&notes));
            people.push(tokio::spawn(live(place, session, lanes, wanted, node, signer, notes)));
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
    for _ in 0..600 {
        if notes.joined.load(Ordering::Relaxed) >= everybody {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    ensure!(notes.joined.load(Ordering::Relaxed) >= everybody, "not all got in");
    // Until layers and voices have settled.
    tokio::time::sleep(Duration::from_secs(6)).await;
    notes.is_measuring.store(true, Ordering::Relaxed);
    let (begin, arrived) = (Instant::now(), notes.arrived());
    let before = read(&node).await?;
    tokio::time::sleep(Duration::from_secs(seconds)).await;
    let after = read(&node).await?;
    let (seconds, arrived) = (begin.elapsed().as_secs_f64(), notes.arrived() - arrived);
    notes.is_measuring.store(false, Ordering::Relaxed);
    let memory_kib = node.memory_kib()?;
    tokio::time::sleep(Duration::from_millis(1_200)).await;
    for person in &people {
        ensure!(!person.is_finished(), "somebody gave up");
        person.abort();
    }
    let mut delays = std::mem::take(&mut *notes.delays_us.lock().await);
    delays.sort_unstable();
    let at = |share: f64| {
        let index = (delays.len() as f64 * share) as usize;
        delays.get(index.min(delays.len().saturating_sub(1))).map_or(0.0, |&us| us as f64 / 1_000.0)
    };
    let forwarded = after.forwarded - before.forwarded;
    ensure!(forwarded > 0.0, "nothing was forwarded");
    drop(node);
    let pattern = Pattern::of(&before, &after, everybody as usize);
    let floor = floor::measure(1_600_000, pattern)?;
    let cpu_s = after.cpu_s - before.cpu_s;
    let cpu_per_100k = cpu_s * 100_000.0 / forwarded;
    Ok(Row {
        rooms: load.rooms,
        participants: count,
        voices: lanes.voices,
        pictures: lanes.pictures,
        received_per_s: (after.received - before.received) / seconds,
        forwarded_per_s: forwarded / seconds,
        arrived_share: arrived as f64 / forwarded,
        core_share: cpu_s / seconds,
        cpu_per_100k,
        floor_per_100k: floor.one_by_one,
        ratio_to_floor: cpu_per_100k / floor.one_by_one,
        floor_in_calls_per_100k: floor.in_calls,
        ratio_to_floor_in_calls: cpu_per_100k / floor.in_calls,
        per_core_s: 100_000.0 / cpu_per_100k,
        delay_p50_ms: at(0.5),
        delay_p99_ms: at(0.99),
        delay_p999_ms: at(0.999),
        datagrams_per_send: (after.datagrams - before.datagrams) / (after.sends - before.sends).max(1.0),
        memory_kib_per_participant: (memory_kib - empty_kib) / everybody as f64,
        dropped: after.dropped - before.dropped,
        lost: notes.lost.load(Ordering::Relaxed),
        pattern,
    })
}

async fn read(node: &Arc<Node>) -> anyhow::Result<node::Reading> {
    let node = Arc::clone(node);
    tokio::task::spawn_blocking(move || node.read()).await?
}

fn print(row: &Row) {
    println!(
        "{}{} participants, up to {} voices and {} pictures each: {:.0} packets/s in, {:.0} out, of which {:.1} % arrived; {:.0} % of a core, {:.2} CPU s per 100,000 forwarded \
         ({:.0} a core and second), floor {:.2}, ratio {:.2}, in the same calls {:.2}, ratio {:.2}; delay p50 {:.1} ms, p99 {:.1}, p999 {:.1}; {:.1} datagrams a send; \
         {:.0} KiB a participant; dropped {:.0}, lost {}",
        if row.rooms > 1 { format!("{} rooms of ", row.rooms) } else { String::new() },
        row.participants,
        row.voices,
        row.pictures,
        row.received_per_s,
        row.forwarded_per_s,
        row.arrived_share * 100.0,
        row.core_share * 100.0,
        row.cpu_per_100k,
        row.per_core_s,
        row.floor_per_100k,
        row.ratio_to_floor,
        row.floor_in_calls_per_100k,
        row.ratio_to_floor_in_calls,
        row.delay_p50_ms,
        row.delay_p99_ms,
        row.delay_p999_ms,
        row.datagrams_per_send,
        row.memory_kib_per_participant,
        row.dropped,
        row.lost,
    );
}
