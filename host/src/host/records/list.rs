//! The list of records.

use super::RecordState;
use crate::access::NumSet;
use crate::host::{Forests, Host, HostError};
use crate::model::ConnectionId;
use crate::store::{Newest, RecordLine, Span};

/// The property by which spaces are told from one another.
pub(super) const SPACE: &str = "space";
const LABEL: &str = "label";

/// Which records to list: those that fit all that is said. The default is all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RecordFilter {
    /// A connection's name.
    pub connection: Option<String>,
    pub kind: Option<String>,
    /// The key of a space, in capitals or not: what lies in it, and itself.
    pub space: Option<String>,
    pub label: Option<String>,
    /// What stands in the title, in capitals or not.
    pub title: Option<String>,
    pub state: Option<RecordState>,
    pub span: Span,
}

/// A page of the list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Records {
    pub lines: Vec<Stated>,
    /// How many fit, over all pages; None where counting them would mean looking at each.
    pub total: Option<usize>,
    /// Where the next page begins; None on the last.
    pub next: Option<Newest>,
}

/// An item, and how it stands to searches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stated {
    pub line: RecordLine,
    pub state: RecordState,
}

impl Host {
    /// The items that fit, the newest first, from the one after `after`: at most `limit`.
    ///
    /// # Errors
    ///
    /// When there is no such connection, or the store cannot be read.
    pub fn records(
        &self,
        filter: &RecordFilter,
        after: Option<Newest>,
        limit: u32,
    ) -> Result<Records, HostError> {
        let named = filter.connection.as_deref();
        let connection = named.map(|name| self.store.connection(name)).transpose()?.map(|found| found.id);
        let forests = self.forests()?;
        let within = self.fitting(filter, connection, &forests)?;
        let mut found = self.store.newest(&within, filter.span, after, limit.saturating_add(1))?;
        let more = found.len() > limit as usize;
        found.truncate(limit as usize);
        let next = found.last().filter(|_| more).map(RecordLine::place);
        let total = (filter.span == Span::default()).then(|| within.len());
        let lines = found.into_iter().map(|line| stated(line, &forests)).collect();
        Ok(Records { lines, total, next })
    }

    /// What fits all that is said but the time.
    fn fitting(
        &self,
        filter: &RecordFilter,
        connection: Option<ConnectionId>,
        forests: &Forests,
    ) -> Result<NumSet, HostError> {
        let mut within = NumSet::new();
        for (_, searchable) in forests.of(connection) {
            within.union(searchable.present());
        }
        let RecordFilter { kind, space, label, title, state, .. } = filter;
        if let Some(kind) = kind {
            within.intersect(&self.store.nums_of_kind(connection, kind)?);
        }
        if let Some(key) = space {
            within.intersect(&forests.under(&self.store.roots_with_property(SPACE, key)?));
        }
        if let Some(label) = label {
            within.intersect(&self.store.nums_with_property(LABEL, label)?);
        }
        if let Some(state) = state {
            within.intersect(&state.items(&self.store, forests, connection)?);
        }
        // It looks through all titles, so only where there is something left to find.
        if let Some(title) = title.as_ref().filter(|_| !within.is_empty()) {
            within.intersect(&self.store.nums_with_title(title)?);
        }
        Ok(within)
    }
}

pub(super) fn stated(line: RecordLine, forests: &Forests) -> Stated {
    let state = RecordState::of(&line, forests.searchable(line.connection));
    Stated { line, state }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;
    use crate::model::{Item, Kind};
    use crate::store::IndexMode;
    use crate::store::testing::{Fixture, fixture, page, space, upsert};

    /// Two spaces with keys, two pages in the first, one in the second.
    fn site() -> (Fixture, Host) {
        let site = Fixture { withholds: true, ..fixture() };
        let keyed = |id: &str, key: &str| {
            let properties = vec![(SPACE.to_owned(), key.to_owned())];
            upsert(Item { properties, updated: Some(1), ..space(id) })
        };
        let labelled = Item {
            properties: vec![("label".into(), "Rare".into())],
            title: "A plan".into(),
            ..page("page:2", "page:1")
        };
        site.everything(&[
            keyed("space:1", "ENG"),
            keyed("space:2", "HR"),
            upsert(page("page:1", "space:1")),
            upsert(Item { updated: Some(9), ..labelled }),
            upsert(Item { updated: Some(7), ..page("page:3", "space:2") }),
        ]);
        site.store.settle(site.connection, site.run).unwrap();
        let kind = |name: &str, searched| Kind {
            name: name.into(),
            title: name.into(),
            family: "F".into(),
            searched,
            inherits: false,
            widens: false,
        };
        site.store.keep_kinds(site.connection, &[kind("space", false), kind("page", true)]).unwrap();
        let host = Host::open(site.dir.path(), None).unwrap();
        (site, host)
    }

    fn listed(host: &Host, filter: RecordFilter) -> Vec<String> {
        let records = host.records(&filter, None, 50).unwrap();
        if let Some(total) = records.total {
            assert_eq!(total, records.lines.len());
        }
        records.lines.into_iter().map(|one| one.line.id).collect()
    }

    fn text(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[test]
    fn every_filter_narrows_and_all_of_them_together() {
        let (_site, host) = site();
        let any = RecordFilter::default;
        assert_eq!(listed(&host, any()), ["page:2", "page:3", "page:1", "space:2", "space:1"]);
        assert_eq!(listed(&host, RecordFilter { kind: text("space"), ..any() }), ["space:2", "space:1"]);
        assert_eq!(
            listed(&host, RecordFilter { space: text("eng"), ..any() }),
            ["page:2", "page:1", "space:1"]
        );
        assert_eq!(listed(&host, RecordFilter { label: text("rare"), ..any() }), ["page:2"]);
        assert_eq!(listed(&host, RecordFilter { title: text("PLAN"), ..any() }), ["page:2"]);
        let span = Span { from: Some(5), before: Some(9) };
        assert_eq!(listed(&host, RecordFilter { span, ..any() }), ["page:3", "page:1"]);
        let both = RecordFilter { kind: text("page"), space: text("ENG"), span, ..any() };
        assert_eq!(listed(&host, both), ["page:1"]);
        assert_eq!(
            listed(&host, RecordFilter { space: text("NONE"), title: text("plan"), ..any() }),
            [""; 0]
        );
        let unknown = RecordFilter { connection: text("beta"), ..any() };
        assert!(host.records(&unknown, None, 9).is_err());
    }

    #[test]
    fn pages_follow_one_another() {
        let (_site, host) = site();
        let filter = RecordFilter { connection: text("acme"), ..RecordFilter::default() };
        let first = host.records(&filter, None, 3).unwrap();
        assert_eq!((first.lines.len(), first.total), (3, Some(5)));
        let second = host.records(&filter, first.next, 3).unwrap();
        let ids: Vec<_> = second.lines.iter().map(|one| one.line.id.as_str()).collect();
        assert_eq!((ids, second.next), (vec!["space:2", "space:1"], None));
    }

    #[test]
    fn each_item_is_listed_in_the_one_state_that_it_shows() {
        let (mut site, host) = site();
        let states = |host: &Host| {
            let all = host.records(&RecordFilter::default(), None, 50).unwrap().lines;
            for state in RecordState::ALL.into_iter().take(5) {
                let shown = all.iter().filter(|one| one.state == state).map(|one| one.line.id.clone());
                let filter = RecordFilter { state: Some(state), ..RecordFilter::default() };
                assert_eq!(listed(host, filter), shown.collect::<Vec<_>>(), "{state:?}");
            }
            all.into_iter().map(|one| (one.line.id, one.state)).collect::<Vec<_>>()
        };
        let state = |id: &str, state| (id.to_owned(), state);
        let [two, one] = ["space:2", "space:1"].map(|id| state(id, RecordState::KindOff));
        let waiting = ["page:2", "page:3", "page:1"].map(|id| state(id, RecordState::Waiting));
        assert_eq!(states(&host), [waiting.as_slice(), &[two.clone(), one.clone()]].concat());
        site.clear_outbox();
        site.next_run();
        site.answers(&[upsert(Item { title: "New".into(), updated: Some(6), ..page("page:1", "space:1") })]);
        let found = |id| state(id, RecordState::Found);
        let withheld = state("page:1", RecordState::Withheld);
        assert_eq!(states(&host), [found("page:2"), found("page:3"), withheld, two, one]);
        host.set_index_mode("acme", IndexMode::Manual).unwrap();
        host.choose("acme", "page:3", false).unwrap();
        let told: Vec<_> = states(&host).into_iter().take(3).map(|(_, state)| state).collect();
        assert_eq!(told, [RecordState::NotChosen, RecordState::Found, RecordState::NotChosen]);
    }
}
