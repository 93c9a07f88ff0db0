//! The client for TypeScript: numbers and bytes on the hot way, JSON for the rare events.
//!
//! Calls come in with `performance.now()`. Nothing here decides anything.

use earshot_protocol::units::{Direction, Gait, Pixel, Position, SUBPIXELS_PER_PIXEL, Tile, TimeMs};
use earshot_protocol::{
    CandidateKind, Channel, ChatMessage, ConnectionReport, Peer, Person, Publishing, Room, SessionId, Signal, Status,
};
use serde::Serialize;
use wasm_bindgen::JsError;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::avatar::{Pose, pixels};
use crate::client::{Client, Drawn, Event, Input, LinkState, Output, Place, Sound};

/// Numbers for each avatar in a drawn frame.
const STRIDE: usize = 8;

/// A client of one space, for the browser.
#[wasm_bindgen]
pub struct Core {
    client: Client,
    frame: Vec<f32>,
}

/// One output, as TypeScript sees it: a kind and what belongs to it.
#[wasm_bindgen]
pub struct Step {
    kind: &'static str,
    bytes: Vec<u8>,
    json: String,
    number: f64,
}

#[wasm_bindgen]
impl Step {
    #[wasm_bindgen(getter)]
    pub fn kind(&self) -> String {
        self.kind.into()
    }

    #[wasm_bindgen(getter)]
    pub fn bytes(&self) -> Vec<u8> {
        self.bytes.clone()
    }

    #[wasm_bindgen(getter)]
    pub fn json(&self) -> String {
        self.json.clone()
    }

    #[wasm_bindgen(getter)]
    pub fn number(&self) -> f64 {
        self.number
    }
}

#[wasm_bindgen]
impl Core {
    /// Reads the map; throws a sentence for people where it cannot.
    #[wasm_bindgen(constructor)]
    pub fn new(map: &[u8], seed: f64, ticket: Vec<u8>) -> Result<Core, JsError> {
        let map = earshot_world::tiled::read(map)?;
        Ok(Self { client: Client::new(map, seed.to_bits(), ticket), frame: Vec::new() })
    }

    pub fn start(&mut self, now: f64) {
        self.input(now, Input::Start);
    }

    pub fn opened(&mut self, now: f64) {
        self.input(now, Input::Opened);
    }

    pub fn closed(&mut self, now: f64) {
        self.input(now, Input::Closed);
    }

    pub fn access_denied(&mut self, now: f64) {
        self.input(now, Input::AccessDenied);
    }

    pub fn frame_received(&mut self, now: f64, frame: Vec<u8>) {
        self.input(now, Input::Frame(frame));
    }

    pub fn pong(&mut self, now: f64) {
        self.input(now, Input::Pong);
    }

    pub fn hope(&mut self, now: f64) {
        self.input(now, Input::Hope);
    }

    pub fn woken(&mut self, now: f64) {
        self.input(now, Input::Woken);
    }

    pub fn leave(&mut self, now: f64) {
        self.input(now, Input::Leave);
    }

    /// `octant` above 7 stops.
    pub fn steer(&mut self, now: f64, octant: u32, run: bool) {
        self.input(now, Input::Steer { direction: Direction::from_octant(octant), gait: gait(run) });
    }

    pub fn walk_to(&mut self, now: f64, x_px: f64, y_px: f64, run: bool) {
        self.input(now, Input::Walk { to: pixel(x_px, y_px), gait: gait(run) });
    }

    /// 0 follows nobody.
    pub fn follow(&mut self, now: f64, id: u32) {
        self.input(now, Input::Follow((id != 0).then_some(SessionId(id))));
    }

    pub fn set_status(&mut self, now: f64, status: &str) {
        let status = match status {
            "busy" => Status::Busy,
            "dnd" => Status::DoNotDisturb,
            "away" => Status::Away,
            _ => Status::Available,
        };
        self.input(now, Input::Status(status));
    }

    pub fn set_away(&mut self, now: f64, away: bool) {
        self.input(now, Input::Away(away));
    }

    /// Passes a payload on to a peer, within the peering of that epoch.
    pub fn signal(&mut self, now: f64, to: u32, epoch: f64, payload: &str) {
        let signal = Signal { peer: SessionId(to), epoch: TimeMs(epoch as i64), payload: payload.into() };
        self.input(now, Input::Signal(signal));
    }

    pub fn publish(&mut self, now: f64, microphone: bool, camera: bool, screen: bool) {
        self.input(now, Input::Publish(Publishing { microphone, camera, screen }));
    }

    pub fn lock(&mut self, now: f64, locked: bool) {
        self.input(now, Input::Lock(locked));
    }

    /// How one attempt to reach a peer went; `via` is the type of the local candidate as WebRTC's statistics name it.
    pub fn report(&mut self, now: f64, connected: bool, took_ms: f64, via: &str) {
        let via = match via {
            "host" => CandidateKind::Host,
            "srflx" => CandidateKind::ServerReflexive,
            "prflx" => CandidateKind::PeerReflexive,
            "relay" => CandidateKind::Relayed,
            _ => CandidateKind::Unknown,
        };
        self.input(now, Input::Report(ConnectionReport { connected, took_ms: took_ms as u32, via }));
    }

    /// Says something; returns the reference under which it comes back, or nothing where it cannot be said.
    pub fn say(&mut self, channel: &str, text: &str, reply_to: f64) -> Option<String> {
        let channel = Channel::parse(channel)?;
        self.client.say(channel, text, reply_to as u64).map(reference_word)
    }

    /// Gives a message up that was not acknowledged.
    pub fn unsay(&mut self, reference: &str) {
        if let Ok(reference) = u64::from_str_radix(reference, 16) {
            self.client.unsay(reference);
        }
    }

    /// How each peer sounds: four numbers each (id, gain, pan, distance in pixels or -1).
    pub fn sounds(&self, now: f64) -> Vec<f32> {
        let row = |sound: Sound| [sound.id.0 as f32, sound.gain, sound.pan, sound.distance_px.unwrap_or(-1.0)];
        self.client.sounds(now as i64).into_iter().flat_map(row).collect()
    }

    /// The next thing to do. The last has kind `wake`: when to call `woken`, or never if its number is negative.
    pub fn poll(&mut self) -> Step {
        let step = |kind| Step { kind, bytes: Vec::new(), json: String::new(), number: -1.0 };
        match self.client.poll_output() {
            Output::Open { check_access } => Step { number: f64::from(u8::from(check_access)), ..step("open") },
            Output::Send(bytes) => Step { bytes, ..step("send") },
            Output::Ping => step("ping"),
            Output::Drop => step("drop"),
            Output::KeepTicket(bytes) => Step { bytes, ..step("ticket") },
            Output::Event(event) => Step { json: self.event_json(event), ..step("event") },
            Output::WakeAt(at) => Step { number: at.map_or(-1.0, |at| at as f64), ..step("wake") },
        }
    }

    /// Draws: eight numbers an avatar (id, x, y, facing, pose, distance walked, flags, seat offset).
    pub fn draw(&mut self, now: f64) -> Vec<f32> {
        let frame = &mut self.frame;
        frame.clear();
        self.client.draw(now as i64, |drawn: Drawn| {
            let (pose, offset) = match drawn.pose {
                Pose::Stand => (0.0, 0.0),
                Pose::Walk => (1.0, 0.0),
                Pose::Run => (2.0, 0.0),
                Pose::Sit { offset_y_px } => (3.0, offset_y_px as f32),
            };
            let flags = f32::from(u8::from(drawn.own)) + if drawn.connected { 0.0 } else { 2.0 };
            let row: [f32; STRIDE] = [
                drawn.id.0 as f32,
                drawn.x_px,
                drawn.y_px,
                drawn.facing as u8 as f32,
                pose,
                drawn.walked_px,
                flags,
                offset,
            ];
            frame.extend_from_slice(&row);
        });
        frame.clone()
    }

    pub fn moving(&self, now: f64) -> bool {
        self.client.is_moving(now as i64)
    }

    /// Points of the path to a place, as pairs; none where there is no way.
    pub fn path_preview(&self, now: f64, x_px: f64, y_px: f64) -> Vec<f32> {
        let points = self.client.path_preview(pixel(x_px, y_px), now as i64);
        points.into_iter().flat_map(|point| [point.x as f32, point.y as f32]).collect()
    }

    /// x, y and 1 for an exact place, 0 for a rough one; nothing for nobody.
    pub fn locate(&self, now: f64, id: u32) -> Vec<f32> {
        let (at, exact) = match self.client.locate(SessionId(id), now as i64) {
            None => return Vec::new(),
            Some(Place::Exact(at)) => (at, 1.0),
            Some(Place::Near(at)) => (at, 0.0),
        };
        vec![pixels(at.x), pixels(at.y), exact]
    }

    /// The position by the courses alone, in 1/256 pixel, for tests; nothing while nobody is there.
    pub fn own_position(&self, now: f64) -> Vec<i32> {
        self.client.own_position(now as i64).map_or(Vec::new(), |Position { x, y }| vec![x, y])
    }

    pub fn area_at(&self, x_px: f64, y_px: f64) -> Option<String> {
        self.client.map().area_at(pixel(x_px, y_px).position()).map(|area| area.name.clone())
    }

    pub fn blocked(&self, tile_x: i32, tile_y: i32) -> bool {
        self.client.map().is_blocked(Tile { x: tile_x, y: tile_y })
    }

    /// Statistics as JSON, for the about panel and for tests.
    pub fn statistics(&self) -> String {
        let statistics = self.client.statistics();
        serde_json::json!({
            "intents": statistics.intents,
            "corrections": statistics.corrections,
            "correctionPxMax": statistics.correction_px_max,
            "courses": statistics.courses,
            "lateCourses": statistics.late_courses,
            "latePxMax": statistics.late_px_max,
            "frames": statistics.frames,
            "frameBytes": statistics.frame_bytes,
            "sent": statistics.sent,
            "sentBytes": statistics.sent_bytes,
            "roundTripMs": self.client.round_trip_ms(),
        })
        .to_string()
    }
}

impl Core {
    fn input(&mut self, now: f64, input: Input) {
        self.client.handle_input(now as i64, input);
    }

    fn event_json(&self, event: Event) -> String {
        let own = self.client.own_id();
        let value = match event {
            Event::Link { state, attempt, retry_in_ms, refused } => serde_json::json!({
                "type": "connection",
                "state": match state {
                    LinkState::Connecting => "connecting",
                    LinkState::Online => "online",
                    LinkState::Reconnecting => "reconnecting",
                    LinkState::Ended => "ended",
                },
                "attempt": attempt,
                "retryInMs": retry_in_ms,
                "reason": refused.map(|refused| serde_json::json!({"code": refused.code.as_str(), "message": refused.message})),
            }),
            Event::Welcome { own, resumed } => {
                serde_json::json!({"type": "welcome", "self": own.0, "resumed": resumed})
            }
            Event::People { changed, left } => serde_json::json!({
                "type": "people",
                "changed": changed.iter().map(|person| PersonJson::of(person, own)).collect::<Vec<_>>(),
                "left": left.into_iter().map(|id| id.0).collect::<Vec<_>>(),
            }),
            Event::Arrived => serde_json::json!({"type": "arrived", "target": "tile"}),
            Event::Hearing(hearing) => serde_json::json!({
                "type": "hearing",
                "room": match hearing.room {
                    Room::Open => "open",
                    Room::Private => "private",
                    Room::Silent => "silent",
                },
                "peers": hearing.peers.iter().map(PeerJson::of).collect::<Vec<_>>(),
                "beyond": hearing.beyond,
                "locked": hearing.locked,
                "lockedOut": hearing.locked_out,
            }),
            Event::Signal(signal) => serde_json::json!({
                "type": "signal",
                "from": signal.peer.0,
                "epoch": signal.epoch.0,
                // A payload that is no text is no payload of ours; the reader finds no JSON in it.
                "payload": String::from_utf8(signal.payload).unwrap_or_default(),
            }),
            Event::SignalRefused(refused) => {
                serde_json::json!({"type": "signalRefused", "to": refused.to.0, "reason": refused.reason.as_str()})
            }
            Event::Said(messages) => serde_json::json!({
                "type": "said",
                "messages": messages.iter().map(MessageJson::of).collect::<Vec<_>>(),
            }),
            Event::SayRefused(refused) => serde_json::json!({
                "type": "sayRefused",
                "reference": reference_word(refused.reference),
                "reason": refused.reason.as_str(),
                "retryInMs": refused.retry_in_ms,
            }),
            Event::Following(whom) => serde_json::json!({"type": "following", "id": whom.map(|id| id.0)}),
        };
        value.to_string()
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PersonJson<'a> {
    id: u32,
    user_id: &'a str,
    name: &'a str,
    guest: bool,
    role: earshot_protocol::Role,
    look: earshot_protocol::Look,
    status: &'static str,
    connected: bool,
    #[serde(rename = "self")]
    own: bool,
    microphone: bool,
    camera: bool,
    screen: bool,
    locked: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PeerJson {
    id: u32,
    epoch: i64,
    polite: bool,
    hears: bool,
    heard: bool,
    full_volume: bool,
}

impl PeerJson {
    fn of(peer: &Peer) -> Self {
        let Peer { session_id, epoch, polite, hears, heard, full_volume } = *peer;
        Self { id: session_id.0, epoch: epoch.0, polite, hears, heard, full_volume }
    }
}

impl<'a> PersonJson<'a> {
    fn of(person: &'a Person, own: Option<SessionId>) -> Self {
        Self {
            id: person.session_id.0,
            user_id: person.user_id.as_str(),
            name: person.name.as_str(),
            guest: person.guest,
            role: person.role,
            look: person.look,
            status: match person.status {
                Status::Available => "available",
                Status::Busy => "busy",
                Status::DoNotDisturb => "dnd",
                Status::Away => "away",
            },
            connected: person.connected,
            own: Some(person.session_id) == own,
            microphone: person.publishing.microphone,
            camera: person.publishing.camera,
            screen: person.publishing.screen,
            locked: person.locked,
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct MessageJson<'a> {
    id: u64,
    at: i64,
    channel: &'static str,
    author_id: &'a str,
    author_name: &'a str,
    text: &'a str,
    reply_to: u64,
    reference: String,
}

impl<'a> MessageJson<'a> {
    fn of(message: &'a ChatMessage) -> Self {
        Self {
            id: message.id,
            at: message.at.0,
            channel: message.channel.as_str(),
            author_id: message.author_id.as_str(),
            author_name: message.author_name.as_str(),
            text: message.text.as_str(),
            reply_to: message.reply_to,
            reference: reference_word(message.reference),
        }
    }
}

/// As the API writes references: JavaScript's numbers end before theirs do.
fn reference_word(reference: u64) -> String {
    format!("{reference:016x}")
}

fn gait(run: bool) -> Gait {
    if run { Gait::Run } else { Gait::Walk }
}

/// A point from TypeScript; anything that is no number on a map becomes its nearest edge.
fn pixel(x_px: f64, y_px: f64) -> Pixel {
    let limit = f64::from(i32::MAX / SUBPIXELS_PER_PIXEL / 2);
    Pixel { x: x_px.clamp(0.0, limit) as i32, y: y_px.clamp(0.0, limit) as i32 }
}
