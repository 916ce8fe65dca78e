//! Who a person is to a source: matched by e-mail, or linked by an administrator.

use std::collections::BTreeSet;

use rusqlite::{OptionalExtension, Transaction, params};

use crate::access::Identity;
use crate::model::{ConnectionId, Standing, User};

use super::{Store, StoreError, bump_generation, connections, limits, unsigned};

/// How a person was matched to a user of the source, or why not.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Match {
    /// An administrator linked the person to this user.
    Linked,
    /// Exactly one user shows this e-mail.
    Email,
    /// Several users show this e-mail. To guess would show one person's pages to another,
    /// so the person is nobody until linked; an address that changed hands is such a case.
    Ambiguous(u32),
    /// No user shows this e-mail, and nobody linked it.
    Unknown,
    /// The person is linked to a user that the source no longer has.
    LinkedToNobody(String),
    /// The user's account is closed, and reads nothing.
    Closed(String),
}

/// How well people can be matched.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct PeopleStats {
    pub users: u64,
    /// Users whose e-mail the source hides, and whom nobody linked.
    pub without_email: u64,
    /// Those of them whom an item's access names: the ones to link first.
    pub named_without_email: u64,
    pub linked: u64,
}

impl Store {
    /// Who the person with this e-mail is at a connection, groups of groups included.
    /// Nobody, who still is `anyone`, unless matched to exactly one account; not even `anyone`
    /// if that account is closed, which reads nothing.
    pub fn identity(&self, connection: ConnectionId, email: &str) -> Result<(Identity, Match), StoreError> {
        self.read("find out who the person is", |tx| {
            let (user, found) = find(tx, connection, &email_key(email))?;
            let Some(user) = user else { return Ok((Identity::default(), found)) };
            let sql = "SELECT standing FROM users WHERE connection = ?1 AND id = ?2";
            let mut statement = tx.prepare_cached(sql)?;
            let standing: Option<String> =
                statement.query_row(params![connection, user], |row| row.get(0)).optional()?;
            match standing.as_deref() {
                Some("member" | "guest") => {
                    let member = standing.as_deref() == Some("member");
                    let groups = groups_of(tx, connection, &user, member)?;
                    Ok((Identity { user: Some(user), groups, member, closed: false }, found))
                }
                Some(_) => Ok((Identity { closed: true, ..Identity::default() }, Match::Closed(user))),
                None => Ok((Identity::default(), Match::LinkedToNobody(user))),
            }
        })
    }

    /// Matches a person to a user whose e-mail the source hides, in place of an older link.
    ///
    /// # Errors
    /// [`StoreError::UnknownAccount`] if the source has told of no such user.
    pub fn link_person(
        &self,
        connection: ConnectionId,
        email: &str,
        user_id: &str,
    ) -> Result<(), StoreError> {
        self.write("link the person", |tx| {
            connections::require(tx, connection)?;
            link(tx, connection, &email_key(email), user_id)?;
            bump_generation(tx)
        })
    }

    /// Undoes a link, and says whether there was one.
    pub fn unlink_person(&self, connection: ConnectionId, email: &str) -> Result<bool, StoreError> {
        self.write("unlink the person", |tx| {
            let sql = "DELETE FROM links WHERE connection = ?1 AND email_key = ?2";
            let unlinked = tx.execute(sql, params![connection, email_key(email)])? > 0;
            if unlinked {
                bump_generation(tx)?;
            }
            Ok(unlinked)
        })
    }

    /// The links of a connection: e-mail in lower case, and the user's id.
    pub fn links(&self, connection: ConnectionId) -> Result<Vec<(String, String)>, StoreError> {
        self.read("list the links", |tx| {
            let sql = "SELECT email_key, user_id FROM links WHERE connection = ?1 ORDER BY email_key";
            let mut statement = tx.prepare_cached(sql)?;
            let rows = statement.query_map([connection], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// All users of a connection, by name.
    pub fn users(&self, connection: ConnectionId) -> Result<Vec<User>, StoreError> {
        self.read("list the users", |tx| {
            let sql = "SELECT id, name, email, standing FROM users WHERE connection = ?1 ORDER BY name, id";
            let mut statement = tx.prepare_cached(sql)?;
            let rows = statement.query_map([connection], |row| {
                let standing: String = row.get(3)?;
                Ok(User {
                    id: row.get(0)?,
                    name: row.get(1)?,
                    email: row.get(2)?,
                    standing: match standing.as_str() {
                        "member" => Standing::Member,
                        "guest" => Standing::Guest,
                        _ => Standing::Closed,
                    },
                })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    pub fn people_stats(&self, connection: ConnectionId) -> Result<PeopleStats, StoreError> {
        self.read("count the people", |tx| stats(tx, connection))
    }
}

/// E-mails are compared in lower case and without blanks around them.
#[must_use]
pub fn email_key(email: &str) -> String {
    email.trim().to_lowercase()
}

/// Whether a person may search as this.
#[must_use]
pub fn is_email(key: &str) -> bool {
    limits::email(Some(key)).is_some() && key.contains('@')
}

/// Links an e-mail, in lower case, to a user of whom the source has told.
pub(super) fn link(
    tx: &Transaction<'_>,
    connection: ConnectionId,
    key: &str,
    user_id: &str,
) -> Result<(), StoreError> {
    if !is_email(key) {
        return Err(StoreError::BadEmail { email: limits::name(key).to_owned() });
    }
    let sql = "SELECT 1 FROM users WHERE connection = ?1 AND id = ?2";
    if !tx.prepare_cached(sql)?.exists(params![connection, user_id])? {
        let known = stats(tx, connection)?.users;
        return Err(StoreError::UnknownAccount { user_id: limits::name(user_id).to_owned(), known });
    }
    let sql = "INSERT OR REPLACE INTO links (connection, email_key, user_id) VALUES (?1, ?2, ?3)";
    tx.prepare_cached(sql)?.execute(params![connection, key, user_id])?;
    Ok(())
}

fn find(
    tx: &Transaction<'_>,
    connection: ConnectionId,
    key: &str,
) -> Result<(Option<String>, Match), StoreError> {
    let sql = "SELECT user_id FROM links WHERE connection = ?1 AND email_key = ?2";
    let mut statement = tx.prepare_cached(sql)?;
    if let Some(user) = statement.query_row(params![connection, key], |row| row.get(0)).optional()? {
        return Ok((Some(user), Match::Linked));
    }
    let sql = "SELECT count(*), min(id) FROM users WHERE connection = ?1 AND email_key = ?2";
    let mut statement = tx.prepare_cached(sql)?;
    let (users, user): (u32, Option<String>) =
        statement.query_row(params![connection, key], |row| Ok((row.get(0)?, row.get(1)?)))?;
    match users {
        0 => Ok((None, Match::Unknown)),
        1 => Ok((user, Match::Email)),
        _ => Ok((None, Match::Ambiguous(users))),
    }
}

/// `UNION` drops what was found already, so groups that hold each other end the search.
/// A sort of member that is not known here makes nobody a member.
fn groups_of(
    tx: &Transaction<'_>,
    connection: ConnectionId,
    user: &str,
    member: bool,
) -> Result<BTreeSet<String>, StoreError> {
    let sql = "WITH RECURSIVE belongs (group_id) AS (
                   SELECT group_id FROM memberships
                   WHERE connection = ?1 AND member_type = 'user' AND member_id = ?2
                   UNION
                   SELECT group_id FROM memberships
                   WHERE connection = ?1 AND member_type = 'members' AND member_id = '' AND ?3
                   UNION
                   SELECT m.group_id FROM belongs b CROSS JOIN memberships m
                   ON m.connection = ?1 AND m.member_type = 'group' AND m.member_id = b.group_id)
               SELECT group_id FROM belongs";
    let mut statement = tx.prepare_cached(sql)?;
    let rows = statement.query_map(params![connection, user, member], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Users whose e-mail the source hides, and whom nobody linked.
pub(super) fn without_email(tx: &Transaction<'_>, connection: ConnectionId) -> Result<u64, StoreError> {
    let sql =
        "SELECT count(*) FROM users WHERE connection = ?1 AND email_key IS NULL AND standing <> 'closed'
                   AND id NOT IN (SELECT user_id FROM links WHERE connection = ?1)";
    Ok(unsigned(tx.prepare_cached(sql)?.query_row([connection], |row| row.get(0))?))
}

pub(super) fn stats(tx: &Transaction<'_>, connection: ConnectionId) -> Result<PeopleStats, StoreError> {
    let number = |sql: &str| -> Result<u64, StoreError> {
        Ok(unsigned(tx.prepare_cached(sql)?.query_row([connection], |row| row.get(0))?))
    };
    Ok(PeopleStats {
        users: number("SELECT count(*) FROM users WHERE connection = ?1")?,
        without_email: without_email(tx, connection)?,
        named_without_email: number(
            "SELECT count(*) FROM users WHERE connection = ?1 AND email_key IS NULL AND standing <> 'closed'
                 AND id NOT IN (SELECT user_id FROM links WHERE connection = ?1)
                 AND id IN (SELECT named.value ->> 'id'
                            FROM accesses a, json_each(a.statement, '$.principals') named
                            WHERE a.connection = ?1 AND named.value ->> 'principal' = 'user')",
        )?,
        linked: number("SELECT count(*) FROM links WHERE connection = ?1")?,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::Match;
    use crate::access::Identity;
    use crate::model::{Access, Item, Principal, Standing};
    use crate::store::testing::{Fixture, fixture, member, page, upsert, user};
    use crate::store::{PeopleStats, StoreError};

    fn who(site: &Fixture, email: &str) -> (Identity, Match) {
        site.store.identity(site.connection, email).unwrap()
    }

    #[test]
    fn groups_of_groups_count_and_circles_end() {
        let site = fixture();
        let group = |id: &str| Principal::Group(id.into());
        site.everything(&[
            user("ada", Some(" Ada@Acme.example"), Standing::Guest),
            member("team", Principal::User("ada".into())),
            member("department", group("team")),
            member("company", group("department")),
            member("team", group("company")),
            member("others", Principal::User("bob".into())),
            member("others", Principal::Members),
        ]);
        let groups = ["company", "department", "team"].map(str::to_owned).into();
        let ada = Identity { user: Some("ada".into()), groups, ..Identity::default() };
        assert_eq!(who(&site, "ADA@acme.example "), (ada, Match::Email));
    }

    #[test]
    fn a_group_of_all_members_has_members_only_and_ends_with_their_standing() {
        let mut site = fixture();
        let told = [
            user("ada", Some("ada@acme.example"), Standing::Member),
            user("gus", Some("gus@acme.example"), Standing::Guest),
            user("cleo", Some("cleo@acme.example"), Standing::Closed),
            member("everybody", Principal::Members),
            member("company", Principal::Group("everybody".into())),
        ];
        let refused = site.everything(&[&told[..], &[member("public", Principal::Anyone)]].concat());
        assert_eq!(refused.refused.len(), 1, "a group to which anyone belongs is no group");
        let groups = |email: &str| who(&site, email).0.groups.into_iter().collect::<Vec<_>>();
        assert_eq!(groups("ada@acme.example"), ["company", "everybody"]);
        for email in ["gus@acme.example", "cleo@acme.example", "stranger@x"] {
            assert_eq!(groups(email), [""; 0], "{email}");
        }
        let generation = site.store.generation().unwrap();
        site.answers(&told);
        assert_eq!(site.store.generation().unwrap(), generation, "told twice is told once");

        site.next_run();
        site.everything(&told[..3]);
        assert_eq!(who(&site, "ada@acme.example").0.groups.len(), 0, "it is no longer told of");
    }

    #[test]
    fn whoever_cannot_be_told_apart_is_nobody() {
        let site = fixture();
        site.everything(&[
            user("ada", Some("ada@acme.example"), Standing::Member),
            user("ada-2", Some("Ada@acme.example"), Standing::Closed),
            user("bob", Some("bob@acme.example"), Standing::Closed),
            user("eve", Some("  "), Standing::Member),
            member("team", Principal::User("bob".into())),
        ]);
        let nobody = Identity::default();
        assert_eq!(who(&site, "ada@acme.example"), (nobody.clone(), Match::Ambiguous(2)));
        let closed = Identity { closed: true, ..Identity::default() };
        assert_eq!(who(&site, "bob@acme.example"), (closed, Match::Closed("bob".into())));
        assert_eq!(who(&site, ""), (nobody.clone(), Match::Unknown));
        assert_eq!(who(&site, "zoe@acme.example"), (nobody, Match::Unknown));
    }

    #[test]
    fn an_administrator_links_whom_the_source_hides() {
        let mut site = fixture();
        site.everything(&[user("ada", None, Standing::Member)]);
        let link = |email, id| site.store.link_person(site.connection, email, id);
        assert!(matches!(link("ada@acme.example", "adda"), Err(StoreError::UnknownAccount { known: 1, .. })));
        assert!(matches!(link("ada", "ada"), Err(StoreError::BadEmail { .. })));
        let generation = site.store.generation().unwrap();
        link(" Ada@acme.example", "ada").unwrap();
        let ada = Identity { user: Some("ada".into()), member: true, ..Identity::default() };
        assert_eq!(who(&site, "ada@acme.example"), (ada, Match::Linked));
        assert_eq!(site.store.links(site.connection).unwrap(), [("ada@acme.example".into(), "ada".into())]);

        site.next_run();
        site.everything(&[user("bob", None, Standing::Member)]);
        let gone = (Identity::default(), Match::LinkedToNobody("ada".into()));
        assert_eq!(who(&site, "ada@acme.example"), gone);
        assert!(site.store.unlink_person(site.connection, "ADA@acme.example").unwrap());
        assert_eq!(site.store.generation().unwrap(), generation + 3);
    }

    #[test]
    fn the_people_to_link_first_are_those_an_access_names() {
        let site = fixture();
        let named = Access::Narrowed(vec![Principal::User("ada".into()), Principal::Group("bob".into())]);
        site.everything(&[
            user("ada", None, Standing::Member),
            user("bob", None, Standing::Member),
            user("eve", Some("eve@acme.example"), Standing::Member),
            upsert(Item { access: named, ..page("page:1", "space:1") }),
        ]);
        let stats = PeopleStats { users: 3, without_email: 2, named_without_email: 1, linked: 0 };
        assert_eq!(site.store.people_stats(site.connection).unwrap(), stats);
    }
}
