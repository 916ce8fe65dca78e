//! One item as a person: what it says, or nothing.

use serde::Serialize;

use super::anchor::{Anchor, Anchors};
use super::feed::Names;
use super::why::explain;
use super::{Host, HostError};
use crate::model::Timestamp;
use crate::store::{StoreError, StoredItem};

/// What an item says to somebody who may read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fetched {
    pub connection: String,
    pub id: String,
    pub kind: String,
    pub title: String,
    pub url: String,
    pub updated: Option<Timestamp>,
    /// Facts the source tells of it: labels, whether a comment is resolved.
    pub properties: Vec<(String, String)>,
    /// What it hangs on, if the person may read that too.
    pub hangs_on: Option<Anchor>,
    /// Its body in Markdown, people by name, and the words inside its file.
    pub text: String,
}

impl Host {
    /// The item that is meant by an id or an address (see [`Host::item`]), to the person with this e-mail: None
    /// where there is none, and where that person may not read it. Judged from its own rows, as each hit of a
    /// search is.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    pub fn fetch(
        &self,
        meant: &str,
        email: &str,
        connection: Option<&str>,
    ) -> Result<Option<Fetched>, HostError> {
        let Some(item) = self.readable_item(meant, email, connection)? else { return Ok(None) };
        let (identity, _) = self.store.identity(item.connection, email)?;
        let text = Names::default().written(&self.store, &item)?;
        let hangs_on = Anchors::default().anchor(&self.store, &item, &identity)?;
        let StoredItem { connection_name, id, kind, title, url, updated, properties, .. } = item;
        Ok(Some(Fetched {
            connection: connection_name,
            id,
            kind,
            title,
            url,
            updated,
            properties,
            hangs_on,
            text,
        }))
    }

    /// The item that is meant, of those that the person may read; the first of several, since one connection's
    /// are told apart by whole ids. What else may be meant is not told, nor whether a connection is there.
    pub(super) fn readable_item(
        &self,
        meant: &str,
        email: &str,
        connection: Option<&str>,
    ) -> Result<Option<StoredItem>, HostError> {
        let connection = match connection.map(|name| self.store.connection(name)).transpose() {
            Ok(found) => found.map(|found| found.id),
            Err(StoreError::UnknownConnection { .. }) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        for item in self.meant(meant.trim(), connection)? {
            let (identity, _) = self.store.identity(item.connection, email)?;
            if explain(&self.store, item.num, &identity)?.readable {
                return Ok(Some(item));
            }
        }
        Ok(None)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use crate::host::Host;
    use crate::model::{Access, Item, Kind, Principal, Standing};
    use crate::store::testing::{Fixture, fixture, page, space, upsert, user};

    const ANA: &str = "ana@acme.com";
    /// The kind of this fixture's that hangs on others.
    const HANGING: &str = "place";

    /// A folder of Bob's; in it a page that Ana was let into, with a note on it.
    fn shared() -> (Fixture, Host) {
        let site = Fixture { withholds: true, ..fixture() };
        let named = |id: &str| vec![Principal::User(id.into())];
        let kind = |name: &str| Kind {
            name: name.into(),
            title: name.into(),
            family: name.into(),
            searched: true,
            inherits: name == HANGING,
            widens: name != HANGING,
        };
        site.store.keep_kinds(site.connection, &["space", "page", HANGING].map(kind)).unwrap();
        site.everything(&[
            user("ana", Some(ANA), Standing::Member),
            user("bob", Some("bob@acme.com"), Standing::Member),
            upsert(Item { access: Access::Replaced(named("bob")), ..space("space:1") }),
            upsert(Item { access: Access::Widened(named("ana")), ..page("page:1", "space:1") }),
            upsert(Item { kind: HANGING.into(), ..page("note:1", "page:1") }),
        ]);
        site.store.settle(site.connection, site.run).unwrap();
        let host = Host::open(site.dir.path(), None).unwrap();
        (site, host)
    }

    #[test]
    fn what_may_not_be_read_is_answered_like_what_is_not_there() {
        let (_site, host) = shared();
        let fetched = host.fetch("note:1", ANA, None).unwrap().unwrap();
        assert_eq!(fetched.text, "Words of note:1.");
        assert_eq!(fetched.hangs_on.unwrap().title, "About page:1");
        for (meant, connection) in [("space:1", None), ("page:9", None), ("page:1", Some("nowhere"))] {
            assert_eq!(host.fetch(meant, ANA, connection).unwrap(), None, "{meant}");
            assert!(host.own_why(meant, ANA, connection).unwrap().is_none(), "{meant}");
        }
        assert_eq!(host.fetch("page:1", "nobody@acme.com", None).unwrap(), None);
    }

    #[test]
    fn why_says_nothing_of_levels_that_the_person_may_not_read() {
        let (_site, host) = shared();
        let told = |email| {
            let answer = host.own_why("page:1", email, None).unwrap().unwrap();
            let steps = answer.explanation.steps.into_iter().map(|step| step.title).collect::<Vec<_>>();
            (steps, answer.names.into_keys().collect::<Vec<_>>())
        };
        assert_eq!(told(ANA), (vec!["About page:1".into(), String::new()], vec!["ana".into()]));
        let bob = (vec!["About page:1".into(), "About space:1".into()], vec!["bob".into()]);
        assert_eq!(told("bob@acme.com"), bob);
    }

    #[test]
    fn new_words_of_what_something_hangs_on_are_not_shown_with_it() {
        let (mut site, host) = shared();
        site.next_run();
        let access = Access::Widened(vec![Principal::User("ana".into())]);
        site.answers(&[upsert(Item { title: "Salaries".into(), access, ..page("page:1", "space:1") })]);
        let fetched = host.fetch("note:1", ANA, None).unwrap().unwrap();
        assert_eq!(fetched.hangs_on, None);
        let answer = host.own_why("note:1", ANA, None).unwrap().unwrap();
        let titles: Vec<_> = answer.explanation.steps.iter().map(|step| step.title.as_str()).collect();
        assert_eq!(titles, ["About note:1", "", ""]);
        assert_eq!(host.fetch("page:1", ANA, None).unwrap(), None);
    }
}
