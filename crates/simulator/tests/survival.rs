//! Evictions, deaths and lost connections: nothing is to be noticed, or one is back by oneself.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use common::{hall, id, own_place, place, say, with};
use earshot_client_core::{Event, Input, LinkState};
use earshot_protocol::{Channel, Emote, EmoteIntent, Nudge, NudgeAnswer, NudgeKind, Status};
use earshot_simulator::{KeyTrace, Network, Simulation};
use proptest::prelude::*;

const TYPICAL: Network = Network { one_way_ms: 40, jitter_ms: 20 };

/// A busy minute with comings and goings, more people than can all be connected, a lock, and words and gestures.
fn busy_minute(simulation: &mut Simulation, seed: u64) {
    let clients: Vec<_> = (0..11).map(|n| simulation.join(&format!("Person {n}"), TYPICAL).unwrap()).collect();
    simulation.run_for(1_500);
    simulation.press_keys(clients[0], Some(KeyTrace::new(seed, 20)));
    simulation.press_keys(clients[1], Some(KeyTrace::new(seed + 1, 10)));
    for one in [5, 6, 8] {
        simulation.tell(clients[one], Input::Look(Some(Channel::Everyone)));
    }
    say(simulation, clients[8], Channel::Everyone, "hello");
    simulation.tell(clients[9], Input::Emote(EmoteIntent { emote: Emote::Dance, on: true }));
    simulation.run_for(7_000);
    simulation.tell(clients[5], Input::Typing);
    let peer = id(simulation, clients[6]);
    simulation.tell(clients[8], Input::Nudge(Nudge { peer, kind: NudgeKind::MayIJoin, knock: false }));
    simulation.tell(clients[9], Input::Emote(EmoteIntent { emote: Emote::RaiseHand, on: true }));
    simulation.tell(clients[5], Input::Lock(true));
    simulation.run_for(8_000);
    let peer = id(simulation, clients[8]);
    simulation.tell(clients[6], Input::NudgeAnswer(NudgeAnswer { peer, kind: NudgeKind::MayIJoin, accepted: true }));
    simulation.tell(clients[9], Input::Emote(EmoteIntent { emote: Emote::Wave, on: true }));
    say(simulation, clients[9], Channel::Nearby, "psst");
    simulation.tell(clients[2], Input::Status(Status::Busy));
    simulation.set_offline(clients[3], true, true);
    simulation.tell(clients[4], Input::Leave);
    simulation.run_for(6_000);
    simulation.tell(clients[6], Input::Lock(false));
    simulation.tell(clients[6], Input::Look(None));
    say(simulation, clients[6], Channel::Everyone, "bye");
    simulation.tell(clients[7], Input::Status(Status::DoNotDisturb));
    simulation.run_for(6_000);
    simulation.press_keys(clients[0], None);
    simulation.press_keys(clients[1], None);
    simulation.set_offline(clients[3], false, false);
    simulation.run_for(12_000);
    simulation.tell(clients[2], Input::Away(true));
    simulation.set_offline(clients[2], true, true);
    simulation.run_for(25_000);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// Whenever the platform may put the object to sleep, doing so changes not one byte of what is sent, nor when.
    #[test]
    fn an_eviction_is_unobservable(seed in 0_u64..1_000_000, per_mille in 200_i64..1_000) {
        let transcript = |evict: i64| {
            let mut simulation = Simulation::new(hall(), seed);
            simulation.transcript = Some(Vec::new());
            simulation.evict_at_random(evict);
            busy_minute(&mut simulation, seed);
            assert!(simulation.platform.meter.rooms_placed > 0, "eleven are a crowd");
            (simulation.transcript.take().unwrap(), simulation.platform.meter.evictions)
        };
        let (without, none) = transcript(0);
        let (with, some) = transcript(per_mille);
        prop_assert_eq!(none, 0);
        prop_assert!(per_mille < 900 || some > 0, "nothing was evicted");
        prop_assert!(without == with, "{} frames without evictions, {} with {}", without.len(), with.len(), some);
    }

    /// The runtime dies at any moment; everybody comes back by themselves to where they were, with their status.
    #[test]
    fn after_a_death_all_come_back_to_their_places(seed in 0_u64..1_000_000, walk_ms in 0_i64..20_000) {
        let mut simulation = Simulation::new(hall(), seed);
        let clients: Vec<_> = (0..6).map(|n| simulation.join(&format!("Person {n}"), TYPICAL).unwrap()).collect();
        simulation.run_for(1_500);
        for &client in &clients {
            simulation.press_keys(client, Some(KeyTrace::new(seed + client as u64, 70)));
        }
        simulation.tell(clients[0], Input::Status(Status::DoNotDisturb));
        simulation.run_for(walk_ms);
        for &client in &clients {
            simulation.press_keys(client, None);
        }
        simulation.run_for(2_000);
        let before: Vec<_> = clients.iter().map(|&client| own_place(&mut simulation, client)).collect();
        simulation.kill();
        simulation.run_for(20_000);
        for (&client, &at) in clients.iter().zip(&before) {
            prop_assert_eq!(own_place(&mut simulation, client), at);
            let seen_id = id(&mut simulation, client);
            for &viewer in &clients {
                prop_assert_eq!(place(&mut simulation, viewer, seen_id), Some(at));
            }
        }
        let first = id(&mut simulation, clients[0]);
        let status = with(&mut simulation, clients[1], |client| client.people().find(|person| person.session_id == first).map(|person| person.status));
        prop_assert_eq!(status, Some(Status::DoNotDisturb));
        prop_assert_eq!(simulation.platform.session_count(), 6);
    }
}

#[test]
fn a_space_in_which_all_stand_holds_no_timer() {
    let mut simulation = Simulation::new(hall(), 3);
    let clients: Vec<_> = (0..10).map(|n| simulation.join(&format!("Person {n}"), TYPICAL).unwrap()).collect();
    simulation.run_for(2_000);
    for &client in &clients {
        simulation.press_keys(client, Some(KeyTrace::new(client as u64, 80)));
    }
    simulation.run_for(10_000);
    for &client in &clients {
        simulation.press_keys(client, None);
    }
    simulation.run_for(1_000);
    assert_eq!(simulation.platform.wake_at(), None);
    let before = simulation.platform.meter;
    simulation.run_for(30 * 60_000);
    let after = simulation.platform.meter;
    assert_eq!(
        (after.messages_in, after.rows_written),
        (before.messages_in, before.rows_written),
        "standing costs nothing"
    );
    assert!(after.awake_ms - before.awake_ms <= 10_000);
}

#[test]
fn a_lost_connection_is_shown_then_forgiven_or_ended() {
    let mut simulation = Simulation::new(hall(), 4);
    let (ada, grace) = (simulation.join("Ada", TYPICAL).unwrap(), simulation.join("Grace", TYPICAL).unwrap());
    simulation.run_for(2_000);
    let (ada_id, at) = (id(&mut simulation, ada), own_place(&mut simulation, ada));
    let connected = |simulation: &mut Simulation| {
        with(simulation, grace, |client| {
            client.people().find(|person| person.session_id == ada_id).map(|person| person.connected)
        })
    };
    simulation.set_offline(ada, true, true);
    simulation.run_for(500);
    assert_eq!(connected(&mut simulation), Some(false));
    simulation.run_for(8_000);
    simulation.set_offline(ada, false, false);
    simulation.run_for(8_000);
    assert_eq!(connected(&mut simulation), Some(true));
    assert_eq!((id(&mut simulation, ada), own_place(&mut simulation, ada)), (ada_id, at));

    simulation.set_offline(ada, true, true);
    simulation.run_for(21_000);
    assert_eq!(connected(&mut simulation), None);
    assert_eq!(simulation.platform.session_count(), 1);
    // Back after the session has ended: the ticket brings the place.
    simulation.set_offline(ada, false, false);
    simulation.run_for(20_000);
    assert_eq!(own_place(&mut simulation, ada), at);
}

/// Whether the client knows of the loss, or says all into a connection that is dead.
#[test]
fn what_one_chose_without_a_connection_is_told_on_coming_back() {
    for is_known in [true, false] {
        let mut simulation = Simulation::new(hall(), 5);
        let (ada, grace) = (simulation.join("Ada", TYPICAL).unwrap(), simulation.join("Grace", TYPICAL).unwrap());
        simulation.run_for(2_000);
        let ada_id = id(&mut simulation, ada);
        let seen = |simulation: &mut Simulation| {
            with(simulation, grace, |client| {
                client.people().find(|person| person.session_id == ada_id).map(|person| person.status)
            })
        };
        let choose = |simulation: &mut Simulation, choices: &[Input]| {
            for choice in choices {
                simulation.tell(ada, choice.clone());
            }
            simulation.run_for(1_000);
        };
        let choose_without_connection = |simulation: &mut Simulation, choices: &[Input]| {
            simulation.set_offline(ada, true, true);
            if is_known {
                simulation.tell(ada, Input::Hope);
            }
            simulation.run_for(1_000);
            assert_eq!(with(simulation, ada, |client| client.is_online()), !is_known);
            choose(simulation, choices);
            simulation.set_offline(ada, false, false);
            simulation.run_for(15_000);
            assert!(with(simulation, ada, |client| client.is_online()));
        };
        choose_without_connection(&mut simulation, &[Input::Status(Status::DoNotDisturb)]);
        assert_eq!(seen(&mut simulation), Some(Status::DoNotDisturb));

        choose(&mut simulation, &[Input::Status(Status::Available), Input::Away(true)]);
        assert_eq!(seen(&mut simulation), Some(Status::Away));
        choose_without_connection(&mut simulation, &[Input::Away(false)]);
        assert_eq!(seen(&mut simulation), Some(Status::Available));

        // Shown as away before and after, once for having gone and once by choice.
        choose(&mut simulation, &[Input::Away(true)]);
        choose_without_connection(&mut simulation, &[Input::Away(false), Input::Status(Status::Away)]);
        assert_eq!(seen(&mut simulation), Some(Status::Away));

        // Behind another status nobody sees that one was away, until that is taken back.
        choose(&mut simulation, &[Input::Status(Status::Busy), Input::Away(true)]);
        choose_without_connection(&mut simulation, &[Input::Away(false)]);
        choose(&mut simulation, &[Input::Status(Status::Available)]);
        assert_eq!(seen(&mut simulation), Some(Status::Available));

        let sent = with(&mut simulation, ada, |client| client.statistics().sent);
        choose_without_connection(&mut simulation, &[]);
        let after = with(&mut simulation, ada, |client| client.statistics().sent);
        assert_eq!(after, sent + 1, "a Hello, and nothing that the space knows");
        assert_eq!(id(&mut simulation, ada), ada_id);
    }
}

#[test]
fn a_silent_loss_is_found_by_the_heartbeat() {
    let mut simulation = Simulation::new(hall(), 8);
    let ada = simulation.join("Ada", TYPICAL).unwrap();
    simulation.run_for(2_000);
    simulation.take_events(ada);
    simulation.set_offline(ada, true, false);
    simulation.run_for(40_000);
    let lost = |event: &Event| matches!(event, Event::Link { state: LinkState::Reconnecting, .. });
    assert!(simulation.take_events(ada).iter().any(lost));
    simulation.set_offline(ada, false, false);
    simulation.run_for(20_000);
    let online = |event: &Event| matches!(event, Event::Link { state: LinkState::Online, .. });
    assert!(simulation.take_events(ada).iter().any(online));
}
