//! What a node is told when it starts, and everything's limits.

use std::net::SocketAddr;
use std::time::Duration;

use crate::loudest::{VOICES, VOICES_MAX};
use crate::room::{PARTICIPANTS_MAX, PICTURES, PICTURES_MAX};
use crate::sparing::FULL_PERCENT;

/// Lines of media in one offer: four to send, and lanes to receive on, sound and pictures.
pub const MEDIA_LINES_MAX: usize = 4 + VOICES_MAX + PICTURES_MAX;
/// A participant whose connection did not come about is forgotten after this: slow links take a few seconds.
pub const CONNECT_MAX: Duration = Duration::from_secs(20);
/// One that stays silent is let go after this. The space knows who left; this is for whoever vanished.
pub const LOST_MAX: Duration = Duration::from_secs(15);
/// A word of farewell has this long to arrive before the connection is closed.
pub const FAREWELL: Duration = Duration::from_millis(300);
/// A voice or camera that did not come for this long is no publication any more: tracks come and go without a word.
pub const SILENT_MAX: Duration = Duration::from_secs(5);
/// Of a screen on which nothing moves little or nothing may come. Who has stopped sharing it is not asked for it, either: that the space says.
pub const SILENT_SCREEN_MAX: Duration = Duration::from_secs(60);
/// A room nobody is in, and of which nothing was said, is forgotten after this: longer than any grant lives.
pub const ROOM_IDLE_MAX: Duration = Duration::from_secs(600);
/// Addresses one participant may have come from and still be known by.
pub const ADDRESSES_MAX: usize = 8;
/// Datagrams one participant may send a second: voice, sound, three layers and a screen need about 600.
pub const DATAGRAMS_PER_S: u32 = 3_000;
/// And bytes: three layers and a screen in high quality, twice over.
pub const BYTES_PER_S: u32 = 2_500_000;
/// Messages on the data channel a second: wishes are said at most ten times. Of what is said beyond, the last is read a little later.
pub const MESSAGES_PER_S: u32 = 30;
/// A wish is granted at once, unless the room has chosen within this.
pub const CHOOSE_APART: Duration = Duration::from_millis(20);
/// Speakers named in a beat.
pub const SPEAKERS_MAX: usize = 16;
/// Outputs of one connection in one go. Far beyond what any does; a loop that never ends would stop everybody.
pub const OUTPUTS_MAX: usize = 20_000;
/// Failures in one go before a connection is given up. Single ones mean little: bad datagrams may come from anybody.
pub const FAILURES_MAX: u32 = 16;
/// A picture's packets are not put behind others that wait for this long: what comes late is of no use, and what is taken away has to end soon.
pub const WAIT_MAX: Duration = Duration::from_millis(250);
/// What is taken for granted of a link before anything was measured.
pub const ESTIMATE_BITS_PER_S: u64 = 300_000;
/// And what a node strives for at the most.
pub const DESIRED_BITS_PER_S_MAX: u64 = 12_000_000;
/// Lost packets are kept so long for whoever asks again.
pub const RESEND_MAX: Duration = Duration::from_secs(1);
/// And so many of a stream: a second of the best layer, and a key frame.
pub const RESEND_PACKETS: usize = 512;
/// Share of resent bytes, in hundredths, above which a link is poor rather than lossy, and resending makes it poorer.
pub const RESEND_SHARE_PERCENT: u64 = 40;

/// How one node, or one shard of it, is set up.
#[derive(Clone, Debug)]
pub struct NodeConfig {
    /// Addresses at which participants reach it over UDP.
    pub udp: Vec<SocketAddr>,
    /// And over TCP, where UDP is blocked.
    pub tcp: Vec<SocketAddr>,
    pub participants_max: usize,
    pub room_participants_max: usize,
    pub rooms_max: usize,
    /// Voices and pictures that one participant gets at once, at the most; of what it has more lanes for, those stay empty.
    pub voices_max: usize,
    pub pictures_max: usize,
    /// The first letter of every user fragment: whose datagram it is, where several shards share a port.
    pub shard: u8,
    /// Share of its thread's time, in hundredths, from which on it is full and leaves out pictures; 0: never.
    pub full_percent: u32,
}

impl Default for NodeConfig {
    fn default() -> Self {
        Self {
            udp: Vec::new(),
            tcp: Vec::new(),
            participants_max: 500,
            room_participants_max: PARTICIPANTS_MAX,
            rooms_max: 200,
            voices_max: VOICES,
            pictures_max: PICTURES,
            shard: 0,
            full_percent: FULL_PERCENT,
        }
    }
}

/// What happened, counted from the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    pub datagrams_in: u64,
    pub bytes_in: u64,
    pub datagrams_out: u64,
    pub bytes_out: u64,
    /// Media packets that came.
    pub packets_in: u64,
    /// Media packets handed to receivers: one that goes to five counts five.
    pub packets_forwarded: u64,
    /// Sent once more, because a receiver asked for them.
    pub packets_resent: u64,
    /// What was sent to find out what links take: padding, and packets sent once more for their size.
    pub bytes_padding: u64,
    /// Packets that were not forwarded, because those before them still waited, or the connection did not stand.
    pub packets_dropped: u64,
    /// Packets that were not, because their number was used already.
    pub packets_repeated: u64,
    pub key_frames_asked: u64,
    /// Datagrams that belong to nobody.
    pub strays: u64,
    /// Datagrams and messages beyond what a participant may send.
    pub over_limit: u64,
    /// Messages that could not be read.
    pub bad_messages: u64,
    pub joins: u64,
    pub connected: u64,
    pub lost: u64,
    pub expired: u64,
    pub removed: u64,
    /// Participants that were ended because something in them panicked.
    pub panics: u64,
    /// Failures of inner parts that were survived.
    pub failures: u64,
}
