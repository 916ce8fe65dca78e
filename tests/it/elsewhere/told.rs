//! What a host read, in a form that all of them can be brought to.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

#[derive(Debug, PartialEq)]
pub struct Told {
    pub name: String,
    pub origins: Vec<String>,
    /// Who signed in where.
    pub label: String,
    pub users: u64,
    pub groups: u64,
    pub members: u64,
    /// By their ids; what an item lacks is left out of it.
    pub items: BTreeMap<String, Value>,
    /// The first hundred, asked for by their ids.
    pub again: BTreeMap<String, Value>,
    pub file: Fetched,
}

/// The first file, in the order of ids.
#[derive(Debug, PartialEq)]
pub struct Fetched {
    pub id: String,
    pub media_type: Option<String>,
    pub bytes: Vec<u8>,
}

/// Ids in one call of `read-items`, as the contract has it.
pub const IDS_MAX: usize = 100;

/// What `read-items` is asked for.
pub fn first(items: &BTreeMap<String, Value>) -> Vec<String> {
    items.keys().take(IDS_MAX).cloned().collect()
}

/// The id and the link of the first file.
pub fn first_file(items: &BTreeMap<String, Value>) -> (String, String) {
    let (id, item) = items.iter().find(|(_, item)| item.get("file").is_some()).unwrap();
    (id.clone(), item["file"].as_str().unwrap().to_owned())
}

/// The fields of an item that are there.
pub fn item(fields: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
    let there = fields.into_iter().filter(|(_, value)| !value.is_null());
    Value::Object(there.map(|(name, value)| (name.to_owned(), value)).collect::<Map<_, _>>())
}
