//! `cargo xtask dev`: everything built and running, rebuilt on change, ended by one Ctrl-C.

use std::path::{Path, PathBuf};
use std::process::Child;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use anyhow::{Context, bail};

use crate::relay::{self, Relay};
use crate::{build, push_key, run};

/// How often sources are looked at.
const LOOK_EVERY: Duration = Duration::from_millis(700);

struct Options {
    port: u16,
    data: PathBuf,
}

/// Runs until Ctrl-C.
pub fn run(args: &[String]) -> anyhow::Result<()> {
    let options = parse(args)?;
    build::all()?;
    ensure_secrets()?;
    let stop = stop_on_signal()?;
    let mut relay = relay::start(&secret("TURN_SECRET")?);
    let mut server = serve(&options, relay.as_ref())?;
    println!("\n  Earshot runs at http://localhost:{}  (Ctrl-C ends it)\n", options.port);
    let mut seen = newest_sources();
    while !stop.load(Ordering::Relaxed) {
        std::thread::sleep(LOOK_EVERY);
        if let Some(status) = server.try_wait()? {
            if stop.load(Ordering::Relaxed) {
                break;
            }
            bail!("the local runtime ended ({status}); is port {} taken? Try --port", options.port);
        }
        if relay.as_mut().is_some_and(Relay::is_over) {
            eprintln!("the relay ended (its log is .earshot/turn/log); media is direct only");
            relay = None;
        }
        let newest = newest_sources();
        if newest == seen {
            continue;
        }
        // A failure is shown, and what ran goes on until the next change.
        match rebuild(seen, newest) {
            Ok(()) => {
                run::end(&mut server);
                server = serve(&options, relay.as_ref())?;
                println!("rebuilt; clients come back by themselves");
            }
            Err(error) => eprintln!("error: {error:#}"),
        }
        seen = newest;
    }
    run::end(&mut server);
    if let Some(mut relay) = relay {
        relay.end();
    }
    println!("ended");
    Ok(())
}

/// Ctrl-C and SIGTERM set the flag, and end what was started.
fn stop_on_signal() -> anyhow::Result<Arc<AtomicBool>> {
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    ctrlc::set_handler(move || {
        flag.store(true, Ordering::Relaxed);
        run::end_all();
    })
    .context("cannot listen for Ctrl-C")?;
    Ok(stop)
}

fn parse(args: &[String]) -> anyhow::Result<Options> {
    let mut options = Options { port: 8787, data: PathBuf::from(".earshot/data") };
    let mut args = args.iter();
    while let Some(name) = args.next() {
        let value = args.next().with_context(|| format!("{name} takes a value"))?;
        match name.as_str() {
            "--port" => {
                options.port = value.parse().with_context(|| format!("--port takes a number, not {value:?}"))?
            }
            "--data" => options.data = PathBuf::from(value),
            _ => bail!("dev takes --port and --data, not {name}"),
        }
    }
    Ok(options)
}

fn serve(options: &Options, relay: Option<&Relay>) -> anyhow::Result<Child> {
    std::fs::create_dir_all(&options.data).with_context(|| format!("cannot make {}", options.data.display()))?;
    let mut node = run::node();
    node.args(["worker/serve.mjs", "--port", &options.port.to_string(), "--data"]).arg(&options.data);
    if let Some(relay) = relay {
        node.env("TURN_URLS", &relay.urls);
    }
    node.env("VAPID_PRIVATE_KEY", push_key::kept()?).env("VAPID_SUBJECT", "mailto:earshot@localhost");
    run::start(node.stdin(std::process::Stdio::null()))
}

const SECRETS: &str = ".dev.vars";
/// With it and FLEET_TOKEN a node on this machine can register without any further word (docs/fleet.md).
const FLEET_KEY: &str = "FLEET_PRIVATE_KEY";

/// Secrets for signing in, for the relay and for the media fleet, made once and kept beside the sources, never committed.
pub fn ensure_secrets() -> anyhow::Result<()> {
    let mut kept = std::fs::read_to_string(SECRETS).unwrap_or_default();
    let is_kept = |name: &str, kept: &str| kept.lines().any(|line| line.starts_with(&format!("{name}=")));
    let names = ["JWT_SECRET", "TURN_SECRET", "FLEET_TOKEN", FLEET_KEY];
    for name in names.into_iter().filter(|name| !is_kept(name, &kept)).collect::<Vec<_>>() {
        // Quoted: it is JSON, with double quotes of its own.
        let value = if name == FLEET_KEY { format!("'{}'", push_key::make()?) } else { push_key::random_hex()? };
        if !kept.is_empty() && !kept.ends_with('\n') {
            kept.push('\n');
        }
        kept.push_str(&format!("{name}={value}\n"));
        std::fs::write(SECRETS, &kept).context("cannot write .dev.vars")?;
    }
    Ok(())
}

fn secret(name: &str) -> anyhow::Result<String> {
    let kept = std::fs::read_to_string(SECRETS).context("cannot read .dev.vars")?;
    let value = kept.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='));
    let value = value.with_context(|| format!(".dev.vars has no {name}"))?;
    Ok(value.trim().trim_matches('"').to_owned())
}

/// When the newest source of each part was changed: Rust, web, and art.
type Newest = [Option<SystemTime>; 3];

fn newest_sources() -> Newest {
    let newest = |folders: &[&str]| folders.iter().filter_map(|folder| newest_in(Path::new(folder))).max();
    [
        newest(&[
            "crates/protocol",
            "crates/world",
            "crates/space",
            "crates/client-core",
            "worker/src",
            "worker/shim.mjs",
            "migrations",
            "wrangler.toml",
        ]),
        newest(&["web/src", "web/public", "web/index.html"]),
        newest(&["crates/art/src"]),
    ]
}

fn newest_in(path: &Path) -> Option<SystemTime> {
    // What the build itself writes is no change.
    let generated = ["web/public/art", "web/src/wasm"].iter().any(|generated| path == Path::new(generated));
    if generated {
        return None;
    }
    if path.is_dir() {
        let entries = std::fs::read_dir(path).ok()?;
        return entries.flatten().filter_map(|entry| newest_in(&entry.path())).max();
    }
    path.metadata().and_then(|metadata| metadata.modified()).ok()
}

fn rebuild(before: Newest, now: Newest) -> anyhow::Result<()> {
    let [rust, web, art] = std::array::from_fn(|part| before.get(part) != now.get(part));
    if art {
        build::art()?;
    }
    if rust {
        build::client_wasm()?;
    }
    if rust || web || art {
        build::web()?;
    }
    if rust || art { build::worker() } else { Ok(()) }
}
