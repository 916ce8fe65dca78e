//! PDF (ISO 32000-2): the text that pages show, in the order in which they draw it.
//!
//! `hayro-syntax` takes the file apart and decrypts it if no password is needed; `page` follows the operators that
//! show text, `font` and `cmap` turn their codes into characters, `layout` sees where words and lines end.
//!
//! Deliberately absent: columns put in order, forms and annotations, and reading letters out of pictures.

mod cmap;
mod encoding;
mod font;
mod layout;
mod page;

use hayro_syntax::{DecryptionError, LoadPdfError, Pdf};

use crate::{Reason, Source, Words, source};

pub fn extract(bytes: &dyn Source, words: &mut Words) -> Result<(), Reason> {
    let pdf = Pdf::new(source::whole(bytes)?).map_err(|error| match error {
        LoadPdfError::Decryption(DecryptionError::PasswordProtected) => Reason::Encrypted,
        LoadPdfError::Decryption(error) => Reason::Unsupported(format!("an encrypted PDF ({error:?})")),
        LoadPdfError::Invalid => Reason::damaged("it has no pages that can be found"),
    })?;
    let mut reading = page::Reading::default();
    for page in pdf.pages().iter() {
        reading.read(page, words);
        words.break_line();
        if words.is_full() {
            break;
        }
    }
    if words.is_empty() && reading.has_pictures() { Err(Reason::Scanned) } else { Ok(()) }
}
