//! Compound files (MS-CFB): Outlook messages, workbooks before 2007, and encrypted Office files.

use std::io::Read;

use cfb::CompoundFile;

use crate::source::Cursor;
use crate::{Reason, Source, Words, outlook, workbook};

/// Bytes of one stream that are read; a message's attachment or a workbook of old is smaller.
const STREAM_BYTES_MAX: u64 = 64 * 1024 * 1024;

pub type Compound<'a> = CompoundFile<Cursor<'a>>;

pub fn extract(bytes: &dyn Source, words: &mut Words, depth: u32) -> Result<(), Reason> {
    let mut file = CompoundFile::open(Cursor::new(bytes)).map_err(Reason::damaged)?;
    let unsupported = |what: &str| Err(Reason::Unsupported(what.to_owned()));
    if file.is_stream("/EncryptedPackage") {
        Err(Reason::Encrypted)
    } else if file.is_stream("/__properties_version1.0") {
        outlook::extract(&mut file, words, depth)
    } else if let Some(stream) = stream(&mut file, "/Workbook") {
        workbook::extract(&stream, words)
    } else if file.is_stream("/WordDocument") {
        unsupported("a document of Word before 2007 (doc)")
    } else if file.is_stream("/PowerPoint Document") {
        unsupported("a presentation of PowerPoint before 2007 (ppt)")
    } else {
        unsupported("a compound file")
    }
}

/// A stream's bytes, if there is one of that name.
pub fn stream(file: &mut Compound<'_>, path: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    file.open_stream(path).ok()?.take(STREAM_BYTES_MAX).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}
