//! What waits to be told to one node: of each room the newest state only, one post at a time, at most five a second.
//!
//! Absent on purpose: order among rooms. A state is complete and carries its revision, so a node can take it at any time.

use std::collections::{BTreeMap, BTreeSet};

use earshot_protocol::fleet::{HEARING_BYTES_MAX, RoomHearing};

/// Five posts a second.
const GAP_MS: u32 = 200;
/// How long it waits after a failure: doubled each time.
const RETRY_MS_MIN: u32 = 250;
const RETRY_MS_MAX: u32 = 4_000;
/// A node that has taken nothing for so long is of no use to a room.
const PATIENCE_MS: i64 = 10_000;
/// What is around all rooms takes at most, with the name of the space and each number of a room that is no more.
const POST_BYTES: usize = 200;
const CLOSED_BYTES: usize = 21;
/// What a room takes at most, each of those in it, and each of those that one hears.
const ROOM_BYTES: usize = 100;
const PARTICIPANT_BYTES: usize = 72;
const HEARD_BYTES: usize = 20;

/// One post.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Post {
    pub rooms: Vec<RoomHearing>,
    pub closed: Vec<u64>,
}

/// What a node made of a post.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    Taken,
    /// It listens, and the post is one that it does not take, nor will when it is told again.
    Refused {
        status: u16,
    },
}

/// What an answer means; none: it is a failure, and another try may help.
pub fn told(status: u16) -> Option<Told> {
    match status {
        200..300 => Some(Told::Taken),
        // It cannot be read, is too long, or says what cannot be. Another node would say the same of it.
        400 | 413 | 422 => Some(Told::Refused { status }),
        // Not the fault of the post: a clock, keys, a node that is full or ends.
        _ => None,
    }
}

/// What follows from a failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    Retry {
        in_ms: u32,
    },
    /// These rooms are on a node that does not listen.
    GivenUp {
        rooms: Vec<u64>,
    },
}

/// What waits for one node.
#[derive(Debug, Default)]
pub struct Lane {
    rooms: BTreeMap<u64, RoomHearing>,
    closed: BTreeSet<u64>,
    /// Rooms of the post that is under way.
    under_way: BTreeSet<u64>,
    /// Rooms of posts that were refused: each is told alone until it is taken, so that the others of a post do not suffer for one.
    suspects: BTreeSet<u64>,
    /// Where both wait, one of them is told next, and all others after it.
    is_suspects_turn: bool,
    /// Somebody posts, or waits until the next post may be.
    is_driven: bool,
    failing_since_ms: Option<i64>,
    tries: u32,
}

impl Lane {
    /// A room's newest state, in place of an older one.
    pub fn put(&mut self, room: RoomHearing) {
        let is_news = self.rooms.get(&room.room).is_none_or(|waiting| waiting.revision <= room.revision);
        if is_news && !self.closed.contains(&room.room) {
            self.rooms.insert(room.room, room);
        }
    }

    /// A room is no more.
    pub fn close(&mut self, room: u64) {
        self.rooms.remove(&room);
        self.suspects.remove(&room);
        self.closed.insert(room);
    }

    /// Has the node not heard yet what was last put of this room?
    pub fn is_waiting(&self, room: u64) -> bool {
        self.rooms.contains_key(&room) || self.under_way.contains(&room)
    }

    pub fn is_idle(&self) -> bool {
        !self.is_driven && self.is_empty()
    }

    fn is_empty(&self) -> bool {
        self.rooms.is_empty() && self.closed.is_empty()
    }

    /// Takes out what is posted first, for whoever drives from now on. None where nothing waits, or somebody drives already.
    pub fn begin(&mut self) -> Option<Post> {
        if self.is_driven { None } else { self.next() }
    }

    /// Takes out what is posted next, after the wait. With none, nobody drives any more.
    pub fn next(&mut self) -> Option<Post> {
        self.is_driven = !self.is_empty();
        if !self.is_driven {
            return None;
        }
        let post = self.next_suspect().unwrap_or_else(|| self.next_together());
        self.under_way = post.rooms.iter().map(|room| room.room).collect();
        Some(post)
    }

    /// The one that has waited longest; they take turns with all others.
    fn next_suspect(&mut self) -> Option<Post> {
        let is_suspect = |room: &&RoomHearing| self.suspects.contains(&room.room);
        let suspect = self.rooms.values().filter(is_suspect).min_by_key(|room| (room.revision, room.room))?.room;
        let have_others = !self.closed.is_empty() || !self.rooms.values().all(|room| is_suspect(&room));
        self.is_suspects_turn = !self.is_suspects_turn;
        if have_others && self.is_suspects_turn {
            return None;
        }
        Some(Post { rooms: self.rooms.remove(&suspect).into_iter().collect(), ..Post::default() })
    }

    fn next_together(&mut self) -> Post {
        let mut post = Post { closed: std::mem::take(&mut self.closed).into_iter().collect(), ..Post::default() };
        let mut bytes = POST_BYTES + CLOSED_BYTES * post.closed.len();
        let waiting: Vec<u64> = self.rooms.keys().copied().filter(|room| !self.suspects.contains(room)).collect();
        for room in waiting {
            bytes += self.rooms.get(&room).map_or(0, size);
            if !post.rooms.is_empty() && bytes > HEARING_BYTES_MAX {
                break;
            }
            post.rooms.extend(self.rooms.remove(&room));
        }
        post
    }

    /// The node has it. How many milliseconds after the last post began the next one may.
    pub fn sent(&mut self) -> u32 {
        for room in std::mem::take(&mut self.under_way) {
            self.suspects.remove(&room);
        }
        self.failing_since_ms = None;
        self.tries = 0;
        GAP_MS
    }

    /// The node listens, and does not take this post. It is no reason to leave the node: the next one would be told the same. Its rooms
    /// are told one by one, and one that is refused alone is emptied until something newer is said of it: who may not hear somebody any more
    /// does not go on to. Which of them are given up, and when the next post may be.
    pub fn refused(&mut self, post: Post) -> (Vec<u64>, u32) {
        let rooms = std::mem::take(&mut self.under_way);
        let (is_alone, is_empty) =
            (post.rooms.len() + usize::from(!post.closed.is_empty()) == 1, post.rooms.is_empty());
        self.suspects.extend(&rooms);
        let mut dropped = Vec::new();
        if is_alone {
            // A room that is no more is let go by the node when the last grant for it has run out.
            dropped = if is_empty { post.closed } else { rooms.into_iter().collect() };
            let full = post.rooms.into_iter().filter(|room| !room.participants.is_empty());
            for room in full.filter(|room| !self.rooms.contains_key(&room.room)).collect::<Vec<_>>() {
                self.put(RoomHearing { participants: Vec::new(), ..room });
            }
        } else {
            self.wait_again(post);
        }
        (dropped, self.sent())
    }

    /// What nothing newer stands for waits once more.
    fn wait_again(&mut self, post: Post) {
        self.closed.extend(post.closed);
        for room in post.rooms {
            if !self.rooms.contains_key(&room.room) {
                self.put(room);
            }
        }
    }

    /// The node has not taken it: what nothing newer stands for waits again.
    pub fn failed(&mut self, post: Post, now_ms: i64) -> Failure {
        self.under_way.clear();
        let since = *self.failing_since_ms.get_or_insert(now_ms);
        if now_ms - since >= PATIENCE_MS {
            return Failure::GivenUp { rooms: self.give_up(post) };
        }
        self.wait_again(post);
        let in_ms = RETRY_MS_MIN.saturating_mul(1 << self.tries.min(8)).min(RETRY_MS_MAX);
        self.tries += 1;
        Failure::Retry { in_ms }
    }

    /// Forgets all that waits, and names its rooms.
    fn give_up(&mut self, post: Post) -> Vec<u64> {
        let lost: BTreeSet<u64> =
            post.rooms.iter().map(|room| room.room).chain(std::mem::take(&mut self.rooms).into_keys()).collect();
        *self = Self { is_driven: self.is_driven, ..Self::default() };
        lost.into_iter().collect()
    }
}

/// How long a room's state is at most when it is written.
fn size(room: &RoomHearing) -> usize {
    ROOM_BYTES + room.participants.iter().map(|one| PARTICIPANT_BYTES + HEARD_BYTES * one.hears.len()).sum::<usize>()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use earshot_protocol::fleet::{HearingSets, ParticipantHearing, ROOM_PARTICIPANTS_MAX};
    use proptest::prelude::*;

    fn room(room: u64, revision: u64) -> RoomHearing {
        RoomHearing { room, revision, participants: Vec::new() }
    }

    #[test]
    fn only_the_newest_state_is_told() {
        let mut lane = Lane::default();
        lane.put(room(1, 1));
        lane.put(room(1, 3));
        lane.put(room(1, 2));
        lane.put(room(2, 1));
        assert_eq!(lane.begin().unwrap().rooms, [room(1, 3), room(2, 1)]);
        assert!(lane.begin().is_none() && lane.is_waiting(1));
        lane.put(room(1, 4));
        assert_eq!(lane.sent(), 200);
        assert!(lane.is_waiting(1) && !lane.is_waiting(2));
        assert!(lane.begin().is_none(), "not before the wait is over");
        assert_eq!(lane.next().unwrap().rooms, [room(1, 4)]);
        lane.sent();
        assert!(!lane.is_idle() && lane.next().is_none());
        assert!(lane.is_idle() && lane.begin().is_none());
    }

    #[test]
    fn what_failed_is_told_again_unless_something_newer_is() {
        let mut lane = Lane::default();
        for n in 1..=3 {
            lane.put(room(n, 1));
        }
        let post = lane.begin().unwrap();
        lane.put(room(1, 2));
        lane.close(2);
        assert_eq!(lane.failed(post, 0), Failure::Retry { in_ms: 250 });
        let again = lane.next().unwrap();
        assert_eq!(again, Post { rooms: vec![room(1, 2), room(3, 1)], closed: vec![2] });
        let waits: Vec<_> = [1_000, 2_000, 3_000, 4_000, 9_999]
            .into_iter()
            .scan(again, |post, now_ms| {
                let failure = lane.failed(std::mem::take(post), now_ms);
                *post = lane.next().unwrap();
                Some(failure)
            })
            .collect();
        assert_eq!(waits, [500, 1_000, 2_000, 4_000, 4_000].map(|in_ms| Failure::Retry { in_ms }));
        lane.put(room(4, 1));
        let post = Post { rooms: vec![room(1, 2), room(3, 1)], closed: vec![2] };
        assert_eq!(lane.failed(post, 10_000), Failure::GivenUp { rooms: vec![1, 3, 4] });
        assert!(lane.next().is_none() && lane.is_idle());
    }

    #[test]
    fn what_is_refused_is_told_alone_and_its_node_is_not_given_up() {
        let mut lane = Lane::default();
        for n in 1..=3 {
            lane.put(room(n, 1));
        }
        lane.close(9);
        let mut known = BTreeSet::new();
        // The node takes all but the second, for longer than a node is waited for.
        for revision in 2..=300 {
            let post = lane.next().unwrap();
            let numbers: Vec<u64> = post.rooms.iter().map(|room| room.room).collect();
            if numbers.contains(&2) {
                let is_alone = numbers == [2];
                assert_eq!(lane.refused(post), (if is_alone { numbers } else { Vec::new() }, GAP_MS));
                if is_alone {
                    assert!(!lane.is_waiting(2), "nobody waits for what is given up");
                    lane.put(room(2, revision));
                }
            } else {
                known.extend(numbers);
                known.extend(post.closed);
                lane.sent();
            }
        }
        assert_eq!(known, BTreeSet::from([1, 3, 9]));
        // It takes it, after all: from then on it is one like the others.
        let post = lane.next().unwrap();
        assert_eq!(post.rooms[0].room, 2);
        lane.sent();
        lane.put(room(1, 500));
        lane.put(room(2, 500));
        assert_eq!(lane.next().unwrap().rooms.len(), 2);
    }

    #[test]
    fn nobody_goes_on_hearing_in_a_room_whose_word_is_refused() {
        let one = ParticipantHearing { session: 1, publish: true, reduced: false, hears: vec![(2, 80, 0)] };
        let full = |revision| RoomHearing { participants: vec![one.clone()], ..room(7, revision) };
        let mut lane = Lane::default();
        lane.put(full(3));
        let post = lane.next().unwrap();
        assert_eq!(lane.refused(post), (vec![7], GAP_MS));
        let emptied = lane.next().unwrap();
        assert_eq!(emptied.rooms, [RoomHearing { participants: vec![], ..full(3) }]);
        // Even that: no third time.
        assert_eq!(lane.refused(emptied), (vec![7], GAP_MS));
        assert!(lane.next().is_none());
        // Something newer goes before it.
        lane.put(full(4));
        let post = lane.next().unwrap();
        lane.put(full(5));
        lane.refused(post);
        assert_eq!(lane.next().unwrap().rooms, [full(5)]);
    }

    #[test]
    fn one_that_is_refused_and_the_others_take_turns() {
        let mut lane = Lane::default();
        lane.put(room(1, 1));
        lane.put(room(2, 1));
        let post = lane.next().unwrap();
        lane.refused(post);
        let mut told = BTreeMap::new();
        // Both are news with each post, and so is a third.
        for revision in 2..=31 {
            for n in 1..=3 {
                lane.put(room(n, revision));
            }
            let post = lane.next().unwrap();
            for room in &post.rooms {
                *told.entry(room.room).or_insert(0) += 1;
            }
            if post.rooms.iter().any(|room| room.room == 2) {
                lane.refused(post);
            } else {
                lane.sent();
            }
        }
        assert!(told.values().all(|&times| times >= 10), "{told:?}");
    }

    #[test]
    fn only_what_is_wrong_with_a_post_is_a_refusal() {
        assert_eq!([200, 204].map(told), [Some(Told::Taken); 2]);
        assert_eq!([400, 413, 422].map(told), [400, 413, 422].map(|status| Some(Told::Refused { status })));
        assert_eq!([301, 401, 403, 404, 429, 500, 502, 503].map(told), [None; 8]);
    }

    #[test]
    fn success_renews_the_patience() {
        let mut lane = Lane::default();
        lane.put(room(1, 1));
        let post = lane.begin().unwrap();
        lane.failed(post, 0);
        lane.next().unwrap();
        lane.sent();
        lane.put(room(1, 2));
        let post = lane.next().unwrap();
        assert_eq!(lane.failed(post, 60_000), Failure::Retry { in_ms: 250 });
    }

    #[test]
    fn a_post_is_never_longer_than_a_node_takes() {
        let widest = ParticipantHearing {
            session: u32::MAX,
            publish: false,
            reduced: false,
            hears: vec![(u32::MAX, 100, 1); 500],
        };
        let crowd = |room| RoomHearing { room, revision: u64::MAX, participants: vec![widest.clone(); 100] };
        // The most that one room can be: it is never told in parts.
        let widest_of_all =
            ParticipantHearing { hears: vec![(u32::MAX, 100, 1); ROOM_PARTICIPANTS_MAX], ..widest.clone() };
        let full = RoomHearing { participants: vec![widest_of_all; ROOM_PARTICIPANTS_MAX], ..crowd(u64::MAX) };
        let sets = HearingSets { space: "s".repeat(64), rooms: vec![full.clone()], closed: vec![u64::MAX; 200] };
        let bytes = serde_json::to_vec(&sets).unwrap().len();
        assert!(bytes <= HEARING_BYTES_MAX, "{bytes}");
        assert!(POST_BYTES + 200 * CLOSED_BYTES + size(&full) <= HEARING_BYTES_MAX);
        let mut lane = Lane::default();
        for n in 0..12 {
            lane.put(crowd(n));
        }
        let mut told = 0;
        while let Some(post) = lane.next() {
            told += post.rooms.len();
            assert!(serde_json::to_vec(&post.rooms).unwrap().len() < HEARING_BYTES_MAX);
            lane.sent();
        }
        assert_eq!(told, 12);
    }

    #[derive(Clone, Debug)]
    enum Step {
        Put(u64),
        Close(u64),
        Sent,
        Failed,
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            4 => (0_u64..4).prop_map(Step::Put),
            1 => (0_u64..4).prop_map(Step::Close),
            2 => Just(Step::Sent),
            2 => Just(Step::Failed),
        ]
    }

    proptest! {
        /// Whatever fails in between: in the end the node knows the newest state of each room, and which are closed.
        #[test]
        fn the_node_ends_up_with_the_newest(steps in proptest::collection::vec(step(), 0..60)) {
            let mut lane = Lane::default();
            let (mut newest, mut ended) = (BTreeMap::new(), BTreeSet::new());
            let (mut told, mut closed) = (BTreeMap::new(), BTreeSet::new());
            let mut under_way: Option<Post> = None;
            for (revision, step) in (1..).zip(steps) {
                match step {
                    // A number is never used again.
                    Step::Put(n) if !ended.contains(&n) => {
                        newest.insert(n, revision);
                        lane.put(room(n, revision));
                    }
                    Step::Close(n) => {
                        newest.remove(&n);
                        ended.insert(n);
                        lane.close(n);
                    }
                    _ => {}
                }
                under_way = under_way.or_else(|| lane.next());
                match (&step, under_way.take()) {
                    (Step::Sent, Some(post)) => {
                        deliver(post, &mut told, &mut closed);
                        lane.sent();
                    }
                    (Step::Failed, Some(post)) => {
                        lane.failed(post, 0);
                    }
                    (_, post) => under_way = post,
                }
            }
            if let Some(post) = under_way {
                deliver(post, &mut told, &mut closed);
                lane.sent();
            }
            while let Some(post) = lane.next() {
                deliver(post, &mut told, &mut closed);
                lane.sent();
            }
            prop_assert_eq!(told, newest);
            prop_assert_eq!(closed, ended);
        }
    }

    fn deliver(post: Post, told: &mut BTreeMap<u64, u64>, closed: &mut BTreeSet<u64>) {
        for n in post.closed {
            closed.insert(n);
            told.remove(&n);
        }
        for room in post.rooms.into_iter().filter(|room| !closed.contains(&room.room)) {
            told.insert(room.room, room.revision);
        }
    }
}
