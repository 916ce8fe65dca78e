//! Words of strangers as HTML that may be shown: Markdown is rendered, HTML cleaned by an allow-list, and the rest is
//! text. Pure.
//!
//! Nothing that is shown asks another host for anything: a picture is a link, or its description.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};
use maud::{Markup, PreEscaped, html};
use pulldown_cmark::{CowStr, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd};

use crate::model::{Text, TextFormat};

/// A longer text is cut here: it takes long to render, and nobody reads so much beside the source.
const SHOWN_BYTES_MAX: usize = 256 * 1024;

/// What a text may be made of. No picture has an address, and nothing has a style, a class of its own or an id.
const TAGS: [&str; 46] = [
    "a", "abbr", "b", "blockquote", "br", "caption", "cite", "code", "dd", "del", "details", "div", "dl", "dt",
    "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd", "li", "mark", "ol", "p", "pre", "q",
    "s", "small", "span", "strong", "sub", "summary", "sup", "table", "tbody", "td", "th", "thead", "tr", "u",
];

/// Classes of panels, as `pulldown_cmark` writes them.
const PANELS: [&str; 5] = [
    "markdown-alert-note",
    "markdown-alert-tip",
    "markdown-alert-important",
    "markdown-alert-warning",
    "markdown-alert-caution",
];

static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut cleaner = Builder::empty();
    cleaner
        .tags(HashSet::from(TAGS))
        .add_tag_attributes("a", ["href"])
        .add_tag_attributes("img", ["alt"])
        .add_tag_attributes("ol", ["start"])
        .add_tag_attributes("td", ["colspan", "rowspan"])
        .add_tag_attributes("th", ["colspan", "rowspan"])
        .allowed_classes(HashMap::from([("blockquote", HashSet::from(PANELS))]))
        .clean_content_tags(HashSet::from(["script", "style", "iframe", "object", "svg", "math", "template"]))
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .url_relative(UrlRelative::Deny)
        .link_rel(Some("noopener noreferrer nofollow"));
    cleaner
});

/// A text as it may be shown. The flag says that it was cut.
pub fn shown(text: &Text) -> (Markup, bool) {
    let end = text.value.floor_char_boundary(SHOWN_BYTES_MAX);
    let value = text.value.get(..end).unwrap_or_default();
    let shown = match text.format {
        TextFormat::Plain => html! { pre { (value) } },
        TextFormat::Markdown => markdown(value),
        TextFormat::Html => clean(value),
    };
    (shown, end < text.value.len())
}

fn clean(html: &str) -> Markup {
    PreEscaped(CLEANER.clean(html).to_string())
}

fn markdown(markdown: &str) -> Markup {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_GFM;
    let mut html = String::with_capacity(markdown.len() * 3 / 2);
    pulldown_cmark::html::push_html(&mut html, Parser::new_ext(markdown, options).flat_map(tame));
    clean(&html)
}

/// Headings stand below those of the page; pictures and boxes to tick become words.
fn tame(event: Event<'_>) -> impl Iterator<Item = Event<'_>> {
    let words = |words: &'static str| Some(Event::Text(CowStr::Borrowed(words)));
    let (event, after) = match event {
        Event::Start(Tag::Heading { level, id, classes, attrs }) => {
            (Some(Event::Start(Tag::Heading { level: lower(level), id, classes, attrs })), None)
        }
        Event::End(TagEnd::Heading(level)) => (Some(Event::End(TagEnd::Heading(lower(level)))), None),
        // Not every picture has a description, and a link without words is none.
        Event::Start(Tag::Image { dest_url, title, id, .. }) => {
            (Some(Event::Start(Tag::Link { link_type: LinkType::Inline, dest_url, title, id })), words("Picture: "))
        }
        Event::End(TagEnd::Image) => (Some(Event::End(TagEnd::Link)), None),
        Event::TaskListMarker(done) => (words(if done { "☑ " } else { "☐ " }), None),
        other => (Some(other), None),
    };
    [event, after].into_iter().flatten()
}

/// The page has a heading of the first level, and its parts of the second.
fn lower(level: HeadingLevel) -> HeadingLevel {
    match level {
        HeadingLevel::H1 => HeadingLevel::H3,
        HeadingLevel::H2 => HeadingLevel::H4,
        HeadingLevel::H3 => HeadingLevel::H5,
        _ => HeadingLevel::H6,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;

    fn of(format: TextFormat, value: &str) -> String {
        shown(&Text { format, value: value.into() }).0.into_string()
    }

    fn both(html: &str) -> [String; 2] {
        [of(TextFormat::Html, html), of(TextFormat::Markdown, html)]
    }

    #[test]
    fn nothing_that_runs_is_left() {
        let attacks = [
            "<script>alert(1)</script>",
            "<p onclick=\"alert(1)\">a</p>",
            "<img src=x onerror=alert(1)>",
            "<a href=\"javascript:alert(1)\">a</a>",
            "<a href=\"JaVa\tScript:alert(1)\">a</a>",
            "<a href=\"data:text/html,<script>alert(1)</script>\">a</a>",
            "<svg><script>alert(1)</script></svg>",
            "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
            "<iframe srcdoc=\"<script>alert(1)</script>\"></iframe>",
            "<form action=\"https://evil.example\"><input name=a><button>b</button></form>",
            "<style>* { background: url(https://evil.example) }</style>",
            "<p style=\"background: url(https://evil.example)\">a</p>",
            "<base href=\"https://evil.example\"><meta http-equiv=refresh content=0>",
            "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
            "<details open ontoggle=alert(1)>a</details>",
        ];
        let forbidden = [
            "<script", "onclick=", "onerror=", "ontoggle=", "javascript:", "href=\"data:", "<svg", "<math", "<iframe",
            "<form", "<input", "<button", "<style", "style=", "<base", "<meta", "srcdoc=",
        ];
        for attack in attacks {
            for html in both(attack) {
                let lower = html.to_lowercase();
                // What was escaped is text, and does nothing.
                let found = forbidden.iter().find(|part| lower.contains(**part));
                assert!(found.is_none(), "{attack} became {html}");
            }
        }
        let link = of(TextFormat::Markdown, "[a](javascript:alert(1)) [b](<data:text/html,x>) [c](vbscript:x)");
        assert!(!link.contains("href"), "{link}");
    }

    #[test]
    fn links_lead_away_without_a_trace_and_only_to_the_web() {
        let link = of(TextFormat::Markdown, "[a](https://a.example/) [plan](page:EX/Plan#Aims) [b](/admin)");
        assert_eq!(
            link.trim(),
            "<p><a href=\"https://a.example/\" rel=\"noopener noreferrer nofollow\">a</a> \
             <a rel=\"noopener noreferrer nofollow\">plan</a> <a rel=\"noopener noreferrer nofollow\">b</a></p>"
        );
    }

    #[test]
    fn pictures_are_links_or_their_descriptions() {
        let picture = of(TextFormat::Markdown, "![a **plan**](https://a.example/p.png) ![b](attachment:b.png)");
        assert!(picture.contains("href=\"https://a.example/p.png\"") && picture.contains("Picture: a <strong>plan</strong>"));
        assert!(!picture.contains("<img") && !picture.contains("attachment:"), "{picture}");
        for html in both("<img src=\"data:image/png;base64,AAAA\" alt=\"A pond\" srcset=\"x 2x\">") {
            assert!(html.contains("<img alt=\"A pond\">") && !html.contains("src"), "{html}");
        }
    }

    #[test]
    fn tables_code_lists_and_panels_are_kept() {
        let markdown = "# Plan\n\n| k | v |\n| --- | --- |\n| a | 1<br>2 |\n\n- [x] book\n- [ ] pay\n\n3. c\n\n\
                        ```rust\nlet a = \"<b>\";\n```\n\n> [!WARNING]\n> hot\n\nH<sub>2</sub> ~~s~~ `c`\n";
        insta::assert_snapshot!(of(TextFormat::Markdown, markdown), @"");
        let nested = "<table><tbody><tr><td colspan=\"2\">a<table><tbody><tr><td>b</td></tr></tbody></table></td></tr></tbody></table>";
        assert_eq!(of(TextFormat::Html, nested), nested);
    }

    #[test]
    fn plain_text_is_text_and_long_text_is_cut_at_a_whole_letter() {
        assert_eq!(of(TextFormat::Plain, "<b>a</b>"), "<pre>&lt;b&gt;a&lt;/b&gt;</pre>");
        let long = Text { format: TextFormat::Plain, value: "ü".repeat(SHOWN_BYTES_MAX) };
        let (html, cut) = shown(&long);
        assert!(cut && html.into_string().len() < SHOWN_BYTES_MAX + 20);
        assert!(!shown(&Text { format: TextFormat::Plain, value: "a".into() }).1);
    }

    #[test]
    fn deep_nesting_ends_in_time() {
        for text in ["<div>".repeat(40_000), "> ".repeat(40_000), "[".repeat(100_000), "*a ".repeat(60_000)] {
            let began = std::time::Instant::now();
            both(&text);
            assert!(began.elapsed().as_secs() < 20, "{}", &text[..5]);
        }
    }
}
