//! In which order a turn's datagrams are given to the kernel, so that few calls send them all. It sends nothing itself.
//!
//! The kernel has two ways: one call for a train of datagrams to one receiver (GSO), and one call for single ones to anybody (sendmmsg). No safe
//! interface puts trains and singles into one call. So they take turns, in rounds: all receivers' singles that nothing goes before, then the trains
//! that come after these, and so on. What one receiver gets keeps its order; who of several is first is nobody's concern.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::ops::Range;

/// The kernel's limit for one train.
pub const TRAIN_BYTES_MAX: usize = 65_000;

/// Datagrams to one receiver that follow on one another: all of one size, but the last may be shorter.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Train {
    pub range: Range<usize>,
    pub size: usize,
    /// Singles have even ones, trains of several odd ones; none goes before all of the rounds before.
    pub round: usize,
}

impl Train {
    pub fn is_single(&self) -> bool {
        self.range.len() == 1
    }
}

/// The trains of these datagrams, by rounds.
pub fn plan(datagrams: &[(SocketAddr, Range<usize>)], segments_max: usize) -> Vec<Train> {
    let mut trains: Vec<Train> = Vec::new();
    // By receiver: the round of its last. What is for one receiver mostly comes in one piece, and is looked up once then.
    let mut rounds: HashMap<SocketAddr, usize> = HashMap::new();
    let mut begin = 0;
    for run in datagrams.chunk_by(|(one, _), (other, _)| one == other) {
        let Some((receiver, _)) = run.first() else { continue };
        let round = rounds.entry(*receiver).or_default();
        let first = trains.len();
        couple(run, begin, segments_max.max(1), &mut trains);
        for train in trains.iter_mut().skip(first) {
            *round += usize::from(train.is_single() != round.is_multiple_of(2));
            train.round = *round;
        }
        begin += run.len();
    }
    // Stable: what has the same receiver and round stays in order.
    trains.sort_by_key(|train| train.round);
    trains
}

/// One receiver's datagrams as trains; the first is at `begin`.
fn couple(run: &[(SocketAddr, Range<usize>)], begin: usize, segments_max: usize, trains: &mut Vec<Train>) {
    // Whether the last train may get longer.
    let mut is_open = false;
    for (index, (_, range)) in (begin..).zip(run) {
        match trains.last_mut() {
            Some(train)
                if is_open
                    && range.len() <= train.size
                    && train.range.len() < segments_max
                    && (train.range.len() + 1) * train.size <= TRAIN_BYTES_MAX =>
            {
                train.range.end = index + 1;
                is_open = range.len() == train.size;
            }
            _ => {
                trains.push(Train { range: index..index + 1, size: range.len(), round: 0 });
                // Without contents a train has no end.
                is_open = !range.is_empty();
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;

    fn receiver(number: u16) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], number))
    }

    /// Receivers and sizes, as ranges and rounds.
    fn planned(datagrams: &[(u16, usize)], segments_max: usize) -> Vec<(Range<usize>, usize)> {
        let datagrams: Vec<_> = datagrams.iter().map(|&(to, size)| (receiver(to), 0..size)).collect();
        plan(&datagrams, segments_max).into_iter().map(|train| (train.range, train.round)).collect()
    }

    #[test]
    fn a_voice_to_everybody_is_one_round() {
        assert_eq!(planned(&[(1, 100), (2, 100), (3, 100)], 64), [(0..1, 0), (1..2, 0), (2..3, 0)]);
    }

    #[test]
    fn only_the_last_of_a_train_is_shorter() {
        assert_eq!(planned(&[(1, 900), (1, 900), (1, 300), (1, 300)], 64), [(0..3, 1), (3..4, 2)]);
    }

    #[test]
    fn a_train_is_no_longer_than_the_kernel_takes() {
        assert_eq!(planned(&[(1, 900); 5], 2), [(0..2, 1), (2..4, 1), (4..5, 2)]);
        assert_eq!(planned(&[(1, 1_500); 50], 64), [(0..43, 1), (43..50, 1)]);
        assert_eq!(planned(&[(1, 900); 3], 1), [(0..1, 0), (1..2, 0), (2..3, 0)], "where there are no trains");
    }

    #[test]
    fn singles_of_all_receivers_go_before_the_trains_that_follow_them() {
        let each = [(1, 80), (1, 900), (1, 900), (2, 80), (2, 700), (2, 700), (2, 900)];
        assert_eq!(planned(&each, 64), [(0..1, 0), (3..4, 0), (1..3, 1), (4..6, 1), (6..7, 2)]);
    }

    #[test]
    fn a_receiver_that_comes_up_again_goes_on_where_it_was() {
        let each = [(1, 900), (1, 900), (2, 80), (1, 80), (2, 80)];
        assert_eq!(planned(&each, 64), [(2..3, 0), (4..5, 0), (0..2, 1), (3..4, 2)]);
    }

    #[test]
    fn empty_datagrams_are_singles() {
        assert_eq!(planned(&[(1, 0), (1, 0)], 64), [(0..1, 0), (1..2, 0)]);
        assert_eq!(planned(&[], 64), []);
    }
}
