//! XML of documents, as a walk over its elements. Entities of its own a document has none.

use std::io::BufRead;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::Reason;

/// What a walk meets. Names are without their prefix.
pub enum Node<'a> {
    Open(Element<'a>),
    Close(&'a str),
    Text(&'a str),
}

pub struct Element<'a> {
    pub name: &'a str,
    start: &'a BytesStart<'a>,
}

impl Element<'_> {
    /// An attribute by its name without prefix.
    pub fn attribute(&self, name: &str) -> Option<String> {
        let mut attributes = self.start.attributes();
        let mut attributes = attributes.with_checks(false).filter_map(Result::ok);
        let found = attributes.find(|attribute| attribute.key.local_name().as_ref() == name)?;
        let unescaped = quick_xml::escape::unescape(&found.value).map(|value| value.into_owned());
        Some(unescaped.unwrap_or_else(|_| found.value.into_owned()))
    }
}

/// Shows each node to `each`, in order. `Break` from it ends the walk early.
///
/// # Errors
///
/// [`Reason::Expands`] for a document that declares entities (no honest one does, and they can be made to grow
/// without end), [`Reason::Damaged`] for one that is not well-formed; what came before was shown.
pub fn walk(
    stream: impl BufRead,
    mut each: impl FnMut(Node<'_>) -> std::ops::ControlFlow<()>,
) -> Result<(), Reason> {
    let mut reader = Reader::from_reader(stream);
    reader.config_mut().check_end_names = false;
    reader.config_mut().allow_dangling_amp = true;
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        let flow = match reader.read_event_into(&mut buffer).map_err(Reason::damaged)? {
            Event::Start(start) => open(&start, &mut each),
            Event::Empty(start) => match open(&start, &mut each) {
                flow if flow.is_break() => flow,
                _ => each(Node::Close(start.local_name().as_ref())),
            },
            Event::End(end) => each(Node::Close(end.local_name().as_ref())),
            Event::Text(text) => each(Node::Text(&text.into_inner())),
            Event::CData(text) => each(Node::Text(&text.into_inner())),
            Event::GeneralRef(reference) => match character(&reference) {
                Some(character) => each(Node::Text(character.encode_utf8(&mut [0; 4]))),
                None => std::ops::ControlFlow::Continue(()),
            },
            Event::DocType(declared) if declared.borrow().into_inner().contains("<!ENTITY") => {
                return Err(Reason::Expands);
            }
            Event::Eof => return Ok(()),
            _ => std::ops::ControlFlow::Continue(()),
        };
        if flow.is_break() {
            return Ok(());
        }
    }
}

fn open(
    start: &BytesStart<'_>,
    each: &mut impl FnMut(Node<'_>) -> std::ops::ControlFlow<()>,
) -> std::ops::ControlFlow<()> {
    each(Node::Open(Element { name: start.local_name().as_ref(), start }))
}

fn character(reference: &quick_xml::events::BytesRef<'_>) -> Option<char> {
    if let Ok(Some(character)) = reference.resolve_char_ref() {
        return Some(character);
    }
    match reference.borrow().into_inner().as_ref() {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => None,
    }
}
