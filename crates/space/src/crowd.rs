//! How a crowd is divided into media rooms: zones of people who stand near each other.
//!
//! A function of who is there and in which room they were: deterministic, and calm. A room is divided when it gets too full,
//! and two become one again when that one is far from full; who walks from one zone to another changes rooms when the other
//! is clearly nearer, and not again at once.
//!
//! Absent on purpose: connections, nodes, and the moment at which a way may be given up. See `engine/crowds.rs`.

use std::collections::{BTreeMap, BTreeSet};

use earshot_protocol::SessionId;
use earshot_protocol::units::{Position, TILE, TimeMs};

/// Most people that publish in one room. Beyond it the room is divided.
pub const ROOM_MAX: usize = 30;
/// Two rooms that hear each other become one when they have together no more than this.
pub const ROOM_MERGED_MAX: usize = 20;
/// One more who changes rooms is taken up to here: a room that is nearly full is not filled by those who pass.
const ROOM_COMFORT: usize = 26;
/// The other room's middle has to be nearer by this much, in sub-pixels.
const NEARER_BY: i64 = 2 * TILE as i64;
/// And one stays in a room for this long at least.
pub const STAY_MS: i64 = 5_000;

/// Somebody who is to be in a room.
#[derive(Clone, Debug)]
pub struct Member {
    pub at: Position,
    /// The room it is in, and since when.
    pub home: Option<(u64, TimeMs)>,
    /// Others who are to be in rooms, and hear it or are heard by it.
    pub neighbours: Vec<SessionId>,
}

/// Everybody's room. New rooms are numbered from `next_room` on.
pub fn divide(members: &BTreeMap<SessionId, Member>, next_room: &mut u64, now: TimeMs) -> BTreeMap<SessionId, u64> {
    let mut division = Division { members, homes: BTreeMap::new(), rooms: BTreeMap::new(), next_room };
    for (&id, member) in members {
        if let Some((room, _)) = member.home {
            division.seat(id, room);
        }
    }
    division.seat_newcomers();
    division.change_rooms(now);
    division.merge();
    division.homes
}

struct Division<'a> {
    members: &'a BTreeMap<SessionId, Member>,
    homes: BTreeMap<SessionId, u64>,
    rooms: BTreeMap<u64, Seats>,
    next_room: &'a mut u64,
}

/// How many are in a room, and the sum of where they stand.
#[derive(Clone, Copy, Debug, Default)]
struct Seats {
    count: usize,
    x: i64,
    y: i64,
}

impl Seats {
    fn add(&mut self, at: Position, sign: i64) {
        self.count = self.count.saturating_add_signed(sign as isize);
        self.x += sign * i64::from(at.x);
        self.y += sign * i64::from(at.y);
    }

    fn middle(self) -> Option<Position> {
        let count = i64::try_from(self.count).ok().filter(|&count| count > 0)?;
        // A mean of values that fit does so too.
        Some(Position { x: (self.x / count) as i32, y: (self.y / count) as i32 })
    }
}

impl Division<'_> {
    fn seat(&mut self, id: SessionId, room: u64) {
        let Some(at) = self.members.get(&id).map(|member| member.at) else { return };
        if let Some(before) = self.homes.insert(id, room)
            && let Some(seats) = self.rooms.get_mut(&before)
        {
            seats.add(at, -1);
        }
        self.rooms.entry(room).or_default().add(at, 1);
    }

    fn size(&self, room: u64) -> usize {
        self.rooms.get(&room).map_or(0, |seats| seats.count)
    }

    fn far(&self, member: &Member, room: u64) -> i64 {
        let middle = self.rooms.get(&room).and_then(|seats| seats.middle());
        middle.map_or(i64::MAX / 2, |middle| distance(member.at, middle))
    }

    /// Whoever has none gets a room: the nearest of those in which it has neighbours, or a new one.
    fn seat_newcomers(&mut self) {
        loop {
            let open: Vec<SessionId> = self.members.keys().copied().filter(|id| !self.homes.contains_key(id)).collect();
            let Some(&first) = open.first() else { return };
            let before = self.homes.len();
            for &id in &open {
                if let Some(room) = self.nearest(id, ROOM_MAX) {
                    self.seat(id, room);
                } else if let Some(full) = self.nearest(id, usize::MAX) {
                    self.split(full);
                    if let Some(room) = self.nearest(id, ROOM_MAX) {
                        self.seat(id, room);
                    }
                }
            }
            if self.homes.len() == before {
                let room = self.open_room();
                self.seat(first, room);
            }
        }
    }

    fn open_room(&mut self) -> u64 {
        let room = *self.next_room;
        *self.next_room += 1;
        room
    }

    /// Along the axis on which it is longer, at the median: the second half gets a new room.
    fn split(&mut self, room: u64) {
        let mut inside: Vec<(SessionId, Position)> = self.inside(room).collect();
        let extent = |of: fn(&Position) -> i32| {
            let values = || inside.iter().map(|(_, at)| of(at));
            values().max().unwrap_or(0) - values().min().unwrap_or(0)
        };
        if extent(|at| at.x) >= extent(|at| at.y) {
            inside.sort_by_key(|&(id, at)| (at.x, at.y, id));
        } else {
            inside.sort_by_key(|&(id, at)| (at.y, at.x, id));
        }
        let new = self.open_room();
        for &(id, _) in inside.iter().skip(inside.len() / 2) {
            self.seat(id, new);
        }
    }

    /// Who stands clearly nearer to another room's middle goes there.
    fn change_rooms(&mut self, now: TimeMs) {
        for (&id, member) in self.members {
            let (Some((_, since)), Some(&home)) = (member.home, self.homes.get(&id)) else { continue };
            if now.since(since) < STAY_MS {
                continue;
            }
            // Most are in the room whose middle is nearest, whoever their neighbours are: those are not asked for.
            let is_nearer = |room: u64| self.far(member, room) + NEARER_BY < self.far(member, home);
            if !self.rooms.keys().any(|&room| is_nearer(room)) {
                continue;
            }
            let Some(other) = self.nearest(id, ROOM_COMFORT).filter(|&other| other != home) else { continue };
            if is_nearer(other) {
                self.seat(id, other);
            }
        }
    }

    /// Rooms that hear each other and have few people become one, the smaller going to the larger.
    fn merge(&mut self) {
        loop {
            let mut sizes: Vec<usize> =
                self.rooms.values().map(|seats| seats.count).filter(|&count| count > 0).collect();
            sizes.sort_unstable();
            if !matches!(sizes[..], [one, other, ..] if one + other <= ROOM_MERGED_MAX) {
                return;
            }
            let homes = &self.homes;
            let pairs = self.members.iter().flat_map(|(id, member)| {
                let home = homes.get(id).copied();
                member.neighbours.iter().filter_map(move |other| home.zip(homes.get(other).copied()))
            });
            let fits = |&(a, b): &(u64, u64)| a < b && self.size(a) + self.size(b) <= ROOM_MERGED_MAX;
            let Some((a, b)) = pairs.filter(fits).min() else { return };
            let (from, to) = if self.size(a) < self.size(b) { (a, b) } else { (b, a) };
            for (id, _) in self.inside(from).collect::<Vec<_>>() {
                self.seat(id, to);
            }
        }
    }

    fn inside(&self, room: u64) -> impl Iterator<Item = (SessionId, Position)> {
        let home = move |&(_, &home): &(&SessionId, &u64)| home == room;
        self.homes.iter().filter(home).filter_map(|(&id, _)| Some((id, self.members.get(&id)?.at)))
    }

    /// The room of its neighbours whose middle is nearest, of those with fewer people than that.
    fn nearest(&self, id: SessionId, below: usize) -> Option<u64> {
        let member = self.members.get(&id)?;
        let home = self.homes.get(&id);
        let rooms: BTreeSet<u64> =
            member.neighbours.iter().filter_map(|other| self.homes.get(other).copied()).collect();
        let has_place = |&room: &u64| self.size(room) - usize::from(home == Some(&room)) < below;
        rooms.into_iter().filter(has_place).min_by_key(|&room| (self.far(member, room), room))
    }
}

fn distance(a: Position, b: Position) -> i64 {
    let (dx, dy) = (i64::from(a.x - b.x), i64::from(a.y - b.y));
    (dx * dx + dy * dy).isqrt()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    const EARSHOT: i64 = 7 * TILE as i64;

    /// People at places, in earshot of each other by distance.
    fn members(places: &[(i32, i32)], homes: &BTreeMap<SessionId, u64>) -> BTreeMap<SessionId, Member> {
        let at = |&(x, y): &(i32, i32)| Position { x: x * TILE, y: y * TILE };
        let id = |index: usize| SessionId(index as u32 + 1);
        let near = |a: usize| {
            let others = (0..places.len()).filter(move |&b| a != b);
            others.filter(move |&b| distance(at(&places[a]), at(&places[b])) <= EARSHOT).map(id)
        };
        let member = |index: usize| Member {
            at: at(&places[index]),
            home: homes.get(&id(index)).map(|&room| (room, TimeMs(0))),
            neighbours: near(index).collect(),
        };
        (0..places.len()).map(|index| (id(index), member(index))).collect()
    }

    fn run(places: &[(i32, i32)], homes: &BTreeMap<SessionId, u64>, next: &mut u64) -> BTreeMap<SessionId, u64> {
        divide(&members(places, homes), next, TimeMs(60_000))
    }

    fn rooms(homes: &BTreeMap<SessionId, u64>) -> BTreeMap<u64, usize> {
        let mut sizes = BTreeMap::new();
        for &room in homes.values() {
            *sizes.entry(room).or_default() += 1;
        }
        sizes
    }

    #[test]
    fn up_to_thirty_are_in_one_room_and_one_more_makes_two() {
        let places: Vec<_> = (0..31).map(|index| (index % 6, index / 6)).collect();
        let mut next = 1;
        let thirty = run(&places[..30], &BTreeMap::new(), &mut next);
        assert_eq!(rooms(&thirty), BTreeMap::from([(1, 30)]));
        let more = run(&places, &thirty, &mut next);
        assert_eq!((rooms(&more).len(), next), (2, 3));
        // They are halves of the place, not any people: who is far to one side stays with their side.
        let twenty = more.iter().filter(|(id, _)| id.0 <= 20).map(|(&id, &room)| (id, room)).collect();
        let fewer = run(&places[..20], &twenty, &mut next);
        assert_eq!((rooms(&fewer).len(), next), (1, 3), "and twenty are one again");
    }

    #[test]
    fn two_crowds_far_apart_have_rooms_of_their_own() {
        let places: Vec<_> = (0..24).map(|index| ((index % 2) * 40 + index / 8, index % 8 / 2)).collect();
        let homes = run(&places, &BTreeMap::new(), &mut 1);
        assert_eq!(rooms(&homes), BTreeMap::from([(1, 12), (2, 12)]));
    }

    #[test]
    fn who_walks_over_to_the_others_changes_rooms_and_who_stands_between_does_not() {
        let mut places: Vec<_> = (0..20).map(|index| (index % 4, index / 4)).collect();
        places.extend((0..20).map(|index| (9 + index % 4, index / 4)));
        let (mut next, homes) = (3, (1..=40).map(|id| (SessionId(id), if id <= 20 { 1 } else { 2 })).collect());
        assert_eq!(run(&places, &homes, &mut next), homes);
        places[0] = (6, 2);
        assert_eq!(run(&places, &homes, &mut next), homes);
        places[0] = (9, 2);
        assert_eq!(run(&places, &homes, &mut next)[&SessionId(1)], 2);
    }

    proptest! {
        /// Whoever comes, goes and walks: everybody has a room, none is too full, and without a step nothing changes.
        #[test]
        fn rooms_are_never_too_full_and_settle(
            places in proptest::collection::vec((0_i32..30, 0_i32..30), 1..120),
            moved in proptest::collection::vec((0_i32..30, 0_i32..30), 1..120),
        ) {
            let mut next = 1;
            let first = run(&places, &BTreeMap::new(), &mut next);
            let later = run(&moved, &first, &mut next);
            for (homes, count) in [(&first, places.len()), (&later, moved.len())] {
                prop_assert_eq!(homes.len(), count);
                prop_assert!(rooms(homes).values().all(|&size| size <= ROOM_MAX));
            }
            let mut homes = later;
            for _ in 0..20 {
                homes = run(&moved, &homes, &mut next);
            }
            let again = run(&moved, &homes, &mut next);
            prop_assert_eq!(again, homes);
        }
    }
}
