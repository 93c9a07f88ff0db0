//! One Durable Object for the whole fleet: which nodes there are, and which room is on which.
//!
//! It sleeps between beats; all it knows lies in its rows. An alarm, set only while there are nodes, notices who is silent.
//! Spaces are told that their rooms have no node any more until they have heard it.
//!
//! Absent on purpose: who is in a room and who hears whom. That is between a space and its nodes.

mod store;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::rc::Rc;
use std::time::Duration;

use earshot_protocol::fleet::{Beat, BeatAnswer};
use serde::{Deserialize, Serialize};
use worker::{
    Delay, DurableObject, Env, Method, Request, Response, Result, ScheduledTime, State, console_error, console_log,
    durable_object, js_sys,
};

use crate::core::fleet::doubt::{Doubt, Sign, Verdict};
use crate::core::fleet::placement::{self, Arriving, NODES_MAX, Node, SPACE_ROOMS_MAX, Turn, Wish, is_usable};
use crate::fleet::{PlaceIntent, Placed, Placement, Probed, Rooms, beat_ms, try_send, within};
use crate::objects;
use store::{Store, Untold};

/// A node that is alive answers in a fraction of this, unless it is far away, or out of breath.
const PROBE_MS_MIN: i64 = 700;
const PROBE_MS_MAX: i64 = 1_500;
/// How long the first answer of a node may take.
const REACH_MS_MAX: u64 = 3_000;
/// An answer counts for whoever else asks within this time: all in a room say at once that they have lost it.
const PROBE_COUNTS_MS: i64 = 250;
/// After a space could not be told, it is told again so much later.
const TELL_AGAIN_MS: i64 = 2_000;
/// A space has to say no more than that it heard.
const TELL_MS_MAX: u64 = 5_000;
const TELL_WAITS_MS: i64 = 500;
/// An event may ask 50 others on the free plan.
const SPACES_AT_ONCE: i64 = 40;

/// The object of the fleet.
#[durable_object(alarm)]
pub struct FleetObject {
    inner: AssertUnwindSafe<Rc<Inner>>,
}

struct Inner {
    state: State,
    env: Env,
    store: Store,
    beat_ms: i64,
    /// When each node last answered a probe.
    answered: RefCell<BTreeMap<String, i64>>,
    /// The alarm that is known to be set.
    alarm_at: Cell<Option<i64>>,
    /// Spaces are being told.
    is_telling: Cell<bool>,
}

/// A beat, and whose.
#[derive(Serialize, Deserialize)]
pub struct BeatOf {
    pub id: String,
    pub beat: Beat,
}

/// What came of a beat.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Heard {
    Known(BeatAnswer),
    TooMany,
}

/// A node, for whoever runs the fleet.
#[derive(Serialize, Deserialize)]
pub struct NodeReport {
    pub id: String,
    #[serde(flatten)]
    pub beat: Beat,
    pub seen_ms: i64,
    pub answer_ms: Option<i64>,
    pub rooms: i64,
}

/// What a node says when it is asked whether it lives.
#[derive(Deserialize)]
struct Life {
    run: String,
}

impl DurableObject for FleetObject {
    fn new(state: State, env: Env) -> Self {
        let store = Store::open(&state);
        let beat_ms = beat_ms(&env);
        let inner = Inner {
            state,
            env,
            store,
            beat_ms,
            answered: RefCell::new(BTreeMap::new()),
            alarm_at: Cell::new(None),
            is_telling: Cell::new(false),
        };
        Self { inner: AssertUnwindSafe(Rc::new(inner)) }
    }

    async fn fetch(&self, mut request: Request) -> Result<Response> {
        let inner = &*self.inner;
        match (request.method(), request.path().as_str()) {
            (Method::Post, "/beat") => Response::from_json(&Inner::beat(inner, request.json().await?).await?),
            (Method::Post, "/place") => {
                let placement = inner.place(&request.json().await?)?;
                Response::from_json(&Placed { placement })
            }
            (Method::Post, "/gone") => {
                let Rooms { space, rooms } = request.json().await?;
                for room in rooms {
                    inner.store.forget_room(&space, room)?;
                }
                Ok(Response::empty()?.with_status(204))
            }
            (Method::Post, "/hurry") => {
                let Rooms { space, rooms } = request.json().await?;
                Inner::hurry(inner, &space, &rooms)?;
                Ok(Response::empty()?.with_status(204))
            }
            (Method::Post, "/probe") => {
                let Rooms { space, rooms } = request.json().await?;
                Response::from_json(&Probed { gone: Inner::probe(inner, &space, rooms).await? })
            }
            (Method::Post, "/nodes") => Response::from_json(&inner.report()?),
            _ => Response::error("no such route", 404),
        }
    }

    async fn alarm(&self) -> Result<Response> {
        let inner = &*self.inner;
        inner.alarm_at.set(None);
        let now_ms = now_ms();
        for node in inner.store.nodes()? {
            if now_ms >= placement::lost_at(node.seen_ms, inner.beat_ms) {
                inner.lose(&node, "silent")?;
            }
        }
        Inner::tell(inner).await;
        inner.watch().await?;
        Response::empty()
    }
}

impl Inner {
    async fn beat(inner: &Rc<Self>, BeatOf { id, beat }: BeatOf) -> Result<Heard> {
        let now_ms = now_ms();
        let before = inner.store.node(&id)?;
        if before.is_none() && inner.store.nodes()?.len() >= NODES_MAX {
            console_error!("{{\"event\":\"too_many_nodes\",\"node\":{id:?}}}");
            return Ok(Heard::TooMany);
        }
        let turn = placement::turn(before.as_ref().map(|node| &node.beat), &beat);
        let moved = match turn {
            Turn::Steady => 0,
            Turn::Draining => inner.store.empty_rooms(&id, now_ms)?,
            Turn::Forgotten => inner.store.lose_rooms(&id, now_ms)?,
        };
        if before.is_none() || turn != Turn::Steady {
            let event = if before.is_none() { "came" } else { turn_word(turn) };
            console_log!("{{\"event\":\"node_{event}\",\"node\":{id:?},\"rooms\":{moved}}}");
        }
        // Another run has to be reached anew.
        let answer_ms = before.filter(|_| turn != Turn::Forgotten).and_then(|node| node.answer_ms);
        let node = Node { id, beat, seen_ms: now_ms, answer_ms };
        inner.store.put_node(&node)?;
        if node.answer_ms.is_none() {
            let reached = Rc::clone(inner);
            inner.state.wait_until(async move { reached.reach(node).await });
        }
        if moved > 0 {
            Self::tell_soon(inner);
        }
        inner.watch().await?;
        Ok(Heard::Known(BeatAnswer { beat_ms: inner.beat_ms.unsigned_abs() }))
    }

    /// Looks whether a new node can be reached where it says that it is. If not, its next beat is another chance.
    async fn reach(&self, node: Node) {
        let began_ms = now_ms();
        let fault = match ask_life(&node.beat.url, REACH_MS_MAX).await {
            Sign::Alive { run } if run == node.beat.run => {
                let reached = self.store.reached(&node.id, &node.beat.run, now_ms() - began_ms);
                return complain("not_kept", reached);
            }
            Sign::Alive { .. } => "another run answers there".to_owned(),
            Sign::Refused(fault) => fault,
            Sign::Silence => "no answer".to_owned(),
        };
        console_error!("{{\"event\":\"node_not_reached\",\"node\":{:?},\"error\":{fault:?}}}", node.id);
    }

    fn place(&self, intent: &PlaceIntent) -> Result<Option<Placement>> {
        let PlaceIntent { space, room, participants, listeners, region } = intent;
        let now_ms = now_ms();
        let nodes = self.store.nodes()?;
        let usable = || nodes.iter().filter(|node| is_usable(node, now_ms, self.beat_ms));
        // Asked again: it stays where it is.
        if let Some(placement) = self.store.placement(space, *room)?
            && usable().any(|node| node.id == placement.node)
        {
            return Ok(Some(placement));
        }
        if self.store.rooms_of_space(space)? >= SPACE_ROOMS_MAX {
            console_error!("{{\"event\":\"too_many_rooms\"}}");
            return Ok(None);
        }
        let arriving = nodes
            .iter()
            .map(|node| {
                let since = placement::arriving_since(now_ms, node.seen_ms);
                Ok((node.id.as_str(), self.store.arriving(&node.id, since)?))
            })
            .collect::<Result<BTreeMap<_, _>>>()?;
        let wish = Wish { participants: *participants, listeners: *listeners, region };
        let chosen = placement::choose(usable(), wish, |id| arriving.get(id).copied().unwrap_or_default());
        let Some(node) = chosen else { return Ok(None) };
        let coming = Arriving { participants: *participants, listeners: *listeners };
        self.store.put_room(space, *room, &node.id, coming, now_ms)?;
        Ok(Some(Placement { node: node.id.clone(), url: node.beat.url.clone() }))
    }

    /// Somebody was turned away by the node of these rooms because it is about to end: they do not wait for their turn. One of which
    /// that is not known yet has it with the node's next beat.
    fn hurry(inner: &Rc<Self>, space: &str, rooms: &[u64]) -> Result<()> {
        let mut any = false;
        for &room in rooms {
            any |= inner.store.hurry(space, room, now_ms())?;
        }
        if any {
            Self::tell_soon(inner);
        }
        Ok(())
    }

    /// Which of these rooms are on a node that does not answer, or on none? Such a node is lost at once. And of a node that is about
    /// to end nobody waits for the turn of a room of which they hear nothing.
    async fn probe(inner: &Rc<Self>, space: &str, rooms: Vec<u64>) -> Result<Vec<u64>> {
        let mut by_node: BTreeMap<String, Vec<u64>> = BTreeMap::new();
        let mut gone = Vec::new();
        for room in rooms {
            match inner.store.placement(space, room)? {
                Some(placement) => by_node.entry(placement.node).or_default().push(room),
                None => gone.push(room),
            }
        }
        let asked = by_node.into_iter().map(async |(id, rooms)| Ok((inner.serves(&id).await?, rooms)));
        let answers = futures_util::future::join_all(asked).await.into_iter().collect::<Result<Vec<_>>>()?;
        gone.extend(answers.into_iter().filter(|(serves, _)| !serves).flat_map(|(_, rooms)| rooms));
        if inner.store.next_untold_ms()?.is_some() {
            // Whoever asked knows; the others are told meanwhile.
            inner.store.told(space, &gone)?;
            Self::tell_soon(inner);
        }
        Ok(gone)
    }

    /// It answers, and will go on doing so.
    async fn serves(&self, id: &str) -> Result<bool> {
        let is_alive = self.is_alive(id).await?;
        Ok(is_alive && self.store.node(id)?.is_some_and(|node| !node.beat.draining))
    }

    async fn is_alive(&self, id: &str) -> Result<bool> {
        let asked_ms = now_ms();
        if self.answered.borrow().get(id).is_some_and(|at| asked_ms - at < PROBE_COUNTS_MS) {
            return Ok(true);
        }
        let Some(node) = self.store.node(id)? else { return Ok(false) };
        // Who is far away needs longer, and is not dead for it.
        let patience = (node.answer_ms.unwrap_or(0) * 3).clamp(PROBE_MS_MIN, PROBE_MS_MAX);
        let mut doubt = Doubt::new(&node.beat.run, node.seen_ms, self.beat_ms, asked_ms);
        loop {
            let sign = ask_life(&node.beat.url, patience.unsigned_abs()).await;
            match doubt.handle_sign(&sign, now_ms()) {
                Verdict::Alive => {
                    self.answered.borrow_mut().insert(id.to_owned(), now_ms());
                    return Ok(true);
                }
                Verdict::AskAgain { in_ms } => {
                    console_log!("{{\"event\":\"node_doubted\",\"node\":{id:?},\"sign\":{:?}}}", format!("{sign:?}"));
                    Delay::from(Duration::from_millis(in_ms)).await;
                }
                Verdict::Dead { why, unless_seen_after_ms } => return self.bury(&node, why, unless_seen_after_ms),
            }
        }
    }

    /// A node did not answer: it is lost, unless it has come back meanwhile or beaten since then. Whether it is alive.
    fn bury(&self, asked: &Node, why: &str, since_ms: i64) -> Result<bool> {
        let Some(node) = self.store.node(&asked.id)? else { return Ok(false) };
        if node.beat.run != asked.beat.run {
            // Its rooms were told when it came back.
            return Ok(false);
        }
        if node.seen_ms > since_ms {
            return Ok(true);
        }
        self.lose(&node, why)?;
        Ok(false)
    }

    fn lose(&self, node: &Node, why: &str) -> Result<()> {
        let moved = self.store.lose_rooms(&node.id, now_ms())?;
        self.store.forget_node(&node.id)?;
        self.answered.borrow_mut().remove(&node.id);
        // Who said that it drains and is silent now has ended as it should.
        let event = if node.beat.draining { "node_left" } else { "node_lost" };
        console_log!("{{\"event\":{event:?},\"node\":{:?},\"why\":{why:?},\"rooms\":{moved}}}", node.id);
        Ok(())
    }

    fn tell_soon(inner: &Rc<Self>) {
        let told = Rc::clone(inner);
        inner.state.wait_until(async move {
            Self::tell(&told).await;
            complain("alarm_not_set", told.watch().await);
        });
    }

    /// Tells spaces which of their rooms have to go elsewhere. The alarm does the rest: for those that do not hear it now, and where
    /// there are more than one event may ask.
    async fn tell(inner: &Rc<Self>) {
        if inner.is_telling.replace(true) {
            return;
        }
        let told = inner.tell_some().await;
        inner.is_telling.set(false);
        complain("rooms_not_moved", told);
    }

    async fn tell_some(&self) -> Result<()> {
        let mut by_space: BTreeMap<String, Vec<Untold>> = BTreeMap::new();
        for untold in self.store.untold(now_ms(), SPACES_AT_ONCE)? {
            by_space.entry(untold.space.clone()).or_default().push(untold);
        }
        let tell = by_space.into_iter().map(async |(space, untold)| {
            let rooms: Vec<u64> = untold.iter().map(|untold| untold.room).collect();
            let told = within(TELL_MS_MAX, objects::rooms_gone(&self.env, &space, rooms.clone())).await;
            if told.unwrap_or(false) {
                return self.store.told(&space, &rooms);
            }
            untold.iter().try_for_each(|untold| self.store.not_told(untold, now_ms() + TELL_AGAIN_MS))
        });
        futures_util::future::join_all(tell).await.into_iter().collect()
    }

    /// Sets the alarm for the next thing that is due: none where there are no nodes and nothing is to be told.
    async fn watch(&self) -> Result<()> {
        let nodes = self.store.nodes()?;
        let lost = nodes.iter().map(|node| placement::lost_at(node.seen_ms, self.beat_ms)).min();
        // While some are being told, others wait for that.
        let earliest = if self.is_telling.get() { now_ms() + TELL_WAITS_MS } else { 0 };
        let untold = self.store.next_untold_ms()?.map(|at| at.max(earliest));
        let Some(due) = lost.into_iter().chain(untold).min() else { return Ok(()) };
        let storage = self.state.storage();
        if self.alarm_at.get().is_none() {
            self.alarm_at.set(storage.get_alarm().await?);
        }
        // An alarm that is too early sets the next one: beats alone write no alarm.
        if self.alarm_at.get().is_some_and(|alarm| alarm <= due) {
            return Ok(());
        }
        self.alarm_at.set(Some(due));
        storage.set_alarm(ScheduledTime::new(js_sys::Date::new(&(due as f64).into()))).await
    }

    fn report(&self) -> Result<Vec<NodeReport>> {
        let report = |node: Node| {
            let rooms = self.store.rooms_on(&node.id)?;
            let Node { id, beat, seen_ms, answer_ms } = node;
            Ok(NodeReport { id, beat, seen_ms, answer_ms, rooms })
        };
        self.store.nodes()?.into_iter().map(report).collect()
    }
}

/// Asks a node whether it lives.
async fn ask_life(url: &str, ms_max: u64) -> Sign {
    let asked = async {
        let request = Request::new(&format!("{url}/health/live"), Method::Get)?;
        match try_send(request, ms_max).await? {
            Some(mut response) if response.status_code() == 200 => Ok(Some(response.json::<Life>().await?)),
            Some(response) => Err(worker::Error::RustError(format!("answered {}", response.status_code()))),
            None => Ok(None),
        }
    };
    match within(ms_max * 2, asked).await {
        Ok(Ok(Some(Life { run }))) => Sign::Alive { run },
        Ok(Err(fault)) => Sign::Refused(fault.to_string()),
        Ok(Ok(None)) | Err(_) => Sign::Silence,
    }
}

fn complain(event: &str, result: Result<()>) {
    if let Err(error) = result {
        console_error!("{{\"event\":{event:?},\"error\":{:?}}}", error.to_string());
    }
}

fn turn_word(turn: Turn) -> &'static str {
    match turn {
        Turn::Steady => "steady",
        Turn::Draining => "draining",
        Turn::Forgotten => "restarted",
    }
}

fn now_ms() -> i64 {
    js_sys::Date::now() as i64
}
