//! What is seen of somebody's picture: how large it is, how much comes, and for how long it stands still.
//!
//! A frame counts when all of its packets came. Absent on purpose: whether the frames before it came too, which a decoder
//! would ask for again.

use std::collections::BTreeMap;
use std::time::Instant;

use crate::picture::{Part, part};

/// Frames that may be on their way at a time; what is older is given up.
const OPEN_MAX: usize = 32;

#[derive(Debug, Default)]
pub struct Sight {
    pub packets: u64,
    pub bytes: u64,
    pub frames: u64,
    /// Of the newest frame.
    pub height_px: u16,
    gap_ms_max: u64,
    newest: Option<(u32, Instant)>,
    /// Parts of those that are not whole yet, by number and height: one bit each.
    open: BTreeMap<(u32, u16), [u128; 2]>,
}

impl Sight {
    pub fn see(&mut self, payload: &[u8], now: Instant) {
        self.packets += 1;
        self.bytes += payload.len() as u64;
        // A real picture has its frames too, but does not say which.
        let Some(Part { number, height_px, index, count }) = part(payload) else { return };
        if self.newest.is_some_and(|(newest, _)| number <= newest) {
            return;
        }
        let came = self.open.entry((number, height_px)).or_default();
        if let Some(half) = came.get_mut(usize::from(index / 128)) {
            *half |= 1 << (index % 128);
        }
        if came.iter().map(|half| half.count_ones()).sum::<u32>() < u32::from(count) {
            if self.open.len() > OPEN_MAX {
                self.open.pop_first();
            }
            return;
        }
        self.frames += 1;
        self.height_px = height_px;
        self.gap_ms_max = self.gap_ms(now);
        self.newest = Some((number, now));
        self.open.retain(|&(other, _), _| other > number);
    }

    /// The longest that it stood still, or has stood until now.
    pub fn gap_ms(&self, now: Instant) -> u64 {
        let gap = self.newest.map_or(0, |(_, at)| now.duration_since(at).as_millis() as u64);
        self.gap_ms_max.max(gap)
    }

    /// Counts anew; what it knows of the picture stays.
    pub fn forget(&mut self) {
        (self.packets, self.bytes, self.frames, self.gap_ms_max) = (0, 0, 0, 0);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::time::Duration;

    use super::*;
    use crate::picture::Layer;

    #[test]
    fn a_frame_that_is_not_whole_is_not_seen_and_a_pause_is_a_gap() {
        let (mut layer, mut sight, start) = (Layer::default(), Sight::default(), Instant::now());
        for number in 1..=10 {
            let now = start + Duration::from_millis(u64::from(number) * 66);
            let mut packets = layer.frame(now, 7, number, 2);
            if number == 5 {
                packets.pop();
            }
            packets.iter().for_each(|packet| sight.see(&packet.payload, now));
        }
        assert_eq!((sight.frames, sight.height_px), (9, 720));
        let last = start + Duration::from_millis(660);
        assert_eq!(sight.gap_ms(last), 132);
        assert_eq!(sight.gap_ms(last + Duration::from_secs(1)), 1_000);
        sight.forget();
        assert_eq!((sight.frames, sight.gap_ms(last)), (0, 0));
    }

    #[test]
    fn what_comes_twice_or_in_another_order_makes_one_frame() {
        let (mut layer, mut sight, now) = (Layer::default(), Sight::default(), Instant::now());
        let packets = layer.frame(now, 7, 1, 1);
        for packet in packets.iter().rev().chain(&packets) {
            sight.see(&packet.payload, now);
        }
        assert_eq!((sight.frames, sight.packets), (1, 10));
    }
}
