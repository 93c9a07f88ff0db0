//! One Durable Object a space: it hands the engine what happens, and performs what the engine wants done.
//!
//! Nothing is decided here. Sockets hibernate; what the engine wants kept lies in socket attachments and a few rows, so
//! that the object can be evicted at any moment. Short waits are timers (they keep the object awake, which is right while
//! somebody walks); long ones are alarms.

mod change;
mod fleet;
mod sockets;
mod store;
mod template;
mod told;

use std::cell::{Cell, RefCell};
use std::panic::AssertUnwindSafe;
use std::rc::Rc;
use std::time::Duration;

use earshot_protocol::units::TimeMs;
use earshot_protocol::{ChatMessage, DisplayName, Status, UserId};
use earshot_space::{Admission, ChangeRefusal, ConnectionId, CountersReport, Entry, Input, Output, Rules, Space};
use futures_util::future::{AbortHandle, abortable};
use serde::{Deserialize, Serialize};
use worker::{
    DurableObject, Env, Error, Method, Request, Response, Result, State, WebSocket, WebSocketIncomingMessage,
    WebSocketPair, WebSocketRequestResponsePair, console_error, console_log, durable_object, js_sys,
};

use crate::db::Db;
use crate::fleet::within;
use crate::objects::{ChangeAnswer, Delivered, Inside, IsInside};
use crate::post;
use sockets::Sockets;
use store::Store;

/// Who connected, and to what, as the router says. Percent-encoded JSON, for headers are no place for names.
pub const ADMISSION_HEADER: &str = "x-earshot-admission";

/// Waits up to this long are timers; beyond it the object had better hibernate and be woken by an alarm.
const TIMER_MS_MAX: i64 = 10_000;

/// While anything is not in the record yet, an alarm is never further away than this: an object that dies with all its timers
/// comes back by itself and delivers, even if nobody ever visits the space again. One row written for each minute of talk.
const UNDELIVERED_MS_MAX: i64 = 60_000;
/// The database ends a statement after 30 s.
const RECORD_MS_MAX: u64 = 40_000;

/// The object of one space.
#[durable_object]
pub struct SpaceObject {
    shared: AssertUnwindSafe<Rc<Shared>>,
}

struct Shared {
    state: State,
    env: Env,
    store: Store,
    sockets: RefCell<Sockets>,
    /// None until the first visitor brings the name of the map.
    engine: RefCell<Option<Space>>,
    /// The timer that is running: when it ends, and how to stop it.
    timer: RefCell<Option<(TimeMs, AbortHandle)>>,
    /// The alarm that is set.
    alarm_at: Cell<Option<TimeMs>>,
    /// Something was kept, and the record is not known to have it.
    is_behind: Cell<bool>,
    /// A delivery is under way.
    is_delivering: Cell<bool>,
    /// What is being said to the media fleet.
    posts: fleet::Posts,
}

#[derive(Deserialize)]
struct Arrival {
    #[serde(flatten)]
    admission: Admission,
    space: SpaceBrief,
    rules: Rules,
    /// Where in the world they came in.
    #[serde(default)]
    region: String,
}

#[derive(Deserialize)]
struct SpaceBrief {
    id: String,
    template: String,
}

#[derive(Serialize)]
struct OnlineList {
    online: Vec<OnlineUser>,
}

/// What the engine counted, and what there is now.
#[derive(Default, Serialize)]
struct CounterList {
    #[serde(flatten)]
    counters: CountersReport,
    sessions: usize,
    peerings: usize,
}

#[derive(Serialize)]
struct OnlineUser {
    user_id: String,
    name: DisplayName,
    status: Status,
}

impl DurableObject for SpaceObject {
    fn new(state: State, env: Env) -> Self {
        let store = Store::open(&state);
        // Answered by the platform, so that heartbeats neither wake the object nor cost anything.
        if let Ok(pair) = WebSocketRequestResponsePair::new("ping", "pong") {
            state.set_websocket_auto_response(&pair);
        }
        let sockets = Sockets::restore(&state);
        if sockets.count() > 0 {
            // Seldom, and telling: the object slept, or lost its memory, while people were here.
            console_log!("{{\"event\":\"space_restored\",\"connections\":{}}}", sockets.count());
        }
        let shared = Rc::new(Shared {
            state,
            env,
            store,
            sockets: RefCell::new(sockets),
            engine: RefCell::new(None),
            timer: RefCell::new(None),
            alarm_at: Cell::new(None),
            is_behind: Cell::new(false),
            is_delivering: Cell::new(false),
            posts: fleet::Posts::default(),
        });
        if let Some(template) = shared.store.template()
            && let Err(error) = shared.start_engine(&template)
        {
            console_error!("{{\"event\":\"space_not_restored\",\"error\":{:?}}}", error.to_string());
        }
        // What was due while the object slept is done, and timers run again.
        Shared::handle(&shared, Input::Woken);
        Self { shared: AssertUnwindSafe(shared) }
    }

    async fn fetch(&self, mut request: Request) -> Result<Response> {
        let path = request.path();
        match (request.method(), path.as_str()) {
            (Method::Get, "/ws") => self.admit(&request),
            (Method::Get, "/online") => Response::from_json(&self.shared.online()),
            (Method::Get, "/counters") => Response::from_json(&self.shared.counters()),
            (Method::Post, "/change") => Response::from_json(&self.change(request.json().await?)?),
            (Method::Post, "/inside") => Response::from_json(&self.shared.is_inside(&request.json().await?)),
            (Method::Post, "/mail") => Response::from_json(&self.mail(request.json().await?)?),
            (Method::Post, path) => match told::input(path, &mut request).await? {
                Some(inputs) => {
                    for input in inputs {
                        Shared::handle(&self.shared, input);
                    }
                    Ok(Response::empty()?.with_status(204))
                }
                None => Response::error("no such route", 404),
            },
            _ => Response::error("no such route", 404),
        }
    }

    async fn alarm(&self) -> Result<Response> {
        self.shared.alarm_at.set(None);
        Shared::handle(&self.shared, Input::Woken);
        Response::empty()
    }

    async fn websocket_message(&self, socket: WebSocket, message: WebSocketIncomingMessage) -> Result<()> {
        let Some(connection) = sockets::connection_of(&self.shared.state, &socket) else { return Ok(()) };
        let frame = match message {
            WebSocketIncomingMessage::Binary(frame) => frame,
            // The only text a client sends is the heartbeat. Any other is bytes that are no message.
            WebSocketIncomingMessage::String(text) => text.into_bytes(),
        };
        Shared::handle(&self.shared, Input::Received { connection, frame });
        Ok(())
    }

    async fn websocket_close(&self, socket: WebSocket, code: usize, _reason: String, _clean: bool) -> Result<()> {
        self.disconnected(&socket);
        // Answers the closing handshake; a code that may not be sent (1005, 1006) becomes a plain one.
        let code = u16::try_from(code).ok().filter(|code| (3_000..5_000).contains(code)).unwrap_or(1_000);
        let _already_closed = socket.close(Some(code), Some(""));
        Ok(())
    }

    async fn websocket_error(&self, socket: WebSocket, _error: Error) -> Result<()> {
        self.disconnected(&socket);
        Ok(())
    }
}

impl SpaceObject {
    /// Asks the engine for a change, and does what it wants done for it.
    fn change(&self, intent: change::Intent) -> Result<ChangeAnswer> {
        // The record has messages of spaces whose object has never had a visitor in its life.
        if self.shared.engine.borrow().is_none() {
            self.start(&intent.template)?;
        }
        if self.shared.store.space_id().is_none() {
            self.shared.store.set_space_id(&intent.space_id)?;
        }
        let Some(intent) = intent.parse() else { return Ok(change::refused(ChangeRefusal::NoMessage)) };
        let answer = match self.shared.engine.borrow_mut().as_mut() {
            Some(engine) => engine.change(now(), intent),
            None => Err(ChangeRefusal::NoMessage),
        };
        let kept = Shared::drain(&self.shared);
        Ok(match answer {
            // It was to be told only if it was kept.
            Ok(_) if !kept => change::refused(ChangeRefusal::Full),
            Ok(id) => ChangeAnswer::Done { id: id.and_then(|id| i64::try_from(id).ok()).unwrap_or(0) },
            Err(refusal) => change::refused(refusal),
        })
    }

    /// Passes a letter on to somebody who is here, and says whether they are.
    fn mail(&self, letter: told::Letter) -> Result<Delivered> {
        let user_id = UserId::parse(&letter.user_id).filter(|user| self.shared.is_connected(user));
        let Some(user_id) = user_id else { return Ok(Delivered { delivered: false }) };
        let payload = serde_json::to_vec(&letter.payload)?;
        Shared::handle(&self.shared, Input::Mail { user_id, payload });
        Ok(Delivered { delivered: true })
    }

    /// For the first time: from now on the object knows its map.
    fn start(&self, template: &str) -> Result<()> {
        self.shared.store.set_template(template)?;
        self.shared.start_engine(template)
    }

    fn admit(&self, request: &Request) -> Result<Response> {
        let header = request.headers().get(ADMISSION_HEADER)?.unwrap_or_default();
        let json = js_sys::decode_uri_component(&header)
            .map_err(|_| Error::RustError("admission is not percent-encoded".into()))?;
        let entry: Arrival = serde_json::from_str(&String::from(json))?;
        if self.shared.engine.borrow().is_none() {
            self.start(&entry.space.template)?;
        }
        if self.shared.store.space_id().is_none() {
            self.shared.store.set_space_id(&entry.space.id)?;
        }
        // Whoever comes first decides where in the world a crowd of this space meets.
        if self.shared.sockets.borrow().count() == 0 {
            self.shared.store.set_region(&entry.region)?;
        }
        let pair = WebSocketPair::new()?;
        let connection = self.shared.sockets.borrow_mut().accept(&self.shared.state, pair.server);
        self.sweep();
        Shared::handle(&self.shared, Input::Rules(entry.rules));
        Shared::handle(&self.shared, Input::Connected { connection, admission: entry.admission });
        Response::from_websocket(pair.client)
    }

    fn disconnected(&self, socket: &WebSocket) {
        if let Some(connection) = sockets::connection_of(&self.shared.state, socket) {
            let record = sockets::record_of(socket);
            self.shared.sockets.borrow_mut().forget(connection);
            Shared::handle(&self.shared, Input::Disconnected { connection, record });
        }
    }

    /// A close event can be missed; whoever arrives next makes up for it.
    fn sweep(&self) {
        let dead = self.shared.sockets.borrow_mut().take_dead();
        for connection in dead {
            Shared::handle(&self.shared, Input::Disconnected { connection, record: Vec::new() });
        }
    }
}

impl Shared {
    fn start_engine(&self, template: &str) -> Result<()> {
        let map = template::map(template)?;
        let mut fresh_key = [0; 32];
        getrandom::fill(&mut fresh_key).map_err(|error| Error::RustError(error.to_string()))?;
        let stored = self.store.load(self.sockets.borrow().records())?;
        self.engine.replace(Some(Space::restore(map, stored, fresh_key, now())));
        Ok(())
    }

    /// Hands the engine an input and does all that it wants done.
    fn handle(shared: &Rc<Self>, input: Input) {
        match shared.engine.borrow_mut().as_mut() {
            Some(engine) => engine.handle_input(now(), input),
            None => return,
        }
        Self::drain(shared);
    }

    /// Does all that the engine wants done. False where something could not be kept: then it did not happen.
    fn drain(shared: &Rc<Self>) -> bool {
        let (mut failed, mut deliveries, mut fleet_work) = (Vec::new(), Vec::new(), Vec::new());
        let wake_at = {
            let mut engine = shared.engine.borrow_mut();
            let Some(engine) = engine.as_mut() else { return true };
            loop {
                match engine.poll_output() {
                    Output::WakeAt(at) => break Ok(at),
                    Output::Deliver { entries } => deliveries.push(entries),
                    Output::Notify { user_ids, message } => Self::notify(shared, user_ids, message),
                    Output::SaveMessage { id, record } => {
                        if let Err(error) = shared.store.save_message(id, record) {
                            break Err(error);
                        }
                        shared.is_behind.set(true);
                    }
                    Output::ForgetAll => {
                        // Before it is forgotten which there are.
                        fleet::end_all(shared);
                        shared.perform(Output::ForgetAll, &mut failed);
                    }
                    output @ (Output::PlaceRoom { .. }
                    | Output::Hearing { .. }
                    | Output::Grant { .. }
                    | Output::ProbeRoom { .. }) => fleet_work.push(output),
                    output => shared.perform(output, &mut failed),
                }
            }
        };
        let wake_at = match wake_at {
            Ok(at) => at,
            Err(error) => {
                Self::start_over(shared, &error);
                return false;
            }
        };
        for entries in deliveries {
            shared.is_behind.set(true);
            Self::deliver(shared, entries);
        }
        for output in fleet_work {
            fleet::perform(shared, output);
        }
        Self::wake_at(shared, wake_at);
        for connection in failed {
            Self::handle(shared, Input::Disconnected { connection, record: Vec::new() });
        }
        true
    }

    /// A message that could not be kept is not to be told: what the engine still wanted done is left undone, and it is made
    /// again of what was kept, as after an eviction.
    fn start_over(shared: &Rc<Self>, error: &Error) {
        console_error!("{{\"event\":\"message_not_kept\",\"error\":{:?}}}", error.to_string());
        if let Some(template) = shared.store.template()
            && let Err(error) = shared.start_engine(&template)
        {
            console_error!("{{\"event\":\"space_not_restored\",\"error\":{:?}}}", error.to_string());
        }
        Self::handle(shared, Input::Woken);
    }

    /// Enters what was said and changed into the database, and tells the engine how that went.
    fn deliver(shared: &Rc<Self>, entries: Vec<Entry>) {
        let told = Rc::clone(shared);
        shared.is_delivering.set(true);
        shared.state.wait_until(async move {
            let up_to = entries.last().map_or(0, Entry::id);
            let recorded = async { Db::of(&told.env)?.record(&told.space_id()?, &entries).await };
            // A database that never answers is asked again, too: what it takes twice is there once.
            let recorded = within(RECORD_MS_MAX, recorded).await.and_then(|recorded| recorded);
            let input = match recorded {
                Ok(true) => Input::Recorded { up_to },
                // Nobody could tell it when that happened.
                Ok(false) => Input::Deleted,
                Err(error) => {
                    console_error!("{{\"event\":\"not_recorded\",\"error\":{:?}}}", error.to_string());
                    Input::NotRecorded
                }
            };
            told.is_delivering.set(false);
            Self::handle(&told, input);
        });
    }

    /// Tells those who are mentioned and not here, outside.
    fn notify(shared: &Rc<Self>, user_ids: Vec<UserId>, message: ChatMessage) {
        let told = Rc::clone(shared);
        shared.state.wait_until(async move {
            let user_ids: Vec<String> = user_ids.iter().map(UserId::to_string).collect();
            let done = async { post::tell_mentioned(&told.env, &told.space_id()?, &user_ids, &message, now().0).await };
            if let Err(error) = done.await {
                console_error!("{{\"event\":\"not_notified\",\"error\":{:?}}}", error.to_string());
            }
        });
    }

    fn space_id(&self) -> Result<String> {
        self.store.space_id().ok_or_else(|| Error::RustError("a space without an id".into()))
    }

    fn perform(&self, output: Output, failed: &mut Vec<ConnectionId>) {
        let mut sockets = self.sockets.borrow_mut();
        let kept = match output {
            Output::Send { to, frame } => {
                failed.extend(sockets.send(&to, &frame));
                Ok(())
            }
            Output::Close { connection, code } => {
                sockets.close(connection, code);
                Ok(())
            }
            Output::SaveConnection { connection, record } => sockets.save(connection, &record),
            Output::SaveSpace { record } => self.store.save_space(record),
            Output::SaveLost { session_id, record } => self.store.save_lost(session_id, record),
            Output::ForgetLost { session_id } => self.store.forget_lost(session_id),
            Output::ForgetMessages { up_to } => self.store.forget_messages(up_to),
            Output::ForgetAll => self.store.forget_all(),
            // The caller's.
            Output::PlaceRoom { .. } | Output::Hearing { .. } | Output::Grant { .. } | Output::ProbeRoom { .. } => {
                Ok(())
            }
            Output::SaveMessage { .. } | Output::Deliver { .. } | Output::Notify { .. } | Output::WakeAt(_) => Ok(()),
        };
        if let Err(error) = kept {
            console_error!("{{\"event\":\"not_kept\",\"error\":{:?}}}", error.to_string());
        }
    }

    fn wake_at(shared: &Rc<Self>, at: Option<TimeMs>) {
        let is_soon = |at: &TimeMs| at.since(now()) <= TIMER_MS_MAX;
        Self::set_timer(shared, at.filter(is_soon));
        if let Some(at) = at.filter(|at| !is_soon(at))
            && shared.alarm_at.get().is_none_or(|alarm| alarm > at)
        {
            Self::set_alarm(shared, at);
        }
        // Where the engine waits for nothing and nothing is under way, the record has all.
        if at.is_none() && !shared.is_delivering.get() {
            shared.is_behind.set(false);
        }
        let latest = now().plus(UNDELIVERED_MS_MAX);
        if shared.is_behind.get() && shared.alarm_at.get().is_none_or(|alarm| alarm > latest) {
            Self::set_alarm(shared, latest);
        }
    }

    /// Sets the one timer, or stops it: a timer that is not needed any more would keep the object awake.
    fn set_timer(shared: &Rc<Self>, at: Option<TimeMs>) {
        let mut timer = shared.timer.borrow_mut();
        if timer.as_ref().map(|(at, _)| *at) == at {
            return;
        }
        if let Some((_, running)) = timer.take() {
            running.abort();
        }
        let Some(at) = at else { return };
        let wait = Duration::from_millis(at.since(now()).max(0) as u64);
        let (delay, handle) = abortable(worker::Delay::from(wait));
        *timer = Some((at, handle));
        let woken = Rc::clone(shared);
        shared.state.wait_until(async move {
            if delay.await.is_ok() {
                woken.timer.replace(None);
                Self::handle(&woken, Input::Woken);
            }
        });
    }

    fn set_alarm(shared: &Rc<Self>, at: TimeMs) {
        shared.alarm_at.set(Some(at));
        let (storage, failed) = (shared.state.storage(), Rc::clone(shared));
        shared.state.wait_until(async move {
            let date = worker::ScheduledTime::new(js_sys::Date::new(&(at.0 as f64).into()));
            if let Err(error) = storage.set_alarm(date).await {
                // It is set with the next occasion.
                failed.alarm_at.set(None);
                console_error!("{{\"event\":\"alarm_not_set\",\"error\":{:?}}}", error.to_string());
            }
        });
    }

    fn is_connected(&self, user: &UserId) -> bool {
        self.engine.borrow().as_ref().is_some_and(|engine| engine.is_connected(user))
    }

    fn is_inside(&self, question: &Inside) -> IsInside {
        let engine = self.engine.borrow();
        let user = UserId::parse(&question.user_id);
        let inside = engine.as_ref().zip(user).is_some_and(|(engine, user)| engine.is_inside(&user, question.area));
        IsInside { inside }
    }

    fn counters(&self) -> CounterList {
        // Zeros where nobody ever came.
        self.engine.borrow().as_ref().map_or_else(CounterList::default, |engine| CounterList {
            counters: engine.counters(),
            sessions: engine.session_count(),
            peerings: engine.peering_count(),
        })
    }

    fn online(&self) -> OnlineList {
        let engine = self.engine.borrow();
        let online = engine.iter().flat_map(Space::online).map(|online| OnlineUser {
            user_id: online.user_id.to_string(),
            name: online.name,
            status: online.status,
        });
        OnlineList { online: online.collect() }
    }
}

fn now() -> TimeMs {
    TimeMs(js_sys::Date::now() as i64)
}
