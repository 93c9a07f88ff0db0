//! From the parser's events to the tree: one pass, a stack no deeper than allowed, and every event either opens, closes or adds
//! text.
//!
//! Text is taken from where it stands in what was written, not from the event: so entities stay as they were typed, and nothing
//! is decoded that the space has not looked at (a mark that turns the direction of text, say).

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, LinkType, Options, Parser, Tag, TagEnd};

use crate::address::{address, reads_as};
use crate::pieces::pieces;
use crate::{DEPTH_MAX, NODES_MAX, Node, TEXT_BYTES_MAX};

/// Put where a mark must not be one, and taken out of all text; no message has it, for control characters are left out there.
const SPLIT: char = '\u{1}';

pub fn read(text: &str) -> Vec<Node> {
    if text.len() > TEXT_BYTES_MAX {
        return plain(text);
    }
    let source = guard(text);
    let mut reader = Reader::new(&source);
    let options = Options::ENABLE_STRIKETHROUGH;
    for (event, range) in Parser::new_ext(&source, options).into_offset_iter() {
        reader.handle(event, range);
    }
    let tree = reader.finish();
    // Marks and nothing else, like `>` or `-`: then the marks are what somebody wanted to say.
    if tree.iter().any(is_visible) || text.trim().is_empty() { tree } else { plain(text) }
}

fn plain(text: &str) -> Vec<Node> {
    vec![Node::P { c: vec![Node::Text { v: unguard(text) }] }]
}

fn is_visible(node: &Node) -> bool {
    match node {
        Node::Text { v } | Node::Code { v } | Node::Pre { v } => !v.trim().is_empty(),
        Node::Mention { .. } => true,
        _ => node.children().iter().any(is_visible),
    }
}

/// What would be swallowed or is meant otherwise: link definitions (`[a]: b`), and faces like `>:(`.
fn guard(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for line in text.split_inclusive('\n') {
        let mut letters = line.chars();
        let face = letters.next() == Some('>') && letters.next().is_some_and(|letter| ":;_.<-=".contains(letter));
        if face {
            out.push(SPLIT);
        }
        let mut last = '\n';
        for letter in line.chars().filter(|&letter| letter != SPLIT) {
            if last == ']' && letter == ':' {
                out.push(SPLIT);
            }
            out.push(letter);
            last = letter;
        }
    }
    out
}

fn unguard(text: &str) -> String {
    text.replace(SPLIT, "")
}

/// A node that is still open.
struct Open {
    node: Node,
    children: Vec<Node>,
    /// Text that is not split into pieces yet: the parser gives it in crumbs.
    text: String,
}

/// What an opening event did, for its closing one.
enum Opened {
    /// A node of its own.
    Node,
    /// A heading: a paragraph, and a strong within it.
    Heading(usize),
    /// Nothing: what is in it stands in the node around it; these marks are text.
    Through { closing: &'static str },
    /// All of it was text already, up to where it ends.
    Skipped,
    /// Lines of code; what comes is collected.
    Code { info: Range<usize> },
}

struct Reader<'a> {
    source: &'a str,
    stack: Vec<Open>,
    opened: Vec<Opened>,
    nodes: usize,
    /// Up to here all was taken as text.
    skip_to: usize,
    /// Of the block that is being read.
    code: Option<String>,
    /// Where plain addresses stand: marks within them are theirs.
    addresses: Vec<Range<usize>>,
}

impl<'a> Reader<'a> {
    fn new(source: &'a str) -> Self {
        let root = Open { node: Node::Br, children: Vec::new(), text: String::new() };
        Self {
            source,
            stack: vec![root],
            opened: Vec::new(),
            nodes: 0,
            skip_to: 0,
            code: None,
            addresses: addresses_in(source),
        }
    }

    fn handle(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(tag) => {
                let opened = if range.start < self.skip_to { Opened::Skipped } else { self.start(&tag, &range) };
                self.opened.push(opened);
            }
            Event::End(end) => self.end(end),
            _ if range.start < self.skip_to => {}
            Event::Text(text) => match &mut self.code {
                Some(code) => code.push_str(&text),
                None => self.text(range),
            },
            Event::Code(text) => self.leaf(Node::Code { v: unguard(&text) }),
            Event::SoftBreak | Event::HardBreak => self.leaf(Node::Br),
            Event::Rule => {
                self.open(Node::P { c: vec![] });
                self.text(range.start..range.start + self.source[range].trim_end().len());
                self.close();
            }
            // Tags, and whatever is not asked for, are text like any other.
            _ => self.text(range),
        }
    }

    fn start(&mut self, tag: &Tag<'_>, range: &Range<usize>) -> Opened {
        match tag {
            Tag::Paragraph | Tag::HtmlBlock => self.open_or_through(Node::P { c: vec![] }),
            Tag::Heading { .. } => {
                let opened = [Node::P { c: vec![] }, Node::Strong { c: vec![] }].map(|node| self.open(node));
                Opened::Heading(opened.into_iter().filter(|&opened| opened).count())
            }
            Tag::BlockQuote(_) => self.open_or_through(Node::Quote { c: vec![] }),
            Tag::List(None) => self.open_or_through(Node::Ul { c: vec![] }),
            Tag::List(Some(start)) => self.open_or_through(Node::Ol { start: *start, c: vec![] }),
            Tag::Item => self.open_or_through(Node::Li { c: vec![] }),
            Tag::Emphasis => self.start_mark(Node::Em { c: vec![] }, 1, range),
            Tag::Strong => self.start_mark(Node::Strong { c: vec![] }, 2, range),
            Tag::Strikethrough => self.start_mark(Node::Del { c: vec![] }, 2, range),
            Tag::CodeBlock(kind) => {
                self.code = Some(String::new());
                // Where the language stands: between the fence and the end of its line.
                let line = match kind {
                    CodeBlockKind::Fenced(_) => {
                        self.source[range.clone()].find('\n').map_or(range.end, |at| range.start + at)
                    }
                    CodeBlockKind::Indented => range.start,
                };
                Opened::Code { info: range.start..line }
            }
            Tag::Link { link_type, dest_url, .. } => self.start_link(*link_type, dest_url, range),
            // A picture is a link to it; within a link, its words.
            Tag::Image { link_type, dest_url, .. } => self.start_link(*link_type, dest_url, range),
            _ => Opened::Through { closing: "" },
        }
    }

    /// Emphasis, unless its first mark is within an address, or a lone `~` for "about".
    fn start_mark(&mut self, node: Node, bytes: usize, range: &Range<usize>) -> Opened {
        let mark = self.source.as_bytes().get(range.start..range.start + bytes).unwrap_or_default();
        let closing = match mark {
            b"*" => "*",
            b"_" => "_",
            b"**" => "**",
            b"__" => "__",
            b"~~" => "~~",
            _ => "~",
        };
        if closing == "~" || self.is_in_address(range.start) {
            self.push_text(closing);
            return Opened::Through { closing };
        }
        self.open_or_through(node)
    }

    fn start_link(&mut self, link_type: LinkType, dest: &str, range: &Range<usize>) -> Opened {
        let found = if link_type == LinkType::Email { None } else { address(&unguard(dest)) };
        let Some(found) = found else {
            // It leads nowhere one may go: then all of it is text, its address too.
            self.text(range.clone());
            self.skip_to = range.end;
            return Opened::Skipped;
        };
        if self.in_link() {
            return Opened::Through { closing: "" };
        }
        self.open_or_through(Node::Link { href: found.href, host: Some(found.host), c: vec![] })
    }

    fn end(&mut self, end: TagEnd) {
        match self.opened.pop() {
            Some(Opened::Node) => self.close(),
            Some(Opened::Heading(count)) => (0..count).for_each(|_| self.close()),
            Some(Opened::Through { closing }) => self.push_text(closing),
            Some(Opened::Code { info }) => self.end_code(&info),
            Some(Opened::Skipped) | None => {}
        }
        // What stood in a node that was too deep is not to run together.
        let is_block = matches!(end, TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Item | TagEnd::CodeBlock);
        if is_block && self.stack.len() > DEPTH_MAX {
            self.leaf(Node::Br);
        }
    }

    fn end_code(&mut self, info: &Range<usize>) {
        let code = self.code.take().unwrap_or_default();
        let v = unguard(code.strip_suffix('\n').unwrap_or(&code));
        if v.is_empty() {
            // A fence with words after it and nothing in it: the words are what somebody said.
            self.text(info.clone());
        } else {
            self.leaf(Node::Pre { v });
        }
    }

    fn in_link(&self) -> bool {
        self.stack.iter().any(|open| matches!(open.node, Node::Link { .. }))
    }

    fn is_in_address(&self, at: usize) -> bool {
        let next = self.addresses.partition_point(|range| range.end <= at);
        self.addresses.get(next).is_some_and(|range| range.start < at)
    }

    fn open_or_through(&mut self, node: Node) -> Opened {
        if self.open(node) { Opened::Node } else { Opened::Through { closing: "" } }
    }

    /// False where it would be too deep or too much.
    fn open(&mut self, node: Node) -> bool {
        self.flush();
        if self.stack.len() > DEPTH_MAX || self.nodes >= NODES_MAX {
            return false;
        }
        self.nodes += 1;
        self.stack.push(Open { node, children: Vec::new(), text: String::new() });
        true
    }

    fn close(&mut self) {
        self.flush();
        if self.stack.len() < 2 {
            return;
        }
        if let Some(Open { node, children, .. }) = self.stack.pop() {
            self.add(filled(node, children));
        }
    }

    fn text(&mut self, range: Range<usize>) {
        let source = self.source;
        self.push_text(&source[range]);
    }

    fn push_text(&mut self, text: &str) {
        if let Some(top) = self.stack.last_mut() {
            top.text.push_str(text);
        }
    }

    /// What has nothing in it. When there is too much already, its text alone.
    fn leaf(&mut self, node: Node) {
        if self.nodes >= NODES_MAX {
            match node {
                Node::Code { v } | Node::Pre { v } => self.push_text(&v),
                _ => self.push_text("\n"),
            }
            return;
        }
        self.flush();
        self.nodes += 1;
        self.add(node);
    }

    /// Splits the text that was gathered.
    fn flush(&mut self) {
        let in_link = self.in_link();
        let Some(top) = self.stack.last_mut() else { return };
        if top.text.is_empty() {
            return;
        }
        let text = unguard(&std::mem::take(&mut top.text));
        if self.nodes >= NODES_MAX {
            match top.children.last_mut() {
                Some(Node::Text { v }) => v.push_str(&text),
                _ => top.children.push(Node::Text { v: text }),
            }
            return;
        }
        let before = top.children.len();
        pieces(&text, in_link, &mut |node| top.children.push(node));
        self.nodes += top.children.len() - before;
    }

    fn add(&mut self, node: Node) {
        if let Some(top) = self.stack.last_mut() {
            top.children.push(node);
        }
    }

    fn finish(mut self) -> Vec<Node> {
        while self.stack.len() > 1 {
            self.close();
        }
        self.flush();
        self.stack.pop().map(|root| root.children).unwrap_or_default()
    }
}

fn filled(node: Node, mut children: Vec<Node>) -> Node {
    // White space before the end shows nothing.
    while children.last() == Some(&Node::Br) {
        children.pop();
    }
    if let (Node::P { .. }, Some(Node::Text { v })) = (&node, children.last_mut()) {
        v.truncate(v.trim_end().len());
    }
    match node {
        Node::P { .. } => Node::P { c: children },
        Node::Strong { .. } => Node::Strong { c: children },
        Node::Em { .. } => Node::Em { c: children },
        Node::Del { .. } => Node::Del { c: children },
        Node::Quote { .. } => Node::Quote { c: children },
        Node::Ul { .. } => Node::Ul { c: children },
        Node::Ol { start, .. } => Node::Ol { start, c: children },
        Node::Li { .. } => Node::Li { c: children },
        Node::Link { href, host, .. } => link(href, host, children),
        other => other,
    }
}

/// A link without words reads as its address; one whose words are its host has nothing to tell beside.
fn link(href: String, host: Option<String>, children: Vec<Node>) -> Node {
    if !children.iter().any(is_visible) {
        let c = vec![Node::Text { v: href.clone() }];
        return Node::Link { href, host: None, c };
    }
    let mut words = String::new();
    gather(&children, &mut words);
    let host = host.filter(|host| !reads_as(&words, host));
    Node::Link { href, host, c: children }
}

fn gather(nodes: &[Node], words: &mut String) {
    for node in nodes {
        match node {
            Node::Text { v } | Node::Code { v } | Node::Pre { v } => words.push_str(v),
            Node::Br => words.push('\n'),
            Node::Mention { id } => words.push_str(id),
            _ => gather(node.children(), words),
        }
    }
}

/// Where something begins like a plain address, up to the next space.
fn addresses_in(source: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for (at, _) in source.match_indices("://") {
        if found.last().is_some_and(|last| at < last.end) {
            continue;
        }
        let end = |letter: char| letter.is_whitespace() || matches!(letter, '<' | '>' | '"');
        found.push(at..source[at..].find(end).map_or(source.len(), |bytes| at + bytes));
    }
    found
}
