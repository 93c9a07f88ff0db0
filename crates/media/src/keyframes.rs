//! When to ask a sender for a key frame (PLI, RFC 4585 section 6.3.1).
//!
//! Whoever begins to watch, or loses too much, needs one; and each costs the sender, and all who receive, many times an ordinary
//! frame. So one request is made for all who wait, not too often, and again if it seems to have been lost.

use std::collections::BTreeMap;

use crate::{Ms, PublicationId};

/// Requests for one stream are this far apart: a few waiting together are served by one frame.
pub(crate) const APART_MS: i64 = 300;
/// If no key frame came after this, the request was lost, or its frame.
const AGAIN_MS: i64 = 500;
/// Then each time later, up to this: a camera that is switched off answers none.
const AGAIN_MS_MAX: i64 = 4_000;

/// A layer of a publication.
pub type Stream = (PublicationId, u8);

#[derive(Clone, Copy, Debug, Default)]
struct Asking {
    /// None: nobody waits.
    due: Option<Ms>,
    asked_at: Option<Ms>,
    /// Requests since the last key frame.
    asked: u32,
}

/// What is asked for, stream by stream.
#[derive(Clone, Debug, Default)]
pub struct KeyFrames {
    streams: BTreeMap<Stream, Asking>,
}

impl KeyFrames {
    /// Somebody needs a key frame of this stream, to be asked for from then on.
    pub fn want(&mut self, stream: Stream, from: Ms) {
        let asking = self.streams.entry(stream).or_default();
        let due = asking.asked_at.map_or(from, |at| from.max(at.plus(APART_MS)));
        // Others may wait for it already, and not have to as long. What was asked for and did not come is asked for again at its time.
        if asking.asked == 0 {
            asking.due = Some(asking.due.map_or(due, |others| others.min(due)));
        }
    }

    /// One was asked for, and has not come.
    pub fn is_asked(&self, stream: Stream) -> bool {
        self.streams.get(&stream).is_some_and(|asking| asking.due.is_some() && asking.asked > 0)
    }

    /// One came: all who waited have it.
    pub fn came(&mut self, stream: Stream) {
        if let Some(asking) = self.streams.get_mut(&stream) {
            (asking.due, asking.asked) = (None, 0);
        }
    }

    /// The publication is gone.
    pub fn forget(&mut self, id: PublicationId) {
        self.streams.retain(|&(publication, _), _| publication != id);
    }

    /// A stream to be asked now.
    pub fn poll(&mut self, now: Ms) -> Option<Stream> {
        let is_due = |asking: &Asking| asking.due.is_some_and(|due| due <= now);
        let (&stream, asking) = self.streams.iter_mut().find(|(_, asking)| is_due(asking))?;
        let wait_ms = (AGAIN_MS << asking.asked.min(8)).min(AGAIN_MS_MAX);
        *asking = Asking { due: Some(now.plus(wait_ms)), asked_at: Some(now), asked: asking.asked.saturating_add(1) };
        Some(stream)
    }

    /// When to poll again.
    pub fn due(&self) -> Option<Ms> {
        self.streams.values().filter_map(|asking| asking.due).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CAMERA: Stream = (PublicationId(1), 0);

    #[test]
    fn many_who_want_one_are_one_request() {
        let mut frames = KeyFrames::default();
        for at in 0..10 {
            frames.want(CAMERA, Ms(at));
        }
        assert_eq!((frames.poll(Ms(10)), frames.poll(Ms(10))), (Some(CAMERA), None));
        frames.came(CAMERA);
        assert_eq!(frames.due(), None);
        // Another, right after it: not too soon.
        frames.want(CAMERA, Ms(50));
        assert_eq!((frames.due(), frames.poll(Ms(100))), (Some(Ms(310)), None));
        assert_eq!(frames.poll(Ms(310)), Some(CAMERA));
    }

    #[test]
    fn nobody_waits_for_the_patience_of_another() {
        let mut frames = KeyFrames::default();
        frames.want(CAMERA, Ms(4_000));
        assert_eq!((frames.due(), frames.poll(Ms(3_999))), (Some(Ms(4_000)), None));
        frames.want(CAMERA, Ms(10));
        frames.want(CAMERA, Ms(5_000));
        assert_eq!(frames.poll(Ms(10)), Some(CAMERA));
        frames.want(CAMERA, Ms(20));
        assert_eq!(frames.due(), Some(Ms(510)), "it was asked for");
    }

    #[test]
    fn what_was_lost_is_asked_again_and_less_and_less_often() {
        let mut frames = KeyFrames::default();
        frames.want(CAMERA, Ms(0));
        let mut asked = Vec::new();
        for at in 0..20_000 {
            asked.extend(frames.poll(Ms(at)).map(|_| at));
        }
        assert_eq!(asked, [0, 500, 1_500, 3_500, 7_500, 11_500, 15_500, 19_500]);
        frames.forget(PublicationId(1));
        assert_eq!(frames.due(), None);
    }
}
