//! Web addresses. What comes out is ASCII throughout, with the host as the network knows it, so that no program after this one
//! can read another host in it than the one that is shown.
//!
//! Stricter than a browser on purpose: no user's name (`https://bank.example@elsewhere.example` leads elsewhere than it reads),
//! no numbers in disguise for an address of the network, no percent signs in a host. Such a text is no link.

use std::fmt::Write;
use std::net::{Ipv4Addr, Ipv6Addr};

use crate::punycode::to_ascii;

const HOST_BYTES_MAX: usize = 253;
const LABEL_BYTES_MAX: usize = 63;

/// Where a link leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    pub href: String,
    /// With the port where one is given.
    pub host: String,
}

/// The address that a whole text is; None for what is none of the web.
pub fn address(text: &str) -> Option<Address> {
    let (scheme, rest) = split_scheme(text)?;
    let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
    let host = authority(&rest[..end])?;
    let mut href = format!("{scheme}://{host}");
    let path = &rest[end..];
    if !path.starts_with('/') {
        href.push('/');
    }
    // Browsers read a backslash there as a slash.
    push_path(&mut href, path.strip_prefix('\\').unwrap_or(path));
    Some(Address { href, host })
}

/// Whether just this host is what somebody reads: an address of it, or its bare name and what comes after it.
pub fn reads_as(text: &str, host: &str) -> bool {
    let text = text.trim();
    let rest = split_scheme(text).map_or(text, |(_, rest)| rest);
    let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
    rest[..end].eq_ignore_ascii_case(host)
}

fn split_scheme(text: &str) -> Option<(&'static str, &str)> {
    ["https", "http"].into_iter().find_map(|scheme| {
        let head = text.get(..scheme.len())?;
        let rest = text.get(scheme.len()..)?.strip_prefix("://")?;
        head.eq_ignore_ascii_case(scheme).then_some((scheme, rest))
    })
}

fn authority(text: &str) -> Option<String> {
    if let Some(inner) = text.strip_prefix('[') {
        let (ip, port) = inner.split_once(']')?;
        let ip: Ipv6Addr = ip.parse().ok()?;
        return Some(format!("[{ip}]{}", port_of(port)?));
    }
    let (name, port) = text.split_at(text.find(':').unwrap_or(text.len()));
    Some(format!("{}{}", host_name(name)?, port_of(port)?))
}

/// A colon and the port, or nothing.
fn port_of(text: &str) -> Option<String> {
    let Some(digits) = text.strip_prefix(':') else { return text.is_empty().then(String::new) };
    if digits.is_empty() {
        return Some(String::new());
    }
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    digits.parse::<u16>().ok().map(|port| format!(":{port}"))
}

fn host_name(text: &str) -> Option<String> {
    if text.len() > 4 * HOST_BYTES_MAX {
        return None;
    }
    let lower = text.to_lowercase();
    let name = lower.strip_suffix('.').unwrap_or(&lower);
    let labels: Option<Vec<String>> = name.split('.').map(label).collect();
    let labels = labels?;
    let host = labels.join(".");
    let last = labels.last()?;
    // Browsers read `2130706433` and `0x7f.1` as addresses of the network; only the plain way of writing one is a link.
    let numeric = last.bytes().all(|byte| byte.is_ascii_digit()) || last.starts_with("0x");
    if numeric && host.parse::<Ipv4Addr>().is_err() {
        return None;
    }
    (host.len() <= HOST_BYTES_MAX).then_some(host)
}

fn label(text: &str) -> Option<String> {
    let allowed = |letter: char| {
        if letter.is_ascii() {
            letter.is_ascii_alphanumeric() || letter == '-' || letter == '_'
        } else {
            letter.is_alphanumeric() || is_mark_or_picture(letter)
        }
    };
    if text.is_empty() || !text.chars().all(allowed) {
        return None;
    }
    to_ascii(text).filter(|ascii| ascii.len() <= LABEL_BYTES_MAX)
}

/// Marks of scripts that no host can be written without, and emoji; neither spaces nor dots nor marks of direction.
fn is_mark_or_picture(letter: char) -> bool {
    matches!(u32::from(letter), 0x300..=0x36f | 0x900..=0x1cff | 0x2190..=0x2bff | 0x1f000..=0x1faff)
}

/// Whatever could be read as something else is written by its bytes.
fn push_path(href: &mut String, path: &str) {
    for byte in path.bytes() {
        if byte.is_ascii_graphic() && !matches!(byte, b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}') {
            href.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(href, "%{byte:02X}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn href(text: &str) -> Option<String> {
        address(text).map(|address| address.href)
    }

    #[test]
    fn addresses_are_written_one_way() {
        let known = [
            ("https://example.org", "https://example.org/"),
            ("HTTPS://Example.ORG/A?b=c#d", "https://example.org/A?b=c#d"),
            ("http://localhost:8787", "http://localhost:8787/"),
            ("https://example.org?x", "https://example.org/?x"),
            ("https://Bücher.example/ü x", "https://xn--bcher-kva.example/%C3%BC%20x"),
            ("https://a.example\\@b.example", "https://a.example/@b.example"),
            ("http://[::1]:80/", "http://[::1]:80/"),
            ("http://127.0.0.1/", "http://127.0.0.1/"),
            ("https://example.org:/", "https://example.org/"),
            ("https://example.org/\u{202e}gnp", "https://example.org/%E2%80%AEgnp"),
        ];
        for (text, expected) in known {
            assert_eq!(href(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_address_of_the_web_or_hides_where_it_leads_is_none() {
        for text in [
            "javascript:alert(1)",
            "JavaScript://%0aalert(1)",
            "data:text/html,<script>alert(1)</script>",
            "file:///etc/passwd",
            "ftp://example.org",
            "//example.org",
            "https:example.org",
            "https://",
            "https://[",
            "https://bank.example@elsewhere.example/",
            "https://:@example.org/",
            "https://exa%6dple.org",
            "https://example\u{3002}org",
            "https://exa\u{200b}mple.org",
            "https://exa\u{202e}mple.org",
            "https://a..b",
            "https://.a",
            "http://2130706433/",
            "http://0x7f.1/",
            "http://0x7f000001/",
            "http://127.1/",
            "http://010.0.0.1/",
            "https://example.org:99999/",
            "https://example.org:8a/",
            "https://exa mple.org",
        ] {
            assert_eq!(href(text), None, "{text}");
        }
    }

    #[test]
    fn a_host_that_reads_otherwise_is_found_out() {
        assert!(reads_as("https://Example.org/x", "example.org"));
        assert!(reads_as("example.org", "example.org"));
        for text in ["https://аpple.com/", "https://bank.example/?example.org", "example.org.evil.example", "here"] {
            assert!(!reads_as(text, "example.org"), "{text}");
        }
    }
}
