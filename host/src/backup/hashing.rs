//! Reading something, and knowing afterwards what it was.

use std::fmt::Write as _;
use std::io::{self, Read};

use sha2::{Digest, Sha256};

/// A reader that hashes what it gives.
pub struct Hashing<R> {
    inner: R,
    bytes: u64,
    sha256: Sha256,
}

impl<R: Read> Hashing<R> {
    pub fn new(inner: R) -> Self {
        Self { inner, bytes: 0, sha256: Sha256::new() }
    }

    /// How many bytes there were, and their SHA-256 in hexadecimal.
    pub fn end(self) -> (u64, String) {
        let hex = self.sha256.finalize().iter().fold(String::with_capacity(64), |mut hex, byte| {
            let _never = write!(hex, "{byte:02x}");
            hex
        });
        (self.bytes, hex)
    }
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.sha256.update(buffer.get(..read).unwrap_or_default());
        self.bytes = self.bytes.saturating_add(read as u64);
        Ok(read)
    }
}
