//! Folders, whiteboards, databases and embeds among the pages: who may read what is
//! below them, and what the REST face shows of the tree.

use confluence_simulator::{
    Clock, CommentKind, Container, ItemRef, Knobs, NodeKind, Oracle, PageStatus, Principal, Restriction, Site,
};
use serde_json::json;

use crate::client::{Client, NOON, start};

/// Ann and Bob may read both spaces: Home > Plans (a folder) > Page, and Elsewhere.
struct Story {
    site: Site,
    space: u64,
    other: u64,
    home: u64,
    plans: u64,
    page: u64,
}

fn story() -> Story {
    let mut site = Site::new(Clock::standing_at(NOON));
    site.add_person("ann", "Ann", "ann@acme.example");
    site.add_person("bob", "Bob", "bob@acme.example");
    let both = [Principal::user("ann"), Principal::user("bob")];
    let space = site.add_space("S", "Space", &both);
    let other = site.add_space("O", "Other", &both);
    let home = site.add_page(space, None, "Home", "");
    let plans = site.add_folder(space, Some(home), "Plans");
    let page = site.add_page(space, Some(plans), "Page", "");
    Story { site, space, other, home, plans, page }
}

fn only_ann() -> Option<Restriction> {
    Some(Restriction::to_users(&["ann"]))
}

fn readers(site: &Site, item: ItemRef) -> Vec<&str> {
    let oracle = Oracle::new(site);
    site.users.keys().map(String::as_str).filter(|id| oracle.may_read(id, item)).collect()
}

#[test]
fn a_restriction_on_a_folder_holds_for_all_below() {
    let Story { mut site, space, plans, page, .. } = story();
    let board = site.add_node(NodeKind::Whiteboard, space, Some(page), "Board");
    let comment = site.add_comment(Container::Page(page), None, CommentKind::Footer, "");
    assert_eq!(readers(&site, ItemRef::Whiteboard(board)), ["ann", "bob"]);
    site.restrict_node(plans, only_ann());
    for item in
        [ItemRef::Folder(plans), ItemRef::Page(page), ItemRef::Whiteboard(board), ItemRef::Comment(comment)]
    {
        assert_eq!(readers(&site, item), ["ann"], "{item}");
    }
    // Being named below does not help, and an id of another kind is no item.
    site.restrict_page(page, Some(Restriction::to_users(&["bob"])));
    assert_eq!(readers(&site, ItemRef::Page(page)), [""; 0]);
    assert_eq!(readers(&site, ItemRef::Page(plans)), [""; 0]);
    assert_eq!(readers(&site, ItemRef::Database(plans)), [""; 0]);
}

#[test]
fn a_folder_passes_on_what_stands_above_it() {
    let Story { mut site, home, plans, page, .. } = story();
    site.restrict_page(home, only_ann());
    assert_eq!(readers(&site, ItemRef::Folder(plans)), ["ann"]);
    assert_eq!(readers(&site, ItemRef::Page(page)), ["ann"]);
    site.nodes.remove(&plans);
    assert_eq!(readers(&site, ItemRef::Page(page)), [""; 0], "a missing folder could restrict anything");
}

#[test]
fn a_moved_subtree_changes_its_readers_with_its_place() {
    let Story { mut site, space, other, home, plans, page } = story();
    let sealed = site.add_node(NodeKind::Database, other, None, "Sealed");
    site.restrict_node(sealed, only_ann());
    site.remove_space_permission(
        other,
        &Principal::user("bob"),
        &confluence_simulator::Operation::read_space(),
    );
    site.move_node(plans, Some(sealed));
    assert_eq!((site.nodes[&plans].space, site.pages[&page].space), (other, other));
    assert_eq!(readers(&site, ItemRef::Page(page)), ["ann"]);
    site.move_page(page, Some(home));
    assert_eq!((site.pages[&page].space, readers(&site, ItemRef::Page(page))), (space, vec!["ann", "bob"]));
    site.move_to_space(plans, space);
    assert_eq!(readers(&site, ItemRef::Folder(plans)), ["ann", "bob"]);
    let version = site.nodes[&plans].version().number;
    site.rename_node(plans, "Plans, renamed");
    assert_eq!(
        site.nodes[&plans].version().number,
        version + 1,
        "a new title is an edit, a new place is none"
    );
}

#[test]
fn what_a_trashed_folder_held_moves_up() {
    let Story { mut site, home, plans, page, .. } = story();
    site.restrict_node(plans, only_ann());
    site.archive_node(plans);
    assert_eq!(readers(&site, ItemRef::Folder(plans)), ["ann"], "what is archived can be read");
    site.trash_node(plans);
    assert_eq!(readers(&site, ItemRef::Folder(plans)), [""; 0]);
    assert_eq!(site.pages[&page].parent.map(|parent| parent.id), Some(home));
    assert_eq!(readers(&site, ItemRef::Page(page)), ["ann", "bob"]);
    assert!(!Oracle::new(&site).items().contains(&ItemRef::Folder(plans).to_string()));
    site.restore_node(plans);
    assert_eq!((site.nodes[&plans].status, site.nodes[&plans].parent), (PageStatus::Current, None));
    site.purge_node(plans);
    assert!(site.nodes.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn each_kind_is_read_at_its_own_address() {
    let Story { mut site, space, plans, .. } = story();
    let embed = site.add_node(NodeKind::Embed, space, Some(plans), "Roadmap");
    let running = start(site).await;
    let client = Client::new(&running, "ann@acme.example");
    let row = client.get(&format!("/wiki/api/v2/embeds/{embed}")).json();
    assert_eq!(
        (&row["type"], &row["parentId"], &row["parentType"]),
        (&json!("embed"), &json!(plans.to_string()), &json!("folder"),)
    );
    assert_eq!(row["embedUrl"], json!(format!("https://boards.example/{embed}")));
    let wrong = client.get(&format!("/wiki/api/v2/folders/{embed}"));
    assert_eq!(wrong.status, 404);
    assert_eq!(wrong.json()["errors"][0]["title"], json!(format!("Cannot find a folder with id [{embed}]")));
    running.change(|site| site.trash_node(embed));
    let row = client.get(&format!("/wiki/api/v2/embeds/{embed}")).json();
    assert_eq!(
        (&row["status"], &row["parentId"], &row["position"]),
        (&json!("trashed"), &json!(null), &json!(null),)
    );
    running.change(|site| site.restrict_node(plans, Some(Restriction::to_users(&["bob"]))));
    assert_eq!(client.get(&format!("/wiki/api/v2/folders/{plans}")).status, 404);
    assert_eq!(client.get(&format!("/wiki/api/v2/folders/{plans}/ancestors")).status, 404);
    assert_eq!(client.get("/wiki/rest/api/content?type=folder").status, 501);
    assert_eq!(client.get("/wiki/rest/api/content?type=page").status, 410);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tree_is_shown_downwards_and_upwards() {
    let Story { mut site, space, home, plans, page, .. } = story();
    let low = site.add_node(NodeKind::Database, space, Some(page), "Low");
    let hidden = site.add_page(space, Some(plans), "Hidden", "");
    site.restrict_page(hidden, Some(Restriction::to_users(&["bob"])));
    let archived = site.add_page(space, Some(plans), "Archived", "");
    site.archive_page(archived);
    let running = start(site).await;
    let client = Client::new(&running, "ann@acme.example");
    let rows = |path: String| client.walk(&format!("/wiki/api/v2/{path}")).0;
    let ids = |path: String| client.ids(&format!("/wiki/api/v2/{path}"));
    assert_eq!(
        ids(format!("folders/{plans}/direct-children?limit=1")),
        [page, archived].map(|id| id.to_string())
    );
    assert_eq!(ids(format!("pages/{page}/direct-children")), [low.to_string()]);
    assert_eq!(
        ids(format!("pages/{home}/descendants?limit=1")),
        [plans, page, archived].map(|id| id.to_string())
    );
    let all = rows(format!("pages/{home}/descendants?depth=10"));
    assert_eq!(all.last().unwrap()["depth"], 3);
    assert_eq!(all.last().unwrap()["type"], "database");
    assert_eq!(client.get(&format!("/wiki/api/v2/pages/{home}/descendants?depth=11")).status, 400);
    let above = |limit: u32| rows(format!("databases/{low}/ancestors?limit={limit}"));
    let (home, plans, page) = (
        json!({ "id": home.to_string(), "type": "page" }),
        json!({ "id": plans.to_string(), "type": "folder" }),
        json!({ "id": page.to_string(), "type": "page" }),
    );
    assert_eq!(above(250), [home, plans.clone(), page.clone()]);
    assert_eq!(above(2), [plans, page]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_search_finds_nodes_and_expands_what_pages_have() {
    let Story { mut site, space, home, plans, page, .. } = story();
    let base = site.add_node(NodeKind::Database, space, Some(plans), "Base");
    site.restrict_node(plans, only_ann());
    let running = start(site).await;
    let client = Client::new(&running, "ann@acme.example");
    let find = |cql: &str| {
        let cql: String = url::form_urlencoded::byte_serialize(cql.as_bytes()).collect();
        client.ids(&format!("/wiki/rest/api/content/search?cql={cql}"))
    };
    assert_eq!(find("type = folder"), [plans.to_string()]);
    assert_eq!(find("type in (folder, database) and space in (S)"), [plans, base].map(|id| id.to_string()));
    assert_eq!(find(&format!("id in ({plans}, {page})")), [plans, page].map(|id| id.to_string()));
    assert_eq!(find(&format!("ancestor = {plans}")), [page, base].map(|id| id.to_string()));
    let expand = "ancestors,version,space,metadata.labels,restrictions.read.restrictions.user,\
                  restrictions.read.restrictions.group";
    let query = format!("/wiki/rest/api/content/search?cql=type=folder&expand={expand}");
    let row = client.get(&query).json()["results"][0].clone();
    assert_eq!(row["restrictions"]["read"]["restrictions"]["user"]["results"][0]["accountId"], "ann");
    assert_eq!((&row["ancestors"][0]["id"], &row["space"]["key"]), (&json!(home.to_string()), &json!("S")));
    let single = format!("/wiki/rest/api/content/{plans}/restriction/byOperation/read");
    assert_eq!(client.get(&single).json()["restrictions"]["user"]["size"], 1);

    running.set_knobs(Knobs { node_restrictions_unreadable: true, ..running.knobs() });
    assert_eq!(client.get(&single).status, 501);
    assert!(client.get(&query).json()["results"][0].get("restrictions").is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn live_docs_are_pages_of_a_subtype() {
    let Story { mut site, home, page, .. } = story();
    site.make_live(page);
    let running = start(site).await;
    let client = Client::new(&running, "ann@acme.example");
    assert_eq!(client.ids("/wiki/api/v2/pages?subtype=live"), [page.to_string()]);
    assert_eq!(client.ids("/wiki/api/v2/pages?subtype=page"), [home.to_string()]);
    let (rows, _) = client.walk("/wiki/api/v2/pages");
    assert_eq!(rows.iter().map(|row| &row["subtype"]).collect::<Vec<_>>(), [&json!(null), &json!("live")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_inline_comment_is_resolved_reopened_and_left_dangling() {
    let Story { mut site, page, .. } = story();
    let selection = confluence_simulator::Selection {
        text: "the words".into(),
        marker: "m".into(),
        resolution: confluence_simulator::Resolution::Open,
        resolved_by: None,
    };
    let comment = site.add_comment(Container::Page(page), None, CommentKind::Inline(selection), "");
    let running = start(site).await;
    let client = Client::new(&running, "ann@acme.example");
    let row = || client.get(&format!("/wiki/api/v2/inline-comments/{comment}")).json();
    assert_eq!(row()["resolutionStatus"], "open");
    assert_eq!(row()["properties"]["inlineOriginalSelection"], "the words");
    for status in ["resolved", "reopened", "dangling"] {
        running.change(|site| match status {
            "resolved" => site.resolve_comment(comment, "bob"),
            "reopened" => site.reopen_comment(comment, "bob"),
            _ => site.dangle_comment(comment, "bob"),
        });
        let row = row();
        assert_eq!((&row["resolutionStatus"], &row["version"]["number"]), (&json!(status), &json!(1)));
        assert_eq!(row["resolutionLastModifierId"], "bob");
        assert_eq!(row["resolutionLastModifiedAt"], "2026-06-30T12:00:00.000Z");
    }
}
