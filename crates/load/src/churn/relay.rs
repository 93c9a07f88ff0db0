//! Between a participant and the node, as a bad network: what passes is at times cut off, turned over or said twice, from the
//! participant's own address or a stranger's; the address changes; and some go by TCP.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use earshot_sfu_node::framing::{FRAME_BYTES_MIN, Frames, framed};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, UdpSocket};
use tokio::task::JoinHandle;

use super::counts::Counts;
use super::dice::Dice;
use super::noise::{mangled, nonsense};

/// Of the datagrams that pass, one in so many is followed by a bad one.
const BAD_ONE_IN: u64 = 60;
/// And one in so many comes from another address from then on, as after a change of network.
const CHANGE_ONE_IN: u64 = 4_000;
const DATAGRAM_BYTES_MAX: usize = 2_000;

/// Ends when dropped.
pub struct Relay {
    task: JoinHandle<anyhow::Result<()>>,
    /// Where the participant is to send to.
    pub port: u16,
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Relay {
    pub async fn open(media: SocketAddr, over_tcp: bool, dice: Dice, counts: Arc<Counts>) -> anyhow::Result<Self> {
        let front = UdpSocket::bind((media.ip(), 0)).await?;
        let port = front.local_addr()?.port();
        let task = if over_tcp {
            let stream = TcpStream::connect(media).await?;
            tokio::spawn(by_stream(front, stream, dice, counts))
        } else {
            tokio::spawn(by_datagrams(front, media, dice, counts))
        };
        Ok(Self { task, port })
    }
}

async fn by_datagrams(front: UdpSocket, media: SocketAddr, mut dice: Dice, counts: Arc<Counts>) -> anyhow::Result<()> {
    let mut back = UdpSocket::bind((media.ip(), 0)).await?;
    let stranger = UdpSocket::bind((media.ip(), 0)).await?;
    let mut person = None;
    let (mut up, mut down) = (vec![0; DATAGRAM_BYTES_MAX], vec![0; DATAGRAM_BYTES_MAX]);
    loop {
        tokio::select! {
            came = front.recv_from(&mut up) => {
                let Ok((length, from)) = came else { continue };
                person = Some(from);
                let datagram = up.get(..length).unwrap_or_default();
                let _lost = back.send_to(datagram, media).await;
                if dice.once_in(BAD_ONE_IN) {
                    let from = if dice.once_in(2) { &back } else { &stranger };
                    let bad = if dice.once_in(3) { nonsense(&mut dice) } else { mangled(datagram, &mut dice) };
                    let _lost = from.send_to(&bad, media).await;
                    counts.bad_packets.fetch_add(1, Ordering::Relaxed);
                }
                if dice.once_in(CHANGE_ONE_IN) {
                    back = UdpSocket::bind((media.ip(), 0)).await?;
                    counts.address_changes.fetch_add(1, Ordering::Relaxed);
                }
            }
            came = back.recv_from(&mut down) => {
                if let (Ok((length, _)), Some(person)) = (came, person) {
                    let _lost = front.send_to(down.get(..length).unwrap_or_default(), person).await;
                }
            }
        }
    }
}

async fn by_stream(front: UdpSocket, stream: TcpStream, mut dice: Dice, counts: Arc<Counts>) -> anyhow::Result<()> {
    let (mut read, mut write) = stream.into_split();
    let mut person = None;
    let (mut up, mut down) = (vec![0; DATAGRAM_BYTES_MAX], vec![0; 8_192]);
    let mut frames = Frames::default();
    loop {
        tokio::select! {
            came = front.recv_from(&mut up) => {
                let Ok((length, from)) = came else { continue };
                person = Some(from);
                let datagram = up.get(..length).unwrap_or_default();
                write.write_all(&framed(datagram).unwrap_or_default()).await?;
                if dice.once_in(BAD_ONE_IN) {
                    // One that is shorter than any would be the stream's end.
                    let mut bad = mangled(datagram, &mut dice);
                    bad.resize(bad.len().max(FRAME_BYTES_MIN), 0);
                    write.write_all(&framed(&bad).unwrap_or_default()).await?;
                    counts.bad_packets.fetch_add(1, Ordering::Relaxed);
                }
                if dice.once_in(CHANGE_ONE_IN) {
                    // A frame longer than any: the node is right to end the stream, and the participant is lost.
                    write.write_all(&[0xff; 64]).await?;
                    counts.bad_streams.fetch_add(1, Ordering::Relaxed);
                }
            }
            came = read.read(&mut down) => {
                let length = came?;
                anyhow::ensure!(length > 0, "the stream ended");
                frames.push(down.get(..length).unwrap_or_default());
                while let Some(frame) = frames.next_frame()? {
                    if let Some(person) = person {
                        let _lost = front.send_to(frame, person).await;
                    }
                }
            }
        }
    }
}
