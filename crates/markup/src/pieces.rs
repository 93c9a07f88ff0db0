//! Plain text as pieces: web addresses become links, `<@user id>` a mention, and all else stays as it is.

use crate::Node;
use crate::address::{Address, address, reads_as};

const USER_ID_BYTES_MAX: usize = 40;

/// What was found at a place in a text, and where it ends.
enum Found {
    Link(Address),
    Mention,
}

/// Splits a text. Within a link there are no links.
pub fn pieces(text: &str, in_link: bool, push: &mut dyn FnMut(Node)) {
    let mut done = 0;
    let mut at = 0;
    while let Some(ahead) = text[at..].find(['h', 'H', '<']) {
        let start = at + ahead;
        let found = if text[start..].starts_with('<') {
            mention_end(&text[start..]).map(|end| (end, Found::Mention))
        } else if in_link || is_within_word(&text[..start]) {
            None
        } else {
            link_at(&text[start..])
        };
        let Some((end, found)) = found else {
            at = start + skip(&text[start..]);
            continue;
        };
        if start > done {
            push(Node::Text { v: text[done..start].into() });
        }
        let whole = &text[start..start + end];
        push(match found {
            // Between `<@` and `>`.
            Found::Mention => Node::Mention { id: whole[2..end - 1].into() },
            Found::Link(Address { href, host }) => {
                let host = (!reads_as(whole, &host)).then_some(host);
                Node::Link { href, host, c: vec![Node::Text { v: whole.into() }] }
            }
        });
        done = start + end;
        at = done;
    }
    if done < text.len() {
        push(Node::Text { v: text[done..].into() });
    }
}

/// How far to go on where nothing was found: over a whole scheme, so that no stretch is looked at often.
fn skip(text: &str) -> usize {
    if scheme_bytes(text).is_some() { address_bytes(text).max(1) } else { 1 }
}

fn is_within_word(before: &str) -> bool {
    before.chars().next_back().is_some_and(|letter| letter.is_alphanumeric() || letter == '_')
}

fn scheme_bytes(text: &str) -> Option<usize> {
    ["https://", "http://"]
        .into_iter()
        .find(|scheme| text.get(..scheme.len()).is_some_and(|head| head.eq_ignore_ascii_case(scheme)))
        .map(str::len)
}

/// Up to what ends an address wherever it stands.
fn address_bytes(text: &str) -> usize {
    let ends = |letter: char| letter.is_whitespace() || matches!(letter, '<' | '>' | '"' | '“' | '”' | '«' | '»');
    text.find(ends).unwrap_or(text.len())
}

fn link_at(text: &str) -> Option<(usize, Found)> {
    scheme_bytes(text)?;
    let whole = trim_end(&text[..address_bytes(text)]);
    address(whole).map(|address| (whole.len(), Found::Link(address)))
}

/// A sentence's full stop, or the bracket around an address, is not part of it; a bracket that was opened in it is.
fn trim_end(whole: &str) -> &str {
    let count = |letter: char| whole.matches(letter).count();
    // More closed than opened, for each kind of bracket; counted once.
    let mut loose = [('(', ')'), ('[', ']'), ('{', '}')].map(|(open, close)| (close, count(close), count(open)));
    let mut end = whole;
    while let Some(last) = end.chars().next_back() {
        if let Some((_, closed, opened)) = loose.iter_mut().find(|(close, ..)| *close == last) {
            if *closed <= *opened {
                break;
            }
            *closed -= 1;
        } else if !matches!(last, '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '’' | '…' | '*') {
            break;
        }
        end = &end[..end.len() - last.len_utf8()];
    }
    end
}

/// Where `<@user id>` ends.
fn mention_end(text: &str) -> Option<usize> {
    let rest = text.strip_prefix("<@")?;
    let valid = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_' || byte == b'-';
    let bytes = rest.bytes().take(USER_ID_BYTES_MAX + 1).take_while(|&byte| valid(byte)).count();
    let ends = rest.as_bytes().get(bytes) == Some(&b'>');
    (ends && (1..=USER_ID_BYTES_MAX).contains(&bytes)).then_some(2 + bytes + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<Node> {
        let mut all = Vec::new();
        pieces(text, false, &mut |node| all.push(node));
        all
    }

    fn links(text: &str) -> Vec<String> {
        let shown = |node: &Node| match node.children() {
            [Node::Text { v }] => Some(v.clone()),
            _ => None,
        };
        split(text).iter().filter_map(shown).collect()
    }

    #[test]
    fn addresses_end_where_a_sentence_goes_on() {
        let text = "See https://example.org/a?b=c#d, and\nhttp://localhost:8787 (https://example.org/x_(y)).";
        assert_eq!(links(text), ["https://example.org/a?b=c#d", "http://localhost:8787", "https://example.org/x_(y)"]);
        assert_eq!(
            links("<a href=\"https://example.org/\">x</a><img src=x onerror=alert(1)>"),
            ["https://example.org/"]
        );
        for text in ["xhttps://example.org", "www.example.org", "https://", "https://[", ""] {
            assert!(links(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn mentions_are_whole_user_ids() {
        assert_eq!(
            split("hi <@u_0123456789abcdef>!"),
            [
                Node::Text { v: "hi ".into() },
                Node::Mention { id: "u_0123456789abcdef".into() },
                Node::Text { v: "!".into() }
            ]
        );
        for text in ["<@>", "<@U>", "<@u_1", "<@u 1>", "< @u>"] {
            assert_eq!(split(text), [Node::Text { v: text.into() }]);
        }
    }

    #[test]
    fn letters_that_look_like_others_give_themselves_away() {
        let hosts: Vec<_> = split("https://аpple.com/ https://Apple.com/")
            .into_iter()
            .filter_map(|node| if let Node::Link { host, .. } = node { Some(host) } else { None })
            .collect();
        assert_eq!(hosts, [Some("xn--pple-43d.com".into()), None]);
    }
}
