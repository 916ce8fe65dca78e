//! Takes the words out of files: PDF, Word, PowerPoint, Excel, OpenDocument, HTML, Markdown, CSV, text and e-mail.
//!
//! The host runs this as a component in its sandbox, because what it reads was made by strangers. `extract` is the
//! one way in, for the component (`component`) and for tests, which run natively. A format is a file of its own.
//!
//! What holds here: no format is trusted to tell its own size; whatever can grow is counted (`archive`, `words`).
//! Memory and time are bounded outside, by the sandbox, and running out of them is no accident but an answer.
//!
//! Deliberately absent: pictures and their text, macros, formulas, embedded objects, and any output but words.

mod archive;
mod charset;
#[cfg(target_arch = "wasm32")]
mod component;
mod compound;
mod html;
mod kind;
mod mail;
mod open_document;
mod outlook;
mod pdf;
mod plain;
mod prose;
mod reason;
mod sheet;
mod source;
mod words;
mod workbook;
mod xml;

pub use reason::Reason;
pub use source::Source;
pub use words::{TEXT_BYTES_MAX, Words};

use kind::Kind;

/// Messages hold files that may be messages. Deeper than this nobody looks for anything.
const NESTING_MAX: u32 = 3;

/// A file as its source describes it. `name` and `media_type` are believed only where the bytes say nothing.
#[derive(Clone, Copy)]
pub struct File<'a> {
    pub name: &'a str,
    pub media_type: &'a str,
    pub bytes: &'a dyn Source,
}

/// The words of a file.
///
/// # Errors
///
/// The [`Reason`] why there are none.
pub fn extract(file: File<'_>) -> Result<Words, Reason> {
    let mut words = Words::default();
    extract_into(file, &mut words, 0)?;
    if words.is_empty() { Err(Reason::Empty) } else { Ok(words) }
}

/// `depth` counts the messages around this file.
fn extract_into(file: File<'_>, words: &mut Words, depth: u32) -> Result<(), Reason> {
    let head = file.bytes.read(0, kind::HEAD_BYTES);
    match kind::kind(&head, file.name, file.media_type)? {
        Kind::Pdf => pdf::extract(file.bytes, words),
        Kind::Archive => archive::extract(file.bytes, words),
        Kind::Compound => compound::extract(file.bytes, words, depth),
        Kind::Html => html::extract(file.bytes, words),
        Kind::Markdown => plain::markdown(file.bytes, words),
        Kind::Text => plain::extract(file.bytes, words),
        Kind::Mail => mail::extract(file.bytes, words, depth),
    }
}

/// A file inside another. One that has no words takes nothing from those around it.
fn extract_inner(name: &str, media_type: &str, bytes: &[u8], words: &mut Words, depth: u32) {
    if depth >= NESTING_MAX || words.is_full() {
        return;
    }
    words.break_line();
    words.push(name);
    words.break_line();
    let mut inner = words.inner();
    if extract_into(File { name, media_type, bytes: &bytes }, &mut inner, depth + 1).is_ok() {
        words.push(inner.text());
        words.break_line();
    }
}
