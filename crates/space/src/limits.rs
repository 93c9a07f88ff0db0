//! Every limit of a space, and why it is what it is.

use earshot_protocol::units::TILE;

/// Connections, greeting ones included. The platform allows 32,768 sockets an object; one object's throughput ends earlier.
pub const CONNECTIONS_MAX: usize = 2_500;
/// Sessions in one space.
pub const SESSIONS_MAX: usize = 2_000;
/// Of one user, connections that have not said Hello yet; the oldest ends for one more.
pub const GREETINGS_MAX: usize = 3;
/// A Hello has to come within this time of connecting.
pub const GREETING_MS_MAX: i64 = 10_000;
/// Whoever was sent out does not come in by a check that was made before; it is remembered for so long.
pub const REMOVED_MS_MAX: i64 = 60_000;
/// And of so many.
pub const REMOVED_MAX: usize = 1_000;
/// A session whose connection is lost waits this long for another: a reload, a tunnel, a change of network.
pub const LOST_MS_MAX: i64 = 20_000;

/// How far in the past an intent may claim to have been decided. Covers a round trip of 800 ms; what it allows a cheat is
/// to rewrite less than half a second of a walk that obeys speed and walls all the same.
pub const LAG_MS_MAX: i64 = 400;
/// How far in the future: what is left of a client's error in estimating the server's clock.
pub const LEAD_MS_MAX: i64 = 60;

/// Microseconds that must pass after a flush, for each connection it went to, before the next. Sending one frame costs
/// about 25 us of the object's time, so this keeps sending below a quarter of it. One mover alone never waits.
pub const FLUSH_GAP_US_PER_RECIPIENT: i64 = 100;

/// Oldest ticket accepted, in milliseconds: a month away, and one still comes back to one's place.
pub const TICKET_AGE_MS_MAX: i64 = 30 * 24 * 3_600_000;
/// How long a direction that was held when everything was lost is believed to have been held on. A walk to a point is
/// believed to its end.
pub const TICKET_STEER_MS_MAX: i64 = 30_000;

/// While somebody walks, whom they hear is looked at on a grid of this many milliseconds: less than half a tile at a run.
/// In a space of hundreds the grid is up to four times as wide.
pub const LISTEN_GRID_MS: i64 = 50;
/// Somebody far is given up for somebody near on this grid only (a multiple of every width of the other).
pub const SWAP_GRID_MS: i64 = 600;
/// And only for somebody nearer by this much, in sub-pixels: two tiles. Who is passed in walking by stays connected.
pub const SWAP_MARGIN: i32 = 2 * TILE;
/// Looks at people that one input may cause, for each session in the space.
pub const LOOKS_PER_SESSION_MAX: usize = 4;
/// Most people one lock holds. Beyond it is no conversation any more, and each toggle costs a look at all of them.
pub const LOCK_MEMBERS_MAX: usize = 64;

/// So many others in earshot make a crowd: ten in a conversation, for whom direct connections do not suffice.
pub const CROWD_ENTER: usize = 9;
/// And so few make it none again: fewer than a direct conversation has places.
pub const CROWD_LEAVE: usize = 6;
/// A crowd is one when it has been for this long, and not because somebody passed by.
pub const CROWD_ENTER_MS: i64 = 1_000;
/// And none again after this.
pub const CROWD_LEAVE_MS: i64 = 3_000;
/// How a crowd is served is looked at on this grid, while anything happens: a multiple of every width of the one on which
/// it is looked at who hears whom. Nodes are told no more often.
pub const CROWD_GRID_MS: i64 = 200;
/// Rooms one listens in on besides one's own. Each is a connection.
pub const LISTENED_ROOMS_MAX: usize = 6;
/// After so long a node is asked for again where there was none for a room, and each time after twice as long, up to the longest: one that was late is
/// there soon.
pub const PLACE_AGAIN_MS: i64 = 2_000;
pub const PLACE_AGAIN_MS_MAX: i64 = 600_000;
/// Where there is no fleet nobody wakes a space for that; but when somebody stirs it is asked again after so long.
pub const PLACE_AWAKE_MS: i64 = 15_000;
/// Who is not in its room by then is connected directly, as far as there are places.
pub const ROOM_PATIENCE_MS: i64 = 5_000;
/// So long after somebody moved to another room it is waited for that each who hears them does so there: longer than a client may take to say that it
/// flows (8 s after it is in, while nobody speaks there).
pub const HOPE_MS: i64 = 15_000;
/// A node is doubted no more often. Whoever goes on doubting one alone, after some times, waits twice as long with each, up to the longest.
pub const PROBE_GAP_MS: i64 = 500;
pub const PROBE_GAP_MS_MAX: i64 = 30_000;
pub const PROBES_AT_ONCE: u32 = 4;
