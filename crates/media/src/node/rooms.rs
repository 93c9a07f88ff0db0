//! A media room on a node: who is in it, and what the space last said of it.

use std::collections::{BTreeMap, HashMap};
use std::time::Instant;

use earshot_protocol::fleet::{ParticipantHearing, RoomHearing};

use super::slab::Key;
use crate::loudest::Weight;
use crate::room::{Audible, ParticipantId, Room};

/// What the space said of a room.
#[derive(Clone, Debug)]
pub enum Word {
    /// Nothing yet: a grant lets in, and nothing is forwarded.
    None,
    Sets {
        revision: u64,
        participants: HashMap<u32, ParticipantHearing>,
    },
    /// It is no more, and its number is never used again.
    Closed,
}

#[derive(Debug)]
pub struct MediaRoom {
    pub name: (String, u64),
    pub decisions: Room,
    pub members: BTreeMap<u32, Key>,
    pub word: Word,
    /// Somebody was in it, or something said of it.
    pub used_at: Instant,
    pub beat_at: Instant,
    /// When it last chose anew.
    pub chosen_at: Instant,
    pub is_ticking: bool,
}

impl MediaRoom {
    pub fn new(name: (String, u64), now: Instant) -> Self {
        Self {
            name,
            decisions: Room::default(),
            members: BTreeMap::new(),
            word: Word::None,
            used_at: now,
            beat_at: now,
            chosen_at: now,
            is_ticking: false,
        }
    }

    /// Whether a session may be in it, as far as is known.
    pub fn admits(&self, session: u32) -> bool {
        match &self.word {
            Word::None => true,
            Word::Sets { participants, .. } => participants.contains_key(&session),
            Word::Closed => false,
        }
    }

    /// Whether what a session sends is forwarded to anybody.
    pub fn may_publish(&self, session: u32) -> bool {
        let Word::Sets { participants, .. } = &self.word else { return false };
        participants.get(&session).is_some_and(|one| one.publish)
    }

    /// Takes the space's word, unless it is older than what is there. The revision in force.
    pub fn take(&mut self, said: RoomHearing) -> (u64, bool) {
        match &self.word {
            Word::Closed => return (u64::MAX, false),
            Word::Sets { revision, .. } if *revision >= said.revision => return (*revision, false),
            Word::Sets { .. } | Word::None => {}
        }
        let participants = said.participants.into_iter().map(|one| (one.session, one)).collect();
        self.word = Word::Sets { revision: said.revision, participants };
        (said.revision, true)
    }

    /// Applies the word to somebody who is connected.
    pub fn apply(&mut self, session: u32) {
        let id = ParticipantId(session);
        let Word::Sets { participants, .. } = &self.word else { return };
        let Some(one) = participants.get(&session) else {
            self.decisions.hear(id, &[]);
            return;
        };
        let audible = |&(who, weight, pinned): &(u32, u8, u8)| Audible {
            who: ParticipantId(who),
            // Hundredths of the space's, of 255 here; what is heard at all is never nothing.
            weight: Weight(u8::try_from((u32::from(weight.min(100)) * 255).div_ceil(100)).unwrap_or(u8::MAX)),
            pinned: pinned > 0,
        };
        // Whom the room's word does not name nobody hears.
        let named = |(who, _, _): &&(u32, u8, u8)| participants.contains_key(who);
        let audible: Vec<_> = one.hears.iter().filter(named).map(audible).collect();
        self.decisions.reduce(id, one.reduced);
        self.decisions.hear(id, &audible);
    }
}
