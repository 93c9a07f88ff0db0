//! Media's TCP port: strangers get little of it, and participants no more than anybody sends.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use earshot_media::node::Protocol;
use earshot_sfu_node::framing::framed;

use super::client::Client;
use super::media::{LONG, Live, Socket, all_hear_each_other, run};
use super::running::Running;

/// A stranger stays no longer than this, and a participant's stream that misbehaves neither: well below what silence is given.
const SOON: Duration = Duration::from_secs(3);
/// As many of one network's are there at the most.
const OF_NETWORK_MAX: usize = 128;

/// A check that names a shard, and nobody there.
fn check() -> Vec<u8> {
    let name = b"aaaa:bbbb\0\0\0";
    [&[0, 1, 0, 16, 0x21, 0x12, 0xa4, 0x42][..], &[7; 12], &[0, 6, 0, 9], name].concat()
}

/// Whether the node has closed it by then.
fn is_ended(stream: &mut TcpStream, within: Duration) -> bool {
    stream.set_nonblocking(false).unwrap();
    let begin = Instant::now();
    let mut bytes = [0; 8_192];
    while begin.elapsed() < within {
        stream.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
        match stream.read(&mut bytes) {
            Ok(0) => return true,
            Ok(_) => {}
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
            Err(_) => return true,
        }
    }
    false
}

/// Frames one after the other, until they are all out or the stream is closed.
fn flood(live: &mut Live, frame: &[u8], count: usize) {
    let Socket::Tcp(stream, _) = &mut live.socket else { panic!("it is none") };
    stream.set_nonblocking(false).unwrap();
    stream.set_write_timeout(Some(SOON)).unwrap();
    let _ = stream.write_all(&frame.repeat(count));
    assert!(is_ended(stream, SOON));
}

fn figure_becomes(node: &Running, name: &str, value: f64, within: Duration) -> bool {
    let begin = Instant::now();
    while begin.elapsed() < within {
        if node.figure(name) == value {
            return true;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    false
}

#[test]
fn a_stream_that_names_nobody_is_ended_at_once_whatever_it_brings() {
    let node = Running::start();
    let mut streams: Vec<_> = (0..20).map(|_| TcpStream::connect(node.media).unwrap()).collect();
    for stream in &mut streams {
        stream.write_all(&framed(&check()).unwrap()).unwrap();
        // Frames of nothing, two bytes each. Where it is closed already, that is what is wanted.
        let _ = stream.write_all(&[0; 100_000]);
    }
    assert!(streams.iter_mut().all(|stream| is_ended(stream, SOON)));
    assert!(figure_becomes(&node, "tcp_turned_away_total", 20.0, SOON));
    assert!(figure_becomes(&node, "strays_total", 20.0, SOON), "no more than one datagram of each was looked at");
    assert_eq!(node.figure("tcp_streams"), 0.0);
    let (_, offer) = Client::new(1, "127.0.0.1:9".parse().unwrap(), (2, 2), Instant::now());
    assert_eq!(node.join(&node.signer.grant(1), &offer).status, 201);
}

#[test]
fn streams_that_say_nothing_keep_nobody_out() {
    let mut node = Running::start();
    node.all_hear_all(&[1, 2]);
    let mut idle: Vec<_> = (0..OF_NETWORK_MAX + 100).map(|_| TcpStream::connect(node.media).unwrap()).collect();
    assert!(idle.iter_mut().take(100).all(|stream| is_ended(stream, Duration::from_millis(500))), "the oldest");
    let mut all = vec![Live::join(&node, 1, Protocol::Tcp), Live::join(&node, 2, Protocol::Tcp)];
    assert!(run(&mut all, LONG, all_hear_each_other));
    assert!(node.figure("tcp_turned_away_total") >= 100.0);
}

#[test]
fn a_participant_s_stream_with_more_than_anybody_sends_is_ended() {
    let mut node = Running::start();
    node.all_hear_all(&[1, 2, 3]);
    let mut all: Vec<_> = (1..=3).map(|session| Live::join(&node, session, Protocol::Tcp)).collect();
    assert!(run(&mut all, LONG, all_hear_each_other));
    assert!(figure_becomes(&node, "tcp_streams", 3.0, SOON));
    // Too many, and ones that are none.
    let mut two = all.split_off(1);
    flood(&mut two[0], &framed(&[0xff; 20]).unwrap(), 30_000);
    flood(&mut two[1], &[0, 0], 1);
    assert!(figure_becomes(&node, "tcp_ended_total", 2.0, SOON));
    assert!(figure_becomes(&node, "tcp_streams", 1.0, SOON), "who has done nothing stays");
}

#[test]
fn a_stream_ends_with_its_participant_and_is_forgotten_with_its_end() {
    let mut node = Running::start();
    node.all_hear_all(&[1, 2]);
    let mut all = vec![Live::join(&node, 1, Protocol::Tcp), Live::join(&node, 2, Protocol::Tcp)];
    assert!(run(&mut all, LONG, all_hear_each_other));
    node.all_hear_all(&[1]);
    // It goes on sending all the while.
    run(&mut all, Duration::from_millis(6_500), |_| false);
    let Socket::Tcp(removed, _) = &mut all[1].socket else { panic!("it is none") };
    assert!(is_ended(removed, SOON));
    assert_eq!(node.figure("tcp_streams"), 1.0);
    drop(all);
    assert!(figure_becomes(&node, "tcp_streams", 0.0, SOON));
}
