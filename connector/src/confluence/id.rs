//! Confluence's own ids.

use serde::{Deserialize, Deserializer, Serialize, de};
use std::fmt;

/// Ids are numbers of up to 19 digits, or `att` and such a number; far more room than they take.
const ID_BYTES_MAX: usize = 40;

/// An id as Confluence writes it: ASCII letters and digits only, so that it is safe in an address, in
/// CQL and in the host's item ids, whoever sent it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Id(String);

impl Id {
    pub fn parse(text: &str) -> Option<Id> {
        let fits = !text.is_empty() && text.len() <= ID_BYTES_MAX;
        (fits && text.bytes().all(|byte| byte.is_ascii_alphanumeric())).then(|| Id(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number in the id; ids that are none sort after all numbers.
    pub fn number(&self) -> u64 {
        self.0.parse().unwrap_or(u64::MAX)
    }
}

impl fmt::Display for Id {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Id {
    /// v2 writes ids as strings; numbers, which some v1 routes send, are taken too.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Id, D::Error> {
        deserializer.deserialize_any(Written)
    }
}

struct Written;

impl de::Visitor<'_> for Written {
    type Value = Id;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an id")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Id, E> {
        Id::parse(text).ok_or_else(|| E::custom("an id that is not one"))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Id, E> {
        self.visit_str(&number.to_string())
    }
}
