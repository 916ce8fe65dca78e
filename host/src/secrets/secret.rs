//! A value that nobody may see by accident.

use std::fmt;

use zeroize::Zeroizing;

/// A password, a token, or a header's value made of one. Wiped from memory when dropped.
///
/// There is no `Display` and no `Serialize`; `Debug` says only that there is a secret. The
/// one way to the text is [`Secret::expose`], so that every use can be found by its name.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    pub fn new(value: impl Into<String>) -> Self {
        Self(Zeroizing::new(value.into()))
    }

    /// The text itself. Never to be put into an error, a log or a ledger.
    pub fn expose(&self) -> &str {
        &self.0
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::Secret;

    #[test]
    fn debug_does_not_show_it() {
        assert_eq!(
            format!("{:?} {:#?}", Secret::new("hunter2"), Secret::new("hunter2")),
            "Secret(…) Secret(…)"
        );
    }
}
