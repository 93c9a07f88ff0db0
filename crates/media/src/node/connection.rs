//! One participant's WebRTC, held apart: what panics in it, or goes on for ever, ends it and nothing else.
//!
//! str0m's contract is: after every change of an `Rtc`, poll it until it says when it wants to be looked at again, before changing it anew;
//! but what is changed in answer to something that comes out while polling is followed by polling anyhow. [`Connection`] has the doors to it and
//! keeps to that. Media that goes out does not pass through it ([`Sending`]): it waits here until it is the receiver's turn
//! ([`Connection::pass_time`]), and goes out together.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use str0m::net::Receive;
use str0m::rtp::Ssrc;
use str0m::{Event, IceConnectionState, Input, Output, Rtc, RtcError};

use super::config::{FAILURES_MAX, OUTPUTS_MAX};
use super::outbox::Outbox;
use super::sending::{Heard, LineConfig, Outgoing, Sending};
use super::slab::Key;

/// What came of changes: datagrams to send, and events to look at.
#[derive(Default)]
pub struct Outcome {
    pub outbox: Outbox,
    pub events: VecDeque<(Key, Happened)>,
    pub failures: u64,
}

/// What a connection tells of.
#[expect(clippy::large_enum_variant, reason = "it nearly always is the largest")]
pub enum Happened {
    Rtc(Event),
    Heard(Heard),
    /// The way to the receiver may be another now, which shows when something is sent to it.
    Moved,
}

/// What is due within this is as good as due.
const AT_ONCE: Duration = Duration::from_micros(20);
/// And how often it may want to be called again at once before it is another's turn.
const ROUNDS_MAX: usize = 16;
/// A receiver that moves on and on is followed so often.
const FOLLOW_EVERY: Duration = Duration::from_millis(50);

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
    sending: Sending,
    /// When both want to be told the time.
    pub due: Instant,
    rtc_due: Instant,
    sending_due: Option<Instant>,
    /// The latest time it was told, and the one it counts from.
    clock: Instant,
    epoch: Instant,
    followed_at: Option<Instant>,
    /// What nudges are said to be from.
    nudge_ssrc: Option<Ssrc>,
}

impl Connection {
    /// Of an `Rtc` that was made by our [`provider`](super::secrets::provider). Times count from `epoch`.
    pub fn new(rtc: Rtc, sending: Sending, key: Key, epoch: Instant, now: Instant) -> Self {
        Self {
            rtc,
            key,
            sending,
            due: now,
            rtc_due: now,
            sending_due: None,
            clock: now,
            epoch,
            followed_at: None,
            nudge_ssrc: None,
        }
    }

    pub fn rtc(&self) -> &Rtc {
        &self.rtc
    }

    /// How many lines there are to send on.
    pub fn lines(&self) -> usize {
        self.sending.lines()
    }

    /// One more.
    pub fn add_line(&mut self, config: LineConfig) {
        self.sending.add(config);
    }

    /// See [`Sending::numbers_voices`].
    pub fn numbers_voices(&self) -> bool {
        self.sending.numbers_voices()
    }

    /// See [`Sending::clear`].
    pub fn clear_line(&mut self, now: Instant, line: usize, may_end: bool) {
        self.sending.clear(self.at(now), line, may_end);
    }

    /// See [`Sending::strive`].
    pub fn strive(&mut self, now: Instant, minimum_bits_per_s: u64, desired_bits_per_s: u64) {
        self.sending.strive(self.at(now), minimum_bits_per_s, desired_bits_per_s);
        // What follows from it is found when the time is handed in.
        self.sending_due = Some(now);
        self.set_due();
    }

    /// Has str0m send something that means nothing, so that it is seen where to (RFC 4585, section 6.4: of what an application may say it is empty).
    /// Words on the data channel would do, too, but wait for those before them, longer and longer where nobody answered for a while.
    pub fn nudge(&mut self, outcome: &mut Outcome) -> Result<(), Broken> {
        let ssrc = *self.nudge_ssrc.get_or_insert_with(|| self.rtc.direct_api().new_ssrc());
        let nudged = self.change(outcome, |rtc| {
            rtc.direct_api().send_app_specific_feedback(ssrc, 0.into(), &b""[..]);
            Ok(())
        });
        nudged.map(|_| ())
    }

    /// Changes something, and polls to the end.
    pub fn change<T>(
        &mut self,
        outcome: &mut Outcome,
        change: impl FnOnce(&mut Rtc) -> Result<T, RtcError>,
    ) -> Result<Option<T>, Broken> {
        let Self { rtc, key, rtc_due, sending, .. } = self;
        let mut failures = 0;
        let guarded = catch_unwind(AssertUnwindSafe(|| {
            let done = change(rtc).inspect_err(|_| failures += 1).ok();
            for _ in 0..OUTPUTS_MAX {
                match rtc.poll_output() {
                    // What shut itself down, after a forged certificate for one, tells nobody.
                    Ok(Output::Timeout(_)) if !rtc.is_alive() => break,
                    Ok(Output::Timeout(at)) => {
                        *rtc_due = at;
                        return Ok(done);
                    }
                    Ok(Output::Transmit(transmit)) => {
                        sending.saw(&transmit);
                        outcome.outbox.transmits.copy(&transmit);
                    }
                    Ok(Output::Event(event)) => {
                        if matches!(event, Event::IceConnectionStateChange(IceConnectionState::Disconnected)) {
                            sending.lose_way();
                        }
                        outcome.events.push_back((*key, Happened::Rtc(event)));
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
        self.set_due();
        guarded.unwrap_or(Err(Broken::Panicked))
    }

    fn set_due(&mut self) {
        self.due = self.sending_due.map_or(self.rtc_due, |due| due.min(self.rtc_due));
    }

    /// Puts a packet in the queue. It goes out when the time is handed in.
    pub fn enqueue(&mut self, outgoing: Outgoing) {
        self.sending.enqueue(outgoing);
    }

    /// When something came or happens, since the epoch.
    pub fn at(&self, time: Instant) -> Duration {
        time.saturating_duration_since(self.epoch)
    }

    /// `contents` are those of what is received, from there.
    pub fn receive(
        &mut self,
        outcome: &mut Outcome,
        now: Instant,
        receive: Receive,
        (from, contents): (SocketAddr, &[u8]),
    ) -> Result<(), Broken> {
        self.clock = self.clock.max(now);
        let (now, at) = (self.clock, self.at(self.clock));
        let has_moved = self.sending.may_have_moved(from, contents);
        self.change(outcome, |rtc| rtc.handle_input(Input::Receive(now, receive)))?;
        if has_moved && self.followed_at.is_none_or(|last| now.saturating_duration_since(last) >= FOLLOW_EVERY) {
            self.followed_at = Some(now);
            outcome.events.push_back((self.key, Happened::Moved));
        }
        let Self { sending, key, .. } = self;
        let events = &mut outcome.events;
        let guarded = catch_unwind(AssertUnwindSafe(|| {
            sending.handle_reports(at, contents, |heard| events.push_back((*key, Happened::Heard(heard))))
        }));
        let is_due = guarded.map_err(|_| Broken::Panicked)?;
        if is_due {
            self.sending_due = Some(now);
            self.set_due();
        }
        Ok(())
    }

    /// Hands in the time, so that all goes out that waits and may.
    pub fn pass_time(&mut self, outcome: &mut Outcome, now: Instant) -> Result<(), Broken> {
        self.clock = self.clock.max(now);
        let at = self.at(self.clock);
        let Self { sending, key, .. } = self;
        let Outcome { outbox, events, .. } = outcome;
        let guarded = catch_unwind(AssertUnwindSafe(|| {
            sending.pass_time(at, outbox, |heard| events.push_back((*key, Happened::Heard(heard))))
        }));
        let due = guarded.map_err(|_| Broken::Panicked)?;
        self.sending_due = due.map(|due| self.epoch + due);
        for _ in 0..ROUNDS_MAX {
            if self.rtc_due > self.clock + AT_ONCE {
                break;
            }
            self.clock = self.clock.max(self.rtc_due);
            let time = self.clock;
            self.change(outcome, |rtc| rtc.handle_input(Input::Timeout(time)))?;
        }
        self.set_due();
        Ok(())
    }

    /// Lets go of it, whatever state it is in.
    pub fn discard(self) {
        let rtc = self.rtc;
        // What panicked once may do so again when it is taken apart.
        let _ = catch_unwind(AssertUnwindSafe(move || drop(rtc)));
    }
}
