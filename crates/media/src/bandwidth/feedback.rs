//! What arrived, as the receiver writes it down: the RTCP packet of draft-holmer-rmcat-transport-wide-cc-extensions-01, section 3.1.

use std::fmt;

/// Of one packet, at most so many statuses are looked at: a receiver reports every 50 to 250 ms, and that is 8 Mbit/s for a second.
pub(super) const STATUSES_MAX: usize = 1_000;
/// Version 2, and FMT 15 in the lower five bits; bit 5 says that there is padding.
const VERSION_AND_FORMAT: u8 = 0x8f;
const PADDED: u8 = 0x20;
/// RTPFB, RFC 4585 section 6.1.
const PACKET_TYPE: u8 = 205;
/// Unit of the arrival times, in microseconds.
const TICK_US: i64 = 250;

/// Why a report was left alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadFeedback {
    /// Another kind of packet.
    NotFeedback,
    /// It ends before all that it announces.
    Truncated,
    /// A status that has no meaning.
    ReservedStatus,
}

impl fmt::Display for BadFeedback {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::NotFeedback => "not a transport-wide feedback packet",
            Self::Truncated => "the feedback ends too early",
            Self::ReservedStatus => "the feedback has a reserved packet status",
        })
    }
}

impl std::error::Error for BadFeedback {}

/// One report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Feedback {
    /// Number of the packet that the first status is about; the others follow it.
    pub(super) first: u16,
    /// Where its arrival times begin: 24 bits, in units of 64 ms on the receiver's clock.
    pub(super) reference: u32,
    /// When each arrived, in microseconds after the reference; none: it did not.
    pub(super) arrivals: Vec<Option<i64>>,
}

pub(super) fn parse(packet: &[u8]) -> Result<Feedback, BadFeedback> {
    let mut reader = Reader(packet);
    let [flags, kind, words @ ..] = reader.take::<4>()?;
    if flags & !PADDED != VERSION_AND_FORMAT || kind != PACKET_TYPE {
        return Err(BadFeedback::NotFeedback);
    }
    let body = reader.0.get(..usize::from(u16::from_be_bytes(words)) * 4).ok_or(BadFeedback::Truncated)?;
    let padding = if flags & PADDED == 0 { 0 } else { body.last().map_or(0, |&bytes| usize::from(bytes)) };
    let mut reader = Reader(body.len().checked_sub(padding).and_then(|end| body.get(..end)).unwrap_or_default());
    let _ssrcs = reader.take::<8>()?;
    let first = u16::from_be_bytes(reader.take()?);
    let count = u16::from_be_bytes(reader.take()?);
    let [high, middle, low, _report] = reader.take::<4>()?;
    let statuses = statuses(&mut reader, usize::from(count))?;
    let arrivals = arrivals(&mut reader, &statuses)?;
    Ok(Feedback { first, reference: u32::from_be_bytes([0, high, middle, low]), arrivals })
}

/// The first of the statuses, with all of the chunks read: 0 did not arrive, 1 with a small delta, 2 with a large one, 3 reserved.
fn statuses(reader: &mut Reader, count: usize) -> Result<Vec<u8>, BadFeedback> {
    let mut statuses = Vec::with_capacity(count.min(STATUSES_MAX));
    let mut left = count;
    while left > 0 {
        let chunk = u16::from_be_bytes(reader.take()?);
        let before = left;
        let mut put = |status: u16, times: usize| {
            let times = times.min(left);
            left -= times;
            let room = STATUSES_MAX - statuses.len();
            statuses.extend(std::iter::repeat_n(status as u8 & 3, times.min(room)));
        };
        match chunk >> 14 {
            0 | 1 => put(chunk >> 13, usize::from(chunk & 0x1fff)),
            2 => (0..14).rev().for_each(|bit| put(chunk >> bit & 1, 1)),
            _ => (0..7).rev().for_each(|pair| put(chunk >> (2 * pair), 1)),
        }
        if left == before {
            // A run of none: lawful for nobody, and it would make the work per status unbounded.
            return Err(BadFeedback::ReservedStatus);
        }
    }
    Ok(statuses)
}

fn arrivals(reader: &mut Reader, statuses: &[u8]) -> Result<Vec<Option<i64>>, BadFeedback> {
    let mut ticks = 0_i64;
    let arrival = |&status: &u8| {
        ticks += match status {
            0 => return Ok(None),
            1 => i64::from(u8::from_be_bytes(reader.take()?)),
            2 => i64::from(i16::from_be_bytes(reader.take()?)),
            _ => return Err(BadFeedback::ReservedStatus),
        };
        Ok(Some(ticks * TICK_US))
    };
    statuses.iter().map(arrival).collect()
}

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], BadFeedback> {
        let (bytes, rest) = self.0.split_first_chunk::<N>().ok_or(BadFeedback::Truncated)?;
        self.0 = rest;
        Ok(*bytes)
    }
}
