//! A media room: who is in it, what each sends, who may hear whom, and where each packet goes.
//!
//! A participant has a number of *slots* for voices and for pictures, made once when it connects; which publication is in which
//! slot changes, and no connection is ever negotiated anew for it. Who may hear whom is the space's word, and holds before everything a participant asks for. Within it a listener gets the
//! voices that are loudest to it, and of each picture the layer it shows and can take. A picture changes its layer only at a key
//! frame of the new one, and the old one goes on until then.

use std::collections::{BTreeMap, VecDeque};

use crate::absences::Cause;
use crate::keyframes::KeyFrames;
use crate::layers::Importance;
use crate::loudest::{VOICES_MAX, Voices, Weight};
pub use crate::receiver::{Covers, Striving};
use crate::receiver::{Participant, Stream};
use crate::rewrite::{Place, Seq};
use crate::sparing::Level;
use crate::{Ms, PublicationId};

/// Participants of one room: the audience of a stage. Of a crowd a zone is a room of its own long before.
pub const PARTICIPANTS_MAX: usize = 600;
/// What one participant sends: voice, camera, screen and its sound, and some to spare while they are exchanged.
pub const PUBLICATIONS_MAX: usize = 8;
/// Sizes of one picture.
pub const LAYERS_MAX: usize = 3;
/// Choices are made anew this often: faster than an ear notices, and seldom enough to cost little.
pub const TICK_MS: i64 = 100;
/// Ticks in which nothing came before a camera, or one of its layers, counts as switched off. A shared screen on which nothing moves is sent again once a
/// second only, or not at all: it is there until it is taken back ([`Room::unpublish`]).
const IDLE_TICKS: u8 = 10;

/// A session in this room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ParticipantId(pub u32);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Voice,
    Camera,
    Screen,
}

/// Why something was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    Full,
    /// There is no such participant.
    Unknown,
}

/// Somebody one may hear and see, as the space says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Audible {
    pub who: ParticipantId,
    pub weight: Weight,
    /// On the stage.
    pub pinned: bool,
}

/// A packet as it came, with what was read of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Packet {
    pub seq: Seq,
    pub timestamp: u32,
    pub bytes: usize,
    /// For a voice: RFC 6464, 0 the loudest.
    pub level: Option<u8>,
    /// For a picture: the first packet of a key frame.
    pub begins_key_frame: bool,
}

/// One of the streams a participant receives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Slot {
    Voice(u8),
    Picture(u8),
}

/// A packet goes to somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Forward {
    pub to: ParticipantId,
    pub slot: Slot,
    pub place: Place,
    /// The first packet of this publication in this slot since something else was in it.
    pub begins: bool,
    /// The first packet of another source in this slot: what a codec counts has to be moved, too.
    pub switched: bool,
}

/// Another publication is in a slot, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SlotChange {
    pub to: ParticipantId,
    pub slot: Slot,
    pub publication: Option<PublicationId>,
}

/// Pictures that one participant can want at a time.
const WANTED_MAX: usize = 200;
/// Slots for pictures that one participant has, where a node was told nothing else, and the most it may be told.
pub const PICTURES: usize = 16;
pub const PICTURES_MAX: usize = 20;

#[derive(Debug)]
pub(crate) struct Publication {
    pub owner: ParticipantId,
    pub kind: Kind,
    pub layers: Vec<Meter>,
}

impl Publication {
    /// Something of it does, in whatever layer.
    pub fn comes(&self) -> bool {
        self.layers.iter().any(|layer| layer.bits_per_s > 0)
    }
}

/// How much of a layer comes.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Meter {
    pub height_px: u32,
    bytes: usize,
    pub bits_per_s: u64,
    idle_ticks: u8,
}

/// One room.
#[derive(Debug, Default)]
pub struct Room {
    participants: BTreeMap<ParticipantId, Participant>,
    publications: BTreeMap<PublicationId, Publication>,
    voices: Voices,
    key_frames: KeyFrames,
    last_publication: u32,
    /// What the node has the time for.
    level: Level,
    slot_changes: VecDeque<SlotChange>,
    ticked_at: Option<Ms>,
    /// In whose streams each publication is, found again after anything changed: packets are many times more than changes.
    routes: Option<BTreeMap<PublicationId, Vec<(ParticipantId, usize)>>>,
}

impl Room {
    // ---- who is in it ------------------------------------------------------------------------------------------------

    /// With so many slots as it offered.
    pub fn join(&mut self, id: ParticipantId, voices: usize, pictures: usize) -> Result<(), Refusal> {
        if self.participants.len() >= PARTICIPANTS_MAX && !self.participants.contains_key(&id) {
            return Err(Refusal::Full);
        }
        let participant = self.participants.entry(id).or_default();
        participant.add_slots(voices.min(VOICES_MAX), pictures.min(PICTURES_MAX));
        Ok(())
    }

    /// Nothing goes to it from here on, and nothing of it to anybody.
    pub fn leave(&mut self, id: ParticipantId) {
        self.routes = None;
        self.participants.remove(&id);
        let theirs = self.publications.iter().filter(|(_, publication)| publication.owner == id);
        for publication in theirs.map(|(&publication, _)| publication).collect::<Vec<_>>() {
            self.unpublish(publication);
        }
    }

    /// A voice, or a picture with the heights of its layers, lowest first.
    pub fn publish(&mut self, owner: ParticipantId, kind: Kind, heights_px: &[u32]) -> Result<PublicationId, Refusal> {
        if !self.participants.contains_key(&owner) {
            return Err(Refusal::Unknown);
        }
        let theirs = self.publications.values().filter(|publication| publication.owner == owner).count();
        if theirs >= PUBLICATIONS_MAX || heights_px.len() > LAYERS_MAX || self.last_publication == u32::MAX {
            return Err(Refusal::Full);
        }
        self.last_publication += 1;
        let id = PublicationId(self.last_publication);
        let meter = |&height_px: &u32| Meter { height_px, ..Meter::default() };
        let layers =
            if heights_px.is_empty() { vec![Meter::default()] } else { heights_px.iter().map(meter).collect() };
        self.publications.insert(id, Publication { owner, kind, layers });
        Ok(id)
    }

    pub fn unpublish(&mut self, id: PublicationId) {
        self.routes = None;
        self.publications.remove(&id);
        self.voices.forget(id);
        self.key_frames.forget(id);
        for (&to, participant) in &mut self.participants {
            participant.wanted.remove(&id);
            let theirs = participant.streams.iter_mut().filter(|stream| stream.publication == Some(id));
            self.slot_changes.extend(theirs.map(|stream| stream.empty(to)));
        }
    }

    // ---- what is asked for -------------------------------------------------------------------------------------------

    /// Whom a participant may hear: all of them. Whoever is not among them any more is cut off with this.
    pub fn hear(&mut self, listener: ParticipantId, audible: &[Audible]) {
        self.routes = None;
        let Some(participant) = self.participants.get_mut(&listener) else { return };
        let others = audible.iter().filter(|one| one.who != listener && one.weight > Weight(0));
        participant.audible = others.map(|one| (one.who, (one.weight, one.pinned))).collect();
        for stream in participant.streams.iter_mut().filter(|stream| stream.publication.is_some()) {
            let publication = stream.publication.and_then(|id| self.publications.get(&id));
            if !publication.is_some_and(|publication| participant.audible.contains_key(&publication.owner)) {
                self.slot_changes.push_back(stream.empty(listener));
            }
        }
    }

    /// A participant shows a picture so large; 0: not any more.
    pub fn want(&mut self, viewer: ParticipantId, picture: PublicationId, shown_px: u32, importance: Importance) {
        self.routes = None;
        let Some(participant) = self.participants.get_mut(&viewer) else { return };
        if shown_px == 0 || !self.publications.contains_key(&picture) || participant.wanted.len() > WANTED_MAX {
            participant.wanted.remove(&picture);
            let theirs = participant.streams.iter_mut().filter(|stream| stream.publication == Some(picture));
            self.slot_changes.extend(theirs.map(|stream| stream.empty(viewer)));
        } else {
            participant.wanted.insert(picture, (shown_px, importance));
        }
    }

    /// A listener-in from next door gets fewer voices, and the smallest pictures.
    pub fn reduce(&mut self, id: ParticipantId, reduced: bool) {
        if let Some(participant) = self.participants.get_mut(&id) {
            participant.reduced = reduced;
        }
    }

    /// What the node has the time for, from the next tick on.
    pub fn spare(&mut self, level: Level) {
        self.level = level;
    }

    /// Whether the space lets one hear another.
    pub fn may_hear(&self, listener: ParticipantId, who: ParticipantId) -> bool {
        self.participants.get(&listener).is_some_and(|participant| participant.audible.contains_key(&who))
    }

    /// How high a layer's pictures are, once one was seen.
    pub fn measure(&mut self, id: PublicationId, layer: u8, height_px: u32) {
        let layers = self.publications.get_mut(&id).map(|publication| &mut publication.layers);
        if let Some(meter) = layers.and_then(|layers| layers.get_mut(usize::from(layer))) {
            meter.height_px = height_px;
        }
    }

    /// What the link to a participant takes, as it is estimated.
    pub fn estimate(&mut self, receiver: ParticipantId, bits_per_s: u64) {
        if let Some(participant) = self.participants.get_mut(&receiver) {
            participant.budget_bits_per_s = bits_per_s;
        }
    }

    /// What that counts.
    pub fn covers(&mut self, receiver: ParticipantId, covers: Covers) {
        if let Some(participant) = self.participants.get_mut(&receiver) {
            participant.covers = covers;
        }
    }

    /// What the link to a participant would have to take for its pictures to be one step better than they are.
    pub fn strives(&self, receiver: ParticipantId) -> Striving {
        self.participants.get(&receiver).map_or(Striving::default(), |participant| participant.strives)
    }

    /// Pictures that a receiver wants and that have not come for a while, and why.
    pub fn absent(&self, receiver: ParticipantId, now: Ms) -> impl Iterator<Item = (PublicationId, Cause)> {
        let participant = self.participants.get(&receiver);
        participant.into_iter().flat_map(move |participant| participant.absences.lasting(now))
    }

    /// A receiver cannot go on in a slot without a key frame.
    pub fn lost(&mut self, receiver: ParticipantId, slot: Slot, now: Ms) {
        // Where it is to get another layer, it is that one's key frame it needs, and that is asked for.
        let stream = self.stream(receiver, slot).filter(|stream| stream.current == stream.target);
        let Some((picture, layer)) = stream.and_then(|stream| stream.publication.zip(stream.current)) else { return };
        // Receivers say it again and again until it comes.
        if self.key_frames.is_asked((picture, layer)) {
            return;
        }
        if let Some(participant) = self.participants.get_mut(&receiver) {
            self.key_frames.want((picture, layer), participant.patience.due(picture, false, now));
        }
    }

    /// The packet behind a number that a receiver asks for again: its publication, layer, and number there.
    pub fn source_of(&self, receiver: ParticipantId, slot: Slot, seq: Seq) -> Option<(PublicationId, u8, Seq)> {
        let stream = self.stream(receiver, slot)?;
        Some((stream.publication?, stream.current?, stream.rewriter.source_of(seq)?))
    }

    fn stream(&self, receiver: ParticipantId, slot: Slot) -> Option<&Stream> {
        self.participants.get(&receiver)?.streams.iter().find(|stream| stream.slot == slot)
    }

    /// What is in a slot now, where that has changed.
    pub fn poll_slot_change(&mut self) -> Option<SlotChange> {
        self.slot_changes.pop_front()
    }

    /// Whose a publication is, and what.
    pub fn publication(&self, id: PublicationId) -> Option<(ParticipantId, Kind)> {
        self.publications.get(&id).map(|publication| (publication.owner, publication.kind))
    }

    /// All there is, for somebody who may want some of it.
    pub fn publications(&self) -> impl Iterator<Item = (PublicationId, ParticipantId, Kind)> {
        self.publications.iter().map(|(&id, publication)| (id, publication.owner, publication.kind))
    }

    /// A stream whose sender is to be asked for a key frame now.
    pub fn poll_key_frame(&mut self, now: Ms) -> Option<(PublicationId, u8)> {
        self.key_frames.poll(now)
    }

    /// Who speaks, the loudest first.
    pub fn speakers(&self, now: Ms) -> Vec<ParticipantId> {
        let owner = |id| self.publications.get(&id).map(|publication: &Publication| publication.owner);
        self.voices.speakers(now).into_iter().filter_map(owner).collect()
    }

    // ---- packets -----------------------------------------------------------------------------------------------------

    /// Where a packet goes. `each` is called for everyone it goes to.
    pub fn handle_packet(
        &mut self,
        id: PublicationId,
        layer: u8,
        packet: Packet,
        now: Ms,
        mut each: impl FnMut(Forward),
    ) {
        let Some(publication) = self.publications.get_mut(&id) else { return };
        let Some(meter) = publication.layers.get_mut(usize::from(layer)) else { return };
        meter.bytes += packet.bytes;
        if let (Kind::Voice, Some(level)) = (publication.kind, packet.level) {
            self.voices.hear(id, level, now);
        }
        if packet.begins_key_frame {
            self.key_frames.came((id, layer));
        }
        let routes = self.routes.get_or_insert_with(|| routes(&self.participants));
        for &(to, index) in routes.get(&id).into_iter().flatten() {
            let stream = self.participants.get_mut(&to).and_then(|participant| participant.streams.get_mut(index));
            let Some(stream) = stream.filter(|stream| stream.publication == Some(id)) else { continue };
            let may_begin = publication.kind == Kind::Voice || packet.begins_key_frame;
            let (mut begins, mut switched) = (false, false);
            if stream.target == Some(layer) && stream.current != stream.target && may_begin {
                begins = stream.current.is_none();
                stream.current = stream.target;
                switched = true;
                stream.rewriter.switch(packet.seq, packet.timestamp, now);
            }
            if stream.current == Some(layer)
                && let Some(place) = stream.rewriter.place(packet.seq, packet.timestamp, now)
            {
                each(Forward { to, slot: stream.slot, place, begins, switched });
            }
        }
    }

    // ---- time --------------------------------------------------------------------------------------------------------

    /// Chooses anew. To be called every [`TICK_MS`], and whenever something was asked for that should not wait.
    pub fn tick(&mut self, now: Ms) {
        self.routes = None;
        let passed_ms = self.ticked_at.map_or(TICK_MS, |at| now.since(at));
        if passed_ms >= TICK_MS {
            self.ticked_at = Some(now);
            for publication in self.publications.values_mut() {
                let may_rest = publication.kind == Kind::Screen;
                publication.layers.iter_mut().for_each(|meter| meter.tick(passed_ms, may_rest));
            }
        }
        for (&to, participant) in &mut self.participants {
            let chosen = participant.choose_voices(&self.publications, &self.voices, now);
            self.slot_changes.extend(participant.fill(to, |slot| matches!(slot, Slot::Voice(_)), &chosen));
            let chosen = participant.choose_layers(&self.publications, self.level, now);
            self.slot_changes.extend(participant.fill(to, |slot| matches!(slot, Slot::Picture(_)), &chosen));
            participant.patience.forget(now, |id| self.publications.contains_key(&id));
            participant.ask_for_key_frames(&mut self.key_frames, now);
        }
    }
}

fn routes(participants: &BTreeMap<ParticipantId, Participant>) -> BTreeMap<PublicationId, Vec<(ParticipantId, usize)>> {
    let mut routes: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (&to, participant) in participants {
        for (index, stream) in participant.streams.iter().enumerate() {
            if let Some(publication) = stream.publication {
                routes.entry(publication).or_default().push((to, index));
            }
        }
    }
    routes
}

impl Meter {
    fn tick(&mut self, passed_ms: i64, may_rest: bool) {
        let bytes = std::mem::take(&mut self.bytes) as u64;
        if bytes == 0 {
            self.idle_ticks = self.idle_ticks.saturating_add(1);
            if self.idle_ticks >= IDLE_TICKS {
                // What rests takes next to nothing, and is there all the same.
                let resting = (self.bits_per_s / 8 * 7).max(self.bits_per_s.min(1));
                self.bits_per_s = if may_rest { resting } else { 0 };
            }
            return;
        }
        self.idle_ticks = 0;
        let now = bytes.saturating_mul(8_000) / u64::try_from(passed_ms.max(1)).unwrap_or(1);
        // Half of it goes in half a second: key frames are spread over their second.
        self.bits_per_s = if self.bits_per_s == 0 { now } else { (self.bits_per_s * 7 + now) / 8 };
    }
}
