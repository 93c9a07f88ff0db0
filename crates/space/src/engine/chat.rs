//! Chat: what somebody says is checked, kept, told, and handed on to the record.
//!
//! Nobody is told of a message before it is kept, its author included: what was acknowledged is never lost. A message that is
//! said again with the same reference is the same message.

use earshot_protocol::{Channel, ChatMessage, ChatText, SayIntent, SayRefusal, SayRefused, SessionId, SpaceToClient};
use prost::Message;

use super::{ConnectionId, Output, Space};
use crate::credits::Kind;
use crate::session::Session;
use crate::state::MessageRecord;
use crate::timers::Timer;

/// Messages told to somebody who comes in.
const TOLD_MAX: usize = 300;
/// When one may try again to say something that could not be kept, in milliseconds.
const FULL_RETRY_MS: u32 = 10_000;

impl Space {
    pub(super) fn handle_say(&mut self, id: SessionId, say: SayIntent, paid: bool) {
        let reference = say.reference;
        let refusal = match self.check(id, say, paid) {
            Ok(message) if message.channel.is_kept() => return self.keep_message(message),
            Ok(message) => return self.tell_nearby(id, message),
            Err(refusal) => refusal,
        };
        let Some((reason, retry_in_ms)) = refusal else { return };
        let refused = SpaceToClient::SayRefused(SayRefused { reference, reason, retry_in_ms });
        let to = self.sessions.get(&id).and_then(Session::connection).into_iter().collect();
        self.outputs.push_back(Output::Send { to, frame: refused.encode().into() });
    }

    /// The message, or why it is none and when to try again; or nothing, for one that was said before.
    fn check(&mut self, id: SessionId, say: SayIntent, paid: bool) -> Result<ChatMessage, Option<(SayRefusal, u32)>> {
        let session = self.sessions.get(&id).ok_or(None)?;
        if let Some(message) = self.log.find(&session.profile.user_id, say.reference) {
            let frame = SpaceToClient::Said(vec![message.clone()]).encode().into();
            let to = session.connection().into_iter().collect();
            self.outputs.push_back(Output::Send { to, frame });
            return Err(None);
        }
        if !paid {
            let wait_ms = session.credits.wait_ms(self.now, Kind::Say);
            return Err(Some((SayRefusal::TooFast, u32::try_from(wait_ms).unwrap_or(u32::MAX))));
        }
        let channel = Channel::parse(&say.channel).ok_or(Some((SayRefusal::Channel, 0)))?;
        let text = ChatText::parse(&say.text).map_err(|_| Some((SayRefusal::Text, 0)))?;
        if channel.is_kept() && self.log.is_full() {
            return Err(Some((SayRefusal::Full, FULL_RETRY_MS)));
        }
        Ok(ChatMessage {
            id: if channel.is_kept() { self.log.next_id() } else { 0 },
            at: self.now,
            channel,
            author_id: session.profile.user_id.clone(),
            author_name: session.profile.name.clone(),
            text,
            reply_to: say.reply_to,
            reference: say.reference,
        })
    }

    /// Kept first, then told.
    fn keep_message(&mut self, message: ChatMessage) {
        let record = MessageRecord::of(&message).encode_to_vec();
        self.outputs.push_back(Output::SaveMessage { id: message.id, record });
        self.log.push(message.clone());
        let to: Vec<ConnectionId> = self.sessions.values().filter_map(Session::connection).collect();
        let frame = SpaceToClient::Said(vec![message]).encode().into();
        self.outputs.push_back(Output::Send { to, frame });
        self.deliver_later();
    }

    fn tell_nearby(&mut self, id: SessionId, message: ChatMessage) {
        let Some(session) = self.sessions.get(&id) else { return };
        // To whom it can be heard, as a voice would be.
        let heard = session
            .peers
            .keys()
            .filter_map(|peer| self.sessions.get(peer))
            .filter(|peer| peer.peers.get(&id).is_some_and(|peering| peering.hears.is_some()));
        let to: Vec<_> = heard.chain([session]).filter_map(Session::connection).collect();
        let frame = SpaceToClient::Said(vec![message]).encode().into();
        self.outputs.push_back(Output::Send { to, frame });
    }

    /// What somebody who came in has missed, or never saw.
    pub(super) fn tell_log(&mut self, connection: ConnectionId) {
        let messages = self.log.newest(TOLD_MAX);
        if !messages.is_empty() {
            let frame = SpaceToClient::Said(messages).encode().into();
            self.outputs.push_back(Output::Send { to: vec![connection], frame });
        }
    }

    // ---- the record --------------------------------------------------------------------------------------------------

    pub(super) fn deliver_later(&mut self) {
        let due = self.log.due(self.now);
        self.timers.set(Timer::Deliver, due);
    }

    pub(super) fn deliver(&mut self) {
        let messages = self.log.begin_delivery();
        if !messages.is_empty() {
            self.outputs.push_back(Output::Deliver { messages });
        }
    }

    pub(super) fn handle_recorded(&mut self, up_to: u64) {
        if let Some(up_to) = self.log.handle_recorded(up_to) {
            self.outputs.push_back(Output::ForgetMessages { up_to });
        }
        self.record.recorded_to = self.log.recorded_to();
        self.save_space();
        self.deliver_later();
    }

    pub(super) fn handle_not_recorded(&mut self) {
        self.log.handle_failed(self.now);
        self.deliver_later();
    }
}
