//! `cargo xtask test`: all tests, as CI runs them.

use anyhow::bail;

use crate::{build, dev, lint, run, setup};

/// Runs them all, or one kind.
pub fn run(args: &[String]) -> anyhow::Result<()> {
    let (mut only, mut with_lint) = (None, false);
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--only" => only = args.next().map(String::as_str),
            "--with-lint" => with_lint = true,
            other => bail!("test takes --only and --with-lint, not {other}"),
        }
    }
    let wanted = |name: &str| only.is_none_or(|only| only == name);
    if !["rust", "worker", "web", "browser"].into_iter().any(wanted) {
        bail!("--only takes rust, worker, web or browser");
    }
    if wanted("browser") {
        setup::browsers()?;
    }
    if only != Some("rust") {
        build::all()?;
        dev::ensure_secrets()?;
    }
    if with_lint {
        lint::run()?;
    }
    if wanted("rust") {
        rust()?;
    }
    if wanted("web") {
        run::step("web unit tests", run::npm("web").args(["run", "--silent", "test"]))?;
        run::step("web size budgets", run::npm("web").args(["run", "--silent", "size"]))?;
    }
    if wanted("worker") {
        run::step("worker tests", run::npm("worker").args(["run", "--silent", "test"]))?;
    }
    if wanted("browser") {
        let tools = [
            "build",
            "--locked",
            "-p",
            "earshot-bots",
            "-p",
            "earshot-link-emulator",
            "-p",
            "earshot-sfu-node",
            "-p",
            "earshot-participants",
        ];
        run::step("bots, the link emulator and the media node", run::cargo().args(tools))?;
        run::step("browser tests", run::npm("web").args(["run", "--silent", "test:browser"]))?;
    }
    Ok(())
}

/// With nextest where the machine has it: it runs the binaries beside each other.
fn rust() -> anyhow::Result<()> {
    let has_nextest = run::cargo().args(["nextest", "--version"]).output().is_ok_and(|output| output.status.success());
    if has_nextest {
        run::step(
            "rust tests",
            run::cargo().args([
                "nextest",
                "run",
                "--workspace",
                "--locked",
                "--no-fail-fast",
                "--status-level",
                "fail",
            ]),
        )?;
        run::step("rust doc tests", run::cargo().args(["test", "--workspace", "--locked", "--doc", "--quiet"]))
    } else {
        run::step("rust tests", run::cargo().args(["test", "--workspace", "--locked", "--no-fail-fast"]))
    }
}
