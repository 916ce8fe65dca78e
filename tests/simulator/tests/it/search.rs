//! CQL: what it finds, what it does not know, and how it is paged.

use confluence_simulator::{
    Clock, CommentKind, Container, FileKind, Knobs, Principal, Restriction, Site, TimeZone,
};
use serde_json::json;

use crate::client::{Client, NOON, Reply, demo, start};

const MINUTE: i64 = 60_000;

/// A small site, and what finds titles in it.
struct Story {
    site: Site,
    clock: Clock,
    space: u64,
}

fn story() -> Story {
    let clock = Clock::standing_at(NOON);
    let mut site = Site::new(clock.clone());
    let ann = site.add_person("a:1", "Ann", "ann@acme.example");
    let space = site.add_space("S", "S", &[Principal::user(&ann)]);
    Story { site, clock, space }
}

fn search(client: &Client<'_>, cql: &str) -> Reply {
    let cql: String = url::form_urlencoded::byte_serialize(cql.as_bytes()).collect();
    client.get(&format!("/wiki/rest/api/content/search?cql={cql}&limit=100"))
}

fn titles(client: &Client<'_>, cql: &str) -> Vec<String> {
    let reply = search(client, cql);
    assert_eq!(reply.status, 200, "{cql}: {}", reply.text());
    let body = reply.json();
    body["results"].as_array().unwrap().iter().map(|row| row["title"].as_str().unwrap().to_string()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn clauses_combine() {
    let Story { mut site, clock, space } = story();
    let top = site.add_page(space, None, "Top", "<p>alpha</p>");
    clock.advance(10 * MINUTE);
    let middle = site.add_page(space, Some(top), "Middle earth", "<p>beta</p>");
    clock.advance(10 * MINUTE);
    site.add_page(space, Some(middle), "Low \"quoted\"", "<p>beta gamma</p>");
    site.add_blog_post(space, "Post", "<p>alpha</p>");
    site.label_page(middle, "red");
    let running = start(site).await;
    let client = Client::new(&running, "ann@acme.example");
    for (cql, expected) in [
        ("type = page", vec!["Top", "Middle earth", "Low \"quoted\""]),
        ("type in (page, blogpost) and text ~ alpha", vec!["Top", "Post"]),
        ("space = s and type != page", vec!["Post"]),
        ("space = NOPE", vec![]),
        (&format!("ancestor = {top}"), vec!["Middle earth", "Low \"quoted\""]),
        (&format!("id in ({top}, {middle}) order by id desc"), vec!["Middle earth", "Top"]),
        ("label = red or title = \"Low \\\"quoted\\\"\"", vec!["Middle earth", "Low \"quoted\""]),
        ("type = page and not label = red and title !~ low", vec!["Top"]),
        ("title ~ \"mid*\"", vec!["Middle earth"]),
        ("type = page order by title", vec!["Low \"quoted\"", "Middle earth", "Top"]),
        ("type = page order by lastmodified desc", vec!["Low \"quoted\"", "Middle earth", "Top"]),
        ("type = page and lastmodified > now(\"-5m\")", vec!["Low \"quoted\""]),
        ("type=page and (title=top or title=nothing)", vec!["Top"]),
    ] {
        assert_eq!(titles(&client, cql), expected, "{cql}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn dates_are_in_the_callers_zone_and_have_minutes() {
    let Story { mut site, space, .. } = story();
    // 12:00 in UTC is 17:30 in Kolkata.
    site.add_page(space, None, "Noon", "");
    site.users.get_mut("a:1").unwrap().time_zone = TimeZone::KOLKATA;
    let running = start(site).await;
    let client = Client::new(&running, "ann@acme.example");
    assert_eq!(titles(&client, "lastmodified >= \"2026-06-30 17:30\""), ["Noon"]);
    assert_eq!(titles(&client, "lastmodified >= \"2026/06/30 17:31\"").len(), 0);
    assert_eq!(titles(&client, "lastmodified < \"2026-06-30 12:00\"").len(), 0);
    assert_eq!(search(&client, "lastmodified > \"2026-06-30T17:30:00Z\"").status, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_fields_and_broken_queries_are_refused() {
    let running = demo().await;
    let client = Client::crawler(&running);
    let reply = search(&client, "status = current");
    assert_eq!(reply.status, 400);
    assert_eq!(
        reply.json()["message"],
        "No field exists with the name: 'status' Did you mean one of : space, subtype, space.key, siteSearch, space.type"
    );
    for cql in ["", "type =", "type = page and", "(type = page", "type = \"page", "title > x"] {
        assert_eq!(search(&client, cql).status, 400, "{cql}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn archived_content_is_not_in_the_index() {
    let Story { mut site, space, .. } = story();
    let archived = site.add_page(space, None, "Archived", "");
    site.archive_page(archived);
    let old = site.add_space("OLD", "Old", &[Principal::user("a:1")]);
    site.add_page(old, None, "In an archived space", "");
    site.archive_space(old);
    let running = start(site).await;
    let client = Client::new(&running, "ann@acme.example");
    assert_eq!(titles(&client, "type = page").len(), 0);
    let context = "%7B%22contentStatuses%22%3A%5B%22archived%22%5D%7D";
    let found =
        client.get(&format!("/wiki/rest/api/content/search?cql=type=page&cqlcontext={context}")).json();
    assert_eq!(found["results"][0]["title"], "Archived");
    assert_eq!(found["size"], 1);
    let wide = client
        .get("/wiki/rest/api/search?cql=type=page&includeArchivedSpaces=true&expand=content.version")
        .json();
    assert_eq!(wide["results"][0]["content"]["title"], "In an archived space");
    assert_eq!(wide["results"][0]["content"]["version"]["number"], 1);
    let narrow = client.get("/wiki/rest/api/search?cql=type=page").json();
    assert_eq!(narrow["size"], 0);
    let odd = client.get("/wiki/rest/api/search?cql=type=page&limit=abc");
    assert_eq!((odd.status, odd.body.len(), odd.header("content-type")), (404, 0, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_index_lags_behind_the_lists() {
    let Story { mut site, clock, space } = story();
    let page = site.add_page(space, None, "Old", "");
    clock.advance(60 * MINUTE);
    let running = start(site).await;
    running.set_knobs(Knobs { index_lag_ms: MINUTE, ..Knobs::default() });
    let client = Client::new(&running, "ann@acme.example");
    running.change(|site| {
        site.add_page(space, None, "New", "");
        site.edit_page(page, "<p>edited</p>");
    });
    assert_eq!(client.ids("/wiki/api/v2/pages").len(), 2);
    assert_eq!(titles(&client, "type = page"), ["Old"]);
    assert_eq!(titles(&client, "lastmodified > now(\"-10m\")").len(), 0);
    clock.advance(2 * MINUTE);
    assert_eq!(titles(&client, "type = page"), ["Old", "New"]);
    assert_eq!(titles(&client, "lastmodified > now(\"-10m\")"), ["Old", "New"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_walk_by_cursor_sees_everything_once() {
    let running = demo().await;
    let client = Client::crawler(&running);
    let query = "/wiki/rest/api/content/search?cql=type%3Dpage+order+by+lastmodified";
    let whole = client.ids(&format!("{query}&limit=1000"));
    let (rows, pages) = client.walk(&format!("{query}&limit=30"));
    let small: Vec<&str> = rows.iter().map(|row| row["id"].as_str().unwrap()).collect();
    assert_eq!(small, whole);
    assert_eq!(pages, whole.len().div_ceil(30));
    let next =
        client.get(&format!("{query}&limit=30")).json()["_links"]["next"].as_str().unwrap().to_string();
    assert!(next.starts_with("/rest/api/content/search?next=true&cursor=_f_MzA%3D_sa_"), "{next}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_expanded_lowers_the_limit_and_shows_restrictions() {
    let Story { mut site, space, .. } = story();
    let top = site.add_page(space, None, "Top", "<p>x</p>");
    let group = site.add_group("g:1", "Team", &["a:1"]);
    site.restrict_page(
        top,
        Some(Restriction { users: vec!["gone:1".into()], groups: vec![group, "gone:2".into()] }),
    );
    for number in 0..230 {
        site.add_page(space, None, &format!("Page {number}"), "");
    }
    let running = start(site).await;
    let client = Client::new(&running, "ann@acme.example");
    let size = |expand: &str| {
        let path = format!("/wiki/rest/api/content/search?cql=type=page&limit=1000&expand={expand}");
        client.get(&path).json()["results"].as_array().unwrap().len()
    };
    assert_eq!(
        (size(""), size("version"), size("body.storage"), size("body.export_view")),
        (231, 200, 50, 25)
    );
    let expand = "restrictions.read.restrictions.user,restrictions.read.restrictions.group,metadata.labels";
    let row = client.get(&format!("/wiki/rest/api/content/search?cql=id={top}&expand={expand}")).json();
    let read = &row["results"][0]["restrictions"]["read"]["restrictions"];
    assert_eq!(read["user"]["results"][0]["accountId"], "gone:1");
    assert_eq!(read["group"]["results"][0]["name"], "Team");
    assert_eq!(read["group"]["results"][1]["id"], "gone:2");
    assert_eq!(row["results"][0]["metadata"]["labels"]["size"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn long_restrictions_end_at_200_and_are_paged_singly() {
    let Story { mut site, space, .. } = story();
    let page = site.add_page(space, None, "Crowded", "");
    let mut users = vec!["a:1".to_string()];
    users.extend(
        (0..249)
            .map(|number| site.add_person(&format!("u:{number}"), "U", &format!("u{number}@acme.example"))),
    );
    site.restrict_page(page, Some(Restriction { users, groups: Vec::new() }));
    let running = start(site).await;
    let client = Client::new(&running, "ann@acme.example");
    let expand = "restrictions.read.restrictions.user";
    let row = client.get(&format!("/wiki/rest/api/content/search?cql=id={page}&expand={expand}")).json();
    let nested = &row["results"][0]["restrictions"]["read"]["restrictions"]["user"];
    assert_eq!((&nested["size"], &nested["limit"]), (&json!(200), &json!(200)));
    let path = format!("/wiki/rest/api/content/{page}/restriction/byOperation/read?start=200&limit=200");
    assert_eq!(client.get(&path).json()["restrictions"]["user"]["size"], 50);
    let both = client.get(&format!("/wiki/rest/api/content/{page}/restriction")).json();
    let operations: Vec<&str> =
        both["results"].as_array().unwrap().iter().map(|row| row["operation"].as_str().unwrap()).collect();
    assert_eq!(operations, ["read", "update"]);
    assert_eq!(both["results"][0]["restrictions"]["user"]["size"], 100);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_unseen_ancestor_loses_the_whole_page_of_results() {
    let Story { mut site, space, .. } = story();
    let parent = site.add_page(space, None, "Parent", "");
    site.add_page(space, Some(parent), "Child", "");
    let running = start(site).await;
    let client = Client::new(&running, "ann@acme.example");
    let path =
        "/wiki/rest/api/content/search?cql=type=page&expand=ancestors.restrictions.read.restrictions.user";
    let body = client.get(path).json();
    assert_eq!(body["results"][1]["ancestors"][0]["title"], "Parent");
    running.set_knobs(Knobs { unseen_ancestors: vec![parent], ..Knobs::default() });
    let reply = client.get(path);
    assert_eq!(reply.status, 404);
    let translation = format!("No content with id <ContentId{{id={parent}}}> can be found");
    let errors = json!([{ "message": { "translation": translation } }]);
    let data = json!({ "authorized": false, "valid": false, "errors": errors, "successful": false });
    assert_eq!(reply.json(), json!({ "statusCode": 404, "data": data }));
    assert_eq!(client.get("/wiki/rest/api/content/search?cql=type=page&expand=ancestors").status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn comments_and_attachments_are_found_by_what_they_hang_on() {
    let Story { mut site, space, .. } = story();
    let top = site.add_page(space, None, "Top", "");
    let other = site.add_page(space, Some(top), "Other", "");
    let root = site.add_comment(Container::Page(top), None, CommentKind::Footer, "<p>first</p>");
    let reply = site.add_comment(Container::Page(top), Some(root), CommentKind::Footer, "<p>second</p>");
    site.add_comment(Container::Page(other), None, CommentKind::Footer, "<p>elsewhere</p>");
    site.add_attachment(Container::Page(top), "plan.pdf", FileKind::Pdf);
    let running = start(site).await;
    let client = Client::new(&running, "ann@acme.example");
    let find = |cql: &str, expand: &str| {
        let cql: String = url::form_urlencoded::byte_serialize(cql.as_bytes()).collect();
        client.get(&format!("/wiki/rest/api/content/search?cql={cql}&limit=200&expand={expand}")).json()
    };
    let comments =
        find(&format!("type=comment and container in ({top})"), "body.storage,container,ancestors");
    let rows: Vec<String> = comments["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| format!("{} {} {}", row["title"], row["container"]["id"], row["ancestors"][0]["id"]))
        .collect();
    assert_eq!(rows, [format!("\"Re: Top\" \"{top}\" null"), format!("\"Re: Top\" \"{top}\" \"{root}\""),]);
    assert_eq!(comments["results"][1]["id"], reply.to_string());
    let files = find(&format!("type=attachment and container in ({top},{other})"), "container,extensions");
    assert_eq!(files["results"][0]["extensions"]["mediaType"], "application/pdf");
    // One page's own list holds the roots alone.
    assert_eq!(client.ids(&format!("/wiki/api/v2/pages/{top}/footer-comments")), [root.to_string()]);
    assert_eq!(client.ids(&format!("/wiki/api/v2/pages/{other}/ancestors")), [top.to_string()]);
}
