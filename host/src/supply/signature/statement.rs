//! What cosign signs of an artifact: that a manifest has a digest. Read only after the signature over
//! it was verified.

use serde::Deserialize;

use super::super::way::plain;
use super::SignatureFault;

/// Of cosign's older payload; and the predicate of the newer one, which some write into both.
const TYPES: [&str; 2] = ["cosign container image signature", SIGNED];
/// cosign's statement that an artifact is signed. Others, of bills of materials or builds, are no
/// statement that it may be installed.
const SIGNED: &str = "https://sigstore.dev/cosign/sign/v1";
const IN_TOTO: [&str; 2] = ["https://in-toto.io/Statement/v1", "https://in-toto.io/Statement/v0.1"];

/// What was signed.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Statement {
    /// Digests as registries write them: `sha256:…`.
    pub manifests: Vec<String>,
    pub named: Option<String>,
}

/// Simple signing (containers/image, *containers-signature.5.md*).
#[derive(Deserialize)]
struct Simple {
    critical: Critical,
}

#[derive(Deserialize)]
struct Critical {
    identity: Identity,
    image: Image,
    #[serde(rename = "type")]
    kind: String,
}

#[derive(Deserialize)]
struct Identity {
    #[serde(rename = "docker-reference")]
    reference: String,
}

#[derive(Deserialize)]
struct Image {
    #[serde(rename = "docker-manifest-digest", alias = "Docker-manifest-digest")]
    digest: String,
}

/// An in-toto statement (*in-toto/attestation*, `spec/v1/statement.md`).
#[derive(Deserialize)]
struct InToto {
    #[serde(rename = "_type")]
    kind: String,
    subject: Vec<Subject>,
    #[serde(rename = "predicateType")]
    predicate: String,
}

#[derive(Deserialize)]
struct Subject {
    name: Option<String>,
    digest: Sha256,
}

#[derive(Deserialize)]
struct Sha256 {
    sha256: Option<String>,
}

pub(super) fn simple(payload: &[u8]) -> Result<Statement, SignatureFault> {
    let Simple { critical } = serde_json::from_slice(payload).map_err(|error| unreadable(&error))?;
    if !TYPES.contains(&critical.kind.as_str()) {
        return Err(SignatureFault::NotUnderstood(plain(&critical.kind)));
    }
    Ok(Statement {
        manifests: vec![plain(&critical.image.digest)],
        named: named(critical.identity.reference),
    })
}

pub(super) fn in_toto(payload: &[u8]) -> Result<Statement, SignatureFault> {
    let statement: InToto = serde_json::from_slice(payload).map_err(|error| unreadable(&error))?;
    if !IN_TOTO.contains(&statement.kind.as_str()) || statement.predicate != SIGNED {
        return Err(SignatureFault::NotUnderstood(plain(&statement.predicate)));
    }
    let digests = statement.subject.iter().filter_map(|subject| subject.digest.sha256.as_ref());
    let manifests = digests.map(|digest| plain(&format!("sha256:{digest}"))).collect();
    let named = statement.subject.into_iter().find_map(|subject| subject.name).and_then(named);
    Ok(Statement { manifests, named })
}

fn named(reference: String) -> Option<String> {
    (!reference.is_empty()).then(|| plain(&reference))
}

fn unreadable(error: &serde_json::Error) -> SignatureFault {
    SignatureFault::NotUnderstood(plain(&error.to_string()))
}
