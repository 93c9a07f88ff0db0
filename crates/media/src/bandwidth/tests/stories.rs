//! What becomes of an estimate. Rates in kbit/s where they are compared.

use std::time::Duration;

use super::link::{Link, World};

const KBIT: u64 = 1_000;
const MBIT: u64 = 1_000_000;

#[test]
fn links_are_settled_on_within_five_seconds() {
    for (rate, desired) in [
        (300 * KBIT, 300 * KBIT),
        (300 * KBIT, MBIT),
        (MBIT, 600 * KBIT),
        (MBIT, 3 * MBIT),
        (5 * MBIT, 3 * MBIT),
        (5 * MBIT, 8 * MBIT),
        (20 * MBIT, 3 * MBIT),
        (20 * MBIT, 8 * MBIT),
    ] {
        for (start, seed) in [(300 * KBIT, 1), (300 * KBIT, 2), (MBIT, 3), (MBIT, 4)] {
            let mut world = World::new(Link::new(rate), start, desired, seed);
            world.run(30.0);
            let name = format!("{rate} for {desired} from {start}, seed {seed}");
            let goal = rate.min(desired);
            let share = |from, to| world.mean(from, to).min(desired) * 100 / goal;
            // It may still be looking for the limit, and just beyond it.
            assert!((70..=105).contains(&share(5.0, 6.0)), "{name}");
            assert!((80..=100).contains(&share(10.0, 30.0)), "{name}");
            assert!(world.lowest(10.0, 30.0) * 100 / goal >= 70, "{name}");
            assert!((85..=102).contains(&(world.received(10.0, 30.0) * 100 / goal)), "{name}");
            assert!(world.standing_ms(10.0, 30.0) <= 150, "{name}");
        }
    }
}

#[test]
fn a_link_that_shrinks_is_followed_at_once_and_one_that_grows_soon() {
    for seed in 1..6 {
        let mut world = World::new(Link::new(5 * MBIT), MBIT, 5 * MBIT, seed);
        world.run(15.0);
        assert!(world.mean(10.0, 15.0) > 4 * MBIT);
        world.link.bits_per_s = MBIT / 2;
        world.run(15.0);
        assert!(world.mean(17.0, 18.0) <= MBIT / 2, "{}", world.mean(17.0, 18.0));
        assert!(
            world.lowest(16.0, 30.0) > 300 * KBIT,
            "and no further down than it has to: {}",
            world.lowest(16.0, 30.0)
        );
        assert!(world.standing_ms(18.0, 30.0) <= 150);
        world.link.bits_per_s = 5 * MBIT;
        world.run(15.0);
        assert!(world.mean(39.0, 40.0) > 7 * MBIT / 2, "{}", world.mean(39.0, 40.0));
        assert!(world.mean(41.0, 45.0) > 4 * MBIT);
    }
}

#[test]
fn a_link_that_shrinks_below_what_the_application_sends_is_noticed_though_it_could_send_more() {
    let mut world = World::new(Link::new(5 * MBIT), 300 * KBIT, 4 * MBIT, 1);
    world.media_max = 3 * MBIT / 2;
    world.run(10.0);
    assert!(world.bandwidth.bits_per_s() > 3 * MBIT);
    world.link.bits_per_s = MBIT / 2;
    world.run(5.0);
    assert!(world.mean(12.5, 15.0) <= MBIT / 2, "{}", world.mean(12.5, 15.0));
}

#[test]
fn a_link_that_wavers_is_not_mistaken_for_a_full_one() {
    for (jitter_us, seed) in [(10_000, 1), (10_000, 2), (20_000, 3), (20_000, 4), (40_000, 5)] {
        let mut world = World::new(Link { jitter_us, ..Link::new(2 * MBIT) }, MBIT, 3 * MBIT, seed);
        world.run(30.0);
        assert!(world.mean(5.0, 30.0) > 1_600 * KBIT, "{}", world.mean(5.0, 30.0));
        assert!(world.lowest(5.0, 30.0) > 1_300 * KBIT, "{}", world.lowest(5.0, 30.0));
        // And one with room to spare is not touched at all, or hardly where it wavers very much.
        let mut world = World::new(Link { jitter_us, ..Link::new(2 * MBIT) }, MBIT, MBIT, seed);
        world.run(30.0);
        let least = if jitter_us > 20_000 { 7 * MBIT / 10 } else { MBIT };
        assert!(world.lowest(0.1, 30.0) >= least, "{}", world.lowest(0.1, 30.0));
    }
}

#[test]
fn packets_handed_over_in_batches_are_no_queue() {
    for batch_us in [1_000, 5_000, 10_000] {
        let mut world = World::new(Link::new(5 * MBIT), MBIT, 3 * MBIT, 7);
        world.batch_us = batch_us;
        world.run(20.0);
        assert!(world.lowest(5.0, 20.0) > 3 * MBIT, "{batch_us} us: {}", world.lowest(5.0, 20.0));
        assert!(world.overused <= 1, "{batch_us} us: {}", world.overused);
        let mut world = World::new(Link::new(5 * MBIT), MBIT, 8 * MBIT, 7);
        world.batch_us = batch_us;
        world.run(20.0);
        assert!(world.mean(5.0, 20.0) > 4 * MBIT, "{batch_us} us: {}", world.mean(5.0, 20.0));
    }
}

#[test]
fn what_is_lost_by_chance_does_not_starve_a_fast_link() {
    for seed in 1..6 {
        let mut world = World::new(Link { loss_percent: 5, ..Link::new(5 * MBIT) }, MBIT, 3 * MBIT, seed);
        world.run(30.0);
        assert!(world.lowest(5.0, 30.0) >= 2 * MBIT, "{}", world.lowest(5.0, 30.0));
        // Not even where it is much, once lower rates have not helped.
        let mut world = World::new(Link { loss_percent: 15, ..Link::new(5 * MBIT) }, MBIT, 3 * MBIT, seed);
        world.run(30.0);
        assert!(world.mean(10.0, 30.0) >= 3 * MBIT / 2, "{}", world.mean(10.0, 30.0));
    }
}

#[test]
fn what_is_lost_because_it_is_too_much_lowers_the_rate() {
    // A policer has no queue: nothing but the loss shows that it is there.
    for seed in 1..4 {
        let mut world = World::new(Link { queue_us: 20_000, ..Link::new(MBIT) }, 2 * MBIT, 4 * MBIT, seed);
        world.run(30.0);
        assert!(world.mean(10.0, 30.0) < 12 * MBIT / 10, "{}", world.mean(10.0, 30.0));
        assert!(world.received(10.0, 30.0) > 6 * MBIT / 10, "{}", world.received(10.0, 30.0));
    }
}

#[test]
fn what_is_asked_for_later_is_looked_for_soon() {
    let mut world = World::new(Link::new(5 * MBIT), 300 * KBIT, 500 * KBIT, 1);
    world.run(10.0);
    assert!(world.bandwidth.bits_per_s() <= MBIT, "nobody looked for more than was of use");
    world.strive(4 * MBIT);
    world.run(3.0);
    assert!(world.bandwidth.bits_per_s() > 3 * MBIT, "{}", world.bandwidth.bits_per_s());
}

#[test]
fn an_application_that_sends_little_keeps_what_was_found_and_still_finds_more() {
    let mut world = World::new(Link::new(5 * MBIT), MBIT, 3 * MBIT, 1);
    world.run(10.0);
    let found = world.bandwidth.bits_per_s();
    assert!(found >= 3 * MBIT);
    world.media_max = 200 * KBIT;
    world.run(60.0);
    assert_eq!(world.bandwidth.bits_per_s(), found);
    // With little media from the first moment on, the probes are made of padding.
    let mut world = World::new(Link::new(5 * MBIT), 300 * KBIT, 3 * MBIT, 1);
    world.media_max = 100 * KBIT;
    world.run(7.0);
    assert!(world.bandwidth.bits_per_s() > 5 * MBIT / 2, "{}", world.bandwidth.bits_per_s());
}

#[test]
fn a_pause_costs_nothing_and_loses_nothing() {
    let mut world = World::new(Link::new(5 * MBIT), MBIT, 3 * MBIT, 1);
    world.run(10.0);
    let (found, timeouts) = (world.bandwidth.bits_per_s(), world.timeouts);
    world.media_max = 0;
    world.run(30.0);
    assert!(world.timeouts - timeouts <= 4, "{}", world.timeouts - timeouts);
    assert_eq!(world.bandwidth.due(), None);
    assert_eq!(world.bandwidth.padding_bits_per_s(), 0);
    world.media_max = u64::MAX;
    world.run(10.0);
    assert!(world.lowest(40.0, 50.0) >= found.min(3 * MBIT), "{found} {}", world.lowest(40.0, 50.0));
    assert!(world.received(40.5, 50.0) > 28 * MBIT / 10);
}

#[test]
fn who_hears_nothing_of_what_arrives_sends_less_and_less_until_it_does() {
    let mut world = World::new(Link::new(5 * MBIT), MBIT, 3 * MBIT, 1);
    world.run(10.0);
    let found = world.bandwidth.bits_per_s();
    world.link.reports_lost = true;
    world.run(3.5);
    assert!(world.bandwidth.bits_per_s() <= found / 8, "{}", world.bandwidth.bits_per_s());
    world.run(30.0);
    assert_eq!(world.bandwidth.bits_per_s(), 40 * KBIT, "and no less than that");
    world.link.reports_lost = false;
    world.run(8.0);
    assert!(world.bandwidth.bits_per_s() > 2 * MBIT, "{}", world.bandwidth.bits_per_s());
}

#[test]
fn a_link_that_was_dead_for_a_while_is_soon_used_as_before() {
    for (seed, seconds) in [(1, 2.0), (2, 5.0), (3, 20.0)] {
        let mut world = World::new(Link::new(2 * MBIT), MBIT, 3 * MBIT, seed);
        world.run(10.0);
        world.link.is_dead = true;
        world.run(seconds);
        world.link.is_dead = false;
        world.run(10.0);
        let after = world.mean(15.0 + seconds, 20.0 + seconds);
        assert!(after > 15 * MBIT / 10, "{seconds} s: {after}");
    }
}

#[test]
fn a_queue_that_was_filled_and_stands_is_emptied_and_a_longer_way_is_got_used_to() {
    // As much as the link takes, no more and no less: what once waits in it waits for good.
    let mut world = World::new(Link::new(MBIT), 3 * MBIT, MBIT, 1);
    world.run(20.0);
    assert!(world.standing_ms(10.0, 20.0) <= 150, "{}", world.standing_ms(10.0, 20.0));
    let mut world = World::new(Link::new(3 * MBIT), MBIT, 2 * MBIT, 1);
    world.run(10.0);
    world.link.delay_us += 150_000;
    world.run(20.0);
    assert!(world.lowest(10.0, 30.0) > 800 * KBIT, "{}", world.lowest(10.0, 30.0));
    assert!(world.mean(20.0, 30.0) > 18 * MBIT / 10, "{}", world.mean(20.0, 30.0));
}

#[test]
fn the_round_trip_is_that_of_the_link() {
    let mut world = World::new(Link::new(5 * MBIT), MBIT, MBIT, 1);
    world.run(10.0);
    let round_trip = world.bandwidth.round_trip().expect("reports came");
    assert!((50..90).contains(&round_trip.as_millis()), "{round_trip:?}");
}

#[test]
fn a_probe_is_what_it_is_said_to_be() {
    use crate::bandwidth::{Bandwidth, Purpose};
    let at = Duration::from_millis;
    let mut bandwidth = Bandwidth::new(MBIT);
    assert_eq!((bandwidth.due(), bandwidth.padding_bits_per_s()), (None, 0), "nothing goes on");
    bandwidth.strive(Duration::ZERO, 0, 2 * MBIT);
    bandwidth.sent(at(0), 1_000, Purpose::Media);
    assert_eq!(bandwidth.padding_bits_per_s(), 50 * KBIT);
    assert!(bandwidth.due().is_some_and(|due| due <= at(0)), "as soon as media flows");
    bandwidth.handle_timeout(at(0));
    let rates = (bandwidth.probe_bits_per_s(), bandwidth.pacing_bits_per_s(), bandwidth.padding_bits_per_s());
    assert_eq!(rates, (Some(3 * MBIT), 3 * MBIT, 3 * MBIT));
    for ms in [1, 4, 7, 10, 13, 16, 19, 22] {
        assert!(bandwidth.probe_bits_per_s().is_some(), "at {ms} ms");
        bandwidth.sent(at(ms), 1_200, Purpose::Padding);
    }
    assert_eq!(bandwidth.probe_bits_per_s(), None, "9,600 bytes are 25 ms at that rate");
    bandwidth.handle_timeout(at(23));
    assert_eq!(bandwidth.probe_bits_per_s(), Some(4 * MBIT), "twice of what is desired");
    bandwidth.handle_timeout(at(1_500));
    assert_eq!(bandwidth.probe_bits_per_s(), None, "nobody sent it");
    bandwidth.handle_timeout(at(2_000));
    assert_eq!(bandwidth.due(), None);
    bandwidth.strive(Duration::ZERO, 0, MBIT / 2);
    bandwidth.sent(at(9_000), 1_000, Purpose::Media);
    bandwidth.handle_timeout(at(9_000));
    assert_eq!(bandwidth.probe_bits_per_s(), None, "there is no use for more");
}

#[test]
fn after_a_collapse_the_former_rate_is_tried_again() {
    let mut world = World::new(Link::new(5 * MBIT), MBIT, 3 * MBIT, 1);
    world.media_max = 600 * KBIT;
    world.run(10.0);
    let found = world.bandwidth.bits_per_s();
    assert!(found > 5 * MBIT / 2, "{found}");
    world.link.bits_per_s = 200 * KBIT;
    world.run(3.0);
    assert!(world.bandwidth.bits_per_s() < 300 * KBIT, "{}", world.bandwidth.bits_per_s());
    world.link.bits_per_s = 5 * MBIT;
    world.run(6.0);
    assert!(world.bandwidth.bits_per_s() >= 3 * MBIT, "{}", world.bandwidth.bits_per_s());
}

#[test]
fn links_are_settled_on_however_far_they_are_and_however_seldom_they_report() {
    for (delay_us, report_us, jitter_us, reorders) in [
        (100_000, 100_000, 1_000, false),
        (100_000, 250_000, 5_000, false),
        (5_000, 50_000, 1_000, false),
        (25_000, 100_000, 20_000, true),
    ] {
        for (rate, desired) in [(300 * KBIT, MBIT), (MBIT, 3 * MBIT), (5 * MBIT, 8 * MBIT), (20 * MBIT, 8 * MBIT)] {
            let link = Link { delay_us, report_us, jitter_us, reorders, ..Link::new(rate) };
            let mut world = World::new(link, MBIT, desired, 1);
            world.run(30.0);
            let name = format!("{rate} at {delay_us} us, reports every {report_us} us, {jitter_us} us of jitter");
            let share = world.mean(7.0, 30.0).min(desired) * 100 / rate.min(desired);
            assert!((80..=100).contains(&share), "{name}: {share}%");
            assert!(world.standing_ms(10.0, 30.0) <= 200, "{name}: {} ms", world.standing_ms(10.0, 30.0));
        }
    }
}

#[test]
fn a_receiver_whose_clock_jumps_is_understood_again_at_once() {
    for jump_us in [-100_000_000, 100_000_000] {
        let mut world = World::new(Link::new(2 * MBIT), MBIT, 3 * MBIT, 1);
        world.run(10.0);
        world.clock_us = world.clock_us.saturating_add_signed(jump_us);
        world.run(5.0);
        assert!(world.lowest(10.0, 15.0) > 12 * MBIT / 10, "{}", world.lowest(10.0, 15.0));
        world.link.bits_per_s = MBIT;
        world.run(5.0);
        assert!(world.mean(17.0, 20.0) <= MBIT, "it still sees a queue: {}", world.mean(17.0, 20.0));
    }
}

#[test]
fn a_report_that_comes_again_or_much_too_late_changes_nothing() {
    let run = |harass: fn(&mut World)| {
        let mut world = World::new(Link::new(MBIT), MBIT, 3 * MBIT, 1);
        for _ in 0..100 {
            world.run(0.1);
            harass(&mut world);
        }
        world.tenths.iter().map(|tenth| tenth.estimate).collect::<Vec<_>>()
    };
    let again = run(|world| world.replay(0));
    assert_eq!(again, run(|_| ()));
    assert_eq!(again, run(|world| world.replay(20)));
    assert_eq!(again, run(|world| world.replay(90)));
}

#[test]
fn a_pacer_that_sends_a_probe_all_at_once_finds_the_rate_all_the_same() {
    let mut world = World::new(Link::new(2 * MBIT), 300 * KBIT, 3 * MBIT, 1);
    world.bursts = true;
    world.run(10.0);
    assert!((15 * MBIT / 10..=2 * MBIT).contains(&world.mean(5.0, 10.0)), "{}", world.mean(5.0, 10.0));
}

#[test]
fn one_seed_is_one_run() {
    let run = |seed| {
        let mut world =
            World::new(Link { jitter_us: 20_000, loss_percent: 3, ..Link::new(MBIT) }, MBIT, 3 * MBIT, seed);
        world.run(10.0).tenths.iter().map(|tenth| tenth.estimate).collect::<Vec<_>>()
    };
    assert_eq!(run(5), run(5));
    assert_ne!(run(5), run(6));
}
