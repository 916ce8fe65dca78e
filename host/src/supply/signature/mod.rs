//! Signatures of components: what lies beside one, and whether a key made it. Pure.
//!
//! What a signature proves: whoever holds the private key signed these very bytes, or a manifest whose
//! digest only these bytes have. It does not prove who holds that key, that the key was not stolen, when
//! it was signed, or that it is the newest version: an old component stays signed, and there is no
//! revocation. Who trusts a key says so by naming it.
//!
//! What is understood (ECDSA on P-256 with SHA-256 only, as `cosign generate-key-pair` makes keys):
//! - base64 of a DER signature over the file (`cosign sign-blob`, `openssl dgst -sha256 -sign`);
//! - cosign's signed payload that names a manifest's digest (*SIGNATURE_SPEC.md*);
//! - a Sigstore bundle with either of the two sorts of content (*bundle.proto*), whose certificates,
//!   timestamps and proofs of a log are not looked at.
//!
//! An ECDSA signature can be turned into a second one of the same bytes without the key. That changes
//! nothing that is proven here, and nothing is looked up by a signature's own bytes.

mod bundle;
mod key;
mod statement;

pub use key::{KeyFault, PublicKey};

use base64::Engine as _;

use super::{Digest, registry};

/// What lies beside a component, and may be a signature of it. Not verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// At least one.
    claims: Vec<Claim>,
    /// The manifest that the component came with, which is what is signed then.
    manifest: Option<Vec<u8>>,
}

/// One thing that claims to be a signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Claim {
    /// A file: base64, or a bundle.
    Detached(Vec<u8>),
    /// cosign's payload, and the base64 beside it.
    Payload { payload: Vec<u8>, signature: String },
    /// A bundle that refers to the manifest.
    Bundle(Vec<u8>),
    /// It may be there and could not be asked for; why.
    Unread(String),
}

/// What a verified signature says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// What the signer called the artifact (cosign's `docker-reference`, `ghcr.io/acme/notes`), if the
    /// signature says so. Words of the signer; where the artifact lies now may be elsewhere.
    pub named: Option<String>,
}

/// Why a signature proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignatureFault {
    #[error("the component is not the one that was supplied: its SHA-256 is {found}, not {wanted}")]
    OtherBytes { wanted: String, found: String },
    #[error("the signature is empty: have it made anew")]
    Empty,
    #[error("the signature is not in base64: `base64` makes it so of what `openssl dgst -sign` writes")]
    NotBase64,
    #[error("the signature is no ECDSA signature on P-256: have it made with such a key")]
    Malformed,
    #[error(
        "the signature was not made by this key over these bytes: check the key, and do not install it before that"
    )]
    NotByThisKey,
    #[error(
        "the signature is of the manifest {named}, and the component came with {found}: do not install it"
    )]
    OtherManifest { named: String, found: String },
    #[error("the manifest that was signed does not hold these bytes: do not install it")]
    OtherLayer,
    #[error("what is signed is not understood ({0}): only cosign's signatures of artifacts and files are")]
    NotUnderstood(String),
    #[error("the signature could not be asked for: {0}")]
    Unread(String),
    #[error("none of {count} signatures verifies: {faults}")]
    None { count: usize, faults: String },
}

impl Signature {
    /// What lies beside a file.
    pub fn detached(text: Vec<u8>) -> Self {
        Self { claims: vec![Claim::Detached(text)], manifest: None }
    }

    pub(super) fn unread(why: String) -> Self {
        Self { claims: vec![Claim::Unread(why)], manifest: None }
    }

    pub(super) fn of_artifact(claims: Vec<Claim>, manifest: Vec<u8>) -> Option<Self> {
        (!claims.is_empty()).then_some(Self { claims, manifest: Some(manifest) })
    }
}

/// Whether `key` signed these bytes, or the manifest they came with. One signature that does is enough.
///
/// `sha256` is [`super::Supplied::sha256`]; the bytes are hashed anew, and every link from the key to
/// them is followed: payload, manifest, layer.
///
/// # Errors
///
/// [`SignatureFault`]; of several signatures, with the reason for each.
pub fn verify(
    wasm: &[u8],
    sha256: &str,
    signature: &Signature,
    key: &PublicKey,
) -> Result<Proof, SignatureFault> {
    let found = Digest::of(wasm);
    if found.hex() != sha256 {
        return Err(SignatureFault::OtherBytes { wanted: sha256.to_owned(), found: found.hex() });
    }
    let signed = Signed { wasm, sha256: found, manifest: signature.manifest.as_deref() };
    let mut faults = Vec::new();
    for claim in &signature.claims {
        match signed.judge(claim, key) {
            Ok(proof) => return Ok(proof),
            Err(fault) => faults.push(fault),
        }
    }
    match (faults.len(), faults.pop()) {
        (1, Some(fault)) => Err(fault),
        (count, last) => {
            let faults =
                faults.into_iter().chain(last).map(|fault| fault.to_string()).collect::<Vec<_>>().join("; ");
            Err(SignatureFault::None { count, faults })
        }
    }
}

/// What is to have been signed.
struct Signed<'a> {
    wasm: &'a [u8],
    sha256: Digest,
    manifest: Option<&'a [u8]>,
}

impl Signed<'_> {
    fn judge(&self, claim: &Claim, key: &PublicKey) -> Result<Proof, SignatureFault> {
        match claim {
            Claim::Detached(text) if text.trim_ascii_start().starts_with(b"{") => self.bundle(text, key),
            Claim::Detached(text) => {
                key.verify(self.wasm, &decoded(text)?)?;
                Ok(Proof { named: None })
            }
            Claim::Payload { payload, signature } => {
                key.verify(payload, &decoded(signature.as_bytes())?)?;
                self.stated(&statement::simple(payload)?)
            }
            Claim::Bundle(bundle) => self.bundle(bundle, key),
            Claim::Unread(why) => Err(SignatureFault::Unread(why.clone())),
        }
    }

    fn bundle(&self, bundle: &[u8], key: &PublicKey) -> Result<Proof, SignatureFault> {
        match bundle::read(bundle)? {
            bundle::Content::OfBytes(signature) => {
                key.verify(self.wasm, &signature)?;
                Ok(Proof { named: None })
            }
            bundle::Content::OfStatement { signed, payload, signatures } => {
                let by_key = signatures.iter().map(|signature| key.verify(&signed, signature));
                // Without any, nothing is proven.
                by_key.reduce(Result::or).unwrap_or(Err(SignatureFault::Empty))?;
                self.stated(&statement::in_toto(&payload)?)
            }
        }
    }

    /// A statement that was signed is about a manifest, and the manifest about the bytes.
    fn stated(&self, statement: &statement::Statement) -> Result<Proof, SignatureFault> {
        let Some(manifest) = self.manifest else {
            return Err(SignatureFault::NotUnderstood("it is of an artifact in a registry".to_owned()));
        };
        let found = Digest::of(manifest).to_string();
        if !statement.manifests.contains(&found) {
            return Err(SignatureFault::OtherManifest { named: statement.manifests.join(", "), found });
        }
        match registry::component(manifest) {
            Ok(layer) if layer.digest == self.sha256 => Ok(Proof { named: statement.named.clone() }),
            _ => Err(SignatureFault::OtherLayer),
        }
    }
}

/// Base64 with any breaks of lines: `openssl base64` makes them.
fn decoded(text: &[u8]) -> Result<Vec<u8>, SignatureFault> {
    let text: Vec<u8> = text.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    if text.is_empty() {
        return Err(SignatureFault::Empty);
    }
    base64::engine::general_purpose::STANDARD.decode(text).map_err(|_| SignatureFault::NotBase64)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
