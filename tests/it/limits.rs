//! What a site charges and how much it lets through: counted as it counts, kept to, and known beforehand.

use std::sync::Arc;
use std::time::Duration;

use confluence_simulator::{Clock, Fault, Knobs, Quota, Site, Size, WRITTEN_UNTIL, What, When, generate};
use serde_json::json;
use weir::gate::Clock as _;
use weir::host::Draft;
use weir::model::Allowance;
use weir::store::Outcome;
use weir::sync::{Silent, Stop};

use crate::acme::{Acme, NAME, SITE, company, draft, generated, small};
use crate::command::{User, serve, snapshots, stable};

/// Points that the site charged since its ledger was cleared; its media host charges nobody.
fn charged(acme: &Acme) -> u64 {
    let entries = acme.site.ledger().entries();
    entries.iter().filter(|entry| !entry.endpoint.starts_with("/file/")).map(|entry| entry.points).sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sync_counts_its_points_as_the_site_does() {
    for (seed, settings) in [
        (3, json!({ "site": SITE, "audit": true })),
        (3, json!({ "site": SITE, "labels": ["onboarding"] })),
        (4, json!({ "site": SITE, "personal-spaces": false })),
    ] {
        let acme = Acme::unconnected(generated(seed, &company())).await;
        let connection = Draft { settings: settings.to_string(), ..draft(&acme.site) };
        acme.host.add_connection(connection).await.unwrap();
        acme.site.ledger().clear();
        let synced = acme.sync().await;
        assert_eq!(
            synced.traffic.points,
            charged(&acme),
            "{settings}: {:?}",
            acme.site.ledger().by_endpoint()
        );
        assert_eq!(synced.report.run.counts.points, synced.traffic.points, "the run tells them");
        acme.host.read_files(NAME, Default::default(), &Stop::never(), Arc::new(Silent)).await.unwrap();
        assert_eq!(acme.host.points_spent(NAME).unwrap(), charged(&acme), "with those of the files");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn points_of_an_hour_outlive_the_process() {
    let acme = Acme::new(small()).await;
    let first = acme.sync().await.traffic.points;
    let acme = acme.reopened();
    assert_eq!(acme.host.points_spent(NAME).unwrap(), first);
    let second = acme.sync().await.traffic.points;
    assert_eq!(acme.host.points_spent(NAME).unwrap(), first + second);
    acme.clock.sleep(Duration::from_secs(3_600)).await;
    assert_eq!(acme.host.points_spent(NAME).unwrap(), 0, "a new hour");
}

/// The clock of the site goes with the host's.
async fn an_hour_later(acme: &Acme, clock: &Clock) {
    clock.advance(3_600_000);
    acme.clock.sleep(Duration::from_secs(3_600)).await;
}

/// Small pages, so that what is in flight when a limit is met is little beside it.
fn metered(points: u64) -> Knobs {
    let quota = Quota { points, ..Quota::default() };
    Knobs { metered: Some(quota), page_rows_max: Some(20), ..Knobs::default() }
}

/// Both count from the same moment: the first of an hour.
async fn on_the_hour(seed: u64) -> (Acme, Clock) {
    let clock = Clock::standing_at(WRITTEN_UNTIL);
    let acme = Acme::new(generate(seed, &company(), clock.clone())).await;
    (acme, clock)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_leaves_a_tenth_of_the_hour_to_others_and_the_next_hour_goes_on() {
    let (acme, clock) = on_the_hour(5).await;
    acme.site.set_knobs(metered(1_500));
    acme.site.ledger().clear();
    let report = acme.try_sync().await.report;
    let words: Vec<&str> = report.skipped.iter().map(|it| it.reason.as_str()).collect();
    assert!(!words.is_empty() && words.iter().all(|it| it.contains("90 % of the 1500 points")), "{words:?}");
    acme.assert_nothing_leaks();
    let spent = charged(&acme);
    assert!((1_350..1_500).contains(&spent), "{spent}");
    assert!(acme.site.ledger().entries().iter().all(|entry| entry.status != 429), "the site never refused");
    assert_eq!(acme.try_sync().await.traffic.requests, 0, "in the same hour nothing more is asked");
    let acme = acme.reopened();
    assert!(
        acme.try_sync().await.traffic.requests < 10,
        "a process that begins is told so by the first answers"
    );
    an_hour_later(&acme, &clock).await;
    acme.site.set_knobs(metered(65_000));
    acme.sync().await;
    acme.assert_faithful();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quota_that_others_spent_is_met_once() {
    let (acme, clock) = on_the_hour(5).await;
    // Another app of the same tenant has spent it all, and no header tells before.
    acme.site.set_knobs(metered(1));
    acme.host.estimate(NAME).await.ok();
    acme.site.ledger().clear();
    let report = acme.try_sync().await.report;
    assert_eq!(report.run.outcome, Some(Outcome::Failed));
    assert!(
        acme.site.ledger().entries().is_empty(),
        "it was told already: {:?}",
        acme.site.ledger().by_endpoint()
    );
    acme.site.set_knobs(Knobs::default());
    an_hour_later(&acme, &clock).await;
    acme.sync().await;
    acme.assert_faithful();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_is_held_to_what_a_user_allows() {
    let (acme, clock) = on_the_hour(5).await;
    acme.host.allow(NAME, Allowance { points_per_hour: Some(900), width: Some(1) }).unwrap();
    acme.site.set_knobs(Knobs { metered: None, ..metered(0) });
    acme.site.ledger().clear();
    let report = acme.try_sync().await.report;
    assert!(report.skipped.iter().all(|it| it.reason.contains("since the 900 points an hour")), "{report:?}");
    // Points are counted when an answer was read, so that a few of 20 rows may be on their way by then.
    assert!((900..1_300).contains(&charged(&acme)), "{}", charged(&acme));
    assert!(acme.site.ledger().entries().iter().all(|entry| entry.in_flight == 1));
    acme.host.allow(NAME, Allowance::default()).unwrap();
    acme.sync().await;
    acme.assert_faithful();
    drop(clock);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_fails_for_its_size_is_asked_for_in_halves() {
    let acme = Acme::new(generated(6, &company())).await;
    let what = What::Status { code: 504, retry_after_seconds: None };
    // Whatever asks for a whole page of pages takes the site too long, however often it is asked.
    let fault = Fault { path: "body-format=storage&limit=250".into(), when: When::Always, what };
    acme.site.set_knobs(Knobs { faults: vec![fault], ..Knobs::default() });
    acme.site.ledger().clear();
    acme.sync().await;
    acme.assert_faithful();
    let entries = acme.site.ledger().entries();
    let halves = entries.iter().filter(|entry| entry.target.contains("limit=125")).count();
    assert!(halves > 0, "{:?}", acme.site.ledger().by_endpoint());
}

/// How far an estimate is off, in per cent of what it was.
fn off(estimated: u64, was: u64) -> u64 {
    estimated.abs_diff(was) * 100 / was.max(1)
}

async fn first_sync(site: Site, settings: serde_json::Value) -> (weir::host::Estimate, u64, u64, u64) {
    let acme = Acme::unconnected(site).await;
    let mut all = json!({ "site": SITE });
    all.as_object_mut().unwrap().extend(settings.as_object().unwrap().clone());
    acme.host.add_connection(Draft { settings: all.to_string(), ..draft(&acme.site) }).await.unwrap();
    let estimate = acme.host.estimate(NAME).await.unwrap();
    acme.site.ledger().clear();
    let traffic = acme.sync().await.traffic;
    let content = acme.items(None).len() as u64;
    (estimate, traffic.requests, traffic.points, content)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_estimate_is_near_what_a_first_sync_costs() {
    let (estimate, requests, points, content) = first_sync(generated(11, &Size::bench()), json!({})).await;
    let of = |dataset: &str| {
        estimate.amounts.iter().filter(|it| it.dataset == dataset).map(|it| it.items).sum::<u64>()
    };
    println!("{requests} {points} {content} {estimate:#?}");
    assert!(estimate.asked <= 15, "{}", estimate.asked);
    assert!(off(of("content"), content) <= 5, "{} items, not {content}", of("content"));
    assert!(off(estimate.requests(), requests) <= 20, "{} requests, not {requests}", estimate.requests());
    assert!(off(estimate.points(), points) <= 10, "{} points, not {points}", estimate.points());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_estimate_takes_filters_into_account() {
    for settings in [
        json!({ "personal-spaces": false }),
        json!({ "labels": ["onboarding"] }),
        json!({ "read-comments": false, "read-attachments": false }),
        json!({ "modified-after": "2026-04-01T12:00:00Z" }),
    ] {
        let (estimate, requests, points, content) =
            first_sync(generated(11, &Size::bench()), settings.clone()).await;
        let of = |dataset: &str| {
            estimate.amounts.iter().filter(|it| it.dataset == dataset).map(|it| it.items).sum::<u64>()
        };
        println!(
            "{settings} items {} {content} requests {} {requests} points {} {points}",
            of("content"),
            estimate.requests(),
            estimate.points()
        );
        assert!(off(of("content"), content) <= 30, "{settings}: {} items, not {content}", of("content"));
        assert!(
            off(estimate.points(), points) <= 50,
            "{settings}: {} points, not {points}",
            estimate.points()
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_it_costs_and_what_is_allowed_in_words() {
    let site = serve(small()).await;
    let user = User::new();
    user.adds(&site.url()).ok();
    let says = |arguments: &[&str]| {
        let said = stable(&user, user.runs(arguments));
        // What was spent in this hour is none when the next has just begun.
        let spent =
            |line: &str| line.rsplit_once("; ").map(|(head, _)| format!("{head}; SOME spent in this hour"));
        let lines = said.lines().map(|line| match line.ends_with("spent in this hour") {
            true => spent(line).unwrap(),
            false => line.to_owned(),
        });
        lines.collect::<Vec<_>>().join("\n")
    };
    snapshots(|| {
        insta::assert_snapshot!(says(&["estimate", "acme"]), @"
        exit 0
        --- stdout
        acme: about 29 items: SOME requests, 78 points, in less than a minute
          people                             4         SOME requests        10 points
          groups and their members         ~15        ~SOME requests       ~35 points
          spaces and their readers          ~2        ~SOME requests       ~12 points
          pages                              4         SOME requests        10 points
          blog posts                         1         SOME requests         4 points
          comments                           2         SOME requests         4 points
          attachments                        1         SOME requests         2 points
          folders and their like             0         SOME requests         1 points
          SOME requests at once, an answer after TIME
        ");
        insta::assert_snapshot!(says(&["connection", "limit", "acme"]), @"
        exit 0
        --- stdout
        acme
          at once  5, the host's own choice
          points   90 % of what the source gives an hour, if it says what; SOME spent in this hour
        ");
        insta::assert_snapshot!(says(&["connection", "limit", "acme", "--points-per-hour", "0", "--width", "3"]), @"
        exit 0
        --- stdout
        acme
          at once  3
          points   0 an hour; SOME spent in this hour
        ");
        let held = user.runs(&["sync", "acme", "--no-files"]);
        assert_eq!(
            (held.code, held.stderr.contains("since the 0 points an hour of this connection are spent")),
            (1, true)
        );
        insta::assert_snapshot!(says(&["connection", "limit", "acme", "--none"]), @"
        exit 0
        --- stdout
        acme
          at once  5, the host's own choice
          points   90 % of what the source gives an hour, if it says what; SOME spent in this hour
        ");
        insta::assert_snapshot!(says(&["connection", "limit", "acme", "--none", "--width", "2"]), @"
        exit 2
        --- stderr
        error: the argument '--none' cannot be used with '--width <WIDTH>'

        Usage: weir connection limit --none --data <DIR> <NAME>

        For more information, try '--help'.
        ");
        insta::assert_snapshot!(says(&["connection", "limit", "acme", "--width", "21"]), @"
        exit 2
        --- stderr
        error: invalid value '21' for '--width <WIDTH>': 21 is not in 1..=20

        For more information, try '--help'.
        ");
        insta::assert_snapshot!(says(&["estimate", "acne"]), @"
        exit 1
        --- stderr
        error: there is no connection named `acne`; there are: acme
        ");
    });
    user.runs(&["sync", "acme"]).ok();
}
