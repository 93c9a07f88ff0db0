//! What goes out in one turn, over real sockets on the loopback interface: nothing is lost, turned over or held up by somebody else's trouble.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::HashSet;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::time::Duration;

use earshot_sfu_node::udp::Udp;
use socket2::SockRef;

const LOCALHOST: Ipv4Addr = Ipv4Addr::LOCALHOST;
const RECEIVERS: usize = 20;

/// Sockets that share their address with nobody: of several that may, the kernel sometimes gives two the same port.
fn receivers(count: usize) -> Vec<UdpSocket> {
    let receiver = |_| {
        let receiver = UdpSocket::bind((LOCALHOST, 0)).unwrap();
        receiver.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
        SockRef::from(&receiver).set_recv_buffer_size(1 << 20).unwrap();
        receiver
    };
    (0..count).map(receiver).collect()
}

fn sender() -> Udp {
    Udp::bind((LOCALHOST, 0).into()).unwrap()
}

fn address(receiver: &UdpSocket) -> SocketAddr {
    receiver.local_addr().unwrap()
}

/// Tells by its contents which it is.
fn datagram(number: usize, size: usize) -> Vec<u8> {
    let mut contents = vec![0x5a; size.max(4)];
    contents[..4].copy_from_slice(&u32::try_from(number).unwrap().to_be_bytes());
    contents
}

/// The next ones that a receiver gets, as numbers and sizes.
fn received(receiver: &UdpSocket, count: usize) -> Vec<(usize, usize)> {
    let mut buffer = [0; 2_000];
    let next = |_| {
        let size = receiver.recv(&mut buffer).expect("nothing comes any more");
        (u32::from_be_bytes(buffer[..4].try_into().unwrap()) as usize, size)
    };
    (0..count).map(next).collect()
}

fn send(sender: &mut Udp, datagrams: &[(SocketAddr, Vec<u8>)]) {
    send_apart(sender, datagrams, 0);
}

/// With so many bytes between them that nobody gets.
fn send_apart(sender: &mut Udp, datagrams: &[(SocketAddr, Vec<u8>)], between: usize) {
    let mut bytes = Vec::new();
    let place = |(to, contents): &(SocketAddr, Vec<u8>)| {
        let begin = bytes.len();
        bytes.extend(contents);
        let range = begin..bytes.len();
        bytes.resize(bytes.len() + between, 0xee);
        (*to, range)
    };
    let ranges: Vec<_> = datagrams.iter().map(place).collect();
    sender.send(&bytes, ranges.into_iter());
}

/// What was sent to an address, as numbers and sizes.
fn sent_to(datagrams: &[(SocketAddr, Vec<u8>)], to: SocketAddr) -> Vec<(usize, usize)> {
    let own = datagrams.iter().enumerate().filter(|(_, (destination, _))| *destination == to);
    own.map(|(number, (_, contents))| (number, contents.len())).collect()
}

#[test]
fn a_voice_to_twenty_is_one_call() {
    let (mut sender, receivers) = (sender(), receivers(RECEIVERS));
    let datagrams: Vec<_> = receivers.iter().enumerate().map(|(n, one)| (address(one), datagram(n, 120))).collect();
    send(&mut sender, &datagrams);
    for (number, receiver) in receivers.iter().enumerate() {
        assert_eq!(received(receiver, 1), [(number, 120)]);
    }
    assert_eq!((sender.tally.sends, sender.tally.dropped), (1, 0));
}

#[test]
fn a_train_is_made_of_what_lies_apart_as_well() {
    let (mut sender, receivers) = (sender(), receivers(1));
    let datagrams: Vec<_> = (0..9).map(|number| (address(&receivers[0]), datagram(number, 900))).collect();
    send_apart(&mut sender, &datagrams, 3);
    assert_eq!(received(&receivers[0], 9), sent_to(&datagrams, address(&receivers[0])));
    assert_eq!(sender.tally.sends, 1);
}

/// Sizes and receivers mixed so that singles and trains follow on one another in every way, and receivers come up again and again.
#[test]
fn each_receiver_gets_its_own_in_order() {
    for sender_address in [SocketAddr::from((LOCALHOST, 0)), (Ipv6Addr::UNSPECIFIED, 0).into()] {
        let (mut sender, receivers) = (Udp::bind(sender_address).unwrap(), receivers(RECEIVERS));
        let sizes = [120, 118, 1_100, 1_100, 1_100, 700, 90, 1_100, 1_100, 90, 90, 1_200];
        let mix = |number: usize| (number * number / 7 + number / 3) % RECEIVERS;
        let datagrams: Vec<_> = (0..600)
            .map(|number| {
                let receiver = if number < 300 { mix(number) } else { number / 15 % RECEIVERS };
                (address(&receivers[receiver]), datagram(number, sizes[(number + number / 24) % sizes.len()]))
            })
            .collect();
        send(&mut sender, &datagrams);
        for receiver in &receivers {
            let expected = sent_to(&datagrams, address(receiver));
            assert_eq!(received(receiver, expected.len()), expected, "by {sender_address}");
        }
        assert_eq!(sender.tally.dropped, 0);
        assert!(sender.tally.sends < 400, "{} calls", sender.tally.sends);
    }
}

/// Four kinds of trouble, each first, in the middle and last among twenty who can be reached: nobody there, no port, an address that may not be
/// sent to, and a datagram that is too long.
#[test]
fn who_cannot_be_reached_costs_the_others_nothing() {
    let nobody = SocketAddr::from(([127, 0, 0, 9], 9));
    let troubles = [
        (nobody, datagram(900, 100), 0),
        ((LOCALHOST, 0).into(), datagram(901, 100), 1),
        ((Ipv4Addr::BROADCAST, 9).into(), datagram(902, 100), 1),
        (nobody, datagram(903, 65_530), 1),
    ];
    for (to, contents, lost) in troubles {
        for place in [0, RECEIVERS / 2, RECEIVERS] {
            let (mut sender, receivers) = (sender(), receivers(RECEIVERS));
            let mut datagrams: Vec<_> =
                receivers.iter().enumerate().map(|(n, one)| (address(one), datagram(n, 100))).collect();
            datagrams.insert(place, (to, contents.clone()));
            // Again and again: an error of the time before may be told at the next call.
            for turn in 1..=3 {
                send(&mut sender, &datagrams);
                for (number, receiver) in receivers.iter().enumerate() {
                    assert_eq!(received(receiver, 1), [(number, 100)], "{to}, place {place}, turn {turn}");
                }
                assert_eq!(sender.tally.dropped, turn * lost, "{to}, place {place}, turn {turn}");
            }
        }
    }
}

#[test]
fn a_train_that_cannot_be_sent_costs_the_others_nothing() {
    let (mut sender, receivers) = (sender(), receivers(RECEIVERS));
    let mut datagrams = Vec::new();
    for (index, receiver) in receivers.iter().enumerate() {
        let to = if index == 5 { (Ipv4Addr::BROADCAST, 9).into() } else { address(receiver) };
        datagrams.extend((0..3).map(|step| (to, datagram(index * 3 + step, 1_000))));
    }
    send(&mut sender, &datagrams);
    for (index, receiver) in receivers.iter().enumerate().filter(|(index, _)| *index != 5) {
        let expected: Vec<_> = (0..3).map(|step| (index * 3 + step, 1_000)).collect();
        assert_eq!(received(receiver, 3), expected);
    }
    assert_eq!(sender.tally.dropped, 3);
}

/// More than the kernel takes in one call, and more than are put in order at a time. Neighbours differ in receiver, so that there are no trains.
#[test]
fn thousands_at_once_all_arrive() {
    const COUNT: usize = 5_000;
    let (mut sender, receivers) = (sender(), receivers(50));
    let datagrams: Vec<_> = (0..COUNT)
        .map(|number| (address(&receivers[number % receivers.len()]), datagram(number, 60 + number % 50)))
        .collect();
    send(&mut sender, &datagrams);
    let mut got = HashSet::new();
    for receiver in &receivers {
        let expected = sent_to(&datagrams, address(receiver));
        let arrived = received(receiver, expected.len());
        assert_eq!(arrived, expected);
        got.extend(arrived);
    }
    assert_eq!((got.len(), sender.tally.dropped), (COUNT, 0));
    assert!(sender.tally.sends <= 8, "{} calls", sender.tally.sends);
}
