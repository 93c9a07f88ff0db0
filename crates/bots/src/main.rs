//! Headless clients of a space: for load, for demonstrations, and as an example of the API.
//!
//! `earshot-bots --url http://127.0.0.1:8787 --count 100 --behaviour wander` lets a hundred guests in and walk about until
//! Ctrl-C, or for `--seconds`. Each is a whole client: it signs in, joins, connects, predicts and resumes, by the very core
//! that the browser runs.

mod bot;
mod json20;
mod metrics;

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use clap::{Parser, ValueEnum};
use earshot_bots::api;
use earshot_world::tiled;

use crate::metrics::Metrics;

/// More than this many from one machine is no test of the space but of the machine.
const COUNT_MAX: usize = 2_000;

/// Lets headless guests walk about in a space.
#[derive(Parser)]
struct Options {
    /// Where Earshot runs.
    #[arg(long, env = "EARSHOT_URL", default_value = "http://127.0.0.1:8787")]
    url: String,
    /// The space to enter.
    #[arg(long, default_value = "commons")]
    space: String,
    /// How many bots, at most 2,000.
    #[arg(long, default_value_t = 10)]
    count: usize,
    #[arg(long, value_enum, default_value_t = Behaviour::Wander)]
    behaviour: Behaviour,
    /// Share of the time spent walking, in percent, when wandering.
    #[arg(long, default_value_t = 30)]
    walking_percent: i64,
    /// Say something to everyone this often, in milliseconds; 0: never. All are timed on their way to all.
    #[arg(long, default_value_t = 0)]
    say_every_ms: u64,
    /// Stop after this many seconds; without it, at Ctrl-C.
    #[arg(long)]
    seconds: Option<u64>,
    /// Seconds at the start that are not measured: arriving and learning.
    #[arg(long, default_value_t = 0)]
    warm_up_seconds: u64,
    /// Milliseconds between one arrival and the next.
    #[arg(long, default_value_t = 20)]
    gap_ms: u64,
    /// The same seed makes the same walks.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Speak the usual protocol instead, JSON positions at 20 Hz, to the reference server at `--url`.
    #[arg(long)]
    json20: bool,
    /// Print what was measured as one JSON object.
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Behaviour {
    /// Walk and stand as people do.
    Wander,
    /// Arrive and stand.
    Stand,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    if !(1..=COUNT_MAX).contains(&options.count) {
        bail!("--count takes 1 to {COUNT_MAX}");
    }
    let metrics = Arc::new(Metrics::default());
    let arrive = arrive(&options, Arc::clone(&metrics));
    let bots = tokio::select! {
        bots = arrive => bots?,
        _ = tokio::signal::ctrl_c() => return Ok(()),
    };
    if !options.json {
        eprintln!("{} bots are in {} at {}", bots.len(), options.space, options.url);
    }
    wait(Duration::from_secs(options.warm_up_seconds)).await;
    metrics.restart();
    match options.seconds {
        Some(seconds) => wait(Duration::from_secs(seconds)).await,
        None => {
            let _interrupted = tokio::signal::ctrl_c().await;
        }
    }
    let report = metrics.report(options.count);
    for bot in bots {
        bot.abort();
    }
    if options.json {
        println!("{}", serde_json::to_string(&report)?);
    } else {
        println!("{report}");
    }
    Ok(())
}

async fn wait(time: Duration) {
    tokio::select! {
        () = tokio::time::sleep(time) => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}

/// Lets all bots in, one after the other.
async fn arrive(options: &Options, metrics: Arc<Metrics>) -> anyhow::Result<Vec<tokio::task::JoinHandle<()>>> {
    let mut bots = Vec::new();
    let gap = Duration::from_millis(options.gap_ms);
    let percent = if options.behaviour == Behaviour::Wander { options.walking_percent.clamp(1, 100) } else { 0 };
    let mut map = None;
    for n in 0..options.count {
        let seed = options.seed.wrapping_mul(1_000_003).wrapping_add(n as u64);
        if options.json20 {
            bots.push(tokio::spawn(json20::run(options.url.clone(), seed, percent, Arc::clone(&metrics))));
        } else {
            let (url, space) = (options.url.clone(), options.space.clone());
            let access =
                tokio::task::spawn_blocking(move || api::Access::guest(&url, &space, &format!("Bot {}", n + 1)))
                    .await?;
            let access = access.with_context(|| format!("bot {} could not join", n + 1))?;
            if map.is_none() {
                let json = access.map().context("the space's map could not be read")?;
                map = Some(Arc::new(tiled::read(&json)?));
            }
            let Some(map) = map.clone() else { bail!("no map") };
            let settings = bot::Settings {
                seed,
                walking_percent: percent,
                observer: n < metrics::OBSERVERS,
                say_every_ms: options.say_every_ms as i64,
            };
            bots.push(tokio::spawn(bot::run(access, map, settings, Arc::clone(&metrics))));
        }
        tokio::time::sleep(gap).await;
    }
    Ok(bots)
}
