//! Letters to words.

use super::Refusal;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Token {
    /// A bare word: a field, a keyword or an unquoted value.
    Word(String),
    Quoted(String),
    /// `=`, `!=`, `<`, `<=`, `>`, `>=`, `~`, `!~`, `(`, `)`, `,`
    Sign(&'static str),
}

const SIGNS: [&str; 11] = ["!=", "!~", "<=", ">=", "=", "<", ">", "~", "(", ")", ","];

pub fn tokens(text: &str) -> Result<Vec<Token>, Refusal> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            found.push(Token::Sign(sign));
            rest = rest.get(sign.len()..).unwrap_or_default();
        } else if first == '"' || first == '\'' {
            let (value, after) = quoted(rest, first, text)?;
            found.push(Token::Quoted(value));
            rest = after;
        } else {
            let stop = |letter: char| letter.is_whitespace() || "=!<>~(),\"'".contains(letter);
            let end = rest.find(stop).unwrap_or(rest.len());
            if end == 0 {
                return Err(Refusal(format!("Could not parse cql : {text}")));
            }
            let (word, after) = rest.split_at(end);
            found.push(Token::Word(word.into()));
            rest = after;
        }
        rest = rest.trim_start();
    }
    Ok(found)
}

/// A backslash takes the next letter as it is.
fn quoted<'a>(rest: &'a str, quote: char, whole: &str) -> Result<(String, &'a str), Refusal> {
    let mut value = String::new();
    let mut letters = rest.char_indices().skip(1);
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' => value.extend(letters.next().map(|(_, letter)| letter)),
            _ if letter == quote => return Ok((value, rest.get(at + 1..).unwrap_or_default())),
            _ => value.push(letter),
        }
    }
    Err(Refusal(format!("Could not parse cql : {whole}")))
}
