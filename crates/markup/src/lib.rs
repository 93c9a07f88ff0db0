//! What somebody wrote, as a tree to be drawn: paragraphs, emphasis, lists, quotes, code, links and mentions.
//!
//! It is made for messages of some thousand letters. The tree is bounded in depth and size whatever the text is, and all that can
//! be seen of the text is in it, in order. Of what is written, these are not in it: the marks themselves (`**`, `>`, fences and
//! the language after one), an address that is put behind a text, and white space at the ends of lines.
//!
//! Deliberately absent: HTML, in and out (a tag is text like any other); tables, footnotes, link definitions and entities (each
//! would be text that is not what is read); pictures, which would tell a stranger's server who reads (they are links); every
//! scheme but http and https; names of people and emoji, which the page knows.

#![allow(clippy::module_name_repetitions)]

mod address;
mod pieces;
mod punycode;
mod reader;
#[cfg(target_arch = "wasm32")]
mod wasm;

use serde::Serialize;

/// Deepest nesting; what is nested deeper stands in the last node that is deep enough.
pub const DEPTH_MAX: usize = 16;
/// Most nodes; what comes after them is one text for each node that is still open.
pub const NODES_MAX: usize = 4_000;
/// Longer texts are one paragraph as they are: twice what 2,000 letters of four bytes come to.
pub const TEXT_BYTES_MAX: usize = 16_000;
/// People that one text can call; more is noise.
pub const MENTIONS_MAX: usize = 20;

/// A piece of what was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "t", rename_all = "lowercase")]
pub enum Node {
    Text {
        v: String,
    },
    /// A new line within a paragraph.
    Br,
    /// Code within a line.
    Code {
        v: String,
    },
    /// Lines of code.
    Pre {
        v: String,
    },
    /// A person, by user id.
    Mention {
        id: String,
    },
    Link {
        /// http or https, in ASCII, without a user's name in it.
        href: String,
        /// Where it leads, as the network writes it, unless just that is what is read.
        #[serde(skip_serializing_if = "Option::is_none")]
        host: Option<String>,
        c: Vec<Node>,
    },
    P {
        c: Vec<Node>,
    },
    Strong {
        c: Vec<Node>,
    },
    Em {
        c: Vec<Node>,
    },
    Del {
        c: Vec<Node>,
    },
    Quote {
        c: Vec<Node>,
    },
    Ul {
        c: Vec<Node>,
    },
    Ol {
        start: u64,
        c: Vec<Node>,
    },
    Li {
        c: Vec<Node>,
    },
}

impl Node {
    /// What stands in it.
    pub fn children(&self) -> &[Node] {
        match self {
            Self::Link { c, .. }
            | Self::P { c }
            | Self::Strong { c }
            | Self::Em { c }
            | Self::Del { c }
            | Self::Quote { c }
            | Self::Ul { c }
            | Self::Ol { c, .. }
            | Self::Li { c } => c,
            Self::Text { .. } | Self::Br | Self::Code { .. } | Self::Pre { .. } | Self::Mention { .. } => &[],
        }
    }
}

/// Reads a text. Never fails: what is no markup is text.
pub fn parse(text: &str) -> Vec<Node> {
    reader::read(text)
}

/// Whom a text calls, each once, in order, at most [`MENTIONS_MAX`]: not within code.
pub fn mentions(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    // Most texts call nobody, and are not read for that.
    if text.contains("<@") {
        find_mentions(&parse(text), &mut found);
    }
    found
}

fn find_mentions(nodes: &[Node], found: &mut Vec<String>) {
    for node in nodes {
        if found.len() >= MENTIONS_MAX {
            return;
        }
        match node {
            Node::Mention { id } if !found.contains(id) => found.push(id.clone()),
            _ => find_mentions(node.children(), found),
        }
    }
}
