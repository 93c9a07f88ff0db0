//! One connection on a socket of its own, as each connection of a browser has one: str0m decides, this carries.
//!
//! Absent on purpose: what the connection is for. That is link.rs and room.rs.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use str0m::format::Codec;
use str0m::media::{Mid, Rid};
use str0m::net::{Protocol, Receive};
use str0m::rtp::{ExtensionValues, RtpWrite};
use str0m::{Candidate, Event, Input, Output, Rtc};
use tokio::net::UdpSocket;

use crate::voice::{FRAME_SAMPLES, Spoken};

/// No datagram of WebRTC is longer.
const DATAGRAM_BYTES_MAX: usize = 2_000;
/// Datagrams taken at a time, so that nobody waits for one connection alone.
const BATCH: usize = 64;
/// A connection that never wakes by itself is looked at now and then all the same.
const IDLE: Duration = Duration::from_secs(1);

pub struct Transport {
    pub rtc: Rtc,
    socket: UdpSocket,
    local: SocketAddr,
    due: Instant,
    buffer: Vec<u8>,
    /// Media packets and words that came, and all datagrams.
    pub received: u64,
}

/// A packet of media to send.
pub struct Outgoing<'a> {
    pub mid: Mid,
    pub rid: Option<&'a str>,
    pub codec: Codec,
    pub sequence: u64,
    pub timestamp: u32,
    /// Decibels below the loudest.
    pub level: Option<u8>,
    pub is_last: bool,
    pub payload: Vec<u8>,
}

impl<'a> Outgoing<'a> {
    /// A frame of a voice whose `first` went this way: what goes another way too has its number, not its sequence, for a
    /// receiver expects that to begin near nothing (RFC 3711, section 3.3.1).
    pub fn voice(mid: Mid, first: u32, Spoken { number, level, frame }: Spoken<'a>) -> Self {
        let sequence = u64::from(number.wrapping_sub(first)) + 1;
        let timestamp = number.wrapping_mul(FRAME_SAMPLES);
        let (level, payload) = (Some(level), frame.to_vec());
        Self { mid, rid: None, codec: Codec::Opus, sequence, timestamp, level, is_last: false, payload }
    }
}

impl Transport {
    /// With a new socket at this address. Call it within a runtime.
    pub fn open(ip: IpAddr, now: Instant) -> io::Result<Self> {
        let socket = std::net::UdpSocket::bind((ip, 0))?;
        socket.set_nonblocking(true)?;
        let socket = UdpSocket::from_std(socket)?;
        let local = socket.local_addr()?;
        let mut rtc = Rtc::builder()
            .clear_codecs()
            .enable_opus(true, false)
            .enable_vp8(true)
            .set_rtp_mode(true)
            .set_send_buffer_video(500)
            .build(now);
        if let Ok(candidate) = Candidate::host(local, "udp") {
            rtc.add_local_candidate(candidate);
        }
        Ok(Self { rtc, socket, local, due: now, buffer: vec![0; DATAGRAM_BYTES_MAX], received: 0 })
    }

    /// When time itself is the next input.
    pub fn due(&self) -> Instant {
        self.due
    }

    /// Ready when something came.
    pub fn poll_readable(&self, context: &mut Context<'_>) -> Poll<()> {
        self.socket.poll_recv_ready(context).map(|_| ())
    }

    /// Takes what came, and what time it is. What happened is added to the events.
    pub fn run(&mut self, now: Instant, events: &mut Vec<Event>) {
        for _ in 0..BATCH {
            let Ok((length, source)) = self.socket.try_recv_from(&mut self.buffer) else { break };
            self.received += 1;
            let contents = self.buffer.get(..length).unwrap_or_default();
            if let Ok(receive) = Receive::new(Protocol::Udp, source, self.local, contents) {
                // What cannot be understood is lost, as on any network.
                let _refused = self.rtc.handle_input(Input::Receive(now, receive));
                self.drain(now, events);
            }
        }
        if self.due <= now {
            let _ended = self.rtc.handle_input(Input::Timeout(now));
            self.drain(now, events);
        }
    }

    /// Puts a packet on its way.
    pub fn send(&mut self, now: Instant, outgoing: Outgoing<'_>, events: &mut Vec<Event>) {
        let Outgoing { mid, rid, codec, sequence, timestamp, level, is_last, payload } = outgoing;
        let Some(media) = self.rtc.media(mid) else { return };
        let of_codec = self.rtc.codec_config().find(|params| params.spec().codec == codec).map(|params| params.pt());
        let pts = media.remote_pts();
        let Some(pt) = of_codec.filter(|pt| pts.contains(pt)).or(pts.first().copied()) else { return };
        let mut write = RtpWrite::new(pt, sequence.into(), timestamp, now, payload).marker(is_last);
        if let Some(level) = level {
            let audio_level = Some(-i8::try_from(level).unwrap_or(i8::MAX));
            let voice_activity = Some(level < 60);
            write = write.ext_vals(ExtensionValues { audio_level, voice_activity, ..ExtensionValues::default() });
        } else {
            write = write.nackable(true);
        }
        let mut direct = self.rtc.direct_api();
        let Some(stream) = direct.stream_tx_by_mid(mid, rid.map(Rid::from)) else { return };
        stream.write_rtp(write);
        self.settle(now, events);
    }

    /// Sends what was written since.
    pub fn settle(&mut self, now: Instant, events: &mut Vec<Event>) {
        self.drain(now, events);
        let _ended = self.rtc.handle_input(Input::Timeout(now));
        self.drain(now, events);
    }

    fn drain(&mut self, now: Instant, events: &mut Vec<Event>) {
        loop {
            match self.rtc.poll_output() {
                Ok(Output::Timeout(at)) => {
                    self.due = at.min(now + IDLE);
                    return;
                }
                Ok(Output::Transmit(sent)) => {
                    // A full buffer loses it, as a network would.
                    let _lost = self.socket.try_send_to(&sent.contents, sent.destination);
                }
                Ok(Output::Event(event)) => events.push(event),
                Err(_) => {
                    self.due = now + IDLE;
                    return;
                }
            }
        }
    }
}

/// The sections of media in a description, in order, by their names.
pub fn media_sections(sdp: &str) -> Vec<Mid> {
    let mut sections = Vec::new();
    let mut is_media = false;
    for line in sdp.lines() {
        if line.starts_with("m=") {
            is_media = line.starts_with("m=audio") || line.starts_with("m=video");
        } else if let Some(mid) = line.strip_prefix("a=mid:").filter(|_| is_media) {
            sections.push(Mid::from(mid));
        }
    }
    sections
}
