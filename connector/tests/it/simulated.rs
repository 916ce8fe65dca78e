//! Against the simulated site: what is read under a filter is what is in scope of everything, item by item.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use confluence::confluence::site::Site;
use confluence::filter::{Filter, Wanted, in_scope};
use confluence::model::{Change, Item, Lineage, Outline, Position};
use confluence::reading::{list_partitions, read_page};
use confluence::transport::{Level, Log, Response, Transport, TransportError};
use confluence_simulator::{
    API_TOKEN, CRAWLER_EMAIL, Clock, Knobs, Running, Simulator, Size, WRITTEN_UNTIL, generate,
};
use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use url::Url;

struct Wire(SocketAddr);

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

struct Silent;

impl Log for Silent {
    fn write(&self, _: Level, _: &str, _: &[(&str, &str)]) {}
}

/// All items of the content, by id.
fn read(wire: &Wire, wanted: &Wanted) -> BTreeMap<String, Item> {
    let site = Site::new(Url::parse("https://acme.atlassian.net").unwrap(), wire, &Silent);
    let mut items = BTreeMap::new();
    for partition in list_partitions(&site, wanted, "content").unwrap() {
        let mut position = Position::Everything;
        loop {
            let page = read_page(&site, wanted, &partition, &position, 1000).unwrap();
            for change in page.changes {
                match change {
                    Change::Upsert(item) => {
                        let before = items.insert(item.id.clone(), (*item).clone());
                        assert!(before.is_none_or(|before| before == *item), "{} came in two ways", item.id);
                    }
                    other => panic!("{other:?}"),
                }
            }
            match page.next {
                Some(cursor) => position = Position::After(cursor),
                None => break,
            }
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

fn lineage(items: &BTreeMap<String, Item>, item: &Item) -> Lineage {
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

fn start(runtime: &tokio::runtime::Runtime, seed: u64) -> Running {
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
    let settings = [
        format!(r#"{{"spaces":["{}"]}}"#, keys[0]),
        format!(r#"{{"spaces-excluded":["{}"],"personal-spaces":false}}"#, keys[0]),
        r#"{"archived-spaces":false,"archived-pages":false}"#.to_owned(),
        r#"{"read-blogposts":false,"read-comments":false}"#.to_owned(),
        r#"{"read-pages":false}"#.to_owned(),
        // Labels in archived spaces are only asked for where a filter needs them, so items differ there.
        format!(r#"{{"archived-spaces":false,"labels":["{label}"]}}"#),
        format!(
            r#"{{"archived-spaces":false,"labels-excluded":["{label}"],"blogposts-excluded":["{post}"]}}"#
        ),
        format!(r#"{{"archived-spaces":false,"pages":["{inner}"],"blogposts":["{post}"]}}"#),
        format!(r#"{{"archived-spaces":false,"pages-excluded":["{inner}"]}}"#),
        format!(r#"{{"modified-after":"{middle}"}}"#),
        format!(r#"{{"created-before":"{middle}","read-attachments":false}}"#),
        r#"{"modified-within-days":60}"#.to_owned(),
    ];
    for settings in settings {
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
