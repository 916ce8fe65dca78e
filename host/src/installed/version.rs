//! One version of a connector, as it was agreed to.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::KeptKey;
use crate::model::{ConnectionId, Description, Origin, Timestamp};

/// Bytes that somebody agreed to run, and what they said of themselves then.
///
/// Kept as JSON. A component speaks one version of the contract, whose words are read the same way ever after; a host
/// that reads them otherwise has to bring the kept descriptions along, or every connector is refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// Of the component's bytes: 64 hexadecimal digits in lower case.
    pub sha256: String,
    /// A path or an address, as it was typed or as it was found.
    pub from: String,
    pub bytes: u64,
    /// The version of `weir:connector` that it speaks: `0.2.0`.
    pub contract: String,
    /// The names of its imports, in its own order.
    pub imports: Vec<String>,
    pub description: Description,
    /// The fingerprint of the key by which its signature was checked; none if none was.
    pub signed_by: Option<String>,
    /// When somebody agreed to it.
    pub agreed: Timestamp,
    /// What its connections had agreed to when another version took its place: to go back asks for nothing of it again.
    #[serde(default)]
    pub origins: BTreeMap<ConnectionId, Vec<Origin>>,
}

/// A connector that is installed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installed {
    pub name: String,
    /// What every version has to be signed by, once one was given.
    pub key: Option<KeptKey>,
    /// What runs.
    pub current: Version,
    /// What ran before and is kept, the latest first.
    pub former: Vec<Version>,
}

impl Installed {
    /// The version whose digest begins so, if there is exactly one; `sha256:` in front may be left out.
    #[must_use]
    pub fn version(&self, digest: &str) -> Option<&Version> {
        let digest = digest.strip_prefix("sha256:").unwrap_or(digest).to_ascii_lowercase();
        let mut fitting = std::iter::once(&self.current)
            .chain(&self.former)
            .filter(|version| !digest.is_empty() && version.sha256.starts_with(&digest));
        fitting.next().filter(|_| fitting.next().is_none())
    }
}

/// Enough of a digest to tell versions apart by eye: 12 digits.
#[must_use]
pub fn short(sha256: &str) -> &str {
    sha256.get(..12).unwrap_or(sha256)
}
