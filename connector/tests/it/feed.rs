//! Against the simulated site: what changed is told by one read since the last, once, and for the price of the changes.

use crate::simulated::{CRAWLER, Silent, Wire, filters, lineage, read, start};
use confluence::confluence::site::Site;
use confluence::filter::{Filter, Wanted, in_scope};
use confluence::model::{Access, Change, Position};
use confluence::reading::{list_partitions, read_page};
use confluence::transport::{Response, Transport, TransportError};
use confluence_simulator::{
    Clock, CommentKind, Container, FileKind, Id, Knobs, Operation, PageStatus, Principal, Restriction,
    Running, Simulator, Size, USERS_GROUP, WRITTEN_UNTIL, generate,
};
use std::cell::RefCell;
use std::collections::BTreeSet;
use url::Url;

const MINUTE: i64 = 60_000;

/// Something that happens before the first request that names a fragment.
type Happening<'r> = (&'static str, Box<dyn FnOnce() + 'r>);

/// Lets something happen to the site in the middle of a read.
struct Meanwhile<'r> {
    wire: &'r Wire,
    before: RefCell<Option<Happening<'r>>>,
}

impl Transport for Meanwhile<'_> {
    type Pending = Url;

    fn send(&self, url: &Url) -> Url {
        let mut before = self.before.borrow_mut();
        if before.as_ref().is_some_and(|(fragment, _)| url.as_str().contains(fragment)) {
            let (_, happens) = before.take().unwrap();
            happens();
        }
        self.wire.send(url)
    }

    fn wait(&self, url: Url) -> Result<Response, TransportError> {
        self.wire.wait(url)
    }
}

fn wanted(settings: &str) -> Wanted {
    Wanted { filter: Filter::read(settings).unwrap(), now: u64::try_from(WRITTEN_UNTIL).unwrap() }
}

/// A host that reads what changed, again and again.
struct Host<'w, T> {
    wire: &'w T,
    wanted: Wanted,
    checkpoint: String,
}

impl<'w, T: Transport> Host<'w, T> {
    fn new(wire: &'w T, settings: &str) -> Self {
        let mut host = Host { wire, wanted: wanted(settings), checkpoint: String::new() };
        let (changes, pages) = host.read(Position::Everything, 1000);
        assert_eq!((changes, pages), (Vec::new(), 1));
        host
    }

    fn since(&mut self) -> Vec<Change> {
        self.read(Position::Since(self.checkpoint.clone()), 1000).0
    }

    /// What changed, and on how many pages of changes it came.
    fn read(&mut self, from: Position, limit: u32) -> (Vec<Change>, usize) {
        let site = Site::new(Url::parse("https://acme.atlassian.net").unwrap(), self.wire, &Silent);
        let partitions = list_partitions(&site, &self.wanted, "changes").unwrap();
        let [partition] = &partitions[..] else { panic!("{partitions:?}") };
        let (mut position, mut changes, mut pages) = (from, Vec::new(), 0);
        loop {
            let page = read_page(&site, &self.wanted, partition, &position, limit).unwrap();
            pages += 1;
            changes.extend(page.changes);
            match page.next {
                Some(cursor) => {
                    assert!(cursor.len() <= 64 * 1024);
                    position = Position::After(cursor);
                }
                None => {
                    self.checkpoint = page.checkpoint.unwrap();
                    assert!(self.checkpoint.len() <= 64 * 1024);
                    return (changes, pages);
                }
            }
        }
    }
}

fn ids(changes: &[Change]) -> Vec<String> {
    let id = |change: &Change| match change {
        Change::Upsert(item) => item.id.clone(),
        other => panic!("{other:?}"),
    };
    changes.iter().map(id).collect()
}

fn later(running: &Running, by: i64) {
    running.read(|site| site.clock.advance(by));
}

/// Current pages that the account sees, with nothing peculiar about them.
fn some_pages(running: &Running, wire: &Wire) -> Vec<Id> {
    let all = read(wire, &wanted("{}"));
    running.read(|site| {
        let pages = site.pages.values().filter(|page| page.status == PageStatus::Current);
        let pages = pages.filter(|page| !site.spaces[&page.space].archived);
        pages.map(|page| page.id).filter(|id| all.contains_key(&format!("page:{id}"))).collect()
    })
}

fn requests(running: &Running) -> usize {
    running.ledger().entries().len()
}

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

#[test]
fn under_a_filter_what_is_wanted_of_the_news_is_told() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let running = start(&runtime, 1);
    let wire = Wire(running.address());
    let pages = some_pages(&running, &wire);
    let settings = filters(&read(&wire, &wanted("{}")));
    for (number, settings) in settings.iter().enumerate() {
        let mut host = Host::new(&wire, settings);
        later(&running, 60 * MINUTE);
        let start = running.read(|site| site.clock.now());
        running.change(|site| {
            for page in pages.iter().skip(number).step_by(14) {
                site.edit_page(*page, "<p>Edited</p>");
                let on = Container::Page(*page);
                site.add_comment(on, None, CommentKind::Footer, "<p>So</p>");
                site.add_attachment(on, "new.txt", FileKind::Text);
            }
            for post in site.blog_posts.keys().copied().collect::<Vec<_>>() {
                site.edit_blog_post(post, "<p>Edited</p>");
            }
        });
        let changes = host.since();
        let told: BTreeSet<String> = changes
            .iter()
            .filter_map(|change| match change {
                Change::Upsert(item) if item.kind != "place" => Some(item.id.clone()),
                Change::Upsert(_) | Change::Delete(_) => None,
                other => panic!("{settings}: {other:?}"),
            })
            .collect();
        let (all, filter) = (read(&wire, &wanted("{}")), host.wanted.frozen());
        let news = all.values().filter(|item| item.updated.is_some_and(|at| at >= start as u64));
        let news: BTreeSet<String> =
            news.filter(|item| in_scope(&filter, &lineage(&all, item))).map(|item| item.id.clone()).collect();
        assert_eq!(told, news, "{settings}");
        let found = read(&wire, &host.wanted);
        for change in changes {
            match change {
                // As everything tells it; links of comments are told in more or less detail by the two APIs.
                Change::Upsert(item) => {
                    let whole = &found[&item.id];
                    assert_eq!((&item.version, &item.body), (&whole.version, &whole.body), "{settings}");
                    assert_eq!((&item.access, &item.parent), (&whole.access, &whole.parent), "{settings}");
                }
                Change::Delete(id) => assert!(!found.contains_key(&id), "{settings}: {id}"),
                other => panic!("{other:?}"),
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
