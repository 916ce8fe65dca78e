//! Against the simulated site: what is read under a filter is what is in scope of everything, item by item.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use confluence::confluence::site::Site;
use confluence::filter::{Filter, Wanted, in_scope};
use confluence::item::page::Posting;
use confluence::item::place;
use confluence::model::{Change, Item, Lineage, Outline, Position};
use confluence::reading::{list_partitions, read_items, read_page};
use confluence::transport::{Level, Log, Response, Transport, TransportError};
use confluence_simulator::{
    API_TOKEN, CRAWLER_EMAIL, Clock, Knobs, Running, Simulator, Size, WRITTEN_UNTIL, generate,
};
use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use url::Url;

/// The account that reads the generated sites.
pub const CRAWLER: &str = "712020:0e0e0e0e-0000-4000-8000-00000000000e";

pub struct Wire(pub SocketAddr);

impl Transport for Wire {
    type Pending = Url;

    fn send(&self, url: &Url) -> Url {
        url.clone()
    }

    fn wait(&self, url: Url) -> Result<Response, TransportError> {
        let pair = STANDARD.encode(format!("{CRAWLER_EMAIL}:{API_TOKEN}"));
        let target = format!("{}?{}", url.path(), url.query().unwrap_or_default());
        let request = format!(
            "GET {target} HTTP/1.0\r\nHost: acme.atlassian.net\r\nAuthorization: Basic {pair}\r\n\r\n"
        );
        let mut stream = TcpStream::connect(self.0).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        assert!(
            status < 500 && status != 400,
            "{status} for {url}: {}",
            String::from_utf8_lossy(&bytes[end..])
        );
        Ok(Response { status, headers: Vec::new(), body: bytes[end + 4..].to_vec() })
    }
}

pub struct Silent;

impl Log for Silent {
    fn write(&self, _: Level, _: &str, _: &[(&str, &str)]) {}
}

/// All changes of a read of the content.
pub fn read_content(wire: &Wire, wanted: &Wanted, from: &Position) -> Vec<Change> {
    let site = Site::new(Url::parse("https://acme.atlassian.net").unwrap(), wire, &Silent);
    let mut changes = Vec::new();
    for partition in list_partitions(&site, wanted, "content").unwrap() {
        let mut position = from.clone();
        loop {
            let page = read_page(&site, wanted, &partition, &position, 1000).unwrap();
            changes.extend(page.changes);
            match page.next {
                Some(cursor) => position = Position::After(cursor),
                None => break,
            }
        }
    }
    changes
}

/// All items of the content, by id.
pub fn read(wire: &Wire, wanted: &Wanted) -> BTreeMap<String, Item> {
    let mut items = BTreeMap::new();
    for change in read_content(wire, wanted, &Position::Everything) {
        match change {
            Change::Upsert(item) => {
                let before = items.insert(item.id.clone(), (*item).clone());
                assert!(before.is_none_or(|before| before == *item), "{} came in two ways", item.id);
            }
            other => panic!("{other:?}"),
        }
    }
    items
}

fn outline(item: &Item) -> Outline {
    Outline {
        id: item.id.clone(),
        kind: item.kind.to_owned(),
        created: item.created,
        updated: item.updated,
        properties: item.properties.clone(),
    }
}

pub fn lineage(items: &BTreeMap<String, Item>, item: &Item) -> Lineage {
    let mut above = Vec::new();
    let mut next = item.parent.as_ref().and_then(|id| items.get(id));
    while let Some(parent) = next {
        above.push(outline(parent));
        next = parent.parent.as_ref().and_then(|id| items.get(id));
    }
    Lineage { item: outline(item), above }
}

/// What two reads must agree on: addresses and creators are told in more or less detail by the two APIs.
fn essence(item: &Item) -> String {
    let Item { id, kind, parent, version, title, body, access, updated, properties, .. } = item;
    format!("{id} {kind} {parent:?} {version} {title:?} {body:?} {access:?} {updated:?} {properties:?}")
}

pub fn start(runtime: &tokio::runtime::Runtime, seed: u64) -> Running {
    let site = generate(seed, &Size::demo(), Clock::standing_at(WRITTEN_UNTIL));
    runtime.block_on(Simulator::start(site, Knobs::default())).unwrap()
}

#[test]
fn what_a_filter_reads_is_what_is_in_scope_of_everything() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let running = start(&runtime, 1);
    let wire = Wire(running.address());
    let now = u64::try_from(WRITTEN_UNTIL).unwrap();
    let all = read(&wire, &Wanted { filter: Filter::default(), now });
    for settings in filters(&all) {
        let wanted = Wanted { filter: Filter::read(&settings).unwrap(), now };
        let filter = wanted.frozen();
        let found = read(&wire, &wanted);
        let expected: Vec<String> =
            all.values().filter(|item| in_scope(&filter, &lineage(&all, item))).map(essence).collect();
        let told: Vec<String> = found.values().filter(|item| item.kind != "place").map(essence).collect();
        let missing = expected.iter().find(|item| !told.contains(item));
        let extra = told.iter().find(|item| !expected.contains(item));
        assert_eq!((missing, extra), (None, None), "{settings}");
        assert!(told.len() < all.len(), "{settings} leaves nothing out");
        for item in found.values() {
            let loose = item.parent.as_ref().filter(|parent| !found.contains_key(*parent));
            assert_eq!(loose, None, "{settings}: {} has no parent", item.id);
        }
    }
}

/// Settings of every plan, each of which leaves out some of `all`.
pub fn filters(all: &BTreeMap<String, Item>) -> Vec<String> {
    // The middle of the site's own story, so that every filter parts it.
    let pages: Vec<&Item> = all.values().filter(|item| item.kind == "page").collect();
    let mut times: Vec<u64> = pages.iter().filter_map(|page| page.updated).collect();
    times.sort_unstable();
    let middle = chrono::DateTime::from_timestamp_millis(times[times.len() / 2] as i64).unwrap().to_rfc3339();
    let mut inner = pages.iter().filter_map(|page| page.parent.as_ref()?.strip_prefix("page:"));
    let inner = inner.next_back().unwrap();
    let mut labels = all.values().flat_map(|item| &item.properties).filter(|(name, _)| name == "label");
    let label = &labels.next_back().unwrap().1;
    let keys = all.values().filter(|item| item.kind == "space").map(|space| &space.properties[0].1);
    let keys: Vec<&String> = keys.collect();
    let post = all.keys().find_map(|id| id.strip_prefix("blogpost:")).unwrap();
    vec![
        format!(r#"{{"spaces":["{}"]}}"#, keys[0]),
        format!(r#"{{"spaces-excluded":["{}"],"personal-spaces":false}}"#, keys[0]),
        r#"{"archived-spaces":false,"archived-pages":false}"#.to_owned(),
        r#"{"read-blogposts":false,"read-comments":false}"#.to_owned(),
        r#"{"read-pages":false}"#.to_owned(),
        format!(r#"{{"labels":["{label}"]}}"#),
        format!(r#"{{"labels-excluded":["{label}"],"blogposts-excluded":["{post}"]}}"#),
        format!(r#"{{"pages":["{inner}"],"blogposts":["{post}"]}}"#),
        format!(r#"{{"pages-excluded":["{inner}"]}}"#),
        format!(r#"{{"modified-after":"{middle}"}}"#),
        format!(r#"{{"created-before":"{middle}","read-attachments":false}}"#),
        r#"{"modified-within-days":60}"#.to_owned(),
    ]
}

/// Every way there is to read a thing: the site's lists, the lists and searches of some spaces, the searches by what
/// things hang on, and by id under filters that judge nothing and everything.
#[test]
fn an_item_is_the_same_whichever_way_it_came() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    for size in [Size::demo(), Size::census()] {
        let site = generate(1, &size, Clock::standing_at(WRITTEN_UNTIL));
        let running = runtime.block_on(Simulator::start(site, Knobs::default())).unwrap();
        let wire = Wire(running.address());
        let now = u64::try_from(WRITTEN_UNTIL).unwrap();
        let all = read(&wire, &Wanted { filter: Filter::default(), now });
        let spaces = all.values().filter(|item| item.kind == "space");
        let keys: Vec<String> = spaces.map(|space| format!("{:?}", space.properties[0].1)).collect();
        // None of them leaves anything out.
        let settings = [
            format!(r#"{{"spaces":[{}]}}"#, keys.join(",")),
            r#"{"labels-excluded":["no-such-label"]}"#.to_owned(),
            r#"{"modified-after":"1990-01-01T00:00:00Z"}"#.to_owned(),
        ];
        for settings in settings {
            let wanted = Wanted { filter: Filter::read(&settings).unwrap(), now };
            assert_same(&all, &wanted, &read(&wire, &wanted), &settings);
        }
        for settings in ["{}", r#"{"labels-excluded":["no-such-label"]}"#] {
            let wanted = Wanted { filter: Filter::read(settings).unwrap(), now };
            // A request or more each, so not all of them.
            let ids: Vec<String> =
                all.keys().step_by(if all.len() > 1000 { 7 } else { 1 }).cloned().collect();
            let asked: BTreeMap<String, Item> = ids.iter().map(|id| (id.clone(), all[id].clone())).collect();
            assert_same(&asked, &wanted, &read_by_id(&wire, &wanted, &ids), &format!("{settings} by id"));
        }
    }
}

#[test]
fn a_live_doc_that_was_never_published_is_read_in_the_editors_format() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut site = generate(1, &Size::demo(), Clock::standing_at(WRITTEN_UNTIL));
    let space = *site.spaces.keys().next().unwrap();
    let id = site.add_page(space, None, "Live", "");
    site.make_live(id);
    let adf = r#"{"type":"doc","version":1,"content":[{"type":"paragraph","content":[{"type":"text","text":"Live words"}]}]}"#;
    site.pages.get_mut(&id).unwrap().adf = Some(adf.to_owned());
    let running = runtime.block_on(Simulator::start(site, Knobs::default())).unwrap();
    let wire = Wire(running.address());
    let wanted = Wanted { filter: Filter::default(), now: u64::try_from(WRITTEN_UNTIL).unwrap() };
    let id = format!("page:{id}");
    assert_eq!(read(&wire, &wanted)[&id].body.as_deref(), Some("Live words"));
    assert_eq!(
        read_by_id(&wire, &wanted, std::slice::from_ref(&id))[&id].body.as_deref(),
        Some("Live words")
    );
}

fn read_by_id(wire: &Wire, wanted: &Wanted, ids: &[String]) -> BTreeMap<String, Item> {
    let site = Site::new(Url::parse("https://acme.atlassian.net").unwrap(), wire, &Silent);
    let mut items = BTreeMap::new();
    for ids in ids.chunks(100) {
        for change in read_items(&site, wanted, CRAWLER, ids).unwrap() {
            match change {
                Change::Upsert(item) => _ = items.insert(item.id.clone(), *item),
                other => panic!("{other:?}"),
            }
        }
    }
    items
}

/// All of `all` and nothing else, whole and alike; but under filters that choose pages by what each says, folders and
/// their like are only places.
fn assert_same(all: &BTreeMap<String, Item>, wanted: &Wanted, found: &BTreeMap<String, Item>, way: &str) {
    let only_places = wanted.filter.is_fine(Posting::Page);
    for (id, item) in all {
        let is_node = ["folder", "whiteboard", "database", "embed"].contains(&item.kind);
        let expected = if only_places && is_node { place::of(item.clone()) } else { item.clone() };
        assert_eq!(found.get(id), Some(&expected), "{way}");
    }
    assert_eq!(found.len(), all.len(), "{way}");
}
