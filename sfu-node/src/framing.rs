//! Datagrams in a stream of bytes: two bytes of length, and then so many (RFC 4571).

/// Longest datagram taken from a stream. Media packets have 1,200 bytes and some more.
pub const FRAME_BYTES_MAX: usize = 4_096;

/// Shortest one: the head of a DTLS record. Checks (20) and sealed media (22 and more) are longer, and what is shorter would cost as much as they do.
pub const FRAME_BYTES_MIN: usize = 13;

/// A stream that is no such thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a frame is shorter or longer than any may be")]
pub struct BadFrame;

/// Puts frames together as their bytes come.
#[derive(Debug, Default)]
pub struct Frames {
    bytes: Vec<u8>,
    read: usize,
}

impl Frames {
    pub fn push(&mut self, bytes: &[u8]) {
        self.bytes.drain(..self.read);
        self.read = 0;
        self.bytes.extend_from_slice(bytes);
    }

    /// The next whole one.
    pub fn next_frame(&mut self) -> Result<Option<&[u8]>, BadFrame> {
        let rest = self.bytes.get(self.read..).unwrap_or_default();
        let Some((&[high, low], body)) = rest.split_first_chunk::<2>() else { return Ok(None) };
        let length = usize::from(u16::from_be_bytes([high, low]));
        if !(FRAME_BYTES_MIN..=FRAME_BYTES_MAX).contains(&length) {
            return Err(BadFrame);
        }
        let Some(frame) = body.get(..length) else { return Ok(None) };
        self.read += 2 + length;
        Ok(Some(frame))
    }
}

/// A datagram as it goes into the stream; nothing where it is too long for one.
pub fn framed(datagram: &[u8]) -> Option<Vec<u8>> {
    let length = u16::try_from(datagram.len()).ok()?;
    let mut frame = Vec::with_capacity(datagram.len() + 2);
    frame.extend(length.to_be_bytes());
    frame.extend(datagram);
    Some(frame)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn frames_come_whole_however_their_bytes_come() {
        let sent: Vec<Vec<u8>> = vec![vec![1; FRAME_BYTES_MIN], vec![9; FRAME_BYTES_MAX], vec![7; 20]];
        let stream: Vec<u8> = sent.iter().flat_map(|one| framed(one).unwrap()).collect();
        for step in [1, 2, 3, 1_000, stream.len()] {
            let (mut frames, mut came) = (Frames::default(), Vec::new());
            for bytes in stream.chunks(step) {
                frames.push(bytes);
                while let Some(frame) = frames.next_frame().unwrap() {
                    came.push(frame.to_vec());
                }
            }
            assert_eq!(came, sent, "in steps of {step}");
        }
    }

    #[test]
    fn what_is_too_long_or_too_short_is_no_frame() {
        for length in [0, 1, FRAME_BYTES_MIN - 1, FRAME_BYTES_MAX + 1, 0xffff] {
            let mut frames = Frames::default();
            frames.push(&framed(&vec![9; length]).unwrap());
            assert_eq!(frames.next_frame(), Err(BadFrame), "{length} bytes");
        }
    }

    /// Bytes of any kind: what was cut off is never more than what came.
    #[test]
    fn whatever_comes_is_survived() {
        let mut seed = 1_u32;
        for _ in 0..2_000 {
            let mut frames = Frames::default();
            let mut left = 0;
            for _ in 0..8 {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let bytes = vec![(seed >> 24) as u8 & 0x1f; (seed >> 8) as usize % 60];
                left += bytes.len();
                frames.push(&bytes);
                while let Ok(Some(frame)) = frames.next_frame() {
                    left -= frame.len() + 2;
                }
            }
            assert!(left <= 480);
        }
    }
}
