//! One person of many: comes in, speaks and shows now and then, asks for pictures, says nonsense to the node, and stays until
//! let go. Whoever is to vanish is aborted.

use std::collections::BTreeMap;
use std::future::poll_fn;
use std::net::SocketAddr;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use earshot_participants::picture::FRAME_EVERY;
use earshot_participants::room::{Lanes, RoomConnection, RoomEvent};
use earshot_participants::voice::{FRAME_MS, Spoken, Stamp, now_us};
use earshot_protocol::fleet::{GRANT_LIFE_S, TrackKind, WantedPicture};

use super::counts::Counts;
use super::dice::Dice;
use super::relay::Relay;
use crate::node::Node;
use crate::signer::Signer;

/// Decibels below the loudest.
const LEVEL: u8 = 30;
/// Between changes of mind: to speak or not, to show or not, whom to look at.
const MIND: Duration = Duration::from_secs(2);
/// Of those who are let in with it, some do not renew it.
const SHORT_LIFE_S: i64 = 15;
/// Longer than any text the node takes.
const LONG_WORDS_BYTES: u64 = 40_000;

/// What all of them share.
#[derive(Clone)]
pub struct Around {
    pub node: Arc<Node>,
    pub signer: Arc<Signer>,
    pub counts: Arc<Counts>,
    /// Who is in which room, as the space last said.
    pub members: Arc<Mutex<BTreeMap<u64, Vec<u32>>>>,
}

/// Who it is, and where.
#[derive(Clone, Debug)]
pub struct Who {
    pub session: u32,
    pub space: String,
    pub room: u64,
    pub publish: bool,
}

pub async fn live(who: Who, around: Around, mut dice: Dice) -> anyhow::Result<()> {
    let Around { node, signer, counts, members } = around;
    let media = node.media;
    let looks = dice.once_in(2);
    let lanes = if looks { Lanes::ALL } else { Lanes::VOICES };
    let mut happened = Vec::new();
    let mut room = RoomConnection::open(media.ip(), lanes, Instant::now(), &mut happened)?;
    // Half have the node to themselves, half a bad network before it.
    let relay = if dice.once_in(2) {
        let over_tcp = dice.once_in(3);
        Some(Relay::open(media, over_tcp, dice.fork(), Arc::clone(&counts)).await?)
    } else {
        None
    };
    let life_s = if dice.once_in(4) { SHORT_LIFE_S } else { GRANT_LIFE_S };
    let renews = !dice.once_in(3);
    let begin = Instant::now();
    let (mut speaks, mut shows, mut is_in) = (false, false, false);
    let (mut speaks_at, mut shows_at, mut minds_at) = (begin, begin, begin + MIND);
    let (mut number, mut frames) = (0_u32, 0_u32);
    loop {
        for event in happened.drain(..) {
            match event {
                RoomEvent::WantGrant if !is_in || renews => {
                    let mut claims = signer.claims(&who.space, who.room, who.session, who.publish);
                    claims.exp = claims.iat + life_s;
                    let grant = signer.sign(&claims)?;
                    let Some(offer) = room.take(&grant, Instant::now()) else { continue };
                    counts.tried.fetch_add(1, Ordering::Relaxed);
                    let node = Arc::clone(&node);
                    let answer = tokio::task::spawn_blocking(move || node.join(&grant, &offer)).await?;
                    let Ok(answer) = answer else {
                        counts.turned_away.fetch_add(1, Ordering::Relaxed);
                        return Ok(());
                    };
                    let answer = match &relay {
                        Some(relay) => through(&answer, media, relay.port),
                        None => answer,
                    };
                    room.answered(Some(&answer), Instant::now(), &mut Vec::new());
                }
                RoomEvent::Joined => {
                    is_in = true;
                    counts.joined.fetch_add(1, Ordering::Relaxed);
                }
                RoomEvent::Voice(..) => {
                    counts.voices_heard.fetch_add(1, Ordering::Relaxed);
                }
                RoomEvent::Picture(..) => {
                    counts.pictures_seen.fetch_add(1, Ordering::Relaxed);
                }
                RoomEvent::Lost => return Ok(()),
                RoomEvent::WantGrant | RoomEvent::Slots => {}
            }
        }
        let now = Instant::now();
        if now >= minds_at {
            minds_at = now + MIND;
            // Those who may not send try it too, at times.
            let may = who.publish || dice.once_in(8);
            (speaks, shows) = (may && dice.once_in(2), may && dice.once_in(2));
            (speaks_at, shows_at) = (now, now);
            if looks && dice.once_in(2) {
                let members = members.lock().ok().and_then(|rooms| rooms.get(&who.room).cloned()).unwrap_or_default();
                room.want(&wishes(who.session, &members, &mut dice), now);
            }
            if is_in && dice.once_in(10) {
                babble(&mut room, &mut dice, now);
                counts.bad_words.fetch_add(1, Ordering::Relaxed);
            }
        }
        if speaks && now >= speaks_at {
            number += 1;
            let frame = Stamp { session: who.session, run: 1, number, said_us: now_us() }.frame();
            room.speak(Spoken { number, level: LEVEL, frame: &frame }, now);
            speaks_at += Duration::from_millis(FRAME_MS);
        }
        if shows && now >= shows_at {
            frames += 1;
            room.show(who.session, frames, now);
            shows_at += FRAME_EVERY;
        }
        let mut due = room.due().min(minds_at);
        if speaks {
            due = due.min(speaks_at);
        }
        if shows {
            due = due.min(shows_at);
        }
        tokio::select! {
            () = poll_fn(|context| room.poll_readable(context)) => {}
            () = tokio::time::sleep_until(due.into()) => {}
        }
        room.run(Instant::now(), &mut happened);
    }
}

/// An answer whose candidates are the relay's. Those of TCP stay: a participant of ours has no use for them.
fn through(answer: &str, media: SocketAddr, port: u16) -> String {
    let (theirs, ours) = (format!("{} {} typ", media.ip(), media.port()), format!("{} {port} typ", media.ip()));
    answer.replace(&theirs, &ours)
}

/// Pictures of those in the room, as anybody would, and at times of those who are not, of oneself, of nobody, or of no kind there is.
fn wishes(session: u32, members: &[u32], dice: &mut Dice) -> Vec<WantedPicture> {
    if !dice.once_in(3) {
        let wish = |&session: &u32| WantedPicture {
            session,
            kind: TrackKind::Camera,
            height_px: 180 << dice.below(3),
            pinned: dice.once_in(5),
        };
        return members.iter().map(wish).collect();
    }
    let kinds = [TrackKind::Camera, TrackKind::Screen, TrackKind::Microphone];
    let count = if dice.once_in(20) { 400 } else { dice.below(12) };
    let wish = |dice: &mut Dice| WantedPicture {
        session: session.saturating_sub(10).saturating_add(dice.below(20) as u32),
        kind: dice.pick(&kinds).copied().unwrap_or(TrackKind::Camera),
        height_px: if dice.once_in(10) { dice.roll() as u32 } else { 180 << dice.below(3) },
        pinned: dice.once_in(5),
    };
    (0..count).map(|_| wish(dice)).collect()
}

/// A renewal that is none: the one word whose text is free.
fn babble(room: &mut RoomConnection, dice: &mut Dice, now: Instant) {
    let most = if dice.once_in(4) { LONG_WORDS_BYTES } else { 200 };
    let count = dice.below(most) as usize;
    let text = String::from_utf8_lossy(&dice.bytes(count)).into_owned();
    let _offer = room.take(&text, now);
}
