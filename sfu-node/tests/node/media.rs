//! Media over real sockets, UDP and TCP.

use std::io::{ErrorKind, Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream, UdpSocket};
use std::time::{Duration, Instant};

use earshot_media::node::Protocol;
use earshot_protocol::fleet::{ByeReason, ToParticipant};
use earshot_sfu_node::framing::{Frames, framed};

use super::client::Client;
use super::link::Flight;
use super::running::Running;

pub enum Socket {
    Udp(UdpSocket),
    Tcp(TcpStream, Frames),
}

/// A participant with a socket of its own.
pub struct Live {
    pub client: Client,
    pub socket: Socket,
    /// Where it finds the node.
    media: SocketAddr,
}

impl Live {
    pub fn join(node: &Running, session: u32, proto: Protocol) -> Self {
        Self::join_from(Ipv4Addr::LOCALHOST.into(), node, session, proto)
    }

    /// From an address of this machine that the node has, too.
    pub fn join_from(ip: IpAddr, node: &Running, session: u32, proto: Protocol) -> Self {
        let media = SocketAddr::new(ip, node.media.port());
        let socket = match proto {
            Protocol::Udp => Socket::Udp(UdpSocket::bind((ip, 0)).unwrap()),
            _ => Socket::Tcp(TcpStream::connect(media).unwrap(), Frames::default()),
        };
        let address = match &socket {
            Socket::Udp(socket) => {
                socket.set_nonblocking(true).unwrap();
                socket.local_addr().unwrap()
            }
            Socket::Tcp(stream, _) => {
                stream.set_nonblocking(true).unwrap();
                stream.local_addr().unwrap()
            }
        };
        let (mut client, offer) = Client::over(proto, session, address, (8, 4), Instant::now());
        let answer = node.join(&node.signer.grant(session), &offer);
        assert_eq!(answer.status, 201, "{answer:?}");
        client.answered(&answer.body);
        client.voice = Some(20);
        Self { client, socket, media }
    }

    fn step(&mut self) {
        let now = Instant::now();
        let mut out = Vec::new();
        let mut bytes = [0; 4_096];
        loop {
            let flights = match &mut self.socket {
                Socket::Udp(socket) => match socket.recv_from(&mut bytes) {
                    Ok((count, from)) => vec![(from, bytes[..count].to_vec())],
                    Err(error) => {
                        assert!(matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::ConnectionRefused));
                        break;
                    }
                },
                Socket::Tcp(stream, frames) => match stream.read(&mut bytes) {
                    Ok(0) => break,
                    Ok(count) => {
                        frames.push(&bytes[..count]);
                        let mut came = Vec::new();
                        while let Some(frame) = frames.next_frame().unwrap() {
                            came.push((self.media, frame.to_vec()));
                        }
                        came
                    }
                    Err(_) => break,
                },
            };
            for (from, contents) in flights {
                let flight = Flight { proto: self.client.proto, from, to: self.client.address, contents };
                self.client.receive(now, &flight, &mut out);
            }
        }
        self.client.step(now, &mut out);
        for flight in out {
            match &mut self.socket {
                Socket::Udp(socket) => drop(socket.send_to(&flight.contents, flight.to)),
                Socket::Tcp(stream, _) => drop(stream.write_all(&framed(&flight.contents).unwrap())),
            }
        }
    }
}

pub fn run(all: &mut [Live], within: Duration, mut holds: impl FnMut(&[Live]) -> bool) -> bool {
    let begin = Instant::now();
    while begin.elapsed() < within {
        all.iter_mut().for_each(|live| live.step());
        if holds(all) {
            return true;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    false
}

pub const LONG: Duration = Duration::from_secs(10);

pub fn all_hear_each_other(all: &[Live]) -> bool {
    all.iter().all(|live| {
        let mut others = all.iter().map(|other| other.client.session).filter(|other| *other != live.client.session);
        others.all(|other| live.client.heard(other).count() > 20)
    })
}

#[test]
fn voices_are_heard_over_udp_and_tcp() {
    let mut node = Running::start();
    node.all_hear_all(&[1, 2, 3]);
    let mut all = [Protocol::Udp, Protocol::Udp, Protocol::Tcp]
        .into_iter()
        .zip(1..)
        .map(|(proto, session)| Live::join(&node, session, proto))
        .collect::<Vec<_>>();
    assert!(run(&mut all, LONG, all_hear_each_other));
    // Figures are put down five times a second.
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!((node.figure("participants_connected"), node.figure("rooms")), (3.0, 1.0));
    assert!(node.figure("media_packets_forwarded_total") > 100.0);
    assert!(node.figure("forwarding_seconds_count") > 100.0);
}

#[test]
fn people_of_both_families_hear_each_other() {
    if UdpSocket::bind((Ipv6Addr::LOCALHOST, 0)).is_err() {
        eprintln!("skipped: this machine has no IPv6");
        return;
    }
    let mut node = Running::start_with(&["--bind", "::", "--advertise", "127.0.0.1,::1"]);
    node.all_hear_all(&[1, 2, 3, 4]);
    let (four, six) = (IpAddr::from(Ipv4Addr::LOCALHOST), IpAddr::from(Ipv6Addr::LOCALHOST));
    let ways = [(four, Protocol::Udp), (four, Protocol::Tcp), (six, Protocol::Udp), (six, Protocol::Tcp)];
    let joined = ways.into_iter().zip(1..).map(|((ip, proto), session)| Live::join_from(ip, &node, session, proto));
    let mut all = joined.collect::<Vec<_>>();
    assert!(run(&mut all, LONG, all_hear_each_other));
}

#[test]
fn a_full_node_lets_in_whoever_is_there_already() {
    let mut node = Running::start_with(&["--capacity", "2"]);
    node.all_hear_all(&[1, 2, 3]);
    let mut all = vec![Live::join(&node, 1, Protocol::Udp), Live::join(&node, 2, Protocol::Udp)];
    assert!(run(&mut all, LONG, all_hear_each_other));
    let (_, offer) = Client::over(Protocol::Udp, 3, "127.0.0.1:9".parse().unwrap(), (8, 4), Instant::now());
    assert_eq!(node.join(&node.signer.grant(3), &offer).refusal(), (503, "full".into()));
    // Its line broke, and it does not wait until the node has noticed.
    all[1] = Live::join(&node, 2, Protocol::Udp);
    assert!(run(&mut all, LONG, |all| all[1].client.heard(1).count() > 20));
}

#[test]
fn who_is_removed_gets_nothing_more_and_is_told() {
    let mut node = Running::start();
    node.all_hear_all(&[1, 2]);
    let mut all = vec![Live::join(&node, 1, Protocol::Udp), Live::join(&node, 2, Protocol::Udp)];
    assert!(run(&mut all, LONG, all_hear_each_other));
    assert_eq!(node.all_hear_all(&[1]).status, 200);
    let removed_at = Instant::now();
    run(&mut all, Duration::from_millis(1_200), |_| false);
    let last = all[1].client.got.iter().map(|got| got.at).max().unwrap();
    assert!(last < removed_at + Duration::from_millis(100), "{:?} after", last - removed_at);
    let is_bye = |(_, words): &(Instant, ToParticipant)| *words == ToParticipant::Bye { reason: ByeReason::Removed };
    assert!(all[1].client.words.iter().any(is_bye));
    let last = all[0].client.heard(2).map(|got| got.at).max().unwrap();
    assert!(last < removed_at + Duration::from_millis(100), "and is not heard");
    assert_eq!(node.join(&node.signer.grant(2), "v=0").refusal(), (403, "not_in_room".into()));
}

#[test]
fn draining_lets_nobody_in_and_goes_on_for_who_is_there() {
    let mut node = Running::start_with(&["--drain-s", "2"]);
    node.all_hear_all(&[1, 2, 3]);
    let mut all = vec![Live::join(&node, 1, Protocol::Udp), Live::join(&node, 2, Protocol::Udp)];
    assert!(run(&mut all, LONG, all_hear_each_other));
    node.signal("TERM");
    run(&mut all, Duration::from_millis(300), |_| false);
    assert_eq!(node.request("GET", "/health/ready", "", "").status, 503);
    assert_eq!(node.request("GET", "/health/live", "", "").json()["draining"], true);
    assert_eq!(node.join(&node.signer.grant(3), "v=0").refusal(), (503, "draining".into()));
    let before = all[0].client.heard(2).count();
    run(&mut all, Duration::from_millis(800), |_| false);
    assert!(all[0].client.heard(2).count() > before + 20, "it goes on");
    run(&mut all, Duration::from_millis(1_500), |_| false);
    let is_bye = |(_, words): &(Instant, ToParticipant)| *words == ToParticipant::Bye { reason: ByeReason::Draining };
    assert!(all.iter().all(|live| live.client.words.iter().any(is_bye)));
    assert!(node.ended(Duration::from_secs(2)).unwrap().success());
}
