//! The signatures that are kept beside an artifact.
//!
//! Two ways of keeping them are known. cosign up to 2 makes one image under a tag that is made of the
//! manifest's digest, a layer a signature (*SIGNATURE_SPEC.md*). cosign 3 makes an artifact that names the
//! manifest as its subject, with a Sigstore bundle as its layer (*BUNDLE_SPEC.md*); it is found by the
//! registry's list of referrers, or under another tag where there is no such list.

use http::StatusCode;
use oci_client::manifest::{OciDescriptor, OciImageIndex, OciManifest};

use super::super::signature::{Claim, Signature};
use super::{Digest, Registry, SupplyError, artifact, limits};

/// A layer that is a signed payload.
const SIMPLE_SIGNING: &str = "application/vnd.dev.cosign.simplesigning.v1+json";
/// The annotation that holds the signature of a payload.
const SIGNATURE: &str = "dev.cosignproject.cosign/signature";
/// The beginning of the types of bundles; their version follows.
const BUNDLE: &str = "application/vnd.dev.sigstore.bundle";

/// None if nothing is there.
pub(super) async fn find(
    registry: &mut Registry<'_>,
    digest: &Digest,
    manifest: Vec<u8>,
) -> Option<Signature> {
    let mut claims = tagged(registry, digest).await.unwrap_or_else(|error| vec![unread(error)]);
    let room = limits::SIGNATURES_MAX.saturating_sub(claims.len());
    claims.extend(referring(registry, digest, room).await.unwrap_or_else(|error| vec![unread(error)]));
    Signature::of_artifact(claims, manifest)
}

/// What could not be asked for is no reason not to bring the component, nor to pass over other signatures.
fn unread(error: SupplyError) -> Claim {
    Claim::Unread(error.to_string())
}

async fn tagged(registry: &mut Registry<'_>, digest: &Digest) -> Result<Vec<Claim>, SupplyError> {
    let Some(OciManifest::Image(image)) = manifest(registry, &format!("sha256-{}.sig", digest.hex())).await?
    else {
        return Ok(Vec::new());
    };
    let mut claims = Vec::new();
    for described in image.layers.iter().take(limits::SIGNATURES_MAX) {
        let signature = described.annotations.as_ref().and_then(|annotations| annotations.get(SIGNATURE));
        let Some(signature) = signature.filter(|_| described.media_type == SIMPLE_SIGNING) else { continue };
        let payload = content(registry, "a signature's payload", described).await;
        let claim = |payload| Claim::Payload { payload, signature: signature.clone() };
        claims.push(payload.map_or_else(unread, claim));
    }
    Ok(claims)
}

async fn referring(
    registry: &mut Registry<'_>,
    digest: &Digest,
    room: usize,
) -> Result<Vec<Claim>, SupplyError> {
    let mut claims = Vec::new();
    let bundles = |index: &OciImageIndex| {
        let is_bundle = |sort: Option<&str>| sort.is_some_and(|sort| sort.starts_with(BUNDLE));
        let entries = index.manifests.iter().filter(|entry| is_bundle(entry.artifact_type.as_deref()));
        // A name that is no digest would be a path of the registry's choice.
        entries.filter_map(|entry| Digest::parse(&entry.digest).ok()).take(room).collect::<Vec<_>>()
    };
    for name in bundles(&referrers(registry, digest).await?) {
        claims.extend(bundle(registry, &name).await.unwrap_or_else(|error| Some(unread(error))));
    }
    Ok(claims)
}

async fn bundle(registry: &mut Registry<'_>, name: &Digest) -> Result<Option<Claim>, SupplyError> {
    let Some(OciManifest::Image(image)) = manifest(registry, &name.to_string()).await? else {
        return Ok(None);
    };
    let Some(described) = image.layers.iter().find(|layer| layer.media_type.starts_with(BUNDLE)) else {
        return Ok(None);
    };
    content(registry, "a signature's bundle", described).await.map(Claim::Bundle).map(Some)
}

async fn content(
    registry: &mut Registry<'_>,
    what: &'static str,
    described: &OciDescriptor,
) -> Result<Vec<u8>, SupplyError> {
    let layer = artifact::layer(described).map_err(|fault| registry.fault(fault))?;
    registry.blob(what, &layer, limits::SIGNATURE_BYTES_MAX).await
}

/// The registry's list, or the one that clients keep under a tag where it has none (OCI distribution
/// specification 1.1, *Referrers Tag Schema*).
async fn referrers(registry: &mut Registry<'_>, digest: &Digest) -> Result<OciImageIndex, SupplyError> {
    let answer = registry.get(&format!("referrers/{digest}")).await?;
    let listed = match answer.status {
        StatusCode::NOT_FOUND => manifest(registry, &format!("sha256-{}", digest.hex())).await?,
        _ => Some(read(registry, &answer.success(limits::MANIFEST_BYTES_MAX).await?)?),
    };
    let none = OciImageIndex {
        schema_version: 2,
        media_type: None,
        manifests: Vec::new(),
        artifact_type: None,
        annotations: None,
    };
    Ok(match listed {
        Some(OciManifest::ImageIndex(index)) => index,
        _ => none,
    })
}

async fn manifest(registry: &mut Registry<'_>, name: &str) -> Result<Option<OciManifest>, SupplyError> {
    let answer = registry.get(&format!("manifests/{name}")).await?;
    match answer.status {
        StatusCode::NOT_FOUND => Ok(None),
        _ => {
            let bytes = answer.success(limits::MANIFEST_BYTES_MAX).await?;
            read(registry, &bytes).map(Some)
        }
    }
}

fn read(registry: &Registry<'_>, bytes: &[u8]) -> Result<OciManifest, SupplyError> {
    artifact::parse(bytes).map_err(|fault| registry.fault(fault))
}
