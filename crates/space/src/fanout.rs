//! Who is told what: changes are gathered, then encoded once for all who are to be told the same.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use earshot_protocol::units::TimeMs;
use earshot_protocol::{Change, ChatMessage, Emote, SessionId, SpaceToClient, Update};
use earshot_world::Cell;

use crate::ConnectionId;
use crate::session::Session;

/// Changes that have not been sent yet.
#[derive(Debug, Default)]
pub(crate) struct Pending {
    /// Joined or changed; everybody is told.
    pub people: BTreeSet<SessionId>,
    /// Gone; everybody is told.
    pub left: BTreeSet<SessionId>,
    /// In another cell than the last flush said, with that cell; everybody is told.
    pub crossed: BTreeMap<SessionId, Cell>,
    /// On a new course; those are told who see its cell.
    pub moved: BTreeSet<SessionId>,
    /// Did something that does not last; those are told who see its cell.
    pub emoted: Vec<(SessionId, Emote)>,
    /// What was written, each with those it is for, as they were when it was written.
    pub words: Vec<(Vec<ConnectionId>, Words)>,
}

/// What is told of writing. Of one kind and for the same people, one frame takes several.
#[derive(Debug)]
pub(crate) enum Words {
    Said(Vec<ChatMessage>),
    Changed(Vec<Change>),
}

impl Words {
    /// Adds what comes next, or gives it back where it does not fit.
    fn join(&mut self, next: Self) -> Option<Self> {
        match (self, next) {
            (Self::Said(messages), Self::Said(more)) => messages.extend(more),
            (Self::Changed(changes), Self::Changed(more)) => changes.extend(more),
            (_, next) => return Some(next),
        }
        None
    }

    fn frame(self) -> Rc<[u8]> {
        match self {
            Self::Said(messages) => SpaceToClient::Said(messages).encode().into(),
            Self::Changed(changes) => SpaceToClient::Changed(changes).encode().into(),
        }
    }
}

/// One frame and the connections it goes to.
pub(crate) type Delivery = (Vec<ConnectionId>, Rc<[u8]>);

impl Pending {
    pub fn is_empty(&self) -> bool {
        self.people.is_empty()
            && self.left.is_empty()
            && self.crossed.is_empty()
            && self.moved.is_empty()
            && self.emoted.is_empty()
            && self.words.is_empty()
    }

    /// Forgets a session that is gone.
    pub fn drop_session(&mut self, id: SessionId) {
        self.people.remove(&id);
        self.crossed.remove(&id);
        self.moved.remove(&id);
        self.emoted.retain(|&(emoted, _)| emoted != id);
        self.left.insert(id);
    }

    /// Takes everything and makes the frames of it.
    pub fn flush(&mut self, sessions: &BTreeMap<SessionId, Session>, now: TimeMs) -> Vec<Delivery> {
        let mut pending = std::mem::take(self);
        let words = std::mem::take(&mut pending.words);
        let mut groups: BTreeMap<Cell, Vec<ConnectionId>> = BTreeMap::new();
        for session in sessions.values() {
            if let Some(connection) = session.connection() {
                groups.entry(session.cell).or_default().push(connection);
            }
        }
        let emotes = pending.emotes_seen(&groups, sessions);
        // Cells that are told of the same movers share a frame.
        let mut by_movers: BTreeMap<Vec<SessionId>, Vec<ConnectionId>> = BTreeMap::new();
        for (cell, connections) in groups {
            by_movers.entry(pending.movers_seen_from(cell, sessions)).or_default().extend(connections);
        }
        let common = Update {
            server_time: now,
            people: pending.people.iter().filter_map(|id| sessions.get(id)).map(Session::person).collect(),
            left: pending.left.iter().copied().collect(),
            crossed: pending
                .crossed
                .keys()
                .filter_map(|id| sessions.get(id))
                .map(|session| (session.id, session.cell.index()))
                .collect(),
            moved: Vec::new(),
        };
        let tells_all = !common.people.is_empty() || !common.left.is_empty() || !common.crossed.is_empty();
        let mut deliveries = Vec::new();
        for (movers, connections) in by_movers {
            if movers.is_empty() && !tells_all {
                continue;
            }
            let moved = movers.iter().filter_map(|id| sessions.get(id)).map(|session| session.moved(now)).collect();
            let frame = SpaceToClient::Update(Update { moved, ..common.clone() }).encode();
            deliveries.push((connections, frame.into()));
        }
        deliveries.extend(pending.newly_seen(sessions, now));
        deliveries.extend(emotes);
        deliveries.extend(word_frames(words));
        deliveries
    }

    /// Emotes, for each cell those of people it sees; cells that see the same share a frame.
    fn emotes_seen(
        &self,
        groups: &BTreeMap<Cell, Vec<ConnectionId>>,
        sessions: &BTreeMap<SessionId, Session>,
    ) -> Vec<Delivery> {
        if self.emoted.is_empty() {
            return Vec::new();
        }
        let mut by_emotes: BTreeMap<Vec<(SessionId, Emote)>, Vec<ConnectionId>> = BTreeMap::new();
        for (cell, connections) in groups {
            let sees = |(id, _): &&(SessionId, Emote)| sessions.get(id).is_some_and(|session| cell.sees(session.cell));
            let seen = self.emoted.iter().filter(sees).copied().collect();
            by_emotes.entry(seen).or_default().extend(connections);
        }
        let is_seen = |(emotes, _): &(Vec<(SessionId, Emote)>, _)| !emotes.is_empty();
        let frame = |(emotes, connections)| (connections, SpaceToClient::Emoted(emotes).encode().into());
        by_emotes.into_iter().filter(is_seen).map(frame).collect()
    }

    /// Whose courses a cell has to be told: new ones it sees, and those of whom it sees only now.
    fn movers_seen_from(&self, cell: Cell, sessions: &BTreeMap<SessionId, Session>) -> Vec<SessionId> {
        let sees_mover = |id: &&SessionId| sessions.get(id).is_some_and(|session| cell.sees(session.cell));
        let entered = |(id, from): (&SessionId, &Cell)| {
            sessions.get(id).filter(|session| cell.sees(session.cell) && !cell.sees(*from)).map(|session| session.id)
        };
        let mut movers: Vec<SessionId> = self.moved.iter().filter(sees_mover).copied().collect();
        movers.extend(self.crossed.iter().filter_map(entered));
        movers.sort_unstable();
        movers.dedup();
        movers
    }

    /// For each who crossed into another cell: the courses of those it sees from there and did not see before.
    fn newly_seen(&self, sessions: &BTreeMap<SessionId, Session>, now: TimeMs) -> Vec<Delivery> {
        let mut deliveries = Vec::new();
        for (id, from) in &self.crossed {
            let Some(viewer) = sessions.get(id) else { continue };
            let Some(connection) = viewer.connection() else { continue };
            let is_new = |other: &&Session| viewer.cell.sees(other.cell) && !from.sees(other.cell);
            let moved: Vec<_> = sessions.values().filter(is_new).map(|session| session.moved(now)).collect();
            if !moved.is_empty() {
                let frame = SpaceToClient::Update(Update { server_time: now, moved, ..Update::default() }).encode();
                deliveries.push((vec![connection], frame.into()));
            }
        }
        deliveries
    }
}

/// What follows each other and is for the same people goes in one frame; the order stays.
fn word_frames(words: Vec<(Vec<ConnectionId>, Words)>) -> Vec<Delivery> {
    let mut joined: Vec<(Vec<ConnectionId>, Words)> = Vec::new();
    for (to, mut what) in words {
        if let Some((last_to, last)) = joined.last_mut()
            && *last_to == to
        {
            match last.join(what) {
                None => continue,
                Some(back) => what = back,
            }
        }
        joined.push((to, what));
    }
    joined.into_iter().map(|(to, what)| (to, what.frame())).collect()
}
