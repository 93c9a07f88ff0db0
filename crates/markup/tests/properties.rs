//! Whatever is written: it is read in time, into a small and shallow tree, which leads nowhere but the web, and has all of its letters.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::time::{Duration, Instant};

use earshot_markup::{DEPTH_MAX, NODES_MAX, Node, mentions, parse};
use proptest::prelude::*;

/// Beyond the most nodes come only texts, and those that are open are closed.
const NODES_SLACK: usize = 2 * DEPTH_MAX + 8;

#[derive(Default)]
struct Tree {
    nodes: usize,
    depth: usize,
    words: String,
}

fn look(nodes: &[Node], depth: usize, in_link: bool, tree: &mut Tree) {
    tree.depth = tree.depth.max(depth);
    for node in nodes {
        tree.nodes += 1;
        match node {
            Node::Text { v } | Node::Code { v } | Node::Pre { v } => tree.words.push_str(v),
            Node::Br => tree.words.push('\n'),
            Node::Mention { id } => tree.words.push_str(id),
            Node::Link { href, host, .. } => {
                assert!(!in_link, "a link within a link");
                assert!(href.starts_with("https://") || href.starts_with("http://"), "{href}");
                assert!(href.bytes().all(|byte| byte.is_ascii_graphic()), "{href}");
                let authority = href.split('/').nth(2).unwrap();
                assert!(!authority.is_empty() && !authority.contains(['@', '%', '\\', '?', '#']), "{href}");
                if let Some(host) = host {
                    assert_eq!(authority, host);
                }
            }
            _ => {}
        }
        look(node.children(), depth + 1, in_link || matches!(node, Node::Link { .. }), tree);
    }
}

fn read(text: &str) -> Tree {
    let mut tree = Tree::default();
    look(&parse(text), 0, false, &mut tree);
    assert!(tree.nodes <= NODES_MAX + NODES_SLACK, "{} nodes", tree.nodes);
    assert!(tree.depth <= DEPTH_MAX + 2, "{} deep", tree.depth);
    tree
}

fn letters(text: &str) -> String {
    text.chars().filter(|letter| letter.is_alphabetic()).collect()
}

fn is_within(part: &str, whole: &str) -> bool {
    let mut rest = whole.chars();
    part.chars().all(|letter| rest.any(|other| other == letter))
}

/// Words of the language, and what lies between them.
fn crumbs() -> impl Strategy<Value = String> {
    let crumb = prop_oneof![
        prop::sample::select(vec![
            "*",
            "**",
            "_",
            "__",
            "~~",
            "~",
            "`",
            "```",
            "> ",
            ">",
            "- ",
            "1. ",
            "# ",
            "\n",
            "\n\n",
            "    ",
            "\t",
            " ",
            "[",
            "]",
            "(",
            ")",
            "](",
            "![",
            "]: ",
            "<",
            ">",
            "<@u_a>",
            "<b>",
            "</b>",
            "<!--",
            "-->",
            "&amp;",
            "&#x202e;",
            "\\",
            "|",
            "---",
            "===",
            "a",
            "b c",
            "https://example.org",
            "http://",
            "javascript:alert(1)",
            "data:,x",
            "@",
            "é",
            "🦊",
            "\u{202e}",
            "\r\n",
            "\u{1}",
            "<?",
            "<![CDATA[",
        ]),
        prop::sample::select(vec!["x", "yz", "ß", "日本"]),
    ];
    prop::collection::vec(crumb, 0..120).prop_map(|crumbs| crumbs.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, rng_seed: proptest::test_runner::RngSeed::Fixed(4), ..ProptestConfig::default() })]

    #[test]
    fn anything_is_read_into_a_harmless_tree(text in "\\PC*") {
        read(&text);
        mentions(&text);
    }

    #[test]
    fn whatever_is_made_of_marks_is_read_into_a_harmless_tree(text in crumbs()) {
        let tree = read(&text);
        prop_assert!(mentions(&text).len() <= 20);
        prop_assert!(!tree.words.chars().any(|letter| letter == '\u{1}'), "the split mark");
        // Nothing that was not written, in the order in which it was; an address may stand for its empty words.
        if !text.contains("](") && !text.contains("http") {
            prop_assert!(is_within(&letters(&tree.words), &letters(&text)), "{:?}", tree.words);
        }
        // Nothing is lost but what a fence names, and addresses behind words.
        if !["](", "```", "~~~"].iter().any(|mark| text.contains(mark)) {
            prop_assert_eq!(letters(&tree.words), letters(&text));
        }
    }
}

#[test]
fn hostile_nesting_takes_no_time() {
    let towers = [
        ">", "> ", "[", "](", "![", "*", "**", "_", "`", "- ", "1. ", "<", "<a ", "~~", "(", "\\", "&", "<!--",
        "http://", "<@", "*a_", "[a](", "]:", ">:",
    ];
    for part in towers {
        for count in [2_000, 8_000] {
            let text = part.repeat(count);
            let began = Instant::now();
            read(&text);
            assert!(began.elapsed() < Duration::from_millis(1_500), "{part:?} x {count}: {:?}", began.elapsed());
        }
    }
    let brackets = format!("https://example.org/{}", ")".repeat(8_000));
    read(&brackets);
}

#[test]
fn towers_of_marks_and_turned_text_stay_text() {
    let tower = format!("a{}", "\u{301}".repeat(500));
    assert_eq!(read(&tower).words, tower);
    assert_eq!(read("\u{202e}abc").words, "\u{202e}abc");
}
