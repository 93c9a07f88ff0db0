//! Hearing: whom one is connected to, how loud each of them is, and the words that make the connections.

use earshot_protocol::units::{Position, SUBPIXELS_PER_PIXEL};
use earshot_protocol::{ClientToSpace, ConnectionReport, Hearing, Publishing, SessionId, Signal, SignalRefused};
use earshot_world::earshot::EARSHOT_LEAVE;

use super::{Client, Event, Output};
use crate::clock::LocalMs;

/// Changes of what one publishes are spaced by this, and only the last of them is sent: a key held to talk changes it
/// often, and the icon that others see may be this late.
const PUBLISH_GAP_MS: i64 = 300;

/// How somebody sounds from where one is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sound {
    pub id: SessionId,
    /// 0 to 1; falls with the distance to nothing at the end of earshot.
    pub gain: f32,
    /// -1 (left) to 1 (right).
    pub pan: f32,
    /// None where it is not known.
    pub distance_px: Option<f32>,
}

/// What one gives to hear and see, as far as the space knows it.
#[derive(Debug, Default)]
pub(super) struct Published {
    wished: Publishing,
    known: Publishing,
    next_at: LocalMs,
}

impl Published {
    /// When a change that had to wait can be sent.
    pub fn wake_at(&self) -> Option<LocalMs> {
        (self.wished != self.known).then_some(self.next_at)
    }
}

impl Client {
    /// Whom one hears and is heard by, as the space said last.
    pub fn hearing(&self) -> &Hearing {
        &self.hearing
    }

    /// How each peer sounds now, direct or through a room, from where it is drawn: what one sees is what one hears.
    pub fn sounds(&self, now: LocalMs) -> Vec<Sound> {
        let own = self.own_position(now);
        let sound = |(id, hears, full_volume): (SessionId, bool, bool)| {
            let at = self.people.get(&id).and_then(|other| other.avatar.as_ref());
            let at = at.map(|avatar| avatar.position_at(self.clock.drawn_now(now)));
            let (dx_px, distance_px) = match own.zip(at) {
                Some((own, at)) => between(own, at),
                None => (0.0, None),
            };
            let reach_px = (EARSHOT_LEAVE / SUBPIXELS_PER_PIXEL) as f32;
            let by_distance = distance_px.map_or(0.0, |distance_px| (1.0 - distance_px / reach_px).max(0.0));
            Sound {
                id,
                gain: match (hears, full_volume) {
                    (false, _) => 0.0,
                    (true, true) => 1.0,
                    (true, false) => by_distance,
                },
                pan: (dx_px / reach_px).clamp(-1.0, 1.0),
                distance_px,
            }
        };
        let Hearing { peers, room_peers, .. } = &self.hearing;
        let direct = peers.iter().map(|peer| (peer.session_id, peer.hears, peer.full_volume));
        let is_direct = |id| peers.iter().any(|peer| peer.session_id == id);
        let through_rooms = room_peers.iter().filter(|peer| !is_direct(peer.session_id));
        let through_rooms = through_rooms.map(|peer| (peer.session_id, peer.hears, peer.full_volume));
        direct.chain(through_rooms).map(sound).collect()
    }

    pub(super) fn handle_hearing(&mut self, hearing: Hearing) {
        self.hearing = hearing.clone();
        self.outputs.push_back(Output::Event(Event::Hearing(hearing)));
    }

    pub(super) fn handle_signal(&mut self, signal: Signal) {
        // One that belongs to nobody one hears is from before the last word on it.
        let known = |peer: &earshot_protocol::Peer| peer.session_id == signal.peer && peer.epoch == signal.epoch;
        if self.hearing.peers.iter().any(known) {
            self.outputs.push_back(Output::Event(Event::Signal(signal)));
        }
    }

    pub(super) fn handle_signal_refused(&mut self, refused: SignalRefused) {
        self.outputs.push_back(Output::Event(Event::SignalRefused(refused)));
    }

    pub(super) fn report_connection(&mut self, report: ConnectionReport) {
        self.send(&ClientToSpace::ConnectionReport(report));
    }

    pub(super) fn wish_to_publish(&mut self, publishing: Publishing) {
        self.published.wished = publishing;
    }

    /// The space said what it knows of oneself.
    pub(super) fn note_published(&mut self, known: Publishing) {
        self.published.known = known;
    }

    pub(super) fn send_published(&mut self, now: LocalMs) {
        let Published { wished, known, next_at } = self.published;
        if wished != known && now >= next_at && self.is_online() {
            self.published = Published { wished, known: wished, next_at: now + PUBLISH_GAP_MS };
            self.push_frame(&ClientToSpace::Publish(wished));
        }
    }
}

/// To the right, and as the crow flies, in pixels.
fn between(own: Position, at: Position) -> (f32, Option<f32>) {
    let pixels = |subpixels: i32| subpixels as f32 / SUBPIXELS_PER_PIXEL as f32;
    let (dx, dy) = (pixels(at.x - own.x), pixels(at.y - own.y));
    (dx, Some(dx.hypot(dy)))
}
