//! What is read when, and where the next read begins.

use crate::bindings::exports::weir::connector::setup::{Account, Finding, Verdict};
use crate::bindings::exports::weir::connector::sync::{Amount, Next, Page, Partition, Position};
use crate::bindings::weir::connector::types::{Change, Error};
use crate::item::{People, change, failed};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The site's list of changes may lag so much behind an edit, in milliseconds.
const LAG: u64 = 60_000;

/// More rows than that the site does not give at once.
const ROWS_MAX: u32 = 100;

/// The only way out: paths in, answers of the same order out.
pub trait Ask {
    fn ask(&self, paths: &[String]) -> Vec<Result<Value, Error>>;

    fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, Error> {
        let odd =
            |why: String| Error::Unexpected(format!("the answer to GET {path} is not understood: {why}"));
        let answer = self.ask(&[path.to_owned()]).pop();
        let answer = answer.unwrap_or_else(|| Err(odd("there is none".to_owned())))?;
        serde_json::from_value(answer).map_err(|error| odd(error.to_string()))
    }
}

/// A list of notes.
#[derive(Deserialize)]
struct List {
    /// The site's own time, in milliseconds since 1970.
    now: u64,
    /// How many there are in all.
    total: u64,
    notes: Vec<Value>,
    /// After which note the list goes on.
    next: Option<String>,
}

/// All that the next call needs to go on; nothing else survives between two calls.
#[derive(Default, Serialize, Deserialize)]
struct Cursor {
    inventory: bool,
    since: Option<u64>,
    after: Option<String>,
    /// When the read began, by the site's own time.
    began: Option<u64>,
}

/// One partition a dataset; its token says which, since `read` is told no more than that.
pub fn partitions(dataset: String) -> Vec<Partition> {
    vec![Partition { id: "all".to_owned(), label: "All".to_owned(), token: dataset }]
}

pub fn read(ask: &impl Ask, dataset: &str, position: Position, limit: u32) -> Result<Page, Error> {
    match dataset {
        "changes" => read_changes(ask, position, limit),
        "people" => read_people(ask),
        _ => read_notes(ask, position, limit),
    }
}

/// Whoever is not mentioned is dropped by the host, so it is everybody or nobody.
fn read_people(ask: &impl Ask) -> Result<Page, Error> {
    Ok(page(ask.get::<People>("/people")?.changes(), Next::Done(None)))
}

/// All notes, with their words or as an inventory. The cursor says which, and after which note to go on.
fn read_notes(ask: &impl Ask, position: Position, limit: u32) -> Result<Page, Error> {
    let cursor = match position {
        Position::After(text) => cursor(&text)?,
        Position::Inventory => Cursor { inventory: true, ..Cursor::default() },
        Position::Everything | Position::Since(_) => Cursor::default(),
    };
    let list: List = ask.get(&listing(&cursor, limit))?;
    let changes = changes(&list.notes, cursor.inventory);
    Ok(page(
        changes,
        list.next.map_or(Next::Done(None), |after| more(&Cursor { after: Some(after), ..cursor })),
    ))
}

/// What changed since a checkpoint. The next one is the site's own time when the *first* page was read, less its lag:
/// the time of the last page would miss what was edited during the read, and this machine's clock may be wrong.
fn read_changes(ask: &impl Ask, position: Position, limit: u32) -> Result<Page, Error> {
    let cursor = match position {
        Position::After(text) => cursor(&text)?,
        Position::Since(checkpoint) => Cursor { since: Some(time(&checkpoint)?), ..Cursor::default() },
        Position::Everything | Position::Inventory => {
            let list: List = ask.get(&listing(&Cursor::default(), 1))?;
            return Ok(page(Vec::new(), Next::Done(Some(checkpoint(list.now)))));
        }
    };
    let list: List = ask.get(&listing(&cursor, limit))?;
    let began = cursor.began.unwrap_or(list.now);
    let next = match list.next {
        Some(after) => more(&Cursor { after: Some(after), began: Some(began), ..cursor }),
        None => Next::Done(Some(checkpoint(began))),
    };
    // Words and readers stand in one answer, so none are older than the others.
    Ok(page(changes(&list.notes, false), next))
}

/// These notes, side by side. Only what the site denies by name is gone; a dead credential fails the call as a whole.
pub fn read_items(ask: &impl Ask, ids: &[String]) -> Result<Vec<Change>, Error> {
    let paths: Vec<String> = ids.iter().map(|id| format!("/notes/{}", encoded(id))).collect();
    let answered = |(id, answer): (&String, Result<Value, Error>)| match answer {
        Ok(row) if row.get("id").and_then(Value::as_str) == Some(id) => {
            Ok(change(&row, false).unwrap_or_else(|| failed(id, "the site did not describe it".to_owned())))
        }
        Ok(_) => Ok(failed(id, "the site answered with another note".to_owned())),
        Err(Error::NotFound(_)) => Ok(Change::Delete(id.clone())),
        Err(Error::Forbidden(why) | Error::Unexpected(why)) => Ok(failed(id, why)),
        Err(error) => Err(error),
    };
    ids.iter().zip(ask.ask(&paths)).map(answered).collect()
}

pub fn estimate(ask: &impl Ask) -> Result<Vec<Amount>, Error> {
    let list: List = ask.get(&listing(&Cursor::default(), 1))?;
    let requests = list.total.div_ceil(u64::from(ROWS_MAX)).max(1);
    let (dataset, what) = ("notes".to_owned(), "notes".to_owned());
    Ok(vec![Amount { dataset, what, items: list.total, requests, points: 0, rough: false }])
}

/// The sign-in is proved by the first thing that only somebody who signed in is told.
pub fn account(ask: &impl Ask, site: &str) -> Result<Account, Error> {
    let People { me, .. } = ask.get("/people")?;
    Ok(Account { session: String::new(), label: format!("{me} at {site}"), user: Some(me) })
}

pub fn findings(ask: &impl Ask) -> Result<Vec<Finding>, Error> {
    let People { me, people, .. } = ask.get("/people")?;
    let hidden = people.iter().filter(|person| person.email.is_none()).count();
    let signed_in = format!("Signed in as {me}.");
    let told = format!("The site tells of {} people, and hides the e-mail of {hidden}.", people.len());
    let match_them = (hidden > 0).then(|| "Match them with `weir person link`.".to_owned());
    let finding = |name: &str, message, remedy: Option<String>| {
        let verdict = if remedy.is_some() { Verdict::Notice } else { Verdict::Good };
        Finding { name: name.to_owned(), verdict, message, remedy }
    };
    Ok(vec![finding("sign-in", signed_in, None), finding("people", told, match_them)])
}

fn listing(cursor: &Cursor, limit: u32) -> String {
    let since = cursor.since.map(|since| format!("since={since}&")).unwrap_or_default();
    let after = cursor.after.as_ref().map(|after| format!("after={}&", encoded(after))).unwrap_or_default();
    format!("/notes?{since}{after}limit={}", limit.clamp(1, ROWS_MAX))
}

/// As RFC 3986 has it: all but letters, digits and `-._~` as `%` and two digits.
fn encoded(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(byte).collect()
}

fn changes(rows: &[Value], inventory: bool) -> Vec<Change> {
    rows.iter().filter_map(|row| change(row, inventory)).collect()
}

fn page(changes: Vec<Change>, next: Next) -> Page {
    Page { changes, next, remaining: None, pause: None }
}

fn checkpoint(began: u64) -> String {
    began.saturating_sub(LAG).to_string()
}

fn time(checkpoint: &str) -> Result<u64, Error> {
    checkpoint
        .parse()
        .map_err(|_| Error::StalePosition(format!("{checkpoint} is no checkpoint of this connector")))
}

fn more(cursor: &Cursor) -> Next {
    Next::More(serde_json::to_string(cursor).unwrap_or_default())
}

fn cursor(text: &str) -> Result<Cursor, Error> {
    serde_json::from_str(text)
        .map_err(|_| Error::StalePosition("that is no cursor of this connector".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// A site that knows these answers; nothing else is there.
    struct Site(Vec<(&'static str, Value)>);

    impl Ask for Site {
        fn ask(&self, paths: &[String]) -> Vec<Result<Value, Error>> {
            let answer = |path: &String| {
                let known = self.0.iter().find(|(known, _)| known == path);
                known.map(|(_, answer)| answer.clone()).ok_or_else(|| Error::NotFound(path.clone()))
            };
            paths.iter().map(answer).collect()
        }
    }

    fn list(now: u64, next: Option<&str>) -> Value {
        json!({ "now": now, "total": 0, "notes": [], "next": next })
    }

    #[test]
    fn a_checkpoint_is_when_the_read_began_however_long_it_took() {
        let site = Site(vec![
            ("/notes?since=1&limit=50", list(1_000_000, Some("n1"))),
            ("/notes?since=1&after=n1&limit=50", list(9_000_000, None)),
        ]);
        let first = read(&site, "changes", Position::Since("1".to_owned()), 50).unwrap();
        let Next::More(cursor) = first.next else { panic!("{first:?}") };
        let last = read(&site, "changes", Position::After(cursor), 50).unwrap();
        assert_eq!(last.next, Next::Done(Some("940000".to_owned())));
    }

    #[test]
    fn the_first_read_of_the_feed_delivers_where_the_next_one_begins_and_nothing_else() {
        let site = Site(vec![("/notes?limit=1", list(1_000_000, Some("n1")))]);
        let page = read(&site, "changes", Position::Everything, 50).unwrap();
        assert_eq!((page.changes, page.next), (vec![], Next::Done(Some("940000".to_owned()))));
    }

    #[test]
    fn positions_of_another_making_are_stale() {
        let stale = |position| read(&Site(vec![]), "changes", position, 50).unwrap_err();
        assert!(matches!(stale(Position::Since("yesterday".to_owned())), Error::StalePosition(_)));
        assert!(matches!(stale(Position::After("{".to_owned())), Error::StalePosition(_)));
    }

    #[test]
    fn a_note_is_gone_only_if_the_site_says_so() {
        let ids = ["n/1".to_owned()];
        let gone = read_items(&Site(vec![]), &ids).unwrap();
        assert_eq!(gone, [Change::Delete("n/1".to_owned())]);
        let other = read_items(&Site(vec![("/notes/n%2F1", json!({ "id": "n2" }))]), &ids).unwrap();
        assert!(matches!(&other[..], [Change::Failed(failure)] if failure.id == "n/1"));
    }
}
