//! Who comes, and who goes: offers answered for those who have a grant, and farewells.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Instant;

use earshot_protocol::fleet::{ByeReason, SDP_BYTES_MAX, ToParticipant};
use str0m::change::SdpOffer;
use str0m::{Candidate, IceCreds, Rtc};

use super::config::{FAREWELL, MEDIA_LINES_MAX};
use super::connection::Connection;
use super::participant::{Admission, Leave, Participant, State};
use super::secrets;
use super::sending::Sending;
use super::slab::Key;
use super::timers::Timer;
use super::{Node, ParticipantRef, Refusal};
use crate::room::ParticipantId;

impl Node {
    /// Lets in whoever has a grant, and answers its offer.
    pub fn join(&mut self, now: Instant, admission: Admission, offer: &str) -> Result<String, Refusal> {
        if offer.len() > SDP_BYTES_MAX {
            return Err(Refusal::TooLarge);
        }
        if offer.lines().filter(|line| line.starts_with("m=")).count() > MEDIA_LINES_MAX {
            return Err(Refusal::BadOffer);
        }
        let room = self.room(&admission.space, admission.room, now).ok_or(Refusal::Full)?;
        let place = self.rooms.get(room).ok_or(Refusal::Full)?;
        if !place.admits(admission.session) {
            return Err(Refusal::NotInRoom);
        }
        let replaced = place.members.get(&admission.session).copied();
        let is_full = place.members.len() >= self.config.room_participants_max
            || self.participants.len() + self.elsewhere >= self.config.participants_max;
        if is_full && replaced.is_none() {
            return Err(Refusal::Full);
        }
        let session = admission.session;
        let (key, answer) = self.connect(now, admission, room, offer)?;
        if let Some(replaced) = replaced {
            self.leave(replaced, Leave::Told(ByeReason::Replaced), now);
        }
        let place = self.rooms.get_mut(room).ok_or(Refusal::Full)?;
        if place.decisions.join(ParticipantId(session), 0, 0).is_err() {
            self.forget(key);
            return Err(Refusal::Full);
        }
        place.members.insert(session, key);
        place.used_at = now;
        self.counters.joins += 1;
        self.start_ticking(room, now);
        self.settle(now);
        Ok(answer)
    }

    fn connect(
        &mut self,
        now: Instant,
        admission: Admission,
        room: Key,
        offer: &str,
    ) -> Result<(Key, String), Refusal> {
        let ufrag = self.new_fragment();
        let creds = IceCreds { ufrag: ufrag.clone(), pass: IceCreds::new().pass };
        let is_paced = gets_pictures(offer);
        let mut setup = Rtc::builder()
            .clear_codecs()
            .enable_opus(true, true)
            .enable_vp8(true)
            .set_crypto_provider(Arc::clone(&self.crypto))
            .set_ice_lite(true)
            .set_rtp_mode(true)
            .set_local_ice_credentials(creds);
        if let Some(certificate) = &self.certificate {
            setup = setup.set_dtls_cert(certificate.clone());
        }
        // Offers come from anybody who has a grant: reading one may panic, too.
        let candidates = self.candidates();
        let built = catch_unwind(AssertUnwindSafe(|| {
            let (mut rtc, handed) = secrets::listen(|| setup.build(now));
            for candidate in candidates {
                rtc.add_local_candidate(candidate);
            }
            let offer = SdpOffer::from_sdp_string(offer).ok()?;
            let answer = rtc.sdp_api().accept_offer(offer).ok()?;
            Some((rtc, handed, answer.to_sdp_string()))
        }));
        let (rtc, handed, answer) =
            built.inspect_err(|_| self.counters.panics += 1).ok().flatten().ok_or(Refusal::BadOffer)?;
        // Voices alone are sent whatever the link takes.
        let sending = Sending::new(Arc::clone(&self.crypto), handed, is_paced);
        let epoch = self.started;
        let connection = |key| Connection::new(rtc, sending, key, epoch, now);
        let key =
            self.participants.insert_with(|key| Participant::new(connection(key), admission, room, ufrag.clone(), now));
        self.ufrags.insert(ufrag, key);
        self.touch(key, now, |participant, outcome| participant.connection.pass_time(outcome, now));
        Ok((key, answer))
    }

    fn candidates(&self) -> Vec<Candidate> {
        let udp = self.config.udp.iter().filter_map(|&at| Candidate::host(at, "udp").ok());
        let tcp =
            self.config.tcp.iter().filter_map(|&at| {
                Candidate::builder().tcp().host(at).tcptype(str0m::net::TcpType::Passive).build().ok()
            });
        udp.chain(tcp).collect()
    }

    /// Never the same twice, begins with the shard's letter, and is not to be guessed.
    fn new_fragment(&mut self) -> String {
        self.last_fragment = self.last_fragment.wrapping_add(1);
        let shard = char::from(b'a' + self.config.shard % 26);
        format!("{shard}{:x}{}", self.last_fragment, IceCreds::new().ufrag)
    }

    /// A newer grant of a participant was checked.
    pub fn renew(&mut self, participant: ParticipantRef, admission: Admission) -> bool {
        let Some(one) = self.participants.get_mut(participant.0) else { return false };
        let own = &one.admission;
        let is_same = (&own.space, own.room, own.session) == (&admission.space, admission.room, admission.session);
        if is_same && admission.expires_at > own.expires_at {
            one.admission = admission;
        }
        is_same
    }

    /// The node ends: whoever is still here is told.
    pub fn dismiss_all(&mut self, now: Instant) {
        for key in self.participants.iter().map(|(key, _)| key).collect::<Vec<_>>() {
            self.leave(key, Leave::Told(ByeReason::Draining), now);
        }
        self.settle(now);
    }

    /// Takes somebody out of its room at once; the connection lasts until the words of farewell had time to arrive.
    pub(super) fn leave(&mut self, key: Key, how: Leave, now: Instant) {
        let Some(participant) = self.participants.get_mut(key) else { return };
        if participant.is_leaving() {
            return;
        }
        let (room, session) = (participant.room, participant.admission.session);
        for source in &mut participant.lanes.sources {
            source.publication = None;
        }
        let can_be_told = participant.channel.is_some() && participant.state == State::Connected;
        let told = match how {
            Leave::Told(reason) if can_be_told => Some(reason),
            Leave::Told(_) | Leave::Untold => None,
        };
        participant.state = State::Leaving;
        if let Some(room) = self.rooms.get_mut(room)
            && room.members.get(&session) == Some(&key)
        {
            room.members.remove(&session);
            room.decisions.leave(ParticipantId(session));
            room.used_at = now;
        }
        match told {
            Some(reason) => {
                self.touch(key, now, |participant, outcome| participant.say(outcome, &ToParticipant::Bye { reason }));
                self.timers.set(now + FAREWELL, Timer::Farewell(key));
            }
            None => self.forget(key),
        }
        self.say_slots_of(room, now);
    }

    pub(super) fn end_farewell(&mut self, key: Key, now: Instant) {
        self.touch(key, now, |participant, outcome| participant.connection.change(outcome, |rtc| rtc.close()));
        self.forget(key);
    }

    /// The connection itself ends.
    pub(super) fn forget(&mut self, key: Key) {
        let Some(participant) = self.participants.remove(key) else { return };
        self.ufrags.remove(&participant.ufrag);
        for address in &participant.addresses {
            self.addresses.remove(address);
        }
        participant.connection.discard();
    }

    /// Something in a participant broke. It is told if that still can be done, and nobody else notices.
    pub(super) fn fail(&mut self, key: Key, now: Instant) {
        if let Some(participant) = self.participants.get_mut(key) {
            let bye = ToParticipant::Bye { reason: ByeReason::Failed };
            let _ = participant.say(&mut self.outcome, &bye);
        }
        self.leave(key, Leave::Untold, now);
        self.forget(key);
    }
}

/// Whether an offer has a line to receive pictures on.
fn gets_pictures(offer: &str) -> bool {
    offer.split("\nm=").any(|line| {
        let is_meant = |line: &str| matches!(line.trim_end(), "a=recvonly" | "a=sendrecv");
        line.starts_with("video") && line.split('\n').any(is_meant)
    })
}
