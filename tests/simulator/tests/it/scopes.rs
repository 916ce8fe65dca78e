//! API tokens with scopes: where they are good, and what the scope gate says.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use confluence_simulator::{Clock, Principal, Running, SCOPED_TOKEN, Site};
use serde_json::json;

use crate::client::{Client, NOON, start};

fn client<'a>(running: &'a Running, token: &str) -> Client<'a> {
    let header = format!("Basic {}", STANDARD.encode(format!("ann@acme.example:{token}")));
    Client::with_header(running, Some(&header))
}

async fn acme() -> (Running, String) {
    let mut site = Site::new(Clock::standing_at(NOON));
    site.add_person("ann", "Ann", "ann@acme.example");
    site.add_space("S", "S", &[Principal::user("ann")]);
    site.add_api_token("ann", "spaces-only", Some(&["read:space:confluence"]), None);
    site.add_api_token("ann", "plain", None, Some(NOON + 1));
    let gateway = format!("/ex/confluence/{}", site.cloud_id);
    (start(site).await, gateway)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_with_scopes_is_good_through_the_gateway_alone() {
    let (running, gateway) = acme().await;
    let scoped = client(&running, SCOPED_TOKEN);
    let refused = scoped.get("/wiki/api/v2/spaces");
    assert_eq!((refused.status, refused.header("content-type")), (401, Some("text/html;charset=UTF-8")));
    let listed = scoped.get(&format!("{gateway}/wiki/api/v2/spaces"));
    assert_eq!((listed.status, listed.json()["results"][0]["key"].clone()), (200, json!("S")));
    // Links know nothing of the gateway.
    assert_eq!(listed.json()["_links"]["base"], "https://acme.atlassian.net/wiki");
    let plain = client(&running, "plain");
    assert_eq!(plain.get("/wiki/api/v2/spaces").status, 200);
    assert_eq!(plain.get(&format!("{gateway}/wiki/api/v2/pages")).status, 200);
    running.change(|site| site.expire_api_token("plain"));
    assert_eq!(plain.get("/wiki/api/v2/spaces").status, 404);
    assert_eq!(plain.get("/wiki/rest/api/user/current").status, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_scope_is_told_before_anything_else() {
    let (running, gateway) = acme().await;
    let client = client(&running, "spaces-only");
    assert_eq!(client.get(&format!("{gateway}/wiki/api/v2/spaces")).status, 200);
    let mismatch = json!({ "code": 401, "message": "Unauthorized; scope does not match" });
    for path in [
        "/wiki/api/v2/pages",
        "/wiki/api/v2/pages/999999999999",
        "/wiki/api/v2/no-such-route",
        "/wiki/rest/api/user/current",
        "/wiki/rest/api/audit",
    ] {
        let reply = client.get(&format!("{gateway}{path}"));
        assert_eq!((reply.status, reply.json()), (401, mismatch.clone()), "{path}");
    }
}
