//! What people write, and how it is read.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use earshot_markup::{mentions, parse};

/// The tree as the page gets it.
fn json(text: &str) -> String {
    serde_json::to_string(&parse(text)).unwrap()
}

/// A single paragraph's nodes.
fn line(text: &str) -> String {
    let json = json(text);
    json.strip_prefix(r#"[{"t":"p","c":["#).and_then(|rest| rest.strip_suffix("]}]")).expect(&json).into()
}

#[test]
fn plain_words_are_a_paragraph_and_new_lines_stay() {
    assert_eq!(line("hello"), r#"{"t":"text","v":"hello"}"#);
    assert_eq!(line("one\ntwo"), r#"{"t":"text","v":"one"},{"t":"br"},{"t":"text","v":"two"}"#);
    assert_eq!(json("one\n\ntwo").matches(r#""t":"p""#).count(), 2);
    assert_eq!(json(""), "[]");
}

#[test]
fn emphasis_code_and_headings() {
    assert_eq!(line("**a**"), r#"{"t":"strong","c":[{"t":"text","v":"a"}]}"#);
    assert_eq!(
        line("*a* _b_"),
        r#"{"t":"em","c":[{"t":"text","v":"a"}]},{"t":"text","v":" "},{"t":"em","c":[{"t":"text","v":"b"}]}"#
    );
    assert_eq!(line("~~a~~"), r#"{"t":"del","c":[{"t":"text","v":"a"}]}"#);
    assert_eq!(line("~5 to ~6~"), r#"{"t":"text","v":"~5 to ~6~"}"#);
    assert_eq!(line("# a"), r#"{"t":"strong","c":[{"t":"text","v":"a"}]}"#);
    assert_eq!(line("`<b>`"), r#"{"t":"code","v":"<b>"}"#);
    assert_eq!(json("```js\nlet a;\n  b\n```"), r#"[{"t":"pre","v":"let a;\n  b"}]"#);
    assert_eq!(line(r"\*a\* snake_case_name 2 * 3 * 4"), r#"{"t":"text","v":"*a* snake_case_name 2 * 3 * 4"}"#);
}

#[test]
fn lists_and_quotes() {
    assert_eq!(
        json("3. a\n4. b"),
        r#"[{"t":"ol","start":3,"c":[{"t":"li","c":[{"t":"text","v":"a"}]},{"t":"li","c":[{"t":"text","v":"b"}]}]}]"#
    );
    assert_eq!(json("- a"), r#"[{"t":"ul","c":[{"t":"li","c":[{"t":"text","v":"a"}]}]}]"#);
    assert_eq!(json("> a"), r#"[{"t":"quote","c":[{"t":"p","c":[{"t":"text","v":"a"}]}]}]"#);
}

#[test]
fn marks_alone_faces_tables_and_definitions_are_text() {
    for text in [
        "-",
        ">",
        "#",
        "1.",
        "***",
        "---",
        ">:(",
        ">_<",
        "[a]: https://example.org",
        "| a | b |",
        "&lt;b&gt;",
        "&#x202e;x",
    ] {
        let read = serde_json::from_str::<serde_json::Value>(&format!("[{}]", line(text))).unwrap();
        let words: String = read
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|node| match node["t"].as_str() {
                Some("link") => node["c"][0]["v"].as_str().map(String::from),
                _ => node["v"].as_str().map(String::from),
            })
            .collect();
        assert_eq!(words, text);
    }
    assert_eq!(json("``` look at this"), r#"[{"t":"text","v":"``` look at this"}]"#);
}

#[test]
fn html_is_text() {
    for text in [
        "<script>alert(1)</script>",
        "<b>bold</b>",
        "<!-- a -->",
        "a <i>b</i>",
        "<img src=x onerror=alert(1)>",
        "<div>\n*a*\n</div>",
    ] {
        let json = json(text);
        assert!(!json.contains(r#""t":"em""#) && !json.contains("link"), "{json}");
    }
    assert_eq!(line("<b>bold</b>"), r#"{"t":"text","v":"<b>bold</b>"}"#);
}

#[test]
fn addresses_are_links_and_say_where_they_lead() {
    assert_eq!(
        line("see https://example.org/a_b_c/*x*/y."),
        r#"{"t":"text","v":"see "},{"t":"link","href":"https://example.org/a_b_c/*x*/y","c":[{"t":"text","v":"https://example.org/a_b_c/*x*/y"}]},{"t":"text","v":"."}"#
    );
    assert_eq!(line("**https://example.org**").matches("link").count(), 1);
    assert_eq!(
        line("[here](https://example.org)"),
        r#"{"t":"link","href":"https://example.org/","host":"example.org","c":[{"t":"text","v":"here"}]}"#
    );
    assert_eq!(
        line("[https://bank.example](https://evil.example)"),
        r#"{"t":"link","href":"https://evil.example/","host":"evil.example","c":[{"t":"text","v":"https://bank.example"}]}"#
    );
    assert_eq!(
        line("![](https://example.org/a.png)"),
        r#"{"t":"link","href":"https://example.org/a.png","c":[{"t":"text","v":"https://example.org/a.png"}]}"#
    );
    assert_eq!(
        line("<https://example.org>"),
        r#"{"t":"link","href":"https://example.org/","c":[{"t":"text","v":"https://example.org"}]}"#
    );
    assert_eq!(
        line("https://аpple.com"),
        r#"{"t":"link","href":"https://xn--pple-43d.com/","host":"xn--pple-43d.com","c":[{"t":"text","v":"https://аpple.com"}]}"#
    );
}

#[test]
fn other_schemes_are_text_as_they_were_written() {
    for text in [
        "[a](javascript:alert(1))",
        "![a](data:text/html,x)",
        "<javascript:alert(1)>",
        "<ada@example.org>",
        "[a](//example.org)",
        "[a](/here)",
        "[a](https://bank.example@evil.example)",
        "[a](&#106;avascript:alert(1))",
    ] {
        assert_eq!(line(text), format!(r#"{{"t":"text","v":"{text}"}}"#));
    }
}

#[test]
fn mentions_are_counted_once_and_not_within_code() {
    assert_eq!(line("<@u_1>"), r#"{"t":"mention","id":"u_1"}"#);
    assert_eq!(mentions("<@u_b> **<@u_a>** <@u_b> `<@u_c>`\n```\n<@u_d>\n```"), ["u_b", "u_a"]);
    let many: String = (0..30).map(|n| format!("<@u_{n}> ")).collect();
    assert_eq!(mentions(&many).len(), 20);
    assert!(mentions("<@Ada>").is_empty());
}
