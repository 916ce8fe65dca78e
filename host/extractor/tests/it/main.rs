//! The extractor natively: what each format gives, and what hostile files come to.
//!
//! `files/` holds real files, made by `files/make.py`; archives and PDFs that lie are made here.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod formats;
mod hostile;
mod made;

use extractor::{File, Reason, extract};

/// The words of bytes that say nothing of themselves.
pub fn words(name: &str, bytes: &[u8]) -> Result<String, Reason> {
    extract(File { name, media_type: "", bytes: &bytes }).map(extractor::Words::into_text)
}

/// One of the files beside this folder.
pub fn file(name: &str) -> Vec<u8> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files");
    std::fs::read(folder.join(name)).unwrap()
}
