//! Voices on the short way: sealed here, and sent to where str0m last sent something.
//!
//! What str0m does for each packet it sends (looking at all streams, pacing, estimating) is made for pictures. A voice is small, is sent at once
//! whatever the link takes, and is not sent again: all it needs is a header (RFC 3550), the line it belongs to (RFC 8843), and a seal (RFC 7714).
//! Voices are most of what a node forwards. Everything else stays with str0m: handshakes, reports, pictures, words; and voices, too, until the secrets are
//! known, for a moment after every connectivity check, since that may have moved the way, where another kind of seal was agreed on, and where a
//! link is narrow: what is estimated of it, and what waits on it, has to count them.
//!
//! Under one key no number may be sealed twice: whoever had both could forge. So numbers are kept count of, whichever way a voice takes.

use std::net::SocketAddr;

use str0m::crypto::dtls::SrtpProfile;
use str0m::crypto::{AeadAes128GcmCipher, AeadAes256GcmCipher, SrtpProvider};
use str0m::media::{Mid, Pt};
use str0m::net::{Protocol, Transmit};
use str0m::rtp::Ssrc;

use super::secrets::{Handed, Secrets};

/// Of what GCM adds.
const TAG_BYTES: usize = 16;
/// The header, and the first word of its extensions.
const HEADER_BYTES: usize = 16;
/// RFC 8285: elements of one byte and what they hold.
const ONE_BYTE_ELEMENTS: [u8; 2] = [0xbe, 0xde];
const ELEMENT_ID_MAX: u8 = 14;
const ELEMENT_BYTES_MAX: usize = 16;
/// RFC 3711, section 4.3.1: the key's and the salt's derivation.
const LABEL_KEY: u8 = 0;
const LABEL_SALT: u8 = 2;

/// Numbers that header extensions have on a line; none: it was not agreed on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ElementIds {
    pub mid: Option<u8>,
    pub level: Option<u8>,
}

/// A packet of a voice, as it goes out.
pub struct Voice<'a> {
    pub mid: Mid,
    pub ssrc: Ssrc,
    pub ids: ElementIds,
    pub pt: Pt,
    pub seq: u64,
    pub timestamp: u32,
    pub marker: bool,
    /// Decibels below the loudest there is, and whether it is somebody who speaks (RFC 6464).
    pub level: Option<(u8, bool)>,
    pub payload: &'a [u8],
}

#[derive(Default)]
pub struct Direct {
    handed: Handed,
    is_allowed: bool,
    seal: Option<Seal>,
    way: Option<Way>,
    sent: Vec<(Ssrc, Sent)>,
}

#[derive(Clone, Copy)]
struct Way {
    proto: Protocol,
    source: SocketAddr,
    destination: SocketAddr,
}

impl Direct {
    pub fn new(handed: Handed) -> Self {
        Self { handed, ..Self::default() }
    }

    /// Whether voices may take the short way; and whether they do, but for moments.
    pub fn allow(&mut self, is_allowed: bool) -> bool {
        self.is_allowed = is_allowed;
        is_allowed && self.seal.is_some()
    }

    /// A datagram came. A check may have moved the way.
    pub fn heard(&mut self, contents: &[u8]) {
        // RFC 7983: what is STUN, by its first byte.
        if matches!(contents.first(), Some(0..=3)) {
            self.way = None;
        }
    }

    /// The other side no longer answers.
    pub fn lose_way(&mut self) {
        self.way = None;
    }

    /// str0m sent something. Answers to checks go where those came from; all else goes the way that was found.
    pub fn saw(&mut self, transmit: &Transmit) {
        if self.way.is_none() && matches!(transmit.contents.first(), Some(128..=191)) {
            let Transmit { proto, source, destination, .. } = *transmit;
            self.way = Some(Way { proto, source, destination });
        }
    }

    /// Whether a number of a stream was not used yet; it is from here on.
    pub fn admits(&mut self, ssrc: Ssrc, seq: u64) -> bool {
        let sent = match self.sent.iter().position(|(one, _)| *one == ssrc) {
            Some(index) => self.sent.get_mut(index),
            None => {
                self.sent.push((ssrc, Sent::default()));
                self.sent.last_mut()
            }
        };
        sent.is_some_and(|(_, sent)| sent.admits(seq))
    }

    /// A voice that may be sent at once; none where it is for str0m to send.
    pub fn transmit(&mut self, srtp: &dyn SrtpProvider, voice: &Voice) -> Option<Transmit> {
        if !self.is_allowed {
            return None;
        }
        if self.seal.is_none() {
            self.seal = Some(Seal::new(srtp, &self.handed.take()?)?);
        }
        let Way { proto, source, destination } = self.way?;
        let contents = self.seal.as_mut()?.seal(voice)?;
        Some(Transmit { proto, source, destination, contents: contents.into() })
    }
}

/// Numbers that went out: the newest, and which of those before it.
#[derive(Clone, Copy, Debug, Default)]
struct Sent {
    /// One more than the newest.
    next: u64,
    /// The newest is the lowest bit.
    seen: u128,
}

impl Sent {
    fn admits(&mut self, seq: u64) -> bool {
        if seq >= self.next {
            let by = seq - self.next + 1;
            self.seen = u32::try_from(by).ok().and_then(|by| self.seen.checked_shl(by)).unwrap_or(0) | 1;
            self.next = seq + 1;
            return true;
        }
        let Some(bit) = u32::try_from(self.next - 1 - seq).ok().and_then(|back| 1_u128.checked_shl(back)) else {
            return false;
        };
        let is_new = self.seen & bit == 0;
        self.seen |= bit;
        is_new
    }
}

/// SRTP as it is sent, with one of the two seals of RFC 7714.
struct Seal {
    cipher: Cipher,
    salt: [u8; 12],
}

enum Cipher {
    Aes128(Box<dyn AeadAes128GcmCipher>),
    Aes256(Box<dyn AeadAes256GcmCipher>),
}

impl Seal {
    fn new(srtp: &dyn SrtpProvider, secrets: &Secrets) -> Option<Self> {
        let mut salt = [0; 12];
        let cipher = match secrets.profile {
            SrtpProfile::AEAD_AES_128_GCM => {
                let round =
                    |key: &[u8], input: &[u8], output: &mut [u8]| srtp.srtp_aes_128_ecb_round(key, input, output);
                let mut key = [0; 16];
                derive(round, secrets, LABEL_KEY, &mut key);
                derive(round, secrets, LABEL_SALT, &mut salt);
                Cipher::Aes128(srtp.aead_aes_128_gcm().create_cipher(key, true))
            }
            SrtpProfile::AEAD_AES_256_GCM => {
                let round =
                    |key: &[u8], input: &[u8], output: &mut [u8]| srtp.srtp_aes_256_ecb_round(key, input, output);
                let mut key = [0; 32];
                derive(round, secrets, LABEL_KEY, &mut key);
                derive(round, secrets, LABEL_SALT, &mut salt);
                Cipher::Aes256(srtp.aead_aes_256_gcm().create_cipher(key, true))
            }
            _ => return None,
        };
        Some(Self { cipher, salt })
    }

    fn seal(&mut self, voice: &Voice) -> Option<Vec<u8>> {
        let mut packet = header(voice);
        let header_bytes = packet.len();
        packet.resize(header_bytes + voice.payload.len() + TAG_BYTES, 0);
        let (header, body) = packet.split_at_mut(header_bytes);
        let iv = self.iv(*voice.ssrc, voice.seq);
        let sealed = match &mut self.cipher {
            Cipher::Aes128(cipher) => cipher.encrypt(&iv, header, voice.payload, body),
            Cipher::Aes256(cipher) => cipher.encrypt(&iv, header, voice.payload, body),
        };
        sealed.is_ok().then_some(packet)
    }

    /// RFC 7714, section 8.1: nothing, the stream, and the count of its packets, hidden by the salt.
    fn iv(&self, ssrc: u32, seq: u64) -> [u8; 12] {
        let mut iv = self.salt;
        let count = seq.to_be_bytes();
        let number = ssrc.to_be_bytes().into_iter().chain(count.into_iter().skip(2));
        iv.iter_mut().skip(2).zip(number).for_each(|(byte, number)| *byte ^= number);
        iv
    }
}

/// RFC 3711, section 4.3.3: blocks of a counter under the master key, which begins as the salt and the label.
fn derive(round: impl Fn(&[u8], &[u8], &mut [u8]), secrets: &Secrets, label: u8, out: &mut [u8]) {
    for (count, part) in (0_u16..).zip(out.chunks_mut(16)) {
        let mut input = [0; 16];
        input.iter_mut().zip(&secrets.master_salt).for_each(|(byte, salt)| *byte = *salt);
        input[7] ^= label;
        [input[14], input[15]] = count.to_be_bytes();
        // Room for what some implementations write beyond one block.
        let mut block = [0; 32];
        round(&secrets.master_key, &input, &mut block);
        part.iter_mut().zip(block).for_each(|(byte, block)| *byte = block);
    }
}

/// RFC 3550, section 5.1, with extensions by RFC 8285.
fn header(voice: &Voice) -> Vec<u8> {
    let mid = voice.mid.as_bytes();
    let elements_max = 2 + 1 + mid.len() + 3;
    let mut header = Vec::with_capacity(HEADER_BYTES + elements_max + voice.payload.len() + TAG_BYTES);
    header.push(0x90);
    header.push(u8::from(voice.marker) << 7 | (*voice.pt & 0x7f));
    let [.., high, low] = voice.seq.to_be_bytes();
    header.extend([high, low]);
    header.extend(voice.timestamp.to_be_bytes());
    header.extend(voice.ssrc.to_be_bytes());
    header.extend(ONE_BYTE_ELEMENTS);
    header.extend([0, 0]);
    if let Some(id) = voice.ids.mid {
        push_element(&mut header, id, mid);
    }
    if let (Some(id), Some((level, is_speech))) = (voice.ids.level, voice.level) {
        push_element(&mut header, id, &[u8::from(is_speech) << 7 | level.min(127)]);
    }
    while header.len() % 4 != 0 {
        header.push(0);
    }
    let words = (header.len() - HEADER_BYTES) / 4;
    if let (Some(length), Ok(words)) = (header.get_mut(HEADER_BYTES - 1), u8::try_from(words)) {
        *length = words;
    }
    header
}

fn push_element(header: &mut Vec<u8>, id: u8, value: &[u8]) {
    if (1..=ELEMENT_ID_MAX).contains(&id)
        && (1..=ELEMENT_BYTES_MAX).contains(&value.len())
        && let Ok(length) = u8::try_from(value.len() - 1)
    {
        header.push(id << 4 | length);
        header.extend(value);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn bytes(hex: &str) -> Vec<u8> {
        hex.as_bytes().chunks(2).map(|two| u8::from_str_radix(std::str::from_utf8(two).unwrap(), 16).unwrap()).collect()
    }

    fn srtp() -> &'static dyn SrtpProvider {
        str0m::crypto::from_feature_flags().srtp_provider
    }

    fn seal() -> Seal {
        let key = std::array::from_fn(|byte| u8::try_from(byte).unwrap());
        Seal { cipher: Cipher::Aes128(srtp().aead_aes_128_gcm().create_cipher(key, true)), salt: *b"Quid pro quo" }
    }

    #[test]
    fn keys_and_salts_are_derived_as_the_rfc_has_it() {
        // RFC 3711, appendix B.3.
        let secrets = Secrets {
            profile: SrtpProfile::AEAD_AES_128_GCM,
            master_key: bytes("E1F97A0D3E018BE0D64FA32C06DE4139"),
            master_salt: bytes("0EC675AD498AFEEBB6960B3AABE6"),
        };
        let round = |key: &[u8], input: &[u8], output: &mut [u8]| srtp().srtp_aes_128_ecb_round(key, input, output);
        let (mut key, mut salt) = ([0; 16], [0; 14]);
        derive(round, &secrets, LABEL_KEY, &mut key);
        derive(round, &secrets, LABEL_SALT, &mut salt);
        assert_eq!(key.to_vec(), bytes("C61E7A93744F39EE10734AFE3FF7A087"));
        assert_eq!(salt.to_vec(), bytes("30CBBC08863D8C85D49DB34A9AE1"));
    }

    #[test]
    fn no_two_packets_begin_alike() {
        // RFC 7714, section 16.1.1.
        let seal = seal();
        assert_eq!(seal.iv(0x5501_a0b2, 0xf17b).to_vec(), bytes("51753c6580c2726f20718414"));
        // The count of wraps goes before the number on the wire.
        assert_eq!(seal.iv(0x5501_a0b2, 0x0001_0000_f17b).to_vec(), bytes("51753c6580c2726e20718414"));
    }

    #[test]
    fn a_header_says_the_line_and_the_level() {
        let voice = Voice {
            mid: "12".into(),
            ssrc: 0x0102_0304.into(),
            ids: ElementIds { mid: Some(4), level: Some(1) },
            pt: 111.into(),
            seq: 0x0001_fffe,
            timestamp: 0x0a0b_0c0d,
            marker: true,
            level: Some((200, true)),
            payload: &[],
        };
        let expected = "90efFFFE0a0b0c0d01020304bede0002".to_owned() + "41313210ff000000";
        assert_eq!(header(&voice), bytes(&expected));
        // Nothing was agreed on, or what cannot be written that way.
        let bare = Voice { ids: ElementIds { mid: None, level: Some(15) }, marker: false, ..voice };
        assert_eq!(header(&bare), bytes("906fFFFE0a0b0c0d01020304bede0000"));
    }

    #[test]
    fn a_check_may_have_moved_the_way() {
        let mut direct = Direct { seal: Some(seal()), ..Direct::default() };
        let voice = Voice {
            mid: "0".into(),
            ssrc: 1.into(),
            ids: ElementIds::default(),
            pt: 111.into(),
            seq: 1,
            timestamp: 0,
            marker: false,
            level: None,
            payload: b"hm",
        };
        let to = |destination: &str, first| Transmit {
            proto: Protocol::Udp,
            source: "10.0.0.1:1".parse().unwrap(),
            destination: destination.parse().unwrap(),
            contents: vec![first, 0].into(),
        };
        let goes = |direct: &mut Direct| Some(direct.transmit(srtp(), &voice)?.destination.to_string());
        direct.saw(&to("10.0.0.2:2", 128));
        assert_eq!(goes(&mut direct), None, "nobody said that it may");
        direct.allow(true);
        assert_eq!(goes(&mut direct).as_deref(), Some("10.0.0.2:2"));
        direct.saw(&to("10.0.0.3:3", 128));
        assert_eq!(goes(&mut direct).as_deref(), Some("10.0.0.2:2"), "as long as nothing else is said");
        direct.heard(&[128, 200]);
        assert!(goes(&mut direct).is_some());
        direct.heard(&[0, 1]);
        assert_eq!(goes(&mut direct), None);
        // The answer to a check goes to where that came from, which need not be the way.
        direct.saw(&to("10.0.0.4:4", 1));
        assert_eq!(goes(&mut direct), None);
        direct.saw(&to("10.0.0.5:5", 129));
        assert_eq!(goes(&mut direct).as_deref(), Some("10.0.0.5:5"));
        direct.lose_way();
        assert_eq!(goes(&mut direct), None);
    }

    proptest! {
        /// Also where packets come late, twice, or from far away.
        #[test]
        fn no_number_is_ever_used_twice(start in 0_u64..1 << 17, steps in prop::collection::vec((-140_i64..140, 0..20_u8), 1..400)) {
            let (mut direct, mut used, mut at) = (Direct::default(), BTreeSet::new(), start);
            for (step, jump) in steps {
                at = at.saturating_add_signed(if jump == 0 { step * 1_000 } else { step });
                let newest = used.last().copied().unwrap_or(0);
                let is_new = !used.contains(&at);
                let admitted = direct.admits(7.into(), at);
                prop_assert!(is_new || !admitted, "{at} twice");
                if is_new && at + 127 > newest {
                    prop_assert!(admitted, "{at} is new, and not long after {newest}");
                }
                if admitted {
                    used.insert(at);
                }
            }
            prop_assert!(direct.admits(8.into(), at), "another stream has numbers of its own");
        }
    }
}
