//! What of a connection is searched, as an administrator says it.
//!
//! All is synced and indexed whatever is said here: a search leaves out what is off, so switching
//! takes effect at the next one.

use super::{Host, HostError};
use crate::store::{Chosen, IndexMode, SearchedKind, StoredItem};

impl Host {
    /// The kinds of a connection's items in the connector's order, and which of them are found.
    ///
    /// # Errors
    ///
    /// When there is no such connection, or its connector cannot be asked and never was.
    pub async fn kinds(&self, name: &str) -> Result<Vec<SearchedKind>, HostError> {
        let connection = self.store.connection(name)?;
        if self.store.kinds(connection.id)?.is_empty() {
            let connector = self.connector(&connection.connector).await?;
            self.store.keep_kinds(connection.id, &connector.description().kinds)?;
        }
        Ok(self.store.kinds(connection.id)?)
    }

    /// Turns kinds on or off, all of these or none; returns all kinds as they are then.
    ///
    /// # Errors
    ///
    /// When one of them is unknown, or is never searched.
    pub async fn switch_kinds(
        &self,
        name: &str,
        kinds: &[String],
        on: bool,
    ) -> Result<Vec<SearchedKind>, HostError> {
        self.kinds(name).await?;
        self.store.switch_kinds(self.store.connection(name)?.id, kinds, on)?;
        self.kinds(name).await
    }

    /// Whether everything is searched, or only what is chosen.
    ///
    /// # Errors
    ///
    /// When there is no such connection, or the store cannot be written.
    pub fn set_index_mode(&self, name: &str, mode: IndexMode) -> Result<(), HostError> {
        Ok(self.store.set_index_mode(self.store.connection(name)?.id, mode)?)
    }

    /// Chooses an item for manual mode, alone or with whatever lies below it at the time of a search.
    ///
    /// # Errors
    ///
    /// When nothing or several things are named so; see [`Host::item`].
    pub fn choose(&self, name: &str, meant: &str, with_descendants: bool) -> Result<StoredItem, HostError> {
        let item = self.item(meant, Some(name))?;
        self.store.choose(item.num, with_descendants)?;
        Ok(item)
    }

    /// Takes a choice back; None if there was none. An item that is gone is named by its whole id.
    ///
    /// # Errors
    ///
    /// When nothing or several things are named so; see [`Host::item`].
    pub fn unchoose(&self, name: &str, meant: &str) -> Result<Option<String>, HostError> {
        let chosen = self.chosen(name)?;
        let (num, id) = match chosen.into_iter().find(|one| one.id == meant.trim()) {
            Some(chosen) => (chosen.num, chosen.id),
            None => {
                let item = self.item(meant, Some(name))?;
                (item.num, item.id)
            }
        };
        Ok(self.store.unchoose(num)?.then_some(id))
    }

    /// What was chosen for manual mode, by id.
    ///
    /// # Errors
    ///
    /// When there is no such connection, or the store cannot be read.
    pub fn chosen(&self, name: &str) -> Result<Vec<Chosen>, HostError> {
        Ok(self.store.chosen(self.store.connection(name)?.id)?)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use crate::host::{Host, LeftOut};
    use crate::model::{Access, Change, Item, Kind, Principal, Standing};
    use crate::store::testing::{Fixture, fixture, page, space, upsert, user};
    use crate::store::{Chosen, IndexMode};

    const ADA: &str = "ada@acme.example";

    /// A space for members with three pages in a row and one beside them, all with the word `words`,
    /// and a space for anyone at all.
    fn site() -> (Fixture, Host) {
        let site = fixture();
        let anyone = Access::Replaced(vec![Principal::Anyone]);
        let members = Access::Narrowed(vec![Principal::Members]);
        site.everything(&[
            user("ada", Some(ADA), Standing::Member),
            user("cleo", Some("cleo@acme.example"), Standing::Closed),
            upsert(space("space:1")),
            upsert(page("page:1", "space:1")),
            upsert(page("page:2", "page:1")),
            upsert(page("page:3", "page:2")),
            upsert(page("page:4", "space:1")),
            upsert(Item { access: anyone, ..space("space:open") }),
            upsert(page("page:5", "space:open")),
            upsert(Item { access: members, ..page("page:6", "page:5") }),
        ]);
        let kind = |name: &str, searched| Kind {
            name: name.into(),
            title: name.into(),
            family: "F".into(),
            searched,
            inherits: false,
            widens: false,
        };
        let kinds = [kind("space", true), kind("page", true), kind("place", false)];
        site.store.keep_kinds(site.connection, &kinds).unwrap();
        let host = Host::open(site.dir.path(), None).unwrap();
        (site, host)
    }

    /// What a person finds, sorted; the total must be as many.
    fn found(host: &Host, person: &str) -> Vec<String> {
        let found = host.search("about", person, 100).unwrap();
        let mut ids: Vec<String> = found.hits.into_iter().map(|hit| hit.id).collect();
        assert_eq!(found.total, ids.len(), "what is left out is not counted either");
        ids.sort();
        ids
    }

    fn listed(host: &Host, kind: Option<&str>) -> usize {
        let mut lines = 0;
        host.each_item("acme", kind, Some(ADA), |_| {
            lines += 1;
            true
        })
        .unwrap();
        lines
    }

    fn left_out(host: &Host, id: &str) -> Option<LeftOut> {
        host.why(id, ADA, None).unwrap().left_out
    }

    #[tokio::test]
    async fn kinds_are_switched_for_the_next_search_without_indexing_again() {
        let (site, host) = site();
        assert_eq!(found(&host, ADA).len(), 8);
        let seq = site.store.last_seq().unwrap();
        let page = ["page".to_owned()];
        host.switch_kinds("acme", &page, false).await.unwrap();
        assert_eq!(found(&host, ADA), ["space:1", "space:open"]);
        assert_eq!((listed(&host, None), left_out(&host, "page:1")), (8, Some(LeftOut::Kind)));
        host.switch_kinds("acme", &page, true).await.unwrap();
        assert_eq!((found(&host, ADA).len(), left_out(&host, "page:1")), (8, None));
        assert_eq!(site.store.last_seq().unwrap(), seq, "the index was asked for nothing");
        assert!(host.switch_kinds("acme", &["place".to_owned()], true).await.is_err());
    }

    #[test]
    fn in_manual_mode_nothing_is_found_that_was_not_chosen() {
        let (_site, host) = site();
        host.set_index_mode("acme", IndexMode::Manual).unwrap();
        assert_eq!(found(&host, ADA), [""; 0]);
        assert_eq!(left_out(&host, "page:1"), Some(LeftOut::NotChosen));
        host.choose("acme", "page:2", false).unwrap();
        assert_eq!(found(&host, ADA), ["page:2"]);
        host.choose("acme", "2", true).unwrap();
        assert_eq!(found(&host, ADA), ["page:2", "page:3"]);
        // Choosing grants nothing: a stranger finds what is chosen and for anyone.
        host.choose("acme", "https://acme.atlassian.net/space:open", true).unwrap();
        assert_eq!(found(&host, "stranger@x"), ["page:5", "space:open"]);
        host.set_index_mode("acme", IndexMode::Everything).unwrap();
        assert_eq!(found(&host, ADA).len(), 8);
        host.set_index_mode("acme", IndexMode::Manual).unwrap();
        assert_eq!(host.unchoose("acme", "page:2").unwrap(), Some("page:2".into()));
        assert_eq!(host.unchoose("acme", "page:4").unwrap(), None);
        assert!(
            host.choose("acme", "page:99", false).is_err() && host.choose("beta", "page:1", false).is_err()
        );
        assert_eq!(found(&host, ADA), ["page:5", "page:6", "space:open"]);
    }

    #[test]
    fn what_is_moved_below_a_chosen_item_is_found_and_what_is_moved_out_is_not() {
        let (site, host) = site();
        host.set_index_mode("acme", IndexMode::Manual).unwrap();
        host.choose("acme", "page:2", true).unwrap();
        site.answers(&[upsert(page("page:4", "page:3")), upsert(page("page:5", "space:1"))]);
        assert_eq!(found(&host, ADA), ["page:2", "page:3", "page:4"]);
        site.answers(&[upsert(page("page:3", "page:1"))]);
        assert_eq!(found(&host, ADA), ["page:2"]);
        site.answers(&[Change::Delete("page:2".into())]);
        assert_eq!(found(&host, ADA), [""; 0]);
        let gone = Chosen {
            num: site.num("page:2"),
            id: "page:2".into(),
            title: None,
            kind: None,
            with_descendants: true,
        };
        assert_eq!(host.chosen("acme").unwrap(), [gone]);
        assert_eq!(host.unchoose("acme", "page:2").unwrap(), Some("page:2".into()));
    }

    #[test]
    fn a_mere_place_is_never_found_but_holds_what_is_below_it() {
        let (site, host) = site();
        assert_eq!(found(&host, ADA).len(), 8);
        let place = Item { kind: "place".into(), body: None, ..page("page:2", "page:1") };
        site.answers(&[upsert(place)]);
        assert_eq!(
            found(&host, ADA),
            ["page:1", "page:3", "page:4", "page:5", "page:6", "space:1", "space:open"]
        );
        assert_eq!((listed(&host, None), listed(&host, Some("place"))), (7, 1));
        let why = host.why("page:3", ADA, None).unwrap();
        assert!(why.explanation.readable && why.left_out.is_none());
        assert_eq!(why.explanation.steps[1].kind, "place");
        assert_eq!(left_out(&host, "page:2"), Some(LeftOut::Kind));
        host.set_index_mode("acme", IndexMode::Manual).unwrap();
        host.choose("acme", "page:2", true).unwrap();
        assert_eq!(found(&host, ADA), ["page:3"]);

        site.answers(&[upsert(page("page:2", "page:1"))]);
        assert_eq!(found(&host, ADA), ["page:2", "page:3"], "it is a page again");
    }

    #[test]
    fn anyone_is_also_a_stranger_and_a_closed_account_is_nobody() {
        let (_site, host) = site();
        assert_eq!(
            found(&host, "stranger@x"),
            ["page:5", "space:open"],
            "the narrowed page below is for members"
        );
        assert_eq!(found(&host, "cleo@acme.example"), [""; 0]);
        assert!(!host.why("page:5", "cleo@acme.example", None).unwrap().explanation.readable);
    }

    #[test]
    fn what_a_source_tells_of_a_comment_narrows_a_search() {
        let (site, host) = site();
        let told = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let properties =
            vec![told("resolution", "resolved"), told("status", "archived"), told("type", "inline")];
        site.answers(&[upsert(Item { properties: properties.clone(), ..page("page:7", "space:1") })]);
        for clause in ["resolution:resolved", "status:archived", "type:Inline"] {
            let found = host.search(clause, ADA, 9).unwrap();
            assert_eq!((found.total, &found.hits[0].properties), (1, &properties), "{clause}");
        }
        assert_eq!(host.search("about -resolution:resolved", ADA, 9).unwrap().total, 8);
    }
}
