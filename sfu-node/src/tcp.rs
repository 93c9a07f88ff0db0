//! Media over TCP, where UDP is blocked: the same datagrams, framed, on the same port number (ICE-TCP passive, RFC 6544).
//!
//! Whose a stream is its first frame says. Until then it gets little time and no memory.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use earshot_media::node::{Protocol, user_fragment};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, mpsc};
use tokio::time::timeout;

use crate::framing::Frames;
use crate::shard::{Command, ShardHandle};

/// Streams at a time.
const STREAMS_MAX: usize = 1_000;
/// The first frame has to come within this.
const FIRST: Duration = Duration::from_secs(5);
/// And after that something: checks come every few seconds.
const SILENT: Duration = Duration::from_secs(30);
/// Frames that wait for a stream that does not keep up: a third of a second of a good picture.
const WAITING_MAX: usize = 256;

/// Takes streams for ever.
pub async fn serve(listener: TcpListener, shards: Arc<Vec<ShardHandle>>) {
    let places = Arc::new(Semaphore::new(STREAMS_MAX));
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        match listener.accept().await {
            Ok((stream, source)) => {
                let shards = Arc::clone(&shards);
                tokio::spawn(async move {
                    serve_one(stream, source, &shards).await;
                    drop(place);
                });
            }
            // Out of handles, most likely: others end soon.
            Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
        }
    }
}

async fn serve_one(stream: TcpStream, source: SocketAddr, shards: &[ShardHandle]) {
    let source = SocketAddr::new(source.ip().to_canonical(), source.port());
    let to = stream.local_addr().ok().map(|address| address.ip().to_canonical());
    let _ = stream.set_nodelay(true);
    let (mut read, write) = stream.into_split();
    let mut frames = Frames::default();
    let Ok(Some(first)) = timeout(FIRST, next_frame(&mut read, &mut frames)).await else { return };
    let letter = user_fragment(&first).and_then(|fragment| fragment.bytes().next());
    let shard = letter.and_then(|letter| shards.get(usize::from(letter.wrapping_sub(b'a'))));
    let Some(shard) = shard else { return };
    let (sender, receiver) = mpsc::channel(WAITING_MAX);
    let writing = tokio::spawn(write_all(write, receiver));
    shard.send(Command::TcpOpened { source, frames: sender });
    let mut frame = Some(first);
    while let Some(contents) = frame {
        shard.send(Command::Datagram { proto: Protocol::Tcp, source, to, contents });
        frame = timeout(SILENT, next_frame(&mut read, &mut frames)).await.unwrap_or(None);
    }
    shard.send(Command::TcpClosed { source });
    writing.abort();
}

/// None: the stream ended, or is no such thing.
async fn next_frame(read: &mut OwnedReadHalf, frames: &mut Frames) -> Option<Vec<u8>> {
    let mut bytes = [0; 8_192];
    loop {
        if let Some(frame) = frames.next_frame().ok()? {
            return Some(frame.to_vec());
        }
        let count = read.read(&mut bytes).await.ok().filter(|count| *count > 0)?;
        frames.push(bytes.get(..count)?);
    }
}

async fn write_all(mut write: OwnedWriteHalf, mut frames: mpsc::Receiver<Vec<u8>>) {
    while let Some(frame) = frames.recv().await {
        if write.write_all(&frame).await.is_err() {
            return;
        }
    }
}
