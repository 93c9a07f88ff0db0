//! Presence: the status one wished for and whether one is away, said again where the connection was gone meanwhile.

use earshot_protocol::{ClientToSpace, SessionId, Status};

use super::Client;

/// What was wished for since this client runs; none where the space still has it from before.
#[derive(Debug, Default)]
pub(super) struct Presence {
    status: Option<Status>,
    away: Option<bool>,
}

impl Client {
    pub(super) fn wish_status(&mut self, status: Status) {
        self.presence.status = Some(status);
        self.send(&ClientToSpace::Status(status));
    }

    pub(super) fn wish_away(&mut self, away: bool) {
        self.presence.away = Some(away);
        self.send(&ClientToSpace::Away(away));
    }

    /// After a welcome. What others are shown hides whether one is away behind any status but available, and shows as away
    /// what may be either: where it leaves a doubt, it is said, and a space that knows it already takes no notice.
    pub(super) fn wish_again(&mut self, own: SessionId) {
        let Some(shown) = self.people.get(&own).map(|own| own.person.status) else { return };
        let Presence { status, away } = self.presence;
        if let Some(status) = status.filter(|&status| status != shown || shown == Status::Away) {
            self.send(&ClientToSpace::Status(status));
        }
        if let Some(away) = away.filter(|&away| away || shown != Status::Available) {
            self.send(&ClientToSpace::Away(away));
        }
    }
}
