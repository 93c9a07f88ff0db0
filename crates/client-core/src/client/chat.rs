//! Chat: what one said and what others said. What was not acknowledged is said again after a reconnect, with the same
//! reference, so that the space knows it for the same message.

use std::collections::VecDeque;

use earshot_protocol::{Channel, ChatMessage, ClientToSpace, SayIntent, SayRefused};

use super::{Client, Event, Output};
use crate::rng::Rng;

/// Messages that may wait for an acknowledgement; more are not taken. Nobody types as many in one tunnel.
const WAITING_MAX: usize = 50;

/// What was said and not acknowledged yet, oldest first.
#[derive(Debug)]
pub(super) struct Unsaid {
    waiting: VecDeque<SayIntent>,
    references: Rng,
}

impl Unsaid {
    pub fn new(seed: u64) -> Self {
        Self { waiting: VecDeque::new(), references: Rng::new(seed ^ 0xc4a7) }
    }
}

impl Client {
    /// Says something; returns its reference, or none where too much waits already.
    pub fn say(&mut self, channel: Channel, text: &str, reply_to: u64, thought: bool) -> Option<u64> {
        if self.unsaid.waiting.len() >= WAITING_MAX {
            return None;
        }
        self.stop_typing();
        let reference = self.unsaid.references.next_u64().max(1);
        let say = SayIntent { reference, channel: channel.to_string(), text: text.into(), reply_to, thought };
        self.send(&ClientToSpace::Say(say.clone()));
        self.unsaid.waiting.push_back(say);
        Some(reference)
    }

    /// Gives a message up that was refused, or that takes too long.
    pub fn unsay(&mut self, reference: u64) {
        self.unsaid.waiting.retain(|say| say.reference != reference);
    }

    pub(super) fn say_again(&mut self) {
        for say in self.unsaid.waiting.clone() {
            self.send(&ClientToSpace::Say(say));
        }
    }

    pub(super) fn handle_said(&mut self, messages: Vec<ChatMessage>) {
        let own = self.own_id.and_then(|id| self.people.get(&id)).map(|own| own.person.user_id.clone());
        for message in messages.iter().filter(|message| Some(&message.author_id) == own.as_ref()) {
            self.unsaid.waiting.retain(|say| say.reference != message.reference);
        }
        self.outputs.push_back(Output::Event(Event::Said(messages)));
    }

    pub(super) fn handle_say_refused(&mut self, refused: SayRefused) {
        // What may be said later waits on, and is said again when the page asks for it or the connection is new.
        if !refused.reason.may_retry() {
            self.unsay(refused.reference);
        }
        self.outputs.push_back(Output::Event(Event::SayRefused(refused)));
    }
}
