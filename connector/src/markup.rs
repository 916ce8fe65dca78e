//! Stand-in for the translation of storage format, until the real one is merged.

use std::collections::BTreeMap;

pub struct Markdown {
    pub text: String,
    pub lost: BTreeMap<String, u32>,
}

pub trait Names {
    fn user(&self, account_id: &str) -> Option<String>;
}

pub fn to_markdown(storage: &str, _names: &dyn Names) -> Markdown {
    let text = storage.to_owned();
    let lost = BTreeMap::new();
    Markdown { text, lost }
}
