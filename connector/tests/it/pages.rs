//! Pages and blog posts with their restrictions and labels: what is asked for, what is told, and what hides.
//!
//! Long because whole answers stand below the stories; all of them drive the one read of `reading::pages`.

use crate::fake::{Fake, broken, page_row, read_all, results, search_row, story};
use confluence::filter::Wanted;
use confluence::model::{Partition, Position};
use confluence::reading::read_page;
use confluence::transport::TransportErrorKind;
use insta::assert_snapshot;
use std::fmt::Write;

const OPEN: &str =
    r#"{"results":[{"operation":"read","restrictions":{"user":{"results":[]},"group":{"results":[]}}}]}"#;

/// Past the spaces, at the first page.
const AT_PAGES: &str = r#"{"walk":{"listing":0}}"#;

fn engineering() -> Partition {
    Partition {
        id: "pages-0".to_owned(),
        label: String::new(),
        token: r#"{"pages":{"spaces":[{"id":"8","key":"ENG","name":"Engineering","type":"global","status":"current"}]}}"#
            .to_owned(),
    }
}

fn read(fake: &Fake, position: &str) -> confluence::model::Page {
    read_page(&fake.site(), &Wanted::default(), &engineering(), &Position::After(position.to_owned()), 1000)
        .unwrap()
}

#[test]
fn bodies_meet_restrictions_and_labels() {
    let rows = [
        page_row(1, ""),
        page_row(2, r#","parentId":"1","parentType":"page""#),
        page_row(3, r#","parentId":"77","parentType":"folder""#),
        page_row(4, "").replace("current", "archived"),
        page_row(5, ""),
        page_row(6, ""),
    ];
    let found = [
        search_row(1, &[], &[], &["runbook", "alpha"]),
        search_row(2, &["u2", "u1"], &["g1"], &[]),
        search_row(3, &[], &[], &[]),
        search_row(4, &["u1"], &[], &["old"]),
        // A group whose id is gone: somebody is named, nobody is left.
        search_row(6, &[], &["g9"], &[]).replace(r#""id":"g9""#, r#""name":"deleted""#),
    ];
    let fake = Fake::default()
        .on("/v2/pages?", &results(&rows, None))
        .on("/v2/folders/77", r#"{"id":"77","status":"current","title":"Plans","spaceId":"8"}"#)
        .on("/content/77/restriction", OPEN)
        .on("content/search cqlcontext", &results(&[search_row(4, &["u1"], &[], &["old"])], None))
        .on("/content/search", &results(&found, None))
        .on(
            "/content/5/restriction",
            r#"{"results":[{"operation":"update","restrictions":{"user":{"results":[]},"group":{"results":[]}}},
            {"operation":"read","restrictions":{"user":{"results":[{"accountId":"u5"}],"size":1,"limit":200},
            "group":{"results":[],"size":0,"limit":200}}}]}"#,
        );
    let page = read(&fake, AT_PAGES);
    assert_snapshot!(story(&[page]), @r#"
    page page:1 in space:8, "Page 1", inherited: space=ENG status=current label=alpha label=runbook
    page page:2 in page:1, "Page 2", narrowed to [user u1, user u2, group g1]: space=ENG status=current
    page page:3 in folder:77, "Page 3", inherited: space=ENG status=current
    page page:4 in space:8, "Page 4", narrowed to [user u1]: space=ENG status=archived label=old
    page page:5 in space:8, "Page 5", narrowed to [user u5]: space=ENG status=current
    page page:6 in space:8, "Page 6", narrowed to []: space=ENG status=current
    folder folder:77 in space:8, "Plans", inherited: space=ENG status=current
    "#);
    assert_snapshot!(fake.asked(), @r#"
    /wiki/api/v2/pages?space-id=8&status=current,archived&sort=id&body-format=storage&limit=250
    /wiki/rest/api/content/search?cql=id in (1,2,3,5,6,4)&limit=200&expand=restrictions.read.restrictions.user,restrictions.read.restrictions.group,metadata.labels&cqlcontext={"contentStatuses":["current","archived"]}
    /wiki/rest/api/content/search?cql=id in (1,2,3,5,6)&limit=200&expand=restrictions.read.restrictions.user,restrictions.read.restrictions.group,metadata.labels
    /wiki/rest/api/search?cql=id in (5)&limit=200&expand=content.restrictions.read.restrictions.user,content.restrictions.read.restrictions.group,content.metadata.labels&includeArchivedSpaces=true&cqlcontext={"contentStatuses":["current","archived"]}
    /wiki/rest/api/content/5/restriction?limit=200
    /wiki/rest/api/content/search?cql=id in (77)&limit=200
    /wiki/api/v2/folders/77
    /wiki/rest/api/content/77/restriction?limit=200
    "#);
    assert_snapshot!(fake.logged(), @r#"
    Info: restriction read singly id="5" reason="the search did not mention it"
    Info: restriction read singly id="77" reason="the search did not mention it"
    "#);
}

#[test]
fn an_item_is_told_whole() {
    let fake = Fake::default()
        .on("/v2/pages?", &results(&[page_row(1, "")], None))
        .on("/content/search", &results(&[search_row(1, &[], &[], &["alpha"])], None));
    assert_snapshot!(format!("{:#?}", read(&fake, AT_PAGES).changes), @r#"
    [
        Upsert(
            Item {
                id: "page:1",
                kind: "page",
                parent: Some(
                    "space:8",
                ),
                version: "3;c2;aab8293a5e76654f",
                title: "Page 1",
                url: "https://acme.atlassian.net/wiki/spaces/ENG/pages/1/Page",
                body: Some(
                    "Words",
                ),
                file: None,
                access: Inherited,
                author: Some(
                    "au",
                ),
                editor: Some(
                    "ed",
                ),
                created: Some(
                    1767225600000,
                ),
                updated: Some(
                    1767312000000,
                ),
                properties: [
                    (
                        "space",
                        "ENG",
                    ),
                    (
                        "status",
                        "current",
                    ),
                    (
                        "label",
                        "alpha",
                    ),
                ],
            },
        ),
    ]
    "#);
}

#[test]
fn live_docs_and_archived_pages_are_told_apart() {
    let rows = [
        page_row(1, r#","subtype":"live""#),
        page_row(2, r#","subtype":"page""#),
        page_row(3, r#","subtype":null"#).replace("current", "archived"),
    ];
    let fake = Fake::default().on("/v2/pages?", &results(&rows, None)).open_search();
    assert_snapshot!(story(&[read(&fake, AT_PAGES)]), @r#"
    page page:1 in space:8, "Page 1", inherited: space=ENG status=current subtype=live
    page page:2 in space:8, "Page 2", inherited: space=ENG status=current
    page page:3 in space:8, "Page 3", inherited: space=ENG status=archived
    "#);
}

#[test]
fn a_new_label_makes_a_new_version() {
    let version = |labels: &[&str]| {
        let fake = Fake::default()
            .on("/v2/pages?", &results(&[page_row(1, "")], None))
            .on("/content/search", &results(&[search_row(1, &[], &[], labels)], None));
        match read(&fake, AT_PAGES).changes.remove(0) {
            confluence::model::Change::Upsert(item) => item.version,
            other => panic!("{other:?}"),
        }
    };
    assert_ne!(version(&["a"]), version(&["a", "b"]));
    assert_eq!(version(&["b", "a"]), version(&["a", "b"]));
}

#[test]
fn what_restrictions_hide_stays_hidden_when_they_cannot_be_read() {
    let rows: Vec<_> = (1..=4).map(|id| page_row(id, "")).collect();
    let half =
        r#"{"id":"3","restrictions":{"read":{"operation":"read","restrictions":{"user":{"results":[]}}}}}"#;
    let odd = r#"{"id":"4","restrictions":{"read":{"restrictions":{"user":{"results":[7]},"group":{"results":[]}}}}}"#;
    let fake = Fake::default()
        .on("/v2/pages?", &results(&rows, None))
        .on("/content/search", &results(&[half.to_owned(), odd.to_owned()], None))
        .status("/content/1/restriction", 404, r#"{"message":"No content with id 1"}"#)
        .status("/content/2/restriction", 500, "<html>oops</html>")
        .on("/content/3/restriction", r#"{"results":[]}"#)
        .on("/content/4/restriction", "null");
    assert_snapshot!(story(&[read(&fake, AT_PAGES)]), @r#"
    page page:1 in space:8, "Page 1", unknown: space=ENG status=current
    page page:2 in space:8, "Page 2", unknown: space=ENG status=current
    page page:3 in space:8, "Page 3", unknown: space=ENG status=current
    page page:4 in space:8, "Page 4", unknown: space=ENG status=current
    "#);
}

#[test]
fn a_search_that_fails_falls_back_to_single_reads() {
    let open =
        r#"{"results":[{"operation":"read","restrictions":{"user":{"results":[]},"group":{"results":[]}}}]}"#;
    let fake = Fake::default()
        .on("/v2/pages?", &results(&[page_row(1, "")], None))
        .status("/content/search", 404, r#"{"statusCode":404,"data":{"errors":[{"message":{"translation":"No content with id <ContentId{id=12345}> can be found"}}]}}"#)
        .on("/content/1/restriction", open);
    assert_snapshot!(story(&[read(&fake, AT_PAGES)]), @r#"page page:1 in space:8, "Page 1", inherited: space=ENG status=current"#);
    assert_snapshot!(fake.logged(), @r#"Info: restriction read singly id="1" reason="asked acme.atlassian.net for /wiki/rest/api/content/search and got 404: No content with id <ContentId{id=12345}> can be found""#);
}

#[test]
fn a_site_that_does_not_know_statuses_is_asked_plainly() {
    let rows = [page_row(1, ""), page_row(2, "").replace("current", "archived")];
    let open =
        r#"{"results":[{"operation":"read","restrictions":{"user":{"results":[]},"group":{"results":[]}}}]}"#;
    let fake = Fake::default()
        .on("/v2/pages?", &results(&rows, None))
        .status("cqlcontext", 400, r#"{"message":"cqlcontext is not understood"}"#)
        .on("/content/search", &results(&[search_row(1, &[], &[], &["kept"])], None))
        .on("/content/2/restriction", open);
    assert_snapshot!(story(&[read(&fake, AT_PAGES)]), @r#"
    page page:1 in space:8, "Page 1", inherited: space=ENG status=current label=kept
    page page:2 in space:8, "Page 2", inherited: space=ENG status=archived
    "#);
    assert_snapshot!(fake.asked(), @r#"
    /wiki/api/v2/pages?space-id=8&status=current,archived&sort=id&body-format=storage&limit=250
    /wiki/rest/api/content/search?cql=id in (1,2)&limit=200&expand=restrictions.read.restrictions.user,restrictions.read.restrictions.group,metadata.labels&cqlcontext={"contentStatuses":["current","archived"]}
    /wiki/rest/api/content/search?cql=id in (1)&limit=200&expand=restrictions.read.restrictions.user,restrictions.read.restrictions.group,metadata.labels
    /wiki/rest/api/content/2/restriction?limit=200
    "#);
}

#[test]
fn more_readers_than_one_answer_names_are_read_in_portions() {
    let many: Vec<String> = (0..200).map(|number| format!("u{number:03}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let portion = |users: &[&str]| {
        let rows = users.iter().map(|id| format!(r#"{{"accountId":"{id}"}}"#)).collect::<Vec<_>>().join(",");
        let count = users.len();
        format!(
            r#"{{"operation":"read","restrictions":{{"user":{{"results":[{rows}],"size":{count},"limit":200}},"group":{{"results":[],"size":0,"limit":200}}}}}}"#
        )
    };
    let fake = Fake::default()
        .on("/v2/pages?", &results(&[page_row(1, "")], None))
        .on("/content/search", &results(&[search_row(1, &many, &[], &["kept"])], None))
        .on("byOperation/read start=0", &portion(&many))
        .on("byOperation/read start=200", &portion(&["u999"]));
    let told = story(&[read(&fake, AT_PAGES)]);
    assert!(told.contains("user u000") && told.contains("user u199, user u999]: "), "{told}");
    assert!(told.ends_with("label=kept"), "{told}");
}

#[test]
fn portions_smaller_than_asked_for_leave_nobody_out() {
    let names: Vec<String> = (0..250).map(|number| format!("u{number:03}")).collect();
    let portion = |from: usize, to: usize| {
        let rows = names[from..to].iter().map(|id| format!(r#"{{"accountId":"{id}"}}"#));
        let (rows, size) = (rows.collect::<Vec<_>>().join(","), to - from);
        format!(
            r#"{{"operation":"read","restrictions":{{"user":{{"results":[{rows}],"size":{size},"limit":100}},
            "group":{{"results":[],"size":0,"limit":100}}}}}}"#
        )
    };
    let fake = Fake::default()
        .on("/v2/pages?", &results(&[page_row(1, "")], None))
        .on("/content/search", &results(&[], None))
        .on("byOperation/read start=100&", &portion(100, 200))
        .on("byOperation/read start=200&", &portion(200, 250))
        .on("/content/1/restriction?", &format!(r#"{{"results":[{}]}}"#, portion(0, 100)));
    let told = story(&[read(&fake, AT_PAGES)]);
    assert_eq!(names.iter().filter(|name| told.contains(&***name)).count(), 250);
    // A list that says it is full and names nobody is not believed.
    let empty = r#"{"operation":"read","restrictions":{"user":{"results":[],"size":9,"limit":9},"group":{"results":[]}}}"#;
    let fake = Fake::default()
        .on("/v2/pages?", &results(&[page_row(1, "")], None))
        .on("/content/search", &results(&[], None))
        .on("/content/1/restriction?", &format!(r#"{{"results":[{empty}]}}"#));
    assert!(story(&[read(&fake, AT_PAGES)]).contains("unknown"));
}

/// `count` pages in listings of 250 with a restriction search that knows them all.
fn large(count: u64) -> Fake {
    let mut fake = Fake::default();
    let listings = count.div_ceil(250);
    for listing in (0..listings).rev() {
        let ids = listing * 250 + 1..=((listing + 1) * 250).min(count);
        let rows: Vec<_> = ids.map(|id| page_row(id, "")).collect();
        let next = format!("/wiki/api/v2/pages?limit=250&cursor=c{}", listing + 1);
        let next = (listing + 1 < listings).then_some(next.as_str());
        let rule =
            if listing == 0 { "/v2/pages?".to_owned() } else { format!("/v2/pages? cursor=c{listing}&") };
        fake = fake.on(&rule, &results(&rows, next));
    }
    fake.open_search()
}

#[test]
fn a_thousand_pages_cost_nine_requests() {
    let fake = large(1000);
    let page = read(&fake, AT_PAGES);
    assert_eq!((page.changes.len(), page.next), (1000, None));
    let mut shape = String::new();
    for line in fake.asked().lines() {
        let kind = if line.contains("/v2/pages") { "bodies" } else { "restrictions" };
        writeln!(shape, "{kind}").unwrap();
    }
    assert_snapshot!(shape, @r#"
    bodies
    bodies
    restrictions
    bodies
    restrictions
    bodies
    restrictions
    restrictions
    restrictions
    "#);
}

#[test]
fn a_read_resumed_from_every_cursor_equals_one_that_ran_through() {
    let fake = large(2100).on("/permissions", &results(&[], None));
    let fine: Vec<_> = read_all(&fake.site(), &engineering(), 250);
    let coarse = read_all(&fake.site(), &engineering(), 1000);
    assert_eq!((fine.len(), coarse.len()), (10, 4));
    assert_eq!(story(&fine), story(&coarse));
    // The same cursor again: the same page again.
    let cursor = coarse[1].next.clone().unwrap();
    assert_eq!(read(&fake, &cursor), coarse[2]);
    assert_snapshot!(cursor, @r#"{"walk":{"listing":0,"link":"/wiki/api/v2/pages?limit=250&cursor=c4&space-id=8&status=current%2Carchived&sort=id&body-format=storage"}}"#);
}

#[test]
fn a_listing_too_large_for_the_site_is_asked_for_in_halves() {
    let fake = Fake::default()
        .status("/v2/pages? limit=250", 504, "")
        .answer("/v2/pages? limit=125", broken(TransportErrorKind::TooLarge))
        .on("/v2/pages? cursor=c", &results(&[page_row(2, "")], None))
        .on("/v2/pages? limit=62", &results(&[page_row(1, "")], Some("/wiki/api/v2/pages?cursor=c&limit=62")))
        .on("/content/search", &results(&[search_row(1, &[], &[], &[]), search_row(2, &[], &[], &[])], None));
    assert_snapshot!(story(&[read(&fake, AT_PAGES)]), @r#"
    page page:1 in space:8, "Page 1", inherited: space=ENG status=current
    page page:2 in space:8, "Page 2", inherited: space=ENG status=current
    "#);
    assert_snapshot!(fake.asked(), @r#"
    /wiki/api/v2/pages?space-id=8&status=current,archived&sort=id&body-format=storage&limit=250
    /wiki/api/v2/pages?space-id=8&status=current,archived&sort=id&body-format=storage&limit=125
    /wiki/api/v2/pages?space-id=8&status=current,archived&sort=id&body-format=storage&limit=62
    /wiki/api/v2/pages?cursor=c&space-id=8&status=current,archived&sort=id&body-format=storage&limit=124
    /wiki/rest/api/content/search?cql=id in (1,2)&limit=200&expand=restrictions.read.restrictions.user,restrictions.read.restrictions.group,metadata.labels
    "#);
}

#[test]
fn a_body_that_cannot_be_had_costs_only_itself() {
    let bare = page_row(1, "").replace("<p>Words.</p>", "");
    let fake = Fake::default()
        .on("/v2/pages? cursor=c limit=2", &results(&[page_row(2, "")], None))
        .status("/v2/pages? body-format", 500, "")
        .on("/v2/pages? limit=1", &results(&[bare], Some("/wiki/api/v2/pages?cursor=c&limit=1")))
        .on(
            "/content/search",
            &results(&[search_row(1, &[], &["g1"], &[]), search_row(2, &[], &[], &[])], None),
        );
    // Access is read all the same.
    assert_snapshot!(story(&[read(&fake, AT_PAGES)]), @r#"
    page page:1 in space:8, "Page 1", narrowed to [group g1]: space=ENG status=current
    page page:2 in space:8, "Page 2", inherited: space=ENG status=current
    "#);
    assert_snapshot!(fake.logged().lines().last().unwrap(), @r#"Warn: reading one thing without its body reason="asked acme.atlassian.net for /wiki/api/v2/pages and got 500: an empty answer""#);
}

#[test]
fn restrictions_beyond_what_a_call_may_ask_for_are_nobody_s() {
    let rows: Vec<_> = (1..=250).map(|id| page_row(id, "")).collect();
    let more: Vec<_> = (251..=500).map(|id| page_row(id, "")).collect();
    let last: Vec<_> = (501..=600).map(|id| page_row(id, "")).collect();
    let fake = Fake::default()
        .on("/v2/pages? cursor=c2", &results(&last, None))
        .on("/v2/pages? cursor=c1", &results(&more, Some("/wiki/api/v2/pages?cursor=c2")))
        .on("/v2/pages?", &results(&rows, Some("/wiki/api/v2/pages?cursor=c1")))
        .status("/content/search", 400, r#"{"message":"no"}"#)
        .on("/restriction", r#"{"results":[{"operation":"read","restrictions":{"user":{"results":[]},"group":{"results":[]}}}]}"#);
    let told = story(&[read(&fake, AT_PAGES)]);
    let nobody = told.lines().filter(|line| line.contains("unknown")).count();
    assert_eq!((told.lines().count(), nobody), (600, 100), "{}", told.lines().next().unwrap());
}

#[test]
fn large_answers_end_a_block_early() {
    let body = "x".repeat(9 * 1024 * 1024);
    let row = page_row(1, "").replace("Words", &body);
    let fake = Fake::default()
        .on("/v2/pages?", &results(&[row], Some("/wiki/api/v2/pages?cursor=c")))
        .on("/content/search", &results(&[search_row(1, &[], &[], &[])], None));
    let page = read(&fake, AT_PAGES);
    assert!(page.next.is_some());
    assert_eq!((page.changes.len(), fake.requests()), (1, 2));
}

#[test]
fn blog_posts_are_read_alike() {
    let fake = Fake::default()
        .on("/v2/blogposts?", &results(&[page_row(1, "")], None))
        .on("/content/search", &results(&[search_row(1, &[], &["g1"], &["news"])], None));
    let token = r#"{"blog-posts":{"keys":{"8":"ENG"}}}"#.to_owned();
    let partition = Partition { id: "blogposts".to_owned(), label: String::new(), token };
    assert_snapshot!(story(&read_all(&fake.site(), &partition, 1000)), @r#"blogpost blogpost:1 in space:8, "Page 1", narrowed to [group g1]: space=ENG status=current label=news"#);
}

#[test]
fn archived_spaces_are_seen_by_the_search_of_the_whole_site() {
    let wrapped = format!(r#"{{"content":{},"title":"Page 1"}}"#, search_row(1, &["u1"], &[], &["old"]));
    let fake = Fake::default()
        .on("/v2/pages?", &results(&[page_row(1, ""), page_row(2, "")], None))
        .on("/content/search", &results(&[], None))
        .on("/rest/api/search", &results(&[wrapped], None))
        .on("/content/2/restriction", OPEN);
    assert_snapshot!(story(&[read(&fake, AT_PAGES)]), @r#"
    page page:1 in space:8, "Page 1", narrowed to [user u1]: space=ENG status=current label=old
    page page:2 in space:8, "Page 2", inherited: space=ENG status=current
    "#);
    assert_snapshot!(fake.asked(), @r#"
    /wiki/api/v2/pages?space-id=8&status=current,archived&sort=id&body-format=storage&limit=250
    /wiki/rest/api/content/search?cql=id in (1,2)&limit=200&expand=restrictions.read.restrictions.user,restrictions.read.restrictions.group,metadata.labels
    /wiki/rest/api/search?cql=id in (1,2)&limit=200&expand=content.restrictions.read.restrictions.user,content.restrictions.read.restrictions.group,content.metadata.labels&includeArchivedSpaces=true&cqlcontext={"contentStatuses":["current","archived"]}
    /wiki/rest/api/content/2/restriction?limit=200
    "#);
}

#[test]
fn a_site_that_refuses_that_search_is_asked_singly() {
    let fake = Fake::default()
        .on("/v2/pages?", &results(&[page_row(1, "")], None))
        .on("/content/search", &results(&[], None))
        .status("/rest/api/search", 400, r#"{"message":"no such parameter"}"#)
        .on("/content/1/restriction", OPEN);
    assert_snapshot!(story(&[read(&fake, AT_PAGES)]), @r#"page page:1 in space:8, "Page 1", inherited: space=ENG status=current"#);
    assert_snapshot!(fake.logged(), @r#"Info: restriction read singly id="1" reason="asked acme.atlassian.net for /wiki/rest/api/search and got 400: no such parameter""#);
}
