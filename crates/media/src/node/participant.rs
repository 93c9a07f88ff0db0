//! A session's connection to a media room: its state, and what it may do.

use std::net::SocketAddr;
use std::time::Instant;

use earshot_protocol::fleet::{AbsentPicture, ByeReason, CHANNEL, ToParticipant, WantedPicture};
use str0m::channel::ChannelId;
use str0m::net::Protocol;

use super::config::{ADDRESSES_MAX, BYTES_PER_S, CONNECT_MAX, DATAGRAMS_PER_S, MESSAGES_PER_S};
use super::connection::{Broken, Connection, Outcome};
use super::credits::Credits;
use super::lanes::Lanes;
use super::slab::Key;

/// Where its connection stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Connecting {
        until: Instant,
    },
    Connected,
    /// Nothing was heard of it for a while.
    Lost {
        until: Instant,
    },
    /// It was told so, and the connection ends when the words had time to arrive.
    Leaving,
}

/// What a grant says, once it was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Admission {
    pub space: String,
    pub room: u64,
    pub session: u32,
    pub publish: bool,
    pub expires_at: Instant,
}

pub struct Participant {
    pub connection: Connection,
    pub admission: Admission,
    pub room: Key,
    pub state: State,
    pub ufrag: String,
    /// Where its datagrams come from.
    pub addresses: Vec<(Protocol, SocketAddr)>,
    pub channel: Option<ChannelId>,
    pub lanes: Lanes,
    pub wants: Vec<WantedPicture>,
    /// What it said last, beyond what is read at once.
    pub unread: Option<Vec<u8>>,
    /// Pictures it was told last that do not come.
    absent: Vec<AbsentPicture>,
    pub is_estimated: bool,
    /// What the connection was told to strive for, and whether to fill the link for it.
    pub desired: (u64, bool),
    /// Written to since it was last told the time.
    pub is_waiting: bool,
    /// The earliest entry it has among the timers.
    pub timer_at: Option<Instant>,
    datagrams: Credits,
    bytes: Credits,
    messages: Credits,
}

impl Participant {
    pub fn new(connection: Connection, admission: Admission, room: Key, ufrag: String, now: Instant) -> Self {
        Self {
            connection,
            admission,
            room,
            state: State::Connecting { until: now + CONNECT_MAX },
            ufrag,
            addresses: Vec::new(),
            channel: None,
            lanes: Lanes::default(),
            wants: Vec::new(),
            unread: None,
            absent: Vec::new(),
            is_estimated: false,
            desired: (0, false),
            is_waiting: false,
            timer_at: None,
            datagrams: Credits::new(DATAGRAMS_PER_S, now),
            bytes: Credits::new(BYTES_PER_S, now),
            messages: Credits::new(MESSAGES_PER_S, now),
        }
    }

    pub fn may_send_datagram(&mut self, bytes: usize, now: Instant) -> bool {
        self.datagrams.spend(1, now) && self.bytes.spend(bytes, now)
    }

    pub fn may_send_message(&mut self, now: Instant) -> bool {
        self.messages.spend(1, now)
    }

    pub fn is_leaving(&self) -> bool {
        self.state == State::Leaving
    }

    /// Remembers an address; the one that is forgotten for it, if any.
    pub fn came_from(&mut self, address: (Protocol, SocketAddr)) -> Option<(Protocol, SocketAddr)> {
        let forgotten = if self.addresses.len() >= ADDRESSES_MAX { Some(self.addresses.remove(0)) } else { None };
        self.addresses.push(address);
        forgotten
    }

    /// Says something on the data channel. False where it could not be said now.
    pub fn say(&mut self, outcome: &mut Outcome, words: &ToParticipant) -> Result<bool, Broken> {
        let (Some(id), Ok(text)) = (self.channel, serde_json::to_vec(words)) else { return Ok(false) };
        let said = self.connection.change(outcome, |rtc| {
            let Some(mut channel) = rtc.channel(id) else { return Ok(false) };
            channel.write(false, &text)
        })?;
        Ok(said.unwrap_or(false))
    }

    /// What is in its lanes, where that is news to it.
    pub fn say_slots(&mut self, outcome: &mut Outcome) -> Result<(), Broken> {
        use crate::room::Slot;
        use earshot_protocol::fleet::SlotContent;
        if self.channel.is_none() || self.is_leaving() {
            return Ok(());
        }
        let news = self.lanes.all().filter(|lane| !lane.is_told).map(|lane| {
            let (picture, slot) = match lane.slot {
                Slot::Voice(index) => (false, index),
                Slot::Picture(index) => (true, index),
            };
            SlotContent { picture, slot, content: lane.content }
        });
        let slots: Vec<_> = news.collect();
        if !slots.is_empty() && self.say(outcome, &ToParticipant::Slots { slots })? {
            self.lanes.all().for_each(|lane| lane.is_told = true);
        }
        Ok(())
    }

    /// Which pictures do not come, where that is news to it.
    pub fn say_absent(&mut self, outcome: &mut Outcome, absent: Vec<AbsentPicture>) -> Result<(), Broken> {
        if self.absent == absent || self.channel.is_none() || self.is_leaving() {
            return Ok(());
        }
        if self.say(outcome, &ToParticipant::Absent { pictures: absent.clone() })? {
            self.absent = absent;
        }
        Ok(())
    }

    /// A data channel opened.
    pub fn opened(&mut self, id: ChannelId, name: &str) {
        if name == CHANNEL && self.channel.is_none() {
            self.channel = Some(id);
            self.absent.clear();
            self.lanes.all().for_each(|lane| lane.is_told = lane.content.is_none());
        }
    }
}

/// Why somebody goes, and whether it is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leave {
    Told(ByeReason),
    /// It is not there to be told.
    Untold,
}
