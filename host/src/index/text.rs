//! Markdown to readable text, and mentions to names. Pure.

use std::borrow::Cow;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// How a connector writes a mention: `[@](user:ACCOUNT-ID)`.
const MENTION: &str = "[@](user:";

/// The contract's limit for a principal's id. Looking no further for its end also keeps
/// the work linear in texts full of mentions that never end.
const ACCOUNT_BYTES_MAX: usize = 512;

/// Called by name when the source does not tell who it is.
const NOBODY_KNOWN: &str = "somebody";

/// A name is cut here: longer ones are a mistake or a joke.
const NAME_CHARS_MAX: usize = 100;

/// The words of a Markdown text as a reader would see them: no markup, no targets of
/// links, a line a block, a tab between the cells of a table.
///
/// Both indexing and snippets read this, so that what is marked is what was found.
pub fn plain(markdown: &str) -> String {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_GFM;
    let mut plain = String::with_capacity(markdown.len());
    let mut html = String::new();
    for event in Parser::new_ext(markdown, options) {
        match event {
            Event::Text(text) | Event::Code(text) => plain.push_str(&text),
            Event::InlineMath(text) | Event::DisplayMath(text) => plain.push_str(&text),
            Event::SoftBreak => plain.push(' '),
            Event::HardBreak | Event::Rule => break_line(&mut plain),
            Event::Html(text) => html.push_str(&text),
            Event::InlineHtml(tag) if is_break(&tag) => break_line(&mut plain),
            Event::Start(Tag::Item | Tag::List(_)) => break_line(&mut plain),
            Event::End(TagEnd::TableCell) => plain.push('\t'),
            Event::End(TagEnd::HtmlBlock) => {
                push_without_tags(&mut plain, &html);
                html.clear();
                break_line(&mut plain);
            }
            Event::End(end) if is_block(end) => break_line(&mut plain),
            _ => {}
        }
    }
    plain.truncate(plain.trim_end().len());
    plain
}

fn is_block(end: TagEnd) -> bool {
    matches!(
        end,
        TagEnd::Paragraph
            | TagEnd::Heading(_)
            | TagEnd::CodeBlock
            | TagEnd::Item
            | TagEnd::TableHead
            | TagEnd::TableRow
            | TagEnd::BlockQuote(_)
    )
}

/// Tables carry line breaks in their cells as `<br>`.
fn is_break(tag: &str) -> bool {
    tag.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("<br"))
}

fn break_line(plain: &mut String) {
    plain.truncate(plain.trim_end_matches([' ', '\t']).len());
    if !plain.is_empty() && !plain.ends_with('\n') {
        plain.push('\n');
    }
}

/// The words of raw HTML, tags and comments left out. A `<` that opens neither is text.
fn push_without_tags(plain: &mut String, html: &str) {
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        let (text, tag) = rest.split_at(start);
        plain.push_str(text);
        let opens = |tag: &str| tag.starts_with(|c: char| c == '/' || c.is_ascii_alphabetic());
        let end = match tag {
            _ if tag.starts_with("<!--") => tag.find("-->").map_or(tag.len(), |end| end + "-->".len()),
            _ if tag.get(1..).is_some_and(opens) => tag.find('>').map_or(tag.len(), |end| end + 1),
            _ => {
                plain.push('<');
                1
            }
        };
        if end > 1 && plain.ends_with(|c: char| !c.is_whitespace()) {
            plain.push(' ');
        }
        rest = tag.get(end..).unwrap_or_default();
    }
    plain.push_str(rest);
}

/// Puts names in place of mentions: `@Anna Schmidt`, or `@somebody` if `name` does not
/// know the account. Markdown in, Markdown out: what a name has of markup is escaped.
pub fn resolve_mentions<'a>(markdown: &'a str, name: &dyn Fn(&str) -> Option<String>) -> Cow<'a, str> {
    let mut resolved = String::new();
    let mut rest = markdown;
    while let Some((before, after)) = rest.split_once(MENTION) {
        let Some((account, after)) = account(after) else {
            resolved.push_str(before);
            resolved.push_str(MENTION);
            rest = after;
            continue;
        };
        resolved.push_str(before);
        resolved.push('@');
        push_escaped(&mut resolved, name(account).as_deref().map_or(NOBODY_KNOWN, str::trim));
        rest = after;
    }
    if resolved.is_empty() {
        return Cow::Borrowed(markdown);
    }
    resolved.push_str(rest);
    Cow::Owned(resolved)
}

/// The account's id at the front, and what follows the mention.
fn account(text: &str) -> Option<(&str, &str)> {
    let near = text.get(..text.floor_char_boundary(ACCOUNT_BYTES_MAX + 1))?;
    let (account, _) = near.split_once(')')?;
    let after = text.get(account.len() + 1..)?;
    (!account.contains(['\n', '('])).then_some((account, after))
}

fn push_escaped(markdown: &mut String, name: &str) {
    let name = if name.is_empty() { NOBODY_KNOWN } else { name };
    for c in name.chars().take(NAME_CHARS_MAX) {
        match c {
            c if c.is_control() => markdown.push(' '),
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '~' | '|' | '&' | '!' => {
                markdown.extend(['\\', c])
            }
            c => markdown.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_words_and_drops_the_markup() {
        let markdown = "# VPN *setup*\n\nSee [the guide](https://x.test/secret) for `max_width`.\nThen\\\nrest.\n\n\
            | Name | Role |\n|---|---|\n| Anna | lead<br>dev |\n\n- [ ] one\n- [x] two\n  - ~~three~~\n\n\
            ```rust\nlet snake_case = 1;\n```\n\n> [!NOTE]\n> snake\\_case &amp; co\n\n![diagram.png](attachment:1)\n";
        assert_eq!(
            plain(markdown),
            "VPN setup\nSee the guide for max_width. Then\nrest.\nName\tRole\nAnna\tlead\ndev\none\ntwo\nthree\n\
             let snake_case = 1;\nsnake_case & co\ndiagram.png"
        );
    }

    #[test]
    fn raw_html_keeps_only_its_words() {
        assert_eq!(
            plain("<details><summary>More</summary>\na < b <!-- not\nthis -->c\n</details>"),
            "More \na < b c"
        );
        assert_eq!(plain("one <b>two</b> <three"), "one two <three");
    }

    #[test]
    fn plain_text_stays() {
        assert_eq!(plain(""), "");
        assert_eq!(plain("  a\n\n\n b "), "a\nb");
        assert_eq!(plain("[unclosed **bold | `code"), "[unclosed **bold | `code");
    }

    fn known(account: &str) -> Option<String> {
        (account == "557058:a-1").then(|| "Anna_B *".to_string())
    }

    #[test]
    fn mentions_become_names() {
        let markdown = "Ask [@](user:557058:a-1) or [@](user:gone).";
        let resolved = resolve_mentions(markdown, &known);
        assert_eq!(resolved, "Ask @Anna\\_B \\* or @somebody.");
        assert_eq!(plain(&resolved), "Ask @Anna_B * or @somebody.");
    }

    #[test]
    fn what_is_no_mention_stays() {
        for text in ["none", "[@](user:open", "[@](user:two\nlines)", "[@](other:1)"] {
            assert_eq!(resolve_mentions(text, &known), text);
        }
        assert!(matches!(resolve_mentions("none", &known), Cow::Borrowed(_)));
        let endless = MENTION.repeat(50_000);
        assert_eq!(resolve_mentions(&endless, &known), endless);
        let long = format!("{MENTION}{})", "x".repeat(ACCOUNT_BYTES_MAX + 1));
        assert_eq!(resolve_mentions(&long, &known), long);
    }
}
