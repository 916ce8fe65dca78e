//! Origins, addresses, methods, headers, and bodies that do not end.

use std::io;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::Response;
use http_body::{Body, Frame};
use http_body_util::BodyExt as _;
use weir::gate::{BodyFault, BoxFuture, Client, Lookup, RawBody};
use weir::sandbox::Times;

use super::{Cage, Outside, body, gate};

/// A body that never ends: it pours, or it never brings its first byte.
struct Endless {
    pours: bool,
}

impl Body for Endless {
    type Data = Bytes;
    type Error = BodyFault;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyFault>>> {
        match self.pours {
            true => Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(&[b'x'; 64 * 1024]))))),
            false => Poll::Pending,
        }
    }
}

fn endless(pours: bool) -> RawBody {
    Endless { pours }.boxed_unsync()
}

/// Every name leads here.
struct Pointed(&'static str);

impl Lookup for Pointed {
    fn lookup(&self, _: String) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> {
        let address = self.0.parse().unwrap();
        Box::pin(std::future::ready(Ok(vec![address])))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_agreed_origins_are_reached() {
    let cage = Cage::new().await;
    let mut said = Vec::new();
    for url in [
        "https://evil.example/",
        "http://agreed.example/",
        "https://agreed.example:8443/",
        "https://agreed.example.evil.example/",
        "https://agreed.example@evil.example/",
        "https://127.0.0.1/",
        "http://127.0.0.1:8790/",
        "http://[::1]/",
        "http://169.254.169.254/latest/meta-data",
        "http://localhost/",
    ] {
        said.push(format!("{url}\n  {}", cage.told_to(&format!("dials {url}")).await));
    }
    insta::assert_snapshot!(said.join("\n"), @r"
        https://evil.example/
          error: ErrorCode::HttpRequestDenied (refused by the host: the connector asked for https://evil.example, which is not among the origins agreed for this connection (https://agreed.example, https://beside.example))
        http://agreed.example/
          error: ErrorCode::HttpRequestDenied (refused by the host: the connector asked for http://agreed.example, which is not among the origins agreed for this connection (https://agreed.example, https://beside.example))
        https://agreed.example:8443/
          error: ErrorCode::HttpRequestDenied (refused by the host: the connector asked for https://agreed.example:8443, which is not among the origins agreed for this connection (https://agreed.example, https://beside.example))
        https://agreed.example.evil.example/
          error: ErrorCode::HttpRequestDenied (refused by the host: the connector asked for https://agreed.example.evil.example, which is not among the origins agreed for this connection (https://agreed.example, https://beside.example))
        https://agreed.example@evil.example/
          error: ErrorCode::HttpRequestUriInvalid (refused by the host: the connector asked for (hidden), which is refused: it carries a user or password, which only a login may give)
        https://127.0.0.1/
          error: ErrorCode::HttpRequestDenied (refused by the host: the connector asked for https://127.0.0.1, which is not among the origins agreed for this connection (https://agreed.example, https://beside.example))
        http://127.0.0.1:8790/
          error: ErrorCode::HttpRequestDenied (refused by the host: the connector asked for http://127.0.0.1:8790, which is not among the origins agreed for this connection (https://agreed.example, https://beside.example))
        http://[::1]/
          error: ErrorCode::HttpRequestDenied (refused by the host: the connector asked for http://[::1], which is not among the origins agreed for this connection (https://agreed.example, https://beside.example))
        http://169.254.169.254/latest/meta-data
          error: ErrorCode::HttpRequestDenied (refused by the host: the connector asked for http://169.254.169.254, which is not among the origins agreed for this connection (https://agreed.example, https://beside.example))
        http://localhost/
          error: ErrorCode::HttpRequestDenied (refused by the host: the connector asked for http://localhost, which is not among the origins agreed for this connection (https://agreed.example, https://beside.example))
    ");
    assert_eq!(cage.departures(), 0);
    assert_eq!(cage.told_to("dials https://agreed.example/").await, "status 200");
    let sent = cage.outside.sent.lock().unwrap().remove(0);
    assert_eq!(sent.headers["x-test-key"], "swordfish", "added outside the sandbox");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_headers_that_are_the_host_s_cannot_be_set() {
    let cage = Cage::new().await;
    let mut said = Vec::new();
    for name in ["authorization", "Cookie", "host", "X-Test-Key", "x_test_key", "proxy-authorization"] {
        said.push(format!("{name}: {}", cage.told_to(&format!("sets-header {name}")).await));
    }
    insta::assert_snapshot!(said.join("\n"), @r"
        authorization: error: header authorization: HeaderError::Forbidden
        Cookie: error: header Cookie: HeaderError::Forbidden
        host: error: header host: HeaderError::Forbidden
        X-Test-Key: error: header X-Test-Key: HeaderError::Forbidden
        x_test_key: error: header x_test_key: HeaderError::Forbidden
        proxy-authorization: error: header proxy-authorization: HeaderError::Forbidden
    ");
    assert_eq!(cage.departures(), 0);
    assert_eq!(cage.told_to("sets-header x-anything-else").await, "status 200");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_agreed_methods_are_sent() {
    let cage = Cage::new().await;
    insta::assert_snapshot!(cage.told_to("posts https://agreed.example/").await, @"error: ErrorCode::HttpRequestDenied (refused by the host: the connector sent POST to https://agreed.example; a connector may send GET and HEAD, and POST only where that was agreed)");
    assert_eq!(cage.departures(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_loop_of_requests_is_ended() {
    let cage = Cage::new().await;
    insta::assert_snapshot!(cage.told_to("dials-for-ever https://agreed.example/").await, @"error: ErrorCode::ConnectionLimitReached (refused by the host: the connector sent more than 1000 requests in one call; this is a defect of the connector)");
    assert_eq!(cage.departures(), 1_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn odd_methods_are_refused() {
    let cage = Cage::new().await;
    let methods = ["CONNECT", "TRACE", "PUT", "DELETE", "OPTIONS", "get", "PROPFIND"];
    for method in methods {
        let said = cage.told_to(&format!("sends-method {method}")).await;
        assert!(said.contains("a connector may send GET and HEAD"), "{method}: {said}");
    }
    assert_eq!(cage.departures(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agreed_name_that_leads_inside_is_refused() {
    let cage = Cage::new().await;
    for inside in ["127.0.0.1", "::1", "10.0.0.1", "192.168.1.1", "169.254.169.254", "::ffff:127.0.0.1"] {
        let gate = gate(Arc::new(Client::new(Arc::new(Pointed(inside)))));
        let said = cage.told_through(&gate, "dials https://agreed.example/").await;
        assert!(
            said.contains("DestinationIpProhibited") && said.contains("may not reach"),
            "{inside}: {said}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_is_handed_over_and_leads_nowhere() {
    let cage = Cage::answering(|_| {
        let to = "http://169.254.169.254/latest/meta-data";
        Response::builder().status(302).header("location", to).body(body("")).unwrap()
    })
    .await;
    assert_eq!(cage.told_to("dials https://agreed.example/").await, "status 302");
    insta::assert_snapshot!(cage.told_to("follows https://agreed.example/").await, @"error: ErrorCode::HttpRequestDenied (refused by the host: the connector asked for http://169.254.169.254, which is not among the origins agreed for this connection (https://agreed.example, https://beside.example))");
    assert_eq!(cage.departures(), 2, "none of them went where it was sent");
}

#[tokio::test(flavor = "multi_thread")]
async fn headers_are_neither_split_nor_without_measure() {
    let cage = Cage::new().await;
    insta::assert_snapshot!(cage.told_to("splits-a-header").await, @r#"
        "x-a": "1\r\nx-evil: 1" - header x-a: HeaderError::InvalidSyntax
        "x-a\r\nx-evil": "1" - header x-a
        x-evil: HeaderError::InvalidSyntax
        "x-a": "1\n" - header x-a: HeaderError::InvalidSyntax
        "x a": "1" - header x a: HeaderError::InvalidSyntax
        "": "1" - header : HeaderError::InvalidSyntax
    "#);
    insta::assert_snapshot!(cage.told_each(&["sets-many-headers", "sets-a-long-header", "asks-for-a-part"]).await, @r"
        sets-many-headers: error: the connector crashed in `authenticate` (total size of fields exceeds limit); report it to its author
        sets-a-long-header: error: ErrorCode::HttpRequestBodySize(None) (refused by the host: the request's headers takes 20006 bytes; at most 16384 are allowed)
        asks-for-a-part: error: ErrorCode::HttpRequestDenied (refused by the host: the connector asked https://agreed.example for a part of an answer (`range`); where the credential goes, answers come whole)
    ");
    assert_eq!(cage.departures(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn trailers_go_nowhere() {
    let cage = Cage::new().await;
    insta::assert_snapshot!(cage.told_to("adds-trailers").await, @"status 200");
    for sent in cage.outside.sent.lock().unwrap().iter() {
        assert!(sent.body.is_empty() && !sent.headers.contains_key("x-late"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_without_end_is_cut_off() {
    let cage = Cage::answering(|_| Response::new(endless(true))).await;
    insta::assert_snapshot!(cage.told_to("drinks https://agreed.example/").await, @"error: HTTP response body size exceeds limit: 67108864 bytes");
    let short = Times { call_max: Duration::from_millis(200), ..Times::default() };
    let silent = Cage::made(short, Outside::answering(|_| Response::new(endless(false)))).await;
    insta::assert_snapshot!(silent.told_to("drinks https://agreed.example/").await, @"error: `authenticate` took more than 200ms, most of it waiting for the source; try again later");
}
