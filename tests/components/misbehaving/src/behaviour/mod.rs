//! One behaviour a function, in a file for each theme. What is told back is words that the test reads.

mod access;
mod answers;
mod computing;
mod credential;
mod hoarding;
mod network;
mod words;

use crate::exports::weir::connector::sync::{Next, Page, Partition, Position};
use crate::weir::connector::types::{Access, Change, Item, Principal, Text, TextFormat, Timestamp};

pub use network::dials;

/// The behaviour that the settings name, and what it is about.
fn named(settings: &str) -> (&str, &str) {
    let behaviour = settings.split('"').nth(3).unwrap_or_default();
    behaviour.split_once(' ').unwrap_or((behaviour, ""))
}

/// What it does when it is asked to sign in, to read a page or to estimate.
pub fn run(settings: &str) -> Result<String, String> {
    let (behaviour, about) = named(settings);
    match behaviour {
        "behaves" => Ok("behaved".into()),
        "loops" | "loops-in-parts" => computing::loops(),
        "waits" => computing::waits(),
        "recurses" => Ok(computing::recurses(0).to_string()),
        "crashes" => computing::crashes(),
        "spends" => computing::spends(about),
        "floods-the-log" => words::floods_the_log(),
        "shouts" => words::shouts(),
        "looks-around" => Ok(computing::looks_around()),
        "tells-time-and-chance" => Err(computing::tells_time_and_chance()),
        "hoards-memory" => hoarding::memory(),
        "hoards-handles" => hoarding::fields(),
        "hoards-requests" => hoarding::requests(),
        "hoards-pollables" => hoarding::pollables(),
        "hoards-streams" => hoarding::streams(),
        "dials" => network::dials(about),
        "dials-for-ever" => network::dials_for_ever(about),
        "follows" => network::follows(about),
        "drinks" => network::drinks(about),
        "posts" => network::posts(about),
        "sends-method" => network::sends_method(about),
        "sets-header" => network::sets_header(about),
        "splits-a-header" => network::splits_a_header(),
        "sets-many-headers" => network::sets_many_headers(),
        "sets-a-long-header" => network::sets_a_long_header(),
        "asks-for-a-part" => network::asks_for_a_part(),
        "adds-trailers" => network::adds_trailers(),
        "listens" => credential::listens(about),
        "carries-on" => credential::carries_on(about),
        "answers-at-length" => Ok(answers::at_length()),
        "remembers-much" => Ok(answers::remembers_much()),
        other => Err(format!("no such behaviour: {other}")),
    }
}

/// The page that it answers with, if its behaviour is one of answering.
pub fn page(settings: &str, position: &Position) -> Option<Page> {
    let (behaviour, about) = named(settings);
    let whole = |changes| Page { changes, next: Next::Done(None), remaining: None, pause: None };
    Some(match behaviour {
        "never-ends" => answers::never_ends(position),
        "goes-in-a-circle" => answers::goes_in_a_circle(),
        "has-a-long-cursor" => answers::has_a_long_cursor(),
        "changes-much" => whole(answers::changes_much(about)),
        _ => whole(items(settings)?),
    })
}

/// The parts that it lists, if that is its behaviour.
pub fn partitions(settings: &str) -> Option<Vec<Partition>> {
    match named(settings) {
        ("has-many-parts", count) => Some(answers::has_many_parts(count)),
        ("loops-in-parts", _) => Some(answers::has_many_parts("100")),
        ("names-parts-at-length", _) => Some(answers::names_parts_at_length()),
        _ => None,
    }
}

/// What it delivers, if its behaviour is one of that.
pub fn items(settings: &str) -> Option<Vec<Change>> {
    match named(settings) {
        ("delivers", word) => Some(answers::delivers(word)),
        ("delivers-nothing", _) => Some(Vec::new()),
        ("names-at-length", _) => Some(answers::names_at_length()),
        ("widens", _) => Some(access::widens()),
        ("replaces", _) => Some(access::replaces()),
        ("widens-what-was-seen", _) => Some(access::widens_what_was_seen()),
        ("speaks-in-tags", _) => Some(words::speaks_in_tags()),
        ("speaks-in-escapes", _) => Some(words::speaks_in_escapes()),
        _ => None,
    }
}

/// Which item a change is about; empty for one about people.
pub fn id(change: &Change) -> String {
    match change {
        Change::Upsert(item) => item.id.clone(),
        Change::Delete(id) | Change::Binned(id) => id.clone(),
        Change::Seen(summary) => summary.id.clone(),
        _ => String::new(),
    }
}

/// A thing that holds others; whoever is named may read it.
fn shelf(id: &str, readers: Vec<Principal>) -> Item {
    Item { parent: None, access: Access::Replaced(readers), ..thing(id, "", "A shelf", "") }
}

/// A thing on a shelf, for those who may read the shelf.
fn thing(id: &str, parent: &str, title: &str, body: &str) -> Item {
    const NOON: Timestamp = 1_767_225_600_000;
    Item {
        id: id.into(),
        kind: "thing".into(),
        parent: Some(parent.into()),
        version: "1".into(),
        title: title.into(),
        url: format!("https://agreed.example/{id}"),
        body: Some(Text { format: TextFormat::Markdown, value: body.into() }),
        file: None,
        access: Access::Inherited,
        author: None,
        editor: None,
        created: None,
        updated: Some(NOON),
        properties: Vec::new(),
    }
}
