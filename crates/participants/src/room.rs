//! The connection to one media room, as web/src/media/room/connection.ts makes it: offered once, never negotiated again;
//! what one gives goes up on four lanes, and the node says whose and what is on each of those that come down.
//!
//! Absent on purpose: when to be in which room. That is rooms.rs.

use std::io;
use std::net::IpAddr;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use earshot_protocol::fleet::{CHANNEL, FromParticipant, SlotContent, ToParticipant, TrackKind, WantedPicture};
use serde::Deserialize;
use str0m::Event;
use str0m::change::{SdpAnswer, SdpPendingOffer};
use str0m::channel::ChannelId;
use str0m::format::Codec;
use str0m::media::{Direction, MediaKind, Mid, Rid, Simulcast, SimulcastLayer};
use str0m::rtp::RtpPacket;

use crate::picture::{FRAME_TICKS, LAYERS, Layer};
use crate::transport::{Outgoing, Transport};
use crate::voice::Spoken;

/// How many of each are asked for at once: an offer grows with them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lanes {
    pub voices: usize,
    pub pictures: usize,
}

impl Lanes {
    /// As browsers ask for them.
    pub const ALL: Self = Self { voices: 8, pictures: 12 };
    /// For whoever looks at nothing: pictures are most of an offer.
    pub const VOICES: Self = Self { pictures: 0, ..Self::ALL };
}

/// The node says something every half second.
const SILENCE_MAX: Duration = Duration::from_millis(1_500);
const LIVELY: Duration = Duration::from_millis(700);
/// From the grant to the first word of the node.
const JOIN_MAX: Duration = Duration::from_secs(10);
const RENEW_AHEAD_S: i64 = 90;
const RENEW_MIN: Duration = Duration::from_secs(10);
/// What is played just after a change may still be what was there before.
const SETTLES: Duration = Duration::from_millis(120);

#[derive(Debug)]
pub enum RoomEvent {
    /// The first grant, or the next one.
    WantGrant,
    /// The node has answered over the connection.
    Joined,
    /// What is on which lane has changed.
    Slots,
    /// Nothing is heard of the node, or it let us go.
    Lost,
    /// Of a lane of voices.
    Voice(usize, RtpPacket),
    Picture(usize, RtpPacket),
}

/// One way in which something of somebody arrives.
#[derive(Debug)]
pub struct Slot {
    mid: Mid,
    pub content: Option<(u32, TrackKind)>,
    since: Instant,
    /// Something of it has been played since.
    pub flows: bool,
    stamp: u32,
    looked: u32,
}

pub struct RoomConnection {
    transport: Transport,
    offer: String,
    pending: Option<SdpPendingOffer>,
    channel: Option<ChannelId>,
    microphone: Mid,
    camera: Mid,
    pub voices: Vec<Slot>,
    pub pictures: Vec<Slot>,
    is_joined: bool,
    is_lost: bool,
    is_grant_used: bool,
    silence_at: Instant,
    renew_at: Option<Instant>,
    /// The first frame of the voice that went this way.
    first: Option<u32>,
    layers: [Layer; 3],
    wanted: Vec<WantedPicture>,
    happened: Vec<Event>,
}

impl RoomConnection {
    pub fn open(ip: IpAddr, lanes: Lanes, now: Instant, out: &mut Vec<RoomEvent>) -> io::Result<Self> {
        let mut transport = Transport::open(ip, now)?;
        let mut api = transport.rtc.sdp_api();
        let mut simulcast = Simulcast::new();
        for (rid, ..) in LAYERS.iter().rev() {
            simulcast.add_send_layer(SimulcastLayer::new(rid));
        }
        let microphone = api.add_media(MediaKind::Audio, Direction::SendOnly, None, None, None);
        let camera = api.add_media(MediaKind::Video, Direction::SendOnly, None, None, Some(simulcast));
        api.add_media(MediaKind::Video, Direction::SendOnly, None, None, None);
        api.add_media(MediaKind::Audio, Direction::SendOnly, None, None, None);
        let mut lane = |kind| Slot {
            mid: api.add_media(kind, Direction::RecvOnly, None, None, None),
            content: None,
            since: now,
            flows: false,
            stamp: 0,
            looked: 0,
        };
        let voices = (0..lanes.voices).map(|_| lane(MediaKind::Audio)).collect();
        let pictures = (0..lanes.pictures).map(|_| lane(MediaKind::Video)).collect();
        api.add_channel(CHANNEL.to_owned());
        let (offer, pending) = api.apply().ok_or_else(|| io::Error::other("nothing to offer"))?;
        out.push(RoomEvent::WantGrant);
        Ok(Self {
            transport,
            offer: offer.to_sdp_string(),
            pending: Some(pending),
            channel: None,
            microphone,
            camera,
            voices,
            pictures,
            is_joined: false,
            is_lost: false,
            is_grant_used: false,
            silence_at: now + JOIN_MAX,
            renew_at: None,
            first: None,
            layers: Default::default(),
            wanted: Vec::new(),
            happened: Vec::new(),
        })
    }

    /// Whatever comes, comes.
    pub fn is_joined(&self) -> bool {
        self.is_joined && !self.is_lost
    }

    /// Joined, and the node has said something within a beat or two.
    pub fn is_lively(&self, now: Instant) -> bool {
        self.is_joined() && self.silence_at > now + SILENCE_MAX - LIVELY
    }

    pub fn due(&self) -> Instant {
        let own = if self.is_lost { None } else { Some(self.silence_at) };
        [own, self.renew_at].into_iter().flatten().fold(self.transport.due(), Instant::min)
    }

    pub fn poll_readable(&self, context: &mut Context<'_>) -> Poll<()> {
        self.transport.poll_readable(context)
    }

    /// A grant for this room. The first asks for an answer to what is given back; each further one keeps the right.
    pub fn take(&mut self, grant: &str, now: Instant) -> Option<String> {
        self.renew_at = Some(now + renew_in(grant));
        if std::mem::replace(&mut self.is_grant_used, true) {
            self.say(&FromParticipant::Renew { grant: grant.into() }, now);
            return None;
        }
        Some(self.offer.clone())
    }

    /// The node's answer; none: it has none for us.
    pub fn answered(&mut self, answer: Option<&str>, now: Instant, out: &mut Vec<RoomEvent>) {
        let Some(pending) = self.pending.take() else { return };
        let read = answer.and_then(|answer| SdpAnswer::from_sdp_string(answer).ok());
        let accepted = read.map(|answer| self.transport.rtc.sdp_api().accept_answer(pending, answer));
        if matches!(accepted, Some(Ok(()))) {
            self.transport.settle(now, &mut self.happened);
        } else {
            self.lose(out);
        }
    }

    pub fn run(&mut self, now: Instant, out: &mut Vec<RoomEvent>) {
        let mut happened = std::mem::take(&mut self.happened);
        self.transport.run(now, &mut happened);
        for event in happened.drain(..) {
            self.handle(event, now, out);
        }
        self.happened = happened;
        if self.renew_at.is_some_and(|at| at <= now) {
            self.renew_at = Some(now + RENEW_MIN);
            out.push(RoomEvent::WantGrant);
        }
        if self.silence_at <= now {
            self.lose(out);
        }
    }

    /// Notes which lanes something is played of; called ten times a second.
    pub fn listen(&mut self, now: Instant) {
        for slot in self.voices.iter_mut().filter(|slot| slot.content.is_some()) {
            if slot.stamp != slot.looked && now.duration_since(slot.since) > SETTLES {
                slot.flows = true;
            }
            slot.looked = slot.stamp;
        }
    }

    // ---- what is sent ------------------------------------------------------------------------------------------------

    pub fn speak(&mut self, spoken: Spoken<'_>, now: Instant) {
        if !self.is_joined() {
            return;
        }
        let first = *self.first.get_or_insert(spoken.number);
        let outgoing = Outgoing::voice(self.microphone, first, spoken);
        self.transport.send(now, outgoing, &mut self.happened);
    }

    /// Its pictures are so many times as large as usual.
    pub fn enlarge(&mut self, times: usize) {
        for layer in &mut self.layers {
            layer.times = times;
        }
    }

    /// The next picture, in all layers.
    pub fn show(&mut self, session: u32, number: u32, now: Instant) {
        if !self.is_joined() {
            return;
        }
        for (size, layer) in self.layers.iter_mut().enumerate() {
            for packet in layer.frame(now, session, number, size) {
                let outgoing = Outgoing {
                    mid: self.camera,
                    rid: LAYERS.get(size).map(|(rid, ..)| *rid),
                    codec: Codec::Vp8,
                    sequence: packet.sequence,
                    timestamp: number.wrapping_mul(FRAME_TICKS),
                    level: None,
                    is_last: packet.is_last,
                    payload: packet.payload,
                };
                self.transport.send(now, outgoing, &mut self.happened);
            }
        }
    }

    pub fn want(&mut self, pictures: &[WantedPicture], now: Instant) {
        if self.wanted != pictures && self.say(&FromParticipant::Want { pictures: pictures.to_vec() }, now) {
            self.wanted = pictures.to_vec();
        }
    }

    fn say(&mut self, words: &FromParticipant, now: Instant) -> bool {
        let Ok(text) = serde_json::to_vec(words) else { return false };
        let Some(mut channel) = self.channel.and_then(|id| self.transport.rtc.channel(id)) else { return false };
        let is_said = channel.write(false, &text).unwrap_or(false);
        self.transport.settle(now, &mut self.happened);
        is_said
    }

    // ---- what happened -----------------------------------------------------------------------------------------------

    fn handle(&mut self, event: Event, now: Instant, out: &mut Vec<RoomEvent>) {
        match event {
            Event::ChannelOpen(id, name) if name == CHANNEL => self.channel = Some(id),
            Event::ChannelData(data) => {
                // A node may be of another version: what does not fit is nothing.
                if let Ok(words) = serde_json::from_slice(&data.data) {
                    self.handle_words(words, now, out);
                }
            }
            Event::ChannelClose(id) if Some(id) == self.channel => self.lose(out),
            Event::KeyframeRequest(request) => {
                let wanted = |(rid, ..): &(&str, u16, usize, usize)| request.rid == Some(Rid::from(*rid));
                if let Some(layer) = LAYERS.iter().position(wanted).and_then(|size| self.layers.get_mut(size)) {
                    layer.ask_for_key();
                }
            }
            Event::RtpPacket(packet) => self.sort(packet, out),
            _ => {}
        }
    }

    fn handle_words(&mut self, words: ToParticipant, now: Instant, out: &mut Vec<RoomEvent>) {
        if self.is_lost {
            return;
        }
        self.silence_at = now + SILENCE_MAX;
        if !std::mem::replace(&mut self.is_joined, true) {
            out.push(RoomEvent::Joined);
        }
        match words {
            ToParticipant::Slots { slots } => {
                for content in slots {
                    self.fill(content, now);
                }
                out.push(RoomEvent::Slots);
            }
            ToParticipant::Beat { .. } | ToParticipant::Absent { .. } => {}
            ToParticipant::Bye { .. } => self.lose(out),
        }
    }

    fn fill(&mut self, told: SlotContent, now: Instant) {
        let slots = if told.picture { &mut self.pictures } else { &mut self.voices };
        let Some(slot) = slots.get_mut(usize::from(told.slot)).filter(|slot| slot.content != told.content) else {
            return;
        };
        (slot.content, slot.since, slot.flows) = (told.content, now, false);
    }

    fn sort(&mut self, packet: RtpPacket, out: &mut Vec<RoomEvent>) {
        let mut direct = self.transport.rtc.direct_api();
        let Some(mid) = direct.stream_rx(&packet.header.ssrc).map(|stream| stream.mid()) else { return };
        if let Some((index, slot)) = self.voices.iter_mut().enumerate().find(|(_, slot)| slot.mid == mid) {
            slot.stamp = packet.header.timestamp;
            out.push(RoomEvent::Voice(index, packet));
        } else if let Some(index) = self.pictures.iter().position(|slot| slot.mid == mid) {
            out.push(RoomEvent::Picture(index, packet));
        }
    }

    fn lose(&mut self, out: &mut Vec<RoomEvent>) {
        if !std::mem::replace(&mut self.is_lost, true) {
            out.push(RoomEvent::Lost);
        }
        self.silence_at = Instant::now() + JOIN_MAX;
    }
}

#[derive(Deserialize)]
struct Life {
    iat: i64,
    exp: i64,
}

/// Until a grant has to be renewed. What it says is for the node; only its life is read here.
fn renew_in(grant: &str) -> Duration {
    let payload = grant.split('.').nth(1).and_then(|payload| URL_SAFE_NO_PAD.decode(payload).ok());
    let life = payload.and_then(|payload| serde_json::from_slice::<Life>(&payload).ok());
    let seconds = life.map_or(0, |life| life.exp - life.iat - RENEW_AHEAD_S);
    Duration::from_secs(u64::try_from(seconds).unwrap_or(0)).max(RENEW_MIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grant_is_renewed_well_before_its_end() {
        let grant = |claims: &str| format!("e30.{}.c2ln", URL_SAFE_NO_PAD.encode(claims));
        assert_eq!(renew_in(&grant(r#"{"iat":1000,"exp":1300,"sub":"7"}"#)), Duration::from_secs(210));
        assert_eq!(renew_in(&grant(r#"{"iat":1000,"exp":1010}"#)), RENEW_MIN);
        assert_eq!(renew_in("no grant"), RENEW_MIN);
    }
}
