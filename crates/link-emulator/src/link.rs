//! A link as a function: what is put in at one end comes out at the other, late, or not at all. Sans-IO: time is an argument,
//! randomness a seed.
//!
//! Each direction has a fate of its own for its n-th packet, so that what happens to one way does not depend on the other,
//! and the same traffic meets the same weather again. Order is kept: the links that people have delay a packet behind
//! another, they seldom let one overtake.

use std::collections::VecDeque;

/// Microseconds since the link began.
pub type TimeUs = u64;

/// Longest time a packet waits for its turn when a rate is set: what home routers hold. Later ones are dropped.
pub const QUEUE_US_MAX: u64 = 300_000;
/// All loss there is.
pub const LOSS_PPM_MAX: u32 = 1_000_000;

/// One of the two ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    A,
    B,
}

impl End {
    /// The opposite one.
    pub fn other(self) -> Self {
        match self {
            Self::A => Self::B,
            Self::B => Self::A,
        }
    }
}

/// How it is on the link, the same both ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weather {
    /// One way.
    pub delay_us: u64,
    /// Each packet is up to this late or early, evenly spread.
    pub jitter_us: u64,
    /// Of a million packets, so many are lost.
    pub loss_ppm: u32,
    /// None: as fast as it comes.
    pub rate_bytes_per_s: Option<u64>,
}

impl Weather {
    /// Nothing happens to anything.
    pub const CALM: Self = Self { delay_us: 0, jitter_us: 0, loss_ppm: 0, rate_bytes_per_s: None };
}

/// What happens to a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A packet came to an end.
    Arrived { at: End, packet: Vec<u8> },
    /// From now on it is like this.
    Changed(Weather),
    /// The cable is cut: what is on its way is lost, and so is all that comes.
    Cut,
    /// It is whole again.
    Healed,
    /// Time has passed.
    Woken,
}

/// What a link wants done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// Give this out at an end.
    Deliver { at: End, packet: Vec<u8> },
    /// Nothing more now; wake it then, if ever.
    WakeAt(Option<TimeUs>),
}

/// How much went how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub delivered: u64,
    /// By chance.
    pub lost: u64,
    /// For want of room.
    pub crowded_out: u64,
    /// Into a cut cable.
    pub cut_off: u64,
}

/// The link.
pub struct Link {
    weather: Weather,
    is_cut: bool,
    now: TimeUs,
    from_a: Way,
    from_b: Way,
    counts: Counts,
}

/// One direction.
struct Way {
    random: Random,
    /// In the order of their times.
    under_way: VecDeque<(TimeUs, Vec<u8>)>,
    /// When the last byte that was put in will have left.
    busy_until: TimeUs,
    /// No packet comes out before this one.
    last_due: TimeUs,
}

impl Link {
    /// A link with its weather, whole.
    pub fn new(weather: Weather, seed: u64) -> Self {
        let mut seeds = Random(seed);
        let (from_a, from_b) = (Way::new(seeds.next()), Way::new(seeds.next()));
        Self { weather, is_cut: false, now: 0, from_a, from_b, counts: Counts::default() }
    }

    /// What happened to its packets so far.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// How it is now.
    pub fn weather(&self) -> Weather {
        self.weather
    }

    /// Takes what happens. Drain [`Link::poll_output`] afterwards.
    pub fn handle_input(&mut self, now: TimeUs, input: Input) {
        self.now = self.now.max(now);
        match input {
            Input::Arrived { at, packet } => self.handle_packet(at, packet),
            Input::Changed(weather) => self.weather = weather,
            Input::Cut => {
                self.is_cut = true;
                let lost = self.from_a.clear() + self.from_b.clear();
                self.counts.cut_off += lost;
            }
            Input::Healed => self.is_cut = false,
            Input::Woken => {}
        }
    }

    /// What is to be done now; ends with [`Output::WakeAt`].
    pub fn poll_output(&mut self) -> Output {
        for (way, at) in [(&mut self.from_a, End::B), (&mut self.from_b, End::A)] {
            if let Some(packet) = way.take_due(self.now) {
                self.counts.delivered += 1;
                return Output::Deliver { at, packet };
            }
        }
        Output::WakeAt([self.from_a.next_due(), self.from_b.next_due()].into_iter().flatten().min())
    }

    fn handle_packet(&mut self, at: End, packet: Vec<u8>) {
        let way = match at {
            End::A => &mut self.from_a,
            End::B => &mut self.from_b,
        };
        // Fate is drawn for every packet, whatever becomes of it, so that the next one's stays the same.
        let (luck, lateness) = (way.random.below(u64::from(LOSS_PPM_MAX)), way.random.next());
        if self.is_cut {
            self.counts.cut_off += 1;
        } else if luck < u64::from(self.weather.loss_ppm) {
            self.counts.lost += 1;
        } else if !way.put(self.now, packet, &self.weather, lateness) {
            self.counts.crowded_out += 1;
        }
    }
}

impl Way {
    fn new(seed: u64) -> Self {
        Self { random: Random(seed), under_way: VecDeque::new(), busy_until: 0, last_due: 0 }
    }

    /// False: there is no room for it.
    fn put(&mut self, now: TimeUs, packet: Vec<u8>, weather: &Weather, lateness: u64) -> bool {
        let start = self.busy_until.max(now);
        if start - now > QUEUE_US_MAX {
            return false;
        }
        let takes_us = match weather.rate_bytes_per_s {
            Some(rate) => (packet.len() as u64 * 1_000_000).div_ceil(rate.max(1)),
            None => 0,
        };
        self.busy_until = start + takes_us;
        // From -jitter to +jitter; never before it came.
        let spread = lateness % (2 * weather.jitter_us + 1);
        let due = (self.busy_until + weather.delay_us + spread).saturating_sub(weather.jitter_us).max(self.busy_until);
        self.last_due = self.last_due.max(due);
        self.under_way.push_back((self.last_due, packet));
        true
    }

    fn next_due(&self) -> Option<TimeUs> {
        self.under_way.front().map(|(due, _)| *due)
    }

    fn take_due(&mut self, now: TimeUs) -> Option<Vec<u8>> {
        self.under_way.pop_front_if(|(due, _)| *due <= now).map(|(_, packet)| packet)
    }

    /// Forgets what is under way; how many packets that were.
    fn clear(&mut self) -> u64 {
        let lost = self.under_way.len() as u64;
        self.under_way.clear();
        (self.busy_until, self.last_due) = (0, 0);
        lost
    }
}

/// SplitMix64: a counter, mixed. Small, and good enough for weather.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(limit)) >> 64) as u64
    }
}
