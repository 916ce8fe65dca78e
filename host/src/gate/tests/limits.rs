//! What an origin asks for holds for all requests of the connection, and for no longer than it asked.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use http::Response;
use http_body_util::BodyExt as _;
use tokio::sync::{mpsc, oneshot};

use super::{MEDIA, SITE, Script, Still, call, get, plan, raw, status};
use crate::gate::limits::{REST_MAX, WIDEN_AFTER};
use crate::gate::{
    BoxFuture, Clock, Departure, Doors, Failure, Gate, GatePlan, Governors, RawBody, Transport, hour_of,
};
use crate::model::Allowance;

/// 2026-03-26T15:30:00Z.
const HALF_PAST: u64 = 1_774_539_000;

type Answer = Result<Response<&'static str>, Failure>;

fn answer(status: u16, headers: &[(&str, &str)]) -> Answer {
    let builder =
        headers.iter().fold(Response::builder().status(status), |it, (name, value)| it.header(*name, *value));
    Ok(builder.body("").unwrap())
}

/// A gate at half past three, and the hands of its clock.
fn at_half_past(transport: Arc<dyn Transport>, governors: Governors) -> (Gate, Arc<Still>) {
    let clock = Arc::new(Still(Mutex::new(SystemTime::UNIX_EPOCH + Duration::from_secs(HALF_PAST))));
    let doors = Doors { transport, clock: Arc::clone(&clock) as _, chance: Arc::new(super::Middle) };
    (Gate::new(GatePlan { governors, ..plan() }, doors).unwrap(), clock)
}

fn allowing(points_per_hour: u64) -> Governors {
    Governors::new(Allowance { points_per_hour: Some(points_per_hour), ..Allowance::default() })
}

fn minutes(clock: &Still) -> u64 {
    clock.now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs().saturating_sub(HALF_PAST) / 60
}

async fn told(gate: &Gate, url: &str) -> String {
    let answer = gate.send(get(url), &call()).await.unwrap();
    let after =
        answer.headers().get("retry-after").map(|value| format!(" after {}", value.to_str().unwrap()));
    let status = answer.status();
    let body = answer.into_body().collect().await.unwrap().to_bytes();
    let told = format!("{}{} {}", status.as_u16(), after.unwrap_or_default(), String::from_utf8_lossy(&body));
    told.trim_end().to_owned()
}

const QUOTA: [(&str, &str); 2] =
    [("ratelimit-reason", "confluence-quota-global-based"), ("retry-after", "1800")];

#[tokio::test]
async fn a_spent_quota_stops_everything_until_it_is_full_again() {
    let transport = Script::of([answer(429, &QUOTA)]);
    let (gate, clock) = at_half_past(transport.clone(), Governors::default());
    let first = told(&gate, SITE).await;
    let second = told(&gate, "https://acme.example/wiki/api/v2/pages").await;
    insta::assert_snapshot!([first, second].join("\n"), @r#"
    429 after 1800
    429 after 1800 {"message":"not asked before 16:00:00 UTC, when the source's quota is full again"}
    "#);
    assert_eq!((transport.sent().len(), gate.ledger().traffic().requests), (1, 1));
    assert_eq!(gate.ledger().traffic().refused, 1, "what was not sent is told apart");
    // Other origins have nothing to do with it.
    assert_eq!(told(&gate, MEDIA).await, "200 ok");
    // A minute before, it is a wait that a call has.
    clock.sleep(Duration::from_secs(1_770)).await;
    assert_eq!(told(&gate, SITE).await, "200 ok");
    assert_eq!(minutes(&clock), 30);
    assert_eq!(gate.ledger().traffic().waited_ms, 0, "waiting for one's turn is no retry");
}

#[tokio::test]
async fn a_quota_without_a_time_is_full_again_when_the_hour_begins() {
    for beta in ["ratelimit-reason", "beta-ratelimit-reason"] {
        let transport = Script::of([answer(429, &[(beta, "conf-global-based")])]);
        let (gate, clock) = at_half_past(transport.clone(), Governors::default());
        // The first is tried again without knowing better, and finds the rest that it brought about.
        assert!(told(&gate, SITE).await.starts_with("429 after 17"), "{beta}");
        assert_eq!(transport.sent().len(), 1);
        clock.sleep(Duration::from_secs(1_800)).await;
        assert_eq!(told(&gate, SITE).await, "200 ok");
    }
}

#[tokio::test]
async fn several_gates_of_a_connection_leave_an_origin_alone_together() {
    let governors = Governors::default();
    let (one, _) = at_half_past(Script::of([answer(503, &[("retry-after", "600")])]), governors.clone());
    let untouched = Script::of([]);
    let (other, _) = at_half_past(untouched.clone(), governors);
    assert!(told(&one, SITE).await.starts_with("503 after 600"));
    assert!(told(&other, SITE).await.starts_with("429 after 600"));
    assert!(untouched.sent().is_empty());
    let (stranger, _) = at_half_past(untouched.clone(), Governors::default());
    assert_eq!(told(&stranger, SITE).await, "200 ok", "another connection was asked for nothing");
}

#[tokio::test]
async fn the_gateway_s_own_refusal_says_when_in_another_header() {
    let gateway = [
        ("x-failure-category", "FAILURE_CLIENT_RATE_LIMITED"),
        ("x-ratelimit-limit", "360000"),
        ("x-ratelimit-remaining", "0"),
        ("x-ratelimit-reset", "2026-03-26T15:31Z"),
    ];
    let transport = Script::of([answer(429, &gateway)]);
    let (gate, clock) = at_half_past(transport.clone(), Governors::default());
    // A minute, stretched by jitter, is more than the call has.
    assert_eq!(told(&gate, SITE).await, "429");
    assert_eq!(told(&gate, SITE).await, "200 ok", "a minute without it is just what the next one has");
    assert_eq!((transport.sent().len(), minutes(&clock)), (2, 1));
}

#[tokio::test]
async fn whoever_asks_for_years_is_asked_again_after_a_day() {
    for years in ["315360000", "99999999999999999999", "Tue, 26 Mar 2126 16:00:00 GMT"] {
        let transport = Script::of([answer(429, &[("retry-after", years)])]);
        let (gate, clock) = at_half_past(transport.clone(), Governors::default());
        assert_eq!(told(&gate, SITE).await, format!("429 after {years}"));
        assert!(told(&gate, SITE).await.starts_with("429 after 86400"));
        clock.sleep(REST_MAX).await;
        assert_eq!(told(&gate, SITE).await, "200 ok");
    }
}

#[tokio::test]
async fn a_connection_held_to_points_stops_until_the_next_hour() {
    let transport = Script::of([]);
    let governors = allowing(500);
    // Another process of this connection spent some in this hour.
    governors.learn_kept(hour_of(SystemTime::UNIX_EPOCH + Duration::from_secs(HALF_PAST)), 249);
    let (gate, clock) = at_half_past(transport.clone(), governors.clone());
    let (person, gate) = (gate.clone(), gate.sparing());
    assert_eq!(told(&gate, SITE).await, "200 ok");
    gate.spend(251);
    insta::assert_snapshot!(told(&gate, SITE).await, @r#"429 after 1800 {"message":"not asked before 16:00:00 UTC, since the 500 points an hour of this connection are spent (weir connection limit)"}"#);
    assert_eq!(told(&gate, MEDIA).await, "200 ok", "where no credential goes nobody is charged");
    assert_eq!(told(&person, SITE).await, "200 ok", "what a person waits for is not held to it");
    assert_eq!(transport.sent().len(), 3);
    clock.sleep(Duration::from_secs(1_800)).await;
    assert_eq!(told(&gate, SITE).await, "200 ok");
    assert_eq!(gate.ledger().traffic().points, 251);
    governors.allow(Allowance::default());
    gate.spend(u64::MAX);
    assert_eq!(told(&gate, SITE).await, "200 ok", "the user took the limit back");
}

#[tokio::test]
async fn a_tenth_of_a_told_limit_is_left_to_others() {
    let policy = ("ratelimit-policy", "\"global-app-quota\";q=1000;w=3600");
    let quota = |left| answer(200, &[policy, ("ratelimit", left)]);
    let transport =
        Script::of([quota("\"global-app-quota\";t=1800"), quota("\"global-app-quota\";r=100;t=1800")]);
    let (gate, clock) = at_half_past(transport.clone(), Governors::default());
    let (person, gate) = (gate.clone(), gate.sparing());
    assert_eq!(told(&gate, SITE).await, "200");
    assert_eq!(told(&gate, SITE).await, "200");
    insta::assert_snapshot!(told(&gate, SITE).await, @r#"429 after 1800 {"message":"not asked before 16:00:00 UTC: 90 % of the 1000 points an hour are spent, the rest is left to others"}"#);
    assert_eq!(told(&person, SITE).await, "200 ok", "that is who it is left to");
    clock.sleep(Duration::from_secs(1_800)).await;
    assert_eq!(told(&gate, SITE).await, "200 ok");
}

/// The clock is past the hour when an answer of the hour before arrives.
#[tokio::test]
async fn an_answer_of_the_hour_before_stops_nobody_in_the_next() {
    let late = [
        ("x-ratelimit-limit", "1000"),
        ("x-ratelimit-remaining", "3"),
        ("x-ratelimit-reset", "2026-03-26T16:00:00Z"),
    ];
    let transport = Script::of([answer(200, &late)]);
    let (gate, clock) = at_half_past(transport.clone(), Governors::default());
    let gate = gate.sparing();
    clock.sleep(Duration::from_millis(1_800_050)).await;
    assert_eq!(told(&gate, SITE).await, "200");
    assert_eq!(told(&gate, SITE).await, "200 ok");
}

/// Hands each request over to the test, which answers it when it likes.
struct Handed(mpsc::UnboundedSender<oneshot::Sender<Answer>>);

impl Transport for Handed {
    fn send(&self, _: Departure) -> BoxFuture<'_, Result<Response<RawBody>, Failure>> {
        let (answer, answered) = oneshot::channel();
        self.0.send(answer).unwrap();
        Box::pin(async move { answered.await.unwrap().map(|answer| answer.map(raw)) })
    }
}

/// A gate, the requests in flight, and more of them waiting.
struct Crowd {
    gate: Gate,
    clock: Arc<Still>,
    arrivals: mpsc::UnboundedReceiver<oneshot::Sender<Answer>>,
    in_flight: VecDeque<oneshot::Sender<Answer>>,
}

impl Crowd {
    fn new() -> Self {
        let (arrived, arrivals) = mpsc::unbounded_channel();
        let (gate, clock) = at_half_past(Arc::new(Handed(arrived)), Governors::default());
        Self { gate, clock, arrivals, in_flight: VecDeque::new() }
    }

    fn ask(&self, requests: usize) {
        for _ in 0..requests {
            let gate = self.gate.clone();
            tokio::spawn(async move { gate.send(get(SITE), &call()).await.unwrap() });
        }
    }

    /// How many are in flight once every task went as far as it can.
    async fn width(&mut self) -> usize {
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
        while let Ok(arrival) = self.arrivals.try_recv() {
            self.in_flight.push_back(arrival);
        }
        self.in_flight.len()
    }

    async fn answer(&mut self, answer: Answer) -> usize {
        self.in_flight.pop_front().unwrap().send(answer).unwrap();
        self.width().await
    }
}

#[tokio::test(flavor = "current_thread")]
async fn a_burst_halves_the_width_and_good_answers_bring_it_back() {
    let mut crowd = Crowd::new();
    crowd.ask(200);
    assert_eq!(crowd.width().await, 5);
    let burst = || answer(429, &[("ratelimit-reason", "confluence-burst-based"), ("retry-after", "1")]);
    // All five are refused in one moment: that is one burst.
    for in_flight in [4, 3, 2, 2, 2] {
        assert_eq!(crowd.answer(burst()).await, in_flight);
    }
    let mut widths = vec![2];
    for _ in 0..4 * WIDEN_AFTER {
        widths.push(crowd.answer(status(200)).await);
    }
    widths.dedup();
    assert_eq!(widths, [2, 3, 4, 5]);
}

#[tokio::test(flavor = "current_thread")]
async fn near_the_limit_one_request_goes_at_a_time() {
    let mut crowd = Crowd::new();
    crowd.ask(20);
    assert_eq!(crowd.width().await, 5);
    let near = |near| answer(200, &[("x-ratelimit-nearlimit", near)]);
    for in_flight in [4, 3, 2, 1, 1, 1] {
        assert_eq!(crowd.answer(near("true")).await, in_flight);
    }
    assert_eq!(crowd.answer(near("false")).await, 5);
}

#[tokio::test(flavor = "current_thread")]
async fn all_wait_for_one_that_was_asked_to() {
    let mut crowd = Crowd::new();
    crowd.ask(3);
    assert_eq!(crowd.width().await, 3);
    crowd.ask(40);
    let began = crowd.clock.now();
    crowd.answer(answer(503, &[("retry-after", "20")])).await;
    // The hand-moved clock goes on for the first of those that sleep, and then nobody has to wait.
    assert_eq!(crowd.width().await, 5);
    assert_eq!(crowd.clock.now().duration_since(began).unwrap(), Duration::from_secs(23));
}
