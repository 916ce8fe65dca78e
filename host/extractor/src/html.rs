//! HTML: the words a reader sees, a line a block.

use html5gum::emitters::default::DefaultEmitter;
use html5gum::{Token, Tokenizer};

use crate::words::TEXT_BYTES_MAX;
use crate::{Reason, Source, Words, charset, source};

/// Markup is a few times as long as its words.
const READ_BYTES_MAX: u64 = 4 * TEXT_BYTES_MAX as u64;

pub fn extract(bytes: &dyn Source, words: &mut Words) -> Result<(), Reason> {
    let bytes = source::start(bytes, READ_BYTES_MAX);
    push(&charset::decode(&bytes, declared(&bytes).as_deref()), words);
    Ok(())
}

/// The words of an HTML text.
pub fn push(html: &str, words: &mut Words) {
    let mut emitter = DefaultEmitter::default();
    emitter.naively_switch_states(true);
    // Elements whose text is not for reading, and how many of them are open.
    let mut hidden = 0_usize;
    for token in Tokenizer::new_with_emitter(html, emitter) {
        let Ok(token) = token;
        match token {
            Token::StartTag(tag) if is_hidden(&tag.name) && !tag.self_closing => hidden += 1,
            Token::EndTag(tag) if is_hidden(&tag.name) => hidden = hidden.saturating_sub(1),
            _ if hidden > 0 => {}
            Token::StartTag(tag) => boundary(&tag.name, words),
            Token::EndTag(tag) => boundary(&tag.name, words),
            Token::String(text) => flow(&String::from_utf8_lossy(&text), words),
            _ => {}
        }
        if words.is_full() {
            break;
        }
    }
    words.break_line();
}

fn is_hidden(name: &[u8]) -> bool {
    matches!(name, b"script" | b"style" | b"template" | b"noscript")
}

/// Phrasing elements of the HTML standard do not break a line; all others do.
fn boundary(name: &[u8], words: &mut Words) {
    match name {
        b"td" | b"th" => words.end_cell(),
        b"a" | b"abbr" | b"b" | b"bdi" | b"bdo" | b"cite" | b"code" | b"data" | b"del" | b"dfn" | b"em"
        | b"font" | b"i" | b"img" | b"ins" | b"kbd" | b"label" | b"mark" | b"q" | b"s" | b"samp"
        | b"small" | b"span" | b"strong" | b"sub" | b"sup" | b"time" | b"u" | b"var" | b"wbr" | b"o:p" => {}
        _ => words.break_line(),
    }
}

/// White space is one blank, as it is shown.
fn flow(text: &str, words: &mut Words) {
    if text.starts_with(char::is_whitespace) {
        words.blank();
    }
    let mut first = true;
    for word in text.split_whitespace() {
        if !first {
            words.blank();
        }
        words.push(word);
        first = false;
    }
    if !first && text.ends_with(char::is_whitespace) {
        words.blank();
    }
}

/// The charset that a `meta` element names within the first 1,024 bytes, as the HTML standard's prescan has it.
fn declared(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(bytes.get(..1_024).unwrap_or(bytes)).to_ascii_lowercase();
    let (_, after) = head.split_once("charset=")?;
    let label: String = after
        .trim_start_matches(['"', '\'', ' '])
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
        .collect();
    (!label.is_empty()).then_some(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_what_a_reader_sees() {
        let mut words = Words::default();
        push(
            "<!doctype html><title>Leave &amp; more</title><style>p{}</style><script>if(a<b){}</script>\
             <h1>Parental <em>le</em>ave</h1><p>Two\n  lines<br>and&nbsp;more<table><tr><td>a</td><td>b</table>\
             <ul><li>x<li>y</ul><!-- no --><template>no</template>",
            &mut words,
        );
        assert_eq!(words.into_text(), "Leave & more\nParental leave\nTwo lines\nand more\na\tb\nx\ny");
    }

    #[test]
    fn the_declared_charset_is_used() {
        let html = b"<meta charset='windows-1250'><p>\x9elut\xfd k\xf9\xf2";
        let mut words = Words::default();
        extract(&html.as_slice(), &mut words).unwrap_or_default();
        assert_eq!(words.into_text(), "žlutý kůň");
    }
}
