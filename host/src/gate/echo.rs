//! What a server repeats of a credential, starred out before a connector reads it.
//!
//! Honest servers repeat requests: pages for debugging, errors that quote a header, addresses in links. So a connector
//! that never holds a secret could still read it in an answer. A body is looked through as it comes, over the borders
//! of its chunks, for the secret in each form that [`Credential::echoes`] knows; stars are as long as what they cover,
//! so that lengths stay true. A server that *wants* to tell (reversed, in pieces, encrypted) has the secret itself and
//! needs no connector for that.

use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use memchr::memmem::Finder;

use crate::secrets::Credential;

const STAR: u8 = b'*';

/// Looks for some secrets in one body. It holds no copy of them: credentials are wiped when they go.
pub(super) struct Echo {
    credentials: Vec<Arc<Credential>>,
    /// The end of what came, as far as it may be the beginning of a secret.
    held: BytesMut,
}

impl Echo {
    pub fn of(credentials: &[Arc<Credential>]) -> Self {
        let mut different: Vec<Arc<Credential>> = Vec::new();
        for credential in credentials {
            if !different.iter().any(|known| known.value() == credential.value()) {
                different.push(Arc::clone(credential));
            }
        }
        Self { credentials: different, held: BytesMut::new() }
    }

    /// What may be passed on when this has come; the rest waits for more.
    pub fn pass(&mut self, data: Bytes) -> Bytes {
        if self.credentials.is_empty() {
            return data;
        }
        let data = match self.held.is_empty() {
            true => data,
            false => {
                let mut joined = std::mem::take(&mut self.held);
                joined.extend_from_slice(&data);
                joined.freeze()
            }
        };
        let mut found: Vec<(usize, usize)> = Vec::new();
        for form in self.forms() {
            found.extend(Finder::new(form).find_iter(&data).map(|at| (at, at + form.len())));
        }
        let settled = found.iter().map(|(_, end)| *end).max().unwrap_or(0);
        let kept = data.len() - self.begun(data.get(settled..).unwrap_or_default());
        self.held.extend_from_slice(data.get(kept..).unwrap_or_default());
        let passed = data.slice(..kept);
        if found.is_empty() { passed } else { starred(&passed, &found) }
    }

    /// The end of the body: what was held back was no secret.
    pub fn rest(&mut self) -> Option<Bytes> {
        let held = std::mem::take(&mut self.held);
        (!held.is_empty()).then(|| held.freeze())
    }

    pub fn holds(&self) -> usize {
        self.held.len()
    }

    /// How many of the last bytes are the beginning of a secret.
    fn begun(&self, data: &[u8]) -> usize {
        let begun = |form: &[u8]| {
            let longest = data.len().min(form.len().saturating_sub(1));
            let tail = data.get(data.len() - longest..).unwrap_or_default();
            (0..tail.len()).find_map(|at| tail.get(at..).filter(|end| form.starts_with(end)).map(<[u8]>::len))
        };
        self.forms().filter_map(begun).max().unwrap_or(0)
    }

    fn forms(&self) -> impl Iterator<Item = &[u8]> {
        self.credentials.iter().flat_map(|credential| credential.echoes()).map(str::as_bytes)
    }
}

fn starred(data: &[u8], found: &[(usize, usize)]) -> Bytes {
    let mut data = BytesMut::from(data);
    for (from, to) in found {
        if let Some(secret) = data.get_mut(*from..*to) {
            secret.fill(STAR);
        }
    }
    data.freeze()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::model::{Basic, Scheme, Token};
    use crate::secrets::Secret;

    fn token(secret: &str) -> Vec<Arc<Credential>> {
        let scheme =
            Scheme::Token(Token { label: "T".into(), header: "x-key".into(), prefix: String::new() });
        vec![Arc::new(Credential::new(&scheme, None, Some(&Secret::new(secret))).unwrap().unwrap())]
    }

    /// A body that comes in pieces of this length.
    fn read(credentials: &[Arc<Credential>], body: &str, piece: usize) -> String {
        let mut echo = Echo::of(credentials);
        let mut read = Vec::new();
        for piece in body.as_bytes().chunks(piece) {
            read.extend_from_slice(&echo.pass(Bytes::copy_from_slice(piece)));
        }
        read.extend(echo.rest().unwrap_or_default());
        String::from_utf8(read).unwrap()
    }

    #[test]
    fn a_secret_is_starred_out_however_the_body_is_cut() {
        let secret = token("sword-fish/aaab");
        let body =
            "sword-fish/aaabb {\"x\":\"sword-fish/aaab\"} sword-fish/aaa sword-fisword-fish/aaab sword-fi";
        let stars = "*".repeat(15);
        let expected = format!("{stars}b {{\"x\":\"{stars}\"}} sword-fish/aaa sword-fi{stars} sword-fi");
        for piece in 1..=body.len() {
            assert_eq!(read(&secret, body, piece), expected, "in pieces of {piece}");
        }
    }

    #[test]
    fn each_form_is_found() {
        let secret = token("a/b+c=d\"e<f>&g");
        for form in [
            "a/b+c=d\"e<f>&g",
            // Percent-encoded, by either hand.
            "a%2Fb%2Bc%3Dd%22e%3Cf%3E%26g",
            "a%2fb%2bc%3dd%22e%3cf%3e%26g",
            // JSON, with and without the slash that some escape.
            r#"a/b+c=d\"e<f>&g"#,
            r#"a\/b+c=d\"e<f>&g"#,
            // HTML.
            "a/b+c=d&quot;e&lt;f&gt;&amp;g",
            // Base64.
            "YS9iK2M9ZCJlPGY+Jmc=",
        ] {
            let read = read(&secret, &format!("[{form}]"), 5);
            assert_eq!(read, format!("[{}]", "*".repeat(form.len())), "{form}");
        }
    }

    #[test]
    fn a_pair_is_found_as_it_was_sent_and_its_password_alone() {
        let scheme = Scheme::Basic(Basic { username: "E".into(), password: "P".into() });
        let made = Credential::new(&scheme, Some("ana"), Some(&Secret::new("hunter2-hunter2")));
        let pair = vec![Arc::new(made.unwrap().unwrap())];
        assert_eq!(
            read(&pair, "Basic YW5hOmh1bnRlcjItaHVudGVyMg== is ana:hunter2-hunter2", 7),
            "Basic **************************** is ana:***************"
        );
    }

    #[test]
    fn what_is_no_secret_comes_as_it_came() {
        let mut echo = Echo::of(&token("swordfish"));
        let whole = Bytes::from_static(b"nothing to see here");
        assert_eq!(echo.pass(whole.clone()), whole);
        assert_eq!(echo.holds(), 0, "and at once");
        assert_eq!(echo.pass(Bytes::from_static(b"my sword")), "my ");
        assert_eq!((echo.holds(), echo.rest()), (5, Some(Bytes::from_static(b"sword"))));
        // Words this short are looked for nowhere: they would be found everywhere.
        assert_eq!(read(&token("secret"), "a secret", 3), "a secret");
        assert_eq!(read(&[], "swordfish", 3), "swordfish");
    }
}
