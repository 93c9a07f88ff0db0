//! One who receives in a room: its lanes, and what is chosen for them.

use std::collections::BTreeMap;

use crate::absences::{Absences, Cause};
use crate::keyframes::KeyFrames;
use crate::layers::{Importance, Layer, Wish, allocate, lowest, strive, used};
use crate::loudest::{Heard, Selection, Voices, Weight};
use crate::patience::Patience;
use crate::rewrite::Rewriter;
use crate::room::{Kind, Meter, ParticipantId, Publication, Slot, SlotChange};
use crate::sparing::Level;
use crate::withheld::{NEARLY_PERCENT, Withheld};
use crate::{Ms, PublicationId};

/// Of what a link takes, what is counted on, in hundredths: packets sent again, and reports, need the rest.
const PICTURE_PERCENT: u64 = 95;
/// Voices of a zone that somebody next door gets.
const REDUCED_VOICES_MAX: usize = 3;

const VOICE_TICKS_PER_S: u32 = 48_000;
const PICTURE_TICKS_PER_S: u32 = 90_000;

#[derive(Debug, Default)]
pub struct Participant {
    /// Whom it may hear, and how well.
    pub audible: BTreeMap<ParticipantId, (Weight, bool)>,
    pub voices: Selection,
    /// How large it shows each picture it wants.
    pub wanted: BTreeMap<PublicationId, (u32, Importance)>,
    /// What its link takes, and what is counted there.
    pub budget_bits_per_s: u64,
    pub covers: Covers,
    /// What would be worth having, one step further; and whether a picture is not there at all.
    pub strives: Striving,
    /// Pictures that there was no room for any more.
    pub withheld: Withheld,
    /// Pictures it wants that do not come.
    pub absences: Absences,
    /// How often it may have key frames made.
    pub patience: Patience,
    pub reduced: bool,
    pub streams: Vec<Stream>,
}

/// What an estimate of a link counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Covers {
    #[default]
    All,
    /// Of voices it is not reported when they come (Firefox): it is what those leave.
    Pictures,
}

/// What is worth finding out about a participant's link.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Striving {
    /// What all it gets takes, and one step better; nothing where it wants no pictures.
    pub bits_per_s: u64,
    /// For a picture it wants there is no room at all.
    pub lacks: bool,
}

/// What one participant receives in one slot.
#[derive(Debug)]
pub struct Stream {
    pub slot: Slot,
    pub rewriter: Rewriter,
    pub publication: Option<PublicationId>,
    /// The layer that goes out; none before the first key frame.
    pub current: Option<u8>,
    /// The one that should.
    pub target: Option<u8>,
    /// The last one a key frame was asked of for that, and from when on.
    asked: Option<((PublicationId, u8), Ms)>,
}

impl Participant {
    pub fn add_slots(&mut self, voices: usize, pictures: usize) {
        let voice = |index| (Slot::Voice(index as u8), VOICE_TICKS_PER_S);
        let picture = |index| (Slot::Picture(index as u8), PICTURE_TICKS_PER_S);
        for (slot, ticks_per_s) in (0..voices).map(voice).chain((0..pictures).map(picture)) {
            if !self.streams.iter().any(|stream| stream.slot == slot) {
                self.streams.push(Stream::new(slot, ticks_per_s));
            }
        }
    }

    pub fn count(&self, is_meant: fn(&Slot) -> bool) -> usize {
        self.streams.iter().filter(|stream| is_meant(&stream.slot)).count()
    }

    /// The voices it gets.
    pub fn choose_voices(
        &mut self,
        publications: &BTreeMap<PublicationId, Publication>,
        voices: &Voices,
        now: Ms,
    ) -> BTreeMap<PublicationId, u8> {
        let heard: Vec<_> = publications
            .iter()
            .filter(|(_, publication)| publication.kind == Kind::Voice)
            .filter_map(|(&id, publication)| {
                let &(weight, pinned) = self.audible.get(&publication.owner)?;
                Some(Heard { id, weight, pinned })
            })
            .collect();
        let places = self.count(|slot| matches!(slot, Slot::Voice(_)));
        let places = if self.reduced { places.min(REDUCED_VOICES_MAX) } else { places };
        self.voices.choose(voices, &heard, places, now);
        self.voices.iter().map(|id| (id, 0)).collect()
    }

    /// The pictures it gets, each in the layer it should have: of more than there are slots for, those that matter most. Voices go before all
    /// of them: pictures share what those leave of the link, as far as the node has the time for pictures (`level`).
    pub fn choose_layers(
        &mut self,
        publications: &BTreeMap<PublicationId, Publication>,
        level: Level,
        now: Ms,
    ) -> BTreeMap<PublicationId, u8> {
        let mut shown: Vec<_> = self
            .wanted
            .iter()
            .filter_map(|(&id, &(shown_px, importance))| {
                let shown_px = if self.reduced { 1 } else { shown_px };
                let publication = publications.get(&id).filter(|publication| publication.kind != Kind::Voice)?;
                self.audible.contains_key(&publication.owner).then_some((importance, shown_px, id, publication))
            })
            .collect();
        // A camera that is switched off takes no lane from one that is on.
        shown.sort_by_key(|&(importance, shown_px, id, publication)| {
            (importance, !publication.comes(), std::cmp::Reverse(shown_px), id)
        });
        let places = self.count(|slot| matches!(slot, Slot::Picture(_)));
        let (places, beyond) = if level < Level::Voices { (places, Cause::Lanes) } else { (0, Cause::Node) };
        let left_out = shown.split_off(places.min(shown.len()));
        let layer = |meter: &Meter| Layer { height_px: meter.height_px, bits_per_s: meter.bits_per_s };
        let wish = |&(importance, shown_px, id, publication): &(Importance, u32, PublicationId, &Publication)| Wish {
            importance,
            // The smallest there is.
            shown_px: if level >= Level::Lowest && publication.kind == Kind::Camera { 1 } else { shown_px },
            layers: publication.layers.iter().map(layer).collect(),
            current: self
                .streams
                .iter()
                .find(|stream| stream.publication == Some(id))
                .and_then(|stream| stream.current)
                .map(usize::from),
            is_withheld: self.withheld.contains(id),
        };
        let wishes: Vec<_> = shown.iter().map(wish).collect();
        let all_voices = self.voice_bits_per_s(publications);
        let voices = match self.covers {
            Covers::All => all_voices,
            Covers::Pictures => 0,
        };
        let left = self.budget_bits_per_s / 100 * PICTURE_PERCENT;
        let mut given = allocate(left.saturating_sub(voices), &wishes);
        // What may not come back yet keeps the room that it would have: nobody else gets better for so short a time.
        let rest = left.saturating_sub(voices).saturating_sub(used(&wishes, &given));
        let mut lacks = false;
        for ((&(_, _, id, publication), wish), given) in shown.iter().zip(&wishes).zip(&mut given) {
            let nearly = lowest(wish).filter(|&(_, cost)| cost <= rest / 100 * (100 + NEARLY_PERCENT));
            let nearly = nearly.map(|(index, _)| index);
            lacks |= given.is_none() && publication.comes();
            *given = self.withheld.judge(id, wish.current.is_some(), publication.comes(), *given, nearly, now);
        }
        self.withheld.retain(|id| shown.iter().any(|&(_, _, one, _)| one == id));
        let bits_per_s = match strive(&wishes, &given) {
            0 => 0,
            // Also where voices go beside it: what they take was found there before, and is looked for further on.
            pictures => (pictures + all_voices) / PICTURE_PERCENT * 100,
        };
        let left_out = left_out.iter().map(|wanted| (wanted, beyond));
        let without = shown.iter().zip(&given).filter(|(_, given)| given.is_none());
        let without = without.map(|(wanted, _)| (wanted, Cause::Link));
        let absent = without.chain(left_out).filter(|((.., publication), _)| publication.comes());
        let absent: Vec<_> = absent.map(|(&(_, _, id, _), cause)| (id, cause)).collect();
        lacks |= absent.iter().any(|&(_, cause)| cause == Cause::Link);
        self.strives = Striving { bits_per_s, lacks };
        self.absences.update(absent.into_iter(), now);
        let chosen =
            shown.iter().zip(given).filter_map(|(&(_, _, id, _), layer)| Some((id, u8::try_from(layer?).ok()?)));
        chosen.collect()
    }

    /// What the voices take that it gets.
    pub fn voice_bits_per_s(&self, publications: &BTreeMap<PublicationId, Publication>) -> u64 {
        let voices = self.streams.iter().filter(|stream| matches!(stream.slot, Slot::Voice(_)));
        let there = voices.filter_map(|stream| publications.get(&stream.publication?));
        there.flat_map(|publication| &publication.layers).map(|layer| layer.bits_per_s).sum()
    }

    /// Puts what was chosen into slots: what is in one stays there, the rest takes those that are free.
    pub fn fill(
        &mut self,
        to: ParticipantId,
        is_meant: fn(&Slot) -> bool,
        chosen: &BTreeMap<PublicationId, u8>,
    ) -> Vec<SlotChange> {
        let mut changes = Vec::new();
        let mut left = chosen.clone();
        for stream in self.streams.iter_mut().filter(|stream| is_meant(&stream.slot)) {
            match stream.publication.and_then(|id| left.remove(&id)) {
                Some(layer) => stream.target = Some(layer),
                None if stream.publication.is_some() => changes.push(stream.empty(to)),
                None => {}
            }
        }
        for stream in self.streams.iter_mut().filter(|stream| is_meant(&stream.slot) && stream.publication.is_none()) {
            let Some((id, layer)) = left.pop_first() else { break };
            (stream.publication, stream.target) = (Some(id), Some(layer));
            // One that was emptied for this is told once.
            changes.retain(|change: &SlotChange| change.slot != stream.slot);
            changes.push(SlotChange { to, slot: stream.slot, publication: Some(id) });
        }
        changes
    }

    /// Of what it should get and does not yet. That is wanted for as long, and patience asked for once. What is too much for the link has to end at once;
    /// for that there has been a step up before, which patience was asked for.
    pub fn ask_for_key_frames(&mut self, key_frames: &mut KeyFrames, now: Ms) {
        for stream in self.streams.iter_mut().filter(|stream| matches!(stream.slot, Slot::Picture(_))) {
            let wanted = stream.publication.zip(stream.target).filter(|_| stream.current != stream.target);
            let Some((id, layer)) = wanted else {
                stream.asked = None;
                continue;
            };
            let due = match stream.asked {
                Some((asked, due)) if asked == (id, layer) => due,
                _ if stream.current.is_some_and(|current| layer < current) => now,
                _ => self.patience.due(id, stream.current.is_none(), now),
            };
            stream.asked = Some(((id, layer), due));
            key_frames.want((id, layer), due.max(now));
        }
    }
}

impl Stream {
    pub fn new(slot: Slot, ticks_per_s: u32) -> Self {
        let rewriter = Rewriter::new(ticks_per_s);
        Self { slot, rewriter, publication: None, current: None, target: None, asked: None }
    }

    /// Nothing goes out in it from here on.
    pub fn empty(&mut self, to: ParticipantId) -> SlotChange {
        (self.publication, self.current, self.target) = (None, None, None);
        SlotChange { to, slot: self.slot, publication: None }
    }
}
