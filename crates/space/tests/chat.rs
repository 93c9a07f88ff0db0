//! Chat, told as stories: what is said is kept before it is told, recorded once, and told to whom it is for. Numbers are the
//! rules of docs/protocol.md.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use std::collections::BTreeMap;

use common::{Harness, plain};
use earshot_protocol::units::Pixel;
use earshot_protocol::{
    ChangeKind, ChatMessage, ChatText, ClientToSpace, Role, SayIntent, SayRefusal, SayRefused, SpaceToClient, Status,
    UserId,
};
use earshot_space::{ChangeIntent, ConnectionId, Entry};
use proptest::prelude::*;

fn say(channel: &str, text: &str, reference: u64) -> ClientToSpace {
    ClientToSpace::Say(SayIntent { reference, channel: channel.into(), text: text.into(), ..SayIntent::default() })
}

fn said(messages: Vec<SpaceToClient>) -> Vec<ChatMessage> {
    let said = |message| match message {
        SpaceToClient::Said(said) => said,
        _ => Vec::new(),
    };
    messages.into_iter().flat_map(said).collect()
}

fn text_of(message: &ChatMessage) -> &str {
    message.text.as_ref().map_or("", ChatText::as_str)
}

fn refused(messages: Vec<SpaceToClient>) -> Option<SayRefused> {
    messages.into_iter().find_map(|message| match message {
        SpaceToClient::SayRefused(refused) => Some(refused),
        _ => None,
    })
}

#[test]
fn p21_what_is_said_to_everyone_reaches_everyone_and_who_comes_later() {
    let mut space = Harness::new(plain(200));
    let (ada, _) = space.join("ada");
    let (bob, _) = space.join("bob");
    space.walk(bob, Pixel { x: 6_000, y: 100 });
    space.pass(40_000);
    space.take(bob);
    space.send(ada, &say("everyone", "  Hello there  ", 7));
    for one in [ada, bob] {
        let heard = said(space.take(one));
        assert_eq!(heard.len(), 1);
        let message = &heard[0];
        assert_eq!((message.id, message.reference, text_of(message)), (1, 7, "Hello there"));
        assert_eq!((message.author_id.as_str(), message.author_name.as_str()), ("ada", "ada"));
    }
    let carl = space.connect("carl");
    space.send(carl, &common::hello(&[]));
    assert_eq!(said(space.take(carl)).len(), 1);
    space.pass(1_000);
    assert_eq!(space.recorded.len(), 1);
    assert_eq!(space.wake_at, None);
}

#[test]
fn p21_a_message_is_kept_before_anybody_is_told() {
    use earshot_space::{Input, Output};
    let mut space = Harness::new(plain(20));
    let (ada, _) = space.join("ada");
    space
        .space
        .handle_input(space.now, Input::Received { connection: ada, frame: say("everyone", "first", 1).encode() });
    let mut kept = false;
    loop {
        match space.space.poll_output() {
            Output::SaveMessage { .. } => kept = true,
            Output::Send { frame, .. } => {
                let told = matches!(SpaceToClient::decode(&frame).unwrap(), SpaceToClient::Said(_));
                assert!(kept || !told, "told before it was kept");
            }
            Output::WakeAt(_) => break,
            _ => {}
        }
    }
    assert!(kept);
}

#[test]
fn p22_said_again_with_the_same_reference_it_is_the_same_message() {
    let mut space = Harness::new(plain(20));
    let (ada, _) = space.join("ada");
    let (bob, _) = space.join("bob");
    space.send(ada, &say("everyone", "once", 7));
    space.take(ada);
    space.take(bob);
    space.send(ada, &say("everyone", "once", 7));
    assert_eq!(said(space.take(ada))[0].id, 1, "acknowledged again");
    assert_eq!(said(space.take(bob)), [], "and told to nobody else");
    // Also when many others were said meanwhile, to an object that died meanwhile.
    for n in 0..150 {
        space.send(bob, &say("everyone", "meanwhile", 100 + n));
        space.pass(3_900);
    }
    space.dies(true);
    let ada = space.join_keeping("ada");
    space.take(ada);
    space.send(ada, &say("everyone", "once", 7));
    assert_eq!(said(space.take(ada))[0].id, 1);
    let (bob, _) = space.join("bob");
    space.take(bob);
    // Another's same reference is another message.
    space.send(bob, &say("everyone", "mine", 7));
    assert_eq!(said(space.take(ada))[0].id, 152);
}

#[test]
fn p23_nearby_reaches_those_who_hear_one_and_is_not_kept() {
    let mut space = Harness::new(plain(60));
    let (ada, _) = space.join("ada");
    let (bob, _) = space.join("bob");
    let (far, _) = space.join("far");
    space.walk(far, Pixel { x: 1_500, y: 100 });
    space.pass(30_000);
    for one in [ada, bob, far] {
        space.take(one);
    }
    space.send(ada, &say("nearby", "psst", 7));
    assert_eq!(text_of(&said(space.take(bob))[0]), "psst");
    assert_eq!(said(space.take(ada))[0].reference, 7, "the author knows that it was passed on");
    assert_eq!(said(space.take(far)), []);
    assert!(space.log.is_empty());
    // Who does not want to be disturbed hears no whisper either.
    space.send(bob, &ClientToSpace::Status(Status::DoNotDisturb));
    space.take(bob);
    space.send(ada, &say("nearby", "psst", 8));
    assert_eq!(said(space.take(bob)), []);
}

#[test]
fn p24_what_is_wrong_is_said_and_not_punished() {
    let mut space = Harness::new(plain(20));
    let (ada, _) = space.join("ada");
    let wrong = [
        (say("everyone", " \u{202e}\u{200b} ", 1), SayRefusal::Text),
        (say("everyone", &"x".repeat(2_001), 2), SayRefusal::Text),
        (say("everyone", &"\u{301}".repeat(9_000), 3), SayRefusal::Text),
        (say("the moon", "hello", 4), SayRefusal::Channel),
        (say("", "hello", 5), SayRefusal::Channel),
    ];
    for (message, reason) in wrong {
        space.send(ada, &message);
        assert_eq!(refused(space.take(ada)).map(|refused| refused.reason), Some(reason));
    }
    assert!(space.log.is_empty() && !space.closed.contains_key(&ada));
}

#[test]
fn p24_who_talks_too_fast_is_told_when_to_go_on() {
    let mut space = Harness::new(plain(20));
    let (ada, _) = space.join("ada");
    for n in 0..8 {
        space.send(ada, &say("everyone", "la", n + 1));
    }
    assert_eq!(said(space.take(ada)).len(), 8);
    space.send(ada, &say("everyone", "la", 9));
    let refused = refused(space.take(ada)).unwrap();
    assert_eq!((refused.reason, refused.reference, refused.retry_in_ms), (SayRefusal::TooFast, 9, 1_000));
    space.pass(1_000);
    space.send(ada, &say("everyone", "la", 9));
    assert_eq!(said(space.take(ada)).len(), 1);
}

#[test]
fn while_the_record_is_away_nothing_is_lost_and_nobody_notices() {
    let mut space = Harness::new(plain(20));
    let (ada, _) = space.join("ada");
    space.record_fails = true;
    for n in 0..60 {
        space.send(ada, &say("everyone", &format!("number {n}"), n + 1));
        space.pass(1_000);
    }
    assert_eq!((said(space.take(ada)).len(), space.recorded.len()), (60, 0));
    space.record_fails = false;
    space.pass(70_000);
    assert_eq!(space.recorded.keys().copied().collect::<Vec<_>>(), (1..=60).collect::<Vec<_>>());
    assert_eq!(space.wake_at, None);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

    /// The runtime dies at any moment, the record fails at any moment, clients say again what was not acknowledged: each
    /// message is in the record once, in the order in which it was acknowledged.
    #[test]
    fn p22_each_acknowledged_message_is_recorded_once_and_in_order(
        steps in proptest::collection::vec((0_u8..10, 0_i64..1_500), 20..160),
    ) {
        let mut space = Harness::new(plain(20));
        let names = ["ada", "bob"];
        let mut connections: Vec<ConnectionId> = names.iter().map(|name| space.join(name).0).collect();
        let mut unacknowledged: BTreeMap<(usize, u64), String> = BTreeMap::new();
        let mut acknowledged: Vec<(u64, String)> = Vec::new();
        let mut edited: BTreeMap<u64, String> = BTreeMap::new();
        let mut next_reference = 1;
        for (what, wait_ms) in steps {
            match what {
                0..=4 => {
                    let who = usize::from(what % 2);
                    let text = format!("{} {next_reference}", names[who]);
                    space.send(connections[who], &say("everyone", &text, next_reference));
                    unacknowledged.insert((who, next_reference), text);
                    next_reference += 1;
                }
                5 => space.record_fails = !space.record_fails,
                6 | 7 => {
                    // What was sent and not yet read is lost with the sockets.
                    if what == 6 {
                        read(&mut space, &connections, &names, &mut unacknowledged, &mut acknowledged);
                    }
                    space.dies(wait_ms % 2 == 0);
                    connections = names.iter().map(|name| space.join_keeping(name)).collect();
                    read(&mut space, &connections, &names, &mut unacknowledged, &mut acknowledged);
                    for ((who, reference), text) in unacknowledged.clone() {
                        space.send(connections[who], &say("everyone", &text, reference));
                    }
                }
                8 => {
                    // Among the last few, or beyond what is at hand: then there is no such message here.
                    let Some((id, text)) = acknowledged.iter().rev().nth((wait_ms % 5) as usize).cloned() else { continue };
                    let actor = UserId::parse(text.split(' ').next().unwrap()).unwrap();
                    let better = format!("{actor} {wait_ms} better");
                    let what = ChangeKind::Edited(ChatText::parse(&better).unwrap());
                    let intent = ChangeIntent { actor, role: Role::Guest, message_id: id, recorded: None, what };
                    if space.change(intent).is_ok() {
                        edited.insert(id, better);
                    }
                }
                _ => read(&mut space, &connections, &names, &mut unacknowledged, &mut acknowledged),
            }
            space.pass(wait_ms);
        }
        space.record_fails = false;
        space.pass(200_000);
        read(&mut space, &connections, &names, &mut unacknowledged, &mut acknowledged);
        let messages = space.recorded.values().filter_map(|entry| match entry {
            Entry::Said(message) => Some((message.id, text_of(message).to_string())),
            Entry::Changed(_) => None,
        });
        let recorded: Vec<_> = messages.collect();
        // What the record comes to, when each change is made in its turn.
        let mut now: BTreeMap<u64, ChatMessage> = BTreeMap::new();
        for entry in space.recorded.values() {
            match entry {
                Entry::Said(message) => drop(now.insert(message.id, message.clone())),
                Entry::Changed(change) => now.get_mut(&change.message_id).unwrap().apply(change),
            }
        }
        for (id, text) in &edited {
            prop_assert_eq!(text_of(&now[id]), text, "an acknowledged edit");
        }
        for one in &acknowledged {
            prop_assert!(recorded.contains(one), "{:?} was acknowledged and is not recorded", one);
        }
        let mut texts: Vec<_> = recorded.iter().map(|(_, text)| text).collect();
        texts.sort();
        texts.dedup();
        prop_assert_eq!(texts.len(), recorded.len(), "something is recorded twice");
        prop_assert_eq!(space.wake_at, None);
    }
}

fn read(
    space: &mut Harness,
    connections: &[ConnectionId],
    names: &[&str],
    unacknowledged: &mut BTreeMap<(usize, u64), String>,
    acknowledged: &mut Vec<(u64, String)>,
) {
    for (who, &connection) in connections.iter().enumerate() {
        for message in said(space.take(connection)) {
            if message.author_id.as_str() == names[who] && unacknowledged.remove(&(who, message.reference)).is_some() {
                acknowledged.push((message.id, text_of(&message).into()));
            }
        }
    }
}
