//! Whose signature a version needs.
//!
//! Weir knows no authority that says who may write connectors. A key is believed because somebody gave it, with the
//! first version or later, and from then on no version gets in under that name that it has not signed: whoever takes over
//! the place a connector comes from cannot send another one. To go back behind that has to be said in so many words
//! (`--key none`, or another key), is shown, and is agreed to like a wider demand. Going back to a former version takes no
//! signature: somebody agreed to exactly those bytes.

/// A public key, kept for a connector's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptKey {
    /// As it was given, in PEM.
    pub pem: String,
    pub fingerprint: String,
}

/// What somebody says of keys who adds a version.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum KeyChoice {
    /// Nothing: the key that is kept counts, if there is one.
    #[default]
    AsKept,
    /// This one counts from now on.
    This(KeptKey),
    /// None counts from now on.
    Nobody,
}

impl KeyChoice {
    /// The key that the version has to be signed by.
    #[must_use]
    pub fn required<'a>(&'a self, kept: Option<&'a KeptKey>) -> Option<&'a KeptKey> {
        match self {
            Self::AsKept => kept,
            Self::This(key) => Some(key),
            Self::Nobody => None,
        }
    }
}

/// What changes for later versions: what has to be agreed to, or else what is only told.
#[must_use]
pub fn changed(before: Option<&KeptKey>, after: Option<&KeptKey>) -> Option<(bool, String)> {
    match (before, after) {
        (Some(before), None) => Some((
            true,
            format!(
                "anybody's versions from now on: they had to be signed by the key {}",
                before.fingerprint
            ),
        )),
        (Some(before), Some(after)) if before.fingerprint != after.fingerprint => Some((
            true,
            format!("versions signed by the key {} instead of {}", after.fingerprint, before.fingerprint),
        )),
        (None, Some(after)) => {
            Some((false, format!("every later version has to be signed by the key {}", after.fingerprint)))
        }
        _ => None,
    }
}
