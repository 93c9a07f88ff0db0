//! One Durable Object a space: it hands the engine what happens, and performs what the engine wants done.
//!
//! Nothing is decided here. Sockets hibernate; what the engine wants kept lies in socket attachments and a few rows, so
//! that the object can be evicted at any moment. Short waits are timers (they keep the object awake, which is right while
//! somebody walks); long ones are alarms.

mod sockets;
mod store;
mod template;

use std::cell::{Cell, RefCell};
use std::panic::AssertUnwindSafe;
use std::rc::Rc;
use std::time::Duration;

use earshot_protocol::units::TimeMs;
use earshot_protocol::{ChatMessage, DisplayName, Look, Status, UserId};
use earshot_space::{Admission, ConnectionId, CountersReport, Input, Output, Space};
use futures_util::future::{AbortHandle, abortable};
use serde::{Deserialize, Serialize};
use worker::{
    DurableObject, Env, Error, Method, Request, Response, Result, State, WebSocket, WebSocketIncomingMessage,
    WebSocketPair, WebSocketRequestResponsePair, console_error, console_log, durable_object, js_sys,
};

use crate::db::Db;
use sockets::Sockets;
use store::Store;

/// Who connected, and to what, as the router says. Percent-encoded JSON, for headers are no place for names.
pub const ADMISSION_HEADER: &str = "x-earshot-admission";

/// Waits up to this long are timers; beyond it the object had better hibernate and be woken by an alarm.
const TIMER_MS_MAX: i64 = 10_000;

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
}

#[derive(Deserialize)]
struct Entry {
    #[serde(flatten)]
    admission: Admission,
    space: SpaceBrief,
}

#[derive(Deserialize)]
struct SpaceBrief {
    id: String,
    template: String,
}

#[derive(Deserialize)]
struct ProfileChange {
    user_id: String,
    name: DisplayName,
    look: Option<Look>,
}

#[derive(Deserialize)]
struct Removal {
    user_id: String,
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
            (Method::Post, "/profile") => {
                let change: ProfileChange = request.json().await?;
                if let Some(user_id) = UserId::parse(&change.user_id) {
                    let ProfileChange { name, look, .. } = change;
                    Shared::handle(&self.shared, Input::ProfileChanged { user_id, name, look });
                }
                Ok(Response::empty()?.with_status(204))
            }
            (Method::Post, "/remove") => {
                let removal: Removal = request.json().await?;
                if let Some(user_id) = UserId::parse(&removal.user_id) {
                    Shared::handle(&self.shared, Input::Removed { user_id });
                }
                Ok(Response::empty()?.with_status(204))
            }
            (Method::Post, "/close") => {
                Shared::handle(&self.shared, Input::Deleted);
                Ok(Response::empty()?.with_status(204))
            }
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
    fn admit(&self, request: &Request) -> Result<Response> {
        let header = request.headers().get(ADMISSION_HEADER)?.unwrap_or_default();
        let json = js_sys::decode_uri_component(&header)
            .map_err(|_| Error::RustError("admission is not percent-encoded".into()))?;
        let entry: Entry = serde_json::from_str(&String::from(json))?;
        if self.shared.engine.borrow().is_none() {
            self.shared.store.set_template(&entry.space.template)?;
            self.shared.start_engine(&entry.space.template)?;
        }
        if self.shared.store.space_id().is_none() {
            self.shared.store.set_space_id(&entry.space.id)?;
        }
        let pair = WebSocketPair::new()?;
        let connection = self.shared.sockets.borrow_mut().accept(&self.shared.state, pair.server);
        self.sweep();
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
        let (mut failed, mut deliveries) = (Vec::new(), Vec::new());
        let wake_at = {
            let mut engine = shared.engine.borrow_mut();
            let Some(engine) = engine.as_mut() else { return };
            engine.handle_input(now(), input);
            loop {
                match engine.poll_output() {
                    Output::WakeAt(at) => break at,
                    Output::Deliver { messages } => deliveries.push(messages),
                    output => shared.perform(output, &mut failed),
                }
            }
        };
        Self::wake_at(shared, wake_at);
        for messages in deliveries {
            Self::deliver(shared, messages);
        }
        for connection in failed {
            Self::handle(shared, Input::Disconnected { connection, record: Vec::new() });
        }
    }

    /// Enters messages into the database, and tells the engine how that went.
    fn deliver(shared: &Rc<Self>, messages: Vec<ChatMessage>) {
        let told = Rc::clone(shared);
        shared.state.wait_until(async move {
            let up_to = messages.last().map_or(0, |message| message.id);
            let recorded = async {
                let space_id = told.store.space_id().ok_or_else(|| Error::RustError("a space without an id".into()))?;
                Db::of(&told.env)?.record_messages(&space_id, &messages).await
            };
            let input = match recorded.await {
                Ok(()) => Input::Recorded { up_to },
                Err(error) => {
                    console_error!("{{\"event\":\"not_recorded\",\"error\":{:?}}}", error.to_string());
                    Input::NotRecorded
                }
            };
            Self::handle(&told, input);
        });
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
            Output::SaveMessage { id, record } => self.store.save_message(id, record),
            Output::ForgetMessages { up_to } => self.store.forget_messages(up_to),
            Output::ForgetAll => self.store.forget_all(),
            // The caller's.
            Output::Deliver { .. } | Output::WakeAt(_) => Ok(()),
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
        let storage = shared.state.storage();
        shared.state.wait_until(async move {
            let date = worker::ScheduledTime::new(js_sys::Date::new(&(at.0 as f64).into()));
            if let Err(error) = storage.set_alarm(date).await {
                console_error!("{{\"event\":\"alarm_not_set\",\"error\":{:?}}}", error.to_string());
            }
        });
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
