//! A voice that says who speaks: valid Opus frames of silence, in whose padding stand the speaker, a number and the time.
//!
//! A browser decodes them as 20 ms of silence; a native ear verifies by them whom it hears, what is missing, and how late
//! it came. Absent on purpose: sound. How loud somebody seems stands in a header extension, not in the frame.

use std::time::{SystemTime, UNIX_EPOCH};

/// One frame lasts this long.
pub const FRAME_MS: u64 = 20;
/// In samples at 48 kHz, by which RTP counts them.
pub const FRAME_SAMPLES: u32 = 960;

/// RFC 6716, section 3.1: full band, 20 ms, mono, and code 3: any number of frames.
const TOC: u8 = 31 << 3 | 3;
/// Section 3.2.5: one frame of constant size, and padding after it.
const ONE_PADDED: u8 = 0x40 | 1;
/// A frame that decodes to silence.
const SILENCE: [u8; 2] = [0xff, 0xfe];
/// Tells our padding from another's.
const MARK: [u8; 4] = *b"Ears";
const PADDING: usize = 4 + 4 + 2 + 4 + 8;
const LENGTH: usize = 3 + SILENCE.len() + PADDING;

/// What is said to all at a moment.
#[derive(Clone, Copy, Debug)]
pub struct Spoken<'a> {
    pub number: u32,
    /// Decibels below the loudest.
    pub level: u8,
    pub frame: &'a [u8],
}

/// What stands in a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// The speaker's session.
    pub session: u32,
    /// Grows each time the speaker begins to speak anew.
    pub run: u16,
    /// Of the frame, from one to the next by one; the same on all ways it takes.
    pub number: u32,
    /// When it was said, in microseconds since 1970.
    pub said_us: u64,
}

impl Stamp {
    /// The frame's payload.
    pub fn frame(&self) -> Vec<u8> {
        let mut frame = Vec::with_capacity(LENGTH);
        frame.extend([TOC, ONE_PADDED, PADDING as u8]);
        frame.extend(SILENCE);
        frame.extend(MARK);
        frame.extend(self.session.to_be_bytes());
        frame.extend(self.run.to_be_bytes());
        frame.extend(self.number.to_be_bytes());
        frame.extend(self.said_us.to_be_bytes());
        frame
    }

    /// None where it is somebody's real voice.
    pub fn read(frame: &[u8]) -> Option<Self> {
        if frame.len() != LENGTH || frame.get(..3) != Some(&[TOC, ONE_PADDED, PADDING as u8]) {
            return None;
        }
        let padding = frame.get(3 + SILENCE.len()..)?.strip_prefix(&MARK)?;
        let (session, rest) = padding.split_first_chunk()?;
        let (run, rest) = rest.split_first_chunk()?;
        let (number, rest) = rest.split_first_chunk()?;
        let (said_us, _) = rest.split_first_chunk()?;
        Some(Self {
            session: u32::from_be_bytes(*session),
            run: u16::from_be_bytes(*run),
            number: u32::from_be_bytes(*number),
            said_us: u64::from_be_bytes(*said_us),
        })
    }
}

/// By the clock that all processes of a machine share.
pub fn now_us() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_micros() as u64)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_frame_is_as_the_format_says_and_can_be_read() {
        let stamp = Stamp { session: 7, run: 2, number: 99, said_us: now_us() };
        let frame = stamp.frame();
        // RFC 6716, section 3.2.5: what is left between the header and the padding is the one frame.
        let (padding, count) = (usize::from(frame[2]), frame[1] & 0x3f);
        assert_eq!(count, 1);
        assert_eq!(frame[1] & 0xc0, 0x40, "padding, and constant size");
        assert_eq!(frame[3..frame.len() - padding], SILENCE);
        assert_eq!(Stamp::read(&frame), Some(stamp));
    }

    #[test]
    fn a_real_voice_has_no_stamp() {
        assert_eq!(Stamp::read(&[0xf8, 0xff, 0xfe]), None);
        assert_eq!(Stamp::read(&[]), None);
        let mut frame = Stamp { session: 7, run: 2, number: 99, said_us: 1 }.frame();
        frame[6] ^= 1;
        assert_eq!(Stamp::read(&frame), None);
    }
}
