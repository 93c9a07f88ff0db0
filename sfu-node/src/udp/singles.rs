//! Single datagrams to many receivers, with as few calls as the kernel allows (sendmmsg). One that cannot be sent costs the others nothing.

use std::io::{self, IoSlice};
use std::net::{SocketAddr, UdpSocket};

use rustix::io::Errno;
use rustix::net::{MMsgHdr, SendAncillaryBuffer, SendFlags, SocketAddrAny, sendmmsg};

/// The kernel takes no more in one call.
const MESSAGES_MAX: usize = 1_024;

/// What became of datagrams.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Tally {
    /// Calls that sent something.
    pub sends: u64,
    /// Datagrams the kernel did not take.
    pub dropped: u64,
    /// Of the calls, those that sent a train to one receiver.
    pub trains: u64,
    /// Datagrams in trains, and bytes in these.
    pub train_datagrams: u64,
    pub train_bytes: u64,
}

impl Tally {
    pub fn add(&mut self, other: Self) {
        self.sends += other.sends;
        self.dropped += other.dropped;
        self.trains += other.trains;
        self.train_datagrams += other.train_datagrams;
        self.train_bytes += other.train_bytes;
    }

    pub fn count(&mut self, sent: &io::Result<()>) {
        match sent {
            Ok(()) => self.sends += 1,
            Err(_) => self.dropped += 1,
        }
    }
}

/// What sending needs of the system, so that everything the system may answer can be tried out.
trait Kernel {
    /// Sends from there on; how many it took, which may be less than there are.
    fn send_from(&mut self, at: usize) -> Result<usize, Errno>;
    /// Sends this one.
    fn send_one(&mut self, at: usize) -> io::Result<()>;
    /// Waits for room. False: it has been waited for long enough.
    fn wait(&mut self) -> bool;
}

/// Sends them all. `is_together` becomes false where the kernel has no call for many; `wait` waits for room, and says whether to try again.
pub fn send(
    socket: &UdpSocket,
    datagrams: &[(SocketAddr, &[u8])],
    is_together: &mut bool,
    wait: &mut dyn FnMut() -> bool,
) -> Tally {
    let mut tally = Tally::default();
    for part in datagrams.chunks(MESSAGES_MAX) {
        if part.len() == 1 || !*is_together {
            tally.add(work_off(
                &mut Calls { socket, datagrams: part, messages: Vec::new(), wait },
                part.len(),
                &mut false,
            ));
            continue;
        }
        let addresses: Vec<SocketAddrAny> = part.iter().map(|(to, _)| (*to).into()).collect();
        let slices: Vec<[IoSlice; 1]> = part.iter().map(|(_, contents)| [IoSlice::new(contents)]).collect();
        // Nothing is said beside the datagram: ECN and the address of ours are what the socket has.
        let mut nothing: Vec<SendAncillaryBuffer> = part.iter().map(|_| SendAncillaryBuffer::default()).collect();
        let messages = addresses.iter().zip(&slices).zip(&mut nothing);
        let messages = messages.map(|((to, slice), nothing)| MMsgHdr::new_with_addr(to, slice, nothing)).collect();
        tally.add(work_off(&mut Calls { socket, datagrams: part, messages, wait }, part.len(), is_together));
    }
    tally
}

/// Every call takes one off at least, or gives one up: it ends after twice as many calls as there are datagrams, and waits between.
fn work_off(kernel: &mut impl Kernel, count: usize, is_together: &mut bool) -> Tally {
    let mut tally = Tally::default();
    let mut at = 0;
    while at < count {
        let mut taken = if *is_together { kernel.send_from(at) } else { Err(Errno::NOSYS) };
        if taken == Err(Errno::AGAIN) && kernel.wait() {
            taken = kernel.send_from(at);
        }
        match taken {
            Ok(taken) if taken > 0 => {
                tally.sends += 1;
                at += taken;
                continue;
            }
            Err(Errno::AGAIN) => tally.dropped += 1,
            other => {
                *is_together &= other != Err(Errno::NOSYS);
                // The error is the first one's, or is told of something sent long ago: by itself it fails for its own reasons only.
                tally.count(&alone(kernel, at));
            }
        }
        at += 1;
    }
    tally
}

fn alone(kernel: &mut impl Kernel, at: usize) -> io::Result<()> {
    match kernel.send_one(at) {
        Err(error) if error.kind() == io::ErrorKind::WouldBlock && kernel.wait() => kernel.send_one(at),
        sent => sent,
    }
}

struct Calls<'a> {
    socket: &'a UdpSocket,
    datagrams: &'a [(SocketAddr, &'a [u8])],
    messages: Vec<MMsgHdr<'a>>,
    wait: &'a mut dyn FnMut() -> bool,
}

impl Kernel for Calls<'_> {
    fn send_from(&mut self, at: usize) -> Result<usize, Errno> {
        sendmmsg(self.socket, self.messages.get_mut(at..).unwrap_or_default(), SendFlags::empty())
    }

    fn send_one(&mut self, at: usize) -> io::Result<()> {
        let Some((to, contents)) = self.datagrams.get(at) else { return Ok(()) };
        self.socket.send_to(contents, to).map(drop)
    }

    fn wait(&mut self) -> bool {
        (self.wait)()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use std::collections::VecDeque;

    use super::*;

    /// A kernel that answers as told, and takes everything when nothing is told.
    #[derive(Default)]
    struct Told {
        many: VecDeque<Result<usize, Errno>>,
        one: VecDeque<Errno>,
        waits: usize,
        waited: usize,
        taken: Vec<usize>,
        calls: usize,
    }

    const COUNT: usize = 20;

    impl Kernel for Told {
        fn send_from(&mut self, at: usize) -> Result<usize, Errno> {
            self.calls += 1;
            let taken = self.many.pop_front().unwrap_or(Ok(COUNT - at))?;
            self.taken.extend(at..at + taken);
            Ok(taken)
        }

        fn send_one(&mut self, at: usize) -> io::Result<()> {
            self.calls += 1;
            if let Some(error) = self.one.pop_front() {
                return Err(error.into());
            }
            self.taken.push(at);
            Ok(())
        }

        fn wait(&mut self) -> bool {
            self.waited += 1;
            self.waited <= self.waits
        }
    }

    fn all_but(missing: &[usize]) -> Vec<usize> {
        (0..COUNT).filter(|at| !missing.contains(at)).collect()
    }

    fn run(mut kernel: Told) -> (Told, Tally, bool) {
        let mut is_together = true;
        let tally = work_off(&mut kernel, COUNT, &mut is_together);
        (kernel, tally, is_together)
    }

    #[test]
    fn all_go_in_one_call() {
        let (kernel, tally, _) = run(Told::default());
        assert_eq!((kernel.taken, kernel.calls), (all_but(&[]), 1));
        assert_eq!(tally, Tally { sends: 1, dropped: 0, ..Tally::default() });
    }

    #[test]
    fn where_fewer_are_taken_it_goes_on_after_them() {
        let (kernel, tally, _) = run(Told { many: [Ok(7), Ok(1), Ok(3)].into(), ..Told::default() });
        assert_eq!(kernel.taken, all_but(&[]));
        assert_eq!(tally, Tally { sends: 4, dropped: 0, ..Tally::default() });
    }

    #[test]
    fn an_error_is_only_the_first_ones() {
        for error in [Errno::CONNREFUSED, Errno::PERM, Errno::INVAL, Errno::MSGSIZE, Errno::INTR] {
            let kernel = Told { many: [Ok(7), Err(error)].into(), one: [error].into(), ..Told::default() };
            let (kernel, tally, is_together) = run(kernel);
            assert_eq!(kernel.taken, all_but(&[7]), "{error}");
            assert_eq!((tally, is_together), (Tally { sends: 2, dropped: 1, ..Tally::default() }, true), "{error}");
        }
    }

    #[test]
    fn an_error_of_long_ago_costs_nothing() {
        let (kernel, tally, _) = run(Told { many: [Err(Errno::CONNREFUSED)].into(), ..Told::default() });
        assert_eq!(kernel.taken, all_but(&[]));
        assert_eq!(tally, Tally { sends: 2, dropped: 0, ..Tally::default() });
    }

    #[test]
    fn a_full_socket_is_waited_for_once() {
        let kernel = Told { many: [Ok(5), Err(Errno::AGAIN)].into(), waits: 9, ..Told::default() };
        let (kernel, tally, _) = run(kernel);
        assert_eq!((kernel.taken, kernel.waited), (all_but(&[]), 1));
        assert_eq!(tally.dropped, 0);
        let kernel = Told { many: [Err(Errno::AGAIN), Err(Errno::AGAIN)].into(), waits: 9, ..Told::default() };
        let (kernel, tally, _) = run(kernel);
        assert_eq!((kernel.taken, kernel.waited), (all_but(&[0]), 1));
        assert_eq!(tally, Tally { sends: 1, dropped: 1, ..Tally::default() });
    }

    #[test]
    fn a_socket_that_stays_full_ends_it() {
        let kernel = Told { many: vec![Err(Errno::AGAIN); COUNT * 9].into(), waits: 3, ..Told::default() };
        let (kernel, tally, _) = run(kernel);
        assert_eq!(kernel.calls, COUNT + 3);
        assert_eq!(tally, Tally { sends: 0, dropped: COUNT as u64, ..Tally::default() });
    }

    #[test]
    fn nothing_taken_and_no_error_does_not_go_on_for_ever() {
        let (kernel, tally, _) = run(Told { many: vec![Ok(0); COUNT * 9].into(), ..Told::default() });
        assert_eq!((kernel.taken, kernel.calls), (all_but(&[]), 2 * COUNT));
        assert_eq!(tally, Tally { sends: COUNT as u64, dropped: 0, ..Tally::default() });
    }

    #[test]
    fn a_kernel_without_the_call_is_asked_once() {
        let kernel = Told { many: [Err(Errno::NOSYS)].into(), one: [Errno::PERM].into(), ..Told::default() };
        let (kernel, tally, is_together) = run(kernel);
        assert_eq!((kernel.taken, kernel.calls, is_together), (all_but(&[0]), COUNT + 1, false));
        assert_eq!(tally, Tally { sends: COUNT as u64 - 1, dropped: 1, ..Tally::default() });
    }

    #[test]
    fn one_by_one_they_arrive_as_well() {
        let sockets: Vec<_> = (0..COUNT).map(|_| UdpSocket::bind(("127.0.0.1", 0)).unwrap()).collect();
        let datagrams: Vec<_> = sockets.iter().map(|one| (one.local_addr().unwrap(), &b"voice"[..])).collect();
        let sender = UdpSocket::bind(("127.0.0.1", 0)).unwrap();
        let tally = send(&sender, &datagrams, &mut false, &mut || true);
        assert_eq!(tally, Tally { sends: COUNT as u64, dropped: 0, ..Tally::default() });
        for socket in &sockets {
            let mut buffer = [0; 16];
            assert_eq!(socket.recv(&mut buffer).unwrap(), 5);
        }
    }
}
