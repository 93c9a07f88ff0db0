//! Media over TCP, where UDP is blocked: the same datagrams, framed, on the same port number (ICE-TCP passive, RFC 6544).
//!
//! Anybody may open a stream. Its first frame says whose it is, and the shard that it names says whether that is so. Until then it is a stranger's:
//! it costs the shard one datagram, nothing more is read from it, and it goes when others want in. A participant's has a budget.

mod budget;
mod strangers;

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use earshot_media::node::{Protocol, user_fragment};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};
use tokio::time::timeout;

use self::budget::Budget;
use self::strangers::{Network, Strangers};
use crate::framing::{BadFrame, Frames};
use crate::shard::{Arrival, ShardHandle};

/// Streams of participants at a time.
const STREAMS_MAX: usize = 1_000;
/// The first frame has to come within this.
const FIRST: Duration = Duration::from_secs(5);
/// And after that something: checks come every few seconds. As long may pass until a frame was written.
const SILENT: Duration = Duration::from_secs(30);

/// What became of streams.
#[derive(Debug, Default)]
pub struct Tally {
    /// Of strangers, that never became anybody's.
    pub turned_away: AtomicU64,
    /// Of participants, for what they sent.
    pub ended: AtomicU64,
}

/// Why a participant's stream is ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
enum Misuse {
    #[error(transparent)]
    BadFrame(#[from] BadFrame),
    #[error("more came than anybody sends")]
    TooMuch,
}

/// What all streams share.
struct Entrance {
    shards: Vec<ShardHandle>,
    places: Arc<Semaphore>,
    tally: Arc<Tally>,
}

/// A participant's stream.
struct Known {
    shard: ShardHandle,
    source: SocketAddr,
    to: Option<IpAddr>,
    read: OwnedReadHalf,
    frames: Frames,
    write: OwnedWriteHalf,
    to_write: mpsc::Receiver<Vec<u8>>,
    _place: OwnedSemaphorePermit,
}

/// Takes streams for ever.
pub async fn serve(listener: TcpListener, shards: Vec<ShardHandle>, tally: Arc<Tally>) {
    let entrance = Arc::new(Entrance { shards, places: Arc::new(Semaphore::new(STREAMS_MAX)), tally });
    let mut strangers = Strangers::default();
    loop {
        match listener.accept().await {
            Ok((stream, source)) => {
                let has_asked = Arc::default();
                let greeted = tokio::spawn(greet(stream, source, Arc::clone(&entrance), Arc::clone(&has_asked)));
                if strangers.add(Network::of(source.ip()), greeted.abort_handle(), has_asked) {
                    entrance.tally.turned_away.fetch_add(1, Ordering::Relaxed);
                }
            }
            // Out of handles, most likely: others end soon.
            Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
        }
    }
}

/// Ends as soon as it is clear whether it is a stranger's: as long as this goes on it may be aborted.
async fn greet(stream: TcpStream, source: SocketAddr, entrance: Arc<Entrance>, has_asked: Arc<AtomicBool>) {
    match meet(stream, source, &entrance, &has_asked).await {
        Some(known) => {
            tokio::spawn(carry(known, Arc::clone(&entrance.tally)));
        }
        None => {
            entrance.tally.turned_away.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// None: its first frame is a check of nobody's here.
async fn meet(stream: TcpStream, source: SocketAddr, entrance: &Entrance, has_asked: &AtomicBool) -> Option<Known> {
    let source = SocketAddr::new(source.ip().to_canonical(), source.port());
    let to = stream.local_addr().ok().map(|address| address.ip().to_canonical());
    let _ = stream.set_nodelay(true);
    let (mut read, write) = stream.into_split();
    let mut frames = Frames::default();
    let contents = timeout(FIRST, next_frame(&mut read, &mut frames)).await.ok()?.ok()??;
    let letter = user_fragment(&contents)?.bytes().next()?;
    let shard = entrance.shards.get(usize::from(letter.wrapping_sub(b'a')))?.clone();
    let place = Arc::clone(&entrance.places).try_acquire_owned().ok()?;
    let (answer, answered) = oneshot::channel();
    has_asked.store(true, Ordering::Relaxed);
    if !shard.deliver(Arrival::Stream { source, to, contents, answer }) {
        return None;
    }
    let to_write = answered.await.ok()?;
    Some(Known { shard, source, to, read, frames, write, to_write, _place: place })
}

async fn carry(known: Known, tally: Arc<Tally>) {
    let Known { shard, source, to, mut read, mut frames, write, to_write, _place } = known;
    let ended = tokio::select! {
        ended = read_all(&mut read, &mut frames, |contents| {
            // What a shard has no time for is lost, as on a link.
            shard.deliver(Arrival::Datagram { proto: Protocol::Tcp, source, to, contents });
        }) => ended,
        () = write_all(write, to_write) => Ok(()),
    };
    if let Err(misuse) = ended {
        tally.ended.fetch_add(1, Ordering::Relaxed);
        tracing::info!(error = misuse.to_string(), "a stream was ended");
    }
}

/// Ok: it ended, or nothing comes any more.
async fn read_all(read: &mut OwnedReadHalf, frames: &mut Frames, mut take: impl FnMut(Vec<u8>)) -> Result<(), Misuse> {
    let mut budget = Budget::new(Instant::now());
    while let Ok(frame) = timeout(SILENT, next_frame(read, frames)).await {
        let Some(contents) = frame? else { break };
        if !budget.spend(contents.len(), Instant::now()) {
            return Err(Misuse::TooMuch);
        }
        take(contents);
    }
    Ok(())
}

/// None: the stream ended.
async fn next_frame(read: &mut OwnedReadHalf, frames: &mut Frames) -> Result<Option<Vec<u8>>, BadFrame> {
    let mut bytes = [0; 8_192];
    loop {
        if let Some(frame) = frames.next_frame()? {
            return Ok(Some(frame.to_vec()));
        }
        match read.read(&mut bytes).await {
            Ok(count) if count > 0 => frames.push(bytes.get(..count).unwrap_or_default()),
            _ => return Ok(None),
        }
    }
}

/// Until the shard gives it up, or the other end does not read.
async fn write_all(mut write: OwnedWriteHalf, mut to_write: mpsc::Receiver<Vec<u8>>) {
    while let Some(frame) = to_write.recv().await {
        // Once its participant is gone, whoever reads slowly does not keep the stream.
        if to_write.is_closed() || !matches!(timeout(SILENT, write.write_all(&frame)).await, Ok(Ok(()))) {
            return;
        }
    }
}
