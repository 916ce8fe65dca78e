//! Refusals, word for word as measured on real sites.

use serde_json::json;

use crate::client::{Client, demo};

const WRONG: &str = "Basic d3JvbmdAYWNtZS5leGFtcGxlOnRva2Vu";

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_or_absent_token_is_403_on_v1_and_404_on_v2() {
    let running = demo().await;
    for header in [Some(WRONG), None] {
        let client = Client::with_header(&running, header);
        let v1 = client.get("/wiki/rest/api/user/current");
        assert_eq!(v1.status, 403);
        let message = "com.atlassian.confluence.mvc.rest.common.exception.StacklessResponseStatusException: 403 FORBIDDEN \
                       \"Request rejected because caller cannot access Confluence\"";
        assert_eq!(v1.json(), json!({ "statusCode": 403, "message": message }));
        let v2 = client.get("/wiki/api/v2/pages");
        assert_eq!(v2.status, 404);
        let error = json!({ "status": 404, "code": "NOT_FOUND", "title": "Not Found", "detail": null });
        assert_eq!(v2.json(), json!({ "errors": [error] }));
        // A stranger does not learn which routes exist either.
        assert_eq!(client.get("/wiki/api/v2/no-such-route").json(), v2.json());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unreadable_credential_is_401_in_html() {
    let running = demo().await;
    for header in ["Basic ***", "Basic bm9jb2xvbg==", "Bearer abc"] {
        let reply = Client::with_header(&running, Some(header)).get("/wiki/rest/api/user/current");
        assert_eq!(reply.status, 401, "{header}");
        assert!(reply.text().contains("HTTP Status 401"), "{header}");
    }
    let cloud = running.read(|site| site.cloud_id.clone());
    let gateway = format!("/ex/confluence/{cloud}/wiki/api/v2/pages");
    let reply = Client::with_header(&running, Some("Bearer abc")).get(&gateway);
    assert_eq!((reply.status, reply.json()), (401, json!({ "code": 401, "message": "Unauthorized" })));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_closed_and_the_unlicensed_are_refused() {
    let running = demo().await;
    let email = running
        .read(|site| site.users.values().find(|user| user.name.starts_with("Dora")).unwrap().email.clone());
    let client = Client::new(&running, &email);
    assert_eq!(client.get("/wiki/rest/api/user/current").status, 200);
    running.change(|site| {
        let id = site.user_by_email(&email).unwrap().account_id.clone();
        site.remove_group_member(confluence_simulator::USERS_GROUP, &id);
    });
    let reply = client.get("/wiki/rest/api/user/current");
    assert_eq!(reply.status, 403);
    assert_eq!(
        reply.json(),
        json!({ "message": "Current user not permitted to use Confluence", "statusCode": 403 })
    );
    assert_eq!(client.get("/wiki/api/v2/pages").status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_missing_is_named() {
    let running = demo().await;
    let client = Client::crawler(&running);
    let reply = client.get("/wiki/api/v2/pages/999999999999");
    let title = "Cannot find a page with id [999999999999]";
    let error = json!({ "status": 404, "code": "NOT_FOUND", "title": title, "detail": null });
    assert_eq!((reply.status, reply.json()), (404, json!({ "errors": [error] })));
    let restriction = client.get("/wiki/rest/api/content/999999999999/restriction");
    assert_eq!(restriction.status, 404);
    assert!(restriction.text().contains("No content found with id: ContentId{id=999999999999}"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_cursor_says_to_begin_again() {
    let running = demo().await;
    let client = Client::crawler(&running);
    let expected = json!({ "errors": [{
        "status": 400,
        "code": "INVALID_REQUEST_PARAMETER",
        "title": "Provided value for 'cursor' is not the correct type. Expected type is Cursor.",
        "detail": "The provided cursor was not valid. You can get a new valid cursor by making the original pagination request again.",
    }] });
    for cursor in ["rubbish", "e30%3D", ""] {
        let reply = client.get(&format!("/wiki/api/v2/pages?cursor={cursor}"));
        assert_eq!((reply.status, reply.json()), (400, expected.clone()), "{cursor}");
    }
    // A cursor belongs to the order it was made for.
    let next = client.get("/wiki/api/v2/pages?limit=3&sort=title").json()["_links"]["next"]
        .as_str()
        .unwrap()
        .to_string();
    assert_eq!(client.get(&next.replace("sort=title", "sort=id")).status, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_routes_and_methods_have_shapes_of_their_own() {
    let running = demo().await;
    let client = Client::crawler(&running);
    let v1 = client.get("/wiki/rest/api/nopesuchroute");
    assert_eq!((v1.status, v1.header("content-type")), (404, Some("application/xml")));
    assert_eq!(
        v1.text(),
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><status><status-code>404</status-code><message>null \
         for uri: https://acme.atlassian.net/wiki/rest/api/nopesuchroute</message></status>"
    );
    let v2 = client.get("/wiki/api/v2/folders/1/children");
    assert!(v2.status == 404 && v2.text().starts_with("<!DOCTYPE html>"));
    let method = client.send("DELETE", "/wiki/api/v2/pages/1", "");
    assert_eq!((method.status, method.header("allow")), (405, None));
    assert_eq!(method.json()["errors"][0]["code"], "METHOD_NOT_ALLOWED");
    assert_eq!(client.get("/wiki/api/v2/users-bulk").status, 405);
    let removed = client.get("/wiki/rest/api/content");
    assert_eq!(removed.status, 410);
    assert_eq!(
        removed.json()["message"],
        "com.atlassian.confluence.api.service.exceptions.GoneException: This deprecated endpoint has been removed."
    );
    let integer = client.get("/wiki/rest/api/group?start=abc");
    assert!(integer.status == 400 && integer.text().contains("MethodArgumentTypeMismatchException"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tenant_is_told_to_anybody_and_every_answer_bears_an_id() {
    let running = demo().await;
    let reply = Client::with_header(&running, None).get("/_edge/tenant_info");
    assert_eq!(reply.json(), json!({ "cloudId": "1324a887-45db-1bf4-1e99-ef0ff456d421" }));
    assert_eq!(reply.header("content-type"), Some("application/json"));
    assert!(reply.header("x-arequestid").is_some() && reply.header("atl-traceid").is_some());
    let gateway = Client::crawler(&running).get("/ex/confluence/another-cloud/wiki/api/v2/pages");
    assert_eq!(gateway.status, 404);
}
