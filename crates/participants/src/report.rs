//! What one participant knows and heard, as JSON.

use std::time::Instant;

use earshot_client_core::{Client, LocalMs, Place};
use earshot_protocol::SessionId;
use earshot_protocol::units::{SUBPIXELS_PER_PIXEL, TILE};
use earshot_world::earshot::Ear;
use serde::Serialize;

use crate::company::Company;
use crate::ears::{Tally, Way};

#[derive(Debug, Serialize)]
pub struct Report {
    /// Which of the cast.
    pub n: usize,
    pub session: Option<u32>,
    pub online: bool,
    pub x_px: f64,
    pub y_px: f64,
    pub rooms: Vec<RoomReport>,
    pub hears: Vec<HeardReport>,
    /// By where all stand: whom the space should have told of, and has not; and whom it told of though they are too far.
    pub untold: Vec<u32>,
    pub mistold: Vec<u32>,
    pub delay_ms_p50: f64,
    pub delay_ms_p99: f64,
    /// How late it was itself at worst: what a machine that is too busy does to all figures.
    pub stall_ms_max: u64,
    /// Of everybody, also those who have left.
    pub forbidden: u64,
    pub doubled: u64,
    pub gaps_60: u64,
    pub gaps_200: u64,
    pub gap_ms_max: u64,
    pub raw_gap_ms_max: u64,
    pub missing: u64,
}

#[derive(Debug, Serialize)]
pub struct RoomReport {
    pub room: u64,
    pub publish: bool,
    pub leaving: bool,
    pub joined: bool,
}

/// One whom the space says one hears, or is heard by.
#[derive(Debug, Serialize)]
pub struct HeardReport {
    pub id: u32,
    pub hears: bool,
    pub heard: bool,
    /// There is a direct way, and it stands.
    pub direct: Option<bool>,
    /// `direct`, or a room's number.
    pub way: Option<String>,
    /// Since the last frame of theirs that was played.
    pub quiet_ms: Option<u64>,
    /// Others are louder, and there are no more lanes.
    pub crowded_out: bool,
    /// Packets of pictures, their bytes, and the frames of which all came.
    pub pictures: u64,
    pub picture_bytes: u64,
    pub picture_frames: u64,
    /// Of the newest frame.
    pub picture_height_px: u16,
    /// The longest that the picture stood still.
    pub picture_gap_ms_max: u64,
    /// How long the newest frame was on its way.
    pub delay_ms: Option<f64>,
    #[serde(flatten)]
    pub tally: Tally,
}

impl Report {
    pub fn of(n: usize, client: &Client, company: &Company, now: Instant, local: LocalMs) -> Self {
        let at = client.own_position(local).unwrap_or_default();
        let px = |subpixels: i32| f64::from(subpixels) / f64::from(SUBPIXELS_PER_PIXEL);
        let (untold, mistold) = by_place(client, company, local);
        let all = || company.ears.values().map(|ears| &ears.tally);
        let sum = |field: fn(&Tally) -> u64| all().map(field).sum();
        Self {
            n,
            session: client.own_id().map(|id| id.0),
            online: client.own_id().is_some(),
            x_px: px(at.x),
            y_px: px(at.y),
            rooms: company
                .rooms
                .told()
                .map(|(told, joined)| RoomReport {
                    room: told.room,
                    publish: told.publish,
                    leaving: told.leaving,
                    joined,
                })
                .collect(),
            hears: people(company, now),
            untold,
            mistold,
            delay_ms_p50: company.delays.percentile(0.5),
            delay_ms_p99: company.delays.percentile(0.99),
            stall_ms_max: 0,
            forbidden: sum(|tally| tally.forbidden),
            doubled: sum(|tally| tally.doubled),
            gaps_60: sum(|tally| tally.gaps_60),
            gaps_200: sum(|tally| tally.gaps_200),
            gap_ms_max: all().map(|tally| tally.gap_ms_max).max().unwrap_or(0),
            raw_gap_ms_max: all().map(|tally| tally.raw_gap_ms_max).max().unwrap_or(0),
            missing: sum(|tally| tally.missing),
        }
    }
}

fn people(company: &Company, now: Instant) -> Vec<HeardReport> {
    let one = |(&id, person): (&u32, &crate::company::Person)| {
        let ears = company.ears.get(&id);
        let way = person.listened_to.map(|way| match way {
            Way::Direct => "direct".to_owned(),
            Way::Room(room) => room.to_string(),
        });
        HeardReport {
            id,
            hears: person.hears,
            heard: person.heard,
            direct: person.peer.as_ref().map(|peer| peer.is_connected()),
            way,
            quiet_ms: ears.and_then(|ears| ears.quiet(now)).map(|quiet| quiet.as_millis() as u64),
            crowded_out: ears.is_some_and(crate::ears::Ears::is_crowded_out),
            pictures: person.sight.packets,
            picture_bytes: person.sight.bytes,
            picture_frames: person.sight.frames,
            picture_height_px: person.sight.height_px,
            picture_gap_ms_max: person.sight.gap_ms(now),
            delay_ms: ears.and_then(|ears| ears.delay_ms),
            tally: ears.map(|ears| ears.tally.clone()).unwrap_or_default(),
        }
    };
    company.people.iter().map(one).collect()
}

/// What one is drawn at is a moment old, and rounded: nobody is judged who stands just at the edge.
const MARGIN: i64 = TILE as i64 / 8;

/// Whom one should be told of by where all stand, as far as this client knows, and is not; and whom one should not.
fn by_place(client: &Client, company: &Company, local: LocalMs) -> (Vec<u32>, Vec<u32>) {
    let (mut untold, mut mistold) = (Vec::new(), Vec::new());
    let Some(own) = client.own_position(local).map(|at| Ear::at(client.map(), at)) else {
        return (untold, mistold);
    };
    for person in client.people().filter(|person| Some(person.session_id) != client.own_id()) {
        let SessionId(id) = person.session_id;
        let Some(Place::Exact(at)) = client.locate(person.session_id, local) else { continue };
        let other = Ear::at(client.map(), at);
        let is_edge = [earshot_world::earshot::EARSHOT_ENTER, earshot_world::earshot::EARSHOT_LEAVE]
            .iter()
            .any(|edge| (other.distance_squared(&own).isqrt() - i64::from(*edge)).abs() < MARGIN);
        let hears = company.people.get(&id).is_some_and(|person| person.hears);
        if is_edge {
            continue;
        }
        if !hears && person.connected && own.hears(client.map(), &other, false).is_some() {
            untold.push(id);
        }
        if hears && own.hears(client.map(), &other, true).is_none() {
            mistold.push(id);
        }
    }
    (untold, mistold)
}
