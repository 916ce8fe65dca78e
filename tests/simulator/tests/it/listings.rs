//! Lists: cursors that see everything once, limits, orders, filters.

use std::collections::BTreeSet;

use confluence_simulator::{Clock, Knobs, Site};

use crate::client::{Client, NOON, demo, start};

const LISTS: [&str; 6] =
    ["spaces", "pages", "blogposts", "footer-comments", "inline-comments", "attachments"];

fn unique(ids: &[String]) -> BTreeSet<&String> {
    ids.iter().collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_walk_sees_every_row_once_whatever_the_limit() {
    let running = demo().await;
    let client = Client::crawler(&running);
    for list in LISTS {
        let whole = client.ids(&format!("/wiki/api/v2/{list}?limit=250"));
        let small = client.ids(&format!("/wiki/api/v2/{list}?limit=7"));
        assert_eq!(unique(&whole).len(), whole.len(), "{list} repeats rows");
        assert_eq!(small, whole, "{list} in small pages");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn orders_run_both_ways_and_lose_nothing() {
    let running = demo().await;
    let client = Client::crawler(&running);
    for (list, field) in [("pages", "modified-date"), ("pages", "title"), ("attachments", "created-date")] {
        let up = client.ids(&format!("/wiki/api/v2/{list}?limit=40&sort={field}"));
        let mut down = client.ids(&format!("/wiki/api/v2/{list}?limit=40&sort=-{field}"));
        down.reverse();
        assert_eq!(up, down, "{list} by {field}");
    }
    let (rows, _) = client.walk("/wiki/api/v2/pages?limit=100&sort=-modified-date");
    let dates: Vec<&str> = rows.iter().map(|row| row["version"]["createdAt"].as_str().unwrap()).collect();
    assert!(dates.is_sorted_by(|a, b| a >= b));
}

#[tokio::test(flavor = "multi_thread")]
async fn limits_have_defaults_and_a_ceiling() {
    let running = demo().await;
    let client = Client::crawler(&running);
    let rows = |path: &str| client.get(path).json()["results"].as_array().map(Vec::len);
    assert_eq!(rows("/wiki/api/v2/pages"), Some(25));
    assert_eq!(rows("/wiki/api/v2/attachments"), Some(50));
    assert_eq!(rows("/wiki/api/v2/pages?limit=250"), Some(250));
    for limit in ["0", "251", "-1", "many"] {
        assert_eq!(client.get(&format!("/wiki/api/v2/pages?limit={limit}")).status, 400, "limit={limit}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn next_stands_in_the_body_and_in_the_header_without_the_gateway() {
    let running = demo().await;
    let client = Client::crawler(&running);
    let cloud = running.read(|site| site.cloud_id.clone());
    let reply = client.get(&format!("/ex/confluence/{cloud}/wiki/api/v2/pages?limit=5&body-format=storage"));
    let body = reply.json();
    let next = body["_links"]["next"].as_str().unwrap();
    assert!(next.starts_with("/wiki/api/v2/pages?cursor="), "{next}");
    assert!(next.contains("body-format=storage") && next.contains("limit=5"), "{next}");
    assert_eq!(body["_links"]["base"], "https://acme.atlassian.net/wiki");
    let link = format!("<{next}>; rel=\"next\", <https://acme.atlassian.net/wiki>; rel=\"base\"");
    assert_eq!(reply.header("link"), Some(link.as_str()));
    let last = client.get("/wiki/api/v2/spaces?limit=250");
    assert_eq!(last.header("link"), Some("<https://acme.atlassian.net/wiki>; rel=\"base\""));
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_choose_by_space_id_status_and_title() {
    let mut site = Site::new(Clock::standing_at(NOON));
    let ann = site.add_person("a:1", "Ann", "ann@acme.example");
    let here = site.add_space("HERE", "Here", &[confluence_simulator::Principal::user(&ann)]);
    let there = site.add_space("THERE", "There", &[confluence_simulator::Principal::user(&ann)]);
    let current = site.add_page(here, None, "Current", "<p>x</p>");
    let archived = site.add_page(here, None, "Archived", "");
    let trashed = site.add_page(here, None, "Trashed", "");
    let other = site.add_page(there, None, "Other", "");
    site.archive_page(archived);
    site.trash_page(trashed);
    let running = start(site).await;
    let client = Client::new(&running, "ann@acme.example");
    let ids = |query: &str| client.ids(&format!("/wiki/api/v2/pages{query}"));
    let named = |ids: &[u64]| ids.iter().map(u64::to_string).collect::<Vec<_>>();
    assert_eq!(ids(""), named(&[current, archived, other]));
    assert_eq!(ids(&format!("?space-id={here}")), named(&[current, archived]));
    assert_eq!(ids(&format!("?space-id={here}&space-id={there}&status=current")), named(&[current, other]));
    assert_eq!(ids("?status=trashed"), named(&[trashed]));
    assert_eq!(ids(&format!("?id={other},{archived}")), named(&[archived, other]));
    assert_eq!(ids("?title=CURRENT"), named(&[current]));
    let row = client.get(&format!("/wiki/api/v2/pages/{trashed}"));
    assert_eq!((row.status, &row.json()["parentId"]), (200, &serde_json::Value::Null));
    assert_eq!(client.get("/wiki/api/v2/pages?status=draft").status, 400);
    assert_eq!(client.get("/wiki/api/v2/pages?body-format=view").status, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn short_pages_lose_nothing() {
    let running = demo().await;
    let client = Client::crawler(&running);
    let whole = client.ids("/wiki/api/v2/pages?limit=250");
    running.set_knobs(Knobs { page_rows_max: Some(90), ..Knobs::default() });
    let (rows, pages) = client.walk("/wiki/api/v2/pages?limit=250");
    assert_eq!((rows.len(), pages), (whole.len(), whole.len().div_ceil(90)));
}

#[tokio::test(flavor = "multi_thread")]
async fn v1_lists_walk_by_offset() {
    let running = demo().await;
    let client = Client::crawler(&running);
    let groups = client.ids("/wiki/rest/api/group?limit=2");
    assert_eq!(groups.len(), 5);
    let of = |kind: &str| client.ids(&format!("/wiki/rest/api/group?accessType={kind}")).len();
    assert_eq!((of("user"), of("admin")), (1, 1));
    let (people, _) = client.walk("/wiki/rest/api/search/user?cql=type=user&limit=3");
    let (guests, _) =
        client.walk("/wiki/rest/api/search/user?cql=type=user&sitePermissionTypeFilter=externalCollaborator");
    // Twelve people, of whom one is a guest and one has left.
    assert_eq!((people.len(), guests.len()), (10, 1));
    let team = &groups[2];
    let (members, _) = client.walk(&format!("/wiki/rest/api/group/{team}/membersByGroupId?limit=1"));
    let expected = running.read(|site| {
        let members = &site.groups[team].members;
        let active = |id: &&String| site.users[*id].status == confluence_simulator::AccountStatus::Active;
        members.iter().filter(active).cloned().collect::<Vec<_>>()
    });
    let found: Vec<&str> = members.iter().map(|row| row["accountId"].as_str().unwrap()).collect();
    assert_eq!(found, expected);
    let unknown = client.get("/wiki/rest/api/group/no-such-group/membersByGroupId");
    assert_eq!((unknown.status, &unknown.json()["size"]), (200, &serde_json::json!(0)));
    assert_eq!(client.get(&format!("/wiki/rest/api/group/{team}/membersByGroupId?limit=201")).status, 400);
    let crawler = client.get("/wiki/rest/api/user/current").json()["accountId"].as_str().unwrap().to_string();
    assert_eq!(client.ids(&format!("/wiki/rest/api/user/memberof?accountId={crawler}")), groups);
}

#[tokio::test(flavor = "multi_thread")]
async fn hidden_addresses_are_empty_in_v2_and_absent_in_v1() {
    let running = demo().await;
    let client = Client::crawler(&running);
    let hidden = running.read(|site| {
        site.users.values().find(|user| !user.email_visible && user.api_token.is_some()).cloned()
    });
    let hidden = hidden.expect("somebody hides");
    let body = format!("{{\"accountIds\":[\"{}\",\"unknown\"]}}", hidden.account_id);
    let bulk = client.send("POST", "/wiki/api/v2/users-bulk", &body).json();
    assert_eq!(bulk["results"].as_array().unwrap().len(), 1);
    assert_eq!(bulk["results"][0]["email"], "");
    let (people, _) = client.walk("/wiki/rest/api/search/user?cql=type=user&limit=200");
    let row = people.iter().find(|row| row["user"]["accountId"] == hidden.account_id.as_str()).unwrap();
    assert_eq!(row["user"].get("email"), None);
    let own = Client::new(&running, &hidden.email).get("/wiki/rest/api/user/current").json();
    assert_eq!(own["email"], hidden.email.as_str());
}
