//! Where the bytes of a file come from, and reading them as a stream.

use std::io::{self, Read, Seek, SeekFrom};

use crate::Reason;

/// A file that can be read at any place.
pub trait Source {
    fn size(&self) -> u64;

    /// At most `length` bytes from `offset` on; fewer only at the end.
    fn read(&self, offset: u64, length: u32) -> Vec<u8>;
}

impl Source for &[u8] {
    fn size(&self) -> u64 {
        self.len() as u64
    }

    fn read(&self, offset: u64, length: u32) -> Vec<u8> {
        let start = usize::try_from(offset).unwrap_or(usize::MAX).min(self.len());
        let end = start.saturating_add(length as usize).min(self.len());
        self.get(start..end).unwrap_or_default().to_vec()
    }
}

/// Bytes asked for at a time. The host answers from its page cache; a call costs about a microsecond.
const STEP_BYTES: u32 = 64 * 1024;

/// The first `bytes_max` bytes, all of them if the file has no more.
pub fn start(source: &dyn Source, bytes_max: u64) -> Vec<u8> {
    let size = source.size().min(bytes_max);
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0));
    while (bytes.len() as u64) < size {
        let left = size - bytes.len() as u64;
        let step = source.read(bytes.len() as u64, u32::try_from(left).unwrap_or(u32::MAX).min(1 << 20));
        if step.is_empty() {
            break;
        }
        bytes.extend_from_slice(&step);
    }
    bytes
}

/// All of a file, for formats that are read at all places at once.
pub fn whole(source: &dyn Source) -> Result<Vec<u8>, Reason> {
    let bytes = start(source, u64::MAX);
    if bytes.is_empty() { Err(Reason::Empty) } else { Ok(bytes) }
}

/// A source as a stream that can seek.
pub struct Cursor<'a> {
    source: &'a dyn Source,
    at: u64,
    held: Vec<u8>,
    held_from: u64,
}

impl<'a> Cursor<'a> {
    pub fn new(source: &'a dyn Source) -> Self {
        Self { source, at: 0, held: Vec::new(), held_from: 0 }
    }

    fn held_here(&self) -> &[u8] {
        let skip = self.at.checked_sub(self.held_from).and_then(|skip| usize::try_from(skip).ok());
        skip.and_then(|skip| self.held.get(skip..)).unwrap_or_default()
    }
}

impl Read for Cursor<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.held_here().is_empty() {
            self.held = self.source.read(self.at, STEP_BYTES);
            self.held_from = self.at;
        }
        let count = Read::read(&mut self.held_here(), into)?;
        self.at += count as u64;
        Ok(count)
    }
}

impl Seek for Cursor<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.source.size().checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at.ok_or_else(|| io::Error::other("sought before the file's beginning"))?;
        Ok(self.at)
    }
}
