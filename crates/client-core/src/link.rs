//! The life of the connection: opening, greeting, beating, losing, coming back.
//!
//! After a deploy every client loses its connection in the same second, so each waits a random time before it comes back,
//! longer from try to try (full jitter: Brooker, "Exponential Backoff And Jitter", 2015).

use crate::clock::LocalMs;
use crate::rng::Rng;

/// How long opening a socket, and the welcome after it, may take.
const OPEN_MS_MAX: i64 = 10_000;
/// Time between heartbeats. They are answered by the platform without waking the space.
const PING_EVERY_MS: i64 = 20_000;
/// The first few come faster: they measure the round trip.
const PING_FIRST_MS: [i64; 3] = [300, 1_000, 3_000];
/// No answer for this long means that the connection is dead, whatever the socket says.
const PONG_MS_MAX: i64 = 6_000;
/// After a hint that the connection is gone, it has to prove itself sooner: four round trips, and never less than this. A
/// false alarm costs a reconnect, which nobody notices.
const PROOF_MS_MIN: i64 = 400;
/// And the first try after that comes within this: it is one client's network that changed, not everybody's space.
const HOPE_WAIT_MS_MAX: i64 = 60;
/// A network is said to be back when its cable is in; an address and a way out of it come some moments later, and until then
/// every try fails at once. So the first tries after a hint wait only from this to twice this, doubled from try to try.
const HOPEFUL_TRIES: u32 = 6;
/// The first of them ask nobody about the sign-in: where there was no network, nobody refused it, and two round trips are
/// saved. Where it was refused indeed, they fail as well, and the next one asks.
const UNCHECKED_TRIES: u32 = 3;
/// They are also given less time, doubled from try to try: an opening takes four round trips, and whose first packet was lost
/// is sent again after a second, and then after two.
const HOPEFUL_ROUND_TRIPS: i64 = 6;
const HOPEFUL_OPEN_MS_MIN: i64 = 500;
/// An opening that was there before the hint, and this long, is started over.
const OPENING_DOUBTED_MS: i64 = 2_000;
/// Nobody asked for this long: the machine slept. The connection has to prove that it lives.
const SLEPT_MS: i64 = 30_000;
const BACKOFF_MS_MIN: i64 = 400;
const BACKOFF_MS_MAX: i64 = 15_000;
/// The shortest round trip is believed for this many heartbeats.
const ROUND_TRIPS: usize = 8;

/// What the caller has to do with its socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Task {
    /// Open a new one; `check_access` asks to renew the sign-in before.
    Open { check_access: bool },
    /// Send the text `ping`.
    Ping,
    /// Give the present one up.
    Drop,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    Idle,
    /// A socket is being opened, or waits for the welcome.
    Opening {
        until: LocalMs,
        opened: bool,
    },
    Online {
        ping_at: LocalMs,
        pong_until: Option<LocalMs>,
    },
    Waiting {
        until: LocalMs,
    },
    Ended,
}

#[derive(Debug)]
pub(crate) struct Link {
    state: State,
    attempt: u32,
    /// The last socket closed before it opened: maybe for want of a valid sign-in.
    unanswered: bool,
    /// A hint came that the connection is gone, and nothing has proved otherwise.
    doubted: bool,
    /// How many tries since the last such hint; none where it is too long ago to matter.
    hopeful: Option<u32>,
    pinged_at: LocalMs,
    pings: usize,
    round_trips: Vec<i64>,
    polled_at: LocalMs,
    rng_state: RngState,
}

struct RngState(Rng);

impl std::fmt::Debug for RngState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Rng")
    }
}

impl Link {
    pub fn new(seed: u64) -> Self {
        Self {
            state: State::Idle,
            attempt: 0,
            unanswered: false,
            doubted: false,
            hopeful: None,
            pinged_at: 0,
            pings: 0,
            round_trips: Vec::new(),
            polled_at: 0,
            rng_state: RngState(Rng::new(seed)),
        }
    }

    pub fn state(&self) -> State {
        self.state
    }

    /// How many tries since it was last online.
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// The shortest round trip seen lately.
    pub fn round_trip_ms(&self) -> Option<i64> {
        self.round_trips.iter().min().copied()
    }

    pub fn handle_opened(&mut self, now: LocalMs) {
        if let State::Opening { .. } = self.state {
            self.unanswered = false;
            self.pinged_at = now;
            self.state = State::Opening { until: now + OPEN_MS_MAX, opened: true };
        }
    }

    /// The welcome came: the time since the Hello is the first round trip.
    pub fn handle_welcome(&mut self, now: LocalMs) {
        self.round_trips = vec![(now - self.pinged_at).max(0)];
        self.attempt = 0;
        self.doubted = false;
        self.hopeful = None;
        self.pings = 0;
        self.state = State::Online { ping_at: now + PING_FIRST_MS[0], pong_until: None };
    }

    pub fn handle_pong(&mut self, now: LocalMs) {
        if let State::Online { pong_until: Some(_), ping_at } = self.state {
            if self.round_trips.len() >= ROUND_TRIPS {
                self.round_trips.remove(0);
            }
            self.round_trips.push((now - self.pinged_at).max(0));
            self.doubted = false;
            self.hopeful = None;
            self.state = State::Online { ping_at, pong_until: None };
        }
    }

    pub fn handle_closed(&mut self, now: LocalMs) {
        match self.state {
            State::Opening { opened, .. } => {
                self.unanswered = !opened;
                self.wait(now);
            }
            State::Online { .. } => self.wait(now),
            State::Idle | State::Waiting { .. } | State::Ended => {}
        }
    }

    /// The network is back or another one, or someone looks at the page again: no reason to wait any longer, and no reason
    /// to believe in a connection that does not prove itself.
    pub fn handle_hope(&mut self, now: LocalMs) {
        let proof_ms = self.proof_ms();
        self.hopeful = Some(0);
        match &mut self.state {
            State::Waiting { until } => *until = (*until).min(now + self.rng_state.0.below(HOPE_WAIT_MS_MAX)),
            State::Online { ping_at, pong_until: None } => {
                *ping_at = now;
                self.doubted = true;
            }
            // What has been waited already counts: an answer that is overdue proves enough.
            State::Online { pong_until: Some(until), .. } => {
                *until = (*until).min(self.pinged_at + proof_ms).max(now);
                self.doubted = true;
            }
            State::Opening { until, .. } if *until - now < OPEN_MS_MAX - OPENING_DOUBTED_MS => {
                *until = (*until).min(now + proof_ms);
                self.doubted = true;
            }
            State::Opening { .. } | State::Idle | State::Ended => {}
        }
    }

    fn proof_ms(&self) -> i64 {
        PROOF_MS_MIN.max(4 * self.round_trip_ms().unwrap_or(0)).min(PONG_MS_MAX)
    }

    fn hopeful_open_ms(&self) -> i64 {
        self.round_trip_ms()
            .map_or(OPENING_DOUBTED_MS, |trip_ms| HOPEFUL_OPEN_MS_MIN.max(HOPEFUL_ROUND_TRIPS * trip_ms))
    }

    /// It makes no sense to come back.
    pub fn end(&mut self) {
        self.state = State::Ended;
    }

    /// Begins, once.
    pub fn start(&mut self) {
        if self.state == State::Idle {
            self.state = State::Waiting { until: 0 };
        }
    }

    /// What is due now, if anything.
    pub fn poll_task(&mut self, now: LocalMs) -> Option<Task> {
        let slept = self.polled_at != 0 && now - self.polled_at > SLEPT_MS;
        self.polled_at = now;
        let pong_ms = if self.doubted { self.proof_ms() } else { PONG_MS_MAX };
        match &mut self.state {
            State::Waiting { until } if *until <= now => {
                self.attempt += 1;
                let hopeful = self.hopeful.filter(|&tries| tries < UNCHECKED_TRIES);
                let open_ms = hopeful.map_or(OPEN_MS_MAX, |tries| self.hopeful_open_ms() << tries).min(OPEN_MS_MAX);
                self.state = State::Opening { until: now + open_ms, opened: false };
                self.hopeful = self.hopeful.map(|tries| tries + 1).filter(|&tries| tries < HOPEFUL_TRIES);
                Some(Task::Open { check_access: self.unanswered && hopeful.is_none() })
            }
            State::Opening { until, .. } if *until <= now => {
                self.wait(now);
                Some(Task::Drop)
            }
            State::Online { pong_until: Some(until), .. } if *until <= now => {
                self.wait(now);
                Some(Task::Drop)
            }
            State::Online { ping_at, pong_until } if pong_until.is_none() && (*ping_at <= now || slept) => {
                self.pinged_at = now;
                self.pings += 1;
                *ping_at = now + PING_FIRST_MS.get(self.pings).copied().unwrap_or(PING_EVERY_MS);
                *pong_until = Some(now + pong_ms);
                Some(Task::Ping)
            }
            _ => None,
        }
    }

    /// When [`Self::poll_task`] may have something.
    pub fn wake_at(&self) -> Option<LocalMs> {
        match self.state {
            State::Idle | State::Ended => None,
            State::Waiting { until } | State::Opening { until, .. } => Some(until),
            State::Online { pong_until: Some(until), .. } => Some(until),
            State::Online { ping_at, .. } => Some(ping_at),
        }
    }

    fn wait(&mut self, now: LocalMs) {
        let ceiling = (BACKOFF_MS_MIN << self.attempt.min(10)).min(BACKOFF_MS_MAX);
        self.doubted = false;
        let wait_ms = match self.hopeful {
            Some(0) => self.rng_state.0.below(HOPE_WAIT_MS_MAX),
            Some(tries) => {
                let least = HOPE_WAIT_MS_MAX << (tries - 1);
                least + self.rng_state.0.below(least)
            }
            None => ceiling / 4 + self.rng_state.0.below(ceiling * 3 / 4),
        };
        self.state = State::Waiting { until: now + wait_ms };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tries_come_slower_and_slower_and_a_welcome_forgives_all() {
        let mut link = Link::new(1);
        link.start();
        let mut now = 1_000;
        let mut waits = Vec::new();
        for _ in 0..9 {
            assert!(matches!(link.poll_task(now), Some(Task::Open { .. })));
            link.handle_closed(now);
            let until = link.wake_at().unwrap_or(0);
            waits.push(until - now);
            now = until;
        }
        assert!(waits[0] <= 800 && waits.iter().all(|&wait| wait <= BACKOFF_MS_MAX), "{waits:?}");
        assert!(waits[6..].iter().all(|&wait| wait >= BACKOFF_MS_MAX / 4), "{waits:?}");
        link.poll_task(now);
        link.handle_opened(now);
        link.handle_welcome(now + 40);
        assert_eq!((link.attempt(), link.round_trip_ms()), (0, Some(40)));
    }

    #[test]
    fn a_connection_that_does_not_answer_is_given_up() {
        let mut link = Link::new(1);
        link.start();
        link.poll_task(0);
        link.handle_opened(10);
        link.handle_welcome(20);
        assert_eq!(link.poll_task(320), Some(Task::Ping));
        link.handle_pong(400);
        assert_eq!(link.round_trip_ms(), Some(10));
        assert_eq!(link.poll_task(1_320), Some(Task::Ping));
        assert_eq!(link.poll_task(1_320 + PONG_MS_MAX), Some(Task::Drop));
        assert!(matches!(link.state(), State::Waiting { .. }));
    }

    #[test]
    fn a_doubted_connection_proves_itself_soon_or_is_replaced_at_once() {
        let mut link = Link::new(1);
        link.start();
        link.poll_task(0);
        link.handle_opened(10);
        link.handle_welcome(20);
        link.handle_hope(100);
        assert_eq!(link.poll_task(100), Some(Task::Ping));
        link.handle_pong(140);
        assert_eq!(link.poll_task(140 + PROOF_MS_MIN), None, "it lives");
        assert_eq!(link.poll_task(100 + PING_FIRST_MS[1]), Some(Task::Ping), "and beats on as before");
        link.handle_hope(1_200);
        assert_eq!(link.poll_task(1_200), None, "an answer that was waited for already has its time from then on");
        assert_eq!(link.poll_task(1_100 + PROOF_MS_MIN), Some(Task::Drop));
        let wait_ms = link.wake_at().unwrap_or(0) - 1_100 - PROOF_MS_MIN;
        assert!((0..HOPE_WAIT_MS_MAX).contains(&wait_ms), "{wait_ms}");
    }

    #[test]
    fn with_the_network_back_an_opening_whose_packet_was_lost_is_begun_anew() {
        let mut link = Link::new(1);
        link.start();
        link.poll_task(0);
        link.handle_opened(10);
        link.handle_welcome(110);
        link.handle_hope(200);
        link.poll_task(200);
        assert_eq!(link.poll_task(900), Some(Task::Drop));
        for patience_ms in [600, 1_200, 2_400, OPEN_MS_MAX] {
            let then = link.wake_at().unwrap_or(0);
            assert_eq!(link.poll_task(then), Some(Task::Open { check_access: false }));
            assert_eq!(link.wake_at(), Some(then + patience_ms));
            assert_eq!(link.poll_task(then + patience_ms), Some(Task::Drop));
        }
    }

    #[test]
    fn a_socket_that_never_opened_asks_for_a_check_of_the_sign_in() {
        let mut link = Link::new(1);
        link.start();
        assert_eq!(link.poll_task(0), Some(Task::Open { check_access: false }));
        link.handle_closed(5);
        let then = link.wake_at().unwrap_or(0);
        assert_eq!(link.poll_task(then), Some(Task::Open { check_access: true }));
    }

    #[test]
    fn with_the_network_back_it_tries_soon_and_often_and_asks_nobody_before() {
        let mut link = Link::new(1);
        link.start();
        let mut now = 0;
        for _ in 0..8 {
            link.poll_task(now);
            link.handle_closed(now);
            now = link.wake_at().unwrap_or(0);
        }
        link.handle_hope(now - 1_000);
        let mut waits = Vec::new();
        let mut checks = Vec::new();
        let mut before = now - 1_000;
        for _ in 0..8 {
            now = link.wake_at().unwrap_or(0);
            waits.push(now - before);
            checks.push(link.poll_task(now) == Some(Task::Open { check_access: true }));
            link.handle_closed(now);
            before = now;
        }
        assert_eq!(checks, [false, false, false, true, true, true, true, true]);
        assert!(waits[..3].iter().sum::<i64>() < 500, "{waits:?}");
        assert!(waits[..6].iter().sum::<i64>() < 4_000, "{waits:?}");
        assert!(waits[6..].iter().all(|&wait| wait >= BACKOFF_MS_MAX / 4), "and then it is patient again: {waits:?}");
    }
}
