//! Against the simulated site: an inventory says of each thing what reading everything says of its version, its place
//! and its readers, and costs no words.

use crate::simulated::{Silent, Wire, filters, read, read_content, start};
use confluence::confluence::site::Site;
use confluence::filter::{Filter, Wanted};
use confluence::model::{Access, Change, Position, Summary};
use confluence::reading::{list_partitions, read_page};
use confluence_simulator::{Clock, Knobs, Restriction, Running, Simulator, Size, WRITTEN_UNTIL, generate};
use std::collections::BTreeMap;
use url::Url;

fn wanted(settings: &str) -> Wanted {
    Wanted { filter: Filter::read(settings).unwrap(), now: u64::try_from(WRITTEN_UNTIL).unwrap() }
}

fn seen(wire: &Wire, wanted: &Wanted) -> BTreeMap<String, Summary> {
    let mut seen = BTreeMap::new();
    for change in read_content(wire, wanted, &Position::Inventory) {
        match change {
            Change::Seen(summary) => {
                let before = seen.insert(summary.id.clone(), summary.clone());
                assert!(before.is_none_or(|before| before == summary), "{} was seen in two ways", summary.id);
            }
            other => panic!("{other:?}"),
        }
    }
    seen
}

fn expected(wire: &Wire, wanted: &Wanted) -> BTreeMap<String, Summary> {
    let summary = |item: confluence::model::Item| Summary {
        id: item.id,
        parent: item.parent,
        version: item.version,
        access: Some(item.access),
    };
    read(wire, wanted).into_iter().map(|(id, item)| (id, summary(item))).collect()
}

/// The pages below something, in a running site.
fn pages(running: &Running) -> Vec<(u64, String)> {
    running.read(|site| site.pages.values().map(|page| (page.id, page.title.clone())).collect())
}

#[test]
fn an_inventory_mentions_all_that_is_read_and_says_the_same_of_it() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    for size in [Size::demo(), Size::census()] {
        let site = generate(1, &size, Clock::standing_at(WRITTEN_UNTIL));
        let running = runtime.block_on(Simulator::start(site, Knobs::default())).unwrap();
        let wire = Wire(running.address());
        let plain = wanted("{}");
        let mut settings = vec!["{}".to_owned(), r#"{"read-comments":false}"#.to_owned()];
        if size == Size::demo() {
            settings.extend(filters(&read(&wire, &plain)));
        }
        for settings in settings {
            let wanted = wanted(&settings);
            let expected = expected(&wire, &wanted);
            running.ledger().clear();
            let seen = seen(&wire, &wanted);
            let bodies = running.ledger().entries().into_iter().map(|entry| entry.target);
            let bodies: Vec<String> = bodies.filter(|target| target.contains("body")).collect();
            // A walk that met no reply asks whether there are any, one row at a time.
            let bodies: Vec<&String> = bodies.iter().filter(|target| !target.contains("limit=1")).collect();
            assert_eq!(bodies, Vec::<&String>::new(), "{settings}");
            for (id, summary) in &expected {
                assert_eq!(seen.get(id), Some(summary), "{settings}");
            }
            assert_eq!(seen.len(), expected.len(), "{settings}");
        }
    }
}

/// Replies are asked for comment by comment there.
#[test]
fn an_inventory_of_a_site_whose_lists_leave_replies_out_mentions_them() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let running = start(&runtime, 1);
    running.set_knobs(Knobs { comment_lists_are_roots_only: true, ..Knobs::default() });
    let wire = Wire(running.address());
    let expected = expected(&wire, &wanted("{}"));
    let replies = running.read(|site| site.comments.values().filter(|it| it.parent.is_some()).count());
    assert!(replies > 0);
    assert_eq!(seen(&wire, &wanted("{}")), expected);
}

#[test]
fn an_inventory_of_a_live_doc_agrees_with_what_the_editors_format_told() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut site = generate(1, &Size::demo(), Clock::standing_at(WRITTEN_UNTIL));
    let space = *site.spaces.keys().next().unwrap();
    let id = site.add_page(space, None, "Live", "");
    site.make_live(id);
    let adf = r#"{"type":"doc","version":1,"content":[{"type":"paragraph","content":[{"type":"text","text":"Live words"}]}]}"#;
    site.pages.get_mut(&id).unwrap().adf = Some(adf.to_owned());
    let running = runtime.block_on(Simulator::start(site, Knobs::default())).unwrap();
    let wire = Wire(running.address());
    let id = format!("page:{id}");
    assert_eq!(seen(&wire, &wanted("{}"))[&id], expected(&wire, &wanted("{}"))[&id]);
}

#[test]
fn an_inventory_notices_what_no_list_shows_as_an_edit() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let running = start(&runtime, 1);
    let wire = Wire(running.address());
    let before = seen(&wire, &wanted("{}"));
    let all = pages(&running);
    let visible: Vec<u64> =
        all.iter().map(|(id, _)| *id).filter(|id| before.contains_key(&format!("page:{id}"))).collect();
    let roots: Vec<u64> = running.read(|site| {
        let lone = |id: &&u64| !site.pages.values().any(|page| page.parent.is_some_and(|it| it.id == **id));
        let current = |id: &&u64| site.pages[id].status == confluence_simulator::PageStatus::Current;
        let open = |id: &&u64| site.pages[id].restriction.is_none();
        visible.iter().filter(lone).filter(current).filter(open).copied().collect()
    });
    let [moved, restricted, labelled, archived, renamed, trashed] = roots[..6] else { panic!() };
    running.change(|site| {
        let other = site.pages[&moved].space;
        let other = site.pages.values().find(|page| page.space == other && page.id != moved).unwrap().id;
        site.move_page(moved, Some(other));
        site.restrict_page(restricted, Some(Restriction::to_users(&[crate::simulated::CRAWLER])));
        site.label_page(labelled, "brand-new");
        site.archive_page(archived);
        site.rename_page(renamed, "A title that nobody had");
        site.trash_page(trashed);
    });
    let after = seen(&wire, &wanted("{}"));
    let both = |id: u64| {
        let id = format!("page:{id}");
        (before[&id].clone(), after[&id].clone())
    };
    let (was, is) = both(moved);
    assert!(was.parent != is.parent && was.version == is.version);
    let (was, is) = both(restricted);
    assert_eq!(was.access, Some(Access::Inherited));
    assert!(matches!(is.access, Some(Access::Narrowed(_))) && was.version == is.version);
    for id in [labelled, archived, renamed] {
        let (was, is) = both(id);
        assert_ne!(was.version, is.version);
    }
    assert!(!after.contains_key(&format!("page:{trashed}")));
    let changed = before.iter().filter(|(id, was)| after.get(*id) != Some(was)).count();
    assert_eq!(changed, 6);
}

/// A read that broke off goes on as it began, and a cursor of one place is no cursor of another.
#[test]
fn a_cursor_carries_that_the_read_is_an_inventory() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let running = start(&runtime, 1);
    let wire = Wire(running.address());
    let site = Site::new(Url::parse("https://acme.atlassian.net").unwrap(), &wire, &Silent);
    let plain = wanted("{}");
    for partition in list_partitions(&site, &plain, "content").unwrap() {
        let mut position = Position::Inventory;
        while let Some(cursor) = read_page(&site, &plain, &partition, &position, 10).unwrap().next {
            position = Position::After(cursor);
            let page = read_page(&site, &plain, &partition, &position, 10).unwrap();
            assert!(page.changes.iter().all(|change| matches!(change, Change::Seen(_))), "{}", partition.id);
            if page.next.is_none() {
                break;
            }
        }
    }
    for dataset in ["changes", "directory"] {
        for partition in list_partitions(&site, &plain, dataset).unwrap() {
            assert!(read_page(&site, &plain, &partition, &Position::Inventory, 10).is_err());
        }
    }
}

/// A request for 250 pages and one for the readers of 200.
#[test]
fn what_an_inventory_of_two_thousand_pages_costs() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let size = Size { pages: 2000, comments: 1500, attachments: 800, blog_posts: 100, ..Size::demo() };
    let site = generate(1, &size, Clock::standing_at(WRITTEN_UNTIL));
    let running = runtime.block_on(Simulator::start(site, Knobs::default())).unwrap();
    let wire = Wire(running.address());
    seen(&wire, &wanted("{}"));
    let counts = running.ledger().by_endpoint();
    let counts: Vec<String> = counts.iter().map(|(route, count)| format!("{count} {route}")).collect();
    insta::assert_snapshot!(counts.join("\n"), @"
    4 /wiki/api/v2/attachments
    1 /wiki/api/v2/blogposts
    5 /wiki/api/v2/footer-comments
    2 /wiki/api/v2/inline-comments
    11 /wiki/api/v2/pages
    1 /wiki/api/v2/space-role-mode
    2 /wiki/api/v2/spaces
    6 /wiki/api/v2/spaces/{id}/permissions
    15 /wiki/rest/api/content/search
    2 /wiki/rest/api/search
    1 /wiki/rest/api/user/anonymous
    ");
    insta::assert_snapshot!(running.ledger().entries().len(), @"50");
}
