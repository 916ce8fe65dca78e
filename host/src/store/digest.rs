//! Telling whether something is what is stored, without reading what is stored.

use sha2::{Digest, Sha256};

use crate::model::Item;

use super::item_rows::format_name;

/// Enough of SHA-256 that no two contents of one item share it by chance.
const DIGEST_BYTES: usize = 16;

/// Of a text that is only ever compared as a whole: settings, a partition's token.
pub(super) fn digest_of(text: &str) -> [u8; 32] {
    Sha256::digest(text).into()
}

/// Sorted, each once: the order in which a source tells them means nothing.
pub(super) fn tidy_properties(properties: &[(String, String)]) -> Vec<&(String, String)> {
    let mut tidy: Vec<_> = properties.iter().collect();
    tidy.sort();
    tidy.dedup();
    tidy
}

/// Of everything but the place and the access. Each field goes in with its length before
/// it, so that no two items write the same bytes.
pub(super) fn digest(item: &Item, properties: &[&(String, String)]) -> [u8; DIGEST_BYTES] {
    let Item { id: _, kind, parent: _, version, title, url, body, file, access: _, author, editor, .. } =
        item;
    let mut digest = Sha256::new();
    let mut add = |text: Option<&str>| {
        digest.update(text.map_or(u64::MAX, |text| text.len() as u64).to_le_bytes());
        digest.update(text.unwrap_or_default());
    };
    [kind, version, title, url].into_iter().for_each(|text| add(Some(text)));
    [author, editor].into_iter().for_each(|text| add(text.as_deref()));
    add(body.as_ref().map(|body| format_name(body.format)));
    add(body.as_ref().map(|body| body.value.as_str()));
    let file = file.as_ref();
    add(file.map(|file| file.link.as_str()));
    add(file.map(|file| file.name.as_str()));
    add(file.map(|file| file.media_type.as_str()));
    for number in [file.and_then(|file| file.size), item.created, item.updated] {
        add(number.map(|number| number.to_string()).as_deref());
    }
    for (name, value) in properties {
        add(Some(name));
        add(Some(value));
    }
    let mut short = [0; DIGEST_BYTES];
    short.iter_mut().zip(digest.finalize()).for_each(|(to, from)| *to = from);
    short
}
