//! The site without a socket: the same answers, and what a client would have waited for.

use axum::http::{HeaderMap, HeaderValue, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use confluence_simulator::{
    API_TOKEN, CRAWLER_EMAIL, Clock, Fault, InProcess, Knobs, Reply, Simulator, Site, Size, What, When,
    generate,
};
use serde_json::Value;

use crate::client::NOON;

fn crawler() -> HeaderMap {
    let pair = STANDARD.encode(format!("{CRAWLER_EMAIL}:{API_TOKEN}"));
    [(header::AUTHORIZATION, HeaderValue::from_str(&format!("Basic {pair}")).unwrap())].into_iter().collect()
}

fn get(site: &InProcess, target: &str) -> Reply {
    site.answer("GET", target, &crawler(), b"")
}

fn titles(reply: &Reply) -> Vec<String> {
    let body: Value = serde_json::from_slice(&reply.body).unwrap();
    let rows = body["results"].as_array().unwrap();
    rows.iter().map(|row| row["title"].as_str().unwrap().to_string()).collect()
}

#[test]
fn a_request_is_answered_and_kept_in_the_ledger() {
    let site = Simulator::in_process(generate(1, &Size::demo(), Clock::standing_at(NOON)), Knobs::default());
    let reply = get(&site, "/wiki/api/v2/spaces?limit=2");
    assert_eq!((reply.status, reply.whole, reply.after_ms), (200, true, 0));
    assert!(reply.headers.iter().any(|(name, value)| *name == "content-type" && value == "application/json"));
    assert_eq!(
        site.answer("GET", "/wiki/api/v2/spaces", &HeaderMap::new(), b"").status,
        404,
        "v2 hides from strangers"
    );
    assert_eq!(site.ledger().count("/wiki/api/v2/spaces"), 2);
}

#[test]
fn faults_are_told_as_a_client_sees_them() {
    let site = Simulator::in_process(generate(1, &Size::demo(), Clock::standing_at(NOON)), Knobs::default());
    let whole = get(&site, "/wiki/api/v2/pages").body;
    let struck = |what| {
        let faults = vec![Fault { path: "/pages".into(), when: When::Always, what }];
        site.set_knobs(Knobs { faults, latency_ms: 20, ..Knobs::default() });
        get(&site, "/wiki/api/v2/pages")
    };
    let reset = struck(What::Reset);
    assert!(!reset.whole && reset.body == whole[..whole.len() / 2]);
    let malformed = struck(What::MalformedJson);
    assert!(malformed.whole && malformed.body.len() == whole.len());
    assert!(serde_json::from_slice::<Value>(&malformed.body).is_err());
    let slow = struck(What::Slow { ms: 75_000 });
    assert_eq!((slow.body, slow.after_ms), (whole, 75_020));
}

/// Two pages and a clock; the lists are ten seconds behind.
fn lagging() -> (InProcess, Clock) {
    let clock = Clock::standing_at(NOON);
    let mut site = Site::new(clock.clone());
    site.add_person("crawler", "Crawler", CRAWLER_EMAIL);
    let space =
        site.add_space("ENG", "Engineering", &[confluence_simulator::Principal::all_licensed_users()]);
    site.add_page(space, None, "Old", "<p>Old.</p>");
    let site = Simulator::in_process(site, Knobs { list_lag_ms: 10_000, ..Knobs::default() });
    clock.advance(60_000);
    site.change(|site| site.add_page(space, None, "New", "<p>New.</p>"));
    (site, clock)
}

#[test]
fn lists_lag_behind_what_is_asked_for_singly() {
    let (site, clock) = lagging();
    let new = site.read(|site| site.page_by_title("New").unwrap().id);
    assert_eq!(titles(&get(&site, "/wiki/api/v2/pages")), ["Old"]);
    assert_eq!(get(&site, &format!("/wiki/api/v2/pages/{new}")).status, 200);
    clock.advance(9_999);
    assert_eq!(titles(&get(&site, "/wiki/api/v2/pages")), ["Old"]);
    clock.advance(1);
    assert_eq!(titles(&get(&site, "/wiki/api/v2/pages")), ["Old", "New"]);
}

#[test]
fn a_token_is_taken_back_and_given_out_again() {
    let (site, _) = lagging();
    site.change(|site| site.set_api_token("crawler", None));
    assert_eq!(get(&site, "/wiki/rest/api/user/current").status, 403);
    site.change(|site| site.set_api_token("crawler", Some(API_TOKEN)));
    assert_eq!(get(&site, "/wiki/rest/api/user/current").status, 200);
}

#[test]
fn what_was_thrown_away_and_put_aside_comes_back() {
    let (site, _) = lagging();
    let space = site.read(|site| site.space_by_key("ENG").unwrap().id);
    let post = site.change(|site| {
        let post = site.add_blog_post(space, "News", "<p>News.</p>");
        site.trash_blog_post(post);
        site.archive_space(space);
        post
    });
    assert_eq!(
        site.read(|site| (site.blog_posts[&post].trashed, site.spaces[&space].archived)),
        (true, true)
    );
    site.change(|site| {
        site.restore_blog_post(post);
        site.unarchive_space(space);
    });
    assert_eq!(
        site.read(|site| (site.blog_posts[&post].trashed, site.spaces[&space].archived)),
        (false, false)
    );
}
