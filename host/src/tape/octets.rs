//! Bytes as they stand in JSON: a text when they are UTF-8, which bodies nearly always are, else base64.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Octets {
    Text(String),
    Binary { base64: String },
}

impl Octets {
    pub fn of(bytes: Vec<u8>) -> Self {
        match String::from_utf8(bytes) {
            Ok(text) => Self::Text(text),
            Err(error) => Self::Binary { base64: STANDARD.encode(error.as_bytes()) },
        }
    }

    /// The bytes; none of a base64 that somebody has changed.
    pub fn bytes(&self) -> Bytes {
        match self {
            Self::Text(text) => Bytes::copy_from_slice(text.as_bytes()),
            Self::Binary { base64 } => STANDARD.decode(base64).unwrap_or_default().into(),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::Octets;

    #[test]
    fn bytes_come_back_as_they_were() {
        for (bytes, json) in
            [(&b"{\"a\":1}"[..], r#""{\"a\":1}""#), (b"", r#""""#), (b"\xff\0", r#"{"base64":"/wA="}"#)]
        {
            let octets = Octets::of(bytes.to_vec());
            assert_eq!(serde_json::to_string(&octets).unwrap(), json);
            assert_eq!(serde_json::from_str::<Octets>(json).unwrap().bytes(), bytes);
        }
    }
}
