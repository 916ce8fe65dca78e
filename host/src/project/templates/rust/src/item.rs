//! A row of the site as the change it stands for. Pure: it decides, and asks nothing.

use crate::bindings::weir::connector::types::{
    Access, Change, Failure, File, Group, Item, Membership, Principal, Standing, Summary, Text, TextFormat,
    User,
};
use serde::Deserialize;
use serde_json::Value;

/// What every row says, and what it may say besides. Unknown fields are no error.
#[derive(Deserialize)]
struct Row {
    id: String,
    /// Null for a notebook. It has to be there: a row that leaves it out is not understood.
    #[serde(deserialize_with = "Option::deserialize")]
    notebook: Option<String>,
    version: u64,
    title: String,
    url: String,
    text: Option<String>,
    file: Option<Attached>,
    author: Option<String>,
    editor: Option<String>,
    created: Option<u64>,
    updated: Option<u64>,
    #[serde(default)]
    labels: Vec<String>,
}

#[derive(Deserialize)]
struct Attached {
    link: String,
    name: String,
    #[serde(rename = "type")]
    media_type: Option<String>,
    size: Option<u64>,
}

/// The change, or none for a row that does not even say which note it is: nobody can be told about that one, and the
/// host will ask for it by its id if it knew it.
pub fn change(row: &Value, inventory: bool) -> Option<Change> {
    let id = row.get("id")?.as_str()?;
    if row.get("binned") == Some(&Value::Bool(true)) {
        return Some(Change::Binned(id.to_owned()));
    }
    Some(match item(row) {
        Err(error) => failed(id, format!("the site described it in a way that is not understood: {error}")),
        // An inventory says of each item what reading everything would, less the words.
        Ok(Item { id, parent, version, access, .. }) if inventory => {
            Change::Seen(Summary { id, parent, version, access: Some(access) })
        }
        Ok(item) => Change::Upsert(item),
    })
}

pub fn failed(id: &str, reason: String) -> Change {
    Change::Failed(Failure { id: id.to_owned(), url: None, reason })
}

fn item(value: &Value) -> Result<Item, serde_json::Error> {
    let row = Row::deserialize(value)?;
    let is_notebook = row.notebook.is_none();
    let file = row.file.map(|file| File {
        link: file.link,
        name: file.name,
        media_type: file.media_type.unwrap_or_else(|| "application/octet-stream".to_owned()),
        size: file.size,
    });
    Ok(Item {
        id: row.id,
        kind: if is_notebook { "notebook" } else { "note" }.to_owned(),
        parent: row.notebook,
        version: row.version.to_string(),
        title: row.title,
        url: row.url,
        body: row.text.map(|value| Text { format: TextFormat::Markdown, value }),
        file,
        access: access(is_notebook, value.get("readers")),
        author: row.author,
        editor: row.editor,
        created: row.created,
        updated: row.updated,
        properties: row.labels.into_iter().map(|label| ("label".to_owned(), label)).collect(),
    })
}

/// What the site says of this row alone; the host walks up to the notebook. `readers` is null where the site says "as
/// the notebook", a list where it names them, and missing where it does not tell: then nobody is shown the note.
pub fn access(is_notebook: bool, readers: Option<&Value>) -> Access {
    match readers {
        Some(Value::Array(readers)) if is_notebook => {
            Access::Replaced(readers.iter().filter_map(principal).collect())
        }
        Some(Value::Array(readers)) => Access::Narrowed(readers.iter().filter_map(principal).collect()),
        Some(Value::Null) if !is_notebook => Access::Inherited,
        _ => Access::Unknown,
    }
}

/// A reader of a sort this connector does not know is let in nowhere.
fn principal(reader: &Value) -> Option<Principal> {
    match reader.as_str()?.split_once(':') {
        None if reader == "members" => Some(Principal::Members),
        None if reader == "anyone" => Some(Principal::Anyone),
        Some(("user", id)) => Some(Principal::User(id.to_owned())),
        Some(("group", id)) => Some(Principal::Group(id.to_owned())),
        _ => None,
    }
}

/// Who there is, and who belongs to which group.
#[derive(Deserialize)]
pub struct People {
    /// Who signed in.
    pub me: String,
    pub people: Vec<Person>,
    groups: Vec<Members>,
}

#[derive(Deserialize)]
pub struct Person {
    id: String,
    name: String,
    pub email: Option<String>,
    standing: String,
}

#[derive(Deserialize)]
struct Members {
    id: String,
    name: String,
    members: Vec<String>,
}

impl People {
    pub fn changes(self) -> Vec<Change> {
        let mut changes: Vec<Change> =
            self.people.into_iter().map(|person| Change::User(person.user())).collect();
        for Members { id, name, members } in self.groups {
            changes.push(Change::Group(Group { id: id.clone(), name }));
            changes.extend(members.into_iter().map(|member| {
                Change::Member(Membership { group: id.clone(), member: Principal::User(member) })
            }));
        }
        changes
    }
}

impl Person {
    /// A standing that this connector does not know reads nothing.
    fn user(self) -> User {
        let standing = match self.standing.as_str() {
            "member" => Standing::Member,
            "guest" => Standing::Guest,
            _ => Standing::Closed,
        };
        User { id: self.id, name: self.name, email: self.email, standing }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn readers_are_said_relative_to_the_notebook() {
        let staff = json!(["group:staff"]);
        let named = || vec![Principal::Group("staff".to_owned())];
        assert_eq!(access(true, Some(&staff)), Access::Replaced(named()));
        assert_eq!(access(false, Some(&staff)), Access::Narrowed(named()));
        assert_eq!(access(false, Some(&Value::Null)), Access::Inherited);
    }

    #[test]
    fn what_is_not_told_is_unknown_and_whoever_is_not_understood_reads_nothing() {
        assert_eq!(access(true, Some(&Value::Null)), Access::Unknown);
        assert_eq!(access(false, None), Access::Unknown);
        assert_eq!(access(false, Some(&json!("everybody"))), Access::Unknown);
        assert_eq!(access(false, Some(&json!(["robots", 7]))), Access::Narrowed(Vec::new()));
    }

    #[test]
    fn a_row_that_is_not_understood_fails_alone() {
        let change = change(&json!({ "id": "n1", "title": 7 }), false);
        assert!(matches!(change, Some(Change::Failed(failure)) if failure.id == "n1"));
    }

    #[test]
    fn an_inventory_says_what_reading_everything_would() {
        let row = json!({
            "id": "n2", "notebook": "n1", "version": 3, "title": "Leave", "url": "https://notes.example/n2",
            "text": "Both parents.", "readers": ["user:ana"], "new": "field",
        });
        let (Some(Change::Upsert(item)), Some(Change::Seen(seen))) =
            (change(&row, false), change(&row, true))
        else {
            panic!("{row}");
        };
        assert_eq!((item.id, item.parent, item.version), (seen.id, seen.parent, seen.version));
        assert_eq!(Some(item.access), seen.access);
    }
}
