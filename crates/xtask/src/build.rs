//! Everything from source to what runs: art, wasm, bindings, the Worker's bundle, the web client.

use std::path::Path;

use anyhow::Context;

use crate::{run, setup};

/// The profile of everything that becomes wasm: as it is deployed.
const PROFILE: &str = "wasm";

/// All of it.
pub fn all() -> anyhow::Result<()> {
    setup::base()?;
    art()?;
    client_wasm()?;
    web()?;
    worker()
}

/// Pictures and map templates.
pub fn art() -> anyhow::Result<()> {
    run::step("art", run::cargo().args(["run", "--quiet", "--locked", "-p", "earshot-art"]))
}

/// The client core and the markup, for the browser.
pub fn client_wasm() -> anyhow::Result<()> {
    for (package, file) in [("earshot-client-core", "earshot_client_core"), ("earshot-markup", "earshot_markup")] {
        wasm(package)?;
        bind(file, "web/src/wasm", &[])?;
    }
    Ok(())
}

/// The web client, into web/dist.
pub fn web() -> anyhow::Result<()> {
    run::step("web", run::npm("web").args(["run", "--silent", "build"]))
}

/// The Worker, into worker/build/bundle.
pub fn worker() -> anyhow::Result<()> {
    wasm("earshot-worker")?;
    bind_as("earshot_worker", "worker/build", "earshot", &["--reset-state"])?;
    std::fs::create_dir_all("web/dist").context("cannot make web/dist")?;
    let bundle = Path::new("worker/build/bundle");
    if bundle.exists() {
        std::fs::remove_dir_all(bundle).context("cannot clear worker/build/bundle")?;
    }
    // wrangler lists bindings on standard output; errors come on the other.
    let mut wrangler = run::wrangler(&["deploy", "--dry-run", "--outdir", "worker/build/bundle"]);
    run::step("bundle the worker", wrangler.stdout(std::process::Stdio::null()))
}

fn wasm(package: &str) -> anyhow::Result<()> {
    let mut cargo = run::cargo();
    cargo.args([
        "build",
        "--locked",
        "-p",
        package,
        "--lib",
        "--target",
        "wasm32-unknown-unknown",
        "--profile",
        PROFILE,
    ]);
    run::step(&format!("{package} to wasm"), &mut cargo)
}

fn bind(file: &str, out: &str, flags: &[&str]) -> anyhow::Result<()> {
    bind_as(file, out, file, flags)
}

fn bind_as(file: &str, out: &str, name: &str, flags: &[&str]) -> anyhow::Result<()> {
    let target = std::env::var("CARGO_TARGET_DIR").unwrap_or_else(|_| "target".into());
    let wasm = format!("{target}/wasm32-unknown-unknown/{}/{file}.wasm", PROFILE);
    std::fs::create_dir_all(out).with_context(|| format!("cannot make {out}"))?;
    let mut cargo = run::cargo();
    cargo.args(["run", "--quiet", "--locked", "-p", "earshot-bindgen", "--", &wasm, out, name]).args(flags);
    run::step(&format!("bindings for {file}"), &mut cargo)
}
