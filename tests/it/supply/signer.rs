//! A publisher who signs with OpenSSL: other code than what verifies.

use std::path::Path;
use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tempfile::TempDir;

pub struct Signer(TempDir);

impl Signer {
    pub fn new() -> Self {
        let signer = Self(TempDir::new().unwrap());
        signer.openssl(&["ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", "key.pem"]);
        signer
    }

    /// In PEM, as `cosign.pub` is.
    pub fn public_key(&self) -> String {
        String::from_utf8(self.openssl(&["pkey", "-in", "key.pem", "-pubout"])).unwrap()
    }

    /// In base64, as `cosign sign-blob` writes it.
    pub fn signs(&self, bytes: &[u8]) -> String {
        std::fs::write(self.folder().join("signed"), bytes).unwrap();
        STANDARD.encode(self.openssl(&["dgst", "-sha256", "-sign", "key.pem", "signed"]))
    }

    /// cosign's payload about a manifest, and the signature over it.
    pub fn signs_manifest(&self, digest: &str) -> (String, String) {
        let payload = serde_json::json!({
            "critical": {
                "identity": { "docker-reference": "ghcr.io/acme/notes" },
                "image": { "docker-manifest-digest": digest },
                "type": "cosign container image signature",
            },
            "optional": null,
        })
        .to_string();
        let signature = self.signs(payload.as_bytes());
        (payload, signature)
    }

    /// The bundle of cosign 3 about a manifest.
    pub fn bundles_manifest(&self, digest: &str) -> String {
        let statement = serde_json::json!({
            "_type": "https://in-toto.io/Statement/v1",
            "subject": [{ "digest": { "sha256": digest.trim_start_matches("sha256:") } }],
            "predicateType": "https://sigstore.dev/cosign/sign/v1",
            "predicate": {},
        })
        .to_string();
        let sort = "application/vnd.in-toto+json";
        let signed = format!("DSSEv1 {} {sort} {} {statement}", sort.len(), statement.len());
        serde_json::json!({
            "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
            "verificationMaterial": { "publicKey": { "hint": "" } },
            "dsseEnvelope": {
                "payload": STANDARD.encode(&statement),
                "payloadType": sort,
                "signatures": [{ "sig": self.signs(signed.as_bytes()) }],
            },
        })
        .to_string()
    }

    fn openssl(&self, arguments: &[&str]) -> Vec<u8> {
        let done = Command::new("openssl").args(arguments).current_dir(self.folder()).output();
        let done = done.expect("openssl is missing: Debian has it in the package openssl");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        done.stdout
    }

    fn folder(&self) -> &Path {
        self.0.path()
    }
}
