//! What somebody with a raw socket can try, and what it gets them: nothing. Numbers are the rules of docs/protocol.md.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use common::{Harness, admission, hello, plain};
use earshot_protocol::units::{Pixel, TimeMs};
use earshot_protocol::{ClientToSpace, Hello, Moved, RefusalCode, Refused, Role, SpaceToClient, Status};
use earshot_space::{Admission, ConnectionId, Input};
use proptest::prelude::*;

fn refusal(messages: &[SpaceToClient]) -> Option<RefusalCode> {
    messages.iter().find_map(|message| match message {
        SpaceToClient::Refused(Refused { code, .. }) => Some(*code),
        _ => None,
    })
}

fn moved(messages: Vec<SpaceToClient>) -> Vec<Moved> {
    let update = |message| match message {
        SpaceToClient::Update(update) => update.moved,
        _ => Vec::new(),
    };
    messages.into_iter().flat_map(update).collect()
}

#[test]
fn p1_before_the_hello_nothing_else_is_legal() {
    for message in
        [ClientToSpace::Leave, ClientToSpace::Status(Status::Busy), ClientToSpace::Away(true), ClientToSpace::Unknown]
    {
        let mut space = Harness::new(plain(20));
        let connection = space.connect("eve");
        space.send(connection, &message);
        assert_eq!(refusal(&space.take(connection)), Some(RefusalCode::Malformed), "{message:?}");
        assert!(space.closed.contains_key(&connection));
    }
}

#[test]
fn p1_after_the_hello_there_is_no_second() {
    let mut space = Harness::new(plain(20));
    let (connection, _) = space.join("eve");
    space.send(connection, &hello(&[]));
    assert_eq!(refusal(&space.take(connection)), Some(RefusalCode::Malformed));
}

#[test]
fn p2_without_a_common_version_one_is_told_to_reload() {
    let mut space = Harness::new(plain(20));
    let connection = space.connect("old");
    space
        .send(connection, &ClientToSpace::Hello(Hello { version_min: 7, version_max: 9, ticket: vec![], instance: 0 }));
    assert_eq!(refusal(&space.take(connection)), Some(RefusalCode::Version));
    assert_eq!(space.closed.get(&connection), Some(&RefusalCode::Version.close_code()));
}

#[test]
fn p4_who_connects_and_says_nothing_is_let_go() {
    let mut space = Harness::new(plain(20));
    let connection = space.connect("mute");
    space.pass(10_001);
    assert_eq!(refusal(&space.take(connection)), Some(RefusalCode::Silent));
    assert_eq!(space.wake_at, None);
}

#[test]
fn p4_of_one_user_few_connections_may_be_silent() {
    let mut space = Harness::new(plain(20));
    let other = space.connect("mute");
    let all: Vec<_> = (0..50).map(|_| space.connect("eve")).collect();
    let ended: Vec<_> = all.iter().filter(|connection| space.closed.contains_key(connection)).copied().collect();
    assert_eq!(ended, all[..47], "the oldest make room for the newest");
    assert_eq!(refusal(&space.take(all[0])), Some(RefusalCode::Replaced));
    assert!(!space.closed.contains_key(&other), "and nobody else does");
    space.send(all[49], &hello(&[]));
    assert!(space.take(all[49]).iter().any(|message| matches!(message, SpaceToClient::Welcome(_))));
}

#[test]
fn when_only_members_may_be_there_all_guests_go_and_none_comes_in_by_an_older_check() {
    let mut space = Harness::new(plain(20));
    let (guest, _) = space.join("eve");
    let greeting = space.connect("mallory");
    let member = Admission { role: Role::Member, ..admission("ada") };
    let ada = space.connect_as(member.clone());
    space.send(ada, &hello(&[]));
    let checked_at = Some(space.now);
    space.pass(300);
    space.input(Input::GuestsRemoved);
    for gone in [guest, greeting] {
        assert_eq!(refusal(&space.take(gone)), Some(RefusalCode::Removed));
    }
    assert!(!space.closed.contains_key(&ada));
    space.pass(50);
    let late = space.connect_as(Admission { checked_at, ..admission("trudy") });
    assert_eq!(refusal(&space.take(late)), Some(RefusalCode::Removed));
    // Members come, and guests again where the link was opened again after.
    let other = space.connect_as(Admission { checked_at, user_id: admission("bob").user_id, ..member });
    let again = space.connect_as(Admission { checked_at: Some(space.now), ..admission("eve") });
    for connection in [other, again] {
        space.send(connection, &hello(&[]));
        assert!(space.take(connection).iter().any(|message| matches!(message, SpaceToClient::Welcome(_))));
    }
}

#[test]
fn whoever_was_sent_out_does_not_come_in_by_an_older_check() {
    let mut space = Harness::new(plain(20));
    let (eve, _) = space.join("eve");
    let checked_at = Some(space.now);
    space.pass(300);
    space.input(Input::Removed { user_id: admission("eve").user_id });
    assert_eq!(refusal(&space.take(eve)), Some(RefusalCode::Removed));
    space.pass(50);
    let late = space.connect_as(Admission { checked_at, ..admission("eve") });
    assert_eq!(refusal(&space.take(late)), Some(RefusalCode::Removed));
    // Another's door is not closed by that, and neither is hers, where it was opened again after.
    let other = space.connect_as(Admission { checked_at, ..admission("ada") });
    let again = space.connect_as(Admission { checked_at: Some(space.now), ..admission("eve") });
    for connection in [other, again] {
        space.send(connection, &hello(&[]));
        assert!(space.take(connection).iter().any(|message| matches!(message, SpaceToClient::Welcome(_))));
    }
}

#[test]
fn p5_garbage_ends_the_connection_and_the_session_waits_for_a_better_one() {
    let mut space = Harness::new(plain(20));
    let (connection, welcome) = space.join("eve");
    space.input(Input::Received { connection, frame: vec![0xff; 50] });
    assert_eq!(refusal(&space.take(connection)), Some(RefusalCode::Malformed));
    let (_, again) = space.join("eve");
    assert_eq!((again.session_id, again.resumed), (welcome.session_id, true));
}

#[test]
fn p7_intents_from_the_past_and_the_future_are_pulled_into_the_window() {
    let mut space = Harness::new(plain(40));
    let (eve, welcome) = space.join("eve");
    space.take(eve);
    let origin = welcome.snapshot.moved[0].origin;
    space.steer_at(eve, Some(0), TimeMs(0));
    let course = moved(space.take(eve)).pop().unwrap();
    assert!(space.now.since(course.start) <= 400 && course.origin == origin, "{course:?}");
    space.pass(1_000);
    space.steer_at(eve, Some(4), TimeMs(i64::MAX));
    let course = moved(space.take(eve)).pop().unwrap();
    assert!(course.start.since(space.now) <= 60, "{course:?}");
    // Running for a second, and the window at both ends: never further than that.
    let run_px = (course.origin.x - origin.x) / 256;
    assert!(run_px <= 224 * 146 / 100 + 1, "{run_px}");
}

#[test]
fn p7_no_sequence_of_claimed_times_outruns_a_runner() {
    let mut space = Harness::new(plain(400));
    let (eve, welcome) = space.join("eve");
    let began = (space.now, welcome.snapshot.moved[0].origin.x);
    for n in 0..400 {
        let claimed = if n % 2 == 0 { space.now.plus(-400) } else { space.now.plus(60) };
        space.steer_at(eve, Some(if n % 3 == 2 { 1 } else { 0 }), claimed);
        space.pass(97);
    }
    space.steer(eve, None);
    let end = moved(space.take(eve)).pop().unwrap();
    let limit_px = 224 * (end.start.since(began.0) + 400) / 1_000;
    assert!(i64::from((end.origin.x - began.1) / 256) <= limit_px);
}

#[test]
fn p8_an_old_or_repeated_intent_changes_nothing() {
    let mut space = Harness::new(plain(40));
    let (eve, _) = space.join("eve");
    space.steer(eve, Some(0));
    space.take(eve);
    let again = ClientToSpace::Steer(earshot_protocol::SteerIntent {
        seq: 1,
        at: space.now,
        direction: None,
        gait: Default::default(),
    });
    space.send(eve, &again);
    assert_eq!(space.take(eve), []);
}

#[test]
fn p9_a_flood_is_ignored_then_ended_and_told_to_nobody() {
    let mut space = Harness::new(plain(40));
    let (eve, _) = space.join("eve");
    let (ada, _) = space.join("ada");
    space.take(ada);
    let mut sent = 0;
    while !space.closed.contains_key(&eve) && sent < 10_000 {
        space.steer(eve, Some(sent % 8));
        sent += 1;
    }
    assert_eq!(refusal(&space.take(eve)), Some(RefusalCode::TooFast));
    assert!(sent < 300, "{sent}");
    let told: Vec<_> = moved(space.take(ada));
    assert!(told.len() <= sent as usize);
}

#[test]
fn p9_paths_cost_more_than_steps() {
    let mut space = Harness::new(plain(40));
    let (eve, _) = space.join("eve");
    for n in 0..30 {
        space.walk(eve, Pixel { x: 100 + n * 10, y: 100 });
    }
    let routes = moved(space.take(eve))
        .into_iter()
        .filter(|moved| matches!(moved.drive, earshot_protocol::units::Drive::Route { .. }));
    let distinct: std::collections::BTreeSet<_> =
        routes.map(|moved| moved.origin.x.wrapping_add(moved.seq as i32)).collect();
    assert!(distinct.len() <= 30);
    assert!(!space.closed.contains_key(&eve), "thirty clicks are a nervous person, not an attack");
}

#[test]
fn p10_a_ticket_is_good_for_its_owner_and_space_only() {
    let mut space = Harness::new(plain(60));
    let (ada, welcome) = space.join("ada");
    space.walk(ada, Pixel { x: 1_500, y: 200 });
    space.pass(30_000);
    let ticket = space
        .take(ada)
        .into_iter()
        .filter_map(|message| match message {
            SpaceToClient::Ticket(ticket) => Some(ticket),
            _ => None,
        })
        .next_back()
        .unwrap();
    space.send(ada, &ClientToSpace::Leave);
    let spawned = |x: i32| (2 * 8_192..6 * 8_192).contains(&x);
    let start_of = |space: &mut Harness, user: &str, ticket: &[u8]| {
        let (connection, welcome) = space.join_with(user, ticket);
        let own = welcome.snapshot.moved.iter().find(|moved| moved.session_id == welcome.session_id).unwrap().origin;
        space.send(connection, &ClientToSpace::Leave);
        own
    };
    assert!(spawned(welcome.snapshot.moved[0].origin.x));
    assert!(spawned(start_of(&mut space, "eve", &ticket).x), "another's ticket");
    let mut forged = ticket.clone();
    *forged.last_mut().unwrap() ^= 1;
    assert!(spawned(start_of(&mut space, "ada", &forged).x), "a forged ticket");
    assert!(spawned(start_of(&mut space, "ada", &ticket[..10]).x), "half a ticket");
    let at = start_of(&mut space, "ada", &ticket);
    assert!(
        (at.x / 256 - 1_500).abs() <= 200,
        "where the walk stood two seconds after the ticket, at the least: {at:?}"
    );
    space.pass(31 * 24 * 3_600_000);
    assert!(spawned(start_of(&mut space, "ada", &ticket).x), "a ticket of last month");
}

#[test]
fn a_second_window_takes_over_and_the_first_is_told() {
    let mut space = Harness::new(plain(20));
    let (first, welcome) = space.join("ada");
    let (second, again) = space.join("ada");
    assert_eq!(refusal(&space.take(first)), Some(RefusalCode::Replaced));
    assert_eq!(again.session_id, welcome.session_id);
    // The first socket's closing must not take the session from the second.
    space.disconnect(first);
    space.steer(second, Some(0));
    assert!(!moved(space.take(second)).is_empty());
    assert_eq!(space.space.session_count(), 1);
}

#[test]
fn who_is_removed_is_gone_at_once_and_a_deleted_space_is_empty() {
    let mut space = Harness::new(plain(20));
    let (eve, _) = space.join("eve");
    let (ada, _) = space.join("ada");
    space.take(ada);
    space.input(Input::Removed { user_id: common::admission("eve").user_id });
    assert_eq!(refusal(&space.take(eve)), Some(RefusalCode::Removed));
    let left = space
        .take(ada)
        .into_iter()
        .any(|message| matches!(message, SpaceToClient::Update(update) if !update.left.is_empty()));
    assert!(left);
    space.input(Input::Deleted);
    assert_eq!(refusal(&space.take(ada)), Some(RefusalCode::Closed));
    assert_eq!(space.space.session_count(), 0);
    // Whoever was let in just before comes too late, and what was under way leaves nothing behind.
    let row = space.space_row.clone();
    let late = space.connect("zoe");
    assert_eq!(refusal(&space.take(late)), Some(RefusalCode::Closed));
    space.send(late, &hello(&[]));
    space.input(Input::Recorded { up_to: 1 });
    space.input(Input::Rules(earshot_space::Rules { revision: 9, ..Default::default() }));
    assert_eq!((space.take(late), space.space_row == row), (vec![], true));
}

#[test]
fn movement_is_told_only_to_those_near_enough() {
    let mut space = Harness::new(plain(200));
    let (near, _) = space.join("near");
    let (walker, welcome) = space.join("walker");
    let id = welcome.session_id;
    // Off to the far end, where nobody near the entrance sees steps any more.
    for _ in 0..4 {
        space.walk(walker, Pixel { x: 199 * 32, y: 200 });
        space.pass(20_000);
    }
    space.take(near);
    space.steer(walker, Some(6));
    space.pass(2_000);
    assert!(moved(space.take(near)).iter().all(|moved| moved.session_id != id));
    // On the way back, the one at the entrance is told the course as soon as it comes near.
    for _ in 0..4 {
        space.walk(walker, Pixel { x: 64, y: 200 });
        space.pass(20_000);
    }
    assert!(moved(space.take(near)).iter().any(|moved| moved.session_id == id));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    /// Whatever bytes come in whatever order, the engine neither panics nor grows without bound nor loses the honest.
    #[test]
    fn any_inputs_leave_an_honest_neighbour_unharmed(
        frames in proptest::collection::vec((0_u8..6, proptest::collection::vec(any::<u8>(), 0..40), 0_i64..3_000), 1..60),
    ) {
        let mut space = Harness::new(plain(60));
        let (ada, welcome) = space.join("ada");
        let mut eves: Vec<ConnectionId> = Vec::new();
        for (what, bytes, wait_ms) in frames {
            match what {
                0 => eves.push(space.connect(&format!("eve{}", eves.len() % 3))),
                1 => {
                    if let Some(&eve) = eves.last() {
                        space.send(eve, &hello(&bytes));
                    }
                }
                2 => {
                    if let Some(&eve) = eves.last() {
                        space.disconnect(eve);
                    }
                }
                3 => {
                    if let Some(&eve) = eves.last() {
                        let x = i32::from(bytes.first().copied().unwrap_or(0)) * 8_000_000;
                        space.walk(eve, Pixel { x, y: 100 });
                    }
                }
                _ => {
                    if let Some(&eve) = eves.last() {
                        space.input(Input::Received { connection: eve, frame: bytes });
                    }
                }
            }
            space.pass(wait_ms);
        }
        prop_assert!(space.space.session_count() <= 4);
        space.take(ada);
        space.steer(ada, Some(0));
        let own = moved(space.take(ada)).into_iter().any(|moved| moved.session_id == welcome.session_id);
        prop_assert!(own, "the honest one still walks");
    }
}
