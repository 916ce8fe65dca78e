//! Folders, whiteboards, databases and Smart Links: found by search, placed by id.

use crate::fake::{Fake, named_404, page_row, read_all, results, search_row, story, tell};
use confluence::filter::Wanted;
use confluence::model::{Partition, Position};
use confluence::reading::{read_items, read_page};
use insta::assert_snapshot;

const OPEN: &str =
    r#"{"results":[{"operation":"read","restrictions":{"user":{"results":[]},"group":{"results":[]}}}]}"#;

fn nodes(archived: &[&str]) -> Partition {
    let token = format!(r#"{{"nodes":{{"keys":{{"8":"ENG"}},"archived":{archived:?}}}}}"#);
    Partition { id: "nodes".to_owned(), label: String::new(), token }
}

fn found(kind: &str, id: u64, users: &[&str], labels: &[&str]) -> String {
    search_row(id, users, &[], labels).replace(r#""type":"page""#, &format!(r#""type":"{kind}""#))
}

fn node(id: u64, more: &str) -> String {
    format!(
        r#"{{"id":"{id}","status":"current","title":"Node {id}","spaceId":"8","authorId":"au",
        "createdAt":"2026-01-01T00:00:00.000Z",
        "version":{{"number":2,"authorId":"ed","createdAt":"2026-01-02T00:00:00.000Z"}},
        "_links":{{"webui":"/spaces/ENG/folder/{id}"}}{more}}}"#
    )
}

#[test]
fn a_search_finds_them_and_each_is_read_for_its_place() {
    let current = [
        found("folder", 71, &["u1"], &[]),
        found("whiteboard", 72, &[], &["sketch"]),
        found("database", 73, &[], &[]),
        found("embed", 74, &[], &[]),
        // Gone since, in the bin, forbidden, and of a kind that was not asked for.
        found("folder", 75, &[], &[]),
        found("folder", 76, &[], &[]),
        found("folder", 77, &[], &[]),
        found("slide", 78, &[], &[]),
        // The search says nothing of who may view it.
        r#"{"id":"79","type":"folder"}"#.to_owned(),
    ];
    let fake = Fake::default()
        .on("contentStatuses", &results(&[found("folder", 81, &[], &[])], None))
        .on("/content/search?", &results(&current, None))
        .on("/folders/71", &node(71, ""))
        .on("/whiteboards/72", &node(72, r#","parentId":"71","parentType":"folder""#))
        .on("/databases/73", &node(73, r#","parentId":"5","parentType":"page""#))
        .on("/embeds/74", &node(74, r#","embedUrl":"https://example.com/board""#))
        .status("/folders/75", 404, &named_404("Content with id: [75] not found"))
        .on("/folders/76", &node(76, "").replace("current", "trashed"))
        .status("/folders/77", 403, r#"{"message":"no"}"#)
        .on("/folders/79", &node(79, ""))
        .on("/folders/81", &node(81, "").replace("current", "archived"))
        .status("/content/79/restriction", 403, r#"{"message":"no"}"#);
    assert_snapshot!(story(&read_all(&fake.site(), &nodes(&[]), 1000)), @r#"
    folder folder:71 in space:8, "Node 71", narrowed to [user u1]: space=ENG status=current
    whiteboard whiteboard:72 in folder:71, "Node 72", inherited: space=ENG status=current label=sketch
    database database:73 in page:5, "Node 73", inherited: space=ENG status=current
    embed embed:74 in space:8, "Node 74", inherited: space=ENG status=current link=https://example.com/board
    failed folder:77: asked acme.atlassian.net for /wiki/api/v2/folders/77 and got 403: no
    folder folder:79 in space:8, "Node 79", unknown: space=ENG status=current
    folder folder:81 in space:8, "Node 81", inherited: space=ENG status=archived
    "#);
    assert_snapshot!(fake.asked(), @r#"
    /wiki/rest/api/content/search?cql=type in (folder,whiteboard,database,embed)&limit=200&expand=restrictions.read.restrictions.user,restrictions.read.restrictions.group,metadata.labels
    /wiki/rest/api/content/79/restriction?limit=200
    /wiki/api/v2/folders/71
    /wiki/api/v2/whiteboards/72
    /wiki/api/v2/databases/73
    /wiki/api/v2/embeds/74
    /wiki/api/v2/folders/75
    /wiki/api/v2/folders/76
    /wiki/api/v2/folders/77
    /wiki/api/v2/folders/79
    /wiki/rest/api/content/search?cql=type in (folder,whiteboard,database,embed)&limit=200&expand=restrictions.read.restrictions.user,restrictions.read.restrictions.group,metadata.labels&cqlcontext={"contentStatuses":["archived"]}
    /wiki/api/v2/folders/81
    "#);
    assert_snapshot!(fake.logged(), @r#"
    Info: restriction read singly id="79" reason="the search did not tell it"
    Warn: a restriction could not be read id="79" reason="asked acme.atlassian.net for /wiki/rest/api/content/79/restriction and got 403: no"
    Warn: hidden from everybody, since their restrictions could not be read count="1"
    "#);
}

#[test]
fn a_node_is_told_whole() {
    let fake = Fake::default()
        .on("contentStatuses", &results(&[], None))
        .on("/content/search?", &results(&[found("folder", 71, &[], &[])], None))
        .on("/folders/71", &node(71, r#","parentId":"5","parentType":"page""#));
    let pages = read_all(&fake.site(), &nodes(&[]), 1000);
    assert_snapshot!(format!("{:#?}", pages[0].changes), @r#"
    [
        Upsert(
            Item {
                id: "folder:71",
                kind: "folder",
                parent: Some(
                    "page:5",
                ),
                version: "2;c2;56fe81478d3f2d47",
                title: "Node 71",
                url: "https://acme.atlassian.net/wiki/spaces/ENG/folder/71",
                body: None,
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
                ],
            },
        ),
    ]
    "#);
}

#[test]
fn archived_spaces_are_searched_by_the_search_of_the_whole_site() {
    let wrapped = format!(r#"{{"title":"Old","content":{}}}"#, found("whiteboard", 91, &[], &[]));
    let fake = Fake::default()
        // A site that knows no statuses in searches.
        .status("/content/search? contentStatuses", 400, r#"{"message":"cqlcontext is not understood"}"#)
        .on("/content/search?", &results(&[], None))
        .on("/rest/api/search?", &results(&[wrapped], None))
        .on("/whiteboards/91", &node(91, ""));
    assert_snapshot!(story(&read_all(&fake.site(), &nodes(&["OLD", "~ada"]), 1000)), @r#"whiteboard whiteboard:91 in space:8, "Node 91", inherited: space=ENG status=current"#);
    assert_snapshot!(fake.asked(), @r#"
    /wiki/rest/api/content/search?cql=type in (folder,whiteboard,database,embed)&limit=200&expand=restrictions.read.restrictions.user,restrictions.read.restrictions.group,metadata.labels
    /wiki/rest/api/content/search?cql=type in (folder,whiteboard,database,embed)&limit=200&expand=restrictions.read.restrictions.user,restrictions.read.restrictions.group,metadata.labels&cqlcontext={"contentStatuses":["archived"]}
    /wiki/rest/api/search?cql=type in (folder,whiteboard,database,embed) and space in ("OLD","~ada")&limit=200&expand=content.restrictions.read.restrictions.user,content.restrictions.read.restrictions.group,content.metadata.labels&includeArchivedSpaces=true&cqlcontext={"contentStatuses":["current","archived"]}
    /wiki/api/v2/whiteboards/91
    "#);
    assert_snapshot!(fake.logged(), @r#"Warn: archived folders, whiteboards, databases and Smart Links were not searched for reason="asked acme.atlassian.net for /wiki/rest/api/content/search and got 400: cqlcontext is not understood""#);
}

#[test]
fn the_search_goes_on_from_its_cursor() {
    let next = "/rest/api/content/search?next=true&cursor=_f_MQ%3D%3D_sa_x&limit=200";
    let fake = Fake::default()
        .on("contentStatuses", &results(&[], None))
        .on("cursor=_f_MQ", &results(&[found("folder", 72, &[], &[])], None))
        .on("/content/search?", &results(&[found("folder", 71, &[], &[])], Some(next)))
        .on("/folders/71", &node(71, ""))
        .on("/folders/72", &node(72, ""));
    assert_snapshot!(story(&read_all(&fake.site(), &nodes(&[]), 1000)), @r#"
    folder folder:71 in space:8, "Node 71", inherited: space=ENG status=current
    folder folder:72 in space:8, "Node 72", inherited: space=ENG status=current
    "#);
}

fn pages() -> Partition {
    Partition {
        id: "pages-0".to_owned(),
        label: String::new(),
        token:
            r#"{"pages":{"spaces":[{"id":"8","key":"ENG","name":"E","type":"global","status":"current"}]}}"#
                .to_owned(),
    }
}

fn pages_in(parents: &[(&str, u64)]) -> String {
    let numbered = parents.iter().zip(1..);
    let rows: Vec<String> = numbered
        .map(|((kind, id), number)| page_row(number, &format!(r#","parentId":"{id}","parentType":"{kind}""#)))
        .collect();
    results(&rows, None)
}

fn read(fake: &Fake) -> String {
    let at_pages = Position::After(r#"{"walk":{"listing":0}}"#.to_owned());
    story(&[read_page(&fake.site(), &Wanted::default(), &pages(), &at_pages, 1000).unwrap()])
}

#[test]
fn parents_that_the_search_does_not_mention_are_read_with_all_above_them() {
    let fake = Fake::default()
        .on(
            "/v2/pages?",
            &pages_in(&[("folder", 71), ("folder", 72), ("folder", 72), ("database", 73), ("page", 4)]),
        )
        .on(
            "id in (1,2,3,4,5)",
            &results(&(1..=5).map(|id| search_row(id, &[], &[], &[])).collect::<Vec<_>>(), None),
        )
        .on("id in (71,72,73)", &results(&[found("folder", 71, &[], &[])], None))
        .on("id in (70)", &results(&[], None))
        .on("/folders/72", &node(72, r#","parentId":"70","parentType":"folder""#))
        .on("/databases/73", &node(73, r#","parentId":"71","parentType":"folder""#))
        .on("/folders/70", &node(70, ""))
        .on(
            "/content/70/restriction",
            &OPEN.replace(r#""user":{"results":[]}"#, r#""user":{"results":[{"accountId":"u1"}]}"#),
        )
        .on("/content/72/restriction", OPEN)
        .status("/content/73/restriction", 404, &named_404("No content"));
    assert_snapshot!(read(&fake), @r#"
    page page:1 in folder:71, "Page 1", inherited: space=ENG status=current
    page page:2 in folder:72, "Page 2", inherited: space=ENG status=current
    page page:3 in folder:72, "Page 3", inherited: space=ENG status=current
    page page:4 in database:73, "Page 4", inherited: space=ENG status=current
    page page:5 in page:4, "Page 5", inherited: space=ENG status=current
    folder folder:72 in folder:70, "Node 72", inherited: space=ENG status=current
    database database:73 in folder:71, "Node 73", unknown: space=ENG status=current
    folder folder:70 in space:8, "Node 70", narrowed to [user u1]: space=ENG status=current
    "#);
    assert_snapshot!(fake.asked(), @"
    /wiki/api/v2/pages?space-id=8&status=current,archived&sort=id&body-format=storage&limit=250
    /wiki/rest/api/content/search?cql=id in (1,2,3,4,5)&limit=200&expand=restrictions.read.restrictions.user,restrictions.read.restrictions.group,metadata.labels
    /wiki/rest/api/content/search?cql=id in (71,72,73)&limit=200
    /wiki/api/v2/folders/72
    /wiki/api/v2/databases/73
    /wiki/rest/api/content/72/restriction?limit=200
    /wiki/rest/api/content/73/restriction?limit=200
    /wiki/rest/api/content/search?cql=id in (70)&limit=200
    /wiki/api/v2/folders/70
    /wiki/rest/api/content/70/restriction?limit=200
    ");
}

#[test]
fn pages_in_no_folder_cost_nothing_more() {
    let fake = Fake::default().on("/v2/pages?", &pages_in(&[("page", 9)])).open_search();
    read(&fake);
    assert_eq!(fake.requests(), 2);
}

#[test]
fn what_cannot_be_read_is_not_delivered_and_hides_what_lies_in_it() {
    let fake = Fake::default()
        .on("/v2/pages?", &pages_in(&[("folder", 71), ("folder", 72), ("slide", 73), ("slide", 73)]))
        .on(
            "id in (1,2,3,4)",
            &results(&(1..=4).map(|id| search_row(id, &[], &[], &[])).collect::<Vec<_>>(), None),
        )
        .status("id in (71,72)", 400, r#"{"message":"no"}"#)
        .status("/folders/71", 404, &named_404("Content with id: [71] not found"))
        .status("/folders/72", 403, r#"{"message":"no"}"#);
    assert_snapshot!(read(&fake), @r#"
    page page:1 in folder:71, "Page 1", inherited: space=ENG status=current
    page page:2 in folder:72, "Page 2", inherited: space=ENG status=current
    page page:3 in slide:73, "Page 3", inherited: space=ENG status=current
    page page:4 in slide:73, "Page 4", inherited: space=ENG status=current
    "#);
    assert_snapshot!(fake.logged(), @r#"
    Warn: pages lie in something of an unknown kind; nobody may read them kind="slide" pages="2"
    Warn: the search for folders failed reason="asked acme.atlassian.net for /wiki/rest/api/content/search and got 400: no"
    Warn: what lies in this is hidden, since it could not be read id="folder:71" reason="the site denies that there is such a thing"
    Warn: what lies in this is hidden, since it could not be read id="folder:72" reason="asked acme.atlassian.net for /wiki/api/v2/folders/72 and got 403: no"
    "#);
}

#[test]
fn a_folder_in_itself_is_read_once() {
    let fake = Fake::default()
        .on("/v2/pages?", &pages_in(&[("folder", 71)]))
        .on("id in (1)", &results(&[search_row(1, &[], &[], &[])], None))
        .on("id in (71)", &results(&[], None))
        .on("/folders/71", &node(71, r#","parentId":"71","parentType":"folder""#))
        .on("/content/71/restriction", OPEN);
    assert_snapshot!(read(&fake), @r#"
    page page:1 in folder:71, "Page 1", inherited: space=ENG status=current
    folder folder:71 in folder:71, "Node 71", inherited: space=ENG status=current
    "#);
}

#[test]
fn they_are_read_by_id_and_deleted_only_by_name() {
    let ids = ["folder:71", "whiteboard:72", "database:73", "embed:74", "folder:75", "folder:71"];
    let ids: Vec<String> = ids.map(str::to_owned).to_vec();
    let fake = Fake::default()
        .on("/folders/71", &node(71, ""))
        .status("/whiteboards/72", 404, &named_404("Content with id: [72] not found"))
        .status("/databases/73", 404, &named_404("Content not found"))
        .on("/embeds/74", &node(74, "").replace("current", "trashed"))
        .on("/folders/75", &node(75, "").replace("current", "archived"))
        .on("/v2/spaces? current", &results(&[r#"{"id":"8","key":"ENG"}"#.to_owned()], None))
        .on("/v2/spaces? archived", &results(&[], None))
        .on("/content/search", &results(&[found("folder", 71, &["u1"], &[])], None))
        .on("/content/75/restriction", OPEN)
        .on("/user/current", r#"{"accountId":"ada"}"#);
    assert_snapshot!(tell(&read_items(&fake.site(), &Wanted::default(), "ada", &ids).unwrap()), @r#"
    folder folder:71 in space:8, "Node 71", narrowed to [user u1]: space=ENG status=current
    delete whiteboard:72
    failed database:73: asked acme.atlassian.net for /wiki/api/v2/databases/73 and got 404: Content not found
    binned embed:74
    folder folder:75 in space:8, "Node 75", inherited: space=ENG status=archived
    folder folder:71 in space:8, "Node 71", narrowed to [user u1]: space=ENG status=current
    "#);
    assert_snapshot!(fake.asked(), @r#"
    /wiki/api/v2/folders/71
    /wiki/api/v2/whiteboards/72
    /wiki/api/v2/databases/73
    /wiki/api/v2/embeds/74
    /wiki/api/v2/folders/75
    /wiki/api/v2/spaces?ids=8&limit=250&status=current
    /wiki/api/v2/spaces?ids=8&limit=250&status=archived
    /wiki/rest/api/content/search?cql=id in (71,75)&limit=200&expand=restrictions.read.restrictions.user,restrictions.read.restrictions.group,metadata.labels&cqlcontext={"contentStatuses":["current","archived"]}
    /wiki/rest/api/search?cql=id in (75)&limit=200&expand=content.restrictions.read.restrictions.user,content.restrictions.read.restrictions.group,content.metadata.labels&includeArchivedSpaces=true&cqlcontext={"contentStatuses":["current","archived"]}
    /wiki/rest/api/content/75/restriction?limit=200
    /wiki/rest/api/user/current
    "#);
}
