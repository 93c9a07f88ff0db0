//! All media that goes out to one receiver: numbered, paced, sealed, kept for a while, and reported of.
//!
//! str0m has the rest of the connection: connectivity checks, handshakes, what is received, and words. It could send as well, but looks at all of
//! a connection's streams for each packet; a node sends many times what it receives. So nothing is left to str0m that a node does for each
//! packet and receiver, and it knows of no stream that is sent on.
//!
//! Under one key no number may be sealed twice: whoever had both could forge. So numbers are kept count of ([`Sent`](super::srtp::Sent)), and what
//! is asked for again goes out on a stream of its own, with new numbers (RFC 4588).

mod header;
mod line;
mod way;

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use str0m::config::CryptoProvider;
use str0m::net::Transmit;

use self::header::Header;
pub use self::header::{ELEMENT_ID_MAX, ElementIds};
use self::line::Line;
pub use self::line::{LineConfig, Outgoing};
use self::way::Way;
use super::config::{ESTIMATE_BITS_PER_S, RESEND_SHARE_PERCENT, WAIT_MAX};
use super::outbox::{Outbox, Path};
use super::secrets::Handed;
use super::srtp::{Opener, Sealer};
use crate::bandwidth::{Bandwidth, Purpose};
use crate::pacer::Pacer;
use crate::rtcp::{Feedback, read};

/// Before what is sent again: the number it had (RFC 4588, section 4).
const OLD_NUMBER_BYTES: usize = 2;
/// Reports go out so often: sound and picture are brought together by them.
const REPORT_EVERY: Duration = Duration::from_secs(1);
/// Until a round trip was measured.
const ROUND_TRIP: Duration = Duration::from_millis(100);
/// A packet is not sent again twice within this, however near the receiver is.
const RESEND_AGAIN_MIN: Duration = Duration::from_millis(10);
/// Packets that wait to be sent again.
const RESENDS_MAX: usize = 256;
/// Pictures' packets that wait: what comes on top is dropped.
const WAITING_MAX: usize = 1_024;
/// What still waits of somebody who is not wanted any more goes out within this: it may be that it is not heard any more soon, and then nobody asks.
const END_MAX: Duration = Duration::from_millis(250);
/// In one compound packet: reports on what came, and numbers of what did not. A browser has one of the first, and tens of the others.
const TRANSPORT_REPORTS_MAX: usize = 4;
const LOST_MAX: usize = 1_024;
/// Packets in one go.
const PACKETS_MAX: usize = 512;
/// Padding of its own, where nothing that was sent can be sent again (RFC 3550, section 5.1: its last byte says how much it is).
const PADDING_BYTES: u8 = 224;
/// What is smaller is not worth sending again for its size.
const FILLER_BYTES_MIN: usize = 200;
/// An estimate that differs by less, in hundredths, is no news.
const NEWS_PERCENT: u64 = 2;

/// What a receiver said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// A picture on this line cannot go on without a key frame.
    Lost { line: usize },
    /// What its link takes, as it was found out here, or said by the receiver itself.
    Estimate { bits_per_s: u64, is_own: bool },
}

struct Waiting {
    outgoing: Outgoing,
    since: Duration,
    /// It ends: what is in the line is another's already. After this it does not go out any more.
    until: Option<Duration>,
}

pub struct Sending {
    crypto: Arc<CryptoProvider>,
    handed: Handed,
    keys: Option<(Sealer, Opener)>,
    way: Way,
    lines: Vec<Line>,
    /// Where pictures go; voices alone are sent whatever the link takes.
    bandwidth: Option<Bandwidth>,
    pacer: Pacer,
    /// What was handed over since the last go.
    fresh: VecDeque<Outgoing>,
    /// Pictures that wait for their turn.
    waiting: VecDeque<Waiting>,
    resends: VecDeque<(usize, u64)>,
    share: Share,
    report_at: Option<Duration>,
    told_bits_per_s: u64,
    /// The line of the last picture.
    last_line: Option<usize>,
    scratch: Vec<u8>,
}

impl Sending {
    pub fn new(crypto: Arc<CryptoProvider>, handed: Handed, is_paced: bool) -> Self {
        Self {
            crypto,
            handed,
            keys: None,
            way: Way::default(),
            lines: Vec::new(),
            bandwidth: is_paced.then(|| Bandwidth::new(ESTIMATE_BITS_PER_S)),
            pacer: Pacer::default(),
            fresh: VecDeque::new(),
            waiting: VecDeque::new(),
            resends: VecDeque::new(),
            share: Share::default(),
            report_at: None,
            told_bits_per_s: 0,
            last_line: None,
            scratch: Vec::new(),
        }
    }

    // ---- lines ---------------------------------------------------------------------------------------------------

    pub fn lines(&self) -> usize {
        self.lines.len()
    }

    /// A line more. Its place among them is how many there were.
    pub fn add(&mut self, config: LineConfig) {
        if config.is_picture && config.ids.transport.is_none() {
            // A receiver that does not say what came: it may reckon itself what its link takes, and nothing is paced.
            self.bandwidth = None;
        }
        self.lines.push(Line::new(config));
    }

    /// Whether voices are among what the link is estimated from.
    pub fn numbers_voices(&self) -> bool {
        self.lines.iter().filter(|line| !line.config.is_picture).all(|line| line.config.ids.transport.is_some())
    }

    /// What is in a line is somebody else's from here on, and nothing of the one before is sent again. What waits still goes out only where that
    /// `may_end`: without a gap, a receiver has nothing to ask for.
    pub fn clear(&mut self, at: Duration, line: usize, may_end: bool) {
        if may_end {
            for waiting in self.waiting.iter_mut().filter(|waiting| waiting.outgoing.line == line) {
                waiting.until.get_or_insert(at + END_MAX);
            }
        } else {
            self.waiting.retain(|waiting| waiting.outgoing.line != line);
        }
        self.fresh.retain(|outgoing| outgoing.line != line);
        self.resends.retain(|(one, _)| *one != line);
        if let Some(line) = self.lines.get_mut(line) {
            line.forget_kept();
        }
    }

    /// What is to be strived for on the link: see [`Bandwidth::strive`].
    pub fn strive(&mut self, at: Duration, minimum_bits_per_s: u64, desired_bits_per_s: u64) {
        if let Some(bandwidth) = &mut self.bandwidth {
            bandwidth.strive(at, minimum_bits_per_s, desired_bits_per_s);
        }
    }

    // ---- what comes ----------------------------------------------------------------------------------------------

    /// str0m sent something.
    pub fn saw(&mut self, transmit: &Transmit) {
        self.way.saw(transmit);
    }

    /// The other side no longer answers.
    pub fn lose_way(&mut self) {
        self.way = Way::default();
    }

    /// A datagram came. Whether the way may be another now: something that str0m sends shows it.
    pub fn may_have_moved(&self, from: SocketAddr, contents: &[u8]) -> bool {
        self.way.may_have_moved(from, contents)
    }

    /// Reports of the receiver, if these are any. Whether something is to go out now.
    pub fn handle_reports(&mut self, at: Duration, contents: &[u8], mut tell: impl FnMut(Heard)) -> bool {
        if !is_reports(contents) || self.keys().is_none() {
            return false;
        }
        let Some(compound) = self.keys.as_mut().and_then(|(_, opener)| opener.open_rtcp(contents)) else {
            return false;
        };
        let (mut broken, mut lost_left, mut reports_left) = (0_u64, LOST_MAX, TRANSPORT_REPORTS_MAX);
        for feedback in read(&compound) {
            match feedback {
                Feedback::Nack { ssrc, lost } => self.handle_lost(at, ssrc, lost, &mut lost_left),
                Feedback::KeyFrame { ssrc } => {
                    let line = self.lines.iter().position(|line| line.config.ssrc == ssrc);
                    broken |= line.and_then(|line| 1_u64.checked_shl(u32::try_from(line).ok()?)).unwrap_or(0);
                }
                Feedback::Estimate { bits_per_s } => tell(Heard::Estimate { bits_per_s, is_own: false }),
                Feedback::Transport(packet) => {
                    if let Some(bandwidth) = &mut self.bandwidth
                        && reports_left > 0
                    {
                        reports_left -= 1;
                        // One that cannot be read changes nothing.
                        let _ = bandwidth.handle_feedback(at, packet);
                    }
                }
                Feedback::Report { .. } => {}
            }
        }
        // Each once, however often it was said.
        (0..self.lines.len().min(64))
            .filter(|line| broken >> line & 1 == 1)
            .for_each(|line| tell(Heard::Lost { line }));
        self.tell_estimate(&mut tell);
        !self.resends.is_empty()
            || self.bandwidth.as_ref().is_some_and(|bandwidth| bandwidth.probe_bits_per_s().is_some())
    }

    fn handle_lost(&mut self, at: Duration, ssrc: u32, lost: impl Iterator<Item = u16>, left: &mut usize) {
        let round_trip = self.bandwidth.as_ref().and_then(Bandwidth::round_trip).unwrap_or(ROUND_TRIP);
        let Some(index) = self.lines.iter().position(|line| line.config.ssrc == ssrc) else { return };
        let Some(line) = self.lines.get_mut(index) else { return };
        for number in lost {
            if self.resends.len() >= RESENDS_MAX || *left == 0 {
                return;
            }
            *left -= 1;
            if let Some(seq) = line.asked(number, at, round_trip.max(RESEND_AGAIN_MIN)) {
                self.resends.push_back((index, seq));
            }
        }
    }

    fn tell_estimate(&mut self, tell: &mut impl FnMut(Heard)) {
        let Some(bandwidth) = &self.bandwidth else { return };
        let bits_per_s = bandwidth.bits_per_s();
        if bits_per_s.abs_diff(self.told_bits_per_s) * 100 > self.told_bits_per_s * NEWS_PERCENT {
            self.told_bits_per_s = bits_per_s;
            tell(Heard::Estimate { bits_per_s, is_own: true });
        }
    }

    // ---- what goes -----------------------------------------------------------------------------------------------

    /// It goes out with the next [`Sending::pass_time`].
    pub fn enqueue(&mut self, outgoing: Outgoing) {
        self.fresh.push_back(outgoing);
    }

    /// Sends what may go now, and says when to be called again.
    pub fn pass_time(&mut self, at: Duration, outbox: &mut Outbox, mut tell: impl FnMut(Heard)) -> Option<Duration> {
        if self.fresh.is_empty() && self.is_idle() {
            return None;
        }
        if self.keys().is_none() || self.way.path().is_none() {
            self.drop_all(outbox);
            return None;
        }
        if let Some(bandwidth) = &mut self.bandwidth {
            bandwidth.handle_timeout(at);
        }
        self.tell_estimate(&mut tell);
        self.advance(at);
        self.take_fresh(at, outbox, &mut tell);
        let has_more = !self.send_paced(at, outbox);
        self.send_reports(at, outbox);
        // What went out at one go is not held against what comes later beyond bounds.
        self.advance(at);
        self.pacer.wait(self.paced_due());
        if has_more { Some(at) } else { self.due() }
    }

    fn drop_all(&mut self, outbox: &mut Outbox) {
        let waiting = self.waiting.drain(..).map(|waiting| waiting.outgoing);
        for outgoing in self.fresh.drain(..).chain(waiting) {
            outbox.dropped += 1;
            if let Some(line) = self.lines.get_mut(outgoing.line) {
                line.is_broken = true;
            }
        }
        self.resends.clear();
    }

    fn is_idle(&self) -> bool {
        self.waiting.is_empty() && self.resends.is_empty() && self.due().is_none()
    }

    fn due(&self) -> Option<Duration> {
        let bandwidth = self.bandwidth.as_ref().and_then(Bandwidth::due);
        [bandwidth, self.paced_due(), self.report_at].into_iter().flatten().min()
    }

    fn paced_due(&self) -> Option<Duration> {
        let is_waiting = !self.waiting.is_empty() || !self.resends.is_empty();
        (is_waiting || self.padding_line().is_some()).then(|| self.pacer.due(is_waiting)).flatten()
    }

    /// The line that padding goes on: of the last picture, or of any there may be.
    fn padding_line(&self) -> Option<usize> {
        let has_stream = |index: &usize| self.lines.get(*index).is_some_and(|line| line.config.rtx.is_some());
        self.last_line.filter(has_stream).or_else(|| (0..self.lines.len()).find(has_stream))
    }

    fn advance(&mut self, at: Duration) {
        if let Some(bandwidth) = &self.bandwidth {
            let (pacing, padding) = (bandwidth.pacing_bits_per_s(), bandwidth.padding_bits_per_s());
            self.pacer.advance(at, pacing, padding, bandwidth.probe_bits_per_s().is_some());
        }
    }

    /// Voices go at once; pictures line up.
    fn take_fresh(&mut self, at: Duration, outbox: &mut Outbox, tell: &mut impl FnMut(Heard)) {
        while let Some(outgoing) = self.fresh.pop_front() {
            let is_stuck = self.is_stuck(outgoing.line, at);
            let Some(line) = self.lines.get_mut(outgoing.line) else { continue };
            if !line.admits(outgoing.seq) {
                outbox.repeated += 1;
            } else if !line.config.is_picture {
                self.send(outgoing, at, outbox, true);
            } else if is_stuck {
                line.is_broken = true;
                outbox.dropped += 1;
            } else {
                if std::mem::take(&mut line.is_broken) {
                    // Otherwise the receiver asks for what is gone, for seconds.
                    tell(Heard::Lost { line: outgoing.line });
                }
                if self.resends.is_empty() && self.waiting.is_empty() && self.may_send() {
                    self.send_picture(outgoing, at, outbox, true);
                } else {
                    self.waiting.push_back(Waiting { outgoing, since: at, until: None });
                }
            }
        }
    }

    /// What was handed over for this line before still waits, and this would come too late.
    fn is_stuck(&self, line: usize, at: Duration) -> bool {
        let first = self.waiting.iter().find(|waiting| waiting.outgoing.line == line);
        first.is_some_and(|first| at.saturating_sub(first.since) > WAIT_MAX) || self.waiting.len() >= WAITING_MAX
    }

    /// What is asked for again goes before what is new, and padding where there is neither. False: there is more.
    fn send_paced(&mut self, at: Duration, outbox: &mut Outbox) -> bool {
        for _ in 0..PACKETS_MAX {
            if !self.may_send() {
                return true;
            }
            if let Some((line, seq)) = self.resends.pop_front() {
                self.resend(line, seq, at, outbox);
                self.end_probe(at);
            } else if let Some(Waiting { outgoing, until, .. }) = self.waiting.pop_front() {
                if until.is_some_and(|until| until <= at) {
                    outbox.dropped += 1;
                    continue;
                }
                self.send_picture(outgoing, at, outbox, until.is_none());
            } else if !self.pacer.may_pad() || !self.pad(at, outbox) {
                return true;
            } else {
                self.end_probe(at);
            }
        }
        false
    }

    fn may_send(&self) -> bool {
        self.bandwidth.is_none() || self.pacer.may_send()
    }

    fn send_picture(&mut self, outgoing: Outgoing, at: Duration, outbox: &mut Outbox, may_return: bool) {
        self.last_line = Some(outgoing.line);
        self.send(outgoing, at, outbox, may_return);
        self.end_probe(at);
    }

    /// A probe is over with its last packet. What else follows from what was sent the pacer is told at the end of the go.
    fn end_probe(&mut self, at: Duration) {
        if self.pacer.is_probing() {
            self.advance(at);
        }
    }

    fn send(&mut self, mut outgoing: Outgoing, at: Duration, outbox: &mut Outbox, may_return: bool) {
        let Some(seq) = self.lines.get_mut(outgoing.line).and_then(|line| line.place(outgoing.seq)) else {
            outbox.dropped += 1;
            return;
        };
        outgoing.seq = seq;
        let is_picture = self.lines.get(outgoing.line).is_some_and(|line| line.config.is_picture);
        let bytes = outgoing.payload.len();
        let transport = self.number(outgoing.line, bytes, Purpose::Media, at);
        let Some(line) = self.lines.get_mut(outgoing.line) else { return };
        let header = line.header(&outgoing, transport);
        let payload = match outgoing.patch {
            Some(patch) => {
                self.scratch.clear();
                self.scratch.extend_from_slice(&outgoing.payload);
                patch.apply(&mut self.scratch);
                &self.scratch[..]
            }
            None => &outgoing.payload[..],
        };
        if let Some((sealer, _)) = &mut self.keys
            && let Some(path) = self.way.path()
            && seal(outbox, path, sealer, &header, payload)
        {
            outbox.sent += 1;
            line.sent(outgoing, at, may_return);
            self.pacer.sent(bytes, is_picture);
            self.share.sent(bytes, at);
            self.report_at.get_or_insert(at + REPORT_EVERY);
        }
    }

    fn resend(&mut self, line: usize, seq: u64, at: Duration, outbox: &mut Outbox) {
        // Where so much is lost, sending it again makes it worse.
        if self.share.is_spent() {
            return;
        }
        if let Some(bytes) = self.send_again(line, seq, Purpose::Media, at, outbox) {
            outbox.resent += 1;
            self.share.resent(bytes, at);
        }
    }

    /// Something is to be sent, whatever it is: the last packet of a picture once more, or else nothing but padding.
    fn pad(&mut self, at: Duration, outbox: &mut Outbox) -> bool {
        let Some(index) = self.padding_line() else { return false };
        let Some(line) = self.lines.get(index) else { return false };
        let last = line.last(at).filter(|last| last.payload.len() >= FILLER_BYTES_MIN).map(|last| last.seq);
        let bytes = match last {
            Some(seq) => self.send_again(index, seq, Purpose::Padding, at, outbox),
            None => self.send_padding(index, at, outbox),
        };
        outbox.padding_bytes += bytes.unwrap_or(0) as u64;
        bytes.is_some()
    }

    /// On the stream for that (RFC 4588, section 4): the number it had, and what it was. How long that is.
    fn send_again(
        &mut self,
        index: usize,
        seq: u64,
        purpose: Purpose,
        at: Duration,
        outbox: &mut Outbox,
    ) -> Option<usize> {
        let kept = self.lines.get_mut(index)?.kept(seq)?;
        let timestamp = kept.timestamp;
        let [.., high, low] = seq.to_be_bytes();
        self.scratch.clear();
        self.scratch.extend([high, low]);
        self.scratch.extend_from_slice(&kept.payload);
        if let (Some(patch), Some(payload)) = (kept.patch, self.scratch.get_mut(OLD_NUMBER_BYTES..)) {
            patch.apply(payload);
        }
        // A receiver takes from it what the header of the packet itself would have said.
        let (marker, orientation) = (kept.marker, kept.orientation);
        let complete = |header| Header { timestamp, marker, orientation, ..header };
        self.send_scratch(index, complete, purpose, at, outbox)
    }

    fn send_padding(&mut self, index: usize, at: Duration, outbox: &mut Outbox) -> Option<usize> {
        self.scratch.clear();
        self.scratch.resize(usize::from(PADDING_BYTES), 0);
        *self.scratch.last_mut()? = PADDING_BYTES;
        self.send_scratch(index, |header| Header { is_padded: true, ..header }, Purpose::Padding, at, outbox)
    }

    fn send_scratch(
        &mut self,
        index: usize,
        complete: impl FnOnce(Header) -> Header,
        purpose: Purpose,
        at: Duration,
        outbox: &mut Outbox,
    ) -> Option<usize> {
        let bytes = self.scratch.len();
        let transport = self.number(index, bytes, purpose, at);
        let header = complete(self.lines.get_mut(index)?.resent_header(0, transport)?);
        let (sealer, path) = (&mut self.keys.as_mut()?.0, self.way.path()?);
        if !seal(outbox, path, sealer, &header, &self.scratch) {
            return None;
        }
        self.pacer.sent(bytes, true);
        Some(bytes)
    }

    /// The number that all packets share whose arrival is reported; none on lines where that was not agreed on.
    fn number(&mut self, line: usize, bytes: usize, purpose: Purpose, at: Duration) -> Option<u16> {
        let is_numbered = self.lines.get(line)?.config.ids.transport.is_some();
        let bandwidth = self.bandwidth.as_mut()?;
        if is_numbered {
            return Some(bandwidth.sent(at, bytes, purpose));
        }
        bandwidth.sent_unnumbered(at, bytes);
        None
    }

    fn send_reports(&mut self, at: Duration, outbox: &mut Outbox) {
        if self.report_at.is_none_or(|due| due > at) {
            return;
        }
        self.report_at = None;
        let mut compound = Vec::new();
        for report in self.lines.iter_mut().filter_map(|line| line.report(at)) {
            report.write(&mut compound);
        }
        if !compound.is_empty()
            && let Some(contents) = self.keys.as_mut().and_then(|(sealer, _)| sealer.seal_rtcp(&compound))
            && let Some(path) = self.way.path()
        {
            outbox.transmits.write(path, |bytes| {
                bytes.extend_from_slice(&contents);
                true
            });
        }
    }

    fn keys(&mut self) -> Option<()> {
        if self.keys.is_none() {
            let secrets = self.handed.take()?;
            self.keys = Sealer::new(&self.crypto, &secrets).zip(Opener::new(&self.crypto, &secrets));
        }
        self.keys.as_ref().map(|_| ())
    }
}

/// Whether it is among what goes out.
fn seal(outbox: &mut Outbox, path: Path, sealer: &mut Sealer, header: &Header, payload: &[u8]) -> bool {
    outbox.transmits.write(path, |bytes| {
        let begin = bytes.len();
        header.write(bytes);
        sealer.seal_rtp(bytes, begin, header.ssrc, header.seq, payload)
    })
}

/// RFC 7983 and RFC 5761, section 4: what is media, and of that the reports.
fn is_reports(contents: &[u8]) -> bool {
    matches!(contents, [128..=191, 192..=223, ..])
}

/// How much of what goes out is sent again, over a second or two.
#[derive(Clone, Copy, Debug, Default)]
struct Share {
    since: Duration,
    /// Bytes sent, and sent again: in this second, and in the one before.
    now: (u64, u64),
    before: (u64, u64),
}

impl Share {
    fn sent(&mut self, bytes: usize, at: Duration) {
        self.turn(at);
        self.now.0 += bytes as u64;
    }

    fn resent(&mut self, bytes: usize, at: Duration) {
        self.turn(at);
        self.now.1 += bytes as u64;
    }

    fn turn(&mut self, at: Duration) {
        const WINDOW: Duration = Duration::from_secs(1);
        let passed = at.saturating_sub(self.since);
        if passed >= WINDOW {
            self.before = if passed >= WINDOW * 2 { (0, 0) } else { self.now };
            (self.now, self.since) = ((0, 0), at);
        }
    }

    fn is_spent(&self) -> bool {
        let (sent, resent) = (self.now.0 + self.before.0, self.now.1 + self.before.1);
        resent * 100 > (sent + resent) * RESEND_SHARE_PERCENT
    }
}
