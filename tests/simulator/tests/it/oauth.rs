//! OAuth 2.0 as Atlassian plays it: consent, codes, rotating tokens, sites, and the ways it refuses.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use confluence_simulator::{
    Clock, OAUTH_CALLBACK, OAUTH_CLIENT_ID, OAUTH_CLIENT_SECRET, OTHER_CLOUD_ID, OTHER_SITE, Running, Site,
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::client::{Client, NOON, Reply, start};

const MINUTE: i64 = 60_000;
const DAY: i64 = 86_400_000;
const SCOPES: &str = "read:space:confluence read:confluence-user offline_access";

async fn acme() -> (Running, Clock) {
    let clock = Clock::standing_at(NOON);
    let mut site = Site::new(clock.clone());
    site.add_person("ann", "Ann", "ann@acme.example");
    site.add_guest("gus", "Gus", "gus@other.example");
    (start(site).await, clock)
}

fn asking(changes: &[(&str, &str)]) -> String {
    let usual = [
        ("audience", "api.atlassian.com"),
        ("client_id", OAUTH_CLIENT_ID),
        ("scope", SCOPES),
        ("redirect_uri", OAUTH_CALLBACK),
        ("state", "s&1"),
        ("response_type", "code"),
        ("prompt", "consent"),
    ];
    let changed = |name: &str| changes.iter().any(|(other, _)| *other == name);
    let pairs = usual.into_iter().filter(|(name, _)| !changed(name)).chain(changes.iter().copied());
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// The parameters of the callback that a consent led to.
fn callback(reply: &Reply) -> Vec<(String, String)> {
    assert_eq!(reply.status, 302, "{}", reply.text());
    let location = reply.header("location").unwrap();
    let query = location.strip_prefix(OAUTH_CALLBACK).unwrap().strip_prefix('?').unwrap();
    url::form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

fn code(running: &Running, changes: &[(&str, &str)]) -> String {
    let changes = [changes, &[("account", "ann@acme.example"), ("decision", "allow")]].concat();
    let reply = Client::with_header(running, None).get(&format!("/authorize/consent?{}", asking(&changes)));
    let found = callback(&reply);
    assert_eq!(found[1], ("state".into(), "s&1".into()));
    found[0].1.clone()
}

fn token(running: &Running, body: Value) -> (u16, Value) {
    let mut whole = json!({ "client_id": OAUTH_CLIENT_ID, "client_secret": OAUTH_CLIENT_SECRET });
    for (name, value) in body.as_object().unwrap() {
        whole[name] = value.clone();
    }
    let reply = Client::with_header(running, None).send("POST", "/oauth/token", &whole.to_string());
    (reply.status, reply.json())
}

fn redeem(running: &Running, code: &str) -> (u16, Value) {
    let body = json!({ "grant_type": "authorization_code", "code": code, "redirect_uri": OAUTH_CALLBACK });
    token(running, body)
}

fn refresh(running: &Running, shown: &Value) -> (u16, Value) {
    token(running, json!({ "grant_type": "refresh_token", "refresh_token": shown }))
}

fn bearing<'a>(running: &'a Running, tokens: &Value) -> Client<'a> {
    let header = format!("Bearer {}", tokens["access_token"].as_str().unwrap());
    Client::with_header(running, Some(&header))
}

fn replaced() -> (u16, Value) {
    (403, json!({ "error": "unauthorized_client", "error_description": "refresh_token is invalid" }))
}

fn ended() -> (u16, Value) {
    (403, json!({ "error": "invalid_grant", "error_description": "Unknown or invalid refresh token." }))
}

#[tokio::test(flavor = "multi_thread")]
async fn from_consent_to_an_answer() {
    let (running, _) = acme().await;
    let browser = Client::with_header(&running, None);
    let page = browser.get(&format!("/authorize?{}", asking(&[])));
    assert_eq!(page.status, 200);
    for word in ["Weir asks for access", "read:space:confluence", "ann@acme.example", "/authorize/consent"] {
        assert!(page.text().contains(word), "{word}");
    }
    let (status, tokens) = redeem(&running, &code(&running, &[]));
    assert_eq!(
        (status, tokens["expires_in"].clone(), tokens["token_type"].clone()),
        (200, json!(3600), json!("Bearer"))
    );
    assert_eq!(tokens["scope"], "offline_access read:confluence-user read:space:confluence");

    let client = bearing(&running, &tokens);
    let rows = client.get("/oauth/token/accessible-resources").json();
    let cloud = running.read(|site| site.cloud_id.clone());
    let told: Vec<(&str, &str, usize)> = rows
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            (
                row["id"].as_str().unwrap(),
                row["url"].as_str().unwrap(),
                row["scopes"].as_array().unwrap().len(),
            )
        })
        .collect();
    let ours = (cloud.as_str(), "https://acme.atlassian.net", 1);
    assert_eq!(told, [ours, (OTHER_CLOUD_ID, OTHER_SITE, 1), ours]);
    let path = format!("/ex/confluence/{cloud}/wiki/rest/api/user/current");
    assert_eq!(client.get(&path).json()["accountId"], "ann");
    // On the site's own host the token is nothing.
    let site = client.get("/wiki/rest/api/user/current");
    assert!(site.status == 401 && site.text().contains("HTTP Status 401"));
    assert_eq!(client.get(&path.replace(&cloud, OTHER_CLOUD_ID)).status, 404);
    assert_eq!(
        client.get("/me").json(),
        json!({ "code": 401, "message": "Unauthorized; scope does not match" })
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_callback_is_told_to_the_person_and_the_rest_to_the_app() {
    let (running, _) = acme().await;
    let browser = Client::with_header(&running, None);
    for changes in [
        [("redirect_uri", "http://localhost:8791/callback/")],
        [("redirect_uri", "https://evil.example/")],
        [("client_id", "nobody")],
    ] {
        let reply = browser.get(&format!("/authorize?{}", asking(&changes)));
        assert_eq!((reply.status, reply.header("location")), (400, None), "{changes:?}");
        assert!(reply.text().starts_with("<!DOCTYPE html>"));
    }
    for (changes, error) in [
        (("state", ""), "invalid_request"),
        (("response_type", "token"), "unsupported_response_type"),
        (("audience", "api.example"), "access_denied"),
        (("scope", "read:space:confluence write:everything"), "invalid_scope"),
        (("decision", "deny"), "access_denied"),
    ] {
        let reply = browser.get(&format!("/authorize/consent?{}", asking(&[changes])));
        let found = callback(&reply);
        assert_eq!((found[0].0.as_str(), found[0].1.as_str()), ("error", error));
        assert_eq!(found[1].0, "error_description");
    }
    let form = asking(&[("account", "ann@acme.example"), ("decision", "allow")]);
    let posted = browser.send("POST", "/authorize/consent", &form);
    assert_eq!(callback(&posted)[0].0, "code");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_good_once_soon_and_for_its_own_callback_and_verifier() {
    let (running, clock) = acme().await;
    let invalid = |words: &str| (403, json!({ "error": "invalid_grant", "error_description": words }));
    let once = code(&running, &[]);
    assert_eq!(redeem(&running, &once).0, 200);
    assert_eq!(redeem(&running, &once), invalid("Invalid authorization code"));
    let late = code(&running, &[]);
    clock.advance(5 * MINUTE);
    assert_eq!(redeem(&running, &late), invalid("Invalid authorization code"));
    let astray = code(&running, &[]);
    let body =
        json!({ "grant_type": "authorization_code", "code": astray, "redirect_uri": "http://localhost:1/" });
    assert_eq!(token(&running, body).0, 403);

    let verifier = "a-verifier-of-forty-three-characters-or-more";
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier));
    let promise = [("code_challenge", challenge.as_str()), ("code_challenge_method", "S256")];
    for (shown, status) in [(Some(verifier), 200), (Some("another"), 403), (None, 403)] {
        let code = code(&running, &promise);
        let body = json!({
            "grant_type": "authorization_code", "code": code, "redirect_uri": OAUTH_CALLBACK, "code_verifier": shown,
        });
        assert_eq!(token(&running, body).0, status, "{shown:?}");
    }
    let wrong = json!({ "grant_type": "refresh_token", "client_secret": "wrong", "refresh_token": "x" });
    assert_eq!(
        token(&running, wrong),
        (401, json!({ "error": "access_denied", "error_description": "Unauthorized" }))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn refresh_tokens_rotate_with_ten_minutes_of_leeway() {
    let (running, clock) = acme().await;
    let (_, first) = redeem(&running, &code(&running, &[]));
    let (status, second) = refresh(&running, &first["refresh_token"]);
    assert!(status == 200 && second["refresh_token"] != first["refresh_token"]);
    // The answer was lost, say: the old one still works, and so does what it brought before.
    clock.advance(10 * MINUTE);
    let (status, third) = refresh(&running, &first["refresh_token"]);
    assert_eq!(status, 200);
    assert_eq!(refresh(&running, &second["refresh_token"]).0, 200);
    // Later, its use looks like theft: the whole family ends.
    clock.advance(MINUTE);
    assert_eq!(refresh(&running, &first["refresh_token"]), replaced());
    assert_eq!(refresh(&running, &third["refresh_token"]), ended());
    assert_eq!(refresh(&running, &json!("never-seen")), replaced());
    // The hour of the access token goes on.
    let cloud = running.read(|site| site.cloud_id.clone());
    let spaces = format!("/ex/confluence/{cloud}/wiki/api/v2/spaces");
    assert_eq!(bearing(&running, &third).get(&spaces).status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn families_end_after_90_idle_and_365_days_in_all() {
    let (running, clock) = acme().await;
    let (_, tokens) = redeem(&running, &code(&running, &[]));
    clock.advance(90 * DAY);
    assert_eq!(refresh(&running, &tokens["refresh_token"]), ended());

    let (_, mut tokens) = redeem(&running, &code(&running, &[]));
    for _ in 0..7 {
        clock.advance(52 * DAY);
        let (status, next) = refresh(&running, &tokens["refresh_token"]);
        assert_eq!(status, 200);
        tokens = next;
    }
    clock.advance(DAY);
    assert_eq!(refresh(&running, &tokens["refresh_token"]), ended());
    let (_, earlier) = redeem(&running, &code(&running, &[]));
    let (_, later) = redeem(&running, &code(&running, &[]));
    assert_eq!(refresh(&running, &earlier["refresh_token"]), ended());
    assert_eq!(refresh(&running, &later["refresh_token"]).0, 200);
    let (_, offline) = redeem(&running, &code(&running, &[("scope", "read:space:confluence")]));
    assert_eq!(offline["refresh_token"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn expired_and_revoked_access_tokens_look_as_they_do_at_the_gateway() {
    let (running, clock) = acme().await;
    let (_, tokens) = redeem(&running, &code(&running, &[]));
    let client = bearing(&running, &tokens);
    let base = running.read(|site| format!("/ex/confluence/{}/wiki", site.cloud_id));
    clock.advance(3_600_000);
    let v1 = client.get(&format!("{base}/rest/api/user/current"));
    assert!(v1.status == 403 && v1.text().contains("caller cannot access Confluence"));
    let v2 = client.get(&format!("{base}/api/v2/spaces"));
    assert_eq!((v2.status, v2.json()["errors"][0]["title"].clone()), (404, json!("Not Found")));
    assert_eq!(client.get("/oauth/token/accessible-resources").status, 401);
    running.change(|site| site.revoke_grants("ann"));
    assert_eq!(client.get(&format!("{base}/api/v2/spaces")).status, 401);
    assert_eq!(refresh(&running, &tokens["refresh_token"]), ended());
}

#[tokio::test(flavor = "multi_thread")]
async fn guests_and_those_who_chose_another_site_do_not_see_ours() {
    let (running, _) = acme().await;
    let guest = running.change(|site| site.grant("gus", &["read:space:confluence"]));
    let client = Client::with_header(&running, Some(&format!("Bearer {}", guest.access)));
    assert_eq!(client.get("/oauth/token/accessible-resources").json(), json!([]));
    let (_, tokens) = redeem(&running, &code(&running, &[("site", OTHER_SITE)]));
    let client = bearing(&running, &tokens);
    let rows = client.get("/oauth/token/accessible-resources").json();
    assert_eq!((rows.as_array().unwrap().len(), rows[0]["url"].clone()), (1, json!(OTHER_SITE)));
}
