//! How things are called here. An id begins with the feed that it belongs to, so that asking about it leads there.
//!
//! - a feed: `feed:` and a hash of its address;
//! - an entry: the feed's id, `/`, and the name that the feed gives it;
//! - an enclosure: the entry's id, `#`, and a hash of its address.
//!
//! One entry in two feeds is two items: each is read with its own feed, and goes with it.

use sha2::{Digest as _, Sha256};
use url::Url;

/// Names of feeds' own may be of any length; the contract allows 512 bytes in all.
const KEY_BYTES_MAX: usize = 400;

/// Of a hash, enough that no two of a connection meet: 96 bits.
const HASH_BYTES: usize = 12;

/// A hash in hexadecimal digits.
pub fn short(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().take(HASH_BYTES).map(|byte| format!("{byte:02x}")).collect()
}

pub fn feed(address: &Url) -> String {
    format!("feed:{}", short(address.as_str()))
}

pub fn entry(feed: &str, key: &str) -> String {
    if key.len() <= KEY_BYTES_MAX { format!("{feed}/{key}") } else { format!("{feed}/hash:{}", short(key)) }
}

pub fn enclosure(entry: &str, address: &Url) -> String {
    format!("{entry}#{}", short(address.as_str()))
}

/// The feed that an item belongs to, by its id.
pub fn feed_of(id: &str) -> &str {
    id.split_once('/').map_or(id, |(feed, _)| feed)
}

/// The name that the feed gave an entry, unless it was too long to be kept.
pub fn key_of(id: &str) -> Option<&str> {
    id.split_once('/').map(|(_, key)| key).filter(|key| !key.starts_with("hash:"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn an_id_leads_back_to_its_feed() {
        let feed = feed(&Url::parse("https://blog.example/atom.xml").unwrap());
        let id = entry(&feed, "tag:blog.example,2026:/a");
        assert_eq!((feed_of(&id), key_of(&id)), (feed.as_str(), Some("tag:blog.example,2026:/a")));
        assert_eq!((feed_of(&feed), key_of(&feed)), (feed.as_str(), None));
        let long = entry(&feed, &"k".repeat(5_000));
        assert!(enclosure(&long, &Url::parse("https://blog.example/a.pdf").unwrap()).len() < 512);
    }
}
