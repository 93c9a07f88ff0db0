//! The program: reads its settings, and runs until it is told to end.

use std::process::ExitCode;

use clap::Parser;
use earshot_sfu_node::run;
use earshot_sfu_node::settings::{Flags, Settings};

fn main() -> ExitCode {
    let flags = Flags::parse();
    let settings = match Settings::read(&flags) {
        Ok(settings) => settings,
        Err(error) => {
            eprintln!("{error:#}");
            return ExitCode::from(2);
        }
    };
    if flags.check {
        println!("the settings are fine");
        return ExitCode::SUCCESS;
    }
    match run::run(settings) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}
