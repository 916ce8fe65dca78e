//! Plain text as Markdown: whitespace collapsed, and a backslash only where Markdown would see markup.
//!
//! Readers and the index meet the escaped text, so `snake_case`, `a * b` and `[1]` stay as they are.

use super::entities;
use super::style::Style;

/// Bytes that are copied without a look, alone or in the middle of a character.
const PLAIN: [bool; 256] = {
    let mut plain = [true; 256];
    let mut byte = 0;
    while byte < 256 {
        plain[byte] = !matches!(
            byte as u8,
            0..=b' ' | 0x7f | b'\\' | b'`' | b'*' | b'_' | b'<' | b'&' | b'~' | b'[' | b']' | b'|'
            // First bytes of the no-break space, the soft hyphen, the zero-width characters and the
            // byte order mark, among others.
            | 0xc2 | 0xe2 | 0xef
        );
        byte += 1;
    }
    plain
};

/// Appends `words` (entities already replaced) to the paragraph `line`.
pub fn push_words(line: &mut String, words: &str, style: Style) {
    let mut rest = words;
    while let Some(special) = next_special(rest) {
        let Some((plain, from)) = rest.split_at_checked(special) else {
            break;
        };
        line.push_str(plain);
        let mut follows = from.chars();
        if let Some(character) = follows.next() {
            push_special(line, character, follows.as_str(), style);
        }
        rest = follows.as_str();
    }
    line.push_str(rest);
}

/// Where the next character stands that needs a look. Single spaces between words do not.
fn next_special(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 0;
    loop {
        let byte = *bytes.get(at)?;
        let between_words = byte == b' '
            && at > 0
            && bytes
                .get(at + 1)
                .is_some_and(|next| PLAIN[usize::from(*next)]);
        if !PLAIN[usize::from(byte)] && !between_words {
            return Some(at);
        }
        at += 1;
    }
}

fn push_special(line: &mut String, character: char, follows: &str, style: Style) {
    match character {
        ' ' | '\t' | '\n' | '\r' | '\u{c}' | '\u{a0}' => push_space(line, character, style),
        // Invisible, and it would part a word that people search for.
        '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}' => {}
        _ if character.is_control() => {}
        _ => {
            if !style.plain && changes_meaning(line, character, follows, style) {
                line.push('\\');
            }
            line.push(character);
        }
    }
}

fn push_space(line: &mut String, character: char, style: Style) {
    if style.keep_space {
        match character {
            '\r' => {}
            '\u{a0}' => line.push(' '),
            _ => line.push(character),
        }
    } else if !line.is_empty() && !line.ends_with([' ', '\n']) {
        line.push(' ');
    }
}

/// Whether `character` needs a backslash between `line` and `follows`.
fn changes_meaning(line: &str, character: char, follows: &str, style: Style) -> bool {
    let next = follows.chars().next();
    match character {
        '`' => true,
        // Behind the last word of the text a mark of ours may follow.
        '\\' => {
            next.is_some_and(|next| next.is_ascii_punctuation()) || follows.trim_start().is_empty()
        }
        // Emphasis begins or ends beside something other than space.
        '*' => !(ends_with_space(line) && next.is_some_and(char::is_whitespace)),
        '_' => underscore_opens(line, follows),
        '~' => tilde_matters(line, follows),
        // What follows may be left out or be a mark of ours, so only what is certain stays bare.
        '<' => {
            !next.is_some_and(|next| next == ' ' || next.is_ascii_digit() || "=-<>".contains(next))
        }
        '&' => entities::reference(follows).is_some(),
        '[' => style.label,
        ']' => style.label || next == Some('('),
        '|' => style.cell,
        _ => false,
    }
}

fn ends_with_space(line: &str) -> bool {
    line.is_empty() || line.ends_with([' ', '\n'])
}

/// Whether a `_` begins emphasis, by CommonMark's rules for a run of them. One that only could end it stays bare.
fn underscore_opens(line: &str, follows: &str) -> bool {
    if line.ends_with('_') {
        // Within a run all are alike.
        return line.ends_with("\\_");
    }
    let before = line.chars().next_back().unwrap_or(' ');
    let after = follows
        .trim_start_matches('_')
        .chars()
        .next()
        .unwrap_or('x');
    !after.is_whitespace() && !before.is_alphanumeric()
}

/// Two tildes strike out what is between them. One alone, as in `~5`, does nothing.
fn tilde_matters(line: &str, follows: &str) -> bool {
    let opens = !follows.starts_with(char::is_whitespace) && follows.contains('~');
    let closes = !ends_with_space(line) && line.rfind('~').is_some();
    opens || closes
}

/// Appends a line of a paragraph whose beginning must not be taken for a heading, quote, list or rule.
pub fn push_line(out: &mut String, line: &str) {
    let text = line.trim_end();
    let behind = |mark: &str| mark.is_empty() || mark.starts_with(' ');
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let escaped = match text.bytes().next() {
        Some(b'#') => {
            let mark = text.trim_start_matches('#');
            text.len() - mark.len() <= 6 && behind(mark)
        }
        Some(b'>') => true,
        Some(b'+') => behind(text.get(1..).unwrap_or_default()),
        Some(rule @ (b'*' | b'-' | b'=' | b'_')) => {
            (!matches!(rule, b'=' | b'_') && behind(text.get(1..).unwrap_or_default()))
                || text.bytes().all(|byte| byte == rule)
        }
        Some(b'[') => is_box_or_definition(text),
        _ => false,
    };
    if escaped {
        out.push('\\');
        out.push_str(line);
        return;
    }
    let (number, mark) = line.split_at_checked(digits).unwrap_or(("", line));
    let numbered =
        (1..=9).contains(&digits) && mark.trim_end().strip_prefix(['.', ')']).is_some_and(behind);
    out.push_str(number);
    if numbered {
        out.push('\\');
    }
    out.push_str(mark);
}

/// `[x] done` would become a task, `[!NOTE]` in a quote a panel, and `[1]: https://…` vanish as the definition of a link.
fn is_box_or_definition(text: &str) -> bool {
    let panel = text
        .strip_prefix("[!")
        .and_then(|text| text.strip_suffix(']'));
    if panel.is_some_and(|kind| kind.bytes().all(|byte| byte.is_ascii_alphabetic())) {
        return true;
    }
    match text.get(1..).and_then(|inner| inner.split_once(']')) {
        Some((inner, follows)) => {
            (matches!(inner, "x" | "X" | " ") && follows.starts_with(' '))
                || (follows.starts_with(':') && !inner.ends_with('\\'))
        }
        None => false,
    }
}
