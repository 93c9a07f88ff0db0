//! Streams of participants, as a shard sees them: where frames go to, and behind which nobody is any more.
//!
//! A stream says that it ended by taking no more frames, and is told so by getting no more: no word of either can get lost.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::sync::mpsc;

use crate::framing::framed;

/// Frames that wait for a stream that does not keep up: a third of a second of a good picture.
const WAITING_MAX: usize = 256;
/// A stream of nobody's ends after this. Not at once: of a participant with very many addresses one may be forgotten until its next check.
const UNKNOWN_MAX: Duration = Duration::from_secs(5);

struct Stream {
    frames: mpsc::Sender<Vec<u8>>,
    known_at: Instant,
}

#[derive(Default)]
pub struct Streams {
    open: HashMap<SocketAddr, Stream>,
}

impl Streams {
    pub fn count(&self) -> usize {
        self.open.len()
    }

    /// What is to be written to it. An older one from the same address ended, or it could not be there.
    pub fn open(&mut self, source: SocketAddr, now: Instant) -> mpsc::Receiver<Vec<u8>> {
        let (frames, to_write) = mpsc::channel(WAITING_MAX);
        self.open.insert(source, Stream { frames, known_at: now });
        to_write
    }

    pub fn send(&self, destination: SocketAddr, datagram: &[u8]) {
        if let Some(stream) = self.open.get(&destination)
            && let Some(frame) = framed(datagram)
        {
            // A stream that does not keep up loses datagrams, as a link would.
            let _ = stream.frames.try_send(frame);
        }
    }

    /// Forgets those that ended, and ends those that were nobody's for a while.
    pub fn sweep(&mut self, now: Instant, is_known: impl Fn(SocketAddr) -> bool) {
        self.open.retain(|source, stream| {
            if is_known(*source) {
                stream.known_at = now;
            }
            !stream.frames.is_closed() && now.saturating_duration_since(stream.known_at) < UNKNOWN_MAX
        });
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const SOURCE: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 9);

    #[test]
    fn a_stream_that_ended_is_forgotten_without_a_word() {
        let (mut streams, now) = (Streams::default(), Instant::now());
        let to_write = streams.open(SOURCE, now);
        streams.sweep(now, |_| true);
        assert_eq!(streams.count(), 1);
        drop(to_write);
        streams.sweep(now, |_| true);
        assert_eq!(streams.count(), 0);
    }

    #[test]
    fn a_stream_is_ended_when_it_was_nobody_s_for_a_while() {
        let (mut streams, start) = (Streams::default(), Instant::now());
        let mut to_write = streams.open(SOURCE, start);
        let after = |s: u64| start + Duration::from_secs(s);
        streams.sweep(after(60), |_| true);
        streams.sweep(after(64), |_| false);
        // A check came meanwhile.
        streams.sweep(after(64), |source| source == SOURCE);
        streams.sweep(after(68), |_| false);
        streams.send(SOURCE, &[1, 2]);
        assert_eq!(to_write.try_recv().unwrap(), [0, 2, 1, 2]);
        streams.sweep(after(69), |_| false);
        assert!(streams.count() == 0 && to_write.is_closed());
    }
}
