//! Churn: people come, speak, leave, vanish and come anew in rooms that open and close, while strangers throw at the node what no
//! participant would. Watched are its memory, its handles, and whether anything in it panics.
//!
//! Absent on purpose: renegotiation and ICE restarts. A connection to a room is offered once; whoever needs another comes anew.

mod counts;
mod dice;
mod noise;
mod person;
mod relay;
mod requests;
mod watch;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use anyhow::ensure;
use counts::Counts;
use dice::Dice;
use earshot_protocol::fleet::{HearingSets, ParticipantHearing, RoomHearing};
use person::{Around, Who, live};
use tokio::task::JoinHandle;
use watch::Watch;

use crate::node::Node;
use crate::signer::Signer;

/// An hour.
pub const SECONDS: u64 = 3_600;
/// Threads of the node: more than one, so that datagrams are handed over, too.
const SHARDS: u32 = 2;
const PEOPLE: usize = 24;
const ROOMS: usize = 4;
/// Something is done to somebody this often.
const STEP: Duration = Duration::from_millis(330);
/// Somebody who was told to go, or whose session is somebody else's now, has gone by then.
const GOES: Duration = Duration::from_secs(4);
/// Until the node has forgotten everybody, vanished ones and silent streams among them.
const REST: Duration = Duration::from_secs(45);

struct Person {
    room: u64,
    task: JoinHandle<anyhow::Result<()>>,
}

struct Room {
    revision: u64,
    /// Sessions, and whether they may publish.
    members: BTreeMap<u32, bool>,
}

struct Crowd {
    around: Around,
    dice: Dice,
    rooms: BTreeMap<u64, Room>,
    people: BTreeMap<u32, Person>,
    going: Vec<(Instant, JoinHandle<anyhow::Result<()>>)>,
    next_room: u64,
    next_session: u32,
}

pub async fn run(program: &Path, seconds: u64, seed: u64) -> anyhow::Result<()> {
    let signer = Arc::new(Signer::new()?);
    let node = Arc::new(Node::start(program, &signer, SHARDS)?);
    let counts = Arc::new(Counts::default());
    let around = Around { node: Arc::clone(&node), signer, counts: Arc::clone(&counts), members: Arc::default() };
    let mut dice = Dice::new(seed);
    let strangers = [
        tokio::spawn(noise::make(node.media, dice.fork(), Arc::clone(&counts))),
        tokio::spawn(requests::make(around.clone(), dice.fork())),
    ];
    let mut crowd = Crowd::new(around, dice);
    let mut watch = Watch::new(Arc::clone(&node))?;
    let (begin, mut looked) = (Instant::now(), Instant::now());
    while begin.elapsed() < Duration::from_secs(seconds) {
        crowd.step().await?;
        if looked.elapsed() >= watch::EVERY {
            looked += watch::EVERY;
            let sample = watch.look().await?;
            eprintln!("{} {}", serde_json::to_string(&sample)?, serde_json::to_string(&counts.now())?);
            watch.samples.push(sample);
            ensure!(strangers.iter().all(|stranger| !stranger.is_finished()), "a stranger gave up");
        }
        tokio::time::sleep(STEP).await;
    }
    strangers.iter().for_each(JoinHandle::abort);
    crowd.end().await?;
    tokio::time::sleep(REST).await;
    let at_rest = watch.look().await?;
    let report = watch.report(&counts, seed, at_rest).await?;
    println!("{}", serde_json::to_string(&report)?);
    report.print();
    let faults = report.faults();
    ensure!(faults.is_empty(), "{}", faults.join("; "));
    Ok(())
}

impl Crowd {
    fn new(around: Around, dice: Dice) -> Self {
        Self {
            around,
            dice,
            rooms: BTreeMap::new(),
            people: BTreeMap::new(),
            going: Vec::new(),
            next_room: 1,
            next_session: 1,
        }
    }

    /// One thing that happens.
    async fn step(&mut self) -> anyhow::Result<()> {
        self.reap().await?;
        while self.rooms.len() < ROOMS {
            self.open().await?;
        }
        if self.people.len() < PEOPLE {
            self.come().await?;
        }
        let sessions: Vec<u32> = self.people.keys().copied().collect();
        let Some(session) = self.dice.pick(&sessions).copied() else { return Ok(()) };
        match self.dice.below(40) {
            0..8 => self.leave(session).await,
            8..14 => self.vanish(session).await,
            14..18 => self.come_anew(session).await,
            18..26 => self.tell_one_room().await,
            26 => self.close_one_room().await,
            _ => Ok(()),
        }
    }

    /// Whoever ended by themselves is not in the room any more.
    async fn reap(&mut self) -> anyhow::Result<()> {
        let mut changed = BTreeSet::new();
        let ended: Vec<u32> =
            self.people.iter().filter(|(_, person)| person.task.is_finished()).map(|(&session, _)| session).collect();
        for session in ended {
            if let Some(person) = self.people.remove(&session) {
                // A person of ours that fails is our trouble, not the node's; it is told, and counted.
                if let Err(error) = person.task.await.map_err(Into::into).flatten() {
                    self.around.counts.troubles.fetch_add(1, Ordering::Relaxed);
                    eprintln!("a person failed: {error:#}");
                }
                self.around.counts.ended.fetch_add(1, Ordering::Relaxed);
                self.forget(person.room, session);
                changed.insert(person.room);
            }
        }
        self.going.retain(|(since, task)| {
            let is_gone = task.is_finished() || since.elapsed() > GOES;
            if is_gone {
                task.abort();
            }
            !is_gone
        });
        for room in changed {
            self.tell(room).await?;
        }
        Ok(())
    }

    async fn open(&mut self) -> anyhow::Result<()> {
        let room = self.next_room;
        self.next_room += 1;
        self.rooms.insert(room, Room { revision: 0, members: BTreeMap::new() });
        self.around.counts.rooms_opened.fetch_add(1, Ordering::Relaxed);
        self.tell(room).await
    }

    async fn come(&mut self) -> anyhow::Result<()> {
        let rooms: Vec<u64> = self.rooms.keys().copied().collect();
        let Some(room) = self.dice.pick(&rooms).copied() else { return Ok(()) };
        let session = self.next_session;
        self.next_session += 1;
        let publish = !self.dice.once_in(5);
        if let Some(room) = self.rooms.get_mut(&room) {
            room.members.insert(session, publish);
        }
        // At times the space's word comes later than the participant, who is refused then.
        if !self.dice.once_in(20) {
            self.tell(room).await?;
        }
        let task = self.begin(session, room, publish);
        self.people.insert(session, Person { room, task });
        Ok(())
    }

    fn begin(&mut self, session: u32, room: u64, publish: bool) -> JoinHandle<anyhow::Result<()>> {
        let who = Who { session, space: space_of(room), room, publish };
        tokio::spawn(live(who, self.around.clone(), self.dice.fork()))
    }

    /// The space takes the right away, and the node lets them go.
    async fn leave(&mut self, session: u32) -> anyhow::Result<()> {
        let Some(person) = self.people.remove(&session) else { return Ok(()) };
        self.around.counts.left.fetch_add(1, Ordering::Relaxed);
        self.going.push((Instant::now(), person.task));
        self.forget(person.room, session);
        self.tell(person.room).await
    }

    /// Without a word. Half the time the space notices only when the next one is told.
    async fn vanish(&mut self, session: u32) -> anyhow::Result<()> {
        let Some(person) = self.people.remove(&session) else { return Ok(()) };
        self.around.counts.vanished.fetch_add(1, Ordering::Relaxed);
        person.task.abort();
        self.forget(person.room, session);
        if self.dice.once_in(2) { self.tell(person.room).await } else { Ok(()) }
    }

    async fn come_anew(&mut self, session: u32) -> anyhow::Result<()> {
        let Some(person) = self.people.get(&session) else { return Ok(()) };
        let room = person.room;
        let publish = self.rooms.get(&room).and_then(|room| room.members.get(&session)).copied().unwrap_or(false);
        self.around.counts.came_anew.fetch_add(1, Ordering::Relaxed);
        let task = self.begin(session, room, publish);
        if let Some(before) = self.people.insert(session, Person { room, task }) {
            self.going.push((Instant::now(), before.task));
        }
        Ok(())
    }

    async fn tell_one_room(&mut self) -> anyhow::Result<()> {
        let rooms: Vec<u64> = self.rooms.keys().copied().collect();
        match self.dice.pick(&rooms).copied() {
            Some(room) => self.tell(room).await,
            None => Ok(()),
        }
    }

    async fn close_one_room(&mut self) -> anyhow::Result<()> {
        let rooms: Vec<u64> = self.rooms.keys().copied().collect();
        let Some(room) = self.dice.pick(&rooms).copied() else { return Ok(()) };
        self.rooms.remove(&room);
        if let Ok(mut rooms) = self.around.members.lock() {
            rooms.remove(&room);
        }
        self.around.counts.rooms_closed.fetch_add(1, Ordering::Relaxed);
        self.post(HearingSets { space: space_of(room), rooms: vec![], closed: vec![room] }).await
    }

    fn forget(&mut self, room: u64, session: u32) {
        if let Some(room) = self.rooms.get_mut(&room) {
            room.members.remove(&session);
        }
    }

    /// Who hears whom in a room is diced anew each time; at times the word is an old one.
    async fn tell(&mut self, number: u64) -> anyhow::Result<()> {
        let Some(room) = self.rooms.get_mut(&number) else { return Ok(()) };
        room.revision += 1;
        let revision = if self.dice.once_in(20) { room.revision / 2 } else { room.revision };
        let members: Vec<(u32, bool)> = room.members.iter().map(|(&session, &publish)| (session, publish)).collect();
        if let Ok(mut rooms) = self.around.members.lock() {
            rooms.insert(number, members.iter().map(|&(session, _)| session).collect());
        }
        let mut participants = Vec::new();
        for &(session, publish) in &members {
            let others = members.iter().filter(|(other, _)| *other != session && !self.dice.once_in(4));
            let others: Vec<u32> = others.map(|&(other, _)| other).collect();
            let hears =
                others.into_iter().map(|other| (other, 1 + self.dice.below(100) as u8, self.dice.below(2) as u8));
            let hears = hears.collect();
            participants.push(ParticipantHearing { session, publish, reduced: self.dice.once_in(6), hears });
        }
        let told = RoomHearing { room: number, revision, participants };
        self.post(HearingSets { space: space_of(number), rooms: vec![told], closed: vec![] }).await
    }

    async fn post(&self, sets: HearingSets) -> anyhow::Result<()> {
        let Around { node, signer, counts, .. } = self.around.clone();
        counts.hearing_posts.fetch_add(1, Ordering::Relaxed);
        tokio::task::spawn_blocking(move || {
            // What the node does not take, it is told again with the next word about that room; if it is dead, its figures say so.
            if let Err(error) = node.post(&signer, &sets) {
                counts.troubles.fetch_add(1, Ordering::Relaxed);
                eprintln!("a word was not taken: {error:#}");
            }
        })
        .await?;
        Ok(())
    }

    /// All rooms are closed, so that everybody is let go.
    async fn end(&mut self) -> anyhow::Result<()> {
        for (room, _) in std::mem::take(&mut self.rooms) {
            self.post(HearingSets { space: space_of(room), rooms: vec![], closed: vec![room] }).await?;
        }
        tokio::time::sleep(GOES).await;
        for person in std::mem::take(&mut self.people).into_values() {
            person.task.abort();
        }
        self.going.drain(..).for_each(|(_, task)| task.abort());
        Ok(())
    }
}

/// A few rooms make a space; spaces end, too.
fn space_of(room: u64) -> String {
    format!("space-{}", room / 5)
}
