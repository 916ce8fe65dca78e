//! Markup to a line of words: titles, which are shown and not rendered.

use quick_xml::escape::{resolve_html5_entity, unescape_with};

/// What is taken for a tag: a title may well speak of `<beta>`.
const TAGS: [&str; 36] = [
    "a",
    "abbr",
    "b",
    "big",
    "blockquote",
    "br",
    "cite",
    "code",
    "div",
    "em",
    "figure",
    "font",
    "h1",
    "h2",
    "h3",
    "h4",
    "hr",
    "i",
    "img",
    "li",
    "ol",
    "p",
    "pre",
    "q",
    "s",
    "small",
    "span",
    "strong",
    "sub",
    "sup",
    "table",
    "td",
    "tr",
    "tt",
    "u",
    "ul",
];

/// The words of a title that was written in HTML. A `<` that opens none of its tags is a character.
pub fn of_html(html: &str) -> String {
    let mut words = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, tag)) = rest.split_once('<') {
        words.push_str(before);
        match tag.split_once('>').filter(|(tag, _)| is_tag(tag)) {
            Some((_, behind)) => rest = behind,
            None => {
                words.push('<');
                rest = tag;
            }
        }
    }
    words.push_str(rest);
    let read = unescape_with(&words, resolve_html5_entity).map(|text| text.into_owned());
    one_line(&read.unwrap_or(words))
}

fn is_tag(inner: &str) -> bool {
    let name = inner.strip_prefix('/').unwrap_or(inner);
    let name = name.split(|letter: char| letter.is_whitespace() || letter == '/').next().unwrap_or_default();
    TAGS.contains(&name.to_ascii_lowercase().as_str())
}

/// White space as one blank.
pub fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::of_html;

    #[test]
    fn a_title_is_its_words() {
        assert_eq!(of_html("<b>Tom &amp;\n Jerry</b>"), "Tom & Jerry");
        assert_eq!(of_html("1 < 2 and <i>3</i> > 2"), "1 < 2 and 3 > 2");
        assert_eq!(of_html("R&D <beta>"), "R&D <beta>");
    }
}
