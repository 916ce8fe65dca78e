//! What was edited or added, and what it costs to hear of it.

use super::{Host, MINUTE, Meanwhile, ids, later, requests, some_pages, wanted};
use crate::simulated::{Wire, read, start};
use confluence::model::{Change, Position};
use confluence_simulator::{
    Clock, CommentKind, Container, FileKind, Id, Knobs, PageStatus, Principal, Simulator, Size, USERS_GROUP,
    WRITTEN_UNTIL, generate,
};
use std::cell::RefCell;
use std::collections::BTreeSet;

#[test]
fn all_that_is_edited_or_added_is_told_by_the_next_read_and_no_other() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let running = start(&runtime, 1);
    let wire = Wire(running.address());
    let pages = some_pages(&running, &wire);
    let mut host = Host::new(&wire, "{}");
    later(&running, 60 * MINUTE);
    let told = running.change(|site| {
        let (edited, renamed, home) = (pages[0], pages[1], pages[2]);
        let space = site.pages[&home].space;
        site.edit_page(edited, "<p>Edited</p>");
        site.rename_page(renamed, "A title that nobody had");
        let added = site.add_page(space, Some(home), "Added", "<p>New</p>");
        let on = Container::Page(home);
        let footer = site.add_comment(on, None, CommentKind::Footer, "<p>First</p>");
        let reply = site.add_comment(on, Some(footer), CommentKind::Footer, "<p>Second</p>");
        let old = site.comments.values().find(|it| it.container == on && it.id < footer);
        let old =
            old.or_else(|| site.comments.values().find(|it| matches!(it.container, Container::BlogPost(_))));
        let old = old.unwrap().id;
        site.edit_comment(old, "<p>Edited</p>");
        let file = site.add_attachment(on, "new.txt", FileKind::Text);
        let replaced = site.add_attachment(on, "again.txt", FileKind::Text);
        site.replace_attachment(replaced, 7);
        let post = site.add_blog_post(space, "Posted", "<p>News</p>");
        let members = [Principal::Group(USERS_GROUP.into())];
        let fresh = site.add_space("FRESH", "Fresh", &members);
        let inside = site.add_page(fresh, None, "Inside", "<p>Inside</p>");
        let mut told = vec![
            format!("space:{fresh}"),
            format!("page:{edited}"),
            format!("page:{renamed}"),
            format!("page:{added}"),
            format!("page:{inside}"),
            format!("blogpost:{post}"),
            format!("comment:{footer}"),
            format!("comment:{reply}"),
            format!("comment:{old}"),
            format!("attachment:att{file}"),
            format!("attachment:att{replaced}"),
        ];
        // A space may come with a page of its own.
        told.extend(site.spaces[&fresh].homepage.map(|id| format!("page:{id}")));
        told.into_iter().collect::<BTreeSet<String>>()
    });
    let changes = host.since();
    assert_eq!(ids(&changes).into_iter().collect::<BTreeSet<_>>(), told);
    // In full, as everything would tell it.
    let all = read(&wire, &wanted("{}"));
    for change in changes {
        let Change::Upsert(item) = change else { panic!() };
        assert_eq!(Some(&*item), all.get(&item.id));
    }
    running.ledger().clear();
    assert_eq!(host.since(), []);
    let asked: Vec<String> =
        running.ledger().entries().into_iter().map(|entry| entry.endpoint.to_owned()).collect();
    insta::assert_snapshot!(asked.join("\n"), @"
    /wiki/api/v2/spaces
    /wiki/api/v2/pages
    /wiki/api/v2/blogposts
    /wiki/api/v2/footer-comments
    /wiki/api/v2/inline-comments
    /wiki/api/v2/attachments
    ");
}

#[test]
fn what_reading_since_costs() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let running = start(&runtime, 1);
    let wire = Wire(running.address());
    let pages = some_pages(&running, &wire);
    running.ledger().clear();
    let mut host = Host::new(&wire, "{}");
    let first = requests(&running);
    running.ledger().clear();
    host.since();
    let idle = requests(&running);
    later(&running, 60 * MINUTE);
    running.change(|site| site.edit_page(pages[0], "<p>Edited</p>"));
    running.ledger().clear();
    assert_eq!(ids(&host.since()), [format!("page:{}", pages[0])]);
    let asked: Vec<String> =
        running.ledger().entries().into_iter().map(|entry| entry.endpoint.to_owned()).collect();
    insta::assert_snapshot!(format!("first {first}, idle {idle}, one edit:\n{}", asked.join("\n")), @"
    first 6, idle 6, one edit:
    /wiki/api/v2/spaces
    /wiki/api/v2/pages
    /wiki/api/v2/spaces
    /wiki/api/v2/spaces
    /wiki/api/v2/pages
    /wiki/rest/api/content/search
    /wiki/api/v2/blogposts
    /wiki/api/v2/footer-comments
    /wiki/api/v2/inline-comments
    /wiki/api/v2/attachments
    ");
}

#[test]
fn edits_within_the_overlap_are_told_once() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let running = start(&runtime, 1);
    let wire = Wire(running.address());
    let pages = some_pages(&running, &wire);
    let mut host = Host::new(&wire, "{}");
    let page = |number: usize| format!("page:{}", pages[number]);
    later(&running, MINUTE);
    running.change(|site| site.edit_page(pages[0], "<p>One</p>"));
    assert_eq!(ids(&host.since()), [page(0)]);
    later(&running, MINUTE);
    running.change(|site| site.edit_page(pages[1], "<p>Two</p>"));
    assert_eq!(ids(&host.since()), [page(1)]);
    // At the very same moment as the newest that is known.
    running.change(|site| site.edit_page(pages[2], "<p>Three</p>"));
    assert_eq!(ids(&host.since()), [page(2)]);
    // The same page again.
    later(&running, MINUTE);
    running.change(|site| site.edit_page(pages[1], "<p>Two and a half</p>"));
    assert_eq!(ids(&host.since()), [page(1)]);
    assert_eq!(host.since(), []);
}

#[test]
fn an_edit_that_the_list_shows_late_is_told_within_the_overlap() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let running = start(&runtime, 1);
    let wire = Wire(running.address());
    let pages = some_pages(&running, &wire);
    let mut host = Host::new(&wire, "{}");
    later(&running, 60 * MINUTE);
    running.change(|site| site.edit_page(pages[0], "<p>One</p>"));
    assert_eq!(host.since().len(), 1);
    let edited_before = |by: i64, page: Id| {
        running.change(|site| {
            site.edit_page(page, "<p>Late</p>");
            site.pages.get_mut(&page).unwrap().versions.last_mut().unwrap().at -= by;
        });
    };
    edited_before(9 * MINUTE, pages[1]);
    assert_eq!(ids(&host.since()), [format!("page:{}", pages[1])]);
    assert_eq!(host.since(), []);
    // Later still is for an inventory to find.
    edited_before(11 * MINUTE, pages[2]);
    assert_eq!(host.since(), []);
}

#[test]
fn an_edit_during_the_walk_is_told_by_the_next_read() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let running = start(&runtime, 1);
    let wire = Wire(running.address());
    let pages = some_pages(&running, &wire);
    let meanwhile = Meanwhile { wire: &wire, before: RefCell::new(None) };
    let mut host = Host::new(&meanwhile, "{}");
    later(&running, 60 * MINUTE);
    running.change(|site| site.edit_page(pages[0], "<p>One</p>"));
    later(&running, MINUTE);
    let edit = || running.change(|site| site.edit_page(pages[1], "<p>Meanwhile</p>"));
    *meanwhile.before.borrow_mut() = Some(("/blogposts", Box::new(edit)));
    assert_eq!(ids(&host.since()), [format!("page:{}", pages[0])]);
    assert_eq!(ids(&host.since()), [format!("page:{}", pages[1])]);
    assert_eq!(host.since(), []);
}

/// Of all that a site has, each kind once: what a read since tells is what reading everything tells.
#[test]
fn whatever_is_edited_comes_as_everything_tells_it() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let site = generate(3, &Size::census(), Clock::standing_at(WRITTEN_UNTIL));
    let running = runtime.block_on(Simulator::start(site, Knobs::default())).unwrap();
    let wire = Wire(running.address());
    let mut host = Host::new(&wire, "{}");
    later(&running, 60 * MINUTE);
    let before = read(&wire, &wanted("{}"));
    running.change(|site| {
        let pages = site.pages.values().filter(|page| page.status != PageStatus::Trashed);
        let pages: Vec<Id> = pages.map(|page| page.id).step_by(11).collect();
        pages.into_iter().for_each(|id| site.edit_page(id, "<p>Edited</p>"));
        let posts: Vec<Id> = site.blog_posts.keys().copied().step_by(3).collect();
        posts.into_iter().for_each(|id| site.edit_blog_post(id, "<p>Edited</p>"));
        let comments: Vec<Id> = site.comments.keys().copied().step_by(5).collect();
        comments.into_iter().for_each(|id| site.edit_comment(id, "<p>Edited</p>"));
        let files: Vec<Id> = site.attachments.keys().copied().step_by(5).collect();
        files.into_iter().for_each(|id| site.replace_attachment(id, 3));
    });
    let after = read(&wire, &wanted("{}"));
    let changed: Vec<_> = after.values().filter(|item| before.get(&item.id) != Some(*item)).collect();
    let told = host.since();
    assert!(changed.len() > 100, "{}", changed.len());
    assert_eq!(told.len(), changed.len());
    for change in told {
        let Change::Upsert(item) = change else { panic!("{change:?}") };
        assert_eq!(Some(&*item), after.get(&item.id));
        assert!(changed.iter().any(|changed| changed.id == item.id), "{}", item.id);
    }
}

#[test]
fn very_many_edits_at_once_come_on_many_pages_and_an_idle_site_is_cheap_afterwards() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let running = start(&runtime, 1);
    let wire = Wire(running.address());
    let pages = some_pages(&running, &wire);
    let mut host = Host::new(&wire, "{}");
    later(&running, 60 * MINUTE);
    running.change(|site| pages.iter().for_each(|page| site.edit_page(*page, "<p>Edited</p>")));
    let (changes, read) = host.read(Position::Since(host.checkpoint.clone()), 100);
    let told: BTreeSet<String> = ids(&changes).into_iter().collect();
    assert_eq!(told.len(), changes.len());
    assert_eq!(told, pages.iter().map(|page| format!("page:{page}")).collect());
    assert!(pages.len() > 200 && read > 1, "{} pages on {read}", pages.len());
    running.ledger().clear();
    assert_eq!(host.since(), []);
    assert_eq!(requests(&running), 6);
}
