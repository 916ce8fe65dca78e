//! One item, as programs read all of it.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::items::ItemLine;
use super::rfc3339;
use crate::access;
use crate::host::{AccessLevel, Crumb, Gone, ItemRecord, Looked};
use crate::model::{Access, File, Principal, Text, TextFormat};
use crate::store::Happening;

/// An item with all that is known of it, or what is left of one that is gone.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case", tag = "presence")]
pub enum ItemDetail {
    Present(Box<PresentItem>),
    Gone(GoneItem),
}

#[derive(Debug, Serialize, ToSchema)]
pub struct PresentItem {
    #[serde(flatten)]
    line: ItemLine,
    version: String,
    body: Option<Words>,
    file: Option<FileDetail>,
    /// Names, or ids where there is none.
    author: Option<String>,
    editor: Option<String>,
    /// RFC 3339
    created: Option<String>,
    properties: Vec<Property>,
    /// What holds it, from the root down to its parent.
    place: Vec<PlaceStep>,
    /// What each level states of its readers, the item itself first, its root last.
    access: Vec<LevelDetail>,
    /// Whether it was chosen for manual mode, and with what lies below it.
    chosen: Option<Chosen>,
    /// The newest first.
    history: Vec<HistoryEntry>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct GoneItem {
    connection: String,
    id: String,
    /// It is in the source's bin.
    binned: bool,
    history: Vec<HistoryEntry>,
}

#[derive(Debug, Serialize, ToSchema)]
struct Words {
    /// markdown, html, plain
    format: &'static str,
    text: String,
}

#[derive(Debug, Serialize, ToSchema)]
struct FileDetail {
    name: String,
    media_type: String,
    /// In bytes.
    size: Option<u64>,
    /// Why it has no words, if that is known.
    detail: String,
    words: Option<Words>,
}

#[derive(Debug, Serialize, ToSchema)]
struct Property {
    name: String,
    value: String,
}

#[derive(Debug, Serialize, ToSchema)]
struct PlaceStep {
    id: String,
    title: String,
    kind: String,
    /// False for what was never read, or is gone: nobody may read what lies below it.
    present: bool,
}

#[derive(Debug, Serialize, ToSchema)]
struct LevelDetail {
    at: PlaceStep,
    #[serde(flatten)]
    statement: Statement,
    /// Its new words are shown to nobody yet.
    withheld: bool,
    /// What it stated at its place before, which a reader must satisfy as well for now.
    former: Option<Statement>,
}

#[derive(Debug, Serialize, ToSchema)]
struct Statement {
    /// inherited, narrowed, widened, replaced, unknown
    access: &'static str,
    named: Vec<Named>,
}

#[derive(Debug, Serialize, ToSchema)]
struct Named {
    /// user, group, members, anyone
    principal: &'static str,
    id: Option<String>,
    name: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
struct Chosen {
    with_descendants: bool,
}

#[derive(Debug, Serialize, ToSchema)]
struct HistoryEntry {
    /// added, returned, changed, moved, access, archived, binned, deleted, left-out
    what: &'static str,
    run: i64,
    /// When that run began, in RFC 3339.
    at: String,
}

pub fn detail(looked: Looked) -> ItemDetail {
    match looked {
        Looked::Here(record) => ItemDetail::Present(Box::new(present(*record))),
        Looked::Gone(Gone { connection, id, binned, history }) => {
            ItemDetail::Gone(GoneItem { connection, id, binned, history: entries(history) })
        }
    }
}

fn present(record: ItemRecord) -> PresentItem {
    let ItemRecord { item, body, people, shown, file, chosen, above, levels, names, history, .. } = record;
    let person = |id: String| people.get(&id).cloned().unwrap_or(id);
    let detail = file.map(|file| file.detail).unwrap_or_default();
    let words = item.words.map(words);
    let property = |(name, value)| Property { name, value };
    PresentItem {
        line: shown.into(),
        version: item.version,
        body: body.map(self::words),
        file: item.file.map(|File { name, media_type, size, .. }| FileDetail {
            name,
            media_type,
            size,
            detail,
            words,
        }),
        author: item.author.map(person),
        editor: item.editor.map(person),
        created: item.created.map(rfc3339),
        properties: item.properties.into_iter().map(property).collect(),
        place: above.into_iter().map(step).collect(),
        access: levels.into_iter().map(|one| level(one, &names)).collect(),
        chosen: chosen.map(|with_descendants| Chosen { with_descendants }),
        history: entries(history),
    }
}

fn words(text: Text) -> Words {
    let format = match text.format {
        TextFormat::Plain => "plain",
        TextFormat::Markdown => "markdown",
        TextFormat::Html => "html",
    };
    Words { format, text: text.value }
}

fn step(Crumb { id, title, kind, present }: Crumb) -> PlaceStep {
    PlaceStep { id, title, kind, present }
}

fn level(level: AccessLevel, names: &BTreeMap<String, String>) -> LevelDetail {
    let AccessLevel { at, access, withheld, former } = level;
    LevelDetail {
        at: step(at),
        statement: statement(&access, names),
        withheld,
        former: former.map(|former| statement(&former.access, names)),
    }
}

fn statement(access: &Access, names: &BTreeMap<String, String>) -> Statement {
    let word = match access {
        Access::Inherited => "inherited",
        Access::Narrowed(_) => "narrowed",
        Access::Widened(_) => "widened",
        Access::Replaced(_) => "replaced",
        Access::Unknown => "unknown",
    };
    let named = access::principals(access).iter().map(|principal| named(principal, names));
    Statement { access: word, named: named.collect() }
}

fn named(principal: &Principal, names: &BTreeMap<String, String>) -> Named {
    let (principal, id) = match principal {
        Principal::User(id) => ("user", Some(id)),
        Principal::Group(id) => ("group", Some(id)),
        Principal::Members => ("members", None),
        Principal::Anyone => ("anyone", None),
    };
    Named { principal, id: id.cloned(), name: id.and_then(|id| names.get(id)).cloned() }
}

fn entries(history: Vec<Happening>) -> Vec<HistoryEntry> {
    let entry =
        |Happening { run, at, what }: Happening| HistoryEntry { what: what.as_str(), run, at: rfc3339(at) };
    history.into_iter().map(entry).collect()
}
