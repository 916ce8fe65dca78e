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

/// Blocks in blocks in Markdown. A text with more was not written by people, and is shown as it is.
const DEPTH_MAX: usize = 60;

/// Tags of a text in HTML; one with more is shown as it is.
const TAGS_MAX: usize = 5_000;

/// Elements that those tags may come to.
const ELEMENTS_MAX: usize = 1_000_000;

/// Tags that are open until they are closed, whatever begins or ends meanwhile (HTML, 13.2.4.3).
const OPENED_ANEW: [&str; 14] =
    ["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];

/// Markup that Markdown has no signs for and that is written as HTML in it. Other HTML there is text.
const INLINE: [&str; 9] = ["<u>", "</u>", "<sub>", "</sub>", "<sup>", "</sup>", "<br>", "<br/>", "<br />"];

/// What a text may be made of. No picture has an address, and nothing has a style, a class of its own or an id.
const TAGS: [&str; 47] = [
    "a",
    "abbr",
    "b",
    "blockquote",
    "br",
    "caption",
    "cite",
    "code",
    "dd",
    "del",
    "details",
    "div",
    "dl",
    "dt",
    "em",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "s",
    "small",
    "span",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "u",
    "ul",
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
        TextFormat::Plain => None,
        TextFormat::Markdown => markdown(value),
        TextFormat::Html => is_cheap(value).then(|| clean(value)),
    };
    (shown.unwrap_or_else(|| html! { pre { (value) } }), end < text.value.len())
}

fn clean(html: &str) -> Markup {
    PreEscaped(CLEANER.clean(html).to_string())
}

/// None for what nests deeper than any page.
fn markdown(markdown: &str) -> Option<Markup> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_GFM;
    let (mut events, mut depth) = (Vec::new(), 0_usize);
    for event in Parser::new_ext(markdown, options) {
        depth = match &event {
            Event::Start(_) => depth + 1,
            Event::End(_) => depth.saturating_sub(1),
            _ => depth,
        };
        if depth > DEPTH_MAX {
            return None;
        }
        events.extend(tame(event));
    }
    let mut html = String::with_capacity(markdown.len() * 3 / 2);
    pulldown_cmark::html::push_html(&mut html, events.into_iter());
    Some(clean(&html))
}

/// Whether cleaning it takes a time that is worth it. A browser's rules make the work grow with the square of what
/// is open at once, and open tags for bold and the like anew in each block that follows.
fn is_cheap(html: &str) -> bool {
    let names = html.split('<').skip(1).map(|tag| {
        let end = tag.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(tag.len());
        tag.get(..end).unwrap_or_default().to_ascii_lowercase()
    });
    let (mut tags, mut opened_anew) = (0_usize, 0_usize);
    for name in names.filter(|name| !name.is_empty()) {
        tags += 1;
        opened_anew += usize::from(OPENED_ANEW.contains(&name.as_str()));
    }
    tags <= TAGS_MAX && tags * opened_anew <= ELEMENTS_MAX
}

/// Headings stand below those of the page; pictures, boxes to tick and most HTML become words.
fn tame(event: Event<'_>) -> impl Iterator<Item = Event<'_>> {
    let words = |words: &'static str| Some(Event::Text(CowStr::Borrowed(words)));
    let (event, after) = match event {
        Event::Start(Tag::Heading { level, id, classes, attrs }) => {
            (Some(Event::Start(Tag::Heading { level: lower(level), id, classes, attrs })), None)
        }
        Event::End(TagEnd::Heading(level)) => (Some(Event::End(TagEnd::Heading(lower(level)))), None),
        // Not every picture has a description, and a link without words is none.
        Event::Start(Tag::Image { dest_url, title, id, .. }) => (
            Some(Event::Start(Tag::Link { link_type: LinkType::Inline, dest_url, title, id })),
            words("Picture: "),
        ),
        Event::End(TagEnd::Image) => (Some(Event::End(TagEnd::Link)), None),
        Event::InlineHtml(tag) if !INLINE.contains(&tag.as_ref()) => (Some(Event::Text(tag)), None),
        Event::Html(html) => (Some(Event::Text(html)), None),
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

    /// The tags of an answer, from `<` to `>`. What was escaped is text and has none.
    fn tags(html: &str) -> Vec<String> {
        let tags = html.split('<').skip(1).map(|tag| tag.split('>').next().unwrap().to_lowercase());
        tags.collect()
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
        for attack in attacks {
            for html in both(attack) {
                for tag in tags(&html) {
                    let name = tag.trim_start_matches('/').split(' ').next().unwrap();
                    let attributes = tag.split_once(' ').map_or("", |(_, rest)| rest);
                    let harmless =
                        attributes.is_empty() || attributes == "rel=\"noopener noreferrer nofollow\"";
                    assert!(TAGS.contains(&name) && harmless, "{attack} became {html}");
                }
            }
        }
        let link =
            of(TextFormat::Markdown, "[a](javascript:alert(1)) [b](<data:text/html,x>) [c](vbscript:x)");
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
        let picture =
            of(TextFormat::Markdown, "![a **plan**](https://a.example/p.png) ![b](attachment:b.png)");
        assert!(
            picture.contains("href=\"https://a.example/p.png\"")
                && picture.contains("Picture: a <strong>plan</strong>")
        );
        assert!(!picture.contains("<img") && !picture.contains("attachment:"), "{picture}");
        let data =
            of(TextFormat::Html, "<img src=\"data:image/png;base64,AAAA\" alt=\"A pond\" srcset=\"x 2x\">");
        assert_eq!(data, "<img alt=\"A pond\">");
    }

    #[test]
    fn tables_code_lists_and_panels_are_kept() {
        let markdown = "# Plan\n\n| k | v |\n| --- | --- |\n| a | 1<br>2 |\n\n- [x] book\n- [ ] pay\n\n3. c\n\n\
                        ```rust\nlet a = \"<b>\";\n```\n\n> [!WARNING]\n> hot\n\nH<sub>2</sub> ~~s~~ `c`\n";
        insta::assert_snapshot!(of(TextFormat::Markdown, markdown), @r#"
        <h3>Plan</h3>
        <table><thead><tr><th>k</th><th>v</th></tr></thead><tbody>
        <tr><td>a</td><td>1<br>2</td></tr>
        </tbody></table>
        <ul>
        <li>☑ book</li>
        <li>☐ pay</li>
        </ul>
        <ol start="3">
        <li>c</li>
        </ol>
        <pre><code>let a = "&lt;b&gt;";
        </code></pre>
        <blockquote class="markdown-alert-warning">
        <p>hot</p>
        </blockquote>
        <p>H<sub>2</sub> <del>s</del> <code>c</code></p>
        "#);
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
    fn what_would_take_long_is_shown_as_it_is() {
        let font = |count: usize| (0..count).map(|one| format!("<font a={one}>")).collect::<String>();
        let texts = [
            (TextFormat::Html, "<div>".repeat(40_000)),
            (TextFormat::Html, font(2_000) + &"<p>a".repeat(2_000)),
            (TextFormat::Markdown, "> ".repeat(40_000) + "a"),
        ];
        for (format, text) in texts {
            assert!(of(format, &text).starts_with("<pre>"), "{}", &text[..8]);
        }
        let quick = [
            "[".repeat(100_000),
            "*a ".repeat(60_000),
            "<sub>".repeat(40_000),
            "a<u>".repeat(40_000),
            "| a ".repeat(20_000) + "\n" + &"|-".repeat(20_000),
        ];
        for text in quick {
            of(TextFormat::Markdown, &text);
        }
    }
}
