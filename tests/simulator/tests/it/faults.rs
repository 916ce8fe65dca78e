//! Knobs that make a site misbehave, the same way each time.

use confluence_simulator::{Fault, Knobs, What, When};

use crate::client::{Client, demo};

fn knobs(path: &str, when: When, what: What) -> Knobs {
    Knobs {
        faults: vec![Fault {
            path: path.into(),
            when,
            what,
        }],
        ..Knobs::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn faults_count_the_requests_they_match() {
    let running = demo().await;
    let client = Client::crawler(&running);
    let what = What::Status {
        code: 503,
        retry_after_seconds: Some(2),
    };
    let ask = |path: &str| client.get(path).status;
    running.set_knobs(knobs("/pages", When::First(2), what));
    let statuses = [
        ask("/wiki/api/v2/pages"),
        ask("/wiki/api/v2/spaces"),
        ask("/wiki/api/v2/pages"),
        ask("/wiki/api/v2/pages"),
    ];
    assert_eq!(statuses, [503, 200, 503, 200]);
    running.set_knobs(knobs("", When::Every(3), what));
    let statuses: Vec<u16> = (0..7).map(|_| ask("/wiki/api/v2/spaces")).collect();
    assert_eq!(statuses, [200, 200, 503, 200, 200, 503, 200]);
    running.set_knobs(knobs("", When::Nth(2), what));
    let statuses: Vec<u16> = (0..4).map(|_| ask("/wiki/api/v2/spaces")).collect();
    assert_eq!(statuses, [200, 503, 200, 200]);
    running.set_knobs(knobs("", When::Always, what));
    assert_eq!(
        client.get("/wiki/api/v2/spaces").header("retry-after"),
        Some("2")
    );
    assert!(running.ledger().entries().last().unwrap().fault);
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_can_be_html_cut_short_or_broken_off() {
    let running = demo().await;
    let client = Client::crawler(&running);
    running.set_knobs(knobs("", When::Always, What::Html));
    let html = client.get("/wiki/api/v2/pages");
    assert!(html.status == 200 && html.text().starts_with("<!DOCTYPE html>"));
    running.set_knobs(knobs("", When::Always, What::TruncatedJson));
    let cut = client.get("/wiki/api/v2/pages?body-format=storage");
    assert!(cut.whole && serde_json::from_slice::<serde_json::Value>(&cut.body).is_err());
    running.set_knobs(knobs("", When::Always, What::Reset));
    let broken = client.get("/wiki/api/v2/pages?limit=250&body-format=storage");
    assert!(broken.status == 200 && !broken.whole && !broken.body.is_empty());
    running.set_knobs(knobs("", When::Always, What::GatewayLimit));
    let limited = client.get("/wiki/api/v2/pages");
    assert_eq!((limited.status, limited.header("retry-after")), (429, None));
    assert_eq!(
        limited.header("x-failure-category"),
        Some("FAILURE_CLIENT_RATE_LIMITED")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_good_cursor_can_be_refused_once() {
    let running = demo().await;
    let client = Client::crawler(&running);
    running.set_knobs(knobs("cursor=", When::First(1), What::BadCursor));
    let next = client.get("/wiki/api/v2/pages?limit=5").json()["_links"]["next"]
        .as_str()
        .unwrap()
        .to_string();
    let refused = client.get(&next);
    assert!(refused.status == 400 && refused.text().contains("INVALID_REQUEST_PARAMETER"));
    assert_eq!(client.get(&next).status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn comment_lists_can_leave_replies_to_the_children_routes() {
    let running = demo().await;
    let client = Client::crawler(&running);
    let all = client.ids("/wiki/api/v2/footer-comments?limit=250");
    running.set_knobs(Knobs {
        comment_lists_are_roots_only: true,
        ..Knobs::default()
    });
    let roots = client.ids("/wiki/api/v2/footer-comments?limit=250");
    let replies: Vec<String> = roots
        .iter()
        .flat_map(|id| client.ids(&format!("/wiki/api/v2/footer-comments/{id}/children")))
        .collect();
    assert!(!replies.is_empty());
    assert_eq!(roots.len() + replies.len(), all.len());
}

#[test]
fn knobs_are_plain_json() {
    let text = r#"{"latency-ms":50,"faults":[{"path":"/pages","when":{"every":10},"what":{"status":{"code":429,"retry-after-seconds":1}}}],"metered":{"points":1000}}"#;
    let knobs: Knobs = serde_json::from_str(text).unwrap();
    assert_eq!(knobs.faults[0].when, When::Every(10));
    assert_eq!(
        serde_json::from_str::<Knobs>(&serde_json::to_string(&knobs).unwrap()).unwrap(),
        knobs
    );
    assert!(serde_json::from_str::<Knobs>(r#"{"latency":50}"#).is_err());
}
