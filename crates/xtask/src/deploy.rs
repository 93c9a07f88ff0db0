//! `cargo xtask deploy`: what is built here goes to the platform, migrations first.

use anyhow::Context;

use crate::{build, run};

/// Deploys with the wrangler account that is signed in.
pub fn run() -> anyhow::Result<()> {
    build::all()?;
    let config = std::fs::read_to_string("wrangler.toml").context("cannot read wrangler.toml")?;
    if config.contains("00000000-0000-0000-0000-000000000000") {
        anyhow::bail!(
            "wrangler.toml has no database yet. Once: run `worker/node_modules/.bin/wrangler d1 create earshot`, put the id it \
             prints into wrangler.toml, and set the secret with `wrangler secret put JWT_SECRET` (32 random characters or more). For pushes \
             there is `cargo xtask push-key`, for a media fleet `cargo xtask fleet-key`"
        );
    }
    run::step("migrations", &mut run::wrangler(&["d1", "migrations", "apply", "DB", "--remote"]))?;
    run::step("deploy", &mut run::wrangler(&["deploy"]))
}
