//! What was done to the node, counted.

use std::sync::atomic::{AtomicU64, Ordering};

use serde::Serialize;

macro_rules! counts {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {
        #[derive(Debug, Default)]
        pub struct Counts {
            $($(#[$doc])* pub $name: AtomicU64,)*
        }

        /// As they are at a moment.
        #[derive(Clone, Debug, Serialize)]
        pub struct Counted {
            $(pub $name: u64,)*
        }

        impl Counts {
            pub fn now(&self) -> Counted {
                Counted { $($name: self.$name.load(Ordering::Relaxed),)* }
            }
        }
    };
}

counts! {
    /// Attempts to come in with a good grant.
    tried,
    joined,
    /// Good grants that were refused: the room was closed meanwhile, or the session taken out of it.
    turned_away,
    /// Those the space let go, over the data channel.
    left,
    vanished,
    /// The same session, once more, before the first was gone.
    came_anew,
    /// Other ends: a grant that was not renewed, a room that was closed, a link that was lost.
    ended,
    /// Persons of ours that failed by themselves, and words the node did not take.
    troubles,
    hearing_posts,
    rooms_opened,
    rooms_closed,
    /// Forged, expired, used or misdirected tokens, and broken offers.
    bad_requests,
    bad_requests_refused,
    /// Forged ones that were let in: none may be.
    let_in_wrongly,
    bad_packets,
    bad_streams,
    address_changes,
    bad_words,
    voices_heard,
    pictures_seen,
}
