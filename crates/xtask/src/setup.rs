//! What a machine needs, installed where it can be and named where it cannot.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, bail};

use crate::run;

/// The oldest Node whose npm can read our lock files; the newer Node that wrangler needs comes with the packages.
const NODE_MAJOR_MIN: u32 = 20;

/// What building and running needs: the wasm target, npm, and the npm packages.
pub fn base() -> anyhow::Result<()> {
    check_node()?;
    wasm_target()?;
    packages("worker")?;
    packages("web")
}

/// What the browser tests need besides: Chromium, Firefox and the relay, and `ip` to make networks with.
pub fn browsers() -> anyhow::Result<()> {
    let wanted = [
        ("chromium", "/usr/bin/chromium"),
        ("firefox-esr", "/usr/bin/firefox-esr"),
        (RELAY, crate::relay::PROGRAM),
        ("iproute2", "/usr/sbin/ip"),
    ];
    let is_missing = |path: &str| !Path::new(path).exists() && !Path::new(&path.replacen("/usr", "", 1)).exists();
    let missing: Vec<&str> =
        wanted.into_iter().filter(|(_, path)| is_missing(path)).map(|(package, _)| package).collect();
    if missing.is_empty() {
        return Ok(());
    }
    if !Path::new("/usr/bin/apt-get").exists() {
        bail!(
            "the browser tests need Chromium at /usr/bin/chromium, Firefox at /usr/bin/firefox-esr and coturn at \
             /usr/bin/turnserver, and this system has no apt-get to install them with; install them by hand, or run the other tests: cargo xtask test --only rust"
        );
    }
    let archives = run::absolute(Path::new("target/apt"));
    std::fs::create_dir_all(archives.join("partial")).context("cannot make a folder for packages")?;
    run::step("apt-get update", &mut apt_get(&["update", "-q"]))?;
    let folder = format!("Dir::Cache::archives={}", archives.display());
    // A cache of our own: downloads in the shared one may be cleaned away by another run while they are being installed.
    let install = [
        "install",
        "-y",
        "-q",
        "--no-install-recommends",
        "-o",
        &folder,
        "-o",
        "DPkg::Lock::Timeout=200",
        "fonts-dejavu-core",
    ];
    let without_service = missing.contains(&RELAY) && Path::new("/run/systemd/system").exists();
    if without_service {
        // Debian starts what it installs; a relay for tests is no service of this machine.
        run::step("systemctl mask coturn", as_root("systemctl").args(["mask", RELAY]))?;
    }
    let installed = run::step("apt-get install browsers", apt_get(&install).args(missing));
    if without_service {
        run::step("systemctl unmask coturn", as_root("systemctl").args(["unmask", RELAY]))?;
        run::step("systemctl disable coturn", as_root("systemctl").args(["disable", RELAY]))?;
    }
    installed
}

/// The package and the service.
const RELAY: &str = "coturn";

fn apt_get(args: &[&str]) -> Command {
    let mut command = as_root("apt-get");
    command.args(args).env("DEBIAN_FRONTEND", "noninteractive");
    command
}

fn as_root(program: &str) -> Command {
    let is_root = run::output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0");
    if is_root {
        return run::command(program);
    }
    let mut command = run::command("sudo");
    command.arg(program);
    command
}

fn check_node() -> anyhow::Result<()> {
    let version = run::output(Command::new("node").arg("--version"))
        .context("Node.js 20 or later is missing (https://nodejs.org)")?;
    let major = version.trim().trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok());
    if major.is_none_or(|major| major < NODE_MAJOR_MIN) {
        bail!("Node.js {} is too old; 20 or later is needed", version.trim());
    }
    run::output(Command::new("npm").arg("--version")).context("npm is missing; it comes with Node.js")?;
    Ok(())
}

fn wasm_target() -> anyhow::Result<()> {
    const TARGET: &str = "wasm32-unknown-unknown";
    let sysroot = run::output(Command::new("rustc").args(["--print", "sysroot"]))?;
    if Path::new(sysroot.trim()).join("lib/rustlib").join(TARGET).exists() {
        return Ok(());
    }
    let mut rustup = run::command("rustup");
    run::step("rustup target add", rustup.args(["target", "add", TARGET]))
        .context("without rustup, install the wasm32-unknown-unknown target of your Rust by hand")
}

/// `npm ci`, unless the lock file is the one that was installed last.
fn packages(root: &str) -> anyhow::Result<()> {
    let lock = std::fs::read(Path::new(root).join("package-lock.json"))
        .with_context(|| format!("{root}/package-lock.json is missing"))?;
    let stamp = Path::new(root).join("node_modules/.earshot-lock");
    if std::fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    run::step(&format!("npm ci in {root}"), run::npm(root).args(["ci", "--no-audit", "--no-fund"]))?;
    std::fs::write(stamp, lock).with_context(|| format!("cannot write into {root}/node_modules"))
}
