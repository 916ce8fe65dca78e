//! Supply: brings the bytes of a component to this machine, and tells what is proven of them.
//!
//! The command `connector add` calls [`fetch`] with a [`Reference`]: a file, an `https://` URL or an
//! `oci://` artifact in a registry. What comes back is bytes, their SHA-256, where they came from,
//! and the signatures found beside them; [`verify`] judges those against a key. Nothing here runs or
//! even looks into the component: the sandbox does that next, with bytes it trusts as little.
//!
//! Whoever answers is taken for hostile. Sizes are bounded before they are believed, an answer leads
//! only where `hop` allows, credentials go to the place they were given for, and a digest is
//! computed here, never taken from a header.
//!
//! Names, manifests and errors of registries are read with the types of the crate `oci-client`. Its
//! client is not used: it reads manifests and tokens without a bound, follows redirects anywhere,
//! knows no rule for addresses, and panics on a token that no header can carry. What a pull needs of
//! the protocol is two requests, which go through the gate's client.
//!
//! Deliberately absent: proxies of the environment, credentials in URLs, other digests than SHA-256,
//! keyless signatures and transparency logs (who holds a key is for people to know), and keeping
//! anything: `installed` does that.

mod digest;
mod fault;
mod file;
mod hop;
pub mod limits;
mod options;
mod reference;
mod registry;
mod signature;
mod way;
mod web;

pub use digest::{Digest, DigestFault};
pub use fault::{FileFault, HttpFault, RegistryFault, SupplyError};
pub use hop::HopFault;
pub use options::Options;
pub use reference::{Reference, ReferenceFault};
pub use signature::{KeyFault, Proof, PublicKey, Signature, SignatureFault, verify};

use reference::Source;
use way::Way;

/// A component that was brought here, and what is known of it.
#[derive(Debug, Clone)]
pub struct Supplied {
    /// At most `COMPONENT_BYTES_MAX`; not looked into.
    pub wasm: Vec<u8>,
    /// Of `wasm`, computed here: 64 lower-case hexadecimal digits.
    pub sha256: String,
    /// As it was written, without a URL's query, which may hold a token; an artifact with the digest
    /// of the manifest that its name led to: `oci://ghcr.io/acme/notes:1.2@sha256:…`.
    pub from: String,
    /// What lies beside it, not verified yet; none if nothing does, or if it was not looked for. That it could not be asked for is
    /// kept in it too, so that [`verify`] says so and an installation without a key goes on.
    pub signature: Option<Signature>,
}

/// Brings a component here.
///
/// Reads at most `COMPONENT_BYTES_MAX`, in at most [`Options::patience`]. A digest in the options is
/// compared, a signature only fetched: [`verify`] judges it.
///
/// # Errors
///
/// [`SupplyError`]: what was attempted, what came back, what to do.
pub async fn fetch(reference: &Reference, options: &Options) -> Result<Supplied, SupplyError> {
    let bringing = bring(reference, options);
    let supplied = tokio::time::timeout(options.patience, bringing).await.map_err(|_| {
        SupplyError::Slow { from: reference.to_string(), seconds: options.patience.as_secs() }
    })??;
    match options.digest {
        Some(wanted) if wanted.hex() != supplied.sha256 => Err(SupplyError::OtherDigest {
            from: supplied.from,
            wanted: wanted.hex(),
            found: supplied.sha256,
        }),
        _ => Ok(supplied),
    }
}

async fn bring(reference: &Reference, options: &Options) -> Result<Supplied, SupplyError> {
    let way = Way::new(options.network.as_ref());
    match reference.source() {
        Source::File(path) => file::bring(path, options.signed).await,
        Source::Url(url) => web::bring(&way, url, options).await,
        Source::Artifact(artifact) => registry::bring(&way, artifact, options).await,
    }
}
