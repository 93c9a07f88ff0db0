//! The shell around the link: two TUN devices, a clock, and commands on the standard input.
//!
//!     earshot-link-emulator --a NAME --b NAME [--seed N] [--delay MS] [--jitter MS] [--loss PERCENT] [--rate KBIT_PER_S]
//!
//! It makes both devices in its own network namespace and prints `ready`; whoever started it moves them to where they belong
//! and gives them addresses. Every line of the standard input is answered by one, `ok` or what is wrong; its end ends the
//! program, and the devices with it.

#[cfg(target_os = "linux")]
mod shell;

use std::process::ExitCode;

#[cfg(target_os = "linux")]
fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match shell::run(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

#[cfg(not(target_os = "linux"))]
fn main() -> ExitCode {
    eprintln!("error: this needs Linux: its TUN devices and network namespaces");
    ExitCode::FAILURE
}
