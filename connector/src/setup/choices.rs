//! Values to choose from, so that nobody has to look up a key or an id.

use crate::confluence::answer::Refusal;
use crate::confluence::id::Id;
use crate::confluence::list;
use crate::confluence::site::Site;
use crate::confluence::space::SpaceRow;
use crate::error::Error;
use crate::transport::{Response, Transport};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use url::Url;

/// A list that nobody would scroll through any further.
const CHOICES_MAX: usize = 250;

/// Listings of spaces are followed this far: ten thousand spaces.
const SPACE_LISTINGS_MAX: usize = 40;

/// What a search returns when it expands what is above; see `reading::restrictions`.
const ROWS: &str = "200";

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    pub value: Value,
    pub title: String,
    /// What tells it from another of the same title.
    pub hint: Option<String>,
}

/// Values for the setting at `pointer` that match what was typed, at most 250.
pub fn choices<T: Transport>(site: &Site<'_, T>, pointer: &str, typed: &str) -> Result<Vec<Choice>, Error> {
    let typed = typed.trim();
    match pointer {
        "/spaces" | "/spaces-excluded" => spaces(site, typed),
        "/pages" | "/pages-excluded" => titled(site, "page", typed),
        "/blogposts" | "/blogposts-excluded" => titled(site, "blogpost", typed),
        "/labels" | "/labels-excluded" => labels(site, typed),
        _ => Err(Error::NotFound(format!("looked for choices of the setting {pointer}, which has none"))),
    }
}

/// All spaces whose key or name contains what was typed. v2 cannot look for that, so all are listed.
fn spaces<T: Transport>(site: &Site<'_, T>, typed: &str) -> Result<Vec<Choice>, Error> {
    let wanted = typed.to_lowercase();
    let mut found = BTreeMap::new();
    for row in all_spaces(site)? {
        let key = row.key.unwrap_or_default();
        let name = row.name.unwrap_or_else(|| key.clone());
        let fits = [&key, &name].iter().any(|text| text.to_lowercase().contains(&wanted));
        if fits && !key.is_empty() {
            let archived = if row.status.as_deref() == Some("archived") { ", archived" } else { "" };
            let kind = row.kind.filter(|kind| kind == "personal").map_or("", |_| ", personal");
            let hint = Some(format!("{key}{kind}{archived}"));
            found.insert((name.to_lowercase(), key.clone()), Choice { value: json!(key), title: name, hint });
        }
    }
    Ok(found.into_values().take(CHOICES_MAX).collect())
}

fn all_spaces<T: Transport>(site: &Site<'_, T>) -> Result<Vec<SpaceRow>, Error> {
    let ask = |status| {
        let query = [("limit", "250"), ("sort", "name"), ("status", status)];
        (0, site.v2(&["spaces"], &query))
    };
    let mut rows = Vec::new();
    site.get_many(["current", "archived"].map(ask), |number, url, answer| {
        let list = list::read::<SpaceRow>(url, &answer?)?;
        rows.extend(list.rows);
        let next = list.next.filter(|_| number + 1 < SPACE_LISTINGS_MAX);
        Ok(next.map(|next| (number + 1, next)))
    })?;
    Ok(rows)
}

#[derive(Deserialize)]
struct Titled {
    id: Id,
    title: Option<String>,
    space: Option<InSpace>,
    ancestors: Option<Vec<Above>>,
}

#[derive(Deserialize)]
struct InSpace {
    key: Option<String>,
    name: Option<String>,
}

#[derive(Deserialize)]
struct Above {
    title: Option<String>,
}

/// Pages or blog posts whose titles hold words that begin as the typed ones; the newest if nothing was typed. What
/// was typed may also be an id.
fn titled<T: Transport>(site: &Site<'_, T>, kind: &str, typed: &str) -> Result<Vec<Choice>, Error> {
    let cql = match typed {
        "" => format!("type={kind} order by lastmodified desc"),
        id if id.bytes().all(|byte| byte.is_ascii_digit()) => {
            format!("type={kind} and (id={id} or title ~ \"{id}*\")")
        }
        words => format!("type={kind} and {}", begins(words)),
    };
    let query = [("cql", &*cql), ("limit", ROWS), ("expand", "space,ancestors")];
    let found: list::List<Titled> = site.get_list(&site.v1(&["content", "search"], &query))?;
    let choice = |row: Titled| {
        let space = row.space.and_then(|space| space.name.or(space.key));
        let above = row.ancestors.and_then(|mut above| above.pop()?.title);
        let hint: Vec<String> = [space, above].into_iter().flatten().collect();
        Choice {
            value: json!(row.id),
            title: row.title.unwrap_or_default(),
            hint: (!hint.is_empty()).then(|| hint.join(" / ")),
        }
    };
    Ok(found.rows.into_iter().take(CHOICES_MAX).map(choice).collect())
}

/// `title ~ "road*" and title ~ "map*"`, without what CQL's text search would take for its own signs.
fn begins(words: &str) -> String {
    let words = words.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    let clauses: Vec<String> = words.map(|word| format!("title ~ \"{word}*\"")).collect();
    // Signs alone begin nothing; the query still has to be one.
    if clauses.is_empty() { "title ~ \"\\\"\"".to_owned() } else { clauses.join(" and ") }
}

#[derive(Deserialize)]
struct LabelName {
    name: String,
    prefix: Option<String>,
}

/// Labels that contain what was typed, of `GET /wiki/api/v2/labels`, which does not look for any; so only the first
/// thousand are seen, and what was typed is offered itself.
fn labels<T: Transport>(site: &Site<'_, T>, typed: &str) -> Result<Vec<Choice>, Error> {
    const LISTINGS_MAX: usize = 4;
    let wanted = typed.to_lowercase();
    let first = site.v2(&["labels"], &[("limit", "250"), ("prefix", "global")]);
    let mut names = std::collections::BTreeSet::new();
    if !wanted.is_empty() && !wanted.contains(char::is_whitespace) {
        names.insert(wanted.clone());
    }
    site.get_many([(0, first)], |number, url: &Url, answer: Result<Response, Refusal>| {
        let list = list::read::<LabelName>(url, &answer?)?;
        let shared = list.rows.into_iter().filter(|label| label.prefix.as_deref() != Some("my"));
        names.extend(shared.map(|label| label.name).filter(|name| name.contains(&wanted)));
        let next = list.next.filter(|_| number + 1 < LISTINGS_MAX);
        Ok(next.map(|next| (number + 1, next)))
    })?;
    let choice = |name: String| Choice { value: json!(name), title: name, hint: None };
    Ok(names.into_iter().take(CHOICES_MAX).map(choice).collect())
}
