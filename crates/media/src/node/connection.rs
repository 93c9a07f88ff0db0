//! One participant's WebRTC, held apart: what panics in it, or goes on for ever, ends it and nothing else.
//!
//! str0m's contract is: after every change of an `Rtc`, poll it until it says when it wants to be looked at again, before changing it anew;
//! but what is changed in answer to something that comes out while polling is followed by polling anyhow. [`Connection`] has the doors to it and
//! keeps to that. What makes it cheap all the same, for each poll looks at all the connection's streams:
//! - Packets for a receiver wait here until it is its turn ([`Connection::pass_time`]), and go out together.
//! - str0m's pacer lets go of one packet each time it is told the time. It is told again whenever a datagram has come out, within
//!   the same polling: two polls for each packet, and not three.
//! - Voices do not pass through str0m at all, where that can be ([`Direct`]).

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use str0m::change::DirectApi;
use str0m::crypto::SrtpProvider;
use str0m::media::{Mid, Pt};
use str0m::net::{Receive, Transmit};
use str0m::rtp::{ExtensionValues, RtpWrite, Ssrc};
use str0m::{Event, IceConnectionState, Input, Output, Rtc, RtcError};

use super::config::{FAILURES_MAX, OUTPUTS_MAX, WAIT_MAX};
use super::direct::{Direct, ElementIds, Voice};
use super::secrets::Handed;
use super::slab::Key;

/// What came of changes: datagrams to send, and events to look at.
#[derive(Default)]
pub struct Outcome {
    pub transmits: VecDeque<Transmit>,
    pub events: VecDeque<(Key, Event)>,
    pub failures: u64,
    /// Media packets written to their receivers.
    pub written: u64,
    /// Those of them that took the short way.
    pub direct: u64,
    /// And not written, because those before them still waited.
    pub dropped: u64,
    /// Or because one with their number was.
    pub repeated: u64,
}

/// A packet for one of a receiver's lanes.
pub enum Outgoing {
    Voice(OutgoingVoice),
    Picture { ssrc: Ssrc, write: Box<RtpWrite> },
}

pub struct OutgoingVoice {
    pub mid: Mid,
    pub ssrc: Ssrc,
    pub ids: ElementIds,
    pub pt: Pt,
    pub seq: u64,
    pub timestamp: u32,
    pub marker: bool,
    /// Decibels below zero, and whether it is somebody who speaks.
    pub level: Option<i8>,
    pub is_speech: Option<bool>,
    pub came_at: Instant,
    pub payload: Arc<[u8]>,
}

/// What is due within this is as good as due.
const AT_ONCE: Duration = Duration::from_micros(20);
/// Between two packets: what the pacer measures by must not stand still.
const TICK: Duration = Duration::from_micros(1);
/// Packets that go out to one receiver in one go.
const PACKETS_MAX: usize = 256;
/// And how often it may want to be called again at once before it is another's turn.
const ROUNDS_MAX: usize = 16;

/// It can only be thrown away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    Panicked,
    /// It never came to rest, failed too often, or shut itself down.
    Failed,
}

pub struct Connection {
    rtc: Rtc,
    key: Key,
    /// Whether str0m paces it, and lets go of one packet for each time it is told.
    is_paced: bool,
    /// Packets that wait for their turn.
    queue: VecDeque<Outgoing>,
    /// The short way that voices take.
    direct: Direct,
    srtp: &'static dyn SrtpProvider,
    /// When it wants to be told the time.
    pub due: Instant,
    /// The latest time it was told.
    clock: Instant,
}

impl Connection {
    /// Of an `Rtc` that was made by our [`provider`](super::secrets::provider).
    pub fn new(
        rtc: Rtc,
        handed: Handed,
        srtp: &'static dyn SrtpProvider,
        key: Key,
        is_paced: bool,
        now: Instant,
    ) -> Self {
        Self { rtc, key, is_paced, queue: VecDeque::new(), direct: Direct::new(handed), srtp, due: now, clock: now }
    }

    /// Whether voices are to take the short way; and whether they do. Where nothing is paced, nothing depends on it.
    pub fn shorten(&mut self, is_roomy: bool) -> bool {
        self.direct.allow(is_roomy || !self.is_paced)
    }

    pub fn rtc(&self) -> &Rtc {
        &self.rtc
    }

    /// Changes something, and polls to the end.
    pub fn change<T>(
        &mut self,
        outcome: &mut Outcome,
        change: impl FnOnce(&mut Rtc) -> Result<T, RtcError>,
    ) -> Result<Option<T>, Broken> {
        self.change_and_pass(outcome, change, &mut 0)
    }

    /// The same; and time goes on by a tick for each datagram that comes out, `ticks` times at most.
    fn change_and_pass<T>(
        &mut self,
        outcome: &mut Outcome,
        change: impl FnOnce(&mut Rtc) -> Result<T, RtcError>,
        ticks: &mut usize,
    ) -> Result<Option<T>, Broken> {
        let Self { rtc, key, due, clock, direct, .. } = self;
        let mut failures = 0;
        let guarded = catch_unwind(AssertUnwindSafe(|| {
            let done = change(rtc).inspect_err(|_| failures += 1).ok();
            for _ in 0..OUTPUTS_MAX {
                match rtc.poll_output() {
                    // What shut itself down, after a forged certificate for one, tells nobody.
                    Ok(Output::Timeout(_)) if !rtc.is_alive() => break,
                    Ok(Output::Timeout(at)) => {
                        *due = at;
                        return Ok(done);
                    }
                    Ok(Output::Transmit(transmit)) => {
                        direct.saw(&transmit);
                        outcome.transmits.push_back(transmit);
                        if *ticks > 0 {
                            *ticks -= 1;
                            *clock += TICK;
                            if rtc.handle_input(Input::Timeout(*clock)).is_err() {
                                failures += 1;
                            }
                        }
                    }
                    Ok(Output::Event(event)) => {
                        if matches!(event, Event::IceConnectionStateChange(IceConnectionState::Disconnected)) {
                            direct.lose_way();
                        }
                        outcome.events.push_back((*key, event));
                    }
                    Err(_) => {
                        failures += 1;
                        if failures > FAILURES_MAX {
                            break;
                        }
                    }
                }
            }
            Err(Broken::Failed)
        }));
        outcome.failures += u64::from(failures);
        guarded.unwrap_or(Err(Broken::Panicked))
    }

    /// Puts a packet in the queue. It goes out when the time is handed in.
    pub fn enqueue(&mut self, outgoing: Outgoing) {
        self.queue.push_back(outgoing);
    }

    /// Sends all packets of the queue that take the short way, and writes the others to str0m, each a change of its own: there they only
    /// wait, so the poll after each is answered at once. Says whether any does.
    fn write_all(&mut self, outcome: &mut Outcome) -> Result<bool, Broken> {
        let now = self.clock;
        self.send_voices(outcome)?;
        let is_any = !self.queue.is_empty();
        while let Some(outgoing) = self.queue.pop_front() {
            match self.change(outcome, |rtc| Ok(write(&mut rtc.direct_api(), outgoing, now)))? {
                Some(true) => outcome.written += 1,
                Some(false) | None => outcome.dropped += 1,
            }
        }
        Ok(is_any)
    }

    /// Those that are not for the short way stay in the queue.
    fn send_voices(&mut self, outcome: &mut Outcome) -> Result<(), Broken> {
        let Self { queue, direct, srtp, .. } = self;
        let guarded = catch_unwind(AssertUnwindSafe(|| {
            queue.retain(|outgoing| {
                let Outgoing::Voice(voice) = outgoing else { return true };
                if !direct.admits(voice.ssrc, voice.seq) {
                    outcome.repeated += 1;
                    return false;
                }
                let Some(transmit) = direct.transmit(*srtp, &voice.packet()) else { return true };
                outcome.transmits.push_back(transmit);
                outcome.written += 1;
                outcome.direct += 1;
                false
            });
        }));
        guarded.map_err(|_| Broken::Panicked)
    }

    /// `contents` are those of what is received.
    pub fn receive(
        &mut self,
        outcome: &mut Outcome,
        now: Instant,
        receive: Receive,
        contents: &[u8],
    ) -> Result<(), Broken> {
        self.clock = self.clock.max(now);
        let now = self.clock;
        self.direct.heard(contents);
        self.change(outcome, |rtc| rtc.handle_input(Input::Receive(now, receive))).map(|_| ())
    }

    /// Hands in the time, so that all goes out that waits and may.
    pub fn pass_time(&mut self, outcome: &mut Outcome, now: Instant) -> Result<(), Broken> {
        self.clock = self.clock.max(now);
        if !self.write_all(outcome)? && self.due > self.clock + AT_ONCE {
            return Ok(());
        }
        for _ in 0..ROUNDS_MAX {
            let (time, mut ticks) = (self.clock, if self.is_paced { PACKETS_MAX } else { 0 });
            self.change_and_pass(outcome, |rtc| rtc.handle_input(Input::Timeout(time)), &mut ticks)?;
            if self.due > self.clock + AT_ONCE {
                break;
            }
            self.clock = self.clock.max(self.due);
        }
        Ok(())
    }

    /// Lets go of it, whatever state it is in.
    pub fn discard(self) {
        let rtc = self.rtc;
        // What panicked once may do so again when it is taken apart.
        let _ = catch_unwind(AssertUnwindSafe(move || drop(rtc)));
    }
}

/// False: what was written to this lane before still waits, and this would come too late.
fn write(direct: &mut DirectApi, outgoing: Outgoing, now: Instant) -> bool {
    let (ssrc, is_picture, write) = match outgoing {
        Outgoing::Voice(voice) => (voice.ssrc, false, voice.write()),
        Outgoing::Picture { ssrc, write } => (ssrc, true, *write),
    };
    let Some(stream) = direct.stream_tx(&ssrc) else { return false };
    let first = stream.queue_info().and_then(|queue| queue.first_unsent());
    if is_picture && first.is_some_and(|at| now.saturating_duration_since(at) > WAIT_MAX) {
        return false;
    }
    stream.write_rtp(write);
    true
}

impl OutgoingVoice {
    /// As it takes the short way.
    fn packet(&self) -> Voice<'_> {
        let Self { mid, ssrc, ids, pt, seq, timestamp, marker, .. } = *self;
        let level = self.level.map(|level| (level.unsigned_abs(), self.is_speech.unwrap_or(false)));
        Voice { mid, ssrc, ids, pt, seq, timestamp, marker, level, payload: &self.payload }
    }

    /// As it passes through str0m.
    fn write(self) -> RtpWrite {
        let extensions =
            ExtensionValues { audio_level: self.level, voice_activity: self.is_speech, ..ExtensionValues::default() };
        RtpWrite::new(self.pt, self.seq.into(), self.timestamp, self.came_at, self.payload)
            .marker(self.marker)
            .ext_vals(extensions)
            .nackable(false)
    }
}
