//! Devices, threads and the clock. Decides nothing: see [`earshot_link_emulator::link`].

use std::io::{BufRead as _, Write as _};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use earshot_link_emulator::command::{self, Command, Setting};
use earshot_link_emulator::link::{Counts, End, Input, Link, Output, Weather};
use tun_rs::{DeviceBuilder, SyncDevice};

/// As over most of the internet; also what browsers assume at most.
const MTU_BYTES: u16 = 1500;
/// Packets that wait to be looked at. A queue of the kernel stands before it, so a full one loses nothing by itself.
const EVENTS_MAX: usize = 1024;
/// With nothing under way it only listens.
const IDLE: Duration = Duration::from_secs(3600);

struct Options {
    a: String,
    b: String,
    seed: u64,
    weather: Weather,
}

enum Event {
    Packet(End, Vec<u8>),
    Line(String),
    Ended(anyhow::Result<()>),
}

/// Runs until the standard input ends.
pub fn run(args: &[String]) -> anyhow::Result<()> {
    let options = parse(args)?;
    let devices = [open(&options.a)?, open(&options.b)?];
    let (events, inbox) = sync_channel(EVENTS_MAX);
    for (end, device) in [End::A, End::B].into_iter().zip(&devices) {
        let (device, events) = (Arc::clone(device), events.clone());
        thread::spawn(move || read_packets(end, &device, &events));
    }
    thread::spawn(move || read_lines(&events));
    say("ready")?;
    carry(Link::new(options.weather, options.seed), &devices, &inbox)
}

fn parse(args: &[String]) -> anyhow::Result<Options> {
    let mut options = Options { a: String::new(), b: String::new(), seed: 1, weather: Weather::CALM };
    let mut args = args.iter();
    while let Some(name) = args.next() {
        let value = args.next().with_context(|| format!("{name} takes a value"))?;
        let name = name.trim_start_matches("--");
        match (name, Setting::named(name)) {
            ("a", _) => options.a = value.clone(),
            ("b", _) => options.b = value.clone(),
            ("seed", _) => options.seed = value.parse().context("--seed takes a number")?,
            (_, Some(setting)) => {
                let value = command::parse_value(setting, name, value)?;
                options.weather = setting.apply(value, options.weather);
            }
            _ => bail!("there is no option --{name}"),
        }
    }
    if options.a.is_empty() || options.b.is_empty() {
        bail!("--a and --b name the two devices");
    }
    Ok(options)
}

fn open(name: &str) -> anyhow::Result<Arc<SyncDevice>> {
    let device = DeviceBuilder::new().name(name).mtu(MTU_BYTES).enable(false).build_sync();
    device.map(Arc::new).with_context(|| format!("cannot make the device {name}; this takes root and /dev/net/tun"))
}

fn read_packets(end: End, device: &SyncDevice, events: &SyncSender<Event>) {
    let mut buffer = vec![0; usize::from(MTU_BYTES) + 64];
    loop {
        let event = match device.recv(&mut buffer) {
            Ok(length) => Event::Packet(end, buffer[..length].to_vec()),
            // A device that is down reads as an error until `ip` sets it up; it is looked at again soon.
            Err(_) => {
                thread::sleep(Duration::from_millis(5));
                continue;
            }
        };
        if events.send(event).is_err() {
            return;
        }
    }
}

fn read_lines(events: &SyncSender<Event>) {
    for line in std::io::stdin().lock().lines() {
        let event = match line {
            Ok(line) => Event::Line(line),
            Err(error) => Event::Ended(Err(error.into())),
        };
        if events.send(event).is_err() {
            return;
        }
    }
    let _nobody_listens = events.send(Event::Ended(Ok(())));
}

/// The one loop: what happens goes in, what is due goes out, and it sleeps until the next of either.
fn carry(mut link: Link, [a, b]: &[Arc<SyncDevice>; 2], inbox: &Receiver<Event>) -> anyhow::Result<()> {
    let start = Instant::now();
    let now = || start.elapsed().as_micros() as u64;
    loop {
        let wake_at = loop {
            match link.poll_output() {
                Output::Deliver { at, packet } => {
                    let device = if at == End::A { a } else { b };
                    // Down, or its queue is full: a real cable drops it, too.
                    let _dropped = device.send(&packet);
                }
                Output::WakeAt(at) => break at,
            }
        };
        let wait = wake_at.map_or(IDLE, |at| Duration::from_micros(at.saturating_sub(now())));
        let input = match inbox.recv_timeout(wait) {
            Ok(Event::Packet(at, packet)) => Input::Arrived { at, packet },
            Ok(Event::Line(line)) => match answer(&link, &line)? {
                Some(input) => input,
                None => continue,
            },
            Ok(Event::Ended(result)) => return result,
            Err(RecvTimeoutError::Timeout) => Input::Woken,
            Err(RecvTimeoutError::Disconnected) => return Ok(()),
        };
        link.handle_input(now(), input);
    }
}

/// Answers a line, and says what it means for the link.
fn answer(link: &Link, line: &str) -> anyhow::Result<Option<Input>> {
    match command::parse(line) {
        Ok(Command::Counts) => {
            let Counts { delivered, lost, crowded_out, cut_off } = link.counts();
            say(&format!(
                "{{\"delivered\":{delivered},\"lost\":{lost},\"crowdedOut\":{crowded_out},\"cutOff\":{cut_off}}}"
            ))?;
            Ok(None)
        }
        Ok(command) => {
            say("ok")?;
            Ok(command.input(link.weather()))
        }
        Err(misunderstood) => {
            say(&misunderstood.to_string())?;
            Ok(None)
        }
    }
}

fn say(line: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}").and_then(|()| out.flush()).context("nobody reads the answers")
}
