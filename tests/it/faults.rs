//! The site has a bad day: a sync ends, complete or with words; it loses nothing, shows nobody
//! more than before, and the next sync on a good day mends everything.

use std::time::Duration;

use confluence_simulator::{Fault, Knobs, What, When};
use weir::gate::Clock as _;

use crate::acme::{Acme, NAME, company, generated, small};

/// One sync under these knobs, then one on a good day. Returns what was said of the first.
async fn on_a_day(knobs: Knobs) -> String {
    let acme = Acme::new(small()).await;
    acme.site.set_knobs(knobs);
    let synced = acme.try_sync().await;
    acme.assert_nothing_leaks();
    let mut left_out: Vec<String> = Vec::new();
    for skipped in &synced.report.skipped {
        left_out.push(format!("{}/{}: {}", skipped.dataset, skipped.partition, skipped.reason));
    }
    left_out.sort();
    if synced.report.is_complete() {
        acme.assert_faithful();
        left_out.push("complete".to_owned());
    }

    acme.site.set_knobs(Knobs::default());
    // Longer than anything has asked to be left alone.
    acme.clock.sleep(Duration::from_secs(3_600)).await;
    let before = acme.items(None);
    acme.sync().await;
    acme.assert_faithful();
    assert!(acme.items(None).is_superset(&before));
    left_out.join("\n")
}

fn fault(path: &str, when: When, what: What) -> Knobs {
    Knobs { faults: vec![Fault { path: path.into(), when, what }], ..Knobs::default() }
}

fn status(code: u16) -> What {
    What::Status { code, retry_after_seconds: None }
}

const PAGES: &str = "/wiki/api/v2/pages";

#[tokio::test(flavor = "multi_thread")]
async fn throttled_with_a_word_how_long() {
    let what = What::Status { code: 429, retry_after_seconds: Some(7) };
    let acme = Acme::new(small()).await;
    acme.site.set_knobs(fault("", When::Nth(9), what));
    assert_eq!(acme.sync().await.traffic.retries, 1);
    assert_eq!(acme.clock.slept(), Duration::from_millis(8_050), "seven seconds, stretched by jitter");
    insta::assert_snapshot!(on_a_day(fault("", When::Every(4), what)).await, @"complete");
}

#[tokio::test(flavor = "multi_thread")]
async fn throttled_for_longer_than_anyone_waits() {
    let what = What::Status { code: 429, retry_after_seconds: Some(3_600) };
    let acme = Acme::new(small()).await;
    acme.site.set_knobs(fault(PAGES, When::Always, what));
    let skipped = acme.try_sync().await.report.skipped;
    // What else was under way by then is chance; nothing was begun after it.
    let words: Vec<&str> = skipped.iter().map(|it| it.reason.as_str()).collect();
    let told = |words: &&str| words.contains("and got 429") && words.contains("to be left alone for 3600s");
    assert!(words.len() >= 2 && words.iter().all(told), "{words:?}");
    acme.assert_nothing_leaks();
    acme.site.ledger().clear();
    assert_eq!(acme.try_sync().await.traffic.requests, 0, "it asked to be left alone");
    acme.clock.sleep(Duration::from_secs(3_600)).await;
    acme.site.set_knobs(Knobs::default());
    acme.sync().await;
    acme.assert_faithful();
}

#[tokio::test(flavor = "multi_thread")]
async fn throttled_without_a_word() {
    insta::assert_snapshot!(on_a_day(fault(PAGES, When::First(3), What::GatewayLimit)).await, @"complete");
}

#[tokio::test(flavor = "multi_thread")]
async fn throttled_all_day() {
    insta::assert_snapshot!(on_a_day(fault(PAGES, When::Always, What::GatewayLimit)).await, @r"
        changes/all: asked acme.atlassian.net for /wiki/api/v2/pages and got 429: Too many requests
        content/pages-1: asked acme.atlassian.net for /wiki/api/v2/pages and got 429: Too many requests
        content/pages-2: asked acme.atlassian.net for /wiki/api/v2/pages and got 429: Too many requests
    ");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passing_failure_is_not_noticed() {
    for code in [500, 502, 503, 504] {
        assert_eq!(on_a_day(fault("", When::Nth(5), status(code))).await, "complete", "{code}");
    }
    assert_eq!(on_a_day(fault(PAGES, When::First(3), status(500))).await, "complete");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_that_is_down_all_day_is_left_out() {
    insta::assert_snapshot!(on_a_day(fault("footer-comments", When::Always, status(503))).await, @r#"
    changes/all: asked acme.atlassian.net for /wiki/api/v2/footer-comments and got 503: a page titled "503"
    content/footer-comments: asked acme.atlassian.net for /wiki/api/v2/footer-comments and got 503: a page titled "503"
    "#);
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_is_down() {
    insta::assert_snapshot!(on_a_day(fault("", When::Always, status(500))).await, @r#"
    changes/all: asked acme.atlassian.net for /wiki/api/v2/attachments and got 500: a page titled "500"
    content/: asked acme.atlassian.net for /wiki/api/v2/spaces and got 500: a page titled "500"
    directory/people: asked acme.atlassian.net for /wiki/rest/api/search/user and got 500: a page titled "500"
    "#);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_page_where_json_was_expected() {
    insta::assert_snapshot!(on_a_day(fault("footer-comments", When::Always, What::Html)).await, @r#"content/footer-comments: asked acme.atlassian.net for /wiki/api/v2/footer-comments and got something else than the expected JSON (expected value at line 1 column 1): a page titled "Log in with Atlassian account""#);
}

#[tokio::test(flavor = "multi_thread")]
async fn json_that_breaks_off() {
    insta::assert_snapshot!(on_a_day(fault("inline-comments", When::Always, What::TruncatedJson)).await, @r#"content/inline-comments: asked acme.atlassian.net for /wiki/api/v2/inline-comments and got something else than the expected JSON (EOF while parsing a string at line 1 column 33): {"_links":{"base":"https://acme.a"#);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_breaks_in_the_middle() {
    insta::assert_snapshot!(on_a_day(fault(PAGES, When::Nth(1), What::Reset)).await, @"complete");
    insta::assert_snapshot!(on_a_day(fault("attachments", When::Always, What::Reset)).await, @r"
    changes/all: asked acme.atlassian.net for /wiki/api/v2/attachments, but the answer broke off
    content/attachments: asked acme.atlassian.net for /wiki/api/v2/attachments, but the answer broke off
    ");
}

#[tokio::test(flavor = "multi_thread")]
async fn short_pages_and_a_cursor_that_is_refused() {
    let short = Knobs { page_rows_max: Some(1), ..Knobs::default() };
    insta::assert_snapshot!(on_a_day(short.clone()).await, @"complete");
    let refused = fault("cursor=", When::Nth(2), What::BadCursor);
    insta::assert_snapshot!(on_a_day(Knobs { faults: refused.faults, ..short }).await, @"complete");
}

#[tokio::test(flavor = "multi_thread")]
async fn cursors_that_are_always_refused_end_the_read_and_not_only_start_it_again() {
    let refused = fault("attachments?cursor=", When::Always, What::BadCursor);
    let acme = Acme::new(generated(2, &company())).await;
    acme.site.set_knobs(Knobs { page_rows_max: Some(20), ..refused });
    let skipped = acme.try_sync().await.report.skipped;
    let words: Vec<String> = skipped.iter().map(|it| format!("{}: {}", it.partition, it.reason)).collect();
    assert_eq!(words, ["attachments: the connector's positions keep going stale"]);
    acme.assert_nothing_leaks();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_search_index_does_not_know_yet_is_asked_for_singly() {
    let acme = Acme::new(small()).await;
    acme.site.set_knobs(Knobs { index_lag_ms: 3_600_000, ..Knobs::default() });
    acme.site.ledger().clear();
    acme.sync().await;
    acme.assert_faithful();
    let singly = acme.site.ledger().count("/wiki/rest/api/content/{id}/restriction");
    assert_eq!(singly, 5, "four pages and a blog post: {:?}", acme.site.ledger().by_endpoint());
}

/// Each of these hides who may read something; whoever could, cannot for a day.
#[tokio::test(flavor = "multi_thread")]
async fn access_that_cannot_be_read_is_nobody_s() {
    let healthy = Acme::new(small()).await;
    healthy.sync().await;
    let readers = |acme: &Acme| acme.items(Some("ben@acme.example")).len();
    for (paths, expected) in [(["content/search", "/restriction"], 1), (["/permissions", "nothing"], 0)] {
        let acme = Acme::new(small()).await;
        let always = |path: &&str| Fault { path: (*path).into(), when: When::Always, what: status(500) };
        acme.site.set_knobs(Knobs { faults: paths.iter().map(always).collect(), ..Knobs::default() });
        acme.try_sync().await;
        acme.assert_nothing_leaks();
        assert_eq!(acme.items(None), healthy.items(None), "{paths:?}: all is stored");
        assert_eq!(readers(&acme), expected, "{paths:?}");
        acme.site.set_knobs(Knobs::default());
        acme.sync().await;
        acme.assert_faithful();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_directory_that_cannot_be_read_lets_nobody_in() {
    let said = on_a_day(fault("membersByGroupId", When::Always, status(500))).await;
    insta::assert_snapshot!(said, @r#"directory/people: asked acme.atlassian.net for /wiki/rest/api/group/11111111-aaaa-4aaa-8aaa-000000000001/membersByGroupId and got 500: a page titled "500""#);
    let said = on_a_day(fault("search/user", When::Always, status(500))).await;
    insta::assert_snapshot!(said, @r#"directory/people: asked acme.atlassian.net for /wiki/rest/api/search/user and got 500: a page titled "500""#);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_token_stops_the_run_and_deletes_nothing() {
    let acme = Acme::new(small()).await;
    acme.sync().await;
    let before = acme.items(None);
    acme.site.change(|site| site.users.get_mut("crawler").unwrap().api_token = None);
    let report = acme.try_sync().await.report;
    insta::assert_snapshot!(report.stopped.unwrap(), @"asked acme.atlassian.net for /wiki/api/v2/spaces and got 404: Not Found");
    assert_eq!(acme.items(None), before);
    acme.assert_faithful();
    assert_eq!(acme.status().last_run.unwrap().outcome.unwrap().as_str(), "failed");
    assert_eq!(acme.host.store().connection(NAME).unwrap().name, NAME);
}

/// CONFCLOUD-77618: some pages fail to be expanded as ancestors.
#[tokio::test(flavor = "multi_thread")]
async fn ancestors_that_the_site_does_not_show_are_not_needed() {
    let acme = Acme::new(small()).await;
    let unseen_ancestors = vec![acme.page("Leave")];
    acme.site.set_knobs(Knobs { unseen_ancestors, ..Knobs::default() });
    acme.sync().await;
    acme.assert_faithful();
}
