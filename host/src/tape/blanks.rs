//! What must not stand on a tape, and what stands there instead: always the same for the same, so that an answer that
//! repeats it still follows from the exchanges.

use std::sync::Arc;

use crate::secrets::Credential;

/// What a credential leaves.
const SECRET: &str = "[secret]";

/// A value in a redirect's query that is longer than this may be a signature or a token.
const QUERY_VALUE_CHARS_MAX: usize = 32;

/// Redirects with values to hide that a tape has room for; each costs a search through every later line. A
/// sync is not redirected at all as a rule.
const HIDDEN_MAX: usize = 200;

/// Everything that is known to be secret so far.
#[derive(Default)]
pub struct Blanks {
    credentials: Vec<Arc<Credential>>,
    /// A value, and what stands for it.
    hidden: Vec<(String, String)>,
    /// There was more to hide than there is room for.
    pub full: bool,
}

impl Blanks {
    pub fn know(&mut self, used: &[Arc<Credential>]) {
        for credential in used {
            if !self.credentials.iter().any(|known| known.value() == credential.value()) {
                self.credentials.push(Arc::clone(credential));
            }
        }
    }

    /// Hides the long values in the query of a redirect's address, here and wherever they are met again.
    pub fn redirected(&mut self, location: &str) {
        let query = location.split_once('?').map_or("", |(_, query)| query);
        let query = query.split_once('#').map_or(query, |(query, _)| query);
        for value in query.split('&').filter_map(|pair| pair.split_once('=')).map(|(_, value)| value) {
            let known = self.hidden.iter().any(|(hidden, _)| hidden == value);
            if known || value.chars().count() <= QUERY_VALUE_CHARS_MAX {
                continue;
            }
            if self.hidden.len() == HIDDEN_MAX {
                self.full = true;
                return;
            }
            let digest = super::answer::sha256(value.as_bytes());
            self.hidden.push((value.to_owned(), format!("hidden-{}", digest.get(..16).unwrap_or_default())));
        }
    }

    pub fn over(&self, text: String) -> String {
        let text = self.hidden.iter().fold(text, |text, (value, stands)| replaced(text, value, stands));
        self.credentials.iter().fold(text, |text, credential| {
            credential.echoes().fold(text, |text, secret| replaced(text, secret, SECRET))
        })
    }

    /// The same in bytes that are no text, where a stand-in would help nobody: they are left out whole.
    pub fn over_bytes(&self, bytes: Vec<u8>) -> Vec<u8> {
        let echoed = self.credentials.iter().any(|credential| credential.is_echoed_in(&bytes));
        if echoed && std::str::from_utf8(&bytes).is_err() { SECRET.into() } else { bytes }
    }
}

fn replaced(text: String, from: &str, to: &str) -> String {
    if text.contains(from) { text.replace(from, to) } else { text }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::model::{Basic, Scheme};
    use crate::secrets::Secret;

    #[test]
    fn a_secret_is_blanked_in_each_of_its_forms() {
        let scheme = Scheme::Basic(Basic { username: "E-mail".into(), password: "Token".into() });
        let credential = Credential::new(&scheme, Some("ana"), Some(&Secret::new("hunter2-hunter2")));
        let mut blanks = Blanks::default();
        blanks.know(&[Arc::new(credential.unwrap().unwrap())]);
        assert_eq!(
            blanks.over("you sent hunter2-hunter2 as Basic YW5hOmh1bnRlcjItaHVudGVyMg==".into()),
            "you sent [secret] as Basic [secret]"
        );
        assert_eq!(blanks.over_bytes(b"\xff hunter2-hunter2".to_vec()), b"[secret]");
        assert_eq!(blanks.over_bytes(b"\xff hunter".to_vec()), b"\xff hunter");
    }

    #[test]
    fn a_signed_address_stays_recognisable_and_is_no_use() {
        let token = "eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJhY21lIn0.c2ln";
        let mut blanks = Blanks::default();
        blanks.redirected(&format!("https://media.example/1?token={token}&limit=250#x"));
        let said = blanks.over(format!("GET https://media.example/1?token={token}&limit=250, then {token}"));
        assert!(!said.contains(token) && said.contains("&limit=250"), "{said}");
        let stands: Vec<&str> = said.split("hidden-").skip(1).filter_map(|rest| rest.get(..16)).collect();
        assert_eq!((stands.len(), stands[0]), (2, stands[1]), "{said}");
        for number in 0..=HIDDEN_MAX {
            blanks.redirected(&format!("/?token={number:0>40}"));
        }
        assert!(blanks.full);
    }
}
