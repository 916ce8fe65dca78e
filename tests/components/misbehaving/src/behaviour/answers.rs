//! Answers with too much in them, and answers without end.

use super::{shelf, thing};
use crate::exports::weir::connector::sync::{Next, Page, Partition, Position};
use crate::weir::connector::types::{Change, Principal};

/// A label of 150 MB.
pub fn at_length() -> String {
    "a".repeat(150_000_000)
}

/// A session of 70 kB, handed back in each call.
pub fn remembers_much() -> String {
    "a".repeat(70_000)
}

/// A new cursor with each page, and nothing on it.
pub fn never_ends(position: &Position) -> Page {
    let number = match position {
        Position::After(cursor) => cursor.parse().unwrap_or(0),
        _ => 0u64,
    };
    more((number + 1).to_string())
}

/// The same cursor after each page.
pub fn goes_in_a_circle() -> Page {
    more("round".into())
}

/// A cursor of 70 kB.
pub fn has_a_long_cursor() -> Page {
    more("c".repeat(70_000))
}

fn more(cursor: String) -> Page {
    Page { changes: Vec::new(), next: Next::More(cursor), remaining: Some(u64::MAX), pause: None }
}

/// So many changes on one page.
pub fn changes_much(count: &str) -> Vec<Change> {
    (0..count.parse().unwrap_or(0u32)).map(|number| Change::Delete(format!("thing:{number}"))).collect()
}

/// So many parts.
pub fn has_many_parts(count: &str) -> Vec<Partition> {
    let part = |number| Partition { id: format!("{number}"), label: String::new(), token: String::new() };
    (0..count.parse().unwrap_or(0u32)).map(part).collect()
}

/// One part with an id of 600 bytes.
pub fn names_parts_at_length() -> Vec<Partition> {
    vec![Partition { id: "p".repeat(600), label: "l".repeat(100_000), token: String::new() }]
}

/// An id of 600 bytes, a title of 100 kB, an address of 10 kB, and an item that is in order.
pub fn names_at_length() -> Vec<Change> {
    let mut items =
        [1, 2, 3, 4].map(|number| thing(&format!("thing:{number}"), "shelf:1", "A thing", "word"));
    items[0].id = "i".repeat(600);
    items[1].title = "t".repeat(100_000);
    items[2].url = "u".repeat(10_000);
    [shelf("shelf:1", vec![Principal::Anyone])].into_iter().chain(items).map(Change::Upsert).collect()
}

/// A shelf for all, and a thing on it that says this word.
pub fn delivers(word: &str) -> Vec<Change> {
    let shelf = shelf("shelf:1", vec![Principal::Anyone]);
    vec![Change::Upsert(shelf), Change::Upsert(thing("thing:1", "shelf:1", "A thing", word))]
}
