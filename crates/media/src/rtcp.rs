//! What receivers say about the streams they get, and when a stream was sent: RTCP (RFC 3550, section 6; RFC 4585; RFC 5104).
//!
//! Read in place, once decrypted. Absent: what nobody here acts on (names, farewells, other feedback), which is passed over; and the contents of
//! transport feedback, which are for whoever estimates.

/// Types of packets.
const SENDER_REPORT: u8 = 200;
const RECEIVER_REPORT: u8 = 201;
const TRANSPORT_FEEDBACK: u8 = 205;
const PAYLOAD_FEEDBACK: u8 = 206;
/// What a report says of one stream, in words.
const BLOCK_WORDS: usize = 6;
/// Every packet consists of these.
type Word = [u8; 4];

/// Something that a receiver says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Feedback<'a> {
    /// Of a stream, these numbers did not come (RFC 4585, section 6.2.1).
    Nack { ssrc: u32, lost: Lost<'a> },
    /// A picture cannot be shown without a new beginning: PLI (RFC 4585, section 6.3.1), or FIR (RFC 5104, section 4.3.1).
    KeyFrame { ssrc: u32 },
    /// What fits through the link, by the receiver's estimate: REMB (draft-alvestrand-rmcat-remb-03).
    Estimate { bits_per_s: u64 },
    /// When which packets came (draft-holmer-rmcat-transport-wide-cc-extensions-01): the packet as on the wire, with its header and its padding,
    /// which was looked at: no more than what there is.
    Transport(&'a [u8]),
    /// What came of a stream (RFC 3550, section 6.4.1).
    Report {
        ssrc: u32,
        /// In 256ths, since the report before.
        lost_fraction: u8,
        /// The middle 32 bits of the newest sender report's time; 0: none came.
        last_sr: u32,
        /// From that one's coming to this one's going, in 65,536ths of a second.
        delay_since_sr: u32,
    },
}

/// Numbers that did not come, in the order they are named: each word has one, and a bit for each of the 16 after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lost<'a> {
    words: &'a [Word],
    first: u16,
    /// What is still to be named: bit n is the number n after the first.
    following: u32,
}

impl Iterator for Lost<'_> {
    type Item = u16;

    fn next(&mut self) -> Option<u16> {
        if self.following == 0 {
            let (&[a, b, c, d], rest) = self.words.split_first()?;
            self.words = rest;
            self.first = u16::from_be_bytes([a, b]);
            self.following = u32::from(u16::from_be_bytes([c, d])) << 1 | 1;
        }
        let after = self.following.trailing_zeros();
        self.following &= self.following - 1;
        Some(self.first.wrapping_add(u16::try_from(after).ok()?))
    }
}

/// All that a compound packet says, in its order, up to the first packet that cannot be. It need not begin with a report (RFC 5506).
pub fn read(compound: &[u8]) -> impl Iterator<Item = Feedback<'_>> {
    let mut rest = compound;
    std::iter::from_fn(move || {
        let (packet, after) = Packet::split(rest)?;
        rest = after;
        packet.said()
    })
    .flatten()
}

/// One packet of a compound.
struct Packet<'a> {
    kind: u8,
    /// How many reports it has, or what kind of feedback it is.
    count: u8,
    whole: &'a [u8],
    /// Without header and padding.
    body: &'a [Word],
}

impl<'a> Packet<'a> {
    /// RFC 3550, section 6.4.1: version, padding, count, type, and how many words follow.
    fn split(bytes: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let &[first, kind, high, low] = bytes.first_chunk()?;
        if first >> 6 != 2 {
            return None;
        }
        let length = 4 * (1 + usize::from(u16::from_be_bytes([high, low])));
        let (whole, after) = bytes.split_at_checked(length)?;
        let mut body = whole.get(4..)?;
        if first & 0x20 != 0 {
            // It counts itself. Transport feedback is padded from any length, so that the rest may end amid a word, of which nothing is read here.
            let padding = *body.last().filter(|padding| **padding > 0)?;
            body = body.get(..body.len().checked_sub(padding.into())?)?;
        }
        let (body, _) = body.as_chunks();
        Some((Self { kind, count: first & 0x1f, whole, body }, after))
    }

    /// None where it is too short for what it is.
    fn said(self) -> Option<Said<'a>> {
        Some(match (self.kind, self.count, self.body) {
            (SENDER_REPORT, count, [_, _, _, _, _, _, blocks @ ..]) | (RECEIVER_REPORT, count, [_, blocks @ ..]) => {
                Said::Reports(blocks.get(..BLOCK_WORDS * usize::from(count))?)
            }
            (TRANSPORT_FEEDBACK, 1, [_, ssrc, words @ ..]) => {
                let lost = Lost { words, first: 0, following: 0 };
                Said::One(Some(Feedback::Nack { ssrc: u32::from_be_bytes(*ssrc), lost }))
            }
            (TRANSPORT_FEEDBACK, 15, [_, _, ..]) => Said::One(Some(Feedback::Transport(self.whole))),
            (PAYLOAD_FEEDBACK, 1, [_, ssrc, ..]) => {
                Said::One(Some(Feedback::KeyFrame { ssrc: u32::from_be_bytes(*ssrc) }))
            }
            (PAYLOAD_FEEDBACK, 4, [_, _, requests @ ..]) => Said::Requests(requests),
            (PAYLOAD_FEEDBACK, 15, [_, _, [b'R', b'E', b'M', b'B'], rate, ..]) => {
                Said::One(Some(Feedback::Estimate { bits_per_s: bits_per_s(*rate) }))
            }
            (TRANSPORT_FEEDBACK | PAYLOAD_FEEDBACK, _, [_, _, ..]) => Said::One(None),
            (SENDER_REPORT | RECEIVER_REPORT | TRANSPORT_FEEDBACK | PAYLOAD_FEEDBACK, _, _) => return None,
            _ => Said::One(None),
        })
    }
}

/// What is still to be said of a packet's contents.
enum Said<'a> {
    One(Option<Feedback<'a>>),
    Reports(&'a [Word]),
    /// Two words each: a stream, and how often it was asked.
    Requests(&'a [Word]),
}

impl<'a> Iterator for Said<'a> {
    type Item = Feedback<'a>;

    fn next(&mut self) -> Option<Feedback<'a>> {
        match self {
            Self::One(one) => one.take(),
            Self::Reports(words) => {
                let (&[ssrc, [lost_fraction, ..], _, _, last_sr, delay], rest) =
                    words.split_first_chunk::<BLOCK_WORDS>()?;
                *words = rest;
                Some(Feedback::Report {
                    ssrc: u32::from_be_bytes(ssrc),
                    lost_fraction,
                    last_sr: u32::from_be_bytes(last_sr),
                    delay_since_sr: u32::from_be_bytes(delay),
                })
            }
            Self::Requests(words) => {
                let (&[ssrc, _], rest) = words.split_first_chunk()?;
                *words = rest;
                Some(Feedback::KeyFrame { ssrc: u32::from_be_bytes(ssrc) })
            }
        }
    }
}

/// Six bits of a power of two, and 18 of what it is taken times. More than there are numbers for is the highest.
fn bits_per_s([_, high, middle, low]: Word) -> u64 {
    let mantissa = u128::from(u32::from_be_bytes([0, high & 0x03, middle, low]));
    u64::try_from(mantissa << (high >> 2)).unwrap_or(u64::MAX)
}

/// When a stream was where, and how much of it was sent: receivers play sound and pictures together by it (RFC 3550, section 6.4.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SenderReport {
    pub ssrc: u32,
    /// Seconds since 1900 in the upper half, fractions of one in the lower.
    pub ntp: u64,
    /// The same moment by the media's clock.
    pub timestamp: u32,
    /// All that were sent so far, modulo 2^32.
    pub packets: u32,
    /// Of their payloads, modulo 2^32.
    pub bytes: u32,
}

impl SenderReport {
    /// Appends its 28 bytes: nothing about what comes from the other side.
    pub fn write(&self, out: &mut Vec<u8>) {
        out.extend([0x80, SENDER_REPORT, 0, 6]);
        out.extend(self.ssrc.to_be_bytes());
        out.extend(self.ntp.to_be_bytes());
        out.extend(self.timestamp.to_be_bytes());
        out.extend(self.packets.to_be_bytes());
        out.extend(self.bytes.to_be_bytes());
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    fn bytes(hex: &str) -> Vec<u8> {
        let hex: Vec<u8> = hex.bytes().filter(|digit| !digit.is_ascii_whitespace()).collect();
        hex.chunks(2).map(|two| u8::from_str_radix(std::str::from_utf8(two).unwrap(), 16).unwrap()).collect()
    }

    /// With its header, of a body that is padded where it has to be.
    fn packet(kind: u8, count: u8, body: &[u8]) -> Vec<u8> {
        let padding = (4 - body.len() % 4) % 4;
        let length = u16::try_from((body.len() + padding) / 4).unwrap().to_be_bytes();
        let first = 0x80 | u8::from(padding > 0) << 5 | count;
        let mut packet = [&[first, kind], &length[..], body, &[0, 0, 0][..padding]].concat();
        if let Some(last) = packet.last_mut().filter(|_| padding > 0) {
            *last = u8::try_from(padding).unwrap();
        }
        packet
    }

    /// Of stream 7, from 1.
    fn feedback(kind: u8, count: u8, contents: &[u8]) -> Vec<u8> {
        packet(kind, count, &[&[0, 0, 0, 1, 0, 0, 0, 7], contents].concat())
    }

    /// The way a receiver writes it.
    fn nack(lost: &[u16]) -> Vec<u8> {
        let (mut contents, mut rest) = (Vec::new(), lost);
        while let Some((&first, _)) = rest.split_first() {
            let (mut mask, mut taken) = (0_u16, 1);
            while let Some(after) =
                rest.get(taken).map(|lost| lost.wrapping_sub(first)).filter(|by| (1..=16).contains(by))
            {
                mask |= 1 << (after - 1);
                taken += 1;
            }
            contents.extend([first.to_be_bytes(), mask.to_be_bytes()].concat());
            rest = &rest[taken..];
        }
        feedback(205, 1, &contents)
    }

    fn lost(compound: &[u8]) -> Vec<u16> {
        read(compound)
            .flat_map(|said| if let Feedback::Nack { ssrc: 7, lost } = said { Some(lost) } else { None })
            .flatten()
            .collect()
    }

    #[test]
    fn a_sender_report_is_28_bytes() {
        let report = SenderReport {
            ssrc: 0x0102_0304,
            ntp: 0x1112_1314_2122_2324,
            timestamp: 0x3132_3334,
            packets: 0x4142_4344,
            bytes: 0x5152_5354,
        };
        let mut out = vec![0xff];
        report.write(&mut out);
        assert_eq!(out, bytes("ff 80c80006 01020304 1112131421222324 31323334 41424344 51525354"));
        assert_eq!(read(&out[1..]).count(), 0, "it says nothing of what came");
    }

    #[test]
    fn reports_are_read_of_senders_and_of_receivers() {
        let block =
            |ssrc| Feedback::Report { ssrc, lost_fraction: 64, last_sr: 0x1314_2122, delay_since_sr: 0x0001_8000 };
        let blocks = "0000000a 40000005 00012345 00000010 13142122 00018000 0000000b 40ffffff 00012345 00000010 13142122 00018000";
        let receiver = bytes(&format!("82c9000d 00000001 {blocks}"));
        assert_eq!(read(&receiver).collect::<Vec<_>>(), [block(10), block(11)]);
        let sender = bytes(&format!("81c80013 00000001 1112131421222324 31323334 41424344 51525354 {blocks} 00000000"));
        assert_eq!(read(&sender).collect::<Vec<_>>(), [block(10)], "as many as it says; a profile may add something");
        assert_eq!(read(&bytes("80c90001 00000001")).count(), 0);
    }

    #[test]
    fn lost_numbers_are_read_in_their_order() {
        // 100, 101 and 116; then 65,535, over the wrap, 0 and 15.
        let compound = bytes("81cd0004 00000001 00000007 0064 8001 ffff 8001");
        assert_eq!(lost(&compound), [100, 101, 116, 65_535, 0, 15]);
        assert_eq!(nack(&[100, 101, 116, 65_535, 0, 15]), compound);
        assert_eq!(lost(&bytes("81cd0003 00000001 00000007 0000 ffff")), (0..=16).collect::<Vec<_>>());
    }

    #[test]
    fn key_frames_are_asked_for_in_two_ways() {
        let first = bytes("81ce0002 00000001 00000007");
        assert_eq!(read(&first).collect::<Vec<_>>(), [Feedback::KeyFrame { ssrc: 7 }]);
        let full = bytes("84ce0006 00000001 00000000 00000008 05000000 00000009 06000000");
        assert_eq!(read(&full).collect::<Vec<_>>(), [Feedback::KeyFrame { ssrc: 8 }, Feedback::KeyFrame { ssrc: 9 }]);
    }

    #[test]
    fn an_estimate_is_a_power_times_a_number() {
        for (rate, bits_per_s) in
            [("01000000", 0), ("01000001", 1), ("010aab98", 700_000), ("01ffffff", u64::MAX), ("01b80001", 1 << 46)]
        {
            let compound = bytes(&format!("8fce0005 00000001 00000000 52454d42 {rate} 00000007"));
            assert_eq!(read(&compound).collect::<Vec<_>>(), [Feedback::Estimate { bits_per_s }], "{rate}");
        }
        assert_eq!(read(&bytes("8fce0004 00000001 00000000 52454d43 01000001")).count(), 0, "another application's");
    }

    #[test]
    fn transport_feedback_is_left_as_it_is() {
        // One packet came; eleven bytes of that, and one of padding, which counts itself.
        let padded = bytes("afcd0005 00000001 00000007 0001 0001 000001 00 2001 04 01");
        assert_eq!(feedback(205, 15, &padded[12..23]), padded);
        let before = bytes("81ce0002 00000001 00000007");
        let said = [before.clone(), padded.clone(), before].concat();
        let key_frame = Feedback::KeyFrame { ssrc: 7 };
        assert_eq!(read(&said).collect::<Vec<_>>(), [key_frame.clone(), Feedback::Transport(&padded), key_frame]);
    }

    #[test]
    fn what_nobody_acts_on_is_passed_over() {
        let names = packet(202, 1, &bytes("00000001 0104 61626364 0000"));
        let farewell = packet(203, 1, &bytes("00000001"));
        let other = feedback(205, 3, &bytes("00000007 01000000"));
        let unknown = bytes("80df0000");
        let compound = [names, farewell, other, unknown, feedback(206, 1, &[])].concat();
        assert_eq!(read(&compound).collect::<Vec<_>>(), [Feedback::KeyFrame { ssrc: 7 }]);
    }

    #[test]
    fn nothing_is_read_from_the_first_that_cannot_be() {
        let good = feedback(206, 1, &[]);
        for (bad, why) in [
            ("41ce0002 00000001 00000007", "another version"),
            ("81ce0006 00000001 00000007", "longer than what there is"),
            ("81ce0001 00000001", "of no stream"),
            ("82c90007 00000001 0000000a 40000005 00012345 00000010 13142122 00018000", "a report is missing"),
            ("80c80005 00000001 1112131421222324 31323334 41424344", "a sender that does not say enough"),
            ("80c90000", "of nobody"),
            ("a1ce0002 00000001 00000000", "padded by nothing"),
            ("a1ce0002 00000001 00000009", "padded by more than what there is"),
            ("a1ce0002 00000001 00000004", "padding where the stream was"),
            ("81ce00", "no header"),
        ] {
            let compound = [good.clone(), bytes(bad), good.clone()].concat();
            assert_eq!(read(&compound).count(), 1, "{why}");
        }
        assert_eq!(read(&[]).count(), 0);
    }

    /// Packets that are likely to be something.
    fn packets() -> impl Strategy<Value = Vec<u8>> {
        let kind = prop::sample::select(vec![200_u8, 201, 202, 205, 206, 207]);
        let count = prop::sample::select(vec![0_u8, 1, 2, 4, 15, 31]);
        let body = prop::collection::vec(any::<u8>(), 0..80);
        prop::collection::vec((kind, count, body).prop_map(|(kind, count, body)| packet(kind, count, &body)), 0..8)
            .prop_map(|packets| packets.concat())
    }

    /// How much was said, each number by itself.
    fn amount(compound: &[u8]) -> usize {
        read(compound).map(|said| if let Feedback::Nack { lost, .. } = said { 1 + lost.count() } else { 1 }).sum()
    }

    proptest! {
        #[test]
        fn whatever_comes_is_survived(compound in prop::collection::vec(any::<u8>(), 0..200)) {
            amount(&compound);
        }

        /// A word of four bytes says 17 numbers at most.
        #[test]
        fn work_is_bounded_by_bytes(compound in packets(), cut in 0_usize..400) {
            let cut = compound.get(..cut).unwrap_or(&compound);
            prop_assert!(amount(cut) <= 17 * cut.len() / 4);
            let whole: Vec<_> = read(&compound).collect();
            prop_assert!(read(cut).zip(&whole).all(|(one, other)| one == *other), "what is cut says the same as long as it goes");
        }

        #[test]
        fn lost_numbers_come_through(first in any::<u16>(), steps in prop::collection::vec(1_u16..40, 0..60)) {
            let numbers: Vec<u16> = steps.iter().scan(first, |at, step| { *at = at.wrapping_add(*step); Some(*at) }).collect();
            prop_assert_eq!(lost(&nack(&numbers)), numbers);
        }

        #[test]
        fn a_report_comes_through(ssrc in any::<u32>(), lost_fraction in any::<u8>(), last_sr in any::<u32>(), delay_since_sr in any::<u32>()) {
            let words = [1_u32, ssrc, u32::from(lost_fraction) << 24 | 5, 6, 7, last_sr, delay_since_sr];
            let compound = packet(201, 1, &words.map(u32::to_be_bytes).concat());
            prop_assert_eq!(read(&compound).collect::<Vec<_>>(), [Feedback::Report { ssrc, lost_fraction, last_sr, delay_since_sr }]);
        }
    }
}
