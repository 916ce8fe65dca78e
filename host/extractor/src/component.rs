//! The component's border: the only file that sees generated bindings.

use crate::{File, Reason, Source, extract};

#[allow(unsafe_code)]
mod generated {
    wit_bindgen::generate!({ path: "wit", world: "extractor" });
    use super::Extractor;

    export!(Extractor);
}

use generated::weir::extract::{file, types};

struct Extractor;

/// The host's file.
struct Lent;

impl Source for Lent {
    fn size(&self) -> u64 {
        file::size()
    }

    fn read(&self, offset: u64, length: u32) -> Vec<u8> {
        file::read(offset, length)
    }
}

impl generated::Guest for Extractor {
    fn extract(name: String, media_type: String) -> Result<types::Words, types::Reason> {
        let words = extract(File { name: &name, media_type: &media_type, bytes: &Lent }).map_err(reason)?;
        let (markdown, cut) = (words.is_markdown(), words.is_full());
        Ok(types::Words { text: words.into_text(), markdown, cut })
    }
}

fn reason(reason: Reason) -> types::Reason {
    match reason {
        Reason::Encrypted => types::Reason::Encrypted,
        Reason::Scanned => types::Reason::Scanned,
        Reason::Unsupported(what) => types::Reason::Unsupported(what),
        Reason::Expands => types::Reason::Expands,
        Reason::Damaged(what) => types::Reason::Damaged(what),
        Reason::Empty => types::Reason::Empty,
    }
}
