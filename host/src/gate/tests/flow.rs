//! What happens to a request that was let out.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body::Frame;
use http_body_util::BodyExt as _;
use tokio::sync::{Semaphore, mpsc};

use super::{MEDIA, SITE, Script, call, credential, doors, gate, get, plan, raw, status};
use crate::gate::{
    BodyFault, BoxFuture, CallBudget, Departure, Failure, Gate, GatePlan, Governors, RawBody, Transport,
};
use crate::model::Allowance;

fn throttled(seconds: &'static str) -> Result<Response<&'static str>, Failure> {
    Ok(Response::builder().status(429).header("retry-after", seconds).body("slow down").unwrap())
}

#[tokio::test]
async fn a_passing_fault_is_not_seen_by_the_connector() {
    let transport =
        Script::of([Err(Failure::Broken("reset".into())), status(503), throttled("7"), status(200)]);
    let gate = gate(transport.clone());
    let answer = gate.send(get(SITE), &call()).await.unwrap();
    assert_eq!(answer.status(), 200);
    let traffic = gate.ledger().traffic();
    assert_eq!((traffic.requests, traffic.retries, traffic.failed), (1, 3, 0));
    // 2 s and 4 s of its own, then the 7 s that were asked for and half of three tenths more.
    assert_eq!(traffic.waited_ms, 2_000 + 4_000 + 8_050);
}

#[tokio::test]
async fn a_post_is_repeated_with_its_body() {
    let transport = Script::of([status(502)]);
    let gate = gate(transport.clone());
    let request = Request::post("https://acme.example/users-bulk").body(Bytes::from_static(b"{}")).unwrap();
    gate.send(request, &call()).await.unwrap();
    let sent = transport.sent();
    assert_eq!(sent.len(), 2);
    assert!(sent.iter().all(|sent| sent.method == "POST" && sent.body == "{}"));
}

#[tokio::test]
async fn a_throttled_answer_beyond_the_ceiling_is_handed_over_with_its_words() {
    let transport = Script::of([throttled("3600")]);
    let gate = gate(transport.clone());
    let answer = gate.send(get(SITE), &call()).await.unwrap();
    assert_eq!((answer.status().as_u16(), &answer.headers()["retry-after"]), (429, &"3600".parse().unwrap()));
    assert_eq!(answer.into_body().collect().await.unwrap().to_bytes(), "slow down");
    assert_eq!(transport.sent().len(), 1);
}

#[tokio::test]
async fn an_impatient_call_waits_less() {
    let transport = Script::of([throttled("5"), throttled("5")]);
    let gate = gate(transport.clone());
    let impatient = CallBudget::default().wait_max(Duration::from_secs(4));
    assert_eq!(gate.send(get(SITE), &impatient).await.unwrap().status(), 429);
    assert_eq!(gate.ledger().traffic().waited_ms, 0);
}

#[tokio::test]
async fn no_answer_is_a_sentence_that_names_the_place_and_not_the_secret() {
    let transport = Script::of((0..9).map(|_| Err(Failure::Connect("connection refused".into()))));
    let gate = gate(transport.clone());
    let refusal = gate.send(get("https://acme.example/a?token=abc"), &call()).await.unwrap_err();
    insta::assert_snapshot!(refusal, @"GET https://acme.example failed: no connection could be made (connection refused); check the address, and that nothing blocks it");
    assert!(!refusal.is_policy());
    assert_eq!(transport.sent().len(), 3);
    let traffic = gate.ledger().traffic();
    assert_eq!((traffic.requests, traffic.retries, traffic.failed, traffic.waited_ms), (1, 2, 1, 6_000));
    assert_eq!(gate.ledger().exchanges()[0].status, None);
}

#[tokio::test]
async fn a_name_that_leads_to_a_forbidden_address_is_a_refusal_of_the_gate() {
    let address = [10, 0, 0, 1].into();
    let kind = crate::gate::AddressKind::Private("private network");
    let gate = gate(Script::of([Err(Failure::Address { address, kind })]));
    let refusal = gate.send(get(SITE), &call()).await.unwrap_err();
    insta::assert_snapshot!(refusal, @"https://acme.example leads to 10.0.0.1 (private network), which a connector may not reach; if the source does live there, say so with --route https://acme.example=https://acme.example");
    assert!(refusal.is_policy());
}

#[tokio::test]
async fn headers_that_carry_credentials_do_not_reach_the_connector() {
    let answer = Response::builder()
        .header("set-cookie", "session=1")
        .header("www-authenticate", "Basic")
        .header("authorization", "Basic AAAA")
        .header("x-debug", credential().value().to_str().unwrap())
        .header("content-type", "text/plain")
        .body("")
        .unwrap();
    let gate = gate(Script::of([Ok(answer)]));
    let answer = gate.send(get(SITE), &call()).await.unwrap();
    let names: Vec<&str> = answer.headers().keys().map(http::HeaderName::as_str).collect();
    assert_eq!(names, ["content-type"]);
}

#[tokio::test]
async fn nothing_the_gate_says_holds_the_secret() {
    let transport = Script::of([status(200), Err(Failure::Silent), Err(Failure::Silent)]);
    let gate = gate(transport.clone());
    gate.send(get(SITE), &call()).await.unwrap();
    let refusal = gate.send(get(SITE), &call()).await.unwrap_err();
    let ledger = gate.ledger();
    let said = format!(
        "{refusal} {refusal:?} {:?} {:?} {ledger:?} {:?} {:?}",
        ledger.traffic(),
        ledger.exchanges(),
        plan(),
        transport.sent()[0].headers,
    );
    let encoded = credential().value().to_str().unwrap().strip_prefix("Basic ").unwrap().to_owned();
    assert!(!said.contains("hunter2") && !said.contains(&encoded));
}

#[tokio::test]
async fn a_body_ends_in_an_error_where_its_limit_is_passed() {
    let gate = gate(Script::of([Ok(Response::new("0123456789")), Ok(Response::new("0123456789"))]));
    let just = CallBudget::default().response_bytes_max(10);
    let body = gate.send(get(SITE), &just).await.unwrap().into_body();
    assert_eq!(body.collect().await.unwrap().to_bytes(), "0123456789");
    let less = CallBudget::default().response_bytes_max(9);
    let mut body = gate.send(get(SITE), &less).await.unwrap().into_body();
    assert_eq!(body.frame().await.unwrap().unwrap_err(), BodyFault::TooLarge { bytes_max: 9 });
    assert!(body.frame().await.is_none(), "nothing comes after the error");
    assert_eq!(gate.ledger().traffic().bytes, 20);
}

/// Reports every request that arrives, and answers when it is let.
struct Held {
    arrived: mpsc::UnboundedSender<()>,
    let_go: Arc<Semaphore>,
}

impl Transport for Held {
    fn send(&self, _: Departure) -> BoxFuture<'_, Result<Response<RawBody>, Failure>> {
        Box::pin(async move {
            self.arrived.send(()).unwrap();
            self.let_go.acquire().await.unwrap().forget();
            Ok(Response::new(raw("ok")))
        })
    }
}

/// On one thread, so that yielding lets every other task go as far as it can.
#[tokio::test(flavor = "current_thread")]
async fn no_more_are_in_flight_than_the_gate_is_wide() {
    let (arrived, mut arrivals) = mpsc::unbounded_channel();
    let let_go = Arc::new(Semaphore::new(0));
    let transport = Arc::new(Held { arrived, let_go: Arc::clone(&let_go) });
    let governors = Governors::new(Allowance { width: Some(3), ..Allowance::default() });
    let gate = Gate::new(GatePlan { governors, ..plan() }, doors(transport)).unwrap();
    let tasks: Vec<_> = (0..7)
        .map(|_| {
            let gate = gate.clone();
            tokio::spawn(async move { gate.send(get(MEDIA), &call()).await.unwrap() })
        })
        .collect();
    for _ in 0..3 {
        arrivals.recv().await.unwrap();
    }
    for released in 0..4 {
        for _ in 0..50 {
            tokio::task::yield_now().await;
        }
        assert!(arrivals.try_recv().is_err(), "a fourth is in flight after {released}");
        let_go.add_permits(1);
        arrivals.recv().await.unwrap();
    }
    let_go.add_permits(3);
    // Answers that nobody has read hold no turn: all seven are here at once.
    for task in tasks {
        task.await.unwrap();
    }
}

/// A body made of these frames.
struct Frames(std::vec::IntoIter<Result<Frame<Bytes>, BodyFault>>);

impl http_body::Body for Frames {
    type Data = Bytes;
    type Error = BodyFault;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyFault>>> {
        Poll::Ready(self.0.next())
    }
}

struct Trailing;

impl Transport for Trailing {
    fn send(&self, _: Departure) -> BoxFuture<'_, Result<Response<RawBody>, Failure>> {
        let trailers = http::HeaderMap::from_iter([(http::header::SET_COOKIE, "a=b".parse().unwrap())]);
        let frames = vec![
            Ok(Frame::trailers(trailers)),
            Ok(Frame::data(Bytes::from_static(b"half"))),
            Err(BodyFault::Broken("reset".into())),
        ];
        let body = Frames(frames.into_iter()).boxed_unsync();
        Box::pin(std::future::ready(Ok(Response::new(body))))
    }
}

#[tokio::test]
async fn a_body_that_breaks_says_so_and_trailers_are_dropped() {
    let mut body = gate(Arc::new(Trailing)).send(get(SITE), &call()).await.unwrap().into_body();
    assert_eq!(body.frame().await.unwrap().unwrap().into_data().unwrap(), "half");
    assert_eq!(body.frame().await.unwrap().unwrap_err(), BodyFault::Broken("reset".into()));
    assert!(body.frame().await.is_none());
}
