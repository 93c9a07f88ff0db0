//! Channels, changes, order, gestures and questions, told as stories. Numbers are the rules of docs/protocol.md.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use common::{Harness, admission, hello};
use earshot_protocol::units::{Pixel, TILE, TILE_PIXELS, Tile};
use earshot_protocol::{
    ChangeKind, Channel, ChatText, ClientToSpace, Emoji, Emote, EmoteIntent, NamedChannel, Nudge, NudgeAnswer,
    NudgeKind, NudgeRefusal, Posture, Role, SayIntent, SayRefusal, SessionId, SpaceToClient, Status, UserId,
};
use earshot_space::{Admission, ChangeIntent, ChangeRefusal, ConnectionId, Input, Rules, Target};
use earshot_world::{Area, Map};

/// 40 by 12 tiles: a private room (number 7) on the left, open floor on the right, where people arrive.
fn rooms() -> Map {
    let area = Area {
        number: 7,
        name: "Nook".into(),
        left: 0,
        top: 0,
        right: 10 * TILE,
        bottom: 12 * TILE,
        private: true,
        silent: false,
        stage: false,
    };
    let spawn: Vec<_> = (0..4).map(|x| Tile { x: 30 + x, y: 5 }).collect();
    Map::new("rooms".into(), 40, 12, vec![false; 480], &spawn, vec![area], vec![]).unwrap()
}

const INSIDE: Pixel = Pixel { x: 3 * TILE_PIXELS, y: 3 * TILE_PIXELS };
const OUTSIDE: Pixel = Pixel { x: 25 * TILE_PIXELS, y: 3 * TILE_PIXELS };

fn user(id: &str) -> UserId {
    UserId::parse(id).unwrap()
}

fn say(channel: &str, text: &str, reference: u64) -> ClientToSpace {
    ClientToSpace::Say(SayIntent { reference, channel: channel.into(), text: text.into(), ..SayIntent::default() })
}

/// What somebody reads in a list of messages.
fn texts(messages: &[SpaceToClient]) -> Vec<String> {
    let said = messages.iter().flat_map(|message| match message {
        SpaceToClient::Said(said) => said.clone(),
        _ => vec![],
    });
    said.map(|message| message.text.map_or("(deleted)".into(), |text| text.as_str().into())).collect()
}

fn refusal(messages: &[SpaceToClient]) -> Option<(SayRefusal, u32)> {
    messages.iter().find_map(|message| match message {
        SpaceToClient::SayRefused(refused) => Some((refused.reason, refused.retry_in_ms)),
        _ => None,
    })
}

fn intent(actor: &str, message_id: u64, what: ChangeKind) -> ChangeIntent {
    ChangeIntent { actor: user(actor), role: Role::Guest, message_id, recorded: None, what }
}

fn edit(text: &str) -> ChangeKind {
    ChangeKind::Edited(ChatText::parse(text).unwrap())
}

fn thumb() -> ChangeKind {
    ChangeKind::Reacted(Emoji::parse("👍").unwrap())
}

/// Somebody comes in.
fn person(space: &mut Harness, name: &str) -> (ConnectionId, SessionId) {
    let (connection, welcome) = space.join(name);
    (connection, welcome.session_id)
}

fn own_id(messages: &[SpaceToClient]) -> SessionId {
    let welcome = messages.iter().find_map(|message| match message {
        SpaceToClient::Welcome(welcome) => Some(welcome.session_id),
        _ => None,
    });
    welcome.unwrap()
}

fn goes(space: &mut Harness, one: ConnectionId, to: Pixel) {
    space.walk(one, to);
    space.pass(15_000);
}

fn rules(revision: u64) -> Rules {
    let channel = |number, announcements| NamedChannel {
        number,
        name: format!("channel {number}"),
        topic: String::new(),
        announcements,
    };
    Rules { revision, channels: vec![channel(1, false), channel(2, true)], ..Rules::default() }
}

#[test]
fn p25_what_is_said_in_a_private_area_is_for_those_inside() {
    let mut space = Harness::new(rooms());
    let (ada, _) = person(&mut space, "ada");
    let (bob, _) = person(&mut space, "bob");
    let (eve, _) = person(&mut space, "eve");
    for (one, to) in [(ada, INSIDE), (bob, INSIDE), (eve, OUTSIDE)] {
        goes(&mut space, one, to);
    }
    let area = space.take(ada).into_iter().rev().find_map(|message| match message {
        SpaceToClient::Hearing(hearing) => Some(hearing.area),
        _ => None,
    });
    assert_eq!(area, Some(Some(7)));
    space.take(bob);
    space.take(eve);
    space.send(ada, &say("area/7", "between us", 1));
    assert_eq!(
        (texts(&space.take(ada)), texts(&space.take(bob))),
        (vec!["between us".into()], vec!["between us".into()])
    );
    space.send(eve, &say("area/7", "let me in", 2));
    space.send(eve, &say("area/9", "or there", 3));
    let heard = space.take(eve);
    assert_eq!((texts(&heard), refusal(&heard)), (vec![], Some((SayRefusal::Channel, 0))));
    assert!(!space.space.is_inside(&user("eve"), 7) && space.space.is_inside(&user("bob"), 7));
    // Nor can she touch what she cannot read, whatever its id.
    for what in [thumb(), edit("mine now"), ChangeKind::Deleted] {
        assert_eq!(space.change(intent("eve", 1, what)), Err(ChangeRefusal::NotInside));
    }
    // A moderator neither; but may delete what is reported.
    let moderator = |what| ChangeIntent { role: Role::Admin, ..intent("eve", 1, what) };
    assert_eq!(space.change(moderator(thumb())), Err(ChangeRefusal::NotInside));
    // Somebody who comes later and is not inside is not told; who comes in is.
    let zoe = space.join_keeping("zoe");
    assert_eq!(texts(&space.take(zoe)), Vec::<String>::new());
    goes(&mut space, zoe, INSIDE);
    assert_eq!(texts(&space.take(zoe)), ["between us"]);
    // And who goes out is told no more.
    goes(&mut space, bob, OUTSIDE);
    space.take(bob);
    space.send(ada, &say("area/7", "he is gone", 4));
    assert_eq!(texts(&space.take(bob)), Vec::<String>::new());
    assert_eq!(texts(&space.take(zoe)), ["he is gone"]);
    assert!(space.change(moderator(ChangeKind::Deleted)).is_ok_and(|id| id.is_some()));
}

#[test]
fn p25_who_reconnects_inside_is_told_what_is_at_hand_there() {
    let mut space = Harness::new(rooms());
    let (ada, _) = person(&mut space, "ada");
    goes(&mut space, ada, INSIDE);
    space.send(ada, &say("area/7", "to myself", 1));
    space.take(ada);
    space.input(Input::Disconnected { connection: ada, record: vec![] });
    let again = space.connect("ada");
    space.send(again, &hello(&[]));
    assert_eq!(texts(&space.take(again)), ["to myself"]);
}

#[test]
fn p26_named_channels_are_as_the_rules_say() {
    let mut space = Harness::new(rooms());
    let (ada, _) = person(&mut space, "ada");
    space.take(ada);
    space.send(ada, &say("c/1", "too early", 1));
    assert_eq!(refusal(&space.take(ada)), Some((SayRefusal::Channel, 0)));
    space.input(Input::Rules(rules(5)));
    assert!(
        space
            .take(ada)
            .iter()
            .any(|message| matches!(message, SpaceToClient::Rules(rules) if rules.channels.len() == 2))
    );
    space.send(ada, &say("c/1", "plans", 2));
    space.send(ada, &say("c/2", "all listen", 3));
    let heard = space.take(ada);
    assert_eq!((texts(&heard), refusal(&heard)), (vec!["plans".into()], Some((SayRefusal::Channel, 0))));
    // Admins announce.
    let boss = space.connect_as(Admission { role: Role::Admin, ..admission("boss") });
    space.send(boss, &hello(&[]));
    space.take(boss);
    space.send(boss, &say("c/2", "all listen", 4));
    assert_eq!(texts(&space.take(ada)), ["all listen"]);
    // An older word does not undo a newer one; a death does not either.
    space.input(Input::Rules(Rules { revision: 4, ..Rules::default() }));
    space.dies(false);
    let ada = space.join_keeping("ada");
    assert_eq!(texts(&space.take(ada)), ["plans", "all listen"]);
    // A channel that is gone takes what is at hand of it along.
    space.input(Input::Purged { channel: Channel::Named(1) });
    space.input(Input::Rules(Rules { revision: 6, ..Rules::default() }));
    let zoe = space.join_keeping("zoe");
    assert_eq!(texts(&space.take(zoe)), Vec::<String>::new());
    space.pass(2_000);
    let recorded = format!("{:?}", space.recorded);
    assert!(!recorded.contains("plans") || recorded.contains("Deleted"), "{recorded}");
}

#[test]
fn p27_messages_change_by_the_right_hands_and_for_all() {
    let mut space = Harness::new(rooms());
    let (ada, _) = person(&mut space, "ada");
    let (bob, _) = person(&mut space, "bob");
    space.send(ada, &say("everyone", "helo", 1));
    space.take(ada);
    space.take(bob);
    assert_eq!(space.change(intent("bob", 1, edit("hello"))), Err(ChangeRefusal::NotAllowed));
    assert_eq!(space.change(intent("bob", 1, ChangeKind::Deleted)), Err(ChangeRefusal::NotAllowed));
    assert_eq!(space.change(intent("bob", 99, thumb())), Err(ChangeRefusal::NoMessage));
    assert_eq!(space.change(intent("ada", 1, edit("hello"))), Ok(Some(2)));
    assert_eq!(space.change(intent("bob", 1, thumb())), Ok(Some(3)));
    assert_eq!(space.change(intent("bob", 1, thumb())), Ok(None), "once");
    let changes = space.take(bob).iter().filter(|message| matches!(message, SpaceToClient::Changed(_))).count();
    assert_eq!(changes, 2);
    // Said again, it is told as it is now; and so to who comes later.
    space.send(ada, &say("everyone", "helo", 1));
    assert_eq!(texts(&space.take(ada)), ["hello"]);
    let moderator = ChangeIntent { role: Role::Admin, ..intent("mod", 1, ChangeKind::Deleted) };
    assert_eq!(space.change(moderator), Ok(Some(4)));
    assert_eq!(space.change(intent("bob", 1, thumb())), Err(ChangeRefusal::Deleted));
    let zoe = space.join_keeping("zoe");
    assert_eq!(texts(&space.take(zoe)), ["(deleted)"]);
    // One that is not at hand any more: as the record has it.
    let recorded = Some(Target { channel: Channel::Everyone, author_id: user("ada"), deleted: false });
    let old = ChangeIntent { recorded, ..intent("ada", 999, edit("better")) };
    assert_eq!(space.change(old), Ok(Some(5)));
    space.pass(2_000);
    assert_eq!(space.recorded.len(), 5);
}

#[test]
fn p27_reactions_are_limited() {
    let mut space = Harness::new(rooms());
    let (ada, _) = person(&mut space, "ada");
    space.send(ada, &say("everyone", "hello", 1));
    for n in 0..20 {
        let emoji = Emoji::parse(&char::from_u32(0x1f600 + n).unwrap().to_string()).unwrap();
        assert!(space.change(intent("bob", 1, ChangeKind::Reacted(emoji))).is_ok());
    }
    assert_eq!(space.change(intent("bob", 1, thumb())), Err(ChangeRefusal::TooMany));
    // Who is here pays for each.
    let tries: Vec<_> = (0..30).map(|n| space.change(intent("ada", 1, edit(&format!("hello {n}"))))).collect();
    assert!(tries.iter().any(|tried| matches!(tried, Err(ChangeRefusal::TooFast { retry_in_ms: 1.. }))));
}

#[test]
fn p28_slow_mode_holds_also_for_who_leaves_and_comes_back() {
    let mut space = Harness::new(rooms());
    space.input(Input::Rules(Rules { slow_mode_s: 30, ..rules(1) }));
    let (ada, _) = person(&mut space, "ada");
    space.send(ada, &say("everyone", "one", 1));
    space.take(ada);
    space.pass(10_000);
    space.send(ada, &say("c/1", "two", 2));
    assert_eq!(refusal(&space.take(ada)), Some((SayRefusal::SlowMode, 20_000)));
    space.send(ada, &say("nearby", "that is for those around", 3));
    assert_eq!(refusal(&space.take(ada)), None);
    space.send(ada, &ClientToSpace::Leave);
    let (ada, _) = person(&mut space, "ada");
    space.take(ada);
    space.send(ada, &say("everyone", "two", 4));
    assert_eq!(refusal(&space.take(ada)).map(|(reason, _)| reason), Some(SayRefusal::SlowMode));
    space.pass(20_000);
    space.send(ada, &say("everyone", "two", 5));
    assert_eq!(texts(&space.take(ada)), ["two"]);
}

#[test]
fn p28_unwanted_words_are_not_taken_neither_said_nor_edited() {
    let mut space = Harness::new(rooms());
    space.input(Input::Rules(Rules { words: vec!["darn".into()], ..rules(1) }));
    let (ada, _) = person(&mut space, "ada");
    space.send(ada, &say("everyone", "Darn it", 1));
    assert_eq!(refusal(&space.take(ada)), Some((SayRefusal::Word, 0)));
    space.send(ada, &say("everyone", "socks", 2));
    assert_eq!(space.change(intent("ada", 1, edit("darn socks"))), Err(ChangeRefusal::Word));
}

#[test]
fn p29_who_is_blocked_is_neither_heard_nor_read_nor_rung_for() {
    let mut space = Harness::new(rooms());
    let (ada, ada_id) = person(&mut space, "ada");
    let (bob, bob_id) = person(&mut space, "bob");
    let hears = |messages: Vec<SpaceToClient>| {
        messages.into_iter().rev().find_map(|message| match message {
            SpaceToClient::Hearing(hearing) => Some(hearing.peers.len()),
            _ => None,
        })
    };
    assert_eq!(hears(space.take(ada)), Some(1));
    space.input(Input::Blocks { user_id: user("ada"), blocked: vec![user("bob")], checked_at: None });
    assert_eq!((hears(space.take(ada)), hears(space.take(bob))), (Some(0), Some(0)));
    space.send(bob, &say("nearby", "psst", 1));
    space.send(bob, &say("everyone", "hear, hear", 2));
    space.send(ada, &say("nearby", "about him", 3));
    space.send(ada, &say("everyone", "to all", 4));
    assert_eq!(texts(&space.take(ada)), ["about him", "to all"]);
    assert_eq!(texts(&space.take(bob)), ["psst", "hear, hear", "to all"], "what is for everyone is for him too");
    for (one, other) in [(ada, bob_id), (bob, ada_id)] {
        space.send(one, &nudge(other, NudgeKind::ComeHere));
        assert_eq!(nudge_refusal(&space.take(one)), Some(NudgeRefusal::Unavailable));
    }
    // It holds through a death, told by the admission, and ends when it is taken back.
    space.input(Input::Blocks { user_id: user("ada"), blocked: vec![], checked_at: None });
    assert_eq!(hears(space.take(bob)), Some(1));
}

#[test]
fn p29_what_is_deleted_is_gone_also_for_who_blocked_the_moderator() {
    let mut space = Harness::new(rooms());
    let (bob, _) = person(&mut space, "bob");
    let (eve, _) = person(&mut space, "eve");
    space.input(Input::Blocks { user_id: user("eve"), blocked: vec![user("mod")], checked_at: None });
    space.send(bob, &say("everyone", "an address", 1));
    space.take(eve);
    space.change(ChangeIntent { role: Role::Admin, ..intent("mod", 1, ChangeKind::Deleted) }).unwrap().unwrap();
    assert!(space.take(eve).iter().any(|message| matches!(message, SpaceToClient::Changed(_))));
    let again = Admission { blocked: vec![user("mod")], ..admission("eve") };
    let eve = space.connect_as(again);
    space.send(eve, &hello(&[]));
    assert_eq!(texts(&space.take(eve)), ["(deleted)"]);
}

#[test]
fn p29_an_older_list_of_blocks_undoes_no_newer_one() {
    let mut space = Harness::new(rooms());
    let (bob, _) = person(&mut space, "bob");
    let at = |space: &Harness, ms: i64| Some(space.now.plus(ms));
    let blocks = |blocked: &[&str], checked_at| {
        let blocked = blocked.iter().map(|id| user(id)).collect();
        Input::Blocks { user_id: user("ada"), blocked, checked_at }
    };
    let reads = |space: &mut Harness, ada, reference| {
        space.send(bob, &say("everyone", "hear, hear", reference));
        let said = texts(&space.take(ada));
        space.pass(2_000);
        !said.is_empty()
    };
    // Blocked while the connection is greeting still.
    let checked_at = at(&space, 0);
    let ada = space.connect_as(Admission { checked_at, ..admission("ada") });
    space.input(blocks(&["bob"], at(&space, 5)));
    space.forgets();
    space.send(ada, &hello(&[]));
    space.take(ada);
    assert!(!reads(&mut space, ada, 1));
    // Two lists that overtake each other.
    space.input(blocks(&["zoe"], at(&space, -5_000)));
    assert!(!reads(&mut space, ada, 2));
    // Another connection of hers, which was checked before.
    let ada = space.connect_as(Admission { checked_at, ..admission("ada") });
    space.send(ada, &hello(&[]));
    space.take(ada);
    assert!(!reads(&mut space, ada, 3));
    space.input(blocks(&[], at(&space, 0)));
    assert!(reads(&mut space, ada, 4), "until she lets him be heard again");
}

#[test]
fn p22_only_what_was_said_is_answered() {
    let mut space = Harness::new(rooms());
    let (ada, _) = person(&mut space, "ada");
    let answers = |space: &mut Harness, reply_to, reference| {
        let say =
            SayIntent { reference, channel: "everyone".into(), text: "so?".into(), reply_to, ..SayIntent::default() };
        space.send(ada, &ClientToSpace::Say(say));
        space.pass(1_000);
        space.take(ada).into_iter().find_map(|message| match message {
            SpaceToClient::Said(said) => Some(said[0].reply_to),
            _ => None,
        })
    };
    let answered = [0, 1, 3, 1 << 53, u64::MAX].map(|to| (to, answers(&mut space, to, to | 1 << 40)));
    assert_eq!(answered.map(|(_, told)| told), [0, 1, 0, 0, 0].map(Some));
}

fn nudge(peer: SessionId, kind: NudgeKind) -> ClientToSpace {
    ClientToSpace::Nudge(Nudge { peer, kind, knock: false })
}

fn nudge_refusal(messages: &[SpaceToClient]) -> Option<NudgeRefusal> {
    messages.iter().find_map(|message| match message {
        SpaceToClient::NudgeRefused(refused) => Some(refused.reason),
        _ => None,
    })
}

#[test]
fn p30_one_can_be_asked_and_answers_once() {
    let mut space = Harness::new(rooms());
    let (ada, ada_id) = person(&mut space, "ada");
    let (bob, bob_id) = person(&mut space, "bob");
    goes(&mut space, bob, INSIDE);
    space.take(ada);
    space.take(bob);
    space.send(ada, &nudge(bob_id, NudgeKind::MayIJoin));
    let asked = SpaceToClient::Nudged(Nudge { peer: ada_id, kind: NudgeKind::MayIJoin, knock: true });
    assert!(space.take(bob).contains(&asked), "he is in a private area: it is a knock");
    let answer = |peer, accepted| ClientToSpace::NudgeAnswer(NudgeAnswer { peer, kind: NudgeKind::MayIJoin, accepted });
    space.dies(false);
    let (ada, bob) = (space.join_keeping("ada"), space.join_keeping("bob"));
    let (ada_id, bob_id) = (own_id(&space.take(ada)), own_id(&space.take(bob)));
    // Death forgets questions that were in memory only; nobody is answered what they did not ask.
    space.send(ada, &answer(bob_id, true));
    assert!(!space.take(bob).iter().any(|message| matches!(message, SpaceToClient::NudgeAnswered(_))));
    space.pass(11_000);
    space.send(ada, &nudge(bob_id, NudgeKind::MayIJoin));
    space.send(bob, &answer(ada_id, true));
    space.send(bob, &answer(ada_id, false));
    let answers: Vec<_> =
        space.take(ada).into_iter().filter(|message| matches!(message, SpaceToClient::NudgeAnswered(_))).collect();
    assert_eq!(
        answers,
        [SpaceToClient::NudgeAnswered(NudgeAnswer { peer: bob_id, kind: NudgeKind::MayIJoin, accepted: true })]
    );
}

#[test]
fn p30_nobody_is_pestered() {
    let mut space = Harness::new(rooms());
    let (ada, _) = person(&mut space, "ada");
    let (bob, bob_id) = person(&mut space, "bob");
    space.take(ada);
    space.send(ada, &nudge(bob_id, NudgeKind::ComeHere));
    space.send(ada, &nudge(bob_id, NudgeKind::ComeHere));
    assert_eq!(nudge_refusal(&space.take(ada)), Some(NudgeRefusal::TooFast));
    space.send(ada, &nudge(SessionId(99), NudgeKind::ComeHere));
    assert_eq!(nudge_refusal(&space.take(ada)), Some(NudgeRefusal::Unavailable));
    space.pass(70_000);
    space.send(bob, &ClientToSpace::Status(Status::DoNotDisturb));
    space.send(ada, &nudge(bob_id, NudgeKind::ComeHere));
    assert_eq!(nudge_refusal(&space.take(ada)), Some(NudgeRefusal::DoNotDisturb));
}

#[test]
fn p31_emotes_are_seen_and_what_lasts_ends_when_one_sets_out() {
    let mut space = Harness::new(rooms());
    let (ada, ada_id) = person(&mut space, "ada");
    let (bob, _) = person(&mut space, "bob");
    let emote = |emote, on| ClientToSpace::Emote(EmoteIntent { emote, on });
    space.take(ada);
    space.take(bob);
    space.send(ada, &emote(Emote::Wave, true));
    let waved = SpaceToClient::Emoted(vec![(ada_id, Emote::Wave)]);
    assert!(space.take(ada).contains(&waved) && space.take(bob).contains(&waved));
    space.send(ada, &emote(Emote::Dance, true));
    space.send(ada, &emote(Emote::RaiseHand, true));
    space.pass(500);
    let seen = |messages: Vec<SpaceToClient>| {
        messages.into_iter().rev().find_map(|message| match message {
            SpaceToClient::Update(update) => update
                .people
                .into_iter()
                .find(|person| person.session_id == ada_id)
                .map(|person| (person.posture, person.hand_raised_at.is_some())),
            _ => None,
        })
    };
    assert_eq!(seen(space.take(bob)), Some((Posture::Dancing, true)));
    space.walk(ada, OUTSIDE);
    space.pass(500);
    assert_eq!(seen(space.take(bob)), Some((Posture::Plain, true)), "the hand stays up");
    space.send(ada, &emote(Emote::Sit, true));
    space.pass(500);
    assert_eq!(seen(space.take(bob)), None, "who walks does not sit down");
}

#[test]
fn p32_who_types_says_so_only_while_somebody_looks() {
    let mut space = Harness::new(rooms());
    let (ada, ada_id) = person(&mut space, "ada");
    let (bob, _) = person(&mut space, "bob");
    space.take(ada);
    space.take(bob);
    let look = |channel: &str| ClientToSpace::Look(channel.into());
    space.send(ada, &look("everyone"));
    assert_eq!(space.take(ada), []);
    space.send(bob, &look("everyone"));
    let others = |others| SpaceToClient::Onlookers { channel: "everyone".into(), others };
    assert_eq!((space.take(ada), space.take(bob)), (vec![others(true)], vec![others(true)]));
    space.send(ada, &ClientToSpace::Typing);
    assert_eq!(space.take(bob), [SpaceToClient::Typing { session_id: ada_id, channel: "everyone".into() }]);
    space.input(Input::Disconnected { connection: bob, record: vec![] });
    assert!(space.take(ada).contains(&others(false)));
    // Nobody looks into a room they are not in.
    space.send(ada, &look("area/7"));
    space.send(ada, &ClientToSpace::Typing);
    assert_eq!(space.take(ada), []);
}

#[test]
fn p33_who_is_mentioned_and_not_here_is_named_to_the_worker() {
    let mut space = Harness::new(rooms());
    let (ada, _) = person(&mut space, "ada");
    person(&mut space, "bob");
    space.send(ada, &say("everyone", "<@bob> and <@zoe>, look; <@ada> too", 1));
    space.send(ada, &say("nearby", "<@carl>", 2));
    let notified: Vec<_> = space.notified.iter().map(|(users, message)| (users.clone(), message.id)).collect();
    assert_eq!(notified, [(vec![user("zoe")], 1)]);
}

#[test]
fn p34_an_account_that_is_gone_takes_its_words_along() {
    let mut space = Harness::new(rooms());
    let (ada, _) = person(&mut space, "ada");
    let (bob, _) = person(&mut space, "bob");
    space.record_fails = true;
    space.send(ada, &say("everyone", "secret one", 1));
    space.send(bob, &say("everyone", "fine", 2));
    space.change(intent("ada", 1, edit("secret two"))).unwrap();
    space.input(Input::Forgotten { user_id: user("ada") });
    assert!(space.closed.contains_key(&ada));
    space.dies(false);
    space.record_fails = false;
    space.pass(70_000);
    let recorded = format!("{:?}", space.recorded);
    assert!(!recorded.contains("secret") && recorded.contains("fine"), "{recorded}");
    let zoe = space.join_keeping("zoe");
    assert_eq!(texts(&space.take(zoe)), ["(deleted)", "fine"]);
}

#[test]
fn mail_goes_to_who_is_connected() {
    let mut space = Harness::new(rooms());
    let (ada, _) = person(&mut space, "ada");
    space.take(ada);
    for to in ["ada", "nobody"] {
        space.input(Input::Mail { user_id: user(to), payload: b"{}".to_vec() });
    }
    assert_eq!(space.take(ada), [SpaceToClient::Mail(b"{}".to_vec())]);
}

#[test]
fn a_raid_is_told_in_few_frames_and_in_order() {
    let mut space = Harness::new(rooms());
    let crowd: Vec<_> = (0..60).map(|n| person(&mut space, &format!("p{n}")).0).collect();
    let (reader, _) = person(&mut space, "reader");
    space.pass(1_000);
    space.take(reader);
    for round in 0..8 {
        for (n, &one) in crowd.iter().enumerate() {
            space.send(one, &say("everyone", &format!("{n} {round}"), round + 1));
        }
    }
    space.pass(1_000);
    let heard = space.take(reader);
    assert!(heard.len() < 60, "{} frames for 480 messages", heard.len());
    let read = texts(&heard);
    let said: Vec<_> = (0..8).flat_map(|round| (0..60).map(move |n| format!("{n} {round}"))).collect();
    assert_eq!(read, said);
}

#[test]
fn p28_what_is_older_than_the_space_keeps_is_not_told_nor_kept() {
    const DAY_MS: i64 = 24 * 3_600_000;
    let mut space = Harness::new(rooms());
    let (ada, _) = person(&mut space, "ada");
    space.send(ada, &say("everyone", "long ago", 1));
    space.pass(3 * DAY_MS);
    space.send(ada, &say("everyone", "just now", 2));
    let bob = space.join_keeping("bob");
    assert_eq!(texts(&space.take(bob)), ["long ago", "just now"]);
    space.input(Input::Rules(Rules { retention_days: 2, ..rules(1) }));
    let zoe = space.join_keeping("zoe");
    assert_eq!(texts(&space.take(zoe)), ["just now"]);
    let kept =
        |space: &Harness, words: &str| space.log.values().any(|row| String::from_utf8_lossy(row).contains(words));
    assert!(!kept(&space, "long ago") && kept(&space, "just now"));
    space.pass(3 * DAY_MS);
    space.join_keeping("eve");
    assert!(!kept(&space, "just now"));
}
