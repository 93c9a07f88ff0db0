//! Streams of which nobody knows yet whose they are: few, and the oldest goes when another wants in.
//!
//! Newcomers are not refused instead: somebody honest is a stranger for one way there and back only, whoever fills places stays in them.

use std::collections::VecDeque;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::task::AbortHandle;

/// Strangers at a time.
pub const STRANGERS_MAX: usize = 256;
/// And of one network: half of a large office that comes in the same moment, and never all places.
pub const STRANGERS_OF_NETWORK_MAX: usize = 128;

/// What one customer has: an address, or in IPv6, where each has more of them than could ever be counted, the first 64 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network(IpAddr);

impl Network {
    pub fn of(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V6(address) => Self(IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX)))),
            address => Self(address),
        }
    }
}

/// The oldest first.
#[derive(Debug, Default)]
pub struct Strangers {
    greeted: VecDeque<Stranger>,
}

#[derive(Debug)]
struct Stranger {
    network: Network,
    task: AbortHandle,
    /// Its first frame is with a shard, which answers soon.
    has_asked: Arc<AtomicBool>,
}

impl Strangers {
    /// Until its task ends this is a stranger. True: another had to go.
    pub fn add(&mut self, network: Network, task: AbortHandle, has_asked: Arc<AtomicBool>) -> bool {
        self.greeted.retain(|stranger| !stranger.task.is_finished());
        // Who waits for an answer is about to be known, or gone; their number has an end of its own, that of all places.
        let is_silent = |stranger: &Stranger| !stranger.has_asked.load(Ordering::Relaxed);
        let is_of_network = |stranger: &Stranger| stranger.network == network && is_silent(stranger);
        let oldest = if self.greeted.iter().filter(|one| is_of_network(one)).count() >= STRANGERS_OF_NETWORK_MAX {
            self.greeted.iter().position(is_of_network)
        } else if self.greeted.iter().filter(|one| is_silent(one)).count() >= STRANGERS_MAX {
            self.greeted.iter().position(is_silent)
        } else {
            None
        };
        let gone = oldest.and_then(|place| self.greeted.remove(place));
        if let Some(stranger) = &gone {
            stranger.task.abort();
        }
        self.greeted.push_back(Stranger { network, task, has_asked });
        gone.is_some()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use tokio::task::JoinHandle;

    fn network(text: &str) -> Network {
        Network::of(text.parse().unwrap())
    }

    fn silent() -> Arc<AtomicBool> {
        Arc::default()
    }

    fn waiting() -> JoinHandle<()> {
        tokio::spawn(std::future::pending())
    }

    async fn is_aborted(task: JoinHandle<()>) -> bool {
        task.await.is_err_and(|error| error.is_cancelled())
    }

    #[test]
    fn a_network_is_what_one_customer_has() {
        assert_eq!(network("::ffff:192.0.2.1"), network("192.0.2.1"));
        assert_ne!(network("192.0.2.1"), network("192.0.2.2"));
        assert_eq!(network("2001:db8:0:1::1"), network("2001:db8:0:1:ffff::"));
        assert_ne!(network("2001:db8:0:1::1"), network("2001:db8:0:2::1"));
    }

    #[tokio::test]
    async fn one_network_takes_places_of_its_own_only() {
        let mut strangers = Strangers::default();
        let other = waiting();
        strangers.add(network("192.0.2.1"), other.abort_handle(), silent());
        let mut tasks = VecDeque::new();
        for count in 0..STRANGERS_OF_NETWORK_MAX + 5 {
            let task = waiting();
            let has_another_gone = strangers.add(network("192.0.2.2"), task.abort_handle(), silent());
            assert_eq!(has_another_gone, count >= STRANGERS_OF_NETWORK_MAX);
            tasks.push_back(task);
        }
        for task in tasks.drain(..5) {
            assert!(is_aborted(task).await, "the oldest");
        }
        assert!(!other.is_finished() && tasks.iter().all(|task| !task.is_finished()));
    }

    #[tokio::test]
    async fn who_waits_for_an_answer_stays() {
        let mut strangers = Strangers::default();
        let asking = waiting();
        strangers.add(network("192.0.2.2"), asking.abort_handle(), Arc::new(AtomicBool::new(true)));
        let tasks: Vec<_> = (0..2 * STRANGERS_OF_NETWORK_MAX).map(|_| waiting()).collect();
        for task in &tasks {
            strangers.add(network("192.0.2.2"), task.abort_handle(), silent());
        }
        tokio::task::yield_now().await;
        assert!(!asking.is_finished());
        assert_eq!(strangers.greeted.len(), STRANGERS_OF_NETWORK_MAX + 1);
    }

    #[tokio::test]
    async fn where_all_places_are_taken_the_oldest_goes() {
        let mut strangers = Strangers::default();
        let first = waiting();
        strangers.add(network("192.0.2.0"), first.abort_handle(), silent());
        // Who is no stranger any more takes no place.
        for _ in 0..STRANGERS_MAX {
            let done = tokio::spawn(async {});
            let handle = done.abort_handle();
            done.await.unwrap();
            assert!(!strangers.add(network("192.0.2.0"), handle, silent()));
        }
        let tasks: Vec<_> = (0..STRANGERS_MAX).map(|_| waiting()).collect();
        for (number, task) in (1..).zip(&tasks) {
            let address = IpAddr::from([198, 51, 100, u8::try_from(number % 256).unwrap()]);
            assert_eq!(strangers.add(Network::of(address), task.abort_handle(), silent()), number >= STRANGERS_MAX);
        }
        assert!(is_aborted(first).await);
        assert!(tasks.iter().all(|task| !task.is_finished()));
    }
}
