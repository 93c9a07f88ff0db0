//! Gestures: what people do with their bodies, and what they ask of one another across the space.

use earshot_protocol::{
    Emote, EmoteIntent, Nudge, NudgeAnswer, NudgeKind, NudgeRefusal, NudgeRefused, Posture, SessionId, SpaceToClient,
    Status,
};

use super::Space;
use crate::session::Asked;

/// A question can be answered this long.
const ASKED_MS_MAX: i64 = 60_000;
/// The same person is asked the same thing again only after this.
const ASK_AGAIN_MS: i64 = 10_000;
/// Questions of one person that can be open at once: more is pestering.
const ASKED_MAX: usize = 6;

impl Space {
    pub(super) fn handle_emote(&mut self, id: SessionId, EmoteIntent { emote, on }: EmoteIntent) {
        let now = self.now;
        let Some(session) = self.sessions.get_mut(&id) else { return };
        match emote {
            Emote::Dance | Emote::Sit => {
                let posture = if emote == Emote::Dance { Posture::Dancing } else { Posture::Sitting };
                // Who walks does neither; who ends one of them does not end the other.
                let ends = !on && session.posture == posture;
                if session.course.end() > now || !(on || ends) {
                    return;
                }
                session.posture = if on { posture } else { Posture::Plain };
                self.pending.people.insert(id);
            }
            Emote::RaiseHand => {
                session.hand_raised_at = on.then(|| session.hand_raised_at.unwrap_or(now));
                self.pending.people.insert(id);
            }
            Emote::Wave | Emote::Jump | Emote::Clap | Emote::Heart | Emote::Confetti => {
                self.pending.emoted.push((id, emote));
            }
        }
    }

    /// Who sets out neither dances nor sits any more.
    pub(super) fn end_posture(&mut self, id: SessionId) {
        if let Some(session) = self.sessions.get_mut(&id)
            && session.posture != Posture::Plain
        {
            session.posture = Posture::Plain;
            self.pending.people.insert(id);
        }
    }

    pub(super) fn handle_nudge(&mut self, id: SessionId, nudge: Nudge, paid: bool) {
        let now = self.now;
        let Some(session) = self.sessions.get_mut(&id) else { return };
        session.asked.retain(|asked| now.since(asked.at) < ASKED_MS_MAX);
        if let Err((reason, retry_in_ms)) = self.check_nudge(id, nudge, paid) {
            return self.tell(id, SpaceToClient::NudgeRefused(NudgeRefused { to: nudge.peer, reason, retry_in_ms }));
        }
        let knock = self.has_to_knock(id, nudge);
        if let Some(session) = self.sessions.get_mut(&id) {
            session.asked.retain(|asked| (asked.whom, asked.kind) != (nudge.peer, nudge.kind));
            session.asked.push(Asked { whom: nudge.peer, kind: nudge.kind, at: now });
        }
        self.save_session(id);
        self.tell(nudge.peer, SpaceToClient::Nudged(Nudge { peer: id, kind: nudge.kind, knock }));
    }

    fn check_nudge(&self, id: SessionId, nudge: Nudge, paid: bool) -> Result<(), (NudgeRefusal, u32)> {
        let unavailable = (NudgeRefusal::Unavailable, 0);
        let session = self.sessions.get(&id).ok_or(unavailable)?;
        let other = self.sessions.get(&nudge.peer).filter(|other| other.connection().is_some()).ok_or(unavailable)?;
        if other.id == id || session.is_shut_off_from(other) {
            return Err(unavailable);
        }
        if other.status == Status::DoNotDisturb {
            return Err((NudgeRefusal::DoNotDisturb, 0));
        }
        let same = session.asked.iter().find(|asked| (asked.whom, asked.kind) == (nudge.peer, nudge.kind));
        let again_in_ms = same.map_or(0, |asked| asked.at.plus(ASK_AGAIN_MS).since(self.now));
        let oldest = session.asked.first().filter(|_| session.asked.len() >= ASKED_MAX);
        let wait_ms = again_in_ms.max(oldest.map_or(0, |asked| asked.at.plus(ASKED_MS_MAX).since(self.now)));
        if wait_ms > 0 || !paid {
            return Err((NudgeRefusal::TooFast, u32::try_from(wait_ms.max(1_000)).unwrap_or(u32::MAX)));
        }
        Ok(())
    }

    /// Whether a lock or the walls of a private area stand between the two.
    fn has_to_knock(&self, id: SessionId, nudge: Nudge) -> bool {
        let (Some(session), Some(other)) = (self.sessions.get(&id), self.sessions.get(&nudge.peer)) else {
            return false;
        };
        let is_locked_out = other.lock.is_some() && other.lock != session.lock;
        let is_outside = other.area.is_some() && other.area != session.area;
        nudge.kind == NudgeKind::MayIJoin && (is_locked_out || is_outside)
    }

    /// Passes an answer on, if there was the question.
    pub(super) fn handle_nudge_answer(&mut self, id: SessionId, answer: NudgeAnswer) {
        let now = self.now;
        let Some(asker) = self.sessions.get_mut(&answer.peer) else { return };
        let is_open =
            |asked: &Asked| (asked.whom, asked.kind) == (id, answer.kind) && now.since(asked.at) < ASKED_MS_MAX;
        let Some(index) = asker.asked.iter().position(is_open) else { return };
        asker.asked.remove(index);
        self.save_session(answer.peer);
        self.tell(answer.peer, SpaceToClient::NudgeAnswered(NudgeAnswer { peer: id, ..answer }));
    }
}
