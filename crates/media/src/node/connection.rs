//! One participant's WebRTC, held apart: what panics in it, or goes on for ever, ends it and nothing else.
//!
//! str0m's contract is: after every change of an `Rtc`, poll it until it says when it wants to be looked at again, before changing it anew;
//! but what is changed in answer to something that comes out while polling is followed by polling anyhow. [`Connection`] has the doors to it and
//! keeps to that. What makes it cheap all the same, for each poll looks at all the connection's streams:
//! - Packets for a receiver wait here until it is its turn ([`Connection::pass_time`]), and go out together.
//! - str0m's pacer lets go of one packet each time it is told the time. It is told again whenever a datagram has come out, within
//!   the same polling: two polls for each packet, and not three.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use str0m::change::DirectApi;
use str0m::net::{Receive, Transmit};
use str0m::rtp::{RtpWrite, Ssrc};
use str0m::{Event, Input, Output, Rtc, RtcError};

use super::config::{FAILURES_MAX, OUTPUTS_MAX, WAIT_MAX};
use super::slab::Key;

/// What came of changes: datagrams to send, and events to look at.
#[derive(Default)]
pub struct Outcome {
    pub transmits: VecDeque<Transmit>,
    pub events: VecDeque<(Key, Event)>,
    pub failures: u64,
    /// Media packets written to their receivers.
    pub written: u64,
    /// And not written, because those before them still waited.
    pub dropped: u64,
}

/// A packet for one of a receiver's lanes.
pub struct Outgoing {
    pub ssrc: Ssrc,
    pub is_picture: bool,
    pub write: RtpWrite,
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
    /// When it wants to be told the time.
    pub due: Instant,
    /// The latest time it was told.
    clock: Instant,
}

impl Connection {
    pub fn new(rtc: Rtc, key: Key, is_paced: bool, now: Instant) -> Self {
        Self { rtc, key, is_paced, queue: VecDeque::new(), due: now, clock: now }
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
        let Self { rtc, key, due, clock, .. } = self;
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
                        outcome.transmits.push_back(transmit);
                        if *ticks > 0 {
                            *ticks -= 1;
                            *clock += TICK;
                            if rtc.handle_input(Input::Timeout(*clock)).is_err() {
                                failures += 1;
                            }
                        }
                    }
                    Ok(Output::Event(event)) => outcome.events.push_back((*key, event)),
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

    /// Writes all packets of the queue, each a change of its own: they only wait in str0m, so the poll after each is answered at once.
    fn write_all(&mut self, outcome: &mut Outcome) -> Result<(), Broken> {
        let now = self.clock;
        while let Some(outgoing) = self.queue.pop_front() {
            match self.change(outcome, |rtc| Ok(write(&mut rtc.direct_api(), outgoing, now)))? {
                Some(true) => outcome.written += 1,
                Some(false) | None => outcome.dropped += 1,
            }
        }
        Ok(())
    }

    pub fn receive(&mut self, outcome: &mut Outcome, now: Instant, receive: Receive) -> Result<(), Broken> {
        self.clock = self.clock.max(now);
        let now = self.clock;
        self.change(outcome, |rtc| rtc.handle_input(Input::Receive(now, receive))).map(|_| ())
    }

    /// Hands in the time, so that all goes out that waits and may.
    pub fn pass_time(&mut self, outcome: &mut Outcome, now: Instant) -> Result<(), Broken> {
        self.clock = self.clock.max(now);
        self.write_all(outcome)?;
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
    let Some(stream) = direct.stream_tx(&outgoing.ssrc) else { return false };
    let first = stream.queue_info().and_then(|queue| queue.first_unsent());
    if outgoing.is_picture && first.is_some_and(|at| now.saturating_duration_since(at) > WAIT_MAX) {
        return false;
    }
    stream.write_rtp(outgoing.write);
    true
}
