//! Points by the hour, bursts by the second, and the headers that tell of them.

use confluence_simulator::{Burst, Clock, Knobs, Quota, Size, generate};

use crate::client::{Client, NOON, demo, start};

#[tokio::test(flavor = "multi_thread")]
async fn points_are_charged_by_what_is_returned() {
    let running = demo().await;
    let client = Client::crawler(&running);
    let cost = |path: &str| {
        assert_eq!(client.get(path).status, 200);
        running.ledger().entries().last().unwrap().points
    };
    assert_eq!(cost("/wiki/api/v2/pages?limit=250"), 251);
    let rows = running.read(|site| site.spaces.values().next().unwrap().permissions.len() as u64);
    let space = running.read(|site| *site.spaces.keys().next().unwrap());
    assert_eq!(cost(&format!("/wiki/api/v2/spaces/{space}/permissions?limit=250")), 1 + 2 * rows);
    assert_eq!(cost("/wiki/rest/api/group"), 11);
    // Nobody is told of points who does not pay them.
    assert_eq!(client.get("/wiki/api/v2/pages").header("x-ratelimit-limit"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_spent_hour_refuses_until_the_next_begins() {
    let clock = Clock::standing_at(NOON);
    let running = start(generate(1, &Size::demo(), clock.clone())).await;
    let client = Client::crawler(&running);
    clock.advance(45 * 60_000);
    running.set_knobs(Knobs { metered: Some(Quota { points: 60, ..Quota::default() }), ..Knobs::default() });
    let first = client.get("/wiki/api/v2/pages?limit=25");
    assert_eq!(first.header("x-ratelimit-remaining"), Some("34"));
    assert_eq!(first.header("ratelimit-policy"), Some("\"global-app-quota\";q=60;w=3600"));
    assert_eq!(first.header("ratelimit"), Some("\"global-app-quota\";t=900"));
    let second = client.get("/wiki/api/v2/pages?limit=25");
    assert_eq!(second.header("ratelimit"), Some("\"global-app-quota\";r=8;t=900"));
    assert_eq!(second.header("x-ratelimit-nearlimit"), Some("true"));
    assert_eq!(client.get("/wiki/api/v2/pages?limit=25").status, 200);
    let refused = client.get("/wiki/api/v2/pages?limit=25");
    assert_eq!((refused.status, refused.header("retry-after")), (429, Some("900")));
    assert_eq!(refused.header("ratelimit-reason"), Some("confluence-quota-global-based"));
    assert_eq!(refused.header("x-ratelimit-reset"), Some("2026-06-30T13:00:00Z"));
    clock.advance(15 * 60_000);
    assert_eq!(client.get("/wiki/api/v2/pages?limit=25").status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn some_sites_put_beta_before_the_names() {
    let running = demo().await;
    let quota = Quota { points: 1, beta_names: true, reason: "conf-global-based".into() };
    running.set_knobs(Knobs { metered: Some(quota), ..Knobs::default() });
    let client = Client::crawler(&running);
    let first = client.get("/wiki/api/v2/spaces");
    assert!(first.header("beta-ratelimit").is_some() && first.header("ratelimit").is_none());
    assert_eq!(client.get("/wiki/api/v2/spaces").header("ratelimit-reason"), Some("conf-global-based"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_burst_is_counted_for_each_endpoint() {
    let clock = Clock::standing_at(NOON);
    let running = start(generate(1, &Size::demo(), clock.clone())).await;
    running.set_knobs(Knobs { burst: Some(Burst { per_second: 1, size: 2 }), ..Knobs::default() });
    let client = Client::crawler(&running);
    let ask = |path: &str| client.get(path).status;
    let statuses = [(); 3].map(|()| ask("/wiki/api/v2/pages"));
    assert_eq!(statuses, [200, 200, 429]);
    assert_eq!(ask("/wiki/api/v2/spaces"), 200);
    clock.advance(1_000);
    assert_eq!([ask("/wiki/api/v2/pages"), ask("/wiki/api/v2/pages")], [200, 429]);
    assert_eq!(client.get("/wiki/api/v2/pages").header("retry-after"), Some("1"));
}
