//! A connector whose one setting, `{"behaviour": …}`, says what it does when it is called.
//!
//! One component and not one for each behaviour, because each would be compiled, linked and
//! optimised on its own; a behaviour is still one short function in `behaviour`. It has no
//! source: what sends requests does so to be refused, or to be answered by the test.
#![cfg(target_arch = "wasm32")]
// The generated bindings talk to the host over raw pointers.
#![allow(unsafe_code)]

mod behaviour;
mod http;

wit_bindgen::generate!({ path: "../../../wit", world: "connector", generate_all });

use exports::weir::connector::{content, setup, sync};
use wasi::io::streams::OutputStream;
use weir::connector::types::{Change, Connection, Error, Issue, Json};

struct Test;

const AGREED: &str = "https://agreed.example";

impl setup::Guest for Test {
    fn describe() -> setup::Description {
        setup::Description {
            name: "test".into(),
            title: "Test".into(),
            version: env!("CARGO_PKG_VERSION").into(),
            documentation: None,
            settings_schema: r#"{"type":"object","properties":{"behaviour":{"type":"string"}}}"#.into(),
            logins: vec![setup::Login {
                name: "token".into(),
                title: "A token".into(),
                help: "Any word will do.".into(),
                scheme: setup::Scheme::Token(setup::Token {
                    label: "Token".into(),
                    header: "x-test-key".into(),
                    prefix: String::new(),
                }),
            }],
            datasets: vec![setup::Dataset {
                name: "things".into(),
                title: "Things".into(),
                since: false,
                inventory: false,
            }],
            kinds: vec![setup::Kind {
                name: "thing".into(),
                title: "Things".into(),
                family: "Things".into(),
                searched: true,
                inherits: false,
                widens: false,
            }],
            bounds: vec![setup::Bound {
                url: AGREED.into(),
                credential: true,
                post: false,
                purpose: "test".into(),
            }],
        }
    }

    fn configure(settings: Json, _login: String) -> Result<setup::Plan, Vec<Issue>> {
        if settings.contains("impure") {
            let words = behaviour::dials("https://agreed.example/").unwrap_or_else(|words| words);
            return Err(vec![Issue { pointer: "/behaviour".into(), message: words }]);
        }
        let origin =
            setup::Origin { url: AGREED.into(), credential: true, post: false, purpose: "test".into() };
        Ok(setup::Plan { settings, origins: vec![origin], scopes: Vec::new() })
    }

    fn choices(_: Connection, _: String, _: String) -> Result<Vec<setup::Choice>, Error> {
        Ok(Vec::new())
    }

    fn authenticate(settings: Json, _login: String) -> Result<setup::Account, Error> {
        let session = behaviour::run(&settings).map_err(Error::Unexpected)?;
        Ok(setup::Account { session, label: "nobody".into(), user: None })
    }

    fn diagnose(_: Connection) -> Result<Vec<setup::Finding>, Error> {
        Ok(Vec::new())
    }
}

impl sync::Guest for Test {
    fn list_partitions(connection: Connection, _: String) -> Result<Vec<sync::Partition>, Error> {
        if let Some(many) = behaviour::partitions(&connection.settings) {
            return Ok(many);
        }
        Ok(vec![sync::Partition { id: "all".into(), label: "All".into(), token: String::new() }])
    }

    fn read_page(
        connection: Connection,
        _: sync::Partition,
        position: sync::Position,
        _: u32,
    ) -> Result<sync::Page, Error> {
        if let Some(page) = behaviour::page(&connection.settings, &position) {
            return Ok(page);
        }
        behaviour::run(&connection.settings).map_err(Error::Unexpected)?;
        Ok(sync::Page { changes: Vec::new(), next: sync::Next::Done(None), remaining: None, pause: None })
    }

    fn estimate(connection: Connection) -> Result<Vec<sync::Amount>, Error> {
        let what = behaviour::run(&connection.settings).map_err(Error::Unexpected)?;
        Ok(vec![sync::Amount {
            dataset: "things".into(),
            what,
            items: 7,
            requests: 1,
            points: 8,
            rough: true,
        }])
    }

    /// What its behaviour delivers is there, and nothing else.
    fn read_items(connection: Connection, ids: Vec<String>) -> Result<Vec<Change>, Error> {
        let delivered = behaviour::items(&connection.settings).unwrap_or_default();
        let there = |change: &Change| match change {
            Change::Upsert(item) => ids.contains(&item.id),
            _ => false,
        };
        let mut answers: Vec<Change> = delivered.into_iter().filter(there).collect();
        let answered: Vec<String> = answers.iter().map(behaviour::id).collect();
        let gone = ids.iter().filter(|id| !answered.contains(id)).cloned();
        answers.extend(gone.map(Change::Delete));
        Ok(answers)
    }

    fn in_scope(_: Connection, items: Vec<sync::Lineage>) -> Result<Vec<bool>, Error> {
        Ok(items.iter().map(|_| true).collect())
    }
}

impl content::Guest for Test {
    fn download(_: Connection, _: String, sink: &OutputStream) -> Result<content::Receipt, Error> {
        let mut size = 0;
        while sink.blocking_write_and_flush(&[b'x'; 4096]).is_ok() {
            size += 4096;
        }
        Ok(content::Receipt { media_type: None, size })
    }
}

export!(Test);
