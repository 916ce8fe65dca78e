//! Cuts storage format into tags, text and CDATA, whatever state it is in.
//!
//! Where a tag ends is decided here and not by quick-xml's `Reader`: that one stops at the first unclosed tag, lets an
//! open quote swallow the words up to the next quote, and asking it again behind every fault takes
//! quadratic time. Here a tag never reaches past the next `<`, which XML forbids inside of tags, so
//! every byte is looked at a fixed number of times and a `<` that opens nothing is text.

/// A piece of the input. Text still holds its entities.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event<'a> {
    Text(&'a str),
    /// The inside of a CDATA section, to be taken literally.
    Raw(&'a str),
    Start {
        name: &'a str,
        /// Everything between the name and the end of the tag.
        attributes: &'a str,
        /// Written as `<name/>`.
        empty: bool,
    },
    End(&'a str),
}

pub struct Events<'a> {
    rest: &'a str,
    /// The markup behind the text that was given out last, with what follows it.
    ahead: Option<(Option<Event<'a>>, &'a str)>,
    /// No `-->` follows, so that looking for it again would only cost time.
    comments_end: bool,
    /// No `]]>` follows.
    sections_end: bool,
}

impl<'a> Events<'a> {
    pub fn new(input: &'a str) -> Self {
        Self { rest: input, ahead: None, comments_end: false, sections_end: false }
    }

    /// Reads the markup at the start of `input`, which begins with `<`: its event (comments have none) and what
    /// follows it. `None` if the `<` is only a character.
    fn markup(&mut self, input: &'a str) -> Option<(Option<Event<'a>>, &'a str)> {
        let inner = input.get(1..)?;
        match inner.bytes().next()? {
            b'!' if inner.starts_with("!--") => self.comment(inner.get(3..)?),
            b'!' if inner.starts_with("![CDATA[") => self.section(inner.get(8..)?),
            b'!' | b'?' => {
                let (_, end) = inner.split_at_checked(inner.find(['<', '>'])?)?;
                end.strip_prefix('>').map(|follows| (None, follows))
            }
            b'/' => end_tag(inner.get(1..)?),
            first if first.is_ascii_alphabetic() || first == b'_' => start_tag(inner),
            _ => None,
        }
    }

    fn comment(&mut self, inner: &'a str) -> Option<(Option<Event<'a>>, &'a str)> {
        if self.comments_end {
            return None;
        }
        let end = inner.split_once("-->");
        self.comments_end = end.is_none();
        end.map(|(_, follows)| (None, follows))
    }

    /// A section that is never closed ends where the element around it does, or with the input.
    fn section(&mut self, inner: &'a str) -> Option<(Option<Event<'a>>, &'a str)> {
        if !self.sections_end {
            if let Some((section, follows)) = inner.split_once("]]>") {
                return Some((Some(Event::Raw(section)), follows));
            }
            self.sections_end = true;
        }
        let end = inner.find("</ac:plain-text").unwrap_or(inner.len());
        let (section, follows) = inner.split_at_checked(end)?;
        Some((Some(Event::Raw(section)), follows))
    }
}

impl<'a> Iterator for Events<'a> {
    type Item = Event<'a>;

    fn next(&mut self) -> Option<Event<'a>> {
        let mut searched = 0;
        loop {
            if let Some((event, follows)) = self.ahead.take() {
                self.rest = follows;
                searched = 0;
                if event.is_some() {
                    return event;
                }
            }
            let Some(found) = self.rest.get(searched..)?.find('<') else {
                let text = std::mem::take(&mut self.rest);
                return (!text.is_empty()).then_some(Event::Text(text));
            };
            let (text, markup) = self.rest.split_at_checked(searched + found)?;
            self.ahead = self.markup(markup);
            searched += found + 1;
            if self.ahead.is_some() && !text.is_empty() {
                return Some(Event::Text(text));
            }
        }
    }
}

/// `inner` follows `</`. A missing `>` is forgiven: nothing but the name is taken then.
fn end_tag(inner: &str) -> Option<(Option<Event<'_>>, &str)> {
    let name_end = inner.find(ends_name).unwrap_or(inner.len());
    let (name, behind) = inner.split_at_checked(name_end)?;
    if !name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_') {
        return None;
    }
    let follows = behind.trim_ascii_start();
    let follows = follows.strip_prefix('>').unwrap_or(behind);
    Some((Some(Event::End(name)), follows))
}

/// `inner` follows `<` and begins with a letter.
fn start_tag(inner: &str) -> Option<(Option<Event<'_>>, &str)> {
    let (tag, behind) = inner.split_at_checked(tag_length(inner)?)?;
    let follows = behind.get(1..)?;
    let (tag, empty) = match tag.strip_suffix('/') {
        Some(tag) => (tag, true),
        None => (tag, false),
    };
    let (name, attributes) = tag.split_at_checked(tag.find(ends_name).unwrap_or(tag.len()))?;
    // XHTML knows no attributes without a value: this is prose, such as `a <b and c> d`.
    if !attributes.contains('=') && !attributes.trim_ascii().is_empty() {
        return None;
    }
    let start = Event::Start { name, attributes, empty };
    Some((Some(start), follows))
}

/// Where the `>` of a tag stands: outside of quotes, or, if a quote is never closed, the first of all.
fn tag_length(inner: &str) -> Option<usize> {
    let mut quote = None;
    let mut first = None;
    for (at, byte) in inner.bytes().enumerate() {
        match (byte, quote) {
            (b'<', _) => break,
            (b'>', None) => return Some(at),
            (b'>', Some(_)) => first = first.or(Some(at)),
            (b'"' | b'\'', None) => quote = Some(byte),
            (_, Some(open)) if open == byte => quote = None,
            _ => {}
        }
    }
    first
}

fn ends_name(character: char) -> bool {
    character.is_ascii_whitespace() || matches!(character, '/' | '>' | '<' | '"' | '\'' | '=')
}
