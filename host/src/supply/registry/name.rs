//! A name in a registry, as it is written. Pure.

use std::fmt;

use url::Url;

use super::super::reference::is_loopback;
use super::super::{Digest, ReferenceFault};
use crate::gate::Place;

/// A name in a registry, by the grammar of the OCI distribution specification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) struct Artifact {
    /// As it was written, with a port: `ghcr.io`, `127.0.0.1:5000`.
    pub registry: String,
    /// Where that registry is spoken to: another host for `docker.io` only.
    pub base: Url,
    pub repository: String,
    pub tag: Option<String>,
    /// Of the manifest. It decides where both are given.
    pub digest: Option<Digest>,
}

impl Artifact {
    /// Reads `rest`, what is behind `oci://` in `text`.
    pub fn parse(text: &str, rest: &str) -> Result<Self, ReferenceFault> {
        let (registry, name) =
            rest.split_once('/').ok_or_else(|| ReferenceFault::NoRegistry(text.to_owned()))?;
        if registry.contains('@') {
            return Err(ReferenceFault::Credentials);
        }
        // Without a dot or a port it would be a folder at Docker's registry: that guess is not made.
        if !registry.contains(['.', ':']) && registry != "localhost" {
            return Err(ReferenceFault::NoRegistry(text.to_owned()));
        }
        if let Some((_, digest)) = name.split_once('@') {
            Digest::parse(digest)?;
        }
        let fault = |reason: String| ReferenceFault::Artifact(text.to_owned(), reason);
        let read = oci_client::Reference::try_from(rest).map_err(|error| fault(error.to_string()))?;
        Ok(Self {
            registry: registry.to_owned(),
            base: base(read.resolve_registry(), &fault)?,
            repository: read.repository().to_owned(),
            tag: read.tag().map(str::to_owned),
            digest: read.digest().map(Digest::parse).transpose()?,
        })
    }
}

impl fmt::Display for Artifact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "oci://{}/{}", self.registry, self.repository)?;
        if let Some(tag) = &self.tag {
            write!(f, ":{tag}")?;
        }
        self.digest.iter().try_for_each(|digest| write!(f, "@{digest}"))
    }
}

/// Plain HTTP for this machine, as other clients of registries have it; HTTPS for everybody else.
fn base(registry: &str, fault: &dyn Fn(String) -> ReferenceFault) -> Result<Url, ReferenceFault> {
    let https = format!("https://{registry}");
    Place::parse(&https)?;
    let read = |text: &str| Url::parse(text).map_err(|error| fault(error.to_string()));
    let url = read(&https)?;
    if is_loopback(&url) { read(&format!("http://{registry}")) } else { Ok(url) }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::Artifact;
    use crate::supply::ReferenceFault;

    const HEX: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    fn read(text: &str) -> Result<Artifact, ReferenceFault> {
        Artifact::parse(text, text.trim_start_matches("oci://"))
    }

    fn shown(text: &str) -> String {
        read(text).unwrap().to_string()
    }

    #[test]
    fn an_artifact_has_a_registry_a_repository_and_a_tag_or_digest() {
        assert_eq!(shown("oci://ghcr.io/acme/notes"), "oci://ghcr.io/acme/notes:latest");
        assert_eq!(shown("oci://ghcr.io/acme/notes:1.2"), "oci://ghcr.io/acme/notes:1.2");
        let by_digest = format!("oci://localhost:5000/notes@sha256:{HEX}");
        assert_eq!(shown(&by_digest), by_digest);
        let both = format!("oci://ghcr.io/acme/notes:1.2@sha256:{HEX}");
        assert_eq!(shown(&both), both);
    }

    #[test]
    fn a_registry_is_spoken_to_by_https_unless_it_is_this_machine() {
        for (text, expected) in [
            ("oci://ghcr.io/acme/notes", "https://ghcr.io/"),
            ("oci://registry.corp.example:5000/notes", "https://registry.corp.example:5000/"),
            ("oci://10.0.0.1:5000/notes", "https://10.0.0.1:5000/"),
            ("oci://docker.io/acme/notes", "https://index.docker.io/"),
            ("oci://localhost:5000/notes", "http://localhost:5000/"),
            ("oci://127.0.0.1:5000/notes", "http://127.0.0.1:5000/"),
        ] {
            assert_eq!(read(text).unwrap().base.as_str(), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_name_is_refused() {
        for text in ["oci://notes", "oci://acme/notes:1", "oci:///notes"] {
            assert!(matches!(read(text), Err(ReferenceFault::NoRegistry(_))), "{text}");
        }
        for text in [
            "oci://ghcr.io/",
            "oci://ghcr.io/Acme/notes",
            "oci://ghcr.io/../notes",
            "oci://ghcr.io/a?b=c",
            "oci://ghcr.io/a:b c",
        ] {
            assert!(matches!(read(text), Err(ReferenceFault::Artifact(..))), "{text}");
        }
        for text in [format!("oci://ghcr.io/a@sha512:{HEX}{HEX}"), "oci://ghcr.io/a@sha256:12".to_owned()] {
            assert!(matches!(read(&text), Err(ReferenceFault::Digest(_))), "{text}");
        }
    }
}
