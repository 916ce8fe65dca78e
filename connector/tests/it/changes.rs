//! The feed against a scripted site: what it asks, and what it makes of odd answers.

use crate::fake::{Fake, named_404, no_roles, page_row, results, story, tell};
use confluence::error::Error;
use confluence::filter::{Filter, Wanted};
use confluence::model::{Page, Position};
use confluence::reading::{list_partitions, read_page};
use insta::assert_snapshot;

fn read(fake: &Fake, position: &Position) -> Result<Page, Error> {
    let partition = &list_partitions(&fake.site(), &Wanted::default(), "changes").unwrap()[0];
    read_page(&fake.site(), &Wanted::default(), partition, position, 1000)
}

fn row(id: u64, at: &str) -> String {
    page_row(id, "").replace("2026-01-02T00:00:00.000Z", at)
}

/// A site of one space, with nothing but the pages that a test lists.
fn quiet() -> Fake {
    let nothing = results(&[], None);
    ["/blogposts", "/footer-comments", "/inline-comments", "/attachments"]
        .iter()
        .fold(no_roles(Fake::default()), |fake, list| fake.on(list, &nothing))
        .on("/spaces", &results(&[r#"{"id":"8","key":"ENG","name":"Engineering"}"#.to_owned()], None))
}

fn checkpoint(fake: &Fake) -> Position {
    Position::Since(read(fake, &Position::Everything).unwrap().checkpoint.unwrap())
}

#[test]
fn the_partition_costs_nothing_and_the_first_read_a_request_for_each_list() {
    let fake =
        Fake::default().on("/pages", &results(&[row(1, "2026-01-02T00:00:00.000Z")], None)).or(quiet());
    let page = read(&fake, &Position::Everything).unwrap();
    assert_eq!((page.changes.len(), page.next), (0, None));
    assert_snapshot!(page.checkpoint.unwrap(), @r#"{"marks":[{"newest":1767312000000,"from":1767311400000,"known":[4675140952401600915]},{"newest":0,"from":0,"known":[]},{"newest":0,"from":0,"known":[]},{"newest":0,"from":0,"known":[]},{"newest":0,"from":0,"known":[]}],"spaces":["8"]}"#);
    assert_snapshot!(fake.asked(), @"
    /wiki/api/v2/spaces?status=current&sort=-id&limit=25
    /wiki/api/v2/pages?status=current,archived&sort=-modified-date&limit=25
    /wiki/api/v2/blogposts?status=current&sort=-modified-date&limit=25
    /wiki/api/v2/footer-comments?sort=-modified-date&body-format=storage&limit=25
    /wiki/api/v2/inline-comments?sort=-modified-date&body-format=storage&limit=25
    /wiki/api/v2/attachments?status=current,archived&sort=-modified-date&limit=25
    ");
}

#[test]
fn words_are_asked_for_by_id_and_readers_after_them() {
    let old = row(1, "2026-01-02T00:00:00.000Z");
    let listed = [row(2, "2026-01-02T01:00:00.000Z"), old.clone()];
    let fake = Fake::default()
        .on("/pages sort=-modified-date", &results(&[old], None))
        .on("/pages sort=-modified-date", &results(&listed, None))
        .on("/pages id=2", &results(&[page_row(2, "")], None))
        .or(quiet())
        .open_search();
    let since = checkpoint(&fake);
    let before = fake.asked().lines().count();
    let page = read(&fake, &since).unwrap();
    assert_snapshot!(story(&[page]), @r#"page page:2 in space:8, "Page 2", inherited: space=ENG status=current"#);
    let asked = fake.asked();
    let asked: Vec<&str> = asked.lines().skip(before).collect();
    assert_snapshot!(asked.join("\n"), @"
    /wiki/api/v2/spaces?status=current&sort=-id&limit=25
    /wiki/api/v2/pages?status=current,archived&sort=-modified-date&limit=26
    /wiki/api/v2/spaces?ids=8&limit=250&status=current
    /wiki/api/v2/spaces?ids=8&limit=250&status=archived
    /wiki/api/v2/pages?id=2&status=current,archived&sort=id&body-format=storage&limit=250
    /wiki/rest/api/content/search?cql=id in (2)&limit=200&expand=restrictions.read.restrictions.user,restrictions.read.restrictions.group,metadata.labels
    /wiki/api/v2/blogposts?status=current&sort=-modified-date&limit=25
    /wiki/api/v2/footer-comments?sort=-modified-date&body-format=storage&limit=25
    /wiki/api/v2/inline-comments?sort=-modified-date&body-format=storage&limit=25
    /wiki/api/v2/attachments?status=current,archived&sort=-modified-date&limit=25
    ");
}

#[test]
fn a_list_that_was_empty_is_all_news() {
    let fake = Fake::default()
        .on("/pages sort=-modified-date", &results(&[], None))
        .on("/pages sort=-modified-date", &results(&[row(2, "1970-01-01T00:00:00.001Z")], None))
        .on("/pages id=2", &results(&[page_row(2, "")], None))
        .or(quiet())
        .open_search();
    let since = checkpoint(&fake);
    assert_eq!(read(&fake, &since).unwrap().changes.len(), 1);
}

/// Pages of 2026-01-03 and later are news.
fn walked(answers: Fake) -> Fake {
    Fake::default()
        .on("/pages sort=-modified-date limit=25", &results(&[row(1, "2026-01-02T00:00:00.000Z")], None))
        .or(answers)
        .on("/pages id=", &results(&[page_row(3, ""), page_row(4, "")], None))
        .or(quiet())
        .open_search()
}

#[test]
fn a_list_whose_place_the_site_forgot_is_walked_again_once() {
    let first = results(&[row(4, "2026-01-04T00:00:00.000Z")], Some("/wiki/api/v2/pages?cursor=lost"));
    let whole = [
        row(4, "2026-01-04T00:00:00.000Z"),
        row(3, "2026-01-03T00:00:00.000Z"),
        row(1, "2026-01-02T00:00:00.000Z"),
    ];
    let bad = r#"{"errors":[{"status":400,"title":"Invalid cursor"}]}"#;
    let since = r#"{"marks":[{"newest":1767312000000,"from":1767311400000,"known":[]}],"spaces":["8"]}"#;
    let since = Position::Since(since.to_owned());
    let answers = |again: &str| {
        Fake::default()
            .status("/pages cursor=lost", 400, bad)
            .on("/pages sort=-modified-date", &first)
            .on("/pages sort=-modified-date", again)
            .on("/pages id=", &results(&[page_row(3, ""), page_row(4, "")], None))
            .or(quiet())
            .open_search()
    };
    let fake = answers(&results(&whole, None));
    let told = tell(&read(&fake, &since).unwrap().changes);
    assert!(told.contains("page:3") && told.contains("page:4"), "{told}");
    assert!(fake.logged().contains("walking a list again from its start"));
    // A site that forgets every time.
    let fake = answers(&first);
    assert!(matches!(read(&fake, &since), Err(Error::StalePosition(_))));
}

#[test]
fn a_list_that_is_forbidden_keeps_no_other_from_being_read() {
    let forbidden = r#"{"code":401,"message":"Unauthorized; scope does not match"}"#;
    let fake = Fake::default()
        .status("/footer-comments", 401, forbidden)
        .on("/pages", &results(&[row(1, "2026-01-02T00:00:00.000Z")], None))
        .or(quiet());
    let since = checkpoint(&fake);
    assert_snapshot!(fake.logged(), @r#"Warn: what changed in a list could not be read reason="asked acme.atlassian.net for /wiki/api/v2/footer-comments and got 401: Unauthorized; scope does not match; the scope read:comment:confluence is missing (comments and replies); add it to the token or the app, and sign in again""#);
    // Nothing is known of it later either.
    let Position::Since(text) = &since else { panic!() };
    assert_eq!(text.matches("newest").count(), 4, "{text}");
    assert!(read(&fake, &since).is_ok());

    let all = ["/spaces", "/pages", "/blogposts", "/footer-comments", "/inline-comments", "/attachments"];
    let fake = all.iter().fold(Fake::default(), |fake, list| fake.status(list, 401, forbidden));
    assert!(matches!(read(&fake, &Position::Everything), Err(Error::Forbidden(_))));
}

#[test]
fn a_list_that_makes_no_sense_is_read_from_the_same_mark_the_next_time() {
    let comment = r#"{"id":"7","pageId":"1","version":{"number":1,"createdAt":"2026-01-02T01:00:00.000Z"}}"#;
    let fake = Fake::default()
        .on("/footer-comments", &results(&[], None))
        .on("/footer-comments", r#"{"results":[{"id"#)
        .on("/footer-comments", &results(&[comment.to_owned()], None))
        .on("/pages sort=-modified-date", &results(&[], None))
        .on("/pages sort=-modified-date", &results(&[row(2, "2026-01-02T01:00:00.000Z")], None))
        .on("/pages id=2", &results(&[page_row(2, "")], None))
        .or(quiet())
        .open_search();
    let since = checkpoint(&fake);
    let page = read(&fake, &since).unwrap();
    assert_eq!(tell(&page.changes).lines().count(), 1);
    let page = read(&fake, &Position::Since(page.checkpoint.unwrap())).unwrap();
    assert_snapshot!(tell(&page.changes), @r#"page-comment comment:7 in page:1, "", inherited: thread=comment:7"#);
}

#[test]
fn what_was_read_before_the_site_went_down_is_kept() {
    let fake = Fake::default()
        .on("/attachments", &results(&[], None))
        .status("/attachments", 503, "")
        .status("/attachments", 503, "")
        .on("/attachments", &results(&[], None))
        .on("/pages sort=-modified-date", &results(&[], None))
        .on("/pages sort=-modified-date", &results(&[row(2, "2026-01-02T01:00:00.000Z")], None))
        .on("/pages id=2", &results(&[page_row(2, "")], None))
        .or(quiet())
        .open_search();
    let since = checkpoint(&fake);
    let page = read(&fake, &since).unwrap();
    assert_eq!((page.changes.len(), page.checkpoint), (1, None));
    let on = Position::After(page.next.unwrap());
    assert!(matches!(read(&fake, &on), Err(Error::Unavailable(_))));
    let page = read(&fake, &on).unwrap();
    assert_eq!(page.changes, []);
    assert_eq!(read(&fake, &Position::Since(page.checkpoint.unwrap())).unwrap().changes, []);
}

#[test]
fn rows_that_cannot_be_read_fail_once() {
    let odd = r#"{"id":"5","version":{"number":"many"}}"#.to_owned();
    let known = row(1, "2026-01-02T00:00:00.000Z");
    let fake = Fake::default()
        .on("/pages sort=-modified-date", &results(std::slice::from_ref(&known), None))
        .on("/pages sort=-modified-date", &results(&[odd, known], None))
        .or(quiet());
    let since = checkpoint(&fake);
    let page = read(&fake, &since).unwrap();
    assert_snapshot!(story(std::slice::from_ref(&page)), @r#"failed page:5: invalid type: string "many", expected u64 at line 1 column 36"#);
    let page = read(&fake, &Position::Since(page.checkpoint.unwrap())).unwrap();
    assert_eq!(page.changes, []);
}

#[test]
fn what_is_no_checkpoint_of_these_settings_is_stale() {
    let fake = Fake::default().on("/pages", &results(&[], None)).or(quiet());
    let stale = |position: Position| {
        assert!(matches!(read(&fake, &position), Err(Error::StalePosition(_))), "{position:?}");
    };
    stale(Position::Since("no JSON".to_owned()));
    stale(Position::Since(r#"{"newest":7}"#.to_owned()));
    stale(Position::After("no JSON".to_owned()));
    stale(Position::After(r#"{"walk":{"listing":0}}"#.to_owned()));
    stale(Position::Since(r#"{"digest":"another","marks":[],"spaces":[]}"#.to_owned()));
    let Position::Since(plain) = checkpoint(&fake) else { panic!() };
    let wanted = Wanted { filter: Filter::read(r#"{"labels":["a"]}"#).unwrap(), now: 0 };
    let partition = &list_partitions(&fake.site(), &wanted, "changes").unwrap()[0];
    let plain_partition = &list_partitions(&fake.site(), &Wanted::default(), "changes").unwrap()[0];
    assert_ne!(partition.token, plain_partition.token);
    let told = read_page(&fake.site(), &wanted, partition, &Position::Since(plain), 1000);
    assert!(matches!(told, Err(Error::StalePosition(_))));
    let told = read_page(&fake.site(), &wanted, plain_partition, &Position::Everything, 1000);
    assert!(matches!(told, Err(Error::StalePosition(_))));
}

/// Only the plainest of pages, to keep the story short.
#[test]
fn a_page_that_is_gone_when_its_words_are_asked_for_is_left_to_the_inventory() {
    let fake = walked(
        Fake::default()
            .on("/pages sort=-modified-date", &results(&[row(9, "2026-01-05T00:00:00.000Z")], None))
            .status("/pages/9", 404, &named_404("No page 9")),
    );
    let since = r#"{"marks":[{"newest":1767312000000,"from":1767311400000,"known":[]}],"spaces":["8"]}"#;
    let page = read(&fake, &Position::Since(since.to_owned())).unwrap();
    assert_eq!(page.changes, []);
}
