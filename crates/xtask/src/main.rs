//! The project's commands: `cargo xtask dev | build | test | lint | bench | deploy`.
//!
//! Absent on purpose: anything that a stock tool does by itself. These only put cargo, npm, wrangler and the browsers into
//! the right order.

mod bench;
mod build;
mod deploy;
mod dev;
mod lint;
mod push_key;
mod relay;
mod run;
mod setup;
mod test;

use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask dev [--port 8787] [--data .earshot/data]   build everything, run it here, and rebuild on change
cargo xtask build                                      build everything once
cargo xtask test [--only NAME] [--with-lint]           all tests, as CI runs them; NAME: rust, worker, web or browser
cargo xtask lint                                       format, clippy, types, dependency rules, generated files, licences
cargo xtask bench movement [--json] [--bots 50,200]    load on the local runtime, beside JSON positions at 20 Hz
cargo xtask bench chat                                 50 bots talk in writing: how long until all were told
cargo xtask bench sfu [--rooms 10,30v,20a] [--seconds N]        a media node under load: CPU, delay, memory
cargo xtask bench cost                                 an hour of a club in simulated time, and what it costs
cargo xtask deploy                                     migrations, then wrangler deploy
cargo xtask push-key                                   a new key to sign pushes with, for the secret VAPID_PRIVATE_KEY
cargo xtask fleet-key                                  a new key and token for media nodes: FLEET_PRIVATE_KEY and FLEET_TOKEN";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let (command, rest) = match args.split_first() {
        Some((command, rest)) => (command.as_str(), rest),
        None => ("help", &[][..]),
    };
    let result = run::enter_root().and_then(|()| match command {
        "dev" => dev::run(rest),
        "build" => build::all(),
        "test" => test::run(rest),
        "lint" => lint::run(),
        "bench" => bench::run(rest),
        "deploy" => deploy::run(),
        "push-key" => push_key::print(),
        "fleet-key" => push_key::print_fleet(),
        "help" | "--help" | "-h" => {
            println!("{USAGE}");
            Ok(())
        }
        other => Err(anyhow::anyhow!("there is no command {other:?}\n\n{USAGE}")),
    });
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
