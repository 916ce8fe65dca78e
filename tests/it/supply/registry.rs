//! Docker's registry on this machine, for as long as a test runs, and what publishes to it.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use oci_client::client::{ClientConfig, ClientProtocol, Config, ImageLayer};
use oci_client::manifest::{ImageIndexEntry, OCI_IMAGE_INDEX_MEDIA_TYPE, OCI_IMAGE_MEDIA_TYPE};
use oci_client::manifest::{OciDescriptor, OciImageIndex, OciImageManifest};
use oci_client::secrets::RegistryAuth;
use oci_client::{Client, Reference};
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

use crate::tools::docker_registry;

pub const USER: &str = "ana";
pub const PASSWORD: &str = "hunter2";
/// `perl -e 'print crypt("hunter2", q($2y$04$abcdefghijklmnopqrstuu))'`, with the user before it as `htpasswd -B` has it.
const HTPASSWD: &str = "ana:$2y$04$abcdefghijklmnopqrstuuV3duMsC0HpUex6N9qapiuOHHWkwRXVm\n";

const BUNDLE: &str = "application/vnd.dev.sigstore.bundle.v0.3+json";

/// The process, ended with the test.
pub struct Registry {
    process: Child,
    /// `127.0.0.1:PORT`
    pub address: String,
    auth: RegistryAuth,
    _folder: TempDir,
}

impl Drop for Registry {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

impl Registry {
    /// Open to everybody.
    pub fn start() -> Self {
        Self::run("", RegistryAuth::Anonymous)
    }

    /// For [`USER`] with [`PASSWORD`] alone.
    pub fn start_with_login() -> Self {
        Self::run(
            "auth: {htpasswd: {realm: weir, path: FOLDER/htpasswd}}\n",
            RegistryAuth::Basic(USER.into(), PASSWORD.into()),
        )
    }

    fn run(more: &str, auth: RegistryAuth) -> Self {
        let folder = TempDir::new().unwrap();
        let path = folder.path().to_str().unwrap();
        let settings = format!(
            "version: 0.1\nlog: {{level: info, formatter: text}}\nstorage: {{filesystem: {{rootdirectory: FOLDER/data}}}}\n\
             http: {{addr: \"127.0.0.1:0\"}}\n{more}"
        );
        std::fs::write(folder.path().join("htpasswd"), HTPASSWD).unwrap();
        std::fs::write(folder.path().join("config.yml"), settings.replace("FOLDER", path)).unwrap();
        let mut command = Command::new(docker_registry());
        command
            .arg("serve")
            .arg(folder.path().join("config.yml"))
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        let mut process =
            command.spawn().expect("docker-registry is missing: run tests/run once, or set DOCKER_REGISTRY");
        // It says where it listens, once it does.
        let mut lines = BufReader::new(process.stderr.take().unwrap()).lines().map_while(Result::ok);
        let said = lines
            .by_ref()
            .find_map(|line| Some(line.split_once("listening on ")?.1.split('"').next()?.to_owned()));
        std::thread::spawn(move || lines.for_each(drop));
        Self { process, address: said.expect("the registry ended"), auth, _folder: folder }
    }

    /// `oci://…/notes` with something behind it.
    pub fn named(&self, rest: &str) -> String {
        format!("oci://{}/acme/notes{rest}", self.address)
    }

    /// A component, as `wkg oci push` publishes it. Answers with the manifest's digest.
    pub async fn publish(&self, tag: &str, wasm: &[u8]) -> String {
        let layers = [layer(wasm, "application/wasm")];
        self.publish_as(tag, &layers, "application/vnd.wasm.config.v0+json").await
    }

    pub async fn publish_as(&self, tag: &str, layers: &[ImageLayer], config: &str) -> String {
        let config =
            Config::new(br#"{"architecture":"wasm","os":"wasip2"}"#.to_vec(), config.to_owned(), None);
        let mut manifest = OciImageManifest::build(layers, &config, None);
        manifest.media_type = Some(OCI_IMAGE_MEDIA_TYPE.to_owned());
        let client = self.client().await;
        client.push(&self.reference(tag), layers, config, &self.auth, Some(manifest)).await.unwrap();
        client.fetch_manifest_digest(&self.reference(tag), &self.auth).await.unwrap()
    }

    /// Signatures as cosign 2 keeps them: payloads in one image under a tag, each signature beside its payload.
    pub async fn keep_signatures(&self, digest: &str, signed: &[(String, String)]) {
        let layer = |(payload, signature): &(String, String)| {
            let beside =
                BTreeMap::from([("dev.cosignproject.cosign/signature".to_owned(), signature.clone())]);
            let sort = "application/vnd.dev.cosign.simplesigning.v1+json".to_owned();
            ImageLayer::new(payload.clone().into_bytes(), sort, Some(beside))
        };
        let layers: Vec<_> = signed.iter().map(layer).collect();
        let tag = format!("{}.sig", digest.replace(':', "-"));
        self.publish_as(&tag, &layers, "application/vnd.oci.image.config.v1+json").await;
    }

    /// A bundle as cosign 3 keeps it: an artifact about the manifest, listed under a tag, since this
    /// registry has no list of its own.
    pub async fn keep_bundle(&self, digest: &str, bundle: &str) {
        let layers = [layer(bundle.as_bytes(), BUNDLE)];
        let config = Config::new(b"{}".to_vec(), "application/vnd.oci.empty.v1+json".to_owned(), None);
        let subject = OciDescriptor {
            media_type: OCI_IMAGE_MEDIA_TYPE.to_owned(),
            digest: digest.to_owned(),
            ..OciDescriptor::default()
        };
        let mut manifest = OciImageManifest::build(&layers, &config, None);
        manifest.media_type = Some(OCI_IMAGE_MEDIA_TYPE.to_owned());
        manifest.artifact_type = Some(BUNDLE.to_owned());
        manifest.subject = Some(subject);
        let client = self.client().await;
        client.push(&self.reference("bundle"), &layers, config, &self.auth, Some(manifest)).await.unwrap();
        let of_bundle = client.fetch_manifest_digest(&self.reference("bundle"), &self.auth).await.unwrap();
        let entry = ImageIndexEntry {
            media_type: OCI_IMAGE_MEDIA_TYPE.to_owned(),
            digest: of_bundle,
            size: 1,
            platform: None,
            artifact_type: Some(BUNDLE.to_owned()),
            annotations: None,
        };
        let index = OciImageIndex {
            schema_version: 2,
            media_type: Some(OCI_IMAGE_INDEX_MEDIA_TYPE.to_owned()),
            manifests: vec![entry],
            artifact_type: None,
            annotations: None,
        };
        client.push_manifest(&self.reference(&digest.replace(':', "-")), &index.into()).await.unwrap();
    }

    async fn client(&self) -> Client {
        // The process's cryptography; another test may have chosen it already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let protocol = ClientProtocol::HttpsExcept(vec![self.address.clone()]);
        let client = Client::new(ClientConfig { protocol, ..ClientConfig::default() });
        client.auth(&self.reference("x"), &self.auth, oci_client::RegistryOperation::Push).await.unwrap();
        client
    }

    fn reference(&self, tag: &str) -> Reference {
        Reference::with_tag(self.address.clone(), "acme/notes".to_owned(), tag.to_owned())
    }
}

pub fn layer(bytes: &[u8], sort: &str) -> ImageLayer {
    ImageLayer::new(bytes.to_vec(), sort.to_owned(), None)
}

pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
