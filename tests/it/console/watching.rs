//! Watching runs over HTTP: what goes on is told while it does, and what a person decides there is done.

use std::time::{Duration, Instant};

use confluence_simulator::{Fault, Knobs, Principal, Site, What, When};
use serde_json::{Value, json};
use weir::host::Draft;
use weir::model::ConnectionId;
use weir::store::{Mode, Outcome, Run, Scope};

use super::events::Events;
use super::{Answer, Browser, Desk, client};
use crate::acme::{NAME, draft, small};

/// Long enough for a busy machine; a test that comes here has failed.
const PATIENCE: Duration = Duration::from_secs(120);

const OTHER: &str = "beta";

/// Until something is so that nobody tells us of.
async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let began = Instant::now();
    while !holds().await {
        assert!(began.elapsed() < PATIENCE, "{what} never came");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// `small`, and a space of 60 pages: more than are believed to be gone at once.
fn long() -> Site {
    let mut site = small();
    let space = site.add_space("LONG", "Long", &[Principal::all_licensed_users()]);
    for number in 0..60 {
        site.add_page(space, None, &format!("Page {number}"), "<p>Words.</p>");
    }
    site
}

impl Desk {
    fn slow(&self, latency_ms: u64) {
        self.site.set_knobs(Knobs { latency_ms, page_rows_max: Some(2), ..Knobs::default() });
    }

    fn connection(&self, name: &str) -> ConnectionId {
        self.host.store().connection(name).unwrap().id
    }

    fn last_run(&self, name: &str) -> Run {
        self.host.store().runs(self.connection(name), 1).unwrap().remove(0)
    }

    fn goes_on(&self, name: &str) -> bool {
        self.host.live().seen(self.connection(name)).is_some()
    }

    /// A second connection to the same site, which is read by its schedule at once.
    async fn adds_another(&self) {
        self.host.add_connection(Draft { name: OTHER.to_owned(), ..draft(&self.site) }).await.unwrap();
    }

    async fn acts(&self) -> Vec<(String, Option<String>)> {
        let acts = self.host.store().acts(None, 99).unwrap();
        acts.into_iter().map(|act| (act.act, act.outcome)).collect()
    }
}

impl Browser<'_> {
    async fn follows(&self, path: &str) -> Events {
        let request = client().get(self.desk.at(path)).header("cookie", &self.cookie);
        Events::of(request.send().await.unwrap())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_is_told_what_goes_on_and_when_it_has_ended() {
    let desk = Desk::synced(long()).await;
    let browser = desk.signed_in().await;
    let page = browser.get("/connections").await.text;
    assert!(page.contains(r#"data-live="/connections/events""#), "{page}");
    assert!(page.contains("<strong>64</strong> Pages"), "{page}");
    let mut all = browser.follows("/connections/events").await;
    let mut one = browser.follows("/connections/acme/events").await;
    desk.slow(60);
    let sent = browser.sends("/connections/acme/sync", &[("mode", "everything")]).await;
    assert_eq!((sent.status, sent.header("location")), (303, "/connections/acme"));
    let id = desk.connection(NAME);
    assert_eq!(all.until("said", "begun").await, "acme: a run has begun.");
    let told = all.until(&format!("progress-{id}"), "<progress max").await;
    assert!(told.contains("Reading everything"), "{told}");
    let card = one.until(&format!("card-{id}"), "Stop this run").await;
    assert!(card.contains(r#"data-state="syncing""#), "{card}");
    one.until(&format!("progress-{id}"), "Being read").await;
    let page = browser.get("/connections/acme").await.text;
    assert!(page.contains("Reading everything") && page.contains("<progress"), "{page}");
    assert_eq!(all.until("said", "ended").await, "acme: the run has ended, complete.");
    one.until(&format!("runs-{id}"), "complete").await;
    assert_eq!(desk.last_run(NAME).mode, Mode::Everything);
    desk.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_asks_for_a_run_follows_it_and_stops_it() {
    let desk = Desk::synced(long()).await;
    let (token, reads) = (desk.token(None, &[Scope::Manage]), desk.token(None, &[Scope::Read]));
    let at = |rest: &str| format!("/api/v1/connections/acme/{rest}");
    let idle = desk.get(&reads, &at("progress")).await.json();
    assert_eq!(idle, json!({ "run": null, "backlog": 0 }));
    desk.slow(100);
    for (path, body) in
        [("sync", json!({ "mode": "everything" })), ("cancel", Value::Null), ("doctor", Value::Null)]
    {
        assert_eq!(desk.post(&reads, &at(path), &body).await.status, 403, "{path}");
    }
    let wrong = desk.post(&token, &at("sync"), &json!({ "mode": "all" })).await;
    assert_eq!((wrong.status, wrong.header("content-type")), (400, "application/problem+json"));
    let events = client().get(desk.at(&at("events"))).bearer_auth(&reads).send().await.unwrap();
    let mut events = Events::of(events);
    assert_eq!(desk.post(&token, &at("sync"), &json!({ "mode": "everything" })).await.status, 202);
    let told: Value = serde_json::from_str(&events.until("progress", r#""stage":"reading""#).await).unwrap();
    assert_eq!((&told["run"]["doing"], &told["run"]["mode"]), (&json!("sync"), &json!("everything")));
    let now = desk.get(&reads, &at("progress")).await.json();
    assert!(!now["run"]["datasets"].as_array().unwrap().is_empty(), "{now}");
    let line = desk.get(&reads, "/api/v1/connections").await.json();
    assert_eq!((&line[0]["state"], &line[0]["next"]["when"]), (&json!("syncing"), &json!("under-way")));
    let canceled = desk.post(&token, &at("cancel"), &Value::Null).await;
    assert_eq!(canceled.json()["run"], desk.last_run(NAME).id);
    let ended: Value = serde_json::from_str(&events.until("ended", "").await).unwrap();
    assert_eq!(ended["outcome"], "canceled", "{ended}");
    let runs = desk.get(&reads, &at("runs?limit=1")).await.json();
    assert_eq!(runs["items"][0]["id"], ended["id"]);
    let earlier =
        desk.get(&reads, &at(&format!("runs?cursor={}", runs["next"].as_str().unwrap()))).await.json();
    assert_eq!((&earlier["items"][0]["outcome"], &earlier["next"]), (&json!("complete"), &Value::Null));
    let one = desk.get(&reads, &at(&format!("runs/{}", earlier["items"][0]["id"]))).await.json();
    assert_eq!(one["counts"]["by_kind"]["page"], 64);
    for unknown in ["runs/999", "runs/first"] {
        assert_eq!(desk.get(&reads, &at(unknown)).await.status, 404);
    }
    desk.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_could_not_be_read_is_shown_with_its_reason_and_tried_again() {
    let desk = Desk::synced(small()).await;
    let browser = desk.signed_in().await;
    let none = browser.get("/connections/acme/failures").await;
    assert!(none.text.contains("Everything could be read"), "{}", none.text);
    let broken = desk.site.read(|site| crate::acme::page(site, "Leave"));
    desk.site.change(|site| site.purge_page(crate::acme::page(site, "Leave")));
    desk.site.set_knobs(Knobs {
        faults: vec![Fault {
            path: broken.to_string(),
            when: When::Always,
            what: What::Status { code: 400, retry_after_seconds: None },
        }],
        ..Knobs::default()
    });
    desk.host.want(NAME, Mode::Inventory).unwrap();
    let failures = || desk.host.store().failures(desk.connection(NAME), None, 9).unwrap();
    until("a failure", async || failures().len() == 1 && !desk.goes_on(NAME)).await;
    let page = browser.get("/connections/acme/failures").await.text;
    assert!(
        page.contains("Leave") && page.contains("Try all again") && page.contains("data-ago=\"\">in "),
        "{page}"
    );
    let reason = desk.host.store().failure_reasons(desk.connection(NAME)).unwrap().remove(0).reason;
    let because = url::form_urlencoded::byte_serialize(reason.as_bytes()).collect::<String>();
    let of = async |reason: &str| {
        let page = browser.get(&format!("/connections/acme/failures?reason={reason}")).await;
        page.text.contains(r#"<td class="number">1</td>"#)
    };
    assert!(of(&because).await && !of("another").await);
    let id = failures().remove(0).id;
    let sent = browser.sends("/connections/acme/failures", &[("id", &id)]).await;
    assert_eq!((sent.status, failures()[0].next), (303, 0));
    let token = desk.token(None, &[Scope::Manage]);
    let line = desk.get(&token, "/api/v1/connections/acme/failures").await.json();
    assert_eq!((&line["items"][0]["id"], &line["items"][0]["next"]), (&json!(id), &Value::Null));
    let retried = desk.post(&token, "/api/v1/connections/acme/failures/retry", &json!({})).await;
    assert_eq!(retried.json()["items"], 1);
    desk.stop().await;
}

/// A site of which so much is missing that it waits for a person, and another connection that is being read slowly.
async fn with_deletions() -> Desk {
    let desk = Desk::synced(long()).await;
    let hidden_spaces = vec!["LONG".to_owned()];
    desk.site.set_knobs(Knobs { hidden_spaces: hidden_spaces.clone(), ..Knobs::default() });
    desk.host.want(NAME, Mode::Inventory).unwrap();
    let waiting = || desk.host.waiting_deletions(NAME).unwrap().len();
    until("deletions", async || waiting() == 61 && !desk.goes_on(NAME)).await;
    desk.site.set_knobs(Knobs { hidden_spaces, latency_ms: 150, page_rows_max: Some(1), ..Knobs::default() });
    desk.adds_another().await;
    until("another run", async || desk.goes_on(OTHER)).await;
    desk
}

#[tokio::test(flavor = "multi_thread")]
async fn deletions_are_approved_beside_the_sync_of_another_connection() {
    let desk = with_deletions().await;
    let browser = desk.signed_in().await;
    let page = browser.get("/connections/acme/deletions").await.text;
    assert!(page.contains("<td class=\"number\">60</td>") && page.contains("Approve"), "{page}");
    assert!(browser.get("/connections").await.text.contains("61 deletions wait for your word"));
    let sent = browser.sends("/connections/acme/deletions/approve", &[]).await;
    assert_eq!((sent.status, sent.header("location")), (303, "/connections/acme/deletions"));
    let mut events = browser.follows("/connections/acme/events?asking=true").await;
    events.until("reload", "").await;
    assert!(desk.goes_on(OTHER), "the other one is still being read");
    let page = browser.get("/connections/acme/deletions").await.text;
    assert!(page.contains("61 gone, 0 still there, 0 unanswered"), "{page}");
    assert_eq!(desk.host.store().overview(NAME).unwrap().items_by_kind["page"], 4);
    assert!(desk.acts().await.contains(&("deletions-approved".to_owned(), Some("done".to_owned()))));
    desk.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn deletions_are_rejected_and_the_rule_is_set() {
    let desk = with_deletions().await;
    let token = desk.token(None, &[Scope::Manage]);
    let at = |rest: &str| format!("/api/v1/connections/acme/deletions{rest}");
    let waiting = desk.get(&token, &at("")).await.json();
    assert_eq!(waiting["groups"][0]["items"], 60, "{waiting}");
    assert_eq!(waiting["limit"], json!({ "share": 20, "at_least": 50 }));
    let first = desk.get(&token, &at("/items?limit=50")).await.json();
    let rest =
        desk.get(&token, &at(&format!("/items?cursor={}", first["next"].as_str().unwrap()))).await.json();
    assert_eq!(rest["items"].as_array().unwrap().len(), 11);
    assert_eq!(desk.post(&token, &at("/reject"), &Value::Null).await.json()["items"], 61);
    assert_eq!(desk.get(&token, &at("")).await.json()["groups"][0]["rejected"], true);
    let put = async |body: Value| {
        let request = client().put(desk.at(&at("/limit"))).bearer_auth(&token);
        let request = request.header("content-type", "application/json").body(body.to_string());
        Answer::of(request.send().await.unwrap()).await.status
    };
    assert_eq!(put(json!({ "share": 101, "at_least": 1 })).await, 400);
    assert_eq!(put(json!({ "share": 30, "at_least": 100 })).await, 204);
    assert_eq!(desk.get(&token, &at("")).await.json()["limit"], json!({ "share": 30, "at_least": 100 }));
    desk.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_is_removed_while_it_is_read_and_erased_without_a_restart() {
    let desk = Desk::synced(long()).await;
    desk.slow(150);
    desk.adds_another().await;
    desk.host.want(NAME, Mode::Everything).unwrap();
    until("two runs", async || desk.goes_on(NAME) && desk.goes_on(OTHER)).await;
    let browser = desk.signed_in().await;
    let page = browser.get("/connections/acme/remove").await.text;
    assert!(page.contains("64 Pages") && page.contains("type its name"), "{page}");
    let mistyped = browser.sends("/connections/acme/remove", &[("name", "acne")]).await;
    assert_eq!((mistyped.status, desk.host.turns().unwrap().len()), (422, 2));
    let mut events = browser.follows("/connections/events").await;
    let sent = browser.sends("/connections/acme/remove", &[("name", NAME)]).await;
    assert_eq!((sent.status, sent.header("location")), (303, "/connections"), "{}", sent.text);
    events.until("reload", "").await;
    assert_eq!(browser.get("/connections/acme").await.status, 404);
    let left = || desk.host.store().removals().unwrap().len();
    assert_eq!((left(), desk.goes_on(OTHER)), (1, true), "the other sync holds the index");
    desk.host.cancel(OTHER).unwrap();
    until("the rest of the removal", async || left() == 0).await;
    desk.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn open_pages_end_when_the_process_does_and_there_are_not_too_many() {
    let desk = Desk::synced(small()).await;
    let browser = desk.signed_in().await;
    let mut open = Vec::new();
    for _ in 0..64 {
        open.push(browser.follows("/connections/events").await);
    }
    let refused = browser.get("/connections/events").await;
    assert_eq!(refused.status, 503, "{}", refused.text);
    drop(open.split_off(1));
    until("room", async || {
        let request = client().get(desk.at("/connections/acme/events")).header("cookie", &browser.cookie);
        request.send().await.unwrap().status().as_u16() == 200
    })
    .await;
    let began = Instant::now();
    desk.stop().await;
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
    assert!(open[0].next().await.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_says_how_it_is_and_is_held_to_limits() {
    let desk = Desk::synced(small()).await;
    let browser = desk.signed_in().await;
    let sent = browser.sends("/connections/acme/limits", &[("width", "3"), ("points_per_hour", "")]).await;
    assert_eq!((sent.status, desk.host.allowance(NAME).unwrap().width), (303, Some(3)));
    let refused =
        browser.sends("/connections/acme/limits", &[("width", "21"), ("points_per_hour", "")]).await;
    assert_eq!((refused.status, desk.host.allowance(NAME).unwrap().width), (400, Some(3)));
    let healthy = browser.sends("/connections/acme/doctor", &[]).await.text;
    assert!(healthy.contains(r#"data-state="good""#), "{healthy}");
    let page = browser.get("/connections/acme").await.text;
    assert!(page.contains("1 person show") && page.contains("Confluence Cloud"), "{page}");
    let files = browser.get("/connections/acme/files").await.text;
    assert!(files.contains("1 file with words."), "{files}");
    let run = desk.last_run(NAME);
    let page = browser.get(&format!("/connections/acme/runs/{}", run.id)).await.text;
    assert!(page.contains("everything anew") && page.contains("What it cost"), "{page}");
    assert_eq!(run.outcome, Some(Outcome::Complete));
    desk.stop().await;
}
