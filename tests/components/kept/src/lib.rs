//! Two notes in a notebook, told from memory: the smallest whole connector of contract 0.1.0.
//!
//! Built with `cargo build --release --target wasm32-wasip2`, and kept as `kept.wasm`.
#![cfg(target_arch = "wasm32")]

wit_bindgen::generate!({
    path: [
        "../../../wit/deps/io",
        "../../../wit/deps/clocks",
        "../../../wit/deps/random",
        "../../../wit/deps/http",
        "../../../wit/0.1.0",
    ],
    world: "weir:connector/connector",
    generate_all,
});

use exports::weir::connector::{content, setup, sync};
use wasi::io::streams::OutputStream;
use weir::connector::log;
use weir::connector::types::{
    Access, Change, Connection, Error, Issue, Item, Json, Principal, Standing, Summary, Text, TextFormat,
    User,
};

struct Notes;

/// Id, what holds it, title, words.
const ITEMS: [(&str, Option<&str>, &str, &str); 3] = [
    ("notebook", None, "Notebook", ""),
    ("1", Some("notebook"), "Kept note", "A weir holds the river back."),
    ("2", Some("notebook"), "Other note", "A [@](user:ana) mill turns below it."),
];

fn item((id, parent, title, words): (&str, Option<&str>, &str, &str)) -> Item {
    let text = Text { format: TextFormat::Markdown, value: words.to_owned() };
    Item {
        id: id.to_owned(),
        kind: if parent.is_some() { "note" } else { "notebook" }.to_owned(),
        parent: parent.map(str::to_owned),
        version: "1".to_owned(),
        title: title.to_owned(),
        url: format!("https://notes.example/{id}"),
        body: (!words.is_empty()).then_some(text),
        file: None,
        access: access(parent),
        author: Some("ana".to_owned()),
        editor: None,
        created: Some(1_700_000_000_000),
        updated: Some(1_700_000_000_000),
        properties: Vec::new(),
    }
}

fn access(parent: Option<&str>) -> Access {
    match parent {
        Some(_) => Access::Inherited,
        None => Access::Replaced(vec![Principal::User("ana".to_owned())]),
    }
}

fn ana() -> User {
    let email = Some("ana@acme.com".to_owned());
    User { id: "ana".to_owned(), name: "Ana".to_owned(), email, standing: Standing::Member }
}

fn kind(name: &str, title: &str) -> setup::Kind {
    setup::Kind {
        name: name.to_owned(),
        title: title.to_owned(),
        family: "Notes".to_owned(),
        searched: true,
        inherits: name == "note",
    }
}

impl setup::Guest for Notes {
    fn describe() -> setup::Description {
        setup::Description {
            name: "kept".to_owned(),
            title: "Kept notes".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            documentation: None,
            settings_schema: r#"{"type":"object","properties":{}}"#.to_owned(),
            logins: vec![setup::Login {
                name: "none".to_owned(),
                title: "Without signing in".to_owned(),
                help: String::new(),
                scheme: setup::Scheme::Anonymous,
            }],
            datasets: vec![setup::Dataset {
                name: "notes".to_owned(),
                title: "Notes".to_owned(),
                since: false,
                inventory: true,
            }],
            kinds: vec![kind("notebook", "Notebooks"), kind("note", "Notes")],
        }
    }

    fn configure(_: Json, _: String) -> Result<setup::Plan, Vec<Issue>> {
        Ok(setup::Plan { settings: "{}".to_owned(), origins: Vec::new(), scopes: Vec::new() })
    }

    fn choices(_: Connection, _: String, _: String) -> Result<Vec<setup::Choice>, Error> {
        Ok(Vec::new())
    }

    fn authenticate(_: Json, _: String) -> Result<setup::Account, Error> {
        Ok(setup::Account { session: String::new(), label: "nobody".to_owned(), user: None })
    }

    fn diagnose(_: Connection) -> Result<Vec<setup::Finding>, Error> {
        let verdict = setup::Verdict::Good;
        let message = "The notes are in memory.".to_owned();
        Ok(vec![setup::Finding { name: "notes".to_owned(), verdict, message, remedy: None }])
    }
}

impl sync::Guest for Notes {
    fn list_partitions(_: Connection, _: String) -> Result<Vec<sync::Partition>, Error> {
        let (id, label) = ("all".to_owned(), "All notes".to_owned());
        Ok(vec![sync::Partition { id, label, token: String::new() }])
    }

    fn read_page(
        _: Connection,
        _: sync::Partition,
        position: sync::Position,
        _: u32,
    ) -> Result<sync::Page, Error> {
        log::write(log::Level::Info, "reading", &[]);
        log::spend(1);
        let everything = |it| Change::Upsert(item(it));
        let inventory = |it| {
            let item = item(it);
            let access = Some(item.access);
            Change::Seen(Summary { id: item.id, parent: item.parent, version: item.version, access })
        };
        let items = ITEMS.into_iter();
        let items: Vec<Change> = match position {
            sync::Position::Inventory => items.map(inventory).collect(),
            sync::Position::Everything => items.map(everything).collect(),
            sync::Position::Since(_) | sync::Position::After(_) => {
                return Err(Error::StalePosition("these notes are read in one page".to_owned()));
            }
        };
        // An inventory tells of people too: whom a complete read does not mention is dropped.
        let changes = std::iter::once(Change::User(ana())).chain(items).collect();
        Ok(sync::Page { changes, next: sync::Next::Done(None), remaining: None, pause: None })
    }

    fn estimate(_: Connection) -> Result<Vec<sync::Amount>, Error> {
        let (dataset, what) = ("notes".to_owned(), "notes".to_owned());
        Ok(vec![sync::Amount { dataset, what, items: 3, requests: 0, points: 1, rough: false }])
    }

    fn read_items(_: Connection, ids: Vec<String>) -> Result<Vec<Change>, Error> {
        let known = |id: &String| ITEMS.into_iter().find(|it| it.0 == id);
        let answer = |id: String| known(&id).map_or(Change::Delete(id), |it| Change::Upsert(item(it)));
        Ok(ids.into_iter().map(answer).collect())
    }

    fn in_scope(_: Connection, items: Vec<sync::Lineage>) -> Result<Vec<bool>, Error> {
        Ok(items.iter().map(|_| true).collect())
    }
}

impl content::Guest for Notes {
    fn download(_: Connection, link: String, _: &OutputStream) -> Result<content::Receipt, Error> {
        Err(Error::NotFound(format!("there is no file {link}")))
    }
}

export!(Notes);
