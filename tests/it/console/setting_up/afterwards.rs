//! What is changed of a connection that is set up, and what programs do.

use confluence_simulator::{API_TOKEN, CRAWLER_EMAIL};
use serde_json::{Value, json};
use weir::store::Scope;

use super::{fault, value};
use crate::acme::{GATEWAY, MEDIA, NAME, SITE, small};
use crate::console::{Answer, Desk, client};

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_is_edited_and_signed_in_again() {
    let desk = Desk::synced(small()).await;
    let browser = desk.signed_in().await;
    let fields =
        [("mode", "manual"), ("every", "4"), ("set/spaces", "NOWHERE"), ("set/modified-within-days", "x")];
    let faulty = browser.sends("/connections/acme/configure", &fields).await;
    assert_eq!(faulty.status, 422);
    insta::assert_snapshot!([fault(&faulty, "every"), fault(&faulty, "set-modified-within-days")].join("\n"), @"
    This takes minutes, from 5 to 44640 (31 days).
    This takes a whole number, not “x”.
    ");
    let gone = browser.get("/connections/acme/ready").await;
    assert_eq!(gone.header("location"), "/connections/acme/configure");

    let page = browser.get("/connections/acme/sign-in").await;
    assert_eq!(value(&page, "username"), CRAWLER_EMAIL);
    let path = "/connections/acme/sign-in";
    let wrong = browser.sends(path, &[("username", CRAWLER_EMAIL), ("secret", "not-the-token")]).await;
    assert_eq!(wrong.status, 422);
    assert!(fault(&wrong, "secret").contains("did not accept") && !wrong.text.contains("not-the-token"));
    let right = browser.sends(path, &[("username", CRAWLER_EMAIL), ("secret", API_TOKEN)]).await;
    assert_eq!(right.header("location"), "/connections");
    desk.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_sets_a_connection_up() {
    let desk = Desk::empty(small()).await;
    let token = desk.token(None, &[Scope::Manage]);
    let document = desk.get(&token, "/api/v1/openapi.json").await.json();
    let connections = document["paths"]["/api/v1/connections"].as_object().unwrap();
    assert!(
        connections.contains_key("get") && connections.contains_key("post"),
        "resources share an address"
    );
    let described = desk.get(&token, "/api/v1/connectors/confluence").await.json();
    assert_eq!(described["logins"][0]["scheme"], "basic");
    let routes: Vec<String> =
        [SITE, GATEWAY, MEDIA].iter().map(|from| format!("{from}={}", desk.site.url())).collect();
    let mut new = json!({
        "name": NAME, "settings": { "site": SITE }, "login": "api-token", "username": CRAWLER_EMAIL, "secret": API_TOKEN,
        "routes": routes, "origins": [], "setting_up": true,
    });
    let refused = desk.post(&token, "/api/v1/connections", &new).await;
    assert_eq!(
        (refused.status, refused.json()["errors"].as_array().unwrap().len()),
        (409, 3),
        "{}",
        refused.text
    );
    let plan =
        desk.post(&token, "/api/v1/connections/plan", &json!({ "settings": { "site": SITE } })).await.json();
    let urls: Vec<&Value> = plan["origins"].as_array().unwrap().iter().map(|origin| &origin["url"]).collect();
    new["origins"] = json!(urls);
    let added = desk.post(&token, "/api/v1/connections", &new).await;
    assert_eq!((added.status, added.text.contains(API_TOKEN)), (201, false), "{}", added.text);
    assert_eq!((&added.json()["setting_up"], &added.json()["login"]), (&json!(true), &json!("api-token")));
    assert_eq!(desk.post(&token, "/api/v1/connections", &new).await.status, 409, "the name is taken");

    let choices = desk.get(&token, "/api/v1/connections/acme/choices?setting=/spaces&q=").await.json();
    assert!(choices.as_array().unwrap().iter().any(|choice| choice["value"] == "OPEN"), "{choices}");
    let none = desk.get(&token, "/api/v1/connections/acme/choices?setting=/site").await;
    assert_eq!(none.status, 404);
    assert!(
        desk.get(&token, "/api/v1/connections/acme/estimate").await.json()["requests"].as_u64().unwrap() > 0
    );

    let send = async |method: reqwest::Method, path: &str, body: Value| {
        let request = client().request(method, desk.at(path)).bearer_auth(&token);
        let request = request.header("content-type", "application/json").body(body.to_string());
        Answer::of(request.send().await.unwrap()).await
    };
    let settings = json!({ "settings": { "spaces": ["OPEN"], "audit": null } });
    let changed = send(reqwest::Method::PATCH, "/api/v1/connections/acme/settings", settings).await;
    assert_eq!(changed.json()["connection"]["settings"]["spaces"], json!(["OPEN"]), "{}", changed.text);
    let other = json!({ "settings": { "site": "https://other.atlassian.net" } });
    assert_eq!(send(reqwest::Method::PATCH, "/api/v1/connections/acme/settings", other).await.status, 422);
    let wrong = send(
        reqwest::Method::PATCH,
        "/api/v1/connections/acme/settings",
        json!({ "settings": { "modified-after": "soon" } }),
    )
    .await;
    assert_eq!((wrong.status, &wrong.json()["errors"][0]["pointer"]), (422, &json!("/modified-after")));
    let kinds =
        send(reqwest::Method::PUT, "/api/v1/connections/acme/kinds", json!({ "on": ["page"] })).await.json();
    let on = kinds.as_array().unwrap().iter().filter(|kind| kind["on"] == true).count();
    assert_eq!(on, 1);
    let unknown =
        send(reqwest::Method::PUT, "/api/v1/connections/acme/kinds", json!({ "on": ["nothing"] })).await;
    assert_eq!(unknown.status / 100, 4, "{}", unknown.text);
    let schedule = json!({ "every_minutes": 15 });
    assert_eq!(send(reqwest::Method::PUT, "/api/v1/connections/acme/schedule", schedule).await.status, 204);
    let too_often =
        send(reqwest::Method::PUT, "/api/v1/connections/acme/schedule", json!({ "every_minutes": 1 })).await;
    assert_eq!(too_often.status, 400);
    let shown = desk.get(&token, "/api/v1/connections/acme").await.json();
    assert_eq!(shown["schedule"]["every_minutes"], 15);
    let sign_in = json!({ "secret": API_TOKEN });
    assert_eq!(desk.post(&token, "/api/v1/connections/acme/sign-in", &sign_in).await.status, 200);
    desk.stop().await;
}
