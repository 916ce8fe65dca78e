//! Reading: people in one page, notes page by page, what changed since a second.

use serde_json::{Value, json};

use crate::exports::weir::connector::{content, sync};
use crate::wasi::io::streams::OutputStream;
use crate::weir::connector::log;
use crate::weir::connector::types::{Change, Connection, Error, Item};
use crate::{Breaks, Lawless, http, notes, seconds, site};

/// One call, with what its connection says.
struct Call {
    site: String,
    breaks: Breaks,
}

impl Call {
    fn of(connection: &Connection) -> Self {
        Self { site: site(&connection.settings), breaks: Breaks::of(&connection.settings) }
    }

    fn json(&self, path: &str) -> Result<Value, Error> {
        let missing = || {
            let words = format!("{path} is not there");
            if self.breaks.is("not-found") { Error::Unavailable(words) } else { Error::NotFound(words) }
        };
        http::json(&format!("{}{path}", self.site), &self.breaks)?.ok_or_else(missing)
    }

    fn item(&self, note: &Value) -> Result<Item, Error> {
        notes::item(note, &self.site, &self.breaks)
    }

    fn people(&self, inventory: bool) -> Result<sync::Page, Error> {
        if inventory && self.breaks.is("reads") {
            return Err(Error::Unexpected("people are read whole or not at all".into()));
        }
        let mut changes = notes::people(&self.json("/people")?)?;
        if inventory && self.breaks.is("inventory") {
            changes.retain(|change| !matches!(change, Change::Member(_)));
        }
        Ok(page(changes, sync::Next::Done(None)))
    }

    /// A page of notes, and where the read began.
    fn notes(&self, number: u64, began: Option<u64>, inventory: bool) -> Result<sync::Page, Error> {
        let answer = match self.json(&format!("/notes?page={number}")) {
            Err(_) if self.breaks.is("nothing-swallowed") => {
                return Ok(page(Vec::new(), sync::Next::Done(began.map(|began| began.to_string()))));
            }
            answer => answer?,
        };
        let began = began.or(answer["now"].as_u64());
        let mut changes = Vec::new();
        for note in notes::list(&answer, "notes")? {
            let item = self.item(note)?;
            if self.breaks.is("ids") && item.id == "1" && !inventory {
                changes.push(Change::Upsert(Item { title: "Draft".into(), ..item.clone() }));
            }
            changes.push(if inventory { notes::seen(item) } else { Change::Upsert(item) });
        }
        let another_hour = seconds() / 3_600 % 2 == 1;
        let by_chance = self.breaks.is("deterministic") && number == 1 && chance();
        if self.breaks.is("resume") && number > 1 && another_hour || by_chance {
            changes.reverse();
        }
        let next = match answer["next"].as_u64() {
            Some(_) if self.breaks.is("reads-end") => 2,
            Some(next) => next,
            None => return Ok(page(changes, sync::Next::Done(self.checkpoint(began)))),
        };
        let cursor = json!({ "page": next, "began": began, "inventory": inventory }).to_string();
        Ok(page(changes, sync::Next::More(cursor)))
    }

    fn checkpoint(&self, began: Option<u64>) -> Option<String> {
        let began = began?;
        // Rounded up to a minute that has not come yet.
        let checkpoint = if self.breaks.is("checkpoint") { (began / 60 + 1) * 60 } else { began };
        let blanks = if self.breaks.is("positions-small") { 70_000 } else { 0 };
        Some(checkpoint.to_string() + &" ".repeat(blanks))
    }

    fn since(&self, checkpoint: &str) -> Result<sync::Page, Error> {
        let answer = self.json(&format!("/notes?since={}", checkpoint.trim()))?;
        let upsert = |note| self.item(note).map(Change::Upsert);
        let changes = notes::list(&answer, "notes")?.iter().map(upsert).collect::<Result<_, _>>()?;
        Ok(page(changes, sync::Next::Done(self.checkpoint(answer["now"].as_u64()))))
    }

    fn one(&self, id: String) -> Result<Change, Error> {
        let answer = http::json(&format!("{}/notes/{id}", self.site), &self.breaks)?;
        let Some(note) = answer else { return Ok(Change::Delete(id)) };
        let item = self.item(&note)?;
        let title = if self.breaks.is("read-items") { "Untitled".into() } else { item.title.clone() };
        Ok(Change::Upsert(Item { title, ..item }))
    }
}

fn page(changes: Vec<Change>, next: sync::Next) -> sync::Page {
    sync::Page { changes, next, remaining: None, pause: None }
}

/// As likely as not.
fn chance() -> bool {
    crate::wasi::random::random::get_random_bytes(1).first().is_some_and(|byte| byte & 1 == 1)
}

impl sync::Guest for Lawless {
    fn list_partitions(connection: Connection, dataset: String) -> Result<Vec<sync::Partition>, Error> {
        let times = if Breaks::of(&connection.settings).is("partitions") { 2 } else { 1 };
        let all = sync::Partition { id: "all".into(), label: "All".into(), token: dataset };
        Ok(vec![all; times])
    }

    fn read_page(
        connection: Connection,
        partition: sync::Partition,
        position: sync::Position,
        _limit: u32,
    ) -> Result<sync::Page, Error> {
        let call = Call::of(&connection);
        if call.breaks.is("limits") {
            (0..300).for_each(|_| log::write(log::Level::Info, "again", &[]));
        }
        let people = partition.token == "people";
        match position {
            sync::Position::Everything if people => call.people(false),
            sync::Position::Inventory if people => call.people(true),
            sync::Position::Everything => call.notes(1, None, false),
            sync::Position::Inventory => call.notes(1, None, true),
            sync::Position::Since(checkpoint) => call.since(&checkpoint),
            sync::Position::After(cursor) => {
                let cursor: Value = serde_json::from_str(&cursor).unwrap_or_default();
                let inventory = cursor["inventory"].as_bool().unwrap_or_default();
                call.notes(cursor["page"].as_u64().unwrap_or(1), cursor["began"].as_u64(), inventory)
            }
        }
    }

    fn estimate(connection: Connection) -> Result<Vec<sync::Amount>, Error> {
        let call = Call::of(&connection);
        let times = if call.breaks.is("estimate") { 60 } else { 1 };
        for _ in 0..times {
            call.json("/me")?;
        }
        let (dataset, what) = ("notes".to_owned(), "notes".to_owned());
        Ok(vec![sync::Amount { dataset, what, items: 5, requests: 3, points: 0, rough: true }])
    }

    fn read_items(connection: Connection, ids: Vec<String>) -> Result<Vec<Change>, Error> {
        let call = Call::of(&connection);
        ids.into_iter().map(|id| call.one(id)).collect()
    }

    fn in_scope(connection: Connection, items: Vec<sync::Lineage>) -> Result<Vec<bool>, Error> {
        let call = Call::of(&connection);
        Ok(items
            .iter()
            .map(|lineage| !call.breaks.is("in-scope") || lineage.item.kind != "comment")
            .collect())
    }
}

impl content::Guest for Lawless {
    fn download(
        connection: Connection,
        link: String,
        sink: &OutputStream,
    ) -> Result<content::Receipt, Error> {
        let call = Call::of(&connection);
        let missing = || Error::NotFound(format!("there is no file {link}"));
        let bytes = http::get(&format!("{}/files/{link}", call.site), &call.breaks)?.ok_or_else(missing)?;
        for part in bytes.chunks(4_096) {
            let closed = |error| Error::Unavailable(format!("the file could not be handed over: {error:?}"));
            sink.blocking_write_and_flush(part).map_err(closed)?;
        }
        Ok(content::Receipt { media_type: Some("text/plain".into()), size: bytes.len() as u64 })
    }
}
