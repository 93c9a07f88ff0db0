//! Frames: what the space says, taken into the replica.

use earshot_protocol::units::Facing;
use earshot_protocol::{Channel, Moved, SpaceToClient, Update, Welcome};
use earshot_world::{Cell, Course};

use super::{Client, Event, Other, Output};
use crate::avatar::Avatar;
use crate::clock::LocalMs;
use crate::own::{Answer, Own, Wish};

/// A correction below this cannot be seen.
const CORRECTION_PX: f32 = 1.0;

impl Client {
    pub(super) fn handle_frame(&mut self, now: LocalMs, frame: &[u8]) {
        self.statistics.frames += 1;
        self.statistics.frame_bytes += frame.len() as u64;
        // A frame this client cannot read is of a later version; what it can read goes on.
        let Ok(message) = SpaceToClient::decode(frame) else { return };
        match message {
            SpaceToClient::Welcome(welcome) => self.handle_welcome(now, welcome),
            SpaceToClient::Update(update) => self.handle_update(now, update),
            SpaceToClient::Ticket(ticket) => self.keep_ticket(ticket),
            SpaceToClient::Refused(refused) => self.handle_refused(now, refused),
            SpaceToClient::Hearing(hearing) => self.handle_hearing(hearing),
            SpaceToClient::Signal(signal) => self.handle_signal(signal),
            SpaceToClient::SignalRefused(refused) => self.handle_signal_refused(refused),
            SpaceToClient::Said(messages) => self.handle_said(now, messages),
            SpaceToClient::SayRefused(refused) => self.handle_say_refused(refused),
            SpaceToClient::Changed(changes) => self.tell(Event::Changed(changes)),
            SpaceToClient::Rules(rules) => self.tell(Event::Rules(rules)),
            SpaceToClient::Onlookers { channel, others } => self.handle_onlookers(now, &channel, others),
            SpaceToClient::Typing { session_id, channel } => {
                if let Some(channel) = Channel::parse(&channel) {
                    self.tell(Event::Typing { id: session_id, channel });
                }
            }
            SpaceToClient::Emoted(emoted) => {
                for (id, emote) in emoted {
                    self.tell(Event::Emoted { id, emote });
                }
            }
            SpaceToClient::Nudged(nudge) => self.tell(Event::Nudged(nudge)),
            SpaceToClient::NudgeAnswered(answer) => self.tell(Event::NudgeAnswered(answer)),
            SpaceToClient::NudgeRefused(refused) => self.tell(Event::NudgeRefused(refused)),
            SpaceToClient::Mail(payload) => self.tell(Event::Mail(payload)),
            SpaceToClient::MediaGrant { room, grant } => self.tell(Event::MediaGrant { room, grant }),
            SpaceToClient::Unknown => {}
        }
    }

    fn tell(&mut self, event: Event) {
        self.outputs.push_back(Output::Event(event));
    }

    fn handle_welcome(&mut self, now: LocalMs, welcome: Welcome) {
        let id = welcome.session_id;
        self.link.handle_welcome(now);
        let round_trip_ms = self.link.round_trip_ms().unwrap_or(0);
        self.clock.handle_frame(now, welcome.snapshot.server_time, round_trip_ms);
        self.clock.expect_lateness(round_trip_ms);
        self.own_id = Some(id);
        self.welcomed_at = welcome.snapshot.server_time;
        let server_now = self.clock.server_now(now);
        let snapshot = welcome.snapshot;
        let own_course = snapshot.moved.iter().find(|moved| moved.session_id == id).map(|moved| self.course_of(moved));
        let course = own_course.unwrap_or_else(|| Course::standing(self.map.spawn_for(0), server_now, Facing::Down));
        match &mut self.own_avatar {
            Some(avatar) => {
                avatar.replace(vec![course.clone()], now, server_now);
            }
            None => self.own_avatar = Some(Avatar::new(course.clone())),
        }
        self.own = Some(Own::new(course, welcome.seq));
        self.sent_wish = Wish::STOP;

        let gone =
            self.people.keys().copied().filter(|id| !snapshot.people.iter().any(|person| person.session_id == *id));
        let update = Update { left: gone.collect(), ..snapshot };
        if let Some(own) = update.people.iter().find(|person| person.session_id == id) {
            self.note_published(own.publishing);
        }
        self.keep_ticket(welcome.ticket);
        self.outputs.push_back(Output::Event(Event::Welcome { own: id, resumed: welcome.resumed }));
        self.tell_link(None, now);
        self.apply(now, update);
        self.say_again(server_now);
        self.look_again();
        self.wish_again(id);
    }

    fn handle_update(&mut self, now: LocalMs, update: Update) {
        if self.own_id.is_none() {
            return;
        }
        self.clock.handle_frame(now, update.server_time, self.link.round_trip_ms().unwrap_or(0));
        self.apply(now, update);
    }

    /// Applies an update in the order the protocol says: people, left, crossed, moved.
    fn apply(&mut self, now: LocalMs, update: Update) {
        for person in &update.people {
            let id = person.session_id;
            match self.people.get_mut(&id) {
                Some(other) => other.person = person.clone(),
                None => {
                    self.people.insert(id, Other { person: person.clone(), avatar: None });
                }
            }
        }
        for id in &update.left {
            self.people.remove(id);
            if self.following == Some(*id) {
                self.stop_following(now);
            }
        }
        if !update.people.is_empty() || !update.left.is_empty() {
            let event = Event::People { changed: update.people, left: update.left };
            self.outputs.push_back(Output::Event(event));
        }
        for (id, cell) in &update.crossed {
            if let Some(other) = self.people.get_mut(id) {
                other.person.cell = *cell;
            }
        }
        if !update.crossed.is_empty() {
            self.forget_unseen();
        }
        for moved in update.moved {
            self.handle_moved(now, moved);
        }
    }

    /// Courses are known exactly for those whose cell one's own cell sees; the rest is let go.
    fn forget_unseen(&mut self) {
        let own_cell =
            self.own_id.and_then(|id| self.people.get(&id)).and_then(|own| Cell::from_index(own.person.cell));
        let Some(own_cell) = own_cell else { return };
        for other in self.people.values_mut() {
            let seen = Cell::from_index(other.person.cell).is_some_and(|cell| own_cell.sees(cell));
            if !seen {
                other.avatar = None;
            }
        }
    }

    fn handle_moved(&mut self, now: LocalMs, moved: Moved) {
        if Some(moved.session_id) == self.own_id {
            return self.handle_own_moved(now, moved);
        }
        let course = self.course_of(&moved);
        self.clock.handle_course(now, course.start());
        let drawn_now = self.clock.drawn_now(now);
        let Some(other) = self.people.get_mut(&moved.session_id) else { return };
        match &mut other.avatar {
            Some(avatar) => {
                let jump = avatar.follow(course, now, drawn_now);
                self.statistics.courses += 1;
                if jump > CORRECTION_PX {
                    self.statistics.late_courses += 1;
                    self.statistics.late_px_max = self.statistics.late_px_max.max(jump);
                }
            }
            None => other.avatar = Some(Avatar::new(course)),
        }
        if self.following == Some(moved.session_id) {
            let soon = now + 50;
            self.follow_again_at = Some(self.follow_again_at.map_or(soon, |at| at.min(soon)));
        }
    }

    fn handle_own_moved(&mut self, now: LocalMs, moved: Moved) {
        let server_now = self.clock.server_now(now);
        let (Some(own), Some(avatar)) = (&mut self.own, &mut self.own_avatar) else { return };
        if let Answer::Corrected(courses) = own.handle_moved(&self.map, moved) {
            let jump = avatar.replace(courses, now, server_now);
            if jump > CORRECTION_PX {
                self.statistics.corrections += 1;
                self.statistics.correction_px_max = self.statistics.correction_px_max.max(jump);
            }
        }
    }

    fn course_of(&self, moved: &Moved) -> Course {
        Course::new(&self.map, moved.origin, moved.start, moved.facing, moved.drive.clone())
    }

    fn keep_ticket(&mut self, ticket: Vec<u8>) {
        if !ticket.is_empty() && ticket != self.ticket {
            self.ticket.clone_from(&ticket);
            self.outputs.push_back(Output::KeepTicket(ticket));
        }
    }
}
