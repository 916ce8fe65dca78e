//! Documents of the editor's that are no documents, or made to cost time, memory or the stack.

use super::super::adf_to_markdown;

/// What a component's stack is by default.
const STACK_BYTES: usize = 1 << 20;

fn text(json: &str) -> String {
    adf_to_markdown(json).text
}

fn paragraph(inside: &str) -> String {
    format!(r#"{{"type":"paragraph","content":[{inside}]}}"#)
}

#[test]
fn depth_costs_no_stack_and_no_word() {
    let needle = r#"{"type":"text","text":"needle"}"#;
    let kinds = [
        "paragraph",
        "bulletList",
        "listItem",
        "table",
        "tableRow",
        "tableCell",
        "panel",
        "expand",
        "blockquote",
        "taskList",
        "taskItem",
        "decisionItem",
        "layoutSection",
        "mediaSingle",
        "bodiedExtension",
        "futureNode",
    ];
    let nodes = kinds.iter().map(|kind| format!(r#"{{"type":"{kind}","content":["#));
    let bare = [
        "[".to_owned(),
        r#"{"content":["#.to_owned(),
        r#"{"type":"unsupportedBlock","attrs":{"originalValue":["#.to_owned(),
    ];
    for open in nodes.chain(bare) {
        // Nothing is ever closed, either.
        let document = format!("{}{needle}", open.repeat(20_000));
        let thread = std::thread::Builder::new().stack_size(STACK_BYTES);
        let written = thread.spawn(move || text(&document)).unwrap().join().unwrap();
        assert!(written.contains("needle"), "{open}: {:.200}", written);
    }
}

#[test]
fn what_is_written_stays_in_proportion() {
    let documents = [
        "[".repeat(500_000),
        "{".repeat(500_000),
        "{},".repeat(200_000),
        "\"".repeat(500_000),
        "\\".repeat(500_000),
        r#""\"#.repeat(200_000),
        r#""a":"#.repeat(100_000),
        r#"{"type":"x"},"#.repeat(50_000),
        r#"{"type":"decisionItem"},"#.repeat(30_000),
        r#"{"type":"panel","attrs":{"panelType":"note"}},"#.repeat(20_000),
        format!(r#"{{"type":"text","text":"a","marks":[{}]}}"#, r#"{"type":"strong"},"#.repeat(50_000)),
        format!(
            r#"{{"type":"extension","attrs":{{"parameters":{{"macroParams":{{{}}}}}}}}}"#,
            r#""a":"b","#.repeat(50_000)
        ),
        format!(
            r#"{{"type":"table","content":[{}]}}"#,
            format!(
                r#"{{"type":"tableRow","content":[{}]}},"#,
                r#"{"type":"tableCell","attrs":{"colspan":65535,"rowspan":65535},"content":["x"]},"#
                    .repeat(50)
            )
            .repeat(50)
        ),
    ];
    for document in documents {
        let written = text(&document);
        let limit = 10 * document.len() + 1_000_000;
        assert!(written.len() < limit, "{} bytes of {:.60}", written.len(), document);
    }
}

#[test]
fn behind_too_many_values_only_words_are_kept() {
    let values = "0,".repeat(1 << 20);
    let document =
        format!(r#"{{"attrs":[{values}],"content":[{}]}}"#, paragraph(r#"{"text":"last"},{"text":"words"}"#));
    let markdown = adf_to_markdown(&document);
    assert_eq!(markdown.text, "last words");
    assert_eq!(markdown.lost.get("(too many values)"), Some(&1));
}

#[test]
fn wrong_types_are_not_trusted() {
    let odd =
        ["null", "true", "7", "\"words\"", "[]", "{}", "[[[]]]", r#"[{"type":[]}]"#, r#"{"a":{"b":[1]}}"#];
    let kinds = [
        "text",
        "paragraph",
        "heading",
        "orderedList",
        "taskItem",
        "decisionItem",
        "panel",
        "expand",
        "codeBlock",
        "table",
        "tableCell",
        "mediaSingle",
        "media",
        "mediaInline",
        "mention",
        "emoji",
        "date",
        "status",
        "inlineCard",
        "blockCard",
        "applicationCard",
        "extension",
        "unsupportedBlock",
        "confluenceUnsupportedBlock",
        "caption",
    ];
    for kind in kinds {
        for odd in odd {
            let node =
                format!(r#"{{"type":"{kind}","attrs":{odd},"content":{odd},"marks":{odd},"text":{odd}}}"#);
            let keys = [
                "level",
                "order",
                "state",
                "url",
                "data",
                "text",
                "title",
                "id",
                "timestamp",
                "parameters",
                "link",
            ];
            let attrs: Vec<_> = keys.iter().map(|key| format!(r#""{key}":{odd}"#)).collect();
            let deeper = format!(r#"{{"type":"{kind}","attrs":{{{}}}}}"#, attrs.join(","));
            let whole = format!("{},{node},{deeper},{}", paragraph("\"before\""), paragraph("\"after\""));
            let written = text(&format!(r#"{{"type":"doc","content":[{whole}]}}"#));
            assert!(written.starts_with("before") && written.ends_with("after"), "{kind} {odd}: {written}");
        }
    }
}

#[test]
fn broken_json_keeps_its_words() {
    let body = paragraph(r#"{"type":"text","text":"one "},{"type":"text","text":"two"}"#);
    let doubled = r#"{"type":"rule","type":"paragraph","content":[],"content":[{"type":"text","text":"a","text":"b"}]}"#;
    assert_eq!(text(&body), "one two");
    assert_eq!(text(doubled), "b", "the last of a key counts");
    assert_eq!(text(&body.replace(',', ",,")), "one two");
    assert_eq!(text(body.get(..body.len() - 5).unwrap()), "one tw", "cut off");
    assert_eq!(text(&format!("]}}{body}")), "one two");
    assert_eq!(text(""), "");
    assert_eq!(text("null"), "");
}

#[test]
fn escapes_are_read_and_half_pairs_replaced() {
    let written = |escaped: &str| text(&paragraph(&format!(r#"{{"type":"text","text":"{escaped}"}}"#)));
    assert_eq!(written(r"caf\u00e9 \ud83d\ude80 \/ \u005f"), "café 🚀 / \\_");
    assert_eq!(written(r"a\ud83db"), "a\u{fffd}b");
    assert_eq!(written(r"a\ude80\ud83d"), "a\u{fffd}\u{fffd}");
    assert_eq!(written(r"a\ud83d\u0041"), "a\u{fffd}A");
    assert_eq!(written(r"a\u12"), "au12");
    assert_eq!(written(r"a\u0000b"), "ab");
}

#[test]
fn every_cut_of_a_document_is_read() {
    let document = include_str!("../../../tests/bodies/adf/ours/kitchen-sink.adf.json");
    for (end, _) in document.char_indices().step_by(7) {
        let written = text(document.get(..end).unwrap());
        assert!(written.len() <= 20 * end + 100);
    }
}
