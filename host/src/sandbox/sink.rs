//! Where a download's bytes go: into memory or a file, and no more of them than agreed.

use std::fs::File;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use wasmtime_wasi::p2::{OutputStream, Pollable, StreamError, StreamResult};

/// A bounded buffer or file that a guest writes to through a lent stream.
#[derive(Clone)]
pub struct Sink {
    held: Arc<Mutex<Held>>,
    bytes_max: usize,
}

#[derive(Default)]
struct Held {
    bytes: Vec<u8>,
    /// Where the bytes go instead of into memory.
    file: Option<File>,
    count: usize,
    full: bool,
    broken: Option<io::Error>,
}

/// Bytes taken at a time: what a splice moves in one step.
const PERMIT_BYTES: usize = 256 * 1024;

impl Sink {
    pub fn new(bytes_max: usize) -> Self {
        Self { held: Arc::default(), bytes_max }
    }

    /// One that keeps nothing in memory.
    pub fn into_file(file: File, bytes_max: usize) -> Self {
        let held = Held { file: Some(file), ..Held::default() };
        Self { held: Arc::new(Mutex::new(held)), bytes_max }
    }

    /// Why the file could not be written, if it could not.
    pub fn broken(&self) -> Option<io::Error> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner).broken.take()
    }

    /// Whether more came than was agreed.
    pub fn is_full(&self) -> bool {
        self.held.lock().unwrap_or_else(PoisonError::into_inner).full
    }

    pub fn into_bytes(self) -> Vec<u8> {
        std::mem::take(&mut self.held.lock().unwrap_or_else(PoisonError::into_inner).bytes)
    }
}

#[wasmtime_wasi::async_trait]
impl Pollable for Sink {
    async fn ready(&mut self) {}
}

impl OutputStream for Sink {
    fn write(&mut self, bytes: Bytes) -> StreamResult<()> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if held.full || held.count.saturating_add(bytes.len()) > self.bytes_max {
            held.full = true;
            held.bytes = Vec::new();
            return Err(StreamError::Closed);
        }
        held.count += bytes.len();
        let Some(file) = &mut held.file else {
            held.bytes.extend_from_slice(&bytes);
            return Ok(());
        };
        if let Err(error) = file.write_all(&bytes) {
            held.broken = Some(error);
            return Err(StreamError::Closed);
        }
        Ok(())
    }

    fn flush(&mut self) -> StreamResult<()> {
        Ok(())
    }

    fn check_write(&mut self) -> StreamResult<usize> {
        if self.is_full() { Err(StreamError::Closed) } else { Ok(PERMIT_BYTES) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_what_was_agreed_and_closes_on_more() {
        let mut sink = Sink::new(4);
        assert!(sink.write(Bytes::from_static(b"abcd")).is_ok());
        assert!(matches!(sink.write(Bytes::from_static(b"e")), Err(StreamError::Closed)));
        assert!(matches!(sink.check_write(), Err(StreamError::Closed)));
        assert!(sink.is_full());
        assert_eq!(sink.into_bytes(), b"");
    }
}
