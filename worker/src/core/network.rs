//! Where a request comes from, for limits: one house, not one of its addresses.

use std::net::{IpAddr, Ipv6Addr};

/// A house has that many bits of an IPv6 address in common, and all of the rest to itself (RFC 6177).
const PREFIX_BITS: u32 = 64;

/// The network an address belongs to: itself for IPv4, the first 64 bits for IPv6. What is no address stays what it is.
pub fn network_of(address: &str) -> String {
    match address.trim().parse::<IpAddr>().map(|ip| ip.to_canonical()) {
        Ok(IpAddr::V6(ip)) => Ipv6Addr::from_bits(ip.to_bits() >> PREFIX_BITS << PREFIX_BITS).to_string(),
        Ok(IpAddr::V4(ip)) => ip.to_string(),
        Err(_) => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_house_is_one_whatever_address_of_it_is_used() {
        for (address, network) in [
            ("192.0.2.7", "192.0.2.7"),
            ("::ffff:192.0.2.7", "192.0.2.7"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
            ("2001:DB8:1:2::1", "2001:db8:1:2::"),
            ("2001:db8:1:3::1", "2001:db8:1:3::"),
            ("", ""),
            ("nowhere", "nowhere"),
        ] {
            assert_eq!(network_of(address), network, "{address}");
        }
    }
}
