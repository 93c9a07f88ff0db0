//! Attention: who has which channel open, and who types in it.
//!
//! A client says which channel its person has open. While two have the same one open, both know that somebody looks; else
//! nobody has a reason to say that they type.

use std::collections::BTreeSet;

use earshot_protocol::{Channel, SessionId, SpaceToClient};

use super::{Output, Space};
use crate::session::Session;

impl Space {
    pub(super) fn handle_look(&mut self, id: SessionId, channel: &str) {
        let Some(session) = self.sessions.get(&id) else { return };
        let channel = Channel::parse(channel).filter(|&channel| self.may_read(session, channel));
        self.set_looking(id, channel);
    }

    /// Somebody has another channel open, or, gone or elsewhere, none.
    pub(super) fn set_looking(&mut self, id: SessionId, channel: Option<Channel>) {
        let Some(session) = self.sessions.get_mut(&id) else { return };
        let before = session.looking;
        if before == channel {
            return;
        }
        (session.looking, session.onlooked) = (channel, false);
        self.save_session(id);
        for channel in BTreeSet::from([before, channel]).into_iter().flatten() {
            self.tell_onlookers(channel);
        }
    }

    /// Tells those who have a channel open whether they are alone with it, where that has changed.
    fn tell_onlookers(&mut self, channel: Channel) {
        let looks = |session: &&Session| session.looking == Some(channel);
        let lookers: Vec<_> = self.sessions.values().filter(looks).map(|session| session.id).collect();
        let others = lookers.len() > 1;
        for id in lookers {
            let Some(session) = self.sessions.get_mut(&id).filter(|session| session.onlooked != others) else {
                continue;
            };
            session.onlooked = others;
            self.save_session(id);
            self.tell(id, SpaceToClient::Onlookers { channel: channel.to_string(), others });
        }
    }

    pub(super) fn handle_typing(&mut self, id: SessionId) {
        let Some(session) = self.sessions.get(&id) else { return };
        let Some(channel) = session.looking.filter(|&channel| self.may_read(session, channel)) else { return };
        let sees = |other: &&Session| {
            other.id != id
                && other.looking == Some(channel)
                && !other.is_shut_off_from(session)
                && self.may_read(other, channel)
                && (channel != Channel::Nearby || other.hears(id))
        };
        let to: Vec<_> = self.sessions.values().filter(sees).filter_map(Session::connection).collect();
        if !to.is_empty() {
            let typing = SpaceToClient::Typing { session_id: id, channel: channel.to_string() };
            self.outputs.push_back(Output::Send { to, frame: typing.encode().into() });
        }
    }
}
