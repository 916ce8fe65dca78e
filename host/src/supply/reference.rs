//! What a user writes for where a component is. Pure.

use std::fmt;
use std::path::{Path, PathBuf};

use url::{Host, Url};

use super::DigestFault;
use super::registry::Artifact;
use crate::gate::{Place, PlaceFault, limits::URL_BYTES_MAX};

/// Where a component is: `FILE`, `https://…` or `oci://registry/repository[:tag|@sha256:…]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference(Source);

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Source {
    File(PathBuf),
    Url(Url),
    Artifact(Artifact),
}

/// Why a text is no reference. Never repeats a password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReferenceFault {
    #[error("nothing was given: write a file, an https:// URL or oci://registry/repository:tag")]
    Empty,
    #[error("`{0}://` is not understood: write a file, an https:// URL or oci://registry/repository:tag")]
    Scheme(String),
    #[error("the reference holds a user or password before an `@`: leave it out and give a login instead")]
    Credentials,
    #[error("`{0}` would be asked for over plain http://, which is only for this machine: use https://")]
    Plain(String),
    #[error("it is longer than {URL_BYTES_MAX} bytes")]
    TooLong,
    #[error("the host cannot be used: {0}")]
    Host(#[from] PlaceFault),
    #[error("`{0}` is no URL ({1})")]
    Url(String, String),
    #[error(
        "`{0}` names no registry: write oci://registry/repository:tag, as in oci://ghcr.io/acme/notes:1.2"
    )]
    NoRegistry(String),
    #[error("`{0}` is no name of an artifact ({1}): write oci://registry/repository:tag, in small letters")]
    Artifact(String, String),
    #[error(transparent)]
    Digest(#[from] DigestFault),
}

impl Reference {
    /// Tells by the scheme; what has none is a file, whether it exists or not.
    ///
    /// # Errors
    ///
    /// [`ReferenceFault`].
    pub fn parse(text: &str) -> Result<Self, ReferenceFault> {
        let Some((scheme, rest)) = text.split_once("://") else {
            return match text {
                "" => Err(ReferenceFault::Empty),
                path => Ok(Self(Source::File(PathBuf::from(path)))),
            };
        };
        if text.len() > URL_BYTES_MAX {
            return Err(ReferenceFault::TooLong);
        }
        match scheme.to_ascii_lowercase().as_str() {
            "https" | "http" => url(text, rest).map(|url| Self(Source::Url(url))),
            "oci" => Artifact::parse(text, rest).map(|artifact| Self(Source::Artifact(artifact))),
            _ => Err(ReferenceFault::Scheme(scheme.to_owned())),
        }
    }

    /// Whether it is a file of this machine: who is elsewhere may not name one.
    pub fn is_file(&self) -> bool {
        matches!(self.0, Source::File(_))
    }

    pub(super) fn source(&self) -> &Source {
        &self.0
    }
}

/// As it was written, without a URL's query, which may hold a token.
impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Source::File(path) => path.display().fmt(f),
            Source::Url(url) => f.write_str(&shown(url)),
            Source::Artifact(artifact) => artifact.fmt(f),
        }
    }
}

/// A URL for messages and records: its query may hold a token.
pub(super) fn shown(url: &Url) -> String {
    let mut shown = url.clone();
    shown.set_query(None);
    shown.set_fragment(None);
    shown.to_string()
}

/// Whether it is this very machine by its name or address, so that plain HTTP crosses no network.
pub(super) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        // RFC 6761 keeps it for the machine itself.
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

/// The path `path` with `.sig` behind it: where a detached signature lies.
pub(super) fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".sig");
    PathBuf::from(name)
}

fn url(text: &str, rest: &str) -> Result<Url, ReferenceFault> {
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.contains('@') {
        return Err(ReferenceFault::Credentials);
    }
    let scheme = &text[..text.len() - rest.len()];
    // Refuses hosts that a parser and a reader would take for two.
    Place::parse(&format!("{scheme}{authority}"))?;
    let mut url =
        Url::parse(text).map_err(|error| ReferenceFault::Url(text.to_owned(), error.to_string()))?;
    url.set_fragment(None);
    match url.scheme() == "https" || is_loopback(&url) {
        true => Ok(url),
        false => Err(ReferenceFault::Plain(shown(&url))),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{Reference, ReferenceFault};

    fn shown(text: &str) -> String {
        Reference::parse(text).unwrap().to_string()
    }

    #[test]
    fn what_has_no_scheme_is_a_file() {
        for text in ["notes.wasm", "./a:b@c", "/srv/x y.wasm", "oci:notes", "C:\\notes.wasm"] {
            assert!(Reference::parse(text).unwrap().is_file(), "{text}");
            assert_eq!(shown(text), text);
        }
    }

    #[test]
    fn a_url_is_shown_without_its_query() {
        assert_eq!(shown("https://acme.example/n.wasm?token=hunter2#x"), "https://acme.example/n.wasm");
        assert_eq!(shown("HTTPS://ACME.example:443/n.wasm"), "https://acme.example/n.wasm");
        assert_eq!(shown("http://127.0.0.1:8000/n.wasm"), "http://127.0.0.1:8000/n.wasm");
        assert_eq!(shown("http://[::1]:8000/n.wasm"), "http://[::1]:8000/n.wasm");
    }

    #[test]
    fn tricks_are_refused() {
        assert_eq!(Reference::parse(""), Err(ReferenceFault::Empty));
        for text in ["ftp://acme.example/x", "file:///etc/passwd", "://x", "docker://ghcr.io/x"] {
            assert!(matches!(Reference::parse(text), Err(ReferenceFault::Scheme(_))), "{text}");
        }
        for text in [
            "https://ana:hunter2@acme.example/x",
            "https://ana@acme.example/x",
            "https://acme.example@evil.example",
            "oci://ana:hunter2@ghcr.io/acme/notes",
        ] {
            assert_eq!(Reference::parse(text), Err(ReferenceFault::Credentials), "{text}");
        }
        for text in ["http://acme.example/x", "http://10.0.0.1/x", "http://localhost.acme.example/x"] {
            assert!(matches!(Reference::parse(text), Err(ReferenceFault::Plain(_))), "{text}");
        }
        for text in [
            "https://0x7f.1/x",
            "https://2130706433/x",
            "https://127.1/x",
            "https://",
            "https:///x",
            "https://a%2eexample/x",
            "https://acme.example\\@evil.example/x",
            "oci://127.1:5000/notes",
            "oci://acme.example:/notes",
        ] {
            let refused = Reference::parse(text);
            assert!(
                matches!(
                    refused,
                    Err(ReferenceFault::Host(_) | ReferenceFault::Artifact(..) | ReferenceFault::Credentials)
                ),
                "{text}: {refused:?}"
            );
        }
        assert_eq!(
            Reference::parse(&format!("https://a.example/{}", "a".repeat(20_000))),
            Err(ReferenceFault::TooLong)
        );
    }

    #[test]
    fn a_refusal_repeats_no_password() {
        let message = Reference::parse("https://ana:hunter2@acme.example/x").unwrap_err().to_string();
        assert!(!message.contains("hunter2"), "{message}");
    }
}
