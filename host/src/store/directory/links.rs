//! Links as a list: a page of them, all that a roster is judged by, and many kept at once.

use std::collections::BTreeMap;

use rusqlite::params;

use crate::model::ConnectionId;
use crate::store::people::{email_key, link};
use crate::store::{Store, StoreError, bump_generation, connections};

/// A link, and whom it is to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkLine {
    /// In lower case.
    pub email: String,
    pub user_id: String,
    /// None when the source has no such user any more.
    pub user_name: Option<String>,
}

/// What is known of who is who, to judge a list of links by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KnownPeople {
    /// Users by id: the name, and the e-mail in lower case.
    pub users: BTreeMap<String, (String, Option<String>)>,
    /// Links by e-mail in lower case.
    pub links: BTreeMap<String, String>,
}

impl Store {
    /// A page of a connection's links by e-mail, with one more than `limit` if there are more. `lost`: only those
    /// to users whom the source has no more.
    pub fn link_lines(
        &self,
        connection: ConnectionId,
        lost: bool,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Vec<LinkLine>, StoreError> {
        self.read("list the links", |tx| {
            let sql = "SELECT l.email_key, l.user_id, u.name FROM links l
                       LEFT JOIN users u ON u.connection = ?1 AND u.id = l.user_id
                       WHERE l.connection = ?1 AND (?2 IS NULL OR l.email_key > ?2) AND (NOT ?3 OR u.id IS NULL)
                       ORDER BY l.email_key LIMIT ?4";
            let mut statement = tx.prepare_cached(sql)?;
            let rows = statement.query_map(params![connection, after, lost, limit.saturating_add(1)], |row| {
                Ok(LinkLine { email: row.get(0)?, user_id: row.get(1)?, user_name: row.get(2)? })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// What a list of links is judged by.
    pub fn known_people(&self, connection: ConnectionId) -> Result<KnownPeople, StoreError> {
        self.read("read who is who", |tx| {
            let mut known = KnownPeople::default();
            let mut users =
                tx.prepare_cached("SELECT id, name, email_key FROM users WHERE connection = ?1")?;
            for row in users.query_map([connection], |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?))))? {
                let (id, user) = row?;
                known.users.insert(id, user);
            }
            let mut links =
                tx.prepare_cached("SELECT email_key, user_id FROM links WHERE connection = ?1")?;
            for row in links.query_map([connection], |row| Ok((row.get(0)?, row.get(1)?)))? {
                let (email, user) = row?;
                known.links.insert(email, user);
            }
            Ok(known)
        })
    }

    /// Links all of these people, e-mail and user's id, or none.
    ///
    /// # Errors
    /// As [`Store::link_person`], for the first that cannot be linked.
    pub fn link_people(
        &self,
        connection: ConnectionId,
        links: &[(String, String)],
    ) -> Result<(), StoreError> {
        self.write("link the people", |tx| {
            connections::require(tx, connection)?;
            for (email, user_id) in links {
                link(tx, connection, &email_key(email), user_id)?;
            }
            bump_generation(tx)
        })
    }
}
