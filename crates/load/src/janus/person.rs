//! Somebody with a voice and a picture in one size, alike for both servers: with the node over one connection, with Janus over one up and
//! one down.

use std::future::poll_fn;
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::{Duration, Instant};

use anyhow::Context;
use earshot_participants::picture::{FRAME_EVERY, FRAME_TICKS, Layer};
use earshot_participants::transport::{Outgoing, Transport};
use earshot_participants::voice::{FRAME_MS, Spoken, Stamp, now_us};
use earshot_protocol::fleet::{CHANNEL, FromParticipant, TrackKind, WantedPicture};
use str0m::Event;
use str0m::change::{SdpAnswer, SdpOffer, SdpPendingOffer};
use str0m::format::Codec;
use str0m::media::{Direction, MediaKind, Mid};
use tokio::sync::mpsc::UnboundedReceiver;

/// Decibels below the loudest.
const LEVEL: u8 = 30;
/// Of [`earshot_participants::picture::LAYERS`]: the largest.
const SIZE: usize = 2;

#[derive(Default)]
pub struct Notes {
    /// Media packets, at all.
    pub received: AtomicU64,
    pub is_measuring: AtomicBool,
    /// Microseconds from mouth to ear.
    pub delays_us: Mutex<Vec<u64>>,
}

pub struct Person {
    session: u32,
    up: Transport,
    pending: Option<SdpPendingOffer>,
    microphone: Mid,
    camera: Mid,
    wanted: Vec<u32>,
}

impl Person {
    /// Somebody who sends and receives over one connection, and the offer.
    pub fn for_node(session: u32, wanted: Vec<u32>, ip: IpAddr) -> anyhow::Result<(Self, String)> {
        Self::new(session, wanted, ip, super::VOICES, super::PICTURES)
    }

    /// Somebody who only sends over this connection.
    pub fn for_janus(session: u32, ip: IpAddr) -> anyhow::Result<(Self, String)> {
        Self::new(session, Vec::new(), ip, 0, 0)
    }

    fn new(session: u32, wanted: Vec<u32>, ip: IpAddr, voices: u32, pictures: u32) -> anyhow::Result<(Self, String)> {
        let mut up = Transport::open(ip, Instant::now())?;
        let mut api = up.rtc.sdp_api();
        let microphone = api.add_media(MediaKind::Audio, Direction::SendOnly, None, None, None);
        let camera = api.add_media(MediaKind::Video, Direction::SendOnly, None, None, None);
        for _ in 0..voices {
            api.add_media(MediaKind::Audio, Direction::RecvOnly, None, None, None);
        }
        for _ in 0..pictures {
            api.add_media(MediaKind::Video, Direction::RecvOnly, None, None, None);
        }
        if !wanted.is_empty() {
            api.add_channel(CHANNEL.to_owned());
        }
        let (offer, pending) = api.apply().context("nothing to offer")?;
        Ok((Self { session, up, pending: Some(pending), microphone, camera, wanted }, offer.to_sdp_string()))
    }

    /// The names of the lines it sends on.
    pub fn lines(&self) -> (String, String) {
        (self.microphone.to_string(), self.camera.to_string())
    }

    pub fn answered(&mut self, answer: &str) -> anyhow::Result<()> {
        let pending = self.pending.take().context("answered before")?;
        let answer = SdpAnswer::from_sdp_string(answer)?;
        Ok(self.up.rtc.sdp_api().accept_answer(pending, answer)?)
    }

    /// Until aborted. A connection to listen on may come later.
    pub async fn live(mut self, notes: Arc<Notes>, mut later: UnboundedReceiver<Transport>) -> anyhow::Result<()> {
        let (mut down, mut is_over) = (None::<Transport>, false);
        let (mut events, mut more) = (Vec::new(), Vec::new());
        let (mut layer, mut delays) = (Layer::default(), Vec::new());
        let (mut number, mut frames, mut is_connected) = (0_u32, 0_u32, false);
        // People do not breathe in step.
        let mut speaks_at = Instant::now() + Duration::from_micros(u64::from(self.session) * 7_919 % 20_000);
        let mut shows_at = speaks_at;
        self.up.settle(Instant::now(), &mut events);
        loop {
            let now = Instant::now();
            self.up.run(now, &mut events);
            if let Some(down) = &mut down {
                down.run(now, &mut events);
            }
            for event in events.drain(..) {
                match event {
                    Event::Connected => is_connected = true,
                    Event::KeyframeRequest(_) => layer.ask_for_key(),
                    Event::ChannelOpen(id, _) => {
                        let picture = |&session: &u32| WantedPicture {
                            session,
                            kind: TrackKind::Camera,
                            height_px: 720,
                            pinned: false,
                        };
                        let pictures = self.wanted.iter().map(picture).collect();
                        let words = serde_json::to_vec(&FromParticipant::Want { pictures })?;
                        self.up.rtc.channel(id).context("no channel")?.write(false, &words)?;
                        self.up.settle(now, &mut more);
                    }
                    Event::RtpPacket(packet) => {
                        notes.received.fetch_add(1, Ordering::Relaxed);
                        let stamp = Stamp::read(&packet.payload);
                        if let Some(stamp) = stamp.filter(|_| notes.is_measuring.load(Ordering::Relaxed)) {
                            delays.push(now_us().saturating_sub(stamp.said_us));
                        }
                    }
                    _ => {}
                }
            }
            std::mem::swap(&mut events, &mut more);
            if now >= speaks_at && is_connected {
                number += 1;
                let frame = Stamp { session: self.session, run: 1, number, said_us: now_us() }.frame();
                let spoken = Spoken { number, level: LEVEL, frame: &frame };
                self.up.send(now, Outgoing::voice(self.microphone, 1, spoken), &mut events);
                if let (Ok(mut all), true) = (notes.delays_us.lock(), number % 50 == 0) {
                    all.append(&mut delays);
                }
            }
            if now >= shows_at && is_connected {
                frames += 1;
                for packet in layer.frame(now, self.session, frames, SIZE) {
                    let outgoing = Outgoing {
                        mid: self.camera,
                        rid: None,
                        codec: Codec::Vp8,
                        sequence: packet.sequence,
                        timestamp: frames.wrapping_mul(FRAME_TICKS),
                        level: None,
                        is_last: packet.is_last,
                        payload: packet.payload,
                    };
                    self.up.send(now, outgoing, &mut events);
                }
            }
            speaks_at = next(speaks_at, now, Duration::from_millis(FRAME_MS));
            shows_at = next(shows_at, now, FRAME_EVERY);
            let below = down.as_ref().map_or(now + Duration::from_secs(1), Transport::due);
            let due = self.up.due().min(below).min(speaks_at).min(shows_at);
            tokio::select! {
                () = poll_fn(|context| {
                    let below = down.as_ref().is_some_and(|down| down.poll_readable(context).is_ready());
                    if self.up.poll_readable(context).is_ready() || below { Poll::Ready(()) } else { Poll::Pending }
                }) => {}
                () = tokio::time::sleep_until(due.into()), if events.is_empty() => {}
                () = std::future::ready(()), if !events.is_empty() => {}
                came = later.recv(), if !is_over => match came {
                    Some(transport) => down = Some(transport),
                    None => is_over = true,
                },
            }
        }
    }
}

fn next(at: Instant, now: Instant, every: Duration) -> Instant {
    if now >= at { at + every } else { at }
}

/// A connection that answers an offer of lines to listen on.
pub fn listener(ip: IpAddr, offer: &str) -> anyhow::Result<(Transport, String)> {
    let mut transport = Transport::open(ip, Instant::now())?;
    let offer = SdpOffer::from_sdp_string(offer)?;
    let answer = transport.rtc.sdp_api().accept_offer(offer)?;
    Ok((transport, answer.to_sdp_string()))
}
