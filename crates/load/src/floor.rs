//! The floor: as many datagrams as a node sent, as long and to as many receivers, only encrypted as SRTP does and sent, in a tight loop: each with a
//! call of its own; and beside it, in the very calls that the node sent them with. No node that sends them in these calls can forward for less.
//!
//! What a call costs grows evenly with its datagrams, and what a datagram costs with its length: means stand for all of them. All of them arrive,
//! and are taken by another thread, as they are taken from a node by others; only the sender's time counts.

use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::ensure;
use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use earshot_sfu_node::udp::Udp;
use rustix::time::{ClockId, clock_gettime};
use serde::Serialize;

use crate::node::Reading;

/// RTP with the extensions of ours.
const HEADER_BYTES: usize = 28;
const TAG_BYTES: usize = 16;
const NONCE_BYTES: usize = 12;
/// On their way to one receiver: of the longest, what a socket holds (the kernel's default is 208 KiB).
const UNDER_WAY_MAX: u64 = 40;
/// The most that one call sends.
const CALL_MAX: u64 = 64;
/// What has not arrived after this is lost.
const ARRIVAL_MAX: Duration = Duration::from_secs(5);

/// How a node's datagrams went out, in the mean.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Pattern {
    receivers: usize,
    /// Of all datagrams, those that went alone, several to different receivers in one call.
    single_share: f64,
    single_bytes: f64,
    singles_a_call: f64,
    /// The others went in trains to one receiver.
    train_bytes: f64,
    datagrams_a_train: f64,
}

impl Pattern {
    /// Of what went out between two readings.
    pub fn of(before: &Reading, after: &Reading, receivers: usize) -> Self {
        let since = |of: fn(&Reading) -> f64| of(after) - of(before);
        let (trains, in_trains) = (since(|at| at.trains), since(|at| at.train_datagrams));
        let (datagrams, train_bytes) = (since(|at| at.datagrams), since(|at| at.train_bytes));
        let singles = (datagrams - in_trains).max(0.0);
        Self {
            receivers: receivers.max(1),
            single_share: singles / datagrams.max(1.0),
            single_bytes: (since(|at| at.bytes) - train_bytes) / singles.max(1.0),
            singles_a_call: singles / (since(|at| at.sends) - trains).max(1.0),
            train_bytes: train_bytes / in_trains.max(1.0),
            datagrams_a_train: in_trains / trains.max(1.0),
        }
    }
}

/// How they are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    OneByOne,
    /// Several at a time, as the node did.
    InCalls,
}

/// CPU seconds for 100,000 packets. In turns, so that a slow moment of the machine is none of one manner's only.
pub fn measure(packets: u64, pattern: Pattern) -> anyhow::Result<Floors> {
    const TURNS: u64 = 4;
    let mut floors = Floors::default();
    for _ in 0..TURNS {
        floors.one_by_one += measure_one(packets / TURNS, pattern, Manner::OneByOne)? / TURNS as f64;
        floors.in_calls += measure_one(packets / TURNS, pattern, Manner::InCalls)? / TURNS as f64;
    }
    Ok(floors)
}

#[derive(Clone, Copy, Debug, Default)]
pub struct Floors {
    pub one_by_one: f64,
    pub in_calls: f64,
}

fn measure_one(packets: u64, pattern: Pattern, manner: Manner) -> anyhow::Result<f64> {
    let mut sinks = Vec::new();
    for _ in 0..pattern.receivers {
        let sink = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
        sink.set_nonblocking(true)?;
        sinks.push(sink);
    }
    let (taken, is_over) = (AtomicU64::new(0), AtomicBool::new(false));
    thread::scope(|scope| {
        scope.spawn(|| take(&sinks, &taken, &is_over));
        let sent = send(packets, pattern, manner, &sinks, &taken);
        let end = Instant::now() + ARRIVAL_MAX;
        let count = sent.as_ref().map_or(0, |(count, _)| *count);
        while taken.load(Ordering::Relaxed) < count && Instant::now() < end {
            thread::sleep(Duration::from_millis(5));
        }
        is_over.store(true, Ordering::Relaxed);
        let (sent, cpu_s) = sent?;
        let arrived = taken.load(Ordering::Relaxed);
        ensure!(arrived == sent, "of the floor's {sent} datagrams {arrived} arrived");
        Ok(cpu_s * 100_000.0 / sent as f64)
    })
}

/// How many were sent, and the CPU seconds that took.
fn send(
    packets: u64,
    pattern: Pattern,
    manner: Manner,
    sinks: &[UdpSocket],
    taken: &AtomicU64,
) -> anyhow::Result<(u64, f64)> {
    let to = sinks.iter().map(UdpSocket::local_addr).collect::<Result<Vec<SocketAddr>, _>>()?;
    let mut socket = Udp::bind((Ipv4Addr::LOCALHOST, 0).into())?;
    let plain = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
    let key = UnboundKey::new(&AES_256_GCM, &[7; 32]).map_err(|_| anyhow::anyhow!("no key"))?;
    let key = LessSafeKey::new(key);
    let under_way_max = (UNDER_WAY_MAX * sinks.len() as u64).max(2 * CALL_MAX) - CALL_MAX;
    let mut calls = Calls { pattern, singles: 0.0, in_trains: 0.0, receiver: 0 };
    let (mut bytes, mut datagrams) = (Vec::new(), Vec::new());
    let (mut sent, mut cpu_s, mut sent_at) = (0_u64, 0.0, Instant::now());
    while sent < packets {
        let may_send = taken.load(Ordering::Relaxed) + under_way_max;
        if sent >= may_send {
            ensure!(sent_at.elapsed() < ARRIVAL_MAX, "what the floor sends does not arrive");
            continue;
        }
        let before_s = cpu_now_s();
        while sent < may_send.min(packets) {
            bytes.clear();
            datagrams.clear();
            for (receiver, length) in calls.next() {
                let begin = bytes.len();
                bytes.resize(begin + length.saturating_sub(TAG_BYTES).max(HEADER_BYTES + 1), 0x80);
                let mut nonce = [0; NONCE_BYTES];
                if let Some(number) = nonce.last_chunk_mut() {
                    *number = sent.to_be_bytes();
                }
                let (header, body) = bytes.get_mut(begin..).unwrap_or_default().split_at_mut(HEADER_BYTES);
                let (nonce, header) = (Nonce::assume_unique_for_key(nonce), Aad::from(&*header));
                let tag = key.seal_in_place_separate_tag(nonce, header, body);
                bytes.extend_from_slice(tag.map_err(|_| anyhow::anyhow!("not sealed"))?.as_ref());
                let Some(to) = to.get(receiver) else { continue };
                match manner {
                    Manner::OneByOne => drop(plain.send_to(bytes.get(begin..).unwrap_or_default(), to)?),
                    Manner::InCalls => datagrams.push((*to, begin..bytes.len())),
                }
                sent += 1;
            }
            socket.send(&bytes, datagrams.drain(..));
        }
        (cpu_s, sent_at) = (cpu_s + cpu_now_s() - before_s, Instant::now());
    }
    Ok((sent, cpu_s))
}

/// Empties them until it is over.
fn take(sinks: &[UdpSocket], taken: &AtomicU64, is_over: &AtomicBool) {
    let mut buffer = [0; 2_048];
    while !is_over.load(Ordering::Relaxed) {
        for sink in sinks {
            while sink.recv(&mut buffer).is_ok() {
                taken.fetch_add(1, Ordering::Relaxed);
            }
        }
    }
}

/// Call after call, so that the pattern comes out in the mean.
struct Calls {
    pattern: Pattern,
    singles: f64,
    in_trains: f64,
    receiver: usize,
}

impl Calls {
    /// Receivers, and bytes for them.
    fn next(&mut self) -> Vec<(usize, usize)> {
        let Pattern { single_share, single_bytes, singles_a_call, train_bytes, datagrams_a_train, .. } = self.pattern;
        if self.singles <= (self.singles + self.in_trains) * single_share {
            let count = whole(&mut self.singles, singles_a_call);
            return (0..count).map(|_| (self.step(), single_bytes as usize)).collect();
        }
        let count = whole(&mut self.in_trains, datagrams_a_train);
        vec![(self.step(), train_bytes as usize); count]
    }

    fn step(&mut self) -> usize {
        self.receiver = (self.receiver + 1) % self.pattern.receivers;
        self.receiver
    }
}

/// The whole number that comes next when so many are counted on in the mean.
fn whole(total: &mut f64, mean: f64) -> usize {
    let before = *total;
    *total += mean.max(1.0);
    (total.floor() - before.floor()) as usize
}

fn cpu_now_s() -> f64 {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    now.tv_sec as f64 + now.tv_nsec as f64 / 1e9
}
