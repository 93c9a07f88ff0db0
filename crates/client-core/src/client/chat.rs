//! Chat: what one said and what others said. What was not acknowledged is said again after a reconnect, with the same
//! reference, so that the space knows it for the same message; after too long a time the person is asked instead.

use std::collections::VecDeque;

use earshot_protocol::units::TimeMs;
use earshot_protocol::{Channel, ChatMessage, ClientToSpace, SAID_AGAIN_MS, SayIntent, SayRefused};

use super::{Client, Event, Output};
use crate::clock::LocalMs;
use crate::rng::Rng;

/// Messages that may wait for an acknowledgement; more are not taken. Nobody types as many in one tunnel.
const WAITING_MAX: usize = 50;
/// What was said longer ago is told late, and nobody says it now. A line may well stand still for some seconds.
const LIVE_MS_MAX: i64 = 10_000;

#[derive(Debug)]
struct Waiting {
    say: SayIntent,
    /// When it went out first, by the server's clock: the device may sleep. None: it surely was not taken.
    sent_at: Option<TimeMs>,
}

/// What was said and not acknowledged yet, oldest first.
#[derive(Debug)]
pub(super) struct Unsaid {
    waiting: VecDeque<Waiting>,
    references: Rng,
}

impl Unsaid {
    pub fn new(seed: u64) -> Self {
        Self { waiting: VecDeque::new(), references: Rng::new(seed ^ 0xc4a7) }
    }
}

impl Client {
    /// Says something; returns its reference, or none where too much waits already.
    pub fn say(&mut self, now: LocalMs, channel: Channel, text: &str, reply_to: u64, thought: bool) -> Option<u64> {
        if self.unsaid.waiting.len() >= WAITING_MAX {
            return None;
        }
        self.stop_typing();
        let reference = self.unsaid.references.next_u64().max(1);
        let say = SayIntent { reference, channel: channel.to_string(), text: text.into(), reply_to, thought };
        self.send(&ClientToSpace::Say(say.clone()));
        let sent_at = self.is_online().then(|| self.server_now(now));
        self.unsaid.waiting.push_back(Waiting { say, sent_at });
        Some(reference)
    }

    /// Gives a message up that was refused, or that takes too long.
    pub fn unsay(&mut self, reference: u64) {
        self.unsaid.waiting.retain(|waiting| waiting.say.reference != reference);
    }

    /// What the space may have forgotten is not said again: it would be another message, should it have been heard the first time.
    pub(super) fn say_again(&mut self, server_now: TimeMs) {
        for mut waiting in std::mem::take(&mut self.unsaid.waiting) {
            let sent_at = *waiting.sent_at.get_or_insert(server_now);
            if server_now.since(sent_at) > SAID_AGAIN_MS {
                self.outputs.push_back(Output::Event(Event::SayUnsure { reference: waiting.say.reference }));
                continue;
            }
            self.send(&ClientToSpace::Say(waiting.say.clone()));
            self.unsaid.waiting.push_back(waiting);
        }
    }

    /// An age alone would not do, for what one missed is told with the welcome, however fresh it is; nor would the welcome,
    /// for an area's words are told whenever one comes into it.
    pub(super) fn handle_said(&mut self, now: LocalMs, messages: Vec<ChatMessage>) {
        let own = self.own_id.and_then(|id| self.people.get(&id)).map(|own| own.person.user_id.clone());
        for message in messages.iter().filter(|message| Some(&message.author_id) == own.as_ref()) {
            self.unsay(message.reference);
        }
        let live_since = self.welcomed_at.max(self.server_now(now).plus(-LIVE_MS_MAX));
        self.outputs.push_back(Output::Event(Event::Said { messages, live_since }));
    }

    pub(super) fn handle_say_refused(&mut self, refused: SayRefused) {
        // What may be said later waits on, and is said again when the page asks for it or the connection is new.
        if !refused.reason.may_retry() {
            self.unsay(refused.reference);
        }
        for waiting in self.unsaid.waiting.iter_mut().filter(|waiting| waiting.say.reference == refused.reference) {
            waiting.sent_at = None;
        }
        self.outputs.push_back(Output::Event(Event::SayRefused(refused)));
    }
}
