//! Outlook messages (MS-OXMSG): a stream a property, named by its tag and type.

use crate::compound::{Compound, stream};
use crate::{Reason, Words, charset, extract_inner, html};

/// Sender, receivers and subject.
const HEADERS: [&str; 3] = ["0C1A", "0E04", "0037"];

/// Attachments of one message; their storages are numbered from zero.
const ATTACHMENTS_MAX: u32 = 100;

pub fn extract(file: &mut Compound<'_>, words: &mut Words, depth: u32) -> Result<(), Reason> {
    for tag in HEADERS {
        if let Some(text) = property(file, "", tag) {
            words.push(&text);
            words.break_line();
        }
    }
    if let Some(body) = property(file, "", "1000").filter(|body| !body.trim().is_empty()) {
        words.push(&body);
        words.break_line();
    } else if let Some(body) = stream(file, "/__substg1.0_10130102") {
        html::push(&charset::decode(&body, None), words);
    }
    for number in 0..ATTACHMENTS_MAX {
        let storage = format!("/__attach_version1.0_#{number:08X}");
        let Some(bytes) = stream(file, &format!("{storage}/__substg1.0_37010102")) else { continue };
        let name = property(file, &storage, "3707").or_else(|| property(file, &storage, "3704"));
        let media_type = property(file, &storage, "370E").unwrap_or_default();
        extract_inner(&name.unwrap_or_default(), &media_type, &bytes, words, depth);
    }
    Ok(())
}

/// A text: of type 001F in UTF-16, of type 001E in some charset.
fn property(file: &mut Compound<'_>, storage: &str, tag: &str) -> Option<String> {
    if let Some(bytes) = stream(file, &format!("{storage}/__substg1.0_{tag}001F")) {
        return Some(encoding_rs::UTF_16LE.decode_without_bom_handling(&bytes).0.into_owned());
    }
    let bytes = stream(file, &format!("{storage}/__substg1.0_{tag}001E"))?;
    Some(charset::decode(&bytes, None))
}
