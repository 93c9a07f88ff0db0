//! A participant on str0m, as a browser would be one: it offers once, sends a voice and pictures, and writes down what it gets.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use earshot_protocol::fleet::{
    AbsenceCause, AbsentPicture, CHANNEL, FromParticipant, ToParticipant, TrackKind, WantedPicture,
};
use str0m::change::{SdpAnswer, SdpPendingOffer};
use str0m::channel::ChannelId;
use str0m::media::{Direction, MediaKind, Mid, Rid, Simulcast, SimulcastLayer};
use str0m::net::{Protocol, Receive};
use str0m::rtp::{ExtensionValues, RtpWrite, Vp8Descriptor};
use str0m::{Candidate, Event, Input, Output, Rtc};

use super::link::Flight;

/// Lowest first: rid, height, bytes of a frame, and of a key frame.
pub const LAYERS: [(&str, u16, usize, usize); 3] =
    [("l", 180, 500, 1_500), ("m", 360, 1_700, 5_000), ("h", 720, 5_200, 16_000)];
const VOICE_EVERY: Duration = Duration::from_millis(20);
const FRAME_EVERY: Duration = Duration::from_millis(40);

/// A media packet that came.
#[derive(Clone, Debug)]
pub struct Got {
    pub at: Instant,
    pub picture: bool,
    pub slot: usize,
    pub seq: u64,
    pub timestamp: u32,
    /// Whose it says it is, and its number there.
    pub from: u32,
    pub number: u32,
    /// Of a picture: its id, its height and whether it began a key frame.
    pub id: u16,
    pub height: u16,
    pub begins_key_frame: bool,
    /// Of a voice: it came in RED.
    pub red: bool,
}

pub struct Client {
    pub session: u32,
    pub address: SocketAddr,
    pub proto: Protocol,
    pub rtc: Rtc,
    pending: Option<SdpPendingOffer>,
    pub channel: Option<ChannelId>,
    pub microphone: Option<Mid>,
    pub camera: Option<Mid>,
    voices: Vec<Mid>,
    pictures: Vec<Mid>,
    /// Decibels below the loudest; none: it is silent and sends nothing.
    pub voice: Option<u8>,
    pub camera_on: bool,
    pub got: Vec<Got>,
    pub words: Vec<(Instant, ToParticipant)>,
    pub slots: BTreeMap<(bool, u8), Option<(u32, TrackKind)>>,
    /// Pictures that do not come, as it was told last.
    pub absent: Vec<AbsentPicture>,
    pub is_connected: bool,
    voice_at: Instant,
    frame_at: Instant,
    voices_sent: u32,
    frames_sent: u32,
    sequence: [u64; 3],
    wants_key: [bool; 3],
    pub key_frames_sent: u32,
    due: Instant,
}

impl Client {
    /// With its offer.
    pub fn new(session: u32, address: SocketAddr, lanes: (usize, usize), now: Instant) -> (Self, String) {
        Self::over(Protocol::Udp, session, address, lanes, now)
    }

    pub fn over(
        proto: Protocol,
        session: u32,
        address: SocketAddr,
        lanes: (usize, usize),
        now: Instant,
    ) -> (Self, String) {
        Self::made(proto, false, session, address, lanes, now)
    }

    /// One that knows RED, too, and sends its voice in it.
    pub fn redundant(session: u32, address: SocketAddr, now: Instant) -> (Self, String) {
        Self::made(Protocol::Udp, true, session, address, (8, 0), now)
    }

    fn made(
        proto: Protocol,
        is_redundant: bool,
        session: u32,
        address: SocketAddr,
        lanes: (usize, usize),
        now: Instant,
    ) -> (Self, String) {
        let mut rtc = Rtc::builder()
            .clear_codecs()
            .enable_opus(true, is_redundant)
            .enable_vp8(true)
            .set_rtp_mode(true)
            .set_send_buffer_video(2_000)
            .build(now);
        rtc.add_local_candidate(match proto {
            Protocol::Udp => Candidate::host(address, "udp").unwrap(),
            _ => Candidate::builder().tcp().host(address).tcptype(str0m::net::TcpType::Active).build().unwrap(),
        });
        let mut api = rtc.sdp_api();
        api.add_channel(CHANNEL.to_owned());
        let mut simulcast = Simulcast::new();
        for (rid, ..) in LAYERS.iter().rev() {
            simulcast.add_send_layer(SimulcastLayer::new(rid));
        }
        let microphone = api.add_media(MediaKind::Audio, Direction::SendOnly, None, None, None);
        let camera = api.add_media(MediaKind::Video, Direction::SendOnly, None, None, Some(simulcast));
        api.add_media(MediaKind::Video, Direction::SendOnly, None, None, None);
        api.add_media(MediaKind::Audio, Direction::SendOnly, None, None, None);
        let mut lane = |kind| api.add_media(kind, Direction::RecvOnly, None, None, None);
        let voices = (0..lanes.0).map(|_| lane(MediaKind::Audio)).collect();
        let pictures = (0..lanes.1).map(|_| lane(MediaKind::Video)).collect();
        let (offer, pending) = api.apply().unwrap();
        let client = Self {
            session,
            address,
            proto,
            rtc,
            pending: Some(pending),
            channel: None,
            microphone: Some(microphone),
            camera: Some(camera),
            voices,
            pictures,
            voice: None,
            camera_on: false,
            got: Vec::new(),
            words: Vec::new(),
            slots: BTreeMap::new(),
            absent: Vec::new(),
            is_connected: false,
            voice_at: now,
            frame_at: now,
            voices_sent: 0,
            frames_sent: 0,
            sequence: [u64::from(session) * 100; 3],
            wants_key: [true; 3],
            key_frames_sent: 0,
            due: now,
        };
        (client, offer.to_sdp_string())
    }

    pub fn answered(&mut self, answer: &str) {
        let answer = SdpAnswer::from_sdp_string(answer).unwrap();
        self.rtc.sdp_api().accept_answer(self.pending.take().unwrap(), answer).unwrap();
    }

    pub fn receive(&mut self, now: Instant, flight: &Flight, out: &mut Vec<Flight>) {
        let Ok(receive) = Receive::new(flight.proto, flight.from, flight.to, &flight.contents) else { return };
        let _ = self.rtc.handle_input(Input::Receive(now, receive));
        self.drain(now, out);
    }

    /// Sends what is due.
    pub fn step(&mut self, now: Instant, out: &mut Vec<Flight>) {
        if self.is_connected {
            while self.voice_at <= now {
                self.voice_at += VOICE_EVERY;
                self.speak(now, out);
            }
            while self.frame_at <= now {
                self.frame_at += FRAME_EVERY;
                self.show(now, out);
            }
        } else {
            (self.voice_at, self.frame_at) = (now, now);
        }
        if self.due <= now {
            let _ = self.rtc.handle_input(Input::Timeout(now));
            self.drain(now, out);
        }
    }

    fn speak(&mut self, now: Instant, out: &mut Vec<Flight>) {
        self.voices_sent += 1;
        let (Some(level), Some(mid)) = (self.voice, self.microphone) else { return };
        let mut pt = self.rtc.media(mid).unwrap().remote_pts()[0];
        let voice = |number: u32| {
            let mut payload = vec![0x5a; 80];
            payload[..4].copy_from_slice(&self.session.to_be_bytes());
            payload[4..8].copy_from_slice(&number.to_be_bytes());
            payload
        };
        let mut payload = voice(self.voices_sent);
        let params = self.rtc.codec_config().params().iter().find(|params| params.pt() == pt).unwrap();
        if let Some(red) = params.red() {
            // The one before, 960 samples ago and 80 bytes long, and then this one.
            let before = 960_u32 << 10 | 80;
            let head = [0x80 | *pt, (before >> 16) as u8, (before >> 8) as u8, before as u8, *pt];
            payload = [&head[..], &voice(self.voices_sent - 1), &payload].concat();
            pt = red;
        }
        let extensions = ExtensionValues {
            audio_level: Some(-i8::try_from(level).unwrap()),
            voice_activity: Some(level < 60),
            ..ExtensionValues::default()
        };
        let seq = u64::from(self.voices_sent);
        let write = RtpWrite::new(pt, seq.into(), self.voices_sent * 960, now, payload).ext_vals(extensions);
        self.rtc.direct_api().stream_tx_by_mid(mid, None).unwrap().write_rtp(write);
        self.settle(now, out);
    }

    fn show(&mut self, now: Instant, out: &mut Vec<Flight>) {
        self.frames_sent += 1;
        let Some(mid) = self.camera.filter(|_| self.camera_on) else { return };
        for (layer, &(rid, height, bytes, key_bytes)) in LAYERS.iter().enumerate() {
            let is_key = std::mem::take(&mut self.wants_key[layer]);
            self.key_frames_sent += u32::from(is_key);
            let mut left = if is_key { key_bytes } else { bytes };
            let mut is_first = true;
            while left > 0 {
                let size = left.min(1_100);
                left -= size;
                let payload = self.picture(is_first, is_key, height, size);
                is_first = false;
                self.sequence[layer] += 1;
                let seq = self.sequence[layer];
                let pt = self.rtc.media(mid).unwrap().remote_pts()[0];
                let write = RtpWrite::new(pt, seq.into(), self.frames_sent * 3_600, now, payload)
                    .marker(left == 0)
                    .nackable(true);
                let mut direct = self.rtc.direct_api();
                direct.stream_tx_by_mid(mid, Some(Rid::from(rid))).unwrap().write_rtp(write);
                self.settle(now, out);
            }
        }
    }

    fn picture(&self, is_first: bool, is_key: bool, height: u16, size: usize) -> Vec<u8> {
        let [high, low] = ((self.frames_sent as u16) & 0x7fff | 0x8000).to_be_bytes();
        let mut payload = vec![0x80 | if is_first { 0x10 } else { 0 }, 0x80, high, low, u8::from(!is_key), 0, 0];
        payload.extend([0x9d, 0x01, 0x2a]);
        payload.extend((height * 16 / 9).to_le_bytes());
        payload.extend(height.to_le_bytes());
        payload.extend(self.session.to_be_bytes());
        payload.extend(self.frames_sent.to_be_bytes());
        payload.resize(size.max(payload.len()), 0x77);
        payload
    }

    pub fn say(&mut self, words: &FromParticipant, now: Instant, out: &mut Vec<Flight>) {
        let text = serde_json::to_vec(words).unwrap();
        let mut channel = self.rtc.channel(self.channel.unwrap()).unwrap();
        assert!(channel.write(false, &text).unwrap());
        self.drain(now, out);
    }

    pub fn want(sessions: &[u32], height_px: u32) -> FromParticipant {
        let want = |&session: &u32| WantedPicture { session, kind: TrackKind::Camera, height_px, pinned: false };
        FromParticipant::Want { pictures: sessions.iter().map(want).collect() }
    }

    fn settle(&mut self, now: Instant, out: &mut Vec<Flight>) {
        self.drain(now, out);
        let _ = self.rtc.handle_input(Input::Timeout(now));
        self.drain(now, out);
    }

    fn drain(&mut self, now: Instant, out: &mut Vec<Flight>) {
        loop {
            match self.rtc.poll_output() {
                Ok(Output::Timeout(at)) => {
                    self.due = at;
                    return;
                }
                Ok(Output::Transmit(sent)) => out.push(Flight {
                    proto: self.proto,
                    from: self.address,
                    to: sent.destination,
                    contents: sent.contents.to_vec(),
                }),
                Ok(Output::Event(event)) => self.happened(event, now),
                Err(_) => return,
            }
        }
    }

    fn happened(&mut self, event: Event, now: Instant) {
        match event {
            Event::Connected => self.is_connected = true,
            Event::ChannelOpen(id, name) if name == CHANNEL => self.channel = Some(id),
            Event::ChannelData(data) => {
                let words: ToParticipant = serde_json::from_slice(&data.data).unwrap();
                if let ToParticipant::Slots { slots } = &words {
                    for slot in slots {
                        self.slots.insert((slot.picture, slot.slot), slot.content);
                    }
                }
                if let ToParticipant::Absent { pictures } = &words {
                    self.absent.clone_from(pictures);
                }
                self.words.push((now, words));
            }
            Event::KeyframeRequest(request) => {
                let layer = LAYERS.iter().position(|(rid, ..)| request.rid == Some(Rid::from(*rid)));
                if let Some(layer) = layer {
                    self.wants_key[layer] = true;
                }
            }
            Event::RtpPacket(packet) => {
                let ssrc = packet.header.ssrc;
                let Some(mid) = self.rtc.direct_api().stream_rx(&ssrc).map(|stream| stream.mid()) else { return };
                let number = |at: usize| {
                    packet.payload.get(at..at + 4).map_or(0, |four| u32::from_be_bytes(four.try_into().unwrap()))
                };
                let mut got = Got {
                    at: now,
                    picture: false,
                    slot: 0,
                    seq: *packet.seq_no,
                    timestamp: packet.header.timestamp,
                    from: number(0),
                    number: number(4),
                    id: 0,
                    height: 0,
                    begins_key_frame: false,
                    red: false,
                };
                if let Some(slot) = self.voices.iter().position(|one| *one == mid) {
                    let mut params = self.rtc.codec_config().params().iter();
                    (got.slot, got.red) = (slot, params.any(|params| params.red() == Some(packet.header.payload_type)));
                    if got.red {
                        (got.from, got.number) = (number(85), number(89));
                    }
                } else if let Some(slot) = self.pictures.iter().position(|one| *one == mid) {
                    let descriptor = Vp8Descriptor::parse(&packet.payload).unwrap();
                    (got.picture, got.slot, got.id) = (true, slot, descriptor.picture_id().unwrap());
                    got.begins_key_frame = descriptor.starts_keyframe(&packet.payload);
                    got.height = u16::from_le_bytes([packet.payload[12], packet.payload[13]]);
                    (got.from, got.number) = (number(14), number(18));
                }
                self.got.push(got);
            }
            _ => {}
        }
    }

    /// Whose cameras do not come, and why.
    pub fn lacks(&self) -> Vec<(u32, AbsenceCause)> {
        assert!(self.absent.iter().all(|one| one.kind == TrackKind::Camera));
        self.absent.iter().map(|one| (one.session, one.cause)).collect()
    }

    // ---- what it got -------------------------------------------------------------------------------------------------

    pub fn heard(&self, from: u32) -> impl Iterator<Item = &Got> {
        self.got.iter().filter(move |got| !got.picture && got.from == from)
    }

    pub fn saw(&self, from: u32) -> impl Iterator<Item = &Got> {
        self.got.iter().filter(move |got| got.picture && got.from == from)
    }
}
