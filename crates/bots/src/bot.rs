//! One bot: the client core, a socket, and keys that press themselves. It decides nothing either.

use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use earshot_bots::api::Access;
use earshot_client_core::{Client, Event, Input, LinkState, LocalMs, Output};
use earshot_protocol::{Channel, ClientToSpace, SpaceToClient};
use earshot_simulator::KeyTrace;
use earshot_world::Map;
use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::metrics::Metrics;

/// How one bot differs from another.
pub struct Settings {
    pub seed: u64,
    /// 0 stands.
    pub walking_percent: i64,
    /// Reads every frame a second time, to measure how late others' motions arrive.
    pub observer: bool,
    /// 0 says nothing.
    pub say_every_ms: i64,
}

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

struct Bot {
    client: Client,
    access: Access,
    settings: Settings,
    metrics: Arc<Metrics>,
    socket: Option<Socket>,
    wake_at: Option<LocalMs>,
    walking: bool,
}

/// Lives until it is aborted or told to go for good.
pub async fn run(access: Access, map: Arc<Map>, settings: Settings, metrics: Arc<Metrics>) {
    let mut keys = (settings.walking_percent > 0).then(|| KeyTrace::new(settings.seed, settings.walking_percent));
    let client = Client::new(Map::clone(&map), settings.seed, Vec::new());
    let mut bot = Bot { client, access, settings, metrics, socket: None, wake_at: None, walking: false };
    let mut key_at = now() + 500;
    // Spread over the interval, so that all do not speak at once.
    let every_ms = bot.settings.say_every_ms;
    let spread = (bot.settings.seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 33) as i64;
    let mut say_at = if every_ms > 0 { now() + 1_000 + spread % every_ms } else { LocalMs::MAX };
    bot.input(Input::Start).await;
    loop {
        let due =
            bot.wake_at.unwrap_or(LocalMs::MAX).min(if keys.is_some() { key_at } else { LocalMs::MAX }).min(say_at);
        let wait = Duration::from_millis((due - now()).clamp(0, 3_600_000) as u64);
        tokio::select! {
            message = next_message(&mut bot.socket) => bot.handle_message(message).await,
            () = tokio::time::sleep(wait) => {
                if say_at <= now() {
                    say_at = now() + every_ms;
                    bot.say().await;
                } else if let Some(keys) = keys.as_mut().filter(|_| key_at <= now()) {
                    let (input, wait_ms) = keys.next_step();
                    key_at = now() + wait_ms;
                    bot.note_walking(&input);
                    bot.input(input).await;
                } else {
                    bot.input(Input::Woken).await;
                }
            }
        }
    }
}

impl Bot {
    async fn handle_message(&mut self, message: Option<Message>) {
        match message {
            Some(Message::Binary(frame)) => {
                self.metrics.note_received(frame.len());
                if self.settings.observer {
                    self.observe(&frame);
                }
                self.input(Input::Frame(frame.to_vec())).await;
            }
            Some(Message::Text(_)) => self.input(Input::Pong).await,
            Some(Message::Close(_)) | None => {
                self.socket = None;
                self.input(Input::Closed).await;
            }
            Some(_) => {}
        }
    }

    async fn input(&mut self, input: Input) {
        self.client.handle_input(now(), input);
        loop {
            match self.client.poll_output() {
                Output::Open { check_access } => {
                    let answer = self.open(check_access).await;
                    self.client.handle_input(now(), answer);
                }
                Output::Send(frame) => self.send(frame).await,
                Output::Ping => {
                    if let Some(socket) = &mut self.socket {
                        let _closed_soon = socket.send(Message::text("ping")).await;
                    }
                }
                Output::Drop => self.socket = None,
                Output::KeepTicket(_) => {}
                Output::Event(Event::Link { state: LinkState::Ended, .. }) => self.metrics.note_ended(),
                Output::Event(Event::Said { messages, .. }) => {
                    for message in messages {
                        self.metrics.note_said_arrival(message.reference);
                    }
                }
                Output::Event(_) => {}
                Output::WakeAt(at) => {
                    self.wake_at = at;
                    return;
                }
            }
        }
    }

    async fn say(&mut self) {
        if self.client.own_id().is_none() {
            return;
        }
        if let Some(reference) = self.client.say(now(), Channel::Everyone, "Is anybody going for tea?", 0, false) {
            self.metrics.note_said(reference);
        }
        self.input(Input::Woken).await;
    }

    async fn open(&mut self, check_access: bool) -> Input {
        if check_access {
            let access = self.access.clone();
            let renewed = tokio::task::spawn_blocking(move || access.renew()).await;
            if !matches!(renewed, Ok(Ok(()))) {
                return Input::Closed;
            }
        }
        match self.connect().await {
            Ok(socket) => {
                self.socket = Some(socket);
                Input::Opened
            }
            Err(_) => Input::Closed,
        }
    }

    async fn connect(&self) -> anyhow::Result<Socket> {
        let mut request = self.access.socket_url().into_client_request()?;
        request.headers_mut().insert("authorization", self.access.bearer().parse()?);
        Ok(connect_async(request).await?.0)
    }

    async fn send(&mut self, frame: Vec<u8>) {
        let Some(socket) = &mut self.socket else { return };
        self.metrics.note_sent(frame.len());
        let seq = match ClientToSpace::decode(&frame) {
            Ok(ClientToSpace::Steer(steer)) => Some(steer.seq),
            Ok(ClientToSpace::Walk(walk)) => Some(walk.seq),
            _ => None,
        };
        if let (Some(seq), Some(id)) = (seq, self.client.own_id()) {
            self.metrics.note_intent(id, seq);
        }
        let _closed_soon = socket.send(Message::binary(frame)).await;
    }

    fn observe(&self, frame: &[u8]) {
        if let Ok(SpaceToClient::Update(update)) = SpaceToClient::decode(frame) {
            for moved in update.moved {
                if Some(moved.session_id) != self.client.own_id() {
                    self.metrics.note_arrival(moved.session_id, moved.seq);
                }
            }
        }
    }

    fn note_walking(&mut self, input: &Input) {
        let walking = matches!(input, Input::Steer { direction: Some(_), .. });
        if walking != self.walking {
            self.walking = walking;
            self.metrics.note_walking(walking);
        }
    }
}

async fn next_message(socket: &mut Option<Socket>) -> Option<Message> {
    match socket {
        Some(socket) => socket.next().await.and_then(Result::ok),
        None => std::future::pending().await,
    }
}

/// This process's monotonic clock.
fn now() -> LocalMs {
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed().as_millis() as LocalMs + 1
}
