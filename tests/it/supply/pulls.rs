//! From Docker's registry, as people publish to it.

use weir::secrets::Secret;
use weir::supply::{
    Digest, Options, PublicKey, Reference, SignatureFault, Supplied, SupplyError, fetch, verify,
};

use super::registry::{PASSWORD, Registry, USER, layer, sha256};
use super::signer::Signer;

const WASM: &[u8] = include_bytes!("../../components/kept/kept.wasm");

async fn pull(name: &str) -> Result<Supplied, SupplyError> {
    fetch(&Reference::parse(name).unwrap(), &Options::default()).await
}

fn key(signer: &Signer) -> PublicKey {
    PublicKey::from_pem(&signer.public_key()).unwrap()
}

#[tokio::test]
async fn a_tag_is_resolved_to_the_digest_it_stands_for_now() {
    let registry = Registry::start();
    let old = registry.publish("1.0", b"an older one").await;
    let new = registry.publish("1.0", WASM).await;

    let by_tag = pull(&registry.named(":1.0")).await.unwrap();
    assert_eq!((by_tag.wasm.as_slice(), by_tag.sha256), (WASM, sha256(WASM)));
    assert_eq!(by_tag.from, registry.named(&format!(":1.0@{new}")));
    assert_eq!(by_tag.signature, None);

    let by_digest = pull(&registry.named(&format!("@{old}"))).await.unwrap();
    assert_eq!(by_digest.wasm, b"an older one");
    let from = pull(&by_tag.from).await.unwrap().from;
    assert_eq!(from, by_tag.from, "what is noted can be asked for again");
}

#[tokio::test]
async fn a_digest_that_was_agreed_is_of_the_component_itself() {
    let registry = Registry::start();
    let manifest = registry.publish("1.0", WASM).await;
    let reference = Reference::parse(&registry.named(":1.0")).unwrap();
    let with = |digest: &str| Options { digest: Some(Digest::parse(digest).unwrap()), ..Options::default() };
    assert!(fetch(&reference, &with(&sha256(WASM))).await.is_ok());
    let other = fetch(&reference, &with(&manifest)).await.unwrap_err();
    assert!(matches!(other, SupplyError::OtherDigest { .. }), "{other}");
}

#[tokio::test]
async fn a_signature_is_found_as_either_cosign_keeps_it() {
    let registry = Registry::start();
    let (signer, stranger) = (Signer::new(), Signer::new());
    let older = registry.publish("older", WASM).await;
    registry.keep_signatures(&older, &[stranger.signs_manifest(&older), signer.signs_manifest(&older)]).await;
    let newer = registry.publish("newer", b"another component").await;
    registry.keep_bundle(&newer, &signer.bundles_manifest(&newer)).await;

    for (tag, named) in [(":older", Some("ghcr.io/acme/notes")), (":newer", None)] {
        let supplied = pull(&registry.named(tag)).await.unwrap();
        let signature = supplied.signature.unwrap();
        let proof = verify(&supplied.wasm, &supplied.sha256, &signature, &key(&signer)).unwrap();
        assert_eq!(proof.named.as_deref(), named);
        let by_another = verify(&supplied.wasm, &supplied.sha256, &signature, &key(&Signer::new()));
        assert!(
            matches!(by_another, Err(SignatureFault::NotByThisKey | SignatureFault::None { count: 2, .. })),
            "{by_another:?}"
        );
    }
}

/// Who may write to a registry can move a tag and copy a signature, and cannot sign.
#[tokio::test]
async fn a_signature_of_another_version_is_none_of_this_one() {
    let registry = Registry::start();
    let signer = Signer::new();
    let signed = registry.publish("signed", b"what was signed").await;
    let other = registry.publish("other", WASM).await;
    registry.keep_signatures(&other, &[signer.signs_manifest(&signed)]).await;

    let supplied = pull(&registry.named(":other")).await.unwrap();
    let judged = verify(&supplied.wasm, &supplied.sha256, &supplied.signature.unwrap(), &key(&signer));
    assert_eq!(judged, Err(SignatureFault::OtherManifest { named: signed, found: other }));
}

#[tokio::test]
async fn a_registry_with_a_login_is_read_with_it_and_only_with_it() {
    let registry = Registry::start_with_login();
    registry.publish("1.0", WASM).await;
    let reference = Reference::parse(&registry.named(":1.0")).unwrap();
    let with = |password: &str| {
        let login = Some((USER.to_owned(), Secret::new(password)));
        Options { login, ..Options::default() }
    };
    assert_eq!(fetch(&reference, &with(PASSWORD)).await.unwrap().wasm, WASM);

    let url = format!("http://{}/v2/acme/notes/manifests/1.0", registry.address);
    let wrong = fetch(&reference, &with("hunter3")).await.unwrap_err().to_string();
    assert!(wrong.starts_with(&format!("{url} was asked for: the answer was 401 (")), "{wrong}");
    assert!(
        wrong.ends_with("; check the name, and give a login that may read it") && !wrong.contains("hunter3"),
        "{wrong}"
    );
    let none = fetch(&reference, &Options::default()).await.unwrap_err().to_string();
    let expected = "was not fetched: the registry asks for a login and none was given: give a user and a token that may read it";
    assert_eq!(none, format!("{} {expected}", registry.named(":1.0")));
}

#[tokio::test]
async fn what_is_no_component_is_called_what_it_is() {
    let registry = Registry::start();
    let image = "application/vnd.oci.image.config.v1+json";
    registry.publish_as("image", &[layer(b"x", "application/vnd.oci.image.layer.v1.tar")], image).await;
    let two = [layer(b"x", "application/wasm"), layer(b"y", "application/wasm")];
    registry.publish_as("two", &two, "application/vnd.wasm.config.v0+json").await;

    let mut said = Vec::new();
    for tag in [":image", ":two", ":none"] {
        let words = pull(&registry.named(tag)).await.unwrap_err().to_string();
        said.push(words.replace(&registry.address, "REGISTRY"));
    }
    insta::assert_snapshot!(said.join("\n"), @r#"
        oci://REGISTRY/acme/notes:image was not fetched: it is a container image, and not a WebAssembly component in the CNCF's layout (a config application/vnd.wasm.config.v0+json and one layer application/wasm): publish it with `wkg oci push`
        oci://REGISTRY/acme/notes:two was not fetched: it is an artifact of 2 layers, and not a WebAssembly component in the CNCF's layout (a config application/vnd.wasm.config.v0+json and one layer application/wasm): publish it with `wkg oci push`
        http://REGISTRY/v2/acme/notes/manifests/none was asked for: the answer was 404 (manifest unknown); check the name: nothing is there
    "#);
}
