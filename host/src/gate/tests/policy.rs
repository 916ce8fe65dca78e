//! Who gets out, and with what.

use bytes::Bytes;
use http::{HeaderMap, Request};

use super::{MEDIA, SITE, Script, call, credential, doors, gate, get, origin, plan, route, status};
use crate::gate::{CallBudget, Gate, GatePlan, Reach, Refusal};
use crate::secrets::Fixed;

/// Sends one request to the usual gate; what came of it, and whether anything was sent.
async fn refusal(request: Request<Bytes>) -> Refusal {
    let transport = Script::of([]);
    let gate = gate(transport.clone());
    let refusal = gate.send(request, &call()).await.expect_err("it was let out");
    assert!(transport.sent().is_empty(), "it was sent although it was refused");
    assert_eq!(gate.ledger().traffic().refused, 1);
    assert_eq!(gate.ledger().traffic().requests, 0);
    assert!(refusal.is_policy());
    refusal
}

fn request(method: &str, url: &str, headers: &[(&str, &str)], body: &'static str) -> Request<Bytes> {
    let builder = Request::builder().method(method).uri(url);
    let builder = headers.iter().fold(builder, |builder, (name, value)| builder.header(*name, *value));
    builder.body(Bytes::from_static(body.as_bytes())).unwrap()
}

#[tokio::test]
async fn each_refusal_says_what_was_attempted() {
    let table = [
        request("GET", "https://evil.example/?q=secret", &[], ""),
        request("GET", "http://acme.example/", &[], ""),
        request("GET", "https://169.254.169.254/latest/meta-data", &[], ""),
        request("GET", "https://acme.example@evil.example/", &[], ""),
        request("DELETE", "https://acme.example/wiki/page/1", &[], ""),
        request("POST", "https://media.example/", &[], "{}"),
        request("GET", "https://acme.example/", &[], "{}"),
        request("GET", "https://acme.example/", &[("Authorization", "Basic AAAA")], ""),
        request("GET", "https://acme.example/", &[("cookie", "a=b")], ""),
        request("GET", "https://acme.example/", &[("x_http_method_override", "DELETE")], ""),
        request("POST", "https://acme.example/", &[("content-length", "7")], "{}"),
    ];
    let mut told = Vec::new();
    for request in table {
        told.push(refusal(request).await.to_string());
    }
    insta::assert_snapshot!(told.join("\n"), @r"
    the connector asked for https://evil.example, which is not among the origins agreed for this connection (https://acme.example, https://media.example)
    the connector asked for http://acme.example, which is not among the origins agreed for this connection (https://acme.example, https://media.example)
    the connector asked for https://169.254.169.254, which is not among the origins agreed for this connection (https://acme.example, https://media.example)
    the connector asked for (hidden), which is refused: it carries a user or password, which only a login may give
    the connector sent DELETE to https://acme.example; a connector may send GET and HEAD, and POST only where that was agreed
    the connector sent POST to https://media.example; a connector may send GET and HEAD, and POST only where that was agreed
    the connector sent a body with GET, which takes none
    the connector set the header `authorization`, which only the host may set
    the connector set the header `cookie`, which only the host may set
    the connector set the header `x_http_method_override`, which only the host may set
    the connector set the header `content-length`, which only the host may set
    ");
}

#[tokio::test]
async fn a_part_of_an_answer_is_asked_for_only_where_no_credential_goes() {
    let refused = refusal(request("GET", SITE, &[("range", "bytes=0-3")], "")).await;
    insta::assert_snapshot!(refused, @"the connector asked https://acme.example for a part of an answer (`range`); where the credential goes, answers come whole");
    let elsewhere = request("GET", MEDIA, &[("range", "bytes=0-3")], "");
    assert!(gate(Script::of([])).send(elsewhere, &call()).await.is_ok());
}

#[tokio::test]
async fn long_urls_and_bodies_are_refused() {
    let url = format!("{SITE}/{}", "a".repeat(16 * 1024));
    assert!(matches!(refusal(get(&url)).await, Refusal::TooLarge { what: "URL", .. }));
    let body = Bytes::from(vec![b'a'; 1024 * 1024 + 1]);
    let request = Request::post(SITE).body(body).unwrap();
    assert!(matches!(refusal(request).await, Refusal::TooLarge { what: "request's body", .. }));
}

#[tokio::test]
async fn a_gate_without_origins_lets_nothing_out() {
    let transport = Script::of([]);
    let gate = Gate::new(GatePlan::default(), doors(transport.clone())).unwrap();
    assert!(matches!(gate.send(get(SITE), &call()).await, Err(Refusal::NotAgreed { .. })));
    assert!(transport.sent().is_empty());
}

#[tokio::test]
async fn addresses_that_no_source_has_are_refused_even_if_agreed_or_routed() {
    for special in [
        "169.254.169.254",
        "0.0.0.0",
        "224.0.0.1",
        "[fe80::1]",
        "[::ffff:169.254.169.254]",
        "[64:ff9b::7f00:1]",
    ] {
        let transport = Script::of([]);
        let to = format!("https://{special}");
        let plan = GatePlan { origins: vec![origin(&to, true, false)], ..GatePlan::default() };
        let agreed = Gate::new(plan, doors(transport.clone())).unwrap();
        let asked = url::Url::parse(&to).unwrap();
        assert!(
            matches!(agreed.send(get(asked.as_str()), &call()).await, Err(Refusal::Address { .. })),
            "{to}"
        );
        let routed = Gate::new(
            GatePlan { routes: vec![route(SITE, &to)], ..plan_of_site() },
            doors(transport.clone()),
        )
        .unwrap();
        assert!(matches!(routed.send(get(SITE), &call()).await, Err(Refusal::Address { .. })), "{to}");
        assert!(transport.sent().is_empty());
    }
}

#[tokio::test]
async fn a_plain_stand_in_is_never_on_the_internet() {
    let transport = Script::of([]);
    let routed = GatePlan { routes: vec![route(SITE, "http://8.8.8.8")], ..plan_of_site() };
    let gate = Gate::new(routed, doors(transport.clone())).unwrap();
    assert!(matches!(gate.send(get(SITE), &call()).await, Err(Refusal::Address { .. })));
    assert!(transport.sent().is_empty());
}

fn plan_of_site() -> GatePlan {
    GatePlan {
        origins: vec![origin(SITE, true, true)],
        credential: Some(Fixed::source(credential())),
        ..GatePlan::default()
    }
}

#[tokio::test]
async fn the_credential_goes_where_it_was_agreed_and_nowhere_else() {
    let redirect = http::Response::builder()
        .status(302)
        .header("location", "https://media.example/file?token=abc")
        .body("")
        .unwrap();
    let transport = Script::of([Ok(redirect), status(503), status(200), status(503), status(200)]);
    let gate = gate(transport.clone());

    // The redirect comes back as it is; the hop after it is a request of its own.
    let answer = gate.send(get("https://acme.example/download"), &call()).await.unwrap();
    assert_eq!(answer.status(), 302);
    assert_eq!(answer.headers()["location"], "https://media.example/file?token=abc");
    gate.send(get("https://media.example/file?token=abc"), &call()).await.unwrap();
    gate.send(get(SITE), &call()).await.unwrap();

    let seen: Vec<(String, bool)> = transport
        .sent()
        .iter()
        .map(|sent| (sent.url.host_str().unwrap().to_owned(), sent.headers.contains_key("authorization")))
        .collect();
    let expected = [
        ("acme.example", true),
        ("media.example", false),
        ("media.example", false),
        ("acme.example", true),
        ("acme.example", true),
    ];
    assert_eq!(seen, expected.map(|(host, with)| (host.to_owned(), with)));
    assert!(
        transport
            .sent()
            .iter()
            .flat_map(|sent| sent.headers.get("authorization"))
            .all(|value| value == credential().value())
    );
}

#[tokio::test]
async fn an_anonymous_connection_sends_no_credential() {
    let transport = Script::of([]);
    let gate = Gate::new(GatePlan { credential: None, ..plan() }, doors(transport.clone())).unwrap();
    gate.send(get(SITE), &call()).await.unwrap();
    assert_eq!(transport.sent()[0].headers, HeaderMap::new());
}

#[tokio::test]
async fn a_stand_in_hears_whom_it_stands_in_for() {
    let transport = Script::of([]);
    let both = vec![route(SITE, "http://127.0.0.1:8790"), route(MEDIA, "http://127.0.0.1:8790")];
    let gate = Gate::new(GatePlan { routes: both, ..plan() }, doors(transport.clone())).unwrap();
    gate.send(get("https://acme.example/wiki/a%20b?q=1"), &call()).await.unwrap();
    gate.send(get("https://media.example/file"), &call()).await.unwrap();

    let sent = transport.sent();
    assert_eq!(sent[0].url.as_str(), "http://127.0.0.1:8790/wiki/a%20b?q=1");
    assert_eq!((&sent[0].headers["host"], sent[0].reach), (&"acme.example".parse().unwrap(), Reach::Local));
    assert!(sent[0].headers.contains_key("authorization"));
    assert_eq!(sent[1].url.as_str(), "http://127.0.0.1:8790/file");
    assert_eq!(sent[1].headers["host"], "media.example");
    assert!(!sent[1].headers.contains_key("authorization"));
    // The ledger speaks of the real place.
    assert!(gate.ledger().exchanges()[0].url.starts_with("https://acme.example/wiki/"));
    // The stand-in itself was not agreed to.
    assert!(matches!(
        gate.send(get("http://127.0.0.1:8790/"), &call()).await,
        Err(Refusal::NotAgreed { .. })
    ));
}

#[tokio::test]
async fn what_was_judged_is_what_is_sent() {
    let transport = Script::of([]);
    let gate = gate(transport.clone());
    gate.send(get("https://ACME.example:443/a/../b"), &call()).await.unwrap();
    assert_eq!(transport.sent()[0].url.as_str(), "https://acme.example/b");
    assert_eq!(transport.sent()[0].reach, Reach::Public);
}

#[tokio::test]
async fn a_call_that_asks_without_end_is_stopped() {
    let transport = Script::of([status(503)]);
    let gate = gate(transport.clone());
    let call = CallBudget::new(2);
    assert!(gate.send(get(SITE), &call).await.is_ok());
    assert!(gate.send(get("https://evil.example"), &call).await.is_err());
    assert!(gate.send(get(SITE), &call).await.is_ok());
    assert_eq!(gate.send(get(SITE), &call).await.unwrap_err(), Refusal::Budget { requests_max: 2 });
    // The retry was the gate's own, and what was refused cost nothing.
    assert_eq!(transport.sent().len(), 3);
    assert!(gate.send(get(SITE), &CallBudget::new(1)).await.is_ok());
}

#[test]
fn the_sandbox_can_ask_which_headers_are_forbidden() {
    let gate = gate(Script::of([]));
    assert!(gate.forbids(&http::header::AUTHORIZATION) && gate.forbids(&http::header::COOKIE));
    assert!(!gate.forbids(&http::header::ACCEPT));
}
