//! The way to a receiver: where str0m sends what is not an answer to a check. It chose among the pairs of addresses (RFC 8445), and has no call
//! to be asked which.

use std::net::SocketAddr;

use str0m::net::Transmit;

use crate::node::outbox::Path;
use crate::node::stun::nominates;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Way(Option<Path>);

impl Way {
    pub fn path(&self) -> Option<Path> {
        self.0
    }

    /// str0m sent something. Answers to checks go where those came from; all else goes the way that was chosen.
    pub fn saw(&mut self, transmit: &Transmit) {
        // RFC 7983: handshakes, words and reports, by their first byte.
        if matches!(transmit.contents.first(), Some(20..=63 | 128..=191)) {
            let Transmit { proto, source, destination, .. } = *transmit;
            self.0 = Some(Path { proto, source, destination });
        }
    }

    /// Whether a datagram from there asks for another way than this, or for any where none is known.
    pub fn may_have_moved(&self, from: SocketAddr, contents: &[u8]) -> bool {
        self.0.is_none_or(|known| known.destination != from) && nominates(contents)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use str0m::net::Protocol;

    #[test]
    fn what_goes_out_goes_where_str0m_sends_all_but_answers_to_checks() {
        let to = |destination: &str, first| Transmit {
            proto: Protocol::Udp,
            source: "10.0.0.1:1".parse().unwrap(),
            destination: destination.parse().unwrap(),
            contents: vec![first, 0].into(),
        };
        let goes = |way: &Way| Some(way.path()?.destination.to_string());
        let mut way = Way::default();
        way.saw(&to("10.0.0.2:2", 1));
        assert_eq!(goes(&way), None);
        way.saw(&to("10.0.0.3:3", 22));
        assert_eq!(goes(&way).as_deref(), Some("10.0.0.3:3"));
        way.saw(&to("10.0.0.2:2", 1));
        assert_eq!(goes(&way).as_deref(), Some("10.0.0.3:3"));
        way.saw(&to("10.0.0.4:4", 129));
        assert_eq!(goes(&way).as_deref(), Some("10.0.0.4:4"));
    }
}
