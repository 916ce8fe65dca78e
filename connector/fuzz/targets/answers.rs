//! A site that answers as it likes, and what the connector makes of it: `FRAGMENT STATUS BODY` a line, begun from those in
//! `../seeds/answers`. The first line whose fragment is in an address answers it.
#![no_main]

use std::cell::Cell;

use confluence::confluence::site::Site;
use confluence::filter::Wanted;
use confluence::model::{Access, Change, Item, Partition, Position};
use confluence::reading::{list_partitions, read_items, read_page};
use confluence::transport::{Level, Log, Response, Transport, TransportError, TransportErrorKind};
use libfuzzer_sys::fuzz_target;
use url::Url;

const SITE: &str = "https://acme.atlassian.net";

/// A site may invent pages for ever; it is the host that gives up then.
const REQUESTS_MAX: u32 = 60;
const PAGES_MAX: usize = 3;

/// Of every sort, as `list-partitions` hands them out.
const TOKENS: [&str; 8] = [
    r#"{"pages":{"spaces":[{"id":"8","key":"ENG","name":"E","type":"g","status":"current"}]}}"#,
    r#"{"pages":{"spaces":[{"id":"8","key":"ENG","name":"E","type":"g","status":"current"}],"rights":{"mode":"transition","reading_roles":["1"],"anonymous":true}}}"#,
    r#"{"blog-posts":{"keys":{}}}"#,
    r#""footer-comments""#,
    r#""attachments""#,
    r#""directory""#,
    r#"{"nodes":{"keys":{"8":"ENG"},"archived":["OLD"]}}"#,
    r#""audit""#,
];

const IDS: [&str; 6] = ["page:1", "blogpost:1", "space:8", "comment:1", "attachment:att1", "folder:1"];

struct Stranger<'a> {
    says: &'a str,
    asked: Cell<u32>,
}

impl Transport for Stranger<'_> {
    type Pending = Result<Response, TransportError>;

    fn send(&self, url: &Url) -> Self::Pending {
        // Wherever a `next` link points.
        assert_eq!(url.origin().ascii_serialization(), SITE, "{url}");
        self.asked.set(self.asked.get() + 1);
        let answers = self.says.lines().filter_map(|line| {
            let (fragment, rest) = line.split_once(' ')?;
            let (status, body) = rest.split_once(' ')?;
            Some((fragment, status.parse().ok()?, body))
        });
        let found = answers.into_iter().find(|(fragment, ..)| url.as_str().contains(*fragment));
        match found.filter(|_| self.asked.get() <= REQUESTS_MAX) {
            Some((_, status, body)) => {
                Ok(Response { status, headers: Vec::new(), body: body.as_bytes().to_vec() })
            }
            None => {
                let message = "nobody is there".to_owned();
                Err(TransportError { kind: TransportErrorKind::Unreachable, message })
            }
        }
    }

    fn wait(&self, pending: Self::Pending) -> Result<Response, TransportError> {
        pending
    }
}

impl Log for Stranger<'_> {
    fn write(&self, _: Level, _: &str, _: &[(&str, &str)]) {}
}

fuzz_target!(|says: &str| {
    let changes = read(says);
    changes.iter().for_each(hold);
    assert_eq!(changes, read(says), "the second time was different");
});

fn read(says: &str) -> Vec<Change> {
    let stranger = Stranger { says, asked: Cell::new(0) };
    let site = Site::new(Url::parse(SITE).expect("a URL"), &stranger, &stranger);
    let wanted = Wanted::default();
    let _ = list_partitions(&site, &wanted, "content");
    let mut changes = Vec::new();
    for token in TOKENS {
        stranger.asked.set(0);
        let partition = Partition { id: "p".to_owned(), label: String::new(), token: token.to_owned() };
        let mut position = Position::Everything;
        for _ in 0..PAGES_MAX {
            let Ok(page) = read_page(&site, &wanted, &partition, &position, 250) else { break };
            changes.extend(page.changes);
            let Some(cursor) = page.next else { break };
            assert!(cursor.len() <= 64 * 1024, "a cursor of {} bytes", cursor.len());
            position = Position::After(cursor);
        }
    }
    stranger.asked.set(0);
    if let Ok(again) = read_items(&site, &wanted, "ada", &IDS.map(str::to_owned)) {
        let mut answered: Vec<&str> = again.iter().filter_map(about).collect();
        let mut ids = IDS.to_vec();
        (answered.sort_unstable(), ids.sort_unstable());
        assert_eq!(answered, ids, "each id is answered once");
        changes.extend(again);
    }
    changes
}

/// The item that a change tells of.
fn about(change: &Change) -> Option<&str> {
    match change {
        Change::Upsert(item) => Some(&item.id),
        Change::Delete(id) | Change::Binned(id) => Some(id),
        Change::Failed(failure) => Some(&failure.id),
        _ => None,
    }
}

/// What the contract says of ids, addresses and access.
fn hold(change: &Change) {
    if let Some(id) = about(change) {
        assert!(!id.is_empty() && id.len() <= 512, "an id of {} bytes", id.len());
    }
    let Change::Upsert(item) = change else { return };
    let Item { id, parent, url, access, .. } = &**item;
    assert!(url.starts_with(&format!("{SITE}/")), "{id} is at {url}");
    // Roots say who reads them; nothing below one is opened wider than what holds it.
    match access {
        Access::Replaced(_) => assert!(parent.is_none(), "{id} replaces the readers of {parent:?}"),
        Access::Inherited | Access::Narrowed(_) => assert!(parent.is_some(), "{id} inherits from nothing"),
        Access::Unknown => {}
    }
}
