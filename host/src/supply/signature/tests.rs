//! Known answers were made once with OpenSSL 3.0 and are kept as text:
//! `openssl ecparam -name prime256v1 -genkey -noout -out key`, `openssl pkey -in key -pubout`, and
//! `openssl dgst -sha256 -sign key FILE | base64 -w0`; the file for the bundle is its payload behind
//! `DSSEv1 28 application/vnd.in-toto+json 230 `. What is signed rightly and says the wrong thing is
//! signed here.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use p256::ecdsa::SigningKey;
use p256::ecdsa::signature::Signer as _;
use p256::pkcs8::{EncodePublicKey as _, LineEnding};

use super::{Claim, KeyFault, Proof, PublicKey, Signature, SignatureFault, verify};
use crate::supply::Digest;

const KEY: &str = "-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEo1DscezFYp+diWHLitug7YB36qw7
ERFu8m7SzA31BZ1bU6zvdAra3LHqH81DJbkBJo26++3IqZ0fFQ7KOoZAcw==
-----END PUBLIC KEY-----
";
const OTHER_KEY: &str = "-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEu5c0IvdzziN46otJLVAVncYRLf1r
z0nFJqaPh7e8D3qGFS24pvHNfvEqm5so5kVhFyOiZXr8kijgzGOhiVsyXA==
-----END PUBLIC KEY-----
";
/// `openssl ecparam -name secp384r1 …`
const P384: &str = "-----BEGIN PUBLIC KEY-----
MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEiqqyyBQWNAtzK3zdjHjTjwtHCgJjXt5L
XaASTtfvdpGYwcOBOTtSaHZdg8iXPe/VqWiziHxP5Vbz0bULA5EO/0rDzdfyhbht
Tm6fj4kMEiNFN7mjjxRPtfHJJBIPLO90
-----END PUBLIC KEY-----
";
/// `openssl genpkey -algorithm ed25519`
const ED25519: &str = "-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAJ3wusrBsZry+6f7PjqDJN7uHr1SgE6dIcJrBWohB5lw=
-----END PUBLIC KEY-----
";

const WASM: &[u8] = b"a component";
const OF_WASM: &str =
    "MEUCIQDkMx1X4vaYNr8s0m4UaLoP2lPXSUdw8zH8HQTmhVHNxAIgdWYkfcRBQeBbT7dUSzVcmRF42uO5DhqUvORxI2pEqew=";
/// With the key on P-384, and SHA-384.
const OF_WASM_P384: &str = "MGYCMQDh+znv4/CuOkN10ZTU86E/Qg+CjIgNFVtaM4p0TP2gmlJcbdUiE/4XObuiag9I8/QCMQCMO3pPPTkuBogSYlgQStw5r7CyOoEfElvX70E0TkW8or6btHU9hu1E/01UfZi5KRI=";

const MANIFEST: &str = r#"{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"application/vnd.wasm.config.v0+json","digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","size":2},"layers":[{"mediaType":"application/wasm","digest":"sha256:626d0ce33ca550dc06351c3ea7b698be557ff5d35bf25edc44221b561838594c","size":11}]}"#;
const PAYLOAD: &str = r#"{"critical":{"identity":{"docker-reference":"ghcr.io/acme/notes"},"image":{"docker-manifest-digest":"sha256:7a1c9c25dee4d0324129bfcfce48379a3da460cb3c1955bd877b0e043d3d1f4d"},"type":"cosign container image signature"},"optional":null}"#;
const OF_PAYLOAD: &str =
    "MEQCIEYRdLCxq8hzwBTViTbCO9eVxftLD+9tnHMzoAAr7NAyAiBi/u8W/KmU7J3y/EI9BYWOXWvyqdJGvSJW4hp6KYyUGg==";
const STATEMENT: &str = r#"{"_type":"https://in-toto.io/Statement/v1","subject":[{"digest":{"sha256":"7a1c9c25dee4d0324129bfcfce48379a3da460cb3c1955bd877b0e043d3d1f4d"},"annotations":{}}],"predicateType":"https://sigstore.dev/cosign/sign/v1","predicate":{}}"#;
const OF_STATEMENT: &str =
    "MEQCIEBzS2IBk3JaOI2IxYTQFp9t8xO+FTcVVMz5oxrirs9BAiBHFeJ/mUrIUeTN5CzcZhsFosq2f0WCOFBAmeIwICxmFw==";

fn key() -> PublicKey {
    PublicKey::from_pem(KEY).unwrap()
}

fn judged(signature: &Signature, key: &PublicKey) -> Result<Proof, SignatureFault> {
    verify(WASM, &Digest::of(WASM).hex(), signature, key)
}

fn detached(text: &str) -> Signature {
    Signature::detached(text.as_bytes().to_vec())
}

fn payload(payload: &str, signature: &str) -> Claim {
    Claim::Payload { payload: payload.as_bytes().to_vec(), signature: signature.to_owned() }
}

fn of_artifact(claims: &[Claim]) -> Signature {
    Signature::of_artifact(claims.to_vec(), MANIFEST.as_bytes().to_vec()).unwrap()
}

fn bundle(payload: &str, signature: &str) -> Claim {
    let bundle = serde_json::json!({
        "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
        "verificationMaterial": { "publicKey": { "hint": "x" } },
        "dsseEnvelope": {
            "payload": STANDARD.encode(payload),
            "payloadType": "application/vnd.in-toto+json",
            "signatures": [{ "sig": signature }],
        },
    });
    Claim::Bundle(bundle.to_string().into_bytes())
}

fn bundle_of_bytes(signature: &str) -> String {
    serde_json::json!({
        "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
        "verificationMaterial": { "publicKey": { "hint": "x" } },
        "messageSignature": { "messageDigest": { "algorithm": "SHA2_256", "digest": "x" }, "signature": signature },
    })
    .to_string()
}

/// A key of these tests, and its signature in base64.
fn signed(bytes: &[u8]) -> (PublicKey, String) {
    let key = SigningKey::from_slice(&[7; 32]).unwrap();
    let pem = key.verifying_key().to_public_key_pem(LineEnding::LF).unwrap();
    let signature: p256::ecdsa::Signature = key.sign(bytes);
    (PublicKey::from_pem(&pem).unwrap(), STANDARD.encode(signature.to_der()))
}

#[test]
fn a_file_is_signed_by_base64_beside_it() {
    let nothing_named = Ok(Proof { named: None });
    let (head, tail) = OF_WASM.split_at(64);
    for text in [
        OF_WASM.to_owned(),
        format!("{OF_WASM}\n"),
        format!("{head}\r\n{tail}\r\n"),
        bundle_of_bytes(OF_WASM),
    ] {
        assert_eq!(judged(&detached(&text), &key()), nothing_named, "{text}");
    }
}

#[test]
fn an_artifact_is_signed_by_its_manifest() {
    let named = Ok(Proof { named: Some("ghcr.io/acme/notes".to_owned()) });
    assert_eq!(judged(&of_artifact(&[payload(PAYLOAD, OF_PAYLOAD)]), &key()), named);
    assert_eq!(judged(&of_artifact(&[bundle(STATEMENT, OF_STATEMENT)]), &key()), Ok(Proof { named: None }));
    // One that verifies is enough, wherever it stands.
    let others =
        [payload(PAYLOAD, OF_STATEMENT), Claim::Unread("x".to_owned()), payload(PAYLOAD, OF_PAYLOAD)];
    assert_eq!(judged(&of_artifact(&others), &key()), named);
}

#[test]
fn other_bytes_or_another_key_prove_nothing() {
    let other = PublicKey::from_pem(OTHER_KEY).unwrap();
    for signature in [
        detached(OF_WASM),
        detached(&bundle_of_bytes(OF_WASM)),
        of_artifact(&[payload(PAYLOAD, OF_PAYLOAD)]),
        of_artifact(&[bundle(STATEMENT, OF_STATEMENT)]),
    ] {
        assert_eq!(judged(&signature, &other), Err(SignatureFault::NotByThisKey));
        let swapped = verify(b"another", &Digest::of(b"another").hex(), &signature, &key());
        assert!(
            matches!(swapped, Err(SignatureFault::NotByThisKey | SignatureFault::OtherLayer)),
            "{swapped:?}"
        );
        let told_wrong = verify(b"another", &Digest::of(WASM).hex(), &signature, &key());
        assert!(matches!(told_wrong, Err(SignatureFault::OtherBytes { .. })), "{told_wrong:?}");
    }
    let altered = of_artifact(&[payload(&PAYLOAD.replace("acme", "evil"), OF_PAYLOAD)]);
    assert_eq!(judged(&altered, &key()), Err(SignatureFault::NotByThisKey));
}

#[test]
fn what_is_no_signature_is_told_apart() {
    let der = STANDARD.decode(OF_WASM).unwrap();
    for (text, fault) in [
        (&b""[..], SignatureFault::Empty),
        (b" \n", SignatureFault::Empty),
        (&der, SignatureFault::NotBase64),
        (b"<!DOCTYPE html>", SignatureFault::NotBase64),
        (b"bm8=", SignatureFault::Malformed),
        // r and s are nought.
        (b"MAYCAQACAQA=", SignatureFault::Malformed),
        (OF_WASM_P384.as_bytes(), SignatureFault::Malformed),
        // Something behind it.
        (STANDARD.encode([&der[..], b"x"].concat()).as_bytes(), SignatureFault::Malformed),
    ] {
        assert_eq!(
            judged(&Signature::detached(text.to_vec()), &key()),
            Err(fault),
            "{}",
            String::from_utf8_lossy(text)
        );
    }
}

/// That (r, n-s) is a signature wherever (r, s) is, is ECDSA's nature: OpenSSL makes either.
#[test]
fn both_signatures_of_a_pair_are_taken() {
    let one = p256::ecdsa::Signature::from_der(&STANDARD.decode(OF_WASM).unwrap()).unwrap();
    let (r, s) = one.split_scalars();
    let other = p256::ecdsa::Signature::from_scalars(*r, -*s).unwrap();
    assert_ne!(one, other);
    assert!(judged(&detached(&STANDARD.encode(other.to_der())), &key()).is_ok());
}

#[test]
fn a_signed_statement_has_to_be_about_this_manifest() {
    let about_another = PAYLOAD.replace("sha256:7a1c", "sha256:0000");
    let (key, signature) = signed(about_another.as_bytes());
    let judged_payload = judged(&of_artifact(&[payload(&about_another, &signature)]), &key);
    assert!(matches!(judged_payload, Err(SignatureFault::OtherManifest { .. })), "{judged_payload:?}");

    for other in [
        PAYLOAD.replace("cosign container image signature", "atomic container signature"),
        PAYLOAD.replace("docker-manifest-digest", "manifest-digest"),
        PAYLOAD.replace("{\"critical\"", "{\"critical\":{},\"critical\""),
        "{}".to_owned(),
        String::new(),
    ] {
        let (key, signature) = signed(other.as_bytes());
        let judged = judged(&of_artifact(&[payload(&other, &signature)]), &key);
        assert!(matches!(judged, Err(SignatureFault::NotUnderstood(_))), "{other}: {judged:?}");
    }
}

#[test]
fn a_bill_of_materials_is_no_signature_of_the_component() {
    for other in [
        STATEMENT.replace("https://sigstore.dev/cosign/sign/v1", "https://cyclonedx.org/bom"),
        STATEMENT.replace("https://in-toto.io/Statement/v1", "x"),
    ] {
        let envelope = format!("DSSEv1 28 application/vnd.in-toto+json {} {other}", other.len());
        let (key, signature) = signed(envelope.as_bytes());
        let judged = judged(&of_artifact(&[bundle(&other, &signature)]), &key);
        assert!(matches!(judged, Err(SignatureFault::NotUnderstood(_))), "{judged:?}");
    }
    // Signed without its type: it could be read as something else.
    let (key, signature) = signed(STATEMENT.as_bytes());
    let bare = judged(&of_artifact(&[bundle(STATEMENT, &signature)]), &key);
    assert_eq!(bare, Err(SignatureFault::NotByThisKey));
}

#[test]
fn a_signed_manifest_has_to_hold_these_bytes() {
    let other = MANIFEST.replace("626d", "0000");
    let about = PAYLOAD.replace(&Digest::of(MANIFEST.as_bytes()).hex(), &Digest::of(other.as_bytes()).hex());
    let (key, signature) = signed(about.as_bytes());
    let signature = Signature::of_artifact(vec![payload(&about, &signature)], other.into_bytes()).unwrap();
    assert_eq!(judged(&signature, &key), Err(SignatureFault::OtherLayer));
    // A statement about a manifest says nothing of a file that came without one.
    let Claim::Bundle(beside) = bundle(STATEMENT, OF_STATEMENT) else { unreachable!() };
    let beside = judged(&Signature::detached(beside), &self::key());
    assert!(matches!(beside, Err(SignatureFault::NotUnderstood(_))), "{beside:?}");
}

#[test]
fn bundles_of_other_sorts_are_not_understood() {
    let empty = bundle_of_bytes("");
    assert_eq!(judged(&detached(&empty), &key()), Err(SignatureFault::Malformed));
    let rekor = r#"{"base64Signature":"x","rekorBundle":{}}"#;
    let other_type = bundle_of_bytes(OF_WASM).replace("sigstore.bundle", "other");
    let nothing = r#"{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json"}"#;
    for text in ["{", "{}", rekor, &other_type, nothing] {
        let judged = judged(&detached(text), &key());
        assert!(matches!(judged, Err(SignatureFault::NotUnderstood(_))), "{text}: {judged:?}");
    }
}

#[test]
fn of_several_signatures_each_fault_is_told() {
    let claims = [payload(PAYLOAD, "x"), Claim::Unread("the registry said no".to_owned())];
    let fault = judged(&of_artifact(&claims), &key()).unwrap_err().to_string();
    assert_eq!(
        fault,
        "none of 2 signatures verifies: the signature is not in base64: `base64` makes it so of what `openssl dgst \
         -sign` writes; the signature could not be asked for: the registry said no"
    );
    assert_eq!(Signature::of_artifact(Vec::new(), Vec::new()), None);
}

#[test]
fn only_a_public_key_on_p256_is_one() {
    let spaced = format!("\n{}\n", KEY.replace('\n', "\r\n"));
    assert_eq!(PublicKey::from_pem(&spaced), PublicKey::from_pem(KEY));
    // `openssl pkey -pubin -outform DER | sha256sum`
    assert_eq!(key().fingerprint(), "0afb026deacd4c7129cd24fac33ca61a4227fea012eb314bbaf05de0a0ca3aaa");
    let cut = KEY.replace("MFkw", "");
    for text in ["", "x", P384, ED25519, &cut, &KEY.replace("PUBLIC", "RSA PUBLIC")] {
        assert_eq!(PublicKey::from_pem(text), Err(KeyFault::NotP256), "{text}");
    }
    for label in ["EC", "ENCRYPTED SIGSTORE", "ENCRYPTED"] {
        let text = format!("-----BEGIN {label} PRIVATE KEY-----\nx\n-----END {label} PRIVATE KEY-----");
        assert_eq!(PublicKey::from_pem(&text), Err(KeyFault::Private));
    }
    assert_eq!(PublicKey::from_pem("-----BEGIN CERTIFICATE-----"), Err(KeyFault::Certificate));
}
