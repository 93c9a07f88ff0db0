//! `cargo xtask lint`: what can be said without running anything.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, bail};

use crate::{run, setup};

/// Crates that stay pure: no I/O, no clock, no runtime; each compiles to wasm.
const PURE: [&str; 6] =
    ["earshot-protocol", "earshot-world", "earshot-space", "earshot-client-core", "earshot-markup", "earshot-media"];
/// What a pure crate must not depend on, however far down.
const IMPURE: [&str; 10] =
    ["tokio", "axum", "worker", "mio", "socket2", "hyper", "reqwest", "ureq", "getrandom", "rand"];
/// Who may use whom among the project's own crates; see ARCHITECTURE.md.
const MAY_USE: [(&str, &[&str]); 9] = [
    ("earshot-protocol", &[]),
    ("earshot-markup", &[]),
    ("earshot-media", &[]),
    ("earshot-world", &["earshot-protocol"]),
    ("earshot-space", &["earshot-protocol", "earshot-world"]),
    ("earshot-client-core", &["earshot-protocol", "earshot-world"]),
    ("earshot-simulator", &["earshot-protocol", "earshot-world", "earshot-space", "earshot-client-core"]),
    ("earshot-bots", &["earshot-protocol", "earshot-world", "earshot-client-core", "earshot-simulator"]),
    ("earshot-worker", &["earshot-protocol", "earshot-world", "earshot-space"]),
];

/// All lints.
pub fn run() -> anyhow::Result<()> {
    setup::base()?;
    run::step("rustfmt", run::cargo().args(["fmt", "--all", "--check"]))?;
    run::step(
        "clippy",
        run::cargo().args(["clippy", "--workspace", "--all-targets", "--locked", "--quiet", "--", "-D", "warnings"]),
    )?;
    run::timed("dependency rules", dependency_rules)?;
    for package in PURE {
        let mut check = run::cargo();
        check.args([
            "check",
            "--locked",
            "--quiet",
            "-p",
            package,
            "--lib",
            "--target",
            "wasm32-unknown-unknown",
            "--profile",
            "wasm",
        ]);
        run::step(&format!("{package} for wasm32"), &mut check)?;
    }
    run::step(
        "templates are as generated",
        run::cargo().args(["run", "--quiet", "--locked", "-p", "earshot-art", "--", "--check"]),
    )?;
    run::step("web: types and lint", run::npm("web").args(["run", "--silent", "lint"]))?;
    run::timed("documents", documents)?;
    run::timed("licences", licences)?;
    advisories()
}

fn dependency_rules() -> anyhow::Result<()> {
    for package in PURE {
        let impure = IMPURE
            .iter()
            .filter(|name| dependencies(package, &[]).is_ok_and(|all| all.contains(**name)))
            .collect::<Vec<_>>();
        if !impure.is_empty() {
            bail!("{package} is to stay pure, and depends on {impure:?}");
        }
    }
    for (package, allowed) in MAY_USE {
        let used = dependencies(package, &["--depth", "1"])?;
        let wrong: Vec<_> = used
            .iter()
            .filter(|name| name.starts_with("earshot-") && *name != package && !allowed.contains(&name.as_str()))
            .collect();
        if !wrong.is_empty() {
            bail!("{package} may not use {wrong:?}; see ARCHITECTURE.md");
        }
    }
    Ok(())
}

/// Names of all that a package is built with, however far down unless limited.
fn dependencies(package: &str, limit: &[&str]) -> anyhow::Result<BTreeSet<String>> {
    let mut tree = run::cargo();
    tree.args(["tree", "--locked", "-p", package, "-e", "normal", "--prefix", "none", "--format", "{lib}|{p}"])
        .args(limit);
    let tree = run::output(&mut tree)?;
    Ok(tree.lines().filter_map(|line| line.split('|').nth(1)?.split(' ').next()).map(str::to_string).collect())
}

/// Links in the documents lead somewhere, and no source is a heap.
fn documents() -> anyhow::Result<()> {
    const LINES_MAX: usize = 1_000;
    let files = run::output(run::command("git").args(["ls-files"]))?;
    for file in files.lines() {
        let path = Path::new(file);
        let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        if extension == "md" {
            check_links(path)?;
        }
        if ["rs", "ts", "tsx", "mjs"].contains(&extension)
            && let Ok(text) = std::fs::read_to_string(path)
            && text.lines().count() > LINES_MAX
        {
            bail!("{file} has more than {LINES_MAX} lines: two ideas in one?");
        }
    }
    Ok(())
}

fn check_links(document: &Path) -> anyhow::Result<()> {
    let text = std::fs::read_to_string(document).with_context(|| format!("cannot read {}", document.display()))?;
    for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
        let target = target.split('#').next().unwrap_or_default();
        let is_local = !target.is_empty() && !target.contains("://") && !target.starts_with("mailto:");
        if is_local && !document.parent().unwrap_or(Path::new("")).join(target).exists() {
            bail!("{} links to {target}, which is not there", document.display());
        }
    }
    Ok(())
}

/// Every package that is built with has a licence of deny.toml's list: cargo-deny's check, for machines without it.
fn licences() -> anyhow::Result<()> {
    let config = std::fs::read_to_string("deny.toml").context("cannot read deny.toml")?;
    let list =
        config.lines().find_map(|line| line.strip_prefix("allow = [")).context("deny.toml has no list of licences")?;
    let allowed: BTreeSet<&str> = list.split('"').skip(1).step_by(2).collect();
    let metadata = run::output(run::cargo().args(["metadata", "--locked", "--format-version", "1"]))?;
    let metadata: serde_json::Value = serde_json::from_str(&metadata)?;
    let packages = metadata["packages"].as_array().context("cargo metadata names no packages")?;
    let refused =
        packages.iter().filter(|package| !is_allowed(package["license"].as_str().unwrap_or_default(), &allowed));
    let refused: Vec<String> = refused.map(|package| format!("{} ({})", package["name"], package["license"])).collect();
    if !refused.is_empty() {
        bail!("licences that deny.toml does not allow: {}", refused.join(", "));
    }
    Ok(())
}

/// Whether one alternative of an SPDX expression has only allowed parts. Nested brackets do not occur in practice.
fn is_allowed(expression: &str, allowed: &BTreeSet<&str>) -> bool {
    let plain = expression.replace(['(', ')'], "").replace('/', " OR ");
    plain.split(" OR ").any(|alternative| alternative.split(" AND ").all(|part| allowed.contains(part.trim())))
}

/// Known holes, where cargo-deny is installed and its database can be had.
fn advisories() -> anyhow::Result<()> {
    let has_deny = run::cargo().args(["deny", "--version"]).output().is_ok_and(|output| output.status.success());
    if !has_deny {
        eprintln!("--- cargo-deny is not installed here: advisories are not checked (cargo install cargo-deny)");
        return Ok(());
    }
    run::step("bans and sources", run::cargo().args(["deny", "--locked", "check", "licenses", "bans", "sources"]))?;
    let fetched = run::cargo().args(["deny", "fetch", "db"]).output().is_ok_and(|output| output.status.success());
    if !fetched {
        eprintln!("--- the advisory database cannot be reached from here: advisories are not checked");
        return Ok(());
    }
    run::step("advisories", run::cargo().args(["deny", "--locked", "check", "advisories"]))
}
