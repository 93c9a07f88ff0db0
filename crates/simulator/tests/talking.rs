//! Conversations through clients, network and platform: who hears whom, and the words that pass between them.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use common::{hall, id, say, with};
use earshot_client_core::{Event, Input};
use earshot_protocol::units::{Pixel, TILE};
use earshot_protocol::{Channel, Hearing, Publishing, Signal};
use earshot_simulator::{Network, Simulation};
use earshot_world::{Area, Map, Tile};

const TYPICAL: Network = Network { one_way_ms: 40, jitter_ms: 20 };

fn hearing(simulation: &mut Simulation, client: usize) -> Hearing {
    with(simulation, client, |client| client.hearing().clone())
}

fn walk(simulation: &mut Simulation, client: usize, x: i32, y: i32) {
    let to = Pixel { x: x * 32 + 16, y: y * 32 + 16 };
    simulation.tell(client, Input::Walk { to, gait: Default::default() });
    simulation.run_for(15_000);
}

fn signals(simulation: &mut Simulation, client: usize) -> Vec<Vec<u8>> {
    let payload = |event| match event {
        Event::Signal(signal) => Some(signal.payload),
        _ => None,
    };
    simulation.take_events(client).into_iter().filter_map(payload).collect()
}

#[test]
fn two_meet_speak_and_part() {
    let mut simulation = Simulation::new(hall(), 5);
    let (ada, bob) = (simulation.join("Ada", TYPICAL).unwrap(), simulation.join("Bob", TYPICAL).unwrap());
    simulation.run_for(2_000);
    walk(&mut simulation, bob, 40, 10);
    assert_eq!(hearing(&mut simulation, ada).peers, []);
    walk(&mut simulation, bob, 22, 10);
    let (of_ada, of_bob) = (hearing(&mut simulation, ada), hearing(&mut simulation, bob));
    let ([to_bob], [to_ada]) = (&of_ada.peers[..], &of_bob.peers[..]) else { panic!("{of_ada:?} {of_bob:?}") };
    assert_eq!((to_bob.session_id, to_ada.session_id), (id(&mut simulation, bob), id(&mut simulation, ada)));
    assert_eq!((to_bob.epoch, to_bob.polite), (to_ada.epoch, !to_ada.polite));

    simulation
        .tell(ada, Input::Signal(Signal { peer: to_bob.session_id, epoch: to_bob.epoch, payload: b"offer".to_vec() }));
    simulation.run_for(500);
    assert_eq!(signals(&mut simulation, bob), [b"offer".to_vec()]);

    // A step nearer is a step louder, and it is drawn where it is heard.
    let gain = |simulation: &mut Simulation| {
        let (client, now) = simulation.client(ada).unwrap();
        client.sounds(now)[0]
    };
    let far = gain(&mut simulation);
    walk(&mut simulation, bob, 20, 10);
    let near = gain(&mut simulation);
    assert!(near.gain > far.gain && near.distance_px < far.distance_px, "{far:?} {near:?}");
    let expected = 1.0 - near.distance_px.unwrap() / 256.0;
    assert!((near.gain - expected).abs() < 1e-3);

    walk(&mut simulation, bob, 40, 10);
    assert_eq!((hearing(&mut simulation, ada).peers.len(), hearing(&mut simulation, bob).peers.len()), (0, 0));
}

#[test]
fn a_lost_socket_ends_no_conversation_and_a_death_begins_it_anew() {
    let mut simulation = Simulation::new(hall(), 6);
    let (ada, bob) = (simulation.join("Ada", TYPICAL).unwrap(), simulation.join("Bob", TYPICAL).unwrap());
    simulation.run_for(2_000);
    let before = hearing(&mut simulation, ada).peers;
    assert_eq!(before.len(), 1);
    simulation.set_offline(ada, true, true);
    simulation.run_for(6_000);
    assert_eq!(hearing(&mut simulation, bob).peers.len(), 1, "the other half goes on meanwhile");
    simulation.set_offline(ada, false, false);
    simulation.run_for(8_000);
    assert_eq!(hearing(&mut simulation, ada).peers, before, "the very same peering");
    simulation.kill();
    simulation.run_for(15_000);
    let after = hearing(&mut simulation, ada).peers;
    assert_eq!(after.len(), 1);
    assert!(after[0].epoch > before[0].epoch);
}

#[test]
fn the_last_of_many_quick_changes_is_what_others_learn() {
    let mut simulation = Simulation::new(hall(), 7);
    let (ada, bob) = (simulation.join("Ada", TYPICAL).unwrap(), simulation.join("Bob", TYPICAL).unwrap());
    simulation.run_for(2_000);
    for n in 0..41 {
        simulation.tell(ada, Input::Publish(Publishing { microphone: n % 2 == 0, ..Publishing::default() }));
        simulation.run_for(50);
    }
    simulation.run_for(2_000);
    let ada_id = id(&mut simulation, ada);
    let seen = with(&mut simulation, bob, |client| {
        client.people().find(|person| person.session_id == ada_id).map(|person| person.publishing.microphone)
    });
    assert_eq!(seen, Some(true));
}

#[test]
fn who_opens_a_channel_amid_a_sentence_sees_it_coming_unless_it_is_said() {
    let mut simulation = Simulation::new(hall(), 5);
    let (ada, bob) = (simulation.join("Ada", TYPICAL).unwrap(), simulation.join("Bob", TYPICAL).unwrap());
    simulation.run_for(2_000);
    simulation.tell(ada, Input::Look(Some(Channel::Everyone)));
    let mut opens_after = |pause_ms: i64, says: bool| {
        simulation.tell(ada, Input::Typing);
        if says {
            say(&mut simulation, ada, Channel::Everyone, "a sentence");
        }
        simulation.run_for(pause_ms);
        simulation.take_events(bob);
        simulation.tell(bob, Input::Look(Some(Channel::Everyone)));
        simulation.run_for(500);
        simulation.tell(bob, Input::Look(None));
        simulation.run_for(6_000);
        simulation.take_events(bob).iter().any(|event| matches!(event, Event::Typing { .. }))
    };
    assert!(opens_after(0, false));
    assert!(opens_after(3_000, false), "a pause for thought");
    assert!(!opens_after(6_000, false), "given up");
    assert!(!opens_after(0, true), "said");
}

#[test]
fn what_was_not_acknowledged_is_said_again_by_itself_for_ten_minutes() {
    const MINUTE: i64 = 60_000;
    // How often Bob is told of it, and whether Ada is told that it is not sure.
    let outcome = |before_ms: i64, after_ms: i64| {
        let mut simulation = Simulation::new(hall(), 5);
        let (ada, bob) = (simulation.join("Ada", TYPICAL).unwrap(), simulation.join("Bob", TYPICAL).unwrap());
        simulation.run_for(2_000);
        if before_ms > 0 {
            simulation.set_offline(ada, true, false);
            simulation.run_for(before_ms);
        }
        let reference = say(&mut simulation, ada, Channel::Everyone, "a sentence");
        simulation.run_for(10);
        simulation.set_offline(ada, true, false);
        simulation.run_for(after_ms);
        simulation.set_offline(ada, false, false);
        simulation.run_for(10_000);
        let told = simulation.take_events(bob).into_iter().filter_map(|event| match event {
            Event::Said { messages, .. } => Some(messages.len()),
            _ => None,
        });
        (told.sum::<usize>(), simulation.take_events(ada).contains(&Event::SayUnsure { reference }))
    };
    assert_eq!(outcome(0, 5 * MINUTE), (1, false), "it was heard, only the acknowledgement was lost");
    assert_eq!(outcome(0, 11 * MINUTE), (1, true));
    assert_eq!(outcome(MINUTE, 11 * MINUTE), (1, false), "written while away it goes out for the first time");
}

#[test]
fn what_is_said_now_is_known_from_what_was_at_hand() {
    let room = Area {
        number: 7,
        name: "Room".into(),
        left: 0,
        top: 0,
        right: 10 * TILE,
        bottom: 20 * TILE,
        private: true,
        silent: false,
        stage: false,
    };
    let spawn: Vec<_> = (0..8).map(|n| Tile { x: 18 + n, y: 10 }).collect();
    let map = Map::new("rooms".into(), 40, 20, vec![false; 800], &spawn, vec![room], vec![]).unwrap();
    let mut simulation = Simulation::new(map, 5);
    let told = |simulation: &mut Simulation, client: usize| {
        let said = simulation.take_events(client).into_iter().filter_map(|event| match event {
            Event::Said { messages, live_since } => Some((messages, live_since)),
            _ => None,
        });
        let flat = said.flat_map(|(messages, live_since)| {
            messages
                .into_iter()
                .map(move |message| (message.text.unwrap().as_str().to_owned(), message.at > live_since))
        });
        flat.collect::<Vec<_>>()
    };
    let expected = |list: &[(&str, bool)]| list.iter().map(|&(text, live)| (text.into(), live)).collect::<Vec<_>>();
    let ada = simulation.join("Ada", TYPICAL).unwrap();
    simulation.run_for(2_000);
    say(&mut simulation, ada, Channel::Everyone, "before");
    simulation.run_for(100);
    let bob = simulation.join("Bob", TYPICAL).unwrap();
    simulation.run_for(2_000);
    assert_eq!(told(&mut simulation, bob), expected(&[("before", false)]), "however short a time before");
    say(&mut simulation, ada, Channel::Everyone, "one");
    say(&mut simulation, ada, Channel::Everyone, "two");
    simulation.run_for(1_000);
    assert_eq!(told(&mut simulation, bob), expected(&[("one", true), ("two", true)]), "also several at once");

    walk(&mut simulation, ada, 5, 10);
    say(&mut simulation, ada, Channel::Area(7), "in here");
    simulation.run_for(60_000);
    walk(&mut simulation, bob, 6, 10);
    assert_eq!(told(&mut simulation, bob), expected(&[("in here", false)]), "one comes in a minute later");

    simulation.set_offline(bob, true, true);
    simulation.run_for(1_000);
    say(&mut simulation, ada, Channel::Everyone, "missed");
    simulation.run_for(1_000);
    simulation.set_offline(bob, false, false);
    simulation.run_for(3_000);
    let again = told(&mut simulation, bob);
    assert!(again.contains(&("missed".into(), false)) && again.iter().all(|(_, live)| !live), "{again:?}");
}

#[test]
fn typing_is_told_to_who_looks_and_costs_nothing_while_nobody_does() {
    let mut simulation = Simulation::new(hall(), 5);
    let (ada, bob) = (simulation.join("Ada", TYPICAL).unwrap(), simulation.join("Bob", TYPICAL).unwrap());
    simulation.run_for(2_000);
    simulation.tell(ada, Input::Look(Some(Channel::Everyone)));
    let types_for_ten_seconds = |simulation: &mut Simulation| {
        let before = with(simulation, ada, |client| client.statistics().sent);
        for _ in 0..50 {
            simulation.tell(ada, Input::Typing);
            simulation.run_for(200);
        }
        with(simulation, ada, |client| client.statistics().sent) - before
    };
    assert_eq!(types_for_ten_seconds(&mut simulation), 0, "nobody looks");
    simulation.run_for(5_000);
    simulation.tell(bob, Input::Look(Some(Channel::Everyone)));
    simulation.run_for(500);
    assert_eq!(types_for_ten_seconds(&mut simulation), 4, "one in three seconds");
    let author = id(&mut simulation, ada);
    let seen = simulation.take_events(bob);
    assert!(seen.contains(&Event::Typing { id: author, channel: Channel::Everyone }));
    // Back after a death, all of it goes on.
    simulation.kill();
    simulation.run_for(10_000);
    assert!(types_for_ten_seconds(&mut simulation) > 0);
    simulation.tell(bob, Input::Look(None));
    simulation.run_for(500);
    assert_eq!(types_for_ten_seconds(&mut simulation), 0);
}
