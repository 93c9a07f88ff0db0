//! A picture that says whose it is: packets shaped as VP8, in as many layers as a browser sends to a node.
//!
//! Descriptors are right (RFC 7741), so that a node can choose layers and begin at key frames; what they describe is not a
//! picture. Absent on purpose: anything a decoder could show.

use std::time::{Duration, Instant};

/// Smallest first: name of the layer, its height, bytes of a frame, and of a key frame.
pub const LAYERS: [(&str, u16, usize, usize); 3] =
    [("l", 180, 500, 1_500), ("m", 360, 1_700, 5_000), ("h", 720, 5_200, 16_000)];
/// Fifteen a second.
pub const FRAME_EVERY: Duration = Duration::from_millis(66);
/// By the clock of pictures, 90 kHz.
pub const FRAME_TICKS: u32 = 5_940;
/// Bytes of one packet, so that it fits everywhere.
const PACKET_BYTES: usize = 1_100;
/// So that the parts of a frame can be counted in a byte.
pub const TIMES_MAX: usize = 16;
/// Where a packet says which part of how many it is, behind a byte by which it is known.
const PART: std::ops::Range<usize> = 23..25;
/// Whoever asks for key frames all the time gets one now and then.
const KEY_GAP: Duration = Duration::from_millis(300);

/// One layer on its way to one receiver.
#[derive(Debug)]
pub struct Layer {
    /// Frames are this many times as large as usual, up to [`TIMES_MAX`].
    pub times: usize,
    sequence: u64,
    wants_key: bool,
    began: bool,
    key_at: Option<Instant>,
    pub key_frames: u32,
}

/// One packet of a frame.
#[derive(Debug)]
pub struct Packet {
    pub sequence: u64,
    pub is_last: bool,
    pub payload: Vec<u8>,
}

impl Default for Layer {
    fn default() -> Self {
        Self { times: 1, sequence: 0, wants_key: false, began: false, key_at: None, key_frames: 0 }
    }
}

/// Which part of which frame a packet is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    pub number: u32,
    pub height_px: u16,
    pub index: u8,
    pub count: u8,
}

impl Layer {
    pub fn ask_for_key(&mut self) {
        self.wants_key = true;
    }

    /// The next frame; `size` is an index of [`LAYERS`].
    pub fn frame(&mut self, now: Instant, session: u32, number: u32, size: usize) -> Vec<Packet> {
        let Some(&(_, height, bytes, key_bytes)) = LAYERS.get(size) else { return Vec::new() };
        let is_due = self.key_at.is_none_or(|at| now.duration_since(at) >= KEY_GAP);
        let is_key = !self.began || (self.wants_key && is_due);
        if is_key {
            (self.began, self.wants_key, self.key_at) = (true, false, Some(now));
            self.key_frames += 1;
        }
        let mut left = if is_key { key_bytes } else { bytes } * self.times.clamp(1, TIMES_MAX);
        let mut packets = Vec::new();
        while left > 0 {
            let length = left.min(PACKET_BYTES);
            left -= length;
            self.sequence += 1;
            let payload = payload(packets.is_empty(), is_key, height, session, number, length);
            packets.push(Packet { sequence: self.sequence, is_last: left == 0, payload });
        }
        let count = packets.len() as u8;
        for (index, packet) in packets.iter_mut().enumerate() {
            if let Some(place) = packet.payload.get_mut(PART) {
                place.copy_from_slice(&[index as u8, count]);
            }
        }
        packets
    }
}

/// RFC 7741, sections 4.2 and 4.3: a descriptor with a picture id of 15 bits, and a frame's header.
fn payload(is_first: bool, is_key: bool, height: u16, session: u32, number: u32, length: usize) -> Vec<u8> {
    let [high, low] = (number as u16 | 0x8000).to_be_bytes();
    let mut payload = vec![0x80 | if is_first { 0x10 } else { 0 }, 0x80, high, low, u8::from(!is_key), 0, 0];
    payload.extend([0x9d, 0x01, 0x2a]);
    payload.extend((height * 16 / 9).to_le_bytes());
    payload.extend(height.to_le_bytes());
    payload.extend(session.to_be_bytes());
    payload.extend(number.to_be_bytes());
    payload.resize(length.max(PART.end), 0x77);
    payload
}

/// Whose picture a packet says it is of; none where it is a real one.
pub fn sender(payload: &[u8]) -> Option<u32> {
    let marked = payload.get(1) == Some(&0x80) && payload.get(7..10) == Some(&[0x9d, 0x01, 0x2a]);
    let session = payload.get(14..18).filter(|_| marked && payload.get(22) == Some(&0x77))?;
    session.try_into().ok().map(u32::from_be_bytes)
}

/// Which part of which frame it is; none where it is a real one.
pub fn part(payload: &[u8]) -> Option<Part> {
    sender(payload)?;
    let height_px = u16::from_le_bytes(payload.get(12..14)?.try_into().ok()?);
    let number = u32::from_be_bytes(payload.get(18..22)?.try_into().ok()?);
    let &[index, count] = payload.get(PART)?.first_chunk()?;
    Some(Part { number, height_px, index, count })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_layer_begins_with_a_key_frame_and_sends_another_when_asked() {
        let (mut layer, now) = (Layer::default(), Instant::now());
        let first = layer.frame(now, 7, 1, 1);
        assert_eq!(first.len(), 5, "5,000 bytes");
        assert!(first.iter().all(|packet| sender(&packet.payload) == Some(7)));
        assert!(first.last().is_some_and(|packet| packet.is_last));
        let last = first.last().and_then(|packet| part(&packet.payload));
        assert_eq!(last, Some(Part { number: 1, height_px: 360, index: 4, count: 5 }));
        assert_eq!(layer.frame(now, 7, 2, 1).len(), 2);
        layer.ask_for_key();
        assert_eq!(layer.frame(now, 7, 3, 1).len(), 2, "not as soon as that");
        assert_eq!(layer.frame(now + KEY_GAP, 7, 4, 1).len(), 5);
        assert_eq!(layer.key_frames, 2);
    }
}
