//! The people of a source as a list: whom somebody is matched to, and who matches nobody. The console asks.
//!
//! Deliberately absent: who somebody is when they search (`people`), which the lists must agree with.

use rusqlite::types::Value;
use rusqlite::{Row, Transaction, params, params_from_iter};

use crate::model::ConnectionId;

use super::{Store, StoreError, unsigned};

mod links;
#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests;

pub use links::{KnownPeople, LinkLine};

/// How a user of a source stands to those who search.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Matching {
    /// By the e-mail that this user alone shows.
    Email,
    /// By a link.
    Linked,
    /// The source shows no e-mail.
    Hidden,
    /// Other accounts show the same e-mail, so it matches none of them.
    Shared,
    /// Somebody linked the e-mail to another user, which decides.
    Taken,
    /// The account is closed and reads nothing.
    Closed,
    /// Named by an access, and the source told of no such user.
    Unknown,
}

/// Which people are listed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PeopleFilter {
    /// Named by an access and matched to nobody: the ones to link first.
    #[default]
    ToLink,
    /// By e-mail or by a link.
    Matched,
    /// No e-mail is shown, and nobody linked them.
    Hidden,
    /// E-mails that several accounts show.
    Shared,
    Guests,
    Closed,
    All,
}

impl PeopleFilter {
    /// All of them, in the order of their importance.
    pub const ALL: [Self; 7] =
        [Self::ToLink, Self::Matched, Self::Hidden, Self::Shared, Self::Guests, Self::Closed, Self::All];

    /// What it asks of a row of `people`.
    fn condition(self) -> &'static str {
        match self {
            Self::ToLink => "named AND state IN ('hidden', 'shared', 'taken', 'unknown')",
            Self::Matched => "state IN ('email', 'linked')",
            Self::Hidden => "state = 'hidden'",
            Self::Shared => "shared AND state IN ('shared', 'closed')",
            Self::Guests => "standing = 'guest'",
            Self::Closed => "state = 'closed'",
            Self::All => "1",
        }
    }
}

/// Which page of which people.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PeopleQuery {
    pub filter: PeopleFilter,
    /// Part of a name, an e-mail or an id; empty for all. Letters beyond ASCII are compared as they are.
    pub words: String,
    /// Name and id of the last one of the page before.
    pub after: Option<(String, String)>,
    pub limit: u32,
}

/// One user of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonLine {
    pub id: String,
    /// Empty for one of whom the source told nothing.
    pub name: String,
    pub email: Option<String>,
    /// member, guest, closed; None for one of whom the source told nothing.
    pub standing: Option<String>,
    /// Whether an access names this user.
    pub named: bool,
    pub matching: Matching,
    /// The e-mails that are linked to this user.
    pub links: Vec<String>,
}

/// How many each list has.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct PeopleCounts {
    pub to_link: u64,
    pub matched: u64,
    pub hidden: u64,
    pub shared: u64,
    pub guests: u64,
    pub closed: u64,
    pub all: u64,
    /// Links to users whom the source has no more.
    pub lost_links: u64,
    /// Groups that accesses name and that have no member.
    pub empty_groups: u64,
}

impl PeopleCounts {
    /// Of one list.
    #[must_use]
    pub fn of(&self, filter: PeopleFilter) -> u64 {
        match filter {
            PeopleFilter::ToLink => self.to_link,
            PeopleFilter::Matched => self.matched,
            PeopleFilter::Hidden => self.hidden,
            PeopleFilter::Shared => self.shared,
            PeopleFilter::Guests => self.guests,
            PeopleFilter::Closed => self.closed,
            PeopleFilter::All => self.all,
        }
    }
}

/// A group that an access names and that has no member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmptyGroup {
    pub id: String,
    /// None when the source told of no such group.
    pub name: Option<String>,
}

/// Whom accesses name, each once.
const PRINCIPALS: &str = "
    principals (kind, id) AS MATERIALIZED (
        SELECT DISTINCT p.value ->> 'principal', p.value ->> 'id'
        FROM accesses a, json_each(a.statement, '$.principals') p WHERE a.connection = ?1)";

/// Everybody of a connection, and how each stands. What is used more than once is made once.
const PEOPLE: &str = "
    named (id) AS MATERIALIZED (SELECT id FROM principals WHERE kind = 'user'),
    several (email_key) AS MATERIALIZED (
        SELECT email_key FROM users WHERE connection = ?1 AND email_key IS NOT NULL
        GROUP BY email_key HAVING count(*) > 1),
    linked (id) AS MATERIALIZED (SELECT DISTINCT user_id FROM links WHERE connection = ?1),
    people (id, name, email, standing, named, shared, state) AS (
        SELECT u.id, u.name, u.email, u.standing, u.id IN named, coalesce(u.email_key IN several, 0), CASE
            WHEN u.standing NOT IN ('member', 'guest') THEN 'closed'
            WHEN u.id IN linked THEN 'linked'
            WHEN u.email_key IS NULL THEN 'hidden'
            WHEN EXISTS (SELECT 1 FROM links l WHERE l.connection = ?1 AND l.email_key = u.email_key) THEN 'taken'
            WHEN u.email_key IN several THEN 'shared'
            ELSE 'email' END
        FROM users u WHERE u.connection = ?1
        UNION ALL
        SELECT n.id, '', NULL, NULL, 1, 0, 'unknown' FROM named n
        WHERE NOT EXISTS (SELECT 1 FROM users u WHERE u.connection = ?1 AND u.id = n.id))";

/// Groups that an access names and that nobody is in.
const EMPTY_GROUPS: &str = "
    empty (id) AS MATERIALIZED (
        SELECT p.id FROM principals p WHERE p.kind = 'group' AND NOT EXISTS (
            SELECT 1 FROM memberships m WHERE m.connection = ?1 AND m.group_id = p.id))";

impl Store {
    /// A page of a connection's people, by name, with one more than `limit` if there are more.
    pub fn people(
        &self,
        connection: ConnectionId,
        query: &PeopleQuery,
    ) -> Result<Vec<PersonLine>, StoreError> {
        self.read("list the people", |tx| {
            let condition = query.filter.condition();
            let sql = format!(
                "WITH {PRINCIPALS}, {PEOPLE} SELECT id, name, email, standing, named, state FROM people
                 WHERE {condition}
                     AND (?2 = '' OR instr(lower(name), ?2) OR instr(lower(coalesce(email, '')), ?2) OR instr(lower(id), ?2))
                     AND (?3 IS NULL OR (name COLLATE NOCASE, id) > (?3, ?4))
                 ORDER BY name COLLATE NOCASE, id LIMIT ?5"
            );
            let (name, id) = query.after.clone().unzip();
            let words = query.words.trim().to_ascii_lowercase();
            let mut statement = tx.prepare_cached(&sql)?;
            let limit = query.limit.saturating_add(1);
            let rows = statement.query_map(params![connection, words, name, id, limit], |row| Ok(person(row)))?;
            let mut people: Vec<PersonLine> = rows.map(|row| row?).collect::<Result<_, StoreError>>()?;
            add_links(tx, connection, &mut people)?;
            Ok(people)
        })
    }

    pub fn people_counts(&self, connection: ConnectionId) -> Result<PeopleCounts, StoreError> {
        self.read("count the people", |tx| {
            let sums = PeopleFilter::ALL.map(|filter| format!("coalesce(sum({}), 0)", filter.condition())).join(", ");
            let sql = format!(
                "WITH {PRINCIPALS}, {PEOPLE}, {EMPTY_GROUPS} SELECT {sums}, (SELECT count(*) FROM empty),
                     (SELECT count(*) FROM linked WHERE id NOT IN (SELECT id FROM users WHERE connection = ?1))
                 FROM people"
            );
            let mut statement = tx.prepare_cached(&sql)?;
            Ok(statement.query_row([connection], |row| {
                let number = |at| row.get::<_, i64>(at).map(unsigned);
                Ok(PeopleCounts {
                    to_link: number(0)?,
                    matched: number(1)?,
                    hidden: number(2)?,
                    shared: number(3)?,
                    guests: number(4)?,
                    closed: number(5)?,
                    all: number(6)?,
                    empty_groups: number(7)?,
                    lost_links: number(8)?,
                })
            })?)
        })
    }

    /// A page of the groups that an access names and that have no member, by id, with one more than `limit` if
    /// there are more.
    pub fn empty_groups(
        &self,
        connection: ConnectionId,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Vec<EmptyGroup>, StoreError> {
        self.read("list the groups without members", |tx| {
            let sql = format!(
                "WITH {PRINCIPALS}, {EMPTY_GROUPS} SELECT e.id, g.name FROM empty e
                 LEFT JOIN groups g ON g.connection = ?1 AND g.id = e.id
                 WHERE ?2 IS NULL OR e.id > ?2 ORDER BY e.id LIMIT ?3"
            );
            let mut statement = tx.prepare_cached(&sql)?;
            let rows = statement.query_map(params![connection, after, limit.saturating_add(1)], |row| {
                Ok(EmptyGroup { id: row.get(0)?, name: row.get(1)? })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }
}

fn person(row: &Row<'_>) -> Result<PersonLine, StoreError> {
    let state: String = row.get("state")?;
    let matching = match state.as_str() {
        "email" => Matching::Email,
        "linked" => Matching::Linked,
        "hidden" => Matching::Hidden,
        "shared" => Matching::Shared,
        "taken" => Matching::Taken,
        "closed" => Matching::Closed,
        _ => Matching::Unknown,
    };
    Ok(PersonLine {
        id: row.get("id")?,
        name: row.get("name")?,
        email: row.get("email")?,
        standing: row.get("standing")?,
        named: row.get("named")?,
        matching,
        links: Vec::new(),
    })
}

/// Reads the links of a page at once: they have no index by user.
fn add_links(
    tx: &Transaction<'_>,
    connection: ConnectionId,
    people: &mut [PersonLine],
) -> Result<(), StoreError> {
    let marks = vec!["?"; people.len()].join(", ");
    let sql = format!("SELECT email_key, user_id FROM links WHERE connection = ? AND user_id IN ({marks})");
    let ids = people.iter().map(|person| Value::Text(person.id.clone()));
    let values = params_from_iter([Value::Integer(connection)].into_iter().chain(ids));
    let mut statement = tx.prepare(&sql)?;
    let rows = statement.query_map(values, |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
    for row in rows {
        let (email, user) = row?;
        if let Some(person) = people.iter_mut().find(|person| person.id == user) {
            person.links.push(email);
        }
    }
    Ok(())
}
