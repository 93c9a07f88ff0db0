//! What a turn leads to: datagrams, one behind the other in one piece of memory that is used again for the next turn, and counts.

use std::net::SocketAddr;
use std::ops::Range;

use str0m::net::{self, Protocol};

/// So much of the memory is kept from turn to turn. What a rare burst took beyond it is given back.
const KEPT_BYTES_MAX: usize = 1 << 20;

#[derive(Default)]
pub struct Outbox {
    pub transmits: Transmits,
    /// Packets that went out to their receivers, those of padding and those sent again not counted.
    pub sent: u64,
    pub resent: u64,
    /// Bytes of padding, and of packets that were sent again for their size only.
    pub padding_bytes: u64,
    /// Not sent, because those before them still waited, or there was no way.
    pub dropped: u64,
    /// Or because one with their number was.
    pub repeated: u64,
}

/// From where to where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Path {
    pub proto: Protocol,
    pub source: SocketAddr,
    pub destination: SocketAddr,
}

/// A datagram to send.
#[derive(Clone, Debug)]
pub struct Transmit {
    pub path: Path,
    /// Where in [`Transmits::bytes`] it is.
    pub range: Range<usize>,
}

/// Datagrams to send, in their order. What goes to one receiver mostly lies in one piece.
#[derive(Debug, Default)]
pub struct Transmits {
    bytes: Vec<u8>,
    all: Vec<Transmit>,
}

impl Transmits {
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub fn iter(&self) -> impl Iterator<Item = &Transmit> {
        self.all.iter()
    }

    pub fn contents(&self, transmit: &Transmit) -> &[u8] {
        self.bytes.get(transmit.range.clone()).unwrap_or_default()
    }

    /// One more, that `write` appends to what it is given. False: nothing came of it.
    pub(super) fn write(&mut self, path: Path, write: impl FnOnce(&mut Vec<u8>) -> bool) -> bool {
        let begin = self.bytes.len();
        let is_written = write(&mut self.bytes);
        if is_written {
            self.all.push(Transmit { path, range: begin..self.bytes.len() });
        } else {
            self.bytes.truncate(begin);
        }
        is_written
    }

    pub(super) fn copy(&mut self, transmit: &net::Transmit) {
        let net::Transmit { proto, source, destination, .. } = *transmit;
        self.write(Path { proto, source, destination }, |bytes| {
            bytes.extend_from_slice(&transmit.contents);
            true
        });
    }

    pub(super) fn clear(&mut self) {
        self.all.clear();
        self.bytes.clear();
        self.bytes.shrink_to(KEPT_BYTES_MAX);
        self.all.shrink_to(KEPT_BYTES_MAX / size_of::<Transmit>());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(port: u16) -> Path {
        let at = |port| SocketAddr::from(([127, 0, 0, 1], port));
        Path { proto: Protocol::Udp, source: at(1), destination: at(port) }
    }

    #[test]
    fn what_failed_leaves_nothing_between_the_others() {
        let mut transmits = Transmits::default();
        let mut write = |port, contents: &[u8], is_sealed| {
            transmits.write(path(port), |bytes| {
                bytes.extend_from_slice(contents);
                is_sealed
            })
        };
        assert!(write(2, b"one", true));
        assert!(!write(2, b"half", false));
        assert!(write(2, b"two", true));
        let all: Vec<_> = transmits.iter().map(|one| (one.range.clone(), transmits.contents(one))).collect();
        assert_eq!(all, [(0..3, &b"one"[..]), (3..6, b"two")]);
        transmits.clear();
        assert_eq!((transmits.iter().count(), transmits.bytes().len()), (0, 0));
    }

    #[test]
    fn a_burst_does_not_hold_its_memory_for_ever() {
        let mut transmits = Transmits::default();
        for _ in 0..4_000 {
            transmits.write(path(2), |bytes| {
                bytes.extend_from_slice(&[0; 1_200]);
                true
            });
        }
        transmits.clear();
        assert!(transmits.bytes.capacity() <= KEPT_BYTES_MAX, "{}", transmits.bytes.capacity());
    }
}
