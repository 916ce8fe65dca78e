//! Text as it is: plain, CSV, source code; and Markdown, which the host takes apart itself.

use crate::words::TEXT_BYTES_MAX;
use crate::{Reason, Source, Words, charset, source};

/// Bytes read of a text: in UTF-16 a character of ASCII takes two.
const READ_BYTES_MAX: u64 = 2 * TEXT_BYTES_MAX as u64 + 2;

pub fn extract(bytes: &dyn Source, words: &mut Words) -> Result<(), Reason> {
    words.push(&charset::decode(&source::start(bytes, READ_BYTES_MAX), None));
    Ok(())
}

pub fn markdown(bytes: &dyn Source, words: &mut Words) -> Result<(), Reason> {
    words.set_markdown();
    extract(bytes, words)
}
