//! Two of them, and no node.

use std::time::Instant;

use earshot_participants::link::{Link, LinkEvent, LinkState};
use earshot_participants::signal::Description;

use super::world::World;

#[tokio::test]
async fn two_who_meet_hear_each_other_without_a_gap() {
    let mut world = World::new();
    world.come([1, 2], false);
    world.tell(1, &[2], &[], &[]);
    world.tell(2, &[1], &[], &[]);
    assert!(world.passes_until(3_000, |world| world.all_hear_all(5)).await, "they connect");
    world.forget();
    world.passes(600).await;
    for (listener, speaker) in [(1, 2), (2, 1)] {
        let tally = world.tally(listener, speaker);
        assert!(tally.played >= 25 && tally.missing == 0 && tally.gaps_200 == 0, "{tally:?}");
        assert_eq!((tally.repeated, tally.spare, tally.forbidden), (0, 0, 0), "{tally:?}");
    }
}

#[tokio::test]
async fn pictures_come_where_they_are_wanted() {
    let mut world = World::new();
    world.come([1, 2], true);
    world.tell(1, &[2], &[], &[]);
    world.tell(2, &[1], &[], &[]);
    let sees =
        |world: &World| world.people.values().all(|one| one.people.values().all(|person| person.sight.packets > 10));
    assert!(world.passes_until(3_000, sees).await);
}

#[tokio::test]
async fn who_is_told_so_lets_go_at_once() {
    let mut world = World::new();
    world.come([1, 2], false);
    world.tell(1, &[2], &[], &[]);
    world.tell(2, &[1], &[], &[]);
    assert!(world.passes_until(3_000, |world| world.all_hear_all(5)).await);
    // One of them would cling to it.
    world.people.get_mut(&2).unwrap().clings = true;
    world.tell(1, &[], &[], &[]);
    world.tell(2, &[], &[], &[]);
    world.passes(700).await;
    assert_eq!(world.tally(2, 1).forbidden, 0);
    let before = world.tally(2, 1).packets_direct;
    world.passes(200).await;
    assert_eq!(world.tally(2, 1).packets_direct, before, "nothing comes");
}

#[tokio::test]
async fn who_has_no_right_to_hear_and_is_sent_all_the_same_notices() {
    let mut world = World::new();
    world.come([1, 2], false);
    world.tell(1, &[2], &[], &[]);
    world.tell(2, &[1], &[], &[]);
    assert!(world.passes_until(3_000, |world| world.all_hear_all(5)).await);
    world.people.get_mut(&2).unwrap().clings = true;
    // Only the listener is told; the speaker goes on.
    world.tell(2, &[], &[], &[]);
    world.passes(1_300).await;
    assert!(world.tally(2, 1).forbidden > 10, "{:?}", world.tally(2, 1));
}

/// Two links, and what each has to say.
struct Two {
    links: [Link; 2],
    said: [Vec<Description>; 2],
}

impl Two {
    /// Who of them does not give way is the first.
    fn new() -> Self {
        let open = |is_polite| Link::open("127.0.0.1".parse().unwrap(), is_polite, Instant::now()).unwrap();
        Self { links: [open(false), open(true)], said: Default::default() }
    }

    fn offer(&mut self, which: usize, restart: bool) {
        let mut out = Vec::new();
        self.links[which].offer(restart, Instant::now(), &mut out);
        self.take(which, out);
    }

    fn take(&mut self, which: usize, out: Vec<LinkEvent>) {
        for event in out {
            if let LinkEvent::Describe(description) = event {
                self.said[which].push(description);
            }
        }
    }

    fn deliver(&mut self) {
        while self.said.iter().any(|said| !said.is_empty()) {
            for which in 0..2 {
                for description in std::mem::take(&mut self.said[which]) {
                    let mut out = Vec::new();
                    self.links[1 - which].receive(Some(description), &[], Instant::now(), &mut out);
                    self.take(1 - which, out);
                }
            }
        }
    }

    async fn run_until(&mut self, ms: u64, holds: impl Fn(&Self) -> bool) -> bool {
        for _ in 0..ms / 2 {
            for which in 0..2 {
                let mut out = Vec::new();
                self.links[which].run(Instant::now(), &mut out);
                self.take(which, out);
            }
            if holds(self) {
                return true;
            }
            tokio::time::sleep(std::time::Duration::from_millis(2)).await;
        }
        false
    }

    fn are_connected(&self) -> bool {
        self.links.iter().all(|link| link.state() == LinkState::Connected)
    }
}

#[tokio::test]
async fn addresses_are_looked_for_anew_by_either_side_and_by_both_at_once() {
    let mut two = Two::new();
    two.offer(0, false);
    two.deliver();
    assert!(two.run_until(3_000, Two::are_connected).await);
    for sides in [&[0][..], &[1], &[0, 1]] {
        for &side in sides {
            two.offer(side, true);
        }
        two.deliver();
        assert!(two.run_until(3_000, Two::are_connected).await, "{sides:?}");
        let received = |two: &Two| two.links.iter().map(Link::received).sum::<u64>();
        let before = received(&two);
        assert!(two.run_until(3_000, |two| received(two) > before).await, "{sides:?}: something comes");
        assert!(two.are_connected());
    }
}
