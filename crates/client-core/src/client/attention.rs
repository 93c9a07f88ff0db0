//! Attention: which channel is open before the person's eyes, and whether anybody wants to know that they type.
//!
//! A hint that somebody types costs a message every few seconds, and only while somebody else has the same channel open.

use earshot_protocol::{Channel, ClientToSpace};

use super::{Client, Event, Output};
use crate::clock::LocalMs;

/// Hints are spaced by this. Who sees one shows it for a little longer.
const TYPING_GAP_MS: i64 = 3_000;
/// Who typed within this types still, to somebody who opens the channel now: as long as a hint is shown.
const TYPING_LASTS_MS: i64 = 5_000;

#[derive(Debug, Default)]
pub(super) struct Attention {
    channel: Option<Channel>,
    /// Somebody else has it open too.
    others: bool,
    typing_again_at: LocalMs,
    /// When something was typed last that is not said yet.
    typed_at: Option<LocalMs>,
}

impl Client {
    pub(super) fn handle_look(&mut self, channel: Option<Channel>) {
        if self.attention.channel == channel {
            return;
        }
        self.attention = Attention { channel, ..Attention::default() };
        self.send(&look(channel));
    }

    /// On a connection that is new the space knows nothing of it.
    pub(super) fn look_again(&mut self) {
        self.attention.others = false;
        if let Some(channel) = self.attention.channel {
            self.send(&look(Some(channel)));
        }
    }

    pub(super) fn handle_onlookers(&mut self, now: LocalMs, channel: &str, others: bool) {
        if let Some(channel) = Channel::parse(channel).filter(|&channel| Some(channel) == self.attention.channel) {
            self.attention.others = others;
            self.outputs.push_back(Output::Event(Event::Onlookers { channel, others }));
            self.hint(now);
        }
    }

    pub(super) fn handle_typing(&mut self, now: LocalMs) {
        self.attention.typed_at = Some(now);
        self.hint(now);
    }

    /// What was typed is said: who opens the channel now sees it, and nothing coming.
    pub(super) fn stop_typing(&mut self) {
        self.attention.typed_at = None;
    }

    fn hint(&mut self, now: LocalMs) {
        let types = self.attention.typed_at.is_some_and(|at| now - at < TYPING_LASTS_MS);
        if types && self.attention.others && now >= self.attention.typing_again_at {
            self.attention.typing_again_at = now + TYPING_GAP_MS;
            self.send(&ClientToSpace::Typing);
        }
    }
}

fn look(channel: Option<Channel>) -> ClientToSpace {
    ClientToSpace::Look(channel.map_or_else(String::new, |channel| channel.to_string()))
}
