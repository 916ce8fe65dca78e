//! Against the simulated site: what changed is told by one read since the last, once, and for the price of the changes.

mod edits;
mod filtered;
mod readers;

use crate::simulated::{Silent, Wire, read};
use confluence::confluence::site::Site;
use confluence::filter::{Filter, Wanted};
use confluence::model::{Change, Position};
use confluence::reading::{list_partitions, read_page};
use confluence::transport::{Response, Transport, TransportError};
use confluence_simulator::{Id, PageStatus, Running, WRITTEN_UNTIL};
use std::cell::RefCell;
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
