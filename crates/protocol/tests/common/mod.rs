//! One of every message.
#![allow(dead_code, clippy::unwrap_used)]

use earshot_protocol::units::{Direction, Drive, Facing, Gait, Pixel, Position, TimeMs};
use earshot_protocol::{
    CandidateKind, Change, ChangeKind, Channel, ChatMessage, ChatRules, ChatText, ClientToSpace, ConnectionReport,
    DisplayName, Emoji, Emote, EmoteIntent, Flows, Hearing, Hello, Look, MediaRoom, Moved, NamedChannel, Nudge,
    NudgeAnswer, NudgeKind, NudgeRefusal, NudgeRefused, Peer, Person, Posture, Publishing, Reaction, RefusalCode,
    Refused, Role, Room, RoomPeer, SayIntent, SayRefusal, SayRefused, SessionId, Signal, SignalRefusal, SignalRefused,
    SpaceToClient, Status, SteerIntent, Update, UserId, WalkIntent, Welcome,
};

const NOW: TimeMs = TimeMs(1_795_000_000_000);

pub fn client_messages() -> Vec<ClientToSpace> {
    let mut messages = vec![
        ClientToSpace::Hello(Hello { version_min: 1, version_max: 2, ticket: vec![1, 2, 3], instance: 1 << 60 }),
        ClientToSpace::Steer(SteerIntent { seq: 7, at: NOW, direction: Some(Direction::ALL[3]), gait: Gait::Run }),
        ClientToSpace::Steer(SteerIntent { seq: 8, at: NOW, direction: None, gait: Gait::Walk }),
        ClientToSpace::Walk(WalkIntent { seq: 9, at: NOW, to: Pixel { x: 640, y: 33 }, gait: Gait::Walk }),
        ClientToSpace::Status(Status::DoNotDisturb),
        ClientToSpace::Away(true),
        ClientToSpace::Leave,
        ClientToSpace::Signal(signal()),
        ClientToSpace::Publish(Publishing { microphone: true, camera: false, screen: true }),
        ClientToSpace::Lock(true),
        ClientToSpace::ConnectionReport(ConnectionReport {
            connected: true,
            took_ms: 321,
            via: CandidateKind::Relayed,
        }),
        ClientToSpace::Say(SayIntent {
            reference: 77,
            channel: "everyone".into(),
            text: "Hello there".into(),
            reply_to: 3,
            thought: true,
        }),
        ClientToSpace::Look("c/3".into()),
        ClientToSpace::Typing,
        ClientToSpace::Nudge(Nudge { peer: SessionId(12), kind: NudgeKind::MayIJoin, knock: false }),
        ClientToSpace::NudgeAnswer(NudgeAnswer { peer: SessionId(12), kind: NudgeKind::ComeHere, accepted: true }),
    ];
    messages.extend(Emote::ALL.map(|emote| ClientToSpace::Emote(EmoteIntent { emote, on: true })));
    messages.push(ClientToSpace::Grant { room: 1 << 40 });
    messages.push(ClientToSpace::Flows(Flows { rooms: vec![3, 1 << 40], peers: vec![SessionId(12)] }));
    messages.push(ClientToSpace::RoomLost { room: 3 });
    messages
}

pub fn signal() -> Signal {
    Signal { peer: SessionId(12), epoch: NOW, payload: b"{\"offer\":1}".to_vec() }
}

pub fn hearing() -> Hearing {
    let peer =
        Peer { session_id: SessionId(12), epoch: NOW, polite: true, hears: true, heard: false, full_volume: true };
    let other = Peer { session_id: SessionId(13), polite: false, heard: true, full_volume: false, ..peer };
    Hearing {
        peers: vec![peer, other],
        beyond: 2,
        room: Room::Private,
        locked: true,
        locked_out: 3,
        area: Some(7),
        ..Hearing::default()
    }
}

pub fn person() -> Person {
    Person {
        session_id: SessionId(300),
        user_id: UserId::parse("u_abc").unwrap(),
        name: DisplayName::parse("Zoë 🦊").unwrap(),
        guest: true,
        role: Role::Member,
        look: Look::from_seed(5),
        status: Status::Busy,
        connected: true,
        cell: 33,
        publishing: Publishing { microphone: true, camera: true, screen: false },
        locked: true,
        posture: Posture::Dancing,
        hand_raised_at: Some(NOW),
    }
}

pub fn update() -> Update {
    let moved = |id: u32, drive: Drive| Moved {
        session_id: SessionId(id),
        seq: id * 3,
        start: NOW.plus(-40),
        origin: Position { x: 123_456, y: 7_890 },
        facing: Facing::Left,
        drive,
    };
    Update {
        server_time: NOW,
        people: vec![person()],
        left: vec![SessionId(4), SessionId(70_000)],
        crossed: vec![(SessionId(1), 32), (SessionId(300), 0)],
        moved: vec![
            moved(1, Drive::Stand),
            moved(2, Drive::Steer { direction: Direction::ALL[7], gait: Gait::Run }),
            moved(3, Drive::Route { points: vec![Pixel { x: 1, y: 2 }, Pixel { x: 300, y: 400 }], gait: Gait::Walk }),
            moved(4, Drive::Route { points: vec![Pixel { x: 5, y: 6 }], gait: Gait::Run }),
        ],
    }
}

pub fn space_messages() -> Vec<SpaceToClient> {
    let welcome = Welcome {
        version: 1,
        session_id: SessionId(300),
        resumed: true,
        seq: 12,
        ticket: vec![9; 20],
        snapshot: update(),
    };
    let mut messages = vec![
        SpaceToClient::Welcome(welcome),
        SpaceToClient::Update(update()),
        SpaceToClient::Update(Update { server_time: NOW, ..Update::default() }),
        SpaceToClient::Ticket(vec![1, 2, 3, 4]),
    ];
    for code in [
        RefusalCode::Version,
        RefusalCode::Malformed,
        RefusalCode::TooFast,
        RefusalCode::Full,
        RefusalCode::Replaced,
        RefusalCode::Removed,
        RefusalCode::Closed,
        RefusalCode::Silent,
    ] {
        messages.push(SpaceToClient::Refused(Refused { code, message: format!("because of {}", code.as_str()) }));
    }
    messages.extend([SpaceToClient::Hearing(hearing()), SpaceToClient::Hearing(Hearing::default())]);
    messages.push(SpaceToClient::Signal(signal()));
    let (user, thumb) = (UserId::parse("u_abc").unwrap(), Emoji::parse("👍").unwrap());
    let message = ChatMessage {
        id: 4,
        at: NOW,
        channel: Channel::Everyone,
        author_id: UserId::parse("u_abc").unwrap(),
        author_name: DisplayName::parse("Zoë 🦊").unwrap(),
        text: ChatText::parse("Hello there").ok(),
        reply_to: 3,
        reference: 77,
        edited_at: Some(NOW),
        reactions: vec![Reaction { emoji: thumb.clone(), user_ids: vec![user.clone()], count: 4 }],
        thought: false,
    };
    let nearby = ChatMessage {
        id: 0,
        channel: Channel::Nearby,
        reply_to: 0,
        reference: 0,
        thought: true,
        edited_at: None,
        ..message.clone()
    };
    let deleted = ChatMessage { channel: Channel::Area(7), text: None, reactions: vec![], ..message.clone() };
    messages.push(SpaceToClient::Said(vec![message, nearby, deleted]));
    let change =
        |what| Change { id: 9, at: NOW, channel: Channel::Named(3), actor_id: user.clone(), message_id: 4, what };
    messages.push(SpaceToClient::Changed(vec![
        change(ChangeKind::Edited(ChatText::parse("Hello, there").unwrap())),
        change(ChangeKind::Deleted),
        change(ChangeKind::Reacted(thumb.clone())),
        change(ChangeKind::Unreacted(thumb)),
    ]));
    let channel = NamedChannel { number: 3, name: "plans".into(), topic: "what next".into(), announcements: true };
    messages.push(SpaceToClient::Rules(ChatRules { channels: vec![channel], slow_mode_s: 30 }));
    messages.push(SpaceToClient::Onlookers { channel: "c/3".into(), others: true });
    messages.push(SpaceToClient::Typing { session_id: SessionId(12), channel: "c/3".into() });
    messages.push(SpaceToClient::Emoted(vec![(SessionId(12), Emote::Confetti), (SessionId(4), Emote::Wave)]));
    messages.push(SpaceToClient::Nudged(Nudge { peer: SessionId(12), kind: NudgeKind::MayIJoin, knock: true }));
    messages.push(SpaceToClient::NudgeAnswered(NudgeAnswer {
        peer: SessionId(12),
        kind: NudgeKind::ComeHere,
        accepted: true,
    }));
    for reason in [NudgeRefusal::Unavailable, NudgeRefusal::DoNotDisturb, NudgeRefusal::TooFast] {
        messages.push(SpaceToClient::NudgeRefused(NudgeRefused { to: SessionId(12), reason, retry_in_ms: 900 }));
    }
    messages.push(SpaceToClient::Mail(b"{}".to_vec()));
    messages.push(SpaceToClient::Hearing(Hearing {
        media_rooms: vec![MediaRoom { room: 1 << 40, publish: true, leaving: false }],
        room_peers: vec![RoomPeer { session_id: SessionId(12), hears: true, heard: false, full_volume: true }],
        audience: 41,
        ..hearing()
    }));
    messages.push(SpaceToClient::MediaGrant { room: 3, grant: "a.b.c".into() });
    for reason in [
        SayRefusal::Text,
        SayRefusal::TooFast,
        SayRefusal::Channel,
        SayRefusal::Full,
        SayRefusal::Word,
        SayRefusal::SlowMode,
    ] {
        messages.push(SpaceToClient::SayRefused(SayRefused { reference: 77, reason, retry_in_ms: 900 }));
    }
    for reason in [
        SignalRefusal::OutOfEarshot,
        SignalRefusal::Stale,
        SignalRefusal::TooFast,
        SignalRefusal::TooLong,
        SignalRefusal::Away,
    ] {
        messages.push(SpaceToClient::SignalRefused(SignalRefused { to: SessionId(12), reason }));
    }
    messages
}
