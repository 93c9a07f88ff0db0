//! The UDP socket of a shard: batches in, and what goes out in one turn with few calls, by what the kernel has for it (recvmmsg, GRO, GSO, sendmmsg).
//!
//! In which order it goes out is said by `plan`, single datagrams are sent by `singles`. What is lost is counted, and never sent again.

mod plan;
mod singles;

use std::io::{self, IoSliceMut};
use std::net::{IpAddr, Ipv6Addr, SocketAddr, UdpSocket};
use std::ops::Range;

use quinn_udp::{BATCH_SIZE, RecvMeta, Transmit, UdpSockRef, UdpSocketState};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use socket2::{Domain, Protocol, Socket, Type};

use self::plan::{TRAIN_BYTES_MAX, plan};
pub use self::singles::Tally;

/// What one receive may bring: a whole train of datagrams of one sender, where the kernel joins them.
const BUFFER_BYTES: usize = 64 * 1_500;
/// A burst to a hundred receivers at once has to fit somewhere.
const SOCKET_BYTES: usize = 8 << 20;
/// So many are put in order at a time: more than a turn brings, and what they take of memory has an end.
const PLANNED_MAX: usize = 4_096;
/// One wait for room in a full socket, in nanoseconds, and how many there are in a turn: meanwhile nothing is received.
const WAIT_NS: i64 = 2_000_000;
const WAITS_MAX: usize = 8;

pub struct Udp {
    socket: UdpSocket,
    state: UdpSocketState,
    is_v6: bool,
    buffers: Vec<Vec<u8>>,
    metas: Vec<RecvMeta>,
    train: Vec<u8>,
    /// The kernel has a call for many receivers, as far as is known.
    is_together: bool,
    waits_left: usize,
    /// What became of all that was to be sent.
    pub tally: Tally,
}

impl Udp {
    /// Several may share an address; the kernel deals senders out among them.
    pub fn bind(address: SocketAddr) -> io::Result<Self> {
        let socket = Socket::new(Domain::for_address(address), Type::DGRAM, Some(Protocol::UDP))?;
        socket.set_reuse_port(true)?;
        if address.is_ipv6() {
            socket.set_only_v6(false)?;
        }
        // As much as the kernel grants; it says nothing where that is less.
        let _ = (socket.set_recv_buffer_size(SOCKET_BYTES), socket.set_send_buffer_size(SOCKET_BYTES));
        socket.bind(&address.into())?;
        let socket = UdpSocket::from(socket);
        let state = UdpSocketState::new(UdpSockRef::from(&socket))?;
        Ok(Self {
            socket,
            state,
            is_v6: address.is_ipv6(),
            buffers: vec![vec![0; BUFFER_BYTES]; BATCH_SIZE],
            metas: vec![RecvMeta::default(); BATCH_SIZE],
            train: Vec::with_capacity(TRAIN_BYTES_MAX),
            is_together: true,
            waits_left: 0,
            tally: Tally::default(),
        })
    }

    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.socket.local_addr()
    }

    pub fn socket(&self) -> &UdpSocket {
        &self.socket
    }

    /// Takes a batch. `each` gets sender, the address of ours it was sent to, and the datagram. Whether there may be more.
    pub fn receive(&mut self, mut each: impl FnMut(SocketAddr, Option<IpAddr>, &[u8])) -> io::Result<bool> {
        let mut slices: Vec<IoSliceMut> = self.buffers.iter_mut().map(|buffer| IoSliceMut::new(buffer)).collect();
        let count = match self.state.recv(UdpSockRef::from(&self.socket), &mut slices, &mut self.metas) {
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(false),
            // Some destination was not reachable a while ago: that is told here, and is nobody's end.
            Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => return Ok(true),
            Err(error) => return Err(error),
        };
        for (meta, buffer) in self.metas.iter().zip(&self.buffers).take(count) {
            let source = SocketAddr::new(meta.addr.ip().to_canonical(), meta.addr.port());
            let to = meta.dst_ip.map(|ip| ip.to_canonical());
            for datagram in buffer.get(..meta.len).unwrap_or_default().chunks(meta.stride.max(1)) {
                each(source, to, datagram);
            }
        }
        Ok(count == self.metas.len())
    }

    /// Sends datagrams, each a part of `bytes`, to many receivers with as few calls as may be. What one receiver gets keeps its order.
    pub fn send(&mut self, bytes: &[u8], datagrams: impl Iterator<Item = (SocketAddr, Range<usize>)>) {
        self.waits_left = WAITS_MAX;
        let is_v6 = self.is_v6;
        let mut datagrams = datagrams.map(|(to, range)| (wire_address(is_v6, to), range));
        loop {
            let part: Vec<_> = datagrams.by_ref().take(PLANNED_MAX).collect();
            if part.is_empty() {
                return;
            }
            self.send_part(bytes, &part);
        }
    }

    fn send_part(&mut self, bytes: &[u8], datagrams: &[(SocketAddr, Range<usize>)]) {
        let trains = plan(datagrams, self.state.max_gso_segments());
        for round in trains.chunk_by(|one, other| one.round == other.round) {
            if round.iter().all(|train| train.is_single()) {
                let singles = round.iter().filter_map(|train| datagrams.get(train.range.start));
                self.send_singles(&singles.filter_map(|single| contents(bytes, single)).collect::<Vec<_>>());
                continue;
            }
            for train in round {
                self.send_train(bytes, datagrams.get(train.range.clone()).unwrap_or_default(), train.size);
            }
        }
    }

    fn send_singles(&mut self, datagrams: &[(SocketAddr, &[u8])]) {
        let Self { socket, is_together, waits_left, .. } = self;
        let tally = singles::send(socket, datagrams, is_together, &mut || wait_writable(socket, waits_left));
        self.tally.add(tally);
    }

    fn send_train(&mut self, bytes: &[u8], datagrams: &[(SocketAddr, Range<usize>)], size: usize) {
        let Some((destination, first)) = datagrams.first() else { return };
        let Some((_, last)) = datagrams.last() else { return };
        let is_in_one_piece = datagrams.is_sorted_by(|(_, one), (_, other)| one.end == other.start);
        let train = if is_in_one_piece {
            bytes.get(first.start..last.end).unwrap_or_default()
        } else {
            self.train.clear();
            datagrams
                .iter()
                .filter_map(|one| contents(bytes, one))
                .for_each(|(_, one)| self.train.extend_from_slice(one));
            &self.train
        };
        let transmit =
            Transmit { destination: *destination, ecn: None, contents: train, segment_size: Some(size), src_ip: None };
        let is_full =
            |sent: &io::Result<()>| sent.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::WouldBlock);
        let mut sent = self.state.try_send(UdpSockRef::from(&self.socket), &transmit);
        if is_full(&sent) && wait_writable(&self.socket, &mut self.waits_left) {
            sent = self.state.try_send(UdpSockRef::from(&self.socket), &transmit);
        }
        match &sent {
            Ok(()) => self.tally.add(Tally {
                sends: 1,
                dropped: 0,
                trains: 1,
                train_datagrams: datagrams.len() as u64,
                train_bytes: train.len() as u64,
            }),
            Err(_) if is_full(&sent) => self.tally.dropped += datagrams.len() as u64,
            // The kernel or a device takes no trains after all (that is told apart, and not tried again), or the receiver cannot be reached.
            Err(_) => self.send_singles(&datagrams.iter().filter_map(|one| contents(bytes, one)).collect::<Vec<_>>()),
        }
    }
}

fn contents<'a>(bytes: &'a [u8], (to, range): &(SocketAddr, Range<usize>)) -> Option<(SocketAddr, &'a [u8])> {
    Some((*to, bytes.get(range.clone())?))
}

/// False: it has been waited often enough in this turn, or there was no room all the time. A link that is full for so long loses datagrams.
fn wait_writable(socket: &UdpSocket, waits_left: &mut usize) -> bool {
    if *waits_left == 0 {
        return false;
    }
    let a_moment = Timespec { tv_sec: 0, tv_nsec: WAIT_NS };
    let has_room = matches!(poll(&mut [PollFd::new(socket, PollFlags::OUT)], Some(&a_moment)), Ok(1..));
    *waits_left = if has_room { *waits_left - 1 } else { 0 };
    true
}

fn wire_address(is_v6: bool, address: SocketAddr) -> SocketAddr {
    match address.ip() {
        IpAddr::V4(ip) if is_v6 => SocketAddr::new(Ipv6Addr::to_owned(&ip.to_ipv6_mapped()).into(), address.port()),
        _ => address,
    }
}
