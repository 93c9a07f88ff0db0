//! The client: inputs from the caller and the space, outputs to perform, and what there is to draw.

mod attention;
mod beside;
mod chat;
mod follow;
mod frames;
mod hear;
mod presence;

use std::collections::{BTreeMap, VecDeque};

use earshot_protocol::units::{Direction, Facing, Gait, Pixel, Position, TimeMs};
use earshot_protocol::{
    Change, Channel, ChatMessage, ChatRules, ClientToSpace, ConnectionReport, Emote, EmoteIntent, Flows, Hearing,
    Hello, Nudge, NudgeAnswer, NudgeRefused, Person, Publishing, RefusalCode, Refused, SayRefused, SessionId, Signal,
    SignalRefused, Status, version,
};
use earshot_world::{Cell, Course, Map, path};

use crate::avatar::{Avatar, Pose};
use crate::clock::{Clock, LocalMs};
use crate::link::{self, Link, Task};
use crate::own::{Own, Wish};

use attention::Attention;
use chat::Unsaid;
use hear::Published;
pub use hear::Sound;
use presence::Presence;

/// Steering intents are spaced by this once a burst is used up: more is not told apart by an eye, and costs credits.
const STEER_GAP_MS: i64 = 90;
/// Changes of direction that go out at once before the gap applies.
const STEER_BURST: i64 = 20;

/// What the caller tells the client.
#[derive(Clone, Debug)]
pub enum Input {
    /// Begin to connect.
    Start,
    /// The socket that [`Output::Open`] asked for is open.
    Opened,
    /// It is closed, or could not be opened.
    Closed,
    /// The sign-in turned out to be over for good.
    AccessDenied,
    /// A binary frame arrived.
    Frame(Vec<u8>),
    /// The text `pong` arrived.
    Pong,
    /// The network came back, or the page is looked at again.
    Hope,
    /// Go in a direction, or stop.
    Steer {
        direction: Option<Direction>,
        gait: Gait,
    },
    /// Walk to a point.
    Walk {
        to: Pixel,
        gait: Gait,
    },
    /// Walk after somebody, or no longer.
    Follow(Option<SessionId>),
    Status(Status),
    Away(bool),
    /// Pass this on to a peer.
    Signal(Signal),
    /// What one gives to hear and see.
    Publish(Publishing),
    /// Lock the conversation one is in, or open it again.
    Lock(bool),
    Report(ConnectionReport),
    /// Which channel is open before the person's eyes.
    Look(Option<Channel>),
    /// A key was struck in it.
    Typing,
    Emote(EmoteIntent),
    Nudge(Nudge),
    NudgeAnswer(NudgeAnswer),
    /// A grant for a media room is wanted.
    WantGrant {
        room: u64,
    },
    /// Through which ways media flow.
    Flows(Flows),
    /// The node of a media room is silent.
    RoomLost {
        room: u64,
    },
    /// Go, for good.
    Leave,
    /// The time of [`Output::WakeAt`] has come.
    Woken,
}

/// What the caller has to do.
#[derive(Clone, Debug, PartialEq)]
pub enum Output {
    /// Open a socket in place of any other; `check_access` asks to renew the sign-in first.
    Open {
        check_access: bool,
    },
    Send(Vec<u8>),
    /// Send the text `ping`.
    Ping,
    /// Close the socket; do not report it as closed.
    Drop,
    /// Keep this until the next start: [`Client::new`] takes it.
    KeepTicket(Vec<u8>),
    Event(Event),
    /// All is said; call again then, or at the next input.
    WakeAt(Option<LocalMs>),
}

/// What the interface wants to know. Positions are not among it: they are asked for.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    Link {
        state: LinkState,
        attempt: u32,
        retry_in_ms: Option<i64>,
        refused: Option<Refused>,
    },
    Welcome {
        own: SessionId,
        resumed: bool,
    },
    People {
        changed: Vec<Person>,
        left: Vec<SessionId>,
    },
    /// A walk to a point is over.
    Arrived,
    Following(Option<SessionId>),
    /// Whom one hears and is heard by: all of it.
    Hearing(Hearing),
    Signal(Signal),
    SignalRefused(SignalRefused),
    /// Oldest first; some may have been told before. What is later than `live_since` is said now; all else was at hand.
    Said {
        messages: Vec<ChatMessage>,
        live_since: TimeMs,
    },
    SayRefused(SayRefused),
    /// It went out so long ago that it is not said again, and was not acknowledged. It may still be.
    SayUnsure {
        reference: u64,
    },
    /// Oldest first; some may be of messages that were never told.
    Changed(Vec<Change>),
    Rules(ChatRules),
    Onlookers {
        channel: Channel,
        others: bool,
    },
    Typing {
        id: SessionId,
        channel: Channel,
    },
    Emoted {
        id: SessionId,
        emote: Emote,
    },
    Nudged(Nudge),
    NudgeAnswered(NudgeAnswer),
    NudgeRefused(NudgeRefused),
    /// Something from outside of the space, as JSON.
    Mail(Vec<u8>),
    /// What lets this session into a media room, once.
    MediaGrant {
        room: u64,
        grant: String,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkState {
    Connecting,
    Online,
    Reconnecting,
    Ended,
}

/// Where somebody is: exactly, or, beyond the interest, by cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Exact(Position),
    Near(Position),
}

/// One avatar to draw.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Drawn {
    pub id: SessionId,
    pub x_px: f32,
    pub y_px: f32,
    pub facing: Facing,
    pub pose: Pose,
    pub walked_px: f32,
    pub own: bool,
    pub connected: bool,
}

/// What was measured.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Statistics {
    /// Movement intents sent.
    pub intents: u64,
    /// Of those, decided otherwise than predicted, by more than a pixel.
    pub corrections: u64,
    pub correction_px_max: f32,
    /// Courses of others that arrived, and those of them that came too late to be drawn without a blend.
    pub courses: u64,
    pub late_courses: u64,
    pub late_px_max: f32,
    pub frames: u64,
    pub frame_bytes: u64,
    pub sent: u64,
    pub sent_bytes: u64,
}

struct Other {
    person: Person,
    /// While it is within interest.
    avatar: Option<Avatar>,
}

/// A client of one space.
pub struct Client {
    map: Map,
    clock: Clock,
    link: Link,
    ticket: Vec<u8>,
    own_id: Option<SessionId>,
    own: Option<Own>,
    own_avatar: Option<Avatar>,
    people: BTreeMap<SessionId, Other>,
    wished: Wish,
    sent_wish: Wish,
    steer_credit_ms: LocalMs,
    walking_until: Option<TimeMs>,
    following: Option<SessionId>,
    follow_again_at: Option<LocalMs>,
    /// Tells this run of the client from another.
    instance: u64,
    hearing: Hearing,
    published: Published,
    presence: Presence,
    unsaid: Unsaid,
    /// The server's time when it let this connection in.
    welcomed_at: TimeMs,
    attention: Attention,
    statistics: Statistics,
    outputs: VecDeque<Output>,
}

impl Client {
    /// A client that is not connected yet. `ticket` is what [`Output::KeepTicket`] gave last for this space, or empty.
    pub fn new(map: Map, seed: u64, ticket: Vec<u8>) -> Self {
        Self {
            map,
            clock: Clock::default(),
            link: Link::new(seed),
            ticket,
            own_id: None,
            own: None,
            own_avatar: None,
            people: BTreeMap::new(),
            wished: Wish::STOP,
            sent_wish: Wish::STOP,
            steer_credit_ms: 0,
            walking_until: None,
            following: None,
            follow_again_at: None,
            instance: seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1,
            hearing: Hearing::default(),
            published: Published::default(),
            presence: Presence::default(),
            unsaid: Unsaid::new(seed),
            welcomed_at: TimeMs(0),
            attention: Attention::default(),
            statistics: Statistics::default(),
            outputs: VecDeque::new(),
        }
    }

    // ---- getters -----------------------------------------------------------------------------------------------------

    pub fn map(&self) -> &Map {
        &self.map
    }

    pub fn own_id(&self) -> Option<SessionId> {
        self.own_id
    }

    pub fn statistics(&self) -> Statistics {
        self.statistics
    }

    /// Whether what is said now goes out.
    pub fn is_online(&self) -> bool {
        matches!(self.link.state(), link::State::Online { .. })
    }

    pub fn round_trip_ms(&self) -> Option<i64> {
        self.link.round_trip_ms()
    }

    /// The server's time, as estimated.
    pub fn server_now(&self, now: LocalMs) -> TimeMs {
        self.clock.server_now(now)
    }

    /// Everybody in the space.
    pub fn people(&self) -> impl Iterator<Item = &Person> {
        self.people.values().map(|other| &other.person)
    }

    /// Where one's own avatar is by the courses in force, without any blend.
    pub fn own_position(&self, now: LocalMs) -> Option<Position> {
        self.own.as_ref().map(|own| own.course().position_at(self.clock.server_now(now)))
    }

    /// Whether one's own course is still going on.
    pub fn is_walking(&self, now: LocalMs) -> bool {
        self.own.as_ref().is_some_and(|own| own.course().end() > self.clock.server_now(now))
    }

    /// Where somebody is.
    pub fn locate(&self, id: SessionId, now: LocalMs) -> Option<Place> {
        if Some(id) == self.own_id {
            return self.own_position(now).map(Place::Exact);
        }
        let other = self.people.get(&id)?;
        match &other.avatar {
            Some(avatar) => Some(Place::Exact(avatar.position_at(self.clock.drawn_now(now)))),
            None => Cell::from_index(other.person.cell).map(|cell| Place::Near(cell.center())),
        }
    }

    /// The path a walk to a point would take, from where one is.
    pub fn path_preview(&self, to: Pixel, now: LocalMs) -> Vec<Pixel> {
        let Some(from) = self.own_position(now) else { return Vec::new() };
        path::route(&self.map, from, self.aim(to).position()).unwrap_or_default()
    }

    /// Whether the next frame would look different from this one.
    pub fn is_moving(&self, now: LocalMs) -> bool {
        let (server_now, drawn_now) = (self.clock.server_now(now), self.clock.drawn_now(now));
        self.own_avatar.as_ref().is_some_and(|avatar| avatar.is_moving(server_now))
            || self.people.values().filter_map(|other| other.avatar.as_ref()).any(|avatar| avatar.is_moving(drawn_now))
    }

    /// Everybody to draw, each once.
    pub fn draw(&mut self, now: LocalMs, mut each: impl FnMut(Drawn)) {
        self.clock.advance(now);
        let (server_now, drawn_now) = (self.clock.server_now(now), self.clock.drawn_now(now));
        for (&id, other) in &mut self.people {
            let own = Some(id) == self.own_id;
            let avatar = if own { self.own_avatar.as_mut() } else { other.avatar.as_mut() };
            let Some(avatar) = avatar else { continue };
            let sample = avatar.sample(&self.map, now, if own { server_now } else { drawn_now });
            each(Drawn {
                id,
                x_px: sample.x_px,
                y_px: sample.y_px,
                facing: sample.facing,
                pose: sample.pose,
                walked_px: avatar.walked_px(),
                own,
                connected: other.person.connected,
            });
        }
    }

    // ---- inputs ------------------------------------------------------------------------------------------------------

    /// Takes an input. Drain [`Self::poll_output`] afterwards.
    pub fn handle_input(&mut self, now: LocalMs, input: Input) {
        self.clock.advance(now);
        match input {
            Input::Start => {
                self.link.start();
                self.tell_link(None, now);
            }
            Input::Opened => self.handle_opened(now),
            Input::Closed => {
                self.link.handle_closed(now);
                self.handle_lost(now, None);
            }
            Input::AccessDenied => {
                let message = "You are signed out. Sign in again to come back.".into();
                self.handle_refused(now, Refused { code: RefusalCode::Removed, message });
            }
            Input::Frame(frame) => self.handle_frame(now, &frame),
            Input::Pong => self.link.handle_pong(now),
            Input::Hope => self.link.handle_hope(now),
            Input::Steer { direction, gait } => {
                self.stop_following(now);
                self.wished = Wish::Steer { direction, gait };
            }
            Input::Walk { to, gait } => {
                self.stop_following(now);
                self.wished = Wish::Walk { to: self.aim(to), gait };
                self.sent_wish = Wish::STOP;
            }
            Input::Follow(whom) => self.handle_follow(now, whom),
            Input::Status(status) => self.wish_status(status),
            Input::Away(away) => self.wish_away(away),
            Input::Signal(signal) => self.send(&ClientToSpace::Signal(signal)),
            Input::Publish(publishing) => self.wish_to_publish(publishing),
            Input::Lock(locked) => self.send(&ClientToSpace::Lock(locked)),
            Input::Report(report) => self.report_connection(report),
            Input::Look(channel) => self.handle_look(channel),
            Input::Typing => self.handle_typing(now),
            Input::Emote(intent) => self.send(&ClientToSpace::Emote(intent)),
            Input::Nudge(nudge) => self.send(&ClientToSpace::Nudge(nudge)),
            Input::NudgeAnswer(answer) => self.send(&ClientToSpace::NudgeAnswer(answer)),
            Input::WantGrant { room } => self.send(&ClientToSpace::Grant { room }),
            Input::Flows(flows) => self.send(&ClientToSpace::Flows(flows)),
            Input::RoomLost { room } => self.send(&ClientToSpace::RoomLost { room }),
            Input::Leave => {
                self.send(&ClientToSpace::Leave);
                self.link.end();
                self.outputs.push_back(Output::Drop);
            }
            Input::Woken => {}
        }
        self.keep_following(now);
        self.send_wish(now);
        self.send_published(now);
        self.note_arrival(now);
        self.run_link(now);
    }

    /// Yields what to do next, ending with [`Output::WakeAt`].
    pub fn poll_output(&mut self) -> Output {
        self.outputs.pop_front().unwrap_or_else(|| Output::WakeAt(self.wake_at()))
    }

    fn wake_at(&self) -> Option<LocalMs> {
        let pending_steer = (self.wished != self.sent_wish && self.is_online()).then_some(self.steer_credit_ms);
        let publish = self.published.wake_at().filter(|_| self.is_online());
        [self.link.wake_at(), self.follow_again_at, pending_steer, self.arrival_at(), publish]
            .into_iter()
            .flatten()
            .min()
    }

    // ---- connection --------------------------------------------------------------------------------------------------

    fn run_link(&mut self, now: LocalMs) {
        while let Some(task) = self.link.poll_task(now) {
            match task {
                Task::Open { check_access } => {
                    self.outputs.push_back(Output::Open { check_access });
                    self.tell_link(None, now);
                }
                Task::Ping => self.outputs.push_back(Output::Ping),
                Task::Drop => {
                    self.outputs.push_back(Output::Drop);
                    self.handle_lost(now, None);
                }
            }
        }
    }

    fn handle_opened(&mut self, now: LocalMs) {
        self.link.handle_opened(now);
        let (version_min, version_max) = version::SPOKEN.into_inner();
        let hello = ClientToSpace::Hello(Hello {
            version_min,
            version_max,
            ticket: self.ticket.clone(),
            instance: self.instance,
        });
        self.push_frame(&hello);
    }

    /// The connection is gone: one stands until it is back, for nobody sees one walk.
    fn handle_lost(&mut self, now: LocalMs, refused: Option<Refused>) {
        let server_now = self.clock.server_now(now);
        if let (Some(own), Some(avatar)) = (&mut self.own, &mut self.own_avatar) {
            let course = own.course();
            if course.end() > server_now {
                let standing =
                    Course::standing(course.position_at(server_now), server_now, course.facing_at(server_now));
                *own = Own::new(standing.clone(), 0);
                avatar.follow(standing, now, server_now);
            }
        }
        self.walking_until = None;
        self.sent_wish = Wish::STOP;
        if let Wish::Walk { .. } = self.wished {
            self.wished = Wish::STOP;
        }
        self.clock.reset();
        self.tell_link(refused, now);
    }

    fn handle_refused(&mut self, now: LocalMs, refused: Refused) {
        // The close event may be long in coming; what was said is enough.
        self.outputs.push_back(Output::Drop);
        if refused.code.may_retry() {
            self.link.handle_closed(now);
            return self.handle_lost(now, None);
        }
        self.link.end();
        self.handle_lost(now, Some(refused));
    }

    fn tell_link(&mut self, refused: Option<Refused>, now: LocalMs) {
        let (state, retry_in_ms) = match self.link.state() {
            link::State::Online { .. } => (LinkState::Online, None),
            link::State::Ended => (LinkState::Ended, None),
            link::State::Waiting { until } => (self.offline_state(), Some((until - now).max(0))),
            link::State::Idle | link::State::Opening { .. } => (self.offline_state(), None),
        };
        self.outputs.push_back(Output::Event(Event::Link {
            state,
            attempt: self.link.attempt(),
            retry_in_ms,
            refused,
        }));
    }

    fn offline_state(&self) -> LinkState {
        if self.own_id.is_none() { LinkState::Connecting } else { LinkState::Reconnecting }
    }

    fn send(&mut self, message: &ClientToSpace) {
        if self.is_online() {
            self.push_frame(message);
        }
    }

    fn push_frame(&mut self, message: &ClientToSpace) {
        let frame = message.encode();
        self.statistics.sent += 1;
        self.statistics.sent_bytes += frame.len() as u64;
        self.outputs.push_back(Output::Send(frame));
    }

    // ---- walking -----------------------------------------------------------------------------------------------------

    /// A click on a seat means the middle of it.
    fn aim(&self, to: Pixel) -> Pixel {
        let tile = to.position().tile();
        self.map.seat_on(tile).map_or(to, |_| tile.center().pixel())
    }

    /// Makes what is wished for an intent, as far as the gap between intents allows.
    fn send_wish(&mut self, now: LocalMs) {
        if self.wished == self.sent_wish || !self.is_online() || now < self.steer_credit_ms {
            return;
        }
        let server_now = self.clock.server_now(now);
        let (Some(own), Some(avatar)) = (&mut self.own, &mut self.own_avatar) else { return };
        let is_stop = matches!(self.wished, Wish::Steer { direction: None, .. });
        if is_stop && own.course().end() <= server_now {
            self.sent_wish = self.wished;
            return;
        }
        let (message, course) = own.wish(&self.map, self.wished, server_now);
        self.walking_until = matches!(self.wished, Wish::Walk { .. }).then(|| course.end());
        avatar.follow(course, now, server_now);
        self.sent_wish = self.wished;
        self.statistics.intents += 1;
        // A bucket kept as a time: full at `now - burst`, empty at `now`.
        let full = now - STEER_BURST * STEER_GAP_MS;
        self.steer_credit_ms = self.steer_credit_ms.max(full) + STEER_GAP_MS;
        self.push_frame(&message);
    }

    fn arrival_at(&self) -> Option<LocalMs> {
        let server_end = self.walking_until?;
        Some(server_end.since(self.clock.server_now(0)))
    }

    fn note_arrival(&mut self, now: LocalMs) {
        if self.walking_until.is_some_and(|end| self.clock.server_now(now) >= end) {
            self.walking_until = None;
            if self.following.is_none() {
                self.outputs.push_back(Output::Event(Event::Arrived));
            }
        }
    }
}
