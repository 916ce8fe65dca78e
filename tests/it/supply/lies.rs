//! A registry that lies.

use weir::secrets::Secret;
use weir::supply::{Options, Reference, fetch};

use super::registry::sha256;
use super::server::{Reply, Server, ok, redirect, status};

const WASM: &str = "a component";

/// A manifest that tells this of the component.
fn manifest(digest: &str, bytes: i64) -> String {
    serde_json::json!({
        "schemaVersion": 2,
        "config": { "mediaType": "application/vnd.wasm.config.v0+json", "digest": "sha256:x", "size": 2 },
        "layers": [{ "mediaType": "application/wasm", "digest": digest, "size": bytes }],
    })
    .to_string()
}

fn honest() -> String {
    manifest(&format!("sha256:{}", sha256(WASM.as_bytes())), 11)
}

fn blob() -> String {
    format!("/v2/acme/notes/blobs/sha256:{}", sha256(WASM.as_bytes()))
}

/// What is said of an artifact there, with the place and the digests as names.
async fn fault(server: &Server, rest: &str) -> String {
    let reference = Reference::parse(&format!("oci://{}/acme/notes{rest}", server.address)).unwrap();
    let fault = match fetch(&reference, &Options::default()).await {
        Ok(supplied) => format!("it came from {}", supplied.from),
        Err(fault) => fault.to_string(),
    };
    fault
        .replace(&server.address, "REGISTRY")
        .replace(&sha256(WASM.as_bytes()), "WASM")
        .replace(&sha256(honest().as_bytes()), "MANIFEST")
}

#[tokio::test]
async fn manifests_that_lie() {
    let mut said = Vec::new();
    for lie in [
        manifest(&format!("sha256:{}", sha256(WASM.as_bytes())), 10),
        manifest(&format!("sha256:{}", sha256(WASM.as_bytes())), 12),
        manifest(&format!("sha256:{}", sha256(WASM.as_bytes())), 0),
        manifest(&format!("sha256:{}", sha256(WASM.as_bytes())), -1),
        manifest(&format!("sha256:{}", sha256(WASM.as_bytes())), i64::MAX),
        manifest(&format!("sha512:{}", sha256(WASM.as_bytes())), 11),
        manifest("sha256:../../../other/blobs/x", 11),
        "{".to_owned(),
        honest(),
    ] {
        let server = Server::start(move |path| match path {
            "/v2/acme/notes/manifests/1.0" => ok(lie.clone()),
            path if path == blob() => ok(WASM),
            _ => status("404 Not Found"),
        })
        .await;
        said.push(fault(&server, ":1.0").await);
    }
    insta::assert_snapshot!(said.join("\n"), @r#"
        oci://REGISTRY/acme/notes:1.0 was not fetched: the component is longer than the 10 bytes that its manifest says: tell whoever runs the registry
        oci://REGISTRY/acme/notes:1.0 was not fetched: the component came with 11 bytes, and its manifest says 12: tell whoever runs the registry
        oci://REGISTRY/acme/notes:1.0 was not fetched: its manifest says that it has 0 bytes; 1 to 134217728 are taken: check that it is the right artifact
        oci://REGISTRY/acme/notes:1.0 was not fetched: its manifest says that it has -1 bytes; 1 to 134217728 are taken: check that it is the right artifact
        oci://REGISTRY/acme/notes:1.0 was not fetched: its manifest says that it has 9223372036854775807 bytes; 1 to 134217728 are taken: check that it is the right artifact
        oci://REGISTRY/acme/notes:1.0 was not fetched: its manifest cannot be read (sha512:WASM is no SHA-256 digest): tell whoever published it
        oci://REGISTRY/acme/notes:1.0 was not fetched: its manifest cannot be read (sha256:../../../other/blobs/x is no SHA-256 digest): tell whoever published it
        oci://REGISTRY/acme/notes:1.0 was not fetched: its manifest cannot be read (EOF while parsing an object at line 1 column 1): tell whoever published it
        it came from oci://REGISTRY/acme/notes:1.0@sha256:MANIFEST
    "#);
}

#[tokio::test]
async fn a_manifest_or_a_layer_that_was_not_asked_for() {
    let server = Server::start(|path| match path {
        path if path.contains("/manifests/") => ok(honest()),
        // As long as the component.
        _ => ok("b component"),
    })
    .await;
    let mut said =
        vec![fault(&server, ":1.0").await, fault(&server, &format!("@sha256:{}", "0".repeat(64))).await];
    // The header may say what it likes.
    let server = Server::start(|_| {
        let other = manifest("sha256:x", 1);
        Reply::Said(
            format!("200 OK\r\ndocker-content-digest: sha256:{}", sha256(honest().as_bytes())),
            other.into_bytes(),
        )
    })
    .await;
    said.push(fault(&server, &format!("@sha256:{}", sha256(honest().as_bytes()))).await);
    insta::assert_snapshot!(said.join("\n"), @r#"
        oci://REGISTRY/acme/notes:1.0 was not fetched: the component came with the digest sha256:f7cb06c3eacbdf485f828e5bde6b278de8d310826cf6cb9edd34859d71b87ba6, and its manifest says sha256:WASM: do not install it, and tell whoever runs the registry
        oci://REGISTRY/acme/notes@sha256:0000000000000000000000000000000000000000000000000000000000000000 was not fetched: the registry answered with the manifest sha256:MANIFEST when sha256:0000000000000000000000000000000000000000000000000000000000000000 was asked for: do not install it, and tell whoever runs the registry
        oci://REGISTRY/acme/notes@sha256:MANIFEST was not fetched: the registry answered with the manifest sha256:3a015b834f0d551f3c768ab3ae8b7ef913822c8fb675a8273e6101abd9d9afe0 when sha256:MANIFEST was asked for: do not install it, and tell whoever runs the registry
    "#);
}

#[tokio::test]
async fn answers_without_end() {
    let endless = || Reply::Endless("200 OK".to_owned());
    let mut said = Vec::new();
    let server = Server::start(move |_| endless()).await;
    said.push(fault(&server, ":1.0").await);
    let server =
        Server::start(move |path| if path.ends_with("/manifests/1.0") { ok(honest()) } else { endless() })
            .await;
    said.push(fault(&server, ":1.0").await);
    // Words of a refusal, and a token, are as bounded.
    let server = Server::start(|_| Reply::Endless("500 Broken".to_owned())).await;
    said.push(fault(&server, ":1.0").await);
    let server = Server::start(|path| match path {
        path if path.starts_with("/token") => Reply::Endless("200 OK".to_owned()),
        _ => status("401 Unauthorized\r\nwww-authenticate: Bearer realm=\"/token\""),
    })
    .await;
    said.push(fault(&server, ":1.0").await);
    insta::assert_snapshot!(said.join("\n"), @r#"
        http://REGISTRY/v2/acme/notes/manifests/1.0 was asked for: it is longer than 4194304 bytes, and no more is taken: check that it is the right address
        oci://REGISTRY/acme/notes:1.0 was not fetched: the component is longer than the 11 bytes that its manifest says: tell whoever runs the registry
        http://REGISTRY/v2/acme/notes/manifests/1.0 was asked for: the answer was 500; try again later
        http://REGISTRY/token was asked for: it is longer than 65536 bytes, and no more is taken: check that it is the right address
    "#);
}

#[tokio::test]
async fn signatures_that_are_none_keep_nothing_from_coming() {
    for signatures in [
        ok("{"),
        Reply::Endless("200 OK".to_owned()),
        status("500 Broken"),
        redirect("http://169.254.169.254/"),
    ] {
        let signatures = std::sync::Mutex::new(Some(signatures));
        let server = Server::start(move |path| match path {
            "/v2/acme/notes/manifests/1.0" => ok(honest()),
            path if path == blob() => ok(WASM),
            path if path.ends_with(".sig") => signatures.lock().unwrap().take().unwrap(),
            _ => status("404 Not Found"),
        })
        .await;
        assert_eq!(
            fault(&server, ":1.0").await,
            "it came from oci://REGISTRY/acme/notes:1.0@sha256:MANIFEST"
        );
    }
}

/// A registry with a token server elsewhere, which answers so.
async fn with_tokens(token: Reply) -> (Server, Server) {
    let token = std::sync::Mutex::new(Some(token));
    let tokens =
        Server::start(move |_| token.lock().unwrap().take().unwrap_or_else(|| status("500 Broken"))).await;
    let realm = tokens.url("/token?a=b");
    let registry = Server::start(move |_| {
        status(&format!("401 Unauthorized\r\nwww-authenticate: Bearer realm=\"{realm}\",service=\"weir&x\""))
    })
    .await;
    (registry, tokens)
}

/// The login goes to the registry's own token server, a token to the registry, and nothing to a storage.
#[tokio::test]
async fn credentials_go_where_they_were_given_for() {
    let storage = Server::start(|_| ok(WASM)).await;
    let elsewhere = storage.url("/blob");
    let tokens = Server::start(|_| ok(r#"{"access_token":"abc","expires_in":60}"#)).await;
    let realm = tokens.url("/token");
    let asked_once = std::sync::atomic::AtomicBool::new(false);
    let registry = Server::start(move |path| match path {
        _ if !asked_once.swap(true, std::sync::atomic::Ordering::Relaxed) => status(&format!(
            "401 Unauthorized\r\nwww-authenticate: Bearer realm=\"{realm}\",service=\"weir\""
        )),
        "/v2/acme/notes/manifests/1.0" => ok(honest()),
        path if path == blob() => redirect(&elsewhere),
        _ => status("404 Not Found"),
    })
    .await;
    let reference = Reference::parse(&format!("oci://{}/acme/notes:1.0", registry.address)).unwrap();
    let options = Options { login: Some(("ana".to_owned(), Secret::new("hunter2"))), ..Options::default() };
    fetch(&reference, &options).await.unwrap();

    assert_eq!(
        tokens.asked(),
        ["/token?service=weir&scope=repository%3Aacme%2Fnotes%3Apull with Basic YW5hOmh1bnRlcjI="]
    );
    assert_eq!(storage.asked(), ["/blob with nothing"]);
    let asked = registry.asked();
    assert_eq!(
        asked[0], "/v2/acme/notes/manifests/1.0 with nothing",
        "nothing is sent before it is asked for"
    );
    assert!(asked[1..].iter().all(|request| request.ends_with(" with Bearer abc")), "{asked:?}");
}

#[tokio::test]
async fn token_servers_that_lie() {
    let mut said = Vec::new();
    for token in [
        ok("{"),
        ok("{}"),
        ok(r#"{"token":"a\nb: c"}"#),
        status("403 Forbidden"),
        redirect("https://other.example/token"),
        // A good token that the registry does not want.
        ok(r#"{"token":"abc"}"#),
    ] {
        let (registry, tokens) = with_tokens(token).await;
        said.push(fault(&registry, ":1.0").await.replace(&tokens.address, "TOKENS"));
        assert_eq!(
            tokens.asked(),
            ["/token?a=b&service=weir%26x&scope=repository%3Aacme%2Fnotes%3Apull with nothing"]
        );
    }
    for challenge in [
        "Bearer realm=\"http://169.254.169.254/token\"",
        "Bearer realm=\"https://169.254.169.254/token\"",
        "Bearer realm=\"https://ana:b@other.example/\"",
        "Bearer service=\"x\"",
        "Negotiate",
        "Basic realm=\"x\"",
    ] {
        let registry =
            Server::start(move |_| status(&format!("401 Unauthorized\r\nwww-authenticate: {challenge}")))
                .await;
        said.push(fault(&registry, ":1.0").await);
    }
    insta::assert_snapshot!(said.join("\n"), @r#"
        oci://REGISTRY/acme/notes:1.0 was not fetched: the token server answered with no usable token: try again, and tell whoever runs the registry
        oci://REGISTRY/acme/notes:1.0 was not fetched: the token server answered with no usable token: try again, and tell whoever runs the registry
        oci://REGISTRY/acme/notes:1.0 was not fetched: the token server answered with no usable token: try again, and tell whoever runs the registry
        http://TOKENS/token was asked for: the answer was 403; check the name, and give a login that may read it
        http://TOKENS/token was asked for: it led on to another address, and a login is not taken there: ask whoever runs the registry
        http://REGISTRY/v2/acme/notes/manifests/1.0 was asked for: the answer was 401; check the name, and give a login that may read it
        oci://REGISTRY/acme/notes:1.0 was not fetched: the registry names a token server that is not asked (it leads to plain http:// on another machine): tell whoever runs it
        https://169.254.169.254/token was asked for: that is 169.254.169.254 (link-local), and only the host that was written may be on this machine or a private network, and none at a link-local address: fetch the file yourself and install that
        oci://REGISTRY/acme/notes:1.0 was not fetched: the registry names a token server that is not asked (it leads to a URL with a user or password in it): tell whoever runs it
        oci://REGISTRY/acme/notes:1.0 was not fetched: the registry asks for a login in a way that is not understood: only Basic and Bearer are
        oci://REGISTRY/acme/notes:1.0 was not fetched: the registry asks for a login in a way that is not understood: only Basic and Bearer are
        oci://REGISTRY/acme/notes:1.0 was not fetched: the registry asks for a login and none was given: give a user and a token that may read it
    "#);
}
