//! Signing in with the company's account, through a proxy, and by a token: who is let in, and who is not.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use url::Url;
use weir::console::{ConsoleOptions, SignInOptions};
use weir::store::Scope;

use super::provider::Provider;
use super::{Answer, Desk, client, form};
use crate::acme::{ANA, BEN, small};

const HEADER: &str = "x-forwarded-email";

async fn desk(sign_in: SignInOptions, administrators: &[&str]) -> Desk {
    let administrators: BTreeSet<String> = administrators.iter().map(|one| (*one).to_owned()).collect();
    let url = Url::parse("http://localhost/").unwrap();
    Desk::with(small(), ConsoleOptions { administrators, sign_in, ..Desk::options(url) }).await
}

async fn desk_of(provider: &Provider) -> Desk {
    desk(SignInOptions { oidc: Some(provider.options()), ..SignInOptions::default() }, &[ANA]).await
}

/// A browser that was sent to the provider and is about to come back.
struct Returning {
    cookie: String,
    to: Url,
}

fn cookies(answer: &Answer) -> Vec<String> {
    let all = answer.headers.get_all("set-cookie").into_iter();
    all.map(|cookie| cookie.to_str().unwrap().split(';').next().unwrap().to_owned()).collect()
}

fn session(answer: &Answer) -> Option<String> {
    cookies(answer)
        .into_iter()
        .find(|cookie| cookie.starts_with("weir_session=") && cookie != "weir_session=")
}

async fn get(address: &str, cookie: &str) -> Answer {
    Answer::of(client().get(address).header("cookie", cookie).send().await.unwrap()).await
}

impl Desk {
    async fn leaves(&self) -> Returning {
        let left = get(self.at("/sign-in/oidc?to=/connections").as_str(), "").await;
        assert_eq!(left.status, 303, "{}", left.text);
        let cookie = cookies(&left).remove(0);
        let allowed = get(left.header("location"), "").await;
        Returning { cookie, to: Url::parse(allowed.header("location")).unwrap() }
    }

    async fn signs_in(&self) -> Answer {
        let Returning { cookie, to } = self.leaves().await;
        get(to.as_str(), &cookie).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_the_provider_names_is_let_in() {
    let provider = Provider::start().await;
    let desk = desk_of(&provider).await;
    assert!(get(desk.at("/sign-in").as_str(), "").await.text.contains("Sign in with your company account"));
    let arrived = desk.signs_in().await;
    assert_eq!((arrived.status, arrived.header("location")), (303, "/connections"), "{}", arrived.text);
    let ana = session(&arrived).unwrap();
    let page = get(desk.at("/connections").as_str(), &ana).await;
    assert!(page.status == 200 && page.text.contains(ANA), "she administers");

    provider.says(|claims| claims["email"] = json!("ben@acme.example"));
    let ben = session(&desk.signs_in().await).unwrap();
    assert_eq!(get(desk.at("/connections").as_str(), &ben).await.status, 403);

    // Signing in again makes another session, and ends the one before.
    let Returning { cookie, to } = desk.leaves().await;
    let again = session(&get(to.as_str(), &format!("{cookie}; {ben}")).await).unwrap();
    assert_ne!(again, ben);
    assert_eq!(
        get(desk.at("/connections").as_str(), &ben).await.status,
        303,
        "its cookie is good for nothing"
    );
    desk.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_is_not_as_it_has_to_be_lets_nobody_in() {
    let provider = Provider::start().await;
    let desk = desk_of(&provider).await;
    type Case = (&'static str, fn(&mut Value), u16, &'static str);
    let cases: [Case; 9] = [
        ("another nonce", |claims| claims["nonce"] = json!("guessed"), 502, "cannot be trusted"),
        ("another client", |claims| claims["aud"] = json!("somebody-else"), 502, "cannot be trusted"),
        ("two clients", |claims| claims["aud"] = json!(["weir-console", "other"]), 502, "cannot be trusted"),
        ("another issuer", |claims| claims["iss"] = json!("https://evil.example"), 502, "cannot be trusted"),
        ("an old one", |claims| claims["exp"] = json!(1_700_000_000), 502, "cannot be trusted"),
        ("no signature", |claims| claims["alg"] = json!("none"), 502, "cannot be trusted"),
        ("a shared key", |claims| claims["alg"] = json!("HS256"), 502, "cannot be trusted"),
        ("not verified", |claims| claims["email_verified"] = json!(false), 403, "is verified"),
        ("no e-mail", |claims| drop(claims.as_object_mut().unwrap().remove("email")), 403, "no e-mail"),
    ];
    for (case, twist, status, words) in cases {
        provider.says(twist);
        let arrived = desk.signs_in().await;
        assert_eq!((arrived.status, session(&arrived)), (status, None), "{case}: {}", arrived.text);
        assert!(arrived.text.contains(words), "{case}: {}", arrived.text);
    }
    desk.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_may_change_and_only_keys_that_are_shown_count() {
    let provider = Provider::start().await;
    let desk = desk_of(&provider).await;
    assert!(session(&desk.signs_in().await).is_some());
    provider.rotates("second", true);
    assert!(session(&desk.signs_in().await).is_some(), "the provider is asked again");
    provider.rotates("third", false);
    assert_eq!(session(&desk.signs_in().await), None);
    provider.rotates("second", false);
    assert_eq!(session(&desk.signs_in().await), None, "another key of the same name");
    desk.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_back_counts_once_and_in_its_browser() {
    let provider = Provider::start().await;
    let desk = desk_of(&provider).await;
    let stale = |answer: &Answer| {
        answer.status == 400 && session(answer).is_none() && answer.text.contains("Begin it again")
    };

    let Returning { cookie, to } = desk.leaves().await;
    assert!(session(&get(to.as_str(), &cookie).await).is_some());
    assert!(stale(&get(to.as_str(), &cookie).await), "it was used");

    let mine = desk.leaves().await;
    let theirs = desk.leaves().await;
    assert!(stale(&get(theirs.to.as_str(), &mine.cookie).await), "what another browser was sent with");
    assert!(stale(&get(mine.to.as_str(), "").await), "no cookie");

    let Returning { cookie, mut to } = desk.leaves().await;
    let code = to.query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned();
    to.query_pairs_mut().clear().append_pair("code", &code).append_pair("state", "guessed");
    assert!(stale(&get(to.as_str(), &cookie).await));

    let Returning { cookie, mut to } = desk.leaves().await;
    let state = to.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned();
    to.query_pairs_mut().clear().append_pair("code", "code-0").append_pair("state", &state);
    let replayed = get(to.as_str(), &cookie).await;
    assert_eq!((replayed.status, session(&replayed)), (502, None), "a code that was used");

    let Returning { cookie, mut to } = desk.leaves().await;
    let state = to.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned();
    to.query_pairs_mut().clear().append_pair("error", "access_denied").append_pair("state", &state);
    let denied = get(to.as_str(), &cookie).await;
    assert!(denied.status == 403 && denied.text.contains("access_denied"), "{}", denied.text);
    desk.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_that_is_trusted_names_the_person() {
    let sign_in = SignInOptions { header: Some(HEADER.into()), ..SignInOptions::default() };
    let desk = desk(sign_in, &[ANA]).await;
    let ask = async |email: &str, cookie: &str, path: &str| {
        let request = client().get(desk.at(path)).header(HEADER, email).header("cookie", cookie);
        Answer::of(request.header("accept", "text/html").send().await.unwrap()).await
    };
    let page = ask(ANA, "", "/connections").await;
    assert!(page.status == 200 && page.text.contains(ANA), "{}", page.text);
    let cookie = session(&page).unwrap();
    assert_eq!(session(&ask(ANA, &cookie, "/connections").await), None, "the session goes on");

    let other = ask(BEN, &cookie, "/connections").await;
    assert_eq!(other.status, 403, "the cookie is Ana's, and the proxy says Ben");
    let alone = get(desk.at("/connections").as_str(), &cookie).await;
    assert_eq!(alone.status, 303, "a session of which the proxy says nothing is nobody's");
    for nobody in ["", "ana", "ana@acme.example, ben@acme.example"] {
        assert_eq!(ask(nobody, "", "/connections").await.status, 303, "{nobody}");
    }
    let twice = client().get(desk.at("/connections")).header(HEADER, ANA).header(HEADER, BEN);
    assert_eq!(twice.send().await.unwrap().status().as_u16(), 303);
    let forged =
        form(client().post(desk.at("/connections/acme/pause")).header(HEADER, ANA), &[("csrf", "x")]);
    assert_eq!(forged.send().await.unwrap().status().as_u16(), 403, "no page of ours asked for it");
    desk.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_header_means_nothing_from_anybody_else() {
    let elsewhere = SignInOptions {
        header: Some(HEADER.into()),
        proxies: vec!["10.0.0.0/8".parse().unwrap()],
        ..SignInOptions::default()
    };
    for sign_in in [elsewhere, SignInOptions::default()] {
        let desk = desk(sign_in, &[ANA]).await;
        let request = client().get(desk.at("/api/v1/connections")).header(HEADER, ANA);
        let request = request.header("x-forwarded-for", "10.0.0.1");
        assert_eq!(request.send().await.unwrap().status().as_u16(), 401);
        desk.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn attempts_run_out_for_the_address_that_made_them() {
    let desk = desk(SignInOptions::default(), &[]).await;
    let right = desk.token(None, &[Scope::Read]);
    let attempt = async |from: &str| {
        let request = client().post(desk.at("/sign-in")).header("x-forwarded-for", from);
        Answer::of(form(request, &[("token", "weir_wrong")]).send().await.unwrap()).await
    };
    let mut answers = Vec::new();
    for _ in 0..25 {
        answers.push(attempt("203.0.113.7").await);
    }
    assert_eq!(answers[0].status, 403);
    let last = answers.last().unwrap();
    assert_eq!(last.status, 429, "{}", last.text);
    assert!(last.header("retry-after").parse::<u64>().unwrap() >= 1);
    assert_eq!(attempt("203.0.113.8").await.status, 403, "another address has its own");
    let shows = async |token: &str| {
        let request = client().get(desk.at("/api/v1/connections")).bearer_auth(token);
        Answer::of(request.header("x-forwarded-for", "203.0.113.7").send().await.unwrap()).await
    };
    let refused = shows("weir_wrong").await;
    assert_eq!((refused.status, refused.header("content-type")), (429, "application/problem+json"));
    assert_eq!(shows(&right).await.status, 200, "a right token is no attempt");
    desk.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_and_sessions_are_made_seen_and_ended() {
    let desk = desk(SignInOptions::default(), &[ANA]).await;
    let browser = desk.signed_in().await;
    let made = browser
        .sends("/access/tokens", &[("label", "agent"), ("email", BEN), ("search", "1"), ("days", "30")])
        .await;
    let token = made.text.split("id=\"token\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
    assert_eq!(
        desk.get(&token, "/api/v1/connections").await.status,
        403,
        "it searches, and does nothing else"
    );
    let nobody = browser.sends("/access/tokens", &[("label", "agent"), ("search", "1"), ("days", "")]).await;
    assert!(nobody.status == 400 && nobody.text.contains("needs the e-mail"), "{}", nobody.text);
    let listed = browser.get("/access").await.text;
    assert!(listed.contains("agent") && listed.contains(ANA) && !listed.contains(&token));
    let id = desk.host.store().tokens().unwrap()[0].id;
    assert_eq!(browser.sends(&format!("/access/tokens/{id}/revoke"), &[]).await.status, 303);
    assert_eq!(desk.get(&token, "/api/v1/connections").await.status, 401);

    let manage = desk.token(None, &[Scope::Manage]);
    let body = json!({ "label": "dashboards", "scopes": ["read"], "days": 1 });
    let made = desk.post(&manage, "/api/v1/tokens", &body).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let read = made.json()["token"].as_str().unwrap().to_owned();
    assert_eq!(desk.get(&read, "/api/v1/tokens").await.status, 403, "reading shows no tokens");
    assert!(!desk.get(&manage, "/api/v1/tokens").await.text.contains(&read));
    let acts = desk.get(&manage, "/api/v1/acts?limit=2").await.json();
    assert_eq!(
        (&acts["items"][0]["act"], &acts["items"][1]["act"]),
        (&json!("token-made"), &json!("token-revoked"))
    );
    let older =
        desk.get(&manage, &format!("/api/v1/acts?cursor={}", acts["next"].as_str().unwrap())).await.json();
    assert_eq!(older["items"].as_array().unwrap().len(), 1, "{older}");
    let trail = browser.get("/access/trail?actor=token").await.text;
    assert!(trail.contains("token made") && trail.contains("agent as ben@acme.example: search"), "{trail}");

    let sessions = desk.get(&manage, "/api/v1/sessions").await.json();
    assert_eq!((&sessions[0]["way"], sessions[0]["id"].as_str().unwrap().len()), (&json!("token"), 64));
    let unknown =
        client().delete(desk.at(&format!("/api/v1/sessions/{}", "0".repeat(64)))).bearer_auth(&manage);
    assert_eq!(unknown.send().await.unwrap().status().as_u16(), 404);
    assert!(browser.get("/access/sessions").await.text.contains("a token"));
    assert_eq!(browser.sends("/access/sessions/end-all", &[]).await.header("location"), "/sign-in");
    assert_eq!(browser.get("/access").await.status, 303);
    desk.stop().await;
}

#[test]
fn tokens_are_made_on_the_command_line_and_shown_once() {
    let user = crate::command::User::new();
    let made = user
        .runs(&["token", "add", "my agent", "--as", "Ana@acme.example", "--scope", "search", "--days", "30"])
        .ok();
    assert!(made.stdout.starts_with("weir_") && made.stdout.lines().count() == 1, "{made}");
    assert!(made.stderr.contains("token 1, my agent"), "{made}");
    let nobody = user.runs(&["token", "add", "my agent", "--scope", "search"]);
    assert!(nobody.code == 1 && nobody.stderr.contains("needs the e-mail of the person"), "{nobody}");
    assert_eq!(user.runs(&["token", "add", "x", "--scope", "everything"]).code, 2);
    let listed = user.runs(&["token", "list"]).ok();
    assert!(listed.stdout.contains("my agent") && listed.stdout.contains("ana@acme.example"), "{listed}");
    assert!(!listed.stdout.contains(made.stdout.trim()), "{listed}");
    assert_eq!(user.runs(&["token", "list", "--json"]).ok().json()[0]["scopes"], json!(["search"]));
    user.runs(&["token", "revoke", "1"]).ok();
    assert!(user.runs(&["token", "list"]).ok().stdout.contains("revoked"));
    assert!(user.runs(&["token", "revoke", "1"]).stderr.contains("there is no token 1 that is good"));
}

#[test]
fn what_was_done_is_told_on_the_command_line() {
    let user = crate::command::User::new();
    assert!(user.runs(&["acts"]).ok().stderr.contains("nothing of this was done"));
    let store = weir::store::Store::open(&user.data()).unwrap();
    for (actor, connection) in [("ana@acme.example", "acme"), ("token 1 (ops)", "other")] {
        let act =
            store.note_act(actor, "connection-paused", Some(connection), "", 1_772_442_900_000).unwrap();
        store.end_act(act, true).unwrap();
    }
    insta::assert_snapshot!(user.runs(&["acts"]).ok().stdout, @"
    when              who               what               connection  about  outcome
    2026-03-02 09:15  token 1 (ops)     connection-paused  other              done
    2026-03-02 09:15  ana@acme.example  connection-paused  acme               done
    ");
    assert_eq!(user.runs(&["acts", "--by", "ANA@", "--json"]).ok().json().len(), 1);
    assert_eq!(user.runs(&["acts", "--connection", "acme"]).ok().stdout.lines().count(), 2);
    assert_eq!(user.runs(&["acts", "--limit", "1"]).ok().stdout.lines().count(), 2);
}
