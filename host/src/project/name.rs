//! What a connector may be called. Pure.

use std::fmt;
use std::str::FromStr;

/// Bytes of a name: it becomes a folder, a package and a file.
const BYTES_MAX: usize = 64;

/// A connector's stable name, as `description.name` has it: lower-case words joined by `-`, the first of which begins
/// with a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name(String);

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no name for a connector: take lower-case words of letters and digits, joined by `-` and beginning with a \
     letter, {BYTES_MAX} characters at most, as team-notes"
)]
pub struct NameError(String);

impl Name {
    /// For people: `Team notes`.
    #[must_use]
    pub fn title(&self) -> String {
        let words = self.0.replace('-', " ");
        let (first, rest) = words.split_at(1);
        first.to_ascii_uppercase() + rest
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Name {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let word = |word: &str| {
            !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        };
        let begins = text.starts_with(|letter: char| letter.is_ascii_lowercase());
        if begins && text.len() <= BYTES_MAX && text.split('-').all(word) {
            Ok(Self(text.to_owned()))
        } else {
            Err(NameError(text.to_owned()))
        }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::Name;

    #[test]
    fn names_are_words_and_become_titles() {
        for (name, title) in [("notes", "Notes"), ("team-notes", "Team notes"), ("a1-2b", "A1 2b")] {
            assert_eq!(name.parse::<Name>().unwrap().title(), title);
        }
    }

    #[test]
    fn nothing_else_is_a_name() {
        let long = "n".repeat(65);
        let wrong = [
            "", "-", "notes-", "-notes", "a--b", "Notes", "my notes", "1st", "../up", "a/b", ".", "ünï",
            &long,
        ];
        for name in wrong {
            assert!(name.parse::<Name>().is_err(), "{name}");
        }
    }
}
