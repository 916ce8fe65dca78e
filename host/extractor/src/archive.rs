//! Zip archives: what kind of document one is, and its parts, no more of them than an honest document has.

use std::cell::Cell;
use std::io::{self, BufRead, BufReader, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use crate::source::Cursor;
use crate::{Reason, Source, Words, open_document, prose, sheet};

/// Entries of one archive. A presentation of 1,000 slides with pictures has some 5,000.
const ENTRIES_MAX: u64 = 20_000;

/// Bytes that all parts read may have together, unpacked: a workbook of a million rows has about 200 MB.
const EXPANDED_BYTES_MAX: u64 = 512 * 1024 * 1024;

/// How many times its own size an archive may grow. Workbooks, which repeat themselves most, grow thirtyfold.
const EXPANSION_MAX: u64 = 200;

/// Below this an archive may grow as it likes: an empty document is a few kilobytes.
const EXPANSION_FREE_BYTES: u64 = 16 * 1024 * 1024;

/// Reads a document by the parts it has.
pub fn extract(bytes: &dyn Source, words: &mut Words) -> Result<(), Reason> {
    let mut archive = Archive::open(bytes)?;
    let has = |start: &str| archive.names.iter().any(|name| name.starts_with(start));
    if has("word/document") {
        prose::word(&mut archive, words)
    } else if has("ppt/slides/") || has("ppt/presentation.xml") {
        prose::slides(&mut archive, words)
    } else if has("xl/workbook.xml") {
        sheet::extract(&mut archive, words)
    } else if has("content.xml") && has("mimetype") {
        open_document::extract(&mut archive, words)
    } else {
        let what = if has("xl/workbook.bin") { "a binary workbook (xlsb)" } else { "an archive" };
        Err(Reason::Unsupported(what.to_owned()))
    }
}

/// An archive and what may still come out of it.
pub struct Archive<'a> {
    zip: ZipArchive<Cursor<'a>>,
    names: Vec<String>,
    budget: Budget,
}

/// Bytes that may still be unpacked.
struct Budget {
    left: Cell<u64>,
}

/// A part as a stream. What it gives is counted.
pub struct Part<'a> {
    stream: BufReader<Counted<'a>>,
}

struct Counted<'a> {
    inner: Box<dyn Read + 'a>,
    budget: &'a Budget,
}

impl<'a> Archive<'a> {
    pub fn open(bytes: &'a dyn Source) -> Result<Self, Reason> {
        if entries(bytes).is_some_and(|entries| entries > ENTRIES_MAX) {
            return Err(Reason::Expands);
        }
        let zip = ZipArchive::new(Cursor::new(bytes)).map_err(Reason::damaged)?;
        let names =
            zip.file_names().map(|name| name.map(|name| name.into_owned()).unwrap_or_default()).collect();
        let grown = bytes.size().saturating_mul(EXPANSION_MAX).max(EXPANSION_FREE_BYTES);
        let budget = Budget { left: Cell::new(grown.min(EXPANDED_BYTES_MAX)) };
        Ok(Self { zip, names, budget })
    }

    /// The names of parts between a start and an end, by the number they bear: `slide2` before `slide10`.
    pub fn numbered(&self, start: &str, end: &str) -> Vec<String> {
        let number = |name: &str| {
            let between = name.strip_prefix(start)?.strip_suffix(end)?;
            if between.is_empty() { Some(0) } else { between.parse::<u32>().ok() }
        };
        let mut found: Vec<_> =
            self.names.iter().filter_map(|name| Some((number(name)?, name.clone()))).collect();
        found.sort_unstable();
        found.into_iter().map(|(_, name)| name).collect()
    }

    /// Reads a part, if there is one of that name.
    pub fn read(
        &mut self,
        name: &str,
        read: impl FnOnce(&mut Part<'_>) -> Result<(), Reason>,
    ) -> Result<(), Reason> {
        let inner = match self.zip.by_name(name) {
            Ok(file) => file,
            Err(ZipError::FileNotFound) => return Ok(()),
            Err(ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED)) => return Err(Reason::Encrypted),
            Err(error) => return Err(Reason::damaged(error)),
        };
        let counted = Counted { inner: Box::new(inner), budget: &self.budget };
        let done = read(&mut Part { stream: BufReader::new(counted) });
        // Whatever the reader made of it, a part that was cut off is the reason.
        if self.budget.left.get() == 0 { Err(Reason::Expands) } else { done }
    }
}

impl Read for Counted<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(into)?;
        let left = self.budget.left.get().saturating_sub(count as u64);
        self.budget.left.set(left);
        if left == 0 { Err(io::Error::other("the archive expands too far")) } else { Ok(count) }
    }
}

impl Read for Part<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.stream.read(into)
    }
}

impl BufRead for Part<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.stream.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        self.stream.consume(count);
    }
}

/// How many entries the archive's end says it has (APPNOTE 4.3.14 and 4.3.16), before anything is made of them.
/// 65,535 stands for a number that did not fit, which is more than any document needs.
fn entries(bytes: &dyn Source) -> Option<u64> {
    const TAIL_BYTES: u32 = 66_000;
    let tail = bytes.read(bytes.size().saturating_sub(TAIL_BYTES.into()), TAIL_BYTES);
    let at = tail.windows(4).rposition(|window| window == b"PK\x05\x06")?;
    let count = tail.get(at + 10..at + 12)?;
    Some(u16::from_le_bytes([*count.first()?, *count.get(1)?]).into())
}
