//! From URLs.

use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use weir::gate::{BoxFuture, Client, Lookup};
use weir::secrets::Secret;
use weir::supply::{Options, PublicKey, Reference, Supplied, SupplyError, fetch, verify};

use super::server::{Reply, Server, ok, redirect, status};
use super::signer::Signer;

async fn bring(url: &str) -> Result<Supplied, SupplyError> {
    fetch(&Reference::parse(url).unwrap(), &Options::default()).await
}

#[tokio::test]
async fn a_component_comes_with_the_signature_beside_it() {
    let signer = Signer::new();
    let signature = signer.signs(b"a component");
    let server = Server::start(move |path| match path {
        "/n.wasm?version=2" => redirect("/files/n"),
        "/files/n" => ok("a component"),
        "/n.wasm.sig?version=2" => ok(format!("{signature}\n")),
        _ => status("404 Not Found"),
    })
    .await;
    let supplied = bring(&server.url("/n.wasm?version=2")).await.unwrap();
    assert_eq!((supplied.wasm.as_slice(), supplied.from), (&b"a component"[..], server.url("/n.wasm")));
    let key = PublicKey::from_pem(&signer.public_key()).unwrap();
    verify(&supplied.wasm, &supplied.sha256, &supplied.signature.unwrap(), &key).unwrap();
}

#[tokio::test]
async fn what_lies_beside_it_keeps_nothing_from_coming() {
    let key = PublicKey::from_pem(&Signer::new().public_key()).unwrap();
    for (line, fault) in [
        ("404 Not Found", None),
        ("403 Forbidden", None),
        (
            "500 Broken",
            Some(
                "the signature could not be asked for: http://SERVER/n.wasm.sig was asked for: the answer was 500; try again later",
            ),
        ),
    ] {
        let server = Server::start(move |path| if path == "/n.wasm" { ok("x") } else { status(line) }).await;
        let supplied = bring(&server.url("/n.wasm")).await.unwrap();
        let judged =
            supplied.signature.map(|signature| verify(&supplied.wasm, &supplied.sha256, &signature, &key));
        let said = judged.map(|judged| judged.unwrap_err().to_string().replace(&server.address, "SERVER"));
        assert_eq!(said.as_deref(), fault);
    }
}

#[tokio::test]
async fn a_login_is_for_the_origin_it_was_given_for() {
    let storage = Server::start(|_| ok("x")).await;
    let elsewhere = storage.url("/n");
    let server = Server::start(move |path| match path {
        "/n.wasm" => redirect("/there"),
        "/there" => redirect(&elsewhere),
        _ => status("404 Not Found"),
    })
    .await;
    let login = Some(("ana".to_owned(), Secret::new("hunter2")));
    let options = Options { login, ..Options::default() };
    fetch(&Reference::parse(&server.url("/n.wasm")).unwrap(), &options).await.unwrap();
    // base64 of `ana:hunter2`.
    let with_it = "with Basic YW5hOmh1bnRlcjI=";
    assert_eq!(
        server.asked(),
        [format!("/n.wasm {with_it}"), format!("/there {with_it}"), format!("/n.wasm.sig {with_it}")]
    );
    assert_eq!(storage.asked(), ["/n with nothing"]);
}

/// Leads every name to this machine.
struct Home;

impl Lookup for Home {
    fn lookup(&self, _: String) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> {
        Box::pin(async { Ok(vec![IpAddr::from([127, 0, 0, 1])]) })
    }
}

#[tokio::test]
async fn an_answer_leads_to_nothing_nearby_but_where_it_came_from() {
    let mut said = Vec::new();
    for target in [
        "https://public.example/n",
        "https://10.0.0.1/n",
        "https://169.254.169.254/latest/meta-data",
        "http://169.254.169.254/latest/meta-data",
        "https://[::1]/n",
        "http://public.example/n",
        "https://ana:hunter2@public.example/n",
        "file:///etc/passwd",
        "/n.wasm",
    ] {
        let server = Server::start(move |_| redirect(target)).await;
        let network = Arc::new(Client::verbatim(Arc::new(Home)));
        let options = Options { network, ..Options::default() };
        let fault = fetch(&Reference::parse(&server.url("/n.wasm")).unwrap(), &options).await.unwrap_err();
        said.push(fault.to_string().replace(&server.address, "SERVER"));
    }
    insta::assert_snapshot!(said.join("\n"), @r#"
        https://public.example/n was asked for: that is 127.0.0.1 (loopback), and only the host that was written may be on this machine or a private network, and none at a link-local address: fetch the file yourself and install that
        https://10.0.0.1/n was asked for: that is 10.0.0.1 (private network), and only the host that was written may be on this machine or a private network, and none at a link-local address: fetch the file yourself and install that
        https://169.254.169.254/latest/meta-data was asked for: that is 169.254.169.254 (link-local), and only the host that was written may be on this machine or a private network, and none at a link-local address: fetch the file yourself and install that
        http://SERVER/n.wasm was asked for: it leads to plain http:// on another machine, which is not followed: use the address it means, or fetch the file yourself and install that
        https://[::1]/n was asked for: that is ::1 (loopback), and only the host that was written may be on this machine or a private network, and none at a link-local address: fetch the file yourself and install that
        http://SERVER/n.wasm was asked for: it leads to plain http:// on another machine, which is not followed: use the address it means, or fetch the file yourself and install that
        http://SERVER/n.wasm was asked for: it leads to a URL with a user or password in it, which is not followed: use the address it means, or fetch the file yourself and install that
        http://SERVER/n.wasm was asked for: it leads to something that is no URL of the web, which is not followed: use the address it means, or fetch the file yourself and install that
        http://SERVER/n.wasm was asked for: it led on more than 5 times: check the address
    "#);
}

#[tokio::test]
async fn lengths_are_bounded_whatever_is_said_of_them() {
    let max = 128 * 1024 * 1024;
    let too_long =
        format!("it is longer than {max} bytes, and no more is taken: check that it is the right address");
    for long in ["200 OK\r\ncontent-length: 99999999999", "200 OK"] {
        let server = Server::start(move |_| Reply::Endless(long.to_owned())).await;
        let fault = bring(&server.url("/n.wasm")).await.unwrap_err().to_string();
        assert_eq!(fault, format!("{} was asked for: {too_long}", server.url("/n.wasm")));
    }
    let server =
        Server::start(|_| Reply::Said("200 OK\r\ncontent-length: 10".to_owned(), b"x".to_vec())).await;
    let fault = bring(&server.url("/n.wasm")).await.unwrap_err().to_string();
    assert!(fault.contains("the response's body broke off"), "{fault}");
}

#[tokio::test]
async fn nothing_is_decompressed() {
    let server =
        Server::start(|_| Reply::Said("200 OK\r\ncontent-encoding: gzip".to_owned(), b"\x1f\x8b".to_vec()))
            .await;
    let fault = bring(&server.url("/n.wasm")).await.unwrap_err().to_string();
    assert!(
        fault.ends_with(
            "the answer is compressed (gzip), and was asked for as it is: have the server send it so"
        ),
        "{fault}"
    );
}

#[tokio::test]
async fn whoever_says_nothing_is_not_waited_for() {
    let server = Server::start(|_| Reply::Silence).await;
    let options = Options { patience: Duration::from_millis(50), ..Options::default() };
    let fault = fetch(&Reference::parse(&server.url("/n.wasm")).unwrap(), &options).await.unwrap_err();
    assert!(matches!(fault, SupplyError::Slow { .. }), "{fault}");
}
