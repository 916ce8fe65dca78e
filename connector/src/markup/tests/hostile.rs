//! Bodies made to cost time, memory or the stack.

use super::super::to_markdown;

/// What a component's stack is by default; a debug build's frames are larger than the component's.
const STACK_BYTES: usize = 1 << 20;

#[test]
fn deep_nesting_fits_the_stack_and_keeps_its_words() {
    let tags = [
        "<p>",
        "<ul><li>",
        "<blockquote>",
        "<table><tr><td>a</td><td>",
        "<b><i>",
        "<h1>",
        "<pre>",
        "<code>",
        "<a href='x'>",
        "<ac:link>",
        "<ac:image><ac:caption>",
        "<ac:task-list><ac:task><ac:task-body>",
        "<ac:structured-macro ac:name='info'><ac:rich-text-body>",
        "<ac:structured-macro ac:name='x'><ac:parameter ac:name='title'>",
        "<ac:adf-extension><ac:adf-node type='panel'><ac:adf-content>",
    ];
    let all = tags.concat();
    let bodies = tags.iter().map(|tag| (*tag).to_owned()).chain([all]);
    for tag in bodies {
        let body = format!("<p>first</p>{}needle", tag.repeat(3_000));
        let write = move || to_markdown(&body).text;
        let thread = std::thread::Builder::new().stack_size(STACK_BYTES);
        let text = thread.spawn(write).unwrap().join().unwrap();
        assert!(text.starts_with("first"), "{tag}");
        let is_setting = tag.contains("parameter");
        assert!(is_setting || text.contains("needle"), "{tag}: {text}");
    }
}

/// Each of these took quadratic time or space in a simpler reader; now they take milliseconds.
#[test]
fn what_is_written_stays_in_proportion() {
    let wide = "<td rowspan='65535' colspan='65535'>x</td>";
    let bodies = [
        "<!--".repeat(50_000),
        "<![CDATA[".repeat(50_000),
        "<a x=\"".repeat(50_000),
        "<!".repeat(50_000),
        "_".repeat(200_000),
        "&".repeat(200_000),
        "</a>".repeat(50_000),
        format!("<table>{}", format!("<tr>{}", wide.repeat(50)).repeat(50)),
        format!("{}{}", "<blockquote>".repeat(90), "<p>x</p>".repeat(20_000)),
        format!("<table><tr>{}</tr>{}", "<td>x</td>".repeat(5_000), "<tr><td>y</td></tr>".repeat(5_000)),
    ];
    for body in bodies {
        let text = to_markdown(&body).text;
        let limit = 10 * body.len() + 1_000_000;
        assert!(text.len() < limit, "{} bytes of {:.40}", text.len(), body);
    }
}

#[test]
fn made_up_names_are_counted_together() {
    let body: String = (0..500).map(|number| format!("<x{number}>a</x{number}>")).collect();
    let lost = to_markdown(&body).lost;
    assert_eq!(lost.len(), 101);
    assert_eq!(lost.get("(others)"), Some(&400));
}

#[test]
fn behind_too_many_elements_only_words_are_kept() {
    let body = format!("{}<p>the <b>last</b> words</p>", "<i/>".repeat(1 << 20));
    let markdown = to_markdown(&body);
    assert_eq!(markdown.text, "the last words");
    assert_eq!(markdown.lost.get("(too many elements)"), Some(&1));
}
