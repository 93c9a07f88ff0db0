//! The client for TypeScript: numbers and bytes on the hot way, JSON for the rare events.
//!
//! Calls come in with `performance.now()`. Nothing here decides anything.

mod json;

use earshot_protocol::units::{Direction, Gait, Pixel, Position, SUBPIXELS_PER_PIXEL, Tile, TimeMs};
use earshot_protocol::{
    CandidateKind, Channel, ConnectionReport, Emote, EmoteIntent, Flows, Nudge, NudgeAnswer, NudgeKind, Publishing,
    SessionId, Signal, Status,
};
use earshot_world::earshot::{Acoustics, Ear};
use wasm_bindgen::JsError;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::avatar::{Pose, pixels};
use crate::client::{Client, Drawn, Input, Output, Place, Sound};

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
    pub fn say(&mut self, now: f64, channel: &str, text: &str, reply_to: f64, thought: bool) -> Option<String> {
        let channel = Channel::parse(channel)?;
        self.client.say(now as i64, channel, text, reply_to as u64, thought).map(json::reference_word)
    }

    /// Which channel is open before the person's eyes; any other word means none.
    pub fn look(&mut self, now: f64, channel: &str) {
        self.input(now, Input::Look(Channel::parse(channel)));
    }

    pub fn typing(&mut self, now: f64) {
        self.input(now, Input::Typing);
    }

    pub fn emote(&mut self, now: f64, emote: &str, on: bool) {
        if let Some(emote) = Emote::parse(emote) {
            self.input(now, Input::Emote(EmoteIntent { emote, on }));
        }
    }

    pub fn nudge(&mut self, now: f64, to: u32, kind: &str) {
        if let Some(kind) = NudgeKind::parse(kind) {
            self.input(now, Input::Nudge(Nudge { peer: SessionId(to), kind, knock: false }));
        }
    }

    pub fn answer_nudge(&mut self, now: f64, to: u32, kind: &str, accepted: bool) {
        if let Some(kind) = NudgeKind::parse(kind) {
            self.input(now, Input::NudgeAnswer(NudgeAnswer { peer: SessionId(to), kind, accepted }));
        }
    }

    /// Whether what is said now goes out; who does something or asks wants to know that it did.
    pub fn online(&self) -> bool {
        self.client.is_online()
    }

    /// Asks for a grant for a media room.
    pub fn want_grant(&mut self, now: f64, room: f64) {
        self.input(now, Input::WantGrant { room: room as u64 });
    }

    /// Through which ways media flow: rooms, and sessions that are connected directly.
    pub fn flows(&mut self, now: f64, rooms: Vec<f64>, peers: Vec<u32>) {
        let rooms = rooms.into_iter().map(|room| room as u64).collect();
        self.input(now, Input::Flows(Flows { rooms, peers: peers.into_iter().map(SessionId).collect() }));
    }

    /// The node of a media room is silent.
    pub fn room_lost(&mut self, now: f64, room: f64) {
        self.input(now, Input::RoomLost { room: room as u64 });
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
            Output::Event(event) => Step { json: json::event(&self.client, event), ..step("event") },
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
        numbers(self.client.locate(SessionId(id), now as i64))
    }

    /// Where to stand with somebody, as `locate` says where they are.
    pub fn beside(&self, now: f64, id: u32) -> Vec<f32> {
        numbers(self.client.beside(SessionId(id), now as i64))
    }

    /// The position by the courses alone, in 1/256 pixel, for tests; nothing while nobody is there.
    pub fn own_position(&self, now: f64) -> Vec<i32> {
        self.client.own_position(now as i64).map_or(Vec::new(), |Position { x, y }| vec![x, y])
    }

    pub fn area_at(&self, x_px: f64, y_px: f64) -> Option<String> {
        self.client.map().area_at(pixel(x_px, y_px).position()).map(|area| area.name.clone())
    }

    /// Whether one stands on a stage there, and is heard by its audience.
    pub fn stage_at(&self, x_px: f64, y_px: f64) -> bool {
        let ear = Ear::at(self.client.map(), pixel(x_px, y_px).position());
        matches!(ear.acoustics, Acoustics::Open { stage: Some(_) })
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
}

fn gait(run: bool) -> Gait {
    if run { Gait::Run } else { Gait::Walk }
}

/// A point from TypeScript; anything that is no number on a map becomes its nearest edge.
fn numbers(place: Option<Place>) -> Vec<f32> {
    let (at, exact) = match place {
        None => return Vec::new(),
        Some(Place::Exact(at)) => (at, 1.0),
        Some(Place::Near(at)) => (at, 0.0),
    };
    vec![pixels(at.x), pixels(at.y), exact]
}

fn pixel(x_px: f64, y_px: f64) -> Pixel {
    let limit = f64::from(i32::MAX / SUBPIXELS_PER_PIXEL / 2);
    Pixel { x: x_px.clamp(0.0, limit) as i32, y: y_px.clamp(0.0, limit) as i32 }
}
