//! A media packet's way through the node: whose it is, what it is, whom it goes to, and as what.

use std::sync::Arc;
use std::time::Instant;

use earshot_protocol::fleet::TrackKind;
use str0m::rtp::{RedDecoder, RtpPacket};

use super::Node;
use super::config::{SILENT_MAX, SILENT_SCREEN_MAX};
use super::lanes::{Codecs, is_sound};
use super::participant::{Leave, Participant};
use super::picture::Picture;
use super::sending::Outgoing;
use super::slab::Key;
use crate::PublicationId;
use crate::room::{Forward, Kind, Packet, ParticipantId};

/// Heights of layers before a key frame said them, lowest first.
const HEIGHTS_PX: [u32; 3] = [180, 360, 720];

/// Reused from packet to packet.
#[derive(Default)]
pub struct Scratch {
    forwards: Vec<(Key, Forward)>,
}

/// What was read of a packet.
struct Source {
    publication: PublicationId,
    layer: u8,
    codec: Codecs,
    is_red: bool,
    picture: Option<Picture>,
}

pub fn kind_of(kind: TrackKind) -> Kind {
    match kind {
        TrackKind::Microphone | TrackKind::Sound => Kind::Voice,
        TrackKind::Camera => Kind::Camera,
        TrackKind::Screen => Kind::Screen,
    }
}

impl Node {
    pub(super) fn forward(&mut self, key: Key, packet: RtpPacket, now: Instant) {
        self.counters.packets_in += 1;
        if self.panic_in.is_some() && self.injected_panic(key, now) {
            return;
        }
        let Some(source) = self.source(key, &packet, now) else { return };
        let Some(participant) = self.participants.get(key) else { return };
        let Some(room) = self.rooms.get_mut(participant.room) else { return };
        let seen = Packet {
            seq: *packet.seq_no,
            timestamp: packet.header.timestamp,
            bytes: packet.payload.len(),
            // str0m has decibels below zero.
            level: packet.header.ext_vals.audio_level.map(|level| level.unsigned_abs().min(127)),
            begins_key_frame: source.picture.is_some_and(|picture| picture.begins_key_frame),
        };
        if let Some(height_px) = source.picture.and_then(|picture| picture.height_px) {
            room.decisions.measure(source.publication, source.layer, height_px);
        }
        let mut forwards = std::mem::take(&mut self.scratch.forwards);
        let members = &room.members;
        let ms = crate::Ms(i64::try_from(now.saturating_duration_since(self.started).as_millis()).unwrap_or(i64::MAX));
        room.decisions.handle_packet(source.publication, source.layer, seen, ms, |forward| {
            if let Some(&member) = members.get(&forward.to.0) {
                forwards.push((member, forward));
            }
        });
        let mut unwrapped = None;
        for (to, forward) in forwards.drain(..) {
            self.write(to, &forward, &packet, &source, &mut unwrapped);
        }
        self.scratch.forwards = forwards;
    }

    /// Whose the packet is, and what it is; none where it is not to be forwarded.
    fn source(&mut self, key: Key, packet: &RtpPacket, now: Instant) -> Option<Source> {
        let participant = self.participants.get_mut(key)?;
        let ssrc = packet.header.ssrc;
        let Participant { connection, lanes, .. } = participant;
        let mut found = None;
        let known = lanes.stream(ssrc, || {
            let looked = connection.change(&mut self.outcome, |rtc| {
                Ok(rtc.direct_api().stream_rx(&ssrc).map(|stream| (stream.mid(), stream.rid())))
            });
            found = Some(looked);
            found.as_ref()?.as_ref().ok().copied().flatten().flatten()
        });
        if matches!(found, Some(Err(_))) {
            self.fail(key, now);
            return None;
        }
        let (index, layer) = known?;
        let room = self.rooms.get_mut(participant.room)?;
        if !participant.admission.publish || !room.may_publish(participant.admission.session) {
            return None;
        }
        let session = participant.admission.session;
        let source = participant.lanes.sources.get_mut(index)?;
        let codec = source.codec?;
        let is_red = codec.red == Some(packet.header.payload_type);
        if !is_red && packet.header.payload_type != codec.main {
            return None;
        }
        source.came_at = Some(now);
        let picture = if is_sound(source.kind) { None } else { Some(Picture::parse(&packet.payload)?) };
        let mut is_new = false;
        let publication = match source.publication {
            Some(publication) => publication,
            None => {
                is_new = true;
                let layers = source.rids.len().min(HEIGHTS_PX.len());
                let heights = HEIGHTS_PX.get(..layers).unwrap_or_default();
                *source
                    .publication
                    .insert(room.decisions.publish(ParticipantId(session), kind_of(source.kind), heights).ok()?)
            }
        };
        let room = participant.room;
        if is_new {
            // It may have been wished for before it was there, and its voice is heard from the next choice on.
            self.rewish_all(room);
            self.choose(room, now);
        }
        Some(Source { publication, layer, codec, is_red, picture })
    }

    fn write(
        &mut self,
        to: Key,
        forward: &Forward,
        packet: &RtpPacket,
        source: &Source,
        unwrapped: &mut Option<Arc<[u8]>>,
    ) {
        let Some(participant) = self.participants.get_mut(to).filter(|one| !one.is_leaving()) else { return };
        let Some(lane) = participant.lanes.lane(forward.slot) else { return };
        let Some(codec) = lane.codec else { return };
        let (pt, payload) = match (source.is_red, codec.red) {
            // The blocks inside carry numbers of the codec, which have to mean the same to the receiver.
            (true, Some(red)) if codec.main == source.codec.main => (red, packet.payload.clone()),
            (true, _) => (codec.main, unwrapped.get_or_insert_with(|| primary(&packet.payload)).clone()),
            (false, _) => (codec.main, packet.payload.clone()),
        };
        if payload.is_empty() {
            return;
        }
        let patch = source.picture.as_ref().and_then(|picture| lane.numbers.place(picture, forward.switched));
        let came = &packet.header.ext_vals;
        let level = came.audio_level.filter(|_| source.picture.is_none());
        let outgoing = Outgoing {
            line: lane.line,
            pt,
            seq: forward.place.seq,
            timestamp: forward.place.timestamp,
            marker: packet.header.marker,
            came_at: participant.connection.at(packet.timestamp),
            // str0m has decibels below zero.
            level: level.map(|level| (level.unsigned_abs(), came.voice_activity.unwrap_or(false))),
            orientation: came.video_orientation.map(|orientation| orientation as u8),
            patch,
            payload,
        };
        participant.connection.enqueue(outgoing);
        if !participant.is_waiting {
            participant.is_waiting = true;
            self.waiting.push(to);
        }
    }

    fn injected_panic(&mut self, key: Key, now: Instant) -> bool {
        let session = self.participants.get(key).map(|one| one.admission.session);
        if session.is_none() || session != self.panic_in {
            return false;
        }
        self.panic_in = None;
        self.touch(key, now, |participant, outcome| {
            participant.connection.change(outcome, |_| -> Result<(), str0m::RtcError> {
                std::panic::resume_unwind(Box::new("as a test asked for"))
            })
        });
        true
    }

    /// Ends publications of which nothing came for long, and participants whose time is over.
    pub(super) fn end_what_is_over(&mut self, room: Key, now: Instant) {
        let Some(members) = self.rooms.get(room).map(|room| room.members.values().copied().collect::<Vec<_>>()) else {
            return;
        };
        for member in members {
            let Some(participant) = self.participants.get(member) else { continue };
            if participant.admission.expires_at <= now {
                self.counters.expired += 1;
                self.leave(member, Leave::Told(earshot_protocol::fleet::ByeReason::Expired), now);
            } else if matches!(participant.state, super::State::Connecting { until } | super::State::Lost { until } if until <= now)
            {
                self.counters.lost += 1;
                self.leave(member, Leave::Untold, now);
            } else {
                self.end_silent_sources(member, now);
            }
        }
    }

    fn end_silent_sources(&mut self, key: Key, now: Instant) {
        self.with_room(key, |room, participant| {
            for source in &mut participant.lanes.sources {
                let silent_max = if source.kind == TrackKind::Screen { SILENT_SCREEN_MAX } else { SILENT_MAX };
                let is_silent = source.came_at.is_some_and(|at| now.saturating_duration_since(at) > silent_max);
                if is_silent && let Some(publication) = source.publication.take() {
                    room.decisions.unpublish(publication);
                }
            }
        });
    }
}

/// The newest block of a redundant packet; nothing where it cannot be read.
fn primary(payload: &[u8]) -> Arc<[u8]> {
    let blocks = RedDecoder::decode(payload).unwrap_or_default();
    let newest = blocks.iter().find(|block| block.is_primary);
    newest.map_or_else(|| Arc::from([]), |block| Arc::from(block.payload))
}
