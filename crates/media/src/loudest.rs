//! Whose voices a listener gets, where more speak than can be forwarded.
//!
//! How loud a voice is comes with its packets (RFC 6464), and what reaches the listener of it falls with the distance. The
//! nearest who speak have places of their own: a loud crowd further off never silences a quiet neighbour. Who was chosen
//! stays for a while, so that nobody is cut off between two words, and others have to be clearly louder to take the place.

use std::collections::BTreeMap;

use crate::{Ms, PublicationId};

/// Voices a listener gets at once, where a node was told nothing else. More than a few at a time nobody follows, and each costs 40 kbit/s.
pub const VOICES: usize = 8;
/// And the most it may be told.
pub const VOICES_MAX: usize = 20;
/// Of these, places for the nearest who speak.
const NEAR_PLACES: usize = 2;
/// Levels are decibels below the loudest there is; from this on it is speech and not a room (RFC 6464 has 127 for silence).
const SPEECH_LEVEL: u8 = 60;
/// A voice that falls silent fades this fast, in decibels a second: a pause between words costs little.
const DECAY_DB_PER_S: i64 = 30;
/// Who was chosen stays this long at least.
const HOLD_MS: i64 = 1_000;
/// And another has to be louder by this to take the place.
const MARGIN_DB16: i64 = 6 * DB16;
/// Decibels are counted in sixteenths.
const DB16: i64 = 16;

/// How much of a voice reaches a listener: 255 all of it, 0 nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Weight(pub u8);

impl Weight {
    /// Sixteenths of a decibel that are lost on the way; none where nothing arrives.
    fn loss_db16(self) -> Option<i64> {
        // 20 log10(x) is about 6.02 log2(x); between powers of two a straight line is within half a decibel.
        let weight = i64::from(self.0);
        let power = weight.checked_ilog2()?;
        let log2_in_256ths = i64::from(power) * 256 + (weight << 8 >> power) - 256;
        Some((8 * 256 - log2_in_256ths) * 6 * DB16 / 256)
    }
}

/// The voices of a media room.
#[derive(Clone, Debug, Default)]
pub struct Voices {
    voices: BTreeMap<PublicationId, Voice>,
}

#[derive(Clone, Copy, Debug)]
struct Voice {
    /// Sixteenths of a decibel above silence, at `at`.
    level_db16: i64,
    at: Ms,
}

impl Voice {
    fn level_at(&self, now: Ms) -> i64 {
        let faded = now.since(self.at).clamp(0, 60_000) * DECAY_DB_PER_S * DB16 / 1_000;
        (self.level_db16 - faded).max(0)
    }
}

impl Voices {
    /// A packet came with this level: 0 the loudest, 127 silence.
    pub fn hear(&mut self, id: PublicationId, level: u8, now: Ms) {
        let heard = i64::from(127 - level.min(127)) * DB16;
        let voice = self.voices.entry(id).or_insert(Voice { level_db16: 0, at: now });
        *voice = Voice { level_db16: heard.max(voice.level_at(now)), at: now };
    }

    /// The track is gone.
    pub fn forget(&mut self, id: PublicationId) {
        self.voices.remove(&id);
    }

    fn level(&self, id: PublicationId, now: Ms) -> i64 {
        self.voices.get(&id).map_or(0, |voice| voice.level_at(now))
    }

    /// Who speaks, the loudest first.
    pub fn speakers(&self, now: Ms) -> Vec<PublicationId> {
        let mut speakers: Vec<_> = self.voices.keys().map(|&id| (self.level(id, now), id)).collect();
        speakers.retain(|&(level, _)| is_speech(level));
        speakers.sort_by_key(|&(level, id)| (-level, id));
        speakers.into_iter().map(|(_, id)| id).collect()
    }
}

fn is_speech(level_db16: i64) -> bool {
    level_db16 >= i64::from(127 - SPEECH_LEVEL) * DB16
}

/// Somebody a listener may hear, as the space decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Heard {
    pub id: PublicationId,
    pub weight: Weight,
    /// Always to be heard: on the stage, or chosen by the listener.
    pub pinned: bool,
}

/// The voices one listener gets.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Since when.
    chosen: BTreeMap<PublicationId, Ms>,
}

/// One who may be chosen, as it reaches the listener.
struct Candidate {
    id: PublicationId,
    weight: Weight,
    pinned: bool,
    speaks: bool,
    score: i64,
}

impl Selection {
    /// Whether a voice is forwarded to this listener.
    pub fn contains(&self, id: PublicationId) -> bool {
        self.chosen.contains_key(&id)
    }

    pub fn iter(&self) -> impl Iterator<Item = PublicationId> {
        self.chosen.keys().copied()
    }

    /// Chooses anew among those who may be heard: all of them, where they are few enough. Whoever is not among them is not
    /// chosen, whatever was before.
    pub fn choose(&mut self, voices: &Voices, heard: &[Heard], places: usize, now: Ms) {
        let mut candidates: Vec<_> = heard.iter().filter_map(|heard| self.candidate(voices, heard, now)).collect();
        if candidates.len() > places {
            let near = near_speakers(&candidates);
            candidates.sort_by_key(|one| (!one.pinned, !near.contains(&one.id), -one.score, one.id));
            candidates.truncate(places);
        }
        let since = |id| self.chosen.get(&id).copied().unwrap_or(now);
        self.chosen = candidates.iter().map(|one| (one.id, since(one.id))).collect();
    }

    fn candidate(&self, voices: &Voices, heard: &Heard, now: Ms) -> Option<Candidate> {
        let loss = heard.weight.loss_db16()?;
        let level = voices.level(heard.id, now);
        let speaks = is_speech(level);
        let mut score = level - loss;
        if let Some(&since) = self.chosen.get(&heard.id) {
            score += MARGIN_DB16;
            if now.since(since) < HOLD_MS && speaks {
                // Not before it was heard.
                score += i64::from(i32::MAX);
            }
        }
        Some(Candidate { id: heard.id, weight: heard.weight, pinned: heard.pinned, speaks, score })
    }
}

/// The nearest of those who speak; of equally near ones the one that is chosen already, or the loudest.
fn near_speakers(candidates: &[Candidate]) -> Vec<PublicationId> {
    let mut near: Vec<_> = candidates.iter().filter(|one| one.speaks && !one.pinned).collect();
    near.sort_by_key(|one| (std::cmp::Reverse(one.weight), -one.score, one.id));
    near.iter().take(NEAR_PLACES).map(|one| one.id).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn heard(id: u32, weight: u8) -> Heard {
        Heard { id: PublicationId(id), weight: Weight(weight), pinned: false }
    }

    fn chosen(selection: &Selection) -> Vec<u32> {
        selection.iter().map(|id| id.0).collect()
    }

    #[test]
    fn a_weight_loses_six_decibels_with_each_half() {
        let loss = |weight| Weight(weight).loss_db16().map(|loss| loss / DB16);
        assert_eq!((loss(255), loss(128), loss(64), loss(1)), (Some(0), Some(6), Some(12), Some(48)));
        assert_eq!(loss(0), None);
        for weight in 1..255_u8 {
            assert!(loss(weight) >= loss(weight + 1), "{weight}");
        }
    }

    #[test]
    fn a_loud_crowd_does_not_silence_a_quiet_neighbour() {
        let mut voices = Voices::default();
        for id in 0..50 {
            voices.hear(PublicationId(id), 5, Ms(0));
        }
        // Next to the listener, and hardly above a whisper.
        voices.hear(PublicationId(99), 58, Ms(0));
        let mut all: Vec<_> = (0..50).map(|id| heard(id, 100)).collect();
        all.push(heard(99, 250));
        let mut selection = Selection::default();
        selection.choose(&voices, &all, VOICES, Ms(0));
        assert!(selection.contains(PublicationId(99)));
        assert_eq!(chosen(&selection).len(), VOICES);
        // Who is near and says nothing takes no place from who speaks.
        let mut silent = Voices::default();
        for id in 0..50 {
            silent.hear(PublicationId(id), 5, Ms(0));
        }
        let mut selection = Selection::default();
        selection.choose(&silent, &all, VOICES, Ms(0));
        assert!(!selection.contains(PublicationId(99)));
    }

    #[test]
    fn who_pauses_between_words_stays_and_who_is_clearly_louder_comes_in() {
        let mut voices = Voices::default();
        let all: Vec<_> = (0..9).map(|id| heard(id, 200)).collect();
        let mut selection = Selection::default();
        for id in 0..8 {
            voices.hear(PublicationId(id), 30, Ms(0));
        }
        selection.choose(&voices, &all, VOICES, Ms(0));
        assert_eq!(chosen(&selection), (0..8).collect::<Vec<_>>());
        // The ninth is a little louder than the rest, who pause for a moment: nothing changes.
        voices.hear(PublicationId(8), 28, Ms(150));
        selection.choose(&voices, &all, VOICES, Ms(150));
        assert_eq!(chosen(&selection), (0..8).collect::<Vec<_>>());
        // It goes on, and they do not: somebody makes room.
        for at in [500, 900, 1_300] {
            voices.hear(PublicationId(8), 28, Ms(at));
            for id in 0..7 {
                voices.hear(PublicationId(id), 30, Ms(at));
            }
            selection.choose(&voices, &all, VOICES, Ms(at));
        }
        assert!(selection.contains(PublicationId(8)) && !selection.contains(PublicationId(7)));
    }

    proptest! {
        /// Whatever happened before: at most so many, nobody who may not be heard, every pin, everybody where there is
        /// room, and choosing again at once changes nothing.
        #[test]
        fn a_selection_is_always_lawful(
            steps in proptest::collection::vec(
                (proptest::collection::vec((0_u32..20, 0_u8..=127), 0..20), proptest::collection::vec((0_u32..20, any::<u8>(), 0_u8..20), 0..20), 0_i64..2_000),
                1..20,
            ),
        ) {
            let (mut voices, mut selection, mut now) = (Voices::default(), Selection::default(), Ms(0));
            for (levels, mut listened, wait_ms) in steps {
                now = now.plus(wait_ms);
                for (id, level) in levels {
                    voices.hear(PublicationId(id), level, now);
                }
                listened.sort_unstable();
                listened.dedup_by_key(|(id, _, _)| *id);
                let all: Vec<_> = listened.iter().map(|&(id, weight, pin)| Heard { pinned: pin == 0, ..heard(id, weight) }).collect();
                selection.choose(&voices, &all, VOICES, now);
                let audible: Vec<_> = all.iter().filter(|one| one.weight.0 > 0).collect();
                prop_assert_eq!(selection.iter().count(), audible.len().min(VOICES));
                prop_assert!(selection.iter().all(|id| audible.iter().any(|one| one.id == id)));
                let pins = audible.iter().filter(|one| one.pinned).count();
                let pinned = audible.iter().filter(|one| one.pinned && selection.contains(one.id)).count();
                prop_assert_eq!(pinned, pins.min(VOICES));
                let before = chosen(&selection);
                selection.choose(&voices, &all, VOICES, now);
                prop_assert_eq!(chosen(&selection), before);
            }
        }
    }
}
