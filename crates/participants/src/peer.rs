//! One peering, as web/src/media/connect/peer.ts keeps it: a link for as long as the space says that two may hear or be
//! heard, and what is done to get it back when it breaks.
//!
//! Absent on purpose: relays, for natives are on one machine or one network; and the space, which carries the signals.

use std::net::IpAddr;
use std::task::{Context, Poll};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use str0m::rtp::RtpPacket;

use crate::alive::{Alive, Verdict};
use crate::link::{Link, LinkEvent, LinkState};
use crate::picture::{FRAME_TICKS, Layer};
use crate::signal::{Control, Kind, SIGNAL_BYTES_MAX, Sends, Signal, Size};
use crate::voice::Spoken;

/// See web/src/media/connect/retry.ts, where each has its reason.
const DISCONNECTED_MAX: Duration = Duration::from_millis(2_000);
const POLITE_EXTRA: Duration = Duration::from_millis(700);
const FIRST: Duration = Duration::from_millis(5_000);
const EARLY: Duration = Duration::from_millis(2_500);
const EARLY_ATTEMPTS: u32 = 12;
const LATE_MAX: Duration = Duration::from_millis(15_000);
const FRUITLESS_MAX: u32 = 2;
const REBUILD_EVERY: u32 = 6;
const FAILED_AFTER: Duration = Duration::from_millis(15_000);
/// See peer.ts.
const BEGIN_MIN: Duration = Duration::from_millis(250);
const UNHEARD_MAX: Duration = Duration::from_millis(1_000);
/// What a native asks browsers for, where it wants pictures.
const TILE: Size = Size { width: 320, height: 180 };
/// Of [`crate::picture::LAYERS`], for a tile.
const TILE_LAYER: usize = 1;

#[derive(Debug)]
pub enum PeerEvent {
    /// To be told to the other through the space.
    Send(String),
    /// It is connected now, or not any more.
    Changed,
    Voice(RtpPacket),
    Picture(RtpPacket),
    /// How it went, once.
    Report {
        connected: bool,
        took_ms: u32,
    },
    /// Nothing is heard of them: perhaps it is the own network that is gone.
    Silent,
}

pub struct Peer {
    pub is_polite: bool,
    ip: IpAddr,
    link: Option<Link>,
    generation: u64,
    attempts: u32,
    fruitless: u32,
    is_connected: bool,
    is_reported: bool,
    is_online: bool,
    is_away: bool,
    is_suspect: bool,
    since: Instant,
    attempted_at: Option<Instant>,
    received_before: u64,
    retry_at: Option<Instant>,
    unheard_at: Option<Instant>,
    alive: Alive,
    pings: i64,
    gives: Sends,
    said: Option<Sends>,
    theirs: Sends,
    wants_pictures: bool,
    is_watched: bool,
    layer: Layer,
    happened: Vec<LinkEvent>,
}

impl Peer {
    pub fn new(ip: IpAddr, is_polite: bool, wants_pictures: bool, now: Instant) -> Self {
        Self {
            is_polite,
            ip,
            link: None,
            generation: 0,
            attempts: 0,
            fruitless: 0,
            is_connected: false,
            is_reported: false,
            is_online: true,
            is_away: false,
            is_suspect: false,
            since: now,
            attempted_at: None,
            received_before: 0,
            retry_at: None,
            unheard_at: None,
            alive: Alive::new(now),
            pings: 0,
            gives: Sends::default(),
            said: None,
            theirs: Sends::default(),
            wants_pictures,
            is_watched: false,
            layer: Layer::default(),
            happened: Vec::new(),
        }
    }

    pub fn start(&mut self, now: Instant, out: &mut Vec<PeerEvent>) {
        self.expect_connection(now);
        if !self.is_polite {
            self.build(now);
        }
        self.settle(now, out);
    }

    pub fn is_connected(&self) -> bool {
        self.is_connected
    }

    /// What they say they send.
    pub fn theirs(&self) -> &Sends {
        &self.theirs
    }

    pub fn key_frames(&self) -> u32 {
        self.layer.key_frames
    }

    pub fn poll_readable(&self, context: &mut Context<'_>) -> Poll<()> {
        self.link.as_ref().map_or(Poll::Pending, |link| link.poll_readable(context))
    }

    pub fn due(&self) -> Option<Instant> {
        let watch = (self.is_connected && self.link.is_some()).then(|| self.alive.due());
        let link = self.link.as_ref().map(Link::due);
        [self.retry_at, self.unheard_at, watch, link].into_iter().flatten().min()
    }

    // ---- inputs ------------------------------------------------------------------------------------------------------

    pub fn receive(&mut self, payload: &[u8], now: Instant, out: &mut Vec<PeerEvent>) {
        let Some(signal) = Signal::read(payload) else { return };
        self.is_away = false;
        if signal.again {
            self.begin_again(now);
            return self.settle(now, out);
        }
        let is_offer = signal.description.as_ref().is_some_and(|each| each.kind == Kind::Offer);
        let is_settled = self.link.as_ref().is_none_or(|link| now.duration_since(link.made_at) > BEGIN_MIN);
        if is_offer && signal.generation > self.generation && self.is_polite && is_settled {
            self.generation = signal.generation;
            self.renew_link(now);
            self.expect_connection(now);
        } else if is_offer && signal.generation == self.generation {
            self.join_attempt(now);
        } else if is_offer && signal.generation < self.generation {
            self.begin_again(now);
        }
        if signal.generation == self.generation
            && let Some(link) = &mut self.link
        {
            link.receive(signal.description, &signal.candidates, now, &mut self.happened);
        }
        self.settle(now, out);
    }

    /// Their socket went or came.
    pub fn set_away(&mut self, is_away: bool, now: Instant, out: &mut Vec<PeerEvent>) {
        if std::mem::replace(&mut self.is_away, is_away) != is_away && !is_away && !self.is_connected {
            self.retry(now, out);
            self.settle(now, out);
        }
    }

    /// The own socket went or came. Media needs none; only words do.
    pub fn set_online(&mut self, is_online: bool, now: Instant, out: &mut Vec<PeerEvent>) {
        if std::mem::replace(&mut self.is_online, is_online) != is_online && is_online && !self.is_connected {
            self.retry(now, out);
            self.settle(now, out);
        }
    }

    /// What is sent from now on, and said to be.
    pub fn give(&mut self, gives: &Sends, now: Instant, out: &mut Vec<PeerEvent>) {
        self.gives.clone_from(gives);
        self.tell(now);
        self.settle(now, out);
    }

    /// The next 20 ms of the voice.
    pub fn speak(&mut self, spoken: Spoken<'_>, now: Instant) {
        if let Some(link) = self.link.as_mut().filter(|_| self.gives.microphone) {
            link.speak(spoken, now);
        }
    }

    /// The next picture, where somebody looks.
    pub fn show(&mut self, session: u32, number: u32, now: Instant) {
        let Some(link) = self.link.as_mut().filter(|_| self.gives.camera && self.is_watched && self.is_connected)
        else {
            return;
        };
        for packet in self.layer.frame(now, session, number, TILE_LAYER) {
            link.show(packet, number.wrapping_mul(FRAME_TICKS), now);
        }
    }

    /// Takes what came, and what time it is.
    pub fn run(&mut self, now: Instant, out: &mut Vec<PeerEvent>) {
        if let Some(link) = &mut self.link {
            link.run(now, &mut self.happened);
        }
        self.settle(now, out);
        let mut is_changed = false;
        if self.is_connected
            && let Some(received) = self.link.as_ref().map(Link::received)
        {
            match self.alive.watch(now, received) {
                Verdict::Fine => {}
                Verdict::Ask => self.ask(now),
                Verdict::Silent => {
                    self.ask(now);
                    out.push(PeerEvent::Silent);
                }
                Verdict::Gone => {
                    self.is_suspect = true;
                    self.attempt(now, out);
                }
            }
            is_changed = true;
        }
        if self.unheard_at.is_some_and(|at| at <= now) {
            self.unheard_at = None;
            if self.link.as_ref().is_none_or(|link| link.answered_at.is_none()) {
                self.begin_again(now);
            }
            is_changed = true;
        }
        if self.retry_at.is_some_and(|at| at <= now) {
            self.look_then_attempt(now, out);
            is_changed = true;
        }
        if is_changed {
            self.settle(now, out);
        }
    }

    // ---- getting it, and getting it back -----------------------------------------------------------------------------

    /// The next generation; only the impolite side begins one.
    fn build(&mut self, now: Instant) {
        let unix_ms = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as u64);
        self.generation = unix_ms.max(self.generation + 1);
        self.renew_link(now);
        if let Some(link) = &mut self.link {
            link.offer(false, now, &mut self.happened);
        }
    }

    fn begin_again(&mut self, now: Instant) {
        if self.is_polite {
            return;
        }
        // It asked before our last offer could reach it, or it asks all the time.
        let earliest = self.link.as_ref().map_or(now, |link| link.made_at + UNHEARD_MAX);
        if earliest > now {
            self.unheard_at.get_or_insert(earliest);
            return;
        }
        self.build(now);
        self.expect_connection(now);
    }

    fn renew_link(&mut self, now: Instant) {
        self.happened.clear();
        self.fruitless = 0;
        self.said = None;
        self.theirs = Sends::default();
        self.is_watched = false;
        self.layer = Layer::default();
        // Without a socket there is no link; the next attempt may have one.
        self.link = Link::open(self.ip, self.is_polite, now).ok();
    }

    fn retry(&mut self, now: Instant, out: &mut Vec<PeerEvent>) {
        (self.attempts, self.fruitless) = (0, 0);
        self.attempt(now, out);
    }

    /// A restart that was quick leaves no trace: what came since tells whether it is needed still.
    fn look_then_attempt(&mut self, now: Instant, out: &mut Vec<PeerEvent>) {
        let link = self.link.as_ref();
        let flows = link.is_some_and(|link| {
            link.state() == LinkState::Connected && self.attempts > 0 && link.received() > self.received_before
        });
        if flows { self.connected(now, out) } else { self.attempt(now, out) }
    }

    fn attempt(&mut self, now: Instant, out: &mut Vec<PeerEvent>) {
        self.alive.answered(now);
        if self.is_online && !self.is_away {
            let answered_at = self.link.as_ref().and_then(|link| link.answered_at);
            if self.attempts > 0 && answered_at > self.attempted_at {
                self.fruitless += 1;
            }
            let rebuilds = answered_at.is_none()
                || self.fruitless >= FRUITLESS_MAX
                || (self.attempts + 1).is_multiple_of(REBUILD_EVERY);
            match &mut self.link {
                Some(link) if !rebuilds => link.offer(true, now, &mut self.happened),
                _ if self.is_polite => {
                    let again = Signal { generation: self.generation, again: true, ..Signal::default() };
                    out.push(PeerEvent::Send(again.write()));
                }
                _ => self.build(now),
            }
            self.note_attempt(now);
        }
        self.expect_connection(now);
        if !self.is_reported && now.duration_since(self.since) >= FAILED_AFTER {
            self.report(false, now, out);
        }
    }

    /// The other looks for a way already: that is our attempt too, for two at once help neither.
    fn join_attempt(&mut self, now: Instant) {
        self.alive.answered(now);
        if !self.is_connected {
            self.note_attempt(now);
            self.expect_connection(now);
        }
    }

    fn note_attempt(&mut self, now: Instant) {
        self.attempts += 1;
        self.attempted_at = Some(now);
        self.received_before = self.link.as_ref().map_or(0, Link::received);
        self.ask(now);
    }

    fn expect_connection(&mut self, now: Instant) {
        let late = self.attempts.saturating_sub(EARLY_ATTEMPTS);
        let patience = match self.attempts {
            0 => FIRST,
            _ => EARLY.mul_f64(1.4_f64.powi(late.min(10) as i32)).min(LATE_MAX),
        };
        // Spread by what is different from one to the next.
        let jitter = 0.85 + 0.3 * f64::from(now.elapsed().subsec_nanos() % 100) / 100.0;
        self.retry_at = Some(now + patience.mul_f64(jitter) + self.polite_extra());
    }

    fn polite_extra(&self) -> Duration {
        if self.is_polite { POLITE_EXTRA } else { Duration::ZERO }
    }

    fn ask(&mut self, now: Instant) {
        self.pings += 1;
        let ping = Control::Ping { number: self.pings };
        if let Some(link) = &mut self.link {
            link.say(&ping, now, &mut self.happened);
        }
    }

    fn connected(&mut self, now: Instant, out: &mut Vec<PeerEvent>) {
        (self.attempts, self.fruitless, self.is_suspect, self.retry_at) = (0, 0, false, None);
        self.alive.answered(now);
        if !self.is_reported {
            self.report(true, now, out);
        }
    }

    fn report(&mut self, connected: bool, now: Instant, out: &mut Vec<PeerEvent>) {
        self.is_reported = true;
        let took_ms = now.duration_since(self.since).as_millis().min(u128::from(u32::MAX)) as u32;
        out.push(PeerEvent::Report { connected, took_ms });
    }

    // ---- what the link says ------------------------------------------------------------------------------------------

    fn settle(&mut self, now: Instant, out: &mut Vec<PeerEvent>) {
        while !self.happened.is_empty() {
            for event in std::mem::take(&mut self.happened) {
                self.handle(event, now, out);
            }
        }
        let is_connected = self.attempts == 0
            && !self.is_suspect
            && self.link.as_ref().is_some_and(|link| link.state() == LinkState::Connected);
        if is_connected != self.is_connected {
            self.is_connected = is_connected;
            out.push(PeerEvent::Changed);
        }
    }

    fn handle(&mut self, event: LinkEvent, now: Instant, out: &mut Vec<PeerEvent>) {
        match event {
            LinkEvent::State => self.handle_state(now, out),
            LinkEvent::Describe(description) => {
                let signal =
                    Signal { generation: self.generation, description: Some(description), ..Signal::default() };
                let written = signal.write();
                if written.len() <= SIGNAL_BYTES_MAX {
                    out.push(PeerEvent::Send(written));
                }
            }
            LinkEvent::Open => {
                self.said = None;
                self.tell(now);
            }
            LinkEvent::Control(Control::Ping { number }) => {
                if let Some(link) = &mut self.link {
                    link.say(&Control::Pong { number }, now, &mut self.happened);
                }
            }
            LinkEvent::Control(Control::Pong { .. }) => {
                self.alive.answered(now);
                if self.link.as_ref().is_some_and(|link| link.state() == LinkState::Connected) {
                    self.connected(now, out);
                }
            }
            LinkEvent::Control(Control::Sends { sends }) => self.theirs = sends,
            LinkEvent::Control(Control::Wants { camera, .. }) => {
                self.is_watched = camera.is_some_and(|size| size.height > 0);
            }
            LinkEvent::Voice(packet) => out.push(PeerEvent::Voice(packet)),
            LinkEvent::Picture(packet) => out.push(PeerEvent::Picture(packet)),
            LinkEvent::KeyFrame => self.layer.ask_for_key(),
        }
    }

    fn handle_state(&mut self, now: Instant, out: &mut Vec<PeerEvent>) {
        match self.link.as_ref().map(Link::state) {
            Some(LinkState::Connected) => self.connected(now, out),
            Some(LinkState::Disconnected) if self.attempts == 0 && !self.is_suspect => {
                self.retry_at = Some(now + DISCONNECTED_MAX + self.polite_extra());
            }
            _ => {}
        }
    }

    /// What is sent, and what is wanted, once there is a channel.
    fn tell(&mut self, now: Instant) {
        let Some(link) = self.link.as_mut().filter(|_| self.said.as_ref() != Some(&self.gives)) else { return };
        let sends = Control::Sends { sends: self.gives.clone() };
        if !link.say(&sends, now, &mut self.happened) {
            return;
        }
        if self.said.is_none() {
            let camera = self.wants_pictures.then_some(TILE);
            link.say(&Control::Wants { camera, screen: None }, now, &mut self.happened);
        }
        self.said = Some(self.gives.clone());
    }
}
