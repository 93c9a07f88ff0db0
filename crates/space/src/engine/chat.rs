//! Chat: what somebody says is checked, kept, told, and handed on to the record; and so is what becomes of it.
//!
//! Nobody is told of anything before it is kept, its author included: what was acknowledged is never lost. A message that is
//! said again with the same reference is the same message. Absent on purpose: messages between two people, which belong to
//! no space.

use earshot_protocol::chat::REACTORS_NAMED_MAX;
use earshot_protocol::units::TimeMs;
use earshot_protocol::{
    Change, ChangeKind, Channel, ChatMessage, ChatText, DisplayName, Role, SayIntent, SayRefusal, SayRefused,
    SessionId, SpaceToClient, UserId,
};
use earshot_world::earshot::Ear;
use prost::Message;

use super::{ConnectionId, Output, Space};
use crate::credits::Kind;
use crate::fanout::Words;
use crate::log::Entry;
use crate::permissions::{Action, may};
use crate::rules::Rules;
use crate::session::Session;
use crate::state::MessageRecord;
use crate::timers::Timer;

/// Messages told to somebody who comes in.
const TOLD_MAX: usize = 300;
/// When one may try again to say something that could not be kept, in milliseconds.
const FULL_RETRY_MS: u32 = 10_000;
/// What is told of them at once, about: far below what a client reads in one frame.
const FRAME_BYTES: usize = 256 << 10;
/// Different emoji under one message.
pub const EMOJI_MAX: usize = 20;

/// Change a message that was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeIntent {
    pub actor: UserId,
    pub role: Role,
    pub message_id: u64,
    /// The message as the record has it; none where it does not have it yet.
    pub recorded: Option<Target>,
    pub what: ChangeKind,
}

/// What of a message decides who may change it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    pub channel: Channel,
    pub author_id: UserId,
    pub deleted: bool,
}

/// Why a message was not changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeRefusal {
    /// There is none, or none for this person.
    NoMessage,
    NotAllowed,
    /// It was said in a private area, and one is not inside.
    NotInside,
    /// It is deleted: there is nothing to change.
    Deleted,
    Word,
    /// More different emoji than one message takes.
    TooMany,
    TooFast {
        retry_in_ms: u32,
    },
    Full,
}

impl Space {
    // ---- saying ------------------------------------------------------------------------------------------------------

    pub(super) fn handle_say(&mut self, id: SessionId, say: SayIntent, paid: bool) {
        let reference = say.reference;
        let refusal = match self.check(id, say, paid) {
            Ok(message) if message.channel.is_kept() => return self.keep_message(id, message),
            Ok(message) => return self.tell_nearby(id, message),
            Err(refusal) => refusal,
        };
        let Some((reason, retry_in_ms)) = refusal else { return };
        self.tell(id, SpaceToClient::SayRefused(SayRefused { reference, reason, retry_in_ms }));
    }

    /// The message, or why it is none and when to try again; or nothing, for one that was said before.
    fn check(&mut self, id: SessionId, say: SayIntent, paid: bool) -> Result<ChatMessage, Option<(SayRefusal, u32)>> {
        let session = self.sessions.get(&id).ok_or(None)?;
        if let Some(message) = self.log.find(&session.profile.user_id, say.reference) {
            self.tell(id, SpaceToClient::Said(vec![message]));
            return Err(None);
        }
        if !paid {
            return Err(Some((SayRefusal::TooFast, milliseconds(session.credits.wait_ms(self.now, Kind::Say)))));
        }
        let channel = Channel::parse(&say.channel).filter(|&channel| self.may_write(session, channel));
        let channel = channel.ok_or(Some((SayRefusal::Channel, 0)))?;
        let text = ChatText::parse(&say.text).map_err(|_| Some((SayRefusal::Text, 0)))?;
        if self.rules.has_unwanted_word(text.as_str()) {
            return Err(Some((SayRefusal::Word, 0)));
        }
        if channel.is_kept() && self.log.is_full() {
            return Err(Some((SayRefusal::Full, FULL_RETRY_MS)));
        }
        let slow_ms = self.slow_mode_wait_ms(session, channel);
        if slow_ms > 0 {
            return Err(Some((SayRefusal::SlowMode, milliseconds(slow_ms))));
        }
        Ok(ChatMessage {
            id: if channel.is_kept() { self.log.next_id() } else { 0 },
            at: self.now,
            channel,
            author_id: session.profile.user_id.clone(),
            author_name: session.profile.name.clone(),
            text: Some(text),
            // No message that was never said is answered; and what has no number of ours fits no database.
            reply_to: if say.reply_to < self.log.next_id() { say.reply_to } else { 0 },
            reference: say.reference,
            edited_at: None,
            reactions: Vec::new(),
            thought: say.thought && channel == Channel::Nearby,
        })
    }

    fn slow_mode_wait_ms(&self, session: &Session, channel: Channel) -> i64 {
        if !channel.is_kept() || may(session.profile.role, Action::Moderate) || self.rules.slow_mode_s == 0 {
            return 0;
        }
        // Who leaves and comes back has another session; the log remembers.
        let last = session.said_at.max(self.log.last_said_by(&session.profile.user_id));
        last.map_or(0, |last| last.plus(self.rules.slow_mode_ms()).since(self.now))
    }

    /// Kept first, then told.
    fn keep_message(&mut self, id: SessionId, message: ChatMessage) {
        let now = self.now;
        if let Some(session) = self.sessions.get_mut(&id) {
            session.said_at = Some(now);
        }
        self.keep(Entry::Said(message.clone()));
        let to = self.audience(message.channel, Some(&message.author_id));
        self.notify_absent(&message);
        self.pending.words.push((to, Words::Said(vec![message])));
    }

    fn keep(&mut self, entry: Entry) {
        let record = MessageRecord::of(&entry).encode_to_vec();
        self.outputs.push_back(Output::SaveMessage { id: entry.id(), record });
        self.log.push(entry);
        self.deliver_later();
    }

    /// Who is mentioned and not here may want to know. What is said in a private area is nobody's business outside.
    fn notify_absent(&mut self, message: &ChatMessage) {
        if matches!(message.channel, Channel::Area(_) | Channel::Nearby) {
            return;
        }
        let mut absent = message.text.as_ref().map(ChatText::mentions).unwrap_or_default();
        absent.retain(|user| *user != message.author_id && !self.is_connected(user));
        absent.retain(|user| self.bells.ring(&message.author_id, user, self.now));
        if !absent.is_empty() {
            self.outputs.push_back(Output::Notify { user_ids: absent, message: message.clone() });
        }
    }

    fn tell_nearby(&mut self, id: SessionId, message: ChatMessage) {
        let Some(session) = self.sessions.get(&id) else { return };
        // To whom it can be heard, as a voice would be.
        let heard = self.sessions.values().filter(|other| other.id != id && other.hears(id));
        let to: Vec<_> = heard.chain([session]).filter_map(Session::connection).collect();
        self.pending.words.push((to, Words::Said(vec![message])));
    }

    // ---- changing ----------------------------------------------------------------------------------------------------

    /// Edits, deletes, or reacts. The change's id; none where nothing changes. Drain [`Self::poll_output`] afterwards.
    pub fn change(&mut self, now: TimeMs, intent: ChangeIntent) -> Result<Option<u64>, ChangeRefusal> {
        self.now = self.now.max(now);
        if self.is_deleted {
            return Err(ChangeRefusal::NoMessage);
        }
        let message_id = intent.message_id;
        let at_hand = self.log.message(message_id);
        let target = match &at_hand {
            Some(message) => Some(Target {
                channel: message.channel,
                author_id: message.author_id.clone(),
                deleted: message.text.is_none(),
            }),
            None => intent.recorded.clone(),
        };
        let target = target.ok_or(ChangeRefusal::NoMessage)?;
        self.check_change(&intent, &target)?;
        let change = Change {
            id: self.log.next_id(),
            at: self.now,
            channel: target.channel,
            actor_id: intent.actor,
            message_id,
            what: intent.what,
        };
        if let Some(before) = at_hand {
            let mut after = before.clone();
            after.apply(&change);
            let is_same = after.text == before.text && after.reactions == before.reactions;
            if is_same {
                return Ok(None);
            }
            if after.reactions.len() > EMOJI_MAX {
                return Err(ChangeRefusal::TooMany);
            }
        }
        self.spend_change(&change.actor_id)?;
        if self.log.is_full() {
            return Err(ChangeRefusal::Full);
        }
        let id = change.id;
        self.keep(Entry::Changed(change.clone()));
        let to = self.audience(change.channel, change.said_by());
        self.pending.words.push((to, Words::Changed(vec![change])));
        self.flush_or_wait();
        Ok(Some(id))
    }

    fn check_change(&self, intent: &ChangeIntent, target: &Target) -> Result<(), ChangeRefusal> {
        // A moderator deletes what is reported, without having to be there; it is not read by that.
        let is_moderation = intent.what == ChangeKind::Deleted && may(intent.role, Action::Moderate);
        match target.channel {
            Channel::Area(number) if !is_moderation && !self.is_inside(&intent.actor, number) => {
                return Err(ChangeRefusal::NotInside);
            }
            Channel::Named(number) if self.rules.channel(number).is_none() => return Err(ChangeRefusal::NoMessage),
            Channel::Everyone | Channel::Nearby | Channel::Area(_) | Channel::Named(_) => {}
        }
        let is_author = intent.actor == target.author_id;
        match &intent.what {
            ChangeKind::Edited(_) if !is_author => Err(ChangeRefusal::NotAllowed),
            ChangeKind::Deleted if !is_author && !may(intent.role, Action::Moderate) => Err(ChangeRefusal::NotAllowed),
            _ if target.deleted => Err(ChangeRefusal::Deleted),
            ChangeKind::Edited(text) if self.rules.has_unwanted_word(text.as_str()) => Err(ChangeRefusal::Word),
            _ => Ok(()),
        }
    }

    /// Who is here pays with the session's credits; of others the Worker counts.
    fn spend_change(&mut self, actor: &UserId) -> Result<(), ChangeRefusal> {
        let now = self.now;
        let Some(session) = self.by_user.get(actor).and_then(|id| self.sessions.get_mut(id)) else { return Ok(()) };
        self.dirty.extend(session.connection());
        if session.credits.spend(now, Kind::Change) {
            return Ok(());
        }
        Err(ChangeRefusal::TooFast { retry_in_ms: milliseconds(session.credits.wait_ms(now, Kind::Change)) })
    }

    /// An account is gone, or a channel: its words go with it, wherever they are at hand. `name` stands for the author.
    pub(super) fn empty_log(&mut self, is_meant: impl Fn(&Entry) -> bool, name: Option<&DisplayName>) {
        let emptied = self.log.empty(is_meant, name);
        for entry in &emptied {
            let record = MessageRecord::of(entry).encode_to_vec();
            self.outputs.push_back(Output::SaveMessage { id: entry.id(), record });
        }
        for entry in emptied {
            let Entry::Said(message) = entry else { continue };
            let to = self.audience(message.channel, None);
            let change = Change {
                id: message.id,
                at: self.now,
                channel: message.channel,
                actor_id: message.author_id,
                message_id: message.id,
                what: ChangeKind::Deleted,
            };
            self.pending.words.push((to, Words::Changed(vec![change])));
        }
    }

    /// What is older than the space keeps is not kept here either. Looked at when somebody comes.
    pub(super) fn expire_log(&mut self) {
        let kept_since = self.rules.kept_since(self.now);
        for entry in self.log.empty(|entry| entry.at() < kept_since, None) {
            let record = MessageRecord::of(&entry).encode_to_vec();
            self.outputs.push_back(Output::SaveMessage { id: entry.id(), record });
        }
    }

    // ---- who may read ------------------------------------------------------------------------------------------------

    /// The connections of all who may read what somebody says in a channel, and want to. None: it is of nobody, and for all.
    fn audience(&self, channel: Channel, author: Option<&UserId>) -> Vec<ConnectionId> {
        let fits = |session: &&Session| session.profile.hears_of(author) && self.may_read(session, channel);
        self.sessions.values().filter(fits).filter_map(Session::connection).collect()
    }

    pub(super) fn may_read(&self, session: &Session, channel: Channel) -> bool {
        match channel {
            Channel::Everyone | Channel::Nearby => true,
            Channel::Named(number) => self.rules.channel(number).is_some(),
            Channel::Area(number) => self.area_of(session) == Some(number),
        }
    }

    fn may_write(&self, session: &Session, channel: Channel) -> bool {
        let is_announcement = match channel {
            Channel::Named(number) => self.rules.channel(number).is_some_and(|channel| channel.announcements),
            Channel::Everyone | Channel::Nearby | Channel::Area(_) => false,
        };
        self.may_read(session, channel) && (!is_announcement || may(session.profile.role, Action::Moderate))
    }

    /// The private area somebody is in, now.
    fn area_of(&self, session: &Session) -> Option<u32> {
        Ear::at(&self.map, session.course.position_at(self.now)).private_area(&self.map)
    }

    /// Whether somebody is inside a private area: connected, or lost for a moment.
    pub fn is_inside(&self, user: &UserId, area: u32) -> bool {
        self.session_of(user).is_some_and(|session| self.area_of(session) == Some(area))
    }

    /// Whether somebody has a connection to this space.
    pub fn is_connected(&self, user: &UserId) -> bool {
        self.session_of(user).is_some_and(|session| session.connection().is_some())
    }

    pub(super) fn session_of(&self, user: &UserId) -> Option<&Session> {
        self.by_user.get(user).and_then(|id| self.sessions.get(id))
    }

    /// What somebody who came in has missed, or never saw.
    pub(super) fn tell_log(&mut self, id: SessionId) {
        self.tell_newest(id, |session, channel| match channel {
            // That of the area one is in comes with the word that one is in it.
            Channel::Area(number) => session.area == Some(number),
            _ => true,
        });
    }

    /// What is at hand of the area somebody has come into.
    pub(super) fn tell_area_log(&mut self, id: SessionId) {
        self.tell_newest(
            id,
            |session, channel| matches!(channel, Channel::Area(number) if session.area == Some(number)),
        );
    }

    fn tell_newest(&mut self, id: SessionId, is_meant: impl Fn(&Session, Channel) -> bool) {
        let Some(session) = self.sessions.get(&id) else { return };
        let kept_since = self.rules.kept_since(self.now);
        let fits = |channel: Channel, author: Option<&UserId>, at: TimeMs| {
            at >= kept_since
                && is_meant(session, channel)
                && self.may_read(session, channel)
                && session.profile.hears_of(author)
        };
        let (messages, changes) = self.log.newest(TOLD_MAX, fits);
        for part in parts(messages) {
            self.tell(id, SpaceToClient::Said(part));
        }
        if !changes.is_empty() {
            self.tell(id, SpaceToClient::Changed(changes));
        }
    }

    // ---- rules -------------------------------------------------------------------------------------------------------

    pub(super) fn handle_rules(&mut self, rules: Rules) {
        if rules.revision <= self.rules.revision {
            return;
        }
        let told_before = self.rules.told();
        self.rules = rules;
        self.record.rules = Some((&self.rules).into());
        self.save_space();
        self.expire_log();
        let told = self.rules.told();
        if told != told_before {
            let to = self.sessions.values().filter_map(Session::connection).collect();
            self.outputs.push_back(Output::Send { to, frame: SpaceToClient::Rules(told).encode().into() });
        }
    }

    // ---- the record --------------------------------------------------------------------------------------------------

    pub(super) fn deliver_later(&mut self) {
        let due = self.log.due(self.now);
        self.timers.set(Timer::Deliver, due);
    }

    pub(super) fn deliver(&mut self) {
        let entries = self.log.begin_delivery();
        if !entries.is_empty() {
            self.outputs.push_back(Output::Deliver { entries });
        }
    }

    pub(super) fn handle_recorded(&mut self, up_to: u64) {
        if let Some(up_to) = self.log.handle_recorded(self.now, self.rules.slow_mode_ms(), up_to) {
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

/// Messages in as many frames as keep each of them small, whatever is in them.
fn parts(messages: Vec<ChatMessage>) -> Vec<Vec<ChatMessage>> {
    let mut parts: Vec<Vec<ChatMessage>> = Vec::new();
    let mut bytes = usize::MAX;
    for message in messages {
        let reactors = message.reactions.iter().map(|reaction| reaction.user_ids.len().min(REACTORS_NAMED_MAX) + 1);
        let size = 200 + message.text.as_ref().map_or(0, |text| text.as_str().len()) + 48 * reactors.sum::<usize>();
        bytes = bytes.saturating_add(size);
        if bytes > FRAME_BYTES {
            bytes = size;
            parts.push(Vec::new());
        }
        if let Some(part) = parts.last_mut() {
            part.push(message);
        }
    }
    parts
}

fn milliseconds(ms: i64) -> u32 {
    u32::try_from(ms.max(0)).unwrap_or(u32::MAX)
}
