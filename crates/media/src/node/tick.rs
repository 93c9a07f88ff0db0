//! What happens at intervals, and whenever something should not wait: rooms choose anew, say what is in whose lanes, ask for key frames, and give
//! their sign of life.

use std::time::{Duration, Instant};

use earshot_protocol::fleet::{AbsenceCause, AbsentPicture, BEAT_MS, ToParticipant, TrackKind};
use str0m::media::KeyframeRequestKind;

use super::config::{ROOM_IDLE_MAX, SPEAKERS_MAX};
use super::rooms::MediaRoom;
use super::slab::Key;
use super::timers::Timer;
use super::{Node, tick_interval};
use crate::PublicationId;
use crate::absences::Cause;
use crate::room::{ParticipantId, SlotChange};

/// Forgotten rooms are looked for this often.
const SWEEP: Duration = Duration::from_secs(5);

impl Node {
    pub(super) fn tick(&mut self, key: Key, now: Instant) {
        self.end_what_is_over(key, now);
        self.read_what_waits(key, now);
        self.choose(key, now);
        let Some(room) = self.rooms.get_mut(key) else { return };
        if room.beat_at <= now {
            room.beat_at = now + Duration::from_millis(BEAT_MS) - tick_interval() / 2;
            for member in room.members.values().copied().collect::<Vec<_>>() {
                self.beat_to(member, now);
            }
        }
        let Some(room) = self.rooms.get_mut(key) else { return };
        if room.members.is_empty() {
            room.is_ticking = false;
        } else {
            self.timers.set(now + tick_interval(), Timer::Room(key));
        }
    }

    /// A room chooses anew, and what follows from it is done at once.
    pub(super) fn choose(&mut self, key: Key, now: Instant) {
        let ms = self.ms(now);
        let Some(room) = self.rooms.get_mut(key) else { return };
        room.chosen_at = now;
        room.decisions.spare(self.sparing.level());
        room.decisions.tick(ms);
        self.say_slots_of(key, now);
        self.ask_for_key_frames(key, now);
        let Some(room) = self.rooms.get(key) else { return };
        for member in room.members.values().copied().collect::<Vec<_>>() {
            self.desire(member, now);
            self.say_absent(member, now);
        }
    }

    /// Tells a participant which of the pictures it wants do not come, where that changed.
    fn say_absent(&mut self, key: Key, now: Instant) {
        let ms = self.ms(now);
        let Some(participant) = self.participants.get(key) else { return };
        let Some(room) = self.rooms.get(participant.room) else { return };
        let absent = room.decisions.absent(ParticipantId(participant.admission.session), ms);
        let picture = |(publication, cause)| {
            let (session, kind) = self.content_of(room, publication)?;
            let cause = match cause {
                Cause::Link => AbsenceCause::Link,
                Cause::Node => AbsenceCause::Node,
                Cause::Lanes => AbsenceCause::Lanes,
            };
            Some(AbsentPicture { session, kind, cause })
        };
        let absent = absent.filter_map(picture).collect();
        self.touch(key, now, |participant, outcome| participant.say_absent(outcome, absent));
    }

    /// Whose a publication is, and what.
    fn content_of(&self, room: &MediaRoom, publication: PublicationId) -> Option<(u32, TrackKind)> {
        let (owner, _) = room.decisions.publication(publication)?;
        let owner_key = room.members.get(&owner.0)?;
        let source = self.participants.get(*owner_key)?.lanes.source_of(publication)?;
        Some((owner.0, source.kind))
    }

    /// Tells everybody what is in its lanes, where that changed.
    pub(super) fn say_slots_of(&mut self, key: Key, now: Instant) {
        while let Some(change) = self.rooms.get_mut(key).and_then(|room| room.decisions.poll_slot_change()) {
            self.slot_changed(key, change, now);
        }
        let Some(room) = self.rooms.get(key) else { return };
        for member in room.members.values().copied().collect::<Vec<_>>() {
            self.touch(member, now, |participant, outcome| participant.say_slots(outcome));
        }
    }

    fn slot_changed(&mut self, key: Key, change: SlotChange, now: Instant) {
        let Some(room) = self.rooms.get(key) else { return };
        let Some(&to) = room.members.get(&change.to.0) else { return };
        let content = change.publication.and_then(|publication| self.content_of(room, publication));
        self.note_slot(to, change.slot, content, now);
    }

    /// Passes on the requests that are due: one for all who wait.
    pub(super) fn ask_for_key_frames(&mut self, key: Key, now: Instant) {
        let ms = self.ms(now);
        while let Some((publication, layer)) =
            self.rooms.get_mut(key).and_then(|room| room.decisions.poll_key_frame(ms))
        {
            let Some(room) = self.rooms.get(key) else { return };
            let owner = room.decisions.publication(publication).and_then(|(owner, _)| room.members.get(&owner.0));
            let Some(&owner) = owner else { continue };
            let line = self.participants.get(owner).and_then(|participant| {
                let source = participant.lanes.source_of(publication)?;
                Some((source.mid, source.rids.get(usize::from(layer)).copied()))
            });
            let Some((mid, rid)) = line else { continue };
            self.counters.key_frames_asked += 1;
            self.touch(owner, now, |participant, outcome| {
                participant.connection.change(outcome, |rtc| {
                    if let Some(stream) = rtc.direct_api().stream_rx_by_mid(mid, rid) {
                        stream.request_keyframe(KeyframeRequestKind::Pli);
                    }
                    Ok(())
                })
            });
        }
    }

    /// A sign of life, and who speaks of those it hears.
    pub(super) fn beat_to(&mut self, key: Key, now: Instant) {
        let ms = self.ms(now);
        let Some(participant) = self.participants.get(key).filter(|one| one.channel.is_some()) else { return };
        let Some(room) = self.rooms.get(participant.room) else { return };
        let listener = ParticipantId(participant.admission.session);
        let heard = room.decisions.speakers(ms).into_iter().filter(|who| room.decisions.may_hear(listener, *who));
        let speakers = heard.map(|who| who.0).take(SPEAKERS_MAX).collect();
        self.touch(key, now, |participant, outcome| participant.say(outcome, &ToParticipant::Beat { speakers }));
    }

    /// Forgets rooms that nobody is in and nothing was said of for long.
    pub(super) fn sweep(&mut self, now: Instant) {
        let is_idle = |used_at: Instant| now.saturating_duration_since(used_at) > ROOM_IDLE_MAX;
        let idle = self.rooms.iter().filter(|(_, room)| room.members.is_empty() && is_idle(room.used_at));
        for key in idle.map(|(key, _)| key).collect::<Vec<_>>() {
            if let Some(room) = self.rooms.remove(key) {
                self.names.remove(&room.name);
            }
        }
        self.timers.set(now + SWEEP, Timer::Sweep);
    }
}
