//! Who may read what is told.

use super::{Host, MINUTE, Meanwhile, ids, later, some_pages};
use crate::simulated::{CRAWLER, Wire, start};
use confluence::model::{Access, Change};
use confluence_simulator::{CommentKind, Container, Knobs, Operation, Principal, Restriction};
use std::cell::RefCell;
use std::collections::BTreeSet;

/// Whoever was shut out before the last words were written must not be among their readers.
#[test]
fn readers_are_asked_for_after_the_words() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let running = start(&runtime, 1);
    let wire = Wire(running.address());
    let pages = some_pages(&running, &wire);
    let page = pages[0];
    running.change(|site| site.label_page(page, "chosen"));
    for settings in ["{}", r#"{"labels":["chosen"]}"#] {
        let meanwhile = Meanwhile { wire: &wire, before: RefCell::new(None) };
        let mut host = Host::new(&meanwhile, settings);
        later(&running, 60 * MINUTE);
        running.change(|site| {
            site.restrict_page(page, None);
            site.edit_page(page, "<p>For all</p>");
        });
        let shut = || {
            running.change(|site| {
                let only = Restriction::to_users(&[CRAWLER]);
                site.restrict_page(page, Some(only));
                site.edit_page(page, "<p>For few</p>");
            });
        };
        *meanwhile.before.borrow_mut() = Some(("pages?id=", Box::new(shut)));
        let changes = host.since();
        let item = changes.iter().find_map(|change| match change {
            Change::Upsert(item) if item.kind == "page" => Some(item),
            _ => None,
        });
        let item = item.unwrap();
        assert_eq!(item.body.as_deref(), Some("For few"), "{settings}");
        assert!(matches!(item.access, Access::Narrowed(_)), "{settings}: {:?}", item.access);
    }
}

/// The search knows a page a while after the lists do; silence must not make it open to all.
#[test]
fn a_page_that_the_search_does_not_know_yet_comes_with_its_restriction() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let running = start(&runtime, 1);
    running.set_knobs(Knobs { index_lag_ms: 5 * MINUTE, ..Knobs::default() });
    let wire = Wire(running.address());
    let home = some_pages(&running, &wire)[0];
    for settings in ["{}", r#"{"pages":["HOME"]}"#] {
        let settings = settings.replace("HOME", &home.to_string());
        let mut host = Host::new(&wire, &settings);
        later(&running, 60 * MINUTE);
        let told = running.change(|site| {
            let space = site.pages[&home].space;
            let page = site.add_page(space, Some(home), &format!("Secret {settings}"), "<p>Secret</p>");
            site.restrict_page(page, Some(Restriction::to_users(&[CRAWLER])));
            let on = Container::Page(page);
            let comment = site.add_comment(on, None, CommentKind::Footer, "<p>Hush</p>");
            let reply = site.add_comment(on, Some(comment), CommentKind::Footer, "<p>Yes</p>");
            [format!("page:{page}"), format!("comment:{comment}"), format!("comment:{reply}")]
        });
        let changes = host.since();
        assert_eq!(ids(&changes).into_iter().collect::<BTreeSet<_>>(), told.clone().into(), "{settings}");
        for change in changes {
            let Change::Upsert(item) = change else { panic!() };
            if item.id == told[0] {
                assert!(matches!(item.access, Access::Narrowed(_)), "{settings}: {:?}", item.access);
            } else {
                assert!(item.properties.contains(&("thread".to_owned(), told[1].clone())), "{settings}");
            }
        }
        assert_eq!(host.since(), [], "{settings}");
    }
}

#[test]
fn a_space_that_may_be_seen_is_told_with_those_who_may_see_it() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let running = start(&runtime, 1);
    let wire = Wire(running.address());
    let mut host = Host::new(&wire, "{}");
    let fresh = running.change(|site| {
        let fresh = site.add_space("FRESH", "Fresh", &[Principal::Group("team".into())]);
        site.add_space_permission(fresh, Principal::User(CRAWLER.into()), Operation::read_space());
        fresh
    });
    let changes = host.since();
    let space = changes.iter().find_map(|change| match change {
        Change::Upsert(item) if item.id == format!("space:{fresh}") => Some(item),
        _ => None,
    });
    let Access::Replaced(readers) = &space.unwrap().access else { panic!() };
    assert!(readers.contains(&confluence::model::Principal::Group("team".to_owned())), "{readers:?}");
    assert_eq!(host.since(), []);
}
