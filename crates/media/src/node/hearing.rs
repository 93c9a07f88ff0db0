//! The space's word on rooms, and what follows from it at once.

use std::time::Instant;

use earshot_protocol::fleet::{ByeReason, HearingSets};

use super::Node;
use super::participant::Leave;
use super::rooms::Word;
use super::slab::Key;

impl Node {
    /// What the space says of rooms. The revisions in force then.
    pub fn hear(&mut self, now: Instant, sets: HearingSets) -> Vec<(u64, u64)> {
        let HearingSets { space, rooms, closed } = sets;
        let mut revisions = Vec::new();
        for said in rooms {
            let number = said.room;
            let Some(key) = self.room(&space, number, now) else { continue };
            let Some(room) = self.rooms.get_mut(key) else { continue };
            room.used_at = now;
            let (revision, is_news) = room.take(said);
            revisions.push((number, revision));
            if is_news {
                self.apply_word(key, now);
            }
        }
        for number in closed {
            let Some(key) = self.room(&space, number, now) else { continue };
            if let Some(room) = self.rooms.get_mut(key) {
                (room.word, room.used_at) = (Word::Closed, now);
            }
            self.apply_word(key, now);
        }
        self.settle(now);
        revisions
    }

    /// Whoever is not named goes, and whoever may not send or hear any more does not from here on.
    fn apply_word(&mut self, key: Key, now: Instant) {
        let Some(room) = self.rooms.get_mut(key) else { return };
        let members: Vec<(u32, Key)> = room.members.iter().map(|(&session, &member)| (session, member)).collect();
        let (named, others): (Vec<_>, Vec<_>) = members.into_iter().partition(|(session, _)| room.admits(*session));
        for (session, member) in named {
            room.apply(session);
            if !room.may_publish(session)
                && let Some(participant) = self.participants.get_mut(member)
            {
                for source in &mut participant.lanes.sources {
                    if let Some(publication) = source.publication.take() {
                        room.decisions.unpublish(publication);
                    }
                }
            }
        }
        for (_, member) in others {
            self.counters.removed += 1;
            self.leave(member, Leave::Told(ByeReason::Removed), now);
        }
        self.rewish_all(key);
        self.choose(key, now);
    }
}
