//! What the source tells, as changes.

use serde_json::Value;

use crate::Breaks;
use crate::weir::connector::types::{
    Access, Change, Error, File, Group, Item, Membership, Principal, Standing, Summary, Text, TextFormat,
    User,
};

fn text(value: &Value, name: &str) -> Result<String, Error> {
    let missing = || Error::Unexpected(format!("a note came without `{name}`"));
    value[name].as_str().map(str::to_owned).ok_or_else(missing)
}

/// A list that has to be there.
pub fn list<'a>(value: &'a Value, name: &str) -> Result<&'a Vec<Value>, Error> {
    value[name].as_array().ok_or_else(|| Error::Unexpected(format!("an answer came without `{name}`")))
}

pub fn item(note: &Value, site: &str, breaks: &Breaks) -> Result<Item, Error> {
    let (id, kind, words) = (text(note, "id")?, text(note, "kind")?, text(note, "words")?);
    let size = note["file"]["size"].as_u64().map(|size| size + u64::from(breaks.is("download")));
    let file = note["file"]["name"].as_str().map(|name| File {
        link: id.clone(),
        name: name.to_owned(),
        media_type: "text/plain".into(),
        size,
    });
    let parent = note["in"].as_str().map(str::to_owned);
    let lost = breaks.is("parents") && id == "2";
    let readers = || vec![Principal::Group("staff".into())];
    let access = match &parent {
        None => Access::Replaced(readers()),
        Some(_) if breaks.is("access") && kind == "comment" => Access::Narrowed(readers()),
        Some(_) => Access::Inherited,
    };
    Ok(Item {
        url: format!("{site}/notes/{id}"),
        parent: if lost { Some("nowhere".into()) } else { parent },
        kind: if breaks.is("kinds") && id == "2" { "scribble".into() } else { kind },
        version: text(note, "version")?,
        title: text(note, "title")?,
        body: (!words.is_empty()).then_some(Text { format: TextFormat::Plain, value: words }),
        file,
        access,
        author: None,
        editor: None,
        created: None,
        updated: None,
        properties: Vec::new(),
        id,
    })
}

pub fn seen(item: Item) -> Change {
    let Item { id, parent, version, access, .. } = item;
    Change::Seen(Summary { id, parent, version, access: Some(access) })
}

pub fn people(people: &Value) -> Result<Vec<Change>, Error> {
    let mut changes = Vec::new();
    for user in list(people, "users")? {
        let email = user["email"].as_str().map(str::to_owned);
        let (id, name) = (text(user, "id")?, text(user, "name")?);
        changes.push(Change::User(User { id, name, email, standing: Standing::Member }));
    }
    for group in list(people, "groups")? {
        changes.push(Change::Group(Group { id: text(group, "id")?, name: text(group, "name")? }));
    }
    for member in list(people, "members")? {
        let user = Principal::User(text(member, "user")?);
        changes.push(Change::Member(Membership { group: text(member, "group")?, member: user }));
    }
    Ok(changes)
}
