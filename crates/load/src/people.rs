//! Many native people in one room, each a task: they speak, show pictures, and note how late each voice came.

use std::future::poll_fn;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use earshot_participants::picture::FRAME_EVERY;
use earshot_participants::room::{Lanes, RoomConnection, RoomEvent};
use earshot_participants::voice::{FRAME_MS, Spoken, Stamp, now_us};
use earshot_protocol::fleet::{TrackKind, WantedPicture};
use tokio::sync::Mutex;

use crate::node::Node;
use crate::signer::Signer;

/// Decibels below the loudest: all speak, and none is drowned out.
const LEVEL: u8 = 30;

/// What all of them note.
#[derive(Default)]
pub struct Notes {
    pub joined: AtomicU64,
    pub lost: AtomicU64,
    pub voices: AtomicU64,
    pub pictures: AtomicU64,
    /// Now is the time that counts.
    pub is_measuring: AtomicBool,
    /// Microseconds from mouth to ear.
    pub delays_us: Mutex<Vec<u64>>,
}

impl Notes {
    /// Packets that came to them.
    pub fn arrived(&self) -> u64 {
        self.voices.load(Ordering::Relaxed) + self.pictures.load(Ordering::Relaxed)
    }
}

/// One person, until aborted.
pub async fn live(
    place: u64,
    session: u32,
    lanes: Lanes,
    wanted: Vec<u32>,
    node: Arc<Node>,
    signer: Arc<Signer>,
    notes: Arc<Notes>,
) -> anyhow::Result<()> {
    let mut happened = Vec::new();
    let with_pictures = lanes.pictures > 0;
    let mut room = RoomConnection::open(IpAddr::V4(Ipv4Addr::LOCALHOST), lanes, Instant::now(), &mut happened)?;
    let (mut delays, mut number) = (Vec::new(), 0_u32);
    // People do not breathe in step.
    let offset = Duration::from_micros(u64::from(session) * 7_919 % 20_000);
    let mut speaks_at = Instant::now() + offset;
    let (mut shows_at, mut frames) = (speaks_at, 0_u32);
    let mut flushes_at = speaks_at + Duration::from_secs(1);
    loop {
        for event in happened.drain(..) {
            match event {
                RoomEvent::WantGrant => {
                    let grant = signer.grant(place, session)?;
                    if let Some(offer) = room.take(&grant, Instant::now()) {
                        let node = Arc::clone(&node);
                        let answer = tokio::task::spawn_blocking(move || node.join(&grant, &offer)).await??;
                        room.answered(Some(&answer), Instant::now(), &mut Vec::new());
                    }
                }
                RoomEvent::Joined => {
                    notes.joined.fetch_add(1, Ordering::Relaxed);
                    let picture = |&session: &u32| WantedPicture {
                        session,
                        kind: TrackKind::Camera,
                        height_px: 720,
                        pinned: false,
                    };
                    if with_pictures {
                        room.want(&wanted.iter().map(picture).collect::<Vec<_>>(), Instant::now());
                    }
                }
                RoomEvent::Voice(_, packet) => {
                    notes.voices.fetch_add(1, Ordering::Relaxed);
                    if let Some(stamp) =
                        Stamp::read(&packet.payload).filter(|_| notes.is_measuring.load(Ordering::Relaxed))
                    {
                        delays.push(now_us().saturating_sub(stamp.said_us));
                    }
                }
                RoomEvent::Picture(..) => {
                    notes.pictures.fetch_add(1, Ordering::Relaxed);
                }
                RoomEvent::Lost => {
                    notes.lost.fetch_add(1, Ordering::Relaxed);
                }
                RoomEvent::Slots => {}
            }
        }
        let now = Instant::now();
        if now >= speaks_at {
            number += 1;
            let frame = Stamp { session, run: 1, number, said_us: now_us() }.frame();
            room.speak(Spoken { number, level: LEVEL, frame: &frame }, now);
            speaks_at += Duration::from_millis(FRAME_MS);
        }
        if with_pictures && now >= shows_at {
            frames += 1;
            room.show(session, frames, now);
            shows_at += FRAME_EVERY;
        }
        if now >= flushes_at {
            notes.delays_us.lock().await.append(&mut delays);
            flushes_at = now + Duration::from_secs(1);
        }
        let due = room.due().min(speaks_at).min(flushes_at);
        let due = if with_pictures { due.min(shows_at) } else { due };
        tokio::select! {
            () = poll_fn(|context| room.poll_readable(context)) => {}
            () = tokio::time::sleep_until(due.into()) => {}
        }
        room.run(Instant::now(), &mut happened);
    }
}
