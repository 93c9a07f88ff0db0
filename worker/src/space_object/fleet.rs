//! What the engine wants of the media fleet, performed: rooms placed, nodes told who hears whom, grants signed.
//!
//! Which node a room is on is a row of the object; all else is at hand only while something is under way. A post that was under
//! way when the object died is made up for by the next change of its room, or by the room's people, who miss what they
//! should hear.
//!
//! Absent on purpose: which rooms there are and when one is to move. The engine decides that.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::time::Duration;

use earshot_protocol::fleet::{HearingSets, RoomHearing};
use earshot_protocol::units::TimeMs;
use earshot_protocol::{SessionId, SpaceToClient};
use earshot_space::{ConnectionId, Input, Output, Placed};
use worker::{Delay, Error, Result, console_error};

use super::{Shared, now};
use crate::core::fleet::lane::{Failure, Lane, Post, Told};
use crate::core::fleet::tokens::Place;
use crate::fleet::{self, Fleet, PlaceIntent, Placement};

/// A grant waits until the node knows who is in the room: its bearer would be turned away before. So often it is looked at.
const KNOWN_LOOKS_MAX: u32 = 20;
const KNOWN_LOOK_MS: u64 = 25;
/// How often the fleet's object is told that rooms are no more, should it not answer.
const GONE_TRIES: u32 = 3;
const GONE_AGAIN_MS: u64 = 1_000;

/// What is under way.
#[derive(Default)]
pub struct Posts {
    /// By node: one that has another address is another.
    lanes: RefCell<BTreeMap<Placement, Lane>>,
    /// Rooms for which a node is being sought.
    placing: RefCell<BTreeSet<u64>>,
    /// Rooms of which one is finding out whether their node lives.
    probing: RefCell<BTreeSet<u64>>,
}

/// Does what the engine wants of the fleet. Nothing of it is done before this returns but what is kept in rows.
pub fn perform(shared: &Rc<Shared>, output: Output) {
    match output {
        Output::PlaceRoom { room, participants, listeners } => place(shared, Sought { room, participants, listeners }),
        Output::Hearing { rooms, closed } => hearing(shared, rooms, closed),
        Output::Grant { connection, session, room, publish } => grant(shared, connection, session, room, publish),
        Output::ProbeRoom { room } => probe(shared, vec![room]),
        // The others are not for the fleet.
        _ => {}
    }
}

/// All rooms end: the space is forgotten.
pub fn end_all(shared: &Rc<Shared>) {
    match shared.store.media_rooms() {
        Ok(rooms) => hearing(shared, Vec::new(), rooms),
        Err(error) => complain("rooms_not_ended", &error),
    }
}

/// A room for which a node is sought, and how many will be in it.
#[derive(Clone, Copy)]
struct Sought {
    room: u64,
    participants: u32,
    listeners: u32,
}

fn place(shared: &Rc<Shared>, sought: Sought) {
    let room = sought.room;
    if !shared.posts.placing.borrow_mut().insert(room) {
        return;
    }
    let (told, space) = (Rc::clone(shared), shared.store.space_id().unwrap_or_default());
    shared.state.wait_until(async move {
        let found = find_place(&told, &space, sought).await;
        let is_wanted = told.posts.placing.borrow_mut().remove(&room);
        let placed = match found {
            // A question without an answer may have been heard, too.
            Ok(Some(_)) | Err(_) if !is_wanted => return forget(&told, &space, vec![room]).await,
            Ok(Some(placement)) => match told.store.put_media_room(room, &placement) {
                Ok(()) => Placed::OnNode,
                Err(error) => {
                    complain("room_not_kept", &error);
                    Placed::NoneNow
                }
            },
            Ok(None) if Fleet::of(&told.env).is_none() => Placed::NoFleet,
            Ok(None) => Placed::NoneNow,
            Err(error) => {
                complain("room_not_placed", &error);
                Placed::NoneNow
            }
        };
        if is_wanted {
            Shared::handle(&told, Input::RoomPlaced { room, placed });
        }
    });
}

async fn find_place(shared: &Shared, space: &str, sought: Sought) -> Result<Option<Placement>> {
    let Sought { room, participants, listeners } = sought;
    if Fleet::of(&shared.env).is_none() {
        return Ok(None);
    }
    if let Some(placement) = shared.store.media_room(room)? {
        return Ok(Some(placement));
    }
    let region = shared.store.region().unwrap_or_default();
    let intent = PlaceIntent { space: space.to_owned(), room, participants, listeners, region };
    fleet::place(&shared.env, &intent).await
}

/// Hands each node's share to its lane.
fn hearing(shared: &Rc<Shared>, rooms: Vec<RoomHearing>, closed: Vec<u64>) {
    let mut nodes = BTreeSet::new();
    for room in rooms {
        // A room without a node has nobody who would have to know.
        let Some(node) = placement(shared, room.room) else { continue };
        with_lane(shared, &node, |lane| lane.put(room));
        nodes.insert(node);
    }
    for &room in &closed {
        shared.posts.placing.borrow_mut().remove(&room);
        let Some(node) = placement(shared, room) else { continue };
        if let Err(error) = shared.store.forget_media_room(room) {
            complain("room_not_forgotten", &error);
        }
        with_lane(shared, &node, |lane| lane.close(room));
        nodes.insert(node);
    }
    for node in nodes {
        drive(shared, node);
    }
    // Asked for now: with the space its id is forgotten, too.
    if let Some(space) = shared.store.space_id().filter(|_| !closed.is_empty()) {
        let told = Rc::clone(shared);
        shared.state.wait_until(async move { forget(&told, &space, closed).await });
    }
}

/// Posts to a node what waits for it, until nothing does. One at a time for each node.
fn drive(shared: &Rc<Shared>, node: Placement) {
    let begun = shared.posts.lanes.borrow_mut().get_mut(&node).and_then(Lane::begin);
    let Some(mut post) = begun else { return };
    // Asked for now: with the space its id is forgotten, too.
    let Some((fleet, space)) = Fleet::of(&shared.env).zip(shared.space_id().ok()) else {
        shared.posts.lanes.borrow_mut().remove(&node);
        return;
    };
    let told = Rc::clone(shared);
    shared.state.wait_until(async move {
        loop {
            let sets = HearingSets { space: space.clone(), rooms: post.rooms, closed: post.closed };
            let began = now();
            let result = fleet.tell(&node.node, &node.url, &sets, now().0).await;
            let HearingSets { rooms, closed, .. } = sets;
            let wait_ms = match result {
                // Counted from beginning to beginning: how long a far node takes does not make it hear less often.
                Ok(Told::Taken) => with_lane(&told, &node, Lane::sent).saturating_sub(elapsed_ms(began)),
                Ok(Told::Refused { status }) => {
                    let (dropped, wait_ms) = with_lane(&told, &node, |lane| lane.refused(Post { rooms, closed }));
                    for room in dropped {
                        let node = &node.node;
                        console_error!(
                            "{{\"event\":\"hearing_refused\",\"node\":{node:?},\"room\":{room},\"status\":{status}}}"
                        );
                    }
                    wait_ms.saturating_sub(elapsed_ms(began))
                }
                Err(error) => {
                    complain("hearing_not_told", &error);
                    let numbers = rooms.iter().map(|room| room.room).collect();
                    match with_lane(&told, &node, |lane| lane.failed(Post { rooms, closed }, now().0)) {
                        Failure::Retry { in_ms } => {
                            // Likely it is dead; then its people need not be the ones to find that out.
                            probe(&told, numbers);
                            in_ms
                        }
                        Failure::GivenUp { rooms } => {
                            for room in rooms {
                                Shared::handle(&told, Input::RoomGone { room });
                            }
                            0
                        }
                    }
                }
            };
            Delay::from(Duration::from_millis(wait_ms.into())).await;
            match with_lane(&told, &node, Lane::next) {
                Some(next) => post = next,
                None => break,
            }
        }
        told.posts.lanes.borrow_mut().retain(|_, lane| !lane.is_idle());
    });
}

fn elapsed_ms(began: TimeMs) -> u32 {
    u32::try_from(now().since(began)).unwrap_or(0)
}

fn with_lane<T>(shared: &Shared, node: &Placement, change: impl FnOnce(&mut Lane) -> T) -> T {
    change(shared.posts.lanes.borrow_mut().entry(node.clone()).or_default())
}

fn grant(shared: &Rc<Shared>, connection: ConnectionId, session: SessionId, room: u64, publish: bool) {
    let told = Rc::clone(shared);
    shared.state.wait_until(async move {
        match sign(&told, session, room, publish).await {
            Ok(Some(grant)) => {
                let frame = SpaceToClient::MediaGrant { room, grant }.encode();
                let failed = told.sockets.borrow().send(&[connection], &frame);
                for connection in failed {
                    Shared::handle(&told, Input::Disconnected { connection, record: Vec::new() });
                }
            }
            // Whoever asked asks again, or is told of another room.
            Ok(None) => {}
            Err(error) => complain("not_granted", &error),
        }
    });
}

async fn sign(shared: &Shared, session: SessionId, room: u64, publish: bool) -> Result<Option<String>> {
    let Some((fleet, placement)) = Fleet::of(&shared.env).zip(shared.store.media_room(room)?) else { return Ok(None) };
    let is_waiting = || shared.posts.lanes.borrow().get(&placement).is_some_and(|lane| lane.is_waiting(room));
    for _ in 0..KNOWN_LOOKS_MAX {
        if !is_waiting() {
            break;
        }
        Delay::from(Duration::from_millis(KNOWN_LOOK_MS)).await;
    }
    let space = shared.space_id()?;
    let place = Place { space: &space, room, node: &placement.node, at: &placement.url };
    fleet.grant(&place, session, publish, now().0).await.map(Some)
}

/// Finds out whether the nodes of some rooms live, and tells the engine of those that do not.
fn probe(shared: &Rc<Shared>, rooms: Vec<u64>) {
    let rooms: Vec<u64> = rooms.into_iter().filter(|&room| shared.posts.probing.borrow_mut().insert(room)).collect();
    if rooms.is_empty() {
        return;
    }
    let told = Rc::clone(shared);
    shared.state.wait_until(async move {
        let gone = match told.space_id() {
            Ok(space) => fleet::probe(&told.env, &space, rooms.clone()).await,
            Err(error) => Err(error),
        };
        for room in &rooms {
            told.posts.probing.borrow_mut().remove(room);
        }
        match gone {
            Ok(gone) => gone.into_iter().for_each(|room| Shared::handle(&told, Input::RoomGone { room })),
            Err(error) => complain("not_probed", &error),
        }
    });
}

/// Tells the fleet that rooms are no more. Where that does not succeed, it forgets them with their node.
async fn forget(shared: &Shared, space: &str, rooms: Vec<u64>) {
    if Fleet::of(&shared.env).is_none() {
        return;
    }
    for _ in 0..GONE_TRIES {
        match fleet::gone(&shared.env, space, rooms.clone()).await {
            Ok(()) => return,
            Err(error) => complain("fleet_not_told", &error),
        }
        Delay::from(Duration::from_millis(GONE_AGAIN_MS)).await;
    }
}

fn placement(shared: &Shared, room: u64) -> Option<Placement> {
    shared.store.media_room(room).unwrap_or_else(|error| {
        complain("room_not_read", &error);
        None
    })
}

fn complain(event: &str, error: &Error) {
    console_error!("{{\"event\":{event:?},\"error\":{:?}}}", error.to_string());
}
