//! From settings to a running node, and from a signal to its end.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::Context;
use earshot_media::node::NodeConfig;
use serde_json::json;
use socket2::{Domain, Protocol, Socket, Type};
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::{Notify, mpsc};
use tokio::task::JoinSet;

use crate::http::{App, router};
use crate::keys::{Keys, Source};
use crate::settings::Settings;
use crate::shard::{Command, Renewal, Shard, ShardHandle};
use crate::tokens::Tokens;
use crate::udp::Udp;
use crate::{fleet, tcp};

/// Requests to the Worker take this long at the most.
const REQUEST: Duration = Duration::from_secs(5);
/// While there are no keys, they are asked for this often.
const KEYS_AGAIN: Duration = Duration::from_secs(6);
/// Words of farewell have this long to get out before the program ends.
const FAREWELL: Duration = Duration::from_millis(500);
/// Where any port will do, so many are tried for one that is free for UDP and TCP.
const PORTS_TRIED_MAX: u32 = 32;
/// Streams that the kernel keeps until they are taken.
const STREAMS_WAITING_MAX: i32 = 1_024;
/// While it drains it is looked this often whether all have left.
const LOOK: Duration = Duration::from_millis(100);

pub fn run(settings: Settings) -> anyhow::Result<()> {
    tell_of_panics();
    let filter = tracing_subscriber::EnvFilter::try_new(&settings.log).context("log")?;
    let logs = tracing_subscriber::fmt().json().with_env_filter(filter).with_writer(std::io::stderr);
    // Tests run several in one process.
    let _ = logs.try_init();
    // The same cryptography as for media; an error says that it is set already.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(serve(settings))
}

/// Where, not what: a panic's text may hold what somebody sent.
fn tell_of_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(|at| format!("{}:{}", at.file(), at.line()));
        tracing::error!(place, "something panicked");
    }));
}

async fn serve(settings: Settings) -> anyhow::Result<()> {
    let (renewals, to_check) = mpsc::unbounded_channel();
    let (sockets, media_tcp) = bind_media(&settings)?;
    let media_port = media_tcp.local_addr()?.port();
    let shards = start_shards(&settings, sockets, media_port, &renewals)?;
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .timeout_global(Some(REQUEST))
        .http_status_as_error(true)
        .max_redirects(0)
        .build()
        .into();
    let source = match (&settings.keys_file, &settings.worker) {
        (Some(path), _) => Source::File(path.clone()),
        (None, Some(worker)) => Source::Worker(worker.clone()),
        (None, None) => anyhow::bail!("no keys"),
    };
    let app = Arc::new(App {
        tokens: Tokens::new(Keys::new(source, agent.clone()), settings.id.clone()),
        shards,
        run: new_run()?,
        capacity: settings.capacity,
        is_draining: AtomicBool::new(false),
        refused: AtomicU64::new(0),
        streams: Arc::default(),
    });
    let media_tcp = TcpListener::from_std(media_tcp).context("media over TCP")?;
    let mut tasks = JoinSet::new();
    tasks.spawn(tcp::serve(media_tcp, app.shards.clone(), Arc::clone(&app.streams)));
    tasks.spawn(check_renewals(Arc::clone(&app), to_check));
    tokio::spawn(keep_keys(Arc::clone(&app)));
    let http = TcpListener::bind(settings.http).await.with_context(|| format!("HTTP on {}", settings.http))?;
    let http_port = http.local_addr()?.port();
    // Only now: the Worker answers the first beat by looking whether there is somebody.
    let at_once = Arc::new(Notify::new());
    if let (Some(worker), Some(secret)) = (settings.worker.clone(), settings.fleet_token.clone()) {
        tasks.spawn(fleet::beat(worker, secret, settings.clone(), Arc::clone(&app), agent, Arc::clone(&at_once)));
    }
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    println!("{}", json!({ "http": http_port, "udp": media_port, "tcp": media_port, "run": app.run }));
    tracing::info!(http = http_port, media = media_port, shards = app.shards.len(), "started");
    let serving = axum::serve(http, router(Arc::clone(&app))).into_future();
    tokio::select! {
        ended = serving => ended.context("HTTP"),
        ended = one_ended(&mut tasks) => ended,
        () = drain(&settings, &app, &at_once, &mut terminate, &mut interrupt) => Ok(()),
    }
}

/// A socket for each shard, and one for TCP, all on one port.
fn bind_media(settings: &Settings) -> anyhow::Result<(Vec<Udp>, std::net::TcpListener)> {
    let mut tries = 0;
    let (first, media_tcp) = loop {
        let first = Udp::bind(SocketAddr::new(settings.bind, settings.udp_port)).context("media over UDP")?;
        match listen(SocketAddr::new(settings.bind, first.local_addr()?.port())) {
            Ok(media_tcp) => break (first, media_tcp),
            // Any port will do, and this one is another's for TCP.
            Err(_) if settings.udp_port == 0 && tries < PORTS_TRIED_MAX => tries += 1,
            Err(error) => return Err(error).context("media over TCP"),
        }
    };
    let port = media_tcp.local_addr()?.port();
    let mut sockets = vec![first];
    for _ in 1..settings.shards {
        sockets.push(Udp::bind(SocketAddr::new(settings.bind, port)).context("media over UDP")?);
    }
    Ok((sockets, media_tcp))
}

/// Of both families where the address is of none in particular, whatever the system's own rule is.
fn listen(address: SocketAddr) -> std::io::Result<std::net::TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    if address.is_ipv6() {
        socket.set_only_v6(false)?;
    }
    // A node that is started anew does not wait for its predecessor's streams.
    socket.set_reuse_address(true)?;
    socket.bind(&address.into())?;
    socket.listen(STREAMS_WAITING_MAX)?;
    socket.set_nonblocking(true)?;
    Ok(socket.into())
}

/// Threads with their sockets.
fn start_shards(
    settings: &Settings,
    sockets: Vec<Udp>,
    port: u16,
    renewals: &mpsc::UnboundedSender<Renewal>,
) -> anyhow::Result<Vec<ShardHandle>> {
    let addresses: Vec<_> = settings.advertise.iter().map(|ip| SocketAddr::new(*ip, port)).collect();
    let (mut shards, mut handles) = (Vec::new(), Vec::new());
    for (index, udp) in sockets.into_iter().enumerate() {
        let config = NodeConfig {
            udp: addresses.clone(),
            tcp: addresses.clone(),
            participants_max: usize::try_from(settings.capacity).unwrap_or(usize::MAX),
            rooms_max: settings.rooms,
            voices_max: settings.voices,
            pictures_max: settings.pictures,
            full_percent: settings.full_percent,
            shard: u8::try_from(index).unwrap_or(0),
            ..NodeConfig::default()
        };
        let (shard, handle) = Shard::new(index, udp, config, renewals.clone())?;
        shards.push(shard);
        handles.push(handle);
    }
    for (index, shard) in shards.into_iter().enumerate() {
        let peers = handles.clone();
        start_media(index, move || shard.run(peers))?;
    }
    Ok(handles)
}

/// A thread that takes the program with it when it ends.
fn start_media(index: usize, work: impl FnOnce() + Send + 'static) -> std::io::Result<JoinHandle<()>> {
    std::thread::Builder::new().name(format!("media-{index}")).spawn(move || {
        let _end = AbortAtEnd;
        work();
    })
}

/// A node without media that goes on with beats and old figures is worse than none. Dropped when a panic unwinds, too.
struct AbortAtEnd;

impl Drop for AbortAtEnd {
    fn drop(&mut self) {
        std::process::abort();
    }
}

/// Each of these goes on as long as the program: a node that renews no grants, or says no beat, is worse than none.
async fn one_ended(tasks: &mut JoinSet<()>) -> anyhow::Result<()> {
    let ended = tasks.join_next().await.context("no task")?;
    ended.context("a task failed")?;
    anyhow::bail!("a task ended")
}

fn new_run() -> anyhow::Result<String> {
    let mut bytes = [0; 8];
    aws_lc_rs::rand::fill(&mut bytes).ok().context("randomness")?;
    Ok(format!("{:016x}", u64::from_be_bytes(bytes)))
}

async fn check_renewals(app: Arc<App>, mut renewals: mpsc::UnboundedReceiver<Renewal>) {
    while let Some(Renewal { shard, participant, grant }) = renewals.recv().await {
        match app.tokens.grant(&grant).await {
            Ok((admission, _)) => {
                if let Some(shard) = app.shards.get(shard) {
                    shard.send(Command::Renewed { participant, admission });
                }
            }
            Err(error) => tracing::info!(error = error.to_string(), "a grant was not renewed"),
        }
    }
}

async fn keep_keys(app: Arc<App>) {
    while app.tokens.keys.is_empty() {
        if let Err(error) = app.tokens.keys.refresh().await {
            tracing::warn!(error = format!("{error:#}"), "keys could not be fetched");
        }
        if app.tokens.keys.is_empty() {
            tokio::time::sleep(KEYS_AGAIN).await;
        }
    }
}

/// Returns when it is time to end.
async fn drain(settings: &Settings, app: &App, at_once: &Notify, terminate: &mut Signal, interrupt: &mut Signal) {
    tokio::select! {
        _ = terminate.recv() => {}
        // Somebody at a keyboard does not wait.
        _ = interrupt.recv() => return,
    }
    app.is_draining.store(true, Ordering::Relaxed);
    at_once.notify_one();
    tracing::info!(participants = app.participants(), "draining");
    let all_left = async {
        // Figures are a little old; whoever is about to leave has this long, too.
        tokio::time::sleep(FAREWELL).await;
        while app.participants() > 0 {
            tokio::time::sleep(LOOK).await;
        }
    };
    tokio::select! {
        () = all_left => {}
        () = tokio::time::sleep(Duration::from_secs(settings.drain_s)) => {
            for shard in &app.shards {
                shard.send(Command::Dismiss);
            }
            tokio::time::sleep(FAREWELL).await;
        }
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    tracing::info!("ended");
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;
    use std::os::unix::process::ExitStatusExt;
    use std::process::Command as Program;

    /// What ends a thread of media is said here to the program that tries it: this test, once more.
    const ENDS_BY: &str = "EARSHOT_TEST_MEDIA_ENDS_BY";
    const SIGABRT: i32 = 6;

    #[test]
    fn the_program_ends_with_a_thread_of_media() {
        match std::env::var(ENDS_BY).as_deref() {
            Ok("panic") => end_by(|| panic!("what is outside of all connections")),
            Ok(_) => end_by(|| {}),
            Err(_) => {
                for how in ["panic", "return"] {
                    let name = "run::tests::the_program_ends_with_a_thread_of_media";
                    let mut program = Program::new(std::env::current_exe().unwrap());
                    let ended = program.args(["--exact", name]).env(ENDS_BY, how).output().unwrap();
                    assert_eq!(ended.status.signal(), Some(SIGABRT), "{how}: {ended:?}");
                }
            }
        }
    }

    #[tokio::test]
    async fn the_program_ends_with_a_task_of_its_own() {
        let mut tasks = JoinSet::new();
        tasks.spawn(std::future::pending());
        tasks.spawn(async { panic!("what belongs to no participant") });
        assert!(one_ended(&mut tasks).await.unwrap_err().to_string().contains("failed"));
        tasks.spawn(async {});
        assert!(one_ended(&mut tasks).await.unwrap_err().to_string().contains("ended"));
    }

    fn end_by(work: fn()) {
        let _ = start_media(0, work).unwrap().join();
    }
}
