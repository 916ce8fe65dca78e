//! Who is let in, and what a browser cannot be made to do.

use confluence_simulator::Site;
use weir::store::Scope;

use super::{Answer, Desk, client, form};
use crate::acme::small;

fn site() -> Site {
    small()
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_shown_anything_before_it_is_known_who_asks() {
    let desk = Desk::empty(site()).await;
    let ask = async |path: &str| Answer::of(client().get(desk.at(path)).send().await.unwrap()).await;
    let page = ask("/connections?a=b").await;
    assert_eq!((page.status, page.header("location")), (303, "/sign-in?to=%2Fconnections%3Fa%3Db"));
    let api = ask("/api/v1/connections").await;
    assert_eq!((api.status, api.header("content-type")), (401, "application/problem+json"));
    assert_eq!(api.json()["detail"], "sign in first");
    let sign_in = ask("/sign-in").await;
    assert_eq!(sign_in.status, 200);
    assert!(sign_in.header("content-security-policy").starts_with("default-src 'none'"));
    assert_eq!(desk.get("weir_wrong", "/api/v1/connections").await.status, 401);
    let refused = Answer::of(
        form(client().post(desk.at("/sign-in")), &[("token", "weir_wrong")]).send().await.unwrap(),
    );
    assert_eq!(refused.await.status, 403);
    desk.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_does_what_its_scopes_say() {
    let desk = Desk::synced(site()).await;
    let status = async |scopes: &[Scope], post: bool| {
        let token = desk.token(Some("ana@acme.com"), scopes);
        match post {
            false => desk.get(&token, "/api/v1/connections").await.status,
            true => {
                desk.post(&token, "/api/v1/connections/acme/pause", &serde_json::Value::Null).await.status
            }
        }
    };
    assert_eq!((status(&[Scope::Search], false).await, status(&[Scope::Search], true).await), (403, 403));
    assert_eq!((status(&[Scope::Read], false).await, status(&[Scope::Read], true).await), (200, 403));
    assert_eq!((status(&[Scope::Manage], false).await, status(&[Scope::Manage], true).await), (200, 204));
    let acts = desk.host.store().acts(None, 9).unwrap();
    let [act] = &acts[..] else { panic!("{acts:?}") };
    assert_eq!((act.act.as_str(), act.outcome.as_deref()), ("connection-paused", Some("done")));
    assert!(act.actor.starts_with("ana@acme.com by token "), "{}", act.actor);
    desk.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_changes_only_what_one_of_our_pages_asked_for() {
    let desk = Desk::synced(site()).await;
    let browser = desk.signed_in().await;
    let post = || client().post(desk.at("/connections/acme/resume")).header("cookie", &browser.cookie);
    let status = async |request: reqwest::RequestBuilder| request.send().await.unwrap().status().as_u16();
    assert_eq!(status(post()).await, 403, "nothing is shown");
    assert_eq!(status(form(post(), &[("csrf", "guessed")])).await, 403);
    let elsewhere = post().header("sec-fetch-site", "cross-site");
    assert_eq!(status(form(elsewhere, &[("csrf", &browser.csrf)])).await, 403);
    let json = post().header("content-type", "text/plain").body(format!("csrf={}", browser.csrf));
    assert_eq!(status(json).await, 403, "a form that a page elsewhere can send without being asked");
    assert!(desk.host.turn("acme").unwrap().schedule.paused);
    let token = desk.token(None, &[Scope::Manage]);
    let foreign = client().post(desk.at("/sign-in")).header("sec-fetch-site", "cross-site");
    let foreign = form(foreign, &[("token", &token)]);
    assert_eq!(status(foreign).await, 403, "nobody is signed in by another site's page");
    let done = browser.sends("/connections/acme/resume", &[]).await;
    assert_eq!((done.status, done.header("location")), (303, "/connections"));
    assert!(!desk.host.turn("acme").unwrap().schedule.paused);
    let rebound = client().get(desk.at("/sign-in")).header("host", "evil.example");
    assert_eq!(status(rebound).await, 421, "another site's name that leads here");
    assert_eq!(browser.sends("/sign-out", &[]).await.status, 303);
    assert_eq!(browser.get("/connections").await.status, 303);
    desk.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_document_tells_each_operation_with_its_problems() {
    let desk = Desk::empty(site()).await;
    let document = desk.get(&desk.token(None, &[Scope::Read]), "/api/v1/openapi.json").await.json();
    let paths = document["paths"].as_object().unwrap();
    let mut operations = 0;
    for (path, methods) in paths {
        assert!(path.starts_with("/api/v1/"), "{path}");
        for (method, operation) in methods.as_object().unwrap() {
            let problem = &operation["responses"]["default"]["content"];
            assert_eq!(problem.as_object().map(|kinds| kinds.len()), Some(1), "{method} {path}");
            assert!(problem["application/problem+json"].is_object(), "{method} {path}: {problem}");
            assert!(operation["tags"][0].is_string() && operation["summary"].is_string(), "{method} {path}");
            operations += 1;
        }
    }
    assert!(operations > 40, "{operations}");
    desk.stop().await;
}
