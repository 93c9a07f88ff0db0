//! SRTP as a node sends it, and SRTCP both ways (RFC 3711; RFC 7714 for AES-GCM).
//!
//! Under one key no number may be sealed twice: whoever had both could read, and with AES-GCM forge. Numbers of RTP are the caller's, who asks
//! [`Sent`]; those of SRTCP are counted here. Deliberately absent: keys that are renewed, MKIs, opening RTP, and SRTCP that is not encrypted.
//!
//! Long for one reason: the vectors of the RFCs stand beside what they hold.

use str0m::config::CryptoProvider;
use str0m::crypto::dtls::SrtpProfile;
use str0m::crypto::{AeadAes128GcmCipher, AeadAes256GcmCipher, Aes128CmSha1_80, Aes128CmSha1_80Cipher};
use str0m::crypto::{Sha1HmacProvider, SrtpProvider};

use super::secrets::{Master, Secrets};
use super::sent::Sent;

/// What sealing takes beyond header and payload; with so much reserved, nothing is allocated. The longest tag, or what a cipher of AES-CM may
/// want to write beyond its end.
pub const SEAL_BYTES_MAX: usize = 16;

/// RFC 3550, section 5.1: a header of nothing optional.
const RTP_HEADER_BYTES: usize = 12;
/// RFC 3711, section 3.4: what stays readable, the first packet's header with its sender.
const RTCP_HEADER_BYTES: usize = 8;
/// RFC 3711, section 3.4: whether it is encrypted, and the number.
const WORD_BYTES: usize = 4;
const ENCRYPTED: u32 = 1 << 31;
/// RFC 3711, section 9.2: as many packets as a key may seal. The count would begin anew.
const RTP_INDICES: u64 = 1 << 48;
const RTCP_INDICES: u32 = 1 << 31;

const GCM_IV_BYTES: usize = 12;
const GCM_TAG_BYTES: usize = 16;
const HMAC_KEY_BYTES: usize = 20;
const HMAC_TAG_BYTES: usize = 10;
/// What ciphers in counter mode may write beyond the end, of which nothing is sent.
const COUNTER_SLACK_BYTES: usize = 15;

/// RFC 3711, section 4.3.2: what keys are derived for. RTCP's follow on RTP's, in the same order.
const LABELS_RTP: u8 = 0;
const LABELS_RTCP: u8 = 3;
const LABEL_KEY: u8 = 0;
const LABEL_HMAC: u8 = 1;
const LABEL_SALT: u8 = 2;

/// Reports that are sealed here begin with this. str0m has the same key and counts from nothing, and until it was told that the streams are not its
/// own, it may report of them.
const RTCP_INDEX_FIRST: u32 = 1 << 30;
/// Senders of reports whose numbers are kept track of, for as long as the connection lasts: of one that was forgotten, all could come again.
/// What is of another beyond them is refused, so that nobody takes more memory.
const SENDERS_MAX: usize = 64;

/// Seals what is sent.
pub struct Sealer {
    rtp: Session,
    rtcp: Session,
    /// Of the next compound packet.
    rtcp_index: u32,
}

impl Sealer {
    /// None where the secrets are of another profile, or of a wrong length.
    pub fn new(crypto: &CryptoProvider, secrets: &Secrets) -> Option<Self> {
        let session = |labels| Session::new(crypto, secrets.profile, &secrets.sending, labels, true);
        Some(Self { rtp: session(LABELS_RTP)?, rtcp: session(LABELS_RTCP)?, rtcp_index: RTCP_INDEX_FIRST })
    }

    /// `bytes` hold a header with its extensions, from `begin` to their end; the sealed payload and the tag are appended. `index` counts the stream's
    /// packets in 48 bits: the number on the wire, and how often that wrapped. False: what there is from `begin` on is of no use.
    pub fn seal_rtp(&mut self, bytes: &mut Vec<u8>, begin: usize, ssrc: u32, index: u64, payload: &[u8]) -> bool {
        self.rtp.seal_rtp(bytes, begin, ssrc, index, payload).is_some()
    }

    /// A compound packet, as it goes out; none where it is too short, or where all numbers were used.
    pub fn seal_rtcp(&mut self, compound: &[u8]) -> Option<Vec<u8>> {
        let index = Some(self.rtcp_index).filter(|index| *index < RTCP_INDICES)?;
        let packet = self.rtcp.seal_rtcp(compound, index)?;
        self.rtcp_index += 1;
        Some(packet)
    }
}

/// Opens what reports come.
pub struct Opener {
    rtcp: Session,
    /// Numbers that came, by their sender. Only what was authentic makes an entry.
    came: Vec<(u32, Sent)>,
}

impl Opener {
    /// None where the secrets are of another profile, or of a wrong length.
    pub fn new(crypto: &CryptoProvider, secrets: &Secrets) -> Option<Self> {
        let rtcp = Session::new(crypto, secrets.profile, &secrets.receiving, LABELS_RTCP, false)?;
        Some(Self { rtcp, came: Vec::new() })
    }

    /// The compound packet inside. None for what is forged, too short or not encrypted; what came already, or far too late; and what is of one sender
    /// too many.
    pub fn open_rtcp(&mut self, packet: &[u8]) -> Option<Vec<u8>> {
        let sealed = Sealed::parse(packet, &self.rtcp.cipher)?;
        let compound = self.rtcp.open_rtcp(&sealed)?;
        self.admits(sealed.ssrc, sealed.index).then_some(compound)
    }

    fn admits(&mut self, ssrc: u32, index: u32) -> bool {
        if let Some((_, came)) = self.came.iter_mut().find(|(one, _)| *one == ssrc) {
            return came.admits(index.into());
        }
        let has_room = self.came.len() < SENDERS_MAX;
        if has_room {
            let mut came = Sent::default();
            came.admits(index.into());
            self.came.push((ssrc, came));
        }
        has_room
    }
}

/// One direction of one protocol.
struct Session {
    /// Of 14 or 12 bytes, and zeros.
    salt: [u8; 16],
    cipher: Cipher,
}

enum Cipher {
    Counter(Counter),
    Gcm(Gcm),
}

/// AES in counter mode, with a tag of HMAC-SHA1 in ten bytes (RFC 3711, sections 4.1.1 and 4.2.1).
struct Counter {
    cipher: Box<dyn Aes128CmSha1_80Cipher>,
    hmac: &'static dyn Sha1HmacProvider,
    hmac_key: [u8; HMAC_KEY_BYTES],
}

enum Gcm {
    Aes128(Box<dyn AeadAes128GcmCipher>),
    Aes256(Box<dyn AeadAes256GcmCipher>),
}

impl Session {
    fn new(
        crypto: &CryptoProvider,
        profile: SrtpProfile,
        master: &Master,
        labels: u8,
        is_sealing: bool,
    ) -> Option<Self> {
        let (key_bytes, salt_bytes) = match profile {
            SrtpProfile::AES128_CM_SHA1_80 => (16, 14),
            SrtpProfile::AEAD_AES_128_GCM => (16, 12),
            SrtpProfile::AEAD_AES_256_GCM => (32, 12),
            _ => return None,
        };
        if (master.key.len(), master.salt.len()) != (key_bytes, salt_bytes) {
            return None;
        }
        let srtp = crypto.srtp_provider;
        let mut salt = [0; 16];
        derive(srtp, master, labels + LABEL_SALT, salt.get_mut(..salt_bytes)?);
        let (mut short, mut long) = ([0; 16], [0; 32]);
        derive(srtp, master, labels + LABEL_KEY, if key_bytes == 16 { &mut short } else { &mut long });
        let cipher = match profile {
            SrtpProfile::AEAD_AES_128_GCM => {
                Cipher::Gcm(Gcm::Aes128(srtp.aead_aes_128_gcm().create_cipher(short, is_sealing)))
            }
            SrtpProfile::AEAD_AES_256_GCM => {
                Cipher::Gcm(Gcm::Aes256(srtp.aead_aes_256_gcm().create_cipher(long, is_sealing)))
            }
            _ => {
                let mut hmac_key = [0; HMAC_KEY_BYTES];
                derive(srtp, master, labels + LABEL_HMAC, &mut hmac_key);
                let cipher = srtp.aes_128_cm_sha1_80().create_cipher(short, is_sealing);
                Cipher::Counter(Counter { cipher, hmac: crypto.sha1_hmac_provider, hmac_key })
            }
        };
        Some(Self { salt, cipher })
    }

    fn seal_rtp(&mut self, bytes: &mut Vec<u8>, begin: usize, ssrc: u32, index: u64, payload: &[u8]) -> Option<()> {
        let header_bytes = bytes.len().checked_sub(begin)?;
        if header_bytes < RTP_HEADER_BYTES || index >= RTP_INDICES {
            return None;
        }
        let end = bytes.len() + payload.len();
        match &mut self.cipher {
            Cipher::Gcm(gcm) => {
                bytes.resize(end + GCM_TAG_BYTES, 0);
                let (header, body) = bytes.get_mut(begin..)?.split_at_mut_checked(header_bytes)?;
                gcm.seal(&gcm_iv(&self.salt, ssrc, index), header, payload, body)
            }
            Cipher::Counter(counter) => {
                bytes.resize(end + COUNTER_SLACK_BYTES, 0);
                let iv = counter_iv(&self.salt, ssrc, index);
                counter.cipher.encrypt(&iv, payload, bytes.get_mut(begin + header_bytes..)?).ok()?;
                bytes.truncate(end);
                // RFC 3711, section 4.2: over the count of wraps, too, which is not sent.
                let wraps = u32::try_from(index >> 16).ok()?.to_be_bytes();
                bytes.extend(counter.tag(&[bytes.get(begin..)?, &wraps]));
                Some(())
            }
        }
    }

    fn seal_rtcp(&mut self, compound: &[u8], index: u32) -> Option<Vec<u8>> {
        let (header, reports) = compound.split_first_chunk::<RTCP_HEADER_BYTES>()?;
        let (ssrc, word) = (sender(header), (ENCRYPTED | index).to_be_bytes());
        let mut packet = Vec::with_capacity(compound.len() + SEAL_BYTES_MAX + WORD_BYTES);
        packet.extend(header);
        match &mut self.cipher {
            Cipher::Gcm(gcm) => {
                packet.resize(compound.len() + GCM_TAG_BYTES, 0);
                let body = packet.get_mut(RTCP_HEADER_BYTES..)?;
                gcm.seal(&gcm_iv(&self.salt, ssrc, index.into()), &beside(header, word), reports, body)?;
                packet.extend(word);
            }
            Cipher::Counter(counter) => {
                packet.resize(compound.len() + COUNTER_SLACK_BYTES, 0);
                let iv = counter_iv(&self.salt, ssrc, index.into());
                counter.cipher.encrypt(&iv, reports, packet.get_mut(RTCP_HEADER_BYTES..)?).ok()?;
                packet.truncate(compound.len());
                packet.extend(word);
                packet.extend(counter.tag(&[&packet]));
            }
        }
        Some(packet)
    }

    fn open_rtcp(&mut self, sealed: &Sealed) -> Option<Vec<u8>> {
        let Sealed { header, body, word, ssrc, index, .. } = *sealed;
        let mut compound = header.to_vec();
        match &mut self.cipher {
            Cipher::Gcm(gcm) => {
                let end = RTCP_HEADER_BYTES + body.len().checked_sub(GCM_TAG_BYTES)?;
                compound.resize(end, 0);
                let iv = gcm_iv(&self.salt, ssrc, index.into());
                gcm.open(&iv, &beside(header, word), body, compound.get_mut(RTCP_HEADER_BYTES..)?)?;
            }
            Cipher::Counter(counter) => {
                let end = RTCP_HEADER_BYTES + body.len();
                if !counter.is_authentic(sealed) {
                    return None;
                }
                compound.resize(end + COUNTER_SLACK_BYTES, 0);
                let iv = counter_iv(&self.salt, ssrc, index.into());
                counter.cipher.decrypt(&iv, body, compound.get_mut(RTCP_HEADER_BYTES..)?).ok()?;
                compound.truncate(end);
            }
        }
        Some(compound)
    }
}

impl Counter {
    fn tag(&self, parts: &[&[u8]]) -> impl Iterator<Item = u8> + use<> {
        self.hmac.sha1_hmac(&self.hmac_key, parts).into_iter().take(HMAC_TAG_BYTES)
    }

    /// Takes as long for a tag that is nearly right.
    fn is_authentic(&self, sealed: &Sealed) -> bool {
        let hmac = |key: &[u8], parts: &[&[u8]]| self.hmac.sha1_hmac(key, parts);
        Aes128CmSha1_80::rtcp_verify(hmac, &self.hmac_key, sealed.before_tag, sealed.tag)
    }
}

impl Gcm {
    /// `output` has room for the tag behind the input.
    fn seal(&mut self, iv: &[u8; GCM_IV_BYTES], beside: &[u8], input: &[u8], output: &mut [u8]) -> Option<()> {
        match self {
            Self::Aes128(cipher) => cipher.encrypt(iv, beside, input, output),
            Self::Aes256(cipher) => cipher.encrypt(iv, beside, input, output),
        }
        .ok()
    }

    /// `input` ends with the tag, for which `output` needs no room.
    fn open(&mut self, iv: &[u8; GCM_IV_BYTES], beside: &[u8], input: &[u8], output: &mut [u8]) -> Option<()> {
        match self {
            Self::Aes128(cipher) => cipher.decrypt(iv, &[beside], input, output),
            Self::Aes256(cipher) => cipher.decrypt(iv, &[beside], input, output),
        }
        .ok()
        .map(drop)
    }
}

/// A packet of SRTCP, by its parts.
struct Sealed<'a> {
    header: &'a [u8; RTCP_HEADER_BYTES],
    /// With AES-GCM, the tag is at its end: it goes before the word (RFC 7714, section 9.2).
    body: &'a [u8],
    word: [u8; WORD_BYTES],
    /// Of HMAC, behind the word (RFC 3711, section 3.4), and what it is over.
    tag: &'a [u8],
    before_tag: &'a [u8],
    ssrc: u32,
    index: u32,
}

impl<'a> Sealed<'a> {
    fn parse(packet: &'a [u8], cipher: &Cipher) -> Option<Self> {
        let (tag_bytes, body_bytes_min) = match cipher {
            Cipher::Counter(_) => (HMAC_TAG_BYTES, 0),
            Cipher::Gcm(_) => (0, GCM_TAG_BYTES),
        };
        let (before_tag, tag) = packet.split_at_checked(packet.len().checked_sub(tag_bytes)?)?;
        let (header, rest) = before_tag.split_first_chunk()?;
        let (body, &word) = rest.split_last_chunk()?;
        let number = u32::from_be_bytes(word);
        let is_possible = number & ENCRYPTED != 0 && body.len() >= body_bytes_min;
        is_possible.then(|| Self {
            header,
            body,
            word,
            tag,
            before_tag,
            ssrc: sender(header),
            index: number & !ENCRYPTED,
        })
    }
}

/// Who sends a compound packet: the second word.
fn sender(&[_, _, _, _, a, b, c, d]: &[u8; RTCP_HEADER_BYTES]) -> u32 {
    u32::from_be_bytes([a, b, c, d])
}

/// What is authentic without being encrypted (RFC 7714, section 9.2).
fn beside(
    &[a, b, c, d, e, f, g, h]: &[u8; RTCP_HEADER_BYTES],
    [i, j, k, l]: [u8; WORD_BYTES],
) -> [u8; RTCP_HEADER_BYTES + WORD_BYTES] {
    [a, b, c, d, e, f, g, h, i, j, k, l]
}

/// RFC 3711, section 4.1.1: the stream and the packet, hidden by the salt, and 16 bits in which the cipher counts its blocks.
fn counter_iv(salt: &[u8; 16], ssrc: u32, index: u64) -> [u8; 16] {
    (u128::from_be_bytes(*salt) ^ number(ssrc, index) << 16).to_be_bytes()
}

/// RFC 7714, sections 8.1 and 9.1: the same in 12 bytes, without a count of blocks.
fn gcm_iv(salt: &[u8; 16], ssrc: u32, index: u64) -> [u8; GCM_IV_BYTES] {
    let iv = (u128::from_be_bytes(*salt) ^ number(ssrc, index) << 32).to_be_bytes();
    std::array::from_fn(|byte| iv.get(byte).copied().unwrap_or(0))
}

/// Of a packet among all that are sealed under one key. An index of SRTCP is shorter, and has zeros before it.
fn number(ssrc: u32, index: u64) -> u128 {
    u128::from(ssrc) << 48 | u128::from(index)
}

/// RFC 3711, section 4.3.3: blocks of a counter under the master key, which begins as the salt and the label. With longer keys, the same (RFC 6188).
fn derive(srtp: &dyn SrtpProvider, master: &Master, label: u8, out: &mut [u8]) {
    for (count, part) in (0_u16..).zip(out.chunks_mut(16)) {
        let mut input = [0; 16];
        input.iter_mut().zip(&master.salt).for_each(|(byte, salt)| *byte = *salt);
        input[7] ^= label;
        [input[14], input[15]] = count.to_be_bytes();
        // Room for what some implementations write beyond one block.
        let mut block = [0; 32];
        if master.key.len() == 32 {
            srtp.srtp_aes_256_ecb_round(&master.key, &input, &mut block);
        } else {
            srtp.srtp_aes_128_ecb_round(&master.key, &input, &mut block);
        }
        part.iter_mut().zip(block).for_each(|(byte, block)| *byte = block);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    const PROFILES: [SrtpProfile; 3] =
        [SrtpProfile::AES128_CM_SHA1_80, SrtpProfile::AEAD_AES_128_GCM, SrtpProfile::AEAD_AES_256_GCM];
    /// A sender report of the sender `cafebabe`, and one of somebody else behind it.
    const COMPOUND: &str = "80c80006cafebabe00000001000000020000000300000004000000050000000681c90001deadbeef";

    fn bytes(hex: &str) -> Vec<u8> {
        let hex: Vec<u8> = hex.bytes().filter(|digit| !digit.is_ascii_whitespace()).collect();
        hex.chunks(2).map(|two| u8::from_str_radix(std::str::from_utf8(two).unwrap(), 16).unwrap()).collect()
    }

    fn crypto() -> CryptoProvider {
        str0m::crypto::from_feature_flags()
    }

    fn master(profile: SrtpProfile, first: u8) -> Master {
        let (key, salt) = match profile {
            SrtpProfile::AES128_CM_SHA1_80 => (16, 14),
            SrtpProfile::AEAD_AES_128_GCM => (16, 12),
            _ => (32, 12),
        };
        Master { key: (first..).take(key).collect(), salt: (first + 100..).take(salt).collect() }
    }

    /// What one side has, and the other.
    fn two_sides(profile: SrtpProfile) -> [Secrets; 2] {
        let side = |own, other| Secrets { profile, sending: master(profile, own), receiving: master(profile, other) };
        [side(1, 50), side(50, 1)]
    }

    fn one_way(profile: SrtpProfile) -> (Sealer, Opener) {
        let [one, other] = two_sides(profile);
        (Sealer::new(&crypto(), &one).unwrap(), Opener::new(&crypto(), &other).unwrap())
    }

    /// The master key of RFC 3711, appendix B.3, both ways.
    fn appendix_b_3() -> Secrets {
        let master =
            || Master { key: bytes("E1F97A0D3E018BE0D64FA32C06DE4139"), salt: bytes("0EC675AD498AFEEBB6960B3AABE6") };
        Secrets { profile: SrtpProfile::AES128_CM_SHA1_80, sending: master(), receiving: master() }
    }

    /// Of RFC 7714, sections 16 and 17: the key counts up, and is used as it is.
    fn gcm_session(is_long: bool, is_sealing: bool) -> Session {
        let srtp = crypto().srtp_provider;
        let gcm = if is_long {
            let key = std::array::from_fn(|byte| u8::try_from(byte).unwrap());
            Gcm::Aes256(srtp.aead_aes_256_gcm().create_cipher(key, is_sealing))
        } else {
            let key = std::array::from_fn(|byte| u8::try_from(byte).unwrap());
            Gcm::Aes128(srtp.aead_aes_128_gcm().create_cipher(key, is_sealing))
        };
        Session { salt: *b"Quid pro quo\0\0\0\0", cipher: Cipher::Gcm(gcm) }
    }

    #[test]
    fn keys_and_salts_are_derived_as_the_rfc_has_it() {
        // RFC 3711, appendix B.3.
        let derived = |label, length| {
            let mut out = vec![0; length];
            derive(crypto().srtp_provider, &appendix_b_3().sending, label, &mut out);
            out
        };
        assert_eq!(derived(LABELS_RTP + LABEL_KEY, 16), bytes("C61E7A93744F39EE10734AFE3FF7A087"));
        assert_eq!(derived(LABELS_RTP + LABEL_SALT, 14), bytes("30CBBC08863D8C85D49DB34A9AE1"));
        assert_eq!(derived(LABELS_RTP + LABEL_HMAC, 20), bytes("CEBE321F6FF7716B6FD4AB49AF256A156D38BAA4"));
    }

    #[test]
    fn blocks_of_the_counter_are_those_of_the_rfc() {
        // RFC 3711, appendix B.2: no stream, no index.
        let key: [u8; 16] = bytes("2B7E151628AED2A6ABF7158809CF4F3C").try_into().unwrap();
        let salt: [u8; 16] = bytes("F0F1F2F3F4F5F6F7F8F9FAFBFCFD0000").try_into().unwrap();
        let mut cipher = crypto().srtp_provider.aes_128_cm_sha1_80().create_cipher(key, true);
        let mut output = [0; 48 + COUNTER_SLACK_BYTES];
        cipher.encrypt(&counter_iv(&salt, 0, 0), &[0; 48], &mut output).unwrap();
        let expected =
            "E03EAD0935C95E80E166B16DD92B4EB4 D23513162B02D0F72A43A2FE4A5F97AB 41E95B3BB0A2E8DD477901E4FCA894C0";
        assert_eq!(output[..48].to_vec(), bytes(expected));
    }

    #[test]
    fn no_two_packets_begin_alike() {
        // RFC 7714, section 16.1.1.
        let salt = b"Quid pro quo\0\0\0\0";
        assert_eq!(gcm_iv(salt, 0x5501_a0b2, 0xf17b).to_vec(), bytes("51753c6580c2726f20718414"));
        // The count of wraps goes before the number on the wire.
        assert_eq!(gcm_iv(salt, 0x5501_a0b2, 0x0001_0000_f17b).to_vec(), bytes("51753c6580c2726e20718414"));
        // RFC 7714, section 17.1.
        assert_eq!(gcm_iv(salt, 0x4d61_7273, 0x05d4).to_vec(), bytes("517524055203726f207170bb"));
        // RFC 3711, section 4.1.1, by hand.
        let iv = counter_iv(&[0; 16], 0x0102_0304, 0x0506_0708_090a);
        assert_eq!(iv.to_vec(), bytes("0000000001020304 05060708090a 0000"));
    }

    #[test]
    fn packets_of_gcm_are_those_of_the_rfc() {
        // RFC 7714, sections 16.1.1 and 16.2.1.
        let header = bytes("8040f17b8041f8d35501a0b2");
        let payload = b"Gallia est omnis divisa in partes tres";
        let short = "f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a51c7d19b36de3adf8833\
                     899d7f27beb16a9152cf765ee4390cce";
        let long = "32b1de78a822fe12ef9f78fa332e33aab18012389a58e2f3b50b2a0276ffae0f1ba63799b87b\
                    7aa3db36dfffd6b0f9bb7878d7a76c13";
        for (is_long, expected) in [(false, short), (true, long)] {
            let mut packet = header.clone();
            gcm_session(is_long, true).seal_rtp(&mut packet, 0, 0x5501_a0b2, 0xf17b, payload).unwrap();
            assert_eq!(packet, [header.clone(), bytes(expected)].concat());
        }
    }

    #[test]
    fn reports_of_gcm_are_those_of_the_rfc() {
        // RFC 7714, sections 17.1 and 17.2.
        let compound = bytes(
            "81c8000d4d6172734e5450314e545032525450200000042a0000e9304c756e61deadbeefdeadbeefdeadbeefdeadbeefdeadbeef",
        );
        let short = "81c8000d4d61727363e94885dcdab67ca727d7662f6b7e997ff5c0f76c06f32dc676a5f1730d6fda4ce09b4686303d\
                     ed0bb9275bc84aa45896cf4d2fc5abf87245d9eade800005d4";
        let long = "81c8000d4d617273d50ae4d1f5ce5d304ba297e47d470c282c3ece5dbffe0a50a2eaa5c1110555be8415f658c61de0\
                    476f1b6fad1d1eb30c4446839f57ff6f6cb26ac3be800005d4";
        for (is_long, expected) in [(false, short), (true, long)] {
            let packet = gcm_session(is_long, true).seal_rtcp(&compound, 0x05d4).unwrap();
            assert_eq!(packet, bytes(expected));
            let mut opener = Opener { rtcp: gcm_session(is_long, false), came: Vec::new() };
            assert_eq!(opener.open_rtcp(&packet).unwrap(), compound);
        }
        // Section 17.3: authentic, but not encrypted.
        let tagged = [compound, bytes("841dd9683dd78ec92ae58790125f62b3 000005d4")].concat();
        assert_eq!(Opener { rtcp: gcm_session(false, false), came: Vec::new() }.open_rtcp(&tagged), None);
    }

    #[test]
    fn packets_of_the_counter_are_those_of_others() {
        // What libsrtp checks itself by, under the master key of RFC 3711, appendix B.3.
        let secrets = appendix_b_3();
        let mut sealer = Sealer::new(&crypto(), &secrets).unwrap();
        // Behind another one.
        let mut packet = bytes("abcd 800f1234decafbadcafebabe");
        assert!(sealer.seal_rtp(&mut packet, 2, 0xcafe_babe, 0x1234, &[0xab; 16]));
        let expected = "abcd 800f1234decafbadcafebabe 4e55dc4ce79978d88ca4d215949d2402 b78d6acc99ea179b8dbb";
        assert_eq!(packet, bytes(expected));
        let compound = bytes("81c8000bcafebabe abababababababababababababababab");
        sealer.rtcp_index = 1;
        let sealed = sealer.seal_rtcp(&compound).unwrap();
        let expected = "81c8000bcafebabe 7128035be487b9bdbef89041f977a5a8 80000001 993e08cd54d6c1230798";
        assert_eq!(sealed, bytes(expected));
        assert_eq!(Opener::new(&crypto(), &secrets).unwrap().open_rtcp(&sealed).unwrap(), compound);
    }

    #[test]
    fn reports_of_the_counter_are_those_of_str0m() {
        // Recorded with another implementation, and among the tests of str0m.
        let master =
            || Master { key: bytes("2CB02346B42276A672CFD143AEC2D5EE"), salt: bytes("6EB25CB7D26A61A1EE2C210ADAE7") };
        let secrets = Secrets { profile: SrtpProfile::AES128_CM_SHA1_80, sending: master(), receiving: master() };
        let compound = bytes(
            "80c800063cd7cc13e2ee35c8604e618c26f327340000004300001407\
             81ca00063cd7cc130110386e467532685766724d44724766346f0000",
        );
        let expected = "80C800063CD7CC13B7C831DCB776CD8DC26FDA1D9BFC8EE6589A1A8A49289CAEB264200C37D2D0A4AFAC6385FFC60D\
                        EC7D06D4873DD3A8CC80000001B7BB526521D1E73C0FC0";
        let mut sealer = Sealer::new(&crypto(), &secrets).unwrap();
        sealer.rtcp_index = 1;
        assert_eq!(sealer.seal_rtcp(&compound).unwrap(), bytes(expected));
    }

    #[test]
    fn packets_whose_number_wrapped_are_those_of_str0m() {
        let secrets = appendix_b_3();
        let crypto = crypto();
        let (mut key, mut salt, mut hmac_key) = ([0; 16], [0; 14], [0; 20]);
        for (label, out) in [(LABEL_KEY, &mut key[..]), (LABEL_SALT, &mut salt), (LABEL_HMAC, &mut hmac_key)] {
            derive(crypto.srtp_provider, &secrets.sending, LABELS_RTP + label, out);
        }
        let header = bytes("906f0001 0a0b0c0d 01020304 bede0001 10ff0000");
        let (end, index) = (header.len() + 21, 0x0003_0000_0001);
        let mut expected = [header.clone(), vec![0; 21 + COUNTER_SLACK_BYTES]].concat();
        let iv = Aes128CmSha1_80::rtp_iv(salt, 0x0102_0304, index);
        let mut cipher = crypto.srtp_provider.aes_128_cm_sha1_80().create_cipher(key, true);
        cipher.encrypt(&iv, &[9; 21], &mut expected[header.len()..]).unwrap();
        let hmac = |key: &[u8], parts: &[&[u8]]| crypto.sha1_hmac_provider.sha1_hmac(key, parts);
        Aes128CmSha1_80::rtp_hmac(hmac, &hmac_key, &mut expected, index, end);
        let mut packet = header;
        assert!(Sealer::new(&crypto, &secrets).unwrap().seal_rtp(&mut packet, 0, 0x0102_0304, index, &[9; 21]));
        assert_eq!(packet, expected[..end + HMAC_TAG_BYTES]);
    }

    #[test]
    fn what_one_side_seals_the_other_opens() {
        for profile in PROFILES {
            let (mut sealer, mut opener) = one_way(profile);
            for length in [40, 8, 12, 1_200] {
                let mut compound = bytes(COMPOUND);
                compound.resize(length, 7);
                let packet = sealer.seal_rtcp(&compound).unwrap();
                assert!(length == 8 || !packet.windows(16).any(|part| compound.windows(16).any(|own| own == part)));
                assert_eq!(opener.open_rtcp(&packet).as_ref(), Some(&compound), "{profile:?}, {length} bytes");
                assert_eq!(opener.open_rtcp(&packet), None, "it came already");
            }
            assert_eq!(sealer.seal_rtcp(&[0x80, 201, 0, 1, 1, 2, 3]), None, "no sender");
        }
    }

    #[test]
    fn a_direction_has_keys_of_its_own() {
        for profile in PROFILES {
            let (mut sealer, _) = one_way(profile);
            let [one, _] = two_sides(profile);
            let packet = sealer.seal_rtcp(&bytes(COMPOUND)).unwrap();
            assert_eq!(Opener::new(&crypto(), &one).unwrap().open_rtcp(&packet), None, "what we sent ourselves");
        }
    }

    #[test]
    fn what_was_changed_or_cut_is_not_opened() {
        for profile in PROFILES {
            let (mut sealer, mut opener) = one_way(profile);
            let packet = sealer.seal_rtcp(&bytes(COMPOUND)).unwrap();
            for byte in 0..packet.len() {
                for bit in 0..8 {
                    let mut forged = packet.clone();
                    forged[byte] ^= 1 << bit;
                    assert_eq!(opener.open_rtcp(&forged), None, "{profile:?}, bit {bit} of byte {byte}");
                }
                assert_eq!(opener.open_rtcp(&packet[..byte]), None, "{profile:?}, {byte} bytes of it");
            }
            assert!(opener.came.is_empty(), "forgeries leave nothing");
            assert!(opener.open_rtcp(&packet).is_some());
        }
    }

    #[test]
    fn only_so_many_senders_are_kept_track_of() {
        let (mut sealer, mut opener) = one_way(SrtpProfile::AEAD_AES_128_GCM);
        let mut from = |ssrc: u8| sealer.seal_rtcp(&[0x80, 201, 0, 1, 0, 0, 0, ssrc]).unwrap();
        for ssrc in 0..64 {
            assert!(opener.open_rtcp(&from(ssrc)).is_some());
        }
        assert_eq!(opener.open_rtcp(&from(64)), None);
        assert!(opener.open_rtcp(&from(0)).is_some(), "those who are known go on");
    }

    #[test]
    fn reports_that_overtake_are_opened_once_each() {
        let (mut sealer, mut opener) = one_way(SrtpProfile::AES128_CM_SHA1_80);
        let packets: Vec<_> = (0..1_200).map(|_| sealer.seal_rtcp(&bytes(COMPOUND)).unwrap()).collect();
        assert!(opener.open_rtcp(&packets[1_199]).is_some());
        assert_eq!(opener.open_rtcp(&packets[175]), None, "too long ago to know");
        for late in (176..1_199).rev() {
            assert!(opener.open_rtcp(&packets[late]).is_some());
            assert_eq!(opener.open_rtcp(&packets[late]), None);
        }
    }

    #[test]
    fn a_key_seals_only_so_many() {
        for profile in PROFILES {
            let (mut sealer, mut opener) = one_way(profile);
            sealer.rtcp_index = RTCP_INDICES - 1;
            let last = sealer.seal_rtcp(&bytes(COMPOUND)).unwrap();
            assert!(opener.open_rtcp(&last).is_some());
            assert_eq!(sealer.seal_rtcp(&bytes(COMPOUND)), None);
            let header = bytes("8040f17b8041f8d35501a0b2");
            for (index, is_sealed) in [(RTP_INDICES - 1, true), (RTP_INDICES, false)] {
                let mut packet = header.clone();
                assert_eq!(sealer.seal_rtp(&mut packet, 0, 1, index, b"hm"), is_sealed);
            }
        }
    }

    #[test]
    fn sealing_allocates_nothing_where_there_is_room() {
        for profile in PROFILES {
            let (mut sealer, _) = one_way(profile);
            for payload in [&b""[..], b"a", &[5; 1_100]] {
                let mut packet = Vec::with_capacity(12 + payload.len() + SEAL_BYTES_MAX);
                packet.extend(bytes("8040f17b8041f8d35501a0b2"));
                let before = (packet.as_ptr(), packet.capacity());
                assert!(sealer.seal_rtp(&mut packet, 0, 0x5501_a0b2, 0xf17b, payload));
                assert_eq!((packet.as_ptr(), packet.capacity()), before);
            }
            for begin in [1, 13] {
                assert!(!sealer.seal_rtp(&mut vec![0x80; 12], begin, 1, 1, b"hm"), "no header");
            }
        }
    }

    #[test]
    fn secrets_of_a_wrong_length_make_nothing() {
        for profile in PROFILES {
            for (key, salt) in [(0, 1), (1, 0)] {
                let [mut one, _] = two_sides(profile);
                for master in [&mut one.sending, &mut one.receiving] {
                    master.key.truncate(master.key.len() - key);
                    master.salt.truncate(master.salt.len() - salt);
                }
                assert!(Sealer::new(&crypto(), &one).is_none() && Opener::new(&crypto(), &one).is_none());
            }
        }
    }

    proptest! {
        #[test]
        fn whatever_comes_is_survived_and_nothing_opened(packets in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..80), 0..20)) {
            for profile in PROFILES {
                let (_, mut opener) = one_way(profile);
                for packet in &packets {
                    prop_assert_eq!(opener.open_rtcp(packet), None);
                }
            }
        }

        #[test]
        fn any_report_comes_through(compound in prop::collection::vec(any::<u8>(), 8..200)) {
            for profile in PROFILES {
                let (mut sealer, mut opener) = one_way(profile);
                prop_assert_eq!(opener.open_rtcp(&sealer.seal_rtcp(&compound).unwrap()), Some(compound.clone()));
            }
        }
    }
}
