//! Native people with voices in a space, steered while they are there.
//!
//! `earshot-participants --url http://127.0.0.1:8787 --space commons --count 12 --at 40,12` lets twelve in, who stand around
//! a tile and speak. Each line on the standard input is a command, each on the standard output one JSON object: what
//! became of a command, what happened, and reports. All places are tiles; people have the numbers 0 and on.
//!
//! ```text
//! join 12 40 12 [silent]   another one comes, and goes to a tile
//! walk 3 44 12             somebody goes elsewhere
//! speak 3 20 | silent 3    somebody speaks, so many decibels below the loudest; or not
//! cling 3 on|off           somebody keeps connections that the space says are over
//! leave 5                  somebody goes
//! forget                   all counters begin anew
//! report                   what each hears, and the counters
//! quit                     all go
//! ```

use std::net::IpAddr;
use std::time::Duration;

use anyhow::{Context, bail};
use clap::Parser;
use earshot_participants::cast::{Cast, Casting, place};
use earshot_participants::company::{Manner, TILE_HEIGHT_PX};
use earshot_participants::participant::{Command, Level, Notice};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader, Lines, Stdin};
use tokio::sync::mpsc;

/// More than this from one process is no test of a space but of the machine.
const COUNT_MAX: usize = 200;
/// As loud as somebody who talks.
const LEVEL_DB: u8 = 25;

/// Lets native people with voices into a space.
#[derive(Parser)]
struct Options {
    /// Where Earshot runs.
    #[arg(long, env = "EARSHOT_URL", default_value = "http://127.0.0.1:8787")]
    url: String,
    /// The space to enter.
    #[arg(long, default_value = "commons")]
    space: String,
    /// How many come at once, at most 200.
    #[arg(long, default_value_t = 0)]
    count: usize,
    /// Around which tile they stand; without it, where they come in.
    #[arg(long, value_parser = tile)]
    at: Option<(i32, i32)>,
    /// Tiles between one and the next.
    #[arg(long, default_value_t = 1)]
    spread: i32,
    /// So many of them speak, one here and one there; the others are silent. Without it all do.
    #[arg(long)]
    speakers: Option<usize>,
    /// How loud those who speak are, in decibels below the loudest, 0 to 127.
    #[arg(long, default_value_t = LEVEL_DB)]
    level: u8,
    /// They show pictures, and look at each other's.
    #[arg(long)]
    video: bool,
    /// They show pictures, so many times as large as usual, at most 16.
    #[arg(long)]
    shows: Option<usize>,
    /// They want pictures, of this height.
    #[arg(long)]
    looks_px: Option<u32>,
    /// The address that media come from.
    #[arg(long, default_value = "127.0.0.1")]
    ip: IpAddr,
    /// Stop after this many seconds; without it, at `quit` or the end of the input.
    #[arg(long)]
    seconds: Option<u64>,
    /// A report this often; 0: only when asked.
    #[arg(long, default_value_t = 0)]
    report_every_ms: u64,
    /// Milliseconds between one arrival and the next.
    #[arg(long, default_value_t = 20)]
    gap_ms: u64,
    /// What they are called, before their numbers.
    #[arg(long, default_value = "Native")]
    name: String,
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    if options.count > COUNT_MAX {
        bail!("--count takes at most {COUNT_MAX}");
    }
    let (notices, mut noticed) = mpsc::unbounded_channel();
    let casting = Casting {
        url: options.url.clone(),
        space: options.space.clone(),
        name: options.name.clone(),
        seed: options.seed,
        manner: Manner {
            ip: options.ip,
            shows: options.shows.or(options.video.then_some(1)),
            looks_px: options.looks_px.or(options.video.then_some(TILE_HEIGHT_PX)),
        },
    };
    let mut cast = Cast::new(casting, notices);
    for n in 0..options.count {
        let at = options.at.map(|at| place(at, options.spread, n));
        let speaks = options.speakers.is_none_or(|speakers| is_one_of(speakers, options.count, n));
        cast.join(n, at, speaks.then_some(options.level)).await?;
        tokio::time::sleep(Duration::from_millis(options.gap_ms)).await;
    }
    say(&json!({"type": "ready", "count": cast.len()}));
    let mut lines = Some(BufReader::new(tokio::io::stdin()).lines());
    let far = Duration::from_secs(365 * 24 * 3_600);
    let end = tokio::time::sleep(options.seconds.map_or(far, Duration::from_secs));
    tokio::pin!(end);
    let every = Duration::from_millis(options.report_every_ms.max(1));
    let mut reports = tokio::time::interval_at(tokio::time::Instant::now() + every, every);
    reports.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            line = next_line(&mut lines) => match line.as_deref().map(str::trim) {
                Some("quit") => break,
                Some("") => {}
                Some(line) => obey(&mut cast, line, &options).await,
                // Whoever steered is gone; without anybody to steer it lasts as long as it was told to.
                None if options.seconds.is_none() => break,
                None => lines = None,
            },
            Some((n, notice)) = noticed.recv() => say(&describe(n, notice)),
            _ = reports.tick(), if options.report_every_ms > 0 => report(&cast).await,
            () = &mut end => break,
            _ = tokio::signal::ctrl_c() => break,
        }
    }
    report(&cast).await;
    cast.close().await;
    Ok(())
}

/// Whether the n-th of so many is among those who are spread evenly over all.
fn is_one_of(some: usize, all: usize, n: usize) -> bool {
    n.checked_sub(1).is_none_or(|before| n * some / all != before * some / all) && some > 0
}

async fn next_line(lines: &mut Option<Lines<BufReader<Stdin>>>) -> Option<String> {
    match lines {
        Some(lines) => lines.next_line().await.ok().flatten(),
        None => std::future::pending().await,
    }
}

async fn obey(cast: &mut Cast, line: &str, options: &Options) {
    match perform(cast, line, options).await {
        Ok(()) => say(&json!({"type": "done", "command": line})),
        Err(error) => say(&json!({"type": "failed", "command": line, "why": format!("{error:#}")})),
    }
}

async fn perform(cast: &mut Cast, line: &str, options: &Options) -> anyhow::Result<()> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let known = match words.as_slice() {
        ["report"] => {
            report(cast).await;
            true
        }
        ["forget"] => {
            cast.forget();
            true
        }
        ["join", n, x, y, rest @ ..] => {
            let level: Level = (*rest != ["silent"]).then_some(options.level);
            cast.join(number(n)?, Some((number(x)?, number(y)?)), level).await?;
            true
        }
        ["leave", n] => cast.leave(number(n)?).await,
        ["walk", n, x, y] => cast.tell(number(n)?, Command::Walk(number(x)?, number(y)?)),
        ["speak", n, level] => cast.tell(number(n)?, Command::Speak(Some(number::<u8>(level)?.min(127)))),
        ["silent", n] => cast.tell(number(n)?, Command::Speak(None)),
        ["cling", n, on] => cast.tell(number(n)?, Command::Cling(*on == "on")),
        _ => bail!("not a command"),
    };
    if known { Ok(()) } else { bail!("there is nobody of this number") }
}

fn number<T: std::str::FromStr>(word: &str) -> anyhow::Result<T> {
    word.parse().ok().with_context(|| format!("{word} is not a number that fits here"))
}

fn describe(n: usize, notice: Notice) -> Value {
    match notice {
        Notice::Inside(session) => json!({"type": "inside", "n": n, "session": session}),
        Notice::Arrived => json!({"type": "arrived", "n": n}),
        Notice::Ended => json!({"type": "ended", "n": n}),
    }
}

async fn report(cast: &Cast) {
    let participants = cast.report().await;
    say(&json!({"type": "report", "cpu_ms": cpu_ms(), "participants": participants}));
}

/// What this process has used of the processors so far; none where the system does not say.
fn cpu_ms() -> Option<u64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let ticks: u64 = fields.next()?.parse::<u64>().ok()? + fields.next()?.parse::<u64>().ok()?;
    // Linux counts in hundredths of a second for every program.
    Some(ticks * 10)
}

fn say(what: &Value) {
    println!("{what}");
}

fn tile(text: &str) -> Result<(i32, i32), String> {
    let parsed = text.split_once(',').and_then(|(x, y)| Some((x.trim().parse().ok()?, y.trim().parse().ok()?)));
    parsed.ok_or_else(|| "two numbers with a comma between them".into())
}
