//! Locks: a conversation that nobody else may come into.
//!
//! Absent on purpose: what a lock keeps apart. That is one of the things `Space::relation` asks.

use std::collections::BTreeSet;

use earshot_protocol::SessionId;

use super::Space;
use crate::limits::LOCK_MEMBERS_MAX;
use crate::session::Lock;

impl Space {
    /// Locks the conversation somebody is in, with all who are connected to one another in it, or opens it again.
    pub(super) fn handle_lock(&mut self, id: SessionId, locked: bool) {
        let Some(session) = self.sessions.get(&id) else { return };
        let (members, lock) = match (locked, session.lock) {
            (true, None) if session.company().next().is_some() => {
                let members = self.connected_to(id);
                if members.len() > LOCK_MEMBERS_MAX {
                    return;
                }
                (members, Some(Lock { by: id, since: self.now }))
            }
            (false, Some(lock)) => {
                let members = self.sessions.values().filter(|other| other.lock == Some(lock));
                (members.map(|member| member.id).collect(), None)
            }
            _ => return,
        };
        for member in members {
            self.set_lock(member, lock);
        }
    }

    /// Whom one reaches, whom they reach, and so on.
    fn connected_to(&self, id: SessionId) -> BTreeSet<SessionId> {
        let (mut found, mut open) = (BTreeSet::from([id]), vec![id]);
        while let Some(session) = open.pop().and_then(|id| self.sessions.get(&id)) {
            open.extend(session.company().filter(|&peer| found.insert(peer)));
        }
        found
    }

    fn set_lock(&mut self, id: SessionId, lock: Option<Lock>) {
        if let Some(session) = self.sessions.get_mut(&id) {
            session.lock = lock;
            self.pending.people.insert(id);
            self.save_session(id);
            self.look(id);
        }
    }

    /// A lock holds as long as one hears somebody else in it.
    pub(super) fn unlock_if_alone(&mut self, id: SessionId, work: &mut BTreeSet<SessionId>) {
        let alone =
            self.sessions.get(&id).is_some_and(|session| session.lock.is_some() && session.company().next().is_none());
        if alone && let Some(session) = self.sessions.get_mut(&id) {
            session.lock = None;
            self.pending.people.insert(id);
            self.save_session(id);
            work.insert(id);
        }
    }
}
