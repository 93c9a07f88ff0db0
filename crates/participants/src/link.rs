//! A direct connection to one peer, as web/src/media/connect/link.ts makes it: four lanes that are negotiated once, both
//! ways, and a channel that both know of without a word.
//!
//! Lanes are made by the impolite side's first offer alone. Later offers may come from either and may cross: then the
//! polite side gives way. Absent on purpose: when to try again. That is peer.rs.

use std::io;
use std::net::IpAddr;
use std::task::{Context, Poll};
use std::time::Instant;

use str0m::change::{SdpAnswer, SdpOffer, SdpPendingOffer};
use str0m::channel::{ChannelConfig, ChannelId};
use str0m::format::Codec;
use str0m::media::{Direction, MediaKind, Mid};
use str0m::rtp::RtpPacket;
use str0m::{Candidate, Event, IceConnectionState};

use crate::signal::{Control, Description, Kind};
use crate::transport::{Outgoing, Transport, media_sections};
use crate::voice::Spoken;

/// In the order of a description's sections.
const LANES: [MediaKind; 4] = [MediaKind::Audio, MediaKind::Video, MediaKind::Video, MediaKind::Audio];
const MICROPHONE: usize = 0;
const CAMERA: usize = 1;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkState {
    Connecting,
    Connected,
    Disconnected,
}

/// What happened.
#[derive(Debug)]
pub enum LinkEvent {
    State,
    Describe(Description),
    Open,
    Control(Control),
    /// Of the microphone's lane.
    Voice(RtpPacket),
    /// Of the camera's, or the screen's.
    Picture(RtpPacket),
    KeyFrame,
}

pub struct Link {
    transport: Transport,
    is_polite: bool,
    /// The other side answered, or was answered, and when that last happened.
    pub answered_at: Option<Instant>,
    pub made_at: Instant,
    offers: u64,
    pending: Option<SdpPendingOffer>,
    channel: Option<ChannelId>,
    is_open: bool,
    lanes: Vec<Mid>,
    /// The first frame of the voice that went this way.
    first: Option<u32>,
    state: LinkState,
    is_secure: bool,
    ice: IceConnectionState,
    happened: Vec<Event>,
}

impl Link {
    pub fn open(ip: IpAddr, is_polite: bool, now: Instant) -> io::Result<Self> {
        Ok(Self {
            transport: Transport::open(ip, now)?,
            is_polite,
            answered_at: None,
            made_at: now,
            offers: 0,
            pending: None,
            channel: None,
            is_open: false,
            lanes: Vec::new(),
            first: None,
            state: LinkState::Connecting,
            is_secure: false,
            ice: IceConnectionState::New,
            happened: Vec::new(),
        })
    }

    pub fn state(&self) -> LinkState {
        self.state
    }

    pub fn due(&self) -> Instant {
        self.transport.due()
    }

    pub fn poll_readable(&self, context: &mut Context<'_>) -> Poll<()> {
        self.transport.poll_readable(context)
    }

    /// Datagrams that came.
    pub fn received(&self) -> u64 {
        self.transport.received
    }

    pub fn run(&mut self, now: Instant, out: &mut Vec<LinkEvent>) {
        let mut happened = std::mem::take(&mut self.happened);
        self.transport.run(now, &mut happened);
        for event in happened.drain(..) {
            self.handle(event, out);
        }
        self.happened = happened;
    }

    // ---- descriptions ------------------------------------------------------------------------------------------------

    /// With `restart` both sides look for their addresses anew.
    pub fn offer(&mut self, restart: bool, now: Instant, out: &mut Vec<LinkEvent>) {
        let mut api = self.transport.rtc.sdp_api();
        let is_first = self.answered_at.is_none();
        if is_first {
            for kind in LANES {
                let stream = Some("self".to_owned());
                api.add_media(kind, Direction::SendRecv, stream, None, None);
            }
            self.channel = Some(api.add_channel_with_config(control_channel()));
        }
        if restart && !is_first {
            api.ice_restart(true);
        }
        let Some((offer, pending)) = api.apply() else { return };
        let sdp = offer.to_sdp_string();
        if is_first {
            self.lanes = media_sections(&sdp);
        }
        self.pending = Some(pending);
        self.offers += 1;
        out.push(LinkEvent::Describe(Description { kind: Kind::Offer, number: self.offers, sdp }));
        self.settle(now, out);
    }

    pub fn receive(
        &mut self,
        description: Option<Description>,
        candidates: &[String],
        now: Instant,
        out: &mut Vec<LinkEvent>,
    ) {
        match description {
            Some(offer) if offer.kind == Kind::Offer => self.answer(&offer, now, out),
            Some(answer) => self.accept(&answer, now),
            None => {}
        }
        for candidate in candidates {
            // Those with a name instead of an address, or of a kind that is not spoken here, are left out: the other side
            // checks our address too, and is known by that.
            if let Ok(candidate) = Candidate::from_sdp_string(candidate) {
                self.transport.rtc.add_remote_candidate(candidate);
            }
        }
        self.settle(now, out);
    }

    fn answer(&mut self, offer: &Description, now: Instant, out: &mut Vec<LinkEvent>) {
        if self.pending.is_some() && !self.is_polite {
            // The other side gives way; but it may be that our offer was lost, so it is made again.
            self.offer(true, now, out);
            return;
        }
        self.pending = None;
        let Ok(read) = SdpOffer::from_sdp_string(&offer.sdp) else { return };
        let Ok(answer) = self.transport.rtc.sdp_api().accept_offer(read) else { return };
        if self.lanes.is_empty() {
            self.lanes = media_sections(&offer.sdp);
        }
        if self.channel.is_none() {
            self.channel = Some(self.transport.rtc.direct_api().create_data_channel(control_channel()));
        }
        self.answered_at = Some(now);
        let description = Description { kind: Kind::Answer, number: offer.number, sdp: answer.to_sdp_string() };
        out.push(LinkEvent::Describe(description));
    }

    fn accept(&mut self, answer: &Description, now: Instant) {
        if answer.number != self.offers {
            return;
        }
        let Some(pending) = self.pending.take() else { return };
        let Ok(read) = SdpAnswer::from_sdp_string(&answer.sdp) else { return };
        if self.transport.rtc.sdp_api().accept_answer(pending, read).is_ok() {
            self.answered_at = Some(now);
        }
    }

    // ---- what is sent ------------------------------------------------------------------------------------------------

    /// False: nobody can be told yet.
    pub fn say(&mut self, message: &Control, now: Instant, out: &mut Vec<LinkEvent>) -> bool {
        let Some(mut channel) = self.channel.filter(|_| self.is_open).and_then(|id| self.transport.rtc.channel(id))
        else {
            return false;
        };
        let is_said = channel.write(false, message.write().as_bytes()).unwrap_or(false);
        self.settle(now, out);
        is_said
    }

    pub fn speak(&mut self, spoken: Spoken<'_>, now: Instant) {
        let Some(&mid) = self.lanes.get(MICROPHONE).filter(|_| self.is_secure) else { return };
        let first = *self.first.get_or_insert(spoken.number);
        self.transport.send(now, Outgoing::voice(mid, first, spoken), &mut self.happened);
    }

    pub fn show(&mut self, packet: crate::picture::Packet, timestamp: u32, now: Instant) {
        let Some(&mid) = self.lanes.get(CAMERA).filter(|_| self.is_secure) else { return };
        let outgoing = Outgoing {
            mid,
            rid: None,
            codec: Codec::Vp8,
            sequence: packet.sequence,
            timestamp,
            level: None,
            is_last: packet.is_last,
            payload: packet.payload,
        };
        self.transport.send(now, outgoing, &mut self.happened);
    }

    // ---- what happened -----------------------------------------------------------------------------------------------

    fn settle(&mut self, now: Instant, out: &mut Vec<LinkEvent>) {
        let mut happened = std::mem::take(&mut self.happened);
        self.transport.settle(now, &mut happened);
        for event in happened.drain(..) {
            self.handle(event, out);
        }
        self.happened = happened;
    }

    fn handle(&mut self, event: Event, out: &mut Vec<LinkEvent>) {
        match event {
            Event::Connected => {
                self.is_secure = true;
                self.judge(out);
            }
            Event::IceConnectionStateChange(state) => {
                self.ice = state;
                self.judge(out);
            }
            Event::ChannelOpen(id, _) if Some(id) == self.channel => {
                self.is_open = true;
                out.push(LinkEvent::Open);
            }
            Event::ChannelData(data) => {
                if let Some(message) = Control::read(&data.data) {
                    out.push(LinkEvent::Control(message));
                }
            }
            Event::KeyframeRequest(_) => out.push(LinkEvent::KeyFrame),
            Event::RtpPacket(packet) => self.sort(packet, out),
            _ => {}
        }
    }

    fn sort(&mut self, packet: RtpPacket, out: &mut Vec<LinkEvent>) {
        let mut direct = self.transport.rtc.direct_api();
        let Some(mid) = direct.stream_rx(&packet.header.ssrc).map(|stream| stream.mid()) else { return };
        match self.lanes.iter().position(|lane| *lane == mid) {
            Some(MICROPHONE) => out.push(LinkEvent::Voice(packet)),
            Some(lane) if LANES.get(lane) == Some(&MediaKind::Video) => out.push(LinkEvent::Picture(packet)),
            _ => {}
        }
    }

    fn judge(&mut self, out: &mut Vec<LinkEvent>) {
        let state = match self.ice {
            IceConnectionState::Disconnected => LinkState::Disconnected,
            IceConnectionState::Connected | IceConnectionState::Completed if self.is_secure => LinkState::Connected,
            _ if self.is_secure => LinkState::Disconnected,
            _ => LinkState::Connecting,
        };
        if state != self.state {
            self.state = state;
            out.push(LinkEvent::State);
        }
    }
}

fn control_channel() -> ChannelConfig {
    ChannelConfig { label: "control".into(), negotiated: Some(0), ..ChannelConfig::default() }
}
