//! A thread that forwards media: a socket, a node, and commands from outside. It decides nothing.
//!
//! Rooms are dealt out to shards, and a room is on one only. All shards listen on the same port; the kernel deals senders out by their address and
//! knows nothing of rooms, so that a shard hands what is another's over to it. The first letter of the user fragment says whose it is.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{IpAddr, SocketAddr};
use std::os::unix::net::UnixStream;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use earshot_media::node::{
    Admission, Counters, Datagram, Node, NodeConfig, NodeEvent, ParticipantRef, Protocol, Refusal, user_fragment,
};
use earshot_media::sparing::Level;
use earshot_protocol::fleet::HearingSets;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use tokio::sync::{mpsc, oneshot};

use crate::effort::Effort;
use crate::udp::{Tally, Udp};

/// Commands that wait for a shard. More come only from other shards, and then they are lost like datagrams elsewhere.
const COMMANDS_MAX: usize = 8_192;
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
    Datagram {
        proto: Protocol,
        source: SocketAddr,
        to: Option<IpAddr>,
        contents: Vec<u8>,
    },
    TcpOpened {
        source: SocketAddr,
        frames: mpsc::Sender<Vec<u8>>,
    },
    TcpClosed {
        source: SocketAddr,
    },
    /// Everybody is told that the node ends.
    Dismiss,
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
    pub counters: Counters,
    /// Of its time, since the figures before.
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
    wake: Arc<UnixStream>,
    figures: Arc<Mutex<Figures>>,
}

impl ShardHandle {
    /// False: it is too busy to take it.
    pub fn send(&self, command: Command) -> bool {
        let is_taken = !matches!(self.commands.try_send(command), Err(TrySendError::Full(_)));
        // A full pipe is a wake-up, too.
        let _ = (&*self.wake).write(&[1]);
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
    wake: UnixStream,
    figures: Arc<Mutex<Figures>>,
    renewals: mpsc::UnboundedSender<Renewal>,
    peers: Vec<ShardHandle>,
    foreign: HashMap<SocketAddr, usize>,
    streams: HashMap<SocketAddr, mpsc::Sender<Vec<u8>>>,
    /// Commands may be waiting of which nothing wakes it any more.
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
        let (sender, commands) = sync_channel(COMMANDS_MAX);
        let (wake, waker) = UnixStream::pair()?;
        wake.set_nonblocking(true)?;
        waker.set_nonblocking(true)?;
        let figures = Arc::new(Mutex::new(Figures::default()));
        let handle = ShardHandle { commands: sender, wake: Arc::new(waker), figures: Arc::clone(&figures) };
        let shard = Self {
            index,
            udp,
            candidates: config.udp.clone(),
            node: Node::new(config, Instant::now()),
            commands,
            wake,
            figures,
            renewals,
            peers: Vec::new(),
            foreign: HashMap::new(),
            streams: HashMap::new(),
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
        let mut effort = Effort::new(since);
        loop {
            let has_datagrams = self.sleep();
            let begin = Instant::now();
            let commanded = self.take_commands(begin);
            // To ask a socket that has nothing costs as much as a datagram.
            let received = commanded + if has_datagrams { self.take_datagrams(begin) } else { 0 };
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
                self.put_figures(busy.as_secs_f32() / end.duration_since(since).as_secs_f32());
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

    /// How many of them were datagrams. A join takes as long as hundreds of packets: of many that come together each waits for what is
    /// to be forwarded meanwhile.
    fn take_commands(&mut self, now: Instant) -> u64 {
        let mut received = 0;
        self.has_more = false;
        for _ in 0..COMMANDS_MAX {
            let Ok(command) = self.commands.try_recv() else { break };
            match command {
                Command::Join { admission, offer, answer } => {
                    let _ = answer.send(self.node.join(now, admission, &offer));
                    self.has_more = true;
                    break;
                }
                Command::Hear { sets, answer } => {
                    let _ = answer.send(self.node.hear(now, sets));
                }
                Command::Renewed { participant, admission } => {
                    self.node.renew(participant, admission);
                }
                Command::Datagram { proto, source, to, contents } => {
                    received += 1;
                    self.take(now, proto, source, to, &contents);
                }
                Command::TcpOpened { source, frames } => {
                    self.streams.insert(source, frames);
                }
                Command::TcpClosed { source } => {
                    self.streams.remove(&source);
                }
                Command::Dismiss => self.node.dismiss_all(now),
            }
        }
        received
    }

    fn take_datagrams(&mut self, begin: Instant) -> u64 {
        let (mut received, mut batches) = (0, 0);
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
                        peer.send(Command::Datagram { proto: Protocol::Udp, source, to, contents });
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
        let mut sent = Vec::new();
        while let Some(transmit) = self.node.poll_transmit() {
            if transmit.proto == Protocol::Udp {
                sent.push(transmit);
            } else if let Some(stream) = self.streams.get(&transmit.destination)
                && let Some(frame) = crate::framing::framed(&transmit.contents)
            {
                // A stream that does not keep up loses datagrams, as a link would.
                let _ = stream.try_send(frame);
            }
        }
        self.udp.send(sent.iter().map(|transmit| (transmit.destination, &*transmit.contents)));
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
