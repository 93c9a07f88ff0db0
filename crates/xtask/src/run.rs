//! Running other programs: in order, with their time, and all ended together.

use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::Instant;

use anyhow::{Context, bail};

/// Quiet, and no calls home.
const QUIET: [(&str, &str); 5] = [
    ("CLOUDFLARE_CF_FETCH_ENABLED", "false"),
    ("WRANGLER_SEND_METRICS", "false"),
    ("WRANGLER_SEND_ERROR_REPORTS", "false"),
    ("WRANGLER_HIDE_BANNER", "true"),
    ("NO_UPDATE_NOTIFIER", "1"),
];

/// Process groups to end when this process ends.
static GROUPS: Mutex<Vec<u32>> = Mutex::new(Vec::new());

/// All paths are relative to the repository's root.
pub fn enter_root() -> anyhow::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let root = root.canonicalize().context("the repository has moved since xtask was built; run it through cargo")?;
    std::env::set_current_dir(root).context("cannot enter the repository")
}

/// A program by name, from the root, quiet.
pub fn command(program: &str) -> Command {
    let mut command = Command::new(program);
    command.envs(QUIET);
    command
}

/// cargo, the one that runs us.
pub fn cargo() -> Command {
    command(&std::env::var("CARGO").unwrap_or_else(|_| "cargo".into()))
}

/// npm in one of the two npm roots, `worker` or `web`.
pub fn npm(root: &str) -> Command {
    let mut npm = command("npm");
    npm.current_dir(root);
    npm
}

/// The Node that the project brings along: wrangler needs a newer one than machines often have.
pub fn node() -> Command {
    let node = Path::new("worker/node_modules/.bin/node");
    command(&absolute(node).display().to_string())
}

/// wrangler, on that Node.
pub fn wrangler(args: &[&str]) -> Command {
    let mut wrangler = node();
    wrangler.arg("worker/node_modules/wrangler/bin/wrangler.js").args(args);
    wrangler
}

/// A path that stays right in another folder.
pub fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf())
}

/// Runs to the end; a failure names the step.
pub fn step(name: &str, command: &mut Command) -> anyhow::Result<()> {
    timed(name, || {
        let status = command.status().with_context(|| format!("cannot start {:?}", command.get_program()))?;
        if !status.success() {
            bail!("{name} failed ({status}): {command:?}");
        }
        Ok(())
    })
}

/// Does something and prints how long it took.
pub fn timed<T>(name: &str, work: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<T> {
    let start = Instant::now();
    eprintln!("--- {name}");
    let result = work();
    let outcome = if result.is_ok() { "done" } else { "FAILED" };
    eprintln!("--- {name}: {outcome} in {:.1} s", start.elapsed().as_secs_f64());
    result
}

/// What a program prints.
pub fn output(command: &mut Command) -> anyhow::Result<String> {
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("cannot start {:?}", command.get_program()))?;
    if !output.status.success() {
        bail!("{:?} failed ({})", command.get_program(), output.status);
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Starts a program with a process group of its own, which [`end_all`] ends.
pub fn start(command: &mut Command) -> anyhow::Result<Child> {
    let child =
        command.process_group(0).spawn().with_context(|| format!("cannot start {:?}", command.get_program()))?;
    if let Ok(mut groups) = GROUPS.lock() {
        groups.push(child.id());
    }
    Ok(child)
}

/// Ends a program that was started, and all that it started.
pub fn end(child: &mut Child) {
    signal("TERM", child.id());
    for _ in 0..50 {
        if matches!(child.try_wait(), Ok(Some(_))) {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    signal("KILL", child.id());
    let _reaped = child.wait();
}

/// Ends everything that was started.
pub fn end_all() {
    let groups = GROUPS.lock().map(|mut groups| std::mem::take(&mut *groups)).unwrap_or_default();
    for group in groups {
        signal("TERM", group);
    }
}

fn signal(name: &str, group: u32) {
    let _gone_already =
        Command::new("kill").arg(format!("-{name}")).arg("--").arg(format!("-{group}")).stderr(Stdio::null()).status();
}
