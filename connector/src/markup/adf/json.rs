//! JSON as a tree, however broken.
//!
//! `serde_json` gives up at a lone surrogate, at 128 levels and at a comma too many, and its `Value` takes a hundred times
//! the memory of `[{"":0},{"":0},…]`. A body's words are worth more than that: this reader takes what is there, in one pass,
//! without recursion and in memory that is bounded. What it reads stays in place; only asking for a text copies it.

use std::borrow::Cow;

/// Of what follows this many values only the texts are kept, so that a body cannot fill the sandbox's memory (a
/// value is 28 bytes there). An editor's document of 20 MB has fewer.
const VALUES_MAX: usize = 1 << 20;

/// Stands for no value.
const NOBODY: u32 = u32::MAX;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind<'a> {
    Object,
    Array,
    /// What stands between the quotes.
    Text(&'a str),
    /// A number, a truth or nothing at all.
    Bare(&'a str),
}

struct Entry<'a> {
    /// Empty inside of an array.
    key: &'a str,
    kind: Kind<'a>,
    first_child: u32,
    next: u32,
}

struct Open {
    at: u32,
    last_child: u32,
}

/// A JSON text that has been read.
pub struct Json<'a> {
    entries: Vec<Entry<'a>>,
    overflow: String,
}

/// One value in it.
#[derive(Clone, Copy)]
pub struct Value<'j> {
    json: &'j Json<'j>,
    at: u32,
}

impl<'a> Json<'a> {
    pub fn read(text: &'a str) -> Self {
        let root = Entry { key: "", kind: Kind::Array, first_child: NOBODY, next: NOBODY };
        let mut json = Self { entries: vec![root], overflow: String::new() };
        let mut open = vec![Open { at: 0, last_child: NOBODY }];
        let mut key = "";
        let mut rest = text;
        while let Some(first) = rest.bytes().next() {
            let (taken, kind) = match first {
                b'{' => (1, Some(Kind::Object)),
                b'[' => (1, Some(Kind::Array)),
                b'"' => {
                    let inside = rest.get(1..).unwrap_or_default();
                    let end = end_of_text(inside);
                    let text = inside.get(..end).unwrap_or_default();
                    ((end + 2).min(rest.len()), Some(Kind::Text(text)))
                }
                b'}' | b']' => {
                    if open.len() > 1 && !json.full() {
                        open.pop();
                    }
                    (1, None)
                }
                b',' | b':' | b' ' | b'\n' | b'\r' | b'\t' => (1, None),
                _ => {
                    let end = rest.find([',', ':', '{', '}', '[', ']', '"', ' ', '\n', '\r', '\t']);
                    let end = end.unwrap_or(rest.len());
                    (end, rest.get(..end).map(Kind::Bare))
                }
            };
            rest = rest.get(taken..).unwrap_or_default();
            match kind {
                Some(Kind::Text(text)) if rest.trim_ascii_start().starts_with(':') => key = text,
                Some(kind) => json.add(std::mem::take(&mut key), kind, &mut open),
                None => {}
            }
        }
        json
    }

    /// The values that stand in nothing: one, if the text is as it should be.
    pub fn root(&self) -> Value<'_> {
        Value { json: self, at: 0 }
    }

    /// The words behind the value that was one too many.
    pub fn overflow(&self) -> &str {
        &self.overflow
    }

    fn full(&self) -> bool {
        self.entries.len() >= VALUES_MAX
    }

    fn add(&mut self, key: &'a str, kind: Kind<'a>, open: &mut Vec<Open>) {
        if self.full() {
            if let (Kind::Text(text), "text") = (kind, key) {
                self.overflow.push_str(&unescaped(text));
                self.overflow.push(' ');
            }
            return;
        }
        let at = u32::try_from(self.entries.len()).unwrap_or(NOBODY);
        self.entries.push(Entry { key, kind, first_child: NOBODY, next: NOBODY });
        if let Some(parent) = open.last_mut() {
            let elder = std::mem::replace(&mut parent.last_child, at);
            if let Some(elder) = self.entries.get_mut(elder as usize) {
                elder.next = at;
            } else if let Some(parent) = self.entries.get_mut(parent.at as usize) {
                parent.first_child = at;
            }
        }
        if matches!(kind, Kind::Object | Kind::Array) {
            open.push(Open { at, last_child: NOBODY });
        }
    }
}

impl<'j> Value<'j> {
    fn entry(self) -> Option<&'j Entry<'j>> {
        self.json.entries.get(self.at as usize)
    }

    /// What stands in an array or an object.
    pub fn children(self) -> impl Iterator<Item = Value<'j>> {
        let mut next = self.entry().map_or(NOBODY, |entry| entry.first_child);
        std::iter::from_fn(move || {
            let value = Value { json: self.json, at: next };
            next = value.entry()?.next;
            Some(value)
        })
    }

    /// The value of a key; the last one's, where a key is written twice.
    pub fn get(self, key: &str) -> Option<Value<'j>> {
        if !self.is_object() {
            return None;
        }
        self.children().filter(|child| child.raw_key() == key).last()
    }

    pub fn is_object(self) -> bool {
        self.entry().is_some_and(|entry| entry.kind == Kind::Object)
    }

    pub fn is_array(self) -> bool {
        self.entry().is_some_and(|entry| entry.kind == Kind::Array)
    }

    /// The key it has in an object.
    pub fn key(self) -> Cow<'j, str> {
        unescaped(self.raw_key())
    }

    fn raw_key(self) -> &'j str {
        self.entry().map_or("", |entry| entry.key)
    }

    /// A text, or a number or truth as it is written. Nothing else is a text.
    pub fn text(self) -> Option<Cow<'j, str>> {
        match self.entry()?.kind {
            Kind::Text(text) => Some(unescaped(text)),
            Kind::Bare(bare) if bare != "null" => Some(Cow::Borrowed(bare)),
            _ => None,
        }
    }
}

/// Where the closing quote stands.
fn end_of_text(inside: &str) -> usize {
    let mut bytes = inside.bytes().enumerate();
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'"' => return at,
            b'\\' => {
                bytes.next();
            }
            _ => {}
        }
    }
    inside.len()
}

/// Replaces the escapes of RFC 8259. Half of a surrogate pair becomes `�`, and what is no escape stays as it is written.
fn unescaped(text: &str) -> Cow<'_, str> {
    if !text.contains('\\') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((plain, escape)) = rest.split_once('\\') {
        out.push_str(plain);
        let mut follows = escape.chars();
        let character = match follows.next() {
            Some('n') => '\n',
            Some('t') => '\t',
            Some('r') => '\r',
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some('u') => match code_point(follows.as_str()) {
                Some((character, behind)) => {
                    follows = behind.chars();
                    character
                }
                None => 'u',
            },
            Some(itself) => itself,
            None => '\\',
        };
        out.push(character);
        rest = follows.as_str();
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// The character of `XXXX`, or of `XXXX\uXXXX`, and what follows.
fn code_point(escape: &str) -> Option<(char, &str)> {
    let (high, rest) = unit(escape)?;
    if let Some(character) = char::from_u32(high) {
        return Some((character, rest));
    }
    let low = rest.strip_prefix("\\u").and_then(unit);
    if let Some((low @ 0xdc00..=0xdfff, behind)) = low
        && high < 0xdc00
    {
        let pair = 0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00);
        return char::from_u32(pair).map(|character| (character, behind));
    }
    Some((char::REPLACEMENT_CHARACTER, rest))
}

fn unit(escape: &str) -> Option<(u32, &str)> {
    let (digits, rest) = escape.split_at_checked(4)?;
    let hexadecimal = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    hexadecimal.then(|| u32::from_str_radix(digits, 16).ok()).flatten().map(|unit| (unit, rest))
}
