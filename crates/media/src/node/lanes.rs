//! The media lines of one connection: what a participant sends on, and the lanes it receives on.
//!
//! Which is which follows from the order in the offer alone: of those it sends on, the first sound is the microphone and the second what the
//! shared screen sounds like; the first picture is the camera, the second the screen. The rest are lanes, counted from 0.

use earshot_protocol::fleet::TrackKind;
use str0m::Rtc;
use str0m::format::Codec;
use str0m::media::{MediaAdded, MediaKind, Mid, Pt, Rid};
use str0m::rtp::{Extension, Ssrc};

use super::picture::Numbers;
use super::sending::{ELEMENT_ID_MAX, ElementIds, LineConfig};
use crate::PublicationId;
use crate::room::{LAYERS_MAX, Slot};

/// Streams of one participant that are told apart: two voices, a screen, three layers, and again after a change of source.
const STREAMS_MAX: usize = 64;

/// A line that a participant sends on.
#[derive(Clone, Debug)]
pub struct Source {
    pub mid: Mid,
    pub kind: TrackKind,
    /// Lowest layer first; none: it is sent in one size.
    pub rids: Vec<Rid>,
    pub codec: Option<Codecs>,
    /// While something comes.
    pub publication: Option<PublicationId>,
    pub came_at: Option<std::time::Instant>,
}

/// Payload types as the two ends agreed on them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Codecs {
    pub main: Pt,
    /// RFC 4588: what it has where it is sent again.
    pub resent: Option<Pt>,
    /// RFC 2198 around it.
    pub red: Option<Pt>,
}

/// A lane.
#[derive(Clone, Debug)]
pub struct Lane {
    pub slot: Slot,
    pub codec: Option<Codecs>,
    /// Where it is sent, among the connection's lines.
    pub line: usize,
    pub numbers: Numbers,
    pub content: Option<(u32, TrackKind)>,
    /// What the participant was told last is what is there.
    pub is_told: bool,
}

/// All lines of a connection.
#[derive(Clone, Debug, Default)]
pub struct Lanes {
    pub sources: Vec<Source>,
    pub voices: Vec<Lane>,
    pub pictures: Vec<Lane>,
    /// Which stream is which source's, and layer.
    streams: Vec<(Ssrc, usize, u8)>,
}

impl Lanes {
    /// A line of the offer, in its order. `add_line` is told of one to send on, and says its place among them; of these there are so many for voices
    /// and for pictures, at the most.
    pub fn add(
        &mut self,
        line: &MediaAdded,
        rtc: &mut Rtc,
        (voices_max, pictures_max): (usize, usize),
        add_line: impl FnOnce(LineConfig) -> usize,
    ) {
        let codec = codecs(rtc, line.mid, line.kind);
        if line.direction.is_receiving() {
            let is_first = !self.sources.iter().any(|source| is_sound(source.kind) == (line.kind == MediaKind::Audio));
            let count = self.sources.iter().filter(|source| is_sound(source.kind) == (line.kind == MediaKind::Audio));
            let kind = match (line.kind, is_first) {
                (MediaKind::Audio, true) => TrackKind::Microphone,
                (MediaKind::Audio, false) => TrackKind::Sound,
                (MediaKind::Video, true) => TrackKind::Camera,
                (MediaKind::Video, false) => TrackKind::Screen,
            };
            if count.count() < 2 {
                let mut rids: Vec<Rid> =
                    line.simulcast.iter().flat_map(|layers| &layers.recv).map(|layer| layer.rid).collect();
                rids.truncate(LAYERS_MAX);
                rids.reverse();
                self.sources.push(Source { mid: line.mid, kind, rids, codec, publication: None, came_at: None });
            }
        } else if line.direction.is_sending() {
            let (lanes, max) = match line.kind {
                MediaKind::Audio => (&mut self.voices, voices_max),
                MediaKind::Video => (&mut self.pictures, pictures_max),
            };
            let Some(index) = u8::try_from(lanes.len()).ok().filter(|index| usize::from(*index) < max) else { return };
            let slot = match line.kind {
                MediaKind::Audio => Slot::Voice(index),
                MediaKind::Video => Slot::Picture(index),
            };
            let ids = element_ids(rtc, line.mid);
            let Some((ssrc, rtx)) = take_line(rtc, line.mid) else { return };
            let resent = codec.and_then(|codec| codec.resent);
            let config = LineConfig {
                name: line.mid.into(),
                ssrc: *ssrc,
                rtx: rtx.map(|rtx| *rtx).zip(resent),
                ids,
                is_picture: line.kind == MediaKind::Video,
            };
            let line = add_line(config);
            lanes.push(Lane { slot, codec, line, numbers: Numbers::default(), content: None, is_told: true });
        }
    }

    pub fn lane(&mut self, slot: Slot) -> Option<&mut Lane> {
        match slot {
            Slot::Voice(index) => self.voices.get_mut(usize::from(index)),
            Slot::Picture(index) => self.pictures.get_mut(usize::from(index)),
        }
    }

    pub fn all(&mut self) -> impl Iterator<Item = &mut Lane> {
        self.voices.iter_mut().chain(&mut self.pictures)
    }

    /// The lane of pictures on a line.
    pub fn picture_of(&self, line: usize) -> Option<Slot> {
        self.pictures.iter().find(|lane| lane.line == line).map(|lane| lane.slot)
    }

    /// Whose a stream is: its source, and layer. Streams are found out once.
    pub fn stream(&mut self, ssrc: Ssrc, find: impl FnOnce() -> Option<(Mid, Option<Rid>)>) -> Option<(usize, u8)> {
        if let Some(&(_, source, layer)) = self.streams.iter().find(|(known, _, _)| *known == ssrc) {
            return Some((source, layer));
        }
        let (mid, rid) = find()?;
        let index = self.sources.iter().position(|source| source.mid == mid)?;
        let rids = &self.sources.get(index)?.rids;
        let layer = match rid {
            Some(rid) => rids.iter().position(|one| *one == rid)?,
            None if rids.is_empty() => 0,
            None => return None,
        };
        let layer = u8::try_from(layer).ok()?;
        if self.streams.len() >= STREAMS_MAX {
            self.streams.remove(0);
        }
        self.streams.push((ssrc, index, layer));
        Some((index, layer))
    }

    pub fn source_of(&self, publication: PublicationId) -> Option<&Source> {
        self.sources.iter().find(|source| source.publication == Some(publication))
    }
}

/// The numbers of the stream that was agreed on, and of the one for what is sent again. It is not str0m that sends on it: what it does not know
/// of, line and stream, it neither reports on nor looks through, which it does for every packet that comes. Nothing is negotiated a second time.
fn take_line(rtc: &mut Rtc, mid: Mid) -> Option<(Ssrc, Option<Ssrc>)> {
    let mut direct = rtc.direct_api();
    let stream = direct.stream_tx_by_mid(mid, None)?;
    let (ssrc, rtx) = (stream.ssrc(), stream.rtx());
    direct.remove_media(mid);
    Some((ssrc, rtx))
}

pub fn is_sound(kind: TrackKind) -> bool {
    matches!(kind, TrackKind::Microphone | TrackKind::Sound)
}

fn element_ids(rtc: &Rtc, mid: Mid) -> ElementIds {
    let Some(line) = rtc.media(mid) else { return ElementIds::default() };
    let agreed = line.remote_extmap();
    // What cannot be written is as good as not agreed on.
    let id_of = |extension| agreed.id_of(extension).filter(|id| (1..=ELEMENT_ID_MAX).contains(id));
    ElementIds {
        mid: id_of(Extension::RtpMid),
        level: id_of(Extension::AudioLevel),
        transport: id_of(Extension::TransportSequenceNumber),
        orientation: id_of(Extension::VideoOrientation),
    }
}

fn codecs(rtc: &Rtc, mid: Mid, kind: MediaKind) -> Option<Codecs> {
    let codec = match kind {
        MediaKind::Audio => Codec::Opus,
        MediaKind::Video => Codec::Vp8,
    };
    let agreed = rtc.media(mid)?.remote_pts();
    let mut params = rtc.codec_config().params().iter();
    let params = params.find(|params| params.spec().codec == codec && agreed.contains(&params.pt()))?;
    // What is agreed lists codecs only; around one of them RED is there if both ends named it.
    Some(Codecs { main: params.pt(), resent: params.resend(), red: params.red() })
}
