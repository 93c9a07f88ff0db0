//! A thread that forwards media: a socket, a node, and commands from outside. It decides nothing.
//!
//! Rooms are dealt out to shards, and a room is on one only. All shards listen on the same port; the kernel deals senders out by their address and
//! knows nothing of rooms, so that a shard hands what is another's over to it. The first letter of the user fragment says whose it is.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{IpAddr, SocketAddr};
use std::os::unix::net::UnixStream;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use earshot_media::node::{
    Admission, Counters, Datagram, Node, NodeConfig, NodeEvent, ParticipantRef, Protocol, Refusal, Transmit,
    user_fragment,
};
use earshot_media::sparing::Level;
use earshot_protocol::fleet::HearingSets;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use tokio::sync::{mpsc, oneshot};

use crate::effort::{Effort, Mean};
use crate::streams::Streams;
use crate::udp::{Tally, Udp};

/// Commands that wait for a shard: all of them are of the space, or of somebody with a grant.
const COMMANDS_MAX: usize = 8_192;
/// What waits beside them of strangers too, so that no crowd of it keeps out a command. More is lost, like datagrams elsewhere.
const ARRIVALS_MAX: usize = 8_192;
/// So many of these are taken in a turn, as long as there is time: a good batch, and the socket's are not kept waiting.
const ARRIVALS_TURN_MAX: u64 = 256;
/// Batches taken before what they led to is sent.
const BATCHES_MAX: usize = 4;
/// After so long no further one is taken.
const TURN_MAX: Duration = Duration::from_millis(4);
/// Senders known to be another shard's.
const FOREIGN_MAX: usize = 20_000;
/// Figures are put down this often.
const FIGURES_EVERY: Duration = Duration::from_millis(200);
/// The shortest sleep: under load datagrams gather meanwhile, and go out together.
const NAP: Duration = Duration::from_micros(200);
const SLEEP_MAX: Duration = Duration::from_millis(100);

pub enum Command {
    Join {
        admission: Admission,
        offer: String,
        /// Participants of other shards.
        elsewhere: usize,
        answer: oneshot::Sender<Result<String, Refusal>>,
    },
    Hear {
        sets: HearingSets,
        answer: oneshot::Sender<Vec<(u64, u64)>>,
    },
    Renewed {
        participant: ParticipantRef,
        admission: Admission,
    },
    /// Everybody is told that the node ends.
    Dismiss,
}

/// What came for a shard by another way than its own socket.
pub enum Arrival {
    Datagram {
        proto: Protocol,
        source: SocketAddr,
        to: Option<IpAddr>,
        contents: Vec<u8>,
    },
    /// A stranger's stream with its first datagram. Only somebody's here is answered, with what is to be written to it.
    Stream {
        source: SocketAddr,
        to: Option<IpAddr>,
        contents: Vec<u8>,
        answer: oneshot::Sender<mpsc::Receiver<Vec<u8>>>,
    },
}

/// A renewal to be checked, and the shard it came from.
pub struct Renewal {
    pub shard: usize,
    pub participant: ParticipantRef,
    pub grant: String,
}

/// Upper ends of the classes that forwarding delays are counted in, in microseconds.
pub const DELAYS_US: [u64; 10] = [250, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 500_000];

/// What a shard last said of itself.
#[derive(Clone, Copy, Debug, Default)]
pub struct Figures {
    pub participants: usize,
    pub connected: usize,
    pub rooms: usize,
    pub streams: usize,
    pub counters: Counters,
    /// Of its time, over about ten seconds.
    pub load: f32,
    /// What it leaves out, being full.
    pub level: Level,
    pub sent: Tally,
    /// Datagrams by how long they were in the node, by [`DELAYS_US`]; the last: longer.
    pub delays: [u64; DELAYS_US.len() + 1],
    pub delay_sum_us: u64,
}

/// A shard as others see it.
#[derive(Clone)]
pub struct ShardHandle {
    commands: SyncSender<Command>,
    arrivals: SyncSender<Arrival>,
    wake: Arc<UnixStream>,
    figures: Arc<Mutex<Figures>>,
}

impl ShardHandle {
    /// False: it is too busy to take it, or is no more.
    pub fn send(&self, command: Command) -> bool {
        self.wake_if(self.commands.try_send(command).is_ok())
    }

    /// False: it is lost, for the same reasons.
    pub fn deliver(&self, arrival: Arrival) -> bool {
        self.wake_if(self.arrivals.try_send(arrival).is_ok())
    }

    fn wake_if(&self, is_taken: bool) -> bool {
        if is_taken {
            // A full pipe is a wake-up, too.
            let _ = (&*self.wake).write(&[1]);
        }
        is_taken
    }

    pub fn figures(&self) -> Figures {
        self.figures.lock().map(|figures| *figures).unwrap_or_default()
    }
}

/// A shard before it runs.
pub struct Shard {
    index: usize,
    udp: Udp,
    node: Node,
    candidates: Vec<SocketAddr>,
    commands: Receiver<Command>,
    arrivals: Receiver<Arrival>,
    wake: UnixStream,
    figures: Arc<Mutex<Figures>>,
    renewals: mpsc::UnboundedSender<Renewal>,
    peers: Vec<ShardHandle>,
    foreign: HashMap<SocketAddr, usize>,
    streams: Streams,
    /// Commands or arrivals may be waiting of which nothing wakes it any more.
    has_more: bool,
    delays: [u64; DELAYS_US.len() + 1],
    delay_sum_us: u64,
}

impl Shard {
    pub fn new(
        index: usize,
        udp: Udp,
        config: NodeConfig,
        renewals: mpsc::UnboundedSender<Renewal>,
    ) -> std::io::Result<(Self, ShardHandle)> {
        let (commands_in, commands) = sync_channel(COMMANDS_MAX);
        let (arrivals_in, arrivals) = sync_channel(ARRIVALS_MAX);
        let (wake, waker) = UnixStream::pair()?;
        wake.set_nonblocking(true)?;
        waker.set_nonblocking(true)?;
        let figures = Arc::new(Mutex::new(Figures::default()));
        let handle = ShardHandle {
            commands: commands_in,
            arrivals: arrivals_in,
            wake: Arc::new(waker),
            figures: Arc::clone(&figures),
        };
        let shard = Self {
            index,
            udp,
            candidates: config.udp.clone(),
            node: Node::new(config, Instant::now()),
            commands,
            arrivals,
            wake,
            figures,
            renewals,
            peers: Vec::new(),
            foreign: HashMap::new(),
            streams: Streams::default(),
            has_more: false,
            delays: [0; DELAYS_US.len() + 1],
            delay_sum_us: 0,
        };
        Ok((shard, handle))
    }

    /// Goes on as long as the program does. `peers` are all shards, itself among them.
    pub fn run(mut self, peers: Vec<ShardHandle>) {
        self.peers = peers;
        let (mut busy, mut since) = (Duration::ZERO, Instant::now());
        let (mut effort, mut load) = (Effort::new(since), Mean::default());
        loop {
            let has_datagrams = self.sleep();
            let begin = Instant::now();
            self.has_more = false;
            self.take_commands(begin);
            let arrived = self.take_arrivals();
            // To ask a socket that has nothing costs as much as a datagram.
            let received = arrived + if has_datagrams { self.take_datagrams() } else { 0 };
            let now = Instant::now();
            self.node.flush(now);
            if self.node.poll_timeout().is_some_and(|at| at <= now) {
                self.node.handle_timeout(now);
            }
            self.send();
            self.take_events();
            let end = Instant::now();
            self.count_delay(received, begin, end);
            busy += end.duration_since(begin);
            effort.add(end.duration_since(begin));
            self.spare(end, &mut effort);
            if end.duration_since(since) >= FIGURES_EVERY {
                self.streams.sweep(end, |source| self.node.knows(Protocol::Tcp, source));
                let passed = end.duration_since(since);
                load.add(busy.as_secs_f32() / passed.as_secs_f32(), passed);
                self.put_figures(load.0);
                (busy, since) = (Duration::ZERO, end);
            }
        }
    }

    fn spare(&mut self, now: Instant, effort: &mut Effort) {
        let Some(load) = effort.poll(now) else { return };
        let before = self.node.level();
        let Some(level) = self.node.handle_load(now, load) else { return };
        let (shard, busy_percent, own_percent) = (self.index, load.busy_percent, load.own_percent);
        if level > before {
            tracing::warn!(shard, ?level, busy_percent, own_percent, "full: fewer pictures are forwarded");
        } else {
            tracing::info!(shard, ?level, busy_percent, own_percent, "calm: more pictures are forwarded again");
        }
    }

    /// Until something comes, or is due. Whether datagrams are there.
    fn sleep(&mut self) -> bool {
        let now = Instant::now();
        let due = self.node.poll_timeout().map_or(SLEEP_MAX, |at| at.saturating_duration_since(now));
        let timeout = if self.has_more { Duration::ZERO } else { due.clamp(NAP, SLEEP_MAX) };
        let timeout = Timespec { tv_sec: 0, tv_nsec: i64::from(timeout.subsec_nanos()) };
        let mut waits = [PollFd::new(self.udp.socket(), PollFlags::IN), PollFd::new(&self.wake, PollFlags::IN)];
        // Where waiting itself fails, both are looked at.
        let is_known = poll(&mut waits, Some(&timeout)).is_ok();
        let [has_datagrams, is_woken] = waits.map(|wait| !is_known || !wait.revents().is_empty());
        if is_woken {
            let mut bytes = [0; 256];
            while matches!(self.wake.read(&mut bytes), Ok(count) if count == bytes.len()) {}
        }
        has_datagrams
    }

    /// A join takes as long as hundreds of packets: of many that come together each waits for what is to be forwarded meanwhile.
    fn take_commands(&mut self, now: Instant) {
        for _ in 0..COMMANDS_MAX {
            let Ok(command) = self.commands.try_recv() else { return };
            match command {
                Command::Join { admission, offer, elsewhere, answer } => {
                    self.node.count_elsewhere(elsewhere);
                    let _ = answer.send(self.node.join(now, admission, &offer));
                    break;
                }
                Command::Hear { sets, answer } => {
                    let _ = answer.send(self.node.hear(now, sets));
                }
                Command::Renewed { participant, admission } => {
                    self.node.renew(participant, admission);
                }
                Command::Dismiss => self.node.dismiss_all(now),
            }
        }
        self.has_more = true;
    }

    /// How many they were.
    fn take_arrivals(&mut self) -> u64 {
        let (mut received, begin) = (0, Instant::now());
        while received < ARRIVALS_TURN_MAX {
            let now = Instant::now();
            if now.duration_since(begin) >= TURN_MAX {
                break;
            }
            let Ok(arrival) = self.arrivals.try_recv() else { return received };
            received += 1;
            match arrival {
                Arrival::Datagram { proto, source, to, contents } => self.take(now, proto, source, to, &contents),
                Arrival::Stream { source, to, contents, answer } => {
                    self.take(now, Protocol::Tcp, source, to, &contents);
                    // A check that proves the secret has made the address known. Whoever is not answered is turned away.
                    if self.node.knows(Protocol::Tcp, source) {
                        let _ = answer.send(self.streams.open(source, now));
                    }
                }
            }
        }
        self.has_more = true;
        received
    }

    fn take_datagrams(&mut self) -> u64 {
        let (mut received, mut batches, begin) = (0, 0, Instant::now());
        // The socket is put aside while the node works on what it brought.
        let Self { udp, node, candidates, foreign, peers, index, .. } = self;
        while batches < BATCHES_MAX {
            let now = Instant::now();
            // Handshakes take long: what is to go out does not wait for all of them.
            if batches > 0 && now.duration_since(begin) >= TURN_MAX {
                break;
            }
            let got = udp.receive(|source, to, contents| {
                received += 1;
                if peers.len() > 1
                    && let Some(owner) = foreign_owner(node, foreign, source, contents, peers.len(), *index)
                {
                    if let Some(peer) = peers.get(owner) {
                        let contents = contents.to_vec();
                        peer.deliver(Arrival::Datagram { proto: Protocol::Udp, source, to, contents });
                    }
                    return;
                }
                let destination = destination(candidates, source, to);
                node.handle_datagram(now, Datagram { proto: Protocol::Udp, source, destination, contents });
            });
            match got {
                Ok(true) => batches += 1,
                Ok(false) => break,
                Err(error) => {
                    tracing::warn!(error = error.to_string(), "receiving failed");
                    break;
                }
            }
        }
        received
    }

    fn take(&mut self, now: Instant, proto: Protocol, source: SocketAddr, to: Option<IpAddr>, contents: &[u8]) {
        let destination = destination(&self.candidates, source, to);
        self.node.handle_datagram(now, Datagram { proto, source, destination, contents });
    }

    fn send(&mut self) {
        let transmits = self.node.transmits();
        let is_udp = |transmit: &&Transmit| transmit.path.proto == Protocol::Udp;
        for transmit in transmits.iter().filter(|transmit| !is_udp(transmit)) {
            self.streams.send(transmit.path.destination, transmits.contents(transmit));
        }
        let datagrams = transmits.iter().filter(is_udp);
        let datagrams = datagrams.map(|transmit| (transmit.path.destination, transmit.range.clone()));
        self.udp.send(transmits.bytes(), datagrams);
        self.node.clear_transmits();
    }

    fn take_events(&mut self) {
        while let Some(event) = self.node.poll_event() {
            match event {
                NodeEvent::Renew { participant, grant } => {
                    let _ = self.renewals.send(Renewal { shard: self.index, participant, grant });
                }
            }
        }
    }

    fn count_delay(&mut self, received: u64, begin: Instant, end: Instant) {
        if received == 0 {
            return;
        }
        let us = u64::try_from(end.duration_since(begin).as_micros()).unwrap_or(u64::MAX);
        let class = DELAYS_US.iter().position(|most| us <= *most).unwrap_or(DELAYS_US.len());
        if let Some(count) = self.delays.get_mut(class) {
            *count += received;
        }
        self.delay_sum_us = self.delay_sum_us.saturating_add(us.saturating_mul(received));
    }

    fn put_figures(&self, load: f32) {
        if let Ok(mut figures) = self.figures.lock() {
            *figures = Figures {
                participants: self.node.participants(),
                connected: self.node.connected(),
                rooms: self.node.rooms(),
                streams: self.streams.count(),
                counters: self.node.counters(),
                load,
                level: self.node.level(),
                sent: self.udp.tally,
                delays: self.delays,
                delay_sum_us: self.delay_sum_us,
            };
        }
    }
}

/// Which other shard a datagram is for, if it is.
fn foreign_owner(
    node: &Node,
    foreign: &mut HashMap<SocketAddr, usize>,
    source: SocketAddr,
    contents: &[u8],
    shards: usize,
    own: usize,
) -> Option<usize> {
    if let Some(letter) = user_fragment(contents).and_then(|fragment| fragment.bytes().next()) {
        let owner = usize::from(letter.wrapping_sub(b'a'));
        if owner < shards {
            if owner == own {
                foreign.remove(&source);
            } else {
                if foreign.len() >= FOREIGN_MAX {
                    foreign.clear();
                }
                foreign.insert(source, owner);
            }
        }
    } else if node.knows(Protocol::Udp, source) {
        return None;
    }
    foreign.get(&source).copied()
}

/// The address of ours that participants know it by.
fn destination(candidates: &[SocketAddr], source: SocketAddr, to: Option<IpAddr>) -> SocketAddr {
    let exact = candidates.iter().find(|candidate| Some(candidate.ip()) == to);
    let alike = candidates.iter().find(|candidate| candidate.is_ipv4() == source.is_ipv4());
    exact.or(alike).or(candidates.first()).copied().unwrap_or(source)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn shard() -> (Shard, ShardHandle) {
        let udp = Udp::bind(SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
        Shard::new(0, udp, NodeConfig::default(), mpsc::unbounded_channel().0).unwrap()
    }

    fn datagram() -> Arrival {
        let source = SocketAddr::from(([192, 0, 2, 1], 9));
        Arrival::Datagram { proto: Protocol::Tcp, source, to: None, contents: vec![0xff; 20] }
    }

    #[test]
    fn no_crowd_of_datagrams_keeps_out_a_command() {
        let (mut shard, handle) = shard();
        assert_eq!((0..2 * ARRIVALS_MAX).filter(|_| handle.deliver(datagram())).count(), ARRIVALS_MAX);
        let (answer, mut answered) = oneshot::channel();
        assert!(handle.send(Command::Hear { sets: HearingSets::default(), answer }));
        // And it is not behind all of them, either.
        shard.take_commands(Instant::now());
        assert!(answered.try_recv().is_ok());
        assert!((1..=ARRIVALS_TURN_MAX).contains(&shard.take_arrivals()) && shard.has_more);
    }

    #[test]
    fn a_shard_that_is_no_more_takes_nothing() {
        let (shard, handle) = shard();
        assert!(handle.send(Command::Dismiss) && handle.deliver(datagram()));
        drop(shard);
        assert!(!handle.send(Command::Dismiss) && !handle.deliver(datagram()));
    }
}
