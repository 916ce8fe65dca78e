//! Who may read what: the oracle on the smallest sites, and the REST face against it.

use std::collections::BTreeSet;

use confluence_simulator::{
    Clock, CommentKind, Container, FileKind, ItemRef, Operation, Oracle, Principal, Restriction, Site, Size,
    USERS_GROUP, generate,
};

use crate::client::{Client, NOON, start};

/// Ann and Bob are licensed and may read the space; nobody else may.
fn two_people() -> (Site, u64) {
    let mut site = Site::new(Clock::standing_at(NOON));
    site.add_person("ann", "Ann", "ann@acme.example");
    site.add_person("bob", "Bob", "bob@acme.example");
    let space = site.add_space("S", "Space", &[Principal::user("ann"), Principal::user("bob")]);
    (site, space)
}

fn readers(site: &Site, item: ItemRef) -> Vec<&str> {
    let oracle = Oracle::new(site);
    site.users.keys().map(String::as_str).filter(|id| oracle.may_read(id, item)).collect()
}

#[test]
fn without_restrictions_the_space_decides() {
    let (mut site, space) = two_people();
    site.add_person("eve", "Eve", "eve@acme.example");
    let page = site.add_page(space, None, "Page", "");
    assert_eq!(readers(&site, ItemRef::Space(space)), ["ann", "bob"]);
    assert_eq!(readers(&site, ItemRef::Page(page)), ["ann", "bob"]);
    site.remove_space_permission(space, &Principal::user("bob"), &Operation::read_space());
    assert_eq!(readers(&site, ItemRef::Page(page)), ["ann"]);
}

#[test]
fn only_reading_the_space_lets_in() {
    let (mut site, space) = two_people();
    site.add_person("eve", "Eve", "eve@acme.example");
    site.add_space_permission(space, Principal::user("eve"), Operation::new("create", "page"));
    site.add_space_permission(space, Principal::user("eve"), Operation::new("administer", "space"));
    let odd = Principal::Other { kind: "role".into(), id: "eve".into() };
    site.add_space_permission(space, odd, Operation::read_space());
    assert_eq!(readers(&site, ItemRef::Space(space)), ["ann", "bob"]);
}

#[test]
fn the_own_restriction_and_every_ancestors_are_needed() {
    let (mut site, space) = two_people();
    let top = site.add_page(space, None, "Top", "");
    let middle = site.add_page(space, Some(top), "Middle", "");
    let low = site.add_page(space, Some(middle), "Low", "");
    site.restrict_page(top, Some(Restriction::to_users(&["ann"])));
    site.restrict_page(low, Some(Restriction::to_users(&["ann", "bob"])));
    assert_eq!(readers(&site, ItemRef::Page(middle)), ["ann"]);
    // Bob is named on the page and not above it: the nearest does not win.
    assert_eq!(readers(&site, ItemRef::Page(low)), ["ann"]);
    site.restrict_page(low, Some(Restriction::to_users(&["bob"])));
    assert_eq!(readers(&site, ItemRef::Page(low)), [""; 0]);
    site.restrict_page(top, None);
    assert_eq!(readers(&site, ItemRef::Page(low)), ["bob"]);
}

#[test]
fn a_group_at_one_level_and_a_person_at_another() {
    let (mut site, space) = two_people();
    let team = site.add_group("team", "Team", &["bob"]);
    let top = site.add_page(space, None, "Top", "");
    let low = site.add_page(space, Some(top), "Low", "");
    site.restrict_page(top, Some(Restriction::to_groups(&[&team])));
    site.restrict_page(low, Some(Restriction::to_users(&["ann", "bob"])));
    assert_eq!(readers(&site, ItemRef::Page(low)), ["bob"]);
    site.add_group_member(&team, "ann");
    assert_eq!(readers(&site, ItemRef::Page(low)), ["ann", "bob"]);
}

#[test]
fn a_deleted_group_lets_nobody_through() {
    let (mut site, space) = two_people();
    let team = site.add_group("team", "Team", &["ann"]);
    let page = site.add_page(space, None, "Page", "");
    site.restrict_page(page, Some(Restriction::to_groups(&[&team])));
    assert_eq!(readers(&site, ItemRef::Page(page)), ["ann"]);
    site.delete_group(&team);
    assert_eq!(readers(&site, ItemRef::Page(page)), [""; 0]);
}

#[test]
fn a_missing_ancestor_could_restrict_anything() {
    let (mut site, space) = two_people();
    let top = site.add_page(space, None, "Top", "");
    let low = site.add_page(space, Some(top), "Low", "");
    site.pages.remove(&top);
    assert_eq!(readers(&site, ItemRef::Page(low)), [""; 0]);
    // Nor does a ring of parents have an end.
    let one = site.add_page(space, Some(low), "One", "");
    site.move_page(low, Some(one));
    assert_eq!(readers(&site, ItemRef::Page(one)), [""; 0]);
}

#[test]
fn guests_are_not_among_all_licensed_users() {
    let (mut site, _) = two_people();
    site.add_guest("gus", "Gus", "gus@agency.example");
    site.add_app("app", "App");
    let open = site.add_space("OPEN", "Open", &[Principal::all_licensed_users()]);
    let shared = site.add_space("SHARED", "Shared", &[Principal::user("gus")]);
    assert_eq!(readers(&site, ItemRef::Space(open)), ["ann", "bob"]);
    assert_eq!(readers(&site, ItemRef::Space(shared)), ["gus"]);
    site.remove_group_member(USERS_GROUP, "bob");
    assert_eq!(readers(&site, ItemRef::Space(open)), ["ann"]);
}

#[test]
fn closed_accounts_and_strangers_read_nothing() {
    let (mut site, space) = two_people();
    let page = site.add_page(space, None, "Page", "");
    site.close_account("bob");
    assert_eq!(readers(&site, ItemRef::Page(page)), ["ann"]);
    assert!(Oracle::new(&site).readable_by("bob").is_empty());
    assert!(Oracle::new(&site).readable_by("nobody").is_empty());
}

#[test]
fn what_hangs_on_a_page_follows_it() {
    let (mut site, space) = two_people();
    let page = site.add_page(space, None, "Page", "");
    let post = site.add_blog_post(space, "Post", "");
    let comment = site.add_comment(Container::Page(page), None, CommentKind::Footer, "");
    let reply = site.add_comment(Container::Page(page), Some(comment), CommentKind::Footer, "");
    let file = site.add_attachment(Container::Page(page), "a.txt", FileKind::Text);
    let on_post = site.add_comment(Container::BlogPost(post), None, CommentKind::Footer, "");
    site.restrict_page(page, Some(Restriction::to_users(&["ann"])));
    site.restrict_blog_post(post, Some(Restriction::to_users(&["bob"])));
    let ann = Oracle::new(&site).readable_by("ann");
    let expected = [
        format!("space:{space}"),
        format!("page:{page}"),
        format!("comment:{comment}"),
        format!("comment:{reply}"),
        format!("attachment:att{file}"),
    ];
    assert_eq!(ann, BTreeSet::from(expected));
    assert_eq!(readers(&site, ItemRef::Comment(on_post)), ["bob"]);
}

#[test]
fn archived_pages_can_be_read_and_trashed_ones_do_not_exist() {
    let (mut site, space) = two_people();
    let top = site.add_page(space, None, "Top", "");
    let low = site.add_page(space, Some(top), "Low", "");
    let file = site.add_attachment(Container::Page(top), "a.txt", FileKind::Text);
    site.archive_page(top);
    assert_eq!(readers(&site, ItemRef::Page(low)), ["ann", "bob"]);
    site.restrict_page(top, Some(Restriction::to_users(&["ann"])));
    site.trash_page(top);
    assert_eq!(readers(&site, ItemRef::Page(top)), [""; 0]);
    assert_eq!(readers(&site, ItemRef::Attachment(file)), [""; 0]);
    // The child has moved up, out of the restriction.
    assert_eq!(readers(&site, ItemRef::Page(low)), ["ann", "bob"]);
    assert_eq!(Oracle::new(&site).items(), BTreeSet::from([format!("space:{space}"), format!("page:{low}")]));
}

#[test]
fn items_are_written_and_read_alike() {
    for text in [
        "space:1",
        "page:98765",
        "folder:4",
        "whiteboard:5",
        "database:6",
        "embed:7",
        "blogpost:321",
        "comment:456",
        "attachment:att123",
    ] {
        assert_eq!(text.parse::<ItemRef>().map(|item| item.to_string()).as_deref(), Ok(text));
    }
    for text in ["page", "page:x", "attachment:123", "folder:x", ""] {
        assert!(text.parse::<ItemRef>().is_err(), "{text}");
    }
}

/// Everything an account finds by walking the lists.
fn found(client: &Client<'_>) -> BTreeSet<String> {
    let lists = [
        ("spaces", "space"),
        ("pages", "page"),
        ("blogposts", "blogpost"),
        ("footer-comments", "comment"),
        ("inline-comments", "comment"),
        ("attachments", "attachment"),
    ];
    let walk = |(list, kind): (&str, &str)| {
        let ids = client.ids(&format!("/wiki/api/v2/{list}?limit=250"));
        ids.into_iter().map(|id| format!("{kind}:{id}")).collect::<Vec<_>>()
    };
    lists.into_iter().flat_map(walk).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_finds_by_rest_exactly_what_the_oracle_allows() {
    for seed in [1, 2] {
        let running = start(generate(seed, &Size::demo(), Clock::standing_at(NOON))).await;
        let people = running.read(|site| site.users.values().cloned().collect::<Vec<_>>());
        let mut compared = 0;
        for person in people {
            let allowed = running.read(|site| Oracle::new(site).readable_by(&person.account_id));
            let client = Client::new(&running, &person.email);
            if client.get("/wiki/rest/api/user/current").status == 200 {
                assert_eq!(found(&client), allowed, "{} of seed {seed}", person.name);
                compared += 1;
            } else {
                assert!(allowed.is_empty(), "{} may not sign in", person.name);
            }
        }
        assert_eq!(compared, 11);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn single_reads_refuse_what_lists_leave_out() {
    let (mut site, space) = two_people();
    let page = site.add_page(space, None, "Page", "");
    let comment = site.add_comment(Container::Page(page), None, CommentKind::Footer, "");
    let file = site.add_attachment(Container::Page(page), "a.txt", FileKind::Text);
    site.restrict_page(page, Some(Restriction::to_users(&["ann"])));
    let running = start(site).await;
    for (email, status) in [("ann@acme.example", 200), ("bob@acme.example", 404)] {
        let client = Client::new(&running, email);
        for path in
            [format!("pages/{page}"), format!("footer-comments/{comment}"), format!("attachments/att{file}")]
        {
            assert_eq!(client.get(&format!("/wiki/api/v2/{path}")).status, status, "{email} {path}");
        }
        assert_eq!(client.get(&format!("/wiki/rest/api/content/{page}/restriction")).status, status);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hidden_space_vanishes_with_all_it_holds() {
    let (mut site, space) = two_people();
    let page = site.add_page(space, None, "Page", "");
    site.add_attachment(Container::Page(page), "a.txt", FileKind::Text);
    let running = start(site).await;
    let client = Client::new(&running, "ann@acme.example");
    assert_eq!(found(&client).len(), 3);
    running.set_knobs(confluence_simulator::Knobs { hidden_spaces: vec!["s".into()], ..running.knobs() });
    assert!(found(&client).is_empty());
}
