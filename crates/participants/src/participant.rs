//! One participant: a client core, a socket, a voice, and company. It decides nothing that a page would not.

use std::future::poll_fn;
use std::sync::Arc;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use earshot_bots::api::Access;
use earshot_client_core::{Client, Event, Input, LinkState, LocalMs, Output};
use earshot_protocol::Publishing;
use earshot_protocol::units::{Gait, Pixel, SUBPIXELS_PER_PIXEL, TILE};
use earshot_world::Map;
use tokio::sync::{mpsc, oneshot};
use tokio_tungstenite::tungstenite::Message;

use crate::company::{Company, Join, Manner, Out};
use crate::picture::FRAME_EVERY;
use crate::report::Report;
use crate::socket::{FromSocket, Outbox, open};
use crate::voice::{FRAME_MS, Spoken, Stamp, now_us};

const FRAME: Duration = Duration::from_millis(FRAME_MS);
/// A machine that slept for longer says nothing of what it would have said meanwhile.
const LATE_MAX: Duration = Duration::from_millis(200);

/// Timers are this late on a machine at rest.
const STALL_MIN: Duration = Duration::from_millis(3);

/// Decibels below the loudest; none: it is silent, and sends nothing.
pub type Level = Option<u8>;

#[derive(Clone, Copy, Debug)]
pub struct Settings {
    pub n: usize,
    pub seed: u64,
    /// Where it goes first, by tile.
    pub at: Option<(i32, i32)>,
    pub level: Level,
    pub manner: Manner,
}

#[derive(Debug)]
pub enum Command {
    /// To the middle of a tile.
    Walk(i32, i32),
    Speak(Level),
    /// Does not let go of connections that the space says are over.
    Cling(bool),
    /// Forget what was counted.
    Forget,
    Report(oneshot::Sender<Report>),
    Leave,
}

/// What others may want to know at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    Inside(u32),
    Arrived,
    /// It was refused for good, or left.
    Ended,
}

struct Participant {
    settings: Settings,
    client: Client,
    access: Access,
    company: Company,
    outbox: Option<Outbox>,
    /// How many there were.
    sockets: u64,
    from_socket: mpsc::UnboundedSender<(u64, FromSocket)>,
    answers: mpsc::UnboundedSender<(Join, Option<String>)>,
    notices: mpsc::UnboundedSender<(usize, Notice)>,
    wake_at: Option<LocalMs>,
    level: Level,
    run: u16,
    number: u32,
    voice_at: Instant,
    frames: u32,
    frame_at: Instant,
    stall_ms_max: u64,
    /// When it was looked last what is due.
    ran_at: Instant,
    has_gone: bool,
}

/// Lives until it is told to leave, or refused for good.
pub async fn run(
    access: Access,
    map: Arc<Map>,
    settings: Settings,
    mut commands: mpsc::UnboundedReceiver<Command>,
    notices: mpsc::UnboundedSender<(usize, Notice)>,
) {
    let now = Instant::now();
    let (from_socket, mut socket) = mpsc::unbounded_channel();
    let (answers, mut answered) = mpsc::unbounded_channel();
    // Not all say something at the same moment.
    let phase = Duration::from_micros(settings.seed.wrapping_mul(0x9e37_79b9) % (FRAME_MS * 1_000));
    let mut participant = Participant {
        settings,
        client: Client::new(Map::clone(&map), settings.seed, Vec::new()),
        access,
        company: Company::new(settings.manner, now),
        outbox: None,
        sockets: 0,
        from_socket,
        answers,
        notices,
        wake_at: None,
        level: settings.level,
        run: 0,
        number: 0,
        voice_at: now + phase,
        frames: 0,
        frame_at: now + phase,
        stall_ms_max: 0,
        ran_at: now,
        has_gone: false,
    };
    participant.publish();
    participant.input(Input::Start);
    participant.act(|company, now, out| company.set_speaks(settings.level.is_some(), now, out));
    while !participant.has_gone {
        let due = participant.due();
        tokio::select! {
            Some((number, what)) = socket.recv() => participant.handle_socket(number, what),
            Some((join, answer)) = answered.recv() => {
                let of = (join.room, join.attempt);
                participant.act(|company, now, out| company.answered(of, answer.as_deref(), now, out));
            }
            command = commands.recv() => match command {
                Some(command) => participant.handle_command(command),
                None => break,
            },
            () = poll_fn(|context| participant.company.poll_readable(context)) => {}
            () = tokio::time::sleep_until(due.into()) => {}
        }
        participant.run(due);
    }
    participant.notice(Notice::Ended);
}

impl Participant {
    fn due(&self) -> Instant {
        let now = Instant::now();
        let wake = self.wake_at.map(|at| now + Duration::from_millis((at - local()).clamp(0, 60_000) as u64));
        let voice = self.level.map(|_| self.voice_at);
        let frame = self.settings.manner.shows.map(|_| self.frame_at);
        // As a sound card would: who is not looked at cannot notice that they come late.
        [wake, voice, frame].into_iter().flatten().fold(self.company.due(), Instant::min).min(now + FRAME)
    }

    /// Does what is due, or was.
    fn run(&mut self, due: Instant) {
        let now = Instant::now();
        // What it did itself meanwhile is not lateness, and what was late before is counted already.
        let late = now.saturating_duration_since(due.max(self.ran_at));
        self.ran_at = now;
        if late > STALL_MIN {
            self.company.own_stalls += late;
            self.stall_ms_max = self.stall_ms_max.max(late.as_millis() as u64);
        }
        self.act(|company, now, out| company.run(now, out));
        if self.voice_at <= now {
            self.speak(now);
        }
        if self.settings.manner.shows.is_some() && self.frame_at <= now {
            self.frames += 1;
            self.frame_at = (self.frame_at + FRAME_EVERY).max(now);
            self.company.show(self.frames, now);
        }
        if self.wake_at.is_some_and(|at| at <= local()) {
            self.input(Input::Woken);
        }
    }

    fn speak(&mut self, now: Instant) {
        let late = now.duration_since(self.voice_at);
        if late > LATE_MAX {
            self.voice_at = now;
        }
        while self.voice_at <= now {
            self.voice_at += FRAME;
            self.number = self.number.wrapping_add(1);
            let (Some(level), Some(id)) = (self.level, self.client.own_id()) else { continue };
            let stamp = Stamp { session: id.0, run: self.run, number: self.number, said_us: now_us() };
            self.company.speak(Spoken { number: self.number, level, frame: &stamp.frame() }, now);
        }
    }

    fn handle_command(&mut self, command: Command) {
        match command {
            Command::Walk(x, y) => self.walk(x, y),
            Command::Speak(level) => {
                if self.level.is_none() && level.is_some() {
                    self.run = self.run.wrapping_add(1);
                    self.voice_at = Instant::now();
                }
                self.level = level;
                self.publish();
                self.act(|company, now, out| company.set_speaks(level.is_some(), now, out));
            }
            Command::Cling(clings) => {
                self.company.clings = clings;
                let hearing = self.client.hearing().clone();
                self.act(|company, now, out| company.tell(&hearing, now, out));
            }
            Command::Forget => {
                self.company.ears.values_mut().for_each(crate::ears::Ears::forget);
                self.company.delays.forget();
                self.company.people.values_mut().for_each(|person| person.sight.forget());
                self.stall_ms_max = 0;
            }
            Command::Report(to) => {
                let report = Report::of(self.settings.n, &self.client, &self.company, Instant::now(), local());
                // Whoever asked may have stopped waiting.
                let _unread = to.send(Report { stall_ms_max: self.stall_ms_max, ..report });
            }
            Command::Leave => {
                self.input(Input::Leave);
                self.has_gone = true;
            }
        }
    }

    fn walk(&mut self, x: i32, y: i32) {
        let tile_px = TILE / SUBPIXELS_PER_PIXEL;
        let to = Pixel { x: x * tile_px + tile_px / 2, y: y * tile_px + tile_px / 2 };
        self.input(Input::Walk { to, gait: Gait::Run });
    }

    fn publish(&mut self) {
        let publishing = Publishing {
            microphone: self.level.is_some(),
            camera: self.settings.manner.shows.is_some(),
            screen: false,
        };
        self.input(Input::Publish(publishing));
    }

    // ---- the space ---------------------------------------------------------------------------------------------------

    fn handle_socket(&mut self, number: u64, what: FromSocket) {
        if number != self.sockets {
            return;
        }
        match what {
            FromSocket::Opened => self.input(Input::Opened),
            FromSocket::Frame(frame) => self.input(Input::Frame(frame)),
            FromSocket::Pong => self.input(Input::Pong),
            FromSocket::Closed => {
                self.outbox = None;
                self.input(Input::Closed);
            }
        }
    }

    fn input(&mut self, input: Input) {
        self.client.handle_input(local(), input);
        loop {
            match self.client.poll_output() {
                Output::Open { check_access } => {
                    self.sockets += 1;
                    let to = self.from_socket.clone();
                    self.outbox = Some(open(self.access.clone(), check_access, self.sockets, to));
                }
                Output::Send(frame) => self.send(Message::binary(frame)),
                Output::Ping => self.send(Message::text("ping")),
                Output::Drop => {
                    self.outbox = None;
                    self.sockets += 1;
                }
                Output::KeepTicket(_) => {}
                Output::Event(event) => self.handle_event(event),
                Output::WakeAt(at) => {
                    self.wake_at = at;
                    return;
                }
            }
        }
    }

    fn send(&mut self, message: Message) {
        if let Some(outbox) = &self.outbox {
            // It is closed: the socket says so itself.
            let _unsent = outbox.send(message);
        }
    }

    fn handle_event(&mut self, event: Event) {
        match event {
            Event::Link { state, .. } => {
                self.act(|company, now, out| company.set_online(state == LinkState::Online, now, out));
                self.has_gone |= state == LinkState::Ended;
            }
            Event::Welcome { own, resumed } => {
                self.company.welcome(own.0);
                self.notice(Notice::Inside(own.0));
                if let Some((x, y)) = self.settings.at.take().filter(|_| !resumed) {
                    self.walk(x, y);
                }
            }
            Event::People { changed, .. } => self.act(|company, now, out| {
                for person in &changed {
                    company.set_away(person.session_id.0, !person.connected, now, out);
                }
            }),
            Event::Hearing(hearing) => self.act(|company, now, out| company.tell(&hearing, now, out)),
            Event::Signal(signal) => self.act(|company, now, out| company.signal(&signal, now, out)),
            Event::SignalRefused(refused) if refused.reason == earshot_protocol::SignalRefusal::Away => {
                self.act(|company, now, out| company.set_away(refused.to.0, true, now, out));
            }
            Event::MediaGrant { room, grant } => self.act(|company, now, out| company.grant(room, grant, now, out)),
            Event::Arrived => self.notice(Notice::Arrived),
            _ => {}
        }
    }

    /// Does something with the company, and what comes of it.
    fn act(&mut self, act: impl FnOnce(&mut Company, Instant, &mut Out)) {
        let mut out = Out::default();
        act(&mut self.company, Instant::now(), &mut out);
        for join in out.joins {
            let (access, answers) = (self.access.clone(), self.answers.clone());
            tokio::task::spawn_blocking(move || {
                let answer = access.join_media(&join.grant, &join.offer).ok();
                // It has left meanwhile.
                answers.send((join, answer)).is_ok()
            });
        }
        for input in out.to_space {
            self.input(input);
        }
    }

    fn notice(&self, notice: Notice) {
        // Nobody listens any more when all is over.
        let _unheard = self.notices.send((self.settings.n, notice));
    }
}

/// This process's monotonic clock.
fn local() -> LocalMs {
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed().as_millis() as LocalMs + 1
}
