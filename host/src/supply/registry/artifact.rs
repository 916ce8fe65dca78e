//! What a manifest holds (OCI image specification 1.1, `manifest.md`), and whether that is a component
//! in the layout of the CNCF's Wasm working group (*Wasm OCI Artifact layout*). Pure.
//!
//! The config blob is not fetched: what it repeats about the component, the component says itself.

use oci_client::manifest::{
    IMAGE_CONFIG_MEDIA_TYPE, IMAGE_DOCKER_CONFIG_MEDIA_TYPE, OciDescriptor, OciManifest,
};

use super::super::way::plain;
use super::{Digest, RegistryFault};

/// Of the config: it tells the layout.
const WASM_CONFIG: &str = "application/vnd.wasm.config.v0+json";
/// Of the one layer: the component as it is.
const WASM_LAYER: &str = "application/wasm";

/// A layer, as its manifest describes it.
#[derive(Debug, PartialEq, Eq)]
pub(in super::super) struct Layer {
    pub digest: Digest,
    /// As told: a lie until as many have come.
    pub bytes: i64,
}

/// Reads a manifest of any sort.
pub(super) fn parse(manifest: &[u8]) -> Result<OciManifest, RegistryFault> {
    serde_json::from_slice(manifest).map_err(|error| RegistryFault::Manifest(plain(&error.to_string())))
}

/// The layer that is the component.
pub(in super::super) fn component(manifest: &[u8]) -> Result<Layer, RegistryFault> {
    let other = |found: String| Err(RegistryFault::NotAComponent { found });
    let manifest = match parse(manifest)? {
        OciManifest::Image(manifest) => manifest,
        OciManifest::ImageIndex(index) => {
            return other(format!(
                "an index of {} manifests; name one of them by its digest",
                index.manifests.len()
            ));
        }
    };
    match (manifest.config.media_type.as_str(), manifest.layers.as_slice()) {
        (WASM_CONFIG, [layer]) if layer.media_type == WASM_LAYER => self::layer(layer),
        (WASM_CONFIG, [layer]) => other(format!("an artifact whose layer is {}", plain(&layer.media_type))),
        (WASM_CONFIG, layers) => other(format!("an artifact of {} layers", layers.len())),
        (IMAGE_CONFIG_MEDIA_TYPE | IMAGE_DOCKER_CONFIG_MEDIA_TYPE, _) => {
            other("a container image".to_owned())
        }
        (config, _) => {
            let sort = manifest.artifact_type.as_deref().unwrap_or(config);
            other(format!("an artifact of the type {}, with the config {}", plain(sort), plain(config)))
        }
    }
}

/// What is fetched of a layer. Its `urls`, which lead elsewhere, are not looked at.
pub(super) fn layer(layer: &OciDescriptor) -> Result<Layer, RegistryFault> {
    let digest = layer.digest.starts_with("sha256:").then(|| Digest::parse(&layer.digest).ok()).flatten();
    let fault = || RegistryFault::Manifest(format!("{} is no SHA-256 digest", plain(&layer.digest)));
    Ok(Layer { digest: digest.ok_or_else(fault)?, bytes: layer.size })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::component;
    use crate::supply::RegistryFault;

    const HEX: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    fn manifest(config: &str, layers: &[&str]) -> String {
        let layer = |sort: &&str| format!(r#"{{"mediaType":"{sort}","digest":"sha256:{HEX}","size":3}}"#);
        let layers = layers.iter().map(layer).collect::<Vec<_>>().join(",");
        format!(
            r#"{{"schemaVersion":2,"config":{{"mediaType":"{config}","digest":"x","size":2}},"layers":[{layers}]}}"#
        )
    }

    fn found(manifest: &str) -> String {
        match component(manifest.as_bytes()).unwrap_err() {
            RegistryFault::NotAComponent { found } => found,
            other => other.to_string(),
        }
    }

    #[test]
    fn a_component_is_the_one_layer_of_its_artifact() {
        let layer =
            component(manifest("application/vnd.wasm.config.v0+json", &["application/wasm"]).as_bytes())
                .unwrap();
        assert_eq!((layer.digest.hex().as_str(), layer.bytes), (HEX, 3));
    }

    #[test]
    fn what_else_it_is_is_told() {
        let wasm = "application/vnd.wasm.config.v0+json";
        assert_eq!(
            found(&manifest("application/vnd.oci.image.config.v1+json", &["x", "y"])),
            "a container image"
        );
        assert_eq!(
            found(&manifest("application/vnd.docker.container.image.v1+json", &[])),
            "a container image"
        );
        assert_eq!(
            found(&manifest(wasm, &["application/wasm", "application/wasm"])),
            "an artifact of 2 layers"
        );
        assert_eq!(found(&manifest(wasm, &[])), "an artifact of 0 layers");
        assert_eq!(
            found(&manifest(wasm, &["application/vnd.wasm.content.layer.v1+wasm"])),
            "an artifact whose layer is application/vnd.wasm.content.layer.v1+wasm"
        );
        assert_eq!(
            found(&manifest("application/vnd.cncf.helm.config.v1+json", &["application/wasm"])),
            "an artifact of the type application/vnd.cncf.helm.config.v1+json, with the config \
             application/vnd.cncf.helm.config.v1+json"
        );
        assert_eq!(
            found(r#"{"schemaVersion":2,"manifests":[]}"#),
            "an index of 0 manifests; name one of them by its digest"
        );
    }

    #[test]
    fn what_cannot_be_read_is_no_manifest() {
        let whole = manifest("application/vnd.wasm.config.v0+json", &["application/wasm"]);
        let other_digest = whole.replace("sha256:", "sha512:");
        let path = whole.replace(HEX, "../../other/blobs/x");
        for text in
            ["", "{}", "[]", &whole[1..], &other_digest, &path, &whole.replace("\"size\":3", "\"size\":1e99")]
        {
            let judged = component(text.as_bytes());
            assert!(matches!(judged, Err(RegistryFault::Manifest(_))), "{text}: {judged:?}");
        }
    }
}
