//! The languages that a project can be begun in.

use std::fmt;
use std::str::FromStr;

/// What a connector is written in. Any language whose tools make components of the contract's world will do; these
/// three have a project to begin with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    Rust,
    Python,
    JavaScript,
}

impl Language {
    pub const ALL: [Self; 3] = [Self::Rust, Self::Python, Self::JavaScript];

    /// As it is typed: `rust`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Rust => "rust",
            Self::Python => "python",
            Self::JavaScript => "javascript",
        }
    }

    /// As people write it: `Rust`.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Rust => "Rust",
            Self::Python => "Python",
            Self::JavaScript => "JavaScript",
        }
    }

    /// What has to be there to build, beside `make`: a command, or two.
    #[must_use]
    pub fn needs(self) -> &'static str {
        match self {
            Self::Rust => "rustup; it brings the rest by itself",
            Self::Python => "Python 3.10 or later, and: pip install -r requirements.txt",
            Self::JavaScript => "Node.js 20 or later, and: npm install",
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

/// No project begins in that language.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no project to begin with in `{0}`: choose rust, python or javascript")]
pub struct UnknownLanguage(String);

impl FromStr for Language {
    type Err = UnknownLanguage;

    fn from_str(text: &str) -> Result<Self, UnknownLanguage> {
        let found = Self::ALL.into_iter().find(|language| language.name() == text);
        found.ok_or_else(|| UnknownLanguage(text.to_owned()))
    }
}
