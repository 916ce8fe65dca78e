//! JSON that was written down: what a connector answered, as tapes and stores keep it.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::model::{Change, Description, Page, Plan};
use crate::secrets::oauth;

#[path = "../../src/tape/octets.rs"]
mod octets;

use octets::Octets;

/// An answer of a token address, and its body as anything else that is kept in JSON.
pub fn hold(text: &str) {
    oauth::hold(text);
    let (_, body) = text.split_once('\n').unwrap_or(("", text));
    stays_as_it_is::<Page>(body);
    stays_as_it_is::<Vec<Change>>(body);
    stays_as_it_is::<Plan>(body);
    stays_as_it_is::<Description>(body);
    if let Some(octets) = stays_as_it_is::<Octets>(body) {
        let bytes = octets.bytes().to_vec();
        assert_eq!(Octets::of(bytes.clone()).bytes(), bytes);
    }
}

fn stays_as_it_is<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(text: &str) -> Option<T> {
    let read: T = serde_json::from_str(text).ok()?;
    let written = serde_json::to_string(&read).expect("what was read can be written");
    assert_eq!(serde_json::from_str::<T>(&written).expect("what was written can be read"), read);
    Some(read)
}
