//! What connections tell of: that they stand, what lines they have, words on the data channel, estimates, and media.

use std::time::Instant;

use earshot_protocol::fleet::{CONTROL_BYTES_MAX, FromParticipant, TrackKind};
use str0m::channel::{ChannelData, ChannelId};
use str0m::media::MediaAdded;
use str0m::{Event, IceConnectionState};

use super::config::{CHOOSE_APART, DESIRED_BITS_PER_S_MAX, ESTIMATE_BITS_PER_S, LOST_MAX};
use super::connection::Happened;
use super::participant::{Leave, Participant, State};
use super::sending::Heard;
use super::slab::Key;
use super::words::from_participant;
use super::{Node, NodeEvent, ParticipantRef};
use crate::layers::Importance;
use crate::room::{Covers, ParticipantId, Slot, Striving};

impl Node {
    pub(super) fn handle_events(&mut self, now: Instant) {
        while let Some((key, event)) = self.outcome.events.pop_front() {
            let is_leaving = self.participants.get(key).is_none_or(|one| one.is_leaving());
            if is_leaving {
                continue;
            }
            match event {
                Happened::Rtc(event) => self.handle_event(key, event, now),
                Happened::Heard(Heard::Lost { line }) => self.picture_lost(key, line, now),
                Happened::Heard(Heard::Estimate { bits_per_s, is_own }) => self.estimated(key, bits_per_s, is_own),
                Happened::Moved => {
                    self.touch(key, now, |participant, outcome| participant.connection.nudge(outcome));
                }
            }
        }
    }

    fn handle_event(&mut self, key: Key, event: Event, now: Instant) {
        match event {
            Event::RtpPacket(packet) => self.forward(key, packet, now),
            Event::Connected => self.connected_now(key),
            Event::IceConnectionStateChange(state) => self.ice_changed(key, state, now),
            Event::MediaAdded(line) => self.line_added(key, &line, now),
            Event::ChannelOpen(id, name) => self.channel_opened(key, id, &name, now),
            Event::ChannelClose(id) => self.channel_closed(key, id),
            Event::ChannelData(data) => self.said(key, &data, now),
            Event::Closed => self.leave(key, Leave::Untold, now),
            _ => {}
        }
    }

    fn picture_lost(&mut self, key: Key, line: usize, now: Instant) {
        let ms = self.ms(now);
        self.with_room(key, |room, participant| {
            if let Some(slot) = participant.lanes.picture_of(line) {
                room.decisions.lost(ParticipantId(participant.admission.session), slot, ms);
            }
        });
        self.ask_for_key_frames_of(key, now);
    }

    fn connected_now(&mut self, key: Key) {
        if let Some(participant) = self.participants.get_mut(key) {
            participant.state = State::Connected;
            self.counters.connected += 1;
        }
    }

    fn ice_changed(&mut self, key: Key, state: IceConnectionState, now: Instant) {
        let Some(participant) = self.participants.get_mut(key) else { return };
        match (state, participant.state) {
            (IceConnectionState::Disconnected, State::Connected) => {
                participant.state = State::Lost { until: now + LOST_MAX };
            }
            (IceConnectionState::Connected | IceConnectionState::Completed, State::Lost { .. }) => {
                participant.state = State::Connected;
                self.touch(key, now, |participant, outcome| participant.connection.nudge(outcome));
            }
            _ => {}
        }
    }

    fn line_added(&mut self, key: Key, line: &MediaAdded, now: Instant) {
        let most = (self.config.voices_max, self.config.pictures_max);
        self.touch(key, now, |participant, outcome| {
            let mut config = None;
            let Participant { connection, lanes, .. } = participant;
            let place = connection.lines();
            connection.change(outcome, |rtc| {
                lanes.add(line, rtc, most, |one| {
                    config = Some(one);
                    place
                });
                Ok(())
            })?;
            config.into_iter().for_each(|config| connection.add_line(config));
            Ok(())
        });
        self.with_room(key, |room, participant| {
            let (voices, pictures) = (participant.lanes.voices.len(), participant.lanes.pictures.len());
            let session = participant.admission.session;
            let covers = if participant.connection.numbers_voices() { Covers::All } else { Covers::Pictures };
            room.decisions.covers(ParticipantId(session), covers);
            if !participant.is_estimated {
                // Until something was measured, for which something has to be sent.
                room.decisions.estimate(ParticipantId(session), ESTIMATE_BITS_PER_S);
            }
            // It is in already, and only has more lanes now.
            let _ = room.decisions.join(ParticipantId(session), voices, pictures);
            room.apply(session);
        });
    }

    fn channel_opened(&mut self, key: Key, id: ChannelId, name: &str, now: Instant) {
        if let Some(participant) = self.participants.get_mut(key) {
            participant.opened(id, name);
        }
        self.touch(key, now, |participant, outcome| participant.say_slots(outcome));
        self.beat_to(key, now);
    }

    fn channel_closed(&mut self, key: Key, id: ChannelId) {
        if let Some(participant) = self.participants.get_mut(key)
            && participant.channel == Some(id)
        {
            participant.channel = None;
        }
    }

    fn said(&mut self, key: Key, data: &ChannelData, now: Instant) {
        let Some(participant) = self.participants.get_mut(key) else { return };
        if participant.channel != Some(data.id) {
            self.counters.over_limit += 1;
        } else if participant.may_send_message(now) {
            participant.unread = None;
            self.read_words(key, &data.data, now);
        } else {
            self.counters.over_limit += 1;
            // Each says all there is to say: of many the last one holds.
            participant.unread = Some(data.data.clone()).filter(|words| words.len() <= CONTROL_BYTES_MAX);
        }
    }

    /// What was said beyond the limit, once there is time for it.
    pub(super) fn read_what_waits(&mut self, room: Key, now: Instant) {
        let Some(room) = self.rooms.get(room) else { return };
        for key in room.members.values().copied().collect::<Vec<_>>() {
            let Some(participant) = self.participants.get_mut(key).filter(|one| one.unread.is_some()) else { continue };
            if participant.may_send_message(now)
                && let Some(words) = participant.unread.take()
            {
                self.read_words(key, &words, now);
            }
        }
    }

    fn read_words(&mut self, key: Key, words: &[u8], now: Instant) {
        match from_participant(words) {
            Ok(FromParticipant::Want { pictures }) => {
                let Some(participant) = self.participants.get_mut(key) else { return };
                participant.wants = pictures;
                let room = participant.room;
                self.wish(key);
                // The whole room chooses. Where everybody wishes for something at once, as when a camera goes on, its next tick does for all.
                let chose_at = self.rooms.get(room).map(|room| room.chosen_at);
                if chose_at.is_some_and(|at| now.saturating_duration_since(at) >= CHOOSE_APART) {
                    self.choose(room, now);
                }
            }
            Ok(FromParticipant::Renew { grant }) => {
                self.events.push_back(NodeEvent::Renew { participant: ParticipantRef(key), grant });
            }
            Err(_) => self.counters.bad_messages += 1,
        }
    }

    /// Hands a participant's wishes to the room, as far as there is what it wishes for.
    pub(super) fn wish(&mut self, key: Key) {
        self.with_room(key, |room, participant| {
            let viewer = ParticipantId(participant.admission.session);
            let pictures: Vec<_> = room.decisions.publications().collect();
            for (publication, owner, kind) in pictures {
                let is_meant = |want: &&earshot_protocol::fleet::WantedPicture| {
                    want.session == owner.0 && kind == super::forward::kind_of(want.kind)
                };
                let want = participant.wants.iter().find(is_meant);
                let shown_px = want.map_or(0, |want| want.height_px);
                let importance = match want {
                    Some(want) if want.kind == TrackKind::Screen => Importance::Screen,
                    Some(want) if want.pinned => Importance::Pinned,
                    _ => Importance::Camera,
                };
                if kind != crate::room::Kind::Voice {
                    room.decisions.want(viewer, publication, shown_px, importance);
                }
            }
        });
    }

    /// Everybody's in a room: there is something new to be wished for.
    pub(super) fn rewish_all(&mut self, room: Key) {
        let Some(room) = self.rooms.get(room) else { return };
        for member in room.members.values().copied().collect::<Vec<_>>() {
            self.wish(member);
        }
    }

    /// What the node strives for on a link: probing finds out whether it is there. Never far beyond what is known, for a probe of a
    /// megabit on a poor link is a freeze.
    pub(super) fn desire(&mut self, key: Key, now: Instant) {
        let Some(participant) = self.participants.get_mut(key) else { return };
        let Some(room) = self.rooms.get(participant.room) else { return };
        // Voices alone are sent whatever the link takes, and need no probing.
        let Striving { bits_per_s, lacks, .. } = room.decisions.strives(ParticipantId(participant.admission.session));
        let desired = (bits_per_s.min(DESIRED_BITS_PER_S_MAX), lacks);
        let last = participant.desired;
        // What lacks is said again and again, which keeps looking for it.
        if desired.0.abs_diff(last.0) <= last.0 / 10 && desired.1 == last.1 && !lacks {
            return;
        }
        participant.desired = desired;
        // A poor link that is hardly used tells nothing of itself; filled up to what it is known to take, it does. Only where a picture
        // waits for it: to fill it all the time would be at the cost of others.
        let minimum = if lacks { desired.0 } else { 0 };
        self.touch(key, now, |participant, _| {
            participant.connection.strive(now, minimum, desired.0);
            Ok(())
        });
    }

    fn estimated(&mut self, key: Key, bits_per_s: u64, is_own: bool) {
        let Some(participant) = self.participants.get_mut(key) else { return };
        participant.is_estimated |= is_own;
        // What a receiver reckons itself is for those only that do not say what came.
        if participant.is_estimated && !is_own {
            return;
        }
        self.with_room(key, |room, participant| {
            room.decisions.estimate(ParticipantId(participant.admission.session), bits_per_s);
        });
    }

    /// A participant and its room at once.
    pub(super) fn with_room<T>(
        &mut self,
        key: Key,
        act: impl FnOnce(&mut super::rooms::MediaRoom, &mut super::participant::Participant) -> T,
    ) -> Option<T> {
        let participant = self.participants.get_mut(key)?;
        let room = self.rooms.get_mut(participant.room)?;
        Some(act(room, participant))
    }

    fn ask_for_key_frames_of(&mut self, key: Key, now: Instant) {
        if let Some(room) = self.participants.get(key).map(|one| one.room) {
            self.ask_for_key_frames(room, now);
        }
    }

    /// Puts down what is in a slot now, for it to be told.
    pub(super) fn note_slot(&mut self, to: Key, slot: Slot, content: Option<(u32, TrackKind)>, now: Instant) {
        let Some(participant) = self.participants.get_mut(to) else { return };
        let Some(lane) = participant.lanes.lane(slot) else { return };
        let before = lane.content;
        (lane.content, lane.is_told) = (content, false);
        let (line, listener) = (lane.line, ParticipantId(participant.admission.session));
        let room = self.rooms.get(participant.room);
        let is_heard =
            |(session, _)| room.is_some_and(|room| room.decisions.may_hear(listener, ParticipantId(session)));
        // What still waits there, or was kept for sending again, belongs to whoever was in it.
        participant.connection.clear_line(now, line, before.is_none_or(is_heard));
    }
}
