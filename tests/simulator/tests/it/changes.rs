//! A site changes while it runs; only an edit makes a version.

use confluence_simulator::{Clock, CommentKind, Container, FileKind, Principal, Restriction, Site};
use serde_json::Value;

use crate::client::{Client, NOON, start};

#[tokio::test(flavor = "multi_thread")]
async fn only_an_edit_makes_a_version() {
    let clock = Clock::standing_at(NOON);
    let mut site = Site::new(clock.clone());
    site.add_person("ann", "Ann", "ann@acme.example");
    let space = site.add_space("S", "S", &[Principal::user("ann")]);
    let home = site.add_page(space, None, "Home", "");
    let page = site.add_page(space, None, "Page", "");
    let file = site.add_attachment(Container::Page(page), "a.txt", FileKind::Text);
    let running = start(site).await;
    clock.advance(60_000);
    let client = Client::new(&running, "ann@acme.example");
    let version = || client.get(&format!("/wiki/api/v2/pages/{page}")).json()["version"].clone();
    let before = version();
    running.change(|site| {
        site.move_page(page, Some(home));
        site.restrict_page(page, Some(Restriction::to_users(&["ann"])));
        site.label_page(page, "red");
        site.add_comment(Container::Page(page), None, CommentKind::Footer, "");
        site.replace_attachment(file, 7);
        site.archive_page(page);
        site.unarchive_page(page);
        site.rename_page(home, "New home");
    });
    assert_eq!(version(), before);
    assert_eq!(
        client.get(&format!("/wiki/api/v2/pages/{page}")).json()["parentId"],
        Value::from(home.to_string())
    );
    let file = client.get(&format!("/wiki/api/v2/attachments/att{file}")).json();
    assert_eq!(file["version"]["number"], 2);
    running.change(|site| site.edit_page(page, "<p>new</p>"));
    assert_eq!(
        (&version()["number"], &version()["createdAt"]),
        (&2.into(), &"2026-06-30T12:01:00.000Z".into())
    );
    let newest = client.ids("/wiki/api/v2/pages?sort=-modified-date").remove(0);
    assert!([home.to_string(), page.to_string()].contains(&newest));
}

#[tokio::test(flavor = "multi_thread")]
async fn deletions_show_each_in_its_own_way() {
    let mut site = Site::new(Clock::standing_at(NOON));
    site.add_person("ann", "Ann", "ann@acme.example");
    let space = site.add_space("S", "S", &[Principal::user("ann")]);
    let page = site.add_page(space, None, "Page", "");
    let comment = site.add_comment(Container::Page(page), None, CommentKind::Footer, "");
    let reply = site.add_comment(Container::Page(page), Some(comment), CommentKind::Footer, "");
    let running = start(site).await;
    let client = Client::new(&running, "ann@acme.example");
    let status = |path: String| client.get(&format!("/wiki/api/v2/{path}")).status;
    running.change(|site| site.delete_comment(comment));
    assert_eq!(status(format!("footer-comments/{reply}")), 404);
    running.change(|site| site.trash_page(page));
    assert_eq!(status(format!("pages/{page}")), 200);
    assert!(client.ids("/wiki/api/v2/pages").is_empty());
    running.change(|site| site.purge_page(page));
    assert_eq!(status(format!("pages/{page}")), 404);
}
