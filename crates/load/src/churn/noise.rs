//! Datagrams that are none: random, cut off, turned over, or somebody else's. From strangers here; from a participant's own
//! address in relay.rs.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use tokio::io::AsyncWriteExt;
use tokio::net::{TcpStream, UdpSocket};

use super::counts::Counts;
use super::dice::Dice;

/// Between bursts.
const GAP: Duration = Duration::from_millis(300);
/// Streams that say nothing more are held open this long, longer than the node waits for a first frame.
const HELD: Duration = Duration::from_secs(8);
const HELD_MAX: usize = 12;

/// What tells STUN, DTLS, and RTP and RTCP apart (RFC 7983), and how each may begin.
const BEGINNINGS: [&[u8]; 7] = [
    &[0, 1, 0, 8, 0x21, 0x12, 0xa4, 0x42],
    &[1, 1, 0xff, 0xff, 0x21, 0x12, 0xa4, 0x42],
    &[22, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 40, 1],
    &[23, 0xfe, 0xfd, 0, 1, 0, 0],
    &[0x80, 111],
    &[0x90, 96, 0, 1],
    &[0x81, 200, 0, 6],
];

/// Something that no participant sends.
pub fn nonsense(dice: &mut Dice) -> Vec<u8> {
    let most = if dice.once_in(20) { 60_000 } else { 1_500 };
    let count = dice.index(most);
    let mut bytes = dice.bytes(count);
    if !dice.once_in(3) {
        let beginning = dice.pick(&BEGINNINGS).copied().unwrap_or_default();
        for (byte, begins) in bytes.iter_mut().zip(beginning) {
            *byte = *begins;
        }
    }
    bytes
}

/// A good datagram, made a bad one.
pub fn mangled(datagram: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = datagram.to_vec();
    match dice.below(4) {
        0 => bytes.truncate(dice.index(datagram.len().max(1))),
        1 => {
            for _ in 0..=dice.below(6) {
                let at = dice.index(bytes.len());
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << dice.below(8);
                }
            }
        }
        2 => {
            let count = dice.index(3_000);
            bytes.extend(dice.bytes(count));
        }
        // Once more, as it is.
        _ => {}
    }
    bytes
}

/// Strangers, as long as it is let.
pub async fn make(media: SocketAddr, mut dice: Dice, counts: Arc<Counts>) -> anyhow::Result<()> {
    let mut socket = UdpSocket::bind((media.ip(), 0)).await?;
    let mut held: Vec<(Instant, TcpStream)> = Vec::new();
    loop {
        tokio::time::sleep(GAP).await;
        if dice.once_in(5) {
            socket = UdpSocket::bind((media.ip(), 0)).await?;
        }
        for _ in 0..dice.below(12) {
            let _lost = socket.send_to(&nonsense(&mut dice), media).await;
            counts.bad_packets.fetch_add(1, Ordering::Relaxed);
        }
        held.retain(|(since, _)| since.elapsed() < HELD);
        if dice.once_in(3)
            && held.len() < HELD_MAX
            && let Ok(mut stream) = TcpStream::connect(media).await
        {
            // Lengths without a body, bodies without a length, frames too long for any, and none at all.
            let bytes = match dice.below(4) {
                0 => Vec::new(),
                1 => vec![0xff, 0xff, 1, 2, 3],
                2 => nonsense(&mut dice),
                _ => {
                    let body = nonsense(&mut dice);
                    let length = (body.len() as u16).wrapping_add(dice.below(3) as u16);
                    [&length.to_be_bytes()[..], &body].concat()
                }
            };
            let _closed = stream.write_all(&bytes).await;
            counts.bad_streams.fetch_add(1, Ordering::Relaxed);
            if dice.once_in(2) {
                held.push((Instant::now(), stream));
            }
        }
    }
}
