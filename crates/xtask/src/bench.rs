//! `cargo xtask bench`: figures, as ratios in one run where machines differ.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

use anyhow::{Context, bail};
use serde_json::{Value, json};

use crate::{build, dev, run};

/// How long each run is measured.
const SECONDS: u64 = 20;
/// At this many walkers and more the yardstick asks for millions of deliveries a second; no machine is asked that.
const YARDSTICK_BOTS_MAX: usize = 200;

/// `movement`, `chat`, `cost`, `sfu` or `churn`.
pub fn run(args: &[String]) -> anyhow::Result<()> {
    match args.first().map(String::as_str) {
        Some("movement") => movement(&args[1..]),
        Some("chat") => chat(),
        Some("cost") => run::step(
            "cost",
            run::cargo().args(["run", "--quiet", "--locked", "-p", "earshot-simulator", "--bin", "cost"]),
        ),
        Some("sfu") => sfu(&args[1..]),
        Some("churn") => churn(&args[1..]),
        _ => bail!("bench takes movement, chat, cost, sfu or churn"),
    }
}

fn movement(args: &[String]) -> anyhow::Result<()> {
    let (mut as_json, mut counts) = (false, vec![50, 200, 500, 1_000]);
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--json" => as_json = true,
            "--bots" => {
                let list = args.next().context("--bots takes numbers, as in 50,200")?;
                counts = list
                    .split(',')
                    .map(str::parse)
                    .collect::<Result<_, _>>()
                    .context("--bots takes numbers, as in 50,200")?;
            }
            other => bail!("movement takes --json and --bots, not {other}"),
        }
    }
    build::all()?;
    dev::ensure_secrets()?;
    run::step("bots", run::cargo().args(["build", "--locked", "-p", "earshot-bots"]))?;
    run::step(
        "yardstick",
        run::wrangler(&[
            "deploy",
            "--dry-run",
            "--config",
            "crates/bots/reference/wrangler.toml",
            "--outdir",
            "../../../target/reference",
        ])
        .stdout(Stdio::null()),
    )?;
    let mut runs = Vec::new();
    for &count in &counts {
        runs.push(measure("earshot", count)?);
        if count <= YARDSTICK_BOTS_MAX {
            runs.push(measure("json20", count)?);
        }
    }
    let result = json!({ "ratios": ratios(&runs), "runs": runs });
    if as_json {
        println!("{result}");
    } else {
        print_table(&runs);
        println!("\njson20 / earshot at the fewest bots: {}", ratios(&runs));
    }
    Ok(())
}

/// Native people in rooms of several sizes, all to all: what a forwarded packet costs a node, beside the floor. As it is
/// deployed, so optimised; further arguments are the load's own.
fn sfu(args: &[String]) -> anyhow::Result<()> {
    let packages = ["build", "--release", "--locked", "-p", "earshot-load", "-p", "earshot-sfu-node"];
    run::step("the node and its load", run::cargo().args(packages))?;
    let target = std::env::var("CARGO_TARGET_DIR").unwrap_or_else(|_| "target".into());
    let mut load = run::command(&format!("{target}/release/earshot-load"));
    load.args(["--node", &format!("{target}/release/sfu-node")]).args(args);
    run::step("load", &mut load)
}

/// People who come and go for an hour (`--seconds`), some of them rudely, and what becomes of a node's memory. Not optimised, so that
/// arithmetic that overflows is a panic, and counts as one; further arguments are the load's own.
fn churn(args: &[String]) -> anyhow::Result<()> {
    let packages = ["build", "--locked", "-p", "earshot-load", "-p", "earshot-sfu-node"];
    run::step("the node and its load", run::cargo().args(packages))?;
    let target = std::env::var("CARGO_TARGET_DIR").unwrap_or_else(|_| "target".into());
    let mut load = run::command(&format!("{target}/debug/earshot-load"));
    load.args(["--churn", "--node", &format!("{target}/debug/sfu-node")]).args(args);
    run::step("churn", &mut load)
}

/// Fifty bots walk about, and each says something to everyone every five seconds: how long until all were told.
fn chat() -> anyhow::Result<()> {
    build::all()?;
    dev::ensure_secrets()?;
    run::step("bots", run::cargo().args(["build", "--locked", "-p", "earshot-bots"]))?;
    let data = format!("target/bench-data-{}-chat", std::process::id());
    std::fs::create_dir_all(&data)?;
    let (mut server, url) = serve("earshot", &data)?;
    let target = std::env::var("CARGO_TARGET_DIR").unwrap_or_else(|_| "target".into());
    let mut bots = run::command(&format!("{target}/debug/earshot-bots"));
    bots.args(["--url", &url, "--count", "50", "--gap-ms", "10", "--say-every-ms", "5000"]);
    bots.args(["--warm-up-seconds", "5", "--seconds", "60"]);
    let measured = run::step("50 bots say something every 5 s", &mut bots);
    run::end(&mut server);
    let _best_effort = std::fs::remove_dir_all(&data);
    measured
}

/// One run: a fresh runtime, bots, and the CPU the runtime used meanwhile.
fn measure(mode: &str, count: usize) -> anyhow::Result<Value> {
    let data = format!("target/bench-data-{}-{mode}-{count}", std::process::id());
    std::fs::create_dir_all(&data)?;
    let (mut server, url) = serve(mode, &data)?;
    let result = run_bots(mode, count, &url, server.id());
    run::end(&mut server);
    let _best_effort = std::fs::remove_dir_all(&data);
    result
}

fn serve(mode: &str, data: &str) -> anyhow::Result<(Child, String)> {
    let mut node = run::node();
    node.args(["worker/serve.mjs", "--port", "0", "--no-limits", "--quiet", "--data", data]);
    if mode == "json20" {
        node.args(["--config", "crates/bots/reference/wrangler.toml", "--bundle", "target/reference"]);
    }
    let mut server = run::start(node.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()))?;
    let stdout = server.stdout.take().context("no output")?;
    let mut lines = BufReader::new(stdout).lines();
    for line in lines.by_ref() {
        let ready = serde_json::from_str::<Value>(&line?).ok();
        if let Some(url) = ready.as_ref().and_then(|ready| ready["url"].as_str()) {
            let url = url.to_string();
            // Keeps the pipe open and empty.
            std::thread::spawn(move || lines.for_each(drop));
            return Ok((server, url));
        }
    }
    bail!("the runtime did not start in mode {mode}");
}

fn run_bots(mode: &str, count: usize, url: &str, server: u32) -> anyhow::Result<Value> {
    let target = std::env::var("CARGO_TARGET_DIR").unwrap_or_else(|_| "target".into());
    let mut bots = run::command(&format!("{target}/debug/earshot-bots"));
    let warm_up = 5 + count as u64 / 100;
    bots.args(["--url", url, "--json", "--gap-ms", "10"]);
    bots.args([
        "--count",
        &count.to_string(),
        "--seconds",
        &SECONDS.to_string(),
        "--warm-up-seconds",
        &warm_up.to_string(),
    ]);
    if mode == "json20" {
        bots.arg("--json20");
    }
    eprintln!("--- {mode}, {count} bots");
    let mut child = run::start(bots.stdin(Stdio::null()).stdout(Stdio::piped()))?;
    let output = child.stdout.take().context("no output")?;
    // CPU is sampled every second; what was used in the measured seconds is what counts.
    let sampler = std::thread::spawn(move || {
        let mut samples = Vec::new();
        while samples.len() < 600 {
            samples.push(cpu_seconds(server));
            std::thread::sleep(std::time::Duration::from_secs(1));
            if !matches!(child.try_wait(), Ok(None)) {
                break;
            }
        }
        samples
    });
    let text = std::io::read_to_string(output)?;
    let samples = sampler.join().unwrap_or_default();
    let report: Value = serde_json::from_str(&text).context("the bots said nothing; did they get in?")?;
    let last = samples.iter().rposition(|&cpu| cpu > 0.0).unwrap_or(0);
    let first = last.saturating_sub(SECONDS as usize);
    let used = samples.get(last).unwrap_or(&0.0) - samples.get(first).unwrap_or(&0.0);
    let user_minutes = count as f64 * (last - first) as f64 / 60.0;
    let mut run = json!({ "bots": count, "mode": mode, "cpu_s_per_user_min": used / user_minutes.max(1e-9) });
    for key in [
        "in_msgs_per_moving_user_s",
        "in_bytes_per_user_min",
        "out_frames_per_user_min",
        "out_bytes_per_user_min",
        "p50_ms",
        "p99_ms",
        "walking_share",
        "ended",
    ] {
        run[key] = report[key].clone();
    }
    Ok(run)
}

/// CPU seconds that a process and all its descendants have used.
fn cpu_seconds(root: u32) -> f64 {
    const TICKS_PER_SECOND: f64 = 100.0;
    let mut total = 0.0;
    let mut queue = vec![root];
    while let Some(pid) = queue.pop() {
        if let Ok(stat) = std::fs::read_to_string(format!("/proc/{pid}/stat")) {
            // Fields after the name, which may hold spaces and stands in parentheses: utime and stime are the 12th and 13th.
            let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
            let ticks = |index: usize| fields.get(index).and_then(|field| field.parse::<f64>().ok()).unwrap_or(0.0);
            total += (ticks(11) + ticks(12)) / TICKS_PER_SECOND;
        }
        let children = std::fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap_or_default();
        queue.extend(children.split_whitespace().filter_map(|child| child.parse::<u32>().ok()));
    }
    total
}

/// How much worse the yardstick is, at the smallest number of bots both ran with: there it is not saturated yet.
fn ratios(runs: &[Value]) -> Value {
    let of = |mode: &str| runs.iter().find(|run| run["mode"] == mode);
    let (Some(ours), Some(theirs)) = (of("earshot"), of("json20")) else { return Value::Null };
    let ratio = |key: &str| {
        let (ours, theirs) = (ours[key].as_f64().unwrap_or(0.0), theirs[key].as_f64().unwrap_or(0.0));
        (theirs / ours.max(1e-9) * 10.0).round() / 10.0
    };
    json!({ "bytes": ratio("out_bytes_per_user_min"), "messages": ratio("in_msgs_per_moving_user_s"), "cpu": ratio("cpu_s_per_user_min") })
}

fn print_table(runs: &[Value]) {
    println!(
        "| bots | mode | in msg / moving user s | in B / user min | out frames / user min | out B / user min | p50 ms | p99 ms | CPU s / user min |"
    );
    println!("|--:|--|--:|--:|--:|--:|--:|--:|--:|");
    for run in runs {
        let number = |key: &str, digits: usize| format!("{:.*}", digits, run[key].as_f64().unwrap_or(0.0));
        println!(
            "| {} | {} | {} | {} | {} | {} | {} | {} | {} |",
            run["bots"],
            run["mode"].as_str().unwrap_or_default(),
            number("in_msgs_per_moving_user_s", 2),
            number("in_bytes_per_user_min", 0),
            number("out_frames_per_user_min", 0),
            number("out_bytes_per_user_min", 0),
            number("p50_ms", 1),
            number("p99_ms", 1),
            number("cpu_s_per_user_min", 4),
        );
    }
}
