//! Pictures that a receiver wants, that are there, and that do not come; and why not, for it to be told.
//!
//! Absent for a moment is every picture, when it begins or the link is not known yet: that is no news. Deliberately not here: what is left out, which is
//! decided in [`crate::receiver`].

use std::collections::BTreeMap;

use crate::{Ms, PublicationId};

/// It has to last for so long: a new picture needs its key frame, and a new link is found out about in a second.
pub const LASTS_MS: i64 = 1_500;

/// Why a picture does not come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// Not even its smallest layer has room on the receiver's link.
    Link,
    /// The node is full, and forwards voices only.
    Node,
    /// More are wanted than the receiver has lanes.
    Lanes,
}

/// Those of one receiver.
#[derive(Clone, Debug, Default)]
pub struct Absences {
    since: BTreeMap<PublicationId, (Ms, Cause)>,
}

impl Absences {
    /// All that are absent now. Whichever is not named has come, or is not wanted any more.
    pub fn update(&mut self, absent: impl Iterator<Item = (PublicationId, Cause)>, now: Ms) {
        let since = |id| self.since.get(&id).map_or(now, |&(since, _)| since);
        self.since = absent.map(|(id, cause)| (id, (since(id), cause))).collect();
    }

    /// Those that are worth telling.
    pub fn lasting(&self, now: Ms) -> impl Iterator<Item = (PublicationId, Cause)> {
        let lasts = move |since: Ms| now.since(since) >= LASTS_MS;
        self.since.iter().filter(move |&(_, &(since, _))| lasts(since)).map(|(&id, &(_, cause))| (id, cause))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: PublicationId = PublicationId(1);
    const OTHER: PublicationId = PublicationId(2);

    fn told(absences: &Absences, at: i64) -> Vec<(PublicationId, Cause)> {
        absences.lasting(Ms(at)).collect()
    }

    #[test]
    fn what_lasts_is_told_with_the_cause_it_has_now() {
        let mut absences = Absences::default();
        absences.update([(ID, Cause::Link)].into_iter(), Ms(0));
        absences.update([(ID, Cause::Link), (OTHER, Cause::Lanes)].into_iter(), Ms(1_000));
        assert_eq!(told(&absences, LASTS_MS - 1), []);
        assert_eq!(told(&absences, LASTS_MS), [(ID, Cause::Link)]);
        absences.update([(ID, Cause::Node), (OTHER, Cause::Node)].into_iter(), Ms(2_000));
        assert_eq!(told(&absences, 2_600), [(ID, Cause::Node), (OTHER, Cause::Node)], "it is absent all the same");
    }

    #[test]
    fn whichever_came_begins_anew() {
        let mut absences = Absences::default();
        absences.update([(ID, Cause::Link)].into_iter(), Ms(0));
        absences.update([].into_iter(), Ms(1_400));
        absences.update([(ID, Cause::Link)].into_iter(), Ms(1_500));
        assert_eq!(told(&absences, 2_900), []);
        assert_eq!(told(&absences, 3_000), [(ID, Cause::Link)]);
    }
}
